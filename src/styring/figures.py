"""All figures of a municipality: measured in order, goals met or not, small numbers withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from styring.errors import Texts
from styring.measure import Figure, is_state, measure_all, measure_one
from styring.model import Indicator, Unit
from styring.prepare import Prepared
from styring.privacy import is_small, secondary
from styring.tables import Note
from styring.text import fold

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


def all_figures(ready: Prepared, indicators: Sequence[Indicator]) -> Figures:
    """Return the figures of every indicator; goals last, for they look at the others."""
    units = {u.id: u for u in ready.facts.unit}
    direct = [i for i in indicators if i.value.numerator.from_ != "goals"]
    split = [(i, i.by) for i in direct if i.by]
    measured = measure_all(ready, [*((i, None) for i in direct), *split])
    series = {i.id: withheld(i, f) for i, f in zip(direct, measured, strict=False)}
    goals, notes = _goals(ready, direct, series, units)
    told = replace(ready, given={**ready.given, "goals": goals}) if goals.height else ready
    series |= {i.id: withheld(i, measure_one(told, i)) for i in indicators if i.id not in series}
    groups = {
        i.id: _of_year(i, f, _group_year(ready, i))
        for (i, _), f in zip(split, measured[len(direct) :], strict=True)
    }
    own = dict(goals.sort("aar").select("indikator", "maalvaerdi").iter_rows())
    return Figures(series, groups, own, tuple(notes))


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


def _goals(
    ready: Prepared,
    indicators: Sequence[Indicator],
    series: Mapping[str, Sequence[Figure]],
    units: Mapping[str, Unit],
) -> tuple[pl.DataFrame, list[Note]]:
    """Return the municipality's goals with what came of them, and notes on unknown ones.

    A goal is in the unit shown (80 = 80 %). Whether it is reached is unknown while its year has no
    whole figure, and for context figures, which have no better side.
    """
    frame = ready.tables.get("maal")
    if frame is None:
        return pl.DataFrame(schema=GOAL_SCHEMA), []
    names = {fold(n): i for i in indicators for n in (*i.aliases, i.title.da, i.title.en, i.id)}
    rows, notes = [], []
    sheet = ready.tables.sources["maal"].sheet
    for number, name, year, goal in frame.select(
        "raekke", "indikator", "aar", "maalvaerdi"
    ).iter_rows():
        indicator = names.get(fold(name))
        if indicator is None:
            notes.append(
                Note(
                    "warning",
                    Texts(
                        f"Målet «{name}» nævner en indikator, der ikke kendes, og er ikke brugt.",
                        f"The goal “{name}” names an unknown indicator and was not used.",
                    ),
                    sheet,
                    f"A{number}",
                )
            )
            continue
        raw = goal / units[indicator.unit].scale
        figure = next((f for f in series[indicator.id] if f.year == year), None)
        value = (
            figure.value if figure and (not figure.partial or is_state(indicator.value)) else None
        )
        rows.append((indicator.id, year, raw, value, _reached(indicator, value, raw)))
    now = ready.who.accounting_year
    of_year = [r for r in rows if r[1] == now] or rows
    return pl.DataFrame(of_year, schema=GOAL_SCHEMA, orient="row"), notes


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
