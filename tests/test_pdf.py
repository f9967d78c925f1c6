"""The report as PDF: tagged, in its language, what Word says, and texts never code."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from running import EXAMPLES, PEERS, SYDDJURS, styring_says
from styring.definitions import desk
from styring.errors import LANGS, InputError, Lang
from styring.formats import content, pdf
from styring.formats.content import document
from styring.formats.pdf import IN_PLACE, UNSET, render_pdf
from styring.formats.picture import fonts, png
from styring.review import Review
from test_docx import CHART, HOSTILE, SVG, example, own_template, with_title

TEMPLATES = desk("templates") / "review"
PNG = b"\x89PNG\r\n\x1a\n"


def words(data: bytes, tmp_path: Path) -> str:
    """Return the text of a PDF with single blanks."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the text cannot be read back")
    file = tmp_path / "review.pdf"
    file.write_bytes(data)
    read = subprocess.run([tool, "-layout", file, "-"], capture_output=True, check=True)
    return " ".join(read.stdout.decode("utf-8").split())


def says(whole: str, text: str) -> bool:
    """Return whether a text stands there, lines broken anywhere."""
    return "".join(text.split()) in "".join(whole.split())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", sorted(p.stem for p in EXAMPLES.glob("*.xlsx")))
def test_it_is_tagged_and_says_what_the_review_says(name: str, lang: Lang, tmp_path: Path) -> None:
    """The compiler refuses what is not PDF/UA-1; the marks of it are there."""
    made = example(name)
    data = render_pdf(made, TEMPLATES, lang)
    code = {"da": b"da-DK", "en": b"en-GB"}[lang]
    for sign in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", code, b"pdfuaid"):
        assert sign in data, sign
    whole = words(data, tmp_path)
    for line in made.front:
        assert says(whole, line.heading[lang])
    for number in re.findall(r"\d[\d.,]*\d", " ".join(line.text[lang] for line in made.front)):
        assert number in whole
    for section in document(made, TEMPLATES, lang).sections:
        assert says(whole, section.title)


def test_the_same_review_gives_the_same_bytes(syddjurs: Review) -> None:
    assert render_pdf(syddjurs, TEMPLATES, "da") == render_pdf(syddjurs, TEMPLATES, "da")


def test_the_summary_ends_where_the_findings_begin_on_page_three(
    syddjurs: Review, tmp_path: Path
) -> None:
    """Two pages of summary and contents."""
    (tmp_path / "x.pdf").write_bytes(render_pdf(syddjurs, TEMPLATES, "da"))
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the pages cannot be read back")
    read = subprocess.run([tool, tmp_path / "x.pdf", "-"], capture_output=True, check=True)
    pages = read.stdout.decode("utf-8").split("\f")
    assert "1. Observationer og opmærksomhedspunkter" in pages[2]
    assert "Det vigtigste" in pages[0]
    assert "Indhold" in pages[1]
    assert all("KONSTRUERET EKSEMPEL" in page for page in pages[:-1])


def test_hostile_text_is_shown_as_text(syddjurs: Review, tmp_path: Path) -> None:
    data = render_pdf(with_title(syddjurs, HOSTILE), TEMPLATES, "da")
    whole = words(data, tmp_path)
    assert says(whole, '#import "x" $x$ *fed* <w:p> & {mark}')
    assert says(whole, "= _y_ @ref")
    assert says(whole, "\\end")


def test_a_picture_is_told_in_words(syddjurs: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "draw", lambda _review, _lang: ())
    without = render_pdf(syddjurs, TEMPLATES, "da")
    monkeypatch.setattr(content, "draw", lambda _review, _lang: (CHART,))
    data = render_pdf(syddjurs, TEMPLATES, "da")
    assert data.count(b"/Figure") > without.count(b"/Figure")
    assert b"/Alt" in data
    assert b"/Alt" not in without


@given(st.text(max_size=40))
@settings(max_examples=30, deadline=None)
def test_any_text_can_be_set(text: str) -> None:
    """What the font lacks is an empty square, and the compiler has nothing to refuse."""
    settable(UNSET.sub(IN_PLACE, text))


def test_every_sign_that_is_let_through_can_be_set() -> None:
    settable("".join(c for c in map(chr, range(0x20, 0x3000)) if not UNSET.match(c)))
    assert UNSET.sub(IN_PLACE, "æøåÆØÅ §½–−«»“”€é 1.234,5\u00a0kr.") == (
        "æøåÆØÅ §½–−«»“”€é 1.234,5\u00a0kr."
    )
    assert UNSET.sub(IN_PLACE, "a\U0001f600中") == "a□□"


def settable(text: str) -> None:
    source = '#set document(title: "x")\n#set text(font: "Liberation Sans")\n#par(sys.inputs.text)'
    typst.compile(
        source.encode(), format="pdf", pdf_standards="ua-1", sys_inputs={"text": text},
        font_paths=fonts(),
    )  # fmt: skip


def test_a_picture_has_its_size_and_the_same_bytes() -> None:
    """640 × 200 at two pixels a unit is 1280 × 400."""
    data = png(SVG)
    assert data[:8] == PNG
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1280, 400)
    assert data == png(SVG)


# --- A template of the user's own ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("#let x = 1\n#findes-ikke", "unknown variable: findes-ikke"),
        ('#import "@preview/cetz:0.3.0"', "kun hente filer"),
        ('#import "\\u{40}preview/cetz:0.3.0.typ"', "kun hente filer"),
        ('#import ("@pre" + "view/cetz:0.3.0")', "kun hente filer"),
        ('#import /* */ "@preview/cetz:0.3.0"', "kun hente filer"),
        ('#eval("import")', "kun hente filer"),
        ('#read("../hemmelig.txt")', "root"),
    ],
)
def test_a_broken_template_is_named(
    source: str, told: str, syddjurs: Review, tmp_path: Path
) -> None:
    """With its line; nothing is fetched, and nothing outside its folder is read."""
    folder = own_template(tmp_path)
    (tmp_path / "hemmelig.txt").write_text("hemmelig", "utf-8")
    (folder / "review.typ").write_text(source, "utf-8")
    with pytest.raises(InputError) as error:
        render_pdf(syddjurs, folder, "da")
    assert told in error.value.what.da
    assert "review.typ" in str(error.value.where)


def test_a_file_beside_the_template_may_be_fetched_but_fetch_no_package(
    syddjurs: Review, tmp_path: Path
) -> None:
    folder = own_template(tmp_path)
    whole = (folder / "review.typ").read_text("utf-8")
    (folder / "review.typ").write_text(f'#import "navne.typ": kommune\n{whole}', "utf-8")
    (folder / "navne.typ").write_text('#let kommune = "Syddjurs"', "utf-8")
    assert render_pdf(syddjurs, folder, "da").startswith(b"%PDF")
    (folder / "navne.typ").write_text('#import "@preview/cetz:0.3.0"', "utf-8")
    with pytest.raises(InputError) as error:
        render_pdf(syddjurs, folder, "da")
    assert "navne.typ, linje 1" in error.value.where.da


def test_a_folder_without_the_template_uses_the_one_of_styring(
    syddjurs: Review, tmp_path: Path
) -> None:
    folder = own_template(tmp_path)
    (folder / "review.typ").unlink()
    assert render_pdf(syddjurs, folder, "da") == render_pdf(syddjurs, TEMPLATES, "da")


def test_what_is_no_word_is_named(syddjurs: Review, tmp_path: Path) -> None:
    (tmp_path / "da.toml").write_text('parts = "del"', "utf-8")
    with pytest.raises(InputError) as error:
        render_pdf(syddjurs, tmp_path, "da")
    assert "parts.numerator" in error.value.what.da
    assert "da.toml" in str(error.value.where)


# --- As a user runs it --------------------------------------------------------------------------


def test_render_makes_a_pdf_of_a_finished_review(tmp_path: Path) -> None:
    ran = styring_says("review", SYDDJURS, "--peers", PEERS, "--format", "pdf", "--out", "ud",
                       cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    ran = styring_says("render", "ud/review.json", "--format", "pdf,docx", "--out", "igen",
                       cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    first, again = (tmp_path / f / "review.pdf" for f in ("ud", "igen"))
    assert first.read_bytes()[:5] == b"%PDF-"
    assert first.read_bytes() == again.read_bytes()
    assert pdf.TEMPLATE == "review.typ"
