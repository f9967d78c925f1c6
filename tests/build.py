"""Tiny workbooks for tests: a small municipality to bend, and files written part by part."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

from styring.definitions import load_spec
from styring.errors import InputError
from styring.read.workbook import Reading, read_workbook
from styring.tables import Note, letter

Row = Sequence[object]
Book = dict[str, list[list[object]]]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
BOOK, RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
CASES = ("sag_id", "borger_id", "paragraf", "startdato", "slutdato", "pris", "enhed")
LEDGER = ("år", "måned", "funktion", "version", "beløb")


def minimal() -> Book:
    """Return the smallest whole municipality: four sheets, two case rows, three amounts."""
    return {
        "Kommune": [
            ["nøgle", "værdi"],
            ["kommunekode", 706],
            ["kommune", "Syddjurs"],
            ["opgørelsesdato", date(2025, 9, 30)],
            ["regnskabsår", 2025],
        ],
        "Befolkning": [
            ["år", "alder_fra", "alder_til", "antal", "type"],
            [2024, 18, 64, 24000, "faktisk"],
            [2025, 18, 64, 24100, "faktisk"],
        ],
        "Økonomi": [
            [*LEDGER],
            [2024, None, "5.38.50", "oprindeligt budget", 1_000_000],
            [2024, None, "5.38.50", "regnskab", 1_050_000],
            [2025, None, "5.38.50", "oprindeligt budget", 1_100_000],
        ],
        "Sager": [
            [*CASES],
            ["S1", "B1", "107", date(2024, 1, 1), date(2024, 12, 31), 2500, "døgn"],
            ["S2", "B2", "108", date(2023, 5, 1), None, 3000, "døgn"],
        ],
    }


def case(number: int) -> list[object]:
    """Return a case row of its own citizen: § 107 from 1 January 2024, 1,000 kr. a day, open."""
    return [f"S{number}", f"B{number}", "107", date(2024, 1, 1), None, 1000, "døgn"]


def amount(kroner: object = 100) -> list[object]:
    """Return a ledger row: accounts of 2024 on function 5.38.50."""
    return [2024, None, "5.38.50", "regnskab", kroner]


def with_cases(column: str, cells: Sequence[object]) -> Book:
    """Return the small municipality with one case row per cell, the cell in `column`."""
    rows = [case(n) for n in range(1, len(cells) + 1)]
    return minimal() | {"Sager": _with_column(CASES, column, rows, cells)}


def with_ledger(column: str, cells: Sequence[object]) -> Book:
    """Return the small municipality with one ledger row per cell, the cell in `column`."""
    rows = [amount() for _ in cells]
    return minimal() | {"Økonomi": _with_column(LEDGER, column, rows, cells)}


def _with_column(
    names: Sequence[str], column: str, rows: list[list[object]], cells: Sequence[object]
) -> list[list[object]]:
    header: list[object] = [*names]
    if column not in header:
        header.append(column)
        rows = [[*row, None] for row in rows]
    place = header.index(column)
    for row, cell in zip(rows, cells, strict=True):
        row[place] = cell
    return [header, *rows]


# --- Files --------------------------------------------------------------------------------------


def xlsx(path: Path, book: Mapping[str, Sequence[Row]]) -> Path:
    """Return the path of a workbook written by openpyxl.

    A text that begins with `=` is a formula without a stored value, `#N/A` an error cell.
    """
    return saved(opened(book), path)


def opened(book: Mapping[str, Sequence[Row]]) -> Workbook:
    """Return an openpyxl workbook, to be bent before it is saved."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in book.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return workbook


def saved(workbook: Workbook, path: Path) -> Path:
    """Return the path an openpyxl workbook was saved to."""
    workbook.save(path)
    return path


def csv_folder(
    folder: Path, book: Mapping[str, Sequence[Row]], *, encoding: str = "utf-8-sig", mark: str = ";"
) -> Path:
    """Return a folder with one CSV file per sheet, dates and decimals in the Danish way."""
    folder.mkdir()
    for name, rows in book.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=mark).writerows([[_danish(c) for c in r] for r in rows])
    return folder


def _danish(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell.day:02}-{cell.month:02}-{cell.year}"
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return "" if cell is None else str(cell)


# --- Files part by part -------------------------------------------------------------------------


def sheet_xml(rows: Sequence[Row]) -> str:
    """Return the XML of a sheet with its texts inline.

    A date is written as its serial number with the date format; `None` is no cell.
    """
    body = "".join(f'<row r="{n}">{_cells(row, n)}</row>' for n, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cells(row: Row, number: int) -> str:
    return "".join(_cell(f"{letter(i)}{number}", value) for i, value in enumerate(row))


def _cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{serial(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def serial(day: date) -> int:
    """Return the number Excel keeps for a day: days since 30 December 1899."""
    return (day - date(1899, 12, 30)).days


def parts(sheets: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a workbook by name, from the XML of each sheet by the sheet's name."""
    numbered = [(n, name) for n, name in enumerate(sheets, 1)]
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>'
        for n, _ in numbered
    )
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        BOOK: f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>{entries}</sheets>'
        "</workbook>",
        RELS: f'<Relationships xmlns="{PACKAGE}/relationships">{targets}<Relationship Id="rId0" '
        f'Type="{RELATION}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)},
    }


def part_of(book: Book, sheet: str) -> str:
    """Return the name of the part a sheet of a book is in."""
    return f"xl/worksheets/sheet{[*book].index(sheet) + 1}.xml"


def book_parts(book: Book) -> dict[str, str]:
    """Return the parts of a book with its texts inline."""
    return parts({name: sheet_xml(rows) for name, rows in book.items()})


def zipped(path: Path, contents: Mapping[str, str | bytes]) -> Path:
    """Return the path of a zip file of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


# --- Reading ------------------------------------------------------------------------------------


def read(folder: Path, book: Mapping[str, Sequence[Row]], **choices: Any) -> Reading:
    """Return what comes of reading a book written by openpyxl."""
    return read_file(xlsx(folder / "bog.xlsx", book), **choices)


def read_file(path: Path, **choices: Any) -> Reading:
    """Return what comes of reading a file or folder."""
    return read_workbook(path, load_spec(), **choices)


def read_parts(folder: Path, contents: Mapping[str, str | bytes], **choices: Any) -> Reading:
    """Return what comes of reading a workbook given part by part."""
    return read_file(zipped(folder / "dele.xlsx", contents), **choices)


def refusal(folder: Path, book: Mapping[str, Sequence[Row]], **choices: Any) -> InputError:
    """Return the error a book is refused with."""
    return file_refusal(xlsx(folder / "bog.xlsx", book), **choices)


def file_refusal(path: Path, **choices: Any) -> InputError:
    """Return the error a file or folder is refused with."""
    try:
        read_file(path, **choices)
    except InputError as error:
        return error
    raise AssertionError(f"{path.name} was read")


def column(reading: Reading, sheet: str, name: str) -> list[Any]:
    """Return a column of a sheet as read, in order of its rows."""
    values: list[Any] = reading.tables.frames[sheet][name].to_list()
    return values


def account(reading: Reading, sheet: str) -> Any:
    """Return what became of a sheet's rows."""
    found = [a for a in reading.accounts if a.sheet == sheet]
    assert len(found) == 1, f"{len(found)} accounts of {sheet}"
    return found[0]


def notes(reading: Reading, words: str) -> list[Note]:
    """Return the notes that hold these Danish words."""
    return [n for n in reading.notes if words in n.message.da]


def note(reading: Reading, words: str) -> Note:
    """Return the one note that holds these Danish words."""
    return _only(notes(reading, words), f"say «{words}»", reading)


def at(reading: Reading, place: str) -> Note:
    """Return the one note that names a cell, `Sager!F3`."""
    return _only(about(reading, *place.split("!")), f"name {place}", reading)


def _only(found: list[Note], what: str, reading: Reading) -> Note:
    assert len(found) == 1, f"{len(found)} notes {what} among:\n{told(reading)}"
    return found[0]


def heard(reading: Reading, sheet: str | None = None) -> list[Note]:
    """Return the notes about one sheet, or about all sheets that are there and Kommune."""
    there = [s.sheet for s in reading.tables.sources.values()]
    sheets = [sheet] if sheet else [*there, "Kommune", *reading.unread]
    return [n for n in reading.notes if n.sheet in sheets]


def told(reading: Reading) -> str:
    """Return every note as lines of severity, place and text."""
    return "\n".join(f"{n.severity} {n.sheet}!{n.cell} {n.message.da}" for n in reading.notes)


def said_of(folder: Path, book: Mapping[str, Sequence[Row]], **choices: Any) -> str:
    """Return what is said of a book: why it is refused, or every note."""
    try:
        return told(read(folder, book, **choices))
    except InputError as error:
        return error.message("da")


def about(reading: Reading, sheet: str, cell: str) -> list[Note]:
    """Return the notes of a sheet that name a cell, in their place or in their text."""
    named = re.compile(rf"\b{cell}\b")
    return [n for n in reading.notes
            if n.sheet == sheet and (n.cell == cell or named.search(n.message.da))]  # fmt: skip
