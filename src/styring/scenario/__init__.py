"""Scenarios: what measures do to the cost of the granted cases for this year's rest and the next.

Each measure alone, and all together in the order of the file. A citizen is chosen by one measure
only; prices are changed for those who are still there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Literal

from styring.economy import paragraph_title
from styring.errors import InputError, Texts
from styring.prepare import Prepared
from styring.privacy import LEAST, is_small, mask_cpr
from styring.say import capital, sentence
from styring.scenario.effect import (
    Change,
    Effect,
    Exact,
    State,
    applied,
    cost,
    difference,
    fewest,
    granted,
)
from styring.scenario.file import (
    FollowUp,
    Home,
    Inflow,
    Measure,
    Move,
    Outflow,
    Placed,
    Price,
    Scenario,
    read_scenario,
)
from styring.text import both, counted_texts, decimals_of, number, percent

__all__ = ["Outcome", "Result", "Scenario", "read_scenario", "run", "scenario_for", "yearly"]
Grain = Literal["month", "year", "period", "none"]
GRAINS: tuple[Grain, ...] = ("month", "year", "period", "none")


@dataclass(frozen=True, slots=True)
class Result:
    """What one measure does, or all together; `shown` is the finest that gives nobody away."""

    title: Texts
    effect: Effect
    shown: Grain
    measure: Measure | None = None
    notes: tuple[Texts, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario worked out: `base` is the granted cost, `together` all measures in order."""

    title: str
    name: str
    as_of: date
    base: Exact
    base_shown: Grain
    measures: tuple[Result, ...]
    together: Result

    @property
    def months(self) -> list[int]:
        """Return the numbers of the months looked at (year × 12 + month − 1)."""
        day = self.as_of + timedelta(days=1)
        first = day.year * 12 + day.month - 1
        return list(range(first, self.as_of.year * 12 + 24))


def scenario_for(ready: Prepared, file: Path) -> Scenario:
    """Return the scenario of a file, proved against a workbook's cases.

    Raises:
        InputError: the workbook has no cases, or the file has mistakes.
    """
    sager = ready.tables.get("sager")
    if sager is None or sager.is_empty():
        raise InputError(
            Texts("Projektmappen har ingen sager.", "The workbook has no cases."),
            where=mask_cpr(str(file)),
            hint=Texts(
                "Et scenarie regnes på arket Sager.", "A scenario works on the sheet Sager."
            ),
        )
    paragraphs = sager["paragraf"].drop_nulls().unique().sort().to_list()
    known = [p.id for p in ready.facts.paragraph]
    return read_scenario(file, ready.who.as_of, paragraphs, known)


def run(ready: Prepared, scenario: Scenario) -> Outcome:
    """Return what a scenario's measures do, each alone and all in order.

    Args:
        ready: the tables.
        scenario: from `read_scenario`.
    """
    base = granted(ready)
    measures = []
    state, met, left_out = base, False, False
    shown: list[Grain] = []
    for placed in scenario.measures:
        m = placed.measure
        alone, result = _alone(ready, base, placed)
        change = applied(state, m)
        if result.shown == "none" or _few(change):
            left_out = True
        else:
            shown.append(result.shown)
            shown.append(_grain(base, change))
            overlap = tuple(_overlap(m, alone, change, state.chosen))
            state = change.state
            result, met = replace(result, notes=(*result.notes, *overlap)), met or bool(overlap)
        measures.append(result)
    notes = [sentence("scenario.once")] if met else []
    notes += [sentence("scenario.left_out")] if left_out else []
    everyone = frozenset(base.rows["borger_id"].drop_nulls())
    together = Result(
        sentence("scenario.together"),
        difference(base, state),
        max(shown, key=GRAINS.index, default="period"),
        notes=tuple(notes),
    )
    return Outcome(
        scenario.title,
        ready.who.name,
        ready.who.as_of,
        cost(base.rows),
        _finest(base, everyone),
        tuple(measures),
        together,
    )


def _alone(ready: Prepared, base: State, placed: Placed) -> tuple[Change, Result]:
    """Return what one measure does to the granted cost, nothing where few could be known by it."""
    m = placed.measure
    change = applied(base, m)
    title = _title(ready, m)
    if _few(change):
        nothing = Effect({}, {})
        return change, Result(title, nothing, "none", m, (sentence("scenario.few"),))
    effect = difference(base, change.state)
    return change, Result(title, effect, _grain(base, change), m, tuple(_notes(m, change)))


def _few(change: Change) -> bool:
    return change.touched is not None and is_small(len(change.touched))


def _grain(base: State, change: Change) -> Grain:
    return "month" if change.touched is None else _finest(base, change.touched)


def _finest(base: State, touched: frozenset[str]) -> Grain:
    """Return the shortest period in each of which enough of some citizens run."""
    if not is_small(fewest(base, touched, lambda n: n)):
        return "month"
    if not is_small(fewest(base, touched, lambda n: n // 12)):
        return "year"
    return "period" if len(touched) >= LEAST else "none"


def _notes(m: Measure, change: Change) -> Iterator[Texts]:
    """Yield what a measure could not do."""
    if isinstance(m, Outflow):
        if change.missing:
            yield sentence("scenario.too_many_leave")
    elif change.missing:
        yield sentence("scenario.too_few")
    if change.touched is not None and not change.touched:
        yield sentence("scenario.nobody")


def _overlap(m: Measure, alone: Change, change: Change, chosen: frozenset[str]) -> Iterator[Texts]:
    """Yield that a measure is about citizens whom an earlier one had chosen."""
    if alone.touched and alone.touched & chosen and not isinstance(m, Outflow):
        average = isinstance(m, Move | Home) and m.who == "average"
        key = "priced" if isinstance(m, Price) else "passed_by" if average else "passed"
        yield sentence(f"scenario.{key}")
    if change.missing > alone.missing:
        yield sentence("scenario.too_few_left")


def _title(ready: Prepared, m: Measure) -> Texts:
    """Return a measure in words; its own name goes first."""
    of = sentence("scenario.every_paragraph")
    if m.paragraph is not None:
        of = paragraph_title(ready.facts.paragraph, m.paragraph)
    key = "price_of_provider" if isinstance(m, Price) and m.provider else m.kind
    said = sentence(f"scenario.{key}", ydelse=of, **_figures(ready, m))
    return Texts(f"{m.name}: {said.da}", f"{m.name}: {said.en}") if m.name else capital(said)


def _figures(ready: Prepared, m: Measure) -> dict[str, Texts | None]:
    match m:
        case Price():
            amount = (
                both(percent, m.percent / 100, decimals_of(m.percent), sign=True)
                if m.percent is not None
                else _a_day(m.kroner or 0.0, sign=True)
            )
            provider = m.provider and sentence(f"scenario.provider_{m.provider.split()[0]}")
            return {"aendring": amount, "leverandoer": provider or None}
        case Move():
            to = paragraph_title(ready.facts.paragraph, m.to_paragraph)
            return {"antal": _citizens(m.number, m.who), "til": to, "pris": _a_day(m.price)}
        case Home():
            return {"antal": _citizens(m.number, m.who), "pris": _a_day(m.price)}
        case Inflow() | Outflow():
            price = sentence("scenario.average_price") if m.price is None else _a_day(m.price)
            return {"antal": both(number, m.number, decimals_of(m.number)), "pris": price}
        case FollowUp():
            saved = both(percent, m.saved / 100, decimals_of(m.saved))
            return {"antal": _citizens(m.number, "dearest"), "andel": saved}
    raise AssertionError(m)


def _a_day(kroner: float, *, sign: bool = False) -> Texts:
    said = both(number, kroner, decimals_of(kroner), sign=sign)
    return Texts(f"{said.da} kr. om dagen", f"DKK {said.en} a day")


def _citizens(count: int, who: str) -> Texts:
    counted = counted_texts(count, ("borger", "borgere"), ("citizen", "citizens"))
    return sentence(f"scenario.who_{who}", antal=counted)


def yearly(effect: Effect, years: Sequence[int]) -> list[tuple[int, float, float]]:
    """Return each year's certain and assumed kroner."""

    def of(part: Exact, year: int) -> float:
        return float(sum((x for n, x in part.items() if n // 12 == year), Fraction(0)))

    return [(y, of(effect.certain, y), of(effect.assumed, y)) for y in years]
