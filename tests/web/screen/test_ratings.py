"""Ratings, the self-assessment, one's own page and invitations: who may, faults, both languages, nothing lost."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NoReturn

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.browser.site import ESTATE, PASSWORD, made_hub

from noroshi.settings import Settings
from noroshi.web.app import create_app
from noroshi.web.estates import Estates
from noroshi.web.screen.words import word
from noroshi.web.source import BriefSource

ADDRESS = "http://127.0.0.1:8600"
Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("hub")
    hub = made_hub(folder, "")
    settings = Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0)

    def stays(_: object) -> NoReturn:
        raise AssertionError

    source = BriefSource(stays)
    with TestClient(create_app(settings, source, hub, Estates(source, settings, ESTATE)), base_url=ADDRESS) as made:
        made.follow_redirects = False
        yield made
    hub.store.close()


def as_(client: Client, name: str, password: str = PASSWORD) -> str:
    """Log in as somebody; return the token against forgery."""
    client.cookies.clear()
    client.post("/login", data={"name": name, "password": password})
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/login", follow_redirects=True).text)
    return found[1] if found else ""


def seen(client: Client, item: str) -> str:
    """Return the line that stands for a question, as the form carries it."""
    page = client.get("/assessment").text
    found = re.search(rf'name="item" value="{item}"><input type="hidden" name="seen" value="(\d+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("name", "shown"), [("boss", 200), ("energy-ministry", 200), ("grid", 200), ("ally", 403), ("auditor", 403)]
)
def test_ratings_are_for_whom_the_table_says(client: Client, name: str, shown: int) -> None:
    as_(client, name)
    assert [client.get(path).status_code for path in ("/ratings", "/ratings/yunagi-grid")] == [shown] * 2


def test_of_an_organisation_that_is_not_ones_own_no_more_is_told_than_of_one_without_a_rating(client: Client) -> None:
    as_(client, "gas")
    told = client.get("/ratings/yunagi-grid").text
    assert word("ratings_one_sector", "en") in told
    assert "66.0" not in told
    assert word("ratings_around", "en") not in told
    as_(client, "energy-ministry")
    assert "66.0" in client.get("/ratings/yunagi-grid").text
    assert word("ratings_one_sector", "en") in client.get("/ratings/sorami-telecom").text
    assert client.get("/ratings/no-such").status_code == 404


def test_tables_come_as_csv_and_a_name_is_found(client: Client) -> None:
    as_(client, "boss")
    csv = client.get("/ratings?csv=sectors&lang=ja")
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.text.startswith("\ufeff分野")
    assert "/ratings/kusabe-town" in client.get("/ratings?q=kusabe").text
    assert word("ratings_found_none", "en") in client.get("/ratings?q=zzz").text


def test_a_plan_is_made_for_a_budget_and_is_a_part_for_a_script(client: Client) -> None:
    as_(client, "boss")
    part = client.get("/ratings/kusabe-town/plan?budget=12", headers={"HX-Request": "true"})
    assert part.text.startswith('<div id="plan">')
    assert client.get("/ratings/kusabe-town/plan?budget=12").headers["location"].endswith("budget=12")
    none = client.get("/ratings/kusabe-town/plan?budget=nan", headers={"HX-Request": "true"})
    assert none.status_code == 200


def test_two_pages_of_one_question_lose_nothing(client: Client) -> None:
    csrf = as_(client, "grid")
    first = {"csrf": csrf, "item": "mfa", "seen": "0", "level": "0.33", "page": "a"}
    answer = client.post("/assessment/answer", data=first, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-trigger"]) == (200, "answered")
    assert word("assessment_higher", "en") in answer.text  # the next step is asked for at once
    other = client.post("/assessment/answer", data={**first, "level": "1", "page": "b"}, headers={"HX-Request": "true"})
    assert word("assessment_dispute", "en") in other.text
    line = re.findall(r'name="line" value="(\d+)"', other.text)[-1]
    refused = client.post("/assessment/submit", data={"csrf": csrf, "seen": "3"})
    assert refused.status_code == 409
    stood = seen(client, "mfa")
    taken = client.post("/assessment/choose", data={"csrf": csrf, "item": "mfa", "seen": stood, "line": line})
    assert taken.headers["location"] == "/assessment#q-mfa"
    assert word("assessment_history", "en", count=2) in client.get("/assessment").text


@pytest.mark.parametrize(
    ("given", "said"),
    [({"level": ""}, "assessment_level_first"), ({"level": "na"}, "assessment_why_first"),
     ({"level": "x"}, "assessment_bad_level"), ({"level": "0.5", "date": "soon"}, "assessment_bad_date")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_above_the_form(client: Client, given: dict[str, str], said: str) -> None:
    csrf = as_(client, "grid")
    answer = client.post("/assessment/answer?lang=ja", data={"csrf": csrf, "item": "tls", "seen": "0", **given})
    assert answer.status_code == 422
    assert word(said, "ja").partition("{")[0] in answer.text
    wrong = client.post("/assessment/answer", data={"csrf": csrf, "item": "tls", "level": "7", "seen": "0"})
    assert wrong.status_code == 422
    assert client.post("/assessment/answer", data={"csrf": csrf, "item": "no", "level": "1"}).status_code == 422


def test_evidence_is_an_attachment_and_for_its_readers(client: Client) -> None:
    csrf = as_(client, "grid")
    client.post("/assessment/answer", data={"csrf": csrf, "item": "tls", "seen": seen(client, "tls"), "level": "0.67"})
    sent = {"file": ("<b>scan.html.txt", b"<script>alert(1)</script>", "text/html")}
    client.post("/assessment/evidence", data={"csrf": csrf, "item": "tls"}, files=sent)
    (place,) = set(re.findall(r'href="/assessment/evidence/([^"]+)"', client.get("/assessment").text))
    file = client.get(f"/assessment/evidence/{place}")
    assert file.content == b"<script>alert(1)</script>"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")
    refused = client.post("/assessment/evidence", data={"csrf": csrf, "item": "tls"}, files={"file": ("a.exe", b"x")})
    assert refused.status_code == 422
    as_(client, "boss")
    assert client.get(f"/ratings/asanagi-grid/evidence/{place}").content == file.content
    as_(client, "gas")
    assert client.get(f"/ratings/asanagi-grid/evidence/{place}").status_code == 404
    assert client.get(f"/assessment/evidence/{place}").status_code == 404


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_form_goes_out_and_comes_back_as_it_was(client: Client, lang: str) -> None:
    csrf = as_(client, "grid")
    client.post(
        "/assessment/answer", data={"csrf": csrf, "item": "backup", "seen": seen(client, "backup"), "level": "0.5"}
    )
    book = client.get(f"/assessment/form.xlsx?lang={lang}").content
    back = client.post(f"/assessment/upload?lang={lang}", data={"csrf": csrf}, files={"file": ("answers.xlsx", book)})
    assert back.status_code == 200
    assert word("assessment_dispute", lang) not in back.text
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(book))
    page = sheet.worksheets[0]
    for row in page.iter_rows():
        for cell in row:
            if cell.value == "monitoring":
                page.cell(cell.row, 4).value = "abc"
    out = io.BytesIO()
    sheet.save(out)
    faults = client.post(
        f"/assessment/upload?lang={lang}", data={"csrf": csrf}, files={"file": ("mine.xlsx", out.getvalue())}
    )
    assert faults.status_code == 422
    assert "mine.xlsx" in faults.text
    assert "/form.xlsx:" not in faults.text


def test_a_version_is_submitted_and_shown_to_its_readers(client: Client) -> None:
    csrf = as_(client, "gas")
    client.post("/assessment/answer", data={"csrf": csrf, "item": "mfa", "seen": "0", "level": "0.67"})
    page = client.get("/assessment").text
    last = re.search(r'action="/assessment/submit">.*?name="seen" value="(\d+)"', page)
    assert last
    done = client.post("/assessment/submit", data={"csrf": csrf, "seen": last[1]})
    assert done.headers["location"].startswith("/ratings/asanagi-gas?said=")
    as_(client, "energy-ministry")  # of another sector
    assert word("ratings_versions", "en") not in client.get("/ratings/asanagi-gas").text
    as_(client, "boss")
    assert word("ratings_versions", "en") in client.get("/ratings/asanagi-gas").text


def test_ones_own_page_is_for_who_has_an_organisation(client: Client) -> None:
    as_(client, "boss")
    assert word("mine_nowhere", "en") in client.get("/mine").text
    as_(client, "drill-grid")
    assert "drill" in client.get("/mine").text
    as_(client, "ally")
    assert client.get("/mine").status_code == 403


def test_an_invitation_is_taken_once_and_tells_nothing_else(client: Client) -> None:
    csrf = as_(client, "duty")
    wanted = {
        "csrf": csrf,
        "name": "port",
        "kind": "operator",
        "tlp": "AMBER",
        "organisation": "hikariura-port",
        "days": "7",
    }
    assert client.post("/admin/invite", data={**wanted, "days": "x"}).status_code == 422
    assert client.post("/admin/invite", data={**wanted, "name": "grid"}).status_code == 409
    made = client.post("/admin/invite", data=wanted)
    link = re.search(r'value="[^"]*(/invitation/[^"]+)"', made.text)
    assert link
    client.cookies.clear()
    assert client.get(link[1]).status_code == 200
    wrong = client.get("/invitation/nothing")
    assert wrong.status_code == 404
    assert client.post(link[1], data={"password": "short", "again": "short"}).status_code == 422
    assert client.post(link[1], data={"password": PASSWORD, "again": "another one"}).status_code == 422
    taken = client.post(link[1], data={"password": PASSWORD, "again": PASSWORD})
    assert taken.headers["location"].startswith("/mine")
    assert client.get("/mine").status_code == 200
    client.cookies.clear()
    assert client.get(link[1]).text.replace(link[1], "") == wrong.text.replace("/invitation/nothing", "")
    for name in ("grid", "energy-ministry"):
        as_(client, name)
        assert client.get("/admin/invite").status_code == 403
