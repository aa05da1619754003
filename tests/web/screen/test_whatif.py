"""The pages of What-if: who may, what is chosen and kept, what is wrong in it, a run from its form to its exports."""

from __future__ import annotations

import json
import re
import threading
from typing import Any

import pytest
from httpx import Response
from tests.web.screen.asking import Client, asking, client, hub_folder, logged

from noroshi.desk.stress import run_shock

__all__ = ["asking", "client", "hub_folder"]

SHOCK = "grid-centre-loss-of-control"


def token(client: Client) -> str:
    """Return the token of a form of the page."""
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/what-if").text)
    assert found
    return found[1]


def posted(client: Client, path: str = "/what-if", **fields: Any) -> Response:
    return client.post(path, data={"csrf": token(client), **fields})


def hits_of(page: str) -> list[str]:
    return re.findall(r'data-target="([^"]+)"', page)


@pytest.fixture(scope="module")
def done(client: Client) -> str:
    """A run of the operator's, by its address."""
    logged(client, "grid")
    taken = posted(client, do="take", shock=SHOCK).text
    names = ("target", "effect", "onset", "detect", "restore")
    fields: dict[str, Any] = {
        name: re.findall(rf'name="{name}"[^>]* value="([^"]*)"', taken) for name in names if name != "effect"
    }
    fields["effect"] = re.findall(r'<option value="(\w+)" selected>', taken.split('name="effect"', 1)[1])[:3]
    answer = posted(
        client, do="run", name="From the form", horizon="72", start="12", season="summer", draws="0", **fields
    )
    assert answer.status_code == 303, answer.text
    for thread in threading.enumerate():
        if thread.name == "noroshi-whatif":
            thread.join(120)
    address: str = answer.headers["location"]
    return address


def test_who_may_run_sees_the_form_and_who_may_not_sees_what_is_shared(client: Client) -> None:
    for name, sees in (("boss", True), ("energy-ministry", True), ("grid", True), ("ally", False), ("auditor", False)):
        logged(client, name)
        page = client.get("/what-if")
        assert page.status_code == 200
        assert ('id="plan"' in page.text) == sees
        if not sees:
            assert posted(client, do="run").status_code == 403


def test_one_adds_and_leaves_out_and_what_was_typed_stays(asking: Client) -> None:
    added = posted(asking, add=["", "port-it"], name="Mine", horizon="48").text
    assert hits_of(added) == ["port-it"]
    assert 'value="48"' in added
    assert 'value="Mine"' in added
    two = posted(
        asking, target="port-it", effect="data_loss", onset="1", detect="", restore="2-5", add="bus-sorahama"
    ).text
    assert hits_of(two) == ["port-it", "bus-sorahama"]
    assert 'value="data_loss" selected' in two
    assert 'value="2-5"' in two
    fields: dict[str, Any] = {
        "target": ["port-it", "port-tos"],
        "effect": ["trip"] * 2,
        "onset": ["0"] * 2,
        "detect": [""] * 2,
        "restore": [""] * 2,
    }
    assert hits_of(posted(asking, drop="0", **fields).text) == ["port-tos"]
    assert hits_of(posted(asking, do="clear", **fields).text) == []
    assert set(hits_of(posted(asking, add_organisation="asanagi-grid").text)) >= {"asanagi-ems"}
    assert hits_of(posted(asking, add="electricity-sorahama").text) == []


def test_a_part_is_the_form_alone(asking: Client) -> None:
    part = asking.post("/what-if", data={"csrf": token(asking), "add": "port-it"}, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<form id="plan"')


def test_what_is_wrong_is_told_above_the_form_in_both_languages(asking: Client) -> None:
    fields: dict[str, Any] = {"target": "port-it", "effect": "freeze", "onset": "99", "detect": "", "restore": "soon"}
    said = {"en": ("Port office systems, Restored (h): “soon”", "or 18-60"), "ja": ("「soon」は「18」", "「99」")}
    for lang, words in said.items():
        answer = asking.post(
            f"/what-if?lang={lang}", data={"csrf": token(asking), "do": "run", "horizon": "72", **fields}
        )
        assert answer.status_code == 422
        assert all(word in answer.text for word in words), answer.text
        assert "bad-shock" not in answer.text
        assert 'value="soon"' in answer.text
    assert posted(asking, do="run").status_code == 422
    assert posted(asking, do="threat", threat="/etc/passwd").status_code == 422


def test_one_searches_by_words_and_filters(asking: Client) -> None:
    page = asking.get("/what-if?q=asanagi-ems").text
    assert 'value="asanagi-ems"' in page
    assert 'value="port-tos"' not in page
    gas = asking.get("/what-if?sector=gas&lang=ja").text
    assert "朝凪ガス" in gas
    assert asking.get("/what-if?q=nothing-has-this-name").text.count("<tbody>") == 0


def test_a_run_says_what_the_command_says(client: Client, done: str) -> None:
    logged(client, "grid")
    said = client.get(f"{done}/result.json").json()
    plain = run_shock("sorami", SHOCK).as_dict()
    assert {**said, "shock": plain["shock"]} == json.loads(json.dumps(plain))
    page = client.get(done).text
    assert re.search(r"1\.6\s?M people", page)
    assert "Electricity, Sorahama" in page
    japanese = client.get(f"{done}?lang=ja").text
    assert "電力・空浜" in japanese


def test_everything_can_be_taken_away(client: Client, done: str) -> None:
    logged(client, "grid")
    heads = {"losses.csv": b"\xef\xbb\xbfid", "curves.csv": b"\xef\xbb\xbfid", "states.geojson?at=1": b'{"type"',
             "map.svg?at=1": b"<svg", "report.pdf": b"%PDF", "result.json": b"{", "played.json": b"{"}  # fmt: skip
    for name, head in heads.items():
        answer = client.get(f"{done}/{name}")
        assert (name, answer.status_code, answer.content[: len(head)]) == (name, 200, head)
    assert client.get(f"{done}/report.pdf").content == client.get(f"{done}/report.pdf").content
    for wrong in ("-1", "x", "999", "nan"):
        assert client.get(f"{done}/map.svg?at={wrong}").status_code == 422


def test_why_is_told_of_a_service_a_unit_and_of_what_lost_nothing(client: Client, done: str) -> None:
    logged(client, "grid")
    assert "bus-sorahama" in client.get(f"{done}/why?unit=electricity-sorahama").text
    assert "loses nothing" in client.get(f"{done}/why?unit=port-tos").text
    assert client.get(f"{done}/why?unit=nobody").status_code == 404
    part = client.get(f"{done}/why?unit=bus-sorahama&lang=ja", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "停電" in part


def test_what_is_not_shared_is_not_there_and_what_is_can_be_read_only(client: Client, done: str) -> None:
    logged(client, "gas")
    absent = client.get("/what-if/00000000-0000-4000-8000-000000000000")
    for path in ("", "/why?unit=x", "/losses.csv", "/map.svg", "/report.pdf", "/played.json", "/progress"):
        answer = client.get(done + path)
        assert answer.status_code == 404
    assert client.get(done).text == absent.text.replace("00000000-0000-4000-8000-000000000000", done.rsplit("/", 1)[1])
    logged(client, "grid")
    assert posted(client, f"{done}/share", names="gas\nnobody-has-this-name").status_code == 303
    logged(client, "gas")
    assert client.get(done).status_code == 200
    assert f"{done}/share" not in client.get(done).text
    for change in ("share", "save", "delete", "stop"):
        assert posted(client, f"{done}/{change}", name="x").status_code == 403
    logged(client, "ally")
    assert client.get(done).status_code == 404
    logged(client, "grid")
    assert posted(client, f"{done}/share", everybody="yes").status_code == 303
    logged(client, "ally")
    assert client.get(done).status_code == 200


def test_one_saves_compares_and_deletes(client: Client, done: str) -> None:
    logged(client, "grid")
    assert posted(client, f"{done}/save", name="").status_code == 422
    assert posted(client, f"{done}/save", name="<Kept>").status_code == 303
    assert "&lt;Kept&gt;" in client.get("/what-if").text
    uid = done.rsplit("/", 1)[1]
    beside = client.get(f"/what-if/compare?a={uid}&b={uid}")
    assert beside.status_code == 200
    assert "Both cost the same" in beside.text
    assert client.get(f"/what-if/compare?run={uid}").status_code == 303
    assert client.get(f"/what-if/compare?a={uid}&b=00000000-0000-4000-8000-000000000000").status_code == 404
    assert 'data-target="asanagi-ems"' in client.get(f"/what-if?again={uid}").text
    assert posted(client, f"{done}/delete").status_code == 303
    assert client.get(done).status_code == 404
