"""Incidents, situations and assessments in a store: lines are added, never changed, each told in the journal with it.

Reading takes a store, writing a connection within `Store.change`, of which only one runs at a time.
"""

from __future__ import annotations

import json
import os
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from noroshi.rate import assessment
from noroshi.respond import incident, situation
from noroshi.respond.incident import Line
from noroshi.share.chain import SALT_BYTES, sealed
from noroshi.share.entries import Filed
from noroshi.store.journal import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from noroshi.store.contract import Connection
    from noroshi.store.people import Asked

__all__ = [
    "ASSESSMENT",
    "INCIDENT",
    "SITUATION",
    "Dossier",
    "Entered",
    "add",
    "admit",
    "ask_found",
    "asks_of",
    "dossiers",
    "entered",
    "found",
    "keep_ask",
    "lines",
    "lines_within",
    "make",
    "numbered",
    "onces",
    "readers",
    "written",
]  # fmt: skip

INCIDENT, SITUATION, ASSESSMENT = "incident", "situation", "assessment"
LINES = (
    "SELECT l.n, l.at, l.entered, p.name, l.said FROM dossier_line l JOIN principal p ON p.no = l.principal"
    " WHERE l.dossier = ? ORDER BY l.n"
)
COLUMNS = "uid, kind, exercise, tlp, communities, organisation, sector, author, made"
EVERY = (
    f"SELECT d.no, {', '.join(f'd.{name}' for name in COLUMNS.split(', '))}, p.name FROM dossier d"
    " JOIN principal p ON p.no = d.author"
)


class Dossier(NamedTuple):
    """What an incident or a situation is filed under. communities None: all whom the TLP admits; by: the author."""

    no: int
    uid: str
    kind: str
    exercise: bool
    tlp: int
    communities: frozenset[str] | None
    organisation: str
    sector: str
    author: int
    made: int
    by: str = ""


class Entered(NamedTuple):
    """A line on its way in: when it was so, when it is entered, by whom (number), what it says.

    once: by which a line that is sent again is known, "" = it is always a new one.
    """

    at: int
    entered: int
    by: int
    said: Any
    once: str = ""


def entered(said: Sequence[Any], at: int, now: int, by: int, once: str) -> list[Entered]:
    """Return several lines on their way in, each known by its place under `once`."""
    return [Entered(at, now, by, one, f"{once}/{k}" if once else "") for k, one in enumerate(said)]


def dossiers(store: Asked, kind: str) -> tuple[Dossier, ...]:
    """Return every dossier of a kind, the newest first."""
    return tuple(map(of_row, store.ask(f"{EVERY} WHERE d.kind = ? ORDER BY d.no DESC", (kind,))))


def found(store: Asked, uid: str) -> Dossier | None:
    """Return the dossier of an id."""
    rows = store.ask(f"{EVERY} WHERE d.uid = ?", (uid,))
    return of_row(rows[0]) if rows else None


def of_row(row: Sequence[Any]) -> Dossier:
    """Return a dossier from its row."""
    no, uid, kind, exercise, tlp, communities, *more = row
    named = json.loads(communities)
    return Dossier(no, uid, kind, bool(exercise), tlp, None if named is None else frozenset(named), *more)


def lines(store: Asked, one: Dossier) -> tuple[Line, ...]:
    """Return the lines of a dossier, with the names of who entered them."""
    return tuple(map(DECODED[one.kind], store.ask(LINES, (one.no,))))


def lines_within(connection: Connection, one: Dossier) -> tuple[Line, ...]:
    """Return the same as a transaction sees it."""
    return tuple(map(DECODED[one.kind], connection.execute(LINES, (one.no,)).fetchall()))


def onces(store: Asked, one: Dossier) -> frozenset[str]:
    """Return by what those lines of a dossier are known that were entered to be kept once."""
    rows = store.ask("SELECT once FROM dossier_line WHERE dossier = ? AND once <> ''", (one.no,))
    return frozenset(once for (once,) in rows)


def line_of(decode: Callable[[bytes], Any], row: Sequence[Any]) -> Line:
    """Return a line from its row."""
    n, at, entered, by, said = row
    return Line(n, at, entered, by, decode(bytes(said)))


DECODED: Final = {
    INCIDENT: partial(line_of, msgspec.json.Decoder(incident.Said).decode),
    SITUATION: partial(line_of, msgspec.json.Decoder(situation.Said).decode),
    ASSESSMENT: partial(line_of, msgspec.json.Decoder(assessment.Said).decode),
}  # fmt: skip
"""Kind of a dossier -> what makes a line of its row."""


def ask_found(store: Asked, uid: str) -> tuple[int, int, int | None] | None:
    """Return of a request its dossier, who is asked and through whom, by their numbers."""
    rows = store.ask("SELECT dossier, principal, through FROM ask WHERE uid = ?", (uid,))
    return tuple(rows[0]) if rows else None


def asks_of(store: Asked, principal: int) -> tuple[tuple[str, int], ...]:
    """Return the requests to a principal and through it, each with its dossier's number."""
    rows = store.ask(
        "SELECT uid, dossier FROM ask WHERE principal = ? OR through = ? ORDER BY dossier, uid", (principal, principal)
    )
    return tuple((uid, no) for uid, no in rows)


def warned_from(store: Asked, warning: str) -> Dossier | None:
    """Return the situation that a warning was written from; None for one that was not."""
    rows = store.ask("SELECT dossier FROM dossier_line WHERE once = ?", (f"warning {warning}",))
    return numbered(store, rows[0][0]) if rows else None


def numbered(store: Asked, no: int) -> Dossier:
    """Return the dossier of a number that is there."""
    return of_row(store.ask(f"{EVERY} WHERE d.no = ?", (no,))[0])


def readers(store: Asked, principal: int) -> frozenset[int]:
    """Return the numbers of the dossiers in which a principal takes part."""
    rows = store.ask("SELECT dossier FROM dossier_reader WHERE principal = ?", (principal,))
    return frozenset(no for (no,) in rows)


# ---- what is done, each within a transaction


def make(connection: Connection, one: Dossier, first: Entered) -> int:
    """Keep a new dossier with its first line; its number is given here, and returned. There already: left as it is."""
    row = connection.execute("SELECT no FROM dossier WHERE uid = ?", (one.uid,)).fetchone()
    if row is not None:
        return int(row[0])
    named = None if one.communities is None else sorted(one.communities)
    connection.execute(
        f"INSERT INTO dossier ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (one.uid, one.kind, int(one.exercise), one.tlp, json.dumps(named, ensure_ascii=False), one.organisation,
         one.sector, one.author, one.made),
    )  # fmt: skip
    (no,) = connection.execute("SELECT no FROM dossier WHERE uid = ?", (one.uid,)).fetchone()
    add(connection, no, one.kind, first)
    return int(no)


def written(connection: Connection, one: Dossier, once: str) -> int:
    """Return the number of the line that is known by `once`, 0 where there is none."""
    if not once:
        return 0
    text = "SELECT n FROM dossier_line WHERE dossier = ? AND once = ? AND once <> ''"
    row = connection.execute(text, (one.no, once)).fetchone()
    return int(row[0]) if row else 0


def add(connection: Connection, no: int, kind: str, line: Entered) -> int:
    """Add a line after those that there are; return its number."""
    (last,) = connection.execute("SELECT max(n) FROM dossier_line WHERE dossier = ?", (no,)).fetchone()
    n = (last or 0) + 1
    body, salt = msgspec.json.encode(line.said), os.urandom(SALT_BYTES)
    connection.execute(
        "INSERT INTO dossier_line (dossier, n, at, entered, principal, said, once) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (no, n, line.at, line.entered, line.by, body, line.once),
    )
    tell(connection, "filed", Filed(no, n, kind, line.by, sealed(salt, body)), salt)
    return n


def keep_ask(connection: Connection, uid: str, no: int, principal: int, through: int | None) -> None:
    """Keep who is asked in a situation, and through whom."""
    connection.execute(
        "INSERT INTO ask (uid, dossier, principal, through) VALUES (?, ?, ?, ?)", (uid, no, principal, through)
    )


def admit(connection: Connection, no: int, principal: int, *, takes_part: bool) -> None:
    """Keep that a principal takes part in a situation, or no more."""
    connection.execute("DELETE FROM dossier_reader WHERE dossier = ? AND principal = ?", (no, principal))
    if takes_part:
        connection.execute("INSERT INTO dossier_reader (dossier, principal) VALUES (?, ?)", (no, principal))
