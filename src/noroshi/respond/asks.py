"""Requests from the centre: who is asked for what through which ministry until when, and what came of it.

asked -> accepted -> done, or refused with the reason; who accepted may refuse later, who refused may think again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from noroshi.respond.incident import LAST_TIME, Line, Wrong, of_text
from noroshi.respond.incident_times import shown

__all__ = [
    "ANSWERS", "MOVES", "STATES", "Answered", "Ask", "Asked", "Overview", "Reminded", "Words", "asks", "followed",
    "overview", "wrongs",
]  # fmt: skip

STATES: dict[str, tuple[str, str]] = {
    "asked": ("asked", "要請中"), "accepted": ("accepted", "受諾"), "done": ("done", "実施済み"),
    "refused": ("refused", "拒否"),
}  # fmt: skip
MOVES: dict[str, tuple[str, ...]] = {
    "asked": ("accepted", "done", "refused"), "accepted": ("done", "refused"), "refused": ("accepted", "done"),
    "done": (),
}  # fmt: skip
"""State -> those that may follow."""
ANSWERS = ("accepted", "done", "refused")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same thing said in English and in Japanese."""

    en: str
    ja: str


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """Somebody is asked for something. to, through: principals ("" = without a ministry); deadline in microseconds."""

    ask: str
    to: str
    through: str
    what: Words
    deadline: int


class Answered(msgspec.Struct, frozen=True, tag="answered", omit_defaults=True):
    """What who was asked says to it; why: what was done, or why not."""

    ask: str
    state: str
    why: str = ""


class Reminded(msgspec.Struct, frozen=True, tag="reminded"):
    """Who was asked was reminded."""

    ask: str


class Ask(NamedTuple):
    """A request as it stands now."""

    ask: str
    to: str
    through: str
    what: Words
    deadline: int
    state: str
    why: str
    reminders: int
    asked_at: int
    answered_at: int | None

    def overdue(self, now: int) -> bool:
        """Say whether it should have been done by now."""
        return self.state in {"asked", "accepted"} and now > self.deadline


class Overview(NamedTuple):
    """How many requests through a ministry stand how; overdue are among those asked and accepted."""

    through: str
    asked: int
    accepted: int
    done: int
    refused: int
    overdue: int


def asks(lines: Iterable[Line]) -> tuple[Ask, ...]:
    """Return the requests of a situation as they stand, in the order in which they were made."""
    found: dict[str, Ask] = {}
    for line in sorted(lines, key=lambda line: line.n):
        match said := line.said:
            case Asked():
                found[said.ask] = Ask(said.ask, said.to, said.through, said.what, said.deadline, "asked", "", 0,
                                      line.at, None)  # fmt: skip
            case Answered():
                found[said.ask] = found[said.ask]._replace(state=said.state, why=said.why, answered_at=line.at)
            case Reminded():
                found[said.ask] = found[said.ask]._replace(reminders=found[said.ask].reminders + 1)
    return tuple(found.values())


def overview(there: Iterable[Ask], now: int) -> tuple[Overview, ...]:
    """Return how requests stand by the ministry that they went through, by its name; "" = through none."""
    by: dict[str, list[Ask]] = {}
    for one in there:
        by.setdefault(one.through, []).append(one)
    return tuple(Overview(name, **counted(those, now)) for name, those in sorted(by.items()))


def counted(those: Sequence[Ask], now: int) -> dict[str, int]:
    """Return how many of some requests are in each state, and how many are overdue."""
    counts = {state: sum(one.state == state for one in those) for state in STATES}
    return {**counts, "overdue": sum(one.overdue(now) for one in those)}


def followed(there: Iterable[Ask], said: Asked | Answered | Reminded, entered: int | None = None) -> list[Wrong]:
    """Return what is wrong with a line after the requests that there are.

    entered: when it was entered, in microseconds, after which a deadline lies; None where that is not known.
    """
    found = wrongs(said)
    if isinstance(said, Asked) and not found and entered is not None and said.deadline <= entered:
        found.append(Wrong("deadline", shown(said.deadline), f"later than now, {shown(entered)}"))
    known = {one.ask: one for one in there}
    if isinstance(said, Asked):
        return [*found, Wrong("ask", said.ask, "a new id")] if said.ask in known else found
    one = known.get(said.ask)
    if one is None:
        return [*found, Wrong("ask", said.ask[:100], "a request of this situation")]
    if isinstance(said, Answered) and not found and said.state not in MOVES[one.state]:
        found.append(Wrong("state", said.state, f"after {one.state}: {', '.join(MOVES[one.state]) or 'nothing'}"))
    if isinstance(said, Reminded) and one.state not in {"asked", "accepted"}:
        found.append(Wrong("ask", one.state, "one that is not settled"))
    return found


def wrongs(said: Asked | Answered | Reminded) -> list[Wrong]:
    """Return everything that is wrong with a line by itself."""
    match said:
        case Asked():
            texts = {"what.en": said.what.en, "what.ja": said.what.ja}
            found = [
                Wrong(key, "", "what is asked, in both languages") for key, text in texts.items() if not text.strip()
            ]
            found += [wrong for key, text in texts.items() for wrong in of_text(key, text)]
            found += [] if said.to else [Wrong("to", "", "a principal")]
            found += [Wrong("through", said.through, "another than who is asked")] if said.to == said.through else []
            return found + (
                [] if 0 <= said.deadline <= LAST_TIME else [Wrong("deadline", str(said.deadline), "a time")]
            )
        case Answered():
            found = [] if said.state in ANSWERS else [Wrong("state", said.state[:100], ", ".join(ANSWERS))]
            if said.state == "refused" and not said.why.strip():
                found.append(Wrong("why", "", "the reason for refusing"))
            return found + of_text("why", said.why)
        case Reminded():
            return []
