"""What became of a sheet's rows, and whether its printed totals agree with them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import fsum, isfinite

import polars as pl

from styring.errors import InputError, Texts
from styring.privacy import masked
from styring.read.columns import UNREADABLE, Typed, first_cells, typed_column
from styring.read.layout import Layout, is_total
from styring.tables import Note, column_of
from styring.text import counted_texts


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a sheet's rows, and of the sum of its main column.

    rows = accepted + rejected + totals + duplicates; the same holds for the sums. Sums are in the
    sheet's own unit times `scale`. `columns` holds the letter of each column found, `headings` what
    stands over each letter used, `amounts` what each column of a wide ledger is of, `unused` the
    headers that are not read.
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
    headings: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, dict[str, str | int]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
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


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of amounts: each data row's as it stands and as read, and the printed totals.

    A cell that stands as a number counts as it stands, another as it was read. `read` is null
    where there is no value, `totals` None where nothing is printed. `own` and `read` are Float64.
    """

    index: int
    own: pl.Series
    read: pl.Series
    totals: list[float | None]


def amounts_of(
    laid: Layout, index: int, read: pl.Series, rows: Rows, cells: Sequence[object]
) -> Amounts:
    """Return a column of amounts, its data rows already read.

    Args:
        laid: the sheet.
        index: of the column.
        read: its data rows as read.
        rows: which rows are what.
        cells: its data rows as they stand.
    """
    values = read.cast(pl.Float64())
    stand = [c if type(c) is float else None for c in cells]
    own = pl.Series(stand, dtype=pl.Float64()) * laid.scale
    own = pl.select(pl.when(own.is_finite()).then(own).otherwise(values).fill_null(0.0)).to_series()
    return Amounts(index, own, values, _printed(laid, index, rows.totals))


def _printed(laid: Layout, index: int, totals: Sequence[int]) -> list[float | None]:
    """Return the printed totals of a column; None where there is no number."""
    if not totals:
        return []
    number = column_of(laid.sheet, laid.sheet.sum or "").model_copy(update={"type": "number"})
    cells = [laid.grid.rows[n][index] for n in totals]
    where = laid.grid.addresses(totals, index)
    found = typed_column(number, cells, where, typed=laid.grid.typed, scale=laid.scale)
    return found.series.to_list()


def account_of(
    laid: Layout, rows: Rows, columns: Sequence[Amounts], typed: Mapping[str, Typed]
) -> Account:
    """Return the account of a sheet whose rows are data; `columns` holds its main one, if any."""
    account = Account(
        sheet=laid.grid.name,
        taken_as=laid.sheet.name,
        header_row=laid.header + 1,
        columns=laid.letters(),
        headings=laid.headings(),
        unused=tuple(map(masked, laid.unused)),
        rows=len(rows.data) + len(rows.totals),
        accepted=len(rows.data) - len(rows.rejected) - len(rows.twins),
        rejected=len(rows.rejected),
        totals=len(rows.totals),
        duplicates=len(rows.twins),
        converted=_converted(laid, typed, len(rows.data)),
    )
    return with_sums(laid, account, rows, columns)


def with_sums(laid: Layout, account: Account, rows: Rows, columns: Sequence[Amounts]) -> Account:
    """Return the account with what became of the amounts; one without a value is rejected."""
    if not columns:
        return account
    number = pl.int_range(pl.len())
    gone = number.is_in(sorted(rows.rejected)) | pl.col("read").is_null()
    twin = ~gone & number.is_in(sorted(rows.twins))
    every = pl.concat(
        pl.select(c.own.alias("own"), c.read.alias("read")).with_columns(gone=gone, twin=twin)
        for c in columns
    )
    totals = fsum(t or 0.0 for c in columns for t in c.totals)
    kept = every.filter(~pl.col("gone") & ~pl.col("twin"))["read"]
    sheet = fsum([*every["own"].to_list(), totals])
    sums = (
        fsum(kept.to_list()),
        fsum(every.filter("gone")["own"].to_list()),
        totals,
        fsum(every.filter("twin")["read"].to_list()),
    )
    return replace(
        account,
        sum_column=column_of(laid.sheet, laid.sheet.sum or "").name,
        sum_sheet=sheet,
        sum_accepted=sums[0],
        sum_rejected=sums[1],
        sum_totals=sums[2],
        sum_duplicates=sums[3],
        sum_rounding=sheet - fsum(sums),
    )


def repeated(account: Account) -> Account:
    """Return the account of a sheet that is read already: what was accepted is a repetition."""
    return replace(
        account,
        accepted=0,
        duplicates=account.duplicates + account.accepted,
        sum_accepted=0.0,
        sum_duplicates=account.sum_duplicates + account.sum_accepted,
    )


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


# --- Printed totals -----------------------------------------------------------------------------


def step_of(amounts: Sequence[float], unit: int) -> float:
    """Return what amounts are rounded to: the sheet's unit, a tenth or hundredth of it, or 0."""
    for step in (unit, unit / 10, unit / 100):
        if all(abs(a / step - round(a / step)) < 1e-6 for a in amounts if isfinite(a)):
            return step
    return 0.0


def leeway(printed: float, steps: float, unit: int) -> float:
    """Return the most that a printed sum can differ from its amounts by rounding alone.

    Args:
        printed: what the printed sum is rounded to.
        steps: what the amounts are rounded to, added up; amounts in kroner are taken as exact.
        unit: kroner per unit of the sheet.
    """
    return (printed + (steps if unit > 1 else 0.0)) / 2 + 1e-6


def total_notes(laid: Layout, rows: Rows, columns: Sequence[Amounts]) -> Iterator[Note]:
    """Yield how many totals are left out, and which of them do not agree with the rows.

    Raises:
        InputError: a row may be a total or an amount: its words say one thing, its sum another.
    """
    if not rows.totals:
        return
    off = {c.index: list(_wrong_totals(laid, rows, c)) for c in columns}
    _refuse_doubtful(laid, sorted({n for wrong in off.values() for n in wrong}))
    wrong = [laid.grid.cell(n, i) for i, numbers in off.items() for n in numbers]
    said = counted_texts(len(rows.totals), ("række", "rækker"), ("row", "rows"))
    if not wrong:
        agree = Texts("; det passer med rækkerne", "; they agree with the rows")
        agree = agree if columns else Texts("", "")
        yield laid.note(
            "info",
            f"{said.da} med total er taget ud{agree.da}.",
            f"{said.en} with a total left out{agree.en}.",
            laid.grid.cell(rows.totals[-1], columns[0].index if columns else 0),
        )
        return
    places = first_cells(range(len(wrong)), wrong.__getitem__)
    yield laid.note(
        "warning",
        f"{said.da} med total er taget ud. Totalen passer ikke med rækkerne i {places}. "
        "Rækkerne er brugt.",
        f"{said.en} with a total left out. The total does not agree with the rows in {places}. "
        "The rows are used.",
        wrong[0],
    )


def _refuse_doubtful(laid: Layout, wrong: Sequence[int]) -> None:
    """Refuse rows that a later text calls a total, and that are no sum of those above."""
    for n in wrong:
        if is_total(laid.grid.rows[n]):
            continue
        raise InputError(
            Texts(
                "En tekst i rækken siger, at den er en total, men beløbet er ikke summen af "
                "rækkerne. Er den en total eller et beløb?",
                "A text in the row says that it is a total, but the amount is not the sum of "
                "the rows. Is it a total or an amount?",
            ),
            where=Texts(f"{laid.grid.name}, række {n + 1}", f"{laid.grid.name}, row {n + 1}"),
            hint=Texts(
                "Slet rækken, hvis den er en total. Skriv en anden tekst, hvis den er et beløb.",
                "Delete the row if it is a total. Write another text if it is an amount.",
            ),
        )


def _wrong_totals(laid: Layout, rows: Rows, column: Amounts) -> Iterator[int]:
    """Yield the rows of totals that agree with no run of rows above or below them.

    A run reaches to another total, or to an end of the sheet: so subtotals and grand totals agree.
    """
    own = column.own.to_list()
    sums = [0.0, *accumulate(own)]
    step = step_of(own, laid.scale)
    printed = step_of([t for t in column.totals if t is not None], laid.scale)
    places = [bisect_left(rows.data, n) for n in rows.totals]
    ends = {0, *places, len(rows.data)}
    for number, place, total in zip(rows.totals, places, column.totals, strict=True):
        runs = [
            (abs(place - end), sums[max(place, end)] - sums[min(place, end)])
            for end in sorted(ends - {place}, key=lambda end: abs(place - end))
        ]
        if (
            total is not None
            and (runs or not is_total(laid.grid.rows[number]))
            and not any(
                abs(total - run) <= leeway(printed, step * length, laid.scale) + 1e-9 * abs(run)
                for length, run in runs
            )
        ):
            yield number
