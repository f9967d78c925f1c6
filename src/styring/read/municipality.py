"""Whose workbook it is, and as of when: the keys and values of the sheet Kommune."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TypeVar

from styring.errors import InputError, Texts
from styring.model import Column, Sheet
from styring.places import place_of
from styring.privacy import mask_cpr
from styring.read.columns import UNREADABLE, Typed, as_text, typed_column
from styring.read.grid import Bad, Grid
from styring.read.layout import is_blank
from styring.say import sentence
from styring.tables import Municipality, Note, column_of
from styring.text import fold, listed

T = TypeVar("T")
CONSTRUCTED = "konstrueret eksempel"
_NOBODYS_MAIL = ".example"
"""The ending that is reserved for addresses that cannot exist."""


@dataclass(frozen=True, slots=True)
class Front:
    """What the sheet Kommune says: whose workbook it is, and how amounts are signed."""

    municipality: Municipality
    sign: str | None = None
    notes: tuple[Note, ...] = ()


NOBODY = Front(Municipality(code="", name="", as_of=date.min, accounting_year=date.min.year))
"""Stands where a workbook that is only looked at does not say whose it is: its code is blank."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell that holds the value of a key."""

    cell: object
    sheet: str
    place: str
    epoch: date

    @property
    def where(self) -> str:
        """Return the cell's address, sheet and all."""
        return f"{self.sheet}!{self.place}"

    @property
    def text(self) -> str:
        """Return what stands in the cell, an error too."""
        return self.cell.text if isinstance(self.cell, Bad) else as_text(self.cell)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to each key, and the sheet they belong in."""

    sheet: Sheet
    name: str
    by_key: Mapping[str, Sequence[Answer]] = field(default_factory=dict)

    def of(self, *keys: str) -> list[Answer]:
        """Return the answers to some keys."""
        return [a for key in keys for a in self.by_key.get(key, ())]


def read_front(grids: Sequence[Grid], sheet: Sheet, as_of: date | None) -> Front:
    """Return whose workbook it is, from every sheet of keys and values.

    Args:
        grids: the sheets taken as Kommune; what they say is put together.
        sheet: the keys and what they mean.
        as_of: the as-of date, instead of the workbook's own.

    Raises:
        InputError: code, name or date is missing or unknown, or two cells contradict each other.
    """
    answers = _answers(grids, sheet)
    code, name = _whose(answers)
    day = as_of or _day(answers)
    year = _agreed(answers, "regnskabsaar", int) or day.year
    contacts = list(dict.fromkeys(filter(None, (as_text(a.cell) for a in answers.of("kontakt")))))
    who = Municipality(
        code=code,
        name=name,
        as_of=day,
        accounting_year=min(year, as_of.year) if as_of else year,
        contact=mask_cpr(", ".join(contacts)) or None,
        constructed=any(CONSTRUCTED in a.text.lower() for a in answers.of("maerkning"))
        or any(c.lower().endswith(_NOBODYS_MAIL) for c in contacts),
    )
    notes = [_hindsight(as_of, answers.name)] if as_of else []
    notes += _unreadable(answers, "opgoerelsesdato", "regnskabsaar", "fortegn", "kontakt")
    return Front(who, _agreed(answers, "fortegn", str), tuple(notes))


# --- Keys and values --------------------------------------------------------------------------


def _answers(grids: Sequence[Grid], sheet: Sheet) -> Answers:
    names = {fold(n): c.id for c in sheet.column for n in (*c.aliases, c.name, c.id)}
    found: dict[str, list[Answer]] = {}
    for grid in grids:
        for key, row, column in _pairs(grid, names):
            cell = grid.rows[row][column]
            if not is_blank([cell]):
                place = grid.cell(row, column)
                answer = Answer(cell, grid.name, place, grid.scan.epoch)
                found.setdefault(key, []).append(answer)
    return Answers(sheet, grids[0].name if grids else sheet.name, found)


def _pairs(grid: Grid, names: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Yield each key with the row and column of its value.

    Two keys side by side are headers, for no value is a key: the values stand in the next row that
    holds anything. Other keys have their values in a column to the right.
    """
    keys = {
        (r, c): key
        for r, row in enumerate(grid.rows)
        for c, cell in enumerate(row)
        if (key := names.get(fold(as_text(cell))))
    }
    headers = {r for r, c in keys if (r, c + 1) in keys}
    beside = _value_columns(grid, {(r, c) for r, c in keys if r not in headers})
    for (r, c), key in keys.items():
        if r not in headers:
            if c in beside:
                yield key, r, beside[c]
        elif below := next((n for n in range(r + 1, len(grid.rows)) if _filled(grid, n)), None):
            yield key, below, c


def _filled(grid: Grid, row: int) -> bool:
    return not is_blank(grid.rows[row])


def _value_columns(grid: Grid, keys: AbstractSet[tuple[int, int]]) -> dict[int, int]:
    """Return the column that each column of keys has its values in.

    It is the first to the right, before more keys, in which one of the keys has anything; so
    guidance further to the right is no value where none was given.
    """
    columns = sorted({c for _, c in keys})
    found = {}
    for column, end in pairwise([*columns, max(map(len, grid.rows), default=0)]):
        rows = [grid.rows[r] for r, c in keys if c == column]
        values = (n for n in range(column + 1, end) if not is_blank([row[n] for row in rows]))
        if (first := next(values, None)) is not None:
            found[column] = first
    return found


# --- What the values mean ---------------------------------------------------------------------


def _whose(answers: Answers) -> tuple[str, str]:
    """Return the municipality's code and name, refused where they disagree or are unknown."""
    known: list[tuple[tuple[str, str], str]] = []
    for answer in answers.of("kommunekode", "kommune"):
        place = place_of(answer.text)
        if place is None:
            raise _nobody(
                f"Kommunen «{answer.text}» kendes ikke.",
                f"The municipality “{answer.text}” is not known.",
                answer.where,
            )
        known.append(((place.code, place.name), answer.where))
    if not known:
        raise _nobody(
            "Kommunens kode og navn mangler.",
            "The municipality's code and name are missing.",
            answers.name,
        )
    _refuse_different(
        known,
        Texts(
            "Kommunekode og kommunenavn er ikke den samme kommune.",
            "Code and name are not the same municipality.",
        ),
    )
    return known[0][0]


def _nobody(da: str, en: str, where: str) -> InputError:
    return InputError(
        Texts(da, en),
        where=where,
        hint=Texts(
            "Skriv «kommunekode» og «kommune» i arket Kommune, fx 706 og Syddjurs.",
            "Write “kommunekode” and “kommune” in the sheet Kommune, e.g. 706 and Syddjurs.",
        ),
    )


def _day(answers: Answers) -> date:
    """Return the as-of date, refused where there is none."""
    if day := _agreed(answers, "opgoerelsesdato", date):
        return day
    given = answers.of("opgoerelsesdato")
    raise InputError(
        Texts(
            "Opgørelsesdatoen mangler eller er ikke en dato.",
            "The as-of date is missing or is no date.",
        ),
        where=given[0].where if given else answers.name,
        hint=Texts(
            "Skriv «opgørelsesdato» og en dato i arket Kommune, eller brug --as-of ÅÅÅÅ-MM-DD.",
            "Write “opgørelsesdato” and a date in the sheet Kommune, or use --as-of YYYY-MM-DD.",
        ),
    )


def _agreed(answers: Answers, key: str, kind: type[T]) -> T | None:
    """Return what a key's cells agree on, None where none of them means anything."""
    column = column_of(answers.sheet, key)
    values = [
        (value, answer.where)
        for answer in answers.of(key)
        if isinstance(value := _typed(column, answer).series[0], kind)
    ]
    _refuse_different(
        values,
        Texts(
            f"«{column.name}» står flere steder, og de siger ikke det samme.",
            f"“{column.name}” stands in several places, and they do not say the same.",
        ),
    )
    return values[0][0] if values else None


def _unreadable(answers: Answers, *keys: str) -> Iterator[Note]:
    """Yield a note on each cell of some keys that means nothing."""
    for column in (column_of(answers.sheet, key) for key in keys):
        for answer in answers.of(column.id):
            for doubt in filter(UNREADABLE.__contains__, _typed(column, answer).doubts):
                said = sentence(f"doubt.{doubt}_one", n=1, c=column.name)
                message = Texts(f"{said.da} ({answer.place}).", f"{said.en} ({answer.place}).")
                yield Note("warning", message, answer.sheet, answer.place, column.id)


def _typed(column: Column, answer: Answer) -> Typed:
    return typed_column(
        column, [answer.cell], lambda _: answer.where, typed=True, epoch=answer.epoch
    )


def _refuse_different(values: Iterable[tuple[object, str]], what: Texts) -> None:
    places: dict[object, str] = {}
    for value, where in values:
        places.setdefault(value, where)
    if len(places) > 1:
        cells = [*places.values()]
        raise InputError(
            what,
            where=Texts(listed(cells), listed(cells, "en")),
            hint=Texts("Ret eller slet en af cellerne.", "Mend or delete one of the cells."),
        )


def _hindsight(as_of: date, sheet: str) -> Note:
    return Note(
        "info",
        Texts(
            f"Opgjort pr. {as_of.day}.{as_of.month}.{as_of.year} som ønsket. Slutdatoer og "
            "opfølgninger, der er skrevet senere, kendes med bagklogskab.",
            f"As of {as_of.isoformat()} as asked for. End dates and follow-ups recorded "
            "later are known with hindsight.",
        ),
        sheet,
    )
