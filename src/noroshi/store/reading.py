"""What is read of a store, in words that both databases understand; each of them says how it is asked."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from noroshi.store import queries
from noroshi.store.contract import Announcing, Collection, Listed, Page, Principal, Root, Status, Version

if TYPE_CHECKING:
    from noroshi.share.taxii import Query
    from noroshi.store.contract import Viewer

__all__ = ["Reads"]

PRINCIPAL = "no, name, kind, sees, communities, version, apart"


class Reads(ABC):
    """The reading half of the contract. A class, since a store of either database is one."""

    @abstractmethod
    def ask(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows that a statement finds, as they stand on disk at one moment."""

    # ---- who

    def principal(self, name: str) -> tuple[Principal, str] | None:
        """Return a principal by name with its password's hash ("" = none)."""
        rows = self.ask(f"SELECT {PRINCIPAL}, password FROM principal WHERE name = ?", (name,))
        return (principal_of(rows[0][:-1]), rows[0][-1]) if rows else None

    def token(self, digest: bytes) -> Principal | None:
        """Return the principal whose token has this SHA-256 digest."""
        rows = self.ask(f"SELECT {PRINCIPAL} FROM principal WHERE token = ?", (digest,))
        return principal_of(rows[0]) if rows else None

    # ---- where

    def root_names(self) -> frozenset[str]:
        """Return the names of all API roots."""
        return frozenset(name for (name,) in self.ask("SELECT name FROM api_root"))

    def roots(self, principal: int) -> tuple[Root, ...]:
        """Return the API roots in which a principal has any collection, by name."""
        rows = self.ask(
            "SELECT DISTINCT r.no, r.name, r.title, r.description, r.max_content_length FROM api_root r"
            " JOIN collection c ON c.root = r.no JOIN permit p ON p.collection = c.no"
            " WHERE p.principal = ? AND (p.can_read + p.can_write > 0) ORDER BY r.name",
            (principal,),
        )
        return tuple(Root(*row) for row in rows)

    def collections(self, root: int, principal: int) -> tuple[Collection, ...]:
        """Return the collections of a root that a principal may read or write, by id."""
        rows = self.ask(
            "SELECT c.no, c.root, c.uid, c.title, c.description, c.default_tlp, p.can_read, p.can_write,"
            " c.exercise"
            " FROM collection c JOIN permit p ON p.collection = c.no"
            " WHERE c.root = ? AND p.principal = ? AND (p.can_read + p.can_write > 0) ORDER BY c.uid",
            (root, principal),
        )
        return tuple(
            Collection(no, of, uid, title, description, default, bool(read), bool(write), bool(exercise))
            for no, of, uid, title, description, default, read, write, exercise in rows
        )

    # ---- release classes

    def releases(self, after: int = 0) -> dict[str, int]:
        """Return the key of every release class with its place, of those beyond `after`: new ones stand higher."""
        return dict(self.ask("SELECT key, no FROM release WHERE no > ?", (after,)))

    def later(self, principal: int, collection: int) -> tuple[tuple[int, int, int], ...]:
        """Return which rows of a collection a principal came to see later than they came; see `Viewer.later`."""
        rows = self.ask(
            "SELECT release, since, upto FROM audience WHERE principal = ? AND collection = ? AND upto IS NOT NULL"
            " ORDER BY release, since",
            (principal, collection),
        )
        return tuple((release, since, upto) for release, since, upto in rows)

    def announcing(self) -> tuple[Announcing, ...]:
        """Return what is still to be announced to those who may see more than they saw."""
        rows = self.ask("SELECT principal, collection, upto FROM announcing ORDER BY principal, collection, upto")
        return tuple(Announcing(*row) for row in rows)

    def definitions(self, source: int) -> list[bytes]:
        """Return the bodies of the marking definitions that a source has sent."""
        rows = self.ask(
            "SELECT body FROM object INDEXED BY object_definition WHERE source = ? AND type = 'marking-definition'"
            " ORDER BY n",
            (source,),
        )
        return [body for (body,) in rows]

    def page(self, collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> Page:
        """Return rows with seq > after that the query asks for and the viewer may see, at most `limit`."""
        rows = self.ask(*queries.page_rows(collection, viewer, query, after, limit))
        return Page(tuple(Listed(*row) for row in rows[:limit]), len(rows) > limit)

    def versions(self, collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> tuple[Version, ...]:
        """Return the versions of the object query.ids[0] that the viewer may see, one more than `limit` at most."""
        rows = self.ask(*queries.version_rows(collection, viewer, query, after, limit))
        return tuple(Version(*row) for row in rows)

    def status(self, root: int, principal: int, uid: str) -> Status | None:
        """Return the status of an envelope that the principal sent."""
        rows = self.ask(
            "SELECT uid, root, principal, requested, successes, failures FROM status"
            " WHERE uid = ? AND root = ? AND principal = ?",
            (uid, root, principal),
        )
        if not rows:
            return None
        name, of, who, requested, done, failed = rows[0]
        return Status(name, of, who, requested, entries(done), entries(failed))


def entries(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return the entries of a status as they were kept."""
    return tuple((name, version, message) for name, version, message in json.loads(text))


def principal_of(row: tuple[Any, ...]) -> Principal:
    """Return a principal from its row."""
    no, name, kind, sees, communities, version, apart = row
    return Principal(no, name, kind, sees, frozenset(json.loads(communities or "[]")), version, bool(apart))
