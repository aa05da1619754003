"""Rounds of ratings: lines and folders, the fast way and the slow, every fault with its line; populations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from noroshi.errors import InputError
from noroshi.files.catalogues import load_catalogue
from noroshi.files.populations import load_population
from noroshi.files.rounds import load_round
from noroshi.rate.catalogue import Catalogue
from noroshi.rate.evidence import Columns


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def sheet(name: str, **changes: Any) -> dict[str, Any]:
    answers = [
        {"item": "mfa", "level": 0.67, "grade": "document", "date": "2026-05-01"},
        {"item": "backup", "level": 1, "grade": "measured", "date": "2026-10-20", "source": "scan 7"},
        {"item": "ot-separation", "grade": "self", "date": "2026-10-01", "not_applicable": "no control systems"},
    ]
    return {"organisation": name, "sector": "water", "as_of": "2026-11-01", "answers": answers, **changes}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows) + "\n", encoding="utf-8")
    return path


def faults(path: Path, catalogue: Catalogue) -> list[tuple[int | None, str, str]]:
    with pytest.raises(InputError) as raised:
        load_round(path, catalogue)
    return [(fault.row, fault.code, fault.column) for fault in raised.value.faults]


def same(a: Columns, b: Columns) -> None:
    for name in Columns.__slots__:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


def test_a_folder_and_lines_are_the_same_round(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [sheet("a", size="large", region="north"), sheet("b", as_of="2026-11-05"), sheet("c", answers=[])]
    one = load_round(lines(tmp_path / "r2026.jsonl", rows[0], "", rows[1], rows[2]), catalogue)
    folder = tmp_path / "r2026"
    folder.mkdir()
    for row in rows:
        lines(folder / f"{row['organisation']}.json", row)
    two = load_round(folder, catalogue)
    assert one.name == two.name == "r2026"
    assert one.as_of.isoformat() == "2026-11-05"
    assert one.organisation.tolist() == two.organisation.tolist() == ["a", "b", "c"]
    assert one.size.tolist() == ["large", "", ""]
    assert one.region.tolist() == ["north", "", ""]
    assert one.row == (1, 3, 4)
    same(one.answers, two.answers)
    assert one.answers.days.tolist() == [184, 12, 31, 188, 16, 35]
    assert one.answers.silent.tolist() == [False, False, True] * 2


def test_ranges_keep_both_ends_and_the_order(tmp_path: Path, catalogue: Catalogue) -> None:
    ranged = [{"item": "mfa", "level": 0.33, "up_to": 1.0, "grade": "measured", "date": "2026-10-20"}]
    path = lines(tmp_path / "r.jsonl", sheet("a"), sheet("b", answers=ranged), sheet("c"))
    found = load_round(path, catalogue)
    assert found.organisation.tolist() == ["a", "b", "c"]
    assert found.answers.organisation.tolist() == [0, 0, 0, 1, 2, 2, 2]
    assert (found.answers.level[3], found.answers.up_to[3]) == (0.33, 1.0)
    assert np.isnan(found.answers.up_to[[0, 1, 2, 4, 5, 6]]).all()


def test_every_fault_of_every_line_at_once(tmp_path: Path, catalogue: Catalogue) -> None:
    bad = sheet("b")
    bad["answers"] = [{**bad["answers"][0], "level": 2}, {**bad["answers"][1], "item": "backupp", "grade": "rumour"}]
    path = lines(
        tmp_path / "r.jsonl", sheet("a"), bad, "{", "[]", sheet("c", size=3), sheet("a"), sheet(""),
        sheet("d", region=" "),
    )  # fmt: skip
    assert faults(path, catalogue) == [
        (2, "out-of-range", "answers[0].level"), (2, "dangling-key", "answers[1].item"),
        (2, "bad-choice", "answers[1].grade"), (3, "bad-json", ""), (4, "bad-json", ""), (5, "bad-answers", "size"),
        (6, "duplicate-id", "organisation"), (7, "bad-answers", "organisation"), (8, "bad-answers", "region"),
    ]  # fmt: skip


def test_files_that_are_no_rounds(tmp_path: Path, catalogue: Catalogue) -> None:
    assert faults(tmp_path / "none.jsonl", catalogue) == [(None, "missing-file", "")]
    assert faults(lines(tmp_path / "empty.jsonl", ""), catalogue) == [(None, "bad-answers", "")]
    (tmp_path / "latin.jsonl").write_bytes('{"organisation": "é"}\n'.encode("latin-1"))
    assert faults(tmp_path / "latin.jsonl", catalogue) == [(1, "bad-encoding", "")]
    assert faults(lines(tmp_path / "deep.jsonl", "[" * 100_000), catalogue)[0][1] == "bad-json"
    folder = tmp_path / "folder"
    folder.mkdir()
    lines(folder / "a.json", "{")
    lines(folder / "b.json", sheet("b", sector=""))
    assert faults(folder, catalogue) == [(2, "bad-json", ""), (None, "bad-answers", "sector")]


def test_a_byte_order_mark_and_more_lines_than_are_held(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text("\ufeff" + "".join(json.dumps(sheet(f"o{k}")) + "\n" for k in range(2100)), encoding="utf-8")
    found = load_round(path, catalogue)
    assert found.answers.organisations == 2100
    assert (np.bincount(found.answers.organisation) == 3).all()


def test_a_population(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "p.csv", "sector,size,count", "water,large,10", "water,small,200", "gas,,7", "power,,", ",,500"
    )
    found = load_population(path)
    assert found.count == {("water", "large"): 10, ("water", "small"): 200, ("gas", ""): 7}
    assert found.total == 500
    assert found.uncounted == {"power"}
    assert found.of(("water", ""), {"large", "small"}) == 210
    assert found.of(("power", ""), set()) is None
    assert found.of(("water", ""), {"tiny"}) is None


@pytest.mark.parametrize(
    ("text", "row", "code"),
    [
        ("sector,count\nwater,3", 1, "missing-column"),
        ("sector,size,count,x\n", 1, "unknown-column"),
        ("sector,size,count\nwater,,many", 2, "bad-number"),
        ("sector,size,count\nwater,,-3", 2, "out-of-range"),
        ("sector,size,count\nwater,,0", 2, "out-of-range"),
        ("sector,size,count\nwater,,3\nwater,,4", 3, "duplicate-id"),
        ("sector,size,count\nwater,,3\nwater,large,1", 2, "duplicate-id"),
        ("sector,size,count\n,large,4", 2, "missing-value"),
        ("sector,size,count\nwater,3", 2, "bad-csv"),
        ('sector,size,count\n"water"x,,3', None, "bad-csv"),
        ("", 1, "missing-column"),
    ],
)
def test_a_fault_of_a_population(tmp_path: Path, text: str, row: int | None, code: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_population(path)
    assert (raised.value.faults[0].row, raised.value.faults[0].code) == (row, code)


def test_a_population_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing-file"):
        load_population(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("é".encode("latin-1"))
    with pytest.raises(InputError, match="bad-encoding"):
        load_population(tmp_path / "latin.csv")
