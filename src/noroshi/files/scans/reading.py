"""What all scan readers need: the bytes of a file, its JSON as described structs, its XML as events; faults by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from xml.parsers import expat

import msgspec

from noroshi.errors import Fault, InputError

__all__ = ["LARGEST_BYTES", "as_struct", "day_of", "decode_json", "parse_xml", "plain", "read_text", "refuse"]

LARGEST_BYTES = 50_000_000
DEEPEST = 64
"""Elements within elements of XML; Nmap needs 8."""
FOUND = 80
LONGEST = 200
AT = re.compile(r" - at `\$(?P<path>.*)`$", re.DOTALL)
T = TypeVar("T")


def refuse(  # noqa: PLR0913  one parameter per part of a fault
    file: str, code: str, found: str, expected: str, remedy: str, *, row: int | None = None, at: str = ""
) -> InputError:
    """Return the error for a file that cannot be taken."""
    return InputError([Fault(code, "error", file, row, plain(at), plain(found)[:FOUND], plain(expected), remedy)])


def plain(text: str) -> str:
    """Return at most 200 printable signs of a text: what would steer a terminal is taken out."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:LONGEST])


def read_text(where: str | Path) -> str:
    """Return the text of a file; InputError if it is not there, too large, empty, or no UTF-8."""
    file, path = str(where), Path(where)
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise refuse(file, "too-many", f"{size:,} bytes", f"at most {LARGEST_BYTES:,} bytes", "split the scan")
        data = path.read_bytes()
    except OSError as error:
        raise refuse(
            file, "missing-file", error.strerror or "", "a file that can be read", "correct the path"
        ) from None
    if not data.strip():
        raise refuse(file, "bad-scan", "an empty file", "the output of a scan", "run the scan again")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        found = repr(data[error.start : error.start + 4])
        raise refuse(file, "bad-encoding", found, "UTF-8", "let the tool write the file itself", row=row) from None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise refuse(
            file, "bad-encoding", "a zero byte", "text in UTF-8", "let the tool write the file itself", row=row
        )
    return text


def decode_json(file: str, text: str, row: int = 1) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return the JSON value in `text`, whose first line is line `row` of the file."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        at = row + error.lineno - 1
        raise refuse(file, "bad-json", error.msg, "JSON that is whole", "run the scan again", row=at) from None
    except RecursionError:
        raise refuse(file, "bad-json", "lists within lists without end", "a scan", "run the scan again") from None
    except ValueError as error:
        raise refuse(file, "bad-json", str(error), "finite numbers", "run the scan again", row=row) from None


def _no_constant(name: str) -> float:
    """Refuse what JSON has no name for."""
    raise ValueError(name)


def as_struct(file: str, value: Any, kind: type[T], place: str = "") -> T:  # noqa: ANN401  as decoded
    """Return a decoded value as the described struct; InputError with the place of what does not fit."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        said = str(error)
        found = AT.search(said)
        path = place + (found["path"] if found else "")
        expected = AT.sub("", said)
        raise refuse(
            file, "bad-scan", "another type", expected, "give the tool's own output", at=path.lstrip(".")
        ) from None
    except UnicodeEncodeError:
        raise refuse(
            file, "bad-encoding", "half a sign", "whole signs", "give the tool's own output", at=place
        ) from None
    except RecursionError:
        raise refuse(file, "bad-json", "lists within lists without end", "a scan", "run the scan again") from None


def day_of(file: str, written: str, at: str) -> date:
    """Return the day of a date or time as ISO 8601 writes them, in UTC where it has an offset."""
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", written.strip()))
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise refuse(file, "bad-scan", written, "a date as 2026-11-01", "give the tool's own output", at=at) from None


def parse_xml(file: str, text: str, opened: Callable[[str, dict[str, str]], None], closed: Callable[[str], None],
              words: Callable[[str], None]) -> None:  # fmt: skip
    """Read XML and tell of each element that opens or closes, and of text.

    InputError where it is not well formed, declares entities or an inner document type, or nests deeper than 64: an
    entity can grow to gigabytes or read other files, and no scan needs one.
    """
    parser = expat.ParserCreate()
    depth = 0

    def bad(found: str, expected: str) -> InputError:
        row = parser.CurrentLineNumber
        return refuse(file, "bad-xml", found, expected, "give the tool's own output", row=row)

    def no_entity(*_: object) -> None:
        raise bad("an entity declaration", "no entities")

    def no_outside(*_: object) -> int:
        raise bad("a reference to another file", "no references")

    def document_type(_name: str, system: str | None, public: str | None, inner: int) -> None:
        if inner or system or public:
            raise bad("a document type with declarations", "a plain document type")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise bad(f"elements {depth} deep", f"at most {DEEPEST}")
        opened(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        closed(name)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = document_type, no_entity
    parser.ExternalEntityRefHandler, parser.UnparsedEntityDeclHandler = no_outside, no_entity
    parser.buffer_text = True
    try:
        # as bytes: expat would take an encoding named in the text for the bytes' own
        parser.Parse(re.sub(r"^(<\?xml[^>]*?)\s+encoding=(\"[^\"]*\"|'[^']*')", r"\1", text).encode(), True)  # noqa: FBT003
    except expat.ExpatError as error:
        found = expat.ErrorString(error.code) or "not well formed"
        raise refuse(file, "bad-xml", found, "XML that is whole", "run the scan again", row=error.lineno) from None
