"""Claim: deep cascades on grids of two and three thousand buses run at hundreds a second, shallow ones at thousands.

A cascade starts from random branches out, N-2 and N-3 by turns, drawn by Philox from seed 2018; islands, balance,
shedding, collapse, DC flow and relays are all in it. Each row is of cascades of one kind, picked out of a sample by
what they do, and run again alone. shallow: fewer than five rounds, with ratings as in the case; deep: five rounds or
more, with ratings taken times what stands in the row. relay: inverse time, one or a few trips a round; plain: all that
is overloaded at once. Of each the middle of five runs and their range: on one thread by its CPU time, which a busy
machine hardly changes, and on two by the clock, in brackets by the CPU time of both; reading and preparation are not
in the rates. solves: flow solves a second of CPU time. With pandapower in the environment, base flows are held
against its own.

    .venv/bin/python benchmarks/bench_cascade.py FOLDER_OF_CASES
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noroshi.desk.cascading import RanAll, ran_all
from noroshi.files.grid_cases import Case, read_grid
from noroshi.flow.cascade_grid import FACTORS, ROUNDS, SOLVES, TRIPS, Prepared, prepared, room
from noroshi.flow.cascade_rules import Limits, Rules

CASES = ("pglib_opf_case1354_pegase", "pglib_opf_case2000_goc", "pglib_opf_case2869_pegase", "pglib_opf_case10000_goc")
KINDS = (("shallow", 1.0), ("deep", 1.0), ("deep", 0.7), ("deep", 0.5))
DEEP, RUNS, DRAWN, FEWEST, SHORTEST_S = 5, 5, 2000, 20, 0.3
Ints = NDArray[np.int64]


def drawn(m: int) -> Ints:
    """Return outages (N, 3) of two and three of m branches by turns; where it is two, one is named twice."""
    rng = np.random.Generator(np.random.Philox(2018))
    outages = rng.integers(0, m, (DRAWN, 3))
    outages[::2, 2] = outages[::2, 1]
    return np.ascontiguousarray(outages)


def rates(made: Prepared, outages: Ints, rules: Rules, threads: int) -> tuple[list[float], list[float], RanAll]:
    """Return cascades a second of CPU time and by the clock, of each run, and what they found."""
    cpu, clock = [], []
    for _ in range(RUNS):
        used, begun = time.process_time(), time.perf_counter()
        found = ran_all(made, outages, rules, threads=threads)
        cpu.append(len(outages) / (time.process_time() - used))
        clock.append(len(outages) / (time.perf_counter() - begun))
    return sorted(cpu), sorted(clock), found


def told(rates_of: list[float]) -> str:
    """Return the middle and the range."""
    return f"{statistics.median(rates_of):>8,.0f} ({rates_of[0]:,.0f}-{rates_of[-1]:,.0f})"


def row(made: Prepared, outages: Ints, rules: Rules, name: str) -> None:
    """Print the rates of one kind, on one thread and on two."""
    one, _, found = rates(made, outages, rules, 1)
    each, two, _ = rates(made, outages, rules, 2)
    turns, trips, solves, anew = (found.counts[:, k].mean() for k in (ROUNDS, TRIPS, SOLVES, FACTORS))
    print(
        f"  {name:<22}{told(one):<26}{told(two):<26}[{statistics.median(each):,.0f}]  rounds {turns:.1f}, "
        f"trips {trips:.0f}, lost {found.lost_mw.mean():,.0f} MW, solves {statistics.median(one) * solves:,.0f}/s, "
        f"factors made anew {anew:.2f}"
    )


def rows(case: Case) -> None:
    """Print the rows of a case."""
    outages = drawn(len(case.network.a))
    for kind, scale in KINDS:
        made = prepared(case.network, Limits(scale))
        for rules in (Rules(), Rules(relay=False)):
            begun = time.process_time()
            deep = ran_all(made, outages, rules).counts[:, ROUNDS] >= DEEP
            chosen = outages[deep if kind == "deep" else ~deep]
            if len(chosen) < FEWEST:
                continue
            most = int(SHORTEST_S * len(outages) / (time.process_time() - begun)) + FEWEST
            row(made, chosen[:most], rules, f"{kind}, {'relay' if rules.relay else 'plain'}, x {scale:g}")


def against_pandapower(packed: Path, case: Case) -> str:
    """Return how far base flows are from pandapower's, MW; the slack is ours to take, by capacity."""
    try:
        import pandapower as pp
        from pandapower.converter.matpower.from_mpc import from_mpc
    except ImportError:
        return "pandapower is not installed"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / packed.name.removesuffix(".gz")
        file.write_bytes(gzip.decompress(packed.read_bytes()))
        grid = from_mpc(str(file))
    pp.rundcpp(grid)
    ppc = grid._ppc  # noqa: SLF001  the only way to its matrices
    bus, gen = np.real(ppc["bus"]), np.real(ppc["gen"])
    given = np.bincount(gen[:, 0].astype(np.int64), gen[:, 1] * (gen[:, 7] > 0), len(bus)) - bus[:, 2] - bus[:, 4]
    branch = np.real(ppc["branch"][np.real(ppc["branch"][:, 10]) > 0])
    ends, theirs = branch[:, :2].astype(np.int64), branch[:, 13]
    susceptance = float(ppc["baseMVA"]) / (branch[:, 3] * np.where(branch[:, 8] == 0, 1.0, branch[:, 8]))
    net = case.network._replace(
        a=ends[:, 0], b=ends[:, 1], susceptance=susceptance, injection=given, capacity=np.ones(len(bus)),
        shifted=susceptance * np.deg2rad(branch[:, 9]), rating=np.zeros(len(ends)),
        demand=np.zeros(len(bus)),
    )  # fmt: skip
    return f"largest difference from pandapower {np.abs(prepared(net).start.flow - theirs).max():.1e} MW"


def main() -> int:
    """Go through the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--case", action="append", help="only these")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    print("cascades a second: the middle of five runs (range); one thread by CPU time, two by the clock [CPU time]")
    for name in given.case or CASES:
        packed = given.folder / f"{name}.m.gz"
        case = read_grid(str(packed))
        prepared(case.network)
        begun = time.perf_counter()
        made = prepared(case.network)
        took = time.perf_counter() - begun
        own = room(made.grid)
        size = sum(part.nbytes for part in (*own, *own.factor) if isinstance(part, np.ndarray))
        print(
            f"{name}: {len(case.bus):,} buses, {len(case.branch):,} branches, prepared in {took * 1e3:.0f} ms, "
            f"{size / 1e6:.1f} MB a thread; {against_pandapower(packed, case)}"
        )
        rows(case)
    return 0


if __name__ == "__main__":
    sys.exit(main())
