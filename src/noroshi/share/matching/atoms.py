"""What of a STIX pattern can be looked up: patterns that are only a list of values, and words any match must hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from noroshi.share.matching.pattern_tree import Comparison, Joined, Observation, Pattern, Qualified, Test
from noroshi.share.matching.values import STIX_PATHS, canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["anchors", "atoms", "plain_atom"]

PLAIN = re.compile(r"\s*\[\s*([a-z0-9-]+:[^=\s\]]+)\s*=\s*'([^'\\]*)'\s*\]\s*\Z")
BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
WHOLE = ("=", "IN")
NETWORKS = ("ipv4-addr", "ipv6-addr")


def plain_atom(text: str) -> tuple[str, str] | None:
    """Return kind and value of a pattern such as `[domain-name:value = 'evil.example']`; None for any other."""
    found = PLAIN.match(text)
    kind = STIX_PATHS.get(found[1]) if found else None
    return (kind, found[2]) if found and kind else None


def atoms(tree: Pattern) -> list[tuple[str, str]] | None:
    """Return kinds and values if the pattern only says that one of several values is seen; else None."""
    if isinstance(tree, Joined) and tree.operator == "OR":
        left, right = atoms(tree.left), atoms(tree.right)
        return None if left is None or right is None else left + right
    return atoms_of(tree.test) if isinstance(tree, Observation) else None


def atoms_of(test: Test) -> list[tuple[str, str]] | None:
    """Return the same for what is between square brackets."""
    if not isinstance(test, Comparison):
        if test.operator != "OR":
            return None
        found = [atoms_of(part) for part in test.parts]
        return None if None in found else [one for some in found if some for one in some]
    kind = STIX_PATHS.get(path_text(test))
    if kind is None or test.negated:
        return None
    if test.operator in WHOLE or (test.operator == "ISSUBSET" and test.type in NETWORKS):
        return [(kind, str(value)) for value in test.values]
    return None


def path_text(test: Comparison) -> str:
    """Return an object path as `STIX_PATHS` writes it."""
    steps = "".join(
        f".{step}" if isinstance(step, str) and BARE.match(step) else f".'{step}'" if isinstance(step, str) else "[]"
        for step in test.path
    )
    return f"{test.type}:{steps[1:]}"


def anchors(tree: Pattern) -> list[tuple[str, str]] | None:
    """Return kinds and values of which each observation that the pattern speaks of holds one; None if none are sure."""
    if isinstance(tree, Observation):
        return anchors_of(tree.test)
    if isinstance(tree, Qualified):
        return anchors(tree.part)
    left, right = anchors(tree.left), anchors(tree.right)
    return None if left is None or right is None else left + right


def anchors_of(test: Test) -> list[tuple[str, str]] | None:
    """Return the same for what is between square brackets: any branch of OR, the shortest list of AND."""
    if not isinstance(test, Comparison):
        found = [anchors_of(part) for part in test.parts]
        known = [some for some in found if some is not None]
        if test.operator == "AND":
            return min(known, key=len, default=None)
        return [one for some in known for one in some] if len(known) == len(found) else None
    if test.negated:
        return None
    kind = STIX_PATHS.get(path_text(test))
    if test.operator in WHOLE and all(isinstance(value, str) for value in test.values):
        return [anchor(kind, str(value)) for value in test.values] if usable(test.values) else None
    if (test.operator == "ISSUBSET" and test.path == ("value",)) or (test.operator == "ISSUBSET" and kind == "ipv4"):
        return [("net", str(value)) for value in test.values]
    return None


def usable(values: Sequence[object]) -> bool:
    """Say whether every text has something that a line can be found by."""
    return all(any(sign.isalnum() for sign in str(value)) and "\n" not in str(value) for value in values)


def anchor(kind: str | None, value: str) -> tuple[str, str]:
    """Return what to look up for a value: as what it is, or as text."""
    return (kind, value) if kind and canonical(kind, value) else ("text", value)
