"""The brief in the terminal, and the progress of long work: 80 columns and up, either language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from noroshi.desk.brief_schema import Brief
from noroshi.desk.numbers import hours, plain, points
from noroshi.report import reading, tables
from noroshi.report.press_table import press_table
from noroshi.report.words import VERDICTS, pick, said

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

__all__ = ["figures", "print_brief", "progress", "section", "text_table"]

GLYPHS = ("●", "◐", "▲", "■")
"""Class of state -> its mark; the word always stands beside it."""

COLOURS = ("cyan", "yellow", "bright_red", "magenta")
WIDE = 100
"""From this many columns on, tables show every column."""

TOP = 10
LONGEST_HEADING = 14
FULL = 100.0

NARROW: dict[str, tuple[int, ...]] = {
    "services": (0, 1, 3, 4),
    "matters": (0, 1, 2),
    "resilience": (0, 1, 2),
    "harms": (0, 1, 3, 4),
    "tornado": (0, 1, 2, 3, 4),
}
"""Table -> its columns (charts not counted) where there is little room; the others show all."""


def print_brief(brief: Brief, lang: str, console: Console) -> None:
    """Print the brief in the language `lang`: the sentence, ladder, services, whom to press and warn, assumptions."""
    from rich.panel import Panel
    from rich.text import Text

    sentence, todo = reading.headline(brief, lang)
    head = Text(sentence, style="bold")
    if todo:
        head.append("\n" + todo, style="not bold")
    estate = pick(brief.estate.name_en, brief.estate.name_ja, lang)
    console.print(Panel(head, title=said("title", lang, estate=estate), title_align="left", padding=(0, 1)))
    if reading.notice(brief, lang):
        console.print(Text(reading.notice(brief, lang), style="yellow"))
    console.print(figures(reading.key_figures(brief, lang)))

    mark = plain(brief.ratings.pass_mark)
    section(console, "ladder", lang, said("ladder_note", lang, mark=mark, source=brief.ratings.source))
    console.print(_ladder(brief, lang, console.width))

    top, rest = tables.services(brief, lang, top=TOP)
    stops, stops_rest = tables.resilience(brief, lang, top=TOP)
    for key, (table, others) in {
        "services": (top, rest),
        "press": tables.split(press_table(brief.press_first, reading.sector_names(brief, lang), lang), TOP, lang),
        "matters": tables.split(tables.matters_most(brief, lang), TOP, lang),
        "warn": tables.split(tables.warn(brief, lang), TOP, lang),
        "resilience": (stops, stops_rest),
        "harms": (tables.harms(brief.harms, lang), None),
        "tornado": (tables.tornado(brief.sensitivity, brief.harms.service.person_hours_below_floor.mean, lang), None),
    }.items():
        section(console, key, lang)
        empty = "services_none" if key == "services" else "nobody"
        console.print(text_table(table, key, console.width) if table.rows else Text(said(empty, lang)))
        if table.rows and others is not None and others.rows:
            console.print(Text(said("more", lang, count=f"{len(others.rows):,}"), style="dim"))
    section(console, "assumptions", lang)
    lines = brief.assumptions_ja if lang == "ja" and brief.assumptions_ja else brief.assumptions
    console.print(_list(lines))
    trials, horizon = f"{brief.trials:,}", hours(brief.horizon_h, lang)
    console.print(Text("\n" + said("method", lang, trials=trials, horizon=horizon, seed=brief.seed), style="dim"))
    console.print(Text(said("decides", lang), style="dim"))


def section(console: Console, key: str, lang: str, note: str = "") -> None:
    """Print the heading of a section."""
    from rich.text import Text

    heading = Text("\n" + said(key, lang), style="bold")
    if note:
        heading.append("  " + note, style="not bold dim")
    console.print(heading)


def figures(shown: Sequence[reading.KeyFigure]) -> RenderableType:
    """Return key figures, one a column."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(expand=True, padding=(0, 1))
    for _ in shown:
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(*(Text(f.label, style="dim") for f in shown))
    grid.add_row(*(Text(f.figure, style="bold") for f in shown))
    grid.add_row(*(Text(f.note, style="dim") for f in shown))
    return grid


def _ladder(brief: Brief, lang: str, width: int) -> RenderableType:
    """Return the sector ladder: bars on one scale, the pass mark as a line through all of them."""
    from rich.table import Table
    from rich.text import Text

    room = max(20, min(50, width - 56))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(max_width=30 if width >= WIDE else 22, overflow="fold")
    grid.add_column(width=room, no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(style="dim", no_wrap=True)
    for s in sorted(brief.ratings.sectors, key=lambda s: (-s.score, s.id)):
        state = VERDICTS[s.verdict]
        grid.add_row(
            pick(s.name, s.name_ja, lang),
            _bar((s.low, s.score, s.high), brief.ratings.pass_mark, room, state),
            points(s.score),
            Text(f"{GLYPHS[state]} {said(f'verdict_{s.verdict}', lang)}", style=COLOURS[state]),
            said(f"basis_{s.basis}", lang) if width >= WIDE else "",
        )
    return grid


def _bar(band: tuple[float, float, float], mark: float, room: int, state: int) -> Text:
    """Return a score as a bar of `room` cells for 0 to 100: its interval thin at the end, the pass mark through it."""
    from rich.text import Text

    low, score, high = (round(value / FULL * (room - 1)) for value in band)
    cells = ["━" if k < low else "╸" if k == low else " " for k in range(room)]
    for k in range(low, high + 1):
        cells[k] = "─"
    cells[score] = GLYPHS[state]
    line = Text("".join(cells), style=COLOURS[state])
    at = round(mark / FULL * (room - 1))
    if at != score:
        cells[at] = "┃"
        line = Text("".join(cells), style=COLOURS[state])
        line.stylize("bold white", at, at + 1)
    return line


def text_table(table: tables.Table, key: str, width: int) -> RenderableType:
    """Return a table without its charts; where there is little room, only the columns that `NARROW` names."""
    from rich import box
    from rich.table import Table

    shown = [k for k, column in enumerate(table.columns) if column.kind != "chart"]
    if width < WIDE and key in NARROW:
        shown = [shown[k] for k in NARROW[key] if k < len(shown)]
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="dim", show_edge=False)
    for k in shown:
        kind = table.columns[k].kind
        number = kind in ("num", "state")
        made.add_column(_heading(table.columns[k].label), justify="right" if kind == "num" else "left", overflow="fold",
                        no_wrap=number, ratio=None if number else 1)  # fmt: skip
    for row in table.rows:
        made.add_row(*(_cell(row[k]) for k in shown))
    return made


def _heading(label: str) -> str:
    """Return a heading on two lines where it is long and has a space near its middle."""
    spaces = [k for k, letter in enumerate(label) if letter == " "]
    if len(label) <= LONGEST_HEADING or not spaces:
        return label
    at = min(spaces, key=lambda k: abs(2 * k - len(label)))
    return label[:at] + "\n" + label[at + 1 :]


def _cell(cell: tables.Cell) -> Text:
    """Return a cell as text: mark, words, note."""
    from rich.text import Text

    line = Text()
    if cell.state is not None:
        line.append(f"{GLYPHS[cell.state]} ", style=COLOURS[cell.state])
    line.append(cell.text)
    if cell.note:
        line.append(f" {cell.note}", style="dim")
    return line


def _list(lines: Sequence[str]) -> RenderableType:
    """Return lines as a list with hanging indents."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row("·", line)
    return grid


@contextmanager
def progress(title: str, console: Console) -> Iterator[Callable[[str, float], None]]:
    """Show the progress of long work on `console`; what is yielded takes the step in words and the share done (0 to 1).

    The bar goes away when the work is done; where the console is no terminal, nothing is shown.
    """
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)

        def report(step: str, share: float) -> None:
            bar.update(task, description=step or title, completed=min(1.0, max(0.0, share)))

        yield report
