"""Rows for tests of the arithmetic: a case, an amount, tables ready to be measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import polars as pl
from hypothesis import settings

from styring import cases
from styring.check.cases import prepared_case
from styring.definitions import desk, load_catalogue
from styring.measure import Figure, measure_one
from styring.model import Catalogue, Indicator
from styring.prepare import Prepared

Row = dict[str, Any]

NEW_YEAR, NEW_YEARS_EVE = date(2024, 1, 1), date(2024, 12, 31)
AS_OF = date(2025, 9, 30)
steady = settings(
    derandomize=True, deadline=None, database=None, max_examples=30, report_multiple_bugs=False
)
"""The same examples on every run."""


def case(**changes: Any) -> Row:
    """Return a case row: § 108, 1,000 kr. a day from 1 January 2024, open, a citizen of its own."""
    plain = {"paragraf": "108", "startdato": NEW_YEAR, "pris": 1000.0, "enhed": "døgn"}
    return {**plain, **changes}


def several(count: int, **changes: Any) -> list[Row]:
    """Return the case rows of so many citizens, alike but for their ids."""
    name = changes.pop("name", "B")
    return [case(borger_id=f"{name}{n}", sag_id=f"S-{name}{n}", **changes) for n in range(count)]


def amount(beloeb: float, version: str = "regnskab", aar: int = 2024, **changes: Any) -> Row:
    """Return a ledger row of function 5.38.50, accounts of the whole of 2024."""
    return {"funktion": "5.38.50", "version": version, "aar": aar, "beloeb": beloeb, **changes}


def answers(udsagn: str, styringscenter: str, scores: Iterable[int | None]) -> list[Row]:
    """Return one centre's answers to a statement, each by a respondent of its own."""
    return [
        {
            "udsagn": udsagn,
            "respondent": f"{styringscenter}-{n}",
            "styringscenter": styringscenter,
            "score": score,
        }
        for n, score in enumerate(scores)
    ]


def inhabitants(antal: int, aar: int = 2024, low: int = 18, high: int | None = 64) -> Row:
    """Return a row of the population sheet: 18–64-year-olds of 2024, counted."""
    band = {"aar": aar, "alder_fra": low, "alder_til": high, "antal": antal}
    return {**band, "type": "faktisk"}


def ready(
    as_of: date = NEW_YEARS_EVE, years: Sequence[int] | None = None, **tables: Sequence[Row]
) -> Prepared:
    """Return rows ready to be measured; by default of the as-of date's year."""
    return prepared_case(tables, as_of, years or (as_of.year,))


def indicator(numerator: Row, denominator: Row | None = None, **changes: Any) -> Indicator:
    """Return a definition of two aggregates; `form`, `over` and such go into its value."""
    inside = ("form", "over", "window", "reduce", "limit", "multiplier", "deflate", "common",
              "current_only")  # fmt: skip
    value: Row = {k: changes.pop(k) for k in inside if k in changes}
    value = {"form": "ratio" if denominator else "amount", "numerator": numerator, **value}
    if denominator:
        value["denominator"] = denominator
    words = {"da": "Prøve", "en": "Trial"}
    plain: Row = {
        "id": "proeve", "version": 1, "centre": "oekonomisk-finansiel", "dimension": "oekonomi",
        "unit": "procent", "better": "context", "title": words, "question": words,
        "description": words, "source": "tests",
    }  # fmt: skip
    return Indicator.model_validate({**plain, "value": value, **changes})


@cache
def shipped() -> Catalogue:
    """Return the definitions that come with styring."""
    return load_catalogue(desk("indicators"))


def measured(
    definition: Indicator | str,
    tables: Prepared,
    *,
    year: int | None = None,
    by: str | None = None,
    group: str | None = None,
) -> Figure:
    """Return one figure of a definition: by default of the accounting year, in all."""
    found = shipped()[definition] if isinstance(definition, str) else definition
    year = year or tables.who.accounting_year
    figures = measure_one(tables, found, by)
    return next(f for f in figures if f.year == year and f.group == group)


def exact(cost: int) -> Fraction:
    """Return an exact cost in kroner."""
    return Fraction(cost, cases.COST_SCALE)


def costs(frame: pl.DataFrame, *keys: str) -> Mapping[tuple[Any, ...], Fraction]:
    """Return the exact cost of the rows of a frame added up by some columns, in a plain loop."""
    found: dict[tuple[Any, ...], Fraction] = {}
    for *key, cost in frame.select(*keys, "udgift_exact").iter_rows():
        found[tuple(key)] = found.get(tuple(key), Fraction(0)) + exact(cost or 0)
    return found


def cost(rows: Sequence[Row], year: int = 2024, as_of: date | None = None) -> Fraction:
    """Return what case rows cost in a year, to the as-of date where it is given."""
    tables = ready(as_of or date(year, 12, 31), (year,), sager=rows)
    return sum(costs(tables.placed("sager", "year"), "raekke").values(), Fraction(0))


def person_days(rows: Sequence[Row], year: int = 2024) -> int:
    """Return the person-days of case rows in a year."""
    frame = ready(date(year, 12, 31), (year,), sager=rows).placed("sager", "year")
    return int(cases.person_days(frame.lazy()).collect(engine="in-memory")["persondage"].sum())
