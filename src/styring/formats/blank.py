"""The empty workbook: every sheet with guidance, date formats and drop-downs."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from styring.errors import Lang, Texts
from styring.model import Column, Sheet, WorkbookSpec

LAST_ROW = 5000
CREATED = datetime(2025, 1, 1)  # noqa: DTZ001 - fixed, and Excel has no time zones
GUIDE = Texts("Vejledning", "Guidance")
INTRO = (
    Texts(
        "En projektmappe er én kommune. Udfyld de ark, I har; resten slettes eller står tomme.",
        "A workbook is one municipality. Fill in the sheets you have; delete or leave the rest.",
    ),
    Texts(
        "Kommune, Økonomi, Sager og Befolkning skal med i en fuld gennemgang.",
        "Kommune, Økonomi, Sager and Befolkning are needed for a full review.",
    ),
    Texts(
        "Brug pseudonymer for borgere. CPR-numre og navne hører ikke hjemme her.",
        "Use pseudonyms for citizens. CPR numbers and names do not belong here.",
    ),
    Texts(
        "Overskrifterne med stjerne skal udfyldes i hver række.",
        "Headers with a star must be filled in on every row.",
    ),
)


def blank_workbook(spec: WorkbookSpec, lang: Lang) -> bytes:
    """Return an empty workbook in the canonical layout."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": CREATED})
    head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1})
    formats = {
        "date": book.add_format({"num_format": "dd-mm-yyyy"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "price": book.add_format({"num_format": "#,##0.00"}),
        "code": book.add_format({"num_format": "@"}),
        "paragraph": book.add_format({"num_format": "@"}),
        "function": book.add_format({"num_format": "@"}),
    }
    _guide(book, spec, lang, head)
    for sheet in spec.sheet:
        page = book.add_worksheet(sheet.name)
        if sheet.keyvalue:
            _key_values(page, sheet, lang, head)
        else:
            _table(page, sheet, lang, head, formats)
    book.close()
    return out.getvalue()


def _guide(book: Any, spec: WorkbookSpec, lang: Lang, head: Any) -> None:
    page = book.add_worksheet(GUIDE[lang])
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 24)
    page.set_column(2, 2, 90)
    for n, line in enumerate(INTRO):
        page.write_string(n, 0, line[lang])
    row = len(INTRO) + 1
    words = (Texts("Ark", "Sheet"), Texts("Kolonne", "Column"), Texts("Betydning", "Meaning"))
    for c, word in enumerate(words):
        page.write_string(row, c, word[lang], head)
    for sheet in spec.sheet:
        for n, column in enumerate(sheet.column):
            row += 1
            page.write_string(row, 0, sheet.name if n == 0 else "")
            page.write_string(row, 1, column.name)
            page.write_string(row, 2, column.meaning[lang], wrap)
        page.write_string(row - len(sheet.column) + 1, 0, sheet.name, head)


def _key_values(page: Any, sheet: Sheet, lang: Lang, head: Any) -> None:
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 34)
    for n, column in enumerate(sheet.column):
        page.write_string(n, 0, column.name, head)
        page.write_comment(n, 0, column.meaning[lang])
        _validation(page, column, (n, 1, n, 1))


def _table(page: Any, sheet: Sheet, lang: Lang, head: Any, formats: dict[str, Any]) -> None:
    for c, column in enumerate(sheet.column):
        page.set_column(c, c, max(12, len(column.name) + 3), formats.get(column.type))
        page.write_string(0, c, f"{column.name}{' *' if column.required else ''}", head)
        page.write_comment(0, c, column.meaning[lang])
        _validation(page, column, (1, c, LAST_ROW, c))
    page.freeze_panes(1, 0)


def _validation(page: Any, column: Column, area: tuple[int, int, int, int]) -> None:
    if column.values and not column.other:
        page.data_validation(*area, {"validate": "list", "source": list(column.values)})
    elif column.type == "month":
        page.data_validation(
            *area, {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 12}
        )
    elif column.type == "yesno":
        page.data_validation(*area, {"validate": "list", "source": ["ja", "nej"]})
