"""Learning from one release after another: what each brought is predicted from those before it, then learned from.

Three kinds of examples, all from releases that are past: what a release reported first; before the first release, what
the dates in it say was new; and rehearsals, in which one report, or all of a group, is taken out of the newest release
and then to be attributed. Rehearsals stand for known and for unlisted actors alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.calibration import calibrate
from noroshi.attribute.features import compared
from noroshi.attribute.incidents import LEAST_ITEMS, Incident, first_reported, within
from noroshi.attribute.index import Index, index_of, without_group, without_report
from noroshi.attribute.knowledge import Knowledge
from noroshi.attribute.logit import Choice, fit
from noroshi.attribute.scoring import Model

__all__ = ["Learned", "Predicted", "Stage", "choices", "final", "learned", "rolling", "stages"]

Floats = NDArray[np.float64]

STEP = timedelta(days=183)
STEPS = 6
"""Half years before the first release that its dates are asked about, as many as have enough groups."""
ENOUGH_GROUPS = 40
REHEARSAL = 0.2
"""What a rehearsal counts beside what really came later."""
RIDGE, RIDGE_UNKNOWN = 20.0, 10.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One step in time: what was known, and what came; `real` says that both are releases, not dates within one."""

    name: str
    old: Knowledge
    new: Knowledge | None
    incidents: tuple[Incident, ...]
    real: bool


@dataclass(frozen=True, slots=True)
class Predicted:
    """One incident's uncalibrated scores, (H,), the unknown last; chosen: the place of its truth."""

    incident: Incident
    scores: Floats
    chosen: int


@dataclass(frozen=True, slots=True)
class Learned:
    """A stage with the model that was trained on all before it, and what that model makes of what came."""

    stage: Stage
    index: Index
    model: Model
    predicted: tuple[Predicted, ...]


def stages(releases: Sequence[Knowledge], least: int = LEAST_ITEMS) -> tuple[Stage, ...]:
    """Return the steps in time: half years within the first release, then each release and what the next brought."""
    if not releases:
        return ()
    first = releases[0]
    days: list[date] = [first.as_of - STEP * k for k in range(STEPS, 0, -1)]
    past = within(first, (*days, first.as_of), least)
    found = [
        Stage(f"{first.name} at {day}", known, None, incidents, real=False)
        for day, incidents in past.items()
        if len((known := first.at(day)).groups) >= ENOUGH_GROUPS
    ]
    for old, new in pairwise(releases):
        named = old.in_terms_of(new)
        found.append(Stage(f"{old.name} → {new.name}", named, new, first_reported(named, new, least), real=True))
    return tuple(found)


def index_for(stage: Stage, index: Index, incident: Incident) -> Index:
    """Return the index that an incident is to be compared with: without the sources that it is told by itself."""
    if not incident.forget & set(index.reports.source):
        return index
    return index_of(stage.old.without_sources(incident.forget))


def choices(stage: Stage, index: Index) -> Iterator[tuple[Incident, Index, Choice]]:
    """Yield every incident of a stage that is published as some group's, as an example."""
    for incident in stage.incidents:
        if not incident.truth:
            continue
        base = index_for(stage, index, incident)
        beside = compared(base, incident.techniques, incident.software)
        at = base.groups.index(incident.truth) if incident.truth in base.groups else len(base.groups)
        yield incident, base, Choice(beside.features, beside.unknown, at)


def rehearsals(index: Index, least: int = LEAST_ITEMS) -> Iterator[Choice]:
    """Yield every report of `index` twice: with that report taken out, and with all of its group taken out."""
    names = list(index.items)
    apart: dict[int, Index] = {}
    for report, group in enumerate(index.reports.group.tolist()):
        said = np.flatnonzero(index.reports.says[report])
        if len(said) < least or "/" not in index.reports.source[report]:
            continue
        techniques = [names[k] for k in said if not index.software[k]]
        software = [names[k] for k in said if index.software[k]]
        if index.sources[group] > 1:
            beside = compared(without_report(index, report), techniques, software)
            yield Choice(beside.features, beside.unknown, group, REHEARSAL)
        if group not in apart:
            apart[group] = without_group(index, group)
        beside = compared(apart[group], techniques, software)
        yield Choice(beside.features, beside.unknown, len(index.groups) - 1, REHEARSAL)


def fitted(examples: Sequence[Choice], before: Sequence[Predicted]) -> Model:
    """Return the model of these examples, calibrated on predictions that were made before."""
    logit = fit(examples, RIDGE, RIDGE_UNKNOWN)
    real = [c for c in examples if c.weight == 1.0]
    share = float(np.mean([c.chosen == len(c.groups) for c in real])) if real else Model(logit).unknown_share
    calibration = calibrate([p.scores for p in before], [p.chosen for p in before])
    return Model(logit, calibration, share)


def rolling(steps: Sequence[Stage], progress: Callable[[str], None] = lambda _: None) -> Iterator[Learned]:
    """Yield each stage with a model that has seen nothing of it or of any later one."""
    examples: list[Choice] = []
    before: list[Predicted] = []
    for stage in steps:
        progress(stage.name)
        index = index_of(stage.old)
        model = fitted([*examples, *rehearsals(index)], before)
        predicted = []
        for incident, _, choice in choices(stage, index):
            beside_scores = np.append(choice.groups @ np.array(model.logit.groups),
                                      choice.unknown @ np.array(model.logit.unknown))  # fmt: skip
            predicted.append(Predicted(incident, beside_scores, choice.chosen))
            examples.append(choice)
        before.extend(predicted)
        yield Learned(stage, index, model, tuple(predicted))


def final(steps: Sequence[Learned], newest: Knowledge) -> Model:
    """Return the model to use after `newest`: trained on all that came, calibrated on how each was predicted."""
    examples = [choice for step in steps for _, _, choice in choices(step.stage, step.index)]
    return fitted([*examples, *rehearsals(index_of(newest))], [p for step in steps for p in step.predicted])


def learned(steps: Sequence[Learned]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return what the rolling models said of their leading hypothesis, and whether it agreed with what was published.

    Of real releases only, calibrated as each model was at its time: the material of the reliability diagram.
    """
    said, came = [], []
    for step in steps:
        if not step.stage.real:
            continue
        for one in step.predicted:
            scores = one.scores / step.model.calibration.temperature
            scores[-1] += step.model.calibration.shift
            raised = np.exp(scores - scores.max())
            said.append(float(raised.max() / raised.sum()))
            came.append(int(scores.argmax()) == one.chosen)
    return np.array(said), np.array(came, np.bool_)
