"""How the price of the same case has moved, and how it may move on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from styring.forecast.rows import MONTH, Floats, Ints, Rows, Spans

USUAL_SPREAD = 0.01
"""What a year's price change is taken to differ by, before any is seen: a choice, not a finding."""
WORTH = 4
"""The years that choice counts for."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The yearly change of the price of the same case (natural logarithm).

    Mean, spread from year to year, the years it was seen over, and the share of a year's change
    that comes by the beginning of each calendar month (12).
    """

    mean: float
    spread: float
    years: int
    by_month: Floats


def drift(rows: Rows, as_of: int, since: float) -> Drift | None:
    """Return how the cases' prices have moved, None where none has changed.

    Each year back from the day: what the cases that ran at both its ends cost a day at the end,
    over what they cost at the beginning. The spread leans on `USUAL_SPREAD`, for years are few.

    Source: the scaled inverse chi-squared prior, A. Gelman et al. (2013), Bayesian Data Analysis.
    """
    earlier, later = rows.followed(1)
    began = rows.first[later]
    changed = (rows.price[earlier] != rows.price[later]) & (began > since) & (began <= as_of)
    if not changed.any():
        return None
    months = [date.fromordinal(int(d)).month - 1 for d in began[changed]]
    share = np.bincount(months, minlength=12) / len(months)
    seen = []
    for back in range(int((as_of - since) / MONTH / 12 + 1e-9)):
        then, now = (_running(rows, as_of - round(MONTH * 12 * b)) for b in (back + 1, back))
        both = (then > 0) & (now > 0)
        if both.any():
            seen.append(float(np.log(now[both].sum() / then[both].sum())))
    if not seen:
        return None
    squares = float(np.sum((np.array(seen) - np.mean(seen)) ** 2)) + WORTH * USUAL_SPREAD**2
    spread = np.sqrt(squares / (WORTH + len(seen) - 1))
    return Drift(float(np.mean(seen)), float(spread), len(seen), np.cumsum(share))


def _running(rows: Rows, day: int) -> Floats:
    """Return kr. a day of each case (by number) on a day."""
    on = rows.lasting & (rows.first <= day) & (rows.last >= day)
    found: Floats = np.zeros(int(rows.case.max()) + 1)
    np.add.at(found, rows.case[on], rows.price[on])
    return found


def restated(moved: Drift | None, days: Ints, as_of: int) -> Floats:
    """Return the factors that bring prices of some days (ordinals) to a later day."""
    if moved is None:
        return np.ones(len(days))
    then = np.array([_steps(moved, int(d)) for d in days])
    return np.exp(moved.mean * np.maximum(_steps(moved, as_of) - then, 0.0))


def _steps(moved: Drift, day: int) -> float:
    """Return how many yearly changes have come by a day since year 0."""
    at = date.fromordinal(day)
    return at.year + float(moved.by_month[at.month - 1])


def levels(
    rng: np.random.Generator,
    moved: Drift | None,
    spans: Spans,
    draws: int,
) -> Floats:
    """Return the logarithm of the price level by draw and month; 0 is the day before the first.

    The mean is drawn as uncertain as it is, and each year's change about it (Student's t).
    """
    if moved is None:
        return np.zeros((draws, len(spans)))
    degrees = WORTH + moved.years - 1
    mean = rng.standard_t(degrees, draws) * moved.spread / np.sqrt(moved.years) + moved.mean
    year = np.array([y for y, *_ in spans]) - spans[0][0]
    shock = rng.standard_t(degrees, (draws, int(year[-1]) + 1)) * moved.spread
    steps = [_steps(moved, spans[0][1] - 1), *(_steps(moved, first) for _, first, _ in spans)]
    found: Floats = np.cumsum(np.diff(steps) * (mean[:, None] + shock)[:, year], axis=1)
    return found
