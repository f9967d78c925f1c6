"""Aggregates: from prepared tables to sums per year and group.

Rows are filtered and added up by Polars, one pass per aggregate over all years and groups at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from styring import cases, ledger, methods
from styring.model import Absence, Aggregate, PeriodKind
from styring.prepare import CASE_TABLES, PERSON, STATE_TABLES, Cut, Prepared
from styring.refund import rules_of

Group = str | None
Key = tuple[int, Group, object]
EXACT: Final[Mapping[str, tuple[str, int]]] = {
    "udgift": ("udgift_exact", cases.COST_SCALE),
    "enheder": ("enheder_exact", cases.QUANTITY_SCALE),
    "aarspris": ("aarspris_exact", cases.COST_SCALE),
    "aarspris_nu": ("aarspris_nu_exact", cases.COST_SCALE),
    "aarspris_foer_opfoelgning": ("aarspris_foer_opfoelgning_exact", cases.COST_SCALE),
    "beloeb": ("beloeb_exact", ledger.AMOUNT_SCALE),
}
"""Columns that have an exact whole-number twin, and its scale."""
FEW_HAVE_ANY = frozenset({"beregnet_refusion"})
"""Columns that are 0 for most citizens: only those who have any are behind a sum."""
MILLIONTHS = 10**6
COUNTS: Final[Mapping[str, pl.Expr]] = {
    "count": pl.len().cast(pl.Float64()),
    "person_days": pl.col("persondage").sum().cast(pl.Float64()),
    "person_years": pl.col("persondage").sum().cast(pl.Float64()) / pl.col("aar_dage").first(),
}


DEPENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "udgift": ("pris",),
    "dagspris": ("pris",),
    "aarspris": ("pris",),
    "aarspris_nu": ("pris",),
    "ventedage": ("ansoegt_dato", "bevilget_dato"),
    "alder": ("foedselsaar", "foedselsdato"),
    "under_pensionsalder": ("foedselsaar",),
    "budgetterede_pladser": ("pladser", "budgetteret_belaegning"),
    "fravaer_aarsvaerk": ("sygefravaer", "aarsvaerk"),
    "forudsat_udgift": ("helaarspersoner", "pris"),
    "ivaerksaettelsesdage": ("bevilget_dato", "ivaerksat_dato"),
    "aarspris_foer_opfoelgning": ("pris", "sidste_opfoelgning"),
    "beregnet_refusion": ("pris", "foedselsaar"),
    "dyreste_femtedel": ("pris",),
    "gaelder": ("vedtaget",),
    "maaneder_siden": ("vedtaget",),
}
"""Derived columns and what they cannot do without."""


@dataclass(frozen=True, slots=True)
class Query:
    """An aggregate and how it is split: by a column the user names, over one the definition names.

    `ended`: see `placed`. `taken`: the condition of rows whose citizens are known elsewhere; those
    of the other rows are counted.
    """

    agg: Aggregate
    by: str | None = None
    over: str | None = None
    ended: bool = False
    taken: str | None = None

    def keys(self, columns: Sequence[str]) -> list[str]:
        """Return the columns it is split by that the table has."""
        return list(dict.fromkeys(k for k in (self.by, self.over) if k and k in columns))


Sums = Mapping[Query, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Part:
    """An aggregate of one year and group."""

    x: float | None
    persons: int | None = None
    rows: int = 0
    deviation: float | None = None
    absence: Absence | None = None
    left_over: int | None = None


def kind_of(agg: Aggregate) -> PeriodKind:
    """Return the part of the year an aggregate counts; state tables count on the as-of date."""
    return "as_of" if agg.from_ in STATE_TABLES else agg.period


def placed(ready: Prepared, agg: Aggregate, *, ended: bool = False) -> pl.DataFrame:
    """Return the table of an aggregate, its rows placed in years.

    `ended` cuts the current year off where its months have ended: a figure that also looks at the
    ledger counts cases for the same time.
    """
    kind: Cut = kind_of(agg)
    if ended and kind == "year" and agg.from_ in CASE_TABLES and not agg.period_by:
        kind = "year_ended"
    return ready.placed(agg.from_, kind, agg.period_by)


def select_rows(ready: Prepared, agg: Aggregate, *, ended: bool = False) -> pl.LazyFrame:
    """Return the rows behind an aggregate: its table, placed in years, after its condition."""
    frame = placed(ready, agg, ended=ended).lazy()
    if agg.where:
        frame = frame.filter(pl.sql_expr(agg.where))
    if agg.age and agg.from_ != "befolkning":
        frame = frame.filter(pl.col("alder").is_between(*agg.age))
    return frame


def columns_used(agg: Aggregate) -> set[str]:
    """Return the columns an aggregate cannot do without."""
    where = set(pl.sql_expr(agg.where).meta.root_names()) if agg.where else set()
    used = {*agg.columns, *where, *([agg.period_by] if agg.period_by else [])}
    return used | {needed for column in used for needed in DEPENDS.get(column, ())}


def adjusted(ready: Prepared, query: Query, sums: Sums) -> dict[Key, Part]:
    """Return an aggregate less what it subtracts, times what it is scaled by."""
    agg = query.agg
    parts = aggregate(ready, query, sums)
    if agg.minus is not None:
        less = aggregate(ready, replace(query, agg=agg.minus), sums)
        none, no_less = nothing(agg), nothing(agg.minus)
        parts = {
            k: _subtract(agg, parts.get(k, none), less.get(k, no_less)) for k in {**parts, **less}
        }
    for lag in {a.lag for a in (agg, agg.minus) if a and a.lag and a.from_ in CASE_TABLES}:
        parts = _without_years_before(ready, parts, lag)
    if agg.scale is not None:
        whole = aggregate(ready, replace(query, agg=agg.scale.numerator), sums)
        seen = aggregate(ready, replace(query, agg=agg.scale.denominator), sums)
        parts = {k: _scaled(p, whole.get(k), seen.get(k)) for k, p in parts.items()}
    return parts


def _without_years_before(ready: Prepared, parts: dict[Key, Part], lag: int) -> dict[Key, Part]:
    """Return the parts, those absent that look back at a year before the first measured one."""
    gone = Part(None, absence="too_few_years")
    first: dict[Key, Part] = {(y, None, None): gone for y in ready.years[:lag]}
    return {k: gone if k[0] - lag < ready.years[0] else p for k, p in {**parts, **first}.items()}


def _scaled(part: Part, whole: Part | None, seen: Part | None) -> Part:
    """Return an aggregate times whole / seen."""
    if part.x is None or part.absence:
        return part
    if whole is None or seen is None or whole.x is None or seen.x is None:
        return replace(part, x=None, absence="not_reported")
    if seen.x == 0:
        return replace(part, x=None, absence="zero_denominator")
    return replace(part, x=part.x * whole.x / seen.x)


def _subtract(agg: Aggregate, part: Part, less: Part) -> Part:
    """Return a part less another; the fewest citizens behind either are behind the rest.

    Of citizens counted once, those subtracted are among the counted: the rest is citizens too.
    """
    if gone := part.absence or less.absence:
        return replace(part, x=None, absence=gone)
    assert part.x is not None
    assert less.x is not None
    rest = part.x - less.x
    if agg.count_unique:
        return replace(part, x=rest, persons=int(rest))
    behind = [n for n in (part.persons, less.persons) if n]
    rows = min(part.rows, less.rows) if agg.mean else part.rows
    return replace(part, x=rest, rows=rows, persons=min(behind) if behind else part.persons)


def aggregate(ready: Prepared, query: Query, sums: Sums | None = None) -> dict[Key, Part]:
    """Return an aggregate per (year, group, over), for every year that is measured.

    A table without the columns named is the same for all groups. A year without rows is 0 where
    rows are counted, absent where amounts are booked.
    """
    agg = query.agg
    if agg.from_ == "befolkning":
        return {(y, None, None): p for y, p in _population(ready, agg).items()}
    frame = (sums or {}).get(query)
    if frame is None:
        frame = summed(ready, query).collect(engine="in-memory")
    found = dict(_parts(frame, query))
    if not query.keys(frame.columns):
        empty = nothing(agg)
        found |= {(y, None, None): empty for y in ready.years if (y, None, None) not in found}
    found = _checked(ready, agg, frame, found)
    return {(y + agg.lag, g, o): p for (y, g, o), p in found.items()}


def nothing(agg: Aggregate) -> Part:
    """Return what no rows at all mean."""
    counts = agg.count_unique or agg.aggregate
    if counts or (agg.sum and agg.from_ in CASE_TABLES):
        return Part(0.0, persons=0)
    return Part(None, absence="not_reported")


def _checked(
    ready: Prepared, agg: Aggregate, frame: pl.DataFrame, found: dict[Key, Part]
) -> dict[Key, Part]:
    """Return the parts, accounts of an unfinished whole year or without months made absent."""
    if "beregnet_refusion" in agg.columns:
        known = {y for y in ready.years if rules_of(ready.facts.refund, y)}
        unknown = Part(None, absence="no_refund_steps")
        return {k: p if k[0] in known else unknown for k, p in found.items()}
    if agg.from_ != "oekonomi":
        return found
    years = frame["aar"].to_list()
    booked = {y for y, b in zip(years, frame["_booked"], strict=True) if b}
    lost = {y for y, n in zip(years, frame["_lost"], strict=True) if n}
    open_years = {y for y in booked if not ready.finished(y) and kind_of(agg) == "whole_year"}
    gone: dict[int, Part] = dict.fromkeys(lost, Part(None, absence="no_months"))
    gone |= dict.fromkeys(open_years, Part(None, absence="unfinished_year"))
    return {k: gone.get(k[0], p) for k, p in found.items()}


def summed(ready: Prepared, query: Query) -> pl.LazyFrame:
    """Return the query of an aggregate: one row per year, group and over.

    Columns: `aar`, the columns it is split by, `_x` and `_deviation` Float64, `_persons` and
    `_rows`; of the ledger also `_booked` (accounts are among the rows) and `_lost` (amounts that
    cannot be placed in months).
    """
    agg = query.agg
    rows = select_rows(ready, agg, ended=query.ended)
    columns = placed(ready, agg, ended=query.ended).columns
    keys = query.keys(columns)
    if keys:
        rows = rows.filter(pl.all_horizontal(pl.col(k).is_not_null() for k in keys))
    if agg.aggregate in ("person_years", "person_days"):
        rows = cases.person_days(rows, keys)
    result, deviation = _expression(agg, columns)
    middle = (
        agg.mean or agg.median or next((q.of for q in (agg.quantile, agg.median_time) if q), None)
    )
    person = pl.col(PERSON)
    behind = person.filter(pl.col(middle).is_not_null()) if middle else person
    if agg.sum in FEW_HAVE_ANY:
        behind = person.filter(pl.col(str(agg.sum)) > 0)
    every = [
        result.alias("_x"),
        deviation.alias("_deviation"),
        (behind.n_unique() if PERSON in columns else pl.lit(None, pl.Int64())).alias("_persons"),
        (pl.col(middle).count() if middle else pl.len()).alias("_rows"),
    ]
    if query.taken is not None and PERSON in columns:
        other = ~pl.sql_expr(query.taken).fill_null(value=False)
        every.append(person.filter(other).n_unique().alias("_left"))
    if agg.from_ == "oekonomi":
        every += [
            (pl.col("version") == "regnskab").any().alias("_booked"),
            pl.col("beloeb_exact").is_null().any().alias("_lost"),
        ]
    return rows.group_by(["aar", *keys]).agg(every)


def _parts(frame: pl.DataFrame, query: Query) -> Iterator[tuple[Key, Part]]:
    """Yield the aggregate per year, group and over."""
    columns = query.keys(frame.columns)
    about_citizens = query.agg.from_ == "klager"
    for row in frame.iter_rows(named=True):
        x = row["_x"]
        group = str(row[query.by]) if query.by and query.by in columns else None
        over = row[query.over] if query.over and query.over in columns else None
        yield (
            (row["aar"], group, over),
            Part(
                x=x,
                persons=int(x) if about_citizens and x is not None else row["_persons"],
                rows=row["_rows"],
                deviation=row["_deviation"],
                absence=_why_none(query.agg, row["_rows"]) if x is None else None,
                left_over=row.get("_left"),
            ),
        )


def _why_none(agg: Aggregate, rows: int) -> Absence:
    """Return why rows give no figure: half of them have not ended, or nothing is known."""
    return "half_not_ended" if agg.median_time and rows else "not_reported"


def _expression(agg: Aggregate, columns: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    """Return the Polars expression of an aggregate, and of its standard deviation."""
    if agg.mean is not None:
        values = pl.col(agg.mean).cast(pl.Float64())
        # from sums, which are exact of answers and days: Polars' own takes the order of the rows
        n = values.count().cast(pl.Float64())
        squares = (values**2).sum() - values.sum() ** 2 / n
        spread = pl.when(n > 1).then((squares.clip(0, None) / (n - 1)).sqrt())
        return values.mean(), spread
    return _single(agg, columns), pl.lit(None, pl.Float64())


def _single(agg: Aggregate, columns: Sequence[str]) -> pl.Expr:
    """Return the Polars expression of an aggregate that has no deviation."""
    if agg.sum is not None:
        total = exact_sum(agg.columns[0], columns)
        for column in agg.columns[1:]:
            total = total + exact_sum(column, columns)
        return total
    if agg.count_unique is not None:
        return pl.col(agg.count_unique).n_unique().cast(pl.Float64())
    if agg.median is not None:
        return pl.col(agg.median).cast(pl.Float64()).median()
    if agg.quantile is not None:
        return pl.col(agg.quantile.of).quantile(agg.quantile.p, "linear")
    if agg.median_time is not None:
        t = agg.median_time
        seen = pl.col(t.seen_from) if t.seen_from else None
        return methods.median_time(pl.col(t.of), pl.col(t.ended), seen)
    assert agg.aggregate is not None
    return COUNTS[agg.aggregate]


def exact_sum(column: str, columns: Sequence[str]) -> pl.Expr:
    """Return the sum of a column as Float64, added up in whole numbers."""
    name, scale = EXACT.get(column, ("", 1))
    if name in columns:
        return cases.from_exact(pl.col(name).cast(pl.Int128()).sum(), scale)
    return cases.from_exact(cases.to_parts(column, MILLIONTHS).sum(), MILLIONTHS)


def _population(ready: Prepared, agg: Aggregate) -> dict[int, Part]:
    """Return the inhabitants of an age group per year, counts before projections.

    A year is absent where a band straddles the group's edge or the bands leave a gap in it.
    """
    low, high = agg.age or (0, 200)
    counted = pl.col("type").fill_null("faktisk") == "faktisk"
    best = (
        ready.tables.frames["befolkning"]
        .filter(counted | ~counted.any().over("aar"))
        .select("aar", "alder_fra", "alder_til", "antal")
        .sort("aar", "alder_fra")
    )
    bands: dict[int, list[Band]] = {}
    for year, *band in best.iter_rows():
        bands.setdefault(year, []).append((band[0], band[1], band[2]))
    return {y + agg.lag: _inside(bands.get(y, []), low, high) for y in ready.years}


Band = tuple[int, int | None, int | None]
"""From, to and including (None: and over), inhabitants."""


def _inside(bands: Sequence[Band], low: int, high: int) -> Part:
    if not bands:
        return Part(None, absence="not_reported")
    total, next_age = 0, low
    for start, end, count in bands:
        last = 200 if end is None else end
        if last < low or start > high or count is None:
            continue
        if start != next_age or (last > high and high < 200):
            return Part(None, absence="age_bands")
        total, next_age = total + count, last + 1
    if next_age <= min(high, 200):
        return Part(None, absence="age_bands")
    return Part(float(total), rows=1)
