"""Who asks by a browser: sessions that hang on what they were opened with, and end when that changes.

A session is a random secret in a cookie; the store keeps its SHA-256 alone. The principal is read at each request, so
that what is withdrawn is gone with the next one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.credentials import token_digest
from noroshi.desk.permitting import must
from noroshi.share.taxii import Refused
from noroshi.store import people

if TYPE_CHECKING:
    from noroshi.store.contract import Principal, Store
    from noroshi.store.people import Account, Session

__all__ = ["Asker", "Opened", "ended", "listed", "log_in", "of_header", "of_session", "opened", "token_against_forgery"]

HOUR = 3_600_000_000
SECRET_BYTES = 32


class Asker(NamedTuple):
    """Who asks, and by which session, b"" where it was by none."""

    principal: Principal
    session: bytes = b""
    secret: str = ""


class Opened(NamedTuple):
    """A session as its owner gets it, once."""

    asker: Asker
    expires: int


def log_in(store: Store, found: Principal, hours: int, now: int) -> Opened:
    """Open a session for a principal whose password was right; `now` in microseconds."""
    account = people.account(store, no=found.no)
    if account is None:
        raise Refused(401, "Unauthorized", "log in again")
    return opened(store, account, bond_of_password(account), hours, now)


def opened(store: Store, account: Account, bond: bytes, hours: int, now: int) -> Opened:
    """Open a session that hangs on a bond."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    one = people.Session(token_digest(secret), account.no, bond, now, now + hours * HOUR)
    store.change(lambda connection: people.keep_session(connection, one)).result()
    asker = of_session(store, secret, now)
    if asker is None:
        raise Refused(401, "Unauthorized", "log in again")
    return Opened(asker, one.expires)


def of_session(store: Store, secret: str, now: int) -> Asker | None:
    """Return who asks by a session; None for one that has ended, or whose bond is not what it was."""
    kept = people.session(store, token_digest(secret))
    if kept is None or kept.expires <= now:
        return None
    account = people.account(store, no=kept.principal)
    if account is None or not any(hmac.compare_digest(kept.bond, bond) for bond in bonds(account)):
        return None
    found = store.principal(account.name)
    return None if found is None else Asker(replace(found[0], owner=account.owner), kept.digest, secret)


def of_header(store: Store, found: Principal) -> Asker:
    """Return who asks by a header: a token with scopes has said already whether it is an owner's."""
    if found.scope is not None:
        return Asker(found)
    account = people.account(store, no=found.no)
    return Asker(replace(found, owner=account is not None and account.owner))


def bonds(account: Account) -> tuple[bytes, ...]:
    """Return what sessions of a principal may hang on now."""
    found = [bond_of_password(account)] if account.password else []
    return (*found, bond_of_subject(account.subject)) if account.subject else tuple(found)


def bond_of_password(account: Account) -> bytes:
    """Return what a session hangs on that was opened with a password."""
    return hashlib.sha256(b"password " + account.password.encode()).digest()


def bond_of_subject(subject: str) -> bytes:
    """Return what a session hangs on that an OpenID provider vouched for."""
    return hashlib.sha256(b"subject " + subject.encode()).digest()


def token_against_forgery(secret: str) -> str:
    """Return what a page must send beside the cookie to change anything: who knows the cookie alone cannot read it."""
    return hashlib.sha256(b"forgery " + secret.encode()).hexdigest()[:43]


def listed(store: Store, asker: Asker, now: int) -> tuple[Session, ...]:
    """Return one's own sessions."""
    must(asker.principal, "sessions.manage")
    return people.sessions(store, asker.principal.no, now)


def ended(store: Store, asker: Asker, *, everywhere: bool) -> None:
    """End this session, or all of one's own."""
    must(asker.principal, "sessions.manage")
    digest = None if everywhere else asker.session
    store.change(lambda connection: people.log_out(connection, asker.principal.no, digest)).result()
