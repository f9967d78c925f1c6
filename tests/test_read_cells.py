"""A column of cells as values: what is read, what is asked about, what is never read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import build
from styring.read.workbook import Reading


def cases(folder: Path, column: str, cells: Sequence[object]) -> Reading:
    """Return the reading of case rows S1, S2 … with these cells in a column."""
    return build.read(folder, build.with_cases(column, cells))


def ledger(folder: Path, column: str, cells: Sequence[object]) -> Reading:
    """Return the reading of ledger rows with these cells in a column."""
    return build.read(folder, build.with_ledger(column, cells))


def by_case(reading: Reading, column: str) -> dict[str, Any]:
    """Return a column of the case rows that were accepted, by case."""
    ids = build.column(reading, "sager", "sag_id")
    return dict(zip(ids, build.column(reading, "sager", column), strict=True))


# --- Numbers ------------------------------------------------------------------------------------


def test_numbers_are_taken_as_they_are_without_a_word(tmp_path: Path) -> None:
    """A column of real numbers gives no note at all."""
    reading = cases(tmp_path, "pris", [2500, 2500.5, 0, -10])
    assert build.column(reading, "sager", "pris") == [2500.0, 2500.5, 0.0, -10.0]
    assert build.heard(reading) == []


def test_danish_numbers_as_text_are_read_and_said(tmp_path: Path) -> None:
    """Points group thousands; the note names the first cell."""
    cells = ["1.234,50", "1.234", "1.234-", "(1.234)", "kr. 1.234", "1\xa0234,50"]
    reading = cases(tmp_path, "pris", cells)
    assert build.column(reading, "sager", "pris") == [1234.5, 1234, -1234, -1234, 1234, 1234.5]
    said = build.at(reading, "Sager!F2")
    assert (said.severity, said.cell, said.column) == ("info", "F2", "pris")


def test_a_text_among_numbers_is_read_alike(tmp_path: Path) -> None:
    """A text `2.980` beside numbers is 2,980 and never 2.98."""
    reading = cases(tmp_path, "pris", [2500, "2.980", 2650])
    assert build.column(reading, "sager", "pris") == [2500, 2980, 2650]
    assert build.at(reading, "Sager!F3").severity == "info"


def test_a_dash_is_zero_and_asked_about(tmp_path: Path) -> None:
    """A dash is how accounts write zero, but it could be a missing price."""
    reading = ledger(tmp_path, "beløb", [100, "–", "-"])
    assert build.column(reading, "oekonomi", "beloeb") == [100, 0, 0]
    said = build.at(reading, "Økonomi!E3")
    assert (said.severity, said.cell) == ("warning", "E3")
    assert said == build.at(reading, "Økonomi!E4")


def test_english_marks_are_read_and_asked_about(tmp_path: Path) -> None:
    """One cell with a decimal point makes the column English, and that is a warning."""
    reading = cases(tmp_path, "pris", ["1,234.50", "1,200", "12.5"])
    assert build.column(reading, "sager", "pris") == [1234.5, 1200, 12.5]
    assert build.at(reading, "Sager!F4").severity == "warning"


def test_mixed_decimal_marks_are_refused_with_two_cells(tmp_path: Path) -> None:
    """The two cells that contradict each other are named, whatever stands between them."""
    error = build.refusal(tmp_path, build.with_cases("pris", [2500, "12,50", "1.000", "12.50"]))
    assert "Sager!F3" in error.where.da
    assert "Sager!F5" in error.where.da
    assert "«12,50»" in error.what.da
    assert "«12.50»" in error.what.da
    assert error.exit_code == 3


def test_a_column_of_one_mark_and_three_digits_is_asked_about(tmp_path: Path) -> None:
    """`1,234` everywhere is 1,234 in an English export, so 1.234 kr. is not taken on trust."""
    reading = cases(tmp_path, "pris", ["1,234", "2,500", "3,750"])
    assert [n for n in build.about(reading, "Sager", "F2") if n.severity == "warning"]


def test_prices_that_lost_their_thousands_mark_are_asked_about(tmp_path: Path) -> None:
    """3.007 and 3.155 beside 148 and more are the fingerprint of a lost thousands mark."""
    reading = cases(tmp_path, "pris", [148, 3.007, 3.155, 2400, 2650])
    read = build.column(reading, "sager", "pris")
    assert read == pytest.approx([148, 3.007, 3.155, 2400, 2650])
    said = build.at(reading, "Sager!F3")
    assert (said.severity, said.cell, said.column) == ("warning", "F3", "pris")


def test_a_text_that_is_no_number_has_no_value_and_is_shown(tmp_path: Path) -> None:
    """The note names the cell and what stands in it."""
    reading = cases(tmp_path, "pris", [2500, "efter aftale"])
    assert build.column(reading, "sager", "pris") == [2500, None]
    said = build.at(reading, "Sager!F3")
    assert (said.severity, said.cell) == ("warning", "F3")
    assert "«efter aftale»" in said.message.da


def test_a_date_among_prices_is_no_price(tmp_path: Path) -> None:
    """`01.05.2024` in a column of prices has no value; it is not 1,052,024 kr."""
    reading = cases(tmp_path, "pris", [2500, "01.05.2024", date(2024, 5, 1)])
    assert build.column(reading, "sager", "pris") == [2500, None, None]
    assert build.about(reading, "Sager", "F3")
    assert build.about(reading, "Sager", "F4")


def test_true_and_false_are_no_numbers(tmp_path: Path) -> None:
    """TRUE is not a price of 1 krone."""
    reading = cases(tmp_path, "pris", [True, 2500, False])
    assert build.column(reading, "sager", "pris") == [None, 2500, None]
    said = build.at(reading, "Sager!F2")
    assert (said.severity, said.cell) == ("warning", "F2")
    assert said == build.at(reading, "Sager!F4")


def test_a_fraction_in_a_column_of_whole_numbers_is_not_rounded(tmp_path: Path) -> None:
    """10.5 inhabitants are neither 10 nor 11; the row is rejected and the cell named."""
    book = build.minimal()
    book["Befolkning"][1][3] = 10.5
    reading = build.read(tmp_path, book)
    assert build.column(reading, "befolkning", "antal") == [24100]
    assert build.at(reading, "Befolkning!D2").severity == "warning"
    assert build.account(reading, "Befolkning").rejected == 1


def test_a_number_beyond_what_is_possible_is_taken_out(tmp_path: Path) -> None:
    """A year 25, a month 13 and a price of ten thousand billions are no values."""
    years = cases(tmp_path, "fødselsår", [1980, 25])
    assert build.column(years, "sager", "foedselsaar") == [1980, None]
    assert build.about(years, "Sager", "H3")
    prices = cases(tmp_path, "pris", [1000, 1e13])
    assert build.column(prices, "sager", "pris") == [1000, None]
    assert build.about(prices, "Sager", "F3")


def test_amounts_are_rounded_to_oere_and_said(tmp_path: Path) -> None:
    """12.345 kr. is 12.35 kr., half away from zero."""
    reading = ledger(tmp_path, "beløb", [12.345, -12.345, 100])
    assert build.column(reading, "oekonomi", "beloeb") == [12.35, -12.35, 100]
    assert build.at(reading, "Økonomi!E2").severity == "info"


def test_an_amount_is_read_to_the_last_bit(tmp_path: Path) -> None:
    """1,234,567.89 kr. as a number and as text is 1234567.89 and not the float beside it."""
    reading = ledger(tmp_path, "beløb", [1234567.89, "1.234.567,89"])
    assert build.column(reading, "oekonomi", "beloeb") == [1234567.89, 1234567.89]


def test_prices_keep_four_decimals(tmp_path: Path) -> None:
    """A price per hour may have more decimals than an amount."""
    reading = cases(tmp_path, "pris", [350.1234, 350.12345])
    assert build.column(reading, "sager", "pris") == pytest.approx([350.1234, 350.1235])
    assert build.at(reading, "Sager!F3").severity == "info"


def test_a_blank_price_stays_blank(tmp_path: Path) -> None:
    """Blanks of any kind are no value: the case counts, and its cost is not known."""
    reading = cases(tmp_path, "pris", [None, " ", "\xa0", 1000])
    assert build.column(reading, "sager", "pris") == [None, None, None, 1000]


def test_an_unreadable_quantity_is_not_one(tmp_path: Path) -> None:
    """A blank quantity means 1; `37,5 timer` and `#N/A` do not."""
    reading = cases(tmp_path, "antal", [None, "37,5 timer", "#N/A"])
    priced = {c for c, price in by_case(reading, "pris").items() if price is not None}
    blank = {c for c, quantity in by_case(reading, "antal").items() if quantity is None}
    assert priced & blank == {"S1"}


def test_a_percentage_is_read_in_per_cent(tmp_path: Path) -> None:
    """5.4 and `5,4 %` are 5.4 per cent."""
    book = build.minimal()
    book["Tilbud"] = [["tilbud", "sygefravær"], ["Nord", 5.4], ["Syd", "5,4 %"]]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "tilbud", "sygefravaer") == [5.4, 5.4]


def test_a_percentage_kept_as_a_share_is_not_taken_for_per_cent(tmp_path: Path) -> None:
    """A cell that shows 5,4 % holds 0.054: it is 5.4 per cent, or it is asked about."""
    book = build.minimal()
    book["Tilbud"] = [["tilbud", "sygefravær"], ["Nord", 0.054], ["Syd", 0.061]]
    workbook = build.opened(book)
    for place in ("B2", "B3"):
        workbook["Tilbud"][place].number_format = "0.0%"
    reading = build.read_file(build.saved(workbook, tmp_path / "procent.xlsx"))
    read = [round(v, 9) for v in build.column(reading, "tilbud", "sygefravaer")]
    assert read == [5.4, 6.1] or build.about(reading, "Tilbud", "B2")


# --- Dates --------------------------------------------------------------------------------------


def test_dates_as_text_are_read_and_said(tmp_path: Path) -> None:
    """Every accepted form of the last day of 2024 is that day."""
    cells = ["31-12-2024", "31.12.2024", "31/12/2024", "2024-12-31", "31-12-24",
             "31. december 2024", "31 dec 2024", "2024-12-31 00:00:00"]  # fmt: skip
    reading = cases(tmp_path, "slutdato", cells)
    assert build.column(reading, "sager", "slutdato") == [date(2024, 12, 31)] * 8
    said = build.at(reading, "Sager!E2")
    assert (said.severity, said.cell, said.column) == ("info", "E2", "slutdato")


def test_the_hour_of_a_date_does_not_matter(tmp_path: Path) -> None:
    """A minute before midnight is still that day."""
    reading = cases(tmp_path, "slutdato", [datetime(2024, 12, 31, 23, 59)])
    assert build.column(reading, "sager", "slutdato") == [date(2024, 12, 31)]


def test_american_order_is_read_and_asked_about(tmp_path: Path) -> None:
    """One date with the month first decides for those that could be either."""
    reading = cases(tmp_path, "slutdato", ["07/16/2024", "01/02/2024", date(2024, 3, 4)])
    read = [date(2024, 7, 16), date(2024, 1, 2), date(2024, 3, 4)]
    assert build.column(reading, "sager", "slutdato") == read
    said = build.at(reading, "Sager!E2")
    assert said.severity == "warning"
    assert said == build.at(reading, "Sager!E3")


def test_mixed_date_orders_are_refused_with_two_cells(tmp_path: Path) -> None:
    """The two cells that contradict each other are named."""
    cells = ["05/06/2024", "31/12/2024", None, "12/31/2024"]
    error = build.refusal(tmp_path, build.with_cases("slutdato", cells))
    assert "Sager!E3" in error.where.da
    assert "Sager!E5" in error.where.da
    assert "«31/12/2024»" in error.what.da
    assert "«12/31/2024»" in error.what.da


def test_serial_numbers_in_a_date_column_are_dates(tmp_path: Path) -> None:
    """45657 is 31 December 2024: 45,657 days after 30 December 1899."""
    reading = cases(tmp_path, "slutdato", [45657, date(2024, 6, 30)])
    assert build.column(reading, "sager", "slutdato") == [date(2024, 12, 31), date(2024, 6, 30)]
    said = build.at(reading, "Sager!E2")
    assert (said.severity, said.cell) == ("info", "E2")


def test_9999_and_1900_are_an_open_end(tmp_path: Path) -> None:
    """Case systems write so for a case that runs on, as date and as text."""
    cells = [date(9999, 12, 31), "31-12-9999", date(1900, 1, 1), "01-01-1900", None]
    reading = cases(tmp_path, "slutdato", cells)
    assert build.column(reading, "sager", "slutdato") == [None] * 5
    said = build.at(reading, "Sager!E2")
    assert (said.severity, said.cell) == ("info", "E2")
    assert said.message.da.startswith("4 datoer")


def test_9999_and_1900_are_unreadable_elsewhere(tmp_path: Path) -> None:
    """A case cannot start in 1900 or 9999: the rows are rejected and the cells named."""
    cells = [date(9999, 12, 31), "01-01-1900", date(2024, 1, 1)]
    reading = cases(tmp_path, "startdato", cells)
    assert by_case(reading, "startdato") == {"S3": date(2024, 1, 1)}
    said = build.at(reading, "Sager!D2")
    assert (said.severity, said.cell) == ("warning", "D2")
    assert said in build.about(reading, "Sager", "D3")
    followed = cases(tmp_path, "sidste_opfølgning", [date(1900, 1, 1), date(2024, 5, 1)])
    assert by_case(followed, "sidste_opfoelgning") == {"S1": None, "S2": date(2024, 5, 1)}
    assert build.about(followed, "Sager", "H2")


@pytest.mark.parametrize(
    "cell", ["#N/A", "=D2+365", "løbende", "ukendt", "-", 20241331, 45657.5, True, "30-02-2024"]
)
def test_an_unreadable_end_date_never_makes_an_open_case(tmp_path: Path, cell: object) -> None:
    """The row is rejected, counted as rejected, and the cell is named."""
    reading = cases(tmp_path, "slutdato", [date(2024, 12, 31), cell, None])
    assert by_case(reading, "slutdato") == {"S1": date(2024, 12, 31), "S3": None}
    assert [n for n in build.about(reading, "Sager", "E3") if n.severity == "warning"]
    assert build.note(reading, "kan ikke bruges").severity == "error"
    account = build.account(reading, "Sager")
    assert (account.rows, account.accepted, account.rejected) == (3, 2, 1)


def test_an_unreadable_start_date_rejects_the_row(tmp_path: Path) -> None:
    """A case without a start cannot be placed in time."""
    reading = cases(tmp_path, "startdato", ["uge 12", "#REF!", None, date(2024, 1, 1)])
    assert by_case(reading, "startdato") == {"S4": date(2024, 1, 1)}
    rejected = build.note(reading, "kan ikke bruges")
    assert "«startdato»" in rejected.message.da
    assert "2, 3, 4" in rejected.message.da


# --- Years and months ---------------------------------------------------------------------------


def test_a_year_is_read_from_a_number_a_text_and_a_date(tmp_path: Path) -> None:
    """The date's year is used, and said."""
    reading = ledger(tmp_path, "år", [2024, "2024", date(2024, 1, 1)])
    assert build.column(reading, "oekonomi", "aar") == [2024] * 3
    assert build.at(reading, "Økonomi!A4").severity == "info"


def test_a_month_is_read_from_a_number_and_a_name(tmp_path: Path) -> None:
    """`1`, `01`, `jan` and `Januar` are January; blank is the whole year."""
    reading = ledger(tmp_path, "måned", [1, "01", "jan", "Januar", "may", None])
    assert build.column(reading, "oekonomi", "maaned") == [1, 1, 1, 1, 5, None]


@pytest.mark.parametrize("cell", ["#N/A", "=1+1", "1. kvartal", "2024-01", "Decentral"])
def test_an_unreadable_month_never_makes_an_amount_of_the_whole_year(
    tmp_path: Path, cell: object
) -> None:
    """A blank month means the whole year; a month that cannot be read does not."""
    reading = ledger(tmp_path, "måned", [1, cell, None])
    assert build.column(reading, "oekonomi", "maaned") == [1, None]
    assert build.column(reading, "oekonomi", "raekke") == [2, 4]
    assert build.about(reading, "Økonomi", "B3")


def test_an_unreadable_upper_age_never_makes_a_band_without_end(tmp_path: Path) -> None:
    """A blank upper age means "and over"; one that cannot be read does not."""
    book = build.minimal()
    book["Befolkning"][1:] = [
        [2025, 18, 64, 24100, "faktisk"],
        [2025, 65, "#N/A", 5000, "faktisk"],
        [2025, 80, None, 2000, "faktisk"],
    ]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "befolkning", "raekke") == [2, 4]
    assert build.about(reading, "Befolkning", "C3")


# --- Ids and codes ------------------------------------------------------------------------------


def test_ids_keep_their_leading_zeros(tmp_path: Path) -> None:
    """`000123`, `123` and the number 123: the text keeps its zeros, the number has none."""
    reading = cases(tmp_path, "sag_id", ["000123", "123", 123, "1E5"])
    assert build.column(reading, "sager", "sag_id") == ["000123", "123", "123", "1E5"]


def test_ids_as_numbers_and_as_text_are_one(tmp_path: Path) -> None:
    """The number 1 and the text `1` are the same citizen."""
    reading = cases(tmp_path, "borger_id", [1, 1.0, "1", "01"])
    assert build.column(reading, "sager", "borger_id") == ["1", "1", "1", "01"]


def test_blanks_around_and_inside_an_id_are_tidied(tmp_path: Path) -> None:
    """Non-breaking blanks and blanks at the ends do not make another case."""
    reading = cases(tmp_path, "borger_id", ["B 1", "B\xa01", " B 1 ", "B  1"])
    assert build.column(reading, "sager", "borger_id") == ["B 1"] * 4


def test_words_that_mean_missing_elsewhere_are_names(tmp_path: Path) -> None:
    """A place called `NA`, `None` or `nan` is a place."""
    names = ["NA", "N/A", "NULL", "None", "nan"]
    reading = cases(tmp_path, "tilbud", names)
    assert build.column(reading, "sager", "tilbud") == names


def test_a_missing_id_rejects_the_row(tmp_path: Path) -> None:
    """Without a citizen nobody can be counted."""
    reading = cases(tmp_path, "borger_id", ["B1", None, "#N/A", "B4"])
    assert by_case(reading, "borger_id") == {"S1": "B1", "S4": "B4"}
    rejected = build.note(reading, "kan ikke bruges")
    assert (rejected.severity, rejected.cell) == ("error", "A3")
    assert "3, 4" in rejected.message.da
    account = build.account(reading, "Sager")
    assert (account.accepted, account.rejected) == (2, 2)


# --- Choices, paragraphs, functions -------------------------------------------------------------


def test_a_choice_is_known_by_every_spelling(tmp_path: Path) -> None:
    """Case, blanks and other words for the same thing do not matter."""
    cells = ["Egen", "kommunal", "PRIVAT", " region ", "andre kommuner", None]
    reading = cases(tmp_path, "leverandørtype", cells)
    read = ["egen", "egen", "privat", "region", "anden kommune", None]
    assert build.column(reading, "sager", "leverandoertype") == read
    assert build.heard(reading) == []


def test_an_unknown_choice_has_no_value_and_is_shown(tmp_path: Path) -> None:
    """The note names the cell and the value nobody knows; the case still counts."""
    reading = cases(tmp_path, "leverandørtype", ["egen", "fond"])
    assert build.column(reading, "sager", "leverandoertype") == ["egen", None]
    said = build.at(reading, "Sager!H3")
    assert (said.severity, said.cell, said.column) == ("warning", "H3", "leverandoertype")
    assert "«fond»" in said.message.da


def test_a_price_unit_is_read_from_many_words(tmp_path: Path) -> None:
    """`pr. døgn`, `dag` and `Døgn` are one unit; an unknown unit is none."""
    cells = ["pr. døgn", "dag", "Døgn", "Timer pr. uge", "Maaned", "mdr.", "engangsydelse", "stk"]
    reading = cases(tmp_path, "enhed", cells)
    read = ["døgn", "døgn", "døgn", "uge", "måned", "måned", "engang", None]
    assert build.column(reading, "sager", "enhed") == read
    assert build.at(reading, "Sager!G9").severity == "warning"


def test_an_unknown_version_rejects_the_amount(tmp_path: Path) -> None:
    """An amount that is neither budget nor accounts belongs nowhere."""
    reading = ledger(tmp_path, "version", ["Regnskab", "budget 2", None])
    assert build.column(reading, "oekonomi", "version") == ["regnskab"]
    assert "«version»" in build.note(reading, "kan ikke bruges").message.da
    assert build.account(reading, "Økonomi").rejected == 2


def test_paragraphs_written_out_are_read(tmp_path: Path) -> None:
    """Numbers, `§`, law names and `stk.` all give the short form."""
    cells = [107, "§ 107", "SEL §85 stk. 1", "Serviceloven § 85, stk. 1", "ABL § 105",
             "Barnets Lov § 32"]  # fmt: skip
    reading = cases(tmp_path, "paragraf", cells)
    assert build.column(reading, "sager", "paragraf") == ["107", "107", "85", "85", "ABL-105",
                                                          "BL-32"]  # fmt: skip
    assert build.heard(reading) == []


def test_a_bare_105_is_asked_about(tmp_path: Path) -> None:
    """105 is probably almenboligloven, so it stays 105 and is a warning, as number and text."""
    reading = cases(tmp_path, "paragraf", ["105", 105, "ABL § 105"])
    assert build.column(reading, "sager", "paragraf") == ["105", "105", "ABL-105"]
    said = build.at(reading, "Sager!C2")
    assert (said.severity, said.cell) == ("warning", "C2")
    assert said == build.at(reading, "Sager!C3")


def test_a_paragraph_that_cannot_be_read_rejects_the_row(tmp_path: Path) -> None:
    """`PPR betaler` and a long number are no paragraph."""
    reading = cases(tmp_path, "paragraf", ["107", "PPR betaler", 10712])
    assert by_case(reading, "paragraf") == {"S1": "107"}
    assert "«PPR betaler»" in build.at(reading, "Sager!C3").message.da
    assert build.account(reading, "Sager").rejected == 2


def test_functions_are_read_as_text_and_number(tmp_path: Path) -> None:
    """`5.38.50`, 53850 and `05.38.50` are one function, with or without its name."""
    cells = ["5.38.50", "53850", 53850, "05.38.50", "5.38.50 Botilbud"]
    reading = ledger(tmp_path, "funktion", cells)
    assert build.column(reading, "oekonomi", "funktion") == ["5.38.50"] * 5
    assert build.heard(reading) == []


def test_a_function_that_cannot_be_read_leaves_the_case_unplaced(tmp_path: Path) -> None:
    """The case still counts; only its function is not known, and that is said."""
    reading = cases(tmp_path, "funktion", ["5.38.50", "582211001", None])
    assert build.column(reading, "sager", "funktion") == ["5.38.50", None, None]
    said = build.at(reading, "Sager!H3")
    assert (said.severity, said.cell) == ("warning", "H3")


def test_an_amount_without_a_function_is_rejected(tmp_path: Path) -> None:
    """An amount on a main function or an account number belongs to no function."""
    reading = ledger(tmp_path, "funktion", ["5.38.50", "5.38", 10528211123, None])
    assert build.column(reading, "oekonomi", "raekke") == [2]
    assert build.account(reading, "Økonomi").sum_rejected == 300


def test_yes_and_no_are_read_from_words_and_ticks(tmp_path: Path) -> None:
    """`ja`, `x`, 1 and TRUE are yes; what is neither has no value."""
    cells = ["ja", "x", 1, True, "Nej", 0, False, None, "måske"]
    reading = cases(tmp_path, "handleplan_tilbudt", cells)
    read = [True, True, True, True, False, False, False, None, None]
    assert build.column(reading, "sager", "handleplan_tilbudt") == read
    assert "«måske»" in build.at(reading, "Sager!H10").message.da


def test_dont_know_is_an_answer_and_a_blank_is_none(tmp_path: Path) -> None:
    """Neither has a score; only the first is counted as don't know."""
    book = build.minimal()
    cells: list[object] = [4, "4", "ved ikke", None, 6, "3,5", 0]
    book["Praksis"] = [
        ["udsagn", "respondent", "styringscenter", "score"],
        *[["opgaver-ansvar", f"R{n}", "socialfaglig", c] for n, c in enumerate(cells)],
    ]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "praksis", "score") == [4, 4, None, None, None, None, None]
    dont_know = [False, False, True, False, False, False, False]
    assert build.column(reading, "praksis", "ved_ikke") == dont_know
    said = build.at(reading, "Praksis!D6")
    assert said.severity == "warning"
    assert said.message.da.startswith("3 svar")


# --- Rows ---------------------------------------------------------------------------------------


def test_identical_case_rows_count_once(tmp_path: Path) -> None:
    """Two repetitions are taken out, said, and accounted for as duplicates."""
    book = build.minimal()
    book["Sager"] += [book["Sager"][1], book["Sager"][1]]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]
    said = build.at(reading, "Sager!A4")
    assert said.severity == "warning"
    account = build.account(reading, "Sager")
    # 2,500 + 3,000 + 2 × 2,500 = 10,500, of which 2 × 2,500 are repetitions
    assert (account.rows, account.accepted, account.duplicates) == (4, 2, 2)
    assert (account.sum_sheet, account.sum_accepted, account.sum_duplicates) == (10500, 5500, 5000)


def test_case_rows_that_differ_anywhere_are_two(tmp_path: Path) -> None:
    """A column styring does not use can be what tells two grants apart."""
    book = build.minimal()
    book["Sager"] = [[*build.CASES, "bevillingsnr"], [*build.case(1), 17], [*build.case(1), 18]]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "raekke") == [2, 3]


def test_identical_ledger_rows_are_both_amounts(tmp_path: Path) -> None:
    """The same amount can be booked twice."""
    reading = ledger(tmp_path, "beløb", [100, 100])
    assert build.column(reading, "oekonomi", "beloeb") == [100, 100]


def test_a_repeated_key_with_the_same_content_counts_once(tmp_path: Path) -> None:
    """The second row of the same year and band is a repetition, not a rejected row."""
    book = build.minimal()
    book["Befolkning"].append(book["Befolkning"][1])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "befolkning", "antal") == [24000, 24100]
    said = build.at(reading, "Befolkning!A4")
    assert said.severity == "warning"
    account = build.account(reading, "Befolkning")
    assert (account.rows, account.accepted, account.duplicates) == (3, 2, 1)
    assert account.rejected == 0


def test_a_repeated_key_that_contradicts_itself_is_not_used(tmp_path: Path) -> None:
    """Neither of two populations of one band is right, so none is taken."""
    book = build.minimal()
    book["Befolkning"].append([2024, 18, 64, 1, "faktisk"])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "befolkning", "aar") == [2025]
    said = build.at(reading, "Befolkning!A2")
    assert said.severity == "error"
    assert "2, 4" in said.message.da
    account = build.account(reading, "Befolkning")
    assert (account.rows, account.accepted, account.rejected) == (3, 1, 2)


def test_a_repeated_answer_that_contradicts_itself_is_not_used(tmp_path: Path) -> None:
    """One respondent cannot answer one statement with both 2 and 5."""
    book = build.minimal()
    book["Praksis"] = [
        ["udsagn", "respondent", "styringscenter", "score"],
        ["politiske-maal", "R1", "socialfaglig", 2],
        ["politiske-maal", "R1", "socialfaglig", 5],
        ["politiske-maal", "R2", "socialfaglig", 3],
    ]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "praksis", "respondent") == ["R2"]
    assert build.at(reading, "Praksis!A2").severity == "error"


def test_rows_keep_their_number_in_the_sheet(tmp_path: Path) -> None:
    """Blank rows between are left out but counted, so a message points at the right row."""
    book = build.minimal()
    book["Sager"].insert(2, [])
    book["Sager"].insert(2, [None, " ", None])
    book["Sager"][-1][5] = "efter aftale"
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "raekke") == [2, 5]
    assert build.at(reading, "Sager!F5").severity == "warning"
