"""Scores and ranks of many units when weights, scaling and mean are drawn over and over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import indicator, steady
from styring.index.treat import kurtosis, skewness
from styring.index.vary import (
    STANDINGS,
    Array,
    Standing,
    Varied,
    among,
    between_ends,
    scores,
    share_worse,
    standard,
    vary,
)
from styring.score import Scored, score

FIRST = (share_worse,)


def alone(
    values: Array, weights: list[float], *, seed: int = 1, standings: tuple[Standing, ...] = FIRST
) -> Varied:
    """Return the scores and ranks of one group."""
    groups = ["a"] * values.shape[1]
    return vary(values, weights, groups, seed=seed, draws=400, standings=standings)["a"]


# --- How values stand ---------------------------------------------------------------------------


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("same", [0.1, 0.3, 0.7, 1 / 3, 2.0])
def test_others_that_are_all_the_same_are_below_at_or_above(
    standing: Standing, same: float
) -> None:
    """Also where the deviation of seven equal figures is a last digit: 0.1 seven times."""
    others = np.full(7, same)
    x = np.array([same - 1, same, same + 1])
    assert standing(x, others).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("most", [5e-324, 1e-200, 1e-110, 1e120])
def test_figures_of_any_size_stand_in_order(standing: Standing, most: float) -> None:
    """Spreads so small or large that their powers are lost are not divided by 0."""
    others = np.array([0.0] * 11 + [most])
    low, high = standing(np.array([0.0, most]), others)
    assert 0 <= low < high <= 1


def test_ends_with_outliers_drawn_in() -> None:
    """Of 1, 2, … 19 and 1,000 the last becomes 19: 10 lies (10 − 1) / (19 − 1) = half way."""
    others = np.array([*range(1, 20), 1000], dtype=float)
    assert between_ends(np.array([0.0, 10.0, 1000.0]), others).tolist() == [0, 0.5, 1]
    nine = others[-9:]  # 12 … 19 and 1,000 are too few: (14 − 12) / (1000 − 12)
    assert between_ends(np.array([14.0]), nine)[0] == pytest.approx(2 / 988)


@pytest.mark.parametrize("sign", [1, -1])
def test_ends_that_drawing_in_cannot_mend_are_the_others_own(sign: int) -> None:
    """Eighty alike and seven far off: the ends are 0 and 5,000,000, whichever is the good one."""
    others = sign * np.array([*range(80), *(10.0**5 * n for n in (8, 12, 17, 23, 30, 39, 50))])
    x = sign * np.array([0.0, 2.5e6, 5e6])
    wanted = [0, 0.5, 1] if sign > 0 else [1, 0.5, 0]
    assert between_ends(x, others).tolist() == pytest.approx(wanted)


@pytest.mark.parametrize("shape", [skewness, kurtosis])
def test_figures_without_spread_have_no_shape(shape: Callable[[Array], float]) -> None:
    """0.1 seven times has a computed mean that is not 0.1."""
    assert np.isnan(shape(np.array([0.1] * 7)))
    assert np.isnan(shape(np.array([np.nan])))


def test_the_normal_probability_by_hand() -> None:
    """1, 2, 3 have mean 2 and deviation 1: 3 is one deviation above, Φ(1) = 0.8413447."""
    found = standard(np.array([2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert found.tolist() == pytest.approx([0.5, 0.8413447], abs=1e-7)


def test_among_themselves_nobody_ties_with_itself() -> None:
    """Of 1, 2, 2, 4: none of three below; one and half of one tie, 1.5 / 3; all three."""
    assert among(share_worse, np.array([1.0, 2, 2, 4])).tolist() == [0, 0.5, 0.5, 1]


@steady
@given(
    st.sampled_from(STANDINGS),
    st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=30),
    st.floats(-2e6, 2e6),
    st.floats(0, 1e6),
)
def test_a_higher_value_never_stands_lower(
    standing: Standing, others: list[float], x: float, more: float
) -> None:
    """And always from 0 to 1, whatever the others are."""
    low, high = standing(np.array([x, x + more]), np.array(others))
    assert 0 <= low <= high <= 1


# --- One draw -----------------------------------------------------------------------------------


def test_a_draw_by_hand() -> None:
    """Points 20 and 80 by weights 1 and 3: (20 + 240) / 4 = 65, or ⁴√(20 · 80³) = 56.57."""
    points = np.array([[[20.0, 80.0]]] * 2)
    drawn = np.array([[1.0, 3.0]] * 2)
    found = scores(points, drawn, np.array([False, True]), np.ones(2))
    assert found[:, 0].tolist() == pytest.approx([65, (20 * 80**3) ** 0.25])


def test_a_unit_with_less_than_half_of_the_weight_has_no_score() -> None:
    """1 of 3 is too little, 2 of 3 is not, though the drawn weights say otherwise."""
    points = np.array([[[50.0, np.nan], [np.nan, 70.0]]])
    found = scores(points, np.array([[9.0, 1.0]]), np.array([False]), np.array([1.0, 2.0]))
    assert np.isnan(found[0, 0])
    assert found[0, 1] == 70


# --- Many units ---------------------------------------------------------------------------------


def test_scores_and_ranks_with_nothing_varied_by_hand() -> None:
    """Shares of the other two: 100, 50, 0 and 0, 100, 50, by weights 1 and 3."""
    values = np.array([[3.0, 10.0], [2.0, 30.0], [1.0, 20.0]])
    found = alone(values, [1, 3])
    # (100 + 3 · 0) / 4, (50 + 3 · 100) / 4, (0 + 3 · 50) / 4
    assert found.score.tolist() == pytest.approx([25, 87.5, 37.5])
    assert found.rank.tolist() == [3, 1, 2]


def test_a_unit_that_is_best_in_all_is_first_in_every_draw_and_one_in_between_is_not_firm() -> None:
    """The second leads in one of two figures only, and weights decide between it and the third."""
    steps = np.arange(10.0)
    values = np.column_stack([steps, steps])
    values[0], values[1], values[2] = (20, 20), (19, -1), (-1, 19)
    found = alone(values, [1, 1], standings=STANDINGS)
    assert (found.rank_low[0], found.rank_median[0], found.rank_high[0]) == (1, 1, 1)
    assert found.rank_low[1] < found.rank_high[1]
    assert found.low[1] < found.score[1] < found.high[1]


def test_each_draw_takes_one_of_the_standings() -> None:
    """One indicator, so no weight and no mean matters: the three points are all that is drawn."""
    column = np.array([1.0, 2, 3, 10, 20, 60])
    found = alone(column[:, None], [1], standings=STANDINGS)
    of_fourth = sorted(float(among(f, column)[3]) * 100 for f in STANDINGS)
    # three of five below: 60; (10 − 1) / 59: 15.25; mean 16, deviation √(2578 / 5) = 22.707:
    # Φ(−6 / 22.707) = Φ(−0.26424) = 39.58
    assert of_fourth == pytest.approx([15.25, 39.58, 60], abs=0.01)
    drawn = [found.low[3], found.median[3], found.high[3]]
    assert drawn == pytest.approx(of_fourth)
    assert found.score[3] == pytest.approx(60)


def test_each_indicator_draws_its_own_standing() -> None:
    """Two alike by weights that do not matter then: means of two different standings come up."""
    column = np.array([1.0, 2, 3, 10, 20, 60])
    two = (share_worse, between_ends)
    apart = alone(np.column_stack([column, column]), [1, 1], seed=3, standings=two)
    alike = alone(column[:, None], [1], seed=3, standings=two)
    # both by rank 60, both between ends 15.25; one of each in half of the draws: 30 to 38
    assert 25 < apart.median[3] < 45
    assert not 25 < alike.median[3] < 45


def test_missing_figures_are_missing_in_every_draw() -> None:
    """The third has none of two figures; a column with one figure compares nobody."""
    values = np.array([[1.0, 2.0], [2.0, 1.0], [np.nan, np.nan], [3.0, 3.0]])
    found = alone(values, [1, 1])
    assert all(np.isnan(column[2]) for column in astuple(found))
    assert found.rank[[0, 1, 3]].tolist() == [2, 2, 1]
    lonely = alone(np.array([[1.0], [np.nan]]), [1])
    assert np.isnan(lonely.score).all()


def test_groups_are_scored_apart() -> None:
    """A group's score is that of its indicators alone."""
    values = np.random.default_rng(3).random((12, 4))
    found = vary(values, np.ones(4), ["a", "b", "a", "b"], seed=1, draws=50)
    assert list(found) == ["a", "b"]
    apart = vary(values[:, [0, 2]], np.ones(2), ["a", "a"], seed=1, draws=50)
    assert found["a"].score.tolist() == apart["a"].score.tolist()


TABLES = st.integers(2, 12).flatmap(
    lambda units: st.lists(
        st.lists(st.one_of(st.floats(-1e3, 1e3), st.just(np.nan)), min_size=3, max_size=3),
        min_size=units,
        max_size=units,
    )
)


@steady
@given(TABLES, st.integers(0, 9))
def test_intervals_hold_what_they_are_of(rows: list[list[float]], seed: int) -> None:
    """Scores 0–100 and ranks 1–n, each within its interval; the same seed gives the same."""
    values, weights = np.array(rows), [1.0, 2.0, 1.5]
    found = alone(values, weights, seed=seed, standings=STANDINGS)
    again = alone(values, weights, seed=seed, standings=STANDINGS)
    assert [c.tobytes() for c in astuple(found)] == [c.tobytes() for c in astuple(again)]
    known = ~np.isnan(found.score)
    pairs = (
        (found.low, found.score, found.high, 0, 100),
        (found.rank_low, found.rank, found.rank_high, 1, len(rows)),
    )
    for low, mean, high, least, most in pairs:
        assert (low[known] <= mean[known]).all()
        assert (mean[known] <= high[known]).all()
        assert (low[known] >= least - 1e-9).all()
        assert (high[known] <= most + 1e-9).all()


def test_the_order_of_the_units_does_not_matter() -> None:
    """A row turned is a result turned: the draws belong to indicators."""
    values = np.random.default_rng(5).random((30, 6))
    found = alone(values, [1.0] * 6, standings=STANDINGS)
    turned = alone(values[::-1], [1.0] * 6, standings=STANDINGS)
    for one, other in zip(astuple(found), astuple(turned), strict=True):
        assert np.allclose(one, other[::-1], rtol=1e-9)


def test_a_municipality_gets_the_same_score_and_rank_as_a_unit_among_many() -> None:
    """Points of one review, and the table of all: by peers, with nothing varied."""
    values = np.random.default_rng(7).random((20, 5))
    weights = [1.0, 2.0, 0.5, 1.0, 3.0]
    found = alone(values, weights)
    for own in range(20):
        every = [as_scored(values[:, k], own, f"i{k}", w) for k, w in enumerate(weights)]
        _, centres = score(every, [s.indicator for s in every], 1, draws=20)
        centre = centres["oekonomisk-finansiel"]
        assert centre.score == pytest.approx(found.score[own])
        assert centre.rank == found.rank[own]


def as_scored(column: Array, own: int, name: str, weight: float) -> Scored:
    """Return a column as one municipality's figure among the others'."""
    definition = indicator(
        {"from": "cases", "aggregate": "count"},
        better="higher",
        scoring=({"method": "peers"},),
        id=name,
        weight=weight,
    )
    others = {f"{n:03}": float(x) for n, x in enumerate(column) if n != own}
    return Scored(definition, float(column[own]), None, None, others, None)
