"""Cases against the ledger, month by month: what is only a matter of time, and what is not.

A month in which the ledger holds more than the cases is netted against a month of the same function
at most two months away in which it holds less. What is netted is timing; what is left is real. So a
year's difference is the timing that crosses the end of the year, and what is real.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import fsum
from typing import Literal, NamedTuple

import polars as pl

from styring import cases, ledger
from styring.interplay import withheld_functions
from styring.places import place_of
from styring.prepare import Prepared
from styring.privacy import is_small, secondary
from styring.refund import rules_of
from styring.text import fold

WINDOW = 2
"""Months within which as much too little makes up for too much."""
Side = Literal["both", "ledger", "cases"]
Amounts = Mapping[tuple[str, int], Fraction]
"""Kroner by function and month number (year × 12 + month − 1)."""
NOTHING = Fraction(0)


class Netted(NamedTuple):
    """Kroner of one month's gap that make up for another's; `first` is the earlier one.

    `amount` has the sign of the first month's gap.
    """

    first: int
    second: int
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Month:
    """A function's month, kroner before refund; gap = ledger − cases = timing + real.

    `cases`, `gap`, `timing` and `real` are None where they would give few citizens away.
    """

    year: int
    month: int
    ledger: float
    cases: float | None
    gap: float | None
    timing: float | None
    real: float | None


@dataclass(frozen=True, slots=True)
class FunctionYear:
    """A function's year, kroner before refund; difference = carried + real.

    `carried` is what months of another year make up for, `moved` what months of the same year do
    (counted once). `open` is what is left in the latest two months, which later ones may still make
    up for. All four are None where months are missing on either side or withheld; `cases` and
    `difference` too where the year is.
    """

    function: str
    year: int
    partial: bool
    side: Side
    ledger: float | None
    cases: float | None
    difference: float | None
    moved: float | None = None
    carried: float | None = None
    real: float | None = None
    open: float | None = None
    months: tuple[Month, ...] = ()
    withheld: bool = False
    whole_year: bool = False


def net(gaps: Mapping[int, Fraction], window: int = WINDOW) -> list[Netted]:
    """Return how gaps of opposite sign make up for each other, the oldest first.

    Each gap is set against the oldest that is left of the other sign, at most `window` months away.
    As a gap can wait no longer than any later one, no other way nets more in all.

    Args:
        gaps: ledger less cases by month number.
        window: months between the two, at most.
    """
    waiting: deque[tuple[int, Fraction]] = deque()
    found: list[Netted] = []
    for month in sorted(gaps):
        left = gaps[month]
        while waiting and waiting[0][0] < month - window:
            waiting.popleft()
        while left and waiting and (waiting[0][1] > 0) != (left > 0):
            then, amount = waiting.popleft()
            part = min(abs(amount), abs(left)) * (1 if amount > 0 else -1)
            found.append(Netted(then, month, part))
            left += part
            if amount != part:
                waiting.appendleft((then, amount - part))
        if left:
            waiting.append((month, left))
    return found


def reconcile(ready: Prepared) -> tuple[FunctionYear, ...]:
    """Return cases against ledger by function, and by month where both have months.

    Of the latest finished year and of the current one to the last month that has ended. Empty where
    either sheet is missing.
    """
    if not _has_both(ready):
        return ()
    shown = [y for y in (ready.who.finished_year, ready.who.accounting_year) if y in ready.years]
    shown = [y for y in dict.fromkeys(shown) if ready.finished(y) or ready.who.ended_months]
    looked_at = sorted({y for s in shown for y in (s - 1, s)} & set(ready.years))
    booked, whole = _booked(ready, looked_at)
    spent = _spent(ready, looked_at)
    cost = _sums(spent, cases.COST_SCALE)
    gone, few = withheld_functions(ready), _months_withheld(spent, shown)
    every = sorted({f for f, _ in [*booked, *cost, *whole]})
    return tuple(
        line
        for y in shown
        for f in every
        if (
            line := _function_year(
                ready, f, y, (booked, cost, whole), hidden=((f, y) in gone, (f, y) in few)
            )
        )
    )


def _has_both(ready: Prepared) -> bool:
    """Return whether there are rows of the ledger and of cases."""
    frames = [ready.tables.get(s) for s in ("oekonomi", "sager")]
    return all(f is not None and not f.is_empty() for f in frames)


def _booked(ready: Prepared, years: list[int]) -> tuple[Amounts, Amounts]:
    """Return what is booked by function and month, and by function and year without a month."""
    rows = (
        ready.placed("oekonomi", "year_ended")
        .filter(
            (pl.col("version") == "regnskab")
            & ~pl.col("refusion")
            & pl.col("aar").is_in(years)
            & pl.col("beloeb_exact").is_not_null()
        )
        .with_columns(
            pl.col("funktion").fill_null(""),
            nr=pl.col("aar") * 12 + pl.col("maaned") - 1,
            exact=pl.col("beloeb_exact").cast(pl.Int128()),
        )
    )
    monthly = _sums(rows.filter(pl.col("maaned").is_not_null()), ledger.AMOUNT_SCALE)
    yearly = rows.filter(pl.col("maaned").is_null()).with_columns(nr=pl.col("aar"))
    return monthly, _sums(yearly, ledger.AMOUNT_SCALE)


def _spent(ready: Prepared, years: list[int]) -> pl.DataFrame:
    """Return the cases' exact cost by row and month that has ended, with function and citizen."""
    ends = [day for y, day in ready.until("year_ended").items() if y in years]
    last = max(ends, default=date.min)
    people = ready.runnable.select(
        "raekke",
        pl.col("funktion").fill_null(""),
        pl.col("paragraf").fill_null(""),
        borger=pl.col("borger_id").rank("dense"),
    )
    days = (pl.col("til") - pl.col("fra")).dt.total_days() + 1
    return (
        cases.by_month(ready.runnable.filter(pl.col("fra_dag") <= last), years)
        .filter(pl.col("m_til") <= last)
        .select(
            "raekke",
            "nr",
            exact=pl.col("enhedspris") * days.cast(pl.Int128()) * pl.col("dagsdel"),
        )
        .collect(engine="in-memory")
        .join(people, on="raekke", how="left", maintain_order="left")
    )


def _sums(rows: pl.DataFrame, scale: int) -> Amounts:
    sums = rows.group_by("funktion", "nr", maintain_order=True).agg(pl.col("exact").sum())
    return {(f, n): Fraction(int(x or 0), scale) for f, n, x in sums.iter_rows()}


def _months_withheld(spent: pl.DataFrame, years: list[int]) -> set[tuple[str, int]]:
    """Return the functions and years whose months would give few citizens away.

    Those where a month has few citizens of a paragraph, and one more where there is only one such
    function, for the months of all functions may be known elsewhere.
    """
    few = (
        spent.group_by("funktion", "paragraf", "nr")
        .agg(pl.col("borger").n_unique())
        .with_columns(aar=pl.col("nr") // 12)
        .filter(pl.col("aar").is_in(years))
        .group_by("funktion", "aar")
        .agg(pl.col("borger").min())
        .sort("aar", "funktion")
    )
    found: set[tuple[str, int]] = set()
    for _, of_year in few.group_by("aar", maintain_order=True):
        gone = sorted(secondary(of_year["borger"].to_list()))
        found |= set(of_year[gone].select("funktion", "aar").iter_rows())
    return found


def _function_year(
    ready: Prepared,
    function: str,
    year: int,
    amounts: tuple[Amounts, Amounts, Amounts],
    *,
    hidden: tuple[bool, bool],
) -> FunctionYear | None:
    """Return a function's year; `hidden` says whether the year, and its months, are withheld."""
    booked, cost, whole = ({n: x for (f, n), x in a.items() if f == function} for a in amounts)
    numbers = [n for n in _numbers(ready) if n // 12 == year]
    in_ledger = year in whole or any(n in booked for n in numbers)
    in_cases = any(n in cost for n in numbers)
    if not in_ledger and not in_cases:
        return None
    of_ledger = whole.get(year, NOTHING) + sum((booked.get(n, NOTHING) for n in numbers), NOTHING)
    of_cases = sum((cost.get(n, NOTHING) for n in numbers), NOTHING)
    both = in_ledger and in_cases
    line = FunctionYear(
        function=function,
        year=year,
        partial=not ready.finished(year),
        side="both" if both else "ledger" if in_ledger else "cases",
        ledger=float(of_ledger) if in_ledger else None,
        cases=float(of_cases) if in_cases and not hidden[0] else None,
        difference=float(of_ledger - of_cases) if both and not hidden[0] else None,
        withheld=in_cases and hidden[0],
        whole_year=year in whole,
    )
    if not both or year in whole:
        return line
    months = {
        n: (booked.get(n, NOTHING), cost.get(n, NOTHING))
        for n in _numbers(ready)
        if n // 12 not in whole and year - 1 <= n // 12 <= year + 1 and _reached(n, booked, cost)
    }
    return _with_months(line, months, numbers, secret=any(hidden))


def _numbers(ready: Prepared) -> list[int]:
    """Return the numbers of all months that had ended on the as-of date."""
    until = ready.until("year_ended")
    return [y * 12 + m for y in sorted(until) for m in range(until[y].month) if until[y].year == y]


def _reached(month: int, *sides: Mapping[int, Fraction]) -> bool:
    """Return whether a month lies in a year that each side has something of."""
    return all(any(n // 12 == month // 12 for n in side) for side in sides)


def _with_months(
    line: FunctionYear,
    months: Mapping[int, tuple[Fraction, Fraction]],
    of_year: list[int],
    *,
    secret: bool,
) -> FunctionYear:
    """Return a function's year with its months, its difference told apart; not where `secret`."""
    if secret:
        shown = [
            Month(n // 12, n % 12 + 1, float(months[n][0]), None, None, None, None) for n in of_year
        ]
        return replace(line, months=tuple(shown))
    gaps = {n: booked - cost for n, (booked, cost) in months.items()}
    pairs = net(gaps)
    timing = dict.fromkeys(gaps, NOTHING)
    carried = moved = NOTHING
    for first, second, amount in pairs:
        timing[first] += amount
        timing[second] -= amount
        if first // 12 == second // 12 == line.year:
            moved += abs(amount)
        elif first // 12 == line.year:
            carried += amount
        elif second // 12 == line.year:
            carried -= amount
    left = {n: gaps[n] - timing[n] for n in of_year}
    last = max(months)
    still = sum((x for n, x in left.items() if n > last - WINDOW), NOTHING)
    return replace(
        line,
        moved=float(moved),
        carried=float(carried),
        real=float(sum(left.values(), NOTHING)),
        open=float(still) if line.partial else 0.0,
        months=tuple(
            Month(
                n // 12,
                n % 12 + 1,
                float(months[n][0]),
                float(months[n][1]),
                float(gaps[n]),
                float(timing[n]),
                float(left[n]),
            )
            for n in of_year
        ),
    )


PAYMENTS: Mapping[str, str] = {"anden kommune": "4.7", "region": "4.8"}
"""The provider of bought services, and the art that payments to it are booked on."""
OTHERS_PAY, INCOME_ART = "betalende kommune", "7.7"
"""Cases that another municipality pays for, and the art that its payments are booked on."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What is paid to a kind of provider in the latest finished year: booked, and by the cases.

    Kroner; of `OTHERS_PAY` what other municipalities pay, income positive. `cases` is None where
    it would give few citizens away.
    """

    provider: str
    year: int
    booked: float
    cases: float | None


def payments(ready: Prepared) -> tuple[Payment, ...]:
    """Return payments to other municipalities and regions against the cases bought of them.

    And from other municipalities, against the cases that name another one as the payer. Only where
    the ledger has the art (4.7, 4.8, 7.7), and the cases have providers or payers.
    Source: Budget- og regnskabssystem for kommuner, artskontoplanen.
    """
    year = ready.who.finished_year
    if not _has_both(ready) or year not in ready.years:
        return ()
    rows = ready.placed("oekonomi", "year").filter(
        (pl.col("version") == "regnskab") & ~pl.col("refusion") & (pl.col("aar") == year)
    )
    exact = pl.col("beloeb_exact").cast(pl.Int128()).sum()
    booked = dict(rows.group_by("art").agg(exact).iter_rows())
    of_year = ready.placed("sager", "year").filter(pl.col("aar") == year)
    spent = (
        of_year.group_by("leverandoertype")
        .agg(pl.col("borger_id").n_unique(), pl.col("udgift_exact").sum())
        .sort("leverandoertype")
    )
    hidden = secondary(spent["borger_id"].to_list())
    cost = {
        p: None if n in hidden else float(Fraction(int(x), cases.COST_SCALE))
        for n, (p, _, x) in enumerate(spent.iter_rows())
    }
    paid = tuple(
        Payment(p, year, float(Fraction(int(booked[art]), ledger.AMOUNT_SCALE)), cost[p])
        for p, art in PAYMENTS.items()
        if booked.get(art) is not None and p in cost
    )
    return (*paid, *_income(ready, year, of_year, booked.get(INCOME_ART)))


def _is_own(ready: Prepared, payer: str) -> bool:
    """Return whether a payer is the municipality itself, by code or by any spelling of its name."""
    place = place_of(payer)
    own = {fold(ready.who.code), fold(ready.who.name)}
    return fold(payer) in own or (place is not None and place.code == ready.who.code)


def _income(
    ready: Prepared, year: int, rows: pl.DataFrame, booked: int | None
) -> Iterator[Payment]:
    """Yield what other municipalities pay, where the cases name them or the ledger has it."""
    payers = rows["betalingskommune"].drop_nulls().unique().to_list()
    others = [p for p in payers if not _is_own(ready, p)]
    theirs = rows.filter(pl.col("betalingskommune").is_in(others))
    if not payers or (theirs.is_empty() and not booked):
        return
    few = is_small(theirs["borger_id"].n_unique())
    cost = Fraction(int(theirs["udgift_exact"].sum()), cases.COST_SCALE)
    income = -float(Fraction(int(booked or 0), ledger.AMOUNT_SCALE))
    yield Payment(OTHERS_PAY, year, income, None if few else float(cost))


@dataclass(frozen=True, slots=True)
class RefundYear:
    """The central refund the steps would give in a year, and what is booked; kroner, positive.

    `computed` is None where the year's steps are not known, or where it would give few citizens
    away (`withheld`); `persons` are those above the first step. `ageless` counts citizens whose
    year of birth is not given, for whom nothing is computed; None where they are few.
    """

    year: int
    persons: int | None
    computed: float | None
    booked: float | None
    withheld: bool = False
    ageless: int | None = 0


def refunds(ready: Prepared) -> tuple[RefundYear, ...]:
    """Return the finished years' refund by the steps and as booked (dranst 2 and 5.22.07).

    The steps are those of the facts shelf or the municipality's own settings, per person and
    calendar year; the booked amount turned so that income is positive.
    Source: Serviceloven § 176 (and § 176 a).
    """
    if not _has_both(ready):
        return ()
    return tuple(_refunds(ready))


def _refunds(ready: Prepared) -> Iterator[RefundYear]:
    booked = ready.placed("oekonomi", "year").filter(
        (pl.col("version") == "regnskab") & pl.col("refusion")
    )
    exact = pl.col("beloeb_exact").cast(pl.Int128()).sum()
    sums = {
        y: -float(Fraction(int(x), ledger.AMOUNT_SCALE))
        for y, x in booked.group_by("aar").agg(exact).iter_rows()
        if x is not None
    }
    people = ready.placed("citizen_years", "year")
    for year in ready.years:
        if not ready.finished(year):
            continue
        of_year = people.filter(pl.col("aar") == year)
        if not rules_of(ready.facts.refund, year):
            yield RefundYear(year, None, None, sums.get(year))
            continue
        given = of_year.filter(pl.col("beregnet_refusion") > 0)["beregnet_refusion"]
        ageless = of_year["alder"].null_count()
        secret = is_small(given.len())
        yield RefundYear(
            year,
            None if secret else given.len(),
            None if secret else fsum(given),
            sums.get(year),
            secret,
            None if is_small(ageless) else ageless,
        )
