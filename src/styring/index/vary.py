"""How firm scores and ranks are: weights, scaling and mean drawn at random, over and over.

Source:
    Saisana M, Saltelli A, Tarantola S (2005), J R Stat Soc A 168, 307-323.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styring.index.combine import Mean, combine
from styring.index.normalise import rank
from styring.index.treat import draw_in
from styring.stats.normal import cumulative

Array = npt.NDArray[np.float64]
Standing = Callable[[Array, Array], Array]
"""How values stand among others, 0–1; higher values are better."""
LIMITS = (0.05, 0.5, 0.95)
"""The quantiles of the draws that are shown."""
WEIGHT_SPREAD = 0.25
LEAST_COVERAGE = 0.5
LEAST_TREATED = 10
"""Of fewer values none is called an outlier."""
FLOOR = 10.0
"""A geometric mean takes points below this as this: one 0 is not to erase all the others."""


def share_worse(x: Array, others: Array) -> Array:
    """Return the share of the others that do worse, plus half of the ties; higher is better."""
    ordered = np.sort(others)
    worse, not_better = (np.searchsorted(ordered, x, side) for side in ("left", "right"))
    share: Array = (worse + not_better) / (2 * len(ordered))
    return share


def between_ends(x: Array, others: Array) -> Array:
    """Return where values lie between the others' ends, 0–1, their outliers drawn in.

    Where drawing in is not enough, the ends are the others' own: a logarithm is in another unit.
    """
    treated = draw_in(others) if len(others) >= LEAST_TREATED else None
    ends = others if treated is None or treated.logged else treated.values
    low, high = ends.min(), ends.max()
    if high == low:
        return _beside(x, low)
    found: Array = (np.clip(x, low, high) - low) / (high - low)
    return found


def standard(x: Array, others: Array) -> Array:
    """Return the normal probability of values' distance from the others' mean in deviations."""
    low, high = others.min(), others.max()
    deviation = others.std(ddof=1)
    if low == high or deviation == 0:  # a computed deviation may be a last digit, or lost
        return _beside(x, low)
    return cumulative((x - others.mean()) / deviation)


def _beside(x: Array, same: float) -> Array:
    """Return 0, half or 1: below, at or above others that are all the same."""
    return np.where(x == same, 0.5, (x > same).astype(float))


STANDINGS: tuple[Standing, ...] = (share_worse, between_ends, standard)
"""Percentile rank, min-max and z-score; the first is the one that counts."""


def among(standing: Standing, x: Array) -> Array:
    """Return how each of two or more values stands among them, 0–1."""
    found = standing(x, x)
    if standing is not share_worse:
        return found
    # a value ties with itself: that half is taken out again
    return (found * len(x) - 0.5) / (len(x) - 1)


def spread(weights: Array, at: Array) -> Array:
    """Return weights ± 25 %, draws × indicators; `at` holds 0–1 by indicators × draws."""
    drawn: Array = (weights[:, None] * (at * (2 * WEIGHT_SPREAD) + (1 - WEIGHT_SPREAD))).T
    return drawn


def scores(points: Array, drawn: Array, geometric: npt.NDArray[np.bool_], weights: Array) -> Array:
    """Return the score of every draw and unit.

    Args:
        points: draws × units × indicators, 0–100, NaN where there is none.
        drawn: the weights, draws × indicators.
        geometric: which draws take a geometric mean; the others take an arithmetic.
        weights: the weights as they stand; a unit with less than half of them gets NaN.
    """
    have = ((~np.isnan(points)) * weights).sum(axis=-1)
    enough = have >= LEAST_COVERAGE * weights.sum() - 1e-9
    found = np.full(points.shape[:2], np.nan)
    means: tuple[tuple[Mean, npt.NDArray[np.bool_]], ...] = (
        ("geometric", geometric),
        ("arithmetic", ~geometric),
    )
    for mean, of in means:
        part = np.maximum(points[of], FLOOR) if mean == "geometric" else points[of]
        found[of] = combine(part, drawn[of][:, None, :], mean)
    return np.where(enough, found, np.nan)


@dataclass(frozen=True, slots=True)
class Varied:
    """A group's scores 0–100 and ranks, 1 the best, of every unit; NaN where it has no score.

    `score` and `rank` with nothing varied; the others of the draws (5 %, median, 95 %), where the
    5–95 % interval also holds what nothing was varied for.
    """

    score: Array
    low: Array
    median: Array
    high: Array
    rank: Array
    rank_low: Array
    rank_median: Array
    rank_high: Array


def vary(
    values: Array,
    weights: npt.ArrayLike,
    groups: Sequence[str],
    *,
    seed: int,
    draws: int,
    standings: Sequence[Standing] = STANDINGS,
) -> dict[str, Varied]:
    """Return every group's scores and ranks of many units, and how firm they are.

    A draw takes other weights (± 25 %), a standing for each indicator, and an arithmetic or a
    geometric mean. A row's place does not matter. Memory: draws × units × indicators of a group.

    Args:
        values: units × indicators, turned so that higher is better, NaN where there is none.
        weights: one an indicator.
        groups: the group of each indicator.
        seed: of the draws; the same seed gives the same result.
        draws: how many.
        standings: how a value can be scaled; the first is the one that counts.
    """
    rng = np.random.default_rng(seed)
    w, shape = np.asarray(weights, dtype=float), (values.shape[1], draws)
    geometric = rng.random(draws) < 0.5
    drawn = spread(w, rng.random(shape))
    chosen = (rng.random(shape) * len(standings)).astype(int)
    table = np.array([[_column(f, x) for x in values.T] for f in standings])
    found = {}
    for group in dict.fromkeys(groups):
        of = [k for k, g in enumerate(groups) if g == group]
        points = np.stack([table[chosen[k], k] for k in of], axis=-1)
        each = scores(points, drawn[:, of], geometric, w[of])
        once = scores(table[0, of].T[None], w[None, of], np.array([False]), w[of])
        found[group] = Varied(*_limits(once[0], each), *_limits(_places(once)[0], _places(each)))
    return found


def _column(standing: Standing, x: Array) -> Array:
    """Return the points of a column's units; none where there is nobody to be compared with."""
    found, known = np.full(len(x), np.nan), ~np.isnan(x)
    if known.sum() > 1:
        found[known] = among(standing, x[known]) * 100
    return found


def _places(each: Array) -> Array:
    """Return the ranks of draws × units, 1 the highest, ties sharing the lowest."""
    return rank(-each.T).T


def _limits(once: Array, each: Array) -> tuple[Array, Array, Array, Array]:
    low, median, high = np.quantile(each, LIMITS, axis=0)
    return once, np.fmin(low, once), median, np.fmax(high, once)
