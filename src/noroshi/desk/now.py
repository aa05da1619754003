"""What is going on now, as somebody sees it: open incidents and situations, and what is due of whom, in order of time.

Everything is asked of the desk as that principal, so that nothing is here that it could not read elsewhere.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.desk import asks, incidents, situations, warnings
from noroshi.desk.case_brief_parts import moment_of
from noroshi.desk.incident_duties import dated
from noroshi.desk.incidents import Shown as Incident
from noroshi.desk.permitting import may
from noroshi.desk.situations import Shown as Situation
from noroshi.errors import NoroshiError
from noroshi.respond.asks import Words
from noroshi.respond.clock import level
from noroshi.share.permissions import Leave
from noroshi.share.warnings_receipts import STATES, risen
from noroshi.store import warnings as kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.desk.hub import Hub
    from noroshi.respond.clock import Due
    from noroshi.store.contract import Principal

__all__ = ["KINDS", "Now", "Pending", "digest_of", "now_of"]

KINDS = ("duty", "ask", "between", "asked", "warning", "unanswered")
"""Of what something is due: a report that a law asks for; what one is asked for oneself, what goes through one, what
one has asked of others; a warning that one has not acknowledged, and one that others have not."""
URGENT = frozenset({"overdue", "last-call"})
RUNNING = URGENT | {"soon", "due"}
UNSETTLED = frozenset({"asked", "accepted"})
SHORTLY = 0.25
"""Part of the time that is left when what one is asked for is soon due; as for duties."""
HEARD_FOR = 7 * 24 * 3_600_000_000
"""Microseconds after which a warning that others have not acknowledged is no more in the queue."""


class Pending(msgspec.Struct, frozen=True):
    """Something that is due. case: the incident, situation or warning that it belongs to, "" where one may not know.

    owner: who has it to do; since, due: microseconds, due None where no time is set; level: as of duties; count: of
    how many recipients the answer is missing, of how many.
    """

    kind: str
    id: str
    case: str
    what: Words
    owner: str
    since: int
    due: int | None
    level: str
    exercise: bool
    count: tuple[int, int] = (0, 0)


class Now(msgspec.Struct, frozen=True):
    """What is open. undated: open incidents of which it is not said, or not known, what must be reported by when."""

    at: int
    incidents: tuple[Incident, ...]
    situations: tuple[Situation, ...]
    pending: tuple[Pending, ...]
    undated: tuple[Incident, ...]

    def side(self, *, exercise: bool) -> Now:
        """Return what of it is an exercise, or what is not."""

        def cases(those: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(one for one in those if one.dossier.exercise == exercise)

        pending = tuple(one for one in self.pending if one.exercise == exercise)
        return Now(self.at, cases(self.incidents), cases(self.situations), pending, cases(self.undated))

    @property
    def calm(self) -> bool:
        """Say whether nothing is open or due."""
        return not (self.incidents or self.situations or self.pending)


def now_of(hub: Hub, asker: Principal, at: int) -> Now:
    """Return what is going on as a principal sees it; at: microseconds since 1970."""
    open_incidents = tuple(one for one in _incidents(hub, asker) if one.incident.state != "closed")
    open_situations = tuple(one for one in _situations(hub, asker) if not one.situation.closed)
    moment, pending, undated = moment_of(at), [], []
    for one in open_incidents:
        dues = _duties(one, moment)
        if dues is None:
            undated.append(one)
        else:
            pending += [_duty(one, due, moment) for due in dues]
    mine = {one.id: one for one in _asks(hub, asker, at)}
    theirs = [one for case in open_situations for one in _asked(case, at) if one.id not in mine]
    pending += [*mine.values(), *theirs, *_warnings(hub, asker, at)]
    order = sorted(pending, key=lambda one: (at if one.due is None else one.due, one.kind, one.id))
    return Now(at, open_incidents, open_situations, tuple(order), tuple(undated))


def digest_of(hub: Hub, asker: Principal) -> str:
    """Return a digest of all that pages show of cases, requests and warnings to a principal: it changes with them.

    It stands for what is kept, not for the time: what becomes due meanwhile leaves it as it is.
    """
    listed = _listed(hub, asker)
    receipts = [(one.kept.uid, kept.receipts(hub.store, one.kept.no)) for one in listed if _follows(asker, one)]
    asked = () if may(asker, "asks.answer") is Leave.NEVER else asks.mine(hub, asker)
    shown = (asker.version, _incidents(hub, asker), _situations(hub, asker), asked, listed, receipts)
    return hashlib.sha256(msgspec.json.encode(shown, order="deterministic", enc_hook=str)).hexdigest()[:32]


def _incidents(hub: Hub, asker: Principal) -> tuple[Incident, ...]:
    """Return the incidents that one may read."""
    return () if may(asker, "incidents.read") is Leave.NEVER else incidents.incidents(hub, asker)


def _situations(hub: Hub, asker: Principal) -> tuple[Situation, ...]:
    """Return the situations that one may read."""
    return () if may(asker, "situations.read") is Leave.NEVER else situations.situations(hub, asker)


def _listed(hub: Hub, asker: Principal) -> tuple[warnings.Mine, ...]:
    """Return the warnings that one may read."""
    return () if may(asker, "warnings.read") is Leave.NEVER else warnings.listed(hub, asker)


def _follows(asker: Principal, one: warnings.Mine) -> bool:
    """Say whether one may see who has answered a warning."""
    leave = may(asker, "warnings.follow")
    return leave is Leave.ALLOWED or (leave is not Leave.NEVER and one.kept.author == asker.name)


def _duties(one: Incident, moment: datetime) -> tuple[Due, ...] | None:
    """Return what must still be reported of an incident; None where that is not said or cannot be computed."""
    if one.incident.hidden:
        return ()
    if not one.incident.value("regimes"):
        return None if one.incident.state != "recovered" else ()
    try:
        return tuple(due for due in dated(one.incident, moment) if due.at is not None and level(due, moment) in RUNNING)
    except NoroshiError:
        return None


def _duty(one: Incident, due: Due, moment: datetime) -> Pending:
    """Return a report that is due."""
    assert due.at is not None  # noqa: S101  `_duties` leaves the others out
    duty, uid = due.duty, one.dossier.uid
    what = Words(f"{duty.regime}: {duty.name}", f"{duty.regime}: {duty.name_ja}")
    since = one.dossier.made if due.since is None else _micros(due.since)
    return Pending("duty", f"{uid} {duty.id}", uid, what, one.incident.organisation, since, _micros(due.at),
                   level(due, moment), one.dossier.exercise)  # fmt: skip


def _micros(at: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return int(at.timestamp() * 1_000_000)


def _asks(hub: Hub, asker: Principal, at: int) -> Iterator[Pending]:
    """Yield what one is asked for, and a ministry what goes through it, as long as it is not settled."""
    if may(asker, "asks.answer") is Leave.NEVER:
        return
    for one in asks.mine(hub, asker):
        ask = one.ask
        if ask.state in UNSETTLED:
            yield Pending("ask" if one.to_me else "between", ask.ask, "", ask.what, ask.to, ask.asked_at, ask.deadline,
                          _level(ask.asked_at, ask.deadline, at), one.exercise)  # fmt: skip


def _asked(case: Situation, at: int) -> Iterator[Pending]:
    """Yield what is asked of others in a situation, as far as one is told of that."""
    for ask in case.situation.asks:
        if ask.state in UNSETTLED:
            yield Pending("asked", ask.ask, case.dossier.uid, ask.what, ask.to, ask.asked_at, ask.deadline,
                          _level(ask.asked_at, ask.deadline, at), case.dossier.exercise)  # fmt: skip


def _level(since: int, due: int, at: int) -> str:
    """Return how urgent something is that was asked for."""
    if at > due:
        return "overdue"
    return "soon" if due - at <= SHORTLY * (due - since) else "due"


def _warnings(hub: Hub, asker: Principal, at: int) -> Iterator[Pending]:
    """Yield the warnings that one has not acknowledged, and those that others have not whom one has warned."""
    for one in _listed(hub, asker):
        said, uid = one.kept.last.said, one.kept.uid
        since = _micros(datetime.fromisoformat(said.at))
        if said.kind == "retraction":
            continue
        title = Words(said.title.en, said.title.ja)
        if one.to_me and one.state in STATES[:2]:
            yield Pending("warning", uid, uid, title, asker.name, since, None, "due", said.exercise)
        elif _follows(asker, one) and at - since < HEARD_FOR:
            silent, chosen = _silent(hub, one)
            if silent:
                yield Pending("unanswered", uid, uid, title, ", ".join(silent[:2]), since, None, "due", said.exercise,
                              (len(silent), chosen))  # fmt: skip


def _silent(hub: Hub, one: warnings.Mine) -> tuple[list[str], int]:
    """Return who has not acknowledged the last version of a warning, and how many it went to."""
    version = one.kept.last.said.version
    states: dict[int, list[str]] = {}
    for receipt in kept.receipts(hub.store, one.kept.no):
        if receipt.version == version:
            states.setdefault(receipt.principal, []).append(receipt.state)
    chosen = [each for each in kept.recipients(hub.store, one.kept.no) if each.chosen_by]
    silent = [each.name for each in chosen if risen(states.get(each.principal, ())) in STATES[:2]]
    return silent, len(chosen)
