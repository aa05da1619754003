"""The position at the desk, on both databases: who may enter, read, sign; and what comes from an assessment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.desk.test_situations import NOW, hub, opened, refused, reported, who

from noroshi.attribute.nexus import NEXUS
from noroshi.desk import positions, situations
from noroshi.desk.hub import Hub
from noroshi.errors import InputError
from noroshi.respond.asks import Words
from noroshi.respond.incident import Remarked
from noroshi.respond.position import Claimed, Considered, Decided, Found, Signed, Stated, Withdrawn
from noroshi.respond.situation import Admitted, Closed, Gathered
from noroshi.share.taxii import Refused
from noroshi.store.contract import Principal, Scope

__all__ = ["hub"]
TEXT = Words("Somebody did it", "誰かが行った")
CLAIM = Claimed("FBI", "ally", "B2", "press release", "fbi", "KP", "Lazarus Group")
OPTION = Considered("joint-statement", TEXT, TEXT, TEXT, "joint", "KP")
ASSESSMENT: dict[str, Any] = {
    "schema_version": 1, "incident": "x", "as_of": "2014-12-19", "knowledge": "ATT&CK", "unknown": 0.04,
    "candidates": [{"id": "G0032", "name": "Lazarus Group", "probability": 0.95, "word": "w", "word_ja": "w"},
                   {"id": "G0034", "name": "Sandworm", "probability": 0.01, "word": "w", "word_ja": "w"}],
    "nexus": [{"name": "unknown", "probability": 0.04}, {"name": "North Korea", "probability": 0.96}],
    "asserted": "G0032", "statement": "Attributed.", "statement_ja": "帰属。",
    "guard": {"passed": True, "reasons": [], "reasons_ja": [],
              "checks": [{"rule": "probability", "holds": True, "text": "t", "text_ja": "t"}]},
    "prior_band": [{"prior_unknown": 0.2, "leader": 0.97, "unknown": 0.02},
                   {"prior_unknown": 0.6, "leader": 0.91, "unknown": 0.08}],
}  # fmt: skip
HELD = {**ASSESSMENT, "asserted": None, "guard": {
    "passed": False, "reasons": ["two sources are asked"], "reasons_ja": ["情報源が2件必要"],
    "checks": [{"rule": "sources", "holds": False, "text": "t", "text_ja": "t"}]}}  # fmt: skip


def entered(hub: Hub, uid: str, *said: Any, name: str = "duty", **more: Any) -> int:
    return positions.say(hub, who(hub, name), uid, said, NOW, NOW, **more)


def finding(of: dict[str, Any]) -> Found:
    return positions.finding_in(json.dumps(of).encode())


def test_the_centre_enters_and_who_takes_part_sees_none_of_it(hub: Hub) -> None:
    uid = opened(hub)
    situations.say(hub, who(hub, "duty"), uid, [Admitted("ally"), Admitted("kumo")], NOW, NOW)

    def told() -> list[Any]:
        found: list[Any] = []
        for name in ("ally", "kumo", "transport"):
            for of in (uid, "there-is-no-such-situation"):
                with pytest.raises(Refused) as error:
                    positions.read(hub, who(hub, name), of)
                found.append(error.value)
            found.append(repr(situations.situations(hub, who(hub, name))))
        return found

    before = told()
    assert entered(hub, uid, CLAIM, OPTION) == 5
    assert told() == before
    assert all(one is situations.ABSENT for one in before if isinstance(one, Refused))
    for name in ("ally", "kumo", "transport", "check"):
        with refused(403):
            entered(hub, uid, CLAIM, name=name)
    seen = [positions.read(hub, who(hub, name), uid) for name in ("duty", "deputy", "check")]
    assert all([entry.id for entry in one.position.entries] == ["fbi", "joint"] for one in seen)
    assert (seen[0].names, seen[0].title, seen[0].closed) == ({"G0032": "Lazarus Group"}, seen[0].title, False)
    with refused(404):
        positions.read(hub, who(hub, "deputy"), opened(hub, tlp="RED"))


def test_a_group_is_known_by_its_names_and_a_person_is_none(hub: Hub) -> None:
    uid = opened(hub)
    entered(hub, uid, CLAIM, Stated("private", TEXT, "call", group="HIDDEN COBRA"))
    one = positions.read(hub, who(hub, "duty"), uid).position
    assert [getattr(entry.said, "group", "") for entry in one.entries] == ["G0032", "G0032"]
    for name in ("Park Jin Hyok", "the man at the desk", "North Korea"):
        with refused(422, "a person is never named"):
            entered(hub, uid, msgspec.structs.replace(CLAIM, group=name))
        with refused(422, "a person is never named"):
            entered(hub, uid, msgspec.structs.replace(CLAIM, nexus=name))
    assert len(positions.read(hub, who(hub, "duty"), uid).position.entries) == 2


def test_a_person_of_the_centre_signs_what_stands(hub: Hub) -> None:
    uid = opened(hub)
    with refused(422, "something was entered"):
        positions.sign(hub, who(hub, "duty"), uid, "Director", "0" * 64, NOW, NOW)
    entered(hub, uid, CLAIM, OPTION, Decided(TEXT, "joint"))
    digest = positions.read(hub, who(hub, "duty"), uid).position.digest
    entered(hub, uid, msgspec.structs.replace(CLAIM, id="fbi", grade="A2"))
    with refused(422, "what stands now"):
        positions.sign(hub, who(hub, "duty"), uid, "Director", digest, NOW, NOW)
    owner = owner_of(who(hub, "kumo"))
    for asker in (owner, with_token(who(hub, "duty"))):
        with refused(403, "signs|token"):
            positions.sign(hub, asker, uid, "Director", "", NOW, NOW)
    for name in ("kumo", "ally", "check"):
        with refused(403):
            positions.sign(hub, who(hub, name), uid, "Director", "", NOW, NOW)
    positions.sign(hub, who(hub, "deputy"), uid, "Director", "", NOW, NOW)
    (one,) = positions.read(hub, who(hub, "check"), uid).position.signatures
    assert (one.by, one.role, one.holds) == ("deputy", "Director", True)
    entered(hub, uid, Withdrawn("fbi", "it was another"))
    shown = positions.read(hub, who(hub, "duty"), uid)
    assert not shown.position.signatures[0].holds
    assert "changed-since" in [one.code for one in shown.warnings]


def owner_of(one: Principal) -> Principal:
    """Return who also runs the hub, of whatever kind it is."""
    return Principal(one.no, one.name, one.kind, one.sees, one.communities, one.version, owner=True)


def with_token(one: Principal) -> Principal:
    """Return who comes with a token that was made for a program."""
    names = frozenset({"read", "write"})
    return Principal(one.no, one.name, one.kind, one.sees, one.communities, one.version, scope=Scope(names, None))


def test_what_is_sent_again_is_kept_once_and_a_script_goes_on(hub: Hub) -> None:
    uid = opened(hub)
    for _ in range(3):
        entered(hub, uid, CLAIM, OPTION, once="day 1")
        positions.assess(hub, who(hub, "duty"), uid, finding(HELD), NOW, NOW, "finding")
        positions.sign(hub, who(hub, "duty"), uid, "Director", "", NOW, NOW, "signed")
        entered(hub, uid, Decided(TEXT, "joint"), once="day 2")
    there = positions.read(hub, who(hub, "duty"), uid).position
    assert [entry.id for entry in there.entries] == ["fbi", "joint", "finding", "decision"]
    assert all(not entry.before for entry in there.entries)
    assert [one.holds for one in there.signatures] == [False]


def test_it_cannot_be_entered_or_signed_past_the_rules(hub: Hub) -> None:
    uid, duty = opened(hub), who(hub, "duty")
    for line in (CLAIM, Signed("Director", "0" * 64), finding(ASSESSMENT)):
        with refused(422, "apart"):
            situations.say(hub, duty, uid, [line, Remarked("x")], NOW, NOW)
    with refused(422, "the assessment file itself"):
        entered(hub, uid, CLAIM, finding(ASSESSMENT))
    with refused(422, "grade"):
        entered(hub, uid, OPTION, msgspec.structs.replace(CLAIM, grade="Z9"))
    assert positions.read(hub, duty, uid).position.entries == ()
    with refused(404):
        entered(hub, reported(hub), CLAIM)
    situations.say(hub, duty, uid, [Gathered(reported(hub)), Closed("over")], NOW, NOW)
    with refused(422, "closed"):
        entered(hub, uid, CLAIM)


def test_an_assessment_becomes_our_finding(tmp_path: Path) -> None:
    file = tmp_path / "assessment.json"
    file.write_bytes(json.dumps(HELD).encode())
    held = positions.finding_from(file)
    assert (held.guard, held.nexus, held.group, held.low, held.high) == ("not-attributed", "KP", "G0032", 0.91, 0.97)
    assert held.reasons == (Words("two sources are asked", "情報源が2件必要"),)
    assert (held.origin, held.knowledge, len(held.evidence)) == ("assessment", "ATT&CK, 2014-12-19", 64)
    asserted = finding(ASSESSMENT)
    assert (asserted.guard, asserted.nexus, asserted.group) == ("asserted", "KP", "G0032")
    weak = {"nexus": [{"name": "North Korea", "probability": 0.8}, {"name": "unknown", "probability": 0.2}]}
    assert finding({**ASSESSMENT, **weak}).nexus == ""
    assert finding({**HELD, **weak}).nexus == "KP"
    rather = {"unknown": 0.6, "candidates": [{"id": "G0032", "name": "x", "probability": 0.4}]}
    nobody = finding({**HELD, **rather})
    assert (nobody.nexus, nobody.group, nobody.low) == ("", "", None)
    assert {name for name, _ in NEXUS} == set(positions.NEXUS_CODES)


@pytest.mark.parametrize(
    "change",
    [
        {"asserted": "G0034"},
        {"asserted": "G0032", "guard": HELD["guard"]},
        {"guard": {**ASSESSMENT["guard"], "checks": HELD["guard"]["checks"]}},
        {"guard": {**ASSESSMENT["guard"], "checks": []}},
        {"guard": {**HELD["guard"], "passed": True}, "asserted": None},
        {"guard": {**HELD["guard"], "reasons_ja": []}, "asserted": None},
        {"unknown": 0.9},
        {"unknown": -0.01},
        {"candidates": "none"},
        {"prior_band": [{"leader": 2.0}]},
    ],
)
def test_an_assessment_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        finding({**ASSESSMENT, **change})


def test_what_is_no_assessment_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"[]", b"{}", b"\xff", b"[" * 5000, b'{"asserted": null}'):
        with pytest.raises(InputError):
            positions.finding_in(data)
    with pytest.raises(InputError):
        positions.finding_from(tmp_path / "none.json")
