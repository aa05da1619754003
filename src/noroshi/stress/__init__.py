"""What an attack does to what people rely on: run a shock on an estate, and explain what happened.

    import noroshi as nr

    estate = nr.load("sorami")
    result = nr.stress.run(estate, nr.load_shock("port-ransomware", estate))
    nr.stress.explain(result, "containers")[0].text()

The functions are the room's face. No module of it may bear one of their names: importing it would hide the function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noroshi.estate.model import Estate
    from noroshi.stress.explanation import Explanation
    from noroshi.stress.result import Result
    from noroshi.stress.shock import Shock

__all__ = ["explain", "run"]


def run(estate: Estate, shock: Shock, *, season: str | None = None, horizon_h: float | None = None) -> Result:
    """Run one shock on a checked estate, every uncertain input at its median, and return what it does.

    `season` and `horizon_h` (hours) replace those of the shock. Harm is measured against the same run without the
    shock. NotFoundError for a hit on what the estate does not have; ValueError for a season that does not exist or a
    horizon that is not above 0.
    """
    from dataclasses import replace

    from noroshi.errors import NotFoundError
    from noroshi.estate.model import SEASONS
    from noroshi.stress import engine
    from noroshi.stress.causes import index
    from noroshi.stress.draw import median, quiet
    from noroshi.stress.model import build
    from noroshi.stress.result import result_of

    asked = replace(
        shock,
        season=shock.season if season is None else season,
        horizon_h=shock.horizon_h if horizon_h is None else float(horizon_h),
    )
    if asked.season is not None and asked.season not in SEASONS:
        raise ValueError(f"expected a season of {', '.join(SEASONS)}; found {asked.season!r}")
    if not 0.0 < asked.horizon_h < float("inf"):
        raise ValueError(f"expected a horizon above 0 hours; found {asked.horizon_h!r}")
    model = build(estate, asked.season)
    missing = [target for target in asked.targets if target not in model.index]
    if missing:
        raise NotFoundError(f"estate {estate.meta.id} has no unit {', '.join(map(repr, missing))} for the shock to hit")
    draw = median(model, asked)
    ready = engine.plan(model)
    trace = index(engine.run(model, draw, ready), model, draw)
    return result_of(estate, asked, trace, engine.run(model, quiet(draw), ready))


def explain(result: Result, unit: str | None = None, *, at: float | None = None) -> tuple[Explanation, ...]:
    """Return why `unit` (a service or any other unit; default: every service) fell, loss by loss, back to the shock.

    With `at`, only of the losses that are in force at that hour of the run. Empty if there was no loss. NotFoundError
    for what the estate does not have.
    """
    from noroshi.errors import NotFoundError
    from noroshi.estate.cells import nearest
    from noroshi.stress.explanation import explain as explained

    trace = result.trace
    if unit is not None and unit not in trace.model.index:
        near = nearest(unit, trace.model.ids)
        hint = f"; did you mean {near}?" if near else ""
        raise NotFoundError(f"estate {result.estate['id']} has no service, system or asset {unit!r}{hint}")
    return explained(trace, result.names, unit, at)
