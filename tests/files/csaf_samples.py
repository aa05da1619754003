"""CSAF 2.0 documents of vendors that do not exist, written after the standard's own sections."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

__all__ = ["PROFILES", "advisory", "changed"]

PROFILES = ("csaf_base", "csaf_security_incident_response", "csaf_informational_advisory", "csaf_security_advisory",
            "csaf_vex")  # fmt: skip
ADVISORY: dict[str, Any] = {
    "document": {
        "category": "csaf_security_advisory", "csaf_version": "2.0", "lang": "en", "title": "Flaws in Kagari Gateway",
        "distribution": {"text": "For customers", "tlp": {"label": "GREEN"}},
        "publisher": {"category": "vendor", "name": "Kagari Works", "namespace": "https://kagari.example"},
        "tracking": {
            "id": "KG-2026-001", "aliases": ["KGSA-1"], "status": "final", "version": "1",
            "initial_release_date": "2026-03-01T09:00:00+09:00", "current_release_date": "2026-03-01T09:00:00+09:00",
            "revision_history": [{"number": "1", "date": "2026-03-01T09:00:00+09:00", "summary": "First"}],
        },
        "notes": [{"category": "summary", "text": "Two flaws in the gateway."}, {"category": "other", "text": "…"}],
        "references": [{"summary": "The advisory", "url": "https://kagari.example/kg-2026-001", "category": "self"}],
    },
    "product_tree": {"branches": [{"category": "vendor", "name": "Kagari Works", "branches": [
        {"category": "product_name", "name": "Gateway", "branches": [
            {"category": "product_version", "name": "4.1", "product": {
                "name": "Kagari Works Gateway 4.1", "product_id": "G41", "product_identification_helper": {
                    "cpe": "cpe:2.3:a:kagari:gateway:4.1:*:*:*:*:*:*:*", "purl": "pkg:generic/kagari/gateway@4.1"}}},
            {"category": "product_version", "name": "4.2", "product": {
                "name": "Kagari Works Gateway 4.2", "product_id": "G42"}},
            {"category": "product_version", "name": "3.9", "product": {
                "name": "Kagari Works Gateway 3.9", "product_id": "G39", "product_identification_helper": {
                    "cpe": "cpe:/a:kagari:gateway:3.9"}}},
        ]},
    ]}]},
    "vulnerabilities": [
        {
            "cve": "CVE-2026-20001", "title": "Overflow", "cwe": {"id": "CWE-787", "name": "Out-of-bounds Write"},
            "notes": [{"category": "description", "text": "A long header writes past its end."}],
            "product_status": {"known_affected": ["G41"], "fixed": ["G42"], "under_investigation": ["G39"]},
            "scores": [{"products": ["G41"], "cvss_v3": {
                "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8,
                "baseSeverity": "CRITICAL"}}],
            "remediations": [{"category": "vendor_fix", "details": "Go to 4.2", "product_ids": ["G41"]}],
        },
        {
            "ids": [{"system_name": "Kagari bugs", "text": "KB-77"}], "title": "Old key",
            "product_status": {"known_not_affected": ["G42"], "first_affected": ["G39"]},
        },
    ],
}  # fmt: skip


def advisory(label: str | None = "GREEN", *, category: str = "csaf_security_advisory") -> dict[str, Any]:
    """Return the advisory with a TLP label, or without one."""
    made = deepcopy(ADVISORY)
    made["document"]["category"] = category
    if label is None:
        del made["document"]["distribution"]
    else:
        made["document"]["distribution"]["tlp"]["label"] = label
    return made


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """Return the advisory with `value` at a JSON pointer; None takes away what is there."""
    made = advisory()
    at: Any = made
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    key: Any = int(last) if isinstance(at, list) else last
    if value is None:
        del at[key]
    else:
        at[key] = value
    return made
