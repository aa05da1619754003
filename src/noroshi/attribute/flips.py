"""The smallest set of findings without which another group leads: how much the leading candidate hangs on."""

from __future__ import annotations

import numpy as np

from noroshi.attribute.guard import Rescore, strongest
from noroshi.attribute.scoring import Scored

__all__ = ["flips_when_removed"]

RIVALS = 8
"""How many of the sets are tried, the smallest first; each trial scores what is left anew."""


def flips_when_removed(scored: Scored, rescore: Rescore) -> tuple[int, ...] | None:
    """Return the places of the smallest set whose removal makes another group lead; None if no removal does.

    Scores are sums over findings, so for each rival the smallest set takes the findings that put the leader furthest
    ahead. What remains is then scored anew, since rarity and length weigh otherwise without them, and the set grows
    until the leader has changed; what is not needed in it is put back.
    """
    scores = scored.scores()[:-1]
    if not len(scores):
        return None
    leader = int(scores.argmax())
    weighted = scored.parts * scored.weights
    short: list[tuple[int, float, int]] = []
    for rival in range(len(scores)):
        if rival == leader:
            continue
        gains = np.sort(weighted[leader] - weighted[rival])[::-1]
        gains = gains[gains > 0.0]
        reach = np.flatnonzero(np.cumsum(gains) > scores[leader] - scores[rival])
        needed = int(reach[0]) + 1 if len(reach) else len(gains) + 1
        short.append((needed, float(scores[leader] - scores[rival]), rival))
    best: tuple[int, ...] | None = None
    for needed, _, rival in sorted(short)[:RIVALS]:
        most = len(scored.findings) if best is None else len(best) - 1
        order = strongest(scored, leader, rival, len(scored.findings))
        for size in range(max(min(needed, len(order)) - 1, 1), min(most, len(order)) + 1):
            if flips(scored, leader, order[:size], rescore):
                best = pruned(scored, leader, order[:size], rescore)
                break
    return best


def flips(scored: Scored, leader: int, gone: tuple[int, ...], rescore: Rescore) -> bool:
    """Say whether another group leads without these findings."""
    left = rescore([one for k, one in enumerate(scored.findings) if k not in gone])
    return left.hypotheses[int(left.scores()[:-1].argmax())] != scored.hypotheses[leader]


def pruned(scored: Scored, leader: int, gone: tuple[int, ...], rescore: Rescore) -> tuple[int, ...]:
    """Return the set without those that it does not need."""
    kept = gone
    for k in reversed(gone):
        fewer = tuple(other for other in kept if other != k)
        if fewer and flips(scored, leader, fewer, rescore):
            kept = fewer
    return tuple(sorted(kept))
