"""Whom to press first and with what, as a table for the page and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.numbers import amount, plain
from noroshi.report.charts import axis, bar
from noroshi.report.tables import Cell, Column, Table
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from noroshi.desk.brief_schema import PressFirst

__all__ = ["press_table"]

SHOWN = 2
JOINTS = {"en": "; ", "ja": "、"}


def press_table(pressed: Sequence[PressFirst], sectors: Mapping[str, str], lang: str, *, shown: int = SHOWN) -> Table:
    """Return whom to press: what each saves and costs, and the first `shown` of its measures. sectors: id -> name."""
    most = max((one.saves for one in pressed), default=0.0)
    columns = (
        Column(said("organisation", lang), "name"),
        Column(said("press_saves", lang), "chart", axis([(v, amount(v, lang)) for v in (0.0, most) if most], 0, most)),
        Column(said("press_saves", lang), "num"),
        Column(said("plan_cost_short", lang), "num"),
        Column(said("press_measures", lang)),
    )
    rows = tuple(
        (
            Cell(pick(one.name, one.name_ja, lang), note=sectors.get(one.sector, one.sector)),
            Cell(chart=bar(one.saves, most)), Cell(amount(one.saves, lang)), Cell(plain(one.cost)),
            Cell(measures(one, lang, shown)),
        )
        for one in pressed
    )  # fmt: skip
    return Table(said("press", lang), columns, rows)


def measures(one: PressFirst, lang: str, shown: int) -> str:
    """Return the first measures by name, and how many more there are."""
    names = one.measure_names_ja if lang == "ja" else one.measure_names
    rest = len(names) - shown
    more = [said("press_more", lang, count=rest)] if rest > 0 else []
    return JOINTS[lang].join([*names[:shown], *more])
