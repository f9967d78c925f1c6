"""Parts of a review: how points are made, enough to make them again with other limits."""

from __future__ import annotations

from typing import Literal

from styring.review.part import Part

Method = Literal["goalposts", "peers", "target", "maturity"]


class ScoringMethod(Part):
    """A way to give points, as the definition has it, in the unit of the value; what it gives."""

    method: Method
    worst: float | None = None
    best: float | None = None
    reach: float | None = None
    points: float | None = None


class ScoringPart(Part):
    """What an indicator's points are made of: the first of `methods` that can be used counts.

    `target` is the definition's, where the figure is to be near one. `owed` says that the indicator
    counts for a centre's coverage also without a figure. `peers` holds the values of the
    municipalities compared with, ascending and without names.
    """

    indicator: str
    target: float | None
    owed: bool
    methods: tuple[ScoringMethod, ...]
    peers: tuple[float, ...] = ()


class ScoringLimits(Part):
    """What holds for all points: see `styring.score`."""

    least_peers: int
    least_coverage: float
    blind_spot: float
