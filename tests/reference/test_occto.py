"""Measured flows of the Japanese backbone against a DC flow with typical reactances (docs/validation.md has the table).

Injections are the nodal balance of the measured flows themselves, so this tests reactances and the flow solver, nothing
else: where a line is a bridge the balance alone gives its flow. The lines on loops are therefore reported apart.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pytest

from noroshi.flow.dcflow import FACTORED, angles, envelope, factor, flows, islands

if TYPE_CHECKING:
    from numpy.typing import NDArray

OHM_PER_KM = {500: 0.29, 275: 0.33, 220: 0.38, 187: 0.40, 132: 0.42}
"""Typical positive-sequence reactance of one overhead circuit; the frequency cancels within an area."""
CIRCUITS = 2
DETOUR = 1.2
"""Route length over straight line."""
SHORTEST_KM = 1.0
KM_PER_DEG = 111.195
GUESSED = "legacy_area_keyword_hint"
"""55 coordinates of the table are no more than a hint; the last column of the table shows what they change."""
ENOUGH = 0.95
SLOTS = (8, 20, 28, 36, 44)
DOCUMENT = Path(__file__).parents[2] / "docs" / "validation.md"


class Area(NamedTuple):
    """One area's lines and all its snapshots: `measured` and `computed` are (snapshots, lines), NaN = not given."""

    slot: NDArray[np.int64]
    measured: NDArray[np.float64]
    computed: NDArray[np.float64]
    loop: NDArray[np.bool_]


def lengths(lines: pl.DataFrame, stations: pl.DataFrame, *, hints: bool) -> NDArray[np.float64]:
    """Return km per line: straight line x 1.2; the median of its voltage where an end's place is not known.

    `hints`: take the coordinates that are guesses as known.
    """
    known = stations.filter(pl.col("lat").is_not_null() & (hints | (pl.col("location_source") != GUESSED)))
    place = {k: (lat, lon) for k, lat, lon in known.select("station_id", "lat", "lon").iter_rows()}
    km = np.full(lines.height, np.nan)
    for k, (a, b) in enumerate(lines.select("from_station", "to_station").iter_rows()):
        if a in place and b in place:
            (lat, lon), (lat2, lon2) = place[a], place[b]
            east = (lon2 - lon) * math.cos(math.radians(0.5 * (lat + lat2)))
            km[k] = max(DETOUR * KM_PER_DEG * math.hypot(east, lat2 - lat), SHORTEST_KM)
    kv = lines["kv"].to_numpy()
    for level in OHM_PER_KM:
        km[(kv == level) & np.isnan(km)] = np.median(km[(kv == level) & ~np.isnan(km)])
    return km


def solve(
    start: NDArray[np.int64], end: NDArray[np.int64], b: NDArray[np.float64], measured: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the DC flow of one snapshot whose injections are the nodal balance of its measured flows."""
    count = int(max(start.max(), end.max())) + 1
    there = ~np.isnan(measured)
    injection = np.zeros(count)
    np.add.at(injection, start[there], measured[there])
    np.subtract.at(injection, end[there], measured[there])
    label = np.zeros(count, np.int64)
    islands(count, start, end, there, np.ones(count, np.bool_), label)
    first, at = envelope(count, start, end)
    factored, ground = np.zeros(at[-1]), np.zeros(count, np.bool_)
    assert factor(label, start, end, b, there, first, at, factored, ground) == FACTORED
    angles(first, at, factored, ground, injection)
    flow = np.zeros(len(start))
    flows(label, start, end, b, there, injection, flow)
    return np.where(there, flow, np.nan)


def on_loop(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each line whether its ends stay connected without it."""
    count = int(max(start.max(), end.max())) + 1
    live, label = np.ones(count, np.bool_), np.zeros(count, np.int64)
    out = np.zeros(len(start), np.bool_)
    for k in range(len(start)):
        rest = np.ones(len(start), np.bool_)
        rest[k] = False
        islands(count, start, end, rest, live, label)
        out[k] = label[start[k]] == label[end[k]]
    return out


def read(shared: Path, *, hints: bool) -> dict[str, Area]:
    """Return measured and computed flows of every area."""
    folder = shared / "data" / "japan"
    if not (folder / "occto_snapshots.csv.gz").is_file():
        pytest.skip(f"needs the OCCTO snapshots in {folder}")
    stations, lines, snapshots = (
        pl.read_csv(folder / name, infer_schema_length=None)
        for name in ("occto_backbone_stations.csv", "occto_backbone_lines.csv", "occto_snapshots.csv.gz")
    )
    assert (lines.height, stations.height) == (466, 374)
    flow = snapshots.filter(pl.col("kind") == "line").pivot("id", index=["date", "slot"], values="mw")
    ohm = np.array([OHM_PER_KM[v] for v in lines["kv"]]) * lengths(lines, stations, hints=hints) / CIRCUITS
    y = lines["kv"].to_numpy() ** 2 / ohm
    out = {}
    for (area,), part in lines.with_columns(b=y).group_by("area", maintain_order=True):
        names = sorted({*part["from_station"], *part["to_station"]})
        start, end = (
            np.searchsorted(names, part[c].to_list()).astype(np.int64) for c in ("from_station", "to_station")
        )
        b = part["b"].to_numpy().astype(np.float64)
        measured = flow.select(part["line_id"].to_list()).to_numpy().astype(np.float64)
        computed = np.array([solve(start, end, b, row) for row in measured])
        out[str(area)] = Area(flow["slot"].to_numpy(), measured, computed, on_loop(start, end))
    return out


@pytest.fixture(scope="module")
def areas(shared: Path) -> dict[str, Area]:
    """Return every area with all coordinates that the table gives."""
    return read(shared, hints=True)


@pytest.fixture(scope="module")
def strict(shared: Path) -> dict[str, Area]:
    """Return every area with guessed coordinates taken as unknown."""
    return read(shared, hints=False)


def correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return Pearson's r over the pairs that are given; NaN if fewer than three or one side is constant."""
    there = ~np.isnan(a) & ~np.isnan(b)
    if there.sum() < 3 or np.ptp(a[there]) == 0.0 or np.ptp(b[there]) == 0.0:
        return math.nan
    return float(np.corrcoef(a[there], b[there])[0, 1])


def row(name: str, area: Area, strict: Area) -> str:
    """Return the area's line of the table in docs/validation.md."""
    figures = [correlation(area.measured, area.computed)]
    figures += [correlation(area.measured[area.slot == s], area.computed[area.slot == s]) for s in SLOTS]
    each = [correlation(m, c) for m, c in zip(area.measured, area.computed, strict=True)]
    figures += [min(each), correlation(area.measured[:, area.loop], area.computed[:, area.loop])]
    figures.append(correlation(strict.measured, strict.computed))
    told = " | ".join("-" if math.isnan(r) else f"{r:.3f}" for r in figures)
    return f"| {name} | {len(area.loop)} | {int(area.loop.sum())} | {told} |"


def test_flows_follow_from_typical_reactances_in_seven_areas(areas: dict[str, Area]) -> None:
    good = {name for name, a in areas.items() if correlation(a.measured, a.computed) >= ENOUGH}
    assert len(good) >= 7, sorted(areas.keys() - good)


def test_the_table_in_the_document_is_what_is_measured(areas: dict[str, Area], strict: dict[str, Area]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, area in areas.items():
        assert row(name, area, strict[name]) in text


def test_nodal_balance_alone_gives_the_flow_of_bridges(areas: dict[str, Area]) -> None:
    """The solver's own check: a line on no loop carries what was measured, to rounding."""
    for area in areas.values():
        gap = (area.computed - area.measured)[:, ~area.loop]
        assert gap.size == 0 or np.nanmax(np.abs(gap)) < 1e-6
