"""Sending a warning: a person chooses, rights are asked before anything leaves, and who has not got it is tried again.

A message is claimed in the database before it leaves and settled after; so a process that is killed between leaves one
message in doubt, which is sent again later under the same id.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from noroshi.desk.cursors import hub_key
from noroshi.desk.peer_secrets import PeerSecrets
from noroshi.desk.permitting import rights_of
from noroshi.desk.warnings import WITHDRAWN, mine_to_change
from noroshi.desk.warnings_proposing import NOTHING, Lenses, had_before, proposals, rights
from noroshi.desk.warnings_taxii import collected, place, post, readers
from noroshi.share.chain import CHAINS
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Why, kept_from
from noroshi.share.warnings_words import KEPT_FROM, message, notice
from noroshi.store import warnings as kept
from noroshi.store.journal import tail_of
from noroshi.store.warnings_contacts import Contact, contacts, drills
from noroshi.wire.asking import PeerFault, Timing
from noroshi.wire.hooks import Hook, post_hook
from noroshi.wire.mail import Mailer, MailFault, Posted, mailer, server_of
from noroshi.wire.mail import message as made_of

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings
    from noroshi.share.warnings import Proposal
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.warnings import Kept, Receipt, Sending

__all__ = ["Wanted", "real_timing", "resend", "send"]

TURN_US = 300_000_000
"""How long a message is one process's own: no try takes longer."""
Way = Callable[[str, bytes, "Told"], None]


class Wanted(NamedTuple):
    """Who is chosen: names, and `proposed` for everyone proposed who may be told. collection: where TAXII gets it."""

    to: tuple[str, ...] = ()
    proposed: bool = False
    collection: str = ""


class Told(NamedTuple):
    """What one recipient is told: subject and text, and what machines read; bare: without content.

    exercise: it is part of one; to_drills: the recipient is there for exercises alone. The wire compares them again.
    """

    subject: str
    text: str
    data: bytes
    bare: bool
    exercise: bool
    to_drills: bool


class Desk(NamedTuple):
    """What sending needs: the hub, its settings, the world's clocks, and what hands mail in (None: no server set)."""

    hub: Hub
    settings: Settings
    timing: Timing
    mailer: Mailer | None


def real_timing() -> Timing:
    """Return the world's own clocks, waits and chance."""
    return Timing(time.time, time.monotonic, time.sleep, random.SystemRandom())


def send(  # noqa: PLR0913  whose, which, to whom, how
    hub: Hub, settings: Settings, asker: Principal, uid: str, wanted: Wanted, timing: Timing, lenses: Lenses = NOTHING,
) -> Kept:  # fmt: skip
    """Choose recipients of a warning and deliver it to all who have not got it yet; `Wanted()` chooses nobody new.

    Refused before anything leaves: 403 naming each chosen who may not be told, 404 for who or what is not there, 409
    where the warning is withdrawn. What could not be delivered is kept with its reason (`warnings_proposing.follow`).
    """
    there = mine_to_change(hub, asker, uid)
    server_of(settings.smtp, settings.smtp_password, settings.mail_from)
    choosing = bool(wanted.to or wanted.proposed)
    if choosing and there.last.said.kind == "retraction":
        raise WITHDRAWN
    if wanted.collection and there.collection not in ("", wanted.collection):
        raise Refused(409, "Conflict", f"it is posted to {there.collection} already")
    if wanted.collection and place(hub, asker, wanted.collection)[1].exercise != there.last.said.exercise:
        raise Refused(403, "Forbidden", f"nothing was sent: the collection {KEPT_FROM['exercise'][0]}")
    found = proposals(hub, there, lenses)
    choices = chosen(there, found, wanted, {one.principal: one for one in contacts(hub.store)})
    now = int(timing.wall() * 1e6)

    def work(wire: Connection) -> None:
        kept.choose(wire, there.no, asker.no, now, choices)
        if wanted.collection:
            kept.post_to(wire, there.no, wanted.collection, tail_of(wire, CHAINS[1]).no)

    if choosing or wanted.collection:
        hub.store.change(work).result()
    return resend(hub, settings, asker, uid, timing)


def chosen(there: Kept, found: tuple[Proposal, ...], wanted: Wanted, known: dict[str, Contact]) -> list[kept.Choice]:
    """Return who is kept as a recipient, and who of them is chosen; Refused 403, 404."""
    by_name = {one.principal: one for one in found}
    unknown = [name for name in wanted.to if name not in known]
    if unknown:
        raise Refused(404, "Not found", f"there is no such principal: {', '.join(sorted(unknown))}")
    said = there.last.said
    barred = {name: kept_from(said, rights(known[name]), exercise=known[name].exercise) for name in wanted.to}
    if any(barred.values()):
        told = "; ".join(f"{name} {KEPT_FROM[why][0]}" for name, why in sorted(barred.items()) if why)
        raise Refused(403, "Forbidden", f"nothing was sent: {told}")
    choices = [
        kept.Choice(known[name].no, one.sectors, one.reasons, one.kept_from,
                    chosen=name in wanted.to or (wanted.proposed and not one.kept_from))
        for name, one in by_name.items()
    ]  # fmt: skip
    return choices + [
        kept.Choice(known[name].no, known[name].sectors, (Why("by-hand", ""),), "", chosen=True)
        for name in dict.fromkeys(wanted.to) if name not in by_name
    ]  # fmt: skip


def resend(hub: Hub, settings: Settings, asker: Principal, uid: str, timing: Timing) -> Kept:
    """Deliver the last version of a warning to all chosen who have not got it; as `send`, choosing nobody new."""
    there = mine_to_change(hub, asker, uid)
    collected(hub, there)
    if there.collection:
        over_taxii(hub, asker, there, int(timing.wall() * 1e6))
    server = server_of(settings.smtp, settings.smtp_password, settings.mail_from)
    known = {one.no: one for one in contacts(hub.store)}
    with mailer(server, timing) as hands_in:
        desk = Desk(hub, settings, timing, hands_in)
        so_far = (kept.sendings(hub.store, there.no), kept.receipts(hub.store, there.no))
        for one in kept.recipients(hub.store, there.no):
            if one.chosen_by:
                deliver(desk, there, known[one.principal], so_far)
    return there


def over_taxii(hub: Hub, asker: Principal, there: Kept, now: int) -> None:
    """Post the last version where it is not posted, and keep for whom it lies there."""
    version = there.last.said.version
    waiting = {one.principal for one in kept.sendings(hub.store, there.no)
               if one.version == version and one.channel == "taxii"}  # fmt: skip
    may_fetch = readers(hub, there.collection)
    said = there.last.said
    chosen_ones = {one.principal for one in kept.recipients(hub.store, there.no) if one.chosen_by}
    those = [one.no for one in contacts(hub.store) if one.no in chosen_ones - waiting and one.principal in may_fetch
             and not kept_from(said, rights(one), exercise=one.exercise)]  # fmt: skip
    if not waiting:
        post(hub, asker, there, place(hub, asker, there.collection))
    if those:
        hub.store.change(lambda wire: kept.posted(wire, there.no, version, those, now)).result()


def deliver(desk: Desk, there: Kept, contact: Contact, so_far: tuple[tuple[Sending, ...], tuple[Receipt, ...]]) -> None:
    """Send the last version to one recipient by mail and hook, unless it has it; rights are asked right before.

    so_far: what became of each message, and all receipts.
    """
    hub, version = desk.hub, there.last.said.version
    sent, came = so_far
    if any(one.principal == contact.no and one.version == version for one in came):
        return
    had = had_before(contact.no, version, sent, came)
    if there.last.said.kind == "retraction" and not had:
        return
    for channel, where, way in (("mail", contact.mail, by_mail), ("hook", contact.hook, by_hook)):
        if not where:
            continue
        told = telling(desk, there, contact.principal, had)
        now, what = int(desk.timing.wall() * 1e6), (version, contact.no, channel)
        if told is None:
            settle(hub, there.no, what, (kept.FAILED, "may-not-see"), now)
            continue
        if not hub.store.change(partial(kept.claim, no=there.no, what=what, now=now, until=now + TURN_US)).result():
            continue
        fault = way(desk, contact, key_of(there.uid, version, contact.principal), told)
        state = (kept.FAILED, fault) if fault else (kept.SENT, "notice" if told.bare else "")
        settle(hub, there.no, what, state, int(desk.timing.wall() * 1e6))


def settle(hub: Hub, no: int, what: tuple[int, int, str], state: tuple[str, str], now: int) -> None:
    """Keep what became of a message."""
    hub.store.change(lambda wire: kept.settle(wire, no, what, state[0], now, state[1])).result()


def telling(desk: Desk, there: Kept, name: str, had: int) -> Told | None:
    """Return what a recipient is told, by its rights as they are now; None where it may be told nothing."""
    found = desk.hub.store.principal(name)
    last = there.last.said
    to_drills = found is not None and drills(desk.hub.store, found[0].no)
    barred = kept_from(last, rights_of(found[0]), exercise=to_drills) if found is not None else "tlp"
    if not barred:
        said = message(there.last, desk.settings.address)
        return Told(said.subject, said.text, msgspec.json.encode(there.last), bare=False, exercise=last.exercise,
                    to_drills=to_drills)  # fmt: skip
    if not had or barred == "exercise":
        return None
    said = notice(there.uid, had, last.kind, last.at, exercise=last.exercise)
    data = {"notice": {"warning": there.uid, "had": had, "kind": last.kind, "at": last.at, "text": said.text,
                       **({"exercise": True} if last.exercise else {})}}  # fmt: skip
    return Told(
        said.subject, said.text, msgspec.json.encode(data), bare=True, exercise=last.exercise, to_drills=to_drills
    )


def by_mail(desk: Desk, contact: Contact, key: str, told: Told) -> str:
    """Return why a mail did not leave, "" where the server took it."""
    if desk.mailer is None:
        return "no-server"
    attached = (("warning.json", told.data),)
    at = datetime.fromisoformat(kept_at(told))
    one = Posted(contact.mail, told.subject, told.text, key, at, attached, told.exercise, told.to_drills)
    try:
        desk.mailer.send(made_of(desk.mailer.server, one))
    except MailFault as fault:
        return f"{fault.code}: {fault.found}" if fault.found else fault.code
    return ""


def by_hook(desk: Desk, contact: Contact, key: str, told: Told) -> str:
    """Return why a web hook did not take a warning, "" where it did."""
    login = PeerSecrets(hub_key(desk.settings.data)).opened(contact.principal, contact.hook, contact.secret)
    if login is None:
        return "no-key"
    try:
        post_hook(Hook(contact.hook, login.token, told.to_drills), key, told.data, desk.timing, exercise=told.exercise)
    except PeerFault as fault:
        return f"hook: {fault}"[:200]
    return ""


def kept_at(told: Told) -> str:
    """Return when what is told was written."""
    said = msgspec.json.decode(told.data)
    at: str = (said.get("said") or said.get("notice"))["at"]
    return at


def key_of(uid: str, version: int, principal: str) -> str:
    """Return what names one message for good: the warning, the version, and the recipient, whose name is not told."""
    whom = hashlib.sha256(f"{uid}\n{principal}".encode()).hexdigest()[:16]
    return f"{uid}.{version}.{whom}"
