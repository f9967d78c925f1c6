"""Cases by payment day: worked out by hand, against every date walked, and the difference named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import Row, amount, ready, several, steady
from running import Reviewed
from styring import cases
from styring.cash import FORTNIGHT, CashYear, cash_years, explained, payments, with_terms
from styring.find.case_months import case_months_part
from styring.prepare import Prepared
from styring.review import CaseMonthsPart, CashLine, Review

SEPTEMBER = date(2025, 9, 30)
YEARS = (2023, 2024)
SCHEMA = {
    "raekke": pl.Int64(),
    "sag_id": pl.String(),
    "startdato": pl.Date(),
    "slutdato": pl.Date(),
    "enhed": pl.String(),
    "pris": pl.Float64(),
    "antal": pl.Float64(),
}
days = st.dates(date(2022, 11, 1), date(2024, 12, 31))
prices = st.integers(-500_000, 500_000).map(lambda n: n / 100)
services = st.fixed_dictionaries({
    "startdato": days,
    "slutdato": st.one_of(st.none(), days),
    "enhed": st.sampled_from(["døgn", "uge", "måned", "år", "engang"]),
    "pris": prices,
    "antal": st.sampled_from([None, 1.0, 2.5, 0.3333]),
})  # fmt: skip


def frame(*rows: Row, payment_day: int = 31) -> pl.DataFrame:
    """Return case rows with their terms."""
    listed = [{"raekke": n, "sag_id": "S", "antal": None, "slutdato": None, **r}
              for n, r in enumerate(rows)]  # fmt: skip
    return with_terms(cases.runnable(pl.DataFrame(listed, schema=SCHEMA)), payment_day)


def paid(rows: pl.DataFrame, years: Sequence[int] = YEARS) -> dict[tuple[int, int], Decimal]:
    """Return kroner paid by month."""
    found = payments(rows, years).collect().filter(pl.col("betalinger") != 0)
    sums = found.group_by("aar", "maaned").agg(pl.col("betalt_oere").sum()).sort("aar", "maaned")
    return {(y, m): Decimal(int(x)) / 100 for y, m, x in sums.iter_rows() if x}


def of_year(rows: pl.DataFrame, year: int) -> Decimal:
    """Return kroner paid in a year."""
    return sum(paid(rows, [year]).values(), Decimal(0))


def service(enhed: str, pris: float, start: date, end: date | None = None, **more: Any) -> Row:
    """Return a row that runs from one day to another."""
    return {"enhed": enhed, "pris": pris, "startdato": start, "slutdato": end, **more}


# --- payments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "times"), [(date(2024, 1, 1), 53), (date(2024, 1, 3), 52)])
def test_a_year_has_53_weekly_payments_on_some_weekdays(start: date, times: int) -> None:
    """Monday 1 January 2024 + 52 × 7 days is 30 December: 53; Wednesday the 3rd + 364 is 2025."""
    assert of_year(frame(service("uge", 100.0, start)), 2024) == 100 * times


def test_fortnights_keep_their_weekday_across_new_year() -> None:
    """From 27 December 2023 every 14 days: 10 and 24 January, 7 and 21 February."""
    rows = frame(service(FORTNIGHT, 100.0, date(2023, 12, 27), date(2024, 2, 29)))
    assert paid(rows) == {(2023, 12): 100, (2024, 1): 200, (2024, 2): 200}


def test_a_short_month_pays_on_its_last_day_and_a_missed_day_pays_nothing() -> None:
    """Day 30 from 31 January to 28 April: 29 February and 30 March; April ends before its day."""
    start, end = date(2024, 1, 31), date(2024, 4, 28)
    rows = frame(service("måned", 500.0, start, end), payment_day=30)
    assert paid(rows) == {(2024, 2): 500, (2024, 3): 500}


def test_a_new_price_goes_on_with_the_weekday() -> None:
    """From Monday 1 January; the price rises on Wednesday the 10th, the next payment is the 15th.

    1st and 8th at 100, 15th, 22nd and 29th at 200: 800. Begun anew it would be 10th, 17th, ...
    """
    before = service("uge", 100.0, date(2024, 1, 1), date(2024, 1, 9))
    after = service("uge", 200.0, date(2024, 1, 10), date(2024, 1, 31))
    assert paid(frame(before, after)) == {(2024, 1): 800}
    other = {**after, "sag_id": "another"}
    assert paid(frame(before, other)) == {(2024, 1): 200 + 4 * 200}


def test_each_payment_is_rounded_half_away_from_zero() -> None:
    """0.125 kr. is 0.13, and −0.125 is −0.13; twelve of them are 1.56, not 1.50."""
    assert of_year(frame(service("måned", 0.125, date(2024, 1, 1))), 2024) == Decimal("1.56")
    assert of_year(frame(service("måned", -0.125, date(2024, 1, 1))), 2024) == Decimal("-1.56")


def test_a_share_of_the_price_is_paid_before_it_is_rounded() -> None:
    """95.4 per cent of 99.99 is 95.39046: 95.39 a month."""
    rows = frame(service("måned", 99.99, date(2024, 1, 1))).with_columns(moms=pl.lit(95.4))
    assert of_year(rows, 2024) == Decimal("95.39") * 12


def test_a_missing_price_is_not_a_price_of_nothing() -> None:
    """The payments are there, their amount is unknown."""
    paid = payments(frame({**service("døgn", 1.0, date(2024, 1, 1)), "pris": None}), [2024])
    found = paid.collect()
    assert found["betalinger"].sum() == 366
    assert found["oere"].null_count() == 12


def dates_of(row: Row) -> Iterator[date]:
    """Yield a row's payment days, one after another."""
    start, end = row["startdato"], row["slutdato"] or date(2025, 1, 31)
    if end < start:
        return
    if row["enhed"] == "engang":
        yield start
        return
    day = start
    while day <= end:
        last = (day + timedelta(days=1)).day == 1
        weekly = row["enhed"] == "uge" and (day - start).days % 7 == 0
        if row["enhed"] == "døgn" or weekly or (row["enhed"] in {"måned", "år"} and last):
            yield day
        day += timedelta(days=1)


def price_of(row: Row) -> Decimal:
    """Return one payment of a row."""
    price = Decimal(str(row["pris"])) * Decimal(str(row["antal"] or 1))
    due = price / 12 if row["enhed"] == "år" else price
    return due.quantize(Decimal("0.01"), ROUND_HALF_UP)


@steady
@given(st.lists(services, min_size=1, max_size=6))
def test_payments_are_those_of_every_day_walked(rows: list[Row]) -> None:
    """Each row a case of its own."""
    ours = paid(frame(*({**r, "sag_id": str(n)} for n, r in enumerate(rows))))
    theirs: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in rows:
        for day in dates_of(row):
            if day.year in YEARS:
                theirs[day.year, day.month] += price_of(row)
    assert ours == {k: x for k, x in theirs.items() if x}


# --- the difference, named ----------------------------------------------------------------------


def looked_at(*rows: Row, **tables: Sequence[Row]) -> Prepared:
    """Return rows of five citizens each, alike; 2023 and 2024 are finished."""
    every = [r for n, row in enumerate(rows) for r in several(5, name=f"N{n}-", **row)]
    return ready(SEPTEMBER, (2023, 2024, 2025), sager=every, **tables)


def year(*rows: Row, of: int = 2024) -> CashYear:
    """Return one finished year."""
    return next(y for y in cash_years(looked_at(*rows)) if y.year == of)


def test_a_53rd_week_is_named() -> None:
    """700 kr. a week from Monday 1 January 2024: 53 × 700 = 37,100 paid, 366 × 100 accrued; × 5."""
    y = year(service("uge", 700.0, date(2024, 1, 1)))
    assert (y.paid, y.accrued, y.weeks_53) == (5 * 37_100, 5 * 36_600, 5 * 500)
    assert (y.new_year, y.begun, y.rounding) == (0, 0, 0)


def test_weeks_across_new_year_are_named() -> None:
    """From Thursday 28 December 2023: its week has three days of 2024 left, 1 to 3 January.

    2023 pays 7 days and runs 4: +3. 2024 pays from 4 January 52 × 7 = 364 days and runs 366: −2,
    for the last payment, 26 December, reaches 1 January 2025: −3 + 1.
    """
    row = service("uge", 700.0, date(2023, 12, 28))
    assert year(row, of=2023).new_year == 5 * 300
    assert year(row).new_year == 5 * -200
    assert year(row).weeks_53 == 0


def test_a_week_begun_is_paid_in_full() -> None:
    """Monday 1 to Wednesday 10 January: two weeks paid, ten days run: four days more."""
    y = year(service("uge", 700.0, date(2024, 1, 1), date(2024, 1, 10)))
    assert (y.paid, y.begun, y.new_year) == (5 * 1_400, 5 * 400, 0)


def test_a_part_of_a_month_is_paid_in_full_or_not_at_all() -> None:
    """From 17 January, 15 of 31 days: paid in full, 16 days more than run."""
    y = year(service("måned", 3_100.0, date(2024, 1, 17), date(2024, 1, 31)))
    assert (y.paid, y.accrued, y.begun) == (5 * 3_100, 5 * 1_500, 5 * 1_600)
    y = year(service("måned", 3_100.0, date(2024, 1, 1), date(2024, 1, 15)))
    assert (y.paid, y.begun) == (0, 5 * -1_500)


def test_twelfths_of_a_year_leave_only_rounding() -> None:
    """100 / 12 = 8.33 a month: 99.96 of 100."""
    y = year(service("år", 100.0, date(2024, 1, 1)))
    assert y.rounding == pytest.approx(5 * -0.04)
    assert y.begun == 0


def test_a_new_price_in_the_middle_of_a_week_is_a_week_begun() -> None:
    """Weeks of 700, from Wednesday 10 January of 1,400, to Sunday the 14th.

    Paid on the 1st and 8th: 1,400. Run: 9 × 100 + 5 × 200 = 1,900. So −500: the week of the 8th
    was paid 5 days at 100 beyond its row (+500), and 5 days at 200 were not paid again (−1,000).
    """
    rows = frame(
        service("uge", 700.0, date(2024, 1, 1), date(2024, 1, 9)),
        service("uge", 1_400.0, date(2024, 1, 10), date(2024, 1, 14)),
    )
    found = explained(payments(rows, [2024]))
    assert [int(x) // cases.COST_SCALE for x in found["begun"]] == [500, -1_000]
    assert set(found["new_year"]) == {0}


def test_a_new_price_at_new_year_is_a_week_across_it() -> None:
    """Weeks of 700 from Wednesday 4 January 2023, of 1,400 from 1 January 2024.

    The last payment of 2023 is on the 27th: 52 × 7 = 364 days paid, 362 run, two days of 2024 paid
    at 100. In 2024 it is 3 January to 25 December: 52 × 7 = 364 days paid, 366 run; −2 × 200.
    """
    rows = frame(
        service("uge", 700.0, date(2023, 1, 4), date(2023, 12, 31)),
        service("uge", 1_400.0, date(2024, 1, 1), date(2024, 12, 31)),
    )
    found = explained(payments(rows, YEARS))
    assert [int(x) // cases.COST_SCALE for x in found["new_year"]] == [200, -400]
    assert set(found["begun"]) == {0}


@steady
@given(st.lists(services, min_size=1, max_size=6))
def test_the_parts_add_up_and_a_crossing_is_at_most_a_week(rows: list[Row]) -> None:
    """Accrued and the four parts are what is paid, row by row, to the last digit."""
    terms = frame(*({**r, "sag_id": str(n)} for n, r in enumerate(rows)))
    found = explained(payments(terms, YEARS)).join(terms, on="raekke")
    for r in found.iter_rows(named=True):
        parts = r["weeks_53"] + r["new_year"] + r["begun"] + r["rounding"]
        assert r["accrued"] + parts == r["paid"]
        across = abs(r["weeks_53"] + r["new_year"])
        assert across <= abs(r["enhedspris"]) * cases.DAY_PARTS
        assert across == 0 or r["enhed"] == "uge"


# --- privacy and the review ---------------------------------------------------------------------


def test_parts_of_few_citizens_are_withheld_with_one_more() -> None:
    """Two citizens have a 53rd week, five have begun months: nothing between them can be found.

    Rounding goes too: it is too little to hide a part behind.
    """
    weekly = several(2, **service("uge", 700.0, date(2024, 1, 1)))
    monthly = several(5, name="M", **service("måned", 3_100.0, date(2024, 1, 17)))
    whole = several(9, name="W", **service("måned", 3_100.0, date(2024, 1, 1)))
    tables = ready(date(2024, 12, 31), sager=[*weekly, *monthly, *whole])
    y = cash_years(tables)[0]
    assert y.paid is not None
    assert (y.weeks_53, y.begun, y.rounding) == (None, None, None)
    assert y.new_year == 0
    few = cash_years(ready(date(2024, 12, 31), sager=[*weekly, *whole]))[0]
    assert few.accrued is not None
    assert (few.paid, few.weeks_53, few.begun, few.rounding) == (None, None, None, None)
    alone = cash_years(ready(date(2024, 12, 31), sager=weekly))[0]
    assert alone.accrued is None


def test_without_cases_there_is_nothing_to_say() -> None:
    """No sheet, no part."""
    tables = ready(SEPTEMBER, (2024,), oekonomi=[amount(1.0)])
    assert cash_years(tables) == ()
    assert case_months_part(tables) is None


def part_of(*rows: Row, **tables: Sequence[Row]) -> CaseMonthsPart:
    """Return the review's part."""
    part = case_months_part(looked_at(*rows, **tables))
    assert part is not None
    return part


def test_the_months_stand_beside_the_ledgers() -> None:
    """Five citizens at 1,000 a month; the accounts of their function are 6,000 in January."""
    row = service("måned", 1_000.0, date(2024, 1, 1), funktion="5.38.50")
    booked = [amount(6_000.0, maaned=1), amount(9.0, maaned=1, funktion="5.38.52")]
    part = part_of(row, oekonomi=booked)
    first = part.months[0]
    assert (first.month, first.cases, first.ledger, first.difference) == (
        "2024-01", 5_000, 6_000, 1_000,
    )  # fmt: skip
    assert part.months[1].ledger is None
    assert part.months[-1].month == "2025-09"
    assert "1 t. kr. højere" in part.months_text.da
    assert "antaget" in part.cash_text.da


def test_months_of_few_citizens_are_withheld() -> None:
    """Four citizens: neither their months nor their payments are shown."""
    tables = ready(SEPTEMBER, (2024, 2025), sager=several(4, enhed="uge"))
    part = case_months_part(tables)
    assert part is not None
    assert {m.cases for m in part.months} == {None}
    assert [line for line in part.cash if line.accrued is not None] == []
    assert "for få borgere" in part.cash_text.da


def test_the_review_has_both_tables(syddjurs: Review, danish: Reviewed) -> None:
    """The lines are those of the accrual, and what is shown adds up."""
    part = syddjurs.case_months
    assert part is not None
    accrued = {a.year: a.cost for a in syddjurs.activity if a.paragraph is None}
    for line in part.cash:
        assert line.accrued == pytest.approx(accrued[line.year])
        _adds_up(line)
    finished = [m for m in part.months if m.month.startswith(str(syddjurs.year))]
    total = sum(m.cases or 0.0 for m in finished)
    assert total == pytest.approx(accrued[syddjurs.year])
    text = (danish.folder / "review.md").read_text("utf-8")
    assert "### Ydelsesdage og betalingsdage" in text
    assert part.months_text.da in text


def _adds_up(line: CashLine) -> None:
    parts = [line.weeks_53, line.new_year, line.begun, line.rounding]
    known = [p for p in parts if p is not None]
    if len(known) == len(parts) and line.difference is not None:
        assert sum(known) == pytest.approx(line.difference, abs=0.01)
    else:
        assert len(known) <= len(parts) - 2
