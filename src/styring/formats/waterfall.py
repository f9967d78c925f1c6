"""A bridge drawn in Excel: native stacked columns laid end to end from 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from styring import text
from styring.errors import Lang
from styring.review import BridgeLine

ROWS = 18
"""Rows a chart takes below its table."""
BESIDE = 12
"""The column (from 0) where the drawing's own figures stand, outside what is printed."""
WIDTH, HEIGHT = 980, 330
UP, DOWN, WHOLE = "#C0562B", "#3E7D5A", "#1F3A5F"
MILLION = 1e6


class Pieces(NamedTuple):
    """A column from one height to another: what it stands on, and its parts above and below 0."""

    base: float
    above: float
    below: float


def pieces(start: float, end: float) -> Pieces:
    """Return how a column from `start` to `end` is stacked; parts below 0 are negative."""
    low, high = min(start, end), max(start, end)
    above, below = max(low, 0.0), min(high, 0.0)
    return Pieces(above + below, max(high, 0.0) - above, min(low, 0.0) - below)


def draw(
    book: Any,
    page: Any,
    lines: Sequence[BridgeLine],
    row: int,
    titles: tuple[str, str, str],
    lang: Lang,
) -> int:
    """Draw the steps of a bridge below its table, and return the row after the drawing.

    Args:
        book: the workbook, of xlsxwriter.
        page: the worksheet.
        lines: of one bridge; those with a start and an end are drawn, the gap as a whole column.
        row: from 0, where the drawing starts.
        titles: of the drawing, and of what rises and what falls.
        lang: of the amounts below the columns.
    """
    drawn = [x for x in lines if x.start is not None and x.end is not None]
    if not drawn:
        return row
    title, up, down = titles
    series = ((title, WHOLE), ("", None), (up, UP), ("", UP), (down, DOWN), ("", DOWN))
    for c, (name, _) in enumerate(series):
        page.write_string(row, BESIDE + 1 + c, name)
    for n, x in enumerate(drawn, row + 1):
        page.write_string(n, BESIDE, f"{x.title[lang]} {_millions(x, lang)}")
        for c, height in enumerate(_heights(x)):
            page.write_number(n, BESIDE + 1 + c, height / MILLION)
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    first, last = row + 1, row + len(drawn)
    for c, (_, colour) in enumerate(series, BESIDE + 1):
        chart.add_series(
            {
                "name": [page.name, row, c],
                "categories": [page.name, first, BESIDE, last, BESIDE],
                "values": [page.name, first, c, last, c],
                "gap": 40,
                **_looks(colour),
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 11, "color": WHOLE}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"label_position": "low", "num_font": {"size": 9}})
    chart.set_y_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9DEE5"}}}
    )
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    page.insert_chart(row, 0, chart, {"object_position": 1, "description": title})
    return row + ROWS


def _heights(x: BridgeLine) -> tuple[float, ...]:
    """Return the heights of a column's series: whole, base, rising above and below, falling."""
    assert x.start is not None
    assert x.end is not None
    if x.role == "gap":
        return x.end, 0.0, 0.0, 0.0, 0.0, 0.0
    p = pieces(x.start, x.end)
    if x.end >= x.start:
        return 0.0, p.base, p.above, p.below, 0.0, 0.0
    return 0.0, p.base, 0.0, 0.0, p.above, p.below


def _millions(x: BridgeLine, lang: Lang) -> str:
    return text.millions(x.effect.amount, lang, sign=True)


def _looks(colour: str | None) -> dict[str, object]:
    """Return a series' fill; what falls is hatched, so that it shows in black and white."""
    if colour is None:
        return {"fill": {"none": True}, "border": {"none": True}}
    if colour == DOWN:
        hatched = {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"}
        return {"pattern": hatched, "border": {"color": colour}}
    return {"fill": {"color": colour}, "border": {"none": True}}
