"""What the cases cost by payment day, beside what they cost by service day.

A price per day is paid every day, a week's on the weekday the service began and every seventh day
after (every fourteenth for a fortnight's), a month's on its payment day, a year's in twelfths, a
one-off payment on its day. Nothing is paid in part, and each payment is rounded to whole øre, half
away from zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from styring import cases
from styring.prepare import Prepared
from styring.privacy import is_small, secondary

LAST_DAY = 31
"""The payment day that is the last of every month."""
FORTNIGHT = "14 dage"
STEPS = {"uge": 7, FORTNIGHT: 14}
PERCENT_PARTS = 100 * cases.PARTS
"""Whole parts of 100 per cent."""
OERE = cases.PARTS * cases.PARTS // 100
"""What one øre is of a unit price."""
TWELFTHS = 12
FULL_WEEKS = 53
NAMED = ("weeks_53", "new_year", "begun")
PARTS = (*NAMED, "rounding")
OERE_EXACT = cases.COST_SCALE // 100
"""What one øre is of an exact cost."""


@dataclass(frozen=True, slots=True)
class CashYear:
    """A finished year's cost by service day and by payment day, kroner.

    paid = accrued + `weeks_53` (a 53rd weekly payment in the year) + `new_year` (weeks that cross a
    New Year) + `begun` (weeks and months that a service fills in part, paid in full or not at all)
    + `rounding`. What would give few citizens away is None.
    """

    year: int
    accrued: float | None
    paid: float | None
    weeks_53: float | None
    new_year: float | None
    begun: float | None
    rounding: float | None


def with_terms(rows: pl.DataFrame, payment_day: int = LAST_DAY) -> pl.DataFrame:
    """Return case rows with when and how they are paid, where nothing says otherwise.

    A row that follows its case's former row of the same unit the day after goes on with its
    weekday: a new price does not start the weeks anew.

    Args:
        rows: from `cases.runnable`.
        payment_day: day of the month; a shorter month uses its last.

    Returns:
        The rows with `kaede` (the row its payments began with), `anker` Date (their first day),
        `betalingsdag` Int64, `moms` Float64 (per cent of the price that is paid).
    """
    of = ["sag_id", "enhed"]
    before = pl.col("til_dag").shift(1).over(of)
    begins = (before != pl.col("fra_dag").dt.offset_by("-1d")).fill_null(value=True)
    return (
        rows.sort([*of, "fra_dag", "raekke"], nulls_last=True)
        .with_columns(_begins=begins | (pl.col("enhed") == "engang"))
        .with_columns(
            kaede=pl.when("_begins").then("raekke").forward_fill(),
            anker=pl.when("_begins").then("fra_dag").forward_fill(),
            betalingsdag=pl.lit(payment_day, pl.Int64()),
            moms=pl.lit(100.0),
        )
        .drop("_begins")
        .sort("raekke")
    )


def payments(rows: pl.DataFrame, years: Sequence[int]) -> pl.LazyFrame:
    """Return the payments of case rows by calendar month.

    Args:
        rows: from `with_terms`; `enhed` may be `14 dage` too. A payment on a list is a one-off row
            of its own; a new price is a row of its own with the former's `anker`.
        years: the years that are looked at.

    Returns:
        One row per case row and month in which it runs: `cases.by_month`'s columns, the terms,
        `betalinger` Int64 (how many payments), `oere` Int128 (one payment, rounded; null where the
        price is not known) and `betalt_oere` Int128 (those of the month).
    """
    terms = rows.select("raekke", "kaede", "anker", "betalingsdag", "moms")
    return (
        cases.by_month(rows, years)
        .join(terms.lazy(), on="raekke", how="left", maintain_order="left")
        .with_columns(betalinger=_count(), oere=_one_payment())
        .with_columns(betalt_oere=pl.col("betalinger").cast(pl.Int128()) * pl.col("oere"))
    )


def _days(column: str) -> pl.Expr:
    return pl.col(column).to_physical().cast(pl.Int64())


def _count() -> pl.Expr:
    """Return how many payments fall in a row's days of a month."""
    first, last, anchor = _days("fra"), _days("til"), _days("anker")
    step = pl.col("enhed").replace_strict(STEPS, default=1, return_dtype=pl.Int64())
    day = _days("m_fra") + pl.min_horizontal("betalingsdag", "m_dage") - 1
    return (
        pl.when(pl.col("enhed").is_in(["måned", "år"]))
        .then(day.is_between(first, last).cast(pl.Int64()))
        .otherwise((last - anchor) // step - (first - 1 - anchor) // step)
    )


def _one_payment() -> pl.Expr:
    """Return one payment in whole øre, half away from zero."""
    due = pl.col("enhedspris") * cases.to_parts("moms")
    unit = pl.when(pl.col("enhed") == "år").then(TWELFTHS).otherwise(1).cast(pl.Int128())
    parts = unit * (OERE * PERCENT_PARTS)
    sign = pl.when(due < 0).then(-1).otherwise(1).cast(pl.Int128())
    return sign * ((due * sign * 2 + parts) // (parts * 2))


def cash_years(ready: Prepared) -> tuple[CashYear, ...]:
    """Return each finished year by service day and by payment day; empty without cases.

    The payment day of a month is its last; weeks are counted from the first day of the service.
    """
    sager = ready.tables.get("sager")
    if sager is None or sager.is_empty():
        return ()
    rows = with_terms(ready.runnable)
    years = [y for y in ready.years if ready.finished(y)]
    whose = rows.select("raekke", "borger_id")
    paid = {
        year: explained(payments(rows, [year])).join(
            whose, on="raekke", how="left", maintain_order="left"
        )
        for year in years
    }
    return tuple(_year(year, of_year) for year, of_year in paid.items() if not of_year.is_empty())


def explained(paid: pl.LazyFrame) -> pl.DataFrame:
    """Return per case row and year what was accrued and paid, and why they differ.

    Of the units of the workbook, at 100 per cent of the price. A week's payment covers seven days.
    Days of the year that it covers beyond the row's end, less days of the row that an earlier row's
    payment covers, are `begun`; days it covers on the other side of a New Year are `new_year`, or
    `weeks_53` where the service has 53 payments in the year.

    Args:
        paid: from `payments`, of whole years.

    Returns:
        `raekke`, `aar`, and exact costs (Int128, over `cases.COST_SCALE`): `accrued`, `paid`,
        `weeks_53`, `new_year`, `begun`, `rounding`; sorted by row and year.
    """
    days = (pl.col("til") - pl.col("fra")).dt.total_days() + 1
    price = pl.col("enhedspris") * cases.DAY_PARTS
    unit = pl.when(pl.col("enhed") == "år").then(TWELFTHS).otherwise(1).cast(pl.Int128())
    sums = (
        paid.filter(pl.col("enhedspris").is_not_null())
        .group_by("raekke", "aar", maintain_order=True)
        .agg(
            pl.col("kaede", "anker", "enhed", "enhedspris", "fra_dag", "til_dag").first(),
            pl.col("betalinger").sum(),
            accrued=(pl.col("enhedspris") * (days.cast(pl.Int128()) * pl.col("dagsdel"))).sum(),
            due=(price // unit * pl.col("betalinger").cast(pl.Int128())).sum(),
            paid=pl.col("betalt_oere").sum() * OERE_EXACT,
        )
        .with_columns(_weekly=pl.col("enhed") == "uge", _gap=pl.col("due") - pl.col("accrued"))
    )
    begun = pl.when("_weekly").then(price // 7 * _begun_days().cast(pl.Int128()))
    many = pl.col("betalinger").sum().over("kaede", "aar") >= FULL_WEEKS
    across = pl.col("_gap") - pl.col("begun")
    none = pl.lit(0, pl.Int128())
    return (
        sums.with_columns(begun=begun.otherwise(pl.col("_gap")))
        .with_columns(
            weeks_53=pl.when(pl.col("_weekly") & many).then(across).otherwise(none),
            new_year=pl.when(pl.col("_weekly") & ~many).then(across).otherwise(none),
            rounding=pl.col("paid") - pl.col("due"),
        )
        .select("raekke", "aar", "accrued", "paid", *PARTS)
        .sort("raekke", "aar")
        .collect(engine="in-memory")
    )


def _begun_days() -> pl.Expr:
    """Return days paid after a weekly row's end less days run before its first payment.

    Within the year: the days of a week that crosses a New Year are not among them.
    """
    start, end, anchor = _days("fra_dag"), _days("til_dag"), _days("anker")
    last = anchor + (end - anchor) // 7 * 7
    first = anchor + (start - anchor + 6) // 7 * 7
    opens, closes = (
        pl.date(pl.col("aar"), m, d).to_physical().cast(pl.Int64()) for m, d in ((1, 1), (12, 31))
    )
    after = pl.min_horizontal(last + 6, closes) - end
    before = pl.min_horizontal(first - 1, end, closes) - pl.max_horizontal(start, opens) + 1
    ends = (last >= start) & last.is_between(opens, closes)
    return pl.when(ends).then(after.clip(0, None)).otherwise(0) - pl.when(first - 7 >= opens).then(
        before.clip(0, None)
    ).otherwise(0)


def _year(year: int, rows: pl.DataFrame) -> CashYear:
    """Return a year's sums; parts of few citizens are withheld, and one more if it stands alone.

    Rounding is too little to hide another part behind: it goes with the first that is withheld.
    """
    touched = [rows.filter(pl.col(p) != 0)["borger_id"].n_unique() for p in NAMED]
    apart = rows.filter(pl.any_horizontal(pl.col(*NAMED) != 0))["borger_id"].n_unique()
    few, secret = is_small(rows["borger_id"].n_unique()), is_small(apart)
    hidden = secondary(touched)
    kr = {
        c: rows.select(cases.from_exact(pl.col(c).sum(), cases.COST_SCALE)).item()
        for c in ("accrued", "paid", *PARTS)
    }
    gone = {p for n, p in enumerate(NAMED) if n in hidden}
    if few or secret:
        gone = {"paid", *NAMED}
    gone |= {"rounding"} if gone else set()
    gone |= {"accrued"} if few else set()
    return CashYear(year, **{c: None if c in gone else x for c, x in kr.items()})
