"""Debian's Chromium, driven for real: pages that note what a browser complains of, and what they ask elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-sandbox",
)  # fmt: skip
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
STEP_MS = 60_000
"""How long a step may take before it has failed: a loaded machine is slow, budgets are measured on their own."""


@dataclass
class Complaints:
    """What must not be: errors on the console, requests to other hosts, answers that say that the hub is at fault."""

    said: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; skip where it, or its driver, is not installed."""
    pytest.importorskip("playwright", reason="needs playwright: make .venv/ready-browser")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=STEP_MS)

    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    if found is None:
        pytest.skip("needs Chromium: on Debian, apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, address: str, *, lang: str = "en", secret: str = "", narrow: bool = False, dark: bool = False,
    allowed: tuple[str, ...] = (), scale: float = 1.0,
) -> Iterator[Page]:  # fmt: skip
    """Yield a page of a browser of its own, logged in by a session's secret; what it complains of fails the test.

    allowed: complaints that a test brings about itself: what their text contains; scale: points of the device a point.
    """
    host = urlsplit(address).netloc
    context = browser.new_context(
        base_url=address, locale="ja-JP" if lang == "ja" else "en-GB", timezone_id="Asia/Tokyo",
        viewport=NARROW if narrow else WIDE, color_scheme="dark" if dark else "light",  # type: ignore[arg-type]
        reduced_motion="reduce", device_scale_factor=scale,
    )  # fmt: skip
    if secret:
        context.add_cookies([{"name": "noroshi", "value": secret, "url": address}])
    context.set_default_timeout(STEP_MS)
    noted = Complaints()
    page = context.new_page()
    page.on("console", lambda one: noted.said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: noted.said.append(f"script: {error}"))
    page.on("request", lambda one: noted.said.append(f"elsewhere: {one.url}") if foreign(one.url, host) else None)
    page.on("response", lambda one: noted.said.append(f"{one.status} {one.url}") if one.status >= 500 else None)
    try:
        yield page
    finally:
        context.close()
    wrong = [one for one in noted.said if not any(part in one for part in allowed)]
    assert wrong == [], wrong


def foreign(url: str, host: str) -> bool:
    """Say whether an address is not the hub's."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA, each with where."""
    from axe_playwright_python.sync_playwright import Axe

    only = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found: dict[str, Any] = Axe().run(page, options=only).response
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def pictured(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of a page, for people to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
