"""Release classes of what a source sends: own markings, what containers pass on, the collection's default, in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from noroshi.desk.receiving import incoming
from noroshi.share.headers import Header, header
from noroshi.share.inheritance import NOTHING, Node, Passed, effective, spread
from noroshi.share.markings import UNMARKED, Marking
from noroshi.share.reading import check
from noroshi.share.reasons import Reason
from noroshi.share.release import ReleaseClass, release_class
from noroshi.store.contract import Classed, Classify

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from noroshi.share.markings import Tlp
    from noroshi.store.contract import Incoming, Stored

__all__ = ["NOBODY", "classifier"]

NOBODY = ReleaseClass(None, None)
"""The class of what may be shown to nobody: it is unmarked, or marked by something that nobody has explained."""


def classifier(default: Tlp | None, known: Mapping[str, Marking]) -> Classify:
    """Return what finds release classes; default: the collection's TLP, known: the source's marking definitions."""
    return partial(classed, None if default is None else Marking(default), known)


def classed(
    default: Marking | None,
    known: Mapping[str, Marking],
    rows: tuple[Incoming, ...],
    earlier: Callable[[set[str]], dict[str, Passed]],
    there: Callable[[set[str]], list[Stored]],
) -> Classed:
    """Return the classes of rows that come, and of those of the same source that they reach, until none is reached.

    What comes later than its container is bound by what the container passed on; what came before is classed anew.
    """
    nodes = [Node(row.header, row.own) for row in rows]
    before = earlier(reached(nodes))
    passed = spread(nodes, before)
    stored: dict[int, Incoming] = {}
    asked: set[str] = set()
    while changed := {name for name, one in passed.items() if one != before.get(name, NOTHING)} - asked:
        asked |= changed
        more = {one.n: again(one, known) for one in there(changed)}
        stored |= {n: row for n, row in more.items() if row is not None}
        nodes += [Node(row.header, row.own) for n, row in stored.items() if n in more]
        before |= earlier(reached(nodes) - before.keys())
        passed = spread(nodes, {**before, **passed})
    return Classed(
        tuple(key_of(row, passed, default) for row in rows),
        {n: key_of(row, passed, default) for n, row in stored.items()},
        {name: one for name, one in passed.items() if one != before.get(name, NOTHING)},
    )


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
    """Return the key of a row's release class. What an unknown marking asks cannot be told: nobody is shown it."""
    if not row.known:
        return NOBODY.key()
    return release_class(effective(row.own, passed.get(row.header.id, NOTHING)), default).key()
