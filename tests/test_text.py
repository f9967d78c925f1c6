"""Numbers, dates and names as readers write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from styring import text
from styring.errors import Lang
from styring.read.parse import to_number


@pytest.mark.parametrize(
    ("x", "decimals", "danish", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1234.5, 0, "1.235", "1,235"),  # half away from zero, as Excel has it
        (2.5, 0, "3", "3"),
        (-2.5, 0, "−3", "−3"),
        (0.125, 2, "0,13", "0.13"),
        (1.005, 2, "1,01", "1.01"),  # the shortest decimal that means the number, not its bits
        (-0.04, 1, "0,0", "0.0"),  # no minus before nothing
        (1e9, 0, "1.000.000.000", "1,000,000,000"),
        (None, 1, "–", "–"),
    ],
)
def test_a_number(x: float | None, decimals: int, danish: str, english: str) -> None:
    """Thousands and decimals by language."""
    assert text.number(x, decimals) == danish
    assert text.number(x, decimals, "en") == english


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (text.number(3.0, sign=True), "+3"),
        (text.number(-3.0, sign=True), "−3"),
        (text.number(0.0, sign=True), "0"),
        (text.percent(0.0425), "4,3 pct."),
        (text.percent(0.0425, lang="en"), "4.3%"),
        (text.kroner(1_234_567.5), "1.234.568 kr."),
        (text.kroner(1_234_567.4, "en"), "DKK 1,234,567"),
        (text.millions(10_650_000), "10,7 mio. kr."),
        (text.millions(-10_650_000, "en"), "−DKK 10.7m"),
        (text.millions(97_400), "97 t. kr."),  # 0,1 mio. would say too little
        (text.millions(0), "0 kr."),
        (text.day(date(2025, 9, 3)), "3.9.2025"),
        (text.day(date(2025, 9, 3), "en"), "3 September 2025"),
        (text.period("2024"), "2024"),
        (text.period("2025-09-30"), "30.9.2025"),
        (text.listed(["a", "b", "c"]), "a, b og c"),
        (text.listed(["a", "b"], "en"), "a and b"),
        (text.listed([]), ""),
        (text.count_word(3), "tre"),
        (text.count_word(12), "12"),
        (text.counted(1, "række", "rækker"), "1 række"),
        (text.counted(1200, "række", "rækker"), "1.200 rækker"),
        (text.closed("Slut."), "Slut."),
        (text.closed("Slut"), "Slut."),
    ],
)
def test_a_phrase(said: str, expected: str) -> None:
    """As it stands in a report."""
    assert said == expected


@settings(derandomize=True, deadline=None)
@given(st.floats(-1e12, 1e12), st.integers(0, 4), st.sampled_from(["da", "en"]))
def test_what_is_written_is_read_as_the_same_number(x: float, decimals: int, lang: Lang) -> None:
    """And lies at most half a step from the number that was written."""
    read = to_number(text.number(x, decimals, lang), lang)
    assert read is not None
    assert read == pytest.approx(float(text.rounded(x, decimals)), rel=1e-15)
    assert abs(Decimal(repr(x)) - text.rounded(x, decimals)) <= Decimal(1).scaleb(-decimals) / 2


@pytest.mark.parametrize(
    "name", ["Økonomi", "ØKONOMI ", "oekonomi", "Ø konomi", "O\u0308konomi", "øko-nomi"]
)
def test_a_name_is_the_same_however_it_is_written(name: str) -> None:
    """Case, blanks, punctuation, æøå in two letters and letters put together do not matter."""
    assert text.fold(name) == "oekonomi"


def test_names_with_numbers_sort_as_readers_do() -> None:
    """85 before 101, both before a paragraph of another law; plain names as they are spelt."""
    names = ["101", "ABL-105", "85", "SUL-141", "9a", "b", "a"]
    assert sorted(names, key=text.natural) == ["9a", "85", "101", "ABL-105", "SUL-141", "a", "b"]
