"""Case rows and cases as arrays, what is known of them on a day, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Spans = list[tuple[int, int, int]]
"""Months: year, first and last day (ordinals)."""
MONTH = 365.25 / 12
OPEN = 3_652_059
"""The ordinal of 31 December 9999."""
DAILY, MONTHLY, YEARLY = 0, 1, 2


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Case rows as arrays: case and service (from 0), first and last day (ordinals), kr. a day.

    `lasting` is False for one-off payments, which are paid but neither begin nor end a case. What
    is paid by the month or the year (`unit`) has the price of an average day. `born` is the year of
    birth, 0 where it is not known; `citizen` a number of the citizen, by default the case's.
    """

    case: Ints
    service: Ints
    first: Ints
    last: Ints
    price: Floats
    lasting: Bools
    unit: Ints = field(default_factory=_none)
    born: Ints = field(default_factory=_none)
    citizen: Ints = field(default_factory=_none)

    def __post_init__(self) -> None:
        """Fill in what was not given."""
        zeros = np.zeros(len(self.case), dtype=np.int64)
        for name, usual in (("unit", zeros), ("born", zeros), ("citizen", self.case)):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, usual)

    def take(self, which: Bools) -> Rows:
        """Return some of the rows."""
        return Rows(*(getattr(self, f.name)[which] for f in fields(self)))

    def followed(self, days: int) -> tuple[Ints, Ints]:
        """Return which lasting rows are followed within so many days by which of the same case."""
        of = np.flatnonzero(self.lasting)
        order = of[np.lexsort((self.last[of], self.first[of], self.case[of]))]
        earlier, later = order[:-1], order[1:]
        gap = self.first[later] - self.last[earlier]
        follows = (self.case[earlier] == self.case[later]) & (gap > 0) & (gap <= days)
        return earlier[follows], later[follows]


@dataclass(frozen=True, slots=True)
class Cases:
    """One entry per case, in order of number.

    Service, first and last day (`OPEN` while open), kr. a day at the start, kr. a day of what runs
    to the end, year of birth (0 where it is not known).
    """

    number: Ints
    service: Ints
    first: Ints
    last: Ints
    price: Floats
    final: Floats
    born: Ints


def cases_of(rows: Rows) -> Cases:
    """Return the cases of lasting rows; a case belongs to the service it began in."""
    lasting = rows.take(rows.lasting)
    number, at = np.unique(lasting.case, return_inverse=True)
    first, last = np.full(len(number), OPEN), np.zeros(len(number), dtype=np.int64)
    np.minimum.at(first, at, lasting.first)
    np.maximum.at(last, at, lasting.last)
    price, final = np.zeros(len(number)), np.zeros(len(number))
    begins, ends = lasting.first == first[at], lasting.last == last[at]
    np.add.at(price, at[begins], lasting.price[begins])
    np.add.at(final, at[ends], lasting.price[ends])
    order = np.lexsort((lasting.service, lasting.first, lasting.case))
    earliest = order[np.unique(lasting.case[order], return_index=True)[1]]
    return Cases(
        number, lasting.service[earliest], first, last, price, final, lasting.born[earliest]
    )


def seen_on(rows: Rows, day: int) -> Rows:
    """Return the rows as known on a past day: later rows unseen, ends from it on open."""
    seen = rows.take(rows.first <= day)
    return replace(seen, last=np.where((seen.last >= day) & seen.lasting, OPEN, seen.last))


def by_the_year(rows: Rows, day: int) -> Bools:
    """Return the rows that end on the New Year's Eve to come only because all rows do.

    Where most of the rows that run on the day end then, rows are made by the year, and such an end
    tells nothing: the case runs on, but for one whose next row is there. Elsewhere none are.
    """
    eve = date(date.fromordinal(day).year, 12, 31).toordinal()
    running = rows.lasting & (rows.first <= day) & (rows.last >= day)
    ending = running & (rows.last == eve)
    most = 2 * ending.sum() > running.sum()
    ending[rows.followed(1)[0]] = False
    return ending if most else np.zeros_like(ending)


def months_after(as_of: date, years: int) -> Spans:
    """Return year, first and last day (ordinals) of each month from the day after `as_of`.

    The first month may be part of one; the last is December, `years` calendar years on.
    """
    day = date.fromordinal(as_of.toordinal() + 1)
    found, start = [], day
    while start.year < day.year + years:
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        found.append((start.year, start.toordinal(), after.toordinal() - 1))
        start = after
    return found


def months_to(as_of: date) -> Spans:
    """Return the months of the day's year to the day itself; the last may be part of one."""
    months = months_after(date(as_of.year - 1, 12, 31), 1)[: as_of.month]
    year, first, _ = months[-1]
    return [*months[:-1], (year, first, as_of.toordinal())]


def _days(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def cost(rows: Rows, spans: Spans) -> Floats:
    """Return kroner by row and month, a month's or a year's price spread over its own days."""
    days = [
        np.minimum(rows.last, last) - np.maximum(rows.first, first) + 1 for _, first, last in spans
    ]
    month = [MONTH / _days(y, date.fromordinal(last).month) for y, _, last in spans]
    year = [12 * MONTH / date(y, 12, 31).timetuple().tm_yday for y, *_ in spans]
    a_day = np.array([np.ones(len(spans)), month, year])[rows.unit]
    found: Floats = np.clip(np.stack(days, axis=1), 0, None) * rows.price[:, None] * a_day
    return found
