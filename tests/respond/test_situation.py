"""Situations from their lines."""

from __future__ import annotations

from typing import Any

import pytest

from noroshi.respond.incident import Line, Remarked
from noroshi.respond.situation import (
    Admitted,
    Closed,
    Gathered,
    Opened,
    Parted,
    Reopened,
    Said,
    Words,
    followed,
    situation,
    wrongs,
)

FIRST = Opened(Words("Port without cranes", "クレーンが止まった港"), "sorami")


def lines(*said: Any) -> list[Line]:
    return [Line(n, n, n, "duty", one) for n, one in enumerate(said, 1)]


def test_incidents_and_people_come_and_go() -> None:
    one = situation(lines(FIRST, Gathered("a"), Gathered("b"), Admitted("port"), Parted("a"), Admitted("rail"),
                          Admitted("port", takes_part=False), Gathered("a")))  # fmt: skip
    assert (one.incidents, one.takes_part, one.estate, one.closed) == (("b", "a"), ("rail",), "sorami", False)
    assert situation(lines(FIRST, Closed("over"))).closed
    assert not situation(lines(FIRST, Closed("over"), Reopened("again"))).closed


AFTER: list[tuple[tuple[Said, ...], Said, list[str]]] = [
    ((), Gathered("a"), []),
    ((Gathered("a"),), Gathered("a"), ["incident"]),
    ((), Parted("a"), ["incident"]),
    ((), FIRST, ["opened"]),
    ((), Reopened("why"), ["reopened"]),
    ((), Closed(" "), ["why"]),
    ((Closed("over"),), Closed("over"), ["closed"]),
    ((Closed("over"),), Gathered("a"), ["closed"]),
    ((Closed("over"),), Admitted("a"), ["closed"]),
    ((Closed("over"),), Remarked("a word after it"), []),
    ((Closed("over"),), Reopened("again"), []),
]


@pytest.mark.parametrize(("before", "said", "keys"), AFTER)
def test_what_may_follow(before: tuple[Said, ...], said: Said, keys: list[str]) -> None:
    assert [one.key for one in followed(situation(lines(FIRST, *before)), said)] == keys


def test_it_begins_with_a_title_in_both_languages() -> None:
    assert [one.key for one in wrongs(Opened(Words(" ", "")))] == ["title.en", "title.ja"]
    assert [one.key for one in wrongs(Opened(Words("x" * 20_001, "x")))] == ["title.en"]
    with pytest.raises(ValueError, match="opened"):
        situation(lines(Remarked("x")))
