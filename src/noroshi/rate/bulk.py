"""Scores of a hundred thousand organisations: in chunks, so that the memory needed does not grow with their number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.evidence import Columns, weigh_columns
from noroshi.rate.ladder import PASS_MARK
from noroshi.rate.score import Peers, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from noroshi.rate.catalogue import Catalogue

__all__ = ["CHUNK", "Marks", "joined", "score_all"]

CHUNK = 4096
"""Organisations at a time: their arrays stay in the processor's cache."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Marks:
    """Scores of many organisations, each (organisations,) in points; without their items, which fill memory.

    sd: what is unknown of the score; low, high: its 90 % interval; reach: P(S >= mark) of the displayed posterior in
    closed form. The exact `pass_probability` draws and is for one organisation: tables of sectors take `reach`.
    """

    score: Floats
    technical: Floats
    organisational: Floats
    sd: Floats
    low: Floats
    high: Floats
    reach: Floats


def score_all(catalogue: Catalogue, given: Columns, peers: Peers, mark: float = PASS_MARK, chunk: int = CHUNK) -> Marks:
    """Return the scores of all organisations of `given`. The size of the chunks does not change a bit of the result.

    peers: as for `score`; a mean by organisation is (organisations, items), a spread (organisations,).
    """
    found = []
    for first, part in chunks(given, chunk):
        here = slice(first, first + part.organisations)
        mean = peers.mean[here] if peers.mean.ndim > 1 else peers.mean
        spread = peers.spread[here] if isinstance(peers.spread, np.ndarray) and peers.spread.ndim else peers.spread
        s = score(catalogue, weigh_columns(catalogue, part), replace(peers, mean=mean, spread=spread), mark)
        found.append(Marks(s.mean, s.technical, s.organisational, s.sd, s.low, s.high, s.reach))
    return joined(found)


def joined(parts: Sequence[Marks]) -> Marks:
    """Return scores one after the other."""
    none = np.zeros(0)
    return Marks(*(np.concatenate([none, *(getattr(p, name) for p in parts)]) for name in Marks.__slots__))


def chunks(given: Columns, chunk: int) -> Iterator[tuple[int, Columns]]:
    """Yield the answers of each `chunk` organisations: the first one's place, and their columns from 0."""
    place = given.organisation
    if len(place) > 1 and (place[1:] < place[:-1]).any():
        given = ordered(given)
        place = given.organisation
    for first in range(0, given.organisations, chunk):
        count = min(chunk, given.organisations - first)
        at = slice(*np.searchsorted(place, (first, first + count)).tolist())
        yield first, replace(given.at(at), organisations=count, organisation=place[at] - first)


def ordered(given: Columns) -> Columns:
    """Return the answers by organisation, those of one in the order in which they were given."""
    return given.at(np.argsort(given.organisation, kind="stable"))
