"""The position at the desk: the centre enters it, auditors may read it, who takes part in a situation sees none of it.

A person of the centre signs what stands. Nothing is sent, nothing decided by the machine.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from noroshi.desk import situations
from noroshi.desk.dossiers import added
from noroshi.desk.permitting import must
from noroshi.files.assessments import AssessmentRow, load_assessment, read_assessment
from noroshi.files.galaxies import galaxy_group
from noroshi.respond.asks import Words
from noroshi.respond.position import (
    Claimed,
    Considered,
    Content,
    Found,
    Position,
    Signed,
    Stated,
    Warn,
    Withdrawn,
    position,
    warned,
)
from noroshi.respond.situation import followed, situation
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from noroshi.desk.hub import Hub
    from noroshi.respond.situation import Situation
    from noroshi.store.contract import Principal
    from noroshi.store.dossiers import Dossier

__all__ = ["NEXUS_CODES", "Shown", "assess", "finding_from", "finding_in", "read", "say", "shown", "sign"]

NEXUS_CODES = {
    "China": "CN", "Russia": "RU", "Iran": "IR", "North Korea": "KP", "South Korea": "KR", "Vietnam": "VN",
    "Pakistan": "PK", "India": "IN", "Lebanon": "LB", "Palestine": "PS", "Turkey": "TR", "Belarus": "BY",
    "United Arab Emirates": "AE", "Israel": "IL", "United States": "US", "Brazil": "BR", "Nigeria": "NG",
    "Syria": "SY",
}  # fmt: skip
"""Nexus as an assessment names it -> its code; crime, and what is not stated, have none."""
NAMING = (Claimed, Found, Stated, Considered)
"""Lines that may name somebody."""
LEAST_NEXUS = 0.9
"""What the nexus of an asserted group must reach to be asserted with it."""
SIGNS = Refused(403, "Forbidden", "a person of the centre signs, as it comes: no token made for a program")
NOT_BY_HAND = Refused(422, "Unprocessable", "origin: assessment (expected hand: give the assessment file itself)")


class Shown(NamedTuple):
    """The position on a situation; warnings stand beside their entries wherever it is shown. names: of groups."""

    dossier: Dossier
    title: Words
    closed: bool
    position: Position
    warnings: tuple[Warn, ...]
    names: dict[str, str]


def say(  # noqa: PLR0913  to which, what, and when
    hub: Hub, asker: Principal, uid: str, said: Sequence[Content | Withdrawn], at: int, now: int, once: str = ""
) -> int:  # fmt: skip
    """Enter into the position of a situation, all or none; return the number of the last line. Refused 403, 404, 422.

    A group may be given by a name that ATT&CK has for it. once: as `situations.say`.
    """
    if any(isinstance(each, Found) and each.origin != "hand" for each in said):
        raise NOT_BY_HAND
    return written(hub, asker, uid, [in_ids(each) for each in said], at, now, once)


def written(  # noqa: PLR0913  to which, what, and when
    hub: Hub, asker: Principal, uid: str, said: Sequence[Content | Withdrawn | Signed], at: int, now: int, once: str
) -> int:  # fmt: skip
    """Add lines of the position to those of its situation."""
    must(asker, "situations.manage")
    one = situations.must_find(hub, asker, uid)
    lines = kept.entered(said, at, now, asker.no, once)
    return added(hub, one, lines, lambda before, each: followed(situation(before), each))


def in_ids(said: Content | Withdrawn) -> Content | Withdrawn:
    """Return a line with the id of the group that it names; a name that ATT&CK does not have stays, and is refused."""
    if isinstance(said, NAMING) and said.group:
        known = galaxy_group(said.group)
        return said if known is None else msgspec.structs.replace(said, group=known[0])
    return said


def assess(  # noqa: PLR0913  to which, what, and when
    hub: Hub, asker: Principal, uid: str, finding: Found, at: int, now: int, once: str = ""
) -> int:  # fmt: skip
    """Enter a finding that `finding_from` or `finding_in` took from an assessment. Refused as `say`."""
    return written(hub, asker, uid, [finding], at, now, once)


def finding_from(path: str | Path) -> Found:
    """Return the finding that an assessment file comes to; InputError where it is at fault."""
    row, data = load_assessment(path)
    return finding_of(row, data)


def finding_in(data: bytes, name: str = "assessment") -> Found:
    """Return the finding that an assessment comes to; InputError where it is at fault."""
    return finding_of(read_assessment(data, name), data)


def finding_of(row: AssessmentRow, data: bytes) -> Found:
    """Return an assessment as our finding: the group that leads, its probability over the priors of the unknown.

    Nobody where an unlisted actor is likelier. The nexus is the likeliest; of an asserted group only where it reaches
    `LEAST_NEXUS`.
    """
    leader = next((one for one in row.candidates[:1] if one.probability >= row.unknown), None)
    nexus = max(row.nexus, key=lambda one: one.probability, default=None)
    code = "" if nexus is None else NEXUS_CODES.get(nexus.name, "")
    if leader is None or (row.asserted is not None and nexus is not None and nexus.probability < LEAST_NEXUS):
        code = ""
    shares = [] if leader is None else [leader.probability, *(one.leader for one in row.prior_band)]
    reasons = tuple(Words(*both) for both in zip(row.guard.reasons, row.guard.reasons_ja, strict=True))
    return Found(
        guard="not-attributed" if row.asserted is None else "asserted",
        nexus=code, group="" if leader is None else leader.id,
        low=min(shares, default=None), high=max(shares, default=None),
        reasons=reasons, text=Words(row.statement, row.statement_ja), origin="assessment",
        evidence=hashlib.sha256(data).hexdigest(), knowledge=f"{row.knowledge}, {row.as_of}",
    )  # fmt: skip


def sign(  # noqa: PLR0913  what, in which role, and when
    hub: Hub, asker: Principal, uid: str, role: str, digest: str, at: int, now: int, once: str = ""
) -> int:  # fmt: skip
    """Sign what stands, whose digest it must be ("" = whatever stands now). Refused 403, 404, 422.

    Who asks signs, and must be of the centre; a token that was made for a program signs nothing.
    """
    must(asker, "situations.manage")
    if asker.kind != "centre" or asker.scope is not None:
        raise SIGNS
    stands = digest or read(hub, asker, uid).position.digest
    return written(hub, asker, uid, [Signed(role, stands)], at, now, once)


def read(hub: Hub, asker: Principal, uid: str) -> Shown:
    """Return the position on a situation; Refused 403, and 404 to who only takes part, whether there is one or not."""
    if must(asker, "situations.read") is not Leave.ALLOWED:
        raise situations.ABSENT
    one = situations.must_find(hub, asker, uid)
    return shown(one, situation(kept.lines(hub.store, one)))


def shown(one: Dossier, whole: Situation) -> Shown:
    """Return the position that the lines of a situation come to. Who may see it was asked."""
    there = position(whole.lines)
    groups = {entry.said.group for entry in there.entries if isinstance(entry.said, NAMING) and entry.said.group}
    known = {group: found[1] for group in sorted(groups) if (found := galaxy_group(group)) is not None}
    return Shown(one, whole.title, whole.closed, there, warned(there), known)
