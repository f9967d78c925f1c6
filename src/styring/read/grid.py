"""The cells of each sheet, from a workbook or from a folder of CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from styring.errors import InputError, Texts
from styring.read.container import check_container
from styring.read.scan import Scan, scan_sheets
from styring.tables import letter


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that holds no value: an Excel error, or a formula that was never calculated."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet's cells as they stand.

    `rows[i][j]` is the cell in row `i + 1` and column `left + j`. Values are str, float, bool,
    date, datetime, time, timedelta or `Bad`; an empty cell is "".
    """

    name: str
    rows: list[list[object]]
    left: int = 0
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    hidden: bool = False
    scan: Scan = field(default_factory=Scan)
    typed: bool = True

    def cell(self, row: int, column: int) -> str:
        """Return the address of a cell, row and column counted from 0 in `rows`."""
        return f"{self.letter(column)}{row + 1}"

    def letter(self, column: int) -> str:
        """Return the letter of a column counted from 0 in `rows`."""
        return letter(self.left + column)

    def addresses(self, rows: Sequence[int], column: int) -> Callable[[int], str]:
        """Return what tells the address of a column's cell in the n-th of `rows`, sheet and all."""

        def address(n: int) -> str:
            return f"{self.name}!{self.cell(rows[n], column)}"

        return address


def read_grids(path: Path) -> list[Grid]:
    """Return every sheet's cells.

    Raises:
        InputError: the file or folder cannot be used.
    """
    if path.is_dir():
        return _csv_grids(path)
    with check_container(path) as archive:
        scans = scan_sheets(archive, path)
    try:
        book = CalamineWorkbook.from_path(path)
        return [
            _sheet_grid(
                book,
                meta.name,
                scans.get(meta.name, Scan()),
                hidden=meta.visible != SheetVisibleEnum.Visible,
            )
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
    except (CalamineError, OSError) as error:
        raise InputError(
            Texts(f"Filen kan ikke åbnes: {error}.", f"The file cannot be opened: {error}."),
            where=str(path),
            hint=Texts(
                "Åbn den i Excel, og gem den igen som .xlsx.",
                "Open it in Excel and save it again as .xlsx.",
            ),
        ) from error


def _sheet_grid(book: CalamineWorkbook, name: str, scan: Scan, *, hidden: bool) -> Grid:
    sheet = book.get_sheet_by_name(name)
    rows: list[list[object]] = [list(row) for row in sheet.iter_rows()]
    left = sheet.start[1] if sheet.start else 0
    for (r, c), text in scan.errors.items():
        if r < len(rows) and 0 <= c - left < len(rows[r]):
            rows[r][c - left] = Bad(text)
    for r, c in scan.uncached:
        if r < len(rows) and 0 <= c - left < len(rows[r]):
            rows[r][c - left] = Bad("=")
    merged = tuple((a, b) for a, b in sheet.merged_cell_ranges or ())
    return Grid(name, rows, left, merged, hidden, scan)


def _csv_grids(folder: Path) -> list[Grid]:
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".csv", ".txt"))
    if not files:
        raise InputError(
            Texts("Mappen har ingen CSV-filer.", "The folder holds no CSV files."),
            where=str(folder),
            hint=Texts(
                "Læg en fil pr. ark i mappen: Kommune.csv, Økonomi.csv, Sager.csv …",
                "Put one file per sheet in it: Kommune.csv, Økonomi.csv, Sager.csv …",
            ),
        )
    return [_csv_grid(file) for file in files]


def _csv_grid(file: Path) -> Grid:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = "\n".join(text.splitlines()[:20])
    delimiter = max(";\t,", key=head.count)
    rows: list[list[object]] = [list(r) for r in csv.reader(io.StringIO(text), delimiter=delimiter)]
    width = max(map(len, rows), default=0)
    rows = [r + [""] * (width - len(r)) for r in rows]
    return Grid(file.stem, rows, typed=False)
