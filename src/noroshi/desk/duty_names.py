"""Names of duties and of regimes that an incident bears, against those that there are.

One that there is not is refused when it is entered. Where an older line bears one, it is told apart from the rest.
"""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from noroshi.files.duties import load_duties
from noroshi.respond.duties import ANCHORS
from noroshi.respond.incident import Corrected, Met, Wrong

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.respond.incident import Incident, Said

__all__ = ["Names", "known", "met_known", "regimes_known", "unknown", "unknown_of"]

FIELDS_OF_THEIR_OWN = frozenset({"detection", "awareness", "previous"})
NEAR, MOST_NEAR = 0.4, 5


class Names(NamedTuple):
    """What there is: duties and the other moments from which one runs; regimes as written, by their small letters."""

    duties: tuple[str, ...]
    regimes: dict[str, str]


@cache
def known() -> Names:
    """Return the names in the duties that ship; a moment that is a field of an incident is entered as that field."""
    every = load_duties()
    moments = [name for name in ANCHORS if name not in FIELDS_OF_THEIR_OWN]
    return Names((*(one.id for one in every), *moments), {one.regime.casefold(): one.regime for one in every})


def unknown(said: Said) -> list[Wrong]:
    """Return the duties and regimes of a line that there are not, each with those that are near it."""
    if isinstance(said, Met):
        return [] if said.duty in known().duties else [Wrong("met", said.duty[:100], near(said.duty, known().duties))]
    named = said.fields.get("regimes") if isinstance(said, Corrected) else None
    if not isinstance(named, list | tuple):
        return []
    regimes = known().regimes
    return [
        Wrong("regimes", str(one)[:100], near(str(one).casefold(), regimes, regimes.values()))
        for one in named if str(one).casefold() not in regimes
    ]  # fmt: skip


def near(name: str, keys: Iterable[str], names: Iterable[str] = ()) -> str:
    """Return the names that are near one, else all of them. names: as written, where the keys are not."""
    written = dict(zip(keys, names or keys, strict=True))
    close = difflib.get_close_matches(name[:100], list(written), MOST_NEAR, NEAR)
    return ", ".join(written[key] for key in close or written)


def met_known(one: Incident) -> dict[str, int]:
    """Return when each duty that there is was met."""
    return {name: at for name, at in one.met.items() if name in known().duties}


def regimes_known(one: Incident) -> tuple[str, ...]:
    """Return the regimes that an incident names and that there are."""
    return tuple(name for name in one.value("regimes") or () if name.casefold() in known().regimes)


def unknown_of(one: Incident) -> tuple[str, ...]:
    """Return the names of regimes and duties that an incident bears and that there are not, in that order."""
    there = known()
    regimes = [name for name in one.value("regimes") or () if name.casefold() not in there.regimes]
    return (*regimes, *(name for name in one.met if name not in there.duties))
