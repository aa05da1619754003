"""Reads indicators: STIX bundles and TAXII envelopes, MISP events and attributes, CSV, plain lists; all told apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from noroshi.errors import Fault, InputError
from noroshi.share.markings import TLP_1, TLP_2
from noroshi.share.matching.atoms import atoms, plain_atom
from noroshi.share.matching.indicators import ALWAYS, About, Indicators
from noroshi.share.matching.pattern_match import matcher
from noroshi.share.matching.pattern_parse import PatternError, microseconds, parse
from noroshi.share.matching.values import KINDS, MISP_TYPES

__all__ = ["read_indicators", "read_objects", "read_text"]

CODE = "bad-indicator"
VALUE_COLUMNS = ("value", "indicator", "ioc", "ioc_value", "observable")
LEVELS = TLP_1 | TLP_2
TYPE_COLUMNS = ("type", "kind", "ioc_type", "indicator_type")


class Item(msgspec.Struct):
    """What of a STIX object is read; the rest is skipped."""

    type: str = ""
    id: str = ""
    name: str | None = None
    pattern: str | None = None
    pattern_type: str | None = "stix"
    valid_from: str | None = None
    valid_until: str | None = None
    revoked: bool | None = False
    object_marking_refs: list[str] | None = None


class Bundle(msgspec.Struct):
    """A bundle or an envelope."""

    objects: list[Item]


def read_indicators(where: str, into: Indicators, faults: list[Fault]) -> None:
    """Add the indicators in the file `where` to `into`; what cannot be used is a warning in `faults`.

    InputError if the file cannot be read or is of no form that is known.
    """
    try:
        data = Path(where).read_bytes()
    except OSError as error:
        fault = Fault("missing-file" if isinstance(error, FileNotFoundError) else CODE, file=where,
                      found=error.strerror or str(error), expected="a file of indicators",
                      remedy="correct the name or its permissions")  # fmt: skip
        raise InputError([fault]) from None
    read_text(data, where, into, faults)


def read_text(data: bytes, name: str, into: Indicators, faults: list[Fault]) -> None:
    """Add the indicators in `data`; its form is told by its first character and its header."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    head = data[:4096].lstrip()
    if head[:1] in {b"{", b"["} and not head.startswith((b"[.", b"[:")):
        read_json(data, name, into, faults)
        return
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\0" in text[:4096]:
        raise InputError([shape_fault(name, "bytes that no text has (NUL)")])
    first = text.lstrip().partition("\n")[0].lower()
    columns = [one.strip().strip('"') for one in first.split(",")]
    if set(columns) & set(VALUE_COLUMNS) and (len(columns) > 1 or columns[0] in VALUE_COLUMNS):
        read_csv(text, name, into, faults)
    else:
        read_list(text, name, into, faults)


def shape_fault(name: str, found: str) -> Fault:
    """Return the fault of a file of no known form."""
    return Fault(CODE, file=name, found=found, expected="a STIX bundle, a TAXII envelope, a MISP event, CSV or a list",
                 remedy="see docs/howto/match-logs.md")  # fmt: skip


def refused(name: str, found: str, faults: list[Fault], row: int | None = None, why: str = "") -> None:
    """Note a value that cannot be looked for."""
    faults.append(Fault(CODE, "warning", name, row, "", found[:120], why or "an address, a name, a URL, a hash, …",
                        "it was left out"))  # fmt: skip


def read_list(text: str, name: str, into: Indicators, faults: list[Fault]) -> None:
    """Add one value a line; `#`, `;` and `//` begin remarks."""
    for row, line in enumerate(text.splitlines(), 1):
        value = line.partition(" #")[0].strip().strip('"').rstrip(",")
        if value and not value.startswith(("#", ";", "//")) and not into.add("", value):
            refused(name, value, faults, row)


def read_csv(text: str, name: str, into: Indicators, faults: list[Fault]) -> None:
    """Add the rows of a CSV: value; type, id, name, marking, valid_from and valid_until where it has them."""
    reader = csv.DictReader(io.StringIO(text.lstrip()))
    names = {(column or "").strip().lower(): column for column in reader.fieldnames or ()}
    value_column = next(names[one] for one in VALUE_COLUMNS if one in names)
    type_column = next((names[one] for one in TYPE_COLUMNS if one in names), None)
    try:
        for row, cells in enumerate(reader, 2):

            def cell(column: str, cells: dict[str, Any] = cells) -> str:
                return str(cells.get(names.get(column, ""), "") or "").strip()

            value = (cells.get(value_column) or "").strip()
            said = (cells.get(type_column) or "").strip() if type_column else ""
            about = About(cell("id") or cell("uuid"), cell("name") or cell("comment"), cell("marking") or cell("tlp"),
                          since(cell("valid_from")), until(cell("valid_until")))  # fmt: skip
            if value:
                add_typed(said, value, about, into, faults, name, row)
    except csv.Error as error:
        raise InputError([Fault("bad-csv", file=name, found=str(error), expected="CSV", remedy="correct it")]) from None


def add_typed(  # noqa: PLR0913  where it is from
    said: str, value: str, about: About, into: Indicators, faults: list[Fault], name: str, row: int | None
) -> None:
    """Add a value of a type as MISP or Noroshi calls it; what is unknown is told by the value's form."""
    kind = said if said in KINDS else MISP_TYPES.get(said, "")
    for k, part in enumerate(value.split("|") if "|" in said else [value]):
        if k and part.isdecimal():
            continue  # the port of `ip-dst|port`
        if not into.add(kind if k == 0 else "", part, about) and not (kind and k == 0 and into.add("", part, about)):
            refused(name, part, faults, row)


def since(text: str | None) -> int:
    """Return the beginning of validity, in microseconds since 1970."""
    return moment(text, ALWAYS[0])


def until(text: str | None) -> int:
    """Return the end of validity, in microseconds since 1970."""
    return moment(text, ALWAYS[1])


def moment(text: str | None, otherwise: int) -> int:
    """Return a STIX timestamp in microseconds since 1970; a day alone is its first moment."""
    try:
        return microseconds(f"{text}T00:00:00Z" if text and len(text) == len("2026-11-01") else text or "")
    except ValueError:
        return otherwise


def read_json(data: bytes, name: str, into: Indicators, faults: list[Fault]) -> None:
    """Add what is in a STIX bundle or object, a TAXII envelope, a MISP event, or a list of them."""
    try:
        if b'"objects"' in data:
            read_objects(msgspec.json.decode(data, type=Bundle).objects, name, into, faults)
            return
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError([shape_fault(name, str(error))]) from None
    if isinstance(value, dict) and value.get("type") == "indicator":
        value = [value]
    if isinstance(value, list) and all(isinstance(one, dict) and "pattern" in one for one in value):
        read_objects(msgspec.convert(value, list[Item]), name, into, faults)
        return
    found = list(misp_attributes(value, 0))
    if not found and isinstance(value, list) and all(isinstance(one, str) for one in value):
        read_list("\n".join(value), name, into, faults)
        return
    if not found and value not in ({}, []):
        raise InputError([shape_fault(name, "JSON without objects, attributes or patterns")])
    for one in found:
        tags = [str(tag.get("name", "")) for tag in one.get("Tag", []) if isinstance(tag, dict)]
        marking = next((tag.upper() for tag in tags if tag.lower().startswith("tlp:")), "")
        about = About(str(one.get("uuid", "")), str(one.get("comment") or one.get("category") or ""), marking)
        add_typed(str(one.get("type", "")), str(one["value"]), about, into, faults, name, None)


def misp_attributes(value: Any, depth: int) -> Iterable[dict[str, Any]]:  # noqa: ANN401  JSON
    """Yield every MISP attribute in `value` that is meant for detection and not deleted."""
    if isinstance(value, list):
        for one in value:
            yield from misp_attributes(one, depth + 1)
    elif isinstance(value, dict) and depth < 32:  # noqa: PLR2004  deeper than any event
        if isinstance(value.get("value"), str) and isinstance(value.get("type"), str):
            if value.get("to_ids", True) and not value.get("deleted"):
                yield value
            return
        for key in ("response", "Event", "Attribute", "Object", "attributes"):
            if key in value:
                yield from misp_attributes(value[key], depth + 1)


def read_objects(items: Iterable[Item], name: str, into: Indicators, faults: list[Fault]) -> None:
    """Add the indicators among STIX objects: single values to the index, other patterns compiled; revoked ones not."""
    for item in items:
        if item.type != "indicator" or item.revoked or not item.pattern:
            continue
        if item.pattern_type not in {None, "stix"}:
            refused(name, f"{item.id}: a {item.pattern_type} pattern", faults, why="pattern_type stix")
            continue
        refs = item.object_marking_refs or []
        marking = " ".join(f"TLP:{LEVELS[ref]}" if ref in LEVELS else ref for ref in refs)
        about = About(item.id, item.name or "", marking, since(item.valid_from), until(item.valid_until))
        plain = plain_atom(item.pattern)
        if plain and into.add(*plain, about):
            continue
        add_pattern(item.pattern, about, name, into, faults)


def add_pattern(text: str, about: About, name: str, into: Indicators, faults: list[Fault]) -> None:
    """Add a pattern that is more than one value."""
    try:
        tree = parse(text)
        some = atoms(tree)
        if some and all([into.add(*one, about) for one in some]):  # noqa: C419  add each
            return
        matcher(tree)
    except (PatternError, RecursionError) as error:
        refused(name, f"{about.id}: {error}", faults, why="a STIX 2.1 pattern that can be matched")
        return
    if some is None:
        into.patterns.append((tree, about))
    else:
        refused(name, f"{about.id}: {text}", faults)
