"""Foreign exports as rows of a peers file: who, when, which indicator, how much, and from where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from styring.errors import InputError, Texts, join_texts
from styring.peers import COLUMNS
from styring.peers.mapping import Aggregation, ImportMap
from styring.peers.naming import Series, naming, series
from styring.peers.table import (
    MISSING,
    Entry,
    Layout,
    Period,
    Sheet,
    entries,
    layout_of,
    period_of,
    text_of,
)
from styring.places import Place, disagreement, is_no_municipality, near_names, place_of
from styring.read.grid import Bad
from styring.read.parse import number_marks, to_number
from styring.say import sentence
from styring.tables import Note
from styring.text import counted_texts, fold, listed

Marks = Literal["da", "en"]
MOST_NAMED = 8
DASHES = frozenset("-–—−")


@dataclass(frozen=True, slots=True)
class Found:
    """One value of a municipality, read; `where` is the place of its row."""

    row: int
    where: Texts
    written: str
    place: Place
    period: Period
    series: Series
    version: int
    price: str | None
    refund: str | None
    value: float
    numerator: float | None = None
    denominator: float | None = None
    source: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """Return what may be there once only."""
        return (self.place.code, self.period.text, self.series.id, self.version, self.price or "",
                self.refund or "")  # fmt: skip


def import_sheet(sheet: Sheet, checksum: str, how: ImportMap) -> tuple[list[Found], list[Note]]:
    """Return the values of a file's municipalities, and what was left out.

    Args:
        sheet: its cells.
        checksum: of the file, told in each row's source.
        how: what a mapping file says.

    Raises:
        InputError: no municipality, an unknown one, a code and a name that disagree, no period or
            one that a peers file cannot hold, a text where a figure belongs, decimal marks that
            contradict each other, a row with more or fewer cells than headers.
    """
    layout = layout_of(sheet, how)
    every = list(entries(sheet, layout))
    placed = [(e, _place(e, sheet)) for e in every]
    ours = [(e, p) for e, p in placed if p is not None]
    marks, notes = _marks([e for e, _ in ours], sheet, how)
    shared = naming([e for e, _ in ours], layout, sheet, how)
    found, missing = [], Counter[str]()
    for e, place in ours:
        numbers = _numbers(e, marks, sheet, layout)
        value = _value(numbers, how.multiply)
        if value is None:
            missing[text_of(e.value)] += 1
            continue
        period = _period(e, sheet, how)
        found.append(_found(e, place, period, series(e, shared), value, numbers, how, sheet))
    notes = [*_left_out(placed, sheet), *_unused(layout, sheet), *notes]
    notes += _missing_note(missing, sheet)
    if not found:
        raise InputError(
            sentence("peers_import.no_value"),
            where=str(sheet.path),
            hint=sentence("peers_import.no_value_hint"),
        )
    return _with_source(found, sheet, checksum), notes


def as_frame(
    found: Sequence[Found], aggregate: Aggregation | None
) -> tuple[pl.DataFrame, list[Note]]:
    """Return values as a peers file with names and units (`COLUMNS`), and notes.

    Parts of a year become the year: its mean, its sum, or its last part; a year without all its
    parts (for the last: without the last) is left out and told.

    Raises:
        InputError: a municipality has two values for the same indicator and period.
    """
    _refuse_twins(found)
    whole, notes = _whole_years(found, aggregate)
    _refuse_twins(whole)
    rows = [
        [f.place.code, f.place.name, f.period.text, f.series.id, f.version, f.price, f.refund,
         f.value, f.numerator, f.denominator, False, False, f.source, None, f.series.title,
         f.series.unit]
        for f in whole
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return frame.sort("indikator", "kommunekode", "periode", maintain_order=True), notes


# --- Who and when -------------------------------------------------------------------------------


def _place(e: Entry, sheet: Sheet) -> Place | None:
    """Return the municipality of a row; None where it is the country, a region or a group."""
    found = place_of(e.place)
    if e.code and found and (by_code := place_of(e.code)) != found:
        raise _disagree(e, e.code, by_code, e.place, sheet)
    if found or is_no_municipality(e.place):
        return found
    if two := disagreement(e.place):
        raise _disagree(e, two[0].code, two[0], two[1].name, sheet)
    raise InputError(
        sentence("peers_import.unknown_place", navn=e.place),
        where=sheet.where(e.row),
        hint=near_names(e.place),
    )


def _disagree(e: Entry, code: str, by_code: Place | None, name: str, sheet: Sheet) -> InputError:
    other = by_code.name if by_code else "–"
    return InputError(
        sentence("peers_import.disagree", kode=code, andet=other, navn=name),
        where=sheet.where(e.row),
        hint=sentence("peers_import.disagree_hint"),
    )


def _period(e: Entry, sheet: Sheet, how: ImportMap) -> Period:
    text = how.fixed.period or e.period
    period = period_of(text)
    if period is None:
        key = "bad_period" if text else "no_period"
        raise InputError(
            sentence(f"peers_import.{key}", periode=text),
            where=sheet.where(e.row),
            hint=sentence("peers_import.period_hint"),
        )
    if period.of and how.aggregate is None:
        raise InputError(
            sentence("peers_import.part_of_year", periode=text),
            where=sheet.where(e.row),
            hint=sentence("peers_import.part_of_year_hint"),
        )
    return period


# --- How much -----------------------------------------------------------------------------------


def _marks(ours: Sequence[Entry], sheet: Sheet, how: ImportMap) -> tuple[Marks, list[Note]]:
    """Return how figures are written, by the figures that show it, the mapping file or the file.

    Where none shows it, points part the cells' decimals in files parted by commas, else commas do;
    a figure that this decides is told.
    """
    if how.decimal:
        return "da" if how.decimal == "," else "en", []
    shown: dict[str, Entry] = {}
    for e in ours:
        for cell in _cells(e):
            if isinstance(cell, str) and (mark := number_marks(cell)):
                shown.setdefault(mark, replace(e, value=cell))
    if "da" in shown and "en" in shown:
        a, b = shown["da"], shown["en"]
        raise InputError(
            sentence("peers_import.marks", et=text_of(a.value), andet=text_of(b.value)),
            where=join_texts([sheet.where(a.row), sheet.where(b.row)], "; "),
            hint=sentence("peers_import.marks_hint"),
        )
    marks: Marks = "en" if "en" in shown or ("da" not in shown and sheet.mark == ",") else "da"
    if "either" in shown and not {"da", "en"} & shown.keys():
        cell = text_of(shown["either"].value)
        meant = to_number(cell, marks)
        said = sentence(
            "peers_import.either",
            fil=sheet.path.name,
            tal=cell,
            laest=Texts(f"{meant:.15g}".replace(".", ","), f"{meant:.15g}"),
        )
        return marks, [Note("warning", said)]
    return marks, []


def _cells(e: Entry) -> list[object]:
    """Return the cells of an entry that hold figures."""
    sums = [e.fields[k] for k in ("numerator", "denominator") if k in e.fields]
    return [e.value, *sums]


@dataclass(frozen=True, slots=True)
class _Numbers:
    value: float | None
    numerator: float | None = None
    denominator: float | None = None


def _numbers(e: Entry, marks: Marks, sheet: Sheet, layout: Layout) -> _Numbers:
    def number(cell: object, column: int) -> float | None:
        return _number(cell, marks, sheet, e.row, column)

    columns = layout.named
    if "numerator" not in columns:
        return _Numbers(number(e.value, e.column.index))
    value = number(e.value, e.column.index) if "value" in columns else None
    top, bottom = (number(e.fields[k], columns[k]) for k in ("numerator", "denominator"))
    return _Numbers(value, top, bottom)


def _number(cell: object, marks: Marks, sheet: Sheet, row: int, column: int) -> float | None:
    """Return a cell's figure, None where it is missing."""
    if isinstance(cell, float):
        return cell
    text = text_of(cell)
    if isinstance(cell, str) and text in MISSING:
        return None
    value = None if isinstance(cell, Bad | bool) else to_number(text, marks)
    if value is None:
        raise InputError(
            sentence("peers_import.no_number", celle=text),
            where=sheet.where(row, column),
            hint=sentence("peers_import.no_number_hint"),
        )
    return value


def _value(n: _Numbers, multiply: float) -> float | None:
    """Return the value: as it stands, else numerator over denominator."""
    if n.value is not None:
        return n.value * multiply
    if n.numerator is None or not n.denominator:
        return None
    return n.numerator / n.denominator * multiply


def _whole_years(
    found: Sequence[Found], aggregate: Aggregation | None
) -> tuple[list[Found], list[Note]]:
    """Return the values with the parts of years put together, and a note on years that lack any."""
    groups: dict[tuple[object, ...], list[Found]] = defaultdict(list)
    for f in found:
        of_year = (*f.key[:1], f.period.year, f.period.of, *f.key[2:])
        groups[of_year if f.period.of else f.key].append(f)
    whole, lacking = [], []
    for parts in groups.values():
        first = parts[0]
        of = first.period.of
        if not of:
            whole += parts
            continue
        by_part = {p.period.n: p.value for p in parts}
        if of not in by_part or (aggregate != "last" and len(by_part) < of):
            lacking.append(first)
            continue
        total = sum(by_part[n] for n in sorted(by_part))
        value = {"sum": total, "mean": total / of}.get(str(aggregate), by_part[of])
        year = str(first.period.year)
        whole.append(replace(first, value=value, period=Period(year, first.period.year)))
    if not lacking:
        return whole, []
    years = sorted({str(f.period.year) for f in lacking})
    said = sentence(
        f"peers_import.unfinished{'_one' if len(lacking) == 1 else ''}",
        antal=len(lacking),
        aar=Texts(listed(years), listed(years, "en")),
    )
    return whole, [Note("warning", said)]


# --- What a row says of itself ---------------------------------------------------------------


def _found(
    e: Entry,
    place: Place,
    period: Period,
    series: Series,
    value: float,
    n: _Numbers,
    how: ImportMap,
    sheet: Sheet,
) -> Found:
    fields = {k: text_of(v) for k, v in e.fields.items()}
    price = _one_of("price_level", ("løbende", "faste"), e, fields, sheet)
    refund = _one_of("refund", ("før", "efter"), e, fields, sheet)
    version = fields.get("definition_version") or str(how.fixed.definition_version or 1)
    if not version.isdigit() or version == "0":
        raise InputError(
            sentence("peers_import.bad_version", celle=version), where=sheet.where(e.row)
        )
    return Found(
        row=e.row,
        where=sheet.where(e.row),
        written=e.place,
        place=place,
        period=period,
        series=series,
        version=int(version),
        price=price or how.fixed.price_level or series.price,
        refund=refund or how.fixed.refund,
        value=value,
        numerator=n.numerator,
        denominator=n.denominator,
        source=how.fixed.source or fields.get("source", ""),
    )


def _one_of(
    what: str, words: Sequence[str], e: Entry, fields: Mapping[str, str], sheet: Sheet
) -> str | None:
    """Return which of some words a column says; None where it says nothing."""
    given = fields.get(what, "")
    if not given:
        return None
    for word in words:
        if fold(given) == fold(word):
            return word
    raise InputError(
        sentence("peers_import.no_such_word", celle=given),
        where=sheet.where(e.row, None),
        hint=sentence("peers_import.words_are", ord=" / ".join(words)),
    )


def _with_source(found: Sequence[Found], sheet: Sheet, checksum: str) -> list[Found]:
    """Return the values with their source: the file, its checksum, and the indicator's rows."""
    rows: dict[str, list[int]] = defaultdict(list)
    for f in found:
        rows[f.series.id].append(f.row)
    file = f"{sheet.path.name} sha256:{checksum[:12]}"
    told = {i: f"{file} rækker {min(r)}-{max(r)}" for i, r in rows.items()}
    return [
        replace(f, source=": ".join(filter(None, (f.source, told[f.series.id])))) for f in found
    ]


# --- What is told -------------------------------------------------------------------------------


def _left_out(placed: Iterable[tuple[Entry, Place | None]], sheet: Sheet) -> list[Note]:
    """Return one note on the rows that are no municipality's."""
    rows = {(e.row, e.place) for e, p in placed if p is None}
    if not rows:
        return []
    names = Counter(name for _, name in rows)
    ordered = sorted(names, key=lambda n: (-names[n], n))
    named = [f"{n} ({names[n]})" for n in ordered[:MOST_NAMED]]
    more = len(ordered) - len(named)
    da = [*named, f"{more} til"] if more else named
    en = [*named, f"{more} more"] if more else named
    key = "left_out_one" if len(rows) == 1 else "left_out"
    said = sentence(
        f"peers_import.{key}",
        fil=sheet.path.name,
        antal=len(rows),
        navne=Texts(listed(da), listed(en, "en")),
    )
    return [Note("info", said)]


def _unused(layout: Layout, sheet: Sheet) -> list[Note]:
    """Return one note on the columns that were not used."""
    if not layout.unused:
        return []
    names = [f"«{n}»" for n in layout.unused], [f"“{n}”" for n in layout.unused]
    said = sentence(
        f"peers_import.{'unused_one' if len(layout.unused) == 1 else 'unused'}",
        fil=sheet.path.name,
        navne=Texts(listed(names[0]), listed(names[1], "en")),
    )
    return [Note("info", said)]


def _missing_note(missing: Mapping[str, int], sheet: Sheet) -> list[Note]:
    """Return one note on the values that the file does not have, by how it says so."""
    if not missing:
        return []
    n, ways = sum(missing.values()), sorted(missing.items())
    da = listed([f"{c} {f'«{m}»' if m else 'tomme'}" for m, c in ways])
    en = listed([f"{c} {f'“{m}”' if m else 'blank'}" for m, c in ways], "en")
    said = counted_texts(
        n, ("tal mangler og er udeladt", "tal mangler og er udeladt"),
        ("figure is missing and was left out", "figures are missing and were left out"),
    )  # fmt: skip
    dash = sentence("peers_import.dash") if DASHES & missing.keys() else Texts("", "")
    name = sheet.path.name
    whole = Texts(f"{name}: {said.da} ({da}). {dash.da}", f"{name}: {said.en} ({en}). {dash.en}")
    return [Note("info", Texts(whole.da.strip(), whole.en.strip()))]


def _refuse_twins(found: Iterable[Found]) -> None:
    """Refuse a municipality's second value for an indicator and period, under any spelling."""
    first: dict[tuple[object, ...], Found] = {}
    for f in found:
        other = first.setdefault(f.key, f)
        if other is not f:
            same = fold(other.written) == fold(f.written)
            raise InputError(
                sentence(
                    f"peers_import.{'twin' if same else 'twin_spelt'}",
                    kommune=f.place.name,
                    titel=f.series.title,
                    periode=f.period.text,
                    et=other.written,
                    andet=f.written,
                ),
                where=join_texts([other.where, f.where], "; "),
                hint=sentence("peers_import.twin_hint"),
            )
