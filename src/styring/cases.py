"""What a case costs, when it runs, and whom it supports. Frames in, frames out.

Accrual by day, both end dates counted, an open end runs on. Cost is kept as one exact whole
number: price and quantity in ten-thousandths, times days, times `DAY_PARTS` over the unit's
divisor. All the divisors that occur (7, 28–31, 365, 366) go up in `DAY_PARTS`, so sums do not
depend on row order or on threads, months add up to years to the last digit, and the only rounding
is the last division.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import lcm
from typing import Literal

import polars as pl

DAY_PARTS = lcm(7, 28, 29, 30, 31, 365, 366)
PARTS = 10**4
COST_SCALE = PARTS * PARTS * DAY_PARTS
"""Exact cost per krone."""
QUANTITY_SCALE = PARTS * DAY_PARTS
"""Exact quantity per unit (hour, day, month)."""
FAR = date(9999, 12, 31)
APART = 10**7
"""More days than lie between any two dates: one running maximum serves all groups in turn."""
Grain = Literal["year", "month"]


def from_exact(exact: pl.Expr, scale: int) -> pl.Expr:
    """Return an exact whole number over its scale as Float64; whole results stay whole."""
    big = exact.cast(pl.Int128())
    return (big // scale).cast(pl.Float64()) + (big % scale).cast(pl.Float64()) / float(scale)


def to_parts(column: str, parts: int = PARTS) -> pl.Expr:
    """Return a Float64 column in whole parts, Int128; the nearest part, half away from zero."""
    return (pl.col(column) * parts).round(mode="half_away_from_zero").cast(pl.Int128())


def runnable(sager: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that run, with `fra_dag`, `til_dag` (Date) and `enhedspris` (Int128).

    A row whose end lies before its start never runs; quantity 0 is nothing; a one-off payment runs
    on its start date. A missing price or unknown unit costs nothing known: `enhedspris` is null.
    """
    once = pl.col("enhed") == "engang"
    quantity = pl.col("antal").fill_null(1.0)
    last = pl.when(once).then(pl.col("startdato")).otherwise(pl.col("slutdato").fill_null(FAR))
    return (
        sager.with_columns(
            fra_dag=pl.col("startdato"),
            til_dag=last,
            maengde=quantity,
        )
        .filter(
            pl.col("fra_dag").is_not_null()
            & (pl.col("fra_dag") <= pl.col("til_dag"))
            & (pl.col("fra_dag") <= pl.col("slutdato").fill_null(FAR))
            & (pl.col("maengde") != 0)
        )
        .with_columns(
            maengde=to_parts("maengde"),
            enhedspris=pl.when(pl.col("enhed").is_not_null()).then(to_parts("pris")),
        )
        .with_columns(enhedspris=pl.col("enhedspris") * pl.col("maengde"))
    )


def calendar(until: Mapping[int, date]) -> pl.DataFrame:
    """Return the months of some years, each year cut off at its own date.

    Columns: `nr` Int64 (year × 12 + month − 1), `aar`, `maaned`, `m_fra`, `m_til` Date,
    `m_dage` (days of the whole month), `aar_dage` (days of the whole year), Int64.
    """
    months = [(y, m) for y in sorted(until) for m in range(1, 13) if date(y, m, 1) <= until[y]]
    start = [date(y, m, 1) for y, m in months]
    after = [date(y + m // 12, m % 12 + 1, 1) for y, m in months]
    return pl.DataFrame(
        {
            "nr": [y * 12 + m - 1 for y, m in months],
            "aar": [y for y, _ in months],
            "maaned": [m for _, m in months],
            "m_fra": start,
            "m_til": [
                min(date.fromordinal(a.toordinal() - 1), until[y])
                for a, (y, _) in zip(after, months, strict=True)
            ],
            "m_dage": [(a - s).days for s, a in zip(start, after, strict=True)],
            "aar_dage": [(date(y + 1, 1, 1) - date(y, 1, 1)).days for y, _ in months],
        },
        schema={
            "nr": pl.Int64(),
            "aar": pl.Int64(),
            "maaned": pl.Int64(),
            "m_fra": pl.Date(),
            "m_til": pl.Date(),
            "m_dage": pl.Int64(),
            "aar_dage": pl.Int64(),
        },
    )


def by_month(sager: pl.DataFrame, years: Sequence[int]) -> pl.LazyFrame:
    """Return one row per case row and calendar month in which it runs; only what is used is made.

    Args:
        sager: from `runnable`.
        years: the years that are looked at.

    Returns:
        `raekke`, the months' columns (`calendar`), `fra`, `til` (the days it runs in the month),
        `enhed`, `enhedspris`, `maengde` (Int128) and `dagsdel`, what one day is of the row's unit.
    """
    months = calendar({y: date(y, 12, 31) for y in years})
    numbers = months["nr"].to_list()
    low, high = min(numbers, default=None), max(numbers, default=None)

    def number(column: str) -> pl.Expr:
        return pl.col(column).dt.year().cast(pl.Int64()) * 12 + pl.col(column).dt.month() - 1

    return (
        sager.lazy()
        .select("raekke", "fra_dag", "til_dag", "enhed", "enhedspris", "maengde")
        .with_columns(
            first=number("fra_dag").clip(low, None), last=number("til_dag").clip(None, high)
        )
        .filter(pl.col("first") <= pl.col("last"))
        .with_columns(nr=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int64()))
        .explode("nr")
        .join(months.lazy(), on="nr", how="inner", maintain_order="left")
        .with_columns(
            fra=pl.max_horizontal("fra_dag", "m_fra"),
            til=pl.min_horizontal("til_dag", "m_til"),
            dagsdel=_day_parts(),
        )
    )


def spells(
    sager: pl.DataFrame, months: pl.LazyFrame, until: Mapping[int, date], *, grain: Grain = "year"
) -> pl.DataFrame:
    """Return one row per case row and year (or month) in which it runs.

    Args:
        sager: from `runnable`.
        months: from `by_month`, of the same rows.
        until: the last day that counts of each year.
        grain: `year`, or `month` for a `maaned` column too.

    Returns:
        The columns of `sager` and `aar`, `fra`, `til` (the days it runs in the period), `dage`
        Int64, `aar_dage` Int64, `udgift_exact` and `enheder_exact` (Int128), `udgift` (kr.) and
        `enheder` Float64; sorted by row and period.
    """
    keys = ["raekke", "aar"] + (["maaned"] if grain == "month" else [])
    ends = pl.col("aar").replace_strict(dict(until), default=None, return_dtype=pl.Date())
    sums = (
        months.with_columns(til=pl.min_horizontal("til", ends), _end=ends)
        .filter(pl.col("fra") <= pl.col("til"), pl.col("_end").is_not_null())
        .with_columns(dage=(pl.col("til") - pl.col("fra")).dt.total_days() + 1)
        .with_columns(parts=pl.col("dage").cast(pl.Int128()) * pl.col("dagsdel"))
        .select(*keys, "fra", "til", "dage", "aar_dage", "parts")
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("fra").min(),
            pl.col("til").max(),
            pl.col("dage").sum(),
            pl.col("aar_dage").first(),
            pl.col("parts").sum(),
        )
        .collect(engine="in-memory")
    )
    exact = {
        "udgift_exact": (pl.col("enhedspris") * pl.col("parts")).fill_null(0),
        "enheder_exact": (pl.col("maengde") * pl.col("parts")).fill_null(0),
    }
    joined = sums.join(sager, on="raekke", how="left", maintain_order="left")
    return (
        joined.with_columns(**exact)
        .drop("enhedspris", "maengde", "parts")
        .with_columns(
            udgift=from_exact(pl.col("udgift_exact"), COST_SCALE),
            enheder=from_exact(pl.col("enheder_exact"), QUANTITY_SCALE),
        )
    )


def _day_parts() -> pl.Expr:
    """Return what one active day is of the row's unit, in `DAY_PARTS`."""
    divisor = (
        pl.when(pl.col("enhed") == "uge")
        .then(7)
        .when(pl.col("enhed") == "måned")
        .then(pl.col("m_dage"))
        .when(pl.col("enhed") == "år")
        .then(pl.col("aar_dage"))
        .otherwise(1)
    )
    return pl.lit(DAY_PARTS, pl.Int128()) // divisor.cast(pl.Int128())


def person_days(rows: pl.LazyFrame, keys: Sequence[str] = ()) -> pl.LazyFrame:
    """Return spells with `persondage`: each citizen's day counted once.

    A citizen counts once a day and paragraph (and once in each group of `keys`), however many rows
    run. Rows whose days are all taken by earlier rows get 0.

    Args:
        rows: spells, with `borger_id`, `paragraf`, `aar`, `fra`, `til`, `dage`, `alene`.
        keys: further columns that split the count.

    Returns:
        The same rows with `persondage` Int64, those that stand alone first.
    """
    group = ["borger_id", "paragraf", "aar", *keys]
    first, last = (pl.col(c).to_physical().cast(pl.Int64()) for c in ("fra", "til"))
    begins = pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift(1)) for c in group)
    place = begins.cum_sum().cast(pl.Int64()) * APART
    taken = (place + last).cum_max().shift(1) - place
    left = last - pl.max_horizontal(first, taken + 1) + 1
    alone = rows.filter("alene").with_columns(persondage=pl.col("dage"))
    shared = (
        rows.filter(~pl.col("alene"))
        .sort([*group, "fra", "til", "raekke"], nulls_last=True)
        .with_columns(persondage=left.clip(0, None))
    )
    return pl.concat([alone, shared])


def mark_alone(rows: pl.DataFrame) -> pl.DataFrame:
    """Return runnable rows with `alene`: no other row of the citizen and paragraph on its days.

    The person-days of rows that stand alone are their days; only the others need `person_days`.
    """
    group = ["borger_id", "paragraf"]
    ordered = rows.sort([*group, "fra_dag", "til_dag"], nulls_last=True)
    before = pl.col("til_dag").cum_max().shift(1).over(group)
    clash = (pl.col("fra_dag") <= before).fill_null(value=False).any().over(group)
    return ordered.with_columns(alene=~clash).sort("raekke")


def per_day(as_of: date) -> pl.Expr:
    """Return price × quantity of a row brought to a day on `as_of`, Float64 kr.; one-offs null."""
    month = (date(as_of.year + as_of.month // 12, as_of.month % 12 + 1, 1)).toordinal()
    days_of_month = month - as_of.replace(day=1).toordinal()
    days_of_year = date(as_of.year + 1, 1, 1).toordinal() - date(as_of.year, 1, 1).toordinal()
    price = pl.col("pris") * pl.col("antal").fill_null(1.0)
    return (
        pl.when(pl.col("enhed") == "døgn")
        .then(price)
        .when(pl.col("enhed") == "uge")
        .then(price / 7)
        .when(pl.col("enhed") == "måned")
        .then(price / days_of_month)
        .when(pl.col("enhed") == "år")
        .then(price / days_of_year)
    )


def full_year(year: pl.Expr) -> pl.Expr:
    """Return what a row would cost in a full calendar `year`, exact (over `COST_SCALE`).

    A day rate times the days of the year, a week's times days / 7, a month's times 12, a year's
    once; a one-off payment counts once.
    """
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = pl.when(leap).then(366).otherwise(365).cast(pl.Int128())
    units = (
        pl.when(pl.col("enhed") == "døgn")
        .then(days * DAY_PARTS)
        .when(pl.col("enhed") == "uge")
        .then(days * (DAY_PARTS // 7))
        .when(pl.col("enhed") == "måned")
        .then(pl.lit(12 * DAY_PARTS, pl.Int128()))
        .otherwise(pl.lit(DAY_PARTS, pl.Int128()))
    )
    return pl.col("enhedspris") * units


def runs_on(day: date | pl.Expr) -> pl.Expr:
    """Return whether a runnable row runs on `day`."""
    return (pl.col("fra_dag") <= day) & (pl.col("til_dag") >= day)


def case_table(sager: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return one row per `sag_id` as it was known on `as_of`.

    Args:
        sager: from `runnable`.
        as_of: later follow-ups and plans are not seen.

    Returns:
        `raekke` (the case's first row), `sag_id`, `borger_id`, `foerste_start`, `sidste_slut` (null
        while a row is open), `loebende` (runs on the as-of date), what its first row says
        (`paragraf`, `ydelse`, `tilbud`, `leverandoertype`, `maalgruppe`, `foedselsaar`,
        `bevilget_niveau`, `tilgang_fra`, `enhed`, `funktion`), its earliest `ansoegt_dato`,
        `bevilget_dato`, `ivaerksat_dato`, its latest `sidste_opfoelgning`, `handleplan_dato`,
        `handleplan_tilbudt`, `afslutningsaarsag`, and the exact full-year cost of its first row
        (`aarspris_exact`), of the rows that run now (`aarspris_nu_exact`) and of those that ran the
        day before its latest follow-up (`aarspris_foer_opfoelgning_exact`).
    """

    def seen(column: str) -> pl.Expr:
        return pl.col(column).filter(pl.col(column) <= as_of).max().alias(column)

    now = runs_on(as_of)
    followed = pl.col("sidste_opfoelgning")
    before_follow_up = followed.filter(followed <= as_of).max().over("sag_id").dt.offset_by("-1d")
    firsts = [
        "paragraf", "ydelse", "tilbud", "leverandoertype", "maalgruppe", "foedselsaar",
        "bevilget_niveau", "tilgang_fra", "enhed", "funktion",
    ]  # fmt: skip
    order = ["sag_id", "fra_dag", "raekke"]
    return (
        sager.sort(order)
        .with_columns(
            _year=full_year(pl.col("fra_dag").dt.year()),
            _now=pl.when(now & (pl.col("enhed") != "engang")).then(
                full_year(pl.lit(as_of.year, pl.Int64()))
            ),
            _open=pl.col("til_dag") == FAR,
            _before=pl.when(runs_on(before_follow_up) & (pl.col("enhed") != "engang")).then(
                full_year(pl.lit(as_of.year, pl.Int64()))
            ),
        )
        .group_by("sag_id", maintain_order=True)
        .agg(
            pl.col("raekke", "borger_id", *firsts).first(),
            pl.col("ansoegt_dato", "bevilget_dato", "ivaerksat_dato").min(),
            pl.col("afslutningsaarsag").last(),
            seen("sidste_opfoelgning"),
            seen("handleplan_dato"),
            pl.col("handleplan_tilbudt").any(ignore_nulls=False).alias("handleplan_tilbudt"),
            foerste_start=pl.col("fra_dag").min(),
            sidste_slut=pl.when(~pl.col("_open").any()).then(pl.col("til_dag").max()),
            loebende=now.any(),
            aarspris_exact=pl.col("_year").first(),
            aarspris_nu_exact=pl.col("_now").sum(),
            aarspris_foer_opfoelgning_exact=pl.col("_before").sum(),
        )
        .with_columns(
            aarspris=from_exact(pl.col("aarspris_exact"), COST_SCALE),
            aarspris_nu=from_exact(pl.col("aarspris_nu_exact"), COST_SCALE),
            aarspris_foer_opfoelgning=from_exact(
                pl.col("aarspris_foer_opfoelgning_exact"), COST_SCALE
            ),
        )
        .sort("raekke")
    )
