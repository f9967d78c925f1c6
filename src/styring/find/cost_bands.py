"""What the citizens' support costs a year, in bands that hold too many to know anyone by."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum, inf

import polars as pl

from styring import cases
from styring.errors import Texts, join_texts
from styring.prepare import Prepared
from styring.privacy import is_small
from styring.review import CostBand, CostBandsPart
from styring.say import sentence
from styring.text import both, day, kroner, number, percent

EDGES = (-inf, 100_000.0, 250_000.0, 500_000.0, 1_000_000.0, 2_000_000.0, inf)
"""Kroner a year; a citizen at an edge is above it."""
Band = tuple[float, float, tuple[float, ...]]
"""From, to, and what each citizen in between costs."""


def cost_bands_part(ready: Prepared) -> CostBandsPart | None:
    """Return the citizens with running support by its price for a whole year.

    None without cases, and where there are too few citizens for two bands. Without bands where few
    citizens lack a price: beside a count of all of them, the bands would tell how few.
    """
    if ready.tables.get("sager") is None or ready.runnable.is_empty():
        return None
    yearly = yearly_prices(ready)
    known = yearly["aarspris"].drop_nulls().to_list()
    bands = joined([(a, b, tuple(x for x in known if a <= x < b)) for a, b in pairwise(EDGES)])
    total = fsum(known)
    if len(bands) < 2 or total <= 0:
        return None
    on, unpriced = ready.who.as_of, len(yearly) - len(known)
    if is_small(unpriced):
        return CostBandsPart(day=on, text=sentence("cost_bands.few_unpriced"), bands=())
    parts = tuple(_band(b, len(known), total) for b in bands)
    return CostBandsPart(day=on, text=_text(ready, parts, unpriced), bands=parts)


def yearly_prices(ready: Prepared) -> pl.DataFrame:
    """Return what each citizen with running support costs a year at the prices of the as-of date.

    Returns:
        `borger_id` (String), `aarspris` (Float64, kr., before refund, all paragraphs; null where a
        price or a unit is missing). One-off payments are left out.
    """
    on = ready.who.as_of
    lasting = pl.col("enhed").is_null() | (pl.col("enhed") != "engang")
    return (
        ready.runnable.filter(cases.runs_on(on) & lasting)
        .with_columns(aarspris=cases.full_year(pl.lit(on.year)))
        .group_by("borger_id")
        .agg(aarspris=pl.when(pl.col("aarspris").null_count() == 0).then(pl.col("aarspris").sum()))
        .select("borger_id", aarspris=cases.from_exact(pl.col("aarspris"), cases.COST_SCALE))
        .sort("borger_id")
    )


def joined(bands: Sequence[Band]) -> list[Band]:
    """Return the bands with those that few are in joined with the smaller neighbour.

    Bands at the ends that nobody is in are left out; nothing is left where all are few.
    """
    some = list(bands)
    while any(is_small(len(x)) for _, _, x in some) and len(some) > 1:
        n = next(n for n, (_, _, x) in enumerate(some) if is_small(len(x)))
        beside = [k for k in (n - 1, n + 1) if 0 <= k < len(some)]
        first, last = sorted((n, min(beside, key=lambda k: (len(some[k][2]), k))))
        both_of = (some[first][0], some[last][1], (*some[first][2], *some[last][2]))
        some[first : last + 1] = [both_of]
    if len(some) == 1 and is_small(len(some[0][2])):
        return []
    filled = [n for n, (_, _, x) in enumerate(some) if x]
    return some[filled[0] : filled[-1] + 1] if filled else []


def _band(band: Band, citizens: int, total: float) -> CostBand:
    low, high, costs = band
    cost = fsum(costs)
    return CostBand(
        title=_title(low, high),
        low=None if low == -inf else low,
        high=None if high == inf else high,
        citizens=len(costs),
        share=len(costs) / citizens,
        cost=cost,
        cost_share=cost / total,
    )


def _title(low: float, high: float) -> Texts:
    if low == -inf:
        return sentence("cost_bands.under", kr=both(kroner, high))
    if high == inf:
        return sentence("cost_bands.over", kr=both(kroner, low))
    return sentence("cost_bands.between", lav=both(number, low), hoej=both(number, high))


def _text(ready: Prepared, bands: Sequence[CostBand], unpriced: int) -> Texts:
    top = bands[-1]
    said = [
        sentence(
            "cost_bands.top",
            dag=both(day, ready.who.as_of),
            antal=sum(b.citizens for b in bands),
            oeverst=top.citizens,
            baand=top.title,
            andel=both(percent, top.share, 0),
            udgift=both(percent, top.cost_share, 0),
        )
    ]
    if unpriced:
        said.append(sentence("cost_bands.unpriced", antal=unpriced))
    return join_texts([*said, sentence("cost_bands.ask")])
