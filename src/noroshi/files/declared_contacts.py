"""Reads what the file of `noroshi admin apply` says of contacts: `[[contact]]`, whom a warning reaches and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from noroshi.files.declarations import CODE, NAME, formed
from noroshi.files.declared_peers import LOCAL, names, text
from noroshi.share.warnings import range_of

if TYPE_CHECKING:
    from noroshi.files.toml_text import Block

__all__ = ["ContactSaid", "contact"]

CONTACT = ("principal", "organisation", "sector", "products", "networks", "mail", "hook", "secret")
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z", re.ASCII
)
SHORTEST_SECRET = 20


@dataclass(frozen=True, slots=True)
class ContactSaid:
    """A contact as declared, the secret of its hook in the clear: it goes no further than the seal that is kept."""

    principal: str
    organisation: str
    sectors: frozenset[str]
    products: frozenset[str]
    networks: frozenset[str]
    mail: str
    hook: str
    secret: str


def contact(block: Block) -> ContactSaid:
    """Return one contact; its faults are noted. `sector` is one name or a list of them."""
    block.only(CONTACT, CODE)
    sector = block.values.get("sector")
    sectors = frozenset({sector}) if isinstance(sector, str) and sector else names(block, "sector") or frozenset()
    networks = names(block, "networks") or frozenset()
    for one in sorted(networks):
        if range_of(one) is None:
            block.fault("networks", one[:80], "a range as 192.0.2.0/24", "correct it", CODE)
    mail, hook, secret = (text(block, key) for key in ("mail", "hook", "secret"))
    if mail and not ADDRESS.match(mail):
        block.fault("mail", mail[:80], "an address such as soc@example.jp", "correct it", CODE)
    if hook and not fit(hook):
        # what stands in it may be a secret: it is not shown
        block.fault("hook", "another address", "https://HOST/…; http on this machine alone", "correct it", CODE)
    if hook and len(secret) < SHORTEST_SECRET:
        block.fault("secret", f"{len(secret)} characters", f"at least {SHORTEST_SECRET}, which sign what the hook gets",
                    "agree on one with the recipient", CODE)  # fmt: skip
    return ContactSaid(
        formed(block, "principal", NAME), text(block, "organisation"), sectors,
        names(block, "products") or frozenset(), networks, mail, hook, secret,
    )  # fmt: skip


def fit(url: str) -> bool:
    """Say whether an address may be posted to: TLS, or this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(host) and not parts.username and not parts.fragment and (
        parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
    )  # fmt: skip
