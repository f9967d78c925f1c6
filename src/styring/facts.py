"""The facts shelf as models: the chart of accounts, the law, refund steps, units, kinds of figures.

What changes with time is dated and sourced; `verified = false` was not looked up, and a report that
uses it says so. The entries themselves stand in `data/facts.toml`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from styring.errors import Texts
from styring.model import Interval, Strict, ValueType


class Account(Strict):
    """A function of the chart of accounts, and the paragraphs it holds."""

    funktion: str
    name: Texts
    paragraphs: tuple[str, ...] = ()
    main: str | None = None
    groupings: dict[str, str] = Field(default_factory=dict)
    valid_from: date
    valid_to: date | None = None
    source: str
    verified: bool


class Paragraph(Strict):
    """A paragraph that services are granted under."""

    id: str
    title: Texts
    law: str
    residential: bool = False
    self_referral: bool = False
    valid_from: date
    valid_to: date | None = None
    source: str
    verified: bool


class PensionAge(Strict):
    """The pension age of a span of years."""

    age: int
    valid_from: date
    valid_to: date | None = None
    source: str
    verified: bool


class Law(Strict):
    """A provision that definitions point to and that is no service of its own."""

    id: str
    title: Texts
    valid_from: date
    valid_to: date | None = None
    source: str
    verified: bool


class RefundStep(Strict):
    """A step of the central refund: the share of a year's cost above a limit in kroner."""

    above: float
    rate: Annotated[float, Field(gt=0, le=1)]


class RefundRule(Strict):
    """The steps of the central refund for some years; each takes over from the one below it."""

    law: str
    valid_from: date
    valid_to: date
    below_age: int | None = None
    from_age: int = 0
    step: tuple[RefundStep, ...]
    source: str
    verified: bool


class DecisionLevel(Strict):
    """A level that may grant a service, lowest rank first."""

    id: str
    title: Texts
    rank: int
    source: str


class FollowUpInterval(Strict):
    """Months within which a case is followed up where the municipality has no deadline."""

    months: int
    source: Texts
    valid_from: date
    valid_to: date | None = None


class SeriesBreak(Strict):
    """A year from which a series is not comparable with the years before."""

    year: int
    what: Texts
    source: str


class Named(Strict):
    """An id with its names: a centre or a dimension."""

    id: str
    title: Texts
    question: Texts


class Unit(Strict):
    """How a figure is shown: value × scale, decimals, and the words after it."""

    id: str
    kind: Literal["share", "money", "rate", "index", "number", "score", "days"]
    scale: float = 1
    decimals: int = 0
    label: Texts
    suffix: Texts
    prefix: Texts = Texts("", "")
    one: Texts | None = None


class ValueTypeFact(Strict):
    """A kind of figure: which intervals fit it, and why it has none where it has none."""

    id: ValueType
    title: Texts
    intervals: tuple[Interval, ...]
    units: tuple[str, ...]
    no_interval: Texts


class Facts(Strict):
    """The facts shelf: dated, sourced, never code."""

    account: tuple[Account, ...]
    paragraph: tuple[Paragraph, ...]
    pension_age: tuple[PensionAge, ...]
    law: tuple[Law, ...]
    refund: tuple[RefundRule, ...]
    decision_level: tuple[DecisionLevel, ...]
    follow_up: tuple[FollowUpInterval, ...]
    value_type: tuple[ValueTypeFact, ...]
    series_break: tuple[SeriesBreak, ...]
    centre: tuple[Named, ...]
    dimension: tuple[Named, ...]
    unit: tuple[Unit, ...]
