"""`noroshi serve --workers 2`: one address, several processes; rights are one, and whoever dies is replaced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.web.taxii_world import BASE, DECLARED, DUTY, WORKS, asking, indicator, post
from tests.web.test_hub_process import TRIALS, run

FRESH = {"Connection": "close"}
"""Each request on a connection of its own, so that either worker may take it."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NOROSHI_")}
    return {**inherited, "NOROSHI_DATA": str(tmp_path / "data"), "NOROSHI_CACHE_DIR": str(tmp_path / "cache")}


@pytest.fixture
def hub(environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Return the process that keeps two workers, and their address."""
    declared = tmp_path / "hub.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    run(environment, "admin", "apply", str(declared))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "noroshi", "serve", "--brief", "sorami", "--trials", TRIALS, "--port", str(port),
               "--workers", "2"]  # fmt: skip
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as keeper:
        try:
            until(lambda: len(workers(keeper.pid)) == 2 and answers(f"http://127.0.0.1:{port}"))
            yield keeper, f"http://127.0.0.1:{port}"
        finally:
            keeper.terminate()
            keeper.communicate(timeout=60)


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def workers(keeper: int) -> list[int]:
    """Return the processes that a process has started."""
    found = Path(f"/proc/{keeper}/task/{keeper}/children")
    if not found.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(pid) for pid in found.read_text(encoding="ascii").split()]


def counted(address: str) -> float:
    """Return how many requests to TAXII the hub says it has answered well."""
    figures = httpx.get(f"{address}/metrics", timeout=30).text
    line = next(line for line in figures.splitlines() if 'door="taxii",method="GET",status="200"' in line)
    return float(line.split()[-1])


def alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_is_withdrawn_is_withdrawn_for_all_and_the_dead_are_replaced(
    hub: tuple[subprocess.Popen[str], str], environment: dict[str, str], tmp_path: Path
) -> None:
    keeper, address = hub
    with asking(address, {**DUTY, **FRESH}) as duty, asking(address, {**WORKS, **FRESH}) as works:
        assert post(duty, indicator(1, marking="GREEN"), indicator(2, marking="RED")).status_code == 202
        for _ in range(20):
            assert [one["id"] for one in works.get(f"{BASE}/objects/").json()["objects"]] == [indicator(1)["id"]]
        changed = tmp_path / "changed.toml"
        changed.write_text(DECLARED.replace('sees = "GREEN"', 'sees = "CLEAR"'), encoding="utf-8")
        run(environment, "admin", "apply", str(changed))
        assert {works.get(f"{BASE}/objects/").content for _ in range(40)} == {b"{}"}
        one, other = workers(keeper.pid)
        os.kill(one, signal.SIGKILL)
        until(lambda: one not in workers(keeper.pid) and len(workers(keeper.pid)) == 2)
        assert other in workers(keeper.pid)
        assert post(duty, indicator(3, marking="CLEAR")).status_code == 202
        until(lambda: all(works.get(f"{BASE}/objects/").status_code == 200 for _ in range(20)))
        # what died is counted too; a request is counted once it is answered, which whoever was killed may have missed
        until(lambda: counted(address) >= 79)
    mine = workers(keeper.pid)
    keeper.terminate()
    out, err = keeper.communicate(timeout=60)
    assert (keeper.returncode, err) == (0, "")
    assert address in out
    assert not any(map(alive, mine)), "all stop together"


def test_workers_end_with_the_one_that_keeps_them(hub: tuple[subprocess.Popen[str], str]) -> None:
    keeper, _ = hub
    mine = workers(keeper.pid)
    keeper.kill()
    until(lambda: not any(map(alive, mine)))
