"""Who asks: passwords (argon2id) and tokens (kept as SHA-256), checked without telling which part was wrong."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from noroshi.store.contract import Principal, Store

__all__ = ["Credentials", "hash_password", "token_digest"]

REMEMBERED_S = 60.0
MOST = 4096
AT_ONCE = 2
"""Passwords that are checked at one time: each takes 64 MiB and a core for some 50 ms."""
PASSES, MEMORY_KIB, LANES = 3, 65536, 1
"""RFC 9106, section 4, second recommended option, with one lane."""


def hasher() -> PasswordHasher:
    """Return what hashes and checks passwords."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its own salt (RFC 9106)."""
    return hasher().hash(password)


def fits(hashed: str, password: str) -> bool:
    """Say whether a password is that of a hash; it takes as long either way."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return hasher().verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def token_digest(token: str) -> bytes:
    """Return what is kept of a token: it is random, so that a fast hash does."""
    return hashlib.sha256(token.encode()).digest()


class Credentials:
    """Checks headers, and remembers for a minute those that were right: a class for that memory's sake.

    A header is remembered under a keyed hash together with the version of its principal, so that a change of password
    or rights ends it at once: the principal is read from the store each time.
    """

    def __init__(self, store: Store) -> None:
        """Start with nothing remembered."""
        self.store = store
        self.key = secrets.token_bytes(32)
        self.lock = threading.Lock()
        self.remembered: OrderedDict[bytes, tuple[str, int, float]] = OrderedDict()
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        self.nobody = hash_password(secrets.token_hex(16))

    def quick(self, header: str, now: float) -> Principal | None:
        """Return whose header it is where that needs no password check: a token, or one remembered."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer":
            return self.store.token(token_digest(rest.strip()))
        with self.lock:
            known = self.remembered.get(self._mark(header))
        if known is None or known[2] < now:
            return None
        found = self.store.principal(known[0])
        return found[0] if found is not None and found[0].version == known[1] else None

    def slow(self, header: str, now: float) -> Principal | None:
        """Return whose password a Basic header has; None for a wrong one, after the same work as for a right one."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, colon, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        found = self.store.principal(name) if colon else None
        hashed = found[1] if found and found[1] else self.nobody
        with self.turns:
            right = fits(hashed, password)
        if found is None or not found[1] or not right:
            return None
        with self.lock:
            self.remembered[self._mark(header)] = (name, found[0].version, now + REMEMBERED_S)
            while len(self.remembered) > MOST:
                self.remembered.popitem(last=False)
        return found[0]

    def _mark(self, header: str) -> bytes:
        """Return under what a header is remembered."""
        return hmac.digest(self.key, header.encode(), "sha256")
