"""The pages of an estate over a real hub: who may see them, search, tables, one thing, what is not there."""

from __future__ import annotations

import re
from html import unescape

import msgspec
import pytest
from tests.browser.site import PASSWORD
from tests.web.screen.asking import Client, asking, client, found, hub_folder, logged, sent

from noroshi.files.estate_json import to_json
from noroshi.files.estates import load
from noroshi.web.screen.words import word

__all__ = ["asking", "client", "hub_folder"]


def test_the_estate_is_shown_to_everybody_who_has_logged_in(asking: Client) -> None:
    for name in ("boss", "ally", "auditor", "grid"):
        asking.cookies.clear()
        asking.post("/login", data={"name": name, "password": PASSWORD})
        assert asking.get("/estate").status_code == 200
        assert asking.get("/estate/services").status_code == 200


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_a_search_finds_leads_to_a_page_of_its_own(asking: Client, lang: str) -> None:
    page = found(asking, "/estate", lang, q="grid" if lang == "en" else "送配電")
    assert "/estate/organisations/asanagi-grid" in page
    assert word("estate_around", lang) in found(asking, "/estate/organisations/asanagi-grid", lang)
    assert word("estate_none", lang, text="nothing-like-it") in found(asking, "/estate", lang, q="nothing-like-it")


def test_a_table_is_paged_and_given_as_csv(asking: Client) -> None:
    assert "51–100" in found(asking, "/estate/contacts", "en", **{"from": "50"})
    answer = asking.get("/estate/services.csv", params={"by": "sector", "is": "power"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines()[0].startswith("id,name_en")
    assert asking.get("/estate/matrix.csv").text.splitlines()[0] == "needed,needed_by,links"
    assert word("estate_no_rows", "en") in found(asking, "/estate/services", "en", q="nothing-like-it")


@pytest.mark.parametrize("path", ["/estate/nothing", "/estate/nothing.csv", "/estate/services/nothing", "/estate/x/y"])
def test_what_is_not_there_is_404(asking: Client, path: str) -> None:
    assert asking.get(path).status_code == 404


def test_a_copy_is_edited_with_its_faults_said_and_restored(asking: Client) -> None:
    assert asking.get("/estate/services/metro/edit").status_code == 403
    assert sent(asking, "/estate/copy", "/estate", name="My own").headers["location"].startswith("/estate?")
    assert "My own" in found(asking, "/estate")
    edit = "/estate/services/metro/edit"
    page = found(asking, edit)
    cells = {name: unescape(value) for name, value in re.findall(r'name="(cell-[a-z0-9_]+)" value="([^"]*)"', page)}
    base = re.search(r'name="base" value="([^"]+)"', page)
    assert base
    wrong = sent(asking, edit, edit, base=base[1], **{**cells, "cell-people": "many", "cell-floor": "7"})
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2
    right = sent(asking, edit, edit, base=base[1], **{**cells, "cell-people": "270000"})
    assert right.status_code == 303
    assert "270,000" in found(asking, "/estate/services/metro")
    late = sent(asking, edit, edit, base=base[1], **{**cells, "cell-people": "280000"})
    assert late.status_code == 409
    difference = found(asking, "/estate/history/2", "ja")
    assert "260000" in difference
    assert "270000" in difference
    assert sent(asking, "/estate/history", "/estate/history", no="1").status_code == 303
    assert "260,000" in found(asking, "/estate/services/metro")
    assert asking.get("/estate/history/9").status_code == 404
    logged(asking, "grid")
    assert "My own" not in asking.get("/estate").text


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_is_brought_in_wrong_is_listed_and_not_kept(asking: Client, lang: str) -> None:
    wrong = {"estate": {"id": "mine"}, "tables": {"services": [{"id": "A b", "name_en": "x", "people": "many"}]}}
    on = f"/estate/import?lang={lang}"
    answer = sent(asking, on, on, files={"file": ("mine.json", msgspec.json.encode(wrong))}, name=f"Mine {lang}")
    assert answer.status_code == 422
    assert answer.text.count('<th scope="row">mine.json') >= 3
    assert f"Mine {lang}</button>" not in asking.get("/estate").text
    sound = to_json(load("sorami"))
    answer = sent(asking, on, on, files={"file": ("mine.json", sound)}, name=f"Mine {lang}")
    assert answer.status_code == 303
    assert f"Mine {lang}</button>" in asking.get("/estate").text


def test_who_may_not_keep_estates_is_offered_nothing(asking: Client) -> None:
    logged(asking, "ally")
    assert "/estate/import" not in asking.get("/estate").text
    assert asking.get("/estate/import").status_code == 403
    assert sent(asking, "/estate/copy", "/estate").status_code == 403
