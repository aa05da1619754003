"""Random numbers by address: any number of any scenario can be drawn alone, in any order, on any thread.

Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011); normal deviates by Wichura's
algorithm AS 241 (Applied Statistics 37, 1988), accurate to about 1e-16.
"""

from __future__ import annotations

import math

import numpy as np

from noroshi.flow.kernel import bare_kernel

MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


@bare_kernel
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of the block with counter (c0 … c3) under the key (k0, k1)."""
    x0, x1 = np.uint64(c0) & MASK, np.uint64(c1) & MASK
    x2, x3 = np.uint64(c2) & MASK, np.uint64(c3) & MASK
    y0, y1 = np.uint64(k0) & MASK, np.uint64(k1) & MASK
    for _ in range(10):
        p0 = M0 * x0
        p1 = M1 * x2
        x0, x1, x2, x3 = (p1 >> HALF) ^ x1 ^ y0, p1 & MASK, (p0 >> HALF) ^ x3 ^ y1, p0 & MASK
        y0 = (y0 + W0) & MASK
        y1 = (y1 + W1) & MASK
    return x0, x1, x2, x3  # type: ignore[return-value]  # unsigned words


@bare_kernel
def uniform(seed: int, scenario: int, kind: int, index: int) -> float:
    """Return the number in (0, 1) at this address: 53 bits, never 0 or 1."""
    a, b, _, _ = philox(index, kind, scenario, scenario >> 32, seed, seed >> 32)
    whole = ((a >> np.uint64(5)) << np.uint64(26)) | (b >> np.uint64(6))
    return (float(whole) + 0.5) / 9007199254740992.0


@bare_kernel
def normal(seed: int, scenario: int, kind: int, index: int) -> float:
    """Return the standard normal deviate at this address."""
    return inverse_normal(uniform(seed, scenario, kind, index))


@bare_kernel
def inverse_normal(p: float) -> float:
    """Return the standard normal quantile of p in (0, 1) (AS 241, PPND16)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
              + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
              + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
        low = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
              + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
              + 42.313330701600911252) * r + 1.0)  # fmt: skip
        return q * top / low
    r = math.sqrt(-math.log(min(p, 1.0 - p)))
    if r <= 5.0:
        r -= 1.6
        top = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
              + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
              + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
        low = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
              + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
              + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
              + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
              + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
        low = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
              + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
              + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    return top / low if q > 0.0 else -top / low
