"""The course of the months: what the ledger books month by month."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from styring import cases, ledger
from styring.prepare import Prepared

MONTHS = 36
"""The latest months that are looked at: three years."""
FUNCTIONS = 3
"""The largest functions that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Monthly:
    """Kroner booked month by month, net, current prices; `function` is None for all of them."""

    function: str | None
    months: tuple[tuple[int, int], ...]
    values: tuple[float, ...]


def monthly(ready: Prepared) -> tuple[Monthly, ...]:
    """Return the accounts per month, in all and of the largest functions, oldest month first.

    Only months that have ended count. A function that lacks a month of the period is left out: a
    month without rows is not a month without cost.
    """
    if ready.tables.get("oekonomi") is None:
        return ()
    amount = cases.from_exact(pl.col("beloeb_exact").cast(pl.Int128()).sum(), ledger.AMOUNT_SCALE)
    rows = ready.placed("oekonomi", "year").filter(
        (pl.col("version") == "regnskab") & pl.col("maaned").is_not_null()
    )
    if rows.is_empty():
        return ()
    of = ["aar", "maaned"]
    every = _unbroken(rows.group_by(of).agg(amount.alias("sum")).sort(of)).tail(MONTHS)
    latest = rows.join(every.select(of), on=of, how="semi", maintain_order="left")
    split = latest.group_by("funktion", *of).agg(amount.alias("sum")).sort("funktion", *of)
    sizes = (
        split.group_by("funktion")
        .agg(pl.len(), pl.col("sum").sum().abs().alias("size"))
        .filter((pl.col("len") == every.height) & pl.col("funktion").is_not_null())
        .sort("size", "funktion", descending=[True, False])
    )
    largest = sizes["funktion"].head(FUNCTIONS)
    return (
        _series(None, every),
        *(_series(f, split.filter(pl.col("funktion") == f)) for f in largest),
    )


def _unbroken(months: pl.DataFrame) -> pl.DataFrame:
    """Return the latest months that follow one another without a gap."""
    number = months["aar"] * 12 + months["maaned"]
    gaps = (number.diff() != 1).arg_true()
    return months.slice(gaps[-1] if len(gaps) else 0)


def _series(function: str | None, frame: pl.DataFrame) -> Monthly:
    months = tuple(frame.select("aar", "maaned").iter_rows())
    return Monthly(function, months, tuple(frame["sum"].to_list()))
