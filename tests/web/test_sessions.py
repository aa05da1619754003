"""Sessions, tokens, limits and the first owner: what opens the door, what keeps it shut, and what shuts it again."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.web.rest_world import ADDRESS, API, DUTY, OWNER, Client, client, detail, rest_hub
from tests.web.taxii_world import DROP, HIGH, MEDIA, PASSWORD, WORKS, basic, indicator

from noroshi.desk import founding, limits
from noroshi.desk.hub import Hub
from noroshi.share.taxii import Refused
from noroshi.store import people
from noroshi.web.taxii import TaxiiDoor

LOGIN = {"name": "duty", "password": PASSWORD}
OBJECTS = f"{API}/collections/trust/{HIGH}/objects"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = rest_hub(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def ask(hub: Hub, tmp_path: Path) -> Iterator[Client]:
    with client(hub, tmp_path) as made:
        yield made


def logged_in(ask: Client, said: dict[str, str] = LOGIN) -> dict[str, str]:
    """Log in and return what changes must carry; the client keeps the cookie."""
    answer = ask.post(f"{API}/session", json=said)
    assert answer.status_code == 201, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}


def test_a_session_opens_with_name_and_password_and_ends_when_it_is_ended(ask: Client) -> None:
    assert ask.get(f"{API}/me").status_code == 401
    forgery = logged_in(ask)
    assert ask.get(f"{API}/me").json()["name"] == "duty"
    this = ask.get(f"{API}/session").json()
    assert (this["current"], {"X-CSRF-Token": this["csrf"]}) == (True, forgery)
    secret = ask.cookies["noroshi"]
    assert ask.delete(f"{API}/session", headers=forgery).status_code == 204
    assert "noroshi" not in ask.cookies
    assert ask.get(f"{API}/me", headers={"Cookie": f"noroshi={secret}"}).status_code == 401


def test_the_cookie_is_for_the_hub_alone(hub: Hub, tmp_path: Path) -> None:
    for scheme, name in (("http", "noroshi"), ("https", "__Host-noroshi")):
        with client(hub, tmp_path) as ask:
            ask.base_url = httpx.URL(ADDRESS.replace("http", scheme))
            cookie = ask.post(f"{API}/session", json=LOGIN).headers["set-cookie"]
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert cookie.startswith(f"{name}=")
        assert {"httponly", "samesite=strict", "path=/"} <= parts
        assert ("secure" in parts) == (scheme == "https")
        assert not any(part.startswith("domain") for part in parts)


def test_a_plain_cookie_is_not_taken_where_there_is_tls(ask: Client) -> None:
    logged_in(ask)
    secret = ask.cookies["noroshi"]
    ask.cookies.clear()
    ask.base_url = httpx.URL(ADDRESS.replace("http", "https"))
    assert ask.get(f"{API}/me", headers={"Cookie": f"noroshi={secret}"}).status_code == 401
    assert ask.get(f"{API}/me", headers={"Cookie": f"__Host-noroshi={secret}"}).status_code == 200


def test_the_store_has_no_secret_in_the_clear(ask: Client, tmp_path: Path) -> None:
    forgery = logged_in(ask)
    token = ask.post(f"{API}/tokens", headers=forgery, json={"label": "x", "scopes": ["read"]}).json()["secret"]
    secrets = [ask.cookies["noroshi"], token, PASSWORD]
    held = b"".join(path.read_bytes() for path in tmp_path.glob("noroshi.sqlite3*"))
    assert b"duty" in held
    assert not any(secret.encode() in held for secret in secrets)


@pytest.mark.parametrize(
    "said", [{"name": "duty", "password": "wrong"}, {"name": "nobody-at-all", "password": PASSWORD},
             {"name": "works", "password": PASSWORD}, {"name": "\0", "password": "x"}],
)  # fmt: skip
def test_a_wrong_name_and_a_wrong_password_answer_alike(ask: Client, said: dict[str, str]) -> None:
    answer = ask.post(f"{API}/session", json=said)
    assert (answer.status_code, detail(answer)) == (401, "the name or the password is wrong")
    assert "set-cookie" not in answer.headers


def test_an_unknown_name_takes_as_long_as_a_known_one(hub: Hub) -> None:
    times: dict[str, list[float]] = {"duty": [], "nobody-at-all": [], "works": []}
    hub.credentials.failures = limits.Failures(0)
    for _ in range(15):
        for name, took in times.items():
            start = time.process_time()
            assert hub.credentials.password(name, "wrong", 0.0) is None
            took.append(time.process_time() - start)
    medians = [sorted(took)[len(took) // 2] for took in times.values()]
    assert max(medians) < 2 * min(medians)


CHANGES = [("POST", "/tokens", {"label": "x", "scopes": ["read"]}), ("DELETE", "/sessions", None),
           ("PATCH", "/principals/works", {}), ("PUT", "/communities/eu/members/works", None)]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_another_page_cannot_change_anything_by_the_cookie(
    ask: Client, method: str, path: str, body: dict[str, Any] | None
) -> None:
    forgery = logged_in(ask)
    for headers in ({}, {"X-CSRF-Token": "x" * 43}, {**forgery, "Origin": "https://evil.example"},
                    {**forgery, "Sec-Fetch-Site": "cross-site"}, {**forgery, "Sec-Fetch-Site": "same-site"},
                    {**forgery, "Origin": "null"}, {**forgery, "Origin": "http://["}):  # fmt: skip
        answer = ask.request(method, API + path, headers=headers, json=body)
        assert (answer.status_code, "own page" in detail(answer)) == (403, True), headers
    right = {**forgery, "Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert ask.request(method, API + path, headers=right, json=body).status_code < 300


def test_nor_by_a_basic_header_that_the_browser_remembers_nor_log_anybody_in(ask: Client) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert ask.post(f"{API}/tokens", headers={**DUTY, **foreign},
                    json={"label": "x", "scopes": ["read"]}).status_code == 403  # fmt: skip
    assert ask.post(f"{API}/session", headers=foreign, json=LOGIN).status_code == 403
    assert ask.post(f"{API}/tokens", headers={**WORKS, **foreign},
                    json={"label": "x", "scopes": ["read"]}).status_code == 201  # fmt: skip


def test_the_token_against_forgery_is_of_one_session_alone(hub: Hub, tmp_path: Path) -> None:
    with client(hub, tmp_path) as one, client(hub, tmp_path) as other:
        first, second = logged_in(one), logged_in(other)
        assert first != second
        assert other.delete(f"{API}/session", headers=first).status_code == 403


def test_logging_out_everywhere_ends_every_session_and_nobody_elses(hub: Hub, tmp_path: Path) -> None:
    with client(hub, tmp_path) as one, client(hub, tmp_path) as other, client(hub, tmp_path) as boss:
        forgery = logged_in(one)
        logged_in(other)
        logged_in(boss, {"name": "boss", "password": PASSWORD})
        listed = one.get(f"{API}/sessions").json()["sessions"]
        assert [each["current"] for each in listed] == [True, False]
        assert one.delete(f"{API}/sessions", headers=forgery).status_code == 204
        assert other.get(f"{API}/me").status_code == 401
        assert boss.get(f"{API}/me").status_code == 200


@pytest.mark.parametrize("how", ["changed", "given another", "withdrawn", "taken away"])
def test_a_session_ends_with_its_password(hub: Hub, tmp_path: Path, how: str) -> None:
    with client(hub, tmp_path) as ask:
        forgery = logged_in(ask)
        if how == "changed":
            new = "quite another password"
            wrong = ask.put(f"{API}/me/password", headers=forgery, json={"old": "wrong", "new": new})
            assert wrong.status_code == 403
            done = ask.put(f"{API}/me/password", headers=forgery, json={"old": PASSWORD, "new": new})
        else:
            bodies = {"given another": {"password": "quite another password"}, "taken away": {"password": None}}
            with client(hub, tmp_path) as boss:
                done = boss.request("PATCH" if how in bodies else "DELETE", f"{API}/principals/duty", headers=OWNER,
                                    json=bodies.get(how))  # fmt: skip
        assert done.status_code in {200, 204}, done.text
        assert ask.get(f"{API}/me").status_code == 401
        again = ask.post(f"{API}/session", json={"name": "duty", "password": "quite another password"})
        assert again.status_code == (201 if how in {"changed", "given another"} else 401)


def test_a_session_ends_with_its_time(hub: Hub) -> None:
    from noroshi.desk import sessions

    found = hub.store.principal("duty")
    assert found
    opened = sessions.log_in(hub.store, found[0], 8, 1_000)
    secret = opened.asker.secret
    assert sessions.of_session(hub.store, secret, opened.expires - 1)
    assert sessions.of_session(hub.store, secret, opened.expires) is None


def test_rights_withdrawn_count_in_an_open_session_from_the_next_request(hub: Hub, tmp_path: Path) -> None:
    with client(hub, tmp_path) as ask, client(hub, tmp_path) as boss:
        ask.post(OBJECTS, headers=DUTY, json=indicator(1, marking="RED"))
        logged_in(ask)
        assert len(ask.get(OBJECTS).json()["items"]) == 1
        boss.patch(f"{API}/principals/duty", headers=OWNER, json={"sees": "AMBER"})
        assert ask.get(OBJECTS).json()["items"] == []
        boss.patch(f"{API}/principals/duty", headers=OWNER, json={"kind": "operator"})
        assert ask.get(f"{API}/principals").status_code == 403


# ---- tokens


def test_a_token_does_what_it_was_made_for_on_every_door(ask: Client, hub: Hub) -> None:
    ask.post(OBJECTS, headers=DUTY, json=indicator(1, marking="GREEN"))
    said = {"label": "reader", "scopes": ["read"], "collections": [{"root": "trust", "collection": HIGH}]}
    made = ask.post(f"{API}/tokens", headers=DUTY, json=said).json()
    token = {"Authorization": f"Bearer {made['secret']}"}
    assert len(ask.get(OBJECTS, headers=token).json()["items"]) == 1
    for method, path, body in (("POST", f"/collections/trust/{HIGH}/objects", indicator(2)), ("GET", "/tokens", None),
                               ("GET", "/principals", None), ("POST", "/tokens", {"label": "y", "scopes": ["manage"]}),
                               ("DELETE", "/sessions", None)):  # fmt: skip
        assert ask.request(method, API + path, headers=token, json=body).status_code == 403, path
    one = indicator(1)["id"]
    assert ask.delete(f"{OBJECTS}/{one}", headers=token).status_code == 403
    with httpx.Client(transport=Door(hub), base_url="http://hub", headers={"Accept": MEDIA, **token}) as taxii:
        assert len(taxii.get(f"/trust/collections/{HIGH}/objects/").json()["objects"]) == 1
        (told,) = taxii.get("/trust/collections/").json()["collections"]
        assert (told["can_read"], told["can_write"]) == (True, False)
        sent = taxii.post(f"/trust/collections/{HIGH}/objects/", json={"objects": [indicator(2)]},
                          headers={"Content-Type": MEDIA})  # fmt: skip
        assert sent.status_code == 403


class Door(httpx.BaseTransport):
    """The TAXII door without a socket, one request at a time."""

    def __init__(self, hub: Hub) -> None:
        self.inner = httpx.ASGITransport(app=TaxiiDoor(hub))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        import asyncio

        async def answered() -> httpx.Response:
            answer = await self.inner.handle_async_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        return asyncio.run(answered())


def test_a_token_is_for_its_collections_alone(ask: Client) -> None:
    said = {"label": "drop", "scopes": ["write"], "collections": [{"root": "trust", "collection": DROP}]}
    made = ask.post(f"{API}/tokens", headers=WORKS, json=said).json()
    token = {"Authorization": f"Bearer {made['secret']}"}
    assert [one["id"] for one in ask.get(f"{API}/collections", headers=token).json()["collections"]] == [DROP]
    assert ask.get(OBJECTS, headers=token).status_code == 404
    sent = ask.post(f"{API}/collections/trust/{DROP}/objects", headers=token, json=indicator(1))
    assert sent.status_code == 202
    hidden = {"label": "x", "scopes": ["read"], "collections": [{"root": "other", "collection": "0" * 8}]}
    assert ask.post(f"{API}/tokens", headers=WORKS, json=hidden).status_code == 400
    hidden["collections"] = [{"root": "other", "collection": "52892447-4d7e-4f70-b94d-d7f22742ff63"}]
    assert ask.post(f"{API}/tokens", headers=WORKS, json=hidden).status_code == 404


def test_a_token_made_anew_or_revoked_ends_at_once_and_is_nobody_elses(ask: Client) -> None:
    made = ask.post(f"{API}/tokens", headers=WORKS, json={"label": "x", "scopes": ["read"], "days": 7}).json()
    old = {"Authorization": f"Bearer {made['secret']}"}
    assert ask.post(f"{API}/tokens/{made['id']}/rotation", headers=DUTY).status_code == 404
    assert ask.delete(f"{API}/tokens/{made['id']}", headers=DUTY).status_code == 404
    anew = ask.post(f"{API}/tokens/{made['id']}/rotation", headers=WORKS).json()
    new = {"Authorization": f"Bearer {anew['secret']}"}
    assert ask.get(f"{API}/me", headers=old).status_code == 401
    assert ask.get(f"{API}/me", headers=new).json()["scopes"] == ["read"]
    assert [one["secret"] for one in ask.get(f"{API}/tokens", headers=WORKS).json()["tokens"]] == [None]
    assert ask.delete(f"{API}/tokens/{made['id']}", headers=WORKS).status_code == 204
    assert ask.get(f"{API}/me", headers=new).status_code == 401


def test_a_token_ends_with_its_time(ask: Client, hub: Hub) -> None:
    made = ask.post(f"{API}/tokens", headers=WORKS, json={"label": "x", "scopes": ["read"], "days": 1}).json()
    token = {"Authorization": f"Bearer {made['secret']}"}
    assert ask.get(f"{API}/me", headers=token).status_code == 200
    (kept,) = (one for each in people.accounts(hub.store) for one in people.tokens(hub.store, each.no))
    assert kept.expires - kept.made == 86_400_000_000
    hub.store.change(lambda wire: wire.execute("UPDATE token SET expires = 1")).result(10)
    assert ask.get(f"{API}/me", headers=token).status_code == 401


# ---- limits


def test_log_ins_that_fail_are_counted_by_name_and_let_others_through(ask: Client) -> None:
    codes = [ask.post(f"{API}/session", json={"name": "duty", "password": "wrong"}).status_code for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2
    late = ask.post(f"{API}/session", json=LOGIN)
    assert late.status_code == 429
    assert 1 <= int(late.headers["retry-after"]) <= 90
    assert ask.get(f"{API}/me", headers=DUTY).status_code == 429  # not remembered: it takes the password again
    logged_in(ask, {"name": "boss", "password": PASSWORD})


def test_a_name_that_is_not_there_is_counted_alike(ask: Client) -> None:
    said = {"name": "nobody-at-all", "password": "wrong"}
    codes = [ask.post(f"{API}/session", json=said).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_taxii_counts_too_and_says_when_to_come_again(hub: Hub) -> None:
    with httpx.Client(transport=Door(hub), base_url="http://hub", headers={"Accept": MEDIA}) as taxii:
        answers = [taxii.get("/taxii2/", headers=basic("duty", "wrong")) for _ in range(11)]
    assert [one.status_code for one in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_one_address_cannot_try_many_names() -> None:
    counted = limits.Failures(2)
    for k in range(10):
        counted.refuse(f"name{k}", "192.0.2.1", 0.0)
        counted.failed(f"name{k}", "192.0.2.1", 0.0)
    with pytest.raises(limits.TooMany) as caught:
        counted.refuse("another", "192.0.2.1", 0.0)
    assert caught.value.wait == 90
    counted.refuse("another", "192.0.2.2", 0.0)
    counted.refuse("another", "192.0.2.1", 91.0)


def test_a_bucket_fills_with_time_and_forgets_the_longest_unused() -> None:
    buckets = limits.Buckets(2, 10)
    buckets.spend("a", 0)
    buckets.spend("a", 0)
    with pytest.raises(limits.TooMany):
        buckets.spend("a", 4.9)
    buckets.spend("a", 5)
    assert buckets.wait("b", 0) == 0
    for k in range(limits.KEYS + 5):
        buckets.take(str(k), 5)
    assert len(buckets.held) == limits.KEYS
    limits.Buckets(0, 10).spend("a", 0)


# ---- the first owner


def test_the_link_for_the_first_owner_works_once(tmp_path: Path) -> None:
    from tests.web.rest_world import settings

    from noroshi.desk.hub import open_hub

    hub = open_hub(settings(tmp_path))
    older, secret = founding.invitation(hub, 0), founding.invitation(hub, time.time_ns() // 1000)
    said = {"link": secret, "name": "first", "password": "a password of the owner"}
    with client(hub, tmp_path) as ask:
        assert ask.get(f"{API}/owner/{older}").status_code == 404
        page = ask.get(f"{API}/owner/{secret}")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "form-action 'self'" in page.headers["content-security-policy"]
        assert "<script" not in page.text
        for wrong, status in (({"link": older}, 404), ({"name": "a b"}, 400), ({"password": "short"}, 400)):
            assert ask.post(f"{API}/owner", json={**said, **wrong}).status_code == status
        assert ask.post(f"{API}/owner/{secret}", data={"name": "first", "password": "short"}).status_code == 400
        done = ask.post(f"{API}/owner/{secret}", data={"name": "first", "password": "a password of the owner"})
        assert done.status_code == 200
        assert ask.post(f"{API}/owner", json={**said, "name": "second"}).status_code == 404
        assert ask.get(f"{API}/owner/{secret}").status_code == 404
        me = ask.get(f"{API}/me", headers=basic("first", "a password of the owner")).json()
        assert (me["owner"], me["kind"], me["sees"]) == (True, "centre", "RED")
    assert founding.invitation(hub, 0) == ""
    hub.store.close()


def test_the_link_holds_for_an_hour_and_while_there_is_nobody(hub: Hub, tmp_path: Path) -> None:
    from tests.web.rest_world import settings

    from noroshi.desk.hub import open_hub

    assert founding.invitation(hub, 0) == ""
    (tmp_path / "empty").mkdir()
    empty = open_hub(settings(tmp_path / "empty"))
    secret = founding.invitation(empty, 0)
    assert founding.holds(empty, secret, 3_599_999_999)
    assert not founding.holds(empty, secret, 3_600_000_000)
    with pytest.raises(Refused):
        founding.founded(empty, secret, "first", "a password of the owner", 3_600_000_000)
    empty.store.close()


def test_a_process_that_finds_nobody_prints_the_link_and_it_works(root: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "PYTHONPATH": str(root / "src"), "NOROSHI_DATA": str(tmp_path / "data"),
               "NOROSHI_CACHE_DIR": str(tmp_path / "cache"), "PYTHONUNBUFFERED": "1"}  # fmt: skip
    command = [sys.executable, "-m", "noroshi", "serve", "--brief", "sorami", "--port", str(port), "--trials", "1"]
    for first in (True, False):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ, cwd=tmp_path) as running:
            try:
                assert running.stdout
                assert str(port) in running.stdout.readline()
                if first:
                    found = re.search(r"http://\S+", running.stdout.readline())
                    assert found
                    link = found[0]
                address = f"http://127.0.0.1:{port}"
                wait_for(address)
                if first:
                    assert httpx.get(link, timeout=30).status_code == 200
                    given = {"name": "first", "password": "a password of the owner"}
                    assert httpx.post(link, data=given, timeout=30).status_code == 200
                assert httpx.get(link, timeout=30).status_code == 404
                who = basic("first", "a password of the owner")
                assert httpx.get(f"{address}{API}/me", headers=who, timeout=30).json()["owner"] is True
            finally:
                running.terminate()
                rest = running.communicate(timeout=30)[0]
        assert "owner" not in rest


def wait_for(address: str) -> None:
    """Wait until a hub answers."""
    for _ in range(300):
        try:
            httpx.get(f"{address}/healthz", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the hub did not answer")
