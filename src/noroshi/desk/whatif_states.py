"""A run as a map plays it back: in which of four states each unit is, hour by hour, and why each loss came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from noroshi.stress.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from noroshi.stress.explanation import Explanation
    from noroshi.stress.result import Happened, Result

__all__ = [
    "DEGRADED",
    "FAILING",
    "FRAMES",
    "NORMAL",
    "OUT",
    "Playback",
    "Why",
    "explained",
    "frames_of",
    "playback_of",
    "states_at",
    "whys_of",
]

NORMAL, DEGRADED, FAILING, OUT = range(4)
"""States: ● as it should be; ◐ less than whole; ▲ under its floor, or in the attacker's hands; ■ nothing."""
FRAMES = 6
"""Maps side by side that show how far the loss has spread."""
LOST = {"degraded": DEGRADED, "down": OUT, "blackout": OUT, "tripped": OUT}
BLIND = ("loss_of_view", "data_loss")
"""Effects of hits that leave a unit as able as before."""


class Playback(Struct, frozen=True, kw_only=True):
    """States over time: at each of `hours` what changed, as unit -> state; nothing changed before the first."""

    horizon_h: float
    hours: tuple[float, ...]
    changes: tuple[dict[str, int], ...]


class Why(Struct, frozen=True, kw_only=True):
    """One loss of one unit in words, from itself back to what began it; `chain` has the units in that order."""

    unit: str
    hour: float
    what: str
    lines: tuple[str, ...]
    lines_ja: tuple[str, ...]
    chain: tuple[str, ...]


def playback_of(result: Result, effects: dict[str, str]) -> Playback:
    """Return the states of all units over a run; effects: what the shock does to those that it hits."""
    now: dict[str, int] = {}
    hit: dict[str, int] = {}
    at: dict[float, dict[str, int]] = {}
    lost: dict[str, int] = {}
    services = {one.id for one in result.services}
    for event in result.events:
        if event.id in services:
            continue
        _follow(event, lost, hit, effects)
        state = max(lost.get(event.id, NORMAL), hit.get(event.id, NORMAL))
        if state != now.get(event.id, NORMAL):
            now[event.id] = state
            at.setdefault(event.hour, {})[event.id] = state
    for one in result.services:
        before = NORMAL
        for hour, share in one.served:
            state = _of_share(share, one.floor)
            if state != before:
                at.setdefault(hour, {})[one.id] = before = state
    hours = sorted(at)
    return Playback(horizon_h=result.horizon_h, hours=tuple(hours), changes=tuple(at[hour] for hour in hours))


def _follow(event: Happened, lost: dict[str, int], hit: dict[str, int], effects: dict[str, str]) -> None:
    """Note what an event does to its unit."""
    if event.what in LOST:
        lost[event.id] = LOST[event.what]
    elif event.what == "improved":
        lost[event.id] = DEGRADED
    elif event.what == "recovered":
        lost[event.id] = NORMAL
    elif event.what == "hit":
        hit[event.id] = DEGRADED if effects.get(event.id) in BLIND else FAILING
    elif event.what in ("ended", "repaired"):
        hit[event.id] = NORMAL


def _of_share(share: float, floor: float) -> int:
    """Return the state of a service that serves a share of what is asked for."""
    if share >= 1.0 - 1e-9:
        return NORMAL
    if share <= 1e-9:  # noqa: PLR2004  nothing, up to rounding
        return OUT
    return FAILING if share < floor - 1e-9 else DEGRADED


def states_at(playback: Playback, hour: float) -> dict[str, int]:
    """Return unit -> state at an hour, of those that are not normal."""
    now: dict[str, int] = {}
    for when, changed in zip(playback.hours, playback.changes, strict=True):
        if when > hour + 1e-9:
            break
        now |= changed
    return {unit: state for unit, state in now.items() if state != NORMAL}


def frames_of(playback: Playback) -> tuple[float, ...]:
    """Return six hours that show how the loss spreads: those at which something gets worse, then others."""
    worse = []
    now: dict[str, int] = {}
    for hour, changed in zip(playback.hours, playback.changes, strict=True):
        if any(state > now.get(unit, NORMAL) for unit, state in changed.items()):
            worse.append(hour)
        now |= changed
    spread = _even(worse, FRAMES)
    step = playback.horizon_h / FRAMES
    for k in range(FRAMES):
        if len(spread) >= FRAMES:
            break
        if all(abs(k * step - hour) > step / 4 for hour in spread):
            spread.append(round(k * step, 2))
    rest = [playback.horizon_h * (1 - 1 / 2**k) for k in range(1, 2 * FRAMES)]
    spread += [round(hour, 2) for hour in rest if round(hour, 2) not in spread][: FRAMES - len(spread)]
    return tuple(sorted(spread))


def _even(hours: Sequence[float], most: int) -> list[float]:
    """Return at most `most` of the hours, the first and the last among them."""
    if len(hours) <= most:
        return list(hours)
    return [hours[round(k * (len(hours) - 1) / (most - 1))] for k in range(most)]


def whys_of(explanations: Iterable[Explanation]) -> tuple[Why, ...]:
    """Return explanations in words of both languages."""
    return tuple(
        Why(unit=one.id, hour=one.hour, what=one.what, lines=tuple(sentences(one, "en")),
            lines_ja=tuple(sentences(one, "ja")), chain=tuple(link.id for link in one.chain))
        for one in explanations
    )  # fmt: skip


def explained(result: Result, units: Iterable[str]) -> tuple[Why, ...]:
    """Return why each of the units fell, every loss of it."""
    from noroshi import stress

    found: list[Any] = []
    for unit in units:
        found += stress.explain(result, unit)
    return whys_of(found)
