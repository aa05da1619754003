"""What a plain method would say: Jaccard, TF-IDF cosine, naive Bayes, BM25. They run in the same table as the model.

Each gets a scale and a level of the unknown, fitted on earlier predictions as the model's calibration is, so that it is
compared at its best.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.features import EVIDENCE, Compared
from noroshi.attribute.index import Index

__all__ = ["BASELINES", "baseline_scores", "fit_baseline", "shares_of"]

Floats = NDArray[np.float64]

BASELINES = ("Jaccard", "TF-IDF cosine", "naive Bayes", "BM25")
OF = {"TF-IDF cosine": "cosine", "naive Bayes": "naive Bayes", "BM25": "BM25"}


def baseline_scores(name: str, index: Index, beside: Compared, count: int) -> Floats:
    """Return the score of each group, (G,), by a method of `BASELINES`; count: items of the incident."""
    if name == "Jaccard":
        at = [index.items[item] for item in beside.items]
        both = index.held[:, at].sum(1)
        jaccard: Floats = both / np.maximum(index.size + count - both, 1.0)
        return jaccard
    total: Floats = beside.parts[:, :, EVIDENCE.index(OF[name])].sum(1)
    return total


def fit_baseline(scores: Sequence[Floats], chosen: Sequence[int]) -> tuple[float, float]:
    """Return the scale of the scores and the level of the unknown of least log loss on earlier predictions."""
    from scipy.optimize import minimize

    if not scores:
        return 1.0, 0.0
    typical = float(np.mean([s.std() for s in scores])) or 1.0
    ends = np.cumsum([0, *(len(s) + 1 for s in scores)])
    flat = np.concatenate([np.append((s - s.mean()) / typical, 0.0) for s in scores])
    last = ends[1:] - 1
    at, of = ends[:-1] + np.array(chosen), np.repeat(np.arange(len(scores)), np.diff(ends))

    def loss(x: Floats) -> float:
        raised = flat * np.exp(x[0])
        raised[last] = x[1]
        top = np.maximum.reduceat(raised, ends[:-1])
        total = np.log(np.add.reduceat(np.exp(raised - top[of]), ends[:-1]))
        return float((top + total - raised[at]).mean() + 1e-4 * (x @ x))

    x = minimize(loss, np.array([0.0, 3.0]), method="L-BFGS-B").x
    return float(np.exp(x[0]) / typical), float(x[1])


def shares_of(scores: Floats, scale: float, level: float) -> Floats:
    """Return the shares of groups and unknown, (G + 1,)."""
    raised = np.append((scores - scores.mean()) * scale, level)
    raised = np.exp(raised - raised.max())
    shares: Floats = raised / raised.sum()
    return shares
