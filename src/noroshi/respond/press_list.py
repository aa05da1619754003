"""A press list as requests are made of it: whom to press first, with which measures in which order."""

from __future__ import annotations

import msgspec

from noroshi.respond.asks import Words

__all__ = ["ToPress", "wanted_of"]

WHAT = (
    "From the list of whom to press first, please do these in this order: {measures}",
    "優先要請リストに基づき、次の対策をこの順に実施されたい: {measures}",
)
NUMBERED = "({n}) {name}"


class ToPress(msgspec.Struct, frozen=True):
    """A row of a press list: an organisation, its sector, what is asked of it in order, and why."""

    organisation: str
    name: str
    name_ja: str
    sector: str
    measure_names: tuple[str, ...]
    measure_names_ja: tuple[str, ...]
    why: str = ""
    why_ja: str = ""


def wanted_of(row: ToPress) -> Words:
    """Return what an organisation is asked for."""
    said = (
        text.format(measures="; ".join(NUMBERED.format(n=n, name=name) for n, name in enumerate(names, 1)))
        for text, names in zip(WHAT, (row.measure_names, row.measure_names_ja), strict=True)
    )
    return Words(*said)
