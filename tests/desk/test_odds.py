"""The chances that ratings and a threat give: monotone in the score, nothing outside the threat, suppliers always."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.desk.small import EVERYONE, PLAN, tiny

from noroshi.desk.odds import odds_for, slopes
from noroshi.estate.model import Estate, from_frames
from noroshi.stress.model import build
from noroshi.stress.odds import SLOPES, Odds
from noroshi.stress.threat import Threat


def odds(estate: Estate, threat: Threat = EVERYONE) -> Odds:
    return odds_for(estate, build(estate), threat)


def rated(*scores: float | None) -> Estate:
    estate = tiny()
    rows = estate.frame("organisations").to_dicts()
    for row, score in zip(rows, scores, strict=True):
        row["score"] = score
    return from_frames(estate.meta, {**estate.frames, "organisations": rows})


def test_a_higher_score_is_breached_less_at_every_slope() -> None:
    chance = odds(rated(40.0, 80.0)).chance
    assert chance.shape == (SLOPES, 3)
    assert (chance[:, 0] > chance[:, 1]).all()
    assert ((chance > 0.0) & (chance < 1.0)).all()


def test_a_steeper_slope_sets_them_further_apart() -> None:
    chance = odds(rated(40.0, 80.0)).chance
    assert (np.diff(slopes()) > 0.0).all()
    assert (np.diff(chance[:, 0] / chance[:, 1]) > 0.0).all()


def test_without_a_score_the_sector_speaks() -> None:
    chance = odds(tiny()).chance.mean(axis=0)
    assert chance[0] > chance[1]  # the sector at 50 points against the one at 60


def test_outside_the_threats_sectors_only_suppliers_are_attacked() -> None:
    chance = odds(tiny(), PLAN).chance
    assert (chance[:, 0] > 0.0).all()
    assert (chance[:, 1] == 0.0).all()
    assert (chance[:, 2] > 0.0).all()
    assert np.array_equal(chance[:, [0, 2]], odds(tiny()).chance[:, [0, 2]])


@pytest.mark.parametrize(("name", "value"), [("reach", 3.0), ("period_days", 90.0)])
def test_more_reach_or_more_days_are_more_breaches(name: str, value: float) -> None:
    more = replace(EVERYONE, **{name: value})  # type: ignore[arg-type]
    assert (odds(tiny(), more).chance > odds(tiny()).chance).all()


def test_links_lead_to_systems_and_a_supplier_to_its_clients() -> None:
    estate = tiny()
    model = build(estate)
    found = odds_for(estate, model, EVERYONE)
    named = [[model.ids[u] for u in found.system[a:b]] for a, b in zip(found.first[:-1], found.first[1:], strict=True)]
    assert named == [["grid-it"], ["works-it"], ["grid-it", "works-it"]]
    assert found.reach.tolist() == [1.0, 1.0, 0.5, 0.5]
    assert not found.guarded.any()
    assert found.effects.tolist() == [1.0] * 6


def test_nobody_is_attacked_where_no_sector_fits() -> None:
    nowhere = replace(PLAN, sectors=("space",))
    assert odds(tiny(without=("suppliers",)), nowhere).chance.max() == 0.0
