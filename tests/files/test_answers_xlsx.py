"""Answers as a workbook or CSV come back as they were; what people and spreadsheets do to them is read or named."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from noroshi.errors import InputError
from noroshi.files.answer_cells import Broken, date_of, grade_of, level_of, levels_of
from noroshi.files.answer_words import COLUMNS, GRADE_WORDS, choice, escape, unescape
from noroshi.files.answers import load_answers
from noroshi.files.answers_book import HEADER, write_workbook
from noroshi.files.answers_csv import write_csv
from noroshi.files.answers_grid import Grid, read_grid
from noroshi.files.catalogues import load_catalogue
from noroshi.rate.evidence import GRADES, Answer, Sheet

SOME = ("mfa", "backup", "ot-separation", "tls", "email-authentication", "leavers", "training", "suppliers")
WHOLE = load_catalogue()
CATALOGUE = replace(WHOLE, items=tuple(item for item in WHOLE.items if item.id in SOME))
AS_OF = date(2026, 11, 1)
AT = {key: column for column, key in enumerate(COLUMNS, start=1)}
SHEET = Sheet(
    "病院 No. 1", "medical", AS_OF,
    (
        Answer("mfa", 0.67, "document", date(2026, 5, 1)),
        Answer("mfa", 0.8123456789012345, "measured", date(2026, 10, 1), source='=HYPERLINK("http://x")'),
        Answer("backup", 1.0, "self", date(1899, 5, 1), source="+1 line\nand another  "),
        Answer("mfa", 0.0, "third_party", date(2026, 10, 1), source="@sum, _x0041_"),
        Answer("ot-separation", 0.0, "third_party", date(2026, 10, 1), "no control systems"),
        Answer("tls", 0.33, "self", date(2026, 10, 1), "half", "-"),
    ),
)  # fmt: skip


def made(item: str, level: float, grade: str, day: date, reason: str, source: str, up: float) -> Answer:
    return Answer(item, level, grade, day, reason, source, None if up < 0.5 else max(level, up))


texts = st.text(st.characters(exclude_categories=()), max_size=12)
names = texts.filter(str.strip)
answers = st.builds(
    made,
    st.sampled_from([item.id for item in CATALOGUE.items]),
    st.floats(0.0, 1.0) | st.sampled_from([0.0, 0.25, 0.33, 0.5, 0.67, 0.75, 1.0]),
    st.sampled_from(list(GRADES)),
    st.dates(max_value=AS_OF),
    st.just("") | names,
    texts,
    st.floats(0.0, 1.0),
)
sheets = st.builds(Sheet, names, names, st.just(AS_OF), st.lists(answers, max_size=8).map(tuple))


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """Return a function that writes SHEET, lets a change be made to its table, and returns the file."""

    def call(change: Callable[[Any], None], sheet: Sheet | None = SHEET, lang: str = "en") -> Path:
        path = tmp_path / "answers.xlsx"
        write_workbook(path, CATALOGUE, sheet, lang)
        book = load_workbook(path)
        change(book.worksheets[0])
        book.save(path)
        return path

    return call


def row_of(table: Any, item: str) -> int:
    return next(row for row in range(HEADER + 1, table.max_row + 1) if table.cell(row, 1).value == item)


def put(name: str, /, **values: object) -> Callable[[Any], None]:
    def change(table: Any) -> None:
        row = row_of(table, name)
        for key, value in values.items():
            table.cell(row, AT[key]).value = value

    return change


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets, st.sampled_from(["en", "ja"]))
def test_any_sheet_comes_back_from_a_workbook_and_from_csv(tmp_path: Path, sheet: Sheet, lang: str) -> None:
    write_workbook(tmp_path / "a.xlsx", CATALOGUE, sheet, lang)
    assert load_answers(tmp_path / "a.xlsx", CATALOGUE) == sheet
    write_csv(tmp_path / "a.csv", CATALOGUE, sheet, lang)
    assert load_answers(tmp_path / "a.csv", CATALOGUE) == sheet


@given(texts)
def test_escapes_are_undone_whatever_the_text(text: str) -> None:
    assert unescape(f"  {escape(text)}\t") == text
    escape(text).encode()  # nothing is left that a file cannot hold


def test_a_spreadsheet_program_keeps_the_answers(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: no soffice on the path")
    write_workbook(tmp_path / "answers.xlsx", CATALOGUE, SHEET, "ja")
    out = tmp_path / "out"
    command = [office, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(tmp_path / "answers.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    back = load_answers(out / "answers.xlsx", CATALOGUE)
    assert [(a.item, a.grade, a.date) for a in back.answers] == [(a.item, a.grade, a.date) for a in SHEET.answers]
    assert [a.level for a in back.answers] == pytest.approx([a.level for a in SHEET.answers])


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_form_is_one_that_a_person_can_fill_in(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "form.xlsx"
    write_workbook(path, CATALOGUE, SHEET, lang)
    book = load_workbook(path)
    table, how, levels = book.worksheets
    questions = {table.cell(row, 1).value for row in range(HEADER + 1, table.max_row + 1)}
    assert questions - {None} == {item.id for item in CATALOGUE.items}
    assert table.freeze_panes == f"B{HEADER + 1}"
    assert table.protection.sheet
    assert table.protection.password is None
    row = row_of(table, "mfa")
    locked = {key: table.cell(row, column).protection.locked for key, column in AT.items()}
    assert [key for key, is_locked in locked.items() if not is_locked] == [
        key for key, column in COLUMNS.items() if column.filled
    ]
    assert not any(table.cell(k, 2).protection.locked for k in (3, 4, 5))
    checks = {str(check.sqref): check for check in table.data_validations.dataValidation}
    asked = next(check for where, check in checks.items() if f"D{row}" in where)
    sheet, _, cells = asked.formula1.partition("!")
    assert sheet.strip("'") == levels.title
    first, last = (int(cell.replace("$", "")[1:]) for cell in cells.split(":"))
    item = CATALOGUE.items[CATALOGUE.index["mfa"]]
    listed = [levels.cell(k, 2).value for k in range(first, last + 1)]
    assert listed == [choice(level, lang) for level in item.levels]
    assert table.cell(row, AT["level"]).value in listed  # the answer given is one of the list
    assert (table.cell(row, AT["question"]).value == item.question_ja) == (lang == "ja")
    assert "2026-05-01" in table.cell(row, AT["earlier"]).value
    assert table.page_setup.orientation == "landscape"
    assert table.print_title_rows in (f"{HEADER}:{HEADER}", f"${HEADER}:${HEADER}")
    assert how.max_row > 8


def test_a_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    sheet = Sheet("=cmd|' /C calc'!A0", "-2+3", AS_OF, SHEET.answers)
    write_workbook(path, CATALOGUE, sheet, "en")
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist() if "worksheets" in name)
    table = load_workbook(path).worksheets[0]
    assert table["B3"].data_type == "s"
    assert table["B3"].quotePrefix
    write_csv(tmp_path / "a.csv", CATALOGUE, sheet, "en")
    assert "\n=" not in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert ",=" not in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")


A_TIME = datetime(2026, 5, 1)  # noqa: DTZ001  a spreadsheet's times have no zone
MFA = CATALOGUE.items[CATALOGUE.index["mfa"]]


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (0.75, 0.75), (1, 1.0), ("0.75", 0.75), ("０．７５", 0.75), ("75 %", 0.75), ("７５％", 0.75), (" 0,75 ", 0.75),
        (".5", 0.5), ("0.67 – " + MFA.levels[2].en, 0.67), ("0.33: mostly", 0.33),
        (MFA.levels[2].ja, 0.67), (MFA.levels[3].en.upper() + "  ", 1.0), (choice(MFA.levels[1], "ja"), 0.33),
    ],
)  # fmt: skip
def test_levels_as_people_write_them(value: object, level: float) -> None:
    assert level_of(value, MFA) == level


@pytest.mark.parametrize(
    "value",
    [A_TIME, date(2026, 5, 1), 46143, "2026/5/1", "２０２６／０５／０１", "2026年5月1日", "令和8年5月1日",
     "R8.5.1", 20260501, "20260501", "2026.5.1 ", "2026-05-01 00:00:00"],
)  # fmt: skip
def test_dates_as_people_and_spreadsheets_write_them(value: object) -> None:
    assert date_of(value) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("value", "found"),
    [("0.25..0.67", (0.25, 0.67)), ("２５％〜６７％", (0.25, 0.67)), ("0.5–1", (0.5, 1.0)), (0.5, (0.5, None))],
)
def test_a_level_may_be_a_range(value: object, found: tuple[float, float | None]) -> None:
    assert levels_of(value, MFA) == found
    assert isinstance(levels_of("0.67..0.25", MFA), Broken)
    assert isinstance(levels_of("0.25..1.5", MFA), Broken)


@pytest.mark.parametrize("value", ["5/1/2026", "2026-13-01", "2026", "", "May", True, 3.0, "令和元年0月1日", 99999999])
def test_dates_that_could_be_anything(value: object) -> None:
    assert isinstance(date_of(value), Broken)


@pytest.mark.parametrize("grade", [word for key, words in GRADE_WORDS.items() for word in (key, *words)])
def test_grades_in_either_language(grade: str) -> None:
    back = grade_of(f" {grade.upper()}　")
    assert isinstance(back, str)
    assert grade in (back, *GRADE_WORDS[back])


def test_moved_added_and_hidden_columns_and_rows(edit: Callable[..., Path]) -> None:
    def change(table: Any) -> None:
        table.protection.sheet = False
        rows = [[table.cell(row, column).value for column in range(1, 12)] for row in range(HEADER, table.max_row + 1)]
        for row, values in enumerate([rows[0], *reversed(rows[1:])], start=HEADER + 3):  # three rows further down
            for column, value in enumerate(["note", *reversed(values)], start=2):
                table.cell(row, column).value = value
                if isinstance(value, str):
                    table.cell(row, column).data_type = "s"
            table.cell(row, 1).value = None
        for row in range(HEADER, HEADER + 3):
            for column in range(1, 14):
                table.cell(row, column).value = None
        table.column_dimensions["D"].hidden = True
        table.row_dimensions[HEADER + 5].hidden = True

    back = load_answers(edit(change), CATALOGUE)
    assert sorted(back.answers, key=repr) == sorted(SHEET.answers, key=repr)


def test_rows_that_people_add_count(edit: Callable[..., Path]) -> None:
    def change(table: Any) -> None:
        row = HEADER + 1 + max(k for k in range(1, table.max_row) if table.cell(HEADER + k, 1).value)
        for key, value in {"item": "ＭＦＡ", "level": "50%", "grade": "実測", "date": "2026/10/30"}.items():
            table.cell(row, AT[key]).value = value

    back = load_answers(edit(change), CATALOGUE)
    assert back.answers == (*SHEET.answers, Answer("mfa", 0.5, "measured", date(2026, 10, 30)))


def test_every_fault_at_once_with_its_cell(edit: Callable[..., Path]) -> None:
    def change(table: Any) -> None:
        put("mfa", level=75)(table)
        put("backup", level="quite good", date="1/5/2026")(table)
        put("tls", grade="rumour", date=AS_OF + timedelta(days=1))(table)
        put("email-authentication", level=0.5)(table)
        put("leavers", date="2026/2/30", grade="文書", level=A_TIME)(table)
        put("training", item="trainin", level=1, grade="self", date=AS_OF)(table)
        put("suppliers", level="0.25 – " + CATALOGUE.items[CATALOGUE.index["suppliers"]].levels[0].en,
            grade="self", date=AS_OF)(table)  # fmt: skip
        table["B3"].value = None
        table["B5"].value = "soon"
        rows.update({item.id: row_of(table, item.id) for item in CATALOGUE.items if item.id != "training"})

    rows: dict[str, int] = {}
    with pytest.raises(InputError) as raised:
        load_answers(edit(change), CATALOGUE)
    faults = {(fault.column, fault.code) for fault in raised.value.faults}
    assert {
        (f"Answers!D{rows['mfa']}", "out-of-range"), (f"Answers!D{rows['backup']}", "bad-number"),
        (f"Answers!F{rows['backup']}", "bad-answers"), (f"Answers!E{rows['tls']}", "bad-choice"),
        (f"Answers!E{rows['email-authentication']}", "missing-value"),
        (f"Answers!F{rows['email-authentication']}", "missing-value"),
        (f"Answers!F{rows['leavers']}", "bad-answers"), (f"Answers!D{rows['leavers']}", "date-mangled"),
        (f"Answers!D{rows['suppliers']}", "bad-choice"), ("Answers!B3", "missing-value"), ("Answers!B5", "bad-answers"),
    } <= faults  # fmt: skip
    assert any(fault.code == "dangling-key" and "training" in fault.remedy for fault in raised.value.faults)
    assert "75 %" in next(fault.remedy for fault in raised.value.faults if fault.code == "out-of-range")
    assert len(faults) == 12
    assert all(fault.file and fault.row and fault.remedy for fault in raised.value.faults)


def test_later_than_the_day_as_of(edit: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="2026-11-01"):
        load_answers(edit(put("mfa", date="2026-11-02")), CATALOGUE)


def test_a_formula_counts_by_its_value_and_one_without_is_a_fault(edit: Callable[..., Path], tmp_path: Path) -> None:
    path = edit(put("mfa", level="=1/2"))
    with pytest.raises(InputError, match="=1/2"):
        load_answers(path, CATALOGUE)
    cached = tmp_path / "cached.xlsx"  # as a spreadsheet saves it: the formula and its value
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(cached, "w") as new:
        for name in old.namelist():
            # an empty element is written in one of three ways, by whichever XML library openpyxl finds
            empty = rb"<f>1/2</f>(<v ?/>|<v></v>)"
            new.writestr(name, re.sub(empty, b"<f>1/2</f><v>0.5</v>", old.read(name)))
    assert load_answers(cached, CATALOGUE).answers[0].level == 0.5


def test_what_a_file_says_of_its_size_is_not_believed_and_no_digit_is_lost(tmp_path: Path) -> None:
    sheet = replace(SHEET, answers=(Answer("mfa", 0.1 + 0.2, "measured", AS_OF),))  # 17 digits
    write_workbook(tmp_path / "a.xlsx", CATALOGUE, sheet, "en")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', old.read(name)))
    assert load_answers(tmp_path / "b.xlsx", CATALOGUE) == sheet


def test_columns_that_are_missing_or_twice(edit: Callable[..., Path]) -> None:
    def change(table: Any) -> None:
        table.cell(HEADER, AT["grade"]).value = "Date of evidence"

    with pytest.raises(InputError) as raised:
        load_answers(edit(change), CATALOGUE)
    assert {"missing-column", "duplicate-column"} <= {fault.code for fault in raised.value.faults}


def zipped(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return path


def other_workbook(path: Path) -> Path:
    book = Workbook()
    book.active["A1"] = "shopping"
    book.save(path)
    return path


def with_part(path: Path, name: str, data: bytes = b"x") -> Path:
    write_workbook(path, CATALOGUE, SHEET, "en")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, data)
    return path


def plain(data: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (plain(b""), "empty file"),
        (plain(b"organisation,sector"), "no workbook"),
        (plain(OLE), "old Excel workbook"),
        (plain(OLE + "EncryptedPackage".encode("utf-16-le")), "encrypted workbook"),
        (plain(b"PK\x03\x04 cut off"), "no workbook"),
        (lambda path: zipped(path, mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (lambda path: zipped(path, xl__workbook_xml=b"<"), "cannot|can be read"),
        (lambda path: zipped(path, xl__workbook_xml=b"0" * 70_000_000), "unpacked"),
        (lambda path: with_part(path, "xl/vbaProject.bin"), "macros"),
        (lambda path: with_part(path, "xl/externalLinks/externalLink1.xml"), "links to other files"),
        (lambda path: with_part(path, "x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]>'), "entities"),
        (other_workbook, "missing-column"),
        (lambda path: path, "missing-file"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_of_answers_is_named(tmp_path: Path, make: Callable[[Path], Path], said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        load_answers(make(tmp_path / "answers.xlsx"), CATALOGUE)
    assert len(raised.value.faults) == 1
    assert raised.value.faults[0].remedy


def test_every_part_of_a_workbook_damaged_is_named_or_read(tmp_path: Path) -> None:
    write_workbook(tmp_path / "whole.xlsx", CATALOGUE, SHEET, "en")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    for hurt, was in parts.items():
        for data in (b"", was[: len(was) // 2], was.replace(b"1", b"x")):
            with zipfile.ZipFile(tmp_path / "hurt.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
                for name, before in parts.items():
                    archive.writestr(name, data if name == hurt else before)
            with contextlib.suppress(InputError):
                load_answers(tmp_path / "hurt.xlsx", CATALOGUE)


@pytest.mark.compiled
def test_one_cell_at_the_far_corner_costs_no_memory(edit: Callable[..., Path]) -> None:
    def change(table: Any) -> None:
        table.cell(200_000, 16_384).value = "x"

    assert load_answers(edit(change), CATALOGUE) == SHEET


values = (
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | texts | st.datetimes() | st.dates()
    | st.times() | st.timedeltas() | st.sampled_from(["0.5", "75%", "self", "mfa", "2026/1/1", "1/2", "Organisation"])
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 12), st.integers(1, 11)), values, max_size=6))
def test_whatever_stands_in_the_cells_is_read_or_named(changes: dict[tuple[int, int], object]) -> None:
    header: dict[int, object] = {column: meant.en for column, meant in enumerate(COLUMNS.values(), start=1)}
    filled: dict[int, object] = {1: "mfa", 4: 0.5, 5: "measured", 6: AS_OF}
    rows: list[dict[int, object]] = [{1: en, 2: value} for en, value in
                                     (("Organisation", "o"), ("Sector", "s"), ("As of", AS_OF))]  # fmt: skip
    rows += [header, *(dict(filled) for _ in range(9))]
    for (row, column), value in changes.items():
        rows[row][column] = value
    grid = Grid("f", "Answers", tuple(enumerate(rows, start=1)))
    try:
        sheet = read_grid(grid, CATALOGUE)
    except InputError as error:
        named = [fault.line() for fault in error.faults]
    else:
        named = [answer.item for answer in sheet.answers]
        assert all(0.0 <= answer.level <= (answer.up_to or 1.0) <= 1.0 for answer in sheet.answers)
        assert all(answer.date <= AS_OF for answer in sheet.answers) or (2, 2) in changes
    assert named or changes


def test_csv_with_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    sheet = Sheet("o", "s", AS_OF, (Answer("mfa", 0.8, "measured", AS_OF),))
    path = tmp_path / "answers.csv"
    write_csv(path, CATALOGUE, sheet, "en")
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([[c.replace("0.8", "0,8") for c in row] for row in rows])
    assert load_answers(path, CATALOGUE) == sheet


def test_csv_as_excel_in_japan_saves_it(tmp_path: Path) -> None:
    sheet = Sheet("病院", "medical", AS_OF, SHEET.answers[:1])
    path = tmp_path / "answers.csv"
    write_csv(path, CATALOGUE, sheet, "ja")
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("cp932", "replace"))
    assert load_answers(path, CATALOGUE) == sheet
    path.write_bytes(b"\x81\x00\xff")
    with pytest.raises(InputError, match="bad-encoding"):
        load_answers(path, CATALOGUE)
    path.write_text('a,"b', encoding="utf-8")
    with pytest.raises(InputError, match="bad-csv"):
        load_answers(path, CATALOGUE)


def test_a_text_too_long_for_a_cell(tmp_path: Path) -> None:
    sheet = Sheet("o", "s", AS_OF, (Answer("mfa", 1.0, "self", AS_OF, source="x" * 40_000),))
    with pytest.raises(InputError, match="40,000 letters"):
        write_workbook(tmp_path / "a.xlsx", CATALOGUE, sheet, "en")
    write_csv(tmp_path / "a.csv", CATALOGUE, sheet, "en")
    assert load_answers(tmp_path / "a.csv", CATALOGUE) == sheet


def test_a_sheet_for_other_questions(edit: Callable[..., Path]) -> None:
    def change(table: Any) -> None:
        table["B6"].value = "other (1)"

    with pytest.raises(InputError, match="--catalogue other"):
        load_answers(edit(change), CATALOGUE)
