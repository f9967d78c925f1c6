"""All figures of a municipality: measured in order, goals met or not, small numbers withheld."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from styring.errors import InputError, Texts
from styring.measure import Figure, is_state, measure_all, measure_one
from styring.model import Catalogue, Indicator
from styring.odd import doubtful_rows
from styring.prepare import Prepared
from styring.privacy import is_small, secondary
from styring.say import not_measured, sentence
from styring.settings import Goal
from styring.tables import Note
from styring.text import both, fold, millions, percent

GOAL_SCHEMA = {
    "indikator": pl.String(),
    "aar": pl.Int64(),
    "maalvaerdi": pl.Float64(),
    "vaerdi": pl.Float64(),
    "naaet": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Every indicator's figures, in all and by group, small numbers withheld; and own goals.

    `goals` holds each indicator's goal in its raw unit, for the latest year that has one.
    """

    series: Mapping[str, Sequence[Figure]]
    groups: Mapping[str, Sequence[Figure]]
    goals: Mapping[str, float]
    notes: tuple[Note, ...]

    def main(self, ready: Prepared, indicator: Indicator) -> Figure:
        """Return the figure a report puts first.

        The latest finished year; a state on the as-of date; the current year where the definition
        says so and it has a figure.
        """
        found = {f.year: f for f in self.series[indicator.id]}
        now = ready.who.accounting_year
        state = is_state(indicator.value) or indicator.value.current_only
        if state or (indicator.headline == "current" and found[now].value is not None):
            return found[now]
        year = ready.who.finished_year
        return found.get(year) or Figure(indicator.id, year, None, None, absence="not_reported")


def all_figures(
    ready: Prepared,
    indicators: Sequence[Indicator],
    catalogue: Catalogue | None = None,
    goals: Sequence[Goal] = (),
) -> Figures:
    """Return the figures of every indicator; goals last, for they look at the others.

    Args:
        ready: the tables.
        indicators: what to measure.
        catalogue: what else is known, so that a goal for it is told from a slip of the pen.
        goals: goals beside those on the sheet Mål.

    Raises:
        InputError: a goal contradicts one on the sheet.
    """
    direct = [i for i in indicators if i.value.numerator.from_ != "goals"]
    split = [(i, i.by) for i in direct if i.by]
    measured = measure_all(ready, [*((i, None) for i in direct), *split])
    series = {i.id: withheld(i, f) for i, f in zip(direct, measured, strict=False)}
    rows, notes = _goal_rows(ready, direct, catalogue)
    rows += _own_goals(ready, direct, goals, rows)
    aims = _goals(ready, rows, series)
    told = replace(ready, given={**ready.given, "goals": aims}) if aims.height else ready
    series |= {i.id: withheld(i, measure_one(told, i)) for i in indicators if i.id not in series}
    groups = {
        i.id: _of_year(i, f, _group_year(ready, i))
        for (i, _), f in zip(split, measured[len(direct) :], strict=True)
    }
    own = dict(aims.sort("aar").select("indikator", "maalvaerdi").iter_rows())
    return Figures(series, groups, own, (*notes, *_rests(ready)))


def _rests(ready: Prepared) -> Iterator[Note]:
    """Yield how much of the cases' cost rests on rows that carry a warning, by year looked at."""
    doubtful = doubtful_rows(ready.tables)
    if not doubtful:
        return
    spent = ready.placed("sager", "year")
    for year in (ready.who.finished_year, ready.who.accounting_year):
        rows = spent.filter(pl.col("aar") == year)
        weak = rows.filter(pl.col("raekke").is_in(doubtful))
        cost, total = (float(r["udgift"].sum()) for r in (weak, rows))
        if not cost or not total:
            continue
        if is_small(weak["borger_id"].n_unique()):
            said = sentence("odd.rests_few", aar=year)
        else:
            share = both(percent, cost / total)
            said = sentence("odd.rests", kr=both(millions, cost), aar=year, andel=share)
        yield Note(
            "warning",
            said,
            ready.tables.sources["sager"].sheet if "sager" in ready.tables.sources else "sager",
        )


def _group_year(ready: Prepared, indicator: Indicator) -> int:
    who = ready.who
    return who.accounting_year if is_state(indicator.value) else who.finished_year


def by_group(ready: Prepared, indicator: Indicator, by: str, year: int) -> list[Figure]:
    """Return an indicator's figures of a year split by a column, small numbers withheld."""
    return _of_year(indicator, measure_one(ready, indicator, by), year)


def _of_year(indicator: Indicator, figures: Iterable[Figure], year: int) -> list[Figure]:
    return _withheld_groups(withheld(indicator, [f for f in figures if f.year == year]))


def withheld(indicator: Indicator, figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures without those that rest on, or give away, 1–4 citizens.

    `min_count` raises the floor for the denominator.
    """
    return [_hide(f) if _is_telling(indicator, f) else f for f in figures]


def _is_telling(indicator: Indicator, figure: Figure) -> bool:
    top, bottom = figure.persons
    base = bottom if bottom is not None else top
    return figure.value is not None and (
        is_small(top)
        or is_small(bottom)
        or is_small(figure.complement)
        or is_small(base, max(indicator.min_count, 1))
    )


def _hide(figure: Figure) -> Figure:
    return Figure(
        figure.indicator,
        figure.year,
        figure.group,
        None,
        partial=figure.partial,
        absence="suppressed",
    )


def _withheld_groups(figures: list[Figure]) -> list[Figure]:
    """Return the groups of one total without a single withheld one that subtraction would give."""
    counts = [
        1.0 if f.absence == "suppressed" else float(f.persons[1] or f.persons[0] or 0)
        for f in figures
    ]
    hidden = secondary(counts)
    return [_hide(f) if n in hidden and f.value is not None else f for n, f in enumerate(figures)]


@dataclass(frozen=True, slots=True)
class _Aim:
    """A goal in the indicator's raw unit, as shown, and the cell or line it stands in."""

    indicator: Indicator
    year: int
    raw: float
    shown: float
    place: str


def _goal_rows(
    ready: Prepared, indicators: Sequence[Indicator], catalogue: Catalogue | None
) -> tuple[list[_Aim], list[Note]]:
    """Return the goals on the sheet Mål, and notes on those that are not used.

    A goal is in the unit shown (80 = 80 %).
    """
    frame = ready.tables.get("maal")
    if frame is None:
        return [], []
    units = {u.id: u for u in ready.facts.unit}
    names, others = _by_name(indicators), {}
    if catalogue is not None:
        others = _by_name((*catalogue.retired, *catalogue.rest))
    source = ready.tables.sources["maal"]
    rows, notes = [], []
    for number, name, year, goal in frame.select(
        "raekke", "indikator", "aar", "maalvaerdi"
    ).iter_rows():
        i, other = names.get(fold(name)), others.get(fold(name))
        if i is not None:
            cell = f"{source.sheet}!{source.columns.get('maalvaerdi', 'A')}{number}"
            rows.append(_Aim(i, year, goal / units[i.unit].scale, goal, cell))
        elif other is not None and catalogue is not None:
            notes.append(Note("info", not_measured(other, catalogue), source.sheet, f"A{number}"))
        else:
            message = Texts(
                f"Målet «{name}» nævner en indikator, der ikke kendes, og er ikke brugt.",
                f"The goal “{name}” names an unknown indicator and was not used.",
            )
            notes.append(Note("warning", message, source.sheet, f"A{number}"))
    return rows, notes


def _by_name(indicators: Iterable[Indicator]) -> dict[str, Indicator]:
    return {fold(n): i for i in indicators for n in (*i.aliases, i.title.da, i.title.en, i.id)}


def _own_goals(
    ready: Prepared, indicators: Sequence[Indicator], goals: Sequence[Goal], rows: Sequence[_Aim]
) -> list[_Aim]:
    """Return the goals beside those on the sheet that are not there already.

    Raises:
        InputError: one contradicts the sheet's.
    """
    known = {i.id: i for i in indicators}
    units = {u.id: u for u in ready.facts.unit}
    found = []
    for g in goals:
        i, year = known.get(g.indicator), g.year or ready.who.accounting_year
        if i is None:
            continue
        same = [r for r in rows if r.indicator.id == i.id and r.year == year]
        for r in same:
            _refuse_other(r, g)
        if not same:
            found.append(_Aim(i, year, g.value / units[i.unit].scale, g.value, g.place))
    return found


def _refuse_other(row: _Aim, goal: Goal) -> None:
    if row.shown == goal.value:
        return
    raise InputError(
        Texts(
            f"«{row.indicator.title.da}» har to mål for {row.year}: {goal.value:g} og "
            f"{row.shown:g} ({row.place}).",
            f"“{row.indicator.title.en}” has two goals for {row.year}: {goal.value:g} and "
            f"{row.shown:g} ({row.place}).",
        ),
        where=goal.place,
        hint=Texts("Slet det ene af dem.", "Delete one of them."),
    )


def _goals(
    ready: Prepared, rows: Sequence[_Aim], series: Mapping[str, Sequence[Figure]]
) -> pl.DataFrame:
    """Return the municipality's goals with what came of them.

    Whether a goal is reached is unknown while its year has no whole figure, and for context
    figures, which have no better side.
    """
    found = []
    for r in rows:
        figure = next((f for f in series[r.indicator.id] if f.year == r.year), None)
        whole = figure and (not figure.partial or is_state(r.indicator.value))
        value = figure.value if figure and whole else None
        found.append((r.indicator.id, r.year, r.raw, value, _reached(r.indicator, value, r.raw)))
    now = ready.who.accounting_year
    of_year = [r for r in found if r[1] == now] or found
    return pl.DataFrame(of_year, schema=GOAL_SCHEMA, orient="row")


def _reached(indicator: Indicator, value: float | None, goal: float) -> bool | None:
    if value is None:
        return None
    slack = 1e-9
    match indicator.better:
        case "higher":
            return value >= goal - slack
        case "lower":
            return value <= goal + slack
        case "target":
            return abs(value - goal) <= indicator.tolerance + slack
        case "context":
            return None
