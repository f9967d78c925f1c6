"""The forecast's intervals on municipalities it knows nothing of: 80 per cent holds 75 to 85."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecast_rows import DAY_0, happened, known, listed, made
from grown_municipality import grown
from styring.forecast import Rows, Span, seen_on, spans_of
from styring.forecast.rows import cost, months_after

AS_OF = date(2023, 6, 30)
MUNICIPALITIES = 400
DRAWS = 300
YEARS = 3


def tried(seed: int, kind: str) -> tuple[tuple[Span, ...], Rows]:
    """Return the forecast of one municipality, and what happened."""
    if kind == "simple":
        truth = made(seed)
        seen, young = seen_on(truth, AS_OF.toordinal()), None
    else:
        town = grown(seed, AS_OF)
        truth, seen, young = happened(town), known(town, AS_OF), listed(town, AS_OF, YEARS)
    return spans_of(seen, 5, AS_OF, DAY_0, seed, DRAWS, young)[0], truth


@pytest.mark.parametrize("kind", ["simple", "grown"])
def test_intervals_of_80_per_cent_hold_what_happened(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest of the year and the next two, by processes other than the forecast assumes.

    The simple ones have lognormal stays and seasons; the grown ones ages, grants with known ends,
    prices that change each New Year, and young people listed before they turn 18.
    """
    months = months_after(AS_OF, YEARS)
    inside, errors = [], []
    for seed in range(MUNICIPALITIES):
        spans, truth = tried(seed, kind)
        kroner = cost(truth, months).sum(axis=0)
        held, off = [], []
        for s in spans:
            assert s.low is not None
            assert s.median is not None
            assert s.high is not None
            fact = kroner[[y == s.year for y, *_ in months]].sum()
            held.append(s.low <= fact <= s.high)
            off.append(s.median / fact - 1)
        inside.append(held)
        errors.append(off)
    held_, off_ = np.mean(inside, axis=0), np.array(errors)
    with capsys.disabled():
        print(f"\n{kind}: held {held_}, bias {off_.mean(axis=0)}, error {abs(off_).mean(axis=0)}")
    assert ((held_ >= 0.75) & (held_ <= 0.85)).all()
    assert (abs(off_.mean(axis=0)) < 0.02).all()
