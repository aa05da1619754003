"""Compound patterns over the lines of logs as they come: what was seen is kept until a pattern is complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from noroshi.share.matching.pattern_join import Joins, TooManyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.share.matching.indicators import About
    from noroshi.share.matching.pattern_match import Matcher

__all__ = ["KEPT", "Stream"]

KEPT = 256
"""Observations that are kept for each pattern of more than one: the latest."""


@dataclass(slots=True)
class Stream:
    """One compound pattern and what of it was seen so far; `given_up`: too many combinations had to be tried.

    times, lines: of each observation that is kept, by its number. passed: for each test those that passed it.
    """

    matcher: Matcher
    about: About
    times: dict[int, int] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    passed: tuple[dict[int, None], ...] = ()
    count: int = 0
    given_up: bool = False

    def taken(self, passed: Sequence[bool], time: int, line: int) -> tuple[int, ...]:
        """Take a line, by which tests its observables pass; return the lines that now match together, () if none do.

        Each observation counts for one match only, so that a pattern is told once each time it is complete.
        """
        if not any(passed):
            return ()
        if self.matcher.single:
            return (line,)
        if not self.passed:
            self.passed = tuple({} for _ in passed)
        self.count += 1
        self.times[self.count], self.lines[self.count] = time, line
        for some, one in zip(self.passed, passed, strict=True):
            if one:
                some[self.count] = None
        if len(self.times) > KEPT:
            self.forget((next(iter(self.times)),))
        try:
            joins = Joins(self.times, self.times, [list(some) for some in self.passed])
            found = next(joins.whole(self.matcher.tree), None)
        except TooManyError:
            self.given_up = True
            return ()
        if found is None:
            return ()
        lines = tuple(sorted(self.lines[n] for n in found))
        self.forget(found)
        return lines

    def forget(self, numbers: tuple[int, ...]) -> None:
        """Keep some observations no longer."""
        for n in numbers:
            del self.times[n], self.lines[n]
            for some in self.passed:
                some.pop(n, None)
