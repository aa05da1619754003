"""A brief as it is asked for: which estate, which threat, how many draws; computed once, then read back.

Nothing here loads the engine: a stored brief is shown without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk import stored
from noroshi.desk.brief_words import STEPS
from noroshi.files.estates import load
from noroshi.files.threats import DEFAULT_THREAT, find_threat

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.desk.brief_schema import Brief
    from noroshi.estate.model import Estate
    from noroshi.settings import Settings
    from noroshi.stress.threat import Threat

__all__ = ["DEFAULT_SEED", "DEFAULT_TRIALS", "asked_brief", "threat_for"]

DEFAULT_TRIALS = 10_000
DEFAULT_SEED = 2014


def threat_for(estate: Estate, asked: Threat | str | None) -> Threat:  # noqa: ARG001  a later estate may name a default
    """Return the threat called `asked` (a name, an ATT&CK id, a file), or the default; NotFoundError, InputError."""
    return find_threat(asked or DEFAULT_THREAT) if asked is None or isinstance(asked, str) else asked


def asked_brief(
    where: str, threat: str | None, trials: int | None, seed: int | None, settings: Settings
) -> Callable[[Callable[[str, float], None]], Brief]:
    """Return what takes the stored brief or computes it, telling its steps in the settings' language.

    The estate and the threat are read now: NotFoundError, InputError. None means the default.
    """
    estate = load(where, settings.lang)
    chosen = threat_for(estate, threat)
    draws = {"trials": DEFAULT_TRIALS if trials is None else trials, "seed": DEFAULT_SEED if seed is None else seed}

    def compute(progress: Callable[[str, float], None]) -> Brief:
        def said(step: str, part: float) -> None:
            progress(STEPS[step][int(settings.lang == "ja")], part)

        def make() -> Brief:
            from noroshi.desk.brief import make_brief

            return make_brief(estate, threat=chosen, threads=settings.threads, progress=said, **draws)

        key = stored.key(estate, chosen, **draws)
        return stored.kept(settings.cache_dir, key, make, lambda: said("elsewhere", 0.0))

    return compute
