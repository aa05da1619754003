"""Makes what a declaration says in one transaction: idempotent, and each change told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from noroshi.store.audiences import regrade
from noroshi.store.journal import tell_applied
from noroshi.store.peers import declare_peer
from noroshi.store.warnings_contacts import declare_contact
from noroshi.store.worlds import refuse_crossing, refuse_turning

if TYPE_CHECKING:
    from noroshi.store.contract import Connection, Declared, DeclaredPrincipal

__all__ = ["declare"]


def declare(connection: Connection, declared: Declared) -> tuple[str, ...]:
    """Make or change principals, API roots, collections and grants; return what was done, a line each.

    Crossing where something would cross the wall between exercises and the rest; then nothing is done.
    """
    done = [line for one in declared.principals for line in principal(connection, one)]
    for name, title, description, longest in declared.roots:
        values = {"title": title, "description": description, "max_content_length": longest}
        done += kept(connection, "api_root", {"name": name}, values, name)
    for root, uid, title, description, default, exercise in declared.collections:
        (no,) = connection.execute("SELECT no FROM api_root WHERE name = ?", (root,)).fetchone()
        refuse_turning(connection, no, uid, exercise=exercise)
        values = {"title": title, "description": description, "default_tlp": default,
                  "exercise": int(exercise)}  # fmt: skip
        done += kept(connection, "collection", {"root": no, "uid": uid}, values, uid)
    for name, uid, read, write in declared.grants:
        (who,) = connection.execute("SELECT no FROM principal WHERE name = ?", (name,)).fetchone()
        for (collection,) in connection.execute("SELECT no FROM collection WHERE uid = ?", (uid,)).fetchall():
            key = {"principal": who, "collection": collection}
            done += kept(connection, "permit", key, {"can_read": int(read), "can_write": int(write)}, f"{name} {uid}")
    done += [line for one in declared.peers for line in declare_peer(connection, one, kept)]
    done += [line for one in declared.contacts for line in declare_contact(connection, one)]
    refuse_crossing(connection)
    return tuple(done)


def principal(connection: Connection, one: DeclaredPrincipal) -> list[str]:
    """Make or change a principal. What was said of it before ends with its version: caches ask for that."""
    values = {
        "kind": one.kind, "sees": one.sees, "communities": json.dumps(sorted(one.communities), ensure_ascii=False),
        "token": one.token,
    }  # fmt: skip
    row = connection.execute("SELECT no, sees, communities FROM principal WHERE name = ?", (one.name,)).fetchone()
    # a password's hash has a new salt each time: the caller gives the one that is there where it still fits
    changed = kept(connection, "principal", {"name": one.name}, {**values, "password": one.password}, one.name)
    if row is not None and changed:
        connection.execute("UPDATE principal SET version = version + 1 WHERE name = ?", (one.name,))
        no, sees, communities = row
        regrade(connection, no, (sees, frozenset(json.loads(communities or "[]"))), (one.sees, one.communities))
    return changed


def kept(connection: Connection, table: str, key: dict[str, object], values: dict[str, object], said: str) -> list[str]:
    """Make the row of a key, or change it where it differs; return the line that says so, none if nothing was done."""
    where = " AND ".join(f"{name} = ?" for name in key)
    row = connection.execute(f"SELECT {', '.join(values)} FROM {table} WHERE {where}", (*key.values(),)).fetchone()
    if row is None:
        names = (*key, *values)
        places = ", ".join("?" * len(names))
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", (*key.values(), *values.values())
        )
        tell_applied(connection, table, key, values, made=True)
        return [f"{table} {said}: made"]
    if tuple(row) == tuple(values.values()):
        return []
    changes = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE {table} SET {changes} WHERE {where}", (*values.values(), *key.values()))
    tell_applied(connection, table, key, values, made=False)
    return [f"{table} {said}: changed"]
