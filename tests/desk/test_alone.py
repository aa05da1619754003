"""What changes who is pressed first: said only where it is beyond chance."""

from __future__ import annotations

import numpy as np
from tests.desk.small import EVERYONE, tiny

from noroshi.desk.alone import DRAWS, FIRST, Alone, changes_first, consequences, slopes_of
from noroshi.desk.odds import odds_for
from noroshi.stress.kernel_draw import FACTORS
from noroshi.stress.model import build
from noroshi.stress.odds import SLOPES, Odds

MANUAL, SLOPE = FACTORS.index("manual_share"), FACTORS.index("slope")


def even(items: int = 2) -> Odds:
    """Return odds in which everyone has the same chance."""
    none = np.empty(0, np.int64)
    return Odds(np.full((SLOPES, items), 0.1), none, none, np.empty(0), np.empty(0, np.bool_), np.empty(0), 0.2, 0.5)


def drawn(rng: np.random.Generator, *harm: np.ndarray, z: np.ndarray) -> Alone:
    made = np.array(harm)
    return Alone(made.mean(axis=1), np.arange(len(made)), made + rng.normal(0.0, 0.01, made.shape), z)


def test_an_assumption_that_turns_the_order_changes_who_is_first() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(DRAWS, len(FACTORS)))
    high = z[:, MANUAL] > np.median(z[:, MANUAL])
    alone = drawn(rng, np.where(high, 1.0, 4.0), np.where(high, 3.0, 1.0), z=z)
    assert changes_first(alone, even(), MANUAL)


def test_noise_alone_changes_nobody() -> None:
    said = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        z = rng.normal(size=(DRAWS, len(FACTORS)))
        heavy = rng.lognormal(0.0, 1.5, size=(40, DRAWS)) * (rng.random((40, DRAWS)) < 0.3)
        alone = Alone(heavy.mean(axis=1), np.arange(40), heavy, z)
        said += sum(changes_first(alone, even(40), k) for k in range(len(FACTORS)))
    assert said <= 4  # of 400


def test_the_slope_acts_on_the_chance() -> None:
    rng = np.random.default_rng(2)
    z = rng.normal(size=(DRAWS, len(FACTORS)))
    steep = np.arange(SLOPES)[:, None] / SLOPES
    odds = even()._replace(chance=np.hstack([0.05 + 0.0 * steep, 0.01 + 0.08 * steep]))
    alone = drawn(rng, np.ones(DRAWS), np.ones(DRAWS), z=z)
    assert changes_first(alone, odds, SLOPE)
    assert not changes_first(alone, odds, MANUAL)


def test_one_alone_is_always_first() -> None:
    z = np.zeros((DRAWS, len(FACTORS)))
    assert not changes_first(Alone(np.ones(1), np.zeros(1, np.int64), np.ones((1, DRAWS)), z), even(1), MANUAL)


def test_slopes_are_equally_likely() -> None:
    z = np.zeros((3200, len(FACTORS)))
    z[:, SLOPE] = np.random.default_rng(3).normal(size=3200)
    counts = np.bincount(slopes_of(z), minlength=SLOPES)
    assert len(counts) == SLOPES
    assert counts.min() > 50


def test_the_breach_of_the_grid_takes_the_water_along() -> None:
    estate = tiny()
    model = build(estate)
    odds = odds_for(estate, model, EVERYONE)
    parts: list[float] = []

    def run(threads: int) -> Alone:
        return consequences(
            model, odds, 2, seed=5, horizon=72.0, clock=0.0, threads=threads, progress=parts.append
        )  # fmt: skip

    alone = run(1)
    assert alone.harm[0] > alone.harm[1] > 0.0
    assert alone.drawn.shape == (2, DRAWS)
    assert (alone.drawn[0, :FIRST] > 0.0).any()
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    again = run(2)
    assert np.array_equal(alone.drawn, again.drawn)
    assert np.array_equal(alone.z, again.z)
