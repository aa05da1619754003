"""Who can be brought into a situation, or asked from it: whom its marking admits, on its side of the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.asks import CAN_BE_ASKED
from noroshi.desk.dossiers import may_be_shown, same_world
from noroshi.desk.permitting import must
from noroshi.desk.situations import must_find
from noroshi.store import people
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal

__all__ = ["Able", "able"]


class Able(NamedTuple):
    """A principal that can take part; organisation, sectors: as its contact says; asked: it can be asked for things."""

    name: str
    kind: str
    organisation: str
    sectors: tuple[str, ...]
    asked: bool


def able(hub: Hub, asker: Principal, uid: str) -> tuple[Able, ...]:
    """Return who can take part in a situation, by name; the asker is left out. Refused 403, 404."""
    must(asker, "situations.manage")
    one = must_find(hub, asker, uid)
    known = {each.principal: each for each in contacts(hub.store)}
    found = []
    for name in sorted(each.name for each in people.accounts(hub.store)):
        there = hub.store.principal(name)
        if there is None or name == asker.name or not may_be_shown(there[0], one):
            continue
        if same_world(hub, there[0], one):
            contact = known.get(name)
            found.append(Able(
                name, there[0].kind, contact.organisation if contact else "", contact.sectors if contact else (),
                there[0].kind in CAN_BE_ASKED,
            ))  # fmt: skip
    return tuple(found)
