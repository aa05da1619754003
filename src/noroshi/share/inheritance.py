"""Inheritance: within the contributions of one source, a container's marking binds what it contains.

A RED event must not leak through its unmarked parts. Two rules, each a join in the lattice of markings, so that the
result does not depend on the order of what arrives, and cycles end:

- what a container (report, grouping, observed data) names in `object_refs` takes the container's marking, always;
- what the container, or what it marks, refers to otherwise (ends of relationships and sightings, what a note is
  about, parts of SCOs, creators) takes it only if it has no TLP of its own: a RED relationship to a public tool does
  not hide the tool.

A container never touches another source's contributions, else any writer could hide anyone's object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from noroshi.share.headers import Header
from noroshi.share.markings import UNMARKED, Marking, strictest

__all__ = ["NOTHING", "Node", "Passed", "effective", "spread"]


class Node(msgspec.Struct, frozen=True):
    """One object of the source: its header and what its own markings ask (`markings.own_marking`)."""

    header: Header
    own: Marking


class Passed(msgspec.Struct, frozen=True):
    """What is passed on to an id: `bound` to it in any case, `lent` to versions of it that have no TLP of their own."""

    bound: Marking = UNMARKED
    lent: Marking = UNMARKED


NOTHING = Passed()


def effective(own: Marking, passed: Passed) -> Marking:
    """Return the marking of an object with `own` markings to which `passed` is passed on."""
    marking = strictest(own, passed.bound)
    return strictest(marking, passed.lent) if own.tlp is None else marking


def spread(nodes: Iterable[Node], earlier: Mapping[str, Passed] | None = None) -> dict[str, Passed]:
    """Return what is passed on to each id, for ids that get anything: the least solution that holds `earlier`.

    nodes: objects of one source, new ones and those stored before that a new container reaches. earlier: what this
    function returned for the source so far, kept per id by the caller. An id may be of an object that is not there
    yet: kept, it binds the object when it comes. Where the result differs from `earlier` for an id that is stored,
    the caller adds the stored versions to `nodes` and calls again until nothing more is reached, then re-classes them.
    """
    by_id: dict[str, list[Node]] = {}
    for node in nodes:
        by_id.setdefault(node.header.id, []).append(node)
    passed = dict(earlier or {})
    work = list(by_id)
    while work:
        name = work.pop()
        for node in by_id.get(name, ()):
            for target, bound, lent in _given(node, passed.get(name, NOTHING)):
                before = passed.get(target, NOTHING)
                after = Passed(strictest(before.bound, bound), strictest(before.lent, lent))
                if after != before:
                    passed[target] = after
                    work.append(target)
    return passed


def _given(node: Node, passed: Passed) -> Iterable[tuple[str, Marking, Marking]]:
    """Yield what the object passes on: target, marking that binds it, marking lent to it."""
    header = node.header
    if header.is_container:
        marking = effective(node.own, passed)
        binds, lends = header.contains, (*header.members, header.created_by)
    else:
        marking = passed.bound if node.own.tlp is not None else strictest(passed.bound, passed.lent)
        binds, lends = (), (*header.ends, *header.members, *header.contains, header.created_by)
    if marking == UNMARKED:
        return
    for target in binds:
        yield target, marking, UNMARKED
    for target in lends:
        if target:
            yield target, UNMARKED, marking
