"""CSV as spreadsheets and people write it: marks, blanks, quotes, empty rows, line ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.estate.findings import Findings
from noroshi.estate.tables import TABLES
from noroshi.files.reading import CHUNK, decoded, read_csv

TABLE = TABLES["sectors"]


def rows(tmp_path: Path, data: bytes) -> tuple[list[tuple[str | None, ...]], list[int], Findings]:
    """Return the cells, the row numbers and the findings of a file of these bytes."""
    path = tmp_path / "sectors.csv"
    path.write_bytes(data)
    findings = Findings()
    sheet = read_csv(path, TABLE, findings)
    assert sheet is not None
    return sheet.frame.rows(), [sheet.place.row(k) for k in range(sheet.frame.height)], findings


@pytest.mark.parametrize(
    "data",
    [
        b"id,name_en\na,x\nb,\n",
        b"\xef\xbb\xbfid,name_en\na,x\nb,\n",
        b"id,name_en\r\na,x\r\nb,\r\n",
        b"id,name_en\ra,x\rb,\r",
        b'"id","name_en"\n"a","x"\n"b",""\n',
        b"id , name_en\na, x \n b,  ",
        "id,name_en\na,x\u3000\nb,\u3000\n".encode(),
    ],
    ids=["plain", "byte order mark", "Windows", "old Mac", "all quoted", "blanks", "full-width blanks"],
)
def test_the_same_cells_however_it_is_written(data: bytes, tmp_path: Path) -> None:
    cells, numbers, findings = rows(tmp_path, data)
    assert cells == [("a", "x"), ("b", None)]
    assert numbers == [2, 3]
    assert findings.errors == 0


def test_empty_rows_are_dropped_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    cells, numbers, _ = rows(tmp_path, b"id,name_en\n,\na,x\n\n,,\nb,y\n , \n")
    assert cells == [("a", "x"), ("b", "y")]
    assert numbers == [3, 6]


def test_line_ends_and_commas_inside_quotes(tmp_path: Path) -> None:
    cells, _, findings = rows(tmp_path, b'id,name_en\na,"x, \n""y"""\nb,z\n')
    assert cells == [("a", 'x, \n"y"'), ("b", "z")]
    assert findings.errors == 0


def test_a_header_over_two_lines_and_one_without_an_end(tmp_path: Path) -> None:
    assert rows(tmp_path, b'id,"name\n_en"\na,x\n')[0] == [("a", "x")]
    assert rows(tmp_path, b"id,name_en")[0] == []


def test_trailing_commas_do_no_harm(tmp_path: Path) -> None:
    cells, _, findings = rows(tmp_path, b"id,name_en,,\na,x,,\n")
    assert [row[:2] for row in cells] == [("a", "x")]
    assert findings.errors == 0


def test_rows_that_are_too_long_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    cells, _, findings = rows(tmp_path, b"id,name_en\na,x,y\nb,z,,,\nc\nd,1,2,3\n")
    assert cells == [("a", "x"), ("b", "z"), ("c", None), ("d", "1")]
    assert [(f.row, f.found, f.expected) for f in findings.faults()] == [
        (2, "3 cells", "2 cells, as in the header"),
        (5, "4 cells", "2 cells, as in the header"),
    ]


def test_a_tab_separated_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "sectors.csv"
    path.write_text("id\tname_en\na\tx\n")
    findings = Findings()
    assert read_csv(path, TABLE, findings) is None
    assert "separated by tab" in findings.faults()[0].remedy


def test_text_that_is_cut_in_a_character_is_found_across_pieces() -> None:
    findings = Findings()
    data = b"a" * (CHUNK - 1) + "狼".encode() + b"\n" + b"\x93"
    assert not decoded(data, "f.csv", findings)
    fault = findings.faults()[0]
    assert fault.found.startswith(f"byte {CHUNK + 3} is 0x93")
    assert fault.row == 2
    assert decoded(b"a" * (CHUNK - 1) + "狼煙".encode(), "f.csv", Findings())
    assert decoded(b"", "f.csv", Findings())


def test_euc_is_guessed() -> None:
    findings = Findings()
    decoded("電力、水道と情報通信".encode("euc_jp") + b"\x8f\xa2\xb7", "f.csv", findings)
    assert "seems to be" in findings.faults()[0].found


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "sectors.csv"
    path.write_bytes(data)
    findings = Findings()
    sheet = read_csv(path, TABLE, findings)
    assert sheet is not None or findings.errors > 0


@given(st.text(alphabet='ab,"\n\r \u3000\x00;', max_size=60))
def test_no_text_makes_it_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "sectors.csv"
    path.write_bytes(b"id,name_en\n" + text.encode())
    findings = Findings()
    sheet = read_csv(path, TABLE, findings)
    assert sheet is not None or findings.errors > 0
