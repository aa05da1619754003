"""Single outages by a table made once a network: what each branch's loading gains for every MW that another carried.

That is the matrix of line outage distribution factors over the ratings (LODF; A. J. Wood, B. F. Wollenberg, "Power
Generation, Operation and Control", 1996, chapter 11), for branches whose outage cuts nothing off. A sweep reads it
once, from one end to the other, so that memory sets its pace; injections may be others each time, as the table hangs on
the network alone. It is kept with 32 bits, in the order in which it is read: 32 outages side by side for each branch
with a rating.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from noroshi.flow.kernel import Floats, Ints, kernel
from noroshi.flow.lanes import LANES, worst_of_table
from noroshi.flow.ldl import Factor, Halves
from noroshi.flow.screening import TINY, Grid, Rated, Room, backward
from noroshi.flow.screening_grid import Ready, room

__all__ = ["MOST_BYTES", "Stored", "fits", "stored", "sweep_stored"]

MOST_BYTES = 1 << 30
"""Memory that a table may take."""


class Stored(NamedTuple):
    """The table of a network.

    branch (count,): the branches whose outage it has, LANES a batch; table: float32, batches x rated branches x LANES.
    """

    branch: Ints
    table: Any


def fits(made: Ready) -> bool:
    """Say whether the table of a network is small enough to be kept."""
    return 4 * len(made.a) * int((made.rating > 0).sum()) <= MOST_BYTES


def stored(made: Ready) -> Stored:
    """Return the table of a network; bridges, and branches without which nothing has one answer, are not in it."""
    g, h = made.grid, made.halves
    alone = (made.tree.bridge < 0) & (np.abs(1.0 - g.susceptance * h.own) > TINY)
    branch = np.flatnonzero(alone)
    branch = branch[np.argsort(g.row[made.a[branch]], kind="stable")]
    batches = -(-len(branch) // LANES)
    table: Any = np.zeros(batches * len(made.narrow.branch) * LANES, np.float32)
    _fill(g, made.factor, h, made.narrow, branch, room(made, np.float32), table)
    return Stored(branch, table)


@kernel
def _fill(g: Grid, f: Factor, h: Halves, numbers: Rated, branch: Ints, room: Room, table: Floats) -> None:
    """Write the table: for each outage the angles that make up for a MW, and what they do to each rated branch."""
    count = numbers.branch.size
    for first in range(0, branch.size, LANES):
        size = min(LANES, branch.size - first)
        room.lanes[:] = 0.0
        for w in range(size):
            one = branch[first + w]
            amount = 1.0 / (1.0 - g.susceptance[one] * h.own[one])
            for p in range(h.start[one], h.start[one + 1]):
                room.lanes[h.row[p] * LANES + w] += amount * h.value[p]
        backward(f, room)
        begin = first * count
        for r in range(count):
            a = numbers.a[r] * LANES
            b = numbers.b[r] * LANES
            for w in range(LANES):
                table[begin + r * LANES + w] = numbers.factor[r] * (room.lanes[a + w] - room.lanes[b + w])
        for w in range(size):
            one = branch[first + w]
            own = numbers.place[one]
            if own >= 0:  # what it carried is gone
                table[begin + own * LANES + w] = -numbers.factor[own] / g.susceptance[one]


@kernel
def sweep_stored(
    branch: Ints,
    table: Floats,
    base: Floats,
    flow: Floats,
    first: int,
    last: int,
    best: Floats,
    amount: Floats,
    out: Floats,
) -> None:
    """Write the worst loading after the outage of each of the branches [first, last) of the table's; first: a batch's.

    base (r,): loading of the rated branches before, float32; flow (m,): MW before; best, amount (LANES,) float32: room.
    """
    count = base.size
    for begin in range(first, last, LANES):
        size = min(LANES, last - begin)
        for w in range(LANES):
            best[w] = 0.0
            amount[w] = flow[branch[begin + w]] if w < size else 0.0
        worst_of_table(best, table, base, amount, begin // LANES * count, count)
        for w in range(size):
            out[begin + w] = best[w]
