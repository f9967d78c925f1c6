"""The report in every format: the same bytes each time, the same figures everywhere, safe texts."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from importlib import resources
from itertools import cycle
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from build import Book, minimal, read_file, xlsx
from running import PEERS, SYDDJURS, Reviewed, styring_in_process, styring_says
from styring.definitions import desk, load_spec
from styring.errors import Texts
from styring.formats import FORMATS
from styring.review import EarlierAction, Review
from styring.text import period

FILES = ("review.json", "review.md", "review.xlsx")
TEMPLATES = desk("templates") / "review"
MARK = "KONSTRUERET EKSEMPEL"
Cells = list[list[Any]]


# --- The same bytes -----------------------------------------------------------------------------


def test_the_same_review_gives_the_same_bytes_whatever_the_threads(
    danish: Reviewed, tmp_path: Path
) -> None:
    """Again, with one thread and with eight: every file is the same, to the last digit."""
    for folder, threads in (("igen", {}), ("en", {"POLARS_MAX_THREADS": "1"}),
                            ("otte", {"POLARS_MAX_THREADS": "8"})):  # fmt: skip
        ran = styring_says(
            "review", SYDDJURS, "--peers", PEERS, "--out", folder, cwd=tmp_path, **threads
        )
        assert ran.code == 0, ran.err
        for file in FILES:
            same = (tmp_path / folder / file).read_bytes() == (danish.folder / file).read_bytes()
            assert same, f"{file} of the run «{folder}» differs"


def shuffled(source: Path, target: Path, sheets: Sequence[str]) -> Path:
    """Return a copy of a workbook in which the rows of some sheets stand in another order."""
    draw = random.Random(7)  # noqa: S311 - an order of rows, no secret
    book = CalamineWorkbook.from_path(source)
    copy = Workbook()
    copy.remove(copy.worksheets[0])
    for name in book.sheet_names:
        rows = [list(row) for row in book.get_sheet_by_name(name).iter_rows()]
        if name in sheets:
            head, body = rows[:3], rows[3:]
            draw.shuffle(body)
            rows = head + body
        page = copy.create_sheet(name)
        for row in rows:
            page.append([None if c == "" else c for c in row])
    copy.save(target)
    return target


def test_the_order_of_rows_changes_no_figure(syddjurs: Review, tmp_path: Path) -> None:
    """Ledger, cases, answers and inhabitants shuffled: the review is the same but for checksums."""
    sheets = ("Økonomi", "Sager", "Praksis", "Befolkning")
    book = shuffled(SYDDJURS, tmp_path / "syddjurs.xlsx", sheets)
    ran = styring_in_process("review", book, "--peers", PEERS, "--format", "json", "--out", "ud",
                             cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "ud" / "review.json").read_text("utf-8"))
    kept = json.loads(syddjurs.model_dump_json(by_alias=True))
    for review in (found, kept):
        del review["provenance"]
        for note in review["data_notes"]:
            del note["cell"], note["message"]
    assert [k for k in kept if found[k] != kept[k]] == []


def test_a_figure_tells_at_its_cell_where_it_comes_from(danish: Reviewed) -> None:
    """48.8 per cent, as a note in Excel: what it measures, sheet, column and condition."""
    page = openpyxl.load_workbook(danish.folder / "review.xlsx")["Indikatorer"]
    (header,) = [r for r in page.iter_rows() if any(c.value == "Værdi" for c in r)]
    at = {str(c.value): int(c.column or 0) for c in header}
    told = {}
    for row in page.iter_rows(min_row=int(header[0].row or 0) + 1):
        found = row[at["Værdi"] - 1].comment
        if row[0].value:
            assert found is not None, row[0].value
            told[str(row[at["Id"] - 1].value)] = found.text
    assert "Sager, antal rækker" in told["opfoelgning-rettidig"]
    assert "\nnævner: Økonomi, beløb (version = regnskab)" in told["investeringer-andel"]


def test_no_path_of_the_machine_stands_in_a_report(danish: Reviewed) -> None:
    """Only the names of the files that went in."""
    for file in ("review.json", "review.md"):
        assert str(SYDDJURS.parent) not in danish.read(file)
        assert str(danish.folder.parent) not in danish.read(file)
    assert str(SYDDJURS.parent) not in " ".join(texts(sheets_of(danish.folder / "review.xlsx")))


# --- review.json --------------------------------------------------------------------------------

KEYS: dict[str, set[str]] = {
    "": {"schema", "municipality", "as_of", "year", "indicators", "centres", "interplay",
         "findings", "actions", "data_notes", "provenance"},
    "municipality": {"code", "name"},
    "indicators[]": {
        "id", "centre", "dimension", "period", "partial", "group", "value", "numerator",
        "denominator", "unit", "ci_low", "ci_high", "comparison", "peers", "gap", "gap_kr", "score",
        "score_low", "score_high", "series", "price_level", "refund", "definition_version",
        "absence", "note"},
    "indicators[].peers": {"n", "median", "q1", "q3", "rank", "percentile"},
    "indicators[].series[]": {"period", "value", "partial"},
    "centres[]": {"id", "score", "low", "high", "coverage", "strengths", "weaknesses"},
    "interplay": {"alpha", "statement_gaps", "blind_spots", "reconciliation"},
    "actions[]": {"rank", "title", "dimension", "lead", "effect_kr", "effort", "deadline_days",
                  "indicator", "target"},
    "data_notes[]": {"severity", "sheet", "cell", "column", "message"},
    "provenance": {"version", "inputs", "options", "seed"},
    "provenance.inputs[]": {"role", "name", "sha256"},
}  # fmt: skip
"""What other programs rely on."""


def at(data: Any, path: str) -> Iterator[dict[str, Any]]:
    """Yield what stands at a path of the review; `[]` is every item of a list."""
    found = [data]
    for step in path.split(".") if path else ():
        found = [d[step.removesuffix("[]")] for d in found if d is not None]
        if step.endswith("[]"):
            found = [item for items in found for item in items]
    yield from (d for d in found if d is not None)


@pytest.mark.parametrize("path", KEYS)
def test_review_json_has_the_keys_that_others_rely_on(path: str, danish: Reviewed) -> None:
    """At every place, in every item."""
    found = list(at(json.loads(danish.read("review.json")), path))
    assert found
    for item in found:
        assert KEYS[path] <= set(item)


def test_review_json_is_valid_by_the_schema_that_comes_with_it(danish: Reviewed) -> None:
    """The schema is sound, and finds nothing wrong with a review."""
    schema = json.loads(
        resources.files("styring.data").joinpath("review.schema.json").read_text("utf-8")
    )
    Draft202012Validator.check_schema(schema)
    data = json.loads(danish.read("review.json"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(data)] == []
    assert list(Draft202012Validator(schema).iter_errors(data | {"year": "2024"}))


def test_a_review_read_back_is_the_same_review(danish: Reviewed, syddjurs: Review) -> None:
    """From json to model to json nothing is lost, not a digit."""
    again = FORMATS["json"](syddjurs, TEMPLATES, "da").decode("utf-8")
    assert again == danish.read("review.json")
    assert Review.model_validate_json(again) == syddjurs


def test_every_text_of_review_json_is_in_both_languages(danish: Reviewed) -> None:
    """No text is there in one language only, and no placeholder is left."""

    def pairs(data: Any) -> Iterator[tuple[str, str]]:
        if isinstance(data, dict):
            if set(data) == {"da", "en"}:
                yield data["da"], data["en"]
            for value in data.values():
                yield from pairs(value)
        elif isinstance(data, list):
            for value in data:
                yield from pairs(value)

    found = list(pairs(json.loads(danish.read("review.json"))))
    assert len(found) > 500
    for da, en in found:
        assert bool(da) == bool(en), (da, en)
        assert not re.search(r"[{}]", da + en), (da, en)


# --- review.xlsx --------------------------------------------------------------------------------


def sheets_of(path: Path) -> dict[str, Cells]:
    """Return every sheet's cells as a reader of values sees them."""
    book = CalamineWorkbook.from_path(path)
    return {n: [list(r) for r in book.get_sheet_by_name(n).iter_rows()] for n in book.sheet_names}


def texts(sheets: dict[str, Cells]) -> list[str]:
    """Return every text of a workbook."""
    return [c for rows in sheets.values() for row in rows for c in row if isinstance(c, str) and c]


@dataclass(frozen=True)
class Table:
    """A table of a sheet: its header and its rows by header."""

    header: int
    rows: list[dict[str, Any]]


def table(rows: Cells, first: str) -> Table:
    """Return the table whose header begins with a word, to the first row that is blank."""
    header = next(n for n, row in enumerate(rows) if row[0] == first and row[1] != "")
    names = [str(c) for c in rows[header]]
    found = []
    for row in rows[header + 1 :]:
        if all(c == "" for c in row):
            break
        found.append(dict(zip(names, row, strict=True)))
    return Table(header + 1, found)


TABLES = {
    "Styringscentre": "Styringscenter", "Afstemning": "År", "Økonomi": "År",
    "Årets forventning": "År", "Funktioner": "Funktion", "Aktivitet": "År",
    "Andre kommuner": "Indikator", "Observationer": "Slags", "Anbefalinger": "Dimension",
    "Handleplan": "Nr.", "Besluttet tidligere": "Nr.", "Datakvalitet": "Alvor", "Arkene": "Ark",
    "Indikatorer": "Indikator", "Definitioner": "Indikator",
}  # fmt: skip
"""The sheets of one table, and the first word of its header."""


@pytest.fixture(scope="module")
def sheets(danish: Reviewed) -> dict[str, Cells]:
    """The cells of the Danish report."""
    return sheets_of(danish.folder / "review.xlsx")


@pytest.fixture(scope="module")
def book(danish: Reviewed) -> Workbook:
    """The Danish report as openpyxl sees it."""
    return openpyxl.load_workbook(danish.folder / "review.xlsx")


def same(cell: Any, value: float | None) -> bool:
    """Return whether a cell holds a figure to the fifteen digits that Excel keeps."""
    return bool(cell == ("" if value is None else pytest.approx(value, rel=1e-14, abs=1e-12)))


def test_excel_holds_every_indicator_figure_of_review_json(
    sheets: dict[str, Cells], syddjurs: Review
) -> None:
    """Value, numerator, denominator, points, interval, goal and how the value is shown."""
    found = {(r["Id"], r["Gruppe"]): r for r in table(sheets["Indikatorer"], "Indikator").rows}
    assert len(found) == len(syddjurs.indicators)
    for i in syddjurs.indicators:
        row = found[i.id, i.group_text.da if i.group_text else ""]
        scale = 1 if i.unit_kind == "share" else i.scale
        figures = {
            "Værdi": None if i.value is None else i.value * scale,
            "Eget mål": None if i.goal is None else i.goal * scale,
            "Tæller": i.numerator, "Nævner": i.denominator, "Point": i.score,
            "5 pct.": i.score_low, "95 pct.": i.score_high, "Vægt": i.weight,
        }  # fmt: skip
        assert [k for k, v in figures.items() if not same(row[k], v)] == [], i.id
        assert (row["Vist som"], row["Periode"]) == (i.shown.da, period(i.period))


ECONOMY = {
    "Oprindeligt budget": "original", "Tillægsbevilling": "supplementary",
    "Andre ændringer": "other_changes", "Korrigeret budget": "corrected",
    "Seneste prognose": "forecast", "Regnskab": "accounts", "Heraf refusion": "refund",
    "Afvigelse, oprindeligt": "deviation_original", "Afvigelse, korrigeret": "deviation_corrected",
    "Afvigelse i pct., oprindeligt": "deviation_original_share",
    "Afvigelse i pct., korrigeret": "deviation_corrected_share", "Regnskab året før": "previous",
}  # fmt: skip
OUTLOOK = {
    "Oprindeligt budget": "original", "Korrigeret budget": "corrected",
    "Bogført til dato": "booked",
    "Sagernes udgift til dato (før refusion)": "case_cost_to_date",
    "Disponeret (bevilgede sager i hele året, før refusion)": "committed",
    "Forventet ud fra sager (før ny tilgang)": "expected",
    "Forventet mod korrigeret": "expected_gap",
    "Kommunens egen prognose": "forecast", "Prognose mod korrigeret": "forecast_gap",
}  # fmt: skip
ACTIVITY = {
    "Borgere": "citizens", "Helårspersoner": "person_years",
    "Gennemsnitligt antal": "average_persons",
    "Udgift, kr.": "cost", "Pris, kr.": "price", "Nye sager": "inflow", "Afsluttede": "outflow",
}  # fmt: skip
RECONCILED = {"Regnskab": "ledger", "Sager": "cases", "Forskel": "difference",
              "Sager i pct. af regnskab": "share"}  # fmt: skip


def test_excel_holds_every_amount_of_review_json(
    sheets: dict[str, Cells], syddjurs: Review
) -> None:
    """Budget and accounts, functions, the outlook, activity, and cases against accounts."""
    assert syddjurs.outlook is not None
    parts: list[tuple[str, dict[str, str], Sequence[object]]] = [
        ("Økonomi", ECONOMY, syddjurs.economy),
        ("Funktioner", ECONOMY, syddjurs.functions),
        ("Årets forventning", OUTLOOK, [syddjurs.outlook]),
        ("Aktivitet", ACTIVITY, syddjurs.activity),
        ("Afstemning", RECONCILED, syddjurs.interplay.reconciliation),
    ]
    checked = 0
    for sheet, names, items in parts:
        rows = table(sheets[sheet], TABLES[sheet]).rows
        assert len(rows) == len(items), sheet
        for row, item in zip(rows, items, strict=True):
            for name, attribute in names.items():
                if name in row:
                    assert same(row[name], getattr(item, attribute)), (sheet, name)
                    checked += 1
    assert checked > 500


def test_excel_holds_the_comparison_and_the_plan(
    sheets: dict[str, Cells], syddjurs: Review
) -> None:
    """Peers' median and the gap in kroner; the actions in their order with their effect."""
    compared = [i for i in syddjurs.indicators if i.peers]
    rows = table(sheets["Andre kommuner"], "Indikator").rows
    for row, i in zip(rows, compared, strict=True):
        assert i.peers is not None
        scale = 1 if i.unit_kind == "share" else i.scale
        assert row["Indikator"] == i.title.da
        assert same(row["Midten"], i.peers.median * scale), i.id
        assert same(row["Kommuner"], i.peers.n)
        assert same(next(v for k, v in row.items() if "om året" in k), i.gap_kr), i.id
    plan = [row for row in table(sheets["Handleplan"], "Nr.").rows if row["Nr."] != ""]
    for row, action in zip(plan, syddjurs.actions, strict=True):
        assert (row["Nr."], row["Hvad"]) == (action.rank, action.title.da)
        assert same(row["Kroner"], action.effect_kr)
        assert row["Frist"] == action.deadline
        assert same(row["Point"], action.points)


def test_no_amount_in_kroner_stands_under_a_heading_in_millions(
    sheets: dict[str, Cells], syddjurs: Review
) -> None:
    """The unit of a heading is the unit of its column."""
    most = max(abs(i.gap_kr) for i in syddjurs.indicators if i.gap_kr is not None)
    assert most > 1e6
    for name, first in TABLES.items():
        for row in table(sheets[name], first).rows:
            for heading, cell in row.items():
                if "mio." in heading and isinstance(cell, float):
                    assert abs(cell) < 1e5, f"{name}: {heading}: {cell}"


def test_excel_shows_each_figure_as_the_text_report_does(
    sheets: dict[str, Cells], danish: Reviewed
) -> None:
    """What one calls 48,8 pct. the other does too."""
    report = danish.read("review.md")
    for row in table(sheets["Indikatorer"], "Indikator").rows:
        if row["Gruppe"] == "":
            title, shown = (re.escape(escaped(row[k])) for k in ("Indikator", "Vist som"))
            assert re.search(rf"^### {title}\n\n\*\*{shown}\*\* \(", report, re.MULTILINE), row[
                "Id"
            ]


def escaped(text: str) -> str:
    """Return a text as Markdown has it."""
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


CALCULATED = {
    "Afstemning", "Afstemning pr. måned", "Økonomi", "Årets forventning", "Funktioner",
    "Sager pr. måned", "Beregning tal", "Beregning kommuner", "Beregning point", "Beregning centre",
}  # fmt: skip
"""The sheets with formulas; what they come to is tried in `test_live`."""


def test_excel_has_no_error_and_no_text_that_is_cut_by_excel(book: Workbook) -> None:
    """Excel cuts texts of 32,767 characters. Formulas stand on the sheets that calculate."""
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "e", f"{page.title}!{cell.coordinate}"
                assert cell.data_type != "f" or page.title in CALCULATED, cell.coordinate
                assert len(str(cell.value or "")) <= 32_000, f"{page.title}!{cell.coordinate}"


@pytest.mark.parametrize("name", TABLES)
def test_the_header_of_a_table_stays_and_its_rows_can_be_filtered(
    name: str, book: Workbook, sheets: dict[str, Cells]
) -> None:
    """Frozen below the header and beside the first column; the filter covers the whole table.

    The plan has none: rows that are sorted alone would part from their hidden ids.
    """
    page, found = book[name], table(sheets[name], TABLES[name])
    assert page.freeze_panes == f"B{found.header + 1}"
    assert page.print_title_rows == f"${found.header}:${found.header}"
    if len(found.rows) > 1:
        last = page.cell(found.header + len(found.rows), len(found.rows[0])).coordinate
        kept = {"Handleplan": []}.get(name, [f"A{found.header}:{last}"])
        assert [t.autoFilter.ref for t in page.tables.values() if t.autoFilter] == kept


def test_links_lead_to_the_row_of_what_they_name(book: Workbook) -> None:
    """A click on an indicator leads to its row among the indicators, inside the workbook."""
    followed = 0
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                if cell.hyperlink is None:
                    continue
                assert cell.hyperlink.target is None, cell.coordinate
                match = re.fullmatch(r"'(.+)'!A(\d+)", str(cell.hyperlink.location))
                assert match, cell.hyperlink.location
                led = book[match[1]][int(match[2])]
                assert led[0].value, cell.hyperlink.location
                if page.title == "Andre kommuner":
                    assert led[0].value == cell.value
                followed += 1
    assert followed > 50


def test_the_file_says_when_the_figures_are_of_and_not_when_it_was_written(book: Workbook) -> None:
    """The created date is the as-of date, so the bytes do not change from day to day."""
    assert book.properties.created == datetime(2025, 9, 30)
    assert "Syddjurs" in str(book.properties.title)


def printed_above(page: Any) -> str:
    """Return what stands above each page that a sheet prints."""
    return str(page.oddHeader.center.text)


# --- Invented figures say so --------------------------------------------------------------------


def test_invented_figures_are_marked_on_every_page_and_sheet(
    danish: Reviewed, english: Reviewed, book: Workbook
) -> None:
    """First and last in the text, on each sheet of the workbook and on each page it prints."""
    for reviewed in (danish, english):
        lines = [line for line in reviewed.read("review.md").splitlines() if line]
        assert MARK in lines[1]
        assert MARK in lines[-1]
    for page in book:
        assert MARK in str(page["A2"].value), page.title
        assert MARK in printed_above(page), page.title


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """The review of a small workbook that does not say its figures are invented."""
    cwd = tmp_path_factory.mktemp("plain")
    ran = styring_in_process("review", xlsx(cwd / "odder.xlsx", minimal()), "--out", "ud", cwd=cwd)
    assert ran.code == 0, ran.err
    return Reviewed(cwd / "ud", ran)


def test_real_figures_are_not_marked_as_invented(plain: Reviewed) -> None:
    """The words stand nowhere in any format."""
    review = Review.model_validate_json(plain.read("review.json"))
    assert (review.mark, review.municipality.constructed) == (None, False)
    assert MARK not in plain.read("review.md")
    assert not any(MARK in t for t in texts(sheets_of(plain.folder / "review.xlsx")))
    pages = openpyxl.load_workbook(plain.folder / "review.xlsx")
    assert not any(MARK in printed_above(page) for page in pages)


# --- Texts that mean something to Excel or to Markdown ------------------------------------------

FOR_EXCEL = (
    "=1+1", '=HYPERLINK("http://x")', "+A1", "-2+3", "@SUM(A1)", "http://x.dk", "mailto:a@b.dk",
    "internal:'Ark'!A1", "external:c:\\x.xlsx", "#N/A", "TRUE", "1,5", "12-2025", "{=1}", "'x",
    "_x0041_",
)  # fmt: skip
FOR_MARKDOWN = (
    "A | B", "<b>fed</b>", "<script>alert(1)</script>", "[her](http://x.dk)", "![x](y.png)",
    "*stjerne*",
    "**to**", "_streg_", "__to__", "`kode`", "``kode``", "\\", "\\|", "a\\*b", "&lt;b&gt;", "&amp;",
    "&copy;", "<http://x.dk>", "]", "[x]: http://x.dk", "~~~", "linje\nskift", "to\r\n\r\nafsnit",
)  # fmt: skip


def with_titles(review: Review, titles: Sequence[str]) -> Review:
    """Return the review with an earlier action, a note and a statement per text."""
    earlier = tuple(
        EarlierAction(number=str(n), title=t, indicator=None, lead=t, deadline=None, status=t,
                      overdue=False, expected_kr=None, realised_kr=None)
        for n, t in enumerate(titles)
    )  # fmt: skip
    note = review.data_notes[0]
    notes = tuple(note.model_copy(update={"message": Texts(t, t), "sheet": t}) for t in titles)
    found = [f for f in review.findings if f.indicator]
    findings = tuple(
        f.model_copy(update={"title": Texts(t, t), "observation": Texts(t, t), "question": None})
        for f, t in zip(cycle(found), titles, strict=False)
    )
    return review.model_copy(
        update={"earlier_actions": earlier, "data_notes": notes, "findings": findings}
    )


def test_excel_shows_texts_as_they_stand(syddjurs: Review, tmp_path: Path) -> None:
    """Nothing from the data becomes a formula, a link, a number or an error cell."""
    path = tmp_path / "review.xlsx"
    path.write_bytes(FORMATS["xlsx"](with_titles(syddjurs, FOR_EXCEL), TEMPLATES, "da"))
    pages = openpyxl.load_workbook(path)
    for name, first, column in (
        ("Besluttet tidligere", "Nr.", "Indsats"),
        ("Datakvalitet", "Alvor", "Ark"),
        ("Observationer", "Slags", "Emne"),
    ):
        cells = sheets_of(path)[name]
        found = table(cells, first)
        assert [row[column] for row in found.rows] == [*FOR_EXCEL]
        place = [*found.rows[0]].index(column) + 1
        for n in range(len(FOR_EXCEL)):
            cell = pages[name].cell(found.header + 1 + n, place)
            assert cell.data_type == "s", cell.value
            assert cell.hyperlink is None or cell.hyperlink.target is None


def test_excel_leaves_out_what_it_cannot_hold(syddjurs: Review, tmp_path: Path) -> None:
    """Control characters are taken out, and a text longer than a cell is cut."""
    given = ("\tfane", "lyd\x07", "nul\x00l", "slut\ufffe", "å" * 40_000)
    path = tmp_path / "review.xlsx"
    path.write_bytes(FORMATS["xlsx"](with_titles(syddjurs, given), TEMPLATES, "da"))
    rows = table(sheets_of(path)["Besluttet tidligere"], "Nr.").rows
    shown = [row["Indsats"] for row in rows]
    assert shown == ["\tfane", "lyd", "null", "slut", "å" * 32_000]


def words_of(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the text of each paragraph, heading and cell as a reader sees it."""
    for token in tokens:
        if token.type == "inline":
            parts = (t.content if t.type in ("text", "code_inline") else " "
                     for t in token.children or () if t.type not in MARKUP)  # fmt: skip
            yield "".join(parts)


MARKUP = {"strong_open", "strong_close", "em_open", "em_close"}
PARSER = MarkdownIt("commonmark").enable("table")


def kinds(text: str) -> set[str]:
    """Return every kind of thing that a Markdown text holds."""
    tokens = PARSER.parse(text)
    return {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}


def test_markdown_shows_texts_as_they_stand(syddjurs: Review) -> None:
    """In a table, as the title of a finding and in its sentences, and as nothing but text."""
    given = [f"før {text} efter" for text in FOR_MARKDOWN]
    report = FORMATS["md"](with_titles(syddjurs, given), TEMPLATES, "da").decode("utf-8")
    seen = [" ".join(w.split()) for w in words_of(PARSER.parse(report))]
    wrong = []
    for text in given:
        flat = " ".join(text.split())
        # two tables show it three and two times, the findings as title and observation, the
        # objections as the finding's name
        places = seen.count(flat), seen.count(f"{flat}. {flat}")
        if places != (5, 1):
            wrong.append(f"{text!r}: {places}")
    assert not wrong, told(wrong)
    assert_tables_well_formed(report)
    assert (
        kinds(report) & {"html_inline", "html_block", "link_open", "image", "code_inline"} == set()
    )


AT_A_LINE_START = ("# Autisme", "- Misbrug", "+ Andet", "> 65 år", "1. Sindslidelse", "---", "= 2")


def test_a_group_of_the_municipality_is_text_at_the_start_of_a_line_too(syddjurs: Review) -> None:
    """A target group is named inside its line, and makes no heading, list or quotation of it."""
    left = list(AT_A_LINE_START)
    data = json.loads(syddjurs.model_dump_json(by_alias=True))
    for indicator in data["indicators"]:
        if left and indicator["group"] is not None:
            indicator["group_text"] = dict.fromkeys(("da", "en"), left.pop(0))
    assert not left
    review = Review.model_validate_json(json.dumps(data))
    report = FORMATS["md"](review, TEMPLATES, "da").decode("utf-8")
    seen = list(words_of(PARSER.parse(report)))
    wrong = [g for g in AT_A_LINE_START if not any(f" {g}: " in w for w in seen)]
    assert wrong == []


def test_a_text_of_a_peers_file_cannot_write_into_the_report(tmp_path: Path) -> None:
    """The name and contact of another municipality come from a file that others made."""
    name, contact = "Odder | **x** <b>", "ring [her](http://x.dk) =1+1"
    lines = PEERS.read_text("utf-8").splitlines()
    changed = [
        line.replace(",Odder,", f",{name},").replace("styring@odder.example", contact)
        for line in lines
    ]
    (tmp_path / "andre.csv").write_text("\n".join(changed), "utf-8")
    ran = styring_in_process(
        "review", SYDDJURS, "--peers", "andre.csv", "--set", "all", "--out", "ud", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    report = (tmp_path / "ud" / "review.md").read_text("utf-8")
    seen = " ".join(words_of(PARSER.parse(report)))
    assert name in seen
    assert contact in seen
    assert kinds(report) & {"html_inline", "html_block", "link_open"} == set()
    assert_tables_well_formed(report)


# --- review.md ----------------------------------------------------------------------------------


def tables_in(text: str) -> list[list[str]]:
    """Return the lines of each table of a Markdown text."""
    found: list[list[str]] = []
    before = ""
    for line in text.splitlines():
        if line.startswith("|"):
            if not before.startswith("|"):
                assert before == "", f"no blank line before {line[:60]}"
                found.append([])
            found[-1].append(line)
        else:
            assert not (before.startswith("|") and line), f"no blank line after {before[:60]}"
        before = line
    return found


def assert_tables_well_formed(text: str) -> None:
    """Every row of a table has as many cells as its header, and is read as part of it."""
    found = tables_in(text)
    for rows in found:
        widths = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows}
        assert len(widths) == 1, rows[0]
        assert re.fullmatch(r"\|(?: -{3}:? \|)+", rows[1]), rows[1]
    parsed = [t.map for t in PARSER.parse(text) if t.type == "table_open"]
    assert [b - a for a, b in filter(None, parsed)] == [len(rows) for rows in found]


def test_every_table_is_well_formed(danish: Reviewed, english: Reviewed, plain: Reviewed) -> None:
    """In both languages, and where most figures are missing."""
    for reviewed in (danish, english, plain):
        assert_tables_well_formed(reviewed.read("review.md"))


ODD = re.compile(
    r"\bNone\b(?!\.$)|\bnan\b|\binf\b|Undefined|[{}]|Texts\(|</?\w+>|(?<!\.)\.\.(?!\.)|  +\S"
)
"""«None.» on a line of its own is the English for «Ingen.», where there is nothing to tell."""


def test_nothing_of_the_machinery_shows(
    danish: Reviewed, english: Reviewed, plain: Reviewed
) -> None:
    """No None, no nan, no placeholder, no tag, no doubled full stop, no lines run together."""
    for reviewed in (danish, english, plain):
        report = reviewed.read("review.md")
        shown = [line for line in report.splitlines() if ODD.search(line)]
        assert not shown, told(shown)
        assert (
            kinds(report) & {"html_inline", "html_block", "code_block", "fence", "link_open"}
            == set()
        )


def test_dates_are_written_as_readers_write_them(danish: Reviewed, english: Reviewed) -> None:
    """30.9.2025 and 30 September 2025, never 2025-09-30."""
    for reviewed in (danish, english):
        found = re.findall(r".{0,40}\d{4}-\d\d-\d\d.{0,20}", reviewed.read("review.md"))
        assert not found, told(found)


OWN_WORDS = (
    ("handleplan", "indsats"),
    ("handleplan", "ansvarlig"),
    ("handleplan", "status"),
    ("udsagn", "tekst"),
    ("sager", "maalgruppe"),
)
"""The sheets and columns whose words a report shows as they stand."""


def own_words(review: Review) -> list[str]:
    """Return the texts that are the municipality's own, and names of sheets and columns."""
    found = [i.name for i in review.provenance.inputs]
    frames = read_file(SYDDJURS).tables.frames
    for sheet_id, column in OWN_WORDS:
        found += [x for x in frames[sheet_id][column].unique() if x]
    for sheet in load_spec().sheet:
        found += [sheet.name, *(c.name for c in sheet.column)]
    return sorted(set(found), key=len, reverse=True)


def without_own_words(report: str, review: Review) -> str:
    """Return a report without names: of sheets and columns, and the municipality's own."""
    for word in own_words(review):
        report = re.sub(rf"(?<!\w){re.escape(escaped(word))}(?!\w)", "…", report)
    return report


def test_the_danish_report_has_danish_numbers(danish: Reviewed) -> None:
    """1.234.567,8 and never 1,234.5."""
    report = re.sub(
        r"[0-9a-f]{12,64}|\d\.\d\d\.\d\d|\d{1,2}\.\d{1,2}\.\d{4}|version 0[\d.]+",
        "",
        danish.read("review.md"),
    )
    wrong = [
        n for n in re.findall(r"\d[\d.,]*\d", report)
        if not re.fullmatch(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,2})?", n)
    ]  # fmt: skip
    assert wrong == []


def test_the_english_report_has_english_numbers(english: Reviewed) -> None:
    """1,234,567.8 and never 1.234,5; a definition's source is in Danish."""
    report = re.sub(
        r"(?m)^Source: .*|[0-9a-f]{12,64}|\d\.\d\d\.\d\d|version 0[\d.]+",
        "",
        english.read("review.md"),
    )
    wrong = [
        n for n in re.findall(r"\d[\d.,]*\d", report)
        if not re.fullmatch(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?", n)
    ]  # fmt: skip
    assert wrong == []


ENGLISH = re.compile(
    r"\b(the|of|and|with|from|in the|to date|peers?|scores?|points|cases|citizens|accounts|year|"
    r"gap|better|worse|higher|lower|lacks|missing|sheet|rows?|column|unknown|"
    r"None|True|False|weak|strong|low|medium|high|ratio|figure|current|against|not reported)\b"
)
DANISH = re.compile(
    r"\b(og|er|ikke|af|på|til|det|der|som|har|kan|eller|fra|efter|mod|uden|blev|hvor|hvad|hvis|"
    r"kommunen|kommunerne|borgere|året|sager|tallet|fordi|mellem|pct|mio|kr|ingen|mangler)\b"
)


def told(found: Sequence[str]) -> str:
    """Return what was found, a line each, the first twenty."""
    return "\n".join([f"{len(found)} found", *found[:20]])


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    """Return the words found, each with its line."""
    return [f"{m[0]}: {line[:160]}" for line in text.splitlines() if (m := pattern.search(line))]


def test_the_danish_report_has_no_english_words(danish: Reviewed, syddjurs: Review) -> None:
    """Outside names, whatever the figure."""
    report = without_own_words(danish.read("review.md"), syddjurs)
    found = lines_with(ENGLISH, report)
    assert not found, told(found)


def test_the_english_report_has_no_danish_sentences(english: Reviewed, syddjurs: Review) -> None:
    """Outside names; where a definition's source is told, see the next test."""
    report = without_own_words(english.read("review.md"), syddjurs)
    report = re.sub(r"^Source: .*?Comes from:", "", report, flags=re.MULTILINE)
    found = lines_with(DANISH, report)
    assert not found, told(found)


def test_the_english_report_tells_its_sources_in_english(english: Reviewed) -> None:
    """Titles of Danish publications stand as they are; what styring adds is in English."""
    added = re.compile(r"\b(beregnet|formlen er|optællingen er|andelen er|styrings egen?|ud fra)\b")
    found = re.findall(r"^Source: (.*?)Comes from:", english.read("review.md"), re.MULTILINE)
    left = lines_with(added, "\n".join(found))
    assert not left, told(left)


def test_columns_are_named_as_users_write_them(danish: Reviewed) -> None:
    """beløb and opfølgning: the spelling in ASCII is for definitions and review.json."""
    ascii_only = {c.id for s in load_spec().sheet for c in s.column if c.id != c.name}
    found = re.findall(r"Kommer fra: (.*?)\. Definition", danish.read("review.md"))
    named = {part.split(", ")[-1].replace("\\", "") for line in found for part in line.split("; ")}
    assert named & (ascii_only | {"count", "person_years", "person_days"}) == set()


# --- Personal data ------------------------------------------------------------------------------


def test_no_id_of_a_citizen_or_a_case_leaves_the_workbook(
    danish: Reviewed, english: Reviewed
) -> None:
    """Not one of the ids of the workbook stands in any file of the review."""
    frames = read_file(SYDDJURS).tables.frames
    ids = {str(i) for c in ("sag_id", "borger_id") for i in frames["sager"][c]}
    ids |= {str(i) for i in frames["overgange"]["borger_id"]} | {
        str(i) for i in frames["praksis"]["respondent"]
    }
    ids = {i for i in ids if len(i) > 3}
    assert len(ids) > 500
    for reviewed in (danish, english):
        cells = " ".join(texts(sheets_of(reviewed.folder / "review.xlsx")))
        for text in (reviewed.read("review.json"), reviewed.read("review.md"), cells):
            words = set(re.findall(r"[\w-]+", text))
            assert words & ids == set()
            assert not re.search(r"\b[SB]706-\d", text)


CPR = ("0101901234", "010190-1234", "311299 4321")


def with_cpr() -> Book:
    """Return the small municipality with CPR numbers wherever somebody may have typed one."""
    book = minimal()
    book["Kommune"].append(["kontakt", f"Jens {CPR[1]}"])
    head, *rows = book["Sager"]
    book["Sager"] = [[*head, "tilbud", "ydelse"]] + [
        [CPR[n], CPR[n + 1], *row[2:], f"Hos Jens {CPR[0]}", CPR[1]] for n, row in enumerate(rows)
    ]
    book["Sager"].append(["S9", "B9", "85", CPR[1], None, f"pris {CPR[0]}", "døgn", CPR[2], None])
    book["Økonomi"][0].append("tilbud")
    book["Økonomi"][1].append(f"Botilbud {CPR[0]}")
    book["Økonomi"].append([CPR[0], None, "5.38.50", CPR[1], 5, None])
    book["Handleplan"] = [["nr", "indsats", "indikator", "ansvarlig", "status"],
                          ["1", f"Ring til {CPR[0]}", CPR[1], f"Ida {CPR[2]}", CPR[1]]]  # fmt: skip
    book["Mål"] = [["indikator", "år", "målværdi"], [f"mål {CPR[1]}", 2025, 3]]
    book["Udsagn"] = [["udsagn", "tekst", "styringscenter", "dimension"],
                      ["eget", f"Jens {CPR[0]} får hjælp", "socialfaglig", "faglig"]]  # fmt: skip
    book["Praksis"] = [["udsagn", "respondent", "rolle", "styringscenter", "score", "kommentar"],
                       *[["eget", f"{CPR[0]}-{n}", "leder", "socialfaglig", 3, f"om {CPR[1]}"]
                         for n in range(4)],
                       [f"ukendt {CPR[0]}", "R9", "leder", "socialfaglig", 3, None]]  # fmt: skip
    book["Overgange"] = [["borger_id", "fødselsdato", "foranstaltning"],
                         [CPR[0], date(2008, 1, 1), f"hos {CPR[1]}"]]  # fmt: skip
    book[f"Noter {CPR[1]}"] = [[CPR[0]]]
    return book


def test_no_output_ever_shows_a_cpr_number(tmp_path: Path) -> None:
    """Not the report in any format, not inspect, not explain: only where they stand is told."""
    path = xlsx(tmp_path / f"odder {CPR[1]}.xlsx", with_cpr())
    commands: list[tuple[object, ...]] = [
        ("review", path, "--out", "ud"),
        ("inspect", path),
        ("inspect", path, "--format", "json"),
        *(("explain", i, path, "--by", "paragraf")
          for i in ("koebsandel-kroner", "budgetafvigelse-korrigeret")),
    ]  # fmt: skip
    ran = [styring_in_process(*command, cwd=tmp_path) for command in commands]
    assert [r.code for r in ran] == [0] * 5, [r.err for r in ran]
    said = {str(c[0]): r.out + r.err for c, r in zip(commands, ran, strict=True)}
    for file in ("review.json", "review.md"):
        said[file] = (tmp_path / "ud" / file).read_text("utf-8")
    said["review.xlsx"] = " ".join(texts(sheets_of(tmp_path / "ud" / "review.xlsx")))
    shown = {(name, m) for name, text in said.items()
             for m in re.findall(r".{0,40}(?:010190|311299)[- ]?\d{4}", text)}  # fmt: skip
    assert not shown, told(sorted(map(str, shown)))
    assert "CPR" in said["review.md"]


def test_a_message_about_a_cell_does_not_repeat_a_cpr_number(tmp_path: Path) -> None:
    """The refusal of a workbook names the cell, not what stands in it."""
    book = minimal()
    book["Kommune"][2][1] = CPR[1]
    ran = styring_in_process("review", xlsx(tmp_path / "odder.xlsx", book), cwd=tmp_path)
    assert ran.code == 3
    assert "Kommune!B3" in ran.err
    assert "010190" not in ran.err


def citizens_by(rows: pl.DataFrame, *columns: str) -> dict[tuple[str, ...], int]:
    """Return how many citizens have a row, by paragraph, function or both."""
    found = rows.group_by(columns).agg(pl.col("borger_id").n_unique()).rows()
    return {tuple(str(c) for c in row[:-1]): row[-1] for row in found}


def in_span(vector: Sequence[int], others: Sequence[Sequence[int]]) -> bool:
    """Return whether a sum is known once the others are: it is a combination of them."""

    def rank(rows: Sequence[Sequence[int]]) -> int:
        left, found = [[Fraction(x) for x in row] for row in rows], 0
        for column in range(len(vector)):
            pivot = next((row for row in left if row[column]), None)
            if pivot is None:
                continue
            left.remove(pivot)
            left = [[a - b * row[column] / pivot[column] for a, b in zip(row, pivot, strict=True)]
                    for row in left]  # fmt: skip
            found += 1
        return found

    return rank(others) == rank([*others, vector])


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_the_cost_of_a_few_citizens_cannot_be_worked_out(year: int, syddjurs: Review) -> None:
    """Neither shown nor found by subtraction: from paragraphs, functions and totals together."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), syddjurs.as_of)
    running = read_file(SYDDJURS).tables.frames["sager"].filter(
        (pl.col("startdato") <= last)
        & (pl.col("slutdato").is_null() | (pl.col("slutdato") >= first))
        & (pl.col("slutdato").is_null() | (pl.col("slutdato") >= pl.col("startdato")))
    )  # fmt: skip
    cells = sorted(citizens_by(running, "paragraf", "funktion"))
    lines = [a for a in syddjurs.activity if a.year == year and a.cost is not None]
    shown = [[int(a.paragraph in (None, p)) for p, _ in cells] for a in lines]
    shown += [
        [int(f == r.function) for _, f in cells]
        for r in syddjurs.interplay.reconciliation
        if r.period == str(year) and r.cases is not None
    ]
    few = {
        **{f"§ {p}": [int(c[0] == p) for c in cells]
           for (p,), n in citizens_by(running, "paragraf").items() if n < 5},
        **{f: [int(c[1] == f) for c in cells]
           for (f,), n in citizens_by(running, "funktion").items() if n < 5},
    }  # fmt: skip
    assert few
    assert [name for name, vector in few.items() if in_span(vector, shown)] == []


def test_a_workbook_of_two_citizens_gives_no_amount_of_theirs_away(plain: Reviewed) -> None:
    """No price, no cost and no expectation that rests on one or two persons' cases."""
    review = Review.model_validate_json(plain.read("review.json"))
    assert {a.cost for a in review.activity} == {None}
    assert {r.cases for r in review.interplay.reconciliation} <= {None}
    o = review.outlook
    assert o is None or (o.case_cost_to_date, o.committed, o.expected) == (None, None, None)
