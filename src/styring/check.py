"""Definitions checked beyond their schema: columns, conditions, words, and their worked cases."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from styring.aggregate import kind_of
from styring.definitions import Definition, Problem, load_definitions, load_facts, load_spec
from styring.errors import ContractError, Texts
from styring.measure import measure_one
from styring.model import Aggregate, Indicator, IndicatorTest, PeriodKind
from styring.prepare import CASE_TABLES, STATE_TABLES, Prepared, prepare
from styring.tables import Municipality, Source, Tables, from_rows, gate

Kinds = frozenset[PeriodKind]
YEARS_ONLY: Kinds = frozenset({"year"})
_RUNS: Kinds = frozenset({"year", "whole_year", "to_date"})
_AS_OF: Kinds = frozenset({"as_of"})
KINDS: Mapping[str, Kinds] = {
    "oekonomi": _RUNS,
    **dict.fromkeys(CASE_TABLES, _RUNS | _AS_OF),
    "citizen_years": _RUNS,
    **dict.fromkeys(STATE_TABLES, YEARS_ONLY | _AS_OF),
}
"""The periods that mean something for a table; others have years only."""
PLACEHOLDERS = frozenset({
    "vaerdi", "taeller", "naevner", "periode", "aar", "kommune", "median", "kvartil", "gap",
    "gap_kr", "forrige", "forrige_periode", "aendring", "maal", "antal_kommuner", "paa_spil",
    "placering",
})  # fmt: skip
"""The figures a finding's sentences may name."""
GOALS = {
    "indikator": pl.String(),
    "aar": pl.Int64(),
    "maalvaerdi": pl.Float64(),
    "vaerdi": pl.Float64(),
    "naaet": pl.Boolean(),
}
TOLERANCE = 1e-9


def check_folder(folder: Path) -> tuple[list[Definition], list[Problem]]:
    """Return the definitions of a folder and every mistake in them, in order of file and line."""
    found, problems = load_definitions(folder)
    for d in found:
        name = d.file.relative_to(folder).as_posix()
        problems += [
            Problem(name, d.line(*path), rule, message)
            for path, rule, message in _problems(d.indicator)
        ]
    return found, sorted(problems)


Found = tuple[tuple[str | int, ...], str, str]


def _problems(indicator: Indicator) -> Iterator[Found]:
    named = list(_references(indicator))
    aggregates = [f for name, agg in _aggregates(indicator) for f in _aggregate(name, agg)]
    yield from named
    yield from aggregates
    yield from _words(indicator)
    yield from _sense(indicator)
    if not aggregates:
        for n, test in enumerate(indicator.test):
            for message in prove(indicator, test):
                yield ("test", n), "test", f"{test.name}: {message}"


def _references(indicator: Indicator) -> Iterator[Found]:
    """Yield ids that no fact file holds."""
    facts = load_facts()
    if indicator.unit not in {u.id for u in facts.unit}:
        units = ", ".join(u.id for u in facts.unit)
        yield ("unit",), "unit", f"unknown unit {indicator.unit!r}; known: {units}"
    if indicator.dimension not in {d.id for d in facts.dimension}:
        known = ", ".join(d.id for d in facts.dimension)
        yield ("dimension",), "dimension", f"unknown {indicator.dimension!r}; known: {known}"


def _aggregates(indicator: Indicator) -> Iterator[tuple[tuple[str, ...], Aggregate]]:
    value = indicator.value
    tops = [
        (("value", "numerator"), value.numerator),
        (("value", "denominator"), value.denominator),
        (("at_stake",), indicator.at_stake),
    ]
    for path, agg in tops:
        if agg is not None:
            yield path, agg
            if agg.minus is not None:
                yield (*path, "minus"), agg.minus
            if agg.scale is not None:
                yield (*path, "scale", "numerator"), agg.scale.numerator
                yield (*path, "scale", "denominator"), agg.scale.denominator


def _aggregate(path: tuple[str, ...], agg: Aggregate) -> Iterator[Found]:
    """Yield what is wrong with one aggregate: table, columns, period, condition."""
    tables = columns_by_table()
    if agg.from_ not in tables:
        yield (*path, "from"), "table", f"unknown table {agg.from_!r}; known: {', '.join(tables)}"
        return
    kinds = KINDS.get(agg.from_, YEARS_ONLY)
    if agg.period not in kinds:
        yield (
            (*path, "period"),
            "period",
            f"{agg.from_!r} has no period {agg.period!r}; write one of {', '.join(sorted(kinds))}",
        )
        return
    if agg.period_by and agg.period != "year":
        yield (*path, "period"), "period", "rows placed by a date have period 'year' only"
    columns = tables[agg.from_]
    wanted = {*agg.columns, *([agg.period_by] if agg.period_by else [])}
    if unknown := sorted(wanted - set(columns)):
        yield path, "column", f"unknown column {', '.join(unknown)} in {agg.from_!r}"
    if agg.aggregate in ("person_years", "person_days") and agg.from_ != "sager":
        yield path, "aggregate", "persons' time is counted from 'sager' only"
    if agg.from_ == "befolkning" and (agg.sum != "antal" or agg.where or not agg.age):
        yield path, "population", "inhabitants are counted by sum = 'antal' and age, nothing else"
    if agg.where is not None:
        yield from _condition((*path, "where"), agg)


def _condition(path: tuple[str, ...], agg: Aggregate) -> Iterator[Found]:
    """Yield why a condition is no condition: it must give a Boolean for every row, row by row."""
    text = agg.where or ""
    if re.search(r"\bselect\b|;|--|/\*", text, re.IGNORECASE):
        yield path, "condition", "a condition only compares: no SELECT, ';' or comments"
        return
    frame = empty().placed(agg.from_, kind_of(agg), agg.period_by).clear()
    try:
        result = frame.select(pl.sql_expr(text).alias("_"))
    except Exception as error:  # noqa: BLE001 - whatever Polars raises is the author's mistake
        yield path, "condition", str(error).splitlines()[0]
        return
    if result.height != 0:
        yield path, "condition", "a condition looks at one row: no sums or counts"
    elif result.dtypes[0] != pl.Boolean():
        yield path, "condition", f"gives {result.dtypes[0]}, not true or false"


def _words(indicator: Indicator) -> Iterator[Found]:
    """Yield texts that are empty in a language, and placeholders that do not exist."""
    named: list[tuple[tuple[str, ...], Texts | None]] = [
        (("title",), indicator.title),
        (("question",), indicator.question),
        (("description",), indicator.description),
        (("statement",), indicator.statement),
        (("caveat",), indicator.caveat),
    ]
    named += [(("levels", level), words) for level, words in indicator.levels.items()]
    for outcome in ("weak", "strong", "attention"):
        finding = getattr(indicator.finding, outcome)
        if finding is not None:
            for part in ("observation", "question", "recommendation", "first_step"):
                named.append((("finding", outcome, part), getattr(finding, part)))
    for path, words in named:
        if words is None:
            continue
        for lang in ("da", "en"):
            text = getattr(words, lang)
            if not text.strip():
                yield (*path, lang), "translation", f"the text is empty in {lang!r}"
            unknown = sorted(set(re.findall(r"\{(\w*)\}", text)) - PLACEHOLDERS)
            if unknown:
                known = ", ".join(sorted(PLACEHOLDERS))
                yield (*path, lang), "placeholder", f"unknown {unknown}; known: {known}"


def _sense(indicator: Indicator) -> Iterator[Found]:
    """Yield what contradicts itself."""
    unit = next((u for u in load_facts().unit if u.id == indicator.unit), None)
    if unit and unit.kind == "money" and not (indicator.price_basis and indicator.refund):
        yield ("unit",), "money", "a figure in kroner needs price_basis and refund"
    if indicator.better == "target" and indicator.target is None:
        own = any(s.method == "target" for s in indicator.scoring)
        if not own:
            yield ("better",), "target", "better = 'target' needs a target"
    for n, scoring in enumerate(indicator.scoring):
        if scoring.method != "goalposts":
            continue
        up = scoring.best > scoring.worst
        if scoring.best == scoring.worst or up != (indicator.better == "higher"):
            ends = f"worst {scoring.worst:g} and best {scoring.best:g}"
            yield ("scoring", n), "goalposts", f"{ends} contradict better = {indicator.better!r}"
    if indicator.better != "context" and indicator.weight == 0:
        yield ("weight",), "weight", "a scored indicator needs a weight above 0"
    if indicator.kind == "practice":
        yield from _practice(indicator)
    if len(indicator.test) < 2:
        yield ("test",), "tests", "at least two worked cases are needed"


def _practice(indicator: Indicator) -> Iterator[Found]:
    """Yield what keeps a statement from being asked and measured the same way everywhere."""
    if indicator.value.numerator.where != f"udsagn = '{indicator.id}'":
        yield (
            ("value", "numerator", "where"),
            "practice",
            f"a statement measures its own answers; write \"udsagn = '{indicator.id}'\"",
        )
    if missing := sorted({"1", "3", "5"} - set(indicator.levels)):
        yield ("levels",), "practice", f"describe level {', '.join(missing)}"


@cache
def empty() -> Prepared:
    """Return prepared tables without rows: every table with every column."""
    return prepared_case({}, date(2025, 9, 30), (2025,))


@cache
def columns_by_table() -> dict[str, dict[str, pl.DataType]]:
    """Return the columns an author may name, per table, and their dtypes."""
    ready = empty()
    tables = [s.id for s in load_spec().sheet if not s.keyvalue] + [
        "cases",
        "citizen_years",
        "goals",
    ]
    hidden = {"raekke", "kolonne", "fra_dag", "til_dag", "alene", "enhedspris", "maengde"}
    found = {}
    for table in tables:
        kinds = KINDS.get(table, YEARS_ONLY)
        columns: dict[str, pl.DataType] = {}
        for kind in sorted(kinds):
            columns |= ready.placed(table, kind).schema
        found[table] = {
            c: d for c, d in columns.items() if c not in hidden and not c.endswith("_exact")
        }
    return found


def prepared_case(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], as_of: date, years: Sequence[int]
) -> Prepared:
    """Return literal rows ready to be measured; sheets that are not given are empty."""
    spec = load_spec()
    frames = {
        s.id: from_rows(tables[s.id], s) if s.id in tables else gate(pl.DataFrame(), s)
        for s in spec.sheet
        if not s.keyvalue
    }
    who = Municipality("000", "Prøve", as_of, as_of.year)
    if "sager" in tables:
        frames["sager"] = frames["sager"].with_columns(
            pl.coalesce("sag_id", pl.format("sag-{}", "raekke")).alias("sag_id"),
            pl.coalesce("borger_id", pl.format("borger-{}", "raekke")).alias("borger_id"),
        )
    sources = {k: Source(k) for k in frames}
    given = {"goals": pl.DataFrame(tables.get("goals", []), schema=GOALS)}
    return prepare(Tables(who, frames, sources), load_facts(), years=years, given=given)


def prove(indicator: Indicator, test: IndicatorTest) -> Iterator[str]:
    """Yield where a worked case does not come out as expected; nothing where it holds."""
    years = sorted({int(y) for y in test.expect})
    as_of = test.as_of or date(years[-1], 12, 31)
    first = test.first_year or min(years[0], as_of.year) - _years_back(indicator)
    span = range(first, max(years[-1], as_of.year) + 1)
    try:
        figures = measure_one(prepared_case(test.tables, as_of, tuple(span)), indicator)
    except (ContractError, pl.exceptions.PolarsError, TypeError, KeyError) as error:
        yield str(error).splitlines()[0]
        return
    found = {str(f.year): f for f in figures}
    for year, expected in test.expect.items():
        figure = found.get(year)
        if figure is None:
            yield f"{year}: expected {expected}, but there is no figure for the year"
        elif isinstance(expected, str):
            if figure.absence != expected:
                yield f"{year}: expected {expected!r}, found {figure.absence or figure.value!r}"
        elif figure.value is None or not math.isclose(
            figure.value, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE
        ):
            yield f"{year}: expected {expected!r}, found {figure.absence or figure.value!r}"


def _years_back(indicator: Indicator) -> int:
    lags = [a.lag for a in indicator.value.aggregates]
    return max([*lags, (indicator.value.window or 1) - 1])
