"""What an estate and a brief say of whom a warning concerns: what organisations have, and who depends on whom."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from noroshi.estate.tables import UNIT_TABLES
from noroshi.share.warnings import Exposed, Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from noroshi.estate.model import Estate

__all__ = ["ARROW", "Has", "dependants", "enriched", "has_of", "lens_of"]

ARROW = " → "


class Has(NamedTuple):
    """What an organisation has, as an estate says."""

    sector: str
    products: tuple[str, ...]
    networks: tuple[str, ...]


def has_of(estate: Estate) -> dict[str, Has]:
    """Return organisation -> its sector, the products of its systems, and its ranges of addresses."""
    products: dict[str, list[str]] = {}
    for row in estate.frame("systems").select("organisation", "products").iter_rows():
        products.setdefault(row[0], []).extend(listed(row[1]))
    networks: dict[str, list[str]] = {}
    for who, kind, value in estate.frame("networks").select("organisation", "kind", "value").iter_rows():
        if kind == "cidr":
            networks.setdefault(who, []).append(value)
    return {
        name: Has(sector, tuple(dict.fromkeys(products.get(name, ()))), tuple(dict.fromkeys(networks.get(name, ()))))
        for name, sector in estate.frame("organisations").select("id", "sector").iter_rows()
    }


def enriched(one: Exposed, has: Mapping[str, Has]) -> Exposed:
    """Return a contact with what an estate knows of its organisation besides what was declared."""
    more = has.get(one.organisation)
    if more is None:
        return one
    return Exposed(
        one.principal, one.rights, one.organisation, tuple(dict.fromkeys((*one.sectors, more.sector))),
        tuple(dict.fromkeys((*one.products, *more.products))), tuple(dict.fromkeys((*one.networks, *more.networks))),
        one.exercise,
    )  # fmt: skip


def dependants(estate: Estate, named: Iterable[str]) -> dict[str, Why]:
    """Return organisation -> the shortest chain by which it depends on a named organisation or supplier.

    A depends on B where a unit of A has one of B as a provider (the table `dependencies`), or B supplies a system of A.
    """
    needed_by = edges(estate)
    chains: dict[str, tuple[str, ...]] = {name: (name,) for name in named}
    waiting = deque(sorted(chains))
    while waiting:
        at = waiting.popleft()
        for who in sorted(needed_by.get(at, ())):
            if who not in chains:
                chains[who] = (who, *chains[at])
                waiting.append(who)
    return {name: Why("dependency", ARROW.join(chain)) for name, chain in chains.items() if len(chain) > 1}


def edges(estate: Estate) -> dict[str, set[str]]:
    """Return organisation or supplier -> the organisations that need it directly."""
    owner: dict[str, str] = {}
    for table in UNIT_TABLES:
        frame = estate.frame(table)
        if "organisation" in frame.columns:
            owner.update((unit, who) for unit, who in frame.select("id", "organisation").iter_rows() if who)
    found: dict[str, set[str]] = {}
    for dependant, providers in estate.frame("dependencies").select("dependant", "providers").iter_rows():
        who = owner.get(dependant)
        for unit in listed(providers):
            other = owner.get(unit)
            if who and other and who != other:
                found.setdefault(other, set()).add(who)
    for who, suppliers in estate.frame("systems").select("organisation", "suppliers").iter_rows():
        for one in listed(suppliers):
            found.setdefault(one, set()).add(who)
    return found


def listed(text: str | None) -> list[str]:
    """Return the names in a cell, separated by semicolons."""
    return [one.strip() for one in (text or "").split(";") if one.strip()]


def lens_of(warn: Mapping[str, tuple[str, str]]) -> dict[str, Why]:
    """Return organisation -> the reason for which a brief says to warn it."""
    return {name: Why("threat", *why) for name, why in warn.items()}
