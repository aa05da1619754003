"""Files of others as STIX objects: bundles as they are, MISP events, CSAF advisories, the catalogue of exploited flaws.

MISP events are turned by misp-stix; it marks only the grouping of an event, so that what an event's TLP asks of its
parts follows from our inheritance, not from it. Ids follow from content: the same file again gives the same objects.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
import warnings
import zlib
from pathlib import Path
from typing import Any

from noroshi.errors import Fault, InputError
from noroshi.files.csaf import csaf_objects, is_csaf
from noroshi.files.lists_in import ListAbout, list_objects
from noroshi.files.misp_feed import event_files

__all__ = ["KINDS", "Found", "read_objects"]

KINDS = ("stix", "misp", "kev", "csaf", "csv", "list")
LARGEST = 512_000_000
GZIP = b"\x1f\x8b"
SPACE = uuid.UUID("3f0ac1ff-7a71-4f6e-9b1b-7d2b8f1d4a55")
"""Namespace of ids that follow from the content of a file (RFC 4122, version 5)."""
CVE = re.compile(r"CVE-\d{4}-\d{4,}\Z", re.ASCII)
ABOUT = ListAbout()
DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)

Found = tuple[str, list[dict[str, Any]] | bytes]
"""Kind of a file, and its objects: parsed, or the bytes of a bundle that is to be kept as it came."""


def read_objects(where: str | Path, kind: str | None = None, about: ListAbout = ABOUT) -> Found:
    """Return what a file, or the folder of a MISP feed, is and its objects.

    Lists and CSVs are told by `kind` alone; `about` says whose they are. InputError for what cannot be read, or is
    none of `KINDS`.
    """
    path = Path(where)
    if path.is_dir() and kind in (None, "misp"):
        return "misp", of_feed(path)
    data = read_bytes(path)
    if kind in ("csv", "list"):
        return kind, list_objects(path, data, kind, about)
    value = read_json(path, data)
    told = kind or kind_of(value)
    if told is None:
        expected = "a STIX bundle, a MISP event, a CSAF advisory, or the catalogue of known exploited vulnerabilities"
        raise refuse(path, "bad-objects", str(type(value).__name__), expected, "name it with --kind")
    if told == "stix":
        return told, data
    refuse_twice(path, data)
    return told, {"misp": misp_objects, "kev": kev_objects, "csaf": of_csaf}[told](path, value)


def of_feed(folder: Path) -> list[dict[str, Any]]:
    """Return the objects of every event of a MISP feed, each checked as a file of its own."""
    objects: dict[str, dict[str, Any]] = {}
    for path in event_files(folder):
        data = read_bytes(path)
        value = read_json(path, data)
        if not is_event(value):
            raise refuse(path, "bad-objects", type(value).__name__, "a MISP event", "fetch the whole feed again")
        refuse_twice(path, data)
        for one in misp_objects(path, value):
            objects.setdefault(json.dumps([one["id"], one.get("modified"), one.get("object_marking_refs")]), one)
    return list(objects.values())


def read_json(path: Path, data: bytes) -> Any:  # noqa: ANN401  JSON
    """Return what JSON says; InputError for what is none."""
    try:
        return json.loads(data)
    except UnicodeDecodeError as error:
        raise refuse(path, "bad-encoding", f"byte {error.start}", "UTF-8", "save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise refuse(path, "bad-json", error.msg, "JSON", "correct this line", error.lineno) from None
    except RecursionError:
        raise refuse(path, "bad-json", "lists within lists without end", "JSON", "correct the file") from None


def refuse_twice(path: Path, data: bytes) -> None:
    """Raise InputError where an object has a key twice: RED-then-WHITE must not be read as WHITE."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = next(name for k, name in enumerate(names) if name in names[:k])
            raise refuse(path, "bad-json", f"{twice!r} twice in one object", "each key once", "correct the file")

    json.loads(data, object_pairs_hook=once)


def of_csaf(path: Path, value: Any) -> list[dict[str, Any]]:  # noqa: ANN401  as JSON has it
    """Return the objects of a CSAF advisory."""
    if not is_csaf(value):
        raise refuse(path, "bad-objects", "no document with csaf_version", "a CSAF 2.0 document", "take another kind")
    return csaf_objects(str(path), value)


def kind_of(value: object) -> str | None:
    """Return what a JSON file is by its content; None for nothing that is known."""
    if not isinstance(value, dict):
        return "misp" if isinstance(value, list) and value and all(is_event(one) for one in value) else None
    if is_event(value) or is_event(value.get("response")):
        return "misp"
    if isinstance(value.get("vulnerabilities"), list) and "catalogVersion" in value:
        return "kev"
    if is_csaf(value):
        return "csaf"
    return "stix" if isinstance(value.get("objects"), list) else None


def is_event(value: object) -> bool:
    """Say whether a value holds a MISP event, or a list of them."""
    if isinstance(value, list):
        return bool(value) and all(is_event(one) for one in value)
    return isinstance(value, dict) and isinstance(value.get("Event"), dict)


def events_of(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401  what `is_event` took
    """Return the events of a MISP file."""
    if isinstance(value, list):
        return [event for one in value for event in events_of(one)]
    return events_of(value["response"]) if "response" in value else [value["Event"]]


def misp_objects(path: Path, value: Any) -> list[dict[str, Any]]:  # noqa: ANN401  as above
    """Return the objects of MISP events, by misp-stix; InputError where it is not installed or gives up."""
    made_by = misp_converter()
    if made_by is None:
        remedy = "install noroshi[misp]"
        raise refuse(path, "bad-objects", "a MISP event", "the package misp-stix to turn it", remedy)
    objects: dict[str, dict[str, Any]] = {}
    for event in events_of(value):
        parser = made_by()
        try:
            parser.parse_misp_event(event)
            made = json.loads(parser.bundle.serialize())["objects"]
        except Exception as error:  # noqa: BLE001  the converter's errors are of many kinds, none of them documented
            found = f"{type(error).__name__}: {error}"[:200]
            raise refuse(
                path, "bad-objects", found, "a MISP event that misp-stix can turn", "check the event"
            ) from None
        for one in made:
            objects.setdefault(one["id"], one)
    return list(objects.values())


def misp_converter() -> Any:  # noqa: ANN401  a class of a package without types
    """Return misp-stix's converter to STIX 2.1; None where it is not installed.

    Its source warns as it is compiled, and one of its parents (mixbox 1.0.5) leaves a finder of modules of before
    PEP 451 behind, which makes any later import of the process that falls through to it warn, or fail where warnings
    are errors. It is taken away again.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from misp_stix_converter import MISPtoSTIX21Parser
        except ImportError:
            return None
    sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    return MISPtoSTIX21Parser


def kev_objects(path: Path, value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a STIX vulnerability for each entry of CISA's catalogue of known exploited vulnerabilities."""
    rows, faults = [], []
    for k, entry in enumerate(value["vulnerabilities"]):
        name, day = (entry.get(key, "") if isinstance(entry, dict) else "" for key in ("cveID", "dateAdded"))
        if not isinstance(name, str) or not CVE.match(name) or not isinstance(day, str) or not DAY.match(day):
            faults.append(Fault("bad-objects", file=str(path), column=f"vulnerabilities[{k}]",
                                found=f"{name} {day}"[:80],
                                expected="cveID as CVE-2026-12345 and dateAdded as 2026-11-22",
                                remedy="take the file from its publisher again"))  # fmt: skip
            continue
        rows.append(vulnerability(entry, name, f"{day}T00:00:00.000Z"))
    if faults:
        raise InputError(faults)
    return rows


def vulnerability(entry: dict[str, Any], name: str, at: str) -> dict[str, Any]:
    """Return one exploited vulnerability as STIX 2.1 (4.18); it was added to the catalogue `at`."""
    due = {"x_noroshi_due": entry["dueDate"]} if isinstance(entry.get("dueDate"), str) else {}
    product = f"{entry.get('vendorProject', '')} {entry.get('product', '')}".strip() or "unknown"
    text = " ".join(str(entry[key]) for key in ("vulnerabilityName", "shortDescription") if entry.get(key))
    return {
        "type": "vulnerability", "spec_version": "2.1", "id": f"vulnerability--{uuid.uuid5(SPACE, name)}",
        "created": at, "modified": at, "name": name, **({"description": text} if text else {}),
        "labels": ["known-exploited"], "external_references": [{"source_name": "cve", "external_id": name}],
        "x_noroshi_products": [product], **due,
    }  # fmt: skip


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, unpacked if it is gzip; InputError for what cannot be read or is too large."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise refuse(
            path, "missing-file", error.strerror or "", "a file that can be read", "correct the path"
        ) from None
    if data is not None and data.startswith(GZIP):
        unpack = zlib.decompressobj(wbits=31)
        try:
            data = unpack.decompress(data, LARGEST)
        except zlib.error:
            raise refuse(path, "bad-encoding", "damaged gzip", "gzip or plain JSON", "fetch it again") from None
        data = None if unpack.unconsumed_tail else data
    if data is None:
        raise refuse(path, "too-many", "a larger file", f"at most {LARGEST:,} bytes", "cut it into several")
    return data


def refuse(path: Path, code: str, found: str, expected: str, remedy: str, row: int | None = None) -> InputError:  # noqa: PLR0913
    """Return what is wrong with a file."""
    return InputError([Fault(code, "error", str(path), row, "", found, expected, remedy)])
