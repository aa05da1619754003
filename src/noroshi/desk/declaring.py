"""What `noroshi admin apply` does: secrets are hashed, references checked, and the store made to be as declared."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from noroshi.desk.announcing import announce_all
from noroshi.desk.credentials import fits, hash_password, token_digest
from noroshi.desk.cursors import hub_key
from noroshi.desk.peer_secrets import Login, PeerSecrets
from noroshi.errors import Fault, InputError
from noroshi.files.declarations import load_declaration
from noroshi.share.contacts import ContactTerms
from noroshi.share.policy import Terms
from noroshi.store.contract import Declared, DeclaredContact, DeclaredPeer, DeclaredPrincipal
from noroshi.store.opening import open_store
from noroshi.store.peers import known_peers
from noroshi.store.warnings_contacts import contacts as known_contacts
from noroshi.store.worlds import Crossing

if TYPE_CHECKING:
    from pathlib import Path

    from noroshi.files.declarations import Declaration, PrincipalSaid
    from noroshi.files.declared_contacts import ContactSaid
    from noroshi.files.declared_peers import PeerSaid
    from noroshi.settings import Settings
    from noroshi.store.contract import Store

__all__ = ["apply_declaration", "apply_file"]


def apply_declaration(store: Store, path: str | Path, key: bytes = b"") -> tuple[str, ...]:
    """Make what a file declares; return what was done, a line each, none if all was there. InputError: its faults.

    key: the hub's own, which seals what it logs in with at partner hubs.
    """
    said = load_declaration(path)
    refuse_dangling(said, str(path), {one.principal for one in known_contacts(store)} if said.contacts else set())
    wanted = Declared(
        tuple(principal(store, one) for one in said.principals),
        tuple((one.name, one.title, one.description, one.max_content_length) for one in said.roots),
        tuple(
            (one.root, one.uid, one.title, one.description, one.default_tlp, one.exercise) for one in said.collections
        ),
        tuple((one.principal, one.collection, one.read, one.write) for one in said.grants),
        peers(store, said.peers, key),
        contacts(store, said.contacts, key),
    )
    try:
        done = store.apply(wanted)
    except Crossing as crossing:
        raise InputError([crossed(str(path), *pair) for pair in crossing.pairs]) from None
    announced = announce_all(store)
    return (*done, f"announced {announced} objects") if announced else done


def crossed(file: str, principal: str, collection: str) -> Fault:
    """Return what is said of a principal that would read across the wall, or ("") of objects that would be on it."""
    return Fault(
        "crosses-exercise", file=file, column="grant.collection" if principal else "collection.exercise",
        found=f"{principal}: {collection}" if principal else f"{collection}, with objects in it",
        expected="exercise = true of both the contact and the collection, or of neither",
        remedy="a principal of its own for exercises, and a collection of its own",
    )  # fmt: skip


def apply_file(settings: Settings, path: str | Path) -> tuple[str, ...]:
    """Make what a file declares in the store that the settings name; as `apply_declaration`."""
    store = open_store(settings.database, settings.data)
    try:
        return apply_declaration(store, path, hub_key(settings.data))
    finally:
        store.close()


def principal(store: Store, said: PrincipalSaid) -> DeclaredPrincipal:
    """Return a principal with its secret hashed; a password that is there already keeps its hash."""
    hashed = ""
    if said.password:
        found = store.principal(said.name)
        kept = found is not None and found[1] and fits(found[1], said.password)
        hashed = found[1] if found is not None and kept else hash_password(said.password)
    digest = token_digest(said.token) if said.token else None
    return DeclaredPrincipal(said.name, said.kind, said.sees, said.communities, hashed, digest)


def peers(store: Store, said: tuple[PeerSaid, ...], key: bytes) -> tuple[DeclaredPeer, ...]:
    """Return partner hubs with their secrets sealed; what is there already keeps its seal."""
    if not said:
        return ()
    box, there = PeerSecrets(key), {one.name: one.password for one in known_peers(store)}
    return tuple(
        DeclaredPeer(
            **{field.name: getattr(one, field.name) for field in fields(Terms)},
            password=box.sealed(
                one.name, one.url, Login(one.username, one.password, one.token), there.get(one.name, b"")
            ),
        )
        for one in said
    )


def contacts(store: Store, said: tuple[ContactSaid, ...], key: bytes) -> tuple[DeclaredContact, ...]:
    """Return contacts with the secrets of their hooks sealed; what is there already keeps its seal."""
    if not said:
        return ()
    box, there = PeerSecrets(key), {one.principal: one.secret for one in known_contacts(store)}
    return tuple(
        DeclaredContact(
            **{field.name: getattr(one, field.name) for field in fields(ContactTerms)},
            secret=box.sealed(one.principal, one.hook, Login("", "", one.secret), there.get(one.principal, b""))
            if one.hook
            else b"",
        )
        for one in said
    )


def refuse_dangling(said: Declaration, file: str, there: set[str]) -> None:
    """Raise InputError for collections of roots, and grants to principals or of collections, that are not declared.

    there: principals that the store has; a contact may be one of these too.
    """
    roots, principals = {one.name for one in said.roots}, {one.name for one in said.principals}
    collections = {one.uid for one in said.collections}
    faults = [
        Fault("dangling-key", file=file, column=f"{array}.{key}", found=value, expected="one declared in this file",
              remedy="declare it, or correct the name")
        for array, key, value, known in (
            *(("collection", "api_root", one.root, roots) for one in said.collections),
            *(("grant", "principal", one.principal, principals) for one in said.grants),
            *(("grant", "collection", one.collection, collections) for one in said.grants),
            *(("peer", "principal", one.principal, principals) for one in said.peers),
            *(("contact", "principal", one.principal, principals | there) for one in said.contacts),
            *(("peer", key, uid, collections) for one in said.peers
              for key, uid in (("into", one.into), ("from", one.outof)) if uid),
        )
        if value not in known
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
