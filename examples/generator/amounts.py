"""Days and kroner of a granted service in a period (both end dates included)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date


def days_in_year(year: int) -> int:
    """365 or 366."""
    return 366 if calendar.isleap(year) else 365


def month_span(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def months_between(first: date, last: date) -> Iterator[tuple[int, int]]:
    """Every (year, month) that has a day from `first` to `last`."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield number // 12, number % 12 + 1


def active_days(start: date, end: date | None, first: date, last: date) -> int:
    """Days on which a row runs from `first` to `last`, all ends included."""
    stop = last if end is None else min(end, last)
    return max(0, (stop - max(start, first)).days + 1)


def month_cost(
    unit: str, amount: float, start: date, end: date | None, year: int, month: int
) -> float:
    """What a row costs in one month; `amount` is price times quantity."""
    first, last = month_span(year, month)
    if unit == "engang":
        return amount if first <= start <= last else 0.0
    days = active_days(start, end, first, last)
    per_day = {
        "døgn": amount,
        "uge": amount / 7,
        "måned": amount / last.day,
        "år": amount / days_in_year(year),
    }[unit]
    return per_day * days


def yearly_price(unit: str, amount: float) -> float:
    """The price of a full year in kroner; a one-off is its own price."""
    return amount * {"døgn": 365.0, "uge": 365 / 7, "måned": 12.0, "år": 1.0, "engang": 1.0}[unit]
