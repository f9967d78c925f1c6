"""The plan sheet of an earlier report workbook: what was kept in it, and whether it was changed.

The sheet tells by itself where things stand, in hidden cells: a row of keys names the columns, and
its cell in the column of ids holds the mark and the checksum of the plan as styring wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from styring.definitions import load_spec
from styring.errors import InputError, Texts
from styring.privacy import mask_cpr
from styring.read.grid import Bad, Grid, read_grids
from styring.read.parse import tidy, to_date
from styring.review import STATUSES, KeptAction, Status
from styring.text import fold

MARK = "styring-plan/1 sha256:"
KEYS = ("title", "status", "owner", "deadline", "note")
"""What the row of keys names; the column of ids is named by the mark."""
ID_HEADER = "id"
"""The header of the hidden column of ids: the plan's rows stand below it."""
REPORT = "review.xlsx"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A plan sheet found: its cells, columns by key, first row, checksum, and whose it is."""

    path: Path
    grid: Grid
    columns: dict[str, int]
    first: int
    checksum: str
    code: str

    def where(self, row: int, key: str) -> str:
        """Return the address of a cell with file and sheet."""
        return f"{self.path}, {self.grid.name}!{self.grid.cell(row, self.columns[key])}"

    def value(self, row: int, key: str) -> object:
        """Return what a cell holds; nothing where the row is shorter."""
        cells = self.grid.rows[row]
        at = self.columns[key]
        return cells[at] if at < len(cells) else ""


def read_plan(path: Path, code: str | None = None) -> tuple[KeptAction, ...]:
    """Return what was kept in the plan sheet of a report workbook, in the sheet's order.

    Rows of the municipality's own that are still empty are left out. CPR numbers are masked.

    Args:
        path: the workbook, or the folder it lies in.
        code: of the municipality whose plan it is to be; any where it is None.

    Raises:
        InputError: the file cannot be read, has no plan sheet of styring or another municipality's,
            or a cell does not hold what it is for; sheet and cell are named.
    """
    sheet = _plan_sheet(report_of(path))
    if code is not None and sheet.code != code:
        raise InputError(
            Texts(
                f"Handleplanen er en anden kommunes ({sheet.code}).",
                f"The action plan is another municipality's ({sheet.code}).",
            ),
            where=f"{sheet.path}, {sheet.grid.name}",
            hint=Texts(
                f"Giv den sidste gennemgang af kommune {code}.",
                f"Give the last review of municipality {code}.",
            ),
        )
    return _kept(sheet)


def is_changed(path: Path) -> bool:
    """Return whether the plan of a report workbook was changed since styring wrote it.

    A plan whose cells can no longer be read was changed; a workbook without a plan sheet of styring
    was not.

    Raises:
        InputError: the file cannot be read.
    """
    found = _found(path, read_grids(path))
    if found is None:
        return False
    try:
        return checksum(_kept(found)) != found.checksum
    except InputError:
        return True


def mark(kept: Iterable[KeptAction], code: str) -> str:
    """Return what marks the sheet of a plan: the checksum of what is kept, and whose it is."""
    return f"{MARK}{checksum(kept)} {code}"


def checksum(kept: Iterable[KeptAction]) -> str:
    """Return the SHA-256 of a plan, whatever the order of its rows."""
    rows = sorted(
        [k.id, k.title, k.status or "", k.owner, str(k.deadline or ""), k.note] for k in kept
    )
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def report_of(path: Path) -> Path:
    """Return the report workbook of a folder, or the file itself."""
    return path / REPORT if path.is_dir() else path


def plain_text(value: str) -> str:
    """Return a text as it is kept: single blanks, no CPR number."""
    return mask_cpr(tidy(value))


def _plan_sheet(path: Path) -> _Sheet:
    found = _found(path, read_grids(path))
    if found is None:
        raise InputError(
            Texts(
                "Projektmappen har ingen handleplan, som styring har skrevet.",
                "The workbook has no action plan that styring wrote.",
            ),
            where=str(path),
            hint=Texts(
                "Giv den review.xlsx, som styring skrev sidst, eller dens mappe.",
                "Give the review.xlsx that styring wrote last, or its folder.",
            ),
        )
    return found


def _found(path: Path, grids: Sequence[Grid]) -> _Sheet | None:
    """Return the sheet with the mark, if there is one with all its columns."""
    for grid in grids:
        for n, row in enumerate(grid.rows):
            at = next(
                (c for c, v in enumerate(row) if isinstance(v, str) and v.startswith(MARK)), None
            )
            if at is None:
                continue
            columns = {str(v): c for c, v in enumerate(row) if v in KEYS} | {"id": at}
            first = next(
                (r + 1 for r in range(n, len(grid.rows)) if _text(grid, r, at) == ID_HEADER), None
            )
            if first is not None and len(columns) == len(KEYS) + 1:
                total, _, code = str(row[at]).removeprefix(MARK).partition(" ")
                return _Sheet(path, grid, columns, first, total, code)
    return None


def _text(grid: Grid, row: int, column: int) -> str:
    cells = grid.rows[row]
    return str(cells[column]) if column < len(cells) else ""


def _kept(sheet: _Sheet) -> tuple[KeptAction, ...]:
    found: dict[str, KeptAction] = {}
    for row in range(sheet.first, len(sheet.grid.rows)):
        action = _action(sheet, row)
        if action is None:
            continue
        if action.id in found:
            raise InputError(
                Texts(
                    f"Handlingen «{action.title}» står der to gange.",
                    f"The action “{action.title}” is there twice.",
                ),
                where=sheet.where(row, "title"),
                hint=Texts("Slet den ene række.", "Delete one of the rows."),
            )
        found[action.id] = action
    return tuple(found.values())


def _action(sheet: _Sheet, row: int) -> KeptAction | None:
    """Return the action of a row, None where nothing is in it."""
    action = KeptAction(
        id=_words(sheet, row, "id"),
        title=_words(sheet, row, "title"),
        status=_status(sheet, row),
        owner=_words(sheet, row, "owner"),
        deadline=_deadline(sheet, row),
        note=_words(sheet, row, "note"),
    )
    if not action.title and not action.is_touched:
        return None
    if not action.id:
        raise InputError(
            Texts(
                "Rækken er føjet til og kan ikke kendes igen næste gang.",
                "The row was added and cannot be known again next time.",
            ),
            where=sheet.where(row, "title"),
            hint=Texts(
                "Skriv handlingen i en af de tomme rækker nederst i handleplanen, og slet rækken.",
                "Write the action in one of the empty rows at the bottom of the plan, and delete "
                "the row.",
            ),
        )
    if not action.title:
        raise InputError(
            Texts("Handlingen mangler sin tekst.", "The action lacks its text."),
            where=sheet.where(row, "title"),
            hint=Texts("Skriv, hvad der skal gøres.", "Write what is to be done."),
        )
    return action


def _words(sheet: _Sheet, row: int, key: str) -> str:
    """Return the text of a cell; a number as it is written."""
    value = sheet.value(row, key)
    if isinstance(value, Bad):
        raise InputError(
            Texts(
                f"Cellen holder en fejl eller en formel uden resultat ({value.text}).",
                f"The cell holds an error or a formula without a result ({value.text}).",
            ),
            where=sheet.where(row, key),
            hint=Texts("Skriv teksten selv.", "Write the text itself."),
        )
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return plain_text(str(value))


def _status(sheet: _Sheet, row: int) -> Status | None:
    said = fold(_words(sheet, row, "status"))
    if not said:
        return None
    found = _statuses().get(said)
    if found is None:
        shown = {lang: ", ".join(s[lang] for s in STATUSES.values()) for lang in ("da", "en")}
        raise InputError(
            Texts(
                f"Status «{_words(sheet, row, 'status')}» kendes ikke.",
                f"The status “{_words(sheet, row, 'status')}” is not known.",
            ),
            where=sheet.where(row, "status"),
            hint=Texts(f"Vælg en af: {shown['da']}.", f"Choose one of: {shown['en']}."),
        )
    return found


def _statuses() -> dict[str, Status]:
    """Return each status by all it may be called, in both languages."""
    column = next(c for c in load_spec()["handleplan"].column if c.id == "status")
    known: dict[str, Status] = {}
    for status, called in STATUSES.items():
        names = (status, called.da, called.en, *column.values.get(status, ()))
        known |= {fold(name): status for name in names}
    return known


def _deadline(sheet: _Sheet, row: int) -> date | None:
    value = sheet.value(row, "deadline")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    said = _words(sheet, row, "deadline")
    if not said:
        return None
    found = to_date(said) if isinstance(value, str) else None
    if found is None:
        raise InputError(
            Texts(f"Fristen «{said}» er ingen dato.", f"The deadline “{said}” is no date."),
            where=sheet.where(row, "deadline"),
            hint=Texts("Skriv den som 31-01-2027.", "Write it as 31-01-2027."),
        )
    return found
