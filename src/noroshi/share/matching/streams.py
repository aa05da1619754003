"""Compound patterns over the lines of logs as they come: what was seen is kept until a pattern is complete."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from noroshi.share.matching.pattern_match import Matcher, Observed, TooManyError

if TYPE_CHECKING:
    from noroshi.share.matching.indicators import About

__all__ = ["KEPT", "Stream"]

KEPT = 256
"""Observations that are kept for each pattern of more than one: the latest."""


@dataclass(slots=True)
class Stream:
    """One compound pattern and what of it was seen so far; `given_up`: too many combinations had to be tried."""

    matcher: Matcher
    about: About
    kept: deque[tuple[Observed, int, frozenset[int]]] = field(default_factory=lambda: deque(maxlen=KEPT))
    given_up: bool = False

    def seen(self, objects: dict[str, dict[str, Any]], time: int, line: int) -> tuple[int, ...]:
        """Take the observables of a line; return the lines that now match together, () if none do.

        Each observation counts for one match only, so that a pattern is told once each time it is complete.
        """
        tests = self.matcher.tests
        passed = frozenset(k for k, test in enumerate(tests) if test(objects))
        if not passed:
            return ()
        if self.matcher.single:
            return (line,)
        self.kept.append((Observed({}, time, time), line, passed))
        lists = [[n for n, (_, _, some) in enumerate(self.kept) if k in some] for k in range(len(tests))]
        try:
            found = self.matcher.among([one for one, _, _ in self.kept], lists)
        except TooManyError:
            self.given_up = True
            return ()
        if found is None:
            return ()
        lines = tuple(sorted(self.kept[n][1] for n in found))
        rest = [one for n, one in enumerate(self.kept) if n not in found]
        self.kept.clear()
        self.kept.extend(rest)
        return lines
