"""An example municipality with a name and a CPR number wherever a text can stand in a workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from running import SYDDJURS
from styring.definitions import load_spec
from styring.model import Sheet
from styring.privacy import PLACE_COLUMNS

NAME, CPR = "Jens Hansen", "010190-1234"
PLANT = f"{NAME} {CPR}"
FILE = f"{PLANT}.xlsx"


def planted(to: Path) -> Path:
    """Write an example municipality with the name and the number wherever a text can stand."""
    workbook = openpyxl.load_workbook(SYDDJURS)
    for sheet in load_spec().sheet:
        if sheet.name in workbook.sheetnames:
            plant(workbook[sheet.name], sheet)
    workbook["Sager"].title = f"Sager {PLANT}"
    workbook.create_sheet(f"Notat {PLANT}")["A1"] = PLANT
    for what in ("title", "subject", "creator", "keywords", "description", "lastModifiedBy"):
        setattr(workbook.properties, what, PLANT)
    workbook.save(to)
    return to


def plant(page: Worksheet, sheet: Sheet) -> None:
    """Plant in every text column that is or may be there, in a comment and in one of its own.

    A choice is planted in a row of its own: what is no choice may cost the row.
    """
    header = _header(page, {c.name for c in sheet.column})
    last = page.max_row
    places = {str(c.value): n for n, c in enumerate(page[header], 1) if c.value}
    for column in () if sheet.keyvalue else sheet.column:
        if column.type in ("text", "choice", "code"):
            at = places.setdefault(column.name, len(places) + 1)
            page.cell(header, at).value = column.name
            cell = page.cell(last - (column.type == "choice"), at)
            cell.value = CPR if column.type == "code" else _beside(cell.value, column.id)
    page.cell(header, page.max_column + 1).value = f"Bemærkning {PLANT}"
    page.cell(last, page.max_column).value = PLANT
    page.cell(header, 1).comment = Comment(PLANT, NAME)


def _beside(value: object, column: str) -> str:
    """Return a cell's text with what is planted; places keep their names and take the number."""
    return f"{value or ''} {CPR if column in PLACE_COLUMNS else PLANT}"


def _header(page: Worksheet, names: set[str]) -> int:
    rows = [[c.value for c in row] for row in page.iter_rows(max_row=8)]
    return 1 + max(range(len(rows)), key=lambda n: len(names & {str(v) for v in rows[n]}))
