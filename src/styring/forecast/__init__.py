"""How the year will end, and the two after: granted cases, who leaves, who comes, and the accounts.

What the municipality's own cases show of inflow, exits, longer grants and prices is drawn forward
by paragraph, with the young people it has listed; what is known already counts first. The ledger
follows the cases by the ratio between what is booked and what the cases have cost this year, and
the ratio is varied as it has varied in earlier years.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from styring import cases
from styring.economy import outlook
from styring.forecast.driven import (
    LEVELS,
    Paragraph,
    Span,
    citizens_of,
    in_year,
    shares_of,
    span_of,
    withheld,
    years_of,
)
from styring.forecast.flows import Flows, estimate, yearly_young
from styring.forecast.ratio import LEAST_YEARS, ratios
from styring.forecast.rows import (
    DAILY,
    MONTH,
    MONTHLY,
    OPEN,
    YEARLY,
    Floats,
    Ints,
    Rows,
    by_the_year,
    cases_of,
    cost,
    months_after,
    months_to,
    seen_on,
)
from styring.forecast.simulate import DRAWS, Drawn, simulate
from styring.forecast.young import Young, paragraphs_of, young_of
from styring.prepare import Prepared
from styring.privacy import is_small
from styring.review import Outlook

YEARS = 3
UNIX = date(1970, 1, 1).toordinal()
Why = Literal["", "no_cases", "few", "short"]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the forecast rests on.

    `price_change` a year of the same case, None where the sheet has no price changes; `renewed` the
    share of ends that were made longer; `listed` young people who turn 18 in the years shown
    (None: few or none), `chance` the mean chance that one of them gets support; `by_the_year`
    whether rows that end at New Year are taken to run on, because most do.
    """

    price_change: float | None = None
    renewed: float | None = None
    listed: int | None = None
    chance: float | None = None
    by_the_year: bool = False


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
    basis: Basis = Basis()


def services_of(ready: Prepared) -> tuple[str, ...]:
    """Return the paragraphs of the cases and of the young people listed, in order."""
    own = ready.runnable["paragraf"].fill_null("").unique().to_list()
    return tuple(sorted({*own, *paragraphs_of(ready)}))


def rows_of(ready: Prepared) -> tuple[Rows, int]:
    """Return the case rows granted by the as-of date as arrays, and the number of services.

    The order of the sheet does not matter.
    """
    as_of = ready.who.as_of
    services = services_of(ready)
    late = (pl.col("bevilget_dato") > as_of).fill_null(value=False)
    once = pl.col("enhed") == "engang"
    unit = {"måned": MONTHLY, "år": YEARLY}
    price = pl.col("pris") * pl.col("antal").fill_null(1.0)
    divisor = {"uge": 7.0, "måned": MONTH, "år": 12 * MONTH}
    place = {p: n for n, p in enumerate(services)}
    order = ("sag_id", "fra_dag", "til_dag", "_service", "_price", "borger_id")
    frame = (
        ready.runnable.filter(~late)
        .with_columns(
            _price=(price / pl.col("enhed").replace_strict(divisor, default=1.0)).fill_null(0.0),
            _unit=pl.col("enhed").replace_strict(unit, default=DAILY, return_dtype=pl.Int64()),
            _lasting=(~once).fill_null(value=True),
            _case=pl.col("sag_id").rank("dense"),
            _citizen=pl.col("borger_id").rank("dense"),
            _service=pl.col("paragraf").fill_null("").replace_strict(place),
        )
        .sort(*order, nulls_last=True)
    )
    return Rows(
        frame["_case"].to_numpy().astype(np.int64),
        frame["_service"].to_numpy().astype(np.int64),
        _ordinals(frame["fra_dag"]),
        _ordinals(frame["til_dag"]),
        frame["_price"].to_numpy().astype(np.float64),
        frame["_lasting"].to_numpy(),
        frame["_unit"].to_numpy().astype(np.int64),
        frame["foedselsaar"].fill_null(0).to_numpy().astype(np.int64),
        frame["_citizen"].to_numpy().astype(np.int64),
    ), len(services)


def _ordinals(days: pl.Series) -> Ints:
    """Return days (Date, no nulls) as `date.toordinal` counts them."""
    return days.to_physical().to_numpy().astype(np.int64) + UNIX


def begins_of(ready: Prepared, rows: Rows) -> int:
    """Return the first day the cases are taken to be complete from, an ordinal."""
    return max(date(min(ready.years), 1, 1).toordinal(), int(rows.first.min()))


def spans_of(
    rows: Rows,
    services: int,
    as_of: date,
    begins: int,
    seed: int,
    draws: int = DRAWS,
    young: Young | None = None,
) -> tuple[tuple[Span, ...], tuple[Floats, ...], float]:
    """Return each year's span, its draws (kr.), and the months of history.

    Without a year of history the spans hold the committed cost alone, and there are no draws.
    """
    seen = look_ahead(rows, services, as_of, begins, seed, draws, young)
    if seen is None:
        return _committed(rows, as_of), (), 0.0
    years = [in_year(seen.drawn, y) for y in years_of(seen.drawn)]
    return tuple(map(span_of, years)), tuple(y.total() for y in years), seen.flows.months


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was estimated and drawn."""

    flows: Flows
    drawn: Drawn


def look_ahead(
    rows: Rows,
    services: int,
    as_of: date,
    begins: int,
    seed: int,
    draws: int = DRAWS,
    young: Young | None = None,
) -> Ahead | None:
    """Return the flows and the draws, None without a year of history."""
    known = cases_of(rows)
    flows = estimate(rows, known, services, as_of.toordinal(), begins)
    if flows is None:
        return None
    listed = None
    if young:
        listed = (young, yearly_young(rows, as_of.toordinal(), flows.months))
    return Ahead(flows, simulate(rows, known, flows, as_of, YEARS, seed, draws, listed))


def _committed(rows: Rows, as_of: date) -> tuple[Span, ...]:
    months = months_after(as_of, YEARS)
    kroner = cost(rows, months).sum(axis=0)
    years = np.array([y for y, *_ in months])
    return tuple(Span(int(y), float(kroner[years == y].sum())) for y in np.unique(years))


def forecast(ready: Prepared, seed: int = 1) -> Forecast:
    """Return the forecast of a workbook, seeded.

    The interval holds the chance of exits and inflow, and the uncertainty of rates and prices.
    """
    name, as_of = ready.who.name, ready.who.as_of
    if ready.tables.get("sager") is None:
        return Forecast(name, as_of, (), why="no_cases")
    open_now = ready.runnable.filter(cases.runs_on(as_of))["borger_id"].n_unique()
    if is_small(open_now) or not open_now:
        return Forecast(name, as_of, (), why="few")
    rows, services = rows_of(ready)
    yearly = by_the_year(rows, as_of.toordinal())
    rows = replace(rows, last=np.where(yearly, OPEN, rows.last))
    months = months_after(as_of, YEARS)
    people = citizens_of(rows, services, months)
    years = [y for y in sorted(people) if not is_small(people[y][-1])]
    if months[0][0] not in years:
        return Forecast(name, as_of, (), why="few")
    begins = begins_of(ready, rows)
    young = young_of(ready, services_of(ready), YEARS)
    ahead, seen = look_ahead(rows, services, as_of, begins, seed, young=young), outlook(ready)
    run_on = bool(yearly.any())
    if ahead is None:
        alone = tuple(s for s in _committed(rows, as_of) if s.year in years)
        basis = Basis(by_the_year=run_on)
        return Forecast(name, as_of, alone, outlook=seen, why="short", basis=basis)
    hidden = withheld(_counts(rows, services, as_of, [people[y] for y in years], young))
    spans = _spans(ahead, rows, as_of, years, services_of(ready), hidden, young)
    total = in_year(ahead.drawn, years[0]).total()
    end = _year_end(seen, spans[0], total, ratios(ready), seed)
    basis = replace(_basis(ahead, young, years[-1]), by_the_year=run_on)
    return Forecast(name, as_of, spans, ahead.flows.months, seen, end, basis=basis)


def _counts(
    rows: Rows, services: int, as_of: date, ahead: list[list[int]], young: Young | None
) -> list[list[int]]:
    """Return who is behind each service's figures: the year so far, and each year ahead.

    Where nobody has granted days, those of earlier years and the young people listed are.
    """
    people = [citizens_of(rows, services, months_to(as_of))[as_of.year], *ahead]
    pairs = np.unique(np.stack([rows.service, rows.citizen]), axis=1)
    ever = np.bincount(pairs[0], minlength=services)
    if young is not None:
        ever += np.bincount(young.service[young.service >= 0], minlength=services)
    return [np.where(np.array(c[:-1]) == 0, ever, c[:-1]).tolist() for c in people]


def _spans(
    ahead: Ahead,
    rows: Rows,
    as_of: date,
    years: list[int],
    names: tuple[str, ...],
    hidden: set[int],
    young: Young | None,
) -> tuple[Span, ...]:
    """Return the years, with paragraphs, and what the cases have cost so far in the year begun."""
    before = np.zeros(len(names))
    np.add.at(before, rows.service, cost(rows, months_to(as_of)).sum(axis=1))
    found = []
    for year in years:
        drawn, begun = in_year(ahead.drawn, year), year == as_of.year
        span = span_of(drawn, apart=turned(young, year) is not None)
        shares = shares_of(drawn, names, hidden, before if begun else None)
        to_date = float(before.sum()) if begun else None
        found.append(replace(span, to_date=to_date, paragraphs=shares))
    return tuple(found)


def turned(young: Young | None, year: int) -> int | None:
    """Return how many of those listed turn 18 by the end of a year; None where few or none."""
    if young is None:
        return None
    count = int((young.first <= date(year, 12, 31).toordinal()).sum())
    return None if is_small(count) or not count else count


def _basis(ahead: Ahead, young: Young | None, year: int) -> Basis:
    told = not is_small(ahead.flows.went_on) and ahead.flows.went_on > 0
    listed = turned(young, year)
    return Basis(
        None if ahead.flows.drift is None else float(np.expm1(ahead.flows.drift.mean)),
        float(ahead.drawn.longer.mean()) if told else None,
        listed,
        None if listed is None else float(ahead.drawn.listed.mean()),
    )


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
    "Basis",
    "Forecast",
    "Paragraph",
    "Rows",
    "Span",
    "YearEnd",
    "begins_of",
    "forecast",
    "rows_of",
    "seen_on",
    "spans_of",
]
