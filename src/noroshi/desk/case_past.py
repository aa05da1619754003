"""A situation as it stood at a moment: what was entered by then, as who asks may see it now.

Rights and consent are today's: whoever may not be told now is not told what was once told. A victim that agreed only
later is not named for a moment before it agreed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk import incidents, situations
from noroshi.desk.dossiers import contact_of, may_be_shown
from noroshi.desk.permitting import may, must
from noroshi.desk.situation_seen import marked
from noroshi.desk.situation_seen import seen as seen_as
from noroshi.respond.incident import as_seen, incident
from noroshi.respond.incident_words import CONSENTS
from noroshi.respond.situation import Gathered, Situation, situation
from noroshi.share.permissions import Leave
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.desk.hub import Hub
    from noroshi.respond.incident import Line
    from noroshi.store.contract import Principal
    from noroshi.store.dossiers import Dossier

__all__ = ["Past", "as_of"]

LEAST_FIRST = tuple(CONSENTS)


class Past(NamedTuple):
    """A situation at a moment.

    leads: the reader is told of it as the centre or an auditor is, not as one that merely takes part. free: it may be
    told what people wrote in it; not where the name of a victim in it is withheld, which such a text may hold.
    reports: ids of the incidents of which it may be told what must be reported. hidden: ids of those of which the
    reader is not told whose they are: no text may name their victims to it. estate: where it takes place, also where
    that is not told.
    """

    at: int
    dossier: Dossier
    situation: Situation
    incidents: tuple[incidents.Shown, ...]
    leads: bool
    free: bool
    reports: frozenset[str]
    hidden: tuple[str, ...]
    estate: str


def as_of(hub: Hub, asker: Principal, uid: str, at: int) -> Past:
    """Return a situation as it stood at a moment (microseconds); Refused 404, also where it was not opened yet."""
    must(asker, "situations.read")
    one = situations.must_find(hub, asker, uid)
    lines = by_then(kept.lines(hub.store, one), at)
    if not lines:
        raise situations.ABSENT
    whole = situation(lines)
    there: list[incidents.Shown] = []
    hidden: list[tuple[str, str]] = []
    # of every one that was ever gathered, also since: a text may name the victim of one that was taken away
    every = tuple(dict.fromkeys(line.said.incident for line in lines if isinstance(line.said, Gathered)))
    for name in every:
        found = kept.found(hub.store, name)
        seen = None if found is None or not may_be_shown(asker, found) else then(hub, asker, found, at)
        if seen is None or seen.incident.hidden:
            hidden.append((name, "" if found is None else found.organisation))
        if seen is not None and name in whole.incidents:
            there.append(seen)
    leads = may(asker, "situations.read") is Leave.ALLOWED
    free = leads and (asker.kind == "centre" or not hidden)
    mine = contact_of(hub, asker)
    may_report = frozenset(
        each.dossier.uid for each in there
        if not each.incident.hidden and incidents.readable(asker, each.dossier, mine)
    )  # fmt: skip
    named = {each.incident.organisation for each in there if not each.incident.hidden}
    names = () if asker.kind == "centre" else tuple(name for name, whose in hidden if whose not in named)
    shown = told(hub, asker, marked(hub, asker, whole), leads=leads, free=free)
    return Past(at, one, shown, tuple(there), leads, free, may_report, names, whole.estate)


def told(hub: Hub, asker: Principal, whole: Situation, *, leads: bool, free: bool) -> Situation:
    """Return what of a situation is told: without what people wrote in it where that may hold a name."""
    if free:
        return whole
    return replace(whole, takes_part=(), asks=(), lines=()) if leads else seen_as(hub, asker, whole)


def then(hub: Hub, asker: Principal, one: Dossier, at: int) -> incidents.Shown | None:
    """Return an incident as it stood at a moment, None where it was not reported yet."""
    lines = by_then(kept.lines(hub.store, one), at)
    if not lines:
        return None
    today, was = incidents.shown(hub, asker, one), incident(lines)
    if not today.incident.hidden and (asker.kind in incidents.FULL and incidents.readable(
        asker, one, contact_of(hub, asker)
    )):  # fmt: skip
        return incidents.Shown(one, was)
    least = min(was.consent, today.incident.consent, key=LEAST_FIRST.index)
    told = as_seen(replace(was, consent=least))
    return incidents.Shown(one if least == "named" else incidents.without_name(one), told)


def by_then(lines: Iterable[Line], at: int) -> tuple[Line, ...]:
    """Return the lines that were entered by a moment: up to the first that came later, whatever the clock said since.

    A line stands on those before it, so that none is left out from between.
    """
    return tuple(takewhile(lambda line: line.entered <= at, sorted(lines, key=lambda line: line.n)))
