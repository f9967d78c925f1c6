"""The sheet that leads to the others: what each is, and a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from styring.formats.book import (
    HEADER,
    HEADER_ROW,
    LEFT,
    LINE,
    LINED,
    Book,
    lines_of,
    page_setup,
    write_note,
)

WIDTHS = (30, 110)


def write_contents(b: Book, sheet: Mapping[str, Any]) -> None:
    """Write a line for every other sheet, in their order."""
    page = b.book.add_worksheet(b.word(sheet["name"])[:31])
    page_setup(b, page, sheet)
    for c, width in enumerate(WIDTHS):
        page.set_column(c, c, width)
    write_note(b, page, HEADER_ROW - 1, b.word("empty_cells"), WIDTHS)
    about = b.words.get("about", {})
    for c, word in enumerate(("sheet", "live_about")):
        page.write_string(HEADER_ROW, c, b.word(word), b.style(**HEADER, **LEFT))
    row = HEADER_ROW + 1
    linked = b.style(font_color="#1B5E9E", underline=1, **LINED, **LEFT)
    told = b.style(text_wrap=True, **LINED, **LEFT)
    for other in b.layout:
        if other is sheet or not b.has(other):
            continue
        name, text = b.word(other["name"])[:31], str(about.get(other["id"], ""))
        page.write_url(row, 0, f"internal:'{name}'!A1", linked, name)
        page.write_string(row, 1, text, told)
        page.set_row(row, LINE * lines_of(text, WIDTHS[1]) + 3)
        row += 1
    page.freeze_panes(HEADER_ROW + 1, 0)
    page.repeat_rows(HEADER_ROW)
    page.print_area(0, 0, row - 1, len(WIDTHS) - 1)
