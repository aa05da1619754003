"""A victim that has not agreed is named by nothing that is told: after parting too, in titles, requests and reasons."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.desk.test_situations import NOW, hub, refused, reported, who

from noroshi.desk import asks, incidents, situations
from noroshi.desk.blanking import INSTEAD, folded
from noroshi.desk.case_feed import case_calendar
from noroshi.desk.case_shapes import situation_shown
from noroshi.desk.hub import Hub
from noroshi.desk.memos import memo, seen
from noroshi.desk.naming import names_of
from noroshi.desk.positions import say
from noroshi.desk.situation_warnings import Draft, warn
from noroshi.desk.warnings import correct, write
from noroshi.desk.warnings_proposing import follow, proposed
from noroshi.desk.warnings_sending import Wanted, real_timing, send
from noroshi.files.estates import load
from noroshi.respond.incident import Consented, Met, Remarked, Reported, as_seen
from noroshi.respond.position import Stated
from noroshi.respond.situation import Admitted, Closed, Gathered, Opened, Parted, Words
from noroshi.settings import Settings
from noroshi.share.warnings import Said
from noroshi.share.warnings import Words as Text
from noroshi.store.contract import Declared, DeclaredContact

__all__ = ["hub"]

PORT = Reported("tomariura-port", "unavailability", "cranes stand still", NOW - 3_600_000_000, "port")
DRAFT = Draft(Text("Wait", "滞留"), Text("It stands still", "停止"), Text("Plan", "手配"), "high")
NAMED = DRAFT._replace(text=Text("Tomariura-port is down", "停止"))


def gathered(hub: Hub, said: Reported = PORT, title: str = "Case", **filing: object) -> tuple[str, str]:
    """Open a situation with an incident in it; return both ids."""
    duty = who(hub, "duty")
    uid = situations.open_(hub, duty, Opened(Words(title, title), "sorami"), NOW)
    one = reported(hub, "duty", said, **filing)
    situations.say(hub, duty, uid, [Gathered(one)], NOW, NOW)
    return uid, one


def told(hub: Hub, name: str, uid: str) -> str:
    """Return all that somebody is shown of a situation."""
    there = situations.read(hub, who(hub, name), uid)
    every = situations.situations(hub, who(hub, name))
    return str([situation_shown(one, NOW) for one in (there, *every)])


def test_an_incident_that_was_taken_away_still_names_nobody(hub: Hub, tmp_path: Path) -> None:
    uid, one = gathered(hub)
    duty, check = who(hub, "duty"), who(hub, "check")
    situations.say(hub, duty, uid, [Remarked("tomariura-port called")], NOW, NOW)
    say(hub, duty, uid, [Stated("public", Words("Tomariura Port was hit", "被害"))], NOW, NOW)
    situations.say(hub, duty, uid, [Parted(one, "not of it, tomariura-port says")], NOW, NOW)
    for text in (told(hub, "check", uid), str(seen(hub, check, uid)), str(memo(hub, duty, uid, NOW))):
        assert "tomariuraport" not in folded(text)
    with refused(422, "has not agreed"):
        warn(hub, tmp_path, duty, uid, NAMED, NOW)


def test_titles_and_the_texts_of_others_name_nobody_who_has_not_agreed(hub: Hub) -> None:
    uid, _ = gathered(hub, title="Ransomware at Tomariura-Port")
    duty = who(hub, "duty")
    other = Reported("kumo-rail", "malware", "waits for tomariura-port", NOW, "railway", "named")
    situations.say(hub, duty, uid, [Gathered(reported(hub, "duty", other)), Admitted("ally")], NOW, NOW)
    for name in ("ally", "check"):
        text = told(hub, name, uid)
        assert "tomariuraport" not in folded(text)
        assert ("kumo-rail" in text, INSTEAD in text) == (True, True)
        assert b"omariura" not in case_calendar(hub, who(hub, name), uid, NOW)
    assert "Tomariura-Port" in told(hub, "duty", uid)


def test_an_auditor_is_told_neither_who_answered_nor_why_where_that_could_be_the_victim(hub: Hub) -> None:
    uid, one = gathered(hub, Reported("minato", "malware", "x", NOW, "ports"))
    duty = who(hub, "duty")
    name = asks.ask(hub, duty, uid, "port", "", Words("Look", "確認"), NOW + 9, NOW)
    asks.answer(hub, who(hub, "port"), name, "refused", "our crane is down", NOW)
    situations.say(hub, duty, uid, [Remarked("ring +81-3-0000-0001")], NOW, NOW)
    there = situation_shown(situations.read(hub, who(hub, "check"), uid), NOW)
    assert "port" not in {line.by for line in there.lines}
    assert not any(word in str(there) for word in ("crane", "+81", "Look"))
    incidents.say(hub, duty, one, [Consented("named"), Remarked("its head said so by telephone")], NOW, NOW)
    assert "our crane is down" in str(situation_shown(situations.read(hub, who(hub, "check"), uid), NOW))


def test_a_centre_of_a_lower_marking_learns_nothing_of_what_is_marked_higher(hub: Hub, tmp_path: Path) -> None:
    uid, one = gathered(hub, tlp="RED")
    duty, deputy = who(hub, "duty"), who(hub, "deputy")
    assert one not in told(hub, "deputy", uid)
    assert one in told(hub, "duty", uid)
    for name in (one, "00000000-0000-4000-8000-000000000009"):
        with refused(404):
            situations.say(hub, deputy, uid, [Parted(name)], NOW, NOW)
    mine = warn(hub, tmp_path, deputy, uid, NAMED, NOW)  # that it names a victim is not told by a refusal
    text = Said(NAMED.title, Text("tomariura-port again", "停止"), NAMED.action, "high", "AMBER")
    assert correct(hub, tmp_path, deputy, mine.uid, text, NOW).last.said.version == 2
    none: frozenset[str] = frozenset()
    hub.store.apply(Declared((), (), (), (), (), (DeclaredContact("port", "tomariura-port", none, none, none),)))
    by_duty = warn(hub, tmp_path, duty, uid, DRAFT, NOW)
    settings = Settings("127.0.0.1", 8600, "en", 0, tmp_path, tmp_path, "", request_rate=0)
    send(hub, settings, duty, by_duty.uid, Wanted(("port",)), real_timing())
    for name, rules in (("duty", ["organisation"]), ("deputy", ["untold"]), ("check", ["organisation"])):
        (row,) = [each for each in follow(hub, who(hub, name), by_duty.uid).rows if each.chosen]
        assert [why.rule for why in row.reasons] == (["untold"] if name == "check" else rules), name
    whom = proposed(hub, deputy, by_duty.uid)
    assert "tomariura" not in str(whom)


def test_a_warning_that_is_written_by_itself_names_no_victim_of_an_open_situation_either(
    hub: Hub, tmp_path: Path
) -> None:
    uid, one = gathered(hub)
    duty = who(hub, "duty")
    said = Said(NAMED.title, Text("It stands still", "泊浦港ターミナルが停止"), NAMED.action, "high", "AMBER")
    with refused(422, "has not agreed"):
        write(hub, tmp_path, duty, said, NOW)
    write(hub, tmp_path, who(hub, "transport"), said, NOW)  # it is told of neither, and a refusal would tell it
    situations.say(hub, duty, uid, [Closed("over")], NOW, NOW)
    write(hub, tmp_path, duty, said, NOW)
    assert one


def test_requests_hold_the_name_of_no_victim_but_the_one_that_is_asked(hub: Hub) -> None:
    uid, _ = gathered(hub, Reported("minato", "malware", "x", NOW, "ports"))
    words = Words("Minato is hit: help", "支援")
    with refused(422, "has not agreed"):
        asks.ask(hub, who(hub, "duty"), uid, "kumo", "", words, NOW + 9, NOW)
    asks.ask(hub, who(hub, "duty"), uid, "port", "", words, NOW + 9, NOW)


def test_the_victim_alone_agrees_to_more_or_the_centre_on_its_word(hub: Hub) -> None:
    one = reported(hub)
    with refused(403, "the victim alone agrees"):
        incidents.say(hub, who(hub, "transport"), one, [Consented("named")], NOW, NOW)
    with refused(422, "who of the victim agreed"):
        incidents.say(hub, who(hub, "duty"), one, [Consented("sector")], NOW, NOW)
    incidents.say(hub, who(hub, "duty"), one, [Consented("sector"), Remarked("its head, by telephone")], NOW, NOW)
    incidents.say(hub, who(hub, "kumo"), one, [Consented("named")], NOW, NOW)
    for name in ("transport", "duty"):  # less is told at anybody's word
        incidents.say(hub, who(hub, name), one, [Consented("withheld")], NOW, NOW)


@pytest.mark.parametrize("name", ["tomariura-port", "Tomariura Port Terminals", "泊浦港ターミナル", "tomariura port"])
def test_a_victim_is_known_by_all_its_names_whichever_it_was_reported_by(name: str) -> None:
    found = {folded(one) for one in names_of(name, load("sorami", "en"))}
    assert {folded(one) for one in ("tomariura-port", "Tomariura Port Terminals", "泊浦港ターミナル")} <= found


def test_two_letters_of_another_script_are_a_name() -> None:
    assert list(names_of("東電", None)) == ["東電"]
    assert list(names_of("ab", None)) == []


def test_who_is_not_told_the_victim_is_not_told_the_duties_that_it_met(hub: Hub) -> None:
    one = reported(hub)
    incidents.say(hub, who(hub, "kumo"), one, [Met("appi-prompt")], NOW, NOW)
    there = incidents.read(hub, who(hub, "check"), one).incident
    assert "appi" not in str(there)
    assert "appi" in str(incidents.read(hub, who(hub, "kumo"), one).incident.met)
    assert as_seen(incidents.read(hub, who(hub, "kumo"), one).incident).met == {}
