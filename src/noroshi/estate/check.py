"""Checks across rows and tables: ids are unique, keys lead somewhere, values of a row fit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from noroshi.estate.cells import Sheet, nearest, typed
from noroshi.estate.check_dependencies import check_dependencies
from noroshi.estate.check_networks import check_networks
from noroshi.estate.column import Kind
from noroshi.estate.findings import Findings, Place
from noroshi.estate.tables import TABLES, UNIT_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.estate.model import Estate

__all__ = ["check", "check_frames"]

HINTED = 8
"""Dangling keys for which the nearest known id is looked up; it is slow, and the rest look alike."""
SEARCHED = 2000
QUANTILES = (("repair_p50_h", "repair_p90_h"), ("detect_p50_h", "detect_p90_h"), ("restore_p50_h", "restore_p90_h"),
             ("autonomy_h", "autonomy_p90_h"))  # fmt: skip
ADDRESSES = (
    ("cidr", r"^(?:\d{1,3}(?:\.\d{1,3}){3}/(?:\d|[12]\d|3[0-2])|[0-9a-f:]+/(?:\d{1,2}|1[01]\d|12[0-8]))$",
     "a range such as 192.0.2.0/24", "192.0.2.0/24のような範囲"),
    ("asn", r"(?i)^(?:as)?\d{1,10}$", "an AS number such as AS64496", "AS64496のようなAS番号"),
    ("domain", r"(?i)^(?:[a-z0-9_](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$",
     "a domain such as example.jp", "example.jpのようなドメイン"),
)  # fmt: skip


def check(estate: Estate) -> Findings:
    """Return every fault of an estate in memory, cells included; rows are numbered as its CSV files would be."""
    findings = Findings()
    places = {name: Place(f"{name}.csv") for name in TABLES}
    frames = {name: typed(Sheet(TABLES[name], frame, places[name]), findings) for name, frame in estate.frames.items()}
    check_frames(frames, places, findings)
    return findings


def check_frames(frames: Mapping[str, pl.DataFrame], places: Mapping[str, Place], findings: Findings) -> None:
    """Check typed tables against each other; note every fault at the place of its row."""
    check_ids(frames, places, findings)
    check_keys(frames, places, findings)
    for name, frame in frames.items():
        if frame.height:
            check_rows(name, frame, places[name], findings)
    check_addresses(frames["networks"], places["networks"], findings)
    check_dependencies(frames, places, findings)
    check_networks(frames, places, findings)


def check_ids(frames: Mapping[str, pl.DataFrame], places: Mapping[str, Place], findings: Findings) -> None:
    """Check that ids are unique in their table, and those of units across all unit tables."""
    groups = [UNIT_TABLES, *((name,) for name in TABLES if name not in UNIT_TABLES)]
    for group in groups:
        ids = pl.concat([frames[name]["id"] for name in group])
        again = ids.is_not_null() & ~ids.is_first_distinct()
        if not again.any():
            continue
        starts = {}
        start = 0
        for name in group:
            starts[name] = start
            start += frames[name].height
        for name in group:
            here = again.slice(starts[name], frames[name].height)
            kept = frames[name]["id"].filter(here).head(findings.limit)
            if kept.len():
                first = first_places(kept, group, frames, places)
                findings.many("duplicate-id", places[name], "id", here, kept.to_list(),
                              hints=[first[value] for value in kept.to_list()])  # fmt: skip


def first_places(
    wanted: pl.Series, group: tuple[str, ...], frames: Mapping[str, pl.DataFrame], places: Mapping[str, Place]
) -> dict[str, str]:
    """Return id -> "file:row" of the first row that has it."""
    out: dict[str, str] = {}
    for name in group:
        ids = frames[name]["id"]
        at = ids.is_in(wanted.unique().to_list()).arg_true()
        for index, value in zip(at.to_list(), ids.gather(at).to_list(), strict=True):
            out.setdefault(value, f"{places[name].file}:{places[name].row(index)}")
    return out


def check_keys(frames: Mapping[str, pl.DataFrame], places: Mapping[str, Place], findings: Findings) -> None:
    """Check that every key names a row that exists."""
    known: dict[tuple[str, ...], pl.Series] = {}
    for name, table in TABLES.items():
        frame = frames[name]
        for col in table.columns:
            if (
                col.kind not in {Kind.REF, Kind.REFS}
                or not frame.height
                or frame[col.name].null_count() == frame.height
            ):
                continue
            if col.refs not in known:
                known[col.refs] = pl.concat([frames[target]["id"] for target in col.refs]).drop_nulls()
            check_key(frame[col.name], col.name, col.kind, col.refs, known[col.refs], places[name], findings)


def check_key(  # noqa: PLR0913  what a key is, in one line each
    cells: pl.Series,
    column: str,
    kind: Kind,
    targets: tuple[str, ...],
    ids: pl.Series,
    place: Place,
    findings: Findings,
) -> None:
    """Note each cell of a key column that names an id not among `ids`."""
    if kind is Kind.REF:
        lost = ~cells.is_in(ids.implode())
        if not lost.any():
            return
        found = cells.filter(lost.fill_null(value=False)).head(findings.limit).to_list()
    else:
        parts = exploded(cells).filter(~pl.col("part").is_in(ids.implode()))
        if not parts.height:
            return
        by_row = parts.group_by("row", maintain_order=True).agg(pl.col("part").first())
        lost = pl.Series(values=range(cells.len()), dtype=pl.UInt32).is_in(by_row["row"].implode())
        found = by_row["part"].head(findings.limit).to_list()
    search = ids.to_list() if ids.len() <= SEARCHED else []
    near = {value: nearest(value, search) for value in dict.fromkeys(found[:HINTED])}
    hints = [f" ({near[value]}?)" if near.get(value) else "" for value in found]
    said = targets if len(targets) <= 3 else (*targets[:2], "...")  # noqa: PLR2004  as many as read well
    findings.many("dangling-key", place, column, lost, found, hints=hints, targets=", ".join(said))


def exploded(cells: pl.Series) -> pl.DataFrame:
    """Return the parts of cells that hold several ids separated by ";": columns row (UInt32) and part."""
    frame = pl.DataFrame({"part": cells}).with_row_index("row")
    parts = frame.drop_nulls().with_columns(pl.col("part").str.split(";")).explode("part")
    return parts.with_columns(pl.col("part").str.strip_chars()).filter(pl.col("part") != "")


def check_rows(name: str, frame: pl.DataFrame, place: Place, findings: Findings) -> None:
    """Check that the values of a row fit each other: quantiles in order, intervals around means, positions whole."""
    has = set(frame.columns)
    for low, high in QUANTILES:
        if {low, high} <= has:
            a, b = frame[low], frame[high]
            broken = (a > b) & a.is_not_nan() & b.is_not_nan()
            default = TABLES[name].column(high).default
            findings.many("quantiles", place, low, broken, a, other=high,
                          default="-" if default is None else f"{default:g}")  # fmt: skip
    if {"score_low", "score", "score_high"} <= has:
        low_end, mean, high_end = frame["score_low"], frame["score"], frame["score_high"]
        broken = (low_end > mean).fill_null(value=False) | (mean > high_end).fill_null(value=False)
        broken = broken | (low_end > high_end).fill_null(value=False)
        findings.many("interval", place, "score", broken, mean, expected="score_low <= score <= score_high")
    if {"lat", "lon"} <= has:
        findings.many("half-position", place, "lon", frame["lat"].is_null() != frame["lon"].is_null(), frame["lon"])


def check_addresses(frame: pl.DataFrame, place: Place, findings: Findings) -> None:
    """Check that the values of `networks` are what their kind says."""
    for kind, pattern, example, example_ja in ADDRESSES:
        broken = (frame["kind"] == kind) & ~frame["value"].str.contains(pattern)
        findings.many("bad-address", place, "value", broken, frame["value"], expected=example,
                      expected_ja=example_ja)  # fmt: skip
