"""Statistics, each with its source. Knows no indicator and no municipality."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import polars as pl

Z95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""
_T95 = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
    2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
)  # fmt: skip
_T95_OF_THREE = (
    38.1885, 7.6488, 4.8567, 3.9608, 3.5341, 3.2875, 3.1276, 3.0158, 2.9333, 2.8701,
    2.8200, 2.7795, 2.7459, 2.7178, 2.6937, 2.6730, 2.6550, 2.6391, 2.6251, 2.6126,
    2.6013, 2.5912, 2.5820, 2.5736, 2.5660, 2.5589, 2.5525, 2.5465, 2.5409, 2.5357,
)  # fmt: skip
_Z95_OF_THREE = 2.3939797998185104
ROUNDING = 1 / 12
"""The variance that rounding to whole steps hides: answers 4, 4, 4 are not exactly alike."""
HALF = 0.5 + 1e-12
"""Half, with room for the last digit of a product."""
Interval = tuple[float, float]


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


def byar(events: float, z: float = Z95) -> Interval | None:
    """Return the confidence limits of a count, Byar's approximation; None below 10 events.

    Source:
        Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC, p. 69.
    """
    if events < 10:
        return None
    low = events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3
    above = events + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3
    return low, high


def mean_interval(mean: float, deviation: float, n: int) -> Interval | None:
    """Return the confidence limits of a mean by Student's t; None below 3 observations.

    `deviation` is the sample standard deviation.

    Source:
        Student (1908), Biometrika 6, 1-25; quantiles from published tables.
    """
    if n < 3:
        return None
    half = _student(n - 1, _T95, Z95) * deviation / sqrt(n)
    return mean - half, mean + half


def answers_interval(mean: float, deviation: float, n: int) -> Interval | None:
    """Return the confidence limits of a mean of answers 1–5, within 1–5.

    As `mean_interval`, with the variance that rounding to whole steps hides added.
    """
    limits = mean_interval(mean, sqrt(deviation**2 + ROUNDING), n)
    return limits and (max(1.0, limits[0]), min(5.0, limits[1]))


def differ(first: Sequence[int], second: Sequence[int]) -> bool:
    """Return whether the means of two groups of answers differ by more than chance explains.

    Student's t with pooled variance, the rounding of answers to whole steps added, at 5 % shared
    over three pairs of groups (Bonferroni).

    Source:
        Student (1908), Biometrika 6, 1-25; Dunn OJ (1961), J Am Stat Assoc 56, 52-64.
    """
    free = len(first) + len(second) - 2
    if free < 1:
        return False
    means = [sum(g) / len(g) for g in (first, second)]
    squares = sum((v - m) ** 2 for g, m in zip((first, second), means, strict=True) for v in g)
    error = sqrt((squares / free + ROUNDING) * (1 / len(first) + 1 / len(second)))
    return abs(means[0] - means[1]) > _student(free, _T95_OF_THREE, _Z95_OF_THREE) * error


def _student(free: int, table: Sequence[float], z: float) -> float:
    """Return a quantile of Student's t: from the table, beyond it from the normal quantile `z`.

    Source:
        Abramowitz M, Stegun IA (1964), Handbook of Mathematical Functions, 26.7.5.
    """
    if free <= len(table):
        return table[free - 1]
    return z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)


def quantile(ordered: Sequence[float], p: float) -> float:
    """Return a quantile of ordered values by linear interpolation (Hyndman & Fan type 7).

    Source:
        Hyndman RJ, Fan Y (1996), Am Stat 50, 361-365.
    """
    place = p * (len(ordered) - 1)
    low = int(place)
    rest = place - low
    if rest == 0 or low + 1 == len(ordered):
        return ordered[low]
    return ordered[low] + rest * (ordered[low + 1] - ordered[low])


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return quantile(sorted(values), 0.5)


def diversity(amounts: Sequence[float]) -> float | None:
    """Return 1 − Σ share²: 0 when all is in one group, near 1 when spread over many.

    Source:
        Simpson EH (1949), Nature 163, 688.
    """
    total = sum(amounts)
    return 1 - sum((a / total) ** 2 for a in amounts) if total else None


def largest_step(values: Sequence[float]) -> float | None:
    """Return the largest absolute change from one value to the next."""
    return max((abs(b - a) for a, b in pairwise(values)), default=None)


def alpha_ordinal(units: Sequence[Sequence[int]]) -> float | None:
    """Return Krippendorff's alpha for ordinal answers; None where there is no variation.

    Args:
        units: the answers to each statement; units with fewer than two answers are left out.

    Source:
        Krippendorff K (2011), Computing Krippendorff's Alpha-Reliability, eqs. for ordinal data.
    """
    pairable = [u for u in units if len(u) >= 2]
    values = sorted({v for u in pairable for v in u})
    if len(values) < 2:
        return None
    margin = {v: float(sum(u.count(v) for u in pairable)) for v in values}
    total = sum(margin.values())

    def distance(a: int, b: int) -> float:
        between = sum(margin[v] for v in values if a <= v <= b)
        return (between - (margin[a] + margin[b]) / 2) ** 2

    gap = {(a, b): distance(a, b) for a in values for b in values if a < b}
    observed = sum(
        u.count(a) * u.count(b) * d / (len(u) - 1) for u in pairable for (a, b), d in gap.items()
    )
    expected = sum(margin[a] * margin[b] * d for (a, b), d in gap.items())
    return 1 - (total - 1) * observed / expected


def median_time(of: pl.Expr, ended: pl.Expr, seen_from: pl.Expr | None = None) -> pl.Expr:
    """Return the Kaplan–Meier median of durations, Float64; null where half have not ended.

    Args:
        of: the duration of each row; rows where it is null are left out.
        ended: Boolean, whether the row has ended by then or is only known to have lasted so long.
        seen_from: the duration at which each row began to be watched (late entry); 0 without it.

    Source: Kaplan & Meier, Journal of the American Statistical Association 53 (1958). A row is at
    risk at time t when it was watched before t and has not ended before t; of equal times, those
    that end go before those that are cut off.
    """
    known = of.is_not_null()
    days, gone = of.filter(known), ended.filter(known)
    times, ends = days.sort_by(days, ~gone), gone.sort_by(days, ~gone).cast(pl.Float64())
    before = pl.int_range(times.len()).cast(pl.Float64())
    begun = times.len().cast(pl.Float64())
    if seen_from is not None:
        begun = seen_from.filter(known).sort().search_sorted(times, "left").cast(pl.Float64())
    alive = (1 - ends / (begun - before)).cum_prod()
    return times.filter(alive <= HALF).first().cast(pl.Float64())
