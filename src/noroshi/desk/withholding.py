"""What is not told of the victims of a situation: their names, wherever somebody wrote them, unless they agreed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from noroshi.desk.dossiers import may_be_shown
from noroshi.desk.incidents import shown
from noroshi.desk.naming import folded, loaded, names_of
from noroshi.desk.permitting import may
from noroshi.respond.incident import incident
from noroshi.share.permissions import Leave
from noroshi.store import dossiers as kept
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal

__all__ = ["INSTEAD", "blanked", "known", "withheld", "without"]

INSTEAD = "[…]"
"""What stands where a name stood."""
SHORT = 5
"""Letters of a name that is looked for within longer words too; a shorter one is, as a word of its own alone."""
Shape = TypeVar("Shape")


def known(hub: Hub, asker: Principal, gathered: Iterable[str]) -> tuple[str, ...]:
    """Return of some incidents those whose names may be taken out of what is told to the asker.

    Of incidents of which it does not know none may: it would learn of them by what is missing in a text that it wrote
    itself. Who may write none, such as an auditor, cannot ask in that way.
    """
    writes = may(asker, "situations.manage") is not Leave.NEVER
    found = ((uid, kept.found(hub.store, uid)) for uid in gathered)
    return tuple(
        uid for uid, one in found
        if one is not None and may_be_shown(asker, one)
        and not (writes and shown(hub, asker, one).incident.hidden)
    )  # fmt: skip


def withheld(hub: Hub, gathered: Iterable[str], estate: str, *, principals: bool = False) -> tuple[str, ...]:
    """Return the names of victims that have not agreed, as `folded`: as reported, and as their estate says.

    principals: the names by which the hub knows them too.
    """
    victims: dict[str, None] = {}
    for uid in gathered:
        one = kept.found(hub.store, uid)
        if one is not None:
            there = incident(kept.lines(hub.store, one))
            if there.consent != "named":
                victims |= dict.fromkeys((there.organisation, one.organisation))
    there_is = loaded(estate) if victims else None
    names = {folded(name) for victim in victims for name in names_of(victim, there_is)}
    if principals:
        names |= {folded(one.principal) for one in contacts(hub.store) if one.organisation in victims}
    return tuple(sorted(names - {""}))


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
