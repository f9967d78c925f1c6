"""Rules on the figure itself: table, column, condition, unit, type, scoring."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache

import polars as pl

from styring.aggregate import kind_of
from styring.check.cases import empty
from styring.check.rules import PERSON_TABLES, Found, aggregates, choose
from styring.definitions import load_facts, load_spec
from styring.errors import Texts
from styring.model import Aggregate, Indicator, PeriodKind, Value
from styring.prepare import CASE_TABLES, STATE_TABLES
from styring.privacy import is_small
from styring.problem import Path

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
FUNCTIONS = frozenset({
    "date", "in", "and", "or", "not", "between", "like", "ilike", "coalesce", "lower", "upper",
    "abs", "extract", "case", "when", "then", "else", "is",
})  # fmt: skip
"""Words of a condition that a parenthesis may follow."""
_CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_MORE = re.compile(r"\b(select|from|join|union|with)\b|;|--|/\*", re.IGNORECASE)


def figure_rules(indicator: Indicator) -> Iterator[Found]:
    """Yield what is wrong with how a figure is computed, shown and judged."""
    yield from _references(indicator)
    for path, agg in aggregates(indicator):
        yield from aggregate_rules(path, agg)
    yield from _kind(indicator)
    yield from _basis(indicator)
    yield from _scoring(indicator)


def _references(i: Indicator) -> Iterator[Found]:
    """Yield ids that the facts shelf does not hold."""
    facts = load_facts()
    units, dimensions = [u.id for u in facts.unit], [d.id for d in facts.dimension]
    if i.unit not in units:
        message = Texts(f"Enheden {i.unit!r} findes ikke.", f"There is no unit {i.unit!r}.")
        yield Found(("unit",), "unit", message, choose(units))
    if i.dimension not in dimensions:
        message = Texts(
            f"Dimensionen {i.dimension!r} findes ikke.", f"There is no dimension {i.dimension!r}."
        )
        yield Found(("dimension",), "dimension", message, choose(dimensions))


def aggregate_rules(path: Path, agg: Aggregate) -> Iterator[Found]:
    """Yield what is wrong with one aggregate: table, columns, period, condition."""
    tables = columns_by_table()
    if agg.from_ not in tables:
        message = Texts(f"Tabellen {agg.from_!r} findes ikke.", f"There is no table {agg.from_!r}.")
        yield Found((*path, "from"), "table", message, choose(tables))
        return
    kinds = KINDS.get(agg.from_, YEARS_ONLY)
    if agg.period not in kinds:
        message = Texts(
            f"{agg.from_!r} har ikke perioden {agg.period!r}.",
            f"{agg.from_!r} has no period {agg.period!r}.",
        )
        yield Found((*path, "period"), "period", message, choose(sorted(kinds)))
        return
    if agg.period_by and agg.period != "year":
        message = Texts(
            "Rækker, der placeres efter en dato, har kun perioden 'year'.",
            "Rows placed by a date have the period 'year' only.",
        )
        yield Found((*path, "period"), "period", message, choose(["year"]))
    columns = tables[agg.from_]
    for name in (*agg.columns, *([agg.period_by] if agg.period_by else [])):
        if name not in columns:
            message = Texts(
                f"Kolonnen {name!r} findes ikke i {agg.from_!r}.",
                f"There is no column {name!r} in {agg.from_!r}.",
            )
            yield Found((*path, _key_of(agg, name)), "column", message, _near(name, columns), name)
    if agg.aggregate in ("person_years", "person_days") and agg.from_ != "sager":
        message = Texts(
            "Personers tid tælles kun fra 'sager'.", "Persons' time is counted from 'sager' only."
        )
        yield Found(
            (*path, "aggregate"),
            "aggregate",
            message,
            Texts(
                'Skriv from = "sager", eller tæl på en anden måde.',
                'Write from = "sager", or count another way.',
            ),
        )
    if agg.from_ == "befolkning" and (agg.sum != "antal" or agg.where or not agg.age):
        message = Texts(
            "Indbyggere tælles kun efter alder.", "Inhabitants are counted by age only."
        )
        hint = Texts(
            'Skriv sum = "antal" og age = [18, 64].', 'Write sum = "antal" and age = [18, 64].'
        )
        yield Found(path, "population", message, hint)
    if agg.where is not None:
        yield from _condition((*path, "where"), agg)


def _key_of(agg: Aggregate, column: str) -> str:
    """Return the key under which an aggregate names a column."""
    keys = ("sum", "count_unique", "mean", "median", "quantile", "median_time", "period_by")
    return next((k for k in keys if column in str(getattr(agg, k) or "")), "from")


def _near(name: str, known: Mapping[str, object]) -> Texts:
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return Texts(f"Mener du {near[0]!r}?", f"Do you mean {near[0]!r}?") if near else choose(known)


def _condition(path: Path, agg: Aggregate) -> Iterator[Found]:
    """Yield why a condition is no condition: it must give a Boolean for every row, row by row."""
    text = agg.where or ""
    bare = _QUOTED.sub("''", text)
    only = Texts(
        "Skriv en sammenligning af rækkens kolonner, fx \"paragraf = '108'\".",
        "Write a comparison of the row's columns, e.g. \"paragraf = '108'\".",
    )
    if more := _MORE.search(bare):
        message = Texts(
            f"En betingelse sammenligner kun; {more[0]!r} hører ikke til.",
            f"A condition only compares; {more[0]!r} does not belong.",
        )
        yield Found(path, "condition", message, only, more[0] if more[0].isalpha() else "")
        return
    for call in _CALL.finditer(bare):
        if call[1].lower() not in FUNCTIONS:
            message = Texts(
                f"En betingelse sammenligner kun; funktionen {call[1]!r} hører ikke til.",
                f"A condition only compares; the function {call[1]!r} does not belong.",
            )
            yield Found(path, "condition", message, only, call[1])
            return
    columns = columns_by_table()[agg.from_]
    try:
        expression = pl.sql_expr(text)
        names = expression.meta.root_names()
        for name in names:
            if name not in columns:
                message = Texts(
                    f"Kolonnen {name!r} findes ikke i {agg.from_!r}.",
                    f"There is no column {name!r} in {agg.from_!r}.",
                )
                yield Found(path, "condition", message, _near(name, columns), name)
                return
        frame = empty().placed(agg.from_, kind_of(agg), agg.period_by).clear()
        result = frame.select(expression.alias("_"))
    except Exception as error:  # noqa: BLE001 - whatever Polars raises is the author's mistake
        said = str(error).splitlines()[0]
        message = Texts(
            f"Betingelsen kan ikke læses: {said}", f"The condition cannot be read: {said}"
        )
        yield Found(path, "condition", message, only)
        return
    if result.height != 0 or result.dtypes[0] != pl.Boolean():
        message = Texts(
            "Betingelsen giver ikke sandt eller falsk for hver række.",
            "The condition does not give true or false for each row.",
        )
        yield Found(path, "condition", message, only)


@cache
def columns_by_table() -> dict[str, dict[str, pl.DataType]]:
    """Return the columns an author may name, per table, and their dtypes."""
    ready = empty()
    tables = [s.id for s in load_spec().sheet if not s.keyvalue]
    hidden = {"raekke", "kolonne", "fra_dag", "til_dag", "alene", "enhedspris", "maengde"}
    found = {}
    for table in [*tables, "cases", "citizen_years", "goals"]:
        columns: dict[str, pl.DataType] = {}
        for kind in sorted(KINDS.get(table, YEARS_ONLY)):
            columns |= ready.placed(table, kind).schema
        found[table] = {
            c: d for c, d in columns.items() if c not in hidden and not c.endswith("_exact")
        }
    return found


def _kind(i: Indicator) -> Iterator[Found]:
    """Yield a value type, interval or pair of sides that do not fit."""
    value = i.value
    if value.denominator is not None and value.denominator == value.numerator:
        message = Texts(
            "Tæller og nævner er ens; tallet er altid det samme.",
            "Numerator and denominator are the same; so is the figure always.",
        )
        yield Found(("value", "denominator"), "sides", message)
    for name, side, agg in (
        ("numerator", i.numerator, value.numerator),
        ("denominator", i.denominator, value.denominator),
    ):
        if i.numerator and (side is None) != (agg is None):
            message = Texts(
                f"[{name}] og [value.{name}] hører sammen.",
                f"[{name}] and [value.{name}] go together.",
            )
            hint = Texts("Beskriv begge sider, eller ingen.", "Describe both, or neither.")
            yield Found((name,), "sides", message, hint)
    fact = next((t for t in load_facts().value_type if t.id == i.value_type), None)
    unit = next((u for u in load_facts().unit if u.id == i.unit), None)
    if fact is None:
        return
    if unit is not None and unit.kind not in fact.units:
        message = Texts(
            f"Typen {fact.id!r} passer ikke til enheden {i.unit!r}.",
            f"The type {fact.id!r} does not fit the unit {i.unit!r}.",
        )
        yield Found(("value_type",), "value-type", message, choose(_fitting(value, unit.kind)))
    elif fact.id not in _types_of(value):
        message = Texts(
            f"Typen {fact.id!r} passer ikke til formen {value.form!r}.",
            f"The type {fact.id!r} does not fit the form {value.form!r}.",
        )
        yield Found(("value_type",), "value-type", message, choose(_types_of(value)))
    if i.interval not in fact.intervals:
        message = Texts(
            f"Intervallet {i.interval!r} passer ikke til typen {fact.id!r}.",
            f"The interval {i.interval!r} does not fit the type {fact.id!r}.",
        )
        yield Found(("interval",), "interval", message, choose(fact.intervals))


def _types_of(value: Value) -> tuple[str, ...]:
    """Return the value types that a form can be of."""
    if value.reduce:
        return ("index", "mean", "count", "change", "proportion")
    top = value.numerator
    if value.form in ("relative", "growth"):
        return ("change",)
    if value.form == "amount":
        middle = [k for k in ("mean", "median") if getattr(top, k)]
        if top.median_time:
            return ("median",)
        return (
            (middle[0],) if middle else ("index",) if top.quantile else ("amount", "count", "mean")
        )
    return ("proportion", "rate", "ratio", "index", "change", "count", "mean")


def _fitting(value: Value, kind: str) -> list[str]:
    return [t.id for t in load_facts().value_type if kind in t.units and t.id in _types_of(value)]


def _basis(i: Indicator) -> Iterator[Found]:
    """Yield kroner and persons that do not say which."""
    unit = next((u for u in load_facts().unit if u.id == i.unit), None)
    if unit and unit.kind == "money" and not (i.price_basis and i.refund):
        message = Texts(
            "Et tal i kroner skal have prisniveau og refusion.",
            "A figure in kroner needs price level and refund basis.",
        )
        hint = Texts(
            'Skriv price_basis = "løbende" og refund = "før" eller "efter".',
            'Write price_basis = "løbende" and refund = "før" or "efter".',
        )
        yield Found(("unit",), "money", message, hint)
    if not i.age_group and {a.from_ for a in i.value.aggregates} & PERSON_TABLES:
        message = Texts(
            "Tallet handler om borgere og siger ikke, hvilke aldre.",
            "The figure is about citizens and does not say which ages.",
        )
        hint = Texts(
            'Skriv fx age_group = "18-64" eller "alle".',
            'Write e.g. age_group = "18-64" or "alle".',
        )
        yield Found(("id",), "age-group", message, hint)
    if i.min_count and is_small(i.min_count):
        message = Texts(
            f"min_count = {i.min_count} er under grænsen for små tal.",
            f"min_count = {i.min_count} is below the floor for small numbers.",
        )
        yield Found(
            ("min_count",), "min-count", message, Texts("Skriv 5 eller mere.", "Write 5 or more.")
        )


def _scoring(i: Indicator) -> Iterator[Found]:
    """Yield scoring that contradicts itself."""
    if i.better == "target" and i.target is None and all(s.method != "target" for s in i.scoring):
        message = Texts(
            "better = 'target' skal have et target.", "better = 'target' needs a target."
        )
        yield Found(
            ("better",),
            "target",
            message,
            Texts("Skriv fx target = 0.0.", "Write e.g. target = 0.0."),
        )
    for n, scoring in enumerate(i.scoring):
        if scoring.method != "goalposts":
            continue
        up = scoring.best > scoring.worst
        if scoring.best == scoring.worst or up != (i.better == "higher"):
            ends = f"worst {scoring.worst:g}, best {scoring.best:g}"
            message = Texts(
                f"Endepunkterne ({ends}) passer ikke til better = {i.better!r}.",
                f"The goalposts ({ends}) contradict better = {i.better!r}.",
            )
            hint = Texts(
                "Byt worst og best om, eller ret better.", "Swap worst and best, or mend better."
            )
            yield Found(("scoring", n, "worst"), "goalposts", message, hint)
    if i.better != "context" and i.weight == 0:
        message = Texts(
            "Et tal, der vurderes, skal veje mere end 0.", "A scored figure weighs more than 0."
        )
        yield Found(
            ("weight",), "weight", message, Texts("Skriv fx weight = 1.", "Write e.g. weight = 1.")
        )
    wanted = ("attention",) if i.better == "context" else ("weak", "strong")
    for outcome in ("weak", "strong", "attention"):
        there = getattr(i.finding, outcome) is not None
        if outcome in wanted and not there and i.change:
            message = Texts(
                f"better = {i.better!r} skal have [finding.{outcome}].",
                f"better = {i.better!r} needs [finding.{outcome}].",
            )
            yield Found(("better",), "polarity", message)
        if there and i.better == "context" and outcome != "attention":
            message = Texts(
                f"Et belysende tal er aldrig svagt eller stærkt; [finding.{outcome}] bruges ikke.",
                f"A context figure is never weak or strong; [finding.{outcome}] is not used.",
            )
            hint = Texts("Brug [finding.attention].", "Use [finding.attention].")
            yield Found(("finding", outcome), "polarity", message, hint)
