"""A hub on a free port of loopback, put together as `noroshi serve` does, with people of every kind, on `sorami`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn

from noroshi.desk import sessions
from noroshi.desk.asked import asked_brief
from noroshi.desk.brief_schema import Brief
from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub
from noroshi.desk.seeing import Seeing
from noroshi.settings import Settings
from noroshi.store import people
from noroshi.store.contract import Principal
from noroshi.store.opening import open_store
from noroshi.web import serve
from noroshi.web.app import create_app
from noroshi.web.doors import Doors
from noroshi.web.estates import Estates
from noroshi.web.rest import create_rest
from noroshi.web.source import BriefSource

PASSWORD = "correct horse battery"  # noqa: S105  of a world that lives for a test
ESTATE = "sorami"
LIVE, DRILL = "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "52892447-4d7e-4f70-b94d-d7f22742ff63"
PEOPLE: dict[str, tuple[str, str, str, str]] = {
    "boss": ("centre", "RED", "", ""),
    "duty": ("centre", "RED", "", ""),
    "energy-ministry": ("ministry", "AMBER", "power", ""),
    "grid": ("operator", "AMBER", "power", "asanagi-grid"),
    "gas": ("operator", "AMBER", "gas", "asanagi-gas"),
    "drill-grid": ("operator", "AMBER", "power", "asanagi-grid"),
    "ally": ("partner", "GREEN", "", ""),
    "auditor": ("auditor", "RED", "", ""),
}
"""Name -> kind, what it sees, its contact's sector and organisation. `boss` is an owner; `drill-grid` for exercises."""


def declaration() -> str:
    """Return who is who: contacts without a place to write to, so that nothing is sent, and a collection a side."""
    lines = []
    for name, (kind, sees, sector, organisation) in PEOPLE.items():
        lines += [
            "[[principal]]",
            f'name = "{name}"',
            f'kind = "{kind}"',
            f'password = "{PASSWORD}"',
            f'sees = "{sees}"',
        ]
        if sector:
            lines += ["[[contact]]", f'principal = "{name}"', f'sector = "{sector}"']
            lines += [f'organisation = "{organisation}"'] if organisation else []
            lines += ["exercise = true"] if name.startswith("drill") else []
    lines += ["[[api_root]]", 'name = "trust"', 'title = "Trust group"']
    for uid, drills in ((LIVE, False), (DRILL, True)):
        title = "Exercise" if drills else "Warnings"
        lines += ["[[collection]]", 'api_root = "trust"', f'id = "{uid}"', f'title = "{title}"',
                  f"exercise = {str(drills).lower()}"]  # fmt: skip
        for name in (
            "boss",
            "duty",
            *(one for one in ("grid", "gas", "drill-grid") if one.startswith("drill") == drills),
        ):
            lines += ["[[grant]]", f'principal = "{name}"', f'collection = "{uid}"', "read = true",
                      f"write = {str(name in ('boss', 'duty')).lower()}"]  # fmt: skip
    return "\n".join(lines)


@cache
def brief_of(folder: str) -> Brief:
    """Return a brief of the sample, computed once for all tests, with draws enough to look at."""
    settings = Settings("127.0.0.1", 8600, "en", 0, Path(folder), Path(folder), "")
    return asked_brief(ESTATE, None, 200, 2014, settings)(lambda _step, _share: None)


@dataclass
class Site:
    """A hub that answers: its address, and what tests look into."""

    address: str
    hub: Hub
    settings: Settings

    def who(self, name: str) -> Principal:
        """Return a principal as the store has it now."""
        found = self.hub.store.principal(name)
        account = people.account(self.hub.store, name=name)
        assert found is not None
        assert account is not None
        return replace(found[0], owner=account.owner)

    def secret(self, name: str) -> str:
        """Return the secret of a new session of somebody."""
        return sessions.log_in(self.hub.store, self.who(name), 12, time.time_ns() // 1000).asker.secret


def made_hub(folder: Path, database: str) -> Hub:
    """Return the hub of this world over a new store."""
    store = open_store(database, folder)
    file = folder / "declared.toml"
    file.write_text(declaration(), encoding="utf-8")
    apply_declaration(store, file, hub_key(folder))
    store.change(lambda wire: people.own(wire, "boss", owner=True, subject="")).result(10)
    return Hub(store, Credentials(store), Cursors(hub_key(folder)), Seeing(store))


@contextmanager
def serving(folder: Path, database: str, briefs: Path, **more: Any) -> Iterator[Site]:
    """Serve the hub until the block ends; more: settings other than the plain ones."""
    plain = Settings("127.0.0.1", 8600, "en", 1, briefs, folder, database, request_rate=0)
    settings = replace(plain, **more)
    hub = made_hub(folder, database)
    source = BriefSource(lambda _: brief_of(str(briefs)))
    app = Doors(create_app(settings, source, hub, Estates(source, settings, ESTATE)), hub, create_rest(hub, settings))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off", ws="none",
                            timeout_graceful_shutdown=2)  # fmt: skip
    server = serve.server(app, config)
    thread = threading.Thread(target=server.run, daemon=True)
    source.start()
    thread.start()
    while not server.started:
        thread.join(0.01)
    source.wait(300)
    try:
        yield Site(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", hub, settings)
    finally:
        server.should_exit = True
        thread.join(10)
        source.stop()
        hub.store.close()
