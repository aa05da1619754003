"""Random numbers by address: the published answers of Philox, and normal deviates against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from noroshi.stress.random import inverse_normal, normal, philox, uniform

ANSWERS = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)
"""Counter, key and answer of Philox4x32-10, as Random123 publishes them for every implementation to be tested with."""


@pytest.mark.parametrize(("counter", "key", "answer"), ANSWERS)
def test_philox_gives_the_published_answers(
    counter: tuple[int, int, int, int], key: tuple[int, int], answer: tuple[int, ...]
) -> None:
    assert philox(*counter, *key) == answer


def test_normal_quantiles_are_scipys() -> None:
    places = np.concatenate([np.logspace(-300, -1, 400), np.linspace(0.1, 0.9, 401), 1.0 - np.logspace(-15, -1, 60)])
    ours = np.array([inverse_normal(float(p)) for p in places])
    assert ours == pytest.approx(ndtri(places), rel=1e-13, abs=1e-15)


def test_uniform_numbers_are_uniform_and_independent_by_every_part_of_their_address() -> None:
    count = 4000
    base = np.array([uniform(1, 2, 3, k) for k in range(count)])
    others = [
        np.array([uniform(*address(k)) for k in range(count)])
        for address in (lambda k: (2, 2, 3, k), lambda k: (1, 3, 3, k), lambda k: (1, 2, 4, k), lambda k: (1, k, 3, 3))
    ]
    assert 0.0 < base.min() < base.max() < 1.0
    sharpest = 1.63 / np.sqrt(count)  # Kolmogorov's 1 % point
    ranked = np.arange(count) / count
    for values in (base, *others):
        assert np.abs(np.sort(values) - ranked).max() < sharpest
    assert np.abs(np.corrcoef([base, *others]) - np.eye(5)).max() < 4.0 / np.sqrt(count)


def test_a_normal_deviate_is_the_quantile_of_its_uniform_number() -> None:
    assert normal(7, 8, 9, 10) == inverse_normal(uniform(7, 8, 9, 10))
