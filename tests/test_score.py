from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import indicator, shipped, steady
from styring.index.vary import between_ends, share_worse, standard
from styring.model import ByPeers, ByTarget, Goalposts, Indicator, Maturity, Scoring
from styring.score import (
    CentrePoints,
    Points,
    Scored,
    _give,
    _Way,
    nominal,
    score,
)

COUNT = {"from": "cases", "aggregate": "count"}
PEERS: dict[str, Any] = {"method": "peers"}
FROM_0_TO_1: dict[str, Any] = {"method": "goalposts", "worst": 0.0, "best": 1.0}


def by_code(values: tuple[float, ...]) -> dict[str, float]:
    """Return values by the code of a municipality each."""
    return {f"{n:03}": v for n, v in enumerate(values, 100)}


def scored(
    value: float,
    *scoring: dict[str, Any],
    name: str = "proeve",
    peers: tuple[float, ...] = (),
    goal: float | None = None,
    span: tuple[float, float] | None = None,
    **changes: Any,
) -> Scored:
    """Return what an indicator's points rest on."""
    better = changes.pop("better", "higher")
    target = {"target": changes.pop("target", 0.0)} if better == "target" else {}
    definition = indicator(
        COUNT, better=better, scoring=scoring or (FROM_0_TO_1,), id=name, **target, **changes
    )
    low, high = span or (None, None)
    return Scored(definition, value, low, high, by_code(peers), goal)


def given_points(method: Scoring, s: Scored) -> float:
    """Return the points that a method gives to an indicator's own value."""
    way = _Way(method, share_worse if isinstance(method, ByPeers) else None)
    return float(_give(s, way, np.array([s.value]), np.array(list(s.peers.values())))[0])


def alone(*every: Scored, seed: int = 1, more: tuple[Indicator, ...] = ()) -> tuple[
    dict[str, Points], CentrePoints
]:  # fmt: skip
    """Return the points of some indicators of one centre, and the centre's."""
    found, centres = score(every, [*(s.indicator for s in every), *more], seed)
    return found, centres["oekonomisk-finansiel"]


# --- Points of a method -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"), [(0.5, 0), (0.75, 50), (0.9, 80), (1.0, 100), (0.2, 0), (1.3, 100)]
)
def test_goalposts_are_a_straight_line_cut_off_at_both_ends(value: float, wanted: float) -> None:
    """From 50 per cent at 0 to 100 per cent at 100."""
    method = Goalposts(method="goalposts", worst=0.5, best=1.0)
    assert given_points(method, scored(value)) == pytest.approx(wanted)


@pytest.mark.parametrize(("value", "wanted"), [(120, 0), (70, 50), (20, 100), (200, 0), (0, 100)])
def test_goalposts_turn_round_where_low_is_good(value: float, wanted: float) -> None:
    """120 days give 0 and 20 give 100."""
    method = Goalposts(method="goalposts", worst=120, best=20)
    assert given_points(method, scored(value, better="lower")) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("value", "goal", "wanted"),
    [(0.0, None, 100), (0.025, None, 50), (-0.025, None, 50), (0.05, None, 0), (-0.2, None, 0),
     (0.025, 0.02, 90), (0.0, 0.02, 60)],
)  # fmt: skip
def test_goalposts_of_a_target_are_distances_from_it(
    value: float, goal: float | None, wanted: float
) -> None:
    """0 apart gives 100 and 5 per cent 0, to either side; an own goal goes before the target."""
    method = Goalposts(method="goalposts", worst=0.05, best=0.0)
    found = given_points(method, scored(value, better="target", goal=goal))
    assert found == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("better", "value", "wanted"),
    [
        ("higher", 3, 50),  # 1 and 2 do worse, 3 ties: (2 + 1/2) of 5
        ("higher", 0, 0),
        ("higher", 9, 100),
        ("higher", 3.5, 60),
        ("lower", 3, 50),
        ("lower", 0, 100),
        ("lower", 2.5, 60),
        ("target", 2, 70),  # distances from 1: 0, 1, 2, 3, 4; own 1: three worse and a tie
        ("target", 0, 70),
        ("target", 1, 90),
    ],
)
def test_points_by_peers_are_the_share_that_does_worse_and_half_of_the_ties(
    better: str, value: float, wanted: float
) -> None:
    """Among 1, 2, 3, 4 and 5; the target is 1."""
    s = scored(value, PEERS, better=better, peers=(5, 1, 4, 2, 3), target=1.0)
    assert given_points(ByPeers(method="peers"), s) == pytest.approx(wanted)


def test_peers_that_are_all_alike_give_half() -> None:
    """And so does being one of them."""
    alike, one = np.array([2.0] * 5), np.array([2.0])
    assert [float(f(one, alike)[0]) for f in (share_worse, between_ends, standard)] == [0.5] * 3


@pytest.mark.parametrize(
    ("better", "value", "wanted"),
    [
        ("higher", 0.95, 100), ("higher", 0.99, 100), ("higher", 0.875, 50), ("higher", 0.5, 0),
        ("lower", 0.95, 100), ("lower", 0.9, 100), ("lower", 1.025, 50), ("lower", 2.0, 0),
        ("target", 0.95, 100), ("target", 0.875, 50), ("target", 1.025, 50),
    ],
)  # fmt: skip
def test_points_by_an_own_goal_fall_with_the_distance_on_the_bad_side(
    better: str, value: float, wanted: float
) -> None:
    """The goal is 95 per cent and 15 per cent short of it gives 0."""
    s = scored(value, better=better, goal=0.95)
    assert given_points(ByTarget(method="target", reach=0.15), s) == pytest.approx(wanted)


@pytest.mark.parametrize(("mean", "wanted"), [(1, 0), (2, 25), (3, 50), (3.5, 62.5), (5, 100)])
def test_maturity_is_the_mean_less_1_over_4(mean: float, wanted: float) -> None:
    """From 1 to 5."""
    assert given_points(Maturity(method="maturity"), scored(mean)) == pytest.approx(wanted)


@steady
@given(
    st.sampled_from(["higher", "lower"]), st.floats(-2, 2), st.floats(-2, 2),
    st.lists(st.floats(-2, 2), min_size=5, max_size=9),
)  # fmt: skip
def test_a_better_value_never_gives_fewer_points(
    better: str, first: float, second: float, peers: list[float]
) -> None:
    """By any method."""
    worst, best = (0.0, 1.0) if better == "higher" else (1.0, 0.0)
    goalposts = Goalposts(method="goalposts", worst=worst, best=best)
    every = (goalposts, ByPeers(method="peers"), ByTarget(method="target", reach=0.5))
    good, bad = (max, min) if better == "higher" else (min, max)
    for method in every:
        above, below = (
            given_points(method, scored(
                pick(first, second), goalposts.model_dump(), better=better, peers=tuple(peers),
                goal=0.5,
            ))
            for pick in (good, bad)
        )  # fmt: skip
        assert 0 <= below <= above <= 100


# --- Which methods can be used ------------------------------------------------------------------


def test_points_by_peers_need_five_of_them() -> None:
    """Four are left out and the next method counts."""
    four = scored(0.5, PEERS, FROM_0_TO_1, peers=(1, 2, 3, 4))
    five = scored(0.5, PEERS, FROM_0_TO_1, peers=(1, 2, 3, 4, 5))
    assert alone(four)[0]["proeve"].score == 50
    assert alone(five)[0]["proeve"].score == 0


def test_points_by_an_own_goal_need_one() -> None:
    """Without it the next method counts."""
    target: dict[str, Any] = {"method": "target", "reach": 0.5}
    assert alone(scored(0.5, target, FROM_0_TO_1))[0]["proeve"].score == 50
    assert alone(scored(0.75, target, FROM_0_TO_1, goal=1.0))[0]["proeve"].score == 50
    assert alone(scored(0.9, target, FROM_0_TO_1, goal=1.0))[0]["proeve"].score == pytest.approx(80)


def test_an_indicator_that_no_method_can_score_has_no_points() -> None:
    """And counts against the coverage of its centre."""
    found, centre = alone(scored(0.5, PEERS), scored(0.5, name="anden"))
    assert set(found) == {"anden"}
    assert centre.coverage == 0.5


# --- A centre -----------------------------------------------------------------------------------


def test_a_centres_score_is_the_weighted_mean_of_its_indicators() -> None:
    """(2 x 80 + 1 x 20) / 3 = 60."""
    _, centre = alone(scored(0.8, name="a", weight=2), scored(0.2, name="b"))
    assert centre.score == pytest.approx(60)
    assert (centre.coverage, centre.scored) == (1, 2)


def unscored(weight: float, name: str = "ukendt", better: str = "higher") -> Indicator:
    """Return a definition of the same centre without a figure."""
    scoring = () if better == "context" else (FROM_0_TO_1,)
    return indicator(COUNT, better=better, scoring=scoring, id=name, weight=weight)


@pytest.mark.parametrize(("missing", "shown"), [(0.9, True), (1.0, True), (1.1, False)])
def test_a_centre_is_withheld_below_half_of_its_weight(missing: float, shown: bool) -> None:  # noqa: FBT001
    """1 of 1.9 and 1 of 2 are shown, 1 of 2.1 is not."""
    _, centre = alone(scored(0.8), more=(unscored(missing),))
    assert (centre.score is not None) == shown
    assert ((centre.low, centre.high) == (None, None)) == (not shown)
    assert centre.coverage == pytest.approx(1 / (1 + missing))


def test_context_figures_are_neither_scored_nor_missed() -> None:
    """Their weight counts for nothing."""
    _, centre = alone(scored(0.8), more=(unscored(9, better="context"),))
    assert (centre.score, centre.coverage) == pytest.approx((80, 1))


def test_a_centre_without_a_figure_has_no_points() -> None:
    """Nothing to divide by, and nothing shown."""
    _, centres = score([], [unscored(1)], seed=1)
    assert centres["oekonomisk-finansiel"] == CentrePoints(None, None, None, 0, 0)


def test_every_centre_of_the_catalogue_has_an_answer() -> None:
    """Also when nothing is measured."""
    found, centres = score([], shipped().indicators, seed=1)
    assert found == {}
    assert set(centres) == {
        "strategisk-politisk", "oekonomisk-finansiel", "socialfaglig", "sammenhaeng",
    }  # fmt: skip
    assert all(c.score is None for c in centres.values())


# --- How firm the points are --------------------------------------------------------------------

WIDE = (
    scored(
        0.5, PEERS, FROM_0_TO_1, name="a", peers=tuple(n / 20 for n in range(20)), span=(0.2, 0.8)
    ),
    scored(0.6, name="b", span=(0.3, 0.9), weight=2),
    scored(0.4, name="c", span=(0.1, 0.7)),
)


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    """To the last bit."""
    assert alone(*WIDE) == alone(*WIDE)
    assert alone(*WIDE, seed=2) != alone(*WIDE)
    assert alone(*WIDE, seed=2)[1].score == alone(*WIDE)[1].score


def test_the_order_of_the_municipalities_does_not_matter() -> None:
    """Bit for bit: the draws belong to indicators, never to rows."""
    turned = [
        Scored(s.indicator, s.value, s.low, s.high, dict(reversed(list(s.peers.items()))), s.goal)
        for s in WIDE
    ]
    assert alone(*turned) == alone(*WIDE)


def test_wide_intervals_hold_the_score() -> None:
    """5–95 per cent of the draws reach to both sides, of indicators and of the centre."""
    found, centre = alone(*WIDE)
    for p in found.values():
        assert p.low < p.score < p.high
    assert centre.score is not None
    assert centre.low is not None
    assert centre.high is not None
    assert centre.low < centre.score < centre.high


def test_a_value_that_can_be_anything_can_get_any_points() -> None:
    """Evenly from 0 to 100, 5 per cent of the draws lie below 5 and 5 per cent above 95."""
    found, _ = alone(scored(0.5, span=(0.0, 1.0)))
    assert found["proeve"].low == pytest.approx(5, abs=2)
    assert found["proeve"].high == pytest.approx(95, abs=2)


def test_a_firm_value_with_one_method_has_firm_points() -> None:
    """Weights alone cannot move a single indicator."""
    found, centre = alone(scored(0.8))
    assert (found["proeve"].low, found["proeve"].high) == pytest.approx((80, 80))
    assert (centre.low, centre.high) == pytest.approx((80, 80))


def test_weights_alone_move_a_centre_a_little() -> None:
    """40 and 60 with weights within a quarter: 3:5 to 5:3, so 47.5 to 52.5; geometric 1 lower."""
    _, centre = alone(scored(0.4, name="a"), scored(0.6, name="b"))
    assert centre.low is not None
    assert centre.high is not None
    assert 46.4 < centre.low < 48.5
    assert 50.5 < centre.high < 52.5


def test_two_methods_that_disagree_make_a_wide_interval() -> None:
    """By peers 0 and by goalposts 90: both are drawn often enough to be the limits."""
    found, _ = alone(scored(0.9, PEERS, FROM_0_TO_1, peers=(1, 2, 3, 4, 5)))
    assert found["proeve"].score == 0
    assert (found["proeve"].low, found["proeve"].high) == pytest.approx((0, 90))


def test_a_centres_interval_holds_its_own_points() -> None:
    """Each indicator gets 100 by its first method and 0 by its second: 100 is a variation too."""
    lowest = [
        scored(1.0, FROM_0_TO_1, PEERS, peers=(2, 3, 4, 5, 6), name=f"i{n}") for n in range(12)
    ]
    _, centre = alone(*lowest)
    assert centre.score == 100
    assert centre.low is not None
    assert centre.low < 90
    assert centre.high == 100


def test_a_supplementary_definition_without_a_figure_is_not_missed() -> None:
    """Nobody owes an answer that was not asked for; with a figure it counts as any other."""
    extra = unscored(9.0).model_copy(update={"status": "supplementary"})
    _, centre = alone(scored(0.8), more=(extra,))
    assert centre.score == pytest.approx(80)
    assert centre.coverage == 1


@pytest.mark.parametrize(("peers", "span", "ranked"), [
    (9, (0.2, 0.8), False), (10, (0.2, 0.8), True), (10, None, False),
])  # fmt: skip
def test_a_rank_has_an_interval_from_ten_peers_on_where_the_value_has_one(
    peers: int,
    span: tuple[float, float] | None,
    ranked: bool,  # noqa: FBT001
) -> None:
    """Nine are not ranked, and a value without an interval has one rank only."""
    s = scored(0.5, PEERS, peers=tuple(n / 10 for n in range(peers)), span=span)
    found = alone(s)[0]["proeve"]
    assert (found.rank_low is not None) == ranked
    assert (found.rank_high is not None) == ranked


def test_the_interval_of_a_rank_by_hand() -> None:
    """Peers at 0, 1, … 9: a value between 4 and 6 has four or five peers above it."""
    s = scored(5, PEERS, peers=tuple(float(n) for n in range(10)), span=(4.1, 5.9))
    found = alone(s)[0]["proeve"]
    # up to 5: peers 5–9 are better, rank 6; above 5: peers 6–9, rank 5
    assert (found.rank_low, found.rank_high) == (5, 6)


@steady
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5), st.integers(0, 9)
)
def test_intervals_stay_within_0_and_100(values: list[tuple[float, float]], seed: int) -> None:
    """Low is never above high, of an indicator or of the centre."""
    every = [
        scored(min(a, b), name=f"i{n}", span=(min(a, b), max(a, b)))
        for n, (a, b) in enumerate(values)
    ]
    found, centre = alone(*every, seed=seed)
    for low, high in [(p.low, p.high) for p in found.values()] + [(centre.low, centre.high)]:
        assert low is not None
        assert high is not None
        assert -1e-9 <= low <= high <= 100 + 1e-9


# --- Who we are compared with -------------------------------------------------------------------

ALL = tuple(f"{n:03}" for n in range(100, 120))
LOW, HIGH = frozenset(ALL[:10]), frozenset(ALL[10:])


def in_sets(s: Scored, *sets: frozenset[str]) -> Points:
    """Return an indicator's points when the peers are drawn among these sets."""
    found, _ = score([s], [s.indicator], 1, peer_sets=sets)
    return found["proeve"]


def test_a_grade_that_flips_with_the_peers_shows_in_the_shares_of_the_draws() -> None:
    """0.5 is above all of the first ten and below all of the last ten; 0.99 is above them all."""
    peers = tuple(0.1 + n / 100 for n in range(10)) + tuple(0.8 + n / 100 for n in range(10))
    flips = in_sets(scored(0.5, PEERS, peers=peers), LOW, HIGH)
    assert 0.4 < flips.weak < 0.6
    assert 0.4 < flips.strong < 0.6
    assert flips.score == 100
    firm = in_sets(scored(0.99, PEERS, peers=peers), LOW, HIGH)
    assert (firm.weak, firm.strong) == (0, 1)


def test_the_first_set_of_peers_gives_the_points() -> None:
    """The others only vary them."""
    peers = tuple(0.1 + n / 100 for n in range(10)) + tuple(0.8 + n / 100 for n in range(10))
    s = scored(0.5, PEERS, peers=peers)
    assert in_sets(s, HIGH, LOW).score == 0
    assert nominal(s, HIGH) == 0
    assert nominal(s, LOW) == 100


def test_a_set_with_too_few_peers_leaves_the_methods_that_need_none() -> None:
    """Four peers give no points by peers, in a draw as in the score."""
    s = scored(0.5, PEERS, FROM_0_TO_1, peers=tuple(n / 20 for n in range(20)))
    few = in_sets(s, frozenset(ALL[:4]))
    assert (few.score, few.low, few.high) == pytest.approx((50, 50, 50))


@steady
@given(st.floats(-1, 2), st.lists(st.floats(-1, 2), min_size=5, max_size=20), st.integers(0, 9))
def test_an_interval_holds_the_points_by_peers(own: float, peers: list[float], seed: int) -> None:
    """Whatever the peers are, and whichever half of them is drawn."""
    s = scored(own, PEERS, FROM_0_TO_1, peers=tuple(peers))
    codes = sorted(s.peers)
    sets = (frozenset(codes), frozenset(codes[::2]), frozenset(codes[1:]))
    found, centres = score([s], [s.indicator], seed, draws=60, peer_sets=sets)
    p, centre = found["proeve"], centres["oekonomisk-finansiel"]
    assert p.low <= p.score <= p.high
    assert centre.low is not None
    assert centre.score is not None
    assert centre.high is not None
    assert centre.low <= centre.score <= centre.high
    assert 0 <= p.weak + p.strong <= 1


def test_the_cheapest_is_weak_in_no_draw_though_a_few_are_very_dear() -> None:
    """Thirteen of ninety are so dear that drawing five in does not help: no reason for 0 points."""
    dear = tuple(1e6 * 1.4**n for n in range(13))
    peers = tuple(100_000.0 + 1000 * n for n in range(77)) + dear
    best = alone(scored(90_000, PEERS, better="lower", peers=peers))[0]["proeve"]
    assert best.score == 100
    assert best.weak == 0
    # 100 by rank and between ends; by deviations, which the dear ones widen, above the middle
    assert best.low > 50
    assert 0.6 < best.strong < 0.75


@pytest.mark.parametrize(("value", "weak", "strong"), [(39.9, 1, 0), (40, 0, 0), (70, 0, 1)])
def test_points_that_nothing_was_varied_for_are_weak_or_strong_or_neither(
    value: float, weak: float, strong: float
) -> None:
    """Below 40 is weak and from 70 strong."""
    found = Points.certain(value)
    assert (found.weak, found.strong) == (weak, strong)


@pytest.mark.parametrize("seed", range(6))
def test_draws_that_say_nothing_leave_the_points_as_they_are(seed: int) -> None:
    """One draw, of three sets of which two have too few peers."""
    s = scored(0.5, PEERS, peers=tuple(n / 20 for n in range(20)))
    few = frozenset(ALL[:3])
    sets = (frozenset(ALL), few, few)
    found, centres = score([s], [s.indicator], seed, draws=1, peer_sets=sets)
    # ten of twenty do worse and one ties: 52.5
    assert found["proeve"].score == pytest.approx(52.5)
    assert centres["oekonomisk-finansiel"].score == pytest.approx(52.5)


def panel(own: tuple[float, ...], peers: Sequence[tuple[float, ...]]) -> list[Scored]:
    """Return as many indicators as each municipality has values, scored by goalposts 0–1."""
    return [scored(x, name=f"i{k}", peers=tuple(p[k] for p in peers)) for k, x in enumerate(own)]


def test_a_centre_is_ranked_among_eleven_and_not_among_ten() -> None:
    """Ours gets 50; four of ten peers get more, so we are the fifth of eleven."""
    peers = [(n / 10, n / 10) for n in (9, 8, 7, 6, 4, 3, 2, 1, 0, 1)]
    every = panel((0.5, 0.5), peers)
    _, centre = alone(*every)
    assert (centre.rank, centre.of) == (5, 11)
    assert (centre.rank_low, centre.rank_median, centre.rank_high) == (5, 5, 5)
    _, centre = alone(*panel((0.5, 0.5), peers[:9]))
    assert centre.rank is None


def test_the_rank_of_a_centre_varies_with_the_weights() -> None:
    """Ours 0 and 1, the others 0.55 and 0.4: our mean is 37.5 to 62.5 against 47 to 49."""
    _, centre = alone(*panel((0.0, 1.0), [(0.55, 0.4)] * 10))
    assert centre.rank == 1
    assert centre.rank_low == 1
    assert centre.rank_high == 11


def test_a_geometric_mean_is_drawn_as_often_as_an_arithmetic() -> None:
    """Points 1 and 100: 50.5, or √(10 · 100) = 31.6; both lie inside the interval."""
    _, centre = alone(scored(0.01, name="a"), scored(1.0, name="b"))
    assert centre.low is not None
    assert centre.high is not None
    assert centre.low < 31.6
    assert centre.high > 50
