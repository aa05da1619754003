"""What of a situation somebody is told: by the marking of each incident, and by what its victim has agreed to.

A text that a person wrote may hold the name of a victim, and so may who answered or takes part. Whoever is not told a
victim of any incident that was ever in the situation is told no such text of it, and its title without the name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import structs

from noroshi.desk import incidents
from noroshi.desk.blanking import without
from noroshi.desk.dossiers import may_be_shown
from noroshi.desk.permitting import may
from noroshi.desk.withholding import withheld
from noroshi.respond.position import Saying
from noroshi.respond.situation import Gathered, Parted, Situation, Words
from noroshi.share.permissions import Leave
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.respond.incident import Line
    from noroshi.store.contract import Principal

__all__ = ["LEADS", "incidents_of", "marked", "seen"]

LEADS = "centre"
"""The kind of principals that leads situations: it is told all that the marking lets it see."""
NOTHING = Words("", "")


def incidents_of(hub: Hub, asker: Principal, whole: Situation) -> tuple[incidents.Shown, ...]:
    """Return the incidents of a situation, each as its victim agreed and its marking allows.

    What is written of one may hold the name of another's victim: it is taken out.
    """
    names = () if asker.kind == LEADS else withheld(hub, untold(hub, asker, whole), whole.estate)
    found = (kept.found(hub.store, name) for name in whole.incidents)
    return tuple(
        incidents.shown(hub, asker, one, names) for one in found if one is not None and may_be_shown(asker, one)
    )


def seen(hub: Hub, asker: Principal, whole: Situation) -> Situation:
    """Return a situation as a principal sees it: who takes part sees its title alone, an auditor no untold victim."""
    there = marked(hub, asker, whole)
    if asker.kind == LEADS:
        return there
    hidden = untold(hub, asker, whole)
    leads = may(asker, "situations.read") is Leave.ALLOWED
    names = withheld(hub, hidden, whole.estate, principals=leads)
    title = without(whole.title, names)
    if not leads:
        return Situation(title, "", whole.closed, (), (), (), ())
    if not hidden:
        return there
    asks = tuple(
        one._replace(to=without(one.to, names), through=without(one.through, names), what=NOTHING, why="")
        for one in there.asks
    )
    lines = tuple(quiet(line, names) for line in there.lines)
    return replace(there, title=title, asks=asks, lines=lines, takes_part=tuple(without(list(there.takes_part), names)))


def marked(hub: Hub, asker: Principal, whole: Situation) -> Situation:
    """Return a situation without the incidents whose marking does not admit a principal, and the lines on them."""
    found = {uid: kept.found(hub.store, uid) for uid in whole.ever}
    barred = {uid for uid, one in found.items() if one is None or not may_be_shown(asker, one)}
    if not barred:
        return whole
    lines = tuple(line for line in whole.lines
                  if not (isinstance(line.said, Gathered | Parted) and line.said.incident in barred))  # fmt: skip
    return replace(
        whole, lines=lines, incidents=tuple(uid for uid in whole.incidents if uid not in barred),
        ever=tuple(uid for uid in whole.ever if uid not in barred),
    )  # fmt: skip


def untold(hub: Hub, asker: Principal, whole: Situation) -> tuple[str, ...]:
    """Return the incidents that were ever in a situation of which a principal is not told whose they are."""
    found = ((uid, kept.found(hub.store, uid)) for uid in whole.ever)
    return tuple(
        uid for uid, one in found
        if one is None or not may_be_shown(asker, one) or incidents.shown(hub, asker, one).incident.hidden
    )  # fmt: skip


def quiet(line: Line, names: tuple[str, ...]) -> Line:
    """Return a line without what a person wrote in it; of the position, which is read by itself, without the names."""
    said = without(line.said, names)
    if not isinstance(said, Saying):
        blank: dict[str, Any] = {"why": "", "text": "", "what": NOTHING}
        said = structs.replace(said, **{key: blank[key] for key in blank if hasattr(said, key)})
    return structs.replace(line, said=said, by=line.by if without(line.by, names) == line.by else "")
