"""No victim's name in what goes to others, unless it has agreed: a warning from a situation, and what corrects it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from noroshi.errors import InputError, NotFoundError
from noroshi.respond.incident import incident
from noroshi.respond.situation import situation
from noroshi.share.taxii import Refused
from noroshi.store import dossiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from noroshi.desk.hub import Hub
    from noroshi.estate.model import Estate
    from noroshi.respond.incident import Incident
    from noroshi.share.warnings import Words

__all__ = ["folded", "refuse_in_correction", "refuse_names"]

SHORTEST = 3
"""Letters of a name that is looked for in a text: a shorter one stands in other words too."""


def refuse_names(
    texts: Mapping[str, Words], there: Iterable[tuple[str, Incident]], estate: Estate | None
) -> None:  # fmt: skip
    """Refuse texts (by their key) that hold the name of a victim that has not agreed to be named; Refused 422.

    there: incidents with their ids; estate: whose names of organisations are looked for besides their ids.
    """
    said = {f"{key}.{lang}": folded(getattr(words, lang)) for key, words in texts.items() for lang in ("en", "ja")}
    wrong = [
        f"{key}: {name} (expected no name of a victim: {uid} has not agreed to be named)"
        for uid, one in there if one.consent != "named" and not one.hidden
        for name in names_of(one.organisation, estate)
        for key, text in said.items() if folded(name) in text
    ]  # fmt: skip
    if wrong:
        raise Refused(422, "Unprocessable", "; ".join(wrong))


def refuse_in_correction(hub: Hub, warning: str, texts: Mapping[str, Words]) -> None:
    """Refuse what corrects or withdraws a warning from a situation as its first text was; others are not looked at."""
    one = dossiers.warned_from(hub.store, warning)
    if one is None:
        return
    case = situation(dossiers.lines(hub.store, one))
    found = (dossiers.found(hub.store, uid) for uid in case.incidents)
    there = [(each.uid, incident(dossiers.lines(hub.store, each))) for each in found if each is not None]
    refuse_names(texts, there, loaded(case.estate))


def loaded(name: str) -> Estate | None:
    """Return the estate of a situation; None where it names none, or none that can be read here."""
    from noroshi.files.estates import load

    try:
        return load(name, "en") if name else None
    except (InputError, NotFoundError):
        return None


def names_of(organisation: str, estate: Estate | None) -> Iterator[str]:
    """Yield by which names an organisation may be known."""
    found = [organisation]
    if estate is not None:
        rows = estate.frame("organisations").select("id", "name_en", "name_ja").iter_rows()
        found += [name or "" for key, *names in rows if key == organisation for name in names]
    yield from (name for name in dict.fromkeys(found) if len(folded(name)) >= SHORTEST)


def folded(text: str) -> str:
    """Return a text as it is compared: letters and digits alone, whatever their width and case."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
