"""Which values of an indicator go out in a list, and why the others stay: one rule decides for each, and has a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from noroshi.share.markings import UNMARKED, Marking, Pap
from noroshi.share.matching.atoms import atoms
from noroshi.share.matching.indicators import ALWAYS
from noroshi.share.matching.pattern_parse import PatternError, microseconds, parse
from noroshi.share.matching.values import KINDS, canonical, refanged

__all__ = ["FORMS", "LEAVES", "RULES", "Item", "Outgoing", "decided", "values_of"]

LEAVES = "leaves"
LISTED = frozenset(KINDS) - {"idn", "text"}
FORMS: dict[str, frozenset[str]] = {
    "ip": frozenset({"ipv4", "ipv6", "net"}), "domain": frozenset({"domain"}), "url": frozenset({"url"}),
    "hashes": frozenset({"md5", "sha1", "sha256", "sha512"}), "csv": LISTED, "misp": LISTED,
}  # fmt: skip
"""Form of a list -> kinds of values that it takes."""
BLOCKS = frozenset({"ip", "domain", "url", "hashes"})
"""Forms that are there to block by, which an adversary notices: PAP:AMBER and RED forbid it."""
RULES: dict[str, tuple[str, str]] = {
    LEAVES: ("a value that may be used, seen by the principal", "利用でき、主体が閲覧できる値"),
    "revoked": ("its source has revoked it", "提供元が取り消した"),
    "expired": ("no longer valid", "有効期間を過ぎている"),
    "not-yet": ("not valid yet", "有効期間の前"),
    "other-pattern": ("no STIX pattern that can be read", "読めるSTIXパターンではない"),
    "no-single-value": ("more than single values: a list would say something else", "単一の値ではない"),
    "other-kind": ("a value of another kind than the list's", "リストの種別ではない値"),
    "pap": ("PAP:AMBER or RED: not to be blocked by", "PAP:AMBERまたはRED:遮断に使えない"),
    "benign": ("on a warninglist of what is known to be harmless", "既知の無害な値の一覧にある"),
}  # fmt: skip
"""Code of a rule -> what it says, in English and Japanese. All but the first keep an indicator, or a value, here."""


class Item(msgspec.Struct, frozen=True):
    """One value that leaves: as it is written, its kind, and what is said of it."""

    value: str
    kind: str
    id: str
    name: str = ""
    marking: Marking = UNMARKED
    version: str = ""
    valid_from: str = ""
    valid_until: str = ""
    several: bool = False


class Outgoing(msgspec.Struct, frozen=True):
    """What becomes of one indicator: the values that leave, and for each value that stays (or "" for all) the rule."""

    items: tuple[Item, ...]
    stays: tuple[tuple[str, str], ...]


def decided(
    value: Mapping[str, Any], marking: Marking, form: str, now: int, benign: Callable[[str, str], bool] | None = None
) -> Outgoing:
    """Return what of an indicator leaves in a list of a form. marking: its effective one; `now` in microseconds.

    benign: says of a value and its kind whether it is known to be harmless; None: nobody asks.
    """
    whole = barred(value, marking, form, now)
    found = () if whole else values_of(value)
    if not found:
        return Outgoing((), (("", whole or unread(value)),))
    items, stays = [], []
    for kind, text in found:
        if kind not in FORMS[form]:
            stays.append((text, "other-kind"))
        elif benign is not None and benign(text, kind):
            stays.append((text, "benign"))
        else:
            items.append(
                Item(text, kind, value["id"], said(value, "name"), marking, said(value, "modified"),
                     said(value, "valid_from"), said(value, "valid_until"), len(found) > 1)
            )  # fmt: skip
    return Outgoing(tuple(items), tuple(stays))


def barred(value: Mapping[str, Any], marking: Marking, form: str, now: int) -> str:
    """Return the rule that keeps a whole indicator here, "" for none."""
    if value.get("revoked") is True:
        return "revoked"
    if instant(value.get("valid_until"), ALWAYS[1]) <= now:
        return "expired"
    if instant(value.get("valid_from"), ALWAYS[0]) > now:
        return "not-yet"
    return "pap" if form in BLOCKS and (marking.pap or Pap.CLEAR) >= Pap.AMBER else ""


def values_of(value: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return kind and text, each once, of an indicator that is nothing but single values; () for any other."""
    try:
        found = atoms(parse(value["pattern"])) if value.get("pattern_type") == "stix" else None
    except (PatternError, RecursionError, KeyError, TypeError):
        return ()
    made: dict[tuple[str, str], str] = {}
    for kind, text in found or ():
        known = canonical(kind, text)
        if known is None:
            return ()
        made.setdefault(known, refanged(text) if known[0] == "url" else known[1])
    return tuple((kind, text) for (kind, _), text in made.items())


def unread(value: Mapping[str, Any]) -> str:
    """Return why an indicator has no single values."""
    try:
        parse(value["pattern"])
    except (PatternError, RecursionError, KeyError, TypeError):
        return "other-pattern"
    return "no-single-value" if value.get("pattern_type") == "stix" else "other-pattern"


def said(value: Mapping[str, Any], key: str) -> str:
    """Return a text of an object on one line, "" where there is none."""
    found = value.get(key, "")
    return " ".join(found.split()) if isinstance(found, str) else ""


def instant(text: object, otherwise: int) -> int:
    """Return a STIX timestamp in microseconds since 1970."""
    try:
        return microseconds(text) if isinstance(text, str) else otherwise
    except ValueError:
        return otherwise
