"""What every sheet of a workbook shares: formats, titles, page setup, widths of text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from textwrap import wrap
from typing import Any

from styring import text
from styring.errors import Lang
from styring.formats.words import Words
from styring.review import IndicatorPart, Overview, Review

MOST_TEXT = 32_000
HEADER_ROW = 3
LINE = 13
"""Points a line of text is high."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
INK, GOOD, POOR, INPUT, PALE = "#1F3A5F", "#DDEBDC", "#F6DDD3", "#FFF4C7", "#F1F3F6"
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
GIVEN = {"bg_color": INPUT, "locked": False, "border": 1, "border_color": "#D8C98A"}
"""A cell that the reader may write in."""
UNLOCKED = {"format_columns": True, "format_rows": True, "format_cells": True, "autofilter": True}
"""What may be done on a sheet whose other cells are locked; there is no password."""


@dataclass(slots=True)
class Book:
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

    def word(self, key: str) -> str:
        """Return a word of the report's language; nothing for no key."""
        return str(self.words[key]) if key else ""

    def has(self, sheet: Mapping[str, Any]) -> bool:
        """Return whether a sheet of the layout comes into the workbook.

        Those that calculate need what an older review.json does not hold.
        """
        held = isinstance(self.review, Review) and self.review.scoring_limits is not None
        return held if "live" in sheet else True

    @property
    def subtitle(self) -> str:
        """Return whose figures they are, and as of when."""
        if not isinstance(self.review, Review):
            return self.word("overview")
        when = text.day(self.review.as_of, self.lang)
        return f"{self.review.municipality.name}, {self.words['as_of']} {when}"


def moment(day: date) -> datetime:
    """Return a day as Excel has it: its beginning, without a time zone."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Excel has no time zones


def cleaned(words: str) -> str:
    """Return a text as a cell can hold it."""
    return _CONTROL.sub("", words)[:MOST_TEXT]


def lines_of(words: str, width: float) -> int:
    """Return how many lines a text takes in a column, a little on the safe side.

    A letter is on average a good tenth narrower than the digit that widths are told in.
    """
    return max(1, len(wrap(words, max(1, int(width)))))


def unit_format(part: IndicatorPart) -> str:
    """Return the number format of a figure in its unit: a share as a percentage."""
    decimals = "." + "0" * part.decimals if part.decimals else ""
    if part.scale == 100 and part.unit_kind == "share":
        return f"0{decimals}%;−0{decimals}%"
    return f"#,##0{decimals};−#,##0{decimals}"


def write_note(b: Book, page: Any, row: int, note: str, widths: Sequence[float]) -> None:
    """Write a note above a table, over the columns that are printed, in the lines it needs."""
    looks = b.style(italic=True, text_wrap=True)
    if len(widths) > 1:
        page.merge_range(row, 0, row, len(widths) - 1, cleaned(note), looks)
    else:
        page.write_string(row, 0, cleaned(note), looks)
    page.set_row(row, LINE * lines_of(note, sum(widths) * 1.1) + 3)


def header_height(headers: Sequence[str], widths: Sequence[float]) -> int:
    """Return how high a header is whose words do not all fit on one line."""
    pairs = zip(headers, widths, strict=True)
    return LINE * max(lines_of(h, w) for h, w in pairs) + 3


def page_setup(b: Book, page: Any, sheet: Mapping[str, Any]) -> None:
    """Set up a sheet's paper, footer and mark, and write its title."""
    page.hide_gridlines(2)
    if not sheet.get("portrait"):
        page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, sheet.get("pages", 0))
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.set_footer(f"&L{b.subtitle}&R{b.words['page']} &P/&N")
    page.set_row(0, 21)
    title = f"{b.word(sheet['name'])} – {b.subtitle}"
    page.write_string(0, 0, title, b.style(bold=True, font_size=14, font_color=INK))
    if b.review.mark:
        mark = b.review.mark[b.lang]
        page.write_string(1, 0, mark, b.style(bold=True, font_color="#9C2A00"))
        page.set_header(f"&C&B{mark}")
