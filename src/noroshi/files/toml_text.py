"""A TOML file that is read block by block: every fault is noted with the line that it stands on."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from noroshi.errors import Fault, InputError

__all__ = ["Block", "TomlText", "is_number", "read_toml"]

LARGEST_BYTES = 20_000_000
HEADER = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
KEY = re.compile(r"""^\s*["']?([A-Za-z0-9_-]+)["']?\s*[.=]""")
LINE = re.compile(r"\(at line (\d+)")


@dataclass(frozen=True, slots=True)
class TomlText:
    """A TOML file that was read: where it is, its values, its lines, and the faults found so far."""

    path: str
    table: dict[str, Any]
    lines: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list)

    def top(self) -> Block:
        """Return the block of the keys above all headers."""
        return Block(self, self.table)

    def blocks(self, array: str) -> list[Block]:
        """Return the blocks `[[array]]`; a fault, and none, if the key holds anything else."""
        rows = self.table.get(array, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return [Block(self, row, array, index) for index, row in enumerate(rows)]
        self.top().fault(array, repr(rows)[:80], f"one [[{array}]] block each",
                         f"write [[{array}]] in double brackets above each block", "bad-toml")  # fmt: skip
        return []

    def row(self, key: str, array: str = "", index: int = 0) -> int | None:
        """Return the line (from 1) of `key` at the top level, or in the `index`-th `[[array]]`; None if not found.

        Where the block is there but the key is not, it is the line of the block's header.
        """
        block, seen, header = "", -1, None
        for number, line in enumerate(self.lines, start=1):
            match = HEADER.match(line)
            if match:
                block = match[1]
                seen += block == array
                header = number if block == array and seen == index else header
                continue
            inside = block == array and (not array or seen == index)
            found = KEY.match(line) if inside else None
            if found and found[1] == key:
                return number
        return header

    def raise_faults(self) -> None:
        """Raise InputError with every fault if there is one."""
        if self.faults:
            raise InputError(sorted(self.faults, key=lambda fault: fault.row or 0))


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a TOML file: its values, and where it stands."""

    text: TomlText
    values: dict[str, Any]
    array: str = ""
    index: int = 0

    def fault(self, key: str, found: str, expected: str, remedy: str, code: str) -> None:
        """Note a fault in the value of `key`."""
        row = self.text.row(key, self.array, self.index)
        self.text.faults.append(Fault(code, "error", self.text.path, row, key, found, expected, remedy))

    def only(self, known: tuple[str, ...], code: str) -> None:
        """Note every key that is not `known`."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                self.fault(key, f"unknown key {key}", ", ".join(known),
                           f"did you mean {near[0]}?" if near else "remove it", code)  # fmt: skip

    def words(self, key: str, default: str, code: str) -> str:
        """Return a text that is not empty, the default where it is not given or at fault."""
        value = self.values.get(key, default)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(key, repr(value), "text in quotes that is not empty", f'such as {key} = "…"', code)
        return default

    def one_of(self, key: str, choices: tuple[str, ...], code: str) -> str | None:
        """Return one of `choices`, None where it is not given or at fault."""
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value in choices):
            return value
        near = difflib.get_close_matches(str(value), choices, 1)
        self.fault(key, repr(value), "one of " + ", ".join(choices),
                   f'did you mean "{near[0]}"?' if near else "give one of these", code)  # fmt: skip
        return None

    def flag(self, key: str, code: str) -> bool:
        """Return whether something is so; what is not said is not. A fault for what is neither true nor false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, repr(value)[:40], "true or false", f"such as {key} = true", code)
        return value is True

    def hours(self, key: str, default: float, high: float) -> float:
        """Return a number from 0 to `high`, the default where it is not given or at fault."""
        value = self.values.get(key, default)
        if is_number(value) and 0.0 <= value <= high:
            return float(value)
        code = "bad-number" if not is_number(value) else "out-of-range" if math.isfinite(value) else "not-finite"
        self.fault(key, repr(value), f"a number from 0 to {high:g}", f"correct {key}, or remove it", code)
        return default


def is_number(value: object) -> bool:
    """Return whether a TOML value is a number; true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def read_toml(path: str | Path, example: str) -> TomlText:
    """Return the TOML file at `path`; InputError if it is missing, too large, not UTF-8 or not TOML (with the line).

    `example` is a line of such a file, shown as what was expected.
    """
    import tomllib

    file, name = Path(path), str(path)

    def refuse(code: str, row: int | None, found: str, expected: str, remedy: str) -> InputError:
        return InputError([Fault(code, "error", name, row, "", found, expected, remedy)])

    try:
        size = file.stat().st_size
        if size > LARGEST_BYTES:
            raise refuse("too-many", None, f"{size:,} bytes", f"at most {LARGEST_BYTES:,} bytes", "give a smaller file")
        data = file.read_bytes()
    except OSError as error:
        said = error.strerror or ""
        raise refuse("missing-file", None, said, "a TOML file that can be read", "correct the path") from None
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        found = repr(data[error.start : error.start + 4])
        raise refuse("bad-encoding", row, found, "UTF-8 text", "save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        at = LINE.search(str(error))
        row = int(at[1]) if at else text.count("\n") + 1
        raise refuse("bad-toml", row, str(error), f"TOML such as: {example}", "correct this line") from None
    return TomlText(name, table, tuple(text.splitlines()))
