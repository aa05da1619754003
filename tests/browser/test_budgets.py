"""What every place of the menu must keep to: bytes, a strict policy, nothing from other hosts, no barrier."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from tests.browser.abnormal import drilled, troubled
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import Site

from noroshi.web.screen.menu import places
from noroshi.web.screen.statics import statics

pytestmark = pytest.mark.browser
MOST = {".js": 70_000, ".css": 12_000}
MOST_PAGE = 25_000
WHO = ("duty", "energy-ministry", "grid", "ally")


def zipped(body: bytes) -> int:
    """Return the bytes of something as it is sent."""
    return len(gzip.compress(body, 6))


@pytest.fixture(scope="module")
def trouble(site: Site) -> dict[str, str]:
    return {**troubled(site), **{f"drill {key}": uid for key, uid in drilled(site).items()}}


@pytest.mark.parametrize("kind", sorted(MOST))
def test_all_scripts_and_all_styles_together_are_small(kind: str) -> None:
    sizes = {one.name: zipped(one.body) for one in statics().values() if one.name.endswith(kind)}
    assert sum(sizes.values()) <= MOST[kind], sizes


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", WHO)
def test_every_place_of_the_menu_keeps_to_the_budgets(
    site: Site, visit: Visit, trouble: dict[str, str], name: str, lang: str
) -> None:
    assert trouble
    there = places(site.who(name))
    assert there
    # whatever a page complains of, or asks of another host, fails as `visit` ends
    with visit(name, lang=lang) as page:
        for place in there:
            answer = page.goto(place.address)
            assert answer is not None
            assert answer.status == 200, place.address
            assert zipped(answer.body()) <= MOST_PAGE, place.address
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert "no-store" in answer.headers["cache-control"]
            assert " style=" not in answer.text(), place.address
            assert page.locator("h1").count() == 1, place.address


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("how", [{}, {"lang": "ja", "dark": True}, {"narrow": True}], ids=["plain", "dark", "narrow"])
def test_no_place_of_the_menu_has_a_barrier(
    site: Site, visit: Visit, trouble: dict[str, str], how: dict[str, Any]
) -> None:
    assert trouble
    with visit("boss", **how) as page:
        for place in places(site.who("boss")):
            page.goto(place.address)
            assert barriers(page) == [], place.address
