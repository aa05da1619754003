"""The rules of TAXII that need no server: media types, timestamps, parameters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.share.taxii import (
    MOST_VALUES,
    Query,
    Refused,
    acceptable,
    content_type_ok,
    micros,
    parse_query,
    timestamp,
)  # fmt: skip

NAME = "indicator--00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(("accept", "taken"), [
    (None, True), ("", True), ("*/*", True), ("application/*", True), ("application/taxii+json", True),
    ("application/taxii+json;version=2.1", True), ('application/taxii+json; version="2.1"', True),
    ("APPLICATION/TAXII+JSON;VERSION=2.1", True), ("text/html, application/taxii+json;q=0.1", True),
    ("application/taxii+json;version=2.0", False), ("application/json", False), ("text/*", False),
    ("*/*;q=0", False), ("*/*, application/taxii+json;q=0", False), ("application/taxii+json;q=0, */*", False),
    ("application/*;q=0, application/taxii+json", True), ("application/taxii+json;q=x", False),
])  # fmt: skip
def test_what_a_reader_takes(accept: str | None, taken: bool) -> None:
    assert acceptable(accept) is taken


@pytest.mark.parametrize(("kind", "good"), [
    ("application/taxii+json;version=2.1", True), ("application/taxii+json", True), ("Application/Taxii+JSON", True),
    ("application/taxii+json;version=2.0", False), ("application/json", False), ("", False), (None, False),
])  # fmt: skip
def test_what_a_body_may_be(kind: str | None, good: bool) -> None:
    assert content_type_ok(kind) is good


@given(st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999))
def test_timestamps_go_there_and_back(value: int) -> None:
    text = timestamp(value)
    assert micros(text) == value
    assert len(text) == 27


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001  hypothesis draws them bare
def test_timestamps_are_those_of_the_calendar(moment: datetime) -> None:
    text = moment.isoformat(timespec="microseconds") + "Z"
    seconds = moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    assert micros(text) == (seconds.days * 86400 + seconds.seconds) * 1_000_000 + seconds.microseconds


@pytest.mark.parametrize("text", [
    "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+09:00", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z",
    "2026-01-01T23:59:60Z", "2026-1-1T00:00:00Z", "2026-01-01t00:00:00z", "0000-01-01T00:00:00Z", "",
    "2026-01-01T00:00:00.Z", "２０２６-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n",
])  # fmt: skip
def test_what_is_no_timestamp(text: str) -> None:
    with pytest.raises(ValueError, match="expected a timestamp"):
        micros(text)


def test_digits_beyond_microseconds_are_cut() -> None:
    assert micros("2026-01-01T00:00:00.1234567Z") == micros("2026-01-01T00:00:00.123456Z")
    assert micros("2026-01-01T00:00:00.1Z") == micros("2026-01-01T00:00:00.100000Z")


def test_a_query_by_default_asks_for_the_last_versions_of_everything() -> None:
    assert parse_query(()) == Query(last=True)
    assert parse_query((("match[version]", "all"),)) == Query(every=True, last=False)
    assert parse_query((("match[version]", "first,2026-01-01T00:00:00Z"),)) == Query(
        first=True, last=False, versions=(micros("2026-01-01T00:00:00Z"),)
    )


def test_values_of_a_filter_are_taken_once() -> None:
    asked = parse_query((("match[type]", "tool,malware,tool"), ("match[id]", NAME), ("limit", "7"), ("next", "abc")))
    assert asked == Query(types=("tool", "malware"), ids=(NAME,), limit=7, cursor="abc")


@pytest.mark.parametrize("pair", [
    ("foo", "1"), ("limit", "0"), ("limit", "-1"), ("limit", "٣"), ("limit", "9" * 10), ("limit", " 1"),
    ("added_after", "now"), ("match[id]", "x"), ("match[id]", NAME + "\n"), ("match[type]", ""),
    ("match[type]", "a,,b"),
    ("match[type]", "A"), ("match[version]", "newest"), ("match[spec_version]", "3.0"),
    ("match[type]", ",".join(f"x{k}" for k in range(MOST_VALUES + 1))),
])  # fmt: skip
def test_what_is_refused_says_where(pair: tuple[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        parse_query((pair,))
    assert caught.value.status == 400
    assert caught.value.title
    assert pair[0] in caught.value.description or pair[0] == "foo"


def test_a_parameter_twice_and_one_that_a_resource_lacks_are_refused() -> None:
    with pytest.raises(Refused, match="twice"):
        parse_query((("limit", "1"), ("limit", "1")))
    with pytest.raises(Refused, match="Unknown"):
        parse_query((("limit", "1"),), ())
