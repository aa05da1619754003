"""Sheets of facts: what is read, every fault at once; and the statistics that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.errors import InputError
from noroshi.files.ci_flow import reported_flow
from noroshi.files.severity import load_facts
from noroshi.respond.nciss import Interval


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_sheet(tmp_path: Path) -> None:
    sheet = load_facts(write(tmp_path, """
name = "worm"
[[incident]]
name = "trust"
functional = "significant-critical"
actor = ["criminal", "apt"]
count = 80
[japan]
continuity = "some"
safety = ["none", "hardly"]
[ciss]
high = true
severe = false
[cascade]
person_hours = {low = 1, high = 2.5}
"""))  # fmt: skip
    (trust,) = sheet.incidents
    assert (sheet.name, trust.name, trust.count) == ("worm", "trust", 80)
    assert trust.facts == {
        "functional": frozenset(["significant-critical"]), "actor": frozenset(["criminal", "apt"]),
    }  # fmt: skip
    assert sheet.ladders["ciss"] == {"high": True, "severe": False}
    assert sheet.ladders["japan"]["safety:large"] is False
    assert "safety:none" not in sheet.ladders["japan"]
    assert sheet.person_hours == Interval(1.0, 2.5)


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "missing-value", "incident"),
        ("[[incident]]\nfunctional = 'denial'", "bad-choice", "functional"),
        ("[[incident]]\nfunctional = []", "bad-choice", "functional"),
        ("[[incident]]\nfunctonal = 'none'", "bad-facts", "functonal"),
        ("[[incident]]\ncount = 0", "out-of-range", "count"),
        ("[[incident]]\ncount = 2.0", "bad-number", "count"),
        ("[japan]\ncontinuity = 'huge'", "bad-choice", "continuity"),
        ("[japan]\ntrust = 'none'", "bad-facts", "trust"),
        ("[ciss]\nhigh = 'yes'", "bad-facts", "high"),
        ("japan = 3", "bad-facts", "japan"),
        ("[[incident]]\n[cascade]\nperson_hours = -1", "bad-number", "person_hours"),
        ("[[incident]]\n[cascade]\nperson_hours = {low = 3, high = 2}", "bad-number", "person_hours"),
        ("[[incident]]\n[cascade]", "bad-number", "person_hours"),
        ("[uk]\nc1 = true", "bad-facts", "uk"),
    ],
)
def test_each_fault_has_its_place(tmp_path: Path, text: str, code: str, column: str) -> None:
    with pytest.raises(InputError) as caught:
        load_facts(write(tmp_path, text))
    assert [(fault.code, fault.column) for fault in caught.value.faults] == [(code, column)]
    assert all(fault.remedy for fault in caught.value.faults)


def test_the_flow_of_reports_is_the_published_one() -> None:
    rows = {(row.flow, row.kind): list(row.years.values()) for row in reported_flow()}
    assert rows["up", "total"] == [269, 309, 407, 302, 272]
    assert rows["down", "total"] == [38, 64, 91, 83, 127]
    kinds = [row for row in reported_flow() if row.flow == "up" and row.kind != "total"]
    assert [row.years["FY2023"] for row in kinds] == [12, 20, 18, 148, 20, 3, 13, 38]
    for year, total in zip(kinds[0].years, rows["up", "total"], strict=True):
        assert sum(row.years[year] for row in kinds) == total
