"""Tables of a round of ratings by sector and size: means, distributions, shares passing, change since another round.

Everything here is what the owner of the figures may see; what others may see of it is `publication`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.ladder import Z95, verdict
from noroshi.rate.probability import POPULATION_SPREAD
from noroshi.rate.score import beta_with
from noroshi.rate.sectors import Stratum, bounds, shrunk, stratified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.rate.bulk import Marks

__all__ = [
    "ALL", "BINS", "QUANTILES", "Cell", "Change", "Key", "Population", "Rated", "changes", "overall_bounds",
    "sector_cells",
]  # fmt: skip

ALL = ""
"""Sector or size of a cell that has all of them."""
BINS = np.arange(0.0, 101.0, 10.0)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MATCHED = 10
"""From this many organisations in both rounds on, the change is theirs."""
FULL = 100.0
TAILS = (0.05, 0.95)
Floats = NDArray[np.float64]
Texts = NDArray[np.str_]
Key = tuple[str, str]
"""Sector and size of a cell."""


@dataclass(frozen=True, slots=True)
class Rated:
    """The organisations rated in a round, in any order: id, sector and size (stratum) of each, and their scores."""

    name: str
    as_of: str
    organisation: Texts
    sector: Texts
    size: Texts
    marks: Marks


@dataclass(frozen=True, slots=True)
class Population:
    """How many organisations there are, by sector and size; `total` of all sectors where it is known.

    uncounted: sectors that there are, of unknown size.
    """

    count: Mapping[Key, int]
    total: int | None = None
    uncounted: frozenset[str] = frozenset()

    def of(self, key: Key, sizes: set[str]) -> int | None:
        """Return how many a sector has of a size (ALL: of any); None where it is not known of all of `sizes`."""
        sector, size = key
        mine = {z: n for (s, z), n in self.count.items() if s == sector}
        if size != ALL:
            return mine.get(size)
        if not mine or (ALL not in mine and not sizes <= set(mine)):
            return None
        return mine.get(ALL) if ALL in mine else sum(mine.values())


@dataclass(frozen=True, slots=True)
class Change:
    """How far a mean moved since another round, with its 90 % interval; `matched`: of how many rated in both."""

    since: str
    points: float
    low: float
    high: float
    matched: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: a sector, a size, both, or all.

    organisations: how many there are (None: not known); rated: of how many a score is known. mean: weighted by the
    strata's sizes, low and high its 90 % interval, error its standard error; shrunk: drawn towards the other sectors'
    (sectors only). bins: how many rated are in each ten points; quantiles: 5, 25, 50, 75, 95 % points of their scores.
    passing: share that reaches the mark, by the posterior `reach` of the closed form, with its 90 % interval.
    """

    key: Key
    organisations: int | None
    rated: int
    mean: float
    error: float
    low: float
    high: float
    shrunk: tuple[float, float, float] | None
    bins: tuple[int, ...]
    quantiles: tuple[float, ...]
    passing: float
    passing_low: float
    passing_high: float
    verdict: str


def sector_cells(
    rated: Rated, population: Population | None, mark: float, spread: float = POPULATION_SPREAD
) -> dict[Key, Cell]:
    """Return all cells of a round that have anyone rated: all, by sector, by size, by both.

    Where the population is not known, those rated are all there are: no sampling error, organisations None. ValueError
    where more are rated than exist.
    """
    strata = {(s, z): np.flatnonzero((rated.sector == s) & (rated.size == z)) for s, z in base_keys(rated)}
    sectors = sorted({s for s, _ in strata})
    sizes = sorted({z for _, z in strata if z != ALL})
    keys = [(ALL, ALL), *((s, ALL) for s in sectors), *((ALL, z) for z in sizes)]
    keys += [key for key in strata if key[1] != ALL]
    cells = {key: cell(key, rated, strata, population, mark, spread) for key in keys}
    drawn = shrunk(np.array([cells[s, ALL].mean for s in sectors]), np.array([cells[s, ALL].error for s in sectors]))
    for k, s in enumerate(sectors):
        mean, reach = float(drawn.mean[k]), Z95 * float(drawn.error[k])
        cells[s, ALL] = replace(cells[s, ALL], shrunk=(mean, max(0.0, mean - reach), min(FULL, mean + reach)))
    return cells


def base_keys(rated: Rated) -> list[Key]:
    """Return the sectors and sizes that stand together, in order."""
    return sorted(set(zip(rated.sector.tolist(), rated.size.tolist(), strict=True)))


def cell(  # noqa: PLR0913  a cell, its round, and what is known of the rest
    key: Key,
    rated: Rated,
    strata: Mapping[Key, NDArray[np.int64]],
    population: Population | None,
    mark: float,
    spread: float,
) -> Cell:
    """Return one cell, from the places of those rated in each stratum."""
    parts, unrated = parts_of(key, strata, population)
    known = parts is not None
    members = np.concatenate([at for k, at in strata.items() if key[0] in (ALL, k[0]) and key[1] in (ALL, k[1])])
    # where the counts are not known all that are rated are one stratum, and all there is
    parts = [(len(members), members)] if parts is None else parts
    marks, chance = rated.marks, rated.marks.reach
    mean, error = stratified(
        (*(Stratum(count, marks.score[at], marks.sd[at]) for count, at in parts), Stratum(unrated, ())), spread
    )
    share, share_error = stratified(
        tuple(Stratum(count, chance[at], np.sqrt(chance[at] * (1.0 - chance[at]))) for count, at in parts), 0.5
    )
    share_low, share_high = share_interval(share, share_error)
    low, high = max(0.0, mean - Z95 * error), min(FULL, mean + Z95 * error)
    scores = marks.score[members]
    return Cell(
        key=key, organisations=sum(count for count, _ in parts) + unrated if known else None, rated=len(members),
        mean=mean, error=error, low=low, high=high, shrunk=None, bins=tuple(np.histogram(scores, BINS)[0].tolist()),
        quantiles=tuple(np.quantile(scores, QUANTILES).tolist()), passing=share, passing_low=share_low,
        passing_high=share_high, verdict=verdict(low, high, mark),
    )  # fmt: skip


def parts_of(
    key: Key, strata: Mapping[Key, NDArray[np.int64]], population: Population | None
) -> tuple[list[tuple[int, NDArray[np.int64]]] | None, int]:
    """Return the strata of a cell, each with how many it has and the places of those rated; and how many in none.

    A sector of which only the sum is known is one stratum, whatever the sizes. None where a count is not known.
    ValueError where more are rated than exist.
    """
    inside = {k: at for k, at in strata.items() if key[0] in (ALL, k[0]) and key[1] in (ALL, k[1])}
    if population is None:
        return None, 0
    parts: dict[Key, list[NDArray[np.int64]]] = {}
    for (sector, size), at in inside.items():
        whole = (sector, ALL) in population.count and key[1] == ALL
        parts.setdefault((sector, ALL if whole else size), []).append(at)
    if not parts.keys() <= population.count.keys():
        return None, 0
    found = [(population.count[k], np.concatenate(ats)) for k, ats in parts.items()]
    for (k, _), (count, at) in zip(parts.items(), found, strict=True):
        if count < len(at):
            raise ValueError(f"expected at most {count} organisations rated of {' '.join(k).strip()}, found {len(at)}")
    sectors = {s for s, _ in (population.count if key[0] == ALL else inside)}
    others = [n for (s, z), n in population.count.items() if s in sectors and (s, z) not in parts]
    if key[1] != ALL:
        others = [n for (s, z), n in population.count.items() if s in sectors and z == key[1] and (s, z) not in parts]
    return found, sum(others)


def share_interval(share: float, error: float) -> tuple[float, float]:
    """Return the 90 % interval of a share: that of the Beta with its mean and standard error."""
    from scipy.special import betaincinv

    if error == 0.0:
        return share, share
    alpha, beta = beta_with(np.array([share]), np.array([error**2]))
    return tuple(float(betaincinv(alpha, beta, tail)[0]) for tail in TAILS)  # type: ignore[return-value]  # two tails


def changes(now: Rated, then: Rated, cells: Mapping[Key, Cell], before: Mapping[Key, Cell]) -> dict[Key, Change]:
    """Return how far the means of cells moved since the round `then`, where both rounds have them.

    Where ten or more organisations are in the cell in both rounds, the change is theirs, and its error that of their
    changes, for those that are not in both by the finite-population correction. Otherwise it is the difference of the
    two means, their errors taken as independent: too wide rather than too narrow.
    """
    place = {name: k for k, name in enumerate(then.organisation.tolist())}
    here = np.array([k for k, name in enumerate(now.organisation.tolist()) if name in place], dtype=np.int64)
    there = np.array([place[name] for name in now.organisation[here].tolist()], dtype=np.int64)
    found: dict[Key, Change] = {}
    for key in cells.keys() & before.keys():
        both = belongs(now, here, key) & belongs(then, there, key)
        a, b = here[both], there[both]
        if len(a) >= MATCHED:
            moved = now.marks.score[a] - then.marks.score[b]
            errors = np.hypot(now.marks.sd[a], then.marks.sd[b])
            size = max(cells[key].organisations or 0, len(a))
            points, error = stratified((Stratum(size, moved, errors),), POPULATION_SPREAD)
        else:
            points = cells[key].mean - before[key].mean
            error = float(np.hypot(cells[key].error, before[key].error))
        found[key] = Change(then.name, points, points - Z95 * error, points + Z95 * error, len(a))
    return found


def belongs(rated: Rated, at: NDArray[np.int64], key: Key) -> NDArray[np.bool_]:
    """Return which of the organisations at these places are in a cell."""
    sector = np.ones(len(at), np.bool_) if key[0] == ALL else rated.sector[at] == key[0]
    return sector & (np.ones(len(at), np.bool_) if key[1] == ALL else rated.size[at] == key[1])


def overall_bounds(
    means: Mapping[str, float], population: Population | None, *, all_sectors: bool = True
) -> tuple[float, float] | None:
    """Return the lowest and the highest mean over all organisations, where some sector's count is not known; else None.

    means: by sector. With the total, sectors of unknown count have at least one organisation each and anything may be
    the rest's score (`bounds`). Without it, the overall mean is somewhere between the lowest and the highest of the
    means if they are of all sectors; else nothing is known.
    """
    counts = {s: population.of((s, ALL), set()) if population is not None else None for s in means}
    if not means or (all_sectors and None not in counts.values()):
        return None
    known = np.array([count or 0 for count in counts.values()], dtype=np.int64)
    values = np.array(list(means.values()))
    if population is None or population.total is None:
        return (float(values.min()), float(values.max())) if all_sectors else (0.0, FULL)
    return bounds(values, known, max(population.total - int(known.sum()), int((known == 0).sum())))
