"""Sector tables in the terminal: bars against the pass mark, or why there is none; 80 columns and up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.numbers import percent, plain, points
from noroshi.report import tables
from noroshi.report.terminal import COLOURS, GLYPHS, WIDE, section
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from noroshi.desk.sector_tables import Row, SectorTables

__all__ = ["print_sectors"]

STATES = {"pass": 0, "evidence needed": 1, "fail": 2}
VERDICTS = {"pass": "verdict_pass", "fail": "verdict_fail", "evidence needed": "verdict_evidence_needed"}
FULL = 100.0
FINEST = 0.1


def print_sectors(found: SectorTables, lang: str, console: Console) -> None:
    """Print the sectors as a ladder, then by size, then who of them passes and how they moved."""
    from rich.text import Text

    console.print(Text(said("sectors_title", lang, name=found.name), style="bold"))
    reader = found.reader or said("sectors_public", lang)
    console.print(Text(said("sectors_lead", lang, as_of=found.as_of, reader=reader), style="dim"))
    if found.bounds is not None:
        low, high = (points(x) for x in found.bounds)
        console.print(Text(said("sectors_bounds", lang, low=low, high=high)))
    section(console, "ladder", lang, said("sectors_mark", lang, mark=plain(found.mark)))
    whole = [row for row in found.rows if row.key[1] == ""]
    console.print(_ladder(whole, found, lang, console.width))
    parts = [row for row in found.rows if row.key[1] != ""]
    if parts:
        section(console, "sectors_sizes", lang)
        console.print(_ladder(parts, found, lang, console.width))
    section(console, "sectors_passing", lang)
    console.print(_details(whole, found, lang))
    console.print(Text(said("sectors_rules", lang), style="dim"))


def _ladder(rows: list[Row], found: SectorTables, lang: str, width: int) -> RenderableType:
    """Return bars on one scale with the pass mark through them; for a cell held back, why."""
    from rich.table import Table
    from rich.text import Text

    room = max(16, min(50, width - 56))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(max_width=30 if width >= WIDE else 20, overflow="fold")
    grid.add_column(overflow="fold", width=room)
    for _ in range(3):
        grid.add_column(justify="right", no_wrap=True)
    ordered = sorted(rows, key=lambda row: (row.key[0] == "", -_score(row), row.key))
    for row in ordered:
        one = row.cell or row.shown
        if one.mean is None or one.low is None or one.high is None:
            grid.add_row(_name(row, found, lang), Text(_why(row, lang), style="dim"), "–", "", "")
            continue
        state = STATES[one.verdict]
        step = FINEST if row.cell is not None else row.shown.step
        grid.add_row(
            _name(row, found, lang),
            _bar((one.low, one.mean, one.high), found.mark, room, state),
            points(one.mean) if step < 1 else f"{one.mean:.0f}",
            Text(GLYPHS[state] + " " + said(VERDICTS[one.verdict], lang), style=COLOURS[state]),
            Text(_counted(row), style="dim"),
        )
    return grid


def _bar(band: tuple[float, float, float], mark: float, room: int, state: int) -> Text:
    """Return a mean with its interval on 0 to 100, and the pass mark."""
    from rich.text import Text

    low, score, high = (round(value / FULL * (room - 1)) for value in band)
    cells = ["━" if k < low else "─" if k <= high else " " for k in range(room)]
    at = round(mark / FULL * (room - 1))
    cells[at], cells[score] = "┃", GLYPHS[state]
    return Text("".join(cells), style=COLOURS[state])


def _score(row: Row) -> float:
    """Return the mean by which rows are ordered; what is not shown comes last."""
    mean = (row.cell or row.shown).mean
    return -1.0 if mean is None else mean


def _name(row: Row, found: SectorTables, lang: str) -> str:
    """Return the name of a cell: its sector in words, its size."""
    sector, size = row.key
    named = pick(*found.names[sector], lang) if sector in found.names else sector
    return " ".join(part for part in (named or said("sectors_all", lang), size) if part)


def _counted(row: Row) -> str:
    """Return how many are rated, and of how many; published counts are rounded down to five."""
    one = row.cell or row.shown
    rated = f"{one.rated:,}" if row.cell is not None else f"≥{one.rated:,}"
    return rated if one.organisations is None else f"{rated}/{one.organisations:,}"


def _why(row: Row, lang: str) -> str:
    """Return why a cell is not shown."""
    s = row.shown
    fields = {"count": s.isolates or said("sectors_unproven", lang), "round": s.since}
    return said(f"held_{s.why}", lang, **fields)


def _details(rows: list[Row], found: SectorTables, lang: str) -> RenderableType:
    """Return who passes, the middle half, the shrunk mean and the change of each cell that has any of it."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="dim", show_edge=False)
    made.add_column(said("sector", lang), ratio=1, overflow="fold")
    for key in ("sectors_share", "sectors_middle", "sectors_shrunk", "sectors_change"):
        made.add_column(said(key, lang), justify="right", overflow="fold")
    for row in rows:
        one = row.cell or row.shown
        if one.mean is None:
            continue
        quarter = f"{one.quantiles[1]:.0f}{tables.RANGES[lang]}{one.quantiles[3]:.0f}" if one.quantiles else "–"
        drawn = points(one.shrunk[0]) if one.shrunk is not None else "–"
        moved = "–" if row.change is None else f"{row.change.points:+.1f} ±{row.change.high - row.change.points:.1f}"
        made.add_row(_name(row, found, lang), _passing(row, lang), quarter, drawn, moved)
    return made


def _passing(row: Row, lang: str) -> str:
    """Return the share that passes with its interval; where fewer than 10 do or do not, that alone."""
    c, s = row.cell, row.shown
    values = (c.passing, c.passing_low, c.passing_high) if c is not None else s.passing
    if values is not None:
        share, low, high = (percent(x, lang) for x in values)
        return f"{share} ({low}{tables.RANGES[lang]}{high})"
    return said(f"passing_few_{s.passing_few}", lang) if s.passing_few else "–"
