"""The sheet the action plan is kept in: cells to write in, drop-downs, and what knows them again.

Hidden cells name the columns, number the actions and hold the checksum of the plan as it is
written; `styring.read_plan` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from xlsxwriter.utility import xl_range_abs

from styring.formats.book import (
    GIVEN,
    HEADER_ROW,
    LEFT,
    LINE,
    LINED,
    UNLOCKED,
    Book,
    cleaned,
    lines_of,
    moment,
)
from styring.read_plan import ID_HEADER, KEYS, mark, plain_text
from styring.review import STATUSES, KeptAction, Review

KEY_ROW = HEADER_ROW - 1
"""The row (from 0) of the hidden keys."""
OWN_ROWS = 5
"""Empty rows for the municipality's own actions."""
OWN = "egen-"
DEADLINES = (30, 90, 365)


def plan_rows(b: Book) -> list[KeptAction]:
    """Return the plan's rows: the actions proposed, those kept from before, and empty ones."""
    assert isinstance(b.review, Review)
    before = {k.id: k for k in b.review.kept}
    rows = [
        (before.pop(a.indicator, None) or KeptAction(id=a.indicator, title="")).model_copy(
            update={"title": plain_text(cleaned(a.title[b.lang]))}
        )
        for a in b.review.actions
    ]
    rows += before.values()
    taken = {r.id for r in rows}
    free = [i for i in (f"{OWN}{n}" for n in range(1, len(rows) + OWN_ROWS + 1)) if i not in taken]
    return [*rows, *(KeptAction(id=i, title="") for i in free[:OWN_ROWS])]


def write_plan(b: Book, page: Any, columns: Sequence[Mapping[str, Any]], header: int) -> int:
    """Write the cells that are kept beside the actions, and return the row after the plan.

    Args:
        b: the workbook.
        page: the worksheet; the actions stand below `header`.
        columns: of the layout; those with `keep` are filled here.
        header: the row (from 0) of the headers.
    """
    assert isinstance(b.review, Review)
    rows, first = plan_rows(b), header + 1
    at = {c["keep"]: n for n, c in enumerate(columns) if "keep" in c}
    hidden, proposed = len(columns), len(b.review.actions)
    page.set_column(hidden, hidden + 1, 12, None, {"hidden": True})
    page.set_row(KEY_ROW, None, None, {"hidden": True})
    for key in KEYS:
        page.write_string(KEY_ROW, at[key], key)
    marked = mark((r for r in rows if r.title), b.review.municipality.code)
    page.write_string(KEY_ROW, hidden, marked)
    page.write_string(header, hidden, ID_HEADER)
    for n, kept in enumerate(rows):
        row = first + n
        page.write_string(row, hidden, kept.id)
        if n >= proposed:
            _write_beyond(b, page, row, columns, kept)
        _write_kept(b, page, row, at, kept)
    _offer(b, page, at, first, len(rows), hidden + 1)
    page.protect("", UNLOCKED)
    return first + len(rows)


def _write_beyond(
    b: Book, page: Any, row: int, columns: Sequence[Mapping[str, Any]], kept: KeptAction
) -> None:
    """Write the row of an action that this review does not propose."""
    for c, column in enumerate(columns):
        if column.get("keep") == "title":
            own = kept.id.startswith(OWN)
            looks = {**(GIVEN if own else LINED), **LEFT, "text_wrap": True}
            page.write_string(row, c, kept.title, b.style(**looks))
            page.set_row(row, LINE * max(2, lines_of(kept.title, column["width"])) + 3)
        elif column.get("value") == "why" and kept.title:
            word = "plan_own" if kept.id.startswith(OWN) else "plan_earlier"
            page.write_string(row, c, b.word(word), b.style(text_wrap=True, **LINED, **LEFT))
        elif "keep" not in column:
            page.write_blank(row, c, None, b.style(**LINED))


def _write_kept(b: Book, page: Any, row: int, at: Mapping[str, int], kept: KeptAction) -> None:
    words = STATUSES[kept.status][b.lang] if kept.status else ""
    for key, said in (("status", words), ("owner", kept.owner), ("note", kept.note)):
        looks = b.style(text_wrap=True, **GIVEN, **LEFT)
        if said:
            page.write_string(row, at[key], cleaned(said), looks)
        else:
            page.write_blank(row, at[key], None, looks)
    looks = b.style(num_format="d.m.yyyy", **GIVEN, **LEFT)
    if kept.deadline:
        page.write_datetime(row, at["deadline"], moment(kept.deadline), looks)
    else:
        page.write_blank(row, at["deadline"], None, looks)


def _offer(b: Book, page: Any, at: Mapping[str, int], first: int, rows: int, dates: int) -> None:
    """Give the cells their drop-downs; an owner and a deadline may also be written freely."""
    assert isinstance(b.review, Review)
    last = first + rows - 1
    days = [b.review.as_of + timedelta(days=d) for d in DEADLINES]
    for n, day in enumerate(days):
        page.write_datetime(first + n, dates, moment(day), b.style(num_format="d.m.yyyy"))
    choices: dict[str, dict[str, Any]] = {
        "status": {"source": [s[b.lang] for s in STATUSES.values()]},
        "owner": {"source": list(b.words["plan_owners"]), "show_error": False},
        "deadline": {
            "source": "=" + xl_range_abs(first, dates, first + len(days) - 1, dates),
            "show_error": False,
        },
    }
    for key, choice in choices.items():
        page.data_validation(
            first,
            at[key],
            last,
            at[key],
            {
                "validate": "list",
                "input_title": b.word(f"keep_{key}")[:32],
                "input_message": b.word(f"keep_{key}_how"),
                "error_message": b.word("keep_status_how"),
                **choice,
            },
        )
