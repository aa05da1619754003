"""A conditional logit with one more alternative, "not listed": fitted by penalised maximum likelihood.

McFadden, Conditional logit analysis of qualitative choice behavior (1974). The choice set of each incident is every
group that is known on its day, and the unknown. Concave, so the fit does not depend on where it starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Choice", "Fitted", "fit"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """One incident to learn from: features (G, F) of the groups and (U,) of the unknown; chosen: its group, G if none.

    weight: how much it counts beside the others.
    """

    groups: Floats
    unknown: Floats
    chosen: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights in the units of the features: utility of a group is `groups` · x, of the unknown `unknown` · u."""

    groups: tuple[float, ...]
    unknown: tuple[float, ...]


def fit(choices: Sequence[Choice], ridge: float, ridge_unknown: float) -> Fitted:
    """Return the weights of greatest penalised likelihood; features are standardised for the penalty.

    The first feature of the unknown is its constant and is not penalised. ValueError without choices.
    """
    from scipy.optimize import minimize

    if not choices:
        raise ValueError("nothing to fit")
    every = np.concatenate([c.groups for c in choices])
    mean, scale = every.mean(0), np.maximum(every.std(0), 1e-9)
    alone = np.stack([c.unknown for c in choices])
    mean_u, scale_u = alone.mean(0), np.maximum(alone.std(0), 1e-9)
    mean_u[0], scale_u[0] = 0.0, 1.0
    wide, deep = len(mean), len(mean_u)
    ends = np.cumsum([0, *(len(c.groups) + 1 for c in choices)])
    rows = np.zeros((int(ends[-1]), wide + deep))
    for k, choice in enumerate(choices):
        rows[ends[k] : ends[k + 1] - 1, :wide] = (choice.groups - mean) / scale
        rows[ends[k + 1] - 1, wide:] = (choice.unknown - mean_u) / scale_u
    chosen = ends[:-1] + np.array([c.chosen for c in choices])
    weight = np.array([c.weight for c in choices])
    of = np.repeat(np.arange(len(choices)), np.diff(ends))
    penalty = np.concatenate([np.full(wide, ridge), np.full(deep, ridge_unknown)])
    penalty[wide] = 0.0
    picked = weight @ rows[chosen]

    def loss(w: Floats) -> tuple[float, Floats]:
        utility = rows @ w
        top = np.maximum.reduceat(utility, ends[:-1])
        raised = np.exp(utility - top[of])
        total = np.add.reduceat(raised, ends[:-1])
        likelihood = float((weight * (utility[chosen] - top - np.log(total))).sum())
        gradient = picked - (raised * (weight / total)[of]) @ rows
        return 0.5 * float(penalty @ (w * w)) - likelihood, penalty * w - gradient

    found = minimize(loss, np.zeros(wide + deep), jac=True, method="L-BFGS-B",
                     options={"maxiter": 1000, "ftol": 1e-11, "gtol": 1e-7}).x  # fmt: skip
    groups, unknown = found[:wide] / scale, found[wide:] / scale_u
    # the constants that standardising took out of the groups are the unknown's to have
    unknown[0] += float(groups @ mean) - float(unknown[1:] @ mean_u[1:])
    return Fitted(tuple(map(float, groups)), tuple(map(float, unknown)))
