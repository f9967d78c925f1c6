"""Control charts of single values (XmR): what a series usually does, and where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

LEAST_POINTS = 12
"""Points from which limits mean something."""
RUN = 7
"""Points on one side of the mean, or in one direction, that are a signal."""
TO_LIMITS = 2.66
"""Limits lie this many mean moving ranges from the mean: 3 / d₂ with d₂ = 1.128."""
TO_RANGE_LIMIT = 3.267
"""A moving range this many times the mean moving range is an outlier (D₄)."""
CLOSE = 2 / 3
"""The part of the way to a limit from which a point is close to it."""
Signal = Literal[
    "above", "below", "rising", "falling", "shift_up", "shift_down", "close_up", "close_down"
]
Better = Literal["higher", "lower", "neutral"]
Variation = Literal["common", "improvement", "concern", "high", "low"]
Assurance = Literal["pass", "fail", "inconsistent"]
UPWARD: tuple[Signal, ...] = ("above", "rising", "shift_up", "close_up")


class Limits(NamedTuple):
    """Mean and natural process limits; the limits are the mean where nothing varies."""

    mean: float
    low: float
    high: float


def limits(values: Sequence[float | None], *, screen: bool = True) -> Limits:
    """Return the mean and the limits of a series.

    Args:
        values: at least two, in order of time; None where one is missing, which no moving range
            crosses.
        screen: leave out moving ranges that are outliers themselves, once.

    Source:
        Shewhart WA (1931), Economic Control of Quality; Wheeler DJ (2000), Understanding Variation.
    """
    known = [v for v in values if v is not None]
    middle = sum(known) / len(known)
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    usual = sum(ranges) / len(ranges) if ranges else 0.0
    if screen:
        kept = [r for r in ranges if r < TO_RANGE_LIMIT * usual]
        usual = sum(kept) / len(kept) if kept else 0.0
    return Limits(middle, middle - TO_LIMITS * usual, middle + TO_LIMITS * usual)


def signals(values: Sequence[float], of: Limits) -> list[Signal | None]:
    """Return what is unusual about each point, the strongest first where several are.

    Outside the limits; one of seven in a row that rise or fall; one of seven on the same side of
    the mean; one of two, of three in a row on the same side, that are close to the same limit.
    """
    sides = [(v > of.mean) - (v < of.mean) for v in values]
    trends = _runs([(b > a) - (b < a) for a, b in pairwise(values)], RUN - 1, points=True)
    shifts = _runs(sides, RUN)
    near = _two_of_three(values, sides, of)
    found: list[Signal | None] = []
    for v, trend, shift, close in zip(values, trends, shifts, near, strict=True):
        if of.high > of.low and v > of.high:
            found.append("above")
        elif of.high > of.low and v < of.low:
            found.append("below")
        elif trend:
            found.append("rising" if trend > 0 else "falling")
        elif close:
            found.append("close_up" if close > 0 else "close_down")
        elif shift:
            found.append("shift_up" if shift > 0 else "shift_down")
        else:
            found.append(None)
    return found


def variation(signal: Signal | None, better: Better) -> Variation:
    """Return what a point's signal means: "high" or "low" where neither is better.

    A rise is an improvement where higher is better, also below the mean. A series is judged by its
    last point.
    """
    if signal is None:
        return "common"
    up = signal in UPWARD
    if better == "neutral":
        return "high" if up else "low"
    return "improvement" if up == (better == "higher") else "concern"


def assurance(of: Limits, target: float, better: Literal["higher", "lower"]) -> Assurance:
    """Return whether a series, as it usually is, will reach a target: always, never, or by chance.

    Where nothing varies the limits tell nothing, and the answer is "inconsistent".
    """
    if of.high == of.low or of.low <= target <= of.high:
        return "inconsistent"
    return "pass" if (target < of.low) == (better == "higher") else "fail"


def trial(points: int) -> bool:
    """Return whether limits of so many points are only tentative: up to twelve."""
    return points <= LEAST_POINTS


def _runs(signs: Sequence[int], least: int, *, points: bool = False) -> list[int]:
    """Return the sign of the run of at least so many equal signs that each is in, else 0.

    With `points` the signs stand between points, and both ends of a run are in it.
    """
    found = [0] * (len(signs) + points)
    start = 0
    for end in range(1, len(signs) + 1):
        if end < len(signs) and signs[end] == signs[start]:
            continue
        if signs[start] and end - start >= least:
            for place in range(start, end + points):
                found[place] = signs[start]
        start = end
    return found


def _two_of_three(values: Sequence[float], sides: Sequence[int], of: Limits) -> list[int]:
    """Return the side of each point that is one of two close to a limit, of three on that side."""
    reach = CLOSE * (of.high - of.mean)
    close = [
        side if reach and reach <= abs(v - of.mean) and of.low <= v <= of.high else 0
        for v, side in zip(values, sides, strict=True)
    ]
    found = [0] * len(values)
    for start in range(len(values) - 2):
        for side in (1, -1):
            window = range(start, start + 3)
            near = [k for k in window if close[k] == side]
            if len(near) >= 2 and all(sides[k] == side for k in window):
                for k in near:
                    found[k] = side
    return found
