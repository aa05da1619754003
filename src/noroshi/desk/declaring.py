"""What `noroshi admin apply` does: secrets are hashed, references checked, and the store made to be as declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.credentials import fits, hash_password, token_digest
from noroshi.errors import Fault, InputError
from noroshi.files.declarations import load_declaration
from noroshi.store.contract import Declared, DeclaredPrincipal
from noroshi.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from noroshi.files.declarations import Declaration, PrincipalSaid
    from noroshi.settings import Settings
    from noroshi.store.contract import Store

__all__ = ["apply_declaration", "apply_file"]


def apply_declaration(store: Store, path: str | Path) -> tuple[str, ...]:
    """Make what a file declares; return what was done, a line each, none if all was there. InputError: its faults."""
    said = load_declaration(path)
    refuse_dangling(said, str(path))
    return store.apply(
        Declared(
            tuple(principal(store, one) for one in said.principals),
            tuple((one.name, one.title, one.description, one.max_content_length) for one in said.roots),
            tuple((one.root, one.uid, one.title, one.description, one.default_tlp) for one in said.collections),
            tuple((one.principal, one.collection, one.read, one.write) for one in said.grants),
        )
    )


def apply_file(settings: Settings, path: str | Path) -> tuple[str, ...]:
    """Make what a file declares in the store that the settings name; as `apply_declaration`."""
    store = open_store(settings.database, settings.data)
    try:
        return apply_declaration(store, path)
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


def refuse_dangling(said: Declaration, file: str) -> None:
    """Raise InputError for collections of roots, and grants to principals or of collections, that are not declared."""
    roots, principals = {one.name for one in said.roots}, {one.name for one in said.principals}
    collections = {one.uid for one in said.collections}
    faults = [
        Fault("dangling-key", file=file, column=f"{array}.{key}", found=value, expected="one declared in this file",
              remedy="declare it, or correct the name")
        for array, key, value, known in (
            *(("collection", "api_root", one.root, roots) for one in said.collections),
            *(("grant", "principal", one.principal, principals) for one in said.grants),
            *(("grant", "collection", one.collection, collections) for one in said.grants),
        )
        if value not in known
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
