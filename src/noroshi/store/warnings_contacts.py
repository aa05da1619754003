"""Contacts in a store: how each principal is warned, and of what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from noroshi.share.contacts import Call
from noroshi.share.entries import Applied
from noroshi.store.journal import tell

if TYPE_CHECKING:
    from noroshi.store.contract import Connection, DeclaredContact, Store

__all__ = ["Contact", "contacts", "declare_contact", "drills"]

COLUMNS = ("organisation", "sectors", "products", "networks", "mail", "hook", "secret", "exercise", "calls")


class Contact(NamedTuple):
    """A contact with its principal as it stands now; secret: the sealed one of its hook; kind: the principal's.

    exercise: it is there for exercises alone; calls: whom to call, in their order.
    """

    no: int
    principal: str
    sees: int
    communities: frozenset[str]
    organisation: str = ""
    sectors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    mail: str = ""
    hook: str = ""
    secret: bytes = b""
    kind: str = ""
    exercise: bool = False
    calls: tuple[Call, ...] = ()


def contacts(store: Store) -> tuple[Contact, ...]:
    """Return every principal, by name, with what is declared of it as a contact, if anything."""
    rows = store.ask(
        "SELECT p.no, p.name, p.kind, p.sees, p.communities, c.organisation, c.sectors, c.products, c.networks, c.mail,"
        " c.hook, c.secret, c.exercise, c.calls FROM principal p LEFT JOIN contact c ON c.principal = p.no"
        " ORDER BY p.name"
    )
    found = []
    for no, name, kind, sees, communities, organisation, *more in rows:
        rights = frozenset(json.loads(communities or "[]"))
        if organisation is None:
            found.append(Contact(no, name, sees, rights, kind=kind))
            continue
        sectors, products, networks = (tuple(json.loads(text)) for text in more[:3])
        has = (organisation, sectors, products, networks)
        calls = tuple(Call(who, phone, tuple(languages)) for who, phone, languages in json.loads(more[7]))
        found.append(
            Contact(no, name, sees, rights, *has, more[3], more[4], bytes(more[5]), kind, bool(more[6]), calls)
        )
    return tuple(found)


def drills(store: Store, principal: int) -> bool:
    """Say whether a principal is there for exercises alone, as it stands now."""
    return bool(store.ask("SELECT 1 FROM contact WHERE principal = ? AND exercise = 1", (principal,)))


def declare_contact(connection: Connection, one: DeclaredContact) -> list[str]:
    """Make or change a contact; return what was done. The journal is told alone which fields there are."""
    (who,) = connection.execute("SELECT no FROM principal WHERE name = ?", (one.principal,)).fetchone()
    lists = (json.dumps(sorted(names), ensure_ascii=False) for names in (one.sectors, one.products, one.networks))
    calls = json.dumps(one.calls, ensure_ascii=False)
    values = (one.organisation, *lists, one.mail, one.hook, one.secret, int(one.exercise), calls)
    row = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM contact WHERE principal = ?", (who,)).fetchone()
    if row is not None and tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) == values:
        return []
    connection.execute("DELETE FROM contact WHERE principal = ?", (who,))
    connection.execute(
        f"INSERT INTO contact (principal, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})", (who, *values)
    )
    shown = {name: value not in ("", "[]", b"", 0) for name, value in zip(COLUMNS, values, strict=True)}
    tell(connection, "applied", Applied("contact", row is None, {"principal": who}, shown))
    return [f"contact {one.principal}: {'made' if row is None else 'changed'}"]
