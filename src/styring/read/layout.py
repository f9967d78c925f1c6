"""Which sheet is what, where its header is, and which columns of a wide ledger hold amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from styring.errors import InputError, Texts
from styring.model import Column, Sheet, WorkbookSpec
from styring.read import parse
from styring.read.columns import as_text
from styring.read.grid import Bad, Grid
from styring.tables import Note, Severity, letter
from styring.text import counted, fold

HEADER_WITHIN = 20
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DAY_MONTH = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}))?")
_THOUSANDS = re.compile(r"1[. ]?000 ?kr|i tusind|t\. ?kr|tkr\b|1000-?kr|hele tusind|dkk ?1[.,]?000")
_MILLIONS = re.compile(r"mio\.? ?kr|\bmill?\. ?kr|i millioner")
_TOTAL = re.compile(
    r"(?:.*\b)?(?:i alt|ialt|total|hovedtotal|subtotal|grand total|sum)\b:?", re.IGNORECASE
)
_MAYBE_TOTAL = re.compile(r"alt|tal|sum", re.IGNORECASE)
_CHECKS = {
    **dict.fromkeys(("ialt", "total", "sum", "aarettotal"), "total"),
    **dict.fromkeys(("afvigelse", "difference", "forskel", "mermindreforbrug"), "deviation"),
    **dict.fromkeys(("restbudget", "rest", "restkorrigeretbudget"), "rest"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of amounts in a wide ledger, and what its header says of it."""

    index: int
    version: str | None = None
    year: int | None = None
    month: int | None = None
    follow_up: tuple[int, int, int | None] | None = None
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a grid is to be read: the header's row, the columns found, what is left over."""

    sheet: Sheet
    grid: Grid
    header: int
    columns: dict[str, int]
    measures: tuple[Measure, ...] = ()
    unused: tuple[str, ...] = ()
    scale: int = 1
    year: int | None = None
    by_name: bool = True

    def letters(self) -> dict[str, str]:
        """Return the letter of each column found."""
        return {c: self.grid.letter(i) for c, i in self.columns.items()}

    def note(self, severity: Severity, da: str, en: str, cell: str = "", column: str = "") -> Note:
        """Return a note about the sheet."""
        return Note(severity, Texts(da, en), self.grid.name, cell, column)


def find_sheets(grids: Sequence[Grid], spec: WorkbookSpec) -> Iterator[tuple[Sheet, Grid, bool]]:
    """Yield each known sheet with its grid, and whether its name said so.

    A needed sheet that no name fits is taken from the one unknown grid that has its columns.
    """
    left = []
    found: set[str] = set()
    for grid in grids:
        sheet = _by_name(grid.name, spec)
        if sheet is None:
            left.append(grid)
        else:
            found.add(sheet.id)
            yield sheet, grid, True
    for sheet in spec.sheet:
        if sheet.needed and sheet.id not in found and not sheet.keyvalue:
            fits = [g for g in left if _required_found(sheet, g)]
            if len(fits) == 1:
                yield sheet, fits[0], False
                left.remove(fits[0])


def _by_name(name: str, spec: WorkbookSpec) -> Sheet | None:
    names = {fold(s.name): s for s in spec.sheet}
    for sheet in spec.sheet:
        names |= {fold(a): sheet for a in sheet.aliases if fold(a) not in names}
    whole = fold(name)
    without_year = re.sub(r"(?:19|20)\d{2}|\d+$", "", whole)
    return names.get(whole) or names.get(without_year)


def _required_found(sheet: Sheet, grid: Grid) -> bool:
    _, columns, measures = _best_header(sheet, grid)
    wanted = {c.id for c in sheet.column if c.required}
    return wanted <= set(columns) | ({"beloeb"} if measures else set()) and len(columns) > 2


def lay_out(sheet: Sheet, grid: Grid, *, by_name: bool) -> Layout:
    """Return how a grid is to be read as a sheet.

    Raises:
        InputError: no header, a needed column is missing, or two columns could be the same one
            and differ.
    """
    header, columns, measures = _best_header(sheet, grid)
    above = " ".join(as_text(c) for r in grid.rows[:header] for c in r if isinstance(c, str))
    missing = [c for c in sheet.column if c.required and c.id not in columns]
    year = next((int(y) for y in _YEAR.findall(f"{grid.name} {above}")), None)
    if all(m.check for m in measures):
        measures = ()
    if "beloeb" not in columns and measures:
        missing = [c for c in missing if c.id != "beloeb"]
        if all(m.year for m in measures if not m.check) or year:
            missing = [c for c in missing if c.id != "aar"]
    if missing or (not columns and grid.rows):
        raise _no_columns(sheet, grid, missing, header if columns else None)
    taken = set(columns.values()) | {m.index for m in measures}
    names = [as_text(c) for c in grid.rows[header]] if grid.rows else []
    unused = tuple(n for i, n in enumerate(names) if n and i not in taken)
    amount = columns.get(sheet.sum or "", None)
    said = f"{above} {names[amount] if amount is not None else ' '.join(names)}".lower()
    scale = 1
    if sheet.id == "oekonomi":
        scale = 1000 if _THOUSANDS.search(said) else 10**6 if _MILLIONS.search(said) else 1
    wide = measures if amount is None else ()
    return Layout(sheet, grid, header, columns, wide, unused, scale, year, by_name)


def _no_columns(
    sheet: Sheet, grid: Grid, missing: Sequence[Column], header: int | None
) -> InputError:
    names = ", ".join(f"«{c.name}»" for c in missing)
    row = Texts("", "") if header is None else Texts(f", række {header + 1}", f", row {header + 1}")
    return InputError(
        Texts(
            f"Arket mangler {names or 'en overskriftsrække'}.",
            f"The sheet lacks {names or 'a header row'}.",
        ),
        where=Texts(f"{grid.name}{row.da}", f"{grid.name}{row.en}"),
        hint=Texts(
            f"Skriv overskrifterne som i skabelonen: {', '.join(c.name for c in sheet.column)}.",
            f"Write the headers as in the template: {', '.join(c.name for c in sheet.column)}.",
        ),
    )


def _best_header(sheet: Sheet, grid: Grid) -> tuple[int, dict[str, int], tuple[Measure, ...]]:
    """Return the row of the first 20 that names most columns, and what it names."""
    best: tuple[int, dict[str, int], tuple[Measure, ...]] = (0, {}, ())
    score = 0
    names = _Names.of(sheet)
    versions = _version_words(sheet) if sheet.id == "oekonomi" else {}
    for number, row in enumerate(grid.rows[:HEADER_WITHIN]):
        columns = _named(names, row)
        measures = tuple(_measures(versions, row, columns)) if versions else ()
        points = 2 * len(columns) + len([m for m in measures if not m.check])
        if points > score:
            best, score = (number, columns, measures), points
    header, columns, measures = best
    _refuse_twins(names, grid, header)
    return header, columns, measures


@dataclass(frozen=True, slots=True)
class _Names:
    """What a sheet's columns may be called: their own names, and aliases."""

    exact: dict[str, Column]
    alias: dict[str, Column]

    @classmethod
    def of(cls, sheet: Sheet) -> _Names:
        exact = {fold(n): c for c in sheet.column for n in (c.name, c.id)}
        alias = {fold(a): c for c in reversed(sheet.column) for a in c.aliases}
        return cls(exact, {n: c for n, c in alias.items() if n not in exact})

    def column(self, name: str) -> Column | None:
        return self.exact.get(name) or self.alias.get(name)


def _named(names: _Names, row: Sequence[object]) -> dict[str, int]:
    """Return the columns a row names; an exact name goes before an alias."""
    headers = [(index, name) for index, cell in enumerate(row) if (name := _header_name(cell))]
    found: dict[str, int] = {}
    for kind in (names.exact, names.alias):
        for index, name in headers:
            column = kind.get(name)
            if column and column.id not in found:
                found[column.id] = index
    return found


def _header_name(cell: object) -> str:
    """Return a header without what stands in brackets."""
    if not isinstance(cell, str):
        return ""
    return fold(re.sub(r"\([^)]*\)", "", cell) or cell)


def _refuse_twins(names: _Names, grid: Grid, header: int) -> None:
    """Refuse two columns that could both be the same one and differ."""
    if not grid.rows:
        return
    seen: dict[str, int] = {}
    for index, cell in enumerate(grid.rows[header]):
        column = names.column(_header_name(cell))
        if column is None:
            continue
        first = seen.setdefault(column.id, index)
        if first == index:
            continue
        a = [r[first] for r in grid.rows[header + 1 :]]
        b = [r[index] for r in grid.rows[header + 1 :]]
        if a != b and any(v not in ("", None) for v in a) and any(v not in ("", None) for v in b):
            raise InputError(
                Texts(
                    f"To kolonner kan begge være «{column.name}», og de er forskellige.",
                    f"Two columns could both be “{column.name}”, and they differ.",
                ),
                where=Texts(
                    f"{grid.name}!{grid.cell(header, first)} og {grid.cell(header, index)}",
                    f"{grid.name}!{grid.cell(header, first)} and {grid.cell(header, index)}",
                ),
                hint=Texts(
                    "Slet eller omdøb den ene kolonne.", "Delete or rename one of the columns."
                ),
            )


def _version_words(sheet: Sheet) -> dict[str, str]:
    """Return the versions of a ledger by every name they have."""
    versions = next(c for c in sheet.column if c.id == "version").values
    aliases = {fold(a): v for v, names in versions.items() for a in names}
    return aliases | {fold(v): v for v in versions}


def _measures(
    words: dict[str, str], row: Sequence[object], columns: dict[str, int]
) -> Iterator[Measure]:
    """Yield the columns of amounts: versions, years, months, and printed totals."""
    for index, cell in enumerate(row):
        if index not in columns.values() and (measure := _measure(index, cell, words)):
            yield measure


def _measure(index: int, cell: object, words: dict[str, str]) -> Measure | None:
    if isinstance(cell, (date, datetime)):
        return Measure(index, year=cell.year, month=cell.month)
    if isinstance(cell, float):
        is_year = cell.is_integer() and 1990 <= cell <= 2100
        return Measure(index, year=int(cell)) if is_year else None
    return _worded(index, cell, words) if isinstance(cell, str) and cell.strip() else None


def _worded(index: int, header: str, words: dict[str, str]) -> Measure | None:
    """Return what a header in words says of a column of amounts, None where it holds none."""
    text = re.sub(r"\([^)]*\)", " ", parse.tidy(header)).strip() or parse.tidy(header)
    if check := _CHECKS.get(fold(_YEAR.sub("", text))):
        return Measure(index, check=check)
    year_found = _YEAR.search(text)
    rest = _YEAR.sub(" ", text, count=1) if year_found else text
    day = _DAY_MONTH.search(rest)
    rest = _DAY_MONTH.sub(" ", rest, count=1) if day else rest
    rest = re.sub(r"\bpr\b\.?|\bpl\b|\binkl\b.*|[-/]", " ", rest, flags=re.IGNORECASE).strip()
    month = parse.month_number(rest.split(" ")[0]) if rest else None
    version = words.get(fold(rest)) if rest and not month else None
    if rest and not (month or version):
        return None
    if not rest and not year_found:
        return None
    follow_up = (int(day[1]), int(day[2]), int(day[3]) if day[3] else None) if day else None
    return Measure(index, version, int(year_found[0]) if year_found else None, month, follow_up)


def fill_merged(layout: Layout) -> Layout:
    """Return the layout with text cells filled down inside merged areas, never amounts."""
    columns = {i: c for c, i in layout.columns.items()}
    types = {c.id: c.type for c in layout.sheet.column}
    rows = [list(r) for r in layout.grid.rows] if layout.grid.merged else layout.grid.rows
    left = layout.grid.left
    for (top, first), (bottom, last) in layout.grid.merged:
        if top <= layout.header or bottom == top:
            continue
        for column in range(first - left, last - left + 1):
            name = columns.get(column)
            if name is None or types[name] in ("money", "price", "number", "integer"):
                continue
            for row in range(top + 1, min(bottom + 1, len(rows))):
                rows[row][column] = rows[top][column]
    return replace(layout, grid=replace(layout.grid, rows=rows))


def is_total(row: Sequence[object]) -> bool:
    """Return whether a row is a printed total: its first text says so."""
    first = next((c for c in row if c != "" and isinstance(c, str)), "")
    return (
        _MAYBE_TOTAL.search(first) is not None and _TOTAL.fullmatch(parse.tidy(first)) is not None
    )


def is_blank(row: Sequence[object]) -> bool:
    """Return whether nothing stands in a row."""
    return not any(c != "" and not (isinstance(c, str) and not c.strip()) for c in row)


def is_letter_row(row: Sequence[object]) -> bool:
    """Return whether a row under the header only letters the columns: `A`, `D=(A+B+C)`."""
    texts = [parse.tidy(c) for c in row if isinstance(c, str) and c.strip()]
    numbers = [c for c in row if not isinstance(c, (str, Bad))]
    pattern = re.compile(r"[A-ZÆØÅ](?: ?= ?\(?[-+A-ZÆØÅ ]+\)?)?")
    return bool(texts) and not numbers and all(pattern.fullmatch(t) for t in texts)


def layout_notes(layout: Layout) -> Iterator[Note]:
    """Yield what a reader of the workbook should know about how a sheet was taken."""
    grid, sheet = layout.grid, layout.sheet
    if not layout.by_name:
        yield layout.note(
            "warning",
            f"Arket «{grid.name}» er læst som {sheet.name}, fordi kolonnerne passer.",
            f"The sheet “{grid.name}” is read as {sheet.name} because its columns fit.",
        )
    if grid.hidden:
        yield layout.note(
            "warning",
            "Arket er skjult i projektmappen. Det er læst med.",
            "The sheet is hidden in the workbook. It was read.",
        )
    if n := grid.scan.hidden_rows:
        yield layout.note(
            "warning",
            f"{counted(n, 'skjult række', 'skjulte rækker')} er læst med.",
            f"{counted(n, 'hidden row', 'hidden rows')} included.",
        )
    if zeros := grid.scan.zero_formulas:
        row, column = zeros[0]
        yield layout.note(
            "warning",
            f"{counted(len(zeros), 'formel', 'formler')} viser 0 og er måske aldrig regnet ud. "
            "Åbn filen i Excel, og gem den igen.",
            f"{counted(len(zeros), 'formula', 'formulas')} show 0 and were perhaps never "
            "computed. Open the file in Excel and save it again.",
            f"{letter(column)}{row + 1}",
        )
    yield from _amount_notes(layout)


def _amount_notes(layout: Layout) -> Iterator[Note]:
    """Yield in what unit amounts stand, which columns are not used, and which hold amounts."""
    if layout.scale > 1:
        in_thousands = layout.scale == 1000
        unit = "1.000 kr." if in_thousands else "mio. kr."
        unit_en = "DKK 1,000" if in_thousands else "DKK million"
        yield layout.note(
            "info",
            f"Beløbene står i {unit} og er regnet om til kroner.",
            f"Amounts are in {unit_en} and were converted to kroner.",
            column="beloeb",
        )
    if layout.unused:
        names = ", ".join(f"«{n}»" for n in layout.unused[:8])
        more = " …" if len(layout.unused) > 8 else ""
        yield layout.note(
            "info",
            f"Kolonner, der ikke er brugt: {names}{more}.",
            f"Columns not used: {names}{more}.",
        )
    if layout.measures:
        first, last = (layout.grid.letter(layout.measures[n].index) for n in (0, -1))
        n = len([m for m in layout.measures if not m.check])
        yield layout.note(
            "info",
            f"{counted(n, 'kolonne', 'kolonner')} med beløb ({first}–{last}) er læst som rækker.",
            f"{counted(n, 'column', 'columns')} of amounts ({first}–{last}) read as rows.",
            column="beloeb",
        )
