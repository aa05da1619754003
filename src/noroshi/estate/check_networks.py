"""Checks of the networks: what joins what, at which frequency, with which limits, and is there enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.estate.findings import Findings, Place

__all__ = ["check_networks"]

ENDS = (("power_branches", "from_bus", "to_bus"), ("gas_pipes", "from_node", "to_node"),
        ("transport_links", "from_stop", "to_stop"), ("trips", "origin", "destination"))  # fmt: skip
DC = ("dc", "fc")


def check_networks(frames: Mapping[str, pl.DataFrame], places: Mapping[str, Place], findings: Findings) -> None:
    """Check the power grid and the ends of every link; note each fault at its row."""
    for name, start, end in ENDS:
        frame = frames[name]
        findings.many("self-loop", places[name], end, frame[start] == frame[end], frame[end])
    check_branches(frames["power_branches"], frames["power_buses"], places["power_branches"], findings)
    check_frequencies(frames["power_buses"], places["power_buses"], findings)
    check_islands(frames, places["power_buses"], findings)
    check_generators(frames["generators"], places["generators"], findings)


def check_branches(branches: pl.DataFrame, buses: pl.DataFrame, place: Place, findings: Findings) -> None:
    """Check reactances, secure limits, and that AC branches stay in one synchronous area at one frequency."""
    if not branches.height:
        return
    ac = branches["kind"] == "ac"
    x = branches["x_pu"]
    findings.many("no-reactance", place, "x_pu", ac & (x.is_null() | (x == 0.0)), x)
    for column in ("secure_mw", "secure_back_mw"):
        above = (
            (branches[column] > branches["rating_mw"])
            & branches[column].is_not_nan()
            & branches["rating_mw"].is_not_nan()
        )
        ratings = branches["rating_mw"].filter(above.fill_null(value=False)).head(findings.limit).to_list()
        findings.many("secure-above-rating", place, column, above, branches[column], hints=[f"{r:g}" for r in ratings])
    ends = buses.select("id", "island", "frequency_hz").unique("id", keep="first")
    both = (
        branches.select("kind", "from_bus", "to_bus")
        .join(ends, left_on="from_bus", right_on="id", how="left", maintain_order="left")
        .join(ends, left_on="to_bus", right_on="id", how="left", maintain_order="left", suffix="_to")
    )
    tied = ac & ((both["island"] != both["island_to"]) | (both["frequency_hz"] != both["frequency_hz_to"]))
    kept = both.filter(tied.fill_null(value=False)).head(findings.limit)
    found = [
        f"ac from {row['from_bus']} ({row['island']}, {row['frequency_hz']:g} Hz) to {row['to_bus']} "
        f"({row['island_to']}, {row['frequency_hz_to']:g} Hz)"
        for row in kept.iter_rows(named=True)
    ]
    findings.many("frequency-tie", place, "kind", tied, found)


def check_frequencies(buses: pl.DataFrame, place: Place, findings: Findings) -> None:
    """Check that the buses of an island have one frequency."""
    if not buses.height:
        return
    usual = buses.group_by("island").agg(pl.col("frequency_hz").mode().min().alias("usual"))
    both = buses.select("island", "frequency_hz").join(usual, on="island", how="left", maintain_order="left")
    odd = (both["frequency_hz"] != both["usual"]) & both["frequency_hz"].is_not_nan()
    hints = [f"{v:g} Hz" for v in both["usual"].filter(odd.fill_null(value=False)).head(findings.limit).to_list()]
    findings.many("mixed-frequency", place, "frequency_hz", odd, both["frequency_hz"], hints=hints)


def check_islands(frames: Mapping[str, pl.DataFrame], place: Place, findings: Findings) -> None:
    """Check that each synchronous island has generators, and with its DC links enough for its peak demand."""
    buses = frames["power_buses"]
    if not buses.height:
        return
    home = buses.select("id", "island").unique("id", keep="first")
    generators = frames["generators"].filter(pl.col("status") != "mothballed")
    own = (
        generators.select("bus", mw=pl.col("p_max_mw").fill_nan(0.0) * pl.col("availability").fill_nan(0.0))
        .join(home, left_on="bus", right_on="id", how="inner")
        .group_by("island").agg(pl.col("mw").sum(), plants=pl.len())
    )  # fmt: skip
    dc = frames["power_branches"].filter(pl.col("kind").is_in(DC))
    forth = dc.select(bus="to_bus", dc_mw=pl.coalesce("secure_mw", "rating_mw"))
    back = dc.select(bus="from_bus", dc_mw=pl.coalesce("secure_back_mw", "secure_mw", "rating_mw"))
    links = (
        pl.concat([forth, back]).join(home, left_on="bus", right_on="id", how="inner")
        .group_by("island").agg(pl.col("dc_mw").fill_nan(0.0).sum(), links=pl.len())
    )  # fmt: skip
    islands = (
        buses.with_row_index("row")
        .group_by("island", maintain_order=True).agg(pl.col("row").first(), pl.col("demand_mw").fill_nan(0.0).sum())
        .join(own, on="island", how="left").join(links, on="island", how="left").fill_null(0).sort("row")
    )  # fmt: skip
    for island in islands.filter(pl.col("island").is_not_null()).iter_rows(named=True):
        row, peak = place.row(island["row"]), f"{island['demand_mw']:,.0f} MW"
        if island["plants"] == 0 and island["links"] == 0:
            found = f"island {island['island']} without a generator"
            findings.add("no-generator", place.file, row=row, column="island", found=found)
        elif island["mw"] + island["dc_mw"] < island["demand_mw"]:
            plants, links_dc = f"{island['mw']:,.0f} MW of generators", f"{island['dc_mw']:,.0f} MW of DC links"
            found = f"island {island['island']}: {plants}, {links_dc}"
            findings.add("short-of-capacity", place.file, row=row, column="island", found=found, hint=peak)


def check_generators(generators: pl.DataFrame, place: Place, findings: Findings) -> None:
    """Check that the least output is not above the greatest."""
    low, high = generators["p_min_mw"], generators["p_max_mw"]
    above = (low > high) & low.is_not_nan() & high.is_not_nan()
    hints = [f"{v:g}" for v in high.filter(above.fill_null(value=False)).head(findings.limit).to_list()]
    findings.many("p-min-above-p-max", place, "p_min_mw", above, low, hints=hints)
