"""Large estates: every fault is counted, the first thousand are listed; the full size runs with -m slow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from noroshi.estate.generate import generate
from noroshi.files.estates import read, save


def test_faults_everywhere_are_all_counted(tmp_path: Path) -> None:
    save(generate(20_000, np.random.default_rng(1)), tmp_path)
    frame = pl.read_csv(tmp_path / "assets.csv", infer_schema=False)
    spoilt = frame.with_columns(capacity=pl.lit("-1"), commanded_by=pl.lit("nobody"), area=pl.lit("1-Mar"))
    spoilt.write_csv(tmp_path / "assets.csv")
    estate, findings = read(tmp_path)
    assert estate is None
    counts = findings.counts()["error"]
    assert counts == {"out-of-range": 20_000, "dangling-key": 20_000, "date-mangled": 20_000}
    assert len(findings.faults()) == 1000
    assert {fault.row for fault in findings.faults()} == set(range(2, 336))


@pytest.mark.slow
def test_a_million_assets_in_fifteen_seconds_and_a_gigabyte_and_a_half(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, root / "benchmarks" / "bench_load.py"], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(root / "src"), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
