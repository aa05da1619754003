"""Erasure on both databases: the body is nowhere, the chain holds, the rest is still proven, and who had it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.store.databases import address
from tests.store.journals import altered, chain_of, faults, give, holds
from tests.store.made import ALL, DECLARED, UIDS, everything, named, row, send, viewer

from noroshi.desk.checkpoints import make_checkpoint, own_key
from noroshi.desk.deliveries import deliveries
from noroshi.desk.erasing import erase_object
from noroshi.desk.ledger import Handed, deliver
from noroshi.errors import InputError, NotFoundError
from noroshi.share.chain import CHAINS
from noroshi.share.inheritance import Passed
from noroshi.share.markings import Marking, Tlp
from noroshi.store import journal_erasing
from noroshi.store.contract import Classed, Connection, Store
from noroshi.store.journal_reading import Ask, salt_of
from noroshi.store.opening import open_store

WAIT = 20
VICTIM = "Ms Sato of the victim company"


def erased(store: Store, number: int, collection: str = "") -> tuple[int, list[str]]:
    """Erase an object; return how many rows went and who had received it."""
    found = erase_object(store, named(number), collection, "order 7")
    return found.rows, [one.principal for one in found.deliveries]


def test_an_object_goes_and_all_else_is_still_proven(store: Store, opened: Callable[[], Store], tmp_path: Path) -> None:
    send(store, row(1), row(2, body=VICTIM.encode()), row(3), uid="envelope").result(WAIT)
    send(store, row(2, 2, body=VICTIM.encode() + b"2"), source=2).result(WAIT)
    send(store, row(2), collection=2).result(WAIT)
    who = viewer(store, "low")
    for no in (1, 3):
        give(store, replace(who, principal=no), ALL, strict=True).result(WAIT)
    give(store, replace(who, principal=2), replace(ALL, ids=(named(3),)), strict=True).result(WAIT)
    point, key = make_checkpoint(store, tmp_path), own_key(tmp_path)
    assert erased(store, 2) == (3, ["a", "a", "c", "c"])
    other = opened()
    assert [one.id for one in everything(other)] == [named(1), named(3)]
    assert everything(other, 2) == ()
    verified = holds(other, ("kept", point), key=key)
    assert verified.objects == (2, 0, 3, 0)
    with pytest.raises(NotFoundError):
        list(deliveries(other, named(2)))
    assert [one.object for one in deliveries(other, principal="a")] == [named(1), "", named(3), ""]
    status = other.status(1, 1, "envelope")
    assert status is not None
    assert [name for name, _, _ in status.successes] == [named(1), named(3)]
    altered(other, "object", "sha", bytes(32), "n = 1")
    assert faults(other, key=key) == [("bad-chain", "journal", 13)]


def test_salts_are_destroyed_and_nothing_else_changes(store: Store) -> None:
    send(store, row(1), row(2)).result(WAIT)
    send(store, row(3)).result(WAIT)
    give(store, viewer(store), ALL, strict=True).result(WAIT)
    give(store, viewer(store), replace(ALL, ids=(named(3),)), strict=True).result(WAIT)
    before = [chain_of(store, chain) for chain in CHAINS]
    erased(store, 2)
    after = [chain_of(store, chain) for chain in CHAINS]
    assert [part[: len(old)] for part, old in zip(after, before, strict=True)] == before
    assert [one.kind for one in after[0][len(before[0]) :]] == ["erased", "restated"]
    assert [salt_of(store.ask, "journal", no) is None for no in (13, 14, 16)] == [True, False, False]
    assert [salt_of(store.ask, "ledger", no) is None for no in (1, 2)] == [True, False]
    said = b"".join(one.content for one in after[0][len(before[0]) :])
    assert named(2).encode() not in said
    erased(store, 1)  # what is left of the same envelope: sealed anew once more
    assert [salt_of(store.ask, "journal", no) is None for no in (13, 14, 16, 18)] == [True, False, True, False]
    assert holds(store).objects == (1, 0, 2, 0)


def test_in_one_collection_alone_and_what_was_deleted_before(store: Store) -> None:
    for collection in (1, 2):
        send(store, row(1), row(2), collection=collection).result(WAIT)
    assert erased(store, 1, UIDS[0]) == (1, [])
    assert [one.id for one in everything(store)] == [named(2)]
    assert [one.id for one in everything(store, 2)] == [named(1), named(2)]
    store.delete(2, viewer(store), replace(ALL, ids=(named(1),))).result(WAIT)
    assert [one.object for one in deliveries(store, named(1))] == []
    assert erased(store, 1) == (1, [])
    assert holds(store).objects == (2, 0, 2, 0)
    send(store, row(1)).result(WAIT)  # it may come again: that is for those who write to decide
    assert holds(store).objects == (3, 0, 2, 0)


def test_what_is_kept_by_id_goes_with_the_last_of_it(store: Store) -> None:
    bound = {named(1): Passed(bound=Marking(Tlp.RED))}
    waits = frozenset({("marking-definition--a", named(1))})
    send(store, row(1), key=lambda rows, *_: Classed(("low",) * len(rows), {}, bound, waits)).result(WAIT)

    def told_a_partner(wire: Connection) -> None:
        wire.execute("INSERT INTO peer_sent (peer, id, sha, at) VALUES (1, ?, ?, 1)", (named(1), b"x"))
        wire.execute("INSERT INTO peer_refused (peer, way, id, version, at, reason) VALUES (1, 'push', ?, '', 1, '')",
                     (named(1),))  # fmt: skip

    store.change(told_a_partner).result(WAIT)
    send(store, row(1), collection=2).result(WAIT)
    counts = []
    for uid in UIDS:
        erased(store, 1, uid)
        tables = ("passed", "awaited", "peer_sent", "peer_refused")
        counts.append([store.ask(f"SELECT count(*) FROM {one} WHERE id = ?", (named(1),))[0][0] for one in tables])  # noqa: S608  ours
    assert counts == [[1, 1, 1, 1], [0, 0, 0, 0]]


def test_a_store_that_was_tampered_with_is_not_made_right_by_erasing(store: Store) -> None:
    send(store, row(1), row(2)).result(WAIT)
    altered(store, "object", "sha", bytes(32), "n = 1")
    assert faults(store) == [("bad-chain", "journal", 13)]
    erased(store, 2)
    assert faults(store) == [("bad-chain", "journal", 13)]


@pytest.mark.parametrize("reason", ["", "  ", f"because of {named(1)}"])
def test_a_reason_is_given_and_does_not_keep_the_id(store: Store, reason: str) -> None:
    send(store, row(1)).result(WAIT)
    with pytest.raises(InputError, match="reason"):
        erase_object(store, named(1), "", reason)
    with pytest.raises(NotFoundError):
        erase_object(store, named(2), "", "order")
    with pytest.raises(NotFoundError):
        erase_object(store, named(1), "no such collection", "order")
    assert len(everything(store)) == 1


def test_what_was_on_its_way_to_a_reader_meanwhile_is_told_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    send(store, row(1), row(2)).result(WAIT)
    late = Handed(1, "objects", store.page(1, viewer(store), ALL, 0, 9).rows, viewer(store).classes)
    find, who = journal_erasing.Telling.look, [2]

    def looks(telling: journal_erasing.Telling, ask: Ask, chains: Sequence[str] = CHAINS) -> list[int]:
        found = find(telling, ask, chains)
        if who:  # after the first look, and before the row goes
            gives(0)
        return found

    def gives(_: float) -> None:
        entered = deliver(store, who.pop() if who else 3, late, b"body", strict=True)
        assert entered is not None
        entered.result(WAIT)

    monkeypatch.setattr(journal_erasing.Telling, "look", looks)
    monkeypatch.setattr("noroshi.desk.erasing.time.sleep", gives)
    found = erase_object(store, named(1), "", "order 7")
    assert [one.principal for one in found.deliveries] == ["b", "c"]
    assert [salt_of(store.ask, "ledger", no) for no in (1, 2)] == [None, None]
    assert holds(store).objects == (1, 0, 1, 0)


def test_of_what_was_erased_no_byte_is_in_a_file(tmp_path: Path) -> None:
    store = open_store(address("sqlite", tmp_path), tmp_path)
    store.apply(DECLARED)
    body = json.dumps({"name": VICTIM, "more": "x" * 9000}).encode()
    send(store, row(1, body=b"other"), row(2, body=body), uid="envelope").result(WAIT)
    give(store, viewer(store, "low"), ALL, strict=True, body=body).result(WAIT)
    store.delete(1, viewer(store, "low"), replace(ALL, ids=(named(2),))).result(WAIT)
    send(store, row(2, body=body)).result(WAIT)

    def everywhere() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert VICTIM.encode() in everywhere()
    salt = salt_of(store.ask, "journal", 13)
    assert salt is not None
    assert salt in everywhere()
    erased(store, 2)
    left = everywhere()
    for secret in (VICTIM.encode(), b"x" * 2000, named(2).encode(), row(2, body=body).sha, salt):
        assert secret not in left
    store.close()
