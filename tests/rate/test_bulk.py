"""Many organisations at once: what they score does not depend on who is scored with them, or in which chunks."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from tests.rate.made import ITEMS, catalogue

from noroshi.rate.bulk import Marks, joined, ordered, score_all
from noroshi.rate.evidence import GRADES, Columns, weigh_columns
from noroshi.rate.score import Peers, score


def made(count: int, seed: int = 3, silent: float = 0.03) -> Columns:
    """Answers of `count` organisations to about three in four items, mixed in grade and age, in any order."""
    rng = np.random.default_rng(seed)
    asked = np.flatnonzero(rng.random(count * ITEMS) < 0.75)
    cells = rng.permutation(np.concatenate([asked, asked[:50]]))
    return Columns(
        count, cells // ITEMS, cells % ITEMS, rng.random(len(cells)), rng.integers(0, len(GRADES), len(cells)),
        rng.integers(0, 1500, len(cells)), rng.random(len(cells)) < silent, np.full(len(cells), np.nan),
    )  # fmt: skip


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
@pytest.mark.parametrize("each", [False, True])
def test_chunks_do_not_change_a_bit(chunk: int, each: bool) -> None:
    asked, given = catalogue(), made(200)
    rng = np.random.default_rng(1)
    mean = rng.uniform(0.3, 0.8, (200, ITEMS)) if each else np.full(ITEMS, 0.58)
    peers = Peers(mean, rng.uniform(10, 25, 200) if each else 20.0)
    whole = score(asked, weigh_columns(asked, given), peers)
    ours = score_all(asked, given, peers, chunk=chunk)
    for name, theirs in zip((f.name for f in fields(Marks)), (
        whole.mean, whole.technical, whole.organisational, whole.sd, whole.low, whole.high, whole.reach,
    ), strict=True):  # fmt: skip
        np.testing.assert_array_equal(getattr(ours, name), theirs, err_msg=name)


def test_order_within_an_organisation_is_kept_and_nobody_scores_nothing() -> None:
    given = made(20)
    sorted_ = ordered(given)
    assert (np.diff(sorted_.organisation) >= 0).all()
    assert sorted_.level[sorted_.organisation == 4].tolist() == given.level[given.organisation == 4].tolist()
    assert joined([]).score.shape == (0,)
    nothing = Columns(
        2, *(np.zeros(0, np.int64),) * 2, np.zeros(0), *(np.zeros(0, np.int64),) * 2, np.zeros(0, bool), np.zeros(0)
    )
    silent = score_all(catalogue(), nothing, Peers(np.full(ITEMS, 0.585), 20.0))
    assert silent.score == pytest.approx([58.5, 58.5])
