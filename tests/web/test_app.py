"""The hub's answers: pages in both languages, JSON, headers, tags, what is refused, what is shown while computing."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.report.made_brief import made_brief
from tests.report.test_html import Page

from noroshi.desk.brief_schema import Brief, encode, schema
from noroshi.errors import Fault, InputError, NotFoundError, StoppedError
from noroshi.report.words import said
from noroshi.settings import Settings
from noroshi.web.app import create_app
from noroshi.web.headers import SECURITY, language
from noroshi.web.source import BriefSource, Progress

ADDRESS = "http://127.0.0.1:8600"
Client = TestClient[Litestar]


def settings(host: str = "127.0.0.1", lang: str = "en") -> Settings:
    return Settings(host, 8600, lang, 0, Path("/nowhere"), Path("/nowhere"), "")


def ready(_: Progress) -> Brief:
    return made_brief()


def source_of(compute: object) -> BriefSource:
    source = BriefSource(compute)  # type: ignore[arg-type]  # the tests give functions that only raise, too
    source.start()
    source.wait(20)
    return source


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with TestClient(create_app(settings(), source_of(ready)), base_url=ADDRESS) as made:
        yield made


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_first_page_is_the_brief(client: Client, lang: str) -> None:
    answer = client.get("/", params={"lang": lang})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == lang
    page = Page(answer.text)
    assert page.all("html") == [{"lang": lang}]
    assert page.all("style") == []
    for attributes in (a for _, a in page.elements):
        assert "style" not in attributes
    assert [a["href"] for a in page.all("a") if a.get("hreflang")] == [f"/?lang={'en' if lang == 'ja' else 'ja'}"]
    links = {a["href"] for a in (*page.all("a"), *page.all("link"))}
    assert {"/brief.json", "/brief.schema.json"} <= links
    for address in links - {"data:,", "#main"}:
        assert client.get(str(address)).status_code == 200, address


@pytest.mark.parametrize(
    ("asked", "accepted", "default", "lang"),
    [
        ("ja", "en", "en", "ja"),
        (None, "ja,en;q=0.8", "en", "ja"),
        (None, "fr, en;q=0.3, ja-JP;q=0.9", "en", "ja"),
        (None, "ja;q=0, en;q=0.1", "ja", "en"),
        (None, "de", "ja", "ja"),
        (None, "", "en", "en"),
        ("xx", "ja;q=nonsense", "en", "en"),
        (None, "ja;level=1", "en", "ja"),
    ],
)
def test_the_language_is_the_one_asked_for(asked: str | None, accepted: str, default: str, lang: str) -> None:
    assert language(asked, accepted, default) == lang


def test_accept_language_decides(client: Client) -> None:
    answer = client.get("/", headers={"accept-language": "ja"})
    assert answer.headers["content-language"] == "ja"
    assert "accept-language" in answer.headers["vary"].lower()


def test_the_json_is_the_brief_byte_for_byte(client: Client) -> None:
    answer = client.get("/brief.json")
    assert answer.content == encode(made_brief())
    assert answer.headers["content-type"] == "application/json"
    assert client.get("/brief.schema.json").content == schema()


@pytest.mark.parametrize("path", ["/", "/?lang=ja", "/brief.json", "/brief.schema.json"])
def test_what_the_reader_has_is_not_sent_again(client: Client, path: str) -> None:
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_two_languages_have_tags_of_their_own(client: Client) -> None:
    assert client.get("/?lang=en").headers["etag"] != client.get("/?lang=ja").headers["etag"]


def test_pages_are_sent_zipped_to_who_can_read_that(client: Client) -> None:
    zipped = client.get("/", headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) < 25_000
    plain = client.get("/", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == zipped.content
    assert len(gzip.compress(plain.content)) < len(plain.content)


def test_the_style_may_be_kept_for_ever(client: Client) -> None:
    (path,) = re.findall(r'href="(/static/[0-9a-f]+\.css)"', client.get("/").text)
    answer = client.get(path)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/other.css").status_code == 404
    assert client.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize("path", ["/", "/brief.json", "/healthz", "/nowhere", "/static/x"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_every_answer_is_guarded(client: Client, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code in ({200, 404} if method in {"GET", "HEAD"} else {404, 405})
    for name, value in SECURITY.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if method == "HEAD":
        assert answer.content == b""


def test_an_unknown_page_says_where_the_brief_is(client: Client) -> None:
    answer = client.get("/nowhere", headers={"accept-language": "ja"})
    assert answer.status_code == 404
    page = Page(answer.text)
    assert said("not_found", "ja") in page.text["h1"]
    assert "/?lang=ja" in {a["href"] for a in page.all("a")}


def test_only_this_machine_is_answered(client: Client) -> None:
    for host in ("127.0.0.1", "localhost:9000", "[::1]:8600"):
        assert client.get("/healthz", headers={"host": host}).status_code == 200
    for host in ("evil.example", "127.0.0.1.evil.example:8600", "[::1", ""):
        assert client.get("/brief.json", headers={"host": host}).status_code == 400


def test_a_hub_for_all_answers_to_any_name() -> None:
    with TestClient(create_app(settings("0.0.0.0"), source_of(ready)), base_url=ADDRESS) as client:  # noqa: S104
        assert client.get("/healthz", headers={"host": "hub.example"}).status_code == 200


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_while_it_is_computed_the_page_says_so_and_then_shows_it(lang: str) -> None:
    told, go = threading.Event(), threading.Event()

    def slow(progress: Progress) -> Brief:
        progress("drawing scenarios", 0.25)
        told.set()
        assert go.wait(20)
        return made_brief()

    source = BriefSource(slow)
    source.start()
    assert told.wait(20)
    with TestClient(create_app(settings(lang=lang), source), base_url=ADDRESS) as client:
        waiting = client.get("/")
        page = Page(waiting.text)
        assert waiting.status_code == 200
        assert waiting.headers["cache-control"] == "no-store"
        assert [a["content"] for a in page.all("meta") if a.get("http-equiv") == "refresh"] == ["2"]
        assert page.all("progress")[0]["value"] == "0.25"
        assert "drawing scenarios" in waiting.text
        assert said("computing", lang) in page.text["h1"]
        answer = client.get("/brief.json")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json() == {"state": "computing", "step": "drawing scenarios", "share": 0.25, "fault": ""}
        assert client.get("/healthz").json() == {"status": "ok", "brief": "computing"}
        go.set()
        source.wait(20)
        there = Page(client.get("/").text)
        assert [a for a in there.all("meta") if a.get("http-equiv") == "refresh"] == []
        assert len(there.all("h2")) == 11
        assert client.get("/healthz").json() == {"status": "ok", "brief": "ready"}


def at_fault(_: Progress) -> Brief:
    raise InputError([Fault("dangling-key", file="services.csv", row=7, column="sector", found="<powr>")])


def absent(_: Progress) -> Brief:
    raise NotFoundError("no threat is called x")


def broken(_: Progress) -> Brief:
    raise RuntimeError("a bug")


@pytest.mark.parametrize(
    ("compute", "shown"),
    [(at_fault, "services.csv:7 [sector]"), (absent, "no threat is called x"), (broken, "RuntimeError: a bug")],
)
def test_a_failure_is_shown(compute: object, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = source_of(compute)
    with TestClient(create_app(settings(), source), base_url=ADDRESS) as client:
        page = client.get("/").text
        assert shown in page
        assert said("failed", "en") in page
        assert "<powr>" not in page
        answer = client.get("/brief.json")
        assert answer.status_code == 503
        assert shown in answer.json()["fault"]
        assert json.loads(client.get("/healthz").content)["brief"] == "failed"
    assert ("Traceback" in capsys.readouterr().err) == (compute is broken)


def test_stopping_ends_the_work() -> None:
    told, ended = threading.Event(), threading.Event()

    def endless(progress: Progress) -> Brief:
        try:
            while True:
                progress("again", 2.0)
                told.set()
        except StoppedError:
            ended.set()
            raise

    source = BriefSource(endless)
    source.start()
    assert told.wait(20)
    assert source.standing().share == 1.0
    source.stop(20)
    assert ended.is_set()
    assert source.standing().state == "computing"
