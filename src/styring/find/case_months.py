"""The cases by service day, by payment day and beside the ledger's months, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from styring import cases, ledger
from styring.cash import CashYear, cash_years
from styring.errors import Texts, join_texts
from styring.months import case_periods
from styring.prepare import Prepared
from styring.privacy import is_small
from styring.review import CaseMonth, CaseMonthsPart, CashLine
from styring.say import sentence
from styring.text import both, millions, period

LEAST_SAID = 1_000
"""Kroner of a 53rd week that are told of."""
Months = dict[tuple[int, int], float]
"""Kroner by year and month."""


def case_months_part(ready: Prepared) -> CaseMonthsPart | None:
    """Return the cases by service day, by payment day and by month; None without cases.

    Args:
        ready: the tables.
    """
    sager = ready.tables.get("sager")
    if sager is None or ready.runnable.is_empty():
        return None
    years, months = cash_years(ready), _months(ready)
    return CaseMonthsPart(
        cash_text=join_texts([*_cash_text(years)]),
        cash=tuple(_cash(y) for y in years),
        months_text=join_texts([*_months_text(months)]),
        months=months,
    )


def _cash(y: CashYear) -> CashLine:
    known = y.paid is not None and y.accrued is not None
    return CashLine(
        year=y.year,
        accrued=y.accrued,
        paid=y.paid,
        difference=(y.paid or 0.0) - (y.accrued or 0.0) if known else None,
        weeks_53=y.weeks_53,
        new_year=y.new_year,
        begun=y.begun,
        rounding=y.rounding,
    )


def _cash_text(years: Sequence[CashYear]) -> Iterator[Texts]:
    """Yield how far payments are from service days in the latest year, and what is assumed."""
    latest = years[-1] if years else None
    if latest is None:
        yield sentence("case_months.cash_none")
        return
    if latest.paid is None or latest.accrued is None:
        yield sentence("case_months.cash_few")
    else:
        gap = latest.paid - latest.accrued
        way = "same" if not gap else "more" if gap > 0 else "less"
        yield sentence(
            f"case_months.cash_{way}",
            aar=latest.year,
            ydelse=both(millions, latest.accrued),
            forskel=both(millions, abs(gap)),
        )
        if latest.weeks_53 and abs(latest.weeks_53) >= LEAST_SAID:
            yield sentence("case_months.cash_53", beloeb=both(millions, latest.weeks_53, sign=True))
        if gap:
            yield sentence("case_months.cash_ask")
    if any(None in (y.paid, y.weeks_53, y.new_year, y.begun, y.rounding) for y in years):
        yield sentence("case_months.cash_hidden")
    yield sentence("case_months.assumed")


def _months(ready: Prepared) -> tuple[CaseMonth, ...]:
    """Return the ended months of the latest finished and the current year."""
    looked_at = {ready.who.finished_year, ready.who.accounting_year}
    until = {y: day for y, day in ready.until("year_ended").items() if y in looked_at}
    cost: Months = {}
    few: set[tuple[int, int]] = set()
    for y, m, kr, citizens in (
        case_periods(ready).select("aar", "maaned", "udgift", "borgere").iter_rows()
    ):
        cost[y, m] = kr
        if is_small(citizens):
            few.add((y, m))
    booked = _booked(ready)
    lines = []
    for year in sorted(until):
        for month in range(1, until[year].month + 1 if until[year].year == year else 1):
            at = (year, month)
            spent = None if at in few else cost.get(at, 0.0)
            of_ledger = booked.get(at)
            apart = None if spent is None or of_ledger is None else of_ledger - spent
            lines.append(
                CaseMonth(
                    month=f"{year}-{month:02}", cases=spent, ledger=of_ledger, difference=apart
                )
            )
    return tuple(lines)


def _booked(ready: Prepared) -> Months:
    """Return the accounts before refund by month, of the functions that the cases name.

    Of all functions where the cases name none; empty where the ledger is missing or has no months.
    """
    if ready.tables.get("oekonomi") is None:
        return {}
    named = ready.runnable["funktion"].drop_nulls().unique().sort().to_list()
    rows = ready.placed("oekonomi", "year_ended").filter(
        (pl.col("version") == "regnskab")
        & ~pl.col("refusion")
        & pl.col("maaned").is_not_null()
        & (pl.col("funktion").is_in(named) if named else pl.lit(value=True))
    )
    amount = cases.from_exact(pl.col("beloeb_exact").cast(pl.Int128()).sum(), ledger.AMOUNT_SCALE)
    sums = rows.group_by("aar", "maaned").agg(amount.alias("kr"))
    return {(y, m): kr for y, m, kr in sums.iter_rows() if kr is not None}


def _months_text(months: Sequence[CaseMonth]) -> Iterator[Texts]:
    """Yield between what the months lie on both sides, and the month furthest apart."""
    known = [m for m in months if m.difference is not None]
    if not known:
        yield sentence("case_months.months_none")
        return
    spent, booked = [m.cases or 0.0 for m in known], [m.ledger or 0.0 for m in known]
    yield sentence(
        "case_months.months_span",
        foerste=both(period, known[0].month),
        sidste=both(period, known[-1].month),
        lav=both(millions, min(spent)),
        hoej=both(millions, max(spent)),
        lavest=both(millions, min(booked)),
        hoejest=both(millions, max(booked)),
    )
    widest = max(known, key=lambda m: (abs(m.difference or 0.0), m.month))
    if widest.difference:
        yield sentence(
            f"case_months.widest_{'more' if widest.difference > 0 else 'less'}",
            maaned=both(period, widest.month),
            beloeb=both(millions, abs(widest.difference)),
        )
