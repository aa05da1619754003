"""Coverage of a warning as bars: of those at risk, how many were chosen, reached, answered, and acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.report.svg import element, share_of

if TYPE_CHECKING:
    from noroshi.share.warnings_receipts import Coverage

__all__ = ["STEPS", "bar"]

STEPS = ("at_risk", "chosen", "delivered", "acknowledged", "acted")
"""Counts that a bar shows, each within the one before."""
HEIGHT = 20


def bar(one: Coverage, top: int) -> str:
    """Return the bar of a sector on a scale that ends at `top`; the table beside it says the same."""
    drawn = [
        element("rect", class_=f"reach {key}", x=0, y=0, width=share_of(getattr(one, key), 0, top), height=HEIGHT)
        for key in STEPS
    ]
    return element("svg", *drawn, class_="reaches", width="100%", height=HEIGHT, aria_hidden="true")
