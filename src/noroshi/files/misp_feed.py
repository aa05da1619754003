"""MISP feeds: a folder of `manifest.json`, one file an event, and `hashes.csv` (MD5 of each value, its event).

Out, what has one marking is one event, whose tags say it: a feed has no finer way that every reader keeps to.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from noroshi.errors import Fault, InputError
from noroshi.files.lists_out import marking_words
from noroshi.files.saving import save_whole
from noroshi.share.markings import Marking, Tlp
from noroshi.share.outgoing import Item

__all__ = ["event_files", "feed_files", "write_feed"]

NAMESPACE = uuid.UUID("5b4e9f0d-64de-43e2-a1b5-2f0f7c0f3f38")
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.IGNORECASE)
MANIFEST = "manifest.json"
TYPES = {
    "ipv4": "ip-dst", "ipv6": "ip-dst", "net": "ip-dst", "domain": "domain", "url": "url", "email": "email-src",
    "md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha512": "sha512", "mac": "mac-address", "asn": "AS",
    "file-name": "filename", "user-agent": "user-agent",
}  # fmt: skip
"""Kind of a value -> type of a MISP attribute."""
ON_FILES = frozenset({"md5", "sha1", "sha256", "sha512", "file-name"})
DISTRIBUTION = {Tlp.CLEAR: "3", Tlp.GREEN: "1"}
"""All communities, this community; anything stricter is for the organisation that gets it ("0")."""


def event_files(folder: Path) -> Iterator[Path]:
    """Yield the files of the events that a feed's manifest names; InputError with every fault of the manifest."""
    where = folder / MANIFEST
    try:
        manifest = json.loads(where.read_bytes())
    except OSError as error:
        raise InputError(
            [fault(where, "", error.strerror or "", "the manifest of a MISP feed", "missing-file")]
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError([fault(where, "", str(error)[:80], "JSON", "bad-json")]) from None
    if not isinstance(manifest, dict) or not manifest:
        raise InputError([fault(where, "", type(manifest).__name__, "an object: UUID of an event -> what it is")])
    faults = []
    for name in manifest:
        if not UID.match(name):  # nor does a name lead out of the folder
            faults.append(fault(where, name[:80], name[:80], "the UUID of an event"))
        elif not (folder / f"{name}.json").is_file():
            faults.append(fault(where, name, "no such file", f"{name}.json beside the manifest", "missing-file"))
    if faults:
        raise InputError(faults)
    yield from (folder / f"{name}.json" for name in manifest)


def fault(path: Path, column: str, found: str, expected: str, code: str = "bad-objects") -> Fault:
    """Return what is wrong with a feed."""
    return Fault(
        code, file=str(path), column=column, found=found, expected=expected, remedy="fetch the whole feed again"
    )


def feed_files(items: Sequence[Item], title: str, key: str) -> dict[str, bytes]:
    """Return name -> content of the files of a feed. key: whose feed of what, which the ids of events follow from."""
    by_marking: dict[tuple[str, str, str], list[Item]] = {}
    for item in items:
        by_marking.setdefault(marking_words(item.marking), []).append(item)
    manifest: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    hashes: list[str] = []
    for words, those in sorted(by_marking.items()):
        event = event_of(those, words, title, f"{key} {words}")
        uid = event["uuid"]
        manifest[uid] = {name: event[name] for name in
                         ("Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp")}  # fmt: skip
        files[f"{uid}.json"] = as_json({"Event": event})
        hashes += [
            f"{hashlib.md5(one['value'].encode(), usedforsecurity=False).hexdigest()},{uid}\n"
            for one in event["Attribute"]
        ]
    return {**files, "hashes.csv": "".join(hashes).encode(), MANIFEST: as_json(manifest)}


def event_of(items: Sequence[Item], words: tuple[str, str, str], title: str, key: str) -> dict[str, Any]:
    """Return a MISP event of values of one marking."""
    tlp, communities, pap = words
    tags = [tlp.lower(), *(f"PAP:{pap}" for _ in "x" if pap)]
    tags += [f'noroshi:community="{name}"' for name in communities.split("; ") if name]
    times = [moment(item.version) for item in items]
    uid = str(uuid.uuid5(NAMESPACE, key))
    attributes: dict[tuple[str, str], dict[str, Any]] = {}
    for item, at in zip(items, times, strict=True):
        own = uuid.uuid5(NAMESPACE, f"{item.id} {item.kind} {item.value}")
        name = str(own) if item.several else item.id.partition("--")[2]
        attributes.setdefault((item.kind, item.value), {
            "uuid": name, "type": TYPES[item.kind], "value": item.value, "to_ids": True, "comment": item.name,
            "category": "Payload delivery" if item.kind in ON_FILES else "Network activity", "timestamp": str(at),
            "distribution": "5",
        })  # fmt: skip
    return {
        "uuid": uid, "info": f"{title} ({', '.join(one for one in (tlp, communities) if one)})",
        "date": datetime.fromtimestamp(max(times), UTC).strftime("%Y-%m-%d"), "timestamp": str(max(times)),
        "published": True, "publish_timestamp": str(max(times)), "analysis": "2", "threat_level_id": "4",
        "distribution": distribution(items[0].marking), "extends_uuid": "",
        "Orgc": {"name": "Noroshi", "uuid": str(uuid.uuid5(NAMESPACE, "Noroshi"))},
        "Tag": [{"name": tag} for tag in tags if tag], "Attribute": list(attributes.values()),
    }  # fmt: skip


def distribution(marking: Marking) -> str:
    """Return MISP's word for how far an event goes."""
    return "0" if marking.tlp is None or marking.communities is not None else DISTRIBUTION.get(marking.tlp, "0")


def moment(stamp: str) -> int:
    """Return a STIX timestamp in seconds since 1970."""
    return int(datetime.fromisoformat(stamp).timestamp())


def as_json(value: object) -> bytes:
    """Return JSON that is read by people too."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def write_feed(folder: str | Path, files: dict[str, bytes]) -> None:
    """Write a feed into a folder that is empty or holds one; events that are gone are taken away before all else.

    The manifest is written last. InputError for a folder that holds anything else or cannot be written.
    """
    where = Path(folder)
    try:
        where.mkdir(parents=True, exist_ok=True)
        there = {path.name for path in where.iterdir()}
        strange = sorted(name for name in there - {MANIFEST, "hashes.csv"} if not UID.match(name.removesuffix(".json")))
        if strange:
            raise InputError([Fault("unknown-file", file=str(where), found=strange[0], remedy="name another folder",
                                    expected="an empty folder, or a feed")])  # fmt: skip
        for name in sorted(there - files.keys()):
            (where / name).unlink()
    except OSError as error:
        raise InputError([Fault("missing-file", file=str(where), found=error.strerror or "", remedy="correct the path",
                                expected="a folder to write to")]) from None  # fmt: skip
    for name, data in files.items():
        save_whole(where / name, data, keep=False)
