"""Sheets as plain tables, and the one function that writes a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

TITLE = "KONSTRUERET EKSEMPEL \N{EN DASH} opdigtede tal, ingen rigtige personer"
CREATED = datetime(2025, 10, 1)  # noqa: DTZ001 - fixed, and Excel has no time zones
"""The same rows give the same bytes."""

Cell = str | int | float | date | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns (none for keys and values) and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets to `path`, each below a title row that says the data are invented."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": TITLE, "created": CREATED})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.set_column(0, max(1, len(sheet.columns) - 1), 16)
            page.write_string(0, 0, TITLE, bold)
            for column, name in enumerate(sheet.columns):
                page.write_string(2, column, name, bold)
            first = 3 if sheet.columns else 1
            if sheet.columns:
                page.freeze_panes(first, 0)
            for number, row in enumerate(sheet.rows, start=first):
                write_row(page, number, row, day)


def write_row(
    page: xlsxwriter.workbook.Worksheet,
    number: int,
    row: Row,
    day: xlsxwriter.workbook.Format,
) -> None:
    """Write one row cell by cell, each as the type it has; blanks are left out."""
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            page.write_string(number, column, cell)
        elif isinstance(cell, date):
            page.write_datetime(number, column, cell, day)
        elif cell is not None:
            page.write_number(number, column, cell)
