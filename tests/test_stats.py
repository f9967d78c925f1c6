"""Intervals, tests, trends and control limits: by hand, by their laws, and by simulation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import permutations
from math import asin, comb, exp, factorial, sqrt
from statistics import NormalDist, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import steady
from styring.stats import control, differ, interval
from styring.stats.funnel import Funnel, Kind, funnel
from styring.stats.normal import cumulative
from styring.stats.standardise import direct, indirect, indirect_rate
from styring.stats.trend import mann_kendall

# --- Intervals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("events", "trials"), [(0, 10), (3, 10), (10, 10), (7, 400)])
def test_exact_limits_of_a_proportion_leave_two_and_a_half_per_cent_beyond(
    events: int, trials: int
) -> None:
    """At the lower limit so many or more are 2.5 % likely, at the upper so many or fewer."""

    def at_most(k: int, p: float) -> float:
        return sum(comb(trials, i) * p**i * (1 - p) ** (trials - i) for i in range(k + 1))

    low, high = interval.exact_proportion(events, trials)
    if events:
        assert 1 - at_most(events - 1, low) == pytest.approx(0.025)
    else:
        assert low == 0
    if events < trials:
        assert at_most(events, high) == pytest.approx(0.025)
    else:
        assert high == 1


@pytest.mark.parametrize("events", [0, 1, 5, 9])
def test_exact_limits_of_a_count_leave_two_and_a_half_per_cent_beyond(events: int) -> None:
    """By the Poisson distribution added up."""

    def at_most(k: int, mean: float) -> float:
        return sum(exp(-mean) * mean**i / factorial(i) for i in range(k + 1))

    low, high = interval.exact_count(events)
    assert at_most(events, high) == pytest.approx(0.025)
    assert low == 0 if events == 0 else 1 - at_most(events - 1, low) == pytest.approx(0.025)


@steady
@given(st.one_of(st.integers(0, 500), st.floats(0.01, 500)), st.floats(1, 1e6))
def test_the_limits_of_a_rate_hold_it(events: float, exposure: float) -> None:
    """Whichever method is used."""
    low, high = interval.rate(events, exposure)
    assert 0 <= low <= events / exposure <= high


def test_wilson_by_hand() -> None:
    """Three of ten: (0.3 + z²/20 ± z·√(0.021 + z²/400)) / (1 + z²/10)."""
    z = 1.959963984540054
    half = z * sqrt(0.3 * 0.7 / 10 + z * z / 400)
    middle, scale = 0.3 + z * z / 20, 1 + z * z / 10
    assert interval.wilson(3, 10) == pytest.approx(
        ((middle - half) / scale, (middle + half) / scale)
    )
    assert interval.wilson(0, 10)[0] == 0
    assert interval.wilson(10, 10)[1] == pytest.approx(1)


@steady
@given(st.integers(0, 200), st.integers(1, 200))
def test_wilsons_limits_are_where_the_score_test_turns(events: int, more: int) -> None:
    """Each limit p solves (x − n·p)² = z²·n·p·(1 − p), which is how Wilson found them."""
    trials = events + more
    for p in interval.wilson(events, trials):
        gap = (events - trials * p) ** 2 - interval.Z95**2 * trials * p * (1 - p)
        assert gap == pytest.approx(0, abs=1e-9 * trials**2)


def test_answers_add_the_variance_of_rounding_and_stay_on_the_scale() -> None:
    """4, 4, 4 are not exactly alike: variance 1/12, quantile 4.302653, over √3."""
    half = 4.302652729911275 * sqrt(1 / 12) / sqrt(3)
    assert interval.answers(4, 0, 3) == pytest.approx((4 - half, 4 + half))
    assert interval.answers(3, 0.5, 2) is None
    wide = 4.302652729911275 * sqrt(1 + 1 / 12) / sqrt(3)
    assert interval.answers(5, 1, 3) == pytest.approx((5 - wide, 5))


def test_a_median_has_limits_by_the_bootstrap_that_the_seed_decides() -> None:
    """They hold the median, lie among the values, and are none for two."""
    values = [float(n * n) for n in range(15)]
    low, high = interval.median(values) or (0.0, 0.0)
    assert low < 49 < high
    assert interval.median(values) == interval.median(list(reversed(values)))
    assert interval.median(values, seed=2) == interval.median(values, seed=2)
    assert interval.median([1, 2]) is None


def test_medians_of_a_normal_population_are_held_as_often_as_said() -> None:
    """300 samples of 25: the 95 % limits hold the true median in 92 to 98 % of them."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        low, high = interval.median(rng.normal(size=25).tolist()) or (0.0, 0.0)
        held += low <= 0 <= high
    assert 0.91 <= held / 300 <= 0.985


def test_students_probability_and_quantile_belong_together() -> None:
    """Beyond the 95 % quantile lie 5 %."""
    for free in (1, 4, 30):
        assert interval.student_p(interval.student(free), free) == pytest.approx(0.05)


def test_normal_probabilities_over_arrays() -> None:
    """As of one value at a time."""
    z = np.array([-1.96, 0.0, 1.0])
    assert cumulative(z).tolist() == pytest.approx([NormalDist().cdf(x) for x in z])


# --- Standardised rates -------------------------------------------------------------------------


def test_a_directly_standardised_rate_by_hand() -> None:
    """10 of 100 and 5 of 500, weights 1 and 3: (0.1·1 + 0.01·3)/4 = 0.0325; none below ten."""
    found = direct([10, 5], [100, 500], [1, 3])
    assert found is not None
    assert found.value == pytest.approx(0.0325)
    variance = ((1 / 100) ** 2 * 10 + (3 / 500) ** 2 * 5) / 16
    low, high = interval.byar(15)
    scale = sqrt(variance / 15)
    assert (found.low, found.high) == pytest.approx(
        (0.0325 + scale * (low - 15), 0.0325 + scale * (high - 15))
    )
    assert direct([4, 5], [100, 500], [1, 3]) is None


def test_an_indirectly_standardised_ratio_by_hand() -> None:
    """12 observed against 100 · 5/50 + 200 · 1/100 = 12 expected."""
    found = indirect([7, 5], [100, 200], [5, 1], [50, 100])
    assert found.value == pytest.approx(1)
    assert found.low < 1 < found.high
    # of the standard 6 of 150 have had it, so as a rate it is 1 · 6/150
    as_rate = indirect_rate(found, 6, 150)
    assert as_rate == pytest.approx((0.04, found.low * 0.04, found.high * 0.04))


# --- Different? ---------------------------------------------------------------------------------


def test_the_probability_of_two_proportions_by_hand() -> None:
    """4 of 5 against 1 of 5: of 252 ways, 25 have four and 1 has five: 2·26/252."""
    assert differ.proportions_p(4, 5, 1, 5) == pytest.approx(52 / 252)
    assert differ.proportions_p(1, 5, 4, 5) == pytest.approx(52 / 252)
    assert differ.proportions_p(2, 4, 2, 4) == 1
    assert differ.proportions_p(0, 10, 0, 90) is None
    assert differ.proportions_p(10, 10, 90, 90) is None


def test_the_probability_of_two_rates_by_hand() -> None:
    """3 of 3 events in a fourth of the exposure: 2·(1/4)³; 0 of 3: 2·(3/4)³."""
    assert differ.rates_p(3, 1, 0, 3) == pytest.approx(2 / 64)
    assert differ.rates_p(0, 1, 3, 3) == pytest.approx(54 / 64)
    assert differ.rates_p(1, 1, 3, 3) == 1
    assert differ.rates_p(0, 1, 0, 4) is None


@steady
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 60), st.integers(1, 60))
def test_probabilities_are_the_tails_added_up(events: int, more: int, others: int, of: int) -> None:
    """Hypergeometric for proportions, binomial for rates; the smaller tail twice."""
    n, m = events + more, others + of
    every, marked = n + m, events + others
    if marked == 0:
        return
    ways = [comb(n, k) * comb(m, marked - k) for k in range(marked + 1)]
    part = n / every
    chances = [comb(marked, k) * part**k * (1 - part) ** (marked - k) for k in range(marked + 1)]
    for found, tails in ((differ.proportions_p(events, n, others, m), ways),
                         (differ.rates_p(events, n, others, m), chances)):  # fmt: skip
        smaller = min(sum(tails[: events + 1]), sum(tails[events:])) / sum(tails)
        assert found == pytest.approx(min(1, 2 * smaller), rel=1e-9)


@steady
@given(st.floats(0, 40), st.floats(1, 500), st.floats(0.1, 400), st.floats(1, 5000))
def test_parts_of_an_event_have_a_probability_too(
    events: float, exposure: float, others: float, of: float
) -> None:
    """Never above 1, and the same from the others' side."""
    found = differ.rates_p(events, exposure, others, of)
    assert found is not None
    assert 0 <= found <= 1
    assert found == pytest.approx(differ.rates_p(others, of, events, exposure), rel=1e-6)


def test_q_values_by_hand() -> None:
    """Four p values: 0.01·4/1, 0.02·4/2, 0.03·4/3, 0.5·4/4, each the least of those above."""
    found = differ.benjamini_hochberg({"a": 0.01, "b": 0.5, "c": 0.02, "d": 0.03})
    assert found == pytest.approx({"a": 0.04, "b": 0.5, "c": 0.04, "d": 0.04})
    assert list(found) == ["a", "b", "c", "d"]
    assert differ.benjamini_hochberg({}) == {}


@steady
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_q_values_keep_the_order_and_are_never_below_p(p_values: list[float]) -> None:
    """And equal p values have equal q values."""
    q = differ.benjamini_hochberg(dict(enumerate(p_values)))
    for i, p in enumerate(p_values):
        assert p - 1e-12 <= q[i] <= 1
        for j, other in enumerate(p_values):
            assert p != other or q[i] == q[j]
            assert not p < other or q[i] <= q[j]


# --- False alarms, by simulation ----------------------------------------------------------------

FIGURES, ROUNDS = 60, 300
BY_CHANCE = 0.05 + 2.4 * sqrt(0.05 * 0.95 / ROUNDS)
"""Five per cent of the rounds, and what chance adds to three hundred of them: 8 %."""


@dataclass(frozen=True)
class World:
    """Municipalities of unequal size that share a rate, or vary around it by a part of it."""

    kind: Kind
    rate: float
    size: float
    units: int = 98
    varies: float = 0.0

    def draw(self, rng: np.random.Generator) -> tuple[list[float], list[float]]:
        """Return events and trials of each."""
        trials = np.maximum(5, (self.size * rng.lognormal(0, 0.7, self.units)).astype(int))
        rates = np.full(self.units, self.rate)
        if self.varies and self.kind == "proportion":
            m = (1 - self.rate) / (self.varies**2 * self.rate) - 1
            rates = rng.beta(self.rate * m, (1 - self.rate) * m, self.units)
        elif self.varies:
            rates = rng.gamma(self.varies**-2, self.rate * self.varies**2, self.units)
        events = (
            rng.binomial(trials, rates)
            if self.kind == "proportion"
            else rng.poisson(trials * rates)
        )
        return events.astype(float).tolist(), trials.astype(float).tolist()


def false_alarms(world: World, *, controlled: bool = True) -> tuple[float, float]:
    """Return the share of rounds with any alarm, and of figures alarmed, where nothing differs.

    Each round has sixty figures of one municipality against the others.
    """
    rng = np.random.default_rng(11)
    rounds = figures = 0
    for _ in range(ROUNDS):
        p_values = {}
        for k in range(FIGURES):
            events, trials = world.draw(rng)
            tested = funnel(world.kind, events[1:], trials[1:]).test(events[0], trials[0])
            if tested is not None:
                p_values[k] = tested[0]
        called = differ.benjamini_hochberg(p_values) if controlled else p_values
        alarms = sum(q <= differ.RATE for q in called.values())
        rounds += alarms > 0
        figures += alarms
    return rounds / ROUNDS, figures / (ROUNDS * FIGURES)


@pytest.mark.parametrize(
    "world",
    [
        World("proportion", 0.3, 150),
        World("proportion", 0.02, 60),
        World("rate", 0.3, 150),
        World("rate", 0.02, 60),
        World("proportion", 0.3, 150, varies=0.3),
        World("proportion", 0.05, 60, varies=0.3),
        World("rate", 0.3, 150, varies=0.6),
        World("rate", 0.05, 60, varies=0.3),
        World("proportion", 0.3, 150, units=8, varies=0.6),
        World("proportion", 0.05, 60, units=8, varies=0.6),
        World("rate", 0.3, 150, units=8, varies=0.3),
        World("rate", 0.05, 60, units=8, varies=0.6),
    ],
    ids=str,
)
def test_without_real_differences_no_more_than_the_stated_share_is_called_different(
    world: World,
) -> None:
    """Many events or about one each, alike or varying, all municipalities or seven."""
    rounds, figures = false_alarms(world)
    assert rounds <= BY_CHANCE
    assert figures <= 0.005


@pytest.mark.parametrize(
    "world",
    [
        World("rate", 0.02, 60, varies=0.6),
        World("proportion", 0.02, 60, varies=0.6),
        World("proportion", 0.97, 60, varies=0.03),
    ],
    ids=str,
)
def test_the_stated_share_is_passed_where_few_events_vary_much(world: World) -> None:
    """A known limit: about one event each, and rates that vary by 60 to 100 per cent.

    The roots of such figures are skewed, and up to a fifth of the rounds have a false alarm.
    """
    rounds, figures = false_alarms(world)
    assert rounds <= 0.25
    assert figures <= 0.005


def test_without_the_control_for_many_comparisons_nearly_every_round_has_a_false_alarm() -> None:
    """1 − 0.95⁶⁰ = 95 %: the control does something."""
    rounds, _ = false_alarms(World("proportion", 0.3, 150), controlled=False)
    assert rounds > 0.8


def test_the_normal_approximation_would_call_far_more_different() -> None:
    """About one event each: by z values one round in six has a false alarm, not one in twenty."""
    rng = np.random.default_rng(11)
    world, rounds = World("rate", 0.02, 60), 0
    for _ in range(ROUNDS):
        p_values = {}
        for k in range(FIGURES):
            events, trials = world.draw(rng)
            part = trials[0] / sum(trials)
            spread = sqrt(sum(events) * part * (1 - part))
            z = (abs(events[0] - sum(events) * part) - 0.5) / spread
            p_values[k] = min(1.0, 2 * (1 - NormalDist().cdf(z)))
        q_values = differ.benjamini_hochberg(p_values)
        rounds += any(q <= differ.RATE for q in q_values.values())
    assert rounds / ROUNDS > 0.1


@pytest.mark.parametrize(
    ("world", "other", "least"),
    [
        (World("proportion", 0.3, 200), 0.45, 0.8),
        (World("rate", 0.3, 200), 0.5, 0.9),
        (World("proportion", 0.3, 200, varies=0.1), 0.5, 0.9),
    ],
    ids=str,
)
def test_real_differences_are_found(world: World, other: float, least: float) -> None:
    """Six of sixty figures of a municipality of 200 lie elsewhere: most of them are found."""
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(40):
        p_values = {}
        for k in range(FIGURES):
            events, trials = world.draw(rng)
            rate = other if k < 6 else world.rate
            own = rng.binomial(200, rate) if world.kind == "proportion" else rng.poisson(200 * rate)
            tested = funnel(world.kind, events[1:], trials[1:]).test(float(own), 200.0)
            assert tested is not None
            p_values[k] = tested[0]
        q_values = differ.benjamini_hochberg(p_values)
        found += sum(q_values[k] <= differ.RATE for k in range(6))
    assert found / 240 > least


# --- Funnels ------------------------------------------------------------------------------------


def test_a_funnel_by_hand() -> None:
    """Roots of equal chance: 1/(4·100) each, so the variance between is what they have more.

    Of 10, 30 and 50 of exposure 100, √((x + 3/8)/100) = 0.322, 0.551 and 0.710, with variance
    0.0383; less 0.0025 by chance.
    """
    found = funnel("rate", [10, 30, 50], [100, 100, 100])
    roots = [sqrt((x + 3 / 8) / 100) for x in (10, 30, 50)]
    assert found.target == pytest.approx(0.3)
    assert found.spread.middle == pytest.approx(sum(roots) / 3)
    assert found.spread.between == pytest.approx(variance(roots) - 0.0025, rel=1e-6)
    assert found.spread.error == pytest.approx(variance(roots) / 3, rel=1e-6)
    half = 4.302652729911275 * sqrt(variance(roots) * 4 / 3)
    low, high = found.limits(100)
    assert high == pytest.approx((sum(roots) / 3 + half) ** 2 - 0.00375, rel=1e-6)
    assert low == 0


def test_without_spread_a_funnel_tests_by_the_larger_of_chance_and_one_more() -> None:
    """30 of 100 each, and 50 of 100: angles of variance 1/402 and 1/(3·402), t with two others."""
    found = funnel("proportion", [30, 30, 30], [100, 100, 100])
    assert found.spread.between == 0
    gap = asin(sqrt(50.375 / 100.75)) - asin(sqrt(30.375 / 100.75))
    t = gap / sqrt(1 / 402 + 1 / 1206)
    p, above = found.test(50, 100) or (0.0, False)
    assert above
    assert p == pytest.approx(1 - t / sqrt(2 + t * t))  # Student's t of 2 degrees of freedom
    by_chance = differ.proportions_p(50, 100, 90, 300)
    assert by_chance is not None
    assert p > by_chance
    assert funnel("rate", [0, 0, 0], [1, 1, 1]).test(0, 1) is None


@steady
@given(
    st.sampled_from(["proportion", "rate"]),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 400)), min_size=2, max_size=12),
)
def test_the_spread_explains_the_squares_exactly(kind: Kind, others: list[tuple[int, int]]) -> None:
    """Where they vary beyond chance, the weighted squares are one fewer than they are many."""
    events, trials = [float(x) for x, _ in others], [float(x + m) for x, m in others]
    found = funnel(kind, events, trials).spread
    squares = 0.0
    for x, n in zip(events, trials, strict=True):
        y = sqrt((x + 3 / 8) / n) if kind == "rate" else asin(sqrt((x + 3 / 8) / (n + 3 / 4)))
        chance = 1 / (4 * n) if kind == "rate" else 1 / (4 * n + 2)
        squares += (y - found.middle) ** 2 / (chance + found.between)
    if found.between:
        assert squares == pytest.approx(len(others) - 1, rel=1e-6)
    else:
        assert squares <= len(others) - 1 + 1e-6


def test_one_municipality_makes_no_funnel() -> None:
    """It cannot vary."""
    with pytest.raises(ValueError, match="two"):
        funnel("rate", [3], [10])


def test_figures_that_cannot_be_are_not_tested() -> None:
    """More events than trials, fewer than none, or no trials; a rate may have more."""
    for x, n in ((11, 10), (-1, 10), (0, 0)):
        with pytest.raises(ValueError, match="cannot be"):
            funnel("proportion", [3, x], [10, n])
    found = funnel("proportion", [3, 4, 5], [10, 10, 10])
    assert found.test(11, 10) is None
    assert found.test(3, 0) is None
    assert funnel("rate", [3, 4, 11], [10, 10, 10]).test(11, 10) is not None


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_funnel_limits_hold_as_many_municipalities_as_they_say(kind: Kind, level: float) -> None:
    """Of those with the others' own figure, of every size."""
    rng = np.random.default_rng(4)
    trials = rng.integers(100, 2000, size=4000)
    events = rng.binomial(trials, 0.3) if kind == "proportion" else rng.poisson(trials * 0.3)
    found = funnel(kind, events.tolist(), trials.tolist())
    inside = 0
    for x, n in zip(events.tolist(), trials.tolist(), strict=True):
        low, high = found.limits(n, level)
        assert low < found.target < high
        inside += low <= x / n <= high
    error = 4 * sqrt(level * (1 - level) / 4000)
    assert inside / 4000 == pytest.approx(level, abs=error)


def test_limits_widened_by_the_spread_hold_municipalities_that_vary() -> None:
    """By chance alone a fifth and more lie outside, with the spread about one in twenty."""
    rng = np.random.default_rng(8)
    trials = [400.0] * 98
    events = rng.binomial(400, rng.beta(60, 140, size=98)).astype(float).tolist()
    found = funnel("proportion", events, trials)
    # the angle of a share p of variance v has the variance v / (4·p·(1 − p)): 1/(4·201) here
    assert found.spread.between == pytest.approx(1 / 804, rel=0.4)

    def outside(f: Funnel) -> float:
        low, high = f.limits(400)
        return sum(not low <= x / 400 <= high for x in events) / 98

    assert outside(replace(found, spread=found.spread._replace(between=0.0))) > 0.2
    assert outside(found) < 0.1


# --- Trends -------------------------------------------------------------------------------------


def test_five_years_that_only_rise_are_a_trend() -> None:
    """S is 10 and only two of 120 orders are so one-sided: 1.7 per cent."""
    found = mann_kendall([1, 2, 3, 4, 5])
    assert found is not None
    assert (found.s, found.slope) == (10, 1)
    assert found.p == pytest.approx(2 / 120)


def test_fewer_than_five_years_show_nothing() -> None:
    """Four years that rise are 8 per cent by chance."""
    assert mann_kendall([1, 2, 3, 4]) is None


@pytest.mark.parametrize(
    "values", [(3, 1, 4, 5, 2), (1, 2, 2, 3, 4), (5, 5, 5, 5, 5), (2, 1, 2, 1, 2, 3)]
)
def test_the_probability_is_the_share_of_orders_that_are_so_one_sided(
    values: tuple[int, ...],
) -> None:
    """Counted out, ties and all."""

    def s_of(order: tuple[int, ...]) -> int:
        n = len(order)
        return sum(
            (order[j] > order[i]) - (order[j] < order[i]) for i in range(n) for j in range(i + 1, n)
        )

    orders = [abs(s_of(order)) for order in permutations(values)]
    wanted = sum(s >= abs(s_of(values)) for s in orders) / len(orders)
    found = mann_kendall(values)
    assert found is not None
    assert found.p == pytest.approx(min(1.0, wanted))


def test_long_tied_series_are_exact_too() -> None:
    """Ten that rise, the last two alike: of 10!/2 orders one rises so and one falls so."""
    found = mann_kendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
    assert found is not None
    assert (found.s, found.slope) == (44, 1)
    assert found.p == pytest.approx(2 / (factorial(10) / 2))


def test_long_series_are_near_the_normal_approximation() -> None:
    """Thirty values with ties: variance (30·29·65 − Σ t(t − 1)(2t + 5))/18, for continuity too."""
    values = [(7 * n) % 10 + n // 6 for n in range(30)]
    found = mann_kendall(values)
    assert found is not None
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    z = (abs(found.s) - 1) / sqrt((30 * 29 * 65 - ties) / 18)
    assert found.p == pytest.approx(2 * (1 - NormalDist().cdf(z)), abs=0.01)
    assert 0.01 < found.p < 0.5


@steady
@given(st.lists(st.integers(0, 9), min_size=5, max_size=7))
def test_a_series_turned_round_has_the_opposite_trend(values: list[int]) -> None:
    """And the same probability."""
    up, down = mann_kendall(values), mann_kendall(values[::-1])
    assert up is not None
    assert down is not None
    assert up.s == -down.s
    assert up.p == pytest.approx(down.p)


# --- Control limits -----------------------------------------------------------------------------


def test_control_limits_by_hand() -> None:
    """1, 3, 1, 3: ranges of 2, mean 2, limits 2 ± 5.32."""
    assert control.limits([1, 3, 1, 3]) == pytest.approx((2, 2 - 5.32, 2 + 5.32))


def test_two_of_three_on_opposite_sides_are_no_signal() -> None:
    """One close to the upper limit and one close to the lower: chance, not a cause."""
    of = control.Limits(0, -3, 3)
    assert control.signals([0.1, 2.5, -2.5, 0.1], of) == [None] * 4
    assert control.signals([0.1, 2.5, 1.0, 2.5, -0.1], of) == [
        None, "close_up", None, "close_up", None,
    ]  # fmt: skip


def test_a_series_that_never_varies_has_no_signal() -> None:
    """Limits without width hold nothing out."""
    values = [5.0] * 14
    assert control.signals(values, control.limits(values)) == [None] * 14


@pytest.mark.parametrize(
    ("signal", "better", "wanted"),
    [
        ("rising", "higher", "improvement"),
        ("rising", "lower", "concern"),
        ("below", "lower", "improvement"),
        ("below", "neutral", "low"),
        ("shift_up", "neutral", "high"),
        (None, "higher", "common"),
    ],
)
def test_what_a_signal_means(
    signal: control.Signal | None, better: control.Better, wanted: control.Variation
) -> None:
    """By which way is better."""
    assert control.variation(signal, better) == wanted


def test_whether_a_target_will_be_reached() -> None:
    """Limits of 4 and 8: 3 always, 6 by chance, 9 never, where higher is better."""
    of = control.Limits(6, 4, 8)
    assert [control.assurance(of, t, "higher") for t in (3, 6, 9)] == [
        "pass", "inconsistent", "fail",
    ]  # fmt: skip
    assert control.assurance(of, 9, "lower") == "pass"
    assert control.assurance(control.Limits(5, 5, 5), 4, "higher") == "inconsistent"
