"""Claim: an estate of a million assets loads and checks in 15 s and 1.5 GB, also when a million cells are at fault.

Each case runs in its own process, so that its peak memory is its own. On a machine that is busy with other work the
seconds of CPU count, if they are fewer than those of the clock. Run: python benchmarks/bench_load.py [ASSETS]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SECONDS, GIGABYTES = 15.0, 1.5


def spoil(column: str, value: str) -> Callable[[Path], None]:
    """Return what writes `value` into `column` of every asset of the estate in a folder."""

    def write(folder: Path) -> None:
        import polars as pl

        path = folder / "assets.csv"
        frame = pl.read_csv(path, infer_schema=False)
        frame.with_columns(pl.lit(value).alias(column)).write_csv(path)

    return write


CASES: dict[str, Callable[[Path], None]] = {
    "sound": lambda _: None,
    "negative": spoil("capacity", "-5"),
    "no number": spoil("capacity", "12 MW"),
    "dangling": spoil("commanded_by", "sys-nowhere"),
    "bad ids": spoil("id", "An Asset"),
    "dates": spoil("area", "1-Mar"),
}


def measure(folder: str) -> dict[str, float]:
    """Read the estate in `folder`; return seconds, gigabytes, faults counted and listed."""
    from noroshi.files.estates import read

    start, working = time.perf_counter(), time.process_time()
    _, findings = read(folder)
    listed = len(findings.faults())
    seconds, busy = time.perf_counter() - start, time.process_time() - working
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "busy": busy, "gigabytes": kilobytes / 1e6, "errors": findings.errors, "listed": listed}


def main(n_assets: int) -> int:
    """Generate, spoil and load; print one line per case. Return 1 if a million assets take more than is claimed."""
    import numpy as np

    from noroshi.estate.generate import generate
    from noroshi.files.estates import save

    worst = 0
    with tempfile.TemporaryDirectory() as place:
        for name, change in CASES.items():
            folder = Path(place) / name.replace(" ", "-")
            save(generate(n_assets, np.random.default_rng(1)), folder)
            change(folder)
            command = [sys.executable, __file__, "--measure", str(folder)]
            got = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            print(f"{name:10} {got['seconds']:6.1f} s  {got['busy']:6.1f} s of CPU  {got['gigabytes']:5.2f} GB  "
                  f"{got['errors']:>9,} errors counted, {got['listed']:,} listed")  # fmt: skip
            worst |= min(got["seconds"], got["busy"]) > SECONDS or got["gigabytes"] > GIGABYTES
    return int(worst)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(sys.argv[2])))
        sys.exit(0)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
