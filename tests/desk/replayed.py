"""A hub on which scripts are played, with somebody real beside the cast; and briefs of what was played."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from noroshi.desk import replay_steps
from noroshi.desk.case_brief import case_brief
from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.hub import Hub
from noroshi.desk.replay_steps import Stage
from noroshi.desk.replaying import How, Passed, replay
from noroshi.desk.seeing import Seeing
from noroshi.files.estates import load
from noroshi.files.situation_scripts import load_script
from noroshi.respond.incident import read_moment
from noroshi.settings import Settings
from noroshi.store.contract import Declared, DeclaredContact, DeclaredPrincipal
from noroshi.store.opening import open_store
from noroshi.wire.asking import Timing

BEGIN = read_moment("2026-06-09T05:40+09:00") or 0
loaded, script_of = cache(load), cache(load_script)
"""Reads an estate, and a script, once for all tests of a process."""
REAL = {
    "boss": ("centre", "", ""), "real-energy": ("ministry", "", "power"),
    "real-grid": ("operator", "grid-tokyo", "power"),
    "real-port": ("operator", "tomariura-port", "port"), "real-arms": ("operator", "tomariura-arms", "defence"),
}  # fmt: skip


class Stop(Exception):  # noqa: N818  what a test stops a replay with
    """The replay is stopped here."""


def settings_of(folder: Path, database: str) -> Settings:
    plain = Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0)
    return replace(plain, database=database, smtp="smtp://127.0.0.1:9", mail_from="hub@example.go.jp")


@contextmanager
def hub_at(folder: Path, database: str, real: dict[str, tuple[str, str, str]] | None = None) -> Iterator[Hub]:
    """Yield a hub with some real people, each with a mail address to which nothing may go."""
    store = open_store(database, folder)
    none: frozenset[str] = frozenset()
    people = REAL if real is None else real
    made = tuple(DeclaredPrincipal(name, kind, 4, none, "", None) for name, (kind, _, _) in people.items())
    store.apply(Declared(
        made, (), (), (), (),
        tuple(DeclaredContact(name, organisation, frozenset({sector}), mail=f"{name}@example.jp")
              for name, (_, organisation, sector) in people.items() if sector),
    ))  # fmt: skip
    yield Hub(store, Credentials(store), Cursors(hub_key(folder)), Seeing(store))
    store.close()


def clocks(wall: Callable[[], float] = time.time, slept: list[float] | None = None) -> Timing:
    """Return clocks; waits are noted and take no time."""
    return Timing(wall, lambda: 0.0, (slept if slept is not None else []).append, random.Random(0))  # noqa: S311  chance of waits


def play(
    hub: Hub, folder: Path, name: str, how: How, on_step: Callable[[Stage, Passed], None] = lambda *_: None,
    timing: Timing | None = None,
) -> Stage:  # fmt: skip
    """Play a script that ships."""
    with patch.object(replay_steps, "load", loaded):
        return replay(hub, settings_of(folder, ""), script_of(name), how, timing or clocks(), on_step)


def briefs(stage: Stage, *keys: str) -> dict[str, bytes]:
    """Return some briefs of a script as they are written, all where none is named, by their steps."""
    steps = [one for one in stage.script.steps if one.kind == "brief" and (not keys or one.key in keys)]
    return {
        one.key: msgspec.json.encode(case_brief(stage.hub, stage.lead, stage.playing.situation, one.at).shown)
        for one in steps
    }  # fmt: skip


def how_of(name: str) -> How:
    """Return how a script is played in tests: history where it happened, else an exercise at a time of the tests."""
    return How() if script_of(name).happened else How(exercise=True, begin=BEGIN)


class Ending:
    """A store whose process ends once so many transactions are on disk. A class, since it stands in for a store."""

    def __init__(self, store: Any, left: int) -> None:
        self.store, self.left = store, left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.store, name)
        return self.counted(found) if name in {"change", "add", "write", "apply"} else found

    def counted(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def once(*given: Any, **more: Any) -> Any:
            done = work(*given, **more)
            if not isinstance(done, tuple):
                done.result(30)
            self.left -= 1
            if self.left <= 0:
                raise Stop
            return done

        return once
