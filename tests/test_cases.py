from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import oracle
from rows import (
    AS_OF,
    NEW_YEAR,
    NEW_YEARS_EVE,
    Row,
    amount,
    case,
    cost,
    costs,
    exact,
    indicator,
    measured,
    person_days,
    ready,
    several,
    steady,
)
from styring import cases
from styring.economy import activity, outlook

UNITS = ("døgn", "uge", "måned", "år", "engang")
JULY_1 = date(2024, 7, 1)


# --- Cost of a row ------------------------------------------------------------------------------


def test_a_day_price_costs_every_day_both_ends_included() -> None:
    """1 January to 1 July 2024 is 183 days."""
    # January 31 + February 29 + March 31 + April 30 + May 31 + June 30 + 1 July = 183 days
    assert cost([case(slutdato=JULY_1)]) == 183_000


def test_a_row_of_one_day_runs_one_day() -> None:
    """Start and end on the leap day is one day."""
    leap_day = date(2024, 2, 29)
    assert cost([case(startdato=leap_day, slutdato=leap_day)]) == 1000


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366), (2000, 366), (2100, 365)])
def test_an_open_end_runs_on_through_common_and_leap_years(year: int, days: int) -> None:
    """A row without an end costs every day of a later year; 2000 is a leap year and 2100 not."""
    assert cost([case(startdato=date(1999, 5, 1))], year) == days * 1000


def test_a_week_price_costs_a_seventh_a_day_times_the_quantity() -> None:
    """Ten days at 5 hours of 350 kr. a week cost 2,500 kr."""
    ten_days = case(startdato=date(2024, 3, 1), slutdato=date(2024, 3, 10), enhed="uge")
    # 350 x 5 x 10 / 7 = 17,500 / 7 = 2,500
    assert cost([{**ten_days, "pris": 350.0, "antal": 5.0}]) == 2500


def test_a_week_price_that_no_decimal_holds_is_exact() -> None:
    """One day of a week's 100 kr. is 100/7 kr., and seven of them are 100 kr."""
    day = [case(pris=100.0, enhed="uge", slutdato=NEW_YEAR, sag_id=f"S{n}") for n in range(7)]
    assert cost(day[:1]) == Fraction(100, 7)
    assert cost(day) == 100


def test_a_month_price_is_shared_by_the_days_of_each_month() -> None:
    """The part of January is in 31sts and the part of February 2024 in 29ths."""
    two = case(startdato=date(2024, 1, 17), slutdato=date(2024, 2, 10), pris=3100.0, enhed="måned")
    # January: 15 of 31 days = 1,500; February: 10 of 29 days = 31,000/29
    assert cost([two]) == 1500 + Fraction(31_000, 29)


def test_whole_months_cost_the_month_price_each() -> None:
    """A whole year at a month price costs twelve of them, whatever the months' lengths."""
    assert cost([case(pris=9916.0, enhed="måned")]) == 12 * 9916


def test_a_year_price_is_shared_by_the_days_of_each_year() -> None:
    """Ten days of 2024 are in 366ths and ten days of 2025 in 365ths."""
    turn = case(startdato=date(2024, 12, 22), slutdato=date(2025, 1, 10), pris=36_600.0, enhed="år")
    # 2024: 36,600 x 10 / 366 = 1,000; 2025: 36,600 x 10 / 365 = 366,000/365
    assert cost([turn], 2024) == 1000
    assert cost([turn], 2025) == Fraction(366_000, 365)


def test_a_one_off_costs_once_on_its_start_date_only() -> None:
    """A one-off left open costs in the year of its start and not in the next."""
    once = case(startdato=date(2024, 6, 15), pris=25_000.0, enhed="engang", antal=2.0)
    assert cost([once], 2024) == 50_000
    assert cost([once], 2024, date(2024, 6, 14)) == 0
    assert cost([once], 2025) == 0
    assert cost([{**once, "slutdato": date(2026, 1, 1)}], 2025) == 0


@pytest.mark.parametrize("unit", UNITS)
def test_an_end_before_the_start_never_runs(unit: str) -> None:
    """It costs nothing and holds no days, whatever the unit."""
    turned = [case(startdato=date(2024, 5, 2), slutdato=date(2024, 5, 1), enhed=unit)]
    assert cost(turned) == 0
    assert person_days(turned) == 0


def test_a_blank_quantity_is_one_and_quantity_0_is_nothing() -> None:
    """Blank is 1; 0 costs nothing and holds no person-days."""
    assert cost([case(antal=None)]) == 366_000
    assert cost([case(antal=0.0)]) == 0
    assert person_days([case(antal=0.0)]) == 0


@pytest.mark.parametrize("unknown", [{"pris": None}, {"enhed": None}])
def test_a_missing_price_or_unknown_unit_costs_nothing_known_and_counts_days(unknown: Row) -> None:
    """Persons and days count although nothing is known of the cost."""
    rows = [case(**unknown)]
    assert cost(rows) == 0
    assert person_days(rows) == 366


def test_a_negative_price_adds_as_it_stands() -> None:
    """A correction of −200 kr. a day for ten days lowers the cost by 2,000 kr."""
    correction = case(pris=-200.0, slutdato=date(2024, 1, 10))
    assert cost([correction]) == -2000
    assert cost([case(), correction]) == 364_000


def test_prices_are_the_decimals_they_show() -> None:
    """Ten days at 0.1 kr. are 1 kr. exactly, which binary fractions do not give."""
    assert cost([case(pris=0.1, slutdato=date(2024, 1, 10))]) == 1


def test_identical_cost_of_overlapping_rows_is_added() -> None:
    """Two rows of one case on the same days stand as they are."""
    assert cost([case(sag_id="S1"), case(sag_id="S1")]) == 732_000


@pytest.mark.parametrize(
    ("whole", "scale", "value"),
    [(7, 2, 3.5), (-7, 2, -3.5), (-2000, 7, -2000 / 7), (6, 2, 3.0), (0, 7, 0.0), (-1, 4, -0.25)],
)
def test_an_exact_number_over_its_scale_keeps_its_sign(
    whole: int, scale: int, value: float
) -> None:
    """Whole part and rest are put together right below zero too."""
    frame = pl.DataFrame({"x": [whole]}, schema={"x": pl.Int128()})
    assert frame.select(cases.from_exact(pl.col("x"), scale)).item() == pytest.approx(value)


def test_every_divisor_goes_up_in_the_parts_of_a_day() -> None:
    """Weeks, months and years of every length divide without a rest."""
    assert all(cases.DAY_PARTS % n == 0 for n in (7, 28, 29, 30, 31, 365, 366))


def test_a_million_rows_of_a_million_a_day_fit() -> None:
    """A century of them stays below what 128 bits hold."""
    assert 10**6 * 10**6 * 36_525 * cases.COST_SCALE < 2**127


# --- Price of a day and of a full year ----------------------------------------------------------


def running(as_of: date, **changes: Any) -> dict[str, Any]:
    """Return the row of the state table of one running case."""
    frame = ready(as_of, sager=[case(**changes)]).placed("sager", "as_of")
    return frame.row(0, named=True)


@pytest.mark.parametrize(
    ("unit", "as_of", "a_day"),
    [
        ("døgn", date(2024, 2, 29), 3_600.0),
        ("uge", date(2024, 2, 29), 3_600 / 7),
        ("måned", date(2024, 2, 29), 3_600 / 29),
        ("måned", date(2025, 2, 28), 3_600 / 28),
        ("måned", date(2024, 12, 31), 3_600 / 31),
        ("år", date(2024, 2, 29), 3_600 / 366),
        ("år", date(2025, 12, 31), 3_600 / 365),
        ("engang", NEW_YEAR, None),
    ],
)
def test_prices_are_brought_to_a_day_of_the_as_of_date(
    unit: str, as_of: date, a_day: float | None
) -> None:
    """Weeks by 7, months by the month's days, years by the year's, one-offs left out."""
    found = running(as_of, enhed=unit, pris=1800.0, antal=2.0)["dagspris"]
    assert found == (None if a_day is None else pytest.approx(a_day))


@pytest.mark.parametrize(
    ("unit", "in_2024", "in_2025"),
    [
        ("døgn", 366_000, 365_000),
        ("uge", Fraction(366_000, 7), Fraction(365_000, 7)),
        ("måned", 12_000, 12_000),
        ("år", 1000, 1000),
    ],
)
def test_a_full_year_is_of_the_calendar_year(
    unit: str, in_2024: Fraction | int, in_2025: Fraction | int
) -> None:
    """What a running row would cost from 1 January to 31 December of the as-of date's year."""
    assert exact(running(date(2024, 7, 1), enhed=unit)["aarspris_exact"]) == in_2024
    assert exact(running(date(2025, 7, 1), enhed=unit)["aarspris_exact"]) == in_2025


# --- Persons ------------------------------------------------------------------------------------


def person_years(rows: Sequence[Row], as_of: date = NEW_YEARS_EVE, where: str = "TRUE") -> float:
    """Return the person-years of case rows in the as-of date's year."""
    years = {"from": "sager", "aggregate": "person_years", "where": where}
    value = measured(indicator(years), ready(as_of, sager=rows)).value
    assert value is not None
    return value


def test_half_a_leap_year_is_half_a_person_year() -> None:
    """183 of 366 days are one half."""
    assert person_years([case(slutdato=JULY_1)]) == 0.5


def test_person_years_of_part_of_a_year_are_over_the_days_of_the_whole_year() -> None:
    """To 30 September 2025 a whole-year person is 273/365, so that months add up to the year."""
    # 365 days less October 31, November 30 and December 31 = 273
    assert person_years([case()], AS_OF) == 273 / 365


def test_the_average_number_of_persons_is_over_the_days_of_the_period() -> None:
    """Half of the 273 days is half a person on average, and 136.5/365 person-years."""
    rows = [
        case(borger_id=f"B{n}", sag_id=f"S{n}", startdato=date(2025, 1, 1)) for n in range(5)
    ] + [case(borger_id="B9", sag_id="S9", startdato=date(2025, 1, 1), slutdato=date(2025, 4, 1))]
    total = next(a for a in activity(ready(AS_OF, sager=rows)) if a.paragraph is None)
    # 5 x 273 days + 91 days (January 31, February 28, March 31, 1 April) = 1,456 days
    assert total.person_years == pytest.approx(1456 / 365)
    assert total.average_persons == pytest.approx(1456 / 273)


def test_overlapping_rows_of_one_citizen_under_one_paragraph_are_one_person() -> None:
    """Ten days and ten days that share five are fifteen person-days; the cost is added."""
    rows = [
        case(borger_id="B1", sag_id="S1", slutdato=date(2024, 1, 10)),
        case(borger_id="B1", sag_id="S2", startdato=date(2024, 1, 6), slutdato=date(2024, 1, 15)),
    ]
    assert person_days(rows) == 15
    assert cost(rows) == 20_000


def test_a_row_inside_another_adds_no_person_days() -> None:
    """A long row, a short one inside it, and one that begins after the short one ends."""
    spans = [(1, 20), (5, 8), (10, 25)]
    rows = [
        case(
            borger_id="B1", sag_id=f"S{n}",
            startdato=date(2024, 1, a), slutdato=date(2024, 1, b),
        )
        for n, (a, b) in enumerate(spans)
    ]  # fmt: skip
    assert person_days(rows) == 25


def test_two_paragraphs_of_one_citizen_add() -> None:
    """The same ten days under two paragraphs are ten person-days under each."""
    rows = [
        case(borger_id="B1", paragraf=paragraph, slutdato=date(2024, 1, 10))
        for paragraph in ("108", "104")
    ]
    assert person_days(rows) == 20


def test_a_citizen_is_counted_once_after_the_condition() -> None:
    """Two suppliers on the same days are one person in all and one under each supplier."""
    rows = [
        case(borger_id="B1", sag_id=kind, leverandoertype=kind, slutdato=JULY_1)
        for kind in ("egen", "privat")
    ]
    assert person_years(rows) == 0.5
    assert person_years(rows, where="leverandoertype = 'privat'") == 0.5


# --- Committed ----------------------------------------------------------------------------------


def committed(rows: Sequence[Row], as_of: date = AS_OF) -> Fraction:
    """Return what case rows commit in the as-of date's year."""
    tables = ready(as_of, sager=rows)
    return sum(costs(tables.placed("sager", "whole_year"), "raekke").values(), Fraction(0))


def test_committed_is_the_year_as_it_ran_and_the_rest_of_what_is_granted() -> None:
    """A granted row counts to its end or the year's; one not yet granted only as it ran."""
    blank_grant = case(startdato=date(2025, 1, 1), slutdato=date(2025, 10, 10))
    later = case(startdato=date(2025, 12, 1), bevilget_dato=AS_OF)
    not_yet = case(startdato=date(2025, 9, 1), bevilget_dato=date(2025, 10, 1))
    # blank grant: 273 days + 10 days of October; later: 31 days of December; not yet: 30 days ran
    assert committed([blank_grant]) == 283_000
    assert committed([later]) == 31_000
    assert committed([not_yet]) == 30_000
    assert committed([blank_grant, later, not_yet]) == 344_000


def test_what_begins_later_and_is_granted_later_is_not_committed() -> None:
    """Neither its start nor its grant was known on the as-of date."""
    later = case(startdato=date(2025, 11, 1), bevilget_dato=date(2025, 10, 15))
    assert committed([later]) == 0


def test_expected_raises_the_rest_of_the_year_as_the_ledger_stands_to_the_cases() -> None:
    """Booked 1,501,500 where the cases cost 1,365,000 lifts the year's 1,825,000 by a tenth."""
    ledger = [amount(1.5015e6, aar=2025, maaned=9), amount(2e6, "oprindeligt budget", 2025)]
    found = outlook(ready(AS_OF, sager=several(5), oekonomi=ledger))
    assert found is not None
    # 1,501,500 x 1,825,000 / 1,365,000 = 2,007,500
    assert found.committed == 1_825_000
    assert found.expected == pytest.approx(2_007_500)
    assert found.expected_gap == pytest.approx(7500)


def test_what_few_citizens_are_expected_to_cost_is_withheld() -> None:
    """Four citizens' cost to date, committed and expected are theirs; the ledger is shown."""
    ledger = [amount(1.5015e6, aar=2025, maaned=9)]
    found = outlook(ready(AS_OF, sager=several(4), oekonomi=ledger))
    assert found is not None
    assert (found.case_cost_to_date, found.committed, found.expected) == (None, None, None)
    assert found.booked == 1.5015e6


# --- The table of cases -------------------------------------------------------------------------


def one_case(rows: Sequence[Row], as_of: date = AS_OF) -> dict[str, Any]:
    """Return the row of the case table made of these rows of one case."""
    table = ready(as_of, sager=[{**r, "sag_id": "S1", "borger_id": "B1"} for r in rows]).case_table
    return table.row(0, named=True)


def test_a_case_runs_from_its_first_start_to_its_last_end() -> None:
    """Rows in any order; the last end is null while a row is open."""
    rows = [
        case(startdato=date(2024, 7, 1), slutdato=date(2025, 3, 31)),
        case(startdato=date(2023, 5, 1), slutdato=date(2024, 6, 30)),
    ]
    found = one_case(rows)
    assert (found["foerste_start"], found["sidste_slut"]) == (date(2023, 5, 1), date(2025, 3, 31))
    assert not found["loebende"]
    opened = one_case([*rows, case(startdato=date(2025, 4, 1))])
    assert (opened["sidste_slut"], opened["loebende"]) == (None, True)


def test_a_case_keeps_its_first_dates_and_its_latest_follow_up_then_known() -> None:
    """Earliest application and grant; a follow-up after the as-of date is not seen."""
    found = one_case([
        case(ansoegt_dato=date(2024, 2, 1), bevilget_dato=date(2024, 3, 1),
             sidste_opfoelgning=date(2025, 10, 1)),
        case(ansoegt_dato=date(2024, 1, 5), bevilget_dato=date(2024, 4, 1),
             sidste_opfoelgning=date(2025, 2, 1)),
    ])  # fmt: skip
    assert found["ansoegt_dato"] == date(2024, 1, 5)
    assert found["bevilget_dato"] == date(2024, 3, 1)
    assert found["ventedage"] == 56  # January 26 + February 29 + 1 March
    assert found["sidste_opfoelgning"] == date(2025, 2, 1)


def test_a_case_is_worth_its_first_row_in_a_full_year_and_what_runs_now() -> None:
    """First row 1,000 kr. a day in leap year 2024; now 1,200 and 300 a day of 365 days."""
    found = one_case([
        case(slutdato=date(2024, 12, 31)),
        case(startdato=date(2025, 1, 1), pris=1200.0),
        case(startdato=date(2025, 2, 1), pris=300.0),
        case(startdato=AS_OF, pris=99_999.0, enhed="engang"),
    ])  # fmt: skip
    assert found["aarspris"] == 366_000
    assert found["aarspris_nu"] == 1500 * 365


def test_a_one_off_case_ends_on_its_start_date() -> None:
    """A one-off without an end is not an open row."""
    found = one_case([case(startdato=date(2025, 6, 1), enhed="engang")])
    assert (found["sidste_slut"], found["loebende"]) == (date(2025, 6, 1), False)


# --- What holds for any rows --------------------------------------------------------------------

DAYS = st.dates(date(2023, 1, 1), date(2025, 12, 31))


@st.composite
def any_row(draw: st.DrawFn, units: Sequence[str] = UNITS) -> Row:
    """Return a case row of any dates, price, unit and quantity; few citizens, few paragraphs."""
    start = draw(DAYS)
    end = draw(st.none() | DAYS)
    unit = draw(st.sampled_from(units))
    if unit == "engang" and end is not None and end < start:
        end = start  # a one-off with its end before its start is told of above
    return case(
        sag_id=draw(st.sampled_from(["S1", "S2", "S3"])),
        borger_id=draw(st.sampled_from(["B1", "B2"])),
        paragraf=draw(st.sampled_from(["85", "108"])),
        startdato=start,
        slutdato=end,
        pris=draw(st.none() | st.integers(0, 500_000).map(lambda n: n / 100)),
        enhed=unit,
        antal=draw(st.none() | st.integers(0, 40).map(lambda n: n / 4)),
        bevilget_dato=draw(st.none() | DAYS),
    )


any_rows = st.lists(any_row(), min_size=1, max_size=7)


def told(row: Row) -> oracle.CaseRow:
    """Return a row as the oracle has it."""
    numbers = {k: None if row[k] is None else Decimal(repr(row[k])) for k in ("pris", "antal")}
    return oracle.CaseRow(**{**row, **numbers})


@dataclass(frozen=True)
class Sums:
    """What rows come to in 2024."""

    cost: Fraction
    person_days: int
    citizens: int


def sums(rows: Sequence[Row]) -> Sums:
    """Return what rows come to in 2024."""
    frame = ready(sager=rows).placed("sager", "year")
    days = cases.person_days(frame.lazy()).collect(engine="in-memory")["persondage"].sum()
    total = sum(costs(frame, "raekke").values(), Fraction(0))
    return Sums(total, int(days), frame["borger_id"].n_unique())


@steady
@given(any_rows)
def test_cost_and_person_days_are_the_oracles(rows: list[Row]) -> None:
    """Days counted one by one, and fractions added, give the same to the last digit."""
    year = (NEW_YEAR, NEW_YEARS_EVE)
    plain = [told(r) for r in rows]
    found = sums(rows)
    assert found.cost == oracle.cost_of_rows(plain, *year)
    assert found.person_days == sum(oracle.person_days(plain, *year).values())
    assert found.citizens == oracle.citizens_counted_once(plain, *year)


@steady
@given(any_rows, st.dates(date(2024, 1, 1), date(2024, 12, 30)))
def test_committed_is_the_oracles(rows: list[Row], as_of: date) -> None:
    """As it ran, and the rest of what was granted by then."""
    assert committed(rows, as_of) == oracle.committed([told(r) for r in rows], as_of, 2024)


@steady
@given(any_rows)
def test_the_months_add_up_to_the_year_exactly(rows: list[Row]) -> None:
    """Whole numbers of 128 bits: no rest and no rounding, cost, quantity and days alike."""
    years = (2023, 2024, 2025)
    runnable = ready(years=years, sager=rows).runnable
    months = cases.by_month(runnable, years)
    until = {y: date(y, 12, 31) for y in years}
    columns = ["udgift_exact", "enheder_exact", "dage"]

    def added(grain: cases.Grain) -> list[tuple[Any, ...]]:
        frame = cases.spells(runnable, months, until, grain=grain)
        by = frame.group_by("raekke", "aar").agg(pl.col(columns).sum()).sort("raekke", "aar")
        return by.rows()

    assert added("month") == added("year")


@steady
@given(any_row(("døgn", "uge", "måned", "år")), DAYS)
def test_a_row_cut_in_two_at_any_day_costs_the_same(row: Row, cut: date) -> None:
    """Neither cost nor person-days change; nor do the days a month or year is divided by."""
    last = row["slutdato"] or date(2030, 1, 1)
    assume(row["startdato"] <= cut < last)
    parts = [{**row, "slutdato": cut}, {**row, "startdato": cut + timedelta(days=1)}]
    assert sums(parts) == sums([row])


@steady
@given(any_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Row], random: Any) -> None:
    """Not a bit of any sum."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert sums(shuffled) == sums(rows)
    assert activity(ready(sager=shuffled)) == activity(ready(sager=rows))


@steady
@given(any_rows)
def test_the_paragraphs_add_to_the_total(rows: list[Row]) -> None:
    """Cost and person-days of each paragraph's rows alone are the whole."""
    parts = [sums(part) for p in ("85", "108") if (part := [r for r in rows if r["paragraf"] == p])]
    whole = sums(rows)
    assert sum((p.cost for p in parts), Fraction(0)) == whole.cost
    assert sum(p.person_days for p in parts) == whole.person_days


@steady
@given(any_rows, any_row())
def test_another_citizens_row_never_lowers_anything(rows: list[Row], more: Row) -> None:
    """Its own cost, days and person come on top."""
    other = {**more, "borger_id": "B9", "sag_id": "S9"}
    alone, before, after = sums([other]), sums(rows), sums([*rows, other])
    assert after.cost == before.cost + alone.cost
    assert after.person_days == before.person_days + alone.person_days
    assert after.citizens == before.citizens + alone.citizens


@steady
@given(any_rows, st.dates(date(2024, 1, 1), date(2024, 12, 30)))
def test_to_date_and_the_rest_are_the_whole_year(rows: list[Row], as_of: date) -> None:
    """Cost to any as-of date and cost from the day after are the cost of the year."""
    after = as_of + timedelta(days=1)
    rest = [
        {**r, "startdato": max(r["startdato"], after)}
        for r in rows
        if (r["slutdato"] is None or r["slutdato"] >= r["startdato"])
        and (r["enhed"] != "engang" or r["startdato"] > as_of)
    ]
    assert cost(rows, 2024, as_of) + (cost(rest) if rest else 0) == cost(rows)
