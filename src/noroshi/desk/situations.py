"""Situations at the desk: the centre leads them; who takes part sees its part, others not that there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from noroshi.desk import incidents
from noroshi.desk.dossiers import Filing, added, filed, may_be_shown, refuse, same_world
from noroshi.desk.permitting import may, must
from noroshi.desk.withholding import withheld, without
from noroshi.respond.position import Saying
from noroshi.respond.situation import (
    Admitted,
    Gathered,
    Opened,
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
        if isinstance(each, Gathered) and incidents.read(hub, asker, each.incident).dossier.exercise != one.exercise:
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
    gathered = (kept.found(hub.store, name) for name in whole.incidents)
    there = tuple(
        incidents.shown(hub, asker, each) for each in gathered if each is not None and may_be_shown(asker, each)
    )
    return Shown(one, seen(hub, asker, whole), there)


def seen(hub: Hub, asker: Principal, whole: Situation) -> Situation:
    """Return a situation as a principal sees it: who takes part sees neither the centre's remarks nor who else does.

    An auditor sees all of it, without the names of victims that have not agreed, wherever somebody wrote them.
    """
    if may(asker, "situations.read") is Leave.ALLOWED:
        if asker.kind in incidents.FULL:
            return whole
        names = withheld(hub, whole.incidents, whole.estate, principals=True)
        lines = tuple(structs.replace(line, said=without(line.said, names)) for line in whole.lines)
        asks = tuple(
            one._replace(
                to=without(one.to, names),
                through=without(one.through, names),
                what=without(one.what, names),
                why=without(one.why, names),
            )
            for one in whole.asks
        )
        return replace(whole, title=without(whole.title, names), lines=lines, asks=asks,
                       takes_part=tuple(without(list(whole.takes_part), names)))  # fmt: skip
    return Situation(whole.title, "", whole.closed, (), (), (), ())


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
