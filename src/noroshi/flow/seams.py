"""Kernels that are compiled once and called by name: numba copies and optimises a called kernel in every caller anew.

A seam is such a kernel. Its callers carry only its name, so they compile without it, in any order and in several
processes at once; `link` gives the name its address before anything runs.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from llvmlite import binding
from numba import config, types
from numba.core import cgutils
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import lower_builtin

from noroshi.flow.kernel import bare, inner, kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

P = ParamSpec("P")
R = TypeVar("R")

_SEAMS: dict[str, tuple[Any, tuple[Any, ...]]] = {}
"""Symbol -> the compiled function and the types of its arguments, callees before callers."""
_LINKED: set[str] = set()
NOWHERE = 1
"""The address of a seam in a process that only compiles its callers."""


def seam(answer: Any, *kinds: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:  # noqa: ANN401  numba's types
    """Return a decorator for a kernel that other kernels call by name; Python may not (see `entry`).

    answer, kinds: the types of its answer and arguments, as names in `numba.types` or from `reference_types`.
    """
    return _seam(inner, answer, *kinds)


def bare_seam(answer: Any, *kinds: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:  # noqa: ANN401  numba's types
    """Return a decorator as `seam` does, for a kernel compiled as by `kernel.bare`: it allocates nothing."""
    return _seam(bare, answer, *kinds)


def _seam(compiled: Any, answer: Any, *kinds: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:  # noqa: ANN401  as above
    """Return the decorator; compiled: how the kernel is compiled."""

    def named(function: Callable[P, R]) -> Callable[P, R]:
        if config.DISABLE_JIT:
            return function
        symbol = f"{function.__module__}.{function.__qualname__}"
        typed = [getattr(types, kind) if isinstance(kind, str) else kind for kind in (answer, *kinds)]
        made = signature(*typed)

        @wraps(function)
        def called(*_: P.args, **__: P.kwargs) -> R:
            raise TypeError(f"{symbol} is called by kernels only")

        infer_global(called, types.Function(type(symbol, (ConcreteTemplate,), {"key": called, "cases": [made]})))

        @lower_builtin(called, *made.args)
        def call(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401  numba's own objects
            form = context.call_conv.get_function_type(sig.return_type, sig.args)
            there = cgutils.get_or_insert_function(builder.module, form, symbol)
            status, value = context.call_conv.call_function(builder, there, sig.return_type, sig.args, args)
            with cgutils.if_unlikely(builder, status.is_error):
                context.call_conv.return_status_propagate(builder, status)
            return value

        _SEAMS[symbol] = (compiled(function), made.args)
        return called

    return named


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel through which Python reaches seams: they are linked at its first call."""
    compiled = kernel(function)
    if config.DISABLE_JIT:
        return compiled

    @wraps(function)
    def linked(*args: P.args, **kwargs: P.kwargs) -> R:
        link()
        return compiled(*args, **kwargs)

    return linked


def symbols() -> tuple[str, ...]:
    """Return the names of all seams of the modules imported so far."""
    return tuple(_SEAMS)


def link(only: Collection[str] | None = None) -> None:
    """Compile every seam, or take it from the cache, and publish its address.

    With `only` these are compiled for the cache and the others are left out: such a process must not run a kernel.
    """
    if only is None and len(_LINKED) == len(_SEAMS):
        return
    if only is not None:
        for symbol in _SEAMS:
            binding.add_symbol(symbol, NOWHERE)
    for symbol, (compiled, kinds) in _SEAMS.items():
        if only is None or symbol in only:
            compiled.compile(kinds)
            done = compiled.overloads[kinds]
            binding.add_symbol(symbol, done.library.get_pointer_to_function(done.fndesc.llvm_func_name))
            _LINKED.add(symbol)
