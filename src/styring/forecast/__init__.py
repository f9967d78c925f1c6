"""How the year will end: granted cases, those who leave, those who come, and the accounts.

What the municipality's own cases show of inflow, exits and prices is drawn forward; the ledger
follows the cases by the ratio between what is booked and what the cases have cost this year.
Prices and wages are held as they are; the ratio is varied as it has varied in earlier years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from styring import cases
from styring.economy import outlook
from styring.forecast.flows import OPEN, Floats, Rows, cases_of, estimate, seen_on
from styring.forecast.ratio import LEAST_YEARS, ratios
from styring.forecast.simulate import DRAWS, cost, months_after, simulate
from styring.prepare import Prepared
from styring.privacy import is_small
from styring.review import Outlook

LEVELS = (0.1, 0.5, 0.9)
"""The interval of 80 % and the median."""
YEARS = 3
Why = Literal["", "no_cases", "few", "short"]


@dataclass(frozen=True, slots=True)
class Span:
    """What the cases cost in the days of a year after the as-of date, kroner.

    `low`, `median` and `high` are the 10th, 50th and 90th percentile, None where history is too
    short, and the interval for the current year only: of later years it does not hold as often as
    it says. `leaving` and `coming` what exits take and inflow adds, on average.
    """

    year: int
    committed: float
    low: float | None = None
    median: float | None = None
    high: float | None = None
    leaving: float | None = None
    coming: float | None = None


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The accounts at the end of this year, kroner; `over_*` is the chance of overspending.

    No interval and no chance without earlier years that tell how surely the ledger follows the
    cases (`ratio_years` of them).
    """

    year: int
    median: float
    ratio_years: int
    low: float | None
    high: float | None
    over_corrected: float | None
    over_original: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of a workbook; `why` tells what it does not hold, and why."""

    name: str
    as_of: date
    spans: tuple[Span, ...]
    months: float = 0.0
    outlook: Outlook | None = None
    year_end: YearEnd | None = None
    why: Why = ""


def rows_of(ready: Prepared) -> tuple[Rows, int]:
    """Return the case rows granted by the as-of date as arrays, and the number of services."""
    as_of = ready.who.as_of
    late = (pl.col("bevilget_dato") > as_of).fill_null(value=False)
    once = pl.col("enhed") == "engang"
    one_off = pl.col("pris") * pl.col("antal").fill_null(1.0)
    frame = (
        ready.runnable.filter(~late)
        .with_columns(
            _price=pl.when(once).then(one_off).otherwise(cases.per_day(as_of)).fill_null(0.0),
            _lasting=(~once).fill_null(value=True),
            _case=pl.col("sag_id").rank("dense"),
            _service=pl.col("paragraf").fill_null("").rank("dense"),
        )
        .sort("raekke")
    )
    return Rows(
        frame["_case"].to_numpy().astype(np.int64),
        frame["_service"].to_numpy().astype(np.int64) - 1,
        np.array([d.toordinal() for d in frame["fra_dag"]], dtype=np.int64),
        np.array([d.toordinal() for d in frame["til_dag"]], dtype=np.int64),
        frame["_price"].to_numpy().astype(np.float64),
        frame["_lasting"].to_numpy(),
    ), int(frame["paragraf"].fill_null("").n_unique())


def begins_of(ready: Prepared, rows: Rows) -> int:
    """Return the first day the cases are taken to be complete from, an ordinal."""
    return max(date(min(ready.years), 1, 1).toordinal(), int(rows.first.min()))


def spans_of(
    rows: Rows, services: int, as_of: date, begins: int, seed: int, draws: int = DRAWS
) -> tuple[tuple[Span, ...], tuple[Floats, ...], float]:
    """Return each year's span, its draws (kr.), and the months of history.

    Without a year of history the spans hold the committed cost alone, and there are no draws.
    """
    known = cases_of(rows)
    spans = months_after(as_of, YEARS)
    years = sorted({y for y, *_ in spans})
    of = [np.array([y == year for y, *_ in spans]) for year in years]
    flows = estimate(known, services, as_of.toordinal(), begins)
    if flows is None:
        committed = cost(rows, spans).sum(axis=0)
        alone = tuple(Span(y, float(committed[m].sum())) for y, m in zip(years, of, strict=True))
        return alone, (), 0.0
    drawn = simulate(rows, known, flows, as_of, YEARS, seed, draws)
    totals = tuple((drawn.stay[:, m] + drawn.come[:, m]).sum(axis=1) for m in of)
    found = []
    for year, m, total in zip(years, of, totals, strict=True):
        committed_cost = float(drawn.committed[m].sum())
        low, median, high = (float(q) for q in np.quantile(total, LEVELS))
        leaving = float(drawn.stay[:, m].sum(axis=1).mean()) - committed_cost
        coming = float(drawn.come[:, m].sum(axis=1).mean())
        now = year == as_of.year
        found.append(
            Span(
                year,
                committed_cost,
                low if now else None,
                median,
                high if now else None,
                leaving,
                coming,
            )
        )
    return tuple(found), totals, flows.months


def forecast(ready: Prepared, seed: int = 1) -> Forecast:
    """Return the forecast of a workbook, seeded.

    The interval holds the chance of exits and inflow and the uncertainty of their rates.
    """
    name, as_of = ready.who.name, ready.who.as_of
    if ready.tables.get("sager") is None:
        return Forecast(name, as_of, (), why="no_cases")
    open_now = ready.runnable.filter(cases.runs_on(as_of))["borger_id"].n_unique()
    if is_small(open_now) or not open_now:
        return Forecast(name, as_of, (), why="few")
    rows, services = rows_of(ready)
    spans, totals, months = spans_of(rows, services, as_of, begins_of(ready, rows), seed)
    seen = outlook(ready)
    if not totals:
        return Forecast(name, as_of, spans, outlook=seen, why="short")
    end = _year_end(seen, spans[0], totals[0], ratios(ready), seed)
    return Forecast(name, as_of, spans, months, seen, end)


def _year_end(
    seen: Outlook | None, span: Span, total: Floats, past: list[float], seed: int
) -> YearEnd | None:
    """Return the year's accounts: booked, and what is left of the case cost in the ledger's kroner.

    What is left is the committed cost of the year less that to date, and what the draws differ from
    the committed by; the ratio is drawn as it was off in earlier years (Student's t, for they are
    few).
    """
    if seen is None or seen.year != span.year or seen.booked is None:
        return None
    if not seen.case_cost_to_date or seen.committed is None:
        return None
    ratio = seen.booked / seen.case_cost_to_date
    rest = ratio * (seen.committed + total - span.committed - seen.case_cost_to_date)
    known = len(past) >= LEAST_YEARS
    if not known:
        middle = seen.booked + float(np.median(rest))
        return YearEnd(span.year, middle, len(past), None, None, None, None)
    spread = float(np.sqrt(np.mean(np.square(past))))
    off = np.random.default_rng(seed).standard_t(len(past), len(rest)) * spread
    ends = seen.booked + rest * np.exp(off)
    low, median, high = (float(q) for q in np.quantile(ends, LEVELS))
    over = [
        None if b is None else float((ends > b).mean()) for b in (seen.corrected, seen.original)
    ]
    return YearEnd(span.year, median, len(past), low, high, over[0], over[1])


__all__ = [
    "OPEN",
    "Forecast",
    "Rows",
    "Span",
    "YearEnd",
    "begins_of",
    "forecast",
    "rows_of",
    "seen_on",
    "spans_of",
]
