"""A document in Word, on a template whose styles, header and footer are kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from functools import singledispatch
from itertools import count
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Inches, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from styring.errors import InputError, Lang, Texts
from styring.formats.content import document
from styring.formats.document import (
    Contents,
    Document,
    Figure,
    Heading,
    Paragraph,
    Section,
    Table,
)
from styring.formats.picture import PIXELS_PER_INCH, png
from styring.formats.words import template_file
from styring.review import Review

TEMPLATE = "review.docx"
STYLES = {
    "body": "Normal",
    "bullet": "List Bullet",
    "note": "Styring note",
}
TABLE, CELL, HEADER_CELL = "Styring tabel", "Styring celle", "Styring overskriftscelle"
NEEDED = (
    "Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet",
    "TOC Heading", "toc 1", "Styring note", TABLE, CELL, HEADER_CELL,
)  # fmt: skip
"""The styles a template must have, by the names Word gives them in English."""
LANGUAGES: dict[Lang, str] = {"da": "da-DK", "en": "en-GB"}
AFTER_FIELDS = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "rsids", "themeFontLang")
"""What stands after `updateFields` in the settings of a Word file, in order."""
BESIDE_FIGURES = Pt(6)
"""How far a text stands from the figures of the column before."""
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the file: the oldest that a zip can hold."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


class _Writer:
    """A Word document being written; sections are counted, so that the contents lead to them."""

    def __init__(self, word: Any, doc: Document) -> None:
        self.word, self.doc = word, doc
        self.marks = count(1)

    @property
    def width(self) -> int:
        """The width between the margins of the section at hand, in EMU."""
        section = self.word.sections[-1]
        return int(section.page_width - section.left_margin - section.right_margin)

    def paragraph(self, text: str, style: str, label: str = "") -> WordParagraph:
        """Add a paragraph, its label in bold."""
        added: WordParagraph = self.word.add_paragraph(style=style)
        if label:
            added.add_run(f"{_printable(label)} ").bold = True
        added.add_run(_printable(text))
        return added

    def heading(self, text: str, level: int) -> WordParagraph:
        """Add a heading, with the mark that the contents lead to."""
        added = self.paragraph(text, f"Heading {level}")
        if level == 1:
            _bookmark(added, next(self.marks))
        return added


def render_docx(review: Review, templates: Path, lang: Lang) -> bytes:
    """Return a review as a Word document.

    Raises:
        InputError: the template cannot be read or lacks a style, or a word is missing.
    """
    doc = document(review, templates, lang)
    word = _opened(template_file(templates, TEMPLATE))
    _set_language(word, LANGUAGES[lang])
    _set_properties(word, doc)
    _fill_header(word, doc)
    w = _Writer(word, doc)
    w.paragraph(doc.title, "Title")
    w.paragraph(doc.subtitle, "Subtitle")
    if doc.mark:
        w.paragraph("", "Normal", doc.mark)
    for n, section in enumerate(doc.sections):
        _write_section(w, section, first=n == 0)
    out = io.BytesIO()
    word.save(out)
    return steady(out.getvalue())


def _opened(file: Path) -> Any:
    """Return the template, its empty last paragraph taken away.

    Raises:
        InputError: it cannot be read, or styles are missing.
    """
    try:
        word = docx.Document(io.BytesIO(file.read_bytes()))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, PackageNotFoundError) as error:
        raise InputError(
            Texts("Word-skabelonen kan ikke læses.", "The Word template cannot be read."),
            where=str(file),
            hint=Texts(
                "Gem den i Word som .docx, eller udelad --templates.",
                "Save it in Word as .docx, or leave out --templates.",
            ),
        ) from error
    names = {s.name.casefold() for s in word.styles if s.name}
    missing = [n for n in NEEDED if n.casefold() not in names]
    if missing:
        da, en = (", ".join(f"{a}{n}{z}" for n in missing) for a, z in ("«»", "“”"))
        raise InputError(
            Texts(
                f"Word-skabelonen mangler typografien {da}."
                if len(missing) == 1
                else f"Word-skabelonen mangler typografierne {da}.",
                f"The Word template lacks the style {en}."
                if len(missing) == 1
                else f"The Word template lacks the styles {en}.",
            ),
            where=str(file),
            hint=Texts(
                "Begynd med review.docx, som følger med styring, og ret dens typografier i Word.",
                "Start from the review.docx that comes with styring, and change its styles in "
                "Word.",
            ),
        )
    for paragraph in word.paragraphs[-1:]:
        if not paragraph.text and not paragraph._p.xpath(".//w:drawing | .//w:sectPr"):  # noqa: SLF001 - it has no other name
            paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001
    return word


def _write_section(w: _Writer, section: Section, *, first: bool) -> None:
    wide = w.word.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    if section.landscape != wide:
        _turn(w.word.add_section(WD_SECTION.NEW_PAGE))
    heading = w.heading(section.title, 1)
    turned = section.landscape != wide
    heading.paragraph_format.page_break_before = None if first or turned else True
    for block in section.blocks:
        _write(block, w)


def _turn(section: Any) -> None:
    """Turn a section's pages on their side, or back."""
    section.page_width, section.page_height = section.page_height, section.page_width
    lying = section.page_width > section.page_height
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT


@singledispatch
def _write(block: object, _w: _Writer) -> None:
    raise TypeError(block)


@_write.register
def _(block: Heading, w: _Writer) -> None:
    w.heading(block.text, block.level)


@_write.register
def _(block: Paragraph, w: _Writer) -> None:
    added = w.paragraph(block.text, STYLES[block.style], block.label)
    added.paragraph_format.keep_with_next = block.keep or None


@_write.register
def _(block: Table, w: _Writer) -> None:
    w.paragraph(block.caption, "Caption", f"{block.label}.")
    table = w.word.add_table(rows=len(block.rows) + 1, cols=len(block.columns), style=TABLE)
    table.autofit = False
    _describe_table(table, block.caption)
    widths = [Emu(int(w.width * c.share)) for c in block.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    header = tuple(c.header for c in block.columns)
    for n, (row, texts) in enumerate(zip(table.rows, (header, *block.rows), strict=True)):
        _row_property(row, "w:cantSplit")
        if n == 0:
            _row_property(row, "w:tblHeader")
        cells = zip(row.cells, texts, block.columns, widths, strict=True)
        for x, (cell, text, column, width) in enumerate(cells):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.style = HEADER_CELL if n == 0 else CELL
            if column.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            elif x > 0 and block.columns[x - 1].figures:
                paragraph.paragraph_format.left_indent = BESIDE_FIGURES
            if block.whole and n < len(block.rows):
                paragraph.paragraph_format.keep_with_next = True
            paragraph.add_run(_printable(text))
    w.word.add_paragraph(style="Styring note")


@_write.register
def _(block: Figure, w: _Writer) -> None:
    w.paragraph(block.caption, "Caption", f"{block.label}.")
    width = min(Inches(block.width / PIXELS_PER_INCH), w.width)
    shape = w.word.add_picture(io.BytesIO(png(block.svg)), width=width)
    about = shape._inline.docPr  # noqa: SLF001 - python-docx has no words for it
    about.set("descr", _printable(block.alt))
    about.set("title", _printable(block.caption))
    if block.note:
        w.word.paragraphs[-1].paragraph_format.keep_with_next = True
        w.paragraph(block.note, STYLES["note"])


@_write.register
def _(block: Contents, w: _Writer) -> None:
    w.paragraph(block.title, "TOC Heading")
    last = len(w.doc.sections)
    for n, section in enumerate(w.doc.sections, 1):
        paragraph = w.word.add_paragraph(style="toc 1")
        if n == 1:
            _append(paragraph, *_begin('TOC \\o "1-1" \\h \\z'))
        link = _element("w:hyperlink", anchor=_mark(n), history="1")
        link.append(_run(_text(section.title)))
        _append(paragraph, link)
        if n == last:
            _append(paragraph, _run(_element("w:fldChar", fldCharType="end")))


# --- Parts of Word that python-docx has no words for ---------------------------------------------


def _element(tag: str, /, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _bookmark(paragraph: WordParagraph, n: int) -> None:
    start = _element("w:bookmarkStart", id=str(n), name=_mark(n))
    paragraph._p.insert(1, start)  # noqa: SLF001
    paragraph._p.append(_element("w:bookmarkEnd", id=str(n)))  # noqa: SLF001


def _mark(n: int) -> str:
    return f"_Toc{n:09d}"


def _run(*parts: Any) -> Any:
    run = OxmlElement("w:r")
    for part in parts:
        run.append(part)
    return run


def _instruction(text: str) -> Any:
    made = OxmlElement("w:instrText")
    made.set(qn("xml:space"), "preserve")
    made.text = f" {text} "
    return made


def _text(text: str) -> Any:
    made = OxmlElement("w:t")
    made.set(qn("xml:space"), "preserve")
    made.text = _printable(text)
    return made


def _begin(instruction: str) -> list[Any]:
    """Return the runs that begin a field; its result follows, and is made anew in Word."""
    return [
        _run(_element("w:fldChar", fldCharType="begin")),
        _run(_instruction(instruction)),
        _run(_element("w:fldChar", fldCharType="separate")),
    ]


def _append(paragraph: WordParagraph, *parts: Any) -> None:
    for part in parts:
        paragraph._p.append(part)  # noqa: SLF001


def _row_property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001


def _describe_table(table: Any, caption: str) -> None:
    """Give a table a name for those who cannot see it, and say that its first row is a header."""
    properties = table._tbl.tblPr  # noqa: SLF001
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    look = _element("w:tblLook", val="0020", firstRow="1", lastRow="0", firstColumn="0",
                    lastColumn="0", noHBand="1", noVBand="1")  # fmt: skip
    properties.append(look)
    properties.append(_element("w:tblCaption", val=_printable(caption)))


def _set_language(word: Any, language: str) -> None:
    """Set the language that Word spells by; one that a style of the template has is kept."""
    for defaults in word.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr"):
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        defaults.append(_element("w:lang", val=language, eastAsia=language, bidi="ar-SA"))


def _set_properties(word: Any, doc: Document) -> None:
    about, day = word.core_properties, doc.created
    about.title = _printable(f"{doc.title}: {doc.municipality}")
    about.subject, about.keywords, about.comments = doc.subtitle, "", doc.mark
    about.author = about.last_modified_by = about.category = ""
    about.language = LANGUAGES[doc.lang]
    about.created = about.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Word's has no zone
    about.revision = 1
    _update_fields(word.settings.element)


def _update_fields(settings: Any) -> None:
    """Have Word make its fields anew when it opens the file; the order of settings is fixed."""
    if settings.find(qn("w:updateFields")) is not None:
        return
    later = (settings.find(qn(f"w:{name}")) for name in AFTER_FIELDS)
    place = next((found for found in later if found is not None), None)
    made = _element("w:updateFields", val="true")
    if place is None:
        settings.append(made)
    else:
        place.addprevious(made)


def _fill_header(word: Any, doc: Document) -> None:
    """Fill the places in header and footer; the mark is put there where it has no place."""
    words = {
        "municipality": doc.municipality,
        "report": doc.title,
        "as_of": doc.as_of,
        "page": doc.page,
        "page_of": doc.page_of,
        "mark": doc.mark,
    }
    section = word.sections[0]
    marked = False
    for part in (section.header, section.footer, section.first_page_header,
                 section.first_page_footer):  # fmt: skip
        if part.is_linked_to_previous:
            continue
        for paragraph in part.paragraphs:
            marked |= "{mark}" in paragraph.text
            _fill(paragraph, words)
    if doc.mark and not marked:
        section.header.add_paragraph(_printable(doc.mark))


def _fill(paragraph: Any, words: Mapping[str, str]) -> None:
    """Put words in the places `{name}` of a paragraph, however Word has cut its text in runs."""
    texts = paragraph._p.xpath(".//w:t")  # noqa: SLF001
    for found, text in zip(texts, filled([t.text or "" for t in texts], words), strict=True):
        found.text = _printable(text)
        found.set(qn("xml:space"), "preserve")


def filled(pieces: list[str], words: Mapping[str, str]) -> list[str]:
    """Return pieces of one text with its places `{name}` filled, each in the piece it begins in."""
    whole = "".join(pieces)
    starts = [sum(map(len, pieces[:n])) for n in range(len(pieces))]
    made = [""] * len(pieces)
    place = 0

    def put(text: str, at: int) -> None:
        made[max(n for n, s in enumerate(starts) if s <= at)] += text

    for m in re.finditer(r"\{(\w+)\}", whole):
        for at in range(place, m.start()):
            put(whole[at], at)
        put(words.get(m[1], m[0]), m.start())
        place = m.end()
    for at in range(place, len(whole)):
        put(whole[at], at)
    return made


def _printable(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _UNPRINTABLE.sub("", text)


def steady(data: bytes) -> bytes:
    """Return a zip file with the same parts and no times of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, FIRST_DAY)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            part.create_system = 0
            new.writestr(part, old.read(name))
    return out.getvalue()
