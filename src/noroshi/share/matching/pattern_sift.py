"""A pattern's test over many observations at once: what each comparison leaves of them, what leaves least first.

Objects are kept by their type, and on the first question about what lies at a path of a type by the values there: a
comparison is then asked once of each value, and equality not even that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from noroshi.share.matching.pattern_test import Holds, Objects, Path, Predicates, compiled, plain, reached
from noroshi.share.matching.pattern_tree import Comparison, Test

__all__ = ["Batch", "Finder", "Observed", "batch", "finder"]

Row = tuple[int, Mapping[str, Any], Objects]
"""The place of an observation, one of its objects, and all of its objects."""
SCALARS = frozenset((str, int, float))
"""Types of values that may be kept by their value; true and false are equal to 1 and 0, and are not alike."""
COSTS = {"=": 0, "IN": 1, "<": 2, "<=": 2, ">": 2, ">=": 2, "EXISTS": 3, "LIKE": 3, "ISSUBSET": 4,
         "ISSUPERSET": 5, "MATCHES": 5, "!=": 6}  # fmt: skip
MOST = 7
"""Of what most values pass."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One observation: its objects by id, when it was first and last seen (microseconds since 1970), how often."""

    objects: Objects
    first: int
    last: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """The objects of a type by what lies at a path of theirs; `others`: those where it is no text or number."""

    by_value: dict[Any, list[Row]]
    others: list[tuple[Any, Row]]

    def passing(self, holds: Holds) -> list[Row]:
        """Return the rows of which a value passes; some may come twice."""
        found = [row for value, rows in self.by_value.items() if holds(value) for row in rows]
        return found + [row for value, row in self.others if holds(value)] if self.others else found


@dataclass(frozen=True, slots=True)
class Batch:
    """Observations, ready to be asked of by many patterns.

    firsts, lasts: when each was seen. several: whether any was seen more than once. columns: made when first asked for.
    """

    observed: Sequence[Observed]
    by_type: dict[object, list[Row]]
    firsts: list[int]
    lasts: list[int]
    several: bool
    columns: dict[tuple[str, Path], Column] = field(default_factory=dict)

    def column(self, kind: str, path: Path) -> Column:
        """Return the objects of a type by what lies at a path."""
        found = self.columns.get((kind, path))
        if found is None:
            found = self.columns[kind, path] = column_of(self.by_type.get(kind, []), path)
        return found


Finder = Callable[[Batch], list[Row]]


def batch(observed: Sequence[Observed]) -> Batch:
    """Return observations ready to be asked of by many patterns."""
    by_type: defaultdict[object, list[Row]] = defaultdict(list)
    for place, seen in enumerate(observed):
        objects = seen.objects
        for one in objects.values():
            kind = one.get("type")
            by_type[kind if type(kind) is str else None].append((place, one, objects))
    return Batch(
        observed, dict(by_type), [one.first for one in observed], [one.last for one in observed],
        any([one.times != 1 for one in observed]),  # noqa: C419  faster than a generator
    )  # fmt: skip


def column_of(rows: list[Row], path: Path) -> Column:
    """Return rows by what lies at a path of their objects: more than once where several values do."""
    by_value: defaultdict[Any, list[Row]] = defaultdict(list)
    others: list[tuple[Any, Row]] = []
    names = plain(path)
    if names is not None and len(names) == 1:
        (name,) = names
        pairs = [(row[1][name], row) for row in rows if name in row[1]]
    else:
        pairs = [(value, row) for row in rows for value in reached(row[1], path, row[2])]
    for value, row in pairs:
        if type(value) in SCALARS:
            by_value[value].append(row)
        else:
            others.append((value, row))
    return Column(dict(by_value), others)


def finder(test: Test, kind: str, known: Predicates) -> Finder | None:
    """Return a function that finds the rows of a type that pass, in any order; None if no object of it can."""
    if isinstance(test, Comparison):
        return finder_of(test, known) if test.type == kind else None
    parts = sorted(test.parts, key=cost)
    if test.operator == "OR":
        return united([one for part in parts if (one := finder(part, kind, known)) is not None])
    first = finder(parts[0], kind, known)
    checks = [check for part in parts[1:] if (check := compiled(part, kind, known)) is not None]
    if first is None or len(checks) < len(parts) - 1:
        return None
    find = first

    def found(given: Batch) -> list[Row]:
        rows = find(given)
        for check in checks:
            rows = [row for row in rows if check(row[1], row[2])]
        return rows

    return found


def cost(test: Test) -> int:
    """Return how much a test takes and leaves, roughly: what takes or leaves more comes later, for fewer rows."""
    if isinstance(test, Comparison):
        return MOST if test.negated else COSTS[test.operator]
    return sum(cost(part) for part in test.parts)


def finder_of(test: Comparison, known: Predicates) -> Finder:
    """Return the finder of one comparison."""
    kind, path, holds = test.type, test.path, known[id(test)]
    if test.operator == "=" and not test.negated and type(test.values[0]) in SCALARS and not decodes(path):
        literal = test.values[0]
        return lambda given: given.column(kind, path).by_value.get(literal, [])
    return lambda given: given.column(kind, path).passing(holds)


def decodes(path: Path) -> bool:
    """Say whether bytes may lie at a path, which equal a text that has the same."""
    return any(isinstance(step, str) and step.endswith(("_hex", "_bin")) for step in path)


def united(finders: list[Finder]) -> Finder | None:
    """Return the finder of OR."""
    if len(finders) <= 1:
        return finders[0] if finders else None
    return lambda given: [row for find in finders for row in find(given)]
