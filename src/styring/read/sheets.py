"""One laid-out sheet as a frame, with what there is to say of it and an account of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import polars as pl

from styring.errors import Texts
from styring.model import Sheet
from styring.read import layout as lay
from styring.read.account import Account, Rows, account_of, total_notes
from styring.read.columns import Typed, typed_column
from styring.read.doubts import doubt_notes, lost_thousands
from styring.read.layout import Layout
from styring.read.wide import made_long
from styring.tables import Note, Source, column_of, gate
from styring.text import counted_texts

_COSTS_NOTHING_KNOWN = frozenset({"pris", "enhed"})
"""A case without price or unit is kept: it counts persons."""


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet as read."""

    frame: pl.DataFrame
    source: Source
    notes: tuple[Note, ...]
    account: Account


def read_sheet(laid: Layout) -> SheetRead:
    """Return a laid-out sheet as a frame through the gate.

    A row without a readable needed value is rejected, and so is a row whose end date cannot be
    read (it must not turn into an open case). Other unreadable cells become null with a note.
    """
    laid = lay.fill_merged(laid)
    numbers, totals, notes = _data_rows(laid)
    typed = {cid: _typed(laid, cid, numbers) for cid in laid.columns}
    frame = pl.DataFrame([t.series for t in typed.values()]).with_columns(
        raekke=pl.Series([n + 1 for n in numbers], dtype=pl.Int64())
    )
    rejected = _rejected(laid.sheet, typed)
    notes += doubt_notes(laid, numbers, typed, rejected)
    if laid.measures:
        kept, said, account = made_long(laid, frame, numbers, rejected)
        notes += [*said, *lay.layout_notes(laid)]
    else:
        kept, said, rows = _cleaned(laid, frame, Rows(numbers, totals, rejected, frozenset()))
        account = account_of(laid, frame, rows, typed)
        notes += [*said, *lay.layout_notes(laid), *total_notes(laid, totals, account)]
    source = Source(laid.grid.name, laid.letters())
    return SheetRead(gate(kept, laid.sheet), source, tuple(notes), account)


def _data_rows(laid: Layout) -> tuple[list[int], list[int], list[Note]]:
    """Return the numbers of the rows with data, of the printed totals, and notes."""
    numbers, totals, notes = [], [], []
    for n in range(laid.header + 1, len(laid.grid.rows)):
        row = laid.grid.rows[n]
        if lay.is_blank(row):
            continue
        if lay.is_total(row):
            totals.append(n)
        elif n == laid.header + 1 and lay.is_letter_row(row):
            notes.append(
                laid.note(
                    "info",
                    "Rækken med bogstaver under overskriften er sprunget over.",
                    "The row of letters under the header was skipped.",
                    f"A{n + 1}",
                )
            )
        else:
            numbers.append(n)
    return numbers, totals, notes


def _typed(laid: Layout, cid: str, numbers: Sequence[int]) -> Typed:
    grid, index = laid.grid, laid.columns[cid]
    return typed_column(
        column_of(laid.sheet, cid),
        [grid.rows[n][index] for n in numbers],
        grid.addresses(numbers, index),
        typed=grid.typed,
        scale=laid.scale if cid == "beloeb" else 1,
    )


def _rejected(sheet: Sheet, typed: Mapping[str, Typed]) -> set[int]:
    """Return the rows (index) that cannot be used."""
    spared = _COSTS_NOTHING_KNOWN if sheet.id == "sager" else frozenset()
    gone: set[int] = set()
    for column in sheet.column:
        found = typed.get(column.id)
        if found is None or column.id in spared:
            continue
        if column.id == "slutdato":
            gone |= found.unreadable
        elif column.required and column.type != "score":
            gone |= _nulls(found)
    if sheet.id == "oekonomi" and "version" in typed:
        gone |= _nulls(typed["version"])
    return gone


def _nulls(found: Typed) -> set[int]:
    return set(found.series.is_null().arg_true().to_list())


def _cleaned(
    laid: Layout, frame: pl.DataFrame, rows: Rows
) -> tuple[pl.DataFrame, list[Note], Rows]:
    """Return the rows that are used, once each, what there is to say of them, and what rows are."""
    notes = list(lost_thousands(laid, frame))
    used = [i not in rows.rejected for i in range(len(rows.data))]
    kept, twins = _distinct(laid.sheet, frame.filter(pl.Series(used, dtype=pl.Boolean())))
    notes += _twin_notes(laid, twins)
    kept, clashing, said = _without_clashes(laid, kept)
    notes += said
    numbered = {n + 1: i for i, n in enumerate(rows.data)}
    gone = {numbered[r] for r in clashing}
    again = {numbered[r] for r in twins["raekke"]}
    return _extra(laid, kept), notes, replace(rows, rejected=rows.rejected | gone, twins=again)


def _distinct(sheet: Sheet, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows once each, and the repetitions, where rows that are all alike count once."""
    if not sheet.distinct:
        return frame, frame.clear()
    first = pl.struct(pl.exclude("raekke")).is_first_distinct()
    return frame.filter(first), frame.filter(~first)


def _twin_notes(laid: Layout, twins: pl.DataFrame) -> list[Note]:
    if twins.is_empty():
        return []
    first = int(twins["raekke"][0])
    said = counted_texts(twins.height, ("række", "rækker"), ("row is", "rows are"))
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
) -> tuple[pl.DataFrame, AbstractSet[int], list[Note]]:
    """Return the rows without repeated keys, the numbers of those taken out, and notes.

    Rows alike in all but their number stay once; of rows that contradict each other none stays.
    """
    keys = [k for k in laid.sheet.key if k in frame.columns]
    if not keys or frame.is_empty():
        return frame, frozenset(), []
    repeated = frame.filter(pl.struct(keys).is_duplicated())
    if repeated.is_empty():
        return frame, frozenset(), []
    whole = pl.struct(pl.exclude("raekke")).n_unique().over(keys)
    alike = repeated.filter(whole == 1)
    again = alike.filter(~pl.struct(keys).is_first_distinct())["raekke"].to_list()
    apart = repeated.filter(whole > 1)["raekke"].to_list()
    gone = frozenset([*again, *apart])
    kept = frame.filter(~pl.col("raekke").is_in(sorted(gone)))
    return kept, gone, _clash_notes(laid, keys, again, apart)


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
    """Return two sheets of one kind added, or None where their years overlap and they differ."""
    if "aar" in first.frame.columns:
        years = set(first.frame["aar"]) & set(second.frame["aar"])
    else:
        years = {0}
    without = pl.exclude("raekke")
    if years:
        same = first.frame.select(without).equals(second.frame.select(without))
        return first if same else None
    names = f"{first.source.sheet} og {second.source.sheet}"
    note = Note(
        "info",
        Texts(
            f"Arkene {names} er lagt sammen som {sheet.name}; årene er forskellige.",
            f"The sheets {names} were added as {sheet.name}; their years differ.",
        ),
        first.source.sheet,
    )
    return replace(
        first,
        frame=pl.concat([first.frame, second.frame]),
        notes=(*first.notes, *second.notes, note),
    )
