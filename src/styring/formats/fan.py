"""The year's accounts drawn in Excel: booked so far, and fanned out to the year's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from styring import text
from styring.errors import Lang
from styring.formats.waterfall import BESIDE, MILLION, WHOLE
from styring.review import ForecastStep

FIGURES = ("low", "width", "booked", "median", "corrected", "original")
WORDS = {
    "low": "low_10",
    "width": "four_of_five",
    "booked": "booked_so_far",
    "median": "expected_cost_short",
    "corrected": "corrected",
    "original": "original",
    "unit": "in_millions",
}
LINES = {
    "booked": {"color": WHOLE, "width": 2.5},
    "median": {"color": "#C0562B", "width": 2.25, "dash_type": "dash"},
    "corrected": {"color": "#3A3A3A", "width": 1.25},
    "original": {"color": "#7A7A7A", "width": 1.25, "dash_type": "round_dot"},
}
BAND = "#E3B8A5"
ROWS = 24
"""Rows the chart takes below its table."""
WIDTH, HEIGHT = 1100, 440


def draw(
    book: Any,
    page: Any,
    steps: Sequence[ForecastStep],
    row: int,
    words: Mapping[str, str],
    lang: Lang,
) -> int:
    """Draw the months of the year below their table, and return the row after the drawing.

    Args:
        book: the workbook, of xlsxwriter.
        page: the worksheet.
        steps: the months, accumulated kroner.
        row: from 0, where the drawing starts.
        words: the title, and the name of each figure.
        lang: of the months.
    """
    if not steps:
        return row
    for c, name in enumerate(FIGURES, BESIDE + 1):
        page.write_string(row, c, _named(steps, name, words[name], lang))
    for n, step in enumerate(steps, row + 1):
        page.write_string(n, BESIDE, text.period(step.month, lang).split(" ")[0])
        for c, name in enumerate(FIGURES, BESIDE + 1):
            kroner = _figure(step, name)
            if kroner is not None:
                page.write_number(n, c, kroner / MILLION)
    first, last = row + 1, row + len(steps)
    chart, over = (
        book.add_chart({"type": "area", "subtype": "stacked"}),
        book.add_chart({"type": "line"}),
    )
    for c, name in enumerate(FIGURES, BESIDE + 1):
        series: dict[str, Any] = {
            "name": [page.name, row, c],
            "categories": [page.name, first, BESIDE, last, BESIDE],
            "values": [page.name, first, c, last, c],
        }
        if name in LINES:
            over.add_series({**series, "line": LINES[name]})
        else:
            fill = {"none": True} if name == "low" else {"color": BAND}
            chart.add_series({**series, "fill": fill, "border": {"none": True}})
    chart.combine(over)
    chart.set_title(
        {"name": f"{words['title']} ({words['unit']})", "name_font": {"size": 11, "color": WHOLE}}
    )
    chart.set_legend({"position": "right", "delete_series": [0], "font": {"size": 9}})
    chart.set_x_axis({"num_font": {"size": 9}})
    chart.set_y_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9DEE5"}}}
    )
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    page.insert_chart(row, 0, chart, {"object_position": 1, "description": words["title"]})
    return row + ROWS


def _figure(step: ForecastStep, name: str) -> float | None:
    """Return a figure of a month; the band's width stands on its low end, 0 on what is booked."""
    if step.low is None or step.high is None:
        beneath: float | None = {"low": step.booked, "width": 0.0}.get(
            name, getattr(step, name, None)
        )
        return beneath
    found: float | None = step.high - step.low if name == "width" else getattr(step, name)
    return found


def _named(steps: Sequence[ForecastStep], name: str, word: str, lang: Lang) -> str:
    """Return a figure's name with what it ends at, which the scale leaves hard to read."""
    last = steps[-1]
    ends = (last.low, last.high) if name == "width" else (getattr(last, name),)
    said = "–".join(text.number(x / MILLION, 1, lang) for x in ends if x is not None)
    return f"{word}: {said}" if said else word
