"""Funnels: how far from the others' figure municipalities of each size lie by chance and spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sin, sqrt
from typing import Literal, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from styring.stats import interval
from styring.stats.differ import proportions_p, rates_p

Kind = Literal["proportion", "rate"]
Array = npt.NDArray[np.float64]
Size = TypeVar("Size", float, npt.NDArray[np.float64])
SOLVED = 1e-9
"""How near the squares must be to what they should be, per municipality."""


class Spread(NamedTuple):
    """The others' middle, its variance, and the variance between them that chance leaves over."""

    middle: float
    error: float
    between: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """What the others have together, and how much they vary beyond chance.

    `events` and `trials` are theirs together, `units` how many they are. `spread` is of the
    figures' square roots (rates) or their angles (proportions), whose variance by chance depends on
    the size alone; its variance between is 0 where chance explains all.
    """

    kind: Kind
    events: float
    trials: float
    spread: Spread
    units: int

    @property
    def target(self) -> float:
        """Return the others' figure."""
        return self.events / self.trials

    def _error(self, trials: float) -> float:
        """Return the standard error of one more municipality of a size."""
        return sqrt(_chance(self.kind, trials) + self.spread.error + self.spread.between)

    def limits(self, trials: float, level: float = 0.95) -> interval.Interval:
        """Return between which figures municipalities of a size lie, chance and spread allowed.

        Source:
            Spiegelhalter DJ (2005), Stat Med 24, 1185-1202 (additive over-dispersion).
        """
        half = interval.student(self.units - 1, level) * self._error(trials)
        low, high = (self.spread.middle + side * half for side in (-1, 1))
        return _back(self.kind, low, trials), _back(self.kind, high, trials)

    def test(self, events: float, trials: float) -> tuple[float, bool] | None:
        """Return the probability of a figure by chance and spread, and whether it is above.

        It is the larger of two: by chance alone, against the others together (exact); and as one
        more of them, who vary (prediction, Student's t). So neither few events nor few others make
        a difference. None where nothing varies, and of a figure that cannot be.

        The spread is taken to be normal on the steady scale. With about one event each and rates
        that vary by more than half, probabilities come out too small.

        Source:
            Higgins JPT, Thompson SG, Spiegelhalter DJ (2009), J R Stat Soc A 172, 137-159.
        """
        if not possible(self.kind, events, trials):
            return None
        exact = proportions_p if self.kind == "proportion" else rates_p
        by_chance = exact(events, trials, self.events, self.trials)
        if by_chance is None:
            return None
        above = events / trials > self.target
        gap = float(_steady(self.kind, events, trials)) - self.spread.middle
        t = (gap if above else -gap) / self._error(trials)
        as_one_more = interval.student_p(t, self.units - 1) if t > 0 else 1.0
        return max(by_chance, as_one_more), above


def possible(kind: Kind, events: float, trials: float) -> bool:
    """Return whether there can be so many events: not negative, and no more than trials."""
    return trials > 0 and events >= 0 and (kind == "rate" or events <= trials)


def funnel(kind: Kind, events: Sequence[float], trials: Sequence[float]) -> Funnel:
    """Return the funnel of several municipalities.

    Args:
        kind: proportions are at most 1.
        events: of each, 0 or more.
        trials: of each, or its exposure, over 0.

    Raises:
        ValueError: fewer than two municipalities, who cannot vary, or figures that cannot be.
    """
    if not all(possible(kind, e, t) for e, t in zip(events, trials, strict=True)):
        raise ValueError("events that cannot be")
    x, n = np.asarray(events, dtype=float), np.asarray(trials, dtype=float)
    if len(x) < 2:
        raise ValueError("a funnel needs two municipalities")
    spread = _spread(_steady(kind, x, n), _chance(kind, n))
    return Funnel(kind, float(x.sum()), float(n.sum()), spread, len(x))


def _spread(values: Array, chance: Array) -> Spread:
    """Return middle and variance between: the one at which the weighted squares are as expected.

    The squares fall with the variance and are convex in it, so Newton's steps from 0 never pass it.

    Source:
        Paule RC, Mandel J (1982), J Res Natl Bur Stand 87, 377-385.
    """
    between = 0.0
    while True:
        weights = 1 / (chance + between)
        middle = float((weights * values).sum() / weights.sum())
        squares = weights * (values - middle) ** 2
        more = float(squares.sum()) - (len(values) - 1)
        if more <= SOLVED * len(values):
            return Spread(middle, float(1 / weights.sum()), between)
        between += more / float((weights * squares).sum())


def _steady(kind: Kind, events: Array | float, trials: Array | float) -> Array:
    """Return figures on the scale where their variance by chance depends on the size alone.

    Source:
        Anscombe FJ (1948), Biometrika 35, 246-254.
    """
    if kind == "rate":
        return np.asarray(np.sqrt((events + 3 / 8) / trials))
    return np.asarray(np.arcsin(np.sqrt((events + 3 / 8) / (trials + 3 / 4))))


def _chance(kind: Kind, trials: Size) -> Size:
    """Return the variance by chance on that scale."""
    return 1 / (4 * trials) if kind == "rate" else 1 / (4 * trials + 2)


def _back(kind: Kind, value: float, trials: float) -> float:
    """Return the figure of a value on that scale, within what figures can be."""
    if kind == "rate":
        return max(0.0, max(0.0, value) ** 2 - 3 / 8 / trials)
    share = sin(min(pi / 2, max(0.0, value))) ** 2
    return min(1.0, max(0.0, (share * (trials + 3 / 4) - 3 / 8) / trials))
