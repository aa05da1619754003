"""Situations as a list: of each how it stands, how severe it is, and what is due next, as who asks may see it.

Severity is of what the incidents themselves are: what they do to others takes a run of the engine and is left out.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk import situations
from noroshi.desk.case_brief_parts import due_next, duties_now, warnings_now
from noroshi.desk.case_past import as_of
from noroshi.desk.impact import OVER
from noroshi.desk.incident_severity import severity_of
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from noroshi.desk.case_brief_shapes import DueNow
    from noroshi.desk.hub import Hub
    from noroshi.respond.asks import Words
    from noroshi.store.contract import Principal

__all__ = ["CaseRow", "Wished", "case_rows", "refs_of", "stamp", "wished"]


class CaseRow(NamedTuple):
    """A situation in a list. made in microseconds; leads: who opened it, "" = not told.

    low, high: NCISS of all incidents together, None where there is none; due: what is due first, None = nothing, or it
    is not told.
    """

    uid: str
    exercise: bool
    tlp: str
    title: Words
    closed: bool
    made: int
    leads: str
    incidents: int
    under_way: int
    low: float | None
    high: float | None
    due: DueNow | None


class Wished(NamedTuple):
    """Which of a list are wanted. state: open, closed or all; kind: real, exercise or all; text: found in the title."""

    state: str = "open"
    kind: str = "all"
    text: str = ""


def wished(found: Iterable[situations.Shown], wish: Wished) -> tuple[situations.Shown, ...]:
    """Return the situations of a list that are wanted, in its order."""
    return tuple(
        one for one in found
        if wish.state in ("all", "closed" if one.situation.closed else "open")
        and wish.kind in ("all", "exercise" if one.dossier.exercise else "real")
        and wish.text.casefold() in f"{one.situation.title.en}\n{one.situation.title.ja}".casefold()
    )  # fmt: skip


def case_rows(hub: Hub, asker: Principal, found: Iterable[situations.Shown], now: int) -> tuple[CaseRow, ...]:
    """Return rows for situations that `situations.situations` has given to the same asker; now in microseconds."""
    return tuple(row for one in found if (row := row_of(hub, asker, one, now)) is not None)


def row_of(hub: Hub, asker: Principal, one: situations.Shown, now: int) -> CaseRow | None:
    """Return a situation as a row; None where it went out of sight meanwhile."""
    try:
        past = as_of(hub, asker, one.dossier.uid, now)
    except Refused:
        return None
    refs = refs_of(each.dossier.uid for each in past.incidents)
    together = severity_of("", past.incidents, None)["nciss"]["together"]
    due = due_next(past, duties_now(past, refs)[0]) or []
    return CaseRow(
        one.dossier.uid, one.dossier.exercise, str(Tlp(one.dossier.tlp)), one.situation.title, one.situation.closed,
        one.dossier.made, one.dossier.by if past.free else "", len(past.incidents),
        sum(each.incident.state not in OVER for each in past.incidents),
        None if together is None else together["total"]["low"],
        None if together is None else together["total"]["high"],
        due[0] if due else None,
    )  # fmt: skip


def refs_of(uids: Iterable[str]) -> Mapping[str, str]:
    """Return the short names of a situation's incidents, I1, I2, …, by their ids."""
    return {uid: f"I{n}" for n, uid in enumerate(uids, 1)}


def stamp(hub: Hub, asker: Principal, uid: str, now: int) -> str:
    """Return what changes whenever something of a situation does that its brief is made of; Refused 404.

    Not with time alone: what is due grows overdue without it.
    """
    past = as_of(hub, asker, uid, now)
    warned = [(one.warning, one.version, one.chosen, one.delivered, one.acknowledged, one.acted)
              for one in (warnings_now(hub, asker, past) if past.leads else ())]  # fmt: skip
    lines = [(one.dossier.uid, len(one.incident.lines), one.incident.lines[-1].entered) for one in past.incidents]
    rights = (asker.no, asker.kind, asker.owner, asker.sees, sorted(asker.communities), asker.scope)
    last = past.situation.lines[-1].n if past.situation.lines else 0
    said = repr((uid, rights, last, past.leads, past.free, past.hidden, lines, warned))
    return hashlib.sha256(said.encode()).hexdigest()
