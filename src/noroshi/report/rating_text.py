"""An organisation's score and the questions behind it in the terminal: 80 columns and up, either language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.numbers import percent, plain, points
from noroshi.report import reading, tables
from noroshi.report.terminal import figures, section, text_table
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from rich.console import Console

    from noroshi.desk.rating import Rating
    from noroshi.rate.catalogue import Catalogue

__all__ = ["print_catalogue", "print_rating"]

VERDICTS = {"pass": "verdict_pass", "fail": "verdict_fail", "evidence needed": "verdict_evidence_needed"}


def print_rating(rating: Rating, lang: str, console: Console) -> None:
    """Print the score with its interval and verdict, what would settle it, and every item with its evidence."""
    from rich.text import Text

    values = rating.as_dict()
    peers = said("peers_sector" if rating.of_sector else "peers_population", lang)
    console.print(Text(said("rating_title", lang, organisation=values["organisation"]), style="bold"))
    console.print(Text(said("rating_lead", lang, as_of=values["as_of"], peers=peers), style="dim"))
    span = f"{points(values['low'])}{tables.RANGES[lang]}{points(values['high'])}"
    console.print(
        figures(
            (
                reading.KeyFigure(said("score", lang), points(values["score"]), said("rating_range", lang, range=span)),
                reading.KeyFigure(
                    said("verdict", lang),
                    said(VERDICTS[values["verdict"]], lang),
                    said("rating_p_pass", lang, mark=plain(rating.mark), chance=percent(values["p_pass"], lang)),
                ),
                reading.KeyFigure(
                    said("technical", lang),
                    points(values["technical"]),
                    said("of_points", lang, points=plain(rating.catalogue.technical_points)),
                ),
                reading.KeyFigure(
                    said("organisational", lang),
                    points(values["organisational"]),
                    said("of_points", lang, points=plain(rating.catalogue.organisational_points)),
                ),
            )
        )
    )
    harm, control = values["risk"]["annual"]["harm"], values["risk"]["control_systems"]
    console.print(
        Text(
            said(
                "risk_line", lang, band=said(f"risk_{values['risk']['band']}", lang),
                relative=plain(values["risk"]["relative"]["median"]), harm=percent(harm["mean"], lang),
                range=chances(harm, lang), control=percent(control["mean"], lang), control_range=chances(control, lang),
            )
        )
    )  # fmt: skip
    if values["would_settle"]:
        section(console, "would_settle", lang, said("would_settle_note", lang))
        for name in values["would_settle"]:
            item = rating.catalogue.items[rating.catalogue.index[name]]
            console.print(Text(f"  {pick(item.question_en, item.question_ja, lang)} ({name})"))
    if rating.carried:
        section(console, "carried", lang, said("carried_note", lang))
        console.print(text_table(_carried(rating, lang), "carried", console.width))
    section(console, "rating_items", lang)
    console.print(text_table(_items(rating, lang), "rating_items", console.width))


def chances(spread: dict[str, float], lang: str) -> str:
    """Return the 5-95 % range of a chance."""
    return f"{percent(spread['low'], lang)}{tables.RANGES[lang]}{percent(spread['high'], lang)}"


def _items(rating: Rating, lang: str) -> tables.Table:
    """Return the items: how far they are met, on what evidence, what they are worth."""
    columns = tuple(
        tables.Column(said(key, lang), kind)
        for key, kind in (
            ("item", "name"), ("met", "num"), ("interval", "num"), ("rating_points", "num"), ("evidence", "text"),
            ("age", "num"),
        )
    )  # fmt: skip
    rows = []
    for row in rating.items():
        away = row["not_applicable"]
        grade = said("not_applicable", lang) if away else said(f"grade_{row['evidence'] or 'none'}", lang)
        low, high = (percent(row[end], lang) for end in ("low", "high"))
        met = "–" if away else percent(row["mean"], lang)
        rows.append((
            tables.Cell(row["id"]), tables.Cell(met), tables.Cell("–" if away else f"{low}{tables.RANGES[lang]}{high}"),
            tables.Cell(plain(row["points"])), tables.Cell(grade),
            tables.Cell("–" if row["age_days"] is None else said("days", lang, count=row["age_days"])),
        ))  # fmt: skip
    return tables.Table(said("rating_items", lang), columns, tuple(rows))


def _carried(rating: Rating, lang: str) -> tables.Table:
    """Return the findings that count on though the answers leave them out."""
    columns = tuple(
        tables.Column(said(key, lang), kind)
        for key, kind in (("item", "name"), ("met", "num"), ("evidence", "text"), ("found_on", "text"))
    )
    rows = tuple(
        (
            tables.Cell(a.item),
            tables.Cell(
                percent(a.level, lang)
                if a.up_to is None
                else f"{percent(a.level, lang)}{tables.RANGES[lang]}{percent(a.up_to, lang)}"
            ),
            tables.Cell(said(f"grade_{a.grade}", lang)),
            tables.Cell(a.date.isoformat()),
        )
        for a in rating.carried
    )
    return tables.Table(said("carried", lang), columns, rows)


def print_catalogue(catalogue: Catalogue, lang: str, console: Console) -> None:
    """Print every question with its worth, its levels and what proves them."""
    from rich.text import Text

    worth = catalogue.points()
    console.print(
        Text(f"{pick(catalogue.name_en, catalogue.name_ja, lang)} ({catalogue.id}, {catalogue.version})", "bold")
    )
    console.print(Text(catalogue.source, style="dim"))
    for i, item in enumerate(catalogue.items):
        kind, worth_said = said(item.kind, lang), said("worth_points", lang, points=plain(worth[i]))
        head = Text(f"\n{item.id}", style="bold")
        head.append(f"  {kind}, {worth_said}", style="not bold dim")
        console.print(head)
        console.print(Text(pick(item.question_en, item.question_ja, lang)))
        for level in item.levels:
            console.print(Text(f"  {level.at:<5g}{pick(level.en, level.ja, lang)}"))
        console.print(Text(pick(item.evidence_en, item.evidence_ja, lang), style="dim"))
