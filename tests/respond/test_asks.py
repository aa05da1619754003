"""Requests from their lines."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from noroshi.respond.asks import (
    ANSWERS,
    MOVES,
    STATES,
    Answered,
    Asked,
    Reminded,
    Words,
    asks,
    followed,
    overview,
    wrongs,
)
from noroshi.respond.incident import Line, Remarked

WHAT = Words("Check the ticket server", "券売サーバを点検してください")
FIRST = Asked("a", "kumo", "transport", WHAT, 1_000)


def lines(*said: Any) -> list[Line]:
    return [Line(n, n * 10, n, "duty", one) for n, one in enumerate(said, 1)]


def test_a_request_with_its_answer_and_reminders() -> None:
    (one,) = asks(lines(FIRST, Reminded("a"), Remarked("x"), Answered("a", "accepted"), Reminded("a"),
                        Answered("a", "refused", "no staff")))  # fmt: skip
    assert (one.state, one.why, one.reminders, one.asked_at, one.answered_at) == ("refused", "no staff", 2, 10, 60)
    assert asks(lines(Remarked("x"))) == ()


@pytest.mark.parametrize(("state", "to"), [*product(STATES, ANSWERS)])
def test_states_follow_the_table(state: str, to: str) -> None:
    before = () if state == "asked" else (Answered("a", state, "why"),)
    there = asks(lines(FIRST, *before))
    assert (followed(there, Answered("a", to, "why")) == []) == (to in MOVES[state])
    assert (followed(there, Reminded("a")) == []) == (state in {"asked", "accepted"})


@pytest.mark.parametrize(("state", "late"), [("asked", True), ("accepted", True), ("done", False), ("refused", False)])
def test_overdue_is_what_is_not_settled_after_its_deadline(state: str, late: bool) -> None:
    before = () if state == "asked" else (Answered("a", state, "why"),)
    (one,) = asks(lines(FIRST, *before))
    assert not one.overdue(1_000)
    assert one.overdue(1_001) is late


def test_the_overview_counts_by_ministry() -> None:
    there = asks(lines(FIRST, Asked("b", "port", "transport", WHAT, 5), Asked("c", "grid", "", WHAT, 2_000),
                       Answered("b", "accepted"), Answered("c", "done")))  # fmt: skip
    assert [tuple(one) for one in overview(there, 500)] == [("", 0, 0, 1, 0, 0), ("transport", 1, 1, 0, 0, 1)]
    assert overview((), 0) == ()


FAULTY: list[tuple[Any, list[str]]] = [
    (Asked("a", "", "", Words(" ", ""), -1), ["what.en", "what.ja", "to", "through", "deadline"]),
    (Asked("b", "kumo", "kumo", WHAT, 1), ["through"]),
    (Answered("a", "lost"), ["state"]), (Answered("a", "refused", " "), ["why"]), (Reminded("a"), []),
]  # fmt: skip


@pytest.mark.parametrize(("said", "keys"), FAULTY)
def test_everything_that_is_wrong_is_said_at_once(said: Any, keys: list[str]) -> None:
    assert [one.key for one in wrongs(said)] == keys


def test_only_what_there_is_can_be_answered() -> None:
    there = asks(lines(FIRST))
    assert [one.key for one in followed(there, FIRST)] == ["ask"]
    for said in (Answered("b", "done"), Reminded("b")):
        assert [one.key for one in followed(there, said)] == ["ask"]
