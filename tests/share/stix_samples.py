"""One object of every type of STIX 2.1, made for the tests, with little more than what is required."""

from __future__ import annotations

from typing import Any

UUID = "2f9a9aa9-108a-4333-83e2-4fb25add0463"
SHA256 = "a" * 64


def ref(kind: str) -> str:
    """An identifier of the kind."""
    return f"{kind}--{UUID}"


DATED = {"spec_version": "2.1", "created": "2024-02-29T00:00:00.000Z", "modified": "2024-03-01T00:00:00.000Z"}
SPAN = {"first_seen": "2024-01-01T00:00:00Z", "last_seen": "2024-01-02T00:00:00Z"}
TOOL = ref("tool")

DATED_OBJECTS: dict[str, dict[str, Any]] = {
    "attack-pattern": {"name": "a", "kill_chain_phases": [{"kill_chain_name": "k", "phase_name": "p"}]},
    "campaign": {"name": "a", **SPAN},
    "course-of-action": {"name": "a"},
    "grouping": {"context": "suspicious-activity", "object_refs": [TOOL]},
    "identity": {"name": "a", "identity_class": "organization"},
    "incident": {"name": "a"},
    "indicator": {
        "pattern": "[url:value = 'a']", "pattern_type": "stix", "valid_from": "2024-01-01T00:00:00Z",
        "valid_until": "2024-01-01T00:00:00.1Z", "indicator_types": ["benign"],
    },
    "infrastructure": {"name": "a", **SPAN},
    "intrusion-set": {"name": "a", "goals": ["g"], **SPAN},
    "location": {"latitude": 35.7, "longitude": 139, "precision": 1000.5},
    "malware": {"is_family": True, "name": "a", "sample_refs": [ref("file")], **SPAN},
    "malware-analysis": {"product": "a", "result": "benign", "sample_ref": ref("file")},
    "note": {"content": "a", "object_refs": [TOOL]},
    "observed-data": {
        "first_observed": "2024-01-01T00:00:00Z", "last_observed": "2024-01-01T00:00:00Z", "number_observed": 1,
        "object_refs": [ref("url")],
    },
    "opinion": {"opinion": "agree", "object_refs": [TOOL]},
    "report": {"name": "a", "published": "2024-01-01T00:00:00Z", "object_refs": [TOOL]},
    "threat-actor": {"name": "a", **SPAN},
    "tool": {"name": "a", "aliases": ["b"]},
    "vulnerability": {"name": "a", "external_references": [{"source_name": "cve", "external_id": "CVE-2024-0001"}]},
    "relationship": {
        "relationship_type": "uses", "source_ref": ref("malware"), "target_ref": TOOL,
        "start_time": "2024-01-01T00:00:00Z", "stop_time": "2024-01-02T00:00:00Z",
    },
    "sighting": {
        "sighting_of_ref": ref("indicator"), "count": 3, "where_sighted_refs": [ref("identity")],
        "observed_data_refs": [ref("observed-data")], **SPAN,
    },
    "language-content": {"object_ref": TOOL, "contents": {"ja": {"name": "道具"}}},
    "extension-definition": {
        "created_by_ref": ref("identity"), "name": "a", "schema": "https://example.org/s.json", "version": "1.0.0",
        "extension_types": ["property-extension"],
    },
}  # fmt: skip
"""Type -> what it has beside the common properties."""

OBSERVED_OBJECTS: dict[str, dict[str, Any]] = {
    "artifact": {"payload_bin": "aGVsbG8=", "mime_type": "text/plain"},
    "autonomous-system": {"number": 64500},
    "directory": {"path": "C:\\Windows", "contains_refs": [ref("file")]},
    "domain-name": {"value": "example.com", "resolves_to_refs": [ref("ipv4-addr")]},
    "email-addr": {"value": "a@example.com", "belongs_to_ref": ref("user-account")},
    "email-message": {
        "is_multipart": True, "from_ref": ref("email-addr"), "to_refs": [ref("email-addr")],
        "body_multipart": [{"body": "a", "content_type": "text/plain"}], "date": "2024-01-01T00:00:00Z",
        "additional_header_fields": {"Reply-To": ["a@example.com"]},
    },
    "file": {
        "name": "a", "hashes": {"SHA-256": SHA256, "MD5": "0" * 32}, "size": 7, "magic_number_hex": "00ff",
        "extensions": {"ntfs-ext": {"alternate_data_streams": [{"name": "second", "size": 1}]}},
    },
    "ipv4-addr": {"value": "198.51.100.0/24", "belongs_to_refs": [ref("autonomous-system")]},
    "ipv6-addr": {"value": "2001:db8::1", "resolves_to_refs": [ref("mac-addr")]},
    "mac-addr": {"value": "d2:fb:49:24:37:18"},
    "mutex": {"name": "a"},
    "network-traffic": {
        "src_ref": ref("ipv4-addr"), "protocols": ["tcp"], "src_port": 443, "start": "2024-01-01T00:00:00Z",
        "extensions": {"tcp-ext": {"src_flags_hex": "00000002"}},
    },
    "process": {"pid": 1, "extensions": {"windows-process-ext": {"integrity_level": "low"}}},
    "software": {"name": "a", "version": "1"},
    "url": {"value": "https://example.com/"},
    "user-account": {"user_id": "1001", "extensions": {"unix-account-ext": {"gid": 1, "groups": ["wheel"]}}},
    "windows-registry-key": {"key": "hkey_local_machine\\system", "values": [{"name": "a", "data_type": "REG_SZ"}]},
    "x509-certificate": {"issuer": "a", "validity_not_before": "2024-01-01T00:00:00Z"},
}  # fmt: skip
"""Type -> what it has beside the common properties."""

MARKING = {
    "type": "marking-definition",
    "spec_version": "2.1",
    "id": ref("marking-definition"),
    "created": "2024-01-01T00:00:00.000Z",
    "definition_type": "statement",
    "definition": {"statement": "Copyright"},
}

SAMPLES: dict[str, dict[str, Any]] = {
    **{kind: {"type": kind, "id": ref(kind), **DATED, **own} for kind, own in DATED_OBJECTS.items()},
    **{kind: {"type": kind, "spec_version": "2.1", "id": ref(kind), **own} for kind, own in OBSERVED_OBJECTS.items()},
    "marking-definition": MARKING,
}
"""Type -> a valid object."""

_OLD: dict[str, dict[str, Any]] = {
    "attack-pattern": {"name": "a"},
    "identity": {"name": "a", "identity_class": "organization"},
    "indicator": {"labels": ["benign"], "pattern": "[url:value = 'a']", "valid_from": "2024-01-01T00:00:00Z"},
    "malware": {"labels": ["worm"], "name": "a"},
    "observed-data": {
        "first_observed": "2024-01-01T00:00:00Z", "last_observed": "2024-01-01T00:00:00Z", "number_observed": 1,
        "objects": {"0": {"type": "url", "value": "https://example.com/"}},
    },
    "report": {"labels": ["a"], "name": "a", "published": "2024-01-01T00:00:00Z", "object_refs": [TOOL]},
    "relationship": {"relationship_type": "uses", "source_ref": ref("malware"), "target_ref": TOOL},
    "sighting": {"sighting_of_ref": ref("indicator")},
    "x-own": {},
}  # fmt: skip

OLD_SAMPLES: dict[str, dict[str, Any]] = {
    kind: {"type": kind, "id": ref(kind), "created": DATED["created"], "modified": DATED["modified"], **own}
    for kind, own in _OLD.items()
}
"""Type -> a valid object of STIX 2.0."""
