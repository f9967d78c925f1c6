"""How many get support when the population's age is held fixed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from styring.prepare import Prepared
from styring.privacy import is_small
from styring.stats.standardise import Standardised, direct, indirect

ADULT = 18
OLDEST = 200
LEAST_BANDS = 4
"""With fewer age groups the citizens of each could be found from the sums."""
LEAST_KNOWN = 0.95
"""The share of the year's citizens whose age must be known."""


@dataclass(frozen=True, slots=True)
class AgeYear:
    """Citizens with support per inhabitant of 18 and over, as it is and with age held fixed."""

    year: int
    citizens: int
    people: int
    standardised: Standardised

    @property
    def crude(self) -> float:
        """Return citizens per inhabitant."""
        return self.citizens / self.people


@dataclass(frozen=True, slots=True)
class Ages:
    """The finished years, standardised to the latest year's ages.

    `expected` is the latest year's citizens over those that the first year's use by age would give.
    """

    years: tuple[AgeYear, ...]
    expected: Standardised


def ages(ready: Prepared) -> Ages | None:
    """Return citizens with support per inhabitant, directly standardised for age, by year.

    None without two finished years that have the same age groups, four or more of them; where the
    age of too many is unknown. Groups of so few citizens that they must be withheld are merged with
    their neighbours first.

    Columns used: `sager` (`aar`, `borger_id`, `alder`), `befolkning` (`aar`, `alder_fra`,
    `alder_til`, `antal`).
    """
    sager, people = ready.tables.get("sager"), ready.tables.get("befolkning")
    finished = [y for y in ready.years if ready.finished(y)]
    if sager is None or people is None or len(finished) < 2:
        return None
    bands = _bands(people, finished)
    if len(bands) < LEAST_BANDS:
        return None
    placed = ready.placed("sager", "year").filter(pl.col("aar").is_in(finished))
    told = [_counts(placed.filter(pl.col("aar") == y), bands) for y in finished]
    counts = [c for c in told if c is not None]
    if len(counts) < len(finished):
        return None
    those = [_people(people.filter(pl.col("aar") == y), bands) for y in finished]
    _merge_small(counts, those)
    if len(counts[0]) < LEAST_BANDS:
        return None
    counted = dict(zip(finished, counts, strict=True))
    inhabitants = dict(zip(finished, those, strict=True))
    latest = finished[-1]
    found = []
    for year in finished:
        events = counted[year]
        rate = direct(events, inhabitants[year], inhabitants[latest])
        if rate is None:
            return None
        found.append(AgeYear(year, int(sum(events)), int(sum(inhabitants[year])), rate))
    first = finished[0]
    expected = indirect(counted[latest], inhabitants[latest], counted[first], inhabitants[first])
    return Ages(tuple(found), expected)


def _bands(people: pl.DataFrame, years: list[int]) -> list[tuple[int, int | None]]:
    """Return the age groups of adults that every year has, one after another."""
    adult = people.filter((pl.col("alder_fra") >= ADULT) & pl.col("aar").is_in(years))
    of = [
        set(adult.filter(pl.col("aar") == y).select("alder_fra", "alder_til").iter_rows())
        for y in years
    ]
    if any(bands != of[0] for bands in of):
        return []
    ordered = sorted(of[0], key=lambda band: band[0])
    follow = all(a[1] is not None and b[0] == a[1] + 1 for a, b in pairwise(ordered))
    return ordered if follow else []


def _counts(rows: pl.DataFrame, bands: list[tuple[int, int | None]]) -> list[float] | None:
    """Return the citizens of each age group; None where too few ages are known."""
    persons = rows.filter(pl.col("alder").is_null() | (pl.col("alder") >= ADULT)).unique(
        "borger_id", keep="first", maintain_order=True
    )
    known = persons.filter(pl.col("alder").is_not_null())
    if not persons.height or known.height < LEAST_KNOWN * persons.height:
        return None
    return [
        float(known.filter(pl.col("alder").is_between(low, high or OLDEST)).height)
        for low, high in bands
    ]


def _merge_small(counts: list[list[float]], people: list[list[float]]) -> None:
    """Merge, in every year, an age group that has few citizens in any year with the next."""
    k = 0
    while k < len(counts[0]) and len(counts[0]) > 1:
        if not any(is_small(year[k]) for year in counts):
            k += 1
            continue
        other = k + 1 if k + 1 < len(counts[0]) else k - 1
        for year in (*counts, *people):
            year[min(k, other)] += year[max(k, other)]
            del year[max(k, other)]
        k = min(k, other)


def _people(rows: pl.DataFrame, bands: list[tuple[int, int | None]]) -> list[float]:
    """Return the inhabitants of each age group, actual before forecast."""
    actual = rows.filter(pl.col("type") != "prognose")
    use = actual if actual.height else rows
    found = dict(
        zip(use.select("alder_fra", "alder_til").iter_rows(), use["antal"].to_list(), strict=True)
    )
    return [float(found.get(band) or 0) for band in bands]
