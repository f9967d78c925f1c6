"""The cells of each sheet, from a workbook or from a folder of CSV files."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from styring.errors import InputError, Texts
from styring.privacy import masked
from styring.read.biff import scan_old_excel
from styring.read.container import (
    MOST_BYTES,
    check_container,
    is_old_excel,
    is_open_document,
    part_names,
)
from styring.read.opendocument import OpenSheet, scan_open_document
from styring.read.parts import Parts
from styring.read.scan import MOST_CELLS, Scan, scan_sheets, too_large
from styring.tables import letter

_HEAD = 20_000
"""How much of a CSV file is looked at to see what parts its cells."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that holds no value: an Excel error, or a formula that was never calculated."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet's cells as they stand.

    `rows[i][j]` is the cell in row `i + 1` and column `left + j`. Values are str, float, bool,
    date, datetime, time, timedelta or `Bad`; an empty cell is "". `lengths` says how many cells
    each line of a CSV file had before all rows were made equally long.
    """

    name: str
    rows: list[list[object]]
    left: int = 0
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    hidden: bool = False
    scan: Scan = field(default_factory=Scan)
    typed: bool = True
    lengths: tuple[int, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Instead:
    """A cell that is read as if it held something else; `row` and `column` counted from 0."""

    sheet: str
    row: int
    column: int
    value: object

    @property
    def address(self) -> str:
        """Return the cell's address with its sheet, as Excel writes it."""
        return f"{self.sheet}!{letter(self.column)}{self.row + 1}"


def with_instead(grids: Sequence[Grid], cell: Instead) -> list[Grid]:
    """Return the sheets with one cell read as something else.

    Raises:
        InputError: there is no such sheet, or the cell lies outside what the sheet holds.
    """
    _, at = held(grids, cell.sheet, cell.row, cell.column)
    found = []
    for grid in grids:
        if grid.name == cell.sheet:
            rows = [list(row) for row in grid.rows]
            rows[cell.row][at] = cell.value
            grid = replace(grid, rows=rows)  # noqa: PLW2901 - the sheet with its cell changed
        found.append(grid)
    return found


def held(grids: Sequence[Grid], sheet: str, row: int, column: int) -> tuple[object, int]:
    """Return what a cell holds, and where in its row of the grid it stands.

    Raises:
        InputError: there is no such sheet, or the cell lies outside what the sheet holds.
    """
    grid = next((g for g in grids if g.name == sheet), None)
    if grid is None:
        names = ", ".join(masked(g.name) for g in grids)
        raise InputError(
            Texts(f"Arket «{masked(sheet)}» findes ikke.", f"There is no sheet “{masked(sheet)}”."),
            hint=Texts(f"Filens ark er {names}.", f"The file's sheets are {names}."),
        )
    at = column - grid.left
    if not (row < len(grid.rows) and 0 <= at < len(grid.rows[row])):
        raise InputError(
            Texts(
                "Cellen ligger uden for det, arket rummer.",
                "The cell lies outside what the sheet holds.",
            ),
            where=f"{masked(sheet)}!{letter(column)}{row + 1}",
            hint=Texts(
                "Skriv en celle med indhold, for eksempel 'Økonomi!H17'.",
                "Write a cell that holds something, for example 'Økonomi!H17'.",
            ),
        )
    return grid.rows[row][at], at


def read_grids(path: Path) -> list[Grid]:
    """Return every sheet's cells.

    Raises:
        InputError: the file or folder cannot be used.
    """
    if path.is_dir():
        return _csv_grids(path)
    if is_old_excel(path):
        old = {name: OpenSheet(scan) for name, scan in scan_old_excel(path).items()}
        return [_with_floats(g) for g in _grids(path, io.BytesIO(path.read_bytes()), old)]
    with check_container(path) as archive:
        parts = Parts(archive, path, part_names(archive))
        if is_open_document(archive):
            return _grids(path, io.BytesIO(path.read_bytes()), scan_open_document(parts))
        scans = {name: OpenSheet(scan) for name, scan in scan_sheets(parts).items()}
        source = parts.straightened() or path
    return _grids(path, source, scans)


def _grids(path: Path, source: Path | io.BytesIO, sheets: Mapping[str, OpenSheet]) -> list[Grid]:
    """Return the cells that the cell reader finds, with what it does not tell."""
    try:
        return _sheet_grids(CalamineWorkbook.from_object(source), path, sheets)
    except (CalamineError, OSError, KeyError) as error:
        raise InputError(
            Texts(f"Filen kan ikke åbnes: {error}.", f"The file cannot be opened: {error}."),
            where=str(path),
            hint=Texts(
                "Åbn den i Excel, og gem den igen som .xlsx.",
                "Open it in Excel and save it again as .xlsx.",
            ),
        ) from error


def _sheet_grids(book: CalamineWorkbook, path: Path, more: Mapping[str, OpenSheet]) -> list[Grid]:
    found: list[Grid] = []
    for meta in book.sheets_metadata:
        if meta.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(meta.name)
            _refuse_too_many(found, sheet, f"{path}, {meta.name}")
            hidden = meta.visible != SheetVisibleEnum.Visible
            found.append(_sheet_grid(sheet, more[meta.name], hidden=hidden))
    return found


def _refuse_too_many(before: Sequence[Grid], sheet: CalamineSheet, where: str) -> None:
    """Refuse a sheet whose cells are too many together with those before: blank ones take room."""
    held = sum(len(g.rows) * len(g.rows[0]) for g in before if g.rows)
    (_, left), (bottom, right) = sheet.start or (0, 0), sheet.end or (0, 0)
    if held + (bottom + 1) * (right - left + 1) > MOST_CELLS:
        raise too_large(f"{letter(right)}{bottom + 1}", where)


def _sheet_grid(sheet: CalamineSheet, more: OpenSheet, *, hidden: bool) -> Grid:
    scan = more.scan
    rows: list[list[object]] = [list(row) for row in sheet.iter_rows()]
    left = sheet.start[1] if sheet.start else 0
    bad = scan.errors | dict.fromkeys(scan.uncached, "=")
    _put(rows, {(r, c - left): Bad(text) for (r, c), text in bad.items() if c >= left})
    merged = more.merged or tuple((a, b) for a, b in sheet.merged_cell_ranges or ())
    return Grid(sheet.name, rows, left, merged, hidden, scan)


def _with_floats(grid: Grid) -> Grid:
    """Return a sheet of an .xls workbook with all numbers as floats: some come as whole ones."""
    rows = [[float(c) if type(c) is int else c for c in row] for row in grid.rows]
    return replace(grid, rows=rows)


def _put(rows: list[list[object]], bad: Mapping[tuple[int, int], Bad]) -> None:
    """Put cells in their places; the cell reader has them as empty ones, or not at all."""
    height = max((r for r, _ in bad), default=-1) + 1
    width = max((c for _, c in bad), default=-1) + 1
    rows.extend([] for _ in range(height - len(rows)))
    if width > min(map(len, rows), default=0):
        width = max(width, *map(len, rows))
        for row in rows:
            row.extend([""] * (width - len(row)))
    for (r, c), cell in bad.items():
        rows[r][c] = cell


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
    found: list[Grid] = []
    left = MOST_CELLS
    for file in files:
        found.append(csv_grid(file, left))
        left -= sum(map(len, found[-1].rows))
    return found


def csv_grid(file: Path, most: int = MOST_CELLS) -> Grid:
    """Return the cells of a CSV file, every one of them a text.

    Args:
        file: the file.
        most: how many cells it may take, rows times the cells of the longest.

    Raises:
        InputError: it is too large, a quotation mark is not closed, or stands in the middle of a
            cell.
    """
    if file.stat().st_size > MOST_BYTES:
        raise InputError(
            Texts("Filen er for stor at åbne.", "The file is too large to open."),
            where=str(file),
            hint=Texts("Del den i flere filer.", "Divide it into several files."),
        )
    text = decoded(file.read_bytes())
    rows: list[list[object]] = []
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=cell_mark(text), strict=True)
    begun, wide = 1, 0
    try:
        for line in reader:
            rows.append([*line])
            wide = max(wide, len(line))
            if wide * len(rows) > most:
                raise too_large(f"{letter(wide - 1)}{len(rows)}", str(file))
            begun = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            Texts(
                "Et anførselstegn er ikke lukket, eller står midt i en celle.",
                "A quotation mark is not closed, or stands in the middle of a cell.",
            ),
            where=Texts(f"{file}, linje {begun}", f"{file}, line {begun}"),
            hint=Texts(
                "Ret linjen, eller eksportér arket igen.", "Mend the line, or export it again."
            ),
        ) from error
    lengths = tuple(map(len, rows))
    level = [[*row, *[""] * (wide - len(row))] for row in rows]
    return Grid(file.stem, level, typed=False, lengths=lengths)


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-16 where it says so, UTF-8, or as Windows writes it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def cell_mark(text: str) -> str:
    """Return what parts the cells: the mark in most of the first lines."""
    lines = text[:_HEAD].splitlines()[:20]
    return max(";\t,", key=lambda mark: sum(mark in line for line in lines))
