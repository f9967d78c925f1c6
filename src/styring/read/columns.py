"""A column of cells as a typed series; every doubt is kept with its row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

import polars as pl

from styring.errors import InputError, Texts
from styring.model import Column
from styring.read import parse
from styring.read.grid import Bad
from styring.tables import DTYPES
from styring.text import fold

Doubt = Literal[
    "error_cell", "uncached", "boolean", "not_number", "not_whole", "not_finite", "not_date",
    "not_choice", "not_paragraph", "bare_105", "not_function", "not_score", "too_large",
    "text_number", "text_date", "english_number", "us_date", "dash_zero", "serial_date",
    "open_end", "odd_date", "year_from_date", "more_decimals", "thousands_lost",
]  # fmt: skip
UNREADABLE: frozenset[Doubt] = frozenset({
    "error_cell", "uncached", "boolean", "not_number", "not_whole", "not_finite", "not_date",
    "not_choice", "not_paragraph", "not_function", "not_score", "too_large", "odd_date",
})  # fmt: skip
"""Doubts after which the cell has no value."""
SERIAL_EPOCH = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000
LAST_SANE_YEAR, FIRST_SANE_YEAR = 2100, 1902
MOST_MONEY = 1e12
_DONT_KNOW = frozenset({"vedikke", "vedikkerelevant", "dontknow"})
_YES = frozenset({"ja", "j", "yes", "y", "x", "sand", "true", "1"})
_NO = frozenset({"nej", "n", "no", "falsk", "false", "0"})


@dataclass(slots=True)
class Typed:
    """A column's series and what was doubtful: per kind, the rows (index) in order."""

    series: pl.Series
    doubts: dict[Doubt, list[int]] = field(default_factory=dict)

    @property
    def unreadable(self) -> set[int]:
        """Return the rows whose cell could not be read."""
        return {i for kind, rows in self.doubts.items() if kind in UNREADABLE for i in rows}


Where = Callable[[int], str]


def typed_column(
    column: Column, cells: Sequence[object], where: Where, *, typed: bool, scale: int = 1
) -> Typed:
    """Return a column's cells as a series of its type.

    Args:
        column: what the column should hold.
        cells: the cells as the grid has them.
        where: the address of a row's cell, for messages.
        typed: whether the source knows types (a workbook) or is all text (CSV).
        scale: kroner per unit of the column, where amounts stand in thousands or millions.

    Raises:
        InputError: decimal marks or date orders within the column contradict each other.
    """
    match column.type:
        case "date":
            return _dates(column, cells, where, typed=typed)
        case "number" | "price" | "money" | "integer" | "year" | "month":
            return _numbers(column, cells, where, typed=typed, scale=scale)
        case "choice":
            return _mapped(column, cells, _chooser(column), "not_choice")
        case "paragraph":
            return _paragraphs(column, cells)
        case "function":
            return _mapped(column, cells, _function, "not_function")
        case "score":
            return _scores(column, cells)
        case "yesno":
            return _yes_no(column, cells)
        case _:
            return _mapped(column, cells, lambda text: text, "not_choice")


def as_text(value: object) -> str:
    """Return a cell as text: whole numbers without decimals, dates as ISO, blanks tidied."""
    if isinstance(value, str):
        return parse.tidy(value)
    if isinstance(value, bool):
        return "SAND" if value else "FALSK"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if isinstance(value, Bad) else str(value)


def _bad(value: object, doubts: dict[Doubt, list[int]], row: int) -> bool:
    if not isinstance(value, Bad):
        return False
    doubts.setdefault("uncached" if value.text == "=" else "error_cell", []).append(row)
    return True


def _mapped(
    column: Column, cells: Sequence[object], read: Callable[[str], str | None], doubt: Doubt
) -> Typed:
    """Return texts, each different one read once."""
    doubts: dict[Doubt, list[int]] = {}
    seen: dict[object, str | None] = {"": None}
    values: list[str | None] = []
    for row, cell in enumerate(cells):
        if isinstance(cell, Bad):
            _bad(cell, doubts, row)
            values.append(None)
            continue
        key = (type(cell), cell) if not isinstance(cell, str) else cell
        if key not in seen:
            text = as_text(cell)
            seen[key] = read(text) if text else None
            if text and seen[key] is None:
                seen[key] = "\0"
        value = seen[key]
        if value == "\0":
            doubts.setdefault(doubt, []).append(row)
            value = None
        values.append(value)
    return Typed(pl.Series(column.id, values, pl.String()), doubts)


def _chooser(column: Column) -> Callable[[str], str | None]:
    by_name = {fold(v): v for v in column.values}
    for value, aliases in column.values.items():
        by_name |= {fold(a): value for a in aliases}

    def choose(text: str) -> str | None:
        return by_name.get(fold(text), text if column.other else None)

    return choose


def _function(text: str) -> str | None:
    return parse.to_function(text)


def _paragraphs(column: Column, cells: Sequence[object]) -> Typed:
    typed = _mapped(column, cells, parse.to_paragraph, "not_paragraph")
    bare = (typed.series == "105").fill_null(value=False).arg_true().to_list()
    if bare:
        typed.doubts["bare_105"] = bare
    return typed


def _scores(column: Column, cells: Sequence[object]) -> Typed:
    """Return whole scores 1–5; the answer "don't know" is -1 until the reader tells it apart."""
    doubts: dict[Doubt, list[int]] = {}
    values: list[int | None] = []
    for row, cell in enumerate(cells):
        text = as_text(cell)
        if _bad(cell, doubts, row) or not text:
            values.append(None)
        elif fold(text) in _DONT_KNOW:
            values.append(-1)
        elif text in ("1", "2", "3", "4", "5"):
            values.append(int(text))
        else:
            doubts.setdefault("not_score", []).append(row)
            values.append(None)
    return Typed(pl.Series(column.id, values, DTYPES[column.type]), doubts)


def _yes_no(column: Column, cells: Sequence[object]) -> Typed:
    doubts: dict[Doubt, list[int]] = {}
    values: list[bool | None] = []
    for row, cell in enumerate(cells):
        word = fold(as_text(cell))
        if _bad(cell, doubts, row) or not word:
            values.append(None)
        elif word in _YES or word in _NO:
            values.append(word in _YES)
        else:
            doubts.setdefault("not_choice", []).append(row)
            values.append(None)
    return Typed(pl.Series(column.id, values, pl.Boolean()), doubts)


def _numbers(
    column: Column, cells: Sequence[object], where: Where, *, typed: bool, scale: int
) -> Typed:
    kinds = set(map(type, cells))
    if kinds <= {float, str} and not any(type(c) is str and c for c in cells):
        series = pl.Series(column.id, [None if c == "" else c for c in cells], pl.Float64())
        return _finished(column, series * scale, {})
    doubts: dict[Doubt, list[int]] = {}
    marks = _marks_of(column, cells, where)
    values = [
        _number(column, cell, row, marks, doubts, typed=typed) for row, cell in enumerate(cells)
    ]
    return _finished(column, pl.Series(column.id, values, pl.Float64()) * scale, doubts)


def _marks_of(column: Column, cells: Sequence[object], where: Where) -> Literal["da", "en"]:
    """Return the column's decimal mark: what its unambiguous cells say, else Danish."""
    first: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if type(cell) is str and cell and (found := parse.number_marks(cell)):
            first.setdefault(found, row)
    if "da" in first and "en" in first:
        a, b = sorted((first["da"], first["en"]))
        raise InputError(
            Texts(
                f"Kolonnen «{column.name}» blander decimaltegn: «{cells[a]}» og «{cells[b]}».",
                f"The column “{column.name}” mixes decimal marks: “{cells[a]}” and “{cells[b]}”.",
            ),
            where=f"{where(a)} og {where(b)}",
            hint=Texts(
                "Ret den ene af de to, eller eksportér kolonnen som tal.",
                "Mend one of the two, or export the column as numbers.",
            ),
        )
    return "en" if "en" in first else "da"


def _number(
    column: Column,
    cell: object,
    row: int,
    marks: Literal["da", "en"],
    doubts: dict[Doubt, list[int]],
    *,
    typed: bool,
) -> float | None:
    def note(kind: Doubt) -> None:
        doubts.setdefault(kind, []).append(row)

    if _bad(cell, doubts, row):
        return None
    if isinstance(cell, bool):
        note("boolean")
        return None
    if isinstance(cell, float):
        return cell
    if isinstance(cell, date):
        if column.type == "year" and cell.year >= FIRST_SANE_YEAR + 48:
            note("year_from_date")
            return float(cell.year)
        note("not_number")
        return None
    text = as_text(cell)
    if not text:
        return None
    if parse.is_dash(text):
        note("dash_zero")
        return 0.0
    if column.type == "month" and (month := parse.month_number(text)):
        return float(month)
    value = parse.to_number(text, marks)
    if value is None:
        note("not_number")
    elif parse.number_marks(text) in ("en", "either") and marks == "en":
        note("english_number")
    elif typed:
        note("text_number")
    return value


def _finished(column: Column, series: pl.Series, doubts: dict[Doubt, list[int]]) -> Typed:
    """Return the series in its type; what is not finite, not whole or absurd is taken out."""
    x = pl.lit(series)
    bounds = {"year": (1850, 2200), "month": (1, 12), "integer": (-1e9, 1e9)}
    low, high = bounds.get(column.type, (-MOST_MONEY, MOST_MONEY))
    whole = column.type in ("integer", "year", "month")
    finite = x.is_finite()
    wrong: dict[Doubt, pl.Expr] = {
        "not_finite": ~finite,
        "not_whole": finite & (x != x.round()) if whole else pl.lit(value=False),
        "too_large": finite & ((x < low) | (x > high)),
    }
    kept = pl.when(~pl.any_horizontal(wrong.values())).then(x)
    parts = {"money": 100, "price": 10_000}.get(column.type)
    if parts:
        rounded = (kept * parts).round(mode="half_away_from_zero") / parts
        wrong["more_decimals"] = (rounded - x).abs() > 1e-6 * (1 + x.abs() * 1e-6)
        kept = rounded
    frame = pl.select(kept.cast(DTYPES[column.type]).alias(column.id),
                      **{k: e.fill_null(value=False) for k, e in wrong.items()})  # fmt: skip
    for kind in wrong:
        if frame[kind].any():
            doubts.setdefault(kind, []).extend(frame[kind].arg_true().to_list())
    return Typed(frame[column.id], doubts)


def _dates(column: Column, cells: Sequence[object], where: Where, *, typed: bool) -> Typed:
    doubts: dict[Doubt, list[int]] = {}
    kinds = set(map(type, cells))
    if kinds <= {date, str} and not any(type(c) is str and c for c in cells):
        values: list[date | None] = [None if c == "" else c for c in cells]  # type: ignore[misc]
    else:
        order = _order_of(column, cells, where)
        values = [_date(c, row, order, doubts, typed=typed) for row, c in enumerate(cells)]
    return _sane_dates(column, pl.Series(column.id, values, pl.Date()), doubts)


def _sane_dates(column: Column, series: pl.Series, doubts: dict[Doubt, list[int]]) -> Typed:
    """Return the dates; 31-12-9999 and 1900 mean an open end where a column has one."""
    if series.null_count() == len(series):
        return Typed(series, doubts)
    year = pl.lit(series).dt.year()
    odd = ((year >= LAST_SANE_YEAR) | (year < FIRST_SANE_YEAR)).fill_null(value=False)
    frame = pl.select(pl.when(~odd).then(pl.lit(series)).alias(column.id), odd=odd)
    if frame["odd"].any():
        doubts["open_end" if column.open else "odd_date"] = frame["odd"].arg_true().to_list()
    return Typed(frame[column.id], doubts)


def _order_of(column: Column, cells: Sequence[object], where: Where) -> Literal["dmy", "mdy"]:
    first: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if type(cell) is str and cell and (found := parse.date_order(parse.tidy(cell))):
            first.setdefault(found, row)
    if "dmy" in first and "mdy" in first:
        a, b = sorted((first["dmy"], first["mdy"]))
        raise InputError(
            Texts(
                f"Kolonnen «{column.name}» blander dag og måned: «{cells[a]}» og «{cells[b]}».",
                f"The column “{column.name}” mixes day and month: “{cells[a]}” and “{cells[b]}”.",
            ),
            where=f"{where(a)} og {where(b)}",
            hint=Texts(
                "Ret den ene af de to, eller eksportér kolonnen som datoer.",
                "Mend one of the two, or export the column as dates.",
            ),
        )
    return "mdy" if "mdy" in first else "dmy"


def _date(
    cell: object,
    row: int,
    order: Literal["dmy", "mdy"],
    doubts: dict[Doubt, list[int]],
    *,
    typed: bool,
) -> date | None:
    def note(kind: Doubt) -> None:
        doubts.setdefault(kind, []).append(row)

    if _bad(cell, doubts, row):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and FIRST_SERIAL <= cell <= LAST_SERIAL and cell.is_integer():
        note("serial_date")
        return SERIAL_EPOCH + timedelta(days=int(cell))
    text = as_text(cell)
    if not text:
        return None
    found = parse.to_date(text, order) if isinstance(cell, str) else None
    if found is None:
        note("not_date")
    elif parse.date_order(text) == "mdy" or (order == "mdy" and parse.date_order(text) == "either"
                                             and not re.match(r"\d{4}", text)):  # fmt: skip
        note("us_date")
    elif typed:
        note("text_date")
    return found


def first_cells(rows: Iterable[int], where: Where, most: int = 5) -> str:
    """Return the addresses of the first few rows, and how many more there are."""
    listed = list(rows)
    shown = ", ".join(where(r) for r in listed[:most])
    return f"{shown} …" if len(listed) > most else shown
