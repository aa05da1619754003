"""What changes while the reference engine runs, and the two ways in which a unit can lose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from noroshi.stress.model import NONE, T
from noroshi.stress.outcome import Balance, Event
from noroshi.stress.rules import CHANGE, STEP

if TYPE_CHECKING:
    from noroshi.stress.draw import Draw
    from noroshi.stress.model import Model

@dataclass(slots=True)
class PowerState:
    """The last solution (MW), set-points, and which buses wait for redispatch."""

    key: Any = None
    demand: Any = None
    p: Any = None
    shed: Any = None
    f: Any = None
    label: Any = None
    closed: Any = None  # circuits and links in service
    b_ok: Any = None  # branches, generators under control
    g_ok: Any = None
    sudden: set[int] = field(default_factory=set)  # buses of islands that lost something since `last`
    ceiling: Any = None  # shed cannot be less than this in this pass
    last_p: Any = None
    last_f: Any = None
    last_in: Any = None
    set_p: Any = None
    set_shed: Any = None
    set_f: Any = None
    pending: list[float] = field(default_factory=list)  # per bus: when it is redispatched


@dataclass(slots=True)
class GasState:
    """The last solution (t/h) and store levels (t)."""

    key: Any = None
    demand: Any = None
    unserved: Any = None
    q: Any = None
    draw: Any = None
    fill: Any = None
    ceiling: Any = None
    level: Any = None


@dataclass(slots=True)
class State:
    """Everything that changes. Lists are indexed by unit, dependency row, hit, bus, store ... as `Model` orders them."""

    m: Model
    d: Draw
    now: float = 0.0
    calm: bool = True
    block: int = 0
    own: list[float] = field(default_factory=list)
    own_control: list[bool] = field(default_factory=list)
    control: list[bool] = field(default_factory=list)
    c: list[float] = field(default_factory=list)
    v: list[float] = field(default_factory=list)
    crit: list[float] = field(default_factory=list)
    prev: list[float] = field(default_factory=list)
    alive: list[bool] = field(default_factory=list)
    started: list[bool] = field(default_factory=list)
    ready: dict[int, float] = field(default_factory=dict)
    cause: list[int] = field(default_factory=list)
    fell: dict[int, int] = field(default_factory=dict)  # unit -> what it is called, in order of falling
    row: list[int] = field(default_factory=list)
    row_due: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    hit_end: list[float] = field(default_factory=list)
    hit_said: list[int] = field(default_factory=list)
    teams: list[list[tuple[float, float, float]]] = field(default_factory=list)  # free at, lat, lon
    opened: dict[int, int] = field(default_factory=dict)  # overloaded circuit -> who lost control
    events: list[Event] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    power: PowerState = field(default_factory=PowerState)
    gas: GasState = field(default_factory=GasState)


def fall(s: State, u: int, value: float, crit: float, who: int, what: int = NONE) -> bool:
    """Lower the share of u; remember who did it the first time it is below what it was before this instant."""
    moved = value < s.v[u] - STEP or crit < s.crit[u] - STEP
    if moved:
        s.v[u], s.crit[u] = min(s.v[u], value), min(s.crit[u], crit)
        if s.v[u] < s.prev[u] - CHANGE and u not in s.fell:
            s.fell[u], s.cause[u] = what, who
    return moved


def die(s: State, u: int, what: int, who: int) -> None:
    """Stop u: it must be started again."""
    if s.alive[u]:
        fall(s, u, 0.0, 0.0, who, what)
        s.alive[u], s.c[u], s.v[u], s.crit[u] = False, 0.0, 0.0, 0.0


def at(s: State, table: str) -> slice:
    """Return the units of a table."""
    return slice(int(s.m.units.start[T[table]]), int(s.m.units.start[T[table] + 1]))
