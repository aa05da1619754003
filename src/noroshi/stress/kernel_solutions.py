"""Kernels: the two programs, and their answers kept by what went into them.

A key is the whole program, compared number by number: what is taken from the store is what solving again would give.
"""

from __future__ import annotations

import numpy as np

from noroshi.flow.dcflow import factor
from noroshi.flow.dispatch import Grid, Units, dispatch_counted
from noroshi.flow.gas import GasNet, gas_parts
from noroshi.flow.kernel import Floats, Ints, Tables, bare
from noroshi.flow.reference_types import BOOLS
from noroshi.flow.seams import seam
from noroshi.stress.scene import ENTRIES, GAS_ANEW, PLAN, POWER_ANEW, SCENE, Plan, Scene


@bare
def place(bits: Ints, size: int) -> int:
    """Return the one place where the answer to this program may be kept: a hash of the bits of its numbers."""
    found = size
    for k in range(size):
        found = ((found ^ (bits[k] & 0xFFFFFFFF) ^ (bits[k] >> 32 & 0xFFFFFFFF)) * 40503) & 0xFFFFFFFF
        found ^= found >> 15
    return found % ENTRIES


@bare
def same(values: Floats, size: int, kept: Tables, at: int) -> bool:
    """Say whether the first `size` values are those kept at this place."""
    equal = True
    k = 0
    while equal and k < size:
        equal = values[k] == kept[at, k]
        k += 1
    return equal


@seam("int64", PLAN, SCENE, "int64")
def solve_dispatch(m: Plan, s: Scene, islands: int) -> int:
    """Solve the dispatch program of the scene; answer its status."""
    w = m.power
    factor(s.label, w.c_from, w.c_to, s.y, s.corridor_in, m.first, m.start, s.factored, s.ground)
    units = Units(
        w.g_bus, s.bound, w.g_cost, s.low, s.high, w.weight, m.dc_from, m.dc_to, s.dc_forward, s.dc_backward, m.dc_cost
    )
    grid = Grid(w.c_from, w.c_to, s.y, s.corridor_in, s.forward, s.backward, m.first, m.start, s.factored, s.ground)
    return dispatch_counted(s.label, islands, units, grid, s.p, s.shed, s.f, s.flow)[0]


@bare
def dispatched(m: Plan, s: Scene, islands: int) -> int:
    """Write the answer to the dispatch program of the scene, known or solved; answer its status."""
    label = s.label
    island = s.island
    given = s.power_in
    answer = s.power_out
    keys = s.memo.power_in
    answers = s.memo.power_out
    for b in range(island.size):
        island[b] = label[b]
    at = place(given.view(np.int64), given.size)
    if s.memo.power_known[at] and same(given, given.size, keys, at):
        for k in range(answer.size):
            answer[k] = answers[at, k]
        return 0
    s.count[POWER_ANEW] += 1
    status = solve_dispatch(m, s, islands)
    if status == 0:
        s.memo.power_known[at] = True
        for k in range(given.size):
            keys[at, k] = given[k]
        for k in range(answer.size):
            answers[at, k] = answer[k]
    return status


@seam("int64", PLAN, SCENE, BOOLS)
def solve_gas_parts(m: Plan, s: Scene, todo: np.ndarray) -> int:
    """Solve the gas program of the scene where nodes are marked; answer its status."""
    g = m.gas
    net = GasNet(
        s.gas_demand, s.gas_low, s.gas_high, g.weight, g.p_from, g.p_to, s.gas_forward, s.gas_backward, g.p_cost,
        g.s_node, s.send, g.s_cost, g.t_node, s.draw_cap, g.t_cost, s.fill_cap, g.t_gain,
    )  # fmt: skip
    return gas_parts(net, todo, s.unserved, s.q, s.draw, s.fill, s.gas_flow)


@bare
def gathered(at: Ints, index: Ints, given: Floats, part: int, mine: Floats) -> int:
    """Gather the inputs of one connected network; answer how many they are."""
    first = at[part]
    size = at[part + 1] - first
    for k in range(size):
        mine[k] = given[index[first + k]]
    return size


@bare
def gas_solved(m: Plan, s: Scene) -> int:
    """Write the answer to the gas program of the scene, known or solved network by network; answer its status."""
    mine = s.gas_part
    bits = mine.view(np.int64)
    given = s.gas_in
    answer = s.gas_out
    known = s.memo.gas_known
    keys = s.memo.gas_in
    answers = s.memo.gas_out
    in_at = m.gas_in_at
    index_in = m.gas_in
    out_at = m.gas_out_at
    index = m.gas_out
    nodes = s.gas_demand.size
    todo = s.gas_todo
    todo[:] = False
    parts = out_at.size - 1
    missed = s.gas_missed
    missed[:] = False
    missing = False
    for part in range(parts):
        size = gathered(in_at, index_in, given, part, mine)
        at = place(bits, size)
        first = out_at[part]
        if known[at] == part and same(mine, size, keys, at):
            for k in range(out_at[part + 1] - first):
                answer[index[first + k]] = answers[at, k]
            continue
        missed[part] = True
        missing = True
        s.count[GAS_ANEW] += 1
        for k in range(in_at[part], in_at[part + 1]):
            if index_in[k] < nodes:  # the demands come first: one for each node
                todo[index_in[k]] = True
    if not missing:
        return 0
    status = solve_gas_parts(m, s, todo)
    if status != 0:
        return status
    for part in range(parts):
        if missed[part]:
            size = gathered(in_at, index_in, given, part, mine)
            at = place(bits, size)
            known[at] = part
            for k in range(size):
                keys[at, k] = mine[k]
            first = out_at[part]
            for k in range(out_at[part + 1] - first):
                answers[at, k] = answer[index[first + k]]
    return 0
