"""What drives the forecast: each year's draws as kroner by paragraph and part, at the median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from styring.forecast.rows import Floats, Rows, Spans
from styring.forecast.simulate import PARTS, Drawn
from styring.privacy import is_small, secondary

LEVELS = (0.1, 0.5, 0.9)
"""The interval of 80 % and the median."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph's share of a year, kroner; the shares add up to the year's.

    The parts and `to_date` as in `Span`, young people with `coming`. `low` and `high` are the
    paragraph's own 10th and 90th percentile, and these do not add up. `paragraph` is None for those
    withheld, taken together, for too few citizens are behind them.
    """

    paragraph: str | None
    committed: float
    leaving: float
    renewing: float
    coming: float
    price: float
    expected: float
    low: float
    high: float
    to_date: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """What the cases cost in the days of a year after the as-of date, kroner.

    `low`, `median` and `high` are the 10th, 50th and 90th percentile, None where history is too
    short. The parts are what drives it at the median, and add up to it with `committed`: `leaving`
    what exits take, `renewing` what longer grants add, `coming` what new cases add, `young` what
    those listed who turn 18 add (None where they are few or not listed: in `coming`), `price` what
    prices add. `to_date` is what the cases cost to the as-of date in its year; None in others.
    """

    year: int
    committed: float
    low: float | None = None
    median: float | None = None
    high: float | None = None
    leaving: float | None = None
    coming: float | None = None
    renewing: float | None = None
    young: float | None = None
    price: float | None = None
    to_date: float | None = None
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """A year's draws: `committed` by service, `parts` by part, draw and service."""

    year: int
    committed: Floats
    parts: Floats

    def by_service(self) -> Floats:
        """Return the cost by draw and service."""
        found: Floats = self.committed + self.parts.sum(axis=0)
        return found

    def total(self) -> Floats:
        """Return the cost by draw."""
        found: Floats = self.by_service().sum(axis=1)
        return found


def years_of(drawn: Drawn) -> list[int]:
    """Return the years that were drawn."""
    return sorted({y for y, *_ in drawn.spans})


def in_year(drawn: Drawn, year: int) -> Year:
    """Return a year's draws, its months added."""
    of = np.array([y == year for y, *_ in drawn.spans])
    parts = np.stack([getattr(drawn, p)[:, :, of].sum(axis=2) for p in PARTS])
    return Year(year, drawn.committed[:, of].sum(axis=1), parts)


def at_median(year: Year) -> Floats:
    """Return each part (rows) by service as it is where the total is at its median.

    The parts' linear regression on the total over the draws, read at the median: what is added up
    is the median to the krone, which the parts' own medians are not.
    """
    total = year.total()
    off = total - total.mean()
    mean: Floats = year.parts.mean(axis=1)
    square = float((off * off).sum())
    if square == 0:
        return mean
    slope = np.einsum("d,pds->ps", off, year.parts) / square
    found: Floats = mean + slope * (np.median(total) - total.mean())
    return found


def span_of(year: Year, *, apart: bool = True) -> Span:
    """Return a year's span; young people with other newcomers unless `apart`."""
    low, median, high = (float(q) for q in np.quantile(year.total(), LEVELS))
    part = dict(zip(PARTS, at_median(year).sum(axis=1).tolist(), strict=True))
    young = part.pop("young")
    if not apart:
        part["coming"] += young
    committed = float(year.committed.sum())
    return Span(year.year, committed, low, median, high, young=young if apart else None, **part)


def shares_of(
    year: Year, names: Sequence[str], hidden: set[int], to_date: Floats | None = None
) -> tuple[Paragraph, ...]:
    """Return each paragraph's share, those withheld together last; none where all are withheld."""
    shown = [s for s in range(len(names)) if s not in hidden]
    draws, parts = year.by_service(), at_median(year)
    groups: list[tuple[str | None, list[int]]] = [(names[s], [s]) for s in shown]
    if hidden and shown:
        groups.append((None, sorted(hidden)))
    found = []
    for name, of in groups:
        part = dict(zip(PARTS, parts[:, of].sum(axis=1).tolist(), strict=True))
        part["coming"] += part.pop("young")
        committed = float(year.committed[of].sum())
        low, _, high = (float(q) for q in np.quantile(draws[:, of].sum(axis=1), LEVELS))
        expected = committed + sum(part.values())
        before = None if to_date is None else float(to_date[of].sum())
        found.append(
            Paragraph(
                name, committed, expected=expected, low=low, high=high, to_date=before, **part
            )
        )
    return tuple(found)


def citizens_of(rows: Rows, services: int, spans: Spans) -> dict[int, list[int]]:
    """Return by year the citizens with granted days by service, and last in all."""
    found = {}
    for year in sorted({y for y, *_ in spans}):
        days = [(first, last) for y, first, last in spans if y == year]
        on = (rows.first <= days[-1][1]) & (rows.last >= days[0][0])
        pairs = np.unique(np.stack([rows.service[on], rows.citizen[on]]), axis=1)
        counts = np.bincount(pairs[0], minlength=services).tolist()
        found[year] = [*counts, len(np.unique(rows.citizen[on]))]
    return found


def withheld(counts: Sequence[Sequence[int]]) -> set[int]:
    """Return the services that are withheld in every year, given citizens by year and service.

    Where those withheld are few in all in a year, the smallest of the others is withheld too.
    """
    found: set[int] = set().union(*(secondary(of_year) for of_year in counts))
    for of_year in counts:
        rest = sorted((n, i) for i, n in enumerate(of_year) if n and i not in found)
        while rest and is_small(sum(of_year[i] for i in found)):
            found.add(rest.pop(0)[1])
    return found
