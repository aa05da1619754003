"""Release classes of what a source sends: own markings, what containers pass on, the collection's default, in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from noroshi.desk.receiving import incoming, known_definitions
from noroshi.share.headers import Header, header
from noroshi.share.inheritance import NOTHING, Node, Passed, effective, spread
from noroshi.share.markings import UNMARKED, Marking, explained, joined
from noroshi.share.reading import check
from noroshi.share.reasons import Reason
from noroshi.share.release import release_class
from noroshi.store.contract import Classed, Classify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.share.markings import Tlp
    from noroshi.store.contract import Incoming, Past, Stored

__all__ = ["classifier"]

DEFINITION = "marking-definition"


def classifier(default: Tlp | None, known: Mapping[str, Marking]) -> Classify:
    """Return what finds release classes; default: the collection's TLP, known: the source's marking definitions."""
    return partial(classed, None if default is None else Marking(default), known)


def classed(
    default: Marking | None,
    known: Mapping[str, Marking],
    rows: tuple[Incoming, ...],
    past: Past,
) -> Classed:
    """Return the classes of rows that come, and of those of the same source that they reach, until none is reached.

    What comes later than its container is bound by what the container passed on; what came before is classed anew. So
    is what waited for a marking definition that comes.
    """
    rows, known = explained_meanwhile(rows, known, past)
    came = {row.header.id for row in rows if row.header.type == DEFINITION}
    waited = past.awaiting(came) if came else set()
    stored = {one.n: row for one in past.rows(waited) if (row := again(one, known))}
    nodes = [Node(row.header, row.own) for row in (*rows, *stored.values())]
    before = past.passed(reached(nodes) | waited)
    passed = spread(nodes, resolved(before, known))
    asked: set[str] = set()
    while changed := {name for name, one in passed.items() if one != before.get(name, NOTHING)} - asked:
        asked |= changed
        more = {one.n: again(one, known) for one in past.rows(changed)}
        stored |= {n: row for n, row in more.items() if row is not None}
        nodes += [Node(row.header, row.own) for n, row in stored.items() if n in more]
        before |= past.passed(reached(nodes) - before.keys())
        passed = spread(nodes, {**resolved(before, known), **passed})
    anew = {name: one for name, one in passed.items() if one != before.get(name, NOTHING)}
    unknown = [(row.header.id, row.own.unknown) for row in (*rows, *stored.values())]
    unknown += [(name, one.bound.unknown | one.lent.unknown) for name, one in anew.items()]
    return Classed(
        tuple(key_of(row, passed, default) for row in rows),
        {n: key_of(row, passed, default) for n, row in stored.items()},
        anew,
        frozenset((definition, name) for name, those in unknown for definition in those),
        frozenset(came),
    )


def explained_meanwhile(
    rows: tuple[Incoming, ...], known: Mapping[str, Marking], past: Past
) -> tuple[tuple[Incoming, ...], Mapping[str, Marking]]:
    """Return rows and definitions after another look at those that were not there when the rows were read.

    They may have come in another envelope since: within the transaction nothing can come between.
    """
    missing = {name for row in rows for name in row.own.unknown}
    if not missing:
        return rows, known
    known = joined(known, known_definitions(past.definitions(missing)))
    return tuple(structs.replace(row, own=explained(row.own, known)) for row in rows), known


def resolved(passed: Mapping[str, Passed], known: Mapping[str, Marking]) -> dict[str, Passed]:
    """Return what was passed on, with definitions put in that were not there then."""
    return {name: Passed(explained(one.bound, known), explained(one.lent, known)) for name, one in passed.items()}


def reached(nodes: list[Node]) -> set[str]:
    """Return the ids of nodes and of what they may pass something on to: nothing, where nothing is marked."""
    found: set[str] = set()
    for node in nodes:
        head = node.header
        found.add(head.id)
        if node.own is not UNMARKED and node.own != UNMARKED:
            found |= targets(head)
    return found


def targets(head: Header) -> set[str]:
    """Return the ids that an object refers to."""
    return {*head.contains, *head.ends, *head.members, *((head.created_by,) if head.created_by else ())}


def again(one: Stored, known: Mapping[str, Marking]) -> Incoming | None:
    """Return a stored object as it came; None if its header can no longer be read, which then keeps its class."""
    value = check(one.body)
    head = value if isinstance(value, Reason) else header(value)
    return None if isinstance(head, Reason) else incoming(one.body, head, known, 0)


def key_of(row: Incoming, passed: Mapping[str, Passed], default: Marking | None) -> str:
    """Return the key of a row's release class."""
    return release_class(effective(row.own, passed.get(row.header.id, NOTHING)), default).key()
