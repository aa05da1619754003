"""`noroshi journal verify`: both chains entry by entry, every checkpoint, and whether what was kept is still there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.checkpoints import Checkpoint, kept_here, load_checkpoint, make_checkpoint, own_key, signed_by
from noroshi.desk.journal_objects import Objects, compared
from noroshi.errors import Fault, InputError
from noroshi.share.chain import CHAINS, Tail, begin, walked
from noroshi.store.journal_reading import entries
from noroshi.store.opening import open_store

if TYPE_CHECKING:
    from noroshi.settings import Settings
    from noroshi.store.contract import Store

__all__ = ["Verified", "checkpoint_hub", "verify", "verify_hub"]

REMEDY = "find out who could write to the database; restore a backup whose checkpoints fit"


class Verified(NamedTuple):
    """What holds: where each chain ends, how many checkpoints fit, and of rows what `journal_objects` counted."""

    journal: Tail
    ledger: Tail
    checkpoints: int
    objects: Objects | None


@dataclass
class Walk:
    """A chain as it was walked: its end, the hashes that checkpoints ask for, and the fault that ended it."""

    end: Tail
    hashes: dict[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def checkpoint_hub(settings: Settings) -> Checkpoint:
    """Make a checkpoint of the store that the settings name. InputError where it cannot be opened."""
    store = open_store(settings.database, settings.data)
    try:
        return make_checkpoint(store, settings.data)
    finally:
        store.close()


def verify_hub(settings: Settings, files: Sequence[str], key: str = "", *, objects: bool = False) -> Verified:
    """Verify the store that the settings name; as `verify`."""
    store = open_store(settings.database, settings.data)
    try:
        given = [(path, load_checkpoint(path)) for path in files]
        return verify(store, given, key or own_key(settings.data), objects=objects)
    finally:
        store.close()


def verify(
    store: Store, given: Iterable[tuple[str, Checkpoint]], key: str, *, objects: bool = False
) -> Verified:  # fmt: skip
    """Walk both chains and hold checkpoints against them: those given and those that the store kept.

    key: the public key of the hub, hexadecimal; objects: compare what was kept with what is there too. InputError
    names the first entry of each chain that does not hold, each checkpoint that does not fit, each row that differs.
    """
    points: list[tuple[str, Checkpoint | None]] = [*given, *kept_here(store)]
    readable = [(name, one) for name, one in points if one is not None]
    faults = [bad_point(name, "text that is no checkpoint", "as it was made") for name, one in points if one is None]
    walks = []
    for chain in CHAINS:
        walk = walk_chain(store, chain, {getattr(one, chain).no for _, one in readable})
        walks.append(walk)
        faults += walk.faults
        faults += [fault for name, one in readable if (fault := misfit(walk, chain, name, one))]
    faults += [
        bad_point(name, f"a signature that is not by {key or 'any key of this hub'}", "the hub's own signature")
        for name, one in readable if not signed_by(one, key)
    ]  # fmt: skip
    found = None
    if objects and not faults:
        found, wrong = compared(store)
        faults += wrong
    if faults:
        raise InputError(faults)
    return Verified(walks[0].end, walks[1].end, len(readable), found)


def walk_chain(store: Store, chain: str, asked: set[int]) -> Walk:
    """Return a chain as far as it holds, with the hashes of the entries that are asked for."""
    walk = Walk(begin(chain))
    walk.hashes[0] = walk.end.hash.hex()
    for some in entries(store.ask, chain):
        walk.end, broken = walked(walk.end, some)
        walk.hashes |= {one.no: one.hash.hex() for one in some if one.no in asked and one.no <= walk.end.no}
        if broken is not None:
            walk.faults.append(
                Fault("bad-chain", file=chain, row=broken.no, found=broken.found, expected=broken.expected,
                      remedy=REMEDY)
            )  # fmt: skip
            break
    return walk


def misfit(walk: Walk, chain: str, name: str, one: Checkpoint) -> Fault | None:
    """Return how a checkpoint does not fit a chain; None where it does, or its entry was not reached for a fault."""
    end = getattr(one, chain)
    if walk.hashes.get(end.no) == end.hash:
        return None
    if end.no in walk.hashes:
        found = f"hash {walk.hashes[end.no][:16]}…"
    elif walk.faults:
        return None
    else:
        found = f"nothing after entry {walk.end.no}"
    return Fault("bad-chain", file=chain, row=min(end.no, walk.end.no + 1), column=name, found=found,
                 expected=f"entry {end.no} with the hash {end.hash[:16]}…, as signed on {one.at}",
                 remedy=REMEDY)  # fmt: skip


def bad_point(name: str, found: str, expected: str) -> Fault:
    """Return the fault of a checkpoint."""
    return Fault("bad-checkpoint", file=name, found=found, expected=expected,
                 remedy="give the hub's public key with --key, or the file as the hub gave it")  # fmt: skip
