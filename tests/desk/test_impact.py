"""Open incidents as a shock: what is taken to be out, and that the engine's own answer is what is told."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from noroshi import stress
from noroshi.cli.situation_impact import lines, row
from noroshi.desk import kernels
from noroshi.desk.impact import EFFECTS, LEFT_OUT, hits_of, impact_of, impact_shown, verdict
from noroshi.desk.incident_severity import severity_of
from noroshi.desk.incidents import Shown
from noroshi.estate.model import Estate
from noroshi.files.estates import load
from noroshi.respond.incident import Corrected, Line, Moved, Reported, as_seen, incident
from noroshi.respond.incident_words import EVENTS
from noroshi.store.dossiers import Dossier
from noroshi.stress.shock import Hit, Shock

HOUR = 3_600_000_000
BEGAN = round(datetime(2026, 11, 21, 19, tzinfo=UTC).timestamp()) * 1_000_000
"""Four in the morning in Japan, in autumn."""


@cache
def sorami() -> Estate:
    return load("sorami", "en")


def case(uid: str, *more: Any, what: str = "malware", since: int | None = BEGAN, of: str = "tomariura-port") -> Shown:
    said = (Reported(of, what, "x", since, "port"), *more)
    known = incident(Line(n, n, n, "duty", one) for n, one in enumerate(said, 1))
    return Shown(Dossier(1, uid, "incident", False, 2, None, of, "port", 1, 1), known)


def test_every_kind_of_event_has_its_effects() -> None:
    assert set(EFFECTS) == set(EVENTS)
    assert {effect for those in EFFECTS.values() for effect in those} <= set(stress.shock.EFFECTS)


def test_named_systems_are_hit_else_all_of_the_organisation_with_the_hours_between() -> None:
    struck, left, began = hits_of(sorami(), [
        case("a", Corrected({"systems": ["port-tos", "no-such-system"]}), since=BEGAN + 6 * HOUR),
        case("b", what="destruction", of="asanagi-grid"),
    ])  # fmt: skip
    assert began == BEGAN
    assert left == ()
    assert [(one.target, one.effect, one.onset_h, one.incident, one.assumed) for one in struck[:1]] == [
        ("port-tos", "freeze", 6.0, "a", False),
    ]  # fmt: skip
    assert {(one.target, one.effect, one.onset_h, one.assumed) for one in struck[1:]} >= {
        ("asanagi-ems", "freeze", 0.0, True), ("asanagi-ems", "data_loss", 0.0, True),
    }  # fmt: skip


def test_what_is_left_out_says_why() -> None:
    hidden = case("e")
    there = [
        case("a", Moved("confirmed"), Moved("recovered")), case("b", what="near-miss"), case("c", since=None),
        case("d", of="nobody"), Shown(hidden.dossier, as_seen(hidden.incident)), case("f", what="intrusion"),
    ]  # fmt: skip
    struck, left, began = hits_of(sorami(), there)
    assert (struck, began) == ((), None)
    assert left == (
        ("a", "over"), ("b", "no-effect"), ("c", "unknown-when"), ("d", "not-in-estate"), ("e", "not-told"),
        ("f", "no-effect"),
    )  # fmt: skip
    assert {why for _, why in left} == set(LEFT_OUT)
    assert impact_of(sorami(), "sorami", there, 24.0).below == ()


def test_the_median_is_what_the_engine_says_of_the_same_hits() -> None:
    named = Corrected({"systems": ["port-tos", "port-it"]})
    found = impact_of(sorami(), "sorami", [case("a", named)], 120.0)
    kernels.warm()
    hits = (Hit("port-tos", "freeze"), Hit("port-it", "freeze"))
    result = stress.run(sorami(), Shock("same", 120.0, hits, 4.0, "autumn"))
    below = {one.id: one for one in result.services if one.hours_below_floor > 0.0}
    assert {one.id for one in found.below if one.hours.median} == set(below) == {"containers"}
    (row,) = found.below
    assert row.hours.median == below["containers"].hours_below_floor
    assert row.from_h.median == 0.0
    assert row.hours.fast < row.hours.median < row.hours.slow  # type: ignore[operator]
    assert row.beyond[1] == below["containers"].beyond_tolerance
    assert found.depends["isokaze-logistics"] == "isokaze-logistics → tomariura-port"
    assert "tomariura-port" not in found.depends


@pytest.mark.parametrize(("asked", "taken"), [(0.1, 1.0), (72.0, 72.0), (10_000.0, 720.0)])
def test_the_horizon_is_bounded(asked: float, taken: float) -> None:
    assert impact_of(sorami(), "sorami", [], asked).horizon_h == taken


def test_what_ends_with_the_hours_looked_at_is_a_least_and_not_within_tolerance() -> None:
    there = [case("a", Corrected({"systems": ["port-tos", "port-it"]}))]
    short, long = (impact_of(sorami(), "sorami", there, hours) for hours in (24.0, 720.0))
    (one,), (whole,) = short.below, long.below
    assert (one.cut, one.beyond, verdict(one.beyond)) == ((True, True, True), (None, None, None), "unknown")
    assert one.hours.slow == 24.0 == one.tolerance_h
    assert whole.cut == (False, False, False)
    assert None not in whole.beyond
    said = row(one, 0)
    assert "for ≥ 24 [≥ 24–≥ 24]" in said
    assert "not known within the hours looked at" in said
    assert "≥" not in row(whole, 0)
    assert [verdict(three) for three in ((True, True, True), (None, True, True), (False, None, None))] == [
        "yes", "maybe", "unknown",
    ]  # fmt: skip


def test_systems_that_the_estate_has_not_are_not_none_named() -> None:
    there = [case("a", Corrected({"systems": ["no-such-system"]})), case("b", of="asanagi-grid")]
    found = impact_of(sorami(), "sorami", there, 1.0)
    assert {(one.incident, one.assumed, one.elsewhere) for one in found.struck} == {
        ("a", True, True), ("b", True, False),
    }  # fmt: skip
    said = "\n".join(lines(found, 0))
    assert "none of the systems named is in the estate" in said
    assert "no system was named" in said


def test_what_is_not_computed_is_null_and_not_empty() -> None:
    found = impact_of(sorami(), "sorami", [case("a", of="nobody")], 24.0)
    shown = impact_shown(found)
    assert (found.computed, shown["computed"], shown["below"], shown["depends"]) == (False, False, None, None)
    assert next(lines(found, 0)).startswith("Not computed")
    over = impact_of(sorami(), "sorami", [case("a", Moved("confirmed"), Moved("recovered"))], 24.0)
    assert (over.computed, impact_shown(over)["below"]) == (True, ())
    assert severity_of("", [case("a", of="nobody")], found)["nciss"]["together"]["cascade"] is None
