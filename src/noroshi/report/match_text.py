"""What a search of logs tells people: a line per hit, progress, and a summary; English and Japanese."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noroshi.desk.matching import Hit, Search
    from noroshi.desk.sightings import Sightings

__all__ = ["Told"]

EVERY = 1.0
"""Seconds between two lines of progress."""
WORDS = {
    "begin": ("{rows:,} values and {patterns:,} patterns to look for", "照合する値{rows:,}件、パターン{patterns:,}件"),
    "progress": ("{lines:,} lines, {hits:,} hits, {rate:,.0f} lines/s",
                 "{lines:,}行、ヒット{hits:,}件、毎秒{rate:,.0f}行"),
    "end": ("{lines:,} lines read, {hits:,} hits, {ids:,} indicators hit, {rate:,.0f} lines/s",
            "読んだ行{lines:,}、ヒット{hits:,}件、該当した指標{ids:,}件、毎秒{rate:,.0f}行"),
    "dropped": ("{dropped:,} hits on known benign values were dropped", "既知の無害な値へのヒット{dropped:,}件を除外"),
    "benign": ("known benign: {names}", "既知の無害な値: {names}"),
}  # fmt: skip
CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), "�")


class Told:
    """What is said of one search as it goes on: a class, since progress has a clock."""

    def __init__(self, *, japanese: bool, terminal: bool) -> None:
        """Start the clock; `terminal`: standard error is one, on which progress overwrites itself."""
        self.japanese, self.terminal = int(japanese), terminal
        self.started = self.last = time.monotonic()

    def begin(self, work: Search) -> None:
        """Say what is looked for, and start the clock again: what was before it was no search."""
        self.said("begin", rows=work.rows, patterns=len(work.streams))
        self.started = self.last = time.monotonic()

    def progress(self, work: Search) -> None:
        """Say how far the search is, once a second, where a person sees it."""
        now = time.monotonic()
        if self.terminal and now - self.last >= EVERY:
            self.last = now
            self.said("progress", "\r", lines=work.lines, hits=work.hits, rate=work.lines / (now - self.started))

    def end(self, work: Search, counts: Sightings) -> None:
        """Say what came of it."""
        spent = max(time.monotonic() - self.started, 1e-9)
        self.said("end", lines=work.lines, hits=work.hits, ids=len(counts.seen), rate=work.lines / spent)
        if work.dropped:
            self.said("dropped", dropped=work.dropped)

    def said(self, what: str, end: str = "\n", **values: float | str) -> None:
        """Write to standard error."""
        sys.stderr.write(WORDS[what][self.japanese].format(**values) + end)
        sys.stderr.flush()

    def line(self, hit: Hit) -> str:
        """Return a hit as a line: place, time, value, indicator; what could move a terminal's cursor is replaced."""
        place = f"{hit.file}:{hit.line}" + (f" [{hit.field}]" if hit.field else "")
        named = " ".join(part for part in (hit.id, hit.name, hit.marking) if part)
        shown = [hit.time or "-", place, hit.kind, hit.value or hit.indicator, named]
        if hit.benign:
            shown.append(WORDS["benign"][self.japanese].format(names=", ".join(hit.benign)))
        return "  ".join(shown).translate(CONTROLS)
