"""Times that cannot be are refused, and told with what was found and expected."""

from __future__ import annotations

from typing import Any

import pytest

from noroshi.respond.asks import Asked, Words
from noroshi.respond.asks import followed as ask_followed
from noroshi.respond.incident import Corrected, Incident, Line, Met, Remarked, Reported, incident
from noroshi.respond.incident_times import SLACK, shown, untimely
from noroshi.respond.situation import Opened, followed, situation

HOUR = 3_600_000_000
NOW = 500_000 * HOUR


def known(*more: Any) -> Incident:
    said = (Reported("a", "leak", "x", NOW - 10 * HOUR), *more)
    return incident(Line(n, NOW, NOW, "duty", one) for n, one in enumerate(said, 1))


@pytest.mark.parametrize(("said", "at", "keys"), [
    (Met("appi-prompt"), NOW - 11 * HOUR, ["at"]), (Met("appi-prompt"), NOW + HOUR, ["at"]),
    (Met("appi-prompt"), NOW - 10 * HOUR, []), (Remarked("x"), NOW + SLACK, []), (Remarked("x"), NOW - 20 * HOUR, []),
    (Remarked("x"), NOW + SLACK + 1, ["at"]), (Corrected({"ended": NOW - 11 * HOUR}), NOW, ["ended"]),
    (Corrected({"ended": NOW - 9 * HOUR}), NOW, []),
    (Corrected({"since": NOW - 5 * HOUR, "ended": NOW - 6 * HOUR}), NOW, ["ended"]),
    (Corrected({"since": None, "ended": NOW - 60 * HOUR}), NOW, []),
    (Corrected({"detected": NOW + HOUR, "awareness": NOW + HOUR, "since": NOW + HOUR}), NOW,
     ["since", "detected", "awareness"]),
    (Corrected({"detected": NOW + SLACK, "regimes": ["APPI"]}), NOW, []), (Corrected({"since": "soon"}), NOW, []),
])  # fmt: skip
def test_what_cannot_have_been(said: Any, at: int, keys: list[str]) -> None:
    assert [one.key for one in untimely(known(), said, at, NOW)] == keys


def test_an_end_that_was_said_before_binds_a_later_since() -> None:
    there = known(Corrected({"ended": NOW - 8 * HOUR}))
    (wrong,) = untimely(there, Corrected({"since": NOW - HOUR}), NOW, NOW)
    assert (wrong.key, wrong.found, wrong.expected) == (
        "ended", shown(NOW - 8 * HOUR), f"no earlier than since, {shown(NOW - HOUR)}",
    )  # fmt: skip
    assert untimely(there, Corrected({"persons": 3}), NOW, NOW) == []


def test_a_report_is_not_of_what_is_yet_to_come() -> None:
    (wrong,) = untimely(None, Reported("a", "leak", "x", NOW + HOUR), NOW, NOW)
    assert (wrong.key, wrong.found) == ("since", shown(NOW + HOUR))
    assert untimely(None, Reported("a", "leak", "x"), NOW, NOW) == []
    assert shown(0) == "1970-01-01T00:00Z"
    assert shown(1 << 70) == str(1 << 70)


def test_nobody_is_asked_until_a_time_that_is_past() -> None:
    one = Asked("a", "port", "", Words("Check", "確認"), NOW)
    (wrong,) = ask_followed((), one, NOW)
    assert (wrong.key, wrong.found) == ("deadline", shown(NOW))
    assert ask_followed((), one, NOW - 1) == ask_followed((), one) == []
    there = situation([Line(1, NOW, NOW, "duty", Opened(Words("a", "あ")))])
    assert [each.key for each in followed(there, one, NOW)] == ["deadline"]
