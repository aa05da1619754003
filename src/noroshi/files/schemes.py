"""Reads the schemes that ship (SPRS, CPG 2.0, ...) and binds them to a catalogue by its crosswalks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import NotFoundError
from noroshi.files.toml_text import read_toml
from noroshi.rate.schemes import Scheme, Unit

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue

__all__ = ["load_scheme", "schemes"]

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "catalogues" / "schemes"
DEFAULTS = ("met_from", "partly_from", "partly_credit", "shown_never")
CENTER, STEP = 50.0, 10.0


def schemes() -> dict[str, Path]:
    """Return name -> file of the schemes that ship with Noroshi."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def load_scheme(name: str, catalogue: Catalogue, peers: tuple[float, float] | None = None) -> Scheme:
    """Return the shipped scheme of that name, its units answered to by the items of `catalogue`.

    peers: mean and spread of the scores that a deviation score compares with, else those of its file. NotFoundError for
    a name that no scheme has.
    """
    if name not in schemes():
        raise NotFoundError(f"no scheme {name!r}; there are {', '.join(schemes())}")
    table = read_toml(schemes()[name], 'id = "sprs"').table
    start, span = table.get("start", 0.0), table.get("span", 0.0)
    if "sd" in table:
        mean, sd = peers or (table["mean"], table["sd"])
        full = catalogue.technical_points + catalogue.organisational_points
        start, span = CENTER - STEP * mean / sd, STEP * full / sd
    return Scheme(
        id=table["id"], name_en=table["name_en"], name_ja=table["name_ja"], source=table["source"],
        note_en=table["note_en"], note_ja=table["note_ja"], start=start, span=span, steps=table["steps"],
        weakest=table["weakest"], leaves_out=table["leaves_out"],
        units=_items(table, catalogue) if "units_are" in table else _units(table, catalogue),
        groups={group["id"]: (group["name_en"], group["name_ja"]) for group in table["group"]},
    )  # fmt: skip


def _units(table: dict[str, Any], catalogue: Catalogue) -> tuple[Unit, ...]:
    """Return the units of a scheme that has its own; items answer to them by the crosswalk it names, or by name."""
    common = {key: table[key] for key in DEFAULTS if key in table}
    out = []
    for row in table["units"]:
        by = set(row["by"])
        items = tuple(
            item.id
            for item in catalogue.items
            if by & set(getattr(item, table["crosswalk"])) or item.id in row.get("items", ())
        )
        own = {key: row[key] for key in DEFAULTS if key in row}
        out.append(Unit(row["id"], float(row.get("weight", 1.0)), row["group"], items, **(common | own)))
    return tuple(out)


def _items(table: dict[str, Any], catalogue: Catalogue) -> tuple[Unit, ...]:
    """Return the items of a catalogue as the units, each at its points or at the weight of its importance's class."""
    if table.get("weights_are") == "points":
        points = catalogue.points().tolist()
        return tuple(Unit(i.id, w, i.kind, (i.id,)) for i, w in zip(catalogue.items, points, strict=True))
    out = []
    for item in catalogue.items:
        row = next(row for row in table["weights"] if item.importance >= row["from"])
        out.append(Unit(item.id, row["weight"], row["group"], (item.id,)))
    return tuple(out)
