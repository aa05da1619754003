"""`noroshi stress screen` on a case of five buses, on the fictional country, and on what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Command

# Bus 5 hangs on bus 4; two circuits join 1 and 2; a row is out of service, so that rows of the file are not places.
CASE = """function mpc = case5
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
 1 3 0 0 0 0 1 1 0 220 1 1.1 0.9;
 2 1 50 0 0 0 1 1 0 220 1 1.1 0.9;
 3 1 40 0 0 0 1 1 0 220 1 1.1 0.9;
 4 2 0 0 0 0 1 1 0 220 1 1.1 0.9;
 5 1 10 0 0 0 1 1 0 220 1 1.1 0.9;
];
mpc.gen = [
 1 80 0 0 0 1 100 1 150 0;
 4 20 0 0 0 1 100 1 50 0;
];
mpc.branch = [
 1 2 0 0.1 0 60 0 0 0 0 1 -360 360;
 1 2 0 0.1 0 60 0 0 0 0 0 -360 360;
 1 2 0 0.1 0 60 0 0 0 0 1 -360 360;
 1 3 0 0.1 0 60 0 0 0 0 1 -360 360;
 2 3 0 0.1 0 60 0 0 0 0 1 -360 360;
 3 4 0 0.1 0 60 0 0 0 0 1 -360 360;
 4 5 0 0.1 0 60 0 0 0 0 1 -360 360;
];
mpc.gencost = [
 2 0 0 2 10 0;
 2 0 0 2 20 0;
];
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    file = tmp_path / "case5.m"
    file.write_text(CASE, encoding="utf-8")
    return file


def test_every_outage_of_a_case_worst_first(command: Command, case: Path, tmp_path: Path) -> None:
    code, out, _ = command("stress", "screen", case, "--json", "--dump", tmp_path / "all.npz")
    found = json.loads(out)
    assert (code, found["buses"], found["branches"], found["outages"], found["islanding"]) == (0, 5, 6, 6, 2)
    assert set(found["seconds"]) == {"read", "prepare", "screen"}
    assert found["rate_per_s"] > 0
    loadings = [one["loading"] for one in found["worst"]]
    assert loadings == sorted(loadings, reverse=True)
    # Without 4-5 (row 6) the demand of 10 MW is cut off; without 3-4 (row 5) bus 5's too, which bus 4 still feeds.
    cut = {one["outage"][0]: one["island_mw"] for one in found["worst"]}
    assert cut == {0: 0, 2: 0, 3: 0, 4: 0, 5: 10, 6: 10}
    # Row 3 (1-3) out: its 40 + what bus 4 does not feed of 10 - 20 ... all of bus 1's 80 MW goes over two circuits.
    (without_1_3,) = (one for one in found["worst"] if one["outage"] == [3])
    assert (without_1_3["branch"], without_1_3["branch_name"]) in {(0, "1-2"), (2, "1-2/2")}
    assert without_1_3["loading"] == pytest.approx(40 / 60)
    with np.load(tmp_path / "all.npz") as kept:
        assert kept["outage"].tolist() == [[0], [2], [3], [4], [5], [6]]
        assert sorted(kept["worst_loading"], reverse=True) == pytest.approx(loadings)
        assert kept["worst_loading"].dtype == np.float64


def test_what_people_read_in_both_languages(command: Command, case: Path) -> None:
    code, out, _ = command("stress", "screen", case, "--k", 2, "--limit", 0.5)
    assert (code, "5 buses, 6 branches; 15 outages of 2" in out, "1-2; 1-2/2" in out) == (0, True, True)
    code, out, _ = command("--lang", "ja", "stress", "screen", "sorami")
    assert (code, "設備の同時停止" in out) == (0, True)


def test_a_sample_is_drawn_the_same_each_time_and_modes_agree(command: Command, case: Path) -> None:
    def worst(*more: object) -> list[object]:
        found = json.loads(command("stress", "screen", case, "--k", 3, "--json", *more)[1])
        return [(one["outage"], round(one["loading"], 9)) for one in found["worst"]]

    drawn = worst("--sample", 7, "--seed", 3)
    assert len(drawn) == 7
    assert drawn == worst("--sample", 7, "--seed", 3) != worst("--sample", 7, "--seed", 4)
    assert worst("--mode", "cold") == worst("--mode", "warm")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("japan",), "refused-target"),
        (("CASE", "--k", 9), "--k"),
        (("CASE", "--k", 0), "--k"),
    ],
)  # fmt: skip
def test_what_is_refused_says_what_to_do(command: Command, case: Path, words: tuple[object, ...], said: str) -> None:
    code, out, err = command("stress", "screen", *(case if one == "CASE" else one for one in words))
    assert (code, said in err, out) == (2, True, "")


def test_no_such_case(command: Command) -> None:
    assert command("stress", "screen", "nowhere.m")[0] == 3
