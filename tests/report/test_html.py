"""The page of the brief: whole, self-contained, safe, in both languages, with a table for each picture."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from html.parser import HTMLParser

import msgspec
import pytest
from tests.report.made_brief import made_brief

from noroshi.desk.brief_schema import Brief
from noroshi.report.html import standalone, style
from noroshi.report.words import pick, said

VOID = {"meta", "link", "br", "hr", "img", "input"}
LARGEST_ZIPPED = 25_000


class Page(HTMLParser):
    """What a page holds, read strictly: every element that opens must close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, list[str]] = {}
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.setdefault(self.open[-1], []).append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module", params=["en", "ja"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def html(lang: str) -> str:
    return standalone(made_brief(), lang)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_it_is_whole_and_in_its_language(page: Page, lang: str) -> None:
    assert page.all("html") == [{"lang": lang}]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.text["title"][0] == said("title", lang, estate="日本(地域)" if lang == "ja" else "Japan, regional")


def test_it_asks_for_nothing_from_outside(page: Page, html: str) -> None:
    addresses = [v for _, a in page.elements for k, v in a.items() if k in {"href", "src", "action", "data", "srcset"}]
    assert all(v == "data:," or (v or "").startswith("#") for v in addresses), addresses
    assert "url(" not in html
    assert "@import" not in html
    assert re.findall(r"https?://[^\s\"<]+", html.replace("http://www.w3.org/2000/svg", "")) == []


def test_it_runs_nothing(page: Page) -> None:
    assert page.all("script") == []
    for _, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)


def test_its_policy_allows_its_own_style_and_no_more(page: Page, html: str) -> None:
    (policy,) = [a["content"] or "" for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    written = html.split("<style>")[1].split("</style>", maxsplit=1)[0]
    assert written == style()
    digest = base64.b64encode(hashlib.sha256(written.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_each_section_is_there_with_its_table(page: Page, lang: str) -> None:
    ids = {a["id"] for a in page.all("h2")}
    assert ids == {
        "ladder", "map", "services", "press", "matters", "warn", "resilience", "harms", "tornado", "assumptions",
        "threat",
    }  # fmt: skip
    captions = page.text["caption"]
    for key in (
        "ladder", "map", "services", "curves", "matrix", "press", "matters", "warn", "resilience", "harms", "tornado",
    ):  # fmt: skip
        assert said(key, lang) in captions


def test_every_service_sector_and_organisation_is_named(html: str, lang: str) -> None:
    brief = made_brief()
    names = [
        *((s.name, s.name_ja) for s in brief.services),
        *((s.name, s.name_ja) for s in brief.ratings.sectors),
        *((m.name, m.name_ja) for m in brief.matters_most),
        *((w.name, w.name_ja) for w in brief.warn),
    ]
    for english, japanese in names:
        assert pick(english, japanese, lang) in html
    for line in brief.assumptions_ja if lang == "ja" else brief.assumptions:
        assert line.replace("'", "&#39;") in html


def test_what_is_seen_can_be_heard(page: Page) -> None:
    drawn = page.all("svg")
    assert len([a for a in drawn if a.get("role") == "img"]) == 7  # the map and six curves
    outer = [a for a in drawn if a.get("class") in {"row", "fan", "glyph", "picture tiles"}]
    assert all(a.get("aria-hidden") == "true" or a.get("aria-label") for a in outer)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(a.get("scope") in {"row", "col"} for a in page.all("th"))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert all(a.get("aria-labelledby") in ids for a in page.all("section"))


def test_sample_data_says_so(html: str, lang: str) -> None:
    assert said("illustrative", lang) in html
    assert said("fictional", lang) in standalone(made_brief(fictional=True), lang)
    real = msgspec.structs.replace(
        made_brief(), estate=msgspec.structs.replace(made_brief().estate, illustrative=False)
    )
    assert said("illustrative", lang) not in standalone(real, lang)


def test_it_is_small(html: str) -> None:
    body = html.replace(style(), "")
    assert len(gzip.compress(body.encode())) <= LARGEST_ZIPPED
    assert len(gzip.compress(style().encode())) <= 12_000


def test_names_cannot_inject(lang: str) -> None:
    brief = made_brief()
    bad = '"><script>alert(1)</script><b onclick=x>'
    hostile = msgspec.structs.replace(
        brief,
        estate=msgspec.structs.replace(brief.estate, name_en=bad, name_ja=bad),
        threat=msgspec.structs.replace(brief.threat, name=bad, source=bad),
        services=tuple(msgspec.structs.replace(s, name=bad, name_ja=bad) for s in brief.services),
        matters_most=tuple(msgspec.structs.replace(m, name=bad, name_ja=bad, area=bad) for m in brief.matters_most),
        assumptions=(bad,),
        assumptions_ja=(bad,),
    )
    page = Page(standalone(hostile, lang))
    assert page.all("script") == []
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_an_empty_brief_is_still_a_page(lang: str) -> None:
    empty = bare(made_brief())
    html = standalone(empty, lang)
    page = Page(html)
    assert {"ladder", "services", "matters", "warn", "harms"} <= {a["id"] for a in page.all("h2")}
    assert "map" not in {a.get("id") for a in page.all("h2")}
    assert said("services_none", lang) in html
    assert said("nobody", lang) in html


def bare(brief: Brief) -> Brief:
    """Return a brief in which nothing happens."""
    from noroshi.desk.brief_schema import Band, DataHarm, Harms, Overall, ServiceHarm, StrategicHarm

    zero = Band(mean=0.0, p05=0.0, p50=0.0, p95=0.0)
    return msgspec.structs.replace(
        brief, services=(), resilience=(), matters_most=(), warn=(), sensitivity=(),
        ratings=msgspec.structs.replace(
            brief.ratings, year=None, overall=Overall(score=58.5, technical=None, organisational=None)
        ),
        harms=Harms(
            service=ServiceHarm(person_hours_below_floor=zero, services_beyond_tolerance=zero),
            data=DataHarm(records=zero, p_any=0.0), strategic=StrategicHarm(points=zero, p_any=0.0),
        ),
    )  # fmt: skip


def test_outside_japan_places_are_points(lang: str) -> None:
    brief = made_brief()
    elsewhere = tuple(msgspec.structs.replace(s, area="Zone " + s.area) if s.area else s for s in brief.services)
    html = standalone(msgspec.structs.replace(brief, services=elsewhere), lang)
    assert 'class="picture points"' in html
    assert 'class="picture tiles"' not in html
