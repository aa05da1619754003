"""An organisation's own assessment as its lines tell it: what stands for each question, and all that was said before.

Two people may answer at once. Whoever answered on what was no longer there has not overwritten anything: that answer is
kept aside until somebody chooses between the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

import msgspec

from noroshi.rate.evidence import GRADES, Answer, Sheet

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue

__all__ = [
    "Answered", "Assessment", "Attached", "Began", "Chosen", "Given", "Removed", "Said", "Standing", "Submitted",
    "assessment", "given_of", "sheet_of", "wrongs",
]  # fmt: skip

LONGEST = 4000
"""Letters of a note or a reason."""


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer to a question: as `evidence.Answer`, without its question."""

    level: float
    grade: str
    date: date
    not_applicable: str = ""
    source: str = ""
    up_to: float | None = None


class Began(msgspec.Struct, frozen=True, tag="began"):
    """An organisation begins to assess itself by a catalogue."""

    catalogue: str


class Answered(msgspec.Struct, frozen=True, tag="answered", omit_defaults=True):
    """A question is answered: by one answer, and others of other grades or days; given None: it is not any more.

    seen: the line that stood for it when its writer answered; aside: another stood by then, and stands on. page: the
    page on which it was written, so that somebody's own quick changes are no dispute with oneself.
    """

    item: str
    given: Given | None
    more: tuple[Given, ...] = ()
    seen: int = 0
    aside: bool = False
    page: str = ""


class Chosen(msgspec.Struct, frozen=True, tag="chosen"):
    """Of answers to a question that do not agree, that of a line stands from now on; the others are history."""

    item: str
    line: int


class Attached(msgspec.Struct, frozen=True, tag="attached"):
    """A file is given as evidence of a question; size in bytes, sha: its SHA-256 in hexadecimal digits."""

    item: str
    file: str
    name: str
    size: int
    sha: str


class Removed(msgspec.Struct, frozen=True, tag="removed"):
    """A file is evidence of its question no more; it is kept."""

    item: str
    file: str


class Submitted(msgspec.Struct, frozen=True, tag="submitted"):
    """All answers as they stand are submitted, as a version that is kept."""

    version: int
    as_of: date
    answers: dict[str, tuple[Given, ...]]
    score: float
    low: float
    high: float


Said = Began | Answered | Chosen | Attached | Removed | Submitted


class Line(Protocol):
    """A line as it is kept: its number from 1 on, when it was entered (microseconds), by whom, what it says."""

    @property
    def n(self) -> int:
        """Return its number."""

    @property
    def entered(self) -> int:
        """Return when it was entered."""

    @property
    def by(self) -> str:
        """Return who entered it."""

    @property
    def said(self) -> Said:
        """Return what it says."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer to a question with the line by which it stands, who wrote it and when (microseconds).

    origin: the line in which it was written: another one where it was chosen later.
    """

    n: int
    origin: int
    by: str
    at: int
    said: Answered


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the lines come to. aside: item -> answers that wait for a choice; history: item -> all, the newest last."""

    standing: dict[str, Standing] = field(default_factory=dict)
    aside: dict[str, tuple[Standing, ...]] = field(default_factory=dict)
    history: dict[str, tuple[Standing, ...]] = field(default_factory=dict)
    files: dict[str, tuple[Attached, ...]] = field(default_factory=dict)
    versions: tuple[tuple[Submitted, str, int], ...] = ()
    last: int = 0
    """The number of the last line, 0 where there is none."""

    def seen(self, item: str) -> int:
        """Return the line that stands for a question, 0 where none does."""
        found = self.standing.get(item)
        return found.n if found else 0

    def answers(self, item: str) -> tuple[Given, ...]:
        """Return the answers that stand for a question."""
        found = self.standing.get(item)
        return () if found is None or found.said.given is None else (found.said.given, *found.said.more)

    @property
    def answered(self) -> tuple[str, ...]:
        """Return the questions to which there is an answer."""
        return tuple(item for item in self.standing if self.answers(item))


def assessment(lines: Iterable[Line]) -> Assessment:
    """Return what lines, in their order, come to."""
    made = Assessment()
    by_line: dict[int, Standing] = {}
    versions: list[tuple[Submitted, str, int]] = []
    last = 0
    for line in lines:
        last = line.n
        match said := line.said:
            case Answered():
                one = by_line[line.n] = Standing(line.n, line.n, line.by, line.entered, said)
                made.history[said.item] = (*made.history.get(said.item, ()), one)
                if said.aside:
                    made.aside[said.item] = (*made.aside.get(said.item, ()), one)
                else:
                    made.standing[said.item] = one
            case Chosen():
                made.aside.pop(said.item, None)
                if said.line in by_line:
                    was = by_line[said.line]
                    made.standing[said.item] = Standing(line.n, was.n, was.by, was.at, was.said)
            case Attached():
                made.files[said.item] = (*made.files.get(said.item, ()), said)
            case Removed():
                made.files[said.item] = tuple(one for one in made.files.get(said.item, ()) if one.file != said.file)
            case Submitted():
                versions.append((said, line.by, line.entered))
    return Assessment(made.standing, made.aside, made.history, made.files, tuple(versions), last)


def sheet_of(one: Assessment, catalogue: Catalogue, organisation: str, sector: str, today: date) -> Sheet:
    """Return what stands as a sheet of answers, in the order of the catalogue; questions that it lacks are left out."""
    answers = tuple(
        Answer(item.id, given.level, given.grade, given.date, given.not_applicable, given.source, given.up_to)
        for item in catalogue.items for given in one.answers(item.id)
    )  # fmt: skip
    return Sheet(organisation, sector, max([today, *(each.date for each in answers)]), answers)


def given_of(answer: Answer) -> Given:
    """Return an answer without its question."""
    return Given(answer.level, answer.grade, answer.date, answer.not_applicable, answer.source, answer.up_to)


def wrongs(given: Given, today: date) -> list[tuple[str, str, str]]:
    """Return what is wrong with an answer: field, what was found, what was expected."""
    found = []
    if not 0.0 <= given.level <= 1.0:
        found.append(("level", str(given.level), "0 to 1"))
    if given.up_to is not None and not given.level <= given.up_to <= 1.0:
        found.append(("up_to", str(given.up_to), "from the level to 1"))
    if given.grade not in GRADES:
        found.append(("grade", given.grade[:40], ", ".join(GRADES)))
    if given.date > today:
        found.append(("date", given.date.isoformat(), f"no later than {today.isoformat()}"))
    found += [
        (name, f"{len(text)} letters", f"at most {LONGEST}")
        for name, text in (("not_applicable", given.not_applicable), ("source", given.source)) if len(text) > LONGEST
    ]  # fmt: skip
    return found
