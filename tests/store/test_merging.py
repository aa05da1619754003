"""Judgements and contributions on both databases: what counts for whom, what is taken back, and what erasure leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.store.made import named, row, send, viewer

from noroshi.desk.erasing import erase_object
from noroshi.share.chain import CHAINS
from noroshi.share.entries import Judged, read_entry
from noroshi.store.contract import Store, Viewer
from noroshi.store.journal_reading import entries, salt_of
from noroshi.store.merging import Said, contributions, keep, said_in, undo

WAIT = 20
TYPES = ("indicator",)


def said(uid: str, a: int = 1, b: int = 2, *, by: int = 1, everybody: bool = False, at: int = 5) -> Said:
    return Said(uid, 1, by, everybody, True, named(a), named(b), at, "a reason")


def judged(store: Store) -> list[tuple[int, Judged]]:
    found = [(one.no, read_entry(one)) for some in entries(store.ask, CHAINS[0], 0) for one in some]
    return [(no, one) for no, one in found if isinstance(one, Judged)]


def test_judgements_count_for_whom_they_are_meant_until_they_are_taken_back(
    store: Store, opened: Callable[[], Store]
) -> None:
    for one in (said("u1"), said("u2", 3, 4, by=2, everybody=True, at=4), said("u3", 5, 6, by=2)):
        store.change(partial(keep, one=one)).result(WAIT)
    other = opened()
    assert said_in(other, 1, 1) == (said("u2", 3, 4, by=2, everybody=True, at=4), said("u1"))
    assert [one.uid for one in said_in(other, 1, 2)] == ["u2", "u3"]
    assert said_in(other, 1, 1, "u3") == ()
    assert said_in(other, 2, 1) == ()
    assert store.change(lambda connection: undo(connection, "u2", 1, 9)).result(WAIT) is True
    assert store.change(lambda connection: undo(connection, "u2", 1, 10)).result(WAIT) is False
    assert [one.uid for one in said_in(other, 1, 1)] == ["u1"]
    assert [(one.uid, one.verdict, one.principal) for _, one in judged(store)] == [
        ("u1", "same", 1), ("u2", "same", 2), ("u3", "same", 2), ("u2", "undone", 1)
    ]  # fmt: skip


def test_contributions_are_the_newest_of_each_source_that_is_seen(store: Store) -> None:
    send(store, row(1), row(2), key="low").result(WAIT)
    send(store, row(1, 2), source=2, key="low").result(WAIT)
    send(store, row(1, 3), source=3, key="high").result(WAIT)
    send(store, row(1, 4), key="high").result(WAIT)
    found, more = contributions(store, 1, viewer(store, "low"), TYPES, 100)
    told = [(one.id, one.source, one.version) for one in found]
    assert told == [(named(1), 1, 1), (named(2), 1, 1), (named(1), 2, 2)]
    assert not more
    found, _ = contributions(store, 1, viewer(store, "low", "high"), TYPES, 100)
    assert [(one.source, one.version) for one in found if one.id == named(1)] == [(2, 2), (3, 3), (1, 4)]
    assert contributions(store, 1, Viewer(1, ()), TYPES, 100) == ((), False)
    assert contributions(store, 1, viewer(store, "low"), (), 100) == ((), False)
    few, more = contributions(store, 1, viewer(store, "low"), TYPES, 2)
    assert (len(few), more) == (2, True)


def test_erasing_an_object_takes_what_was_said_of_it_along(store: Store) -> None:
    send(store, row(1), row(2), row(3)).result(WAIT)
    for one in (said("u1"), said("u2", 2, 3)):
        store.change(partial(keep, one=one)).result(WAIT)
    places = {one.uid: no for no, one in judged(store)}
    assert all(salt_of(store.ask, CHAINS[0], no) for no in places.values())
    erase_object(store, named(1), "", "order 7")
    assert [one.uid for one in said_in(store, 1, 1)] == ["u2"]
    assert salt_of(store.ask, CHAINS[0], places["u1"]) is None
    assert salt_of(store.ask, CHAINS[0], places["u2"])
