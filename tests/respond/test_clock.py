"""When duties are due: from known moments only, with doubts said, more and more urgent; unverified ones never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.files.calendars import calendar
from noroshi.files.duties import load_duties
from noroshi.files.zones import zone
from noroshi.respond.clock import LEVELS, Due, Entry, Places, Standing, due, level, standing, times
from noroshi.respond.clock_words import DOUBTS, NOTES, WHY
from noroshi.respond.counting import COUNTINGS, UNITS
from noroshi.respond.duties import ANCHORS, Duty, verified

DUTIES = {duty.id: duty for duty in load_duties()}
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = Places(zone, lambda name: calendar(name, 2024, 2030), "Europe/Berlin", "DE")
OPEN = Places(zone, lambda name: calendar(name, 2024, 2030))


def at(**moments: datetime) -> dict[str, Standing]:
    return {name: Standing(when) for name, when in moments.items()}


def test_nis2_runs_from_awareness_and_the_final_report_from_the_notification() -> None:
    moments = at(awareness=NOON)
    assert due(DUTIES["nis2-early-warning"], moments, PLACES).at == NOON + 24 * HOUR
    assert due(DUTIES["nis2-notification"], moments, PLACES).at == NOON + 72 * HOUR
    final = due(DUTIES["nis2-final-report"], moments, PLACES)
    assert (final.at, final.why) == (None, "unknown-moment")
    final = due(DUTIES["nis2-final-report"], moments | {"nis2-notification": Standing(NOON + 48 * HOUR)}, PLACES)
    assert final.at == datetime(2026, 7, 3, 22, tzinfo=UTC)  # 3 June + a month = 3 July, a Friday, over at 24:00 there


def test_a_ransom_is_reported_within_a_day_of_the_payment_not_of_the_incident() -> None:
    ransom = DUTIES["circia-ransom"]
    assert due(ransom, at(awareness=NOON, detection=NOON), PLACES).at is None
    assert due(ransom, at(payment=NOON), PLACES).at == NOON + 24 * HOUR
    assert ransom.status == DUTIES["circia-incident"].status == "check"


def test_without_zone_or_calendar_days_are_not_guessed() -> None:
    moments = at(awareness=NOON) | {"nis2-notification": Standing(NOON)}
    assert due(DUTIES["nis2-final-report"], moments, OPEN).why == "no-zone"
    named = replace(OPEN, own_zone="Europe/Berlin")
    found = due(replace(DUTIES["nis2-final-report"]), moments, named)
    assert found.notes == ("not-moved",)


@pytest.mark.parametrize(
    "name", ["jp-acd-report", "jp-ci-information-contact", "dora-major-incident", "cra-manufacturer"]
)
def test_what_nobody_verified_is_shown_and_has_no_time(name: str) -> None:
    one = due(DUTIES[name], {anchor: Standing(NOON) for anchor in ANCHORS}, PLACES)
    assert (one.at, one.latest, one.why) == (None, None, "unverified")
    assert DUTIES[name].amount is None
    assert DUTIES[name].source
    assert level(one, NOON) == "unverified"


ROWS = st.fixed_dictionaries(
    {
        "amount": st.none() | st.integers(1, 100),
        "least": st.none() | st.integers(1, 100),
        "unit": st.sampled_from(list(UNITS)),
        "anchor": st.sampled_from(list(ANCHORS)),
        "step": st.sampled_from(["", "nis2-notification"]),
        "counting": st.sampled_from(list(COUNTINGS)),
        "zone": st.sampled_from(["", "Asia/Tokyo"]),
        "status": st.sampled_from(["in-force", "check"]),
        "verified_by": st.sampled_from(["", "   ", "somebody"]),
        "verified_on": st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    }
)


@given(ROWS, st.lists(st.sampled_from([*ANCHORS, "nis2-notification", "nis2-early-warning"]), unique=True))
def test_an_unverified_rule_never_yields_a_time(row: dict[str, Any], known: list[str]) -> None:
    duty = replace(DUTIES["nis2-early-warning"], **row)
    one = due(duty, {name: Standing(NOON) for name in known}, PLACES)
    if not (row["verified_by"].strip() and row["verified_on"]):
        assert not verified(duty)
        assert duty.period() is None
        assert (one.since, one.at, one.latest, one.why) == (None, None, None, "unverified")
    anchor = row["step"] if row["anchor"] == "previous" else row["anchor"]
    if anchor not in known or row["amount"] is None:
        assert one.at is None
        assert one.latest is None


def test_every_shipped_duty_says_by_which_law_and_to_whom() -> None:
    assert len(DUTIES) >= 12
    for duty in DUTIES.values():
        assert duty.source
        assert duty.recipients
        assert verified(duty) == (duty.amount is not None)
        assert not duty.name_ja.isascii()
        assert not duty.trigger_ja.isascii()


def line(anchor: str, hour: float | None, entered: float) -> Entry:
    return Entry(anchor, None if hour is None else NOON + hour * HOUR, NOON + entered * HOUR)


def test_the_last_line_stands_and_may_take_back() -> None:
    later = NOON + 100 * HOUR
    assert standing([line("awareness", 0, 1), line("awareness", -2, 3)], later)["awareness"] == Standing(
        NOON - 2 * HOUR
    )
    moved = standing([line("awareness", 0, 1), line("awareness", 5, 6)], later)["awareness"]
    assert moved == Standing(NOON + 5 * HOUR, ("moved-later",))
    gone = standing([line("awareness", 0, 1), line("awareness", None, 3)], later)
    assert gone["awareness"] == Standing(None)
    assert due(DUTIES["nis2-early-warning"], gone, PLACES).why == "unknown-moment"


def test_when_the_clock_was_set_back_the_earliest_moment_counts() -> None:
    later = NOON + 100 * HOUR
    lines = [line("awareness", 0, 1), line("awareness", 4, 0.5)]
    assert standing(lines, later)["awareness"] == Standing(NOON, ("clock-set-back",))
    # set back between lines of another anchor: it is the hub's clock, whoever writes
    lines = [line("detection", -1, 8), line("awareness", 0, 1), line("awareness", 3, 4)]
    found = standing(lines, later)
    assert found["detection"] == Standing(NOON - HOUR)
    assert found["awareness"] == Standing(NOON, ("clock-set-back",))


def test_a_moment_that_is_not_yet_is_doubted_and_runs_all_the_same() -> None:
    found = standing([line("awareness", 2, 3)], NOON)["awareness"]
    assert found == Standing(NOON + 2 * HOUR, ("in-future",))
    one = due(DUTIES["nis2-early-warning"], {"awareness": found}, PLACES)
    assert one.at == NOON + 26 * HOUR
    assert one.doubts == ("in-future",)
    assert level(one, NOON) == "due"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (-5, "due"),
        (0, "due"),
        (17.9, "due"),
        (18, "soon"),
        (24, "soon"),
        (24.01, "last-call"),
        (25, "last-call"),
        (25.01, "overdue"),
    ],
)
def test_how_urgent_it_is(hours: float, said: str) -> None:
    one = due(DUTIES["nis2-early-warning"], at(awareness=NOON), PLACES)  # 24 h, and to 25 h by the full hour
    assert level(one, NOON + hours * HOUR) == said


def test_done_in_time_or_late() -> None:
    early = DUTIES["nis2-early-warning"]
    for hours, said in ((3, "met"), (25, "met"), (26, "met-late")):
        one = due(early, at(awareness=NOON) | {early.id: Standing(NOON + hours * HOUR)}, PLACES)
        assert level(one, NOON + 200 * HOUR) == said


@given(st.lists(st.floats(-10, 200), min_size=2, max_size=8).map(sorted))
def test_it_never_becomes_less_urgent(hours: list[float]) -> None:
    one = due(DUTIES["nis2-notification"], at(awareness=NOON), PLACES)
    order = list(LEVELS)
    ranks = [order.index(level(one, NOON + h * HOUR)) for h in hours]
    assert ranks == sorted(ranks, reverse=True)


def test_a_verified_rule_without_a_length_has_no_time() -> None:
    one = due(replace(DUTIES["nis2-early-warning"], amount=None), at(awareness=NOON), PLACES)
    assert (one.at, one.why, level(one, NOON)) == (None, "no-amount", "waiting")


def test_every_reason_note_and_doubt_has_its_words() -> None:
    for words in (WHY, NOTES, DOUBTS):
        assert all(en.isascii() and not ja.isascii() for en, ja in words.values())


def test_times_keep_the_order() -> None:
    found = times(list(DUTIES.values()), at(awareness=NOON), PLACES)
    assert [one.duty.id for one in found] == list(DUTIES)
    assert all(isinstance(one, Due) and isinstance(one.duty, Duty) for one in found)
