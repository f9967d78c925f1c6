from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import indicator, shipped, steady
from styring.compare import Comparison, Peer, comparable, compare, percentile, supported
from styring.measure import Figure
from styring.model import Absence, Indicator
from styring.peers import SCHEMA

BOOKED = {"from": "oekonomi", "sum": "beloeb"}
PEOPLE = {"from": "befolkning", "sum": "antal", "age": (18, 64)}
GOALPOSTS = [{"method": "goalposts", "worst": 0.0, "best": 1.0}]


def measure(better: str = "higher", **changes: Any) -> Indicator:
    """Return a definition with this polarity."""
    scored: dict[str, Any] = {} if better == "context" else {"scoring": GOALPOSTS}
    if better == "target":
        scored |= {"target": 1.0}
    return indicator(BOOKED, PEOPLE, better=better, **{**scored, **changes})


def figure(value: float | None, year: int = 2024, **changes: Any) -> Figure:
    """Return an own figure of 2024."""
    absence: Absence | None = None if value is not None else "not_reported"
    return Figure("proeve", year, None, value, absence=absence, **changes)


def others(
    *values: float, contact: str | None = "a@b.dk"
) -> dict[tuple[str, int, bool], list[Peer]]:
    """Return peers with these figures of 2024."""
    peers = [Peer(f"{n:03}", f"Kommune {n:02}", v, contact) for n, v in enumerate(values)]
    return {("proeve", 2024, False): peers}


def beside(
    value: float, *values: float, definition: Indicator | None = None, **changes: Any
) -> Comparison:
    """Return how a figure stands among peers."""
    found = compare(definition or measure(), figure(value, **changes), others(*values))
    assert found is not None
    return found


# --- Which rows are peers -----------------------------------------------------------------------


def row(**changes: Any) -> dict[str, Any]:
    """Return a row of a peers file: timely follow-up of Odder in 2024."""
    plain: dict[str, Any] = {
        "kommunekode": "727", "kommune": "Odder", "periode": "2024",
        "indikator": "opfoelgning-rettidig", "definition_version": 1, "vaerdi": 0.7,
        "partial": False, "suppressed": False,
    }  # fmt: skip
    return {**plain, **changes}


def rows_of(
    rows: Sequence[dict[str, Any]], own: str = "706"
) -> tuple[dict[tuple[str, int, bool], list[Peer]], list[str]]:
    """Return the peers by indicator, year and partial, and the notes in Danish."""
    frame = pl.DataFrame(rows, schema=SCHEMA)
    found, _, notes = comparable(frame, shipped().indicators, own)
    return found, [n.message.da for n in notes]


def test_a_municipality_is_never_its_own_peer() -> None:
    """Its own row is left out without a word."""
    found, notes = rows_of([row(), row(kommunekode="706", kommune="Syddjurs", vaerdi=0.5)])
    assert [p.name for p in found["opfoelgning-rettidig", 2024, False]] == ["Odder"]
    assert notes == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("opfoelgning-rettidig", {"definition_version": 2}),
        ("bevilget-pris-108", {"prisniveau": "faste", "refusion": "før"}),
        ("bevilget-pris-108", {"prisniveau": None, "refusion": "før"}),
        ("bevilget-pris-108", {"prisniveau": "løbende", "refusion": "efter"}),
        ("opfoelgning-rettidig", {"prisniveau": "løbende"}),
    ],
)
def test_rows_of_another_kind_are_left_out_with_a_note(name: str, other: dict[str, Any]) -> None:
    """Another definition version, price level or refund basis is another figure."""
    found, notes = rows_of([row(indikator=name, **other)])
    assert found == {}
    assert len(notes) == 1
    assert notes[0].startswith("1 ræk")
    assert next(i.title.da for i in shipped().indicators if i.id == name) in notes[0]


def test_rows_of_the_same_kind_are_taken_by_year_and_partial() -> None:
    """A state of 30 September 2025 is of 2025."""
    money = {"indikator": "bevilget-pris-108", "prisniveau": "løbende", "refusion": "før"}
    found, notes = rows_of([
        row(periode="2025-09-30"), row(kommunekode="740", **money),
        row(**money, periode="2025", partial=True), row(**money, periode="2025"),
    ])  # fmt: skip
    assert notes == []
    assert {k: len(v) for k, v in found.items()} == {
        ("opfoelgning-rettidig", 2025, False): 1,
        ("bevilget-pris-108", 2024, False): 1,
        ("bevilget-pris-108", 2025, True): 1,
        ("bevilget-pris-108", 2025, False): 1,
    }


def test_withheld_and_empty_rows_are_not_ranked() -> None:
    """Nobody is worse for having kept a small number to themselves."""
    found, notes = rows_of(
        [row(vaerdi=None, suppressed=True), row(vaerdi=None), row(suppressed=True)]
    )
    assert (found, notes) == ({}, [])


def test_a_municipality_with_two_dates_in_one_year_is_one_peer() -> None:
    """June and September of one municipality are not two municipalities."""
    found, _ = rows_of([row(periode="2025-06-30"), row(periode="2025-09-30", vaerdi=0.8)])
    assert [p.code for p in found["opfoelgning-rettidig", 2025, False]] == ["727"]


# --- How a figure stands ------------------------------------------------------------------------


def test_fewer_than_three_peers_are_not_summed_up() -> None:
    """Two are no comparison, three are."""
    assert compare(measure(), figure(5), others(1, 2)) is None
    assert compare(measure(), figure(5), others(1, 2, 3)) is not None
    assert compare(measure(), figure(5), {}) is None


def test_an_absent_value_is_not_compared() -> None:
    """It is neither best nor worst."""
    assert compare(measure(), figure(None), others(1, 2, 3)) is None


def test_a_partial_year_is_compared_with_partial_years_only() -> None:
    """Nine months are not set beside twelve."""
    assert compare(measure(), figure(5, partial=True), others(1, 2, 3)) is None
    assert compare(measure(), figure(5, 2023), others(1, 2, 3)) is None


def test_the_spread_of_the_peers_by_hand() -> None:
    """Of 10, 20, 30, 40: quartiles at places 0.75 and 2.25, tenths at 0.3 and 2.7."""
    found = beside(35, 40, 10, 30, 20)
    assert (found.median, found.q1, found.q3) == (25, 17.5, 32.5)
    assert (found.p10, found.p90) == (13, 37)
    assert found.percentile == 0.75
    assert found.values == (10, 20, 30, 40)


def test_the_gap_to_the_best_quartile_is_to_the_better_end() -> None:
    """The upper quartile where high is good, the lower where low is, none for context."""
    peers = (10, 20, 30, 40)
    assert beside(35, *peers).gap == 10  # 35 − 25
    assert beside(35, *peers, definition=measure("higher")).gap_best == 2.5  # 35 − 32.5
    assert beside(35, *peers, definition=measure("lower")).gap_best == 17.5  # 35 − 17.5
    assert beside(35, *peers, definition=measure("context")).gap_best is None
    assert beside(35, *peers, definition=measure("target")).gap_best is None


@pytest.mark.parametrize(
    ("values", "own", "share"),
    [((1, 2, 3, 4), 0, 0), ((1, 2, 3, 4), 5, 1), ((1, 2, 2, 4), 2, 0.5), ((2, 2, 2), 2, 0.5)],
)
def test_the_percentile_is_the_share_below_and_half_of_the_ties(
    values: tuple[float, ...], own: float, share: float
) -> None:
    """All alike is in the middle."""
    assert percentile(values, own) == share


def test_there_is_no_rank_below_ten_peers() -> None:
    """Nine give none, ten do."""
    assert beside(5, *range(9)).rank is None
    assert beside(5.5, *range(10)).rank == 5  # 6, 7, 8 and 9 are better


@pytest.mark.parametrize(
    ("better", "rank"),
    [("higher", 8), ("lower", 4), ("context", 4), ("target", 3)],
)
def test_rank_1_is_the_best(better: str, rank: int) -> None:
    """Own 3 among 1–10 but 3: seven are above it, two below, and 1 and 2 lie nearer to 1."""
    peers = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    own = beside(3.5 if better in ("lower", "context") else 3, *peers, definition=measure(better))
    # lower: 1, 2 and 3 are better than 3.5; target 1: 1 and 2 are nearer, 3 is a tie
    assert own.rank == rank


def test_ties_share_the_better_rank() -> None:
    """Nobody is better than the best."""
    assert beside(9, *[9] * 10).rank == 1


def test_the_gap_in_kroner_is_the_gap_times_the_own_denominator() -> None:
    """1,200 − 1,000 kr. a head times 5,000 heads is a million."""
    money = measure("context", price_basis="løbende", refund="før")
    found = beside(1200, 900, 1000, 1100, definition=money, numerator=6e6, denominator=5000.0)
    assert (found.gap, found.gap_kr) == (200, 1_000_000)


def test_the_gap_in_kroner_takes_the_multiplier_out() -> None:
    """Per 10,000 heads: a gap of 200 over 5,000 heads is 100 kr."""
    money = measure("context", price_basis="løbende", refund="før", multiplier=10_000)
    assert beside(1200, 900, 1000, 1100, definition=money, denominator=5000.0).gap_kr == 100


def test_the_gap_of_a_deviation_is_in_the_budgets_kroner() -> None:
    """6 % against 2 % of 250 million is 10 million."""
    money = measure("context", price_basis="løbende", refund="efter", form="relative")
    found = beside(0.06, 0.01, 0.02, 0.03, definition=money, denominator=250e6)
    assert found.gap_kr == pytest.approx(10e6)


@pytest.mark.parametrize(
    ("definition", "denominator"),
    [
        (measure("context"), 5000.0),
        (measure("context", price_basis="løbende", refund="før"), None),
        (indicator(BOOKED, price_basis="løbende", refund="før"), 5000.0),
        (
            indicator(
                BOOKED, {**BOOKED, "lag": 1}, form="growth", price_basis="faste", refund="før"
            ),
            5000.0,
        ),
    ],
)
def test_there_is_no_gap_in_kroner_but_for_money_over_something(
    definition: Indicator, denominator: float | None
) -> None:
    """Not for shares of persons, amounts, growth, or where the denominator is not known."""
    assert (
        beside(1200, 900, 1000, 1100, definition=definition, denominator=denominator).gap_kr is None
    )


@steady
@given(
    st.lists(st.integers(0, 30), min_size=3, max_size=20), st.integers(0, 30),
    st.sampled_from(["higher", "lower"]),
)  # fmt: skip
def test_the_order_of_peers_changes_nothing(values: list[int], own: int, better: str) -> None:
    """And rank, percentile and quartiles say the same of one's place."""
    definition = measure(better)
    found = beside(own, *values, definition=definition)
    again = beside(own, *reversed(values), definition=definition)
    assert (found.values, found.rank, found.gap) == (again.values, again.rank, again.gap)
    assert found.p10 <= found.q1 <= found.median <= found.q3 <= found.p90
    if found.rank is not None:
        ahead = sum(v > own if better == "higher" else v < own for v in values)
        assert found.rank == ahead + 1


# --- Chance -------------------------------------------------------------------------------------


def test_a_difference_is_called_where_chance_and_spread_do_not_explain_it() -> None:
    """12 peers at 30 of 100 each: ours at 33 is similar, at 90 better, or worse, or not judged."""
    peers = [Peer(f"{n:03}", f"Kommune {n:02}", 0.3, None, 30.0, 100.0) for n in range(12)]

    def outcome(events: float, better: str) -> str | None:
        definition = measure(better, interval="wilson")
        own = figure(events / 100, numerator=events, denominator=100.0)
        c = compare(definition, own, {("proeve", 2024, False): peers})
        found = supported({"proeve": c}, [definition], {"proeve": own}, seed=1)["proeve"]
        assert found is not None
        return found.outcome

    assert outcome(33.0, "higher") == "similar"
    assert outcome(90.0, "higher") == "better"
    assert outcome(90.0, "lower") == "worse"
    assert outcome(90.0, "context") is None


def test_a_peer_with_more_events_than_trials_leaves_the_difference_untested() -> None:
    """Its figure may be possible, and its numerator not."""
    peers = [Peer(f"{n:03}", f"Kommune {n:02}", 0.3, None, 30.0, 100.0) for n in range(12)]
    peers[0] = Peer("000", "Kommune 00", 0.3, None, 300.0, 100.0)
    definition = measure(interval="wilson")
    own = figure(0.9, numerator=90.0, denominator=100.0)
    c = compare(definition, own, {("proeve", 2024, False): peers})
    found = supported({"proeve": c}, [definition], {"proeve": own}, seed=1)["proeve"]
    assert found is not None
    assert (found.funnel, found.outcome) == (None, None)
