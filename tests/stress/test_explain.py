"""Why each service degraded, back to the shock: the two shipped shocks of sorami, made-up traces, random estates."""

from __future__ import annotations

import numpy as np
import pytest
from tests.stress.random_estates import shock as random_shock
from tests.stress.random_estates import small

import noroshi as nr
from noroshi.stress import engine
from noroshi.stress.causes import Trace, also, cause_of, chain, index, roots
from noroshi.stress.draw import median
from noroshi.stress.explanation import explain, names_of
from noroshi.stress.model import Model, build
from noroshi.stress.outcome import DEGRADED, DEMAND, DOWN, HIT, LOSSES, SELF, TRIPPED, Event, Run
from noroshi.stress.result import Result, ServiceResult, exposed, stable
from noroshi.stress.sentences import COMMODITIES, EFFECT_WORDS, WORDS, share_text
from noroshi.stress.shock import EFFECTS

SHOCKS = ("port-ransomware", "grid-centre-loss-of-control")
HITS = {
    "port-ransomware": {"port-it", "port-tos"},
    "grid-centre-loss-of-control": {"asanagi-ems", "line-azuma-sorahama-1", "line-azuma-sorahama-2"},
}


@pytest.fixture(scope="module")
def sorami() -> nr.Estate:
    return nr.load("sorami")


@pytest.fixture(scope="module")
def results(sorami: nr.Estate) -> dict[str, Result]:
    return {name: nr.stress.run(sorami, nr.load_shock(name, sorami)) for name in SHOCKS}


@pytest.fixture(scope="module")
def model(sorami: nr.Estate) -> Model:
    return build(sorami)


def least(service: ServiceResult) -> float:
    return min(share for _, share in service.served)


def ids(explanation: nr.Explanation) -> list[str]:
    return [link.id for link in explanation.chain]


@pytest.mark.parametrize("name", SHOCKS)
def test_every_degraded_service_is_explained_back_to_the_shock(results: dict[str, Result], name: str) -> None:
    result = results[name]
    found = nr.stress.explain(result)
    assert {one.id for one in found} == {one.id for one in result.services if least(one) < 1.0}
    assert found
    for one in found:
        last = one.chain[-1]
        assert (last.why, last.what) == ("hit", "hit")
        assert last.id in HITS[name]
        assert [link.hour for link in one.chain] == sorted((link.hour for link in one.chain), reverse=True)
        assert one.chain[0].hour == one.hour
        served = next(dict(s.served) for s in result.services if s.id == one.id)
        assert one.share is not None
        assert served[stable(one.hour)] == pytest.approx(one.share, abs=1e-8)


def test_containers_stop_because_the_terminal_system_is_frozen(results: dict[str, Result]) -> None:
    [one] = nr.stress.explain(results["port-ransomware"], "containers")
    assert (one.hour, one.what, one.share) == (0.5, "down", 0.0)
    assert ids(one) == ["containers", "container-terminal", "port-tos", "port-tos"]
    assert [link.why for link in one.chain] == ["supply", "command", "own", "hit"]
    struck = one.chain[-1].struck
    assert struck is not None
    assert struck.effect == "freeze"
    assert (struck.onset_h, struck.detected_h, struck.by_hand_h, struck.restored_h) == (0.5, 1.0, 13.0, 59.0)
    hour, share = one.better[0]
    assert hour == 13.0
    assert share == pytest.approx(0.1)
    assert one.whole_h == 61.5


def test_food_runs_out_after_the_stocks_on_the_way(results: dict[str, Result]) -> None:
    [one] = nr.stress.explain(results["port-ransomware"], "food")
    # the terminal stops at 0.5; the warehouse lasts 30 h, the shops 18 h more
    assert [(link.id, link.hour, link.lasted_h) for link in one.chain[:3]] == [
        ("food", 48.5, 18.0), ("warehouse-tomariura", 30.5, 30.0), ("container-terminal", 0.5, 0.0),
    ]  # fmt: skip
    text = one.text("en")
    assert "Its 18 h without access ran out: Isokaze warehouse (warehouse-tomariura)" in text
    assert "Terminal operating system (port-tos) was hit at +0.5 h: freeze" in text
    assert text.endswith("It is whole again at +61.5 h.")
    japanese = one.text("ja")
    assert "輸送・出入りなしで持つ18時間が尽きた" in japanese
    assert "「ターミナル統一システム」(port-tos)が+0.5時間に攻撃された(使用不能" in japanese


def test_the_blackout_names_the_lost_circuits_and_the_centre_that_could_not_help(results: dict[str, Result]) -> None:
    result = results["grid-centre-loss-of-control"]
    [one] = nr.stress.explain(result, "electricity-midorino")
    assert ids(one)[:2] == ["electricity-midorino", "bus-midorino"]
    bus = one.chain[1]
    assert (bus.what, bus.why, bus.hour) == ("blackout", "blackout", 0.5)
    assert [(x.id, x.what, x.root, x.effect) for x in bus.also] == [
        ("line-azuma-sorahama-2", "down", "line-azuma-sorahama-2", "trip"),
        ("line-tomariura-sorahama-1", "tripped", "asanagi-ems", "loss_of_control"),
    ]
    assert "(overloaded, and Grid control centre, Asanagi (asanagi-ems), hit by loss of control" in one.text()
    service = next(s for s in result.services if s.id == "electricity-midorino")
    assert set(service.causes) == HITS["grid-centre-loss-of-control"]
    struck = one.chain[-1].struck
    assert struck is not None
    assert struck.restored_h == pytest.approx(4.6)  # noticed at 0.6, no way to go, 4 h of work by the crew


def test_an_overloaded_circuit_is_explained_by_who_lost_control(results: dict[str, Result]) -> None:
    [one] = nr.stress.explain(results["grid-centre-loss-of-control"], "line-tomariura-sorahama-1")
    assert one.share is None
    assert [(link.id, link.why) for link in one.chain] == [
        ("line-tomariura-sorahama-1", "overload"),
        ("asanagi-ems", "hit"),
    ]
    assert "It was overloaded and nobody could relieve it" in one.text()


def test_only_what_is_in_force_at_an_hour(results: dict[str, Result]) -> None:
    result = results["port-ransomware"]
    assert [one.id for one in nr.stress.explain(result, at=0.4)] == []
    assert [one.id for one in nr.stress.explain(result, at=40.0)] == ["containers"]
    assert [one.id for one in nr.stress.explain(result, at=50.0)] == ["containers", "food"]
    assert nr.stress.explain(result, at=61.5) == ()


def test_a_unit_that_does_not_exist_is_not_found(results: dict[str, Result]) -> None:
    with pytest.raises(nr.NotFoundError, match="did you mean food"):
        nr.stress.explain(results["port-ransomware"], "foood")


def test_the_result_has_the_three_harms(results: dict[str, Result], sorami: nr.Estate) -> None:
    result = results["port-ransomware"]
    containers = next(one for one in result.services if one.id == "containers")
    assert containers.person_hours_below_floor == pytest.approx(containers.people * containers.hours_below_floor)
    assert containers.beyond_tolerance
    assert result.harms.service["person_hours_below_floor"] == containers.person_hours_below_floor
    assert result.harms.data == {"records": 18000.0, "by_kind": {"personal": 18000}}
    assert result.harms.strategic["points"] == 0.0
    data, strategic = exposed(sorami, ["arms-design", "container-terminal"])  # the second is no system
    assert strategic == {"defence": 5.0}
    assert data == {"personal": 6400}


def test_events_say_who_caused_them(results: dict[str, Result]) -> None:
    events = [(e.hour, e.what, e.id, e.cause) for e in results["port-ransomware"].events]
    assert (0.5, "hit", "port-tos", "shock") in events
    assert (0.5, "down", "containers", "container-terminal") in events
    assert (61.5, "recovered", "containers", None) in events


def test_without_a_shock_there_is_no_harm(sorami: nr.Estate) -> None:
    result = nr.stress.run(sorami, nr.Shock("nothing", horizon_h=24.0))
    assert result.harms.service == {"person_hours_below_floor": 0.0, "services_beyond_tolerance": 0.0}
    assert all(one.hours_below_floor == 0.0 and not one.causes for one in result.services)
    assert nr.stress.explain(result) == ()


def test_a_shorter_horizon_and_another_season_are_taken(sorami: nr.Estate) -> None:
    shock = nr.load_shock("port-ransomware", sorami)
    result = nr.stress.run(sorami, shock, season="winter", horizon_h=10.0)
    assert (result.season, result.horizon_h) == ("winter", 10.0)
    [one] = nr.stress.explain(result)
    assert one.whole_h is None
    struck = one.chain[-1].struck
    assert struck is not None
    assert (struck.by_hand_h, struck.restored_h) == (None, None)
    assert "not restored within this run" in one.text()
    with pytest.raises(ValueError, match="season"):
        nr.stress.run(sorami, shock, season="monsoon")
    with pytest.raises(ValueError, match="horizon"):
        nr.stress.run(sorami, shock, horizon_h=0.0)
    with pytest.raises(nr.NotFoundError, match="nowhere"):
        nr.stress.run(sorami, nr.Shock("x", hits=(nr.Hit("nowhere", "trip"),)))


def made(model: Model, hits: list[tuple[str, str, float]], events: list[tuple[float, int, str, str | int]]) -> Trace:
    """Return the trace of a run that is written down by hand."""
    shock = nr.Shock("made", hits=tuple(nr.Hit(target, effect, onset) for target, effect, onset in hits))
    number: dict[str | int, int] = {SELF: SELF, DEMAND: DEMAND}
    number.update(model.index.items())
    rows = [(hour, what, model.index[unit], number[by]) for hour, what, unit, by in events]
    shares = np.ones((1, len(model.services.unit)))
    run = Run(72.0, np.zeros(1), shares, tuple(Event(*row) for row in rows))
    return index(run, model, median(model, shock))


def test_a_hit_that_takes_nothing_away_is_no_cause_of_a_loss(model: Model) -> None:
    trace = made(
        model,
        [("port-it", "freeze", 0.0), ("port-it", "data_loss", 1.0)],
        [(0.0, HIT, "port-it", SELF), (1.0, HIT, "port-it", SELF), (2.0, TRIPPED, "berth-lng", "port-it")],
    )
    assert cause_of(trace, 2) == 0
    assert chain(trace, 2) == (2, 0)
    assert cause_of(trace, 1) is None


def test_the_latest_loss_of_the_blamed_unit_is_the_cause(model: Model) -> None:
    trace = made(
        model,
        [("port-it", "freeze", 0.0), ("port-it", "freeze", 5.0)],
        [
            (0.0, HIT, "port-it", SELF), (0.0, DOWN, "port-it", SELF), (3.0, DEGRADED, "containers", "port-it"),
            (5.0, HIT, "port-it", SELF), (5.0, DOWN, "port-it", SELF), (6.0, DEGRADED, "containers", "port-it"),
        ],
    )  # fmt: skip
    assert chain(trace, 2) == (2, 1, 0)
    assert chain(trace, 5) == (5, 4, 3)


def test_a_chain_may_end_at_demand(model: Model, sorami: nr.Estate) -> None:
    trace = made(
        model, [], [(4.0, DEGRADED, "bus-midorino", DEMAND), (4.0, DEGRADED, "electricity-midorino", "bus-midorino")]
    )
    assert chain(trace, 1) == (1, 0)
    assert roots(trace, 1) == (0,)
    assert also(trace, 0) == ()
    [one] = explain(trace, names_of(sorami), "electricity-midorino")
    assert [link.why for link in one.chain] == ["supply", "demand"]
    assert "More was asked for than there was to give" in one.text()
    assert "需要が供給力を上回った" in one.text("ja")


def test_every_loss_of_random_estates_goes_back_to_a_hit_or_to_demand() -> None:
    losses = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        estate = small(rng)
        shock = random_shock(rng, estate)
        model = build(estate)
        draw = median(model, shock)
        run = engine.run(model, draw)
        trace = index(run, model, draw)
        for k, event in enumerate(run.events):
            if event.what in LOSSES:
                losses += 1
                last = run.events[chain(trace, k)[-1]]
                assert last.what == HIT or last.cause == DEMAND, (seed, k)
        names = names_of(estate)
        for unit in model.ids:
            for one in explain(trace, names, unit):
                assert "{" not in one.text("en") + one.text("ja")
    assert losses > 100


def test_words_are_there_in_both_languages() -> None:
    for english, japanese in (*WORDS.values(), *COMMODITIES.values(), *EFFECT_WORDS.values()):
        assert english.isascii()
        assert not japanese.isascii()
    assert set(EFFECT_WORDS) == set(EFFECTS)
    assert [share_text(share, "en") for share in (0.0, 0.0004, 0.004, 0.5, 0.9996, 1.0)] == [
        "0 %", "<0.1 %", "0.4 %", "50 %", ">99.9 %", "100 %",
    ]  # fmt: skip
