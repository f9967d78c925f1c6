"""What the cell reader would not tell: error cells, formulas without a value, hidden rows, size.

The bytes of each sheet are searched for a few words; only where one is found, or where the sheet
could be too large, is it read a second time, cell by cell, to name the places.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from styring.errors import InputError, Texts
from styring.read.container import BOOK
from styring.read.parts import Parts
from styring.tables import letter

MOST_CELLS = 40_000_000
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""The day whose serial number is 0, in the two date systems of Excel."""
Place = tuple[int, int]
"""A cell's row and column, counted from 0."""
_HIDDEN = re.compile(rb"hidden\s*=\s*[\"'](?:1|true)[\"']")
_ROW = re.compile(rb"<(?:[\w.-]+:)?row\s")
_ADDRESS = re.compile(r"([A-Za-z]+)([0-9]+)")


_ERROR = (re.compile(rb'"e"'), re.compile(b"'e'"))
_FORMULA = re.compile(rb"<f[\s/>]")
_FAR = re.compile(rb'<c[\s/>](?!r="(?:[A-Z]|A[A-L])(?:[0-9]{1,6}|10[0-4][0-9]{4})")')
"""A cell but for those to column AL and row 1,049,999, which are fewer than `MOST_CELLS`."""
_PREFIXED = re.compile(rb":[cf][\s/>]")
"""A cell or a formula whose name has a prefix."""
_READ_AGAIN = (_FORMULA, _FAR, _PREFIXED)
"""Each begins with fixed bytes: one that begins with a choice takes five times as long."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in one sheet. Cells are (row, column) counted from 0."""

    errors: dict[Place, str] = field(default_factory=dict)
    uncached: frozenset[Place] = frozenset()
    hidden_rows: int = 0
    zero_formulas: tuple[Place, ...] = ()
    epoch: date = EPOCH


def scan_sheets(parts: Parts) -> dict[str, Scan]:
    """Return what was found in each sheet, by sheet name.

    Raises:
        InputError: a document type declaration, a damaged part, or a sheet whose outermost cell
            would take more than `MOST_CELLS` cells of memory.
    """
    for name in parts.others():
        parts.read(name)
    book = parts.tree(BOOK)
    epoch = EPOCH_1904 if _says(book, "workbookPr", "date1904") else EPOCH
    recalculates = _says(book, "calcPr", "fullCalcOnLoad")
    return {
        name: _scanned(parts, part, name, epoch, recalculates=recalculates)
        for name, part in parts.sheets().items()
    }


def _says(book: ET.Element, element: str, attribute: str) -> bool:
    found = book.find(f"{{*}}{element}")
    return found is not None and found.get(attribute) in ("1", "true")


def _scanned(parts: Parts, part: str, name: str, epoch: date, *, recalculates: bool) -> Scan:
    data = parts.read(part, name)
    cells = _Cells()
    errors = _ERROR if b"'" in data else _ERROR[:1]
    if any(pattern.search(data) for pattern in (*errors, *_READ_AGAIN)):
        try:
            cells.read(data)
        except (expat.ExpatError, ValueError) as error:
            raise parts.damaged(name) from error
    if cells.height * cells.width > MOST_CELLS:
        raise too_large(f"{letter(cells.width - 1)}{cells.height}", f"{parts.path}, {name}")
    return Scan(
        errors=cells.errors,
        uncached=frozenset(cells.uncached),
        hidden_rows=sum(_ROW.match(data, at) is not None for at in _hidden(data)),
        zero_formulas=tuple(cells.zeros) if recalculates else (),
        epoch=epoch,
    )


def _hidden(data: bytes) -> Iterator[int]:
    """Yield where the elements that are hidden begin: rows, columns."""
    return (data.rfind(b"<", 0, found.start()) for found in _HIDDEN.finditer(data))


def too_large(cell: str, where: str) -> InputError:
    """Return the refusal of a sheet that would not fit in memory, by its outermost cell."""
    return InputError(
        Texts(
            f"Arket går helt til celle {cell} og kan ikke åbnes.",
            f"The sheet reaches cell {cell} and cannot be opened.",
        ),
        where=where,
        hint=Texts(
            "Slet tomme rækker og kolonner under og ved siden af data, og gem igen.",
            "Delete empty rows and columns below and beside the data and save again.",
        ),
    )


def _place(address: str) -> Place:
    """Return where an address is.

    Raises:
        ValueError: it is none.
    """
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise ValueError(address)
    column = 0
    for c in found[1].upper():
        column = column * 26 + ord(c) - 64
    return int(found[2]) - 1, column - 1


@dataclass(slots=True)
class _Cells:
    """What an exact reading of a sheet finds, and the cell it has come to.

    Error cells with their text, formulas without a stored value, formulas that store 0, and how
    many rows and columns hold all cells that are not empty. A row or cell that does not say where
    it is follows the one before, as the cell reader has it.
    """

    errors: dict[Place, str] = field(default_factory=dict)
    uncached: set[Place] = field(default_factory=set)
    zeros: list[Place] = field(default_factory=list)
    height: int = 0
    width: int = 0
    next: Place = (0, 0)
    place: Place = (0, 0)
    kind: str = ""
    formula: bool = False
    filled: bool = False
    value: bool = False
    text: str = ""

    def read(self, data: bytes) -> None:
        """Read a sheet's part."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.Parse(data, True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's beginning."""
        match tag.rpartition(":")[2]:
            case "row":
                if number := attributes.get("r"):
                    self.next = int(number) - 1, self.next[1]
            case "c":
                address = attributes.get("r")
                self.place = _place(address) if address else self.next
                self.next = self.next[0], self.place[1] + 1
                self.kind = attributes.get("t", "")
                self.formula, self.filled, self.value, self.text = False, False, False, ""
            case "f":
                self.formula = self.filled = True
            case "v" | "t":
                self.value = self.filled = True

    def characters(self, text: str) -> None:
        """Take text: of a cell from its value on."""
        if self.value:
            self.text += text

    def end(self, tag: str) -> None:
        """Take an element's end."""
        match tag.rpartition(":")[2]:
            case "row":
                self.next = self.next[0] + 1, 0
            case "v" | "t":
                self.value = False
            case "c" if self.filled or self.kind == "e":
                self._keep()

    def _keep(self) -> None:
        """Take a cell that is not empty: at its end it is known what it is."""
        row, column = self.place
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)
        if self.kind == "e":
            self.errors[self.place] = self.text or "#N/A"
        elif self.formula and not self.text and self.kind != "str":
            self.uncached.add(self.place)
        elif self.formula and self.text == "0":
            self.zeros.append(self.place)
