"""What-ifs: what is asked in words, what a run says and keeps, who may see it, how it is stopped."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from noroshi import stress
from noroshi.desk import whatif_runs as runs
from noroshi.desk.stress import run_shock
from noroshi.desk.whatif_asked import Asked, HitAsked, asked_of, shipped_for, shock_of
from noroshi.desk.whatif_bands import bands_of, drawn
from noroshi.desk.whatif_loading import loading_of
from noroshi.desk.whatif_losses import compared, curves_csv, losses_csv, losses_of, moment, worst
from noroshi.desk.whatif_map import geojson, map_of
from noroshi.desk.whatif_places import Sought, found_units, organisations_of, units_of
from noroshi.desk.whatif_running import LOST, MOST_OWN, Order, Runner, compute, progress_of, settled, stop
from noroshi.desk.whatif_runs import DONE, ENDED, FAILED, STOPPED, Answer, Record
from noroshi.desk.whatif_states import FAILING, FRAMES, OUT, Playback, frames_of, states_at
from noroshi.errors import InputError, StoppedError
from noroshi.estate.model import Estate
from noroshi.files.estates import load
from noroshi.report.whatif_map import map_svg
from noroshi.settings import Settings
from noroshi.share.taxii import Refused
from noroshi.store.contract import Principal
from noroshi.stress.draw import median
from noroshi.stress.model import build
from noroshi.stress.shock import Hit, Shock, Spread

SHOCKS = ("grid-centre-loss-of-control", "port-ransomware")
BOSS, GRID, GAS, ALLY = (
    Principal(no=no, name=name, kind=kind, sees=3, communities=frozenset(), version=1)
    for no, (name, kind) in enumerate(
        (("boss", "centre"), ("grid", "operator"), ("gas", "operator"), ("ally", "partner"))
    )
)


@cache
def sorami() -> Estate:
    return load("sorami")


def quietly(_step: str, _part: float) -> None:
    """Take what a run tells of its progress."""


@cache
def answered(name: str) -> Answer:
    asked = asked_of(shipped_for(sorami())[name])
    record = Record(uid=runs.new_uid(), owner=0, by="boss", made=0, name=name, estate="sorami", estate_id="sorami",
                    asked=asked)  # fmt: skip
    return compute(record, sorami(), quietly)


def settings_in(folder: Path) -> Settings:
    return Settings("127.0.0.1", 8600, "en", 1, folder, folder, "")


def ended(settings: Settings, uid: str) -> Record:
    """Wait for a run and return how it stands."""
    for thread in threading.enumerate():
        if thread.name == "noroshi-whatif":
            thread.join(120)
    return settled(settings, runs.read(settings, uid, "record", Record))


@pytest.mark.parametrize("name", SHOCKS)
def test_a_shock_in_words_is_the_same_shock_again(name: str) -> None:
    shock = shipped_for(sorami())[name]
    assert shock_of(asked_of(shock), sorami()) == shock


def test_hours_are_typed_as_a_number_or_as_a_median_and_a_90_percent_point() -> None:
    for text, meant in (("18-60", Spread(18, 60)), ("18〜60", Spread(18, 60)), ("18", 18.0), ("", None)):
        asked = Asked(hits=(HitAsked(target="port-it", effect="freeze", restore=text),))
        assert shock_of(asked, sorami()).hits == (Hit("port-it", "freeze", 0.0, meant),)


def test_every_fault_of_what_is_asked_is_told_with_its_row_and_remedy() -> None:
    hits = (
        HitAsked(target="port-itt", effect="freeze"), HitAsked(target="port-it", effect="burn"),
        HitAsked(target="port-it", effect="trip", onset="99"), HitAsked(target="port-it", effect="trip", restore="9-3"),
        HitAsked(target="port-it", effect="trip", detect="soon"),
    )  # fmt: skip
    with pytest.raises(InputError) as raised:
        shock_of(Asked(start="25", season="monsoon", hits=hits), sorami())
    found = raised.value.faults
    assert [(one.row, one.column) for one in found] == [
        (None, "start"), (None, "season"), (1, "target"), (2, "effect"), (3, "onset_h"), (4, "restore_h"), (5,
        "detect_h"),
    ]  # fmt: skip
    assert all(one.remedy for one in found)
    assert "port-it" in found[2].remedy
    with pytest.raises(InputError):
        shock_of(Asked(), sorami())


@pytest.mark.parametrize("name", SHOCKS)
def test_a_run_says_what_the_command_says(name: str) -> None:
    assert json.dumps(answered(name).result) == json.dumps(run_shock("sorami", name).as_dict())
    again = compute(
        Record(uid="", owner=0, by="", made=0, name="", estate="", estate_id="",
               asked=asked_of(shipped_for(sorami())[name])), sorami(), quietly,
    )  # fmt: skip
    assert msgspec.json.encode(again) == msgspec.json.encode(answered(name))


def test_states_follow_the_events_and_the_services() -> None:
    answer = answered("grid-centre-loss-of-control")
    assert states_at(answer.playback, 0.2) == {"asanagi-ems": FAILING}
    at = states_at(answer.playback, 1.0)
    assert at["bus-sorahama"] == at["electricity-midorino"] == OUT
    shares = {one.id: dict(one.served)[0.5] for one in losses_of(answer) if any(h == 0.5 for h, _ in one.served)}
    assert at["electricity-sorahama"] == FAILING
    assert 0 < shares["electricity-sorahama"] < 0.8
    assert states_at(answer.playback, 71.9) == {}


def test_six_moments_are_six_and_in_order_however_little_happens() -> None:
    for hours in ((), (0.0,), (0.0, 1.0, 2.0), tuple(float(k) for k in range(40))):
        changes = tuple({f"u{k}": OUT} for k in range(len(hours)))
        found = frames_of(Playback(horizon_h=72.0, hours=hours, changes=changes))
        assert len(found) == FRAMES
        assert list(found) == sorted(set(found))
        assert found[-1] < 72.0


def test_each_loss_has_its_chain_back_to_a_hit() -> None:
    answer = answered("grid-centre-loss-of-control")
    why = next(one for one in answer.whys if one.unit == "electricity-sorahama")
    assert why.chain[0] == "electricity-sorahama"
    assert "asanagi-ems" in why.lines[-3] + "".join(why.lines)
    assert len(why.lines) == len(why.lines_ja)


def test_lines_are_as_loaded_as_the_engine_leaves_them() -> None:
    answer = answered("grid-centre-loss-of-control")
    hours = answer.playback.hours
    cut = [answer.loading["line-azuma-sorahama-1"][k] for k, hour in enumerate(hours) if 0.5 <= hour < 4.0]
    assert set(cut) == {0}
    before = answer.loading["line-azuma-sorahama-1"][0]
    assert 0 < before <= 100
    calm = loading_of(sorami(), Shock("calm", 72.0, (), 12.0, "summer"), (0.0,), lambda _: None)
    assert calm["line-azuma-sorahama-1"] == (before,)


def test_bands_hold_the_median_run_and_do_not_change_with_the_day() -> None:
    shock = shipped_for(sorami())["port-ransomware"]
    first, again = (bands_of(sorami(), shock, 12, lambda _: None) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(again)
    assert msgspec.json.encode(bands_of(sorami(), shock, 12, lambda _: None, seed=7)) != msgspec.json.encode(first)
    low, middle, high = first.person_hours
    assert low <= middle <= high
    for one in first.services:
        assert all(a <= b <= c for a, b, c in zip(one.curve.p05, one.curve.p50, one.curve.p95, strict=True))


def test_what_is_drawn_has_the_medians_and_widths_that_are_documented() -> None:
    model = build(sorami())
    shock = Shock("one", 72.0, (Hit("port-tos", "freeze", 0.0, Spread(58, 120)),))
    ends = np.array([
        (draw := drawn(model, shock, list(shock.hits), np.random.default_rng([1, k]))).end[0] - draw.seen[0]
        for k in range(600)
    ])  # fmt: skip
    assert np.median(ends) == pytest.approx(58, rel=0.08)
    assert np.quantile(ends, 0.9) == pytest.approx(120, rel=0.12)
    fixed = drawn(model, replace(shock, hits=(Hit("port-tos", "freeze", 0.0, 9.0, 1.0),)),
                  [Hit("port-tos", "freeze", 0.0, 9.0, 1.0)], np.random.default_rng(3))  # fmt: skip
    assert fixed.end[0] == 10.0
    assert len(fixed.autonomy) == len(median(model, shock).autonomy)


def test_people_of_an_area_count_once_and_the_worst_moment_is_found() -> None:
    answer = answered("grid-centre-loss-of-control")
    losses = losses_of(answer)
    top = worst(answer, losses)
    assert top.people == 1_600_000
    assert all(moment(answer, losses, hour).people <= top.people for hour in (0.0, 1.0, 5.0, 40.0))
    assert moment(answer, losses, 71.0).below == 0


def test_two_runs_are_compared_service_by_service() -> None:
    one, other = (answered(name) for name in SHOCKS)
    rows = compared(one, other)
    total = sum(row.difference for row in rows)
    harms = [answer.result["harms"]["service"]["person_hours_below_floor"] for answer in (one, other)]
    assert total == pytest.approx(harms[1] - harms[0])
    assert sum(row.difference for row in compared(one, one)) == 0


def test_what_is_taken_away_names_every_service_and_place() -> None:
    answer, shown = answered("grid-centre-loss-of-control"), map_of(sorami())
    assert len(losses_csv(answer).splitlines()) == 1 + len(answer.result["services"])
    assert "electricity-sorahama,0.5," in curves_csv(answer)
    said = json.loads(geojson(shown, answer, 1.0, "x"))
    states = {one["id"]: one["properties"]["state"] for one in said["features"]}
    assert states["bus-sorahama"] == "out"
    assert states["bus-hikariura"] == "normal"
    places = {one["id"]: one["geometry"]["coordinates"] for one in said["features"]}
    assert places["bus-sorahama"] == [165.1, 31.2]
    drawn_map = map_svg(shown, answer, 1.0, "Title <&>", "ja")
    assert "Title &lt;&amp;&gt;" in drawn_map
    assert 'class="mark s3"' in drawn_map


def test_one_finds_what_can_be_hit_by_words_sector_and_organisation() -> None:
    estate = sorami()
    assert [one.id for one in found_units(estate, Sought("端末 コンテナ"))] == []
    assert {one.id for one in found_units(estate, Sought(organisation="tomariura-port"))} <= {
        one.id for one in units_of(estate) if one.organisation == "tomariura-port"
    }
    assert all(one.table not in ("services", "trips") for one in found_units(estate, Sought()))
    assert found_units(estate, Sought("asanagi-ems"))[0].id == "asanagi-ems"
    assert {one.sector for one in found_units(estate, Sought(sector="gas"))} == {"gas"}
    assert "asanagi-grid" in organisations_of(estate)


def test_a_run_is_kept_for_its_owner_and_for_those_it_is_shared_with(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    order = Order(asked=asked_of(shipped_for(sorami())["port-ransomware"]))
    made = Runner(settings).start(GRID, order, "sorami", sorami(), 5)
    assert ended(settings, made.uid).state == DONE
    assert runs.answer(settings, made).result["shock"] == "Ransomware at Tomariura port"
    assert [one.uid for one in runs.listed(settings, GRID)] == [made.uid]
    for other in (BOSS, GAS, ALLY):
        assert runs.listed(settings, other) == []
        with pytest.raises(Refused) as refused:
            runs.must_find(settings, other, made.uid)
        assert refused.value.status == 404

    class Names:
        def principal(self, name: str) -> tuple[Principal, str] | None:
            return (GAS, "") if name == "gas" else None

    runs.share(settings, Names(), GRID, made.uid, ("gas", "nobody"), everybody=False)  # type: ignore[arg-type]
    assert runs.must_find(settings, GAS, made.uid).saved
    with pytest.raises(Refused):
        runs.must_find(settings, ALLY, made.uid)
    for change in (lambda: runs.rename(settings, GAS, made.uid, "mine"), lambda: runs.delete(settings, GAS, made.uid)):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.status == 403
    runs.share(settings, Names(), GRID, made.uid, (), everybody=True)  # type: ignore[arg-type]
    assert runs.must_find(settings, ALLY, made.uid)
    runs.share(settings, Names(), GRID, made.uid, (), everybody=False)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        runs.must_find(settings, GAS, made.uid)
    assert runs.rename(settings, GRID, made.uid, "  The   port ").name == "The port"
    runs.delete(settings, GRID, made.uid)
    assert list((tmp_path / "whatif").iterdir()) == []


def test_who_may_not_run_is_refused_and_an_id_is_never_a_path(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with pytest.raises(Refused) as refused:
        Runner(settings).start(ALLY, Order(asked=Asked()), "sorami", sorami(), 0)
    assert refused.value.status == 403
    (tmp_path / "record.json").write_bytes(b"{}")
    for uid in ("..", "../..", "", "x", "a" * 400, "00000000-0000-4000-8000-00000000000/"):
        with pytest.raises(Refused):
            runs.must_find(settings, BOSS, uid)


def test_so_many_at_once_and_no_more_and_each_can_be_stopped(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    runner = Runner(settings)
    runner.places = threading.Semaphore(0)  # all wait until the test lets them go on
    order = Order(asked=asked_of(shipped_for(sorami())["port-ransomware"]))
    made = [runner.start(GRID, order, "sorami", sorami(), k) for k in range(MOST_OWN)]
    with pytest.raises(Refused) as refused:
        runner.start(GRID, order, "sorami", sorami(), 9)
    assert refused.value.status == 429
    runner.start(GAS, order, "sorami", sorami(), 9)
    runner.start(GAS, order, "sorami", sorami(), 9)
    with pytest.raises(Refused):
        runner.start(BOSS, order, "sorami", sorami(), 9)
    assert settled(settings, made[0]).state not in ENDED
    with pytest.raises(Refused):
        runs.delete(settings, GRID, made[0].uid)
    for one in runs.under_way(settings):
        stop(settings, {0: BOSS, 1: GRID, 2: GAS}[one.owner], one.uid)
        runner.places.release()
    assert {ended(settings, one.uid).state for one in made} == {STOPPED}
    assert progress_of(settings, made[0]).part == 0.0
    runner.start(GRID, order, "sorami", sorami(), 10)
    runner.places.release()
    assert ended(settings, runs.listed(settings, GRID)[0].uid).state == DONE


def test_a_run_that_a_dead_hub_was_at_has_failed_and_says_so(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    record = Record(uid=runs.new_uid(), owner=1, by="grid", made=0, name="x", estate="sorami", estate_id="sorami",
                    asked=Asked(), state="running")  # fmt: skip
    runs.begun(settings, record)
    found = settled(settings, record)
    assert (found.state, found.fault) == (FAILED, LOST)


def test_of_runs_that_are_not_saved_the_newest_are_kept(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    for k in range(runs.KEPT_UNSAVED + 3):
        runs.begun(settings, Record(uid=runs.new_uid(), owner=1, by="grid", made=k, name=str(k), estate="sorami",
                                    estate_id="sorami", asked=Asked(), state=DONE, saved=k == 0))  # fmt: skip
    left = {int(one.name) for one in runs.listed(settings, GRID)}
    assert left == {0, *range(3, runs.KEPT_UNSAVED + 3)}


def test_whoever_stops_a_run_stops_it_within_its_steps() -> None:
    def stops(step: str, _: float) -> None:
        if step == "loading":
            raise StoppedError

    shock = shipped_for(sorami())["port-ransomware"]
    record = Record(uid="", owner=0, by="", made=0, name="", estate="", estate_id="", asked=asked_of(shock))
    with pytest.raises(StoppedError):
        compute(record, sorami(), stops)
    assert stress.run(sorami(), shock).shock == shock.name
