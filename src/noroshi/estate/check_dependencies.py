"""Checks of who needs whom: enough providers, nobody needs himself, no circle in which nobody can hold out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from noroshi.estate.tables import UNIT_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.estate.findings import Findings, Place

__all__ = ["PHYSICAL", "check_dependencies"]

PHYSICAL = ("power_buses", "power_branches", "generators", "gas_nodes", "gas_pipes", "gas_sources", "gas_stores")
"""Tables whose rows stand in circles by nature: the engine's black-start order resolves those."""
LONGEST_SHOWN = 6


def check_dependencies(frames: Mapping[str, pl.DataFrame], places: Mapping[str, Place], findings: Findings) -> None:
    """Check the table `dependencies`, and that every service depends on something."""
    frame, place = frames["dependencies"], places["dependencies"]
    edges = pl.DataFrame(schema={"row": pl.UInt32, "dependant": pl.String, "provider": pl.String})
    if frame.height:
        edges = (
            frame.select("dependant", provider=pl.col("providers").str.split(";"))
            .with_row_index("row").explode("provider")
            .with_columns(pl.col("provider").str.strip_chars())
            .filter(pl.col("provider").is_not_null() & (pl.col("provider") != "") & pl.col("dependant").is_not_null())
        )  # fmt: skip
        check_k(frame, edges, place, findings)
        selfish = edges.filter(pl.col("dependant") == pl.col("provider"))["row"].unique()
        where = pl.Series(np.isin(np.arange(frame.height), selfish.to_numpy()))
        own = frame["dependant"].filter(where).head(findings.limit).to_list()
        findings.many("self-dependency", place, "providers", where, own, hints=own)
        check_circles(frame, edges, frames, place, findings)
    services = frames["services"]
    lone = services["commanded_by"].is_null() & ~services["id"].is_in(edges["dependant"].unique().implode())
    findings.many("no-provider", places["services"], "id", lone, services["id"])


def check_k(frame: pl.DataFrame, edges: pl.DataFrame, place: Place, findings: Findings) -> None:
    """Check that k is between 1 and the number of providers where the logic counts them."""
    counted = frame["logic"] == "k_of_n"
    if not counted.any():
        return
    n = np.bincount(edges["row"].to_numpy(), minlength=frame.height)
    k = frame["k"].fill_null(1)
    broken = counted & ((k < 1) | (k > pl.Series(n)))
    at = broken.arg_true().head(findings.limit).to_list()
    findings.many("bad-k", place, "k", broken, frame["k"], hints=[str(n[i]) for i in at])


def check_circles(
    frame: pl.DataFrame, edges: pl.DataFrame, frames: Mapping[str, pl.DataFrame], place: Place, findings: Findings
) -> None:
    """Note each circle of dependencies that all fail at once (no autonomy, nothing left, all providers needed).

    One fault per strongly connected set of units, at its first row. It is an error where every member is such that only
    the data can be wrong, and a warning where power or gas equipment is in it.
    """
    hard = frame.select(
        (pl.col("autonomy_h") == 0) & (pl.col("degraded") == 0) & (pl.col("logic") == "all")
    ).to_series()
    kept = edges.filter(hard.gather(edges["row"])) if edges.height else edges
    kept = kept.filter(pl.col("dependant") != pl.col("provider"))
    kept = kept.filter(pl.col("provider").is_in(kept["dependant"].implode()))
    kept = kept.filter(pl.col("dependant").is_in(kept["provider"].implode()))
    if not kept.height:
        return
    for physical, group in strong_sets(kept, frames):
        shown = circle(group)
        text = " -> ".join(shown if len(shown) <= LONGEST_SHOWN else [*shown[:LONGEST_SHOWN], "..."])
        rule = "circle-with-network" if physical else "cycle-without-store"
        findings.add(rule, place.file, row=place.row(int(group["row"].min())), column="autonomy_h", found=text)  # type: ignore[arg-type]


def strong_sets(edges: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> list[tuple[bool, pl.DataFrame]]:
    """Return the edges within each strongly connected set of two units or more, and whether equipment is in it."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    names = pl.concat([edges["dependant"], edges["provider"]]).unique(maintain_order=True)
    number = pl.DataFrame({"name": names}).with_row_index("number")
    a = edges.join(number, left_on="dependant", right_on="name", how="left", maintain_order="left")["number"].to_numpy()
    b = edges.join(number, left_on="provider", right_on="name", how="left", maintain_order="left")["number"].to_numpy()
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(names), len(names)))
    _, labels = connected_components(graph, directed=True, connection="strong")
    inside = edges.with_columns(pl.Series("set", labels[a])).filter(pl.Series(labels[a] == labels[b]))
    equipment = pl.concat([frames[name]["id"] for name in UNIT_TABLES if name in PHYSICAL])
    inside = inside.with_columns(physical=pl.col("dependant").is_in(equipment.implode()))
    groups = inside.sort("row").partition_by("set", maintain_order=True)
    return [(bool(group["physical"].any()), group) for group in groups]


def circle(edges: pl.DataFrame) -> list[str]:
    """Return the units of one shortest circle through the first edge, first and last equal."""
    following: dict[str, list[str]] = {}
    for dependant, provider in edges.select("dependant", "provider").iter_rows():
        following.setdefault(dependant, []).append(provider)
    start, first = edges["dependant"][0], edges["provider"][0]
    came: dict[str, str] = {first: start}
    front = [first]
    while start not in came:
        reached = []
        for unit in front:
            for other in following.get(unit, []):
                if other not in came:
                    came[other] = unit
                    reached.append(other)
        front = reached
    path = [start]
    while len(path) == 1 or path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]
