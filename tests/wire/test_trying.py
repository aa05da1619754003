"""Back-off: it doubles, has a bound, is jittered by the chance that is given, and Retry-After is understood."""

from __future__ import annotations

import random

import pytest

from noroshi.wire.trying import Patience, retry_after, wait


def test_waits_double_within_their_bounds() -> None:
    rng, patience = random.Random(1), Patience(first=0.5, longest=60.0)  # noqa: S311  jitter
    for failures in range(1, 60):
        bound = min(60.0, 0.5 * 2.0 ** (failures - 1))
        found = [wait(patience, failures, rng) for _ in range(50)]
        assert bound / 2 <= min(found) < max(found) <= bound


def test_the_same_chance_waits_the_same() -> None:
    one, other = (wait(Patience(), 3, random.Random(7)) for _ in range(2))  # noqa: S311
    assert one == other


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None), ("120", 120.0), (" 0 ", 0.0), ("soon", None), ("-5", None), ("1e3", None), ("٣", None),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("", None),
        ("9" * 400, 999_999_999.0),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(text: str | None, seconds: float | None) -> None:
    assert retry_after(text, 10.0) == seconds
