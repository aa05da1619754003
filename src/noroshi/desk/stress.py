"""What a person does with one shock: run it on an estate, and ask why something degraded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi import stress
from noroshi.desk import kernels
from noroshi.files.estates import load
from noroshi.files.shocks import load_shock

if TYPE_CHECKING:
    from noroshi.stress.explanation import Explanation
    from noroshi.stress.result import Result

__all__ = ["explanation_values", "run_shock", "why"]


def run_shock(
    estate: str | Path,
    shock: str | Path,
    *,
    season: str | None = None,
    horizon_h: float | None = None,
    lang: str = "en",
) -> Result:
    """Return what the shock (a file, or the name of a shipped one) does to the estate (a path, or a sample's name).

    `season` and `horizon_h` replace the shock's own. InputError with every fault of either; NotFoundError for a name
    that nothing has.
    """
    loaded = load(estate, lang)
    asked = load_shock(shock, loaded)
    kernels.warm()
    return stress.run(loaded, asked, season=season, horizon_h=horizon_h)


def why(result: Result, unit: str | None = None, at: float | None = None) -> tuple[Explanation, ...]:
    """Return why the unit, or every service, degraded; with `at`, of the losses in force at that hour.

    NotFoundError for a unit that the estate does not have.
    """
    return stress.explain(result, unit, at=at)


def explanation_values(explanations: tuple[Explanation, ...]) -> list[dict[str, Any]]:
    """Return explanations as plain values with nine significant digits, words in both languages included."""
    from dataclasses import asdict

    rounded = [_rounded(asdict(one)) for one in explanations]
    words = [{"text": one.text("en"), "text_ja": one.text("ja")} for one in explanations]
    return [{**values, **text} for values, text in zip(rounded, words, strict=True)]


def _rounded(value: Any) -> Any:  # noqa: ANN401  values of any shape
    """Return the value with every number in it at nine significant digits."""
    from noroshi.stress.result import stable

    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(one) for one in value]
    return stable(value) if isinstance(value, float) else value
