"""Native charts of a table: bars of points, columns and lines over the years or the months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from styring.formats.book import INK, Book

ROWS = 17
"""Rows a chart takes below its table."""
WIDTH, HEIGHT = 900, 310
COLOURS = (INK, "#C8A24A", "#3E7D5A", "#A23B2A", "#6C7A89")
DASHES = ("solid", "dash", "round_dot", "long_dash", "dash_dot")
"""Lines are told apart in black and white too."""
Kind = Literal["bar", "column", "line"]


def bars(
    b: Book,
    page: Any,
    rows: tuple[int, int],
    columns: Sequence[int],
    titles: Sequence[str],
    row: int,
    title: str,
) -> int:
    """Draw points from 0 to 100 as bars, and return the row after the drawing."""
    return plot(b, page, "bar", rows, columns, titles, row, title, span=(0, 100))


def plot(
    b: Book,
    page: Any,
    kind: Kind,
    rows: tuple[int, int],
    columns: Sequence[int],
    titles: Sequence[str],
    row: int,
    title: str,
    *,
    span: tuple[float, float] | None = None,
    unit: str = "",
    category: int = 0,
    dates: str = "",
    shares: bool = False,
) -> int:
    """Draw columns of a table below it, and return the row after the drawing.

    Args:
        b: the workbook.
        page: the worksheet the table and the drawing stand on.
        kind: bars lie down, columns stand.
        rows: the first and the last row (from 0) of the table's lines.
        columns: those drawn, from 0.
        titles: of the columns.
        row: where the drawing starts.
        title: of the drawing.
        span: the ends of the axis, where they are given.
        unit: what kroner are shown in, millions of them; none for other figures.
        category: the column of what the lines are of.
        dates: how a date in it is shown along the axis; none where it holds texts.
        shares: whether the figures are parts of one.
    """
    chart = b.book.add_chart({"type": kind})
    first, last = rows
    for n, (column, name) in enumerate(zip(columns, titles, strict=True)):
        colour = COLOURS[n % len(COLOURS)]
        looks: dict[str, Any] = {"fill": {"color": colour}, "border": {"color": colour}}
        if kind == "line":
            dash = DASHES[n % len(DASHES)]
            looks = {"line": {"color": colour, "width": 2, "dash_type": dash}}
        chart.add_series({
            "name": name,
            "categories": [page.name, first, category, last, category],
            "values": [page.name, first, column, last, column],
            **({} if kind == "line" else {"gap": 60}),
            **looks,
        })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 11, "color": INK}})
    chart.set_legend({"position": "bottom"})
    grid = {"major_gridlines": {"visible": True, "line": {"color": "#D9DEE5"}}}
    ends = {} if span is None else {"min": span[0], "max": span[1]}
    shown = "#,##0,," if unit else "0%" if shares else "General"
    named = {"name": unit} if unit else {}
    values, names = (
        {**grid, **ends, "num_format": shown, **named},
        {"label_position": "low", "num_format": dates or "General"},
    )
    if kind == "bar":
        chart.set_x_axis(values)
        chart.set_y_axis({**names, "reverse": True})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(values)
    chart.show_blanks_as("gap")
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    page.insert_chart(row, 0, chart, {"object_position": 1, "description": title})
    return row + ROWS
