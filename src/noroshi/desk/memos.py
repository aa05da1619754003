"""The position as it is shown to who asks, and its memo: for others' eyes, with victims named only as they agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk import positions
from noroshi.desk.blanking import without
from noroshi.desk.naming import known
from noroshi.desk.position_shapes import MemoIncident, MemoShown, PositionShown, position_shown
from noroshi.desk.withholding import withheld
from noroshi.respond.asks import Words
from noroshi.respond.incident import Incident, as_seen, incident
from noroshi.respond.incident_words import EVENTS, STATES
from noroshi.respond.situation import situation
from noroshi.share.taxii import timestamp
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.desk.hub import Hub
    from noroshi.respond.situation import Situation
    from noroshi.store.contract import Principal
    from noroshi.store.dossiers import Dossier

__all__ = ["memo", "seen"]

WITHHELD = Words("an organisation that is not named", "名称非開示の組織")
LEADS = "centre"


def seen(hub: Hub, asker: Principal, uid: str) -> PositionShown:
    """Return the position as one may see it: an auditor without the names of victims that have not agreed.

    Refused 403, 404.
    """
    found = positions.read(hub, asker, uid)
    there = situation(kept.lines(hub.store, found.dossier))
    shown = position_shown(found, there.lines)
    if asker.kind == LEADS:
        return shown
    return without(shown, withheld(hub, known(hub, asker, there.ever), there.estate))


def memo(hub: Hub, asker: Principal, uid: str, now: int) -> MemoShown:
    """Return what the memo of a situation shows, to whomever it may be given by its marking. Refused 403, 404.

    No victim is named in it that has not agreed, and no incident stands in it that is marked higher.
    """
    found = positions.read(hub, asker, uid)
    there = situation(kept.lines(hub.store, found.dossier))
    shown = MemoShown(position_shown(found, ()), list(told(hub, found.dossier, there)), timestamp(now))
    return without(shown, withheld(hub, known(hub, asker, there.ever), there.estate))


def told(hub: Hub, of: Dossier, there: Situation) -> Iterator[MemoIncident]:
    """Yield the incidents of a situation that everybody may see who may see the situation, as their victims agreed."""
    for uid in there.incidents:
        one = kept.found(hub.store, uid)
        if one is None or one.tlp > of.tlp:
            continue
        if one.communities is not None and (of.communities is None or not of.communities <= one.communities):
            continue
        seen_as = as_seen(incident(kept.lines(hub.store, one)))
        since = seen_as.value("since")
        yield MemoIncident(
            Words(*EVENTS[seen_as.value("what")]), victim(seen_as), Words(*STATES[seen_as.state]),
            None if since is None else timestamp(since),
        )  # fmt: skip


def victim(one: Incident) -> Words:
    """Return whose an incident is, as far as it is told."""
    if one.organisation:
        return Words(one.organisation, one.organisation)
    return (
        Words(f"an organisation of the sector {one.sector}", f"分野「{one.sector}」の組織") if one.sector else WITHHELD
    )
