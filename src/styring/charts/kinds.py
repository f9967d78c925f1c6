"""The kinds of charts: marks on rows, lines over years, steps from one amount to another, a fan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from styring.charts import svg
from styring.charts.svg import ACCENT, EDGE, INK, MUTED, OTHER, WIDTH, Scale

ROW, HALF = 34, 17
LABELS, RIGHT, TOP = 250, 24, 14
GRID = "#c4c4c4"
COLOURS = (ACCENT, OTHER, INK, EDGE)
PAINTS = ((ACCENT, ""), ("#ffffff", OTHER))
"""Of the first and the second bar of a row: filled, hollow."""
FEW = 15
"""So many places at most have a mark each."""
DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Of the first, second, … line of a chart."""


MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """How figures of one kind are written: `write` takes a figure and its decimals."""

    write: Callable[[float, int], str]
    decimals: int

    def __call__(self, x: float) -> str:
        """Return a figure as readers write it."""
        return self.write(x, self.decimals)

    def ticks(self, at: Sequence[float]) -> list[str]:
        """Return the figures of an axis with as few decimals as tell them apart."""
        written = ([self.write(x, d) for x in at] for d in range(MOST_DECIMALS + 1))
        return next((w for w in written if len(set(w)) == len(w)), [self(x) for x in at])


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label, a range with its ends, a mark, a second mark; each with its words.

    `outer` is a wider range behind the first; a mark that is not `firm` is hollow.
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    other: float | None = None
    said: str = ""
    other_said: str = ""
    outer: tuple[float, float] | None = None
    firm: bool = True


def ranges(
    rows: Sequence[Row], say: Measure, *, limits: tuple[float, float] | None = None
) -> tuple[float, list[str]]:
    """Return rows of a range, a filled circle and a hollow diamond, on one axis below them.

    Returns:
        the height, and the marks.
    """
    known = [x for r in rows for x in (r.value, r.low, r.high, r.other) if x is not None]
    known += [x for r in rows for x in r.outer or ()]
    low, high, ticks = svg.nice([*known, *(limits or ())])
    across = Scale(low, high, LABELS + 10, WIDTH - RIGHT)
    bottom = TOP + ROW * len(rows)
    marks = _grid(across, ticks, TOP, bottom, say)
    if low < 0 < high:
        marks.append(svg.line(across.at(0), TOP, across.at(0), bottom, stroke=MUTED))
    for n, r in enumerate(rows):
        y = TOP + ROW * n + HALF
        marks += _label(r.label, y)
        if r.outer is not None:
            begin, end = (across.at(x) for x in r.outer)
            marks.append(svg.line(begin, y, end, y, stroke=EDGE, width=1.5))
        if r.low is not None and r.high is not None:
            x, w = across.at(r.low), across.at(r.high) - across.at(r.low)
            said = f"{r.label}: {say(r.low)} – {say(r.high)}"
            marks.append(svg.bar(x, y - 7, max(w, 1.5), 14, said, fill=svg.BAND))
            marks += [svg.line(at, y - 7, at, y + 7, stroke=EDGE, width=1.5) for at in (x, x + w)]
        if r.other is not None:
            marks.append(svg.dot(across.at(r.other), y, r.other_said, fill=OTHER, shape="diamond"))
        if r.value is not None:
            shape: svg.Shape = "circle" if r.firm else "ring"
            marks.append(svg.dot(across.at(r.value), y, r.said, shape=shape))
    return bottom + 34, marks


def _label(label: str, y: float) -> list[str]:
    """Return a row's label on one line or two, smaller where it is long, then with an ellipsis."""
    size = svg.SIZE if len(svg.fitted(label, LABELS - 4)) <= 2 else svg.SMALL
    lines = svg.fitted(label, LABELS - 4, size)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]} …"]
    first = y + 4.5 - (len(lines) - 1) * 7.5
    return [
        svg.text(LABELS, first + 15 * n, said, anchor="end", size=size)
        for n, said in enumerate(lines)
    ]


def _grid(
    across: Scale, ticks: Sequence[float], top: float, bottom: float, say: Measure
) -> list[str]:
    marks = []
    for tick, said in zip(ticks, say.ticks(ticks), strict=True):
        x = across.at(tick)
        marks.append(svg.line(x, top, x, bottom, stroke=GRID, width=0.8))
        marks.append(svg.text(x, bottom + 19, said, anchor="middle", fill=MUTED))
    return marks


def bars(rows: Sequence[tuple[str, float]], say: Measure) -> tuple[float, list[str]]:
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


def levels(ticks: Sequence[float], up: Scale, left: float, right: float, say: Measure) -> list[str]:
    """Return the lines and figures of an upright axis."""
    marks = []
    for tick, said in zip(ticks, say.ticks(ticks), strict=True):
        y = up.at(tick)
        marks.append(svg.line(left, y, right, y, stroke=GRID, width=0.8))
        marks.append(svg.text(left - 8, y + 4.5, said, anchor="end", fill=MUTED))
    return marks


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the places of the axis; None where it has no figure.

    `marked` are the places that stand out, with what is said of each.
    """

    label: str
    values: tuple[float | None, ...]
    marked: Mapping[int, str] = field(default_factory=dict)


def lines(
    places: Sequence[str],
    some: Sequence[Line],
    say: Measure,
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
    marks += _bands(bands, up, left, right)
    for n, one in enumerate(some):
        at = {
            k: (left + 20 + k * step, up.at(v)) for k, v in enumerate(one.values) if v is not None
        }
        colour = COLOURS[n % 4]
        if len(at) > 1:
            marks.append(svg.path([*at.values()], stroke=colour, width=2.2, dash=DASHES[n % 4]))
        for k, (x, y) in at.items():
            told = f"{one.label}, {places[k]}: {say(one.values[k] or 0.0)}"
            if k in one.marked:
                marks.append(svg.dot(x, y, f"{told}. {one.marked[k]}", fill=OTHER, shape="diamond"))
            elif len(places) <= FEW:
                marks.append(svg.dot(x, y, told, fill=colour))
    if len(some) > 1:
        for n, (x, y, label) in enumerate(rows):
            marks.append(
                svg.line(
                    x, y - 4.5, x + 28, y - 4.5,
                    stroke=COLOURS[n % 4], width=2.2, dash=DASHES[n % 4],
                )
            )  # fmt: skip
            marks.append(svg.text(x + 34, y, label))
    return bottom + 34, marks


def _bands(bands: Sequence[tuple[float, str]], up: Scale, left: float, right: float) -> list[str]:
    """Return levels drawn across, with their names at the right, none over another."""
    highest_first = sorted(bands, reverse=True)
    marks = [
        svg.line(left, up.at(level), right, up.at(level), stroke=OTHER, dash="6 4")
        for level, _ in highest_first
    ]
    wanted = [up.at(level) + 4.5 for level, _ in highest_first]
    for y, (_, name) in zip(
        svg.apart(wanted, 17, up.end, up.start + 4.5), highest_first, strict=True
    ):
        marks.append(svg.text(right + 6, y, name, fill=OTHER))
    return marks


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


def _ends(some: Sequence[Step]) -> list[float]:
    return [x for s in some for x in ((s.end,) if s.whole else (s.start, s.end))]


def from_zero(some: Sequence[Step]) -> bool:
    """Return whether the axis of steps holds 0: not where they are small beside whole amounts."""
    ends, wholes = _ends(some), [s.end for s in some if s.whole]
    return not wholes or min(wholes) < 3 * (max(ends) - min(ends))


def steps(some: Sequence[Step], say: Measure, change: Measure) -> tuple[float, list[str]]:
    """Return steps from one amount to another, each beginning where the one above ended."""
    low, high, ticks = svg.nice(_ends(some), zero=from_zero(some))
    across = Scale(low, high, LABELS + 10, WIDTH - 96)
    bottom = TOP + ROW * len(some)
    marks = _grid(across, ticks, TOP, bottom, say)
    for n, s in enumerate(some):
        y = TOP + ROW * n + HALF
        marks += _label(s.label, y)
        begin = max(low, 0.0) if s.whole else s.start
        x, w = across.at(begin), across.at(s.end) - across.at(begin)
        told = say(s.end) if s.whole else change(s.end - s.start)
        fill = INK if s.whole else OTHER if s.end > s.start else ACCENT
        marks.append(svg.bar(x, y - 9, w, 18, f"{s.label}: {told}", fill=fill))
        marks.append(svg.text(max(x, x + w) + 6, y + 4.5, told))
        if n + 1 < len(some):
            at = across.at(s.end)
            marks.append(svg.line(at, y + 9, at, y + ROW - 9, stroke=MUTED, dash="2 2"))
    return bottom + 34, marks


@dataclass(frozen=True, slots=True)
class Pair:
    """A row with two parts of their wholes, and the words of each."""

    label: str
    one: float
    other: float


def pairs(rows: Sequence[Pair], names: tuple[str, str], say: Measure) -> tuple[float, list[str]]:
    """Return two bars a row from 0, filled and hollow, each with its figure beside it.

    Args:
        rows: at least one.
        names: of the filled bars and of the hollow.
        say: writes a figure.
    """
    _, high, ticks = svg.nice([x for r in rows for x in (r.one, r.other)], zero=True)
    across = Scale(min(0.0, ticks[0]), high, LABELS + 10, WIDTH - 70)
    top, tall = TOP + 26.0, 44.0
    bottom = top + tall * len(rows)
    marks = _grid(across, ticks, top, bottom, say)
    for x, name, (fill, edge) in zip((LABELS + 10, LABELS + 190), names, PAINTS, strict=True):
        marks.append(svg.bar(x, TOP, 14, 12, name, fill=fill, edge=edge))
        marks.append(svg.text(x + 20, TOP + 11, name))
    for n, r in enumerate(rows):
        y = top + tall * n + tall / 2
        marks += _label(r.label, y)
        for k, value in enumerate((r.one, r.other)):
            fill, edge = PAINTS[k]
            at, told = y - 16 + 17 * k, f"{r.label}, {names[k]}: {say(value)}"
            wide = across.at(value) - across.at(0)
            marks.append(svg.bar(across.at(0), at, wide, 14, told, fill=fill, edge=edge))
            marks.append(svg.text(max(across.at(0), across.at(value)) + 6, at + 11.5, say(value)))
    marks.append(svg.line(across.at(0), top, across.at(0), bottom, stroke=INK))
    return bottom + 34, marks


@dataclass(frozen=True, slots=True)
class Place:
    """One of a funnel: its size, its figure, the limits at its size, and its words."""

    size: float
    value: float
    low: float
    high: float
    said: str
    own: str = ""
    """Our name, where it is us."""


def funnel(
    some: Sequence[Place], target: tuple[float, str], limits: str, sizes: str,
    say: Measure, say_size: Measure,
) -> tuple[float, list[str]]:  # fmt: skip
    """Return figures by size, with the others' figure across and the limits at each size.

    Args:
        some: at least two, of different sizes.
        target: the others' figure and its name.
        limits: the name of the limits.
        sizes: the name of the axis of sizes.
        say: writes a figure.
        say_size: writes a size.
    """
    some = sorted(some, key=lambda p: p.size)
    level, name = target
    ys = [y for p in some for y in (p.value, p.low, p.high)]
    low, high, ticks = svg.nice([*ys, level])
    least, most, at_sizes = svg.nice([p.size for p in some])
    left, right, top, bottom = 86.0, WIDTH - 170.0, float(TOP), TOP + 240.0
    up, across = Scale(low, high, bottom, top), Scale(least, most, left + 14, right - 14)
    marks = levels(ticks, up, left, right, say)
    for size, said in zip(at_sizes, say_size.ticks(at_sizes), strict=True):
        marks.append(svg.text(across.at(size), bottom + 19, said, anchor="middle", fill=MUTED))
    marks.append(svg.text((left + right) / 2, bottom + 38, sizes, anchor="middle", fill=MUTED))
    for side in ("low", "high"):
        edge = [(across.at(p.size), up.at(getattr(p, side))) for p in some]
        marks.append(svg.path(edge, stroke=OTHER, width=1.5, dash="6 4"))
    marks.append(svg.line(left, up.at(level), right, up.at(level), stroke=EDGE, width=1.5))
    marks += [
        svg.dot(across.at(p.size), up.at(p.value), p.said, shape="circle" if p.own else "ring")
        for p in sorted(some, key=lambda p: bool(p.own))
    ]
    last = some[-1]
    named = sorted(
        [(up.at(last.high) + 4.5, limits, OTHER), (up.at(level) + 4.5, name, MUTED),
         (up.at(last.low) + 4.5, limits, OTHER)]
    )  # fmt: skip
    places = svg.apart([y for y, *_ in named], 17, top, bottom)
    for y, (_, said, fill) in zip(places, named, strict=True):
        marks.append(svg.text(right + 6, y, said, fill=fill))
    marks += _beside_us(next((p for p in some if p.own), None), across, up, right)
    return bottom + 48, marks


def _beside_us(us: Place | None, across: Scale, up: Scale, right: float) -> list[str]:
    """Return our name beside our mark, on the side that has room, with a ground to be read on."""
    if us is None:
        return []
    x, y, wide = across.at(us.size), up.at(us.value) + 4.5, svg.wide(us.own)
    begin = x + 10 if x + 10 + wide <= right else x - 10 - wide
    ground = svg.bar(begin - 2, y - 11, wide, 14, us.own, fill="#ffffff")
    return [ground, svg.text(begin, y, us.own)]
