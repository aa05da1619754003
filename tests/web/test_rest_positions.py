"""The position by the REST interface: entered, warned of, signed, its memo; and hidden equals absent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.test_positions import ASSESSMENT, HELD
from tests.web.rest_world import ALLY, API, DUTY, MINISTRY, OWNER, Client, client, rest_hub
from tests.web.taxii_world import NOBODY, WORKS
from tests.web.test_rest_cases import TITLE, got, sent, told

WORD = {"en": "We condemn it", "ja": "非難する"}
CLAIM = {"by": "FBI", "party": "ally", "grade": "B2", "source": "statement", "nexus": "KP", "id": "fbi"}
OPTION = {"rung": "countermeasures", "text": WORD, "pros": WORD, "cons": WORD, "id": "block", "nexus": "KP",
          "norms": ["f"], "factors": {"scale": "high"}}  # fmt: skip
MORE = {
    "claims": [CLAIM],
    "finding": {"guard": "not-attributed", "group": "Lazarus Group", "low": 0.1, "high": 0.3, "reasons": [WORD]},
    "statements": [{"audience": "public", "text": WORD, "spoken": True}],
    "effects": [{"topic": WORD, "effect": WORD}],
    "options": [OPTION],
    "decision": {"why": WORD, "option": "block"},
    "at": "2014-12-22T11:00:00+09:00",
}


@pytest.fixture
def rest(tmp_path: Path) -> Iterator[Client]:
    hub = rest_hub(tmp_path)
    with client(hub, tmp_path) as made:
        yield made
    hub.store.close()


def put(rest: Client, uid: str, body: Any, where: str = "", who: dict[str, str] = DUTY) -> Any:
    return rest.post(f"{API}/situations/{uid}/position{where}", json=body, headers=who)


def test_from_the_claim_to_the_signed_memo(rest: Client) -> None:
    uid = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN", "exercise": True})
    assert put(rest, uid, MORE).json() == {"line": 7}
    shown = got(rest, f"/situations/{uid}/position")
    assert (shown["exercise"], shown["tlp"], shown["claims"][0]["id"]) == (True, "GREEN", "fbi")
    assert shown["decision"]["at"] == "2014-12-22T02:00:00.000000Z"
    assert [(one["entry"], one["code"]) for one in shown["warnings"]] == [
        ("block", "not-attributed"), ("block", "unsupported"), ("decision", "not-attributed"),
        ("decision", "unsupported"),
    ]  # fmt: skip
    assert put(rest, uid, {"file": json.dumps(ASSESSMENT)}, "/assessment").json() == {"line": 8}
    shown = got(rest, f"/situations/{uid}/position")
    assert (shown["finding"]["origin"], shown["warnings"]) == ("assessment", [])
    assert put(rest, uid, {"role": "Director", "digest": "0" * 64}, "/signature").status_code == 422
    assert put(rest, uid, {"role": "Director", "digest": shown["digest"]}, "/signature").json() == {"line": 9}
    page = rest.get(f"{API}/situations/{uid}/memo", headers={**DUTY, "Accept-Language": "ja"})
    assert (page.headers["content-type"], page.headers["content-language"]) == ("text/html; charset=utf-8", "ja")
    assert "duty, Director" in page.text
    assert "演習 演習 演習" in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    pdf = rest.get(f"{API}/situations/{uid}/memo.pdf", headers={**DUTY, "Accept-Language": "en"})
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert rest.head(f"{API}/situations/{uid}/memo.pdf", headers=DUTY).status_code == 200
    put(rest, uid, {"withdraw": [{"entry": "fbi", "why": "misheard"}]})
    shown = got(rest, f"/situations/{uid}/position")
    assert (shown["claims"], [one["holds"] for one in shown["signatures"]]) == ([], [False])
    assert [line["kind"] for line in shown["lines"]][-1] == "withdrawn"


def test_who_takes_part_cannot_tell_whether_there_is_one(rest: Client) -> None:
    uid = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN"})
    sent(rest, f"/situations/{uid}/lines", {"admit": ["works", "ally"]}, DUTY, 200)
    nothing = "00000000-0000-4000-8000-000000000009"
    paths = [f"/situations/{{}}/{one}" for one in ("position", "memo", "memo.pdf")]
    seen: dict[tuple[str, str], Any] = {}
    for entered in (False, True):
        if entered:
            assert put(rest, uid, MORE).status_code == 200
        for who in (WORKS, ALLY, MINISTRY, NOBODY):
            for path in paths:
                answers = [told(rest.get(API + path.format(of), headers=who)) for of in (uid, nothing, "not-an-id")]
                assert answers[0] == answers[1] == answers[2]
                assert answers[0][0] in {403, 404}
                assert seen.setdefault((str(who), path), answers[0]) == answers[0]
            for where, body in (
                ("", MORE),
                ("/assessment", {"file": "{}"}),
                ("/signature", {"role": "x", "digest": "0" * 64}),
            ):
                assert told(put(rest, uid, body, where, who)) == told(put(rest, nothing, body, where, who))
    assert "FBI" not in rest.get(f"{API}/situations/{uid}", headers=WORKS).text


FAULTY: list[tuple[str, Any, str]] = [
    ("", {}, "nothing was said"),
    ("", {"claims": [{**CLAIM, "nexus": "XX"}]}, "a person is never named"),
    ("", {"claims": [{**CLAIM, "group": "Park Jin Hyok"}]}, "a person is never named"),
    ("", {"decision": {"why": WORD, "option": "none"}}, "option: none"),
    ("", {"withdraw": [{"entry": "none", "why": "x"}]}, "entry: none"),
    ("", {**MORE, "at": "2014-12-22"}, "a time with its zone"),
    ("/assessment", {"file": "{}"}, "an assessment"),
    ("/assessment", {"file": json.dumps({**HELD, "asserted": "G0032"})}, "asserted"),
    ("/signature", {"role": "Director", "digest": "0" * 64}, "something was entered"),
]  # fmt: skip


UNDESCRIBED: list[Any] = [
    {"claims": [{**CLAIM, "grade": "Z9"}]}, {"claims": [{"by": "x"}]}, {"origin": "assessment"}, [],
    {"finding": {"guard": "not-assessed", "origin": "assessment"}},
]  # fmt: skip


def test_what_is_wrong_is_named_and_nothing_of_it_is_kept(rest: Client) -> None:
    uid = sent(rest, "/situations", {"title": TITLE})
    for where, body, said in FAULTY:
        answer = put(rest, uid, body, where)
        assert answer.status_code == 422
        assert said in answer.json()["detail"]
    for body in UNDESCRIBED:
        assert put(rest, uid, body).status_code == 400
    assert got(rest, f"/situations/{uid}/position")["lines"] == []


def test_a_token_made_for_a_program_signs_nothing(rest: Client) -> None:
    uid = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN"})
    made = rest.post(f"{API}/tokens", json={"label": "x", "scopes": ["read", "write"]}, headers=DUTY).json()
    program = {"Authorization": f"Bearer {made['secret']}"}
    assert put(rest, uid, MORE, "", program).status_code == 200
    signature = {"role": "x", "digest": got(rest, f"/situations/{uid}/position", program)["digest"]}
    assert put(rest, uid, signature, "/signature", program).status_code == 403
    assert put(rest, uid, signature, "/signature", OWNER).status_code == 200


def test_one_memo_at_a_time_is_set(rest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN"})
    put(rest, uid, MORE)
    monkeypatch.setattr("noroshi.web.turns.BUSY_S", 0.01)
    inside, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> bytes:
        inside.set()
        assert go_on.wait(20.0)
        return b"%PDF-"

    monkeypatch.setattr("noroshi.web.rest_positions.memo_pdf", slow)
    path = f"{API}/situations/{uid}/memo.pdf"
    found: list[int] = []
    asking = threading.Thread(target=lambda: found.append(rest.get(path, headers=DUTY).status_code))
    asking.start()
    assert inside.wait(20.0)
    busy = rest.get(path, headers=OWNER)
    assert (busy.status_code, int(busy.headers["retry-after"]) > 0) == (429, True)
    go_on.set()
    asking.join(30.0)
    assert found == [200]
    assert rest.get(path, headers=DUTY).status_code == 200
