"""Runs a backtest's shock in the compiled engine, and asks its result in the words of docs/backtests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from noroshi.files.shocks import load_shock
from noroshi.stress import engine
from noroshi.stress.draw import median
from noroshi.stress.model import Model, build
from noroshi.stress.outcome import WHAT, Run

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from noroshi.estate.model import Estate

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Story:
    """What one shock did: the model, the run, and questions about both."""

    model: Model
    run: Run

    def share(self, service: str) -> NDArray[np.float64]:
        """Return the share of a service at each hour of `run.hours`."""
        return self.run.shares[:, self.place(service)]

    def place(self, service: str) -> int:
        """Return the column of a service."""
        return int(np.flatnonzero(self.model.services.unit == self.model.index[service])[0])

    def at(self, service: str, hour: float) -> float:
        """Return the share of a service at an hour."""
        return float(self.share(service)[np.searchsorted(self.run.hours, hour, "right") - 1])

    def first(self, service: str, share: float, after: float) -> float:
        """Return the first hour after `after` at which the service has at least this share."""
        there = (self.run.hours > after) & (self.share(service) >= share)
        return float(self.run.hours[there].min(initial=np.inf))

    def below(self, service: str) -> tuple[float, float]:
        """Return the first hour below the service's floor, and for how many hours in all."""
        k = self.place(service)
        low = self.run.shares[:, k] < self.model.services.floor[k] - 1e-9
        hours, _ = self.run.below(self.model.services.floor)
        return float(self.run.hours[low].min(initial=np.inf)), float(hours[k])

    def touched(self) -> set[str]:
        """Return the services that ever had less than all."""
        low = self.run.shares.min(axis=0) < 1.0 - 1e-9
        return {self.model.ids[u] for u in self.model.services.unit[low]}

    def hour_of(self, what: str, unit: str) -> float:
        """Return the hour at which this first happened to the unit; infinity if never."""
        asked = (WHAT.index(what), self.model.index[unit])
        return min((e.hour for e in self.run.events if (e.what, e.unit) == asked), default=np.inf)

    def said(self, what: str) -> set[str]:
        """Return the units to which this ever happened."""
        return {self.model.ids[e.unit] for e in self.run.events if e.what == WHAT.index(what)}


def tell(estate: Estate, shock: str, model: Model | None = None) -> Story:
    """Run the shock of tests/backtests/SHOCK.toml with every uncertain input at its median."""
    model = build(estate) if model is None else model
    return Story(model, engine.run(model, median(model, load_shock(HERE / f"{shock}.toml", estate))))
