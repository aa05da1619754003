"""Warnings from a situation: its marking and its flag, no victim's name without consent, and who was not warned."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as kept_to
from hypothesis import strategies as st
from tests.desk.test_situations import NOW, hub, opened, refused, reported, who

from noroshi.desk import situations
from noroshi.desk.blanking import folded
from noroshi.desk.hub import Hub
from noroshi.desk.situation_warnings import Draft, unwarned, warn
from noroshi.desk.warnings import correct, read, retract
from noroshi.desk.warnings_proposing import Lenses, follow, proposed
from noroshi.desk.warnings_sending import Wanted, real_timing, send
from noroshi.files.estates import load
from noroshi.respond.incident import Moved, Reported
from noroshi.respond.situation import Closed, Gathered
from noroshi.settings import Settings
from noroshi.share.warnings import Audience, Said, Words
from noroshi.store import warnings as kept
from noroshi.store.contract import Declared, DeclaredContact

__all__ = ["hub"]

SORAMI = load("sorami", "en")
PORT = Reported("tomariura-port", "unavailability", "cranes stand still", NOW - 3_600_000_000, "port")
DRAFT = Draft(
    Words("Containers wait", "コンテナ滞留"), Words("A terminal stands still", "あるターミナルが停止"),
    Words("Plan other routes", "別経路を手配"), "high",
)  # fmt: skip


def sent_by(hub: Hub, folder: Path, uid: str, draft: Draft = DRAFT, name: str = "", by: str = "duty") -> kept.Kept:
    return warn(hub, folder, who(hub, by), uid, draft, NOW, SORAMI, name)


def gathered(hub: Hub, said: Reported = PORT, **filing: object) -> str:
    """Open a situation with an incident in it."""
    uid = opened(hub, **filing)
    one = reported(hub, "duty", said, **filing)
    situations.say(hub, who(hub, "duty"), uid, [Gathered(one)], NOW, NOW)
    return uid


def test_a_warning_is_marked_and_flagged_as_its_situation_is_and_kept_with_it(hub: Hub, tmp_path: Path) -> None:
    for exercise in (False, True):
        uid = gathered(hub, tlp="AMBER+STRICT", exercise=exercise)
        one = sent_by(hub, tmp_path, uid)
        said = one.last.said
        assert (said.tlp, said.communities, said.exercise) == ("AMBER+STRICT", None, exercise)
        assert one.audience == Audience(organisations=("tomariura-port",))
        assert situations.read(hub, who(hub, "duty"), uid).situation.warnings == (one.uid,)
    less = sent_by(hub, tmp_path, uid, DRAFT._replace(tlp="GREEN"))
    assert (less.last.said.tlp, less.last.said.communities) == ("GREEN", None)


def test_the_same_warning_of_a_script_is_one(hub: Hub, tmp_path: Path) -> None:
    uid, name = gathered(hub), "00000000-0000-4000-8000-000000000001"
    first = sent_by(hub, tmp_path, uid, name=name)
    again = sent_by(hub, tmp_path, uid, DRAFT._replace(severity="low"), name=name)
    assert (again.uid, again.last) == (first.uid, first.last)
    assert situations.read(hub, who(hub, "duty"), uid).situation.warnings == (name,)
    assert len(kept.warnings(hub.store)) == 1


@pytest.mark.parametrize("text", ["Tomariura Port Terminals", "ＴＯＭＡＲＩＵＲＡ　port", "tomariura-port", "泊浦"])
def test_the_name_of_a_victim_that_has_not_agreed_is_refused_in_every_text(
    hub: Hub, tmp_path: Path, text: str
) -> None:  # fmt: skip
    uid = gathered(hub)
    names = SORAMI.frame("organisations").filter(id="tomariura-port").row(0, named=True)
    text = names["name_ja"] if text == "泊浦" else text
    for words in (Words(f"at {text} now", "日本語"), Words("now", f"{text}にて")):
        for draft in (DRAFT._replace(title=words), DRAFT._replace(text=words), DRAFT._replace(action=words)):
            with refused(422, r"has not agreed to be named"):
                sent_by(hub, tmp_path, uid, draft)
    assert kept.warnings(hub.store) == ()
    one, duty = sent_by(hub, tmp_path, uid), who(hub, "duty")
    audience = Audience(organisations=("tomariura-port",))
    named = Said(DRAFT.title, Words(f"It is {text}", "停止"), DRAFT.action, "high", "AMBER", None, audience)
    with refused(422, r"has not agreed to be named"):
        correct(hub, tmp_path, duty, one.uid, named, NOW)
    with refused(422, r"why.ja: .* has not agreed to be named"):
        retract(hub, tmp_path, duty, one.uid, Words("a mistake", f"{text}の誤報"), NOW)
    agreed = Reported("tomariura-port", "unavailability", "x", NOW, "port", "named")
    sent_by(hub, tmp_path, gathered(hub, agreed), DRAFT._replace(text=Words(text, text)))


@kept_to(max_examples=200)
@given(st.text(max_size=12), st.text(max_size=12), st.sampled_from(["tomariura-port", "Tomariura Port", "泊 浦"]))
def test_a_name_is_found_within_any_text(before: str, after: str, name: str) -> None:
    assert folded(name) in folded(f"{before} {name.upper()} {after}")


def test_who_depends_and_was_not_chosen_is_listed_until_it_is(hub: Hub, tmp_path: Path) -> None:
    uid, none = gathered(hub), frozenset[str]()
    contacts = (
        DeclaredContact("kumo", "isokaze-logistics", frozenset({"logistics"}), none, none),
        DeclaredContact("port", "strait-ferry", frozenset({"logistics"}), none, none),
    )
    hub.store.apply(Declared((), (), (), (), (), contacts))
    duty = who(hub, "duty")
    before = {one.organisation: one for one in unwarned(hub, duty, uid, SORAMI)}
    assert before["isokaze-logistics"].reach == ("kumo",)
    assert before["strait-ferry"].chain == "strait-ferry → tomariura-port"
    assert (before["tomariura-hospital"].reach, before["tomariura-hospital"].barred) == ((), ())
    assert "tomariura-port" not in before, "the victim knows"
    there = sent_by(hub, tmp_path, uid)
    whom = {one.principal: one.kept_from for one in proposed(hub, duty, there.uid, Lenses(SORAMI))}
    assert whom == {"kumo": "", "port": ""}
    hub.store.change(
        lambda wire: kept.choose(
            wire, there.no, 1, NOW + 5, [kept.Choice(who(hub, "kumo").no, (), (), "", chosen=True)]
        )
    ).result(10)
    after = {one.organisation for one in unwarned(hub, duty, uid, SORAMI)}
    assert set(before) - after == {"isokaze-logistics"}
    assert {one.organisation for one in unwarned(hub, duty, uid, SORAMI, NOW + 4)} == set(before), "not by then"
    situations.say(hub, duty, uid, [Closed("over")], NOW, NOW)
    with refused(422, "closed"):
        sent_by(hub, tmp_path, uid)


def test_what_is_over_warns_nobody(hub: Hub) -> None:
    uid = gathered(hub)
    (one,) = situations.read(hub, who(hub, "duty"), uid).incidents
    from noroshi.desk import incidents

    for state in ("confirmed", "contained", "recovered", "closed"):
        incidents.say(hub, who(hub, "duty"), one.dossier.uid, [Moved(state)], NOW, NOW)
    assert unwarned(hub, who(hub, "duty"), uid, SORAMI) == ()


def test_nobody_but_the_centre_warns_from_a_situation_and_others_are_told_nothing(hub: Hub, tmp_path: Path) -> None:
    uid = gathered(hub)
    for name in ("kumo", "transport", "ally", "check"):
        with refused(403):
            sent_by(hub, tmp_path, uid, by=name)
    with refused(404):
        sent_by(hub, tmp_path, gathered(hub, tlp="RED"), by="deputy")
    with refused(403):
        unwarned(hub, who(hub, "kumo"), uid, SORAMI)
    there = sent_by(hub, tmp_path, uid)
    with refused(404):
        read(hub, who(hub, "kumo"), there.uid, NOW)


def test_an_auditor_sees_that_a_recipient_depends_on_the_victim_and_not_on_whom(hub: Hub, tmp_path: Path) -> None:
    uid, none = gathered(hub), frozenset[str]()
    contact = DeclaredContact("kumo", "isokaze-logistics", frozenset({"logistics"}), none, none)
    hub.store.apply(Declared((), (), (), (), (), (contact,)))
    there = sent_by(hub, tmp_path, uid)
    plain = Settings("127.0.0.1", 8600, "en", 0, tmp_path, tmp_path, "", request_rate=0)
    send(hub, plain, who(hub, "duty"), there.uid, Wanted(("kumo",)), real_timing(), Lenses(SORAMI))
    for name, told in (("duty", "isokaze-logistics → tomariura-port"), ("check", "")):
        (row,) = [one for one in follow(hub, who(hub, name), there.uid).rows if one.chosen]
        rule = "dependency" if told else "untold"
        assert [(why.rule, why.what) for why in row.reasons] == [(rule, told)]
