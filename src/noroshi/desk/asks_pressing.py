"""From the press list to requests: whom to press first, by whom it is reached, and through which ministry.

The list is what `noroshi rate press` or a brief says; a person chooses whom of it to ask. One request for an
organisation in a situation: asked again, nothing changes.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk import asks, situations
from noroshi.desk.dossiers import may_be_shown, same_world
from noroshi.desk.permitting import must
from noroshi.respond.press_list import wanted_of
from noroshi.share.contacts import stage_of
from noroshi.share.taxii import Refused
from noroshi.share.warnings_words import KEPT_FROM
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.desk.hub import Hub
    from noroshi.respond.asks import Ask
    from noroshi.respond.press_list import ToPress
    from noroshi.store.contract import Principal
    from noroshi.store.dossiers import Dossier
    from noroshi.store.warnings_contacts import Contact

__all__ = ["Pressable", "press", "pressable"]


class Pressable(NamedTuple):
    """An organisation of the list as the hub reaches it.

    to: its principals that may be asked; barred: those that may not, with the reason; through: the ministry of its
    sector, "" = none that may be asked; asked: the requests from the list that it has had here, by who was asked.
    """

    row: ToPress
    to: tuple[str, ...]
    barred: tuple[tuple[str, str], ...]
    through: str
    asked: tuple[Ask, ...]


def pressable(hub: Hub, asker: Principal, uid: str, rows: Iterable[ToPress]) -> tuple[Pressable, ...]:
    """Return how each organisation of a press list is reached from a situation, in the list's order.

    Refused 403, 404.
    """
    must(asker, "situations.manage")
    there = situations.read(hub, asker, uid)
    here = ("", stage_of(there.dossier.by))
    known = tuple(one for one in contacts(hub.store) if stage_of(one.principal) in here)
    by_name = {one.ask: one for one in there.situation.asks}
    return tuple(reached(hub, there.dossier, row, known, by_name) for row in rows)


def reached(
    hub: Hub, one: Dossier, row: ToPress, known: tuple[Contact, ...], by_name: dict[str, Ask]
) -> Pressable:  # fmt: skip
    """Return how one organisation is reached."""
    those = [each for each in known if each.organisation == row.organisation and each.kind in asks.CAN_BE_ASKED]
    barred = {each.principal: barrier(hub, one, each.principal) for each in those}
    to = tuple(name for name, why in barred.items() if not why)
    ministries = (each.principal for each in known if each.kind == "ministry" and row.sector in each.sectors)
    through = next((name for name in ministries if not barrier(hub, one, name)), "")
    names = (name_of(one, row, name) for name in to)
    asked = tuple(by_name[name] for name in names if name in by_name)
    return Pressable(row, to, tuple((name, why) for name, why in barred.items() if why), through, asked)


def barrier(hub: Hub, one: Dossier, name: str) -> str:
    """Return why a principal may not be asked from a situation: `tlp`, `exercise`, or "" where it may."""
    found = hub.store.principal(name)
    if found is None or not may_be_shown(found[0], one):
        return "tlp"
    return "" if same_world(hub, found[0], one) else "exercise"


def press(  # noqa: PLR0913  in which situation, whom of which list, until when
    hub: Hub, asker: Principal, uid: str, rows: Iterable[ToPress], chosen: Iterable[str], deadline: int, now: int
) -> tuple[Ask, ...]:
    """Ask the chosen organisations of a press list for its measures; return their requests as they stand then.

    Refused 403, 404, 422: also for an organisation that is not on the list, or that the hub does not reach.
    """
    every = {one.row.organisation: one for one in pressable(hub, asker, uid, rows)}
    wanted = tuple(dict.fromkeys(chosen))
    wrong = [f"{name[:100]}: not on the list" for name in wanted if name not in every]
    wrong += [f"{name}: {unreached(every[name])}" for name in wanted if name in every and not every[name].to]
    if wrong:
        raise Refused(422, "Unprocessable", "; ".join(wrong))
    one = situations.must_find(hub, asker, uid)
    names = []
    for organisation in wanted:
        there = every[organisation]
        for to in there.to:
            name = name_of(one, there.row, to)
            names.append(asks.ask(hub, asker, uid, to, there.through, wanted_of(there.row), deadline, now, name))
    known = {each.ask: each for each in situations.read(hub, asker, uid).situation.asks}
    return tuple(known[name] for name in names)


def unreached(one: Pressable) -> str:
    """Return why an organisation cannot be asked."""
    return "; ".join(f"{name} {KEPT_FROM[why][0]}" for name, why in one.barred) or "no contact is declared for it"


def name_of(one: Dossier, row: ToPress, to: str) -> str:
    """Return the id of the request of an organisation's principal from the list of a situation."""
    return str(uuid.uuid5(uuid.UUID(one.uid), f"press {row.organisation} {to}"))
