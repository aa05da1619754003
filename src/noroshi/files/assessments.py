"""Reads an assessment that `noroshi attribute assess --json` wrote, and sees that it agrees with itself.

What says that somebody is asserted must have every check of the guard on its side: a file of which only one word was
changed is refused.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from noroshi.errors import Fault, InputError

__all__ = ["AssessmentRow", "Likely", "load_assessment", "read_assessment"]

LARGEST = 1 << 24
CLOSE = 1e-6
REMEDY = "give the file that `noroshi attribute assess --json` wrote, as it is"


class Likely(msgspec.Struct, frozen=True):
    """A candidate or a nexus with its probability."""

    name: str
    probability: float
    id: str = ""


class BandRow(msgspec.Struct, frozen=True):
    """The probability of the leader under another prior of the unknown."""

    leader: float


class CheckRow(msgspec.Struct, frozen=True):
    """One rule of the guard, and whether it holds."""

    rule: str
    holds: bool


class GuardRow(msgspec.Struct, frozen=True):
    """Whether every rule holds, and why not."""

    passed: bool
    reasons: tuple[str, ...]
    reasons_ja: tuple[str, ...]
    checks: tuple[CheckRow, ...]


class AssessmentRow(msgspec.Struct, frozen=True):
    """What a position takes of an assessment; other fields are left unread."""

    incident: str
    as_of: str
    knowledge: str
    candidates: tuple[Likely, ...]
    unknown: float
    nexus: tuple[Likely, ...]
    asserted: str | None
    statement: str
    statement_ja: str
    guard: GuardRow
    prior_band: tuple[BandRow, ...] = ()


def load_assessment(path: str | Path) -> tuple[AssessmentRow, bytes]:
    """Return an assessment with the bytes of its file; InputError where it cannot be read or contradicts itself."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError([Fault("missing-file", "error", str(path), None, "", error.strerror or "", "a file", "correct "
                                "the path")]) from None  # fmt: skip
    return read_assessment(data, str(path)), data


def read_assessment(data: bytes, file: str) -> AssessmentRow:
    """Return an assessment; InputError where it cannot be read or contradicts itself."""
    try:
        if len(data) > LARGEST:
            raise ValueError(f"more than {LARGEST} bytes")  # noqa: TRY301  told with what cannot be decoded
        found = msgspec.json.decode(data, type=AssessmentRow)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        fault = Fault("bad-assessment", "error", file, None, "", str(error), "an assessment", REMEDY)
        raise InputError([fault]) from None
    faults = [
        Fault("bad-assessment", "error", file, None, place, said, expected, REMEDY)
        for place, said, expected in contradictions(found)
    ]
    if faults:
        raise InputError(faults)
    return found


def contradictions(one: AssessmentRow) -> list[tuple[str, str, str]]:
    """Return where an assessment contradicts itself: the place, what is there, what was expected."""
    found = []
    holds = bool(one.guard.checks) and all(check.holds for check in one.guard.checks)
    leader = one.candidates[0].id if one.candidates else None
    shares = [one.unknown, *(each.probability for each in one.candidates)]
    if one.guard.passed != holds or one.guard.passed != (not one.guard.reasons):
        found.append(("guard.passed", str(one.guard.passed).lower(), "what its checks and reasons say"))
    if len(one.guard.reasons) != len(one.guard.reasons_ja):
        found.append(("guard.reasons_ja", str(len(one.guard.reasons_ja)), f"{len(one.guard.reasons)}, as in English"))
    if one.asserted is not None and (not one.guard.passed or one.asserted != leader):
        found.append(("asserted", one.asserted, "null, or the leading candidate where every rule of the guard holds"))
    every = [*shares, *(each.probability for each in one.nexus), *(each.leader for each in one.prior_band)]
    if not all(0 <= share <= 1 for share in every) or abs(sum(shares) - 1) > CLOSE:
        found.append(("candidates", f"{sum(shares):g}", "probabilities that with unknown sum to 1"))
    return found
