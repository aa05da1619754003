"""The engine's kernels compiled before their first run, in two processes at once: one would take twice as long.

What is compiled is kept by numba beside the sources, or in the user's cache folder where that cannot be written. A
receipt there says which sources it was made of: numba by itself does not notice that a kernel's callee has changed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.desk.stored import code_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PARTS", "compile_part", "warm"]

PARTS = (("kernel_solutions", "kernel_power"), ("kernel_time", "kernel_gas", "kernel_draw", "scene"))
"""Modules whose seams each process compiles, about equally long."""
ROOMS = ("flow", "stress")
RECEIPT = "noroshi-{code}.compiled"


def warm(said: Callable[[float], None] | None = None) -> None:
    """Have every kernel compiled, or do nothing if that was done; `said` gets the part done and may raise to stop.

    Where no process can be started, or no file written, nothing is lost: kernels are then compiled when first run.
    """
    report = said or (lambda _: None)
    from numba import config

    if config.DISABLE_JIT:
        return
    folders = places()
    receipts = [folder / RECEIPT.format(code=code_fingerprint(ROOMS)[:16]) for folder in folders]
    if all(receipt.exists() for receipt in receipts):
        return
    with contextlib.suppress(OSError):
        for folder in folders:
            for old in (*folder.glob("*.nbi"), *folder.glob("*.nbc"), *folder.glob(RECEIPT.format(code="*"))):
                old.unlink(missing_ok=True)
        if all_compiled(report):
            for receipt in receipts:
                receipt.parent.mkdir(parents=True, exist_ok=True)
                receipt.touch()


def places() -> list[Path]:
    """Return the folders in which numba keeps the kernels of `ROOMS`."""
    from noroshi.flow.dispatch import dispatch_counted
    from noroshi.stress.scene import memo

    kernels: tuple[Any, ...] = dispatch_counted, memo
    return [Path(kernel.stats.cache_path) for kernel in kernels]


def all_compiled(report: Callable[[float], None]) -> bool:
    """Compile every part in a process of its own; say whether all went well."""
    from noroshi.flow.seams import symbols
    from noroshi.stress import kernel_draw  # noqa: F401  imports every module that has seams

    total = len(symbols())
    report(0.0)
    read, write = os.pipe()
    workers = [
        subprocess.Popen(  # noqa: S603  ourselves
            [sys.executable, "-m", __name__, str(part)], stdout=write, stderr=subprocess.DEVNULL
        )
        for part in range(len(PARTS))
    ]
    os.close(write)
    try:
        with open(read, encoding="ascii") as lines:  # noqa: PTH123  a pipe has no path
            for done, _ in enumerate(lines, 1):
                report(done / total)
        return not any([worker.wait() for worker in workers])  # noqa: C419  wait for every one
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.terminate()
                worker.wait()


def compile_part(part: int) -> None:
    """Compile the seams of one part for the cache, saying a line for each; the last part also what Python calls."""
    from noroshi.flow.seams import link, symbols
    from noroshi.stress import kernel_draw  # noqa: F401  imports every module that has seams

    mine = [name for name in symbols() if name.split(".")[-2] in PARTS[part]]
    for symbol in mine:
        link({symbol})
        sys.stdout.write(f"{symbol}\n")
        sys.stdout.flush()
    if part == len(PARTS) - 1:
        rehearse()


def rehearse() -> None:
    """Compile what Python calls to make plans, odds and draws, by calling it for the small sample."""
    from noroshi.desk.asked import threat_for
    from noroshi.desk.odds import odds_for
    from noroshi.files.estates import load
    from noroshi.stress.draw import median
    from noroshi.stress.kernel_draw import odds_of
    from noroshi.stress.model import build
    from noroshi.stress.scene import draw_of, memo, plan
    from noroshi.stress.shock import Shock

    estate = load("sorami")
    model = build(estate)
    memo(plan(model), 1)
    odds_of(odds_for(estate, model, threat_for(estate, None)))
    draw_of(median(model, Shock("none", 1.0, ())))


if __name__ == "__main__":
    compile_part(int(sys.argv[1]))
