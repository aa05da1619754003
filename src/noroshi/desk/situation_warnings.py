"""Warnings from a situation: marked and flagged as it is, proposed to whom it concerns, and who was not warned yet.

The victim's consent binds what is written: a warning goes to others, so it may not hold the name of an organisation
that has not agreed to be named.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk import situations
from noroshi.desk import warnings as desk
from noroshi.desk.dossiers import added
from noroshi.desk.naming import refuse_in_case
from noroshi.desk.permitting import must
from noroshi.desk.warnings_estate import dependants
from noroshi.desk.warnings_proposing import rights
from noroshi.respond.situation import Said as Line
from noroshi.respond.situation import Warned, followed, situation
from noroshi.share.contacts import stage_of
from noroshi.share.markings import Tlp
from noroshi.share.warnings import Audience, Said, Severity, Words, kept_from
from noroshi.store import dossiers, warnings
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from noroshi.desk.hub import Hub
    from noroshi.desk.incidents import Shown
    from noroshi.estate.model import Estate
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.warnings import Kept
    from noroshi.store.warnings_contacts import Contact

__all__ = ["Draft", "Unwarned", "unwarned", "victims", "warn"]


class Draft(NamedTuple):
    """What a person writes of a warning; the rest follows from the situation: its marking, and if it is an exercise.

    audience None: the victims of its open incidents, that is who depends on them. tlp "", communities None: the
    situation's; another marking may be given where less is said.
    """

    title: Words
    text: Words
    action: Words
    severity: Severity
    audience: Audience | None = None
    about: tuple[str, ...] = ()
    tlp: str = ""
    communities: tuple[str, ...] | None = None


class Unwarned(NamedTuple):
    """An organisation that depends on a victim and was not warned; chain: how it depends, from it to the victim.

    reach: names of the principals by which it could be warned; barred: those that may not be told, with the reason.
    """

    organisation: str
    name_en: str
    name_ja: str
    chain: str
    reach: tuple[str, ...]
    barred: tuple[tuple[str, str], ...]


def warn(  # noqa: PLR0913  whose, from where, what, when, as which
    hub: Hub, folder: Path, asker: Principal, uid: str, draft: Draft, now: int, estate: Estate | None = None,
    name: str = "",
) -> Kept:  # fmt: skip
    """Write and sign a warning from a situation, and keep with it that it came from there; nobody is told yet.

    estate: the situation's, whose names of organisations are looked for too. name: the warning's id, of a script; the
    same one again changes nothing. Refused 403, 404, 422: also where a text holds the name of a victim that has not
    agreed to it.
    """
    must(asker, "situations.manage")
    must(asker, "warnings.write")
    there = situations.read(hub, asker, uid)
    known = warnings.found(hub.store, name) if name else None
    if known is not None:
        return known
    texts = {"title": draft.title, "text": draft.text, "action": draft.action}
    refuse_in_case(hub, asker, there.situation, texts, (), estate)
    one = there.dossier
    audience = draft.audience or Audience(organisations=victims(there.incidents))
    shared = draft.communities if draft.tlp else None if one.communities is None else tuple(sorted(one.communities))
    said = Said(draft.title, draft.text, draft.action, draft.severity, draft.tlp or str(Tlp(one.tlp)), shared, audience,
                draft.about, exercise=one.exercise)  # fmt: skip
    first = desk.drafted(folder, asker, said, now, name or str(uuid.uuid4()))

    def also(wire: Connection, _: Line) -> None:
        warnings.keep(wire, asker.no, now, audience, first)

    line = dossiers.Entered(now, now, asker.no, Warned(first.said.warning), f"warning {first.said.warning}")
    added(hub, one, [line], lambda before, each: followed(situation(before), each), also)
    return desk.must_find(hub, first.said.warning)


def victims(there: Iterable[Shown]) -> tuple[str, ...]:
    """Return the organisations of the incidents that are not over, as far as one is told them."""
    known = (one.incident for one in there if not one.incident.hidden and one.incident.state != "closed")
    return tuple(dict.fromkeys(one.organisation for one in known))


def unwarned(hub: Hub, asker: Principal, uid: str, estate: Estate, until: int | None = None) -> tuple[Unwarned, ...]:
    """Return who depends on the victims of a situation and was chosen for none of its warnings, by organisation.

    until: what was chosen by then (microseconds), None = by now. Refused 403, 404.
    """
    must(asker, "warnings.follow")
    there = situations.read(hub, asker, uid)
    return missed(hub, there, estate, until)


def missed(hub: Hub, there: situations.Shown, estate: Estate, until: int | None = None) -> tuple[Unwarned, ...]:
    """Return who depends on victims and was not warned, for a situation as one sees it; as `unwarned`."""
    every = [one for one in (warnings.found(hub.store, name) for name in there.situation.warnings) if one is not None]
    told = {
        one.principal for kept in every for one in warnings.recipients(hub.store, kept.no)
        if one.chosen_by and (until is None or one.at <= until)
    }  # fmt: skip
    hit = victims(there.incidents)
    stage = stage_of(there.dossier.by)
    known = [one for one in contacts(hub.store) if one.organisation and stage_of(one.principal) == stage]
    safe = {one.organisation for one in known if one.no in told} | set(hit)
    names = {
        key: (en, ja) for key, en, ja in estate.frame("organisations").select("id", "name_en", "name_ja").iter_rows()
    }
    return tuple(
        Unwarned(organisation, *names[organisation], why.what, *reached(there, organisation, known, every))
        for organisation, why in sorted(dependants(estate, hit).items())
        if organisation not in safe and organisation in names
    )  # fmt: skip


def reached(
    there: situations.Shown, organisation: str, known: Iterable[Contact], every: list[Kept]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return by whom an organisation can be warned, and who of its principals may not be told, with the reason.

    Judged by the last warning of the situation, or by the situation's own marking where there is none yet.
    """
    one = there.dossier
    said = every[-1].last.said if every else Said(
        Words("", ""), Words("", ""), Words("", ""), "low", str(Tlp(one.tlp)),
        None if one.communities is None else tuple(one.communities), exercise=one.exercise,
    )  # fmt: skip
    those = [(each.principal, kept_from(said, rights(each), exercise=each.exercise)) for each in known
             if each.organisation == organisation]  # fmt: skip
    return tuple(name for name, why in those if not why), tuple((name, why) for name, why in those if why)
