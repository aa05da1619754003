"""An invented power grid of any size with the structure of real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["LEVELS", "Grid", "grid"]

KM_PER_DEG = 111.2
SIDES = (("west", 60.0), ("east", 50.0))
DEMAND_MW_PER_BUS = 12.0
TIES = 3


@dataclass(frozen=True, slots=True)
class Level:
    """A voltage level: its share of the substations, typical reactance, rating, and extra lines per bus over a tree."""

    kv: float
    share: float
    ohm_per_km: float
    rating_mw: float
    extra: float


LEVELS = (
    Level(66.0, 1.00, 0.40, 80.0, 0.10),
    Level(154.0, 0.22, 0.38, 250.0, 0.20),
    Level(275.0, 0.07, 0.33, 900.0, 0.35),
    Level(500.0, 0.02, 0.28, 2800.0, 0.45),
)
FUELS = (("nuclear", 0.06, 0.1), ("coal", 0.25, 0.3), ("lng", 0.35, 0.5), ("hydro", 0.08, 0.05), ("oil", 0.08, 0.8),
         ("solar", 0.12, 0.02), ("wind", 0.06, 0.02))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid's tables, and where its lowest-voltage buses stand."""

    frames: dict[str, pl.DataFrame]
    ids: pl.Series
    lat: Floats
    lon: Floats
    east: NDArray[np.bool_]

    def nearest(self, lat: Floats, lon: Floats, east: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return for each place the index into `ids` of the nearest lowest-voltage bus on the same side."""
        from scipy.spatial import cKDTree

        out = np.zeros(lat.size, dtype=np.int64)
        for side in (False, True):
            own = np.flatnonzero(self.east == side)
            here = np.flatnonzero(east == side)
            tree = cKDTree(np.column_stack([self.lat[own], self.lon[own]]))
            out[here] = own[tree.query(np.column_stack([lat[here], lon[here]]))[1]]
        return out


def grid(  # noqa: PLR0913  the towns are four arrays
    n_buses: int, lat: Floats, lon: Floats, size: Floats,
    east: NDArray[np.bool_], rng: np.random.Generator,
) -> Grid:  # fmt: skip
    """Return a grid of about `n_buses` buses for towns at `lat`, `lon` (deg) with `size` (shares of the demand).

    Substations stand around towns. Each has a 66 kV bus; 22 % also one at 154 kV, 7 % at 275 kV and 2 % at 500 kV, the
    larger ones first. Lines of a level are the shortest tree over its buses plus short edges of their Delaunay
    triangulation; transformers join the levels of a substation. This is the manner of Birchfield et al. ("Grid
    structural characteristics as validation criteria for synthetic networks", IEEE Trans. Power Syst. 32(4), 2017). It
    gives a mean degree of 2.5 to 2.9 (our own aim; a tree has 2), a few buses in a thousand above degree 7, and median
    lengths that grow with the voltage. Reactances are typical ohms per km on 100 MVA. Demand is log-normal, plants have
    1.3 times the peak of their side. West (60 Hz) and east (50 Hz) are joined by up to three frequency converters.
    """
    n = max(12, round(n_buses / sum(level.share for level in LEVELS)))
    town = np.concatenate([np.flatnonzero(east)[:3], np.flatnonzero(~east)[:3]])
    town = np.concatenate([np.resize(town, 6), rng.choice(size.size, n - 6, p=size)])
    spread = 8.0 * np.exp(0.7 * rng.standard_normal(n)) / KM_PER_DEG
    angle = 2 * np.pi * rng.random(n)
    sub_lat = (lat[town] + spread * np.sin(angle)).round(5)
    sub_lon = (lon[town] + spread * np.cos(angle) / np.cos(np.radians(lat[town]))).round(5)
    sub_east = east[town]
    weight = np.exp(0.9 * rng.standard_normal(n))
    buses, branches = [], []
    rank = np.empty(n, dtype=np.int64)
    for side in (False, True):
        own = np.flatnonzero(sub_east == side)
        rank[own[np.argsort(-weight[own], kind="stable")]] = np.arange(own.size)
    members = []
    for level in LEVELS:
        of_side = np.where(sub_east, sub_east.sum(), (~sub_east).sum())
        members.append(np.flatnonzero(rank < np.maximum(2, np.ceil(level.share * of_side))))
    demand = weight * (DEMAND_MW_PER_BUS * n / weight.sum())
    for level, at in zip(LEVELS, members, strict=True):
        buses.append(bus_rows(level, at, sub_lat, sub_lon, sub_east, demand))
        for side in (False, True):
            own = at[sub_east[at] == side]
            branches.append(lines(level, own, sub_lat, sub_lon, rng))
    for low, high, at in zip(LEVELS[:-1], LEVELS[1:], members[1:], strict=True):
        branches.append(transformers(low, high, at))
    branches.append(ties(members[-1], sub_lon, sub_east))
    generators = plants(members, demand, sub_east, rng)
    frames = {
        "power_buses": pl.concat(buses),
        "power_branches": pl.concat(branches, how="diagonal"),
        "generators": generators,
    }
    return Grid(frames, names(LEVELS[0].kv, np.arange(n)), sub_lat, sub_lon, sub_east)


def names(kv: float, at: NDArray[Any]) -> pl.Series:
    """Return the ids of the buses at `kv` of the substations `at`."""
    return pl.select(pl.format(f"bus-{kv:.0f}-{{}}", pl.Series(at))).to_series()


def bus_rows(  # noqa: PLR0913  what a substation is, one array each
    level: Level, at: NDArray[np.int64], lat: Floats, lon: Floats,
    east: NDArray[np.bool_], demand: Floats,
) -> pl.DataFrame:  # fmt: skip
    """Return the buses of one level; the demand stands at the lowest."""
    lowest = level is LEVELS[0]
    side = east[at].astype(np.int64)
    return pl.DataFrame({
        "id": names(level.kv, at),
        "area": pl.Series([s[0] for s in SIDES]).gather(side),
        "lat": lat[at], "lon": lon[at], "kv": np.full(at.size, level.kv),
        "island": pl.Series([s[0] for s in SIDES]).gather(side),
        "frequency_hz": np.array([s[1] for s in SIDES])[side],
        "demand_mw": demand[at].round(2) if lowest else np.zeros(at.size),
    })  # fmt: skip


def lines(level: Level, at: NDArray[np.int64], lat: Floats, lon: Floats, rng: np.random.Generator) -> pl.DataFrame:
    """Return the lines of one level on one side: the shortest tree plus the level's share of short extra edges."""
    x = KM_PER_DEG * lon[at] * np.cos(np.radians(lat[at].mean()))
    y = KM_PER_DEG * lat[at]
    a, b, km = edges(np.column_stack([x, y]), level.extra, rng)
    base = level.kv**2 / 100.0
    return pl.DataFrame({
        "id": pl.select(pl.format(f"line-{level.kv:.0f}-{{}}-{{}}", pl.Series(at[a]), pl.Series(at[b]))).to_series(),
        "from_bus": names(level.kv, at[a]), "to_bus": names(level.kv, at[b]), "kind": ["ac"] * a.size,
        "kv": np.full(a.size, level.kv), "x_pu": np.maximum(1e-5, level.ohm_per_km * km / base).round(6),
        "rating_mw": (level.rating_mw * np.exp(0.3 * rng.standard_normal(a.size))).round(1),
    })  # fmt: skip


def edges(
    points: Floats, extra: float, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return the ends and lengths (km) of the shortest tree over `points` plus `extra` short edges per point."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import Delaunay

    n = len(points)
    if n < 5:  # noqa: PLR2004  a triangulation needs some points: join few in a row
        a, b = np.arange(n - 1), np.arange(1, n)
    else:
        corners = Delaunay(points, qhull_options="QJ").simplices
        pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
        pairs = np.unique(pairs.astype(np.int64), axis=0)
        a, b = pairs[:, 0], pairs[:, 1]
    km = np.hypot(*(points[a] - points[b]).T) + 0.1
    tree = minimum_spanning_tree(coo_array((km, (a, b)), shape=(n, n)).tocsr()).tocoo()
    low, high = np.minimum(tree.row, tree.col), np.maximum(tree.row, tree.col)
    in_tree = np.isin(a * n + b, low.astype(np.int64) * n + high)
    others = np.flatnonzero(~in_tree)
    want = min(others.size, round(extra * n))
    draw = np.log(rng.random(others.size)) * km[others] ** 2
    chosen = others[np.argsort(-draw, kind="stable")[:want]]
    kept = np.sort(np.concatenate([np.flatnonzero(in_tree), chosen]))
    return a[kept], b[kept], km[kept]


def transformers(low: Level, high: Level, at: NDArray[np.int64]) -> pl.DataFrame:
    """Return the transformers of the substations `at` between two levels: 12 % reactance on their rating."""
    rating = 2 * high.rating_mw / 3
    return pl.DataFrame({
        "id": pl.select(pl.format(f"tr-{high.kv:.0f}-{{}}", pl.Series(at))).to_series(),
        "from_bus": names(high.kv, at), "to_bus": names(low.kv, at), "kind": ["ac"] * at.size,
        "kv": np.full(at.size, high.kv), "x_pu": np.full(at.size, round(0.12 * 100 / rating, 6)),
        "rating_mw": np.full(at.size, round(rating, 1)),
    })  # fmt: skip


def ties(at: NDArray[np.int64], lon: Floats, east: NDArray[np.bool_]) -> pl.DataFrame:
    """Return the frequency converters between the top-level buses of the two sides that stand nearest the border."""
    west = at[~east[at]]
    right = at[east[at]]
    west = west[np.argsort(-lon[west], kind="stable")][:TIES]
    right = right[np.argsort(lon[right], kind="stable")][:TIES]
    k = min(west.size, right.size)
    kv = LEVELS[-1].kv
    return pl.DataFrame({
        "id": [f"fc-{i}" for i in range(k)], "from_bus": names(kv, west[:k]), "to_bus": names(kv, right[:k]),
        "kind": ["fc"] * k, "kv": np.full(k, kv), "rating_mw": np.full(k, 300.0),
    })  # fmt: skip


def plants(
    members: list[NDArray[np.int64]], demand: Floats, east: NDArray[np.bool_], rng: np.random.Generator
) -> pl.DataFrame:
    """Return plants on one bus in eight of each level, 1.3 times each side's peak demand in all."""
    parts = []
    for level, at in zip(LEVELS, members, strict=True):
        for side in (False, True):
            own = at[east[at] == side]
            chosen = np.sort(rng.choice(own, max(1, own.size // 8), replace=False))
            kv = np.full(chosen.size, level.kv)
            parts.append(pl.DataFrame({"at": chosen, "bus": names(level.kv, chosen), "kv": kv}))
    frame = pl.concat(parts)
    side = east[frame["at"].to_numpy()]
    mw = frame["kv"].to_numpy() ** 1.5 * np.exp(0.6 * rng.standard_normal(frame.height))
    for which in (False, True):
        mw[side == which] *= 1.3 * demand[east == which].sum() / mw[side == which].sum()
    fuel = rng.choice(len(FUELS), frame.height, p=[f[1] for f in FUELS])
    return frame.select(
        id=pl.format("gen-{}", "bus"), bus="bus", fuel=pl.Series([f[0] for f in FUELS]).gather(fuel),
        p_max_mw=pl.Series(mw.round(2) + 0.01), cost=pl.Series([f[2] for f in FUELS]).gather(fuel),
        black_start=pl.Series([f[0] == "hydro" for f in FUELS]).gather(fuel),
    )  # fmt: skip
