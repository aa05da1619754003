"""Ranks as intervals in the terminal: a bar from the best to the worst rank that an organisation may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.numbers import plain, points
from noroshi.report import tables
from noroshi.report.terminal import section, text_table
from noroshi.report.words import said

if TYPE_CHECKING:
    from rich.console import Console

    from noroshi.desk.ranking import Ranking

__all__ = ["print_ranking"]

ROOM = 16
BAR, MARK, EMPTY = "─", "●", "·"


def print_ranking(ranking: Ranking, lang: str, console: Console) -> None:
    """Print every organisation with its rank and interval, its score both ways and the item that decides most."""
    values = ranking.as_dict()
    rows = values["organisations"]
    section(console, "rank", lang, said("rank_lead", lang))
    columns = tuple(
        tables.Column(said(key, lang), kind)
        for key, kind in (
            ("organisation", "name"), ("rank_column", "num"), ("rank_range", "text"), ("score", "num"),
            ("rank_geometric", "num"), ("rank_decisive", "text"),
        )
    )  # fmt: skip
    cells = tuple(
        (
            tables.Cell(row["organisation"], row["sector"]), tables.Cell(plain(row["rank"])),
            tables.Cell(f"{drawn(row, len(rows))} {span(row, lang)}"),
            tables.Cell(points(row["score"])), tables.Cell(points(row["geometric"])),
            tables.Cell(f"{row['decisive']} ({points(row['without'])})"),
        )
        for row in rows
    )  # fmt: skip
    console.print(text_table(tables.Table(said("rank", lang), columns, cells), "rank", console.width))


def span(row: dict[str, float], lang: str) -> str:
    """Return the interval of a rank in figures."""
    return f"{plain(row['rank_low'])}{tables.RANGES[lang]}{plain(row['rank_high'])}"


def drawn(row: dict[str, float], count: int) -> str:
    """Return the interval of a rank as a bar over all ranks, the middle marked."""

    def place(rank: float) -> int:
        return round((rank - 1.0) / max(count - 1, 1) * (ROOM - 1))

    low, middle, high = (place(row[key]) for key in ("rank_low", "rank", "rank_high"))
    return "".join(MARK if k == middle else BAR if low <= k <= high else EMPTY for k in range(ROOM))
