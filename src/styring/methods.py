"""Statistics, each with its source. Knows no indicator and no municipality."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import polars as pl

from styring.stats.interval import ROUNDING, student

HALF = 0.5 + 1e-12
"""Half, with room for the last digit of a product."""


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
    return abs(means[0] - means[1]) > student(free, 1 - 0.05 / 3) * error


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
