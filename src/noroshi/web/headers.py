"""What every answer of the hub carries, and which language a reader asked for."""

from __future__ import annotations

from noroshi.report.words import LANGUAGES

__all__ = ["SECURITY", "language"]

SECURITY: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer, errors included. The pages need no script, so none may run."""


def language(asked: str | None, accepted: str, default: str) -> str:
    """Return a page's language: the one asked for, else the best of Accept-Language (RFC 9110), or `default`."""
    if asked in LANGUAGES:
        return asked
    wishes = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, weight = part.strip().partition(";")
        known = tag.split("-")[0].strip().lower()
        quality = _quality(weight)
        if known in LANGUAGES and quality > 0:
            wishes.append((-quality, place, known))
    return min(wishes)[2] if wishes else default


def _quality(weight: str) -> float:
    """Return the weight of a wish, such as "q=0.8"; 1 where none is given, 0 where it cannot be read."""
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
