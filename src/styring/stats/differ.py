"""Is a figure different from the others', by more than chance explains?"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, lgamma
from typing import TypeVar

from styring.stats.interval import binomial_at_least

RATE = 0.05
"""The share of false alarms among the figures called different."""
LEAST_FOR_SPREAD = 5
"""Municipalities from which a figure is tested as one more of them."""
Key = TypeVar("Key")


def proportions_p(events: float, trials: float, others: float, of: float) -> float | None:
    """Return the two-sided probability by chance of a proportion against the others' together.

    Both have their error: given all events, ours are hypergeometric; twice the smaller tail. Exact,
    so that few events are never called different too easily. None without variation.

    Args:
        events: ours, a whole number of 0 to `trials`.
        trials: ours, over 0.
        others: their events together.
        of: their trials together, over 0.

    Source:
        Fisher RA (1935), J R Stat Soc 98, 39-82.
    """
    every, marked = trials + of, events + others
    if marked in (0, every):
        return None
    if events * of < others * trials:
        events, trials = others, of
    return min(1.0, 2 * _hypergeometric_at_least(events, trials, marked, every))


def rates_p(events: float, exposure: float, others: float, of: float) -> float | None:
    """Return the two-sided probability by chance of a rate against the others' together.

    Both have their error: given all events, ours are binomial with our part of the exposure; twice
    the smaller tail. Exact, and defined for parts of an event too. None without events.

    Args:
        events: ours, 0 or more.
        exposure: ours, over 0.
        others: their events together.
        of: their exposure together, over 0.

    Source:
        Przyborowski J, Wilenski H (1940), Biometrika 31, 313-323.
    """
    if events + others <= 0:
        return None
    if events * of < others * exposure:
        events, exposure, others, of = others, of, events, exposure
    tail = binomial_at_least(events, events + others, exposure / (exposure + of))
    return min(1.0, 2 * tail)


def _hypergeometric_at_least(k: float, drawn: float, marked: float, every: float) -> float:
    """Return how likely at least `k`, no fewer than expected, of the drawn are marked."""

    def log_choices(n: float, of: float) -> float:
        return lgamma(n + 1) - lgamma(of + 1) - lgamma(n - of + 1)

    term = exp(
        log_choices(drawn, k) + log_choices(every - drawn, marked - k) - log_choices(every, marked)
    )
    total = 0.0
    while term > total * 1e-17:
        total += term
        term *= (drawn - k) * (marked - k) / ((k + 1) * (every - drawn - marked + k + 1))
        k += 1
    return total


def benjamini_hochberg(p_values: Mapping[Key, float]) -> dict[Key, float]:
    """Return the q value of each p value: the rate of false alarms at which it is called.

    Calling those with q ≤ 0.05 different keeps the expected share of false alarms among them at 5 %
    or less, however many figures are tested. Equal p values get equal q values.

    Source:
        Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57, 289-300.
    """
    ordered = sorted(p_values.items(), key=lambda item: -item[1])
    n, least = len(ordered), 1.0
    found: dict[Key, float] = {}
    for place, (key, p) in enumerate(ordered):
        least = min(least, p * n / (n - place))
        found[key] = least
    return {key: found[key] for key in p_values}
