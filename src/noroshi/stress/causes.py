"""Why a unit fell: from a loss in a trace to the loss that caused it, and so on back to the shock or to demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from noroshi.stress.effects import TAKES_CONTROL
from noroshi.stress.model import T
from noroshi.stress.outcome import DEMAND, EMPTY, HIT, LOSSES, SELF
from noroshi.stress.rules import TICK

if TYPE_CHECKING:
    from noroshi.stress.draw import Draw
    from noroshi.stress.model import Model
    from noroshi.stress.outcome import Run

__all__ = ["Trace", "also", "cause_of", "chain", "index", "roots"]


@dataclass(frozen=True, slots=True)
class Trace:
    """A run with the model and draw that it came from, and where to find what befell each unit.

    `struck` has the indices of the losses, hits and empty stores of a unit, in order; `hits` the index of a hit's event
    -> its number in the draw.
    """

    run: Run
    model: Model
    draw: Draw
    struck: dict[int, tuple[int, ...]]
    hits: dict[int, int]


def index(run: Run, model: Model, draw: Draw) -> Trace:
    """Return the trace of `run`; `model` and `draw` are those it was made with."""
    struck: dict[int, list[int]] = {}
    hits: dict[int, int] = {}
    for k, event in enumerate(run.events):
        if event.what in LOSSES or event.what in (HIT, EMPTY):
            struck.setdefault(event.unit, []).append(k)
        if event.what == HIT:  # a draw's hits are in the order of their onset, and so are their events
            hits[k] = len(hits)
    return Trace(run, model, draw, {unit: tuple(some) for unit, some in struck.items()}, hits)


def cause_of(trace: Trace, event: int) -> int | None:
    """Return the index of the earlier event that caused the event of this index; None for a hit and for `demand`.

    A loss by the unit's own hit is caused by the latest hit on it; any other by the latest loss, hit or empty store of
    the unit it blames. A hit that leaves the unit as able as before (loss of view, data loss) causes no loss.
    """
    found = trace.run.events[event]
    if found.what == HIT or found.cause == DEMAND:
        return None
    own = found.cause == SELF
    earlier = [k for k in trace.struck.get(found.unit if own else found.cause, ()) if k < event]
    if own:
        earlier = [k for k in earlier if k in trace.hits]
    able = [k for k in earlier if k not in trace.hits or TAKES_CONTROL[trace.draw.effect[trace.hits[k]]]]
    fitting = able or earlier
    return fitting[-1] if fitting else None


def chain(trace: Trace, event: int) -> tuple[int, ...]:
    """Return the indices from the event back to what began it: the event itself, its cause, the cause of that ..."""
    out = [event]
    while (before := cause_of(trace, out[-1])) is not None:
        out.append(before)
    return tuple(out)


def also(trace: Trace, event: int) -> tuple[int, ...]:
    """Return what else fell in the same grid at the same instant, before the bus of this event, and of other causes.

    A bus blames one unit, the largest loss; a grid often goes down because of several together. One event per cause:
    the first. Empty for what is no bus.
    """
    model, events = trace.model, trace.run.events
    bus = network_of(model, events[event].unit)
    if bus is None or model.units.table[events[event].unit] != T["power_buses"]:
        return ()
    known = {events[chain(trace, event)[-1]].unit}
    out = []
    for k in range(event - 1, -1, -1):
        if events[k].hour < events[event].hour - TICK:
            break
    else:
        k = -1
    for other in range(k + 1, event):
        if events[other].what not in LOSSES or network_of(model, events[other].unit) != bus:
            continue
        began = events[chain(trace, other)[-1]].unit
        if began not in known:
            known.add(began)
            out.append(other)
    return tuple(out)


def network_of(model: Model, unit: int) -> int | None:
    """Return the number of the connected grid of a bus, branch or generator; None for any other unit."""
    power, table = model.power, int(model.units.table[unit])
    row = unit - int(model.units.start[table])
    if table == T["power_buses"]:
        return int(power.part[row])
    if table == T["power_branches"]:
        return int(power.part[power.b_from[row]])
    return int(power.part[power.g_bus[row]]) if table == T["generators"] else None


def roots(trace: Trace, event: int) -> tuple[int, ...]:
    """Return the indices of what began it all: the end of the chain, and of what else brought the same grid down."""
    links = chain(trace, event)
    beside = (chain(trace, other)[-1] for link in links for other in also(trace, link))
    return tuple(dict.fromkeys((links[-1], *beside)))
