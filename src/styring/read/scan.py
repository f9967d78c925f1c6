"""What the cell reader would not tell: error cells, formulas without a value, hidden rows, size.

The bytes of each sheet are searched for a few words; only where one is found is the sheet read a
second time, cell by cell, to name the places.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from styring.errors import InputError, Texts

MOST_CELLS = 40_000_000
_WIDE = re.compile(rb' r=["\']([A-Z]{2,3})\d')
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=[\"'](?:1|true)")
_BOOK = "xl/workbook.xml"
_BOOK_RELS = "xl/_rels/workbook.xml.rels"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in one sheet. Cells are (row, column) counted from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: int = 0
    zero_formulas: tuple[tuple[int, int], ...] = ()


def scan_sheets(archive: zipfile.ZipFile, path: Path) -> dict[str, Scan]:
    """Return what was found in each sheet, by sheet name.

    Raises:
        InputError: a document type declaration, a damaged part, or a sheet whose outermost cell
            would take more than `MOST_CELLS` cells of memory.
    """
    recalculates = b"fullCalcOnLoad" in _bytes(archive, _BOOK, path, _BOOK)
    return {
        name: _scanned(_bytes(archive, part, path, name), name, path, recalculates=recalculates)
        for name, part in _sheet_parts(archive, path)
    }


def _bytes(archive: zipfile.ZipFile, part: str, path: Path, name: str) -> bytes:
    """Return a part of the workbook, document types refused."""
    try:
        data = archive.read(_entry(archive, part))
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError) as error:
        raise _damaged(path, name) from error
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError(
            Texts(
                "Arket rummer en dokumenttype-erklæring og bliver ikke åbnet.",
                "The sheet holds a document type declaration and is not opened.",
            ),
            where=f"{path}, {name}",
        )
    return data


def _damaged(path: Path, name: str) -> InputError:
    return InputError(
        Texts(f"Filens del {name} er beskadiget.", f"The file's part {name} is damaged."),
        where=str(path),
        hint=Texts("Eksportér filen igen.", "Export the file again."),
    )


def _sheet_parts(archive: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, str]]:
    """Yield each worksheet's name and the part it is in."""
    rels = _part(archive, _BOOK_RELS, path)
    targets = {r.get("Id"): r.get("Target", "") for r in rels.iter(_REL)}
    for element in _part(archive, _BOOK, path).iter():
        if element.tag.endswith("}sheet"):
            rel = next((v for k, v in element.items() if k.endswith("}id")), None)
            target = targets.get(rel, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets" in part:
                yield element.get("name", ""), _entry(archive, part)


def _part(archive: zipfile.ZipFile, part: str, path: Path) -> ET.Element:
    """Return a small part of the workbook, read as a tree."""
    data = _bytes(archive, part, path, part)
    try:
        return ET.fromstring(data)  # noqa: S314 - document types are refused above
    except ET.ParseError as error:
        raise _damaged(path, part) from error


def _entry(archive: zipfile.ZipFile, part: str) -> str:
    names = {n.replace("\\", "/").lower(): n for n in archive.namelist()}
    return names.get(part.lower(), part)


def _scanned(data: bytes, name: str, path: Path, *, recalculates: bool) -> Scan:
    _check_size(data, name, path)
    has_errors = b't="e"' in data or b"t='e'" in data
    has_formulas = b"<f" in data or b":f>" in data or b":f " in data
    cells = _Cells()
    if has_errors or has_formulas:
        try:
            cells.read(data)
        except (expat.ExpatError, ValueError) as error:
            raise _damaged(path, name) from error
    return Scan(
        errors=cells.errors,
        uncached=frozenset(cells.uncached),
        hidden_rows=len(_HIDDEN_ROW.findall(data)) if b"hidden=" in data else 0,
        zero_formulas=tuple(cells.zeros) if recalculates else (),
    )


def _check_size(data: bytes, name: str, path: Path) -> None:
    last_row = data.rfind(b"<row ")
    found = _ROW.search(data, last_row) if last_row >= 0 else None
    rows = int(found[1]) if found else 0
    widest = max(_WIDE.findall(data), key=lambda c: (len(c), c), default=b"Z").decode()
    columns = _column(widest)
    if rows * columns > MOST_CELLS:
        raise InputError(
            Texts(
                f"Arket går helt til celle {widest}{rows} og kan ikke åbnes.",
                f"The sheet reaches cell {widest}{rows} and cannot be opened.",
            ),
            where=f"{path}, {name}",
            hint=Texts(
                "Slet tomme rækker og kolonner under og ved siden af data, og gem igen.",
                "Delete empty rows and columns below and beside the data and save again.",
            ),
        )


def _column(letters: str) -> int:
    number = 0
    for c in letters:
        number = number * 26 + ord(c) - 64
    return number


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, _column(letters) - 1


@dataclass(slots=True)
class _Cells:
    """What an exact reading of a sheet finds, and the cell it has come to.

    Error cells with their text, formulas without a stored value, formulas that store 0.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    zeros: list[tuple[int, int]] = field(default_factory=list)
    place: str = ""
    kind: str = ""
    formula: bool = False
    value: bool = False
    text: str = ""

    def read(self, data: bytes) -> None:
        """Read a sheet's part."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.Parse(data, True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's beginning."""
        match tag.rpartition(":")[2]:
            case "c":
                self.place, self.kind = attributes.get("r", ""), attributes.get("t", "")
                self.formula, self.value, self.text = False, False, ""
            case "f":
                self.formula = True
            case "v" | "t":
                self.value = True

    def characters(self, text: str) -> None:
        """Take text: of a cell from its value on."""
        if self.value:
            self.text += text

    def end(self, tag: str) -> None:
        """Take an element's end; at a cell's end it is known what the cell is."""
        bare = tag.rpartition(":")[2]
        if bare in ("v", "t"):
            self.value = False
        if bare != "c" or not self.place:
            return
        place = _place(self.place)
        if self.kind == "e":
            self.errors[place] = self.text or "#N/A"
        elif self.formula and not self.text and self.kind != "str":
            self.uncached.add(place)
        elif self.formula and self.text == "0":
            self.zeros.append(place)
