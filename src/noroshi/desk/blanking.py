"""Names taken out of texts, wherever they stand in plain values and however they are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import msgspec

__all__ = ["INSTEAD", "blanked", "folded", "without"]

INSTEAD = "[…]"
"""What stands where a name stood."""
SHORT = 5
"""Letters of a name that is looked for within longer words too; a shorter one is, as a word of its own alone."""
Shape = TypeVar("Shape")


def without(shape: Shape, names: tuple[str, ...]) -> Shape:
    """Return plain values with no such name in any text of theirs, whatever its width, case, blanks and signs."""
    if not names:
        return shape
    return msgspec.convert(within(msgspec.to_builtins(shape), partial(blanked, names=names)), type(shape))


def within(value: Any, hide: Callable[[str], str]) -> Any:  # noqa: ANN401  plain values of any kind
    """Return plain values with every text but the keys changed."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {key: within(one, hide) for key, one in value.items()}
    return [within(one, hide) for one in value] if isinstance(value, list) else value


def blanked(text: str, names: Iterable[str]) -> str:
    """Return a text with `INSTEAD` where a name stood; names: as `folded`."""
    places: list[tuple[int, int]] = []
    plain = ""
    for start, end in clusters(text):
        part = folded(text[start:end])
        plain += part
        places += [(start, end)] * len(part)
    gone: set[int] = set()
    for name in names:
        at = plain.find(name)
        while at >= 0:
            first, last = places[at][0], places[at + len(name) - 1][1]
            if len(name) >= SHORT or alone(text, first, last):
                gone |= set(range(first, last))
            at = plain.find(name, at + 1)
    return "".join(char if k not in gone else INSTEAD if k - 1 not in gone else "" for k, char in enumerate(text))


def clusters(text: str) -> list[tuple[int, int]]:
    """Return where the letters of a text begin and end, each with the marks that belong to it."""
    found: list[tuple[int, int]] = []
    for k, char in enumerate(text):
        marks = unicodedata.normalize("NFKC", char)[:1]
        if found and marks and unicodedata.combining(marks):
            found[-1] = (found[-1][0], k + 1)
        else:
            found.append((k, k + 1))
    return found


def alone(text: str, first: int, last: int) -> bool:
    """Say whether what stands there is not within a longer word of Latin letters."""
    edges = ((text[:first][-1:], text[first]), (text[last - 1], text[last:][:1]))
    return not any(all(one.isascii() and one.isalnum() for one in edge) for edge in edges)


def folded(text: str) -> str:
    """Return a text as it is compared: letters and digits alone, whatever their width and case."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
