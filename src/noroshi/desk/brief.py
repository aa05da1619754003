"""The national brief: from an estate and a threat to who is weak, what is at risk, whom to press and whom to warn."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from noroshi.desk import kernels
from noroshi.desk.alone import Alone, changes_first, consequences
from noroshi.desk.asked import DEFAULT_SEED, DEFAULT_TRIALS, threat_for
from noroshi.desk.brief_schema import (
    SCHEMA_VERSION,
    Band,
    Brief,
    CurveBand,
    DataHarm,
    EstateSummary,
    Harms,
    MattersMost,
    Movement,
    Overall,
    Ratings,
    Resilience,
    SectorRating,
    Sensitivity,
    ServiceHarm,
    ServiceRisk,
    StrategicHarm,
    ThreatSummary,
)  # fmt: skip
from noroshi.desk.brief_words import FACTOR_WORDS, assumptions, proof, warnings
from noroshi.desk.odds import attacked, odds_for
from noroshi.desk.pressing import press_first, rows
from noroshi.rate.ladder import PASS_MARK, banded, public_ladder, scores
from noroshi.rate.probability import POPULATION_MEAN
from noroshi.stress import breaking
from noroshi.stress.ensembles import FACTORS, Ensemble, quantiles, run_ensemble
from noroshi.stress.model import build
from noroshi.stress.result import STRATEGIC
from noroshi.stress.shock import HORIZON_H

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.estate.model import Estate
    from noroshi.flow.kernel import Bools, Floats
    from noroshi.stress.odds import Odds
    from noroshi.stress.threat import Threat

__all__ = ["brief", "make_brief", "movements"]

CURVES = 12
FEWEST = 5
"""Scenarios below which no band is drawn."""
MOST = 20
BAND = (0.05, 0.5, 0.95)
VERDICTS = {"pass": "pass", "fail": "fail", "evidence needed": "evidence_needed"}


def brief(  # noqa: PLR0913  an estate, a threat, and how to draw
    estate: Estate,
    threat: Threat | str | None = None,
    *,
    trials: int = DEFAULT_TRIALS,
    seed: int = DEFAULT_SEED,
    threads: int = 0,
    progress: Callable[[str, float], None] | None = None,
) -> Brief:
    """Return the brief of a checked estate under a threat: one, its name or its file, or the default.

    The library's door to `make_brief`. NotFoundError, InputError.
    """
    chosen = threat_for(estate, threat)
    return make_brief(estate, threat=chosen, trials=trials, seed=seed, threads=threads, progress=progress)


def make_brief(  # noqa: PLR0913  an estate, a threat, and how to draw
    estate: Estate,
    *,
    threat: Threat,
    trials: int = DEFAULT_TRIALS,
    seed: int = DEFAULT_SEED,
    threads: int = 0,
    progress: Callable[[str, float], None] | None = None,
) -> Brief:
    """Compute the brief. `threads` = 0 takes all cores; the result does not depend on it.

    `progress` is called with a step's name and the part done (0-1), and may raise to stop. InputError if the threat
    can attack nobody in the estate.
    """
    said = progress or (lambda _step, _part: None)
    workers = threads or os.cpu_count() or 1
    kernels.warm(partial(said, "kernels"))
    said("model", 0.0)
    model = build(estate)
    odds = attacked(estate, threat, odds_for(estate, model, threat))
    horizon = HORIZON_H
    runs = run_ensemble(
        model, odds, trials=trials, seed=seed, horizon=horizon, threads=workers, progress=partial(said, "ensemble")
    )
    count = estate.count("organisations")
    alone = consequences(
        model, odds, count, seed=seed, horizon=horizon, clock=0.0, threads=workers, progress=partial(said, "alone")
    )
    numbers = breaking.find(
        model, odds, horizon=horizon, exhaustive=False, threads=workers, progress=partial(said, "resilience")
    )
    exact = odds.chance[:, :count].mean(axis=0)
    chance = banded(exact, scores(estate).own)
    said("press", 0.0)
    pressing = press_first(estate, threat, odds, alone.harm, closer=0)
    said("report", 0.0)
    risks = services_at_risk(estate, runs)
    most = who_matters(estate, chance, alone.harm)
    return Brief(
        schema_version=SCHEMA_VERSION,
        estate=estate_summary(estate),
        seed=seed, trials=trials, horizon_h=horizon,
        threat=threat_summary(threat),
        ratings=ratings(estate),
        services=risks,
        harms=harms(estate, runs),
        resilience=resilience(estate, numbers),
        matters_most=most,
        press_first=rows(estate, threat, exact, alone.harm, pressing, told=chance)[:MOST],
        warn=warnings(estate, runs, chance, alone.harm),
        p_any=runs.p_any,
        mean_hits=float(runs.mean(runs.hits.astype(np.float64))),
        power_solves=float(runs.mean(runs.solves.astype(np.float64))),
        sensitivity=sensitivity(estate, runs, alone, odds),
        assumptions=assumptions(estate, threat, "en"),
        assumptions_ja=assumptions(estate, threat, "ja"),
    )  # fmt: skip


def estate_summary(estate: Estate) -> EstateSummary:
    """Return which estate it is, and what its figures are worth."""
    meta = estate.meta
    return EstateSummary(
        id=meta.id, fictional=meta.fictional, illustrative=meta.illustrative,
        name_en=meta.name_en or meta.id, name_ja=meta.name_ja or meta.name_en or meta.id,
    )  # fmt: skip


def threat_summary(threat: Threat) -> ThreatSummary:
    """Return which threat it is."""
    return ThreatSummary(
        id=threat.id, name=threat.name, name_ja=threat.name_ja or threat.name, source=threat.source,
        period_days=threat.period_days, sectors=threat.sectors, techniques=threat.techniques,
        effects=tuple(effect for effect, _ in threat.effects),
    )  # fmt: skip


def ratings(estate: Estate) -> Ratings:
    """Return the sector ladder against the pass mark."""
    mark = estate.meta.benchmark
    rungs = public_ladder(estate)
    overall = mark.overall if mark else float(np.mean([rung.score for rung in rungs] or [POPULATION_MEAN]))
    return Ratings(
        pass_mark=mark.pass_mark if mark else PASS_MARK,
        source=mark.source if mark else "mean of the estate's sectors; the estate names no benchmark",
        year=mark.year if mark else None,
        overall=Overall(
            score=overall,
            technical=mark.technical if mark else None,
            organisational=mark.organisational if mark else None,
        ),
        sectors=tuple(
            SectorRating(
                id=r.id, name=r.name_en, name_ja=r.name_ja, authority=r.authority, authority_ja=r.authority_ja,
                score=r.score, low=r.low, high=r.high,
                basis=r.basis, verdict=VERDICTS[r.verdict],  # type: ignore[arg-type]
            )
            for r in rungs
        ),
    )  # fmt: skip


def band(values: Floats, runs: Ensemble) -> Band:
    """Return mean and quantiles of one value per scenario, weighted."""
    low, middle, high = quantiles(values, runs.weight, BAND)
    return Band(mean=float(runs.mean(values)), p05=float(low), p50=float(middle), p95=float(high))


def services_at_risk(estate: Estate, runs: Ensemble) -> tuple[ServiceRisk, ...]:
    """Return every service with its harm, the largest weighted harm first; the first few with their curves."""
    frame = estate.frame("services").to_dicts()
    people = np.array([row["people"] or 0 for row in frame], dtype=np.float64)
    tolerance = np.array([row["tolerance_h"] for row in frame])
    weight = np.array([row["weight"] for row in frame])
    hours = runs.below * people
    means = runs.mean(hours)
    falls = runs.mean((runs.below > 0.0).astype(np.float64))
    beyond = runs.mean((runs.longest > tolerance + 1e-9).astype(np.float64))
    low, middle, high = quantiles(hours, runs.weight, BAND)
    out = []
    for rank, s in enumerate(np.argsort(-means * weight, kind="stable")):
        row = frame[s]
        out.append(
            ServiceRisk(
                id=row["id"], name=row["name_en"], name_ja=row["name_ja"], sector=row["sector"], area=row["area"] or "",
                people=int(people[s]), floor=row["floor"], tolerance_h=row["tolerance_h"], weight=row["weight"],
                person_hours_below_floor=Band(
                    mean=float(means[s]), p05=float(low[s]), p50=float(middle[s]), p95=float(high[s])
                ),
                p_below_floor=min(float(falls[s]), 1.0), p_beyond_tolerance=min(float(beyond[s]), 1.0),
                bands=curve(runs, int(s)) if rank < CURVES and means[s] > 0 else None, lat=row["lat"], lon=row["lon"],
            )
        )  # fmt: skip
    return tuple(out)


def curve(runs: Ensemble, s: int) -> CurveBand | None:
    """Return the share of service s over time in bands, over scenarios in which it falls; None if they are few."""
    falls = runs.below[:, s] > 0.0
    if falls.sum() < FEWEST:
        return None
    low, middle, high = quantiles(runs.share[falls, :, s] / 250.0, runs.weight[falls], BAND)
    return CurveBand(
        hours=tuple(float(x) for x in runs.grid), p05=tuple(map(float, low)), p50=tuple(map(float, middle)),
        p95=tuple(map(float, high)),
    )  # fmt: skip


def harms(estate: Estate, runs: Ensemble) -> Harms:
    """Return the three harms: person-hours, records exposed, secrets exposed."""
    people = np.nan_to_num(np.asarray(estate.column("services", "people"), dtype=np.float64))
    beyond = (runs.longest > np.asarray(estate.column("services", "tolerance_h")) + 1e-9).sum(axis=1).astype(np.float64)
    records: Floats = np.zeros(len(runs.weight))
    points: Floats = np.zeros(len(runs.weight))
    by_data: dict[str, float] = {}
    by_secret: dict[str, float] = {}
    systems = estate.frame("systems").select("id", "organisation").to_dicts()
    for row in estate.frame("holdings").to_dicts():
        places = [
            k for k, system in enumerate(systems)
            if (system["id"] == row["system"] if row["system"] else system["organisation"] == row["organisation"])
        ]  # fmt: skip
        taken: Floats = np.where(runs.exposed[:, places].any(axis=1), 1.0, 0.0)
        if row["kind"] in STRATEGIC:
            points += taken * row["sensitivity"]
            by_secret[row["kind"]] = by_secret.get(row["kind"], 0.0) + float(runs.mean(taken)) * row["sensitivity"]
        else:
            records += taken * row["records"]
            by_data[row["kind"]] = by_data.get(row["kind"], 0.0) + float(runs.mean(taken)) * row["records"]
    return Harms(
        service=ServiceHarm(
            person_hours_below_floor=band((runs.below * people).sum(axis=1), runs),
            services_beyond_tolerance=band(beyond, runs),
        ),
        data=DataHarm(records=band(records, runs), p_any=share(records, runs), by_kind=by_data),
        strategic=StrategicHarm(points=band(points, runs), p_any=share(points, runs), by_kind=by_secret),
    )


def share(values: Floats, runs: Ensemble) -> float:
    """Return the probability that the value is above 0."""
    return min(float(runs.mean((values > 0.0).astype(np.float64))), 1.0)


def resilience(estate: Estate, numbers: tuple[breaking.Resilience, ...]) -> tuple[Resilience, ...]:
    """Return the resilience numbers with names; the weakest first."""
    items = [*estate.frame("organisations").to_dicts(), *estate.frame("suppliers").to_dicts()]
    out = [
        Resilience(
            service=name, low=n.low, high=n.high, example=tuple(items[i]["id"] for i in n.example),
            example_names=tuple(items[i]["name_en"] for i in n.example),
            example_names_ja=tuple(items[i]["name_ja"] for i in n.example),
            low_example=tuple(items[i]["id"] for i in n.low_example),
            low_example_names=tuple(items[i]["name_en"] for i in n.low_example),
            low_example_names_ja=tuple(items[i]["name_ja"] for i in n.low_example),
            proof=proof(n, "en"), proof_ja=proof(n, "ja"),
        )
        for name, n in zip(estate.ids("services"), numbers, strict=True)
    ]  # fmt: skip
    return tuple(sorted(out, key=lambda r: (r.low, r.high or 9)))


def who_matters(estate: Estate, chance: Floats, harm: Floats) -> tuple[MattersMost, ...]:
    """Return the organisations with the largest chance x consequence."""
    rows = estate.frame("organisations").to_dicts()
    order = [i for i in np.argsort(-chance * harm, kind="stable")[:MOST] if chance[i] * harm[i] > 0]
    return tuple(
        MattersMost(
            organisation=rows[i]["id"], name=rows[i]["name_en"], name_ja=rows[i]["name_ja"], sector=rows[i]["sector"],
            area=rows[i]["area"] or "", breach_probability=float(chance[i]), consequence=float(harm[i]),
        )
        for i in order
    )  # fmt: skip


def sensitivity(estate: Estate, runs: Ensemble, alone: Alone, odds: Odds) -> tuple[Sensitivity, ...]:
    """Return how far each common factor moves the expected harm, and whether it changes who is first."""
    changes = {FACTOR_WORDS[factor][0]: changes_first(alone, odds, k) for k, factor in enumerate(FACTORS)}
    return tuple(
        Sensitivity(**msgspec.structs.asdict(one), changes_first=changes[one.assumption])
        for one in movements(estate, runs)
    )


def movements(estate: Estate, runs: Ensemble) -> tuple[Movement, ...]:
    """Return how the expected harm differs between the lowest and the highest fifth of each common factor."""
    people = np.nan_to_num(np.asarray(estate.column("services", "people"), dtype=np.float64))
    total = (runs.below * people).sum(axis=1)
    mean = float(runs.mean(total))
    out = []
    for k, factor in enumerate(FACTORS):
        z = runs.z[:, k]
        low, high = (part_mean(total, runs, part) for part in (z <= np.quantile(z, 0.2), z >= np.quantile(z, 0.8)))
        error = float(np.hypot(low[1], high[1]))
        out.append(
            Movement(
                assumption=FACTOR_WORDS[factor][0], assumption_ja=FACTOR_WORDS[factor][1],
                effect=(high[0] - low[0]) / mean if mean > 0 else 0.0, effect_error=error / mean if mean > 0 else 0.0,
                low=low[0], high=high[0],
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda s: -abs(s.effect)))


def part_mean(values: Floats, runs: Ensemble, part: Bools) -> tuple[float, float]:
    """Return the mean over the scenarios of `part` and its standard error (Cochran, Sampling Techniques, ch. 6)."""
    weight, value = runs.weight[part], values[part]
    mean = float((value * weight).sum() / weight.sum())
    return mean, float(np.sqrt(((weight * (value - mean)) ** 2).sum()) / weight.sum())
