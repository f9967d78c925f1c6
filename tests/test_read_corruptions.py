"""What the usual readers lose or change without a word, each as a small workbook.

Every test gives the verdict (read, noted, row rejected, file refused), the cell that is named, and
the values that must never come out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

import build
from styring.errors import InputError
from styring.read.container import part_names
from styring.read.parts import Parts
from styring.read.scan import scan_sheets
from styring.read.workbook import Reading

Rows = list[list[object]]
SAGER = build.part_of(build.minimal(), "Sager")
OEKONOMI = build.part_of(build.minimal(), "Økonomi")
END, PRICE = '<c r="E2" s="1"><v>45657</v></c>', '<c r="F2"><v>2500</v></c>'
"""The end date and the price of the first case, as they stand in the file."""


def small() -> dict[str, str]:
    """Return the parts of the small municipality, to be bent."""
    return build.book_parts(build.minimal())


def changed(old: str, new: str, part: str = SAGER) -> dict[str, str]:
    """Return the parts of the small municipality with one piece of XML replaced."""
    contents = small()
    assert contents[part].count(old) == 1, old
    return contents | {part: contents[part].replace(old, new)}


def with_formula(path: Path, place: str, formula: str, value: int | None = None) -> Path:
    """Return the path of the small municipality written by xlsxwriter, a formula in Sager."""
    workbook = xlsxwriter.Workbook(path)
    day = workbook.add_format({"num_format": "dd-mm-yyyy"})
    for name, rows in build.minimal().items():
        sheet = workbook.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_number(r, c, build.serial(cell), day)
                elif cell is not None:
                    sheet.write(r, c, cell)
    look = day if place.startswith("E") else None
    stored = () if value is None else (value,)
    workbook.get_worksheet_by_name("Sager").write_formula(place, formula, look, *stored)
    workbook.close()
    return path


def ends(reading: Reading) -> dict[str, date | None]:
    """Return the end date of every case row that was accepted, by case."""
    frame = reading.tables.frames["sager"]
    return dict(frame.select("sag_id", "slutdato").rows())


def prices(reading: Reading) -> list[float | None]:
    """Return the prices of the case rows that were accepted."""
    return build.column(reading, "sager", "pris")


BOTH = {"S1": date(2024, 12, 31), "S2": None}
ONLY_S2: dict[str, date | None] = {"S2": None}

# --- Null or wrong numbers ----------------------------------------------------------------------


def test_01_a_text_after_many_numbers_is_read(tmp_path: Path) -> None:
    """Row 1,202 holds `2.980,00` and `31-12-2024`: both are read, and neither is null."""
    table: Rows = [[*build.CASES], *(build.case(n) for n in range(1, 1202))]
    table[-1][4], table[-1][5] = "31-12-2024", "2.980,00"
    reading = build.read(tmp_path, build.minimal() | {"Sager": table})
    assert prices(reading)[-2:] == [1000, 2980]
    assert ends(reading)["S1201"] == date(2024, 12, 31)
    assert build.about(reading, "Sager", "F1202")
    assert build.about(reading, "Sager", "E1202")


def test_02_danish_thousands_do_not_become_a_thousandth(tmp_path: Path) -> None:
    """`2.980` among numbers is 2,980; `1e3` and `NaN` are no numbers."""
    reading = build.read(tmp_path, build.with_cases("pris", [2650, "2.980", "1e3", "NaN"]))
    assert prices(reading) == [2650, 2980, None, None]
    for cell in ("F3", "F4", "F5"):
        assert build.about(reading, "Sager", cell)


def test_03_true_is_not_one_krone(tmp_path: Path) -> None:
    """A ticked box in the column of prices has no value."""
    reading = build.read_parts(tmp_path, changed(PRICE, '<c r="F2" t="b"><v>1</v></c>'))
    assert prices(reading) == [None, 3000]
    assert build.about(reading, "Sager", "F2")[0].severity == "warning"


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?"])
@pytest.mark.parametrize(
    "cell",
    ['<c r="E2" t="e"><v>{}</v></c>', '<c t="e" s="1" r="E2"><v>{}</v></c>',
     "<c r='E2' t='e'><v>{}</v></c>", '<c r="E2" s="1" t="e"><f>VLOOKUP(1,2,3)</f><v>{}</v></c>'],
)  # fmt: skip
def test_04_an_error_cell_is_never_an_empty_one(tmp_path: Path, cell: str, error: str) -> None:
    """An error as end date rejects the row; the case never becomes an open one."""
    reading = build.read_parts(tmp_path, changed(END, cell.format(error)))
    assert ends(reading) == ONLY_S2
    assert build.at(reading, "Sager!E2").severity == "warning"
    assert build.account(reading, "Sager").rejected == 1


def test_04_an_error_cell_without_an_address_is_never_an_empty_one(tmp_path: Path) -> None:
    """Cells may leave out their address; the error is still in E2."""
    contents = changed(END, '<c t="e"><v>#N/A</v></c>')
    contents[SAGER] = without_addresses(contents[SAGER])
    reading = build.read_parts(tmp_path, contents)
    assert ends(reading) == ONLY_S2
    assert build.at(reading, "Sager!E2").severity == "warning"


@pytest.mark.parametrize("folder", ["xl/ark/", "xl/", "xl/worksheets/data/"])
def test_04_an_error_cell_is_found_wherever_the_sheet_is_kept(tmp_path: Path, folder: str) -> None:
    """The parts of a workbook may lie in any folder of the file."""
    contents = changed(END, '<c r="E2" t="e"><v>#N/A</v></c>')
    moved = {name.replace("xl/worksheets/", folder): xml for name, xml in contents.items()}
    moved[build.RELS] = moved[build.RELS].replace("worksheets/", folder.removeprefix("xl/"))
    moved["[Content_Types].xml"] = moved["[Content_Types].xml"].replace("xl/worksheets/", folder)
    assert ends(build.read_parts(tmp_path, moved)) == ONLY_S2


@pytest.mark.parametrize("target", ["/xl/worksheets/", "./worksheets/", "../xl/worksheets/"])
def test_04_an_error_cell_is_found_however_the_sheet_is_pointed_at(
    tmp_path: Path, target: str
) -> None:
    """A target may be absolute or relative."""
    contents = changed(END, '<c r="E2" t="e"><v>#N/A</v></c>')
    contents[build.RELS] = contents[build.RELS].replace('"worksheets/', f'"{target}')
    assert ends(build.read_parts(tmp_path, contents)) == ONLY_S2


@pytest.mark.parametrize(
    "cell",
    ['<c r="E2" s="1"><f>D2+365</f></c>', '<c r="E2" s="1"><f>D2+365</f><v></v></c>',
     '<c r="E2" s="1"><f/></c>', '<c r="E2" s="1"><f t="shared" si="0"/></c>'],
)  # fmt: skip
def test_05_a_formula_never_calculated_is_rejected_with_its_cell(tmp_path: Path, cell: str) -> None:
    """A formula without a stored value is not an empty cell."""
    reading = build.read_parts(tmp_path, changed(END, cell))
    assert ends(reading) == ONLY_S2
    assert build.at(reading, "Sager!E2").severity == "warning"


def test_05_formulas_that_openpyxl_writes_have_no_value(tmp_path: Path) -> None:
    """Openpyxl stores no results: the price is not known, and the end date rejects the row."""
    book = build.minimal()
    book["Sager"][1][4], book["Sager"][2][5] = "=D2+365", "=2*1500"
    reading = build.read(tmp_path, book)
    assert ends(reading) == ONLY_S2
    assert prices(reading) == [None]
    for cell in ("E2", "F3"):
        assert build.at(reading, f"Sager!{cell}").severity == "warning"


def test_05_a_formula_without_an_address_is_never_an_empty_cell(tmp_path: Path) -> None:
    """The formula never calculated is still in E2."""
    contents = changed(END, "<c><f>D2+365</f></c>")
    contents[SAGER] = without_addresses(contents[SAGER])
    assert ends(build.read_parts(tmp_path, contents)) == ONLY_S2


def test_05_a_formula_that_gives_an_empty_text_is_empty(tmp_path: Path) -> None:
    """`=IF(…;"")` was calculated, and its result is nothing: the case is open."""
    contents = changed(END, '<c r="E2" t="str"><f>IF(TRUE,"",1)</f><v></v></c>')
    assert ends(build.read_parts(tmp_path, contents)) == {"S1": None, "S2": None}


def test_06_a_made_up_zero_is_said_with_its_cell(tmp_path: Path) -> None:
    """Xlsxwriter stores 0 for what it has not calculated: a price of 0 kr. is a warning."""
    path = with_formula(tmp_path / "xlsxwriter.xlsx", "F2", "=5*500")
    assert build.at(build.read_file(path), "Sager!F2").severity == "warning"


def test_06_a_made_up_zero_as_end_date_rejects_the_row(tmp_path: Path) -> None:
    """0 with a date format is no date: neither an open case nor one that ended in 1900."""
    reading = build.read_file(with_formula(tmp_path / "xlsxwriter.xlsx", "E2", "=D2+365"))
    assert ends(reading) == ONLY_S2
    assert build.about(reading, "Sager", "E2")


def test_06_a_formula_with_its_value_is_that_value(tmp_path: Path) -> None:
    """A stored 2,500 is believed without a word."""
    reading = build.read_file(with_formula(tmp_path / "xlsxwriter.xlsx", "F2", "=5*500", 2500))
    assert prices(reading) == [2500, 3000]
    assert build.heard(reading) == []


@pytest.mark.parametrize("number", ["2.7", "-3.5", "1E20"])
def test_07_whole_numbers_are_not_made_by_cutting(tmp_path: Path, number: str) -> None:
    """2.7 inhabitants are neither 2 nor 3, and 1E20 is not the largest number there is."""
    part = build.part_of(build.minimal(), "Befolkning")
    contents = changed('<c r="D2"><v>24000</v></c>', f'<c r="D2"><v>{number}</v></c>', part)
    reading = build.read_parts(tmp_path, contents)
    assert build.column(reading, "befolkning", "antal") == [24100]
    assert build.about(reading, "Befolkning", "D2")


def test_08_a_date_among_numbers_is_no_number(tmp_path: Path) -> None:
    """A price that Excel shows as a date has no value: neither microseconds nor 45,413 kr."""
    reading = build.read(tmp_path, build.with_cases("pris", [2650, date(2024, 5, 1), 45322]))
    assert prices(reading) == [2650, None, 45322]
    assert build.about(reading, "Sager", "F3")[0].severity == "warning"


def test_09_ids_as_text_stay_text(tmp_path: Path) -> None:
    """`000123`, `1E5` and art `0040` keep every character."""
    reading = build.read(tmp_path, build.with_cases("sag_id", ["000123", "1E5", "1.0"]))
    assert build.column(reading, "sager", "sag_id") == ["000123", "1E5", "1.0"]
    ledger = build.read(tmp_path, build.with_ledger("art", ["0040", "4.0", "08"]))
    assert build.column(ledger, "oekonomi", "art") == ["0040", "4.0", "08"]


def test_10_words_for_missing_are_names(tmp_path: Path) -> None:
    """A provider called `NA` or `nan` is there."""
    names = ["NA", "N/A", "NULL", "None", "nan"]
    reading = build.read(tmp_path, build.with_cases("tilbud", names))
    assert build.column(reading, "sager", "tilbud") == names


def test_11_a_year_formatted_as_a_date_is_never_1905(tmp_path: Path) -> None:
    """The number 2024 with a date format reads as 16 July 1905: the cell is named."""
    contents = changed('<c r="A2"><v>2024</v></c>', '<c r="A2" s="1"><v>2024</v></c>', OEKONOMI)
    reading = build.read_parts(tmp_path, contents)
    assert 1905 not in build.column(reading, "oekonomi", "aar")
    assert build.about(reading, "Økonomi", "A2")


def test_12_the_1904_date_system_is_read(tmp_path: Path) -> None:
    """A Mac's day 45,292 is 1,462 days later: 2 January 2028 and not 1 January 2024."""
    contents = small()
    contents[build.BOOK] = contents[build.BOOK].replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    reading = build.read_parts(tmp_path, contents)
    assert build.column(reading, "sager", "startdato")[0] == date(2028, 1, 2)


def test_12_a_bare_serial_follows_the_1904_date_system_too(tmp_path: Path) -> None:
    """An end date that lost its format is not four years before the start date beside it."""
    contents = changed(END, '<c r="E2"><v>45657</v></c>')
    contents[build.BOOK] = contents[build.BOOK].replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    reading = build.read_parts(tmp_path, contents)
    assert ends(reading) in ({"S1": date(2029, 1, 1), "S2": None}, ONLY_S2)


@pytest.mark.parametrize("look", ['0 "døgn"', '#,##0.00 "kr."', "[Red]-0", "@"])
def test_13_a_number_with_a_unit_in_its_format_is_a_number(tmp_path: Path, look: str) -> None:
    """`0 "døgn"` shows `2500 døgn` and holds 2,500."""
    workbook = build.opened(build.minimal())
    workbook["Sager"]["F2"].number_format = look
    reading = build.read_file(build.saved(workbook, tmp_path / "format.xlsx"))
    assert prices(reading) == [2500, 3000]


def test_14_an_id_with_too_many_digits_for_a_number_is_said(tmp_path: Path) -> None:
    """Excel keeps fifteen digits: two cases that end on 992 and 993 would be one."""
    ids = [9007199254740992, 9007199254740993]
    reading = build.read(tmp_path, build.with_cases("sag_id", ids))
    assert [n for n in build.about(reading, "Sager", "A2") if n.severity != "info"]


@pytest.mark.parametrize("number", ["0", "-5", "0.5", "2958466", "3000000"])
def test_15_an_odd_serial_is_no_date(tmp_path: Path, number: str) -> None:
    """Midnight, 26 December 1899 and the year 10000 are no end dates, and no open ends."""
    contents = changed(END, f'<c r="E2" s="1"><v>{number}</v></c>')
    reading = build.read_parts(tmp_path, contents)
    assert ends(reading) == ONLY_S2
    assert build.about(reading, "Sager", "E2")[0].severity == "warning"


@pytest.mark.parametrize("number", ["NaN", "INF", "-INF", "1E400", "-1E400"])
def test_16_numbers_that_are_none_never_reach_a_sum(tmp_path: Path, number: str) -> None:
    """As a price it has no value, as an amount the row is rejected; the cell is named."""
    reading = build.read_parts(tmp_path, changed(PRICE, f'<c r="F2"><v>{number}</v></c>'))
    assert prices(reading) == [None, 3000]
    assert build.about(reading, "Sager", "F2")[0].severity == "warning"
    amount = changed('<c r="E2"><v>1000000</v></c>', f'<c r="E2"><v>{number}</v></c>', OEKONOMI)
    ledger = build.read_parts(tmp_path, amount)
    assert build.column(ledger, "oekonomi", "beloeb") == [1_050_000, 1_100_000]
    account = build.account(ledger, "Økonomi")
    assert (account.rejected, account.sum_sheet) == (1, 2_150_000)


# --- Lost rows and columns ----------------------------------------------------------------------


def test_17_a_blank_row_does_not_end_the_sheet(tmp_path: Path) -> None:
    """Six cases with a blank row in the middle are six."""
    table: Rows = [[*build.CASES], *(build.case(n) for n in range(1, 7))]
    table.insert(4, [])
    reading = build.read(tmp_path, build.minimal() | {"Sager": table})
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2", "S3", "S4", "S5", "S6"]


def test_18_a_wrong_dimension_loses_nothing(tmp_path: Path) -> None:
    """A sheet that says it is A1 only is read to its end."""
    contents = changed("<sheetData>", '<dimension ref="A1"/><sheetData>')
    assert ends(build.read_parts(tmp_path, contents)) == BOTH


def test_19_rows_outside_the_excel_table_are_read(tmp_path: Path) -> None:
    """The table covers the first case only; the second counts as well."""
    workbook = build.opened(build.minimal())
    workbook["Sager"].add_table(Table(displayName="Sagsliste", ref="A1:G2"))
    reading = build.read_file(build.saved(workbook, tmp_path / "tabel.xlsx"))
    assert ends(reading) == BOTH


def test_19_a_column_without_a_header_moves_no_other(tmp_path: Path) -> None:
    """A blank header in the middle leaves the columns beside it where they are."""
    book = build.minimal()
    book["Sager"] = [[*row[:3], None, *row[3:]] for row in book["Sager"]]
    reading = build.read(tmp_path, book)
    assert ends(reading) == BOTH
    assert reading.tables.sources["sager"].columns["slutdato"] == "F"


def test_20_strict_open_xml_is_read(tmp_path: Path) -> None:
    """The strict standard has other namespaces and the same sheets."""
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    contents = {
        name: xml.replace(build.MAIN, build.STRICT).replace(build.RELATION, strict)
        for name, xml in small().items()
    }
    reading = build.read_parts(tmp_path, contents)
    assert ends(reading) == BOTH
    assert prices(reading) == [2500, 3000]


def without_addresses(xml: str) -> str:
    """Return a sheet whose rows and cells do not say where they are, every blank cell written."""
    return re.sub(r' r="[A-Z]*\d+"', "", xml.replace('<c r="F3"', '<c r="E3"/><c r="F3"'))


def prefixed(xml: str) -> str:
    """Return a sheet whose elements have the prefix `x:`."""
    return re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


def test_21_cells_without_addresses_are_read(tmp_path: Path) -> None:
    """Rows and cells that do not say where they are follow one another."""
    contents = small()
    contents[SAGER] = without_addresses(contents[SAGER])
    reading = build.read_parts(tmp_path, contents)
    assert ends(reading) == BOTH
    assert prices(reading) == [2500, 3000]


def test_21_elements_with_a_prefix_are_read(tmp_path: Path) -> None:
    """`<x:row>` is a row, and an error cell in it is seen."""
    contents = small()
    contents[SAGER] = prefixed(contents[SAGER])
    assert ends(build.read_parts(tmp_path, contents)) == BOTH
    faulty = changed(END, '<c r="E2" t="e"><v>#N/A</v></c>')
    faulty[SAGER] = prefixed(faulty[SAGER])
    assert ends(build.read_parts(tmp_path, faulty)) == ONLY_S2


def test_21_hidden_rows_with_a_prefix_are_said(tmp_path: Path) -> None:
    """`hidden="true"` on `<x:row>` hides it as `hidden="1"` does."""
    contents = changed('<row r="2">', '<row r="2" hidden="true">')
    contents[SAGER] = prefixed(contents[SAGER])
    said = build.note(build.read_parts(tmp_path, contents), "skjult")
    assert (said.severity, said.sheet) == ("warning", "Sager")


def test_22_blank_rows_do_not_shift_the_numbers(tmp_path: Path) -> None:
    """The row after two blank ones is row 5, in the frame and in the message."""
    book = build.minimal()
    book["Sager"][2][5] = "efter aftale"
    book["Sager"][2:2] = [[], []]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "raekke") == [2, 5]
    assert build.at(reading, "Sager!F5").severity == "warning"


def test_23_merged_cells_keep_their_text_for_every_row(tmp_path: Path) -> None:
    """The citizen of the first row is the citizen of all three; the price is only the first's."""
    table: Rows = [[*build.CASES], *(build.case(n) for n in range(1, 4))]
    for row in table[2:]:
        row[1] = row[5] = None
    workbook = build.opened(build.minimal() | {"Sager": table})
    for area in ("B2:B4", "F2:F4"):
        workbook["Sager"].merge_cells(area)
    reading = build.read_file(build.saved(workbook, tmp_path / "flettet.xlsx"))
    assert build.column(reading, "sager", "borger_id") == ["B1", "B1", "B1"]
    assert prices(reading) == [1000, None, None]


def test_24_total_rows_are_not_counted(tmp_path: Path) -> None:
    """`I alt` does not double the year."""
    book = build.minimal()
    book["Økonomi"].append(["I alt", None, None, None, 3_150_000])
    reading = build.read(tmp_path, book)
    assert sum(build.column(reading, "oekonomi", "beloeb")) == 3_150_000


# --- Wrong place, wrong text, two readings of one file ------------------------------------------


def test_25_addresses_hold_where_the_data_start_in_c5(tmp_path: Path) -> None:
    """Four empty rows and two empty columns: the bad price is in H6."""
    book = build.minimal()
    book["Sager"][1][5] = "efter aftale"
    indented: Rows = [[None, None, *row] for row in book["Sager"]]
    book["Sager"] = [[], [], [], [], *indented]
    reading = build.read(tmp_path, book)
    assert build.at(reading, "Sager!H6").severity == "warning"
    assert build.column(reading, "sager", "raekke") == [6, 7]


def test_25_an_error_cell_is_found_where_the_data_start_in_c5(tmp_path: Path) -> None:
    """The error in G6 rejects its row and no other."""
    book = build.minimal()
    book["Sager"][1][4] = "#N/A"
    indented: Rows = [[None, None, *row] for row in book["Sager"]]
    book["Sager"] = [[], [], [], [], *indented]
    reading = build.read(tmp_path, book)
    assert ends(reading) == ONLY_S2
    assert build.at(reading, "Sager!G6").severity == "warning"


def test_26_duplicate_headers_that_differ_are_refused(tmp_path: Path) -> None:
    """The second price is neither `pris_1` nor ignored."""
    book = build.minimal()
    for row, cell in zip(book["Sager"], ["pris", 1, 2], strict=True):
        row.append(cell)
    error = build.refusal(tmp_path, book)
    assert "Sager!F1" in error.where.da
    assert "H1" in error.where.da


def test_27_an_escaped_line_break_does_not_make_another_name(tmp_path: Path) -> None:
    """`Nord_x000D_` and `Nord` are one supplier."""
    table: Rows = [
        [*build.CASES, "tilbud"],
        [*build.case(1), "Nord"],
        [*build.case(2), "Nord_x000D_"],
    ]
    contents = build.book_parts(build.minimal() | {"Sager": table})
    reading = build.read_parts(tmp_path, contents)
    assert build.column(reading, "sager", "tilbud") == ["Nord", "Nord"]


def test_30_a_number_a_text_and_a_date_stay_apart(tmp_path: Path) -> None:
    """1.234 is a small number, `1.234` a large one, and a date is a date."""
    reading = build.read(tmp_path, build.with_ledger("beløb", [1.23, "1.234"]))
    assert build.column(reading, "oekonomi", "beloeb") == [1.23, 1234]


def test_inline_and_shared_texts_give_the_same_frames(tmp_path: Path) -> None:
    """Where a text is kept in the file does not matter."""
    shared = build.read(tmp_path, build.minimal())
    inline = build.read_parts(tmp_path, small())
    assert shared.tables.frames.keys() == inline.tables.frames.keys()
    for name, frame in shared.tables.frames.items():
        assert frame.equals(inline.tables.frames[name]), name
    assert shared.notes == inline.notes
    assert shared.accounts == inline.accounts


# --- A cell far out -----------------------------------------------------------------------------

FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
WATCHED = """
import sys, time
from pathlib import Path
try:
    import resource
except ImportError:
    resource = None
else:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from styring.definitions import load_spec
from styring.errors import InputError
from styring.read.workbook import read_workbook
spec, start = load_spec(), time.process_time()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if resource else 0
try:
    read_workbook(Path(sys.argv[1]), spec)
except InputError as error:
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if resource else 0
    assert time.process_time() - start < 1, "it took a second"
    assert after - before < 100 << 10, "it took 100 MB"
    sys.stdout.buffer.write(error.message("da").encode())
"""


def watched(path: Path) -> str:
    """Return what a process of its own says of a file: the refusal, or why it died."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(path)],
        capture_output=True, check=False, timeout=60, env=os.environ | {"RUST_BACKTRACE": "0"},
    )  # fmt: skip
    said = done.stdout.decode() if done.returncode == 0 else done.stderr.decode()[-300:]
    return said or "the file was read"


def far(old: str = "", new: str = "") -> str:
    """Return Sager with a cell in XFD1048576, written in another way."""
    return small()[SAGER].replace("</sheetData>", FAR).replace(old, new)


FIRST = "<sheetData>" + FAR.removesuffix("</sheetData>")
WAYS = {
    "as Excel writes it": far(),
    "with single quotes": far('"', "'"),
    "with a prefix": prefixed(far()),
    "with a line break before the row's number": far("<row r=", "<row\nr="),
    "with a line break before the address": far('<c r="XFD', '<c\nr="XFD'),
    "with a tab before the address": far('<c r="XFD', '<c\tr="XFD'),
    "with blanks around the equals sign": far('r="XFD', 'r = "XFD'),
    "in a row without a number": far('<row r="1048576">', "<row>"),
    "in a row with a smaller number": far('<row r="1048576">', '<row r="9">'),
    "before the other rows": small()[SAGER].replace("<sheetData>", FIRST),
    "in small letters": far("XFD", "xfd"),
}
"""Legal and not quite legal ways to write a cell that would take 550 GB."""


@pytest.mark.parametrize("way", WAYS)
def test_a_cell_far_out_is_refused_before_memory_is_asked_for(tmp_path: Path, way: str) -> None:
    """A file of two kilobytes is refused at once, in under a second and 100 MB."""
    path = build.zipped(tmp_path / "langt-ude.xlsx", small() | {SAGER: WAYS[way]})
    assert path.stat().st_size < 5000
    said = watched(path)
    assert "Sager" in said
    assert "kan ikke åbnes" in said


def test_a_dimension_or_a_merged_area_to_the_end_of_the_sheet_costs_nothing(tmp_path: Path) -> None:
    """Only cells take memory: a whole sheet merged or claimed is read."""
    claimed = changed("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    assert ends(build.read_parts(tmp_path, claimed)) == BOTH
    area = '<mergeCells count="1"><mergeCell ref="H2:XFD1048576"/></mergeCells>'
    merged = changed("</sheetData>", f"</sheetData>{area}")
    assert ends(build.read_parts(tmp_path, merged)) == BOTH


def test_a_formatted_cell_far_out_that_holds_nothing_is_no_cell(tmp_path: Path) -> None:
    """Excel keeps the look of blank cells; they take no memory and hide nothing."""
    contents = small()
    contents[SAGER] = far('<c r="XFD1048576"><v>1</v></c>', '<c r="XFD1048576" s="1"/>')
    assert ends(build.read_parts(tmp_path, contents)) == BOTH


@pytest.mark.parametrize("place", ["AL999999", "AM1048576", "A1048576"])
def test_a_cell_within_forty_million_is_no_reason_to_refuse(tmp_path: Path, place: str) -> None:
    """What decides is rows times columns: 38 × 999,999 is less, 39 × 1,048,576 is more."""
    row = place.lstrip("ALM")
    last = f'<row r="{row}"><c r="{place}"/><c r="{place}"><v>1</v></c></row></sheetData>'
    path = build.zipped(tmp_path / "bog.xlsx", changed("</sheetData>", last))
    with zipfile.ZipFile(path) as archive:
        parts = Parts(archive, path, part_names(archive))
        if place != "AM1048576":
            assert "Sager" in scan_sheets(parts)
            return
        with pytest.raises(InputError, match=place):
            scan_sheets(parts)


def test_a_sheet_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """No search for bytes finds anything in UTF-16, so it is not taken for harmless."""
    contents: dict[str, str | bytes] = {**small()}
    contents[SAGER] = DOCTYPES["internal"].encode("utf-16") + small()[SAGER].encode("utf-16-le")
    assert "Sager" in build.file_refusal(build.zipped(tmp_path / "bog.xlsx", contents)).what.da


def test_a_row_of_nothing_but_a_formula_never_calculated_is_there(tmp_path: Path) -> None:
    """The cell reader leaves it out; its cell is named all the same."""
    last = '<row r="4"><c r="F4"><f>F2+F3</f></c></row></sheetData>'
    reading = build.read_parts(tmp_path, changed("</sheetData>", last))
    assert build.at(reading, "Sager!F4").severity == "warning"
    assert build.account(reading, "Sager").rows == 3


# --- Entities -----------------------------------------------------------------------------------

BEHIND = "9999"
DOCTYPES = {
    "internal": f'<!DOCTYPE x [<!ENTITY a "{BEHIND}">]>',
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "after a long comment": f'<!--{"x" * 3000}--><!DOCTYPE x [<!ENTITY a "{BEHIND}">]>',
    "nested": '<!DOCTYPE x [<!ENTITY b "9999"><!ENTITY a "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
}


@pytest.mark.parametrize("kind", DOCTYPES)
def test_29_a_document_type_in_a_sheet_is_refused(tmp_path: Path, kind: str) -> None:
    """No entity is looked up, and the cell that names it is not silently empty."""
    contents = changed(PRICE, '<c r="F2"><v>&a;</v></c>')
    contents[SAGER] = DOCTYPES[kind] + contents[SAGER]
    error = build.file_refusal(build.zipped(tmp_path / "dtd.xlsx", contents))
    assert BEHIND not in error.message("da")


@pytest.mark.parametrize("part", [build.BOOK, build.RELS, "xl/styles.xml"])
def test_29_a_document_type_in_another_part_is_refused(tmp_path: Path, part: str) -> None:
    """A workbook has no use for one anywhere."""
    contents = small()
    contents[part] = DOCTYPES["internal"] + contents[part]
    build.file_refusal(build.zipped(tmp_path / "dtd.xlsx", contents))


def test_29_a_document_type_among_the_shared_texts_is_refused(tmp_path: Path) -> None:
    """The text behind the entity never becomes a case's number."""
    contents = changed('t="inlineStr"><is><t>S1</t></is>', 't="s"><v>0</v>')
    texts = f'{DOCTYPES["internal"]}<sst xmlns="{build.MAIN}"><si><t>S1</t></si></sst>'
    contents["xl/sharedStrings.xml"] = texts
    contents[build.RELS] = contents[build.RELS].replace(
        "</Relationships>",
        f'<Relationship Id="rIdT" Type="{build.RELATION}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
    )
    build.file_refusal(build.zipped(tmp_path / "dtd.xlsx", contents))


def cells_of(sheet: str, rows: Sequence[int]) -> list[str]:
    """Return the addresses of a sheet's cells in these rows, in the order of the file."""
    xml = small()[build.part_of(build.minimal(), sheet)]
    return [c for c in re.findall(r'<c r="([A-Z]+\d+)"', xml) if int(c[1:]) in rows]


@pytest.mark.parametrize("cell", cells_of("Sager", [2]))
def test_an_error_in_any_cell_of_a_case_is_said(tmp_path: Path, cell: str) -> None:
    """Whatever column it is in, the cell is named and nothing is read in its place."""
    contents = small()
    contents[SAGER] = re.sub(
        rf'<c r="{cell}"[^>]*>.*?</c>', f'<c r="{cell}" t="e"><v>#N/A</v></c>', contents[SAGER]
    )
    reading = build.read_parts(tmp_path, contents)
    assert build.note(reading, "Excel-fejl").cell == cell
    assert "#N/A" not in str(reading.tables.frames["sager"].rows())
