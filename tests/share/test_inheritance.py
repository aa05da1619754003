"""Inheritance: against a plain reference, in any order, in any number of pieces, through cycles."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from noroshi.share.headers import Header
from noroshi.share.inheritance import NOTHING, Node, Passed, effective, spread
from noroshi.share.markings import UNMARKED, Marking, Tlp, strictest

RED, GREEN, CLEAR = Marking(Tlp.RED), Marking(Tlp.GREEN), Marking(Tlp.CLEAR)
NAMES = [f"{kind}{k}" for kind in ("report", "grouping", "relationship", "note", "tool") for k in range(2)]


def node(name: str, own: Marking = UNMARKED, **more: tuple[str, ...]) -> Node:
    """A node whose type is its name without the number."""
    return Node(Header(name, name.rstrip("0123456789"), "2.1", "", "", "", None, **more), own)  # type: ignore[arg-type]


def marks(nodes: list[Node], passed: dict[str, Passed]) -> dict[str, Marking]:
    """The effective marking of each node by id."""
    return {one.header.id: effective(one.own, passed.get(one.header.id, NOTHING)) for one in nodes}


@st.composite
def worlds(draw: st.DrawFn) -> list[Node]:
    """A few objects that contain, join and refer to one another in any way."""
    some = st.lists(st.sampled_from([*NAMES, "absent1"]), max_size=3).map(tuple)
    own = st.sampled_from([
        UNMARKED, UNMARKED, UNMARKED, GREEN, RED, CLEAR, Marking(communities=frozenset("a")),
        Marking(Tlp.AMBER, frozenset("ab")),
    ])  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(NAMES), unique=True))
    made = []
    for name in chosen:
        refs: dict[str, tuple[str, ...]] = {}
        if name.startswith(("report", "grouping", "note")):
            refs["contains"] = draw(some)
        elif name.startswith("relationship"):
            refs["ends"] = draw(some)
        else:
            refs["members"] = draw(some)
        made.append(node(name, draw(own), **refs))
    return made


def plain(nodes: list[Node]) -> dict[str, Marking]:
    """The same by going over everything until nothing changes, written after the two rules."""
    bound: dict[str, Marking] = {}
    lent: dict[str, Marking] = {}
    for _ in range(100):
        for one in nodes:
            name, h = one.header.id, one.header
            full = strictest(one.own, bound.get(name, UNMARKED))
            if one.own.tlp is None:
                full = strictest(full, lent.get(name, UNMARKED))
            if h.type in ("report", "grouping"):
                for ref in h.contains:
                    bound[ref] = strictest(bound.get(ref, UNMARKED), full)
                others: tuple[str, ...] = h.members
            else:
                full = bound.get(name, UNMARKED)
                if one.own.tlp is None:
                    full = strictest(full, lent.get(name, UNMARKED))
                others = h.ends + h.members + h.contains
            for ref in others:
                lent[ref] = strictest(lent.get(ref, UNMARKED), full)
    return marks(nodes, {n: Passed(bound.get(n, UNMARKED), lent.get(n, UNMARKED)) for n in {*bound, *lent}})


@given(worlds(), st.randoms(use_true_random=False))
def test_it_is_the_plain_reference_in_any_order(nodes: list[Node], rng: random.Random) -> None:
    shuffled = rng.sample(nodes, len(nodes))
    assert marks(nodes, spread(nodes)) == marks(nodes, spread(shuffled)) == plain(nodes)


@given(worlds(), st.integers(min_value=0, max_value=10))
def test_pieces_that_arrive_one_after_the_other_come_to_the_same(nodes: list[Node], cut: int) -> None:
    earlier = spread(nodes[:cut])
    later = spread(nodes, earlier)  # what is stored stands beside what is new
    assert later == spread(nodes)


@given(worlds())
def test_nothing_gets_looser(nodes: list[Node]) -> None:
    for one in nodes:
        got = marks(nodes, spread(nodes))[one.header.id]
        assert strictest(got, one.own) == got


def test_a_red_event_of_misp_leaves_nothing_unmarked() -> None:
    parts = [f"indicator{k}" for k in range(14)]
    nodes = [
        node("grouping1", RED, contains=(*parts, "relationship1", "observed-data1"), created_by="identity1"),  # type: ignore[arg-type]
        *map(node, parts),
        node("relationship1", ends=("indicator1", "tool1")),
        node("observed-data1", contains=("domain-name1",)),
        node("domain-name1", members=("ipv4-addr1",)),
        node("ipv4-addr1"),
        node("tool1"),
        node("identity1"),
    ]
    assert len(nodes) == 21
    assert set(marks(nodes, spread(nodes)).values()) == {RED}


def test_a_red_relationship_to_a_public_tool_does_not_hide_the_tool() -> None:
    nodes = [
        node("report1", RED, contains=("relationship1",)),
        node("relationship1", ends=("tool1", "indicator1")),
        node("tool1", CLEAR),
        node("indicator1"),
    ]
    got = marks(nodes, spread(nodes))
    assert got["tool1"] == CLEAR
    assert got["relationship1"] == got["indicator1"] == RED


def test_what_a_container_names_is_bound_though_marked_otherwise() -> None:
    nodes = [node("report1", RED, contains=("tool1",)), node("tool1", CLEAR)]
    assert marks(nodes, spread(nodes))["tool1"] == RED


def test_a_green_container_does_not_loosen() -> None:
    nodes = [node("report1", GREEN, contains=("tool1",)), node("tool1", RED)]
    assert marks(nodes, spread(nodes))["tool1"] == RED


def test_containers_in_a_circle_end() -> None:
    nodes = [
        node("report1", GREEN, contains=("grouping1",)),
        node("grouping1", contains=("report1", "tool1")),
        node("tool1"),
    ]
    assert set(marks(nodes, spread(nodes)).values()) == {GREEN}


def test_what_comes_later_is_bound_by_what_came_before() -> None:
    earlier = spread([node("report1", RED, contains=("relationship1",))])
    after = spread([node("relationship1", ends=("tool1", "tool2")), node("tool1")], earlier)
    assert effective(UNMARKED, after["tool1"]) == effective(UNMARKED, after["tool2"]) == RED


def test_without_containers_nothing_is_passed_on() -> None:
    assert (
        spread([node("relationship1", RED, ends=("tool1",)), node("tool1"), node("note1", RED, contains=("a",))]) == {}
    )


def test_versions_of_one_id_are_all_bound() -> None:
    nodes = [node("report1", RED, contains=("tool1",)), node("tool1", GREEN), node("tool1")]
    passed = spread(nodes)
    assert [effective(one.own, passed["tool1"]) for one in nodes[1:]] == [RED, RED]
