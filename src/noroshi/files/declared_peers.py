"""Reads what the file of `noroshi admin apply` says of partner hubs: `[[peer]]`, all faults at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from noroshi.files.declarations import CODE, NAME, UUID4, formed, level, nobody_plays
from noroshi.share.policy import Terms

if TYPE_CHECKING:
    from noroshi.files.toml_text import Block

__all__ = ["DEFAULT", "DENY", "PeerSaid", "peer"]

PEER = (
    "name", "url", "collection", "into", "from", "principal", "username", "password", "token", "pull", "push",
    "max_tlp", "communities", "types", "unmarked", "ca",
)  # fmt: skip
DENY, DEFAULT = "deny", "default"
REMOTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}\Z", re.ASCII)
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class PeerSaid(Terms):
    """A partner hub as declared, its secret in the clear: it goes no further than the seal that is kept."""

    username: str
    password: str
    token: str


def peer(block: Block) -> PeerSaid:
    """Return one partner hub; its faults are noted."""
    block.only(PEER, CODE)
    nobody_plays(block, "principal")
    pulls, pushes = block.flag("pull", CODE), block.flag("push", CODE)
    if not (pulls or pushes):
        block.fault("pull", "neither pull nor push", "pull = true, push = true or both", "say what is done", CODE)
    said = {key: text(block, key) for key in ("username", "password", "token", "ca")}
    if bool(said["token"]) == bool(said["username"] and said["password"]):
        block.fault("token", "both" if said["token"] else "neither", "a token, or a username and a password",
                    "give what the other hub knows you by", CODE)  # fmt: skip
    most = level(block, "max_tlp", "")
    if "max_tlp" not in block.values:
        block.fault("max_tlp", "", "the highest TLP that is exchanged", 'such as max_tlp = "GREEN"', "missing-value")
    places = {key: formed(block, key, UUID4) if wanted or key in block.values else ""
              for key, wanted in (("into", pulls), ("from", pushes))}  # fmt: skip
    communities = names(block, "communities")
    return PeerSaid(
        formed(block, "name", NAME), address(block), formed(block, "collection", REMOTE), places["into"],
        places["from"], formed(block, "principal", NAME), pulls, pushes, most, communities,
        names(block, "types") or frozenset(), block.one_of("unmarked", (DENY, DEFAULT), CODE) or DENY, said["ca"],
        said["username"], said["password"], said["token"],
    )  # fmt: skip


def address(block: Block) -> str:
    """Return the address of an API root, ending in a slash; a fault for one that would send secrets in the clear."""
    value = text(block, "url")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    plain = parts.scheme == "http" and host in LOCAL
    if not host or not (plain or parts.scheme == "https") or parts.query or parts.fragment or parts.username:
        # what stands in it may be a secret: it is not shown
        block.fault("url", f"{parts.scheme}://{host}", "https://HOST/ROOT/ without a name, a password or a query; http"
                    " on this machine alone", "give the address of the API root", CODE)  # fmt: skip
        return ""
    return value if value.endswith("/") else f"{value}/"


def text(block: Block, key: str) -> str:
    """Return a text, "" where it is not given; a fault, which does not show it, for anything else."""
    value = block.values.get(key, "")
    if isinstance(value, str):
        return value
    block.fault(key, type(value).__name__, "text", "put it in quotes", CODE)
    return ""


def names(block: Block, key: str) -> frozenset[str] | None:
    """Return names, None where they are not given; a fault for what is no list of them."""
    value = block.values.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        block.fault(key, repr(value)[:80], "a list of names, not empty", f'such as {key} = ["…"]', CODE)
        return frozenset()
    return frozenset(value)
