"""What every page must keep to: bytes, a strict policy, nothing from other hosts, no complaint, no barrier."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, Looked, settled, world
from tests.browser.site import Site

from noroshi.web.screen.menu import places
from noroshi.web.screen.statics import statics

pytestmark = pytest.mark.browser
MOST = {".js": 70_000, ".css": 12_000}
MOST_PAGE = 25_000
WHO = ("duty", "energy-ministry", "grid", "ally")
LOOKS: dict[str, dict[str, Any]] = {"plain": {}, "dark": {"lang": "ja", "dark": True, "narrow": True}}


def zipped(body: bytes) -> int:
    """Return the bytes of something as it is sent."""
    return len(gzip.compress(body, 6))


@pytest.fixture(scope="module")
def everything(site: Site) -> dict[str, str]:
    return world(site)


@pytest.mark.parametrize("kind", sorted(MOST))
def test_all_scripts_and_all_styles_together_are_small(kind: str) -> None:
    sizes = {one.name: zipped(one.body) for one in statics().values() if one.name.endswith(kind)}
    assert sum(sizes.values()) <= MOST[kind], sizes


def kept_to(page: Any, address: str, status: int = 200) -> list[str]:
    """Go to a page; return which budgets it does not keep to."""
    answer = page.goto(address)
    policy = answer.headers["content-security-policy"]
    whole = {
        f"answers {answer.status}": answer.status == status,
        f"{zipped(answer.body())} bytes": zipped(answer.body()) <= MOST_PAGE,
        f"policy {policy}": "unsafe" not in policy and "default-src 'none'" in policy,
        f"kept {answer.headers['cache-control']}": "no-store" in answer.headers["cache-control"],
        "a style in it": " style=" not in answer.text(),
        "one heading": page.locator("h1").count() == 1,
    }
    return [said for said, holds in whole.items() if not holds]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", WHO)
def test_every_place_of_the_menu_keeps_to_the_budgets(
    site: Site, visit: Visit, everything: dict[str, str], name: str, lang: str
) -> None:
    assert everything
    there = places(site.who(name))
    assert there
    # whatever a page complains of, or asks of another host, fails as `visit` ends
    with visit(name, lang=lang) as page:
        wrong = {one.address: kept_to(page, one.address) for one in there}
    assert not any(wrong.values()), wrong


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_barrier_or_breaks_a_budget(
    site: Site, visit: Visit, everything: dict[str, str], look: str
) -> None:
    wrong: dict[str, list[str]] = {}
    for who in dict.fromkeys(one.who for one in PAGES):
        with visit(who, **LOOKS[look], allowed=("403", "404")) as page:
            for one in (each for each in PAGES if each.who == who):
                said = looked_at(page, site, one, everything)
                if said:
                    wrong[one.name] = said
    assert wrong == {}, "\n".join(f"{name}: {said}" for name, said in wrong.items())


def looked_at(page: Any, site: Site, one: Looked, ids: dict[str, str]) -> list[str]:
    """Return what is wrong with a page, once it stands."""
    page.context.clear_cookies(name="noroshi-estate")
    if one.estate:
        page.context.add_cookies([{"name": "noroshi-estate", "value": one.estate.format(**ids), "url": site.address}])
    if "/why" in one.address:  # a part of a page
        return []
    said = kept_to(page, one.address.format(**ids), one.status)
    settled(page)
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return said + barriers(page) + ([f"runs off to the side by {beyond} points"] if beyond > 1 else [])
