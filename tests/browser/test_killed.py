"""A real hub of two processes, killed under open pages: they say so and go on, and what it had taken is there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect
from tests.browser.chromium import opened
from tests.browser.site import PASSWORD, declaration

from noroshi.desk.declaring import apply_file
from noroshi.settings import load_settings
from noroshi.web.screen.words import word

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LONG_MS = 120_000
ALLOWED = ("ERR_", "Failed to", "net::", "500", "503", "htmx:")
Start = tuple[list[str], str, dict[str, str]]


@pytest.fixture
def command(tmp_path: Path) -> Start:
    """Return what starts a hub of its own on a free port, its address, and its environment."""
    (tmp_path / "hub.toml").write_text(declaration(), encoding="utf-8")
    apply_file(load_settings({"data": str(tmp_path / "data")}, {}), tmp_path / "hub.toml")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {**os.environ, "NOROSHI_DATA": str(tmp_path / "data"), "NOROSHI_CACHE_DIR": str(tmp_path / "cache")}
    said = [sys.executable, "-m", "noroshi", "serve", "--brief", "sorami", "--trials", "1", "--workers", "2",
            "--port", str(port)]  # fmt: skip
    return said, f"http://127.0.0.1:{port}", told


def started(start: Start) -> subprocess.Popen[str]:
    """Start a hub, and wait until it answers."""
    said, address, told = start
    process = subprocess.Popen(said, env=told, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert address in process.stdout.readline()
    until = time.monotonic() + LONG_MS / 1000
    while time.monotonic() < until:
        try:
            httpx.get(f"{address}/healthz", timeout=5)
            break
        except httpx.HTTPError:
            assert process.poll() is None
    return process


def killed(process: subprocess.Popen[str]) -> None:
    """Kill a hub and all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)
    closed(process)


def closed(process: subprocess.Popen[str]) -> None:
    """Close what a hub was heard by."""
    assert process.stdout is not None
    process.stdout.close()


def logged_in(page: Page, name: str) -> None:
    """Log in by name and password."""
    page.goto("/login")
    page.get_by_label(word("name", "en"), exact=True).fill(name)
    page.get_by_label(word("password", "en")).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(mine)?$"), timeout=LONG_MS)


def test_pages_live_over_two_workers_and_over_the_death_of_both(browser: Browser, command: Start) -> None:
    address = command[1]
    process = started(command)
    try:
        with opened(browser, address, allowed=ALLOWED) as duty, opened(browser, address, allowed=ALLOWED) as grid:
            logged_in(duty, "duty")
            expect(duty.locator("body")).to_have_attribute("data-standing", "yes", timeout=LONG_MS)
            # each request goes to whichever process takes it: some of these to that which the page does not listen to
            for k in range(3):
                told = {"organisation": "asanagi-grid", "what": "code-execution", "effect": f"Substation {k} is dark.",
                        "since": "2026-11-20T01:00:00Z"}  # fmt: skip
                report = httpx.post(f"{address}/api/v1/incidents", json=told, auth=("grid", PASSWORD), timeout=60)
                assert report.status_code == 201, report.text
            expect(duty.locator("#cases ~ ul").get_by_role("link", name="Asanagi Grid")).to_have_count(3)
            logged_in(grid, "grid")
            grid.goto("/assessment")
            yes = re.compile("^" + re.escape(word("assessment_yes", "en")))
            grid.locator("#q-mfa").get_by_role("radio", name=yes).click()
            expect(grid.locator("#q-mfa .saved")).to_be_visible()
            killed(process)
            expect(duty.get_by_text(word("offline", "en"))).to_be_visible(timeout=LONG_MS)
            process = started(command)
            expect(duty.get_by_text(word("offline", "en"))).to_be_hidden(timeout=LONG_MS)
            expect(duty.locator("#cases ~ ul").get_by_role("link", name="Asanagi Grid")).to_have_count(3)
            grid.reload()
            expect(grid.locator("#q-mfa .saved")).to_contain_text("grid")
            expect(grid.locator("#q-mfa blockquote")).to_be_visible()
            process.send_signal(signal.SIGTERM)
            process.wait(LONG_MS / 1000)
    finally:
        if process.poll() is None:
            killed(process)
        closed(process)
