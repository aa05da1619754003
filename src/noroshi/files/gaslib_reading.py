"""What GasLib's JSON says, checked: nodes, links, entries, exits, nominations and the gas; every fault at its place."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.estate.cells import SLUG, nearest
from noroshi.files.gaslib_archive import shape
from noroshi.files.gaslib_pipes import Gas

if TYPE_CHECKING:
    from noroshi.estate.findings import Findings

__all__ = ["LINKS", "Link", "Network", "Point", "network_of", "nominations_of", "params_of"]

FILE, NOMINATIONS, PARAMS = "network.json", "nominations.json", "params.json"
LINKS = ("pipes", "short_pipes", "valves", "control_valves", "resistors", "loss_resistors", "compressors")
"""Sections of what joins two nodes; all but pipes may be absent."""
OTHER_NAMES = {"receipts": "entries", "deliveries": "exits"}
"""How later versions of the format call two sections."""
FLOWS = ("min_flow", "max_flow")
PIPE_SIZES = ("length", "diameter", "friction_factor")
BOUNDS = (("entries", ("entry_nominations", "receipt_nominations"), "min_injection", "max_injection"),
          ("exits", ("exit_nominations", "delivery_nominations"), "min_withdrawal", "max_withdrawal"))  # fmt: skip
TEMPERATURE, GRAVITY, UNITS = "Temperature (K):", "Gas specific gravity (G):", "units (SI = 0, standard = 1)"
LIMITS = {
    "length": (0.01, 1e7, "m"), "diameter": (0.001, 10.0, "m"), "friction_factor": (1e-4, 1.0, "(Darcy)"),
    "min_pressure": (0.0, 1e8, "Pa"), "max_pressure": (1e3, 1e8, "Pa"), "min_flow": (-1e6, 1e6, "kg/s"),
    "max_flow": (-1e6, 1e6, "kg/s"), "min_injection": (0.0, 1e6, "kg/s"), "max_injection": (0.0, 1e6, "kg/s"),
    "min_withdrawal": (0.0, 1e6, "kg/s"), "max_withdrawal": (0.0, 1e6, "kg/s"), TEMPERATURE: (100.0, 1000.0, "K"),
    GRAVITY: (0.05, 5.0, ""),
}  # fmt: skip
"""What a figure may be: from, to and unit. Anything outside is a slip, such as mm, bar or a sign."""
SEARCHED = 2000


class Link(NamedTuple):
    """What joins two nodes; values in the file's units (m, Pa, kg/s)."""

    section: str
    key: str
    name: str
    start: str
    end: str
    value: dict[str, float]


class Point(NamedTuple):
    """An entry or exit: its key, name and node."""

    key: str
    name: str
    node: str


class Network(NamedTuple):
    """network.json. `nodes`: key -> (name, least, greatest pressure in Pa)."""

    nodes: dict[str, tuple[str, float, float]]
    links: tuple[Link, ...]
    entries: tuple[Point, ...]
    exits: tuple[Point, ...]


def network_of(document: dict[str, Any], findings: Findings) -> Network:
    """Return the network without what is at fault; every fault is noted."""
    sections = {OTHER_NAMES.get(name, name): value for name, value in document.items()}
    nodes = {}
    for key, row, where in rows(sections, "nodes", findings, needed=True):
        low, high = (number(row, name, where, findings) for name in ("min_pressure", "max_pressure"))
        ordered(low, high, f"{where}.min_pressure", findings)
        nodes[key] = (named(row, key), low, high)
    links = []
    for section in LINKS:
        for key, row, where in rows(sections, section, findings, needed=section == "pipes"):
            start, end = (node(row, name, where, nodes, findings) for name in ("fr_node", "to_node"))
            if start and start == end:
                findings.add("self-loop", FILE, column=f"{where}.to_node", found=end)
            value = {name: number(row, name, where, findings) for name in FLOWS}
            ordered(value["min_flow"], value["max_flow"], f"{where}.min_flow", findings)
            if section == "pipes":
                value |= {name: number(row, name, where, findings) for name in PIPE_SIZES}
                value |= pressures(row, where, (nodes.get(start), nodes.get(end)), findings)
            links.append(Link(section, key, named(row, key), start, end, value))
    points = {
        section: tuple(
            Point(key, named(row, key), node(row, "node_id", where, nodes, findings))
            for key, row, where in rows(sections, section, findings, needed=True)
        )
        for section in ("entries", "exits")
    }
    return Network(nodes, tuple(links), points["entries"], points["exits"])


def rows(  # noqa: PLR0913  a section has this many facets
    document: dict[str, Any],
    section: str,
    findings: Findings,
    *,
    needed: bool = False,
    file: str = FILE,
    under: str = "",
) -> list[tuple[str, dict[str, Any], str]]:
    """Return (key, row, where) of a section in the order of its keys; note what is no row, and a section not there."""
    given = document.get(section)
    if given is None and not needed:
        return []
    place = under + section
    if not isinstance(given, dict) or (needed and not given):
        found = "no such section" if given is None else "an empty section" if given == {} else type(given).__name__
        shape(file, place, found, "an object of rows by id", "行を識別子ごとに並べたオブジェクト", findings)
        return []
    out = []
    for key, row in sorted(given.items(), key=lambda item: (len(item[0]), item[0])):
        where = f"{place}.{key}"
        if not isinstance(row, dict):
            shape(file, where, type(row).__name__, "an object", "オブジェクト", findings)
        elif not re.fullmatch(SLUG, key):
            findings.add("bad-id", file, column=where, found=key, hint="1")
        else:
            out.append((key, row, where))
    return out


def named(row: dict[str, Any], key: str) -> str:
    """Return the row's name, its key where it has none."""
    name = row.get("name")
    return name.strip() if isinstance(name, str) and name.strip() else key


def number(row: dict[str, Any], name: str, where: str, findings: Findings, file: str = FILE) -> float:
    """Return a number of the row within its LIMITS; NaN, with a fault, for anything else."""
    value = row.get(name)
    place = f"{where}.{name}"
    low, high, unit = LIMITS[name]
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        found = "nothing" if value is None else f"{value!r}"
        shape(file, place, found, f"a number in {unit}", f"数値(単位: {unit})", findings)
    elif low <= value <= high:
        return float(value)
    else:
        findings.add("out-of-range", file, column=place, found=f"{value}", limits=f"{low:g} to {high:g} {unit}",
                     limits_ja=f"{low:g}から{high:g} {unit}まで", swap="", swap_ja="")  # fmt: skip
    return math.nan


def ordered(low: float, high: float, place: str, findings: Findings, file: str = FILE) -> None:
    """Note a lower bound above the upper one."""
    if low > high:
        findings.add("out-of-range", file, column=place, found=f"{low:g}", limits=f"at most {high:g}, the upper bound",
                     limits_ja=f"上限の {high:g} 以下", swap="", swap_ja="")  # fmt: skip


def node(row: dict[str, Any], name: str, where: str, nodes: dict[str, Any], findings: Findings) -> str:
    """Return the key of the node that a row names; "", with a fault, if there is none."""
    value = row.get(name)
    key = str(value)
    if key in nodes and not isinstance(value, bool):
        return key
    near = nearest(key, list(nodes)) if len(nodes) <= SEARCHED else ""
    findings.add("dangling-key", FILE, column=f"{where}.{name}", found="nothing" if value is None else key,
                 targets="nodes", hint=f" ({near}?)" if near else "")  # fmt: skip
    return ""


def pressures(
    row: dict[str, Any], where: str, ends: tuple[tuple[str, float, float] | None, ...], findings: Findings
) -> dict[str, float]:
    """Return a pipe's least and greatest pressure: its own, else the widest of its ends."""
    known = [end for end in ends if end is not None]
    out = {
        "min_pressure": min((end[1] for end in known), default=math.nan),
        "max_pressure": max((end[2] for end in known), default=math.nan),
    }
    out |= {name: number(row, name, where, findings) for name in out if name in row}
    ordered(out["min_pressure"], out["max_pressure"], f"{where}.min_pressure", findings)
    return out


def params_of(document: dict[str, Any], findings: Findings) -> Gas:
    """Return the gas; note figures that cannot be, and units other than SI."""
    params = document.get("params")
    if not isinstance(params, dict):
        shape(PARAMS, "params", "nothing" if params is None else type(params).__name__, 'an object "params"',
              "オブジェクト「params」", findings)  # fmt: skip
        return Gas(math.nan, math.nan)
    if params.get(UNITS) != 0:
        shape(PARAMS, f"params.{UNITS}", f"{params.get(UNITS)!r}", "0: m, Pa, kg/s", "0(m・Pa・kg/s)", findings)
    return Gas(*(number(params, name, "params", findings, PARAMS) for name in (TEMPERATURE, GRAVITY)))


def nominations_of(document: dict[str, Any], network: Network, findings: Findings) -> dict[str, dict[str, float]]:
    """Return name -> greatest kg/s of each "entries.KEY" and "exits.KEY"; note what does not fit the network."""
    if not document:
        shape(NOMINATIONS, "", "no nomination", "at least one nomination", "1つ以上のノミネーション", findings)
    out = {}
    for name, given in document.items():
        if not isinstance(given, dict):
            shape(NOMINATIONS, name, type(given).__name__, "an object", "オブジェクト", findings)
            continue
        values: dict[str, float] = {}
        for (section, titles, low, high), points in zip(BOUNDS, (network.entries, network.exits), strict=True):
            title = next((one for one in titles if one in given), titles[0])
            known = {point.key for point in points}
            for key, row, place in rows(given, title, findings, needed=True, file=NOMINATIONS, under=f"{name}."):
                if key not in known:
                    findings.add("dangling-key", NOMINATIONS, column=place, found=key, targets=section, hint="")
                lowest, highest = (number(row, at, place, findings, NOMINATIONS) for at in (low, high))
                ordered(lowest, highest, f"{place}.{low}", findings, NOMINATIONS)
                values[f"{section}.{key}"] = highest
                known.discard(key)
            for key in sorted(known) if title in given else ():
                shape(NOMINATIONS, f"{name}.{title}", f"nothing of {section}.{key}", f"a nomination of {section}.{key}",
                      f"{section}.{key} のノミネーション", findings)  # fmt: skip
        out[name] = values
    return out
