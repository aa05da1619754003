"""Situations at the desk: the centre leads them; who takes part sees its part, others not that there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk import incidents
from noroshi.desk.dossiers import Filing, added, filed, may_be_shown, refuse, same_world
from noroshi.desk.permitting import may, must
from noroshi.desk.situation_seen import incidents_of, seen
from noroshi.respond.position import Saying
from noroshi.respond.situation import (
    Admitted,
    Gathered,
    Opened,
    Parted,
    Said,
    Situation,
    followed,
    situation,
    wrongs,
)
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.share.warnings_words import KEPT_FROM
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.dossiers import Dossier

__all__ = ["ABSENT", "Shown", "open_", "read", "say", "situations"]

ABSENT = Refused(404, "Not found", "there is no such situation, or it is not for you")
OF_POSITION = Refused(422, "Unprocessable", "the position is entered apart, and signed by who signs it")


class Shown(NamedTuple):
    """A situation as a principal sees it, with those of its incidents that it may see."""

    dossier: Dossier
    situation: Situation
    incidents: tuple[incidents.Shown, ...]


def open_(hub: Hub, asker: Principal, said: Opened, now: int, filing: Filing | None = None) -> str:
    """Open a situation; return its id. Refused 403, 422."""
    must(asker, "situations.manage")
    refuse(wrongs(said))
    first = kept.Entered(now, now, asker.no, said)
    return filed(hub, asker, kept.SITUATION, ("", ""), filing or Filing(), first)


def say(  # noqa: PLR0913  to which, what, and when
    hub: Hub, asker: Principal, uid: str, said: Sequence[Said], at: int, now: int, once: str = ""
) -> int:  # fmt: skip
    """Add lines to a situation, all or none; return the number of the last. Refused 403, 404, 422.

    An incident must be one that the asker may read, and an exercise if and only if the situation is one. once: as
    `incidents.say`.
    """
    must(asker, "situations.manage")
    one = must_find(hub, asker, uid)
    if any(isinstance(each, Saying) for each in said):
        raise OF_POSITION
    for each in said:
        # one may not take away what one may not see either: that would tell that it is there
        if isinstance(each, Gathered | Parted) and (
            incidents.read(hub, asker, each.incident).dossier.exercise != one.exercise
        ):
            raise Refused(
                422, "Unprocessable", "incident: an exercise gathers what is an exercise, and nothing else does"
            )
    names = {each.principal: hub.store.principal(each.principal) for each in said if isinstance(each, Admitted)}
    unknown = [name for name, found in names.items() if found is None]
    if unknown:
        raise Refused(422, "Unprocessable", f"principal: {', '.join(unknown)[:200]} (expected those that are declared)")
    across = [name for name, found in names.items() if found is not None and not same_world(hub, found[0], one)]
    if across:
        raise Refused(403, "Forbidden", f"{', '.join(across)[:200]}: {KEPT_FROM['exercise'][0]}")
    numbers = {name: found[0].no for name, found in names.items() if found is not None}

    def also(wire: Connection, each: Said) -> None:
        if isinstance(each, Admitted):
            kept.admit(wire, one.no, numbers[each.principal], takes_part=each.takes_part)

    lines = kept.entered(said, at, now, asker.no, once)
    return added(hub, one, lines, lambda before, each: followed(situation(before), each), also)


def situations(hub: Hub, asker: Principal) -> tuple[Shown, ...]:
    """Return the situations that a principal may read, the newest first, each without its incidents."""
    must(asker, "situations.read")
    part = kept.readers(hub.store, asker.no)
    every = (one for one in kept.dossiers(hub.store, kept.SITUATION) if readable(hub, asker, one, part))
    return tuple(Shown(one, seen(hub, asker, situation(kept.lines(hub.store, one))), ()) for one in every)


def read(hub: Hub, asker: Principal, uid: str) -> Shown:
    """Return a situation with its incidents, each as its victim agreed and its marking allows; Refused 404."""
    one = must_find(hub, asker, uid)
    whole = situation(kept.lines(hub.store, one))
    return Shown(one, seen(hub, asker, whole), incidents_of(hub, asker, whole))


def must_find(hub: Hub, asker: Principal, uid: str) -> Dossier:
    """Return the dossier of a situation that a principal may read; Refused 404."""
    one = kept.found(hub.store, uid)
    if one is None or one.kind != kept.SITUATION or not readable(hub, asker, one, kept.readers(hub.store, asker.no)):
        raise ABSENT
    return one


def readable(hub: Hub, asker: Principal, one: Dossier, part: frozenset[int]) -> bool:
    """Say whether a principal may read a situation: by the table, by taking part, by its marking, on its side."""
    leave = may(asker, "situations.read")
    if leave is Leave.NEVER or not may_be_shown(asker, one):
        return False
    return leave is Leave.ALLOWED or (one.no in part and same_world(hub, asker, one))
