"""Whom to press first in the terminal: what it costs and saves, then who with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.numbers import amount, interval, percent, plain
from noroshi.report import reading
from noroshi.report.press_table import press_table
from noroshi.report.terminal import figures, text_table
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from rich.console import Console

    from noroshi.desk.pressing import Pressed
    from noroshi.estate.model import Estate

__all__ = ["print_press"]

ALL = 99


def print_press(found: Pressed, estate: Estate, lang: str, console: Console) -> None:
    """Print cost, saving with its interval and gap, then every organisation with its plan and why."""
    from rich.text import Text

    console.print(Text(said("press", lang), style="bold"))
    console.print(Text(said("press_lead", lang, budget=f"{found.budget:,.0f}"), style="dim"))
    together = found.together
    span = interval(together.low, together.high, lang)
    shown = [
        reading.KeyFigure(said("plan_cost", lang), said("million_yen", lang, amount=plain(found.cost)),
                          said("organisations", lang, count=len(found.rows))),
        reading.KeyFigure(said("press_together", lang), amount(together.mean, lang),
                          said("press_together_note", lang, range=span)),
        reading.KeyFigure(said("press_gap", lang), percent(found.gap, lang), said("press_gap_note", lang)),
    ]  # fmt: skip
    if found.seen is not None:
        again = interval(found.seen.low, found.seen.high, lang)
        note = said("press_together_note", lang, range=again)
        shown.append(reading.KeyFigure(said("press_seen", lang), amount(found.seen.mean, lang), note))
    console.print(figures(shown))
    sectors = {row["id"]: pick(row["name_en"], row["name_ja"], lang) for row in estate.frame("sectors").to_dicts()}
    if not found.rows:
        console.print(Text(said("plan_nothing", lang)))
        return
    console.print(text_table(press_table(found.rows, sectors, lang, shown=ALL), "press", console.width))
    for one in found.rows:
        console.print(Text(f"{pick(one.name, one.name_ja, lang)}: {pick(one.why, one.why_ja, lang)}", style="dim"))
    console.print(Text(said("plan_assumed", lang), style="dim"))
