"""Two reviews set against each other: what moved a figure and its points, split additively.

A figure moves by data, price level, definition and method; its points also by the peers. What more
than one of these may have moved is not shared out by a guess but told apart as unsplit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isclose
from typing import Any

import numpy as np

from styring.model import ByPeers, ByTarget, CentreId, Goalposts, Indicator, Maturity, Scoring
from styring.review import FACTORS, Factor, IndicatorPart, Review, ScoringPart, Split
from styring.score import Scored, nominal
from styring.stats.shapley import shapley

OF_FIGURES: tuple[Factor, ...] = ("data", "price", "definition", "method", "unsplit")
YARDSTICK: frozenset[Factor] = frozenset({"definition", "peers", "method"})
"""What the points of earlier figures are given by when they are seen with today's eyes."""
On = frozenset[Factor]


def same(one: float, other: float) -> bool:
    """Return whether two figures are the same but for the last digits of a sum."""
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


@dataclass(frozen=True)
class Pair:
    """Two reviews, the earlier first; `in_time` where both are of one municipality."""

    old: Review
    new: Review

    @property
    def in_time(self) -> bool:
        """Return whether both are of one municipality."""
        return self.old.municipality.code == self.new.municipality.code

    @property
    def new_data(self) -> bool:
        """Return whether other data may be behind the later figures."""
        return self.old.as_of != self.new.as_of or self._differs("workbook", "map", "corrections")

    @property
    def new_version(self) -> bool:
        """Return whether another version of styring made the later review."""
        return self.old.provenance.version != self.new.provenance.version

    @property
    def new_catalogue(self) -> bool:
        """Return whether the files of definitions differ."""
        return self._differs("indicators")

    @property
    def new_settings(self) -> bool:
        """Return whether the municipality's own settings or the set of definitions differ."""
        sets = [r.provenance.options.get("set") for r in (self.old, self.new)]
        return self._differs("config", "set") or sets[0] != sets[1]

    def _differs(self, *roles: str) -> bool:
        old, new = (
            {(i.role, i.sha256) for i in r.provenance.inputs if i.role in roles}
            for r in (self.old, self.new)
        )
        return old != new

    @cached_property
    def scoring(self) -> tuple[Mapping[str, ScoringPart], Mapping[str, ScoringPart]]:
        """Return what the points are made of in each review, by indicator."""
        old, new = ({s.indicator: s for s in r.scoring} for r in (self.old, self.new))
        return old, new

    @cached_property
    def steady(self) -> frozenset[str]:
        """Return the sheets whose earlier years are counted today as they were then.

        Every indicator of the sheet with an unchanged definition and a year in both reviews is a
        witness: one that comes out otherwise, and the sheet is not steady.
        """
        found: dict[str, bool] = {}
        for a in self.old.indicators:
            b = self.new.indicator(a.id)
            again = self.again(a, b) if b is not None and a.group is None else None
            if b is None or again is None or a.value is None or redefined(a, b):
                continue
            for sheet in {t.sheet for t in a.trace}:
                found[sheet] = found.get(sheet, True) and same(a.value, again)
        return frozenset(s for s, holds in found.items() if holds)

    def again(self, a: IndicatorPart, b: IndicatorPart) -> float | None:
        """Return the earlier figure as the later review counts it, where it is there."""
        if not self.in_time or (a.partial and self.old.as_of != self.new.as_of):
            return None
        if (a.period, a.partial) == (b.period, b.partial):
            return b.value
        of = [p.value for p in b.series if (p.period, p.partial) == (a.period, a.partial)]
        return of[0] if of else None

    def causes(self, a: IndicatorPart, b: IndicatorPart, *, counted_again: bool) -> set[Factor]:
        """Return what may have made a figure come out otherwise.

        Args:
            a: the figure then.
            b: the figure now.
            counted_again: whether the same period is counted twice.
        """
        found: set[Factor] = set()
        if redefined(a, b):
            found.add("definition")
        if a.price_level != b.price_level:
            found.add("price")
        sheets = {t.sheet for t in (*a.trace, *b.trace)}
        if not (self.in_time and sheets and sheets <= self.steady):
            found |= {"method"} if self.new_version else set()
            found |= {"data"} if self.new_data else set()
        elif not counted_again and self.new_data:
            found.add("data")
        return found or {"method"}

    def by_yardstick(self, a: IndicatorPart, b: IndicatorPart) -> Factor:
        """Return what another yardstick or weight is put down to: definition or own choice."""
        if a.definition_version != b.definition_version:
            return "definition"
        return "definition" if self.new_catalogue and not self.new_settings else "method"

    def by_set(self, one: IndicatorPart) -> Factor:
        """Return why an indicator is in one of the reviews only."""
        if one.id.startswith("eget-"):
            return "data"
        return "definition" if self.new_catalogue else "method" if self.new_settings else "data"


def redefined(a: IndicatorPart, b: IndicatorPart) -> bool:
    """Return whether a figure is made otherwise by its definition."""
    if a.definition_sha256 and b.definition_sha256:
        return a.definition_sha256 != b.definition_sha256
    return a.definition_version != b.definition_version


def is_withheld(a: IndicatorPart | None, b: IndicatorPart | None) -> bool:
    """Return whether a figure is withheld in either review, also in a year both have."""
    if any(x is not None and x.absence == "suppressed" for x in (a, b)):
        return True
    if a is None or b is None:
        return False
    periods = {a.period, b.period}
    points = (*a.series, *b.series)
    return any(p.absence == "suppressed" and p.period in periods for p in points)


def figure_split(pair: Pair, a: IndicatorPart, b: IndicatorPart) -> Split | None:
    """Return what moved a figure, in its raw unit; None where either review has none.

    First the earlier period is counted again as the later review has it, then time goes by. What
    the second count changes is put down to the one thing that can have done it, else it is unsplit;
    of what time changes, kroner that only follow the price index are price level.
    """
    if a.value is None or b.value is None or is_withheld(a, b):
        return None
    again = pair.again(a, b)
    recount = (b.value if again is None else again) - a.value
    parts: dict[str, float] = dict.fromkeys(FACTORS, 0.0)
    causes = pair.causes(a, b, counted_again=again is not None)
    only: Factor = next(iter(causes)) if len(causes) == 1 else "unsplit"
    parts["data" if same(a.value + recount, a.value) else only] += recount
    if again is not None:
        on = b.value - again
        price = again * (_price_factor(pair.new, a, b) - 1)
        parts["data"] += on - price
        parts["price"] += price
    return Split(**parts)


def _price_factor(new: Review, a: IndicatorPart, b: IndicatorPart) -> float:
    """Return what a krone of the earlier year is in the later one's prices; 1 where not known."""
    then, now = new.price_index.get(a.year), new.price_index.get(b.year)
    if b.unit_kind != "money" or b.price_level is None or not then or not now:
        return 1.0
    return now / then


@dataclass(frozen=True)
class Member:
    """An indicator in two reviews: its points with some of what moved already as it is now."""

    pair: Pair
    a: IndicatorPart | None
    b: IndicatorPart | None
    split: Split | None

    @property
    def one(self) -> IndicatorPart:
        """Return the indicator as the later review has it, else as the earlier."""
        one = self.b or self.a
        assert one is not None
        return one

    @cached_property
    def yardstick(self) -> Factor:
        """Return what another yardstick is put down to."""
        return self.pair.by_yardstick(self.a, self.b) if self.a and self.b else "method"

    @cached_property
    def moving(self) -> frozenset[Factor]:
        """Return what can move the points at all."""
        a, b = self.a, self.b
        if a is None or b is None:
            return frozenset({self.pair.by_set(self.one)})
        old, new = (side.get(a.id) for side in self.pair.scoring)
        found = {f for f in OF_FIGURES if self.split and getattr(self.split, f)}
        if (a.value is None) != (b.value is None):
            found.add(self._by_absence(a, b))
        if _rule(a, old) != _rule(b, new) or a.weight != b.weight:
            found.add(self.yardstick)
        if a.goal != b.goal:
            found.add("method")
        if old and new and old.peers != new.peers:
            found.add("peers")
        return frozenset(found)

    def _by_absence(self, a: IndicatorPart, b: IndicatorPart) -> Factor:
        return "definition" if redefined(a, b) else "data"

    def points(self, on: On) -> tuple[float | None, float]:
        """Return the points and the weight with these as they are now and the rest as then."""
        a, b = self.a, self.b
        if a is None or b is None:
            one = self.one
            here = (self.pair.by_set(one) in on) == (b is not None)
            side = self.pair.scoring[b is not None].get(one.id)
            value = one.value if here else None
            return _points(one, side, value, one.goal, side), one.weight
        old, new = (side.get(a.id) for side in self.pair.scoring)
        rule, made = (new, b) if self.yardstick in on else (old, a)
        peers = new if "peers" in on else old
        goal = b.goal if "method" in on else a.goal
        points = _points(made, rule, self._value(a, b, on), goal, peers)
        return points, made.weight

    def _value(self, a: IndicatorPart, b: IndicatorPart, on: On) -> float | None:
        if a.value is None or b.value is None:
            return b.value if self._by_absence(a, b) in on else a.value
        if self.split is None:
            return None
        moved = {f: getattr(self.split, f) for f in OF_FIGURES}
        if all(f in on or not x for f, x in moved.items()):
            return b.value
        return a.value + float(sum(x for f, x in moved.items() if f in on))


def _rule(part: IndicatorPart, s: ScoringPart | None) -> object:
    methods = s and [m.model_copy(update={"points": None}) for m in s.methods]
    return part.better, s and s.target, methods


def _points(
    part: IndicatorPart,
    s: ScoringPart | None,
    value: float | None,
    goal: float | None,
    peers: ScoringPart | None,
) -> float | None:
    """Return the points a review's yardstick gives to a value, by the rules of the engine."""
    if s is None or value is None:
        return None
    judged: dict[str, Any] = {
        "better": part.better, "target": s.target, "scoring": tuple(_methods(s))
    }  # fmt: skip
    made = Indicator.model_construct(**judged)
    others = {str(n): x for n, x in enumerate(peers.peers if peers else ())}
    return nominal(Scored(made, value, None, None, others, goal))


def _methods(s: ScoringPart) -> Iterable[Scoring]:
    for m in s.methods:
        match m.method:
            case "goalposts":
                assert m.worst is not None
                assert m.best is not None
                yield Goalposts.model_construct(method="goalposts", worst=m.worst, best=m.best)
            case "target":
                assert m.reach is not None
                yield ByTarget.model_construct(method="target", reach=m.reach)
            case "peers":
                yield ByPeers.model_construct(method="peers")
            case "maturity":
                yield Maturity.model_construct(method="maturity")


def members(pair: Pair) -> list[Member]:
    """Return every indicator of either review as a whole, in the later one's order."""
    old = {i.id: i for i in pair.old.indicators if i.group is None}
    new = {i.id: i for i in pair.new.indicators if i.group is None}
    found = []
    for key in [*new, *(k for k in old if k not in new)]:
        a, b = old.get(key), new.get(key)
        found.append(Member(pair, a, b, figure_split(pair, a, b) if a and b else None))
    return found


def points_split(m: Member) -> Split | None:
    """Return what moved an indicator's points; None where either review has none.

    Every factor's part is its mean effect over all orders (Shapley), so no order is chosen. What
    the earlier points are by today's rules, and were not then, is method.
    """
    if m.a is None or m.b is None or m.a.score is None or m.b.score is None:
        return None
    return _shared(m.a.score, m.b.score, m.moving, lambda on: m.points(on)[0])


def told(review: Review, centre: CentreId) -> float | None:
    """Return a centre's points as a review gave them."""
    return next((c.score for c in review.centres if c.id == centre), None)


def centre_split(pair: Pair, centre: CentreId, of: Sequence[Member]) -> Split | None:
    """Return what moved a centre's points, as `points_split` does for an indicator."""
    then, now = (told(r, centre) for r in (pair.old, pair.new))
    if then is None or now is None:
        return None
    ours = _of_centre(of, centre)
    moving = frozenset[Factor]().union(*(m.moving for m in ours))
    return _shared(then, now, moving, lambda on: _mean(ours, on))


def centre_alike(pair: Pair, centre: CentreId, of: Sequence[Member]) -> float | None:
    """Return a centre's earlier points by today's yardsticks, weights and peers."""
    if told(pair.old, centre) is None or not pair.old.scoring:
        return None
    return _mean(_of_centre(of, centre), YARDSTICK)


def _of_centre(of: Sequence[Member], centre: CentreId) -> list[Member]:
    return [m for m in of if m.one.centre == centre]


def _mean(of: Sequence[Member], on: On) -> float | None:
    given = [(p, w) for p, w in (m.points(on) for m in of) if p is not None]
    total = sum(w for _, w in given)
    return sum(p * w for p, w in given) / total if total else None


def _shared(then: float, now: float, moving: On, points: Callable[[On], float | None]) -> Split:
    """Return the move from `then` to `now` shared among what moves; unsplit where it cannot be."""
    factors = [f for f in FACTORS if f in moving]
    missing = False

    def f(on: Sequence[np.ndarray]) -> float:
        nonlocal missing
        found = points(frozenset(n for n, x in zip(factors, on, strict=True) if x[0]))
        missing |= found is None
        return found or 0.0

    zero, one = np.zeros(1), np.ones(1)
    each = shapley(f, [zero] * len(factors), [one] * len(factors))
    first, last = f([zero] * len(factors)), f([one] * len(factors))
    if missing:
        return Split(unsplit=now - then)
    parts: dict[str, float] = dict.fromkeys(FACTORS, 0.0)
    parts |= zip(factors, each, strict=True)
    parts["method"] += (first - then) + (now - last)
    return Split(**parts)
