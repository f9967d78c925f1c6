"""Parts of a review: what moved since earlier reviews, and what moved it."""

from __future__ import annotations

from datetime import date
from math import fsum
from typing import Literal

from styring.errors import Texts
from styring.model import CentreId
from styring.review.kept import Status
from styring.review.part import Part

Factor = Literal["data", "price", "definition", "peers", "method", "unsplit"]
FACTORS: tuple[Factor, ...] = ("data", "price", "definition", "peers", "method", "unsplit")
Reach = Literal["reached", "nearer", "farther", "still"]


class Split(Part):
    """A move shared out additively, in the unit of what moved; the parts sum to the move.

    `unsplit` is what more than one of the others may have moved, and the two reviews cannot tell
    apart.
    """

    data: float = 0.0
    price: float = 0.0
    definition: float = 0.0
    peers: float = 0.0
    method: float = 0.0
    unsplit: float = 0.0

    @property
    def total(self) -> float:
        """Return the whole move."""
        return fsum(getattr(self, f) for f in FACTORS)


class SinceCentre(Part):
    """A centre's points then and now, and what moved them; nothing where either is withheld."""

    id: CentreId
    title: Texts
    then: float | None
    now: float | None
    split: Split | None
    text: Texts


class SinceIndicator(Part):
    """A figure and its points then and now, and what moved them.

    `withheld` where the figure is withheld in either review: nothing of it is shown then.
    `figure_split` is in the raw unit of the figure, `points_split` in points.
    """

    id: str
    centre: CentreId
    title: Texts
    period_then: str
    period_now: str
    then: Texts
    now: Texts
    withheld: bool
    figure_split: Split | None
    points_then: float | None
    points_now: float | None
    points_split: Split | None
    figure_text: Texts
    points_text: Texts


class SinceAction(Part):
    """An action decided or proposed earlier: what became of it, and of the figure it follows."""

    title: Texts
    source: Literal["proposed", "own", "decided"]
    indicator: str | None
    status: Status | None
    done: bool
    then: Texts | None
    now: Texts | None
    target: Texts | None
    reach: Reach | None
    text: Texts


class TrendPoint(Part):
    """The centres' points in one review.

    `told` are the points it gave; `alike` what its figures give by the yardsticks, weights and
    peers of the latest review, None where it does not hold what that takes.
    """

    as_of: date
    told: dict[CentreId, float | None]
    alike: dict[CentreId, float | None]


class SincePart(Part):
    """Two reviews set against each other; the earlier first.

    `kind` is time for two reviews of one municipality, between for those of two.
    """

    kind: Literal["time", "between"]
    then: Texts
    now: Texts
    text: Texts
    centres: tuple[SinceCentre, ...] = ()
    indicators: tuple[SinceIndicator, ...] = ()
    actions: tuple[SinceAction, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    notes: tuple[Texts, ...] = ()
