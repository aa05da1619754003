"""Timestamps: against Python's own fractions, and the edges of what is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.share.instants import before, instant, is_instant, micros

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31, 23, 59, 59))  # noqa: DTZ001
DIGITS = st.text("0123456789", max_size=12)


def written(moment: datetime, digits: str) -> str:
    """The whole second of `moment` and `digits` after the point."""
    text = moment.replace(microsecond=0).isoformat()
    return f"{text}.{digits}Z" if digits else f"{text}Z"


def exact(moment: datetime, digits: str) -> Fraction:
    """The same in seconds since 1970, exactly."""
    whole = (moment.replace(microsecond=0, tzinfo=UTC) - EPOCH) // timedelta(seconds=1)
    return Fraction(whole) + (Fraction(int(digits), 10 ** len(digits)) if digits else 0)


@given(MOMENTS, DIGITS)
def test_an_instant_is_exact(moment: datetime, digits: str) -> None:
    found = instant(written(moment, digits))
    assert found is not None
    whole, beyond = found
    rest = Fraction(int(beyond), 10 ** (len(beyond) + 6)) if beyond else 0
    assert Fraction(whole, 10**6) + rest == exact(moment, digits)
    assert not beyond.endswith("0")
    assert is_instant(written(moment, digits))


@given(MOMENTS, MOMENTS | st.none(), DIGITS, DIGITS)
def test_instants_compare_as_the_times_do(one: datetime, two: datetime | None, left: str, right: str) -> None:
    other = one if two is None else two
    first, second = written(one, left), written(other, right)
    a, b = instant(first), instant(second)
    assert a is not None
    assert b is not None
    assert (a < b) == (exact(one, left) < exact(other, right)) == before(first, second)
    assert (a == b) == (exact(one, left) == exact(other, right))


@pytest.mark.parametrize(
    "text",
    [
        "", "2020-01-01", "2020-01-01T00:00:00", "2020-01-01T00:00:00z", "2020-01-01t00:00:00Z", "2020-01-01 00:00:00Z",
        "2020-01-01T00:00:00+00:00", "2020-01-01T00:00:00.Z", "2020-01-01T24:00:00Z", "2020-01-01T23:60:00Z",
        "2016-12-31T23:59:60Z", "2020-02-30T00:00:00Z", "2021-02-29T00:00:00Z", "2020-13-01T00:00:00Z",
        "2020-00-01T00:00:00Z", "2020-01-00T00:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
        "2020-1-01T00:00:00Z", "2020-01-01T00:00:00Z\n", " 2020-01-01T00:00:00Z", "２020-01-01T00:00:00Z",
        "2020-W01-1T00:00:00Z", "2020-01-01T00:00:00,5Z", "-020-01-01T00:00:00Z", "2020-01-01T00:00:00.1Z2Z",
        "2020-01-01T00:00:00." + "1" * 101 + "Z",
    ],
)  # fmt: skip
def test_what_is_not_an_instant(text: str) -> None:
    assert instant(text) is None
    assert not is_instant(text)


@given(st.integers(min_value=-62_135_596_800_000_000, max_value=253_402_300_799_999_999))
def test_micros_are_written_with_six_digits(at: int) -> None:
    text = micros(at)
    assert len(text) == 27
    assert instant(text) == (at, "")
