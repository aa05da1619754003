"""What incidents and situations have in common at the desk: who may see one, and how a line is added to it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.desk.permitting import on_side, rights_of
from noroshi.share.contacts import stage_of
from noroshi.share.markings import Tlp
from noroshi.share.release import ReleaseClass, visible
from noroshi.share.taxii import Refused
from noroshi.store import dossiers as kept
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from noroshi.desk.hub import Hub
    from noroshi.respond.incident import Line, Wrong
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.dossiers import Dossier, Entered
    from noroshi.store.warnings_contacts import Contact

__all__ = ["Filing", "added", "contact_of", "filed", "may_be_shown", "refuse", "same_world"]

MARKING = Refused(403, "Forbidden", "you may not see what you would file: give it a marking that you may see")


class Filing(NamedTuple):
    """Under what a new dossier is filed; uid: of a script, so that the same is filed once ("" = a new one)."""

    tlp: str = "AMBER"
    communities: tuple[str, ...] | None = None
    exercise: bool = False
    uid: str = ""


def may_be_shown(asker: Principal, one: Dossier) -> bool:
    """Say whether the marking of a dossier admits a principal."""
    return visible(rights_of(asker), ReleaseClass(Tlp(one.tlp), one.communities))


def same_world(hub: Hub, asker: Principal, one: Dossier) -> bool:
    """Say whether a principal is on the side of the wall of a dossier: exercises, or the rest; its own it keeps.

    Who plays in a script is in nothing but its playing; in one of history nobody else is, in an exercise others may be.
    """
    if one.author == asker.no:
        return True
    mine, stage = stage_of(asker.name), stage_of(one.by)
    if mine != stage and (mine or not one.exercise):
        return False
    return on_side(hub.store, asker, exercise=one.exercise)


def contact_of(hub: Hub, asker: Principal) -> Contact | None:
    """Return what is declared of a principal as a contact, with its organisation and sectors."""
    return next((one for one in contacts(hub.store) if one.no == asker.no), None)


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with 422 what is wrong, all of it at once."""
    said = "; ".join(f"{one.key}: {one.found or 'nothing'} (expected {one.expected})" for one in wrongs)
    if said:
        raise Refused(422, "Unprocessable", said)


def filed(  # noqa: PLR0913  whose, of what kind, about whom, under what, with which first line
    hub: Hub, asker: Principal, kind: str, about: tuple[str, str], filing: Filing, first: Entered
) -> str:  # fmt: skip
    """Keep a new dossier with its first line; return its id. about: organisation and sector. Refused 403, 422."""
    tlp = Tlp.named(filing.tlp)
    if tlp is None:
        raise Refused(422, "Unprocessable", f"tlp: {filing.tlp[:50]} (expected {', '.join(map(str, Tlp))})")
    communities = None if filing.communities is None else frozenset(filing.communities)
    uid = filing.uid or str(uuid.uuid4())
    one = kept.Dossier(0, uid, kind, filing.exercise, int(tlp), communities, *about, asker.no, first.entered)
    if not may_be_shown(asker, one):
        raise MARKING
    hub.store.change(lambda wire: kept.make(wire, one, first)).result()
    return uid


def added(
    hub: Hub,
    one: Dossier,
    lines: Sequence[Entered],
    look: Callable[[tuple[Line, ...], Any], Iterable[Wrong]],
    also: Callable[[Connection, Any], None] | None = None,
) -> int:
    """Add lines, all or none, once `look` finds nothing wrong with each after those that are there.

    Return the number of the last. Refused 422. It is looked at within the transaction: nobody can add another in
    between. also: what else is done for what a line says.
    """

    def work(wire: Connection) -> int:
        n = 0
        for line in lines:
            n = kept.written(wire, one, line.once)
            if n:
                continue
            refuse(look(kept.lines_within(wire, one), line.said))
            if also is not None:
                also(wire, line.said)
            n = kept.add(wire, one.no, one.kind, line)
        return n

    n: int = hub.store.change(work).result()
    return n
