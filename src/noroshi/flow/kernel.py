"""How a numeric kernel is compiled: one decorator, so that every kernel of the house obeys the same rules."""

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


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile to machine code: cached on disk, free of the interpreter lock, IEEE order of operations kept.

    Divisions follow IEEE rules (x / 0 is inf), never an exception: a kernel answers with a status instead.
    """
    return cast("Callable[P, R]", njit(cache=True, nogil=True, error_model="numpy")(function))
