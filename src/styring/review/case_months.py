"""Parts of a review: the cases by service day, by payment day, and beside the ledger's months."""

from __future__ import annotations

from styring.errors import Texts
from styring.review.part import Part


class CashLine(Part):
    """A finished year, kroner: paid = accrued + weeks_53 + new_year + begun + rounding."""

    year: int
    accrued: float | None
    paid: float | None
    difference: float | None
    weeks_53: float | None
    new_year: float | None
    begun: float | None
    rounding: float | None


class CaseMonth(Part):
    """A month that has ended, kroner: the cases by service day, and the ledger before refund."""

    month: str
    cases: float | None
    ledger: float | None
    difference: float | None


class CaseMonthsPart(Part):
    """The cases by service day beside the payments and beside the ledger's months."""

    cash_text: Texts
    cash: tuple[CashLine, ...]
    months_text: Texts
    months: tuple[CaseMonth, ...]
