"""What was meant by a name that nothing has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean", "name_key", "word"]

SUFFIXES = ("group", "team")


def word(text: str) -> str:
    """Return `text` as it is compared: letters and digits only, lower case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def name_key(name: str) -> str:
    """Return a name as it is compared: as `word`, without a last "group" or "team"."""
    found = word(name)
    for suffix in SUFFIXES:
        found = found.removesuffix(suffix) or found
    return found


def did_you_mean(name: str, known: Iterable[str], count: int = 3) -> str:
    """Return "; did you mean A, B or C?" with the known names nearest to `name`, or nothing where none is near."""
    by_key: dict[str, str] = {}
    for one in known:
        by_key.setdefault(name_key(one), one)
    near = difflib.get_close_matches(name_key(name), by_key, count, 0.6)
    names = [by_key[key] for key in near]
    return f"; did you mean {' or '.join(filter(None, (', '.join(names[:-1]), names[-1])))}?" if names else ""
