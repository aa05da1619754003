"""Nuclei results (`nuclei -jsonl` or `-json-export`): templates that matched, by what their tags say."""

from __future__ import annotations

from typing import Any

import msgspec

from noroshi.files.scans.reading import as_struct, day_of, refuse
from noroshi.rate.measured import Scan, Seen

__all__ = ["read_nuclei"]

ITEMS = ("exposed-services", "exposed-patching", "hardening")
TAGS: dict[str, str] = {
    "default-login": "factory-password", "default-logins": "factory-password",
    "default-credentials": "factory-password",
    "panel": "panel-found", "login-panel": "panel-found", "exposed-panel": "panel-found",
    "rdp": "exposed-core", "vnc": "exposed-core", "telnet": "exposed-core", "smb": "exposed-core",
    "mysql": "exposed-core", "postgresql": "exposed-core", "postgres": "exposed-core", "mssql": "exposed-core",
    "mongodb": "exposed-core", "redis": "exposed-core", "elasticsearch": "exposed-core", "memcached": "exposed-core",
    "modbus": "exposed-core", "s7": "exposed-core", "bacnet": "exposed-core", "dnp3": "exposed-core",
    "kev": "exploited-undated", "vkev": "exploited-undated",
}  # fmt: skip
"""Tag of a template -> what its match shows. Those of services count only by the service's own protocol."""
BY_NETWORK = ("network", "tcp", "javascript")
"""Types of templates that do; a web page that mentions a database is no open database."""


class Classification(msgspec.Struct):
    """The numbers of what a template looks for."""

    cve: list[str] | str | None = msgspec.field(name="cve-id", default=None)


class Info(msgspec.Struct):
    """What a template says of itself."""

    name: str = ""
    severity: str = ""
    tags: list[str] | str | None = None
    classification: Classification | None = None


class Result(msgspec.Struct):
    """One result, as far as it is used."""

    template: str = msgspec.field(name="template-id")
    info: Info
    kind: str = msgspec.field(name="type", default="")
    host: str = ""
    matched: str = msgspec.field(name="matched-at", default="")
    timestamp: str = ""
    status: bool = msgspec.field(name="matcher-status", default=True)


def read_nuclei(file: str, values: list[Any]) -> Scan:
    """Return the scan in Nuclei's results, dated by the newest; InputError with the place of what does not fit.

    Nuclei writes what matched, not which hosts it looked at, nor its version: nothing can be proved by it. Results of
    `-matcher-status` that did not match name their host and nothing else.
    """
    results = [as_struct(file, value, Result, f"[{k}]") for k, value in enumerate(values)]
    for k, result in enumerate(results):
        if not (result.host or result.matched):
            raise refuse(file, "bad-scan", "", "the host", "give the tool's own output", at=f"[{k}].host")
    days = [day_of(file, r.timestamp, f"[{k}].timestamp") for k, r in enumerate(results) if r.timestamp]
    seen = [
        Seen(host(r), sign, f"{r.template} at {r.matched or r.host}")
        for r in results if r.status for sign in sorted({TAGS[tag] for tag in listed(r.info.tags) if tag in TAGS})
        if sign != "exposed-core" or r.kind in BY_NETWORK
    ]  # fmt: skip
    cves = {
        (host(r), cve.upper())
        for r in results if r.status and r.info.classification for cve in listed(r.info.classification.cve)
    }  # fmt: skip
    assets = tuple(dict.fromkeys(host(r) for r in results))
    return Scan(
        "nuclei", "?", max(days, default=None), file, ITEMS, assets, tuple(dict.fromkeys(seen)), tuple(sorted(cves))
    )


def listed(value: list[str] | str | None) -> list[str]:
    """Return tags or numbers as a list: older results write them as one text with commas."""
    parts = value.split(",") if isinstance(value, str) else value or []
    return [part.strip() for part in parts if part.strip()]


def host(result: Result) -> str:
    """Return the host of a result without scheme, port and path."""
    name = (result.host or result.matched).partition("://")[2] or result.host or result.matched
    name = name.partition("/")[0]
    bare, _, port = name.rpartition(":")
    return bare if bare and port.isdecimal() and (bare.endswith("]") or ":" not in bare) else name
