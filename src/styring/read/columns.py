"""A column of cells as a typed series; every doubt is kept with its row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

import polars as pl

from styring import account_string
from styring.definitions import load_facts
from styring.errors import InputError, Texts
from styring.model import Column
from styring.read import parse
from styring.read.grid import Bad
from styring.read.scan import EPOCH
from styring.tables import DTYPES
from styring.text import fold

Doubt = Literal[
    "error_cell", "uncached", "boolean", "not_number", "not_whole", "not_finite", "not_date",
    "not_choice", "not_paragraph", "bare_105", "not_function", "not_score", "too_large",
    "long_number", "text_number", "text_date", "english_number", "either_mark", "us_date",
    "dash_zero", "serial_date", "open_end", "odd_date", "year_from_date", "more_decimals", "share",
    "not_account", "swapped_account", "account_function", "account_dranst",
]  # fmt: skip
UNREADABLE: frozenset[Doubt] = frozenset({
    "error_cell", "uncached", "boolean", "not_number", "not_whole", "not_finite", "not_date",
    "not_choice", "not_paragraph", "not_function", "not_score", "too_large", "odd_date",
    "long_number", "not_account", "swapped_account",
})  # fmt: skip
"""Doubts after which the cell has no value."""
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000
FIRST_SANE_DAY, LAST_SANE_DAY = date(1902, 1, 1), date(2099, 12, 31)
FIRST_YEAR_FROM_DATE = 1950
MOST_MONEY = 1e12
TOO_LONG = 1e15
"""From here on a number has more digits than Excel keeps: as an id it could be another's."""
_DONT_KNOW = frozenset({"vedikke", "vedikkerelevant", "dontknow"})
_YES = frozenset({"ja", "j", "yes", "y", "x", "sand", "true", "1"})
_NO = frozenset({"nej", "n", "no", "falsk", "false", "0"})


@dataclass(slots=True)
class Typed:
    """A column's series and what was doubtful: per kind, the rows (index) in order.

    A column of functions with account strings in it has their dranst and grouping in `parts`, null
    where a row has none, and in `alike` what a string with swapped digits looks like, per row.
    """

    series: pl.Series
    doubts: dict[Doubt, list[int]] = field(default_factory=dict)
    parts: pl.DataFrame | None = None
    alike: Mapping[int, Sequence[tuple[str, str]]] = field(default_factory=dict)

    @property
    def unreadable(self) -> set[int]:
        """Return the rows whose cell could not be read."""
        return {i for kind, rows in self.doubts.items() if kind in UNREADABLE for i in rows}


Marks = Literal["da", "en"]
Order = Literal["dmy", "mdy"]
Where = Callable[[int], str]
"""The address of a row's cell."""
Value = str | float | int | bool | date
Read = tuple[Value | None, Doubt | None]
"""What a cell means, and what is doubtful of it."""


def typed_column(  # noqa: PLR0911 - one return per kind of column
    column: Column,
    cells: Sequence[object],
    where: Where,
    *,
    typed: bool,
    scale: int = 1,
    epoch: date = EPOCH,
) -> Typed:
    """Return a column's cells as a series of its type.

    Args:
        column: what the column should hold.
        cells: the cells as the grid has them.
        where: the address of a row's cell, for messages.
        typed: whether the source knows types (a workbook) or is all text (CSV).
        scale: kroner per unit of the column, where amounts stand in thousands or millions.
        epoch: the day whose serial number is 0.

    Raises:
        InputError: decimal marks, date orders or account strings within the column contradict
            each other.
    """
    match column.type:
        case "date":
            return _dates(column, cells, where, epoch, typed=typed)
        case "number" | "price" | "money" | "integer" | "year" | "month":
            return _numbers(column, cells, where, typed=typed, scale=scale)
        case "choice":
            return _each(column, cells, partial(_text, _chooser(column), "not_choice"))
        case "paragraph":
            return _paragraphs(column, cells)
        case "function":
            return functions(column, cells, where)
        case "score":
            return _each(column, cells, _score)
        case "yesno":
            return _each(column, cells, _yes_no)
        case _:
            return _each(column, cells, partial(_text, str, "not_choice"))


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


def _each(column: Column, cells: Sequence[object], read: Callable[[object], Read]) -> Typed:
    """Return the cells read one by one, in the column's own type."""
    kind = DTYPES[column.type]
    if set(map(type, cells)) <= {str}:
        return _texts(pl.Series(column.id, cells, pl.String()), kind, read)
    values, doubts = _read_each(cells, read)
    return Typed(pl.Series(column.id, values, kind), doubts)


def _texts(said: pl.Series, kind: pl.DataType, read: Callable[[object], Read]) -> Typed:
    """Return texts read, each different one once."""
    found = {text: read(text) for text in said.unique(maintain_order=True).to_list()}
    doubtful: dict[Doubt, list[str]] = {}
    for text, (_, doubt) in found.items():
        if doubt:
            doubtful.setdefault(doubt, []).append(text)
    doubts = {d: said.is_in(those).arg_true().to_list() for d, those in doubtful.items()}
    if kind != pl.String():
        values = [value for value, _ in found.values()]
        series = said.replace_strict(list(found), values, return_dtype=kind) if found else said
        return Typed(series.cast(kind), doubts)
    others = {text: value for text, (value, _) in found.items() if value != text}
    return Typed(said.replace(others) if others else said, doubts)


def _read_each(
    cells: Sequence[object], read: Callable[[object], Read]
) -> tuple[list[Value | None], dict[Doubt, list[int]]]:
    """Return the value of each cell, and per kind of doubt the rows (index).

    Cells that are alike are read once.
    """
    keys = [c if type(c) is str else (type(c), c) for c in cells]
    different = dict(zip(keys, cells, strict=True))
    meant = {k: _bad(c) if isinstance(c, Bad) else read(c) for k, c in different.items()}
    doubtful = {k: doubt for k, (_, doubt) in meant.items() if doubt}
    doubts: dict[Doubt, list[int]] = {}
    if doubtful:
        for row, key in enumerate(keys):
            if doubt := doubtful.get(key):
                doubts.setdefault(doubt, []).append(row)
    return [meant[key][0] for key in keys], doubts


def _only(cells: Sequence[object], kind: type) -> bool:
    """Return whether every cell is of a kind, or blank."""
    kinds = Counter(map(type, cells))
    return kinds.keys() <= {kind, str} and kinds[str] == cells.count("")


def _bad(cell: Bad) -> Read:
    return None, "uncached" if cell.text == "=" else "error_cell"


def _text(read: Callable[[str], str | None], doubt: Doubt, cell: object) -> Read:
    """Return what a cell's text means, doubtful where it means nothing."""
    if isinstance(cell, float) and abs(cell) >= TOO_LONG:
        return None, "long_number"
    text = as_text(cell)
    value = read(text) if text else None
    return value, doubt if text and value is None else None


def _chooser(column: Column) -> Callable[[str], str | None]:
    by_name = {fold(v): v for v in column.values}
    for value, aliases in column.values.items():
        by_name |= {fold(a): value for a in aliases}

    def choose(text: str) -> str | None:
        return by_name.get(fold(text), text if column.other else None)

    return choose


def _paragraphs(column: Column, cells: Sequence[object]) -> Typed:
    typed = _each(column, cells, partial(_text, parse.to_paragraph, "not_paragraph"))
    bare = (typed.series == "105").fill_null(value=False).arg_true().to_list()
    if bare:
        typed.doubts["bare_105"] = bare
    return typed


def functions(
    column: Column, cells: Sequence[object], where: Where, chart: Collection[str] | None = None
) -> Typed:
    """Return the cells as functions; an account string of nine digits is taken apart.

    Args:
        column: what the column should hold.
        cells: the cells as the grid has them.
        where: the address of a row's cell, for messages.
        chart: the functions that tell account strings apart, as `5.28.20`; by default the shelf's.

    Raises:
        InputError: account strings contradict each other, or can be read in two ways.
    """
    typed = _each(column, cells, partial(_text, parse.to_function, "not_function"))
    unread = {i: as_text(cells[i]) for i in typed.doubts.get("not_function", ())}
    strings = {i: text for i, text in unread.items() if account_string.is_account_string(text)}
    if not strings:
        return typed
    chart = {a.funktion for a in load_facts().account} if chart is None else chart
    texts = pl.Series("string", [strings.get(i) for i in range(len(cells))], pl.String())
    signs = account_string.signs(texts, chart)
    _refuse_two_orders(column, texts, where, signs)
    return _with_strings(typed, texts, signs.order, chart)


def _with_strings(
    typed: Typed, texts: pl.Series, order: account_string.Order | None, chart: Collection[str]
) -> Typed:
    """Return a column of functions with its account strings read, the rest as it was.

    Without an order every string is of no known function, or reads alike in both.
    """
    orders = (order,) if order else account_string.ORDERS
    parts = account_string.split(texts, orders[0], chart)
    given, read = texts.is_not_null(), parts["funktion"].is_not_null()
    lacking = texts.filter(given & ~read).unique(maintain_order=True)
    alike = {t: a for t in lacking if (a := account_string.look_alikes(t, orders, chart))}
    swapped = texts.is_in(list(alike)).fill_null(value=False)
    strings = set(given.arg_true())
    found: dict[Doubt, list[int]] = {
        "not_function": [i for i in typed.doubts["not_function"] if i not in strings],
        "account_dranst" if order == "dranst" else "account_function": read.arg_true().to_list(),
        "swapped_account": swapped.arg_true().to_list(),
        "not_account": (given & ~read & ~swapped).arg_true().to_list(),
    }
    series = pl.select(pl.coalesce(typed.series, parts["funktion"])).to_series()
    return Typed(
        series.rename(typed.series.name),
        {kind: rows for kind, rows in {**typed.doubts, **found}.items() if rows},
        parts.drop("funktion"),
        {i: alike[texts[i]] for i in found["swapped_account"]},
    )


def _refuse_two_orders(
    column: Column, texts: pl.Series, where: Where, signs: account_string.Signs
) -> None:
    """Refuse account strings that contradict each other, or that nothing tells how to read."""
    if len(signs.only) == 2:
        a, b = signs.only["function"], signs.only["dranst"]
        first, second = sorted((a, b))
        raise InputError(
            Texts(
                f"Kolonnen «{column.name}» blander kontostrenge: «{texts[a]}» kan kun læses med "
                f"funktionen først, «{texts[b]}» kun med dranst først.",
                f"The column “{column.name}” mixes account strings: “{texts[a]}” can only be read "
                f"with the function first, “{texts[b]}” only with the dranst first.",
            ),
            where=Texts(
                f"{where(first)} og {where(second)}", f"{where(first)} and {where(second)}"
            ),
            hint=Texts(
                "Ret den ene af de to, eller skriv funktionen alene (5.28.20).",
                "Mend one of the two, or write the function alone (5.28.20).",
            ),
        )
    if signs.either is not None and not signs.only:
        raise _read_in_two_ways(column, str(texts[signs.either]), where(signs.either))


def _read_in_two_ways(column: Column, text: str, where: str) -> InputError:
    """Return that an account string could be two functions; what it could be is in its digits."""
    first, second = (f"{text[n]}.{text[n + 1 : n + 3]}.{text[n + 3 : n + 5]}" for n in (0, 1))
    return InputError(
        Texts(
            f"Kontostrengen «{text}» i «{column.name}» kan læses på to måder, og ingen anden i "
            f"kolonnen afgør det: funktion {first} med dranst {text[5]}, eller dranst {text[0]} "
            f"med funktion {second}.",
            f"The account string “{text}” in “{column.name}” can be read in two ways, and no other "
            f"in the column decides: function {first} with dranst {text[5]}, or dranst {text[0]} "
            f"with function {second}.",
        ),
        where=where,
        hint=Texts(
            f"Skriv funktionen alene ({first} eller {second}), og dranst i sin egen kolonne.",
            f"Write the function alone ({first} or {second}), and dranst in a column of its own.",
        ),
    )


def _score(cell: object) -> Read:
    """Return a whole score 1–5; the answer "don't know" is -1 until the reader tells it apart."""
    text = as_text(cell)
    if not text:
        return None, None
    if fold(text) in _DONT_KNOW:
        return -1, None
    return (int(text), None) if text in ("1", "2", "3", "4", "5") else (None, "not_score")


def _yes_no(cell: object) -> Read:
    word = fold(as_text(cell))
    if not word:
        return None, None
    return (word in _YES, None) if word in _YES | _NO else (None, "not_choice")


def _numbers(
    column: Column, cells: Sequence[object], where: Where, *, typed: bool, scale: int
) -> Typed:
    if _only(cells, float):
        given = [None if c == "" else c for c in cells] if "" in cells else cells
        series = pl.Series(column.id, given, pl.Float64())
        return _finished(column, series * scale, {})
    read = partial(_number, column, _marks_of(column, cells, where), typed=typed)
    values, doubts = _read_each(cells, read)
    return _finished(column, pl.Series(column.id, values, pl.Float64()) * scale, doubts)


def _marks_of(column: Column, cells: Sequence[object], where: Where) -> Marks | None:
    """Return the column's decimal mark, as its unambiguous cells have it."""
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
            where=Texts(f"{where(a)} og {where(b)}", f"{where(a)} and {where(b)}"),
            hint=Texts(
                "Ret den ene af de to, eller eksportér kolonnen som tal.",
                "Mend one of the two, or export the column as numbers.",
            ),
        )
    return "en" if "en" in first else "da" if "da" in first else None


def _number(column: Column, marks: Marks | None, cell: object, *, typed: bool) -> Read:
    if isinstance(cell, bool):
        return None, "boolean"
    if isinstance(cell, float):
        return cell, None
    if isinstance(cell, date):
        is_year = column.type == "year" and cell.year >= FIRST_YEAR_FROM_DATE
        return (float(cell.year), "year_from_date") if is_year else (None, "not_number")
    return _number_of_text(column, marks, as_text(cell), typed=typed)


def _number_of_text(column: Column, marks: Marks | None, text: str, *, typed: bool) -> Read:
    if not text:
        return None, None
    if parse.is_dash(text):
        return 0.0, "dash_zero"
    if column.type == "month" and (month := parse.month_number(text)):
        return float(month), None
    value = parse.to_number(text, marks or "da")
    if value is None:
        return None, "not_number"
    return value, _doubt_of_marks(marks, text) or ("text_number" if typed else None)


def _doubt_of_marks(marks: Marks | None, text: str) -> Doubt | None:
    """Return what is doubtful of a number's marks: `1,234` alone does not say what its comma is."""
    own = parse.number_marks(text)
    if marks == "en" and own in ("en", "either"):
        return "english_number"
    return "either_mark" if marks is None and own == "either" and "," in text else None


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
    kept: pl.Expr = pl.when(~pl.any_horizontal(wrong.values())).then(x)
    decimals = {"money": 2, "price": 4}.get(column.type)
    if decimals:
        rounded = kept.round(decimals, mode="half_away_from_zero")
        wrong["more_decimals"] = (rounded - x).abs() > 1e-6 * (1 + x.abs() * 1e-6)
        kept = rounded
    if column.share:
        wrong["share"] = (x.abs() <= 1) & (x != 0)
    frame = pl.select(
        kept.cast(DTYPES[column.type]).alias(column.id),
        *(is_wrong.fill_null(value=False).alias(kind) for kind, is_wrong in wrong.items()),
    )
    for kind in wrong:
        if frame[kind].any():
            doubts.setdefault(kind, []).extend(frame[kind].arg_true().to_list())
    return Typed(frame[column.id], doubts)


def _dates(
    column: Column, cells: Sequence[object], where: Where, epoch: date, *, typed: bool
) -> Typed:
    if _only(cells, date):
        days = pl.Series(column.id, [c or None for c in cells], pl.Date())
        return _sane_dates(column, days, {})
    read = partial(_date, _order_of(column, cells, where), epoch, typed=typed)
    values, doubts = _read_each(cells, read)
    return _sane_dates(column, pl.Series(column.id, values, pl.Date()), doubts)


def _sane_dates(column: Column, series: pl.Series, doubts: dict[Doubt, list[int]]) -> Typed:
    """Return the dates; 31-12-9999 and 1900 mean an open end where a column has one."""
    sane = series.is_between(FIRST_SANE_DAY, LAST_SANE_DAY)
    if sane.all():
        return Typed(series, doubts)
    doubts["open_end" if column.open else "odd_date"] = (~sane).arg_true().to_list()
    return Typed(series.zip_with(sane, pl.Series([None], dtype=pl.Date())), doubts)


def _order_of(column: Column, cells: Sequence[object], where: Where) -> Order:
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
            where=Texts(f"{where(a)} og {where(b)}", f"{where(a)} and {where(b)}"),
            hint=Texts(
                "Ret den ene af de to, eller eksportér kolonnen som datoer.",
                "Mend one of the two, or export the column as dates.",
            ),
        )
    return "mdy" if "mdy" in first else "dmy"


def _date(order: Order, epoch: date, cell: object, *, typed: bool) -> Read:
    if isinstance(cell, datetime):
        return cell.date(), None
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, float) and FIRST_SERIAL <= cell <= LAST_SERIAL and cell.is_integer():
        return epoch + timedelta(days=int(cell)), "serial_date"
    if isinstance(cell, float) and cell.is_integer():
        day = parse.to_date(f"{cell:.0f}")
        return day, "serial_date" if day else "not_date"
    if not isinstance(cell, str):
        return None, "not_date"
    return _date_of_text(order, parse.tidy(cell), typed=typed)


def _date_of_text(order: Order, text: str, *, typed: bool) -> Read:
    if not text:
        return None, None
    found = parse.to_date(text, order)
    if found is None:
        return None, "not_date"
    if _is_american(text, order):
        return found, "us_date"
    return found, "text_date" if typed else None


def _is_american(text: str, order: Order) -> bool:
    """Return whether a date is taken as month/day/year, by its own text or by its column's."""
    own = parse.date_order(text)
    return own == "mdy" or (order == "mdy" and own == "either" and re.match(r"\d{4}", text) is None)


def first_cells(rows: Iterable[int], where: Where, most: int = 5) -> str:
    """Return the addresses of the first few rows, and how many more there are."""
    listed = list(rows)
    shown = ", ".join(where(r) for r in listed[:most])
    return f"{shown} …" if len(listed) > most else shown
