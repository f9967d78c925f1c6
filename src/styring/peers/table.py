"""The figures of municipalities in any export: where the table stands, and its values one by one.

Long (a column of periods and one of values), wide (a column of values for each period), or tables
below one another under headings of their own; titles above and notes below are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from styring.definitions import nearest
from styring.errors import InputError, Texts
from styring.peers.mapping import ImportMap
from styring.places import disagreement, is_no_municipality, place_of
from styring.read.grid import Bad, Grid, cell_mark, csv_grid, decoded, read_grids
from styring.read.parse import number_marks, tidy
from styring.tables import letter
from styring.text import fold

Role = Literal["place", "code", "period", "value", "label", "unit", "ignored"]
MISSING = frozenset({"", ".", "..", "…", "...", "-", "–", "—", "−", "M"})
"""What public statistics write where there is no figure. A dash is none either, and never 0."""
_PERIOD = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:-(?P<day>\d\d-\d\d)| ?(?P<kind>[KQMHkqmh])(?P<n>0?[1-9]|1[0-2]))?"
)
PARTS = {"K": 4, "M": 12, "H": 2}
"""Quarters, months and halves of a year."""
_NAMES: dict[str, Role] = {
    **dict.fromkeys(("komnr", "kommunenr", "kommunenummer", "kommunekode", "kode"), "code"),
    **dict.fromkeys(("tid", "aar", "year", "time", "periode", "period"), "period"),
    **dict.fromkeys(("indhold", "vaerdi", "value", "contents"), "value"),
    **dict.fromkeys(("enhed", "prisenhed", "maaleenhed", "unit"), "unit"),
    **dict.fromkeys(("region", "landsdel", "kommunegruppe", "note", "noter", "fodnote"), "ignored"),
}
"""Headers that say what stands below them."""


@dataclass(frozen=True, slots=True)
class Period:
    """A year, a day (ISO), or part `n` of a year that has `of` parts."""

    text: str
    year: int
    n: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column of values: the period and the name its headers give."""

    index: int
    name: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a table stand: rows and columns counted from 0."""

    header: int
    place: int
    values: tuple[ValueColumn, ...]
    roles: dict[int, Role]
    named: dict[str, int] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def of(self, role: Role) -> list[int]:
        """Return the columns of a role."""
        return [c for c, r in self.roles.items() if r == role]


@dataclass(frozen=True, slots=True)
class Entry:
    """One value as it stands: `row` counts from 1; `labels` are what the other columns say.

    `fields` are the columns that the mapping file names, as texts but for numerator and
    denominator.
    """

    row: int
    place: str
    code: str
    period: str
    section: str
    column: ValueColumn
    labels: tuple[str, ...]
    units: tuple[str, ...]
    value: object
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a file: texts, numbers, or what cannot be read (`Bad`); what parts them."""

    path: Path
    rows: list[list[object]]
    lengths: tuple[int, ...] = ()
    mark: str = ""

    def where(self, row: int, column: int | None = None) -> Texts:
        """Return the place of a row (counted from 1), or of a cell, in both languages."""
        cell = "" if column is None else f", {letter(column)}{row}"
        return Texts(f"{self.path}, række {row}{cell}", f"{self.path}, row {row}{cell}")


def period_of(text: str) -> Period | None:
    """Return the period a text means: `2024`, `2024-09-30`, `2024K3`, `2024M05`, `2024H1`."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        return None
    year = int(found["year"])
    if found["kind"]:
        kind = found["kind"].upper().replace("Q", "K")
        n, of = int(found["n"]), PARTS[kind]
        return Period(f"{year}{kind}{n}", year, n, of) if n <= of else None
    if found["day"]:
        try:
            date.fromisoformat(found[0])
        except ValueError:
            return None
    return Period(found[0], year)


def text_of(cell: object) -> str:
    """Return a cell as a text; a whole number without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.text if isinstance(cell, Bad) else "" if cell is None else tidy(str(cell))


def read_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """Return the cells of a file: CSV in any dress, a workbook's sheet, or parquet.

    Args:
        path: of the file.
        sheet: of a workbook; without it the first one in which a municipality stands.

    Raises:
        InputError: the file is not there, empty, damaged, or has no such sheet.
    """
    if not path.is_file():
        raise InputError(
            Texts("Filen findes ikke.", "There is no such file."),
            where=str(path),
            hint=Texts("Se efter, om stien er rigtig.", "Check the path."),
        )
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return Sheet(path, _chosen(read_grids(path), sheet, path).rows)
    if path.suffix.lower() == ".parquet":
        return Sheet(path, _parquet(path))
    grid = csv_grid(path)
    if not any(map(any, grid.rows)):
        raise InputError(Texts("Filen er tom.", "The file is empty."), where=str(path))
    return Sheet(path, grid.rows, grid.lengths, cell_mark(decoded(path.read_bytes())))


def _parquet(path: Path) -> list[list[object]]:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            Texts("Filen kan ikke læses som parquet.", "The file cannot be read as parquet."),
            where=str(path),
        ) from error
    cells = [["" if c is None else float(c) if type(c) is int else c for c in row]
             for row in frame.iter_rows()]  # fmt: skip
    return [list(frame.columns), *cells]


def _chosen(grids: Sequence[Grid], name: str | None, path: Path) -> Grid:
    if name is None:
        held = (g for g in grids if any(_is_named(text_of(c)) for row in g.rows for c in row))
        return next(held, grids[0])
    for grid in grids:
        if fold(grid.name) == fold(name):
            return grid
    names = [g.name for g in grids]
    raise InputError(
        Texts(f"Arket «{name}» findes ikke.", f"There is no sheet “{name}”."),
        where=str(path),
        hint=nearest(name, names)
        or Texts(f"Arkene er {', '.join(names)}.", f"The sheets are {', '.join(names)}."),
    )


# --- Where the table stands -------------------------------------------------------------------


def layout_of(sheet: Sheet, how: ImportMap) -> Layout:
    """Return where the parts of a table stand.

    Raises:
        InputError: no municipality or no header row, or a named column is not there.
    """
    texts = [[text_of(c) for c in row] for row in sheet.rows]
    header = _named_header(sheet, texts, how.named) if how.named else None
    named = {} if header is None else _named_columns(texts[header], how.named)
    place = named.get("municipality", named.get("code"))
    if place is None:
        place = _place_column(sheet, texts)
    first = next((r for r, row in enumerate(texts) if _is_place(row[place])), len(texts))
    if header is None:
        header = _header_above(sheet, texts, place, first)
    top, heads = _heads(texts, header)
    below = _below(texts[header + 1 :], place)
    roles = _roles(heads, below, place, named)
    columns = [c for c, role in roles.items() if role == "value"] or [*_numerator(named)]
    if not columns:
        raise InputError(
            Texts(
                "Der er ingen kolonne med tal ved kommunerne.",
                "There is no column of figures beside the municipalities.",
            ),
            where=sheet.where(header + 1),
            hint=Texts(
                "Giv en oversættelsesfil med --map, der nævner kolonnerne.",
                "Give a mapping file with --map that names the columns.",
            ),
        )
    values = tuple(_value_column(c, heads[c]) for c in columns)
    titles = tuple(" ".join(filter(None, row)) for row in texts[:top] if any(row))
    seen = {c for c in range(len(heads)) if any(row[c] for row in below)}
    unused = (c for c in seen - set(named.values()) if roles.get(c, "ignored") == "ignored")
    names = tuple(heads[c][-1] if heads[c] else letter(c) for c in sorted(unused))
    return Layout(header, place, values, roles, named, titles, names)


def _numerator(named: dict[str, int]) -> Iterator[int]:
    if "numerator" in named:
        yield named["numerator"]


def _is_named(text: str) -> bool:
    return not text.isdigit() and _is_place(text)


def _is_place(text: str) -> bool:
    return place_of(text) is not None or disagreement(text) is not None


def _is_filled(row: Sequence[str], least: int) -> bool:
    return sum(map(bool, row)) >= least


def _place_column(sheet: Sheet, texts: Sequence[Sequence[str]]) -> int:
    """Return the column with most names of municipalities, else the one of their codes."""
    width = max(map(len, texts), default=0)
    names = [sum(_is_named(row[c]) for row in texts if c < len(row)) for c in range(width)]
    if any(names):
        return names.index(max(names))
    for c in range(width):
        cells = [row[c] for row in texts if row[c]]
        codes = [n for n, cell in enumerate(cells) if _is_place(cell)]
        if codes and all(_is_place(x) or is_no_municipality(x) for x in cells[codes[0] :]):
            return c
    raise InputError(
        Texts("Der står ingen kommune i filen.", "No municipality stands in the file."),
        where=str(sheet.path),
        hint=Texts(
            "En kolonne skal have kommunernes navne eller trecifrede koder.",
            "A column must have the municipalities' names or three-digit codes.",
        ),
    )


def _header_above(sheet: Sheet, texts: Sequence[Sequence[str]], place: int, first: int) -> int:
    """Return the row of headers: the last above the figures in which two cells are filled."""
    for r in range(first - 1, -1, -1):
        row = texts[r]
        others = [t for c, t in enumerate(row) if c != place and t]
        figures = [t for t in others if t in MISSING or (number_marks(t) and not period_of(t))]
        if figures and is_no_municipality(row[place]):
            continue
        if _is_filled(row, 2) or any(map(period_of, others)):
            return r
    raise InputError(
        Texts(
            "Der er ingen kolonneoverskrifter over den første kommune.",
            "There are no column headers above the first municipality.",
        ),
        where=sheet.where(first + 1),
        hint=Texts(
            "Hent filen igen med overskrifter.", "Download the file again with its headers."
        ),
    )


def _named_header(sheet: Sheet, texts: Sequence[Sequence[str]], named: dict[str, str]) -> int:
    """Return the row in which the named columns stand."""
    wanted = {fold(name) for name in named.values()}
    hits = [len(wanted & {fold(t) for t in row}) for row in texts]
    best = hits.index(max(hits)) if hits else 0
    there = {fold(t) for t in texts[best]} if texts else set()
    for name in named.values():
        if fold(name) not in there:
            headers = [t for t in texts[best] if t]
            raise InputError(
                Texts(f"Kolonnen «{name}» findes ikke.", f"There is no column “{name}”."),
                where=sheet.where(best + 1),
                hint=nearest(name, headers)
                or Texts(
                    f"Kolonnerne er {', '.join(headers[:12])}.",
                    f"The columns are {', '.join(headers[:12])}.",
                ),
            )
    return best


def _named_columns(row: Sequence[str], named: dict[str, str]) -> dict[str, int]:
    places = {fold(t): c for c, t in reversed(list(enumerate(row))) if t}
    return {what: places[fold(name)] for what, name in named.items()}


def _heads(texts: Sequence[Sequence[str]], header: int) -> tuple[int, list[list[str]]]:
    """Return the first row of headers, and each column's headers from above.

    Upper ones reach over the blanks on their right.
    """
    top = header
    while top > 0 and _is_filled(texts[top - 1], 2):
        top -= 1
    rows = []
    for r in range(top, header + 1):
        filled, last = list(texts[r]), ""
        for c, text in enumerate(filled):
            last = text or last
            if r < header:
                filled[c] = last
        rows.append(filled)
    return top, [[t for t in column if t] for column in zip(*rows, strict=True)]


def _below(texts: Iterable[Sequence[str]], place: int) -> list[Sequence[str]]:
    """Return the rows of municipalities, those with a blank below them too."""
    rows, stands = [], False
    for row in texts:
        stands = _stands(row[place]) or (stands and not row[place])
        if stands and any(row):
            rows.append(row)
    return rows


def _value_column(index: int, heads: Sequence[str]) -> ValueColumn:
    periods = [h for h in heads if period_of(h)]
    words = [h for h in heads if not period_of(h) and _NAMES.get(fold(h)) != "value"]
    return ValueColumn(index, " ".join(words), periods[0] if periods else "")


def _roles(
    heads: Sequence[Sequence[str]],
    below: Sequence[Sequence[str]],
    place: int,
    named: dict[str, int],
) -> dict[int, Role]:
    """Return what each column is: as it is named, as its header says, as its cells look."""
    given = {c: _role_named(what) for what, c in named.items()}
    roles: dict[int, Role] = {place: "place"}
    plain = [c for c in range(len(heads)) if c != place and c not in given]
    told = {"value", "numerator"} & named.keys()
    for c in [] if told else plain:
        if any(period_of(h) for h in heads[c]):
            roles[c] = "value"
        elif heads[c] and (role := _NAMES.get(fold(heads[c][-1]))):
            roles[c] = role
    taken = {*roles.values(), *given.values()}
    for c in [] if told else plain:
        if c not in roles:
            cells = [(row[c], row[place]) for row in below if row[c] not in MISSING]
            roles[c] = _role_seen(cells, taken)
            taken |= {roles[c]} & {"code", "period"}
    for c in [c for c, role in roles.items() if role == "label"]:
        if _tells_the_place(below, c, place):
            roles[c] = "ignored"
    return dict(sorted((given | roles).items()))


def _role_seen(cells: Sequence[tuple[str, str]], taken: AbstractSet[Role]) -> Role:
    """Return what a column is by its cells, each beside the municipality of its row."""
    if not cells:
        return "ignored"
    pairs = {(place_of(t), place_of(p)) for t, p in cells if t.isdigit() or not t}
    alike = pairs and all(a == b for a, b in pairs) and pairs != {(None, None)}
    if "code" not in taken and alike and all(t.isdigit() for t, _ in cells):
        return "code"
    if "period" not in taken and all(period_of(t) for t, _ in cells):
        return "period"
    figures = sum(number_marks(t) is not None for t, _ in cells)
    return "value" if 2 * figures > len(cells) and "value" not in taken else "label"


def _tells_the_place(below: Sequence[Sequence[str]], column: int, place: int) -> bool:
    """Return whether a column says the same of a municipality everywhere, and not of all."""
    of: dict[str, set[str]] = {}
    text = name = ""
    for row in below:
        text, name = row[column] or text, row[place] or name
        of.setdefault(name, set()).add(text)
    return all(len(texts) == 1 for texts in of.values()) and len(set.union(*of.values())) > 1


def _role_named(what: str) -> Role:
    match what:
        case "municipality":
            return "place"
        case "code" | "period" | "value":
            return what
        case _:
            return "ignored"


# --- Its values -------------------------------------------------------------------------------


def entries(sheet: Sheet, layout: Layout) -> Iterator[Entry]:
    """Yield every value of a table; blank cells of its leading columns repeat the one above.

    Raises:
        InputError: a row with figures has no municipality, or more or fewer cells than headers.
    """
    repeated = [layout.place, *layout.of("label"), *layout.of("unit"), *layout.of("period")]
    head = [text_of(c) for c in sheet.rows[layout.header]]
    last: dict[int, str] = {}
    section = ""
    for r in range(layout.header + 1, len(sheet.rows)):
        texts = [text_of(c) for c in sheet.rows[r]]
        if texts == head or not any(texts):
            continue
        filled = [c for c, text in enumerate(texts) if text]
        figures = [v.index for v in layout.values if texts[v.index]]
        if len(filled) == 1 and not figures and not _stands(texts[layout.place]):
            section, last = texts[filled[0]], {}
            continue
        if len(filled) > 1:
            _refuse_ragged(sheet, r, layout, figures)
        own = {c: texts[c] for c in repeated if texts[c]}
        if not figures and not _stands(texts[layout.place]):
            continue
        last |= own
        if not own or layout.place not in last:
            raise _no_municipality(sheet, r)
        yield from _of_row(sheet, layout, r, last, section)


def _stands(text: str) -> bool:
    return _is_place(text) or is_no_municipality(text)


def _of_row(
    sheet: Sheet, layout: Layout, r: int, last: dict[int, str], section: str
) -> Iterator[Entry]:
    row = sheet.rows[r]
    (code, *_) = [*(text_of(row[c]) for c in layout.of("code")), ""]
    (period, *_) = [*(last.get(c, "") for c in layout.of("period")), ""]
    sums = {"numerator", "denominator"}
    fields = {w: row[c] if w in sums else text_of(row[c]) for w, c in layout.named.items()}
    labels = tuple(last.get(c, "") for c in layout.of("label"))
    units = tuple(last.get(c, "") for c in layout.of("unit"))
    for v in layout.values:
        yield Entry(r + 1, last[layout.place], code, v.period or period, section, v, labels, units,
                    row[v.index], fields)  # fmt: skip


def _refuse_ragged(sheet: Sheet, r: int, layout: Layout, figures: Sequence[int]) -> None:
    """Refuse a municipality's row, or one with figures, that is longer or shorter than the head."""
    if not sheet.lengths or not (figures or _stands(text_of(sheet.rows[r][layout.place]))):
        return
    n, wanted = sheet.lengths[r], sheet.lengths[layout.header]
    if n != wanted:
        raise InputError(
            Texts(
                f"Rækken har {n} celler, og kolonneoverskrifterne er {wanted}.",
                f"The row has {n} cells, and there are {wanted} column headers.",
            ),
            where=sheet.where(r + 1),
            hint=Texts(
                "Ret rækken; et komma i et tal eller en tekst kræver anførselstegn.",
                "Mend the row; a comma in a number or a text needs quotation marks.",
            ),
        )


def _no_municipality(sheet: Sheet, r: int) -> InputError:
    return InputError(
        Texts("Rækken har tal, men ingen kommune.", "The row has figures but no municipality."),
        where=sheet.where(r + 1),
        hint=Texts(
            "Skriv kommunen i rækken, eller slet rækken.",
            "Write the municipality in the row, or delete the row.",
        ),
    )
