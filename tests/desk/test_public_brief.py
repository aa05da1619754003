"""The brief is read outside the ministries: it shows no own-score mean of fewer than ten organisations."""

from __future__ import annotations

import pytest

from noroshi.desk.brief import ratings
from noroshi.estate.model import Meta, from_frames


@pytest.mark.parametrize(("count", "basis", "score"), [(9, "assumed", 55.0), (10, "own", 84.5)])
def test_nine_own_scores_are_not_told_and_ten_are(count: int, basis: str, score: float) -> None:
    members = [
        {"id": f"o{k}", "name_en": "O", "name_ja": "O", "sector": "water", "score": 80.0 + k} for k in range(count)
    ]
    sectors = [
        {"id": "water", "name_en": "Water", "name_ja": "水道", "score": 55.0},
        {"id": "gas", "name_en": "Gas", "name_ja": "ガス", "score": 65.0, "score_basis": "published"},
    ]
    found = ratings(from_frames(Meta("toy"), {"sectors": sectors, "organisations": members}))
    water, gas = found.sectors
    assert (water.score, water.basis) == (score, basis)
    assert (gas.score, gas.basis) == (65.0, "published")
    assert found.overall.score == (score + 65.0) / 2  # nor does the mean of the sectors tell it
