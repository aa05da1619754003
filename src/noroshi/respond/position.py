"""The position on a situation as its lines tell it: what others claim, what we find, what is said, what was decided.

Nothing is sent and nothing decided here. No person can be entered as an attacker: who is named is a state (ISO 3166) or
an intrusion set by its id in ATT&CK. What names one while the guard does not hold is kept, and warned of wherever it is
shown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from noroshi.respond import position_words as words
from noroshi.respond.asks import Words
from noroshi.respond.countries import COUNTRIES, country
from noroshi.respond.incident import Line

__all__ = [
    "Claimed", "Considered", "Decided", "Entry", "Found", "Position", "Saying", "Signature", "Signed", "Stated",
    "Touched", "Warn", "Withdrawn", "label", "position", "warned",
]  # fmt: skip


class Claimed(msgspec.Struct, frozen=True, tag="claimed", omit_defaults=True):
    """Somebody says who did it. by: an organisation; grade: Admiralty, as "B2"; confidence: in the claimant's words.

    id: of the entry, "" = a new one; the same again corrects it. nexus: a state; group: an intrusion set, as "G0032";
    both "": nobody is named.
    """

    by: str
    party: str
    grade: str
    source: str
    id: str = ""
    nexus: str = ""
    group: str = ""
    confidence: str = ""
    text: Words | None = None
    url: str = ""
    public: bool = True


class Found(msgspec.Struct, frozen=True, tag="found", omit_defaults=True):
    """Our own finding, with the guard's status and why; said again it is corrected.

    low, high: probability that published attribution would name it, 0-1. evidence: SHA-256 of the assessment file.
    """

    guard: str
    nexus: str = ""
    group: str = ""
    low: float | None = None
    high: float | None = None
    reasons: tuple[Words, ...] = ()
    text: Words | None = None
    origin: str = "hand"
    evidence: str = ""
    knowledge: str = ""


class Stated(msgspec.Struct, frozen=True, tag="stated", omit_defaults=True):
    """What is said, or proposed to be said, to whom. nexus, group: whom it names as responsible."""

    audience: str
    text: Words
    id: str = ""
    to: str = ""
    nexus: str = ""
    group: str = ""
    spoken: bool = False


class Touched(msgspec.Struct, frozen=True, tag="touched", omit_defaults=True):
    """What it does to another matter, such as talks that are under way."""

    topic: Words
    effect: Words
    id: str = ""


class Considered(msgspec.Struct, frozen=True, tag="considered", omit_defaults=True):
    """An option: its rung of the ladder, what speaks for and against it, whom it names as responsible.

    norms: letters of UN GGE 2015, paragraph 13, said to be breached; factors: of the activity, low, medium or high.
    """

    rung: str
    text: Words
    pros: Words
    cons: Words
    id: str = ""
    nexus: str = ""
    group: str = ""
    norms: tuple[str, ...] = ()
    factors: dict[str, str] = {}


class Decided(msgspec.Struct, frozen=True, tag="decided", omit_defaults=True):
    """What a person decided, and why; option "": none of them. Said again it is corrected."""

    why: Words
    option: str = ""


class Signed(msgspec.Struct, frozen=True, tag="signed"):
    """Who enters it signs what stands, in that role. digest: of what stands."""

    role: str
    digest: str


class Withdrawn(msgspec.Struct, frozen=True, tag="withdrawn"):
    """An entry is taken back; it stays to be read."""

    entry: str
    why: str


Content = Claimed | Found | Stated | Touched | Considered | Decided
Saying = Content | Signed | Withdrawn
KIND: dict[type, str] = {
    Claimed: "claim", Found: "finding", Stated: "statement", Touched: "effect", Considered: "option",
    Decided: "decision",
}  # fmt: skip
MADE = re.compile(r"(?:claim|statement|effect|option)-\d+\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands. before: the lines that it corrects or that took it back, the first first."""

    id: str
    kind: str
    said: Content
    line: Line
    before: tuple[Line, ...] = ()
    withdrawn: Line | None = None


class Signature(NamedTuple):
    """Who signed in which role, and whether it still stands as it was signed."""

    by: str
    role: str
    line: Line
    holds: bool


class Warn(NamedTuple):
    """What is to be said beside an entry: its code and what that says."""

    code: str
    entry: str
    text: Words


@dataclass(frozen=True, slots=True)
class Position:
    """What the lines come to: every entry in the order in which they came, who signed, the digest of what stands."""

    entries: tuple[Entry, ...]
    signatures: tuple[Signature, ...]
    digest: str

    def standing(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of a kind that were not taken back."""
        return tuple(one for one in self.entries if one.kind == kind and one.withdrawn is None)

    @property
    def finding(self) -> Found | None:
        """Our own finding, None where there is none that stands."""
        return next((one.said for one in self.standing("finding") if isinstance(one.said, Found)), None)

    @property
    def decision(self) -> Entry | None:
        """What was decided, None where nothing was."""
        return next(iter(self.standing("decision")), None)


def position(lines: Iterable[Line]) -> Position:
    """Return what the lines of a situation come to as a position, in the order of their numbers."""
    entries: dict[str, Entry] = {}
    signed: list[tuple[Line, Signed]] = []
    stood: list[Line] = []
    for line in sorted(lines, key=lambda line: line.n):
        match said := line.said:
            case Signed():
                signed.append((line, said))
                continue
            case Withdrawn():
                entries[said.entry] = replace(entries[said.entry], withdrawn=line)
            case Claimed() | Found() | Stated() | Touched() | Considered() | Decided():
                key = named(said, line.n)
                old = entries.get(key)
                gone = () if old is None or old.withdrawn is None else (old.withdrawn,)
                before = () if old is None else (*old.before, old.line, *gone)
                entries[key] = Entry(key, KIND[type(said)], said, line, before)
            case _:
                continue
        stood.append(line)
    digest = digest_of(stood)
    signatures = tuple(Signature(line.by, said.role, line, said.digest == digest) for line, said in signed)
    return Position(tuple(entries.values()), signatures, digest)


def named(said: Content, n: int) -> str:
    """Return the id of the entry that a line makes or corrects: its own, else made of its kind and number."""
    if isinstance(said, Found | Decided):
        return KIND[type(said)]
    return said.id or f"{KIND[type(said)]}-{n}"


def digest_of(lines: Sequence[Line]) -> str:
    """Return the SHA-256 of what lines say, who said it and when it was so; "" of none."""
    said = [[line.n, line.at, line.by, line.said] for line in lines]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest() if said else ""


def label(nexus: str, group: str, ja: int) -> str:
    """Return whom an entry names, in words; "" for nobody."""
    parts = [country(nexus, ja)] if nexus else []
    return ("、" if ja else ", ").join([*parts, *([group] if group else [])])


def warned(one: Position) -> tuple[Warn, ...]:
    """Return what must be said beside the entries that stand, wherever they are shown, in their order."""
    found: list[Warn] = []
    options = {entry.id: entry for entry in one.entries if entry.kind == "option"}
    for entry in one.entries:
        if entry.withdrawn is not None:
            continue
        match said := entry.said:
            case Stated():
                found += naming(one, entry.id, said.nexus, said.group)
                found += [] if said.nexus else mentioning(one, entry.id, said)
            case Considered():
                found += of_option(one, entry.id, said)
            case Decided() if said.option in options:
                chosen = options[said.option]
                assert isinstance(chosen.said, Considered)  # noqa: S101  entries of that kind are
                found += of_option(one, entry.id, chosen.said)
                found += [warn("option-withdrawn", entry.id)] if chosen.withdrawn is not None else []
    if any(not each.holds for each in one.signatures):
        found.append(warn("changed-since", ""))
    return tuple(found)


def of_option(one: Position, entry: str, said: Considered) -> Iterator[Warn]:
    """Yield what is to be said of an option: whether the finding supports whom it names, and countermeasures."""
    yield from naming(one, entry, said.nexus, said.group)
    if said.rung == "countermeasures" and not (one.finding is not None and one.finding.guard == "asserted"):
        yield warn("unsupported", entry)


def naming(one: Position, entry: str, nexus: str, group: str) -> Iterator[Warn]:
    """Yield what is to be said of naming somebody: that no finding of ours asserts it, or only one entered by hand."""
    if not nexus and not group:
        return
    who = {"who": (label(nexus, group, 0), label(nexus, group, 1))}
    finding = one.finding
    if finding is None:
        yield warn("no-finding", entry, **who)
    elif finding.guard != "asserted":
        yield warn(finding.guard, entry, **who)
    else:
        if (nexus and nexus != finding.nexus) or (group and group != finding.group):
            asserted = (label(finding.nexus, finding.group, 0), label(finding.nexus, finding.group, 1))
            yield warn("other", entry, **who, found=asserted)
        if finding.origin == "hand":
            yield warn("by-hand", entry, **who)


def mentioning(one: Position, entry: str, said: Stated) -> Iterator[Warn]:
    """Yield that a statement has the name of a state in it that somebody is said to have acted for."""
    suspected = dict.fromkeys(
        each.said.nexus for each in one.entries
        if isinstance(each.said, Claimed | Found | Considered) and each.said.nexus
    )  # fmt: skip
    for code in suspected:
        english, japanese = COUNTRIES[code]
        if english.casefold() in said.text.en.casefold() or japanese in said.text.ja:
            yield warn("mentions", entry, who=(label(code, "", 0), label(code, "", 1)))


def warn(code: str, entry: str, **filled: tuple[str, str]) -> Warn:
    """Return a warning of the table, filled in, in both languages."""
    english, japanese = (
        text.format(**{key: both[ja] for key, both in filled.items()}) for ja, text in enumerate(words.WARNINGS[code])
    )
    return Warn(code, entry, Words(english, japanese))
