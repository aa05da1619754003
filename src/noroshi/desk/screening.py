"""Screening of a grid: which outages overload what, worst first; all of them, or a sample."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from noroshi.errors import Fault, InputError, StoppedError

if TYPE_CHECKING:
    from noroshi.files.grid_cases import Case
    from noroshi.flow.screening_grid import Ready
    from noroshi.flow.screening_stored import Stored

__all__ = ["MODES", "Screening", "Seconds", "Severe", "Swept", "screen_grid", "swept"]

MODES = ("auto", "cold", "warm")
MOST = 200_000_000
"""Outages that one sweep goes through; more take a sample."""
MANY = 100_000
"""From so many outages on, `auto` sweeps with 32-bit numbers first."""
CHUNK = 32_768
NEAR = 0.01
"""Loadings this close to 1 are looked at again with 64-bit numbers."""
GRAVE = 100
"""As are the gravest, so many of them."""
MOST_OUT = 5
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[str, float], None]


class Severe(msgspec.Struct, frozen=True):
    """One outage: the branches that are out (rows of the file, from 0), and the branch that is then loaded most.

    loading: flow over rating; island_mw: MW of demand in the parts cut off; overloaded: branches over their rating.
    """

    outage: list[int]
    names: list[str]
    branch: int | None
    branch_name: str
    loading: float
    island_mw: float
    overloaded: int


class Seconds(msgspec.Struct, frozen=True):
    """Wall-clock seconds of each step."""

    read: float
    prepare: float
    screen: float


class Screening(msgspec.Struct, frozen=True):
    """What a screening found.

    sampled: drawn, not all; base_loading: the worst before any outage; overloading: outages after which something is
    over its rating; islanding: outages that cut something off; rate_per_s: outages a second of `seconds.screen`.
    """

    case: str
    buses: int
    branches: int
    k: int
    mode: str
    sampled: bool
    outages: int
    base_loading: float
    overloading: int
    islanding: int
    seconds: Seconds
    rate_per_s: float
    worst: list[Severe]


class Swept(NamedTuple):
    """Every outage of a sweep: outage (N, k), worst_loading (N,), became (N,), island_mw (N,)."""

    outage: Ints
    worst_loading: Floats
    became: Ints
    island_mw: Floats


def screen_grid(  # noqa: PLR0913  what one may ask for
    case: Case, k: int, *, mode: str = "auto", sample: int = 0, seed: int = 0, top: int = 20, threads: int = 0,
    read_s: float = 0.0, progress: Progress | None = None, stop: threading.Event | None = None,
) -> tuple[Screening, Swept]:  # fmt: skip
    """Return what every outage of `k` branches does, or `sample` drawn ones, and the sweep itself.

    InputError for more outages than can be gone through; StoppedError once `stop` is set.
    """
    begun = time.perf_counter()
    outages = chosen_outages(len(case.network.a), k, sample, seed)
    how = mode if mode != "auto" else ("warm" if len(outages) >= MANY else "cold")
    from noroshi.flow.screening_grid import ready
    from noroshi.flow.screening_stored import fits, stored

    try:
        made = ready(case.network)
    except ValueError as error:
        fault = Fault("no-reactance", file=case.name, found=str(error), expected="a grid with one answer")
        raise InputError([fault]) from error
    table = stored(made) if how == "warm" and k == 1 and fits(made) else None
    prepared = time.perf_counter()
    found = swept(made, outages, wide=how == "cold", table=table, threads=threads, progress=progress, stop=stop)
    ended = time.perf_counter()
    worst = severest(case, made, found, top)
    loading = np.abs(made.grid.flow) / np.where(made.rating > 0, made.rating, np.inf)
    seconds = Seconds(read_s, prepared - begun, ended - prepared)
    return Screening(
        case.name, len(case.bus), len(case.branch), k, how, bool(sample), len(outages), float(loading.max(initial=0.0)),
        int((found.worst_loading > 1.0).sum()), int((found.became == 1).sum()), seconds,
        len(outages) / max(seconds.screen, 1e-9), worst,
    ), found  # fmt: skip


def chosen_outages(m: int, k: int, sample: int, seed: int) -> Ints:
    """Return the outages (N, k) of m branches: all, or a sample drawn by Philox with that seed, none twice."""
    if not 1 <= k <= min(MOST_OUT, m):
        raise InputError([Fault("not-accepted", column="--k", found=str(k), expected=f"1 to {min(MOST_OUT, m)}")])
    count = math.comb(m, k)
    if not sample or sample >= count:
        if count > MOST:
            found = f"{count:,} outages of {k} of {m} branches"
            fault = Fault("too-many-outages", found=found, expected=f"at most {MOST:,}", remedy="give --sample N")
            raise InputError([fault])
        flat = np.fromiter((i for one in combinations(range(m), k) for i in one), np.int64, count * k)
        return flat.reshape(count, k)
    rng = np.random.Generator(np.random.Philox(seed))
    drawn: NDArray[Any] = np.empty((0, k), np.int64)
    while len(drawn) < sample:
        more = np.sort(rng.integers(0, m, (sample + sample // 8 + 16, k)), axis=1)
        more = more[(np.diff(more, axis=1) > 0).all(axis=1)]
        joined = np.concatenate([drawn, more])
        _, first = np.unique(joined, axis=0, return_index=True)
        drawn = joined[np.sort(first)]
    return np.ascontiguousarray(drawn[:sample])


def swept(  # noqa: PLR0913  how it is done
    made: Ready, outages: Ints, *, wide: bool = True, table: Stored | None = None, threads: int = 0,
    progress: Progress | None = None, stop: threading.Event | None = None,
) -> Swept:  # fmt: skip
    """Return the worst loading after every outage of (N, k): 64-bit numbers, or 32-bit ones and the grave again.

    table: the network's table for single outages, read instead of solving; what it has not is solved. Results do not
    hang on the number of threads: each outage has a lane of its own.
    """
    count = len(outages)
    found = Swept(outages, np.zeros(count), np.zeros(count, np.int64), np.zeros(count))
    # Outages of like kind side by side: batches without bridges need no forward solve.
    bridges = (made.tree.bridge[outages] >= 0).any(axis=1)
    order = np.lexsort((made.grid.row[made.a[outages[:, 0]]], bridges))
    if table is not None:
        order = order[_looked_up(made, found, table, threads)[order]]
    _run(made, found, order, np.float64 if wide else np.float32, threads, (progress, stop))
    if not wide:
        near = np.abs(found.worst_loading - 1.0) < NEAR
        grave = np.argsort(-found.worst_loading, kind="stable")[:GRAVE]
        again = np.unique(np.concatenate([np.flatnonzero(near | ~np.isfinite(found.worst_loading)), grave]))
        _run(made, found, again, np.float64, threads, (None, stop))
    from noroshi.flow.screening import SINGULAR
    from noroshi.flow.screening_exact import screen_exact

    left = np.flatnonzero(found.became == SINGULAR)
    whole = int(made.grid.island.max()) + 1
    for part in np.array_split(left, max(1, len(left) // 1000)):
        if stop is not None and stop.is_set():
            raise StoppedError
        screen_exact(made.grid, made.factor, made.a, made.b, made.rating, outages, part, whole,
                     found.worst_loading, found.became, found.island_mw)  # fmt: skip
    return found


def _looked_up(made: Ready, found: Swept, table: Stored, threads: int) -> NDArray[np.bool_]:
    """Put in the worst loadings that a table has; answers which outages (N,) it has not."""
    from noroshi.flow.lanes import LANES
    from noroshi.flow.screening_stored import sweep_stored

    base = made.narrow.flow
    out, count = np.zeros(len(table.branch)), len(table.branch)
    starts = shares(count, LANES, threads)

    def part(first: int) -> None:
        room = np.zeros((2, LANES), np.float32)
        last = min(first + starts.step, count)
        sweep_stored(table.branch, table.table, base, made.grid.flow, first, last, room[0], room[1], out)

    each(part, starts, threads)
    place = np.full(len(made.a), -1)
    place[table.branch] = np.arange(count)
    at = place[found.outage[:, 0]]
    found.worst_loading[at >= 0] = out[at[at >= 0]]
    return np.asarray(at < 0, np.bool_)


def _run(  # noqa: PLR0913  how it is done
    made: Ready, found: Swept, order: Ints, kind: type[Any], threads: int,
    told: tuple[Progress | None, threading.Event | None],
) -> None:  # fmt: skip
    """Screen the outages named by `order` in chunks over threads, and put what is found in their places."""
    from noroshi.flow.lanes import LANES
    from noroshi.flow.screening import screen_lanes
    from noroshi.flow.screening_grid import room

    progress, stop = told
    starts = shares(len(order), LANES, threads)
    numbers = made.wide if kind is np.float64 else made.narrow
    own = threading.local()
    done = [0]

    def chunk(first: int) -> None:
        if stop is not None and stop.is_set():
            raise StoppedError
        if not hasattr(own, "room"):
            own.room = room(made, kind)
        here = order[first : first + starts.step]
        part = np.ascontiguousarray(found.outage[here])
        size = len(part)
        worst, became, cut = np.zeros(size), np.zeros(size, np.int64), np.zeros(size)
        screen_lanes(
            made.grid, made.tree, made.factor, made.halves, numbers, part, 0, size, own.room, worst, became, cut
        )  # fmt: skip
        found.worst_loading[here], found.became[here], found.island_mw[here] = worst, became, cut
        done[0] += size
        if progress is not None:
            progress("screen", done[0] / max(1, len(order)))

    each(chunk, starts, threads)


def shares(count: int, batch: int, threads: int) -> range:
    """Return where parts of some work begin: whole batches, and work for every thread even where there is little."""
    workers = threads or os.cpu_count() or 1
    return range(0, count, min(CHUNK, batch * math.ceil(count / (batch * workers)) or batch))


def each(work: Callable[[int], None], starts: range, threads: int) -> None:
    """Do the parts of some work, side by side where there are several: a thread takes longer to start than a part."""
    workers = min(threads or os.cpu_count() or 1, len(starts))
    if workers <= 1:
        for first in starts:
            work(first)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, starts):
            pass


def severest(case: Case, made: Ready, found: Swept, top: int) -> list[Severe]:
    """Return the gravest outages, each with the branch that is loaded most, by 64-bit numbers."""
    from noroshi.flow.screening_exact import flows_after

    order = np.lexsort((np.arange(len(found.outage)), -found.worst_loading))
    rating = np.where(made.rating > 0, made.rating, np.inf)
    flow = np.empty(len(made.a))
    worst = []
    for at in islice(order, top):
        out = found.outage[at]
        _, cut = flows_after(made.grid, made.factor, made.a, made.b, out, flow)
        loading = np.abs(flow) / rating
        k = int(loading.argmax())
        rated = bool(loading[k] > 0)
        worst.append(Severe(
            [int(case.place[one]) for one in out], [case.branch[one] for one in out],
            int(case.place[k]) if rated else None, case.branch[k] if rated else "", float(loading[k]), float(cut),
            int((loading > 1.0).sum()),
        ))  # fmt: skip
    return worst
