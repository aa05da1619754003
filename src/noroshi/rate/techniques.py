"""What measures take away from attack techniques: graded effects, never "covered or not"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Frequencies", "Technique", "frequencies", "log_effects", "steps"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Technique:
    """An ATT&CK technique: whether it is of the ICS domain, the share of known actors using it, its mitigations."""

    id: str
    ics: bool
    used: float
    mitigated_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Techniques that count, and how often each is used, adding up to 1: (techniques,)."""

    techniques: tuple[Technique, ...]
    weight: Floats


def frequencies(known: Sequence[Technique], threat: Sequence[str] = ()) -> Frequencies:
    """Return which techniques count how much: those of a threat alike, or all by the share of actors that use them.

    threat: ids of its techniques; a sub-technique that is not known counts as its parent, others not known are left
    out. Where nothing is left, or no threat is given, all known techniques count.
    """
    by_id = {one.id: one for one in known}
    named = [by_id.get(name) or by_id.get(name.partition(".")[0]) for name in threat]
    chosen = tuple(dict.fromkeys(one for one in named if one is not None))
    if chosen:
        return Frequencies(chosen, np.full(len(chosen), 1.0 / len(chosen)))
    used = tuple(one for one in known if one.used > 0.0)
    weight = np.array([one.used for one in used])
    return Frequencies(used, weight / weight.sum())


def steps(catalogue: Catalogue) -> Floats:
    """Return the level from which each measure starts, (measures,): where the step before it ended, else 0."""
    return np.array(
        [
            max((other.to for other in catalogue.measures if other.item == one.item and other.to < one.to), default=0.0)
            for one in catalogue.measures
        ]
    )


def log_effects(catalogue: Catalogue, techniques: Sequence[Technique]) -> Floats:
    """Return l (techniques, measures): minus the logarithm of the part of a technique's success that a measure leaves.

    A measure's `effect` e counts from nothing. After an earlier step e₁ on the same item that reaches the technique too
    it adds −ln((1 − e) / (1 − e₁)); all steps of an item together never take more than the best of them.
    """
    effect = np.zeros((len(techniques), len(catalogue.measures)))
    order = np.argsort([one.to for one in catalogue.measures], kind="stable")
    reached: dict[str, Floats] = {}
    for i in order:
        one = catalogue.measures[i]
        against = set(one.attack)
        met = np.array([bool(against & technique.mitigated_by) for technique in techniques], dtype=np.bool_)
        before = reached.setdefault(one.item, np.zeros(len(techniques)))
        whole = np.where(met, -np.log1p(-one.effect), 0.0)
        effect[:, i] = np.maximum(whole - before, 0.0)
        reached[one.item] = np.maximum(before, whole)
    return effect
