"""The brief as a whole: its contract, what must hold between its figures, and the estates that have little in them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from tests.desk.small import EVERYONE, PLAN, benchmark, tiny

from noroshi.desk.asked import threat_for
from noroshi.desk.brief import brief, make_brief, ratings
from noroshi.desk.brief_schema import Brief, encode, schema
from noroshi.desk.brief_words import assumptions, weights_of
from noroshi.desk.odds import attacked, odds_for
from noroshi.errors import InputError, NotFoundError
from noroshi.estate.model import Estate
from noroshi.files.estates import load
from noroshi.stress.model import build

TRIALS = 40
CONTRACT = (
    "estate", "seed", "trials", "horizon_h", "threat", "ratings", "services", "harms", "resilience", "matters_most",
    "warn", "p_any", "mean_hits", "sensitivity", "assumptions",
)  # fmt: skip


@pytest.fixture(scope="module")
def sorami() -> Estate:
    return load("sorami")


@pytest.fixture(scope="module")
def made(sorami: Estate) -> Brief:
    return brief(sorami, trials=TRIALS, threads=2)


@pytest.fixture(scope="module")
def plain(made: Brief) -> Any:
    return json.loads(encode(made))


def test_it_validates_and_keeps_its_contract(plain: Any) -> None:
    jsonschema.validate(plain, json.loads(schema()))
    assert set(CONTRACT) <= set(plain)
    assert plain["estate"] == {**plain["estate"], "id": "sorami", "fictional": True}
    assert {"pass_mark", "source", "overall", "sectors"} <= set(plain["ratings"])
    assert {"score", "technical", "organisational"} <= set(plain["ratings"]["overall"])
    rows = {
        "services": "id name sector area people floor tolerance_h person_hours_below_floor p_beyond_tolerance",
        "resilience": "service low high example",
        "matters_most": "organisation sector area breach_probability consequence",
        "warn": "organisation why",
        "sensitivity": "assumption effect",
    }
    for key, names in rows.items():
        assert plain[key], key
        assert all(set(names.split()) <= set(row) for row in plain[key])


def test_the_bytes_do_not_depend_on_threads_or_on_the_call(sorami: Estate, made: Brief) -> None:
    assert encode(brief(sorami, trials=TRIALS, threads=1)) == encode(made)


def test_another_seed_is_another_brief(sorami: Estate, made: Brief) -> None:
    assert brief(sorami, trials=TRIALS, seed=7).services != made.services


def test_every_id_is_one_of_the_estate(sorami: Estate, made: Brief) -> None:
    ids = {table: set(sorami.ids(table)) for table in ("organisations", "suppliers", "services", "sectors")}
    assert [s.id for s in made.ratings.sectors] == sorami.ids("sectors")
    assert {s.id for s in made.services} == ids["services"] == {r.service for r in made.resilience}
    assert {s.sector for s in made.services} <= ids["sectors"]
    assert {m.organisation for m in made.matters_most} <= ids["organisations"]
    assert {w.organisation for w in made.warn} <= ids["organisations"]
    items = ids["organisations"] | ids["suppliers"]
    assert {one for r in made.resilience for one in (*r.example, *r.low_example)} <= items


def test_the_figures_agree_with_each_other(made: Brief) -> None:
    expected = [m.breach_probability * m.consequence for m in made.matters_most]
    assert expected == sorted(expected, reverse=True)
    assert min(expected) > 0.0
    assert 0.0 < made.p_any <= 1.0
    assert made.mean_hits > 0.0
    assert len({w.organisation for w in made.warn}) == len(made.warn)
    worth = [s.person_hours_below_floor.mean * s.weight for s in made.services]
    assert worth == sorted(worth, reverse=True)
    total = made.harms.service.person_hours_below_floor.mean
    assert sum(s.person_hours_below_floor.mean for s in made.services) == pytest.approx(total)
    beyond = made.harms.service.services_beyond_tolerance.mean
    assert sum(s.p_beyond_tolerance for s in made.services) == pytest.approx(beyond)
    for s in made.services:
        band = s.person_hours_below_floor
        assert band.p05 <= band.p50 <= band.p95
        assert s.p_beyond_tolerance <= s.p_below_floor + 1e-12
        assert band.mean <= s.people * made.horizon_h * s.p_below_floor + 1e-6
    for r in made.resilience:
        assert r.high is None or r.low <= r.high == len(r.example)
        assert r.proof
        assert r.proof_ja


def test_curves_are_of_the_trials_in_which_the_service_falls(sorami: Estate) -> None:
    many = brief(sorami, trials=300)
    shown = [s for s in many.services if s.bands is not None]
    assert shown
    for s in shown:
        assert s.bands is not None
        assert len(s.bands.hours) == len(s.bands.p05) == len(s.bands.p50) == len(s.bands.p95)
        assert all(a <= b <= c for a, b, c in zip(s.bands.p05, s.bands.p50, s.bands.p95, strict=True))
        assert min(s.bands.p05) < 1.0


def test_loss_of_view_harms_nobody() -> None:
    blind = replace(EVERYONE, effects=(("loss_of_view", 1.0),))
    made = make_brief(tiny(), threat=blind, trials=20)
    assert made.mean_hits > 0.0
    assert made.harms.service.person_hours_below_floor.mean == 0.0
    assert made.harms.data.p_any == made.harms.strategic.p_any == 0.0
    assert made.matters_most == made.warn == ()  # type: ignore[comparison-overlap]
    assert [s.effect for s in made.sensitivity] == [0.0] * len(made.sensitivity)


def test_data_loss_exposes_holdings_and_stops_nothing() -> None:
    made = make_brief(tiny(), threat=replace(EVERYONE, effects=(("data_loss", 1.0),)), trials=20)
    assert made.harms.service.person_hours_below_floor.mean == 0.0
    assert made.harms.data.records.mean == made.harms.data.by_kind["personal"]
    assert 0.0 < made.harms.data.p_any <= 1.0
    assert made.harms.strategic.points.mean == 0.0


@pytest.mark.parametrize(
    "without",
    [("suppliers",), ("holdings",), ("services", "dependencies"), ("assets", "services", "dependencies"),
     ("suppliers", "holdings", "services", "dependencies", "assets")],
    ids="+".join,
)  # fmt: skip
def test_estates_with_little_in_them_have_a_brief(without: tuple[str, ...]) -> None:
    made = make_brief(tiny(without=without), threat=EVERYONE, trials=10)
    jsonschema.validate(json.loads(encode(made)), json.loads(schema()))
    assert len(made.services) == (0 if "services" in without else 2)


def test_without_a_benchmark_the_sectors_mean_stands_and_says_so() -> None:
    found = ratings(tiny())
    assert (found.pass_mark, found.overall.score, found.overall.technical, found.year) == (72.0, 55.0, None, None)
    assert "no benchmark" in found.source
    published = ratings(tiny(benchmark=benchmark()))
    assert (published.pass_mark, published.overall.score, published.source) == (70.0, 55.0, "a survey")
    assert published.overall.technical == 35.0


def test_a_threat_that_attacks_nobody_is_a_fault_of_the_input() -> None:
    nowhere = replace(PLAN, sectors=("space",))
    estate = tiny(without=("suppliers",))
    with pytest.raises(InputError) as caught:
        make_brief(estate, threat=nowhere, trials=5)
    (fault,) = caught.value.faults
    assert (fault.code, fault.found, caught.value.exit_code) == ("bad-threat", "space", 2)
    assert "power, water" in fault.expected
    assert fault.remedy
    with pytest.raises(InputError):
        attacked(estate, nowhere, odds_for(estate, build(estate), nowhere))


def test_an_unknown_threat_does_not_exist() -> None:
    with pytest.raises(NotFoundError, match="no threat 'nobody-like-this'"):
        threat_for(tiny(), "nobody-like-this")
    assert threat_for(tiny(), PLAN) is PLAN


def test_what_the_estate_assumes_is_said_first_in_both_languages() -> None:
    estate = tiny(
        posture="Invented.", posture_ja="架空。", assumptions=("Stores start full.",), assumptions_ja=("満杯。",)
    )
    assert assumptions(estate, PLAN, "en")[:2] == ("Invented.", "Stores start full.")
    assert assumptions(estate, PLAN, "ja")[:2] == ("架空。", "満杯。")
    assert assumptions(tiny(posture="Invented."), PLAN, "ja")[0] == "Invented."
    assert len(assumptions(estate, PLAN, "en")) == len(assumptions(estate, PLAN, "ja"))
    assert weights_of(estate) == "1–2"
    assert weights_of(tiny(without=("services", "dependencies"))) == "1"


def test_progress_names_every_step_and_stopping_is_heard() -> None:
    steps: list[str] = []
    make_brief(tiny(), threat=EVERYONE, trials=5, progress=lambda step, _: steps.append(step))
    assert list(dict.fromkeys(steps)) == ["model", "ensemble", "alone", "resilience", "press", "report"]
    for stage in ("ensemble", "alone", "resilience"):

        def stop(step: str, _: float, stage: str = stage) -> None:
            if step == stage:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            make_brief(tiny(), threat=EVERYONE, trials=5, progress=stop)
