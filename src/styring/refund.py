"""The central refund (SEL § 176): what the steps give of a person's cost in a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from styring.facts import RefundRule


def refund_of(cost: pl.Expr, rule: RefundRule) -> pl.Expr:
    """Return the refund of a person's yearly cost, Float64 kr.

    Each step pays its share of what lies above its limit, up to the next one's: in 2022 a cost of
    2,500,000 gives 25 % of 820,000, 50 % of 440,000 and 75 % of 380,000, 710,000 in all.

    Args:
        cost: kroner in the calendar year, before refund, Float64.
        rule: the year's steps, in order of their limits.
    """
    rates = [0.0, *(s.rate for s in rule.step)]
    parts = [
        (cost - s.above).clip(0, None) * (s.rate - below)
        for s, below in zip(rule.step, rates, strict=False)
    ]
    return pl.sum_horizontal(parts)


def rules_of(rules: Sequence[RefundRule], year: int) -> list[RefundRule]:
    """Return the rules that cover the whole of a year; none where nobody has looked them up."""
    return [
        r for r in rules if r.valid_from <= date(year, 1, 1) and date(year, 12, 31) <= r.valid_to
    ]


def computed_refund(
    rules: Sequence[RefundRule], years: Sequence[int], cost: pl.Expr, age: pl.Expr, year: pl.Expr
) -> pl.Expr:
    """Return the refund the steps would give each person and year, Float64 kr.

    Null in a year without steps, and where the age is not known; 0 for ages outside the scheme.
    """
    found = pl.lit(None, pl.Float64())
    for y in years:
        of_year = rules_of(rules, y)
        if not of_year:
            continue
        refund = pl.lit(0.0)
        for rule in of_year:
            inside = (age >= rule.from_age) & (
                pl.lit(value=True) if rule.below_age is None else age < rule.below_age
            )
            refund = pl.when(inside).then(refund_of(cost, rule)).otherwise(refund)
        known = (year == y) & age.is_not_null()
        found = pl.when(known).then(refund).otherwise(found)
    return found
