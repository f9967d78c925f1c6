"""Excel from a layout file: sheets, tables and columns as data (`review.xlsx.toml`).

Texts are always written as texts, never as formulas or links by accident; the created date is the
as-of date, so the same review gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import tomli
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from styring import text
from styring.errors import InputError, Lang, Texts
from styring.formats import contents, fan, live, plan_sheet, plots, waterfall
from styring.formats.book import (
    GOOD,
    HEADER,
    HEADER_ROW,
    INK,
    LEFT,
    LINE,
    LINED,
    POOR,
    Book,
    cleaned,
    header_height,
    lines_of,
    moment,
    page_setup,
    unit_format,
    write_note,
)
from styring.formats.conditions import condition_in_words
from styring.formats.words import Words, load_words, template_file
from styring.review import Call, IndicatorPart, Overview, Review

LAYOUT = "review.xlsx.toml"
OVERVIEW = "overview.xlsx.toml"
MOST_LINK_TEXT = 255
NUMBER_FORMATS = {
    "int": "#,##0",
    "year": "0",
    "num1": "#,##0.0",
    "num2": "#,##0.00",
    "num3": "0.000",
    "kr": "#,##0;−#,##0",
    "share": "0.0%;−0.0%",
    "score": "0",
    "date": "d.m.yyyy",
}
MONTHS: dict[Lang, str] = {"da": "[$-406]mmm yyyy", "en": "[$-809]mmm yyyy"}
"""A month of the form `2025-09` is kept as its first day, to be sorted by."""
COMMENT_WIDTH, COMMENT_LINE, COMMENT_LETTERS = 380, 17, 52.0
"""Of a comment: width and height of a line in pixels, letters on a line."""
LEAST = 0.5
"""Kroner: what is less is shown as none."""
KEPT = "#7A5C00"
"""Over cells that the reader writes in."""
WRAPPED = ("wrap", "calls", "head", "apart")


class Nested(NamedTuple):
    """A row of a list that stands in another row: `of` is the other, `it` the row."""

    of: Any
    it: Any


def render_xlsx(review: Review | Overview, templates: Path, lang: Lang) -> bytes:
    """Return the report, or the overview, as an Excel workbook.

    Raises:
        InputError: the layout is missing, broken, or names what the review does not have.
    """
    words = load_words(templates, lang)
    file = template_file(templates, LAYOUT if isinstance(review, Review) else OVERVIEW)
    try:
        layout = tomli.loads(file.read_text("utf-8"))["sheet"]
    except (OSError, KeyError, tomli.TOMLDecodeError) as error:
        raise _broken(file, str(error)) from error
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    mark = review.mark[lang] if review.mark else ""
    book.set_properties(
        {"title": _title(review, words), "created": _created(review), "comments": mark}
    )
    try:
        layout = [s for s in layout if "needs" not in s or _value(review, s["needs"])]
        b = Book(book, review, words, lang, layout)
        b.anchors |= _anchors(b)
        for sheet in layout:
            if "live" in sheet:
                live.write_live(b, sheet)
            elif sheet.get("contents"):
                contents.write_contents(b, sheet)
            else:
                _write_sheet(b, sheet)
    except (KeyError, AttributeError, TypeError) as error:
        raise _broken(file, str(error)) from error
    book.close()
    return out.getvalue()


def _title(review: Review | Overview, words: Words) -> str:
    if isinstance(review, Review):
        return f"{words['report']}: {review.municipality.name}"
    return str(words["overview"])


def _created(review: Review | Overview) -> datetime:
    """Return the as-of date: the one date that is the same on every run."""
    dates = (
        [review.as_of] if isinstance(review, Review) else [m.as_of for m in review.municipalities]
    )
    day = max(dates, default=date(2000, 1, 1))
    return moment(day)


def _broken(file: Path, why: str) -> InputError:
    return InputError(
        Texts(f"Arklayoutet kan ikke bruges: {why}", f"The sheet layout cannot be used: {why}"),
        where=str(file),
        hint=Texts(
            "Ret filen, eller udelad --templates for at bruge layoutet i styring.",
            "Mend the file, or leave out --templates to use the layout in styring.",
        ),
    )


def _anchors(b: Book) -> dict[tuple[str, str], str]:
    """Return the address of every row that a link can lead to."""
    found: dict[tuple[str, str], str] = {}
    for sheet in b.layout:
        row = HEADER_ROW
        for block in sheet.get("block", ()):
            rows = list(_rows(b, block))
            first = _first_data_row(block, row)
            anchor = next((c for c in block["column"] if c.get("anchor")), None)
            if anchor:
                for n, item in enumerate(rows):
                    key = (sheet["id"], str(_value(item, anchor["value"])))
                    found.setdefault(key, f"'{b.word(sheet['name'])}'!A{first + n + 1}")
            row = first + max(len(rows), 1) + 1
    return found


def _first_data_row(block: Mapping[str, Any], row: int) -> int:
    """Return the row (from 0) of a block's first line: after its title, note and header."""
    return row + bool(block.get("title")) + bool(block.get("note")) + (not block.get("plain"))


def _rows(b: Book, block: Mapping[str, Any]) -> Iterator[Any]:
    found = _value(b.review, block["rows"])
    items = [] if found is None else found if isinstance(found, tuple) else (found,)
    for item in items:
        if "absent" in block and _value(item, block["absent"]) is not None:
            continue
        if "present" in block and _value(item, block["present"]) is None:
            continue
        if any(_value(item, k) not in allowed for k, allowed in block.get("only", {}).items()):
            continue
        if "each" in block:
            yield from (Nested(item, inner) for inner in _value(item, block["each"]))
        else:
            yield item


def _value(item: Any, path: str) -> Any:
    """Return what stands at a dotted path; nothing below nothing."""
    for name in path.split(".") if path else ():
        if item is None:
            return None
        item = getattr(item, name)
    return item


def _write_sheet(b: Book, sheet: Mapping[str, Any]) -> None:
    page = b.book.add_worksheet(b.word(sheet["name"])[:31])
    page_setup(b, page, sheet)
    row, headers = HEADER_ROW, []
    widths = _widths(sheet)
    for c, width in enumerate(widths):
        page.set_column(c, c, width)
    printed = sheet.get("print_columns", len(widths))
    for n, block in enumerate(sheet["block"]):
        row = _write_titles(b, page, block, row, widths[:printed])
        header = row
        row = _write_block(b, page, block, row, widths)
        if not block.get("plain"):
            headers.append(header)
        if block.get("plan"):
            row = plan_sheet.write_plan(b, page, block["column"], header)
        elif not block.get("plain"):
            _as_table(b, page, block["column"], (header, row - 1), f"{sheet['id']}_{n}")
        if block.get("chart"):
            row = _draw(b, page, block, row + 1)
        elif block.get("plot") and row - 1 > header + 1:
            row = _plot(b, page, block, (header + 1, row - 1))
        row += 1
    if headers:
        # where there are more tables, only the sheet's title is true of all of them
        first = headers[0] if len(headers) == 1 and headers[0] <= HEADER_ROW + 2 else 0
        page.freeze_panes(first + 1, 1)
        page.repeat_rows(first)
    page.print_area(0, 0, row - 1, printed - 1)


def _widths(sheet: Mapping[str, Any]) -> list[float]:
    """Return the widths of a sheet's columns: those it names, else the widest of its blocks."""
    blocks = [[c.get("width", 12) for c in block["column"]] for block in sheet["block"]]
    asked = sheet.get("widths", ())
    widest = [max(ws) for ws in zip_longest(*blocks, fillvalue=0)]
    return [*asked, *widest[len(asked) :]]


def _write_titles(
    b: Book, page: Any, block: Mapping[str, Any], row: int, widths: Sequence[float]
) -> int:
    """Write what stands above a table, and return the row of its header."""
    if block.get("title"):
        looks = b.style(bold=True, font_size=12, font_color=INK)
        page.write_string(row, 0, b.word(block["title"]), looks)
        row += 1
    if block.get("note"):
        if note := _note(b, block["note"]):
            write_note(b, page, row, note, widths)
        row += 1
    return row


def _as_table(
    b: Book, page: Any, columns: Sequence[Mapping[str, Any]], rows: tuple[int, int], name: str
) -> None:
    """Make a table of what was written, with a button to filter by where there is more to it.

    A table's headers must be there and differ; a block whose do not stays as it is.
    """
    headers = [b.word(c["header"]) for c in columns]
    if "" in headers or len({h.casefold() for h in headers}) < len(headers):
        return
    first, last = rows
    page.add_table(
        *(first, 0, last, len(columns) - 1),
        {
            "name": "t_" + re.sub(r"\W", "_", name),
            "style": None,
            "autofilter": last > first + 1,
            "columns": [
                {"header": h, "header_format": b.style(**_header(c))}
                for h, c in zip(headers, columns, strict=True)
            ],
        },
    )


def _plot(b: Book, page: Any, block: Mapping[str, Any], rows: tuple[int, int]) -> int:
    """Draw columns of a table as its layout says, and return the row after the drawing."""
    spec, columns = block["plot"], block["column"]
    at = {c.get("value"): n for n, c in enumerate(columns)}
    drawn = [at[value] for value in spec["values"]]
    titles = [b.word(columns[n]["header"]) for n in drawn]
    span = tuple(spec["span"]) if "span" in spec else None
    kind, title = spec["kind"], b.word(spec["title"])
    unit = b.word(spec.get("unit", ""))
    dates = MONTHS[b.lang] if columns[0].get("format") == "month" else ""
    shares = {columns[n].get("format") for n in drawn} == {"share"}
    return plots.plot(
        b, page, kind, rows, drawn, titles, rows[1] + 2, title,
        span=span, unit=unit, dates=dates, shares=shares,
    )  # fmt: skip


def _note(b: Book, key: str) -> str:
    if key in b.words:
        return b.word(key)
    found = _value(b.review, key)
    return str(found[b.lang]) if isinstance(found, Texts) else str(found or "")


def _write_block(
    b: Book, page: Any, block: Mapping[str, Any], row: int, widths: Sequence[float]
) -> int:
    """Write a table and return the row after it."""
    columns = block["column"]
    if not block.get("plain"):
        headers = [b.word(column["header"]) for column in columns]
        page.set_row(row, header_height(headers, widths[: len(columns)]))
        for c, column in enumerate(columns):
            page.write_string(row, c, headers[c], b.style(**_header(column)))
        row += 1
    first = row
    for item in _rows(b, block):
        lines = max(
            _write_cell(b, page, (row, c), columns, item, widths[c])
            for c, column in enumerate(columns)
            if "value" in column
        )
        page.set_row(row, LINE * lines + 3)
        row += 1
    if row == first and not block.get("plan"):
        page.write_string(row, 0, "–", b.style())
        row += 1
    for c, column in enumerate(columns):
        if column.get("mark") and row > first:
            _mark(b, page, column["mark"], (first, c, row - 1, c))
    return row


def _draw(b: Book, page: Any, block: Mapping[str, Any], row: int) -> int:
    """Draw a block's rows as its layout says, and return the row after the drawing."""
    if block.get("kind") == "fan":
        words = {n: b.word(key) for n, key in {"title": block["chart"], **fan.WORDS}.items()}
        return fan.draw(b.book, page, list(_rows(b, block)), row, words, b.lang)
    lines = [row_.it for row_ in _rows(b, block)]
    titles = (b.word(block["chart"]), b.word("rises"), b.word("falls"))
    return waterfall.draw(b.book, page, lines, row, titles, b.lang)


def _header(column: Mapping[str, Any]) -> dict[str, Any]:
    """Return the looks of a header: over numbers it stands to the right as they do."""
    kind = column.get("format", "text")
    if "value" not in column:
        return {**HEADER, **LEFT, "bg_color": KEPT}
    is_number = kind == "unit" or (kind in NUMBER_FORMATS and kind != "date")
    return {**HEADER, "align": "right"} if is_number else {**HEADER, **LEFT}


def _formula(columns: Sequence[Mapping[str, Any]], item: Any, row: int, formula: str) -> str:
    """Return a formula of a column with its cells put in; none where one of them is empty.

    `{accounts}-{original}` names other columns of the row by their value.
    """
    at = {c.get("value"): n for n, c in enumerate(columns)}
    asked = re.findall(r"{(.*?)}", formula)
    if not asked or any(_value(item, name) is None for name in asked):
        return ""
    cells = {name: xl_rowcol_to_cell(row, at[name]) for name in asked}
    return "=" + re.sub(r"{(.*?)}", lambda m: cells[m[1]], formula)


def _write_cell(
    b: Book,
    page: Any,
    cell: tuple[int, int],
    columns: Sequence[Mapping[str, Any]],
    item: Any,
    width: float,
) -> int:
    """Write a value and return how many lines it takes in its column."""
    row, column = cell
    spec = columns[column]
    value = _value(item, spec["value"])
    kind = spec.get("format", "text")
    if spec.get("comment"):
        about = _about(b, item)
        lines = lines_of(about, COMMENT_LETTERS)
        size = {"width": COMMENT_WIDTH, "height": COMMENT_LINE * lines + 10}
        page.write_comment(row, column, cleaned(about), {**size, "font_size": 9})
    if value is None:
        page.write_blank(row, column, None, b.style(**LINED))
    elif kind == "flag":
        page.write_string(row, column, b.words["yes"] if value else "", b.style(**LINED, **LEFT))
    elif kind == "month" or isinstance(value, date):
        day = value if isinstance(value, date) else date.fromisoformat(f"{value}-01")
        shown = MONTHS[b.lang] if kind == "month" else NUMBER_FORMATS["date"]
        page.write_datetime(row, column, moment(day), b.style(num_format=shown, **LINED, **LEFT))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        style = b.style(num_format=_number_format(kind, item), **LINED)
        if formula := _formula(columns, item, row, spec.get("formula", "")):
            page.write_formula(row, column, formula, style, value)
        else:
            page.write_number(row, column, _rounded(value, kind, item), style)
    else:
        words = _as_text(b, value, spec)
        _write_text(b, page, row, column, spec, item, words)
        return lines_of(words, width) if kind in WRAPPED else 1
    return 1


def _about(b: Book, i: IndicatorPart) -> str:
    """Return what an indicator measures, and where numerator and denominator come from."""
    said = [i.title[b.lang], i.description[b.lang]]
    for x in i.trace:
        where = f"{b.words['parts'][x.part]}: {x.sheet}, {x.column[b.lang]}"
        told = (
            condition_in_words(x.condition, b.words["condition_words"], b.lang)
            if x.condition
            else ""
        )
        said.append(f"{where} ({told})" if told and not i.statement else where)
    return "\n".join(said)


def _number_format(kind: str, item: Any) -> str:
    if kind != "unit" or not isinstance(item, IndicatorPart):
        return NUMBER_FORMATS.get(kind, "General")
    return unit_format(item)


def _rounded(value: float, kind: str, item: Any) -> float:
    """Return a figure as it is kept: unrounded, but an index in the unit shown, and no −0 kr."""
    if kind == "kr" and abs(value) < LEAST:
        return 0.0
    if kind == "unit" and isinstance(item, IndicatorPart) and item.unit_kind != "share":
        return value * item.scale
    return value


def _as_text(b: Book, value: Any, spec: Mapping[str, Any]) -> str:
    if isinstance(value, Texts):
        return value[b.lang]
    if spec.get("format") == "period":
        return text.period(value, b.lang)
    if spec.get("format") == "calls":
        return "; ".join(f"{c.name} {c.shown[b.lang]} ({c.contact})" for c in _calls(value))
    if spec.get("format") == "apart":
        ours = b.words["against_ours"]
        return "; ".join(
            f"{x.title[b.lang]}: {x.theirs[b.lang]} {ours} {x.own[b.lang]}" for x in value
        )
    names = b.words[spec["words"]] if "words" in spec else {}
    if isinstance(value, tuple):
        return ", ".join(str(names.get(v, v)) for v in value)
    return str(names.get(value, value))


def _calls(value: tuple[Call, ...]) -> tuple[Call, ...]:
    return value


def _write_text(
    b: Book, page: Any, row: int, column: int, spec: Mapping[str, Any], item: Any, words: str
) -> None:
    clean = cleaned(words)
    kind = spec.get("format")
    style = {**LINED, **LEFT, "text_wrap": kind in WRAPPED}
    if kind == "head":
        style |= {"bold": True, "font_color": INK}
    target = None
    if "link" in spec:
        sheet, _, path = spec["link"].partition(":")
        target = b.anchors.get((sheet, str(_value(item, path))))
    if target and len(clean) <= MOST_LINK_TEXT:
        linked = b.style(font_color="#1B5E9E", underline=1, **style)
        page.write_url(row, column, f"internal:{target}", linked, clean)
    else:
        page.write_string(row, column, clean, b.style(**style))


def _mark(b: Book, page: Any, kind: str, area: tuple[int, int, int, int]) -> None:
    """Colour a column; bold and italic say the same in black and white."""
    poor = b.book.add_format({"bg_color": POOR, "bold": True})
    good = b.book.add_format({"bg_color": GOOD, "italic": True})
    if kind in ("score", "deviation"):
        page.conditional_format(*area, {"type": "blanks", "stop_if_true": True})
    if kind == "score":
        _mark_where(page, area, "<", 40, poor)
        _mark_where(page, area, ">=", 70, good)
    elif kind == "deviation":
        _mark_where(page, area, ">", 0, poor)
    else:
        kinds, severities = b.words["observation_kinds"], b.words["severities"]
        for word in (kinds["weakness"], severities["error"], severities["warning"]):
            _mark_where(page, area, "==", f'"{word}"', poor)
        _mark_where(page, area, "==", f'"{kinds["strength"]}"', good)


def _mark_where(
    page: Any, area: tuple[int, int, int, int], criteria: str, value: object, style: Any
) -> None:
    page.conditional_format(
        *area, {"type": "cell", "criteria": criteria, "value": value, "format": style}
    )
