"""Wrong versions of a definition: each must break one of its worked cases.

Run `python tests/mutants.py [ID …]` to list the mutants that survive.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from styring.check.cases import prove
from styring.check.figure import KINDS, aggregate_rules
from styring.definitions import Definition, load_definitions
from styring.model import Indicator
from styring.prepare import STATE_TABLES

INDICATORS = Path(__file__).resolve().parents[1] / "indicators"
SWAPS = {
    "sum": ["mean", "median"],
    "mean": ["median", "sum"],
    "median": ["mean"],
    "count": ["person_years"],
    "person_years": ["count", "person_days"],
    "person_days": ["person_years"],
}
Data = dict[str, Any]
Mutant = tuple[str, Data]
"""What was changed, and the changed part of a definition."""


def mutants(indicator: Indicator) -> Iterator[tuple[str, Indicator]]:
    """Yield each wrong version of a definition with a word on what was changed."""
    data = indicator.model_dump(by_alias=True, exclude_unset=True)
    for what, value in _value_mutants(data["value"]):
        try:
            wrong = Indicator.model_validate({**data, "value": value})
        except ValidationError:
            continue
        if not any(True for a in wrong.value.aggregates for _ in aggregate_rules(("value",), a)):
            yield what, wrong


def _value_mutants(value: Data) -> Iterator[Mutant]:
    yield from _part_mutants(value)
    yield from _setting_mutants(value)
    yield from _form_mutants(value)


def _part_mutants(value: Data) -> Iterator[Mutant]:
    """Yield what is wrong in the numerator or the denominator."""
    shares = value.get("reduce") == "diversity"
    for part, other in (("numerator", "denominator"), ("denominator", "numerator")):
        if part not in value:
            continue
        for what, agg in _aggregate_mutants(value[part], shares=shares):
            if not _same_anyway(value, value[part], agg, value.get(other, {})):
                yield f"{part}: {what}", {**value, part: agg}


def _setting_mutants(value: Data) -> Iterator[Mutant]:
    """Yield settings left out or moved."""
    if window := value.get("window"):
        yield "window + 1", {**value, "window": window + 1}
        yield "window - 1", {**value, "window": window - 1}
    if (limit := value.get("limit")) is not None:
        yield "limit raised", {**value, "limit": limit + 0.5}
        yield "limit lowered", {**value, "limit": limit - 0.5}
    if multiplier := value.get("multiplier"):
        yield "multiplier", {**value, "multiplier": multiplier * 10}
    if value.get("deflate"):
        yield "not deflated", {**value, "deflate": False}
    if value.get("common"):
        yield "not common", _without(value, "common")


def _form_mutants(value: Data) -> Iterator[Mutant]:
    """Yield other forms, and other ways to bring many figures down to one."""
    form, reduce = value["form"], value.get("reduce")
    if reduce and reduce != "count_at_most":
        for other in ("mean", "mean_abs", "max_step", "diversity"):
            if other != reduce:
                yield f"reduce = {other}", {**value, "reduce": other}
    if form == "amount" or reduce == "max_step":
        return  # steps between x / d - 1 are the steps between x / d
    for other in ("ratio", "relative", "growth"):
        if other != form:
            yield f"form = {other}", {**value, "form": other}


def _same_anyway(value: Data, agg: Data, wrong: Data, other: Data) -> bool:
    """Return whether a mutant cannot differ from the definition, whatever the rows.

    `year` and `whole_year` of the ledger differ in an unfinished year only: not where the other
    side is whole-year accounts, absent in such a year, and not where a lag looks at earlier years.
    A duration is known to the as-of date in both.
    `year` and `to_date` are the same in the current year of a figure that looks at the ledger. Once
    the ledger is prepared, forecasts are the only rows with a follow-up date.
    """
    if value.get("over") == "opfoelgning" and "where" not in wrong:
        return True
    periods = {agg.get("period", "year"), wrong.get("period", "year")}
    beside = other.get("period") == "whole_year" and "'regnskab'" in other.get("where", "")
    lagged = bool(agg.get("lag"))
    current = bool(value.get("current_only"))
    known = bool(agg.get("median_time"))
    return (periods == {"year", "whole_year"} and (beside or lagged or known)) or (
        periods == {"year", "to_date"} and current
    )


def _aggregate_mutants(agg: Data, *, shares: bool = False) -> Iterator[Mutant]:
    """Yield the wrong versions of an aggregate; of shares, days and years are alike."""
    yield from _condition_mutants(agg)
    yield from _way_mutants(agg, shares=shares)
    if agg.get("period_by"):
        yield "no period_by", _without(agg, "period_by")
    yield from _scale_mutants(agg)
    if agg.get("minus"):
        yield "no minus", _without(agg, "minus")
        for what, less in _aggregate_mutants(agg["minus"]):
            yield f"minus: {what}", {**agg, "minus": less}
    if agg.get("lag"):
        yield "no lag", _without(agg, "lag")
    if agg.get("age"):
        low, high = agg["age"]
        yield "older", {**agg, "age": (low + 7, high)}
        yield "younger", {**agg, "age": (low, high - 25)}
    yield from _period_mutants(agg)


def _way_mutants(agg: Data, *, shares: bool) -> Iterator[Mutant]:
    """Yield other ways to count or add up."""
    for way, others in SWAPS.items():
        if isinstance(agg.get(way), str):
            for other in others:
                yield f"{other} for {way}", {**_without(agg, way), other: agg[way]}
    if agg.get("aggregate") and not shares:
        for other in SWAPS[agg["aggregate"]]:
            yield other, {**agg, "aggregate": other}
    if agg.get("count_unique"):
        yield "count", {**_without(agg, "count_unique"), "aggregate": "count"}
    if agg.get("quantile"):
        yield "quantile", {**agg, "quantile": {**agg["quantile"], "p": 0.5}}


def _scale_mutants(agg: Data) -> Iterator[Mutant]:
    """Yield what is wrong in either side of a scale."""
    if not (scale := agg.get("scale")):
        return
    for side in ("numerator", "denominator"):
        for what, part in _aggregate_mutants(scale[side]):
            if what == "period = year" and scale[side].get("period") == "to_date":
                continue  # the same in the current year, and scales are of the current year
            yield f"scale {side}: {what}", {**agg, "scale": {**scale, side: part}}


def _period_mutants(agg: Data) -> Iterator[Mutant]:
    """Yield other parts of the year, where the table has any."""
    if agg["from"] not in STATE_TABLES:
        for kind in sorted(KINDS.get(agg["from"], frozenset()) - {agg.get("period", "year")}):
            yield f"period = {kind}", {**agg, "period": kind}


def _condition_mutants(agg: Data) -> Iterator[Mutant]:
    where = agg.get("where")
    if not where:
        return
    yield "no condition", _without(agg, "where")
    parts = re.split(r"\s+AND\s+(?![^(]*\))", where)
    if len(parts) > 1:
        for n, part in enumerate(parts):
            rest = " AND ".join(p for m, p in enumerate(parts) if m != n)
            yield f"without {part!r}", {**agg, "where": rest}
    for literal in sorted(set(re.findall(r"'([^']*)'", where))):
        yield f"{literal!r} mistyped", {**agg, "where": where.replace(f"'{literal}'", "'x'")}


def _without(data: Data, key: str) -> Data:
    return {k: v for k, v in data.items() if k != key}


def survivors(indicator: Indicator) -> list[str]:
    """Return what could be changed in a definition without any of its cases noticing."""
    return [
        what
        for what, wrong in mutants(indicator)
        if not any(True for t in wrong.test for _ in prove(wrong, t))
    ]


def main(ids: list[str]) -> int:
    """Print the survivors of the definitions named (all, where none is)."""
    found, problems = load_definitions(INDICATORS)
    for problem in problems:
        print(problem)
    chosen: list[Definition] = [d for d in found if not ids or d.indicator.id in ids]
    left = 0
    for d in chosen:
        for what in survivors(d.indicator):
            left += 1
            print(f"{d.indicator.id}: {what}")
    print(f"{len(chosen)} definitions, {left} mutants survive")
    return 1 if left or problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
