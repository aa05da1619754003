"""Reads logs in pieces of whole lines: plain, gzip and zstandard, files and standard input; faults do not stop it."""

from __future__ import annotations

import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from noroshi.errors import Fault, InputError
from noroshi.files.log_lines import Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LONGEST_LINE", "PIECE", "Log", "Piece", "pieces"]

PIECE = 1 << 21
"""Bytes that are looked at in one go."""
LONGEST_LINE = 1 << 24
"""Longer lines are left out, and said so."""
MAGIC_GZIP, MAGIC_ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
GZIP = 31
CODE = "bad-log"


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of a log: their bytes, the number of the first (from 1), and how to read them."""

    data: bytes
    line: int
    shape: Shape


@dataclass(slots=True)
class Log:
    """One log: its name and faults, which grow as it is read; the format, if it is known."""

    name: str
    format: str = ""
    faults: list[Fault] = field(default_factory=list)

    def fault(self, found: str, expected: str, remedy: str, row: int | None = None) -> None:
        """Note what is wrong with it and go on."""
        self.faults.append(Fault(CODE, "warning", self.name, row, "", found, expected, remedy))


def pieces(log: Log, *, standard_input: IO[bytes] | None = None) -> Iterator[Piece]:
    """Yield the log in pieces of whole lines; `-` is standard input.

    A compressed file that ends early or is damaged is read as far as it goes, which is noted in `log.faults`.
    InputError only where the file cannot be read at all.
    """
    if log.name == "-":
        yield from whole_lines(log, raw_chunks(log, standard_input or sys.stdin.buffer))
        return
    try:
        with Path(log.name).open("rb") as source:
            yield from whole_lines(log, raw_chunks(log, source))
    except OSError as error:
        fault = Fault("missing-file" if isinstance(error, FileNotFoundError) else CODE, file=log.name,
                      found=error.strerror or str(error), expected="a log file that may be read",
                      remedy="correct the name or its permissions")  # fmt: skip
        raise InputError([fault]) from None


def raw_chunks(log: Log, source: IO[bytes]) -> Iterator[bytes]:
    """Yield what is in `source`, decompressed; the first bytes tell how, not the name."""
    read = getattr(source, "read1", source.read)
    first = read(PIECE)
    while first and len(first) < len(MAGIC_ZSTD) and (more := read(PIECE)):
        first += more
    if first.startswith(MAGIC_GZIP):
        yield from unpacked_gzip(log, source, first)
    elif first.startswith(MAGIC_ZSTD):
        yield from unpacked_zstd(log, source, first)
    else:
        while first:
            yield first
            first = read(PIECE)


def unpacked_gzip(log: Log, source: IO[bytes], data: bytes) -> Iterator[bytes]:
    """Yield what a gzip file of one or more members holds."""
    machine = zlib.decompressobj(GZIP)
    try:
        while data:
            out = machine.decompress(data, PIECE)
            if out:
                yield out
            data = machine.unconsumed_tail
            if machine.eof:
                data = machine.unused_data.lstrip(b"\0") or source.read(PIECE).lstrip(b"\0")
                if data:
                    machine = zlib.decompressobj(GZIP)
            elif not data:
                data = source.read(PIECE)
        if not machine.eof:
            log.fault("the gzip data end early", "a complete gzip file", "what is there was read; fetch the file again")
    except zlib.error as error:
        log.fault(f"damaged gzip data ({error})", "a complete gzip file", "the rest was not read; fetch the file again")


def unpacked_zstd(log: Log, source: IO[bytes], data: bytes) -> Iterator[bytes]:
    """Yield what a zstandard file of one or more frames holds."""
    import zstandard

    class Again:
        """The first bytes and then the rest: a class, since the reader asks for an object with `read`."""

        def __init__(self) -> None:
            self.first = data

        def read(self, size: int = -1) -> bytes:
            """Return up to `size` bytes."""
            if self.first:
                out, self.first = self.first[:size], self.first[size:]
                return out
            return source.read(size)

    machine = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    try:
        with machine.stream_reader(Again(), read_across_frames=True) as reader:  # type: ignore[arg-type]  # it reads
            while out := reader.read(PIECE):
                yield out
    except zstandard.ZstdError as error:
        log.fault(f"damaged zstandard data ({error})", "a complete zstandard file",
                  "the rest was not read; fetch the file again")  # fmt: skip


def whole_lines(log: Log, chunks: Iterator[bytes]) -> Iterator[Piece]:
    """Yield pieces of whole lines; the last may lack its end of line."""
    rest: list[bytes] = []
    size, line, shape, skipping = 0, 1, None, False
    for given in chunks:
        chunk = given
        cut = chunk.rfind(b"\n") + 1
        if skipping:  # the rest of a line that is too long
            end = chunk.find(b"\n")
            if end < 0:
                continue
            chunk, cut, skipping, line = chunk[end + 1 :], cut - end - 1, False, line + 1
        if not cut:
            rest.append(chunk)
            size += len(chunk)
            if size > LONGEST_LINE:
                log.fault(f"a line longer than {LONGEST_LINE:,} bytes", "lines of a log",
                          "it was left out; is this a log?", line)  # fmt: skip
                rest, size, skipping = [], 0, True
            continue
        data = b"".join((*rest, chunk[:cut]))
        rest, size = [chunk[cut:]], len(chunk) - cut
        shape = shape or seen_shape(log, data)
        yield Piece(data, line, shape)
        line += data.count(b"\n")
    last = b"".join(rest)
    if last:
        yield Piece(last, line, shape or seen_shape(log, last))


def seen_shape(log: Log, data: bytes) -> Shape:
    """Return how to read the log by its first piece; what looks like no text at all is noted."""
    if b"\0" in data[:PIECE]:
        log.fault(
            "bytes that no text has (NUL)", "a log of lines of text", "it was searched all the same; is it a log?"
        )
    return shape_of(data[: 1 << 16], log.name, log.format)
