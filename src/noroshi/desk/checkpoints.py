"""Checkpoints: where both chains end at a moment, signed with the hub's key, for whoever keeps them elsewhere.

Who can write to the database can make a chain anew from any entry on, but not so that it fits a checkpoint that was
given away before. Signatures are Ed25519 (RFC 8032).
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from noroshi.errors import Fault, InputError
from noroshi.share.chain import CHAINS, Tail, statement
from noroshi.store.journal import tail_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from noroshi.store.contract import Connection, Store

__all__ = [
    "Checkpoint", "kept_here", "load_checkpoint", "make_checkpoint", "own_key", "public_of", "signed_by", "signing_key",
]  # fmt: skip

FILE = "journal.key"
SEED_BYTES, NAME_DIGITS = 32, 16


class End(msgspec.Struct, frozen=True):
    """Where a chain ends."""

    no: int
    hash: str


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint as it is kept; hub: the first digits of its key's SHA-256; key, hashes, signature: hexadecimal."""

    checkpoint: int
    hub: str
    at: str
    journal: End
    ledger: End
    key: str
    signature: str


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """Return the key that the hub signs with, made on first use: a file that only this user may read."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        part = folder / f"{FILE}.{os.getpid()}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(SEED_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(part)  # whole, and never over one that another process has made
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def public_of(private: Ed25519PrivateKey) -> str:
    """Return the public half of a key, as hexadecimal digits."""
    return private.public_key().public_bytes_raw().hex()


def own_key(folder: Path) -> str:
    """Return the public key that this hub signs with; "" where it has never signed."""
    return public_of(signing_key(folder)) if (folder / FILE).exists() else ""


def make_checkpoint(store: Store, folder: Path) -> Checkpoint:
    """Sign where both chains end now, and keep a copy in the store."""
    private = signing_key(folder)
    key = public_of(private)
    hub = hashlib.sha256(bytes.fromhex(key)).hexdigest()[:NAME_DIGITS]

    def work(connection: Connection) -> Checkpoint:
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        tails = [tail_of(connection, chain) for chain in CHAINS]
        said = statement(hub, at, tails, key)
        journal, ledger = (End(tail.no, tail.hash.hex()) for tail in tails)
        made = Checkpoint(1, hub, at, journal, ledger, key, private.sign(said).hex())
        connection.execute("INSERT INTO checkpoint (text) VALUES (?)", (msgspec.json.encode(made).decode(),))
        return made

    return store.write(work).result()


def kept_here(store: Store) -> list[tuple[str, Checkpoint | None]]:
    """Return the checkpoints that the store has kept, each with its name; None for one that cannot be read."""
    found: list[tuple[str, Checkpoint | None]] = []
    for no, text in store.ask("SELECT no, text FROM checkpoint ORDER BY no"):
        try:
            found.append((f"checkpoint {no}", msgspec.json.decode(str(text), type=Checkpoint)))
        except msgspec.DecodeError:
            found.append((f"checkpoint {no}", None))
    return found


def load_checkpoint(path: str) -> Checkpoint:
    """Return the checkpoint of a file; InputError where there is none."""
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=Checkpoint)
    except OSError as error:
        raise InputError([Fault("missing-file", file=path, found=error.strerror or str(error),
                                expected="a checkpoint", remedy="correct the path")]) from None  # fmt: skip
    except msgspec.DecodeError as error:
        raise InputError([Fault("bad-checkpoint", file=path, found=str(error), expected="a checkpoint as it was made",
                                remedy="take the file as the hub gave it")]) from None  # fmt: skip


def signed_by(checkpoint: Checkpoint, key: str) -> bool:
    """Say whether a checkpoint was signed with the key of these hexadecimal digits, and says what was signed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        tails = [Tail(one.no, bytes.fromhex(one.hash)) for one in (checkpoint.journal, checkpoint.ledger)]
        said = statement(checkpoint.hub, checkpoint.at, tails, checkpoint.key)
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(checkpoint.signature), said)
    except (InvalidSignature, ValueError):
        return False
    return checkpoint.key == key
