"""Objects, declarations and stores for tests of what every store promises."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from noroshi.share.headers import Header
from noroshi.share.markings import UNMARKED
from noroshi.share.taxii import Query, timestamp
from noroshi.store.contract import (
    Classed,
    Declared,
    DeclaredPrincipal,
    Incoming,
    Listed,
    Past,
    Status,
    Store,
    Viewer,
)

__all__ = ["ALL", "CLASSES", "DECLARED", "classed_as", "everything", "named", "row", "send", "viewer"]

UIDS = ("91a7b528-80eb-42ed-a74d-c6fbd5a26116", "52892447-4d7e-4f70-b94d-d7f22742ff63")
CLASSES = ("low", "middle", "high")
ALL = Query(last=False, every=True)
DECLARED = Declared(
    tuple(DeclaredPrincipal(name, "partner", 2, frozenset({"jp-us"}), "", name.encode()) for name in ("a", "b", "c")),
    (("trust", "Trust", "", 1000),),
    tuple(("trust", uid, "Title", "", -1, False) for uid in UIDS),
    tuple((name, uid, True, True) for name in ("a", "b", "c") for uid in UIDS),
)


def named(number: int, kind: str = "indicator") -> str:
    """Return the id of a number."""
    return f"{kind}--{uuid.UUID(int=number, version=4)}"


def row(number: int, version: int = 1, ends: tuple[str, ...] = (), body: bytes = b"") -> Incoming:
    """Return an object as it is handed to a store; version in microseconds."""
    kind = "relationship" if ends else "indicator"
    head = Header(named(number, kind), kind, "2.1", "", "", timestamp(version), (version, ""), ends=ends)
    said = body or json.dumps({"id": head.id, "version": version}).encode()
    return Incoming(head, UNMARKED, version, timestamp(version), hashlib.sha256(said).digest(), said)


def classed_as(*keys: str) -> Callable[..., Classed]:
    """Return what classes the rows of an envelope by these keys, the last for all that follow."""

    def classify(rows: tuple[Incoming, ...], _: Past) -> Classed:
        return Classed(tuple(keys[min(k, len(keys) - 1)] for k in range(len(rows))), {}, {})

    return classify


def send(
    store: Store, *rows: Incoming, source: int = 1, collection: int = 1, now: int = 1000, key: Any = "low",
    uid: str = "",
) -> Future[None]:  # fmt: skip
    """Add rows with a status; key: their release class, or what classes them."""
    successes = tuple((one.header.id, one.stamp, "") for one in rows)
    status = Status(uid or str(uuid.uuid4()), 1, source, now, successes, ())
    return store.add(collection, source, rows, status, now, classed_as(key) if isinstance(key, str) else key)


def viewer(store: Store, *keys: str) -> Viewer:
    """Return who sees release classes of these keys, all of them where none is said."""
    places = store.releases()
    return Viewer(1, tuple(sorted(no for key, no in places.items() if key in (keys or CLASSES))))


def everything(store: Store, collection: int = 1, after: int = 0, query: Query = ALL, *keys: str) -> tuple[Listed, ...]:
    """Return what a viewer is told of a collection."""
    return store.page(collection, viewer(store, *keys), query, after, 100_000).rows
