"""Excel from a layout file: sheets, tables and columns as data (`review.xlsx.toml`).

Texts are always written as texts, never as formulas or links by accident; the created date is the
as-of date, so the same review gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import tomli
import xlsxwriter

from styring import text
from styring.errors import InputError, Lang, Texts
from styring.formats import fan, waterfall
from styring.formats.words import Words, load_words, template_file
from styring.review import Call, IndicatorPart, Overview, Review

LAYOUT = "review.xlsx.toml"
OVERVIEW = "overview.xlsx.toml"
MOST_TEXT = 32_000
MOST_LINK_TEXT = 255
HEADER_ROW = 3
LINE = 13
"""Points a line of text is high."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NUMBER_FORMATS = {
    "int": "#,##0",
    "year": "0",
    "num1": "#,##0.0",
    "num2": "#,##0.00",
    "num3": "0.000",
    "kr": "#,##0;−#,##0",
    "share": "0.0%;−0.0%",
    "score": "0",
    "date": "d.m.yyyy",
}
WRAPPED = ("wrap", "calls", "head", "apart")
INK, GOOD, POOR = "#1F3A5F", "#DDEBDC", "#F6DDD3"
HEADER = {
    "bold": True,
    "bg_color": INK,
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "border": 1,
    "border_color": "#BFC7D1",
}
LINED = {"bottom": 1, "bottom_color": "#D9DEE5"}
LEFT = {"align": "left", "indent": 1}
"""Texts stand clear of the numbers beside them."""


class Nested(NamedTuple):
    """A row of a list that stands in another row: `of` is the other, `it` the row."""

    of: Any
    it: Any


@dataclass(slots=True)
class _Book:
    """A workbook under way: the review, its words, the formats made, the rows links lead to."""

    book: Any
    review: Review | Overview
    words: Words
    lang: Lang
    layout: list[dict[str, Any]]
    formats: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    anchors: dict[tuple[str, str], str] = field(default_factory=dict)

    def style(self, **properties: object) -> Any:
        """Return the format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
            self.formats[key] = self.book.add_format({**base, **properties})
        return self.formats[key]


def render_xlsx(review: Review | Overview, templates: Path, lang: Lang) -> bytes:
    """Return the report, or the overview, as an Excel workbook.

    Raises:
        InputError: the layout is missing, broken, or names what the review does not have.
    """
    words = load_words(templates, lang)
    file = template_file(templates, LAYOUT if isinstance(review, Review) else OVERVIEW)
    try:
        layout = tomli.loads(file.read_text("utf-8"))["sheet"]
    except (OSError, KeyError, tomli.TOMLDecodeError) as error:
        raise _broken(file, str(error)) from error
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    mark = review.mark[lang] if review.mark else ""
    book.set_properties(
        {"title": _title(review, words), "created": _created(review), "comments": mark}
    )
    b = _Book(book, review, words, lang, layout)
    try:
        b.anchors |= _anchors(b)
        for sheet in layout:
            _write_sheet(b, sheet)
    except (KeyError, AttributeError, TypeError) as error:
        raise _broken(file, str(error)) from error
    book.close()
    return out.getvalue()


def _title(review: Review | Overview, words: Words) -> str:
    if isinstance(review, Review):
        return f"{words['report']}: {review.municipality.name}"
    return str(words["overview"])


def _created(review: Review | Overview) -> datetime:
    """Return the as-of date: the one date that is the same on every run."""
    dates = (
        [review.as_of] if isinstance(review, Review) else [m.as_of for m in review.municipalities]
    )
    day = max(dates, default=date(2000, 1, 1))
    return _moment(day)


def _moment(day: date) -> datetime:
    """Return a day as Excel has it: its beginning, without a time zone."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Excel has no time zones


def _subtitle(b: _Book) -> str:
    """Return whose figures they are, and as of when."""
    if not isinstance(b.review, Review):
        return str(b.words["overview"])
    return f"{b.review.municipality.name}, {b.words['as_of']} {text.day(b.review.as_of, b.lang)}"


def _broken(file: Path, why: str) -> InputError:
    return InputError(
        Texts(f"Arklayoutet kan ikke bruges: {why}", f"The sheet layout cannot be used: {why}"),
        where=str(file),
        hint=Texts(
            "Ret filen, eller udelad --templates for at bruge layoutet i styring.",
            "Mend the file, or leave out --templates to use the layout in styring.",
        ),
    )


def _word(b: _Book, key: str) -> str:
    return str(b.words[key]) if key else ""


def _anchors(b: _Book) -> dict[tuple[str, str], str]:
    """Return the address of every row that a link can lead to."""
    found: dict[tuple[str, str], str] = {}
    for sheet in b.layout:
        row = HEADER_ROW
        for block in sheet["block"]:
            rows = list(_rows(b, block))
            first = _first_data_row(block, row)
            anchor = next((c for c in block["column"] if c.get("anchor")), None)
            if anchor:
                for n, item in enumerate(rows):
                    key = (sheet["id"], str(_value(item, anchor["value"])))
                    found.setdefault(key, f"'{_word(b, sheet['name'])}'!A{first + n + 1}")
            row = first + max(len(rows), 1) + 1
    return found


def _first_data_row(block: Mapping[str, Any], row: int) -> int:
    """Return the row (from 0) of a block's first line: after its title, note and header."""
    return row + bool(block.get("title")) + bool(block.get("note")) + (not block.get("plain"))


def _rows(b: _Book, block: Mapping[str, Any]) -> Iterator[Any]:
    found = _value(b.review, block["rows"])
    items = [] if found is None else found if isinstance(found, tuple) else (found,)
    for item in items:
        if "absent" in block and _value(item, block["absent"]) is not None:
            continue
        if "present" in block and _value(item, block["present"]) is None:
            continue
        if any(_value(item, k) not in allowed for k, allowed in block.get("only", {}).items()):
            continue
        if "each" in block:
            yield from (Nested(item, inner) for inner in _value(item, block["each"]))
        else:
            yield item


def _value(item: Any, path: str) -> Any:
    """Return what stands at a dotted path; nothing below nothing."""
    for name in path.split(".") if path else ():
        if item is None:
            return None
        item = getattr(item, name)
    return item


def _write_sheet(b: _Book, sheet: Mapping[str, Any]) -> None:
    page = b.book.add_worksheet(_word(b, sheet["name"])[:31])
    _page_setup(b, page, sheet)
    row, first_header = HEADER_ROW, None
    for n, block in enumerate(sheet["block"]):
        if block.get("title"):
            page.write_string(
                row, 0, _word(b, block["title"]), b.style(bold=True, font_size=12, font_color=INK)
            )
            row += 1
        if block.get("note"):
            page.write_string(row, 0, _note(b, block["note"]), b.style(italic=True))
            row += 1
        header = row
        row = _write_block(b, page, block, row, set_widths=n == 0)
        if block.get("chart"):
            row = _draw(b, page, block, row + 1)
        if not block.get("plain") and first_header is None:
            first_header = header
            if row - 1 > header + 1 and len(sheet["block"]) == 1:
                page.autofilter(header, 0, row - 1, len(block["column"]) - 1)
        row += 1
    if first_header is not None and first_header <= HEADER_ROW + 2:
        page.freeze_panes(first_header + 1, 1)
        page.repeat_rows(first_header)
    if "print_columns" in sheet:
        page.print_area(0, 0, row - 1, sheet["print_columns"] - 1)


def _page_setup(b: _Book, page: Any, sheet: Mapping[str, Any]) -> None:
    for c, width in enumerate(sheet.get("widths", ())):
        page.set_column(c, c, width)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.set_footer(f"&L{_subtitle(b)}&R{b.words['page']} &P/&N")
    title = f"{_word(b, sheet['name'])} – {_subtitle(b)}"
    page.write_string(0, 0, title, b.style(bold=True, font_size=14, font_color=INK))
    if b.review.mark:
        mark = b.review.mark[b.lang]
        page.write_string(1, 0, mark, b.style(bold=True, font_color="#9C2A00"))
        page.set_header(f"&C&B{mark}")


def _note(b: _Book, key: str) -> str:
    if key in b.words:
        return _word(b, key)
    found = _value(b.review, key)
    return str(found[b.lang]) if isinstance(found, Texts) else str(found or "")


def _write_block(
    b: _Book, page: Any, block: Mapping[str, Any], row: int, *, set_widths: bool
) -> int:
    """Write a table and return the row after it."""
    columns = block["column"]
    for c, column in enumerate(columns):
        if set_widths:
            page.set_column(c, c, column.get("width", 12))
        if not block.get("plain"):
            page.write_string(row, c, _word(b, column["header"]), b.style(**_header(column)))
    row += not block.get("plain")
    first = row
    for item in _rows(b, block):
        lines = max(_write_cell(b, page, row, c, column, item) for c, column in enumerate(columns))
        page.set_row(row, LINE * lines + 3)
        row += 1
    if row == first:
        page.write_string(row, 0, "–", b.style())
        row += 1
    for c, column in enumerate(columns):
        if column.get("mark") and row > first:
            _mark(b, page, column["mark"], (first, c, row - 1, c))
    return row


def _draw(b: _Book, page: Any, block: Mapping[str, Any], row: int) -> int:
    """Draw a block's rows as its layout says, and return the row after the drawing."""
    if block.get("kind") == "fan":
        words = {n: _word(b, key) for n, key in {"title": block["chart"], **fan.WORDS}.items()}
        return fan.draw(b.book, page, list(_rows(b, block)), row, words, b.lang)
    lines = [row_.it for row_ in _rows(b, block)]
    titles = (_word(b, block["chart"]), _word(b, "rises"), _word(b, "falls"))
    return waterfall.draw(b.book, page, lines, row, titles, b.lang)


def _header(column: Mapping[str, Any]) -> dict[str, Any]:
    """Return the looks of a header: over numbers it stands to the right as they do."""
    kind = column.get("format", "text")
    is_number = kind == "unit" or (kind in NUMBER_FORMATS and kind != "date")
    return {**HEADER, "align": "right"} if is_number else {**HEADER, **LEFT}


def _write_cell(
    b: _Book, page: Any, row: int, column: int, spec: Mapping[str, Any], item: Any
) -> int:
    """Write a value and return how many lines it takes in its column."""
    value = _value(item, spec["value"])
    kind = spec.get("format", "text")
    if value is None:
        page.write_blank(row, column, None, b.style(**LINED))
    elif kind == "flag":
        page.write_string(row, column, b.words["yes"] if value else "", b.style(**LINED))
    elif isinstance(value, date):
        style = b.style(num_format=NUMBER_FORMATS["date"], align="left", **LINED)
        page.write_datetime(row, column, _moment(value), style)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        style = b.style(num_format=_number_format(kind, item), **LINED)
        page.write_number(row, column, _rounded(value, kind, item), style)
    else:
        words = _as_text(b, value, spec)
        _write_text(b, page, row, column, spec, item, words)
        return _lines(words, spec)
    return 1


def _lines(words: str, spec: Mapping[str, Any]) -> int:
    """Return how many lines a text takes, a little on the safe side."""
    if spec.get("format") not in WRAPPED:
        return 1
    width: float = spec.get("width", 12)
    return max(1, ceil(len(words) * 1.12 / width))


def _number_format(kind: str, item: Any) -> str:
    if kind != "unit" or not isinstance(item, IndicatorPart):
        return NUMBER_FORMATS.get(kind, "General")
    decimals = "." + "0" * item.decimals if item.decimals else ""
    if item.scale == 100 and item.unit_kind == "share":
        return f"0{decimals}%;−0{decimals}%"
    return f"#,##0{decimals};−#,##0{decimals}"


def _rounded(value: float, kind: str, item: Any) -> float:
    """Return a figure as it is kept: unrounded, but an index in the unit shown."""
    if kind == "unit" and isinstance(item, IndicatorPart) and item.unit_kind != "share":
        return value * item.scale
    return value


def _as_text(b: _Book, value: Any, spec: Mapping[str, Any]) -> str:
    if isinstance(value, Texts):
        return value[b.lang]
    if spec.get("format") == "period":
        return text.period(value, b.lang)
    if spec.get("format") == "calls":
        return "; ".join(f"{c.name} {c.shown[b.lang]} ({c.contact})" for c in _calls(value))
    if spec.get("format") == "apart":
        ours = b.words["against_ours"]
        return "; ".join(
            f"{x.title[b.lang]}: {x.theirs[b.lang]} {ours} {x.own[b.lang]}" for x in value
        )
    names = b.words[spec["words"]] if "words" in spec else {}
    if isinstance(value, tuple):
        return ", ".join(str(names.get(v, v)) for v in value)
    return str(names.get(value, value))


def _calls(value: tuple[Call, ...]) -> tuple[Call, ...]:
    return value


def _write_text(
    b: _Book, page: Any, row: int, column: int, spec: Mapping[str, Any], item: Any, words: str
) -> None:
    clean = _CONTROL.sub("", words)[:MOST_TEXT]
    kind = spec.get("format")
    style = {**LINED, **LEFT, "text_wrap": kind in WRAPPED}
    if kind == "head":
        style |= {"bold": True, "font_color": INK}
    target = None
    if "link" in spec:
        sheet, _, path = spec["link"].partition(":")
        target = b.anchors.get((sheet, str(_value(item, path))))
    if target and len(clean) <= MOST_LINK_TEXT:
        linked = b.style(font_color="#1B5E9E", underline=1, **style)
        page.write_url(row, column, f"internal:{target}", linked, clean)
    else:
        page.write_string(row, column, clean, b.style(**style))


def _mark(b: _Book, page: Any, kind: str, area: tuple[int, int, int, int]) -> None:
    """Colour a column; bold and italic say the same in black and white."""
    poor = b.book.add_format({"bg_color": POOR, "bold": True})
    good = b.book.add_format({"bg_color": GOOD, "italic": True})
    if kind in ("score", "deviation"):
        page.conditional_format(*area, {"type": "blanks", "stop_if_true": True})
    if kind == "score":
        _mark_where(page, area, "<", 40, poor)
        _mark_where(page, area, ">=", 70, good)
    elif kind == "deviation":
        _mark_where(page, area, ">", 0, poor)
    else:
        kinds, severities = b.words["observation_kinds"], b.words["severities"]
        for word in (kinds["weakness"], severities["error"], severities["warning"]):
            _mark_where(page, area, "==", f'"{word}"', poor)
        _mark_where(page, area, "==", f'"{kinds["strength"]}"', good)


def _mark_where(
    page: Any, area: tuple[int, int, int, int], criteria: str, value: object, style: Any
) -> None:
    page.conditional_format(
        *area, {"type": "cell", "criteria": criteria, "value": value, "format": style}
    )
