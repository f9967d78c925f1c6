"""What is said of doubtful cells and of rows that cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import polars as pl

from styring.errors import InputError, Texts
from styring.model import Column
from styring.privacy import is_cpr, masked
from styring.read.columns import UNREADABLE, Doubt, Typed, as_text, first_cells
from styring.read.layout import Layout
from styring.say import sentence
from styring.tables import Note, column_of
from styring.text import counted_texts

_WORTH_ASKING: frozenset[Doubt] = frozenset({
    "bare_105", "english_number", "either_mark", "us_date", "dash_zero", "share",
})  # fmt: skip
_WITH_EXAMPLE: frozenset[Doubt] = frozenset({
    "not_choice", "not_paragraph", "not_function", "not_number", "not_date", "either_mark",
    "not_account", "swapped_account", "account_function", "account_dranst",
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

    Raises:
        InputError: a line of a CSV file has more cells than its header.
    """
    _refuse_long_lines(laid, numbers)
    for cid, found in typed.items():
        yield from column_notes(laid, column_of(laid.sheet, cid), laid.columns[cid], found, numbers)
    if rejected:
        yield _rejected_note(laid, numbers, typed, sorted(rejected))


def _refuse_long_lines(laid: Layout, numbers: Sequence[int]) -> None:
    """Refuse lines that hold more than their header: a mark within a cell has moved the rest."""
    grid = laid.grid
    if not grid.lengths:
        return
    width = max(grid.lengths[: laid.header + 1])
    longer = [n for n in numbers if grid.lengths[n] > width and any(grid.rows[n][width:])]
    if longer:
        lines = first_cells(longer, lambda n: str(n + 1), 8)
        raise InputError(
            Texts(
                f"Rækker med flere celler end overskriften: {lines}.",
                f"Rows with more cells than the header: {lines}.",
            ),
            where=f"{grid.name}!{grid.cell(longer[0], width)}",
            hint=Texts(
                "Et skilletegn står i en celle. Eksportér arket med et andet skilletegn, fx "
                "semikolon, eller med anførselstegn om teksterne.",
                "A cell holds the mark that parts the cells. Export with another mark, such as a "
                "semicolon, or with quotation marks around texts.",
            ),
        )


def column_notes(
    laid: Layout, column: Column, index: int, found: Typed, numbers: Sequence[int]
) -> Iterator[Note]:
    """Yield a note per kind of doubt in the grid's column `index`, taken as `column`.

    Account strings with swapped digits have a note per function they look like.
    """

    def cell(i: int) -> str:
        return laid.grid.cell(numbers[i], index)

    for kind, rows in _groups(found):
        key = f"doubt.{kind}_one" if len(rows) == 1 else f"doubt.{kind}"
        said = sentence(key, n=len(rows), c=column.name)
        example = _example(laid, column, kind, numbers[rows[0]])
        like = _like(found, rows[0]) if kind == "swapped_account" else Texts("", "")
        places = f" ({first_cells(rows, cell)}){example}"
        serious = kind in UNREADABLE or kind in _WORTH_ASKING
        yield laid.note(
            "warning" if serious else "info",
            f"{said.da}{places}{like.da}.",
            f"{said.en}{places}{like.en}.",
            cell(rows[0]),
            column.id,
        )


def _groups(found: Typed) -> Iterator[tuple[Doubt, list[int]]]:
    """Yield the rows of each kind of doubt, those with swapped digits by what they look like."""
    for kind, rows in found.doubts.items():
        if kind != "swapped_account":
            yield kind, rows
            continue
        groups: dict[tuple[str, ...], list[int]] = {}
        for i in rows:
            groups.setdefault(tuple(f for _, f in found.alike[i]), []).append(i)
        yield from ((kind, group) for group in groups.values())


def _like(found: Typed, row: int) -> Texts:
    """Return what an account string with swapped digits looks like, and its function."""
    alike = [f"{string} ({function})" for string, function in found.alike[row]]
    return Texts(f" ligner {' eller '.join(alike)}", f" looks like {' or '.join(alike)}")


def _example(laid: Layout, column: Column, kind: Doubt, row: int) -> str:
    """Return what the first doubtful cell holds, where that is no personal data.

    Nine digits can be a CPR number that lost its leading zero.
    """
    index = laid.columns.get(column.id)
    if kind not in _WITH_EXAMPLE or column.id in _NO_EXAMPLE_OF or index is None:
        return ""
    text = as_text(laid.grid.rows[row][index])
    if kind == "not_account" and is_cpr(f"0{text}"):
        return ""
    return f": «{masked(text)[:40]}»" if text else ""


def _rejected_note(
    laid: Layout, numbers: Sequence[int], typed: Mapping[str, Typed], rejected: Sequence[int]
) -> Note:
    """Return which rows cannot be used, and which values they lack."""
    columns = {cid: column_of(laid.sheet, cid) for cid in typed}
    lacking = Counter(
        columns[cid].name
        for cid, found in typed.items()
        for row in _lacking(columns[cid], found).intersection(rejected)
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


def _lacking(column: Column, found: Typed) -> set[int]:
    """Return the rows (index) that a column can be why they are not used."""
    if column.blank:
        return found.unreadable
    needed = column.required or column.id == "version"
    return set(found.series.is_null().arg_true().to_list()) if needed else set()


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
