"""The shipped catalogue is whole, and a broken one says everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from noroshi.errors import InputError, NotFoundError
from noroshi.files.catalogues import catalogues, load_catalogue

WHOLE = """
id = "mine"
version = "1"
name_en = "Mine"
name_ja = "試験"
source = "a test"
technical_points = 60
organisational_points = 40

[[item]]
id = "one"
kind = "technical"
question_en = "?"
question_ja = "?"
levels = [{ at = 0.0, en = "no", ja = "無" }, { at = 1.0, en = "yes", ja = "有" }]
evidence_en = "paper"
evidence_ja = "紙"
half_life_days = 365
importance = 1.0

[[measure]]
id = "do-it"
item = "one"
to = 1.0
name_en = "do"
name_ja = "する"
cost = 1.0
staff = 1.0
effect = 0.5
source = "assumed"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def faults(file: Path, text: str) -> list[tuple[str, int | None, str]]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_catalogue(file)
    assert all(fault.file == str(file) and fault.expected and fault.remedy for fault in refused.value.faults)
    return [(fault.code, fault.row, fault.column) for fault in refused.value.faults]


def test_the_shipped_one_has_the_shape_of_the_survey() -> None:
    shipped = load_catalogue()
    assert list(catalogues()) == ["noroshi-26"]
    assert (shipped.technical.sum(), (~shipped.technical).sum()) == (16, 10)
    points = shipped.points()
    assert points[shipped.technical].sum() == pytest.approx(60.0)
    assert points[~shipped.technical].sum() == pytest.approx(40.0)
    order = np.argsort(shipped.importance, kind="stable")
    heavier = shipped.importance[order][:, None] < shipped.importance[order]
    assert (points[order][:, None] < points[order])[heavier].all()  # across the kinds too


def test_every_item_is_crosswalked_and_can_be_raised() -> None:
    shipped = load_catalogue()
    assert all(item.csf and item.nist_800_53 and item.half_life_days >= 30 for item in shipped.items)
    assert {measure.item for measure in shipped.measures} == {item.id for item in shipped.items}
    assert all(0.0 <= measure.effect < 1.0 <= 100 * measure.cost for measure in shipped.measures)
    assert {goal for item in shipped.items for goal in item.cpg} >= {"1.A", "3.F", "6.A"}


def test_a_small_one_is_read(file: Path) -> None:
    file.write_text(WHOLE, encoding="utf-8")
    mine = load_catalogue(file)
    assert (mine.id, len(mine.items), len(mine.measures)) == ("mine", 1, 1)
    assert mine.points().tolist() == [60.0]
    assert mine.points(np.array([False])).tolist() == [0.0]


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ('id = "one"', 'id = "One Item"', "bad-id", "id"),
        ('kind = "technical"', 'kind = "technicall"', "bad-catalogue", "kind"),
        ('kind = "technical"', "", "bad-catalogue", "kind"),
        ('question_en = "?"', "question_en = 3", "bad-catalogue", "question_en"),
        ("at = 0.0", "at = 0.1", "bad-catalogue", "levels"),
        ("importance = 1.0", "importance = 0", "out-of-range", "importance"),
        ("half_life_days = 365", "half_life_days = -1", "out-of-range", "half_life_days"),
        ("importance = 1.0", 'importance = 1.0\ncsf = "PR.AA-03"', "bad-catalogue", "csf"),
        ('item = "one"', 'item = "two"', "dangling-key", "item"),
        ("to = 1.0", "to = 0.5", "out-of-range", "to"),
        ('source = "assumed"', 'source = "assumed"\nrequires = ["that"]', "dangling-key", "requires"),
        ('source = "assumed"', 'source = "assumed"\nrequires = ["do-it"]', "bad-catalogue", "requires"),
        ("effect = 0.5", "effect = 1.0", "out-of-range", "effect"),
        ("effect = 0.5", "effekt = 0.5", "bad-catalogue", "effekt"),
    ],
)
def test_a_fault_is_named_with_its_line(file: Path, old: str, new: str, code: str, column: str) -> None:
    found = faults(file, WHOLE.replace(old, new))
    assert (code, column) in {(kind, key) for kind, _, key in found}
    assert all(row for _, row, _ in found)


def test_all_faults_at_once(file: Path) -> None:
    twice = WHOLE + WHOLE[WHOLE.index("[[item]]") :].replace("importance = 1.0", "importance = 0.0")
    assert {"duplicate-id", "out-of-range"} <= {code for code, _, _ in faults(file, twice)}
    assert faults(file, 'id = "empty"') == [("bad-catalogue", None, "item")]


def test_what_is_not_there() -> None:
    with pytest.raises(NotFoundError, match="noroshi-26"):
        load_catalogue("noroshi-27")
    with pytest.raises(InputError):
        load_catalogue("no/such/file.toml")
