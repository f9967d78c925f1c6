"""The months ahead, drawn many times: who stays, who comes, at what price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from styring.forecast.flows import BANDS, MONTH, OPEN, Cases, Floats, Flows, Rows

DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Drawn:
    """Kroner by month: `committed` (months), `stay` and `come` (draws × months)."""

    committed: Floats
    stay: Floats
    come: Floats


def months_after(as_of: date, years: int) -> list[tuple[int, int, int]]:
    """Return year, first and last day (ordinals) of each month from the day after `as_of`.

    The first month may be part of one; the last is December, `years` calendar years on.
    """
    day = date.fromordinal(as_of.toordinal() + 1)
    found, start = [], day
    while start.year < day.year + years:
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        found.append((start.year, start.toordinal(), after.toordinal() - 1))
        start = after
    return found


def cost(rows: Rows, spans: list[tuple[int, int, int]]) -> Floats:
    """Return kroner by row and month."""
    days = [
        np.minimum(rows.last, last) - np.maximum(rows.first, first) + 1 for _, first, last in spans
    ]
    found: Floats = np.clip(np.stack(days, axis=1), 0, None) * rows.price[:, None]
    return found


def simulate(
    rows: Rows, known: Cases, flows: Flows, as_of: date, years: int, seed: int, draws: int = DRAWS
) -> Drawn:
    """Draw the months after a day, the uncertainty of the rates in it; PCG64, seeded.

    A case with a known end runs to it; an open one ends by chance, by its service and time since
    the start. A month in which a case begins or ends counts half.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    spans = months_after(as_of, years)
    by_row = cost(rows, spans)
    shape, rate = flows.exits
    hazard = rng.gamma(np.broadcast_to(shape, (draws, *shape.shape))) / rate
    shape, rate = flows.inflow
    arrivals = rng.gamma(np.broadcast_to(shape, (draws, *shape.shape))) / rate
    return Drawn(
        by_row.sum(axis=0),
        _stay(rng, rows, known, by_row, hazard, spans),
        _come(rng, flows, _swung(rng, flows, arrivals, spans), hazard, spans),
    )


def _ends(hazard: Floats, days: int) -> Floats:
    return -np.expm1(-hazard * days / MONTH)


def _stay(
    rng: np.random.Generator,
    rows: Rows,
    known: Cases,
    by_row: Floats,
    hazard: Floats,
    spans: list[tuple[int, int, int]],
) -> Floats:
    """Return what the known cases cost by draw and month."""
    numbers = np.unique(rows.case[rows.lasting])
    at = np.searchsorted(numbers, rows.case)
    belongs = rows.lasting & (at < len(numbers))
    by_case = np.zeros((len(known.first), len(spans)))
    np.add.at(by_case, at[belongs], by_row[belongs])
    loose = (known.last == OPEN) & (known.first < spans[0][1])
    fixed = by_case[~loose].sum(axis=0) + by_row[~belongs].sum(axis=0)
    services, firsts, amounts = known.service[loose], known.first[loose], by_case[loose]
    alive = np.ones((len(hazard), len(services)), dtype=np.float32)
    found = np.zeros((len(hazard), len(spans)))
    for m, (_, first, last) in enumerate(spans):
        band = np.searchsorted(BANDS, (first - firsts) / MONTH, side="right")
        gone = _ends(hazard[:, services, band], last - first + 1)
        after = alive * (rng.random(alive.shape, dtype=np.float32) >= gone)
        found[:, m] = fixed[m] + (alive + after) / 2 @ amounts[:, m]
        alive = after
    return found


def _swung(
    rng: np.random.Generator, flows: Flows, arrivals: Floats, spans: list[tuple[int, int, int]]
) -> Floats:
    """Return inflow by draw, service and month, each year and service with a swing of its own."""
    year = np.array([y for y, *_ in spans]) - spans[0][0]
    shape = 1 / max(flows.swing, 1e-3) ** 2
    swing = rng.gamma(shape, 1 / shape, (*arrivals.shape, int(year[-1]) + 1))
    return arrivals[:, :, None] * swing[:, :, year]


def _come(
    rng: np.random.Generator,
    flows: Flows,
    arrivals: Floats,
    hazard: Floats,
    spans: list[tuple[int, int, int]],
) -> Floats:
    """Return what those who are not known yet cost by draw and month."""
    days = np.array([last - first + 1 for _, first, last in spans])
    number = rng.poisson(arrivals * days / MONTH)
    draw, service, month = (np.repeat(i.ravel(), number.ravel()) for i in np.indices(number.shape))
    price = np.zeros(len(draw))
    for s, prices in enumerate(flows.prices):
        of = service == s
        if len(prices):
            price[of] = rng.choice(prices, int(of.sum()))
    alive = np.ones(len(draw), dtype=np.bool_)
    found = np.zeros((len(hazard), len(spans)))
    for m in range(len(spans)):
        here = month <= m
        band = np.searchsorted(BANDS, np.maximum(m - month, 0), side="right")
        gone = here & (month < m)
        gone &= rng.random(len(draw)) < _ends(hazard[draw, service, band], int(days[m]))
        after = alive & ~gone
        share = np.where(month == m, 0.5, (alive.astype(float) + after) / 2) * here
        found[:, m] = np.bincount(draw, share * price * days[m], len(hazard))
        alive = after
    return found
