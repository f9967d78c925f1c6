"""Confidence limits of proportions, counts, rates, means, medians."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

Interval = tuple[float, float]
Z95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""
LEAST_BYAR = 10
"""Events from which Byar's approximation is used; below, the exact limits."""
LEAST_MEAN = 3
"""Observations from which answers and a median have limits."""
ROUNDING = 1 / 12
"""The variance that rounding to whole steps hides: answers 4, 4, 4 are not exactly alike."""
DRAWS = 2000


def z_of(level: float) -> float:
    """Return the normal quantile of a two-sided confidence level, 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(events: float, trials: float, z: float = Z95) -> Interval:
    """Return the confidence limits of a proportion, score method.

    Source:
        Wilson EB (1927), J Am Stat Assoc 22, 209-212.
    """
    p = events / trials
    middle = p + z * z / (2 * trials)
    half = z * sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def exact_proportion(events: float, trials: float, level: float = 0.95) -> Interval:
    """Return the exact confidence limits of a proportion.

    Source:
        Clopper CJ, Pearson ES (1934), Biometrika 26, 404-413.
    """
    special = _special()
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(special.betaincinv(events, trials - events + 1, tail))
    high = (
        1.0
        if events == trials
        else float(special.betaincinv(events + 1, trials - events, 1 - tail))
    )
    return low, high


def byar(events: float, z: float = Z95) -> Interval:
    """Return the confidence limits of a count, Byar's approximation.

    Source:
        Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC, p. 69.
    """
    low = events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3 if events else 0.0
    above = events + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3
    return low, high


def exact_count(events: float, level: float = 0.95) -> Interval:
    """Return the exact confidence limits of a Poisson count.

    Source:
        Garwood F (1936), Biometrika 28, 437-442.
    """
    special = _special()
    tail = (1 - level) / 2
    low = float(special.gammaincinv(events, tail)) if events else 0.0
    return low, float(special.gammainccinv(events + 1, tail))


def count(events: float, level: float = 0.95) -> Interval:
    """Return the confidence limits of a count: exact below ten events, else Byar's."""
    return exact_count(events, level) if events < LEAST_BYAR else byar(events, z_of(level))


def rate(events: float, exposure: float, level: float = 0.95) -> Interval:
    """Return the confidence limits of events per unit of exposure."""
    low, high = count(events, level)
    return low / exposure, high / exposure


def mean(middle: float, deviation: float, n: int, level: float = 0.95) -> Interval | None:
    """Return the confidence limits of a mean by Student's t; None for a single observation.

    `deviation` is the sample standard deviation.

    Source:
        Student (1908), Biometrika 6, 1-25.
    """
    if n < 2:
        return None
    half = student(n - 1, level) * deviation / sqrt(n)
    return middle - half, middle + half


def answers(middle: float, deviation: float, n: int) -> Interval | None:
    """Return the 95 % confidence limits of a mean of answers 1–5, within 1–5.

    As `mean`, with the variance that rounding to whole steps hides added; None below three, for
    two may agree by chance.
    """
    if n < LEAST_MEAN:
        return None
    limits = mean(middle, sqrt(deviation**2 + ROUNDING), n)
    return limits and (max(1.0, limits[0]), min(5.0, limits[1]))


def student(free: float, level: float = 0.95) -> float:
    """Return the quantile of Student's t of a two-sided confidence level."""
    return float(_special().stdtrit(free, (1 + level) / 2))


def student_p(t: float, free: float) -> float:
    """Return the two-sided probability that Student's t is so far from 0."""
    return float(2 * _special().stdtr(free, -abs(t)))


def binomial_at_least(events: float, trials: float, p: float) -> float:
    """Return how likely at least so many events are; between whole numbers it falls smoothly.

    Source:
        Pearson K (1934), Tables of the Incomplete Beta-Function, p. v.
    """
    return float(_special().betainc(events, trials - events + 1, p)) if events > 0 else 1.0


def median(values: Sequence[float], level: float = 0.95, seed: int = 1) -> Interval | None:
    """Return the limits of a median by the bootstrap, percentile method; None below 3 values.

    Source:
        Efron B (1979), Ann Stat 7, 1-26.
    """
    if len(values) < LEAST_MEAN:
        return None
    ordered = np.sort(np.asarray(values, dtype=float))
    places = np.random.default_rng(seed).integers(len(ordered), size=(DRAWS, len(ordered)))
    middles = np.median(ordered[places], axis=1)
    tail = (1 - level) / 2
    low, high = np.quantile(middles, [tail, 1 - tail])
    return float(low), float(high)


def against(limits: Interval, benchmark: float) -> Literal["lower", "similar", "higher"]:
    """Return where a figure stands to a benchmark: similar where its limits hold it."""
    low, high = limits
    return "lower" if high < benchmark else "higher" if low > benchmark else "similar"


def _special() -> Any:
    """Return `scipy.special`, which takes a tenth of a second to import."""
    from scipy import special  # noqa: PLC0415 - only where an exact limit is asked for

    return special
