"""Make the Word template that comes with styring: `python docs/word_template.py`.

The same script gives the same bytes; a test checks that the file is fresh.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from styring.definitions import desk
from styring.formats.docx import CELL, HEADER_CELL, NEEDED, TABLE, steady

FILE = desk("templates") / "review" / "review.docx"
FONT = "Arial"
ACCENT, QUIET, WARNING = (
    RGBColor(0x1F, 0x3A, 0x5F),
    RGBColor(0x4A, 0x55, 0x63),
    RGBColor(0x9C, 0x2A, 0),
)
KEPT = {"header", "footer", "no list", "normal table", "default paragraph font", "table grid"}
TABLE_BORDERS = f"""\
<w:tblPr {nsdecls("w")}>
  <w:tblBorders>
    <w:top w:val="nil"/>
    <w:bottom w:val="single" w:sz="4" w:space="0" w:color="C9D1DA"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="C9D1DA"/>
  </w:tblBorders>
  <w:tblCellMar>
    <w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>
    <w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
  </w:tblCellMar>
</w:tblPr>"""
FIRST_ROW = f"""\
<w:tblStylePr {nsdecls("w")} w:type="firstRow">
  <w:rPr><w:b/><w:color w:val="1F3A5F"/></w:rPr>
  <w:tcPr><w:tcBorders>
    <w:bottom w:val="single" w:sz="8" w:space="0" w:color="1F3A5F"/>
  </w:tcBorders></w:tcPr>
</w:tblStylePr>"""


def template() -> bytes:
    """Return the template as bytes."""
    word = docx.Document()
    _drop_parts(word)
    _drop_styles(word)
    _page(word)
    _styles(word)
    _header(word)
    about, first = word.core_properties, datetime(2026, 1, 1)  # noqa: DTZ001 - Word's has no zone
    about.title = about.subject = about.comments = about.keywords = about.category = ""
    about.author = about.last_modified_by = ""
    about.created = about.modified = first
    about.language = "da-DK"
    out = io.BytesIO()
    word.save(out)
    return steady(out.getvalue())


def _drop_parts(word: Any) -> None:
    """Drop what python-docx's own template brings along: a thumbnail, data, styles of old Words."""
    for rels in (word.part.package.rels, word.part.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in {"thumbnail", "customXml", "stylesWithEffects"}:
                del rels[key]


def _drop_styles(word: Any) -> None:
    needed = {n.casefold() for n in NEEDED} | KEPT
    for style in list(word.styles):
        if style.name.casefold() not in needed:
            style._element.getparent().remove(style._element)  # noqa: SLF001
    for style in word.styles:
        for link in style._element.findall(qn("w:link")):  # noqa: SLF001
            style._element.remove(link)  # noqa: SLF001


def _page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)


def _styles(word: Any) -> None:
    _style(word, "Normal", 10, after=6, line=1.15)
    _style(word, "Title", 22, ACCENT, bold=True, after=4)
    _style(word, "Subtitle", 12, QUIET, after=10)
    _style(word, "Heading 1", 17, ACCENT, bold=True, after=10, before=6, keep=True)
    _style(word, "Heading 2", 13, ACCENT, bold=True, after=6, before=16, keep=True)
    _style(word, "Heading 3", 10.5, ACCENT, bold=True, after=3, before=12, keep=True)
    _style(word, "Caption", 9, ACCENT, bold=True, after=4, before=10, keep=True)
    _style(word, "List Bullet", 10, after=4, line=1.15)
    _style(word, "TOC Heading", 13, ACCENT, bold=True, after=6, before=16, keep=True)
    _style(word, "Styring note", 8.5, QUIET, after=6)
    _style(word, CELL, 8.5, after=0)
    _style(word, HEADER_CELL, 8.5, ACCENT, bold=True, after=0, keep=True)
    _style(word, "Header", 8, QUIET, after=0)
    _style(word, "Footer", 8, QUIET, after=0)
    entry = _style(word, "toc 1", 10, after=3)
    entry.paragraph_format.tab_stops.add_tab_stop(
        Cm(16.4), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    table = word.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    table.base_style = word.styles["Normal Table"]
    table.element.append(parse_xml(TABLE_BORDERS))
    table.element.append(parse_xml(FIRST_ROW))


def _style(
    word: Any,
    name: str,
    size: float,
    colour: RGBColor | None = None,
    *,
    bold: bool = False,
    after: float = 0,
    before: float = 0,
    line: float = 1.05,
    keep: bool = False,
) -> Any:
    """Return a paragraph style, made where it is not there, with nothing of what it was."""
    names = {s.name for s in word.styles}
    style = (
        word.styles[name]
        if name in names
        else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
    )
    if name not in {"Normal", "List Bullet"}:
        for part in ("w:rPr", "w:pPr"):
            for old in style.element.findall(qn(part)):
                style.element.remove(old)
        style.base_style = word.styles["Normal"]
    font = style.font
    font.name, font.size, font.bold = FONT, Pt(size), bold or None
    if colour is not None:
        font.color.rgb = colour
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        style.element.rPr.rFonts.set(qn(kind), FONT)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.MULTIPLE, line
    shape.keep_with_next = keep or None
    shape.widow_control = True
    if name.startswith("Heading "):
        shape.keep_together = True
        style.element.pPr.append(
            parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{int(name[-1]) - 1}"/>')
        )
    style.quick_style, style.hidden = True, False
    return style


def _header(word: Any) -> None:
    section = word.sections[0]
    header = section.header.paragraphs[0]
    header.style = "Header"
    header.add_run("{municipality} · {as_of}")
    marked = section.header.add_paragraph(style="Header")
    run = marked.add_run("{mark}")
    run.bold, run.font.color.rgb = True, WARNING
    footer = section.footer.paragraphs[0]
    footer.style = "Footer"
    footer.add_run("{report} · {page} ")
    _field(footer, "PAGE")
    footer.add_run(" {page_of} ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, instruction: str) -> None:
    for part in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{part}</w:r>"))  # noqa: SLF001


if __name__ == "__main__":
    FILE.write_bytes(template())
    print(FILE)
