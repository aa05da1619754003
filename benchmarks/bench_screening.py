"""Claim: `noroshi stress screen` goes through outages many times faster than the tools of the field, core by core.

What each side computes, on the same MATPOWER case: the DC flow of every branch after the outage of each branch in turn,
and (ours and the plain product) the worst loading. Ours balances and counts outages that cut buses off; lightsim2grid,
PyPSA and the plain product give no number for them, pypowsybl balances them. cold: 64-bit numbers; warm: a stored table
of outage factors with 32 bits, the grave again with 64. One thread, wall-clock, the middle of several runs and their
range; reading and preparation are not in the rates. A loop over few outages stands for all where a tool is slow. Peers:
`make .venv-peers/ready-peers`, then
.venv-peers/bin/python benchmarks/bench_screening.py FOLDER_OF_CASES
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from numpy.typing import NDArray

from noroshi.desk.screening import chosen_outages, swept
from noroshi.files.grid_cases import Case, read_grid
from noroshi.flow.screening_grid import Ready, ready
from noroshi.flow.screening_stored import Stored, fits, stored

CASES = (
    "pglib_opf_case118_ieee", "pglib_opf_case1354_pegase", "pglib_opf_case2869_pegase", "pglib_opf_case10000_goc",
)  # fmt: skip
FEW, REPEATS, PAIRS = 60, 5, 100_000
Rates = list[float]


def timed(work: Callable[[], object], count: int) -> Rates:
    """Return how many outages a second each of some runs went through, after one that is not counted."""
    work()
    rates = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - begun))
    return sorted(rates)


def ours(
    made: Ready, outages: NDArray[np.int64], *, wide: bool, table: Stored | None = None, threads: int = 1
) -> Rates:
    """Return our rates."""
    return timed(lambda: swept(made, outages, wide=wide, table=table, threads=threads), len(outages))


def product(case: Case, made: Ready) -> Rates:
    """Return the rates of a plain product with the whole LODF matrix, built beforehand, in NumPy."""
    net, m = case.network, len(case.network.a)
    n = len(net.injection)
    incidence = np.zeros((m, n))
    incidence[np.arange(m), net.a], incidence[np.arange(m), net.b] = 1.0, -1.0
    matrix = incidence.T @ (net.susceptance[:, None] * incidence)
    inverse = np.zeros((n, n))
    inverse[1:, 1:] = np.linalg.pinv(matrix[1:, 1:]) if made.grid.island.max() else np.linalg.inv(matrix[1:, 1:])
    ptdf = (net.susceptance[:, None] * incidence) @ inverse @ incidence.T
    with np.errstate(divide="ignore", invalid="ignore"):
        lodf = ptdf / (1.0 - np.diag(ptdf))
    np.fill_diagonal(lodf, -1.0)
    flow, rating = made.grid.flow, np.where(net.rating > 0, net.rating, np.inf)

    def work() -> Any:  # noqa: ANN401  an array
        with np.errstate(invalid="ignore", over="ignore"):
            return (np.abs(flow[:, None] + lodf * flow) / rating[:, None]).max(axis=0)

    return timed(work, m)


def lightsim2grid(file: Path) -> Rates:
    """Return the rates of lightsim2grid's contingency analysis with KLU, every branch."""
    from lightsim2grid.algorithm import AlgorithmType
    from lightsim2grid.contingencyAnalysis import ContingencyAnalysisCPP
    from lightsim2grid.network import init_from_matpower

    grid = init_from_matpower(str(file))
    grid.change_algorithm(AlgorithmType.DC_KLU)
    begin = np.ones(grid.total_bus(), complex)
    base = grid.dc_pf(begin, 10, 1e-8)
    count = len(grid.get_lines()) + len(grid.get_trafos())
    analysis = ContingencyAnalysisCPP(grid)
    analysis.change_algorithm(AlgorithmType.DC_KLU)
    analysis.add_all_n1()

    def work() -> None:
        analysis.clear_results_only()
        analysis.compute(base if len(base) else begin, 10, 1e-8)
        analysis.compute_power_flows()

    return timed(work, count)


def read_tables(file: Path) -> dict[str, Any]:
    """Return a case's tables as all peers are given them."""
    from matpowercaseframes import CaseFrames

    frames = CaseFrames(str(file))
    gen = frames.gen.to_numpy(float)
    gen = np.pad(gen, ((0, 0), (0, max(0, 21 - gen.shape[1]))))  # the columns that the format has
    return {"bus": frames.bus.to_numpy(float), "gen": gen, "branch": frames.branch.to_numpy(float)}


def pypowsybl(file: Path) -> Rates:
    """Return the rates of OpenLoadFlow's DC security analysis in its fast mode, every line and transformer."""
    import pypowsybl.loadflow as flow
    from pypowsybl import network, security
    from scipy.io import savemat

    binary = file.with_suffix(".mat")  # MATPOWER's other form, the only one that it reads
    tables = read_tables(file)
    savemat(binary, {"mpc": {"version": "2", "baseMVA": 100.0, **tables}})
    grid = network.load(str(binary))
    ids = [*grid.get_lines().index, *grid.get_2_windings_transformers().index]
    analysis = security.create_analysis()
    analysis.add_single_element_contingencies(ids)
    parameters = security.Parameters(
        flow.Parameters(distributed_slack=True, provider_parameters={}), provider_parameters={"dcFastMode": "true"}
    )
    return timed(lambda: analysis.run_dc(grid, parameters), len(ids))


def pandapower(file: Path) -> Rates:
    """Return the rates of a loop of pandapower's DC flow, a few lines out one by one."""
    import pandapower as pp
    from pandapower.converter.matpower.from_mpc import from_mpc

    grid = from_mpc(str(file))

    def work() -> None:
        for line in grid.line.index[:FEW]:
            grid.line.loc[line, "in_service"] = False
            pp.rundcpp(grid)
            grid.line.loc[line, "in_service"] = True

    return timed(work, min(FEW, len(grid.line)))


def pypsa(file: Path) -> Rates:
    """Return the rates of PyPSA's contingency flow by its own BODF, a few lines out."""
    import pandas as pd
    import pypsa

    grid = pypsa.Network(snapshots=pd.date_range("2026-01-01", periods=1))
    grid.import_from_pypower_ppc({"version": "2", "baseMVA": 100.0, **read_tables(file)})
    grid.determine_network_topology()
    lines = grid.lines.index[:FEW]
    return timed(lambda: grid.lpf_contingency(snapshots=grid.snapshots[0], branch_outages=lines), len(lines))


PEERS = {"lightsim2grid": lightsim2grid, "pypowsybl": pypowsybl, "PyPSA": pypsa, "pandapower": pandapower}


def told(name: str, rates: Rates, base: float) -> None:
    """Print a line: the middle and the range, and how many times faster ours is, cold."""
    middle = statistics.median(rates)
    print(f"  {name:<22}{middle:>14,.0f}/s  ({rates[0]:,.0f}-{rates[-1]:,.0f})  ours cold / it: {base / middle:,.1f}")


def main() -> int:
    """Go through the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--case", action="append", help="only these")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in given.case or CASES:
        packed = given.folder / f"{name}.m.gz"
        case = read_grid(str(packed))
        ready(case.network)
        begun = time.perf_counter()
        made = ready(case.network)
        prepared = time.perf_counter() - begun
        singles = chosen_outages(len(case.network.a), 1, 0, 0)
        begun = time.perf_counter()
        table = stored(made) if fits(made) else None
        tabled = time.perf_counter() - begun
        cold, warm = ours(made, singles, wide=True), ours(made, singles, wide=False, table=table)
        base = statistics.median(cold)
        print(
            f"{name}: {len(case.bus):,} buses, {len(case.branch):,} branches, prepared in {prepared * 1e3:,.0f} ms, "
            f"for warm {tabled * 1e3:,.0f} ms more"
        )
        told("cold, one thread", cold, base)
        told("warm, one thread", warm, base)
        told("cold, two threads", ours(made, singles, wide=True, threads=2), base)
        told("warm, two threads", ours(made, singles, wide=False, table=table, threads=2), base)
        pairs = chosen_outages(len(case.network.a), 2, PAIRS, 2014)
        told("random N-2, two threads", ours(made, pairs, wide=False, threads=2), base)
        if len(case.branch) < 5000:
            told("plain LODF product", product(case, made), base)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{name}.m"
            file.write_bytes(gzip.decompress(packed.read_bytes()))
            for peer, rates_of in PEERS.items():
                try:
                    told(peer, rates_of(file), base)
                except ImportError as error:
                    print(f"  {peer}: not installed ({error.name})")
                except Exception as error:  # noqa: BLE001  a peer that cannot do a case is part of the answer
                    print(f"  {peer}: {type(error).__name__}: {str(error)[:120]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
