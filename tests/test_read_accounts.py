"""Every row and every krone of a sheet is accounted for: accepted, rejected, total or repeated."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import build
from styring.read.workbook import Reading

ROUNDING = 0.005
"""The most that rounding to whole øre can move one amount."""

KRONER: dict[object, float | None] = {
    100: 100.0,
    0: 0.0,
    -250.5: -250.5,
    1234.567: 1234.57,
    "1.234,50": 1234.5,
    "(2.000)": -2000.0,
    "300 kr.": 300.0,
    "–": 0.0,
    "efter aftale": None,
    "#N/A": None,
    "=1+1": None,
    None: None,
}
"""Cells as they occur in a column of amounts, and the kroner each is; None where it is none."""
RAW: dict[object, float] = {1234.567: 1234.567}
"""Kroner in the sheet where they are not those accepted: more than two decimals."""
YEARS: dict[object, int | None] = {
    2024: 2024,
    "2024": 2024,
    "i år": None,
    "#REF!": None,
    None: None,
}
FUNCTIONS: dict[object, str | None] = {"5.38.50": "5.38.50", 53852: "5.38.52", "drift": None}
VERSIONS: dict[object, str | None] = {"Regnskab": "regnskab", "Budget": "oprindeligt budget",
                                      "andet": None, None: None}  # fmt: skip

Rows = list[list[object]]
row = st.tuples(*(st.sampled_from([*cells]) for cells in (YEARS, FUNCTIONS, VERSIONS, KRONER)))


def balanced(reading: Reading) -> None:
    """Assert of every sheet that its rows and sums are accounted for."""
    for a in reading.accounts:
        assert a.rows == a.accepted + a.rejected + a.totals + a.duplicates, a
        parts = a.sum_accepted + a.sum_rejected + a.sum_totals + a.sum_duplicates
        assert a.sum_sheet == pytest.approx(parts + a.sum_rounding), a
        assert abs(a.sum_rounding) <= ROUNDING * a.rows + 1e-6, a


def usable(year: object, function: object, version: object, kroner: object) -> bool:
    """Return whether a ledger row has everything an amount needs."""
    return None not in (YEARS[year], FUNCTIONS[function], VERSIONS[version], KRONER[kroner])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(row, min_size=1, max_size=8), st.integers(0, 1))
def test_every_row_and_krone_of_a_ledger_is_accounted_for(
    rows: list[tuple[object, ...]], totals: int
) -> None:
    """However bad the cells: what is accepted and what is rejected is known beforehand."""
    table: Rows = [["år", "funktion", "version", "beløb"], *map(list, rows)]
    table += [["I alt", None, None, 777]] * totals
    with tempfile.TemporaryDirectory() as folder:
        reading = build.read(Path(folder), build.minimal() | {"Økonomi": table})
    balanced(reading)
    account = build.account(reading, "Økonomi")
    good = [r for r in rows if usable(*r)]
    known = [KRONER[r[3]] or 0.0 for r in good]
    printed = [RAW.get(r[3], KRONER[r[3]] or 0.0) for r in rows]
    assert (account.rows, account.accepted) == (len(rows) + totals, len(good))
    assert account.totals == totals
    assert build.column(reading, "oekonomi", "beloeb") == pytest.approx(signed(known, good))
    assert account.sum_accepted == pytest.approx(sum(known))
    assert account.sum_sheet == pytest.approx(sum(printed) + 777 * totals)
    assert account.sum_totals == 777 * totals


def signed(kroner: list[float], rows: list[tuple[object, ...]]) -> list[float]:
    """Return the amounts with expense positive: turned where the accounts are below zero."""
    accounts = sum(k for k, r in zip(kroner, rows, strict=True) if r[2] == "Regnskab")
    return [-k for k in kroner] if accounts < 0 else kroner


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.sampled_from(
    [None, date(2024, 12, 31), "31-12-9999", "snart", "#N/A"]), st.sampled_from(
    [1000, "1.000", None, "efter aftale", True])), min_size=1, max_size=8))  # fmt: skip
def test_every_row_of_a_case_list_is_accounted_for(rows: list[tuple[object, ...]]) -> None:
    """Repetitions are counted as such; a bad end date rejects, a bad price does not."""
    table: Rows = [[*build.CASES]]
    for number, end, price in rows:
        assert isinstance(number, int)
        cells = build.case(number)
        cells[4], cells[5] = end, price
        table.append(cells)
    with tempfile.TemporaryDirectory() as folder:
        reading = build.read(Path(folder), build.minimal() | {"Sager": table})
    balanced(reading)
    account = build.account(reading, "Sager")
    bad = sum(end in ("snart", "#N/A") for _, end, _ in rows)
    ends: dict[object, object] = {"31-12-9999": None}
    prices: dict[object, object] = {"1.000": 1000, "efter aftale": None}
    different = {
        (number, ends.get(end, end), None if price is True else prices.get(price, price))
        for number, end, price in rows
        if end not in ("snart", "#N/A")
    }
    assert account.rejected == bad
    assert account.accepted == len(different) == len(build.column(reading, "sager", "sag_id"))


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([*YEARS]), st.sampled_from([*FUNCTIONS]),
                          st.sampled_from([*KRONER]), st.sampled_from([*KRONER])),
                min_size=1, max_size=6))  # fmt: skip
def test_every_amount_of_a_wide_ledger_is_accounted_for(rows: list[tuple[object, ...]]) -> None:
    """Each cell with an amount is accepted or rejected; a blank one is no amount."""
    table: Rows = [["År", "Funktion", "Vedtaget budget", "Forbrug"], *map(list, rows)]
    with tempfile.TemporaryDirectory() as folder:
        reading = build.read(Path(folder), build.minimal() | {"Økonomi": table})
    balanced(reading)
    account = build.account(reading, "Økonomi")
    amounts = [(YEARS[y], FUNCTIONS[f], KRONER[cell])
               for y, f, *cells in rows for cell in cells if cell is not None]  # fmt: skip
    good = [k for y, f, k in amounts if None not in (y, f, k)]
    assert (account.rows, account.accepted) == (len(amounts), len(good))
    assert account.sum_accepted == pytest.approx(sum(k for k in good if k is not None))


def test_a_price_taken_out_is_not_called_rounding(tmp_path: Path) -> None:
    """A price of ten thousand billions has no value: it is rejected, not rounded away."""
    reading = build.read(tmp_path, build.with_cases("pris", [1000, 1e13]))
    balanced(reading)
    account = build.account(reading, "Sager")
    assert (account.sum_sheet, account.sum_accepted) == (1e13 + 1000, 1000)
    assert account.sum_rejected == 1e13


def test_the_account_says_where_the_header_and_the_columns_were(tmp_path: Path) -> None:
    """Header row, letters of the columns, what the sheet was taken as."""
    book = build.minimal()
    book["Bevillinger"] = [["Udtræk"], *book.pop("Sager")]
    account = build.account(build.read(tmp_path, book), "Bevillinger")
    assert (account.taken_as, account.header_row) == ("Sager", 2)
    assert account.columns["slutdato"] == "E"
    assert (account.sum_column, account.sum_sheet) == ("pris", 5500)


def test_rows_read_as_something_else_are_counted(tmp_path: Path) -> None:
    """Two of three amounts stood as text; in thousands, all three were converted."""
    book = build.with_ledger("beløb", ["1.000", "2.000", 3000])
    assert build.account(build.read(tmp_path, book), "Økonomi").converted == 2
    book["Økonomi"][0][4] = "Beløb (1.000 kr.)"
    assert build.account(build.read(tmp_path, book), "Økonomi").converted == 3


def test_the_whole_municipality_is_accounted_for(tmp_path: Path) -> None:
    """A sheet of every kind, each with one row that cannot be used."""
    book = build.minimal()
    book["Befolkning"].append([2025, "x", 64, 10, "faktisk"])
    book["Økonomi"].append([None, None, "5.38.50", "regnskab", 10])
    book["Sager"].append([None, "B9", "107", date(2024, 1, 1), None, 10, "døgn"])
    book["Tilbud"] = [["tilbud", "pladser"], ["Nord", 10], [None, 3], ["I alt", 10]]
    book["Klager"] = [["år", "afgjort", "omgjort", "hjemvist"], [2024, 10, 2, 1], [2024, 5, 1, "x"]]
    book["Investeringer"] = [["år", "beløb"], [2024, 1000], ["x", 500]]
    reading = build.read(tmp_path, book)
    balanced(reading)
    rejected = {a.sheet: (a.rejected, a.sum_rejected) for a in reading.accounts}
    assert rejected == {
        "Befolkning": (1, 10),
        "Økonomi": (1, 10),
        "Sager": (1, 10),
        "Tilbud": (1, 3),
        "Klager": (1, 5),
        "Investeringer": (1, 500),
    }
