"""A workbook read: tables, notes, and an account of every sheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path

import polars as pl

from styring import privacy
from styring.errors import InputError, Texts, join_texts, texts
from styring.model import Sheet, WorkbookSpec
from styring.read import layout
from styring.read.account import Account
from styring.read.columns import as_text, typed_column
from styring.read.grid import Grid, read_grids
from styring.read.sheets import SheetRead, combine, read_sheet
from styring.tables import Municipality, Note, Tables, column_of, sort_notes
from styring.text import fold, listed

CONSTRUCTED = "konstrueret eksempel"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a workbook."""

    tables: Tables
    notes: tuple[Note, ...]
    accounts: tuple[Account, ...]
    unread: tuple[str, ...] = ()


def read_workbook(
    path: Path, spec: WorkbookSpec, *, as_of: date | None = None, partial: bool = False
) -> Reading:
    """Return a workbook as tables, with notes and accounts.

    Args:
        path: an .xlsx file, or a folder of CSV files named as the sheets.
        spec: the sheets styring knows.
        as_of: the as-of date, instead of the workbook's own.
        partial: accept a workbook with neither Økonomi nor Sager, and sheets that cannot be read
            (for `inspect`).

    Raises:
        InputError: the file cannot be used; the message names file, sheet and cell.
    """
    try:
        return _read(path, spec, as_of, partial=partial)
    except InputError as error:
        if str(path) not in error.where.da:
            error.where = join_texts(
                [texts(str(path)), error.where] if error.where else [texts(str(path))], ", "
            )
        raise


def _read(path: Path, spec: WorkbookSpec, as_of: date | None, *, partial: bool) -> Reading:
    grids = read_grids(path)
    found = list(layout.find_sheets(grids, spec))
    reads: dict[str, SheetRead] = {}
    notes: list[Note] = []
    who_grid = next((g for s, g, _ in found if s.keyvalue), None)
    who, settings, who_notes = _municipality(who_grid, spec["kommune"], as_of)
    notes += who_notes
    for sheet, grid, by_name in found:
        if sheet.keyvalue or layout.is_blank([c for r in grid.rows for c in r]):
            continue
        try:
            read = read_sheet(layout.lay_out(sheet, grid, by_name=by_name))
        except InputError as error:
            if not partial:
                raise
            notes.append(Note("error", error.what, error.where.da or grid.name))
            continue
        reads[sheet.id] = _together(reads.get(sheet.id), read, sheet)
    _refuse_without_both(reads, partial=partial)
    taken = {g.name for _, g, _ in found}
    tables = Tables(
        replace(who, constructed=who.constructed or _is_constructed([g for _, g, _ in found], who)),
        {k: r.frame for k, r in reads.items()},
        {k: r.source for k, r in reads.items()},
    )
    tables, sign_notes = _expense_positive(tables, settings.get("fortegn"))
    tables, cpr_notes = privacy.without_cpr(tables)
    notes += [n for r in reads.values() for n in r.notes] + sign_notes + cpr_notes
    unread = tuple(g.name for g in grids if g.name not in taken)
    notes += [*_missing_notes(spec, reads), *_unread_notes(unread)]
    return Reading(tables, sort_notes(notes), tuple(r.account for r in reads.values()), unread)


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


def _is_constructed(grids: Sequence[Grid], who: Municipality) -> bool:
    """Return whether the workbook says its figures are invented.

    A contact under the reserved ending `.example` cannot exist, so it says so too.
    """
    if who.contact and who.contact.lower().endswith(".example"):
        return True
    return any(
        isinstance(c, str) and CONSTRUCTED in c.lower()
        for g in grids
        for r in g.rows[: layout.HEADER_WITHIN]
        for c in r
    )


# --- whose workbook it is --------------------------------------------------------------------


def _municipality(
    grid: Grid | None, sheet: Sheet, as_of: date | None
) -> tuple[Municipality, dict[str, str], list[Note]]:
    """Return who and as of when, from the key-value sheet."""
    found: dict[str, tuple[object, str]] = _key_values(grid, sheet) if grid else {}
    name = grid.name if grid else sheet.name
    code, municipality = _known(found, name)
    day = as_of or _day(found, sheet, name)
    year_cell = as_text(found["regnskabsaar"][0]) if "regnskabsaar" in found else ""
    year = int(year_cell) if year_cell.isdigit() else day.year
    notes = []
    if as_of:
        year = min(year, as_of.year)
        notes.append(
            Note(
                "info",
                Texts(
                    f"Opgjort pr. {as_of.day}.{as_of.month}.{as_of.year} som ønsket. Slutdatoer og "
                    "opfølgninger, der er skrevet senere, kendes med bagklogskab.",
                    f"As of {as_of.isoformat()} as asked for. End dates and follow-ups recorded "
                    "later are known with hindsight.",
                ),
                name,
            )
        )
    mark = as_text(found["maerkning"][0]).lower() if "maerkning" in found else ""
    settings = {"fortegn": _setting(found, sheet, "fortegn")}
    who = Municipality(
        code=code,
        name=municipality,
        as_of=day,
        accounting_year=year,
        contact=as_text(found["kontakt"][0]) or None if "kontakt" in found else None,
        constructed=CONSTRUCTED in mark,
    )
    return who, settings, notes


def _setting(found: dict[str, tuple[object, str]], sheet: Sheet, key: str) -> str:
    if key not in found:
        return ""
    cell, where = found[key]
    typed = typed_column(column_of(sheet, key), [cell], lambda _: where, typed=True)
    return str(typed.series[0] or "")


def _key_values(grid: Grid, sheet: Sheet) -> dict[str, tuple[object, str]]:
    """Return the cell and address of each key: keys down the side, or along the top."""
    names = {fold(n): c.id for c in sheet.column for n in (*c.aliases, c.name, c.id)}
    found: dict[str, tuple[object, str]] = {}
    for number, row in enumerate(grid.rows):
        filled = [(i, c) for i, c in enumerate(row) if as_text(c)]
        keys = [names.get(fold(as_text(c))) for _, c in filled]
        if len(filled) >= 2 and sum(k is not None for k in keys) >= 3:
            below = grid.rows[number + 1] if number + 1 < len(grid.rows) else []
            for (i, _), key in zip(filled, keys, strict=True):
                if key and i < len(below) and as_text(below[i]):
                    found.setdefault(key, (below[i], f"{grid.name}!{grid.cell(number + 1, i)}"))
            return found
        if len(filled) >= 2 and keys[0]:
            i, cell = filled[1]
            found.setdefault(keys[0], (cell, f"{grid.name}!{grid.cell(number, i)}"))
    return found


def _day(found: dict[str, tuple[object, str]], sheet: Sheet, name: str) -> date:
    if "opgoerelsesdato" in found:
        cell, where = found["opgoerelsesdato"]
        typed = typed_column(
            column_of(sheet, "opgoerelsesdato"), [cell], lambda _: where, typed=True
        )
        if (day := typed.series[0]) is not None:
            assert isinstance(day, date)
            return day
        name = where
    raise InputError(
        Texts(
            "Opgørelsesdatoen mangler eller er ikke en dato.",
            "The as-of date is missing or is no date.",
        ),
        where=name,
        hint=Texts(
            "Skriv «opgørelsesdato» og en dato i arket Kommune, eller brug --as-of ÅÅÅÅ-MM-DD.",
            "Write “opgørelsesdato” and a date in the sheet Kommune, or use --as-of YYYY-MM-DD.",
        ),
    )


def municipalities() -> list[tuple[str, str, str]]:
    """Return code, name and region of the 98 municipalities."""
    text = resources.files("styring.data").joinpath("municipalities.csv").read_text("utf-8")
    return [
        (r["kommunekode"], r["kommune"], r["region"]) for r in csv.DictReader(text.splitlines())
    ]


def find_municipality(text: str) -> tuple[str, str] | None:
    """Return the code and name of a municipality given by code or any spelling of its name."""
    bare = fold(text.replace("Kommune", "").replace("kommune", ""))
    for code, name, _ in municipalities():
        if bare in (code, code.lstrip("0"), fold(name), _double_a(name)):
            return code, name
    return None


def _double_a(name: str) -> str:
    return fold(name.replace("Å", "Aa").replace("å", "aa"))


def _known(found: dict[str, tuple[object, str]], name: str) -> tuple[str, str]:
    """Return code and name, refused where they disagree or are unknown."""
    given = {k: found[k] for k in ("kommunekode", "kommune") if k in found}
    matches = {
        k: find_municipality(as_text(cell).zfill(3) if k == "kommunekode" else as_text(cell))
        for k, (cell, _) in given.items()
    }
    if not given or None in matches.values():
        bad = next((k for k, m in matches.items() if m is None), None)
        where = given[bad][1] if bad else name
        text = as_text(given[bad][0]) if bad else ""
        raise InputError(
            Texts(
                f"Kommunen «{text}» kendes ikke." if bad else "Kommunens kode og navn mangler.",
                f"The municipality “{text}” is not known."
                if bad
                else "The municipality's code and name are missing.",
            ),
            where=where,
            hint=Texts(
                "Skriv «kommunekode» og «kommune» i arket Kommune, fx 706 og Syddjurs.",
                "Write “kommunekode” and “kommune” in the sheet Kommune, e.g. 706 and Syddjurs.",
            ),
        )
    if len(set(matches.values())) > 1:
        cells = [where for _, where in given.values()]
        places = Texts(listed(cells), listed(cells, "en"))
        raise InputError(
            Texts(
                "Kommunekode og kommunenavn er ikke den samme kommune.",
                "Code and name are not the same municipality.",
            ),
            where=places,
            hint=Texts("Ret den ene af de to celler.", "Mend one of the two cells."),
        )
    code_and_name = next(iter(matches.values()))
    assert code_and_name is not None
    return code_and_name


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
