"""A workbook read: tables, notes, and an account of every sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from styring import privacy
from styring.errors import InputError, Texts, join_texts, texts
from styring.model import Sheet, WorkbookSpec
from styring.person_names import has_name
from styring.privacy import is_cpr, masked
from styring.read import layout
from styring.read.account import Account
from styring.read.columns import as_text
from styring.read.corrections import (
    Corrected,
    Corrections,
    corrected,
    correction_notes,
    corrections_for,
)
from styring.read.grid import Grid, Instead, read_grids, with_instead
from styring.read.letters import with_letters
from styring.read.mapping import HEADER_WITHIN, WorkbookMap, map_for
from styring.read.municipality import CONSTRUCTED, NOBODY, read_front
from styring.read.profiles import profile_notes, with_profiles
from styring.read.sheets import SheetRead, combine, read_sheet
from styring.tables import Municipality, Note, Tables, sort_notes
from styring.unchanged import unchanged


@dataclass(frozen=True, slots=True)
class Beside:
    """The files a workbook is read by; where none is named, the one that stands beside it."""

    mapping: Path | None = None
    corrections: Path | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """A file a workbook was read by."""

    role: Literal["map", "corrections"]
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a workbook; `sha256` is of the bytes that were read."""

    tables: Tables
    notes: tuple[Note, ...]
    accounts: tuple[Account, ...]
    unread: tuple[str, ...] = ()
    used: tuple[Used, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    sha256: str = ""


def read_workbook(
    path: Path,
    spec: WorkbookSpec,
    *,
    as_of: date | None = None,
    partial: bool = False,
    instead: Instead | None = None,
    beside: Beside | None = None,
) -> Reading:
    """Return a workbook as tables, with notes and accounts.

    Args:
        path: an .xlsx file, or a folder of CSV files named as the sheets.
        spec: the sheets styring knows.
        as_of: the as-of date, instead of the workbook's own.
        partial: accept a workbook that no review can be made of (for `inspect`): why a sheet
            cannot be read is noted as an error, and `NOBODY` stands for an unknown municipality.
        instead: a cell that is read as if it held something else.
        beside: the mapping file and the corrections to read by, instead of those beside the
            workbook.

    Raises:
        InputError: the file cannot be used; the message names file, sheet and cell.
    """
    beside = beside or Beside()
    try:
        with unchanged(path) as sha256:
            grids, garbled = with_letters(read_grids(path))
        mapping = map_for(path, beside.mapping)
        if mapping is not None:
            mapping.refuse_unknown(grids)
        known, systems = with_profiles(mapping, grids, spec)
        corrections = corrections_for(path, beside.corrections)
        made: list[Corrected] = []
        if corrections is not None:
            grids, made = corrected(corrections, grids, spec, known)
        if instead is not None:
            grids = with_instead(grids, instead)
        reading = _read(grids, spec, as_of, known, partial=partial)
        told = [*garbled, *(mapping.notes() if mapping else ()), *profile_notes(systems, spec)]
        told += correction_notes(corrections, made) if corrections else ()
        return replace(
            reading,
            notes=sort_notes([*reading.notes, *map(_safe, told)]),
            used=tuple(_used(mapping, corrections)),
            corrected=tuple(made),
            sha256=sha256,
        )
    except InputError as error:
        if str(path) not in error.where.da:
            place = [error.where] if error.where else []
            error.where = join_texts([texts(str(path)), *place], ", ")
        error.what, error.where = _masked(error.what), _masked(error.where)
        raise


def _read(
    grids: Sequence[Grid],
    spec: WorkbookSpec,
    as_of: date | None,
    mapping: WorkbookMap | None,
    *,
    partial: bool,
) -> Reading:
    notes = list(_named_after_somebody(grids))
    known = list(layout.find_sheets(grids, spec, mapping))
    unread = tuple(masked(g.name) for g in grids if not any(g is k for _, k, _ in known))
    found = [(s, replace(g, name=masked(g.name)), by_name) for s, g, by_name in known]
    fronts = [g for s, g, _ in found if s.keyvalue]
    front = NOBODY
    with _noted(notes, spec["kommune"].name, partial=partial):
        front = read_front(fronts, spec["kommune"], as_of)
    reads: list[tuple[Sheet, SheetRead]] = []
    for sheet, grid, by_name in found:
        if not sheet.keyvalue and not all(map(layout.is_blank, grid.rows)):
            with _noted(notes, grid.name, partial=partial):
                laid = layout.lay_out(sheet, grid, by_name=by_name, mapping=mapping)
                reads.append((sheet, read_sheet(laid)))
    who = front.municipality
    titled = any(map(_is_constructed, (g for _, g, _ in found)))
    who = replace(who, constructed=who.constructed or titled)
    reads, person_notes = _without_persons(reads, who)
    together: dict[str, SheetRead] = {}
    for sheet, read in reads:
        with _noted(notes, read.source.sheet, partial=partial):
            together[sheet.id] = _together(together.get(sheet.id), read, sheet)
    _refuse_without_both(together, partial=partial)
    tables, sign_notes = _expense_positive(_tables(who, together), front.sign)
    notes += [*front.notes, *(n for r in together.values() for n in r.notes), *sign_notes]
    notes += [*_cpr_in_front(fronts), *person_notes]
    notes += [*_missing_notes(spec, together), *_unread_notes(unread)]
    accounts = tuple(a for r in together.values() for a in r.accounts)
    return Reading(tables, sort_notes(map(_safe, notes)), accounts, unread)


def _safe(note: Note) -> Note:
    return replace(note, message=_masked(note.message))


def _used(mapping: WorkbookMap | None, corrections: Corrections | None) -> Iterator[Used]:
    if mapping is not None:
        yield Used("map", masked(mapping.file.name), mapping.sha256)
    if corrections is not None and corrections.rows:
        yield Used("corrections", masked(corrections.file.name), corrections.sha256)


def _tables(who: Municipality, reads: Mapping[str, SheetRead]) -> Tables:
    frames = {k: r.frame for k, r in reads.items()}
    return Tables(who, frames, {k: r.source for k, r in reads.items()})


@contextmanager
def _noted(notes: list[Note], sheet: str, *, partial: bool) -> Iterator[None]:
    """Note what a sheet is refused for instead, where a part of the workbook is enough."""
    try:
        yield
    except InputError as error:
        if not partial:
            raise
        notes.append(Note("error", error.what, error.where.da or sheet))


def _together(first: SheetRead | None, second: SheetRead, sheet: Sheet) -> SheetRead:
    if first is None:
        return second
    both = combine(first, second, sheet)
    if both is None:
        raise InputError(
            Texts(
                f"To ark kan begge være {sheet.name}, og deres år overlapper.",
                f"Two sheets could both be {sheet.name}, and their years overlap.",
            ),
            where=Texts(
                f"{first.source.sheet} og {second.source.sheet}",
                f"{first.source.sheet} and {second.source.sheet}",
            ),
            hint=Texts("Slet eller omdøb det ene ark.", "Delete or rename one of the sheets."),
        )
    return both


def _refuse_without_both(reads: Mapping[str, SheetRead], *, partial: bool) -> None:
    if partial or "oekonomi" in reads or "sager" in reads:
        return
    raise InputError(
        Texts(
            "Projektmappen har hverken arket Økonomi eller arket Sager.",
            "The workbook has neither the sheet Økonomi nor the sheet Sager.",
        ),
        hint=Texts(
            "Navngiv arkene som i skabelonen, eller kør «styring inspect» for at se, "
            "hvad der kan læses.",
            "Name the sheets as in the template, or run “styring inspect” to see what can be read.",
        ),
    )


def _missing_notes(spec: WorkbookSpec, reads: Mapping[str, SheetRead]) -> list[Note]:
    return [
        Note(
            "warning" if s.needed else "info",
            Texts(
                f"Arket {s.name} mangler; det, der bygger på det, er ikke oplyst.",
                f"The sheet {s.name} is missing; what rests on it is not reported.",
            ),
            s.name,
        )
        for s in spec.sheet
        if s.id not in reads and not s.keyvalue
    ]


def _unread_notes(unread: Sequence[str]) -> list[Note]:
    return [
        Note(
            "info",
            Texts("Arket kendes ikke og er ikke læst.", "The sheet is not known and was not read."),
            name,
        )
        for name in unread
    ]


def _is_constructed(grid: Grid) -> bool:
    """Return whether the words over a sheet say that its figures are invented."""
    head = grid.rows[:HEADER_WITHIN]
    return any(isinstance(c, str) and CONSTRUCTED in c.lower() for row in head for c in row)


# --- CPR numbers and names ---------------------------------------------------------------------


def _masked(said: Texts) -> Texts:
    return Texts(masked(said.da), masked(said.en))


def _without_persons(
    reads: Sequence[tuple[Sheet, SheetRead]], who: Municipality
) -> tuple[list[tuple[Sheet, SheetRead]], list[Note]]:
    """Return the sheets as read without CPR numbers and names of persons, and where they stood.

    That is before sheets of one kind are put together: each cell is named by its own sheet.
    """
    numbered = {str(n): read for n, (_, read) in enumerate(reads)}
    tables, notes = privacy.without_cpr(_tables(who, numbered))
    tables, of_names = privacy.without_names(tables)
    notes += of_names
    frames = [tables.frames[n] for n in numbered]
    return [(s, replace(r, frame=f)) for (s, r), f in zip(reads, frames, strict=True)], notes


def _named_after_somebody(grids: Iterable[Grid]) -> Iterator[Note]:
    """Yield a note on each sheet whose name holds a CPR number or the name of a person."""
    for grid in grids:
        if is_cpr(grid.name):
            what = Texts("Arkets navn rummer", "The sheet's name holds")
            yield _cpr_note(what, masked(grid.name))
        if has_name(grid.name):
            yield Note(
                "warning",
                Texts(
                    "Arkets navn ser ud til at rumme et personnavn. Det vises aldrig, men arket "
                    "bør have et andet navn.",
                    "The sheet's name seems to hold a person's name. It is never shown, but the "
                    "sheet should have another name.",
                ),
                masked(grid.name),
            )


def _cpr_in_front(grids: Iterable[Grid]) -> Iterator[Note]:
    """Yield a note on each cell of the sheets of keys and values that holds a CPR number."""
    for grid in grids:
        for r, row in enumerate(grid.rows):
            for c, cell in enumerate(row):
                if is_cpr(as_text(cell)):
                    what = Texts("Cellen rummer", "The cell holds")
                    yield _cpr_note(what, grid.name, grid.cell(r, c))


def _cpr_note(what: Texts, sheet: str, cell: str = "") -> Note:
    return Note(
        "warning",
        Texts(
            f"{what.da} et CPR-nummer. CPR-numre vises aldrig, men bør slettes i arket.",
            f"{what.en} a CPR number. CPR numbers are never shown, but should be deleted in the "
            "sheet.",
        ),
        sheet,
        cell,
    )


# --- How amounts are signed -------------------------------------------------------------------


def _expense_positive(tables: Tables, setting: str | None) -> tuple[Tables, list[Note]]:
    """Return the ledger with expense positive; read off the accounts unless the user says."""
    rows = tables.get("oekonomi")
    if rows is None or rows.is_empty():
        return tables, []
    total = rows.filter(pl.col("version") == "regnskab")["beloeb"].sum()
    negative = setting == "udgift negativ" if setting else (total or 0) < 0
    if not negative:
        return tables, []
    note = Note(
        "warning",
        Texts(
            "Udgifter står med minus i arket; fortegnet er vendt. Skriv «fortegn» i arket "
            "Kommune for selv at bestemme.",
            "Expenses are negative in the sheet; the sign is turned. Write “fortegn” in the sheet "
            "Kommune to decide yourself.",
        ),
        tables.sources["oekonomi"].sheet,
        column="beloeb",
    )
    turned = rows.with_columns(beloeb=-pl.col("beloeb"))
    return tables.with_frames({"oekonomi": turned}), [note]
