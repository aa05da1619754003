"""No victim's name in what goes to others, unless it has agreed: a warning from a situation, and what corrects it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from noroshi.desk.blanking import folded
from noroshi.desk.dossiers import may_be_shown
from noroshi.desk.incidents import FULL, shown
from noroshi.desk.permitting import may
from noroshi.errors import InputError, NotFoundError
from noroshi.respond.incident import incident
from noroshi.respond.situation import situation
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.store import dossiers

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from noroshi.desk.hub import Hub
    from noroshi.estate.model import Estate
    from noroshi.respond.incident import Incident
    from noroshi.respond.situation import Situation
    from noroshi.store.contract import Principal

__all__ = [
    "known", "loaded", "may_be_led", "names_of", "refuse_in_case", "refuse_in_correction", "refuse_in_open_cases",
    "refuse_names",
]  # fmt: skip


class Bilingual(Protocol):
    """The same thing said in English and in Japanese."""

    @property
    def en(self) -> str:
        """Return what is said in English."""

    @property
    def ja(self) -> str:
        """Return what is said in Japanese."""


SHORTEST = 3
"""Latin letters of a name that is looked for in a text: a shorter one stands in other words too; others: two."""


def refuse_names(texts: Mapping[str, Bilingual], there: Iterable[Incident], estate: Estate | None) -> None:
    """Refuse texts (by their key) that hold the name of a victim that has not agreed to be named; Refused 422.

    estate: whose names of organisations are looked for besides their ids.
    """
    said = {f"{key}.{lang}": folded(getattr(words, lang)) for key, words in texts.items() for lang in ("en", "ja")}
    wrong = [
        f"{key}: {name} (expected no name of a victim that has not agreed to be named)"
        for one in there if one.consent != "named" and not one.hidden
        for name in names_of(one.organisation, estate)
        for key, text in said.items() if folded(name) in text
    ]  # fmt: skip
    if wrong:
        raise Refused(422, "Unprocessable", "; ".join(dict.fromkeys(wrong)))


def refuse_in_correction(hub: Hub, asker: Principal, warning: str, texts: Mapping[str, Bilingual]) -> None:
    """Refuse what corrects or withdraws a warning from a situation as its first text was; others are not looked at."""
    one = dossiers.warned_from(hub.store, warning)
    if one is not None:
        refuse_in_case(hub, asker, situation(dossiers.lines(hub.store, one)), texts)


def refuse_in_case(  # noqa: PLR0913  whose words, where, which, but whose, by whose names
    hub: Hub, asker: Principal, case: Situation, texts: Mapping[str, Bilingual], but: Container[str] = (),
    estate: Estate | None = None,
) -> None:  # fmt: skip
    """Refuse texts that hold the name of a victim of a situation, of any incident that was ever in it; as above.

    but: organisations whose own names may stand there, since they alone read it. estate: the situation's, where it is
    at hand.
    """
    there = [one for uid in known(hub, asker, case.ever) if (one := whole(hub, uid)) is not None]
    judged = [one for one in there if one.consent != "named" and one.organisation not in but]
    if judged:
        refuse_names(texts, judged, estate or loaded(case.estate))


def refuse_in_open_cases(
    hub: Hub, asker: Principal, texts: Mapping[str, Bilingual], *, exercise: bool
) -> None:  # fmt: skip
    """Refuse texts that hold the name of a victim of any open situation that one may see, as above."""
    for one in dossiers.dossiers(hub.store, dossiers.SITUATION):
        if one.exercise == exercise and may_be_shown(asker, one):
            case = situation(dossiers.lines(hub.store, one))
            if not case.closed:
                refuse_in_case(hub, asker, case, texts)


def may_be_led(hub: Hub, asker: Principal, warning: str) -> bool:
    """Say whether one may be told to which organisations the reasons of a warning lead: victims may be among them.

    Of a warning from a situation it takes that one is told the victims of all that was ever in it.
    """
    one = dossiers.warned_from(hub.store, warning)
    if one is None:
        return True
    case = situation(dossiers.lines(hub.store, one))
    found = [dossiers.found(hub.store, uid) for uid in case.ever]
    return all(
        each is not None and may_be_shown(asker, each) and not shown(hub, asker, each).incident.hidden for each in found
    )


def whole(hub: Hub, uid: str) -> Incident | None:
    """Return all of an incident, None where there is none."""
    one = dossiers.found(hub.store, uid)
    return None if one is None else incident(dossiers.lines(hub.store, one))


def known(hub: Hub, asker: Principal, gathered: Iterable[str]) -> tuple[str, ...]:
    """Return of some incidents those by whose names the asker's texts may be judged.

    Of incidents of which it does not know none may: it would learn of them by what is missing in a text that it wrote
    itself, or refused. Who may write none, such as an auditor, cannot ask in that way.
    """
    writes = may(asker, "situations.manage") is not Leave.NEVER or asker.kind in FULL
    found = ((uid, dossiers.found(hub.store, uid)) for uid in gathered)
    return tuple(
        uid for uid, one in found
        if one is not None and may_be_shown(asker, one)
        and not (writes and shown(hub, asker, one).incident.hidden)
    )  # fmt: skip


def loaded(name: str) -> Estate | None:
    """Return the estate of a situation; None where it names none, or none that can be read here."""
    from noroshi.files.estates import load

    try:
        return load(name, "en") if name else None
    except (InputError, NotFoundError):
        return None


def names_of(organisation: str, estate: Estate | None) -> Iterator[str]:
    """Yield by which names an organisation may be known, whichever of them it was reported by."""
    found = [organisation]
    if estate is not None:
        frame = estate.frame("organisations").select("id", "name_en", "name_ja")
        rows = ([name for name in row if name] for row in frame.iter_rows())
        found += [name for row in rows if folded(organisation) in map(folded, row) for name in row]
    yield from (name for name in dict.fromkeys(found) if len(folded(name)) >= (SHORTEST if name.isascii() else 2))
