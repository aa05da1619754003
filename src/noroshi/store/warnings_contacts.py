"""Contacts in a store: how each principal is warned, and of what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from noroshi.share.entries import Applied
from noroshi.store.journal import tell

if TYPE_CHECKING:
    from noroshi.store.contract import Connection, DeclaredContact, Store

__all__ = ["Contact", "contacts", "declare_contact"]

COLUMNS = ("organisation", "sectors", "products", "networks", "mail", "hook", "secret")


class Contact(NamedTuple):
    """A contact with its principal as it stands now; secret: the sealed one of its hook; kind: the principal's."""

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


def contacts(store: Store) -> tuple[Contact, ...]:
    """Return every principal, by name, with what is declared of it as a contact, if anything."""
    rows = store.ask(
        "SELECT p.no, p.name, p.kind, p.sees, p.communities, c.organisation, c.sectors, c.products, c.networks, c.mail,"
        " c.hook, c.secret FROM principal p LEFT JOIN contact c ON c.principal = p.no ORDER BY p.name"
    )
    found = []
    for no, name, kind, sees, communities, organisation, *more in rows:
        rights = frozenset(json.loads(communities or "[]"))
        if organisation is None:
            found.append(Contact(no, name, sees, rights, kind=kind))
            continue
        sectors, products, networks = (tuple(json.loads(text)) for text in more[:3])
        has = (organisation, sectors, products, networks)
        found.append(Contact(no, name, sees, rights, *has, more[3], more[4], bytes(more[5]), kind))
    return tuple(found)


def declare_contact(connection: Connection, one: DeclaredContact) -> list[str]:
    """Make or change a contact; return what was done. The journal is told alone which fields there are."""
    (who,) = connection.execute("SELECT no FROM principal WHERE name = ?", (one.principal,)).fetchone()
    lists = (json.dumps(sorted(names), ensure_ascii=False) for names in (one.sectors, one.products, one.networks))
    values = (one.organisation, *lists, one.mail, one.hook, one.secret)
    row = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM contact WHERE principal = ?", (who,)).fetchone()
    if row is not None and (*row[:-1], bytes(row[-1])) == values:
        return []
    connection.execute("DELETE FROM contact WHERE principal = ?", (who,))
    connection.execute(
        f"INSERT INTO contact (principal, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (who, *values)
    )
    shown = {name: value not in ("", "[]", b"") for name, value in zip(COLUMNS, values, strict=True)}
    tell(connection, "applied", Applied("contact", row is None, {"principal": who}, shown))
    return [f"contact {one.principal}: {'made' if row is None else 'changed'}"]
