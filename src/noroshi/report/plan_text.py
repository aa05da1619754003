"""A plan in the terminal: what to do in which order, what each step leaves, and the score it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.desk.numbers import percent, plain, points
from noroshi.report import reading, tables
from noroshi.report.terminal import figures, section, text_table
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from rich.console import Console

    from noroshi.desk.planning import Planned
    from noroshi.desk.rating import Rating

__all__ = ["print_no_plan", "print_plan"]


def print_plan(planned: Planned, lang: str, console: Console, *, years: int) -> None:
    """Print a plan: cost, what attacks lose, score and chance of passing; then the steps. `years` 0: to the mark."""
    from rich.text import Text

    values = planned.as_dict()
    console.print(Text(said("plan_title", lang, organisation=values["organisation"]), style="bold"))
    against = said("plan_all_actors", lang) if values["against"] == "all known actors" else values["against"]
    console.print(Text(said("plan_lead", lang, against=against), style="dim"))
    gap = said("plan_gap_cost" if years == 0 else "plan_gap", lang, gap=percent(values["gap"], lang))
    span = f"{points(values['low_after'])}{tables.RANGES[lang]}{points(values['high_after'])}"
    mark, before = plain(planned.rating.mark), percent(values["p_pass_before"], lang)
    chance = said("plan_p_pass", lang, mark=mark, before=before)
    console.print(
        figures((
            reading.KeyFigure(said("plan_cost", lang), said("million_yen", lang, amount=plain(values["cost"])),
                              said("plan_staff", lang, months=plain(values["staff"]))),
            reading.KeyFigure(said("plan_reduction", lang), percent(values["reduction"], lang), gap),
            reading.KeyFigure(said("plan_score", lang), points(values["score_after"]),
                              said("plan_score_note", lang, before=points(values["score_before"]), range=span)),
            reading.KeyFigure(said("plan_passing", lang), percent(values["p_pass_after"], lang), chance),
        ))
    )  # fmt: skip
    if values["to_prove"]:
        section(console, "plan_prove", lang, said("plan_prove_note", lang))
        for name in values["to_prove"]:
            item = planned.rating.catalogue.items[planned.rating.catalogue.index[name]]
            console.print(Text(f"  {name}: {pick(item.evidence_en, item.evidence_ja, lang)}"))
    if values["steps"]:
        console.print(text_table(_steps(values, lang, years=years), "plan_steps", console.width))
    else:
        console.print(Text(said("plan_nothing", lang)))
    console.print(Text(said("plan_assumed", lang), style="dim"))


def print_no_plan(rating: Rating, lang: str, console: Console) -> None:
    """Say that nothing on offer suffices to pass."""
    console.print(said("plan_no_pass", lang, mark=plain(rating.mark)))


def _steps(values: dict[str, Any], lang: str, *, years: int) -> tables.Table:
    """Return the steps in order: year, measure, what it costs, and what attacks still succeed in after it."""
    keys = [("plan_year", "num")] if years > 1 else []
    keys += [("plan_measure", "name"), ("plan_cost_short", "num"), ("plan_staff_short", "num"), ("plan_left", "num")]
    columns = tuple(tables.Column(said(key, lang), kind) for key, kind in keys)
    rows = []
    for step in values["steps"]:
        left = percent(step["left"] / values["before"] if values["before"] > 0.0 else 0.0, lang)
        cells = (
            tables.Cell(pick(step["name"], step["name_ja"], lang), step["id"]), tables.Cell(plain(step["cost"])),
            tables.Cell(plain(step["staff"])), tables.Cell(left),
        )  # fmt: skip
        rows.append(((tables.Cell(str(step["year"])),) if years > 1 else ()) + cells)
    return tables.Table(said("plan_steps", lang), columns, tuple(rows))
