"""Our own figures against each other: a year and the year before, the budget and the accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import fsum

import numpy as np
import polars as pl

from styring import economy
from styring.aggregate import Query, aggregate
from styring.bridge.parts import (
    Array,
    Bridge,
    Service,
    Step,
    Volume,
    Why,
    one_sided,
    service_parts,
    split,
    step_parts,
)
from styring.economy import Values, case_sums, paragraph_title, withheld_paragraphs
from styring.errors import Texts
from styring.model import Aggregate
from styring.prepare import Prepared
from styring.privacy import is_small
from styring.review import BridgeKey, EconomyYear, Effect

AGES = ((18, 66), (18, 64))
"""The inhabitants that persons are seen against; the first that are counted."""
OTHER = "other"
"""The services that are shown together, so that none that is withheld can be found."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_RUNNING = ("", "løbende", "loebende", "løbende priser", "årets")


def between_years(ready: Prepared) -> Bridge | None:
    """Return why the cost of the cases changed between the two latest finished years.

    Returns:
        None without cases.
    """
    year, sums = ready.who.finished_year, case_sums(ready)
    if not sums:
        return None
    of = [{p: v for (y, p), v in sums.items() if y == when} for when in (year - 1, year)]
    if year not in ready.years or not all(of):
        return Bridge("years", year, why="one_year")
    if any(_few(ready, when) for when in (year - 1, year)):
        return Bridge("years", year, why="withheld")
    names, groups = _grouped(ready, of, (year - 1, year))
    ages, people = _inhabitants(ready, (year - 1, year))
    factor = ready.price_factor(year - 1, year)
    sides = []
    for when, values in enumerate(of):
        persons, cost = _summed(values, groups)
        level = np.array([factor if when else 1.0]) if factor else None
        count = np.array([people[when]]) if people else None
        sides.append(Volume(persons[None], cost[None], count, level))
    parts = split(sides[0], sides[1])
    before, after = (float(s.cost.sum()) for s in sides)
    return Bridge(
        "years",
        year,
        before=before,
        after=after,
        gap=Effect(amount=after - before),
        steps=tuple(step_parts(parts)),
        services=service_parts(parts, names),
        one_sided=one_sided(names, sides[0].persons[0], sides[1].persons[0]),
        merged=any(t is None for _, t in names),
        ages=ages,
        without_population=not people,
        without_index=factor is None,
    )


def _few(ready: Prepared, year: int) -> bool:
    rows = ready.placed("sager", "year").filter(pl.col("aar") == year)
    return is_small(rows["borger_id"].n_unique())


def _grouped(
    ready: Prepared, sides: Sequence[Mapping[str | None, Values]], years: Iterable[int]
) -> tuple[list[tuple[str, Texts | None]], list[list[str | None]]]:
    """Return the services with their names, and the paragraphs each is made of.

    Those withheld in one of the years, and cases without a paragraph, are one group; a group of one
    takes the next smallest in, so that none is found by subtraction.
    """
    wanted = set(years)
    every = {p for side in sides for p in side}
    hidden = {p for y, p in withheld_paragraphs(ready) if y in wanted and p in every}
    together: list[str | None] = [*sorted(hidden), *([None] if None in every else [])]
    shelf = {p.id: n for n, p in enumerate(ready.facts.paragraph)}
    shown = sorted((p for p in every if p and p not in hidden), key=lambda p: (shelf.get(p, 99), p))
    if len(together) == 1 and shown:
        sizes = {p: fsum(side[p][1] for side in sides if p in side) for p in shown}
        smallest = min(shown, key=lambda p: (sizes[p], p))
        shown.remove(smallest)
        together.append(smallest)
    named: list[tuple[str, Texts | None]] = [
        (p, paragraph_title(ready.facts.paragraph, p)) for p in shown
    ]
    groups: list[list[str | None]] = [[p] for p in shown]
    if together:
        named, groups = [*named, (OTHER, None)], [*groups, together]
    return named, groups


def _summed(
    values: Mapping[str | None, Values], groups: Sequence[Sequence[str | None]]
) -> tuple[Array, Array]:
    """Return full-year persons and cost of each group of paragraphs."""
    nothing = (0, 0.0, 0.0)
    persons = [fsum(values.get(p, nothing)[1] for p in group) for group in groups]
    cost = [fsum(values.get(p, nothing)[2] for p in group) for group in groups]
    return np.array(persons), np.array(cost)


def _inhabitants(
    ready: Prepared, years: Sequence[int]
) -> tuple[tuple[int, int] | None, list[float]]:
    """Return the age group that is counted in all of some years, and its inhabitants."""
    if ready.tables.get("befolkning") is None:
        return None, []
    for ages in AGES:
        wanted = Aggregate.model_validate({"from": "befolkning", "sum": "antal", "age": ages})
        parts = aggregate(ready, Query(wanted))
        found = [part.x for y in years if (part := parts.get((y, None, None))) and part.x]
        if len(found) == len(years):
            return ages, found
    return None, []


def budget_to_accounts(ready: Prepared) -> Bridge | None:
    """Return why the accounts of the latest finished year differ from the original budget.

    Number, mix and price come from what the budget assumes of each paragraph. What the assumptions
    do not cover is a step of its own: the accounts less the cases, less the budget beyond the
    assumptions.

    Returns:
        None without accounts or an original budget.
    """
    year = ready.who.finished_year
    ledger = next((y for y in economy.years(ready) if y.year == year), None)
    if ledger is None or ledger.accounts is None or ledger.original is None:
        return None
    assumed, unread = _assumed(ready, year)
    actual: dict[str | None, Values] = {p: v for (y, p), v in case_sums(ready).items() if y == year}
    if why := _unsplit(ready, year, assumed, actual):
        gap = Effect(amount=ledger.accounts - ledger.original)
        plain = (Step("unsplit", gap),)
        return _budget(ledger, plain, (), Bridge("budget", year, why=why, unread=unread))
    planned: dict[str | None, Values] = {
        p: (0, n, n * price) for p, (n, price, _) in assumed.items()
    }
    names, groups = _grouped(ready, (planned, actual), (year,))
    levels, known = _levels(ready, year, assumed, groups)
    sides = [
        Volume(persons[None], cost[None], level=level)
        for (persons, cost), level in (
            (_summed(planned, groups), None if levels is None else np.ones(len(groups))),
            (_summed(actual, groups), levels),
        )
    ]
    parts = split(sides[0], sides[1])
    outside_accounts = ledger.accounts - float(sides[1].cost.sum())
    outside_budget = float(sides[0].cost.sum()) - ledger.original
    steps = (
        *step_parts(parts),
        Step("outside", Effect(amount=outside_accounts + outside_budget)),
        Step("outside_accounts", Effect(amount=outside_accounts), detail=True),
        Step("outside_budget", Effect(amount=outside_budget), detail=True),
    )
    lacking = tuple(t for (p, t) in names if t is not None and p not in planned)
    about = Bridge(
        "budget",
        year,
        not_split=lacking,
        one_sided=tuple(
            t
            for t in one_sided(names, sides[0].persons[0], sides[1].persons[0])
            if t not in lacking
        ),
        merged=any(t is None for _, t in names),
        without_index=not known,
        unread=unread,
    )
    return _budget(ledger, steps, service_parts(parts, names), about)


def _assumed(ready: Prepared, year: int) -> tuple[dict[str, tuple[float, float, str]], int]:
    """Return a year's assumed persons, price and price level by paragraph; rows not usable."""
    sheet = ready.tables.get("budgetforudsaetninger")
    if sheet is None:
        return {}, 0
    rows = sheet.filter(pl.col("aar") == year)
    usable = rows.drop_nulls(["paragraf", "helaarspersoner", "pris"])
    by: dict[str, list[tuple[float, float, str | None]]] = {}
    for paragraph, *row in usable.select(
        "paragraf", "helaarspersoner", "pris", "prisniveau"
    ).iter_rows():
        by.setdefault(paragraph, []).append((row[0], row[1], row[2]))
    found = {}
    for paragraph, given in by.items():
        persons, cost = fsum(n for n, _, _ in given), fsum(n * price for n, price, _ in given)
        found[paragraph] = (persons, cost / persons if persons else given[0][1], given[0][2] or "")
    return found, rows.height - usable.height


def _unsplit(
    ready: Prepared, year: int, assumed: Mapping[str, object], actual: Mapping[str | None, Values]
) -> Why | None:
    if not actual:
        return "no_cases"
    if not assumed:
        return "no_assumptions"
    return "withheld" if _few(ready, year) else None


def _levels(
    ready: Prepared,
    year: int,
    assumed: Mapping[str, tuple[float, float, str]],
    groups: Sequence[Sequence[str | None]],
) -> tuple[Array | None, bool]:
    """Return how much the price level rose from each group's assumption; whether all is known.

    None where every assumption is in the prices of its own year. A level that is no year and not
    current prices, or a year without an index, is not known and taken as current prices.
    """
    factors, known = np.ones(len(groups)), True
    for n, group in enumerate(groups):
        rates = [
            (a[0] * a[1], _level(ready, year, a[2]))
            for p in group
            if p is not None and (a := assumed.get(p))
        ]
        known &= all(rate is not None for _, rate in rates)
        cost = fsum(c for c, _ in rates)
        if cost:
            factors[n] = fsum(c * (rate or 1.0) for c, rate in rates) / cost
    return (factors if (factors != 1).any() else None), known


def _level(ready: Prepared, year: int, level: str) -> float | None:
    named = _YEAR.search(level)
    if named:
        return 1.0 if int(named[0]) == year else ready.price_factor(int(named[0]), year)
    return 1.0 if level.strip().lower() in _RUNNING else None


def _budget(
    ledger: EconomyYear, steps: tuple[Step, ...], services: tuple[Service, ...], about: Bridge
) -> Bridge:
    """Return a bridge with its ends, and the budget's own changes beside them."""
    assert ledger.accounts is not None
    assert ledger.original is not None
    moved: list[tuple[BridgeKey, float | None]] = [
        ("supplementary", ledger.supplementary),
        ("other_changes", ledger.other_changes),
    ]
    return replace(
        about,
        before=ledger.original,
        after=ledger.accounts,
        gap=Effect(amount=ledger.accounts - ledger.original),
        steps=steps,
        services=services,
        beside=tuple(Step(key, Effect(amount=x)) for key, x in moved if x is not None),
    )
