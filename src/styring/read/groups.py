"""Values written once for a group of rows: filled down where the mapping file says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from itertools import pairwise

import polars as pl

from styring.read.columns import Typed, first_cells
from styring.read.layout import Layout
from styring.read.mapping import AMOUNTS, FILE
from styring.tables import Note, column_of
from styring.text import counted_texts

LEAST = 2
"""From how many blank cells in needed columns a sheet is asked about: one is a slip."""


def filled_down(laid: Layout, rows: Sequence[int]) -> tuple[Layout, list[Note]]:
    """Return the sheet with blank cells read as the cell above, and a note on each column.

    Only the columns that the mapping file names are filled. `rows` holds the numbers of the rows
    with data; what stands above a printed total is filled no further than to it.
    """
    notes: list[Note] = []
    if not laid.fill:
        return laid, notes
    cells = [list(row) for row in laid.grid.rows]
    for cid in laid.fill:
        index, done = laid.columns[cid], []
        for above, n in pairwise(rows):
            if _is_empty(cells[n][index]) and _no_total_between(laid, above, n):
                cells[n][index] = cells[above][index]
                done += [] if _is_empty(cells[n][index]) else [n]
        if done:
            notes.append(_filled_note(laid, cid, done))
    return replace(laid, grid=replace(laid.grid, rows=cells)), notes


def _is_empty(cell: object) -> bool:
    return cell == "" or (isinstance(cell, str) and not cell.strip())


def _no_total_between(laid: Layout, above: int, below: int) -> bool:
    """Return whether only blank rows, and the header once more, stand between two rows."""
    between = (laid.grid.rows[n] for n in range(above + 1, below))
    return all(row == laid.grid.rows[laid.header] or all(map(_is_empty, row)) for row in between)


def _filled_note(laid: Layout, cid: str, done: Sequence[int]) -> Note:
    name, index = column_of(laid.sheet, cid).name, laid.columns[cid]
    said = counted_texts(len(done), ("blank celle", "blanke celler"), ("blank cell", "blank cells"))
    places = first_cells(done, partial(laid.grid.cell, column=index))
    return laid.note(
        "info",
        f"{said.da} i «{name}» er læst som cellen over ({places}), som {FILE} siger.",
        f"Read as the cell above, as {FILE} says: {said.en} in “{name}” ({places}).",
        laid.grid.cell(done[0], index),
        cid,
    )


def month_notes(laid: Layout, rows: Sequence[int], frame: pl.DataFrame) -> Iterator[Note]:
    """Yield whether blank months are the whole year's, where others of that year have a month.

    Args:
        laid: the sheet.
        rows: the numbers of its rows with data.
        frame: those rows, in the same order.
    """
    if not {"maaned", "aar", "version"} <= {*frame.columns} or "maaned" not in laid.columns:
        return
    month, of = pl.col("maaned"), ("aar", "version")
    mixed = month.is_null().any().over(of) & month.is_not_null().any().over(of)
    blank = frame.select(mixed & month.is_null()).to_series().arg_true().to_list()
    index = laid.columns["maaned"]
    empty = [rows[i] for i in blank if _is_empty(laid.grid.rows[rows[i]][index])]
    if not empty:
        return
    said = counted_texts(len(empty), ("række har", "rækker har"), ("row has", "rows have"))
    places = first_cells(empty, partial(laid.grid.cell, column=index))
    yield laid.note(
        "warning",
        f"{said.da} ingen måned ({places}), mens andre af samme år og version har. Uden måned er "
        "et beløb hele årets. Gælder måneden over, så skriv "
        f'fill_down = ["måned"] for arket i {FILE}.',
        f"{said.en} no month ({places}), while others of the same year and version have. Without "
        "a month an amount is the whole year's. If the month above holds, write "
        f'fill_down = ["måned"] for the sheet in {FILE}.',
        laid.grid.cell(empty[0], index),
        "maaned",
    )


def group_notes(
    laid: Layout, rows: Sequence[int], typed: Mapping[str, Typed], rejected: AbstractSet[int]
) -> Iterator[Note]:
    """Yield whether blank cells in a needed column are meant to be those above.

    Args:
        laid: the sheet.
        rows: the numbers of its rows with data.
        typed: its columns by id.
        rejected: the rows that cannot be used, by their place among `rows`.
    """
    needed = {cid: found for cid, found in typed.items() if column_of(laid.sheet, cid).required}
    spoilt = {i for found in needed.values() for i in found.unreadable}
    for cid, found in needed.items():
        column, index = column_of(laid.sheet, cid), laid.columns[cid]
        if column.type in AMOUNTS:
            continue
        blank = found.series.is_null().to_list()
        if not blank or blank[0]:
            continue
        lacking = [
            n
            for i, n in enumerate(rows)
            if blank[i]
            and i in rejected
            and i not in spoilt
            and _is_empty(laid.grid.rows[n][index])
        ]
        if len(lacking) < LEAST:
            continue
        places = first_cells(lacking, partial(laid.grid.cell, column=index))
        yield laid.note(
            "warning",
            f"Er «{column.name}» kun skrevet i første række af hver gruppe ({places} er tomme)? "
            f'Så skriv fill_down = ["{column.name}"] for arket i {FILE}. Ellers udfyld cellerne.',
            f"Is “{column.name}” only written in the first row of each group ({places} are empty)? "
            f'Then write fill_down = ["{column.name}"] for the sheet in {FILE}. Otherwise fill in '
            "the cells.",
            laid.grid.cell(lacking[0], index),
            cid,
        )
