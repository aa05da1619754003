"""Ratings as one may see them: sectors with what lies between their organisations, and organisations one by one.

Of an organisation of which nothing is known to who asks, its sector's distribution is said and nothing sharper; that is
also what is said of one whose rating is not for who asks, so that neither can be told from the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.desk import assessments
from noroshi.desk.dossiers import contact_of
from noroshi.desk.permitting import may, must
from noroshi.desk.rating import Rating, rate_answers, rate_sheet
from noroshi.errors import NotFoundError
from noroshi.files.answers import shipped_answers
from noroshi.rate.evidence import GRADES, Answer, weigh
from noroshi.rate.ladder import PASS_MARK, Rung, ladder, public_ladder, scores
from noroshi.rate.score import beta_with, score
from noroshi.share.permissions import Leave

if TYPE_CHECKING:
    from noroshi.desk.assessments import Shown
    from noroshi.desk.hub import Hub
    from noroshi.estate.model import Estate
    from noroshi.store.contract import Principal

__all__ = [
    "Narrowing", "OfSector", "Organisation", "believed", "mark_of", "narrowing", "of_sectors", "one", "rated",
    "rating_of", "sees",
]  # fmt: skip

FULL = 100.0
SPREAD = (0.05, 0.25, 0.5, 0.75, 0.95)
Z95 = 1.6448536269514722


class OfSector(NamedTuple):
    """A sector as who asks may see it, and how its organisations spread: quantiles (`SPREAD`), the part that passes.

    full: with what is known of single organisations; else as it is published.
    """

    rung: Rung
    full: bool
    spread: tuple[float, ...]
    passing: float


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is believed of an organisation's score, on what basis, for who asks.

    basis: "answers" (its own assessment, with `rating`), "estate" (a score that the estate gives), or "sector" (nothing
    but its sector's distribution). known: whether it is in the estate. low, high: 5 and 95 %.
    """

    id: str
    name_en: str
    name_ja: str
    sector: str
    known: bool
    basis: str
    score: float
    low: float
    high: float
    passing: float
    rating: Rating | None = None
    answers: Shown | None = None

    @property
    def verdict(self) -> str:
        """Return pass, fail or "evidence needed": of answers on evidence alone, else by the interval."""
        if self.rating is not None:
            return self.rating.verdict.verdict
        return "pass" if self.passing >= 0.9 else "fail" if self.passing <= 0.1 else "evidence needed"  # noqa: PLR2004


class Narrowing(NamedTuple):
    """A question, and how wide the interval of the score would be once it is measured, in points."""

    item: str
    width: float
    less: float


def mark_of(estate: Estate) -> float:
    """Return the pass mark of an estate."""
    return estate.meta.benchmark.pass_mark if estate.meta.benchmark else PASS_MARK


def sees(hub: Hub, asker: Principal, organisation: str, sector: str) -> bool:
    """Say whether one may see how a single organisation is rated: any, one's own, or those of one's own sectors."""
    leave = may(asker, "ratings.read")
    if leave is not Leave.OWN:
        return leave is Leave.ALLOWED
    found = contact_of(hub, asker)
    if found is None:
        return False
    return (
        sector in found.sectors
        if asker.kind == "ministry"
        else bool(organisation) and found.organisation == organisation
    )


def of_sectors(hub: Hub, asker: Principal, estate: Estate) -> tuple[OfSector, ...]:
    """Return the sectors of an estate, the best first, each in full only where one may see its organisations."""
    must(asker, "ratings.read")
    mark = mark_of(estate)
    found = []
    for whole, told in zip(ladder(estate), public_ladder(estate), strict=True):
        full = sees(hub, asker, "", whole.id)
        rung = whole if full else told
        quantiles, passing = spread_of(rung.score, rung.spread, mark)
        found.append(OfSector(rung, full, quantiles, passing))
    return tuple(sorted(found, key=lambda each: (-each.rung.score, each.rung.id)))


def spread_of(mean: float, spread: float, mark: float) -> tuple[tuple[float, ...], float]:
    """Return quantiles of the scores of organisations with a mean and a spread, and the part that reaches the mark."""
    from scipy.special import betainc, betaincinv

    a, b = beta_with(np.array([mean / FULL]), np.array([(max(spread, 0.1) / FULL) ** 2]))
    return tuple(float(FULL * betaincinv(a[0], b[0], q)) for q in SPREAD), float(1.0 - betainc(a[0], b[0], mark / FULL))


def rating_of(shown: Shown, estate: Estate, now: int) -> Rating | None:
    """Return the rating of an assessment as it stands, None where nothing is answered; it is computed once a change.

    Its peers are its sector in the estate, or the surveyed population where that has no such sector.
    """
    sheet = assessments.sheet(shown, now)
    if not sheet.answers:
        return None
    peers = estate if sheet.sector in estate.ids("sectors") else None
    key, state = ("rating", shown.place), (shown.state.last, sheet.as_of)
    found = estate.known.get(key)
    if found is None or found[0] != state:
        found = estate.known[key] = (state, rate_sheet(sheet, assessments.asked_catalogue(), peers))
    rating: Rating = found[1]
    return rating


def shipped_rating(organisation: str, estate: Estate) -> Rating | None:
    """Return the rating of answers that ship with a fictional estate; None where there are none of an organisation."""
    if not estate.meta.fictional or organisation not in shipped_answers():
        return None
    key = ("rating shipped", organisation)
    if key not in estate.known:
        estate.known[key] = rate_answers(organisation, estate=estate)
    rating: Rating = estate.known[key]
    return rating


def one(hub: Hub, asker: Principal, estate: Estate, organisation: str, now: int) -> Organisation:
    """Return what is believed of an organisation; NotFoundError where neither the estate nor an assessment has it."""
    must(asker, "ratings.read")
    row = estate.rows("organisations").get(organisation)
    answers = answers_for(hub, asker, organisation)
    if row is None:
        if answers is None:
            raise NotFoundError("there is no such organisation")
        words = (organisation, organisation, organisation, answers.place.sector)
    else:
        there = estate.frame("organisations").row(row, named=True)
        words = (organisation, there["name_en"] or organisation, there["name_ja"] or there["name_en"], there["sector"])
    if answers is not None and (rating := rating_of(answers, estate, now)) is not None:
        return replace(of_rating(words, rating), known=row is not None, answers=answers)
    if sees(hub, asker, organisation, words[3]) and (rating := shipped_rating(organisation, estate)) is not None:
        return of_rating(words, rating)
    return believed(hub, asker, estate, words, row)


def of_rating(words: tuple[str, str, str, str], rating: Rating) -> Organisation:
    """Return an organisation of the estate by the rating of its answers."""
    scored, known = rating.scored, True
    figures = (float(scored.mean[0]), float(scored.low[0]), float(scored.high[0]), rating.verdict.p_pass)
    return Organisation(*words, known, "answers", *figures, rating)


def answers_for(hub: Hub, asker: Principal, organisation: str) -> Shown | None:
    """Return the assessment of an organisation where one may read it: of one's own side of the wall, else the real."""
    if may(asker, "assessments.read") is Leave.NEVER:
        return None
    found = contact_of(hub, asker)
    drill = found is not None and found.exercise
    return next(
        (each for each in assessments.listed(hub, asker) if each.place[0] == organisation and each.place[2] == drill),
        None,
    )


def believed(
    hub: Hub, asker: Principal, estate: Estate, words: tuple[str, str, str, str], row: int | None
) -> Organisation:
    """Return what is believed of an organisation without answers: the estate's own score of it, else its sector's."""
    mark, scores_ = mark_of(estate), scores(estate)
    if row is not None and scores_.own[row] and sees(hub, asker, words[0], words[3]):
        mean, spread = float(scores_.mean[row]), float(scores_.spread[row])
        quantiles, passing = spread_of(mean, spread, mark)
        known = row is not None
        return Organisation(*words, known, "estate", mean, quantiles[0], quantiles[-1], passing)
    found = next((each for each in of_sectors(hub, asker, estate) if each.rung.id == words[3]), None)
    if found is None:
        raise NotFoundError("there is no such sector")
    told = next(each for each in public_ladder(estate) if each.id == words[3])
    quantiles, passing = spread_of(told.score, told.spread, mark)
    return Organisation(*words, row is not None, "sector", told.score, quantiles[0], quantiles[-1], passing)


def rated(hub: Hub, asker: Principal, estate: Estate, now: int) -> tuple[Organisation, ...]:
    """Return the organisations of which something is known that one may see, the lowest score first."""
    must(asker, "ratings.read")
    answering = set()
    if may(asker, "assessments.read") is not Leave.NEVER:
        answering = {each.place.organisation for each in assessments.listed(hub, asker)}
    own = scores(estate).own
    there = [
        name for row, (name, sector) in enumerate(estate.frame("organisations").select("id", "sector").iter_rows())
        if (own[row] or name in answering) and sees(hub, asker, name, sector)
    ]  # fmt: skip
    more = sorted(answering - set(estate.ids("organisations")))
    found = (one(hub, asker, estate, name, now) for name in (*there, *more))
    return tuple(sorted((each for each in found if each.basis != "sector"), key=lambda each: (each.score, each.id)))


def narrowing(rating: Rating) -> tuple[Narrowing, ...]:
    """Return the questions whose measuring would narrow the interval of the score most, the most first.

    Each is taken as measured today at what is believed of it now; those that nothing narrows are left out.
    """
    catalogue, sheet = rating.catalogue, rating.sheet
    width = float(rating.scored.high[0] - rating.scored.low[0])
    open_ = [
        k for k, item in enumerate(catalogue.items)
        if not rating.evidence.left_out[0, k] and rating.evidence.strength[0, k] < GRADES["measured"]
    ]  # fmt: skip
    if not open_:
        return ()
    means = rating.scored.item_mean[0]
    sheets = [
        replace(sheet, answers=(
            *sheet.answers, Answer(catalogue.items[k].id, float(means[k]), "measured", sheet.as_of),
        ))
        for k in open_
    ]  # fmt: skip
    then = score(catalogue, weigh(catalogue, sheets), rating.believed, rating.mark)
    found = [
        Narrowing(catalogue.items[k].id, float(then.high[s] - then.low[s]), width - float(then.high[s] - then.low[s]))
        for s, k in enumerate(open_)
    ]
    return tuple(sorted((each for each in found if each.less > 0.0), key=lambda each: (-each.less, each.item)))
