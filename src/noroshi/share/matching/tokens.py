"""What a text holds that could be an indicator: the plain and slow reading that defines what a hit is."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from typing import TYPE_CHECKING

from noroshi.share.matching.values import (
    ASN,
    DOMAIN,
    DOMAIN_LONGEST,
    HASHES,
    HEX,
    IPV4,
    MAC,
    folded,
    mac,
    url_rest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["stands_alone", "tokens", "url_starts", "urls"]

WORD = re.compile(r"[A-Za-z0-9._-]+")
COLONS = re.compile(r"[A-Za-z0-9._:-]*:[A-Za-z0-9._:-]*:[A-Za-z0-9._:-]*")
FOREIGN_HEAD = re.compile(r"^[^:]*[^0-9A-Fa-f:][^:]*:")
FOREIGN_TAIL = re.compile(r":(?![0-9.]+\Z)[^:]*[^0-9A-Fa-f:][^:]*\Z")
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9._-]+")
URL = re.compile(r"://([^\s\"'<>`{}|^\\\x00-\x20\x7f]+)")
INSIDE = re.compile(r"[A-Za-z0-9_%~+-]|\.[A-Za-z0-9]")
SIX_GROUPS, EIGHT_GROUPS = 5, 7
SHORTEST_HEX = min(HASHES)


def tokens(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, value as it is compared, and value as it stands, of everything in `text` but URLs and free text.

    Words are runs of ASCII letters, digits, '.', '_' and '-', without '.' and '-' at their ends. A domain is any word
    of that form, in URLs and mail addresses too.
    """
    for run in WORD.findall(text):
        seen = run.strip(".-")
        word = folded(seen)
        if "." in word:
            if IPV4.match(word):
                yield "ipv4", word, seen
            elif len(word) <= DOMAIN_LONGEST and DOMAIN.match(word):
                yield "domain", word, seen
        elif len(word) in HASHES and HEX.match(word):
            yield HASHES[len(word)], word, seen
        if word[:2] == "as" and ASN.match(word):
            yield "asn", f"AS{int(word[2:])}", seen
        if MAC.match(word):
            yield "mac", mac(word)[1], seen  # type: ignore[index]  # it is of that form
    if "@" in text:
        for run in MAIL.findall(text):
            seen = run.rstrip(".-")
            yield "email", folded(seen), seen
    if text.count(":") > 1:
        yield from with_colons(text)


def with_colons(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield IPv6 and hardware addresses; names before and after them, as in `src:2001:db8::1`, are left out."""
    for run in COLONS.findall(text):
        seen = run.strip(".-")
        while found := FOREIGN_HEAD.match(seen):
            seen = seen[found.end() :]
        while found := FOREIGN_TAIL.search(seen):
            seen = seen[: found.start()]
        if seen.startswith(":") and not seen.startswith("::"):
            seen = seen[1:]
        if seen.endswith(":") and not seen.endswith("::"):
            seen = seen[:-1]
        colons = seen.count(":")
        if colons == SIX_GROUPS and MAC.match(folded(seen)):
            yield "mac", folded(seen), seen
            continue
        if "::" not in seen and colons not in {EIGHT_GROUPS, EIGHT_GROUPS - 1}:
            continue
        try:
            number = IPv6Address(seen)
        except AddressValueError:
            continue
        mapped = number.ipv4_mapped
        if mapped is None:
            yield "ipv6", str(number), seen
        elif "." not in seen:
            yield "ipv4", str(mapped), seen


def urls(text: str) -> Iterator[str]:
    """Yield every URL in `text`, from its host on as `url_rest` has it."""
    if "://" in text:
        for rest in URL.findall(text):
            yield url_rest(rest)


def url_starts(rest: str, known: str) -> bool:
    """Say whether the URL `known` is `rest` or begins it, ending where a part of `rest` ends.

    A URL of a host alone is only that page, not all of its host: for that there are domains.
    """
    if not rest.startswith(known):
        return False
    if known.endswith("/") and known.find("/") == len(known) - 1:
        return len(rest) == len(known) or rest[len(known) :].strip(".,;:)]!?'") == ""
    return (not known[-1].isalnum() and known[-1] not in "_%~+-") or not INSIDE.match(rest, len(known))


def stands_alone(text: str, known: str) -> bool:
    """Say whether `known` (in lower case) is in `text`, not as a part of longer words; `.` and `-` may be around it."""
    low = folded(text)
    if known not in low:
        return False
    head = r"(?:\A|(?<=[^A-Za-z0-9._-]))[.-]*" if WORD.match(known) else ""
    tail = r"[.-]*(?:\Z|(?=[^A-Za-z0-9._-]))" if WORD.match(known[-1]) else ""
    return re.search(head + re.escape(known) + tail, low) is not None
