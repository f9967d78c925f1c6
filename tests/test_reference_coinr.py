"""Normalisation, means, ranks, treatment and the whole index are COINr's on its ASEM example."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from reference import folder, mismatches, number, table
from styring.index import normalise
from styring.index.combine import Array, Mean, combine, ranks
from styring.index.treat import draw_in, kurtosis, skewness

KINDS: dict[str, Mean] = {"a_amean": "arithmetic", "a_gmean": "geometric", "a_hmean": "harmonic"}


@dataclass(frozen=True)
class Tree:
    """The indicators with their directions, and who belongs to whom, level by level."""

    ids: list[str]
    direction: Array
    parents: dict[str, str]
    levels: dict[str, int]


def tree() -> Tree:
    """Return the structure of the index."""
    rows = [r for r in table("coinr_asem", "input", "asem_iMeta.csv") if r["Type"] in KEPT]
    ids = [r["iCode"] for r in rows if r["Type"] == "Indicator"]
    direction = np.array([float(r["Direction"]) for r in rows if r["Type"] == "Indicator"])
    return Tree(
        ids,
        direction,
        {r["iCode"]: r["Parent"] for r in rows},
        {r["iCode"]: int(r["Level"]) for r in rows},
    )


KEPT = ("Indicator", "Aggregate")


def matrix(*path: str, ids: list[str]) -> Array:
    """Return a table's columns as an array by country, NaN where a cell is empty."""
    rows = sorted(table("coinr_asem", *path), key=lambda r: r["uCode"])
    return np.array([[number(r[i]) for i in ids] for r in rows])


def pairs_of(ours: Array, theirs: Array, what: str) -> list[tuple[str, float | None, float]]:
    """Return each cell beside the reference's."""
    assert ours.shape == theirs.shape
    return [
        (f"{what} {place}", float(ours[place]), float(theirs[place]))
        for place in np.ndindex(*ours.shape)
    ]


def raw() -> Array:
    """Return the indicators as measured."""
    return matrix("input", "asem_iData.csv", ids=tree().ids)


def posts() -> tuple[Array, Array, Array]:
    """Return the lower and the upper goalpost and the target of each indicator."""
    rows = {r["iCode"]: r for r in table("coinr_asem", "input", "goalposts_targets.csv")}
    low, high, target = (
        np.array([float(rows[i][k]) for i in tree().ids])
        for k in ("goalpost_lower", "goalpost_upper", "Target")
    )
    return low, high, target


def by_goalposts(*, truncate: bool) -> Callable[[Array, Array], Array]:
    """Return the goalposts of the example as a method."""

    def method(x: Array, direction: Array) -> Array:
        low, high, _ = posts()
        worst, best = np.where(direction > 0, low, high), np.where(direction > 0, high, low)
        return normalise.goalposts(x, worst, best, truncate=truncate)

    return method


def to_target(*, cap: bool) -> Callable[[Array, Array], Array]:
    """Return the targets of the example as a method."""
    return lambda x, d: normalise.distance_to_target(x, posts()[2], d, cap=cap)


METHODS: dict[str, Callable[[Array, Array], Array]] = {
    "minmax_0_100": lambda x, d: normalise.min_max(x * d),
    "minmax_1_100": lambda x, d: normalise.min_max(x * d, 1, 100),
    "zscore_0_1": lambda x, d: normalise.z_score(x * d),
    "zscore_50_10": lambda x, d: normalise.z_score(x * d, 50, 10),
    "prank": lambda x, d: normalise.percentile_rank(x * d),
    "rank": lambda x, d: normalise.rank(x * d),
    "goalposts_trunc_0_100": by_goalposts(truncate=True),
    "goalposts_notrunc_0_100": by_goalposts(truncate=False),
    "dist2targ_cap": to_target(cap=True),
    "dist2targ_nocap": to_target(cap=False),
}


@pytest.mark.parametrize("name", METHODS)
def test_normalisation_is_theirs(name: str) -> None:
    """51 countries × 49 indicators, missing ones missing."""
    t = tree()
    ours = METHODS[name](raw(), t.direction)
    theirs = matrix("normalise", f"{name}.csv", ids=t.ids)
    pairs = pairs_of(ours, theirs, name)
    assert len(pairs) == 51 * 49
    # one value of a z score lies near 0, where the last digits of a mean are all there is
    assert len(mismatches(pairs)) <= (1 if name.startswith("zscore") else 0)
    assert np.allclose(ours, theirs, rtol=1e-9, atol=1e-9, equal_nan=True)


def test_a_wrong_formula_is_not_theirs() -> None:
    """The comparison has teeth: a deviation with n for n − 1 is found in every figure."""
    t = tree()
    x = raw() * t.direction
    wrong = (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0)
    pairs = pairs_of(wrong, matrix("normalise", "zscore_0_1.csv", ids=t.ids), "z")
    assert len(mismatches(pairs)) > 2000


NORMALISED = {"goalposts": "goalposts_trunc_0_100", "dist2targ_c": "dist2targ_cap"}


def aggregated(x: Array, how: dict[str, Any]) -> dict[str, Array]:
    """Return the score of every aggregate by the settings of a case, level by level."""
    t = tree()
    weights = dict.fromkeys(t.levels, 1.0)
    if "csv" in how["weights"]:
        weights = {
            r["iCode"]: float(r["Weight"])
            for r in table("coinr_asem", "input", "weights_unequal.csv")
        }
    means = how["f_ag"] if isinstance(how["f_ag"], list) else [how["f_ag"]] * 3
    given = how["dat_thresh"]
    least = given if isinstance(given, list) else [given or 0.0] * 3
    known: dict[str, Array] = dict(zip(t.ids, x.T, strict=True))
    for level in (2, 3, 4):
        for name in [n for n, at in t.levels.items() if at == level]:
            members = [n for n, parent in t.parents.items() if parent == name]
            known[name] = combine(
                np.column_stack([known[m] for m in members]),
                [weights[m] for m in members],
                KINDS[means[level - 2]],
                least[level - 2],
            )
    return {n: s for n, s in known.items() if t.levels[n] > 1}


def cases() -> dict[str, Any]:
    """Return the settings of every case of aggregation."""
    told: dict[str, Any] = json.loads(
        (folder("coinr_asem", "aggregate") / "settings.json").read_text("utf-8")
    )
    return told


def test_aggregation_and_ranks_are_theirs() -> None:
    """Fourteen cases: means, weights, mixed levels, thresholds of what must be there."""
    t = tree()
    names = [n for n, at in t.levels.items() if at > 1]
    seen = 0
    for case, how in cases().items():
        source = NORMALISED.get(how["normalised"], how["normalised"])
        ours = aggregated(matrix("normalise", f"{source}.csv", ids=t.ids), how)
        scores = np.column_stack([ours[n] for n in names])
        theirs = matrix("aggregate", f"scores_{case}.csv", ids=names)
        assert not mismatches(pairs_of(scores, theirs, case)), case
        compare_ranks(scores, matrix("aggregate", f"ranks_{case}.csv", ids=names), case)
        seen += 1
    assert seen == 14


def compare_ranks(scores: Array, theirs: Array, what: str) -> None:
    """Hold ranks to the reference's, except of scores that are equal to a billionth."""
    ours = ranks(scores)
    for place in zip(*np.nonzero(ours != theirs), strict=True):
        x = scores[place]
        if np.isnan(x) and np.isnan(theirs[place]):
            continue
        near = np.abs(scores[:, place[1]] - x) < 1e-9
        assert near.sum() > 1, (what, place)


TREATED = {
    "default_winmax5": {},
    "winmax1_then_log": {"most": 1},
    "winmax10_skew1_kurt3": {"most": 10, "skew": 1.0, "tails": 3.0},
}


def moved(before: float, after: float) -> str:
    """Return the reference's word for a point that was drawn in, nothing for one that was not."""
    return "winhi" if after < before else "winlo" if after > before else ""


@pytest.mark.parametrize("case", TREATED)
def test_outliers_are_drawn_in_as_theirs(case: str) -> None:
    """The same points, to the same values; the logarithm where that is not enough."""
    t = tree()
    x, how = raw(), TREATED[case]
    found = [draw_in(x[:, n], **how) for n in range(x.shape[1])]  # type: ignore[arg-type]
    theirs = matrix("treat", f"{case}_values.csv", ids=t.ids)
    ours = np.column_stack([f.values for f in found])
    assert not mismatches(pairs_of(ours, theirs, case))
    details = table("coinr_asem", "treat", f"{case}_details.csv")
    assert [d["iCode"] for d in details] == t.ids
    for d, f in zip(details, found, strict=True):
        if d["winsorise.nwin"] and not f.logged:
            assert f.drawn_in == int(d["winsorise.nwin"]), d["iCode"]
    points = table("coinr_asem", "treat", f"{case}_points.csv")
    rows = sorted(points, key=lambda r: r["uCode"])
    for n, name in enumerate(t.ids):
        marked = [r[name] for r in rows]
        if not found[n].logged:
            assert marked == [moved(a, b) for a, b in zip(x[:, n], ours[:, n], strict=True)], name
        assert any("log_CT" in m for m in marked) == found[n].logged, name


def test_skewness_and_kurtosis_are_theirs() -> None:
    """Bias-corrected, of all 49 indicators."""
    x = raw()
    rows = table("coinr_asem", "treat", "raw_stats.csv")
    pairs: list[tuple[str, float | None, float]] = []
    for n, row in enumerate(rows):
        pairs.append((f"{row['iCode']} skew", skewness(x[:, n]), number(row["Skew"])))
        pairs.append((f"{row['iCode']} kurtosis", kurtosis(x[:, n]), number(row["Kurt"])))
    assert len(pairs) == 98
    assert not mismatches(pairs)


def test_the_whole_index_is_theirs() -> None:
    """From the screened figures: treated, normalised, aggregated, ranked."""
    t = tree()
    screened = matrix("pipeline", "screened.csv", ids=t.ids)
    treated = np.column_stack([draw_in(screened[:, n]).values for n in range(len(t.ids))])
    assert not mismatches(
        pairs_of(treated, matrix("pipeline", "treated.csv", ids=t.ids), "treated")
    )
    scaled = normalise.min_max(treated * t.direction)
    assert not mismatches(
        pairs_of(scaled, matrix("pipeline", "normalised.csv", ids=t.ids), "normalised")
    )
    how = {"weights": "", "f_ag": "a_amean", "dat_thresh": None}
    names = [n for n, at in t.levels.items() if at > 1]
    scores = np.column_stack([aggregated(scaled, how)[n] for n in names])
    theirs = matrix("pipeline", "aggregated.csv", ids=names)
    assert not mismatches(pairs_of(scores, theirs, "aggregated"))
    compare_ranks(scores, matrix("pipeline", "aggregated_ranks.csv", ids=names), "pipeline")
