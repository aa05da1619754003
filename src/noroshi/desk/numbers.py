"""Figures as people read them: three digits and a word for the size, in either language."""

from __future__ import annotations

import math

__all__ = ["amount", "hours", "interval", "percent", "plain", "points"]

THIN = "\u00a0"
"""Joins a number to its unit in English, where a line must not break."""

SIZES_EN = ((1e12, " tn"), (1e9, " bn"), (1e6, " M"), (1e3, " k"))
SIZES_JA = ((1e12, "兆"), (1e8, "億"), (1e4, "万"))
DIGITS = 3


def plain(value: float, digits: int = DIGITS) -> str:
    """Return `value` to `digits` significant digits without an exponent; whole numbers keep all their digits."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    said = f"{round(value, places):,.{places}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def amount(value: float, lang: str) -> str:
    """Return a quantity to three digits with its size: 1.24 M or 124万. Below the first size it is a plain number."""
    sizes, digits = (SIZES_JA, DIGITS) if lang == "ja" else (SIZES_EN, DIGITS)
    for place, (size, word) in enumerate(sizes):
        # 999.6 k reads "1 M": what rounds up to the next size takes its word
        if abs(value) >= size * (1 - 0.5 * 10.0 ** (-digits)):
            scaled = float(f"{value / size:.{digits}g}")
            if place and scaled >= sizes[place - 1][0] / size:
                scaled, word = scaled * size / sizes[place - 1][0], sizes[place - 1][1]  # noqa: PLW2901  as said above
            return plain(scaled) + word.replace(" ", THIN)
    return plain(round(value)) if abs(value) >= 10**DIGITS else plain(value)


def percent(share: float, lang: str) -> str:
    """Return a share of 1 in per cent; what is neither 0 nor 1 is never shown as either."""
    sign = "%" if lang == "ja" else THIN + "%"
    hundredths = 100 * share
    if 0 < hundredths < 0.1:  # noqa: PLR2004  a tenth of a per cent is as fine as a brief needs
        return "<0.1" + sign
    if 99.9 < hundredths < 100:  # noqa: PLR2004  the same from above
        return ">99.9" + sign
    fine = hundredths < 10 or 99 < hundredths < 100  # noqa: PLR2004  where a tenth says something
    return (f"{hundredths:.1f}".rstrip("0").rstrip(".") if fine else f"{min(hundredths, 100):.0f}") + sign


def points(value: float) -> str:
    """Return a score of 100 to a tenth, so that scores stand in line."""
    return f"{value:.1f}"


def hours(value: float, lang: str) -> str:
    """Return a duration in hours with its unit."""
    return plain(value) + ("時間" if lang == "ja" else THIN + "h")


def interval(low: float, high: float, lang: str) -> str:
    """Return two quantities as a range."""
    return f"{amount(low, lang)}–{amount(high, lang)}" if lang == "en" else f"{amount(low, lang)}〜{amount(high, lang)}"
