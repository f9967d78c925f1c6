"""Made-up municipalities grown person by person: grants, prices each New Year, young people.

Plain loops with numbers of their own: nothing of the forecast is known here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

FIRST, LAST = 2008, 2026
"""The first year anybody comes, and the first year that is not grown."""


@dataclass(frozen=True)
class Paid:
    """A row as it came to be; `planned` is the end that was known when it was granted, if any."""

    case: int
    citizen: int
    born: int
    service: int
    first: date
    last: date
    planned: date | None
    price: float


@dataclass(frozen=True)
class Teenager:
    """A young person on the list: the day they turn 18, expected service and kroner a day."""

    adult: date
    service: int
    price: float


@dataclass(frozen=True)
class Grown:
    """A municipality: all its rows, and the young people listed on the day it is seen."""

    rows: list[Paid]
    listed: list[Teenager]


class _Town:
    """One municipality while it grows."""

    def __init__(self, seed: int) -> None:
        """Draw what the municipality is like."""
        self.rng = random.Random(seed)  # noqa: S311 made-up people, no secrets
        draw = self.rng
        self.services = range(draw.choice((3, 4, 5)))
        self.a_year = [draw.uniform(10, 40) for _ in self.services]
        self.long = [draw.uniform(500, 1600) for _ in self.services]
        self.usual = [draw.uniform(500, 3000) for _ in self.services]
        self.limited = [draw.uniform(0.0, 0.5) for _ in self.services]
        self.leaves_at_end = draw.uniform(0.15, 0.4)
        usual_rise = draw.uniform(0.0, 0.04)
        self.rise = {y: draw.gauss(usual_rise, 0.008) for y in range(FIRST, LAST + 1)}
        self.mood = {y: draw.gauss(1.0, 0.05) for y in range(FIRST, LAST + 1)}
        self.adults_a_year = draw.uniform(5, 14)
        self.enter = draw.uniform(0.5, 0.95)
        self.level = {FIRST: 1.0}
        for y in range(FIRST + 1, LAST + 1):
            self.level[y] = self.level[y - 1] * (1 + self.rise[y])
        self.rows: list[Paid] = []
        self.cases = 0

    def stay(self, service: int, born: int, came: date) -> date:
        """Return the last day of a stay: some leave early, some stay long, the old the longest."""
        short = self.rng.random() < 0.25
        mean = self.long[service] * (0.3 if short else 1.3)
        mean *= 1.4 if came.year - born > 45 else 1.0
        return came + timedelta(days=max(1, round(self.rng.gammavariate(1.4, mean / 1.4))))

    def support(self, service: int, born: int, came: date, price: float) -> None:
        """Give a citizen a case: grants one after another, a new row with each year's price."""
        self.cases += 1
        ends = self.stay(service, born, came)
        limited = self.rng.random() < self.limited[service]
        first, number = came, self.cases
        until = came + timedelta(days=364) if limited else None
        while first <= ends and first.year < LAST:
            year_end = date(first.year, 12, 31)
            last = min(ends, year_end, until or year_end)
            self.rows.append(Paid(number, number, born, service, first, last, until, price))
            if last == ends or (last == until and self.rng.random() < self.leaves_at_end):
                break
            if last == until:
                until = last + timedelta(days=365)
            first = last + timedelta(days=1)
            if first.year > last.year:
                price *= 1 + self.rise[first.year] + self.rng.gauss(0, 0.02)

    def price(self, service: int, year: int) -> float:
        """Return kroner a day of one who comes in a year."""
        return self.usual[service] * self.rng.lognormvariate(0, 0.45) * self.level[year]

    def year(self, year: int, as_of: date, horizon: date) -> list[Teenager]:
        """Let a year's citizens come; return those of its 18-year-olds who stand on the list."""
        for s in self.services:
            rate = self.a_year[s] * self.mood[year] * self.rng.gauss(1.0, 0.05)
            at = self.rng.expovariate(rate)
            while at < 1:
                came = date(year, 1, 1) + timedelta(days=int(at * 365))
                born = year - self.rng.randint(20, 64)
                self.support(s, born, came, self.price(s, year))
                at += self.rng.expovariate(rate)
        found, at = [], self.rng.expovariate(self.adults_a_year)
        while at < 1:
            adult = date(year, 1, 1) + timedelta(days=int(at * 365))
            service = self.rng.choice(self.services)
            price = self.price(service, year)
            if as_of < adult <= horizon and self.rng.random() < 0.85:
                told = price / self.level[year] * self.level[as_of.year]
                found.append(Teenager(adult, service, told * self.rng.gauss(1.0, 0.15)))
            if self.rng.random() < self.enter:
                self.support(service, year - 18, adult, price)
            at += self.rng.expovariate(self.adults_a_year)
        return found


def grown(seed: int, as_of: date) -> Grown:
    """Return one municipality with all that happens to the end of 2025."""
    town, listed = _Town(seed), []
    for year in range(FIRST, LAST):
        listed += town.year(year, as_of, as_of + timedelta(days=4 * 365))
    return Grown(town.rows, sorted(listed, key=lambda t: t.adult))
