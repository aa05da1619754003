"""`noroshi rate sector`: the table for the public and for a ministry, in both languages, and its faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len
from tests.cli.conftest import Command

from noroshi.desk.sector_tables import Row
from noroshi.rate.shown import Shown
from noroshi.report.sector_text import _why

Run = Callable[..., tuple[int, str, str]]
KEY = ("medical", "")
COUNTS = {"medical": 24, "water": 12, "power": 4}
POPULATION = "sector,size,count\nmedical,large,40\nmedical,small,400\nwater,,30\npower,,8\n"


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `noroshi rate sector ...` here and returns exit code, output and errors."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "rate", "sector", *arguments)

    return call


def write(path: Path, year: int, counts: dict[str, int], seed: int = 0) -> Path:
    """Write a round: organisations that answer three questions, those of a sector alike."""
    rng = np.random.default_rng(seed)
    rows = []
    for sector, count in counts.items():
        for k in range(count):
            answers = [
                {"item": item, "level": round(float(rng.random()), 2), "grade": "third_party", "date": f"{year}-06-01"}
                for item in ("mfa", "backup", "exposed-patching")
            ]
            size = {"size": ("large", "small")[k % 2]} if sector == "medical" else {}
            about = {"organisation": f"{sector}-{k}", "sector": sector, "as_of": f"{year}-11-01", **size}
            rows.append({**about, "answers": answers})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def rounds(tmp_path: Path) -> list[Path]:
    return [
        write(tmp_path / "r2025.jsonl", 2025, COUNTS),
        write(tmp_path / "r2026.jsonl", 2026, {**COUNTS, "medical": 26}, seed=1),
    ]


@pytest.fixture
def population(tmp_path: Path) -> Path:
    path = tmp_path / "population.csv"
    path.write_text(POPULATION, encoding="utf-8")
    return path


def cells(out: str) -> dict[tuple[str | None, str | None], dict[str, Any]]:
    return {(row["sector"], row["size"]): row for row in json.loads(out)["cells"]}


def test_the_public_sees_no_cell_under_ten(run: Run, rounds: list[Path], population: Path) -> None:
    code, out, err = run(*rounds, "--population", population, "--publish", "--json")
    assert (code, err) == (0, "")
    assert run(*rounds, "--population", population, "--json")[1] == out  # who does not say who he is, is everybody
    found = cells(out)
    power = found["power", None]
    assert (power["why"], power["score"], power["low"], power["rated"], power["change"]) == (
        "few",
        None,
        None,
        None,
        None,
    )
    medical = found["medical", None]
    assert medical["why"] is None
    assert medical["organisations"] == 440
    assert medical["rated"] == 25
    assert medical["step"] > 0.1  # two have joined since
    assert medical["change"]["since"] == "r2025"
    assert medical["low"] <= medical["score"] <= medical["high"]
    assert json.loads(out)["earlier"] == ["r2025"]


def test_a_ministry_sees_its_own_sectors_in_full(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", 2026, {"medical": 4, "telecom": 3})
    found = cells(run(path, "--estate", "japan", "--for", "厚生労働省", "--json")[1])
    medical, telecom = found["medical", None], found["telecom", None]
    assert (medical["full"], medical["rated"]) == (True, 4)
    assert medical["score"] is not None
    assert sum(one["share"] for one in medical["bins"]) == pytest.approx(1.0)
    assert medical["passing"]["low"] <= medical["passing"]["share"] <= medical["passing"]["high"]
    assert (telecom["full"], telecom["score"], telecom["why"]) == (False, None, "few")
    code, _, err = run(path, "--estate", "japan", "--for", "Ministry of Nothing")
    assert code == 3
    assert "Financial Services Agency" in err
    assert run(path, "--for", "厚生労働省")[0] == 3
    assert run(path, "--for", "厚生労働省", "--publish")[0] == 2


def test_bounds_where_a_count_is_not_known(run: Run, rounds: list[Path], tmp_path: Path) -> None:
    population = tmp_path / "p.csv"
    population.write_text("sector,size,count\nmedical,,\nwater,,30\npower,,8\n,,500\n", encoding="utf-8")
    low, high = json.loads(run(rounds[0], "--population", population, "--json")[1])["overall_bounds"]
    assert low < 10.0
    assert high > 90.0
    known = json.loads(run(rounds[0], "--json", "--population", tmp_path / "p.csv")[1])
    assert known["overall_bounds"] is not None


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("fewer than 10 rated", "Middle half", "Shown to: everybody", "≥25/440", "By size")),
     ("ja", ("評価済みが10組織未満", "中央の半数", "公表用", "≥25/440", "規模別"))],
)  # fmt: skip
def test_what_people_read_fits_80_columns(
    run: Run, rounds: list[Path], population: Path, lang: str, words: tuple[str, ...]
) -> None:
    code, out, _ = run(*rounds, "--population", population, lang=lang)
    assert code == 0
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    assert [word for word in words if word not in out] == []


@pytest.mark.parametrize(
    ("shown", "en", "ja"),
    [
        (Shown(KEY, "few"), "fewer than 10 rated", "評価済みが10組織未満"),
        (Shown(KEY, "dominated"), "one organisation dominates", "1組織の比重が大きい"),
        (Shown(KEY, "follows", isolates=3), "would isolate 3 with other cells", "他の欄との差から3組織が分かる"),
        (Shown(KEY, "series", isolates=2, since="2025"), "would isolate 2 with the table of 2025",
         "2025の表との差から2組織が分かる"),
        (Shown(KEY, "follows"), "would isolate some with other cells", "他の欄との差から一部の組織が分かる"),
    ],
)  # fmt: skip
def test_why_a_cell_is_held_back_is_said(shown: Shown, en: str, ja: str) -> None:
    row = Row(KEY, None, shown, None)
    assert (_why(row, "en"), _why(row, "ja")) == (en, ja)


@pytest.mark.parametrize(
    ("counts", "code", "place"),
    [({"mining": 3}, "dangling-key", "r.jsonl:1 [sector]"), ({"power": 9}, "out-of-range", "9 rated")],
)
def test_a_fault_of_a_round_against_the_population(
    run: Run, tmp_path: Path, population: Path, counts: dict[str, int], code: str, place: str
) -> None:
    exit_code, out, err = run(write(tmp_path / "r.jsonl", 2026, counts), "--population", population)
    assert (exit_code, out) == (2, "")
    assert code in err
    assert place in err
    assert "Traceback" not in err


def test_the_same_round_twice_and_no_round(run: Run, rounds: list[Path], tmp_path: Path) -> None:
    code, _, err = run(rounds[0], rounds[0])
    assert code == 2
    assert "duplicate-id" in err
    assert run(tmp_path / "none.jsonl")[0] == 2
    assert run()[0] == 2
