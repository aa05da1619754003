"""What is not told of the victims of a situation: their names, wherever somebody wrote them, unless they agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.blanking import folded
from noroshi.desk.naming import loaded, names_of
from noroshi.respond.incident import incident
from noroshi.store import dossiers as kept
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.desk.hub import Hub

__all__ = ["withheld"]


def withheld(hub: Hub, gathered: Iterable[str], estate: str, *, principals: bool = False) -> tuple[str, ...]:
    """Return the names of victims that have not agreed, as `folded`: as reported, and as their estate says.

    principals: the names by which the hub knows them too.
    """
    victims: dict[str, None] = {}
    for uid in gathered:
        one = kept.found(hub.store, uid)
        if one is not None:
            there = incident(kept.lines(hub.store, one))
            if there.consent != "named":
                victims |= dict.fromkeys((there.organisation, one.organisation))
    there_is = loaded(estate) if victims else None
    names = {folded(name) for victim in victims for name in names_of(victim, there_is)}
    if principals:
        names |= {folded(one.principal) for one in contacts(hub.store) if folded(one.organisation) in names}
    return tuple(sorted(names - {""}))
