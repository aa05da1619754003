"""What makes two objects one thing: keys by rule, and facts that must not differ, read from an object alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from noroshi.share.matching.atoms import plain_atom
from noroshi.share.matching.pattern_parse import PatternError, parse
from noroshi.share.matching.pattern_tree import Both, Comparison, Joined, Observation, Pattern, Qualified, Test
from noroshi.share.matching.values import canonical, folded, refanged, url_rest
from noroshi.share.outgoing import values_of

__all__ = ["RULES", "TYPES", "Key", "facts_of", "keys_of"]

Key = tuple[str, str]
"""Rule and what is the same by it."""
RULES: dict[str, tuple[str, str]] = {
    "judged": ("a person said that they are the same", "人が同一と判断した"),
    "external-id": ("the same id of a public register", "公開台帳の同じ識別子"),
    "sha256": ("files of the same SHA-256", "SHA-256が同じファイル"),
    "sha1": ("files of the same SHA-1", "SHA-1が同じファイル"),
    "md5": ("files of the same MD5", "MD5が同じファイル"),
    "value": ("the same value in its one form", "正規化した値が同じ"),
    "pattern": ("patterns that say the same", "同じ内容のパターン"),
}  # fmt: skip
"""Rule -> what it says, in English and Japanese; in the order in which they are tried."""
REGISTERS = {
    "vulnerability": ("cve",),
    **dict.fromkeys(
        ("attack-pattern", "malware", "tool", "intrusion-set", "course-of-action", "campaign"),
        ("mitre-attack", "mitre-mobile-attack", "mitre-ics-attack"),
    ),
}  # fmt: skip
"""Type -> registers that have one id for each thing; others (CAPEC, CWE, …) are only related to it."""
VALUES = {
    "ipv4-addr": "ipv4", "ipv6-addr": "ipv6", "domain-name": "domain", "email-addr": "email", "mac-addr": "mac",
}  # fmt: skip
HASHES = {"SHA-256": "sha256", "SHA-1": "sha1", "MD5": "md5"}
TYPES = frozenset({*REGISTERS, *VALUES, "url", "file", "indicator"})
"""Types of which anything can be one thing."""
CVE = re.compile(r"CVE-\d{4}-\d{4,}\Z", re.ASCII | re.IGNORECASE)


def keys_of(value: Mapping[str, Any]) -> tuple[Key, ...]:
    """Return the keys of an object (as `reading.check` returns it), () where no rule speaks of it.

    Keys of different types are never equal: an indicator of an address is not the address.
    """
    kind = value.get("type")
    if kind == "indicator":
        return pattern_keys(value)
    if kind == "file":
        return tuple((rule, text) for rule, text in hashes_of(value).items())
    if kind in REGISTERS:
        return external_keys(str(kind), value)
    text = value.get("value")
    if not isinstance(text, str):
        return ()
    if kind == "url":
        return (("value", f"url {one_url(text)}"),)
    known = canonical(VALUES[str(kind)], text) if kind in VALUES else None
    return (("value", f"{kind} {known[1]}"),) if known else ()


def facts_of(value: Mapping[str, Any]) -> tuple[Key, ...]:
    """Return what must not differ in one thing: two files of one MD5 with other SHA-256 are two files."""
    return tuple(hashes_of(value).items()) if value.get("type") == "file" else ()


def hashes_of(value: Mapping[str, Any]) -> dict[str, str]:
    """Return rule -> hash of a file."""
    said = value.get("hashes")
    if not isinstance(said, dict):
        return {}
    return {rule: folded(said[name]) for name, rule in HASHES.items() if isinstance(said.get(name), str) and said[name]}


def external_keys(kind: str, value: Mapping[str, Any]) -> tuple[Key, ...]:
    """Return the ids that public registers gave it; a vulnerability that is named by its CVE has that one."""
    found = [
        (one.get("source_name"), one.get("external_id"))
        for one in value.get("external_references") or () if isinstance(one, dict)
    ]  # fmt: skip
    name = value.get("name")
    if kind == "vulnerability" and isinstance(name, str) and CVE.match(name):
        found.append(("cve", name))
    keys = {
        ("external-id", f"{kind} {by} {text.strip().upper()}")
        for by, text in found if by in REGISTERS[kind] and isinstance(text, str) and text.strip()
    }  # fmt: skip
    return tuple(sorted(keys))


def one_url(text: str) -> str:
    """Return a URL in one form; the scheme is kept, since http and https are two places."""
    text = refanged(text)
    scheme, mark, _ = text.partition("://")
    return f"{folded(scheme)}://{url_rest(text)}" if mark else text


def pattern_keys(value: Mapping[str, Any]) -> tuple[Key, ...]:
    """Return the key of an indicator's pattern: its values in any order and writing, else its tree, else its text."""
    text, kind = value.get("pattern"), value.get("pattern_type", "stix")
    if not isinstance(text, str) or not isinstance(kind, str) or not text.strip():
        return ()
    single = quick_value(text) if kind == "stix" else ()
    single = single or values_of(value)
    if single:
        said = sorted(f"{one} {one_url(text) if one == 'url' else text}" for one, text in single)
        return (("pattern", "one of " + ", ".join(said)),)
    if kind == "stix":
        try:
            return (("pattern", plain(parse(text))),)
        except (PatternError, RecursionError):
            pass
    return (("pattern", f"{kind} {' '.join(text.split())}"),)


def quick_value(text: str) -> tuple[Key, ...]:
    """Return what `values_of` returns of a pattern that is plainly one value, without parsing it; () for any other."""
    found = plain_atom(text)
    known = canonical(*found) if found else None
    if found is None or known is None:
        return ()
    return ((known[0], refanged(found[1]) if known[0] == "url" else known[1]),)


def plain(tree: Pattern | Test) -> str:
    """Return a pattern as text in which AND and OR have their parts in order, each once."""
    if isinstance(tree, Comparison):
        return repr(tree)
    if isinstance(tree, Observation):
        return f"[{plain(tree.test)}]"
    if isinstance(tree, Qualified):
        return f"({plain(tree.part)} {tree.by!r})"
    if isinstance(tree, Both):
        return f"({f' {tree.operator} '.join(sorted({plain(part) for part in tree.parts}))})"
    parts = flat(tree, tree.operator)
    if tree.operator != "FOLLOWEDBY":
        parts = sorted(set(parts)) if tree.operator == "OR" else sorted(parts)
    return f"({f' {tree.operator} '.join(parts)})"


def flat(tree: Pattern, operator: str) -> list[str]:
    """Return the parts that one operator joins."""
    if isinstance(tree, Joined) and tree.operator == operator:
        return [*flat(tree.left, operator), *flat(tree.right, operator)]
    return [plain(tree)]
