"""How long robust grades take: 1,000 variations of 98 municipalities and 60 indicators.

The yardstick, in the same run, is the same array ranked and averaged plainly as many times, with
nothing varied: once as a review does it, with peer sets and intervals, once as a plain table of all
units. Then an index built as COINr builds it (min-max, means up a tree of groups) of 98
and of 10,000 units, against the plain means of the same array. CPU seconds, medians of five.

COINr 1.1.14 on another, busy machine of two cores took 0.014 s for 98 units, 0.45 s for 10,000, and
21.7 s for 1,000 replications of weights and normalisation on 98 × 50 (stated, not measured here).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rows import indicator
from styring.index.combine import combine
from styring.index.normalise import min_max
from styring.index.vary import vary
from styring.score import DRAWS, Scored, score

UNITS, INDICATORS = 98, 60
COUNT = {"from": "cases", "aggregate": "count"}
SCORING = ({"method": "peers"}, {"method": "goalposts", "worst": 0.0, "best": 1.0})


def panel() -> list[Scored]:
    """Return sixty indicators of ourselves and 97 others."""
    values = np.random.default_rng(7).random((UNITS, INDICATORS))
    codes = [f"{n:03}" for n in range(101, 100 + UNITS)]
    found = []
    for k in range(INDICATORS):
        definition = indicator(COUNT, better="higher", scoring=SCORING, id=f"i{k}")
        own = float(values[0, k])
        others = dict(zip(codes, values[1:, k].tolist(), strict=True))
        found.append(Scored(definition, own, own - 0.05, own + 0.05, others, None))
    return found


def peer_sets(every: list[Scored]) -> list[frozenset[str]]:
    """Return thirty sets: the K first for K = 5 … 15, and all without one."""
    codes = sorted(every[0].peers)
    sizes = [frozenset(codes[:k]) for k in range(5, 16)]
    return [frozenset(codes), *sizes, *(frozenset(codes) - {c} for c in codes[:18])]


def plainly(values: np.ndarray) -> None:
    """Rank every column and average, as often as the variations."""
    for _ in range(DRAWS):
        np.argsort(np.argsort(values, axis=0), axis=0).mean(axis=1)


def index(values: np.ndarray) -> None:
    """Normalise and put together eight groups, then the groups."""
    scaled = min_max(values)
    groups = [combine(scaled[:, k::8], np.ones(scaled[:, k::8].shape[1])) for k in range(8)]
    combine(np.column_stack(groups), np.ones(8))


def cpu(what: Callable[[], object]) -> float:
    """Return the median CPU seconds of five runs."""
    taken = []
    for _ in range(5):
        start = time.process_time()
        what()
        taken.append(time.process_time() - start)
    return median(taken)


def main() -> None:
    """Print the seconds and the ratio."""
    every = panel()
    sets = peer_sets(every)
    values = np.random.default_rng(7).random((UNITS, INDICATORS))
    ours = cpu(lambda: score(every, [s.indicator for s in every], 1, peer_sets=sets))
    eight = [str(k % 8) for k in range(INDICATORS)]
    table = cpu(lambda: vary(values, np.ones(INDICATORS), eight, seed=1, draws=DRAWS))
    yardstick = cpu(lambda: plainly(values))
    print(f"variations: {DRAWS} of {UNITS} municipalities x {INDICATORS} indicators")
    print(f"a review {ours:.2f} s, a table {table:.2f} s, plain ranks and means {yardstick:.2f} s")
    print(f"ratio {ours / yardstick:.2f} and {table / yardstick:.2f}")
    for units in (98, 10_000):
        wide = np.random.default_rng(7).random((units, 50))
        built = cpu(partial(index, wide))
        plain = cpu(partial(wide.mean, axis=1))
        print(f"index of {units} x 50: {built:.4f} s, plain means {plain:.4f} s")


if __name__ == "__main__":
    main()
