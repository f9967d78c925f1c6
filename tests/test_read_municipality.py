"""Whose workbook it is, and as of when: the sheet Kommune."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import build
from styring.errors import InputError
from styring.tables import Municipality

DAY = date(2025, 9, 30)
Rows = list[list[object]]


def municipality(folder: Path, rows: Rows, as_of: date | None = None) -> Municipality:
    """Return whose workbook it is, from these rows of Kommune."""
    return build.read(folder, build.minimal() | {"Kommune": rows}, as_of=as_of).tables.municipality


def refusal(folder: Path, rows: Rows) -> InputError:
    """Return the error that these rows of Kommune are refused with."""
    return build.refusal(folder, build.minimal() | {"Kommune": rows})


# --- The shape of the sheet ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [["nøgle", "værdi"], ["kommunekode", 706], ["kommune", "Syddjurs"],
         ["opgørelsesdato", DAY], ["regnskabsår", 2025]],
        [["kommunekode", 706], ["kommune", "Syddjurs"], ["opgørelsesdato", DAY],
         ["regnskabsår", 2025]],
        [["kommunekode", "kommune", "opgørelsesdato", "regnskabsår"],
         [706, "Syddjurs", DAY, 2025]],
        [["Stamdata 2025"], [], ["Kommunekode", "Kommunenavn", "Dato", "Budgetår"],
         ["706", "Syddjurs Kommune", "30-09-2025", "2025"]],
        [[None, "Kommunekode:", 706], [None, "Opgørelsesdato:", DAY]],
        [["kommunekode", None, 706], ["opgørelsesdato", None, DAY]],
        [["Kommune nr.", 706], ["Pr. dato", "30.9.2025"]],
    ],
    ids=["with a header", "without a header", "as two rows", "as two rows under a title",
         "beginning in column B", "with a blank column between", "with other names"],
)  # fmt: skip
def test_the_municipality_is_read_from_any_shape(tmp_path: Path, rows: Rows) -> None:
    """Keys down the side or along the top, with or without a header row."""
    who = municipality(tmp_path, rows)
    assert (who.code, who.name) == ("706", "Syddjurs")
    assert who.as_of == DAY
    assert who.accounting_year == 2025


def test_two_rows_may_hold_two_keys_only(tmp_path: Path) -> None:
    """Name and date along the top are enough."""
    rows: Rows = [["kommune", "opgørelsesdato"], ["Syddjurs", DAY]]
    assert municipality(tmp_path, rows).code == "706"


def test_guidance_beside_a_blank_value_is_no_value(tmp_path: Path) -> None:
    """A third column that explains the keys is not an answer where none was given."""
    who = municipality(
        tmp_path,
        [
            ["felt", "værdi", "vejledning"],
            ["kommunekode", 706, "trecifret"],
            ["opgørelsesdato", DAY, "den dato, tallene er opgjort"],
            ["kontakt", None, "hvem andre kommuner må ringe til"],
        ],
    )
    assert who.contact is None


def test_a_front_page_does_not_hide_the_municipality(tmp_path: Path) -> None:
    """A sheet called Forside with a greeting stands before the sheet Kommune."""
    book: build.Book = {"Forside": [["Velkommen"]], **build.minimal()}
    assert build.read(tmp_path, book).tables.municipality.code == "706"


# --- Code and name ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [706, "706", 706.0, " 706 ", "0706"])
def test_the_code_is_read_as_number_and_as_text(tmp_path: Path, code: object) -> None:
    """Excel may have made a number of it, and registers write a zero before it."""
    assert municipality(tmp_path, [["kommunekode", code], ["dato", DAY]]).name == "Syddjurs"


@pytest.mark.parametrize(
    "name",
    ["Syddjurs", "syddjurs", "SYDDJURS KOMMUNE", " Syddjurs Kommune ", "Syddjurs\xa0Kommune"],
)
def test_the_name_alone_is_enough(tmp_path: Path, name: str) -> None:
    """Case, blanks and the word Kommune do not matter."""
    assert municipality(tmp_path, [["kommune", name], ["dato", DAY]]).code == "706"


def test_code_and_name_that_disagree_are_refused(tmp_path: Path) -> None:
    """706 is Syddjurs and not Odder; both cells are named."""
    error = refusal(tmp_path, [["kommunekode", 706], ["kommune", "Odder"], ["dato", DAY]])
    assert "Kommune!B1" in error.where.da
    assert "Kommune!B2" in error.where.da
    assert "ikke den samme" in error.what.da


@pytest.mark.parametrize(("key", "value"), [("kommunekode", 999), ("kommune", "Andeby")])
def test_an_unknown_municipality_is_refused_with_its_cell(
    tmp_path: Path, key: str, value: object
) -> None:
    """The message shows what stands there."""
    error = refusal(tmp_path, [[key, value], ["dato", DAY]])
    assert "Kommune!B1" in error.where.da
    assert f"«{value}»" in error.what.da


def test_a_municipality_without_code_and_name_is_refused(tmp_path: Path) -> None:
    """Whose figures they are is never guessed."""
    assert "mangler" in refusal(tmp_path, [["opgørelsesdato", DAY]]).what.da


def test_a_workbook_without_the_sheet_is_refused(tmp_path: Path) -> None:
    """The message names the sheet and what to write in it."""
    book = build.minimal()
    del book["Kommune"]
    error = build.refusal(tmp_path, book)
    assert "Kommune" in error.where.da
    assert error.hint is not None
    assert "kommunekode" in error.hint.da


# --- The as-of date -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [DAY, datetime(2025, 9, 30, 12, 0), "30-09-2025", "30.9.2025", "2025-09-30",
     "30. september 2025", 45930],
)  # fmt: skip
def test_the_as_of_date_is_read_in_every_form(tmp_path: Path, cell: object) -> None:
    """45930 is 30 September 2025: 45,930 days after 30 December 1899."""
    assert municipality(tmp_path, [["kommunekode", 706], ["opgørelsesdato", cell]]).as_of == DAY


def test_a_bare_as_of_date_follows_the_1904_date_system(tmp_path: Path) -> None:
    """44468 is 45930 less the 1,462 days between the two systems."""
    book = build.opened(build.minimal())
    book.epoch = CALENDAR_MAC_1904
    book["Kommune"]["B4"] = 44468
    book["Kommune"]["B4"].number_format = "General"
    reading = build.read_file(build.saved(book, tmp_path / "mac.xlsx"))
    assert reading.tables.municipality.as_of == DAY


def test_a_missing_as_of_date_is_refused(tmp_path: Path) -> None:
    """The message says how to give it, in the sheet or on the command line."""
    error = refusal(tmp_path, [["kommunekode", 706]])
    assert "Kommune" in error.where.da
    assert error.hint is not None
    assert "--as-of" in error.hint.da


@pytest.mark.parametrize("cell", ["snart", date(9999, 12, 31), "30-02-2025", True, "#N/A", "=1+1"])
def test_an_as_of_date_that_is_no_date_is_refused_with_its_cell(
    tmp_path: Path, cell: object
) -> None:
    """The cell beside the key is named, also where it is an error."""
    error = refusal(tmp_path, [["kommunekode", 706], ["opgørelsesdato", cell]])
    assert "Kommune!B2" in error.where.da


def test_the_as_of_date_can_be_given_instead(tmp_path: Path) -> None:
    """Then the workbook needs none, and a note says what hindsight means."""
    book = build.minimal() | {"Kommune": [["kommunekode", 706]]}
    reading = build.read(tmp_path, book, as_of=date(2024, 6, 30))
    assert reading.tables.municipality.as_of == date(2024, 6, 30)
    said = build.note(reading, "bagklogskab")
    assert (said.severity, said.sheet) == ("info", "Kommune")


def test_two_as_of_dates_that_differ_are_refused(tmp_path: Path) -> None:
    """The day everything rests on is not the first of two."""
    rows: Rows = [["kommunekode", 706], ["opgørelsesdato", DAY], ["dato", date(2024, 12, 31)]]
    error = refusal(tmp_path, rows)
    assert "B2" in error.where.da
    assert "B3" in error.where.da


# --- The accounting year ------------------------------------------------------------------------


def test_the_accounting_year_is_the_as_of_dates_where_none_is_given(tmp_path: Path) -> None:
    """15 January 2025 is in the accounting year 2025."""
    rows: Rows = [["kommunekode", 706], ["dato", date(2025, 1, 15)]]
    assert municipality(tmp_path, rows).accounting_year == 2025


@pytest.mark.parametrize(
    ("as_of", "year"), [(date(2024, 6, 30), 2024), (DAY, 2025), (date(2026, 1, 31), 2025)]
)
def test_an_earlier_as_of_date_moves_the_accounting_year(
    tmp_path: Path, as_of: date, year: int
) -> None:
    """It never moves it forward: the accounts of 2025 can be closed in January 2026."""
    rows: Rows = [["kommunekode", 706], ["dato", DAY], ["regnskabsår", 2025]]
    assert municipality(tmp_path, rows, as_of=as_of).accounting_year == year


@pytest.mark.parametrize("cell", [2025, "2025", 2025.0])
def test_the_accounting_year_is_read_as_number_and_text(tmp_path: Path, cell: object) -> None:
    """The year of the accounts may differ from the as-of date's."""
    rows: Rows = [["kommunekode", 706], ["dato", date(2026, 1, 31)], ["regnskabsår", cell]]
    assert municipality(tmp_path, rows).accounting_year == 2025


@pytest.mark.parametrize("cell", ["2025/26", 25, "i år", "#N/A", "=1+1"])
def test_an_accounting_year_that_is_none_is_said_with_its_cell(
    tmp_path: Path, cell: object
) -> None:
    """It is refused or noted; the as-of date's year is not taken in silence."""
    rows: Rows = [["kommunekode", 706], ["dato", date(2026, 1, 31)], ["regnskabsår", cell]]
    assert "Kommune!B3" in build.said_of(tmp_path, build.minimal() | {"Kommune": rows})


@pytest.mark.parametrize("word", ["omvendt", "#N/A"])
def test_a_sign_that_nobody_knows_is_said_with_its_cell(tmp_path: Path, word: str) -> None:
    """Whoever writes `omvendt` is told that it means nothing."""
    book = build.minimal()
    book["Kommune"].append(["fortegn", word])
    assert "Kommune!B6" in build.said_of(tmp_path, book)


# --- Whether it is invented ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [("mærkning", "KONSTRUERET EKSEMPEL"), ("bemærkning", "Konstrueret eksempel, opdigtede tal"),
     ("kontakt", "styring@syddjurs.example")],
)  # fmt: skip
def test_an_invented_municipality_says_so(tmp_path: Path, key: str, value: str) -> None:
    """By its marking, or by a contact that cannot exist."""
    rows: Rows = [["kommunekode", 706], ["dato", DAY], [key, value]]
    assert municipality(tmp_path, rows).constructed


def test_a_title_may_say_that_a_sheet_is_invented(tmp_path: Path) -> None:
    """The words over any sheet mark the whole workbook."""
    book = build.minimal()
    book["Sager"] = [["KONSTRUERET EKSEMPEL – opdigtede tal"], *book["Sager"]]
    assert build.read(tmp_path, book).tables.municipality.constructed


def test_a_real_municipality_is_not_invented(tmp_path: Path) -> None:
    """Its contact is kept for those who may call."""
    rows: Rows = [["kommunekode", 706], ["dato", DAY], ["kontakt", "Økonomi, 87 53 50 00"]]
    who = municipality(tmp_path, rows)
    assert not who.constructed
    assert who.contact == "Økonomi, 87 53 50 00"


# --- Years and months of a municipality ---------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "year", "finished", "months"),
    [
        (date(2025, 9, 30), 2025, 2024, 9),
        (date(2025, 9, 29), 2025, 2024, 8),
        (date(2025, 12, 31), 2025, 2025, 12),
        (date(2026, 1, 31), 2025, 2025, 12),
        (date(2025, 1, 15), 2025, 2024, 0),
        (date(2024, 2, 29), 2024, 2023, 2),
    ],
)
def test_a_year_and_a_month_are_finished_on_their_last_day(
    as_of: date, year: int, finished: int, months: int
) -> None:
    """September counts from the thirtieth; February of a leap year from the twenty-ninth."""
    who = Municipality(code="706", name="Syddjurs", as_of=as_of, accounting_year=year)
    assert (who.finished_year, who.ended_months) == (finished, months)
