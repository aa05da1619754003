"""Duty files: what is read, every fault at once with its line and remedy; zones and calendars by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.errors import InputError, NotFoundError
from noroshi.files.calendars import calendar, calendar_names
from noroshi.files.duties import load_duties, shipped_duties
from noroshi.files.zones import zone, zone_names

GOOD = """
[[duty]]
id = "one"
regime = "X"
name = "One"
name_ja = "一"
trigger = "t"
trigger_ja = "条件"
anchor = "awareness"
amount = 24
unit = "hours"
recipients = [["a", "甲"]]
form = "f"
form_ja = "様式"
source = "Act 1"
verified_by = "me"
verified_on = 2026-01-01
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "d.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputError) as caught:
        load_duties([path])
    assert all(fault.file == str(path) and fault.remedy for fault in caught.value.faults)
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


def test_what_ships_is_read() -> None:
    assert set(shipped_duties()) == {"eu", "japan", "us"}
    ids = [duty.id for duty in load_duties()]
    assert len(set(ids)) == len(ids)
    assert {"nis2-early-warning", "appi-final-malicious", "circia-ransom", "jp-acd-report"} <= set(ids)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (duty,) = load_duties([write(tmp_path, GOOD)])
    assert (duty.id, duty.amount, duty.unit, duty.counting, duty.recipients) == (
        "one",
        24,
        "hours",
        "plain",
        (("a", "甲"),),
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ('id = "one"\n', "", "missing-value", "id"),
        ('anchor = "awareness"\n', "", "missing-value", "anchor"),
        ('anchor = "awareness"', 'anchor = "awarness"', "bad-choice", "anchor"),
        ("amount = 24", "amount = 0", "out-of-range", "amount"),
        ("amount = 24", "amount = 2.5", "bad-number", "amount"),
        ("amount = 24", "amount = true", "bad-number", "amount"),
        ("amount = 24", "amount = 24\nleast = 24", "out-of-range", "least"),
        ("amount = 24", "least = 2", "out-of-range", "least"),
        ('unit = "hours"', 'unit = "weeks"', "bad-choice", "unit"),
        ('unit = "hours"', 'unit = "hours"\nzone = "Asia/Tokio"', "bad-duty", "zone"),
        ('unit = "hours"', 'unit = "hours"\ncloses = "17:30"', "bad-duty", "closes"),
        ('unit = "hours"', 'unit = "hours"\nrolls = 1', "bad-duty", "rolls"),
        ('unit = "hours"', 'unit = "hours"\nhour = 3', "bad-duty", "hour"),
        ('unit = "hours"', 'unit = "hours"\ncalendar = "XX"', "dangling-key", "calendar"),
        ('recipients = [["a", "甲"]]', 'recipients = ["a"]', "bad-duty", "recipients"),
        ('recipients = [["a", "甲"]]\n', "", "missing-value", "recipients"),
        ("verified_on = 2026-01-01\n", "", "bad-duty", "verified_on"),
        ('verified_by = "me"\n', "", "bad-duty", "verified_on"),
        ("verified_on = 2026-01-01", 'verified_on = "2026-01-01"', "bad-duty", "verified_on"),
        ('unit = "hours"', 'unit = "hours"\nstep = "one"', "bad-duty", "step"),
        ('anchor = "awareness"', 'anchor = "previous"', "bad-duty", "step"),
        ('anchor = "awareness"', 'anchor = "previous"\nstep = "two"', "dangling-key", "step"),
        ('anchor = "awareness"', 'anchor = "previous"\nstep = "one"', "bad-duty", "step"),
    ],
)  # fmt: skip
def test_each_fault_has_its_place(tmp_path: Path, old: str, new: str, code: str, column: str) -> None:
    assert old in GOOD
    found = faults(write(tmp_path, GOOD.replace(old, new)))
    assert (code, column) in [(one, where) for one, _, where in found]
    assert all(row is not None for _, row, _ in found)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = GOOD + GOOD.replace("amount = 24", "amount = -1").replace('"awareness"', '"dawn"')
    assert [code for code, _, _ in faults(write(tmp_path, text))] == ["duplicate-id", "bad-choice", "out-of-range"]


def test_zones_come_from_the_package_whatever_the_machine_has() -> None:
    assert zone("Asia/Tokyo").key == "Asia/Tokyo"
    assert len(zone_names()) > 400
    for name in ("UTC", "America/Argentina/Buenos_Aires", "Europe/Berlin"):
        assert zone(name).key == name
    with pytest.raises(NotFoundError, match="Asia/Tokyo"):
        zone("Asia/Tokio")
    with pytest.raises(NotFoundError):
        zone("../../etc/passwd")


def test_calendars_by_country_part_and_administration() -> None:
    assert {"DE", "DE-BY", "JP", "JP-administration", "US"} <= set(calendar_names())
    assert len(calendar("DE-BY", 2026, 2026).holidays) > len(calendar("DE", 2026, 2026).holidays)
    with pytest.raises(NotFoundError, match="no calendar"):
        calendar("Deutschland", 2026, 2026)
