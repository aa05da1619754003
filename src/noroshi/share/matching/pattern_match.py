"""Whole STIX patterns over observations: which observations together are what a pattern describes (section 9.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from noroshi.share.matching.pattern_join import MOST_STEPS, Binding, Joins, TooManyError
from noroshi.share.matching.pattern_sift import Batch, Finder, Observed, batch, finder
from noroshi.share.matching.pattern_test import Check, Objects, compiled, predicates
from noroshi.share.matching.pattern_tree import Comparison, Observation, Pattern, Qualified, Test

__all__ = ["MOST_STEPS", "Batch", "Bracket", "Matcher", "Observed", "TooManyError", "batch", "matcher"]


@dataclass(frozen=True, slots=True)
class Bracket:
    """One pair of square brackets, for each type of objects that can pass: what finds those, and a function of one."""

    finders: tuple[tuple[str, Finder], ...]
    checks: dict[object, Check]

    def passes(self, objects: Objects) -> bool:
        """Say whether one of the objects of an observation passes."""
        for one in objects.values():
            kind = one.get("type")
            check = self.checks.get(kind) if type(kind) is str else None
            if check is not None and check(one, objects):
                return True
        return False

    def passing(self, given: Batch) -> list[int]:
        """Return the places of the observations with an object that passes, in their order, each once."""
        found: list[int] = []
        for kind, find in self.finders:
            places = given.rows(kind).places
            found += [places[row] for row in find(given)]
        return sorted(set(found)) if len(found) > 1 else found


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled pattern, and what stands in its square brackets, in their order."""

    brackets: tuple[Bracket, ...]
    tree: Pattern

    @property
    def tests(self) -> tuple[Callable[[Objects], bool], ...]:
        """One function of the objects of an observation for each pair of square brackets."""
        return tuple(bracket.passes for bracket in self.brackets)

    @property
    def single(self) -> bool:
        """Whether one observation alone decides."""
        return isinstance(self.tree, Observation)

    def match(self, observed: Sequence[Observed] | Batch) -> Binding | None:
        """Return the places of observations that match together, None if there are none.

        TooManyError where more than `MOST_STEPS` combinations would have to be tried.
        """
        given = observed if isinstance(observed, Batch) else batch(observed)
        passed = [bracket.passing(given) for bracket in self.brackets]
        if self.single:
            return tuple(passed[0][:1]) or None
        if not any(passed):
            return None
        if not given.several:
            return next(Joins(given.firsts, given.lasts, passed).whole(self.tree), None)
        return self.of_several(given.observed, passed)

    def of_several(self, observed: Sequence[Observed], passed: list[list[int]]) -> Binding | None:
        """Return the same where an observation that was seen several times counts as so many."""
        spread: list[int] = []
        of: dict[int, range] = {}
        for k in sorted({k for some in passed for k in some}):
            of[k] = range(len(spread), len(spread) + observed[k].times)
            spread += [k] * observed[k].times
        lists = [[n for k in some for n in of[k]] for some in passed]
        joins = Joins([observed[k].first for k in spread], [observed[k].last for k in spread], lists)
        found = next(joins.whole(self.tree), None)
        return None if found is None else tuple(dict.fromkeys(spread[n] for n in found))


def matcher(tree: Pattern) -> Matcher:
    """Return the compiled pattern. PatternError where a comparison cannot be compiled."""
    return Matcher(tuple(bracket(test) for test in tests_of(tree)), tree)


def tests_of(tree: Pattern) -> list[Test]:
    """Return what stands in each pair of square brackets, from left to right."""
    if isinstance(tree, Observation):
        return [tree.test]
    if isinstance(tree, Qualified):
        return tests_of(tree.part)
    return tests_of(tree.left) + tests_of(tree.right)


def bracket(test: Test) -> Bracket:
    """Return a compiled test."""
    known = predicates(test)
    kinds = types_of(test)
    finders = [(kind, find) for kind in kinds if (find := finder(test, kind, known)) is not None]
    checks: dict[object, Check] = {}
    for kind in kinds:
        check = compiled(test, kind, known)
        if check is not None:
            checks[kind] = check
    return Bracket(tuple(finders), checks)


def types_of(test: Test) -> tuple[str, ...]:
    """Return the types of objects that a test speaks of."""
    if isinstance(test, Comparison):
        return (test.type,)
    return tuple(dict.fromkeys(kind for part in test.parts for kind in types_of(part)))
