"""What is not told of the victims of a situation: their names, wherever somebody wrote them, unless they agreed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from noroshi.respond.incident import incident
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub

__all__ = ["INSTEAD", "withheld", "without"]

INSTEAD = "[…]"
"""What stands where a name stood."""
SHORTEST = 3
"""Bytes of a name that is looked for: a shorter one stands in other words too."""
Shape = TypeVar("Shape")


def withheld(hub: Hub, gathered: Iterable[str], estate: str) -> tuple[str, ...]:
    """Return the names of victims that have not agreed to be named: as reported, and as their estate calls them."""
    found: dict[str, None] = {}
    for uid in gathered:
        one = kept.found(hub.store, uid)
        if one is not None:
            there = incident(kept.lines(hub.store, one))
            if there.consent != "named":
                found |= dict.fromkeys((there.organisation, one.organisation))
    names = {name.strip() for name in found if telling(name)}
    if names and estate:
        names |= called(estate, names)
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def called(estate: str, names: set[str]) -> set[str]:
    """Return what an estate calls some organisations; nothing where there is no such estate any more."""
    from noroshi.errors import NoroshiError
    from noroshi.files.estates import load

    try:
        rows = load(estate).frame("organisations").select("id", "name_en", "name_ja").iter_rows()
    except NoroshiError:
        return set()
    return {str(name) for row in rows if row[0] in names for name in row[1:] if name and telling(name)}


def telling(name: str) -> bool:
    """Say whether a name is long enough to be looked for in texts."""
    return len(name.strip().encode()) >= SHORTEST


def without(shape: Shape, names: tuple[str, ...]) -> Shape:
    """Return plain values with no such name in any text of theirs, whatever its case."""
    if not names:
        return shape
    edged = (f"{edge(name[0], '<!')}{re.escape(name)}{edge(name[-1], '!')}" for name in names)
    hide = partial(re.compile("|".join(edged), re.IGNORECASE).sub, INSTEAD)
    return msgspec.convert(within(msgspec.to_builtins(shape), hide), type(shape))


def edge(char: str, way: str) -> str:
    """Return what keeps a name from being found within a longer word, where it begins or ends with one's letters."""
    return f"(?{way}[A-Za-z0-9])" if char.isascii() and char.isalnum() else ""


def within(value: Any, hide: Callable[[str], str]) -> Any:  # noqa: ANN401  plain values of any kind
    """Return plain values with every text but the keys changed."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {key: within(one, hide) for key, one in value.items()}
    return [within(one, hide) for one in value] if isinstance(value, list) else value
