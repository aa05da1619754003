"""Reads what was found on an incident: an evidence file (JSON), or one evidence object a line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from noroshi.attribute.evidence import BEHAVIOUR, CLASSES, INFORMATION, SOURCE, Evidence, Item
from noroshi.errors import Fault, InputError

__all__ = ["EvidenceRow", "ItemRow", "evidence_of", "load_evidence", "read_batch"]

LARGEST = 1 << 26
MOST_ITEMS = 5000
SUCH = '{"class": "technique", "id": "T1566.001", "source": "R1", "grade": "B2"}'


class ItemRow(msgspec.Struct, frozen=True, rename={"kind": "class", "day": "date"}):
    """One item as it stands in a file: techniques and software have an id, others a value and whom it favours."""

    kind: str
    source: str = ""
    grade: str = ""
    id: str = ""
    value: str = ""
    favours: str | tuple[str, ...] = ()
    day: date | None = None


class EvidenceRow(msgspec.Struct, frozen=True):
    """An evidence file: the incident, as of which day (null: the knowledge's own), and the items."""

    items: tuple[ItemRow, ...]
    incident: str = ""
    as_of: date | None = None


DECODER = msgspec.json.Decoder(EvidenceRow)


def load_evidence(path: str | Path) -> Evidence:
    """Return the evidence in a file. InputError with all its faults."""
    return evidence_of(contents(path), str(path), None)


def read_batch(path: str | Path) -> Iterator[Evidence]:
    """Yield the evidence of each line of a file; empty lines are passed over. InputError with the faults of a line."""
    for number, line in enumerate(contents(path).splitlines(), 1):
        if line.strip():
            yield evidence_of(line, str(path), number)


def contents(path: str | Path) -> bytes:
    """Return what a file holds. InputError where it cannot be read or is far too long."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        said = error.strerror or str(error)
        raise InputError([fault("missing-file", str(path), None, "", said, "an evidence file")]) from None
    if len(data) > LARGEST:
        raise InputError([fault("too-many", str(path), None, "", f"{len(data):,} bytes", f"at most {LARGEST:,}")])
    return data


def fault(  # noqa: PLR0913  as a fault has them
    code: str, file: str, row: int | None, column: str, found: str, expected: str
) -> Fault:
    """Return a fault of an evidence file."""
    return Fault(code, "error", file, row, column, found, expected, f"write each item as {SUCH}")


def evidence_of(data: bytes, file: str, row: int | None) -> Evidence:
    """Return the evidence of one JSON object. InputError with all its faults, each with the place of its item."""
    try:
        given = DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError([fault("bad-json", file, row, "", str(error), "an object with items")]) from None
    if len(given.items) > MOST_ITEMS:
        raise InputError([fault("too-many", file, row, "items", f"{len(given.items):,}", f"at most {MOST_ITEMS:,}")])
    faults = [one for k, item in enumerate(given.items) for one in faults_of(item, file, row, f"items[{k}]")]
    if faults:
        raise InputError(faults)
    items = [
        Item(i.kind, i.source, i.grade, i.id, i.value, (i.favours,) if isinstance(i.favours, str) else i.favours, i.day)
        for i in given.items
    ]
    return Evidence(given.incident, tuple(items), given.as_of)


def faults_of(item: ItemRow, file: str, row: int | None, place: str) -> Iterator[Fault]:
    """Yield what is wrong with one item."""
    if item.kind not in CLASSES:
        yield fault("bad-choice", file, row, f"{place}.class", item.kind, ", ".join(CLASSES))
    if not (len(item.grade) == len("B2") and item.grade[0] in SOURCE and item.grade[1] in INFORMATION):
        yield fault("bad-choice", file, row, f"{place}.grade", item.grade or "nothing", "an Admiralty grade, A1 to F6")
    if not item.source:
        yield fault("missing-value", file, row, f"{place}.source", "nothing", "the source, e.g. R1")
    if item.kind in BEHAVIOUR and not item.id:
        yield fault("missing-value", file, row, f"{place}.id", "nothing", "an id of ATT&CK")
    if item.kind in CLASSES and item.kind not in BEHAVIOUR and not (item.value or item.id):
        yield fault("missing-value", file, row, f"{place}.value", "nothing", "what was found")
