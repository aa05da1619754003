"""The published statistics of what Japan's critical infrastructure operators report to the centre, and it to them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

__all__ = ["FlowRow", "reported_flow"]

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "flow" / "japan-ci-reports.csv"


class FlowRow(NamedTuple):
    """One row: up (operators to the centre), agencies (ministries to it) or down (it to operators); by fiscal year."""

    flow: str
    kind: str
    name: str
    name_ja: str
    years: dict[str, int]
    source: str


def reported_flow() -> tuple[FlowRow, ...]:
    """Return the rows of FY2019 to FY2023; the kinds of events of `up` add up to its total."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(
            FlowRow(
                row["flow"], row["kind"], row["name_en"], row["name_ja"],
                {key: int(value) for key, value in row.items() if key.startswith("FY")}, row["source"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip
