"""Reads plain lists and CSVs as STIX indicators of a named source; a line that is wrong is a fault with its number.

The marking is the strictest of what is given with the import, what the remarks at the head say (`# marking: TLP:GREEN`,
`# communities: …`, `# pap: …`, as our own lists have them) and what a CSV's row says. Without any it stays unmarked.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from noroshi.errors import Fault, InputError
from noroshi.share.markings import UNMARKED, Marking, Pap, Tlp, community_definition, strictest, tlp_definition
from noroshi.share.matching.values import KINDS, MISP_TYPES, canonical, guessed, refanged

__all__ = ["ListAbout", "list_objects"]

NAMESPACE = uuid.UUID("e2b0a1f8-93a7-4b43-8d37-6c5e1c3c6c0e")
"""Of ids that follow from source, value and marking (RFC 4122, version 5)."""
SINCE = "2020-01-01T00:00:00.000Z"
"""`created` of every indicator from a list, which says none: it must stay the same in later versions."""
VALUES = ("value", "indicator", "ioc")
REMARKS = ("#", ";", "//")
PATHS = {
    "ipv4": "ipv4-addr:value", "ipv6": "ipv6-addr:value", "domain": "domain-name:value", "url": "url:value",
    "email": "email-addr:value", "mac": "mac-addr:value", "md5": "file:hashes.MD5", "sha1": "file:hashes.'SHA-1'",
    "sha256": "file:hashes.'SHA-256'", "sha512": "file:hashes.'SHA-512'", "file-name": "file:name",
    "user-agent": "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'",
}  # fmt: skip


NOTHING: Mapping[str, str] = MappingProxyType({})


class ListAbout(NamedTuple):
    """What is said of a list with the import: its source, marking (TLP level or ""), and the day it is of."""

    source: str = ""
    marking: str = ""
    day: date | None = None


class Row(NamedTuple):
    """One line: its number, value, kind ("" = by its form), name, what it says of its marking, and its validity."""

    line: int
    value: str
    kind: str = ""
    name: str = ""
    marking: Mapping[str, str] = NOTHING
    since: str = ""
    until: str = ""


def list_objects(path: Path, data: bytes, kind: str, about: ListAbout) -> list[dict[str, Any]]:
    """Return the objects of a list (`kind` list or csv); InputError with the fault of every line that is wrong."""
    if not about.source.strip():
        raise InputError(
            [fault(path, None, "no source", "who made the list", "name it with --source", "missing-value")]
        )
    text = decoded(path, data)
    faults: list[Fault] = []
    given = marked(path, None, {"marking": about.marking} if about.marking else {}, faults)
    head = marked(path, None, remarks(text), faults)
    modified = f"{(about.day or day_of(path)).isoformat()}T00:00:00.000Z"
    objects: dict[str, dict[str, Any]] = {}
    for row in rows_of_csv(path, text, faults) if kind == "csv" else rows_of_list(text):
        known = known_value(row)
        marking = strictest(strictest(given, head), marked(path, row.line, row.marking, faults))
        if known is None:
            expected = (
                f"a value of kind {row.kind}" if row.kind else "an address, network, domain, URL, hash, mail address"
            )
            faults.append(fault(path, row.line, row.value, expected, "correct the line or take it out"))
            continue
        for made in indicator(about.source, row, known, marking, modified):
            objects.setdefault(made["id"], made)
    if faults:
        raise InputError(faults)
    if not any(one["type"] == "indicator" for one in objects.values()):
        raise InputError([fault(path, None, "no value at all", "at least one", "take another file")])
    return list(objects.values())


def decoded(path: Path, data: bytes) -> str:
    """Return the text of a file; InputError for what is no UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.start}"
        raise InputError([fault(path, None, found, "UTF-8", "save it as UTF-8", "bad-encoding")]) from None


def day_of(path: Path) -> date:
    """Return the day on which a file was last changed, in UTC."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def remarks(text: str) -> dict[str, str]:
    """Return what the remarks at the head of a list say, word -> text."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith(REMARKS):
            break
        word, colon, said = line.lstrip("#;/ ").partition(":")
        if colon and word.strip().lower() in {"marking", "communities", "pap"}:
            found.setdefault(word.strip().lower(), said.strip())
    return found


def rows_of_list(text: str) -> Iterator[Row]:
    """Yield the values of a plain list, one a line; remarks begin a line, or follow a space."""
    for number, line in enumerate(text.splitlines(), 1):
        value = line.partition(" #")[0].strip()
        if value and not value.startswith(REMARKS):
            yield Row(number, value)


def rows_of_csv(path: Path, text: str, faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows of a CSV whose header names a column of values; remarks may stand before the header."""
    skipped = next((k for k, line in enumerate(text.splitlines()) if not line.startswith("#")), 0)
    reader = csv.reader(io.StringIO("".join(text.splitlines(keepends=True)[skipped:])), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        place = next((header.index(name) for name in VALUES if name in header), None)
        if place is None:
            faults.append(fault(path, skipped + 1, ", ".join(header), " or ".join(VALUES), "name the column of values",
                                "missing-column"))  # fmt: skip
            return
        for cells in reader:
            line = skipped + reader.line_num
            if len(cells) != len(header):
                if any(cells):
                    faults.append(
                        fault(path, line, f"{len(cells)} cells", f"{len(header)} cells", "correct the line", "bad-csv")
                    )
                continue
            said = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            marking = {key: said[key] for key in ("marking", "communities", "pap") if said.get(key)}
            yield Row(line, cells[place].strip(), said.get("type", ""), said.get("name", ""), marking,
                      said.get("valid_from", ""), said.get("valid_until", ""))  # fmt: skip
    except csv.Error as error:
        faults.append(fault(path, skipped + reader.line_num, str(error), "CSV", "correct the line", "bad-csv"))


def marked(path: Path, line: int | None, said: Mapping[str, str], faults: list[Fault]) -> Marking:
    """Return what words ask; what cannot be read is a fault, since nobody may guess it."""
    made = UNMARKED
    if said.get("marking"):
        level = Tlp.named(said["marking"])
        if level is None:
            faults.append(fault(path, line, said["marking"], "a TLP level", "TLP:GREEN, say", column="marking"))
        made = strictest(made, Marking(level))
    if said.get("communities"):
        names = frozenset(name for one in said["communities"].split(";") if (name := one.strip()))
        if not names or "(nobody)" in names:
            faults.append(
                fault(path, line, said["communities"], "names of communities", "name them", column="communities")
            )
        made = strictest(made, Marking(communities=names))
    if said.get("pap"):
        action = Pap.named(said["pap"])
        if action is None:
            faults.append(fault(path, line, said["pap"], "a PAP level", "PAP:GREEN, say", column="pap"))
        made = strictest(made, Marking(pap=action))
    return made


def known_value(row: Row) -> tuple[str, str] | None:
    """Return the kind and the value of a row as they are compared; None where it is none."""
    kind = row.kind if row.kind in KINDS else MISP_TYPES.get(row.kind, "")
    if row.kind and not kind:
        return None
    found = canonical(kind, row.value) if kind else guessed(row.value)
    return found if found is not None and found[0] in {*PATHS, "net", "asn"} else None


def indicator(
    source: str, row: Row, known: tuple[str, str], marking: Marking, modified: str
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield an indicator after the marking definition and the identity of the source that it needs."""
    kind, value = known
    refs = [] if marking.tlp is None else [tlp_definition(marking.tlp)]
    if marking.communities is not None:
        definition = community_definition(marking.communities or {"-"})
        yield definition
        refs.append(definition["id"])
    more: dict[str, Any] = {"object_marking_refs": refs} if refs else {}
    if marking.pap is not None:
        more["labels"] = [f"PAP:{marking.pap}"]
    key = " ".join(refs)
    author = f"identity--{uuid.uuid5(NAMESPACE, f'source {source} {key}')}"
    yield {"type": "identity", "spec_version": "2.1", "id": author, "created": SINCE, "modified": SINCE, "name": source,
           **({"object_marking_refs": refs} if refs else {})}  # fmt: skip
    name = {"name": row.name} if row.name else {"name": value}
    since = instant(row.since) or modified
    until = {"valid_until": last} if (last := instant(row.until)) and last > since else {}
    text = refanged(row.value) if kind == "url" else value
    yield {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--{uuid.uuid5(NAMESPACE, f'{source} {key} {kind} {text}')}", "created_by_ref": author,
        "created": SINCE, "modified": modified, **name, "indicator_types": ["malicious-activity"],
        "pattern": pattern(kind, text), "pattern_type": "stix", "valid_from": since, **until, **more,
    }  # fmt: skip


def instant(text: str) -> str:
    """Return a time as STIX writes it, "" for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return ""
    at = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def pattern(kind: str, value: str) -> str:
    """Return the STIX pattern that says that a value is seen (STIX 2.1, section 9)."""
    if kind == "asn":
        return f"[autonomous-system:number = {value.removeprefix('AS')}]"
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    if kind == "net":
        return f"[ipv{6 if ':' in value else 4}-addr:value ISSUBSET '{quoted}']"
    return f"[{PATHS[kind]} = '{quoted}']"


def fault(  # noqa: PLR0913  what, where, and how
    path: Path, line: int | None, found: str, expected: str, remedy: str, code: str = "bad-indicator", column: str = ""
) -> Fault:  # fmt: skip
    """Return what is wrong with a line."""
    return Fault(code, file=str(path), row=line, column=column, found=found[:80], expected=expected, remedy=remedy)
