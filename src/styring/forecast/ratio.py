"""How surely the ledger follows the cases: what the rest of earlier years was booked at."""

from __future__ import annotations

from math import log

import polars as pl

from styring import cases, ledger
from styring.prepare import Prepared

LEAST_YEARS = 3
"""Finished years from which the spread is told."""


def ratios(ready: Prepared) -> list[float]:
    """Return, for each finished year, how the rest of it was booked against what its start told.

    The natural logarithm of accounts over case cost after a month, over the same to the month: the
    last that has ended in the current year. 0 is a ledger that follows the cases as it began.
    """
    if ready.tables.get("oekonomi") is None or not ready.who.ended_months:
        return []
    cost = [_cost(ready.placed("sager", kind)) for kind in ("to_date", "whole_year")]
    booked = [_booked(ready.placed("oekonomi", kind)) for kind in ("to_date", "whole_year")]
    found = []
    for year in ready.years:
        if not ready.finished(year) or any(year not in part for part in (*cost, *booked)):
            continue
        begun = booked[0][year] / cost[0][year] if cost[0][year] else 0.0
        rest_cost = cost[1][year] - cost[0][year]
        rest = (booked[1][year] - booked[0][year]) / rest_cost if rest_cost > 0 else 0.0
        if begun > 0 and rest > 0:
            found.append(log(rest / begun))
    return found


def _cost(placed: pl.DataFrame) -> dict[int, float]:
    """Return the case cost of each year, kroner."""
    total = cases.from_exact(pl.col("udgift_exact").sum(), cases.COST_SCALE)
    return dict(placed.group_by("aar").agg(total).iter_rows())


def _booked(placed: pl.DataFrame) -> dict[int, float]:
    """Return the accounts of each year, kroner."""
    amount = cases.from_exact(pl.col("beloeb_exact").cast(pl.Int128()).sum(), ledger.AMOUNT_SCALE)
    rows = placed.filter(pl.col("version") == "regnskab")
    return dict(rows.group_by("aar").agg(amount).iter_rows())
