"""Outliers drawn in, so that a few extreme units do not squeeze the scale of the others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
SKEW, KURTOSIS = 2.0, 3.5
"""A column is treated where it is both skewed and long-tailed beyond these."""
MOST_DRAWN_IN = 5


class Treated(NamedTuple):
    """A column with its outliers drawn in, and how many points were; the log where that failed."""

    values: Array
    drawn_in: int
    logged: bool


def skewness(x: Array) -> float:
    """Return the bias-corrected skewness G1 of the known values; NaN below three or without spread.

    Source:
        Joanes DN, Gill CA (1998), J R Stat Soc D 47, 183-189.
    """
    apart = _apart(x)
    n = len(apart)
    if n < 3:
        return float("nan")
    g1 = float(np.mean(apart**3)) / float(np.mean(apart**2)) ** 1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: Array) -> float:
    """Return the bias-corrected excess kurtosis G2; NaN below four or without spread.

    Source:
        Joanes DN, Gill CA (1998), J R Stat Soc D 47, 183-189.
    """
    apart = _apart(x)
    n = len(apart)
    if n < 4:
        return float("nan")
    g2 = float(np.mean(apart**4)) / float(np.mean(apart**2)) ** 2 - 3
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)


def _apart(x: Array) -> Array:
    """Return the known values' distances from their mean, the largest 1; none without spread.

    The shape of a spread has no unit, and powers of very small or large figures are lost.
    """
    known = x[~np.isnan(x)]
    if not len(known) or known.min() == known.max():
        return known[:0]
    apart = known - known.mean()
    scaled: Array = apart / np.abs(apart).max()
    return scaled


def is_well_spread(x: Array, skew: float = SKEW, tails: float = KURTOSIS) -> bool:
    """Return whether a column is not both skewed and long-tailed."""
    return not (abs(skewness(x)) >= skew and kurtosis(x) >= tails)


def draw_in(
    x: Array, most: int = MOST_DRAWN_IN, skew: float = SKEW, tails: float = KURTOSIS
) -> Treated:
    """Return a column with its most extreme values set to the next, one at a time.

    On the side that the skew points to, until the column is well spread, at most `most` steps. A
    column that is not well spread then is returned as ln(x − least + 1 % of the range), from the
    original values.

    Source:
        OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 4 (winsorisation).
    """
    values, changed = x.copy(), np.zeros(x.shape, dtype=bool)
    steps = 0
    while not is_well_spread(values, skew, tails) and steps < most:
        known = values[~np.isnan(values)]
        upper = skewness(values) > 0
        extreme = known.max() if upper else known.min()
        rest = known[known != extreme]
        at = values == extreme
        values[at] = rest.max() if upper else rest.min()
        changed |= at
        steps += 1
    if is_well_spread(values, skew, tails):
        return Treated(values, int(changed.sum()), logged=False)
    least, largest = np.nanmin(x), np.nanmax(x)
    return Treated(np.log(x - least + 0.01 * (largest - least)), 0, logged=True)
