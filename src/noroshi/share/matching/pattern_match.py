"""Whole STIX patterns over observations: which observations together are what a pattern describes (section 9.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from noroshi.share.matching.pattern_test import Check, Objects, compiled
from noroshi.share.matching.pattern_tree import Comparison, Joined, Observation, Pattern, Qualified, Test, Timespan

__all__ = ["MOST_STEPS", "Batch", "Matcher", "Observed", "TooManyError", "batch", "matcher"]

Binding = tuple[int, ...]
MOST_STEPS = 100_000
"""Combinations of observations that are tried for one pattern; beyond, it counts as not matched, and says so."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One observation: its objects by id, when it was first and last seen (microseconds since 1970), how often."""

    objects: Objects
    first: int
    last: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Observations with their objects by type, so that a pattern looks at those alone that it can be true of."""

    observed: tuple[Observed, ...]
    by_type: dict[str, list[tuple[int, Mapping[str, Any], Objects]]]

    def passing(self, types: tuple[str, ...], check: Check) -> list[int]:
        """Return the places of the observations with an object that passes, in their order, each once."""
        found = [
            place
            for kind in types
            if kind in self.by_type
            for place, one, among in self.by_type[kind]
            if check(one, among)
        ]
        return sorted(set(found)) if len(found) > 1 else found


def batch(observed: Sequence[Observed]) -> Batch:
    """Return observations ready to be asked of by many patterns."""
    by_type: dict[str, list[tuple[int, Mapping[str, Any], Objects]]] = {}
    for place, seen in enumerate(observed):
        for one in seen.objects.values():
            by_type.setdefault(str(one.get("type")), []).append((place, one, seen.objects))
    return Batch(tuple(observed), by_type)


def types_of(test: Test) -> tuple[str, ...]:
    """Return the types of objects that a test can be true of."""
    if isinstance(test, Comparison):
        return (test.type,)
    some = [set(types_of(part)) for part in test.parts]
    return tuple(sorted(set.intersection(*some) if test.operator == "AND" else set.union(*some)))


class TooManyError(RuntimeError):
    """A pattern would need more combinations tried than `MOST_STEPS`."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled pattern. tests: one function per pair of square brackets, in their order.

    checks: the same for one object, each with the types of objects that it can be true of.
    """

    tests: tuple[Callable[[Objects], bool], ...]
    tree: Pattern
    checks: tuple[tuple[tuple[str, ...], Check], ...]

    @property
    def single(self) -> bool:
        """Whether one observation alone decides."""
        return isinstance(self.tree, Observation)

    def match(self, observed: Sequence[Observed] | Batch) -> Binding | None:
        """Return the places of observations that match together, None if there are none.

        TooManyError where more than `MOST_STEPS` combinations would have to be tried.
        """
        given = observed if isinstance(observed, Batch) else batch(observed)
        passed = [given.passing(types, check) for types, check in self.checks]
        if self.single:
            return (passed[0][0],) if passed[0] else None
        return self.among(given.observed, passed) if any(passed) else None

    def among(self, observed: Sequence[Observed], passed: Sequence[Sequence[int]]) -> Binding | None:
        """Return the same, given which observations pass each test."""
        spread: list[tuple[int, Observed]] = []
        of: dict[int, list[int]] = {}
        for k in sorted({k for some in passed for k in some}):
            one = observed[k]
            of[k] = list(range(len(spread), len(spread) + one.times))
            spread += [(k, one)] * one.times
        lists = [[n for k in some for n in of[k]] for some in passed]
        found = next(_Search(spread, lists).whole(self.tree), None)
        return None if found is None else tuple(dict.fromkeys(spread[n][0] for n in found))


def matcher(tree: Pattern) -> Matcher:
    """Return the compiled pattern. PatternError where a comparison cannot be compiled."""
    tests: list[Callable[[Objects], bool]] = []
    checks: list[tuple[tuple[str, ...], Check]] = []
    gathered(tree, tests, checks)
    return Matcher(tuple(tests), tree, tuple(checks))


def gathered(
    tree: Pattern, tests: list[Callable[[Objects], bool]], checks: list[tuple[tuple[str, ...], Check]]
) -> None:
    """Add the test of each pair of square brackets, from left to right."""
    if isinstance(tree, Observation):
        check = compiled(tree.test)
        checks.append((types_of(tree.test), check))
        tests.append(lambda objects: any(check(one, objects) for one in objects.values()))
    elif isinstance(tree, Joined):
        gathered(tree.left, tests, checks)
        gathered(tree.right, tests, checks)
    else:
        gathered(tree.part, tests, checks)


class _Search:
    """Bindings one after the other: a class, since all share the count of what was tried."""

    def __init__(self, observed: Sequence[tuple[int, Observed]], passed: Sequence[Sequence[int]]) -> None:
        """Take the observations, and which of them pass each test."""
        self.observed, self.passed, self.steps = observed, passed, 0

    def of(self, tree: Pattern, at: list[int]) -> Iterator[Binding]:
        """Return the bindings of a part; `at`: the place of the next test."""
        if isinstance(tree, Observation):
            at[0] += 1
            return iter([(k,) for k in self.passed[at[0] - 1]])
        if isinstance(tree, Qualified):
            return self.qualified(self.of(tree.part, at), tree.by)
        left = self.of(tree.left, at)
        right = self.of(tree.right, at)
        if tree.operator == "OR":
            return (binding for side in (left, right) for binding in side)
        return self.pairs(left, right, ordered=tree.operator == "FOLLOWEDBY")

    def whole(self, tree: Pattern) -> Iterator[Binding]:
        """Return the bindings of the whole pattern; those of `[…] REPEATS n TIMES WITHIN m SECONDS` by one pass."""
        if isinstance(tree, Qualified) and isinstance(tree.by, float):
            part = tree.part
            if isinstance(part, Qualified) and isinstance(part.by, int) and isinstance(part.part, Observation):
                return self.windows(part.by, tree.by)
        return self.of(tree, [0])

    def windows(self, times: int, duration: float) -> Iterator[Binding]:
        """Yield, for each end of an observation, `times` that can have been seen from then on within a duration."""
        passed = sorted(self.passed[0], key=lambda k: self.observed[k][1].first)
        for end in sorted({self.observed[k][1].last for k in passed}):
            some = [k for k in passed if self.observed[k][1].last >= end]
            some = [k for k in some if self.observed[k][1].first <= end + duration]
            if len(some) >= times:
                yield tuple(some[:times])

    def step(self) -> None:
        """Count what is tried."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManyError

    def pairs(self, left: Iterator[Binding], right: Iterator[Binding], *, ordered: bool) -> Iterator[Binding]:
        """Yield pairs without a common observation; `ordered`: the right ones can have been seen after."""
        seconds = list(right)
        for one in left:
            begun = max(self.observed[k][1].first for k in one)
            for two in seconds:
                self.step()
                if ordered and begun > min(self.observed[k][1].last for k in two):
                    continue
                if not set(one) & set(two):
                    yield one + two

    def qualified(self, found: Iterator[Binding], by: float | Timespan) -> Iterator[Binding]:
        """Yield what of `found` meets a qualifier."""
        if isinstance(by, Timespan):
            yield from (one for one in found if self.in_span(one, by))
        elif isinstance(by, int):
            yield from found if by == 1 else self.repeated(list(found), by)
        else:
            yield from (one for one in found if self.within(one, by))

    def repeated(self, found: list[Binding], times: int) -> Iterator[Binding]:
        """Yield `times` bindings without a common observation, as one."""
        if all(len(one) == 1 for one in found):
            for some in combinations(dict.fromkeys(found), times):
                self.step()
                yield tuple(k for one in some for k in one)
            return
        yield from self.disjoint(found, times, 0, ())

    def disjoint(self, found: list[Binding], times: int, start: int, held: Binding) -> Iterator[Binding]:
        """Yield `held` with `times` more from `start` on."""
        if times == 0:
            yield held
            return
        for k in range(start, len(found)):
            self.step()
            if not set(held) & set(found[k]):
                yield from self.disjoint(found, times - 1, k + 1, held + found[k])

    def in_span(self, one: Binding, span: Timespan) -> bool:
        """Say whether every observation can have been seen in the span; its end does not belong to it."""
        if span.start >= span.stop:
            return False
        seen = (self.observed[k][1] for k in one)
        return all(o.first < span.stop and o.last >= span.start for o in seen)

    def within(self, one: Binding, duration: float) -> bool:
        """Say whether all can have been seen within a time: from the first end on."""
        seen = [self.observed[k][1] for k in one]
        return max(o.first for o in seen) <= min(o.last for o in seen) + duration
