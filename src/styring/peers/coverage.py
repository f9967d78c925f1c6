"""What a peers file covers: who has which figure when, and what cannot be compared and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import polars as pl

from styring.compare import LEAST_PEERS
from styring.errors import Texts, texts
from styring.model import Catalogue, Indicator
from styring.possible import reach

Reason = Literal["unknown", "retired", "version", "price", "refund", "impossible", "few"]
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A year, whole or in part."""

    year: int
    partial: bool = False

    def __str__(self) -> str:
        """Return `2024`, or `2024*` where the year is partial."""
        return f"{self.year}{'*' if self.partial else ''}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many municipalities have a figure, and how many a withheld one."""

    values: int = 0
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: how many have it in each year, and in how many years each municipality."""

    id: str
    title: Texts
    known: bool
    years: Mapping[Year, Count] = field(default_factory=dict)
    municipalities: Mapping[str, Count] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Rows of an indicator that a review does not compare with, and why."""

    id: str
    title: Texts
    reason: Reason
    rows: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """A peers file at a glance: code and name of each municipality, years, indicators."""

    municipalities: Mapping[str, str]
    years: tuple[Year, ...]
    lines: tuple[Line, ...]
    unusable: tuple[Unusable, ...]


def coverage(frame: pl.DataFrame, catalogue: Catalogue) -> Coverage:
    """Return what a file covers.

    Rows of an indicator no definition knows are counted, for they can be framework conditions;
    rows of a known one only where a review would compare with them.

    Args:
        frame: the rows of a file as `read_context` gives them.
        catalogue: the definitions.
    """
    known = {i.id: i for i in catalogue.known}
    retired = {i.id for i in catalogue.retired}
    lines, unusable = [], []
    for (name,), rows in frame.group_by("indikator", maintain_order=True):
        indicator = known.get(str(name))
        title = _title(str(name), indicator, rows)
        why = ["retired" if name in retired else _why(row, indicator) for row in _rows(rows)]
        used = rows.filter(pl.Series([w in (None, "unknown") for w in why], dtype=pl.Boolean()))
        lines.append(Line(str(name), title, indicator is not None, *_counts(used)))
        lost = Counter(w for w in why if w is not None)
        if indicator:
            thin = (n for n in lines[-1].years.values() if n.values < LEAST_PEERS)
            lost["few"] = sum(n.values + n.withheld for n in thin)
        unusable += [Unusable(str(name), title, r, lost[r]) for r in REASONS if lost[r]]
    years = sorted({y for line in lines for y in line.years})
    names = dict(frame.select("kommunekode", "kommune").sort("kommunekode").iter_rows())
    return Coverage(names, tuple(years), tuple(lines), tuple(unusable))


def _rows(rows: pl.DataFrame) -> Iterator[dict[str, object]]:
    yield from rows.iter_rows(named=True)


def _title(name: str, indicator: Indicator | None, rows: pl.DataFrame) -> Texts:
    given = rows["titel"].drop_nulls()
    return indicator.title if indicator else texts(given[0] if given.len() else name)


def _why(row: Mapping[str, object], indicator: Indicator | None) -> Reason | None:
    """Return why a row is not compared with; None where it is."""
    if indicator is None:
        return "unknown"
    if row["definition_version"] != indicator.version:
        return "version"
    if row["prisniveau"] != indicator.price_basis:
        return "price"
    if row["refusion"] != indicator.refund:
        return "refund"
    least, most = reach(indicator)
    value = row["vaerdi"]
    return "impossible" if isinstance(value, float) and not least <= value <= most else None


def _counts(rows: pl.DataFrame) -> tuple[dict[Year, Count], dict[str, Count]]:
    """Return how many municipalities have a figure each year, and how many years each of them."""
    sets: tuple[set[tuple[str, Year]], set[tuple[str, Year]]] = (set(), set())
    columns = ["kommunekode", "periode", "partial", "vaerdi", "suppressed"]
    for code, period, partial, value, withheld in rows.select(columns).iter_rows():
        if withheld or value is not None:
            sets[bool(withheld)].add((code, Year(int(period[:4]), partial)))
    shown, hidden = sets[0], sets[1] - sets[0]
    by_year, by_year_hidden = (Counter(y for _, y in s) for s in (shown, hidden))
    by_code, by_code_hidden = (Counter(c for c, _ in s) for s in (shown, hidden))
    return (
        {y: Count(by_year[y], by_year_hidden[y]) for y in sorted({*by_year, *by_year_hidden})},
        {c: Count(by_code[c], by_code_hidden[c]) for c in sorted({*by_code, *by_code_hidden})},
    )
