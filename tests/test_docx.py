"""The report in Word: its parts are Word's own, its texts the review's, its template yours."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import zipfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from running import EXAMPLES, PEERS, SYDDJURS, one_message, python_says, styring_says
from styring.charts import Chart, draw
from styring.definitions import desk
from styring.errors import LANGS, InputError, Lang, Texts
from styring.formats import content
from styring.formats.content import document
from styring.formats.document import Figure, Table
from styring.formats.docx import NEEDED, filled, render_docx
from styring.pipeline import Choices, review
from styring.review import Review

TEMPLATES = desk("templates") / "review"
HOSTILE = '#import "x" $x$ *fed* <w:p> & {mark} \x07 \U0001f600 = _y_ @ref\n\\end'
"""What would be code for a renderer that takes texts for anything but texts."""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="200">'
    '<rect width="9" height="9"/></svg>'
)
CHART = Chart(
    "centres", "centres", "Point", "To søjler.", SVG, 200, ("", "Point"), (("A", "4"), ("B", "5"))
)


@pytest.fixture(scope="module")
def word_template() -> Any:
    """The script that makes the template."""
    file = Path(__file__).parent.parent / "docs" / "word_template.py"
    spec = importlib.util.spec_from_file_location("word_template", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def example(name: str) -> Review:
    """Return the review of an example municipality."""
    return review(EXAMPLES / f"{name}.xlsx", Choices(peers=PEERS))


def opened(data: bytes) -> Any:
    """Return a Word file as python-docx reads it, the blanks that hold figures together as any."""
    word = docx.Document(io.BytesIO(data))
    for text in word.element.body.iter(qn("w:t")):
        text.text = (text.text or "").replace("\N{NO-BREAK SPACE}", " ")
    return word


def headings(word: Any) -> list[tuple[int, str]]:
    """Return level and text of the headings in order."""
    named = ((p.style.name, p.text) for p in word.paragraphs)
    return [(int(name[-1]), text) for name, text in named if name.startswith("Heading ")]


def texts(word: Any) -> list[str]:
    """Return every text of a Word file, row by row in tables."""
    cells = (c.text for t in word.tables for row in t.rows for c in row.cells)
    return [*(p.text for p in word.paragraphs), *cells]


def xml(data: bytes, name: str) -> str:
    """Return a part of a Word file as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read(name).decode("utf-8")


def with_title(made: Review, title: str) -> Review:
    """Return the review with a title of the user's at its first finding, figure and action."""
    told = {"title": Texts(title, title)}
    return made.model_copy(
        update={
            name: (getattr(made, name)[0].model_copy(update=told), *getattr(made, name)[1:])
            for name in ("findings", "actions", "indicators")
        }
    )


@pytest.fixture(scope="module")
def word(syddjurs: Review) -> bytes:
    """The review of Syddjurs in Word."""
    return render_docx(syddjurs, TEMPLATES, "da")


# --- What stands in it --------------------------------------------------------------------------


def test_the_summary_comes_first_then_findings_plan_and_appendices(
    word: bytes, syddjurs: Review
) -> None:
    found = [text for level, text in headings(opened(word)) if level == 1]
    assert found == [
        "Det vigtigste", "1. Observationer og opmærksomhedspunkter", "2. Handleplan",
        "Bilag A. Økonomi og aktivitet", "Bilag B. Andre kommuner, og hvem I kan ringe til",
        "Bilag C. Alle tal", "Bilag D. Hvor tallene kommer fra", "Bilag E. Datakvalitet og metode",
    ]  # fmt: skip
    third = [text for level, text in headings(opened(word)) if level == 3]
    assert third[: len(syddjurs.findings)] == [
        f.title.da for kind in content.KINDS for f in syddjurs.findings if f.kind == kind
    ]


def test_no_level_of_headings_is_skipped(word: bytes) -> None:
    levels = [level for level, _ in headings(opened(word))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_header_row_that_repeats_and_fills_the_page(word: bytes) -> None:
    tables = opened(word).tables
    assert len(tables) >= 10
    for table in tables:
        first, *rest = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(c.text.strip() for c in first.cells)
        assert not any(r._tr.trPr.find(qn("w:tblHeader")) is not None for r in rest)
        widths = [c.width.cm for c in table.columns]
        assert sum(widths) == pytest.approx(16.4, abs=0.1) or sum(widths) == pytest.approx(
            25.1, abs=0.1
        )


def test_the_shares_of_every_table_add_up(syddjurs: Review) -> None:
    for section in document(syddjurs, TEMPLATES, "da").sections:
        for block in section.blocks:
            if isinstance(block, Table):
                assert sum(c.share for c in block.columns) == pytest.approx(1), block.caption
                assert {len(row) for row in block.rows} == {len(block.columns)}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", sorted(p.stem for p in EXAMPLES.glob("*.xlsx")))
def test_what_it_says_is_what_the_review_says(name: str, lang: Lang) -> None:
    """Every sentence on the front page, every finding, action and figure, word by word."""
    made = example(name)
    whole = "\n".join(texts(opened(render_docx(made, TEMPLATES, lang))))
    said = [line.text for line in made.front]
    said += [f.observation for f in made.findings] + [f.title for f in made.findings]
    said += [a.title for a in made.actions] + [a.first_step for a in made.actions if a.first_step]
    said += [i.description for i in made.indicators if i.group is None] + list(made.method)
    assert [t[lang] for t in said if t[lang] not in whole] == []
    for i in made.indicators:
        if i.group is None:
            shown = i.shown[lang]
            assert shown[:1].upper() + shown[1:] in whole


def test_a_figure_is_found_again_by_its_number(word: bytes, syddjurs: Review) -> None:
    """A finding names the number; the appendices tell figure and source under the same one."""
    own = [i for i in syddjurs.indicators if i.group is None]
    finding = next(f for f in syddjurs.findings if f.indicator)
    n = 1 + [i.id for i in own].index(str(finding.indicator))
    read = opened(word)
    evidence = next(p.text for p in read.paragraphs if finding.evidence.da.rstrip(".") in p.text)
    assert f"(tal nr. {n})" in evidence
    assert (3, f"{n}. {own[n - 1].title.da}") in headings(read)
    trace = next(t for t in read.tables if "Betingelse" in [c.text for c in t.rows[0].cells])
    rows = [[c.text for c in row.cells] for row in trace.rows if row.cells[0].text == str(n)]
    assert [(r[3], r[4]) for r in rows] == [(x.sheet, x.column.da) for x in own[n - 1].trace]
    conditions = {row.cells[5].text for row in trace.rows}
    assert "udgift > 1.000.000" in conditions
    assert "paragraf = 108 og version = regnskab og ikke refusion" in conditions
    assert "ejer = egen og paragraf ikke blandt (85, 95, 96) og pladser er udfyldt" in conditions
    assert "De politiske mål kan måles" in conditions


def test_a_picture_is_told_in_words(syddjurs: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "draw", lambda _review, _lang: (CHART,))
    data = render_docx(syddjurs, TEMPLATES, "da")
    (about,) = opened(data).element.xpath("//wp:docPr")
    assert about.get("descr") == "To søjler. A: 4; B: 5."
    assert any(p.text == "To søjler." for p in opened(data).paragraphs)
    assert any(p.text == "Figur 1. Point" for p in opened(data).paragraphs)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert [n for n in parts.namelist() if n.endswith(".png")] == ["word/media/image1.png"]
    assert data == render_docx(syddjurs, TEMPLATES, "da")


@pytest.mark.parametrize("name", ["syddjurs", "odder"])
def test_every_chart_of_the_review_is_there(name: str) -> None:
    """Whatever place a chart is given, the document has it once."""
    sections = document(example(name), TEMPLATES, "da").sections
    shown = [b.svg for s in sections for b in s.blocks if isinstance(b, Figure)]
    assert sorted(shown) == sorted(c.svg for c in draw(example(name), "da"))


def test_the_contents_lead_to_the_headings_and_are_made_anew(word: bytes) -> None:
    body, settings = xml(word, "word/document.xml"), xml(word, "word/settings.xml")
    assert 'TOC \\o "1-1"' in body
    assert settings.index("w:updateFields") < settings.index("w:compat")
    links = re.findall(r'w:anchor="(\w+)"', body)
    marks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', body)
    assert links == marks
    assert len(links) == sum(level == 1 for level, _ in headings(opened(word)))
    assert body.count('w:fldCharType="begin"') == body.count('w:fldCharType="end"')


def test_language_title_and_date_are_the_reviews(syddjurs: Review) -> None:
    for lang, code in (("da", "da-DK"), ("en", "en-GB")):
        data = render_docx(syddjurs, TEMPLATES, lang)  # type: ignore[arg-type]
        about = opened(data).core_properties
        assert f'w:val="{code}"' in xml(data, "word/styles.xml")
        assert (about.author, about.last_modified_by, about.language) == ("", "", code)
        assert "Syddjurs" in about.title
        assert about.created.date() == syddjurs.as_of


def test_the_mark_stands_over_every_page(word: bytes) -> None:
    for section in opened(word).sections:
        assert "KONSTRUERET EKSEMPEL" in "".join(p.text for p in section.header.paragraphs)


def test_hostile_text_is_shown_as_text(syddjurs: Review) -> None:
    read = opened(render_docx(with_title(syddjurs, HOSTILE), TEMPLATES, "da"))
    shown = HOSTILE.replace("\x07", "")
    assert (3, shown) in headings(read)
    assert shown in [c.text for t in read.tables for row in t.rows for c in row.cells]


# --- A template of the user's own ---------------------------------------------------------------


def own_template(tmp_path: Path) -> Path:
    """Return a copy of the templates."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "egne", ignore=lambda *_: ["__pycache__"]))


def test_styles_header_and_front_page_of_an_own_template_are_kept(
    syddjurs: Review, tmp_path: Path
) -> None:
    folder = own_template(tmp_path)
    own = docx.Document(str(folder / "review.docx"))
    own.styles["Heading 1"].font.name = "Georgia"
    own.sections[0].header.paragraphs[0].text = "Vores kommune: {municipality}"
    own.sections[0].header.paragraphs[1].text = ""
    own.add_paragraph("Vores forside")
    own.save(str(folder / "review.docx"))
    read = opened(render_docx(syddjurs, folder, "da"))
    assert read.paragraphs[0].text == "Vores forside"
    assert read.styles["Heading 1"].font.name == "Georgia"
    header = [p.text for p in read.sections[0].header.paragraphs]
    assert header[0] == "Vores kommune: Syddjurs"
    assert "KONSTRUERET EKSEMPEL" in header[-1]  # though its place was taken away


@pytest.mark.parametrize("style", ["Heading 2", "Styring tabel"])
def test_a_missing_style_is_named(style: str, syddjurs: Review, tmp_path: Path) -> None:
    folder = own_template(tmp_path)
    own = docx.Document(str(folder / "review.docx"))
    element = own.styles[style].element
    element.getparent().remove(element)
    own.save(str(folder / "review.docx"))
    with pytest.raises(InputError) as told:
        render_docx(syddjurs, folder, "da")
    assert f"mangler typografien «{style}»" in told.value.what.da
    assert f"lacks the style “{style}”" in told.value.what.en
    assert "review.docx" in str(told.value.where)


@pytest.mark.parametrize("data", [b"", b"ikke en zip", b"PK\x05\x06" + bytes(18)])
def test_a_template_that_is_no_word_file_is_refused(
    data: bytes, syddjurs: Review, tmp_path: Path
) -> None:
    folder = own_template(tmp_path)
    (folder / "review.docx").write_bytes(data)
    with pytest.raises(InputError) as told:
        render_docx(syddjurs, folder, "da")
    assert "kan ikke læses" in told.value.what.da


def test_the_template_is_made_by_its_script(word_template: Any) -> None:
    """Run it again after a change: python docs/word_template.py."""
    assert word_template.template() == word_template.FILE.read_bytes()
    names = {s.name.casefold() for s in docx.Document(str(word_template.FILE)).styles}
    assert {n.casefold() for n in NEEDED} <= names


def test_a_place_is_filled_however_word_has_cut_it() -> None:
    words = {"kommune": "Odder", "side": "Side"}
    assert filled(["{kom", "mune} · ", "{side}"], words) == ["Odder", " · ", "Side"]
    assert filled(["x {ukendt} ", "y"], words) == ["x {ukendt} ", "y"]
    assert filled([], words) == []


@given(st.lists(st.text(alphabet="ab{} ", max_size=6), max_size=5))
def test_filling_puts_the_same_text_however_it_is_cut(pieces: list[str]) -> None:
    words = {"a": "1", "ab": "22"}
    whole = "".join(pieces)
    assert "".join(filled(pieces, words)) == "".join(filled([whole], words) if whole else [])


# --- As a user runs it --------------------------------------------------------------------------


def test_review_writes_word_and_the_same_bytes_again(tmp_path: Path) -> None:
    for folder in ("en", "to"):
        ran = styring_says(
            "review", SYDDJURS, "--peers", PEERS, "--format", "docx", "--out", folder, cwd=tmp_path
        )
        assert ran.code == 0, ran.err
    first, second = (tmp_path / f / "review.docx" for f in ("en", "to"))
    assert first.read_bytes() == second.read_bytes()
    assert headings(opened(first.read_bytes()))[0] == (1, "Det vigtigste")


WITHOUT = """\
import sys
sys.modules["docx"] = sys.modules["typst"] = None
from styring.cli import main
sys.argv = ["styring", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(("form", "library"), [("docx", "docx"), ("pdf", "typst")])
def test_without_the_library_the_message_says_how_to_get_it(
    form: str, library: str, tmp_path: Path
) -> None:
    ran = python_says(WITHOUT, "review", SYDDJURS, "--format", form, "--out", "ud", cwd=tmp_path)
    assert ran.code == 3
    assert library in one_message(ran)
    assert 'pip install "styring[documents]"' in ran.err
    assert not (tmp_path / "ud").exists()


def test_other_formats_load_neither_library(tmp_path: Path) -> None:
    """Nor does `--help`: where they are missing, everything else works."""
    for command in (("--help",), ("review", SYDDJURS, "--format", "md,xlsx", "--out", "ud")):
        ran = python_says(WITHOUT, *command, cwd=tmp_path)
        assert ran.code == 0, ran.err
