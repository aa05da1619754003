"""What an organisation should do next: under a budget, over years, or as cheaply as the pass mark allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from noroshi.desk.rating import Rating, rate_sheet, stable
from noroshi.errors import NotFoundError
from noroshi.files.techniques import load_techniques
from noroshi.files.threats import find_threat
from noroshi.rate.evidence import GRADES, Answer, weigh
from noroshi.rate.passing import cheapest
from noroshi.rate.plans import Options, options, ordered, plan, yearly
from noroshi.rate.score import earned, item_quantiles
from noroshi.rate.tangents import value
from noroshi.rate.techniques import Frequencies, frequencies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.estate.model import Estate
    from noroshi.flow.kernel import Bools, Floats
    from noroshi.rate.evidence import Sheet

__all__ = ["AFTERWARDS", "AUDITED", "Planned", "Step", "plan_budget", "plan_pass", "plan_years", "used_by"]

AFTERWARDS = "document"
"""Grade of the answers after a plan: what was done is on paper and can be looked at."""
AUDITED = "third_party"
"""Grade of those after a plan that is to pass: paper alone leaves too much open for a chance of 0.9."""
BELIEVED = "third_party"
"""Grade at which "does not apply" is believed."""
LEVELS = 16
"""Equally likely levels that stand for what is believed of an item."""
OFTEN = "all known actors"


@dataclass(frozen=True, slots=True)
class Step:
    """One measure of a plan, in the order in which to do them; `left` is what attacks still succeed in after it."""

    measure: int
    year: int
    left: float


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan for an organisation's answers: what to do, what it costs, and the rating once it is done and documented.

    before, after: attacks' success weighed by use, of 1 without any measure; gap: how far from the best the plan may
    be, as a part of `after` (as a part of the cost where the cheapest way to the mark was asked for). to_prove: items
    whose answers are only claimed and count for the mark once they are evidenced. against: whose techniques count.
    """

    rating: Rating
    given: Options
    steps: tuple[Step, ...]
    before: float
    after: float
    gap: float
    reached: Rating
    against: str
    to_prove: tuple[str, ...] = ()

    @property
    def chosen(self) -> Bools:
        """Return which measures are chosen, (measures,)."""
        found = np.zeros(len(self.given.offered), np.bool_)
        found[[step.measure for step in self.steps]] = True
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values, as `noroshi rate plan --json` prints them."""
        measures = self.given.catalogue.measures
        chosen = [measures[step.measure] for step in self.steps]
        return {
            "organisation": self.rating.sheet.organisation, "against": self.against,
            "measures": [one.id for one in chosen],
            "cost": stable(sum(one.cost for one in chosen)), "staff": stable(sum(one.staff for one in chosen)),
            "before": stable(self.before), "after": stable(self.after),
            "reduction": stable(1.0 - self.after / self.before if self.before > 0.0 else 0.0), "gap": stable(self.gap),
            "score_before": stable(self.rating.scored.mean[0]), "score_after": stable(self.reached.scored.mean[0]),
            "low_after": stable(self.reached.scored.low[0]), "high_after": stable(self.reached.scored.high[0]),
            "p_pass_before": stable(self.rating.verdict.p_pass), "p_pass_after": stable(self.reached.verdict.p_pass),
            "verdict_after": self.reached.verdict.verdict, "to_prove": list(self.to_prove),
            "steps": [
                {
                    "id": one.id, "item": one.item, "to": one.to, "name": one.name_en, "name_ja": one.name_ja,
                    "cost": one.cost, "staff": one.staff, "year": step.year, "left": stable(step.left),
                    "source": one.source,
                }
                for one, step in zip(chosen, self.steps, strict=True)
            ],
        }  # fmt: skip


def used_by(threat: str | None) -> tuple[Frequencies, str]:
    """Return the techniques of a threat, or of all known actors by how many use them, and whose they are.

    NotFoundError for a threat that nothing has, or of which no technique is known.
    """
    known = load_techniques()
    if threat is None:
        return frequencies(known), OFTEN
    found = find_threat(threat)
    ids = {one.id for one in known}
    if not any(name in ids or name.partition(".")[0] in ids for name in found.techniques):
        raise NotFoundError(f"the threat {found.id} names no technique of ATT&CK; plan without it, or name another")
    return frequencies(known, found.techniques), found.name


def offered(rating: Rating, frequency: Frequencies) -> Options:
    """Return what the organisation may do, given what its answers make one believe of it."""
    level = item_quantiles(rating.scored.item_mean[0], rating.scored.item_sd[0], LEVELS)
    return options(rating.catalogue, frequency, level, ~rating.evidence.left_out[0])


def plan_budget(  # noqa: PLR0913  an organisation, and what limits it
    rating: Rating, budget: float, *, staff: float = np.inf, threat: str | None = None, estate: Estate | None = None,
    grade: str = AFTERWARDS,
) -> Planned:  # fmt: skip
    """Return the plan that leaves attacks the least success for `budget` million yen and `staff` person-months.

    grade: that of the answers once the measures are done.
    """
    frequency, against = used_by(threat)
    given = offered(rating, frequency)
    found = plan(given, budget, staff)
    return told(rating, given, ordered(given, found.chosen), found.gap, against, estate, grade)


def plan_years(  # noqa: PLR0913  as above
    rating: Rating, budgets: Sequence[float], *, staff: float = np.inf, threat: str | None = None,
    estate: Estate | None = None, grade: str = AFTERWARDS,
) -> Planned:  # fmt: skip
    """Return the plan over years, a budget each and `staff` in each: the sum of what is left at their ends is least."""
    frequency, against = used_by(threat)
    given = offered(rating, frequency)
    found = yearly(given, np.asarray(budgets, dtype=np.float64), np.full(len(budgets), staff))
    order: list[int] = []
    years: list[int] = []
    have = np.zeros(len(given.offered), np.bool_)
    for year, chosen in enumerate(found.chosen, 1):
        mine = [i for i in ordered(given, have | chosen) if chosen[i]]
        order += mine
        years += [year] * len(mine)
        have |= chosen
    return told(rating, given, order, found.gap, against, estate, grade, years)


def plan_pass(
    rating: Rating, *, threat: str | None = None, estate: Estate | None = None, grade: str = AUDITED
) -> Planned | None:
    """Return the cheapest way to a chance of 0.9 to pass on evidence alone; None if no measures suffice.

    What is answered is taken as evidenced at `grade` first, which costs nothing here; those of which that is not so yet
    are listed in `to_prove`.
    """
    frequency, against = used_by(threat)
    sheet, to_prove = proven(rating, grade)
    evidence = weigh(rating.catalogue, [sheet])
    # on evidence alone, of which nothing is known is not there
    given = options(rating.catalogue, frequency, evidence.level[0], ~evidence.left_out[0])
    now = earned(rating.catalogue, evidence, rating.believed, 0)
    found = cheapest(given, now.sum(axis=0), gains(rating, sheet, given, now, grade), rating.mark)
    if found is None:
        return None
    gap = (found.cost - found.bound) / found.cost if found.cost > 0.0 else 0.0
    planned = told(replace(rating, sheet=sheet), given, ordered(given, found.chosen), gap, against, estate, grade)
    return replace(planned, rating=rating, to_prove=to_prove)


def told(  # noqa: PLR0913  what a plan is made of
    rating: Rating, given: Options, order: list[int], gap: float, against: str, estate: Estate | None,
    grade: str, years: Sequence[int] = (),
) -> Planned:  # fmt: skip
    """Return measures in their order as a plan, with the rating once they are done."""
    have = np.zeros(len(given.offered), np.bool_)
    steps = []
    for place, i in enumerate(order):
        have[i] = True
        left = float(value(given.weight, given.effect, have))
        steps.append(Step(i, years[place] if years else 1, left))
    before = float(given.weight.sum())
    reached = rate_sheet(afterwards(rating, have, grade), rating.catalogue, estate)
    return Planned(rating, given, tuple(steps), before, steps[-1].left if steps else before, gap, reached, against)


def afterwards(rating: Rating, chosen: Bools, grade: str) -> Sheet:
    """Return the answers once the chosen measures are done: each item they raise is answered anew, at `grade`."""
    raised: dict[str, float] = {}
    for i in np.flatnonzero(chosen):
        one = rating.catalogue.measures[i]
        raised[one.item] = max(raised.get(one.item, 0.0), one.to)
    return answered(rating.sheet, raised, grade)


def answered(sheet: Sheet, raised: dict[str, float], grade: str) -> Sheet:
    """Return a sheet with the answers to some items replaced by one of `grade` at a new level."""
    kept = tuple(answer for answer in sheet.answers if answer.item not in raised)
    new = tuple(Answer(item, level, grade, sheet.as_of, source="plan") for item, level in raised.items())
    return replace(sheet, answers=kept + new)


def proven(rating: Rating, grade: str) -> tuple[Sheet, tuple[str, ...]]:
    """Return the answers as if each item were evidenced at `grade` or better, and the items of which it is not yet.

    That an item does not apply is believed of a third party at the least.
    """
    order = list(GRADES)
    best: dict[str, int] = {}
    for answer in rating.sheet.answers:
        best[answer.item] = max(best.get(answer.item, 0), order.index(answer.grade))
    need: dict[str, str] = {}
    for answer in rating.sheet.answers:
        wanted = max(grade, BELIEVED, key=order.index) if answer.not_applicable else grade
        if best[answer.item] < order.index(wanted):
            need[answer.item] = wanted
    answers = tuple(
        replace(answer, grade=need[answer.item]) if answer.item in need else answer for answer in rating.sheet.answers
    )
    return replace(rating.sheet, answers=answers), tuple(need)


def gains(rating: Rating, sheet: Sheet, given: Options, now: Floats, grade: str) -> Floats:
    """Return what each measure adds to the points in each draw once those it needs are done, (measures, draws)."""
    catalogue = rating.catalogue
    out = np.zeros((len(catalogue.measures), now.shape[1]))
    last = now.copy()
    rest = sorted(np.flatnonzero(given.offered), key=lambda i: catalogue.measures[i].to)
    while rest:  # the lowest step of every item at once, since items do not touch one another here
        step = {catalogue.measures[i].item: int(i) for i in reversed(rest)}
        done = answered(sheet, {item: catalogue.measures[i].to for item, i in step.items()}, grade)
        then = earned(catalogue, weigh(catalogue, [done]), rating.believed, 0)
        for item, i in step.items():
            place = catalogue.index[item]
            out[i] = then[place] - last[place]
            last[place] = then[place]
        rest = [i for i in rest if int(i) not in step.values()]
    return out
