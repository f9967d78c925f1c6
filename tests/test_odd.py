"""Rows that can hardly be right: taken as they stand, named by their rows, and weighed."""

from __future__ import annotations

from datetime import date

import pytest

from rows import AS_OF, Row, case, ready, several
from styring.figures import all_figures
from styring.odd import doubtful_rows
from styring.prepare import Prepared


def told(*sager: Row) -> list[str]:
    return [n.message.da for n in ready(AS_OF, (2024, 2025), sager=list(sager)).notes]


def weighed(tables: Prepared) -> list[str]:
    return [n.message.da for n in all_figures(tables, []).notes]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # From 30 September 1985 to the as-of date are 40 years to the day, and no more.
        ([case(startdato=date(1985, 9, 29))], "Række 2 løber i over 40 år"),
        ([case(startdato=date(1900, 1, 1), slutdato=date(1939, 1, 1))], ""),
        ([case(startdato=date(1985, 9, 30))], ""),
        # Born in 2019, a case from 2024: five years old.
        ([case(foedselsaar=2019)], "Række 2 er om en borger, der var under 15 år"),
        ([case(foedselsaar=2009)], ""),
        ([case(foedselsaar=1913)], "Række 2 er om en borger, der var over 110 år"),
        ([case(foedselsaar=1914)], ""),
        (
            [case(borger_id="A", foedselsaar=1980), case(borger_id="A", foedselsaar=1981)],
            "Række 3 har et andet fødselsår",
        ),
        (
            [case(sag_id="A", borger_id="A"), case(sag_id="A", borger_id="A", pris=900.0)],
            "2 rækker er den samme ydelse i de samme dage",
        ),
    ],
)
def test_what_can_hardly_be_right_is_told(rows: list[Row], said: str) -> None:
    found = [t for t in told(*rows) if "begynder, før en tidligere" not in t]
    assert any(t.startswith(said) for t in found) if said else found == []


def test_how_much_rests_on_doubtful_rows() -> None:
    """Six of 24 citizens with a wrong year of birth: a quarter of the cost of each year.

    24 x 366 days x 1,000 kr. = 8.784 million in 2024, of which 2.196 million.
    """
    rows = [*several(18, name="A"), *several(6, name="B", foedselsaar=2020)]
    tables = ready(AS_OF, (2024, 2025), sager=rows)
    assert doubtful_rows(tables.tables) == [20, 21, 22, 23, 24, 25]
    assert weighed(tables)[0] == (
        "2,2 mio. kr. af sagernes udgift i 2024 (25,0 pct.) hviler på rækker, der er en "
        "advarsel om."
    )


def test_the_amount_of_few_citizens_is_not_told() -> None:
    rows = [*several(18, name="A"), *several(2, name="B", foedselsaar=2020)]
    said = weighed(ready(AS_OF, (2024, 2025), sager=rows))
    assert len(said) == 2
    assert all("for få borgere" in s for s in said)


def test_sound_rows_are_not_spoken_of() -> None:
    assert weighed(ready(AS_OF, (2024, 2025), sager=several(9))) == []
