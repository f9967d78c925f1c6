"""The rates of the months ahead, drawn as uncertain as they are: exits, inflow, price level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from styring.forecast.flows import SWINGS, Flows
from styring.forecast.prices import levels
from styring.forecast.rows import MONTH, Cases, Floats, Ints, Singles, Spans


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates drawn: exits by draw, service, age group and band; inflow by draw, service, month.

    Both per month; `level` is the logarithm of the price level by draw and month.
    """

    exits: Singles
    inflow: Floats
    level: Floats


def _gamma(rng: np.random.Generator, shape: Floats, rate: Floats, draws: int) -> Floats:
    found: Floats = rng.gamma(np.broadcast_to(shape, (draws, *shape.shape))) / rate
    return found


def _about_one(
    rng: np.random.Generator, shape: Floats, rate: Floats, expected: Floats, draws: int
) -> Floats:
    """Return relative risks by draw, service and cell; a service's add up to what it expects."""
    risk = _gamma(rng, shape, rate, draws)
    total = expected.sum(axis=1)[:, None]
    mean = (risk * expected).sum(axis=2)[:, :, None] / np.maximum(total, 1e-9)
    found: Floats = np.where(total > 0, risk / np.maximum(mean, 1e-9), 1.0)
    return found


def rates_of(rng: np.random.Generator, flows: Flows, spans: Spans, draws: int) -> Rates:
    """Draw the rates: exits by age about the service's, inflow with a swing each year.

    The mean of those seen swings too, so the rate is as uncertain as that besides.
    """
    service = _gamma(rng, *flows.exits.service, draws)
    band = _about_one(rng, *flows.exits.band, draws) * flows.exits.usual
    age = _about_one(rng, *flows.exits.age, draws)
    exits = (service[:, :, None] * age)[:, :, :, None] * band[:, :, None, :]
    inflow = _gamma(rng, *flows.inflow, draws)
    year = np.array([y for y, *_ in spans]) - spans[0][0]
    for swing, width in ((flows.swing, inflow.shape[1]), (flows.common, 1)):
        seen = flows.months / SWINGS / swing**2
        inflow *= rng.gamma(seen, 1 / seen, (draws, width))
    swings = rng.gamma(flows.swing**-2, flows.swing**2, (*inflow.shape, int(year[-1]) + 1))
    swings *= rng.gamma(flows.common**-2, flows.common**2, (draws, 1, int(year[-1]) + 1))
    return Rates(
        exits.astype(np.float32),
        inflow[:, :, None] * swings[:, :, year],
        levels(rng, flows.drift, spans, draws),
    )


def less_granted(inflow: Floats, known: Cases, spans: Spans) -> None:
    """Take those who are granted already, and begin in a month ahead, from the month's inflow."""
    begins = (known.first >= spans[0][1]) & (known.first <= spans[-1][2])
    granted = np.zeros(inflow.shape[1:])
    np.add.at(granted, (known.service[begins], month_of(known.first[begins], spans)), 1.0)
    days = np.array([last - first + 1 for _, first, last in spans])
    np.maximum(inflow - granted * MONTH / days, 0.0, out=inflow)


def month_of(first: Ints, spans: Spans) -> Ints:
    """Return the month that days (ordinals) lie in; −1 before the first."""
    starts = np.array([start for _, start, _ in spans])
    return np.searchsorted(starts, first, side="right") - 1


def dearer(level: Floats, since: int) -> Floats:
    """Return what prices add to a krone by draw and month, from the level of a month on."""
    from_there = level[:, since, None] if since >= 0 else 0.0
    found: Floats = np.expm1(level - from_there)
    return found


def ends(hazard: Singles, days: int) -> Singles:
    """Return the chance of ending within so many days, given rates a month."""
    found: Singles = -np.expm1(hazard * np.float32(-days / MONTH))
    return found
