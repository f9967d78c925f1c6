"""The forecast's record: past days replayed, and what the cases and the accounts came to.

What is known on a replayed day: rows begun and granted by then, and accounts and follow-ups to it;
ends after it are open. What hindsight remains: prices are as the sheet has them now, cases entered
late without a date of grant are there, and so are corrections made to the accounts since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import log

import numpy as np
import polars as pl

from styring import ledger
from styring.forecast import begins_of, rows_of
from styring.forecast.driven import LEVELS, in_year
from styring.forecast.flows import estimate
from styring.forecast.ratio import LEAST_YEARS
from styring.forecast.rows import Floats, Rows, cases_of, cost, months_after, months_to, seen_on
from styring.forecast.simulate import simulate
from styring.prepare import Prepared

QUARTERS = ((3, 31), (6, 30), (9, 30))
DRAWS = 400


@dataclass(frozen=True, slots=True)
class Replay:
    """One replayed day: months ahead, the forecast of the rest of the year and the fact, kroner.

    `drawn` holds the draws of the rest of the year.
    """

    day: date
    months: int
    low: float
    median: float
    high: float
    fact: float
    drawn: Floats = field(default_factory=lambda: np.zeros(0), repr=False, compare=False)

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
    every = rows_of(ready)
    found = []
    for year in ready.years:
        for ending, last in QUARTERS if ready.finished(year) else ():
            if month not in {None, ending}:
                continue
            day = date(year, ending, last)
            fact = float(cost(every[0], months_after(day, 1)).sum())
            seen, services = known_on(ready, day, every)
            drawn = _drawn(seen, services, day, begins_of(ready, every[0]), seed, draws)
            if drawn is not None and fact > 0:
                low, median, high = (float(q) for q in np.quantile(drawn, LEVELS))
                found.append(Replay(day, 12 - ending, low, median, high, fact, drawn))
    return tuple(found)


def known_on(ready: Prepared, day: date, every: tuple[Rows, int]) -> tuple[Rows, int]:
    """Return the case rows as known on a past day, and the number of services.

    Rows that begin or are granted later are unseen, and ends from the day on are open. `every` is
    what `rows_of` gives for all rows.
    """
    later = pl.col("bevilget_dato") > day
    if ready.runnable.filter(later & (pl.col("fra_dag") <= day)).is_empty():
        return seen_on(every[0], day.toordinal()), every[1]
    sager = ready.tables.frames["sager"].filter(~later.fill_null(value=False))
    then = replace(ready, tables=ready.tables.with_frames({"sager": sager}), _placed={})
    rows, services = rows_of(then)
    return seen_on(rows, day.toordinal()), services


def _drawn(
    seen: Rows, services: int, day: date, begins: int, seed: int, draws: int
) -> Floats | None:
    """Return the draws of the rest of the day's year; None without cases or a year of history."""
    if not len(seen.case):
        return None
    known = cases_of(seen)
    flows = estimate(seen, known, services, day.toordinal(), begins)
    if flows is None:
        return None
    drawn = simulate(seen, known, flows, day, 1, seed, draws)
    return in_year(drawn, day.year).total()


@dataclass(frozen=True, slots=True)
class AccountsReplay:
    """The year's accounts as forecast on a replayed day, and as they became, kroner.

    `own` is the municipality's own forecast, by its latest follow-up to the day; None without one.
    `low` and `high` are the 10th and 90th percentile; None where fewer than three years had ended
    before the day's.
    """

    day: date
    months: int
    forecast: float
    own: float | None
    accounts: float
    low: float | None = None
    high: float | None = None

    @property
    def error(self) -> float:
        """Return forecast less accounts, as a share of the accounts."""
        return self.forecast / self.accounts - 1

    @property
    def own_error(self) -> float | None:
        """Return the municipality's own forecast less accounts, as a share of the accounts."""
        return None if self.own is None else self.own / self.accounts - 1

    @property
    def held(self) -> bool | None:
        """Return whether the accounts came to lie in the interval; None without one."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.accounts <= self.high


def accounts_replays(
    ready: Prepared, replays: Sequence[Replay], seed: int = 1
) -> tuple[AccountsReplay, ...]:
    """Return the replays carried to the accounts, where the ledger has the year by months.

    Booked to the day, and the rest of the year as drawn times how the ledger had followed the
    cases by then, varied as it was off in the years before: the way the year's own forecast is
    carried to its accounts.
    """
    if ready.tables.get("oekonomi") is None or not replays:
        return ()
    every = rows_of(ready)
    booked = ready.placed("oekonomi", "whole_year").filter(pl.col("version") == "regnskab")
    found = []
    for replay in replays:
        to_day, whole = _booked(booked, replay.day)
        seen = float(cost(known_on(ready, replay.day, every)[0], months_to(replay.day)).sum())
        if to_day <= 0 or seen <= 0 or whole <= 0:
            continue
        days = [replay.day.replace(year=y) for y in ready.years if y < replay.day.year]
        past = [x for x in (_off(every[0], booked, d) for d in days) if x is not None]
        ends = carried(to_day, seen, replay, past, seed)
        own = _own(ready, replay.day)
        found.append(
            AccountsReplay(replay.day, replay.months, ends[1], own, whole, ends[0], ends[2])
        )
    return tuple(found)


def carried(
    to_day: float, seen: float, replay: Replay, past: Sequence[float], seed: int
) -> tuple[float | None, float, float | None]:
    """Return low, median and high of the year's accounts; the median alone with too few years.

    Args:
        to_day: booked to the day, kr.
        seen: what the cases had cost to the day, kr.
        replay: the rest of the year.
        past: how the ledger was off in earlier years, logarithms.
        seed: of the draws.
    """
    ratio = to_day / seen
    if len(past) < LEAST_YEARS or not len(replay.drawn):
        return None, to_day + ratio * replay.median, None
    spread = float(np.sqrt(np.mean(np.square(past))))
    off = np.random.default_rng(seed).standard_t(len(past), len(replay.drawn)) * spread
    ends = to_day + ratio * replay.drawn * np.exp(off)
    low, median, high = (float(q) for q in np.quantile(ends, LEVELS))
    return low, median, high


def _off(rows: Rows, booked: pl.DataFrame, day: date) -> float | None:
    """Return how a finished year was booked after a day against what it was to the day."""
    to_day, whole = _booked(booked, day)
    before, after = (
        float(cost(rows, months).sum()) for months in (months_to(day), months_after(day, 1))
    )
    if to_day <= 0 or whole <= to_day or before <= 0 or after <= 0:
        return None
    return log((whole - to_day) / after / (to_day / before))


def _booked(booked: pl.DataFrame, day: date) -> tuple[float, float]:
    """Return the accounts to a day and of its whole year; 0 where they are not by months."""
    of_year = booked.filter(pl.col("aar") == day.year)
    if of_year.is_empty() or of_year["maaned"].null_count():
        return 0.0, 0.0
    return _kroner(of_year.filter(pl.col("maaned") <= day.month)), _kroner(of_year)


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


@dataclass(frozen=True, slots=True)
class Score:
    """How near the accounts were met, shares of them: mean absolute error and mean error (bias).

    `months` ahead, None for all; `own_*` the municipality's own forecasts, over the days that have
    one; `tried` so many intervals, of which `held` held.
    """

    months: int | None
    count: int
    error: float
    bias: float
    own_error: float | None
    own_bias: float | None
    tried: int
    held: int


def scores(replays: Sequence[AccountsReplay]) -> tuple[Score, ...]:
    """Return the score of all replays, then by months ahead; none without replays."""
    if not replays:
        return ()
    ahead = sorted({r.months for r in replays})
    return (
        _score(None, replays),
        *(_score(m, [r for r in replays if r.months == m]) for m in ahead),
    )


def _score(months: int | None, replays: Sequence[AccountsReplay]) -> Score:
    own = [r.own_error for r in replays if r.own_error is not None]
    held = [r.held for r in replays if r.held is not None]
    return Score(
        months,
        len(replays),
        _mean(abs(r.error) for r in replays),
        _mean(r.error for r in replays),
        _mean(map(abs, own)) if own else None,
        _mean(own) if own else None,
        len(held),
        sum(held),
    )


def _mean(values: Iterable[float]) -> float:
    some = list(values)
    return sum(some) / len(some)
