"""Time of the brief's parts on `japan`: scenarios, each organisation alone, resilience numbers; and what they solve.

Also the compiled engine against the plain reference engine on the same scenarios, in one run. Asserts that scenarios
are not idle: 3 hits and 5 power solutions on average.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from noroshi.desk import kernels
from noroshi.desk.alone import consequences
from noroshi.desk.asked import DEFAULT_SEED, threat_for
from noroshi.desk.odds import odds_for
from noroshi.files.estates import load
from noroshi.stress import breaking, engine, reference
from noroshi.stress.ensembles import replay, run_ensemble
from noroshi.stress.kernel_time import play
from noroshi.stress.model import build
from noroshi.stress.scene import GAS_ANEW, INSTANTS, POWER_ANEW, draw_of, memo, plan, scene, told
from noroshi.stress.shock import HORIZON_H

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

TRIALS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
PARTS, COMPARED, LOOKED_AT = 10, 12, 300


def timed(name: str, work: Callable[[], T]) -> T:
    """Run `work`; print its wall and processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    print(f"{name}: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s of CPU")
    return done


def main() -> None:
    """Print the figures."""
    timed("kernels, if they were not compiled", kernels.warm)
    estate = load("japan")
    model = build(estate)
    odds = odds_for(estate, model, threat_for(estate, None))
    run_ensemble(model, odds, trials=2, seed=1, threads=1)
    m = plan(model)

    each = []
    for part in range(PARTS):
        start = time.process_time()
        run_ensemble(model, odds, trials=TRIALS // PARTS // 5, seed=part, threads=1)
        each.append((time.process_time() - start) / (TRIALS // PARTS // 5))
    print(f"a scenario, one thread: {1e3 * np.median(each):.2f} ms ({1e3 * min(each):.2f}-{1e3 * max(each):.2f})")

    runs = timed(
        f"{TRIALS} scenarios, two threads", lambda: run_ensemble(model, odds, trials=TRIALS, seed=DEFAULT_SEED)
    )
    hits, solutions = runs.hits.mean(), runs.solves.mean()
    print(f"a scenario: {hits:.2f} hits, {solutions:.1f} power solutions needed")
    assert hits >= 3.0, hits  # noqa: S101  what the benchmark promises
    assert solutions >= 5.0, solutions  # noqa: S101  the same

    count = estate.count("organisations")
    timed("each organisation alone", lambda: consequences(
        model, odds, count, seed=DEFAULT_SEED, horizon=HORIZON_H, clock=0.0, threads=2, progress=lambda _: None
    ))  # fmt: skip
    timed("resilience numbers", lambda: breaking.find(model, odds, horizon=HORIZON_H, exhaustive=False, threads=2))
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")

    services, kept, none, counts = len(model.services.unit), memo(m, 25), np.empty(0), []
    for scenario in range(LOOKED_AT):
        d = draw_of(replay(model, odds, seed=DEFAULT_SEED, scenario=scenario))
        s = scene(m, d, kept, 0)
        play(m, d, s, none, np.empty((0, services)), none, np.empty((0, services)))
        counts.append(told(s)[0][[INSTANTS, POWER_ANEW, GAS_ANEW]])
    print(
        "a scenario: {:.1f} instants, {:.2f} power and {:.1f} gas programs solved anew".format(*np.mean(counts, axis=0))
    )

    ratio = []
    for scenario in range(COMPARED):
        d = replay(model, odds, seed=DEFAULT_SEED, scenario=scenario)
        start = time.process_time()
        engine.run(model, d, m)
        middle = time.process_time()
        reference.run(model, d)
        ratio.append((time.process_time() - middle) / (middle - start))
    print(f"reference engine / compiled, with traces: {np.median(ratio):.0f} ({min(ratio):.0f}-{max(ratio):.0f})")


if __name__ == "__main__":
    main()
