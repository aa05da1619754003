"""Incidents at the desk: who may report one, say more of it, and see it, by the victim's consent.

Hidden equals absent: an incident that one may not see is answered with 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from noroshi.desk.blanking import without
from noroshi.desk.dossiers import Filing, added, contact_of, filed, may_be_shown, refuse
from noroshi.desk.duty_names import unknown
from noroshi.desk.permitting import may, must, must_be_on_side
from noroshi.respond.incident import Consented, Incident, Remarked, Reported, as_seen, followed, incident, wrongs
from noroshi.respond.incident_times import untimely
from noroshi.respond.incident_words import CONSENTS
from noroshi.respond.situation import situation
from noroshi.share.contacts import stage_of
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.hub import Hub
    from noroshi.respond.incident import Said, Wrong
    from noroshi.store.contract import Principal
    from noroshi.store.dossiers import Dossier
    from noroshi.store.warnings_contacts import Contact

__all__ = ["ABSENT", "Shown", "incidents", "read", "report", "say", "shown"]

ABSENT = Refused(404, "Not found", "there is no such incident, or it is not for you")
NOT_YOURS = Refused(403, "Forbidden", "operators report of their own organisation, ministries of their own sectors")
ITS_OWN = Refused(403, "Forbidden", "the victim alone agrees to more being told of it, or the centre on its word")
ON_ITS_WORD = Refused(
    422, "Unprocessable", "text: nothing (expected who of the victim agreed, when and how, in the same step)"
)
FULL = frozenset({"centre", "ministry", "operator"})
"""Kinds of principals that see all of an incident which the table lets them read; the others by consent."""


class Shown(NamedTuple):
    """An incident as a principal sees it."""

    dossier: Dossier
    incident: Incident


def report(hub: Hub, asker: Principal, said: Reported, now: int, filing: Filing | None = None) -> str:
    """Keep a new incident; return its id. An operator's own organisation need not be said. Refused 403, 422."""
    leave = must(asker, "incidents.report")
    filing = filing or Filing()
    must_be_on_side(hub.store, asker, exercise=filing.exercise)
    mine = contact_of(hub, asker)
    if leave is Leave.OWN and asker.kind == "operator":
        own = mine.organisation if mine and mine.organisation else asker.name
        said = Reported(said.organisation or own, said.what, said.effect, said.since,
                        said.sector or (mine.sectors[0] if mine and mine.sectors else ""), said.consent)  # fmt: skip
        if said.organisation != own:
            raise NOT_YOURS
    elif leave is Leave.OWN and (mine is None or said.sector not in mine.sectors):
        raise NOT_YOURS
    refuse([*wrongs(said), *untimely(None, said, now, now)])
    at = now if said.since is None else min(said.since, now)
    first = kept.Entered(at, now, asker.no, said)
    return filed(hub, asker, kept.INCIDENT, (said.organisation, said.sector), filing, first)


def say(  # noqa: PLR0913  to which, what, and when
    hub: Hub, asker: Principal, uid: str, said: Sequence[Said], at: int, now: int, once: str = ""
) -> int:  # fmt: skip
    """Add lines to an incident, all or none; return the number of the last. Refused 403, 404, 422.

    once: by which they are known when they are sent again, "" = they are new each time.
    """
    must(asker, "incidents.report")
    there = read(hub, asker, uid)
    must_be_on_side(hub.store, asker, exercise=there.dossier.exercise)
    if there.incident.hidden:
        raise NOT_YOURS
    refuse_loosening(asker, there, said, contact_of(hub, asker))
    lines = kept.entered(said, at, now, asker.no, once)
    return added(hub, there.dossier, lines, lambda before, one: wrong_after(incident(before), one, at, now))


def wrong_after(one: Incident, said: Said, at: int, now: int) -> list[Wrong]:
    """Return what is wrong with a line after those that there are: in itself, in its names, in its times."""
    return [*followed(one, said), *unknown(said), *untimely(one, said, at, now)]


def refuse_loosening(asker: Principal, there: Shown, said: Sequence[Said], mine: Contact | None) -> None:
    """Refuse that anybody but the victim agrees to more being told of it; the centre may, on its word, saying so."""
    order = tuple(CONSENTS)
    wanted = [order.index(one.consent) for one in said if isinstance(one, Consented) and one.consent in order]
    if not wanted or max(wanted) <= order.index(there.incident.consent):
        return
    own = mine is not None and bool(mine.organisation) and mine.organisation == there.dossier.organisation
    if asker.kind == "operator" and (own or there.dossier.author == asker.no):
        return
    if asker.kind != "centre":
        raise ITS_OWN
    if not any(isinstance(one, Remarked) and one.text.strip() for one in said):
        raise ON_ITS_WORD


def incidents(hub: Hub, asker: Principal) -> tuple[Shown, ...]:
    """Return the incidents that a principal may read, the newest first."""
    must(asker, "incidents.read")
    mine = contact_of(hub, asker)
    names = of_others(hub, asker)
    every = (one for one in kept.dossiers(hub.store, kept.INCIDENT))
    return tuple(shown(hub, asker, one, names) for one in every if readable(asker, one, mine))


def read(hub: Hub, asker: Principal, uid: str) -> Shown:
    """Return an incident; Refused 403 where the principal may read none, 404 where it may not read this one."""
    must(asker, "incidents.read")
    one = kept.found(hub.store, uid)
    if one is None or one.kind != kept.INCIDENT or not readable(asker, one, contact_of(hub, asker)):
        raise ABSENT
    return shown(hub, asker, one, of_others(hub, asker))


def of_others(hub: Hub, asker: Principal) -> tuple[str, ...]:
    """Return the names of all victims that have not agreed, for who is told by consent: any text may hold them.

    By the estate of each situation that their incidents were ever in; of the others as they were reported.
    """
    if asker.kind in FULL:
        return ()
    from noroshi.desk.withholding import withheld  # it stands on this module

    cases = [situation(kept.lines(hub.store, one)) for one in kept.dossiers(hub.store, kept.SITUATION)]
    every = [one.uid for one in kept.dossiers(hub.store, kept.INCIDENT)]
    names = {name for one in cases for name in withheld(hub, one.ever, one.estate)}
    return tuple(sorted(names | set(withheld(hub, every, ""))))


def shown(hub: Hub, asker: Principal, one: Dossier, names: tuple[str, ...] = ()) -> Shown:
    """Return an incident as a principal sees it: all of it, or by the victim's consent. Who may see it was asked.

    names: of other victims, which are taken out of what is not one's own to see.
    """
    lines = kept.lines(hub.store, one)
    if asker.kind in FULL and readable(asker, one, contact_of(hub, asker)):
        return Shown(one, incident(lines))
    whole = incident(structs.replace(line, said=without(line.said, names)) for line in lines)
    if whole.consent == "named":
        return Shown(one, whole)
    return Shown(without_name(one), as_seen(whole))


def without_name(one: Dossier) -> Dossier:
    """Return a dossier without what tells whose it is."""
    return one._replace(organisation="", sector="", author=0, by="")


def readable(asker: Principal, one: Dossier, mine: Contact | None) -> bool:
    """Say whether a principal may read an incident: by the table, by its marking, and as an exercise or none."""
    leave = may(asker, "incidents.read")
    if leave is Leave.NEVER or not may_be_shown(asker, one):
        return False
    if leave is Leave.ALLOWED or one.author == asker.no:
        return True
    if mine is None or mine.exercise != one.exercise or stage_of(asker.name) != stage_of(one.by):
        return False
    if asker.kind == "ministry":
        return one.sector in mine.sectors
    return bool(mine.organisation) and one.organisation == mine.organisation
