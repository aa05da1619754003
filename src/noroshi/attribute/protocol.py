"""The test: rolling origin over releases, honest beside leaky, known and unknown actors, all incidents.

A model predicts what a release reports first from earlier releases alone; each baseline beside it, on the same
incidents. What is measured is agreement with published vendor attribution, not truth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.assessment import NOT_STATED, assess
from noroshi.attribute.baselines import BASELINES, baseline_scores, fit_baseline, shares_of
from noroshi.attribute.decoys import DECOYS, planted
from noroshi.attribute.evidence import REFERENCE, Evidence, Item
from noroshi.attribute.features import compared
from noroshi.attribute.guard import Terms
from noroshi.attribute.incidents import Incident
from noroshi.attribute.index import Index, index_of
from noroshi.attribute.measures import Row
from noroshi.attribute.scoring import UNLISTED, utilities
from noroshi.attribute.training import Learned, index_for

__all__ = ["MODEL", "Decoyed", "Tested", "evidence_of", "tried"]

Floats = NDArray[np.float64]

MODEL = "Noroshi"
ONE_REPORT = Terms(sources=1)
"""Each incident of the test is told by one report, so that the rule of two sources would let nothing through."""


@dataclass(frozen=True, slots=True)
class Decoyed:
    """One planted decoy: how much was planted, whether the planted group leads, and whether it was asserted."""

    software: int
    techniques: int
    leads: bool
    asserted: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """One incident: each method's row, honest and leaky; what the guard said of it; its nexus.

    rows: method -> row; None for campaigns that nobody is said to be behind. asserted: by the guard,
    one report standing for two sources. sure: p ≥ .9 and P(unknown) < .1 alone. nexus: published, and said.
    """

    step: str
    incident: Incident
    rows: dict[str, Row] | None
    leaky: dict[str, Row] | None
    leader: str
    asserted: bool
    sure: bool
    nexus: tuple[str, str]
    decoys: tuple[Decoyed, ...]


def evidence_of(incident: Incident, techniques: Sequence[str] = (), software: Sequence[str] = ()) -> Evidence:
    """Return an incident as evidence: everything from one source, graded as a published report is."""
    items = [Item("technique", incident.id, REFERENCE, name) for name in {*incident.techniques, *techniques}]
    items += [Item("software", incident.id, REFERENCE, name) for name in {*incident.software, *software}]
    return Evidence(incident.id, tuple(sorted(items, key=lambda item: (item.kind, item.id))))


def tried(
    steps: Sequence[Learned], rng: np.random.Generator, progress: Callable[[str], None] = lambda _: None
) -> tuple[Tested, ...]:
    """Return every incident of the real releases among `steps`, which are all steps from the first on."""
    earlier: dict[str, tuple[list[Floats], list[int]]] = {name: ([], []) for name in BASELINES}
    found: list[Tested] = []
    for step in steps:
        progress(step.stage.name)
        fitted = {name: fit_baseline(*earlier[name]) for name in BASELINES}
        later = index_of(step.stage.new) if step.stage.new is not None else step.index
        for incident in step.stage.incidents:
            index = index_for(step.stage, step.index, incident)
            honest = rows_of(step, index, incident, fitted, earlier)
            if step.stage.real:
                leaky = rows_of(step, later, incident, fitted, None)
                found.append(one_tried(step, index, incident, (honest, leaky), rng))
    return tuple(found)


def rows_of(
    step: Learned, index: Index, incident: Incident, fitted: dict[str, tuple[float, float]],
    earlier: dict[str, tuple[list[Floats], list[int]]] | None,
) -> dict[str, Row] | None:  # fmt: skip
    """Return the row of each method, and note the baselines' scores in `earlier`; None where nobody is published."""
    if not incident.truth:
        return None
    beside = compared(index, incident.techniques, incident.software)
    chosen = index.groups.index(incident.truth) if incident.truth in index.groups else len(index.groups)
    scores = utilities(step.model, beside)
    raised = np.exp(scores - scores.max())
    rows = {MODEL: Row(raised / raised.sum(), chosen, incident.truth)}
    for name in BASELINES:
        plain = baseline_scores(name, index, beside, incident.size)
        rows[name] = Row(shares_of(plain, *fitted[name]), chosen, incident.truth)
        if earlier is not None:
            earlier[name][0].append(plain)
            earlier[name][1].append(chosen)
    return rows


def one_tried(
    step: Learned, index: Index, incident: Incident, rows: tuple[dict[str, Row] | None, dict[str, Row] | None],
    rng: np.random.Generator,
) -> Tested:  # fmt: skip
    """Return one incident with what the guard says of it, and of it with decoys planted."""
    said = assess(step.model, index, evidence_of(incident), ONE_REPORT, brief=True)
    decoys = []
    for software, techniques in DECOYS:
        for group, more, tools in planted(index, incident.truth, software, techniques, rng):
            fooled = assess(step.model, index, evidence_of(incident, more, tools), ONE_REPORT, brief=True)
            leads = fooled.scored.hypotheses[fooled.leader] == group
            decoys.append(Decoyed(software, techniques, leads, fooled.asserted == group))
    rules = {check.rule: check.holds for check in said.checks}
    named = step.stage.new.actors[incident.truth].nexus if step.stage.new is not None and incident.truth else ""
    told = next((name for name, _ in said.nexus if name not in (NOT_STATED, UNLISTED)), "")
    return Tested(
        step.stage.name, incident, *rows, said.scored.hypotheses[said.leader], said.asserted is not None,
        rules.get("probability", False) and rules.get("unknown", False), (named, told), tuple(decoys),
    )  # fmt: skip
