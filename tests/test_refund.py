"""The central refund worked out by hand, step by step."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import case, ready
from styring.definitions import load_facts
from styring.facts import RefundRule
from styring.refund import computed_refund, refund_of, rules_of

RULES = load_facts().refund


def rule(year: int, law: str = "Serviceloven § 176") -> RefundRule:
    """Return the year's steps by law."""
    return next(r for r in rules_of(RULES, year) if r.law == law)


def refund(cost: float, of: RefundRule) -> float:
    """Return the refund of one cost."""
    return float(pl.select(refund_of(pl.lit(cost), of)).item())


@pytest.mark.parametrize(
    ("cost", "adults_2020", "young_2020", "all_2022"),
    [
        (800_000.0, 0.0, 0.0, 0.0),
        (1_000_000.0, 0.0, 42_500.0, 35_000.0),
        (1_500_000.0, 102_500.0, 167_500.0, 160_000.0),
        (2_000_000.0, 227_500.0, 385_000.0, 365_000.0),
        (2_500_000.0, 465_000.0, 635_000.0, 710_000.0),
        (4_000_000.0, 1_215_000.0, 1_385_000.0, 1_835_000.0),
    ],
)
def test_the_steps_give_what_was_worked_out_by_hand(
    cost: float, adults_2020: float, young_2020: float, all_2022: float
) -> None:
    """2020: § 176 and § 176 a; 2022: one rule with three steps."""
    assert refund(cost, rule(2020)) == pytest.approx(adults_2020, abs=1e-6)
    assert refund(cost, rule(2020, "Serviceloven § 176 a")) == pytest.approx(young_2020, abs=1e-6)
    assert refund(cost, rule(2022)) == pytest.approx(all_2022, abs=1e-6)


@given(st.floats(0, 1e7), st.floats(0, 1e6))
def test_more_cost_never_gives_less_refund_and_never_more_than_the_extra(
    cost: float, extra: float
) -> None:
    """The steps are shares of what lies above them."""
    low, high = refund(cost, rule(2022)), refund(cost + extra, rule(2022))
    assert 0 <= low <= cost
    assert -1e-6 <= high - low <= 0.75 * extra + 1e-6


def test_age_decides_the_rule_and_a_year_without_steps_gives_nothing() -> None:
    """In 2020 a 17-year-old goes by § 176 a; in 2022 nobody of 67; 2021 is not on the shelf."""
    people = pl.DataFrame(
        {"aar": [2020, 2020, 2022, 2022, 2021, 2022], "alder": [17, 18, 66, 67, 40, None],
         "udgift": [2_500_000.0] * 6}
    )  # fmt: skip
    columns = (pl.col(c) for c in ("udgift", "alder", "aar"))
    found = people.select(computed_refund(RULES, (2020, 2021, 2022), *columns)).to_series()
    assert found.to_list() == [635_000.0, 465_000.0, 710_000.0, 0.0, None, None]


def test_rules_do_not_overlap_for_the_same_ages() -> None:
    """Each person and year has one rule at most."""
    for year in range(2018, 2027):
        for age in range(100):
            of_age = [
                r
                for r in rules_of(RULES, year)
                if r.from_age <= age and (r.below_age is None or age < r.below_age)
            ]
            assert len(of_age) <= 1, (year, age)


def test_a_citizens_cost_over_all_cases_is_what_the_steps_are_laid_on() -> None:
    """Two cases of 1,250,000 make 2,500,000: 710,000; a citizen without an age has none."""
    whole_year = {"startdato": date(2022, 1, 1), "slutdato": date(2022, 12, 31), "enhed": "år"}
    rows = [
        case(borger_id="a", pris=1_250_000.0, foedselsaar=1980, paragraf=paragraph, **whole_year)
        for paragraph in ("108", "104")
    ]
    tables = ready(sager=rows, as_of=date(2022, 12, 31))
    years = tables.placed("citizen_years", "year")
    assert years["beregnet_refusion"].to_list() == [710_000.0]
