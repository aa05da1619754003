"""Reading MATPOWER cases (.m, also gzipped) as estates: buses, branches, generators and their merit order.

The format is that of the MATPOWER manual, appendix B (case format version 2): tables mpc.bus, mpc.gen, mpc.branch and
mpc.gencost of numbers, with comments behind "%". Columns beyond those used here are ignored.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from noroshi.errors import NotFoundError
from noroshi.estate.findings import Findings
from noroshi.estate.model import Estate, Meta, from_frames
from noroshi.files.reading import decoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BASE_MVA", "in_service", "read_case", "read_matpower"]

BASE_MVA = 100.0
NEEDED = {"bus": 10, "gen": 10, "branch": 11}
"""Tables a case must have, and how many columns of each are used."""
ISOLATED = 4
UNLIMITED_MW = 9900.0
LARGEST_GZIP = 1 << 30
MERIT_LOW, MERIT_HIGH = 0.02, 0.95


def read_matpower(where: str | Path, frequency_hz: float = 60.0) -> Estate:
    """Return a MATPOWER case as an estate with power buses, branches and generators.

    Units become ours: reactances per unit on 100 MVA whatever the case's base, MW, kV. Buses keep their number in the
    id (bus-1). The rating is rate A; 0, which means "no limit", becomes 9,900 MW. The cost of a generator is the rank
    of its marginal cost at half its range among all, between 0.02 and 0.95. Parts of the grid that no branch joins
    become islands of their own. Out-of-service rows and isolated buses are left out. Negative demand becomes a
    generator of the lowest cost. `frequency_hz` is not in the format.

    NotFoundError if there is no such file, InputError if it is no MATPOWER case.
    """
    path = Path(where)
    name, text, base_mva, bus, gen, branch, running = read_case(path)
    branch = branch[in_service(branch, bus)]
    frames = {
        "power_buses": buses(bus, branch, frequency_hz),
        "power_branches": branches(branch, bus, base_mva),
        "generators": generators(gen[running], merit(text, gen)[running], bus),
    }
    meta = Meta(
        id=re.sub(r"[^a-z0-9._-]", "-", name.lower()).strip("-._") or "case", name_en=name, name_ja=name,
        region="test case", time_zone="UTC", illustrative=True, fictional=True,
        posture="None: a test case of power flow.", sources=(f"MATPOWER case {path.name}",),
    )  # fmt: skip
    return from_frames(meta, frames)


class CaseFile(NamedTuple):
    """What a file holds: its name without the ending, its text, its base, and its tables.

    bus: without isolated ones; gen, branch: all rows, as places in the file count; running: which generators are in
    service at a bus that is there.
    """

    name: str
    text: str
    base_mva: float
    bus: NDArray[np.float64]
    gen: NDArray[np.float64]
    branch: NDArray[np.float64]
    running: NDArray[np.bool_]


def read_case(path: Path) -> CaseFile:
    """Return what a file holds. NotFoundError where there is none, InputError with every fault."""
    if not path.is_file():
        raise NotFoundError(f"no file {str(path)!r}: expected a MATPOWER case (.m or .m.gz)")
    findings = Findings()
    text = case_text(path, findings)
    tables = {name: matrix(text, name, width, path.name, findings) for name, width in NEEDED.items()}
    findings.raise_errors()
    bus, gen, branch = tables["bus"], tables["gen"], tables["branch"]
    check_ends(bus, gen, branch, path.name, findings)
    findings.raise_errors()
    base = re.search(r"\.baseMVA\s*=\s*([\d.eE+]+)", text)
    bus = bus[bus[:, 1] != ISOLATED]
    running = (gen[:, 7] > 0) & np.isin(gen[:, 0], bus[:, 0])
    name = path.name.removesuffix(".gz").removesuffix(".m")
    return CaseFile(name, text, float(base[1]) if base else BASE_MVA, bus, gen, branch, running)


def in_service(branch: NDArray[np.float64], bus: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which branches are in service between buses that are there."""
    joined = np.isin(branch[:, 0], bus[:, 0]) & np.isin(branch[:, 1], bus[:, 0])
    return np.asarray((branch[:, 10] > 0) & joined, np.bool_)


def case_text(path: Path, findings: Findings) -> str:
    """Return the text of the file, unpacked if it is gzipped; InputError if it cannot be."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        try:
            with gzip.open(path) as packed:
                data = packed.read(LARGEST_GZIP)
        except (OSError, EOFError) as error:
            findings.add("bad-case", path.name, found=str(error), expected="a gzip file", expected_ja="gzipファイル")
            findings.raise_errors()
    if not decoded(data, path.name, findings):
        data = data.decode("latin-1").encode()
        findings.batches.clear()
    return data.decode()


def matrix(text: str, name: str, width: int, file: str, findings: Findings) -> NDArray[np.float64]:
    """Return the table mpc.NAME as an array (rows x columns); note what is wrong with it."""
    start = re.search(rf"(?m)^[ \t]*\w+\.{name}\s*=\s*\[", text)
    end = text.find("]", start.end()) if start else -1
    if start is None or end < 0:
        findings.add("bad-case", file, column=f"mpc.{name}", found="no such table",
                     expected=f"a table mpc.{name} = [ ... ];", expected_ja=f"表 mpc.{name} = [ ... ];")  # fmt: skip
        return np.zeros((0, width))
    first_line = text.count("\n", 0, start.end()) + 1
    rows: list[list[float]] = []
    for offset, line in enumerate(text[start.end() : end].split("\n")):
        for part in line.split("%", 1)[0].replace(",", " ").split(";"):
            cells = part.split()
            if not cells:
                continue
            row = numbers(cells)
            if row is None or (len(row) < width):
                findings.add("bad-case", file, row=first_line + offset, column=f"mpc.{name}", found=part.strip(),
                             expected=f"at least {width} numbers", expected_ja=f"{width}個以上の数値")  # fmt: skip
                continue
            rows.append(row)
    least = min((len(row) for row in rows), default=width)
    return np.array([row[:least] for row in rows], dtype=np.float64).reshape(len(rows), least)


def numbers(cells: list[str]) -> list[float] | None:
    """Return the cells as numbers, None if one is none."""
    try:
        return [float(cell) for cell in cells]
    except ValueError:
        return None


def check_ends(bus: Any, gen: Any, branch: Any, file: str, findings: Findings) -> None:  # noqa: ANN401  three matrices
    """Note bus numbers that occur twice, and branches and generators at buses that do not exist."""
    values, times = np.unique(bus[:, 0], return_counts=True)
    for number in values[times > 1]:
        findings.add("bad-case", file, column="mpc.bus", found=f"bus {number:g} twice", expected="each bus once",
                     expected_ja="各母線は1回だけ")  # fmt: skip
    for name, ends in (("gen", gen[:, 0]), ("branch", branch[:, 0]), ("branch", branch[:, 1])):
        for number in np.unique(ends[~np.isin(ends, bus[:, 0])]):
            findings.add("bad-case", file, column=f"mpc.{name}", found=f"bus {number:g}", expected="a bus of mpc.bus",
                         expected_ja="mpc.busにある母線")  # fmt: skip


def merit(text: str, gen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the merit rank of each generator, 0.02 (cheapest) to 0.95; 0.5 for all if there are no costs."""
    rows = matrix_or_none(text)
    if rows is None or len(rows) < len(gen):
        return np.full(len(gen), 0.5)
    half = (np.maximum(gen[:, 9], 0.0) + gen[:, 8]) / 2
    price = np.array([marginal(row, mw) for row, mw in zip(rows, half, strict=False)])
    steps = np.unique(price)
    rank = np.searchsorted(steps, price) / max(1, len(steps) - 1)
    return MERIT_LOW + (MERIT_HIGH - MERIT_LOW) * rank


def matrix_or_none(text: str) -> list[list[float]] | None:
    """Return the rows of mpc.gencost, None if it is absent or not numbers; rows may differ in length."""
    found = re.search(r"(?ms)^[ \t]*\w+\.gencost\s*=\s*\[(.*?)\]", text)
    if found is None:
        return None
    lines = re.sub(r"%[^\n]*", "", found[1]).replace(",", " ").replace(";", "\n").split("\n")
    rows = [numbers(line.split()) for line in lines if line.split()]
    return None if any(row is None or len(row) < 5 for row in rows) else [row for row in rows if row]  # noqa: PLR2004


def marginal(row: list[float], mw: float) -> float:
    """Return the marginal cost at `mw` of one row of gencost: a polynomial (2) or pieces (1)."""
    n = int(row[3])
    values = row[4:]
    if int(row[0]) == 1:
        x, y = values[0 : 2 * n : 2], values[1 : 2 * n : 2]
        slopes = np.diff(y) / np.maximum(np.diff(x), 1e-9)
        return float(slopes[min(max(int(np.searchsorted(x, mw)) - 1, 0), len(slopes) - 1)]) if len(slopes) else 0.0
    return float(np.polyval(np.polyder(np.array(values[:n])), mw)) if n > 1 else 0.0


def ids(bus_numbers: NDArray[np.float64]) -> pl.Series:
    """Return the ids of buses."""
    return pl.select(pl.format("bus-{}", pl.Series(bus_numbers.astype(np.int64)))).to_series()


def buses(bus: NDArray[np.float64], branch: NDArray[np.float64], frequency_hz: float) -> pl.DataFrame:
    """Return the buses; those that branches join are one island, named by its lowest bus."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    order = np.argsort(bus[:, 0], kind="stable")
    a = order[np.searchsorted(bus[order, 0], branch[:, 0])]
    b = order[np.searchsorted(bus[order, 0], branch[:, 1])]
    _, part = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(len(bus), len(bus))), directed=False)
    lowest = np.full(part.max() + 1 if len(part) else 0, np.inf)
    np.minimum.at(lowest, part, bus[:, 0])
    return pl.DataFrame({
        "id": ids(bus[:, 0]), "area": [f"area-{v:g}" for v in bus[:, 6]], "kv": np.where(bus[:, 9] > 0, bus[:, 9], 1.0),
        "island": [f"island-{v:g}" for v in lowest[part]], "frequency_hz": np.full(len(bus), frequency_hz),
        "demand_mw": np.maximum(bus[:, 2], 0.0),
    })  # fmt: skip


def branches(branch: NDArray[np.float64], bus: NDArray[np.float64], base_mva: float) -> pl.DataFrame:
    """Return the branches in service; parallel ones share a corridor."""
    kv = dict(zip(bus[:, 0], bus[:, 9], strict=True))
    pairs = [f"{min(a, b):g}-{max(a, b):g}" for a, b in branch[:, :2]]
    tap = branch[:, 8] if branch.shape[1] > 8 else np.zeros(len(branch))  # noqa: PLR2004  column TAP
    x = branch[:, 3] * np.where(tap != 0, tap, 1.0) * BASE_MVA / base_mva
    return pl.DataFrame({
        "id": [f"branch-{k}" for k in range(1, len(branch) + 1)], "from_bus": ids(branch[:, 0]),
        "to_bus": ids(branch[:, 1]), "kind": ["ac"] * len(branch), "corridor": pairs,
        "kv": [max(kv[a], 0.1) for a in branch[:, 0]], "x_pu": x,
        "rating_mw": np.where(branch[:, 5] > 0, branch[:, 5], UNLIMITED_MW),
    })  # fmt: skip


def generators(gen: NDArray[np.float64], cost: NDArray[np.float64], bus: NDArray[np.float64]) -> pl.DataFrame:
    """Return the generators in service that give active power, and the buses that feed in more than they take."""
    giving = gen[:, 8] > 0
    feeding = bus[bus[:, 2] < 0]
    return pl.DataFrame({
        "id": [f"gen-{k + 1}" for k in np.flatnonzero(giving)] + [f"feed-{v:g}" for v in feeding[:, 0]],
        "bus": pl.concat([ids(gen[giving, 0]), ids(feeding[:, 0])]),
        "fuel": ["other"] * (int(giving.sum()) + len(feeding)),
        "p_min_mw": np.concatenate([np.maximum(gen[giving, 9], 0.0), np.zeros(len(feeding))]),
        "p_max_mw": np.concatenate([gen[giving, 8], -feeding[:, 2]]),
        "cost": np.concatenate([cost[giving], np.full(len(feeding), MERIT_LOW)]),
    })  # fmt: skip
