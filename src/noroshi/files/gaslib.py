"""Reading gas networks of GasLib as estates: nodes, pipes, sources, linepack, and a service per exit.

The format is GasLib's in JSON, as written by the converter github.com/kaarthiksundar/GasLib from the XML files of
gaslib.zib.de (M. Schmidt and others, GasLib: A Library of Gas Network Instances, Data 2(4), 2017): a ZIP or a folder
with network.json, nominations.json and params.json. It is in SI units: m, Pa (absolute), kg/s, K.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import NotFoundError
from noroshi.estate.cells import slug
from noroshi.estate.findings import Findings
from noroshi.estate.model import Estate, Meta, from_frames
from noroshi.files.gaslib_archive import documents, is_gaslib
from noroshi.files.gaslib_pipes import Gas, Pipe, capacity, held
from noroshi.files.gaslib_reading import Link, Network, network_of, nominations_of, params_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["gaslib_estate", "read_gaslib"]

TPH = 3.6
"""t/h in a kg/s."""
COVERS = 1e-6
"""Relative shortfall of supply up to which a nomination counts as covered: the files round their figures."""
KINDS = {"pipes": "pipe", "short_pipes": "short-pipe", "valves": "valve", "control_valves": "control-valve",
         "resistors": "resistor", "loss_resistors": "loss-resistor", "compressors": "compressor"}  # fmt: skip
OWNER = "operator"
ASSUMED = (
    "Linepack starts at what a pipe holds at its greatest steady flow.",
    "Linepack can be drawn and filled as fast as the pipes at its node can carry.",
    "30 % of the demand of each node is cut last.",
    "The operator is illustrative; the format says nothing of organisations, control, crews or people.",
)
ASSUMED_JA = (
    "ラインパックの初期値は、最大定常流量のときに管がもつ量。",
    "ラインパックの引出し・充填の速さは、節点につながる管の輸送能力まで。",
    "各節点の需要の30%は最後に遮断される。",
    "運用者は例示。この形式には、組織・制御・復旧班・利用者数の情報がない。",
)


def read_gaslib(where: str | Path, nomination: str | None = None) -> Estate:
    """Return a GasLib network in JSON (a ZIP, or a folder) as an estate with gas tables and a service per exit.

    Flows become t/h (1 kg/s = 3.6 t/h). A pipe's `capacity_tph` is the least of the file's flow bound and of what
    Weymouth's equation lets through between the pipe's pressure bounds (`gaslib_pipes.capacity`). Its linepack between
    these pressures (`gaslib_pipes.held`) stands at its two ends, half at each, in t. Short pipes, valves, control
    valves, resistors and compressors become pipes with their flow bound: pressure is not solved for, a valve is open,
    and a compressor that is hit lets nothing through, since the format does not say what its bypass carries. A link
    is one-way where the file lets gas flow one way only; where its bounds differ both ways, the lesser holds for both.

    An entry becomes a source with what it may inject in the nomination, of the kind "import"; an exit becomes a service
    and demand of its node: what it may withdraw. `nomination` names one of nominations.json; by default it is the one
    with the greatest demand among those that the entries cover (else among all). Coordinates (the format does
    not say which), elevation, temperatures, drag and pressure losses of resistors, pressure ratios, power and fuel of
    compressors, lower bounds and costs of nominations are left out.

    NotFoundError if there is nothing at `where` or no such nomination; InputError with every fault.
    """
    path = Path(where)
    if not is_gaslib(path):
        raise NotFoundError(f"no GasLib network at {str(where)!r}: expected a ZIP or a folder with network.json")
    findings = Findings()
    estate = gaslib_estate(path, findings, nomination)
    findings.raise_errors()
    if estate is None:  # pragma: no cover  without errors there is an estate
        raise AssertionError(where)
    return estate


def gaslib_estate(path: Path, findings: Findings, nomination: str | None = None) -> Estate | None:
    """Return the network as `read_gaslib` does; None, with every fault noted, if it has errors."""
    found = documents(path, findings)
    network = network_of(found["network.json"], findings) if "network.json" in found else None
    gas = params_of(found["params.json"], findings) if "params.json" in found else None
    nominations = None
    if network is not None and "nominations.json" in found:
        nominations = nominations_of(found["nominations.json"], network, findings)
    if findings.errors or network is None or gas is None or nominations is None:
        return None
    if nomination is not None and nomination not in nominations:
        some = ", ".join(sorted(nominations)[:5])
        raise NotFoundError(f"{path.name} has no nomination {nomination!r}; it has {len(nominations)}, such as {some}")
    chosen = peak(nominations) if nomination is None else nomination
    return estate_of(network, gas, chosen, nominations[chosen], named(path))


def named(path: Path) -> str:
    """Return the name of the network: that of the file or folder, without endings."""
    name = path.resolve().name
    for ending in (".zip", ".json"):
        name = name[: -len(ending)] if name.lower().endswith(ending) else name
    return name


def total(values: Mapping[str, float], section: str) -> float:
    """Return the sum over entries or exits in kg/s."""
    return sum(value for key, value in values.items() if key.startswith(section))


def peak(nominations: Mapping[str, Mapping[str, float]]) -> str:
    """Return the nomination with the greatest demand among those that are covered, else among all; ties: by name."""

    def rank(name: str) -> tuple[bool, float]:
        demand = total(nominations[name], "exits.")
        return total(nominations[name], "entries.") >= demand * (1.0 - COVERS), demand

    return max(sorted(nominations), key=rank)


def estate_of(network: Network, gas: Gas, nomination: str, values: Mapping[str, float], name: str) -> Estate:
    """Return the checked network with the demand and supply of one nomination."""
    source = f"{name}, GasLib in JSON"
    pipes = [link_row(link, gas, source) for link in network.links]
    demand = dict.fromkeys(network.nodes, 0.0)
    for point in network.exits:
        demand[point.node] += values[f"exits.{point.key}"] * TPH
    frames: dict[str, list[dict[str, Any]]] = {
        "sectors": [{"id": "gas", "name_en": "Gas", "name_ja": "ガス"}],
        "organisations": [{"id": OWNER, "name_en": f"Operator of {name} (illustrative)",
                           "name_ja": f"{name}の運用者(例示)", "sector": "gas"}],
        "gas_nodes": [
            {"id": f"node-{key}", "name_en": title, "name_ja": title, "demand_tph": demand[key],
             "organisation": OWNER, "source": source}
            for key, (title, _, _) in network.nodes.items()
        ],
        "gas_pipes": pipes,
        "gas_sources": [
            {"id": f"entry-{point.key}", "name_en": point.name, "name_ja": point.name, "node": f"node-{point.node}",
             "kind": "import", "capacity_tph": values[f"entries.{point.key}"] * TPH, "organisation": OWNER,
             "source": source}
            for point in network.entries
        ],
        "gas_stores": stores(network, gas, pipes, source),
        "services": [
            {"id": f"exit-{point.key}", "name_en": f"Gas at {point.name}", "name_ja": f"{point.name}のガス",
             "sector": "gas", "organisation": OWNER, "demand": values[f"exits.{point.key}"] * TPH, "unit": "t/h",
             "source": source}
            for point in network.exits
        ],
        "dependencies": [
            {"id": f"exit-{point.key}-gas", "dependant": f"exit-{point.key}", "providers": f"node-{point.node}",
             "commodity": "gas", "source": source}
            for point in network.exits
        ],
    }  # fmt: skip
    meta = Meta(
        id=slug(name), name_en=name, name_ja=name, region="test network", time_zone="UTC", illustrative=True,
        posture="None: a test network of gas flow.", posture_ja="なし(ガス流量の試験用導管網)。",
        assumptions=ASSUMED, assumptions_ja=ASSUMED_JA, sources=(f"{source}, nomination {nomination}",),
    )  # fmt: skip
    return from_frames(meta, frames)


def sized(link: Link) -> Pipe:
    """Return the sizes and pressures of a pipe."""
    names = ("length", "diameter", "friction_factor", "min_pressure", "max_pressure")
    return Pipe(*(link.value[name] for name in names))


def link_row(link: Link, gas: Gas, source: str) -> dict[str, Any]:
    """Return a link as a row of gas_pipes, turned round where gas flows only backwards."""
    low, high = link.value["min_flow"], link.value["max_flow"]
    start, end = link.start, link.end
    if high <= 0.0 and low < 0.0:
        start, end, low, high = end, start, -high, -low
    bound, note = (high if low >= 0.0 else min(high, -low)), "the file's flow bound"
    if link.section == "pipes" and (most := capacity(sized(link), gas)) < bound:
        bound, note = most, "Weymouth between the pressure bounds"
    return {
        "id": f"{KINDS[link.section]}-{link.key}", "name_en": link.name, "name_ja": link.name,
        "from_node": f"node-{start}", "to_node": f"node-{end}", "capacity_tph": bound * TPH, "one_way": low >= 0.0,
        "organisation": OWNER, "source": source, "note": f"Capacity: {note}.",
    }  # fmt: skip


def stores(network: Network, gas: Gas, pipes: list[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    """Return the linepack at each node, half of each pipe that ends there; as fast as all that ends there can carry."""
    most = dict.fromkeys(network.nodes, 0.0)
    first, rate = most.copy(), most.copy()
    for link, row in zip(network.links, pipes, strict=True):
        whole, now = held(sized(link), gas) if link.section == "pipes" else (0.0, 0.0)
        for end in (link.start, link.end):
            most[end] += whole / 2.0
            first[end] += now / 2.0
            rate[end] += row["capacity_tph"]
    return [
        {"id": f"linepack-{key}", "name_en": f"Linepack at {title}", "name_ja": f"{title}のラインパック",
         "node": f"node-{key}", "kind": "linepack", "capacity_t": most[key], "initial_share": first[key] / most[key],
         "send_out_tph": rate[key], "fill_tph": rate[key], "organisation": OWNER, "source": source}
        for key, (title, _, _) in network.nodes.items()
        if most[key] > 0.0
    ]  # fmt: skip
