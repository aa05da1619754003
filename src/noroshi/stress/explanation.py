"""Why it degraded, and when: each loss of a unit with the links of its chain; `stress.sentences` has the words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from noroshi.estate.tables import UNIT_TABLES
from noroshi.stress.causes import also, cause_of, chain
from noroshi.stress.effects import TAKES_CONTROL
from noroshi.stress.model import T
from noroshi.stress.outcome import BLACKOUT, EXPIRED, HIT, IMPROVED, LOSSES, RECOVERED, REPAIRED, TRIPPED, WHAT
from noroshi.stress.rules import TICK
from noroshi.stress.sentences import sentences
from noroshi.stress.shock import EFFECTS

if TYPE_CHECKING:
    from noroshi.estate.model import Estate
    from noroshi.stress.causes import Trace

__all__ = ["Beside", "Explanation", "Link", "Names", "Struck", "explain", "names_of"]

Names = dict[str, tuple[str, str]]
"""Id -> name in English and in Japanese."""


@dataclass(frozen=True, slots=True)
class Struck:
    """The life of a hit: its effect and the hours of onset, detection, manual mode and end; None = not in this run."""

    effect: str
    onset_h: float
    detected_h: float | None
    by_hand_h: float | None
    restored_h: float | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A unit that fell together with another; its own chain began at `root`, hit with `effect` ("" = not hit)."""

    id: str
    name_en: str
    name_ja: str
    what: str
    root: str
    root_en: str
    root_ja: str
    effect: str


@dataclass(frozen=True, slots=True)
class Link:
    """One event of a chain, and why it came about.

    `why` says how the next link led to this one: `own` (hit itself), `command`, `supply` (of `commodity`; after
    `lasted_h` hours without, 0 = at once), `overload`, `blackout`, `network`, `bus`, `demand`, or `hit` for the last
    one, whose `struck` tells its life. `also` is what fell together with the next link, for other reasons.
    """

    id: str
    name_en: str
    name_ja: str
    table: str
    hour: float
    what: str
    why: str
    commodity: str = ""
    lasted_h: float = 0.0
    struck: Struck | None = None
    also: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One loss of one unit: when, what is left, the chain back to the shock, and when it got better.

    `share` is what is left (services only, else None), `better` the (hour, share) of gains until the next loss, and
    `whole_h` the hour from which nothing is missing; None if that is not within the horizon or before the next loss.
    """

    id: str
    name_en: str
    name_ja: str
    hour: float
    what: str
    share: float | None
    chain: tuple[Link, ...]
    better: tuple[tuple[float, float | None], ...]
    whole_h: float | None

    def lines(self, lang: str = "en") -> list[str]:
        """Return the explanation in words, one sentence a link, in English or Japanese."""
        return sentences(self, lang)

    def text(self, lang: str = "en") -> str:
        """Return the explanation in words, as one paragraph."""
        return ("" if lang == "ja" else " ").join(self.lines(lang))


def names_of(estate: Estate) -> Names:
    """Return id -> names of every unit of the estate; the id where a name is not given."""
    out: Names = {}
    for table in UNIT_TABLES:
        frame = estate.frame(table)
        for name, en, ja in frame.select("id", "name_en", "name_ja").iter_rows():
            out[name] = (en or ja or name, ja or en or name)
    return out


def explain(trace: Trace, names: Names, unit: str | None = None, at: float | None = None) -> tuple[Explanation, ...]:
    """Return an explanation for each loss of `unit` (default: of every service), in the order of the events.

    With `at`, only of the losses that are in force at that hour. KeyError for a unit that does not exist.
    """
    model, events = trace.model, trace.run.events
    wanted = set(model.services.unit.tolist()) if unit is None else {model.index[unit]}
    losses = [k for k, event in enumerate(events) if event.unit in wanted and event.what in LOSSES]
    if at is not None:
        losses = [k for k in losses if in_force(trace, k, at)]
    return tuple(explained(trace, k, names) for k in losses)


def in_force(trace: Trace, loss: int, hour: float) -> bool:
    """Say whether the unit has not been whole between this loss and `hour`."""
    events = trace.run.events
    if events[loss].hour > hour + TICK:
        return False
    later = (e for e in events[loss + 1 :] if e.unit == events[loss].unit and e.hour <= hour + TICK)
    return all(e.what != RECOVERED for e in later)


def explained(trace: Trace, loss: int, names: Names) -> Explanation:
    """Return the explanation of the loss with this index."""
    events = trace.run.events
    event = events[loss]
    ident = trace.model.ids[event.unit]
    better: list[tuple[float, float | None]] = []
    whole = None
    for later in events[loss + 1 :]:
        if later.unit != event.unit:
            continue
        if later.what in LOSSES or later.what == RECOVERED:
            whole = later.hour if later.what == RECOVERED else None
            break
        if later.what == IMPROVED:
            better.append((later.hour, share_at(trace, later.unit, later.hour)))
    links = tuple(link(trace, k, names) for k in chain(trace, loss))
    return Explanation(ident, *names[ident], event.hour, WHAT[event.what], share_at(trace, event.unit, event.hour),
                       links, tuple(better), whole)  # fmt: skip


def share_at(trace: Trace, unit: int, hour: float) -> float | None:
    """Return a service's share from this hour on; None for what is no service."""
    place = unit - int(trace.model.services.unit[0]) if len(trace.model.services.unit) else -1
    if place < 0:
        return None
    row = int(np.searchsorted(trace.run.hours, hour + TICK, side="right")) - 1
    return float(trace.run.shares[row, place])


def link(trace: Trace, k: int, names: Names) -> Link:
    """Return the event of index k as a link of a chain."""
    model, event = trace.model, trace.run.events[k]
    ident = model.ids[event.unit]
    table = UNIT_TABLES[int(model.units.table[event.unit])]
    head = (ident, *names[ident], table, event.hour, WHAT[event.what])
    if event.what == HIT:
        return Link(*head, "hit", struck=life(trace, k))
    before = cause_of(trace, k)
    if before is None:
        return Link(*head, "demand")
    by = trace.run.events[before].unit
    row, lasted = row_of(trace, k, by)
    together = tuple(beside(trace, other, names) for other in also(trace, k))
    commodity = model.commodities[row] if row is not None else ""
    return Link(*head, why(trace, k, by, row), commodity, lasted, None, together)


def why(trace: Trace, k: int, by: int, row: int | None) -> str:
    """Return how the unit `by` led to the event of index k; the first rule that holds."""
    model, event = trace.model, trace.run.events[k]
    table, other = int(model.units.table[event.unit]), int(model.units.table[by])
    rules = (
        (event.what == TRIPPED, "overload"),
        (event.what == BLACKOUT, "blackout"),
        (by == event.unit, "own"),
        (row is not None, "supply"),
        (int(model.units.commander[event.unit]) == by, "command"),
        (table == T["generators"] and other == T["power_buses"], "bus"),
    )
    return next((name for holds, name in rules if holds), "network")


def row_of(trace: Trace, k: int, by: int) -> tuple[int | None, float]:
    """Return the dependency row through which `by` made the unit of event k fall, and the hours that it lasted without.

    (None, 0) if it was not through one. Where its autonomy has just run out, that row; else one without autonomy.
    """
    model, events = trace.model, trace.run.events
    event = events[k]
    if event.unit == by or int(model.units.commander[event.unit]) == by:
        return None, 0.0
    rows = model.rows
    span = range(int(rows.start[event.unit]), int(rows.start[event.unit + 1]))
    through = [r for r in span if by in rows.provider[rows.first[r] : rows.first[r + 1]]]
    if not through:
        return None, 0.0
    over = any(e.what == EXPIRED and e.unit == event.unit and e.hour > event.hour - TICK for e in events[:k])
    stocked = [r for r in through if trace.draw.autonomy[r] > TICK]
    if over and stocked:
        best = min(stocked, key=lambda r: off(trace, k, r))
        return best, float(trace.draw.autonomy[best])
    return next((r for r in through if r not in stocked), through[0]), 0.0


def off(trace: Trace, k: int, row: int) -> float:
    """Return by how many hours the row's autonomy misses the time from a loss of its providers to event k."""
    events, rows = trace.run.events, trace.model.rows
    began = events[k].hour - float(trace.draw.autonomy[row])
    providers = rows.provider[rows.first[row] : rows.first[row + 1]].tolist()
    losses = [events[i].hour for p in providers for i in trace.struck.get(p, ()) if i < k]
    return min((abs(hour - began) for hour in losses), default=math.inf)


def beside(trace: Trace, k: int, names: Names) -> Beside:
    """Return the loss of index k, and where its chain began."""
    event, ids = trace.run.events[k], trace.model.ids
    end = chain(trace, k)[-1]
    root = ids[trace.run.events[end].unit]
    effect = EFFECTS[int(trace.draw.effect[trace.hits[end]])] if end in trace.hits else ""
    ident = ids[event.unit]
    return Beside(ident, *names[ident], WHAT[event.what], root, *names[root], effect)


def life(trace: Trace, k: int) -> Struck:
    """Return the life of the hit whose event has the index k."""
    draw, events = trace.draw, trace.run.events
    n, unit = trace.hits[k], trace.run.events[k].unit
    effect = int(draw.effect[n])
    end: float | None = float(draw.end[n])
    if math.isnan(draw.end[n]):  # a crew repairs it
        end = next((e.hour for e in events[k:] if e.unit == unit and e.what == REPAIRED), None)
    hand: float | None = None
    if trace.model.units.table[unit] == T["systems"] and TAKES_CONTROL[effect] and draw.manual[unit] > 0.0:
        hand = float(draw.seen[n] + draw.manual_after[unit])
        hand = None if end is not None and hand >= end - TICK else hand

    def within(hour: float | None) -> float | None:
        return hour if hour is not None and hour < draw.horizon - TICK else None

    return Struck(EFFECTS[effect], float(draw.onset[n]), within(float(draw.seen[n])), within(hand), within(end))
