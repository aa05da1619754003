"""The memo: both languages, on one page, the same bytes each time, and no text of anybody's read as markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
import typst
from tests.report.made_memo import made_memo

from noroshi.report.memo import memo_html, memo_policy
from noroshi.report.memo_content import memo_content
from noroshi.report.memo_pdf import TEMPLATE, font_folders, memo_pdf
from noroshi.report.memo_words import MEMO
from noroshi.report.position_text import position_rows

HOSTILE = [
    '#import "x.typ": *', '#panic("x")', "$ x^2", "*b* _i_ `r`", "\\ ] [ } {", "= h", "// c", "/* c", "#sys.inputs",
    "<script>alert(1)</script>", '"><img src=x onerror=a>', "{{ 7*7 }}", "\u202e\u200b x", "@ref <label>", "「”—",
]  # fmt: skip
LANGS = ("en", "ja")
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """What a page holds: every element that opens must close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


def query(content: dict[str, Any], selector: str) -> Any:
    """Return what typst makes of the template: the elements that a selector finds, as plain values."""
    folders: list[Any] = font_folders()
    found = typst.query(TEMPLATE.read_bytes(), selector, field="body", font_paths=folders, ignore_system_fonts=True,
                        sys_inputs={"memo": msgspec.json.encode({**content, "heading": "x"}).decode()})  # fmt: skip
    return json.loads(found)


def pages(memo: Any, lang: str) -> int:
    made: Any = memo_pdf(memo, lang, picture=True)
    return len(made) if isinstance(made, list) else 1


SAID = {
    "en": (
        "FBI (ally)", "B2: usually reliable source; probably true", "names North Korea (KP)", "“enough information”",
        "not attributed: the guard does not hold", "Lazarus Group (G0032)", "11–34 % (very unlikely – unlikely)",
        "there are 1", "condemn this attack", "said; names nobody", "proposed", "We ask for the evidence",
        "Abduction talks: None is seen", "Deters little", "(f) not damage critical infrastructure", "scale high",
        "Countermeasures: not supported by the finding", "Say what we know", "head, Director", "TLP:AMBER",
        "2014-12-24 09:00 JST (24 00:00 UTC)", "no legal advice", "film-studio: data destroyed",
        "It names North Korea (KP) as responsible, but our finding is: not attributed.",
    ),
    "ja": (
        "FBI (同盟・友好国)", "B2:おおむね信頼できる情報源・おそらく真実", "北朝鮮 (KP)を名指し",
        "帰属せず:ガードの規則を満たさない", "11–34 %(可能性は非常に低い – 可能性は低い)", "強く非難する",
        "発言済み、名指しなし", "根拠の共有", "拉致問題の協議: 影響は", "抑止効果は限られる",
        "重要インフラを損なわない", "規模 大", "対抗措置:我が方の評価はこれを支えない", "判明したことだけ",
        "法的助言でも法的結論でもない",
        "情報の破壊", "北朝鮮 (KP)を責任主体として名指ししているが",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_it_says_everything_in_its_language(lang: str) -> None:
    text = Page(memo_html(made_memo(), lang)).text
    for part in SAID[lang]:
        assert part in text, part
    assert "演習" not in text
    assert "EXERCISE" not in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_record_gives_the_same_bytes_on_one_page(lang: str) -> None:
    memo = made_memo(changed=True, exercise=True)
    first = memo_pdf(memo, lang)
    assert first == memo_pdf(memo, lang)
    assert first.startswith(b"%PDF-")
    assert b"D:20141224000000" in first
    assert memo_html(memo, lang) == memo_html(memo, lang)
    fonts = set(re.findall(rb"/BaseFont/(?:[A-Z]{6}\+)?([\w-]+)", first))
    assert fonts
    assert fonts <= {b"NotoSansCJKjp-Regular", b"NotoSansCJKjp-Bold"} | {
        name + b"-Identity-H" for name in (b"NotoSansCJKjp-Regular", b"NotoSansCJKjp-Bold")
    }
    assert pages(memo, lang) == 1
    assert pages(made_memo(more=40), lang) > 1
    assert len(first) < 200_000


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_is_read_as_markup(lang: str) -> None:
    for hostile in (" ".join(HOSTILE), "\n".join(HOSTILE)):
        memo = made_memo(hostile=hostile)
        content = memo_content(memo, lang)
        assert hostile in content["claims"][0]["lead"]
        assert content["claims"][0]["lead"] in [one.get("text") for one in query(content, "strong")]
        page = Page(memo_html(memo, lang))
        assert hostile in page.text
        assert not [tag for tag, _ in page.elements if tag in {"script", "img", "a", "iframe", "link"}]
        assert memo_pdf(memo, lang).startswith(b"%PDF-")


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_loads_and_runs_nothing(lang: str) -> None:
    html = memo_html(made_memo(), lang)
    page = Page(html)
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in memo_policy()
    policies = [one.get("content") for tag, one in page.elements if one.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [memo_policy()]
    assert "default-src 'none'" in memo_policy()
    assert not re.search(r"url\(|@import|javascript:", html)
    for _, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on") or name in {"src", "href", "style"}}
    assert ("html", {"lang": lang}) in page.elements


def test_an_exercise_says_so_first_and_last() -> None:
    for lang, words in (("en", "EXERCISE EXERCISE EXERCISE"), ("ja", "演習 演習 演習")):
        memo = made_memo(exercise=True)
        body = memo_html(memo, lang).partition("<body>")[2]
        assert re.findall(r">([^<>\s][^<>]*)<", body)[0] == words
        foot = f"{words}</p>\n</footer>\n</article>\n</main>\n</body>"
        assert body.rstrip().removesuffix("</html>").rstrip().endswith(foot)
        assert memo_html(memo, lang).partition("<title>")[2].startswith(words)
        assert next(position_rows(memo.position, LANGS.index(lang))) == words


@pytest.mark.parametrize("lang", LANGS)
def test_who_signed_or_that_nobody_did(lang: str) -> None:
    ja = LANGS.index(lang)
    for memo, expected in (
        (made_memo(signed=False), MEMO["not_signed"][ja]),
        (made_memo(changed=True), MEMO["changed"][ja]),
    ):
        assert expected in Page(memo_html(memo, lang)).text
        assert any(expected in row for row in position_rows(memo.position, ja))
    assert MEMO["changed"][ja] not in Page(memo_html(made_memo(), lang)).text


def test_what_is_not_there_is_said() -> None:
    memo = made_memo()
    empty = msgspec.structs.replace(
        memo.position, claims=[], finding=None, statements=[], effects=[], options=[], decision=None, signatures=[],
        warnings=[], digest="",
    )  # fmt: skip
    for lang in LANGS:
        bare = msgspec.structs.replace(memo, position=empty, incidents=[])
        ja = LANGS.index(lang)
        text = Page(memo_html(bare, lang)).text
        for key in ("none", "no_finding", "not_decided", "not_signed", "no_record"):
            assert MEMO[key][ja] in text
        assert memo_pdf(bare, lang).startswith(b"%PDF-")
        assert MEMO["none"][ja] in "\n".join(position_rows(empty, ja))


def test_every_word_is_used_and_there_in_both_languages() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in TEMPLATE.parents[1].glob("*.py") if path.name != "memo_words.py"
    )
    for key, (english, japanese) in MEMO.items():
        assert f'"{key}"' in source, key
        assert english
        assert japanese
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", japanese))
