"""Cost, person-days and citizens of the cases by month: worked out by hand, and adding up."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import Row, case, ready, several, steady
from styring import cases
from styring.months import AGE_GROUPS, Period, Split, case_periods
from styring.prepare import Prepared

SEPTEMBER = date(2025, 9, 30)
SPLITS: tuple[Split, ...] = ("paragraf", "leverandoertype", "maalgruppe", "aldersgruppe")
days = st.dates(date(2023, 11, 1), date(2025, 6, 30))
services = st.fixed_dictionaries({
    "borger_id": st.sampled_from(["B1", "B2", "B3"]),
    "sag_id": st.sampled_from(["S1", "S2"]),
    "paragraf": st.sampled_from(["85", "108"]),
    "leverandoertype": st.sampled_from(["egen", None]),
    "foedselsaar": st.sampled_from([1950, 1990, None]),
    "startdato": days,
    "slutdato": st.one_of(st.none(), days),
    "enhed": st.sampled_from(["døgn", "uge", "måned", "år", "engang"]),
    "pris": st.integers(-100_000, 100_000).map(lambda n: n / 100),
})  # fmt: skip


def looked_at(rows: list[Row], as_of: date = SEPTEMBER) -> Prepared:
    """Return case rows of 2024 and 2025."""
    return ready(as_of, (2024, 2025), sager=rows)


def by(
    tables: Prepared, column: str, *splits: Split, period: Period = "month"
) -> dict[tuple[Any, ...], Any]:
    """Return a column by period and group."""
    frame = case_periods(tables, splits, period=period)
    keys = [c for c in frame.columns if c in {"aar", "kvartal", "maaned", *splits}]
    return {row[:-1]: row[-1] for row in frame.select(*keys, column).iter_rows()}


def test_a_month_price_is_spread_over_the_days_of_its_month() -> None:
    """31,000 kr. a month from 16 January 2024: 16 of 31 days are 16,000; February is whole."""
    tables = looked_at([case(enhed="måned", pris=31_000.0, startdato=date(2024, 1, 16))])
    cost = by(tables, "udgift")
    assert cost[2024, 1] == 16_000
    assert cost[2024, 2] == 31_000
    assert by(tables, "persondage")[2024, 1] == 16


def test_quarters_and_the_current_year_to_the_as_of_date() -> None:
    """100 kr. a day: 31 + 29 + 31 = 91 days in the first quarter of 2024; 2025 ends 15 May."""
    tables = looked_at([case(pris=100.0)], date(2025, 5, 15))
    cost = by(tables, "udgift", period="quarter")
    assert cost[2024, 1] == 9_100
    assert cost[2025, 2] == 4_500  # 30 days of April and 15 of May
    assert (2025, 3) not in cost


def test_a_one_off_falls_on_its_day_and_negative_rows_count() -> None:
    """A payment of 900 and a return of 200 in March: 700."""
    day = {"enhed": "engang", "startdato": date(2024, 3, 9), "slutdato": date(2024, 3, 9)}
    tables = looked_at([case(pris=900.0, **day), case(pris=-200.0, **day)])
    assert by(tables, "udgift") == {(2024, 3): 700}


def test_overlapping_rows_of_one_citizen_are_paid_twice_and_counted_once() -> None:
    """Two rows all of January: 62 days are paid, 31 are the citizen's, in one paragraph."""
    january = {"slutdato": date(2024, 1, 31), "pris": 100.0, "borger_id": "B1"}
    tables = looked_at([case(sag_id="S1", **january), case(sag_id="S2", **january)])
    assert by(tables, "udgift") == {(2024, 1): 6_200}
    assert by(tables, "persondage") == {(2024, 1): 31}
    assert by(tables, "borgere") == {(2024, 1): 1}


def test_groups_are_those_the_rows_say_and_unknown_is_a_group() -> None:
    """Born 1990: 34 in 2024, in the group 25–44; born 2007: 17, then 18; unknown: none."""
    rows = [case(foedselsaar=year, borger_id=f"B{n}") for n, year in enumerate((1990, 2007, None))]
    citizens = by(looked_at(rows), "borgere", "aldersgruppe", period="year")
    assert citizens == {
        (2024, "25-44"): 1, (2024, "0-17"): 1, (2024, None): 1,
        (2025, "25-44"): 1, (2025, "18-24"): 1, (2025, None): 1,
    }  # fmt: skip
    assert set(AGE_GROUPS) == {18, 25, 45, 67}


def test_a_citizen_in_two_groups_counts_in_each_and_once_in_all() -> None:
    """Own home help in two paragraphs: two groups of one, one citizen in all."""
    rows = [case(borger_id="B1", sag_id=p, paragraf=p) for p in ("85", "108")]
    tables = looked_at(rows)
    assert by(tables, "borgere", "paragraf")[2024, 1, "85"] == 1
    assert by(tables, "borgere")[2024, 1] == 1


def test_a_row_without_a_price_costs_nothing_known_and_counts() -> None:
    """Five citizens, one without a price."""
    tables = looked_at([*several(4), case(borger_id="B9", sag_id="S9", pris=None)])
    assert by(tables, "udgift")[2024, 1] == 4 * 31_000
    assert by(tables, "borgere")[2024, 1] == 5


@steady
@given(st.lists(services, min_size=1, max_size=8))
def test_months_add_up_to_quarters_and_years_in_every_group(rows: list[Row]) -> None:
    """To the last digit, and to the year as the review counts it."""
    tables = looked_at(rows)
    for column in ("udgift_exact", "persondage"):
        months, quarters = (
            by(tables, column, *SPLITS),
            by(tables, column, *SPLITS, period="quarter"),
        )
        years = by(tables, column, *SPLITS, period="year")
        from_months: dict[tuple[Any, ...], int] = defaultdict(int)
        from_quarters: dict[tuple[Any, ...], int] = defaultdict(int)
        for (year, _, *group), x in months.items():
            from_months[year, *group] += x
        for (year, _, *group), x in quarters.items():
            from_quarters[year, *group] += x
        assert from_months == from_quarters == years
    placed = tables.placed("sager", "year")
    assert sum(by(tables, "udgift_exact").values()) == placed["udgift_exact"].sum()


@steady
@given(st.lists(services, min_size=1, max_size=6))
def test_cost_is_that_of_each_day_by_itself(rows: list[Row]) -> None:
    """Walk every day of both years and add up what each row costs on it."""
    cost: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    day = date(2024, 1, 1)
    while day <= SEPTEMBER:
        for row in rows:
            if row["slutdato"] is not None and row["slutdato"] < row["startdato"]:
                continue
            last = row["startdato"] if row["enhed"] == "engang" else row["slutdato"] or date.max
            if row["startdato"] <= day <= last:
                price = Fraction(str(row["pris"]))
                cost[day.year, day.month] += price / units(row["enhed"], day)
        day += timedelta(days=1)
    ours = by(looked_at(rows), "udgift_exact")
    assert {k: Fraction(int(x), cases.COST_SCALE) for k, x in ours.items() if x} == {
        k: x for k, x in cost.items() if x
    }


def units(enhed: str, day: date) -> int:
    """Return the days a unit is spread over."""
    if enhed == "måned":
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return (after - day.replace(day=1)).days
    if enhed == "år":
        return (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
    return 7 if enhed == "uge" else 1


@pytest.mark.parametrize("split", SPLITS)
def test_no_rows_are_lost_by_a_split(split: Split) -> None:
    """What a row does not say is a group of its own."""
    tables = looked_at([*several(3), case(borger_id="X", maalgruppe="autisme", foedselsaar=1960)])
    whole = sum(by(tables, "udgift_exact", period="year").values())
    assert sum(by(tables, "udgift_exact", split).values()) == whole
