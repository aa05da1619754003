"""A pattern's test over many observations at once: what each comparison leaves of them, what leaves least first.

Objects are kept by their type, and on the first question about what lies at a path of a type by the values there: a
comparison is then asked once of each value, and equality not even that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from noroshi.share.matching.pattern_test import Holds, Objects, Path, Predicates, compiled, plain, reached
from noroshi.share.matching.pattern_tree import Comparison, Test

__all__ = ["Batch", "Finder", "Observed", "batch", "finder"]

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


class Rows(NamedTuple):
    """The objects of a type, one a row, and the place of the observation of each."""

    places: list[int]
    objects: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """The rows of a type by what lies at a path of their objects; `others`: those where it is no text or number."""

    by_value: dict[Any, list[int]]
    others: list[tuple[Any, int]]

    def passing(self, holds: Holds) -> list[int]:
        """Return the rows of which a value passes; some may come twice."""
        found = [row for value, rows in self.by_value.items() if holds(value) for row in rows]
        return found + [row for value, row in self.others if holds(value)] if self.others else found


@dataclass(frozen=True, slots=True)
class Batch:
    """Observations, ready to be asked of by many patterns.

    firsts, lasts: when each was seen. several: whether any was seen more than once. columns: made when first asked for.
    """

    observed: Sequence[Observed]
    by_type: dict[object, Rows]
    firsts: list[int]
    lasts: list[int]
    several: bool
    columns: dict[tuple[str, Path], Column] = field(default_factory=dict)

    def rows(self, kind: str) -> Rows:
        """Return the objects of a type."""
        return self.by_type.get(kind) or Rows([], [])

    def column(self, kind: str, path: Path) -> Column:
        """Return the objects of a type by what lies at a path."""
        found = self.columns.get((kind, path))
        if found is None:
            found = self.columns[kind, path] = column_of(self.rows(kind), path, self.observed)
        return found


Finder = Callable[[Batch], list[int]]


def batch(observed: Sequence[Observed]) -> Batch:
    """Return observations ready to be asked of by many patterns."""
    by_type: dict[object, Rows] = {}
    for place, seen in enumerate(observed):
        for one in seen.objects.values():
            kind = one.get("type")
            if type(kind) is str:
                places, objects = by_type.get(kind) or by_type.setdefault(kind, Rows([], []))
                places.append(place)
                objects.append(one)
    return Batch(
        observed, by_type, [one.first for one in observed], [one.last for one in observed],
        any([one.times != 1 for one in observed]),  # noqa: C419  faster than a generator
    )  # fmt: skip


def column_of(given: Rows, path: Path, observed: Sequence[Observed]) -> Column:
    """Return rows by what lies at a path of their objects: more than once where several values do."""
    by_value: dict[Any, list[int]] = {}
    others: list[tuple[Any, int]] = []
    names = plain(path)
    if names is not None and len(names) == 1:
        (name,) = names
        pairs: Iterable[tuple[Any, int]] = ((one[name], row) for row, one in enumerate(given.objects) if name in one)
    else:
        pairs = (
            (value, row)
            for row, (place, one) in enumerate(zip(*given, strict=True))
            for value in reached(one, path, observed[place].objects)
        )
    for value, row in pairs:
        if type(value) in SCALARS:
            if value in by_value:
                by_value[value].append(row)
            else:
                by_value[value] = [row]
        else:
            others.append((value, row))
    return Column(by_value, others)


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

    def found(given: Batch) -> list[int]:
        rows = find(given)
        places, objects = given.rows(kind)
        for check in checks:
            rows = [row for row in rows if check(objects[row], given.observed[places[row]].objects)]
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
