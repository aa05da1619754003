"""Ranks of the organisations of a round as intervals: how far they depend on how the score is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from noroshi.desk.former import rounds_with
from noroshi.desk.rating import DEFAULT_CATALOGUE, stable
from noroshi.desk.sector_tables import peers_in
from noroshi.files.catalogues import load_catalogue
from noroshi.files.rounds import load_round
from noroshi.rate.evidence import weigh_columns
from noroshi.rate.robustness import robustness
from noroshi.rate.score import score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from noroshi.estate.model import Estate
    from noroshi.files.rounds import Round
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.robustness import Robustness
    from noroshi.rate.score import Scored

__all__ = ["Ranking", "ranking"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The organisations of a round with their scores and how robust their ranks are."""

    catalogue: Catalogue
    round: Round
    scored: Scored
    found: Robustness

    def as_dict(self) -> dict[str, Any]:
        """Return a row for each organisation, the best middle rank first, as plain values."""
        ids = [item.id for item in self.catalogue.items]
        order = np.lexsort((self.round.organisation, self.found.middle))
        return {
            "round": self.round.name, "as_of": self.round.as_of.isoformat(), "catalogue": self.catalogue.id,
            "organisations": [
                {
                    "organisation": str(self.round.organisation[c]), "sector": str(self.round.sector[c]),
                    "score": stable(self.scored.mean[c]), "geometric": stable(self.found.geometric[c]),
                    "rank_low": stable(self.found.low[c]), "rank": stable(self.found.middle[c]),
                    "rank_high": stable(self.found.high[c]), "decisive": ids[int(self.found.decisive[c])],
                    "without": stable(self.found.without[c, int(self.found.decisive[c])]),
                }
                for c in order
            ],
        }  # fmt: skip


def ranking(
    where: str | Path,
    *,
    catalogue: str | Path = DEFAULT_CATALOGUE,
    estate: Estate | None = None,
    former: Sequence[str | Path] = (),
) -> Ranking:
    """Return the ranking of a round: a folder of answers files, or a file with one answers object a line.

    former: earlier rounds: what others found then counts on though it is left out now.
    InputError with every fault of the rounds; NotFoundError for a sector that the estate lacks.
    """
    asked = load_catalogue(catalogue)
    one = rounds_with([load_round(path, asked) for path in (*former, where)])[-1]
    scored = score(asked, weigh_columns(asked, one.answers), peers_in(one, asked, estate))
    return Ranking(asked, one, scored, robustness(asked, scored))
