"""What the cases cost by year, quarter or month, split by what the rows say. Nothing withheld."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from styring import cases
from styring.prepare import Prepared

Split = Literal[
    "paragraf", "ydelse", "tilbud", "leverandoertype", "maalgruppe", "aldersgruppe", "funktion"
]
"""What cost can be split by: columns of the cases, and the citizen's age group."""
Period = Literal["year", "quarter", "month"]
AGE_GROUPS = (18, 25, 45, 67)
"""The ages at which a group begins; `0-17` lies below the first, `67+` from the last."""
PERIOD_COLUMNS: dict[Period, list[str]] = {
    "year": ["aar"],
    "quarter": ["aar", "kvartal"],
    "month": ["aar", "maaned"],
}


def case_periods(
    ready: Prepared, by: Sequence[Split] = (), *, period: Period = "month"
) -> pl.DataFrame:
    """Return cost, person-days and citizens of the cases by period and group; nothing withheld.

    A citizen's day counts once in each paragraph and group. Costs are exact whole numbers, so
    months add up to quarters and years to the last digit; only citizens do not add up.

    Args:
        ready: the tables.
        by: what splits each period; a row that does not say is a group of its own (null).
        period: how long each is; the current year ends on the as-of date.

    Returns:
        `aar` (and `kvartal` or `maaned`), the columns of `by`, `udgift_exact` Int128 (over
        `cases.COST_SCALE`), `udgift` Float64 kr., `persondage` and `borgere` Int64; sorted.
    """
    keys = [*PERIOD_COLUMNS[period], *by]
    split = [c for c in by if c != "aldersgruppe"]
    needed = ["raekke", "borger_id", "paragraf", "foedselsaar", "alene", *split]
    of_row = ready.runnable.select(list(dict.fromkeys(needed)))
    coded = dict.fromkeys(["borger_id", "paragraf", *split])
    codes = of_row.with_columns(pl.col(c).rank("dense").cast(pl.Int64()) for c in coded)
    sums = [_in_year(ready, year, keys, codes) for year in ready.years]
    cost = cases.from_exact(pl.col("udgift_exact"), cases.COST_SCALE).alias("udgift")
    names = [_named(c, of_row[c]) for c in split]
    return (
        pl.concat(sums)
        .sort(keys, nulls_last=True)
        .with_columns(*names, cost)
        .select(*keys, "udgift_exact", "udgift", "persondage", "borgere")
    )


def _in_year(ready: Prepared, year: int, keys: Sequence[str], codes: pl.DataFrame) -> pl.DataFrame:
    """Return the sums of a year: one at a time, for a case has a row for each of its months."""
    ends = pl.lit(ready.until("year")[year], pl.Date())
    rows = (
        cases.by_month(ready.runnable, [year])
        .with_columns(til=pl.min_horizontal("til", ends))
        .filter(pl.col("fra") <= pl.col("til"))
        .with_columns(
            dage=(pl.col("til") - pl.col("fra")).dt.total_days() + 1,
            kvartal=(pl.col("maaned") + 2) // 3,
        )
        .select(
            "raekke",
            "aar",
            "kvartal",
            "maaned",
            "fra",
            "til",
            "dage",
            udgift_exact=pl.col("enhedspris")
            * (pl.col("dage").cast(pl.Int128()) * pl.col("dagsdel")),
        )
        .join(codes.lazy(), on="raekke", how="left", maintain_order="left")
        .with_columns(aldersgruppe=_age_group())
    )
    groups = list(dict.fromkeys(["maaned", *keys]))
    return (
        cases.person_days(rows, [k for k in groups if k not in {"aar", "paragraf"}])
        .group_by(keys)
        .agg(
            pl.col("udgift_exact").sum(),
            pl.col("persondage").sum(),
            pl.col("borger_id").n_unique().cast(pl.Int64()).alias("borgere"),
        )
        .collect(engine="in-memory")
    )


def _named(column: str, texts: pl.Series) -> pl.Expr:
    """Return a column of ranks as the texts they are the ranks of."""
    ranked = dict(enumerate(texts.drop_nulls().unique().sort(), 1))
    return pl.col(column).replace_strict(ranked, default=None, return_dtype=pl.String())


def _age_group() -> pl.Expr:
    """Return the group of the age a citizen turns in the year; null where it is not known."""
    age = pl.col("aar") - pl.col("foedselsaar")
    names = [f"{low}-{high - 1}" for low, high in zip((0, *AGE_GROUPS), AGE_GROUPS, strict=False)]
    groups = [
        pl.when(age < high).then(pl.lit(name)) for name, high in zip(names, AGE_GROUPS, strict=True)
    ]
    oldest = pl.when(age >= AGE_GROUPS[-1]).then(pl.lit(f"{AGE_GROUPS[-1]}+"))
    return pl.coalesce(*groups, oldest)
