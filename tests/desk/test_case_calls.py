"""The call sheet: who is at risk and silent first, in their language, on one side of the wall, no victim's name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.desk.briefed import BEGAN, Case, case

from noroshi.desk.case_calls import CallSheet, calls
from noroshi.files.estates import load
from noroshi.report.case_calls import call_lines, call_page
from noroshi.respond.incident import Consented, Reported
from noroshi.share.taxii import Refused

NAMES = ("tomariura-port", "Tomariura Port Terminals", "泊浦港ターミナル")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    one = case(tmp_path_factory.mktemp("calls"))
    with patch("noroshi.files.estates.load", cache(load)):  # read once: it is the same each time
        yield one
    one.hub.store.close()


def sheet(one: Case, hour: float = 42.0) -> CallSheet:
    return calls(one.hub, one.who("duty"), one.uid, one.at(hour))


def forms(found: CallSheet) -> list[str]:
    return [msgspec.json.encode(found).decode(), *(call_page(found, lang) for lang in ("en", "ja")),
            *("\n".join(call_lines(found, lang)) for lang in ("en", "ja"))]  # fmt: skip


def a_port(one: Case, exercise: bool = False) -> None:
    one.opened(1.0, exercise=exercise)
    one.reported(1.5, Reported("tomariura-port", "malware", "cranes", BEGAN, "port"), exercise=exercise)


def test_who_is_at_risk_and_silent_comes_first_then_ministries_and_who_answered_is_not_called(told: Case) -> None:
    a_port(told)
    (first, ministry) = sheet(told, 2.0).rows
    assert (first.principal, first.group, first.warning, first.language) == ("carrier", "unwarned", "", "en")
    assert (ministry.principal, ministry.group, ministry.language) == ("transport", "ministry", "ja")
    warned = told.warned(3.0, "carrier", "gas", "port")
    rows = {row.principal: row for row in sheet(told, 4.0).rows}
    assert {name: row.group for name, row in rows.items()} == {
        "port": "silent", "carrier": "silent", "gas": "silent", "transport": "ministry",
    }  # fmt: skip
    assert [row.principal for row in sheet(told, 4.0).rows] == ["port", "carrier", "gas", "transport"]
    assert rows["port"].lost > 0.0
    assert [(one.name, one.phone, one.languages) for one in rows["port"].phones] == [
        ("Sato, shift leader", "+81-3-0000-0001", ["ja", "en"]), ("Office", "+81-3-0000-0002", ["ja"]),
    ]  # fmt: skip
    assert rows["gas"].phones == []
    assert "Malware in terminal systems" in rows["carrier"].say
    assert "遠隔接続を切断" in rows["port"].say
    told.answered(5.0, warned, "carrier")
    assert "carrier" not in {row.principal for row in sheet(told, 6.0).rows}
    english, japanese = (("\n".join(call_lines(sheet(told, 6.0), lang))) for lang in ("en", "ja"))
    for text in ("1. [ ] port  at risk, warned, has not answered, loses", "NO NUMBER IS KEPT", "time _____",
                 "+81-3-0000-0001  Sato, shift leader (ja, en)"):  # fmt: skip
        assert text in english, text
    assert "電話番号の登録なし" in japanese


def test_what_the_marking_keeps_from_somebody_is_not_read_to_it(told: Case) -> None:
    told.opened(1.0, tlp="RED")
    told.reported(1.5, Reported("tomariura-port", "malware", "cranes", BEGAN, "port"), tlp="RED")
    told.warned(3.0, "carrier", title="For the few")
    found = sheet(told, 4.0)
    assert found.tlp == "RED"
    assert found.rows == []
    assert "For the few" not in "".join(forms(found))
    assert sheet(told, 2.0).rows == []
    assert sheet(told, 2.0).barred == ["carrier"]
    assert "the marking bars them from being told: carrier" in forms(sheet(told, 2.0))[3]


def test_an_exercise_calls_those_who_are_there_for_exercises_alone(told: Case) -> None:
    a_port(told, exercise=True)
    found = sheet(told, 2.0)
    assert [row.principal for row in found.rows] == ["drilled"]
    assert found.rows[0].say[0] == "演習、演習、演習。"
    json, *texts = forms(found)
    assert '"exercise":true' in json
    for text, said in zip(texts, ("EXERCISE EXERCISE EXERCISE", "演習 演習 演習") * 2, strict=True):
        assert text.count(said) >= 2
    assert texts[2].startswith("EXERCISE")
    assert "+81-3-0000-0004" not in "".join(texts)
    a_port(told)
    live = "".join(forms(sheet(told, 2.0)))
    assert "drilled" not in live
    assert "+81-3-0000-0009" not in live
    assert "EXERCISE" not in live


def test_only_the_centre_has_it(told: Case) -> None:
    a_port(told)
    for name in ("carrier", "transport", "ally", "check"):
        for uid in (told.uid, "00000000-0000-4000-8000-000000000009"):
            with pytest.raises(Refused) as refused:
                calls(told.hub, told.who(name), uid, told.at(2.0))
            assert refused.value.status == 403


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(name=st.sampled_from(NAMES), consent=st.sampled_from(["withheld", "sector"]), what=st.booleans())
def test_a_victims_name_is_not_said_to_anybody_unless_it_agreed(
    told: Case, name: str, consent: str, what: bool
) -> None:
    told.opened(1.0)
    uid = told.reported(1.5, Reported("tomariura-port", "malware", name, BEGAN, "port", "named"))
    title = f"Attack on {name}" if what else f"{name}: attack"
    told.warned(3.0, "carrier", "gas", title=title)
    assert any(name in line for row in sheet(told, 4.0).rows for line in row.say)
    told.said(5.0, uid, Consented(consent))
    for row in sheet(told, 6.0).rows:
        assert not any(called.lower() in line.lower() for called in NAMES for line in row.say)
    told.reported(7.0, Reported("asanagi-gas", "leak", "x", BEGAN, "gas", "named"))
    assert not any(name in line for row in sheet(told, 8.0).rows for line in row.say)


def test_the_same_store_and_moment_give_the_same_sheet(told: Case) -> None:
    a_port(told)
    told.warned(3.0, "carrier", "gas")
    first, second = ("".join(forms(sheet(told, 4.0))) for _ in range(2))
    assert hash(first) == hash(second)
