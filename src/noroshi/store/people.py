"""People in a store: principals as they are managed, tokens with scopes, sessions, log-ins under way, the first owner.

Reading takes a store, writing a connection within the writer's transaction. Of secrets only digests pass here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from noroshi.share.contacts import CAST
from noroshi.store.contract import DeclaredPrincipal
from noroshi.store.declaring import kept
from noroshi.store.declaring import principal as declare

if TYPE_CHECKING:
    from noroshi.store.contract import Connection

__all__ = [
    "Account", "Asked", "Grant", "Place", "Session", "Token", "account", "accounts", "begin_login", "change", "grants",
    "invite", "invited", "keep_session", "keep_token", "locked", "log_out", "make", "names_of", "nobody_yet", "owners",
    "permit", "place", "places", "revoke", "session", "sessions", "take_invitation", "take_login", "token", "tokens",
    "withdraw",
]  # fmt: skip


class Asked(Protocol):
    """What can be asked: a store."""

    def ask(self, text: str, values: Sequence[Any] = ...) -> list[Any]:
        """Return the rows that a statement finds."""


@dataclass(frozen=True, slots=True)
class Account:
    """A principal as it is managed. bond: what a session of its hangs on changes with it (the password's hash)."""

    no: int
    name: str
    kind: str
    sees: int
    communities: frozenset[str]
    version: int
    owner: bool
    subject: str
    password: str
    token: bytes | None


class Grant(NamedTuple):
    """What a principal may do with a collection."""

    principal: str
    root: str
    uid: str
    read: bool
    write: bool


class Place(NamedTuple):
    """A collection by the names of its API root and its own."""

    no: int
    root: str
    uid: str


class Token(NamedTuple):
    """A token as it is kept; collections: their numbers, None = all."""

    uid: str
    principal: int
    label: str
    scopes: frozenset[str]
    collections: frozenset[int] | None
    made: int
    expires: int


class Session(NamedTuple):
    """A session as it is kept; times in microseconds."""

    digest: bytes
    principal: int
    bond: bytes
    made: int
    expires: int


ANYBODY = "SELECT 1 FROM principal WHERE substr(name, 1, ?) <> ? LIMIT 1"
ACCOUNT = "SELECT no, name, kind, sees, communities, version, owner, subject, password, token FROM principal"
TOKEN = "SELECT uid, principal, label, scopes, collections, made, expires FROM token"  # noqa: S105  a statement
SESSION = "SELECT digest, principal, bond, made, expires FROM session"


# ---- principals


def accounts(store: Asked) -> tuple[Account, ...]:
    """Return every principal, by name."""
    return tuple(map(account_of, store.ask(ACCOUNT + " ORDER BY name")))


def account(store: Asked, *, name: str = "", no: int = 0, subject: str = "") -> Account | None:
    """Return a principal by name, by its place, or by what an OpenID provider calls it."""
    column, value = ("no", no) if no else ("subject", subject) if subject else ("name", name)
    rows = store.ask(f"{ACCOUNT} WHERE {column} = ?", (value,))
    return account_of(rows[0]) if rows else None


def names_of(store: Asked, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return the name and kind of principals by their places."""
    found: dict[int, tuple[str, str]] = {}
    for no in set(numbers):
        for row in store.ask("SELECT no, name, kind FROM principal WHERE no = ?", (no,)):
            found[row[0]] = (row[1], row[2])
    return found


def nobody_yet(store: Asked) -> bool:
    """Say whether there is no principal at all but those who play in scripts, as whom nobody can log in."""
    return not store.ask(ANYBODY, (len(CAST), CAST))


def account_of(row: Sequence[Any]) -> Account:
    """Return an account from its row."""
    no, name, kind, sees, communities, version, owner, subject, password, token_ = row
    named = frozenset(json.loads(communities or "[]"))
    return Account(no, name, kind, sees, named, version, bool(owner), subject or "", password, token_)


def locked(connection: Connection, name: str) -> Account | None:
    """Return a principal as it is within the writer's transaction."""
    row = connection.execute(f"{ACCOUNT} WHERE name = ?", (name,)).fetchone()
    return None if row is None else account_of(row)


def make(connection: Connection, said: DeclaredPrincipal, *, owner: bool, subject: str) -> bool:
    """Make a principal; False where there is one of that name, or that the provider calls so, already."""
    if locked(connection, said.name) is not None or taken(connection, subject, said.name):
        return False
    declare(connection, said)
    own(connection, said.name, owner=owner, subject=subject)
    return True


def change(connection: Connection, said: DeclaredPrincipal, *, owner: bool, subject: str) -> bool:
    """Change a principal to what is said; False where there is none, or another is called so by the provider."""
    if locked(connection, said.name) is None or taken(connection, subject, said.name):
        return False
    declare(connection, said)
    own(connection, said.name, owner=owner, subject=subject)
    return True


def taken(connection: Connection, subject: str, name: str) -> bool:
    """Say whether another principal is already what a provider calls `subject`."""
    found = connection.execute("SELECT name FROM principal WHERE subject = ?", (subject,)).fetchone()
    return bool(subject) and found is not None and found[0] != name


def own(connection: Connection, name: str, *, owner: bool, subject: str) -> None:
    """Set whether a principal is an owner, and what the provider calls it."""
    kept(connection, "principal", {"name": name}, {"owner": int(owner)}, name)
    connection.execute("UPDATE principal SET subject = ? WHERE name = ?", (subject or None, name))


def owners(connection: Connection) -> tuple[str, ...]:
    """Return the names of the owners, within the writer's transaction."""
    rows = connection.execute("SELECT name FROM principal WHERE owner = 1 ORDER BY name").fetchall()
    return tuple(name for (name,) in rows)


def withdraw(connection: Connection, name: str) -> bool:
    """Take all from a principal: secrets, sessions, grants, rights. Its name stays: what it sent has it as source."""
    found = locked(connection, name)
    if found is None:
        return False
    declare(connection, DeclaredPrincipal(name, found.kind, -1, frozenset(), "", None))
    own(connection, name, owner=False, subject="")
    for table in ("token", "session"):
        connection.execute(f"DELETE FROM {table} WHERE principal = ?", (found.no,))
    had = connection.execute("SELECT collection FROM permit WHERE principal = ?", (found.no,)).fetchall()
    for (collection,) in had:
        permit(connection, found.no, collection, read=False, write=False)
    connection.execute("UPDATE principal SET version = version + 1 WHERE no = ?", (found.no,))
    return True


# ---- grants


def place(store: Asked, root: str, uid: str) -> Place | None:
    """Return a collection by the names of its API root and its own."""
    return next((one for one in places(store) if (one.root, one.uid) == (root, uid)), None)


def places(store: Asked) -> tuple[Place, ...]:
    """Return every collection."""
    text = "SELECT c.no, r.name, c.uid FROM collection c JOIN api_root r ON r.no = c.root ORDER BY r.name, c.uid"
    return tuple(Place(*row) for row in store.ask(text))


def grants(store: Asked) -> tuple[Grant, ...]:
    """Return every grant of anything, by principal and collection."""
    rows = store.ask(
        "SELECT p.name, r.name, c.uid, g.can_read, g.can_write FROM permit g JOIN principal p ON p.no = g.principal"
        " JOIN collection c ON c.no = g.collection JOIN api_root r ON r.no = c.root"
        " WHERE g.can_read + g.can_write > 0 ORDER BY p.name, r.name, c.uid"
    )
    return tuple(Grant(name, root, uid, bool(read), bool(write)) for name, root, uid, read, write in rows)


def permit(connection: Connection, principal: int, collection: int, *, read: bool, write: bool) -> bool:
    """Grant what is said and no more; say whether that changed anything."""
    key: dict[str, object] = {"principal": principal, "collection": collection}
    return bool(kept(connection, "permit", key, {"can_read": int(read), "can_write": int(write)}, ""))


# ---- tokens


def tokens(store: Asked, principal: int) -> tuple[Token, ...]:
    """Return the tokens of a principal, the oldest first."""
    return tuple(map(token_of, store.ask(TOKEN + " WHERE principal = ? ORDER BY made, uid", (principal,))))


def token(store: Asked, digest: bytes) -> Token | None:
    """Return the token of a digest."""
    rows = store.ask(TOKEN + " WHERE digest = ?", (digest,))
    return token_of(rows[0]) if rows else None


def token_of(row: Sequence[Any]) -> Token:
    """Return a token from its row."""
    uid, principal, label, scopes, collections, made, expires = row
    within = frozenset(json.loads(collections)) if collections else None
    return Token(uid, principal, label, frozenset(json.loads(scopes)), within, made, expires)


def keep_token(connection: Connection, one: Token, digest: bytes) -> None:
    """Keep a token, in the place of one of the same id if there is one."""
    connection.execute("DELETE FROM token WHERE uid = ? AND principal = ?", (one.uid, one.principal))
    within = "" if one.collections is None else json.dumps(sorted(one.collections))
    connection.execute(
        "INSERT INTO token (uid, principal, label, digest, scopes, collections, made, expires)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (one.uid, one.principal, one.label, digest, json.dumps(sorted(one.scopes)), within, one.made, one.expires),
    )


def revoke(connection: Connection, principal: int, uid: str) -> bool:
    """Take a token of a principal away; say whether there was one."""
    found = connection.execute("SELECT 1 FROM token WHERE uid = ? AND principal = ?", (uid, principal)).fetchone()
    connection.execute("DELETE FROM token WHERE uid = ? AND principal = ?", (uid, principal))
    return found is not None


# ---- sessions, log-ins under way, the first owner


def session(store: Asked, digest: bytes) -> Session | None:
    """Return the session of a digest."""
    rows = store.ask(SESSION + " WHERE digest = ?", (digest,))
    return Session(*rows[0]) if rows else None


def sessions(store: Asked, principal: int, now: int) -> tuple[Session, ...]:
    """Return the sessions of a principal that have not ended, the oldest first."""
    rows = store.ask(SESSION + " WHERE principal = ? AND expires > ? ORDER BY made, digest", (principal, now))
    return tuple(Session(*row) for row in rows)


def keep_session(connection: Connection, one: Session) -> None:
    """Keep a session; those that have ended go."""
    connection.execute("DELETE FROM session WHERE expires <= ?", (one.made,))
    connection.execute("INSERT INTO session (digest, principal, bond, made, expires) VALUES (?, ?, ?, ?, ?)", one)


def log_out(connection: Connection, principal: int, digest: bytes | None) -> None:
    """End a session of a principal; all of them where none is named."""
    named = "" if digest is None else " AND digest = ?"
    connection.execute(
        f"DELETE FROM session WHERE principal = ?{named}", (principal, *(() if digest is None else (digest,)))
    )


def begin_login(connection: Connection, digest: bytes, nonce: str, verifier: str, times: tuple[int, int]) -> None:
    """Keep a log-in that a provider is asked about; times: now, and when it has gone stale."""
    connection.execute("DELETE FROM login WHERE expires <= ?", (times[0],))
    connection.execute(
        "INSERT INTO login (digest, nonce, verifier, expires) VALUES (?, ?, ?, ?)", (digest, nonce, verifier, times[1])
    )


def take_login(connection: Connection, digest: bytes, now: int) -> tuple[str, str] | None:
    """Return nonce and verifier of a log-in under way, once; None where there is none, or it has gone stale."""
    row = connection.execute("SELECT nonce, verifier, expires FROM login WHERE digest = ?", (digest,)).fetchone()
    connection.execute("DELETE FROM login WHERE digest = ?", (digest,))
    return None if row is None or row[2] <= now else (row[0], row[1])


def invite(connection: Connection, digest: bytes, expires: int) -> None:
    """Keep the link for the first owner; any older one is void."""
    connection.execute("DELETE FROM invitation")
    connection.execute("INSERT INTO invitation (digest, expires) VALUES (?, ?)", (digest, expires))


def invited(store: Asked, digest: bytes, now: int) -> bool:
    """Say whether a link still holds."""
    found = store.ask("SELECT 1 FROM invitation WHERE digest = ? AND expires > ?", (digest, now))
    return bool(found) and nobody_yet(store)


def take_invitation(connection: Connection, digest: bytes, now: int, said: DeclaredPrincipal) -> bool:
    """Make the first owner, once; False where the link does not hold or there is somebody already."""
    row = connection.execute("SELECT expires FROM invitation WHERE digest = ?", (digest,)).fetchone()
    somebody = connection.execute(ANYBODY, (len(CAST), CAST)).fetchone()
    if row is None or row[0] <= now or somebody is not None:
        return False
    connection.execute("DELETE FROM invitation")
    return make(connection, said, owner=True, subject="")
