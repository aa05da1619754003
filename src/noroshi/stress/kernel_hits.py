"""Kernels: hits and their phases, work by hand, and what they leave of each unit (docs/semantics.md, step 1)."""

from __future__ import annotations

import math
from typing import NamedTuple

from noroshi.flow.kernel import Floats, Ints, bare
from noroshi.stress.draw import Draw
from noroshi.stress.effects import BY_HAND, MANUAL, SEEN, UNSEEN
from noroshi.stress.kernel_crews import assign_crews
from noroshi.stress.kernel_units import tell
from noroshi.stress.outcome import BY_HAND as TOLD_BY_HAND
from noroshi.stress.outcome import DETECTED, ENDED, HIT, REPAIRED, SELF
from noroshi.stress.rules import TICK
from noroshi.stress.scene import CALM, SYSTEMS, Plan, Scene


class Hands(NamedTuple):
    """When hits are seen, and when and how much their units are worked by hand."""

    unit: Ints
    seen: Floats
    table: Ints
    manual: Floats
    after: Floats


@bare
def hands(m: Plan, d: Draw) -> Hands:
    """Look up the arrays of working by hand."""
    return Hands(d.unit, d.seen, m.units.table, d.manual, d.manual_after)


@bare
def by_hand_at(h: Hands, k: int) -> float:
    """Return the hour at which hit k's system is worked by hand; infinity where it cannot be."""
    u = h.unit[k]
    if h.table[u] != SYSTEMS or math.isnan(h.manual[u]):
        return math.inf
    return h.seen[k] + h.after[u]


@bare
def unsaid(said: Ints, k: int, bit: int) -> bool:
    """Say whether hit k has not been told to have reached a stage, and note that it is now."""
    new = (said[k] >> bit) & 1 == 0
    said[k] |= 1 << bit
    return new


@bare
def equipment(m: Plan, d: Draw, s: Scene) -> None:
    """Step 1: own states and control from hits and their phases; crews."""
    own = s.own
    own_control = s.own_control
    unit = d.unit
    m_left = m.left
    hit_end = s.hit_end
    onset = d.onset
    seen = d.seen
    u_family = m.units.family
    manual = d.manual
    table = m.units.table
    takes = m.takes
    effect = d.effect
    end = d.end
    said = s.said
    own[:] = 1.0
    own_control[:] = True
    now = s.now[0] + TICK
    if s.count[CALM] == 0:
        assign_crews(m, d, s)
        h = hands(m, d)
        for k in range(unit.size):
            u = unit[k]
            hand = by_hand_at(h, k)
            ended = hit_end[k] <= now
            if onset[k] <= now and unsaid(said, k, 0):
                tell(s, HIT, u, SELF)
            if seen[k] <= now and unsaid(said, k, 1):
                tell(s, DETECTED, u, SELF)
            if hand <= now and hand < hit_end[k] - TICK and unsaid(said, k, 2):
                tell(s, TOLD_BY_HAND, u, SELF)
            if ended and unsaid(said, k, 3):
                tell(s, REPAIRED if math.isnan(end[k]) else ENDED, u, SELF)
            if onset[k] > now or ended:
                continue
            phase = BY_HAND if hand <= now else (SEEN if seen[k] <= now else UNSEEN)
            family = u_family[u] if table[u] == SYSTEMS else 3
            left = m_left[4 * effect[k] + family, phase]
            if left == MANUAL:
                left = manual[u]
            own[u] = min(own[u], left)
            kept = (phase == BY_HAND and manual[u] > 0.0) or not takes[effect[k]]
            own_control[u] = own_control[u] and kept
