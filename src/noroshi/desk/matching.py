"""Finds indicators in an operator's own logs; what was found stays in the house, but for sightings one may share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.files.log_lines import Shape, event_time, fields_of, scannable
from noroshi.files.logs import Log, Piece, pieces
from noroshi.share.matching.atoms import anchors
from noroshi.share.matching.exact import Seen, seen_in, valid_at
from noroshi.share.matching.index import Index, build, candidates
from noroshi.share.matching.indicators import ALWAYS, About, Indicators
from noroshi.share.matching.observing import observables
from noroshi.share.matching.pattern_match import Observed, batch, matcher
from noroshi.share.matching.streams import Stream

if TYPE_CHECKING:
    from noroshi.share.matching.warninglists import Warninglists

__all__ = ["Hit", "Search", "prepared", "search"]

AT_ONCE = 2048
"""Lines that patterns which are asked of every line are asked of together."""


class Hit(msgspec.Struct, frozen=True, omit_defaults=False):
    """One indicator in one field of one line. `value` is what stood there, `indicator` what was looked for.

    time: when the line says it happened, null if it does not. lines: all lines of a match of several.
    benign: the warninglists that the value is on.
    """

    file: str
    line: int
    field: str
    value: str
    kind: str
    indicator: str
    id: str
    name: str
    marking: str
    valid_from: str | None
    valid_until: str | None
    time: str | None
    lines: tuple[int, ...] = ()
    benign: tuple[str, ...] = ()


@dataclass(slots=True)
class Search:
    """A search under way: the index, patterns, and counts that grow as logs are read."""

    indicators: Indicators
    index: Index
    rows: int
    streams: tuple[Stream, ...]
    of_anchor: dict[int, int]
    everywhere: tuple[int, ...]
    lines: int = 0
    bytes: int = 0
    hits: int = 0
    dropped: int = 0
    logs: list[Log] = field(default_factory=list)


def prepared(indicators: Indicators, *, parents: bool = True) -> Search:
    """Return a search for `indicators`, to which what leads to their compound patterns is added.

    `parents`: a domain is found in each name under it.
    """
    rows = len(indicators)
    of_anchor: dict[int, int] = {}
    everywhere: list[int] = []
    refused = indicators.refused
    for n, (tree, _) in enumerate(indicators.patterns):
        words = anchors(tree)
        before = len(indicators)
        if words is None or not all([indicators.add(*word) for word in words]):  # noqa: C419  add each
            everywhere.append(n)
        of_anchor.update(dict.fromkeys(range(before, len(indicators)), n))
    indicators.refused = refused
    streams = tuple(Stream(matcher(tree), about) for tree, about in indicators.patterns)
    return Search(indicators, build(indicators, parents=parents), rows, streams, of_anchor, tuple(everywhere))


def search(  # noqa: PLR0913  what a person may choose
    work: Search, logs: Sequence[Log], *, now: datetime, benign: Warninglists | None = None, drop: bool = False,
    said: Callable[[Search], None] | None = None, standard_input: IO[bytes] | None = None,
) -> Iterator[Hit]:  # fmt: skip
    """Yield every hit in the logs, in the order of their lines; `said` is called after each piece.

    benign: known benign values, which are told of a hit or, with `drop`, drop it. Faults of a log are in the log.
    InputError where one cannot be read at all.
    """
    for log in logs:
        work.logs.append(log)
        for piece in pieces(log, standard_input=standard_input):
            for hit in of_piece(work, log, piece, now):
                told = hit if benign is None else with_benign(hit, benign)
                if drop and told.benign:
                    work.dropped += 1
                    continue
                work.hits += 1
                yield told
            work.bytes += len(piece.data)
            if said is not None:
                said(work)


def with_benign(hit: Hit, benign: Warninglists) -> Hit:
    """Return the hit with the names of the warninglists that its value is on."""
    names = benign.names(hit.value) if hit.kind == "net" else benign.names(hit.indicator, hit.kind)
    return msgspec.structs.replace(hit, benign=names) if names else hit


def of_piece(work: Search, log: Log, piece: Piece, now: datetime) -> Iterator[Hit]:
    """Yield the hits of one piece of a log."""
    data = scannable(piece.data, piece.shape)
    found = candidates(work.index, data)
    work.lines += found.lines
    for line, _ in found.crowded:
        log.fault("more hosts and paths of URLs than are looked at", "a line of a log",
                  "some of its URLs were left out", piece.line + line)  # fmt: skip
    split = None if data is piece.data and not work.everywhere else piece.data.split(b"\n")
    wanted = {at[0]: rows for at, rows in found.found.items()}
    starts = dict(list(found.found))
    if work.everywhere and split is not None:
        wanted = {line: wanted.get(line, set()) for line in range(found.lines)}
    header = piece.shape.format == "csv" and piece.line == 1
    lines = [line for line in wanted if not (header and line == 0)]
    for start in range(0, len(lines), AT_ONCE):
        some = [
            line_of(work, piece.line + line, split[line] if split is not None else one_line(piece.data, starts[line]),
                    piece.shape, wanted[line], now)
            for line in lines[start : start + AT_ONCE]
        ]  # fmt: skip
        everywhere = passed_everywhere(work, some)
        for k, one in enumerate(some):
            yield from of_line(work, log, one, everywhere.get(k, {}))


def one_line(data: bytes, start: int) -> bytes:
    """Return the line that starts there."""
    end = data.find(b"\n", start)
    return data[start:end] if end >= 0 else data[start:]


class Line(NamedTuple):
    """A line that is looked at: number, fields, time, rows of values that may be in it, patterns that it may be of."""

    number: int
    fields: list[tuple[str, str]]
    time: int | None
    rows: list[int]
    asked: set[int]
    objects: dict[str, dict[str, Any]]


def line_of(  # noqa: PLR0913  all that is known of a line
    work: Search, number: int, raw: bytes, shape: Shape, rows: set[int], now: datetime
) -> Line:
    """Return a line as it is looked at."""
    fields = fields_of(raw, shape)
    asked = {work.of_anchor[row] for row in rows if row >= work.rows}
    objects = observables(fields) if asked or work.everywhere else {}
    return Line(number, fields, event_time(fields, now), [row for row in rows if row < work.rows], asked, objects)


def passed_everywhere(work: Search, lines: list[Line]) -> dict[int, dict[int, list[bool]]]:
    """Return by the place of a line which tests of patterns that are asked of every line it passes, if any."""
    found: dict[int, dict[int, list[bool]]] = {}
    if work.everywhere:
        given = batch([Observed(line.objects, 0, 0) for line in lines])
        for n in work.everywhere:
            brackets = work.streams[n].matcher.brackets
            for k, bracket in enumerate(brackets):
                for place in bracket.passing(given):
                    found.setdefault(place, {}).setdefault(n, [False] * len(brackets))[k] = True
    return found


def of_line(work: Search, log: Log, line: Line, everywhere: dict[int, list[bool]]) -> Iterator[Hit]:
    """Yield the hits of one line. everywhere: tests that it passes of patterns that are asked of every line."""
    known, time = work.indicators, line.time
    for seen in seen_in(known, line.rows, line.fields, parents=work.index.parents) if line.rows else ():
        if valid_at(known, seen.row, time):
            kind, value, about = known.kinds[seen.row], known.values[seen.row], known.about[seen.row]
            yield hit_of(log.name, line.number, seen, kind, value, about, time)
    for n in sorted(line.asked | everywhere.keys()) if line.objects else ():
        stream = work.streams[n]
        if time is not None and not stream.about.since <= time < stream.about.until:
            continue
        passed = everywhere.get(n) or [bracket.passes(line.objects) for bracket in stream.matcher.brackets]
        lines = stream.taken(passed, line.number if time is None else time, line.number)
        if lines:
            shown = Seen(-1, "", " ".join(str(one) for one in lines) if len(lines) > 1 else "")
            told = hit_of(log.name, line.number, shown, "pattern", "", stream.about, time)
            yield msgspec.structs.replace(told, lines=lines)


def hit_of(  # noqa: PLR0913  all that is known of a line
    file: str, line: int, seen: Seen, kind: str, value: str, about: About, time: int | None
) -> Hit:
    """Return a hit as it is told."""
    since = None if about.since == ALWAYS[0] else stamp(about.since)
    until = None if about.until == ALWAYS[1] else stamp(about.until)
    shown = None if time is None else stamp(time)
    return Hit(file, line, seen.field, seen.value, kind, value, about.id or indicator_id(kind, value), about.name,
               about.marking, since, until, shown)  # fmt: skip


def stamp(micro: int) -> str | None:
    """Return microseconds since 1970 as a STIX timestamp; None for years that none can have."""
    from datetime import timedelta

    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
    except OverflowError:
        return None
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def indicator_id(kind: str, value: str) -> str:
    """Return the id of an indicator that came without one: the same for the same value everywhere."""
    from uuid import UUID, uuid5

    return f"indicator--{uuid5(UUID('9e4b1c52-6a0f-5d39-8a5d-0c6f0f6f7a11'), f'{kind}:{value}')}"
