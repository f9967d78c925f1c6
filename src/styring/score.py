"""Points 0–100 and how firm they are: weights, method and values varied together from one seed."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from random import Random

import polars as pl

from styring.model import (
    ByPeers,
    ByTarget,
    CentreId,
    Goalposts,
    Indicator,
    Maturity,
    Scoring,
)

DRAWS = 1000
LOW, HIGH = 0.05, 0.95
WEIGHT_SPREAD = 0.25
LEAST_PEERS = 5
"""Points by peers need at least this many."""
LEAST_COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class Scored:
    """What an indicator's points rest on."""

    indicator: Indicator
    value: float
    low: float | None
    high: float | None
    peers: tuple[float, ...]
    goal: float | None

    @property
    def methods(self) -> tuple[Scoring, ...]:
        """Return the scoring methods that can be used, in the definition's order."""
        return tuple(m for m in self.indicator.scoring if self._usable(m))

    def _usable(self, method: Scoring) -> bool:
        match method:
            case ByPeers():
                return len(self.peers) >= LEAST_PEERS
            case ByTarget():
                return self.goal is not None
            case _:
                return True


@dataclass(frozen=True, slots=True)
class Points:
    """Points of an indicator with their 5–95 % interval, and the interval of the rank."""

    score: float
    low: float
    high: float
    rank_low: int | None = None
    rank_high: int | None = None


@dataclass(frozen=True, slots=True)
class CentrePoints:
    """A centre's points; None below half of the weight."""

    score: float | None
    low: float | None
    high: float | None
    coverage: float
    scored: int


def points(method: Scoring, s: Scored, x: pl.Expr) -> pl.Expr:
    """Return the points 0–100 that a method gives to values of an indicator."""
    match method:
        case Goalposts():
            if s.indicator.better == "target":
                x = (x - (s.goal if s.goal is not None else s.indicator.target or 0)).abs()
            return ((x - method.worst) / (method.best - method.worst) * 100).clip(0, 100)
        case ByPeers():
            return share_worse(s, x) * 100
        case ByTarget():
            goal = s.goal or 0.0
            short = {"higher": goal - x, "lower": x - goal}.get(
                s.indicator.better, (x - goal).abs()
            )
            return (100 - short.clip(0, None) / method.reach * 100).clip(0, 100)
        case Maturity():
            return ((x - 1) / 4 * 100).clip(0, 100)


def share_worse(s: Scored, x: pl.Expr) -> pl.Expr:
    """Return the share of peers that do worse than a value, plus half of the ties."""
    target = s.indicator.target or 0.0
    match s.indicator.better:
        case "target":
            good, x = [-abs(p - target) for p in s.peers], -(x - target).abs()
        case "lower":
            good, x = [-p for p in s.peers], -x
        case _:
            good = list(s.peers)
    ordered = pl.lit(pl.Series(sorted(good), dtype=pl.Float64()))
    worse, not_better = (ordered.search_sorted(x, side) for side in ("left", "right"))
    return (worse.cast(pl.Float64()) + not_better.cast(pl.Float64())) / (2 * len(good))


def score(
    scored: Sequence[Scored], indicators: Sequence[Indicator], seed: int, draws: int = DRAWS
) -> tuple[dict[str, Points], dict[CentreId, CentrePoints]]:
    """Return every indicator's and every centre's points with their intervals.

    Args:
        scored: the indicators that have a figure, in the catalogue's order.
        indicators: the whole catalogue, for coverage.
        seed: of the draws; the same seed gives the same intervals.
        draws: how many times weights (± 25 %), method and value (within its interval) are drawn.
    """
    usable = [s for s in scored if s.methods]
    drawn = _drawn(usable, Random(seed), draws)  # noqa: S311 - a reproducible simulation, no secret
    own = _own_points(usable)
    spans = _spans(drawn)
    result = {s.indicator.id: _points(s, own, spans) for s in usable}
    centres: dict[CentreId, CentrePoints] = {
        centre: _centre(
            [s for s in usable if s.indicator.centre == centre],
            [i for i in indicators if i.centre == centre and i.better != "context"],
            own,
            drawn,
        )
        for centre in dict.fromkeys(i.centre for i in indicators)
    }
    return result, centres


def _drawn(usable: Sequence[Scored], random: Random, draws: int) -> pl.DataFrame:
    """Return the draws, a row each: `points:ID`, `weight:ID` and, where ranked, `rank:ID`."""
    columns: list[pl.Expr] = []
    numbers = _uniform(random, draws * 3 * len(usable))
    for place, s in enumerate(usable):
        name = s.indicator.id
        x, which, spread = (pl.lit(numbers.slice((3 * place + k) * draws, draws)) for k in range(3))
        if s.low is not None and s.high is not None:
            value = x * (s.high - s.low) + s.low
        else:
            value = x * 0 + s.value
        every = [points(m, s, value) for m in s.methods]
        chosen = every[0]
        for n, other in enumerate(every[1:], 1):
            chosen = pl.when(which >= n / len(every)).then(other).otherwise(chosen)
        weight = s.indicator.weight * (spread * (2 * WEIGHT_SPREAD) + (1 - WEIGHT_SPREAD))
        columns += [chosen.alias(f"points:{name}"), weight.alias(f"weight:{name}")]
        if _is_ranked(s):
            better = (1 - share_worse(s, value)) * len(s.peers)
            columns.append((better.round() + 1).alias(f"rank:{name}"))
    return pl.select(columns)


def _is_ranked(s: Scored) -> bool:
    return len(s.peers) >= 2 * LEAST_PEERS and s.low is not None


def _uniform(random: Random, count: int) -> pl.Series:
    """Return numbers from 0 up to 1, from 53 random bits each."""
    bits = pl.Series(array("Q", random.randbytes(8 * count)), dtype=pl.UInt64())
    return (bits // 2**11).cast(pl.Float64()) / 2.0**53


def _own_points(usable: Sequence[Scored]) -> dict[str, float]:
    """Return each indicator's points by its first method that can be used."""
    own = [points(s.methods[0], s, pl.lit(s.value)).first().alias(s.indicator.id) for s in usable]
    return pl.select(own).row(0, named=True) if own else {}


Spans = dict[str, tuple[float, float]]


def _spans(drawn: pl.DataFrame) -> Spans:
    """Return the 5–95 % interval of every column."""
    if not drawn.columns:
        return {}
    low, high = (drawn.select(pl.all().quantile(q, "linear")).row(0) for q in (LOW, HIGH))
    return dict(zip(drawn.columns, zip(low, high, strict=True), strict=True))


def _points(s: Scored, own: dict[str, float], spans: Spans) -> Points:
    name = s.indicator.id
    low, high = spans[f"points:{name}"]
    rank = spans.get(f"rank:{name}")
    return Points(own[name], low, high, *((int(rank[0]), int(rank[1])) if rank else (None, None)))


def counts(indicator: Indicator, given: Collection[str]) -> bool:
    """Return whether an indicator counts for a centre's coverage: nobody owes a supplementary one.

    Args:
        indicator: one that is scored.
        given: the ids of those that have a figure.
    """
    return indicator.status == "core" or indicator.id in given


def _centre(
    scored: Sequence[Scored],
    all_scored: Sequence[Indicator],
    own: dict[str, float],
    drawn: pl.DataFrame,
) -> CentrePoints:
    given = {s.indicator.id for s in scored}
    total = sum(i.weight for i in all_scored if counts(i, given))
    have = sum(s.indicator.weight for s in scored)
    coverage = have / total if total else 0.0
    if not scored or coverage < LEAST_COVERAGE:
        return CentrePoints(None, None, None, coverage, len(scored))
    ids = [s.indicator.id for s in scored]
    mean = sum(own[s.indicator.id] * s.indicator.weight for s in scored) / have
    # added one by one: a horizontal sum takes its own order, and with it another last digit
    above = reduce(add, [pl.col(f"points:{i}") * pl.col(f"weight:{i}") for i in ids])
    below = reduce(add, [pl.col(f"weight:{i}") for i in ids])
    low, high = _spans(drawn.select((above / below).alias("mean")))["mean"]
    # the definitions as they stand are one of the variations: the interval holds their points too
    return CentrePoints(mean, min(low, mean), max(high, mean), coverage, len(scored))
