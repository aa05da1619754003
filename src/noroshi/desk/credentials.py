"""Who asks: passwords (argon2id) and tokens (kept as SHA-256), checked without telling which part was wrong."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from noroshi.desk.limits import Failures
from noroshi.store import people
from noroshi.store.contract import Scope

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from noroshi.store.contract import Principal, Store

__all__ = ["Credentials", "hash_password", "token_digest"]

REMEMBERED_S = 60.0
MOST = 4096
LONGEST_NAME = 200
AT_ONCE = 2
"""Passwords that are checked at one time: each takes 64 MiB and a core for some 50 ms."""
PASSES, MEMORY_KIB, LANES = 3, 65536, 1
"""RFC 9106, section 4, second recommended option, with one lane."""
FAILURES = 10
"""Log-ins that may fail for one name in a quarter of an hour, where nothing else is set."""


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

    def __init__(self, store: Store, failures: int = FAILURES) -> None:
        """Start with nothing remembered; failures: how many log-ins of one name may fail in a quarter of an hour."""
        self.store = store
        self.failures = Failures(failures)
        self.key = secrets.token_bytes(32)
        self.lock = threading.Lock()
        self.remembered: OrderedDict[bytes, tuple[str, int, float]] = OrderedDict()
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        self.nobody = ""

    def quick(self, header: str, now: float) -> Principal | None:
        """Return whose header it is where that needs no password check: a token, or one remembered."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer":
            digest = token_digest(rest.strip())
            return self.store.token(digest) or self._scoped(digest)
        with self.lock:
            known = self.remembered.get(self._mark(header))
        if known is None or known[2] < now:
            return None
        found = self.store.principal(known[0])
        return found[0] if found is not None and found[0].version == known[1] else None

    def slow(self, header: str, now: float, address: str = "") -> Principal | None:
        """Return whose password a Basic header has; None for a wrong one, after the same work as for a right one.

        TooMany where too many log-ins of that name, or from that address, have failed.
        """
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, colon, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        found = self.password(name, password, now, address) if colon else None
        if found is None:
            return None
        with self.lock:
            self.remembered[self._mark(header)] = (name, found.version, now + REMEMBERED_S)
            while len(self.remembered) > MOST:
                self.remembered.popitem(last=False)
        return found

    def password(self, name: str, password: str, now: float, address: str = "") -> Principal | None:
        """Return whose name and password these are; None and TooMany as `slow`."""
        said = name[:LONGEST_NAME]
        self.failures.refuse(said, address, now)
        with self.lock:  # made by the first who asks, whoever it is: a command that checks no password does not wait
            self.nobody = self.nobody or hash_password(secrets.token_hex(16))
        found = self.store.principal(name)
        hashed = found[1] if found and found[1] else self.nobody
        with self.turns:
            self.failures.refuse(said, address, now)  # others may have failed while this one waited
            right = fits(hashed, password)
            if found is None or not found[1] or not right:
                self.failures.failed(said, address, now)
                return None
        return found[0]

    def _scoped(self, digest: bytes) -> Principal | None:
        """Return whose token with scopes this is, and what it was made for; None for one that has run out."""
        one = people.token(self.store, digest)
        if one is None or one.expires <= time.time_ns() // 1000:
            return None
        account = people.account(self.store, no=one.principal)
        found = None if account is None else self.store.principal(account.name)
        if account is None or found is None:
            return None
        return replace(found[0], owner=account.owner, scope=Scope(one.scopes, one.collections))

    def _mark(self, header: str) -> bytes:
        """Return under what a header is remembered."""
        return hmac.digest(self.key, header.encode(), "sha256")
