"""A cell as others see it: rounded, with merged bins and what follows from them; nothing in it is known more finely."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from noroshi.rate.ladder import Z95, verdict
from noroshi.rate.sectors import shrunk
from noroshi.rate.tables import ALL, BINS, FULL, QUANTILES, Key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from noroshi.rate.tables import Cell

__all__ = ["Shown", "drawn", "merged_bins", "rounded", "shown_to", "with_distribution"]

FIVE = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as others see it. why: "" if it is shown, else few | dominated | follows | series.

    follows: from other cells of the round; series: from those of the round `since`; either would isolate `isolates`
    organisations (0: not proven to be safe). step: to how many points the mean is rounded. rated: rounded down to 5.
    bins: (low, high, share of those rated), of which the quantiles are read off. passing: share that reaches the mark;
    passing_few: "pass" or "fail" where fewer than the least do, or do not: then only that is said.
    """

    key: Key
    why: str
    organisations: int | None = None
    step: float = 0.0
    isolates: int = 0
    since: str = ""
    rated: int | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    shrunk: tuple[float, float, float] | None = None
    bins: tuple[tuple[float, float, float], ...] = ()
    quantiles: tuple[float, ...] = ()
    passing: tuple[float, float, float] | None = None
    passing_few: str = ""
    verdict: str = ""


def rounded(value: float, step: float) -> float:
    """Return the multiple of `step` next to the value."""
    return round(round(value / step) * step, 6)


def shown_to(one: Cell, step: float, mark: float) -> Shown:
    """Return a cell's mean to a multiple of `step`, its interval rounded outward, its count down to a multiple of 5."""
    low = max(0.0, round(math.floor(one.low / step) * step, 6))
    high = min(FULL, round(math.ceil(one.high / step) * step, 6))
    return Shown(
        one.key, "", one.organisations, step, rated=one.rated // FIVE * FIVE, mean=rounded(one.mean, step), low=low,
        high=high, verdict=verdict(low, high, mark),
    )  # fmt: skip


def with_distribution(shown: Shown, one: Cell, least: int) -> Shown:
    """Return the cell with its bins, merged until each has `least`, the percentiles read off them, and who passes."""
    merged = merged_bins(one.bins, least)
    bins = tuple((low, high, round(count / one.rated, 2)) for low, high, count in merged)
    passes = one.passing * one.rated
    few = "pass" if passes < least else "fail" if one.rated - passes < least else ""
    passing = None
    if not few:
        low, high = math.floor(100 * one.passing_low) / 100, math.ceil(100 * one.passing_high) / 100
        passing = (round(one.passing, 2), low, high)
    return replace(shown, bins=bins, quantiles=read_off(bins), passing=passing, passing_few=few)


def merged_bins(counts: Sequence[int], least: int) -> tuple[tuple[float, float, int], ...]:
    """Return bins of ten points merged with their neighbours, from below, until each has `least`: (low, high, count).

    What is left at the top goes to the last of them. One bin says nothing, and is left out.
    """
    found: list[tuple[float, float, int]] = []
    start, held = 0, 0
    for k, count in enumerate(counts):
        held += count
        if held >= least:
            found.append((float(BINS[start]), float(BINS[k + 1]), held))
            start, held = k + 1, 0
    if found and start < len(counts):
        low, _, count = found.pop()
        found.append((low, float(BINS[-1]), count + held))
    return tuple(found) if len(found) > 1 else ()


def read_off(bins: Sequence[tuple[float, float, float]]) -> tuple[float, ...]:
    """Return the percentiles of organisations spread evenly within the bins, in whole points."""
    if not bins:
        return ()
    edges = np.array([bins[0][0], *(high for _, high, _ in bins)])
    below = np.concatenate([[0.0], np.cumsum([part for _, _, part in bins])])
    return tuple(float(round(x)) for x in np.interp(QUANTILES, below / below[-1], edges))


def drawn(shown: Mapping[Key, Shown]) -> dict[Key, Shown]:
    """Return the cells with the sectors' shrunk means, from what is shown of the sectors and nothing else."""
    sectors = [one for key, one in shown.items() if key[0] != ALL and key[1] == ALL and one.mean is not None]
    mean = np.array([one.mean for one in sectors], dtype=np.float64)
    error = np.array([((one.high or 0.0) - (one.low or 0.0)) / (2.0 * Z95) for one in sectors])
    found = shrunk(mean, error)
    out = dict(shown)
    for k, one in enumerate(sectors):
        center, reach = float(found.mean[k]), Z95 * float(found.error[k])
        values = (center, max(0.0, center - reach), min(FULL, center + reach))
        out[one.key] = replace(one, shrunk=tuple(round(v, 1) for v in values))  # type: ignore[arg-type]  # three of them
    return out
