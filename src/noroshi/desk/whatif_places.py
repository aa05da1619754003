"""What of an estate can be hit, and where it lies: rows to choose from, the networks as lines of a map."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.estate.tables import UNIT_TABLES

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["CHOOSABLE", "MapLine", "Sought", "Unit", "found_units", "lines_of", "organisations_of", "units_of"]

CHOOSABLE = tuple(name for name in UNIT_TABLES if name not in ("trips", "services"))
"""Tables whose units one can choose: a service or a trip falls by what it needs, and is not hit itself."""
LINKS = {
    "power_branches": ("power", "from_bus", "to_bus", "power_buses"),
    "gas_pipes": ("gas", "from_node", "to_node", "gas_nodes"),
    "transport_links": ("transport", "from_stop", "to_stop", "transport_stops"),
}
"""Table of lines -> its network, the columns of its ends, and the table of those."""
HOSTS = {
    "generators": ("bus", "power_buses"),
    "gas_sources": ("node", "gas_nodes"),
    "gas_stores": ("node", "gas_nodes"),
}
"""Table -> the column that names where a unit without a place of its own lies."""


class Unit(NamedTuple):
    """A unit as one chooses it. lat and lon are None where nothing says where it is; sector "" where none is known."""

    id: str
    name_en: str
    name_ja: str
    table: str
    kind: str
    organisation: str
    sector: str
    lat: float | None
    lon: float | None

    def name(self, lang: str) -> str:
        """Return its name in a language, else in the other, else its id."""
        first, other = (self.name_ja, self.name_en) if lang == "ja" else (self.name_en, self.name_ja)
        return first or other or self.id


class MapLine(NamedTuple):
    """A line of a map: its unit, its network, and where it begins and ends (latitude, longitude)."""

    id: str
    network: str
    lat: float
    lon: float
    to_lat: float
    to_lon: float


class Sought(NamedTuple):
    """What rows are looked for: words of a name or id, a sector, an organisation, a table; "" asks for any."""

    words: str = ""
    sector: str = ""
    organisation: str = ""
    table: str = ""


def units_of(estate: Estate) -> tuple[Unit, ...]:
    """Return every unit in unit order; kept with the estate."""
    key = "whatif units"
    if key not in estate.known:
        estate.known[key] = tuple(_units(estate))
    found: tuple[Unit, ...] = estate.known[key]
    return found


def _units(estate: Estate) -> Iterable[Unit]:
    """Yield every unit in unit order, with where it lies."""
    organisations = {row["id"]: row for row in estate.frame("organisations").to_dicts()}
    stops = {row["id"]: row for row in estate.frame("transport_stops").to_dicts()}
    hosts = {
        table: {row["id"]: row for row in estate.frame(table).to_dicts()} for table in ("power_buses", "gas_nodes")
    }
    ends = {table: stops if of == "transport_stops" else hosts[of] for table, (_, _, _, of) in LINKS.items()}
    for table in UNIT_TABLES:
        for row in estate.frame(table).to_dicts():
            organisation = organisations.get(row.get("organisation") or "", {})
            place = _place(row)
            if place is None and table in HOSTS:
                column, of = HOSTS[table]
                place = _place(hosts[of].get(row.get(column) or "", {}))
            if place is None and table in LINKS:
                _, a, b, _ = LINKS[table]
                both = [_place(ends[table].get(row[name], {})) for name in (a, b)]
                if both[0] and both[1]:
                    place = ((both[0][0] + both[1][0]) / 2, (both[0][1] + both[1][1]) / 2)
            if place is None and table != "trips":
                place = _place(organisation)
            lat, lon = place or (None, None)
            sector = row.get("sector") or organisation.get("sector") or ""
            kind = row.get("kind") or row.get("fuel") or ""
            yield Unit(row["id"], row["name_en"] or "", row["name_ja"] or "", table, str(kind),
                       row.get("organisation") or "", sector, lat, lon)  # fmt: skip


def _place(row: dict[str, Any]) -> tuple[float, float] | None:
    """Return the latitude and longitude that a row gives."""
    lat, lon = row.get("lat"), row.get("lon")
    if lat is None or lon is None or math.isnan(lat) or math.isnan(lon):
        return None
    return float(lat), float(lon)


def lines_of(estate: Estate) -> tuple[MapLine, ...]:
    """Return the lines of all networks whose ends have a place."""
    out = []
    for table, (network, a, b, of) in LINKS.items():
        at = {row["id"]: _place(row) for row in estate.frame(of).to_dicts()}
        for row in estate.frame(table).to_dicts():
            start, end = at.get(row[a]), at.get(row[b])
            if start and end:
                out.append(MapLine(row["id"], network, *start, *end))
    return tuple(out)


def organisations_of(estate: Estate) -> dict[str, tuple[str, str, str]]:
    """Return id -> English name, Japanese name and sector of the organisations that run a system."""
    owners = {str(one) for one in estate.column("systems", "organisation")}
    columns = estate.frame("organisations").select("id", "name_en", "name_ja", "sector")
    return {name: (en or ja or name, ja or en or name, sector or "") for name, en, ja, sector in columns.iter_rows()
            if name in owners}  # fmt: skip


def found_units(estate: Estate, sought: Sought) -> list[Unit]:
    """Return the units that one can choose and that are looked for, those that begin with the words first."""
    words = sought.words.casefold().split()

    def fits(one: Unit) -> bool:
        if one.table not in CHOOSABLE or (sought.table and one.table != sought.table):
            return False
        if (sought.sector and one.sector != sought.sector) or (
            sought.organisation and one.organisation != sought.organisation
        ):
            return False
        text = f"{one.id} {one.name_en} {one.name_ja} {one.kind} {one.organisation}".casefold()
        return all(word in text for word in words)

    found = [one for one in units_of(estate) if fits(one)]
    if words:
        found.sort(key=lambda one: not (one.id + one.name_en.casefold() + one.name_ja).startswith(words[0]))
    return found
