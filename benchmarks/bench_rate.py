"""Claim: 100,000 organisations × 26 answers are scored in at most 5 s, and tabled by sector and size in at most 1 s.

Answers of mixed levels, grades and dates (seeded), 15 sectors × 3 sizes; scores, both parts, 90 % intervals and the
chance of reaching the mark, by the closed form. Also: the same answers read from a JSON Lines file (with `--read`; the
file, of about 280 MB, is written to a temporary folder first). Prints times and peak memory; run:
python benchmarks/bench_rate.py [--read]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import scipy.special  # loaded before the clock starts, as in a server

from noroshi.files.catalogues import load_catalogue
from noroshi.files.rounds import load_round
from noroshi.rate.bulk import Marks, score_all
from noroshi.rate.catalogue import Catalogue
from noroshi.rate.evidence import GRADES, Columns
from noroshi.rate.score import Peers
from noroshi.rate.tables import Population, Rated, sector_cells

ORGANISATIONS, SECTORS, SIZES, DAYS = 100_000, 15, 3, 1500
MOST_SCORING, MOST_TABLES = 5.0, 1.0
LEVELS = (0.0, 0.33, 0.5, 0.67, 1.0)
TODAY = date(2026, 11, 1)


def answers(catalogue: Catalogue) -> Columns:
    """Every organisation answers every question, one in fifty times that it does not apply."""
    rng = np.random.default_rng(20261101)
    items = len(catalogue.items)
    count = ORGANISATIONS * items
    return Columns(
        ORGANISATIONS, np.repeat(np.arange(ORGANISATIONS), items), np.tile(np.arange(items), ORGANISATIONS),
        rng.choice(LEVELS, count), rng.integers(0, len(GRADES), count), rng.integers(0, DAYS, count),
        rng.random(count) < 0.02, np.full(count, np.nan),
    )  # fmt: skip


def strata() -> tuple[list[str], list[str]]:
    """The sector and the size of each organisation."""
    rng = np.random.default_rng(7)
    sector = [f"sector-{k:02d}" for k in rng.integers(0, SECTORS, ORGANISATIONS)]
    return sector, [("large", "medium", "small")[k] for k in rng.integers(0, SIZES, ORGANISATIONS)]


def rated(marks: Marks) -> tuple[Rated, Population]:
    """The round, and a population of which one in four is not rated."""
    sector, size = strata()
    count: dict[tuple[str, str], int] = {}
    for key in zip(sector, size, strict=True):
        count[key] = count.get(key, 0) + 1
    names = np.array([f"organisation-{k:06d}" for k in range(ORGANISATIONS)])
    found = Rated("bench", TODAY.isoformat(), names, np.array(sector), np.array(size), marks)
    return found, Population({key: n * 4 // 3 for key, n in count.items()})


def write(path: Path, catalogue: Catalogue, given: Columns) -> None:
    """Write the answers as JSON Lines."""
    sector, size = strata()
    ids, grades = [item.id for item in catalogue.items], list(GRADES)
    days = [(TODAY - timedelta(days=k)).isoformat() for k in range(DAYS)]
    rows = zip(*(a.tolist() for a in (given.item, given.level, given.grade, given.days, given.silent)), strict=True)
    with path.open("w", encoding="utf-8") as file:
        for k in range(ORGANISATIONS):
            parts = [
                f'{{"item":"{ids[i]}","level":{level},"grade":"{grades[g]}","date":"{days[d]}"'
                + (',"not_applicable":"none"}' if silent else "}")
                for i, level, g, d, silent in (next(rows) for _ in ids)
            ]
            head = f'"organisation":"organisation-{k:06d}","sector":"{sector[k]}","size":"{size[k]}"'
            file.write(f'{{{head},"as_of":"{TODAY.isoformat()}","answers":[{",".join(parts)}]}}\n')


def peak() -> str:
    """The most memory that this process has had."""
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB"


def main() -> None:
    """Score, table, and read if asked; assert the claim."""
    catalogue = load_catalogue()
    given = answers(catalogue)
    peers = Peers(np.full(len(catalogue.items), 0.585), 20.0, 0.0, 0.1)
    scipy.special.betaincinv(1.0, 2.0, 0.5)
    start = time.perf_counter()
    marks = score_all(catalogue, given, peers)
    scoring = time.perf_counter() - start
    print(f"{ORGANISATIONS:,} organisations, {len(given.item):,} answers scored: {scoring:.2f} s; {peak()}")
    found, population = rated(marks)
    start = time.perf_counter()
    cells = sector_cells(found, population, 72.0)
    tables = time.perf_counter() - start
    print(f"{len(cells)} cells of sector tables: {tables:.2f} s; {peak()}")
    if "--read" in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "round.jsonl"
            write(path, catalogue, given)
            start = time.perf_counter()
            read = load_round(path, catalogue)
            size = path.stat().st_size / 1e6
            print(f"{size:.0f} MB of JSON Lines read: {time.perf_counter() - start:.2f} s; {peak()}")
        again = score_all(catalogue, read.answers, peers)
        if not np.array_equal(again.score, marks.score):
            sys.exit("what is read scores otherwise than what was written")
    if scoring > MOST_SCORING or tables > MOST_TABLES:
        sys.exit(f"expected scores in {MOST_SCORING} s and tables in {MOST_TABLES} s")


if __name__ == "__main__":
    main()
