"""How the pages of an estate say things: names of tables and columns, values, links, durations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from noroshi.desk.estate_browsing import named
from noroshi.estate.column import Column, Kind
from noroshi.report.places import area_name
from noroshi.web.screen.kinds_named import kind_name

if TYPE_CHECKING:
    from noroshi.desk.estate_browsing import Hit
    from noroshi.estate.model import Estate
    from noroshi.web.screen.page import Page

__all__ = ["Shown", "address", "duration", "label", "meaning", "name_of", "told", "unit"]

HOUR_MIN = 60.0
SHORT = 30
"""Letters of a column's head."""
UNITS_JA = {
    "h": "時間", "share": "割合", "deg": "度", "points": "点", "persons": "人", "unit": "「単位」の列による",
    "persons or t/h": "人またはt/h", "teams": "班", "records": "件", "1-5": "1〜5",
    "per unit, 100 MVA": "100 MVA基準の単位法",
    "merit": "優先順位", "share of p_max": "p_maxに対する割合",
}  # fmt: skip
"""Units of columns that are words, in Japanese; others are signs that both languages share."""


class Shown(NamedTuple):
    """A value as a page shows it: parts of text, each with where it leads ("" = nowhere); figure: set to the right."""

    parts: tuple[tuple[str, str], ...]
    figure: bool = False


def address(table: str, ident: str) -> str:
    """Return where the page of a row is."""
    return f"/estate/{table}/{quote(ident, safe='')}"


def label(page: Page, col: Column) -> str:
    """Return what people call a column where there is little room: the beginning of its meaning, else its name."""
    said = re.split(r"[,:;(、。(]| = ", meaning(page, col), maxsplit=1)[0].strip()
    return said if len(said) <= SHORT else col.name.replace("_", " ")


def meaning(page: Page, col: Column) -> str:
    """Return what a column means, without the full stop."""
    return page.pick(col.meaning, col.meaning_ja).rstrip(".。")


def unit(page: Page, said: str) -> str:
    """Return the unit of a column as people read it."""
    return UNITS_JA.get(said, said) if page.lang == "ja" else said


def name_of(page: Page, hit: Hit | None, ident: str) -> str:
    """Return the name of a row, its id where it has none."""
    return ident if hit is None else page.pick(hit.name_en, hit.name_ja) or ident


def told(page: Page, estate: Estate, col: Column, value: Any) -> Shown:  # noqa: ANN401  a cell
    """Return a value for people: keys as links with names, numbers with separators, yes and no as words."""
    if value is None or value == "":
        return Shown(())
    if isinstance(value, bool):
        return Shown(((page.w("estate_yes" if value else "estate_no"), ""),))
    if isinstance(value, float):
        return Shown(((f"{value:,.10g}" if abs(value) < 1e15 else f"{value:g}", ""),), figure=True)  # noqa: PLR2004
    if isinstance(value, int):
        return Shown(((f"{value:,}", ""),), figure=True)
    if col.kind in {Kind.REF, Kind.REFS}:
        known = named(estate)
        parts = []
        for one in (each.strip() for each in str(value).split(";")):
            table = next((name for name in col.refs if one in estate.rows(name)), "")
            hit = known.get(one)
            same = hit if hit is not None and hit.table == table else None
            parts.append((name_of(page, same, one), address(table, one) if table else ""))
        return Shown(tuple(part for part in parts if part[0]))
    said = {"area": area_name, "kind": kind_name, "fuel": kind_name}.get(col.name, lambda text, _: text)
    return Shown(((said(str(value), page.lang), ""),))


def duration(page: Page, hours: float) -> str:
    """Return hours as people say them."""
    if hours <= 0:
        return page.w("estate_at_once")
    if hours < 1:
        return page.w("estate_minutes", minutes=hours * HOUR_MIN)
    return page.w("estate_hours", hours=round(hours, 1))
