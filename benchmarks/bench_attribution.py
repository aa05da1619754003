"""Attribution: training on the releases in a folder, loading a model with one bundle, assessing; CPU time, one process.

python benchmarks/bench_attribution.py [FOLDER]     default: ../shared/data/attack beside the repository
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from noroshi.desk.attributing import assessor, train
from noroshi.files.attack_bundles import bundle_paths
from noroshi.files.attribution_models import SHIPPED
from noroshi.files.evidence import load_evidence

ROOT = Path(__file__).parent.parent
EVIDENCE = ROOT / "src/noroshi/samples/evidence/december-2014.json"
MOST_TRAIN, MOST_LOAD, MOST_ASSESS = 240.0, 1.0, 0.05
"""CPU seconds: two minutes on two cores, one second, 50 ms."""
TIMES = 9


def main() -> int:
    """Time the three, print medians and ranges; return 1 where a promise is not kept."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "attack"
    if not folder.is_dir():
        print(f"not run: no releases at {folder}")
        return 0
    latest, given = bundle_paths([folder])[-1], load_evidence(EVIDENCE)
    with tempfile.TemporaryDirectory() as place:
        trained = timed(lambda: train([folder], Path(place) / "model.json"), 1)
    ready = assessor(SHIPPED, [latest])
    ready.assess(given)
    loaded = timed(lambda: assessor(SHIPPED, [latest]).index, TIMES)
    assessed = timed(lambda: ready.assess(given), TIMES * 5)
    kept = True
    for name, seconds, most in (
        ("train", trained, MOST_TRAIN),
        ("load", loaded, MOST_LOAD),
        ("assess", assessed, MOST_ASSESS),
    ):
        median = statistics.median(seconds)
        kept &= median <= most
        print(f"{name}: median {median:.3f} s of CPU ({min(seconds):.3f}-{max(seconds):.3f}), at most {most:g} s")
    return 0 if kept else 1


def timed(do: Callable[[], object], times: int) -> list[float]:
    """Return the CPU seconds of each of `times` calls."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        do()
        spent.append(time.process_time() - began)
    return spent


if __name__ == "__main__":
    sys.exit(main())
