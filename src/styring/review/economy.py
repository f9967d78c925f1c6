"""Parts of a review: the years, the functions, the outlook, the activity."""

from __future__ import annotations

from datetime import date

from styring.errors import Texts
from styring.review.part import Part


class EconomyYear(Part):
    """The ledger of a year, net, running prices, kroner. Deviation: accounts less budget."""

    year: int
    partial: bool
    original: float | None
    supplementary: float | None
    other_changes: float | None
    corrected: float | None
    forecast: float | None
    accounts: float | None
    refund: float | None
    deviation_original: float | None
    deviation_original_share: float | None
    deviation_corrected: float | None
    deviation_corrected_share: float | None


class FunctionLine(Part):
    """A function of the ledger in the latest finished year, net, kroner."""

    function: str
    name: Texts
    original: float | None
    corrected: float | None
    accounts: float | None
    deviation_original: float | None
    deviation_corrected: float | None
    previous: float | None


class Outlook(Part):
    """How the current year looks, kroner, net of everything in the ledger.

    `committed` (disponeret) is what the granted cases cost in the year; `expected` is booked to
    date plus the rest of the granted cases at the rate booked / case cost. Neither holds new cases.
    """

    year: int
    months: int
    original: float | None
    corrected: float | None
    booked: float | None
    forecast: float | None
    forecast_date: date | None
    case_cost_to_date: float | None
    committed: float | None
    expected: float | None
    forecast_gap: float | None
    expected_gap: float | None


class ActivityLine(Part):
    """Cases of one paragraph (all where it is None) in one year; withheld counts are None."""

    paragraph: str | None
    title: Texts
    year: int
    partial: bool
    citizens: int | None
    person_years: float | None
    average_persons: float | None
    cost: float | None
    price: float | None
    inflow: int | None
    outflow: int | None
    withheld: bool
