"""What is said of doubtful cells and of rows that cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import polars as pl

from styring.errors import Texts
from styring.model import Column
from styring.privacy import mask_cpr
from styring.read.columns import UNREADABLE, Doubt, Typed, as_text, first_cells
from styring.read.layout import Layout
from styring.say import sentence
from styring.tables import Note, column_of
from styring.text import counted_texts

_WORTH_ASKING: frozenset[Doubt] = frozenset({"bare_105", "english_number", "us_date", "dash_zero"})
_WITH_EXAMPLE: frozenset[Doubt] = frozenset({
    "not_choice", "not_paragraph", "not_function", "not_number", "not_date",
})  # fmt: skip
_NO_EXAMPLE_OF = ("borger_id", "sag_id")


def doubt_notes(
    laid: Layout, numbers: Sequence[int], typed: Mapping[str, Typed], rejected: AbstractSet[int]
) -> Iterator[Note]:
    """Yield a note per column and kind of doubt, and one for the rows that were rejected.

    Args:
        laid: the sheet.
        numbers: the numbers of its rows with data.
        typed: its columns by id.
        rejected: the rows that cannot be used, by their place among `numbers`.
    """
    for cid, found in typed.items():
        yield from column_notes(laid, column_of(laid.sheet, cid), laid.columns[cid], found, numbers)
    if rejected:
        yield _rejected_note(laid, numbers, typed, sorted(rejected))


def column_notes(
    laid: Layout, column: Column, index: int, found: Typed, numbers: Sequence[int]
) -> Iterator[Note]:
    """Yield a note per kind of doubt in the grid's column `index`, taken as `column`."""

    def cell(i: int) -> str:
        return laid.grid.cell(numbers[i], index)

    for kind, rows in found.doubts.items():
        key = f"doubt.{kind}_one" if len(rows) == 1 else f"doubt.{kind}"
        said = sentence(key, n=len(rows), c=column.name)
        after = f" ({first_cells(rows, cell)}){_example(laid, column, kind, numbers[rows[0]])}."
        serious = kind in UNREADABLE or kind in _WORTH_ASKING
        yield laid.note(
            "warning" if serious else "info",
            said.da + after,
            said.en + after,
            cell(rows[0]),
            column.id,
        )


def _example(laid: Layout, column: Column, kind: Doubt, row: int) -> str:
    """Return what the first doubtful cell holds, where that is no personal data."""
    index = laid.columns.get(column.id)
    if kind not in _WITH_EXAMPLE or column.id in _NO_EXAMPLE_OF or index is None:
        return ""
    text = as_text(laid.grid.rows[row][index])
    return f": «{mask_cpr(text)[:40]}»" if text else ""


def _rejected_note(
    laid: Layout, numbers: Sequence[int], typed: Mapping[str, Typed], rejected: Sequence[int]
) -> Note:
    """Return which rows cannot be used, and which values they lack."""
    columns = {cid: column_of(laid.sheet, cid) for cid in typed}
    lacking = Counter(
        columns[cid].name
        for row in rejected
        for cid, found in typed.items()
        if (columns[cid].required or cid == "version") and found.series[row] is None
    )
    names = ", ".join(f"«{c}»" for c, _ in lacking.most_common(4))
    because = Texts(f" (mangler {names})", f" (lacking {names})") if names else Texts("", "")
    rows = first_cells(rejected, lambda i: str(numbers[i] + 1), 8)
    said = counted_texts(len(rejected), ("række", "rækker"), ("row", "rows"))
    return laid.note(
        "error",
        f"{said.da} kan ikke bruges{because.da}: {rows}.",
        f"{said.en} cannot be used{because.en}: {rows}.",
        f"A{numbers[rejected[0]] + 1}",
    )


def lost_thousands(laid: Layout, frame: pl.DataFrame) -> Iterator[Note]:
    """Yield the fingerprint of a lost thousands mark: 3,007 among prices in the thousands."""
    if laid.scale > 1:
        return
    for column in laid.sheet.column:
        if column.type not in ("price", "money") or column.id not in frame.columns:
            continue
        x = pl.col(column.id)
        values = frame.select("raekke", column.id).filter(x.is_not_null())
        three_decimals = (x * 1000).round() - (x * 100).round() * 10 != 0
        odd = values.filter((x > 1) & (x < 100) & three_decimals)
        if odd.is_empty() or values.filter(x >= 100).height * 2 <= values.height:
            continue
        said = counted_texts(odd.height, ("tal", "tal"), ("number", "numbers"))
        yield laid.note(
            "warning",
            f"{said.da} i «{column.name}» har tre decimaler og er meget mindre end resten. "
            "Er tusindtalsskilletegnet gået tabt?",
            f"{said.en} in “{column.name}” with three decimals and far smaller than the rest. "
            "Was a thousands mark lost?",
            laid.grid.cell(odd["raekke"][0] - 1, laid.columns[column.id]),
            column.id,
        )
