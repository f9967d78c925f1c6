"""Points 0–100 and how firm they are: everything that is chosen is varied together from one seed.

Varied are the peers, the weights (± 25 %), the scoring method, the mean of a centre (arithmetic or
geometric) and the values within their intervals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styring.index import normalise
from styring.index.vary import (
    LEAST_COVERAGE,
    LIMITS,
    STANDINGS,
    Standing,
    among,
    scores,
    spread,
)
from styring.model import (
    ByPeers,
    ByTarget,
    CentreId,
    Goalposts,
    Indicator,
    Maturity,
    Scoring,
)

Array = npt.NDArray[np.float64]
DRAWS = 1000
LEAST_PEERS = 5
"""Points by peers need at least this many."""
LEAST_RANKED = 10
"""Fewer peers are not ranked."""
WEAK, STRONG = 40.0, 70.0
"""Points below which a figure is weak, and from which it is strong."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What an indicator's points rest on; `peers` holds every municipality's value by code."""

    indicator: Indicator
    value: float
    low: float | None
    high: float | None
    peers: Mapping[str, float]
    goal: float | None


@dataclass(frozen=True, slots=True)
class Points:
    """Points of an indicator with their 5–95 % interval, and the interval of the rank.

    `median` is of the draws; `weak` and `strong` are the shares of them below 40 and from 70.
    """

    score: float
    low: float
    high: float
    rank_low: int | None = None
    rank_high: int | None = None
    median: float | None = None
    weak: float = 1.0
    strong: float = 1.0

    @classmethod
    def certain(cls, score: float) -> Points:
        """Return points that nothing was varied for."""
        weak, strong = float(score < WEAK), float(score >= STRONG)
        return cls(score, score, score, median=score, weak=weak, strong=strong)


@dataclass(frozen=True, slots=True)
class CentrePoints:
    """A centre's points; None below half of the weight.

    `rank` is among ourselves and the `of` − 1 peers with half of the weight or more, None below ten
    peers; with the median and the 5–95 % interval of the draws.
    """

    score: float | None
    low: float | None
    high: float | None
    coverage: float
    scored: int
    median: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_median: int | None = None
    rank_high: int | None = None
    of: int = 0


def points(method: Scoring, indicator: Indicator, x: Array, goal: float | None) -> Array:
    """Return the points 0–100 that a method which needs no peers gives to values."""
    match method:
        case Goalposts():
            if indicator.better == "target":
                x = np.abs(x - (goal if goal is not None else indicator.target or 0))
            return normalise.goalposts(x, method.worst, method.best)
        case ByTarget():
            aim = goal or 0.0
            short = {"higher": aim - x, "lower": x - aim}.get(indicator.better, np.abs(x - aim))
            return np.clip(100 - np.clip(short, 0, None) / method.reach * 100, 0, 100)
        case Maturity():
            return np.clip((x - 1) / 4 * 100, 0, 100)
        case ByPeers():
            raise AssertionError("points by peers need the peers")


def goodness(indicator: Indicator, x: Array) -> Array:
    """Return values turned so that higher is better."""
    match indicator.better:
        case "target":
            return -np.abs(x - (indicator.target or 0.0))
        case "lower":
            return -x
        case _:
            return x


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to give points; `by_peers` is None where it needs none."""

    method: Scoring
    by_peers: Standing | None = None


def _ways(s: Scored) -> list[_Way]:
    """Return the ways points can be given, those of the definition in its order."""
    found = []
    for m in s.indicator.scoring:
        if isinstance(m, ByPeers):
            found += [_Way(m, f) for f in STANDINGS]
        elif not isinstance(m, ByTarget) or s.goal is not None:
            found.append(_Way(m))
    return found


def _give(s: Scored, way: _Way, x: Array, others: Array) -> Array:
    """Return the points of values by a way, NaN where there are too few peers."""
    if way.by_peers is None:
        return points(way.method, s.indicator, x, s.goal)
    if len(others) < LEAST_PEERS:
        return np.full(x.shape, np.nan)
    return way.by_peers(goodness(s.indicator, x), goodness(s.indicator, others)) * 100


def own_level(indicator: Indicator, value: float | None, goal: float | None) -> float | None:
    """Return the points of a value by the first method that needs no peers, if there is one."""
    if value is None:
        return None
    s = Scored(indicator, value, None, None, {}, goal)
    way = next((w for w in _ways(s) if w.by_peers is None), None)
    return None if way is None else float(_give(s, way, np.array([value]), np.array([]))[0])


def nominal(s: Scored, codes: Collection[str] | None = None) -> float | None:
    """Return the points of a value by the first usable method of its definition.

    Args:
        s: the figure and the municipalities' values.
        codes: the peers; all where it is None.
    """
    return next((p for p in by_method(s, codes) if p is not None), None)


def by_method(s: Scored, codes: Collection[str] | None = None) -> list[float | None]:
    """Return the points of a value by each method of its definition, None where it is not usable.

    Args:
        s: the figure and the municipalities' values.
        codes: the peers; all where it is None.
    """
    others = np.array([v for c, v in s.peers.items() if codes is None or c in codes])
    found: list[float | None] = []
    for m in s.indicator.scoring:
        if isinstance(m, ByTarget) and s.goal is None:
            found.append(None)
            continue
        way = _Way(m, STANDINGS[0] if isinstance(m, ByPeers) else None)
        given = float(_give(s, way, np.array([s.value]), others)[0])
        found.append(None if np.isnan(given) else given)
    return found


def score(
    scored: Sequence[Scored],
    indicators: Sequence[Indicator],
    seed: int,
    draws: int = DRAWS,
    peer_sets: Sequence[frozenset[str]] = (),
) -> tuple[dict[str, Points], dict[CentreId, CentrePoints]]:
    """Return every indicator's and every centre's points with their intervals.

    Args:
        scored: the indicators that have a figure, in the catalogue's order.
        indicators: the whole catalogue, for coverage.
        seed: of the draws; the same seed gives the same intervals.
        draws: how many times peers, weights, method, mean and values are drawn.
        peer_sets: the sets of peers that are tried, the chosen one first; all peers where empty.
    """
    codes = sorted({c for s in scored for c in s.peers})
    sets = list(peer_sets) or [frozenset(codes)]
    usable = [s for s in scored if nominal(s, sets[0]) is not None]
    drawn = _drawn(usable, codes, sets, seed, draws)
    own = {s.indicator.id: nominal(s, sets[0]) or 0.0 for s in usable}
    result = {
        s.indicator.id: _points(s, own[s.indicator.id], drawn, n, sets[0])
        for n, s in enumerate(usable)
    }
    centres: dict[CentreId, CentrePoints] = {}
    for centre in dict.fromkeys(i.centre for i in indicators):
        members = [n for n, s in enumerate(usable) if s.indicator.centre == centre]
        every = [i for i in indicators if i.centre == centre and i.better != "context"]
        centres[centre] = _centre(usable, members, every, own, drawn)
    return result, centres


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The draws: ours first, then the municipalities; NaN where one is not in the set drawn.

    `own_values` draws × indicators, `points` draws × units × indicators, `weights` draws ×
    indicators, `geometric` draws.
    """

    own_values: Array
    points: Array
    weights: Array
    geometric: npt.NDArray[np.bool_]
    nominal_points: Array


def _drawn(
    usable: Sequence[Scored],
    codes: Sequence[str],
    sets: Sequence[frozenset[str]],
    seed: int,
    draws: int,
) -> _Drawn:
    rng = np.random.default_rng(seed)
    n = len(usable)
    which_set = (rng.random(draws) * len(sets)).astype(int)
    geometric = rng.random(draws) < 0.5
    weights = spread(np.array([s.indicator.weight for s in usable]), rng.random((n, draws)))
    at, chosen = rng.random((n, draws)), rng.random((n, draws))
    low = np.array([s.value if s.low is None else s.low for s in usable])[:, None]
    high = np.array([s.value if s.high is None else s.high for s in usable])[:, None]
    values = low + at * (high - low)
    found = np.full((draws, len(codes) + 1, n), np.nan)
    nominal_points = np.full((len(codes) + 1, n), np.nan)
    members = [np.array([c in s for c in codes], dtype=bool) for s in sets]
    for k, s in enumerate(usable):
        x = np.array([s.peers.get(c, np.nan) for c in codes])
        for number, inside in enumerate(members):
            rows = np.flatnonzero(which_set == number)
            table, ours = _table(s, x, inside, values[k, rows])
            if number == 0:
                nominal_points[:, k] = _first(table)
            if len(rows):
                _put(found, rows, k, table, ours, chosen[k, rows])
    return _Drawn(values.T, found, weights, geometric, nominal_points)


def _table(
    s: Scored, x: Array, inside: npt.NDArray[np.bool_], values: Array
) -> tuple[Array, Array]:
    """Return the points of all in a set by every way (ways × units), and ours as drawn.

    Each municipality is compared with the others of the set and us; we with the others.
    """
    there = inside & ~np.isnan(x)
    others = x[there]
    table, ours = [], []
    for way in _ways(s):
        mine = _give(s, way, np.append(s.value, values), others)
        row = np.full(len(x) + 1, np.nan)
        row[0] = mine[0]
        if way.by_peers is None:
            row[1:][there] = _give(s, way, others, others)
        elif len(others) >= LEAST_PEERS:
            group = goodness(s.indicator, np.append(others, s.value))
            row[1:][there] = among(way.by_peers, group)[:-1] * 100
        if not np.isnan(mine[0]):
            table.append(row)
            ours.append(mine[1:])
    return np.array(table), np.array(ours)


def _first(table: Array) -> Array:
    return table[0] if len(table) else np.array(np.nan)


def _put(
    found: Array,
    rows: npt.NDArray[np.intp],
    k: int,
    table: Array,
    ours: Array,
    chosen: Array,
) -> None:
    """Put the points of the draws of one set in their places, by the way drawn for each."""
    if not len(table):
        return
    way = (chosen * len(table)).astype(int)
    found[rows, :, k] = table[way]
    found[rows, 0, k] = ours[way, np.arange(len(rows))]


def _points(s: Scored, own: float, drawn: _Drawn, k: int, codes: frozenset[str]) -> Points:
    mine = drawn.points[:, 0, k]
    mine = mine[~np.isnan(mine)]
    if not len(mine):
        return Points.certain(own)
    low, middle, high = (float(q) for q in np.quantile(mine, LIMITS))
    others = np.array([v for c, v in s.peers.items() if c in codes])
    rank_low = rank_high = None
    if len(others) >= LEAST_RANKED and s.low is not None:
        ordered = np.sort(goodness(s.indicator, others))
        x = goodness(s.indicator, drawn.own_values[:, k])
        rank = len(ordered) - np.searchsorted(ordered, x, "right") + 1
        rank_low, _, rank_high = (int(q) for q in np.quantile(rank, LIMITS))
    return Points(
        own,
        min(low, own),
        max(high, own),
        rank_low,
        rank_high,
        middle,
        float((mine < WEAK).mean()),
        float((mine >= STRONG).mean()),
    )


def counts(indicator: Indicator, given: Collection[str]) -> bool:
    """Return whether an indicator counts for a centre's coverage: nobody owes a supplementary one.

    Args:
        indicator: one that is scored.
        given: the ids of those that have a figure.
    """
    return indicator.status == "core" or indicator.id in given


def _centre(
    usable: Sequence[Scored],
    members: Sequence[int],
    every: Sequence[Indicator],
    own: Mapping[str, float],
    drawn: _Drawn,
) -> CentrePoints:
    ours = [usable[n].indicator for n in members]
    given = {i.id for i in ours}
    total = sum(i.weight for i in every if counts(i, given))
    have = sum(i.weight for i in ours)
    coverage = have / total if total else 0.0
    if not ours or coverage < LEAST_COVERAGE:
        return CentrePoints(None, None, None, coverage, len(ours))
    mean = sum(own[i.id] * i.weight for i in ours) / have
    weights = np.array([i.weight for i in ours])
    each = scores(drawn.points[:, :, members], drawn.weights[:, members], drawn.geometric, weights)
    mine = each[:, 0][~np.isnan(each[:, 0])]
    if not len(mine):
        return CentrePoints(mean, mean, mean, coverage, len(ours), mean)
    low, middle, high = (float(q) for q in np.quantile(mine, LIMITS))
    # the definitions as they stand are one of the variations: the interval holds their points too
    found = CentrePoints(mean, min(low, mean), max(high, mean), coverage, len(ours), middle)
    return _ranked(found, each, drawn.nominal_points[:, members], weights)


def _ranked(found: CentrePoints, each: Array, own: Array, weights: Array) -> CentrePoints:
    """Return a centre's points with its rank among the peers that can be scored."""
    once = scores(own[None], weights[None], np.array([False]), weights)[0]
    once[0] = found.score
    of = int((~np.isnan(once)).sum())
    if of <= LEAST_RANKED:
        return found
    rank = int((once > once[0]).sum()) + 1
    known = ~np.isnan(each[:, 0])
    others = (~np.isnan(each[known, 1:])).sum(axis=1)
    above = (each[known, 1:] > each[known, :1]).sum(axis=1)
    # a set of eight is not a set of forty: the place in it is scaled to the number ranked
    ranks = np.rint(above / np.maximum(others, 1) * (of - 1)) + 1
    low, middle, high = (int(q) for q in np.quantile(ranks, LIMITS))
    return CentrePoints(
        found.score,
        found.low,
        found.high,
        found.coverage,
        found.scored,
        found.median,
        rank,
        min(low, rank),
        middle,
        max(high, rank),
        of,
    )
