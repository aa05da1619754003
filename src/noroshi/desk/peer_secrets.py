"""What we log in with at partner hubs, kept sealed with this hub's key: it is opened for a request and never shown."""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

import msgspec

from noroshi.desk.cursors import NONCE_BYTES

__all__ = ["Login", "PeerSecrets"]


class Login(NamedTuple):
    """A name and a password, or a token."""

    username: str
    password: str
    token: str


class PeerSecrets:
    """Seals and opens with AES-256-GCM, each secret for one partner and address alone; a class for the key's sake."""

    def __init__(self, key: bytes) -> None:
        """Take the hub's secret."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.box = AESGCM(hashlib.sha256(b"peers" + key).digest())

    def sealed(self, name: str, url: str, login: Login, there: bytes = b"") -> bytes:
        """Return a login sealed; `there`, what is kept already, where it holds the same."""
        if there and self.opened(name, url, there) == login:
            return there
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.box.encrypt(nonce, msgspec.json.encode(login), bound(name, url))

    def opened(self, name: str, url: str, kept: bytes) -> Login | None:
        """Return a login; None where it was sealed with another key, or for another partner or address."""
        from cryptography.exceptions import InvalidTag

        try:
            text = self.box.decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], bound(name, url))
        except (InvalidTag, ValueError):
            return None
        return Login(*msgspec.json.decode(text, type=tuple[str, str, str]))


def bound(name: str, url: str) -> bytes:
    """Return what a secret is for: moved to another row or address, it cannot be opened."""
    return msgspec.json.encode((name, url))
