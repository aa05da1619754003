"""Warnings at the desk: who may write, read and answer them; each step asked of the table of permissions first.

Hidden equals absent: a warning that one may not see, or that is not for oneself, is answered with 404.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.checkpoints import public_of, signing_key
from noroshi.desk.naming import refuse_in_correction, refuse_in_open_cases
from noroshi.desk.permitting import may, must, must_be_on_side, rights_of
from noroshi.share.permissions import Leave
from noroshi.share.release import visible
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Said, Signed, Words, Written, release_of, statement
from noroshi.share.warnings_checks import of_words, wrongs
from noroshi.share.warnings_receipts import ANSWERS, STATES, risen
from noroshi.store import warnings as kept
from noroshi.store.warnings_contacts import drills

if TYPE_CHECKING:
    from pathlib import Path

    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.warnings import Kept

__all__ = [
    "ABSENT", "WITHDRAWN", "Mine", "answer", "correct", "drafted", "followed", "genuine", "listed", "mine_to_change",
    "must_find", "read",
    "retract", "write",
]  # fmt: skip

ABSENT = Refused(404, "Not found", "there is no such warning, or it is not for you")
WITHDRAWN = Refused(409, "Conflict", "the warning is withdrawn")
OVERTAKEN = Refused(409, "Conflict", "somebody else has changed the warning meanwhile; read it again")
NO_ACTION = Words("Nothing has to be done on its account any more.", "この警告に基づく対処は不要です。")


class Mine(NamedTuple):
    """A warning as one of its readers has it: the last version, how far one has come with it, and if it is for one."""

    kept: Kept
    state: str
    to_me: bool


# ---- writing


def write(hub: Hub, folder: Path, asker: Principal, said: Said, now: int) -> Kept:
    """Keep and sign a new warning; nobody is told yet. `now` in microseconds, `folder` has the hub's key.

    Refused 403 where one may not write, not see what one writes, or is there for exercises and it is none, or the
    reverse; 422 with every fault of it, and where it names a victim of an open situation that has not agreed.
    """
    must(asker, "warnings.write")
    must_be_on_side(hub.store, asker, exercise=said.exercise)
    refuse_in_open_cases(hub, asker, texts_of(said), exercise=said.exercise)
    first = drafted(folder, asker, said, now, str(uuid.uuid4()))
    hub.store.change(lambda wire: kept.keep(wire, asker.no, now, said.audience, first)).result()
    return must_find(hub, first.said.warning)


def texts_of(said: Said) -> dict[str, Words]:
    """Return what people read of a warning, by its keys."""
    return {"title": said.title, "text": said.text, "action": said.action}


def drafted(folder: Path, asker: Principal, said: Said, now: int, name: str) -> Signed:
    """Return the first version of a warning, signed and not kept yet; as `write`. name: its id."""
    return signed(folder, said, Written(
        name, 1, "warning", stamp(now), asker.name, said.severity, said.tlp, said.communities, said.title, said.text,
        said.action, said.about, said.exercise,
    ), asker)  # fmt: skip


def correct(  # noqa: PLR0913  whose, which, what, when
    hub: Hub, folder: Path, asker: Principal, uid: str, said: Said, now: int
) -> Kept:
    """Keep and sign the next version of a warning; whom it concerns stays. As `write`; 409 for a withdrawn one."""
    there = mine_to_change(hub, asker, uid)
    before = there.last.said
    refuse_in_correction(hub, asker, uid, texts_of(said))
    return revised(hub, folder, asker, there, said, Written(
        uid, before.version + 1, "correction", later(before.at, now), asker.name, said.severity, said.tlp,
        said.communities, said.title, said.text, said.action, said.about, before.exercise,
    ))  # fmt: skip


def retract(  # noqa: PLR0913  whose, which, why, when
    hub: Hub, folder: Path, asker: Principal, uid: str, why: Words, now: int
) -> Kept:
    """Withdraw a warning, with the reason in both languages; its title and marking stay. As `correct`."""
    there = mine_to_change(hub, asker, uid)
    before = there.last.said
    wrong = of_words("text", why, 20_000)
    if wrong:
        raise Refused(422, "Unprocessable", "; ".join(f"{one.key}: {one.found}" for one in wrong))
    refuse_in_correction(hub, asker, uid, {"why": why})
    said = Said(before.title, why, NO_ACTION, before.severity, before.tlp, before.communities, there.audience,
                exercise=before.exercise)  # fmt: skip
    return revised(hub, folder, asker, there, said, Written(
        uid, before.version + 1, "retraction", later(before.at, now), asker.name, before.severity, before.tlp,
        before.communities, before.title, why, NO_ACTION, (), before.exercise,
    ))  # fmt: skip


def revised(  # noqa: PLR0913  whose, what, by what
    hub: Hub, folder: Path, asker: Principal, there: Kept, said: Said, text: Written
) -> Kept:
    """Keep the next version of a warning; Refused 409 where another came first, or it is withdrawn."""
    if there.last.said.kind == "retraction":
        raise WITHDRAWN
    made = signed(folder, said, text, asker)

    def work(wire: Connection) -> None:
        at = int(datetime.fromisoformat(text.at).timestamp() * 1_000_000)
        kept.add_version(wire, there.no, asker.no, at, made)

    try:
        hub.store.change(work).result()
    except kept.Overtaken:
        raise OVERTAKEN from None
    return must_find(hub, text.warning)


def signed(folder: Path, said: Said, text: Written, asker: Principal) -> Signed:
    """Return a version signed with the hub's key; Refused 422 for its faults, 403 where its writer may not see it."""
    wrong = wrongs(said)
    if wrong:
        raise Refused(422, "Unprocessable", "; ".join(f"{one.key}: {one.found}; {one.expected}" for one in wrong))
    if not visible(rights_of(asker), release_of(said)):
        raise Refused(403, "Forbidden", "nobody writes a warning that one may not see oneself")
    private = signing_key(folder)
    return Signed(text, public_of(private), private.sign(statement(text)).hex())


def genuine(one: Signed, key: str) -> bool:
    """Say whether a version was signed with the key of these hexadecimal digits."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(one.signature), statement(one.said))
    except (InvalidSignature, ValueError):
        return False
    return one.key == key


def stamp(now: int) -> str:
    """Return a moment in microseconds as STIX writes it, to the millisecond."""
    return datetime.fromtimestamp(now / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(before: str, now: int) -> str:
    """Return a moment after the one before, though the clock was set back: versions of a STIX object must rise."""
    last = int(datetime.fromisoformat(before).timestamp() * 1000)
    return stamp(max(now // 1000, last + 1) * 1000)


# ---- reading


def mine_to_change(hub: Hub, asker: Principal, uid: str) -> Kept:
    """Return a warning that one may send, correct and retract; Refused 403, 404."""
    there = guarded(hub, asker, uid, "warnings.write")
    must_be_on_side(hub.store, asker, exercise=there.last.said.exercise)
    return there


def followed(hub: Hub, asker: Principal, uid: str) -> Kept:
    """Return a warning of which one may see who was warned; Refused 403, 404."""
    return guarded(hub, asker, uid, "warnings.follow")


def guarded(hub: Hub, asker: Principal, uid: str, action: str) -> Kept:
    """Return a warning for an action: any that one may see, or one's own, as the table says."""
    said = must(asker, action)
    there = kept.found(hub.store, uid)
    own = there is not None and there.author == asker.name
    if there is None or not (own or said is Leave.ALLOWED):
        raise ABSENT
    if not visible(rights_of(asker), release_of(there.last.said)):
        raise ABSENT
    return there


def listed(hub: Hub, asker: Principal) -> tuple[Mine, ...]:
    """Return the warnings that one may read, the newest first."""
    must(asker, "warnings.read")
    found = (mine(hub, asker, one) for one in kept.warnings(hub.store))
    return tuple(one for one in found if one is not None)


def read(hub: Hub, asker: Principal, uid: str, now: int) -> Mine:
    """Return a warning as one reads it: if it is for oneself, its last version counts as delivered by that."""
    must(asker, "warnings.read")
    there = kept.found(hub.store, uid)
    found = None if there is None else mine(hub, asker, there)
    if found is None:
        raise ABSENT
    if not found.to_me or found.state != STATES[0]:
        return found
    step = (found.kept.last.said.version, asker.no, "page")
    hub.store.change(lambda wire: kept.settle(wire, found.kept.no, step, kept.SENT, now)).result()
    return found._replace(state=STATES[1])


def mine(hub: Hub, asker: Principal, there: Kept) -> Mine | None:
    """Return a warning as one has it; None where it is not for one, or one may not see it."""
    if not visible(rights_of(asker), release_of(there.last.said)):
        return None
    chosen = any(one.principal == asker.no and one.chosen_by for one in kept.recipients(hub.store, there.no))
    to_me = chosen and drills(hub.store, asker.no) == there.last.said.exercise
    if not (to_me or there.author == asker.name or may(asker, "warnings.read") is Leave.ALLOWED):
        return None
    version = there.last.said.version
    states = (one.state for one in kept.receipts(hub.store, there.no)
              if one.principal == asker.no and one.version == version)  # fmt: skip
    return Mine(there, risen(states), to_me)


def answer(hub: Hub, asker: Principal, uid: str, state: str, note: str, now: int) -> Mine:  # noqa: PLR0913  who, what
    """Keep that one has acknowledged the last version of a warning, or acted on it; it never falls again.

    note: what one did, for those who may follow the warning. Refused 404 where it is not for oneself.
    """
    must(asker, "warnings.answer")
    if state not in ANSWERS:
        raise Refused(422, "Unprocessable", f"state: one of {', '.join(ANSWERS)}")
    there = kept.found(hub.store, uid)
    found = None if there is None else mine(hub, asker, there)
    if found is None or not found.to_me:
        raise ABSENT
    version = found.kept.last.said.version

    def work(wire: Connection) -> None:
        kept.answer(wire, found.kept.no, kept.Receipt(version, asker.no, STATES[1], now, "page", ""))
        kept.answer(wire, found.kept.no, kept.Receipt(version, asker.no, state, now, "page", note))

    hub.store.change(work).result()
    return found._replace(state=risen((found.state, state)))


def must_find(hub: Hub, uid: str) -> Kept:
    """Return a warning that was kept just now; Refused 404 where it was erased meanwhile."""
    there = kept.found(hub.store, uid)
    if there is None:
        raise ABSENT
    return there
