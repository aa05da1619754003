"""The dependencies of an estate as two pictures can show them: sector by sector, and around one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.neighbourhood import MOST, Link, Near, Neighbourhood, neighbourhood, one_a_pair
from noroshi.desk.warnings_estate import listed
from noroshi.errors import NotFoundError
from noroshi.estate.tables import UNIT_TABLES

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["GRAPHED", "Matrix", "around", "matrix"]

GRAPHED = ("organisations", *UNIT_TABLES)
"""Tables whose rows have something around them."""
HOPS = 2


class Matrix(NamedTuple):
    """Which sector needs which: cells[needed][needing] counts links; aside: those of things without a sector."""

    sectors: tuple[tuple[str, str, str], ...]
    cells: tuple[tuple[int, ...], ...]
    aside: int


def matrix(estate: Estate) -> Matrix:
    """Return the links between units by sector, with the sectors (id, English, Japanese) that have any, in order."""
    of = sectors_of(estate)
    found: dict[tuple[str, str], int] = {}
    aside = 0
    for dependant, providers in estate.frame("dependencies").select("dependant", "providers").iter_rows():
        for provider in listed(providers):
            pair = (of.get(provider, ""), of.get(dependant, ""))
            if all(pair):
                found[pair] = found.get(pair, 0) + 1
            else:
                aside += 1
    within = {name for pair in found for name in pair}
    sectors = tuple(
        (name, english or name, japanese or english or name)
        for name, english, japanese in estate.frame("sectors").select("id", "name_en", "name_ja").iter_rows()
        if name in within
    )
    cells = tuple(tuple(found.get((needed[0], needing[0]), 0) for needing in sectors) for needed in sectors)
    return Matrix(sectors, cells, aside)


def sectors_of(estate: Estate) -> dict[str, str]:
    """Return unit -> its sector: its own, or that of its organisation."""
    sector = dict(estate.frame("organisations").select("id", "sector").iter_rows())
    found: dict[str, str] = {}
    for table in UNIT_TABLES:
        frame = estate.frame(table)
        has = [name for name in ("sector", "organisation") if name in frame.columns]
        for row in frame.select("id", *has).iter_rows(named=True):
            said = row.get("sector") or sector.get(row.get("organisation") or "")
            if said:
                found[row["id"]] = said
    return found


def around(estate: Estate, table: str, ident: str, most: int = MOST) -> Neighbourhood:
    """Return what is within two steps of an organisation or a unit: what it needs, and what needs it, nearest first.

    NotFoundError where there is no such row, or nothing can be around it.
    """
    if table == "organisations":
        return neighbourhood(estate, ident, most=most)
    if table not in UNIT_TABLES or ident not in estate.rows(table):
        raise NotFoundError(f"the estate {estate.meta.id} has nothing around {ident!r}")
    every = links_of(estate)
    needed: dict[str, list[str]] = {}
    needing: dict[str, list[str]] = {}
    for one in every:
        needed.setdefault(one.dependant, []).append(one.provider)
        needing.setdefault(one.provider, []).append(one.dependant)
    place = {ident: 0}
    for side, ways in ((-1, needed), (1, needing)):
        at = [ident]
        for step in range(1, HOPS + 1):
            at = list(dict.fromkeys(name for one in at for name in ways.get(one, ()) if name != ident))
            for name in at:
                if name not in place or abs(place[name]) > step:
                    place[name] = side * step
    order = sorted(place, key=lambda name: (abs(place[name]), -len(needing.get(name, ())), name))
    kept = set(order[:most])
    sectors, names = sectors_of(estate), units_of(estate)
    nodes = tuple(
        Near(name, *names.get(name, (name, name)), sectors.get(name, "-"), place[name]) for name in order[:most]
    )
    between = tuple(
        one for one in every
        if {one.provider, one.dependant} <= kept and place[one.dependant] - place[one.provider] == 1
    )  # fmt: skip
    return Neighbourhood(nodes, between, len(order) - len(nodes))


def links_of(estate: Estate) -> tuple[Link, ...]:
    """Return the dependencies between units, one a pair, in order."""
    found: dict[tuple[str, str], list[tuple[str, float | None]]] = {}
    rows = estate.frame("dependencies").select("dependant", "providers", "commodity", "autonomy_h").iter_rows()
    for dependant, providers, commodity, hours in rows:
        for provider in listed(providers):
            found.setdefault((provider, dependant), []).append((commodity or "", hours))
    return one_a_pair(found)


def units_of(estate: Estate) -> dict[str, tuple[str, str]]:
    """Return unit -> its name in English and in Japanese."""
    found: dict[str, tuple[str, str]] = {}
    for table in UNIT_TABLES:
        frame = estate.frame(table)
        has = [name for name in ("name_en", "name_ja") if name in frame.columns]
        for row in frame.select("id", *has).iter_rows(named=True):
            english = row.get("name_en") or row["id"]
            found[row["id"]] = (english, row.get("name_ja") or english)
    return found
