"""The journal on both databases: one entry a request, what was tampered with is named, checkpoints hold the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.store.databases import KINDS, address
from tests.store.journals import altered, behind, cell, chain_of, faults, give, givens, holds
from tests.store.made import ALL, DECLARED, named, row, send, viewer
from tests.store.test_contract import passes_on

from noroshi.desk.checkpoints import load_checkpoint, make_checkpoint, own_key
from noroshi.desk.deliveries import deliveries
from noroshi.errors import InputError
from noroshi.share.chain import CHAINS, numbers
from noroshi.share.entries import Kept, read_entry
from noroshi.share.taxii import Query
from noroshi.store.contract import Classed, Connection, Store
from noroshi.store.journal import tell
from noroshi.store.opening import open_store

WAIT = 20
COLUMNS = {"no": 1_000_000, "at": 1, "kind": "forged", "content": b'{"forged":1}', "hash": b"\0" * 32}


def kept_by(store: Store) -> list[Kept]:
    """Return what the journal says of envelopes."""
    return [said for one in chain_of(store) if isinstance(said := read_entry(one), Kept)]


def test_every_request_has_one_entry_and_what_fails_has_none(store: Store) -> None:
    declared = [one.kind for one in chain_of(store)]
    assert declared == ["applied"] * (3 + 1 + 2 + 6)
    send(store, row(1), row(2), row(1), uid="first").result(WAIT)
    send(store, row(1), uid="again").result(WAIT)

    def fails(rows: Any, past: Any) -> Classed:
        del rows, past
        raise ZeroDivisionError

    def tells_and_fails(connection: Connection) -> None:
        tell(connection, "kept", {"never": "done"})
        raise ZeroDivisionError

    assert send(store, row(3), key=fails).exception(WAIT)
    assert isinstance(store.write(tells_and_fails).exception(WAIT), ZeroDivisionError)
    send(store, row(3), row(4), uid="last", source=2, collection=2).result(WAIT)
    assert store.delete(1, viewer(store), replace(ALL, ids=(named(2),))).result(WAIT) == 1
    assert store.delete(1, viewer(store), replace(ALL, ids=(named(2),))).result(WAIT) == 0
    assert [one.kind for one in chain_of(store)[len(declared) :]] == ["kept", "kept", "kept", "deleted"]
    found = kept_by(store)
    assert [(one.status, one.principal, one.collection, one.accepted, one.refused) for one in found] == [
        ("first", 1, 1, 3, 0), ("again", 1, 1, 1, 0), ("last", 2, 2, 2, 0),
    ]  # fmt: skip
    assert [len(list(numbers(one.rows))) for one in found] == [2, 0, 2]
    verified = holds(store)
    assert verified.objects is not None
    assert verified.objects == (3, 1, 0, 0)
    store.apply(DECLARED)
    assert [one.kind for one in chain_of(store)][-1] == "deleted"


def test_no_name_no_id_no_body_and_no_secret_is_in_the_chain(store: Store) -> None:
    send(store, row(1), row(2), uid="envelope").result(WAIT)
    give(store, viewer(store), ALL, strict=True).result(WAIT)
    text = b"".join(one.content for chain in CHAINS for one in chain_of(store, chain))
    for name in (named(1).encode(), named(1).encode()[11:], b'"a"', row(1).sha.hex().encode(), row(1).body):
        assert name not in text
    said = [json.loads(one.content) for one in chain_of(store) if b'"principal"' in one.content[-400:]]
    assert all(isinstance(one["values"].get("token", True), bool) for one in said if "values" in one)


def test_what_a_container_classes_anew_is_told(store: Store) -> None:
    send(store, row(1)).result(WAIT)
    send(store, row(2)).result(WAIT)
    send(store, row(7), key=passes_on(named(1), "high")).result(WAIT)
    send(store, row(8), key=passes_on(named(1), "high")).result(WAIT)
    assert [one.reclassed for one in kept_by(store)] == [[], [], [(1, store.releases()["high"])], []]


def test_processes_that_write_at_once_make_one_chain(store: Store, opened: Callable[[], Store]) -> None:
    stores = [store, opened(), opened()]
    send(store, row(1000)).result(WAIT)  # there is something to give from the beginning

    def one(k: int) -> None:
        for j in range(15):
            send(stores[k], row(100 * k + j), source=k + 1, collection=1 + k % 2).result(WAIT)
            give(stores[k], viewer(store), ALL)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(one, k) for k in range(3)]:
            done.result(60)
    for each in stores:
        each.deliveries.close()  # type: ignore[attr-defined]  # as when it stops
    found = holds(store)
    assert (found.journal.no, found.ledger.no) == (12 + 1 + 45, 45)
    assert found.objects == (46, 0, 0, 0)


@pytest.fixture(scope="module", params=KINDS)
def used(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store in which everything was done once; what a test breaks it mends."""
    folder = tmp_path_factory.mktemp("journal")
    store = open_store(address(request.param, folder), folder)
    store.apply(DECLARED)
    for k in range(3):
        send(store, row(2 * k), row(2 * k + 1)).result(WAIT)
        give(store, viewer(store), ALL, strict=True).result(WAIT)
    store.delete(1, viewer(store), replace(ALL, ids=(named(2),))).result(WAIT)
    yield store
    store.close()


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("column", COLUMNS)
def test_any_column_of_any_entry_that_is_changed_is_named(used: Store, chain: str, column: str) -> None:
    assert faults(used) == []
    last = len(chain_of(used, chain))
    for no in {1, 2, last - 1, last} | {last // 2}:
        old = cell(used, chain, column, f"no = {no}")
        altered(used, chain, column, COLUMNS[column], f"no = {no}")
        assert faults(used) == [("bad-chain", chain, no)]
        altered(used, chain, column, old, f"no = {COLUMNS['no'] if column == 'no' else no}")
    assert faults(used) == []


def test_two_entries_that_are_swapped_are_named(used: Store) -> None:
    for one, other in ((13, 14), (14, 13)):  # and back
        behind(used, "UPDATE journal SET no = -1 WHERE no = ?", one)
        behind(used, "UPDATE journal SET no = ? WHERE no = ?", one, other)
        behind(used, "UPDATE journal SET no = ? WHERE no = -1", other)
        assert faults(used) == ([("bad-chain", "journal", 13)] if one == 13 else [])


@pytest.mark.parametrize(("table", "column", "where", "entry"), [
    ("object", "sha", "n = 1", 13), ("gone", "sha", "n = 3", 14), ("salt", "salt", "chain = 'journal' AND no = 13", 13),
])  # fmt: skip
def test_other_bytes_than_were_kept_are_found(used: Store, table: str, column: str, where: str, entry: int) -> None:
    old = cell(used, table, column, where)
    altered(used, table, column, bytes(len(old)), where)
    assert faults(used) == [("bad-chain", "journal", entry)]
    assert faults(used, objects=False) == []
    altered(used, table, column, old, where)
    assert faults(used) == []


def test_rows_that_go_or_come_without_a_word_are_found(store: Store) -> None:
    for k in range(3):
        send(store, row(k)).result(WAIT)
    behind(store, "INSERT INTO gone (n, collection, id, stamp, sha) SELECT n, collection, id, stamp, sha FROM object"
                  " WHERE n = 2")  # fmt: skip
    behind(store, "DELETE FROM object WHERE n = 2")
    assert faults(store) == [("bad-chain", "journal", 14)]
    behind(store, "UPDATE object SET n = 2 WHERE n = 3")
    assert [row_ for _, _, row_ in faults(store)] == [14, 15]


def test_a_row_that_nobody_brought_is_found(store: Store) -> None:
    for k in range(2):
        send(store, row(k)).result(WAIT)
    behind(store, "INSERT INTO object (n, collection, seq, id, type, version, stamp, spec, source, release, first,"
                  " last, mixed, ends, sha, body) SELECT n + 7, collection, seq + 7, id, type, version, stamp, spec, 9,"
                  " release, first, last, mixed, ends, sha, body FROM object WHERE n = 2")  # fmt: skip
    assert faults(store) == [("bad-chain", "journal", None)]


def test_a_number_of_a_row_is_never_given_again(store: Store) -> None:
    send(store, row(1), row(2)).result(WAIT)
    store.delete(1, viewer(store), replace(ALL, ids=(named(2),))).result(WAIT)
    send(store, row(3)).result(WAIT)
    assert [list(numbers(one.rows)) for one in kept_by(store)] == [[1, 2], [3]]


# ---- checkpoints


def test_a_tail_that_is_dropped_after_a_checkpoint_is_found(store: Store, tmp_path: Path) -> None:
    send(store, row(1)).result(WAIT)
    give(store, viewer(store), ALL, strict=True).result(WAIT)
    point = make_checkpoint(store, tmp_path)
    key = own_key(tmp_path)
    send(store, row(2)).result(WAIT)
    assert faults(store, ("kept", point), key=key) == []
    for chain in reversed(CHAINS):
        end = getattr(point, chain).no
        behind(store, "DELETE FROM journal WHERE no >= ?" if chain == "journal" else "DELETE FROM ledger WHERE no >= ?",
               end)  # fmt: skip
        behind(store, "DELETE FROM checkpoint")
        found = faults(store, ("kept", point), key=key, objects=False)
        assert ("bad-chain", chain, end) in found
    assert faults(store, key=key, objects=False) == []  # without a checkpoint elsewhere nobody could know


def test_a_chain_made_anew_does_not_fit_the_checkpoint(store: Store, tmp_path: Path) -> None:
    for k in range(3):
        send(store, row(k)).result(WAIT)
    point = make_checkpoint(store, tmp_path)
    behind(store, "DELETE FROM checkpoint")
    behind(store, "DELETE FROM journal WHERE no >= 14")
    behind(store, "DELETE FROM salt WHERE no >= 14")
    for k in (1, 2):
        send(store, row(k + 10)).result(WAIT)
    assert faults(store, objects=False) == []
    assert faults(store, ("kept", point), key=own_key(tmp_path), objects=False) == [("bad-chain", "journal", 15)]


@pytest.mark.parametrize("changed", [
    {"at": "2020-01-01T00:00:00Z"}, {"hub": "another"}, {"signature": "00" * 64}, {"signature": "?"},
    {"key": "00" * 32},
])  # fmt: skip
def test_a_checkpoint_that_was_changed_is_not_signed(store: Store, tmp_path: Path, changed: dict[str, str]) -> None:
    point = make_checkpoint(store, tmp_path)
    behind(store, "DELETE FROM checkpoint")
    import msgspec

    forged = msgspec.structs.replace(point, **changed)
    key = own_key(tmp_path)
    assert faults(store, ("forged", forged), key=key) == [("bad-checkpoint", "forged", None)]
    assert faults(store, ("real", point), key=key) == []
    assert faults(store, ("real", point), key="11" * 32) == [("bad-checkpoint", "real", None)]


def test_the_key_is_made_once_for_this_user_alone_and_bad_files_are_named(store: Store, tmp_path: Path) -> None:
    first, second = make_checkpoint(store, tmp_path), make_checkpoint(store, tmp_path)
    assert first.key == second.key
    assert (tmp_path / "journal.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("journal.key*")] == ["journal.key"]
    behind(store, "UPDATE checkpoint SET text = 'x' WHERE no = 1")
    assert faults(store, key=first.key) == [("bad-checkpoint", "checkpoint 1", None)]
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    for path in (bad, tmp_path / "none.json"):
        with pytest.raises(InputError):
            load_checkpoint(str(path))


# ---- deliveries


def test_who_got_what_is_exact_whatever_happens_to_the_rows(store: Store, opened: Callable[[], Store]) -> None:
    send(store, *(row(k) for k in range(6)), key="low").result(WAIT)
    send(store, row(9), key="high").result(WAIT)
    one = replace(viewer(store, "low"), principal=1)
    give(store, one, Query(ids=(named(2), named(4)), last=False, every=True), strict=True).result(WAIT)
    give(store, replace(viewer(store, "low", "high"), principal=2), ALL, strict=True).result(WAIT)
    store.delete(1, viewer(store), replace(ALL, ids=(named(4),))).result(WAIT)
    behind(store, "UPDATE object SET release = ? WHERE n = 3", store.releases()["high"])
    other = opened()
    assert [(d.principal, d.version) for d in deliveries(other, named(4))] == [
        ("a", row(4).stamp), ("b", row(4).stamp)
    ]  # fmt: skip
    assert [d.principal for d in deliveries(other, named(2))] == ["a", "b"]
    assert [d.principal for d in deliveries(other, named(3))] == ["b"]
    assert [d.principal for d in deliveries(other, named(9))] == ["b"]
    assert [d.object for d in deliveries(other, principal="a")] == [named(2), named(4)]
    assert [d.object for d in deliveries(other, named(2), "b")] == [named(2)]
    assert [said.count for said in givens(other)] == [2, 7]
    assert list(deliveries(store, principal="c")) == []
