"""Wide ledgers made long: one row per amount, printed totals and deviations checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from styring.errors import Texts
from styring.read.account import (
    Account,
    Amounts,
    Rows,
    amounts_of,
    leeway,
    step_of,
    total_notes,
    with_sums,
)
from styring.read.columns import typed_column
from styring.read.doubts import column_notes
from styring.read.headers import ACCOUNTS, FORECAST, Measure
from styring.read.layout import Layout
from styring.tables import Note, column_of

BUDGET_PARTS = ("oprindeligt budget", "tillægsbevilling", "omplacering", "overførsel")


def made_long(
    laid: Layout, frame: pl.DataFrame, rows: Rows
) -> tuple[pl.DataFrame, list[Note], Account]:
    """Return a wide ledger with one row per amount, what there is to say of it, and its account.

    Args:
        laid: the sheet, with its columns of amounts.
        frame: its other columns, with `raekke`.
        rows: what its rows are.
    """
    beloeb = column_of(laid.sheet, "beloeb")
    notes: list[Note] = []
    parts: list[pl.DataFrame] = []
    amounts: dict[Measure, pl.Series] = {}
    columns: list[Amounts] = []
    unreadable = 0
    for m in laid.measures:
        cells = [laid.grid.rows[n][m.index] for n in rows.data]
        where = laid.grid.addresses(rows.data, m.index)
        typed = typed_column(beloeb, cells, where, typed=laid.grid.typed, scale=laid.scale)
        notes += column_notes(laid, beloeb, m.index, typed, rows.data)
        amounts[m] = typed.series.rename("beloeb")
        if not m.check:
            columns.append(amounts_of(laid, m.index, amounts[m], rows, cells))
            unreadable += len(typed.unreadable)
            parts.append(_long(laid, frame.with_columns(beloeb=amounts[m]), m))
    long = pl.concat(parts, how="diagonal").sort("raekke", maintain_order=True)
    bad = pl.col("raekke").is_in([rows.data[i] + 1 for i in sorted(rows.rejected)])
    kept = long.filter(~bad)
    totals = sum(t is not None for c in columns for t in c.totals)
    account = Account(
        sheet=laid.grid.name,
        taken_as=laid.sheet.name,
        header_row=laid.header + 1,
        columns=laid.letters(),
        headings=laid.headings(),
        amounts=laid.amounts(),
        rows=long.height + unreadable + totals,
        accepted=kept.height,
        rejected=long.height - kept.height + unreadable,
        totals=totals,
        duplicates=0,
        converted=kept.height,
    )
    notes += [*_check_notes(laid, amounts, rows.data), *total_notes(laid, rows, columns)]
    return kept, notes, with_sums(laid, account, rows, columns)


def _long(laid: Layout, frame: pl.DataFrame, m: Measure) -> pl.DataFrame:
    """Return the amounts of one wide column as ledger rows; blank cells are no amounts."""
    made: dict[str, pl.Expr] = {"kolonne": pl.lit(laid.grid.letter(m.index))}
    if m.year:
        made["aar"] = pl.lit(m.year, pl.Int64())
    if m.month:
        made["maaned"] = pl.lit(m.month, pl.Int64())
    if m.version:
        made["version"] = pl.lit(m.version)
    rows = frame.filter(pl.col("beloeb").is_not_null()).with_columns(**made)
    if m.version != FORECAST or m.follow_up is None:
        return rows
    day, month, own = m.follow_up
    of_year = pl.lit(own, pl.Int64()) if own else pl.col("aar")
    return rows.with_columns(opfoelgning=pl.date(of_year, month, day))


# --- Printed totals and deviations --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What a printed column could be: some columns added, less others."""

    plus: tuple[Measure, ...]
    minus: tuple[Measure, ...] = ()
    how: Texts | None = None


def _check_notes(
    laid: Layout, columns: Mapping[Measure, pl.Series], numbers: Sequence[int]
) -> Iterator[Note]:
    """Yield where printed totals and deviations differ from the amounts beside them."""
    if not numbers:
        return
    steps = {m: step_of(s.drop_nulls().to_list(), laid.scale) for m, s in columns.items()}
    for m in (m for m in columns if m.check):
        could_be = [
            (_differs(laid, m, candidate, columns, steps), candidate)
            for candidate in _candidates(m, list(columns))
        ]
        if not could_be:
            continue
        off, found = min(could_be, key=lambda pair: pair[0].sum())
        if m.check == "deviation" and found.how and off.sum() < len(off) / 2:
            yield laid.note(
                "info",
                f"Afvigelsen er læst som {found.how.da}.",
                f"The deviation is read as {found.how.en}.",
                laid.grid.cell(numbers[0], m.index),
            )
        if off.any():
            yield _off_note(laid, m, [numbers[i] for i in off.arg_true().to_list()])


def _off_note(laid: Layout, m: Measure, off: Sequence[int]) -> Note:
    shown = ", ".join(str(n + 1) for n in off[:5]) + (" …" if len(off) > 5 else "")
    return laid.note(
        "warning",
        f"Kolonnen passer ikke med beløbene ved siden af i række {shown}. Beløbene er brugt.",
        f"The column does not agree with the amounts beside it in row {shown}. "
        "The amounts are used.",
        laid.grid.cell(off[0], m.index),
    )


def _differs(
    laid: Layout,
    printed: Measure,
    candidate: _Candidate,
    columns: Mapping[Measure, pl.Series],
    steps: Mapping[Measure, float],
) -> pl.Series:
    """Return the rows where rounding cannot explain that a printed column is not a candidate."""
    beside = _added(candidate.plus, columns)
    if candidate.minus:
        beside -= _added(candidate.minus, columns)
    rounded = sum(steps[m] for m in (*candidate.plus, *candidate.minus))
    most = leeway(steps[printed], rounded, laid.scale)
    return ((columns[printed] - beside).abs() > most).fill_null(value=False)


def _added(measures: Sequence[Measure], columns: Mapping[Measure, pl.Series]) -> pl.Series:
    """Return columns added row by row, blanks as nothing."""
    return pl.DataFrame([columns[m].alias(str(m.index)) for m in measures]).sum_horizontal()


def _candidates(printed: Measure, columns: Sequence[Measure]) -> list[_Candidate]:
    """Return what a printed column could be, and how that is said."""
    if printed.check == "total":
        return [_Candidate(run) for run in _runs_before(printed, columns)]
    over = Texts(
        "forbrug minus budget (plus er merforbrug)", "spending less budget (plus is overspend)"
    )
    under = Texts(
        "budget minus forbrug (plus er mindreforbrug)",
        "budget less spending (plus is underspend)",
    )
    return [
        candidate
        for budget, used in _budget_and_use([m for m in columns if not m.check])
        for candidate in (_Candidate(used, budget, over), _Candidate(budget, used, under))
    ]


def _runs_before(printed: Measure, columns: Sequence[Measure]) -> Iterator[tuple[Measure, ...]]:
    """Yield all amounts, and those before a printed total back to each earlier one."""
    amounts = tuple(m for m in columns if not m.check)
    yield amounts
    ends = [0, *(m.index for m in columns if m.check == "total" and m.index < printed.index)]
    for end in ends:
        if run := tuple(m for m in amounts if end <= m.index < printed.index):
            yield run


def _budget_and_use(
    amounts: Sequence[Measure],
) -> Iterator[tuple[tuple[Measure, ...], tuple[Measure, ...]]]:
    """Yield what could be budget and what could be spending of one year and month."""
    for year, month in dict.fromkeys((m.year, m.month) for m in amounts):
        beside = [m for m in amounts if m.year in (year, None) and m.month in (month, None)]
        budgets: list[tuple[Measure, ...]] = [
            (m,) for m in beside if m.version == "korrigeret budget"
        ]
        parts = tuple(m for m in beside if m.version in BUDGET_PARTS)
        if any(m.version == BUDGET_PARTS[0] for m in parts):
            budgets.append(parts)
        for budget in budgets:
            for used in (m for v in (ACCOUNTS, FORECAST) for m in beside if m.version == v):
                yield budget, (used,)
