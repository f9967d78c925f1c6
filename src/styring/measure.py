"""Indicators measured: from sums to figures.

What Polars has added up, a handful of sums per year and group, is put together in plain Python:
forms, windows, what a figure is formed over, and its interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

import polars as pl

from styring import methods
from styring.aggregate import (
    Group,
    Key,
    Part,
    Query,
    Sums,
    adjusted,
    columns_used,
    kind_of,
    nothing,
    placed,
    summed,
)
from styring.model import Absence, Aggregate, Indicator, Value
from styring.prepare import CASE_TABLES, DERIVED, Prepared
from styring.privacy import secondary
from styring.stats import interval
from styring.text import natural

PERSON_TABLES = CASE_TABLES | {"overgange"}
COUNTED_TABLES = PERSON_TABLES | {"klager"}
"""Tables that tell of citizens or their cases."""
LEAST_ANSWERS = 3
"""A mean of fewer answers is not a figure."""
LEAST_STATEMENTS = 3
"""Nor is one over fewer statements."""


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
                wanted[query] = summed(ready, query)
    frames = pl.collect_all(list(wanted.values()), engine="in-memory")
    return dict(zip(wanted, frames, strict=True))


def _queries(value: Value, by: str | None) -> Iterator[Query]:
    """Yield the queries a figure is made of."""
    for side in _sides(value, by):
        if side is not None:
            agg = side.agg
            inner = [agg.scale.numerator, agg.scale.denominator] if agg.scale else []
            yield from (replace(side, agg=a) for a in (agg, agg.minus, *inner) if a)


def _sides(value: Value, by: str | None) -> tuple[Query, Query | None]:
    """Return the queries of numerator and denominator."""
    over = value.over if value.over != "aar" else None
    ended = any(a.from_ == "oekonomi" for a in value.aggregates)
    top = Query(value.numerator, by, over or value.common, ended)
    if value.denominator is None:
        return top, None
    return top, Query(value.denominator, by, value.common, ended, _taken(value))


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
    above, beneath = _sides(value, by)
    top = adjusted(ready, above, sums)
    bottom = adjusted(ready, beneath, sums) if beneath else None
    if value.common:
        top, bottom = _common(top, bottom or {})
    groups: list[Group] = [None]
    if by:
        named = {g for k in (*top, *(bottom or ())) if (g := k[1]) is not None}
        groups = [*sorted(named, key=natural)]
        if value.over is None or value.over == "aar":
            top = _every_group(top, value.numerator, groups, ready.years)
        if beneath and by in placed(ready, beneath.agg).columns:
            bottom = _every_group(bottom or {}, beneath.agg, groups, ready.years)
    return [
        _finish(ready, indicator, _reduced(ready, indicator, top, bottom, year, group), year, group)
        if _covers(indicator, year)
        else _absent(indicator, year, "not_valid", group)
        for group in groups
        for year in _years(ready, value)
    ]


def _covers(indicator: Indicator, year: int) -> bool:
    """Return whether a definition is valid on some day of a year."""
    start, end = indicator.valid_from, indicator.valid_to
    return (start is None or start.year <= year) and (end is None or year <= end.year)


def _every_group(
    parts: dict[Key, Part], agg: Aggregate, groups: Sequence[Group], years: Sequence[int]
) -> dict[Key, Part]:
    """Return the parts with a group that has no rows as nothing: 0 where rows are counted."""
    empty: dict[Key, Part] = {(y, g, None): nothing(agg) for y in years for g in groups}
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
        for column in columns_used(agg):
            if column in frame.columns and frame[column].null_count() == frame.height:
                return "not_reported"
    if value.deflate and ready.tables.get("prisindeks") is None:
        return "no_price_index"
    return None


def _lacks_deadline(ready: Prepared, agg: Aggregate) -> bool:
    """Return whether an aggregate needs deadlines the municipality has not given."""
    if "frist_dage" not in columns_used(agg):
        return False
    frister = ready.tables.get("frister")
    given = (pl.col("emne") == "sagsbehandling") & (
        pl.col("dage").is_not_null() | pl.col("maaneder").is_not_null()
    )
    return frister is None or frister.filter(given).is_empty()


def _years(ready: Prepared, value: Value) -> tuple[int, ...]:
    now = is_state(value) or value.current_only
    return (ready.who.accounting_year,) if now else ready.years


def _common(
    top: dict[Key, Part], bottom: dict[Key, Part]
) -> tuple[dict[Key, Part], dict[Key, Part]]:
    """Return both sides added up over the groups that both have."""
    both = sorted(
        (k for k in top if k in bottom and top[k].x is not None and bottom[k].x is not None),
        key=str,
    )
    gone: dict[Key, Part] = {
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
        above = _window(value, top, year, group, ready.years)
        beneath = _window(value, bottom, year, group, ready.years)
        return _formed(ready, indicator, above, beneath, year, group)
    steps = sorted((k[2] for k in top if k[:2] == (year, group)), key=str)
    below = bottom.get((year, group, None), _none(bottom, year)) if bottom is not None else None
    figures = [_formed(ready, indicator, top[year, group, s], below, year, group) for s in steps]
    if value.reduce == "diversity":
        figures = _few_together(figures)
    if value.numerator.from_ == "praksis":  # statements too few have answered say nothing
        figures = [f for f in figures if f.absence not in ("too_few", "not_reported")]
        if 0 < len(figures) < LEAST_STATEMENTS:
            return _absent(indicator, year, "too_few", group)
    if not figures:
        why = below.absence if below and below.absence else "not_reported"
        return _absent(indicator, year, why, group)
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


def _few_together(figures: list[Figure]) -> list[Figure]:
    """Return the steps of a split, those with few citizens as one step."""
    few = secondary([f.persons[0] for f in figures])
    apart = [f for n, f in enumerate(figures) if n not in few]
    together = [figures[n] for n in sorted(few)]
    if not together:
        return apart
    persons = sum(f.persons[0] or 0 for f in together)
    one = replace(together[0], value=sum(f.value or 0.0 for f in together), persons=(persons, None))
    return [*apart, one]


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
    absence: Absence | None = None if reduced is not None else "too_few"
    return Figure(indicator.id, year, group, reduced, partial=partial, absence=absence)


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
    lag = value.denominator.lag if value.denominator else 0
    factor = ready.price_factor(year - lag, year) if value.deflate else 1.0
    if gone := _lacking(top, bottom, factor) or _unusable(ready, value, bottom, year):
        return _absent(indicator, year, gone, group)
    assert top.x is not None
    below = bottom.x if bottom else None
    if value.deflate and below is not None and factor is not None:
        below *= factor
    result = FORMS[value.form](top.x, below or 1.0, lag)
    if isinstance(result, complex):  # growth to a sum of the other sign
        return _absent(indicator, year, "zero_denominator", group)
    if value.numerator.mean and top.rows < LEAST_ANSWERS:
        return _absent(indicator, year, "too_few", group)
    if below is not None and below < indicator.least:
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


def _lacking(top: Part, bottom: Part | None, factor: float | None) -> Absence | None:
    """Return what a figure's parts lack: a sum, or a price index for its years."""
    if gone := top.absence or (bottom.absence if bottom else None):
        return gone
    if top.x is None or (bottom and bottom.x is None):
        return "not_reported"
    return "no_price_index" if bottom and factor is None else None


def _unusable(ready: Prepared, value: Value, bottom: Part | None, year: int) -> Absence | None:
    """Return why nothing can be set over a denominator: a break in the series, or nothing in it."""
    if value.form == "growth" and value.denominator and _broken(ready, year, value.denominator.lag):
        return "series_break"
    return "zero_denominator" if bottom and bottom.x == 0 else None


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
    same = below is not None and below.from_ == above.from_ and below.from_ in COUNTED_TABLES
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
    limits: interval.Interval | None = None
    scale = indicator.value.multiplier
    if top.x is None:
        return None, None
    match indicator.interval:
        case "wilson" if below and 0 <= top.x <= below:
            limits = interval.wilson(top.x, below)
        case "byar" if below and top.x >= 0:
            limits = interval.rate(top.x, below)
        case "t" if top.deviation is not None and top.rows >= LEAST_ANSWERS:
            of_mean = interval.answers if indicator.kind == "practice" else interval.mean
            limits = of_mean(top.x, top.deviation, top.rows)
        case _:
            limits = None
    return (limits[0] * scale, limits[1] * scale) if limits else (None, None)


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
