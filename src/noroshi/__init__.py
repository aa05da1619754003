"""Noroshi: what people lose when an attack lands, for how long, and what to do first.

import noroshi as nr

estate = nr.load("sorami")
shock = nr.load_shock("port-ransomware", estate)
result = nr.stress.run(estate, shock)
result.frame("services")
result.plot()

This module stands outside the layers: it binds what the floors may not reach upward for. What is heavy is loaded when
it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from noroshi import stress
from noroshi.errors import Fault, InputError, NoroshiError, NotFoundError, StoppedError
from noroshi.stress.result import Result

if TYPE_CHECKING:
    from noroshi.desk.brief import brief
    from noroshi.desk.stress_ensemble import ensemble, resilience
    from noroshi.estate.model import Estate
    from noroshi.files.estates import load, samples, save
    from noroshi.files.shocks import load_shock
    from noroshi.report.pictures import Picture
    from noroshi.stress.explanation import Explanation
    from noroshi.stress.shock import Hit, Shock, Spread

__all__ = [
    "Estate",
    "Explanation",
    "Fault",
    "Hit",
    "InputError",
    "NoroshiError",
    "NotFoundError",
    "Picture",
    "Result",
    "Shock",
    "Spread",
    "StoppedError",
    "brief",
    "ensemble",
    "load",
    "load_shock",
    "resilience",
    "samples",
    "save",
    "stress",
]

_WHERE = {
    "Estate": "noroshi.estate.model",
    "Explanation": "noroshi.stress.explanation",
    "Hit": "noroshi.stress.shock",
    "Picture": "noroshi.report.pictures",
    "Shock": "noroshi.stress.shock",
    "Spread": "noroshi.stress.shock",
    "brief": "noroshi.desk.brief",
    "ensemble": "noroshi.desk.stress_ensemble",
    "load": "noroshi.files.estates",
    "load_shock": "noroshi.files.shocks",
    "resilience": "noroshi.desk.stress_ensemble",
    "samples": "noroshi.files.estates",
    "save": "noroshi.files.estates",
}
"""Public name -> the module that has it, imported when the name is first used."""


if not TYPE_CHECKING:  # so that a type checker still finds a name that does not exist

    def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever the name stands for
        """Return a public name, importing its module; AttributeError if there is none of this name."""
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_WHERE[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted(__all__)


def _plot(result: Result, *, lang: str = "en", top: int = 9) -> Picture:
    """Return a picture of the share served over time by the `top` services that lost most; notebooks show it."""
    from noroshi.report.pictures import plot_run

    return plot_run(result, lang=lang, top=top, horizon_h=result.horizon_h)


Result.plot = _plot
