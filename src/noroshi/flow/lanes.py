"""Many outages side by side: the innermost loops of a solve, with what they add up kept in vector registers.

A table of lanes is a flat array, row by row, with `LANES` numbers each: what one outage has in a lane stays in it.
numba does not put such loops into vectors by itself, so compiled callers get them as vectors of LLVM's; the functions
here say what they do, and do it where nothing is compiled. Lanes never meet: each result has the bits that it would
have alone, whatever else is in the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

if TYPE_CHECKING:
    from noroshi.flow.kernel import Floats, Ints

__all__ = ["LANES", "column_gathered", "column_scattered", "worst_of", "worst_of_table"]

LANES = 32
"""Outages side by side: enough that the loops' own cost is shared, few enough that their angles stay in the cache."""
INDEX = ir.IntType(64)


class _Arrays:
    """The arrays of one call, as LLVM sees them: a class, since builder and types are asked again and again."""

    def __init__(self, context: Any, builder: Any, kinds: Any, args: Any) -> None:  # noqa: ANN401  numba's own objects
        """Find where the data of each array begins."""
        self.builder, self.kinds = builder, kinds
        self.data = [
            context.make_array(kind)(context, builder, one).data if isinstance(kind, types.Array) else one
            for kind, one in zip(kinds, args, strict=True)
        ]

    def number(self, array: int, at: Any) -> Any:  # noqa: ANN401  a value of LLVM's
        """Return one number of an array."""
        return self.builder.load(self.builder.gep(self.data[array], [at]))

    def place(self, array: int, row: Any) -> Any:  # noqa: ANN401  as above
        """Return where the lanes of a row begin."""
        at = self.builder.gep(self.data[array], [self.builder.mul(row, ir.Constant(INDEX, LANES))])
        return self.builder.bitcast(at, self.vector(array).as_pointer())

    def vector(self, array: int) -> ir.VectorType:
        """Return the type of a row of an array."""
        wide = self.kinds[array].dtype == types.float64
        return ir.VectorType(ir.DoubleType() if wide else ir.FloatType(), LANES)

    def row(self, array: int, row: Any) -> Any:  # noqa: ANN401  as above
        """Return the lanes of a row."""
        taken = self.builder.load(self.place(array, row))
        taken.align = self.kinds[array].dtype.bitwidth // 8
        return taken

    def put(self, array: int, row: Any, vector: Any) -> None:  # noqa: ANN401  as above
        """Write the lanes of a row."""
        self.builder.store(vector, self.place(array, row)).align = self.kinds[array].dtype.bitwidth // 8

    def spread(self, number: Any) -> Any:  # noqa: ANN401  as above
        """Return a vector with one number in every lane."""
        none = ir.Constant(ir.VectorType(number.type, LANES), ir.Undefined)
        first = self.builder.insert_element(none, number, ir.Constant(ir.IntType(32), 0))
        same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(first, first, same)


def column_gathered(
    lanes: Floats, j: int, inverse: Floats, low: Floats, row: Ints, first: int, last: int
) -> None:  # fmt: skip
    """Make lanes[j] = lanes[j] * inverse[j] - the sum of low[p] * lanes[row[p]]; a step of D Lᵀ x = y."""
    table = lanes.reshape(-1, LANES)
    table[j] *= inverse[j]
    for p in range(first, last):
        table[j] -= low[p] * table[row[p]]


def column_scattered(lanes: Floats, j: int, low: Floats, row: Ints, first: int, last: int) -> None:
    """Take low[p] * lanes[j] from lanes[row[p]]; a step of L y = x."""
    table = lanes.reshape(-1, LANES)
    for p in range(first, last):
        table[row[p]] -= low[p] * table[j]


def worst_of(
    best: Floats, lanes: Floats, a: Ints, b: Ints, flow: Floats, factor: Floats, share: Floats, shares: Floats,
    first: int, last: int,
) -> None:  # fmt: skip
    """Make best the largest of itself and |flow[r] + factor[r] * (lanes[a[r]] - lanes[b[r]]) - shares[r] * share|.

    best, share: one row of lanes; first <= r < last.
    """
    table = lanes.reshape(-1, LANES)
    for r in range(first, last):
        value = np.abs(factor[r] * (table[a[r]] - table[b[r]]) + flow[r] - shares[r] * share)
        np.copyto(best, np.where(value > best, value, best))


def worst_of_table(best: Floats, lanes: Floats, flow: Floats, amount: Floats, first: int, count: int) -> None:
    """Make best the largest of itself and |flow[r] + lanes[first + r] * amount|.

    best, amount: one row of lanes; 0 <= r < count.
    """
    table = lanes.reshape(-1, LANES)
    for r in range(count):
        value = np.abs(table[first + r] * amount + flow[r])
        np.copyto(best, np.where(value > best, value, best))


@contextmanager
def _counted(builder: Any, first: Any, last: Any, sums: list[Any]) -> Iterator[tuple[Any, list[Any], list[Any]]]:  # noqa: ANN401
    """Build a loop from first to last: yields the counter, what is added up so far, and a list for what it becomes.

    After it, that list holds the sums.
    """
    head, body, done = (builder.append_basic_block(name) for name in ("head", "body", "done"))
    before = builder.block
    builder.branch(head)
    builder.position_at_end(head)
    at = builder.phi(INDEX)
    at.add_incoming(first, before)
    held = []
    for one in sums:
        held.append(builder.phi(one.type))
        held[-1].add_incoming(one, before)
    builder.cbranch(builder.icmp_signed("<", at, last), body, done)
    builder.position_at_end(body)
    become: list[Any] = []
    yield at, held, become
    end = builder.block
    at.add_incoming(builder.add(at, ir.Constant(INDEX, 1)), end)
    for phi, one in zip(held, become, strict=True):
        phi.add_incoming(one, end)
    builder.branch(head)
    builder.position_at_end(done)
    become[:] = held


def _nothing(work: Callable[[Any, _Arrays], None], *kinds: Any) -> Any:  # noqa: ANN401  a signature and its code
    """Return an intrinsic's signature, answering nothing, and what builds it."""

    def made(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ANN401
        work(builder, _Arrays(context, builder, signature.args, args))
        return context.get_dummy_value()

    return types.void(*kinds), made


@intrinsic
def _gathered(typing: Any, lanes: Any, j: Any, inverse: Any, low: Any, row: Any, first: Any, last: Any) -> Any:  # noqa: ANN401, ARG001
    """`column_gathered` as LLVM's vectors."""

    def work(builder: Any, of: _Arrays) -> None:  # noqa: ANN401
        at = of.data[1]
        begun = builder.fmul(of.row(0, at), of.spread(of.number(2, at)))
        with _counted(builder, of.data[5], of.data[6], [begun]) as (p, held, become):
            more = builder.fmul(of.row(0, of.number(4, p)), of.spread(of.number(3, p)))
            become.append(builder.fsub(held[0], more))
        of.put(0, at, become[0])

    return _nothing(work, lanes, j, inverse, low, row, first, last)


@intrinsic
def _scattered(typing: Any, lanes: Any, j: Any, low: Any, row: Any, first: Any, last: Any) -> Any:  # noqa: ANN401, ARG001
    """`column_scattered` as LLVM's vectors."""

    def work(builder: Any, of: _Arrays) -> None:  # noqa: ANN401
        own = of.row(0, of.data[1])
        with _counted(builder, of.data[4], of.data[5], []) as (p, _, _):
            at = of.number(3, p)
            more = builder.fmul(own, of.spread(of.number(2, p)))
            of.put(0, at, builder.fsub(of.row(0, at), more))

    return _nothing(work, lanes, j, low, row, first, last)


@intrinsic
def _worst(
    typing: Any, best: Any, lanes: Any, a: Any, b: Any, flow: Any, factor: Any, share: Any, shares: Any,  # noqa: ANN401, ARG001
    first: Any, last: Any,  # noqa: ANN401
) -> Any:  # fmt: skip  # noqa: ANN401
    """`worst_of` as LLVM's vectors."""

    def work(builder: Any, of: _Arrays) -> None:  # noqa: ANN401
        zero = ir.Constant(INDEX, 0)
        drawn = of.row(6, zero)
        with _counted(builder, of.data[8], of.data[9], [of.row(0, zero)]) as (r, held, become):
            apart = builder.fsub(of.row(1, of.number(2, r)), of.row(1, of.number(3, r)))
            value = builder.fadd(builder.fmul(apart, of.spread(of.number(5, r))), of.spread(of.number(4, r)))
            value = builder.fsub(value, builder.fmul(drawn, of.spread(of.number(7, r))))
            become.append(_larger(builder, of, value, held[0]))
        of.put(0, zero, become[0])

    return _nothing(work, best, lanes, a, b, flow, factor, share, shares, first, last)


@intrinsic
def _worst_table(typing: Any, best: Any, lanes: Any, flow: Any, amount: Any, first: Any, count: Any) -> Any:  # noqa: ANN401, ARG001
    """`worst_of_table` as LLVM's vectors."""

    def work(builder: Any, of: _Arrays) -> None:  # noqa: ANN401
        zero = ir.Constant(INDEX, 0)
        by = of.row(3, zero)
        with _counted(builder, zero, of.data[5], [of.row(0, zero)]) as (r, held, become):
            moved = builder.fmul(of.row(1, builder.add(of.data[4], r)), by)
            become.append(_larger(builder, of, builder.fadd(moved, of.spread(of.number(2, r))), held[0]))
        of.put(0, zero, become[0])

    return _nothing(work, best, lanes, flow, amount, first, count)


def _larger(builder: Any, of: _Arrays, value: Any, held: Any) -> Any:  # noqa: ANN401
    """Build the larger of what is held and a value without its sign, lane by lane."""
    none = ir.Constant(of.vector(0), [0.0] * LANES)
    value = builder.select(builder.fcmp_ordered("<", value, none), builder.fsub(none, value), value)
    return builder.select(builder.fcmp_ordered(">", value, held), value, held)


# numba asks that what stands for a function has the very signature of what it answers, annotations and all.
@overload(column_gathered)
def _compiled_gathered(lanes, j, inverse, low, row, first, last):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    """Give compiled callers the vectors."""
    return lambda lanes, j, inverse, low, row, first, last: _gathered(lanes, j, inverse, low, row, first, last)  # noqa: PLW0108


@overload(column_scattered)
def _compiled_scattered(lanes, j, low, row, first, last):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    """Give compiled callers the vectors."""
    return lambda lanes, j, low, row, first, last: _scattered(lanes, j, low, row, first, last)  # noqa: PLW0108


@overload(worst_of)
def _compiled_worst(best, lanes, a, b, flow, factor, share, shares, first, last):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    """Give compiled callers the vectors."""
    return lambda best, lanes, a, b, flow, factor, share, shares, first, last: _worst(  # noqa: PLW0108
        best, lanes, a, b, flow, factor, share, shares, first, last
    )


@overload(worst_of_table)
def _compiled_worst_of_table(best, lanes, flow, amount, first, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    """Give compiled callers the vectors."""
    return lambda best, lanes, flow, amount, first, count: _worst_table(best, lanes, flow, amount, first, count)  # noqa: PLW0108
