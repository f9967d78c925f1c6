"""Does a yearly series move? A trend test that needs no shape and no normal distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import median
from typing import NamedTuple

LEAST_YEARS = 5


class Trend(NamedTuple):
    """Kendall's S, its two-sided probability by chance, and Theil and Sen's slope per step."""

    s: int
    p: float
    slope: float


def mann_kendall(values: Sequence[float]) -> Trend | None:
    """Return whether values rise or fall from first to last; None below five.

    The probability is exact, with and without ties.

    Source:
        Mann HB (1945), Econometrica 13, 245-259; Kendall MG (1975), Rank Correlation Methods;
        Sen PK (1968), J Am Stat Assoc 63, 1379-1389.
    """
    if len(values) < LEAST_YEARS:
        return None
    s = sum((b > a) - (b < a) for a, b in combinations(values, 2))
    slope = median((b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(values), 2))
    orders = _inversions(Counter(values).values())
    pairs = len(orders) - 1
    far = sum(n for i, n in enumerate(orders) if abs(pairs - 2 * i) >= abs(s))
    return Trend(s, far / sum(orders), float(slope))


def _inversions(ties: Iterable[int]) -> list[int]:
    """Return how many orders of values, so many of each alike, have 0, 1, 2 … pairs that fall.

    The numbers are the coefficients of Π (1 − q^(m + i)) / (1 − q^i) over i = 1 … t for each group
    of t alike that joins m values; S is the pairs of different values less twice those that fall.

    Source:
        MacMahon PA (1913), Am J Math 35, 281-322.
    """
    counts, m = [1], 0
    for t in ties:
        for i in range(1, t + 1):
            longer = counts + [0] * (m + i)
            for k in range(len(longer) - 1, m + i - 1, -1):
                longer[k] -= longer[k - m - i]
            for k in range(i, len(longer)):
                longer[k] += longer[k - i]
            counts = longer[: len(counts) + m]
        m += t
    return counts
