"""Reads what the file of `noroshi admin apply` says of contacts: `[[contact]]`, whom a warning reaches and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from noroshi.files.declarations import CODE, NAME, formed, nobody_plays
from noroshi.files.declared_peers import LOCAL, names, text
from noroshi.share.contacts import Call, ContactTerms
from noroshi.share.warnings import range_of

if TYPE_CHECKING:
    from noroshi.files.toml_text import Block

__all__ = ["ContactSaid", "contact"]

CONTACT = (
    "principal", "organisation", "sector", "products", "networks", "mail", "hook", "secret", "exercise", "calls",
)  # fmt: skip
PHONE = re.compile(r"\+?[0-9][0-9 ().-]{2,38}[0-9](?: ?x[0-9]{1,8})?\Z", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z", re.ASCII)
MOST_CALLS = 20
LONGEST_NAME = 100
CALL = 'calls = [{ name = "duty desk", phone = "+81 3 0000 0000", languages = ["ja", "en"] }]'
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z", re.ASCII
)
SHORTEST_SECRET = 20


@dataclass(frozen=True, slots=True)
class ContactSaid(ContactTerms):
    """A contact as declared, the secret of its hook in the clear: it goes no further than the seal that is kept."""

    secret: str = ""


def contact(block: Block) -> ContactSaid:
    """Return one contact; its faults are noted. `sector` is one name or a list of them."""
    block.only(CONTACT, CODE)
    nobody_plays(block, "principal")
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
        names(block, "products") or frozenset(), networks, mail, hook, block.flag("exercise", CODE), calls(block),
        secret,
    )  # fmt: skip


def calls(block: Block) -> tuple[Call, ...]:
    """Return whom to call, in their order; a fault for each entry that cannot be one."""
    said = block.values.get("calls", [])
    if not isinstance(said, list) or len(said) > MOST_CALLS:
        block.fault("calls", repr(said)[:80], f"a list of at most {MOST_CALLS}", f"such as {CALL}", CODE)
        return ()
    found = []
    for one in said:
        entry = one if isinstance(one, dict) else {}
        name, phone, languages = (entry.get(key, missing) for key, missing in
                                  (("name", ""), ("phone", ""), ("languages", [])))  # fmt: skip
        sound = (
            isinstance(name, str) and name.isprintable() and 0 < len(name.strip()) <= LONGEST_NAME
            and isinstance(phone, str) and PHONE.match(phone) is not None
            and isinstance(languages, list) and all(isinstance(of, str) and LANGUAGE.match(of) for of in languages)
            and not set(entry) - {"name", "phone", "languages"}
        )  # fmt: skip
        if sound:
            found.append(Call(name, phone, tuple(languages)))
        else:
            block.fault("calls", repr(one)[:80], "a name, a telephone number, languages such as ja", f"such as {CALL}",
                        CODE)  # fmt: skip
    return tuple(found)


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
