"""Cursors: where a reader was, sealed, so that it can neither be read nor moved to another reader or question."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path

from noroshi.share.taxii import Query, Refused

__all__ = ["Cursors", "hub_key"]

KEY_BYTES, NONCE_BYTES, SEQ_BYTES = 32, 12, 8


def hub_key(folder: Path) -> bytes:
    """Return the hub's own secret, made on first use: 32 bytes that only this user may read."""
    path = folder / "hub.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = os.urandom(KEY_BYTES)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


class Cursors:
    """Seals and opens cursors with AES-256-GCM; a class for the key's sake."""

    def __init__(self, key: bytes) -> None:
        """Take the hub's secret."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.box = AESGCM(hashlib.sha256(b"cursors" + key).digest())

    def sealed(self, principal: int, route: str, collection: int, query: Query, seq: int) -> str:
        """Return the cursor after `seq`, for this principal, route, collection and filter alone."""
        nonce = os.urandom(NONCE_BYTES)
        text = self.box.encrypt(nonce, seq.to_bytes(SEQ_BYTES, "big"), bound(principal, route, collection, query))
        return base64.urlsafe_b64encode(nonce + text).decode().rstrip("=")

    def opened(self, cursor: str, principal: int, route: str, collection: int, query: Query) -> int:
        """Return the seq of a cursor; Refused 400 for one of another reader or question, and for anything else."""
        from cryptography.exceptions import InvalidTag

        try:
            data = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            nonce, text = data[:NONCE_BYTES], data[NONCE_BYTES:]
            return int.from_bytes(self.box.decrypt(nonce, text, bound(principal, route, collection, query)), "big")
        except (binascii.Error, ValueError, InvalidTag):
            raise Refused(400, "Invalid next", "next: as the last page gave it, with the same filters") from None


def bound(principal: int, route: str, collection: int, query: Query) -> bytes:
    """Return what a cursor holds for: everything asked but how much at a time."""
    asked = (query.ids, query.types, query.versions, query.first, query.last, query.every, query.specs,
             query.added_after)  # fmt: skip
    return repr((principal, route, collection, asked)).encode()
