"""`noroshi stress cascade` on a ring worked by hand, on the fictional country, and on what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Command

# A ring of four buses, 90 MW from 1 to 3. Row 1 is out of service: rows of the file are not places.
CASE = """function mpc = ring
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
 1 3 0 0 0 0 1 1 0 220 1 1.1 0.9;
 2 1 0 0 0 0 1 1 0 220 1 1.1 0.9;
 3 1 90 0 0 0 1 1 0 220 1 1.1 0.9;
 4 1 0 0 0 0 1 1 0 220 1 1.1 0.9;
];
mpc.gen = [ 1 90 0 0 0 1 100 1 100 0; ];
mpc.branch = [
 1 2 0 0.1 0 60 0 0 0 0 1 -360 360;
 1 2 0 0.1 0 60 0 0 0 0 0 -360 360;
 2 3 0 0.1 0 100 0 0 0 0 1 -360 360;
 3 4 0 0.1 0 100 0 0 0 0 1 -360 360;
 4 1 0 0.1 0 80 0 0 0 0 1 -360 360;
];
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    file = tmp_path / "ring.m"
    file.write_text(CASE, encoding="utf-8")
    return file


def test_one_outage_is_told_trip_by_trip(command: Command, case: Path) -> None:
    code, out, _ = command("stress", "cascade", case, "--out", "0", "--json")
    found = json.loads(out)
    assert (code, found["cascades"], found["rule"], found["demand_mw"], found["spreading"]) == (0, 1, "relay", 90, 1)
    (one,) = found["worst"]
    assert (one["outage"], one["names"], one["collapses"], one["islands"]) == ([0], ["1-2"], 1, 0)
    assert [(trip["branch"], trip["cause"], trip["turn"]) for trip in one["trips"]] == [
        (0, "attack", 0),
        (4, "overload", 1),
    ]
    assert one["trips"][1]["time_s"] == one["ended_s"] == pytest.approx(80 / (1.125**2 - 1))
    assert one["shed"] == [{"bus": "3", "mw": pytest.approx(90)}]
    assert one["shed_by_priority_mw"] == pytest.approx([90, 0])
    ((dark),) = one["dark"]
    assert (dark["turn"], dark["buses"], dark["mw"]) == (1, 3, pytest.approx(90))
    plain = json.loads(command("stress", "cascade", case, "--out", "0", "--rule", "plain", "--json")[1])
    assert (plain["rule"], plain["worst"][0]["ended_s"]) == ("plain", 0)
    held = json.loads(command("stress", "cascade", case, "--out", "0", "--horizon", 300, "--json")[1])
    assert (held["most_lost_mw"], held["worst"][0]["overloaded"]) == (0, 1)
    wide = json.loads(command("stress", "cascade", case, "--out", "0", "--limit", 1.2, "--json")[1])
    assert wide["spreading"] == 0


def test_all_outages_and_a_sample_drawn_the_same_each_time(command: Command, case: Path) -> None:
    every = json.loads(command("stress", "cascade", case, "--k", 2, "--top", 9, "--json")[1])
    assert (every["cascades"], every["sampled"], every["collapsing"], len(every["worst"])) == (6, False, 6, 6)
    lost = [one["lost_mw"] for one in every["worst"]]
    assert lost == sorted(lost, reverse=True)
    assert every["mean_lost_mw"] == pytest.approx(sum(lost) / 6)

    def drawn(seed: int) -> object:
        found = json.loads(command("stress", "cascade", case, "--sample", 3, "--seed", seed, "--json")[1])
        return found["sampled"], sorted(one["outage"] for one in found["worst"])

    assert drawn(1) == drawn(1)
    assert any(drawn(1) != drawn(seed) for seed in (2, 3, 4))


def test_what_people_read_in_both_languages(command: Command, case: Path) -> None:
    code, out, _ = command("stress", "cascade", case, "--out", "0", "--limit", 0.5)
    assert (code, "Out: 1-2. 90.0 MW lost" in out, "their limit was raised" in out) == (0, True, True)
    code, out, _ = command("--lang", "ja", "stress", "cascade", "sorami", "--k", 2, "--top", 1)
    assert (code, "停電" in out, "抽出" in out) == (0, True, False)
    # Thirty more lines of 2 MW between 2 and 3 take 1.9 each, 2.9 where all goes that way.
    twins = " 2 3 0 0.1 0 2 0 0 0 0 1 -360 360;\n" * 30
    case.write_text(CASE.replace("mpc.branch = [\n", "mpc.branch = [\n" + twins), encoding="utf-8")
    code, out, _ = command("stress", "cascade", case, "--out", "34", "--rule", "plain")
    assert (code, "Trips: 31, rounds: 1," in out, "and 11 more" in out) == (0, True, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("japan",), "refused-target"),
        (("CASE", "--k", 9), "--k"),
        (("CASE", "--k", 0), "--k"),
        (("CASE", "--out", "1"), "rows of ring in service"),
        (("CASE", "--out", "0,x"), "commas"),
    ],
)  # fmt: skip
def test_what_is_refused_says_what_to_do(command: Command, case: Path, words: tuple[object, ...], said: str) -> None:
    code, out, err = command("stress", "cascade", *(case if one == "CASE" else one for one in words))
    assert (code, said in err, out) == (2, True, "")


def test_no_such_case(command: Command) -> None:
    assert command("stress", "cascade", "nowhere.m")[0] == 3
