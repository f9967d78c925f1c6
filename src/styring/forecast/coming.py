"""What those who come cost: newcomers like those who came, and the young people listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from styring.forecast.flows import AGES, BANDS, Flows, Newcomers
from styring.forecast.rates import Rates, ends, month_of
from styring.forecast.rows import MONTH, Floats, Ints, Spans
from styring.forecast.young import ADULT, Young


@dataclass(frozen=True, slots=True)
class Came:
    """Newcomers drawn: draw, service, age group, month, kr. a day, share of the first month."""

    draw: Ints
    service: Ints
    group: Ints
    month: Ints
    price: Floats
    share: Floats


def _pick(rng: np.random.Generator, among: Newcomers, draw: Ints, draws: int) -> Ints:
    """Return which newcomer each draw's newcomer is like, those seen weighed anew in each draw.

    Source: the Bayesian bootstrap, Rubin (1981).
    """
    weight = np.cumsum(rng.exponential(size=(draws, len(among.price))), axis=1)
    weight /= weight[:, -1:]
    weight[:, -1] = 1.0
    flat = (weight + np.arange(draws)[:, None]).ravel()
    at = np.searchsorted(flat, draw + rng.random(len(draw)), side="right")
    found: Ints = np.minimum(at - draw * len(among.price), len(among.price) - 1)
    return found


def come(
    rng: np.random.Generator, flows: Flows, rates: Rates, unlisted: Floats | None, spans: Spans
) -> Floats:
    """Return what those who are not known yet cost, by draw, service and month, at today's prices.

    Of those just adult only the share that is not listed.
    """
    draws = len(rates.exits)
    days = np.array([last - first + 1 for _, first, last in spans])
    number = rng.poisson(rates.inflow * days / MONTH)
    draw, service, month = (np.repeat(i.ravel(), number.ravel()) for i in np.indices(number.shape))
    price, group = np.zeros(len(draw)), np.zeros(len(draw), dtype=np.int64)
    counts = np.ones(len(draw), dtype=np.bool_)
    for s, among in enumerate(flows.newcomers):
        of = np.flatnonzero(service == s)
        if not len(among.price) or not len(of):
            continue
        like = _pick(rng, among, draw[of], draws)
        price[of], group[of] = among.price[like], among.group[like]
        if unlisted is not None:
            counts[of] = ~among.young[like] | (rng.random(len(of)) < unlisted[draw[of]])
    kept = np.flatnonzero(counts)
    half = np.full(len(kept), 0.5)
    came = Came(draw[kept], service[kept], group[kept], month[kept], price[kept], half)
    return _cost(rng, came, rates, spans)


def turn(
    rng: np.random.Generator,
    young: Young,
    listed: Floats,
    flows: Flows,
    rates: Rates,
    spans: Spans,
) -> Floats:
    """Return what the young cost from the day they turn 18, by draw, service and month.

    One without a paragraph as an adult gets that of a past newcomer who was just adult; one without
    a price gets that newcomer's, or the mean of those who came to the paragraph.
    """
    draws = len(listed)
    sizes = [len(among.price) for among in flows.newcomers]
    of = np.repeat(np.arange(len(sizes)), sizes)
    prices = np.concatenate([among.price for among in flows.newcomers])
    adults = np.flatnonzero(np.concatenate([among.young for among in flows.newcomers]))
    among = adults if len(adults) else np.arange(len(prices))
    draw, who = np.nonzero(rng.random((draws, len(young.first))) < listed[:, None])
    like = rng.choice(among, len(draw))
    unknown = young.service[who] < 0
    service = np.where(unknown, of[like], young.service[who])
    mean = np.bincount(of, prices, len(sizes)) / np.maximum(sizes, 1)
    price = np.where(unknown, prices[like], mean[service])
    price = np.where(np.isnan(young.price[who]), price, young.price[who])
    month = month_of(young.first, spans)[who]
    start, end = (np.array([s[n] for s in spans]) for n in (1, 2))
    share = (end[month] - young.first[who] + 1) / (end[month] - start[month] + 1)
    group = np.full(len(draw), np.searchsorted(AGES, ADULT, side="right"), dtype=np.int64)
    return _cost(rng, Came(draw, service, group, month, price, share), rates, spans)


def _cost(rng: np.random.Generator, came: Came, rates: Rates, spans: Spans) -> Floats:
    """Return what newcomers cost by draw, service and month, until they leave."""
    draws, services = rates.exits.shape[:2]
    found = np.zeros((draws, services, len(spans)))
    cell = came.draw * services + came.service
    bands = np.searchsorted(BANDS, np.arange(len(spans)), side="right")
    order = np.argsort(came.month, kind="stable")
    begins = np.searchsorted(came.month[order], np.arange(len(spans) + 1))
    here = order[:0]
    for m, (_, first, last) in enumerate(spans):
        new, days = order[begins[m] : begins[m + 1]], last - first + 1
        band = bands[m - came.month[here]]
        rate = rates.exits[came.draw[here], came.service[here], came.group[here], band]
        gone = rng.random(len(here)) < ends(rate, days)
        of = np.concatenate([here, new])
        part = np.concatenate([np.where(gone, 0.5, 1.0), came.share[new]])
        kroner = np.bincount(cell[of], part * came.price[of] * days, draws * services)
        found[:, :, m] = kroner.reshape(draws, services)
        here = np.concatenate([here[~gone], new])
    return found
