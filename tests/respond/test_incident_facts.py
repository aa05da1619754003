"""What follows from an incident for its severity: only what is certain, what a person set goes before, monotone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.files.estates import load
from noroshi.files.severity import load_ladders, load_nciss
from noroshi.respond.incident import Corrected, Harmed, Incident, Line, Moved, Reported, as_seen, followed, incident
from noroshi.respond.incident_facts import RULES, SECTORS, answers, facts, nciss
from noroshi.respond.incident_words import EVENTS, OPTIONS
from noroshi.respond.ladders import climb
from noroshi.respond.nciss import score

NCISS = load_nciss()
VALUES = {one.id: {option.id: option.value for option in one.options} for one in NCISS.categories}
JAPAN = next(one for one in load_ladders() if one.id == "japan")


def case(*more: Any, what: str = "leak", sector: str = "") -> Incident:
    said = (Reported("acme", what, "x", 1, sector), *more)
    return incident(Line(n, n, n, "duty", one) for n, one in enumerate(said, 1))


def of(one: Incident) -> dict[str, set[str]]:
    return {name: set(options) for name, options in nciss(facts(one)).items()}


def test_the_options_are_those_of_the_data() -> None:
    grades = [grade.id.partition(":")[2] for grade in JAPAN.statements if grade.id.startswith("safety:")]
    wanted = {f"nciss.{one.id}": ([o.id for o in one.options], (f"NCISS: {one.name.lower()}", f"NCISS: {one.name_ja}"))
              for one in NCISS.categories}  # fmt: skip
    found = {key: (list(options), (names[0].lower().replace("nciss", "NCISS"), names[1]))
             for key, (names, options) in OPTIONS.items() if key.startswith("nciss")}  # fmt: skip
    assert found == wanted
    assert {key for key in OPTIONS if key.startswith("japan")} == {f"japan.{axis}" for axis, *_ in JAPAN.axes}
    assert list(OPTIONS["japan.safety"][1]) == grades
    for options in SECTORS.values():
        assert options <= set(OPTIONS["nciss.cross-sector"][1])
    for name in ("japan", "sorami"):
        there = set(load(name).frame("sectors")["id"])
        assert there - set(SECTORS) == {"media", "welfare"} & there


def test_a_first_report_says_nothing_for_certain_but_its_sector() -> None:
    assert of(case(Corrected({"malicious": True}), sector="water")) == {"cross-sector": {"water"}}
    assert of(case(Moved("closed"), what="destruction")) == {}
    assert score(NCISS, nciss(facts(case()))).value == (0.0, 100.0)


@pytest.mark.parametrize(
    ("what", "category", "never"),
    [
        ("leak", "information", {"none", "suspected"}), ("destruction", "information", {"none"}),
        ("unavailability", "functional", {"none"}),
        ("near-miss", "functional", set(VALUES["functional"]) - {"none"}),
        ("near-miss", "information", set(VALUES["information"]) - {"none"}),
    ],
)  # fmt: skip
def test_what_a_confirmed_kind_of_event_rules_out(what: str, category: str, never: set[str]) -> None:
    assert of(case(Moved("confirmed"), what=what))[category] == set(VALUES[category]) - never


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ("leak", {"effect"}), ("destruction", {"effect"}), ("unavailability", {"effect"}),
        ("intrusion", {"presence", "effect"}), ("malware", {"engage", "presence", "effect"}),
        ("code-execution", {"engage", "presence", "effect"}), ("near-miss", None), ("other", None),
    ],
)  # fmt: skip
def test_activity_is_seen_of_who_means_to_harm(what: str, left: set[str] | None) -> None:
    assert of(case(Corrected({"malicious": True}), Moved("confirmed"), what=what)).get("activity") == left
    for unknown in ({"malicious": False}, {"malicious": None}):
        assert "activity" not in of(case(Corrected(unknown), Moved("confirmed"), what=what))


def test_recovered_means_recoverable_until_it_flares_up() -> None:
    up = (Moved("confirmed"), Moved("recovered"))
    for more in ((), (Moved("closed"),)):
        assert of(case(*up, *more))["recovery"] == {"regular", "supplemented", "extended"}
    assert "recovery" not in of(case(*up, Moved("confirmed")))
    assert "recovery" not in of(case(Moved("confirmed"), Moved("closed")))


def test_what_a_person_set_goes_before_and_can_be_taken_back() -> None:
    by_hand = Corrected({"nciss.information": ["none", "privacy"], "nciss.potential": ["50"]})
    one = case(by_hand, Moved("confirmed"))
    assert of(one) == {"information": {"none", "privacy"}, "potential": {"50"}}
    assert [(fact.why, fact.line) for fact in facts(one)] == [("by-hand", 2), ("by-hand", 2)]
    assert "privacy" in of(case(by_hand, Corrected({"nciss.information": None}), Moved("confirmed")))["information"]
    assert "none" not in of(case(by_hand, Corrected({"nciss.information": None}), Moved("confirmed")))["information"]
    assert of(as_seen(case(by_hand))) == {}


@pytest.mark.parametrize("value", [[], ["nonsense"], "none", ["none", "none"], ["none", 1], [["none"]], 5, [None]])
def test_what_is_no_option_is_refused(value: Any) -> None:
    (wrong,) = followed(case(), Corrected({"nciss.functional": value}))
    assert (wrong.key, "denial-critical" in wrong.expected) == ("nciss.functional", True)
    assert followed(case(), Corrected({"nciss.functional": ["none", "denial-critical"]})) == []


def test_japans_levels_of_a_case_are_those_of_the_worst() -> None:
    hours = case(Harmed("service", 5.0), Moved("confirmed"))
    assert climb(JAPAN, answers([facts(hours)])).low == 1
    worst = case(Corrected({"japan.continuity": ["large"], "japan.safety": ["none"]}))
    assert climb(JAPAN, answers([facts(worst)]))[:2] == (3, 3)
    assert climb(JAPAN, answers([facts(worst), facts(hours)]))[:2] == (3, 4)
    assert answers([facts(case())]) == {}
    assert answers([]) == {}


def test_every_reason_is_said_in_words() -> None:
    for what in EVENTS:
        one = case(Corrected({"malicious": True}), Harmed("service", 1.0), Moved("confirmed"), Moved("recovered"),
                   what=what, sector="gas")  # fmt: skip
        for fact in facts(one):
            assert all(RULES[fact.why])
            assert 0 < fact.line <= len(one.lines)


CATEGORIES = st.sampled_from([one.id for one in NCISS.categories])


@given(st.data(), CATEGORIES, st.sampled_from(sorted(EVENTS)))
def test_a_worse_fact_never_lowers_and_knowing_more_narrows(data: st.DataObject, category: str, what: str) -> None:
    ids = list(VALUES[category])
    options = data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    known = {f"nciss.{one.id}": [data.draw(st.sampled_from([o.id for o in one.options]))] for one in NCISS.categories
             if one.id != category and data.draw(st.booleans())}  # fmt: skip

    def reckoned(chosen: list[str] | None) -> tuple[float, float]:
        fields = known | ({} if chosen is None else {f"nciss.{category}": chosen})
        more = (Corrected(fields),) if fields else ()
        return score(NCISS, nciss(facts(case(*more, what=what)))).value

    low, high = reckoned(options)
    assert reckoned(None)[0] <= low <= high <= reckoned(None)[1]
    by_value = sorted(options, key=lambda one: (VALUES[category][one], ids.index(one)))
    exact = [reckoned([one]) for one in by_value]
    assert all(low <= one[0] and one[1] <= high for one in exact)
    assert exact == sorted(exact)
