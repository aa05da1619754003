"""Whom a ministry should press first, and with what: ratings, a threat and the consequences of breaches meet here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from noroshi.desk import kernels
from noroshi.desk.alone import consequences, slopes_of
from noroshi.desk.asked import DEFAULT_SEED, DEFAULT_TRIALS, threat_for
from noroshi.desk.brief_schema import PressFirst, plain_values
from noroshi.desk.brief_words import PRESS_BUDGET, why_press
from noroshi.desk.odds import attacked, odds_for
from noroshi.desk.planning import LEVELS
from noroshi.errors import NotFoundError
from noroshi.files.catalogues import DEFAULT_CATALOGUE, load_catalogue
from noroshi.files.techniques import load_techniques
from noroshi.rate.ladder import scores
from noroshi.rate.plans import options, ordered
from noroshi.rate.press import CLOSER, press
from noroshi.rate.score import KAPPA, item_quantiles
from noroshi.rate.techniques import frequencies
from noroshi.stress.ensembles import run_ensemble
from noroshi.stress.model import build
from noroshi.stress.odds import OT_KINDS
from noroshi.stress.shock import HORIZON_H

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.estate.model import Estate
    from noroshi.flow.kernel import Bools, Floats
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.plans import Options
    from noroshi.rate.press import Press
    from noroshi.rate.press import Pressed as One
    from noroshi.stress.ensembles import Ensemble
    from noroshi.stress.model import Model
    from noroshi.stress.odds import Odds
    from noroshi.stress.threat import Threat

__all__ = [
    "Pressed",
    "Pressing",
    "Saving",
    "after_plans",
    "difference",
    "press_estate",
    "press_first",
    "rows",
    "saving",
]

FULL = 100.0
Z95 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Pressing:
    """Whom to press with what: places are those of the organisations of the estate."""

    catalogue: Catalogue
    given: tuple[Options, ...]
    found: Press
    budget: float

    def measures(self, one: One) -> tuple[str, ...]:
        """Return the ids of the measures asked of an organisation, in the order in which to do them."""
        ids = [measure.id for measure in self.catalogue.measures]
        return tuple(ids[i] for i in ordered(self.given[one.place], one.chosen))

    def left(self) -> Floats:
        """Return the part of attacks' success that is left at each organisation, (organisations,): 1 if not pressed."""
        out = np.ones(len(self.given))
        for one in self.found.pressed:
            out[one.place] = one.left
        return out


class Saving(NamedTuple):
    """Person-hours below floor saved in the period, each times its service's weight: mean and 90 % interval."""

    mean: float
    low: float
    high: float


def press_first(  # noqa: PLR0913  who, against what, for how much
    estate: Estate,
    threat: Threat,
    odds: Odds,
    harm: Floats,
    *,
    budget: float = PRESS_BUDGET,
    sectors: frozenset[str] | None = None,
    closer: int = CLOSER,
) -> Pressing:
    """Return whom to press with what for `budget` million yen in all.

    harm (organisations,): person-hours below floor, weighted, to expect from the breach of each. sectors: ids of those
    of which organisations may be pressed (default: all). Nothing is known here of single answers: every item of an
    organisation is believed to be as its score says, with the spread that items have.
    """
    catalogue = load_catalogue(DEFAULT_CATALOGUE)
    frequency = frequencies(load_techniques(), threat.techniques)
    count = estate.count("organisations")
    believed = scores(estate).mean[:count] / FULL
    control = with_control_systems(estate)
    asks = np.array([one.control_systems for one in catalogue.items], dtype=np.bool_)
    free = np.array([sectors is None or name in sectors for name in estate.column("organisations", "sector")])
    made: dict[tuple[float, bool], Options] = {}
    given = []
    for c in range(count):
        key = (float(believed[c]), bool(control[c]))
        if key not in made:
            mean = np.full(len(catalogue.items), np.clip(key[0], 0.01, 0.99))
            level = item_quantiles(mean, np.sqrt(mean * (1.0 - mean) / (KAPPA + 1.0)), LEVELS)
            made[key] = options(catalogue, frequency, level, ~asks | key[1])
        given.append(made[key])
    rate = -np.log1p(-np.minimum(odds.chance[:, :count], 1.0 - 1e-12))
    found = press(given, rate, np.where(free, harm, 0.0), budget, closer=closer)
    return Pressing(catalogue, tuple(given), found, budget)


def rows(  # noqa: PLR0913  the plans, and what their words need
    estate: Estate, threat: Threat, chance: Floats, harm: Floats, pressing: Pressing, *, told: Floats | None = None
) -> tuple[PressFirst, ...]:
    """Return who is pressed with what and why, in words; what saves most first.

    chance (organisations,): that each is breached; told: the same as readers may know it, which savings are told by.
    """
    organisations = estate.frame("organisations").to_dicts()
    known = {one.id: one for one in pressing.catalogue.measures}
    said = chance if told is None else told
    out = []
    for one in pressing.found.pressed:
        c = one.place
        saves = one.saves
        if said[c] != chance[c]:
            saves = float(harm[c] * ((1.0 - said[c]) ** one.left - (1.0 - said[c])))
        row, measures = organisations[one.place], pressing.measures(one)
        why, why_ja = why_press(float(said[c]), float(harm[c]), one.left, threat.period_days)
        out.append(
            PressFirst(
                organisation=row["id"], name=row["name_en"], name_ja=row["name_ja"], sector=row["sector"],
                measures=measures, measure_names=tuple(known[name].name_en for name in measures),
                measure_names_ja=tuple(known[name].name_ja for name in measures),
                saves=saves, cost=one.cost, why=why, why_ja=why_ja,
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda row: (-row.saves, row.organisation)))


def with_control_systems(estate: Estate) -> Bools:
    """Return which organisations operate control systems, (organisations,)."""
    kinds, whose = estate.column("systems", "kind"), estate.column("systems", "organisation")
    has = {name for kind, name in zip(kinds, whose, strict=True) if kind in OT_KINDS}
    return np.array([name in has for name in estate.ids("organisations")], dtype=np.bool_)


def after_plans(odds: Odds, left: Floats) -> Odds:
    """Return the chances of breach once the plans are done: a rate times the part of attacks' success that is left."""
    part = np.ones(odds.chance.shape[1])
    part[: len(left)] = left
    return odds._replace(chance=-np.expm1(np.log1p(-np.minimum(odds.chance, 1.0 - 1e-12)) * part))


def saving(model: Model, runs: Ensemble, odds: Odds, after: Odds) -> Saving:
    """Return what the plans save together, from the scenarios of an ensemble that was run without them.

    Each scenario counts by how much less likely it is once the plans are done (importance weights); the harm that is
    saved is what that takes from the expectation over the period, breaches that happen together included.
    """
    harm = (runs.below * (model.services.people * model.services.weight)).sum(axis=1)
    slope = slopes_of(runs.z)
    safe = 1e-300
    before, then = odds.chance[slope], after.chance[slope]
    hit = np.log(np.maximum(then, safe)) - np.log(np.maximum(before, safe))
    spared = np.log1p(-np.minimum(then, 1.0 - 1e-12)) - np.log1p(-np.minimum(before, 1.0 - 1e-12))
    ratio = np.exp(np.where(runs.who, hit, spared).sum(axis=1))
    each = runs.weight * harm * (1.0 - ratio)
    mean, error = float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))
    return Saving(mean, mean - Z95 * error, mean + Z95 * error)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What `noroshi rate press` says: who is pressed with what, and what that saves together.

    seen: what a second ensemble, drawn anew without and with the plans, says of the saving; None if it was not run.
    """

    estate: str
    threat: str
    budget: float
    cost: float
    saves: float
    gap: float
    together: Saving
    seen: Saving | None
    rows: tuple[PressFirst, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        together = {key: float(value) for key, value in self.together._asdict().items()}
        seen = None if self.seen is None else {key: float(value) for key, value in self.seen._asdict().items()}
        return {
            "estate": self.estate, "threat": self.threat, "budget": self.budget, "cost": self.cost,
            "saves": self.saves, "gap": self.gap, "saves_together": together, "seen_again": seen,
            "press_first": [plain_values(row) for row in self.rows],
        }  # fmt: skip


def press_estate(  # noqa: PLR0913  an estate, a threat, who and how much, and how to draw
    estate: Estate,
    threat: Threat | str | None,
    *,
    budget: float,
    ministry: str | None = None,
    trials: int = DEFAULT_TRIALS,
    seed: int = DEFAULT_SEED,
    threads: int = 0,
    check: bool = False,
    progress: Callable[[str, float], None] | None = None,
) -> Pressed:
    """Return whom a ministry should press first in an estate, and with what.

    `ministry` is an authority of the sectors table (default: all). `check` runs a second ensemble with the plans done,
    from another seed. NotFoundError for a ministry that the estate lacks; InputError as `make_brief`.
    """
    said = progress or (lambda _step, _part: None)
    workers = threads or os.cpu_count() or 1
    sectors = sectors_under(estate, ministry)
    chosen = threat_for(estate, threat)
    kernels.warm(partial(said, "kernels"))
    said("model", 0.0)
    model = build(estate)
    odds = attacked(estate, chosen, odds_for(estate, model, chosen))
    draws = {"trials": trials, "horizon": HORIZON_H, "threads": workers, "progress": partial(said, "ensemble")}
    runs = run_ensemble(model, odds, seed=seed, **draws)  # type: ignore[arg-type]  # as run_ensemble takes them
    alone = consequences(
        model, odds, estate.count("organisations"), seed=seed, horizon=HORIZON_H, clock=0.0, threads=workers,
        progress=partial(said, "alone"),
    )  # fmt: skip
    said("press", 0.0)
    pressing = press_first(estate, chosen, odds, alone.harm, budget=budget, sectors=sectors)
    after = after_plans(odds, pressing.left())
    together = saving(model, runs, odds, after)
    seen = None
    if check:
        other = seed + 1
        before = run_ensemble(model, odds, seed=other, **draws)  # type: ignore[arg-type]  # as above
        seen = difference(model, before, run_ensemble(model, after, seed=other, **draws))  # type: ignore[arg-type]
    found = pressing.found
    return Pressed(
        estate.meta.id, chosen.id, budget, found.cost, found.saves, found.gap, together, seen,
        rows(estate, chosen, odds.chance.mean(axis=0), alone.harm, pressing),
    )  # fmt: skip


def sectors_under(estate: Estate, ministry: str | None) -> frozenset[str] | None:
    """Return the sectors that a ministry is in charge of, by its name in either language; None for all."""
    if ministry is None:
        return None
    sectors = estate.frame("sectors").to_dicts()
    found = frozenset(row["id"] for row in sectors if ministry in (row["authority"], row["authority_ja"]))
    if not found:
        known = ", ".join(dict.fromkeys(str(row["authority"]) for row in sectors if row["authority"]))
        raise NotFoundError(f"the estate {estate.meta.id} has no ministry {ministry!r}; it has {known or 'none'}")
    return found


def difference(model: Model, before: Ensemble, after: Ensemble) -> Saving:
    """Return what one ensemble's expected harm over the period exceeds another's by, scenario by scenario."""
    worth = model.services.people * model.services.weight
    each = (before.below * worth).sum(axis=1) * before.weight - (after.below * worth).sum(axis=1) * after.weight
    mean, error = float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))
    return Saving(mean, mean - Z95 * error, mean + Z95 * error)
