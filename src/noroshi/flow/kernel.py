"""How a numeric kernel is compiled: few decorators, so that every kernel of the house obeys the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Tables = NDArray[np.float64]
"""Floats in two dimensions."""
Whole = NDArray[np.int64]
"""Ints in two dimensions."""

RULES = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""Cached on disk, free of the interpreter lock, IEEE order of operations kept, and no doors for C, which nobody uses.

Divisions follow IEEE rules (x / 0 is inf), never an exception: a kernel answers with a status instead.
"""


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile to machine code under the `RULES`; Python and other kernels may call it."""
    return cast("Callable[P, R]", njit(**RULES)(function))


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile as `kernel` does, for callers that are kernels: without the door for Python, which takes its time.

    Never call it from Python: numba does not look, and there is nothing behind that door.
    """
    return cast("Callable[P, R]", njit(**RULES, no_cpython_wrapper=True)(function))


def bare(function: Callable[P, R]) -> Callable[P, R]:
    """Compile as `inner` does, without counting references: several times faster where it is called for every unit.

    It takes and answers numbers, and arrays that its caller holds; it allocates nothing.
    """
    return cast("Callable[P, R]", njit(**RULES, no_cpython_wrapper=True, _nrt=False)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile as `bare` does, into each caller: for what takes many arrays and does little with them."""
    return cast("Callable[P, R]", njit(**RULES, no_cpython_wrapper=True, _nrt=False, forceinline=True)(function))


def bare_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile as `bare` does, with a door for Python."""
    return cast("Callable[P, R]", njit(**RULES, _nrt=False)(function))


@bare
def row_taken(table: Tables | Whole, at: int, out: Floats | Ints) -> None:
    """Copy a row of a table into `out`; numba's own assignment brings a printer of shapes into every caller."""
    for k in range(out.size):
        out[k] = table[at, k]


@bare
def row_kept(values: Floats | Ints, table: Tables | Whole, at: int) -> None:
    """Copy values into a row of a table."""
    for k in range(values.size):
        table[at, k] = values[k]


@bare
def copied(values: Floats, out: Floats) -> None:
    """Copy values into an array of the same size."""
    for k in range(out.size):
        out[k] = values[k]
