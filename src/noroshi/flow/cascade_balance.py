"""Islands in balance during a cascade: generators up and down, then shedding by priority, or the frequency is lost."""

from __future__ import annotations

from noroshi.flow.cascade_grid import COLLAPSES, CascadeGrid, Room
from noroshi.flow.cascade_rules import TINY_MW, Rules
from noroshi.flow.kernel import bare

__all__ = ["balanced"]

NEED, MADE, SPARE, ARMED = range(4)


@bare
def spare(g: CascadeGrid, rules: Rules, room: Room, bus: int, minutes: float) -> float:
    """Return by how many MW the generators of a bus can rise now."""
    most = min(g.most[bus], g.made[bus] + (rules.reserve + rules.ramp * minutes) * g.capacity[bus])
    return max(most - room.made[bus], 0.0)


@bare
def shed(g: CascadeGrid, room: Room, parts: int) -> None:
    """Take what is to be cut in each island, room.cut (parts,), from its demand: by priority, then in proportion."""
    n = room.label.size
    for level in range(g.demand.shape[0]):
        for part in range(parts):
            room.sums[NEED, part] = 0.0
        for bus in range(n):
            if room.label[bus] >= 0:
                room.sums[NEED, room.label[bus]] += room.demand[level, bus]
        for bus in range(n):
            part = room.label[bus]
            if part < 0 or room.cut[part] <= 0.0:
                continue
            if room.cut[part] >= room.sums[NEED, part]:
                room.demand[level, bus] = 0.0
            else:
                room.demand[level, bus] *= 1.0 - room.cut[part] / room.sums[NEED, part]
        for part in range(parts):
            room.cut[part] = max(room.cut[part] - room.sums[NEED, part], 0.0)


@bare
def balanced(g: CascadeGrid, rules: Rules, room: Room, parts: int, turn: int) -> int:
    """Put every island (room.label, `parts` of them) in balance; answers how many collapsed.

    Too much: all generators down in proportion to output. Too little: up in proportion to what each can still give
    (reserve and ramp), then shedding. Where an island would have shed more in all than its relays can, its frequency is
    lost: its buses go dark at this turn.
    """
    n = room.label.size
    minutes = room.time[0] / 60.0
    levels = g.demand.shape[0]
    for part in range(parts):
        for kind in range(4):
            room.sums[kind, part] = 0.0
        room.held[part] = True
        room.cut[part] = 0.0
    for bus in range(n):
        part = room.label[bus]
        if part < 0:
            continue
        for level in range(levels):
            room.sums[NEED, part] += room.demand[level, bus]
            room.sums[ARMED, part] += g.demand[level, bus]
        room.sums[MADE, part] += room.made[bus]
        room.sums[SPARE, part] += spare(g, rules, room, bus, minutes)
    fallen = 0
    short = False
    for part in range(parts):
        need = room.sums[NEED, part]
        rest = need - room.sums[MADE, part] - room.sums[SPARE, part]
        if rest > TINY_MW:
            armed = room.sums[ARMED, part]
            if armed - need + rest > rules.follow * armed:
                room.held[part] = False
                fallen += 1
            else:
                room.cut[part] = rest
                short = True
    for bus in range(n):
        part = room.label[bus]
        if part < 0:
            continue
        if not room.held[part]:
            room.made[bus] = 0.0
            room.dark[bus] = turn
            room.alive[bus] = False
            for level in range(levels):
                room.demand[level, bus] = 0.0
            continue
        lack = room.sums[NEED, part] - room.sums[MADE, part]
        if lack > TINY_MW and room.sums[SPARE, part] > 0.0:
            room.made[bus] += spare(g, rules, room, bus, minutes) * min(lack / room.sums[SPARE, part], 1.0)
        elif lack < -TINY_MW:
            room.made[bus] *= room.sums[NEED, part] / room.sums[MADE, part]
    if short:
        shed(g, room, parts)
    if fallen > 0:
        for bus in range(n):
            if not room.alive[bus]:
                room.label[bus] = -1
    room.counts[COLLAPSES] += fallen
    return fallen
