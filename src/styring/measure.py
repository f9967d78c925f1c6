"""Indicators measured: prepared tables in, figures out.

Rows are filtered and added up by Polars, one pass per aggregate over all years and groups at once.
What is left, a handful of sums per year, is put together in plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

import polars as pl

from styring import cases, ledger, methods
from styring.model import Absence, Aggregate, Indicator, PeriodKind, Value
from styring.prepare import CASE_TABLES, DERIVED, PERSON, STATE_TABLES, Cut, Prepared

Group = str | None
Key = tuple[int, Group, object]
EXACT: Final[Mapping[str, tuple[str, int]]] = {
    "udgift": ("udgift_exact", cases.COST_SCALE),
    "enheder": ("enheder_exact", cases.QUANTITY_SCALE),
    "aarspris": ("aarspris_exact", cases.COST_SCALE),
    "aarspris_nu": ("aarspris_nu_exact", cases.COST_SCALE),
    "beloeb": ("beloeb_exact", ledger.AMOUNT_SCALE),
}
"""Columns that have an exact whole-number twin, and its scale."""
PERSON_TABLES = CASE_TABLES | {"overgange"}
MILLIONTHS = 10**6
LEAST_ANSWERS = 3
"""A mean of fewer answers is not a figure."""


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


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure of one indicator, year and group.

    `value` is None only with an `absence`. `persons` are the citizens behind numerator and
    denominator, None where the figure is not about citizens; `complement` the citizens or cases
    that the two give away together.
    """

    indicator: str
    year: int
    group: Group
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    persons: tuple[int | None, int | None] = (None, None)
    complement: float | None = None
    low: float | None = None
    high: float | None = None
    partial: bool = False
    absence: Absence | None = None


def kind_of(agg: Aggregate) -> PeriodKind:
    """Return the part of the year an aggregate counts; state tables count on the as-of date."""
    return "as_of" if agg.from_ in STATE_TABLES else agg.period


def is_state(value: Value) -> bool:
    """Return whether a figure tells how it is on the as-of date."""
    return kind_of(value.numerator) == "as_of"


def measure_all(
    ready: Prepared, requests: Sequence[tuple[Indicator, str | None]]
) -> list[list[Figure]]:
    """Return the figures of each indicator, split by a column where one is named.

    The sums of all of them are collected together, so that Polars can run them side by side.
    """
    sums = _collected(ready, requests)
    return [measure_one(ready, i, by, sums) for i, by in requests]


def _collected(ready: Prepared, requests: Iterable[tuple[Indicator, str | None]]) -> Sums:
    """Return the sums every indicator needs, each query once."""
    wanted: dict[Query, pl.LazyFrame] = {}
    for indicator, by in requests:
        value = indicator.value
        if missing_input(ready, value):
            continue
        for query in _queries(value, by):
            if query not in wanted and query.agg.from_ != "befolkning":
                wanted[query] = _summed(ready, query)
    frames = pl.collect_all(list(wanted.values()), engine="in-memory")
    return dict(zip(wanted, frames, strict=True))


def _queries(value: Value, by: str | None) -> Iterator[Query]:
    """Yield the queries a figure is made of."""
    over = value.over if value.over != "aar" else None
    ended = any(a.from_ == "oekonomi" for a in value.aggregates)
    sides = [
        (value.numerator, over or value.common, None),
        (value.denominator, value.common, _taken(value)),
    ]
    for top, split, taken in sides:
        if top is None:
            continue
        inner = [top.scale.numerator, top.scale.denominator] if top.scale else []
        yield from (Query(a, by, split, ended, taken) for a in (top, top.minus, *inner) if a)


def measure_one(
    ready: Prepared, indicator: Indicator, by: str | None = None, sums: Sums | None = None
) -> list[Figure]:
    """Return one indicator's figures by year and group, absent ones with their reason.

    `sums` holds queries already collected; those that are not there are collected now.
    """
    sums = sums or {}
    value = indicator.value
    if missing := missing_input(ready, value):
        return [_absent(indicator, y, missing) for y in _years(ready, value)]
    over = value.over if value.over != "aar" else None
    ended = any(a.from_ == "oekonomi" for a in value.aggregates)
    top = _with_minus(ready, Query(value.numerator, by, over or value.common, ended), sums)
    bottom = (
        _with_minus(ready, Query(value.denominator, by, value.common, ended, _taken(value)), sums)
        if value.denominator
        else None
    )
    if value.common:
        top, bottom = _common(top, bottom or {})
    groups: list[Group] = [None]
    if by:
        groups = sorted({k[1] for k in (*top, *(bottom or ())) if k[1] is not None})
        top = _every_group(top, value.numerator, groups, ready.years)
    return [
        _finish(ready, indicator, _reduced(ready, indicator, top, bottom, year, group), year, group)
        for group in groups
        for year in _years(ready, value)
    ]


def _every_group(
    parts: dict[Key, Part], agg: Aggregate, groups: Sequence[Group], years: Sequence[int]
) -> dict[Key, Part]:
    """Return the parts with a group that has no rows as nothing: 0 where rows are counted."""
    empty = {(y, g, None): _nothing(agg) for y in years for g in groups}
    return {**empty, **parts}


def _taken(value: Value) -> str | None:
    """Return the condition of the numerator, where the denominator's other rows are to be told.

    The citizens in those rows only would be given away by subtraction. Known where both sides are
    rows of one table in one period.
    """
    above, below = value.numerator, value.denominator
    if below is None or above.from_ != below.from_ or above.from_ not in PERSON_TABLES:
        return None
    if above.minus is not None or value.over is not None or value.common is not None:
        return None
    if kind_of(above) != kind_of(below) or above.period_by != below.period_by:
        return None
    return above.where or "TRUE"


DEPENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "udgift": ("pris",),
    "dagspris": ("pris",),
    "aarspris": ("pris",),
    "aarspris_nu": ("pris",),
    "ventedage": ("ansoegt_dato", "bevilget_dato"),
    "alder": ("foedselsaar", "foedselsdato"),
    "under_pensionsalder": ("foedselsaar",),
    "budgetterede_pladser": ("pladser", "budgetteret_belaegning"),
}
"""Derived columns and what they cannot do without."""


def missing_input(ready: Prepared, value: Value) -> Absence | None:
    """Return why a figure cannot be measured at all: a sheet or a column that is not there."""
    for agg in value.aggregates:
        if agg.from_ in ready.given:
            continue
        if agg.from_ == "goals" or _lacks_deadline(ready, agg):
            return "not_reported"
        sheet = DERIVED.get(agg.from_, agg.from_)
        frame = ready.tables.get(sheet)
        if frame is None or frame.is_empty():
            return "not_reported"
        if kind_of(agg) == "to_date" and not ready.who.ended_months:
            return "no_months"
        for column in _columns_used(agg):
            if column in frame.columns and frame[column].null_count() == frame.height:
                return "not_reported"
    if value.deflate and ready.tables.get("prisindeks") is None:
        return "no_price_index"
    return None


def _lacks_deadline(ready: Prepared, agg: Aggregate) -> bool:
    """Return whether an aggregate needs deadlines the municipality has not given."""
    if "frist_dage" not in _columns_used(agg):
        return False
    frister = ready.tables.get("frister")
    return frister is None or frister.filter(pl.col("dage").is_not_null()).is_empty()


def _columns_used(agg: Aggregate) -> set[str]:
    """Return the columns an aggregate cannot do without."""
    where = set(pl.sql_expr(agg.where).meta.root_names()) if agg.where else set()
    used = {*agg.columns, *where, *([agg.period_by] if agg.period_by else [])}
    return used | {needed for column in used for needed in DEPENDS.get(column, ())}


def _years(ready: Prepared, value: Value) -> tuple[int, ...]:
    now = is_state(value) or value.current_only
    return (ready.who.accounting_year,) if now else ready.years


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


def _with_minus(ready: Prepared, query: Query, sums: Sums) -> dict[Key, Part]:
    """Return an aggregate less what it subtracts, times what it is scaled by."""
    agg = query.agg
    parts = aggregate(ready, query, sums)
    if agg.minus is not None:
        less = aggregate(ready, replace(query, agg=agg.minus), sums)
        none, no_less = _nothing(agg), _nothing(agg.minus)
        parts = {
            k: _subtract(agg, parts.get(k, none), less.get(k, no_less)) for k in {**parts, **less}
        }
    if agg.scale is not None:
        whole = aggregate(ready, replace(query, agg=agg.scale.numerator), sums)
        seen = aggregate(ready, replace(query, agg=agg.scale.denominator), sums)
        parts = {k: _scaled(p, whole.get(k), seen.get(k)) for k, p in parts.items()}
    return parts


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
    return replace(part, x=rest, persons=min(behind) if behind else part.persons)


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
        frame = _summed(ready, query).collect(engine="in-memory")
    found = dict(_parts(frame, query))
    if not query.keys(frame.columns):
        empty = _nothing(agg)
        found |= {(y, None, None): empty for y in ready.years if (y, None, None) not in found}
    found = _checked(ready, agg, frame, found)
    return {(y + agg.lag, g, o): p for (y, g, o), p in found.items()}


def _nothing(agg: Aggregate) -> Part:
    """Return what no rows at all mean."""
    counts = agg.count_unique or agg.aggregate
    if counts or (agg.sum and agg.from_ in CASE_TABLES):
        return Part(0.0, persons=0)
    return Part(None, absence="not_reported")


def _checked(
    ready: Prepared, agg: Aggregate, frame: pl.DataFrame, found: dict[Key, Part]
) -> dict[Key, Part]:
    """Return the parts, accounts of an unfinished whole year or without months made absent."""
    if agg.from_ != "oekonomi":
        return found
    booked = {y for y, b in frame.select("aar", "_booked").iter_rows() if b}
    lost = {y for y, n in frame.select("aar", "_lost").iter_rows() if n}
    open_years = {y for y in booked if not ready.finished(y) and kind_of(agg) == "whole_year"}
    gone: dict[int, Part] = dict.fromkeys(lost, Part(None, absence="no_months"))
    gone |= dict.fromkeys(open_years, Part(None, absence="unfinished_year"))
    return {k: gone.get(k[0], p) for k, p in found.items()}


def _summed(ready: Prepared, query: Query) -> pl.LazyFrame:
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
    middle = agg.mean or agg.median or (agg.quantile.of if agg.quantile else None)
    person = pl.col(PERSON)
    behind = person.filter(pl.col(middle).is_not_null()) if middle else person
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
                absence="not_reported" if x is None else None,
                left_over=row.get("_left"),
            ),
        )


def _expression(agg: Aggregate, columns: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    """Return the Polars expression of an aggregate, and of its standard deviation."""
    none = pl.lit(None, pl.Float64())
    if agg.sum is not None:
        total = exact_sum(agg.columns[0], columns)
        for column in agg.columns[1:]:
            total = total + exact_sum(column, columns)
        return total, none
    if agg.count_unique is not None:
        return pl.col(agg.count_unique).n_unique().cast(pl.Float64()), none
    if agg.mean is not None:
        values = pl.col(agg.mean).cast(pl.Float64())
        return values.mean(), values.std()
    if agg.median is not None:
        return pl.col(agg.median).cast(pl.Float64()).median(), none
    if agg.quantile is not None:
        return pl.col(agg.quantile.of).quantile(agg.quantile.p, "linear"), none
    if agg.aggregate == "count":
        return pl.len().cast(pl.Float64()), none
    if agg.aggregate == "person_years":
        return pl.col("persondage").sum().cast(pl.Float64()) / pl.col("aar_dage").first(), none
    if agg.aggregate == "person_days":
        return pl.col("persondage").sum().cast(pl.Float64()), none
    raise AssertionError(agg)


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
    frame = ready.tables.frames["befolkning"]
    found: dict[int, Part] = {}
    for year in ready.years:
        of_year = frame.filter(pl.col("aar") == year)
        counted = of_year.filter(pl.col("type").fill_null("faktisk") == "faktisk")
        bands = (counted if counted.height else of_year).sort("alder_fra")
        found[year + agg.lag] = _inside(bands, low, high)
    return found


def _inside(bands: pl.DataFrame, low: int, high: int) -> Part:
    if bands.is_empty():
        return Part(None, absence="not_reported")
    total, next_age = 0, low
    for start, end, count in bands.select("alder_fra", "alder_til", "antal").iter_rows():
        last = 200 if end is None else end
        if last < low or start > high or count is None:
            continue
        if start != next_age or (last > high and high < 200):
            return Part(None, absence="age_bands")
        total, next_age = total + count, last + 1
    if next_age <= min(high, 200):
        return Part(None, absence="age_bands")
    return Part(float(total), rows=1)


def _common(
    top: dict[Key, Part], bottom: dict[Key, Part]
) -> tuple[dict[Key, Part], dict[Key, Part]]:
    """Return both sides added up over the groups that both have."""
    both = [k for k in top if k in bottom and top[k].x is not None and bottom[k].x is not None]
    gone = {
        (y, g, None): p for parts in (top, bottom) for (y, g, _), p in parts.items() if p.absence
    }
    return {**gone, **_added(top, both)}, {**gone, **_added(bottom, both)}


def _added(parts: dict[Key, Part], keys: Iterable[Key]) -> dict[Key, Part]:
    sums: dict[Key, Part] = {}
    for year, group, over in keys:
        part, key = parts[year, group, over], (year, group, None)
        old = sums.get(key, Part(0.0, persons=None if part.persons is None else 0))
        persons = None if part.persons is None else (old.persons or 0) + part.persons
        sums[key] = Part((old.x or 0) + (part.x or 0), persons, old.rows + part.rows)
    return sums


def _reduced(
    ready: Prepared,
    indicator: Indicator,
    top: dict[Key, Part],
    bottom: dict[Key, Part] | None,
    year: int,
    group: Group,
) -> Figure:
    """Return the figure of a year and group, formed over what the definition names."""
    value = indicator.value
    if value.over == "aar":
        return _over_years(ready, indicator, top, bottom, year, group)
    if value.over is None:
        return _formed(ready, indicator, _window(value, top, year, group, ready.years),
                       _window(value, bottom, year, group, ready.years), year, group)  # fmt: skip
    steps = sorted((k[2] for k in top if k[:2] == (year, group)), key=str)
    below = bottom.get((year, group, None), _none(bottom, year)) if bottom is not None else None
    figures = [_formed(ready, indicator, top[year, group, s], below, year, group) for s in steps]
    if not figures:
        return _absent(
            indicator, year, below.absence if below and below.absence else "not_reported", group
        )
    if gone := next((f.absence for f in figures if f.absence), None):
        return _absent(indicator, year, gone, group)
    reduced = _reduce(value, [f.value for f in figures if f.value is not None])
    persons = [f.persons[0] for f in figures if f.persons[0] is not None]
    return replace(
        figures[-1],
        value=reduced,
        numerator=None,
        persons=(min(persons, default=None), figures[-1].persons[1]),
        complement=None,
        absence=None if reduced is not None else "too_few",
    )


def _none(parts: Mapping[Key, Part] | None, year: int) -> Part:
    """Return the part that stands for all groups, or absence."""
    return (parts or {}).get((year, None, None), Part(None, absence="not_reported"))


def _window(
    value: Value, parts: dict[Key, Part] | None, year: int, group: Group, years: Sequence[int]
) -> Part | None:
    """Return the part of a year, added up over the window's years where there is one."""
    if parts is None:
        return None
    if value.window is None:
        return parts.get((year, group, None)) or _none(parts, year)
    span = range(year - value.window + 1, year + 1)
    if span[0] < years[0]:
        return Part(None, absence="too_few_years")
    found = [parts.get((y, group, None)) or _none(parts, y) for y in span]
    if gone := next((p.absence for p in found if p.absence), None):
        return Part(None, absence=gone)
    persons = [p.persons for p in found if p.persons is not None]
    return Part(sum(p.x or 0 for p in found), sum(persons) if persons else None, len(found))


def _over_years(
    ready: Prepared,
    indicator: Indicator,
    top: dict[Key, Part],
    bottom: dict[Key, Part] | None,
    year: int,
    group: Group,
) -> Figure:
    """Return a figure formed over the years of a window that ends with `year`."""
    value = indicator.value
    span = range(year - (value.window or 1) + 1, year + 1)
    if span[0] < ready.years[0]:
        return _absent(indicator, year, "too_few_years", group)
    figures = [
        _formed(
            ready,
            indicator,
            top.get((y, group, None)) or _none(top, y),
            None if bottom is None else bottom.get((y, group, None)) or _none(bottom, y),
            y,
            group,
        )
        for y in span
    ]
    if gone := next((f.absence for f in figures if f.absence), None):
        return _absent(indicator, year, gone, group)
    reduced = _reduce(value, [f.value for f in figures if f.value is not None])
    partial = any(f.partial for f in figures)
    return Figure(indicator.id, year, group, reduced, partial=partial,
                  absence=None if reduced is not None else "too_few")  # fmt: skip


def _reduce(value: Value, values: Sequence[float]) -> float | None:
    match value.reduce:
        case "mean":
            return sum(values) / len(values)
        case "mean_abs":
            return sum(abs(v) for v in values) / len(values)
        case "max_step":
            return methods.largest_step(values)
        case "count_at_most":
            limit = value.limit or 0
            return float(sum(v <= limit for v in values))
        case "diversity":
            return methods.diversity(values)
        case None:
            return values[-1]
        case _:
            assert_never(value.reduce)


def _formed(
    ready: Prepared,
    indicator: Indicator,
    top: Part | None,
    bottom: Part | None,
    year: int,
    group: Group,
) -> Figure:
    """Return the figure that a form makes of its parts."""
    value = indicator.value
    top = top or Part(None, absence="not_reported")
    if gone := top.absence or (bottom.absence if bottom else None):
        return _absent(indicator, year, gone, group)
    if top.x is None or (bottom and bottom.x is None):
        return _absent(indicator, year, "not_reported", group)
    below = bottom.x if bottom else None
    if value.deflate and bottom and value.denominator and below is not None:
        factor = _price_factor(ready, year - value.denominator.lag, year)
        if factor is None:
            return _absent(indicator, year, "no_price_index", group)
        below *= factor
    if value.form == "growth" and value.denominator and _broken(ready, year, value.denominator.lag):
        return _absent(indicator, year, "series_break", group)
    if below == 0:
        return _absent(indicator, year, "zero_denominator", group)
    result = FORMS[value.form](
        top.x, below or 1.0, value.denominator.lag if value.denominator else 0
    )
    if isinstance(result, complex):
        return _absent(indicator, year, "zero_denominator", group)
    if value.numerator.mean and top.rows < LEAST_ANSWERS:
        return _absent(indicator, year, "too_few", group)
    low, high = _interval(indicator, top, below)
    middle = value.numerator.mean or value.numerator.median
    return Figure(
        indicator.id,
        year,
        group,
        result * value.multiplier,
        top.x,
        float(top.rows) if middle and not bottom else below,
        (top.persons, bottom.persons if bottom else None),
        _complement(value, top, bottom),
        low,
        high,
    )


FORMS: Final[Mapping[str, Callable[[float, float, int], float]]] = {
    "amount": lambda top, _bottom, _lag: top,
    "ratio": lambda top, bottom, _lag: top / bottom,
    "relative": lambda top, bottom, _lag: (top - bottom) / bottom,
    "growth": lambda top, bottom, lag: (top / bottom) ** (1 / lag) - 1,
}


def _complement(value: Value, top: Part, bottom: Part | None) -> float | None:
    """Return how many the denominator has beyond the numerator: citizens, else what is counted."""
    if bottom is not None and bottom.left_over is not None:
        return float(bottom.left_over)
    above, below = value.numerator, value.denominator
    if above.minus is not None and not above.count_unique:
        return None
    same = below is not None and below.from_ == above.from_
    counting = below is not None and (
        below.aggregate == "count" or below.count_unique or below.from_ == "klager"
    )
    if not (same and counting and bottom) or top.x is None or bottom.x is None:
        return None
    return bottom.x - top.x


def _interval(
    indicator: Indicator, top: Part, below: float | None
) -> tuple[float | None, float | None]:
    """Return the 95 % confidence limits by the definition's method, or none."""
    limits: methods.Interval | None = None
    scale = indicator.value.multiplier
    if top.x is None:
        return None, None
    match indicator.interval:
        case "wilson" if below and 0 <= top.x <= below:
            limits = methods.wilson(top.x, below)
        case "byar" if below:
            count = methods.byar(top.x)
            limits = (count[0] / below, count[1] / below) if count else None
        case "t" if top.deviation is not None:
            interval = (
                methods.answers_interval if indicator.kind == "practice" else methods.mean_interval
            )
            limits = interval(top.x, top.deviation, top.rows)
        case _:
            limits = None
    return (limits[0] * scale, limits[1] * scale) if limits else (None, None)


def _price_factor(ready: Prepared, then: int, now: int) -> float | None:
    """Return what a krone of `then` is in the prices of `now`, by the user's index."""
    index = dict(ready.tables.frames["prisindeks"].select("aar", "indeks").iter_rows())
    if not index.get(then) or not index.get(now):
        return None
    return float(index[now] / index[then])


def _broken(ready: Prepared, year: int, lag: int) -> bool:
    return any(year - lag < b.year <= year for b in ready.facts.series_break)


def _finish(
    ready: Prepared, indicator: Indicator, figure: Figure, year: int, group: Group
) -> Figure:
    """Return the figure with `partial` said."""
    open_year = not ready.finished(year) and not is_state(indicator.value)
    partial = open_year and any(_may_change(a) for a in indicator.value.aggregates)
    return replace(figure, partial=figure.partial or partial, year=year, group=group)


def _may_change(agg: Aggregate) -> bool:
    """Return whether an aggregate of a year that has not ended can still change."""
    fixed = agg.from_ == "befolkning" or agg.lag > 0 or "oprindeligt budget" in (agg.where or "")
    return not fixed


def _absent(indicator: Indicator, year: int, absence: Absence, group: Group = None) -> Figure:
    return Figure(indicator.id, year, group, None, absence=absence)
