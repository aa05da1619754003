"""The brief about a situation: what was entered by a moment, to each reader what it may be told, the same each time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rich.console import Console
from tests.desk.briefed import BEGAN, HOUR, Case, case
from tests.store.databases import KINDS, address

from noroshi.desk import positions, situations
from noroshi.desk.case_brief import Briefed, case_brief
from noroshi.desk.case_feed import case_calendar
from noroshi.desk.incident_severity import severity
from noroshi.files.estates import load
from noroshi.report.case_brief_html import case_page
from noroshi.report.case_brief_text import print_case_brief
from noroshi.respond.incident import Consented, Corrected, Harmed, Moved, Remarked, Reported
from noroshi.respond.incident_words import CONSENTS, EVENTS
from noroshi.respond.position import Stated
from noroshi.respond.situation import Admitted, Parted, Words
from noroshi.share.taxii import Refused
from noroshi.share.warnings_words import KEPT_FROM

NAMES = ("tomariura-port", "Tomariura Port Terminals", "泊浦港ターミナル")
"""What the victim is called, here and in the estate."""


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Case]:
    one = case(tmp_path)
    with patch("noroshi.files.estates.load", cache(load)):
        yield one
    one.hub.store.close()


def forms(found: Briefed) -> list[str]:
    """Return every form that a brief has."""
    written = io.StringIO()
    for lang in ("en", "ja"):
        print_case_brief(found, lang, Console(file=written, width=100))
    return [msgspec.json.encode(found.shown).decode(), *(case_page(found, lang) for lang in ("en", "ja")),
            written.getvalue()]  # fmt: skip


def digest(form: str) -> str:
    """Return what two forms are compared by: to show where long ones differ takes minutes."""
    return hashlib.sha256(form.encode()).hexdigest()


def brief(one: Case, hour: float, who: str = "duty") -> Briefed:
    return case_brief(one.hub, one.who(who), one.uid, one.at(hour))


def test_it_says_what_is_hit_what_fails_who_is_warned_and_what_is_due(told: Case) -> None:
    uid = told.told()
    shown = brief(told, 42.0).shown
    assert shown.sentence.en == (
        "Tomariura Port Terminals hit: malware infection; Containers in and out below its floor from 2026-11-22 04:00"
        " JST; 1 of 1 warned have answered; 6 who depend on the victims not warned; overdue: port: Check the cranes"
        " (2026-11-22 16:00 JST)."
    )
    assert shown.sentence.ja.startswith("泊浦港ターミナルにマルウェア等の感染。")
    (one,) = shown.incidents
    assert (one.incident, one.state, one.state_line, one.effect, one.effect_line) == (
        uid, "confirmed", 3, "cranes stand still", 1,
    )  # fmt: skip
    assert [(each.field, each.value, each.line) for each in one.figures] == [("persons", 1200, 2)]
    assert shown.impact is not None
    assert shown.impact.horizon_h == 42.0 + 120.0
    assert shown.impact.below is not None
    (first,) = shown.impact.below
    assert (first.service, first.since.median, first.organisation) == ("containers", "2026-11-21T19:00:00.000000Z",
                                                                      "tomariura-port")  # fmt: skip
    assert shown.unwarned is not None
    assert "isokaze-logistics" not in {each.organisation for each in shown.unwarned}
    assert {"strait-ferry", "tomariura-arms"} <= {each.organisation for each in shown.unwarned}
    assert shown.warnings is not None
    assert [(each.chosen, each.delivered, each.acknowledged, each.acted, each.silent) for each in shown.warnings] == [
        (1, 1, 1, 0, []),
    ]  # fmt: skip
    assert [(each.kind, each.overdue) for each in (shown.next_due or [])[:2]] == [("ask", True), ("duty", False)]
    assert {each.regime for each in shown.duties} == {"APPI"}
    assert shown.severity.incidents[0].low > 0.0
    assert shown.position is not None
    assert [each.claimant for each in shown.position.claims] == ["Bureau of an ally"]
    assert {(each.ref, each.said.kind) for each in shown.changed} == {
        ("I1", "harmed"), ("", "claimed"), ("", "found"), ("", "admitted"),
    }  # fmt: skip
    assert [each.ref for each in shown.not_known] == ["I1"]
    assert "harm to data" in shown.not_known[0].what.en
    assert "harm to service" not in shown.not_known[0].what.en
    for form in forms(brief(told, 42.0))[1:]:
        for text in ("2026-11-22 16:00 JST", "I1:3", "Bureau of an ally", "isokaze-logistics"):
            assert text in form


def test_as_of_a_moment_it_has_what_was_entered_by_then_and_nothing_else(told: Case) -> None:
    uid = told.told()
    with pytest.raises(Refused) as early:
        brief(told, 0.5)
    assert early.value is situations.ABSENT
    assert brief(told, 1.2).shown.incidents == []
    first = brief(told, 3.5).shown
    assert first.warnings == []
    assert (first.incidents[0].state, first.incidents[0].harms, first.position) == ("confirmed", [], None)
    assert brief(told, 1.6).shown.incidents[0].state == "reported"
    assert [(one.chosen, one.acknowledged, one.silent) for one in brief(told, 5.0).shown.warnings or ()] == [
        (1, 0, ["carrier"]),
    ]  # fmt: skip
    assert not any(one.overdue for one in brief(told, 11.0).shown.next_due or ())
    assert any(one.overdue for one in brief(told, 13.0).shown.next_due or ())
    before = [form for hour in (1.2, 3.5, 29.0) for form in forms(brief(told, hour))]
    told.said(50.0, uid, Corrected({"persons": 9_999, "what": "destruction"}), Moved("contained"), Consented("named"))
    told.reported(52.0, Reported("asanagi-gas", "leak", "files of Asanagi Gas", BEGAN, "gas"))
    told.warned(53.0, "gas", title="A second warning")
    after = [form for hour in (1.2, 3.5, 29.0) for form in forms(brief(told, hour))]
    assert list(map(digest, before)) == list(map(digest, after))
    assert "9,999" in forms(brief(told, 54.0))[1]


def test_who_is_chosen_later_was_not_warned_before(told: Case) -> None:
    told.opened(1.0)
    told.reported(1.5, Reported("tomariura-port", "malware", "cranes", BEGAN, "port"))
    warned = told.warned(3.0)
    told.chosen(9.0, warned, "carrier")
    for hour, chosen in ((5.0, 0), (10.0, 1)):
        shown = brief(told, hour).shown
        assert [one.chosen for one in shown.warnings or ()] == [chosen]
        silent = {one.organisation for one in shown.unwarned or ()}
        assert ("isokaze-logistics" in silent) == (not chosen)


def test_who_may_not_be_told_is_shown_with_the_reason(told: Case) -> None:
    told.opened(1.0, tlp="RED", exercise=True)
    port = Reported("tomariura-port", "malware", "cranes", BEGAN, "port")
    told.reported(1.5, port, tlp="RED", exercise=True)
    found = brief(told, 2.0)
    (row,) = (one for one in found.shown.unwarned or () if one.organisation == "isokaze-logistics")
    assert {one.principal: one.reason for one in row.barred} == {"carrier": "exercise", "drilled": "tlp"}
    texts = "".join(forms(found))
    for why in ("tlp", "exercise"):
        assert all(words in texts for words in KEPT_FROM[why]), why


@pytest.mark.parametrize("database", KINDS)
def test_the_same_store_gives_the_same_bytes_on_both_databases(tmp_path: Path, database: str) -> None:
    one = case(tmp_path, address(database, tmp_path))
    one.told()
    first, second = (forms(brief(one, 42.0)) for _ in range(2))
    one.hub.store.close()
    assert [digest(form) for form in first] == [digest(form) for form in second]


def test_a_clock_that_was_set_back_leaves_no_hole(told: Case) -> None:
    told.opened(1.0)
    ask = told.asked(5.0, "port", 12.0)
    from noroshi.desk import asks

    asks.answer(told.hub, told.who("port"), ask, "accepted", "", told.at(2.0))
    assert brief(told, 3.0).shown.asks == []
    assert [one.state for one in brief(told, 6.0).shown.asks or ()] == ["accepted"]


def test_who_takes_part_is_told_the_title_and_the_incidents_and_others_nothing(told: Case) -> None:
    uid = told.told()
    part = brief(told, 42.0, "ally").shown
    assert (part.leads, part.impact, part.unwarned, part.warnings, part.asks, part.by_ministry, part.position) == (
        False, None, None, None, None, None, None,
    )  # fmt: skip
    assert part.title == Words("A port that stands still", "止まった港")
    assert (part.next_due, part.duties, part.not_known) == ([], [], [])
    assert [(one.organisation, one.sector, one.effect, one.hidden) for one in part.incidents] == [("", "", "", True)]
    assert {one.ref for one in part.changed} == {"I1"}
    for name in ("gas", "transport", "carrier"):
        for wanted in (told.uid, "00000000-0000-4000-8000-000000000009", uid):
            with pytest.raises(Refused) as refused:
                case_brief(told.hub, told.who(name), wanted, told.at(42.0))
            assert refused.value is situations.ABSENT
    told.said(43.0, uid, Consented("named"))
    assert brief(told, 44.0, "ally").shown.incidents[0].organisation == "tomariura-port"
    assert brief(told, 42.0, "ally").shown.incidents[0].organisation == ""  # it had not agreed then
    told.said(45.0, uid, Consented("withheld"))
    assert brief(told, 44.0, "ally").shown.incidents[0].organisation == ""  # nor does it any more


def test_a_centre_that_may_not_see_a_warning_is_not_told_of_it(told: Case) -> None:
    told.told()
    warned = told.warned(20.0, "carrier", title="For few")
    there = told.hub.store
    assert len(brief(told, 42.0, "deputy").shown.warnings or ()) == len(brief(told, 42.0).shown.warnings or ()) == 2
    from noroshi.store import warnings as kept

    one = kept.found(there, warned)
    assert one
    higher = msgspec.structs.replace(
        one.last.said, tlp="RED", version=2, kind="correction", at="2026-11-22T15:30:00.000Z"
    )
    there.change(lambda wire: kept.add_version(wire, one.no, told.who("duty").no, told.at(20.5),
                                               msgspec.structs.replace(one.last, said=higher))).result()  # fmt: skip
    assert "For few" not in "".join(forms(brief(told, 42.0, "deputy")))
    assert "For few" in "".join(forms(brief(told, 42.0)))


def test_an_exercise_says_so_in_every_form(told: Case) -> None:
    told.opened(1.0, exercise=True)
    found = brief(told, 2.0)
    assert found.shown.exercise
    json, english, japanese, text = forms(found)
    assert '"exercise":true' in json
    assert english.count("EXERCISE EXERCISE EXERCISE") == 2
    assert japanese.count("演習 演習 演習") == 2
    assert text.startswith("EXERCISE EXERCISE EXERCISE\n")
    told.opened(1.0)
    assert "EXERCISE" not in "".join(forms(brief(told, 2.0)))


def test_what_cannot_be_computed_is_a_question_and_not_an_error(told: Case) -> None:
    uid = told.told()
    with patch("noroshi.desk.incidents.unknown", return_value=[]):  # a line of before they were refused
        told.said(43.0, uid, Corrected({"regimes": ["No such law"]}))
    shown = brief(told, 44.0).shown
    assert shown.duties == []
    assert any("No such law" in one.what.en or "no such law" in one.what.en for one in shown.not_known)
    told.said(45.0, uid, Corrected({"regimes": None}))
    assert any("no regime is named" in one.what.en for one in brief(told, 46.0).shown.not_known)
    from noroshi.respond.situation import Opened

    for estate, said in (("", "names no estate"), ("no-such-estate", "no-such-estate cannot be read")):
        told.uid = situations.open_(told.hub, told.who("duty"), Opened(Words("a", "あ"), estate), told.at(1.0))
        told.reported(1.5, Reported("tomariura-port", "malware", "x", BEGAN, "port"))
        found = brief(told, 2.0).shown
        assert (found.impact, found.unwarned) == (None, None)
        assert any(said in one.what.en for one in found.not_known)


TEXTS = st.sampled_from([*(f"called {name} at once" for name in NAMES), *NAMES])
SAID = st.one_of(
    st.builds(lambda text, systems, yes: Corrected({"entry": text, "systems": [systems], "contact": text,
              "malicious": yes, "regimes": ["APPI"], "effect": text}, text), TEXTS, TEXTS, st.booleans()),
    st.builds(Harmed, st.sampled_from(["service", "data"]), st.floats(0, 1e6), TEXTS),
    st.builds(Remarked, TEXTS), st.builds(Moved, st.just("confirmed"), TEXTS),
    st.builds(Consented, st.sampled_from([one for one in CONSENTS if one != "named"])),
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    one = case(tmp_path_factory.mktemp("briefs"))
    with patch("noroshi.files.estates.load", cache(load)):  # read once: it is the same each time
        yield one
    one.hub.store.close()


def test_the_names_are_those_of_the_estate() -> None:
    rows = load("sorami").frame("organisations").select("id", "name_en", "name_ja").iter_rows()
    (found,) = [row for row in rows if row[0] == NAMES[0]]
    assert found == NAMES


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(what=st.sampled_from(sorted(EVENTS)), effect=TEXTS, more=st.lists(SAID, max_size=5), text=TEXTS,
       gone=st.booleans())  # fmt: skip
def test_without_consent_no_form_of_it_holds_the_name_for_who_has_no_right(
    shared: Case, what: str, effect: str, more: list[Any], text: str, gone: bool
) -> None:  # fmt: skip
    shared.opened(1.0)
    uid = shared.reported(1.5, Reported(NAMES[0], what, effect, BEGAN, "port"))
    for n, one in enumerate(more):
        if not isinstance(one, Moved) or not any(isinstance(each, Moved) for each in more[:n]):
            shared.said(2.0 + n / 10, uid, one)
    other = shared.reported(3.0, Reported("asanagi-gas", "leak", text, BEGAN, "gas", "named"))
    shared.written(3.1, Remarked(text), *((Parted(uid, text),) if gone else ()))
    shared.asked(3.2, "port", 9.0, "transport", text)
    positions.say(shared.hub, shared.who("duty"), shared.uid, [Stated("private", Words(text, text))], shared.at(3.3),
                  shared.at(3.3))  # fmt: skip
    shared.written(3.4, Admitted("ally"), Admitted("carrier"))
    for name in ("ally", "carrier", "check"):
        found = brief(shared, 5.0, name)
        assert len(found.shown.incidents) == (1 if gone else 2)
        assert other in {one.incident for one in found.shown.incidents}
        severe = severity(shared.hub, shared.who(name), shared.uid, "", 24.0)
        feed = case_calendar(shared.hub, shared.who(name), shared.uid, shared.at(5.0)).decode()
        assert "VEVENT" not in feed.replace("\r\n ", "")
        everything = "".join([*forms(found), msgspec.json.encode(severe).decode(), feed])
        for called in NAMES:
            assert called.lower() not in everything.lower(), (name, called)
    everything = "".join(forms(brief(shared, 5.0)))
    assert text in everything


def test_the_hours_of_the_case_are_those_that_are_said() -> None:
    assert datetime.fromtimestamp(BEGAN / 1e6, UTC).isoformat() == "2026-11-21T19:00:00+00:00"
    assert HOUR == 3600 * 10**6


def test_who_is_not_told_a_victim_cannot_tell_it_from_what_is_left_out(told: Case) -> None:
    uid = told.told()
    told.reported(41.5, Reported("isokaze-logistics", "leak", "of isokaze-logistics", BEGAN, "logistics", "named"))
    told.said(41.6, uid, Consented("named"))
    whole = brief(told, 42.0, "check").shown
    assert whole.impact is not None
    assert whole.unwarned
    told.said(42.5, uid, Consented("withheld"))
    part = brief(told, 43.0, "check").shown
    assert (part.leads, part.impact, part.unwarned, part.asks, part.position) == (True, None, None, None, None)
    assert [one.organisation for one in part.incidents] == ["", "isokaze-logistics"]
    assert any("is not told to you" in one.what.en for one in part.not_known)
    told.reported(43.5, Reported("isokaze-logistics", "malware", "again", BEGAN, "logistics"))
    named = brief(told, 44.0, "check").shown
    assert [one.organisation for one in named.incidents] == ["", "isokaze-logistics", ""]  # named by its other incident
