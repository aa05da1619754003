"""Warnings by REST: written, chosen, read, answered and withdrawn; who may not see one finds nothing there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from tests.desk.warned import COLLECTION, World, world
from tests.web.rest_world import ADDRESS, API, Client, detail

from noroshi.desk.warnings import genuine
from noroshi.share.warnings import Signed, Written
from noroshi.store import people
from noroshi.store.contract import DeclaredPrincipal
from noroshi.web.rest import create_rest

HERE = f"{API}/warnings"
NEW: dict[str, Any] = {
    "title": {"en": "Attack on gateways", "ja": "ゲートウェイへの攻撃"}, "text": {"en": "Detail", "ja": "詳細"},
    "action": {"en": "Update", "ja": "更新"}, "severity": "high", "tlp": "AMBER", "audience": {"everyone": True},
}  # fmt: skip
WHY = {"why": {"en": "A mistake", "ja": "誤り"}}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def rest(here: World) -> Iterator[Client]:
    with TestClient(create_rest(here.hub, here.settings), base_url=ADDRESS) as made:
        yield made


def by(name: str, **more: str) -> dict[str, str]:
    """Return the headers of somebody."""
    return {"Authorization": f"Bearer a-token-of-{name}-for-these-tests", **more}


def written(rest: Client, name: str = "duty", **changes: Any) -> str:
    answer = rest.post(HERE, headers=by(name), json={**NEW, **changes})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{HERE}/{answer.json()['warning']}"
    uid: str = answer.json()["warning"]
    return uid


def test_from_writing_to_acted_and_withdrawn(here: World, rest: Client) -> None:
    uid = written(rest)
    told = rest.get(f"{HERE}/{uid}/proposals", headers=by("duty", **{"Accept-Language": "ja"})).json()["proposed"]
    barred = {"energy": "", "gas": "", "grid": "", "works": "tlp"}  # neither who writes it nor who audits
    assert {one["principal"]: one["kept_from"] for one in told} == barred
    assert told[0]["reasons"] == [{"rule": "everyone", "words": "全員が対象"}]
    wanted = {"to": ["grid", "gas"], "collection": COLLECTION}
    answer = rest.post(f"{HERE}/{uid}/sending", headers=by("duty"), json=wanted)
    assert answer.status_code == 200, answer.text
    stands = {one["principal"]: one for one in answer.json()["recipients"]}
    assert (stands["grid"]["state"], stands["grid"]["via"]) == ("delivered", ["mail"])
    assert sorted(mail["To"] for mail in here.inbox.mails) == ["gas@example.jp", "grid@example.jp"]
    shown = rest.get(f"{HERE}/{uid}", headers=by("grid")).json()
    assert (shown["text"], shown["state"], shown["to_me"]) == (NEW["text"], "delivered", True)
    said = {key: value for key, value in shown.items() if key not in ("state", "to_me", "key", "signature")}
    assert genuine(Signed(msgspec.convert(said, Written), shown["key"], shown["signature"]), shown["key"])
    done = rest.post(f"{HERE}/{uid}/receipt", headers=by("grid"), json={"state": "acted", "note": "off"})
    assert done.json() == {"warning": uid, "version": 1, "state": "acted"}
    late = rest.post(f"{HERE}/{uid}/receipt", headers=by("grid"), json={"state": "acknowledged"})
    assert late.json()["state"] == "acted"
    counts = rest.get(f"{HERE}/{uid}/coverage", headers=by("check")).json()["coverage"]
    assert {one["sector"]: one["acted"] for one in counts} == {"": 1, "-": 0, "electricity": 1, "gas": 0, "water": 0}
    fixed = rest.post(f"{HERE}/{uid}/correction", headers=by("duty"), json={**NEW, "severity": "low"})
    assert (fixed.json()["version"], fixed.json()["kind"]) == (2, "correction")
    gone = rest.post(f"{HERE}/{uid}/retraction", headers=by("duty"), json=WHY)
    assert (gone.json()["version"], gone.json()["coverage"][0]["delivered"]) == (3, 2)
    assert len(here.inbox.mails) == 6
    again = rest.post(f"{HERE}/{uid}/retraction", headers=by("duty"), json=WHY)
    assert (again.status_code, detail(again)) == (409, "the warning is withdrawn")


def test_a_choice_that_the_marking_forbids_sends_nothing_to_anybody(here: World, rest: Client) -> None:
    uid = written(rest)
    answer = rest.post(f"{HERE}/{uid}/sending", headers=by("duty"), json={"to": ["grid", "works"]})
    assert answer.status_code == 403
    assert detail(answer) == "nothing was sent: works may not see its TLP"
    assert (here.inbox.mails, here.hooked.got) == ([], [])


def test_who_has_not_read_it_is_listed_until_the_page_is_read_and_not_merely_asked_for(
    here: World, rest: Client
) -> None:  # fmt: skip
    uid = written(rest, tlp="GREEN")
    settings = replace(here.settings, smtp="")
    with TestClient(create_rest(here.hub, settings), base_url=ADDRESS) as mute:
        told = mute.post(f"{HERE}/{uid}/sending", headers=by("duty"), json={"to": ["works"]}).json()
    (row,) = [one for one in told["recipients"] if one["chosen"]]
    assert [one["reason"] for one in row["faults"]] == ["not-read", "no-server"]
    assert row["faults"][0]["words"] == "not read there yet"
    (mine,) = rest.get(HERE, headers=by("works")).json()["warnings"]
    assert (mine["warning"], mine["state"]) == (uid, "chosen")
    assert rest.head(f"{HERE}/{uid}", headers=by("works")).status_code == 200
    assert rest.get(HERE, headers=by("works")).json()["warnings"][0]["state"] == "chosen"
    assert rest.get(f"{HERE}/{uid}", headers=by("works")).json()["state"] == "delivered"
    counts = rest.get(f"{HERE}/{uid}/coverage", headers=by("duty")).json()["coverage"]
    assert counts[0]["delivered"] == 1


@pytest.mark.parametrize("name", ["works", "grid", "gas"])
def test_a_warning_that_is_not_for_one_is_as_if_it_were_not_there(here: World, rest: Client, name: str) -> None:
    absent = str(uuid.UUID(int=7, version=4))

    def answers(uid: str) -> list[tuple[int, bytes]]:
        asked = [("GET", "", None), ("GET", "/proposals", None), ("GET", "/coverage", None),
                 ("POST", "/receipt", {"state": "acted"}), ("POST", "/sending", {}), ("POST", "/retraction", WHY),
                 ("POST", "/correction", NEW)]  # fmt: skip
        found = [rest.request(way, f"{HERE}/{uid}{path}", headers=by(name), json=body) for way, path, body in asked]
        found.append(rest.get(HERE, headers=by(name)))
        return [(one.status_code, one.content) for one in found]

    before = answers(absent)
    uid = written(rest, tlp="RED" if name == "gas" else "AMBER")
    if name == "works":  # chosen while it saw more
        grade(here, "works", 4)
        rest.post(f"{HERE}/{uid}/sending", headers=by("duty"), json={"to": ["works"]})
        assert rest.get(f"{HERE}/{uid}", headers=by("works")).status_code == 200
        grade(here, "works", 1)
    assert answers(uid) == before


def grade(here: World, name: str, sees: int, kind: str = "operator") -> None:
    """Change what a principal may see; its token stays."""
    there = people.account(here.hub.store, name=name)
    assert there
    one = DeclaredPrincipal(name, kind, sees, frozenset(), "", there.token)
    assert here.hub.store.change(lambda wire: people.change(wire, one, owner=False, subject="")).result(10)


def test_an_auditor_and_a_centre_see_no_higher_than_they_may(here: World, rest: Client) -> None:
    uid = written(rest, tlp="RED")
    assert rest.get(f"{HERE}/{uid}", headers=by("check")).status_code == 200
    assert rest.get(f"{HERE}/{uid}", headers=by("check")).json()["to_me"] is False
    grade(here, "check", 2, "auditor")
    grade(here, "duty", 2, "centre")
    for name in ("check", "duty"):
        assert rest.get(HERE, headers=by(name)).json() == {"warnings": []}
        assert rest.get(f"{HERE}/{uid}/coverage", headers=by(name)).status_code == 404
    refused = rest.post(HERE, headers=by("duty"), json={**NEW, "tlp": "RED"})
    assert refused.status_code == 403
    assert "may not see oneself" in detail(refused)


@pytest.mark.parametrize(
    "change",
    [{"title": {"en": "x"}}, {"title": {"en": "x", "ja": ""}}, {"tlp": "PINK"}, {"communities": []}, {"more": 1},
     {"audience": {"networks": ["x"]}}, {"text": {"en": "\u0000", "ja": "x"}}, {"about": ["x"]}],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(rest: Client, change: dict[str, Any]) -> None:
    answer = rest.post(HERE, headers=by("duty"), json={**NEW, **change})
    assert answer.status_code in (400, 422), answer.text
    detail(answer)
    assert rest.get(HERE, headers=by("duty")).json() == {"warnings": []}


@pytest.mark.parametrize("uid", ["x", "%00", "A" * 36, "..%2f"])
def test_what_is_no_id_is_absent(rest: Client, uid: str) -> None:
    assert rest.get(f"{HERE}/{uid}", headers=by("duty")).status_code == 404
