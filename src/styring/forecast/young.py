"""The young people of the sheet `Overgange`: who turns 18 when, at what price, how likely."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from styring.forecast.rows import Floats, Ints
from styring.prepare import Prepared

ADULT = 18
LEAST_BORN = 0.5
"""The share of the cases that must have a year of birth for the young among them to be known."""


@dataclass(frozen=True, slots=True)
class Young:
    """Those who turn 18 within the years ahead, in order of day.

    Day they turn 18 (ordinal); service as an adult, −1 where it is not known yet; kr. a day, NaN
    where it is not known. `a_year` is how many a year they are, over the whole years ahead.
    """

    first: Ints
    service: Ints
    price: Floats
    a_year: float


def paragraphs_of(ready: Prepared) -> set[str]:
    """Return the paragraphs that the young are expected to have as adults."""
    table = ready.tables.get("overgange")
    return set() if table is None else set(table["forventet_paragraf"].drop_nulls().to_list())


def young_of(ready: Prepared, services: tuple[str, ...], years: int) -> Young | None:
    """Return the young people, None where nobody is listed or the cases do not tell ages.

    Those who have turned 18 already, or have cases already, are not among them.
    """
    table, rows = ready.tables.get("overgange"), ready.runnable
    if table is None or rows["foedselsaar"].count() < LEAST_BORN * len(rows):
        return None
    as_of = ready.who.as_of
    end = date(date.fromordinal(as_of.toordinal() + 1).year + years - 1, 12, 31)
    born = pl.col("foedselsdato")
    frame = (
        table.with_columns(_day=born.dt.offset_by(f"{ADULT}y"))
        .filter((pl.col("_day") > as_of) & (pl.col("_day") <= end))
        .filter(~pl.col("borger_id").is_in(rows["borger_id"].unique().implode()))
        .sort("_day", "forventet_paragraf", "forventet_aarspris", "borger_id")
    )
    if frame.is_empty():
        return None
    of = {p: n for n, p in enumerate(services)}
    service = [of.get(p or "", -1) if p else -1 for p in frame["forventet_paragraf"]]
    price = frame["forventet_aarspris"].cast(pl.Float64()).fill_null(float("nan")) / 365.25
    return Young(
        np.array([d.toordinal() for d in frame["_day"]], dtype=np.int64),
        np.array(service, dtype=np.int64),
        price.to_numpy(),
        len(frame) / ((end - as_of).days / 365.25),
    )


def chances(
    rng: np.random.Generator, young: Young, came: int, months: float, draws: int
) -> tuple[Floats, Floats]:
    """Return by draw the chance that one who is listed comes, and the share who come unlisted.

    As many 18-year-olds come a year as have come (Poisson, its rate drawn); those on the list come
    first, and only what is above them comes besides, so that nobody is counted twice.
    """
    rate = rng.gamma(came + 0.5, 12.0 / months, draws)
    return np.minimum(rate / young.a_year, 1.0), np.maximum(1.0 - young.a_year / rate, 0.0)
