"""Trivy JSON (`trivy ... --format json`, schema 2): critical vulnerabilities with a fix, by component."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from noroshi.files.scans.reading import as_struct, day_of
from noroshi.rate.measured import Scan, Seen

__all__ = ["read_trivy"]

OVERDUE = timedelta(days=30)
SHARES = ((0.5, "overdue-most"), (0.2, "overdue-some"), (0.05, "overdue-few"), (0.01, "overdue-rare"))
"""Above which share of an artifact's components which sign; at or below 1 % there is none."""
WITH_COMPONENTS = ("os-pkgs", "lang-pkgs")
"""Classes of results that list components; others are settings, secrets and licences."""


class Vulnerability(msgspec.Struct, rename="pascal"):
    """One vulnerability of one component, as far as it is used."""

    vulnerability_id: str = msgspec.field(name="VulnerabilityID")
    pkg_name: str
    severity: str
    installed_version: str = ""
    fixed_version: str = ""
    published_date: str = ""


class Package(msgspec.Struct, rename="pascal"):
    """One component."""

    name: str
    version: str = ""


class Result(msgspec.Struct, rename="pascal"):
    """What was found in one part of an artifact."""

    target: str
    class_: str = msgspec.field(name="Class", default="")
    packages: list[Package] | None = None
    vulnerabilities: list[Vulnerability] | None = None


class Tool(msgspec.Struct, rename="pascal"):
    """Which Trivy wrote the file; only newer ones say so."""

    version: str = ""


class Report(msgspec.Struct, rename="pascal"):
    """One file."""

    schema_version: int
    artifact_name: str
    created_at: str = ""
    results: list[Result] | None = None
    trivy: Tool | None = None


def read_trivy(file: str, value: Any) -> Scan:  # noqa: ANN401  as decoded
    """Return the scan in a Trivy report; InputError with the place of what does not fit.

    An asset is the artifact. A vulnerability is overdue that is critical, has a fix, and was published more than 30
    days before the scan (Trivy does not tell when the fix came), or without a date. One that is listed twice, or whose
    component is, counts once.
    """
    report = as_struct(file, value, Report)
    day = day_of(file, report.created_at, "CreatedAt") if report.created_at else None
    results = [r for r in report.results or [] if r.class_ in WITH_COMPONENTS]
    components = {(p.name, p.version) for r in results for p in r.packages or []}
    listed = all(r.packages is not None for r in results if r.vulnerabilities)
    late = {
        (v.pkg_name, v.installed_version): v.vulnerability_id
        for place, r in enumerate(results)
        for k, v in enumerate(r.vulnerabilities or [])
        if v.severity == "CRITICAL" and v.fixed_version
        and overdue(file, v, day, f"Results[{place}].Vulnerabilities[{k}].PublishedDate")
    }  # fmt: skip
    cves = sorted({(report.artifact_name, v.vulnerability_id) for r in results for v in r.vulnerabilities or []})
    assets = (report.artifact_name,) if results else ()
    version = report.trivy.version if report.trivy else ""
    seen = judged(report.artifact_name, late, len(components | set(late)) if listed else 0)
    return Scan("trivy", version or f"schema-{report.schema_version}", day, file, ("internal-patching",), assets, seen,
                tuple(cves))  # fmt: skip


def judged(asset: str, late: dict[tuple[str, str], str], components: int) -> tuple[Seen, ...]:
    """Return the sign for overdue components, of so many in all; 0 where they are not listed."""
    if not late:
        return ()
    name = min(late)
    shown = f"{len(late)} of {components or '?'} components overdue, such as {name[0]} {name[1]} ({late[name]})"
    if not components:
        return (Seen(asset, "overdue-unmeasured", shown),)
    share = len(late) / components
    return tuple(Seen(asset, sign, shown) for least, sign in SHARES if share > least)[:1]


def overdue(file: str, found: Vulnerability, day: date | None, at: str) -> bool:
    """Say whether a vulnerability was published more than 30 days before the scan, or it is not known when."""
    if not found.published_date or day is None:
        return True
    return day - day_of(file, found.published_date, at) > OVERDUE
