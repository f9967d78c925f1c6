"""A workbook's mapping file (`styring-map.toml`): which sheet and which column is what.

It is written by `styring inspect --write-map`, reviewed by a person, and used by every later run.
What it says goes before what styring would guess; what it does not mention is read as ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import tomli
from pydantic import Field, ValidationError

from styring.definitions import Loc, not_utf8, schema_problems, toml_problem
from styring.errors import InputError, Texts
from styring.model import Column, Sheet, Strict, WorkbookSpec
from styring.privacy import masked
from styring.problem import Problem
from styring.read import headers, parse
from styring.read.columns import as_text
from styring.read.grid import Grid
from styring.read.headers import Measure
from styring.tables import Note
from styring.text import counted_texts, fold, listed

FILE = "styring-map.toml"
LIKE = 0.6
"""From what likeness a known name is mentioned as the nearest; none is ever taken for it."""
HEADER_WITHIN = 20
"""The rows of a sheet that a header may stand in."""
AMOUNTS = frozenset({"money", "price", "number", "integer", "score"})
"""The kinds of columns that no cell is filled down in: an amount is never that of another row."""


class Amount(Strict):
    """What a column of a wide ledger holds; what is not said is read from the header."""

    version: str | None = None
    year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    check: Literal["total", "deviation", "rest"] | None = None


class SheetMap(Strict):
    """One sheet: what it is read as, where its header is, what each header stands for.

    `read_as` is blank for a sheet that is not to be read, a column is for one that is not used.
    A header that stands twice, or is empty, is named by its letter in brackets: `[F]`. In the
    columns of `fill_down` a blank cell is the one above.
    """

    name: str
    read_as: str
    header_row: Annotated[int, Field(ge=1, le=HEADER_WITHIN)] | None = None
    unit: Literal[1, 1000, 1000000] | None = None
    fill_down: tuple[str, ...] = ()
    columns: dict[str, str | Amount] = Field(default_factory=dict)


class MapFile(Strict):
    """A mapping file; `workbook` is the one file it is for, where it is for one only."""

    format: Literal[1] = 1
    workbook: str | None = None
    sheet: tuple[SheetMap, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """What the mapping file says of one sheet, by places counted from 0 in its rows.

    `cells` holds the header's; `decided` every column it mentions, `columns` and `amounts` those
    it has read.
    """

    header: int
    cells: Sequence[object] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[int, Measure] = field(default_factory=dict)
    decided: frozenset[int] = frozenset()
    unit: int | None = None


@dataclass(frozen=True)
class WorkbookMap:
    """A mapping file as read, with the text it was read from.

    `profiled` names the sheets that are taken by what is known of a system, not by the file.
    """

    file: Path
    text: str
    said: MapFile
    profiled: frozenset[str] = frozenset()

    @cached_property
    def sha256(self) -> str:
        """Return the checksum of the file."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def of(self, grid: Grid) -> SheetMap | None:
        """Return what the file says of a sheet, if anything."""
        return next((s for s in self.said.sheet if _plain(s.name) == _plain(grid.name)), None)

    def sheet_of(self, said: SheetMap, spec: WorkbookSpec) -> Sheet | None:
        """Return which sheet one is to be read as; None where it is not to be read.

        Raises:
            InputError: there is no sheet of that name.
        """
        if not said.read_as:
            return None
        for sheet in spec.sheet:
            if fold(said.read_as) in (fold(sheet.name), fold(sheet.id)):
                return sheet
        names = [s.name for s in spec.sheet]
        raise self._refusal(
            Texts(
                f"«{said.read_as}» er ikke et ark, der kendes.",
                f"“{said.read_as}” is no sheet that is known.",
            ),
            said.read_as,
            names,
            names,
            after=said.name,
        )

    def refuse_unknown(self, grids: Sequence[Grid]) -> None:
        """Refuse a mapping file that names a sheet the workbook does not have.

        Raises:
            InputError: there is no such sheet, or one is named twice.
        """
        names = {_plain(g.name): g.name for g in grids}
        seen: set[str] = set()
        for said in self.said.sheet:
            if _plain(said.name) not in names:
                raise self._refusal(
                    Texts(
                        f"Projektmappen har intet ark «{said.name}».",
                        f"The workbook has no sheet “{said.name}”.",
                    ),
                    said.name,
                    list(names.values()),
                    list(names.values()),
                )
            if _plain(said.name) in seen:
                raise self._refusal(
                    Texts(
                        f"Arket «{said.name}» står to gange.",
                        f"The sheet “{said.name}” stands twice.",
                    ),
                    said.name,
                )
            seen.add(_plain(said.name))

    def fits(self, said: SheetMap, grid: Grid, row: Sequence[object]) -> bool:
        """Return whether every header that the file names stands in a row."""
        return {_plain(key) for key in said.columns} <= _places(grid, row).keys()

    def placed(self, said: SheetMap, sheet: Sheet, grid: Grid, row: Sequence[object]) -> Placed:
        """Return where the columns that the file names stand in a header row.

        Raises:
            InputError: a header is not there or stands twice, or two are one and the same column.
        """
        places = _places(grid, row)
        columns: dict[str, int] = {}
        amounts: dict[int, Measure] = {}
        for key, value in said.columns.items():
            index = self._place(said, key, places, grid)
            if isinstance(value, Amount):
                amounts[index] = self._amount(said, key, value, sheet, index)
            elif value:
                column = self._column(said, key, value, sheet)
                if column.id in columns:
                    raise self._refusal(
                        Texts(
                            f"To kolonner er begge læst som «{column.name}».",
                            f"Two columns are both read as “{column.name}”.",
                        ),
                        key,
                        after=said.name,
                    )
                columns[column.id] = index
        decided = frozenset(self._place(said, key, places, grid) for key in said.columns)
        return Placed((said.header_row or 1) - 1, row, columns, amounts, decided, said.unit)

    def _place(
        self, said: SheetMap, key: str, places: Mapping[str, Sequence[int]], grid: Grid
    ) -> int:
        found = places.get(_plain(key), ())
        if len(found) == 1:
            return found[0]
        if found:
            letters = [f"[{grid.letter(i)}]" for i in found]
            raise self._refusal(
                Texts(
                    f"Overskriften «{key}» står over flere kolonner i arket «{said.name}».",
                    f"The header “{key}” is over several columns of the sheet “{said.name}”.",
                ),
                key,
                known=letters,
                after=said.name,
            )
        known = [k for k in places if not k.startswith("[")]
        raise self._refusal(
            Texts(
                f"Arket «{said.name}» har ingen overskrift «{key}» i række {said.header_row or 1}.",
                f"The sheet “{said.name}” has no header “{key}” in row {said.header_row or 1}.",
            ),
            key,
            known,
            after=said.name,
        )

    def filled_down(self, grid: Grid, sheet: Sheet, columns: Mapping[str, int]) -> tuple[str, ...]:
        """Return the columns of a sheet in which a blank cell is the one above.

        Args:
            grid: the sheet's cells.
            sheet: what it is read as.
            columns: the columns found in it.

        Raises:
            InputError: there is no such column, or its blank cells mean something of their own.
        """
        said = self.of(grid)
        found = []
        for name in said.fill_down if said else ():
            assert said is not None
            column = self._column(said, name, name, sheet)
            if column.id not in columns or column.type in AMOUNTS or column.open:
                fit = (c for c in sheet.column if c.id in columns)
                names = [c.name for c in fit if c.type not in AMOUNTS and not c.open]
                raise self._refusal(
                    Texts(
                        f"«{column.name}» kan ikke fyldes ned i arket «{said.name}».",
                        f"“{column.name}” cannot be filled down in the sheet “{said.name}”.",
                    ),
                    name,
                    names,
                    names,
                    after=said.name,
                )
            found.append(column.id)
        return tuple(found)

    def _column(self, said: SheetMap, key: str, value: str, sheet: Sheet) -> Column:
        for column in sheet.column:
            if fold(value) in (fold(column.name), fold(column.id)):
                return column
        names = [c.name for c in sheet.column]
        raise self._refusal(
            Texts(
                f"Arket {sheet.name} har ingen kolonne «{value}».",
                f"The sheet {sheet.name} has no column “{value}”.",
            ),
            value,
            names,
            names,
            after=said.name,
            line_with=key,
        )

    def _amount(self, said: SheetMap, key: str, value: Amount, sheet: Sheet, index: int) -> Measure:
        words = headers.version_words(sheet) if sheet.id == "oekonomi" else {}
        if not words:
            raise self._refusal(
                Texts(
                    f"Kun arket Økonomi kan have kolonner med beløb; «{key}» står i {sheet.name}.",
                    f"Only the sheet Økonomi can have columns of amounts; “{key}” is in "
                    f"{sheet.name}.",
                ),
                key,
                after=said.name,
            )
        version = None
        if value.version is not None:
            version = words.get(fold(value.version))
            if version is None:
                known = sorted(set(words.values()))
                raise self._refusal(
                    Texts(
                        f"«{value.version}» er hverken et budget eller et regnskab, der kendes.",
                        f"“{value.version}” is neither a budget nor an account that is known.",
                    ),
                    value.version,
                    known,
                    known,
                    after=said.name,
                    line_with=key,
                )
        return Measure(index, version, value.year, value.month, None, value.check)

    def _refusal(
        self,
        what: Texts,
        word: str,
        near: Sequence[str] = (),
        known: Sequence[str] = (),
        *,
        after: str = "",
        line_with: str = "",
    ) -> InputError:
        """Return the refusal of a word in the file, at its line, with the names nearest to it."""
        line = _line_of(self.text, line_with or word, after)
        like = [f"«{n}»" for n, _ in nearest(word, {n: (n,) for n in near})]
        all_of = [f"«{n}»" for n in known]
        hint = Texts(
            "Ret filen, eller skriv den igen med «styring inspect --write-map --overwrite».",
            "Mend the file, or write it again with “styring inspect --write-map --overwrite”.",
        )
        if like:
            hint = Texts(
                f"Mener du {listed(like, 'da')}? {hint.da}",
                f"Do you mean {listed(like, 'en')}? {hint.en}",
            )
        elif all_of:
            hint = Texts(
                f"Her kan stå {', '.join(all_of)}. {hint.da}",
                f"It can be {', '.join(all_of)}. {hint.en}",
            )
        return InputError(
            what,
            where=Texts(f"{self.file}, linje {line}", f"{self.file}, line {line}"),
            hint=hint,
        )

    def notes(self) -> Iterator[Note]:
        """Yield that the file was used, and for how much."""
        sheets = [s for s in self.said.sheet if s.read_as]
        columns = sum(1 for s in sheets for v in s.columns.values() if v != "")
        left = len(self.said.sheet) - len(sheets)
        name = masked(self.file.name)
        taken = counted_texts(columns, ("kolonne", "kolonner"), ("column", "columns"))
        unread = counted_texts(left, ("ark læses ikke", "ark læses ikke"), ("sheet", "sheets"))
        yield Note(
            "info",
            Texts(
                f"Læst efter {name}, som siger, hvad {len(sheets)} ark og {taken.da} er"
                f"{f'; {unread.da}' if left else ''}.",
                f"Read by {name}, which says what {len(sheets)} sheets and {taken.en} are"
                f"{f'; {unread.en} not read' if left else ''}.",
            ),
        )


def nearest(
    word: str, known: Mapping[str, Sequence[str]], most: int = 3
) -> list[tuple[str, float]]:
    """Return the known names most like a word, best first, each with its likeness 0–1.

    Likeness is twice the number of letters the two have in common, in order and in runs, over
    the letters of both, small letters and no punctuation; the best of a name's spellings counts.

    Source: Ratcliff & Metzener (1988), Dr. Dobb's Journal 13(7) (gestalt pattern matching).
    """
    wanted = fold(word)
    if not wanted:
        return []
    scored = []
    for name, spellings in known.items():
        best = max(SequenceMatcher(None, wanted, fold(s), False).ratio() for s in spellings)
        if best >= LIKE:
            scored.append((name, best))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:most]


def nearest_columns(header: str, sheet: Sheet) -> list[tuple[str, float]]:
    """Return the columns of a sheet whose names are most like a header, with their likeness."""
    return nearest(header, {c.name: (c.name, c.id, *c.aliases) for c in sheet.column})


def map_for(workbook: Path, file: Path | None = None) -> WorkbookMap | None:
    """Return the mapping in a file, else in the `styring-map.toml` beside a workbook, else none.

    One that is for another workbook is none.

    Raises:
        InputError: the file is not there, or has mistakes.
    """
    found = file or workbook.parent / FILE
    if file is None and not found.is_file():
        return None
    read = read_map(found)
    for_another = read.said.workbook is not None and read.said.workbook != workbook.name
    return None if for_another and file is None else read


def read_map(file: Path) -> WorkbookMap:
    """Return a mapping file.

    Raises:
        InputError: it cannot be read, is no TOML, or has unknown keys; the first mistake by line.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(
            Texts("Oversættelsesfilen kan ikke læses.", "The mapping file cannot be read."),
            where=str(file),
            hint=Texts(
                "Se efter, om stien er rigtig, eller skriv filen med «styring inspect "
                "--write-map».",
                "Check the path, or write the file with “styring inspect --write-map”.",
            ),
        ) from error
    try:
        text = raw.decode("utf-8")
        return WorkbookMap(file, text, MapFile.model_validate(tomli.loads(text)))
    except UnicodeDecodeError as error:
        raise _mistakes(file, [not_utf8(file.name, error)]) from error
    except tomli.TOMLDecodeError as error:
        raise _mistakes(file, [toml_problem(file.name, text, error)]) from error
    except ValidationError as error:
        raise _mistakes(file, list(schema_problems(file.name, text, error, _keys))) from error


def _keys(loc: Loc) -> list[str]:
    """Return the keys that may stand where an unknown one does."""
    model: type[Strict] = MapFile if len(loc) == 1 else Amount if "columns" in loc else SheetMap
    return list(model.model_fields)


def _mistakes(file: Path, problems: Sequence[Problem]) -> InputError:
    first = min(problems, key=lambda p: p.order)
    return InputError(
        first.message,
        where=Texts(f"{file}, linje {first.line}", f"{file}, line {first.line}"),
        hint=first.hint,
    )


def _places(grid: Grid, row: Sequence[object]) -> dict[str, list[int]]:
    """Return the places of each header, and of each column by its letter in brackets."""
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(row):
        if name := shown_header(cell):
            places.setdefault(_plain(name), []).append(index)
        places.setdefault(f"[{grid.letter(index)}]", []).append(index)
    return places


def shown_header(cell: object) -> str:
    """Return a header as the mapping file writes it."""
    return masked(parse.tidy(as_text(cell)))


def _plain(name: str) -> str:
    return masked(parse.tidy(name))


def _line_of(text: str, word: str, after: str) -> int:
    """Return the line, from 1, of a word in quotes; the first after the name of its sheet."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if after and f'"{after}"' in line), 0)
    for n, line in enumerate(lines[start:], start):
        if f'"{word}"' in line.replace('\\"', '"'):
            return n + 1
    return start + 1
