"""What of a table may be shown to whom: a cell is held back, or said less finely, where it tells of too few.

A reader in the ministry in charge of a sector sees the sector in full. Everybody else sees, of every sector, only what
these rules let out, and so does the ministry of the other sectors:

1. *Few.* A cell of fewer than 10 rated organisations is not shown.
2. *Dominance* (p % rule, p = 10). A mean is a sum of contributions, each a score times the weight of its stratum (the
   organisations it stands for). It is not shown if the sum less its two largest is under 10 % of the largest: whoever
   made the second could tell the largest too closely.
3. *Differencing.* Cells are taken in turn (all, sectors, sizes, both; the largest first). A mean is shown to the finest
   of 0.1, 0.5, 1, 2 and 5 points at which it, with every figure shown before it, of this round and of all earlier
   ones, tells of no union of 1-9 organisations their mean score to within 10 points (`isolation`). So the complement of
   what is held back is held back too, and a cell that few have joined or left waits, or is said less finely. It is
   assumed that readers know who was in which cell when; that scores have not changed, and again that those have which
   did and readers know which; and, for each ministry in turn, that it knows the scores of its own sectors. To 0.1 only
   if, taken as exact, it isolates nobody.
4. *Distribution and share passing*: of cells shown to 0.1 only. Bins of ten points are merged with their neighbours
   until each has 10; percentiles are read off the merged bins. Fewer than 10 that pass, or that do not: said so.
5. *Everything else* follows from what is shown: intervals are rounded outward to the cell's step; shrunk means and
   changes are computed from shown means; the number rated is rounded down to a multiple of 5.

What this does not protect: that all of a sector score high or low; figures published elsewhere. Differential privacy,
which would, is not built: for the sizes at hand its noise would drown the differences between sectors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.isolation import Basis, Figures, Groups, grouped, isolated, isolates, rounded_figures, weights_over
from noroshi.rate.shown import Shown, drawn, shown_to, with_distribution
from noroshi.rate.tables import ALL, Cell, Key, Population, Rated, base_keys, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["LEAST", "Rules", "published"]

LEAST = 10
"""Organisations in the smallest cell that is shown to everyone."""
EXACT = 0.1
PERCENT = 100.0
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules' figures: least organisations, p of the dominance rule (%), points to which nobody may be told.

    steps: to what a mean may be rounded, finest first. watch: whether differencing is looked for at all (never False
    but to show that the rule is needed).
    """

    least: int = LEAST
    dominance: float = 10.0
    apart: float = 10.0
    steps: tuple[float, ...] = (EXACT, 0.5, 1.0, 2.0, 5.0)
    watch: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean that has been shown: of which round and cell, weights of one organisation by stratum, to which step."""

    round: int
    key: Key
    by_code: Floats
    step: float


def published(
    rounds: Sequence[tuple[Rated, Mapping[Key, Cell], Population | None]],
    authority: Mapping[str, str],
    mark: float,
    rules: Rules = Rules(),
) -> list[dict[Key, Shown]]:
    """Return what is shown of each round, decided in order: each round with all that was shown before it.

    rounds: every round published so far and the one in question, oldest first, with their cells and populations: who
    leaves one out lets its table be subtracted. authority: sector -> who is in charge of it.
    """
    names = sorted({name for rated, _, _ in rounds for name in rated.organisation.tolist()})
    place = {name: k for k, name in enumerate(names)}
    strata = sorted({key for rated, _, _ in rounds for key in base_keys(rated)})
    number = {key: k for k, key in enumerate(strata)}
    code = np.full((len(names), len(rounds)), -1, np.int64)
    scores = np.full((len(names), len(rounds)), np.nan)
    titles = [rated.name for rated, _, _ in rounds]
    figures: list[Figure] = []
    out: list[dict[Key, Shown]] = []
    for r, (rated, cells, population) in enumerate(rounds):
        at = np.array([place[name] for name in rated.organisation.tolist()], dtype=np.int64)
        code[at, r] = [number[key] for key in zip(rated.sector.tolist(), rated.size.tolist(), strict=True)]
        scores[at, r] = rated.marks.score
        shown: dict[Key, Shown] = {}
        asked = []
        for key in in_turn(cells):
            one, by_code = cells[key], stratum_weights(key, rated, strata, population)
            parts = np.sort(by_code[code[at, r]] * rated.marks.score)[::-1]
            if one.rated < rules.least:
                shown[key] = Shown(key, "few", one.organisations)
            elif parts[2:].sum() < rules.dominance / PERCENT * parts[0]:
                shown[key] = Shown(key, "dominated", one.organisations)
            else:
                asked.append(Figure(r, key, by_code, rules.steps[0]))
        history = History.of(code[:, : r + 1], scores[:, : r + 1], strata, authority)
        settled = settle(asked, figures, history, rules) if rules.watch else {f.key: f for f in asked}
        for key, found in settled.items():
            if isinstance(found, Figure):
                figures.append(found)
                shown[key] = shown_to(cells[key], found.step, mark)
                if found.step == EXACT:
                    shown[key] = with_distribution(shown[key], cells[key], rules.least)
            else:
                why, since = ("series", titles[found.since]) if found.since >= 0 else ("follows", "")
                shown[key] = Shown(key, why, cells[key].organisations, isolates=found.isolates, since=since)
        out.append(drawn({key: shown[key] for key in in_turn(cells)}))
    return out


def in_turn(cells: Mapping[Key, Cell]) -> list[Key]:
    """Return the cells in the order in which they are decided: all, sectors, sizes, both; the largest first."""
    return sorted(cells, key=lambda key: (kind_of(key), -cells[key].rated, key))


def kind_of(key: Key) -> int:
    """Return 0 for the cell of all, 1 for a sector's, 2 for a size's, 3 for both."""
    return 2 * (key[1] != ALL) + (key[0] != ALL)


def stratum_weights(key: Key, rated: Rated, strata: Sequence[Key], population: Population | None) -> Floats:
    """Return how many organisations one rated in each stratum stands for in a cell's mean (strata,); 0 outside it."""
    where = {k: np.flatnonzero((rated.sector == k[0]) & (rated.size == k[1])) for k in base_keys(rated)}
    parts, _ = parts_of(key, where, population)
    weight = np.zeros(len(strata))
    of = np.zeros(len(rated.sector))
    for count, at in parts or [(0, np.concatenate([np.zeros(0, np.int64), *where.values()]))]:
        of[at] = count / len(at) if count else 1.0
    for k, one in enumerate(strata):
        if one in where and key[0] in (ALL, one[0]) and key[1] in (ALL, one[1]):
            weight[k] = of[where[one][0]]
    return weight


@dataclass(frozen=True, slots=True)
class Held:
    """A figure held back: how many organisations it would isolate (0: not proven safe), and with which round."""

    isolates: int
    since: int


@dataclass(frozen=True, slots=True)
class History:
    """The groups of a series under either assumption on scores; and as they are unknown to the public and ministries.

    readers: groups, and which of the unknowns a reader knows: nobody's first, then each ministry's.
    """

    readers: tuple[tuple[Groups, Bools], ...]

    @staticmethod
    def of(code: Ints, scores: Floats, strata: Sequence[Key], authority: Mapping[str, str]) -> History:
        """Return the history of a series up to a round: code, scores (organisations, rounds)."""
        here = (code >= 0).any(axis=1)
        assumptions = (True, False) if code.shape[1] > 1 else (True,)
        systems = tuple(grouped(code[here], scores[here], unchanged=same) for same in assumptions)
        ministries = ["", *sorted(set(authority.values()) - {""})]
        own = [np.array([bool(m) and authority.get(s, "") == m for s, _ in strata]) for m in ministries]
        return History(tuple((groups, known_to(groups, mine)) for mine in own for groups in systems))


def settle(
    asked: Sequence[Figure], before: Sequence[Figure], history: History, rules: Rules
) -> dict[Key, Figure | Held]:
    """Return the figures with the steps at which they may be shown together with those shown before, or held back.

    All start at the finest step that is not refused as exact. As long as some union is isolated, the last in turn of
    those that isolate it is said less finely, and in the end held back.
    """
    found: dict[Key, Figure | Held] = {f.key: f for f in exact_or_next(asked, before, history, rules)}
    for groups, known in history.readers:
        refused: list[Bools] = []
        while True:
            now = [f for f in found.values() if isinstance(f, Figure)]
            isolated_by = isolated(
                groups,
                over(groups, known, [*before, *now]),
                len(before),
                least=rules.least,
                apart=rules.apart,
                refused=refused,
            )
            if isolated_by is None:
                break
            union, used = isolated_by
            mine = [f for f, use in zip(now, used[len(before) :], strict=True) if use] or now[-1:]
            earlier = [f.round for f, use in zip(before, used[: len(before)], strict=True) if use]
            held = Held(int(groups.count[union].sum()), max(earlier, default=-1))
            if not union.any():  # nothing proven: all of the last kind are held back, what is left is searched again
                kind = kind_of(now[-1].key)
                found |= {f.key: held for f in now if kind_of(f.key) == kind}
                continue
            coarsen(found, mine, held, (groups, known), before, union, rules)
    return found


def coarsen(  # noqa: PLR0913  the figures, whom they isolate, and how far they may be rounded
    found: dict[Key, Figure | Held],
    mine: Sequence[Figure],
    held: Held,
    reader: tuple[Groups, Bools],
    before: Sequence[Figure],
    union: Bools,
    rules: Rules,
) -> None:
    """Say the figures less finely, the last of them first, until with those shown before they do not isolate the union.

    Others of the round that isolate it too are found in their turn.
    """
    used = {figure.key: figure for figure in mine}
    for step in (*rules.steps[1:], 0.0):
        for key in reversed(list(used)):
            if step and used[key].step >= step:
                continue
            if step:
                used[key] = replace(used[key], step=step)
                found[key] = used[key]
            else:
                del used[key]
                found[key] = held
            if not isolates(over(*reader, [*before, *used.values()]), reader[0], union, rules.apart):
                return


def exact_or_next(
    asked: Sequence[Figure], before: Sequence[Figure], history: History, rules: Rules
) -> Iterator[Figure]:
    """Yield the figures: at the finest step if, taken as exact, they isolate nobody for any reader, else at the next.

    Those who know a sector's scores know what is left of any figure when theirs are taken off.
    """
    bases = []
    for groups, known in history.readers:
        basis = Basis((groups.count >= rules.least) & ~known)
        for figure in before:
            if figure.step == EXACT:
                basis.add(exact_row(groups, known, figure))
        bases.append((groups, known, basis))
    for figure in asked:
        if all(basis.takes(exact_row(groups, known, figure)) for groups, known, basis in bases):
            for groups, known, basis in bases:
                basis.add(exact_row(groups, known, figure))
            yield figure
        else:
            yield replace(figure, step=rules.steps[min(1, len(rules.steps) - 1)])


def over(groups: Groups, known: Bools, figures: Sequence[Figure]) -> Figures:
    """Return figures over the unknowns of the groups, for a reader who knows some of them."""
    weight = np.zeros((len(figures), len(groups.count)))
    for k, figure in enumerate(figures):
        weight[k] = weights_over(groups, figure.round, figure.by_code)
    return rounded_figures(groups, weight, np.array([f.step for f in figures]), known)


def known_to(groups: Groups, own: Bools) -> Bools:
    """Return which unknowns a reader knows that knows the strata `own`: of those that were ever in one of them."""
    ever = np.any(own[groups.code] & (groups.code >= 0), axis=1)
    known = np.zeros(len(groups.count), np.bool_)
    known[groups.column[ever].reshape(-1)] = True
    return known


def exact_row(groups: Groups, known: Bools, figure: Figure) -> Ints:
    """Return a figure as a sum over the unknowns: 1 for those in it that the reader does not know."""
    return ((weights_over(groups, figure.round, figure.by_code) > 0.0) & ~known).astype(np.int64)
