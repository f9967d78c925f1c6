"""Parts of a review: what the cases will cost, how the year will end, and how far to trust it."""

from __future__ import annotations

from datetime import date

from styring.errors import Texts, join_texts
from styring.review.part import Part


class ForecastMonth(Part):
    """What the granted cases cost in a month to come, kroner; the first may be part of one."""

    month: str
    committed: float


class ForecastYear(Part):
    """The cases' cost in the days of a year after the as-of date, kroner.

    `low`, `median` and `high` are the 10th, 50th and 90th percentile. The parts add up with
    `committed` to the median; None where history is too short, or where there is none of a part.
    """

    year: int
    committed: float
    low: float | None
    median: float | None
    high: float | None
    leaving: float | None
    renewing: float | None
    coming: float | None
    young: float | None
    price: float | None


class ForecastParagraph(Part):
    """A paragraph's expected cost in the days of a year after the as-of date, kroner."""

    year: int
    title: Texts
    committed: float
    low: float | None
    median: float | None
    high: float | None


class ForecastSight(Part):
    """One way of seeing how the year ends, kroner, and its distance to the corrected budget."""

    kind: str
    title: Texts
    amount: float
    gap: float | None


class ForecastStep(Part):
    """The accounts from New Year to the end of a month, kroner; the budgets are the whole year's.

    `low`, `median` and `high` from the last month that has ended, where they are what is booked, to
    December. The months between follow the granted cases' cost; they have no interval of their own.
    """

    month: str
    booked: float | None
    low: float | None
    median: float | None
    high: float | None
    corrected: float | None
    original: float | None


class ReplayLine(Part):
    """A past day: the accounts as forecast then, by the municipality, and as they became.

    `low` and `high` are the interval of 80 %; None where fewer than three years had ended.
    """

    day: date
    forecast: float
    own: float | None
    accounts: float
    error: float
    own_error: float | None
    low: float | None = None
    high: float | None = None


class ForecastPart(Part):
    """The forecast of the cases and of the accounts."""

    points: tuple[Texts, ...]
    record: Texts
    months: tuple[ForecastMonth, ...]
    years: tuple[ForecastYear, ...]
    paragraphs: tuple[ForecastParagraph, ...]
    sights: tuple[ForecastSight, ...]
    replays: tuple[ReplayLine, ...]
    low: float | None
    median: float | None
    high: float | None
    over_corrected: float | None
    over_original: float | None
    course: tuple[ForecastStep, ...] = ()

    @property
    def tried(self) -> tuple[Texts, ...]:
        """Return the record as a row of its own."""
        return (self.record,)

    @property
    def text(self) -> Texts:
        """Return the points as one text."""
        return join_texts([*self.points, self.record])
