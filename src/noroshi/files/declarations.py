"""Reads the file of `noroshi admin apply`: principals, API roots, collections and grants; TOML, all faults at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from noroshi.files.toml_text import Block, is_number, read_toml
from noroshi.share.contacts import CAST
from noroshi.share.markings import Tlp

if TYPE_CHECKING:
    from pathlib import Path

    from noroshi.files.declared_contacts import ContactSaid
    from noroshi.files.declared_peers import PeerSaid

__all__ = ["KINDS", "CollectionSaid", "Declaration", "GrantSaid", "PrincipalSaid", "RootSaid", "load_declaration"]

CODE = "bad-declaration"
EXAMPLE = '[[principal]] with name = "duty", kind = "centre", password = "…", sees = "RED"'
KINDS = ("centre", "ministry", "operator", "partner", "auditor")
PRINCIPAL = ("name", "kind", "password", "token", "sees", "communities")
ROOT = ("name", "title", "description", "max_content_length")
COLLECTION = ("api_root", "id", "title", "description", "default_marking", "exercise")
GRANT = ("principal", "collection", "read", "write")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}\Z", re.ASCII)
ROOT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}\Z", re.ASCII)
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.ASCII)
TAKEN = (
    "taxii2", "static", "brief", "healthz", "metrics", "api", "admin", "asks", "assessment", "due", "estate", "guide",
    "incidents", "invitation", "live", "login", "logout", "me", "mine", "ratings", "scripts", "sharing", "situations",
    "view", "warnings", "what-if", "words",
)  # fmt: skip
"""First parts of addresses that are the hub's own."""
LONGEST, SHORTEST = 104_857_600, 1000
SHORTEST_TOKEN = 20
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class PrincipalSaid:
    """A principal as declared, its secret in the clear: it goes no further than the hash that is kept."""

    name: str
    kind: str
    password: str
    token: str
    sees: int
    communities: frozenset[str]


@dataclass(frozen=True, slots=True)
class RootSaid:
    """An API root as declared."""

    name: str
    title: str
    description: str
    max_content_length: int


@dataclass(frozen=True, slots=True)
class CollectionSaid:
    """A collection as declared; default_tlp: -1 where what arrives unmarked is denied; exercise: for these alone."""

    root: str
    uid: str
    title: str
    description: str
    default_tlp: int
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class GrantSaid:
    """What a principal may do with a collection."""

    principal: str
    collection: str
    read: bool
    write: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that a file declares."""

    principals: tuple[PrincipalSaid, ...]
    roots: tuple[RootSaid, ...]
    collections: tuple[CollectionSaid, ...]
    grants: tuple[GrantSaid, ...]
    peers: tuple[PeerSaid, ...] = ()
    contacts: tuple[ContactSaid, ...] = ()


def load_declaration(path: str | Path) -> Declaration:
    """Return what the file declares; InputError with every fault."""
    text = read_toml(path, EXAMPLE)
    from noroshi.files.declared_contacts import contact
    from noroshi.files.declared_peers import peer

    text.top().only(("principal", "api_root", "collection", "grant", "peer", "contact"), CODE)
    found = Declaration(
        tuple(principal(block) for block in text.blocks("principal")),
        tuple(root(block) for block in text.blocks("api_root")),
        tuple(collection(block) for block in text.blocks("collection")),
        tuple(grant(block) for block in text.blocks("grant")),
        tuple(peer(block) for block in text.blocks("peer")),
        tuple(contact(block) for block in text.blocks("contact")),
    )
    for array, names in (("principal", [p.name for p in found.principals]), ("api_root", [r.name for r in found.roots]),
                         ("collection", [c.uid for c in found.collections]),
                         ("peer", [p.name for p in found.peers]),
                         ("contact", [c.principal for c in found.contacts])):  # fmt: skip
        for index, name in enumerate(names):
            if name in names[:index]:
                key = "principal" if array == "contact" else "name"
                Block(text, {}, array, index).fault(key, name, "each once", "remove one of them", "duplicate-id")
    text.raise_faults()
    return found


def principal(block: Block) -> PrincipalSaid:
    """Return one principal; its faults are noted."""
    block.only(PRINCIPAL, CODE)
    secret = {key: str(block.values.get(key, "")) for key in ("password", "token")}
    if bool(secret["password"]) == bool(secret["token"]):
        block.fault("password", "both" if secret["token"] else "neither", "a password or a token", "give one", CODE)
    for key, least in (("password", SHORTEST_PASSWORD), ("token", SHORTEST_TOKEN)):
        if secret[key] and len(secret[key]) < least:
            block.fault(key, f"{len(secret[key])} characters", f"at least {least}", "choose a longer one", CODE)
    if ":" in str(block.values.get("name", "")):
        block.fault("name", "a colon", "no colon, which ends the name in HTTP Basic", "rename it", CODE)
    nobody_plays(block, "name")
    kind = block.one_of("kind", KINDS, CODE)
    if "kind" not in block.values:
        block.fault("kind", "", " | ".join(KINDS), 'such as kind = "operator"', "missing-value")
    communities = block.values.get("communities", [])
    if not isinstance(communities, list) or not all(isinstance(one, str) and one for one in communities):
        block.fault("communities", repr(communities)[:80], "a list of names", 'such as ["jp-us"]', CODE)
        communities = []
    return PrincipalSaid(
        formed(block, "name", NAME), kind or KINDS[-1], secret["password"], secret["token"],
        level(block, "sees", "deny everything"), frozenset(communities),
    )  # fmt: skip


def nobody_plays(block: Block, key: str) -> None:
    """Note a fault where a principal is named as those are who play in a script: a replay alone says what they are."""
    if str(block.values.get(key, "")).startswith(CAST):
        block.fault(key, f"{CAST}…", "another beginning: so are those named who play in a script", "rename it", CODE)


def root(block: Block) -> RootSaid:
    """Return one API root; its faults are noted."""
    block.only(ROOT, CODE)
    name = formed(block, "name", ROOT_NAME)
    if name in TAKEN:
        block.fault("name", name, f"none of {', '.join(TAKEN)}", "rename it", CODE)
    longest = block.values.get("max_content_length", LONGEST)
    if not is_number(longest) or not SHORTEST <= longest <= LONGEST:
        block.fault("max_content_length", repr(longest), f"{SHORTEST} to {LONGEST} bytes", "correct it", "out-of-range")
        longest = LONGEST
    return RootSaid(name, block.words("title", name, CODE), described(block), int(longest))


def collection(block: Block) -> CollectionSaid:
    """Return one collection; its faults are noted."""
    block.only(COLLECTION, CODE)
    uid = formed(block, "id", UUID4)
    title = block.words("title", uid, CODE)
    default = level(block, "default_marking", "deny what arrives unmarked")
    return CollectionSaid(formed(block, "api_root", ROOT_NAME), uid, title, described(block), default,
                          block.flag("exercise", CODE))  # fmt: skip


def grant(block: Block) -> GrantSaid:
    """Return one grant; its faults are noted. What is not said is not granted."""
    block.only(GRANT, CODE)
    nobody_plays(block, "principal")
    return GrantSaid(
        formed(block, "principal", NAME),
        formed(block, "collection", UUID4),
        block.flag("read", CODE),
        block.flag("write", CODE),
    )


def formed(block: Block, key: str, pattern: re.Pattern[str]) -> str:
    """Return a text of a form; a fault for anything else."""
    value = block.values.get(key, "")
    if not isinstance(value, str) or not pattern.match(value):
        form = pattern.pattern.removesuffix(r"\Z")
        block.fault(key, str(value)[:80], f"text of the form {form}", "correct it", CODE if value else "missing-value")
        return ""
    return value


def described(block: Block) -> str:
    """Return the description, "" where there is none."""
    value: Any = block.values.get("description", "")
    if isinstance(value, str):
        return value
    block.fault("description", repr(value)[:80], "text", "put it in quotes", CODE)
    return ""


def level(block: Block, key: str, otherwise: str) -> int:
    """Return a TLP level, -1 where it is not given; a fault for what is none."""
    if key not in block.values:
        return -1
    found = Tlp.named(str(block.values[key]))
    if found is None:
        levels = ", ".join(str(one) for one in Tlp)
        block.fault(key, str(block.values[key])[:40], levels, f"correct it, or remove it to {otherwise}", "bad-choice")
        return -1
    return int(found)
