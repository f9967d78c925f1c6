"""Parts of a review: who comes, leaves and moves, how long they stay, and at what price."""

from __future__ import annotations

from styring.errors import Texts
from styring.review.part import Part


class FlowLine(Part):
    """A paragraph's citizens at the two ends of a year and between them; all, where it is None.

    A citizen counts once in each paragraph. Those that few citizens could be known by stand
    together as `andre`.
    """

    paragraph: str | None
    title: Texts
    start: int | None
    came: int | None
    left: int | None
    end: int | None


class FlowKind(Part):
    """One way of coming or leaving, in all paragraphs together."""

    kind: str
    title: Texts
    inward: bool
    citizens: int | None


class ChurnLine(Part):
    """Citizens who moved from one paragraph to another in the years looked at."""

    origin: Texts
    target: Texts
    citizens: int


class StayLine(Part):
    """How long those in a paragraph stay: median days; share beyond 12 and 24 months, limits.

    A share has no limits where all or none are left.
    """

    paragraph: str
    title: Texts
    median_days: float | None
    beyond_12: float | None
    beyond_12_low: float | None
    beyond_12_high: float | None
    beyond_24: float | None
    beyond_24_low: float | None
    beyond_24_high: float | None


class FlowPriceLine(Part):
    """Average price a day of those who came, left and stayed, kr.; drift of the same cases."""

    paragraph: str | None
    title: Texts
    came: float | None
    left: float | None
    stayed: float | None
    drift: float | None


class FlowsPart(Part):
    """The flows of the latest finished year.

    `price_index` is what the user's index rose by from the year before.
    """

    year: int
    points: tuple[Texts, ...]
    lines: tuple[FlowLine, ...]
    kinds: tuple[FlowKind, ...]
    churn: tuple[ChurnLine, ...]
    churn_years: tuple[int, int]
    stays: tuple[StayLine, ...]
    prices: tuple[FlowPriceLine, ...]
    dearest_cost: float | None
    dearest_share: float | None
    dearest_growth: float | None
    total_growth: float | None
    price_index: float | None = None
