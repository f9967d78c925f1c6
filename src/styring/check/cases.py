"""Worked cases: the rows of a case in, what does not come out as expected out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from styring.check.rules import Found
from styring.definitions import load_facts, load_spec
from styring.errors import ContractError, Texts, texts
from styring.measure import measure_one
from styring.model import Indicator, IndicatorTest
from styring.prepare import Prepared, prepare
from styring.tables import Municipality, Source, Tables, from_rows, gate

GOALS = {
    "indikator": pl.String(),
    "aar": pl.Int64(),
    "maalvaerdi": pl.Float64(),
    "vaerdi": pl.Float64(),
    "naaet": pl.Boolean(),
}
TOLERANCE = 1e-9
LEAST_CASES = 3
CODES = frozenset({"text", "code", "paragraph", "function"})


def case_rules(indicator: Indicator) -> Iterator[Found]:
    """Yield the worked cases that are missing, badly written, or do not hold."""
    yield from _enough(indicator)
    quoted = list(_quoted(indicator))
    yield from quoted
    if quoted:
        return
    for n, test in enumerate(indicator.test):
        for said in prove(indicator, test):
            message = Texts(f"{test.name}: {said.da}", f"{test.name}: {said.en}")
            yield Found(("test", n, "expect"), "test", message)


def _enough(i: Indicator) -> Iterator[Found]:
    """Yield what no worked case shows: the missing, a zero denominator, a threshold."""
    expected = [v for t in i.test for v in t.expect.values()]
    where = ("test", 0) if i.test else ("id",)
    if len(i.test) < LEAST_CASES:
        message = Texts(
            f"Der er {len(i.test)} prøver; der skal mindst være tre.",
            f"There are {len(i.test)} worked cases; at least three are needed.",
        )
        yield Found(
            where,
            "tests",
            message,
            Texts(
                "Regn det normale, nul i nævneren og det manglende ud i hånden.",
                "Work out the normal, a zero denominator and the missing by hand.",
            ),
        )
        return
    if i.value.denominator and "zero_denominator" not in expected:
        message = Texts("Ingen prøve har nul i nævneren.", "No worked case has a zero denominator.")
        yield Found(
            where,
            "tests",
            message,
            Texts(
                'Tilføj en [[test]], der venter "zero_denominator".',
                'Add a [[test]] that expects "zero_denominator".',
            ),
        )
    if not any(isinstance(v, str) and v != "zero_denominator" for v in expected):
        message = Texts(
            "Ingen prøve har noget, der mangler.", "No worked case has something missing."
        )
        yield Found(
            where,
            "tests",
            message,
            Texts(
                'Tilføj en [[test]], der venter "not_reported".',
                'Add a [[test]] that expects "not_reported".',
            ),
        )
    numbers = [float(v) for v in expected if not isinstance(v, str)]
    for name, marks in thresholds(i):
        if not any(_same(v, m) for v in numbers for m in marks):
            at = " / ".join(f"{m:g}" for m in marks)
            message = Texts(
                f"Ingen prøve ligger på grænsen {name} ({at}).",
                f"No worked case lies on the threshold {name} ({at}).",
            )
            yield Found(where, "tests", message)


def thresholds(i: Indicator) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield the thresholds of a definition as the figures that lie on them."""
    for scoring in i.scoring:
        if scoring.method == "goalposts":
            for name, end in (("worst", scoring.worst), ("best", scoring.best)):
                middle = i.target or 0.0
                target = i.better == "target"
                yield name, (middle - end, middle + end) if target else (end,)
    attention = i.finding.attention
    for name in ("above", "below"):
        if attention is not None and (mark := getattr(attention, name)) is not None:
            yield name, (mark,)


def _same(x: float, y: float) -> bool:
    return math.isclose(x, y, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _quoted(i: Indicator) -> Iterator[Found]:
    """Yield codes in the rows of worked cases that are numbers."""
    spec = {s.id: {c.id: c.type for c in s.column} for s in load_spec().sheet}
    for n, test in enumerate(i.test):
        for table, rows in test.tables.items():
            types = spec.get(table, {})
            for row in rows:
                for column, value in row.items():
                    if types.get(column) in CODES and not isinstance(value, str):
                        message = Texts(
                            f"{column} = {value} er et tal.", f"{column} = {value} is a number."
                        )
                        hint = Texts(f'Skriv {column} = "{value}".', f'Write {column} = "{value}".')
                        yield Found(
                            ("test", n, f"tables.{table}"),
                            "quoted",
                            message,
                            hint,
                            f"{column} = {value}",
                        )
                        return


@cache
def empty() -> Prepared:
    """Return prepared tables without rows: every table with every column."""
    return prepared_case({}, date(2025, 9, 30), (2025,))


@cache
def _empty_frames() -> dict[str, pl.DataFrame]:
    return {s.id: gate(pl.DataFrame(), s) for s in load_spec().sheet if not s.keyvalue}


def prepared_case(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], as_of: date, years: Sequence[int]
) -> Prepared:
    """Return literal rows ready to be measured; sheets that are not given are empty."""
    frames = dict(_empty_frames())
    for s in load_spec().sheet:
        if s.id in tables and not s.keyvalue:
            frames[s.id] = from_rows(tables[s.id], s)
    who = Municipality("000", "Prøve", as_of, as_of.year)
    if "sager" in tables:
        frames["sager"] = frames["sager"].with_columns(
            pl.coalesce("sag_id", pl.format("sag-{}", "raekke")).alias("sag_id"),
            pl.coalesce("borger_id", pl.format("borger-{}", "raekke")).alias("borger_id"),
        )
    sources = {k: Source(k) for k in frames}
    given = {"goals": pl.DataFrame(tables.get("goals", []), schema=GOALS)}
    return prepare(Tables(who, frames, sources), load_facts(), years=years, given=given)


def prove(indicator: Indicator, test: IndicatorTest) -> Iterator[Texts]:
    """Yield where a worked case does not come out as expected; nothing where it holds."""
    years = sorted({int(y) for y in test.expect})
    as_of = test.as_of or date(years[-1], 12, 31)
    first = test.first_year or min(years[0], as_of.year) - _years_back(indicator)
    span = range(first, max(years[-1], as_of.year) + 1)
    try:
        figures = measure_one(prepared_case(test.tables, as_of, tuple(span)), indicator)
    except (ContractError, pl.exceptions.PolarsError, TypeError, KeyError) as error:
        yield texts(str(error).splitlines()[0])
        return
    found = {str(f.year): f for f in figures}
    for year, expected in test.expect.items():
        figure = found.get(year)
        if figure is None:
            yield Texts(
                f"{year}: ventet {expected!r}, men året har intet tal",
                f"{year}: expected {expected!r}, but there is no figure for the year",
            )
            continue
        wrong = figure.absence != expected
        if not isinstance(expected, str):
            wrong = figure.value is None or not _same(figure.value, expected)
        if wrong:
            got = figure.absence or figure.value
            yield Texts(
                f"{year}: ventet {expected!r}, fundet {got!r}",
                f"{year}: expected {expected!r}, found {got!r}",
            )


def _years_back(indicator: Indicator) -> int:
    lags = [a.lag for a in indicator.value.aggregates]
    return max([*lags, (indicator.value.window or 1) - 1])
