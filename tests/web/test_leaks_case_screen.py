"""The screen's pages of a case that one has no part in: as if it were not there, byte for byte."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.store.databases import KINDS, address
from tests.web.test_leaks import CASE
from tests.web.test_leaks_case import ASK, CASES, INCIDENT, WARNING, world

from noroshi.desk import sessions
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.dossiers import Filing
from noroshi.desk.hub import Hub
from noroshi.settings import Settings
from noroshi.web.app import create_app
from noroshi.web.source import BriefSource

STRANGERS, LEADER = ("stranger", "nobody"), "duty"
"""An operator that may see as much as the case is marked, and an auditor of a lower marking."""
MORE = """
[[principal]]
name = "stranger"
kind = "operator"
password = "correct horse battery!"
sees = "AMBER"
[[contact]]
principal = "stranger"
organisation = "asanagi-rail"
sector = "railway"
"""
TABS = ("", "/summary", "/impact", "/impact.csv", "/warnings", f"/warnings/{WARNING}", "/asks", "/press", "/position",
        "/severity", "/duties", "/brief", "/brief.json", "/brief.html", "/calls", "/calls.html", "/memo", "/memo.pdf",
        "/calendar.ics", "/timeline.csv")  # fmt: skip
PATHS = [
    "/situations", "/situations?state=all", "/situations?q=Port", "/situations.csv", "/situations/new",
    "/incidents/new",
    f"/incidents/new?situation={CASE}", f"/incidents/{INCIDENT}", "/scripts", f"/scripts/{CASE}",
    *(f"/situations/{CASE}{tab}" for tab in TABS),
]  # fmt: skip
CHANGES = {
    f"/situations/{CASE}/lines": {"does": "remark", "text": "x"},
    f"/situations/{CASE}/warnings": {"title_en": "x"}, f"/situations/{CASE}/warnings/{WARNING}": {"does": "send"},
    f"/situations/{CASE}/asks": {"to": "kiln"}, f"/situations/{CASE}/press": {"does": "ask"},
    f"/situations/{CASE}/position": {"does": "withdraw", "entry": "claim-1", "why": "x"},
    f"/incidents/{INCIDENT}/lines": {"does": "remark", "text": "x"}, f"/asks/{ASK}/answer": {"state": "done"},
    f"/asks/{ASK}/reminder": {}, f"/scripts/{CASE}/stop": {},
    "/incidents/new": {"situation": CASE, "what": "leak", "effect": "x", "since_unknown": "yes"},
}  # fmt: skip
PASSING = re.compile(r'<time data-zone[^>]*>[^<]*|value="20[0-9-]+T[0-9:]+"|[a-f0-9]{64}')
"""What differs from one asking to the next: the clocks, the moment a form begins with, the token of a session."""


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return a function that makes a new database of a kind and returns its URL."""
    return partial(address, request.param)


def pages(hub: Hub, folder: Path, name: str) -> dict[str, tuple[int, str]]:
    """Return status and text of every page and of every attempt to change something, as somebody gets them."""
    settings = Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0)

    def stays(_: object) -> None:
        raise AssertionError

    app = create_app(settings, BriefSource(stays), hub)  # type: ignore[arg-type]  # nobody asks for the brief
    found = hub.store.principal(name)
    assert found
    asker = sessions.log_in(hub.store, found[0], 12, time.time_ns() // 1000).asker
    csrf = sessions.token_against_forgery(asker.secret)
    with TestClient(app, base_url="http://127.0.0.1:8600", cookies={"noroshi": asker.secret}) as client:
        client.follow_redirects = False
        got = {path: client.get(path) for path in PATHS}
        got |= {f"change {path}": client.post(path, data={"csrf": csrf, **data}) for path, data in CHANGES.items()}
    return {path: (one.status_code, PASSING.sub("", one.text).replace(csrf, "")) for path, one in got.items()}


@pytest.mark.parametrize("filing", CASES.values(), ids=CASES)
def test_the_screen_of_who_has_no_part_is_that_of_a_world_without_the_case(
    tmp_path: Path, database: Callable[[Path], str], filing: Filing
) -> None:
    hubs = {one: world(tmp_path / one, database, filing if one == "with" else None) for one in ("with", "without")}
    for one, hub in hubs.items():
        more = tmp_path / one / "stranger.toml"
        more.write_text(MORE, encoding="utf-8")
        apply_declaration(hub.store, more)
    for name in STRANGERS:
        seen = {one: pages(hub, tmp_path / one, name) for one, hub in hubs.items()}
        for path, there in seen["with"].items():
            assert there == seen["without"][path], (name, path)
        assert {seen["with"][f"/situations/{CASE}{tab}"][0] for tab in TABS} <= {403, 404}
        assert {status for path, (status, _) in seen["with"].items() if path.startswith("change")} <= {403, 404}
    led = {one: pages(hub, tmp_path / one, LEADER) for one, hub in hubs.items()}
    differ = {path for path in PATHS if led["with"][path] != led["without"][path]}
    assert {"/situations", f"/situations/{CASE}", f"/incidents/{INCIDENT}", f"/situations/{CASE}/position"} <= differ
    for hub in hubs.values():
        hub.store.close()
