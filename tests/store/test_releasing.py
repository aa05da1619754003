"""Reduced copies on both databases: states that only one can bring about, and what erasure leaves of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.store.made import named, row, send

from noroshi.desk.erasing import erase_object
from noroshi.share.chain import CHAINS
from noroshi.share.entries import Released, read_entry
from noroshi.store.contract import Store
from noroshi.store.journal_reading import entries, salt_of
from noroshi.store.releasing import APPROVED, PROPOSED, REFUSED, Release, decide, keep, releases, sent

WAIT = 20


def one(uid: str, source: int = 1, copy: int = 2, plan: str = "{}") -> Release:
    return Release(uid, 1, named(source), "s", "low", 2, named(copy), b'{"a":1}', plan, 1, "a reason", 5)


def told(store: Store) -> list[tuple[int, Released]]:
    found = [(each.no, read_entry(each)) for some in entries(store.ask, CHAINS[0], 0) for each in some]
    return [(no, each) for no, each in found if isinstance(each, Released)]


def bring(store: Store, uid: str, *states: str, by: int = 2, why: str = "") -> bool:
    done = store.change(lambda wire: decide(wire, uid, states[:-1], states[-1], (by, 9), why)).result(WAIT)
    assert isinstance(done, bool)
    return done


def test_one_decides_and_no_other_after_it(store: Store, opened: Callable[[], Store]) -> None:
    store.change(partial(keep, one=one("u1"))).result(WAIT)
    other = opened()
    assert releases(other) == (one("u1"),)
    assert releases(other, about=named(2)) == releases(other, about=named(1)) == releases(other, "u1")
    assert releases(other, "u2") == releases(other, about=named(3)) == ()
    assert bring(store, "u1", PROPOSED, APPROVED)
    assert not bring(store, "u1", PROPOSED, REFUSED, by=3)
    assert not bring(store, "none", PROPOSED, REFUSED)
    store.change(lambda wire: sent(wire, "u1", 11)).result(WAIT)
    assert releases(other) == (one("u1")._replace(state=APPROVED, decided_by=2, decided_at=9, sent_at=11),)
    assert [(each.uid, each.state, each.principal) for _, each in told(store)] == [
        ("u1", PROPOSED, 1), ("u1", APPROVED, 2)
    ]  # fmt: skip


def test_erasing_the_source_leaves_what_is_out_and_nothing_that_names_it(store: Store) -> None:
    send(store, row(1), row(7)).result(WAIT)
    for uid, each in (("out", one("out", plan='{"words":["Aoba"]}')), ("open", one("open", copy=3)),
                      ("else", one("else", 7, 4))):  # fmt: skip
        store.change(partial(keep, one=each)).result(WAIT)
        assert uid in {found.uid for found in releases(store)}
    bring(store, "out", PROPOSED, APPROVED)
    store.change(lambda wire: sent(wire, "out", 11)).result(WAIT)
    places = {each.uid: no for no, each in told(store) if each.digest}
    erase_object(store, named(1), "", "order 7")
    left = {found.uid: found for found in releases(store)}
    assert set(left) == {"out", "else"}
    assert (left["out"].source, left["out"].plan, left["out"].reason) == ("", "", "")
    assert left["out"].derived == named(2)
    assert left["else"] == one("else", 7, 4)
    gone = {uid: salt_of(store.ask, CHAINS[0], no) is None for uid, no in places.items()}
    assert gone == {"out": True, "open": True, "else": False}


def test_erasing_the_copy_or_who_was_left_out_takes_its_words_along(store: Store) -> None:
    send(store, row(2), row(9), collection=2).result(WAIT)
    for each in (one("u1"), one("u2", 7, 4, plan=f'{{"drop_refs":["{named(9)}"]}}')):
        store.change(partial(keep, one=each)).result(WAIT)
        bring(store, each.uid, PROPOSED, APPROVED)
        store.change(partial(sent, uid=each.uid, at=11)).result(WAIT)
    erase_object(store, named(2), "", "order 8")
    assert [each.uid for each in releases(store)] == ["u2"]
    erase_object(store, named(9), "", "order 9")
    assert [(each.uid, each.plan) for each in releases(store)] == [("u2", "")]
