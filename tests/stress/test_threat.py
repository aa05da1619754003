"""A threat's effects, and what it refuses."""

from __future__ import annotations

import re

import pytest

from noroshi.stress.shock import EFFECTS
from noroshi.stress.threat import DEFAULT_EFFECTS, TECHNIQUE_EFFECTS, Threat, effects_of


def test_effects_are_weighted_by_their_techniques() -> None:
    # A wiped disk by two sub-techniques counts once, encryption once, mail for nothing.
    assert effects_of(["T1561.001", "T1561.002", "T1486", "T1566"]) == (("trip", 0.5), ("freeze", 0.5))
    assert effects_of(["T0827", "T0831", "T1041", "T1048.003"]) == (
        ("loss_of_control", 0.25),
        ("wrong_setpoint", 0.25),
        ("data_loss", 0.5),
    )
    assert effects_of(["T1566", "T1078"]) == ()


def test_the_table_is_of_parents_and_known_effects() -> None:
    assert set(TECHNIQUE_EFFECTS.values()) == set(EFFECTS)
    assert all(re.fullmatch(r"T\d{4}", one) for one in TECHNIQUE_EFFECTS)


def test_every_effect_of_a_table_row_makes_a_threat() -> None:
    for technique in TECHNIQUE_EFFECTS:
        assert Threat("t", "t", effects=effects_of([technique])).effects[0][1] == 1.0


def test_the_default_is_said_to_be_assumed() -> None:
    threat = Threat("t", "T")
    assert (threat.effects, threat.assumed_effects) == (DEFAULT_EFFECTS, True)
    assert (threat.period_days, threat.reach) == (30.0, 1.0)


@pytest.mark.parametrize(
    ("field", "value"),
    [("effects", (("explode", 1.0),)), ("effects", (("trip", 0.0), ("freeze", 1.0))), ("effects", (("trip", 0.5),)),
     ("effects", ()), ("period_days", 0.0), ("period_days", float("inf")), ("reach", -1.0), ("reach", float("nan"))],
)  # fmt: skip
def test_what_no_run_could_use_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        Threat("t", "T", **{field: value})  # type: ignore[arg-type]
