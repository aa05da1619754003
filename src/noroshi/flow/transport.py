"""Trips over links: a shortest route and an alternative per trip, and what fits on them.

Routes are found once per estate in plain Python (Dijkstra, "A note on two problems in connexion with graphs", 1959);
the allocation, which runs at every change of capacity, is a kernel. Links carry both directions together.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, bare, kernel


class Routes(NamedTuple):
    """Routes of trips as link indices in order of travel: trip t has link[at[t] : at[t + 1]], with 2 rows of `at`."""

    primary_at: Ints
    """(T + 1,)"""
    primary_link: Ints
    """(primary_at[T],)"""
    alternative_at: Ints
    """(T + 1,)"""
    alternative_link: Ints
    """(alternative_at[T],)"""
    here: Bools
    """(T,) origin and destination are the same stop: served without a link."""


def shortest_route(
    around: list[list[tuple[int, int]]], hours: Floats, origin: int, destination: int, usable: Bools
) -> list[int]:
    """Links of the quickest route, in order of travel; [] if there is none or the ends are the same.

    around: per stop its (link, other stop) in order of link; usable: (L,) links that may be taken.
    Of routes of equal time, that from the stop settled earlier by the lower link is taken: always the same one.
    """
    best = {origin: 0.0}
    by: dict[int, tuple[int, int]] = {}
    done: set[int] = set()
    queue = [(0.0, origin)]
    while queue:
        time, stop = heappop(queue)
        if stop == destination:
            break
        if stop in done:
            continue
        done.add(stop)
        for link, other in around[stop]:
            arrival = time + float(hours[link])
            if usable[link] and other not in done and arrival < best.get(other, np.inf):
                best[other] = arrival
                by[other] = (link, stop)
                heappush(queue, (arrival, other))
    route: list[int] = []
    stop = destination
    while stop != origin and stop in by:
        link, stop = by[stop]
        route.append(link)
    return route[::-1]


def routes(
    n_stop: int, link_from: Ints, link_to: Ints, hours: Floats, allowed: Bools, origin: Ints, destination: Ints
) -> Routes:
    """Find each trip's quickest route, and the quickest that shares no link with it (empty if there is none).

    link_from, link_to: (L,) stops; hours: (L,) travel time, > 0; allowed: (T, L) links each trip may use;
    origin, destination: (T,) stops. Deterministic. ValueError for a negative or missing travel time.
    """
    if not bool(np.all(hours >= 0.0)):
        raise ValueError(f"travel times must be 0 or more, found {hours[~(hours >= 0.0)][0]}")
    around: list[list[tuple[int, int]]] = [[] for _ in range(n_stop)]
    for link, (a, b) in enumerate(zip(link_from.tolist(), link_to.tolist(), strict=True)):
        around[a].append((link, b))
        around[b].append((link, a))
    first: list[list[int]] = []
    second: list[list[int]] = []
    for trip, (a, b) in enumerate(zip(origin.tolist(), destination.tolist(), strict=True)):
        usable = allowed[trip].copy()
        first.append(shortest_route(around, hours, a, b, usable))
        usable[first[-1]] = False
        second.append(shortest_route(around, hours, a, b, usable) if first[-1] else [])
    return Routes(*_rows(first), *_rows(second), origin == destination)


def _rows(lists: list[list[int]]) -> tuple[Ints, Ints]:
    """Lists of indices as (starts, indices)."""
    at = np.zeros(len(lists) + 1, np.int64)
    at[1:] = np.cumsum([len(one) for one in lists])
    return at, np.array([link for one in lists for link in one], np.int64)


@bare
def _carry(link_at: Ints, link: Ints, trip: int, want: float, left: Floats) -> float:
    """Put as much of `want` on the trip's route as its links have left; answers how much."""
    if link_at[trip] == link_at[trip + 1]:
        return 0.0
    fits = want
    for k in range(link_at[trip], link_at[trip + 1]):
        fits = min(fits, left[link[k]])
    fits = max(fits, 0.0)
    for k in range(link_at[trip], link_at[trip + 1]):
        left[link[k]] -= fits
    return fits


@bare
def _open(link_at: Ints, link: Ints, trip: int, cap: Floats) -> bool:
    """Whether the trip has this route and every link of it carries something."""
    fine = link_at[trip] < link_at[trip + 1]
    for k in range(link_at[trip], link_at[trip + 1]):
        fine = fine and cap[link[k]] > 0.0
    return bool(fine)


@kernel
def allocate(cap: Floats, route: Routes, demand: Floats, order: Ints, out_share: Floats, out_load: Floats) -> None:
    """Serve trips in the given order: what fits on the primary route, then the rest on the alternative.

    cap: (L,) capacity of each link now; demand: (T,) in the unit of cap; order: (T,) trip indices.
    Writes out_share (T,), carried / demand (a trip without demand has 1 if a route of it is open, else 0), and
    out_load (L,), what each link carries.
    """
    left = out_load
    for link in range(cap.size):
        left[link] = cap[link]
    for trip in order:
        if route.here[trip]:
            out_share[trip] = 1.0
        elif demand[trip] > 0.0:
            done = _carry(route.primary_at, route.primary_link, trip, demand[trip], left)
            if done < demand[trip]:
                done += _carry(route.alternative_at, route.alternative_link, trip, demand[trip] - done, left)
            out_share[trip] = min(done / demand[trip], 1.0)
        else:
            primary = _open(route.primary_at, route.primary_link, trip, cap)
            spare = _open(route.alternative_at, route.alternative_link, trip, cap)
            out_share[trip] = 1.0 if primary or spare else 0.0
    for link in range(cap.size):
        out_load[link] = cap[link] - left[link]
