"""Rates standardised for age: directly by a standard population, indirectly by standard rates."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from styring.stats.interval import Interval, count

LEAST_EVENTS = 10
"""Events below which no directly standardised rate is given."""


class Standardised(NamedTuple):
    """A standardised rate or ratio with its limits."""

    value: float
    low: float
    high: float


def direct(
    events: Sequence[float],
    people: Sequence[float],
    standard: Sequence[float],
    level: float = 0.95,
) -> Standardised | None:
    """Return the directly standardised rate per person; None below ten events.

    Args:
        events: by age group.
        people: by age group, over 0.
        standard: the standard population by age group.
        level: of the limits.

    Raises:
        ValueError: the age groups are not as many.

    Source:
        Dobson AJ, Kuulasmaa K, Eberle E, Scherer J (1991), Stat Med 10, 457-462.
    """
    total = sum(events)
    if total < LEAST_EVENTS:
        return None
    whole = sum(standard)
    value = sum(x / n * w for x, n, w in zip(events, people, standard, strict=True)) / whole
    variance = (
        sum((w / n) ** 2 * x for x, n, w in zip(events, people, standard, strict=True)) / whole**2
    )
    low, high = count(total, level)
    scale = sqrt(variance / total)
    return Standardised(value, value + scale * (low - total), value + scale * (high - total))


def indirect(
    events: Sequence[float],
    people: Sequence[float],
    standard_events: Sequence[float],
    standard_people: Sequence[float],
    level: float = 0.95,
) -> Standardised:
    """Return observed over expected events, expected by the standard's rate in each age group.

    Args:
        events: by age group.
        people: by age group, not all 0.
        standard_events: the standard's by age group, not all 0.
        standard_people: the standard's by age group, over 0.
        level: of the limits.

    Raises:
        ValueError: the age groups are not as many.

    Source:
        Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC, p. 65-72.
    """
    observed = sum(events)
    expected = sum(
        n * x / m for n, x, m in zip(people, standard_events, standard_people, strict=True)
    )
    limits: Interval = count(observed, level)
    return Standardised(observed / expected, limits[0] / expected, limits[1] / expected)


def indirect_rate(
    ratio: Standardised, standard_events: float, standard_people: float
) -> Standardised:
    """Return an indirectly standardised ratio as a rate per person: times the standard's own rate.

    Args:
        ratio: from `indirect`.
        standard_events: the standard's, of all ages.
        standard_people: the standard's, of all ages, over 0.

    Source:
        Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC, p. 65-72.
    """
    crude = standard_events / standard_people
    return Standardised(*(figure * crude for figure in ratio))
