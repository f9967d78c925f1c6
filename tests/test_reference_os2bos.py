"""Payments of cases are those OS2bos returned, to the øre; so is the accrual beside them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import polars as pl
import pytest

from reference import table
from styring import cases
from styring.cash import FORTNIGHT, payments, with_terms

Case = dict[str, str]
UNITS = {"dagligt": "døgn", "ugentligt": "uge", "hver 2. uge": FORTNIGHT, "månedligt": "måned"}
SCHEMA = {
    "raekke": pl.Int64(),
    "sag_id": pl.String(),
    "startdato": pl.Date(),
    "slutdato": pl.Date(),
    "enhed": pl.String(),
    "pris": pl.Float64(),
    "antal": pl.Float64(),
}
ONCE = {"enhed": "engang", "antal": 1.0}
DAY = timedelta(days=1)


@cache
def reference() -> dict[str, Case]:
    """Return the rows by their id and group."""
    rows = table("os2bos", "cash_cases.csv")
    found = {r["case_id"]: r for r in rows}
    assert len(found) == len(rows) > 40
    return found


def days(text: str) -> date | None:
    """Return a date; an empty cell is none."""
    return date.fromisoformat(text) if text else None


def group_of(row: Case) -> list[Case]:
    """Return the rows of a portfolio's year."""
    same = ("group_id", "year")
    return [r for r in reference().values() if all(r[c] == row[c] for c in same)]


def displacing(row: Case) -> list[Case]:
    """Return the adjustments of a row, direct or not; a draft displaces nothing."""
    direct = [
        r
        for r in group_of(row)
        if r["modifies"] and r["modifies"] == row["activity"] and r["status"] != "DRAFT"
    ]
    return [*direct, *(further for r in direct for further in displacing(r))]


def case_rows(row: Case) -> list[dict[str, Any]]:
    """Return a reference row as a workbook has it: a row for each price, one-offs on their day."""
    if row["status"] == "DRAFT":
        return []
    plan = {"startdato": days(row["start_date"]), "slutdato": days(row["end_date"])}
    listed = json.loads(row["individual_payments"] or "[]")
    if row["payment_type"] == "engangs":
        listed = [[row["payment_date"], row["rate"]]]
    paid = json.loads(row["paid"] or "[]")
    already = [[p["paid_date"], p["amount"]] for p in paid]
    rows = [
        {**ONCE, "startdato": days(on), "slutdato": days(on), "pris": float(amount)}
        for on, amount in [*listed, *already]
    ]
    if listed:
        return rows
    if paid:
        plan["startdato"] = max(date.fromisoformat(p["date"]) for p in paid) + DAY
    later = displacing(row)
    ended = plan["slutdato"] or date.max
    later = [r for r in later if date.fromisoformat(r["start_date"]) <= ended]
    if later:  # all are paid by the day, so that the first payment is the first day
        assert {r["frequency"] for r in later} == {"dagligt"}
        ends = min(date.fromisoformat(r["start_date"]) for r in later) - DAY
        plan["slutdato"] = min(plan["slutdato"] or ends, ends)
    return rows + priced(row, plan["startdato"] or date.min, plan["slutdato"])


def priced(row: Case, start: date, end: date | None) -> list[dict[str, Any]]:
    """Return a running service cut where its price changes; no price where none is in force."""
    unit = {"enhed": UNITS[row["frequency"]], "antal": float(row["units"] or 1)}
    changes = json.loads(row["price_changes"] or "[]")
    if not changes:
        changes = [{"from": None, "price": row["rate"]}]
    edges = {days(c.get(side) or "") for c in changes for side in ("from", "to")}
    cuts = [start, *sorted(e for e in edges if e and start < e and (end is None or e <= end))]
    ends = [*(c - DAY for c in cuts[1:]), end]
    rows = []
    for first, last in zip(cuts, ends, strict=True):
        valid = [
            c["price"]
            for c in changes
            if (not c["from"] or date.fromisoformat(c["from"]) <= first)
            and (not c.get("to") or first < date.fromisoformat(c["to"]))
        ]
        price = float(valid[-1]) if valid else None
        rows.append({**unit, "startdato": first, "slutdato": last, "pris": price})
    return rows


def frame(row: Case) -> pl.DataFrame:
    """Return the rows that run with their payment day and share."""
    rows = [{"raekke": n, "sag_id": "S", **r} for n, r in enumerate(case_rows(row))]
    return with_terms(cases.runnable(pl.DataFrame(rows, schema=SCHEMA))).with_columns(
        betalingsdag=pl.lit(int(row["payment_day"] or 31), pl.Int64()),
        moms=pl.lit(float(row["vat_factor"])),
    )


def by_month(row: Case) -> dict[str, Decimal]:
    """Return kroner paid by month of the row's year; months without a payment are left out."""
    paid = payments(frame(row), [int(row["year"])]).collect().filter(pl.col("betalinger") != 0)
    sums = paid.group_by("aar", "maaned").agg(pl.col("betalt_oere").sum()).sort("aar", "maaned")
    return {f"{y}-{m:02}": Decimal(int(oere)) / 100 for y, m, oere in sums.iter_rows()}


def of_class(*names: str) -> list[Case]:
    """Return the rows of some classes, at least one of each."""
    rows = [r for r in reference().values() if r["check_class"] in names]
    assert {r["check_class"] for r in rows} == set(names)
    return rows


def test_rows_that_stand_alone_are_paid_as_theirs_in_year_and_month() -> None:
    """Class A: nothing may differ, in any month."""
    rows = of_class("A")
    assert len(rows) > 30
    for row in rows:
        ours = by_month(row)
        assert sum(ours.values()) == Decimal(row["expected_amount_year"]), row["case_id"]
        theirs = json.loads(row["expected_daily_or_monthly_breakdown"])["months"]
        assert ours == {m: Decimal(x) for m, x in theirs.items()}, row["case_id"]


def test_adjusted_and_paid_rows_are_theirs_once_the_workbook_says_what_became_of_them() -> None:
    """Classes B and C: cut where the adjustment begins; what is paid is a one-off of its own."""
    for row in of_class("B", "C"):
        assert sum(by_month(row).values()) == Decimal(row["expected_amount_year"]), row["case_id"]
        group = sum(sum(by_month(r).values()) for r in group_of(row))
        assert group == Decimal(row["group_expected_year"]), row["case_id"]


def test_what_a_sound_program_does_where_theirs_stops() -> None:
    """Class H runs on beyond the horizon; class Q is not imitated."""
    for row in of_class("H", "Q"):
        if row["sound_cash_amount_year"]:
            ours = sum(by_month(row).values())
            assert ours == Decimal(row["sound_cash_amount_year"]), row["case_id"]


def test_days_without_a_price_are_unknown_and_not_free() -> None:
    """Class Q, a missing price: the payments are there, their amount is not."""
    rows = [r for r in of_class("Q") if r["quirk"] == "manglende_pris_er_0"]
    assert rows
    for row in rows:
        paid = payments(frame(row), [int(row["year"])]).collect()
        assert paid.filter(pl.col("oere").is_null())["betalinger"].sum() > 0


def accrued(row: Case) -> Decimal:
    """Return the engine's own accrual of the row's year, rounded once, half away from zero."""
    rows = frame(row).with_columns(  # a fortnight's price is half of it every week
        enhedspris=pl.when(pl.col("enhed") == FORTNIGHT)
        .then(pl.col("enhedspris") // 2)
        .otherwise("enhedspris"),
        enhed=pl.col("enhed").replace(FORTNIGHT, "uge"),
    )
    year = int(row["year"])
    months = cases.by_month(rows, [year])
    spells = cases.spells(rows, months, {year: date(year, 12, 31)})
    share = Fraction(row["vat_factor"]) / 100
    exact = Fraction(int(spells["udgift_exact"].sum()), cases.COST_SCALE) * share
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_accrual_is_their_neighbours() -> None:
    """Service days, a price spread evenly over the days its period covers."""
    rows = [r for r in reference().values() if r["own_accrual_amount_year"] and not r["paid"]]
    assert len(rows) > 30
    for row in rows:
        assert accrued(row) == Decimal(row["own_accrual_amount_year"]), row["case_id"]


@pytest.mark.parametrize("word", ["ugentligt", "hver 2. uge", "månedligt", "dagligt"])
def test_every_rhythm_is_among_the_rows_that_stand_alone(word: str) -> None:
    """The exact comparison says something about each."""
    assert any(r["frequency"] == word for r in of_class("A"))
