"""What a person asks of an organisation's answers: its score, whether it passes, and what would settle that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from noroshi.desk.former import answers_with
from noroshi.desk.risk import risk
from noroshi.errors import NotFoundError
from noroshi.estate.model import Estate
from noroshi.files.catalogues import DEFAULT_CATALOGUE, load_catalogue
from noroshi.rate.evidence import GRADES, Answer, Evidence, Sheet, weigh
from noroshi.rate.ladder import PASS_MARK, said
from noroshi.rate.overclaim import PRIOR, PRIOR_SD
from noroshi.rate.probability import POPULATION_MEAN, POPULATION_SPREAD
from noroshi.rate.score import Peers, Scored, beta_with, score, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.score import Verdicts

__all__ = ["DEFAULT_CATALOGUE", "Rating", "catalogue_values", "peers_of", "rate_answers", "rate_sheet"]

FULL = 100.0
TAILS = (0.05, 0.95)
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Rating:
    """An organisation's answers with what follows from them."""

    catalogue: Catalogue
    sheet: Sheet
    evidence: Evidence
    scored: Scored
    verdict: Verdicts
    mark: float
    believed: Peers
    peers: str
    """Where the peers' figures are from, in words."""
    of_sector: bool
    """Whether they are the sector's in an estate; else the surveyed population's."""
    carried: tuple[Answer, ...] = ()
    """Findings of others that the answers no longer hold, but former ones do: they count."""

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values, as `noroshi rate score --json` prints them."""
        s, verdict = self.scored, self.verdict
        return {
            "organisation": self.sheet.organisation, "sector": self.sheet.sector, "as_of": self.sheet.as_of.isoformat(),
            "catalogue": self.catalogue.id, "pass_mark": self.mark, "peers": self.peers,
            "score": stable(s.mean[0]), "technical": stable(s.technical[0]),
            "organisational": stable(s.organisational[0]), "low": stable(s.low[0]), "high": stable(s.high[0]),
            "p_reach": stable(s.reach[0]),
            "p_pass": stable(verdict.p_pass), "verdict": verdict.verdict,
            "risk": risk(float(s.mean[0]), float(s.sd[0])),
            "items": self.items(), "would_settle": list(verdict.would_settle),
            "carried": [
                {"item": a.item, "level": a.level, "up_to": a.up_to, "grade": a.grade, "date": a.date.isoformat(),
                 "source": a.source}
                for a in self.carried
            ],
        }  # fmt: skip

    def items(self) -> list[dict[str, Any]]:
        """Return a row for each item: its posterior, what it is worth, its best evidence and that one's age."""
        from scipy.special import betaincinv

        s = self.scored
        alpha, beta = beta_with(s.item_mean[0], s.item_sd[0] ** 2)
        low, high = (betaincinv(alpha, beta, tail) for tail in TAILS)
        best = best_grades(self.sheet)
        return [
            {
                "id": item.id, "kind": item.kind, "mean": stable(s.item_mean[0, i]), "low": stable(low[i]),
                "high": stable(high[i]), "points": stable(s.points[0, i]), "evidence": best.get(item.id),
                "age_days": None if np.isnan(self.evidence.age[0, i]) else int(self.evidence.age[0, i]),
                "not_applicable": bool(self.evidence.left_out[0, i]), "share_of_variance": stable(s.part[0, i]),
            }
            for i, item in enumerate(self.catalogue.items)
        ]  # fmt: skip


def rate_answers(
    where: str | Path,
    *,
    catalogue: str | Path = DEFAULT_CATALOGUE,
    estate: Estate | None = None,
    former: Sequence[str | Path] = (),
) -> Rating:
    """Return the rating of the answers in a file, against the sector's peers in `estate`, or the surveyed population.

    former: the organisation's earlier answers: what others found then counts on though it is left out now.
    InputError with every fault of the answers or the catalogue; NotFoundError for a sector that the estate lacks.
    """
    asked = load_catalogue(catalogue)
    sheet, more = answers_with(where, former, asked)
    return replace(rate_sheet(sheet, asked, estate), carried=more)


def rate_sheet(sheet: Sheet, asked: Catalogue, estate: Estate | None = None) -> Rating:
    """Return the rating of an organisation's answers to a catalogue; NotFoundError as above."""
    mean, spread, words = peers_of(sheet.sector, estate)
    peers = Peers(np.full(len(asked.items), mean / FULL), spread, PRIOR, PRIOR_SD)
    mark = estate.meta.benchmark.pass_mark if estate is not None and estate.meta.benchmark else PASS_MARK
    evidence = weigh(asked, [sheet])
    scored = score(asked, evidence, peers, mark)
    verdict = verdicts(asked, evidence, peers, scored, mark)[0]
    return Rating(asked, sheet, evidence, scored, verdict, mark, peers, words, estate is not None)


def peers_of(sector: str, estate: Estate | None) -> tuple[float, float, str]:
    """Return mean and spread of the scores of a sector's organisations, and where they are from."""
    if estate is None:
        return POPULATION_MEAN, POPULATION_SPREAD, "surveyed population of 2014"
    for row in estate.frame("sectors").to_dicts():
        if row["id"] == sector:
            return (*said(row, estate), f"sector {sector} of the estate {estate.meta.id}")
    known = ", ".join(estate.ids("sectors"))
    raise NotFoundError(f"the estate {estate.meta.id} has no sector {sector!r}; it has {known}")


def best_grades(sheet: Sheet) -> dict[str, str]:
    """Return item -> the best grade of what is known of it."""
    order = list(GRADES)
    best: dict[str, str] = {}
    for answer in sheet.answers:
        if not answer.not_applicable and order.index(answer.grade) >= order.index(best.get(answer.item, order[0])):
            best[answer.item] = answer.grade
    return best


def catalogue_values(catalogue: Catalogue) -> dict[str, Any]:
    """Return a catalogue as plain values, as `noroshi rate catalogue --json` prints it."""
    points = catalogue.points()
    return {
        "id": catalogue.id, "version": catalogue.version, "name": catalogue.name_en, "name_ja": catalogue.name_ja,
        "source": catalogue.source,
        "items": [
            {
                "id": item.id, "kind": item.kind, "weight": item.importance, "points": stable(points[i]),
                "question": item.question_en, "question_ja": item.question_ja,
                "levels": [{"at": level.at, "en": level.en, "ja": level.ja} for level in item.levels],
                "evidence": item.evidence_en, "evidence_ja": item.evidence_ja, "half_life_days": item.half_life_days,
                "measured_by": item.measured_by, "csf": item.csf, "cpg": item.cpg, "nist_800_53": item.nist_800_53,
                "attack": item.attack,
            }
            for i, item in enumerate(catalogue.items)
        ],
    }  # fmt: skip


def stable(value: float) -> float:
    """Return a figure to six digits after the point: what differs beyond is arithmetic, not evidence."""
    return round(float(value), DIGITS)
