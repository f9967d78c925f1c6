"""The sheets that calculate: figures, municipalities, points and centres as live formulas.

What a reader may change is yellow and has a name; all else is locked, without a password. Every
formula carries the review's own figure, so that the sheets are right before anything is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from styring.formats import live_formulas as f
from styring.formats import plots
from styring.formats.book import (
    GIVEN,
    HEADER,
    HEADER_ROW,
    INK,
    LEFT,
    LINE,
    LINED,
    PALE,
    UNLOCKED,
    Book,
    cleaned,
    header_height,
    lines_of,
    page_setup,
    unit_format,
    write_note,
)
from styring.review import IndicatorPart, Method, Review, ScoringMethod, ScoringPart
from styring.text import period

FIRST = HEADER_ROW + 4
"""The row (from 0) of the first line: below title, legend, note and headers."""
NOTE = (50, 12, 12, 12, 12, 12)
"""The columns a note stands over, by their least widths."""
SPARE = 3
"""Empty cells for values of more municipalities."""
POINTS, UNIT = "0.0;−0.0", "unit"
"""The format of points, and of what is in the unit of the value."""
METHODS: tuple[Method, ...] = ("goalposts", "target", "maturity", "peers")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the word of its header, its width, and the format of its numbers."""

    header: str
    width: float
    form: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A cell the reader may change."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the figure the review has for it, None where it gives nothing."""

    text: str
    value: float | str | None


Cell = str | float | Given | Formula | None


def write_live(b: Book, sheet: Mapping[str, Any]) -> None:
    """Write one of the calculating sheets; nothing where the review does not hold what it needs."""
    review = b.review
    if not isinstance(review, Review) or not b.has(sheet):
        return
    page = b.book.add_worksheet(b.word(sheet["name"])[:31])
    page_setup(b, page, sheet)
    page.write_string(HEADER_ROW, 0, b.word("live_legend"), b.style(**GIVEN))
    write_note(b, page, HEADER_ROW + 1, b.word(f"{sheet['live']}_note"), NOTE)
    _SHEETS[sheet["live"]](b, page, review)
    page.protect("", UNLOCKED)


def _table(
    b: Book,
    page: Any,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    row: int,
    units: Sequence[str] = (),
) -> int:
    """Write a table whose header is the row above `row`, and return the row after it.

    `units` holds each line's number format where the columns are in the unit of the value.
    """
    headers = [b.word(column.header) for column in columns]
    page.set_row(row - 1, header_height(headers, [column.width for column in columns]))
    for c, column in enumerate(columns):
        looks = {**HEADER, "align": "right"} if column.form else {**HEADER, **LEFT}
        page.write_string(row - 1, c, headers[c], b.style(**looks))
    for n, cells in enumerate(rows):
        lines = [lines_of(x, columns[c].width) for c, x in enumerate(cells) if isinstance(x, str)]
        page.set_row(row, LINE * max(lines, default=1) + 3)
        for c, cell in enumerate(cells):
            form = columns[c].form
            _put(b, page, row, c, cell, units[n] if form == UNIT else form)
        row += 1
    return row


def _put(b: Book, page: Any, row: int, column: int, cell: Cell, form: str) -> None:
    looks: dict[str, Any] = {**LINED, "num_format": form} if form else {**LINED}
    match cell:
        case Formula(text, value):
            style = b.style(**looks, **({} if form else LEFT), bg_color=PALE)
            page.write_formula(row, column, text, style, "" if value is None else value)
        case Given(None):
            page.write_blank(row, column, None, b.style(**{**looks, **GIVEN}))
        case Given(value):
            page.write_number(row, column, value, b.style(**{**looks, **GIVEN}))
        case None:
            page.write_blank(row, column, None, b.style(**looks))
        case str():
            page.write_string(row, column, cleaned(cell), b.style(**looks, **LEFT, text_wrap=True))
        case _:
            page.write_number(row, column, cell, b.style(**looks))


def _widths(page: Any, columns: Sequence[Column]) -> None:
    for c, column in enumerate(columns):
        page.set_column(c, c, column.width)


def _finish(page: Any, columns: int, last: int) -> None:
    page.freeze_panes(FIRST, 1)
    page.repeat_rows(FIRST - 1)
    page.print_area(0, 0, last - 1, columns - 1)


def _define(b: Book, page: Any, name: str, row: int, column: int, last: int | None = None) -> None:
    """Give a cell, or the cells of its row to `last`, a name that formulas use."""
    cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
    end = "" if last is None else ":" + xl_rowcol_to_cell(row, last, row_abs=True, col_abs=True)
    b.book.define_name(name, f"='{page.name}'!{cell}{end}")


# --- figures -------------------------------------------------------------------------------------

FIGURES = (
    Column("indicator", 58),
    Column("group", 22),
    Column("period", 12),
    Column("numerator", 16, "#,##0.00"),
    Column("denominator", 16, "#,##0.00"),
    Column("live_form", 36),
    Column("live_factor", 10, "#,##0"),
    Column("live_years", 8, "0"),
    Column("value", 16, UNIT),
    Column("live_review", 16, UNIT),
    Column("unit", 34),
    Column("note", 60),
)


def _figures(b: Book, page: Any, review: Review) -> None:
    """Write every figure as its numerator and denominator make it."""
    _widths(page, FIGURES)
    for n, part in enumerate(review.indicators):
        if part.group is None:
            _define(b, page, f.name("vaerdi", part.id), FIRST + n, 8)
    rows = [_figure(b, part, FIRST + n) for n, part in enumerate(review.indicators)]
    last = _table(b, page, FIGURES, rows, FIRST, [_raw(p) for p in review.indicators])
    _finish(page, len(FIGURES), last)


def _raw(part: IndicatorPart) -> str:
    """Return the number format of a value as it is measured, before a unit's scale."""
    return "0.0000" if part.scale != 1 and part.unit_kind != "share" else unit_format(part)


def _figure(b: Book, part: IndicatorPart, row: int) -> list[Cell]:
    top, bottom, factor, years = (xl_rowcol_to_cell(row, c) for c in (3, 4, 6, 7))
    value: Cell = Given(part.value)
    note = b.word("live_kept")
    if part.form:
        value = Formula(f.value(part.form, top, bottom, factor, years), part.value)
        note = ""
    if part.absence_text:
        note = part.absence_text[b.lang]
    return [
        part.title[b.lang],
        part.group_text[b.lang] if part.group_text else "",
        period(part.period, b.lang),
        Given(part.numerator) if part.form else part.numerator,
        Given(part.denominator) if part.form not in (None, "amount") else part.denominator,
        str(b.words["live_forms"][part.form or "kept"]),
        part.factor if part.form else None,
        float(part.lag) if part.form == "growth" else None,
        value,
        part.value,
        part.unit[b.lang],
        note,
    ]


# --- municipalities ------------------------------------------------------------------------------


def _municipalities(b: Book, page: Any, review: Review) -> None:
    """Write the values compared with, ascending and without names."""
    most = max((len(s.peers) for s in review.scoring), default=0) + SPARE
    named = (
        Column("indicator", 58),
        Column("count_peers", 12, "0"),
        *(Column(h, 12, UNIT) for h in ("q1", "median", "q3")),
        *(Column("value", 10, UNIT) for _ in range(most)),
    )
    first, last = len(named) - most, len(named) - 1
    _widths(page, named)
    shown = {i.id: i for i in review.indicators if i.group is None}
    rows: list[list[Cell]] = []
    for n, s in enumerate(review.scoring):
        _define(b, page, f.name("kommuner", s.indicator), FIRST + n, first, last)
        part = shown[s.indicator]
        values = [*s.peers, *[None] * (most - len(s.peers))]
        rows.append([part.title[b.lang], *_spread(s, part), *(Given(v) for v in values)])
    units = [_raw(shown[s.indicator]) for s in review.scoring]
    end = _table(b, page, named, rows, FIRST, units)
    for c in range(most):
        looks = b.style(**{**HEADER, "align": "right"})
        page.write_string(FIRST - 1, first + c, f"{b.word('live_number')} {c + 1}", looks)
    _finish(page, len(named), end)


def _spread(s: ScoringPart, part: IndicatorPart) -> list[Cell]:
    """Return how many municipalities there are, and their quartiles."""
    values = f.name("kommuner", s.indicator)
    peers = part.peers
    found: list[Cell] = [Formula(f"=COUNT({values})", float(len(s.peers)))]
    quartiles = (peers.q1, peers.median, peers.q3) if peers else (None, None, None)
    for n, known in enumerate(quartiles, 1):
        found.append(Formula(f'=IF(COUNT({values})<3,"",QUARTILE({values},{n}))', known))
    return found


# --- points --------------------------------------------------------------------------------------

SCORED = (
    Column("indicator", 58),
    Column("centre", 24),
    Column("dimension", 24),
    Column("kind", 11),
    Column("polarity", 30),
    Column("value", 12, UNIT),
    Column("goal", 11, UNIT),
    Column("live_target", 11, UNIT),
    Column("live_worst", 11, UNIT),
    Column("live_best", 11, UNIT),
    Column("live_reach", 11, UNIT),
    Column("live_goalposts", 11, POINTS),
    Column("live_goal", 11, POINTS),
    Column("live_maturity", 11, POINTS),
    Column("live_peers", 12, POINTS),
    Column("points", 10, POINTS),
    Column("live_review", 15, POINTS),
    Column("live_moved", 10, POINTS),
    Column("weight", 9, "0.00"),
    Column("live_counted", 10, "0.00"),
    Column("live_product", 12, POINTS),
    Column("live_owed", 11, "0.00"),
    Column("identifier", 40),
)
AT = {"goalposts": 11, "target": 12, "maturity": 13, "peers": 14}
POINT, REVIEW, MOVED, WEIGHT, COUNTED, PRODUCT, OWED = range(15, 22)


def _points(b: Book, page: Any, review: Review) -> None:
    """Write limits, weights and points of every indicator that can have points."""
    _widths(page, SCORED)
    page.set_paper(8)
    shown = {i.id: i for i in review.indicators if i.group is None}
    for n, s in enumerate(review.scoring):
        for kind, end, column in (
            ("maal", "", 6), ("sigte", "", 7), ("graense", "daarligst", 8), ("graense", "bedst", 9),
            ("raekkevidde", "", 10), ("point", "", POINT), ("vaegt", "", WEIGHT),
        ):  # fmt: skip
            _define(b, page, f.name(kind, s.indicator, end), FIRST + n, column)
    rows = [_scored(b, s, shown[s.indicator], FIRST + n) for n, s in enumerate(review.scoring)]
    units = [_raw(shown[s.indicator]) for s in review.scoring]
    _finish(page, len(SCORED), _table(b, page, SCORED, rows, FIRST, units))


def _scored(b: Book, s: ScoringPart, part: IndicatorPart, row: int) -> list[Cell]:
    methods = {m.method: m for m in f.usable(s.methods)}
    posts, reach = methods.get("goalposts"), methods.get("target")
    uses_goal = reach is not None or (posts is not None and part.better == "target")
    return [
        part.title[b.lang],
        str(b.words["centre_names"][part.centre]),
        str(b.words["dimension_names"].get(part.dimension, part.dimension)),
        str(b.words["live_kinds"][part.kind]),
        str(b.words["kinds"][part.better]),
        Formula(f"={f.name('vaerdi', part.id)}", part.value),
        Given(part.goal) if uses_goal else part.goal,
        Given(s.target) if s.target is not None else None,
        Given(posts.worst) if posts else None,
        Given(posts.best) if posts else None,
        Given(reach.reach) if reach else None,
        *(_given(methods.get(m), part) for m in METHODS),
        *_counted(s, part, [*methods], row),
        part.id,
    ]


def _given(method: ScoringMethod | None, part: IndicatorPart) -> Cell:
    if method is None:
        return None
    return Formula(f.points(method.method, part.id, part.better), method.points)


def _counted(s: ScoringPart, part: IndicatorPart, order: Sequence[str], row: int) -> list[Cell]:
    """Return the points that count, what the review gave, and the weight they count with."""
    point, review, weight = (xl_rowcol_to_cell(row, c) for c in (POINT, REVIEW, WEIGHT))
    score = part.score
    there = score is not None
    return [
        Formula(f.first(xl_rowcol_to_cell(row, AT[m]) for m in order), score),
        score,
        Formula(f'=IF(AND(ISNUMBER({point}),ISNUMBER({review})),{point}-{review},"")',
                0.0 if there else None),
        Given(part.weight),
        Formula(f"=IF(ISNUMBER({point}),{weight},0)", part.weight if there else 0.0),
        Formula(f"=IF(ISNUMBER({point}),{point}*{weight},0)", (score or 0.0) * part.weight),
        Formula(f"=IF(ISNUMBER({point}),{weight},0)", part.weight if there else 0.0)
        if not s.owed
        else Formula(f"={weight}", part.weight),
    ]  # fmt: skip


# --- centres -------------------------------------------------------------------------------------

CENTRES = (
    Column("centre", 60),
    Column("points", 12, POINTS),
    Column("live_review", 15, POINTS),
    Column("live_moved", 12, POINTS),
    Column("live_counted", 14, "0.00"),
    Column("live_owed", 14, "0.00"),
    Column("coverage", 12, "0.0%"),
)
IMAGES = (
    Column("dimension", 60),
    Column("self_image", 12, POINTS),
    Column("figures", 14, POINTS),
    Column("difference", 12, POINTS),
    Column("live_apart", 14),
)


def _centres(b: Book, page: Any, review: Review) -> None:
    """Write the centres' points, self-image against figures, and the limits that hold for all."""
    _widths(page, CENTRES)
    row = FIRST
    for n, centre in enumerate(review.centres):
        _define(b, page, f.name("point_center", centre.id), row + n, 1)
    rows = [_centre(b, review, n, row + n) for n in range(len(review.centres))]
    end = _table(b, page, CENTRES, rows, row)
    titles = [b.word("points"), b.word("live_review")]
    row = plots.bars(b, page, (row, end - 1), [1, 2], titles, end + 1, b.word("live_chart"))
    row = _heading(b, page, row + 1, "blind")
    images = review.interplay.blind_spots
    row = _table(b, page, IMAGES, [_image(b, review, n, row + 1 + n) for n in range(len(images))],
                 row + 1)  # fmt: skip
    row = _heading(b, page, row + 1, "live_limits")
    limits = review.scoring_limits
    assert limits is not None
    for n, (name, value) in enumerate((
        (f.LEAST_PEERS, limits.least_peers), (f.LEAST_COVERAGE, limits.least_coverage),
        (f.BLIND_SPOT, limits.blind_spot),
    )):  # fmt: skip
        _define(b, page, name, row + n, 1)
        page.write_string(row + n, 0, str(b.words["live_names"][name]), b.style(**LINED, **LEFT))
        page.write_number(row + n, 1, value, b.style(**GIVEN))
    page.print_area(0, 0, row + 2, len(CENTRES) - 1)


def _heading(b: Book, page: Any, row: int, word: str) -> int:
    page.write_string(row, 0, b.word(word), b.style(bold=True, font_size=12, font_color=INK))
    return row + 1


def _total(b: Book, column: int, last: int, *conditions: tuple[int, str]) -> str:
    """Return the sum of a column of the sheet of points, over the rows with certain words."""

    def area(c: int) -> str:
        letter = xl_col_to_name(c, col_abs=True)
        return f"'{_sheet(b, 'live_points')}'!{letter}${FIRST + 1}:{letter}${last}"

    asked = "".join(f',{area(c)},"{word}"' for c, word in conditions)
    return f"SUMIFS({area(column)}{asked})"


def _sheet(b: Book, live: str) -> str:
    """Return the name of a calculating sheet."""
    return next(b.word(s["name"])[:31] for s in b.layout if s.get("live") == live)


def _centre(b: Book, review: Review, n: int, row: int) -> list[Cell]:
    centre = review.centres[n]
    parts = [(s, p) for s in review.scoring if (p := review.indicator(s.indicator))
             and p.centre == centre.id]  # fmt: skip
    have = sum(p.weight for _, p in parts if p.score is not None)
    owed = sum(p.weight for s, p in parts if s.owed or p.score is not None)
    last = FIRST + len(review.scoring)
    word = str(b.words["centre_names"][centre.id])
    point, given, counted, total, share = (xl_rowcol_to_cell(row, c) for c in (1, 2, 4, 5, 6))
    product = _total(b, PRODUCT, last, (1, word))
    enough = f"OR({counted}=0,{share}<{f.LEAST_COVERAGE})"
    return [
        centre.title[b.lang],
        Formula(f'=IF({enough},"",{product}/{counted})', centre.score),
        centre.score,
        Formula(f'=IF(AND(ISNUMBER({point}),ISNUMBER({given})),{point}-{given},"")',
                None if centre.score is None else 0.0),
        Formula(f"={_total(b, COUNTED, last, (1, word))}", have),
        Formula(f"={_total(b, OWED, last, (1, word))}", owed),
        Formula(f"=IF({total}=0,0,{counted}/{total})", centre.coverage),
    ]  # fmt: skip


def _image(b: Book, review: Review, n: int, row: int) -> list[Cell]:
    image, last = review.interplay.blind_spots[n], FIRST + len(review.scoring)
    word = str(b.words["dimension_names"].get(image.dimension, image.dimension))
    cells: list[Cell] = [image.title[b.lang]]
    for kind, known in (("practice", image.self_image), ("figure", image.figures)):
        where = ((2, word), (3, str(b.words["live_kinds"][kind])))
        weight, product = (_total(b, c, last, *where) for c in (COUNTED, PRODUCT))
        cells.append(Formula(f'=IF({weight}=0,"",{product}/{weight})', known))
    own, figures, apart = (xl_rowcol_to_cell(row, c) for c in (1, 2, 3))
    both = f"AND(ISNUMBER({own}),ISNUMBER({figures}))"
    cells.append(Formula(f'=IF({both},{own}-{figures},"")', image.difference))
    yes = b.word("yes")
    cells.append(Formula(f'=IF(ISNUMBER({apart}),IF(ABS({apart})>={f.BLIND_SPOT},"{yes}",""),"")',
                         yes if image.flagged else None))  # fmt: skip
    return cells


_SHEETS = {
    "live_figures": _figures,
    "live_municipalities": _municipalities,
    "live_points": _points,
    "live_centres": _centres,
}
