"""Which sheet is what, where its header is, what is a total, what is merged or hidden."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from openpyxl.workbook.workbook import Workbook

import build
from styring.read.workbook import Reading

Rows = list[list[object]]
PRICES = [2500, 3000]
"""The prices of the small municipality's two cases."""


def with_header(sheet: str, old: str, new: str) -> build.Book:
    """Return the small municipality with one header written in another way."""
    book = build.minimal()
    book[sheet][0] = [new if name == old else name for name in book[sheet][0]]
    return book


def with_extra(header: str, cells: list[object]) -> build.Book:
    """Return the small municipality with one more column, H, in Sager."""
    book = build.minimal()
    for row, cell in zip(book["Sager"], [header, *cells], strict=True):
        row.append(cell)
    return book


def bent(folder: Path, workbook: Workbook) -> Reading:
    """Return the reading of a workbook bent after it was filled."""
    return build.read_file(build.saved(workbook, folder / "bog.xlsx"))


# --- The header ---------------------------------------------------------------------------------


def test_the_header_is_found_under_title_rows(tmp_path: Path) -> None:
    """Rows are numbered as in the sheet, and the account says where the header was."""
    book = build.minimal()
    titles: Rows = [["Bevilgede ydelser, voksenområdet"], ["Udtrukket 02-10-2025 kl. 08:14"], []]
    book["Sager"] = titles + book["Sager"]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "raekke") == [5, 6]
    assert build.column(reading, "sager", "pris") == PRICES
    assert build.account(reading, "Sager").header_row == 4


def test_the_header_is_found_in_the_twentieth_row_and_not_below(tmp_path: Path) -> None:
    """Twenty rows are searched; a header further down is a sheet without one."""
    book = build.minimal()
    nineteen: Rows = [["Noter"] for _ in range(19)]
    book["Sager"] = nineteen + book["Sager"]
    assert build.column(build.read(tmp_path, book), "sager", "pris") == PRICES
    book["Sager"] = [["Noter"], *book["Sager"]]
    assert "Sager" in build.refusal(tmp_path, book).where.da


def test_a_sheet_may_begin_anywhere(tmp_path: Path) -> None:
    """With two empty rows and columns before it, cells are still named as Excel names them."""
    book = build.minimal()
    book["Sager"][1][5] = "efter aftale"
    book["Sager"] = [[], [], *([None, None, *row] for row in book["Sager"])]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "raekke") == [4, 5]
    assert build.at(reading, "Sager!H4").severity == "warning"
    assert reading.tables.sources["sager"].columns["pris"] == "H"


@pytest.mark.parametrize(
    "name",
    ["slutdato", "SLUTDATO", "Slut dato", "slut_dato", "Slut-dato", "Slutdato ", "Slut\xa0dato",
     "Slut-\ndato", "Slutdato (seneste)", "slutdato *", "Ydelse slutdato", "Til dato",
     "Stopdato"],
)  # fmt: skip
def test_a_column_is_known_by_its_name_or_an_alias(tmp_path: Path, name: str) -> None:
    """Case, blanks, punctuation and what stands in brackets do not matter."""
    reading = build.read(tmp_path, with_header("Sager", "slutdato", name))
    assert build.column(reading, "sager", "slutdato") == [date(2024, 12, 31), None]


@pytest.mark.parametrize("name", ["år", "AAR", "Aar", "ÅR", "Regnskabsår", "regnskabsaar"])
def test_danish_letters_may_be_written_out(tmp_path: Path, name: str) -> None:
    """å is aa, æ is ae, ø is oe, in any case."""
    reading = build.read(tmp_path, with_header("Økonomi", "år", name))
    assert build.column(reading, "oekonomi", "aar") == [2024, 2024, 2025]


def test_letters_in_two_parts_are_letters(tmp_path: Path) -> None:
    """An å typed on a Mac is an a and a ring."""
    parted = unicodedata.normalize("NFD", "år")
    assert len(parted) == 3
    reading = build.read(tmp_path, with_header("Økonomi", "år", parted))
    assert build.column(reading, "oekonomi", "aar") == [2024, 2024, 2025]


def test_an_unknown_column_is_said_and_not_read(tmp_path: Path) -> None:
    """Whoever misspells a column sees its name among those not used."""
    reading = build.read(tmp_path, with_extra("Tollerance", [1, 2]))
    said = build.note(reading, "«Tollerance»")
    assert (said.severity, said.sheet) == ("info", "Sager")


def test_a_missing_column_is_refused_with_its_name(tmp_path: Path) -> None:
    """The message names sheet, row of the header, the column, and what to write."""
    error = build.refusal(tmp_path, with_header("Sager", "pris", "x"))
    assert "Sager, række 1" in error.where.da
    assert "«pris»" in error.what.da
    assert error.hint is not None
    assert "pris" in error.hint.da


def test_all_missing_columns_are_listed_at_once(tmp_path: Path) -> None:
    """One run is enough to mend them all."""
    book = build.minimal()
    book["Sager"] = [["sag_id", "borger_id"], ["S1", "B1"]]
    error = build.refusal(tmp_path, book)
    for name in ("paragraf", "startdato", "pris", "enhed"):
        assert f"«{name}»" in error.what.da


def test_a_lost_header_is_refused(tmp_path: Path) -> None:
    """The first data row is not taken for names."""
    book = build.minimal()
    del book["Sager"][0]
    assert "Sager" in build.refusal(tmp_path, book).where.da


def test_a_sheet_with_a_header_and_nothing_else_is_said(tmp_path: Path) -> None:
    """No cases at all is worth a word: an export can come out empty."""
    book = build.minimal()
    del book["Sager"][1:]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "sag_id") == []
    assert [n for n in reading.notes if n.sheet == "Sager"]


# --- Two columns for one ------------------------------------------------------------------------


def test_two_columns_of_one_name_that_differ_are_refused(tmp_path: Path) -> None:
    """Which of the two prices holds is the municipality's to say; both cells are named."""
    error = build.refusal(tmp_path, with_extra("pris", [2500, 3001]))
    assert "Sager!F1" in error.where.da
    assert "H1" in error.where.da
    assert "«pris»" in error.what.da


def test_two_columns_of_one_name_that_are_equal_are_one(tmp_path: Path) -> None:
    """The second is listed among the columns not used."""
    reading = build.read(tmp_path, with_extra("pris", [2500, 3000]))
    assert build.column(reading, "sager", "pris") == PRICES
    assert build.note(reading, "«pris»").severity == "info"


def test_a_canonical_name_beside_an_alias_that_differs_is_refused(tmp_path: Path) -> None:
    """`pris` and `Takst` could both be the price."""
    error = build.refusal(tmp_path, with_extra("Takst", [2500, 3001]))
    assert "Sager!F1" in error.where.da
    assert "H1" in error.where.da


def test_two_aliases_that_differ_are_refused(tmp_path: Path) -> None:
    """`Takst` and `Enhedspris` could both be the price."""
    book = with_extra("Enhedspris", [1, 2])
    book["Sager"][0][5] = "Takst"
    error = build.refusal(tmp_path, book)
    assert "Sager!F1" in error.where.da
    assert "H1" in error.where.da


def test_a_canonical_name_goes_before_an_equal_or_empty_alias(tmp_path: Path) -> None:
    """The column that has the name is the one that messages point at."""
    both: Rows = [[2500, 3000], [None, None]]
    for cells in both:
        book = with_extra("pris", cells)
        book["Sager"][0][5], book["Sager"][0][7] = "Takst", "pris"
        for row in book["Sager"][1:]:
            row[5], row[7] = row[7], row[5]
        reading = build.read(tmp_path, book)
        assert build.column(reading, "sager", "pris") == PRICES
        assert reading.tables.sources["sager"].columns["pris"] == "H"


def test_an_empty_twin_column_is_no_contradiction(tmp_path: Path) -> None:
    """A second `pris` that nobody filled says nothing."""
    reading = build.read(tmp_path, with_extra("pris", [None, None]))
    assert build.column(reading, "sager", "pris") == PRICES


# --- Which sheet is what ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Økonomi", "OEKONOMI", "økonomi ", "Økonomi 2024", "Økonomi2024", "Budget og regnskab",
     "Finans", "budgetopfølgning"],
)  # fmt: skip
def test_a_sheet_is_known_by_its_name_or_an_alias(tmp_path: Path, name: str) -> None:
    """Case, blanks, a year behind and written-out letters do not matter."""
    book = build.minimal()
    book[name] = book.pop("Økonomi")
    reading = build.read(tmp_path, book)
    assert build.column(reading, "oekonomi", "beloeb") == [1_000_000, 1_050_000, 1_100_000]
    assert reading.tables.sources["oekonomi"].sheet == name


def test_a_sheet_whose_name_says_nothing_is_known_by_its_columns(tmp_path: Path) -> None:
    """`Ark1` with the columns of Sager is Sager, and that is a warning."""
    book = build.minimal()
    book["Ark1"] = book.pop("Sager")
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]
    said = build.note(reading, "«Ark1»")
    assert (said.severity, said.sheet) == ("warning", "Ark1")


def test_of_two_nameless_sheets_that_fit_none_is_guessed(tmp_path: Path) -> None:
    """Two candidates for Sager are both listed as not read."""
    book = build.minimal()
    book["Ark1"] = book["Sager"]
    book["Ark2"] = book.pop("Sager")
    reading = build.read(tmp_path, book)
    assert "sager" not in reading.tables.frames
    assert reading.unread == ("Ark1", "Ark2")


def test_an_unknown_sheet_is_said(tmp_path: Path) -> None:
    """A sheet of notes is listed as not read."""
    book = build.minimal()
    book["Noter"] = [["husk Bostedet"]]
    reading = build.read(tmp_path, book)
    assert reading.unread == ("Noter",)
    assert [n.severity for n in build.heard(reading, "Noter")] == ["info"]


def test_a_missing_sheet_is_said(tmp_path: Path) -> None:
    """Needed sheets are a warning, the others for information."""
    book = build.minimal()
    del book["Sager"]
    reading = build.read(tmp_path, book)
    assert [n.severity for n in build.heard(reading, "Sager")] == ["warning"]
    assert [n.severity for n in build.heard(reading, "Praksis")] == ["info"]


def test_an_empty_sheet_is_a_missing_one(tmp_path: Path) -> None:
    """A sheet with nothing in it is said to be missing."""
    reading = build.read(tmp_path, build.minimal() | {"Sager": []})
    assert "sager" not in reading.tables.frames
    assert [n.severity for n in build.heard(reading, "Sager")] == ["warning"]


def test_a_workbook_with_neither_ledger_nor_cases_is_refused(tmp_path: Path) -> None:
    """There is nothing to review, but `inspect` may still look."""
    book = build.minimal()
    del book["Sager"], book["Økonomi"]
    error = build.refusal(tmp_path, book)
    assert "Økonomi" in error.what.da
    assert "Sager" in error.what.da
    assert list(build.read(tmp_path, book, partial=True).tables.frames) == ["befolkning"]


def test_a_sheet_that_cannot_be_read_does_not_stop_an_inspection(tmp_path: Path) -> None:
    """The others are read, and the fault is an error among the notes."""
    reading = build.read(tmp_path, with_header("Sager", "pris", "x"), partial=True)
    assert sorted(reading.tables.frames) == ["befolkning", "oekonomi"]
    said = build.note(reading, "«pris»")
    assert said.severity == "error"
    assert "Sager" in said.sheet


# --- Two sheets of one kind ---------------------------------------------------------------------


def two_ledgers(name: str, *rows: list[object]) -> build.Book:
    """Return the small municipality with a second ledger sheet."""
    return build.minimal() | {name: [[*build.LEDGER], *rows]}


def test_two_ledgers_of_different_years_are_added(tmp_path: Path) -> None:
    """Both are read, the sum is said, and both are accounted for."""
    book = two_ledgers("Økonomi 2023", [2023, None, "5.38.50", "regnskab", 999])
    reading = build.read(tmp_path, book)
    assert sorted(build.column(reading, "oekonomi", "aar")) == [2023, 2024, 2024, 2025]
    assert build.note(reading, "Økonomi 2023").severity == "info"
    assert {a.sheet for a in reading.accounts} >= {"Økonomi", "Økonomi 2023"}
    assert build.account(reading, "Økonomi 2023").sum_accepted == 999


def test_two_ledgers_that_overlap_and_differ_are_refused(tmp_path: Path) -> None:
    """Two accounts of 2024 cannot both be right; both sheets are named."""
    book = two_ledgers("Regnskab", [2024, None, "5.38.50", "regnskab", 999])
    error = build.refusal(tmp_path, book)
    assert "Økonomi" in error.where.da
    assert "Regnskab" in error.where.da


def test_two_sheets_of_cases_that_differ_are_refused(tmp_path: Path) -> None:
    """Which of two case lists holds is not guessed."""
    book = build.minimal()
    book["Sagsudtræk"] = book["Sager"][:2]
    error = build.refusal(tmp_path, book)
    assert "Sager" in error.where.da
    assert "Sagsudtræk" in error.where.da


def test_the_same_sheet_twice_counts_once_and_is_said(tmp_path: Path) -> None:
    """A copy adds nothing, but no sheet vanishes without a word."""
    book = build.minimal()
    book["Sagsudtræk"] = book["Sager"]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]
    assert "Sagsudtræk" in build.told(reading)


def test_two_sheets_of_one_kind_do_not_stop_an_inspection(tmp_path: Path) -> None:
    """`inspect` reports the clash among the notes and reads the rest."""
    book = build.minimal()
    book["Sagsudtræk"] = book["Sager"][:2]
    reading = build.read(tmp_path, book, partial=True)
    assert "oekonomi" in reading.tables.frames
    assert [n for n in reading.notes if n.severity == "error"]


# --- Totals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["I alt", "IALT", "Total", "Hovedtotal", "Sum:", "5.38.50 i alt"])
def test_a_total_row_is_taken_out_and_checked(tmp_path: Path, label: str) -> None:
    """1,000,000 + 1,050,000 + 1,100,000 = 3,150,000: the total agrees and adds nothing."""
    book = build.minimal()
    book["Økonomi"].append([label, None, None, None, 3_150_000])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "oekonomi", "raekke") == [2, 3, 4]
    assert build.at(reading, "Økonomi!E5").severity == "info"
    account = build.account(reading, "Økonomi")
    assert (account.rows, account.accepted, account.totals) == (4, 3, 1)
    assert (account.sum_accepted, account.sum_totals) == (3_150_000, 3_150_000)


def test_a_total_that_does_not_agree_is_a_warning(tmp_path: Path) -> None:
    """The rows are used, and the cell of the total is named."""
    book = build.minimal()
    book["Økonomi"].append(["I alt", None, None, None, 3_150_001])
    reading = build.read(tmp_path, book)
    assert sum(build.column(reading, "oekonomi", "beloeb")) == 3_150_000
    assert build.at(reading, "Økonomi!E5").severity == "warning"


def test_a_total_may_stand_in_any_column(tmp_path: Path) -> None:
    """The first text of the row says that it is a total."""
    book = build.minimal()
    book["Økonomi"].append([None, None, "I alt", None, 3_150_000])
    book["Sager"].append([None, None, None, None, "Total", 5500, None])
    reading = build.read(tmp_path, book)
    assert build.account(reading, "Økonomi").totals == 1
    assert build.account(reading, "Sager").totals == 1
    assert build.column(reading, "sager", "pris") == PRICES


def test_a_wrong_grand_total_is_said_also_where_there_are_subtotals(tmp_path: Path) -> None:
    """100 + 200 = 300 agrees; 300 + 400 is 700 and not 9,999."""
    book = build.minimal()
    book["Økonomi"] = [[*build.LEDGER], build.amount(100), build.amount(200),
                       ["I alt", None, None, None, 300], build.amount(400),
                       ["Hovedtotal", None, None, None, 9_999]]  # fmt: skip
    reading = build.read(tmp_path, book)
    assert build.column(reading, "oekonomi", "beloeb") == [100, 200, 400]
    assert build.account(reading, "Økonomi").totals == 2
    assert [n for n in build.about(reading, "Økonomi", "E6") if n.severity == "warning"]


def test_subtotals_that_agree_are_no_warning(tmp_path: Path) -> None:
    """100 + 200 = 300 and 300 + 400 = 700."""
    book = build.minimal()
    book["Økonomi"] = [[*build.LEDGER], build.amount(100), build.amount(200),
                       ["I alt", None, None, None, 300], build.amount(400),
                       ["Hovedtotal", None, None, None, 700]]  # fmt: skip
    reading = build.read(tmp_path, book)
    assert [n.severity for n in reading.notes if n.sheet == "Økonomi"] == ["info"]


def test_a_place_whose_name_holds_the_word_sum_is_no_total(tmp_path: Path) -> None:
    """`Sumatra`, `Alternativet` and `Totalrenovering` are places."""
    names = ["Sumatra", "Alternativet", "Totalrenovering"]
    places: Rows = [["tilbud", "pladser"], *([name, 4] for name in names)]
    reading = build.read(tmp_path, build.minimal() | {"Tilbud": places})
    assert build.column(reading, "tilbud", "tilbud") == names


@pytest.mark.parametrize("last", ["E", "E=(A+B)", "E=(C-D)", "E=(C−D)", "E = A+B"])
def test_a_row_of_letters_under_the_header_is_skipped(tmp_path: Path, last: str) -> None:
    """`D=(A+B+C)` only says how the columns hang together; the minus may be a real one."""
    book = build.minimal()
    book["Økonomi"].insert(1, ["A", "B", "C", "D", last])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "oekonomi", "raekke") == [3, 4, 5]
    assert build.at(reading, "Økonomi!A2").severity == "info"
    assert build.account(reading, "Økonomi").rejected == 0


# --- Merged cells -------------------------------------------------------------------------------


def grouped() -> build.Book:
    """Return three cases of one citizen under one paragraph, and a fourth of another."""
    book = build.minimal()
    book["Sager"] = [[*build.CASES], *(build.case(n) for n in range(1, 5))]
    for row in book["Sager"][2:4]:
        row[1] = row[2] = row[5] = None
    return book


def test_text_is_filled_down_inside_a_merged_area(tmp_path: Path) -> None:
    """A citizen's id written once over three rows is the id of all three."""
    workbook = build.opened(grouped())
    for area in ("B2:B4", "C2:C4"):
        workbook["Sager"].merge_cells(area)
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "sager", "borger_id") == ["B1", "B1", "B1", "B4"]
    assert build.column(reading, "sager", "paragraf") == ["107", "107", "107", "107"]


def test_amounts_are_never_filled_down(tmp_path: Path) -> None:
    """A price over three rows is the price of the first; it is not paid three times."""
    workbook = build.opened(grouped())
    for area in ("B2:B4", "C2:C4", "F2:F4"):
        workbook["Sager"].merge_cells(area)
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "sager", "pris") == [1000, None, None, 1000]


def test_nothing_is_filled_beyond_the_merged_area(tmp_path: Path) -> None:
    """The third row is outside the area: it has no citizen and is rejected."""
    workbook = build.opened(grouped())
    for area in ("B2:B3", "C2:C3"):
        workbook["Sager"].merge_cells(area)
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2", "S4"]
    assert build.account(reading, "Sager").rejected == 1


def test_nothing_is_filled_down_without_a_merged_area(tmp_path: Path) -> None:
    """A blank id below another is a missing id, not the same one."""
    reading = build.read(tmp_path, grouped())
    assert build.column(reading, "sager", "sag_id") == ["S1", "S4"]


def test_dates_and_years_are_filled_down(tmp_path: Path) -> None:
    """A year over a group of ledger rows is the year of each."""
    book = build.with_ledger("beløb", [100, 200, 300])
    for row in book["Økonomi"][2:]:
        row[0] = row[2] = row[3] = None
    workbook = build.opened(book)
    for area in ("A2:A4", "C2:C4", "D2:D4"):
        workbook["Økonomi"].merge_cells(area)
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "oekonomi", "aar") == [2024] * 3
    assert build.column(reading, "oekonomi", "beloeb") == [100, 200, 300]


def test_merged_areas_are_found_where_the_sheet_begins_further_right(tmp_path: Path) -> None:
    """The area is in Excel's own columns, also where the first two are empty."""
    book = grouped()
    book["Sager"] = [[None, None, *row] for row in book["Sager"]]
    workbook = build.opened(book)
    for area in ("D2:D4", "E2:E4"):
        workbook["Sager"].merge_cells(area)
    assert build.column(bent(tmp_path, workbook), "sager", "borger_id") == ["B1", "B1", "B1", "B4"]


def test_a_merged_title_fills_nothing(tmp_path: Path) -> None:
    """A title over all columns stands above the header and is not data."""
    book = build.minimal()
    book["Sager"] = [["Udtræk af sager"], [], *book["Sager"]]
    workbook = build.opened(book)
    workbook["Sager"].merge_cells("A1:G2")
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]


def test_a_header_over_two_rows_is_a_header(tmp_path: Path) -> None:
    """Headers merged downwards leave a blank row, which is no data."""
    workbook = build.opened(build.minimal())
    sheet = workbook["Sager"]
    sheet.insert_rows(2)
    for letter in "ABCDEFG":
        sheet.merge_cells(f"{letter}1:{letter}2")
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "sager", "raekke") == [3, 4]
    assert build.account(reading, "Sager").rejected == 0


# --- Hidden -------------------------------------------------------------------------------------


def test_hidden_rows_are_read_and_said(tmp_path: Path) -> None:
    """A filter may have hidden them; they still count, and that is a warning."""
    workbook = build.opened(build.minimal())
    workbook["Sager"].auto_filter.ref = "A1:G3"
    workbook["Sager"].row_dimensions[3].hidden = True
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]
    said = build.note(reading, "skjult")
    assert (said.severity, said.sheet) == ("warning", "Sager")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_said(
    tmp_path: Path, state: Literal["hidden", "veryHidden"]
) -> None:
    """A sheet nobody sees in Excel still counts, and that is a warning."""
    workbook = build.opened(build.minimal())
    workbook["Sager"].sheet_state = state
    reading = bent(tmp_path, workbook)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]
    said = build.note(reading, "skjult")
    assert (said.severity, said.sheet) == ("warning", "Sager")


def test_a_chart_sheet_is_no_sheet(tmp_path: Path) -> None:
    """Sheets are taken by name, so a chart before them moves nothing."""
    workbook = build.opened(build.minimal())
    workbook.create_chartsheet("Graf", 0)
    assert build.column(bent(tmp_path, workbook), "sager", "sag_id") == ["S1", "S2"]


def test_the_file_is_named_in_every_refusal(tmp_path: Path) -> None:
    """Whoever runs many workbooks sees which one it was, in both languages."""
    error = build.refusal(tmp_path, with_header("Sager", "pris", "x"))
    assert error.message("da").startswith(str(tmp_path / "bog.xlsx"))
    assert error.message("en").startswith(str(tmp_path / "bog.xlsx"))
