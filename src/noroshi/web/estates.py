"""The estates that the screen can show: the one that is served, and the samples that ship.

The brief of the served one is computed as the hub starts; that of a sample on first demand, in a process of its own.
"""

from __future__ import annotations

import csv
import io
import threading
import tomllib
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.asked_apart import AskedApart
from noroshi.desk.brief_words import STEPS
from noroshi.errors import StoppedError
from noroshi.web.source import BriefSource, Progress, Standing

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from noroshi.desk.brief_schema import Brief
    from noroshi.estate.model import Estate
    from noroshi.settings import Settings

__all__ = ["DEFAULT_ESTATE", "Body", "Estates", "Titled"]

DEFAULT_ESTATE = "japan"
LOOK_S = 0.2
MOST_KEPT = 4
"""Versions of estates that the hub keeps that stay in memory beside the one that is asked for."""
META_FILE, ORGANISATIONS = "estate.toml", "organisations.csv"
Titled = tuple[str, str]
"""A name in English and in Japanese."""


class Body(NamedTuple):
    """An organisation as pages name it: in English, in Japanese, and in which area it is."""

    name_en: str
    name_ja: str
    area: str


Apart = Callable[[str, "Settings"], AskedApart]


def apart(name: str, settings: Settings) -> AskedApart:
    """Return the process that computes the brief of an estate, with the default threat and draws."""
    return AskedApart(name, None, None, None, settings)


class Estates:
    """Which estates there are, each read once, and their briefs: a class, since briefs come while it is asked."""

    def __init__(
        self, source: BriefSource, settings: Settings, served: str = DEFAULT_ESTATE, begin: Apart = apart
    ) -> None:
        """Take the brief of the served estate, and its name or place as it was asked for.

        begin: what starts the process in which the brief of another is computed.
        """
        self.served, self.settings, self.begin = served, settings, begin
        self.names: tuple[str, ...] = (served, *(name for name in _samples() if name != served))
        """The served one first, as it was asked for: a sample's name, or a folder of this machine."""
        self._sources: dict[str, BriefSource] = {served: source}
        self._running: AskedApart | None = None
        self._loaded: dict[str, Estate] = {}
        self._titles: dict[str, Titled] = {}
        self._keys: dict[str, str] = {}
        self._bodies: dict[str, dict[str, Body]] = {}
        self._held, self._turn, self._reading = threading.Lock(), threading.Lock(), threading.Lock()
        self._stopping = False

    def chosen(self, key: str) -> str:
        """Return the estate that a key means, as a page keeps it; the served one where it means none."""
        return next((name for name in self.names if self.key(name) == key), self.served)

    def key(self, name: str) -> str:
        """Return by what a page names an estate: never a folder of this machine."""
        return name if name in _samples() else self._keys.get(name, "served")

    def learn(self, name: str, key: str) -> None:
        """Take in by what a page names an estate that the hub keeps; which of them somebody may see is the desk's."""
        self._keys[name] = key

    def loaded(self, name: str) -> Estate:
        """Return an estate, read once; NotFoundError, InputError where it cannot be read."""
        with self._reading:
            if name not in self._loaded:
                from noroshi.files.estates import load

                self._loaded[name] = load(name, self.settings.lang)
                for old in [one for one in self._loaded if one not in self.names and one != name][:-MOST_KEPT]:
                    del self._loaded[old]
            return self._loaded[name]

    def title(self, name: str) -> Titled:
        """Return what people call an estate, in both languages, without reading all of it."""
        if name not in self._titles:
            self._titles[name] = _title(name)
        return self._titles[name]

    def bodies(self, name: str) -> dict[str, Body]:
        """Return the organisations of an estate by id, without reading all of it; none if they are in no plain CSV."""
        if name not in self._bodies:
            self._bodies[name] = _bodies(name)
        return self._bodies[name]

    def standing(self, name: str) -> Standing:
        """Return where the brief of an estate stands; whoever asks first has it computed."""
        with self._held:
            found = self._sources.get(name)
            if found is None:
                found = self._sources[name] = BriefSource(partial(self._compute, name))
                if not self._stopping:
                    found.start()
        return found.standing()

    def again(self, name: str) -> None:
        """Have a brief that could not be computed tried again at the next demand; the served one is left."""
        with self._held:
            found = self._sources.get(name)
            if name != self.served and found is not None and found.standing().state == "failed":
                del self._sources[name]

    def stop(self) -> None:
        """End what is being computed on demand; the served one's is the caller's."""
        with self._held:
            self._stopping = True
            running = self._running
            others = [one for name, one in self._sources.items() if name != self.served]
        if running is not None:
            running.stop()
        for one in others:
            one.stop()

    def _compute(self, name: str, progress: Progress) -> Brief:
        """Return the brief of a sample, one at a time, in a process that ends with it."""
        while not self._turn.acquire(timeout=LOOK_S):
            progress(STEPS["elsewhere"][int(self.settings.lang == "ja")], 0.0)
        try:
            with self.begin(name, self.settings) as asked:
                with self._held:
                    if self._stopping:
                        raise StoppedError
                    self._running = asked
                return asked(progress)
        finally:
            self._running = None
            self._turn.release()


def _samples() -> tuple[str, ...]:
    """Return the names of the estates that ship: found without what reads them, which takes long to load."""
    root = files("noroshi.samples")
    return tuple(sorted(one.name for one in root.iterdir() if one.is_dir() and (one / META_FILE).is_file()))


def _root(name: str) -> Traversable:
    """Return where the files of an estate are."""
    return files("noroshi.samples") / name if name in _samples() else Path(name)


def _bodies(name: str) -> dict[str, Body]:
    """Return the organisations of an estate by id."""
    try:
        rows = list(csv.DictReader(io.StringIO((_root(name) / ORGANISATIONS).read_text(encoding="utf-8"))))
    except (OSError, ValueError, csv.Error):
        return {}
    return {
        row["id"]: Body(row.get("name_en") or row["id"], row.get("name_ja") or "", row.get("area") or "")
        for row in rows if row.get("id")
    }  # fmt: skip


def _title(name: str) -> Titled:
    """Return what the description of an estate calls it; its file's name where there is none that can be read."""
    try:
        said = tomllib.loads((_root(name) / META_FILE).read_text(encoding="utf-8"))
        english, japanese = str(said["name_en"]), str(said.get("name_ja", ""))
    except (OSError, ValueError, KeyError):
        english = japanese = Path(name).stem
    return english, japanese or english
