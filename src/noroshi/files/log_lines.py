"""One line of a log as fields and a time: JSON, CSV, Zeek's columns, plain text; in UTF-8 or what is left of it."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

__all__ = ["FORMATS", "TIME_FIELDS", "Shape", "event_time", "fields_of", "scannable", "shape_of"]

FORMATS = {
    "json": ("one JSON object a line", "1行1件のJSON"),
    "csv": ("CSV with a header; also with tabs, ';' or '|'", "見出し付きCSV"),
    "zeek": ("Zeek's own columns, with #fields", "Zeekの列形式"),
    "text": ("anything else, such as syslog", "その他(syslogなど)"),
}
TIME_FIELDS = ("ts", "@timestamp", "timestamp", "time", "_time", "event_time", "eventtime", "datetime", "date",
               "event.created", "start_time", "timegenerated")  # fmt: skip
"""Fields that say when; the first that is there and can be read counts; compared in lower case."""
DEEPEST = 32
ESCAPED = re.compile(rb"\\[/ubfnrt]")
ZEEK_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9}))?"
    r"\s?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
SYSLOG = re.compile(r"(?:<[0-9]{1,3}>)?([A-Z][a-z]{2}) {1,2}([0-9]{1,2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})")
WEB = re.compile(r"\[([0-9]{2})/([A-Z][a-z]{2})/([0-9]{4}):([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-][0-9]{4})\]")
MONTHS = {
    name: k
    for k, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = 1_000_000
SCALES = ((1e17, 1e-3), (1e14, 1.0), (1e11, 1e3))
"""Numbers at least this large are in nanoseconds, microseconds or milliseconds since 1970; factor to microseconds."""
HEAD = 400
FEWEST = 3
"""Columns that a first line must have to be taken for a header where the file's name does not say CSV."""
UNSET = ("", "-", "(empty)")


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of a file are to be read: format, names of columns, what stands between them."""

    format: str
    columns: tuple[str, ...] = ()
    delimiter: str = ","


def shape_of(head: bytes, name: str, given: str = "") -> Shape:
    """Return how to read a log by its first lines (and the file's name); `given`: the format, if it is known."""
    lines = [line for line in head.decode("utf-8-sig", "replace").splitlines()[:20] if line.strip()]
    first = lines[0] if lines else ""
    fields = next((line for line in lines if line.startswith("#fields")), None)
    if given in {"", "zeek"} and fields:
        return Shape("zeek", tuple(fields.split("\t")[1:]), "\t")
    if given in {"", "json"} and (given or first.lstrip()[:1] in {"{", "["}):
        return Shape("json")
    if given in {"", "csv"}:
        delimiter = max(",\t;|", key=first.count)
        columns = tuple(next(csv.reader([first.replace("\x00", "")], delimiter=delimiter), [])) if first else ()
        named = len(columns) > 1 and all(re.fullmatch(r"[A-Za-z_@][\w@ .:()/-]{0,63}", one.strip()) for one in columns)
        if given or (
            named and (".csv" in name.lower() or ".tsv" in name.lower() or len(set(columns)) == len(columns) >= FEWEST)
        ):
            return Shape("csv", tuple(one.strip() for one in columns), delimiter)
    return Shape("text")


def texts_of(line: bytes) -> list[str]:
    """Return a line as text: UTF-8; else Latin-1, which keeps what is ASCII, and Shift_JIS where it may be that."""
    try:
        return [line.decode()]
    except UnicodeDecodeError:
        both = [line.decode("latin-1")]
        with contextlib.suppress(UnicodeDecodeError):
            both.append(line.decode("cp932"))
        return both


def fields_of(line: bytes, shape: Shape) -> list[tuple[str, str]]:
    """Return the fields of a line, name and text, in their order; one without name where it is not of its format."""
    found: list[tuple[str, str]] = []
    for text in texts_of(line.rstrip(b"\r")):
        found += [pair for pair in READERS[shape.format](text, shape) if pair not in found]
    return found


def as_json(text: str, shape: Shape) -> list[tuple[str, str]]:
    """Return the members of a JSON object, nested ones with their path; entries of lists share the list's name."""
    try:
        value = msgspec.json.decode(text.removeprefix("\ufeff").rstrip(", \t"))
    except (msgspec.DecodeError, RecursionError):
        return as_text(text, shape)
    found: list[tuple[str, str]] = []
    flattened(value, "", found, 0)
    return found


def flattened(value: Any, name: str, found: list[tuple[str, str]], depth: int) -> None:  # noqa: ANN401  JSON
    """Add the texts and numbers in `value`; what lies deeper than 32 levels is added as the JSON that it is."""
    if isinstance(value, str):
        found.append((name, value))
    elif isinstance(value, dict | list) and depth >= DEEPEST:
        found.append((name, msgspec.json.encode(value).decode()))
    elif isinstance(value, dict):
        for key, one in value.items():
            flattened(one, f"{name}.{key}" if name else key, found, depth + 1)
    elif isinstance(value, list):
        for one in value:
            flattened(one, name, found, depth + 1)
    elif value is not None and not isinstance(value, bool):
        found.append((name, repr(value)))


def as_csv(text: str, shape: Shape) -> list[tuple[str, str]]:
    """Return the cells of a row under their columns' names."""
    try:
        cells = next(csv.reader([text.replace("\x00", " ")], delimiter=shape.delimiter), [])
    except csv.Error:
        return as_text(text, shape)
    names = (*shape.columns, *(f"column {k + 1}" for k in range(len(shape.columns), len(cells))))
    return [(name, cell) for name, cell in zip(names, cells, strict=False) if cell]


def as_zeek(text: str, shape: Shape) -> list[tuple[str, str]]:
    """Return Zeek's columns, unset ones left out, escaped bytes undone."""
    if text.startswith("#"):
        return []
    cells = text.split("\t")
    names = (*shape.columns, *(f"column {k + 1}" for k in range(len(shape.columns), len(cells))))
    return [(name, unescaped(cell)) for name, cell in zip(names, cells, strict=False) if cell not in UNSET]


def unescaped(cell: str) -> str:
    """Return a cell of Zeek's with its escaped bytes as they were."""
    if "\\x" not in cell:
        return cell
    raw = ZEEK_ESCAPE.sub(lambda hit: chr(int(hit[1], 16)), cell)
    try:
        return raw.encode("latin-1").decode()
    except UnicodeError:
        return raw


def as_text(text: str, shape: Shape) -> list[tuple[str, str]]:  # noqa: ARG001  as the other readers
    """Return the line as one field without a name."""
    return [("", text)] if text else []


READERS: dict[str, Callable[[str, Shape], list[tuple[str, str]]]] = {
    "json": as_json,
    "csv": as_csv,
    "zeek": as_zeek,
    "text": as_text,
}


def scannable(data: bytes, shape: Shape) -> bytes:
    """Return the lines of `data` with what hides values from a scanner of bytes undone, line for line.

    Escapes of JSON and Zeek, and text that is not UTF-8; lines that have neither stay as they are.
    """
    escape = {"json": ESCAPED.search, "zeek": re.compile(rb"\\x").search}.get(shape.format)
    hidden = escape is not None and escape(data) is not None
    odd = not data.isascii() and not is_utf8(data)
    if not hidden and not odd:
        return data
    lines = data.split(b"\n")
    for k, line in enumerate(lines):
        if (hidden and escape and escape(line)) or (odd and not line.isascii() and not is_utf8(line)):
            plain = '"'.join(text for _, text in fields_of(line, shape)).encode("utf-8", "replace")
            lines[k] = line + b'"' + plain.replace(b"\n", b'"')
    return b"\n".join(lines)


def is_utf8(data: bytes) -> bool:
    """Say whether `data` is UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def event_time(fields: list[tuple[str, str]], now: datetime) -> int | None:
    """Return when a line says it happened, in microseconds since 1970; None if it does not.

    Syslog's dates have no year: the latest year that does not lie more than a day after `now`. Without a zone: UTC.
    """
    known: dict[str, str] = {}
    for name, text in fields:
        known.setdefault(name.lower(), text)
    for name in TIME_FIELDS:
        if name in known and (found := moment(known[name], now)) is not None:
            return found
    return moment(known[""], now) if "" in known else None


def moment(text: str, now: datetime) -> int | None:  # noqa: PLR0911  one for each way to write a time
    """Return the time that is written in `text`."""
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        if not 0 < number < 4e18:  # noqa: PLR2004  the year 2096 in nanoseconds
            return None
        return int(number * next((factor for least, factor in SCALES if number >= least), MICRO))
    head = text[:HEAD]
    try:
        if found := ISO.search(head):
            zone = (found[4] or "Z").replace("Z", "+00:00")
            at = datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}")
            return int((at - EPOCH).total_seconds()) * MICRO + int((found[3] or "0").ljust(6, "0")[:6])
        if found := WEB.search(head):
            at = datetime.strptime(found[0], "[%d/%b/%Y:%H:%M:%S %z]")
            return int((at - EPOCH).total_seconds()) * MICRO
        if found := SYSLOG.match(head):
            day, hour, minute, second = (int(found[k]) for k in (2, 3, 4, 5))
            at = datetime(now.year, MONTHS[found[1]], day, hour, minute, second, tzinfo=UTC)
            at = at.replace(year=now.year - 1) if at > now + timedelta(days=1) else at
            return int((at - EPOCH).total_seconds()) * MICRO
    except (ValueError, KeyError):
        return None
    return None
