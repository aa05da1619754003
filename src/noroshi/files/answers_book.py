"""Writes answers as a workbook that people fill in: one row an answer, drop-downs, what is asked beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import Fault, InputError
from noroshi.files.answer_words import (
    COLUMNS,
    GRADE_WORDS,
    HEAD,
    HOW_TO,
    SHEETS,
    TITLE,
    choice,
    escape,
    label,
    number_text,
)
from noroshi.files.answers_grid import letters

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue, Item
    from noroshi.rate.evidence import Answer, Sheet

__all__ = ["SPARE", "rows_of", "write_workbook"]

SPARE = 20
"""Free rows for further answers."""
HEADER = 8
"""The row of the headings."""
LONGEST_TEXT = 32_767
"""Letters that a cell can hold."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
OLDEST = 1901
"""Years before are written as text: spreadsheets have no such dates, or wrong ones."""
INPUT_FILL, HEAD_FILL, RED = "FFF9DB", "1F3A5F", "F8CECC"
A4 = 9
DATE_FORMAT = "yyyy-mm-dd"
Row = dict[str, object]


def rows_of(catalogue: Catalogue, sheet: Sheet | None, lang: str) -> list[Row]:
    """Return the rows of the table: one an answer, an empty one for each question without, and spare ones at the end.

    Values are as in the model: levels as numbers where they are none of the question's own, dates as dates.
    """
    rows: list[Row] = []
    given: dict[str, list[tuple[int, Answer]]] = {}
    for number, answer in enumerate(sheet.answers if sheet else (), start=1):
        given.setdefault(answer.item, []).append((number, answer))
    for item in catalogue.items:
        asked: Row = {
            "item": item.id,
            "question": label((item.question_en, item.question_ja), lang),
            "levels": "\n".join(f"{number_text(one.at)} – {label((one.en, one.ja), lang)}" for one in item.levels),
            "evidence": label((item.evidence_en, item.evidence_ja), lang),
        }
        rows += [asked | _filled(item, answer, number, lang) for number, answer in given.get(item.id, [])] or [asked]
    return rows + [{} for _ in range(SPARE)]


def _filled(item: Item, answer: Answer, number: int, lang: str) -> Row:
    """Return what an answer puts into its row."""
    level: object = next((choice(one, lang) for one in item.levels if one.at == answer.level), answer.level)
    if answer.up_to is not None:
        level = f"{number_text(answer.level)}..{number_text(answer.up_to)}"
    away = bool(answer.not_applicable)
    grade = label(GRADE_WORDS[answer.grade], lang)
    said = answer.not_applicable if away else level if isinstance(level, str) else number_text(answer.level)
    return {
        "level": None if away and answer.level == 0.0 and answer.up_to is None else level,
        "grade": grade,
        "date": answer.date,
        "not_applicable": answer.not_applicable,
        "source": answer.source,
        "earlier": f"{said}\n{grade}, {answer.date.isoformat()}",
        "number": number,
    }


def write_workbook(path: str | Path, catalogue: Catalogue, sheet: Sheet | None, lang: str) -> None:
    """Write the answers of a sheet, or a blank form, to an .xlsx file that `load_answers` reads back as it was.

    InputError where a text is longer than a cell can hold, or the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    table, how, levels = (book.create_sheet(label(SHEETS[key], lang)) for key in ("answers", "how", "levels"))
    rows = rows_of(catalogue, sheet, lang)
    _too_long(str(path), table.title, rows)
    _write_how(how, lang)
    ranges = _write_levels(levels, catalogue, lang)
    _write_head(table, catalogue, sheet, lang)
    _write_table(table, rows, lang)
    _validate(table, rows, ranges, lang)
    _set_up(table)
    book.properties.title, book.properties.creator = label(TITLE, lang), "Noroshi"
    if sheet is not None:
        book.properties.created = datetime.combine(sheet.as_of, datetime.min.time())
    try:
        book.save(path)
    except OSError as error:
        fault = Fault("missing-file", "error", str(path), None, "", error.strerror or "", "a file that can be written",
                      "correct the path, and close the file elsewhere")  # fmt: skip
        raise InputError([fault]) from None


def _too_long(path: str, title: str, rows: list[Row]) -> None:
    """Refuse texts that a cell cannot hold, all at once."""
    faults = [
        Fault("too-many", "error", path, HEADER + 1 + k, f"{title}!{letters(column)}{HEADER + 1 + k}",
              f"{len(value):,} letters", f"at most {LONGEST_TEXT:,}", "shorten the text, or export CSV")
        for k, row in enumerate(rows)
        for column, key in enumerate(COLUMNS, start=1)
        if isinstance(value := row.get(key), str) and len(escape(value)) > LONGEST_TEXT
    ]  # fmt: skip
    if faults:
        raise InputError(faults)


def _put(cell: Any, value: object) -> None:  # noqa: ANN401  openpyxl has no types
    """Put a value into a cell as what it is; a text is never a formula."""
    if isinstance(value, str):
        text = escape(value)
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA)
    elif isinstance(value, float) and float(f"{value:.16g}") != value:
        cell.value = repr(value)  # a workbook keeps 16 digits of a number, and this one has 17
    elif isinstance(value, date) and value.year < OLDEST:
        cell.value = value.isoformat()
    else:
        cell.value = value


def _write_head(table: Any, catalogue: Catalogue, sheet: Sheet | None, lang: str) -> None:  # noqa: ANN401
    """Write title, organisation, sector, date and catalogue above the table."""
    from openpyxl.styles import Alignment, Font

    table["A1"].value = label(TITLE, lang)
    table["A1"].font = Font(bold=True, size=16)
    table["A2"].value = label(HOW_TO[0], lang)
    values: Row = {"catalogue": f"{catalogue.id} ({catalogue.version})"}
    if sheet is not None:
        values |= {"organisation": sheet.organisation, "sector": sheet.sector, "as_of": sheet.as_of}
    for row, (key, words) in enumerate(HEAD.items(), start=3):
        table.cell(row, 1, label(words, lang)).font = Font(bold=True)
        cell = table.cell(row, 2)
        _put(cell, values.get(key))
        cell.alignment = Alignment(horizontal="left")
        if key == "as_of":
            cell.number_format = DATE_FORMAT
        if key != "catalogue":
            _open(cell)


def _open(cell: Any) -> None:  # noqa: ANN401
    """Mark a cell as one to fill in."""
    from openpyxl.styles import Border, PatternFill, Protection, Side

    line = Side(style="thin", color="BBBBBB")
    cell.fill = PatternFill("solid", start_color=INPUT_FILL)
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    cell.protection = Protection(locked=False)


def _write_table(table: Any, rows: list[Row], lang: str) -> None:  # noqa: ANN401
    """Write headings and rows."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for column, (key, meant) in enumerate(COLUMNS.items(), start=1):
        head = table.cell(HEADER, column, label((meant.en, meant.ja), lang))
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", start_color=HEAD_FILL)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        table.column_dimensions[letters(column)].width = meant.width
        for row, values in enumerate(rows, start=HEADER + 1):
            cell = table.cell(row, column)
            _put(cell, values.get(key))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if key == "date":
                cell.number_format = DATE_FORMAT
            if meant.filled or (key == "item" and not values):
                _open(cell)


def _write_how(page: Any, lang: str) -> None:  # noqa: ANN401
    """Write the instructions."""
    from openpyxl.styles import Alignment, Font

    page["A1"].value = label(SHEETS["how"], lang)
    page["A1"].font = Font(bold=True, size=14)
    page.column_dimensions["A"].width = 4
    page.column_dimensions["B"].width = 100
    for number, words in enumerate(HOW_TO, start=1):
        page.cell(number + 2, 1, number)
        page.cell(number + 2, 2, label(words, lang)).alignment = Alignment(wrap_text=True, vertical="top")
    page.protection.sheet = True


def _write_levels(page: Any, catalogue: Catalogue, lang: str) -> dict[str, str]:  # noqa: ANN401
    """Write every level of every question, and the grades; return what the drop-downs refer to, by item id."""
    from openpyxl.styles import Alignment, Font

    ranges: dict[str, str] = {}
    title = page.title.replace("'", "''")
    heads = [COLUMNS["item"], COLUMNS["level"], COLUMNS["levels"], COLUMNS["grade"]]
    for column, (meant, width) in enumerate(zip(heads, (22, 60, 90, 16), strict=True), start=1):
        page.cell(1, column, label((meant.en, meant.ja), lang)).font = Font(bold=True)
        page.column_dimensions[letters(column)].width = width
    row = 2
    for item in catalogue.items:
        ranges[item.id] = f"'{title}'!$B${row}:$B${row + len(item.levels) - 1}"
        for level in item.levels:
            page.cell(row, 1, item.id)
            _put(page.cell(row, 2), choice(level, lang))
            _put(page.cell(row, 3), label((level.en, level.ja), lang))
            page.cell(row, 3).alignment = Alignment(wrap_text=True, vertical="top")
            row += 1
    for k, words in enumerate(GRADE_WORDS.values(), start=2):
        page.cell(k, 4, label(words, lang))
    ranges[""] = f"'{title}'!$D$2:$D${1 + len(GRADE_WORDS)}"
    page.freeze_panes = "A2"
    page.protection.sheet = True
    return ranges


def _validate(table: Any, rows: list[Row], ranges: dict[str, str], lang: str) -> None:  # noqa: ANN401
    """Put drop-downs on levels and grades, a check on dates, and red where grade or date is still missing."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    at = {key: letters(column) for column, key in enumerate(COLUMNS, start=1)}
    first, last = HEADER + 1, HEADER + len(rows)
    grades = DataValidation("list", formula1=ranges[""], allow_blank=True, showErrorMessage=True)
    grades.add(f"{at['grade']}{first}:{at['grade']}{last}")
    days = DataValidation("date", operator="greaterThan", formula1="1", allow_blank=True, errorStyle="warning",
                          showErrorMessage=True)  # fmt: skip
    days.add(f"{at['date']}{first}:{at['date']}{last}")
    checks = {"": grades, " ": days}
    for row, item, where in _asked(rows, ranges):
        if item not in checks:
            # A number between two levels is allowed, so the list warns and does not stop.
            checks[item] = DataValidation("list", formula1=where, allow_blank=True, errorStyle="warning",
                                          showErrorMessage=True)  # fmt: skip
            checks[item].prompt = label(HOW_TO[2], lang)[:255]
        checks[item].add(f"{at['level']}{row}")
    for check in checks.values():
        table.add_data_validation(check)
    red = PatternFill("solid", start_color=RED, end_color=RED)
    for key in ("grade", "date"):
        given = f'OR(${at["level"]}{first}<>"",${at["not_applicable"]}{first}<>"")'
        rule = FormulaRule(formula=[f'AND({given},${at[key]}{first}="")'], fill=red)
        table.conditional_formatting.add(f"{at[key]}{first}:{at[key]}{last}", rule)


def _asked(rows: list[Row], ranges: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield each row with a question: its number, the item, and where its levels are listed."""
    for row, values in enumerate(rows, start=HEADER + 1):
        item = values.get("item")
        if isinstance(item, str):
            yield row, item, ranges[item]


def _set_up(table: Any) -> None:  # noqa: ANN401
    """Freeze the header, lock what is not filled in (no password), and set up printing: A4 across, one page wide."""
    table.freeze_panes = table.cell(HEADER + 1, 2)
    table.protection.sheet = True
    for free in ("formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(table.protection, free, False)  # False is "not locked"
    table.page_setup.orientation, table.page_setup.paperSize = "landscape", A4
    table.page_setup.fitToWidth, table.page_setup.fitToHeight = 1, 0
    table.sheet_properties.pageSetUpPr.fitToPage = True
    table.print_area = f"A1:{letters(list(COLUMNS).index('evidence'))}{table.max_row}"  # hints stay on the screen
    table.print_title_rows = f"{HEADER}:{HEADER}"
    table.oddFooter.center.text = "&P / &N"
