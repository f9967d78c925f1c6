"""How cases have come, gone on and gone, by service and age, each pooled with the others.

Source: D. G. Clayton and J. Kaldor (1987), Empirical Bayes estimates of age-standardized relative
risks, Biometrics 43(3): counts are Poisson, rates gamma, and a thin service leans on all services.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from styring.forecast.prices import Drift, drift, restated
from styring.forecast.rows import (
    MONTH,
    OPEN,
    Bools,
    Cases,
    Floats,
    Ints,
    Rows,
    cases_of,
    seen_on,
)

LONGEST = 36
"""Months of history that flows are estimated from."""
SHORTEST = 12
BANDS = (3.0, 6.0, 12.0, 18.0, 24.0, 36.0, 60.0)
"""Months since the start at which the chance of ending may change."""
AGES = (30, 65)
"""Ages, in the year of the as-of date, at which the chance of ending may change."""
GROUPS = len(AGES) + 2
"""The groups of age: between the ages, and those without a year of birth."""
ADULT = 18
FEW_PRICES = 5
USUAL_APART = 0.25
"""The least that rates are taken to differ by (coefficient of variation): a choice as well."""
USUAL_SWING = 0.1
"""The least that a half-year's inflow is taken to swing: a choice, not a finding."""
USUAL_COMMON = 0.05
"""What the inflow of all services swings together: what is seen is taken halfway to it."""
SWINGS = 6
"""The months that inflow swings by: season and year are not told apart."""
SOON = 31
"""Days within which a new row goes on from one that ended."""


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Those a service's next newcomers are drawn among: kr. a day now, age group, just adult."""

    price: Floats
    group: Ints
    young: Bools


@dataclass(frozen=True, slots=True)
class Exits:
    """How cases end: a common rate a month by band of time since the start, and relative risks.

    `service` the services' risk (services), `band` by service and band, `age` by service and group
    of age: each gamma, `shape` over `rate`, with the exits expected of each cell of the last two.
    """

    usual: Floats
    service: tuple[Floats, Floats]
    band: tuple[Floats, Floats, Floats]
    age: tuple[Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Flows:
    """What was estimated.

    Inflow by service a month, gamma (`shape` over `rate`); exits; past newcomers by service; months
    of history; how much inflow swings from half-year to half-year beyond
    chance, each service by itself and all together (coefficient of variation);
    rows that went on after they ended, and known ends a year; how prices have moved, None where no
    price has changed.
    """

    inflow: tuple[Floats, Floats]
    exits: Exits
    newcomers: tuple[Newcomers, ...]
    months: float
    swing: float
    common: float
    went_on: int
    ending: float
    drift: Drift | None


def pooled(counts: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """Return gamma shape and rate of each Poisson rate, pooled along the first axis.

    The prior's mean is the common rate; its variance what the rates differ by beyond chance, by
    moments. Where they do not differ beyond chance, all lean fully on the common rate.

    Source: Clayton and Kaldor (1987), Biometrics 43(3).
    """
    total = exposure.sum(axis=0)
    mean = (counts.sum(axis=0) + 0.5) / np.maximum(total, 1.0)
    raw = np.divide(counts, exposure, out=np.zeros_like(counts), where=exposure > 0)
    spread = (exposure * (raw - mean) ** 2).sum(axis=0) / np.maximum(total, 1.0)
    chance = mean * len(counts) / np.maximum(total, 1.0)
    between = np.maximum(spread - chance, (USUAL_APART * mean) ** 2)
    return mean**2 / between + counts, mean / between + exposure


def age_groups(born: Ints, day: int) -> Ints:
    """Return the group of age in the year of a day (ordinal); the last where birth is unknown."""
    groups = np.searchsorted(AGES, date.fromordinal(day).year - born, side="right")
    return np.where(born > 0, groups, GROUPS - 1)


def estimate(rows: Rows, known: Cases, services: int, as_of: int, begins: int) -> Flows | None:
    """Return the flows up to a day, None where there is less than a year of history.

    Args:
        rows: the rows, as known on the day.
        known: their cases.
        services: the number of services.
        as_of: the day, an ordinal.
        begins: the first day the cases are complete from, an ordinal.
    """
    history = min((as_of - begins) / MONTH, LONGEST)
    if history < SHORTEST or not len(known.number):
        return None
    since = as_of - history * MONTH
    new = (known.first > since) & (known.first <= as_of)
    came = np.bincount(known.service[new], minlength=services).astype(float)
    moved = drift(rows, as_of, since)
    return Flows(
        pooled(came, np.full(services, history)),
        _exits(*_at_risk(known, services, as_of, since)),
        _newcomers(known, new, services, as_of, moved),
        history,
        *_swings(known, since, history),
        _went_on(rows, as_of, since),
        _ending(known, as_of),
        moved,
    )


def _exits(deaths: Floats, exposure: Floats) -> Exits:
    """Return the rates, given exits and months at risk by service, age group and band."""
    ended, months = deaths.sum(axis=(0, 1)), exposure.sum(axis=(0, 1))
    usual = np.full(len(ended), (ended.sum() + 0.5) / max(months.sum(), 1.0))
    for b in range(len(usual)):  # where little is seen, as in the band before
        usual[b] = (ended[b] + 0.5) / (months[b] + 0.5 / usual[max(b - 1, 0)])
    expected = exposure * usual
    shape, rate = pooled(deaths.sum(axis=(1, 2)), expected.sum(axis=(1, 2)))
    expected *= (shape / rate)[:, None, None]
    by_band = (deaths.sum(axis=1), expected.sum(axis=1))
    by_age = (deaths.sum(axis=2), expected.sum(axis=2))
    return Exits(usual, (shape, rate), (*pooled(*by_band), by_band[1]), _in_cells(*by_age))


def _in_cells(counts: Floats, expected: Floats) -> tuple[Floats, Floats, Floats]:
    shape, rate = pooled(counts.ravel(), expected.ravel())
    return shape.reshape(counts.shape), rate.reshape(counts.shape), expected


def _at_risk(known: Cases, services: int, as_of: int, since: float) -> tuple[Floats, Floats]:
    """Return exits and months at risk by service, age group and band of time since the start."""
    edges = (0.0, *BANDS, np.inf)
    deaths = np.zeros((services, GROUPS, len(edges) - 1))
    exposure = np.zeros_like(deaths)
    group = age_groups(known.born, as_of)
    for b, (low, high) in enumerate(pairwise(edges)):
        start = np.maximum(known.first + low * MONTH, since)
        end = np.minimum(np.minimum(known.last + 1.0, as_of), known.first + high * MONTH)
        at_risk = np.maximum(end - start, 0.0) / MONTH
        of = np.full(len(group), b)
        np.add.at(exposure, (known.service, group, of), at_risk)
        gone = (known.last <= as_of) & (known.last + 1.0 > start)
        gone &= known.last + 1.0 <= known.first + high * MONTH
        np.add.at(deaths, (known.service[gone], group[gone], of[gone]), 1.0)
    return deaths, exposure


def _newcomers(
    known: Cases, new: Bools, services: int, as_of: int, moved: Drift | None
) -> tuple[Newcomers, ...]:
    """Return whom each service's newcomers are drawn among.

    Those who came; where they are few, all the service has known; where these are few, all who came
    to any service besides.
    """
    price = known.price * restated(moved, known.first, as_of)
    group = age_groups(known.born, as_of)
    year = np.array([date.fromordinal(int(d)).year for d in known.first], dtype=np.int64)
    young = (known.born > 0) & (year - known.born <= ADULT)
    every = np.flatnonzero(new) if new.any() else np.arange(len(price))
    found = []
    for s in range(services):
        of = np.flatnonzero(new & (known.service == s))
        if len(of) < FEW_PRICES:
            of = np.flatnonzero((known.service == s) & (known.first <= as_of))
        if len(of) < FEW_PRICES:
            of = np.concatenate([of, every])
        found.append(Newcomers(price[of], group[of], young[of]))
    return tuple(found)


def _swings(known: Cases, since: float, months: float) -> tuple[float, float]:
    """Return how much inflow swings beyond chance: each service by itself, and all together."""
    whole = int(months // SWINGS)
    half = np.floor((known.first - since) / MONTH / SWINGS).astype(np.int64)
    inside = (known.first > since) & (half >= 0) & (half < whole)
    if not inside.any():
        return USUAL_SWING, USUAL_COMMON
    services = int(known.service.max()) + 1
    cell = known.service[inside] * whole + half[inside]
    counts = np.bincount(cell, minlength=services * whole).reshape(services, whole)
    own, common = _swing(counts), _swing(counts.sum(axis=0, keepdims=True))
    return max(own, USUAL_SWING), float(np.sqrt((common**2 + USUAL_COMMON**2) / 2))


def _swing(counts: Ints) -> float:
    """Return the coefficient of variation of counts (rows of alike) beyond chance, by moments.

    Source: the index of dispersion, R. A. Fisher (1950), Biometrics 6(1).
    """
    mean = counts.mean(axis=1)
    of = mean > 0
    chi = (((counts[of] - mean[of, None]) ** 2).sum(axis=1) / mean[of]).sum()
    dispersion = chi / (of.sum() * (counts.shape[1] - 1))
    return float(np.sqrt(max(dispersion - 1, 0.0) / mean[of].mean()))


def _went_on(rows: Rows, as_of: int, since: float) -> int:
    """Return how many rows that ended went on in the same case.

    A row that goes on at New Year is a new price, not a longer grant, and is not counted.
    """
    earlier, later = rows.followed(SOON)
    last = rows.last[earlier]
    inside = (last > since) & (last <= as_of)
    new_year = [date.fromordinal(int(d)).timetuple().tm_yday == 1 for d in rows.first[later]]
    return int((inside & ~np.array(new_year, dtype=np.bool_)).sum())


def _ending(known: Cases, as_of: int) -> float:
    """Return how many known ends come a year, as long as ends are known as far ahead as now.

    Seen on a day, a grant is half run on average: what is left of those that run, doubled, is how
    long they last.

    Source: the inspection paradox, W. Feller (1971), An Introduction to Probability Theory, vol. 2.
    """
    left = (known.last - as_of)[(known.first <= as_of) & (known.last > as_of) & (known.last < OPEN)]
    return float(len(left) / (2 * left.mean() / 12 / MONTH)) if len(left) else 0.0


def yearly_young(rows: Rows, as_of: int, months: float) -> int:
    """Return how many citizens got their first row in the year they became adults."""
    order = np.lexsort((rows.first, rows.citizen))
    _, at = np.unique(rows.citizen[order], return_index=True)
    first = order[at]
    began, born = rows.first[first], rows.born[first]
    year = np.array([date.fromordinal(int(d)).year for d in began], dtype=np.int64)
    inside = (began > as_of - months * MONTH) & (began <= as_of)
    return int((inside & (born > 0) & (year - born <= ADULT)).sum())


__all__ = ["OPEN", "Flows", "Rows", "cases_of", "estimate", "pooled", "seen_on"]
