"""The gate every frame passes, and the small words around frames."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from styring.definitions import load_spec
from styring.errors import ContractError, Texts, texts
from styring.tables import Note, from_rows, gate, letter, schema, sort_notes

BEFOLKNING = load_spec()["befolkning"]


def rows(**columns: list[object]) -> pl.DataFrame:
    """Return a frame of the population sheet with these columns only."""
    dtypes = schema(BEFOLKNING)
    return pl.DataFrame(columns, schema={name: dtypes[name] for name in columns})


def test_the_gate_adds_what_is_missing_as_null_and_keeps_the_order() -> None:
    """A frame of two columns comes out with all six, the row's number first."""
    full = gate(rows(antal=[24000], raekke=[2]), BEFOLKNING)
    assert full.columns == ["raekke", "aar", "alder_fra", "alder_til", "antal", "type"]
    assert full.row(0) == (2, None, None, None, 24000, None)
    assert full.schema == pl.Schema(schema(BEFOLKNING))


def test_the_gate_passes_an_empty_frame() -> None:
    """No rows are no rows, with every column in its type."""
    empty = gate(rows(antal=[], raekke=[]), BEFOLKNING)
    assert empty.is_empty()
    assert empty.schema == pl.Schema(schema(BEFOLKNING))


def test_the_gate_refuses_a_column_nobody_described() -> None:
    """A frame with a column more is a bug of ours."""
    with pytest.raises(ContractError, match="koen"):
        gate(pl.DataFrame({"raekke": [2], "koen": ["k"]}), BEFOLKNING)


def test_the_gate_refuses_a_wrong_type() -> None:
    """Inhabitants are whole numbers."""
    with pytest.raises(ContractError, match="befolkning"):
        gate(pl.DataFrame({"raekke": [2], "antal": [24000.0]}), BEFOLKNING)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_the_gate_refuses_what_is_no_number(bad: float) -> None:
    """NaN and infinity never get as far as a sum."""
    with pytest.raises(ContractError, match="NaN"):
        gate(pl.DataFrame({"raekke": [2], "pris": [bad]}), load_spec()["sager"])


def test_literal_rows_are_numbered_like_a_sheet_with_a_header() -> None:
    """The first worked row is row 2, as in Excel."""
    frame = from_rows([{"aar": 2024, "antal": 10}, {"aar": 2025}], BEFOLKNING)
    want = rows(raekke=[2, 3], aar=[2024, 2025], antal=[10, None])
    assert_frame_equal(frame, gate(want, BEFOLKNING))


def test_literal_rows_with_an_unknown_column_are_refused() -> None:
    """A misspelt column of a worked case is not a null one."""
    with pytest.raises(ContractError, match="antall"):
        from_rows([{"antall": 10}], BEFOLKNING)


def test_columns_are_lettered_as_in_excel() -> None:
    """After Z comes AA, after ZZ comes AAA; the last is XFD."""
    places = (0, 25, 26, 51, 52, 701, 702, 16383)
    assert [letter(n) for n in places] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]


def test_notes_come_with_the_serious_first_and_each_once() -> None:
    """Among equals they stay as they came."""
    error, warning = Note("error", texts("e")), Note("warning", texts("w"))
    first, second = Note("info", Texts("i", "i")), Note("info", Texts("j", "j"))
    notes = sort_notes([first, warning, second, error, first, warning])
    assert notes == (error, warning, first, second)
