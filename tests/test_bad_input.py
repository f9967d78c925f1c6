"""What a user can get wrong: one clear message, the right exit code, and nothing written."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from build import Book, book_parts, minimal, xlsx, zipped
from running import (
    EXAMPLES,
    PEERS,
    SYDDJURS,
    environment,
    one_message,
    styring_in_process,
    styring_says,
)
from styring.definitions import desk

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
DANISH = re.compile(r"\b(linje|række|kolonne|celle|ark|og|eller|ikke|findes|fejl|kan|mangler)\b")
"""Words that no message in English has; sheets and columns keep their names."""
Make = Callable[[Path], tuple[object, ...]]


def a_workbook(folder: Path, book: Book | None = None) -> Path:
    """Return a small workbook, or the one given."""
    return xlsx(folder / "odder.xlsx", book or minimal())


def a_file(folder: Path, content: bytes) -> Path:
    """Return a file that says it is a workbook."""
    file = folder / "odder.xlsx"
    file.write_bytes(content)
    return file


def a_damaged(folder: Path, part: str, content: str | None) -> Path:
    """Return a workbook with one part replaced, or taken out."""
    parts = book_parts(minimal()) | ({} if content is None else {part: content})
    if content is None:
        del parts[part]
    return zipped(folder / "odder.xlsx", parts)


def without(sheet: str, column: str) -> Book:
    """Return the small municipality with a column of a sheet left out."""
    book = minimal()
    place = book[sheet][0].index(column)
    book[sheet] = [[c for n, c in enumerate(row) if n != place] for row in book[sheet]]
    return book


def saying(key: str, value: object) -> Book:
    """Return the small municipality with another value in the sheet Kommune."""
    book = minimal()
    book["Kommune"] = [[k, value if k == key else v] for k, v in book["Kommune"]]
    return book


def templates(folder: Path, file: str, change: Callable[[str], str] | None) -> Path:
    """Return a copy of the report templates with one file changed, or taken out."""
    copy = folder / "skabeloner"
    shutil.copytree(
        desk("templates") / "review", copy, ignore=shutil.ignore_patterns("__pycache__")
    )
    if change is None:
        (copy / file).unlink()
    else:
        (copy / file).write_text(change((copy / file).read_text("utf-8")), "utf-8")
    return copy


def last_line(folder: Path, file: str) -> int:
    """Return how many lines a template has."""
    return len((folder / "skabeloner" / file).read_text("utf-8").splitlines())


def peers(folder: Path, change: Callable[[list[str]], list[str]]) -> Path:
    """Return a copy of the example peers with its lines changed."""
    lines = change(PEERS.read_text("utf-8").splitlines())
    file = folder / "andre.csv"
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return file


def definitions(folder: Path) -> Path:
    """Return a folder of definitions, one of them with a word that is not allowed."""
    copy = folder / "indikatorer"
    shutil.copytree(desk("indicators"), copy)
    file = copy / "socialfaglig" / "opfoelgning-rettidig.toml"
    file.write_text(file.read_text("utf-8").replace('"higher"', '"bigger"', 1), "utf-8")
    return copy


def empty(folder: Path) -> Path:
    """Return an empty folder."""
    (folder / "tom").mkdir()
    return folder / "tom"


def swapped(old: str, new: str) -> Callable[[list[str]], list[str]]:
    """Return a change of a peers file: one text for another in its first row."""
    return lambda lines: [lines[0], lines[1].replace(old, new, 1), *lines[2:]]


BOOKS: dict[str, tuple[Callable[[Path], Path], str, str, str]] = {
    # name: (the workbook, what the message names, Danish words, English words)
    "a path that is not there": (
        lambda f: f / "nope.xlsx", "nope.xlsx", "findes ikke", "no such file"),
    "a text named .xlsx": (
        lambda f: a_file(f, b"hej"),
        "odder.xlsx", "ikke en Excel-projektmappe", "not an Excel workbook"),
    "a workbook with a password": (
        lambda f: a_file(f, OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le")),
        "odder.xlsx", "adgangskode", "password"),
    "an old .xls file": (
        lambda f: a_file(f, OLE + bytes(504)), "odder.xlsx", "ældre Excel-fil", "old Excel file"),
    "an empty file": (lambda f: a_file(f, b""), "odder.xlsx", "tom", "empty"),
    "half a workbook": (
        lambda f: a_file(f, SYDDJURS.read_bytes()[:50_000]), "odder.xlsx", "beskadiget", "damaged"),
    "a zip file that is no workbook": (
        lambda f: zipped(f / "odder.xlsx", {"brev.txt": "hej"}),
        "odder.xlsx", "ikke en Excel-projektmappe", "not an Excel workbook"),
    "a workbook whose list of sheets is broken": (
        lambda f: a_damaged(f, "xl/workbook.xml", "<"), "odder.xlsx", "", ""),
    "a workbook that does not say where its sheets are": (
        lambda f: a_damaged(f, "xl/_rels/workbook.xml.rels", None), "odder.xlsx", "", ""),
    "a workbook with a sheet gone": (
        lambda f: a_damaged(f, "xl/worksheets/sheet3.xml", None), "odder.xlsx", "", ""),
    "a workbook with a broken sheet": (
        lambda f: a_damaged(f, "xl/worksheets/sheet3.xml", "<worksheet"), "odder.xlsx", "", ""),
    "a folder without CSV files": (empty, "tom", "ingen CSV-filer", "no CSV files"),
    "a workbook of other things": (
        lambda f: a_workbook(f, {"Kommune": minimal()["Kommune"], "Ferieplan": [["uge"], [29]]}),
        "odder.xlsx", "hverken arket Økonomi eller arket Sager", "neither the sheet Økonomi nor"),
    "a sheet without a column it needs": (
        lambda f: a_workbook(f, without("Sager", "paragraf")), "Sager", "paragraf", "paragraf"),
    "a municipality that is not one": (
        lambda f: a_workbook(f, saying("kommune", "Andeby")), "Kommune!B3", "Andeby", "Andeby"),
    "a code of another municipality": (
        lambda f: a_workbook(f, saying("kommunekode", 727)),
        "Kommune!B2", "ikke den samme kommune", "not the same municipality"),
    "an as-of date that is no date": (
        lambda f: a_workbook(f, saying("opgørelsesdato", "i går")),
        "Kommune!B4", "Opgørelsesdatoen", "as-of date"),
}  # fmt: skip

CHOICES: dict[str, tuple[Make, int, str, str, str]] = {
    # name: (the options, exit code, what the message names, Danish words, English words)
    "a format that is not one": (
        lambda _: ("--format", "md,odt"), 2, "odt", "json,md,html,xlsx,docx,pdf",
        "json,md,html,xlsx,docx,pdf"),
    "an empty folder of definitions": (
        lambda f: ("--indicators", empty(f)), 3, "tom", "ingen indikatorer", "no indicators"),
    "a folder of definitions that is not there": (
        lambda f: ("--indicators", f / "nope"), 3, "nope", "findes ikke", "no such folder"),
    "a broken definition": (
        lambda f: ("--indicators", definitions(f)), 3,
        "socialfaglig/opfoelgning-rettidig.toml:8", "1 fejl", "1 mistakes"),
    "a folder of templates that is not there": (
        lambda f: ("--templates", f / "nope"), 3, "nope", "findes ikke", "no such folder"),
    "an empty folder of templates": (
        lambda f: ("--templates", empty(f)), 3, "tom", "mangler", "lacks"),
    "a layout of sheets that is broken": (
        lambda f: ("--templates", templates(f, "review.xlsx.toml", lambda t: t + "[[\n")), 3,
        "review.xlsx.toml", "at line", "at line"),
    "a layout that asks for what is not there": (
        lambda f: ("--templates", templates(
            f, "review.xlsx.toml", lambda t: t.replace('value = "heading"', 'value = "pris"'))), 3,
        "review.xlsx.toml", "pris", "pris"),
    "a peers file that is not there": (
        lambda f: ("--peers", f / "nope.csv"), 3, "nope.csv", "findes ikke", "no such peers file"),
    "a peers file that is empty": (
        lambda f: ("--peers", peers(f, lambda _: [])), 3,
        "andre.csv", "er tom", "is empty"),
    "a peers file without its columns": (
        lambda f: ("--peers", peers(f, lambda _: ["navn,tal", "Odder,7"])), 3,
        "andre.csv", "mangler kolonnerne kommunekode", "lacks the columns kommunekode"),
    "a peers file with an unknown indicator": (
        lambda f: ("--peers", peers(f, swapped("aarsvaerk-pr-plads", "afstemt"))), 3,
        "andre.csv", "indikatorer, der ikke kendes: afstemt", "unknown indicators: afstemt"),
    "a peers file with twins": (
        lambda f: ("--peers", peers(f, lambda lines: [*lines, lines[1]])), 3,
        "andre.csv", "to rækker for", "two rows for"),
    "a peers file with a word for a number": (
        lambda f: ("--peers", peers(f, lambda lines: [
            lines[0], ",".join("mange" if n == 7 else c for n, c in enumerate(lines[1].split(","))),
            *lines[2:]])), 3,
        "vaerdi", "«mange» i kolonnen", "“mange” in the column"),
    "a peers file in Excel that is none": (
        lambda f: ("--peers", a_file(f, b"hej")), 3,
        "odder.xlsx", "ikke en Excel-projektmappe", "not an Excel workbook"),
    "an output folder below a file": (
        lambda f: ("--out", a_file(f, b"") / "ud"), 5,
        "odder.xlsx", "Kan ikke skrives", "Cannot be written"),
    "an output folder that is a file": (
        lambda f: ("--out", a_file(f, b"")), 5,
        "odder.xlsx", "Kan ikke skrives", "Cannot be written"),
}  # fmt: skip


def refused(
    folder: Path, code: int, place: str, da: str, en: str, *arguments: object
) -> tuple[str, str]:
    """Run a command in both languages, prove that it is refused, and return its two messages."""
    before = sorted(folder.rglob("*"))
    danish = styring_in_process(*arguments, cwd=folder)
    english = styring_in_process(*arguments, "--lang", "en", cwd=folder)
    for ran, words in ((danish, da), (english, en)):
        message = one_message(ran)
        assert (ran.code, ran.out) == (code, ""), message
        assert place in message
        assert words in message
    assert not DANISH.search(english.err), english.err
    assert sorted(folder.rglob("*")) == before
    return danish.err, english.err


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_that_cannot_be_used_is_refused_in_one_message(
    name: str, tmp_path: Path
) -> None:
    """Exit 3, the file or the cell named, and no output folder made."""
    make, place, da, en = BOOKS[name]
    refused(tmp_path, 3, place, da, en, "review", make(tmp_path), "--out", "ud")


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_that_cannot_be_used_is_refused_in_one_message(name: str, tmp_path: Path) -> None:
    """The exit code of its kind, the file or the word named, and no output folder made."""
    make, code, place, da, en = CHOICES[name]
    book = xlsx(tmp_path / "bog.xlsx", minimal())
    given = make(tmp_path)
    options = given if "--out" in given else ("--out", "ud", *given)
    refused(tmp_path, code, place, da, en, "review", book, *options)


@pytest.mark.parametrize(
    "addition", ["{% if %}", "{{ ukendt }}", "{{ review.pris }}", "{{ 1 / 0 }}"]
)
def test_a_broken_template_is_named_with_its_line(addition: str, tmp_path: Path) -> None:
    """The line the report author has to look at, in the words of the language."""
    folder = templates(tmp_path, "review.md.j2", lambda t: f"{t}{addition}\n")
    line = last_line(tmp_path, "review.md.j2")
    book = xlsx(tmp_path / "bog.xlsx", minimal())
    command = ("review", book, "--templates", folder, "--out", "ud")
    da, en = refused(tmp_path, 3, "review.md.j2", "Skabelonen kan ikke bruges",
                     "The template cannot be used", *command)  # fmt: skip
    assert f"review.md.j2, linje {line}: " in da
    assert f"review.md.j2, line {line}: " in en


def test_a_broken_file_of_words_is_named(tmp_path: Path) -> None:
    """The words of the language that is asked for; those of the other are not read."""
    folder = templates(tmp_path, "da.toml", lambda words: words + "x = \n")
    book = xlsx(tmp_path / "bog.xlsx", minimal())
    command = ("review", book, "--templates", folder)
    da = styring_in_process(*command, "--out", "da", cwd=tmp_path)
    en = styring_in_process(*command, "--out", "en", "--lang", "en", cwd=tmp_path)
    assert da.code == 3
    assert "line" in one_message(da)
    assert not (tmp_path / "da").exists()
    assert en.code == 0, en.err


def test_a_folder_of_templates_holds_only_what_it_changes(tmp_path: Path) -> None:
    """One word, one partial: all else is styring's own; a name that is not there is an error."""
    folder = tmp_path / "egne"
    folder.mkdir()
    (folder / "da.toml").write_text('report = "Vores gennemgang"\n', "utf-8")
    (folder / "casework.md.j2").write_text("### Vores eget afsnit\n", "utf-8")
    book = xlsx(tmp_path / "bog.xlsx", minimal())
    ran = styring_in_process("review", book, "--templates", folder, "--out", "ud", cwd=tmp_path)
    assert ran.code == 0, ran.err
    text = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert text.startswith("# Vores gennemgang: Syddjurs")
    assert "### Vores eget afsnit" in text
    assert "## 2. Økonomi og aktivitet" in text
    (folder / "casework.md.j2").write_text("{{ w.findes_ikke }}\n", "utf-8")
    ran = styring_in_process("review", book, "--templates", folder, "--out", "igen", cwd=tmp_path)
    assert ran.code == 3
    assert "casework.md.j2" in ran.err


def test_both_rows_of_a_pair_of_twins_are_named(tmp_path: Path) -> None:
    """The number each row has in the file, the header being row 1."""
    book = xlsx(tmp_path / "bog.xlsx", minimal())
    file = peers(tmp_path, lambda lines: [*lines, lines[1]])
    last = len(PEERS.read_text("utf-8").splitlines()) + 1
    said, _ = refused(tmp_path, 3, "andre.csv", "Slet den ene", "Delete one", "review", book,
                      "--peers", file)  # fmt: skip
    assert re.search(rf"\b2\b.*\b{last}\b", said.splitlines()[0])


# --- Other commands -----------------------------------------------------------------------------


def test_a_language_there_is_none_of_is_wrong_usage(tmp_path: Path) -> None:
    """The message names those there are."""
    ran = styring_in_process("review", a_workbook(tmp_path), "--lang", "sv", cwd=tmp_path)
    assert ran.code == 2
    assert "--lang da eller --lang en" in one_message(ran)


@pytest.mark.parametrize("arguments", [
    ("review",),
    ("anmeld", "x.xlsx"),
    ("review", "x.xlsx", "--as-of", "30-09-2025"),
    ("review", "x.xlsx", "--seed", "mange"),
    ("review", "x.xlsx", "--formaat", "md"),
    ("batch", "x.xlsx"),
    ("batch", "x.xlsx", "--out", "ud", "--jobs", "0"),
    ("explain", "opfoelgning-rettidig"),
    ("inspect", "x.xlsx", "--format", "xml"),
    ("check", "--format", "xml"),
])  # fmt: skip
def test_wrong_usage_is_exit_code_2_without_a_traceback(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    """Arguments that are missing, unknown or of the wrong kind."""
    ran = styring_in_process(*arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("arguments", "place", "da", "en"), [
    (("render", "nope.json"), "nope.json", "kan ikke læses", "cannot be read"),
    (("render", "hej.json"), "hej.json", "ikke en gennemgang", "no review"),
    (("inspect", "nope.xlsx"), "nope.xlsx", "findes ikke", "no such file"),
    (("explain", "opfoelgning-rettidig", "nope.xlsx"), "nope.xlsx", "findes ikke", "no such file"),
    (("explain", "opfoelgning-rettidig", EXAMPLES / "odder.xlsx", "--year", "1999"),
     "1999", "intet tal", "no figure"),
    (("explain", "opfoelgning-rettidig", EXAMPLES / "odder.xlsx", "--by", "farve"),
     "farve", "findes ikke", "no column"),
    (("batch", "nope*.xlsx", "--out", "ud"), "nope*.xlsx", "passer ikke", "names no file"),
])  # fmt: skip
def test_every_command_says_what_it_cannot_use(
    arguments: tuple[object, ...], place: str, da: str, en: str, tmp_path: Path
) -> None:
    """Exit 3, and nothing on standard output."""
    (tmp_path / "hej.json").write_text('{"schema": "hej"}', "utf-8")
    refused(tmp_path, 3, place, da, en, *arguments)


def test_peers_are_not_built_from_a_workbook_that_cannot_be_used(tmp_path: Path) -> None:
    """One of the files is no workbook: no peers file, for it would lack a municipality."""
    good = a_workbook(tmp_path)
    (tmp_path / "brev.xlsx").write_text("hej", "utf-8")
    ran = styring_in_process(
        "peers", "build", good, "brev.xlsx", "--out", "andre.csv", cwd=tmp_path
    )
    assert (ran.code, ran.out) == (3, "")
    assert "brev.xlsx: Filen er ikke en Excel-projektmappe" in ran.err
    assert not (tmp_path / "andre.csv").exists()


@pytest.mark.parametrize("arguments", [
    ("template", "bog.xlsx"), ("peers", "build", EXAMPLES / "odder.xlsx", "--out", "bog.xlsx"),
])  # fmt: skip
def test_a_file_that_is_there_is_not_written_over(
    arguments: tuple[object, ...], tmp_path: Path
) -> None:
    """A new file never takes the place of another; --overwrite is the user's own word."""
    (tmp_path / "bog.xlsx").write_bytes(b"min egen")
    ran = styring_in_process(*arguments, cwd=tmp_path)
    assert ran.code == 5
    assert "--overwrite" in one_message(ran)
    assert (tmp_path / "bog.xlsx").read_bytes() == b"min egen"
    assert styring_in_process(*arguments, "--overwrite", cwd=tmp_path).code == 0


@pytest.mark.parametrize("arguments", [
    ("template", "fil/bog.xlsx"),
    ("demo", "fil/prøv"),
    ("batch", EXAMPLES / "odder.xlsx", "--out", "fil/ud"),
    ("peers", "build", EXAMPLES / "odder.xlsx", "--out", "fil/andre.csv"),
])  # fmt: skip
def test_every_command_says_what_it_cannot_write(
    arguments: tuple[object, ...], tmp_path: Path
) -> None:
    """A place below a file is exit 5, and the file is as it was."""
    (tmp_path / "fil").write_bytes(b"min egen")
    ran = styring_in_process("--quiet", *arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (5, ""), ran.err
    assert "fil" in one_message(ran)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("fil", b"min egen")]


# --- Edited files -------------------------------------------------------------------------------


def test_a_report_that_was_edited_is_kept_whole(tmp_path: Path) -> None:
    """A second run refuses with exit 5 and changes no file; --overwrite writes them all."""
    book = a_workbook(tmp_path)
    styring_in_process("review", book, "--out", "ud", cwd=tmp_path)
    plan = tmp_path / "ud" / "review.xlsx"
    plan.write_bytes(plan.read_bytes() + b"vores egne noter")
    later = plan.stat().st_mtime + 60
    os.utime(plan, (later, later))
    before = {p: p.read_bytes() for p in (tmp_path / "ud").iterdir()}
    changed = saying("opgørelsesdato", date(2025, 8, 31))
    xlsx(book, changed)
    said, _ = refused(tmp_path, 5, "review.xlsx", "ændret, siden styring skrev den",
                      "changed since styring wrote it", "review", book, "--out", "ud")  # fmt: skip
    assert "--overwrite" in said
    assert {p: p.read_bytes() for p in (tmp_path / "ud").iterdir()} == before
    ran = styring_in_process("review", book, "--out", "ud", "--overwrite", cwd=tmp_path)
    assert ran.code == 0
    assert all(p.read_bytes() != before[p] for p in (tmp_path / "ud").iterdir())


def test_a_bug_is_one_line_and_a_traceback_only_when_asked_for(tmp_path: Path) -> None:
    """Exit 70, which is none of the codes of a user's mistake."""
    # a library that raises as it is imported stands for a bug
    (tmp_path / "polars.py").write_text("raise ZeroDivisionError('brudt')", "utf-8")
    path = os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])
    runs = [
        styring_says(*options, "inspect", "bog.xlsx", cwd=tmp_path, PYTHONPATH=path)
        for options in ((), ("--debug",))
    ]
    assert [r.code for r in runs] == [70, 70]
    assert len(runs[0].err.splitlines()) == 1
    assert "ZeroDivisionError" in runs[0].err
    assert "Traceback" not in runs[0].err
    assert "Traceback" in runs[1].err
