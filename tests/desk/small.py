"""A tiny estate for what the desk does, and what may be left out of it."""

from __future__ import annotations

from typing import Any

from noroshi.estate.model import Benchmark, Estate, Meta, from_frames
from noroshi.stress.threat import Threat

PLAN = Threat("plan", "Plan", sectors=("power",), effects=(("trip", 1.0),), assumed_effects=False)
EVERYONE = Threat("all", "All", effects=(("trip", 1.0),), assumed_effects=False)


def tiny(*, without: tuple[str, ...] = (), **more: Any) -> Estate:
    """Return two organisations of two sectors, each with a system, an asset and a service; some tables left out."""
    tables: dict[str, Any] = {
        "sectors": [
            {"id": "power", "name_en": "Power", "name_ja": "電力", "score": 50.0, "score_basis": "published"},
            {"id": "water", "name_en": "Water", "name_ja": "水道", "score": 60.0},
        ],
        "organisations": [
            {"id": "grid", "name_en": "Grid", "name_ja": "送電", "sector": "power", "area": "north"},
            {"id": "works", "name_en": "Works", "name_ja": "水道局", "sector": "water", "area": "north"},
        ],
        "suppliers": [{"id": "vendor", "name_en": "Vendor", "name_ja": "業者", "kind": "vendor"}],
        "systems": [
            {"id": f"{name}-it", "organisation": name, "name_en": "it", "name_ja": "it", "kind": "it",
             "exposure": "internet", "suppliers": "vendor"}
            for name in ("grid", "works")
        ],
        "holdings": [{"id": "files", "organisation": "works", "kind": "personal", "records": 100}],
        "assets": [
            {"id": f"{name}-plant", "kind": "plant", "commanded_by": f"{name}-it"} for name in ("grid", "works")
        ],
        "services": [
            {"id": "light", "name_en": "Light", "name_ja": "灯り", "sector": "power", "organisation": "grid",
             "people": 1000, "tolerance_h": 2.0},
            {"id": "tap", "name_en": "Tap", "name_ja": "蛇口", "sector": "water", "organisation": "works",
             "people": 500, "tolerance_h": 24.0, "weight": 2.0},
        ],
        "dependencies": [
            {"id": "light-need", "dependant": "light", "providers": "grid-plant", "commodity": "electricity"},
            {"id": "tap-need", "dependant": "tap", "providers": "works-plant", "commodity": "water"},
            {"id": "pump-need", "dependant": "works-plant", "providers": "grid-plant", "commodity": "electricity"},
        ],
    }  # fmt: skip
    for name in without:
        del tables[name]
    if "suppliers" in without:
        tables["systems"] = [{**row, "suppliers": None} for row in tables["systems"]]
    return from_frames(Meta("tiny", **more), tables)


def benchmark() -> Benchmark:
    """Return a published benchmark."""
    return Benchmark(70.0, 55.0, 35.0, 20.0, "a survey", 2020)
