"""DC flow against pandapower's on the cases that it ships.

Marked `peers`: pandapower lives in an environment of its own. Run with pandapower 3.5.6 on all 28 cases of CASES, from
4 to 16,049 branches: the largest difference is 2.5e-9 MW (GBnetwork; 1.1e-9 on case9241pegase), on flows up to 6 GW.
"""

from __future__ import annotations

import numpy as np
import pytest

from noroshi.flow.cascade_grid import prepared
from noroshi.flow.dcflow import FACTORED, angles, envelope, factor, flows, islands
from noroshi.flow.kernel import Floats, Ints
from noroshi.flow.network import Network

pandapower = pytest.importorskip("pandapower", reason="pandapower is not in this environment (see make peers)")

CASES = (
    "case4gs", "case5", "case6ww", "case9", "case14", "case24_ieee_rts", "case30", "case_ieee30", "case33bw", "case39",
    "case57", "case89pegase", "case118", "case145", "case_illinois200", "case300", "case1354pegase", "case1888rte",
    "case2848rte", "case2869pegase", "case3120sp", "case6470rte", "case6495rte", "case6515rte", "case9241pegase",
    "GBnetwork", "GBreducednetwork", "iceland",
)  # fmt: skip
# Columns of the matrices that pandapower shares with MATPOWER (manual, tables B-1 to B-3).
PD, GS = 2, 4
FROM, TO, REACTANCE, TAP, SHIFT, CLOSED, FLOW = 0, 1, 3, 8, 9, 10, 13
GEN_BUS, PG, GEN_ON = 0, 1, 7


def ordered(nb: int, line_from: Ints, line_to: Ints) -> tuple[Ints, Ints]:
    """The lines' ends renumbered by reverse Cuthill-McKee, so that the skyline of a large case is narrow."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    pairs = coo_array((np.ones(line_from.size), (line_from, line_to)), shape=(nb, nb)).tocsr()
    place = np.empty(nb, np.int64)
    place[reverse_cuthill_mckee(pairs + pairs.T, symmetric_mode=True)] = np.arange(nb)
    return place[line_from], place


def our_flows(ppc: dict[str, Floats]) -> Floats:
    """Flows in MW from pandapower's matrices, with the generation that it solved for."""
    bus, branch, gen = (np.real(ppc[name]) for name in ("bus", "branch", "gen"))
    nb = len(bus)
    ends_from, ends_to = branch[:, FROM].astype(np.int64), branch[:, TO].astype(np.int64)
    line_from, place = ordered(nb, ends_from, ends_to)
    line_to = place[ends_to]
    tap = np.where(branch[:, TAP] == 0.0, 1.0, branch[:, TAP])
    line_b = 1.0 / (branch[:, REACTANCE] * tap)
    line_in = branch[:, CLOSED] > 0.0
    injection = np.zeros(nb)
    injection[place] = -bus[:, PD] - bus[:, GS]
    on = gen[:, GEN_ON] > 0.0
    np.add.at(injection, place[gen[on, GEN_BUS].astype(np.int64)], gen[on, PG])
    # A phase shifter is a pair of injections at its ends, and its own flow is shifted by as much.
    shift = np.where(line_in, -line_b * np.deg2rad(branch[:, SHIFT]) * float(ppc["baseMVA"]), 0.0)
    np.add.at(injection, line_from, -shift)
    np.add.at(injection, line_to, shift)
    label = np.empty(nb, np.int64)
    islands(nb, line_from, line_to, line_in, np.ones(nb, np.bool_), label)
    first, start = envelope(nb, line_from, line_to)
    factored, ground = np.empty(start[-1]), np.empty(nb, np.bool_)
    assert factor(label, line_from, line_to, line_b, line_in, first, start, factored, ground) == FACTORED
    angles(first, start, factored, ground, injection)
    flow = np.empty(line_from.size)
    flows(label, line_from, line_to, line_b, line_in, injection, flow)
    return np.where(line_in, flow + shift, 0.0)


def before_any_outage(ppc: dict[str, Floats]) -> Floats:
    """Flows in MW that a cascade starts from, with the generation that pandapower solved for."""
    bus, branch, gen = (np.real(ppc[name]) for name in ("bus", "branch", "gen"))
    n, closed = len(bus), branch[:, CLOSED] > 0.0
    on = gen[:, GEN_ON] > 0.0
    injection = np.bincount(gen[on, GEN_BUS].astype(np.int64), gen[on, PG], n) - bus[:, PD] - bus[:, GS]
    tap = np.where(branch[:, TAP] == 0.0, 1.0, branch[:, TAP])
    susceptance = float(ppc["baseMVA"]) / (branch[:, REACTANCE] * tap)
    shifted = susceptance * np.deg2rad(branch[:, SHIFT])
    net = Network(
        branch[closed, FROM].astype(np.int64), branch[closed, TO].astype(np.int64), susceptance[closed],
        shifted[closed], np.zeros(int(closed.sum())), injection, np.ones(n), np.zeros(n),
    )  # fmt: skip
    flow = np.zeros(len(branch))
    flow[closed] = prepared(net).start.flow
    return flow


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CASES)
def test_flows_equal_pandapower(name: str) -> None:
    net = getattr(pandapower.networks, name)()
    pandapower.rundcpp(net)
    ppc = net._ppc
    theirs = np.real(ppc["branch"][:, FLOW])
    for mine in (our_flows(ppc), before_any_outage(ppc)):
        worst = float(np.abs(mine - theirs).max())
        assert worst < 1e-6, f"{name}: {len(mine)} branches, largest difference {worst:.1e} MW"
