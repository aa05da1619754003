"""An ensemble and the resilience numbers in the terminal: 80 columns and up, either language."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from noroshi.desk.numbers import amount, hours, interval, percent, plain
from noroshi.report import reading, tables
from noroshi.report.terminal import figures, section, text_table
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from rich.console import Console

    from noroshi.desk.brief_schema import EstateSummary
    from noroshi.desk.stress_ensemble import EnsembleReport, ResilienceReport

__all__ = ["print_ensemble", "print_resilience"]

TOP = 20


def print_ensemble(report: EnsembleReport, lang: str, console: Console) -> None:
    """Print what a threat does: chance, harm, the services at risk, the three harms, which assumption moves them."""
    from rich.text import Text

    estate = pick(report.estate.name_en, report.estate.name_ja, lang)
    threat = pick(report.threat.name, report.threat.name_ja, lang)
    console.print(Text(said("ensemble_title", lang, estate=estate, threat=threat), style="bold"))
    _notice(report.estate, lang, console)
    total = report.harms.service.person_hours_below_floor
    days = plain(report.threat.period_days)
    console.print(
        figures(
            (
                reading.KeyFigure(
                    said("p_any", lang), percent(report.p_any, lang), said("p_any_note", lang, days=days)
                ),
                reading.KeyFigure(
                    said("person_hours", lang),
                    amount(total.mean, lang),
                    said("harm_note", lang, interval=interval(total.p05, total.p95, lang)),
                ),
                reading.KeyFigure(said("threat_hits", lang), plain(report.mean_hits), ""),
            )
        )
    )
    top, rest = tables.services(report, lang, top=TOP)
    shown = {
        "services": (top, rest),
        "harms": (tables.harms(report.harms, lang), None),
        "tornado": (tables.tornado(report.sensitivity, total.mean, lang), None),
    }
    for key, (table, others) in shown.items():
        section(console, key, lang)
        console.print(text_table(table, key, console.width) if table.rows else Text(said("services_none", lang)))
        if table.rows and others is not None and others.rows:
            console.print(Text(said("more", lang, count=f"{len(others.rows):,}"), style="dim"))
    trials, horizon = f"{report.trials:,}", hours(report.horizon_h, lang)
    console.print(Text("\n" + said("method", lang, trials=trials, horizon=horizon, seed=report.seed), style="dim"))


def print_resilience(report: ResilienceReport, lang: str, console: Console) -> None:
    """Print how many breaches each service withstands: counts first, then every service with an example."""
    from rich.text import Text

    estate = pick(report.estate.name_en, report.estate.name_ja, lang)
    console.print(Text(f"{estate} – {said('resilience', lang)}", style="bold"))
    _notice(report.estate, lang, console)
    console.print(Text(said("resilience_lead", lang)))
    who = report.threat
    console.print(
        Text(
            said("resilience_all", lang)
            if who is None
            else said("resilience_threat", lang, threat=pick(who.name, who.name_ja, lang))
        )
    )
    if not report.pairs:
        console.print(Text(said("no_pairs", lang), style="yellow"))
    columns = (
        tables.Column(said("service", lang), "name"),
        tables.Column(said("breaches", lang), "num"),
        tables.Column(said("example", lang)),
        tables.Column(said("proof", lang)),
    )
    rows = tuple(
        (
            tables.Cell(pick(r.name, r.name_ja, lang)),
            tables.Cell(tables.breaches(r, lang)),
            tables.Cell(tables.example(r, lang)),
            tables.Cell(pick(r.proof, r.proof_ja, lang)),
        )
        for r in report.resilience
    )
    console.print(text_table(tables.Table(said("resilience", lang), columns, rows), "resilience", console.width))
    for breaches, count in Counter(tables.breaches(r, lang) for r in report.resilience).items():
        console.print(Text(said("resilience_count", lang, count=f"{count:,}", breaches=breaches), style="dim"))


def _notice(estate: EstateSummary, lang: str, console: Console) -> None:
    """Print what the reader must know of the data before any figure."""
    from rich.text import Text

    key = "fictional" if estate.fictional else "illustrative" if estate.illustrative else ""
    if key:
        console.print(Text(said(key, lang), style="yellow"))
