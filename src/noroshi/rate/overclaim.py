"""How much better organisations say they are than others find: from pairs of a claim and a check of the same item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.evidence import ACCEPTED, GRADES, Columns, settled

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue

__all__ = ["PRIOR", "PRIOR_SD", "Overclaim", "overclaim"]

PRIOR, PRIOR_SD = 0.0, 0.1
"""What is taken off self-assessed answers where no audited pair is known: nothing, but it may be wrong by a tenth."""
NOISE = 0.3
"""Standard deviation of a single pair's difference, where there are too few to tell."""
FEW = 5


@dataclass(frozen=True, slots=True)
class Overclaim:
    """What to take off claims (levels, 0-1), how sure that is, and of how many pairs and organisations it is."""

    mean: float
    sd: float
    pairs: int
    organisations: int


def overclaim(catalogue: Catalogue, given: Columns) -> Overclaim:
    """Return the over-claim seen in a round: mean over organisations of claim less check, drawn towards nothing.

    A pair is an item of one organisation with a claim and with an answer that a third party or a measurement gave.
    Pairs of one organisation hang together, so that the organisation is the unit; its mean is normal around the
    over-claim of all, for which N(0, 0.1²) is believed beforehand (conjugate normal; Gelman et al., Bayesian Data
    Analysis, 2.5). Those who are audited may be others than those who are not: nothing here knows.
    """
    given = settled(catalogue, given)
    place = {grade: k for k, grade in enumerate(GRADES)}
    cells = given.organisations * len(catalogue.items)
    cell = given.organisation * len(catalogue.items) + given.item
    claimed = ~given.silent & (given.grade == place["self"])
    checked = ~given.silent & (given.grade >= place[ACCEPTED])
    claim, claims = mean_of(cells, cell, given.level, claimed)
    check, checks = mean_of(cells, cell, given.level, checked)
    pair = (claims > 0) & (checks > 0)
    if not pair.any():
        return Overclaim(PRIOR, PRIOR_SD, 0, 0)
    difference = (claim - check)[pair]
    whose = np.flatnonzero(pair) // len(catalogue.items)
    _, own, count = np.unique(whose, return_inverse=True, return_counts=True)
    means = np.bincount(own, difference) / count
    few = len(means) < FEW
    error = NOISE / np.sqrt(len(difference)) if few else float(means.std(ddof=1)) / np.sqrt(len(means))
    weight = PRIOR_SD**2 / (PRIOR_SD**2 + max(error, 1e-6) ** 2)
    return Overclaim(
        PRIOR + weight * (float(means.mean()) - PRIOR), PRIOR_SD * float(np.sqrt(1.0 - weight)), int(pair.sum()),
        len(means),
    )  # fmt: skip


def mean_of(
    cells: int, cell: NDArray[np.int64], level: NDArray[np.float64], use: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the mean level and the number of the answers used in each cell, (cells,)."""
    count = np.bincount(cell[use], minlength=cells)
    total = np.bincount(cell[use], level[use], cells)
    return np.divide(total, count, out=np.zeros(cells), where=count > 0), count
