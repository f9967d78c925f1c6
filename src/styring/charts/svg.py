"""Marks, axes and the frame of a chart, as SVG text.

One calm style: dark ink, one accent, bands that print grey. What a mark says is in its shape, its
label or its place, never in its colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

Shape = Literal["circle", "ring", "diamond"]
WIDTH = 640
SIZE, SMALL = 13, 11
"""Of text, and of long labels, in units of the chart."""
INK, MUTED, ACCENT, OTHER, BAND, EDGE = (
    "#1a1a1a", "#595959", "#1f4e79", "#9a4a00", "#d5dde7", "#6b7a8c",
)  # fmt: skip
"""Text, axes, ourselves, what is against us, the others' range and its edge: 4.5:1 and more on
white for text, 3:1 for marks."""
FONT = "'Source Sans 3','Segoe UI',Arial,Helvetica,sans-serif"
A_LETTER = 0.56
"""How wide a letter is on average, of its size: with slack for wider fonts."""
SAME = 1e-9
"""Figures nearer to each other than this part of them are one on an axis."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to places: `low` stands at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, x: float) -> float:
        """Return the place of a figure."""
        span = self.high - self.low
        return self.start + (x - self.low) / span * (self.end - self.start) if span else self.start

    def back(self, place: float) -> float:
        """Return the figure at a place."""
        return self.low + (place - self.start) / (self.end - self.start) * (self.high - self.low)


def nice(
    values: Sequence[float], *, zero: bool = False, most: int = 6
) -> tuple[float, float, list[float]]:
    """Return limits and ticks that are whole steps of 1, 2 or 5 and hold all values.

    Args:
        values: at least one.
        zero: hold 0 too.
        most: how many ticks at most.
    """
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    largest = max(abs(low), abs(high))
    if high - low <= SAME * largest or largest < SAME:
        low, high = low - (largest or 1) / 10, high + (largest or 1) / 10
    raw = (high - low) / (most - 1)
    power = 10.0 ** floor(log10(raw))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= raw * (1 - SAME))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return first * step, last * step, [n * step for n in range(first, last + 1)]


def wide(text: str, size: float = SIZE) -> float:
    """Return about how wide a text is."""
    return len(text) * size * A_LETTER


def fitted(text: str, room: float, size: float = SIZE) -> list[str]:
    """Return a text in lines that fit, broken between words; § and its number are one."""
    lines: list[str] = []
    for word in text.replace("§ ", "§\N{NO-BREAK SPACE}").split(" "):
        if lines and wide(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def apart(wanted: Sequence[float], least: float, top: float, bottom: float) -> list[float]:
    """Return places near those wanted, in ascending order, none nearer another than `least`.

    Args:
        wanted: ascending.
        least: how far apart.
        top: no place is above it, unless there is no room.
        bottom: no place is below it.
    """
    found: list[float] = []
    for y in wanted:
        found.append(max(y, found[-1] + least if found else top))
    under = bottom
    for n in reversed(range(len(found))):
        found[n] = min(found[n], under)
        under = found[n] - least
    return found


def text(
    x: float, y: float, said: str, *, anchor: str = "start", fill: str = INK, size: int = SIZE
) -> str:
    """Return a text whose baseline begins, ends or is centred at a place."""
    sized = f' font-size="{size}"' if size != SIZE else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{sized}>'
        f"{escape(said)}</text>"
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, width: float = 1.0,
    dash: str = "",
) -> str:  # fmt: skip
    """Return a straight line, dashed if `dash` says so."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
        f'stroke-width="{width:g}"{dashed}/>'
    )


def path(
    points: Sequence[tuple[float, float]], *, stroke: str, width: float, dash: str = ""
) -> str:
    """Return a line through points."""
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'


def area(points: Sequence[tuple[float, float]], said: str) -> str:
    """Return a shaded area with its edge, and what it says when pointed at."""
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
    return f'<path d="{d}" fill="{BAND}" stroke="{EDGE}">{hover(said)}</path>'


def bar(
    x: float, y: float, w: float, h: float, said: str, *, fill: str = ACCENT, edge: str = ""
) -> str:
    """Return a bar, and what it says when pointed at; a negative width goes to the left."""
    left, edged = min(x, x + w), f' stroke="{edge}" stroke-width="1.5"' if edge else ""
    return (
        f'<rect x="{left:.1f}" y="{y:.1f}" width="{abs(w):.1f}" height="{h:.1f}" '
        f'fill="{fill}"{edged}>{hover(said)}</rect>'
    )


def dot(x: float, y: float, said: str, *, fill: str = ACCENT, shape: Shape = "circle") -> str:
    """Return a mark: a filled or a hollow circle, or a hollow diamond."""
    hollow = f'fill="#ffffff" stroke="{fill}" stroke-width="2"'
    if shape == "diamond":
        return f'<path d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6Z" {hollow}>{hover(said)}</path>'
    paint, r = (f'fill="{fill}"', 5.5) if shape == "circle" else (hollow, 4.5)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" {paint}>{hover(said)}</circle>'


def hover(said: str) -> str:
    """Return what a mark says when pointed at."""
    return f"<title>{escape(said)}</title>"


def framed(key: str, title: str, description: str, height: float, marks: Sequence[str]) -> str:
    """Return a whole chart, with its title and description for those who do not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{key}-t {key}-d" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" font-family={quoteattr(FONT)} font-size="{SIZE}">'
        f'<title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>'
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
        f"{''.join(marks)}</svg>"
    )
