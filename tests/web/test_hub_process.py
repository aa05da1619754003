"""The hub as people run it: declared, served, changed while it runs, stopped and started again."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.web.taxii_world import BASE, DECLARED, DUTY, WORKS, asking, indicator, post

TRIALS = "50"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NOROSHI_")}
    return {**inherited, "NOROSHI_DATA": str(tmp_path / "data"), "NOROSHI_CACHE_DIR": str(tmp_path / "cache")}


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run `noroshi` to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "noroshi", *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """Run `noroshi serve` on a free port until the block ends; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "noroshi", "serve", "--brief", "sorami", "--trials", TRIALS, "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as hub:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    httpx.get(f"{address}/healthz", timeout=5)
                    break
                except httpx.TransportError:
                    assert hub.poll() is None, hub.communicate()[1]
                    time.sleep(0.1)
            yield address
        finally:
            hub.send_signal(signal.SIGTERM)
            hub.communicate(timeout=60)


def test_declared_served_changed_stopped_and_there_again(environment: dict[str, str], tmp_path: Path) -> None:
    declared = tmp_path / "hub.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    run(environment, "admin", "apply", str(declared))
    with sqlite3.connect(tmp_path / "data" / "noroshi.sqlite3") as store:
        (hashed,) = store.execute("SELECT password FROM principal WHERE name = 'duty'").fetchone()
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$"), "RFC 9106, section 4, second recommended option"
    with served(environment) as address, asking(address, DUTY) as duty, asking(address, WORKS) as works:
        assert httpx.get(address, timeout=30).status_code == 200
        assert duty.get("/taxii2/").json()["api_roots"] == ["/trust/"]
        figures = httpx.get(f"{address}/metrics", timeout=30).text
        assert 'noroshi_requests_total{door="taxii",method="GET",status="200"} 1.0' in figures
        assert "duty" not in figures
        assert post(duty, indicator(1, marking="GREEN"), indicator(2, marking="RED")).status_code == 202
        assert [one["id"] for one in works.get(f"{BASE}/objects/").json()["objects"]] == [indicator(1)["id"]]
        # rights are taken away by another process while this one runs: the next request knows
        declared.write_text(DECLARED.replace('sees = "GREEN"', 'sees = "CLEAR"'), encoding="utf-8")
        assert "works: changed" in run(environment, "admin", "apply", str(declared))
        assert works.get(f"{BASE}/objects/").content == b"{}"
        # a new password ends the old one, remembered or not
        declared.write_text(DECLARED.replace("correct horse battery", "incorrect horse battery"), encoding="utf-8")
        run(environment, "admin", "apply", str(declared))
        assert duty.get("/taxii2/").status_code == 401
    with served(environment) as address, asking(address, WORKS) as works:
        assert [one["id"] for one in works.get(f"{BASE}/objects/").json()["objects"]] == [indicator(1)["id"]]
