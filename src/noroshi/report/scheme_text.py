"""An organisation's answers under another scheme in the terminal: 80 columns and up, either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.desk.numbers import percent, points
from noroshi.report import reading, tables
from noroshi.report.terminal import figures, section, text_table
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_scheme"]

FIGURES = (
    ("low", "scheme_low", "scheme_low_note"),
    ("published", "scheme_published", "scheme_published_note"),
    ("high", "scheme_high", "scheme_high_note"),
)
COLUMNS = (
    ("scheme_group", "name"), ("scheme_units", "num"), ("scheme_answered", "num"), ("scheme_low", "num"),
    ("scheme_said", "num"), ("scheme_high", "num"),
)  # fmt: skip


def print_scheme(values: dict[str, Any], lang: str, console: Console) -> None:
    """Print what `rate_under` returns: the three figures, the scheme's caveat, and every group of units."""
    from rich.text import Text

    name = pick(values["name"], values["name_ja"], lang)
    console.print(Text(said("scheme_title", lang, organisation=values["organisation"], scheme=name), style="bold"))
    console.print(Text(pick(values["note"], values["note_ja"], lang), style="dim"))
    console.print(
        figures(
            tuple(
                reading.KeyFigure(said(label, lang), _figure(values[key]), said(note, lang))
                for key, label, note in FIGURES
            )
        )
    )
    section(console, "scheme_groups", lang)
    rows = tuple(
        (
            tables.Cell(pick(group["name"], group["name_ja"], lang)), tables.Cell(str(group["units"])),
            tables.Cell(str(group["answered"])),
            *(tables.Cell("–" if group[key] is None else percent(group[key], lang)) for key in ("low", "said", "high")),
        )
        for group in values["groups"]
    )  # fmt: skip
    columns = tuple(tables.Column(said(key, lang), kind) for key, kind in COLUMNS)
    console.print(text_table(tables.Table(said("scheme_groups", lang), columns, rows), "scheme_groups", console.width))
    console.print(Text(values["source"], style="dim"))


def _figure(value: float | None) -> str:
    """Return a figure in points, a dash where there is none."""
    return "–" if value is None else points(value)
