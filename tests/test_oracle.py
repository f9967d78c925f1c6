"""The oracle proved on examples worked out by hand, and on what the shared workbooks print."""

import unittest
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import oracle
from oracle import CaseRow, LedgerRow

YEAR_2024 = (date(2024, 1, 1), date(2024, 12, 31))
YEAR_2025 = (date(2025, 1, 1), date(2025, 12, 31))
AS_OF = date(2025, 9, 30)
SYDDJURS = "syddjurs.xlsx"
IKAST_BRANDE = "ikast-brande.xlsx"
NORDDJURS = "norddjurs-udtraek.xlsx"
FAVRSKOV = "favrskov-udtraek.xlsx"


def row(
    start: date,
    end: date | None = None,
    price: str | None = "1000",
    unit: str = "døgn",
    quantity: str | None = None,
) -> CaseRow:
    """A case row of citizen B1 in case S1 under § 108."""
    return CaseRow(
        sag_id="S1",
        borger_id="B1",
        paragraf="108",
        startdato=start,
        slutdato=end,
        pris=None if price is None else Decimal(price),
        enhed=unit,
        antal=None if quantity is None else Decimal(quantity),
    )


def granted(case: str, applied: date | None, when: date | None, under: str = "85") -> CaseRow:
    """A case row with the dates of its application and grant."""
    return CaseRow(
        sag_id=case,
        borger_id="B1",
        paragraf=under,
        startdato=date(2024, 1, 1),
        pris=Decimal(1000),
        ansoegt_dato=applied,
        bevilget_dato=when,
    )


def followed(case: str, start: date, when: date | None, under: str = "85") -> CaseRow:
    """An open case row with the date of its latest follow-up."""
    return CaseRow(
        sag_id=case, borger_id="B1", paragraf=under, startdato=start, sidste_opfoelgning=when
    )


# --- Cost of a row ------------------------------------------------------------------------------


def test_a_day_price_costs_every_day_of_half_a_leap_year() -> None:
    """Both end dates count, so half of 2024 is 183 days and costs 183,000 kr."""
    half = row(date(2024, 1, 1), date(2024, 7, 1))
    # January 31 + February 29 + March 31 + April 30 + May 31 + June 30 + 1 July = 183 days
    assert oracle.cost(half, *YEAR_2024) == 183_000


def test_a_week_price_costs_a_seventh_a_day_times_the_quantity() -> None:
    """Ten days at 5 hours of 350 kr. a week cost 2,500 kr."""
    ten_days = row(date(2024, 3, 1), date(2024, 3, 10), "350", "uge", "5")
    # 350 x 5 x 10 / 7 = 17,500 / 7 = 2,500
    assert oracle.cost(ten_days, *YEAR_2024) == 2500


def test_a_month_price_is_shared_by_the_days_of_each_month() -> None:
    """The part of January is in 31sts and the part of February 2024 in 29ths."""
    two_parts = row(date(2024, 1, 17), date(2024, 2, 10), "3100", "måned")
    # January: 15 of 31 days = 1,500; February: 10 of 29 days = 31,000/29
    assert oracle.cost(two_parts, *YEAR_2024) == 1500 + Fraction(31_000, 29)


def test_whole_months_cost_the_month_price_each() -> None:
    """A whole year at a month price costs twelve of them, whatever the months' lengths."""
    assert oracle.cost(row(date(2024, 1, 1), None, "9916", "måned"), *YEAR_2024) == 12 * 9916


def test_a_year_price_is_shared_by_the_days_of_each_year() -> None:
    """Ten days of 2024 are in 366ths and ten days of 2025 in 365ths."""
    turn = row(date(2024, 12, 22), date(2025, 1, 10), "36600", "år")
    # 2024: 36,600 x 10 / 366 = 1,000; 2025: 36,600 x 10 / 365 = 366,000/365
    assert oracle.cost(turn, *YEAR_2024) == 1000
    assert oracle.cost(turn, *YEAR_2025) == Fraction(366_000, 365)


def test_a_one_off_costs_once_on_its_start_date() -> None:
    """A one-off left open costs on its start date and neither before nor after."""
    once = row(date(2024, 6, 15), None, "25000", "engang", "2")
    assert oracle.cost(once, *YEAR_2024) == 50_000
    assert oracle.cost(once, date(2024, 6, 15), date(2024, 6, 15)) == 50_000
    assert oracle.cost(once, date(2024, 6, 16), date(2025, 12, 31)) == 0


def test_an_open_end_runs_on() -> None:
    """A row without an end costs every day of a later year."""
    assert oracle.cost(row(date(2019, 5, 1)), *YEAR_2025) == 365_000


def test_an_end_before_the_start_never_runs() -> None:
    """A row that ends before it starts costs nothing and holds no days."""
    turned = row(date(2024, 5, 2), date(2024, 5, 1))
    assert oracle.cost(turned, *YEAR_2024) == 0
    assert oracle.person_days([turned], *YEAR_2024) == {}


def test_a_one_off_that_ends_before_it_starts_never_runs() -> None:
    """The rule of the turned row comes before the rule of the one-off."""
    assert oracle.cost(row(date(2024, 5, 2), date(2024, 5, 1), unit="engang"), *YEAR_2024) == 0


def test_a_row_of_one_day_runs_one_day() -> None:
    """Start and end on the same day is one day."""
    assert oracle.cost(row(date(2024, 2, 29), date(2024, 2, 29)), *YEAR_2024) == 1000


def test_a_blank_quantity_is_one_and_quantity_0_is_nothing() -> None:
    """Blank is 1; 0 costs nothing and holds no person-days."""
    blank, none = row(date(2024, 1, 1)), row(date(2024, 1, 1), quantity="0")
    assert oracle.cost(blank, *YEAR_2024) == 366_000
    assert oracle.cost(none, *YEAR_2024) == 0
    assert oracle.person_days([none], *YEAR_2024) == {}


@pytest.mark.parametrize(
    "unknown", [row(date(2024, 1, 1), price=None), row(date(2024, 1, 1), unit="time")]
)
def test_a_missing_price_or_unknown_unit_costs_nothing_and_counts_days(unknown: CaseRow) -> None:
    """Persons and days count although nothing is known of the cost."""
    assert oracle.cost(unknown, *YEAR_2024) == 0
    assert oracle.person_days([unknown], *YEAR_2024) == {"108": 366}


def test_a_negative_price_adds_as_it_stands() -> None:
    """A correction of -200 kr. a day for ten days lowers the cost by 2,000 kr."""
    rows = [row(date(2024, 1, 1)), row(date(2024, 1, 1), date(2024, 1, 10), "-200")]
    assert oracle.cost_of_rows(rows, *YEAR_2024) == 366_000 - 2000


def test_prices_are_the_decimals_they_show() -> None:
    """Ten days at 0.1 kr. are 1 kr. exactly, which binary fractions do not give."""
    assert oracle.as_number(0.1) == Decimal("0.1")
    assert oracle.cost(row(date(2024, 1, 1), date(2024, 1, 10), "0.1"), *YEAR_2024) == 1


@pytest.mark.parametrize("unit", ["døgn", "uge", "måned", "år", "engang"])
def test_the_parts_of_a_year_add_up_to_the_year(unit: str) -> None:
    """Cost to any as-of date and cost of the rest are together the cost of the year."""
    running = row(date(2023, 11, 5), date(2025, 2, 17), "1234.56", unit, "2.5")
    for cut in (date(2024, 1, 1), date(2024, 2, 29), date(2024, 9, 30)):
        before = oracle.cost(running, YEAR_2024[0], cut)
        after = oracle.cost(running, cut + timedelta(days=1), YEAR_2024[1])
        assert before + after == oracle.cost(running, *YEAR_2024)


# --- Persons ------------------------------------------------------------------------------------


def test_half_a_leap_year_is_half_a_person_year() -> None:
    """183 of 366 days are one half."""
    half = row(date(2024, 1, 1), date(2024, 7, 1))
    assert oracle.person_years([half], *YEAR_2024) == {"108": Fraction(1, 2)}


def test_person_years_of_part_of_a_year_are_over_the_days_of_the_whole_year() -> None:
    """To 30 September 2025 a whole-year person is 273/365, so that months add up to the year."""
    persons = oracle.person_years([row(date(2020, 1, 1))], date(2025, 1, 1), AS_OF)
    # 365 days less October 31, November 30 and December 31 = 273
    assert persons == {"108": Fraction(273, 365)}


def test_overlapping_rows_of_one_citizen_under_one_paragraph_are_one_person() -> None:
    """Ten days and ten days that share five are fifteen person-days; the cost is added."""
    rows = [
        replace(row(date(2024, 1, 1), date(2024, 1, 10)), sag_id="S1"),
        replace(row(date(2024, 1, 6), date(2024, 1, 15)), sag_id="S2"),
    ]
    assert oracle.person_days(rows, *YEAR_2024) == {"108": 15}
    assert oracle.cost_of_rows(rows, *YEAR_2024) == 20_000


def test_two_paragraphs_of_one_citizen_add() -> None:
    """The same ten days under two paragraphs are ten person-days under each."""
    rows = [
        replace(row(date(2024, 1, 1), date(2024, 1, 10)), paragraf="108"),
        replace(row(date(2024, 1, 1), date(2024, 1, 10)), paragraf="104"),
    ]
    assert oracle.person_days(rows, *YEAR_2024) == {"108": 10, "104": 10}
    assert oracle.person_days_union(rows, *YEAR_2024) == 10


def test_two_citizens_on_the_same_days_are_two_persons() -> None:
    """Ten days of two citizens are twenty person-days."""
    rows = [
        replace(row(date(2024, 1, 1), date(2024, 1, 10)), borger_id=who) for who in ("B1", "B2")
    ]
    assert oracle.person_days(rows, *YEAR_2024) == {"108": 20}


def test_a_citizen_with_two_paragraphs_is_counted_under_each_and_once_in_all() -> None:
    """Citizens add under paragraphs but not in the total."""
    rows = [
        replace(row(date(2024, 1, 1)), paragraf="108"),
        replace(row(date(2024, 1, 1)), paragraf="104"),
        replace(row(date(2024, 1, 1)), paragraf="104", borger_id="B2"),
        replace(row(date(2025, 1, 1)), paragraf="104", borger_id="B3"),
    ]
    assert oracle.citizens_by_paragraph(rows, *YEAR_2024) == {"108": 1, "104": 2}
    assert oracle.citizens_counted_once(rows, *YEAR_2024) == 2


def test_a_dear_citizen_costs_strictly_more_than_the_limit_over_all_paragraphs() -> None:
    """366,000 + 366 kr. is above a limit of 366,365 kr. and not above 366,366 kr."""
    rows = [
        replace(row(date(2024, 1, 1)), paragraf="108"),
        replace(row(date(2024, 1, 1), price="1"), paragraf="104", sag_id="S2"),
        replace(row(date(2024, 1, 1), price="1001", unit="år"), borger_id="B2", sag_id="S3"),
    ]
    assert oracle.citizens_above(rows, *YEAR_2024, 366_365) == 1
    assert oracle.citizens_above(rows, *YEAR_2024, 366_366) == 0


def test_the_order_of_rows_changes_nothing() -> None:
    """Cost and person-days are the same read from the end."""
    rows = [
        replace(row(date(2024, 1, 17), date(2024, 8, 3), "1234.5", "måned"), sag_id="S1"),
        replace(row(date(2024, 3, 1), None, "999.99", "uge", "3"), sag_id="S2"),
        replace(
            row(date(2024, 5, 5), date(2024, 11, 1), "77777", "år"), borger_id="B2", sag_id="S3"
        ),
    ]
    backwards = list(reversed(rows))
    assert oracle.cost_of_rows(rows, *YEAR_2024) == oracle.cost_of_rows(backwards, *YEAR_2024)
    assert oracle.person_days(rows, *YEAR_2024) == oracle.person_days(backwards, *YEAR_2024)


def test_a_blank_function_is_not_placed() -> None:
    """The cost of a row without a function stands apart and is not guessed."""
    placed = CaseRow("S1", "B1", "108", date(2024, 1, 1), pris=Decimal(1), funktion="5.38.50")
    costs = oracle.cost_by_function([placed, row(date(2024, 1, 1), price="2")], *YEAR_2024)
    assert costs == {"5.38.50": 366, "ikke placeret": 732}


# --- Committed and expected ---------------------------------------------------------------------


def test_committed_is_the_year_as_it_ran_and_the_rest_of_what_is_granted() -> None:
    """A granted row counts to its end or the year's; one not yet granted only as it ran."""
    blank_grant = row(date(2025, 1, 1), date(2025, 10, 10))
    later = CaseRow("S2", "B2", "108", date(2025, 12, 1), pris=Decimal(1000), bevilget_dato=AS_OF)
    not_yet = CaseRow(
        "S3", "B3", "108", date(2025, 9, 1), pris=Decimal(1000), bevilget_dato=date(2025, 10, 1)
    )
    # blank grant: 273 days + 10 days of October; later: 31 days of December; not yet: 30 days ran
    assert oracle.committed([blank_grant], AS_OF, 2025) == 283_000
    assert oracle.committed([later], AS_OF, 2025) == 31_000
    assert oracle.committed([not_yet], AS_OF, 2025) == 30_000
    assert oracle.committed([blank_grant, later, not_yet], AS_OF, 2025) == 344_000


def test_committed_of_a_finished_year_is_what_it_cost() -> None:
    """Nothing is left to commit when the year is over at the as-of date."""
    assert oracle.committed([row(date(2024, 1, 1))], AS_OF, 2024) == 366_000


def test_expected_raises_the_rest_of_the_year_as_the_ledger_stands_to_the_cases() -> None:
    """Booked 220 where the cases cost 200 lifts the rest of 100 to 110, in all 330."""
    # 220 + 100 x 220 / 200 = 330, which is 220 x 300 / 200
    assert oracle.expected(Decimal(220), Fraction(300), Fraction(200)) == 330


# --- Cases --------------------------------------------------------------------------------------


def test_a_case_is_new_in_the_year_of_its_first_start() -> None:
    """A second row of the same case does not make it new again."""
    rows = [
        row(date(2024, 3, 1), date(2024, 12, 31)),
        row(date(2025, 1, 1)),
        replace(row(date(2025, 10, 1)), sag_id="S2"),
    ]
    assert oracle.new_cases(rows, *YEAR_2024) == 1
    assert oracle.new_cases(rows, date(2025, 1, 1), AS_OF) == 0
    assert oracle.new_cases(rows, *YEAR_2025) == 1


def test_a_case_is_ended_by_its_last_end_when_no_row_is_open() -> None:
    """A later row moves the end and an open row takes it away."""
    first = row(date(2024, 1, 1), date(2024, 6, 30))
    assert oracle.ended_cases([first], *YEAR_2024) == 1
    later = row(date(2024, 7, 1), date(2025, 3, 31))
    assert oracle.ended_cases([first, later], *YEAR_2024) == 0
    assert oracle.ended_cases([first, later], *YEAR_2025) == 1
    assert oracle.ended_cases([first, row(date(2024, 7, 1))], *YEAR_2024) == 0


def test_cases_begun_or_ended_on_the_first_and_last_day_of_a_period_belong_to_it() -> None:
    """1 January and 31 December count in 2024; the days around do not."""
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    rows = [replace(row(day, day), sag_id=f"S{number}") for number, day in enumerate(days)]
    assert oracle.new_cases(rows, *YEAR_2024) == 2
    assert oracle.ended_cases(rows, *YEAR_2024) == 2


def test_a_one_off_case_ends_on_its_start_date() -> None:
    """A one-off without an end is not an open row."""
    assert oracle.ended_cases([row(date(2024, 6, 1), unit="engang")], *YEAR_2024) == 1


def test_a_case_is_followed_up_in_time_with_both_ends_of_twelve_months_included() -> None:
    """30 September 2024 and the as-of date itself are in time; the day before is not."""
    old = date(2020, 1, 1)
    assert oracle.followed_up([followed("S1", old, date(2024, 9, 30))], AS_OF) == (1, 1)
    assert oracle.followed_up([followed("S1", old, AS_OF)], AS_OF) == (1, 1)
    assert oracle.followed_up([followed("S1", old, date(2024, 9, 29))], AS_OF) == (0, 1)
    assert oracle.followed_up([followed("S1", old, None)], AS_OF) == (0, 1)


def test_a_case_begun_within_twelve_months_counts_only_when_followed_up() -> None:
    """A case of 1 October 2024 without a follow-up is left out; one of 30 September is not."""
    young = date(2024, 10, 1)
    assert oracle.followed_up([followed("S1", young, None)], AS_OF) == (0, 0)
    assert oracle.followed_up([followed("S1", young, date(2025, 1, 1))], AS_OF) == (1, 1)
    assert oracle.followed_up([followed("S1", date(2024, 9, 30), None)], AS_OF) == (0, 1)


def test_follow_up_takes_active_cases_without_the_self_referral_paragraphs() -> None:
    """Ended cases and §§ 109 and 110 are left out; rows of one case are one case."""
    old = date(2020, 1, 1)
    ended = CaseRow("S1", "B1", "85", old, date(2025, 9, 29))
    two_rows = [CaseRow("S2", "B1", "85", old, date(2024, 12, 31)), followed("S2", AS_OF, AS_OF)]
    shelters = [followed("S3", old, AS_OF, "109"), followed("S4", old, AS_OF, "110")]
    assert oracle.followed_up([ended, *two_rows, *shelters], AS_OF) == (1, 1)


def test_the_day_a_year_before_a_leap_day_is_the_last_of_february() -> None:
    """29 February 2024 looks back to 28 February 2023."""
    assert oracle.year_before(date(2024, 2, 29)) == date(2023, 2, 28)


def test_case_time_is_from_first_application_to_first_grant_in_the_year_of_the_grant() -> None:
    """Blank dates, negative times, other years and §§ 109 and 110 are left out."""
    rows = [
        granted("S1", date(2023, 12, 20), date(2024, 1, 9)),  # 11 + 9 = 20 days
        granted("S1", date(2023, 12, 25), date(2025, 3, 1)),  # the same case: its first dates count
        granted("S2", date(2024, 2, 1), date(2024, 3, 1)),  # 29 days, over a leap day
        granted("S3", date(2024, 5, 2), date(2024, 5, 1)),  # negative
        granted("S4", date(2024, 5, 1), date(2025, 1, 1)),  # granted in 2025
        granted("S5", None, date(2024, 5, 1)),
        granted("S6", date(2024, 5, 1), None),
        granted("S7", date(2024, 5, 1), date(2024, 5, 1), "110"),
    ]
    assert sorted(oracle.case_times(rows, 2024)) == [20, 29]


def test_the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() -> None:
    """Of 1, 2, 5 and 90 it is 3½, of three values the middle one, of none nothing."""
    assert oracle.median([90, 1, 5, 2]) == Fraction(7, 2)
    assert oracle.median([9, 1, 5]) == 5
    assert oracle.median([]) is None


# --- Ledger -------------------------------------------------------------------------------------


def test_ledger_amounts_add_exactly_and_net() -> None:
    """0.10 + 0.20 - 0.05 is 0.25, per version and year."""
    rows = [
        LedgerRow(2024, "regnskab", Decimal("0.10"), "5.38.50", "4.0"),
        LedgerRow(2024, "regnskab", Decimal("0.20"), "5.38.52", "4.0"),
        LedgerRow(2024, "regnskab", Decimal("-0.05"), "5.38.50", "8.6"),
        LedgerRow(2025, "regnskab", Decimal(7), "5.38.50", "4.0"),
    ]
    assert oracle.amounts(rows) == {
        (2024, "regnskab"): Decimal("0.25"),
        (2025, "regnskab"): Decimal(7),
    }
    assert oracle.amounts_by_function(rows)[2024, "regnskab", "5.38.50"] == Decimal("0.05")
    assert oracle.refunds(rows) == {2024: Decimal("-0.05")}


def test_the_corrected_budget_is_derived_only_in_years_without_own_rows() -> None:
    """2024 has its own rows and keeps them; 2025 is 100 + 10 - 5 + 2."""
    rows = [
        LedgerRow(2024, "oprindeligt budget", Decimal(100)),
        LedgerRow(2024, "tillægsbevilling", Decimal(10)),
        LedgerRow(2024, "korrigeret budget", Decimal(109)),
        LedgerRow(2025, "oprindeligt budget", Decimal(100)),
        LedgerRow(2025, "tillægsbevilling", Decimal(10)),
        LedgerRow(2025, "omplacering", Decimal(-5)),
        LedgerRow(2025, "overførsel", Decimal(2)),
        LedgerRow(2025, "forventet regnskab", Decimal(999)),
        LedgerRow(2025, "regnskab", Decimal(999)),
    ]
    assert oracle.corrected(rows) == {2024: Decimal(109), 2025: Decimal(107)}


def test_thousands_in_the_header_are_read_as_kroner_and_ore() -> None:
    """1517.09404 in 1.000 kr. is 1,517,094.04 kr. exactly."""
    header = ["år", "funktion", "art", "version", "Beløb (1.000 kr.)"]
    cells: list[list[oracle.Cell]] = [[*header], [2024.0, "5.38.50", "4.0", "Regnskab", 1517.09404]]
    unit = oracle.amount_unit(cells)
    (record,) = oracle.records(cells, oracle.LEDGER_COLUMNS)
    read = oracle.ledger_row(record, unit=unit)
    assert unit == 1000
    assert read == LedgerRow(2024, "regnskab", Decimal("1517094.04"), "5.38.50", "4.0")


# --- Reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("85", "85"),
        (85.0, "85"),
        ("§ 107", "107"),
        ("SEL § 108", "108"),
        ("Serviceloven § 85", "85"),
        ("Serviceloven\xa0§\xa0104\xa0", "104"),
        ("ABL-105", "ABL-105"),
        ("ABL § 105", "ABL-105"),
        ("Almenboligloven § 105", "ABL-105"),
        ("105", "105"),
    ],
)
def test_a_paragraph_has_one_normal_form(written: oracle.Cell, normal: str) -> None:
    """The act's name, the sign and every kind of blank are left out, except ABL."""
    assert oracle.paragraph(written) == normal


def test_only_merged_areas_are_filled() -> None:
    """Rows 1 and 2 are merged in the first column; the blanks above and below stay blank."""
    rows: list[list[oracle.Cell]] = [["", "a"], ["B1", "b"], ["", "c"], ["", "d"]]
    expected = [["", "a"], ["B1", "b"], ["B1", "c"], ["", "d"]]
    assert oracle.filled(rows, [((1, 0), (2, 0))]) == expected


def test_the_header_is_found_below_titles_and_totals_are_left_out() -> None:
    """Title rows, an empty row and the grand total are no records."""
    rows: list[list[oracle.Cell]] = [
        ["Udtræk", "", ""],
        ["", "", ""],
        ["Start\xa0dato", "Sagsnummer", "Pris\xa0(kr.)"],
        [date(2024, 1, 1), "S1\xa0", 5.0],
        ["", "", ""],
        ["Hovedtotal", "", 5.0],
    ]
    read = oracle.records(rows, ("startdato", "sag_id", "pris"))
    assert read == [{"startdato": date(2024, 1, 1), "sag_id": "S1", "pris": 5.0}]


def test_identical_rows_count_once_whatever_their_blanks() -> None:
    """A non-breaking space does not make a row another; one differing field does."""
    rows: list[list[oracle.Cell]] = [
        ["sag_id", "ydelse", "pris"],
        ["S1", "Ophold på herberg", 5.0],
        ["S1\xa0", "Ophold\xa0på\xa0herberg", 5.0],
        ["S1", "Ophold på herberg", 6.0],
    ]
    assert len(oracle.distinct(oracle.records(rows, ("sag_id", "pris")))) == 2


def test_midnight_is_a_date_and_a_time_of_day_is_refused() -> None:
    """A date cell with a clock time is not read as a day."""
    assert oracle.cleaned(datetime(2024, 5, 1)) == date(2024, 5, 1)
    with pytest.raises(ValueError, match="time of day"):
        oracle.cleaned(datetime(2024, 5, 1, 8, 14))


def test_text_where_a_number_or_date_belongs_is_refused() -> None:
    """The oracle guesses nothing."""
    with pytest.raises(TypeError, match="not a number"):
        oracle.as_number("1.000")
    with pytest.raises(TypeError, match="not a date"):
        oracle.as_date("01-05-2024")


# --- The shared workbooks -----------------------------------------------------------------------


def test_a_missing_folder_of_workbooks_skips_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The reason of the skip names the shared workbooks or the one that is missing."""
    monkeypatch.setenv("STYRING_SHARED", str(tmp_path / "nowhere"))
    with pytest.raises(unittest.SkipTest, match="the shared workbooks are missing"):
        oracle.shared()
    monkeypatch.setenv("STYRING_SHARED", str(tmp_path))
    with pytest.raises(unittest.SkipTest, match=r"workbooks/syddjurs\.xlsx"):
        oracle.workbook(SYDDJURS)


def test_the_printed_totals_of_favrskov_are_the_sums_of_its_rows() -> None:
    """What the sheets print as Hovedtotal is what the rows taken add up to."""
    path = oracle.workbook(FAVRSKOV)
    prices = [row.pris for row in oracle.load_cases(path) if row.pris is not None]
    assert oracle.printed_totals(path, "ledger") == [sum(oracle.ledger_kroner(path).values())]
    assert oracle.printed_totals(path, "cases") == [sum(prices)]


def test_every_row_of_the_workbooks_is_taken_once() -> None:
    """Rows of the sheets, less header, titles, totals and the 58 identical rows of Norddjurs."""
    taken = {
        name: (oracle.ledger_rows(path), oracle.case_rows(path), oracle.duplicate_rows(path))
        for name in (SYDDJURS, IKAST_BRANDE, NORDDJURS, FAVRSKOV)
        for path in [oracle.workbook(name)]
    }
    # Favrskov: 2,989 rows less header and total; 3,244 less 3 titles, header and total.
    # Norddjurs: 3,169 rows less header and 58.
    assert taken == {
        SYDDJURS: (2926, 3606, 0),
        IKAST_BRANDE: (2965, 3070, 0),
        NORDDJURS: (2930, 3110, 58),
        FAVRSKOV: (2987, 3239, 0),
    }


@pytest.mark.parametrize("name", [SYDDJURS, IKAST_BRANDE, NORDDJURS, FAVRSKOV])
def test_every_case_of_a_workbook_has_one_citizen_and_one_paragraph(name: str) -> None:
    """Filling merged cells down never carries a citizen into another's case."""
    rows = oracle.load_cases(oracle.workbook(name))
    assert all(row.borger_id for row in rows)
    cases = {row.sag_id for row in rows}
    assert len({(row.sag_id, row.borger_id, row.paragraf) for row in rows}) == len(cases)


@pytest.mark.parametrize("name", [SYDDJURS, IKAST_BRANDE, NORDDJURS, FAVRSKOV])
def test_the_functions_of_a_workbook_add_up_to_its_case_cost(name: str) -> None:
    """Two ways of grouping the same days give the same kroner to the last fraction."""
    path = oracle.workbook(name)
    by_paragraph = sum(cost for (year, _), cost in oracle.case_cost(path).items() if year == 2025)
    by_function = sum(oracle.cost_per_function_to_date(path).values())
    assert by_paragraph == by_function == oracle.case_cost_to_date(path)


@pytest.mark.parametrize("name", [IKAST_BRANDE, FAVRSKOV])
def test_own_rows_of_the_corrected_budget_agree_with_the_derived(name: str) -> None:
    """Where a workbook has both, they are the same, so no grant is lost or counted twice."""
    path = oracle.workbook(name)
    rows = [row for row in oracle.load_ledger(path) if row.version != oracle.CORRECTED]
    assert oracle.corrected(rows) == oracle.corrected_budget(path)


def test_the_money_of_syddjurs_is_what_two_calculations_found() -> None:
    """Ledger 2024 to the øre, as an earlier and separate calculation has it."""
    path = oracle.workbook(SYDDJURS)
    ledger = oracle.ledger_kroner(path)
    assert ledger[2024, "regnskab"] == Decimal("265604730.82")
    assert ledger[2024, "oprindeligt budget"] == Decimal(250_391_919)
    assert oracle.corrected_budget(path)[2024] == Decimal(254_898_974)


def test_the_cases_of_syddjurs_are_what_two_calculations_found() -> None:
    """Case figures to the øre, as an earlier and separate calculation has them."""
    path = oracle.workbook(SYDDJURS)
    assert round(oracle.case_cost(path)[2024, "108"], 2) == Fraction("78585170.85")
    assert round(oracle.helaarspersoner(path)[2024, "108"], 4) == Fraction("44.4317")
    assert round(oracle.case_cost_to_date(path), 2) == Fraction("205233596.55")
    assert round(oracle.disponeret(path), 2) == Fraction("273198197.05")
    assert round(oracle.expected_from_cases(path), 2) == Fraction("284986245.72")
    assert oracle.follow_up(path) == (243, 468)


def test_unit_price_is_case_cost_over_person_years() -> None:
    """Price times number is the cost, and a paragraph nobody has gives nothing."""
    path = oracle.workbook(SYDDJURS)
    price = oracle.unit_price(path, 2024, "108")
    assert price is not None
    assert price * oracle.helaarspersoner(path)[2024, "108"] == oracle.case_cost(path)[2024, "108"]
    assert oracle.unit_price(path, 2024, "999") is None
