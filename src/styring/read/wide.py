"""Wide ledgers made long: one row per amount, printed totals and deviations checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import fsum

import polars as pl

from styring.errors import Texts
from styring.read.account import Account
from styring.read.columns import typed_column
from styring.read.doubts import column_notes
from styring.read.layout import Layout, Measure
from styring.tables import Note, column_of

MOST_OFF = 500.0
"""Kroner that a printed total or deviation may differ by: sheets are printed in thousands."""
BUDGET_PARTS = ("oprindeligt budget", "tillægsbevilling", "omplacering", "overførsel")


def made_long(
    laid: Layout, frame: pl.DataFrame, numbers: Sequence[int], rejected: AbstractSet[int]
) -> tuple[pl.DataFrame, list[Note], Account]:
    """Return a wide ledger with one row per amount, what there is to say of it, and its account.

    Args:
        laid: the sheet, with its columns of amounts.
        frame: its other columns, with `raekke`.
        numbers: the numbers of its rows with data.
        rejected: the rows that cannot be used, by their place among `numbers`.
    """
    beloeb = column_of(laid.sheet, "beloeb")
    notes: list[Note] = []
    parts: list[pl.DataFrame] = []
    amounts: dict[Measure, pl.Series] = {}
    unreadable = 0
    for m in laid.measures:
        cells = [laid.grid.rows[n][m.index] for n in numbers]
        where = laid.grid.addresses(numbers, m.index)
        typed = typed_column(beloeb, cells, where, typed=laid.grid.typed, scale=laid.scale)
        notes += column_notes(laid, beloeb, m.index, typed, numbers)
        amounts[m] = typed.series.rename("beloeb")
        if not m.check:
            unreadable += len(typed.unreadable)
            parts.append(_long(laid, frame.with_columns(beloeb=amounts[m]), m))
    long = pl.concat(parts, how="diagonal").sort("raekke", maintain_order=True)
    kept, out = _parted(long, [numbers[i] + 1 for i in sorted(rejected)])
    notes += _check_notes(laid, amounts, numbers)
    return kept, notes, _account(laid, long, kept, out, unreadable)


def _long(laid: Layout, frame: pl.DataFrame, m: Measure) -> pl.DataFrame:
    """Return the amounts of one wide column as ledger rows; blank cells are no amounts."""
    frame = frame.filter(pl.col("beloeb").is_not_null())
    year = m.year or laid.year
    made: dict[str, pl.Expr] = {"kolonne": pl.lit(laid.grid.letter(m.index))}
    if "aar" not in frame.columns or m.year:
        made["aar"] = pl.lit(year, pl.Int64())
    if m.month:
        made["maaned"] = pl.lit(m.month, pl.Int64())
    if m.version:
        made["version"] = pl.lit(m.version)
    elif "version" not in frame.columns:
        made["version"] = pl.lit("regnskab")
    if m.follow_up and m.version == "forventet regnskab":
        day, month, own = m.follow_up
        of_year = pl.lit(own, pl.Int64()) if own else pl.col("aar")
        frame = frame.with_columns(**{k: v for k, v in made.items() if k == "aar"})
        made["opfoelgning"] = pl.date(of_year, month, day)
    return frame.with_columns(**made)


def _parted(long: pl.DataFrame, rejected: Sequence[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that can be used, and those that cannot."""
    bad = pl.col("raekke").is_in(rejected)
    kept, out = long.filter(~bad), long.filter(bad)
    if "version" not in kept.columns:
        return kept, out
    unknown = pl.col("version").is_null()
    return kept.filter(~unknown), pl.concat([out, kept.filter(unknown)], how="diagonal")


def _account(
    laid: Layout, long: pl.DataFrame, kept: pl.DataFrame, out: pl.DataFrame, unreadable: int
) -> Account:
    """Return what became of the amounts; a cell that could not be read counts as one."""
    return Account(
        sheet=laid.grid.name,
        taken_as=laid.sheet.name,
        header_row=laid.header + 1,
        columns=laid.letters(),
        rows=long.height + unreadable,
        accepted=kept.height,
        rejected=out.height + unreadable,
        totals=0,
        duplicates=0,
        converted=kept.height,
        sum_column=column_of(laid.sheet, "beloeb").name,
        sum_sheet=fsum(long["beloeb"]),
        sum_accepted=fsum(kept["beloeb"]),
        sum_rejected=fsum(out["beloeb"]),
    )


def _check_notes(
    laid: Layout, columns: Mapping[Measure, pl.Series], numbers: Sequence[int]
) -> Iterator[Note]:
    """Yield where printed totals and deviations differ from the amounts beside them."""
    amounts = {m: s for m, s in columns.items() if not m.check}
    for m, printed in columns.items():
        if m.check is None:
            continue
        could_be = [
            (_differs(printed, series), how) for series, how in _candidates(m.check, amounts)
        ]
        if not could_be:
            continue
        off, how = min(could_be, key=lambda pair: pair[0].sum())
        if m.check == "deviation" and off.sum() < len(off) / 2:
            yield laid.note(
                "info",
                f"Afvigelsen er læst som {how.da}.",
                f"The deviation is read as {how.en}.",
                laid.grid.cell(numbers[0], m.index) if numbers else "",
            )
        if off.any():
            rows = [numbers[i] + 1 for i in off.arg_true().to_list()]
            shown = ", ".join(str(r) for r in rows[:5]) + (" …" if len(rows) > 5 else "")
            yield laid.note(
                "warning",
                "Kolonnen passer ikke med beløbene ved siden af i række "
                f"{shown}. Beløbene er brugt.",
                f"The column does not agree with the amounts beside it in row {shown}. "
                "The amounts are used.",
                laid.grid.cell(rows[0] - 1, m.index),
            )


def _differs(printed: pl.Series, computed: pl.Series) -> pl.Series:
    return ((printed - computed).abs() > MOST_OFF).fill_null(value=False)


def _candidates(check: str, amounts: Mapping[Measure, pl.Series]) -> list[tuple[pl.Series, Texts]]:
    """Return what a printed column could be, and how that is said."""
    if check == "total":
        return [(_added(amounts.values()), Texts("summen", "the sum"))]
    by_version = {m.version: s.fill_null(0.0) for m, s in amounts.items()}
    budget = by_version.get("korrigeret budget")
    if budget is None and "oprindeligt budget" in by_version:
        budget = _added(by_version[p] for p in BUDGET_PARTS if p in by_version)
    used = by_version.get("regnskab")
    if used is None:
        used = by_version.get("forventet regnskab")
    if budget is None or used is None:
        return []
    over = Texts(
        "forbrug minus budget (plus er merforbrug)", "spending less budget (plus is overspend)"
    )
    under = Texts(
        "budget minus forbrug (plus er mindreforbrug)",
        "budget less spending (plus is underspend)",
    )
    return [(used - budget, over), (budget - used, under)]


def _added(amounts: Iterable[pl.Series]) -> pl.Series:
    """Return columns added row by row, blanks as nothing."""
    return pl.DataFrame([s.alias(str(n)) for n, s in enumerate(amounts)]).sum_horizontal()
