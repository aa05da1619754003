"""`--former`: what others found counts on though the answers leave it out, in verdicts, ranks and sectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.conftest import Command
from tests.cli.test_rate_import import SCANS, answer, held, most

from noroshi.desk.former import rounds_with
from noroshi.files.catalogues import load_catalogue
from noroshi.files.rounds import load_round
from noroshi.rate.bulk import score_all
from noroshi.rate.score import Peers


@pytest.fixture
def files(rate: Command, tmp_path: Path) -> tuple[Path, Path]:
    """A former file with a bad scan and a third party's good report, and one of now from which the scan is gone."""
    good = [*most("measured", "exposed-services"), answer("exposed-services", 1.0, "third_party")]
    now, former = held(tmp_path, good, "now.json"), held(tmp_path, good, "former.json")
    assert rate("import", SCANS / "nmap-database.xml", "--into", former)[0] == 0
    return now, former


def scored(rate: Command, *arguments: str | Path) -> dict[str, Any]:
    code, out, err = rate("score", *arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_bad_scan_that_was_shown_cannot_be_deleted(rate: Command, files: tuple[Path, Path]) -> None:
    now, former = files
    honest, gamed, held_to = scored(rate, former), scored(rate, now), scored(rate, now, "--former", former)
    assert gamed["p_pass"] > honest["p_pass"]
    assert gamed["score"] > honest["score"]
    assert {**held_to, "carried": []} == {**honest, "carried": []}
    assert [(a["item"], a["level"], a["grade"]) for a in held_to["carried"]] == [("exposed-services", 0.0, "measured")]
    assert scored(rate, former, "--former", former)["carried"] == []


def test_the_same_scheme_and_the_same_plan(rate: Command, files: tuple[Path, Path]) -> None:
    now, former = files
    for extra in (("score", "--scheme", "cpg-2.0"), ("plan", "--budget", "20")):
        found = [
            json.loads(rate(extra[0], *paths, *extra[1:], "--json")[1])
            for paths in ((former,), (now, "--former", former), (now,))
        ]
        assert found[0] == found[1] != found[2]


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("Left out now, and counted all the same", "exposed-services", "2026-11-22")),
    ("ja", ("今回の回答にない", "exposed-services", "2026-11-22")),
])  # fmt: skip
def test_people_read_what_was_left_out(
    rate: Command, files: tuple[Path, Path], lang: str, words: tuple[str, ...]
) -> None:
    out = rate("score", files[0], "--former", files[1], lang=lang)[1]
    assert all(word in out for word in words)


@pytest.mark.parametrize(("key", "value", "said"), [
    ("organisation", "somebody else", "the same organisation"), ("as_of", "2027-01-01", "the other way round"),
])  # fmt: skip
def test_former_answers_of_others_or_of_later_are_refused(
    rate: Command, files: tuple[Path, Path], tmp_path: Path, key: str, value: str, said: str
) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({**json.loads(files[1].read_text(encoding="utf-8")), key: value}), encoding="utf-8")
    code, _, err = rate("score", files[0], "--former", other)
    assert code == 2
    assert "other.json" in err
    assert said in " ".join(err.split())


# ---- rounds


BAD = {"item": "tls", "level": 0.0, "grade": "measured", "date": "2024-10-01"}
FINE = [{"item": item, "level": 1.0, "grade": "third_party", "date": "2024-10-01"} for item in ("tls", "mfa")]


def round_of(folder: Path, year: int, answers: dict[str, list[dict[str, Any]]]) -> Path:
    path = folder / f"r{year}.jsonl"
    sheets = [
        {"organisation": name, "sector": "medical", "as_of": f"{year}-11-01", "answers": given}
        for name, given in answers.items()
    ]
    path.write_text("".join(json.dumps(sheet) + "\n" for sheet in sheets), encoding="utf-8")
    return path


def scores(*rounds: Path) -> dict[str, float]:
    """The score of each organisation in the last of the rounds, each with the findings of those before."""
    asked = load_catalogue()
    last = rounds_with([load_round(path, asked) for path in rounds])[-1]
    peers = Peers(np.full(len(asked.items), 0.585), 20.0)
    return dict(zip(last.organisation.tolist(), score_all(asked, last.answers, peers).score.tolist(), strict=True))


def test_rounds_hold_each_to_what_was_found_before(tmp_path: Path) -> None:
    first = round_of(tmp_path, 2024, {"honest": [BAD, *FINE], "deletes": [BAD, *FINE], "sits-out": [BAD, *FINE]})
    middle = round_of(tmp_path, 2025, {"honest": [BAD, *FINE], "deletes": FINE})
    last = round_of(tmp_path, 2026, {"new": FINE, "sits-out": FINE, "deletes": FINE, "honest": [BAD, *FINE]})
    alone, held_to = scores(last), scores(last, first, middle)
    assert alone["deletes"] == alone["sits-out"] == alone["new"] > alone["honest"]
    assert held_to["deletes"] == held_to["sits-out"] == held_to["honest"] == alone["honest"]
    assert held_to["new"] == alone["new"]


def test_sector_tables_and_ranks_hold_them_to_it_too(rate: Command, tmp_path: Path) -> None:
    def both(left: list[dict[str, Any]]) -> list[Path]:
        folder = tmp_path / f"left-{len(left)}"
        folder.mkdir()
        given = [{f"org{k}": [*FINE, *extra] for k in range(12)} for extra in ([BAD], left)]
        return [round_of(folder, 2024 + 2 * k, answers) for k, answers in enumerate(given)]

    honest, gamed = both([BAD]), both([])
    tables = [rate("sector", *paths, "--json")[1] for paths in (honest, gamed, gamed[1:])]
    assert tables[0] == tables[1]
    means = [next(c["score"] for c in json.loads(out)["cells"] if c["sector"] == "medical") for out in tables[1:]]
    assert means[0] < means[1]
    ranks = [
        [(o["organisation"], o["score"]) for o in json.loads(rate("rank", *extra, "--json")[1])["organisations"]]
        for extra in ((honest[1],), (gamed[1], "--former", gamed[0]), (gamed[1],))
    ]
    assert ranks[0] == ranks[1] != ranks[2]
