"""Kernels: supply, level, capacity, and how a share falls (docs/semantics.md, Capacity); bare, since every unit asks.

Their arrays come in two named tuples that are looked up once for many units.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, bare, inlined
from noroshi.stress.draw import Draw
from noroshi.stress.model import NONE, PROCESS
from noroshi.stress.outcome import SELF
from noroshi.stress.rules import CHANGE, DRAINING, OUT, RECOVERING, STEP, TICK
from noroshi.stress.scene import BRANCHES, FELL, Plan, Scene


class Shares(NamedTuple):
    """What falls, and who must be told."""

    v: Floats
    crit: Floats
    c: Floats
    prev: Floats
    alive: Bools
    fell: Bools
    order: Ints
    counter: Ints
    called: Ints
    cause: Ints
    dirty: Bools
    back: Ints
    back_unit: Ints


class Needs(NamedTuple):
    """Dependency rows and commands, with their present states."""

    start: Ints
    first: Ints
    provider: Ints
    logic: Ints
    weight: Floats
    need: Ints
    critical: Ints
    recovery: Floats
    commander: Ints
    family: Ints
    own: Floats
    own_control: Bools
    control: Bools
    opened: Ints
    row: Ints
    due: Floats
    held: Floats
    autonomy: Floats
    degraded: Floats
    branches: int
    now: float


@bare
def shares(m: Plan, s: Scene) -> Shares:
    """Look up the arrays of what falls."""
    r = m.rows
    return Shares(
        s.v, s.crit, s.c, s.prev, s.alive, s.fell, s.order, s.count, s.called, s.cause, s.dirty, r.back, r.back_unit
    )


@bare
def needs(m: Plan, d: Draw, s: Scene) -> Needs:
    """Look up the arrays of what units need."""
    u, r = m.units, m.rows
    return Needs(
        r.start, r.first, r.provider, r.logic, r.weight, r.k, r.critical, r.recovery, u.commander, u.family, s.own,
        s.own_control, s.control, s.opened, s.row, s.due, s.held, d.autonomy, d.degraded, u.start[BRANCHES], s.now[0],
    )  # fmt: skip


@inlined
def supply(n: Needs, f: Shares, k: int) -> tuple[float, int]:
    """Return the supply of row k and the provider with the largest weighted shortfall."""
    first = n.first[k]
    last = n.first[k + 1]
    share = f.crit if n.critical[k] else f.v
    provider = n.provider
    weight = n.weight
    worst = provider[first]
    short = -1.0
    least = np.inf
    most = -np.inf
    total = 0.0
    for j in range(first, last):
        value = share[provider[j]]
        if weight[j] * (1.0 - value) > short:
            worst = provider[j]
            short = weight[j] * (1.0 - value)
        least = min(least, value)
        most = max(most, value)
        total += weight[j] * value
    logic = n.logic[k]
    given = least
    if logic == 1:
        given = most
    elif logic == 2:  # LOGICS[2] is k_of_n
        for j in range(first, last):
            value = share[provider[j]]
            above = 0
            equal = 0
            for i in range(first, last):
                other = share[provider[i]]
                above += 1 if other > value else 0
                equal += 1 if other == value else 0
            if above < n.need[k] <= above + equal:
                given = value
                break
    elif logic == 3:
        given = min(total, 1.0) if short > STEP else 1.0
    return given, worst


@inlined
def capacity(n: Needs, f: Shares, u: int) -> tuple[float, int, bool]:
    """Return what u could give, who limits it, and whether every row of it leaves at least half."""
    best = n.own[u]
    who = SELF
    steady = True
    branch = u - n.branches
    if 0 <= branch < n.opened.size and n.opened[branch] != NONE:
        best = 0.0
        who = n.opened[branch]
    boss = n.commander[u]
    if boss != NONE:
        left = n.own[boss] if n.family[boss] == PROCESS else f.c[boss]
        if left < best:
            best = left
            who = boss
    for k in range(n.start[u], n.start[u + 1]):
        row = n.row[k]
        out = row in (OUT, RECOVERING)
        if not (out or (row == DRAINING and n.due[k] <= n.now + TICK) or n.autonomy[k] <= TICK):
            continue
        supplied, provider = supply(n, f, k)
        left = supplied + (1.0 - supplied) * n.degraded[k]
        if out and n.recovery[k] > TICK:
            left = min(left, n.held[k])
        if left < best:
            best = left
            who = provider
        if left < 0.5:
            steady = False
    return best, who, steady


@inlined
def keeps_control(n: Needs, u: int, steady: bool) -> bool:  # noqa: FBT001  kernels take no keywords
    """Say whether u is under control; `steady` as from `capacity`."""
    boss = n.commander[u]
    commanded = n.own_control[u] and (boss == NONE or n.control[boss])
    return commanded and (steady or n.family[u] != PROCESS)


@inlined
def touch(f: Shares, u: int) -> None:
    """Have every unit that looks at u looked at again."""
    for i in range(f.back[u], f.back[u + 1]):
        f.dirty[f.back_unit[i]] = True


@inlined
def fall(f: Shares, u: int, value: float, crit: float, who: int, what: int) -> bool:
    """Lower the share of u; remember who did it the first time it is below what it was before this instant."""
    moved = value < f.v[u] - STEP or crit < f.crit[u] - STEP
    if moved:
        f.v[u] = min(f.v[u], value)
        f.crit[u] = min(f.crit[u], crit)
        touch(f, u)
        if f.v[u] < f.prev[u] - CHANGE and not f.fell[u]:
            f.fell[u] = True
            f.order[f.counter[FELL]] = u
            f.counter[FELL] += 1
            f.called[u] = what
            f.cause[u] = who
    return moved


@inlined
def die(f: Shares, u: int, what: int, who: int) -> None:
    """Stop u: it must be started again."""
    if f.alive[u]:
        fall(f, u, 0.0, 0.0, who, what)
        f.alive[u] = False
        f.c[u] = 0.0
        f.v[u] = 0.0
        f.crit[u] = 0.0
        touch(f, u)
