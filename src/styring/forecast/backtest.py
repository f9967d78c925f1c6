"""The forecast's record: past days replayed, and what the cases then came to cost.

What is known on a replayed day: rows begun by then; ends after it are open and later grants unseen.
What hindsight remains: prices are as the sheet has them now, and cases entered late are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from styring import ledger
from styring.forecast import begins_of, rows_of, spans_of
from styring.forecast.rows import cost, months_after, months_to, seen_on
from styring.prepare import Prepared

QUARTERS = ((3, 31), (6, 30), (9, 30))
DRAWS = 400


@dataclass(frozen=True, slots=True)
class Replay:
    """One replayed day: months ahead, the forecast of the rest of the year and the fact, kroner."""

    day: date
    months: int
    low: float
    median: float
    high: float
    fact: float

    @property
    def error(self) -> float:
        """Return forecast less fact, as a share of the fact."""
        return self.median / self.fact - 1

    @property
    def held(self) -> bool:
        """Return whether the fact lies in the interval."""
        return self.low <= self.fact <= self.high


def backtest(
    ready: Prepared, seed: int = 1, *, draws: int = DRAWS, month: int | None = None
) -> tuple[Replay, ...]:
    """Return the replayed quarters of finished years that have a year of history before them.

    Args:
        ready: the tables.
        seed: of the draws.
        draws: of each replay.
        month: replay only the quarter that ends with this month.
    """
    rows, services = rows_of(ready)
    found = []
    for year in ready.years:
        for ending, last in QUARTERS if ready.finished(year) else ():
            if month not in {None, ending}:
                continue
            day = date(year, ending, last)
            seen = seen_on(rows, day.toordinal())
            if not len(seen.case):
                continue
            spans, totals, _ = spans_of(seen, services, day, begins_of(ready, rows), seed, draws)
            fact = float(cost(rows, months_after(day, 1)).sum())
            span = spans[0]
            if not totals or span.low is None or span.median is None or span.high is None:
                continue
            if fact > 0:
                found.append(Replay(day, 12 - ending, span.low, span.median, span.high, fact))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class AccountsReplay:
    """The year's accounts as forecast on a replayed day, and as they became, kroner.

    `own` is the municipality's own forecast, by its latest follow-up to the day; None without one.
    """

    day: date
    months: int
    forecast: float
    own: float | None
    accounts: float

    @property
    def error(self) -> float:
        """Return forecast less accounts, as a share of the accounts."""
        return self.forecast / self.accounts - 1

    @property
    def own_error(self) -> float | None:
        """Return the municipality's own forecast less accounts, as a share of the accounts."""
        return None if self.own is None else self.own / self.accounts - 1


def accounts_replays(ready: Prepared, replays: Sequence[Replay]) -> tuple[AccountsReplay, ...]:
    """Return the replays carried to the accounts, where the ledger has the year by months.

    Booked to the day, and the rest of the year as drawn times how the ledger had followed the
    cases by then: the way the year's own forecast is carried to its accounts.
    """
    if ready.tables.get("oekonomi") is None or not replays:
        return ()
    rows, _ = rows_of(ready)
    booked = ready.placed("oekonomi", "whole_year").filter(pl.col("version") == "regnskab")
    found = []
    for replay in replays:
        of_year = booked.filter(pl.col("aar") == replay.day.year)
        if of_year["maaned"].null_count() or of_year.is_empty():
            continue
        to_day = _kroner(of_year.filter(pl.col("maaned") <= replay.day.month))
        seen = float(cost(seen_on(rows, replay.day.toordinal()), months_to(replay.day)).sum())
        whole = _kroner(of_year)
        if to_day <= 0 or seen <= 0 or whole <= 0:
            continue
        expected = to_day + replay.median * to_day / seen
        found.append(
            AccountsReplay(replay.day, replay.months, expected, _own(ready, replay.day), whole)
        )
    return tuple(found)


def _own(ready: Prepared, day: date) -> float | None:
    """Return the municipality's own forecast of the year, by its latest follow-up to a day."""
    rows = ready.placed("oekonomi", "whole_year").filter(
        (pl.col("version") == "forventet regnskab")
        & (pl.col("aar") == day.year)
        & (pl.col("opfoelgning") <= day)
    )
    if rows.is_empty():
        return None
    return _kroner(rows.filter(pl.col("opfoelgning") == pl.col("opfoelgning").max())) or None


def _kroner(rows: pl.DataFrame) -> float:
    total = rows["beloeb_exact"].cast(pl.Int128()).sum()
    return float(Fraction(int(total or 0), ledger.AMOUNT_SCALE))
