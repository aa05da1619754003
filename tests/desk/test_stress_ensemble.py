"""Ensembles and resilience as a person asks for them, by the library's own names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.desk.small import EVERYONE, PLAN, tiny

import noroshi as nr
from noroshi.desk.brief_schema import plain_values
from noroshi.errors import InputError


def test_an_ensemble_gives_figures_arrays_and_frames() -> None:
    found = nr.ensemble(tiny(), EVERYONE, trials=30, seed=3)
    report = found.report
    assert (report.trials, report.seed, report.threat.id) == (30, 3, "all")
    assert found.runs.below.shape == (30, 2)
    assert report.p_any == pytest.approx(float(found.runs.weight.mean()))
    services, sensitivity = found.frame(), found.frame("sensitivity")
    assert services.height == 2
    assert {"id", "person_hours_mean", "person_hours_p95", "p_beyond_tolerance"} <= set(services.columns)
    assert sensitivity.height == len(report.sensitivity) == found.runs.z.shape[1]
    with pytest.raises(KeyError, match="expected services or sensitivity"):
        found.frame("nonsense")
    assert found.as_dict() == nr.ensemble(tiny(), EVERYONE, trials=30, seed=3, threads=1).as_dict()


def test_a_brief_and_an_ensemble_of_one_seed_say_the_same() -> None:
    whole = nr.brief(tiny(), EVERYONE, trials=20, seed=4)
    part = nr.ensemble(tiny(), EVERYONE, trials=20, seed=4).report
    assert whole.services == part.services
    assert whole.harms == part.harms
    assert [s.effect for s in whole.sensitivity] == [s.effect for s in part.sensitivity]


def test_a_longer_horizon_is_no_less_harm() -> None:
    short, long = (nr.ensemble(tiny(), EVERYONE, trials=20, horizon_h=hours) for hours in (12.0, 96.0))
    assert (long.runs.below >= short.runs.below - 1e-9).all()
    assert np.array_equal(long.runs.who, short.runs.who)


def test_resilience_names_services_and_examples() -> None:
    report = nr.resilience(tiny())
    by_id = {one.service: one for one in report.resilience}
    assert (by_id["light"].low, by_id["light"].high, by_id["light"].example) == (1, 1, ("grid",))
    assert (by_id["light"].name, by_id["light"].name_ja) == ("Light", "灯り")
    assert (report.threat, report.pairs) == (None, True)
    assert report.frame().height == 2
    assert list(plain_values(report)["resilience"][0]["example_names"]) == ["Grid"]


def test_with_a_threat_only_those_it_attacks_count() -> None:
    only_water = replace(PLAN, sectors=("water",))
    report = nr.resilience(tiny(without=("suppliers",)), only_water)
    by_id = {one.service: one for one in report.resilience}
    assert (by_id["light"].low, by_id["light"].high) == (3, None)
    assert by_id["tap"].low_example == ("works",)
    assert report.threat is not None
    assert report.threat.sectors == ("water",)


@pytest.mark.parametrize("ask", [nr.ensemble, nr.resilience])
def test_a_threat_that_attacks_nobody_is_refused(ask: object) -> None:
    with pytest.raises(InputError, match="bad-threat"):
        ask(tiny(without=("suppliers",)), replace(PLAN, sectors=("space",)))  # type: ignore[operator]
