"""The normal distribution over arrays."""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_tail = np.vectorize(lambda x: erfc(-x / sqrt(2)) / 2, otypes=[np.float64])


def cumulative(z: Array) -> Array:
    """Return the probability that a standard normal value is below each of `z`."""
    found: Array = _tail(z) if z.size else z
    return found
