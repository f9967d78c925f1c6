"""The frames of a workbook, the notes about it, and the gate every frame passes.

Every sheet is a frame with all the columns of its description (`data/workbook.toml`) in order,
null where the workbook has none, and `raekke`, the row number in the sheet.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import polars as pl

from styring.errors import ContractError, Texts
from styring.model import Column, Sheet

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

DTYPES: Mapping[str, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "choice": pl.String(),
    "paragraph": pl.String(),
    "function": pl.String(),
    "year": pl.Int64(),
    "month": pl.Int64(),
    "integer": pl.Int64(),
    "score": pl.Int64(),
    "number": pl.Float64(),
    "price": pl.Float64(),
    "money": pl.Float64(),
    "date": pl.Date(),
    "yesno": pl.Boolean(),
}

EXTRA: Mapping[str, Mapping[str, pl.DataType]] = {
    "oekonomi": {"kolonne": pl.String()},
    "praksis": {"ved_ikke": pl.Boolean()},
}
"""Columns the reader adds: the column an amount stood in; whether the answer was "don't know"."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about the input: what, where, how serious."""

    severity: Severity
    message: Texts
    sheet: str = ""
    cell: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Municipality:
    """Whose workbook it is, and as of when."""

    code: str
    name: str
    as_of: date
    accounting_year: int
    contact: str | None = None
    constructed: bool = False

    @property
    def finished_year(self) -> int:
        """Return the latest year that had ended on the as-of date."""
        year = self.accounting_year
        return year if self.as_of >= date(year, 12, 31) else year - 1

    @property
    def ended_months(self) -> int:
        """Return how many months of the accounting year had ended on the as-of date."""
        if self.as_of.year > self.accounting_year:
            return 12
        last_day = monthrange(self.as_of.year, self.as_of.month)[1]
        ended = self.as_of.day == last_day
        return self.as_of.month if ended else self.as_of.month - 1


@dataclass(frozen=True, slots=True)
class Source:
    """Where a frame came from: the sheet's own name and the letter of each column found."""

    sheet: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tables:
    """A workbook as frames. A sheet that is not there has no entry."""

    municipality: Municipality
    frames: Mapping[str, pl.DataFrame]
    sources: Mapping[str, Source]

    def get(self, sheet_id: str) -> pl.DataFrame | None:
        """Return the frame of a sheet, or None where the workbook has none."""
        return self.frames.get(sheet_id)

    def with_frames(self, frames: Mapping[str, pl.DataFrame]) -> Tables:
        """Return the tables with some frames replaced."""
        return replace(self, frames={**self.frames, **frames})


def schema(sheet: Sheet) -> dict[str, pl.DataType]:
    """Return the columns and dtypes of a sheet's frame, `raekke` first."""
    columns: dict[str, pl.DataType] = {"raekke": pl.Int64()}
    columns |= {c.id: DTYPES[c.type] for c in sheet.column}
    return columns | dict(EXTRA.get(sheet.id, {}))


def gate(frame: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Return the frame with exactly the sheet's columns; those missing are null.

    Raises:
        ContractError: a column nobody described, a wrong dtype, NaN or infinity.
    """
    want = schema(sheet)
    if unknown := set(frame.columns) - set(want):
        raise ContractError(f"{sheet.id}: columns {sorted(unknown)} are not described")
    full = frame.select(
        pl.col(name) if name in frame.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in want.items()
    )
    if frame.is_empty():
        full = full.clear()
    if full.schema != pl.Schema(want):
        raise ContractError(f"{sheet.id}: {full.schema} is not {want}")
    floats = [c for c, d in want.items() if d == pl.Float64()]
    if floats and full.select(pl.any_horizontal(~pl.col(floats).is_finite()).any()).item():
        raise ContractError(f"{sheet.id}: NaN or infinity")
    return full


def from_rows(rows: Iterable[Mapping[str, object]], sheet: Sheet) -> pl.DataFrame:
    """Return a frame of literal rows (a worked case), numbered from 2 as below a header."""
    want = schema(sheet)
    data = [{"raekke": n, **row} for n, row in enumerate(rows, 2)]
    names = sorted({k for row in data for k in row})
    if unknown := set(names) - set(want):
        raise ContractError(f"{sheet.id}: columns {sorted(unknown)} are not described")
    frame = pl.DataFrame(
        {k: [row.get(k) for row in data] for k in names},
        schema={k: want[k] for k in names},
        strict=False,
    )
    return gate(frame, sheet)


def letter(index: int) -> str:
    """Return the Excel letter of a column counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def sort_notes(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes, most serious first, each once, otherwise as they came."""
    unique = dict.fromkeys(notes)
    return tuple(sorted(unique, key=lambda n: SEVERITIES.index(n.severity)))


def column_of(sheet: Sheet, column_id: str) -> Column:
    """Return a column's description."""
    return next(c for c in sheet.column if c.id == column_id)
