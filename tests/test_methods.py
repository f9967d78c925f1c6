from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import atan, cos, pi, sqrt
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import steady
from styring import methods
from styring.stats.interval import ROUNDING

PERCENT = 1e-9


# --- Do two groups differ -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        # means 4 and 2, no spread but 1/12: error √(1/12 · 2/3) = 0.2357, times 3.9608 = 0.93
        ([4, 4, 4], [2, 2, 2], True),
        # means 4 and 3.33: squares 2/3, (2/3/4 + 1/12)·2/3 = 1/6, √ = 0.408 x 3.9608 = 1.62
        ([4, 4, 4], [3, 3, 4], False),
        # means 5 and 3: squares 8, (8/4 + 1/12)·2/3 = 1.389, √ = 1.18 x 3.9608 = 4.67
        ([5, 5, 5], [1, 3, 5], False),
        ([1, 1, 1], [5, 5, 5], True),
        ([3], [3], False),
        ([5], [1], False),
    ],
)
def test_groups_differ_when_their_means_are_further_apart_than_chance_explains(
    first: list[int],
    second: list[int],
    apart: bool,  # noqa: FBT001
) -> None:
    """Pooled variance and the rounding of answers, 5 per cent shared over three pairs."""
    assert methods.differ(first, second) == apart
    assert methods.differ(second, first) == apart


def turning_point(free: int) -> float:
    """Return the quantile at which `differ` turns: the least gap that counts, over its error.

    The answers are K, −K and zeros against zeros, so the squares are 2·K²; K is large beside a
    step of the gap and beside the rounding that is added.
    """
    wide, others = 10**9, max(1, free // 2)
    group, second = [wide, -wide, *[0] * (free - others)], [0] * others
    squares = 2 * wide**2
    error = sqrt((squares / free + ROUNDING) * (1 / len(group) + 1 / len(second)))
    low, high = 0, 100 * wide
    while high - low > 1:
        middle = (low + high) // 2
        apart = methods.differ([v + middle for v in group], second)
        low, high = (low, middle) if apart else (middle, high)
    return high / error


def tail(t: float, free: int) -> float:
    """Return how much of Student's distribution lies beyond t, by adding up thin strips.

    With t = √free·tan(angle) the density is cos(angle)^(free − 1) over its own integral.
    """
    strips = 2000

    def area(start: float) -> float:
        width = (pi / 2 - start) / strips
        return width * sum(cos(start + (n + 0.5) * width) ** (free - 1) for n in range(strips))

    return area(atan(t / sqrt(free))) / area(-pi / 2)


@pytest.mark.parametrize("free", range(1, 31))
def test_the_table_of_three_pairs_cuts_off_a_sixth_of_five_per_cent(free: int) -> None:
    """5 per cent over three pairs and two tails leaves 1/120 beyond the quantile."""
    assert tail(turning_point(free), free) == pytest.approx(1 / 120, rel=3e-4)


@pytest.mark.parametrize("free", [31, 40, 100])
def test_beyond_the_table_of_three_pairs_it_cuts_off_as_much(free: int) -> None:
    """1/120 of the curve lies beyond."""
    assert tail(turning_point(free), free) == pytest.approx(1 / 120, rel=1e-3)


# --- Quantiles, diversity, steps ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "p", "wanted"),
    [
        ([1, 2, 3, 4], 0.25, 1.75),  # place 0.75
        ([1, 2, 3, 4], 0.5, 2.5),
        ([1, 2, 3, 4, 10], 0.9, 7.6),  # place 3.6: 4 + 0.6 x 6
        ([1, 2, 3, 4, 10], 0, 1),
        ([1, 2, 3, 4, 10], 1, 10),
        ([7], 0.9, 7),
        ([2, 2, 2], 0.1, 2),
    ],
)
def test_a_quantile_lies_between_two_values_in_proportion(
    values: list[float], p: float, wanted: float
) -> None:
    """Linear interpolation, the first value is 0 and the last is 1."""
    assert methods.quantile(values, p) == pytest.approx(wanted)


@steady
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30), st.integers(0, 20))
def test_a_quantile_is_a_fraction_exactly(values: list[int], twentieths: int) -> None:
    """As a plain calculation in fractions has it."""
    ordered = sorted(values)
    place = Fraction(twentieths, 20) * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    wanted = ordered[low] + (place - low) * (ordered[high] - ordered[low])
    assert methods.quantile(ordered, twentieths / 20) == pytest.approx(float(wanted), abs=1e-9)


def test_the_median_takes_values_in_any_order() -> None:
    """Of an even number the mean of the two in the middle."""
    assert methods.median([9, 1, 5]) == 5
    assert methods.median([90, 1, 5, 2]) == 3.5


@pytest.mark.parametrize(
    ("amounts", "wanted"),
    [([10], 0), ([5, 5], 0.5), ([2, 1, 1], 0.625), ([1] * 10, 0.9), ([], None), ([0, 0], None)],
)
def test_diversity_is_one_less_the_squared_shares(
    amounts: list[float], wanted: float | None
) -> None:
    """All in one is 0, and ten alike are 0.9; nothing at all has none."""
    assert methods.diversity(amounts) == (None if wanted is None else pytest.approx(wanted))


def test_the_largest_step_is_of_neighbours_whatever_the_direction() -> None:
    """From 5 down to 1 is 4; one value has no step."""
    assert methods.largest_step([1, 3, 5, 1, 2]) == 4
    assert methods.largest_step([1]) is None
    assert methods.largest_step([]) is None


# --- Krippendorff's alpha -----------------------------------------------------------------------


def ordinal_alpha(units: Sequence[Sequence[int]]) -> Fraction | None:
    """Return Krippendorff's alpha from its definition: coincidences value by value, in fractions.

    Each pair of answers to one unit of m answers adds 1/(m − 1) to a table of coincidences; alpha
    is one less the disagreement seen over that expected from the table's margins.
    """
    values = sorted({v for u in units if len(u) > 1 for v in u})
    table = {(c, k): Fraction(0) for c in values for k in values}
    for u in units:
        for i, c in enumerate(u):
            for j, k in enumerate(u):
                if i != j:
                    table[c, k] += Fraction(1, len(u) - 1)
    margin = {c: sum((table[c, k] for k in values), Fraction(0)) for c in values}
    n = sum(margin.values(), Fraction(0))

    def squared(c: int, k: int) -> Fraction:
        low, high = min(c, k), max(c, k)
        inside = sum((margin[g] for g in values if low <= g <= high), Fraction(0))
        return (inside - (margin[low] + margin[high]) / 2) ** 2

    pairs = list(table)
    seen = sum((table[c, k] * squared(c, k) for c, k in pairs), Fraction(0))
    chance = sum((margin[c] * margin[k] * squared(c, k) for c, k in pairs), Fraction(0))
    return 1 - (n - 1) * seen / chance if chance else None


GAP = 0
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
    [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
]
"""Krippendorff's own example: four observers, twelve units, values 1–5, some missing."""


def test_alpha_of_the_published_example() -> None:
    """Ordinal alpha of Krippendorff's four observers is 0.815, as he prints it."""
    units = [[v for v in unit if v != GAP] for unit in zip(*FOUR_OBSERVERS, strict=True)]
    found = methods.alpha_ordinal(units)
    assert found == pytest.approx(0.815, abs=5e-4)
    wanted = ordinal_alpha(units)
    assert wanted is not None
    assert found == pytest.approx(float(wanted), rel=1e-12)


def test_alpha_of_two_units_by_hand() -> None:
    """1, 2 and 1, 1: half of the disagreement that chance would give."""
    # coincidences: 1–2 one each way, 1–1 two; margins 3 and 1, n = 4; distance (4 − 2)² = 4
    # seen 2·4 = 8, chance 2·3·1·4 = 24, alpha = 1 − 3·8/24 = 0
    assert methods.alpha_ordinal([[1, 2], [1, 1]]) == pytest.approx(0)


@steady
@given(st.lists(st.lists(st.integers(1, 5), max_size=6), max_size=8))
def test_alpha_is_the_definitions(units: list[list[int]]) -> None:
    """Whatever the answers; none where nothing varies."""
    wanted = ordinal_alpha(units)
    found = methods.alpha_ordinal(units)
    assert found == (None if wanted is None else pytest.approx(float(wanted), abs=1e-9))


def test_full_agreement_is_1_and_no_variation_is_none() -> None:
    """Agreeing on everything while all say the same tells nothing."""
    assert methods.alpha_ordinal([[1, 1, 1], [5, 5], [3, 3]]) == 1
    assert methods.alpha_ordinal([[4, 4, 4], [4, 4]]) is None
    assert methods.alpha_ordinal([]) is None


def test_units_with_one_answer_are_left_out() -> None:
    """They have nobody to agree with, and do not count among the values either."""
    units = [[1, 2], [4, 4]]
    assert methods.alpha_ordinal([*units, [5], []]) == methods.alpha_ordinal(units)
    assert methods.alpha_ordinal([[3, 3], [5]]) is None


@steady
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=2, max_size=5), min_size=2, max_size=6),
    st.randoms(use_true_random=False),
)
def test_alpha_knows_neither_the_order_of_answers_nor_of_statements(
    units: list[list[int]], random: Random
) -> None:
    """Shuffled, it is the same; so it is when the scale is turned round."""
    mixed = [sorted(u, key=lambda _: random.random()) for u in units]
    random.shuffle(mixed)
    plain, turned = methods.alpha_ordinal(units), [[6 - v for v in u] for u in units]
    wanted = None if plain is None else pytest.approx(plain, abs=1e-12)
    assert methods.alpha_ordinal(mixed) == wanted
    assert methods.alpha_ordinal(turned) == wanted


# --- The time to an end -------------------------------------------------------------------------


def time_to_half(rows: list[tuple[int, bool]], seen: list[int] | None = None) -> float | None:
    """Return the Kaplan–Meier median of durations and whether they ended."""
    frame = pl.DataFrame(
        {
            "days": [d for d, _ in rows],
            "ended": [e for _, e in rows],
            "seen": seen or [0] * len(rows),
        },
        schema={"days": pl.Int64(), "ended": pl.Boolean(), "seen": pl.Int64()},
    )
    watched = pl.col("seen") if seen else None
    found = frame.select(methods.median_time(pl.col("days"), pl.col("ended"), watched)).item()
    return None if found is None else float(found)


def test_the_time_to_half_counts_open_rows_as_long_as_they_are_known() -> None:
    """2 ended and 2 open at day 2, then 5 and 7: 3/4 are left after day 2, 3/8 after day 5."""
    assert time_to_half([(2, True), (2, False), (5, True), (7, False)]) == 5
    assert time_to_half([(1, True), (2, True), (3, True), (4, True), (5, True)]) == 3
    assert time_to_half([(1, True), (2, True), (3, True), (4, True)]) == 2
    assert time_to_half([(9, False), (9, False)]) is None
    assert time_to_half([(3, True), (9, False), (9, False)]) is None


def test_a_row_is_at_risk_from_when_it_is_watched() -> None:
    """Watched from 0, 5, 25 and 0: of three at day 10 two are left, of two at day 20 one."""
    rows = [(10, True), (20, True), (30, True), (40, False)]
    assert time_to_half(rows, [0, 5, 25, 0]) == 20
    assert time_to_half(rows) == 20
    assert time_to_half([(10, True), (20, True), (20, True), (40, False)], [0, 15, 15, 0]) == 10


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=40))
def test_the_time_to_half_is_the_product_limit_by_hand(rows: list[tuple[int, bool]]) -> None:
    """A plain loop over the times at which something ended."""
    left, alive, expected = len(rows), 1.0, None
    for day in sorted({d for d, _ in rows}):
        ended = sum(1 for d, e in rows if d == day and e)
        alive *= 1 - ended / left
        if expected is None and ended and alive <= 0.5 + 1e-12:
            expected = float(day)
        left -= sum(1 for d, _ in rows if d == day)
    assert time_to_half(rows) == expected
