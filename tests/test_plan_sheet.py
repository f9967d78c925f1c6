"""The action plan is kept in the report workbook: written, read back, carried on, never lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from running import PEERS, SYDDJURS, Ran, Reviewed, one_message, styring_in_process
from styring.definitions import load_spec
from styring.errors import InputError
from styring.read_plan import MARK, checksum, is_changed, read_plan
from styring.review import STATUSES, KeptAction, Review

ID = "opfoelgning-rettidig"


def review(cwd: Path, *more: object, lang: str = "da") -> Ran:
    """Review Syddjurs into the folder `ud`."""
    arguments = ("review", SYDDJURS, "--peers", PEERS, "--out", "ud", "--lang", lang, *more)
    return styring_in_process(*arguments, cwd=cwd)


def plan_of(book: openpyxl.Workbook) -> tuple[Worksheet, int, dict[str, int]]:
    """Return the plan sheet, the row of its first action, and its columns by key."""
    for page in book.worksheets:
        for cells in page.iter_rows(max_row=6):
            for cell in cells:
                if isinstance(cell.value, str) and cell.value.startswith(MARK):
                    keys = {str(c.value): c.column for c in cells if c.value and c is not cell}
                    rows = range(cell.row, page.max_row)
                    head = next(r for r in rows if page.cell(r, cell.column).value == "id")
                    return page, head + 1, {**keys, "id": cell.column}
    raise AssertionError("no plan sheet")


def write(file: Path, cells: Mapping[tuple[str, str], Any]) -> None:
    """Write into cells of the plan, named by id and key, as a user does in a spreadsheet."""
    book = openpyxl.load_workbook(file)
    page, first, columns = plan_of(book)
    rows = {page.cell(r, columns["id"]).value: r for r in range(first, page.max_row + 1)}
    for (name, key), value in cells.items():
        page.cell(rows[name], columns[key]).value = value
    book.save(file)


def copied(reviewed: Reviewed, cwd: Path) -> Path:
    """Return the report workbook of a finished review in a folder of its own."""
    (cwd / "ud").mkdir()
    for file in reviewed.folder.iterdir():
        (cwd / "ud" / file.name).write_bytes(file.read_bytes())
    return cwd / "ud" / "review.xlsx"


def test_a_plan_that_nobody_wrote_in_is_the_one_proposed(
    danish: Reviewed, syddjurs: Review
) -> None:
    """Every action by its indicator, nothing beside it, and unchanged."""
    file = danish.folder / "review.xlsx"
    kept = read_plan(file)
    assert [k.id for k in kept] == [a.indicator for a in syddjurs.actions]
    assert [k.title for k in kept] == [a.title.da for a in syddjurs.actions]
    assert not any(k.is_touched for k in kept)
    assert not is_changed(file)


def test_what_is_written_is_read(danish: Reviewed, tmp_path: Path) -> None:
    """Status in any spelling, a date or its text, a CPR number masked, an own action."""
    file = copied(danish, tmp_path)
    write(file, {
        (ID, "status"): "Igang", (ID, "owner"): "Myndighedsleder",
        (ID, "deadline"): date(2026, 3, 1), (ID, "note"): "se sag 010190-1234 først",
        ("omgoerelsesprocent", "deadline"): "31-01-2027",
        ("egen-1", "title"): "Aftal fælles møde", ("egen-1", "status"): "done",
    })  # fmt: skip
    found = {k.id: k for k in read_plan(tmp_path / "ud")}
    assert found[ID] == KeptAction(
        id=ID, title=found[ID].title, status="i gang", owner="Myndighedsleder",
        deadline=date(2026, 3, 1), note="se sag [CPR fjernet] først",
    )  # fmt: skip
    assert found["omgoerelsesprocent"].deadline == date(2027, 1, 31)
    assert found["egen-1"] == KeptAction(
        id="egen-1", title="Aftal fælles møde", status="gennemført"
    )
    assert is_changed(file)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("status", "næsten", "Status «næsten» kendes ikke"),
        ("deadline", "snart", "Fristen «snart» er ingen dato"),
        ("deadline", "31-02-2027", "Fristen «31-02-2027» er ingen dato"),
        ("title", None, "Handlingen mangler sin tekst"),
        ("id", None, "Rækken er føjet til"),
        ("id", "omgoerelsesprocent", "står der to gange"),
        ("note", "=1/0+", "fejl eller en formel"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(
    key: str, value: object, said: str, danish: Reviewed, tmp_path: Path
) -> None:
    """With file, sheet and address; and the plan counts as changed."""
    file = copied(danish, tmp_path)
    write(file, {(ID, "status"): "i gang", (ID, key): value})
    with pytest.raises(InputError) as refused:
        read_plan(file)
    assert said in refused.value.what.da
    assert f"{file}, Handleplan!" in str(refused.value.where.da)
    assert refused.value.hint
    assert is_changed(file)


def test_a_workbook_without_a_plan_is_refused_and_has_nothing_to_lose() -> None:
    """The municipality's own workbook is no report."""
    with pytest.raises(InputError, match="no action plan that styring wrote"):
        read_plan(SYDDJURS)
    assert not is_changed(SYDDJURS)


def test_statuses_are_those_of_the_sheet_of_earlier_actions() -> None:
    """So that an action can move from the one to the other."""
    column = next(c for c in load_spec()["handleplan"].column if c.id == "status")
    assert list(STATUSES) == list(column.values)


kept_actions = st.builds(
    KeptAction,
    id=st.sampled_from(["a", "b", "c"]),
    title=st.text(min_size=1),
    status=st.none() | st.sampled_from(list(STATUSES)),
    owner=st.text(),
    deadline=st.none() | st.dates(),
    note=st.text(),
)


@given(st.lists(kept_actions, unique_by=lambda k: k.id, min_size=1), st.data())
def test_the_checksum_is_of_what_is_kept_in_any_order(
    kept: list[KeptAction], data: st.DataObject
) -> None:
    """Sorting the sheet is no change; one cell of one row is."""
    assert checksum(data.draw(st.permutations(kept))) == checksum(kept)
    key = data.draw(st.sampled_from(["owner", "note", "title"]))
    changed = kept[0].model_copy(update={key: getattr(kept[0], key) + "x"})
    assert checksum([changed, *kept[1:]]) != checksum(kept)


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["", "review.json"])
def test_a_changed_plan_is_not_written_over(gone: str, danish: Reviewed, tmp_path: Path) -> None:
    """Exit 5 and every file as it was, also within seconds and where review.json is gone."""
    file = copied(danish, tmp_path)
    write(file, {(ID, "status"): "i gang"})
    if gone:
        (file.parent / gone).unlink()
    before = {p.name: p.read_bytes() for p in file.parent.iterdir()}
    ran = review(tmp_path)
    assert ran.code == 5
    said = one_message(ran)
    assert "Handleplanen i projektmappen er ændret" in said
    assert "--previous ud" in said
    assert {p.name: p.read_bytes() for p in file.parent.iterdir()} == before
    again = styring_in_process("render", danish.folder / "review.json", "--format", "xlsx",
                               "--out", "ud", cwd=tmp_path)  # fmt: skip
    assert again.code == 5
    assert file.read_bytes() == before["review.xlsx"]


def test_a_changed_plan_is_carried_on(danish: Reviewed, tmp_path: Path) -> None:
    """With --previous: every kept cell is in the new workbook, and no longer counts as changed.

    An action that is proposed no longer stays with what was written.
    """
    file = copied(danish, tmp_path)
    write(file, {
        (ID, "status"): "gennemført", (ID, "note"): "=1+1 er en tekst",
        ("egen-1", "title"): "Aftal fælles møde", ("egen-1", "owner"): "Socialchef",
        ("realvaekst-udgift", "id"): "en-anden", ("realvaekst-udgift", "status"): "opgivet",
    })  # fmt: skip
    text = openpyxl.load_workbook(file)
    page, first, columns = plan_of(text)
    page.cell(first, columns["note"]).data_type = "s"
    text.save(file)
    before = read_plan(file)
    ran = review(tmp_path, "--previous", "ud")
    assert ran.code == 0, ran.err
    after = read_plan(file)
    assert {k.id: k for k in before if k.is_touched} == {k.id: k for k in after if k.is_touched}
    assert not is_changed(file)
    made = json.loads((file.parent / "review.json").read_text("utf-8"))
    assert {k["id"] for k in made["kept"]} == {k.id for k in before}
    assert [i["name"] for i in made["provenance"]["inputs"] if i["role"] == "previous"] == [
        "review.json",
        "review.xlsx",
    ]
    page, first, columns = plan_of(openpyxl.load_workbook(file))
    assert page.cell(first, columns["note"]).value == "=1+1 er en tekst"
    assert page.cell(first, columns["note"]).data_type == "s"


def test_overwrite_lets_the_plan_go(danish: Reviewed, tmp_path: Path) -> None:
    """Only where that is asked for."""
    file = copied(danish, tmp_path)
    write(file, {(ID, "status"): "i gang"})
    ran = review(tmp_path, "--overwrite")
    assert ran.code == 0, ran.err
    assert not any(k.is_touched for k in read_plan(file))


def test_an_english_plan_can_be_carried_on_in_danish(english: Reviewed, tmp_path: Path) -> None:
    """Statuses are known in both languages, columns by their keys."""
    file = copied(english, tmp_path)
    write(file, {(ID, "status"): "under way", (ID, "owner"): "Head of assessment"})
    ran = review(tmp_path, "--previous", "ud/review.xlsx")
    assert ran.code == 0, ran.err
    found = {k.id: k for k in read_plan(file)}[ID]
    assert (found.status, found.owner) == ("i gang", "Head of assessment")
    page, first, columns = plan_of(openpyxl.load_workbook(file))
    assert page.cell(first, columns["status"]).value == "i gang"


def test_a_previous_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Exit 3, with the file it looked for."""
    (tmp_path / "tom").mkdir()
    ran = review(tmp_path, "--previous", "tom")
    assert ran.code == 3
    assert "review.xlsx" in one_message(ran)


def test_another_municipalitys_plan_is_refused(danish: Reviewed, tmp_path: Path) -> None:
    """Exit 3, by the review beside the plan or by the plan alone; Syddjurs is 706."""
    ran = styring_in_process("review", SYDDJURS.parent / "odder.xlsx", "--out", "nyt",
                             "--previous", danish.folder, cwd=tmp_path)  # fmt: skip
    assert ran.code == 3
    assert "Syddjurs, denne af Odder" in one_message(ran)
    ran = styring_in_process("review", SYDDJURS.parent / "odder.xlsx", "--out", "nyt",
                             "--previous", danish.folder / "review.xlsx", cwd=tmp_path)  # fmt: skip
    assert ran.code == 3
    assert "en anden kommunes (706)" in one_message(ran)
    assert not (tmp_path / "nyt").exists()


def test_the_cells_offer_choices_and_the_rest_is_locked(danish: Reviewed) -> None:
    """Three drop-downs over all rows; keys and ids are hidden; only what is kept is unlocked."""
    page, first, columns = plan_of(openpyxl.load_workbook(danish.folder / "review.xlsx"))
    offered = {str(v.sqref).split(":")[0] for v in page.data_validations.dataValidation}
    letters = {page.cell(first, columns[k]).coordinate for k in ("status", "owner", "deadline")}
    assert offered == letters
    assert page.protection.sheet
    for key in ("status", "owner", "deadline", "note"):
        assert not page.cell(first, columns[key]).protection.locked
    assert page.cell(first, columns["title"]).protection.locked
    hidden = get_column_letter(columns["id"])
    assert page.column_dimensions[hidden].hidden
    assert page.row_dimensions[first - 3].hidden
