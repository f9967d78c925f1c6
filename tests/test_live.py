"""The report workbook calculates: its formulas give the engine's figures, also where it is changed.

LibreOffice calculates every workbook again; what its cells hold then is compared with what styring
kept in them, and with a review that styring made by the same changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from recalculated import OFFICE, WHY_NOT, Cells, formulas, named, recalculated, values
from running import EXAMPLES, PEERS, SYDDJURS, Reviewed, styring_in_process
from styring.formats import live_formulas as f
from styring.review import Review, ScoringMethod

office = pytest.mark.skipif(OFFICE is None, reason=WHY_NOT)
CLOSE = 1e-9
LIVE = ("Beregning tal", "Beregning kommuner", "Beregning point", "Beregning centre")


def reviewed(cwd: Path, book: Path, *more: object) -> Path:
    """Review a workbook in Excel and JSON, and return the folder."""
    ran = styring_in_process("review", book, "--out", "ud", "--format", "xlsx", *more, cwd=cwd)
    assert ran.code == 0, ran.err
    return cwd / "ud"


def differences(expected: Cells, found: Cells, cells: Sequence[tuple[str, str]]) -> list[str]:
    """Return the cells that do not hold what they should, to nine digits."""
    told = []
    for at in cells:
        a, b = ("" if cell is None else cell for cell in (expected.get(at), found.get(at)))
        same = a == b
        if isinstance(a, int | float) and isinstance(b, int | float):
            same = abs(a - b) <= CLOSE * max(1.0, abs(a))
        if not same:
            told.append(f"{at}: {a!r} expected, {b!r} found")
    return told


@office
@pytest.mark.parametrize(
    ("book", "more", "at_least"),
    [
        ("syddjurs.xlsx", ("--peers", PEERS, "--context", EXAMPLES / "rammevilkaar.csv"), 700),
        ("syddjurs.xlsx", ("--peers", PEERS, "--set", "all", "--lang", "en"), 900),
        ("odder.xlsx", (), 300),
    ],
)
def test_every_formula_gives_what_styring_kept_in_its_cell(
    book: str, more: tuple[object, ...], at_least: int, tmp_path: Path
) -> None:
    """All sheets, to nine digits; with peers and without, the core set and all, both languages."""
    file = reviewed(tmp_path, EXAMPLES / book, *more) / "review.xlsx"
    asked = [*formulas(file)]
    assert len(asked) >= at_least
    assert differences(values(file), recalculated(file, tmp_path), asked) == []


@office
def test_the_calculator_calculates(danish: Reviewed, tmp_path: Path) -> None:
    """A kept result that is wrong is put right: what is compared above was calculated again."""
    file = tmp_path / "forkert.xlsx"
    book = openpyxl.load_workbook(danish.folder / "review.xlsx")
    sheet, cell = named(danish.folder / "review.xlsx")["vaegt_belaegning"]
    book[sheet][cell] = 7
    book.save(file)
    found = recalculated(file, tmp_path)
    row = int(re.sub(r"\D", "", cell))
    counted = found[sheet, f"T{row}"]
    assert counted == 7


CHANGED = """format = 1
[indicator.belaegning]
weight = 3
[indicator.opfoelgning-rettidig]
worst = 30.0
best = 90.0
weight = 0.25
[indicator.budgetafvigelse-oprindelig]
worst = 12.0
best = 1.0
[indicator.sagsbehandlingstid]
best = 40.0
worst = 200.0
"""
EDITS = {
    "vaegt_belaegning": 3, "graense_opfoelgning_rettidig_daarligst": 0.30,
    "graense_opfoelgning_rettidig_bedst": 0.90, "vaegt_opfoelgning_rettidig": 0.25,
    "graense_budgetafvigelse_oprindelig_daarligst": 0.12,
    "graense_budgetafvigelse_oprindelig_bedst": 0.01,
    "graense_sagsbehandlingstid_bedst": 40, "graense_sagsbehandlingstid_daarligst": 200,
}  # fmt: skip
"""The same changes in the workbook's cells."""


@office
@pytest.mark.parametrize("peers", [(), ("--peers", PEERS)])
def test_a_weight_and_a_limit_that_are_moved_give_the_engines_points(
    peers: tuple[object, ...], tmp_path: Path
) -> None:
    """Every indicator's and every centre's points, by the workbook and by styring.toml."""
    file = reviewed(tmp_path, SYDDJURS, *peers) / "review.xlsx"
    book, at = openpyxl.load_workbook(file), named(file)
    for name, value in EDITS.items():
        sheet, cell = at[name]
        book[sheet][cell] = value
    book.save(tmp_path / "rettet.xlsx")
    found = recalculated(tmp_path / "rettet.xlsx", tmp_path)
    (tmp_path / "styring.toml").write_text(CHANGED, "utf-8")
    (tmp_path / "ny").mkdir()
    folder = reviewed(tmp_path / "ny", SYDDJURS, *peers, "--config", tmp_path / "styring.toml")
    expected = Review.model_validate_json((folder / "review.json").read_bytes())
    scores = {f.name("point", s.indicator): expected.indicator(s.indicator) for s in
              expected.scoring}  # fmt: skip
    centres = {f.name("point_center", c.id): c for c in expected.centres}
    moved = 0
    for name, part in {**scores, **centres}.items():
        assert part is not None
        given = found.get(at[name])
        assert (given in (None, "")) == (part.score is None), name
        if part.score is not None:
            assert given == pytest.approx(part.score, abs=CLOSE), name
            before = values(file)[at[name]] if moved < 3 else given
            moved += abs(before - given) > 0.1
    assert moved >= 3


@office
def test_a_missing_figure_takes_its_weight_with_it(danish: Reviewed, tmp_path: Path) -> None:
    """Numerators deleted: no points; the centre's mean is of the others; too few, and it has none.

    The strategic-political centre has two figures of weight 1 and five statements of 0,5: without
    the figures it covers 2,5 of 4,5, more than half.
    """
    source = danish.folder / "review.xlsx"
    book, at = openpyxl.load_workbook(source), named(source)
    review = Review.model_validate_json((danish.folder / "review.json").read_bytes())
    ours = [i for i in review.indicators
            if i.centre == "strategisk-politisk" and i.score is not None]  # fmt: skip
    left = [i for i in ours if i.kind == "practice"]
    for part in ours:
        if part.kind == "figure":
            sheet, cell = at[f.name("vaerdi", part.id)]
            book[sheet][f"D{cell[1:]}"] = None
    book.save(tmp_path / "uden.xlsx")
    found = recalculated(tmp_path / "uden.xlsx", tmp_path)
    mean = sum(i.score * i.weight for i in left if i.score is not None) / sum(
        i.weight for i in left
    )
    total = sum(i.weight for i in ours)
    assert sum(i.weight for i in left) / total >= 0.5
    assert found[at["point_center_strategisk_politisk"]] == pytest.approx(mean, abs=CLOSE)
    sheet, cell = at["mindste_daekning"]
    book[sheet][cell] = 0.99
    book.save(tmp_path / "uden.xlsx")
    found = recalculated(tmp_path / "uden.xlsx", tmp_path)
    assert not found.get(at["point_center_strategisk_politisk"])


@office
def test_points_among_municipalities_follow_the_values_compared_with(
    danish: Reviewed, tmp_path: Path
) -> None:
    """One more is written in an empty cell, and the least number raised.

    3 of 7 are worse: 300 / 7 points. One that is better is added: 3 of 8. With at least 9 asked for
    there are no points among municipalities, and the limits, 0 and 2 %, give them.
    """
    source = danish.folder / "review.xlsx"
    at, book = named(source), openpyxl.load_workbook(source)
    name = "point_investeringer_andel"
    assert values(source)[at[name]] == pytest.approx(300 / 7, abs=CLOSE)
    area = next(book.defined_names["kommuner_investeringer_andel"].destinations)
    cells = book[area[0]][area[1].replace("$", "")][0]
    assert [c.value is None for c in cells] == [False] * 7 + [True] * 3
    cells[7].value = 0.5
    book.save(tmp_path / "bedre.xlsx")
    found = recalculated(tmp_path / "bedre.xlsx", tmp_path)
    assert found[at[name]] == pytest.approx(300 / 8, abs=CLOSE)
    sheet, cell = at["mindste_kommuner"]
    book[sheet][cell] = 9
    book.save(tmp_path / "bedre.xlsx")
    found = recalculated(tmp_path / "bedre.xlsx", tmp_path)
    review = Review.model_validate_json((danish.folder / "review.json").read_bytes())
    part = review.indicator("investeringer-andel")
    assert part is not None
    assert part.value is not None
    assert found[at[name]] == pytest.approx(part.value / 0.02 * 100, abs=CLOSE)


# --- what is written -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "formula"),
    [
        ("amount", '=IF(ISNUMBER(D5),D5*G5,"")'),
        ("ratio", '=IF(AND(ISNUMBER(D5),ISNUMBER(E5)),IF(E5=0,"",IF(TRUE,D5/E5*G5,"")),"")'),
    ],
)
def test_the_formula_of_a_value(form: str, formula: str) -> None:
    """By the cells of its row."""
    assert f.value(form, "D5", "E5", "G5", "H5") == formula


def test_the_first_usable_method_counts() -> None:
    """In the order of the definition, a second of one kind never."""
    assert f.first(["L5", "O5"]) == '=IF(ISNUMBER(L5),L5,IF(ISNUMBER(O5),O5,""))'
    assert f.first([]) == '=""'
    posts = ScoringMethod(method="goalposts", worst=0, best=1)
    other = ScoringMethod(method="goalposts", worst=0, best=2)
    peers = ScoringMethod(method="peers")
    assert f.usable([posts, peers, other]) == [posts, peers]


def test_names_are_as_excel_takes_them(danish: Reviewed) -> None:
    """Letters, digits, points and underscores; each once; each points at a cell that is there."""
    book = openpyxl.load_workbook(danish.folder / "review.xlsx")
    names = [n for n in book.defined_names if not n.startswith("_xlnm")]
    assert "vaegt_opfoelgning_rettidig" in names
    assert len({n.casefold() for n in names}) == len(names)
    assert [n for n in names if not re.fullmatch(r"[a-z][a-z0-9_.]*", n)] == []
    for name in names:
        ((sheet, _),) = book.defined_names[name].destinations
        assert sheet in LIVE


def test_what_can_be_changed_is_marked_and_the_rest_is_locked(danish: Reviewed) -> None:
    """A cell is yellow where it is unlocked, and no formula is."""
    book = openpyxl.load_workbook(danish.folder / "review.xlsx")
    unlocked = 0
    for name in LIVE:
        page = book[name]
        assert page.protection.sheet
        for row in page.iter_rows(min_row=5):
            for cell in row:
                yellow = cell.fill.fgColor.rgb == "FFFFF4C7"
                assert yellow == (not cell.protection.locked), f"{name}!{cell.coordinate}"
                unlocked += yellow
                if yellow:
                    assert not str(cell.value or "").startswith("=")
    assert unlocked > 300


def test_a_withheld_figure_has_neither_sums_nor_value(danish: Reviewed) -> None:
    """Nor a formula's result; the note says why."""
    review = Review.model_validate_json((danish.folder / "review.json").read_bytes())
    found = values(danish.folder / "review.xlsx")
    hidden = [(n, i) for n, i in enumerate(review.indicators) if i.absence == "suppressed"]
    assert hidden
    for n, part in hidden:
        row = n + 8
        assert found["Beregning tal", f"A{row}"] == part.title.da
        assert [found.get(("Beregning tal", f"{c}{row}")) or None for c in "DEIJ"] == [None] * 4
        assert part.absence_text is not None
        assert found["Beregning tal", f"L{row}"] == part.absence_text.da


def test_no_municipality_is_named_by_its_values(danish: Reviewed) -> None:
    """The values compared with stand in ascending order, and no name stands by them."""
    review = Review.model_validate_json((danish.folder / "review.json").read_bytes())
    found = values(danish.folder / "review.xlsx")
    words = {str(v) for (sheet, _), v in found.items() if sheet == "Beregning kommuner"}
    assert review.peer_names
    assert not [n for n in review.peer_names if any(n in w for w in words)]
    assert all(list(s.peers) == sorted(s.peers) for s in review.scoring)


def test_an_older_review_has_no_sheets_that_calculate(danish: Reviewed, tmp_path: Path) -> None:
    """A review.json without what they need is still rendered, and nothing leads to them."""
    review = Review.model_validate_json((danish.folder / "review.json").read_bytes())
    older = review.model_copy(update={"scoring": (), "scoring_limits": None})
    (tmp_path / "review.json").write_text(older.model_dump_json(by_alias=True), "utf-8")
    ran = styring_in_process("render", "review.json", "--format", "xlsx", cwd=tmp_path)
    assert ran.code == 0, ran.err
    book = openpyxl.load_workbook(tmp_path / "review.xlsx")
    assert not set(book.sheetnames) & set(LIVE)
    told = [c.value for c in book["Indhold"]["A"] if c.value]
    assert not set(told) & set(LIVE)


# --- the other sheets ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_contents_lead_to_every_other_sheet(lang: str, request: pytest.FixtureRequest) -> None:
    """In their order, each with a link that leads there and a line on what it is."""
    reviewed_: Reviewed = request.getfixturevalue({"da": "danish", "en": "english"}[lang])
    book = openpyxl.load_workbook(reviewed_.folder / "review.xlsx")
    page = book[book.sheetnames[1]]
    rows = [row for row in page.iter_rows(min_row=5) if row[0].value]
    assert [r[0].value for r in rows] == [n for n in book.sheetnames if n != page.title]
    for row in rows:
        assert row[0].hyperlink
        assert row[0].hyperlink.location == f"'{row[0].value}'!A1"
        assert row[1].value, row[0].value


def test_tables_charts_and_print_areas(danish: Reviewed) -> None:
    """Real tables with the headers of their cells, native charts, and every sheet's print area."""
    book = openpyxl.load_workbook(danish.folder / "review.xlsx")
    names: list[str] = []
    for page in book.worksheets:
        assert page.print_area, page.title
        setup = page.sheet_properties.pageSetUpPr
        assert setup
        assert setup.fitToPage
        for table in page.tables.values():
            names.append(table.name)
            head = page[table.ref][0]
            assert [c.value for c in head] == table.column_names
    assert len(names) == len(set(names)) >= 25
    drawn = {page.title for page in book.worksheets if getattr(page, "_charts", ())}
    assert {"Styringscentre", "Økonomi", "Forklaring", "Beregning centre"} <= drawn


def test_deviations_are_formulas_of_the_row(danish: Reviewed) -> None:
    """162.638.216,32 − 151.432.000 = 11.206.216,32 in the latest finished year."""
    file = danish.folder / "review.xlsx"
    texts, kept = formulas(file), values(file)
    row = next(c[1:] for (s, c), v in kept.items() if s == "Økonomi" and c[0] == "A" and v == 2024)
    cell = next(c for (s, c), t in texts.items() if s == "Økonomi" and t == f"=H{row}-C{row}")
    assert kept["Økonomi", cell] == pytest.approx(162638216.32 - 151432000, abs=1e-6)


def test_a_layout_that_names_no_column_for_its_formula_is_told(tmp_path: Path) -> None:
    """With the file; exit 3, no traceback."""
    folder = tmp_path / "mine"
    folder.mkdir()
    text = Path(EXAMPLES.parent / "templates" / "review" / "review.xlsx.toml").read_text("utf-8")
    broken = text.replace('formula = "{accounts}-{original}"', 'formula = "{regnskab}-1"')
    (folder / "review.xlsx.toml").write_text(broken, "utf-8")
    ran: Any = styring_in_process("review", SYDDJURS, "--templates", folder, "--format", "xlsx",
                                  "--out", "ud", cwd=tmp_path)  # fmt: skip
    assert ran.code == 3
    assert "review.xlsx.toml" in ran.err
