"""The kinds of charts: marks on rows, lines over years, steps from one amount to another, a fan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from styring.charts import svg
from styring.charts.svg import ACCENT, EDGE, INK, MUTED, OTHER, WIDTH, Scale

Say = Callable[[float], str]
"""Writes a figure as readers write it."""
ROW, HALF = 34, 17
LABELS, RIGHT, TOP = 250, 24, 14
GRID = "#c4c4c4"
DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Of the first, second, … line of a chart."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label, a range with its ends, a mark, a second mark; each with its words."""

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    other: float | None = None
    said: str = ""
    other_said: str = ""


def ranges(
    rows: Sequence[Row], say: Say, *, limits: tuple[float, float] | None = None
) -> tuple[float, list[str]]:
    """Return rows of a range, a filled circle and a hollow diamond, on one axis below them.

    Returns:
        the height, and the marks.
    """
    known = [x for r in rows for x in (r.value, r.low, r.high, r.other) if x is not None]
    low, high, ticks = svg.nice([*known, *(limits or ())])
    across = Scale(low, high, LABELS + 10, WIDTH - RIGHT)
    bottom = TOP + ROW * len(rows)
    marks = _grid(across, ticks, TOP, bottom, say)
    for n, r in enumerate(rows):
        y = TOP + ROW * n + HALF
        marks += _label(r.label, y)
        if r.low is not None and r.high is not None:
            x, w = across.at(r.low), across.at(r.high) - across.at(r.low)
            said = f"{r.label}: {say(r.low)} – {say(r.high)}"
            marks.append(svg.bar(x, y - 7, max(w, 1.5), 14, said, fill=svg.BAND))
            marks += [svg.line(at, y - 7, at, y + 7, stroke=EDGE, width=1.5) for at in (x, x + w)]
        if r.other is not None:
            marks.append(svg.dot(across.at(r.other), y, r.other_said, fill=OTHER, shape="diamond"))
        if r.value is not None:
            marks.append(svg.dot(across.at(r.value), y, r.said))
    return bottom + 34, marks


def _label(label: str, y: float) -> list[str]:
    lines = svg.fitted(label, LABELS - 4)[:2]
    first = y + 4.5 - (len(lines) - 1) * 7.5
    return [svg.text(LABELS, first + 15 * n, said, anchor="end") for n, said in enumerate(lines)]


def _grid(across: Scale, ticks: Sequence[float], top: float, bottom: float, say: Say) -> list[str]:
    marks = []
    for tick in ticks:
        x = across.at(tick)
        marks.append(svg.line(x, top, x, bottom, stroke=GRID, width=0.8))
        marks.append(svg.text(x, bottom + 19, say(tick), anchor="middle", fill=MUTED))
    return marks


def bars(rows: Sequence[tuple[str, float]], say: Say) -> tuple[float, list[str]]:
    """Return horizontal bars from 0, each with its figure beside it."""
    low, high, ticks = svg.nice([v for _, v in rows], zero=True)
    room = 80
    across = Scale(low, high, LABELS + 10 + (room if low < 0 else 0), WIDTH - room)
    bottom = TOP + ROW * len(rows)
    marks = _grid(across, ticks, TOP, bottom, say)
    for n, (label, value) in enumerate(rows):
        y = TOP + ROW * n + HALF
        marks += _label(label, y)
        x, w = across.at(0), across.at(value) - across.at(0)
        marks.append(
            svg.bar(x, y - 9, w, 18, f"{label}: {say(value)}", fill=ACCENT if value >= 0 else OTHER)
        )
        side = 6 if value >= 0 else -6
        marks.append(
            svg.text(x + w + side, y + 4.5, say(value), anchor="start" if value >= 0 else "end")
        )
    marks.append(svg.line(across.at(0), TOP, across.at(0), bottom, stroke=INK))
    return bottom + 34, marks


def levels(ticks: Sequence[float], up: Scale, left: float, right: float, say: Say) -> list[str]:
    """Return the lines and figures of an upright axis."""
    marks = []
    for tick in ticks:
        y = up.at(tick)
        marks.append(svg.line(left, y, right, y, stroke=GRID, width=0.8))
        marks.append(svg.text(left - 8, y + 4.5, say(tick), anchor="end", fill=MUTED))
    return marks


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the places of the axis; None where it has no figure."""

    label: str
    values: tuple[float | None, ...]


def lines(
    places: Sequence[str],
    some: Sequence[Line],
    say: Say,
    *,
    zero: bool = False,
    bands: Sequence[tuple[float, str]] = (),
) -> tuple[float, list[str]]:
    """Return lines over places, each told apart by its dashes and by its name in the legend.

    Args:
        places: what stands below the axis.
        some: at most four lines.
        say: writes a figure.
        zero: the axis holds 0.
        bands: levels drawn across, with their names at the right.
    """
    known = [v for one in some for v in one.values if v is not None] + [b for b, _ in bands]
    low, high, ticks = svg.nice(known, zero=zero)
    left, right = 86, WIDTH - (150 if bands else 30)
    rows = _legend(some, left)
    top = TOP + 22 * len({y for _, y, _ in rows}) + 8
    bottom = top + 240
    up = Scale(low, high, bottom, top)
    step = (right - left - 40) / max(len(places) - 1, 1)
    marks = levels(ticks, up, left, right, say)
    every = max(1, -(-len(places) // max(1, int((right - left) / 70))))
    for n, place in enumerate(places):
        if n % every == 0:
            marks.append(
                svg.text(left + 20 + n * step, bottom + 19, place, anchor="middle", fill=MUTED)
            )
    for level, name in bands:
        marks.append(svg.line(left, up.at(level), right, up.at(level), stroke=OTHER, dash="6 4"))
        for k, said in enumerate(svg.fitted(name, 140)):
            marks.append(svg.text(right + 6, up.at(level) + 4.5 + 15 * k, said, fill=OTHER))
    for n, one in enumerate(some):
        points = [
            (left + 20 + k * step, up.at(v)) for k, v in enumerate(one.values) if v is not None
        ]
        colour = (ACCENT, OTHER, INK, EDGE)[n % 4]
        if len(points) > 1:
            marks.append(svg.path(points, stroke=colour, width=2.2, dash=DASHES[n % 4]))
        marks += [
            svg.dot(
                left + 20 + k * step, up.at(v), f"{one.label}, {places[k]}: {say(v)}", fill=colour
            )
            for k, v in enumerate(one.values)
            if v is not None and len(places) <= 15
        ]
    if len(some) > 1:
        for n, (x, y, label) in enumerate(rows):
            colour = (ACCENT, OTHER, INK, EDGE)[n % 4]
            marks.append(
                svg.line(x, y - 4.5, x + 28, y - 4.5, stroke=colour, width=2.2, dash=DASHES[n % 4])
            )
            marks.append(svg.text(x + 34, y, label))
    return bottom + 34, marks


def _legend(some: Sequence[Line], left: float) -> list[tuple[float, float, str]]:
    """Return where the names of the lines stand: side by side, on as many rows as it takes."""
    x, y = left, TOP + 12.0
    found = []
    for one in some:
        room = 34 + svg.wide(one.label) + 26
        if x > left and x + room > WIDTH:
            x, y = left, y + 22
        found.append((x, y, one.label))
        x += room
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a bridge: where it begins and ends; a whole amount where it begins at nothing."""

    label: str
    start: float
    end: float
    whole: bool = False


def steps(some: Sequence[Step], say: Say, change: Say) -> tuple[float, list[str]]:
    """Return steps from one amount to another, each beginning where the one above ended."""
    ends = [x for s in some for x in ((s.end,) if s.whole else (s.start, s.end))]
    wholes = [s.end for s in some if s.whole]
    low, high, ticks = svg.nice(ends, zero=not wholes or min(wholes) < 3 * (max(ends) - min(ends)))
    across = Scale(low, high, LABELS + 10, WIDTH - 96)
    bottom = TOP + ROW * len(some)
    marks = _grid(across, ticks, TOP, bottom, say)
    for n, s in enumerate(some):
        y = TOP + ROW * n + HALF
        marks += _label(s.label, y)
        begin = low if s.whole else s.start
        x, w = across.at(begin), across.at(s.end) - across.at(begin)
        told = say(s.end) if s.whole else change(s.end - s.start)
        fill = INK if s.whole else OTHER if s.end > s.start else ACCENT
        marks.append(svg.bar(x, y - 9, w, 18, f"{s.label}: {told}", fill=fill))
        marks.append(svg.text(max(x, x + w) + 6, y + 4.5, told))
        if n + 1 < len(some):
            at = across.at(s.end)
            marks.append(svg.line(at, y + 9, at, y + ROW - 9, stroke=MUTED, dash="2 2"))
    return bottom + 34, marks
