"""From a cell to every figure it touches, and to no other."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from running import PEERS, SYDDJURS, styring_says
from styring.errors import InputError, UsageError
from styring.pipeline import Choices, review
from styring.review import Review
from styring.say import sentence
from styring.trace import changes, trace

CHOICES = Choices(peers=PEERS)
AMOUNT = "Økonomi!J17"


def edited(folder: Path, address: str | None = None, value: Any = None) -> Path:
    """Return the example workbook saved anew, with one cell changed by another program."""
    book = openpyxl.load_workbook(SYDDJURS)
    if address:
        sheet, cell = address.split("!")
        book[sheet][cell] = value
    file = folder / "syddjurs.xlsx"
    folder.mkdir(exist_ok=True)
    book.save(file)
    return file


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """The review of the example as the other program saves it."""
    return review(edited(tmp_path_factory.mktemp("plain")), CHOICES)


@pytest.mark.parametrize(
    ("address", "value", "said"),
    [
        (AMOUNT, 2_000_000, "2000000"),
        ("Sager!J17", 6000.5, "6.000,5"),
        ("Sager!H17", datetime(2023, 3, 1), "1.3.2023"),
        ("Sager!C17", "107", "107"),
        ("Befolkning!D17", 2000, "2000"),
        ("Sager!J17", None, ""),
        ("Sager!F17", "kommunal", "kommunal"),
    ],
)
def test_exactly_the_figures_that_a_changed_cell_changes(
    tmp_path: Path, untouched: Review, address: str, value: object, said: str
) -> None:
    """The workbook changed by another program and reviewed anew moves what trace lists."""
    really = list(changes(untouched, review(edited(tmp_path / "b", address, value), CHOICES)))
    found = trace(SYDDJURS, address, CHOICES, said)
    assert really
    assert list(found.changes) == really
    for moved in found.moved:
        assert moved.unseen or moved.old != moved.new


def test_an_amount_is_taken_out_of_its_year() -> None:
    """Økonomi!J17 is 1,760,656.17 kr. of the accounts of 2021: the year's accounts lose so much."""
    found = trace(SYDDJURS, AMOUNT, CHOICES)
    assert found.value == 1_760_656.17
    accounts = next(c for c in found.changes if c.path[0] == "economy" and c.path[-1] == "accounts")
    assert "2021" in accounts.path[1]
    assert isinstance(accounts.old, float)
    assert isinstance(accounts.new, float)
    assert accounts.old - accounts.new == pytest.approx(1_760_656.17, abs=1e-6)
    assert not any(c.path[0] in {"activity", "case_months"} for c in found.changes)


def test_a_cell_beside_the_data_touches_nothing() -> None:
    """The title over the sheet and the account's name are not reckoned with."""
    assert trace(SYDDJURS, "Økonomi!D17", CHOICES).changes == ()


def test_a_cell_the_review_cannot_do_without_says_so() -> None:
    found = trace(SYDDJURS, "Kommune!B3", CHOICES, "Århus på Mars")
    assert found.refused is not None
    assert found.changes == ()


def test_every_part_of_a_review_has_a_name_a_reader_knows() -> None:
    for name, field in Review.model_fields.items():
        if name not in {"schema_", "provenance"}:
            assert field is not None
            assert sentence(f"trace.{name}").da != sentence(f"trace.{name}").en


@pytest.mark.parametrize("address", ["J17", "Økonomi!", "Økonomi!17", "Økonomi!J0", "!J1"])
def test_what_is_no_cell_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        trace(SYDDJURS, address, CHOICES)


@pytest.mark.parametrize("address", ["Økonomien!J17", "Økonomi!J999999", "Økonomi!ZZ1"])
def test_a_cell_that_is_not_there_is_refused(address: str) -> None:
    with pytest.raises(InputError):
        trace(SYDDJURS, address, CHOICES)


def test_as_a_user_runs_it(tmp_path: Path) -> None:
    """In any case of letters, with or without quotation marks and dollars."""
    ran = styring_says(
        "trace", str(SYDDJURS), "'økonomi'!$j$17", "--peers", str(PEERS), cwd=tmp_path
    )
    assert ran.code == 0
    assert ran.lines[0] == "Økonomi!J17 rummer 1.760.656,17."
    assert "  Økonomien år for år: 5 tal" in ran.lines
    ran = styring_says(
        "trace", str(SYDDJURS), AMOUNT, "--format", "json", "--as", "0", cwd=tmp_path
    )
    told = json.loads(ran.out)
    assert told["schema"] == "styring.trace/1"
    assert told["cell"] == AMOUNT
    assert told["instead"] == "0"
    assert {c["path"][0] for c in told["changes"]} >= {"economy", "indicators"}
    ran = styring_says("trace", str(SYDDJURS), AMOUNT, "--format", "xml", cwd=tmp_path)
    assert ran.code == 2
    ran = styring_says("trace", str(SYDDJURS), "Økonomi!D17", "--lang", "en", cwd=tmp_path)
    assert "The cell is not part of anything the review shows." in ran.out


def test_a_cpr_number_is_not_shown(tmp_path: Path) -> None:
    """The cell may hold one; it is asked about by its address, and answered masked."""
    file = edited(tmp_path / "cpr", "Sager!E17", "Bosted 010190-1234")
    for form in ("text", "json"):
        ran = styring_says("trace", str(file), "Sager!E17", "--format", form, cwd=tmp_path)
        assert ran.code == 0
        assert "1234" not in ran.out + ran.err
        ran = styring_says(
            "trace", str(file), "Sager!E17", "--as", "010190-1234", "--format", form, cwd=tmp_path
        )
        assert "1234" not in ran.out + ran.err


def test_a_folder_of_csv_files(tmp_path: Path) -> None:
    """A sheet is a file there, and a cell's text is replaced by text."""
    book = openpyxl.load_workbook(SYDDJURS, read_only=True)
    for name in ("Kommune", "Økonomi", "Befolkning"):
        rows = [["" if c is None else str(c).replace(".", ",") if isinstance(c, float) else str(c)
                 for c in row] for row in book[name].iter_rows(values_only=True)]  # fmt: skip
        text = "\n".join(";".join(row) for row in rows)
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    found = trace(tmp_path, AMOUNT, Choices(), "1000000,17")
    accounts = next(c for c in found.changes if c.path[0] == "economy" and c.path[-1] == "accounts")
    assert isinstance(accounts.old, float)
    assert isinstance(accounts.new, float)
    assert accounts.old - accounts.new == pytest.approx(760_656, abs=1e-6)
