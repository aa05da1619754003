"""What can be worked out from published means: which few organisations a set of tables isolates between them.

Unknown are the scores of groups of organisations that were in the same cells of the same rounds. A published mean is a
linear equation over the groups, known as closely as it is rounded. The means isolate a union of fewer than `least`
organisations if the mean score of the union can be told to within `apart` points. Which union, if any, is one
mixed-integer program: the attacker's best linear combinations of figures (the dual of the linear programs that bound
the union's sum from above and from below) over all unions at once. HiGHS (MIT) solves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["Basis", "Figures", "Groups", "grouped", "isolated", "isolates", "rounded_figures"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FULL = 100.0
PRIME = 2**31 - 1
NODES = 300
"""Nodes of the search after which it gives up; then nothing is proven and nothing is published."""
SLACK = 1e-6
TRIES = 12


@dataclass(frozen=True, slots=True)
class Groups:
    """Organisations with one history each.

    code (groups, rounds): which stratum they were in, -1 = none; column (groups, rounds): which unknown their score was
    then; count and mean (unknowns,): of how many organisations, and their true mean score; size (groups,).
    """

    code: Ints
    column: Ints
    count: Ints
    mean: Floats
    size: Ints


@dataclass(frozen=True, slots=True)
class Figures:
    """Published means over the unknowns: weight (figures, unknowns) of one organisation, 0 where the reader knows it.

    above, below (figures,): how far the weighted sum may be above and below the truth, by what is left of its rounding.
    """

    weight: Floats
    above: Floats
    below: Floats


def rounded_figures(groups: Groups, weight: Floats, step: Floats, known: Bools | None = None) -> Figures:
    """Return figures that are rounded to multiples of step (figures,), for a reader who knows some of the unknowns."""
    total, truth = weight @ groups.count.astype(np.float64), weight @ (groups.count * groups.mean)
    center = step * np.round(truth / total / step) * total
    half = 0.5 * step * total
    told = weight if known is None else np.where(known, 0.0, weight)
    return Figures(told, np.maximum(center + half - truth, 0.0), np.maximum(truth - center + half, 0.0))


def grouped(code: Ints, scores: Floats, *, unchanged: bool) -> Groups:
    """Return the groups of organisations by history.

    code, scores (organisations, rounds): stratum (-1 = not rated) and score. unchanged: take every score as unchanged,
    the latest, which is the worst that can be assumed; otherwise a score is a new unknown when it has changed, and
    whoever reads the tables is taken to know who changed.
    """
    rounds = code.shape[1]
    present = code >= 0
    last = rounds - 1 - np.argmax(present[:, ::-1], axis=1)
    latest = np.take_along_axis(scores, last[:, None], axis=1)
    run = np.zeros_like(code)
    if not unchanged:
        before = np.where(present[:, 0], scores[:, 0], np.nan)
        for r in range(1, rounds):
            moved = present[:, r] & ~np.isnan(before) & (scores[:, r] != before)
            run[:, r] = run[:, r - 1] + moved
            before = np.where(present[:, r], scores[:, r], before)
    history, group = np.unique(np.hstack([code, run]), axis=0, return_inverse=True)
    group = group.reshape(-1)
    size = np.bincount(group, minlength=len(history))
    runs = history[:, rounds:]
    pairs, column = np.unique(
        np.stack([np.repeat(np.arange(len(history)), rounds), runs.reshape(-1)], axis=1), axis=0, return_inverse=True
    )
    column = column.reshape(len(history), rounds)
    mean = np.zeros(len(pairs))
    for r in range(rounds):
        at = np.flatnonzero(present[:, r])
        known = latest[at, 0] if unchanged else scores[at, r]
        total = np.bincount(column[group[at], r], known, len(pairs))
        seen = np.bincount(column[group[at], r], minlength=len(pairs))
        mean = np.where(seen > 0, total / np.maximum(seen, 1), mean)
    return Groups(history[:, :rounds], column, size[pairs[:, 0]], mean, size)


def weights_over(groups: Groups, r: int, by_code: Floats) -> Floats:
    """Return the weight of one organisation in a figure of round r, by unknown; by_code: by stratum."""
    weight = np.zeros(len(groups.count))
    inside = groups.code[:, r] >= 0
    weight[groups.column[inside, r]] = by_code[groups.code[inside, r]]
    return weight


def isolated(  # noqa: PLR0913  the groups, the figures, and what counts as isolated
    groups: Groups, figures: Figures, earlier: int, *, least: int, apart: float, refused: list[Bools]
) -> tuple[Bools, Bools] | None:
    """Return a union of fewer than `least` organisations that the figures isolate, or None.

    As the union (unknowns,) and the figures that are combined to isolate it (figures,). A union that the first
    `earlier` figures isolate by themselves is none of the others' fault: it is added to `refused`, unions not to be
    found again. The union is empty if the search gave up: then nothing is proven.
    """
    small = (groups.count < least) & (figures.weight != 0.0).any(axis=0)
    before = Figures(figures.weight[:earlier], figures.above[:earlier], figures.below[:earlier])
    for _ in range(TRIES):
        found = search(figures, groups.count, groups.mean, small, least, apart, refused) if small.any() else None
        if found is None or not found[0].any():
            return found
        if not earlier or not isolates(before, groups, found[0], apart):
            return found
        refused.append(found[0])
    return np.zeros(len(small), np.bool_), np.ones(len(figures.weight), np.bool_)


def isolates(figures: Figures, groups: Groups, union: Bools, apart: float) -> bool:
    """Say whether the figures tell the mean score of a union of unknowns to within `apart` points."""
    least = int(groups.count[union].sum()) + 1
    return search(figures, groups.count, groups.mean, union, least, apart, [], fixed=True) is not None


def search(  # noqa: PLR0913  the figures, the unknowns, and what is looked for
    figures: Figures,
    count: Ints,
    mean: Floats,
    small: Bools,
    least: int,
    apart: float,
    refused: list[Bools],
    *,
    fixed: bool = False,
) -> tuple[Bools, Bools] | None:
    """Solve the program; return the union and the figures used, or None where nothing is isolated.

    Variables: y of either bound (figures, up and down), u of either bound (unknowns, up and down), z (which are in).
    Of each bound: weightᵀ y + u = ± count z. Cost: what is left of each figure's rounding and of 0-100, less what the
    union may be told to. fixed: z is `small` itself.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array, diags_array, hstack, vstack

    # unknowns that are in the same figures are one: only their sum is ever told
    alike, of = np.unique(figures.weight, axis=1, return_inverse=True)
    of, used = of.reshape(-1), (alike != 0.0).any(axis=0)
    if alike.shape[1] < figures.weight.shape[1] or not used.all():
        together = np.bincount(of, count, len(used)).astype(np.int64)
        sums = np.bincount(of, count * mean, len(used))
        whole = np.bincount(of, ~small, len(used)) == 0
        if fixed and not np.array_equal(whole[of], small):
            return None  # part of what is only told together
        classes = [np.bincount(of, ~union, len(used)) == 0 for union in refused]
        found = search(
            replace(figures, weight=alike[:, used]), together[used], (sums / np.maximum(together, 1))[used],
            (whole & (together < least))[used], least, apart, [union[used] for union in classes if union.any()],
            fixed=fixed,
        )  # fmt: skip
        return None if found is None else (spread(found[0], used)[of], found[1])
    turned = csc_array((figures.weight * count).T)
    f, n = figures.weight.shape
    one, size = diags_array(np.ones(n)), diags_array(count.astype(np.float64))
    none_y, none_u = csc_array((n, 2 * f)), csc_array((n, 2 * n))
    up = hstack([turned, -turned, one, -one, none_y, none_u, -size])
    down = hstack([none_y, none_u, turned, -turned, one, -one, size])
    bound = np.concatenate([figures.above, figures.below, FULL - mean, mean])
    cost = np.concatenate([bound, bound, -apart * count])
    constraints = [LinearConstraint(csc_array(vstack([up, down])), np.zeros(2 * n), np.zeros(2 * n))]
    first = len(cost) - n
    pick = np.zeros((1 + len(refused), len(cost)))
    pick[0, first:] = count
    limits = [float(least - 1)]
    for k, union in enumerate(refused):
        pick[k + 1, first:] = np.where(union, 1.0, -1.0)
        limits.append(float(union.sum()) - 1.0)
    constraints.append(LinearConstraint(csc_array(pick), -np.inf, np.array(limits)))
    highest = np.full(len(cost), np.inf)
    highest[first:] = small
    lowest = np.zeros(len(cost))
    lowest[first:] = small if fixed else 0.0
    whole = np.zeros(len(cost))
    whole[first:] = 0.0 if fixed else 1.0
    solved = milp(
        cost, integrality=whole, bounds=Bounds(lowest, highest), constraints=constraints,
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )  # fmt: skip
    if solved.x is None:
        return np.zeros(n, np.bool_), np.ones(f, np.bool_)
    if solved.fun > -SLACK:
        proven = solved.status == 0 or (solved.mip_dual_bound is not None and solved.mip_dual_bound > -SLACK)
        return None if proven else (np.zeros(n, np.bool_), np.ones(f, np.bool_))
    y = solved.x[:f] + solved.x[f : 2 * f] + solved.x[2 * f + 2 * n : 4 * f + 2 * n].reshape(2, f).sum(axis=0)
    return solved.x[first:] > 0.5, y > SLACK  # noqa: PLR2004  a binary is 0 or 1


def spread(part: Bools, kept: Bools) -> Bools:
    """Return a mask over all unknowns from one over those kept."""
    whole = np.zeros(len(kept), np.bool_)
    whole[kept] = part
    return whole


@dataclass(slots=True)
class Basis:
    """Figures taken as exact: tells whether a further one, combined with them, leaves fewer than `least` organisations.

    Rows are whole numbers modulo a prime, so that nothing is lost in rounding. A row is split into the unknowns of
    groups of at least `least` and of fewer; a combination that leaves nothing of the large ones and something of the
    small ones is refused (even where the small ones are many together: it errs on the safe side).
    """

    large: Bools
    rows: list[tuple[int, Ints]] = field(default_factory=list)
    rest: list[tuple[int, Ints]] = field(default_factory=list)

    def takes(self, row: Ints) -> bool:
        """Say whether a row (unknowns,) may be added: it has something of the large groups left, or nothing at all."""
        left = self.left(row)
        return bool((left[self.large] != 0).any()) or not left.any()

    def add(self, row: Ints) -> None:
        """Add a row: it is published, whatever it isolates."""
        left = self.left(row)
        large = np.flatnonzero(self.large & (left != 0))
        if large.size:
            self.rows.append((int(large[0]), scaled(left, int(large[0]))))
        elif left.any():
            place = int(np.flatnonzero(left)[0])
            self.rest.append((place, scaled(left, place)))

    def left(self, row: Ints) -> Ints:
        """Return what is left of a row when all that those of the basis say is taken off."""
        left = row % PRIME
        for place, other in self.rows:
            left = reduced(left, place, other)
        if not (left[self.large] != 0).any():
            for place, other in self.rest:
                left = reduced(left, place, other)
        return left


def reduced(row: Ints, place: int, other: Ints) -> Ints:
    """Return the row less as much of the other as leaves 0 at the place."""
    return (row - row[place] * other) % PRIME if row[place] else row


def scaled(row: Ints, place: int) -> Ints:
    """Return the row's multiple that has 1 at the place."""
    return row * pow(int(row[place]), -1, PRIME) % PRIME
