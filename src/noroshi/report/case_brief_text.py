"""The brief about a situation in the terminal: 80 columns and up, either language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from noroshi.desk.case_brief_words import clock
from noroshi.report.case_brief_html import marked
from noroshi.report.case_brief_rows import figures, pick, sections
from noroshi.report.case_brief_words import say
from noroshi.report.terminal import COLOURS, GLYPHS
from noroshi.report.terminal import figures as shown_figures

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from noroshi.desk.case_brief import Briefed
    from noroshi.report.tables import Cell, Table

__all__ = ["print_case_brief"]


def print_case_brief(found: Briefed, lang: str, console: Console) -> None:
    """Print a brief: whether it is an exercise first, then the marking, the sentence, figures and every section."""
    from rich.padding import Padding
    from rich.text import Text

    one = found.shown
    if one.exercise:
        console.print(Text(say("exercise", lang), style="bold red"))
    console.print(Text(f"{marked(one.tlp, one.communities)}  {say('as_of', lang, when=clock(one.at))}", style="dim"))
    standing = say("closed" if one.closed else "open", lang)
    console.print(Text(f"{pick(one.title, lang)} ({standing})", style="bold"))
    console.print(Text(pick(one.sentence, lang)))
    if not one.leads:
        console.print(Text(say("part", lang), style="yellow"))
    console.print()
    console.print(shown_figures(figures(one, lang)))
    for part in sections(found, lang):
        console.print(Text(f"\n{part.title}", style="bold"))
        if part.lead:
            console.print(Text(part.lead, style="dim"))
        if part.table is not None and part.table.rows:
            for head, rest in records(part.table):
                console.print(Padding(head, (0, 0, 0, 2), expand=False))
                if rest:
                    console.print(Padding(rest, (0, 0, 0, 4), expand=False))
        elif part.entries:
            for item in part.entries:
                console.print(Padding(Text(item), (0, 0, 0, 2), expand=False))
        elif part.empty:
            console.print(Text(f"  {part.empty}", style="dim"))
    console.print(Text(f"\n{marked(one.tlp, one.communities)}", style="dim"))
    if one.exercise:
        console.print(Text(say("exercise", lang), style="bold red"))


def records(table: Table) -> Iterator[tuple[Text, Text]]:
    """Yield each row as its name, and the other columns with their headings: tables of six columns need no room."""
    from rich.text import Text

    for row in table.rows:
        rest = Text()
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            rest.append(" · " if rest else "").append(f"{column.label}: ", style="dim")
            rest.append_text(worded(cell))
        yield worded(row[0], "bold"), rest


def worded(cell: Cell, style: str = "") -> Text:
    """Return a cell as text: mark, words, note."""
    from rich.text import Text

    line = Text()
    if cell.state is not None:
        line.append(f"{GLYPHS[cell.state]} ", style=COLOURS[cell.state])
    line.append(cell.text, style=style)
    if cell.note:
        line.append(f" {cell.note}", style="dim")
    return line
