"""False flags planted on purpose: what a patient adversary would leave behind of somebody else.

Each incident gets the rarest of another group's own software and techniques on top of its own; asserting that group is
a failure of the guard.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from noroshi.attribute.index import Index

__all__ = ["DECOYS", "planted"]

DECOYS = ((1, 3), (2, 6))
"""Software and techniques that are planted."""


def planted(
    index: Index, truth: str, software: int, techniques: int, rng: np.random.Generator
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield one other group, drawn by `rng`, with the techniques and software to plant; nothing where none has enough.

    Software is what that group alone holds, techniques its rarest.
    """
    names = list(index.items)
    own = (index.held > 0) & index.software & (index.holders == 1)
    able = [
        g
        for g, group in enumerate(index.groups)
        if group != truth and own[g].sum() >= software and ((index.held[g] > 0) & ~index.software).sum() >= techniques
    ]
    if not able:
        return
    g = int(able[int(rng.integers(len(able)))])
    tools = [names[k] for k in np.flatnonzero(own[g])[:software]]
    rows = np.flatnonzero((index.held[g] > 0) & ~index.software).tolist()
    rows.sort(key=lambda k: (-index.rarity[k], names[k]))
    yield index.groups[g], tuple(names[k] for k in rows[:techniques]), tuple(tools)
