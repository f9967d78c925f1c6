"""Parts of a review: how many get support when age is held fixed."""

from __future__ import annotations

from styring.errors import Texts
from styring.review.part import Part


class AgeLine(Part):
    """Citizens with support per 1,000 of 18 and over, as it is and with the latest year's ages."""

    year: int
    citizens: int
    crude: float
    standardised: float
    low: float
    high: float


class AgesPart(Part):
    """The finished years, and what the change in age alone would have given."""

    lines: tuple[AgeLine, ...]
    ratio: float
    ratio_low: float
    ratio_high: float
    text: Texts
