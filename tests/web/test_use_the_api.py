"""The page on how to use the hub from a program is true: its blocks run, against a hub that listens."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import uvicorn
from tests.test_docs import blocks
from tests.web.rest_world import rest_hub, settings
from tests.web.taxii_world import HIGH, PASSWORD

from noroshi.store import people
from noroshi.web.doors import Doors
from noroshi.web.rest import create_rest


def test_every_block_of_the_page_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = rest_hub(tmp_path)
    boss = people.account(hub.store, name="boss")
    where = people.place(hub.store, "trust", HIGH)
    assert boss
    assert where
    hub.store.change(lambda wire: people.permit(wire, boss.no, where.no, read=True, write=True)).result(10)
    rest = create_rest(hub, settings(tmp_path))
    server = uvicorn.Server(uvicorn.Config(Doors(rest, hub, rest), port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    monkeypatch.setenv("HUB", f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    monkeypatch.setenv("HUB_NAME", "boss")
    monkeypatch.setenv("HUB_PASSWORD", PASSWORD)
    names: dict[str, object] = {}
    page = (root / "docs" / "howto" / "use-the-api.md").read_text(encoding="utf-8")
    found = [block for block in blocks(page) if block.kind == "python"]
    try:
        for block in found:
            exec(compile("\n" * block.line + block.body, "use-the-api.md", "exec"), names)  # noqa: S102  running it is the test
    finally:
        for name in ("hub", "feed"):
            if name in names:
                names[name].close()  # type: ignore[attr-defined]  # a client
        server.should_exit = True
        thread.join(10)
        hub.store.close()
    assert len(found) == 6
    assert len(names["found"]) == 1  # type: ignore[arg-type]  # a list
