"""Files made to harm: bombs, links, macros, paths, formulas, others' templates and definitions."""

from __future__ import annotations

import copy
import csv
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

import build
from running import SYDDJURS, Ran, one_message, python_says, styring_in_process, styring_says
from styring.definitions import desk
from styring.errors import InputError
from styring.read import grid
from styring.read.grid import csv_grid
from test_network import without_sockets
from test_read_formats import content, ods

Rows = list[list[object]]
TEXTS = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.dk";"klik")',
    "<script>alert(1)</script>", "](http://x.dk)", "![x](http://x.dk/y.png)", "{{ 7*7 }}",
    "{% include '/etc/passwd' %}", '#read("/etc/passwd")', "A" * 32_767, "../../ud", "' OR 1=1 --",
    "=1",
)  # fmt: skip
"""What an enemy writes in a cell."""


def small() -> dict[str, str]:
    """Return the parts of the small municipality."""
    return build.book_parts(build.minimal())


def hostile(path: Path) -> Path:
    """Return the path of a workbook that has these texts wherever a text may stand."""
    book = build.minimal()
    book["Kommune"].append(["kontakt", TEXTS[0]])
    book["Sager"] = [[*build.CASES, "tilbud", "målgruppe", "ydelse"]]
    for n in range(5 * len(TEXTS)):
        texts: list[object] = [TEXTS[(n + k) % len(TEXTS)] for k in range(3)]
        book["Sager"].append([*build.case(n), *texts])
    book["Tilbud"] = [["tilbud", "pladser", "takst"]]
    book["Tilbud"] += [[t, 5, 1000] for t in TEXTS]
    book["Handleplan"] = [["handling", "ansvarlig"]]
    book["Handleplan"] += [[t, t] for t in TEXTS]
    book[TEXTS[9]] = [["x"], [TEXTS[0]]]
    return build.zipped(path, build.book_parts(book))


# --- Too large ----------------------------------------------------------------------------------

READS = """
import resource, sys
from pathlib import Path
from styring.definitions import load_spec
from styring.errors import InputError
from styring.read.workbook import read_workbook
spec = load_spec()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
try:
    read_workbook(Path(sys.argv[1]), spec)
except InputError as error:
    print(error.message("da"))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""
"""Reads a file where no more than 8 GB can be had, and says how many MB it took."""


def watched(path: Path) -> tuple[str, int]:
    """Return what a process of its own says of a file, and the memory it took, in MB."""
    pytest.importorskip("resource")
    ran = python_says(READS, path, cwd=path.parent)
    assert ran.code == 0, ran.err[-500:]
    said, _, most = ran.out.rstrip().rpartition("\n")
    return said, int(most)


def test_a_csv_file_that_would_grow_a_millionfold_is_refused(tmp_path: Path) -> None:
    """One line of a million cells and 100,000 of one: 1.2 MB would be 100 billion cells."""
    folder = build.csv_folder(tmp_path / "mappe", build.minimal())
    wide = ";" * 1_000_000
    (folder / "Sager.csv").write_text("sag_id\n" + f"{wide}\n" + "x\n" * 100_000, "utf-8")
    said, most = watched(folder)
    assert "Sager.csv" in said
    assert "kan ikke åbnes" in said
    assert most < 1000


def test_many_sheets_that_are_small_one_by_one_are_too_large_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blank cells take room too: 41 rows of 5 and 2 of 7 go, another 41 of 5 do not."""
    monkeypatch.setattr(grid, "MOST_CELLS", 300)
    book: build.Book = {"A": [[1, None, None, None, 1]] * 41, "B": [[1] * 7] * 2}
    assert len(grid.read_grids(build.xlsx(tmp_path / "a.xlsx", book))) == 2
    with pytest.raises(InputError, match=r"C.*E41") as caught:
        grid.read_grids(build.xlsx(tmp_path / "b.xlsx", book | {"C": book["A"]}))
    assert "C" in caught.value.where.da


@pytest.mark.parametrize("once", [True, False])
def test_many_parts_that_are_small_one_by_one_are_too_large_together(
    tmp_path: Path, *, once: bool
) -> None:
    """40 parts of 2 MB, each packed a thousandfold; or 400 names for the bytes of one."""
    path = build.zipped(tmp_path / "bombe.xlsx", small())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for n in range(40 if once else 1):
            archive.writestr(f"xl/{n}.xml", bytes(2_000_000))
        if not once:
            first = archive.getinfo("xl/0.xml")
            for n in range(1, 400):
                again = copy.copy(first)
                again.filename = f"xl/{n}.xml"
                archive.filelist.append(again)
    said, most = watched(path)
    assert "fylder for meget" in said
    assert most < 50


def test_csv_files_are_too_large_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_CELLS", 20)
    for name in ("Sager", "Tilbud", "Praksis"):
        (tmp_path / f"{name}.csv").write_text("a;b\n" * 5, "utf-8")
    with pytest.raises(InputError, match=r"Tilbud\.csv"):
        grid.read_grids(tmp_path)


def test_a_csv_file_beyond_the_limit_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "Sager.csv"
    file.write_text("a;b\n" * 100, "utf-8")
    monkeypatch.setattr(grid, "MOST_BYTES", 399)
    with pytest.raises(InputError, match="too large"):
        csv_grid(file)


def test_ten_thousand_columns_are_read_and_named_in_few_words(tmp_path: Path) -> None:
    """Those that are known are used, wherever they stand; the others are one note."""
    book = build.minimal()
    extra: list[object] = [f"kolonne {n}" for n in range(10_000)]
    book["Sager"] = [[*extra, *book["Sager"][0]],
                     *([None] * 10_000 + row for row in book["Sager"][1:])]  # fmt: skip
    reading = build.read_file(build.zipped(tmp_path / "bred.xlsx", build.book_parts(book)))
    assert build.column(reading, "sager", "pris") == [2500, 3000]
    note = build.note(reading, "kolonne 0")
    assert len(note.message.da) < 300


def test_the_longest_texts_and_every_formula_become_texts(tmp_path: Path) -> None:
    """As a user sees it: a report in three formats and lists of cases, made of hostile texts."""
    book = hostile(tmp_path / "bog.xlsx")
    ran = styring_says(
        "review", book, "--format", "md,xlsx,html", "--out", "ud", "--case-lists", "l.xlsx",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    for name in ("ud/review.xlsx", "l.xlsx"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            parts = {n: archive.read(n).decode("utf-8", "replace") for n in archive.namelist()}
        assert any("cmd|" in part for part in parts.values()), "the text is not in the file"
        for part, xml in parts.items():
            formulas = " ".join(re.findall(r"<f[ >][^<]*", xml))
            assert "cmd" not in formulas, part
            assert "x.dk" not in formulas, part
            assert "x.dk" not in xml or "relationships" not in xml, part
    page = (tmp_path / "ud" / "review.html").read_text("utf-8")
    assert "<script>alert" not in page
    report = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert "<script>" not in report
    assert not re.search(r"(?<!\\)\]\(http://x\.dk", report)
    assert "root:" not in page + report
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bog.xlsx", "l.xlsx", "ud"]


def test_a_peers_file_built_of_hostile_texts_has_no_formula(tmp_path: Path) -> None:
    """Its cells begin with none of the signs that make a formula in a spreadsheet."""
    book = hostile(tmp_path / "=1+1.xlsx")
    ran = styring_in_process("peers", "build", book, "--out", "p.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    rows = [*csv.reader(io.StringIO((tmp_path / "p.csv").read_text("utf-8")))]
    assert any("cmd|" in cell for row in rows for cell in row)
    for cell in (c for row in rows for c in row):
        assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
        assert not cell.startswith("-") or float(cell) < 0


# --- Links, macros, paths, entities -------------------------------------------------------------

LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{}" TargetMode="External" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"/></Relationships>'
)


@pytest.mark.parametrize("target", [
    "file:///etc/passwd", "http://127.0.0.1:9/x.xlsx", "\\\\ond\\deling\\x.xlsx", "../../x.xlsx",
])  # fmt: skip
def test_links_to_other_files_are_not_followed(tmp_path: Path, target: str) -> None:
    """A formula into another workbook has the value that is stored; no socket is opened."""
    parts = small()
    sager = build.part_of(build.minimal(), "Sager")
    price = '<c r="F2"><v>2500</v></c>'
    assert price in parts[sager]
    parts[sager] = parts[sager].replace(price, '<c r="F2"><f>[1]Ark!A1</f><v>2500</v></c>')
    parts["xl/externalLinks/externalLink1.xml"] = f'<externalLink xmlns="{build.MAIN}"/>'
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = LINK.format(target)
    path = build.zipped(tmp_path / "bog.xlsx", parts)
    assert build.column(build.read_file(path), "sager", "pris") == [2500, 3000]
    (tmp_path / "laas").mkdir()
    ran = styring_says("inspect", path, cwd=tmp_path, **without_sockets(tmp_path / "laas"))
    assert ran.code == 0, ran.err


def test_macros_are_not_run_and_change_nothing(tmp_path: Path) -> None:
    """The same figures as without; the macro is no part of what is written."""
    macro = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Sub AutoOpen() Shell calc"
    plain = build.read_file(build.zipped(tmp_path / "bog.xlsx", small()))
    path = build.zipped(tmp_path / "bog.xlsm", {**small(), "xl/vbaProject.bin": macro})
    reading = build.read_file(path)
    assert reading.accounts == plain.accounts
    assert reading.notes == plain.notes
    ran = styring_in_process("review", path, "--out", "ud", cwd=tmp_path)
    assert ran.code == 0, ran.err
    for file in (tmp_path / "ud").iterdir():
        assert b"AutoOpen" not in file.read_bytes()
    with zipfile.ZipFile(tmp_path / "ud" / "review.xlsx") as archive:
        assert not [n for n in archive.namelist() if "vba" in n]


@pytest.mark.parametrize("name", [
    "../../ud.txt", "/ud-af-styring.txt", "C:\\ud.txt", "xl/../../../ud.txt", "..\\..\\ud.txt",
])  # fmt: skip
def test_a_part_with_a_path_is_never_unpacked(tmp_path: Path, name: str) -> None:
    """Parts are read where they are packed; nothing is written anywhere."""
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    path = build.zipped(inside / "bog.xlsx", {**small(), name: "ud"})
    build.read_file(path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]
    assert not Path("/ud-af-styring.txt").exists()


@pytest.mark.parametrize("name", ["../../x", "Ark/1", "<b>", "=1"])
def test_a_sheets_name_is_no_path(tmp_path: Path, name: str) -> None:
    """It is told as unknown; files have names of ours."""
    book = build.minimal() | {name: [["x"], [1]]}
    path = build.zipped(tmp_path / "bog.xlsx", build.book_parts(book))
    ran = styring_in_process("review", path, "--out", "ud", cwd=tmp_path)
    assert ran.code == 0, ran.err
    files = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file())
    assert files == ["bog.xlsx", "ud/review.json", "ud/review.md", "ud/review.xlsx"]


def test_a_document_type_in_an_open_document_is_refused(tmp_path: Path) -> None:
    """No entity of it is looked up."""
    bad = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + content(build.minimal())
    error = build.file_refusal(ods(tmp_path / "bog.ods", bad))
    assert "dokumenttype" in error.what.da


@pytest.mark.parametrize("where", ["workbook", "sheet"])
def test_elements_nested_without_end_are_read_or_refused(tmp_path: Path, where: str) -> None:
    """200,000 deep: no reader of ours goes down by calling itself."""
    parts = small()
    deep = "<x>" * 200_000 + "</x>" * 200_000
    part = build.BOOK if where == "workbook" else build.part_of(build.minimal(), "Sager")
    end = "</workbook>" if where == "workbook" else "</worksheet>"
    parts[part] = parts[part].replace(end, deep + end)
    said, most = watched(build.zipped(tmp_path / "dyb.xlsx", parts))
    assert said == "" or "dyb.xlsx" in said
    assert most < 500


# --- Templates and definitions of others --------------------------------------------------------

HIDDEN = "det ingen må se"
BAD_TEMPLATES = {
    "a file above": "{% include '../hemmelig.txt' %}",
    "a file by its path": "{% include '/etc/hostname' %}",
    "an import from above": "{% import '../hemmelig.txt' as x %}{{ x }}",
    "a class": "{{ ''.__class__.__mro__ }}",
    "what a function knows": "{{ range.__globals__ }}",
    "a hidden attribute": "{{ review.__init__.__globals__ }}",
    "by a filter": "{{ review|attr('__class__') }}",
    "by a format": "{{ '{0.__class__.__init__.__globals__}'.format(review) }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "a change of the review": "{{ review.findings.append(1) }}",
}
"""What a template of somebody else may try."""


def rendered(folder: Path, name: str, template: str) -> Ran:
    """Return how `styring review` goes with a template of somebody else's."""
    (folder / "hemmelig.txt").write_text(HIDDEN, "utf-8")
    theirs = folder / "skabeloner"
    theirs.mkdir()
    (theirs / name).write_text(template, "utf-8")
    build.xlsx(folder / "bog.xlsx", build.minimal())
    kind = name.split(".")[1]
    return styring_in_process(
        "review", "bog.xlsx", "--templates", theirs, "--format", kind, "--out", "ud", cwd=folder
    )


@pytest.mark.parametrize("name", ["review.md.j2", "review.html.j2"])
@pytest.mark.parametrize("what", BAD_TEMPLATES)
def test_a_template_reads_no_file_and_no_attribute(what: str, name: str, tmp_path: Path) -> None:
    """It is refused with its name, and nothing is written."""
    ran = rendered(tmp_path, name, BAD_TEMPLATES[what])
    assert ran.code == 3, ran.out
    assert name in one_message(ran)
    assert HIDDEN not in ran.err
    assert not (tmp_path / "ud").exists()


@pytest.mark.parametrize("name", ["review.md.j2", "review.html.j2"])
@pytest.mark.parametrize("rounds", ["10**12", "10**30"])
def test_a_template_that_never_ends_is_stopped(rounds: str, name: str, tmp_path: Path) -> None:
    """A loop of a template is of 100,000 rounds at most."""
    ran = rendered(tmp_path, name, f"{{% for i in range({rounds}) %}}x{{% endfor %}}")
    assert ran.code == 3, ran.out
    assert name in one_message(ran)


def definitions(folder: Path, old: str, new: str) -> Path:
    """Return a folder with a definition of somebody else's, one piece of it replaced."""
    source = desk("indicators") / "oekonomisk-finansiel" / "belaegning.toml"
    text = source.read_text("utf-8")
    assert old in text
    (folder / "egne").mkdir()
    (folder / "egne" / source.name).write_text(text.replace(old, new, 1), "utf-8")
    return folder / "egne"


@pytest.mark.parametrize("title", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "[x](y.dk)"])
def test_the_title_of_a_definition_of_others_is_shown_as_text(tmp_path: Path, title: str) -> None:
    """It is a text like those of the data: in Markdown, HTML and Excel."""
    source = (desk("indicators") / "oekonomisk-finansiel" / "belaegning.toml").read_text("utf-8")
    found = re.search(r'\[title\]\nda = "([^"]+)"', source)
    assert found is not None
    folder = definitions(tmp_path, f'da = "{found[1]}"', f'da = "{title}"')
    ran = styring_says(
        "review", SYDDJURS, "--indicators", folder, "--format", "md,xlsx,html", "--out", "ud",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    report = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert title not in report or title.startswith("=")
    assert "<script>alert" not in (tmp_path / "ud" / "review.html").read_text("utf-8")
    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "ud" / "review.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and title in cell.value
    ]
    assert cells
    assert {c.data_type for c in cells} == {"s"}


@pytest.mark.parametrize(("old", "new"), [
    ("version = 1", "version = 1\nfile = '/etc/passwd'"),
    ("version = 1", 'version = "__import__(\'os\')"'),
    ('id = "belaegning"', 'id = "../../belaegning"'),
])  # fmt: skip
def test_a_definition_of_others_says_only_what_a_definition_may(
    tmp_path: Path, old: str, new: str
) -> None:
    """No key, expression or id leads out of it: refused at its line."""
    folder = definitions(tmp_path, old, new)
    ran = styring_in_process(
        "review", SYDDJURS, "--indicators", folder, "--out", "ud", cwd=tmp_path
    )
    assert ran.code == 3, ran.out
    assert "belaegning.toml" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "ud").exists()
