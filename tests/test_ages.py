"""Citizens with support when the population's age is held fixed, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rows import case, ready
from styring.ages import ages
from styring.find.ages import ages_part
from styring.prepare import Prepared

BANDS = ((18, 29), (30, 44), (45, 66), (67, None))


def people(year: int, *numbers: int) -> list[dict[str, Any]]:
    """Return the inhabitants of a year by age group."""
    return [
        {"aar": year, "alder_fra": low, "alder_til": high, "antal": n, "type": "faktisk"}
        for (low, high), n in zip(BANDS, numbers, strict=True)
    ]


def citizens(year: int, *numbers: int) -> list[dict[str, Any]]:
    """Return a case of the year for so many citizens of each age group."""
    return [
        case(sag_id=f"{year}-{low}-{n}", borger_id=f"{year}-{low}-{n}", foedselsaar=year - low - 1,
             startdato=date(year, 1, 1), slutdato=date(year, 12, 31))
        for (low, _), count in zip(BANDS, numbers, strict=True)
        for n in range(count)
    ]  # fmt: skip


def tables(before: tuple[int, ...], now: tuple[int, ...]) -> Prepared:
    """Return two finished years; the population is older in the second."""
    return ready(
        date(2025, 1, 31), (2023, 2024),
        sager=[*citizens(2023, *before), *citizens(2024, *now)],
        befolkning=[*people(2023, 1000, 1000, 1000, 1000), *people(2024, 500, 500, 1000, 2000)],
    )  # fmt: skip


def test_the_rate_with_age_held_fixed_by_hand() -> None:
    """2023 at the ages of 2024: (10·½ + 20·½ + 30 + 40·2)/4000 = 125/4000; as it was 100/4000."""
    found = ages(tables((10, 20, 30, 40), (5, 10, 30, 80)))
    assert found is not None
    before, now = found.years
    assert (before.citizens, before.people) == (100, 4000)
    assert before.crude == pytest.approx(100 / 4000)
    assert before.standardised.value == pytest.approx(125 / 4000)
    assert now.standardised.value == pytest.approx(now.crude) == pytest.approx(125 / 4000)


def test_age_alone_explains_a_growth_that_it_gives() -> None:
    """125 citizens where the use of 2023 would have given 125: nothing is left to explain."""
    part = ages_part(tables((10, 20, 30, 40), (5, 10, 30, 80)))
    assert part is not None
    assert part.ratio == pytest.approx(1)
    assert "kan være tilfældig" in part.text.da


@pytest.mark.parametrize(
    ("now", "said"), [((30, 40, 60, 120), "forklarer ikke"), ((5, 5, 10, 40), "Færre")]
)
def test_what_age_does_not_explain_is_said(now: tuple[int, ...], said: str) -> None:
    """250 against 125 expected, and 60."""
    part = ages_part(tables((10, 20, 30, 40), now))
    assert part is not None
    assert said in part.text.da


def test_groups_of_few_citizens_are_merged_and_then_too_few_groups_are_left_out() -> None:
    """Three citizens of 18–29 stand with those of 30–44: three groups give the numbers away."""
    assert ages(tables((3, 20, 30, 40), (5, 10, 30, 80))) is None


def test_unknown_ages_and_a_single_year_give_nothing() -> None:
    """One in ten without a birth year is too many."""
    rows = [*citizens(2023, 10, 20, 30, 40), *citizens(2024, 5, 10, 30, 80)]
    for row in rows[::10]:
        row["foedselsaar"] = None
    both = [*people(2023, 1, 1, 1, 1), *people(2024, 1, 1, 1, 1)]
    assert ages(ready(date(2025, 1, 31), (2023, 2024), sager=rows, befolkning=both)) is None
    alone = ready(date(2025, 1, 31), (2024,), sager=citizens(2024, 5, 10, 30, 80),
                  befolkning=people(2024, 1, 1, 1, 1))  # fmt: skip
    assert ages(alone) is None
