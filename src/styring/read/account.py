"""What became of a sheet's rows, and of the sum of its main column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import fsum, isfinite

import polars as pl

from styring.read.columns import UNREADABLE, Typed
from styring.read.layout import Layout
from styring.tables import Note, column_of
from styring.text import counted


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a sheet's rows, and of the sum of its main column.

    rows = accepted + rejected + totals + duplicates; the same holds for the sums. Sums are in the
    sheet's own unit times `scale`.
    """

    sheet: str
    taken_as: str
    header_row: int
    columns: dict[str, str]
    rows: int
    accepted: int
    rejected: int
    totals: int
    duplicates: int
    converted: int
    sum_column: str | None = None
    sum_sheet: float = 0.0
    sum_accepted: float = 0.0
    sum_rejected: float = 0.0
    sum_totals: float = 0.0
    sum_duplicates: float = 0.0
    sum_rounding: float = 0.0


@dataclass(frozen=True, slots=True)
class Rows:
    """What a sheet's rows are: data and printed totals by number, the rest by place among data.

    `rejected` cannot be used; `twins` repeat another row.
    """

    data: Sequence[int]
    totals: Sequence[int]
    rejected: AbstractSet[int]
    twins: AbstractSet[int]


def account_of(
    laid: Layout, frame: pl.DataFrame, rows: Rows, typed: Mapping[str, Typed]
) -> Account:
    """Return the account of a sheet whose main column stands under one header."""
    name = laid.sheet.sum if laid.sheet.sum in laid.columns else None
    sums = _sums(laid, name, frame, rows) if name else _Sums()
    return Account(
        sheet=laid.grid.name,
        taken_as=laid.sheet.name,
        header_row=laid.header + 1,
        columns=laid.letters(),
        rows=len(rows.data) + len(rows.totals),
        accepted=len(rows.data) - len(rows.rejected) - len(rows.twins),
        rejected=len(rows.rejected),
        totals=len(rows.totals),
        duplicates=len(rows.twins),
        converted=_converted(laid, typed, len(rows.data)),
        sum_column=name and column_of(laid.sheet, name).name,
        sum_sheet=sums.sheet,
        sum_accepted=sums.accepted,
        sum_rejected=sums.rejected,
        sum_totals=sums.totals,
        sum_duplicates=sums.duplicates,
        sum_rounding=sums.rounding,
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    sheet: float = 0.0
    accepted: float = 0.0
    rejected: float = 0.0
    totals: float = 0.0
    duplicates: float = 0.0

    @property
    def rounding(self) -> float:
        """Return what rounding amounts has taken from the sheet's own sum."""
        return self.sheet - (self.accepted + self.rejected + self.totals + self.duplicates)


def _sums(laid: Layout, name: str, frame: pl.DataFrame, rows: Rows) -> _Sums:
    """Return the main column's own sum, and the sums of what became of its rows.

    A cell that stands as a number counts as it stands, another as it was read.
    """
    grid, index = laid.grid.rows, laid.columns[name]
    read = [v or 0.0 for v in frame[name].cast(pl.Float64()).to_list()]
    if laid.sheet.id == "praksis":
        read = [max(v, 0.0) for v in read]
    own = [
        _amount(grid[n][index]) * laid.scale if isinstance(grid[n][index], float) else value
        for n, value in zip(rows.data, read, strict=True)
    ]
    totals = [_amount(grid[n][index]) * laid.scale for n in rows.totals]
    return _Sums(
        sheet=fsum([*own, *totals]),
        accepted=fsum(
            v for i, v in enumerate(read) if i not in rows.rejected and i not in rows.twins
        ),
        rejected=fsum(v for i, v in enumerate(own) if i in rows.rejected),
        totals=fsum(totals),
        duplicates=fsum(
            v for i, v in enumerate(read) if i in rows.twins and i not in rows.rejected
        ),
    )


def _amount(cell: object) -> float:
    return cell if isinstance(cell, float) and isfinite(cell) else 0.0


def _converted(laid: Layout, typed: Mapping[str, Typed], rows: int) -> int:
    """Return how many rows had a cell that was read as something else than it stood as."""
    if laid.scale > 1:
        return rows
    touched = {
        row
        for found in typed.values()
        for kind, doubtful in found.doubts.items()
        if kind not in UNREADABLE
        for row in doubtful
    }
    return len(touched)


def total_notes(laid: Layout, totals: Sequence[int], account: Account) -> Iterator[Note]:
    """Yield whether the printed totals agree with the rows."""
    if not totals or account.sum_column is None:
        return
    rows = account.sum_sheet - account.sum_totals
    index = laid.columns[laid.sheet.sum or ""]
    last = _amount(laid.grid.rows[totals[-1]][index]) * laid.scale
    place = laid.grid.cell(totals[-1], index)
    if abs(last - rows) <= 0.005 * len(totals) + abs(rows) * 1e-9:
        yield laid.note(
            "info",
            f"{counted(len(totals), 'række', 'rækker')} med total er taget ud; "
            "totalen passer med rækkerne.",
            f"{counted(len(totals), 'row', 'rows')} with a total left out; "
            "the total agrees with the rows.",
            place,
        )
    elif len(totals) > 1:
        yield laid.note(
            "info",
            f"{len(totals)} rækker med totaler er taget ud.",
            f"{len(totals)} rows with totals left out.",
            place,
        )
    else:
        yield laid.note(
            "warning",
            "Totalen i arket passer ikke med rækkerne over den. Rækkerne er brugt.",
            "The total in the sheet does not agree with the rows above it. The rows are used.",
            place,
        )
