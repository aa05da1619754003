"""What holds for every page of the screen, whoever wrote it: who may see it, what a change must carry, its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.browser.site import PASSWORD, made_hub

from noroshi.files.declarations import TAKEN
from noroshi.report.words import WORDS
from noroshi.settings import Settings
from noroshi.web.app import create_app
from noroshi.web.estates import Estates
from noroshi.web.screen import page as page_module
from noroshi.web.screen.entrance import ours
from noroshi.web.screen.menu import MENU
from noroshi.web.screen.pages import screen_of
from noroshi.web.screen.words import SCREEN_WORDS, TABLES
from noroshi.web.source import BriefSource

ADDRESS = "http://127.0.0.1:8600"
OPEN = {"/", "/login", "/view", "/brief", "/brief.html", "/invitation/x", "/words"}
"""Pages for who has not logged in."""
SCREEN = Path(page_module.__file__).parent
SOURCES = [*SCREEN.rglob("*.py"), *SCREEN.rglob("*.html")]
MADE_KEYS = (
    "theme_",
    "refused_",
    "refused_lead_",
    "now_",
    "sharing_",
    "warning_",
    "sit_in_",
    "sit_state_",
    "sit_kind_",
    "estate_table_",
    "ratings_",
    "mine_",
    "invite_",
    "admin_",
    "me_scope_",
    "estate_done_",
    "wi_wrong_",
)
"""Beginnings of keys that are made from data, such as a status."""
Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("hub")
    hub = made_hub(folder, "")
    settings = Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0)

    def stays(_: object) -> NoReturn:
        raise AssertionError

    app = create_app(settings, BriefSource(stays), hub)
    with TestClient(app, base_url=ADDRESS) as made:
        made.follow_redirects = False
        yield made
    hub.store.close()


def declared(kind: str) -> list[str]:
    """Return the addresses of all views, or changes, with something in the place of their parameters."""
    settings = Settings("127.0.0.1", 8600, "en", 0, Path(), Path(), "")
    made = screen_of(None, settings, Estates(BriefSource(lambda _: None), settings))  # type: ignore[arg-type,return-value]
    names = [str(one.name) for one in made.handlers if str(one.name).startswith(kind)]
    return [re.sub(r"\{[^}]+\}", "x", name.removeprefix(kind).strip()) for name in names]


@pytest.mark.parametrize("path", declared("view"))
def test_who_has_not_logged_in_is_led_to_the_entrance(client: Client, path: str) -> None:
    client.cookies.clear()
    answer = client.get(path)
    if path in OPEN:
        assert answer.status_code in (200, 404, 503)
    else:
        assert (answer.status_code, answer.headers["location"].startswith("/login?next=")) == (303, True)


@pytest.mark.parametrize("path", declared("change"))
def test_no_change_without_the_page_that_asks_for_it(client: Client, path: str) -> None:
    client.cookies.clear()
    logged = client.post("/login", data={"name": "boss", "password": PASSWORD})
    assert logged.status_code == 303
    if path != "/login":
        assert client.post(path, data={}).status_code == 403
        assert client.post(path, data={"csrf": "wrong"}).status_code == 403
    foreign = client.post(path, data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    if path not in OPEN:
        client.cookies.clear()
        assert client.post(path, data={}).headers["location"].startswith("/login")


@pytest.mark.parametrize("place", MENU, ids=lambda place: place.address)
def test_what_is_in_the_menu_is_there(client: Client, place: object) -> None:
    client.cookies.clear()
    client.post("/login", data={"name": "boss", "password": PASSWORD})
    assert client.get(place.address).status_code in (200, 503)  # type: ignore[attr-defined]


def test_no_api_root_can_take_the_address_of_a_page() -> None:
    firsts = {path.strip("/").partition("/")[0].partition(".")[0] for path in declared("view") + declared("change")}
    assert firsts - set(TAKEN) - {""} == set()


def test_a_wrong_password_and_an_unknown_name_are_told_alike(client: Client) -> None:
    client.cookies.clear()
    wrong = [client.post("/login", data={"name": name, "password": "not it at all"}) for name in ("boss", "nobody")]
    assert [one.status_code for one in wrong] == [401, 401]
    assert wrong[0].text == wrong[1].text


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("/brief?lang=ja", True), ("/", True), ("//elsewhere.example", False), ("https://elsewhere.example", False),
        ("/\\elsewhere.example", False), ("/\t/elsewhere.example", False), ("", False), ("javascript:alert(1)", False),
    ],
)  # fmt: skip
def test_one_is_led_on_within_the_hub_alone(address: str, own: bool) -> None:
    assert ours(address) == (address if own else "/")


def test_no_word_is_in_two_tables_and_each_is_in_two_languages() -> None:
    keys = [key for table in TABLES for key in table]
    assert len(keys) == len(set(keys))
    assert all(english and japanese for english, japanese in SCREEN_WORDS.values())
    fields = {key: [set(re.findall(r"\{(\w+)", text)) for text in both] for key, both in SCREEN_WORDS.items()}
    assert [key for key, (english, japanese) in fields.items() if english != japanese] == []


def test_every_word_that_a_page_asks_for_is_there_and_every_word_is_asked_for() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if not path.name.startswith("words"))
    asked = set(re.findall(r"""\bw\(\s*["']([a-z0-9_]+)["']\s*[,)]""", text))
    assert asked - set(SCREEN_WORDS) - set(WORDS) == set()
    unused = [key for key in SCREEN_WORDS if f'"{key}"' not in text and f"'{key}'" not in text]
    assert [key for key in unused if not key.startswith(MADE_KEYS)] == []
