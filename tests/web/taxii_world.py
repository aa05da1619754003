"""A small world for TAXII: who is who, which collections there are, and a hub that answers on loopback."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub
from noroshi.desk.seeing import Seeing
from noroshi.store.opening import open_store
from noroshi.web.taxii import TaxiiDoor

MEDIA = "application/taxii+json;version=2.1"
HIGH, LOW, DROP = (
    "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "52892447-4d7e-4f70-b94d-d7f22742ff63",
    "64993447-4d7e-4f70-b94d-d7f33742ee63",
)  # fmt: skip
PASSWORD = "correct horse battery"  # noqa: S105  of a world that lives for a test
TLP = {
    "CLEAR": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "GREEN": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "AMBER": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "RED": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}
DECLARED = f"""
[[principal]]
name = "duty"
kind = "centre"
password = "{PASSWORD}"
sees = "RED"
communities = ["jp-us"]
[[principal]]
name = "works"
kind = "operator"
token = "a-token-that-is-long-enough-for-a-test"
sees = "GREEN"
[[principal]]
name = "ally"
kind = "partner"
token = "another-token-that-is-long-enough"
sees = "RED"
[[principal]]
name = "nobody"
kind = "auditor"
password = "{PASSWORD}!"
sees = "CLEAR"
[[api_root]]
name = "trust"
title = "Trust group"
max_content_length = 2000000
[[api_root]]
name = "other"
title = "Another group"
[[collection]]
api_root = "trust"
id = "{HIGH}"
title = "High value"
default_marking = "CLEAR"
[[collection]]
api_root = "trust"
id = "{DROP}"
title = "Drop box"
[[collection]]
api_root = "other"
id = "{LOW}"
title = "Elsewhere"
default_marking = "CLEAR"
[[grant]]
principal = "duty"
collection = "{HIGH}"
read = true
write = true
[[grant]]
principal = "works"
collection = "{HIGH}"
read = true
[[grant]]
principal = "ally"
collection = "{HIGH}"
read = true
write = true
[[grant]]
principal = "works"
collection = "{DROP}"
write = true
[[grant]]
principal = "nobody"
collection = "{LOW}"
read = true
"""
BASE = f"/trust/collections/{HIGH}"


def basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    """Return the header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


DUTY = basic("duty")
WORKS = {"Authorization": "Bearer a-token-that-is-long-enough-for-a-test"}
NOBODY = basic("nobody", PASSWORD + "!")


def indicator(number: int = 0, *, minute: int = 0, marking: str | None = None, **more: Any) -> dict[str, Any]:
    """Return an indicator; the same number has the same id."""
    when = f"2026-01-01T00:{minute:02d}:00.000Z"
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.UUID(int=number, version=4)}",
        "created": "2026-01-01T00:00:00.000Z", "modified": when, "name": f"indicator {number}",
        "pattern": f"[ipv4-addr:value = '198.51.100.{number % 256}']", "pattern_type": "stix", "valid_from": when,
        **({"object_marking_refs": [TLP[marking]]} if marking else {}), **more,
    }  # fmt: skip


def make_hub(folder: Path, database: str = "") -> Hub:
    """Return a hub of this world over a new store: at a URL, else in a file in the folder."""
    store = open_store(database, folder)
    declared = folder / "declared.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    apply_declaration(store, declared)
    return Hub(store, Credentials(store), Cursors(hub_key(folder)), Seeing(store))


@contextmanager
def answering(hub: Hub) -> Iterator[str]:
    """Run the TAXII door of a hub on a free port of loopback; yield its address."""
    config = uvicorn.Config(TaxiiDoor(hub), host="127.0.0.1", port=0, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        hub.store.close()


def asking(address: str, who: dict[str, str]) -> httpx.Client:
    """Return a client that speaks TAXII as somebody."""
    return httpx.Client(base_url=address, headers={"Accept": MEDIA, **who}, timeout=30)


def post(client: httpx.Client, *objects: dict[str, Any], collection: str = HIGH) -> httpx.Response:
    """Send an envelope."""
    return client.post(f"/trust/collections/{collection}/objects/", json={"objects": list(objects)},
                       headers={"Content-Type": MEDIA})  # fmt: skip
