"""The test's figures: methods side by side, honest and leaky, parts of the incidents, guard, decoys, calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.baselines import BASELINES
from noroshi.attribute.calibration import Bin, reliability, slope
from noroshi.attribute.decoys import DECOYS
from noroshi.attribute.measures import DRAWS, Figure, Row, auroc, drawn, figure, measure, paired, upper_bound
from noroshi.attribute.protocol import MODEL, Tested

__all__ = ["METHODS", "Counted", "Guarded", "Results", "results"]

Floats = NDArray[np.float64]

METHODS = (MODEL, *BASELINES)
COMPARED = ("loss_listed", "brier_listed", "loss_open", "brier_open")
SIZES = ((1, 5), (6, 10), (11, 20), (21, None))


@dataclass(frozen=True, slots=True)
class Counted:
    """Some of the incidents: how many, how many of known actors, and the model's figures of them."""

    name: str
    incidents: int
    known: int
    top1: float
    top10: float
    loss_open: float


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a rule let through: of known actors how many, how many of these agree; of all others, which is false.

    upper: 95 % upper confidence bound of the share of the others that is asserted.
    """

    name: str
    known: int
    asserted: int
    agree: int
    others: int
    false: int
    upper: float

    @property
    def coverage(self) -> float:
        """Return the share of known actors that is asserted."""
        return self.asserted / self.known if self.known else float("nan")


@dataclass(frozen=True, slots=True)
class Results:
    """Every figure of a test. honest: method -> name -> figure; leaky: the same with the profile that has the incident.

    better: baseline -> loss -> by how much the model is better, paired; auroc: method -> of the unknown.
    decoys: (software, techniques, planted, leads, asserted).
    """

    steps: tuple[str, ...]
    known: int
    unknown: int
    unattributed: int
    honest: Mapping[str, Mapping[str, Figure]]
    leaky: Mapping[str, Mapping[str, Figure]]
    better: Mapping[str, Mapping[str, Figure]]
    auroc: Mapping[str, Figure]
    slope: Figure
    error: float
    bins: tuple[Bin, ...]
    nexus_known: Figure
    nexus_unknown: Figure
    guard: tuple[Guarded, ...]
    decoys: tuple[tuple[int, int, int, int, int], ...]
    parts: tuple[Counted, ...]


def results(found: Sequence[Tested], rng: np.random.Generator, draws: int = DRAWS) -> Results:
    """Return the figures of a test. ValueError where there is no incident whose actor is published."""
    told = [(one, one.rows, one.leaky) for one in found if one.rows is not None and one.leaky is not None]
    if not told:
        raise ValueError("no incident with a published actor")
    times = drawn([one.incident.truth for one, _, _ in told], rng, draws)
    honest = {name: [measure(rows[name]) for _, rows, _ in told] for name in METHODS}
    # the actor is in the later profile by definition: only those that were known before are compared with the honest
    known = [one.incident.known for one, _, _ in told]
    leaky = {name: [measure(rows[name]) for (_, _, rows), was in zip(told, known, strict=True) if was]
             for name in METHODS}  # fmt: skip
    said, came = leading([rows[MODEL] for _, rows, _ in told])
    bins = reliability(said, came)
    unknown = np.array([not was for was in known], np.bool_)
    return Results(
        tuple(dict.fromkeys(one.step for one in found)),
        sum(known),
        len(told) - sum(known),
        len(found) - len(told),
        {name: summed(honest[name], times) for name in METHODS},
        {name: summed(leaky[name], times[:, ~unknown]) for name in METHODS},
        {name: {loss: paired(honest[MODEL], honest[name], loss, times) for loss in COMPARED} for name in BASELINES},
        {name: resampled(partial(auroc, unlisted([rows[name] for _, rows, _ in told]), unknown), times)
         for name in METHODS},
        resampled(lambda w: slope(*repeated(said, came, w)), times[:200]),
        float(sum(b.count * abs(b.said - b.came) for b in bins) / sum(b.count for b in bins)),
        bins,
        nexus_figure(found, rng, draws, known=True),
        nexus_figure(found, rng, draws, known=False),
        (
            guarded("p ≥ .9 and P(unknown) < .1 alone", found, lambda one: one.sure),
            guarded("guard, one report standing for two sources", found, lambda one: one.asserted),
        ),
        tuple(decoyed(found, *size) for size in DECOYS),
        tuple(parts(found)),
    )  # fmt: skip


def leading(rows: Sequence[Row]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the probability of the leading hypothesis of each row, and whether it is what was published."""
    said = np.array([float(row.shares.max()) for row in rows])
    return said, np.array([int(row.shares.argmax()) == row.chosen for row in rows], np.bool_)


def unlisted(rows: Sequence[Row]) -> Floats:
    """Return the probability of an unlisted actor of each row."""
    return np.array([float(row.shares[-1]) for row in rows])


def summed(measured: Sequence[Mapping[str, float]], times: Floats) -> dict[str, Figure]:
    """Return each figure of one method with its interval."""
    names = measured[0] if measured else {}
    return {name: figure(np.array([one[name] for one in measured]), times) for name in names}


def resampled(of: Callable[[Floats | None], float], times: Floats) -> Figure:
    """Return a figure of all incidents, with its interval from those of each draw."""
    values = np.array([of(weight) for weight in times])
    values = values[~np.isnan(values)]
    low, high = np.quantile(values, [0.025, 0.975]) if len(values) else (np.nan, np.nan)
    return Figure(of(None), float(low), float(high))


def repeated(said: Floats, came: NDArray[np.bool_], weight: Floats | None) -> tuple[Floats, NDArray[np.bool_]]:
    """Return predictions as often as a draw counts them."""
    if weight is None:
        return said, came
    times = weight.astype(np.int64)
    return np.repeat(said, times), np.repeat(came, times)


def nexus_figure(found: Sequence[Tested], rng: np.random.Generator, draws: int, *, known: bool) -> Figure:
    """Return how often the likeliest nexus is the published one, where one is published."""
    rows = [one for one in found if one.incident.truth and one.incident.known == known and one.nexus[0]]
    if not rows:
        return Figure(float("nan"), float("nan"), float("nan"))
    times = drawn([one.incident.truth for one in rows], rng, draws)
    return figure(np.array([float(one.nexus[0] == one.nexus[1]) for one in rows]), times)


def guarded(name: str, found: Sequence[Tested], passes: Callable[[Tested], bool]) -> Guarded:
    """Return what a rule lets through."""
    known = [one for one in found if one.incident.known]
    others = [one for one in found if not one.incident.known]
    asserted = [one for one in known if passes(one)]
    agree = sum(one.leader == one.incident.truth for one in asserted)
    false = sum(passes(one) for one in others)
    return Guarded(name, len(known), len(asserted), agree, len(others), false, upper_bound(false, len(others)))


def decoyed(found: Sequence[Tested], software: int, techniques: int) -> tuple[int, int, int, int, int]:
    """Return what was planted, in how many incidents, and how often that group led and was asserted."""
    rows = [d for one in found for d in one.decoys if (d.software, d.techniques) == (software, techniques)]
    return software, techniques, len(rows), sum(d.leads for d in rows), sum(d.asserted for d in rows)


def parts(found: Sequence[Tested]) -> list[Counted]:
    """Return the model's figures by kind, class, size and step; incidents whose actor is published."""
    rows = [one for one in found if one.rows is not None]
    groups: list[tuple[str, list[Tested]]] = [
        (f"{kind}s", [one for one in rows if one.incident.kind == kind]) for kind in ("report", "campaign")
    ]
    groups += [
        ("techniques alone", [one for one in rows if not one.incident.software]),
        ("software alone", [one for one in rows if not one.incident.techniques]),
        ("techniques and software", [one for one in rows if one.incident.software and one.incident.techniques]),
    ]
    groups += [
        (f"{low} items and more" if high is None else f"{low}-{high} items",
         [one for one in rows if low <= one.incident.size <= (high or one.incident.size)])
        for low, high in SIZES
    ]  # fmt: skip
    groups += [(step, [one for one in rows if one.step == step]) for step in dict.fromkeys(one.step for one in rows)]
    return [counted(name, some) for name, some in groups if some]


def counted(name: str, some: Sequence[Tested]) -> Counted:
    """Return the model's figures of some incidents."""
    measured = [measure(one.rows[MODEL]) for one in some if one.rows is not None]
    known = [one for one in measured if not np.isnan(one["top1"])]

    def mean(values: list[float]) -> float:
        return float(np.mean(values)) if values else float("nan")

    return Counted(name, len(some), len(known), mean([one["top1"] for one in known]),
                   mean([one["top10"] for one in known]), mean([one["loss_open"] for one in measured]))  # fmt: skip
