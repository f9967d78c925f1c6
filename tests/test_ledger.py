from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from rows import AS_OF, NEW_YEARS_EVE, Row, amount, ready
from styring import ledger
from styring.economy import functions, outlook, years
from styring.prepare import Cut, Prepared
from styring.review import EconomyYear

ORIGINAL, EXTRA, MOVED, CARRIED, CORRECTED, BOOKED, FORECAST = (
    "oprindeligt budget", "tillægsbevilling", "omplacering", "overførsel", "korrigeret budget",
    "regnskab", "forventet regnskab",
)  # fmt: skip


def kroner(tables: Prepared, kind: Cut = "whole_year") -> dict[tuple[int, str], Fraction]:
    """Return the exact kroner of each year and version, in a plain loop."""
    found: dict[tuple[int, str], Fraction] = {}
    frame = tables.placed("oekonomi", kind)
    for year, version, exact in frame.select("aar", "version", "beloeb_exact").iter_rows():
        share = Fraction(exact or 0, ledger.AMOUNT_SCALE)
        found[year, version] = found.get((year, version), Fraction(0)) + share
    return found


def of_year(rows: Sequence[Row], year: int, as_of: date = NEW_YEARS_EVE) -> EconomyYear:
    """Return one year of the economy made of ledger rows."""
    tables = ready(as_of, range(year, as_of.year + 1), oekonomi=rows)
    return next(y for y in years(tables) if y.year == year)


# --- Versions derived ---------------------------------------------------------------------------


def test_a_missing_corrected_budget_is_the_sum_of_its_parts() -> None:
    """Original, supplementary, reallocated and carried over; nothing booked or forecast."""
    rows = [
        amount(100.0, ORIGINAL), amount(10.0, EXTRA), amount(-5.0, MOVED), amount(2.0, CARRIED),
        amount(999.0), amount(998.0, FORECAST, opfoelgning=date(2024, 5, 1)),
    ]  # fmt: skip
    found = of_year(rows, 2024)
    assert (found.original, found.supplementary, found.corrected) == (100, 10, 107)
    assert found.other_changes == -3  # −5 + 2


def test_the_corrected_budget_is_derived_year_by_year() -> None:
    """2023 has its own rows and keeps them though its parts are others; 2024 is derived."""
    rows = [
        amount(100.0, ORIGINAL, 2023), amount(10.0, EXTRA, 2023), amount(109.0, CORRECTED, 2023),
        amount(200.0, ORIGINAL, 2024), amount(20.0, EXTRA, 2024),
    ]  # fmt: skip
    tables = ready(years=(2023, 2024), oekonomi=rows)
    assert kroner(tables)[2023, CORRECTED] == 109
    assert kroner(tables)[2024, CORRECTED] == 220
    assert len(tables.notes) == 1
    assert "2024" in tables.notes[0].message.da
    assert "2023" not in tables.notes[0].message.da


def test_a_missing_supplementary_grant_is_corrected_less_original() -> None:
    """And less what was reallocated and carried over."""
    rows = [
        amount(100.0, ORIGINAL), amount(-5.0, MOVED), amount(2.0, CARRIED),
        amount(107.0, CORRECTED),
    ]  # fmt: skip
    found = of_year(rows, 2024)
    # 107 − 100 − (−5) − 2 = 10
    assert (found.supplementary, found.corrected) == (10, 107)


@pytest.mark.parametrize(
    "rows",
    [
        [amount(100.0, ORIGINAL), amount(107.0)],
        [amount(107.0, CORRECTED)],
        [amount(10.0, EXTRA)],
    ],
)
def test_nothing_is_derived_from_one_side_only(rows: list[Row]) -> None:
    """Without corrected rows, or without original ones, no supplementary grant is known."""
    found = of_year(rows, 2024)
    wanted = {r["version"] for r in rows}
    assert (found.supplementary is None) == (EXTRA not in wanted)
    assert (found.original is None) == (ORIGINAL not in wanted)
    assert (found.corrected is None) == (not wanted & {ORIGINAL, CORRECTED})


def test_derived_rows_keep_their_function() -> None:
    """The corrected budget of each function is its own parts."""
    rows = [
        amount(100.0, ORIGINAL), amount(5.0, EXTRA, funktion="5.38.52"), amount(110.0),
        amount(40.0, ORIGINAL, funktion="5.38.52"),
    ]  # fmt: skip
    lines = {f.function: f for f in functions(ready(oekonomi=rows))}
    assert lines["5.38.50"].corrected == 100
    assert lines["5.38.52"].corrected == 45
    assert lines["5.38.50"].deviation_corrected == 10
    assert lines["5.38.52"].deviation_corrected is None


# --- Refund -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        {"dranst": "2"},
        {"funktion": "5.22.07"},
        {"art": "8.6"},
        {"art": "Statsrefusion"},
        {"art": "REFUSION, § 176"},
    ],
)
def test_a_refund_row_is_told_by_dranst_function_or_art(mark: Row) -> None:
    """Any one of them is enough; the row stays in the net sum and is also shown apart."""
    found = of_year([amount(1000.0), amount(-300.0, **mark)], 2024)
    assert (found.accounts, found.refund) == (700, -300)


@pytest.mark.parametrize("mark", [{"dranst": "1"}, {"art": "8.1"}, {"art": None}, {"art": "4.0"}])
def test_other_rows_are_no_refund(mark: Row) -> None:
    """Drift, other income and a blank art."""
    assert of_year([amount(1000.0), amount(-300.0, **mark)], 2024).refund is None


# --- Paragraphs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "grouping", "paragraph"),
    [
        ("5.38.50", None, "108"),
        ("5.38.52", "001", "107"),
        ("5.38.38", "001", "95"),
        ("5.38.38", "1", "95"),
        ("5.38.38", "002", "96"),
        ("5.38.38", "003", "85"),
        ("5.38.38", "006", "102"),
        ("5.38.38", None, "85"),
        ("5.38.38", "999", "85"),
        ("5.38.40", None, None),
        ("5.99.99", "001", None),
        (None, None, None),
    ],
)
def test_a_rows_paragraph_is_its_groupings_else_its_functions(
    function: str | None, grouping: str | None, paragraph: str | None
) -> None:
    """Where the chart of accounts splits a function; a function of none has none."""
    rows = [amount(1.0, funktion=function, gruppering=grouping)]
    assert ready(oekonomi=rows).tables.frames["oekonomi"]["paragraf"].to_list() == [paragraph]


# --- What had been booked by when ---------------------------------------------------------------

MONTHLY = [amount(float(m), maaned=m, aar=2025) for m in range(1, 13)]


@pytest.mark.parametrize(
    ("as_of", "booked", "months"),
    [
        (date(2025, 1, 31), 1, 1),
        (date(2025, 2, 27), 1, 1),
        (date(2025, 2, 28), 3, 2),
        (date(2025, 9, 29), 36, 8),
        (date(2025, 9, 30), 45, 9),
        (date(2025, 12, 30), 66, 11),
    ],
)
def test_the_accounts_of_the_current_year_are_those_of_the_months_that_have_ended(
    as_of: date, booked: int, months: int
) -> None:
    """A month counts from its last day; later months are left out with a note."""
    tables = ready(as_of, oekonomi=MONTHLY)
    assert kroner(tables, "year") == {(2025, BOOKED): booked}
    assert outlook(tables) is not None
    assert [f"{12 - months} ræk" in n.message.da for n in tables.notes] == [True]


def test_before_any_month_has_ended_there_is_no_outlook() -> None:
    """On 15 January nothing has been booked that could be known."""
    tables = ready(date(2025, 1, 15), oekonomi=[*MONTHLY, amount(9.0, ORIGINAL, 2025)])
    assert outlook(tables) is None
    assert (years(tables)[0].accounts, years(tables)[0].original) == (None, 9)


def test_the_whole_of_a_finished_year_is_booked() -> None:
    """On 31 December no month is left out, and nothing of the year after is known."""
    tables = ready(date(2025, 12, 31), oekonomi=[*MONTHLY, amount(500.0, aar=2026)])
    assert kroner(tables, "year") == {(2025, BOOKED): 78}
    assert outlook(tables) is None


def test_as_of_an_earlier_year_leaves_out_what_was_booked_and_forecast_later() -> None:
    """Mid-June 2024 knows five months of 2024, the follow-up of 1 June and the whole budget."""
    rows = [
        *(amount(float(m), maaned=m) for m in range(1, 13)),
        amount(120.0, ORIGINAL), *(amount(10.0, CORRECTED, maaned=m) for m in range(1, 13)),
        amount(130.0, FORECAST, opfoelgning=date(2024, 6, 1)),
        amount(140.0, FORECAST, opfoelgning=date(2024, 9, 1)),
        amount(999.0, ORIGINAL, 2025), amount(999.0, aar=2025, maaned=1),
    ]  # fmt: skip
    tables = ready(date(2024, 6, 15), oekonomi=rows)
    found = outlook(tables)
    assert found is not None
    assert (found.months, found.booked) == (5, 15)  # 1 + 2 + 3 + 4 + 5
    assert (found.original, found.corrected) == (120, 120)
    assert (found.forecast, found.forecast_date) == (130, date(2024, 6, 1))
    # 7 months, 1 follow-up and 2 rows of 2025 lie after the date
    assert [n.message.da for n in tables.notes if "10 ræk" in n.message.da]
    assert {year for year, _ in kroner(tables)} == {2024}


def test_a_whole_year_budget_counts_its_share_of_the_months_that_have_ended() -> None:
    """100 kr. a year is 75 after nine months, to the øre; a monthly budget counts its months."""
    rows = [amount(100.0, ORIGINAL, 2025), *(
        amount(10.0, CORRECTED, 2025, maaned=m, funktion="5.38.52") for m in range(1, 13)
    )]  # fmt: skip
    tables = ready(AS_OF, oekonomi=rows)
    assert kroner(tables, "to_date")[2025, ORIGINAL] == 75
    assert kroner(tables, "to_date")[2025, CORRECTED] == 90
    assert kroner(tables, "whole_year")[2025, CORRECTED] == 120


def test_a_share_of_the_year_that_no_ore_holds_is_exact() -> None:
    """One øre over seven of twelve months is 7/12 of an øre, and twelve twelfths are the whole."""
    tables = ready(date(2025, 7, 31), oekonomi=[amount(0.01, ORIGINAL, 2025)])
    assert kroner(tables, "to_date")[2025, ORIGINAL] == Fraction(7, 1200)


def test_whole_year_accounts_of_earlier_years_have_no_part_to_date() -> None:
    """Set beside January to September they would be the whole year: they are nothing known."""
    tables = ready(AS_OF, (2024, 2025), oekonomi=[amount(100.0), *MONTHLY])
    frame = tables.placed("oekonomi", "to_date")
    exact = dict(frame.filter(aar=2024).select("aar", "beloeb_exact").iter_rows())
    assert exact == {2024: None}
    assert kroner(tables, "to_date")[2025, BOOKED] == 45


@pytest.mark.parametrize(("kroner_", "ore"), [(0.005, 1), (-0.005, -1), (1.234, 123), (0.1, 10)])
def test_amounts_are_whole_ore_half_away_from_zero(kroner_: float, ore: int) -> None:
    """Before any sum, with the sign they stand with."""
    tables = ready(oekonomi=[amount(kroner_)])
    exact = tables.tables.frames["oekonomi"]["beloeb_exact"].to_list()
    assert exact == [ore * ledger.TWELFTHS]


def test_whole_year_and_monthly_rows_of_one_function_are_both_added_with_a_warning() -> None:
    """One warning a year and version, naming the functions; other functions are left in peace."""
    rows = [
        amount(100.0), amount(10.0, maaned=1), amount(1.0, maaned=2, funktion="5.38.52"),
        amount(7.0, ORIGINAL), amount(8.0, ORIGINAL, funktion="5.38.52"),
    ]  # fmt: skip
    tables = ready(oekonomi=rows)
    assert kroner(tables)[2024, BOOKED] == 111
    warnings = [n.message.da for n in tables.notes if n.severity == "warning"]
    assert len(warnings) == 1
    assert "regnskab 2024" in warnings[0]
    assert "5.38.50" in warnings[0]
    assert "5.38.52" not in warnings[0]


def test_a_forecast_without_month_beside_a_monthly_one_is_no_double() -> None:
    """Forecasts are of a follow-up date, not of a month."""
    rows = [
        amount(100.0, FORECAST, opfoelgning=date(2024, 5, 1)),
        amount(100.0, FORECAST, opfoelgning=date(2024, 5, 1), maaned=12),
    ]
    assert not [n for n in ready(oekonomi=rows).notes if n.severity == "warning"]


# --- The economy --------------------------------------------------------------------------------


def test_deviation_is_accounts_less_budget_and_positive_is_overspend() -> None:
    """110 booked of 100 original and 105 corrected."""
    found = of_year([amount(100.0, ORIGINAL), amount(5.0, EXTRA), amount(110.0)], 2024)
    assert (found.deviation_original, found.deviation_corrected) == (10, 5)
    assert found.deviation_original_share == pytest.approx(0.10)
    assert found.deviation_corrected_share == pytest.approx(5 / 105)


def test_an_unfinished_year_has_no_deviation() -> None:
    """It has accounts to date, budgets and a forecast."""
    rows = [amount(100.0, ORIGINAL, 2025), amount(110.0, aar=2025, maaned=3)]
    found = of_year(rows, 2025, AS_OF)
    assert found.partial
    assert (found.accounts, found.original) == (110, 100)
    assert (found.deviation_original, found.deviation_original_share) == (None, None)


def test_the_forecast_of_a_year_is_its_latest_follow_up() -> None:
    """All functions of the latest date, nothing of the earlier one."""
    rows = [
        amount(100.0, FORECAST, opfoelgning=date(2024, 5, 1)),
        amount(90.0, FORECAST, opfoelgning=date(2024, 9, 1)),
        amount(30.0, FORECAST, opfoelgning=date(2024, 9, 1), funktion="5.38.52"),
    ]
    assert of_year(rows, 2024).forecast == 120


def test_a_forecast_of_nothing_at_all_was_not_made_yet() -> None:
    """Sheets hold 0 for the estimates of later in the year; one function at 0 is a forecast."""
    rows = [
        amount(100.0, BOOKED),
        amount(90.0, FORECAST, opfoelgning=date(2024, 3, 31)),
        amount(0.0, FORECAST, opfoelgning=date(2024, 3, 31), funktion="5.38.52"),
        amount(0.0, FORECAST, opfoelgning=date(2024, 8, 31)),
        amount(0.0, FORECAST, opfoelgning=date(2024, 8, 31), funktion="5.38.52"),
    ]
    tables = ready(NEW_YEARS_EVE, (2024,), oekonomi=rows)
    kept = tables.tables.frames["oekonomi"].filter(pl.col("version") == FORECAST)
    assert sorted(kept["beloeb"]) == [0.0, 90.0]
    assert of_year(rows, 2024).forecast == 90
    assert [n.message.da for n in tables.notes if "31.8.2024" in n.message.da] != []


def test_a_deviation_from_a_budget_of_nothing_has_no_share() -> None:
    """10 kr. over 0 kr. is 10 kr. and no per cent."""
    found = of_year([amount(0.0, ORIGINAL), amount(10.0)], 2024)
    assert (found.deviation_original, found.deviation_original_share) == (10, None)
