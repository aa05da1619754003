"""What a memo tells of the incidents behind it: as each victim agreed, and nothing that is marked higher."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.test_situations import NOW, hub, opened, refused, reported, who

from noroshi.desk import incidents, memos, positions, situations
from noroshi.desk.blanking import folded
from noroshi.desk.hub import Hub
from noroshi.report.memo import memo_html
from noroshi.report.memo_content import memo_content
from noroshi.report.position_text import position_rows
from noroshi.respond.asks import Words
from noroshi.respond.incident import Consented, Moved, Reported
from noroshi.respond.position import Claimed, Considered, Decided, Stated, Touched
from noroshi.respond.situation import Admitted, Gathered, Opened
from noroshi.store.contract import Principal

__all__ = ["hub"]
pytestmark = pytest.mark.parametrize("hub", ["sqlite"], indirect=True)
"""What is told is made of lines; that both databases give the same lines is seen elsewhere."""
SPELT = ("kumo-rail", "Kumo Rail", "ＫＵＭＯ－ＲＡＩＬ", "K u m o rail", "KumoRail's", "雲鉄道")


def gathered(hub: Hub, uid: str, incident: str) -> None:
    situations.say(hub, who(hub, "duty"), uid, [Gathered(incident)], NOW, NOW)


def named(text: str) -> list[Any]:
    """Return one of each entry, with a text wherever a person may write one."""
    both = Words(text, text)
    return [
        Claimed(text, "ally", "B2", text, "claim", confidence=text, text=both),
        Stated("public", both, "say", text),
        Touched(both, both, "touch"),
        Considered("sanctions", both, both, both, "option"),
        Decided(both, "option"),
    ]


def test_incidents_are_told_as_each_victim_agreed(hub: Hub) -> None:
    uid, duty = opened(hub), who(hub, "duty")
    for consent in ("withheld", "sector", "named"):
        one = reported(hub)
        incidents.say(hub, who(hub, "kumo"), one, [Consented(consent), Moved("confirmed")], NOW, NOW)
        gathered(hub, uid, one)
    told = memos.memo(hub, duty, uid, NOW).incidents
    assert [one.victim.en for one in told[:2]] == [
        "an organisation that is not named",
        "an organisation of the sector railway",
    ]
    assert told[2].victim.en == "[…]"  # the same organisation, which elsewhere has not agreed
    assert {one.state.ja for one in told} == {"確認"}


def test_an_incident_that_is_marked_higher_stands_in_no_memo(hub: Hub) -> None:
    duty = who(hub, "duty")
    secret = Reported("kumo-rail", "leak", "x", None, "railway")
    for of, incident, seen in (
        ({"tlp": "AMBER"}, {"tlp": "RED"}, 0),
        ({"tlp": "AMBER"}, {"tlp": "GREEN"}, 1),
        ({"tlp": "RED"}, {"tlp": "RED"}, 1),
    ):
        uid = opened(hub, **of)
        gathered(hub, uid, reported(hub, "duty", secret, **incident))
        memo = memos.memo(hub, duty, uid, NOW)
        assert len(memo.incidents) == seen
        assert memo.position.tlp == of["tlp"]


def test_an_auditor_reads_it_without_names_and_the_centre_with_them(hub: Hub) -> None:
    uid = opened(hub)
    incident = reported(hub)
    gathered(hub, uid, incident)
    for spelt in SPELT[:5:2]:
        positions.say(hub, who(hub, "duty"), uid, named(f"Talk of {spelt} alone"), NOW, NOW)
        own, audited = (memos.seen(hub, who(hub, name), uid) for name in ("duty", "check"))
        assert folded("kumo-rail") in folded(repr(own))
        memo = memos.memo(hub, who(hub, "duty"), uid, NOW)
        outputs = [repr(audited), repr(memo), *("\n".join(position_rows(audited, ja)) for ja in (0, 1)),
                   *(memo_html(memo, lang) for lang in ("en", "ja")), repr(memo_content(memo, "ja"))]  # fmt: skip
        for one in outputs:
            assert folded("kumo-rail") not in folded(one)
            assert "[…]" in one
        assert audited.digest == own.digest
    incidents.say(hub, who(hub, "kumo"), incident, [Consented("named")], NOW, NOW)
    assert folded("kumo-rail") in folded(repr(memos.memo(hub, who(hub, "duty"), uid, NOW)))


def test_by_what_is_taken_out_nobody_learns_of_an_incident_that_it_may_not_see(hub: Hub) -> None:
    duty, deputy = who(hub, "duty"), who(hub, "deputy")
    uid, other = opened(hub), opened(hub)
    gathered(hub, uid, reported(hub, "duty", Reported("kumo-rail", "leak", "x", None, "railway"), tlp="RED"))
    for one in (uid, other):
        positions.say(hub, deputy, one, named("Was it kumo-rail?"), NOW, NOW)
    told = [memos.memo(hub, deputy, one, NOW) for one in (uid, other)]
    assert memo_content(told[0], "en")["claims"] == memo_content(told[1], "en")["claims"]
    assert "kumo-rail" not in repr(memos.memo(hub, duty, uid, NOW))
    partner = who(hub, "ally")
    runs_it = Principal(partner.no, partner.name, partner.kind, partner.sees, partner.communities, partner.version,
                        owner=True)  # fmt: skip
    gathered(hub, uid, reported(hub, "port"))
    positions.say(hub, runs_it, uid, named("Was it minato?"), NOW, NOW)
    assert "minato" in repr(memos.seen(hub, runs_it, uid).claims)
    assert "minato" not in repr(memos.memo(hub, duty, uid, NOW))


def test_who_takes_part_gets_no_memo(hub: Hub) -> None:
    uid = opened(hub)
    situations.say(hub, who(hub, "duty"), uid, [Admitted("kumo")], NOW, NOW)
    for of in (uid, "none"):
        with refused(404):
            memos.memo(hub, who(hub, "kumo"), of, NOW)


@given(st.lists(st.tuples(st.sampled_from(SPELT[:5]), st.text(max_size=8)), min_size=1, max_size=3), st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_output_holds_a_name_whatever_stands_around_it(
    case: tuple[Hub, str], parts: list[tuple[str, str]], japanese: bool
) -> None:
    hub, uid = case
    text = " ".join(f"{around}{name} {around}" for name, around in parts if "kumo" not in folded(around)) or "kumo-rail"
    text = "".join(one for one in text if one.isprintable())
    positions.say(hub, who(hub, "duty"), uid, named(text or "x"), NOW, NOW)
    memo = memos.memo(hub, who(hub, "duty"), uid, NOW)
    for one in (repr(msgspec.to_builtins(memo)), memo_html(memo, "ja" if japanese else "en")):
        assert folded("kumo-rail") not in folded(one)


@pytest.fixture
def case(hub: Hub) -> tuple[Hub, str]:
    uid = situations.open_(hub, who(hub, "duty"), Opened(Words("Trains", "列車")), NOW)
    gathered(hub, uid, reported(hub))
    return hub, uid
