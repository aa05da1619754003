"""From the press list to requests through ministries: who is reached, asked once, and on which side of the wall."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.desk.test_situations import NOW, hub, opened, refused, who

from noroshi.desk import asks
from noroshi.desk.asks_pressing import press, pressable
from noroshi.desk.hub import Hub
from noroshi.errors import InputError
from noroshi.files.press_lists import load_press_list
from noroshi.respond.press_list import ToPress, wanted_of
from noroshi.store.contract import Declared, DeclaredContact

__all__ = ["hub"]

DAY = 86_400_000_000


def row(organisation: str, sector: str = "railway") -> ToPress:
    return ToPress(organisation, organisation.title(), "鉄道", sector, ("Close it", "Copy it"), ("閉鎖", "複製"))


ROWS = (row("kumo-rail"), row("minato", "ports"), row("nowhere-ltd"))


def test_each_organisation_of_the_list_is_shown_with_how_it_is_reached(hub: Hub) -> None:
    found = pressable(hub, who(hub, "duty"), opened(hub), ROWS)
    assert [(one.row.organisation, one.to, one.through, one.barred, one.asked) for one in found] == [
        ("kumo-rail", ("kumo",), "transport", (), ()), ("minato", ("port",), "", (), ()),
        ("nowhere-ltd", (), "transport", (), ()),
    ]  # fmt: skip
    marked = pressable(hub, who(hub, "duty"), opened(hub, tlp="RED"), ROWS)
    assert [(one.to, one.through, one.barred) for one in marked[:2]] == [
        ((), "", (("kumo", "tlp"),)), ((), "", (("port", "tlp"),)),
    ]  # fmt: skip
    drill = pressable(hub, who(hub, "duty"), opened(hub, exercise=True), ROWS)
    assert [one.barred for one in drill[:2]] == [(("kumo", "exercise"),), (("port", "exercise"),)]


def test_who_is_chosen_is_asked_once_through_its_ministry_for_the_measures_in_order(hub: Hub) -> None:
    uid, duty = opened(hub), who(hub, "duty")
    (one,) = press(hub, duty, uid, ROWS, ["kumo-rail"], NOW + DAY, NOW)
    assert (one.to, one.through, one.deadline, one.state) == ("kumo", "transport", NOW + DAY, "asked")
    assert one.what == wanted_of(ROWS[0])
    assert one.what.en.endswith("(1) Close it; (2) Copy it")
    assert one.what.ja.endswith("(1) 閉鎖; (2) 複製")
    (again,) = press(hub, duty, uid, ROWS, ["kumo-rail", "kumo-rail"], NOW + 2 * DAY, NOW)
    assert (again.ask, again.deadline) == (one.ask, NOW + DAY), "asked again nothing changes"
    assert [each.ask.ask for each in asks.mine(hub, who(hub, "kumo"))] == [one.ask]
    assert [each.ask.ask for each in asks.mine(hub, who(hub, "transport"))] == [one.ask]
    asks.answer(hub, who(hub, "kumo"), one.ask, "accepted", "", NOW)
    found = pressable(hub, duty, uid, ROWS)
    assert [each.state for each in found[0].asked] == ["accepted"]
    assert found[1].asked == ()
    other = opened(hub)
    assert press(hub, duty, other, ROWS, ["kumo-rail"], NOW + DAY, NOW)[0].ask != one.ask


def test_what_cannot_be_asked_is_named_and_nobody_is(hub: Hub) -> None:
    uid, duty = opened(hub), who(hub, "duty")
    with refused(422, "elsewhere: not on the list; nowhere-ltd: no contact is declared for it"):
        press(hub, duty, uid, ROWS, ["kumo-rail", "elsewhere", "nowhere-ltd"], NOW + DAY, NOW)
    assert asks.stand(hub, duty, uid, NOW)[0] == ()
    with refused(422, "kumo may not see its TLP"):
        press(hub, duty, opened(hub, tlp="RED"), ROWS, ["kumo-rail"], NOW + DAY, NOW)
    for name in ("kumo", "transport", "check", "ally"):
        with refused(403):
            pressable(hub, who(hub, name), uid, ROWS)


def test_an_organisation_with_two_contacts_is_asked_by_both(hub: Hub) -> None:
    none: frozenset[str] = frozenset()
    hub.store.apply(Declared((), (), (), (), (), (DeclaredContact("port", "kumo-rail", none, none, none),)))
    made = press(hub, who(hub, "duty"), opened(hub), ROWS, ["kumo-rail"], NOW + DAY, NOW)
    assert sorted(one.to for one in made) == ["kumo", "port"]


def test_a_list_is_read_from_what_rate_press_and_a_brief_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"press_first": [{**{key: getattr(ROWS[0], key) for key in ToPress.__struct_fields__}, "cost": 3.0}]}
    file = tmp_path / "press.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    assert load_press_list(file) == ROWS[:1]
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(file.read_bytes())))
    assert load_press_list("-") == ROWS[:1]
    for text, code in (
        ("[]", "bad-press-list"),
        ('{"press_first": [{"name": 1}]}', "bad-press-list"),
        (None, "missing-file"),
    ):
        bad = tmp_path / f"{code}{len(text or '')}.json"
        if text is not None:
            bad.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as fault:
            load_press_list(bad)
        assert [one.code for one in fault.value.faults] == [code]
