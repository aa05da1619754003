"""What a person asks of many scenarios: what a threat does to services, how many breaches each of them withstands."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct, structs

from noroshi.desk import brief as whole
from noroshi.desk import kernels
from noroshi.desk.asked import DEFAULT_SEED, DEFAULT_TRIALS, threat_for
from noroshi.desk.brief import movements
from noroshi.desk.brief_schema import (
    Amount,
    Count,
    EstateSummary,
    Harms,
    Movement,
    Resilience,
    ServiceRisk,
    Share,
    ThreatSummary,
    plain_values,
)
from noroshi.desk.odds import attacked, odds_for
from noroshi.stress import breaking
from noroshi.stress.ensembles import Ensemble, run_ensemble
from noroshi.stress.model import build
from noroshi.stress.shock import HORIZON_H

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from noroshi.estate.model import Estate
    from noroshi.stress.threat import Threat

__all__ = ["EnsembleReport", "EnsembleResult", "ResilienceReport", "ServiceResilience", "ensemble", "resilience"]


class EnsembleReport(Struct, frozen=True, kw_only=True):
    """What a threat does, over `trials` scenarios of `horizon_h` hours with at least one breach.

    `p_any` is the chance of that in the threat's period, `mean_hits` and `power_solves` as in the brief.
    """

    estate: EstateSummary
    seed: int
    trials: Count
    horizon_h: Amount
    threat: ThreatSummary
    p_any: Share
    mean_hits: Amount
    power_solves: Amount
    services: tuple[ServiceRisk, ...]
    harms: Harms
    sensitivity: tuple[Movement, ...]


class ServiceResilience(Resilience, frozen=True, kw_only=True):
    """The resilience number of a service, with its name."""

    name: str
    name_ja: str


class ResilienceReport(Struct, frozen=True, kw_only=True):
    """How many breaches each service withstands; the weakest first.

    `threat` is null where anyone may be breached, else only those whom it attacks. `pairs`: whether all were tried.
    """

    estate: EstateSummary
    threat: ThreatSummary | None
    horizon_h: Amount
    pairs: bool
    resilience: tuple[ServiceResilience, ...]

    def frame(self) -> pl.DataFrame:
        """Return one row per service."""
        import polars as pl

        return pl.DataFrame(plain_values(self)["resilience"], infer_schema_length=None)


@dataclass(frozen=True, slots=True)
class EnsembleResult:
    """What an ensemble gives: the figures (`report`), and the arrays behind them (`runs`, by scenario)."""

    report: EnsembleReport
    runs: Ensemble

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values, as `noroshi stress ensemble --json` prints them."""
        values: dict[str, Any] = plain_values(self.report)
        return values

    def frame(self, name: str = "services") -> pl.DataFrame:
        """Return a data frame: `services` (one row each) or `sensitivity`; KeyError for any other name."""
        import polars as pl

        if name not in {"services", "sensitivity"}:
            raise KeyError(f"{name!r} is no frame of an ensemble; expected services or sensitivity")
        rows = [dict(row) for row in self.as_dict()[name]]
        for row in rows:
            band = row.pop("person_hours_below_floor", {})
            row.pop("bands", None)
            row |= {f"person_hours_{part}": value for part, value in band.items()}
        return pl.DataFrame(rows, infer_schema_length=None)


def ensemble(  # noqa: PLR0913  an estate, a threat, and how to draw
    estate: Estate,
    threat: Threat | str | None = None,
    *,
    trials: int = DEFAULT_TRIALS,
    seed: int = DEFAULT_SEED,
    threads: int = 0,
    horizon_h: float = HORIZON_H,
    progress: Callable[[str, float], None] | None = None,
) -> EnsembleResult:
    """Return what a threat (one, its name or its file; default: the brief's) does to a checked estate.

    The result does not depend on `threads` (0 = all cores). `progress` gets a step's name and the part done, and may
    raise to stop. NotFoundError; InputError if the threat attacks nobody.
    """
    said = progress or (lambda _step, _part: None)
    chosen = threat_for(estate, threat)
    kernels.warm(partial(said, "kernels"))
    said("model", 0.0)
    model = build(estate)
    odds = attacked(estate, chosen, odds_for(estate, model, chosen))
    runs = run_ensemble(
        model, odds, trials=trials, seed=seed, horizon=horizon_h, threads=threads or os.cpu_count() or 1,
        progress=lambda part: said("ensemble", part),
    )  # fmt: skip
    report = EnsembleReport(
        estate=whole.estate_summary(estate), seed=seed, trials=trials, horizon_h=horizon_h,
        threat=whole.threat_summary(chosen), p_any=runs.p_any,
        mean_hits=float(runs.mean(runs.hits.astype(np.float64))),
        power_solves=float(runs.mean(runs.solves.astype(np.float64))),
        services=whole.services_at_risk(estate, runs), harms=whole.harms(estate, runs),
        sensitivity=movements(estate, runs),
    )  # fmt: skip
    return EnsembleResult(report, runs)


def resilience(  # noqa: PLR0913  an estate, a threat, and how to search
    estate: Estate,
    threat: Threat | str | None = None,
    *,
    pairs: bool = True,
    threads: int = 0,
    horizon_h: float = HORIZON_H,
    progress: Callable[[str, float], None] | None = None,
) -> ResilienceReport:
    """Return how many organisations or suppliers must be breached together to break each service.

    With a `threat`, only those count whom it attacks. `pairs`: try every pair that could matter, so that 3 can be
    proven; it takes longer. `progress` gets a step's name and the part done, and may raise to stop. NotFoundError;
    InputError if the threat attacks nobody.
    """
    said = progress or (lambda _step, _part: None)
    chosen = threat_for(estate, threat)
    kernels.warm(partial(said, "kernels"))
    said("model", 0.0)
    model = build(estate)
    odds = odds_for(estate, model, chosen)
    only = None if threat is None else attacked(estate, chosen, odds).chance.max(axis=0) > 0.0
    numbers = breaking.find(
        model, odds, horizon=horizon_h, exhaustive=pairs, only=only, threads=threads or os.cpu_count() or 1,
        progress=lambda part: said("resilience", part),
    )  # fmt: skip
    names = {row["id"]: row for row in estate.frame("services").select("id", "name_en", "name_ja").to_dicts()}
    found = tuple(
        ServiceResilience(
            **structs.asdict(one), name=names[one.service]["name_en"], name_ja=names[one.service]["name_ja"]
        )
        for one in whole.resilience(estate, numbers)
    )
    return ResilienceReport(
        estate=whole.estate_summary(estate), threat=None if threat is None else whole.threat_summary(chosen),
        horizon_h=horizon_h, pairs=pairs, resilience=found,
    )  # fmt: skip
