"""Cascades on a grid: one from named branches, or many from all outages of a few or from a sample, worst first."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from noroshi.desk.screening import chosen_outages
from noroshi.errors import Fault, InputError, StoppedError

if TYPE_CHECKING:
    from noroshi.files.grid_cases import Case
    from noroshi.flow.cascade_grid import Prepared, Room
    from noroshi.flow.cascade_rules import Cascade, Limits, Rules

__all__ = ["Cascaded", "Dark", "RanAll", "Seconds", "Shed", "Told", "TrippedBranch", "cascade_grid", "ran_all"]

MOST = 10_000_000
"""Cascades that are run one after the other; more take a sample."""
CHUNK, EACH = 256, 16
"""Cascades that a worker takes at a time, at most; chunks a worker, at least: some are far longer."""
Ints = NDArray[np.int64]
Progress = Callable[[float], None]


class TrippedBranch(msgspec.Struct, frozen=True):
    """A branch that went out. branch: row of the file, from 0; turn: 0 = the attack, then rounds; cause: by what."""

    branch: int
    name: str
    time_s: float
    turn: int
    cause: str
    loading: float


class Shed(msgspec.Struct, frozen=True):
    """MW no longer served at a bus."""

    bus: str
    mw: float


class Dark(msgspec.Struct, frozen=True):
    """An instant at which islands collapsed: buses that went dark, and MW of demand that they had before the attack."""

    turn: int
    time_s: float
    buses: int
    mw: float


class Told(msgspec.Struct, frozen=True):
    """One cascade. shed_by_priority_mw: what is shed first first; ended_s: time of the last trip."""

    outage: list[int]
    names: list[str]
    lost_mw: float
    shed_by_priority_mw: list[float]
    islands: int
    collapses: int
    rounds: int
    ended_s: float
    overloaded: int
    trips: list[TrippedBranch]
    dark: list[Dark]
    shed: list[Shed]


class Seconds(msgspec.Struct, frozen=True):
    """Wall-clock seconds of each step."""

    read: float
    prepare: float
    run: float


class Cascaded(msgspec.Struct, frozen=True):
    """What cascades came to.

    sampled: drawn, not all; raised: branches over their limit before any outage, whose limit was raised; deep: cascades
    of five rounds or more; spreading: in which anything tripped; collapsing: in which an island lost its frequency.
    """

    case: str
    buses: int
    branches: int
    rule: str
    demand_mw: float
    raised: int
    cascades: int
    sampled: bool
    spreading: int
    deep: int
    collapsing: int
    mean_lost_mw: float
    most_lost_mw: float
    seconds: Seconds
    rate_per_s: float
    worst: list[Told]


class RanAll(NamedTuple):
    """Every cascade of a run: outage (N, k); counts (N, 8), by flow.cascade_grid.COUNTS; lost_mw (N,)."""

    outage: Ints
    counts: Ints
    lost_mw: NDArray[np.float64]


DEEP = 5


def cascade_grid(  # noqa: PLR0913  what one may ask for
    case: Case, rules: Rules, limits: Limits, *, out: Sequence[int] = (), k: int = 0, sample: int = 0, seed: int = 0,
    top: int = 5, threads: int = 0, read_s: float = 0.0, progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Cascaded:  # fmt: skip
    """Return what happens after the branches `out` (rows of the file) are out, or after each outage of `k`.

    InputError for branches that are not in service and for more outages than can be run; StoppedError once `stop` is
    set.
    """
    begun = time.perf_counter()
    outages = _named(case, out) if out else _chosen(case, k, sample, seed)
    from noroshi.flow.cascade import cascade_of
    from noroshi.flow.cascade_grid import prepared, room

    try:
        made = prepared(case.network, limits)
    except ValueError as error:
        fault = Fault("no-reactance", file=case.name, found=str(error), expected="a grid with one answer")
        raise InputError([fault]) from error
    ready = time.perf_counter()
    found = ran_all(made, outages, rules, threads=threads, progress=progress, stop=stop)
    ended = time.perf_counter()
    own = room(made.grid)
    order = np.lexsort((np.arange(len(outages)), -found.counts[:, 1], -found.lost_mw))[:top]
    worst = [_told(case, made, outages[at], cascade_of(made, outages[at], rules, own)) for at in order]
    seconds, turns = Seconds(read_s, ready - begun, ended - ready), found.counts[:, 1]
    limit = made.start.limit
    return Cascaded(
        case.name, len(case.bus), len(case.branch), "relay" if rules.relay else "plain", float(made.grid.demand.sum()),
        int((np.isfinite(limit) & (limit > case.network.rating * limits.scale)).sum()), len(outages),
        bool(sample) and not out, int((turns > 0).sum()), int((turns >= DEEP).sum()),
        int((found.counts[:, 2] > 0).sum()), float(found.lost_mw.mean()), float(found.lost_mw.max()), seconds,
        len(outages) / max(seconds.run, 1e-9), worst,
    )  # fmt: skip


def ran_all(  # noqa: PLR0913  how it is done
    made: Prepared, outages: Ints, rules: Rules, *, threads: int = 0, progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> RanAll:  # fmt: skip
    """Return the cascades after every outage of (N, k), in chunks over threads, each with one room for all of its own.

    Results do not hang on the number of threads: a cascade begins from the same numbers whoever runs it.
    """
    from noroshi.flow.cascade import cascade_many
    from noroshi.flow.cascade_grid import COUNTS, room

    found = RanAll(outages, np.zeros((len(outages), len(COUNTS)), np.int64), np.zeros(len(outages)))
    workers = threads or os.cpu_count() or 1
    size = max(1, min(CHUNK, len(outages) // (EACH * workers)))
    own = threading.local()
    done = [0]

    def chunk(first: int) -> None:
        if stop is not None and stop.is_set():
            raise StoppedError
        if not hasattr(own, "room"):
            own.room = room(made.grid)
        kept: Room = own.room
        last = min(first + size, len(outages))
        cascade_many(made.grid, rules, outages, first, last, kept, found.counts, found.lost_mw)
        done[0] += last - first
        if progress is not None:
            progress(done[0] / len(outages))

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(chunk, range(0, len(outages), size)):
            pass
    return found


def _named(case: Case, out: Sequence[int]) -> Ints:
    """Return the outage (1, k) of named rows of the file."""
    at = {int(row): k for k, row in enumerate(case.place)}
    unknown = [row for row in dict.fromkeys(out) if row not in at]
    if unknown:
        expected = f"rows of {case.name} in service, from 0 to {int(case.place.max())}"
        raise InputError([Fault("not-accepted", column="--out", found=str(row), expected=expected) for row in unknown])
    return np.array([[at[row] for row in dict.fromkeys(out)]], np.int64)


def _chosen(case: Case, k: int, sample: int, seed: int) -> Ints:
    """Return the outages (N, k): all, or a sample."""
    m = len(case.network.a)
    if not sample and 0 < k <= m and math.comb(m, k) > MOST:
        found = f"{math.comb(m, k):,} outages of {k} of {m} branches"
        fault = Fault("too-many-outages", found=found, expected=f"at most {MOST:,}", remedy="give --sample N")
        raise InputError([fault])
    return chosen_outages(m, k, sample, seed)


def _told(case: Case, made: Prepared, outage: Ints, one: Cascade) -> Told:
    """Return a cascade by the names of its parts."""
    when = {trip.turn: trip.time_s for trip in one.trips}
    demand = made.start.demand.sum(axis=0)
    trips = [
        TrippedBranch(int(case.place[trip.branch]), case.branch[trip.branch], trip.time_s, trip.turn,
                      "overload" if trip.turn else "attack", trip.loading)
        for trip in one.trips
    ]  # fmt: skip
    dark = [_dark(turn, when, one.collapsed == turn, demand) for turn in np.unique(one.collapsed) if turn >= 0]
    shed = [Shed(case.bus[bus], float(one.shed[bus])) for bus in np.flatnonzero(one.shed > 0)]
    return Told(
        [int(case.place[k]) for k in outage], [case.branch[k] for k in outage], one.lost_mw,
        [float(mw) for mw in one.shed_by_priority], one.islands, one.collapses, one.rounds, one.trips[-1].time_s,
        one.overloaded, trips, dark, sorted(shed, key=lambda part: -part.mw),
    )  # fmt: skip


def _dark(turn: Any, when: dict[int, float], here: NDArray[np.bool_], demand: NDArray[Any]) -> Dark:  # noqa: ANN401  numpy's
    """Return what went dark at one turn."""
    return Dark(int(turn), when.get(int(turn), 0.0), int(here.sum()), float(demand[here].sum()))
