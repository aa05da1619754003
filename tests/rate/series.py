"""A made series of rounds: organisations enter, leave, change sector and size, and some change their score."""

from __future__ import annotations

import numpy as np

from noroshi.rate.bulk import Marks
from noroshi.rate.publication import Rules, published
from noroshi.rate.shown import Shown
from noroshi.rate.tables import Cell, Key, Population, Rated, sector_cells

MARK = 72.0
SIZES = ("large", "medium", "small")
Round = tuple[Rated, dict[Key, Cell], Population | None]


def rated(name: str, ids: list[str], sector: list[str], size: list[str], score: list[float]) -> Rated:
    """Return a round; measuring errors are 4 points, and whoever is within 10 points of the mark may pass."""
    s = np.array(score, dtype=np.float64)
    reach = np.clip(0.5 + (s - MARK) / 20.0, 0.0, 1.0)
    marks = Marks(s, 0.6 * s, 0.4 * s, np.full(len(s), 4.0), s - 6.6, s + 6.6, reach)
    return Rated(name, f"{name}-11-01", np.array(ids), np.array(sector), np.array(size), marks)


def series(
    seed: int, sectors: int = 8, years: int = 3, moved: float = 0.0, everyone: float = 1.0, typical: float = 30.0
) -> list[Round]:
    """Return `years` rounds; each year one in twenty leaves, as many enter, one in fifty moves to another cell.

    moved: share of those that stay whose score changes. everyone: share of the organisations that is rated (below 1
    strata are weighted by how many there are).
    """
    rng = np.random.default_rng(seed)
    names = [f"sector{k}" for k in range(sectors)]
    where: dict[str, Key] = {}
    score: dict[str, float] = {}

    def enters(key: Key) -> None:
        ident = f"o{len(score):04d}"
        where[ident], score[ident] = key, float(np.clip(rng.normal(58.0, 17.0), 3.0, 97.0))

    for name in names:
        for size in SIZES:
            for _ in range(int(rng.gamma(1.3, typical / 3.0 / 1.3)) + 1):
                enters((name, size))
    rounds: list[Round] = []
    for year in range(years):
        if year:
            for ident in [one for one in where if rng.random() < 0.05]:
                key = where.pop(ident)
                if rng.random() < 0.9:
                    enters(key)
            for ident in where:
                if rng.random() < 0.02:
                    where[ident] = (str(rng.choice(names)), str(rng.choice(SIZES)))
                if rng.random() < moved:
                    score[ident] = float(np.clip(score[ident] + rng.normal(2.0, 6.0), 0.0, 100.0))
        ids = sorted(where)
        of = {key: [one for one in ids if where[one] == key] for key in set(where.values())}
        kept = {one for key in sorted(of) for one in of[key][: max(1, round(everyone * len(of[key])))]}
        some = [one for one in ids if one in kept]
        found = rated(
            str(2024 + year), some, [where[i][0] for i in some], [where[i][1] for i in some], [score[i] for i in some]
        )
        population = Population({key: len(of[key]) for key in of}) if everyone < 1.0 else None
        rounds.append((found, sector_cells(found, population, MARK), population))
    return rounds


def shown(rounds: list[Round], rules: Rules | None = None, ministries: int = 3) -> list[dict[Key, Shown]]:
    """Return what is published of the rounds; sectors are shared among the ministries."""
    names = sorted({name for one, _, _ in rounds for name in one.sector.tolist()})
    authority = {name: f"ministry{k % ministries}" for k, name in enumerate(names)}
    return published(rounds, authority, MARK, rules or Rules())
