"""Which observations together are what a pattern describes, given which pass each of its tests (section 9.5).

Bindings are found one after the other. What a qualifier further out will refuse is not tried: time spans are asked of
single observations, and of a duration only those are joined that can have been seen within it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations
from math import inf

from noroshi.share.matching.pattern_tree import Joined, Observation, Pattern, Qualified, Timespan

__all__ = ["MOST_STEPS", "Binding", "Joins", "TooManyError"]

Binding = tuple[int, ...]
Times = Sequence[int] | Mapping[int, int]
"""Of each observation, by its number, when: microseconds since 1970."""
MOST_STEPS = 100_000
"""Combinations of observations that are tried for one pattern; beyond, it counts as not matched, and says so."""
ROUNDED = 1.0
"""Microseconds by which sums of times and durations are surely right."""


class TooManyError(RuntimeError):
    """A pattern would need more combinations tried than `MOST_STEPS`."""


class Joins:
    """Bindings one after the other: a class, since all share the count of what was tried."""

    def __init__(self, firsts: Times, lasts: Times, passed: Sequence[Sequence[int]]) -> None:
        """Take when each observation was first and last seen, and which of them pass each test."""
        self.firsts, self.lasts, self.passed, self.steps = firsts, lasts, passed, 0

    def whole(self, tree: Pattern) -> Iterator[Binding]:
        """Return the bindings of the whole pattern; those of `[…] REPEATS n TIMES WITHIN m SECONDS` by one pass."""
        if isinstance(tree, Qualified) and isinstance(tree.by, float):
            part = tree.part
            if isinstance(part, Qualified) and isinstance(part.by, int) and isinstance(part.part, Observation):
                return self.windows(part.by, tree.by)
        return self.of(tree, iter(self.passed), inf, ())

    def of(
        self, tree: Pattern, passed: Iterator[Sequence[int]], duration: float, spans: tuple[Timespan, ...]
    ) -> Iterator[Binding]:
        """Return the bindings of a part. duration, spans: what qualifiers further out ask of them."""
        if isinstance(tree, Observation):
            some: Sequence[int] = next(passed)
            for span in spans:
                some = [k for k in some if self.in_span(k, span)]
            return zip(some, strict=False)  # of one each
        if isinstance(tree, Joined):
            left = self.of(tree.left, passed, duration, spans)
            right = self.of(tree.right, passed, duration, spans)
            if tree.operator == "OR":
                return (binding for side in (left, right) for binding in side)
            return self.pairs(left, right, duration, ordered=tree.operator == "FOLLOWEDBY")
        return self.qualified(tree, passed, duration, spans)

    def qualified(
        self, tree: Qualified, passed: Iterator[Sequence[int]], duration: float, spans: tuple[Timespan, ...]
    ) -> Iterator[Binding]:
        """Return the bindings of a part that is qualified."""
        if isinstance(tree.by, Timespan):
            return self.of(tree.part, passed, duration, (*spans, tree.by))
        if isinstance(tree.by, int):
            found = self.of(tree.part, passed, duration, spans)
            if isinstance(tree.part, Observation) and duration == inf:
                return self.counted(combinations([k for (k,) in found], tree.by))
            return found if tree.by == 1 else self.repeated(list(found), tree.by, duration)
        shorter = min(duration, tree.by)
        return (one for one in self.of(tree.part, passed, shorter, spans) if self.within(one, shorter))

    def counted(self, found: Iterator[Binding]) -> Iterator[Binding]:
        """Yield what is found, and count it."""
        for one in found:
            self.step()
            yield one

    def step(self) -> None:
        """Count what is tried."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManyError

    def pairs(
        self, left: Iterator[Binding], right: Iterator[Binding], duration: float, *, ordered: bool
    ) -> Iterator[Binding]:
        """Yield pairs without a common observation; `ordered`: the right ones can have been seen after.

        By halving in the right ones, which are in the order of their latest beginnings; `slack` is how much later than
        their earliest ends these are at most.
        """
        firsts, lasts = self.firsts, self.lasts
        first = next(left, None)
        seconds = [] if first is None else [
            (firsts[two[0]], lasts[two[0]], two) if len(two) == 1 else (*self.bounds(two), two) for two in right
        ]  # fmt: skip
        if first is None or not seconds:
            return
        free = not ordered and duration == inf
        if not free:
            seconds.sort()
        begins = [two[0] for two in seconds]
        slack = max([end - begin for begin, end, _ in seconds])
        for one in chain((first,), left):
            begin, end = self.bounds(one)
            earliest = begin if ordered else begin - duration - ROUNDED
            from_, to = 0, len(seconds)
            if not free:
                from_, to = bisect_left(begins, earliest - slack), bisect_right(begins, end + duration + ROUNDED)
            for n in range(from_, to):
                _, last, two = seconds[n]
                self.step()
                if last >= earliest and not any([k in two for k in one]):  # noqa: C419  faster than a generator
                    yield one + two

    def bounds(self, one: Binding) -> tuple[int, int]:
        """Return the latest beginning and the earliest end of a binding's observations."""
        if len(one) == 1:
            return self.firsts[one[0]], self.lasts[one[0]]
        return max([self.firsts[k] for k in one]), min([self.lasts[k] for k in one])

    def repeated(self, found: list[Binding], times: int, duration: float) -> Iterator[Binding]:
        """Yield `times` bindings without a common observation, as one."""
        found = [*{frozenset(one): one for one in found}.values()]
        if times * min(map(len, found), default=0) > len({k for one in found for k in one}):
            return
        if duration < inf:
            found.sort(key=self.bounds)
        bounds = [self.bounds(one) for one in found]
        single = all([len(one) == 1 for one in found])  # noqa: C419  faster than a generator
        picked: list[int] = []
        held: list[tuple[Binding, float, float]] = [((), -inf, inf)]  # what is picked, its latest begin, earliest end
        n = 0
        while True:
            some, begin, end = held[-1]
            missing = times - len(picked)
            if missing == 0:
                yield some
            if missing == 0 or n > len(found) - missing or bounds[n][0] > end + duration + ROUNDED:
                if not picked:
                    return
                n = picked.pop() + 1  # none of those that follow either: they begin later
                held.pop()
                continue
            self.step()
            latest, earliest = max(begin, bounds[n][0]), min(end, bounds[n][1])
            if latest <= earliest + duration + ROUNDED and (single or set(some).isdisjoint(found[n])):
                picked.append(n)
                held.append((some + found[n], latest, earliest))
            n += 1

    def windows(self, times: int, duration: float) -> Iterator[Binding]:
        """Yield, for each end of an observation, `times` that can have been seen from then on within a duration."""
        passed = sorted(self.passed[0], key=self.firsts.__getitem__)
        begins = [self.firsts[k] for k in passed]
        ends = sorted([self.lasts[k] for k in passed])
        for gone, end in enumerate(ends):  # at least so many ended before, which all had begun
            begun = bisect_right(begins, end + duration)
            some = [k for k in passed[:begun] if self.lasts[k] >= end][:times] if begun - gone >= times else []
            if len(some) == times:
                yield tuple(some)

    def in_span(self, k: int, span: Timespan) -> bool:
        """Say whether an observation can have been seen in the span; its end does not belong to it."""
        return span.start < span.stop and self.firsts[k] < span.stop and self.lasts[k] >= span.start

    def within(self, one: Binding, duration: float) -> bool:
        """Say whether all can have been seen within a time: from the first end on."""
        begin, end = self.bounds(one)
        return begin <= end + duration
