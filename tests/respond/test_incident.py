"""Incidents from their lines: corrections keep history, states follow the table, consent holds for every text."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.respond.incident import (
    Consented,
    Corrected,
    Harmed,
    Line,
    Moved,
    Remarked,
    Reported,
    Said,
    as_seen,
    followed,
    incident,
    wrongs,
)
from noroshi.respond.incident_words import CONSENTS, EVENTS, FIELDS, HARMS, MOVES, OPTIONS, STATES

NAME = "Kumo Rail"
FIRST = Reported(NAME, "unavailability", f"tickets of {NAME} cannot be sold", 1_000, "railway")


def lines(*said: Any) -> list[Line]:
    return [Line(n, n * 10, n * 100, f"person {n} of {NAME}", one) for n, one in enumerate(said, 1)]


def test_the_three_fields_make_an_incident() -> None:
    one = incident(lines(FIRST))
    assert (one.organisation, one.sector, one.state, one.consent) == (NAME, "railway", "reported", "withheld")
    assert {key: known.value for key, known in one.fields.items()} == {
        "what": "unavailability", "since": 1_000, "effect": FIRST.effect,
    }  # fmt: skip
    assert sum(field.first for field in FIELDS.values()) == 3
    assert not one.near_miss
    assert incident(lines(Reported(NAME, "near-miss", "a mail was opened"))).near_miss


def test_a_correction_keeps_what_was_said_before() -> None:
    one = incident(lines(FIRST, Corrected({"since": 500, "persons": 7}, "the log"), Corrected({"since": None})))
    since = one.fields["since"]
    assert (since.value, since.line.n) == (None, 3)
    assert [(old.value, old.line.n) for old in since.before] == [(1_000, 1), (500, 2)]
    assert one.value("persons") == 7
    assert one.fields["persons"].before == ()


def test_harms_are_known_better_with_time() -> None:
    one = incident(lines(FIRST, Harmed("data", 100.0), Harmed("service"), Harmed("data", 250.0, "more")))
    assert [(harm.harm, harm.amount, harm.before) for harm in one.harms] == [
        ("service", None, ()), ("data", 250.0, (100.0,)),
    ]  # fmt: skip


def test_lines_come_to_the_same_in_whatever_order_they_are_read() -> None:
    there = lines(FIRST, Corrected({"what": "malware"}), Moved("confirmed"), Consented("sector"))
    assert len({repr(incident(order)) for order in permutations(there)}) == 1


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_states_follow_the_table(state: str, to: str) -> None:
    one = incident(lines(FIRST, Moved(state)))
    assert (followed(one, Moved(to)) == []) == (to in MOVES[state])
    assert incident(lines(FIRST, Moved(to))).state == to


def test_every_state_can_be_reached_and_left() -> None:
    assert len(STATES) == 5
    assert set(MOVES) == set(STATES)
    assert {to for those in MOVES.values() for to in those} == set(STATES) - {"reported"}
    assert all(MOVES.values())


FAULTY: list[tuple[Said, list[str]]] = [
    (Reported("", "explosion", "", -1, "", "maybe"), ["organisation", "consent", "what", "since"]),
    (Corrected({}), ["fields"]),
    (Corrected({"what": None, "persons": -1, "records": True, "since": 1.5, "systems": "a", "malicious": 1, "x": 1}),
     ["what", "persons", "records", "since", "systems", "malicious", "x"]),
    (Corrected({"effect": "x" * 20_001, "entry": 3, "systems": [1], "services": ["a"] * 501, "ended": 1 << 62}),
     ["effect", "entry", "systems", "services", "ended"]),
    (Moved("gone"), ["state"]), (Harmed("moral", 1.0), ["harm"]), (Harmed("data", -1.0), ["amount"]),
    (Harmed("service", float("nan")), ["amount"]), (Harmed("strategic", 2.5), ["amount"]),
    (Harmed("strategic", 5.0), ["amount"]), (Consented("all"), ["consent"]), (Remarked("  "), ["text"]),
]  # fmt: skip


@pytest.mark.parametrize(("said", "keys"), FAULTY)
def test_everything_that_is_wrong_is_said_at_once(said: Said, keys: list[str]) -> None:
    assert [one.key for one in wrongs(said)] == keys
    assert all(one.expected for one in wrongs(said))


def test_what_is_right_is_let_through() -> None:
    right: list[Said] = [
        FIRST, Corrected({"systems": ["ERP"], "malicious": True, "persons": 0, "effect": None}), Moved("confirmed"),
        Harmed("strategic", 4.0), Harmed("data"), Consented("named"), Remarked("called back"),
    ]  # fmt: skip
    assert [wrongs(one) for one in right] == [[]] * len(right)
    assert [one.key for one in followed(incident(lines(FIRST)), FIRST)] == ["reported"]
    with pytest.raises(ValueError, match="begins with a report"):
        incident(lines(Remarked("x")))


TEXTS = st.sampled_from([f"called {NAME}", NAME, f"{NAME.lower()} 駅"])
VALUES = {
    "event": st.sampled_from(sorted(EVENTS)), "time": st.integers(0, 10**15), "text": TEXTS,
    "names": st.lists(TEXTS, max_size=3), "count": st.integers(0, 10**9), "yes": st.booleans(),
}  # fmt: skip
CHOSEN = {key: st.lists(st.sampled_from(options), min_size=1, unique=True) for key, (_, options) in OPTIONS.items()}
KNOWN = st.fixed_dictionaries(
    {}, optional={key: CHOSEN[key] if key in CHOSEN else VALUES[FIELDS[key].kind] for key in FIELDS}
)
SAID = st.one_of(
    st.builds(Corrected, KNOWN, TEXTS),
    st.builds(Moved, st.sampled_from(sorted(STATES)), TEXTS), st.builds(Remarked, TEXTS),
    st.builds(Harmed, st.sampled_from(sorted(HARMS)), st.floats(0, 4), TEXTS),
    st.builds(Consented, st.sampled_from(sorted(CONSENTS))),
)  # fmt: skip


@given(st.lists(SAID, max_size=8))
def test_without_consent_nothing_of_it_holds_the_name(more: list[Said]) -> None:
    one = incident(lines(FIRST, *more))
    told = as_seen(one)
    text = json.dumps(
        msgspec.to_builtins([told.organisation, told.sector, list(told.fields.items()), told.harms, told.lines])
    )
    assert (NAME.lower() in text.lower()) == (one.consent == "named")
    assert told.sector == ("" if one.consent == "withheld" else "railway")
    assert (told.state, told.value("what"), told.value("since")) == (one.state, one.value("what"), one.value("since"))
    assert [(harm.harm, harm.amount) for harm in told.harms] == [(harm.harm, harm.amount) for harm in one.harms]
    assert told.hidden == (one.consent != "named")
