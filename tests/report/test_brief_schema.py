"""The brief as data: the contract's names, the encoding, the published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import msgspec
import pytest
from tests.report.made_brief import made_brief

from noroshi.desk.brief_schema import Band, Brief, decode, encode, schema
from noroshi.errors import InputError

CONTRACT: dict[str, set[str]] = {
    "estate": {"id", "fictional"},
    "ratings": {"pass_mark", "source", "overall", "sectors"},
    "ratings.overall": {"score", "technical", "organisational"},
    "ratings.sectors": {"id", "name", "authority", "score", "low", "high", "basis", "verdict"},
    "services": {
        "id", "name", "sector", "area", "people", "floor", "tolerance_h", "person_hours_below_floor",
        "p_beyond_tolerance",
    },
    "services.person_hours_below_floor": {"mean", "p05", "p50", "p95"},
    "harms": {"service", "data", "strategic"},
    "resilience": {"service", "low", "high", "example"},
    "matters_most": {"organisation", "sector", "area", "breach_probability", "consequence"},
    "warn": {"organisation", "why"},
    "sensitivity": {"assumption", "effect"},
}  # fmt: skip
TOP = {
    "estate", "seed", "trials", "horizon_h", "threat", "ratings", "services", "harms", "resilience", "matters_most",
    "warn", "p_any", "mean_hits", "sensitivity", "assumptions",
}  # fmt: skip


def test_every_name_of_the_contract_is_written() -> None:
    said = json.loads(encode(made_brief()))
    assert set(said) >= TOP
    for place, names in CONTRACT.items():
        value = said
        for part in place.split("."):
            value = value[part]
            value = value[0] if isinstance(value, list) else value
        assert set(value) >= names, place


def test_the_published_schema_is_current(root: Path) -> None:
    assert (root / "docs/reference/brief.schema.json").read_bytes() == schema()


def test_a_brief_validates_and_a_broken_one_does_not() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema()))
    validator.check_schema(json.loads(schema()))
    said = json.loads(encode(made_brief()))
    validator.validate(said)
    said["services"][0]["p_beyond_tolerance"] = 1.5
    assert not validator.is_valid(said)


def test_the_bytes_are_those_of_the_brief_alone() -> None:
    first, again = encode(made_brief(3)), encode(made_brief(3))
    assert first == again != encode(made_brief(4))
    assert first.endswith(b"}\n")
    assert first.count(b"\n") == 1


def test_floats_keep_nine_digits_and_decoding_gives_the_same_bytes() -> None:
    odd = msgspec.structs.replace(made_brief(), mean_hits=1 / 3, p_any=2 / 3)
    said = json.loads(encode(odd))
    assert (said["mean_hits"], said["p_any"]) == (0.333333333, 0.666666667)
    assert encode(decode(encode(odd))) == encode(odd)


def test_minus_zero_is_zero() -> None:
    assert b"-0" not in encode(msgspec.structs.replace(made_brief(), mean_hits=-0.0)).split(b'"mean_hits":')[1][:5]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        encode(msgspec.structs.replace(made_brief(), mean_hits=value))


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"seed": "x"}', b"\xff"])
def test_what_is_no_brief_is_said_with_its_file(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, file="old.json")
    assert caught.value.faults[0].code == "bad-json"
    assert "old.json" in str(caught.value)


def test_a_brief_cannot_be_changed() -> None:
    brief: Brief = made_brief()
    with pytest.raises(AttributeError):
        brief.seed = 1  # type: ignore[misc]
    assert Band(mean=1.0, p05=0.0, p50=1.0, p95=2.0) == Band(mean=1.0, p05=0.0, p50=1.0, p95=2.0)
