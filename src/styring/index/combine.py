"""Comparable figures put together to one score of a group, and ranks of the scores.

Source:
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 6.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mean = Literal["arithmetic", "geometric", "harmonic"]


def combine(
    x: Array, weights: npt.ArrayLike, mean: Mean = "arithmetic", least: float = 0.0
) -> Array:
    """Return the weighted mean of the last axis over the figures there are.

    Args:
        x: … × indicators, NaN where there is no figure; a missing one's weight is shared by the
            others. Geometric and harmonic means need figures above 0.
        weights: as many as indicators, or of the shape of `x`.
        mean: arithmetic, geometric or harmonic.
        least: the share of the indicators that must be there; NaN with fewer, or with none.

    Raises:
        ValueError: a figure that is not above 0 in a geometric or harmonic mean.
    """
    known = ~np.isnan(x)
    w = np.where(known, np.asarray(weights, dtype=float), 0.0)
    total = w.sum(axis=-1)
    if mean != "arithmetic" and (x[known] <= 0).any():
        raise ValueError(f"a {mean} mean needs figures above 0")
    with np.errstate(invalid="ignore", divide="ignore"):
        match mean:
            case "arithmetic":
                found = np.where(known, x, 0.0) * w
                score = found.sum(axis=-1) / total
            case "geometric":
                score = np.exp((np.log(np.where(known, x, 1.0)) * w).sum(axis=-1) / total)
            case "harmonic":
                score = total / (w / np.where(known, x, 1.0)).sum(axis=-1)
    enough = (known.mean(axis=-1) >= least) & (total > 0)
    return np.where(enough, score, np.nan)


def ranks(scores: Array) -> Array:
    """Return the rank of each unit along the first axis, 1 the highest, ties sharing the lowest."""
    above = (scores[None, ...] > scores[:, None, ...]).sum(axis=1)
    return np.where(np.isnan(scores), np.nan, above + 1.0)
