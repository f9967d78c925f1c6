"""The forecast's record: past days replayed, and what the cases then came to cost.

What is known on a replayed day: rows begun by then; ends after it are open and later grants unseen.
What hindsight remains: prices are as the sheet has them now, and cases entered late are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styring.forecast import begins_of, rows_of, spans_of
from styring.forecast.flows import seen_on
from styring.forecast.simulate import cost, months_after
from styring.prepare import Prepared

QUARTERS = ((3, 31), (6, 30), (9, 30))
DRAWS = 400


@dataclass(frozen=True, slots=True)
class Replay:
    """One replayed day: months ahead, the forecast of the rest of the year and the fact, kroner."""

    day: date
    months: int
    low: float
    median: float
    high: float
    fact: float

    @property
    def error(self) -> float:
        """Return forecast less fact, as a share of the fact."""
        return self.median / self.fact - 1

    @property
    def held(self) -> bool:
        """Return whether the fact lies in the interval."""
        return self.low <= self.fact <= self.high


def backtest(ready: Prepared, seed: int = 1) -> tuple[Replay, ...]:
    """Return the replayed quarters of finished years that have a year of history before them."""
    rows, services = rows_of(ready)
    found = []
    for year in ready.years:
        for month, last in QUARTERS if ready.finished(year) else ():
            day = date(year, month, last)
            seen = seen_on(rows, day.toordinal())
            if not len(seen.case):
                continue
            spans, totals, _ = spans_of(seen, services, day, begins_of(ready, rows), seed, DRAWS)
            fact = float(cost(rows, months_after(day, 1)).sum())
            span = spans[0]
            if not totals or span.low is None or span.median is None or span.high is None:
                continue
            if fact > 0:
                found.append(Replay(day, 12 - month, span.low, span.median, span.high, fact))
    return tuple(found)
