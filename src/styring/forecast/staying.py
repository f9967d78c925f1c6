"""What the cases that are known go on to cost: who leaves, and whose grant is made longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from styring.forecast.flows import BANDS, Flows, age_groups
from styring.forecast.rates import Rates, dearer, ends, month_of
from styring.forecast.rows import (
    MONTH,
    OPEN,
    Bools,
    Cases,
    Floats,
    Ints,
    Rows,
    Singles,
    Spans,
    cost,
)

Real = TypeVar("Real", np.float32, np.float64)
LOTS = 2_000
"""So many stayers are drawn one by one; more are drawn in so many lots."""
MOST = 2.0
"""The most that the chance of an open case is raised for ends before those known."""


@dataclass(frozen=True, slots=True)
class Stayers:
    """Those who may leave: cases that run on, and grants that may be made longer.

    Service, age group, first day at risk, first day since which they have come, whether they are
    there at all only if the grant is made longer; kroner by what is paid (`cost`), whose it is
    (`of`), the service it is for (`service_of`) and the month from whose price it is (`since`).
    `size` is how many stayers one stands for, and `spread` how unlike they are in what they cost:
    the sum of squares of their kroner over that of as many alike.
    """

    service: Ints
    group: Ints
    risk: Ints
    came: Ints
    renewal: Bools
    cost: Floats
    of: Ints
    service_of: Ints
    since: Ints
    size: Floats
    spread: Floats


def stayers_of(
    rows: Rows, known: Cases, by_row: Floats, since: Ints, as_of: date, spans: Spans
) -> tuple[Stayers, Bools]:
    """Return those who may leave, and which rows are certain."""
    at = np.minimum(np.searchsorted(known.number, rows.case), len(known.number) - 1)
    opened = (known.last == OPEN)[at] & rows.lasting
    paid = opened & (by_row.sum(axis=1) > 0)
    loose = np.flatnonzero(known.last == OPEN)
    ending = np.flatnonzero((known.last < spans[-1][2]) & (known.last >= spans[0][1]))
    after = Rows(
        known.number[ending], known.service[ending], known.last[ending] + 1,
        np.full(len(ending), OPEN), known.final[ending], np.ones(len(ending), dtype=np.bool_),
    )  # fmt: skip
    which = np.concatenate([loose, ending])
    place = np.zeros(len(known.number), dtype=np.int64)
    place[loose] = np.arange(len(loose))
    begins = np.where(known.last == OPEN, known.first, known.last + 1)[which]
    return Stayers(
        known.service[which],
        age_groups(known.born[which], as_of.toordinal()),
        begins,
        known.first[which],
        np.arange(len(which)) >= len(loose),
        np.concatenate([by_row[paid], cost(after, spans)]),
        np.concatenate([place[at[paid]], len(loose) + np.arange(len(ending))]),
        np.concatenate([rows.service[paid], after.service]),
        np.concatenate([since[paid], np.full(len(ending), -1)]),
        np.ones(len(which)),
        np.ones(len(which)),
    ), ~opened


def in_lots(of: Stayers, spans: Spans, most: int = LOTS) -> Stayers:
    """Return the stayers in about so many lots, each of those most alike; themselves where few.

    A lot holds one service and age group, at risk from one month on, that came at about the same
    time. Its kroner are those of one of it, on average.
    """
    n = len(of.service)
    if n <= most:
        return of
    begins = month_of(of.risk - 1, spans)
    order = np.lexsort((of.came, begins, of.renewal, of.group, of.service))
    alike = np.stack([of.service, of.group, of.renewal, begins])[:, order]
    new = np.concatenate([[True], (alike[:, 1:] != alike[:, :-1]).any(axis=0)])
    cell = np.cumsum(new) - 1
    within = np.arange(n) - np.flatnonzero(new)[cell]
    step = -(-n // most)
    lot = np.cumsum(new | (within % step == 0)) - 1
    size = np.bincount(lot).astype(np.float64)
    one = order[np.flatnonzero(np.diff(lot, prepend=-1)) + (size // 2).astype(np.int64)]
    number = np.empty(n, dtype=np.int64)
    number[order] = lot
    kroner = np.bincount(of.of, of.cost.sum(axis=1), n)
    total, squares = (np.bincount(number, x) for x in (kroner, kroner**2))
    same = total**2 / size
    return Stayers(
        of.service[one], of.group[one], of.risk[one], of.came[one], of.renewal[one],
        of.cost / size[number[of.of], None], number[of.of], of.service_of, of.since,
        size, np.divide(squares, same, out=np.ones_like(same), where=same > 0),
    )  # fmt: skip


def stay(
    rng: np.random.Generator, of: Stayers, longer: Floats, rates: Rates, spans: Spans
) -> tuple[Floats, Floats, Floats]:
    """Return what open cases cost, what longer grants do, and what prices add to both."""
    draws, services = rates.exits.shape[:2]
    size = of.size.astype(np.float32)
    alive = np.tile(size, (draws, 1))
    alive[:, of.renewal] = _renewed(rng, of, longer)
    known = np.where(of.renewal, size - alive, np.float32(0))
    found = np.zeros((3, draws, services, len(spans)))
    paid = _paid(of)
    for m, (_, first, last) in enumerate(spans):
        band = np.searchsorted(BANDS, ((first + last) / 2 - of.came) / MONTH, side="right")
        gone = ends(rates.exits[:, of.service, of.group, band], last - first + 1)
        if (of.renewal & (of.risk > first)).any():
            gone *= _unknown(gone, alive, known, of, (first, last), services)[:, of.service]
        gone[:, of.risk > first] = 0.0
        after = _left(rng, alive, gone, of)
        half = (alive.astype(np.float64) + after) / 2
        for p in paid:
            kroner = _by(half[:, p.who] * p.kroner[:, m], p.service, services)
            found[int(p.renewal), :, :, m] += kroner
            found[2, :, :, m] += kroner * dearer(rates.level, p.since)[:, m, None]
        alive = after
    return found[0], found[1], found[2]


def _renewed(rng: np.random.Generator, of: Stayers, longer: Floats) -> Floats:
    """Return by draw how many of each grant that ends are made longer; of lots as in `_left`."""
    size, spread = of.size[of.renewal], of.spread[of.renewal]
    chance = longer[:, None]
    if (of.size == 1).all():
        return (rng.random((len(longer), len(size))) < chance).astype(np.float64)
    noise = rng.standard_normal((len(longer), len(size)))
    found: Floats = size * chance + noise * np.sqrt(size * chance * (1 - chance) * spread)
    return found


def _left(rng: np.random.Generator, alive: Singles, gone: Singles, of: Stayers) -> Singles:
    """Return by draw how many of each are left after a month.

    Of a lot, as many leave as the normal distribution with the binomial's mean and variance says,
    raised for how unlike they are. It is not held within the lot: only then are sums over lots
    right in mean and variance.
    """
    found: Singles
    if (of.size == 1).all():
        found = alive * (rng.random(alive.shape, dtype=np.float32) >= gone)
        return found
    noise = rng.standard_normal(alive.shape, dtype=np.float32)
    noise *= np.sqrt(np.maximum(alive, 0) * gone * (1 - gone) * of.spread.astype(np.float32))
    found = alive * (1 - gone) + noise
    return found


@dataclass(frozen=True, slots=True)
class _Paid:
    """What is paid for stayers at prices of one month: who, service, kroner by month."""

    renewal: bool
    since: int
    who: Ints
    service: Ints
    kroner: Floats


def _paid(of: Stayers) -> list[_Paid]:
    """Return what is paid by kind and month the price is from; by service, then stayer."""
    renewal, found = of.renewal[of.of], []
    for kind, j in sorted({*zip(renewal.tolist(), of.since.tolist(), strict=True)}):
        which = (renewal == kind) & (of.since == j)
        pairs = of.service_of[which] * len(of.service) + of.of[which]
        places, at = np.unique(pairs, return_inverse=True)
        kroner = np.zeros((len(places), of.cost.shape[1]))
        np.add.at(kroner, at, of.cost[which])
        service, who = np.divmod(places, len(of.service))
        found.append(_Paid(kind, j, who, service, kroner))
    return found


def _by(amounts: npt.NDArray[Real], of: Ints, number: int) -> npt.NDArray[Real]:
    """Return sums by draw of what is of each, `of` ascending.

    No product of matrices: it sums in an order that hangs on the machine and its threads.
    """
    found = np.zeros((len(amounts), number), dtype=amounts.dtype)
    there, begins = np.unique(of, return_index=True)
    if len(there):
        found[:, there] = np.add.reduceat(amounts, begins, axis=1)
    return found


def longer_of(rng: np.random.Generator, flows: Flows, draws: int) -> Floats:
    """Return by draw the chance that a grant with a known end is made longer.

    As many go on a year as have gone on (Poisson, its rate drawn), over those that end.
    """
    if not flows.went_on or not flows.ending:
        return np.zeros(draws)
    rate = rng.gamma(flows.went_on + 0.5, 12 / flows.months, draws)
    return np.minimum(rate / flows.ending, 1.0)


def _unknown(
    gone: Singles,
    alive: Singles,
    known: Singles,
    of: Stayers,
    days: tuple[int, int],
    services: int,
) -> Singles:
    """Return what a month's chance of ending is multiplied by, by draw and service.

    As many end as the rates say: the ends that are known come first, the others are what is left.
    """
    first, last = days
    ahead, order = of.risk > first, np.argsort(of.service, kind="stable")
    size = of.size.astype(np.float32)
    open_now, before_end, ending = (
        _by(amounts[:, order], of.service[order], services)
        for amounts in (
            gone * alive * ~ahead,
            gone * size * (of.renewal & ahead & (of.came <= first)),
            known * (ahead & (of.risk <= last + 1)),
        )
    )
    left = np.maximum(open_now + before_end - ending, 0.0)
    found: Singles = np.minimum(left / np.maximum(open_now, 1e-9), MOST)
    return found
