"""The chain of hashes: whatever is changed, taken out, put in or moved is found, and where."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.share.chain import (
    CHAINS,
    Entry,
    Told,
    begin,
    canonical,
    linked,
    numbers,
    runs,
    sealed,
    spans,
    statement,
    walked,
    within,
)
from noroshi.share.entries import KINDS, Erased, read_entry

TOLD = st.builds(Told, st.just("journal"), st.sampled_from(["kept", "deleted", "x y"]), st.binary(max_size=20))
LISTS = st.lists(st.integers(1, 40) | st.integers(-(1 << 62), 1 << 62), max_size=40)


def chain(told: list[Told], at: int = 7) -> list[Entry]:
    """Return a chain of its own."""
    return linked(begin("journal"), at, told)


@given(st.lists(TOLD, max_size=8), st.integers(0, 8))
def test_a_chain_holds_in_whatever_pieces_it_is_written_and_read(told: list[Told], cut: int) -> None:
    whole = chain(told)
    first = chain(told[:cut])
    end, broken = walked(begin("journal"), first)
    assert broken is None
    assert first + linked(end, 7, told[cut:]) == whole
    assert walked(end, whole[len(first) :])[0] == walked(begin("journal"), whole)[0]


def test_a_hash_is_what_the_docstring_says() -> None:
    before = hashlib.sha256(b"noroshi chain 1\njournal").digest()
    (one,) = chain([Told("journal", "kept", b'{"a":1}')])
    assert one.hash == hashlib.sha256(before + b'1\n7\nkept\n{"a":1}').digest()
    assert begin(CHAINS[0]).hash != begin(CHAINS[1]).hash


CHANGES: dict[str, Any] = {
    "no": 99, "at": 8, "kind": "deleted", "content": b"{}", "hash": bytes(32),
}  # fmt: skip
WRONG_TYPES: dict[str, Any] = {"no": "2", "at": "7", "kind": 1, "content": "text", "hash": None}


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("changes", [CHANGES, WRONG_TYPES])
@pytest.mark.parametrize("column", Entry._fields)
def test_any_column_of_any_entry_that_is_changed_is_named(column: str, changes: dict[str, Any], place: int) -> None:
    entries = chain([Told("journal", "kept", b'{"k":%d}' % k) for k in range(5)])
    entries[place] = entries[place]._replace(**{column: changes[column]})
    end, broken = walked(begin("journal"), entries)
    assert broken is not None
    assert broken.no == place + 1
    assert end.no == place


@pytest.mark.parametrize(("how", "first"), [
    (lambda all_: [*all_[:2], *all_[3:]], 3),
    (lambda all_: [*all_[:1], all_[2], all_[1], *all_[3:]], 2),
    (lambda all_: [all_[0], all_[0], *all_[1:]], 2),
    (lambda all_: [*all_[:2], all_[2]._replace(content=all_[3].content), *all_[3:]], 3),
    (lambda all_: all_[1:], 1),
])  # fmt: skip
def test_entries_taken_out_swapped_or_put_in_are_found(how: Any, first: int) -> None:
    entries = chain([Told("journal", "kept", b'{"k":%d}' % k) for k in range(5)])
    assert walked(begin("journal"), entries)[1] is None
    broken = walked(begin("journal"), how(entries))[1]
    assert broken is not None
    assert broken.no == first


@given(LISTS)
def test_runs_are_read_back_in_their_order(values: list[int]) -> None:
    packed = runs(values)
    assert list(numbers(packed)) == values
    assert sum(high - low + 1 for low, high in spans(packed)) == len(values)


def test_rising_numbers_without_gaps_are_two_numbers() -> None:
    assert runs(range(7, 10_007)) == [7, 10_000]
    assert runs([]) == []


@given(LISTS, st.sets(st.integers(1, 40)))
def test_within_is_what_is_in_both(values: list[int], wanted: set[int]) -> None:
    found = within(runs(values), sorted(wanted))
    assert sorted(found) == sorted(value for value in values if value in wanted)


def test_a_seal_is_an_hmac_and_the_salt_decides() -> None:
    salt, value = b"s" * 16, b"value"
    assert sealed(salt, value) == hmac.new(salt, hashlib.sha256(value).digest(), "sha256").hexdigest()
    assert sealed(b"t" * 16, value) != sealed(salt, value)


def test_the_same_value_is_the_same_bytes() -> None:
    assert canonical({"b": 1, "a": "狼"}) == '{"a":"狼","b":1}'.encode() == canonical({"a": "狼", "b": 1})
    ends = [begin(name) for name in CHAINS]
    said = msgspec.json.decode(statement("hub", "now", ends, "key"))
    assert {name: said[name]["hash"] for name in CHAINS} == {n: e.hash.hex() for n, e in zip(CHAINS, ends, strict=True)}


def test_what_an_entry_says_is_read_back_and_an_unknown_kind_is_let_be() -> None:
    said = Erased([3, 1], "order 7")
    assert read_entry(Entry(1, 1, "erased", canonical(said), b"")) == said
    assert read_entry(Entry(1, 1, "of a later version", b"{}", b"")) is None
    assert set(KINDS) >= {"kept", "given"}
