"""Figures of different units made comparable, column by column.

Every function takes and returns an array of units × indicators, Float64, NaN where there is no
figure; higher is better unless said otherwise. NaN stays NaN.

Source:
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 5.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def min_max(x: Array, low: float = 0.0, high: float = 100.0) -> Array:
    """Return values between `low` (the smallest of the column) and `high` (the largest)."""
    least, most = _span(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled: Array = (x - least) / (most - least) * (high - low) + low
    return scaled


def z_score(x: Array, mean: float = 0.0, deviation: float = 1.0) -> Array:
    """Return distances from the column's mean in its sample standard deviations, rescaled."""
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        z: Array = (x - np.nanmean(x, axis=-2, keepdims=True)) / np.nanstd(
            x, axis=-2, ddof=1, keepdims=True
        )
    return z * deviation + mean


def rank(x: Array) -> Array:
    """Return ascending ranks from 1, ties sharing the lowest."""
    found = np.full(x.shape, np.nan)
    for column in np.ndindex(*x.shape[:-2], x.shape[-1]):
        at = (*column[:-1], slice(None), column[-1])
        known = x[at][~np.isnan(x[at])]
        ranks = np.searchsorted(np.sort(known), x[at], "left") + 1.0
        found[at] = np.where(np.isnan(x[at]), np.nan, ranks)
    return found


def percentile_rank(x: Array) -> Array:
    """Return the share of the other units that are below, 0–1."""
    known = np.sum(~np.isnan(x), axis=-2, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Array = (rank(x) - 1) / (known - 1)
    return share


def goalposts(
    x: Array, worst: npt.ArrayLike, best: npt.ArrayLike, *, truncate: bool = True
) -> Array:
    """Return values between 0 at the worst and 100 at the best post; the best may be the lower."""
    worst, best = np.asarray(worst, dtype=float), np.asarray(best, dtype=float)
    scaled: Array = (x - worst) / (best - worst) * 100
    return np.clip(scaled, 0, 100) if truncate else scaled


def distance_to_target(
    x: Array, target: npt.ArrayLike, direction: npt.ArrayLike, *, cap: bool = True
) -> Array:
    """Return how far of the way from the worst value to a target each value has come, 1 at it.

    `direction` is 1 where higher is better and −1 where lower is; `x` is as measured.
    """
    target, sign = np.asarray(target, dtype=float), np.asarray(direction, dtype=float)
    least, most = _span(x)
    worst = np.where(sign > 0, least, most)
    share: Array = (x - worst) / (target - worst)
    return np.minimum(share, 1) if cap else share


def _span(x: Array) -> tuple[Array, Array]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a column may have no figure at all
        return np.nanmin(x, axis=-2, keepdims=True), np.nanmax(x, axis=-2, keepdims=True)
