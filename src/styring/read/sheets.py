"""One laid-out sheet as a frame, with what there is to say of it and an account of every row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple

import polars as pl

from styring.errors import Texts
from styring.model import Sheet
from styring.read import layout as lay
from styring.read.account import Account, Rows, account_of, amounts_of, repeated, total_notes
from styring.read.columns import Typed, as_text, first_cells, typed_column
from styring.read.doubts import doubt_notes, lost_thousands
from styring.read.groups import filled_down, group_notes, month_notes
from styring.read.headers import is_letter_row
from styring.read.layout import Layout
from styring.read.taken import layout_notes
from styring.read.wide import made_long
from styring.tables import DTYPES, Note, Source, column_of, gate
from styring.text import counted_texts

_COSTS_NOTHING_KNOWN = frozenset({"pris", "enhed", "antal"})
"""A case without price or unit, or with an unreadable quantity, is kept: it counts persons."""


class DataRows(NamedTuple):
    """The numbers of the rows with data and of the printed totals, the data by column, notes."""

    numbers: list[int]
    totals: list[int]
    cells: Sequence[Sequence[object]]
    notes: list[Note]


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet as read."""

    frame: pl.DataFrame
    source: Source
    notes: tuple[Note, ...]
    accounts: tuple[Account, ...]


def read_sheet(laid: Layout) -> SheetRead:
    """Return a laid-out sheet as a frame through the gate.

    A row without a readable needed value is rejected, and so is one with an unreadable cell where
    a blank means something (an end date must not turn into an open case). Other unreadable cells
    become null with a note.
    """
    laid = lay.fill_merged(laid)
    below = list(zip(*laid.grid.rows[laid.header + 1 :], strict=True))
    numbers, totals, cells, notes = _data_rows(laid, below)
    if laid.fill:
        laid, filled = filled_down(laid, numbers)
        notes += filled
        cells = list(zip(*(laid.grid.rows[n] for n in numbers), strict=True))
    typed = {
        cid: _typed(laid, cid, numbers, cells[i] if cells else ())
        for cid, i in laid.columns.items()
    }
    frame = pl.DataFrame([t.series for t in typed.values()]).with_columns(
        raekke=pl.Series(numbers, dtype=pl.Int64()) + 1, **_said_around(laid)
    )
    frame, said = _with_parts(laid, frame, typed, numbers)
    notes += said
    if laid.sheet.id == "sager" and "antal" in typed:
        frame = frame.with_columns(pris=_without(frame["pris"], typed["antal"].unreadable))
    rows = Rows(numbers, totals, _rejected(laid.sheet, typed), frozenset())
    notes += doubt_notes(laid, numbers, typed, rows.rejected)
    notes += group_notes(laid, numbers, typed, rows.rejected)
    notes += month_notes(laid, numbers, frame)
    if laid.measures:
        kept, said, account = made_long(laid, frame, rows)
    else:
        kept, said, account = _as_it_stands(laid, frame, rows, typed, cells)
    notes += [*said, *layout_notes(laid), *_empty_note(laid, rows)]
    source = Source(laid.grid.name, laid.letters())
    return SheetRead(gate(kept, laid.sheet), source, tuple(notes), (account,))


def _said_around(laid: Layout) -> dict[str, pl.Expr]:
    """Return the columns that what stands around the table gives."""
    said = {"aar": laid.around.year, "version": laid.around.version}
    return {
        name: pl.lit(value, DTYPES[column_of(laid.sheet, name).type])
        for name, value in said.items()
        if value
    }


def _empty_note(laid: Layout, rows: Rows) -> Iterator[Note]:
    """Yield that nothing stands under the header: an export can come out empty."""
    if not rows.data:
        yield laid.note(
            "warning" if laid.sheet.needed else "info",
            "Arket har ingen rækker under overskriften.",
            "The sheet has no rows under its header.",
            laid.grid.cell(laid.header, 0),
        )


def _data_rows(laid: Layout, below: Sequence[Sequence[object]]) -> DataRows:
    """Return the rows with data, the printed totals, and notes.

    Args:
        laid: the sheet.
        below: its columns under the header.
    """
    first, rows = laid.header + 1, laid.grid.rows
    texts = [lay.texts_of(cells) for cells in below]
    blank = {n for n in _with(below, texts, lay.is_blank_text, every=True)
             if lay.is_blank(rows[first + n])}  # fmt: skip
    called = {*_with(below, texts, lay.says_total)} - blank
    totals = sorted(
        {n for n in called if lay.is_total(rows[first + n])} | _totals_within(laid, below, texts)
    )
    again = _repeated_headers(laid, below)
    left_out, notes = blank | {*totals, *again}, []
    if again:
        said = counted_texts(len(again), ("række gentager", "rækker gentager"),
                             ("row repeats", "rows repeat"))  # fmt: skip
        places = first_cells(again, lambda n: str(first + n + 1))
        notes.append(
            laid.note(
                "info",
                f"{said.da} overskriften og er sprunget over: {places}.",
                f"{said.en} the header and left out: {places}.",
                f"A{first + again[0] + 1}",
            )
        )
    if below and below[0] and 0 not in left_out and is_letter_row(rows[first]):
        left_out.add(0)
        notes.append(
            laid.note(
                "info",
                "Rækken med bogstaver under overskriften er sprunget over.",
                "The row of letters under the header was skipped.",
                f"A{first + 1}",
            )
        )
    height = len(below[0]) if below else 0
    kept = range(height) if not left_out else [n for n in range(height) if n not in left_out]
    cells = below if not left_out else [[column[n] for n in kept] for column in below]
    return DataRows([first + n for n in kept], [first + n for n in totals], cells, notes)


def _repeated_headers(laid: Layout, below: Sequence[Sequence[object]]) -> list[int]:
    """Return the rows that are the header once more, as printed pages have it."""
    header, first = laid.grid.rows[laid.header], laid.header + 1
    at = next((i for i, cell in enumerate(header) if isinstance(cell, str) and cell.strip()), None)
    if at is None or not below:
        return []
    return [
        n
        for n, cell in enumerate(below[at])
        if cell == header[at] and laid.grid.rows[first + n] == header
    ]


def _totals_within(
    laid: Layout, below: Sequence[Sequence[object]], texts: Sequence[AbstractSet[str]]
) -> set[int]:
    """Return the rows of a ledger in which a later text is nothing but the word for a total.

    Such a row has a function, a year and an amount of its own, and may be read as one.
    """
    labels = lay.label_columns(laid) if below else []
    return {*_with([below[i] for i in labels], [texts[i] for i in labels], lay.is_total_word)}


def _with(
    below: Sequence[Sequence[object]],
    texts: Sequence[AbstractSet[str]],
    says: Callable[[str], bool],
    *,
    every: bool = False,
) -> Iterator[int]:
    """Yield the rows in which a cell's text says something; in every column, or in any.

    What is said in every column is looked for where it is said least.
    """
    said = [{t for t in those if says(t)} for those in texts]
    found = [(cells, those) for cells, those in zip(below, said, strict=True) if those]
    if every:
        if len(found) < len(below):
            return
        counts = [(sum(map(cells.count, those)), k) for k, (cells, those) in enumerate(found)]
        found = [found[min(counts)[1]]] if counts else []
    for cells, those in found:
        yield from (n for n, cell in enumerate(cells) if cell in those)


def _typed(laid: Layout, cid: str, numbers: Sequence[int], cells: Sequence[object]) -> Typed:
    grid, index = laid.grid, laid.columns[cid]
    return typed_column(
        column_of(laid.sheet, cid),
        cells,
        grid.addresses(numbers, index),
        typed=grid.typed,
        scale=laid.scale if cid == "beloeb" else 1,
        epoch=grid.scan.epoch,
    )


def _with_parts(
    laid: Layout, frame: pl.DataFrame, typed: Mapping[str, Typed], numbers: Sequence[int]
) -> tuple[pl.DataFrame, list[Note]]:
    """Return the rows with the dranst and grouping of their account strings, and notes.

    The sheet's own columns win; a string says what they leave blank.
    """
    parts = next((t.parts for t in typed.values() if t.parts is not None), None)
    notes: list[Note] = []
    if parts is None:
        return frame, notes
    for cid in (c.id for c in laid.sheet.column if c.id in parts.columns):
        if cid not in typed:
            frame = frame.with_columns(parts[cid])
            continue
        own, said = typed[cid].series, _without(parts[cid], typed[cid].unreadable)
        code, other = (s.str.strip_chars_start("0") for s in (own, said))
        if differing := (code != other).fill_null(value=False).arg_true().to_list():
            notes.append(_disagreement(laid, cid, [numbers[i] for i in differing]))
        frame = frame.with_columns(pl.select(pl.coalesce(own, said)).to_series().alias(cid))
    return frame, notes


def _disagreement(laid: Layout, cid: str, rows: Sequence[int]) -> Note:
    """Return where a column of codes and the account strings beside it differ."""
    name, index = column_of(laid.sheet, cid).name, laid.columns[cid]
    places = first_cells(rows, lambda n: laid.grid.cell(n, index))
    said = counted_texts(len(rows), ("række har", "rækker har"), ("row has", "rows have"))
    return laid.note(
        "warning",
        f"{said.da} noget andet i «{name}», end kontostrengen siger ({places}). "
        f"Kolonnen «{name}» er brugt.",
        f"{said.en} something else in “{name}” than the account string says ({places}). "
        f"The column “{name}” is used.",
        laid.grid.cell(rows[0], index),
        cid,
    )


def _rejected(sheet: Sheet, typed: Mapping[str, Typed]) -> set[int]:
    """Return the rows (index) that cannot be used."""
    spared = _COSTS_NOTHING_KNOWN if sheet.id == "sager" else frozenset()
    gone: set[int] = set()
    for column in sheet.column:
        found = typed.get(column.id)
        if found is None or column.id in spared:
            continue
        if column.blank:
            gone |= found.unreadable
        elif column.required and column.type != "score":
            gone |= _nulls(found)
    if sheet.id == "oekonomi" and "version" in typed:
        gone |= _nulls(typed["version"])
    return gone


def _without(series: pl.Series, rows: AbstractSet[int]) -> pl.Series:
    """Return a column without its values in some rows."""
    return series.scatter(sorted(rows), None) if rows else series


def _nulls(found: Typed) -> set[int]:
    if not found.series.null_count():
        return set()
    return set(found.series.is_null().arg_true().to_list())


def _as_it_stands(
    laid: Layout,
    frame: pl.DataFrame,
    rows: Rows,
    typed: Mapping[str, Typed],
    cells: Sequence[Sequence[object]],
) -> tuple[pl.DataFrame, list[Note], Account]:
    """Return a sheet whose rows are data, what there is to say of it, and its account."""
    kept, notes, rows = _cleaned(laid, frame, rows)
    index = laid.columns.get(laid.sheet.sum or "")
    columns = []
    if laid.sheet.sum and index is not None:
        read = frame[laid.sheet.sum]
        known = read if laid.sheet.id != "praksis" else read.clip(lower_bound=0)
        columns = [amounts_of(laid, index, known, rows, cells[index] if cells else ())]
    notes += total_notes(laid, rows, columns)
    return kept, notes, account_of(laid, rows, columns, typed)


def _cleaned(
    laid: Layout, frame: pl.DataFrame, rows: Rows
) -> tuple[pl.DataFrame, list[Note], Rows]:
    """Return the rows that are used, once each, what there is to say of them, and what rows are."""
    notes = list(lost_thousands(laid, frame))
    kept, twins = _distinct(laid, _but(frame, rows.rejected))
    notes += _twin_notes(laid, twins)
    kept, again, apart, said = _without_clashes(laid, kept)
    notes += said
    gone, alike = (
        {bisect_left(rows.data, r - 1) for r in some} for some in (apart, [*twins, *again])
    )
    return _extra(laid, kept), notes, replace(rows, rejected=rows.rejected | gone, twins=alike)


def _but(frame: pl.DataFrame, rows: AbstractSet[int]) -> pl.DataFrame:
    """Return a frame without some rows (index)."""
    if not rows:
        return frame
    return frame.filter(~pl.int_range(pl.len()).is_in(sorted(rows)))


def _distinct(laid: Layout, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[int]]:
    """Return the rows once each where rows that are all alike count once, and the repetitions.

    The columns that are not read can tell two rows apart.
    """
    if not laid.sheet.distinct:
        return frame, []
    first = pl.struct(pl.exclude("raekke"), pl.Series("", _unread(laid, frame)))
    again = ~frame.select(first.is_first_distinct()).to_series()
    return frame.filter(~again), frame["raekke"].filter(again).to_list()


def _unread(laid: Layout, frame: pl.DataFrame) -> list[str]:
    """Return what stands in each row in columns that are not read."""
    grid, taken = laid.grid.rows, set(laid.columns.values())
    left = [i for i in range(len(grid[laid.header])) if i not in taken]
    return ["\0".join(as_text(grid[n - 1][i]) for i in left) for n in frame["raekke"]]


def _twin_notes(laid: Layout, twins: Sequence[int]) -> list[Note]:
    if not twins:
        return []
    first = twins[0]
    said = counted_texts(len(twins), ("række", "rækker"), ("row is", "rows are"))
    return [
        laid.note(
            "warning",
            f"{said.da} er ens med en anden række i alle felter og tæller ikke med igen.",
            f"{said.en} identical to another row in every field and not counted again.",
            f"A{first}",
        )
    ]


def _without_clashes(
    laid: Layout, frame: pl.DataFrame
) -> tuple[pl.DataFrame, list[int], list[int], list[Note]]:
    """Return the rows without repeated keys, the numbers of those taken out, and notes.

    Rows alike in all but their number stay once, and the repetitions are taken out; of rows that
    contradict each other all are.
    """
    keys = [k for k in laid.sheet.key if k in frame.columns]
    if not keys or frame.is_empty():
        return frame, [], [], []
    repeated = frame.filter(pl.struct(keys).is_duplicated())
    if repeated.is_empty():
        return frame, [], [], []
    whole = pl.struct(pl.exclude("raekke")).n_unique().over(keys)
    alike = repeated.filter(whole == 1)
    again = alike.filter(~pl.struct(keys).is_first_distinct())["raekke"].to_list()
    apart = repeated.filter(whole > 1)["raekke"].to_list()
    kept = frame.filter(~pl.col("raekke").is_in([*again, *apart]))
    return kept, again, apart, _clash_notes(laid, keys, again, apart)


def _clash_notes(
    laid: Layout, keys: Sequence[str], again: Sequence[int], apart: Sequence[int]
) -> list[Note]:
    names = ", ".join(column_of(laid.sheet, k).name for k in keys)
    notes = []
    if again:
        n = len(again)
        said = counted_texts(
            n, ("række gentager", "rækker gentager"), ("row repeats", "rows repeat")
        )
        notes.append(
            laid.note(
                "warning",
                f"{said.da} en nøgle ({names}) med samme indhold og tæller én gang.",
                f"{said.en} a key ({names}) with the same content and counts once.",
                f"A{again[0]}",
            )
        )
    if apart:
        where = ", ".join(str(r) for r in apart[:6])
        notes.append(
            laid.note(
                "error",
                f"Række {where} har samme nøgle ({names}), men modsiger hinanden. "
                "Ingen af dem er brugt.",
                f"Rows {where} have the same key ({names}) but contradict each other. "
                "None is used.",
                f"A{apart[0]}",
            )
        )
    return notes


def _extra(laid: Layout, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the columns the reader adds (`tables.EXTRA`)."""
    if laid.sheet.id == "oekonomi":
        return frame.with_columns(kolonne=pl.lit(laid.grid.letter(laid.columns["beloeb"])))
    if laid.sheet.id == "praksis" and "score" in frame.columns:
        unknown = (pl.col("score") == -1).fill_null(value=False)
        return frame.with_columns(ved_ikke=unknown, score=pl.when(~unknown).then("score"))
    return frame


def combine(first: SheetRead, second: SheetRead, sheet: Sheet) -> SheetRead | None:
    """Return two sheets of one kind added, or None where their years overlap and they differ.

    A sheet that repeats another counts once.
    """
    names = Texts(
        f"{first.source.sheet} og {second.source.sheet}",
        f"{first.source.sheet} and {second.source.sheet}",
    )
    both = replace(first, notes=(*first.notes, *second.notes))
    without = pl.exclude("raekke")
    if first.frame.select(without).equals(second.frame.select(without)):
        note = Note(
            "warning",
            Texts(
                f"Arkene {names.da} er ens i alle felter og tæller én gang som {sheet.name}.",
                f"The sheets {names.en} are alike in every field and count once as {sheet.name}.",
            ),
            second.source.sheet,
        )
        accounts = (*first.accounts, *map(repeated, second.accounts))
        return replace(both, notes=(*both.notes, note), accounts=accounts)
    if "aar" not in first.frame.columns or set(first.frame["aar"]) & set(second.frame["aar"]):
        return None
    note = Note(
        "info",
        Texts(
            f"Arkene {names.da} er lagt sammen som {sheet.name}; årene er forskellige.",
            f"The sheets {names.en} were added as {sheet.name}; their years differ.",
        ),
        first.source.sheet,
    )
    return replace(
        both,
        frame=pl.concat([first.frame, second.frame]),
        notes=(*both.notes, note),
        accounts=(*first.accounts, *second.accounts),
    )
