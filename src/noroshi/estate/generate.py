"""Estates of any size for tests of scale: invented, but with the degrees, voltages and distances of real networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from noroshi.estate.generate_grid import Grid, grid
from noroshi.estate.model import Estate, Meta, from_frames

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from noroshi.estate.generate_grid import Floats

__all__ = ["KINDS", "SMALLEST", "generate"]

SMALLEST = 100
TOWN_SIZE = 400
"""Assets per town; a town is the area of an organisation and of a service."""
WIDTH_DEG, HEIGHT_DEG, CORNER = 8.0, 4.0, (33.0, 132.0)
KM_PER_DEG = 111.2


@dataclass(frozen=True, slots=True)
class AssetKind:
    """A kind of asset: its sector and system, its share of all assets, and how long it lasts without electricity."""

    kind: str
    sector: str
    system: str
    share: float
    unit: str
    capacity: float
    autonomy_h: float
    degraded: float


KINDS = (
    AssetKind("distribution_substation", "power", "scada", 0.22, "MW", 20.0, 0.0, 0.0),
    AssetKind("cell_site", "telecom", "telecom_core", 0.26, "persons", 1500.0, 4.0, 0.0),
    AssetKind("exchange", "telecom", "telecom_core", 0.06, "persons", 20000.0, 24.0, 0.0),
    AssetKind("water_works", "water", "water_control", 0.08, "m3/h", 800.0, 8.0, 0.2),
    AssetKind("pumping_station", "water", "water_control", 0.12, "m3/h", 300.0, 2.0, 0.3),
    AssetKind("hospital", "health", "ehr", 0.03, "beds", 180.0, 48.0, 0.5),
    AssetKind("clinic", "health", "it", 0.10, "persons/h", 12.0, 0.0, 0.2),
    AssetKind("station", "transport", "signalling", 0.06, "persons/h", 4000.0, 0.0, 0.0),
    AssetKind("berth", "transport", "terminal_os", 0.01, "t/h", 400.0, 6.0, 0.1),
    AssetKind("bank_branch", "finance", "payment", 0.06, "persons/h", 60.0, 1.0, 0.0),
)
"""Kinds of asset and their shares, which are round figures of our own: an order of magnitude, not a census."""

SECTORS = (
    ("power", "Electric power", "電力"), ("telecom", "Telecommunications", "情報通信"), ("water", "Water", "水道"),
    ("health", "Health", "医療"), ("transport", "Transport", "運輸"), ("finance", "Finance", "金融"),
)  # fmt: skip


def generate(n_assets: int, rng: np.random.Generator, progress: Callable[[str], None] | None = None) -> Estate:
    """Return an invented estate with `n_assets` rows in `assets` and the networks that go with them.

    Towns have Zipf-like sizes and are scattered over a country of 8 by 4 degrees, 50 Hz in the east and 60 Hz in the
    west; assets lie around their town (half of them within 6 km). The grid has one bus per 10 assets; see
    `generate_grid.grid` for its statistics. Each asset needs electricity from a bus of the lowest voltage near it and
    is commanded by a system of its town's operator; each town has one service per sector, provided by its assets. The
    same `rng` state gives the same estate. `progress` is called with the name of each part before it is made.
    ValueError if `n_assets` is below 100.
    """
    if n_assets < SMALLEST:
        raise ValueError(f"an estate of {n_assets} assets: expected at least {SMALLEST}")
    step = progress or (lambda _: None)
    step("towns")
    towns = max(4, n_assets // TOWN_SIZE)
    size = 1.0 / np.arange(1, towns + 1) ** 0.8
    size = rng.permutation(size / size.sum())
    lat = CORNER[0] + HEIGHT_DEG * rng.random(towns)
    lon = CORNER[1] + WIDTH_DEG * rng.random(towns)
    east = lon > CORNER[1] + WIDTH_DEG / 2
    east[np.argmax(lon)] = True
    east[np.argmin(lon)] = False
    step("grid")
    power = grid(max(20, n_assets // 10), lat, lon, size, east, rng)
    step("assets")
    town = np.concatenate([np.arange(towns), rng.choice(towns, n_assets - towns, p=size)])
    kind = rng.choice(len(KINDS), n_assets, p=[k.share for k in KINDS])
    asset_lat, asset_lon = scatter(lat[town], lon[town], rng)
    frames = society(towns)
    frames["assets"] = assets(kind, town, asset_lat, asset_lon, rng)
    step("dependencies")
    frames |= power.frames
    frames["services"], wanted = services(kind, town, size)
    bus = power.nearest(asset_lat, asset_lon, east[town])
    frames["dependencies"] = pl.concat([electricity(kind, bus, power), wanted])
    meta = Meta(
        id=f"generated-{n_assets}", name_en=f"Generated estate of {n_assets:,} assets",
        name_ja=f"生成されたエステート({n_assets:,}資産)",
        region="invented", currency="JPY", time_zone="Asia/Tokyo", illustrative=True, fictional=True,
        posture="None: every organisation is invented and has no score.", sources=("noroshi estate generate",),
    )  # fmt: skip
    return from_frames(meta, frames)


def scatter(lat: Floats, lon: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return positions (deg) around the given ones: distances log-normal with a median of 6 km, directions even."""
    reach = 6.0 * np.exp(0.8 * rng.standard_normal(lat.size)) / KM_PER_DEG
    angle = 2 * np.pi * rng.random(lat.size)
    return lat + reach * np.sin(angle), lon + reach * np.cos(angle) / np.cos(np.radians(lat))


def society(towns: int) -> dict[str, pl.DataFrame]:
    """Return sectors, one organisation per sector and town, its one system, and the suppliers they share."""
    sectors = pl.DataFrame(SECTORS, schema=["id", "name_en", "name_ja"], orient="row").with_columns(
        source=pl.lit("generated"))  # fmt: skip
    town = np.repeat(np.arange(towns), len(SECTORS))
    sector = pl.Series([s[0] for s in SECTORS] * towns)
    main = {k.sector: k.system for k in reversed(KINDS)}
    organisations = pl.DataFrame({"sector": sector, "town": town}).select(
        id=pl.format("org-{}-{}", "sector", "town"), name_en=pl.format("Operator of {} in town {}", "sector", "town"),
        name_ja=pl.format("{}事業者(町{})", "sector", "town"), sector="sector", area=pl.format("town-{}", "town"),
    )  # fmt: skip
    systems = pl.DataFrame({"sector": sector, "town": town}).select(
        id=pl.format("sys-{}-{}", "sector", "town"), organisation=pl.format("org-{}-{}", "sector", "town"),
        name_en=pl.format("Control of {} in town {}", "sector", "town"),
        name_ja=pl.format("{}の制御(町{})", "sector", "town"),
        kind=pl.col("sector").replace_strict(main, return_dtype=pl.String),
        suppliers=pl.format("supplier-{}", pl.col("town") % 7), manual_fallback=pl.lit(0.5),
    )  # fmt: skip
    suppliers = pl.DataFrame({
        "id": [f"supplier-{k}" for k in range(7)], "name_en": [f"Supplier {k}" for k in range(7)],
        "name_ja": [f"供給者{k}" for k in range(7)], "kind": ["vendor"] * 7,
    })  # fmt: skip
    return {"sectors": sectors, "organisations": organisations, "systems": systems, "suppliers": suppliers}


def assets(
    kind: NDArray[np.int64], town: NDArray[np.int64], lat: Floats, lon: Floats,
    rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """Return the table of assets; capacities are log-normal around the kind's."""
    n = kind.size
    typical = np.array([k.capacity for k in KINDS])[kind]
    frame = pl.DataFrame({
        "number": np.arange(n), "kind": pick("kind", kind), "sector": pick("sector", kind), "town": town,
        "lat": lat.round(5), "lon": lon.round(5), "capacity": (typical * np.exp(0.5 * rng.standard_normal(n))).round(1),
        "unit": pick("unit", kind),
    })  # fmt: skip
    return frame.select(
        id=pl.format("asset-{}", "number"), name_en=pl.format("{} {}", "kind", "number"), kind="kind",
        area=pl.format("town-{}", "town"), lat="lat", lon="lon", capacity="capacity", unit="unit",
        organisation=pl.format("org-{}-{}", "sector", "town"), commanded_by=pl.format("sys-{}-{}", "sector", "town"),
    )  # fmt: skip


def pick(what: str, kind: NDArray[np.int64]) -> pl.Series:
    """Return the attribute `what` of each asset's kind."""
    return pl.Series([getattr(k, what) for k in KINDS]).gather(kind)


def services(kind: NDArray[np.int64], town: NDArray[np.int64], size: Floats) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one service per town and sector that has assets there, and its dependency on the mean of those assets."""
    frame = pl.DataFrame({"number": np.arange(kind.size), "sector": pick("sector", kind), "town": town})
    providers = pl.format("asset-{}", "number").alias("providers")
    groups = frame.group_by("sector", "town", maintain_order=True).agg(providers)
    people = (size * 50e6).astype(np.int64)[groups["town"].to_numpy()]
    out = groups.select(
        id=pl.format("service-{}-{}", "sector", "town"), name_en=pl.format("{} in town {}", "sector", "town"),
        name_ja=pl.format("町{}の{}", "town", "sector"), sector="sector", area=pl.format("town-{}", "town"),
        organisation=pl.format("org-{}-{}", "sector", "town"), people=pl.Series(people),
        commanded_by=pl.format("sys-{}-{}", "sector", "town"),
    )  # fmt: skip
    needs = groups.select(
        id=pl.format("need-{}-{}", "sector", "town"), dependant=pl.format("service-{}-{}", "sector", "town"),
        providers=pl.col("providers").list.join(";"), logic=pl.lit("mean"), commodity=pl.lit("access"),
        autonomy_h=pl.lit(0.0), degraded=pl.lit(0.0),
    )  # fmt: skip
    return out, needs


def electricity(kind: NDArray[np.int64], bus: NDArray[np.int64], power: Grid) -> pl.DataFrame:
    """Return what each asset needs from the grid: electricity from its bus, for as long as its kind holds out."""
    frame = pl.DataFrame({"number": np.arange(kind.size), "autonomy_h": pick("autonomy_h", kind),
                          "degraded": pick("degraded", kind), "providers": power.ids.gather(bus)})  # fmt: skip
    return frame.select(
        id=pl.format("el-{}", "number"), dependant=pl.format("asset-{}", "number"), providers="providers",
        logic=pl.lit("all"), commodity=pl.lit("electricity"), autonomy_h="autonomy_h", degraded="degraded",
    )  # fmt: skip
