"""Reads the ATT&CK techniques that ship with Noroshi: how many known actors use each, and what mitigates it; ids only.

From MITRE ATT&CK Enterprise 14.1 and ATT&CK for ICS 18.1: relations "uses" of intrusion sets and campaigns and
"mitigates" of mitigations, none that is revoked or deprecated.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from noroshi.rate.techniques import Technique

__all__ = ["TECHNIQUES_CSV", "load_techniques"]

TECHNIQUES_CSV = Path(__file__).resolve().parent.parent / "samples" / "attack" / "techniques.csv"


@cache
def load_techniques() -> tuple[Technique, ...]:
    """Return every technique and sub-technique of both domains, in the order of the table."""
    with TECHNIQUES_CSV.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Technique(
                row["technique"],
                row["domain"] == "ics",
                int(row["used_by"]) / int(row["of"]),
                frozenset(row["mitigated_by"].split()),
            )
            for row in csv.DictReader(lines)
        )
