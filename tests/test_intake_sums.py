"""Whatever mess a sheet is in, what is accepted and what is not adds up to the sheet's own.

Each sheet is made of rows whose fate is known beforehand; plain loops say what must come out.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from math import fsum
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

import build
from styring.read.workbook import Reading
from test_read_accounts import balanced

messy = settings(derandomize=True, deadline=None, database=None, max_examples=60)
Rows = list[list[object]]

CELLS: dict[object, float | None] = {
    100: 100.0,
    0: 0.0,
    250.5: 250.5,
    "1.234,50": 1234.5,
    "75,25-": -75.25,
    "(2.000)": -2000.0,
    "300 kr.": 300.0,
    "1\u00a0000": 1000.0,
    "–": 0.0,
    "efter aftale": None,
    "#N/A": None,
    "=1+1": None,
    True: None,
    None: None,
}
"""Cells of a column of amounts and the number each is; None where it is none."""
UNITS = {"": 1, "kr.": 1, "1.000 kr.": 1000, "mio. kr.": 10**6}
FUNCTIONS: dict[object, bool] = {"5.38.50": True, 53852: True, "5.38.58 Støtte": True,
                                 "drift": False}  # fmt: skip
MAP = '[[sheet]]\nname = "Økonomi"\nread_as = "Økonomi"\nfill_down = ["funktion"]\n'


@dataclass(frozen=True)
class Expected:
    """What must become of a sheet's amounts, in kroner, and of its rows."""

    accepted: list[float]
    rejected: list[float]
    totals: list[float]
    rows: int
    duplicates: int = 0


def read(book: build.Book, *, mapping: str = "", hidden: tuple[int, ...] = ()) -> Reading:
    """Return what comes of a book; rows of Økonomi hidden, a mapping file beside it."""
    with tempfile.TemporaryDirectory() as folder:
        workbook = build.opened(book)
        sheet = workbook["Økonomi"]
        assert isinstance(sheet, Worksheet)
        for n in hidden:
            sheet.row_dimensions[n].hidden = True
        if mapping:
            Path(folder, "styring-map.toml").write_text(mapping, "utf-8")
        return build.read_file(build.saved(workbook, Path(folder, "bog.xlsx")))


def adds_up(reading: Reading, sheet: str, expected: Expected) -> None:
    """Assert that rows and kroner of a sheet became what they must, and nothing is left over."""
    balanced(reading)
    a = build.account(reading, sheet)
    assert a.rows == expected.rows
    assert a.accepted == len(expected.accepted)
    assert a.totals == len(expected.totals)
    assert a.duplicates == expected.duplicates
    assert a.rejected == expected.rows - a.accepted - a.totals - a.duplicates
    assert a.sum_accepted == pytest.approx(fsum(expected.accepted))
    assert a.sum_rejected == pytest.approx(fsum(expected.rejected))
    assert a.sum_totals == pytest.approx(fsum(expected.totals))
    own = fsum([*expected.accepted, *expected.rejected, *expected.totals])
    assert a.sum_sheet == pytest.approx(own + a.sum_duplicates)
    named = [n for n in reading.notes if n.sheet == sheet and n.severity != "info"]
    assert a.rejected == 0 or named, "rows were left out without a word"


# --- A long ledger ------------------------------------------------------------------------------

KINDS = ("data", "data", "data", "group", "blank", "header", "subtotal")
row = st.tuples(
    st.sampled_from(KINDS), st.sampled_from([*FUNCTIONS]), st.sampled_from([*CELLS])
)  # fmt: skip


@messy
@given(
    rows=st.lists(row, min_size=1, max_size=12),
    unit=st.sampled_from([*UNITS]),
    fill=st.booleans(),
    title=st.booleans(),
    grand=st.booleans(),
    hidden=st.booleans(),
)
def test_a_long_ledger_of_any_mess_adds_up(
    rows: list[tuple[str, object, object]],
    unit: str,
    *,
    fill: bool,
    title: bool,
    grand: bool,
    hidden: bool,
) -> None:
    """Titles, blank and hidden rows, headers again, groups, subtotals and units, in any order."""
    scale = UNITS[unit]
    header: list[object] = ["funktion", "år", "version", f"beløb ({unit})" if unit else "beløb"]
    titles: Rows = [["Udtræk af økonomi"], []] if title else []
    table: Rows = [*titles, header]
    accepted, rejected, totals, count = list[float](), list[float](), list[float](), 0
    above = ""
    run: list[float] = []
    every: list[float] = []
    for kind, function, cell in rows:
        if kind == "blank":
            table.append([None, " "])
        elif kind == "header":
            table.append([*header])
        elif kind == "subtotal" and not run:
            continue
        elif kind == "subtotal":
            table.append(["I alt for gruppen", None, None, fsum(run)])
            totals.append(fsum(run) * scale)
            count, run, above = count + 1, [], ""
        else:
            in_group = kind == "group"
            table.append([None if in_group else function, 2024, "budget", cell])
            own = above if in_group and fill else "" if in_group else str(function)
            kroner, count = CELLS[cell], count + 1
            run.append(kroner or 0.0)
            every.append(kroner or 0.0)
            fits = own != "" and (own in map(str, FUNCTIONS) and FUNCTIONS[_known(own)])
            (accepted if fits and kroner is not None else rejected).append((kroner or 0.0) * scale)
            above = own if fill else ""
    if grand:
        table.append(["Hovedtotal", None, None, fsum(every)])
        totals.append(fsum(every) * scale)
        count += 1
    reading = read(
        build.minimal() | {"Økonomi": table},
        mapping=MAP if fill else "",
        hidden=(len(table),) if hidden else (),
    )
    adds_up(reading, "Økonomi", Expected(accepted, rejected, totals, count))
    assert not build.notes(reading, "Totalen passer ikke")
    if accepted:
        assert fsum(build.column(reading, "oekonomi", "beloeb")) == pytest.approx(fsum(accepted))


def _known(own: str) -> object:
    return next(f for f in FUNCTIONS if str(f) == own)


# --- A wide one ---------------------------------------------------------------------------------

HEADERS: dict[str, list[object]] = {
    "months": ["jan", "Februar", "mar.", "I alt"],
    "years": [2023, 2024, 2025, "I alt"],
    "versions": ["Budget", "Forbrug", "Korrigeret budget", "Afvigelse"],
}
amount = st.sampled_from([*CELLS])
line = st.tuples(st.sampled_from([*FUNCTIONS]), amount, amount, amount)


@messy
@given(
    shape=st.sampled_from([*HEADERS]),
    rows=st.lists(line, min_size=1, max_size=6),
    unit=st.sampled_from([*UNITS]),
    grand=st.booleans(),
)
def test_a_wide_ledger_of_any_mess_adds_up(
    shape: str, rows: list[tuple[object, ...]], unit: str, *, grand: bool
) -> None:
    """Each cell is an amount, rejected, or blank and none; printed sums are never added."""
    scale = UNITS[unit]
    own_year = shape == "years"
    years: list[object] = [] if own_year else ["år"]
    header: list[object] = ["funktion", *years, *HEADERS[shape]]
    table: Rows = [[f"Beløb i {unit}"] if unit else ["Økonomi"], header]
    accepted, rejected, totals, count = list[float](), list[float](), list[float](), 0
    for function, *cells in rows:
        total = fsum(CELLS[c] or 0.0 for c in cells)
        table.append([function, *([] if own_year else [2024]), *cells, total])
        for cell in cells:
            kroner = CELLS[cell]
            if cell is None:
                continue
            count += 1
            good = kroner is not None and FUNCTIONS[function]
            (accepted if good else rejected).append((kroner or 0.0) * scale)
    if grand:
        sums = [fsum(CELLS[r[k]] or 0.0 for r in rows) for k in (1, 2, 3)]
        table.append(["I alt", *([] if own_year else [None]), *sums, fsum(sums)])
        totals += [s * scale for s in sums]
        count += 3
    reading = read(build.minimal() | {"Økonomi": table})
    adds_up(reading, "Økonomi", Expected(accepted, rejected, totals, count))


# --- A case list --------------------------------------------------------------------------------

ENDS: dict[object, tuple[date | None, bool]] = {
    None: (None, True),
    date(2024, 12, 31): (date(2024, 12, 31), True),
    "31-12-2024": (date(2024, 12, 31), True),
    "20241231": (date(2024, 12, 31), True),
    "31-12-9999": (None, True),
    "snart": (None, False),
    "#N/A": (None, False),
}
PRICES: dict[object, float | None] = {1000: 1000.0, "1.000": 1000.0, "1.000,50": 1000.5,
                                      "efter aftale": None, None: None}  # fmt: skip
case = st.tuples(st.integers(1, 2), st.sampled_from([*ENDS]), st.sampled_from([*PRICES]),
                 st.sampled_from(["case", "case", "blank", "header"]))  # fmt: skip


@messy
@given(rows=st.lists(case, min_size=1, max_size=8), total=st.booleans())
def test_a_case_list_of_any_mess_adds_up(
    rows: list[tuple[int, object, object, str]], *, total: bool
) -> None:
    """Repeated rows count once; a bad end date rejects its row, a bad price only its amount."""
    table: Rows = [["Sager"], [*build.CASES]]
    seen: set[tuple[object, ...]] = set()
    accepted, rejected, totals, count, twins = 0, 0.0, [], 0, 0
    kept: list[float] = []
    for number, end, price, kind in rows:
        if kind != "case":
            table.append([*build.CASES] if kind == "header" else [])
            continue
        cells = build.case(number)
        cells[4], cells[5] = end, price
        table.append(cells)
        count += 1
        (day, good), kroner = ENDS[end], PRICES[price]
        if not good:
            rejected += kroner or 0.0
        elif (number, day, kroner) in seen:
            twins += 1
        else:
            seen.add((number, day, kroner))
            accepted += 1
            kept.append(kroner or 0.0)
    every = fsum(PRICES[p] or 0.0 for _, _, p, kind in rows if kind == "case")
    if total:
        table.append(["I alt", None, None, None, None, every])
        totals.append(every)
        count += 1
    reading = read(build.minimal() | {"Sager": table})
    balanced(reading)
    a = build.account(reading, "Sager")
    assert (a.rows, a.accepted, a.duplicates, a.totals) == (count, accepted, twins, len(totals))
    assert a.sum_accepted == pytest.approx(fsum(kept))
    assert a.sum_rejected == pytest.approx(rejected)
    assert a.sum_sheet == pytest.approx(every + fsum(totals))
    assert not build.notes(reading, "Totalen passer ikke")
