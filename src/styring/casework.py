"""What the case workers' desks hold on the as-of date: who is due, who waits, whose price rose.

Each function returns one row per case or citizen. The review counts the rows; the rows themselves
leave only by a list the municipality asks for.
"""

from __future__ import annotations

import polars as pl

from styring import cases
from styring.methods import median_time
from styring.prepare import Prepared

WEEK = 7
WEEKS_LATE, WEEKS_SOON = (8, 26), (4, 13)
"""Where the groups of weeks overdue, and of weeks until a follow-up is due, end."""
SLOTS = ("late_long", "late", "late_short", "soon", "later", "far")
"""The groups of weeks, the longest overdue first."""
YOUNGEST, OLDEST = 15, 17
"""The young people whose transition is looked at."""


def follow_ups(ready: Prepared) -> pl.DataFrame:
    """Return the running cases with the day their next follow-up is due.

    Cases by self-referral have no follow-up. A case is overdue by the same rule as the indicator
    on follow-up in time: its latest follow-up, or its first start where there is none, lies more
    than one deadline back.

    Returns:
        `sag_id`, `borger_id`, `paragraf`, `tilbud` (String), `sidste_opfoelgning`,
        `opfoelgning_senest` (Date), `uger` (Int64: weeks begun since the due day, or until it with
        a minus), `gruppe` (String, one of `SLOTS`), `aarspris_nu` (Float64, kr. a year); the
        longest overdue first.
    """
    day = pl.lit(ready.who.as_of)
    since = pl.coalesce("sidste_opfoelgning", "foerste_start")
    late = since < pl.col("opfoelgning_fra")
    days = (day - pl.col("opfoelgning_senest")).dt.total_days()
    weeks = (
        pl.when(late)
        .then((days.clip(1) + WEEK - 1) // WEEK)
        .otherwise(-((WEEK - 1 - days.clip(None, 0)) // WEEK))
    )
    slot = (
        pl.when(weeks > WEEKS_LATE[1]).then(pl.lit(SLOTS[0]))
        .when(weeks > WEEKS_LATE[0]).then(pl.lit(SLOTS[1]))
        .when(late).then(pl.lit(SLOTS[2]))
        .when(weeks >= -WEEKS_SOON[0]).then(pl.lit(SLOTS[3]))
        .when(weeks >= -WEEKS_SOON[1]).then(pl.lit(SLOTS[4]))
        .otherwise(pl.lit(SLOTS[5]))
    )  # fmt: skip
    return (
        ready.placed("cases", "as_of")
        .filter(~pl.col("selvhenvender"))
        .with_columns(uger=weeks.cast(pl.Int64()), gruppe=slot)
        .sort(pl.col("opfoelgning_senest"), "raekke")
        .select(
            *("sag_id", "borger_id", "paragraf", "tilbud", "sidste_opfoelgning"),
            *("opfoelgning_senest", "uger", "gruppe", "aarspris_nu"),
        )
    )


def without_plan(ready: Prepared) -> pl.DataFrame:
    """Return the citizens under the pension age with running support and no action plan (§ 141).

    Returns:
        `borger_id`, `paragraffer` (String), `siden` (Date: first start of what runs),
        `tilbudt` (Boolean: offered; null where nothing is registered), `aarspris` (Float64, kr.);
        the dearest first.
    """
    running = ready.placed("sager", "as_of").filter(pl.col("under_pensionsalder"))
    planned = running.filter(pl.col("handleplan_dato") <= pl.col("as_of"))["borger_id"].unique()
    return (
        running.filter(~pl.col("borger_id").is_in(planned.implode()))
        .group_by("borger_id")
        .agg(
            paragraffer=pl.col("paragraf").unique().sort().str.join(", "),
            siden=pl.col("fra_dag").min(),
            tilbudt=pl.col("handleplan_tilbudt").any(ignore_nulls=False),
            aarspris_exact=pl.col("aarspris_exact").cast(pl.Int128()).sum(),
        )
        .with_columns(aarspris=cases.from_exact(pl.col("aarspris_exact"), cases.COST_SCALE))
        .sort(pl.col("aarspris"), "borger_id", descending=[True, False], nulls_last=True)
        .select("borger_id", "paragraffer", "siden", "tilbudt", "aarspris")
    )


def waiting(ready: Prepared) -> pl.DataFrame:
    """Return the cases that were applied for, with how long they waited for grant and for start.

    A case without a grant, or with one after the as-of date, waits while it has not begun; it
    counts to the as-of date. Cases by self-referral, and grants before the application, are left
    out.

    Returns:
        `sag_id`, `borger_id`, `paragraf` (String), `ansoegt_dato`, `bevilget_dato`,
        `ivaerksat_dato` (Date), `dage_til_bevilling` (Int64), `bevilget` (Boolean),
        `dage_til_start` (Int64; null before the grant and where the start is not known),
        `ivaerksat` (Boolean); the longest waiting first.
    """
    asked, granted, day = (
        pl.col("ansoegt_dato"), pl.col("bevilget_dato"), pl.lit(ready.who.as_of),
    )  # fmt: skip
    seen = (granted <= day).fill_null(value=False)
    open_ = ~seen & (granted.is_not_null() | (pl.col("foerste_start") > day))
    days = pl.when(seen).then(granted - asked).when(open_).then(day - asked).dt.total_days()
    return (
        ready.case_table.filter(~pl.col("selvhenvender") & (asked <= day))
        .with_columns(dage_til_bevilling=days, bevilget=seen)
        .filter(pl.col("dage_til_bevilling") >= 0)
        .sort("bevilget", "dage_til_bevilling", "raekke", descending=[False, True, False])
        .select(
            *("sag_id", "borger_id", "paragraf", "ansoegt_dato", "bevilget_dato"),
            *("ivaerksat_dato", "dage_til_bevilling", "bevilget"),
            pl.when(pl.col("bevilget")).then("ivaerksaettelsesdage").alias("dage_til_start"),
            "ivaerksat",
        )
    )


def median_waits(waits: pl.DataFrame, year: int) -> tuple[float | None, float | None]:
    """Return the median days from application to grant, and from grant to start.

    Of the cases applied for since the year before `year` began; those that still wait are
    censored. None where half have not come so far.

    Args:
        waits: from `waiting`.
        year: the latest finished year.

    Source: Kaplan & Meier (1958), as `methods.median_time`.
    """
    recent = waits.filter(pl.col("ansoegt_dato").dt.year() >= year - 1)
    row = recent.select(
        grant=median_time(pl.col("dage_til_bevilling"), pl.col("bevilget")),
        start=median_time(pl.col("dage_til_start"), pl.col("ivaerksat")),
    ).row(0)
    return row[0], row[1]


def decisions(ready: Prepared) -> pl.DataFrame:
    """Return who decided on the latest finished year's new grants, and what they come to.

    Returns:
        `niveau` (String; null where it is not registered), `sager` (Int64), `borgere` (Int64),
        `aarspris` (Float64, kr. of a full year), the dearest first.
    """
    granted = pl.col("bevilget_dato").dt.year() == ready.who.finished_year
    return (
        ready.case_table.filter(~pl.col("selvhenvender") & granted)
        .group_by(niveau=pl.col("bevilget_niveau"))
        .agg(
            sager=pl.len().cast(pl.Int64()),
            borgere=pl.col("borger_id").n_unique().cast(pl.Int64()),
            sum_exact=pl.col("aarspris_exact").cast(pl.Int128()).sum(),
        )
        .with_columns(aarspris=cases.from_exact(pl.col("sum_exact"), cases.COST_SCALE))
        .sort("aarspris", "niveau", descending=[True, False])
        .drop("sum_exact")
    )


def price_rises(ready: Prepared) -> pl.DataFrame:
    """Return the rises of a running case's price that no follow-up stands before.

    A rise is a row that begins the day after another row of the same case, paragraph and unit
    ends, at a higher price times quantity, between the start of the latest finished year and the
    as-of date. It counts as automatic where the row holds no new decision: no grant date, or that
    of the row before. A follow-up stands before it when one is registered within the deadline of
    follow-up before the row begins; the sheet holds the latest follow-up only, so an earlier one
    may be hidden by a later.

    Returns:
        `sag_id`, `borger_id`, `paragraf`, `tilbud` (String), `fra_dag` (Date), `aarspris_foer`,
        `aarspris_efter` (Float64, kr.), `stigning` (Float64, kr. a year), `sidste_opfoelgning`
        (Date); the largest rise first.
    """
    day, first = ready.who.as_of, pl.date(ready.who.finished_year, 1, 1)
    key = ["sag_id", "paragraf", "enhed"]
    year = pl.lit(day.year, pl.Int64())
    rows = ready.runnable.filter(pl.col("enhed") != "engang").with_columns(
        koster=cases.full_year(year).cast(pl.Int128())
    )
    before = {
        name: pl.col(column).shift(1).over(key, order_by=["fra_dag", "raekke"])
        for name, column in (("foer", "koster"), ("slut", "til_dag"), ("givet", "bevilget_dato"))
    }
    term = pl.col("opfoelgning_senest") - pl.coalesce("sidste_opfoelgning", "foerste_start")
    deadline = ready.case_table.select(
        "sag_id", "foerste_start", frist=term, opfulgt=pl.col("sidste_opfoelgning")
    )
    found = rows.with_columns(**before).join(deadline, on="sag_id", how="left")
    decided = pl.col("bevilget_dato").is_not_null() & (
        pl.col("givet").is_null() | (pl.col("bevilget_dato") != pl.col("givet"))
    )
    followed = (pl.col("opfulgt") >= pl.col("fra_dag") - pl.col("frist")).fill_null(value=False)
    return (
        found.filter(
            ~pl.col("selvhenvender")
            & (pl.col("koster") > pl.col("foer"))
            & (pl.col("slut").dt.offset_by("1d") == pl.col("fra_dag"))
            & pl.col("fra_dag").is_between(first, day)
            & ~decided
            & ~followed
        )
        .with_columns(
            aarspris_foer=cases.from_exact(pl.col("foer"), cases.COST_SCALE),
            aarspris_efter=cases.from_exact(pl.col("koster"), cases.COST_SCALE),
            stigning=cases.from_exact(pl.col("koster") - pl.col("foer"), cases.COST_SCALE),
        )
        .sort("stigning", "raekke", descending=[True, False])
        .select(
            *("sag_id", "borger_id", "paragraf", "tilbud", "fra_dag", "aarspris_foer"),
            "aarspris_efter", "stigning", pl.col("opfulgt").alias("sidste_opfoelgning"),
        )
    )  # fmt: skip


def transitions(ready: Prepared) -> pl.DataFrame:
    """Return the young people of 15 to 17 on the as-of date, from the sheet Overgange.

    Returns:
        `borger_id` (String), `alder` (Int64), `fylder_18` (Date), `med_plan` (Boolean),
        `forventet_paragraf` (String), `aarspris`, `forventet_aarspris` (Float64, kr. a year);
        those who turn 18 first come first. No rows without the sheet.
    """
    if "overgange" not in ready.tables.frames:
        return pl.DataFrame(
            schema={
                "borger_id": pl.String(), "alder": pl.Int64(), "fylder_18": pl.Date(),
                "med_plan": pl.Boolean(), "forventet_paragraf": pl.String(),
                "aarspris": pl.Float64(), "forventet_aarspris": pl.Float64(),
            }
        )  # fmt: skip
    frame = ready.placed("overgange", "as_of")
    money = {
        c: cases.from_exact(pl.col(f"{c}_exact"), 2) if f"{c}_exact" in frame.columns else pl.col(c)
        for c in ("aarspris", "forventet_aarspris")
    }
    planned = (pl.col("plan_dato") <= ready.who.as_of).fill_null(value=False)
    return (
        frame.filter(pl.col("alder").is_between(YOUNGEST, OLDEST))
        .with_columns(
            fylder_18=pl.col("foedselsdato").dt.offset_by("18y"), med_plan=planned, **money
        )
        .sort("fylder_18", "raekke")
        .select(
            *("borger_id", "alder", "fylder_18", "med_plan", "forventet_paragraf"),
            *("aarspris", "forventet_aarspris"),
        )
    )
