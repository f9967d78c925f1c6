"""Parts of a review: what the citizens' support costs a year, in bands of price."""

from __future__ import annotations

from datetime import date

from styring.errors import Texts
from styring.review.part import Part


class CostBand(Part):
    """A band of price: its citizens, and what they cost a year, kroner; shares of all.

    `low` is in the band, `high` is not; None where it has no end.
    """

    title: Texts
    low: float | None
    high: float | None
    citizens: int
    share: float
    cost: float
    cost_share: float


class CostBandsPart(Part):
    """The citizens with running support on a day by its price for a whole year.

    Bands that few citizens are in are joined with the next.
    """

    day: date
    text: Texts
    bands: tuple[CostBand, ...]
