"""Who needs an organisation and whom it needs, two steps each way, with how long each lasts without."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.warnings_estate import listed
from noroshi.errors import NotFoundError
from noroshi.estate.tables import UNIT_TABLES

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["MOST", "Link", "Near", "Neighbourhood", "neighbourhood", "one_a_pair"]

MOST = 60
"""Organisations that are shown at most, the nearest first."""
HOPS = 2


class Link(NamedTuple):
    """One organisation needs another: for what, by how many dependencies, and how many hours it lasts without.

    autonomy_h: the least of them; None where none is said, as of a supplier.
    """

    provider: str
    dependant: str
    commodities: tuple[str, ...]
    autonomy_h: float | None
    many: int


class Near(NamedTuple):
    """An organisation or supplier; hops: below 0 = it is needed, above 0 = it needs, in so many steps."""

    id: str
    name_en: str
    name_ja: str
    sector: str
    hops: int


class Neighbourhood(NamedTuple):
    """What is near an organisation, the middle first; left_out: how many more there are."""

    nodes: tuple[Near, ...]
    links: tuple[Link, ...]
    left_out: int


def neighbourhood(estate: Estate, organisation: str, *, hops: int = HOPS, most: int = MOST) -> Neighbourhood:
    """Return what is within some steps of an organisation: whom it needs, and who needs it.

    Who is both stands where it is nearer, with the needed at a tie. NotFoundError where the estate lacks it.
    """
    names = named(estate)
    if organisation not in names:
        raise NotFoundError(f"the estate {estate.meta.id} has no organisation {organisation!r}")
    every = links_of(estate)
    place = {organisation: 0}
    for side in (-1, 1):
        at = {organisation}
        for step in range(1, hops + 1):
            ahead = {
                (one.provider if side < 0 else one.dependant)
                for one in every
                if (one.dependant if side < 0 else one.provider) in at
            }
            at = {name for name in ahead if name != organisation}
            for name in at:
                if name not in place or abs(place[name]) > step:
                    place[name] = side * step
    weight = {
        name: sum(one.many for one in every if name in one[:2] and {one[0], one[1]} <= set(place)) for name in place
    }
    order = sorted(place, key=lambda name: (abs(place[name]), -weight[name], name))
    kept = set(order[:most])
    nodes = tuple(Near(name, *names[name], place[name]) for name in order[:most])
    between = tuple(
        one for one in every
        if {one.provider, one.dependant} <= kept and inward(place[one.provider], place[one.dependant])
    )  # fmt: skip
    return Neighbourhood(nodes, between, len(order) - len(nodes))


def inward(provider: int, dependant: int) -> bool:
    """Say whether a link is one by which who is near came to be near: from one step to the next."""
    return dependant - provider == 1 and provider >= -HOPS and dependant <= HOPS


def links_of(estate: Estate) -> tuple[Link, ...]:
    """Return the dependencies between organisations, and of them on suppliers, one a pair, in order."""
    owner: dict[str, str] = {}
    for table in UNIT_TABLES:
        frame = estate.frame(table)
        if "organisation" in frame.columns:
            owner.update((unit, who) for unit, who in frame.select("id", "organisation").iter_rows() if who)
    found: dict[tuple[str, str], list[tuple[str, float | None]]] = {}
    rows = estate.frame("dependencies").select("dependant", "providers", "commodity", "autonomy_h").iter_rows()
    for dependant, providers, commodity, hours in rows:
        who = owner.get(dependant)
        for unit in listed(providers):
            other = owner.get(unit)
            if who and other and who != other:
                found.setdefault((other, who), []).append((commodity or "", hours))
    for who, suppliers in estate.frame("systems").select("organisation", "suppliers").iter_rows():
        for one in listed(suppliers):
            found.setdefault((one, who), []).append(("systems", None))
    return one_a_pair(found)


def one_a_pair(found: dict[tuple[str, str], list[tuple[str, float | None]]]) -> tuple[Link, ...]:
    """Return one link for each provider and dependant, in order, from commodities and the hours without each."""
    made = []
    for (provider, dependant), each in sorted(found.items()):
        said = [hours for _, hours in each if hours is not None]
        commodities = tuple(sorted({commodity for commodity, _ in each if commodity}))
        made.append(Link(provider, dependant, commodities, min(said) if said else None, len(each)))
    return tuple(made)


def named(estate: Estate) -> dict[str, tuple[str, str, str]]:
    """Return organisation or supplier -> its name in English and Japanese, and its sector ("" of a supplier)."""
    found = {
        name: (english or name, japanese or english or name, sector or "")
        for name, english, japanese, sector in estate.frame("organisations")
        .select("id", "name_en", "name_ja", "sector").iter_rows()
    }  # fmt: skip
    for name, english, japanese in estate.frame("suppliers").select("id", "name_en", "name_ja").iter_rows():
        found.setdefault(name, (english or name, japanese or english or name, ""))
    return found
