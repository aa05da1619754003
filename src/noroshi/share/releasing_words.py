"""Words that must not be left in a reduced copy: in one form whatever way they are written, and where they come from.

The form: NFKC and case folding (Unicode 15, sections 3.11 and 5.18), without white space and invisible characters,
percent-encoding undone, addresses as they were before they were made harmless; a domain name in its own script counts
as in ASCII too. Letters that merely look alike, other spellings and translations are not known: a person names them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from noroshi.share.matching.values import refanged

__all__ = ["atoms_of", "forms", "ids_in", "leaves", "plain", "uuid_of", "words_of"]

ID = re.compile(r"--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TYPE = re.compile(r"[a-z0-9][a-z0-9-]{0,248}\Z", re.IGNORECASE)
ATOMS = re.compile(
    r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,250}\.\w{2,63}|(?:[\w-]{1,63}\.){1,20}[^\W\d_]{2,63}|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\b(?:[0-9a-f]{1,4}:){2,7}:?[0-9a-f]{0,4}|\b[0-9a-f]{16,}\b|--[0-9a-f-]{36}",
    re.IGNORECASE,
)
"""What of a long text can be told to be a name: mail addresses, domains, addresses, hashes, ids. All is bounded, since
a text may be a mebibyte long."""
PERCENT = re.compile("(?:%[0-9a-fA-F]{2})+")
LONGEST = 100
"""A text up to so many characters is a word as a whole; of a longer one only its atoms are."""
NAMING = ("name", "aliases", "value", "contact_information", "user_id", "account_login", "display_name")
"""Properties by which an object that is left out is called."""


def plain(text: str) -> str:
    """Return a text in the form in which words are compared."""
    # what was made harmless is undone before NFKC too: full-width brackets are brackets afterwards
    found = refanged(unicodedata.normalize("NFKC", PERCENT.sub(unescaped, text)))
    found = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", found.casefold()).casefold())
    return "".join(one for one in found if not one.isspace() and unicodedata.category(one) != "Cf")


def unescaped(found: re.Match[str]) -> str:
    """Return what stands percent-encoded in a URL (RFC 3986, section 2.1)."""
    return bytes.fromhex(found.group().replace("%", "")).decode("utf-8", "replace")


def forms(word: str) -> tuple[str, ...]:
    """Return the forms in which a word is looked for; none for one without a letter or digit."""
    found = [plain(word)]
    if "." in word:
        for way in (encoded, decoded):
            other = way(found[0])
            if other is not None:
                found.append(plain(other))
    return tuple(dict.fromkeys(one for one in found if any(letter.isalnum() for letter in one)))


def encoded(text: str) -> str | None:
    """Return a domain name in ASCII (RFC 3490); None where it is none."""
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def decoded(text: str) -> str | None:
    """Return a domain name in its own script; None where it is none."""
    try:
        return text.encode("ascii").decode("idna")
    except UnicodeError:
        return None


def leaves(value: Any, place: str = "", *, keys: bool = True) -> Iterator[tuple[str, str]]:  # noqa: ANN401  any JSON
    """Yield place and text of every text in a value; keys: those below the first level too."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            if place and keys:
                yield place, key
            yield from leaves(one, f"{place}.{key}" if place else key, keys=keys)
    elif isinstance(value, list | tuple):
        for k, one in enumerate(value):
            yield from leaves(one, f"{place}[{k}]", keys=keys)


def atoms_of(text: str) -> tuple[str, ...]:
    """Return the mail addresses, domains, addresses, hashes and ids in a text."""
    return tuple(one.group() for one in ATOMS.finditer(refanged(unicodedata.normalize("NFKC", text))))


def ids_in(text: str) -> Iterator[str]:
    """Yield the ids of objects anywhere in a text, in lower case."""
    for found in ID.finditer(text):
        kind = TYPE.search(text, max(0, found.start() - 249), found.start())
        if kind is not None:
            yield (kind.group() + found.group()).lower()


def words_of(value: Any, shortest: int = 2) -> Iterator[str]:  # noqa: ANN401  any JSON
    """Yield the words of something that is taken out: each short text as a whole, and the atoms of every text."""
    for _, text in leaves(value, keys=False):
        if shortest <= len(text) <= LONGEST:
            yield text
        yield from atoms_of(text)


def uuid_of(name: str) -> str:
    """Return the UUID of an id."""
    return name.rpartition("--")[2]
