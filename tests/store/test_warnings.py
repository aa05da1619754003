"""Warnings in a store, on both databases: one turn a message, receipts once, one next version, erased for good."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.share.test_warnings import WORDS, signed
from tests.store.databases import KINDS, address

from noroshi.desk.journal import verify
from noroshi.share.chain import CHAINS
from noroshi.share.entries import Answered, Applied, Chosen, Unsaid, Warned, read_entry
from noroshi.share.warnings import Audience, Signed, Why
from noroshi.store import warnings as kept
from noroshi.store.contract import Connection, Declared, DeclaredContact, DeclaredPrincipal, Store
from noroshi.store.journal_reading import entries
from noroshi.store.opening import open_store
from noroshi.store.warnings_contacts import contacts

PEOPLE = tuple(DeclaredPrincipal(name, "operator", 2, frozenset(), "", None) for name in ("a", "b", "c"))
CONTACT = DeclaredContact("a", "grid", frozenset({"水道"}), frozenset({"x", "y"}), frozenset(), "a@example.jp",
                          "https://a.example/", secret=b"sealed")  # fmt: skip
WHAT = (1, 1, "mail")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    found = open_store(address(request.param, tmp_path), tmp_path)
    found.apply(Declared(PEOPLE, (), (), (), (), (CONTACT,)))
    yield found
    found.close()


def did(store: Store, work: Callable[[Connection], Any]) -> Any:
    """Return what work returns, once it is on disk."""
    return store.change(work).result(30)


def written(store: Store, **changes: Any) -> int:
    """Keep a warning; return its number."""
    made = did(store, lambda wire: kept.keep(wire, 1, 1000, Audience(sectors=("水道",)), signed(**changes)))
    assert isinstance(made, int)
    return made


def told(store: Store) -> list[Any]:
    """Return what the journal says of warnings."""
    every = (read_entry(entry) for some in entries(store.ask, CHAINS[0]) for entry in some)
    return [one for one in every if isinstance(one, (Warned, Chosen, Answered, Unsaid))]


def test_contacts_are_declared_once_and_their_addresses_are_not_in_the_journal(store: Store) -> None:
    (a, b, _) = contacts(store)
    assert (a.principal, a.organisation, a.sectors, a.products, a.mail, a.hook, a.secret) == (
        "a", "grid", ("水道",), ("x", "y"), "a@example.jp", "https://a.example/", b"sealed",
    )  # fmt: skip
    assert (b.mail, b.sectors) == ("", ())
    assert store.apply(Declared((), (), (), (), (), (CONTACT,))) == ()
    moved = DeclaredContact("a", "", frozenset(), frozenset(), frozenset(), "", "")
    assert store.apply(Declared((), (), (), (), (), (moved,))) == ("contact a: changed",)
    assert contacts(store)[0].mail == ""
    every = [entry for some in entries(store.ask, CHAINS[0]) for entry in some]
    assert not any(b"example" in entry.content or b"sealed" in entry.content for entry in every)
    said = [one for one in map(read_entry, every) if isinstance(one, Applied) and one.table == "contact"]
    assert [(one.made, one.values["mail"]) for one in said] == [(True, True), (False, False)]


def test_a_warning_comes_back_as_it_was_kept(store: Store) -> None:
    no = written(store)
    there = kept.found(store, signed().said.warning)
    assert there == kept.Kept(no, signed().said.warning, "a", 1000, Audience(sectors=("水道",)), "", 0, signed())
    second = signed(version=2, kind="correction")
    did(store, lambda wire: kept.add_version(wire, no, 1, 2000, second))
    assert kept.versions(store, no) == (signed(), second)
    assert [one.last for one in kept.warnings(store)] == [second]
    assert kept.found(store, "no-such") is None


def test_only_one_makes_the_next_version(store: Store) -> None:
    no = written(store)
    results: list[str] = []

    def make(by: str) -> None:
        try:
            did(store, lambda wire: kept.add_version(wire, no, 1, 2000, signed(version=2, by=by)))
            results.append("made")
        except kept.Overtaken:
            results.append("overtaken")

    threads = [threading.Thread(target=make, args=(str(k),)) for k in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(results) == ["made", "overtaken", "overtaken", "overtaken"]
    assert len(kept.versions(store, no)) == 2
    with pytest.raises(kept.Overtaken):
        did(store, lambda wire: kept.add_version(wire, no, 1, 2000, signed(version=9)))


def test_a_message_is_one_process_s_turn_and_sent_once(store: Store) -> None:
    no = written(store)
    turn = partial(kept.claim, no=no, what=WHAT)
    won: list[bool] = []
    ask = partial(did, store, partial(turn, now=10, until=20))
    threads = [threading.Thread(target=lambda: won.append(ask())) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(won) == [False, False, False, True]
    assert not did(store, partial(turn, now=19, until=30))
    assert did(store, partial(turn, now=20, until=30))  # its process has ended without a word
    (row,) = kept.sendings(store, no)
    assert row.state == kept.SENDING
    did(store, lambda wire: kept.settle(wire, no, WHAT, kept.FAILED, 40, "mail-later"))
    assert kept.sendings(store, no)[0].fault == "mail-later"
    assert kept.receipts(store, no) == ()
    assert did(store, partial(turn, now=41, until=50))
    did(store, lambda wire: kept.settle(wire, no, WHAT, kept.SENT, 42))
    assert [(one.state, one.via, one.at) for one in kept.receipts(store, no)] == [("delivered", "mail", 42)]
    assert not did(store, partial(turn, now=10**9, until=10**9 + 1))


def test_who_was_chosen_stays_chosen(store: Store) -> None:
    no = written(store)
    reasons = (Why("sector", "水道"), Why("threat", "x", "標的"))
    first = [kept.Choice(1, ("水道",), reasons, "", True), kept.Choice(2, (), reasons, "tlp", False)]
    did(store, lambda wire: kept.choose(wire, no, 3, 10, first))
    did(store, lambda wire: kept.choose(wire, no, 2, 20, [one._replace(chosen=False) for one in first]))
    rows = kept.recipients(store, no)
    assert [(one.name, one.chosen_by, one.at, one.kept_from) for one in rows] == [("a", 3, 10, ""), ("b", 0, 20, "tlp")]
    assert rows[0].reasons == reasons
    assert [one for one in told(store) if isinstance(one, Chosen)] == [Chosen(no, 3, [1])]


def test_a_receipt_is_kept_once_and_told_once(store: Store) -> None:
    no = written(store)
    for state in ("acted", "delivered", "acted"):
        did(store, partial(kept.answer, no=no, one=kept.Receipt(1, 2, state, 5, "page", "秘")))
    assert sorted(one.state for one in kept.receipts(store, no)) == ["acted", "delivered"]
    said = [one for one in told(store) if isinstance(one, Answered)]
    assert [(one.recipient, one.state) for one in said] == [(2, "acted"), (2, "delivered")]


def test_erased_for_good_with_the_chain_intact(store: Store) -> None:
    no = written(store, title=WORDS)
    did(store, lambda wire: kept.choose(wire, no, 3, 10, [kept.Choice(1, (), (Why("named", "a"),), "", True)]))
    did(store, lambda wire: kept.answer(wire, no, kept.Receipt(1, 1, "acted", 5, "page", "what we did")))
    salts = store.ask("SELECT count(*) FROM salt")
    did(store, lambda wire: kept.erase(wire, no, "order 7"))
    assert kept.found(store, signed().said.warning) is None
    assert kept.warnings(store) == ()
    left = [kept.versions(store, no), kept.recipients(store, no), kept.sendings(store, no), kept.receipts(store, no)]
    assert left == [()] * 4
    assert store.ask("SELECT count(*) FROM salt") == [(salts[0][0] - 1,)]
    assert told(store)[-1] == Unsaid(no, "order 7")
    verify(store, (), "", objects=True)
    again = written(store)
    assert again != no  # the journal names the old one


def test_warnings_that_are_about_an_object_are_counted(store: Store) -> None:
    name = "indicator--d81f86b9-975b-4c0b-875e-810c5ad45a4f"
    assert kept.naming(store, name) == 0
    no = written(store, about=(name,))
    did(store, lambda wire: kept.add_version(wire, no, 1, 2000, signed(version=2, about=(name,))))
    assert kept.naming(store, name) == 1
    assert kept.naming(store, name[:-1]) == 0


def test_bytes_of_an_erased_warning_are_in_no_file(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    store.apply(Declared(PEOPLE, (), (), ()))
    text: Signed = signed(by="an-unusual-word-to-look-for")
    no = did(store, lambda wire: kept.keep(wire, 1, 1000, Audience(), text))

    def anywhere() -> bool:
        files = (path for path in tmp_path.rglob("*") if path.is_file())
        return any(b"an-unusual-word-to-look-for" in path.read_bytes() for path in files)

    assert anywhere()
    did(store, lambda wire: kept.erase(wire, no, "order 7"))
    store.scrub()
    assert not anywhere()
    store.close()
