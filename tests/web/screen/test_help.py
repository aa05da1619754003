"""Help on terms, the menu's mark of where one is, and deadlines of warnings with what is left."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.web.screen.asking import Client, client, found, hub_folder, logged, sent

from noroshi.share.warnings import Words
from noroshi.web.screen import page as page_module
from noroshi.web.screen.glossary import Help
from noroshi.web.screen.menu import MENU
from noroshi.web.screen.warnings_deadline import told_by, without, written_until
from noroshi.web.screen.words_glossary import GLOSSARY

__all__ = ["client", "hub_folder"]

TEMPLATES = Path(page_module.__file__).parent / "templates"
JAPAN = ZoneInfo("Asia/Tokyo")


def test_every_term_of_the_templates_is_in_the_glossary_and_each_of_the_glossary_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    used = {key for call in re.findall(r"\bhelp(?:\.terms)?\(([^)]*)\)", text) for key in re.findall(r'"(\w+)"', call)}
    assert used - set(GLOSSARY) == set()
    assert set(GLOSSARY) - used == set()
    assert all(all(each) for each in GLOSSARY.values())


def test_each_help_opens_what_stands_beside_it_and_no_id_is_twice() -> None:
    help_ = Help("ja", "h")
    made = str(help_("tlp")) + str(help_.terms("tlp", "pap"))
    opens = re.findall(r'popovertarget="(\w+)"', made)
    assert opens == re.findall(r'<span popover id="(\w+)"', made)
    assert len(set(opens)) == 3
    assert 'aria-label="PAPとは"' in made
    assert GLOSSARY["pap"].says_ja in made


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_all_terms_are_on_a_page_for_everybody(client: Client, lang: str) -> None:
    client.cookies.clear()
    text = found(client, "/words", lang)
    for key, one in GLOSSARY.items():
        assert f'id="{key}"' in text
        assert (one.ja if lang == "ja" else one.en) in text
    assert 'href="/words"' in found(client, "/login", lang)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/warnings", "/sharing"), ("/warnings/new", "/sharing"), ("/sharing/peers", "/sharing"),
        ("/scripts", "/situations"), ("/incidents/new", "/situations"), ("/due", "/"), ("/", "/"), ("/words", None),
    ],
)  # fmt: skip
def test_the_menu_says_where_one_is(client: Client, path: str, place: str | None) -> None:
    logged(client, "boss")
    text = found(client, path)
    nav = text[text.index("<nav") : text.index("</nav>")]
    marked = re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', nav)
    assert marked == ([] if place is None else [(place, "page" if path == place else "true")])


def test_no_page_belongs_to_two_entries_of_the_menu() -> None:
    for path in ("/warnings/x", "/assessment", "/incidents/x", "/ratings/x", "/situations/x", "/due", "/brief", "/me"):
        assert sum(one.has(path) for one in MENU) <= 1, path
    assert not any(one.has("/warningsx") for one in MENU)


def test_a_deadline_is_the_last_line_of_what_to_do_and_is_read_back() -> None:
    said = told_by(Words("Patch.", "修正。"), "2026-11-24T17:30")
    assert said == Words("Patch.\nBy 2026-11-24 17:30, Japan time.", "修正。\n期限: 2026-11-24 17:30(日本時間)")
    assert [without(text) for text in (said.en, said.ja)] == ["Patch.", "修正。"]
    assert written_until(said) == "2026-11-24T17:30"
    assert told_by(Words("Patch.", "修正。"), "soon") == Words("Patch.", "修正。")
    assert without("Stand By 2026-11-24 17:30, Japan time. Then patch.") == (
        "Stand By 2026-11-24 17:30, Japan time. Then patch."
    )


def test_a_warning_shows_its_deadline_and_what_is_left_and_a_correction_keeps_it(client: Client) -> None:
    logged(client, "duty")
    until = (datetime.now(UTC) + timedelta(hours=5, minutes=30)).astimezone(JAPAN)
    fields = {f"{key}_{lang}": f"{key} of it" for key in ("title", "text", "action") for lang in ("en", "ja")}
    form = {**fields, "severity": "high", "tlp": "AMBER", "sectors": "power", "deadline": f"{until:%Y-%m-%dT%H:%M}"}
    seen = re.search(r'name="seen" value="(\w+)"', sent(client, "/warnings/new", "/warnings/new", **form).text)
    assert seen
    made = sent(client, "/warnings/new", "/warnings/new", **form, what="send", seen=seen[1], to="grid")
    place = made.headers["location"].partition("?")[0]
    stamp = f'<time datetime="{until:%Y-%m-%dT%H:%M}:00+09:00">'
    for path in (place, "/warnings"):
        assert stamp in found(client, path), path
        assert "5 h left" in found(client, path), path
        assert "残り5時間" in found(client, path, "ja"), path
    correction = found(client, f"{place}/correct")
    assert f'name="deadline" type="datetime-local" value="{until:%Y-%m-%dT%H:%M}"' in correction
    assert "Japan time.<" not in correction, "the line is the field's, and not twice"
    logged(client, "grid")
    assert stamp in found(client, "/mine")
    time_left = re.search(r"By [0-9: -]+, Japan time", found(client, place))
    assert time_left is None, "the line is shown once, as a time"


def test_faults_of_a_warning_are_said_in_the_readers_language(client: Client) -> None:
    logged(client, "duty")
    form = {"title_en": "x" * 201, "severity": "high", "tlp": "AMBER", "networks": "nonsense", "about": "it"}
    on = "/warnings/new"
    english = sent(client, on, on, **form).text
    assert "Network ranges they have: nonsense – expected: a range as 192.0.2.0/24" in english
    assert "About these objects: it – expected: the id of a STIX object" in english
    client.cookies.set("noroshi-lang", "ja")
    japanese = sent(client, on, on, **form).text
    client.cookies.delete("noroshi-lang")
    assert "保有ネットワーク: nonsense – 期待: 192.0.2.0/24のような範囲" in japanese
    assert "件名 (英語): 201文字 – 期待: 200以下" in japanese
    assert "expected" not in japanese
