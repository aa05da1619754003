"""What lines of an assessment come to: what stands, what waits for a choice, what is history, and what is wrong."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from noroshi.files.catalogues import load_catalogue
from noroshi.rate.assessment import (
    Answered,
    Attached,
    Began,
    Chosen,
    Given,
    Removed,
    Said,
    Submitted,
    assessment,
    given_of,
    sheet_of,
    wrongs,
)

DAY = date(2026, 11, 1)


class Line(NamedTuple):
    n: int
    entered: int
    by: str
    said: Said


def lines(*said: Said) -> list[Line]:
    return [Line(n, 1000 * n, "one" if n % 2 else "two", each) for n, each in enumerate(said, 1)]


def given(level: float) -> Given:
    return Given(level, "self", DAY)


def test_the_last_answer_stands_and_the_others_are_history() -> None:
    made = assessment(lines(Began("c"), Answered("mfa", given(0.2)), Answered("mfa", given(0.6), (given(0.4),), 2)))
    assert [one.level for one in made.answers("mfa")] == [0.6, 0.4]
    assert (made.seen("mfa"), made.last, made.answered) == (3, 3, ("mfa",))
    assert [one.n for one in made.history["mfa"]] == [2, 3]
    assert (made.seen("tls"), made.answers("tls")) == (0, ())


def test_what_came_too_late_waits_until_somebody_chooses() -> None:
    told = lines(Answered("mfa", given(0.2)), Answered("mfa", given(0.9), seen=0, aside=True))
    made = assessment(told)
    assert [one.level for one in made.answers("mfa")] == [0.2]
    assert [one.said.given for one in made.aside["mfa"]] == [given(0.9)]
    chosen = assessment([*told, Line(3, 9000, "two", Chosen("mfa", 2))])
    assert [one.level for one in chosen.answers("mfa")] == [0.9]
    assert chosen.aside == {}
    assert (chosen.standing["mfa"].n, chosen.standing["mfa"].origin, chosen.standing["mfa"].by) == (3, 2, "two")
    unknown = assessment([*told, Line(3, 9000, "two", Chosen("mfa", 99))])
    assert [one.level for one in unknown.answers("mfa")] == [0.2]


def test_an_answer_taken_back_is_none() -> None:
    made = assessment(lines(Answered("mfa", given(0.2)), Answered("mfa", None, seen=1)))
    assert (made.answers("mfa"), made.answered, made.seen("mfa")) == ((), (), 2)


def test_files_and_versions() -> None:
    one, two = (Attached("mfa", name, f"{name}.pdf", 3, "00") for name in ("f1", "f2"))
    version = Submitted(1, DAY, {"mfa": (given(0.2),)}, 20.0, 10.0, 30.0)
    made = assessment(lines(one, two, Removed("mfa", "f1"), Removed("tls", "f9"), version))
    assert made.files["mfa"] == (two,)
    assert made.versions == ((version, "one", 5000),)


def test_a_sheet_is_in_the_catalogues_order_and_no_older_than_its_answers() -> None:
    catalogue = load_catalogue()
    first, last = catalogue.items[0].id, catalogue.items[-1].id
    later = Given(0.5, "self", date(2026, 11, 9), source="audit")
    made = assessment(lines(Answered(last, given(0.3)), Answered(first, later), Answered("gone", given(0.1))))
    sheet = sheet_of(made, catalogue, "works", "water", DAY)
    assert [one.item for one in sheet.answers] == [first, last]
    assert sheet.as_of == date(2026, 11, 9)
    assert given_of(sheet.answers[0]) == later


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (Given(0.5, "self", DAY), []),
        (Given(1.5, "self", DAY), ["level"]),
        (Given(0.5, "self", DAY, up_to=0.4), ["up_to"]),
        (Given(0.5, "hearsay", DAY), ["grade"]),
        (Given(0.5, "self", date(2027, 1, 1)), ["date"]),
        (Given(0.5, "self", DAY, not_applicable="x" * 4001, source="y" * 4001), ["not_applicable", "source"]),
    ],
)
def test_what_is_wrong_is_named(wrong: Given, fields: list[str]) -> None:
    assert [name for name, _, _ in wrongs(wrong, DAY)] == fields
