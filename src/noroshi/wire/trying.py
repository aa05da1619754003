"""How often something that failed is tried again, and how long to wait before: exponential back-off with jitter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

__all__ = ["Patience", "retry_after", "wait"]


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries in all, the first wait, the longest wait of our own, and the longest that the other side may ask for.

    Waits in seconds.
    """

    tries: int = 6
    first: float = 0.5
    longest: float = 60.0
    longest_asked: float = 300.0


def wait(patience: Patience, failures: int, rng: Random) -> float:
    """Return how many seconds to wait after so many failures (1 or more): half of the bound to all of it, at random.

    The bound doubles each time up to the longest.
    """
    bound = min(patience.longest, patience.first * 2.0 ** min(failures - 1, 30))
    return bound * (0.5 + 0.5 * rng.random())


def retry_after(text: str | None, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3: a number or a date); None: nothing.

    now: seconds since 1970.
    """
    if text is None:
        return None
    said = text.strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now)
