"""The figures of a workbook worked out a second time, in plain and slow loops.

Nothing here is shared with the package: the sheets are read cell by cell with calamine, days are
counted one by one, and sums are exact (``Decimal`` for the ledger, ``Fraction`` for the cases). A
difference between the package and this file is a mistake in one of them.

The file has three parts: reading (cells to small records), reckoning (pure functions on lists of
records, proved by hand in ``test_oracle.py``), and workbooks (the same functions asked by path).
"""

import calendar
import os
import re
import unittest
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from python_calamine import CalamineWorkbook

Cell = str | int | float | bool | date | datetime | time | timedelta
Record = dict[str, Cell]
Area = tuple[tuple[int, int], tuple[int, int]]
WorkbookPath = str | Path

ACCOUNTS = "regnskab"
ORIGINAL = "oprindeligt budget"
CORRECTED = "korrigeret budget"
FORECAST = "forventet regnskab"
CORRECTIONS = ("tillægsbevilling", "omplacering", "overførsel")
REFUND_ART = "8.6"
NOT_PLACED = "ikke placeret"
SELF_REFERRAL = ("109", "110")
YEARS_SHOWN = 5

SHEETS = {
    "kommune": ("Kommune",),
    "ledger": ("Økonomi",),
    "cases": ("Sager", "Sagsudtræk"),
}
COLUMNS = {
    "sagid": "sag_id",
    "sagsnummer": "sag_id",
    "borgerid": "borger_id",
    "cprerstatning": "borger_id",
    "ansøgtdato": "ansoegt_dato",
    "bevilgetdato": "bevilget_dato",
    "sidsteopfølgning": "sidste_opfoelgning",
    "år": "aar",
    "måned": "maaned",
    "beløb": "beloeb",
    "opfølgning": "opfoelgning",
}
CASE_COLUMNS = ("sag_id", "borger_id", "paragraf", "startdato", "slutdato", "pris", "enhed")
LEDGER_COLUMNS = ("aar", "funktion", "art", "version", "beloeb")


@dataclass(frozen=True)
class CaseRow:
    """A granted service in one period: one row of the case sheet."""

    sag_id: str
    borger_id: str
    paragraf: str
    startdato: date
    slutdato: date | None = None
    pris: Decimal | None = None
    enhed: str = "døgn"
    antal: Decimal | None = None
    funktion: str = ""
    ansoegt_dato: date | None = None
    bevilget_dato: date | None = None
    sidste_opfoelgning: date | None = None
    ydelse: str = ""
    tilbud: str = ""


@dataclass(frozen=True)
class LedgerRow:
    """An amount in kroner and whole øre: one row of the ledger sheet."""

    aar: int
    version: str
    kroner: Decimal
    funktion: str = ""
    art: str = ""
    maaned: int | None = None
    opfoelgning: date | None = None


# --- Where the shared workbooks are -------------------------------------------------------------


def shared() -> Path:
    """The folder with the shared workbooks; the calling test is skipped where there is none."""
    named = os.environ.get("STYRING_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        where = "STYRING_SHARED names no folder" if named else "no folder 'shared' by the checkout"
        raise unittest.SkipTest(f"the shared workbooks are missing: {where}")
    return folder


def workbook(name: str) -> Path:
    """The path of one shared workbook; the calling test is skipped where it is missing."""
    path = shared() / "workbooks" / name
    if not path.is_file():
        raise unittest.SkipTest(f"a shared workbook is missing: workbooks/{name}")
    return path


# --- Reading: cells to records ------------------------------------------------------------------


def cleaned(cell: Cell) -> Cell:
    """The cell with every kind of blank made one space and midnight made a date."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise ValueError(f"a date with a time of day: {cell}")
        return cell.date()
    return cell


def filled(rows: Sequence[Sequence[Cell]], areas: Iterable[Area]) -> list[list[Cell]]:
    """The rows with each merged area filled by its upper left cell, and nothing else filled."""
    result = [list(row) for row in rows]
    for (top, left), (bottom, right) in areas:
        for row in range(top, min(bottom, len(result) - 1) + 1):
            for column in range(left, min(right, len(result[row]) - 1) + 1):
                result[row][column] = rows[top][left]
    return result


def column_name(header: Cell) -> str:
    """The canonical column name of a header: letters and digits, without what is in brackets."""
    text = re.sub(r"\(.*?\)", "", str(header)).casefold()
    key = "".join(sign for sign in text if sign.isalnum())
    return COLUMNS.get(key, key)


def is_total(row: Sequence[Cell]) -> bool:
    """Whether a text cell of the row says that the row is a printed total."""
    texts = [cell.casefold() for cell in row if isinstance(cell, str)]
    return any(re.search(r"\b(hovedtotal|subtotal|total|i alt)$", text) for text in texts)


def header_position(rows: Sequence[Sequence[Cell]], needed: Sequence[str]) -> int:
    """The number of the first row that holds every needed column."""
    for number, row in enumerate(rows):
        if set(needed) <= {column_name(cell) for cell in row}:
            return number
    raise ValueError(f"no header row with the columns {', '.join(needed)}")


def records(rows: Sequence[Sequence[Cell]], needed: Sequence[str]) -> list[Record]:
    """The rows below the header as records, without empty rows and printed totals."""
    clean = [[cleaned(cell) for cell in row] for row in rows]
    start = header_position(clean, needed)
    names = [column_name(cell) for cell in clean[start]]
    body = [row for row in clean[start + 1 :] if any(cell != "" for cell in row)]
    return [dict(zip(names, row, strict=True)) for row in body if not is_total(row)]


def distinct(rows: Iterable[Record]) -> list[Record]:
    """The records with rows that are identical in every field counted once, in their order."""
    seen: set[tuple[Cell, ...]] = set()
    result = []
    for row in rows:
        key = tuple(row.values())
        if key not in seen:
            seen.add(key)
            result.append(row)
    return result


def as_text(cell: Cell) -> str:
    """The cell as text; a whole number without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def as_number(cell: Cell) -> Decimal | None:
    """The cell as the decimal number it shows, or nothing where it is blank."""
    if cell == "":
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise TypeError(f"not a number: {cell!r}")
    return Decimal(repr(cell))


def as_date(cell: Cell) -> date | None:
    """The cell as a date, or nothing where it is blank."""
    if cell == "":
        return None
    if not isinstance(cell, date):
        raise TypeError(f"not a date: {cell!r}")
    return cell


def paragraph(cell: Cell) -> str:
    """The normal form of a paragraph: ``85``, ``107``, ``ABL-105``."""
    text = as_text(cleaned(cell)).casefold()
    found = re.search(r"(\d+)\s*([a-z])?\b", text)
    if found is None:
        return text
    number = found.group(1) + (found.group(2) or "")
    return f"ABL-{number}" if "abl" in text or "almenbolig" in text else number


def case_row(row: Record) -> CaseRow:
    """A record of the case sheet, typed."""
    start = as_date(row["startdato"])
    if start is None:
        raise ValueError(f"a case without a start: {row['sag_id']}")
    return CaseRow(
        sag_id=as_text(row["sag_id"]),
        borger_id=as_text(row["borger_id"]),
        paragraf=paragraph(row["paragraf"]),
        startdato=start,
        slutdato=as_date(row["slutdato"]),
        pris=as_number(row["pris"]),
        enhed=as_text(row["enhed"]).casefold(),
        antal=as_number(row.get("antal", "")),
        funktion=as_text(row.get("funktion", "")),
        ansoegt_dato=as_date(row.get("ansoegt_dato", "")),
        bevilget_dato=as_date(row.get("bevilget_dato", "")),
        sidste_opfoelgning=as_date(row.get("sidste_opfoelgning", "")),
        ydelse=as_text(row.get("ydelse", "")),
        tilbud=as_text(row.get("tilbud", "")),
    )


def ledger_row(row: Record, *, unit: int = 1) -> LedgerRow | None:
    """A record of the ledger sheet, typed and in kroner; nothing where it holds no amount."""
    year, amount = as_number(row["aar"]), as_number(row["beloeb"])
    if amount is None:
        return None
    if year is None:
        raise ValueError(f"an amount without a year: {row}")
    month = as_number(row.get("maaned", ""))
    return LedgerRow(
        aar=int(year),
        version=as_text(row["version"]).casefold(),
        kroner=(amount * unit).quantize(Decimal("0.01"), ROUND_HALF_UP),
        funktion=as_text(row["funktion"]),
        art=as_text(row["art"]),
        maaned=None if month is None else int(month),
        opfoelgning=as_date(row.get("opfoelgning", "")),
    )


def amount_unit(rows: Sequence[Sequence[Cell]]) -> int:
    """1000 where the header of the amounts says 1.000 kr., else 1."""
    start = header_position(rows, LEDGER_COLUMNS)
    header = next(str(cell) for cell in rows[start] if column_name(cell) == "beloeb")
    return 1000 if re.search(r"1\.?000|t\.?kr", header.casefold()) else 1


# --- Reckoning: days and cost -------------------------------------------------------------------


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def days_in_year(year: int) -> int:
    """365, or 366 in a leap year."""
    return 366 if calendar.isleap(year) else 365


def year_to(year: int, as_of: date) -> tuple[date, date]:
    """The first and last day of a year, cut at the as-of date."""
    return date(year, 1, 1), min(date(year, 12, 31), as_of)


def last_day(row: CaseRow) -> date | None:
    """The last day on which a row runs: a one-off its start, an open row none."""
    return row.startdato if row.enhed == "engang" else row.slutdato


def ever_runs(row: CaseRow) -> bool:
    """Whether a row runs at all: not with its end before its start, not with quantity 0."""
    turned_round = row.slutdato is not None and row.slutdato < row.startdato
    return not turned_round and row.antal != 0


def running_days(row: CaseRow, first: date, last: date) -> list[date]:
    """The days of a period on which a row runs."""
    if not ever_runs(row):
        return []
    end = last_day(row)
    until = last if end is None else min(end, last)
    return list(days_between(max(row.startdato, first), until))


def day_share(unit: str, year: int, month: int) -> Fraction:
    """How much of a unit's price one day of that month costs; nothing for an unknown unit."""
    shares = {
        "døgn": Fraction(1),
        "uge": Fraction(1, 7),
        "måned": Fraction(1, calendar.monthrange(year, month)[1]),
        "år": Fraction(1, days_in_year(year)),
        "engang": Fraction(1),
    }
    return shares.get(unit, Fraction(0))


def cost(row: CaseRow, first: date, last: date) -> Fraction:
    """What a row costs in a period, exactly."""
    if row.pris is None:
        return Fraction(0)
    price = Fraction(row.pris) * Fraction(1 if row.antal is None else row.antal)
    total = Fraction(0)
    months = Counter((day.year, day.month) for day in running_days(row, first, last))
    for (year, month), days in months.items():
        total += price * days * day_share(row.enhed, year, month)
    return total


def cost_of_rows(rows: Iterable[CaseRow], first: date, last: date) -> Fraction:
    """What the rows together cost in a period."""
    return sum((cost(row, first, last) for row in rows), Fraction(0))


def cost_by_paragraph(rows: Iterable[CaseRow], first: date, last: date) -> dict[str, Fraction]:
    """The cost of a period under each paragraph that runs in it."""
    result: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        if running_days(row, first, last):
            result[row.paragraf] += cost(row, first, last)
    return dict(result)


def cost_by_function(rows: Iterable[CaseRow], first: date, last: date) -> dict[str, Fraction]:
    """The cost of a period under each function; rows without one are *ikke placeret*."""
    result: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        if running_days(row, first, last):
            result[row.funktion or NOT_PLACED] += cost(row, first, last)
    return dict(result)


def cost_by_citizen(rows: Iterable[CaseRow], first: date, last: date) -> dict[str, Fraction]:
    """The cost of a period for each citizen over all paragraphs."""
    result: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        if running_days(row, first, last):
            result[row.borger_id] += cost(row, first, last)
    return dict(result)


def committed(rows: Sequence[CaseRow], as_of: date, year: int) -> Fraction:
    """*Disponeret*: the year to the as-of date as it ran, and its rest for what is granted."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    granted = [row for row in rows if row.bevilget_dato is None or row.bevilget_dato <= as_of]
    rest_starts = max(first, as_of + timedelta(days=1))
    ran = cost_of_rows(rows, first, min(last, as_of))
    return ran + cost_of_rows(granted, rest_starts, last)


def expected(booked: Decimal, committed_cost: Fraction, cost_to_date: Fraction) -> Fraction:
    """Booked to date raised by what is committed over what the cases have cost to date."""
    return Fraction(booked) * committed_cost / cost_to_date


# --- Reckoning: persons -------------------------------------------------------------------------


def person_days(rows: Iterable[CaseRow], first: date, last: date) -> dict[str, int]:
    """Person-days under each paragraph, a citizen counted once per day and paragraph."""
    days: dict[str, set[tuple[str, date]]] = defaultdict(set)
    for row in rows:
        for day in running_days(row, first, last):
            days[row.paragraf].add((row.borger_id, day))
    return {paragraf: len(pairs) for paragraf, pairs in days.items()}


def person_days_union(rows: Iterable[CaseRow], first: date, last: date) -> int:
    """Person-days in all, a citizen counted once per day whatever the paragraph."""
    return len({(row.borger_id, day) for row in rows for day in running_days(row, first, last)})


def person_years(rows: Iterable[CaseRow], first: date, last: date) -> dict[str, Fraction]:
    """*Helårspersoner* under each paragraph: person-days over the days of the calendar year."""
    whole_year = days_in_year(first.year)
    return {
        paragraf: Fraction(days, whole_year)
        for paragraf, days in person_days(rows, first, last).items()
    }


def citizens_by_paragraph(rows: Iterable[CaseRow], first: date, last: date) -> dict[str, int]:
    """Citizens with at least one day under each paragraph in the period."""
    persons: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if running_days(row, first, last):
            persons[row.paragraf].add(row.borger_id)
    return {paragraf: len(ids) for paragraf, ids in persons.items()}


def citizens_counted_once(rows: Iterable[CaseRow], first: date, last: date) -> int:
    """Citizens with at least one day in the period, whatever the paragraph."""
    return len({row.borger_id for row in rows if running_days(row, first, last)})


def citizens_above(rows: Iterable[CaseRow], first: date, last: date, limit: int) -> int:
    """Citizens whose cost of the period over all paragraphs is strictly above the limit."""
    return sum(1 for amount in cost_by_citizen(rows, first, last).values() if amount > limit)


# --- Reckoning: cases ---------------------------------------------------------------------------


def by_case(rows: Iterable[CaseRow]) -> dict[str, list[CaseRow]]:
    """The rows of each case that ever run."""
    cases: dict[str, list[CaseRow]] = defaultdict(list)
    for row in rows:
        if ever_runs(row):
            cases[row.sag_id].append(row)
    return dict(cases)


def new_cases(rows: Iterable[CaseRow], first: date, last: date) -> int:
    """Cases whose first start lies in the period."""
    starts = [min(row.startdato for row in periods) for periods in by_case(rows).values()]
    return sum(1 for start in starts if first <= start <= last)


def ended_cases(rows: Iterable[CaseRow], first: date, last: date) -> int:
    """Cases without an open row whose last end lies in the period."""
    count = 0
    for periods in by_case(rows).values():
        ends = [last_day(row) for row in periods]
        closed = [end for end in ends if end is not None]
        if len(closed) == len(ends) and first <= max(closed) <= last:
            count += 1
    return count


def year_before(day: date) -> date:
    """The same day a year earlier; the last of February where there is no 29th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - 1, 2, 28) if is_leap_day else day.replace(year=day.year - 1)


def without_self_referral(rows: Iterable[CaseRow]) -> list[CaseRow]:
    """The rows without the paragraphs to which citizens refer themselves."""
    return [row for row in rows if row.paragraf not in SELF_REFERRAL]


def followed_up(rows: Iterable[CaseRow], as_of: date) -> tuple[int, int]:
    """Cases active on the as-of date that are followed up in time, and all that should be."""
    earliest = year_before(as_of)
    followed = base = 0
    for periods in by_case(without_self_referral(rows)).values():
        if not any(running_days(row, as_of, as_of) for row in periods):
            continue
        dates = [row.sidste_opfoelgning for row in periods if row.sidste_opfoelgning is not None]
        known = [day for day in dates if day <= as_of]
        if not known and min(row.startdato for row in periods) > earliest:
            continue
        base += 1
        if known and max(known) >= earliest:
            followed += 1
    return followed, base


def case_times(rows: Iterable[CaseRow], year: int) -> list[int]:
    """Days from first application to first grant of each case granted in the year."""
    times = []
    for periods in by_case(without_self_referral(rows)).values():
        applied = [row.ansoegt_dato for row in periods if row.ansoegt_dato is not None]
        granted = [row.bevilget_dato for row in periods if row.bevilget_dato is not None]
        if applied and granted and min(granted).year == year:
            times.append((min(granted) - min(applied)).days)
    return [days for days in times if days >= 0]


def median(values: Iterable[int]) -> Fraction | None:
    """The middle value, or the mean of the two in the middle; nothing of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return Fraction(below + above, 2)


# --- Reckoning: ledger --------------------------------------------------------------------------


def amounts(rows: Iterable[LedgerRow]) -> dict[tuple[int, str], Decimal]:
    """Kroner of each year and version, net of everything."""
    result: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        result[row.aar, row.version] += row.kroner
    return dict(result)


def amounts_by_function(rows: Iterable[LedgerRow]) -> dict[tuple[int, str, str], Decimal]:
    """Kroner of each year, version and function, net of everything."""
    result: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        result[row.aar, row.version, row.funktion] += row.kroner
    return dict(result)


def corrected(rows: Sequence[LedgerRow]) -> dict[int, Decimal]:
    """The corrected budget of each year: its own rows where the year has them, else derived."""
    own = {row.aar for row in rows if row.version == CORRECTED}
    result: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        versions = (CORRECTED,) if row.aar in own else (ORIGINAL, *CORRECTIONS)
        if row.version in versions:
            result[row.aar] += row.kroner
    return dict(result)


def refunds(rows: Iterable[LedgerRow]) -> dict[int, Decimal]:
    """What is booked on refund rows in each year's accounts, with the sign it has there."""
    result: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.version == ACCOUNTS and row.art == REFUND_ART:
            result[row.aar] += row.kroner
    return dict(result)


# --- Workbooks: loading -------------------------------------------------------------------------


@cache
def sheet_rows(path: WorkbookPath, kind: str) -> tuple[tuple[Cell, ...], ...]:
    """The cells of a workbook's sheet of one kind, merged areas filled."""
    book = CalamineWorkbook.from_path(str(path))
    names = [name for name in book.sheet_names if name.strip() in SHEETS[kind]]
    if len(names) != 1:
        raise ValueError(f"not one sheet called {' or '.join(SHEETS[kind])}: {names}")
    sheet = book.get_sheet_by_name(names[0])
    rows = sheet.to_python(skip_empty_area=False)
    return tuple(tuple(row) for row in filled(rows, sheet.merged_cell_ranges or []))


@cache
def load_as_of(path: WorkbookPath) -> date:
    """The as-of date of a workbook."""
    facts = {column_name(row[0]): cleaned(row[1]) for row in sheet_rows(path, "kommune")}
    as_of = as_date(facts["opgørelsesdato"])
    if as_of is None:
        raise ValueError("no as-of date")
    return as_of


@cache
def load_cases(path: WorkbookPath) -> tuple[CaseRow, ...]:
    """The case rows of a workbook, identical rows once."""
    rows = records(sheet_rows(path, "cases"), CASE_COLUMNS)
    return tuple(case_row(row) for row in distinct(rows))


@cache
def load_ledger(path: WorkbookPath) -> tuple[LedgerRow, ...]:
    """The amount rows of a workbook in kroner, printed totals left out."""
    cells = sheet_rows(path, "ledger")
    unit = amount_unit(cells)
    typed = [ledger_row(row, unit=unit) for row in records(cells, LEDGER_COLUMNS)]
    return tuple(row for row in typed if row is not None)


def periods_shown(path: WorkbookPath) -> dict[int, tuple[date, date]]:
    """The five years up to the as-of date, each with its first and last day."""
    as_of = load_as_of(path)
    years = range(as_of.year - YEARS_SHOWN + 1, as_of.year + 1)
    return {year: year_to(year, as_of) for year in years}


def period_of(path: WorkbookPath, year: int) -> tuple[date, date]:
    """The first and last day of a year, cut at the workbook's as-of date."""
    return year_to(year, load_as_of(path))


def to_date(path: WorkbookPath) -> tuple[date, date]:
    """The current year's first day and the as-of date."""
    return period_of(path, load_as_of(path).year)


# --- Workbooks: the ledger ----------------------------------------------------------------------


def ledger_rows(path: WorkbookPath) -> int:
    """The amount rows of the ledger, printed totals left out."""
    return len(load_ledger(path))


def ledger_kroner(path: WorkbookPath) -> dict[tuple[int, str], Decimal]:
    """Kroner of each year and version; the forecast is all its follow-ups added."""
    return amounts(load_ledger(path))


def ledger_by_function(path: WorkbookPath) -> dict[tuple[int, str, str], Decimal]:
    """Kroner of each year, version and function."""
    return amounts_by_function(load_ledger(path))


def corrected_budget(path: WorkbookPath) -> dict[int, Decimal]:
    """The corrected budget of each year, its own rows or derived."""
    return corrected(load_ledger(path))


def refund_net(path: WorkbookPath) -> dict[int, Decimal]:
    """What is booked on refund rows in each year's accounts."""
    return refunds(load_ledger(path))


def forecasts(path: WorkbookPath) -> dict[tuple[int, date], Decimal]:
    """The municipality's own forecast of each year at each follow-up."""
    result: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
    for row in load_ledger(path):
        if row.version == FORECAST and row.opfoelgning is not None:
            result[row.aar, row.opfoelgning] += row.kroner
    return dict(result)


def booked_to_date(path: WorkbookPath) -> Decimal:
    """The accounts of the current year as they stand, net of everything."""
    return ledger_kroner(path)[load_as_of(path).year, ACCOUNTS]


def printed_totals(path: WorkbookPath, kind: str) -> list[Decimal]:
    """The numbers printed in total rows of the ledger or case sheet, as they are printed."""
    totals = [[cleaned(cell) for cell in row] for row in sheet_rows(path, kind)]
    cells = [cell for row in totals if is_total(row) for cell in row]
    numbers = [as_number(cell) for cell in cells if isinstance(cell, int | float)]
    return [number for number in numbers if number is not None]


# --- Workbooks: the cases -----------------------------------------------------------------------


def case_rows(path: WorkbookPath) -> int:
    """The case rows after identical rows are counted once."""
    return len(load_cases(path))


def duplicate_rows(path: WorkbookPath) -> int:
    """The case rows left out because an identical row is counted."""
    return len(records(sheet_rows(path, "cases"), CASE_COLUMNS)) - case_rows(path)


def case_cost(path: WorkbookPath) -> dict[tuple[int, str], Fraction]:
    """The cost of each year and paragraph, the current year to the as-of date."""
    return {
        (year, paragraf): amount
        for year, (first, last) in periods_shown(path).items()
        for paragraf, amount in cost_by_paragraph(load_cases(path), first, last).items()
    }


def case_cost_whole_year(path: WorkbookPath, year: int) -> dict[str, Fraction]:
    """The cost of a whole calendar year under each paragraph, whatever the as-of date."""
    return cost_by_paragraph(load_cases(path), date(year, 1, 1), date(year, 12, 31))


def case_cost_to_date(path: WorkbookPath) -> Fraction:
    """What the cases have cost in the current year to the as-of date."""
    return cost_of_rows(load_cases(path), *to_date(path))


def cost_per_function_to_date(path: WorkbookPath) -> dict[str, Fraction]:
    """What the cases have cost to the as-of date under each function."""
    return cost_by_function(load_cases(path), *to_date(path))


def helaarspersoner(path: WorkbookPath) -> dict[tuple[int, str], Fraction]:
    """Person-years of each year and paragraph, the current year to the as-of date."""
    return {
        (year, paragraf): persons
        for year, (first, last) in periods_shown(path).items()
        for paragraf, persons in person_years(load_cases(path), first, last).items()
    }


def citizens(path: WorkbookPath) -> dict[tuple[int, str], int]:
    """Citizens of each year and paragraph, the current year to the as-of date."""
    return {
        (year, paragraf): persons
        for year, (first, last) in periods_shown(path).items()
        for paragraf, persons in citizens_by_paragraph(load_cases(path), first, last).items()
    }


def citizens_total(path: WorkbookPath) -> dict[int, int]:
    """Citizens of each year, counted once whatever the paragraph."""
    return {
        year: citizens_counted_once(load_cases(path), first, last)
        for year, (first, last) in periods_shown(path).items()
    }


def inflow(path: WorkbookPath) -> dict[int, int]:
    """New cases of each year, the current year to the as-of date."""
    return {
        year: new_cases(load_cases(path), first, last)
        for year, (first, last) in periods_shown(path).items()
    }


def outflow(path: WorkbookPath) -> dict[int, int]:
    """Ended cases of each year, the current year to the as-of date."""
    return {
        year: ended_cases(load_cases(path), first, last)
        for year, (first, last) in periods_shown(path).items()
    }


def disponeret(path: WorkbookPath, year: int = 2025) -> Fraction:
    """What is committed for a year at the as-of date."""
    return committed(load_cases(path), load_as_of(path), year)


def expected_from_cases(path: WorkbookPath) -> Fraction:
    """The current year's outcome as the cases let expect it."""
    year = load_as_of(path).year
    return expected(booked_to_date(path), disponeret(path, year), case_cost_to_date(path))


def follow_up(path: WorkbookPath) -> tuple[int, int]:
    """Cases followed up within 12 months of the as-of date, and all that should be."""
    return followed_up(load_cases(path), load_as_of(path))


def median_case_time(path: WorkbookPath, year: int) -> Fraction | None:
    """The median days from application to grant of the cases granted in a year."""
    return median(case_times(load_cases(path), year))


def dear_citizens(path: WorkbookPath, year: int, limit: int) -> int:
    """Citizens who cost strictly more than the limit in a year, over all paragraphs."""
    return citizens_above(load_cases(path), *period_of(path, year), limit)


def unit_price(path: WorkbookPath, year: int, paragraf: str) -> Fraction | None:
    """*Gennemsnitlig bevilget pris*: case cost per person-year; nothing without person-years."""
    first, last = period_of(path, year)
    rows = [row for row in load_cases(path) if row.paragraf == paragraf]
    persons = person_years(rows, first, last).get(paragraf)
    return None if persons is None else cost_of_rows(rows, first, last) / persons
