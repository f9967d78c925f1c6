"""Which sheet is what, where its header is, and which columns of a wide ledger hold amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache

import polars as pl

from styring.errors import InputError, Texts
from styring.model import Column, Sheet, WorkbookSpec
from styring.privacy import masked
from styring.read import headers, parse
from styring.read.columns import as_text
from styring.read.grid import Grid
from styring.read.headers import Around, Measure
from styring.read.mapping import AMOUNTS, HEADER_WITHIN, Placed, WorkbookMap
from styring.read.mapping import FILE as MAP_FILE
from styring.tables import Note, Severity, column_of
from styring.text import fold

_SUM = r"(?:i alt|ialt|total|hovedtotal|subtotal|grand total|sum)"
_TOTAL = re.compile(
    rf"(?:.*\b)?{_SUM}\b:?"
    rf"|{_SUM}(?: ?[,:(–-]| (?:for|af|over|pr)\b| (?:19|20)\d\d\b| \d\.\d\d\b).*",
    re.IGNORECASE,
)
"""`Hovedtotal`, `5.38.50 i alt`, `I alt for voksne`, `Total 2024`, `Sum af beløb`."""
_ALONE = re.compile(rf"{_SUM}:?", re.IGNORECASE)
_MAYBE_TOTAL = re.compile(r"alt|tal|sum", re.IGNORECASE)


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
    around: Around = field(default_factory=Around)
    assumed: bool = False
    by_name: bool = True
    unmapped: tuple[str, ...] = ()
    fill: tuple[str, ...] = ()

    def letters(self) -> dict[str, str]:
        """Return the letter of each column found."""
        return {c: self.grid.letter(i) for c, i in self.columns.items()}

    def headings(self) -> dict[str, str]:
        """Return what stands in the header over each column that is used, by its letter."""
        used = sorted({*self.columns.values(), *(m.index for m in self.measures)})
        row = self.grid.rows[self.header]
        return {self.grid.letter(i): masked(parse.tidy(as_text(row[i]))) for i in used}

    def amounts(self) -> dict[str, dict[str, str | int]]:
        """Return what each column of amounts is of, by its letter, as far as it is known."""
        return {
            self.grid.letter(m.index): {
                name: value
                for name in ("check", "version", "year", "month")
                if (value := getattr(m, name)) is not None
            }
            for m in self.measures
        }

    def note(self, severity: Severity, da: str, en: str, cell: str = "", column: str = "") -> Note:
        """Return a note about the sheet."""
        return Note(severity, Texts(da, en), self.grid.name, cell, column)


def find_sheets(
    grids: Sequence[Grid], spec: WorkbookSpec, mapping: WorkbookMap | None = None
) -> Iterator[tuple[Sheet, Grid, bool]]:
    """Yield each known sheet with its grid, and whether its name or the mapping file said so.

    A needed sheet that no name fits is taken from the one unknown grid that has its columns.

    Raises:
        InputError: the mapping file has a sheet read as one that is not known.
    """
    left = []
    found: set[str] = set()
    for grid in grids:
        said = mapping.of(grid) if mapping else None
        if mapping and said:
            sheet = mapping.sheet_of(said, spec)
            if sheet is not None:
                found.add(sheet.id)
                yield sheet, grid, True
            continue
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
    header = _best_header(sheet, grid)
    wanted = {c.id for c in sheet.column if c.required}
    named = set(header.columns) | ({"beloeb"} if header.amounts else set())
    return wanted <= named and len(header.columns) > 2


def lay_out(
    sheet: Sheet, grid: Grid, *, by_name: bool, mapping: WorkbookMap | None = None
) -> Layout:
    """Return how a grid is to be read as a sheet.

    Raises:
        InputError: no header, a needed column is missing, two columns could be the same one and
            differ, or the mapping file names what is not there.
    """
    placed = _placed(sheet, grid, mapping)
    header = _best_header(sheet, grid) if placed is None else _mapped_header(sheet, grid, placed)
    decided = placed.decided if placed else frozenset()
    words = _words(sheet)
    titles = [as_text(c) for r in reversed(grid.rows[: header.row]) for c in r if type(c) is str]
    around = headers.said_around(words, [grid.name, *titles]).without(header.columns)
    measures = _settled(words, header, around)
    assumed = "version" not in header.columns and not all(m.version or m.check for m in measures)
    if assumed:
        measures = [replace(m, version=m.version or headers.ACCOUNTS) for m in measures]
    missing = _missing(sheet, header, measures, around)
    if missing or (not header.columns and grid.rows):
        raise _no_columns(sheet, grid, missing, header.row if header.columns else None)
    kept = _without_twins(sheet, grid, header, measures, decided)
    columns = {cid: kept[cid] for cid in header.columns}
    wide = tuple(m for m in measures if m.check or kept[m.meaning] == m.index)
    unused = tuple(_unused(grid, header, {*columns.values(), *(m.index for m in wide)}))
    scale = 1
    if placed and placed.unit:
        scale = placed.unit
    elif words:
        of = [columns["beloeb"]] if "beloeb" in columns else [m.index for m in wide]
        scale = _scale(grid, header, of)
    by_file = mapping is not None and grid.name not in mapping.profiled
    unmapped = tuple(_unused(grid, header, decided)) if by_file and decided else ()
    laid = Layout(sheet, grid, header.row, columns, wide, unused, scale, around, assumed, by_name)
    fill = mapping.filled_down(grid, sheet, columns) if mapping else ()
    return replace(laid, unmapped=unmapped, fill=fill)


def _scale(grid: Grid, header: _Header, amounts: Sequence[int]) -> int:
    """Return how many kroner an amount of a ledger counts; 1 where nothing says so.

    A header says it before a title, the title nearest to the header before those above it, and
    all of them before the sheet's name.

    Raises:
        InputError: headers, or a header and what stands around the table, contradict each other.
    """
    own = {headers.unit_of(as_text(header.cells[i])): grid.cell(header.row, i) for i in amounts}
    own.pop(None, None)
    around = [
        (unit, grid.cell(r, c))
        for r in range(header.row - 1, -1, -1)
        for c, cell in enumerate(grid.rows[r])
        if type(cell) is str and (unit := headers.unit_of(cell) or 1) > 1
    ]
    if (unit := headers.unit_of(grid.name) or 1) > 1:
        around.append((unit, ""))
    said = [*own.items(), *(around[:1] if {*own} <= {1} else ())]
    if len({unit for unit, _ in said}) > 1:
        raise _two_units(grid, *said[:2])
    return said[0][0] or 1 if said else 1


def _two_units(grid: Grid, *said: tuple[int | None, str]) -> InputError:
    names = {
        1: Texts("kr.", "DKK"),
        1000: Texts("1.000 kr.", "DKK 1,000"),
        10**6: Texts("mio. kr.", "DKK million"),
    }
    one, other = (names[unit or 1] for unit, _ in said)
    a, b = (f"{grid.name}!{cell}" if cell else grid.name for _, cell in said)
    return InputError(
        Texts(
            f"Arkets beløb kan både være i {one.da} og i {other.da}",
            f"The sheet's amounts could be in both {one.en} and {other.en}.",
        ),
        where=Texts(f"{a} og {b}", f"{a} and {b}"),
        hint=Texts(
            f"Skriv samme enhed begge steder, eller skriv unit for arket i {MAP_FILE}.",
            f"Write the same unit in both places, or write unit for the sheet in {MAP_FILE}.",
        ),
    )


def _placed(sheet: Sheet, grid: Grid, mapping: WorkbookMap | None) -> Placed | None:
    """Return what the mapping file says of a sheet's columns; None where it says nothing."""
    said = mapping.of(grid) if mapping else None
    if mapping is None or said is None or (said.header_row is None and not said.columns):
        return None
    top, best = _merged_down(grid), _best_header(sheet, grid)
    row = (said.header_row or best.row + 1) - 1
    said = said.model_copy(update={"header_row": row + 1})
    cells = top[row] if row < len(top) else []
    if row == best.row and not mapping.fits(said, grid, cells):
        cells = [*best.cells]  # of two lines, as they were written down together
    return mapping.placed(said, sheet, grid, cells)


def _mapped_header(sheet: Sheet, grid: Grid, placed: Placed) -> _Header:
    """Return the header row the mapping file names; what it does not mention is read as ever."""
    top, names, words = _merged_down(grid), _Names.of(sheet), _words(sheet)
    row = placed.cells
    rest = ["" if i in placed.decided else cell for i, cell in enumerate(row)]
    others = {c: i for c, i in _named(names, rest).items() if c not in placed.columns}
    columns = {**placed.columns, **others}
    measures = [*placed.amounts.values()]
    measures += headers.measures_of(words, rest, columns.values()) if words else ()
    over = top[placed.header - 1] if placed.header else [""] * len(row)
    ordered = tuple(sorted(measures, key=lambda m: m.index))
    return _Header(placed.header, row, over, columns, ordered)


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """The header row a sheet would be read by, and how sure each column of it is.

    `exact` holds the places of the columns that bear their own name; `means` the name of the
    column that each place could be; `lacks` the needed columns that are not there, `decided` the
    places that what is known of a system's extract decides.
    """

    row: int
    cells: Sequence[object]
    columns: Mapping[str, int]
    measures: Sequence[Measure]
    exact: AbstractSet[int]
    means: Mapping[int, str]
    lacks: Sequence[Column]
    decided: AbstractSet[int]


def found_header(sheet: Sheet, grid: Grid, mapping: WorkbookMap | None) -> FoundHeader:
    """Return the header row a sheet would be read by."""
    placed, names = _placed(sheet, grid, mapping), _Names.of(sheet)
    header = _best_header(sheet, grid) if placed is None else _mapped_header(sheet, grid, placed)
    called = {i: name for i, c in enumerate(header.cells) if (name := headers.header_name(c))}
    words = _words(sheet)
    titles = [as_text(c) for r in grid.rows[: header.row] for c in r if type(c) is str]
    around = headers.said_around(words, [grid.name, *titles]).without(header.columns)
    measures = _settled(words, header, around)
    return FoundHeader(
        header.row,
        header.cells,
        header.columns,
        measures,
        {i for i, name in called.items() if name in names.exact},
        {i: c.name for i, name in called.items() if (c := names.column(name))},
        _missing(sheet, header, measures, around),
        placed.decided if placed else frozenset(),
    )


def _settled(words: headers.Words, header: _Header, around: Around) -> list[Measure]:
    """Return the columns of amounts; none where one column, or no other than totals, has them."""
    if "beloeb" in header.columns or not header.amounts:
        return []
    over = headers.groups_over(words, header.over)
    return [headers.settled(m, over[m.index], around, header.columns) for m in header.measures]


def _missing(
    sheet: Sheet, header: _Header, measures: Sequence[Measure], around: Around
) -> list[Column]:
    """Return the needed columns that neither a column nor what stands around the table gives."""
    said = {*header.columns}
    if measures:
        said.add("beloeb")
    if around.year or (measures and all(m.year or m.check for m in measures)):
        said.add("aar")
    return [c for c in sheet.column if c.required and c.id not in said]


def _unused(grid: Grid, header: _Header, taken: AbstractSet[int]) -> Iterator[str]:
    """Yield the name of each column that is not read, or its letter where it only has cells."""
    for index, cell in enumerate(header.cells):
        if index not in taken and (as_text(cell) or filled(grid, header.row, index)):
            yield as_text(cell) or grid.letter(index)


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


@dataclass(frozen=True, slots=True)
class _Header:
    """A header row: its cells, the row over it, and what they name."""

    row: int = 0
    cells: Sequence[object] = ()
    over: Sequence[object] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()

    @property
    def amounts(self) -> int:
        """Return how many columns hold amounts that are no printed totals."""
        return sum(m.check is None for m in self.measures)


def _words(sheet: Sheet) -> headers.Words:
    """Return the names of a ledger's versions; no other sheet has amounts as columns."""
    return headers.version_words(sheet) if sheet.id == "oekonomi" else {}


def _best_header(sheet: Sheet, grid: Grid) -> _Header:
    """Return the row of the first 20 that names most columns, and what it names."""
    names, words = _Names.of(sheet), _words(sheet)
    top = _merged_down(grid)
    best, score = _Header(cells=top[0] if top else ()), 0
    rows = [(n, row, top[n - 1] if n else [""] * len(row)) for n, row in enumerate(top)]
    together = [(n, _two_lines(names, over, row), over) for n, row, over in rows[1:]]
    for number, row, over in (*rows, *together):
        columns = _named(names, row)
        measures = tuple(headers.measures_of(words, row, columns.values())) if words else ()
        header = _Header(number, row, over, columns, measures)
        points = 2 * len(columns) + header.amounts
        if points > score:
            best, score = header, points
    return best


def _two_lines(names: _Names, over: Sequence[object], row: Sequence[object]) -> list[object]:
    """Return a header written over two rows as one: what names a column, together or alone."""
    joined: list[object] = []
    for above, own in zip(over, row, strict=True):
        both = f"{as_text(above)} {as_text(own)}" if type(above) is type(own) is str else own
        named = (c for c in (both, own, above) if names.column(headers.header_name(c)))
        joined.append(next(named, own))
    return joined


def _merged_down(grid: Grid) -> list[list[object]]:
    """Return the rows a header may be in; a cell merged downwards heads every row it covers."""
    rows = [list(r) for r in grid.rows[:HEADER_WITHIN]]
    for (top, first), (bottom, _) in grid.merged:
        column = first - grid.left
        for row in rows[top + 1 : bottom + 1]:
            if 0 <= column < len(row):
                row[column] = rows[top][column]
    return rows


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
    called = [(i, name) for i, cell in enumerate(row) if (name := headers.header_name(cell))]
    found: dict[str, int] = {}
    for kind in (names.exact, names.alias):
        for index, name in called:
            column = kind.get(name)
            if column and column.id not in found:
                found[column.id] = index
    return found


def filled(grid: Grid, header: int, index: int) -> bool:
    """Return whether anything stands under a header."""
    return any(r[index] not in ("", None) for r in grid.rows[header + 1 :])


def _without_twins(
    sheet: Sheet,
    grid: Grid,
    header: _Header,
    measures: Sequence[Measure],
    decided: AbstractSet[int],
) -> dict[object, int]:
    """Return the one column of each meaning; another of that meaning is equal to it or empty.

    Raises:
        InputError: two columns could both be the same one and differ.
    """
    names, preferred = _Names.of(sheet), set(header.columns.values())
    means: dict[int, tuple[object, str]] = {
        m.index: (m.meaning, as_text(header.cells[m.index])) for m in measures if not m.check
    }
    for index, cell in enumerate(header.cells):
        column = names.column(headers.header_name(cell))
        if column and index not in decided:
            means.setdefault(index, (column.id, column.name))
    by_id = {c.id: c.name for c in sheet.column}
    means |= {i: (c, by_id[c]) for c, i in header.columns.items()}
    kept: dict[object, int] = {}
    for index in sorted(means, key=lambda i: (i not in preferred, i)):
        meaning, name = means[index]
        first = kept.setdefault(meaning, index)
        if first == index or not filled(grid, header.row, index):
            continue
        if filled(grid, header.row, first) and not _equal(grid, header.row, first, index):
            raise _twins_differ(grid, header.row, name, *sorted((first, index)))
        if not filled(grid, header.row, first):
            kept[meaning] = index
    return kept


def _equal(grid: Grid, header: int, first: int, second: int) -> bool:
    return all(r[first] == r[second] for r in grid.rows[header + 1 :])


def _twins_differ(grid: Grid, header: int, name: str, first: int, second: int) -> InputError:
    return InputError(
        Texts(
            f"To kolonner kan begge være «{name}», og de er forskellige.",
            f"Two columns could both be “{name}”, and they differ.",
        ),
        where=Texts(
            f"{grid.name}!{grid.cell(header, first)} og {grid.cell(header, second)}",
            f"{grid.name}!{grid.cell(header, first)} and {grid.cell(header, second)}",
        ),
        hint=Texts("Slet eller omdøb den ene kolonne.", "Delete or rename one of the columns."),
    )


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
            if name is None or types[name] in AMOUNTS:
                continue
            for row in range(top + 1, min(bottom + 1, len(rows))):
                rows[row][column] = rows[top][column]
    return replace(layout, grid=replace(layout.grid, rows=rows))


def texts_of(cells: Sequence[object]) -> frozenset[str]:
    """Return the different texts of a column."""
    kinds = set(map(type, cells))
    if str not in kinds:
        return frozenset()
    if len(kinds) == 1:
        return frozenset(pl.Series(cells, dtype=pl.String()).unique().to_list())
    return frozenset(cell for cell in cells if type(cell) is str)


def is_total(row: Sequence[object]) -> bool:
    """Return whether a row is a printed total: its first text says so."""
    for cell in row:
        if cell != "" and isinstance(cell, str):
            return says_total(cell)
    return False


def label_columns(laid: Layout) -> list[int]:
    """Return the columns of a ledger that can say of any row that it is a total."""
    if laid.sheet.id != "oekonomi":
        return []
    types = {i: column_of(laid.sheet, c).type for c, i in laid.columns.items()}
    types |= dict.fromkeys((m.index for m in laid.measures), "money")
    width = len(laid.grid.rows[laid.header])
    return [i for i in range(width) if types.get(i, "text") in ("text", "code")]


def is_total_word(text: str) -> bool:
    """Return whether a text is the word for a total and nothing else."""
    return _MAYBE_TOTAL.search(text) is not None and _ALONE.fullmatch(parse.tidy(text)) is not None


@lru_cache(maxsize=4096)
def says_total(text: str) -> bool:
    """Return whether a text is what a printed total is called."""
    return _MAYBE_TOTAL.search(text) is not None and _TOTAL.fullmatch(parse.tidy(text)) is not None


def is_blank_text(text: str) -> bool:
    """Return whether nothing stands in a text."""
    return not text or text.isspace()


def is_blank(row: Sequence[object]) -> bool:
    """Return whether nothing stands in a row."""
    for cell in row:
        if cell != "" and not (isinstance(cell, str) and not cell.strip()):
            return False
    return True
