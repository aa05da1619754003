"""Requests at the desk: the centre asks through a ministry, who is asked answers, and the centre sees how it stands.

Who is asked sees the request and nothing else of the situation, not even which it belongs to.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk import situations
from noroshi.desk.dossiers import added, may_be_shown, same_world
from noroshi.desk.naming import refuse_in_case
from noroshi.desk.permitting import may, must
from noroshi.respond.asks import Answered, Ask, Asked, Overview, Reminded, Words, overview
from noroshi.respond.situation import followed, situation
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.share.warnings_words import KEPT_FROM
from noroshi.store import dossiers as kept
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.desk.hub import Hub
    from noroshi.respond.situation import Said
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.dossiers import Dossier

__all__ = ["ABSENT", "CAN_BE_ASKED", "Mine", "answer", "ask", "mine", "remind", "stand"]

ABSENT = Refused(404, "Not found", "there is no such request, or it is not for you")
NOT_YOURS = Refused(403, "Forbidden", "who is asked answers; who asks, or the ministry between, reminds")
CAN_BE_ASKED = ("centre", "ministry", "operator")


class Mine(NamedTuple):
    """A request as who is asked, or the ministry between, sees it."""

    ask: Ask
    exercise: bool
    tlp: int
    to_me: bool


def ask(  # noqa: PLR0913  in which situation, of whom, through whom, what, until when
    hub: Hub, asker: Principal, uid: str, to: str, through: str, what: Words, deadline: int, now: int, name: str = ""
) -> str:  # fmt: skip
    """Ask somebody for something, through a ministry or directly; return the request's id. Refused 403, 404, 422.

    name: its id, of a script; by default a new one. Both must be among those whom the situation's marking admits. What
    is asked for holds no name of a victim that has not agreed, but who is asked's own.
    """
    must(asker, "situations.manage")
    one = situations.must_find(hub, asker, uid)
    asked = addressed(hub, one, to, CAN_BE_ASKED)
    between = addressed(hub, one, through, ("ministry",)) if through else None
    name = name or str(uuid.uuid4())
    case = situation(kept.lines(hub.store, one))
    alone = {each.organisation for each in contacts(hub.store) if each.principal == to}
    refuse_in_case(hub, asker, case, {"what": what}, alone)

    def also(wire: Connection, _: Said) -> None:
        kept.keep_ask(wire, name, one.no, asked.no, None if between is None else between.no)

    said = Asked(name, to, through, what, deadline)
    written(hub, one, asker, said, now, also, once=f"ask {name}")
    return name


def addressed(hub: Hub, one: Dossier, name: str, kinds: tuple[str, ...]) -> Principal:
    """Return a principal that a request can be for; Refused 422 for no such one, 403 where the marking bars it."""
    found = hub.store.principal(name)
    if found is None or found[0].kind not in kinds:
        raise Refused(422, "Unprocessable", f"{name[:100] or 'nobody'} (expected a principal: {', '.join(kinds)})")
    if not may_be_shown(found[0], one):
        raise Refused(403, "Forbidden", f"{name}: the situation's marking does not admit it")
    if not same_world(hub, found[0], one):
        raise Refused(403, "Forbidden", f"{name}: {KEPT_FROM['exercise'][0]}")
    return found[0]


def answer(  # noqa: PLR0913  which, what, why, when
    hub: Hub, asker: Principal, name: str, state: str, why: str, now: int, once: str = ""
) -> None:
    """Say that one accepts, has done, or refuses what one is asked for. Refused 403, 404, 422.

    once: by which it is known when it is sent again, "" = it is new each time.
    """
    one, place = must_find(hub, asker, name)
    if not place.to_me:
        raise NOT_YOURS
    written(hub, one, asker, Answered(name, state, why), now, once=once)


def remind(hub: Hub, asker: Principal, name: str, now: int, once: str = "") -> None:
    """Keep that who was asked was reminded. Refused 403, 404, 422. once: as `answer`."""
    must(asker, "asks.answer")
    if may(asker, "situations.manage") is not Leave.NEVER:
        there = kept.ask_found(hub.store, name)
        if there is None or not may_be_shown(asker, one := kept.numbered(hub.store, there[0])):
            raise ABSENT
    else:
        one, place = must_find(hub, asker, name)
        if place.to_me:
            raise NOT_YOURS
    written(hub, one, asker, Reminded(name), now, once=once)


def mine(hub: Hub, asker: Principal) -> tuple[Mine, ...]:
    """Return what one is asked for, and a ministry what goes through it, as long as the marking admits one."""
    must(asker, "asks.answer")
    names = kept.asks_of(hub.store, asker.no)
    wanted = {no: {name for name, of in names if of == no} for _, no in names}
    found = []
    for no, those in wanted.items():
        one = kept.numbered(hub.store, no)
        if may_be_shown(asker, one) and same_world(hub, asker, one):
            there = situation(kept.lines(hub.store, one)).asks
            found += [Mine(each, one.exercise, one.tlp, each.to == asker.name) for each in there if each.ask in those]
    return tuple(found)


def stand(hub: Hub, asker: Principal, uid: str, now: int) -> tuple[tuple[Ask, ...], tuple[Overview, ...]]:
    """Return the requests of a situation, and how they stand by ministry. Refused 403, 404."""
    must(asker, "situations.manage")
    there = situations.read(hub, asker, uid).situation.asks
    return there, overview(there, now)


def must_find(hub: Hub, asker: Principal, name: str) -> tuple[Dossier, Mine]:
    """Return a request that is for one or goes through one, with its dossier; Refused 404."""
    there = kept.ask_found(hub.store, name)
    found = next((one for one in mine(hub, asker) if one.ask.ask == name), None)
    if there is None or found is None:
        raise ABSENT
    return kept.numbered(hub.store, there[0]), found


def written(  # noqa: PLR0913  where, by whom, what, when, with what besides
    hub: Hub,
    one: Dossier,
    asker: Principal,
    said: Said,
    now: int,
    also: Callable[[Connection, Said], None] | None = None,
    once: str = "",
) -> None:
    """Write a line of a request into its situation."""
    line = kept.Entered(now, now, asker.no, said, once)
    added(hub, one, [line], lambda before, each: followed(situation(before), each, now), also)
