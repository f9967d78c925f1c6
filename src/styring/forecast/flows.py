"""How cases have come and gone: inflow, exits and prices, each service pooled with the others.

Source: D. G. Clayton and J. Kaldor (1987), Empirical Bayes estimates of age-standardized relative
risks, Biometrics 43(3): counts are Poisson, rates gamma, and a thin service leans on all services.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MONTH = 365.25 / 12
LONGEST = 36
"""Months of history that flows are estimated from."""
SHORTEST = 12
BANDS = (6.0, 24.0)
"""Months since the start at which the chance of ending may change."""
OPEN = 3_652_059
"""The ordinal of 31 December 9999."""
FEW_PRICES = 5
USUAL_SWING = 0.1
"""The least that inflow is taken to swing from year to year: a choice, not a finding."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Case rows as arrays: case and service (from 0), first and last day (ordinals), kr. a day.

    `lasting` is False for one-off payments, which are paid but neither begin nor end a case.
    """

    case: Ints
    service: Ints
    first: Ints
    last: Ints
    price: Floats
    lasting: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cases:
    """One entry per case: service, first and last day (`OPEN` while open), kr. a day at start."""

    service: Ints
    first: Ints
    last: Ints
    price: Floats


@dataclass(frozen=True, slots=True)
class Flows:
    """Gamma distributions of the rates: `shape` over `rate`, per month.

    Inflow by service; exits by service and band of time since the start; the prices (kr. a day) of
    those who came, by service; months of history; how much inflow swings from year to year beyond
    chance (coefficient of variation).
    """

    inflow: tuple[Floats, Floats]
    exits: tuple[Floats, Floats]
    prices: tuple[Floats, ...]
    months: float
    swing: float = 0.0


def cases_of(rows: Rows) -> Cases:
    """Return the cases of lasting rows, in order of number."""
    keep = rows.lasting
    number, at = np.unique(rows.case[keep], return_inverse=True)
    first, last = np.full(len(number), OPEN), np.zeros(len(number), dtype=np.int64)
    np.minimum.at(first, at, rows.first[keep])
    np.maximum.at(last, at, rows.last[keep])
    begins = rows.first[keep] == first[at]
    price = np.zeros(len(number))
    np.add.at(price, at[begins], rows.price[keep][begins])
    service = np.zeros(len(number), dtype=np.int64)
    service[at] = rows.service[keep]
    return Cases(service, first, last, price)


def seen_on(rows: Rows, day: int) -> Rows:
    """Return the rows as known on a past day: later rows unseen, ends after it open."""
    k = rows.first <= day
    last = np.where((rows.last > day) & rows.lasting, OPEN, rows.last)
    return Rows(
        rows.case[k], rows.service[k], rows.first[k], last[k], rows.price[k], rows.lasting[k]
    )


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
    between = np.maximum(spread - chance, 0.02 * mean**2)
    return mean**2 / between + counts, mean / between + exposure


def estimate(known: Cases, services: int, as_of: int, begins: int) -> Flows | None:
    """Return the flows up to a day, None where there is less than a year of history.

    Args:
        known: the cases, as known on the day.
        services: the number of services.
        as_of: the day, an ordinal.
        begins: the first day the cases are complete from, an ordinal.
    """
    months = min((as_of - begins) / MONTH, LONGEST)
    if months < SHORTEST:
        return None
    since = as_of - months * MONTH
    new = (known.first > since) & (known.first <= as_of)
    came = np.bincount(known.service[new], minlength=services).astype(float)
    inflow = pooled(came, np.full(services, months))
    edges = (0.0, *BANDS, np.inf)
    deaths, exposure = np.zeros((services, len(edges) - 1)), np.zeros((services, len(edges) - 1))
    for b, (low, high) in enumerate(pairwise(edges)):
        start = np.maximum(known.first + low * MONTH, since)
        end = np.minimum(np.minimum(known.last + 1.0, as_of), known.first + high * MONTH)
        np.add.at(exposure[:, b], known.service, np.maximum(end - start, 0.0) / MONTH)
        gone = (known.last <= as_of) & (known.last + 1.0 > start)
        gone &= known.last + 1.0 <= known.first + high * MONTH
        np.add.at(deaths[:, b], known.service[gone], 1.0)
    prices = [known.price[new & (known.service == s)] for s in range(services)]
    every = known.price[new] if new.any() else known.price
    filled = tuple(p if len(p) >= FEW_PRICES else np.concatenate([p, every]) for p in prices)
    return Flows(inflow, pooled(deaths, exposure), filled, months, _swing(known, since, months))


def _swing(known: Cases, since: float, months: float) -> float:
    """Return the coefficient of variation of yearly inflow beyond chance, by moments.

    Source: the index of dispersion, R. A. Fisher (1950), Biometrics 6(1).
    """
    whole = int(months // 12)
    year = np.floor((known.first - since) / MONTH / 12).astype(np.int64)
    inside = (known.first > since) & (year >= 0) & (year < whole)
    if whole < 2 or not inside.any():
        return USUAL_SWING
    services = int(known.service.max()) + 1
    cell = known.service[inside] * whole + year[inside]
    counts = np.bincount(cell, minlength=services * whole).reshape(services, whole)
    mean = counts.mean(axis=1)
    of = mean > 0
    chi = (((counts[of] - mean[of, None]) ** 2).sum(axis=1) / mean[of]).sum()
    dispersion = chi / (of.sum() * (whole - 1))
    return float(max(np.sqrt(max(dispersion - 1, 0.0) / mean[of].mean()), USUAL_SWING))
