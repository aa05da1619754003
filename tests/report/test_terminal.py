"""The brief in the terminal: both languages, at 80 and 120 columns, nothing runs over the edge."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from tests.report.made_brief import made_brief
from tests.report.test_html import bare

from noroshi.report.terminal import print_brief, progress
from noroshi.report.words import pick, said


def printed(lang: str, width: int) -> list[str]:
    out = io.StringIO()
    print_brief(made_brief(), lang, Console(file=out, width=width, force_terminal=False))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_nothing_runs_over_and_nothing_is_cut(lang: str, width: int) -> None:
    lines = printed(lang, width)
    assert max(cell_len(line) for line in lines) <= width
    assert not any(line.rstrip().endswith("…") for line in lines)
    text = "\n".join(lines)
    for key in ("ladder", "services", "matters", "warn", "resilience", "harms", "tornado", "assumptions"):
        assert said(key, lang) in text


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_ladder_lines_up_with_its_mark(lang: str) -> None:
    rows = [line for line in printed(lang, 120) if "━" in line and "╭" not in line]
    assert len(rows) == len(made_brief().ratings.sectors)
    places = {cell_len(row.split("┃")[0]) for row in rows if "┃" in row}
    assert len(places) == 1
    first = pick("Information and communication", "情報通信", lang)
    assert rows[0].startswith(first)
    assert "◐" in rows[0]


def test_what_is_left_out_is_counted() -> None:
    text = "\n".join(printed("en", 120))
    assert "… and 158 more" in text  # 168 services, ten shown
    assert "… and 50 more" in text  # 60 intervals, ten shown


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_empty_brief_prints(lang: str) -> None:
    out = io.StringIO()
    print_brief(bare(made_brief()), lang, Console(file=out, width=80))
    assert said("services_none", lang) in out.getvalue()
    assert said("nobody", lang) in out.getvalue()


def test_progress_shows_the_step_and_goes_away() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True)
    with progress("Brief", console) as report:
        report("drawing scenarios", 0.4)
        report("", 7.0)
    assert "drawing scenarios" in out.getvalue() or "Brief" in out.getvalue()
    silent = io.StringIO()
    with progress("Brief", Console(file=silent, force_terminal=False)) as report:
        report("drawing scenarios", 0.4)
    assert silent.getvalue().strip() == ""
