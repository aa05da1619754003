"""Warnings in a store: versions, who was chosen, what was sent, receipts. Each step is told in the journal with it.

Reading takes a store, writing a connection within `Store.change`, of which only one runs at a time.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.share.chain import CHAINS, SALT_BYTES, sealed
from noroshi.share.entries import Answered, Chosen, Unsaid, Warned, read_entry
from noroshi.share.warnings import Audience, Signed, Why, Written
from noroshi.share.warnings_receipts import STATES
from noroshi.store.journal import tell
from noroshi.store.journal_reading import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from noroshi.store.contract import Connection
    from noroshi.store.people import Asked

__all__ = [
    "FAILED", "POSTED", "SENDING", "SENT", "Choice", "Kept", "Overtaken", "Receipt", "Recipient", "Sending",
    "add_version", "answer", "choose", "claim", "erase", "found", "keep", "naming", "post_to", "posted", "receipts",
    "recipients", "sendings", "settle", "versions", "warnings",
]  # fmt: skip

SENDING, SENT, FAILED, POSTED = "sending", "sent", "failed", "posted"


class Overtaken(Exception):  # noqa: N818  a reason to stop, not an error
    """Somebody else made the next version first."""


class Kept(NamedTuple):
    """A warning: whose, whom it concerns, and its last version. collection: where TAXII has it, "" = nowhere."""

    no: int
    uid: str
    author: str
    made: int
    audience: Audience
    collection: str
    since: int
    last: Signed


class Choice(NamedTuple):
    """A recipient to be kept: its number, sectors, reasons, why it may not be told, and whether it is chosen."""

    principal: int
    sectors: tuple[str, ...]
    reasons: tuple[Why, ...]
    kept_from: str
    chosen: bool


class Recipient(NamedTuple):
    """A recipient as kept; chosen_by: the number of who chose it, 0 = nobody."""

    principal: int
    name: str
    sectors: tuple[str, ...]
    reasons: tuple[Why, ...]
    kept_from: str
    chosen_by: int
    at: int


class Sending(NamedTuple):
    """What became of one version for one recipient by one way; until: whose turn it is lasts till then."""

    version: int
    principal: int
    channel: str
    state: str
    tries: int
    at: int
    until: int
    fault: str


class Receipt(NamedTuple):
    """One step of one recipient with one version."""

    version: int
    principal: int
    state: str
    at: int
    via: str
    note: str


WARNING = (
    "SELECT w.no, w.uid, p.name, w.made, w.audience, w.collection, w.since, v.said, v.key, v.signature FROM warning w"
    " JOIN principal p ON p.no = w.author JOIN warning_version v ON v.warning = w.no AND v.version ="
    " (SELECT max(version) FROM warning_version WHERE warning = w.no)"
)


def kept_of(row: Sequence[Any]) -> Kept:
    """Return a warning from its row."""
    no, uid, author, made, audience, collection, since, *last = row
    for_whom = msgspec.json.decode(audience, type=Audience)
    return Kept(no, uid, author, made, for_whom, collection, since, signed_of(last))


def signed_of(row: Sequence[Any]) -> Signed:
    """Return a version from what was signed, the key and the signature."""
    said, key, signature = row
    return Signed(msgspec.json.decode(bytes(said), type=Written), key, signature)


def warnings(store: Asked) -> tuple[Kept, ...]:
    """Return every warning, the newest first."""
    return tuple(map(kept_of, store.ask(WARNING + " ORDER BY w.made DESC, w.no DESC")))


def found(store: Asked, uid: str) -> Kept | None:
    """Return a warning by its id; None where there is none."""
    rows = store.ask(WARNING + " WHERE w.uid = ?", (uid,))
    return kept_of(rows[0]) if rows else None


def versions(store: Asked, no: int) -> tuple[Signed, ...]:
    """Return every version of a warning, the first one first."""
    text = "SELECT said, key, signature FROM warning_version WHERE warning = ? ORDER BY version"
    return tuple(signed_of(row) for row in store.ask(text, (no,)))


def recipients(store: Asked, no: int) -> tuple[Recipient, ...]:
    """Return everyone who was proposed or chosen, by name."""
    rows = store.ask(
        "SELECT r.principal, p.name, r.sectors, r.reasons, r.kept_from, r.chosen_by, r.at FROM warning_recipient r"
        " JOIN principal p ON p.no = r.principal WHERE r.warning = ? ORDER BY p.name",
        (no,),
    )
    return tuple(Recipient(row[0], row[1], tuple(json.loads(row[2])), read_reasons(row[3]), *row[4:]) for row in rows)


def read_reasons(text: str) -> tuple[Why, ...]:
    """Return reasons from their JSON."""
    return msgspec.json.decode(text, type=tuple[Why, ...])


def sendings(store: Asked, no: int) -> tuple[Sending, ...]:
    """Return what became of each message of a warning."""
    text = f"SELECT {', '.join(Sending._fields)} FROM warning_sending WHERE warning = ?"
    return tuple(Sending(*row) for row in store.ask(text + " ORDER BY version, principal, channel", (no,)))


def receipts(store: Asked, no: int) -> tuple[Receipt, ...]:
    """Return the receipts of a warning, in the order in which they came."""
    text = f"SELECT {', '.join(Receipt._fields)} FROM warning_receipt WHERE warning = ?"
    return tuple(Receipt(*row) for row in store.ask(text + " ORDER BY at, principal, version", (no,)))


def naming(store: Asked, name: str) -> int:
    """Return how many warnings say that they are about an object, in any version."""
    rows = store.ask("SELECT warning, said, key, signature FROM warning_version")
    return len({no for no, *signed in rows if name in signed_of(signed).said.about})


# ---- what is done, each within a transaction


def keep(connection: Connection, author: int, made: int, audience: Audience, first: Signed) -> int:
    """Keep a new warning with its first version; return its number."""
    connection.execute(
        "INSERT INTO warning (uid, author, made, audience) VALUES (?, ?, ?, ?)",
        (first.said.warning, author, made, msgspec.json.encode(audience).decode()),
    )
    (no,) = connection.execute("SELECT no FROM warning WHERE uid = ?", (first.said.warning,)).fetchone()
    add_version(connection, no, author, made, first)
    return int(no)


def add_version(connection: Connection, no: int, by: int, at: int, signed: Signed) -> None:
    """Keep the next version of a warning; Overtaken where there is one of its number already."""
    said = signed.said
    (last,) = connection.execute("SELECT max(version) FROM warning_version WHERE warning = ?", (no,)).fetchone()
    if (last or 0) != said.version - 1:
        raise Overtaken
    body, salt = msgspec.json.encode(said), os.urandom(SALT_BYTES)
    connection.execute(
        "INSERT INTO warning_version (warning, version, kind, at, said, key, signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (no, said.version, said.kind, at, body, signed.key, signed.signature),
    )
    tell(connection, "warned", Warned(no, said.version, said.kind, by, said.tlp, sealed(salt, body)), salt)


def choose(connection: Connection, no: int, by: int, at: int, choices: Iterable[Choice]) -> None:
    """Keep who is proposed, and who is chosen by whom; who was chosen stays so."""
    fresh = []
    for one in choices:
        row = connection.execute(
            "SELECT chosen_by, at FROM warning_recipient WHERE warning = ? AND principal = ?", (no, one.principal)
        ).fetchone()
        was = row[0] if row else 0
        connection.execute("DELETE FROM warning_recipient WHERE warning = ? AND principal = ?", (no, one.principal))
        connection.execute(
            "INSERT INTO warning_recipient (warning, principal, sectors, reasons, kept_from, chosen_by, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (no, one.principal, json.dumps(one.sectors, ensure_ascii=False), msgspec.json.encode(one.reasons).decode(),
             one.kept_from, was or (by if one.chosen else 0), row[1] if was else at),
        )  # fmt: skip
        if one.chosen and not was:
            fresh.append(one.principal)
    if fresh:
        tell(connection, "chosen", Chosen(no, by, sorted(fresh)))


def post_to(connection: Connection, no: int, collection: str, since: int) -> None:
    """Keep where TAXII has a warning; it stays there."""
    connection.execute(
        "UPDATE warning SET collection = ?, since = ? WHERE no = ? AND collection = ''", (collection, since, no)
    )


def claim(connection: Connection, no: int, what: tuple[int, int, str], now: int, until: int) -> bool:
    """Take one message (version, principal, channel) for this process; False where it was sent or another has it."""
    row = connection.execute(
        "SELECT state, until, tries FROM warning_sending WHERE warning = ? AND version = ? AND principal = ?"
        " AND channel = ?", (no, *what),
    ).fetchone()  # fmt: skip
    if row is not None and (row[0] in (SENT, POSTED) or (row[0] == SENDING and row[1] > now)):
        return False
    put(connection, no, Sending(*what, SENDING, (row[2] if row else 0) + 1, now, until, ""))
    return True


def settle(  # noqa: PLR0913  what became of what, when, why
    connection: Connection, no: int, what: tuple[int, int, str], state: str, at: int, fault: str = ""
) -> None:
    """Keep what became of a message that was claimed; what was sent is delivered."""
    row = connection.execute(
        "SELECT tries FROM warning_sending WHERE warning = ? AND version = ? AND principal = ? AND channel = ?",
        (no, *what),
    ).fetchone()
    put(connection, no, Sending(*what, state, row[0] if row else 0, at, 0, fault))
    if state == SENT:
        answer(connection, no, Receipt(what[0], what[1], STATES[1], at, what[2], ""))


def posted(connection: Connection, no: int, version: int, principals: Iterable[int], at: int) -> None:
    """Keep that a version stands where principals can fetch it over TAXII."""
    for who in principals:
        settle(connection, no, (version, who, "taxii"), POSTED, at)


def put(connection: Connection, no: int, one: Sending) -> None:
    """Keep a message's state in the place of the one before."""
    connection.execute(
        f"INSERT INTO warning_sending (warning, {', '.join(Sending._fields)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (warning, version, principal, channel) DO UPDATE SET state = excluded.state,"
        " tries = excluded.tries, at = excluded.at, until = excluded.until, fault = excluded.fault",
        (no, *one),
    )


def answer(connection: Connection, no: int, one: Receipt) -> bool:
    """Keep a receipt, the first of its kind alone; say whether it was new. None is ever taken away."""
    there = connection.execute(
        "SELECT 1 FROM warning_receipt WHERE warning = ? AND version = ? AND principal = ? AND state = ?",
        (no, one.version, one.principal, one.state),
    ).fetchone()
    if there is not None:
        return False
    connection.execute(
        f"INSERT INTO warning_receipt (warning, {', '.join(Receipt._fields)}) VALUES (?, ?, ?, ?, ?, ?, ?)", (no, *one)
    )
    tell(connection, "answered", Answered(no, one.version, one.principal, one.state, one.via))
    return True


def erase(connection: Connection, no: int, reason: str) -> None:
    """Erase a warning for good: all its rows, and the salts of the seals over what it said; the chain stays valid."""

    def ask(text: str, values: Sequence[Any]) -> list[Any]:
        rows: list[Any] = connection.execute(text, values).fetchall()
        return rows

    every = (entry for some in entries(ask, CHAINS[0]) for entry in some if entry.kind == "warned")
    told = [(CHAINS[0], one.no) for one in every if isinstance(said := read_entry(one), Warned) and said.warning == no]
    connection.executemany("DELETE FROM salt WHERE chain = ? AND no = ?", told)
    for table in ("warning_receipt", "warning_sending", "warning_recipient", "warning_version"):
        connection.execute(f"DELETE FROM {table} WHERE warning = ?", (no,))
    # its number stays taken: the journal names it
    connection.execute(
        "UPDATE warning SET uid = ?, audience = '{}', collection = '' WHERE no = ?", (f"erased {no}", no)
    )
    tell(connection, "unsaid", Unsaid(no, reason))
