"""Each command as a user runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from build import Book, csv_folder, minimal, xlsx
from running import (
    EXAMPLES,
    PEERS,
    SYDDJURS,
    Ran,
    Reviewed,
    environment,
    one_by_one,
    python_says,
    styring_in_process,
    styring_says,
)
from styring import __version__
from styring.definitions import desk, load_spec
from styring.review import Review

COMMANDS = ("review", "batch", "inspect", "explain", "check", "render", "template", "demo", "peers",
            "indicators")  # fmt: skip
HEAVY = {"polars", "openpyxl", "pydantic", "jinja2", "xlsxwriter", "python_calamine", "numpy"}
FOLLOW_UP = "opfoelgning-rettidig"


def small(folder: Path, name: str = "odder.xlsx") -> Path:
    """Return a small workbook that can be reviewed."""
    return xlsx(folder / name, minimal())


def names(folder: Path) -> list[str]:
    """Return the names of what is in a folder."""
    return sorted(p.name for p in folder.iterdir())


# --- review -------------------------------------------------------------------------------------


def test_review_writes_its_files_and_prints_only_their_paths(danish: Reviewed) -> None:
    """Standard output is the list of files, standard error is silent when all is well."""
    files = ["review.json", "review.md", "review.xlsx"]
    assert danish.ran.lines == [str(Path("ud") / f) for f in files]
    assert danish.ran.err == ""
    assert names(danish.folder) == files


def test_review_puts_its_files_in_a_folder_named_after_the_workbook(tmp_path: Path) -> None:
    """Without --out it is <file>-review where one is; a message says what is missing."""
    ran = styring_says("review", small(tmp_path), cwd=tmp_path)
    assert ran.code == 0
    assert ran.lines == [str(Path("odder-review") / f"review.{f}") for f in ("json", "md", "xlsx")]
    assert "--peers" in ran.err
    assert names(tmp_path) == ["odder-review", "odder.xlsx"]


def test_quiet_silences_messages_and_keeps_results(tmp_path: Path) -> None:
    """--quiet leaves the paths on standard output and nothing on standard error."""
    ran = styring_says("--quiet", "review", small(tmp_path), "--out", "ud", cwd=tmp_path)
    assert (ran.code, len(ran.lines), ran.err) == (0, 3, "")


@pytest.mark.parametrize(
    ("chosen", "files"),
    [
        ("json", ["review.json"]),
        ("md", ["review.json", "review.md"]),
        ("xlsx, json", ["review.json", "review.xlsx"]),
    ],
)
def test_review_json_is_always_written(chosen: str, files: list[str], tmp_path: Path) -> None:
    """--format chooses the others."""
    ran = styring_in_process(
        "review", small(tmp_path), "--out", "ud", "--format", chosen, cwd=tmp_path
    )
    assert (ran.code, names(tmp_path / "ud")) == (0, files)


def test_a_review_in_english_has_english_words(english: Reviewed, danish: Reviewed) -> None:
    """--lang changes the words of the report and nothing in review.json."""
    assert english.read("review.md").startswith("# Review of the steering")
    assert danish.read("review.md").startswith("# Gennemgang af styringen")
    assert english.read("review.json") == danish.read("review.json")


def test_the_environment_chooses_english(tmp_path: Path) -> None:
    """STYRING_LANG=en gives English messages and an English report; --lang still decides."""
    book = small(tmp_path)
    ran = styring_says("review", book, "--out", "en", cwd=tmp_path, STYRING_LANG="en")
    assert "No comparison" in ran.err
    assert (tmp_path / "en" / "review.md").read_text("utf-8").startswith("# Review of")
    styring_says("review", book, "--out", "da", "--lang", "da", cwd=tmp_path, STYRING_LANG="en")
    assert (tmp_path / "da" / "review.md").read_text("utf-8").startswith("# Gennemgang")
    assert (
        "Reviews how a municipality" in styring_says("--help", cwd=tmp_path, STYRING_LANG="en").out
    )


def test_the_as_of_date_and_the_seed_are_taken_and_told(tmp_path: Path) -> None:
    """Both stand in review.json, so that a review can be made again."""
    ran = styring_in_process("review", SYDDJURS, "--out", "ud", "--format", "json", "--seed", "7",
                       "--as-of", "2024-12-31", cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    found = json.loads((tmp_path / "ud" / "review.json").read_text("utf-8"))
    assert found["as_of"] == "2024-12-31"
    assert found["provenance"]["options"] == {"as_of": "2024-12-31"}
    assert found["provenance"]["seed"] == 7


def test_strict_makes_a_data_warning_an_error(tmp_path: Path) -> None:
    """Befolkning is needed, so its absence is a warning: --strict refuses and writes nothing."""
    book = minimal()
    del book["Befolkning"]
    path = xlsx(tmp_path / "odder.xlsx", book)
    lenient = styring_in_process("review", path, "--out", "a", cwd=tmp_path)
    strict = styring_in_process("review", path, "--out", "b", "--strict", cwd=tmp_path)
    inspected = styring_in_process("inspect", path, "--strict", cwd=tmp_path)
    assert (lenient.code, strict.code, inspected.code) == (0, 3, 3)
    assert "Befolkning" in strict.err
    assert not (tmp_path / "b").exists()


def test_a_folder_of_csv_files_is_a_workbook(tmp_path: Path) -> None:
    """Files named as the sheets are reviewed as the sheets are."""
    folder = csv_folder(tmp_path / "odder", minimal())
    small(tmp_path)
    ran, other = one_by_one(
        ("review", folder, "--out", "csv"), ("review", "odder.xlsx", "--out", "xlsx"), cwd=tmp_path
    )
    assert (ran.code, other.code) == (0, 0), ran.err
    csv, book = (
        json.loads((tmp_path / d / "review.json").read_text("utf-8")) for d in ("csv", "xlsx")
    )
    assert csv["economy"] == book["economy"]
    assert csv["indicators"] == book["indicators"]


# --- inspect ------------------------------------------------------------------------------------


def test_inspect_tells_what_every_sheet_was_read_as() -> None:
    """Each sheet with its header row, its columns, its rows and the sum of its main column."""
    ran = styring_says("inspect", SYDDJURS, cwd=EXAMPLES)
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0] == "Syddjurs (706), pr. 30.9.2025"
    for sheet in load_spec().sheet:
        if not sheet.keyvalue:
            assert f"{sheet.name} – læst som {sheet.name}, overskrift i række 3" in ran.lines


def test_inspect_as_json_is_what_the_text_says() -> None:
    """The same accounts as data."""
    ran = styring_in_process("inspect", SYDDJURS, "--format", "json", cwd=EXAMPLES)
    found = json.loads(ran.out)
    assert found["municipality"] == {"code": "706", "name": "Syddjurs"}
    assert (found["as_of"], found["constructed"]) == ("2025-09-30", True)
    ledger = next(s for s in found["sheets"] if s["taken_as"] == "Økonomi")
    parts = ("accepted", "rejected", "totals", "duplicates")
    assert ledger["rows"] == sum(ledger[p] for p in parts)
    assert ledger["columns"]["beloeb"] == "J"


def test_inspect_shows_the_header_each_column_was_found_under(tmp_path: Path) -> None:
    """An alias stands beside the name, and a column of amounts is told by what it is of."""
    book = minimal()
    book["Sager"][0][0] = "Sagsnummer"
    book["Økonomi"] = [
        ["Funktion", "Vedtaget budget 2024", "Jan 2024", "I alt"],
        ["5.38.50", 100, 40, 140],
    ]
    ran = styring_says("inspect", xlsx(tmp_path / "odder.xlsx", book), cwd=tmp_path)
    assert any(line.startswith("   A sag_id («Sagsnummer»), B borger_id, ") for line in ran.lines)
    assert (
        "   A funktion, B oprindeligt budget 2024 («Vedtaget budget 2024»), "
        "C regnskab 2024, måned 1 («Jan 2024»), D trykt total («I alt»)"
    ) in ran.lines


def lacking(folder: Path, *sheets: str) -> Path:
    """Return the small workbook without some of its sheets."""
    book: Book = {k: v for k, v in minimal().items() if k not in sheets}
    return xlsx(folder / "odder.xlsx", book)


def test_inspect_takes_a_workbook_that_lacks_sheets(tmp_path: Path) -> None:
    """A workbook that no review could be made of is still told about, in both forms."""
    path = lacking(tmp_path, "Økonomi", "Sager")
    text, data, refused = one_by_one(
        ("inspect", path), ("inspect", path, "--format", "json"), ("review", path), cwd=tmp_path
    )
    assert (text.code, data.code, refused.code) == (0, 0, 3)
    assert "!  Økonomi: Arket Økonomi mangler" in text.out
    missing = {n["sheet"] for n in json.loads(data.out)["notes"] if n["severity"] == "warning"}
    assert missing == {"Økonomi", "Sager"}


def test_inspect_takes_a_workbook_that_does_not_say_whose_it_is(tmp_path: Path) -> None:
    """The sheets are told about although the sheet Kommune is missing."""
    ran = styring_in_process("inspect", lacking(tmp_path, "Kommune"), cwd=tmp_path)
    assert "Sager – læst som Sager" in ran.out, ran.err
    assert "Kommune" in ran.out


# --- explain ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def explained() -> Ran:
    """The follow-up figure explained, by its id."""
    return styring_says("explain", FOLLOW_UP, SYDDJURS, "--rows", "3", cwd=EXAMPLES)


def test_explain_shows_the_figure_of_the_report(explained: Ran, syddjurs: Review) -> None:
    """The same figure, the same parts, and the condition that picks the rows."""
    figure = syddjurs.indicator(FOLLOW_UP)
    assert figure is not None
    assert explained.code == 0
    assert any(line.startswith(figure.shown.da) for line in explained.lines)
    assert f"Tæller: {figure.numerator:.0f}" in explained.lines
    assert f"Nævner: {figure.denominator:.0f}" in explained.lines
    assert (
        "  betingelse: NOT selvhenvender AND sidste_opfoelgning >= opfoelgning_fra"
        in explained.lines
    )


def test_explain_leads_to_the_cells_of_the_workbook(explained: Ran) -> None:
    """Each row listed has in the workbook the date that the condition was met by."""
    sheet = openpyxl.load_workbook(SYDDJURS, read_only=False)["Sager"]
    column = [c.value for c in sheet[3]].index("sidste_opfølgning")
    listed = re.findall(r"^ +(\d+) +[A-Z]+\1 +nej +(\S+)", explained.out, re.MULTILINE)
    assert len(listed) == 6  # three rows of the numerator, three of the denominator
    for row, day in listed:
        cell = sheet[int(row)][column].value
        assert isinstance(cell, datetime)
        assert f"{cell.day}.{cell.month}.{cell.year}" == day


def test_explain_lists_as_many_rows_as_asked_for(explained: Ran) -> None:
    """The rest is counted."""
    rows = int(re.findall(r"^  (\d+) rækker, \d+ borgere", explained.out, re.MULTILINE)[0])
    assert f"    … {rows - 3} flere rækker" in explained.lines


@pytest.mark.parametrize("name", ["Sager, der er fulgt op til tiden", "rettidig opfølgning"])
def test_explain_takes_a_title_or_an_alias(name: str, explained: Ran) -> None:
    """The name as the report or the municipality writes it."""
    assert styring_in_process("explain", name, SYDDJURS, "--rows", "3", cwd=EXAMPLES) == explained


def test_explain_splits_a_figure_by_a_column(syddjurs: Review) -> None:
    """--by gives the groups of the report, small numbers withheld there too."""
    ran = styring_in_process(
        "explain", FOLLOW_UP, SYDDJURS, "--by", "paragraf", "--rows", "0", cwd=EXAMPLES
    )
    groups = syddjurs.groups(FOLLOW_UP)
    start = ran.lines.index("Fordelt på paragraf:")
    assert ran.lines[start + 1 :] == [f"  {g.group}: {g.shown.da}" for g in groups]
    assert any("ikke vist" in line for line in ran.lines)


def test_explain_takes_a_year(syddjurs: Review) -> None:
    """--year explains the figure that the series has for that year."""
    ran = styring_in_process(
        "explain", "budgetafvigelse-korrigeret", SYDDJURS, "--year", "2023", cwd=EXAMPLES
    )
    figure = syddjurs.indicator("budgetafvigelse-korrigeret")
    assert figure is not None
    of_2023 = next(p for p in figure.series if p.period == "2023")
    assert f"{of_2023.shown.da}  (2023)" in ran.lines


def test_explain_in_english_has_english_words(syddjurs: Review) -> None:
    """The definition, the condition's period and the rows."""
    ran = styring_in_process("explain", FOLLOW_UP, SYDDJURS, "--lang", "en", cwd=EXAMPLES)
    figure = syddjurs.indicator(FOLLOW_UP)
    assert figure is not None
    assert ran.lines[1] == figure.question.en
    assert f"Numerator: {figure.numerator:.0f}" in ran.lines


def test_an_unknown_indicator_is_refused_with_those_most_like_it() -> None:
    """A name that is almost right gets the right one told."""
    ran = styring_in_process("explain", "opfoelgning-retidig", SYDDJURS, cwd=EXAMPLES)
    assert (ran.code, ran.out) == (3, "")
    assert "opfoelgning-retidig" in ran.err
    assert FOLLOW_UP in ran.err


def test_a_reader_that_stops_early_is_no_error() -> None:
    """`styring explain … | head -1` ends without a word."""
    process = subprocess.Popen(
        [sys.executable, "-m", "styring", "explain", FOLLOW_UP, SYDDJURS, "--rows", "5000"],
        cwd=EXAMPLES,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert said == b""


# --- check --------------------------------------------------------------------------------------


def broken_definition(folder: Path) -> Path:
    """Return a folder with one definition whose line 8 has a word that is not allowed."""
    folder.mkdir()
    whole = (desk("indicators") / "socialfaglig" / f"{FOLLOW_UP}.toml").read_text("utf-8")
    line = next(n for n, text in enumerate(whole.splitlines(), 1) if text.startswith("better"))
    assert line == 8
    broken = whole.replace('better = "higher"', 'better = "bigger"')
    (folder / "opfoelgning.toml").write_text(broken, "utf-8")
    return folder


def test_the_definitions_that_come_with_styring_hold() -> None:
    """Exit 0, and the last line says how many were tried."""
    ran = styring_says("check", cwd=EXAMPLES)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"\d+ definitioner, \d+ prøver, 0 fejl i 0 filer", ran.lines[-1])


def test_check_names_file_line_and_what_is_allowed(tmp_path: Path) -> None:
    """Exit 1, as text and as json."""
    folder = broken_definition(tmp_path / "mine")
    text, data = one_by_one(("check", folder), ("check", folder, "--format", "json"), cwd=tmp_path)
    assert (text.code, data.code) == (1, 1)
    assert text.lines[0].startswith("mine/opfoelgning.toml:8:10: error[schema]: better ")
    assert "higher" in text.lines[3]
    problem = json.loads(data.out)["problems"][0]
    assert (problem["file"], problem["line"], problem["severity"]) == (
        "opfoelgning.toml",
        8,
        "error",
    )
    assert problem["message"]["da"] in text.lines[0]


# --- render -------------------------------------------------------------------------------------


def test_render_gives_the_bytes_that_review_gave(
    danish: Reviewed, english: Reviewed, tmp_path: Path
) -> None:
    """A finished review is all that any report needs, in either language."""
    made = danish.folder / "review.json"
    for lang, whole in (("da", danish), ("en", english)):
        ran = styring_in_process("render", made, "--out", lang, "--lang", lang, cwd=tmp_path)
        assert ran.code == 0, ran.err
        for file in ("review.md", "review.xlsx", "review.json"):
            assert (tmp_path / lang / file).read_bytes() == (whole.folder / file).read_bytes()


def test_a_review_can_be_made_again_after_it_was_rendered_again(tmp_path: Path) -> None:
    """What render wrote a minute later is styring's own, not an edit that must be kept."""
    book = small(tmp_path)
    styring_in_process("review", book, "--out", "ud", "--format", "md", cwd=tmp_path)
    for file in (tmp_path / "ud").iterdir():
        earlier = file.stat().st_mtime - 60
        os.utime(file, (earlier, earlier))
    again = styring_in_process("render", "ud/review.json", "--format", "md", cwd=tmp_path)
    assert (again.code, again.lines) == (0, [str(Path("ud/review.md"))])
    ran = styring_in_process("review", book, "--out", "ud", "--format", "md", cwd=tmp_path)
    assert ran.code == 0, ran.err


# --- template -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty workbook."""
    folder = tmp_path_factory.mktemp("skabelon")
    ran = styring_says("template", "tom.xlsx", cwd=folder)
    assert (ran.code, ran.out, ran.err) == (0, "tom.xlsx\n", "")
    return folder / "tom.xlsx"


def test_the_empty_workbook_has_every_sheet_and_column(blank: Path) -> None:
    """Guidance first, then the sheets; headers that must be filled in have a star."""
    book = openpyxl.load_workbook(blank)
    spec = load_spec().sheet
    assert book.sheetnames == ["Vejledning", *(s.name for s in spec)]
    for sheet in spec:
        page = book[sheet.name]
        if sheet.keyvalue:
            heads = [page.cell(n, 1) for n in range(1, len(sheet.column) + 1)]
        else:
            heads = list(page[1])
            assert page.freeze_panes == "A2"
        wanted = [
            f"{c.name} *" if c.required and not sheet.keyvalue else c.name for c in sheet.column
        ]
        assert [h.value for h in heads] == wanted
        for head, column in zip(heads, sheet.column, strict=True):
            assert head.comment is not None
            assert head.comment.text == column.meaning.da


def test_the_empty_workbook_offers_the_words_that_are_known(blank: Path) -> None:
    """A column of fixed words is a list to choose from, and a month is 1 to 12."""
    book = openpyxl.load_workbook(blank)
    lists = {
        (sheet.title, rule.formula1)
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    units = '"døgn,uge,måned,år,engang"'
    assert ("Sager", units) in lists
    assert ("Sager", '"egen,anden kommune,region,privat"') in lists
    assert ("Sager", '"ja,nej"') in lists
    months = [r for r in book["Økonomi"].data_validations.dataValidation if r.type == "whole"]
    assert [(m.formula1, m.formula2) for m in months] == [("1", "12")]


def test_the_empty_workbook_in_english_explains_in_english(tmp_path: Path) -> None:
    """Sheets and columns keep their names; the guidance is in English."""
    ran = styring_in_process("template", "empty.xlsx", "--lang", "en", cwd=tmp_path)
    assert ran.code == 0
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames[:2] == ["Guidance", "Kommune"]
    assert book["Sager"]["A1"].comment.text == "Case number"


def test_the_empty_workbook_is_read_once_it_is_filled_in(blank: Path, tmp_path: Path) -> None:
    """A few rows under the headers, and inspect and review take it without a warning."""
    book: Any = openpyxl.load_workbook(blank)
    known = {"kommunekode": "706", "kommune": "Syddjurs", "opgørelsesdato": date(2025, 9, 30)}
    for (key,) in book["Kommune"].iter_rows(max_col=1):
        book["Kommune"].cell(key.row, 2).value = known.get(key.value)
    for name, rows in minimal().items():
        for row in rows[1:] if name != "Kommune" else []:
            given = dict(zip(rows[0], row, strict=True))
            heads = [str(c.value).removesuffix(" *") for c in book[name][1]]
            book[name].append([given.get(h) for h in heads])
    book.save(tmp_path / "udfyldt.xlsx")
    inspected, reviewed = one_by_one(
        ("inspect", "udfyldt.xlsx", "--format", "json"), ("review", "udfyldt.xlsx"), cwd=tmp_path
    )
    assert (inspected.code, reviewed.code) == (0, 0), inspected.err
    found = json.loads(inspected.out)
    accepted = {s["taken_as"]: (s["rows"], s["accepted"]) for s in found["sheets"] if s["rows"]}
    assert accepted == {"Befolkning": (2, 2), "Økonomi": (3, 3), "Sager": (2, 2)}
    assert found["constructed"] is False
    assert [n["message"]["da"] for n in found["notes"] if n["severity"] != "info"] == []


# --- demo and peers -----------------------------------------------------------------------------


def test_demo_writes_the_examples_and_a_review_into_an_empty_folder(tmp_path: Path) -> None:
    """Everything a newcomer needs is there, and it is said that the figures are invented."""
    ran = styring_says("demo", "prøv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    books = [p.name for p in EXAMPLES.iterdir() if p.suffix == ".xlsx"]
    assert names(tmp_path / "prøv") == sorted(
        [*books, "peers.csv", "rammevilkaar.csv", "syddjurs-review"]
    )
    assert names(tmp_path / "prøv" / "syddjurs-review") == [
        "review.json",
        "review.md",
        "review.xlsx",
    ]
    assert "opdigtede" in ran.err
    assert all(Path(tmp_path, line).is_file() for line in ran.lines)


def test_demo_leaves_a_workbook_of_the_users_own_alone(tmp_path: Path) -> None:
    """A syddjurs.xlsx that is not the example is not overwritten."""
    own = tmp_path / "syddjurs.xlsx"
    own.write_bytes(b"kommunens egen")
    ran = styring_says("demo", ".", cwd=tmp_path)
    assert own.read_bytes() == b"kommunens egen"
    assert ran.code == 5


def test_peers_build_makes_a_file_that_review_takes(tmp_path: Path) -> None:
    """Two workbooks named by a pattern; a municipality is never its own peer."""
    for name in ("silkeborg", "skanderborg", "odder"):
        shutil.copy(EXAMPLES / f"{name}.xlsx", tmp_path)
    built = styring_says("peers", "build", "s*.xlsx", "--out", "ud/andre.csv", cwd=tmp_path)
    assert (built.code, built.lines) == (0, [str(Path("ud/andre.csv"))]), built.err
    assert built.err.splitlines() == ["silkeborg.xlsx", "skanderborg.xlsx"]
    ran = styring_in_process("review", "skanderborg.xlsx", "--peers", "ud/andre.csv", "--out", "r",
                       "--format", "json", cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    review = json.loads((tmp_path / "r" / "review.json").read_text("utf-8"))
    assert review["peer_names"] == ["Silkeborg"]


def test_the_example_peers_are_those_of_the_example_workbooks() -> None:
    """peers.csv is made from the workbooks beside it, so it says what they say now."""
    # one municipality stands for all: the file's rows of Odder are what building Odder gives
    script = (
        "from pathlib import Path; import sys; from styring import peers\n"
        "from styring.pipeline import Choices, catalogue_of, peer_rows\n"
        "rows = peer_rows(Path(sys.argv[1]), catalogue_of(Choices(chosen='all')))\n"
        "sys.stdout.buffer.write(peers.to_bytes(peers.to_frame(rows), Path('x.csv')))"
    )
    built = python_says(script, EXAMPLES / "odder.xlsx", cwd=EXAMPLES)
    kept = PEERS.read_text("utf-8").splitlines()
    assert built.out.splitlines() == [kept[0], *(r for r in kept if r.startswith("727,"))]


# --- what all commands share --------------------------------------------------------------------


def test_the_version_is_printed(tmp_path: Path) -> None:
    """On standard output, alone."""
    assert styring_says("--version", cwd=tmp_path) == Ran(0, f"styring {__version__}\n", "")


def test_help_names_every_command_and_says_what_it_does(tmp_path: Path) -> None:
    """In Danish, and each command explains its own options."""
    ran = styring_says("--help", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\w", ran.out, re.MULTILINE), command
    assert "Ingen data forlader maskinen" in " ".join(ran.out.split())
    for helped in one_by_one(*((c, "--help") for c in COMMANDS), cwd=tmp_path):
        assert (helped.code, helped.err) == (0, "")
        assert len(helped.lines) > 5


def test_help_loads_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    """So that it answers at once."""
    script = (
        "import os, sys; import styring.cli\n"
        "sys.argv = ['styring', '--help']\n"
        "styring.cli.os._exit = lambda code: None\n"
        "styring.cli.main()\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    ran = python_says(script, cwd=tmp_path)
    assert ran.out.startswith("Usage")
    loaded = {str(name) for name in re.findall(r"'(\w+)'", ran.err)}
    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_nothing_of_the_terminal_stands_in_a_file_or_a_pipe(danish: Reviewed) -> None:
    """No colour codes where there is no terminal, whatever the environment wishes for."""
    ran = styring_says("inspect", SYDDJURS, cwd=EXAMPLES, FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b" not in ran.out + ran.err + danish.ran.out + danish.read("review.md")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of Unix")
@pytest.mark.parametrize(("options", "shown"), [((), True), (("--quiet",), False)])
def test_progress_shows_on_a_terminal_only_and_without_colour_where_none_is_wanted(
    options: tuple[str, ...], *, shown: bool, tmp_path: Path
) -> None:
    """NO_COLOR takes the colours away, --quiet the progress itself."""
    import pty  # noqa: PLC0415 - there is none on Windows

    book = small(tmp_path)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "styring", *options, "batch", book, "--out", "ud"],
        cwd=tmp_path,
        env=environment(NO_COLOR="1", TERM="xterm-256color"),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:
            break
        if not more:
            break
        said += more
    os.close(ours)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0, said
    assert ("Gennemgår" in said.decode()) == shown
    assert not re.search(rb"\x1b\[[\d;]*(?:3[0-7]|9[0-7]|38|48)[;m]", said)


def test_no_command_opens_a_connection(tmp_path: Path) -> None:
    """Nothing is sent anywhere: a review is made where sockets cannot be opened."""
    script = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise RuntimeError('a socket was opened')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "sys.argv = ['styring', 'review', *sys.argv[1:]]\n"
        "import styring.cli; styring.cli.main()"
    )
    ran = python_says(script, small(tmp_path), "--out", "ud", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert len(ran.lines) == 3
