"""The REST interface: every route for every role as the table says, objects as TAXII tells them, rights that end."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.rest_world import ALLY, API, DUTY, NAMES, OWNER, ROLES, Client, client, detail, rest_hub
from tests.web.taxii_world import DROP, HIGH, LOW, NOBODY, PASSWORD, TLP, WORKS, basic, indicator

from noroshi.share.permissions import Leave, leave
from noroshi.web.headers import SECURITY

OBJECTS = f"{API}/collections/trust/{HIGH}/objects"
ONE, TWO = (indicator(k)["id"] for k in (1, 2))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A world that tests may add to, each under names of its own."""
    folder = tmp_path_factory.mktemp("rest")
    hub = rest_hub(folder)
    with client(hub, folder) as made:
        for k, marking in ((1, "GREEN"), (2, "AMBER"), (3, "RED"), (4, "CLEAR")):
            assert made.post(OBJECTS, headers=DUTY, json=indicator(k, marking=marking)).status_code == 202
        yield made
    hub.store.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Client]:
    """A world of a test's own."""
    hub = rest_hub(tmp_path)
    with client(hub, tmp_path) as made:
        yield made
    hub.store.close()


ROUTES: dict[str, tuple[str, str, Any, str, int]] = {
    "me": ("GET", "/me", None, "self.read", 200),
    "collections": ("GET", "/collections", None, "collections.list", 200),
    "a submission of nobody": ("GET", f"/submissions/trust/{uuid.UUID(int=9)}", None, "submissions.read", 404),
    "a judgement nowhere": ("POST", f"/collections/no/{LOW}/judgements", {"same": True, "a": ONE, "b": TWO},
                            "merges.judge", 404),
    "a judgement of nobody": ("DELETE", f"/collections/no/{LOW}/judgements/none", None, "merges.judge", 404),
    "releases": ("GET", "/releases", None, "objects.read", 200),
    "a release of nobody": ("GET", f"/releases/{uuid.UUID(int=9)}", None, "objects.read", 404),
    "a release that is none": ("GET", "/releases/none", None, "objects.read", 404),
    "a release proposed nowhere": ("POST", f"/collections/no/{LOW}/objects/{ONE}/releases",
                                   {"plan": {"tlp": "GREEN"}, "reason": "x"}, "releases.propose", 404),
    "nothing approved": ("POST", f"/releases/{uuid.UUID(int=9)}/approval", None, "releases.approve", 404),
    "nothing refused": ("POST", f"/releases/{uuid.UUID(int=9)}/refusal", {}, "releases.approve", 404),
    "no copy withdrawn": ("POST", f"/releases/{uuid.UUID(int=9)}/withdrawal", {}, "objects.read", 404),
    "copies nowhere": ("GET", f"/collections/no/{LOW}/objects/{ONE}/derived", None, "objects.read", 404),
    "incidents": ("GET", "/incidents", None, "incidents.read", 200),
    "an incident of nobody": ("GET", f"/incidents/{uuid.UUID(int=9)}", None, "incidents.read", 404),
    "nothing reported": ("POST", f"/incidents/{uuid.UUID(int=9)}/lines", {"text": "x"}, "incidents.report", 404),
    "situations": ("GET", "/situations", None, "situations.read", 200),
    "a situation of nobody": ("GET", f"/situations/{uuid.UUID(int=9)}", None, "situations.read", 404),
    "a new situation": ("POST", "/situations", {"title": {"en": "x", "ja": "x"}}, "situations.manage", 201),
    "nothing gathered": ("POST", f"/situations/{uuid.UUID(int=9)}/lines", {"text": "x"}, "situations.manage", 404),
    "nobody warned": ("POST", f"/situations/{uuid.UUID(int=9)}/warnings", {
        **{key: {"en": "x", "ja": "x"} for key in ("title", "text", "action")}, "severity": "low",
    }, "situations.manage", 404),
    "unwarned of nobody": ("GET", f"/situations/{uuid.UUID(int=9)}/unwarned", None, "situations.manage", 404),
    "calls of nobody": ("GET", f"/situations/{uuid.UUID(int=9)}/calls", None, "situations.manage", 404),
    "nobody pressed": ("POST", f"/situations/{uuid.UUID(int=9)}/press", {"press_first": []}, "situations.manage", 404),
    "requests of nobody": ("GET", f"/situations/{uuid.UUID(int=9)}/asks", None, "situations.manage", 404),
    "nothing asked": ("POST", f"/situations/{uuid.UUID(int=9)}/asks", {"to": "works", "what": {"en": "x", "ja": "x"},
                      "deadline": "2096-11-24T17:00:00Z"}, "situations.manage", 404),
    "a position of nobody": ("GET", f"/situations/{uuid.UUID(int=9)}/position", None, "situations.read", 404),
    "nothing entered": ("POST", f"/situations/{uuid.UUID(int=9)}/position", {
        "decision": {"why": {"en": "x", "ja": "x"}},
    }, "situations.manage", 404),
    "nothing assessed": ("POST", f"/situations/{uuid.UUID(int=9)}/position/assessment", {"file": "{}"},
                         "situations.manage", 404),
    "nothing signed": ("POST", f"/situations/{uuid.UUID(int=9)}/position/signature",
                       {"role": "x", "digest": "0" * 64}, "situations.manage", 404),
    "a memo of nobody": ("GET", f"/situations/{uuid.UUID(int=9)}/memo", None, "situations.read", 404),
    "a memo of nobody as PDF": ("GET", f"/situations/{uuid.UUID(int=9)}/memo.pdf", None, "situations.read", 404),
    "asks": ("GET", "/asks", None, "asks.answer", 200),
    "nothing answered": ("POST", f"/asks/{uuid.UUID(int=9)}/answer", {"state": "accepted"}, "asks.answer", 404),
    "scripts": ("GET", "/replays", None, "principals.change", 200),
    "no script played": ("POST", "/replays", {"script": "no-such"}, "principals.change", 404),
    "a replay of nobody": ("GET", f"/replays/{uuid.UUID(int=9)}", None, "principals.change", 404),
    "no replay stopped": ("DELETE", f"/replays/{uuid.UUID(int=9)}", None, "principals.change", 404),
    "nobody reminded": ("POST", f"/asks/{uuid.UUID(int=9)}/reminder", None, "asks.answer", 404),
    "duties of nobody": ("GET", f"/incidents/{uuid.UUID(int=9)}/duties", None, "incidents.read", 404),
    "impact of no incident": ("GET", f"/incidents/{uuid.UUID(int=9)}/impact", None, "incidents.read", 404),
    "severity of no incident": ("GET", f"/incidents/{uuid.UUID(int=9)}/severity", None, "incidents.read", 404),
    "impact of nothing": ("GET", f"/situations/{uuid.UUID(int=9)}/impact", None, "situations.read", 404),
    "severity of nothing": ("GET", f"/situations/{uuid.UUID(int=9)}/severity", None, "situations.read", 404),
    "a brief of nothing": ("GET", f"/situations/{uuid.UUID(int=9)}/brief", None, "situations.read", 404),
    "a calendar of nothing": ("GET", f"/situations/{uuid.UUID(int=9)}/calendar", None, "situations.read", 404),
    "tokens": ("GET", "/tokens", None, "tokens.manage", 200),
    "a new token": ("POST", "/tokens", {"label": "x", "scopes": ["read"]}, "tokens.manage", 201),
    "a token made anew": ("POST", "/tokens/nobody-s/rotation", None, "tokens.manage", 404),
    "a token revoked": ("DELETE", "/tokens/nobody-s", None, "tokens.manage", 404),
    "sessions": ("GET", "/sessions", None, "sessions.manage", 200),
    "log out": ("DELETE", "/session", None, "sessions.manage", 204),
    "log out everywhere": ("DELETE", "/sessions", None, "sessions.manage", 204),
    "this session": ("GET", "/session", None, "sessions.manage", 404),
    "a password": ("PUT", "/me/password", {"old": "wrong", "new": "quite another one"}, "password.change", 403),
    "warnings": ("GET", "/warnings", None, "warnings.read", 200),
    "a warning of nobody": ("GET", f"/warnings/{uuid.UUID(int=9)}", None, "warnings.read", 404),
    "a new warning": ("POST", "/warnings", {
        **{key: {"en": "x", "ja": "x"} for key in ("title", "text", "action")}, "severity": "low", "tlp": "CLEAR",
    }, "warnings.write", 201),
    "proposals of nobody": ("GET", f"/warnings/{uuid.UUID(int=9)}/proposals", None, "warnings.write", 404),
    "nothing sent": ("POST", f"/warnings/{uuid.UUID(int=9)}/sending", {}, "warnings.write", 404),
    "nothing withdrawn": ("POST", f"/warnings/{uuid.UUID(int=9)}/retraction", {"why": {"en": "x", "ja": "x"}},
                          "warnings.write", 404),
    "coverage of nobody": ("GET", f"/warnings/{uuid.UUID(int=9)}/coverage", None, "warnings.follow", 404),
    "nothing acknowledged": ("POST", f"/warnings/{uuid.UUID(int=9)}/receipt", {"state": "acted"},
                             "warnings.answer", 404),
    "principals": ("GET", "/principals", None, "principals.list", 200),
    "a principal": ("GET", "/principals/works", None, "principals.list", 200),
    "no principal": ("GET", "/principals/no-such", None, "principals.list", 404),
    "communities": ("GET", "/communities", None, "principals.list", 200),
    "a new principal": ("POST", "/principals", {"name": "new-{role}", "kind": "operator"}, "principals.change", 201),
    "a principal changed": ("PATCH", "/principals/ally", {"token": False}, "principals.change", 200),
    "no principal changed": ("PATCH", "/principals/no-such", {}, "principals.change", 404),
    "no principal withdrawn": ("DELETE", "/principals/no-such", None, "principals.change", 404),
    "a grant": ("PUT", f"/principals/ally/grants/other/{LOW}", {"read": False, "write": False}, "grants.change", 200),
    "a grant nowhere": ("PUT", f"/principals/ally/grants/no/{LOW}", {"read": True, "write": True},
                        "grants.change", 404),
    "a grant withdrawn": ("DELETE", f"/principals/ally/grants/other/{LOW}", None, "grants.change", 204),
    "a member": ("PUT", "/communities/eu/members/ally", None, "communities.change", 200),
    "a member out": ("DELETE", "/communities/eu/members/ally", None, "communities.change", 204),
    "a new centre": ("POST", "/principals", {"name": "centre-{role}", "kind": "centre"}, "centres.change", 201),
    "a centre changed": ("PATCH", "/principals/duty", {}, "centres.change", 200),
    "a centre's grant": ("PUT", f"/principals/duty/grants/other/{LOW}", {"read": False, "write": False},
                         "centres.change", 200),
    "a centre's community": ("PUT", "/communities/jp-us/members/duty", None, "centres.change", 200),
}  # fmt: skip
"""What is asked -> method, path, body, the action of the table, and the answer where the table does not say never."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("asked", ROUTES)
def test_every_route_answers_every_role_as_the_table_says(world: Client, role: str, asked: str) -> None:
    method, path, body, action, status = ROUTES[asked]
    kind = "centre" if role == "owner" else role
    never = leave(action, kind, owner=role == "owner") is Leave.NEVER
    content = None if body is None else json.dumps(body).replace("{role}", role)
    headers = {**ROLES[role], **({} if body is None else {"Content-Type": "application/json"})}
    answer = world.request(method, API + path, headers=headers, content=content)
    wanted = {403, 404} if never and action == "submissions.read" else {403} if never else {status}
    if action == "submissions.read" and role in {"owner", "ministry"}:
        wanted = {404}  # it knows of no API root
    assert answer.status_code in wanted, answer.text
    if never:
        assert not any(name in detail(answer) for name in NAMES.values() if name != "nobody")


@pytest.mark.parametrize("asked", ROUTES)
def test_nobody_is_told_nothing(world: Client, asked: str) -> None:
    method, path, body, _, _ = ROUTES[asked]
    answers = [
        world.request(method, API + path, json=body, headers=headers)
        for headers in ({}, {"Authorization": "Bearer x"}, {"Cookie": "noroshi=wrong"}, {"Authorization": "Basic !"})
    ]
    assert {one.status_code for one in answers} == {401}
    assert len({one.content for one in answers}) == 1
    assert answers[0].headers["www-authenticate"].startswith("Bearer")


SEEN = {"owner": 404, "centre": {1, 2, 3, 4}, "ministry": 404, "operator": {1, 4}, "partner": {1, 2, 3, 4},
        "auditor": 404}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_objects_are_those_that_the_role_may_see(world: Client, role: str) -> None:
    answer = world.get(OBJECTS, headers=ROLES[role])
    if SEEN[role] == 404:
        assert answer.status_code == 404
        assert "may not know" in detail(answer)
        return
    told = {one["id"] for one in answer.json()["items"]}
    wanted = {indicator(k)["id"] for k in SEEN[role]}  # type: ignore[attr-defined]  # a set, as above
    assert told == wanted
    for k in range(1, 6):
        one = world.get(f"{OBJECTS}/{indicator(k)['id']}", headers=ROLES[role])
        assert one.status_code == (200 if indicator(k)["id"] in wanted else 404)


def test_every_answer_is_private(world: Client) -> None:
    asked = [("/me", WORKS), ("/me", {}), ("/nothing", WORKS), ("/principals", WORKS), ("/openapi.json", {})]
    for path, who in asked:
        answer = world.get(API + path, headers=who)
        assert answer.headers["cache-control"] == "private, no-store"
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY
        if answer.status_code >= 400:
            detail(answer)


def test_an_object_is_explained_in_words_of_both_languages(world: Client) -> None:
    told = world.get(f"{OBJECTS}/{ONE}", headers=WORKS).json()
    (version,) = told["versions"]
    assert (version["tlp"], version["pap"], version["communities"]) == ("GREEN", None, None)
    assert version["source"] == {"kind": "centre", "name": None, "own": False}
    assert version["why"] == "TLP:GREEN is within the TLP:GREEN that you may see"
    assert version["meaning"] == ["TLP:GREEN: within the community, not in public."]
    own = world.get(f"{OBJECTS}/{ONE}", headers={**DUTY, "Accept-Language": "ja"})
    assert own.json()["versions"][0]["source"] == {"kind": "centre", "name": "duty", "own": True}
    assert own.headers["content-language"] == "ja"
    assert not own.json()["versions"][0]["meaning"][0].isascii()


def test_pap_and_communities_are_told_to_members(fresh: Client) -> None:
    from noroshi.share.markings import community_definition

    name = f"marking-definition--{uuid.UUID(int=7, version=4)}"
    pap = {"type": "marking-definition", "spec_version": "2.1", "id": name, "created": "2026-01-01T00:00:00.000Z",
           "name": "PAP:AMBER", "definition_type": "statement",
           "definition": {"statement": "PAP:AMBER"}}  # fmt: skip
    group = community_definition(["jp-us", "eu"])
    one = indicator(1, object_marking_refs=[TLP["GREEN"], group["id"]], labels=["PAP:AMBER"])
    sent = fresh.post(OBJECTS, headers=DUTY, json=[pap, group, one])
    assert sent.json()["refused"] == []
    (version,) = fresh.get(f"{OBJECTS}/{ONE}", headers=DUTY).json()["versions"]
    assert (version["pap"], version["communities"]) == ("AMBER", ["jp-us"])
    assert len(version["meaning"]) == 3
    assert fresh.get(f"{OBJECTS}/{ONE}", headers=WORKS).status_code == 404
    admitted = fresh.put(f"{API}/communities/eu/members/works", headers=DUTY)
    assert admitted.json() == {"principal": "works", "communities": ["eu"]}
    (version,) = fresh.get(f"{OBJECTS}/{ONE}", headers=WORKS).json()["versions"]
    assert version["communities"] == ["eu"]
    assert fresh.delete(f"{API}/communities/eu/members/works", headers=DUTY).status_code == 204
    assert fresh.get(f"{OBJECTS}/{ONE}", headers=WORKS).status_code == 404


@pytest.mark.parametrize("form", ["one", "list", "envelope", "bundle"])
def test_objects_come_as_one_a_list_an_envelope_or_a_bundle(fresh: Client, form: str) -> None:
    one = indicator(1, marking="GREEN")
    bundle = {"type": "bundle", "id": f"bundle--{uuid.UUID(int=3, version=4)}", "objects": [one]}
    body = {"one": one, "list": [one], "envelope": {"objects": [one]}, "bundle": bundle}[form]
    answer = fresh.post(OBJECTS, headers=DUTY, json=body)
    assert answer.status_code == 202, answer.text
    assert [entry["id"] for entry in answer.json()["accepted"]] == [ONE]
    again = fresh.get(answer.headers["location"], headers=DUTY)
    assert again.json() == answer.json()
    assert fresh.get(answer.headers["location"], headers=ALLY).status_code == 404
    kept = fresh.get(OBJECTS, headers=DUTY).json()["items"]
    assert [item["object"] for item in kept] == [one]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"7", b'"x"', b"null", b'{"objects":7}', b'{"objects":[],"objects":[]}', b"\xff", b"[" * 5000]
)
def test_a_body_that_is_no_envelope_is_refused(world: Client, body: bytes) -> None:
    answer = world.post(OBJECTS, headers={**DUTY, "Content-Type": "application/json"}, content=body)
    assert answer.status_code == 422
    detail(answer)


def test_a_key_given_twice_fails_alone(fresh: Client) -> None:
    twice = json.dumps(indicator(1, marking="GREEN"))[:-1] + ',"name":"again"}'
    answer = fresh.post(OBJECTS, headers={**DUTY, "Content-Type": "application/json"}, content=twice)
    assert answer.status_code == 202
    assert (len(answer.json()["accepted"]), len(answer.json()["refused"])) == (0, 1)


def test_pages_follow_each_other_by_a_cursor_of_ones_own(fresh: Client) -> None:
    fresh.post(OBJECTS, headers=DUTY, json=[indicator(k, marking="GREEN") for k in range(1, 6)])
    told: list[str] = []
    query = {"limit": "2"}
    while True:
        page = fresh.get(OBJECTS, headers=WORKS, params=query).json()
        told += [item["id"] for item in page["items"]]
        assert page["more"] == (page["next"] is not None)
        if not page["more"]:
            break
        query = {"limit": "2", "next": page["next"]}
    assert told == [indicator(k)["id"] for k in range(1, 6)]
    assert fresh.get(OBJECTS, headers=DUTY, params=query).status_code == 400  # another's cursor
    assert fresh.get(OBJECTS, headers=WORKS, params={**query, "type": "malware"}).status_code == 400


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=1&limit=2", "added_after=yesterday", "next=x", "colour=red", "id=x", "type=",
              "spec_version=3", "%ff=1", "limit"],
)  # fmt: skip
def test_a_query_that_is_not_right_is_refused(world: Client, query: str) -> None:
    answer = world.get(f"{OBJECTS}?{query}", headers=WORKS)
    assert answer.status_code == 400
    detail(answer)


def test_filters_are_those_of_taxii(world: Client) -> None:
    found = world.get(OBJECTS, headers=DUTY, params={"id": ONE, "type": "indicator", "version": "all"}).json()["items"]
    assert [one["id"] for one in found] == [ONE]
    assert world.get(OBJECTS, headers=DUTY, params={"type": "malware"}).json()["items"] == []
    after = found[0]["added"]
    later = world.get(OBJECTS, headers=DUTY, params={"added_after": after}).json()["items"]
    assert ONE not in {one["id"] for one in later}
    assert len(later) == 3


def test_deleting_takes_leave_to_read_and_write(fresh: Client) -> None:
    fresh.post(OBJECTS, headers=DUTY, json=indicator(1, marking="GREEN"))
    assert fresh.delete(f"{OBJECTS}/{ONE}", headers=WORKS).status_code == 403
    assert fresh.delete(f"{OBJECTS}/{ONE}?version=2020-01-01T00:00:00Z", headers=DUTY).status_code == 404
    assert fresh.delete(f"{OBJECTS}/{ONE}", headers=DUTY).status_code == 204
    assert fresh.delete(f"{OBJECTS}/{ONE}", headers=DUTY).status_code == 404
    assert fresh.delete(f"{OBJECTS}/{ONE}", headers=NOBODY).status_code == 404


def test_what_may_only_be_written_cannot_be_read(fresh: Client) -> None:
    drop = f"{API}/collections/trust/{DROP}/objects"
    assert fresh.post(drop, headers=WORKS, json=indicator(1, marking="GREEN")).status_code == 202
    assert fresh.get(drop, headers=WORKS).status_code == 403
    assert fresh.get(drop, headers=DUTY).status_code == 404
    assert fresh.post(OBJECTS, headers=WORKS, json=indicator(1)).status_code == 403


def test_an_auditor_takes_no_part_whatever_it_is_granted(fresh: Client) -> None:
    granted = fresh.put(f"{API}/principals/nobody/grants/trust/{HIGH}", headers=DUTY,
                        json={"read": True, "write": True})  # fmt: skip
    assert granted.status_code == 200
    (one,) = (each for each in fresh.get(f"{API}/collections", headers=NOBODY).json()["collections"]
              if each["id"] == HIGH)  # fmt: skip
    assert (one["can_read"], one["can_write"]) == (True, False)
    answer = fresh.post(OBJECTS, headers=NOBODY, json=indicator(1, marking="CLEAR"))
    assert (answer.status_code, detail(answer)) == (403, "who checks the exchange does not take part in it")


def test_what_is_withdrawn_is_gone_with_the_next_request(fresh: Client) -> None:
    fresh.post(OBJECTS, headers=DUTY, json=indicator(1, marking="GREEN"))
    made = fresh.post(f"{API}/tokens", headers=WORKS, json={"label": "feed", "scopes": ["read"]}).json()
    token = {"Authorization": f"Bearer {made['secret']}"}
    for who in (WORKS, token):
        assert len(fresh.get(OBJECTS, headers=who).json()["items"]) == 1
    assert fresh.patch(f"{API}/principals/works", headers=DUTY, json={"sees": "CLEAR"}).status_code == 200
    for who in (WORKS, token):
        assert fresh.get(OBJECTS, headers=who).json()["items"] == []
    assert fresh.delete(f"{API}/principals/works/grants/trust/{HIGH}", headers=DUTY).status_code == 204
    for who in (WORKS, token):
        assert fresh.get(OBJECTS, headers=who).status_code == 404
    assert fresh.delete(f"{API}/principals/works", headers=DUTY).status_code == 204
    for who in (WORKS, token):
        assert fresh.get(f"{API}/me", headers=who).status_code == 401
    left = fresh.get(f"{API}/principals/works", headers=DUTY).json()
    assert (left["sees"], left["grants"], left["has_token"]) == (None, [], False)


def test_nobody_raises_anybody_above_oneself(fresh: Client) -> None:
    first: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
        ("DELETE", "/principals/boss", None),
        ("PATCH", "/principals/boss", {"password": "quite another one"}),
        ("PUT", f"/principals/duty/grants/other/{LOW}", {"read": True, "write": True}),
        ("PUT", "/communities/eu/members/duty", None),
        ("DELETE", "/communities/jp-us/members/boss", None),
    )
    for method, path, said in first:  # the centre sees as much as the owner, and yet
        assert fresh.request(method, API + path, headers=DUTY, json=said).status_code == 403, path
    assert fresh.patch(f"{API}/principals/duty", headers=OWNER, json={"sees": "AMBER"}).status_code == 200
    for method, path, body in (
        ("POST", "/principals", {"name": "spy", "kind": "operator", "sees": "RED", "token": True}),
        ("PATCH", "/principals/works", {"sees": "AMBER+STRICT"}),
        ("PATCH", "/principals/works", {"kind": "centre"}),
        ("PATCH", "/principals/works", {"owner": True}),
        ("PATCH", "/principals/duty", {"sees": "RED"}),
        ("PATCH", "/principals/boss", {"password": "quite another one"}),
        ("DELETE", "/principals/boss", None),
        ("PATCH", "/principals/ally", {"password": "quite another one"}),  # it sees RED
    ):
        assert fresh.request(method, API + path, headers=DUTY, json=body).status_code == 403, path
    assert fresh.patch(f"{API}/principals/works", headers=DUTY, json={"sees": "AMBER"}).status_code == 200


def test_there_is_always_an_owner(fresh: Client) -> None:
    for method, body in (("DELETE", None), ("PATCH", {"owner": False})):
        answer = fresh.request(method, f"{API}/principals/boss", headers=OWNER, json=body)
        assert (answer.status_code, detail(answer)) == (409, "it is the only owner; make another one first")
    assert fresh.patch(f"{API}/principals/works", headers=OWNER, json={"owner": True}).status_code == 409
    assert fresh.patch(f"{API}/principals/duty", headers=OWNER, json={"owner": True}).status_code == 200
    assert fresh.delete(f"{API}/principals/boss", headers=OWNER).status_code == 204
    assert fresh.get(f"{API}/me", headers=DUTY).json()["owner"] is True
    assert fresh.get(f"{API}/me", headers=OWNER).status_code == 401


def test_principals_are_made_with_what_they_need(fresh: Client) -> None:
    said = {"name": "grid", "kind": "operator", "sees": "AMBER", "communities": ["電力"], "token": True}
    made = fresh.post(f"{API}/principals", headers=DUTY, json=said)
    assert (made.status_code, made.json()["has_token"]) == (201, True)
    who = {"Authorization": f"Bearer {made.json()['token']}"}
    me = fresh.get(f"{API}/me", headers=who).json()
    assert (me["name"], me["kind"], me["sees"], me["communities"]) == ("grid", "operator", "AMBER", ["電力"])
    assert fresh.post(f"{API}/principals", headers=DUTY, json=said).status_code == 409
    people = fresh.patch(f"{API}/principals/grid", headers=DUTY, json={"password": PASSWORD, "sees": None}).json()
    assert (people["has_password"], people["sees"], people["token"]) == (True, None, None)
    assert fresh.get(f"{API}/me", headers=basic("grid")).status_code == 200


@pytest.mark.parametrize(
    "said", [{"name": "x", "kind": "king"}, {"name": "a:b", "kind": "operator"}, {"name": "x\n", "kind": "operator"},
             {"kind": "operator"}, {"name": "x", "kind": "operator", "password": "short"}, [], "x", 7,
             {"name": "x", "kind": "operator", "colour": "red"}, {"name": "x", "kind": "operator", "sees": "PINK"},
             {"name": "x", "kind": "operator", "communities": [""]}, {"name": "x", "kind": "operator", "owner": "yes"}],
)  # fmt: skip
def test_a_principal_that_cannot_be_is_refused(world: Client, said: Any) -> None:
    answer = world.post(f"{API}/principals", headers=DUTY, json=said)
    assert answer.status_code == 400, answer.text
    detail(answer)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_read(world: Client, kind: str) -> None:
    answer = world.post(f"{API}/principals", headers={**DUTY, "Content-Type": kind}, content=b"{}")
    assert answer.status_code == 415


def test_a_method_that_is_not_there_is_refused_and_head_is_get_without_a_body(world: Client) -> None:
    answer = world.put(f"{API}/me", headers=WORKS)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    detail(answer)
    head = world.head(f"{API}/me", headers=WORKS)
    assert (head.status_code, head.content) == (200, b"")


def test_another_host_name_is_not_answered(world: Client) -> None:
    answer = world.get(f"{API}/me", headers={**WORKS, "Host": "evil.example"})
    assert answer.status_code == 400


def test_a_body_may_be_as_long_as_the_api_root_says(fresh: Client) -> None:
    long = json.dumps(indicator(1, marking="GREEN", description="x" * 2_000_000))
    answer = fresh.post(OBJECTS, headers={**DUTY, "Content-Type": "application/json"}, content=long)
    assert answer.status_code == 413
    for path in ("/session", "/owner", "/tokens"):  # of these the first two may be asked by anybody
        said = {"name": "x" * 2_000_000, "password": "x"}
        assert fresh.post(API + path, headers=DUTY, json=said).status_code == 413, path
    packed = gzip.compress(b"[]")
    answer = fresh.post(OBJECTS, headers={**DUTY, "Content-Type": "application/json", "Content-Encoding": "gzip"},
                        content=packed)  # fmt: skip
    assert answer.status_code == 422


def test_who_asks_too_often_is_told_when_to_come_again(tmp_path: Path) -> None:
    hub = rest_hub(tmp_path)
    with client(hub, tmp_path, request_rate=5) as made:
        codes = [made.get(f"{API}/me", headers=WORKS).status_code for _ in range(7)]
        assert codes == [200] * 5 + [429] * 2
        late = made.get(f"{API}/me", headers=WORKS)
        assert 1 <= int(late.headers["retry-after"]) <= 13
        detail(late)
        assert made.get(f"{API}/me", headers=ALLY).status_code == 200
    hub.store.close()
