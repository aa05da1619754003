"""The press list by the REST interface: shown, asked, and nothing told to who has no part."""

from __future__ import annotations

from tests.web.rest_world import ALLY, API, DUTY, Client
from tests.web.taxii_world import WORKS
from tests.web.test_rest_cases import TITLE, got, rest, sent

__all__ = ["rest"]

ROW = {"organisation": "works-ltd", "name": "Works", "name_ja": "水道", "sector": "water", "measures": ["a"],
       "measure_names": ["Copy it"], "measure_names_ja": ["複製"], "saves": 1.0, "cost": 2.0, "why": "so"}  # fmt: skip
UNTIL = "2096-12-01T17:00:00+09:00"


def test_a_press_list_is_shown_asked_and_shown_again(rest: Client) -> None:
    uid = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN"})
    path = f"{API}/situations/{uid}/press"
    shown = rest.post(path, json={"press_first": [ROW]}, headers=DUTY).json()
    assert (shown["made"], shown["press_list"][0]["to"], shown["press_list"][0]["asked"]) == ([], ["works"], [])
    body = {"press_first": [ROW], "ask": ["works-ltd"], "deadline": UNTIL}
    made = rest.post(path, json=body, headers=DUTY).json()
    assert made["made"] == made["press_list"][0]["asked"] == [one["ask"] for one in got(rest, "/asks", WORKS)["asks"]]
    assert rest.post(path, json=body, headers=DUTY).json() == made
    for wrong in (
        {"press_first": [ROW], "ask": ["works-ltd"]},
        {**body, "ask": ["other"]},
        {**body, "deadline": "soon"},
    ):
        assert rest.post(path, json=wrong, headers=DUTY).status_code == 422
    assert {rest.post(path, json=body, headers=who).status_code for who in (WORKS, ALLY)} == {403}


def test_what_no_press_list_can_be_is_refused_by_what_is_wrong_with_it(rest: Client) -> None:
    path = f"{API}/situations/{sent(rest, '/situations', {'title': TITLE})}/press"
    for wrong, status in (
        ({"press_first": [ROW], "ask": ["works-ltd"], "deadline": 1_800_000_000}, 400),
        ({"press_first": [ROW], "ask": ["works-ltd"], "deadline": True}, 400),
        ({"press_first": [ROW] * 1001}, 400),
        ({"press_first": [{**ROW, "why": "x" * 1000}] * 1001, "deadline": 5}, 413),
    ):
        assert rest.post(path, json=wrong, headers=DUTY).status_code == status
