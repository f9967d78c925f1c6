"""The lists for the team: which cases are due, wait or rose in price. Never sent on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import polars as pl
import xlsxwriter

from styring import casework
from styring.errors import Lang, Texts
from styring.prepare import Prepared
from styring.say import sentence
from styring.text import both, day

LISTS = {
    "follow_ups": Texts("Opfølgning", "Follow-up"),
    "without_plan": Texts("Uden handleplan", "Without plan"),
    "waiting": Texts("Venter", "Waiting"),
    "price_rises": Texts("Prisstigninger", "Price rises"),
    "transitions": Texts("Overgange", "Transitions"),
}
HEADERS = {
    "sag_id": Texts("Sag", "Case"),
    "borger_id": Texts("Borger", "Citizen"),
    "paragraf": Texts("Paragraf", "Paragraph"),
    "paragraffer": Texts("Paragraffer", "Paragraphs"),
    "tilbud": Texts("Tilbud", "Service"),
    "sidste_opfoelgning": Texts("Seneste opfølgning", "Latest follow-up"),
    "opfoelgning_senest": Texts("Opfølgning senest", "Follow-up due"),
    "uger": Texts("Uger over fristen", "Weeks overdue"),
    "gruppe": Texts("Frist", "Deadline"),
    "aarspris_nu": Texts("Udgift om året (kr.)", "Cost a year (DKK)"),
    "siden": Texts("Støtte siden", "Support since"),
    "tilbudt": Texts("Plan tilbudt", "Plan offered"),
    "aarspris": Texts("Udgift om året (kr.)", "Cost a year (DKK)"),
    "ansoegt_dato": Texts("Ansøgt", "Applied for"),
    "bevilget_dato": Texts("Bevilget", "Granted"),
    "dage_til_bevilling": Texts("Dage til bevilling", "Days to grant"),
    "dage_til_start": Texts("Dage fra bevilling til start", "Days from grant to start"),
    "fra_dag": Texts("Ny pris fra", "New price from"),
    "aarspris_foer": Texts("Før, om året (kr.)", "Before, a year (DKK)"),
    "aarspris_efter": Texts("Efter, om året (kr.)", "After, a year (DKK)"),
    "stigning": Texts("Stigning om året (kr.)", "Rise a year (DKK)"),
    "alder": Texts("Alder", "Age"),
    "fylder_18": Texts("Fylder 18", "Turns 18"),
    "med_plan": Texts("Plan", "Plan"),
    "forventet_paragraf": Texts("Ventet paragraf", "Expected paragraph"),
    "forventet_aarspris": Texts("Ventet udgift om året (kr.)", "Expected cost a year (DKK)"),
}
YES = {True: Texts("ja", "yes"), False: Texts("nej", "no")}
WIDEST, NARROWEST, HEAD_HEIGHT = 40, 12, 48


def case_lists(ready: Prepared, lang: Lang) -> bytes:
    """Return a workbook of lists, one sheet each, every sheet marked as personal data.

    Args:
        ready: the tables.
        lang: of the words.
    """
    frames = {
        "follow_ups": casework.follow_ups(ready),
        "without_plan": casework.without_plan(ready),
        "waiting": _still_waiting(casework.waiting(ready)),
        "price_rises": casework.price_rises(ready),
        "transitions": casework.transitions(ready),
    }
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    on = ready.who.as_of
    book.set_properties({"created": datetime.combine(on, time())})
    styles = {
        "mark": book.add_format({"bold": True, "font_color": "#9C0006"}),
        "head": book.add_format(
            {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True, "valign": "top"}
        ),
        "date": book.add_format({"num_format": "dd-mm-yyyy", "align": "left"}),
        "kr": book.add_format({"num_format": "#,##0"}),
    }
    mark = sentence("casework.mark", kommune=ready.who.name, dag=both(day, on))[lang]
    for name, frame in frames.items():
        page = book.add_worksheet(LISTS[name][lang])
        page.write_string(0, 0, mark, styles["mark"])
        page.write_string(1, 0, sentence(f"casework.list_{name}")[lang])
        _table(page, frame, lang, styles)
    book.close()
    return out.getvalue()


def _still_waiting(waits: pl.DataFrame) -> pl.DataFrame:
    """Return the cases that wait for a grant or for the start."""
    begun = pl.col("ivaerksat") | pl.col("dage_til_start").is_null()
    return waits.filter(~pl.col("bevilget") | ~begun).select(
        *("sag_id", "borger_id", "paragraf", "ansoegt_dato", "bevilget_dato"),
        *("dage_til_bevilling", "dage_til_start"),
    )


def _table(page: Any, frame: pl.DataFrame, lang: Lang, styles: dict[str, Any]) -> None:
    """Write a frame as a filtered table under two lines of words."""
    top = 3
    page.set_row(top, HEAD_HEIGHT)
    for c, name in enumerate(frame.columns):
        values = [_said(name, value, lang) for value in frame[name]]
        page.write_string(top, c, HEADERS[name][lang], styles["head"])
        page.set_column(c, c, _width(values, HEADERS[name][lang]))
        for r, value in enumerate(values, start=top + 1):
            _write(page, r, c, value, styles)
    page.freeze_panes(top + 1, 1)
    page.autofilter(top, 0, top + frame.height, frame.width - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_header("&L&A&R&P / &N")


def _said(name: str, value: object, lang: Lang) -> object:
    if isinstance(value, bool):
        return YES[value][lang]
    if name == "gruppe":
        return sentence(f"casework.slot_{value}")[lang]
    return value


def _write(page: Any, row: int, column: int, value: object, styles: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case date():
            page.write_datetime(row, column, datetime.combine(value, time()), styles["date"])
        case float():
            page.write_number(row, column, value, styles["kr"])
        case int():
            page.write_number(row, column, value)
        case _:
            page.write_string(row, column, str(value))


def _width(values: Sequence[object], header: str) -> int:
    wide = max((len(v) for v in values if isinstance(v, str)), default=0)
    return min(WIDEST, max(NARROWEST, wide + 2, len(max(header.split(), key=len)) + 3))
