"""Reads whom to press first, from the JSON of `noroshi rate press` or of a brief."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from noroshi.errors import Fault, InputError
from noroshi.respond.press_list import ToPress

__all__ = ["load_press_list"]

EXPECTED = "what `noroshi rate press --json` or `noroshi brief --json` prints"
STDIN = "-"


class Rows(msgspec.Struct):
    """What is read of either."""

    press_first: tuple[ToPress, ...]


def load_press_list(path: str | Path) -> tuple[ToPress, ...]:
    """Return the rows of a press list in its order; InputError where there is none. "-": from standard input."""
    where = "standard input" if str(path) == STDIN else str(path)
    try:
        data = sys.stdin.buffer.read() if str(path) == STDIN else Path(path).read_bytes()
        return msgspec.json.decode(data, type=Rows).press_first
    except OSError as error:
        found, code, remedy = error.strerror or str(error), "missing-file", "correct the path"
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        found, code, remedy = str(error), "bad-press-list", "take the file as it was made"
    raise InputError([Fault(code, file=where, found=found, expected=EXPECTED, remedy=remedy)])
