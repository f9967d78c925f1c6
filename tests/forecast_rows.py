"""The made-up municipalities as the forecast takes them: what was known on a day, what happened."""

from __future__ import annotations

from datetime import date

import numpy as np

from grown_municipality import Grown, Paid
from municipality_generator import municipality
from styring.forecast import OPEN, Rows
from styring.forecast.young import Young

DAY_0 = date(2020, 1, 1).toordinal()


def made(seed: int) -> Rows:
    """Return the rows of a made-up municipality, all that happened in them."""
    stays = municipality(seed, 2200)
    return Rows(
        np.arange(len(stays)),
        np.array([s.service for s in stays]),
        np.array([s.first + DAY_0 for s in stays]),
        np.array([s.last + DAY_0 for s in stays]),
        np.array([s.price for s in stays]),
        np.ones(len(stays), dtype=np.bool_),
    )


def happened(grown: Grown) -> Rows:
    """Return what came to be paid in a municipality grown person by person."""
    return _rows(grown.rows, [r.last.toordinal() for r in grown.rows])


def known(grown: Grown, as_of: date) -> Rows:
    """Return what was known on a day: rows begun, their ends if past, else those planned."""
    rows = [r for r in grown.rows if r.first <= as_of]
    last = [r.last if r.last <= as_of else r.planned for r in rows]
    return _rows(rows, [OPEN if d is None else d.toordinal() for d in last])


def listed(grown: Grown, as_of: date, years: int) -> Young | None:
    """Return the young people who turn 18 in the years ahead."""
    end = date(as_of.year + years - 1, 12, 31)
    found = [t for t in grown.listed if as_of < t.adult <= end]
    if not found:
        return None
    return Young(
        np.array([t.adult.toordinal() for t in found]),
        np.array([t.service for t in found]),
        np.array([t.price for t in found]),
        len(found) / ((end - as_of).days / 365.25),
    )


def _rows(rows: list[Paid], last: list[int]) -> Rows:
    return Rows(
        np.array([r.case for r in rows]),
        np.array([r.service for r in rows]),
        np.array([r.first.toordinal() for r in rows]),
        np.array(last),
        np.array([r.price for r in rows]),
        np.ones(len(rows), dtype=np.bool_),
        born=np.array([r.born for r in rows]),
        citizen=np.array([r.citizen for r in rows]),
    )
