"""Corrections to a workbook's cells as rows in a file, each with a reason and a source.

The workbook itself is never changed: a cell is read as if it held what the correction says. One
whose cell does not hold what it should is refused: the workbook has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from styring.errors import InputError, Texts
from styring.model import Sheet, WorkbookSpec
from styring.privacy import masked
from styring.read import layout, parse
from styring.read.columns import as_text
from styring.read.grid import Bad, Grid, Instead, csv_grid, with_instead
from styring.read.layout import Layout
from styring.read.mapping import WorkbookMap, nearest
from styring.tables import Note
from styring.text import counted_texts, fold, listed, number
from styring.unchanged import unchanged

FILE = "styring-corrections.csv"
_NAMES = {
    "sheet": ("ark", "sheet"),
    "cell": ("celle", "cell"),
    "case": ("sag_id", "sag", "case"),
    "column": ("kolonne", "column"),
    "holds": ("står", "der står", "holds"),
    "becomes": ("skal stå", "skal_stå", "should be"),
    "reason": ("grund", "begrundelse", "reason"),
    "source": ("kilde", "source"),
    "by": ("rettet af", "rettet_af", "af", "by"),
    "on": ("dato", "date"),
    "workbook": ("projektmappe", "fil", "workbook"),
}
_ALWAYS = ("sheet", "holds", "becomes", "reason", "source")
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d*)")
_PERSONAL = frozenset({"borger_id", "sag_id"})
"""A sheet with one of these has rows of single citizens: no value of it is shown."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the file; a cell by its address, or by case number and column."""

    line: int
    sheet: str
    cell: str
    case: str
    column: str
    holds: str
    becomes: str
    reason: str
    source: str
    by: str
    on: str
    workbook: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A cell that was corrected: where it is, what stood there, what is read instead."""

    correction: Correction
    sheet: str
    address: str
    was: object
    becomes: object
    column: str
    kroner: float | None
    personal: bool


@dataclass(frozen=True, slots=True)
class Corrections:
    """A file of corrections."""

    file: Path
    sha256: str
    rows: tuple[Correction, ...]

    def refusal(self, row: Correction | int, what: Texts, hint: Texts) -> InputError:
        """Return the refusal of a row, at its line in the file."""
        line = row if isinstance(row, int) else row.line
        return InputError(
            what,
            where=Texts(f"{self.file}, linje {line}", f"{self.file}, line {line}"),
            hint=hint,
        )


def corrections_for(workbook: Path, file: Path | None = None) -> Corrections | None:
    """Return the corrections in a file, else in that beside a workbook, else none.

    Raises:
        InputError: the file is not there, a column is missing, or a row lacks reason or source.
    """
    found = file or workbook.parent / FILE
    if file is None and not found.is_file():
        return None
    if not found.is_file():
        raise InputError(
            Texts("Rettelsesfilen kan ikke læses.", "The file of corrections cannot be read."),
            where=str(found),
            hint=Texts("Se efter, om stien er rigtig.", "Check the path."),
        )
    read = read_corrections(found)
    rows = tuple(r for r in read.rows if r.workbook in ("", workbook.name))
    return Corrections(read.file, read.sha256, rows)


def read_corrections(file: Path) -> Corrections:
    """Return a file of corrections: CSV with a header, one correction in a row.

    Raises:
        InputError: a column is missing or unknown, or a row is not complete.
    """
    with unchanged(file) as sha256:
        grid = csv_grid(file)
    read = Corrections(file, sha256, ())
    header = [as_text(c) for c in grid.rows[0]] if grid.rows else []
    places = _columns(read, header)
    rows = []
    for n, cells in enumerate(grid.rows[1:], 2):
        if layout.is_blank(cells):
            continue
        said = {name: as_text(cells[i]) for name, i in places.items()}
        row = Correction(line=n, **dict.fromkeys(_NAMES, "") | said)
        _refuse_incomplete(read, row)
        rows.append(row)
    return Corrections(file, read.sha256, tuple(rows))


def _columns(read: Corrections, header: Sequence[str]) -> dict[str, int]:
    by_name = {fold(n): key for key, names in _NAMES.items() for n in names}
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        key = by_name.get(fold(name))
        if key is None or key in places:
            near = [f"«{n}»" for n, _ in nearest(name, {k[0]: k for k in _NAMES.values()})]
            known = listed(near or [f"«{k[0]}»" for k in _NAMES.values()])
            raise read.refusal(
                1,
                Texts(
                    f"Kolonnen «{name}» kendes ikke eller står to gange.",
                    f"The column “{name}” is not known or stands twice.",
                ),
                Texts(f"Her kan stå {known}.", f"It can be {known}."),
            )
        places[key] = index
    missing = [_NAMES[k][0] for k in _ALWAYS if k not in places]
    if missing or ("cell" not in places and not {"case", "column"} <= places.keys()):
        names = ", ".join(f"«{n}»" for n in missing) or "«celle»"
        raise read.refusal(
            1,
            Texts(f"Filen mangler {names}.", f"The file lacks {names}."),
            Texts(
                "Overskrifterne er ark, celle (eller sag_id og kolonne), står, skal stå, grund, "
                "kilde, rettet af, dato og projektmappe.",
                "The headers are sheet, cell (or case and column), holds, should be, reason, "
                "source, by, date and workbook.",
            ),
        )
    return places


def _refuse_incomplete(read: Corrections, row: Correction) -> None:
    if not row.reason or not row.source:
        raise read.refusal(
            row,
            Texts(
                "Rettelsen mangler grund eller kilde.", "The correction lacks a reason or a source."
            ),
            Texts(
                "Skriv, hvorfor cellen er forkert, og hvor det rigtige står.",
                "Write why the cell is wrong, and where the right value stands.",
            ),
        )
    by_cell, by_case = bool(row.cell), bool(row.case or row.column)
    if not row.sheet or by_cell == by_case or (by_case and not (row.case and row.column)):
        raise read.refusal(
            row,
            Texts(
                "Rettelsen siger ikke, hvilken celle den gælder.",
                "The correction does not say which cell it is for.",
            ),
            Texts(
                "Skriv ark og celle, eller ark, sag_id og kolonne.",
                "Write sheet and cell, or sheet, case and column.",
            ),
        )
    if by_cell and not _ADDRESS.fullmatch(row.cell):
        raise read.refusal(
            row,
            Texts(f"«{masked(row.cell)}» er ingen celle.", f"“{masked(row.cell)}” is no cell."),
            Texts("Skriv den som H17.", "Write it as H17."),
        )


def corrected(
    read: Corrections, grids: Sequence[Grid], spec: WorkbookSpec, mapping: WorkbookMap | None
) -> tuple[list[Grid], list[Corrected]]:
    """Return the sheets with their cells read as corrected, and each correction made.

    Raises:
        InputError: a cell is not there, is corrected twice, or does not hold what it should.
    """
    laid = _laid_out(grids, spec, mapping)
    done: list[Corrected] = []
    for row in read.rows:
        grid = _sheet(read, row, grids)
        sheet, how = laid.get(grid.name, (None, None))
        if isinstance(how, InputError):
            if row.case:
                raise how
            how = None  # told where the sheet is read; its cells have addresses all the same
        r, c = _by_address(read, row, grid) if row.cell else _by_case(read, row, grid, how)
        was = grid.rows[r][c]
        made = _made(read, row, grid, (r, c), sheet, how)
        if any((m.sheet, m.address) == (made.sheet, made.address) for m in done):
            raise read.refusal(
                row,
                Texts(
                    f"Cellen {made.address} rettes to gange.",
                    f"The cell {made.address} is corrected twice.",
                ),
                Texts("Slet den ene rettelse.", "Delete one of the corrections."),
            )
        if not _same(was, row.holds):
            raise read.refusal(
                row,
                Texts(
                    f"Cellen {grid.name}!{made.address} rummer ikke det, rettelsen siger, der "
                    "står.",
                    f"The cell {grid.name}!{made.address} does not hold what the correction says "
                    "it does.",
                ),
                Texts(
                    "Projektmappen er måske ændret siden. Se efter, om rettelsen stadig er rigtig, "
                    "og ret den eller slet den.",
                    "The workbook may have changed since. See whether the correction still holds, "
                    "and mend it or delete it.",
                ),
            )
        done.append(made)
    now = list(grids)
    for made in done:
        now = with_instead(now, Instead(made.sheet, *_numbers(made.address), made.becomes))
    return now, done


def _numbers(address: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(address)
    assert found is not None, address
    column = 0
    for sign in found[1].upper():
        column = 26 * column + ord(sign) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _laid_out(
    grids: Sequence[Grid], spec: WorkbookSpec, mapping: WorkbookMap | None
) -> Mapping[str, tuple[Sheet, Layout | InputError | None]]:
    """Return each known sheet by its name, and how it is laid out or why it cannot be."""
    found: dict[str, tuple[Sheet, Layout | InputError | None]] = {}
    for sheet, grid, by_name in layout.find_sheets(grids, spec, mapping):
        how: Layout | InputError | None = None
        if not sheet.keyvalue and grid.rows:
            try:
                how = layout.lay_out(sheet, grid, by_name=by_name, mapping=mapping)
            except InputError as error:
                how = error
        found[grid.name] = sheet, how
    return found


def _sheet(read: Corrections, row: Correction, grids: Sequence[Grid]) -> Grid:
    for grid in grids:
        if fold(grid.name) == fold(row.sheet):
            return grid
    names = [masked(g.name) for g in grids]
    near = [n for n, _ in nearest(row.sheet, {n: (n,) for n in names})] or names
    raise read.refusal(
        row,
        Texts(
            f"Projektmappen har intet ark «{masked(row.sheet)}».",
            f"The workbook has no sheet “{masked(row.sheet)}”.",
        ),
        Texts(f"Mener du {listed(near)}?", f"Do you mean {listed(near, 'en')}?"),
    )


def _by_address(read: Corrections, row: Correction, grid: Grid) -> tuple[int, int]:
    r, c = _numbers(row.cell)
    at = c - grid.left
    if not (r < len(grid.rows) and 0 <= at < len(grid.rows[r])):
        raise read.refusal(
            row,
            Texts(
                f"Cellen {row.cell} ligger uden for det, arket rummer.",
                f"The cell {row.cell} lies outside what the sheet holds.",
            ),
            Texts("Ret adressen.", "Mend the address."),
        )
    return r, at


def _by_case(read: Corrections, row: Correction, grid: Grid, how: Layout | None) -> tuple[int, int]:
    """Return the one cell of a case's row in a column.

    Raises:
        InputError: there is no such case or column, or the case has several rows.
    """
    ids = how.columns.get("sag_id") if how else None
    if how is None or ids is None:
        raise read.refusal(
            row,
            Texts(
                "Arket har ingen kolonne sag_id, der kan slås op i.",
                "The sheet has no column sag_id to look up.",
            ),
            Texts("Skriv cellens adresse i stedet.", "Write the cell's address instead."),
        )
    names = {fold(c.name): how.columns[c.id] for c in how.sheet.column if c.id in how.columns}
    names |= {fold(c.id): how.columns[c.id] for c in how.sheet.column if c.id in how.columns}
    column = names.get(fold(row.column))
    if column is None:
        known = ", ".join(c.name for c in how.sheet.column if c.id in how.columns)
        raise read.refusal(
            row,
            Texts(
                f"Arket har ingen kolonne «{row.column}».",
                f"The sheet has no column “{row.column}”.",
            ),
            Texts(f"Arkets kolonner er {known}.", f"The sheet's columns are {known}."),
        )
    rows = [
        n for n in range(how.header + 1, len(grid.rows)) if as_text(grid.rows[n][ids]) == row.case
    ]
    if len(rows) != 1:
        cells = [grid.cell(n, column) for n in rows[:8]]
        raise read.refusal(
            row,
            Texts(
                f"Sagen har {len(rows)} rækker{': ' + listed(cells) if cells else ''}.",
                f"The case has {len(rows)} rows{': ' + listed(cells, 'en') if cells else ''}.",
            ),
            Texts(
                "Skriv adressen på den celle, der skal rettes.",
                "Write the address of the cell to correct.",
            ),
        )
    return rows[0], column


def _made(
    read: Corrections,
    row: Correction,
    grid: Grid,
    place: tuple[int, int],
    sheet: Sheet | None,
    how: Layout | None,
) -> Corrected:
    r, c = place
    was = grid.rows[r][c]
    becomes = _like(was, row.becomes)
    if isinstance(was, float) and not isinstance(becomes, float) and row.becomes:
        raise read.refusal(
            row,
            Texts(
                f"Cellen {grid.name}!{grid.cell(r, c)} rummer et tal; rettelsen er intet tal.",
                f"The cell {grid.name}!{grid.cell(r, c)} holds a number; the correction is none.",
            ),
            Texts("Skriv tallet som 1.234,5.", "Write the number as 1.234,5."),
        )
    column = next((k for k, i in how.columns.items() if i == c), "") if how else ""
    types = {x.id: x.type for x in sheet.column} if sheet else {}
    amounts = {m.index for m in how.measures if not m.check} if how else set()
    personal = sheet is None or bool(_PERSONAL & types.keys())
    kroner = None
    in_amounts = types.get(column) == "money" or c in amounts
    if how and not personal and in_amounts and r > how.header:
        kroner = (_amount(becomes) - _amount(was)) * how.scale
    return Corrected(row, grid.name, grid.cell(r, c), was, becomes, column, kroner, personal)


def _amount(cell: object) -> float:
    if isinstance(cell, float):
        return cell
    return (parse.to_number(cell) or 0.0) if isinstance(cell, str) else 0.0


def _like(was: object, text: str) -> object:
    """Return a text as the kind of thing a cell holds: a number for a number, a day for a day."""
    if isinstance(was, float):
        amount = parse.to_number(text)
        return text if amount is None else amount
    if isinstance(was, date):
        on = parse.to_date(text)
        return text if on is None else on
    return text


def _same(cell: object, text: str) -> bool:
    """Return whether a cell holds what a text says: the same words, number or day."""
    if isinstance(cell, Bad):
        return fold(cell.text) == fold(text)
    if as_text(cell) == parse.tidy(text):
        return True
    if isinstance(cell, float):
        return parse.to_number(text) == cell
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return parse.to_date(text) == day
    return False


def correction_notes(read: Corrections, done: Sequence[Corrected]) -> Iterator[Note]:
    """Yield how many cells were corrected, what that moved, and each of them with its reason."""
    if not done:
        return
    count = counted_texts(len(done), ("celle", "celler"), ("cell", "cells"))
    moved = sum(m.kroner or 0.0 for m in done)
    name = masked(read.file.name)
    kroner = Texts("", "")
    if any(m.kroner is not None for m in done):
        kroner = Texts(
            f" Det ændrer summen af arkenes beløb med {number(moved, 2)} kr.",
            f" That changes the sum of the sheets' amounts by DKK {number(moved, 2, 'en')}.",
        )
    yield Note(
        "warning",
        Texts(
            f"{count.da} er læst efter {name} og ikke, som der står i arket.{kroner.da}",
            f"Read by {name} and not as the sheet has it: {count.en}.{kroner.en}",
        ),
    )
    for m in done:
        yield Note("info", _told(m), masked(m.sheet), m.address, m.column)


def _told(made: Corrected) -> Texts:
    row = made.correction
    who = ", ".join(x for x in (row.by, row.on) if x)
    signed = f" ({who})" if who else ""
    values = Texts("", "")
    if not made.personal:
        was, now = row.holds or "–", row.becomes or "–"
        values = Texts(f" fra «{was}» til «{now}»", f" from “{was}” to “{now}”")
    return Texts(
        f"Rettet{values.da}{signed}. Grund: {_stopped(row.reason)} Kilde: {_stopped(row.source)}",
        f"Corrected{values.en}{signed}. Reason: {_stopped(row.reason)} "
        f"Source: {_stopped(row.source)}",
    )


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
