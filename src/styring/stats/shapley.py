"""A difference shared out among the factors behind it, whatever order they are looked at in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def shapley(
    f: Callable[[Sequence[Array]], float], before: Sequence[Array], after: Sequence[Array]
) -> tuple[float, ...]:
    """Return each factor's part of f(after) − f(before): its mean effect over all orders.

    The parts sum to the difference, do not depend on the order of the factors, and are 0 for a
    factor that changes nothing. Zeros and negative values are as good as others, where the
    logarithmic mean (LMDI) has no value.

    Args:
        f: any function of the factors; it is called 2ⁿ times.
        before: n factors, each an array (float64, any shape) that moves as a whole.
        after: the same factors afterwards.

    Source:
        Shapley LS (1953), Ann Math Stud 28, 307-317; Shorrocks AF (2013), J Econ Inequal 11,
        99-126. LMDI: Ang BW (2004), Energy Policy 32, 1131-1139.
    """
    n = len(before)
    moved = [
        f([a if s >> i & 1 else b for i, (b, a) in enumerate(zip(before, after, strict=True))])
        for s in range(2**n)
    ]
    return tuple(
        sum(
            (moved[s | 1 << i] - moved[s]) / (n * comb(n - 1, s.bit_count()))
            for s in range(2**n)
            if not s >> i & 1
        )
        for i in range(n)
    )


def product_parts(before: Array, after: Array) -> Array:
    """Return each factor's part of the difference of products, for each item by itself.

    What `shapley` gives for a sum of products, without its 2ⁿ calls: the mean over all orders is
    the integral along the straight line from before to after, and a Gauss–Legendre sum is exact
    for that polynomial.

    Args:
        before: float64, (…, factors, items).
        after: of the same shape.

    Returns:
        Of the same shape; its sum over the factors is the items' difference.

    Source:
        Owen G (1972), Manage Sci 18, P64-P79 (multilinear extensions of games).
    """
    n = before.shape[-2]
    nodes, weights = np.polynomial.legendre.leggauss((n + 1) // 2)
    step = after - before
    way = [before + (x + 1) / 2 * step for x in nodes]
    parts = np.empty_like(step)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        slope = sum(
            w / 2 * np.prod(at[..., others, :], axis=-2) for w, at in zip(weights, way, strict=True)
        )
        parts[..., i, :] = step[..., i, :] * slope
    return parts
