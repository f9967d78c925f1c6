"""Many municipalities: one bad workbook never stops the others, and the overview holds the good."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from build import minimal, xlsx
from running import EXAMPLES, PEERS, Ran, environment, styring_says
from styring.cli.resume import RECORDS
from styring.review import Review

FILES = ["review.json", "review.md", "review.xlsx"]
KILLS_ITSELF = """
import os, sys
if "batch" not in sys.orig_argv and any("draeber" in a for a in sys.orig_argv):
    os._exit(9)
"""


@dataclass(frozen=True)
class Batch:
    """A batch that was run: its folder and what it said."""

    folder: Path
    ran: Ran

    def text(self, name: str) -> str:
        """Return a text file below the folder."""
        return (self.folder / name).read_text("utf-8")


def municipality(folder: Path, code: int, name: str) -> Path:
    """Return a small workbook of a municipality."""
    book = minimal()
    values = {"kommunekode": code, "kommune": name}
    book["Kommune"] = [[k, values.get(str(k), v)] for k, v in book["Kommune"]]
    return xlsx(folder / f"{name.lower()}.xlsx", book)


def tree(folder: Path) -> list[str]:
    """Return every file below a folder but for the records of what is finished."""
    files = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(f for f in files if not f.startswith(f"{RECORDS}/"))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Two good workbooks and a broken one between them, two at a time, in one process each."""
    cwd = tmp_path_factory.mktemp("batch")
    shutil.copy(EXAMPLES / "odder.xlsx", cwd)
    shutil.copy(EXAMPLES / "favrskov.xlsx", cwd)
    (cwd / "grenaa.xlsx").write_text("hej", "utf-8")
    ran = styring_says("batch", "*.xlsx", "--peers", PEERS, "--out", "ud", "--jobs", "2", cwd=cwd)
    return Batch(cwd / "ud", ran)


def test_a_batch_in_which_one_failed_ends_with_4_and_has_the_others(mixed: Batch) -> None:
    """Each municipality has its own folder, named by code and name; nothing else is left."""
    assert mixed.ran.code == 4, mixed.ran.err
    folders = [f"{m}/{f}" for m in ("710-favrskov", "727-odder") for f in FILES]
    assert tree(mixed.folder) == sorted([*folders, "overview.md", "overview.xlsx"])


def test_what_failed_is_told_with_its_reason(mixed: Batch) -> None:
    """On standard error and in the overview, without a traceback."""
    reason = "Filen er ikke en Excel-projektmappe."
    assert f"styring: grenaa.xlsx: {reason}" in mixed.ran.err
    assert "2 af 3" in mixed.ran.err
    assert "Traceback" not in mixed.ran.err
    failed = mixed.text("overview.md").partition("## Kunne ikke gennemgås")[2]
    assert f"**grenaa.xlsx:** {reason}" in failed


def test_standard_output_is_the_list_of_what_was_written(mixed: Batch) -> None:
    """The overview's files; every path printed is there."""
    assert [Path(line).name for line in mixed.ran.lines][-2:] == ["overview.md", "overview.xlsx"]
    assert all((mixed.folder.parent / line).is_file() for line in mixed.ran.lines)


def test_a_review_of_a_batch_is_the_review_it_would_be_alone(mixed: Batch, tmp_path: Path) -> None:
    """The same bytes, whatever else runs beside it."""
    ran = styring_says(
        "review", EXAMPLES / "odder.xlsx", "--peers", PEERS, "--out", ".", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    for file in FILES:
        assert (tmp_path / file).read_bytes() == (mixed.folder / "727-odder" / file).read_bytes()


def test_the_overview_sets_the_good_side_by_side(mixed: Batch) -> None:
    """Both municipalities with the scores and amounts of their reviews, as text and in Excel."""
    text = mixed.text("overview.md")
    book = CalamineWorkbook.from_path(mixed.folder / "overview.xlsx")
    table = book.get_sheet_by_name("Kommunerne").to_python()
    head = next(n for n, row in enumerate(table) if row[0] == "Kommune")
    rows = {row[0]: dict(zip(table[head], row, strict=True)) for row in table[head + 1 :]}
    assert list(rows) == ["Favrskov", "Odder"]
    for folder in ("710-favrskov", "727-odder"):
        review = Review.model_validate_json((mixed.folder / folder / "review.json").read_bytes())
        row = rows[review.municipality.name]
        year = next(y for y in review.economy if y.year == review.year)
        assert row["Regnskab"] == pytest.approx(year.accounts, rel=1e-14)
        scores = {c.id: c.score for c in review.centres}
        assert row["Socialfaglig"] == pytest.approx(scores["socialfaglig"], rel=1e-14)
        assert row["Svagt"] == sum(f.kind == "weakness" for f in review.findings)
        assert f"| {review.municipality.name} | 30.9.2025 |" in text
        assert f"**{review.municipality.name}**, først: {review.actions[0].title.da}" in text


def test_the_overview_holds_every_indicator_of_the_good(mixed: Batch) -> None:
    """One row per municipality and indicator, with the value of the review."""
    book = CalamineWorkbook.from_path(mixed.folder / "overview.xlsx")
    table = book.get_sheet_by_name("Tallene").to_python()
    found = {(row[0], row[1]): row for row in table}
    value = table[next(n for n, row in enumerate(table) if row[0] == "Indikator")].index("Værdi")
    for folder in ("710-favrskov", "727-odder"):
        review = Review.model_validate_json((mixed.folder / folder / "review.json").read_bytes())
        for i in review.indicators:
            if i.group is None:
                cell = found[i.title.da, review.municipality.name][value]
                assert cell == ("" if i.value is None else pytest.approx(i.value, rel=1e-14)), i.id


def test_invented_figures_are_marked_in_the_overview_too(mixed: Batch) -> None:
    """KONSTRUERET EKSEMPEL stands in the text and on each sheet."""
    assert "KONSTRUERET EKSEMPEL" in mixed.text("overview.md")
    book = CalamineWorkbook.from_path(mixed.folder / "overview.xlsx")
    for name in book.sheet_names:
        cells = [c for row in book.get_sheet_by_name(name).to_python() for c in row]
        assert any("KONSTRUERET EKSEMPEL" in str(c) for c in cells), name


def test_a_batch_in_which_all_went_well_ends_with_0(tmp_path: Path) -> None:
    """Small workbooks, one at a time; without a failure the overview has no list of failures."""
    municipality(tmp_path, 706, "Syddjurs")
    municipality(tmp_path, 550, "Tønder")
    ran = styring_says("--quiet", "batch", "*.xlsx", "--out", "ud", "--format", "md", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert {f.partition("/")[0] for f in tree(tmp_path / "ud")} == {
        "706-syddjurs", "550-toender", "overview.md", "overview.xlsx"}  # fmt: skip
    assert "Kunne ikke" not in (tmp_path / "ud" / "overview.md").read_text("utf-8")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A batch in which one workbook ends its process at once, without a word."""
    cwd = tmp_path_factory.mktemp("killed")
    (cwd / "site").mkdir()
    (cwd / "site" / "sitecustomize.py").write_text(KILLS_ITSELF, "utf-8")
    municipality(cwd, 706, "Syddjurs")
    shutil.copy(cwd / "syddjurs.xlsx", cwd / "draeber.xlsx")
    path = os.pathsep.join([str(cwd / "site"), environment()["PYTHONPATH"]])
    ran = styring_says(
        "batch", "draeber.xlsx", "syddjurs.xlsx", "--out", "ud", cwd=cwd, PYTHONPATH=path
    )
    return Batch(cwd / "ud", ran)


def test_a_workbook_that_kills_its_process_does_not_stop_the_others(killed: Batch) -> None:
    """The others are reviewed, and the one that died is listed with some reason."""
    assert killed.ran.code == 4, killed.ran.err
    assert "706-syddjurs/review.md" in tree(killed.folder)
    assert "1 af 2" in killed.ran.err
    line = next(x for x in killed.text("overview.md").splitlines() if "draeber.xlsx" in x)
    assert line.removeprefix("- **draeber.xlsx:**").strip()


def test_two_workbooks_of_one_municipality_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """The second is refused and listed: no review is lost without a word."""
    first = municipality(tmp_path, 706, "Syddjurs")
    book = minimal()
    book["Kommune"] = [[k, date(2025, 8, 31) if k == "opgørelsesdato" else v]
                       for k, v in book["Kommune"]]  # fmt: skip
    xlsx(tmp_path / "syddjurs-august.xlsx", book)
    ran = styring_says("batch", first, "syddjurs-august.xlsx", "--out", "ud", cwd=tmp_path)
    assert ran.code == 4, ran.err
    assert "1 af 2" in ran.err


def test_an_edited_report_of_one_municipality_does_not_stop_the_others(tmp_path: Path) -> None:
    """The edited one is kept and listed as failed; the others are written, and the overview."""
    municipality(tmp_path, 706, "Syddjurs")
    municipality(tmp_path, 727, "Odder")
    command = ("batch", "*.xlsx", "--out", "ud", "--format", "md")
    assert styring_says(*command, cwd=tmp_path).code == 0
    edited = tmp_path / "ud" / "727-odder" / "review.md"
    edited.write_text("vores egne ord", "utf-8")
    later = edited.stat().st_mtime + 60
    os.utime(edited, (later, later))
    (tmp_path / "ud" / "overview.md").unlink()
    shutil.rmtree(tmp_path / "ud" / "706-syddjurs")
    ran = styring_says(*command, cwd=tmp_path)
    assert ran.code == 4, ran.err
    assert edited.read_text("utf-8") == "vores egne ord"
    assert (tmp_path / "ud" / "706-syddjurs" / "review.md").exists()
    overview = (tmp_path / "ud" / "overview.md").read_text("utf-8")
    assert "ændret, siden styring skrev den" in overview


def test_reasons_keep_their_letters_where_the_terminal_has_others(tmp_path: Path) -> None:
    """A Windows terminal is not UTF-8; the overview still says Åbn and vælg."""
    (tmp_path / "brev.xlsx").write_text("hej", "utf-8")
    ran = styring_says("batch", "brev.xlsx", "--out", "ud", cwd=tmp_path, PYTHONIOENCODING="cp1252")
    assert ran.code == 4
    text = (tmp_path / "ud" / "overview.md").read_text("utf-8")
    assert "Åbn den i Excel, og vælg Gem som → Excel-projektmappe" in text


def test_strict_and_the_language_reach_every_workbook(tmp_path: Path) -> None:
    """A workbook with a data warning fails under --strict, in English."""
    book = minimal()
    del book["Befolkning"]
    xlsx(tmp_path / "odder.xlsx", book)
    ran = styring_says(
        "batch", "odder.xlsx", "--out", "ud", "--strict", "--lang", "en", cwd=tmp_path
    )
    assert ran.code == 4
    text = (tmp_path / "ud" / "overview.md").read_text("utf-8")
    assert text.startswith("# The municipalities side by side")
    assert "The sheet Befolkning is missing" in text
