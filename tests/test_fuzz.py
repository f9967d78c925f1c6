"""Workbooks broken at random are refused, noted or read right; and the judge can tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl
import pytest

import fuzz
from styring.definitions import load_spec
from styring.read.workbook import Reading, read_workbook
from styring.tables import Note

COUNT, SEED = 600, 7


def test_broken_workbooks_are_taken_well() -> None:
    taken, bad = fuzz.run(SEED, COUNT)
    assert not bad, "\n".join(bad)
    assert taken["well"] == COUNT


def test_the_same_seed_breaks_the_same_way() -> None:
    first, second = ([m.said for m in fuzz.mutants(3, 12)] for _ in range(2))
    assert first == second
    assert len(set(first)) == 12


def of_cell(tmp_path: Path) -> tuple[fuzz.Mutant, Reading]:
    """A workbook with one amount changed to 77.5, and how it is read."""
    book = {name: [list(row) for row in rows] for name, rows in fuzz.base().items()}
    book["Økonomi"][3][4] = 77.5
    mutant = fuzz.Mutant(fuzz.written(book), "an amount", "Økonomi", 3, 4, 77.5)
    path = tmp_path / "bog.xlsx"
    assert fuzz.wrong(path, mutant, whole=True) is None
    return mutant, read_workbook(path, load_spec())


@pytest.mark.parametrize("expr", [pl.lit(None, pl.Float64()), pl.col("beloeb") * 1000])
def test_a_cell_misread_in_silence_is_found(tmp_path: Path, expr: pl.Expr) -> None:
    """A reader that dropped the amount, or took it in thousands, is caught; a note mends it."""
    mutant, reading = of_cell(tmp_path)
    frame = reading.tables.frames["oekonomi"].with_columns(beloeb=expr)
    bent = replace(reading, tables=reading.tables.with_frames({"oekonomi": frame}))
    assert fuzz.misread(bent, mutant) is not None
    note = Note("warning", reading.notes[0].message, "Økonomi", "E4")
    assert fuzz.misread(replace(bent, notes=(*bent.notes, note)), mutant) is None


def test_a_row_lost_in_silence_is_found(tmp_path: Path) -> None:
    mutant, reading = of_cell(tmp_path)
    frame = reading.tables.frames["oekonomi"].filter(pl.col("raekke") != 4)
    bent = replace(reading, tables=reading.tables.with_frames({"oekonomi": frame}))
    assert "gone without a word" in str(fuzz.misread(bent, mutant))


def test_kroner_that_do_not_add_up_are_found(tmp_path: Path) -> None:
    _, reading = of_cell(tmp_path)
    accounts = tuple(replace(a, sum_accepted=a.sum_accepted - 1) for a in reading.accounts)
    assert "kroner do not add up" in str(fuzz.unbalanced(replace(reading, accounts=accounts)))
    accounts = tuple(replace(a, rows=a.rows + 1) for a in reading.accounts)
    assert "rows do not add up" in str(fuzz.unbalanced(replace(reading, accounts=accounts)))


def test_a_bug_is_no_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(*_: object, **__: object) -> Reading:
        raise KeyError("x")

    monkeypatch.setattr(fuzz, "read_workbook", falls)
    mutant = fuzz.broken_cell(Random(1))  # noqa: S311 - to break a file
    assert fuzz.wrong(tmp_path / "bog.xlsx", mutant, whole=False) == "KeyError: 'x'"
