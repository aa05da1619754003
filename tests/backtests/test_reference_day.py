"""`japan` without a shock: everything is served, and the engine's dispatch keeps to every secure limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from noroshi.estate.model import Estate
from noroshi.files.estates import load
from noroshi.flow.dcflow import envelope, factor, islands
from noroshi.flow.dispatch import Grid, Units, dispatch
from noroshi.stress import engine
from noroshi.stress.draw import median
from noroshi.stress.model import Model, build
from noroshi.stress.networks import BLOCKS, TRANCHES, Power
from noroshi.stress.shock import Shock

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOSE_MW = 1e-3


@pytest.fixture(scope="module")
def japan() -> Estate:
    return load("japan")


@pytest.fixture(scope="module")
def model(japan: Estate) -> Model:
    return build(japan)


def dispatched(w: Power, block: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return output, MW shed by bus, and flow over DC links, of the engine's dispatch with everything in service."""
    buses, lines = len(w.critical), len(w.c_from)
    y, forward, backward = np.zeros(lines), np.full(lines, np.inf), np.full(lines, np.inf)
    ac = np.flatnonzero(w.b_corridor >= 0)
    np.add.at(y, w.b_corridor[ac], w.b_y[ac])
    for k in ac:
        j, there, again = w.b_corridor[k], w.b_secure[k], w.b_secure_back[k]
        there, again = (there, again) if w.b_sign[k] > 0 else (again, there)
        forward[j] = min(forward[j], there * y[j] / w.b_y[k])
        backward[j] = min(backward[j], again * y[j] / w.b_y[k])
    label, live, shut = np.zeros(buses, np.int64), np.ones(buses, np.bool_), np.ones(lines, np.bool_)
    count = islands(buses, w.c_from, w.c_to, shut, live, label)
    first, start = envelope(buses, w.c_from, w.c_to)
    factored, ground = np.zeros(start[-1]), np.zeros(buses, np.bool_)
    factor(label, w.c_from, w.c_to, y, shut, first, start, factored, ground)
    load_mw = np.ascontiguousarray(w.demand[:, block])
    high = np.column_stack([(1.0 - w.critical) * load_mw / (TRANCHES - 1)] * (TRANCHES - 1) + [w.critical * load_mw])
    units = Units(
        w.g_bus, w.g_max, w.g_cost, np.zeros_like(high), np.ascontiguousarray(high), w.weight,
        w.b_from[w.dc], w.b_to[w.dc], w.b_secure[w.dc], w.b_secure_back[w.dc], w.b_cost[w.dc],
    )  # fmt: skip
    grid = Grid(w.c_from, w.c_to, y, shut, forward, backward, first, start, factored, ground)
    p, shed, f, flow = np.zeros(len(w.g_bus)), np.zeros((buses, TRANCHES)), np.zeros(len(w.dc)), np.zeros(lines)
    assert dispatch(label, count, units, grid, p, shed, f, flow) == 0
    return p, shed.sum(axis=1), f


def circuit_flows(w: Power, injection: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the DC flow of every AC circuit by a dense pseudo-inverse: written apart from `noroshi.flow`."""
    ac = np.flatnonzero(w.b_corridor >= 0)
    incidence = np.zeros((len(ac), len(w.critical)))
    incidence[np.arange(len(ac)), w.b_from[ac]] = 1.0
    incidence[np.arange(len(ac)), w.b_to[ac]] = -1.0
    angle = np.linalg.pinv(incidence.T @ (w.b_y[ac, None] * incidence)) @ injection
    out = np.zeros(len(w.b_from))
    out[ac] = w.b_y[ac] * (incidence @ angle)
    return out


def test_without_a_shock_everything_is_served_all_day(model: Model) -> None:
    run = engine.run(model, median(model, Shock("none", 48.0)))
    assert run.shares.min() == 1.0
    assert run.events == ()


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_circuit_is_over_its_secure_limit(model: Model, block: int) -> None:
    w = model.power
    p, shed, f = dispatched(w, block)
    assert shed.max() < LOOSE_MW
    injection = np.bincount(w.g_bus, p, len(w.critical)) - w.demand[:, block] + shed
    np.add.at(injection, w.b_from[w.dc], -f)
    np.add.at(injection, w.b_to[w.dc], f)
    flow = circuit_flows(w, injection)
    flow[w.dc] = f
    assert np.all(flow <= w.b_secure + LOOSE_MW)
    assert np.all(-flow <= w.b_secure_back + LOOSE_MW)
    assert np.abs(flow).max() > 1000.0  # it is a grid that carries something
