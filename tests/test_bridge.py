"""Differences shared out over number, mix and price: by hand, in any order, closed to the krone."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from math import fsum
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import oracle
from rows import Row, amount, inhabitants, ready, several, shipped, steady
from running import EXAMPLES, PEERS, Reviewed
from styring.bridge import Bridge, Volume, against_peers, between_years, budget_to_accounts, split
from styring.economy import case_sums, paragraph_title, withheld_paragraphs
from styring.errors import Texts
from styring.figures import Figures
from styring.find.bridges import bridge_parts
from styring.formats.waterfall import pieces
from styring.measure import Figure
from styring.peers import read_peers, to_frame
from styring.pipeline import measure_workbook
from styring.prepare import Prepared
from styring.review import BridgePart, BridgeService, Review
from styring.stats.shapley import product_parts, shapley

Array = npt.NDArray[np.float64]
SHARED = ("syddjurs.xlsx", "ikast-brande.xlsx", "norddjurs-udtraek.xlsx", "favrskov-udtraek.xlsx")
MINE = sorted(p.name for p in EXAMPLES.glob("*.xlsx"))
EACH = [*(f"examples/{name}" for name in MINE), *(f"workbooks/{name}" for name in SHARED)]
KRONE_PART = 0.01
UNMEASURED = Figures({}, {}, {}, ())
values = st.floats(-1e4, 1e4, allow_nan=False).map(lambda x: round(x, 2))
some = arrays(np.float64, (4, 3), elements=values)
"""Four factors of three services, negative ones and zeros among them."""
counts = arrays(np.float64, 4, elements=st.integers(0, 40))
amounts = arrays(np.float64, 4, elements=st.integers(0, 10**7))


def near(value: float) -> object:
    """Return what equals an amount to the last digits of a sum."""
    return pytest.approx(value, rel=1e-9, abs=1e-6)


def closes(b: Bridge) -> None:
    """Prove that a bridge's steps reach from one end to the other, within an øre."""
    assert b.gap is not None
    steps = {s.key: s.effect.amount for s in b.steps if not s.detail}
    assert fsum(steps.values()) == pytest.approx(b.gap.amount, abs=KRONE_PART)
    assert b.before + b.gap.amount == pytest.approx(b.after, abs=KRONE_PART)
    if b.why:
        return
    outside = steps.pop("outside", 0.0)
    assert outside + fsum(s.total.amount for s in b.services) == pytest.approx(
        b.gap.amount, abs=KRONE_PART
    )
    price = fsum(s.price.amount for s in b.services)
    assert price == pytest.approx(steps["price"], abs=KRONE_PART)
    for s in b.services:
        level = s.level.amount if s.level else 0.0
        assert s.number.amount + level + s.price.amount == near(s.total.amount)


def step(b: Bridge, key: str) -> float:
    """Return a step's amount."""
    return next(s.effect.amount for s in b.steps if s.key == key)


# --- the arithmetic


def test_two_factors_share_what_they_do_together() -> None:
    """10 persons at 100 become 12 at 110: 2 · 105 = 210 for number, 10 · 11 = 110 for price."""
    before, after = [np.array([10.0]), np.array([100.0])], [np.array([12.0]), np.array([110.0])]
    assert shapley(lambda x: float((x[0] * x[1]).sum()), before, after) == (210.0, 110.0)
    assert product_parts(np.array([[10.0], [100.0]]), np.array([[12.0], [110.0]])).tolist() == [
        [210.0],
        [110.0],
    ]


def test_any_function_can_be_shared_out() -> None:
    """The larger of two: max(0, 0) to max(6, 4): alone 6 and 4, after the other 2 and 0.

    (6 + 2) / 2 = 4 and (4 + 0) / 2 = 2.
    """
    zero = np.array([0.0])
    after = [np.array([6.0]), np.array([4.0])]
    assert shapley(lambda x: float(max(x[0][0], x[1][0])), [zero, zero], after) == (4.0, 2.0)


def _by_orders(before: Array, after: Array) -> list[float]:
    """Return each factor's mean effect over all orders, one order at a time."""
    n = len(before)
    effects = [0.0] * n
    orders = list(permutations(range(n)))
    for order in orders:
        now = before.copy()
        for i in order:
            was = now.prod(axis=0).sum()
            now[i] = after[i]
            effects[i] += (now.prod(axis=0).sum() - was) / len(orders)
    return effects


def _scale(*sides: Array) -> float:
    """Return the size of the largest product, to which rounding is relative."""
    return float(np.maximum(*(np.abs(s) for s in sides)).prod(axis=0).sum()) + 1.0


@steady
@given(some, some)
def test_the_parts_are_the_mean_over_all_orders(before: Array, after: Array) -> None:
    """The short way for products, the general one, and 24 orders one by one say the same."""
    close = 1e-9 * _scale(before, after)
    expected = _by_orders(before, after)
    general = shapley(lambda x: float(np.prod(x, axis=0).sum()), list(before), list(after))
    assert general == pytest.approx(expected, abs=close)
    parts = product_parts(before, after)
    assert parts.sum(axis=1).tolist() == pytest.approx(expected, abs=close)
    gap = after.prod(axis=0) - before.prod(axis=0)
    assert parts.sum(axis=0).tolist() == pytest.approx(gap.tolist(), abs=close)


@steady
@given(some, some, st.permutations(range(4)), st.permutations(range(3)))
def test_the_order_of_factors_and_services_does_not_matter(
    before: Array, after: Array, factors: list[int], services: list[int]
) -> None:
    """Each factor's part of each service is the same wherever it stands."""
    parts = product_parts(before, after)[factors][:, services]
    again = product_parts(before[factors][:, services], after[factors][:, services])
    assert again == pytest.approx(parts, abs=1e-9 * _scale(before, after))


@steady
@given(some, values)
def test_what_does_not_change_has_no_part(before: Array, changed: float) -> None:
    """Only the first factor moves, so it has the whole difference."""
    after = before.copy()
    after[0] = changed
    parts = product_parts(before, after)
    assert not parts[1:].any()
    gap = after.prod(axis=0) - before.prod(axis=0)
    assert parts[0] == pytest.approx(gap, abs=1e-9 * _scale(before, after))


# --- number, mix and price


def test_number_mix_and_price_by_hand() -> None:
    """Two services of 10 at 100 and 10 at 200 become 10 at 100 and 20 at 220.

    N 20 → 30, shares (1/2, 1/2) → (1/3, 2/3), prices (100, 200) → (100, 220).
    Price, only the second: 20 · (10/3 + (40/3 + 15)/6 + 20/3) = 20 · 265/18 = 2650/9.
    Number: 10 · (100 · (1/6 + 5/36 + 1/9) + (200/6 + (110 + 400/3)/6 + 440/9))
    = 10 · (1500/36 + 1105/9) = 14800/9. Mix is the rest of 2400: 4150/9.
    """
    parts = split(
        Volume(np.array([10.0, 10.0]), np.array([1000.0, 2000.0])),
        Volume(np.array([10.0, 20.0]), np.array([1000.0, 4400.0])),
    )
    assert list(parts) == ["number", "mix", "price"]
    assert parts["number"].sum() == near(14800 / 9)
    assert parts["mix"].sum() == near(4150 / 9)
    assert parts["price"].tolist() == [0, near(2650 / 9)]


def test_a_service_nobody_had_is_all_number() -> None:
    """It gets the price of the side that has it: 5 at 200 is 1,000 of number, nothing of price."""
    none, has = (
        Volume(np.array([10.0, 0]), np.array([1000.0, 0])),
        Volume(np.array([10.0, 5]), np.array([1000.0, 1000])),
    )
    there, back = split(none, has), split(has, none)
    assert there["price"].tolist() == [0, 0]
    assert (there["number"] + there["mix"]).tolist() == near([0, 1000])  # type: ignore[arg-type]
    assert (back["number"] + back["mix"]).tolist() == near([0, -1000])  # type: ignore[arg-type]


def test_nobody_at_all_on_one_side() -> None:
    """From no services to some: everything is number."""
    parts = split(
        Volume(np.zeros(2), np.zeros(2)), Volume(np.array([1.0, 3]), np.array([100.0, 600]))
    )
    assert parts["number"].tolist() == near([100, 600])  # type: ignore[arg-type]
    assert not parts["mix"].any()
    assert not parts["price"].any()


@steady
@given(counts, amounts, counts, amounts, st.floats(1, 1e5), st.floats(1, 1e5), st.floats(0.5, 2))
def test_a_split_closes_whatever_is_in_it(
    n0: Array, c0: Array, n1: Array, c1: Array, people: float, later: float, level: float
) -> None:
    """With inhabitants and price level too, and with services that one side lacks."""
    c0, c1 = np.where(n0 > 0, c0, 0.0), np.where(n1 > 0, c1, 0.0)
    first = Volume(n0, c0, np.array([people]), np.array([1.0]))
    last = Volume(n1, c1, np.array([later]), np.array([level]))
    for before, after in ((first, last), (first._replace(level=None), last._replace(level=None))):
        parts = split(before, after)
        total = sum(parts.values(), np.zeros(4))
        assert total == pytest.approx(c1 - c0, abs=KRONE_PART / 100)


# --- our own against the peers


def figure_rows(
    code: str, name: str, figures: dict[str, tuple[float, float]]
) -> list[list[object]]:
    """Return one peer's rows of 2024: numerator and denominator by indicator."""
    known = {i.id: i for i in shipped().known}
    return [
        [code, name, "2024", i, known[i].version, known[i].price_basis, known[i].refund, top / n,
         top, n, False, False, "tests", None]
        for i, (top, n) in figures.items()
    ]  # fmt: skip


AREA, P107, P108 = "udgift-pr-18-66-aarig", "bevilget-pris-107", "bevilget-pris-108"


def peer(code: str, **more: tuple[float, float]) -> list[list[object]]:
    """Return a peer of 2,000 inhabitants, 8 m. kr. in all, 8 persons in § 108 at 500,000."""
    plain = {AREA: (8e6, 2000.0), P108: (4e6, 8.0)}
    changed = {k.replace("_", "-"): v for k, v in more.items()}
    return figure_rows(code, f"By {code}", plain | changed)


def ours(**more: list[Row]) -> Prepared:
    """Return ten citizens at 1,000 kr. a day of 2024, 5 m. kr. of accounts, 1,000 people."""
    tables: dict[str, Any] = {
        "sager": several(10),
        "oekonomi": [amount(5e6)],
        "befolkning": [inhabitants(1000, high=66)],
    }
    return ready(**(tables | more))


def bridged(own: Prepared, *peers: list[list[object]], seed: int = 1) -> Bridge:
    """Return the bridge to some peers."""
    frame = to_frame([row for one in peers for row in one])
    found = against_peers(own, UNMEASURED, frame, shipped(), seed)
    assert found is not None
    return found


def test_against_peers_by_hand() -> None:
    """For our 1,000 inhabitants the peers have 4 m. kr., 4 persons in § 108 at 500,000.

    We have 5 m. kr., 10 persons at 366,000. Users: 6 · 433,000 = 2,598,000; price: −134,000 · 7
    = −938,000; outside: 1,000,000 − (3,660,000 − 2,000,000) = −660,000. The three are alike, so
    drawing them again moves nothing.
    """
    b = bridged(ours(), peer("101"), peer("102"), peer("103"))
    assert (b.before, b.after, b.inhabitants) == (4e6, 5e6, 1000)
    found = {s.key: s.effect for s in b.steps}
    assert {k: e.amount for k, e in found.items()} == {
        "users": near(2_598_000),
        "mix": near(0),
        "price": near(-938_000),
        "outside": near(-660_000),
    }
    assert found["users"].low == near(2_598_000)
    assert found["users"].high == near(2_598_000)
    assert b.peers == ("By 101", "By 102", "By 103")
    closes(b)


def test_peers_are_added_up_not_averaged() -> None:
    """8, 8 and 84 m. kr. over 2,000, 2,000 and 6,000 people: 10,000 each, not the median."""
    large = peer("103", **{AREA: (84e6, 6000.0)})
    b = bridged(ours(), peer("101"), peer("102"), large)
    assert b.before == near(10e6)
    assert b.gap is not None
    assert b.gap.low is not None
    assert b.gap.high is not None
    assert b.gap.low < b.gap.amount < b.gap.high
    closes(b)


def test_the_interval_comes_from_the_seed_alone() -> None:
    """The same seed gives the same interval, whatever the order of the peers' rows."""
    peers = [peer(str(c), **{AREA: (c * 1e5, 2000.0)}) for c in (101, 157, 213, 248, 377)]
    assert bridged(ours(), *peers) == bridged(ours(), *peers[::-1])
    assert bridged(ours(), *peers) != bridged(ours(), *peers, seed=2)


def test_a_peer_without_a_service_is_left_out_and_named() -> None:
    """It is not averaged in: the fourth has no § 108."""
    lacking = figure_rows("104", "By 104", {AREA: (99e6, 2000.0)})
    b = bridged(ours(), peer("101"), peer("102"), peer("103"), lacking)
    assert b.left_out == ("By 104",)
    assert b.before == near(4e6)


def test_a_service_that_most_peers_lack_is_not_split() -> None:
    """One in three has § 107, and we have it too: it lies outside, and is named."""
    own = ours(sager=[*several(10), *several(6, name="C", paragraf="107")])
    b = bridged(own, peer("101", bevilget_pris_107=(1e6, 5.0)), peer("102"), peer("103"))
    assert [s.id for s in b.services] == [P108]
    assert Texts("midlertidigt botilbud (§ 107)", "temporary residential services (§ 107)") in (
        b.not_split
    )
    assert b.left_out == ()
    closes(b)


def test_a_service_we_do_not_have_is_number_at_the_peers_price() -> None:
    """The peers have 5 persons in § 107 per 2,000 at 200,000: for our 1,000, −2.5 · 200,000."""
    peers = (peer(c, bevilget_pris_107=(1e6, 5.0)) for c in ("101", "102", "103"))
    b = bridged(ours(), *peers)
    temporary = next(s for s in b.services if s.id == P107)
    assert temporary.number.amount == near(-500_000)
    assert temporary.price.amount == 0
    assert [t.da for t in b.one_sided] == ["midlertidigt botilbud (§ 107)"]
    closes(b)


def test_a_service_withheld_with_us_is_not_split() -> None:
    """Four citizens in § 107 hide the next smallest too: nothing that is shown gives them away."""
    sager = [
        *several(4, name="C", paragraf="107"),
        *several(6),
        *several(20, name="D", paragraf="85"),
    ]
    peers = [
        peer(c, bevilget_pris_107=(1e6, 5.0), bevilget_pris_85=(1e6, 9.0))
        for c in ("101", "102", "103")
    ]
    b = bridged(ours(sager=sager), *peers)
    assert [s.id for s in b.services] == ["bevilget-pris-85"]
    closes(b)


def test_our_own_rows_are_no_peer() -> None:
    """The municipality of the trial tables has the code 000."""
    mine = peer("000", **{AREA: (99e6, 2000.0)})
    assert bridged(ours(), peer("101"), peer("102"), peer("103"), mine).before == near(4e6)


@pytest.mark.parametrize(
    ("changes", "peers", "why"),
    [
        ({}, ("101", "102"), "few_peers"),
        ({}, (), "few_peers"),
        ({"befolkning": []}, ("101", "102", "103"), "no_area"),
        ({"oekonomi": []}, ("101", "102", "103"), "no_area"),
        ({"sager": several(4)}, ("101", "102", "103"), "no_services"),
        ({"sager": several(10, paragraf="101")}, (), "few_peers"),
    ],
)
def test_what_cannot_be_split_says_why(
    changes: dict[str, list[Row]], peers: tuple[str, ...], why: str
) -> None:
    """There is a reason instead of steps, and the review gives it in both languages."""
    own, rows = ours(**changes), to_frame([row for c in peers for row in peer(c)])
    found = against_peers(own, UNMEASURED, rows, shipped(), 1)
    assert found is not None
    assert (found.why, found.steps, found.gap) == (why, (), None)
    if peers:
        part = bridge_parts(own, UNMEASURED, rows, shipped(), 1)[0]
        assert part.text.da.startswith("Forskellen til de andre kommuner kan ikke deles")
        assert part.text.en.startswith("The difference to the other municipalities cannot be split")


def test_figures_already_measured_are_used() -> None:
    """They are those of the review, small numbers withheld."""
    other = Figure(AREA, 2024, None, 6000.0, 6e6, 1000.0)
    rows = to_frame([row for c in ("101", "102", "103") for row in peer(c)])
    found = against_peers(ours(), Figures({AREA: [other]}, {}, {}, ()), rows, shipped(), 1)
    assert found is not None
    assert found.after == 6e6


# --- a year against the year before


def two_years(**more: list[Row]) -> Prepared:
    """Return ten citizens in § 108 at 400,000 in 2023 and twelve at 440,000 in 2024."""
    sager = [
        *several(10, startdato=date(2023, 1, 1), slutdato=date(2023, 12, 31), pris=4e5, enhed="år"),
        *several(12, pris=4.4e5, enhed="år"),
    ]
    tables: dict[str, Any] = {"sager": sager, **more}
    return ready(years=(2023, 2024), **tables)


def years_of(own: Prepared) -> Bridge:
    """Return the bridge between two years."""
    found = between_years(own)
    assert found is not None
    return found


def test_between_years_by_hand() -> None:
    """4.00 to 5.28 m. kr.: 2 · 420,000 = 840,000 for number, 40,000 · 11 = 440,000 for price."""
    b = years_of(two_years())
    assert (b.before, b.after) == (near(4e6), near(5.28e6))
    assert [s.key for s in b.steps] == ["number", "mix", "price"]
    assert step(b, "number") == near(840_000)
    assert step(b, "price") == near(440_000)
    assert b.without_population
    assert b.without_index
    closes(b)


def test_a_price_index_takes_its_part_of_the_price() -> None:
    """The index rose by 10 %, as the price did: 40,000 · 11 is price level, nothing beyond it."""
    index = [{"aar": 2023, "indeks": 100.0}, {"aar": 2024, "indeks": 110.0}]
    b = years_of(two_years(prisindeks=index))
    assert step(b, "level") == near(440_000)
    assert step(b, "price") == near(0)
    assert not b.without_index
    closes(b)


def test_inhabitants_and_their_share_are_told_apart() -> None:
    """1,000 became 1,200 as 10 became 12: the share is the same, 200 · 0.01 · 420,000 is people."""
    people = [inhabitants(1000, 2023, high=64), inhabitants(1200, 2024, high=64)]
    b = years_of(two_years(befolkning=people))
    assert b.ages == (18, 64)
    assert step(b, "population") == near(840_000)
    assert step(b, "users") == near(0)
    closes(b)


def test_small_services_are_put_together_so_that_none_is_found() -> None:
    """Three citizens in § 85 hide § 107, the next smallest; the two are one line without a name."""
    rows = [
        *several(10, startdato=date(2023, 1, 1)),
        *several(6, name="C", paragraf="107", startdato=date(2023, 1, 1)),
        *several(3, name="D", paragraf="85", startdato=date(2023, 1, 1)),
    ]
    b = years_of(ready(years=(2023, 2024), sager=rows))
    assert [(s.id, s.title and s.title.da) for s in b.services] == [
        ("108", "Længerevarende botilbud (§ 108)"),
        ("other", None),
    ]
    # Each day costs 1,000 kr., and 2024 has one more: nine citizens in the two together.
    assert b.services[1].total.amount == near(9_000)
    assert b.merged
    closes(b)


def test_cases_without_a_paragraph_take_the_smallest_service_in() -> None:
    """They alone would be found by subtracting the others from the total."""
    rows = [
        *several(10, startdato=date(2023, 1, 1)),
        *several(7, name="C", paragraf="107", startdato=date(2023, 1, 1)),
        *several(6, name="D", paragraf=None, startdato=date(2023, 1, 1)),
    ]
    assert [s.id for s in years_of(ready(years=(2023, 2024), sager=rows)).services] == [
        "108",
        "other",
    ]


def test_years_that_cannot_be_compared() -> None:
    """No cases at all, none the year before, too few citizens."""
    assert between_years(ready(years=(2023, 2024))) is None
    assert years_of(ready(years=(2023, 2024), sager=several(10))).why == "one_year"
    few = ready(years=(2023, 2024), sager=several(4, startdato=date(2023, 1, 1)))
    assert years_of(few).why == "withheld"


# --- the budget against the accounts


def assumption(paragraf: str = "108", **changes: object) -> Row:
    """Return an assumption of ten persons at 400,000 in 2024."""
    plain: Row = {"aar": 2024, "paragraf": paragraf, "helaarspersoner": 10.0, "pris": 4e5}
    return plain | changes


def budgeted(**more: list[Row]) -> Bridge:
    """Return the bridge of twelve at 440,000, 4.5 m. kr. of budget and 6.0 m. kr. of accounts."""
    tables: dict[str, Any] = {
        "sager": several(12, pris=4.4e5, enhed="år"),
        "oekonomi": [
            amount(4.5e6, "oprindeligt budget"),
            amount(6e6),
            amount(3e5, "tillægsbevilling"),
        ],
        "budgetforudsaetninger": [assumption()],
    }
    found = budget_to_accounts(ready(**(tables | more)))
    assert found is not None
    closes(found)
    return found


def test_budget_to_accounts_by_hand() -> None:
    """Of 1.5 m. kr. number is 2 · 420,000, price 40,000 · 11, and outside 220,000.

    Outside: accounts less cases 6.0 − 5.28 = 0.72, assumptions less budget 4.0 − 4.5 = −0.5.
    """
    b = budgeted()
    assert {s.key: s.effect.amount for s in b.steps} == {
        "number": near(840_000),
        "mix": near(0),
        "price": near(440_000),
        "outside": near(220_000),
        "outside_accounts": near(720_000),
        "outside_budget": near(-500_000),
    }
    assert [(s.key, s.effect.amount) for s in b.beside] == [("supplementary", 300_000)]


def test_an_assumption_in_older_prices_is_brought_forward() -> None:
    """400,000 in the prices of 2023 are 440,000 of 2024: 40,000 · 11 is level, nothing is price."""
    index = [{"aar": 2023, "indeks": 100.0}, {"aar": 2024, "indeks": 110.0}]
    for level in ("2023", "2023-priser"):
        older = [assumption(prisniveau=level)]
        b = budgeted(budgetforudsaetninger=older, prisindeks=index)
        assert step(b, "level") == near(440_000)
        assert step(b, "price") == near(0)
        assert not b.without_index


@pytest.mark.parametrize("level", ["2023", "fast pris"])
def test_a_price_level_that_is_not_known_is_said(level: str) -> None:
    """Without an index, or with words that are no year, it stays in the price."""
    b = budgeted(budgetforudsaetninger=[assumption(prisniveau=level)])
    assert b.without_index
    assert step(b, "price") == near(440_000)


@pytest.mark.parametrize("level", ["2024", "løbende", None])
def test_the_years_own_prices_are_no_level(level: str | None) -> None:
    """There is nothing to bring forward and nothing to say."""
    b = budgeted(budgetforudsaetninger=[assumption(prisniveau=level)])
    assert not b.without_index
    assert "level" not in {s.key for s in b.steps}


def test_a_service_without_an_assumption_is_number() -> None:
    """Six citizens in § 107 at 100,000 whom the budget does not mention: 600,000, and named."""
    sager = [
        *several(12, pris=4.4e5, enhed="år"),
        *several(6, name="C", paragraf="107", pris=1e5, enhed="år"),
    ]
    b = budgeted(sager=sager)
    new = next(s for s in b.services if s.id == "107")
    assert (new.number.amount, new.price.amount) == (near(600_000), 0)
    assert [t.da for t in b.not_split] == ["Midlertidigt botilbud (§ 107)"]


def test_an_assumption_for_a_service_nobody_got_is_number() -> None:
    """Two persons at 300,000 who did not come."""
    rows = [assumption(), assumption("107", helaarspersoner=2.0, pris=3e5)]
    b = budgeted(budgetforudsaetninger=rows)
    gone = next(s for s in b.services if s.id == "107")
    assert (gone.number.amount, gone.price.amount) == (near(-600_000), 0)
    assert [t.da for t in b.one_sided] == ["Midlertidigt botilbud (§ 107)"]


def test_two_assumptions_of_one_paragraph_are_added() -> None:
    """Six at 300,000 and four at 550,000 are ten at 400,000."""
    rows = [
        assumption(helaarspersoner=6.0, pris=3e5),
        assumption(helaarspersoner=4.0, pris=5.5e5),
    ]
    assert step(budgeted(budgetforudsaetninger=rows), "price") == near(440_000)


def test_assumptions_that_lack_a_figure_are_counted() -> None:
    """They are not used, and the review says how many."""
    rows = [assumption(), assumption("107", pris=None), assumption("85", helaarspersoner=None)]
    assert budgeted(budgetforudsaetninger=rows).unread == 2


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"budgetforudsaetninger": []}, "no_assumptions"),
        ({"sager": []}, "no_cases"),
        ({"sager": several(4)}, "withheld"),
    ],
)
def test_a_budget_that_cannot_be_split_stands_whole(
    changes: dict[str, list[Row]], why: str
) -> None:
    """The deviation is one step, and the reason is given."""
    b = budgeted(**changes)
    assert b.why == why
    assert [(s.key, s.effect.amount) for s in b.steps] == [("unsplit", near(1_500_000))]


def test_without_accounts_or_budget_there_is_no_bridge() -> None:
    """There is nothing to go from or to."""
    assert budget_to_accounts(ready(oekonomi=[amount(6e6)])) is None
    assert budget_to_accounts(ready(oekonomi=[amount(6e6, "oprindeligt budget")])) is None


# --- the workbooks


def _of(name: str) -> tuple[Prepared, Figures]:
    folder, _, file = name.partition("/")
    path = EXAMPLES / file if folder == "examples" else oracle.workbook(file)
    m = measure_workbook(path, shipped())
    return m.ready, m.figures


def _others() -> pl.DataFrame:
    return read_peers(PEERS, shipped())


@pytest.mark.parametrize("name", EACH)
def test_every_workbook_closes_to_the_krone(name: str) -> None:
    """All three bridges of every workbook, against the example municipalities."""
    own, figures = _of(name)
    for b in (
        against_peers(own, figures, _others(), shipped(), 1),
        between_years(own),
        budget_to_accounts(own),
    ):
        assert b is not None
        assert b.why in (None, "no_assumptions"), b.why
        closes(b)
        assert b.gap is not None
        assert (b.gap.low is not None) == (b.kind == "peers")


@pytest.mark.parametrize("name", EACH)
def test_nothing_withheld_is_shown_or_found(name: str) -> None:
    """A withheld paragraph stands with another in the line without a name, and in no sentence."""
    own, figures = _of(name)
    year = own.who.finished_year
    parts = bridge_parts(own, figures, _others(), shipped(), 1)
    for kind, when in (("years", {year - 1, year}), ("budget", {year})):
        part = next(p for p in parts if p.kind == kind)
        hidden = {p for y, p in withheld_paragraphs(own) if y in when}
        titles = {paragraph_title(own.facts.paragraph, p).da for p in hidden}
        shown = {s.title.da for s in part.services}
        assert not titles & shown
        if part.services and hidden:
            every = {p for y, p in case_sums(own) if y in when}
            assert len(every) - (len(shown) - 1) >= 2
            assert "Øvrige ydelser" in shown
        said = part.text.da + " ".join(n.da for n in part.notes)
        assert not any(t[1:] in said for t in titles)


# --- what the review says


def _parts(review: Review) -> dict[str, BridgePart]:
    return {p.kind: p for p in review.bridges}


def test_the_review_holds_the_three_bridges(syddjurs: Review) -> None:
    """Each has its lines laid end to end, and a bar that is as long as the line is large."""
    parts = _parts(syddjurs)
    assert list(parts) == ["peers", "years", "budget"]
    for part in parts.values():
        assert part.gap is not None
        steps = [x for x in part.lines if x.role == "step"]
        ends = [x.end for x in steps]
        assert [x.start for x in steps] == [0.0, *ends[:-1]]
        assert ends[-1] == pytest.approx(part.gap.amount, abs=KRONE_PART)
        for x in steps:
            assert x.start is not None
            assert x.end is not None
            assert x.end - x.start == pytest.approx(x.effect.amount, abs=KRONE_PART)
            assert x.bar[0] == ("+" if x.effect.amount > 0 else "−")
        drawn = [(abs(x.effect.amount), x.bar.count("█")) for x in part.lines if x.bar]
        assert max(drawn)[1] == 20
        assert [n for _, n in sorted(drawn)] == sorted(n for _, n in drawn)
        details = fsum(x.effect.amount for x in part.lines if x.role == "detail")
        outside = [x.effect.amount for x in steps if x.key == "outside"]
        assert not details or details == pytest.approx(outside[0], abs=KRONE_PART)


def test_the_sentences_name_the_largest_part_and_ask(syddjurs: Review) -> None:
    """The dearest for Syddjurs against the others is the price of § 108."""
    part = _parts(syddjurs)["peers"]
    assert part.text.da == (
        "I 2024 er nettoudgiften 6.267 kr. pr. indbygger på 18–66 år, og hos 7 andre kommuner "
        "under ét er den 5.058 kr. Med vores indbyggere er det +31,4 mio. kr. om året "
        "(+13,2 mio. kr. til +44,1 mio. kr.): forskel, ikke sparemål. Prisen på længerevarende "
        "botilbud (§ 108) trækker mest: +10,6 mio. kr. Hvad køber vi, som de andre ikke køber?"
    )
    services = part.services

    def largest(s: BridgeService) -> float:
        return max(s.number.amount, s.price.amount)

    assert max(services, key=largest).title.da == "Længerevarende botilbud (§ 108)"
    for p in syddjurs.bridges:
        assert p.text.da.endswith("?")
        assert p.text.en.endswith("?")


def test_the_report_shows_them(danish: Reviewed, english: Reviewed) -> None:
    """As tables whose rows stand together, with the notes below."""
    text = danish.read("review.md")
    part = text[text.index("### Hvad ligger bag forskellene?") : text.index("## 3. ")]
    assert part.count("| --- | ---: |") == 7
    assert "| **Syddjurs** | 162,6 |" in part
    assert "Prisindekset alene giver" in part
    assert "### What is behind the differences?" in english.read("review.md")


def test_the_workbook_draws_them(danish: Reviewed) -> None:
    """Three native charts on the sheet, whose drawing rests on cells outside what is printed."""
    with ZipFile(danish.folder / "review.xlsx") as book:
        charts = [n for n in book.namelist() if n.startswith("xl/charts/chart")]
        drawn = [book.read(n).decode() for n in charts]
        areas = book.read("xl/workbook.xml").decode()
    ours = [c for c in drawn if "Forklaring!$N$" in c]
    assert len(ours) == 3
    assert all('<c:grouping val="stacked"/>' in c for c in ours)
    assert "Forklaring!$A$1:$G$" in areas.replace("'", "")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 5, (0, 5, 0)),
        (5, 3, (3, 2, 0)),
        (3, -2, (0, 3, -2)),
        (-2, -6, (-2, 0, -4)),
        (-6, 1, (0, 1, -6)),
        (-4, -1, (-1, 0, -3)),
    ],
)
def test_a_column_is_stacked_across_zero(
    start: float, end: float, expected: tuple[float, float, float]
) -> None:
    """It stands on nothing where it crosses zero, and is drawn on both sides."""
    assert pieces(start, end) == expected


def test_the_examples_are_there() -> None:
    """Eight municipalities come with styring; without them the tests above prove nothing."""
    assert len(MINE) == 8
    assert Path(PEERS).is_file()
