"""OpenSSF Scorecard JSON (`scorecard --format json`): review, pinning and signing of a code repository."""

from __future__ import annotations

from typing import Any

import msgspec

from noroshi.files.scans.reading import as_struct, day_of, refuse
from noroshi.rate.measured import Scan, Seen

__all__ = ["read_scorecard"]

FULL = 10
UNKNOWN = -1
CHECKS = {
    "Code-Review": "unreviewed",
    "Pinned-Dependencies": "build-unchecked",
    "SAST": "build-unchecked",
    "Branch-Protection": "release-open",
    "Signed-Releases": "release-open",
}
"""Check -> what less than 10 of 10 shows. -1, no judgement, matters for the review only: it is the base."""


class Check(msgspec.Struct):
    """One check: 0 to 10, or -1 where it could not be judged."""

    name: str
    score: float


class Repository(msgspec.Struct):
    """Which repository."""

    name: str


class Tool(msgspec.Struct):
    """Which Scorecard."""

    version: str = "?"


class Report(msgspec.Struct):
    """One file."""

    repo: Repository
    scorecard: Tool
    checks: list[Check]
    date: str = ""


def read_scorecard(file: str, values: list[Any]) -> Scan:
    """Return the scan in Scorecard results of one or more repositories; InputError with the place of what is wrong."""
    reports = [as_struct(file, value, Report, f"[{k}]" if len(values) > 1 else "") for k, value in enumerate(values)]
    seen = []
    for report in reports:
        scores = {check.name: check.score for check in report.checks}
        bad = next((name for name, score in scores.items() if not UNKNOWN <= score <= FULL), None)
        if bad:
            raise refuse(file, "out-of-range", f"{scores[bad]:g}", "-1 to 10", "give the tool's own output", at=bad)
        if scores.get("Code-Review", UNKNOWN) == UNKNOWN:
            seen.append(Seen(report.repo.name, "review-unknown", "Code-Review not judged"))
        seen += [
            Seen(report.repo.name, sign, f"{name} {scores[name]:g}/10")
            for name, sign in CHECKS.items()
            if UNKNOWN < scores.get(name, UNKNOWN) < FULL
        ]
    days = [day_of(file, report.date, "date") for report in reports if report.date]
    assets = tuple(dict.fromkeys(report.repo.name for report in reports))
    version = reports[0].scorecard.version if reports else "?"
    return Scan("scorecard", version, min(days, default=None), file, ("software-supply",), assets, tuple(seen))
