"""People in a store, on both databases: what is kept of them, and what ends when it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.store.databases import KINDS, address

from noroshi.store import people
from noroshi.store.contract import Connection, Declared, DeclaredPrincipal, Store
from noroshi.store.opening import open_store

SECRETS: dict[str, Any] = {"password": "x", "token": b"t"}
UID = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    found = open_store(address(request.param, tmp_path), tmp_path)
    yield found
    found.close()


def said(name: str, **more: Any) -> DeclaredPrincipal:
    plain = {"kind": "operator", "sees": 2, "communities": frozenset({"電力"}), "password": "", "token": None}
    return DeclaredPrincipal(name, **{**plain, **more})


def did(store: Store, work: Callable[[Connection], Any]) -> Any:
    """Return what work returns, once it is on disk."""
    return store.change(work).result(30)


def test_principals_are_made_once_changed_and_withdrawn(store: Store) -> None:
    assert people.nobody_yet(store)
    assert did(store, lambda c: people.make(c, said("a", **SECRETS), owner=True, subject="idp s"))
    assert not did(store, lambda c: people.make(c, said("a"), owner=False, subject=""))
    assert not did(store, lambda c: people.make(c, said("b"), owner=False, subject="idp s"))
    assert did(store, lambda c: people.make(c, said("b"), owner=False, subject=""))
    assert did(store, lambda c: people.make(c, said("c"), owner=False, subject=""))  # two without a provider's name
    one = people.account(store, subject="idp s")
    assert one
    assert (one.name, one.owner, one.communities, one.password, one.token) == (
        "a",
        True,
        frozenset({"電力"}),
        "x",
        b"t",
    )
    assert not did(store, lambda c: people.change(c, said("b"), owner=False, subject="idp s"))
    assert not did(store, lambda c: people.change(c, said("d"), owner=False, subject=""))
    assert did(store, people.owners) == ("a",)
    assert [each.name for each in people.accounts(store)] == ["a", "b", "c"]
    assert did(store, lambda c: people.withdraw(c, "a"))
    assert not did(store, lambda c: people.withdraw(c, "nobody"))
    left = people.account(store, no=one.no)
    assert left
    assert (left.owner, left.sees, left.password, left.token, left.subject) == (False, -1, "", None, "")
    assert left.version > one.version
    assert store.token(b"t") is None
    assert people.names_of(store, [one.no, one.no, 999]) == {one.no: ("a", "operator")}


def test_a_change_that_is_refused_leaves_nothing(store: Store) -> None:
    def work(connection: Connection) -> None:
        people.make(connection, said("half"), owner=False, subject="")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        did(store, work)
    assert people.account(store, name="half") is None


def test_grants_tokens_and_sessions_go_with_their_principal(store: Store) -> None:
    store.apply(
        Declared((said("a"), said("b")), (("trust", "T", "", 1000),), (("trust", UID, "C", "", -1, False),), ())
    )
    where = people.place(store, "trust", UID)
    assert where
    assert people.place(store, "other", UID) is None
    a, b = (people.account(store, name=name) for name in "ab")
    assert a
    assert b
    assert did(store, lambda c: people.permit(c, a.no, where.no, read=True, write=False))
    assert not did(store, lambda c: people.permit(c, a.no, where.no, read=True, write=False))
    assert people.grants(store) == (people.Grant("a", "trust", UID, True, False),)
    kept = [people.Token(f"t{k}", who.no, "x", frozenset({"read"}), within, 5, 50)
            for k, (who, within) in enumerate(((a, None), (a, frozenset({where.no})), (b, frozenset())))]  # fmt: skip
    for k, one in enumerate(kept):
        did(store, partial(people.keep_token, one=one, digest=bytes([k])))
    assert people.tokens(store, a.no) == (kept[0], kept[1])
    assert people.token(store, bytes([2])) == kept[2]
    did(store, lambda c: people.keep_token(c, kept[0], b"anew"))
    assert people.token(store, bytes([0])) is None
    assert people.token(store, b"anew") == kept[0]
    assert not did(store, lambda c: people.revoke(c, b.no, "t1"))
    assert did(store, lambda c: people.revoke(c, a.no, "t1"))
    opened = [people.Session(bytes([k]) * 32, who.no, b"bond", 10, 20 + k) for k, who in enumerate((a, a, b))]
    for each in opened:
        did(store, partial(people.keep_session, one=each))
    assert people.session(store, opened[0].digest) == opened[0]
    assert people.sessions(store, a.no, 20) == (opened[1],)
    did(store, lambda c: people.log_out(c, a.no, opened[2].digest))  # another's
    assert people.session(store, opened[2].digest) == opened[2]
    did(store, lambda c: people.keep_session(c, people.Session(b"late", b.no, b"", 21, 99)))
    assert people.session(store, opened[1].digest) is None  # those that have ended go
    did(store, lambda c: people.withdraw(c, "b"))
    assert people.tokens(store, b.no) == ()
    assert people.sessions(store, b.no, 0) == ()
    did(store, lambda c: people.withdraw(c, "a"))
    assert people.grants(store) == ()


def test_a_log_in_and_the_first_owners_link_are_taken_once(store: Store) -> None:
    did(store, lambda c: people.begin_login(c, b"d", "nonce", "verifier", (0, 10)))
    assert did(store, lambda c: people.take_login(c, b"other", 1)) is None
    assert did(store, lambda c: people.take_login(c, b"d", 9)) == ("nonce", "verifier")
    assert did(store, lambda c: people.take_login(c, b"d", 9)) is None
    did(store, lambda c: people.begin_login(c, b"e", "nonce", "verifier", (0, 10)))
    assert did(store, lambda c: people.take_login(c, b"e", 10)) is None
    did(store, lambda c: people.invite(c, b"old", 10))
    did(store, lambda c: people.invite(c, b"new", 10))
    assert [people.invited(store, digest, 9) for digest in (b"old", b"new")] == [False, True]
    assert not did(store, lambda c: people.take_invitation(c, b"new", 10, said("late")))
    assert did(store, lambda c: people.take_invitation(c, b"new", 9, said("first")))
    assert not did(store, lambda c: people.take_invitation(c, b"new", 9, said("second")))
    did(store, lambda c: people.invite(c, b"more", 10))
    assert not people.invited(store, b"more", 9)  # there is somebody
    assert not did(store, lambda c: people.take_invitation(c, b"more", 9, said("third")))
