"""The position on a situation, and its memo, as plain values, the same for the command line and the REST interface.

Times are RFC 3339 in UTC. What is warned of stands beside its entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from noroshi.attribute.words import likelihood
from noroshi.desk.case_shapes import LineShown, filed, line_shown
from noroshi.respond import position_words as words
from noroshi.respond.asks import Words
from noroshi.respond.countries import country
from noroshi.respond.position import Claimed, Considered, Decided, Entry, Found, Saying, Stated, Touched
from noroshi.share.taxii import timestamp

if TYPE_CHECKING:
    from noroshi.desk.positions import Shown
    from noroshi.respond.incident import Line

__all__ = [
    "ClaimShown", "DecisionShown", "EffectShown", "FindingShown", "MemoIncident", "MemoShown", "OptionShown",
    "PositionShown", "SignatureShown", "StatementShown", "WarningShown", "Whom", "position_shown",
]  # fmt: skip


class Whom(Struct):
    """Who is named: a state (ISO 3166), an intrusion set (ATT&CK), or both; name: in words."""

    nexus: str
    group: str
    name: Words


class EntryShown(Struct, kw_only=True):
    """What every entry has: its id, its line, when it was so, who entered it, and what is warned of."""

    id: str
    line: int
    at: str
    by: str
    warnings: list[Words]


class ClaimShown(EntryShown, kw_only=True):
    """What others say of who did it; whom null: nobody is named. grade: Admiralty."""

    claimant: str
    party: str
    whom: Whom | None
    grade: str
    grade_words: Words
    confidence: str
    text: Words | None
    source: str
    url: str
    public: bool


class FindingShown(EntryShown, kw_only=True):
    """Our own finding; whom null: not known. low, high: probability that published attribution would name it."""

    guard: str
    guard_words: Words
    whom: Whom | None
    low: float | None
    high: float | None
    likelihood: Words | None
    reasons: list[Words]
    text: Words | None
    origin: str
    evidence: str
    knowledge: str


class StatementShown(EntryShown, kw_only=True):
    """What is said to whom; spoken false: it is proposed."""

    audience: str
    to: str
    text: Words
    whom: Whom | None
    spoken: bool


class EffectShown(EntryShown, kw_only=True):
    """What it does to another matter."""

    topic: Words
    effect: Words


class OptionShown(EntryShown, kw_only=True):
    """An option. norms: letters of UN GGE 2015, 13, said to be breached; factors: of the activity."""

    rung: str
    rung_words: Words
    text: Words
    pros: Words
    cons: Words
    whom: Whom | None
    norms: dict[str, Words]
    factors: dict[str, str]


class DecisionShown(EntryShown, kw_only=True):
    """What was decided, and why; option "": none of them."""

    option: str
    why: Words


class SignatureShown(Struct):
    """Who signed in which role; holds false: something has changed since."""

    by: str
    role: str
    at: str
    line: int
    holds: bool


class WarningShown(Struct):
    """What is warned of, and of which entry ("" = of the whole)."""

    code: str
    entry: str
    text: Words


class PositionShown(Struct):
    """The position on a situation as it stands. lines: all that was entered, with what was corrected or taken back."""

    situation: str
    exercise: bool
    tlp: str
    communities: list[str] | None
    title: Words
    closed: bool
    claims: list[ClaimShown]
    finding: FindingShown | None
    statements: list[StatementShown]
    effects: list[EffectShown]
    options: list[OptionShown]
    decision: DecisionShown | None
    signatures: list[SignatureShown]
    digest: str
    warnings: list[WarningShown]
    lines: list[LineShown]


class MemoIncident(Struct):
    """An incident as its victim agreed that it is told."""

    what: Words
    victim: Words
    state: Words
    since: str | None


class MemoShown(Struct):
    """What a memo shows: the position with no name of a victim that has not agreed, the incidents, when it was made."""

    position: PositionShown
    incidents: list[MemoIncident]
    made: str


def position_shown(one: Shown, lines: tuple[Line, ...]) -> PositionShown:
    """Return a position as plain values; lines: of its situation."""
    there, beside = one.position, {entry.id: common(entry, one) for entry in one.position.entries}
    made: dict[str, list[Any]] = {kind: [] for kind in words.KINDS}
    for kind in words.KINDS:
        for entry in there.standing(kind):
            made[kind].append(SHOWN[kind](entry.said, one.names, beside[entry.id]))
    return PositionShown(
        one.dossier.uid, *filed(one.dossier), one.title, one.closed, made["claim"], next(iter(made["finding"]), None),
        made["statement"], made["effect"], made["option"], next(iter(made["decision"]), None),
        [SignatureShown(each.by, each.role, timestamp(each.line.at), each.line.n, each.holds)
         for each in there.signatures],
        there.digest, [WarningShown(*warning) for warning in one.warnings],
        [line_shown(line) for line in lines if isinstance(line.said, Saying)],
    )  # fmt: skip


def common(entry: Entry, one: Shown) -> dict[str, Any]:
    """Return what every entry is shown with."""
    beside = [warning.text for warning in one.warnings if warning.entry == entry.id]
    return {"id": entry.id, "line": entry.line.n, "at": timestamp(entry.line.at), "by": entry.line.by,
            "warnings": beside}  # fmt: skip


def whom(said: Claimed | Found | Stated | Considered, names: dict[str, str]) -> Whom | None:
    """Return who is named, None for nobody."""
    if not said.nexus and not said.group:
        return None
    group = f"{names[said.group]} ({said.group})" if said.group in names else said.group
    english, japanese = (
        " / ".join(part for part in (country(said.nexus, ja) if said.nexus else "", group) if part) for ja in (0, 1)
    )
    return Whom(said.nexus, said.group, Words(english, japanese))


def claim_shown(said: Claimed, names: dict[str, str], beside: dict[str, Any]) -> ClaimShown:
    """Return a claim as plain values."""
    reliability, credibility = words.RELIABILITY[said.grade[0]], words.CREDIBILITY[said.grade[1]]
    return ClaimShown(
        claimant=said.by, party=said.party, whom=whom(said, names), grade=said.grade,
        grade_words=Words(f"{reliability[0]}; {credibility[0]}", f"{reliability[1]}・{credibility[1]}"),
        confidence=said.confidence, text=said.text, source=said.source, url=said.url, public=said.public, **beside,
    )  # fmt: skip


def finding_shown(said: Found, names: dict[str, str], beside: dict[str, Any]) -> FindingShown:
    """Return a finding as plain values, with the words of ICD 203 for its interval."""
    likely = None
    if said.low is not None and said.high is not None:
        ends = [(likelihood(share), likelihood(share, "ja")) for share in (said.low, said.high)]
        likely = Words(*(" – ".join(dict.fromkeys(end[ja] for end in ends)) for ja in (0, 1)))
    return FindingShown(
        guard=said.guard, guard_words=Words(*words.GUARDS[said.guard]), whom=whom(said, names), low=said.low,
        high=said.high, likelihood=likely, reasons=list(said.reasons), text=said.text, origin=said.origin,
        evidence=said.evidence, knowledge=said.knowledge, **beside,
    )  # fmt: skip


def statement_shown(said: Stated, names: dict[str, str], beside: dict[str, Any]) -> StatementShown:
    """Return a statement as plain values."""
    return StatementShown(audience=said.audience, to=said.to, text=said.text, whom=whom(said, names),
                          spoken=said.spoken, **beside)  # fmt: skip


def effect_shown(said: Touched, _: dict[str, str], beside: dict[str, Any]) -> EffectShown:
    """Return an effect as plain values."""
    return EffectShown(topic=said.topic, effect=said.effect, **beside)


def option_shown(said: Considered, names: dict[str, str], beside: dict[str, Any]) -> OptionShown:
    """Return an option as plain values."""
    return OptionShown(
        rung=said.rung, rung_words=Words(*words.RUNGS[said.rung]), text=said.text, pros=said.pros, cons=said.cons,
        whom=whom(said, names), norms={norm: Words(*words.NORMS[norm]) for norm in said.norms},
        factors=dict(said.factors), **beside,
    )  # fmt: skip


def decision_shown(said: Decided, _: dict[str, str], beside: dict[str, Any]) -> DecisionShown:
    """Return a decision as plain values."""
    return DecisionShown(option=said.option, why=said.why, **beside)


SHOWN: dict[str, Any] = {
    "claim": claim_shown, "finding": finding_shown, "statement": statement_shown, "effect": effect_shown,
    "option": option_shown, "decision": decision_shown,
}  # fmt: skip
"""Kind of an entry -> what makes its plain values."""
