"""What the cell reader would not tell: error cells, formulas without a value, hidden rows, size.

The bytes of each sheet are searched for a few words; only where one is found is the sheet read a
second time, cell by cell, to name the places.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from styring.errors import InputError, Texts

MOST_CELLS = 40_000_000
_WIDE = re.compile(rb' r=["\']([A-Z]{2,3})\d')
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=[\"'](?:1|true)")
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


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
    recalculates = b"fullCalcOnLoad" in archive.read(_entry(archive, "xl/workbook.xml"))
    found = {}
    for name, part in _sheet_parts(archive):
        try:
            data = archive.read(part)
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise InputError(
                Texts("Arket er beskadiget.", "The sheet is damaged."),
                where=f"{path}, {name}",
                hint=Texts("Eksportér filen igen.", "Export the file again."),
            ) from error
        found[name] = _scanned(data, name, path, recalculates=recalculates)
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each worksheet's name and the part it is in."""
    rels = ElementTree.fromstring(archive.read(_entry(archive, "xl/_rels/workbook.xml.rels")))
    targets = {r.get("Id"): r.get("Target", "") for r in rels.iter(_RELS)}
    book = ElementTree.fromstring(archive.read(_entry(archive, "xl/workbook.xml")))
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            rel = next((v for k, v in element.items() if k.endswith("}id")), None)
            target = targets.get(rel, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets" in part:
                yield element.get("name", ""), _entry(archive, part)


def _entry(archive: zipfile.ZipFile, part: str) -> str:
    names = {n.replace("\\", "/").lower(): n for n in archive.namelist()}
    return names.get(part.lower(), part)


def _scanned(data: bytes, name: str, path: Path, *, recalculates: bool) -> Scan:
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data[:2000]:
        raise InputError(
            Texts(
                "Arket rummer en dokumenttype-erklæring og bliver ikke åbnet.",
                "The sheet holds a document type declaration and is not opened.",
            ),
            where=f"{path}, {name}",
        )
    _check_size(data, name, path)
    has_errors = b't="e"' in data or b"t='e'" in data
    has_formulas = b"<f" in data or b":f>" in data or b":f " in data
    cells = _cells(data) if has_errors or has_formulas else _Cells()
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
    """Error cells with their text, formulas without a stored value, formulas that store 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    zeros: list[tuple[int, int]] = field(default_factory=list)


def _cells(data: bytes) -> _Cells:
    """Return what an exact reading of a sheet finds."""
    found = _Cells()
    state = {"ref": "", "type": "", "formula": False, "value": False, "text": ""}

    def start(tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "c":
                state.update(ref=attributes.get("r", ""), type=attributes.get("t", ""),
                             formula=False, value=False, text="")  # fmt: skip
            case "f":
                state["formula"] = True
            case "v" | "t":
                state["value"] = True

    def text(characters: str) -> None:
        if state["value"]:
            state["text"] = str(state["text"]) + characters

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] != "c" or not state["ref"]:
            return
        place = _place(str(state["ref"]))
        if state["type"] == "e":
            found.errors[place] = str(state["text"]) or "#N/A"
        elif state["formula"] and not state["text"] and state["type"] != "str":
            found.uncached.add(place)
        elif state["formula"] and state["text"] == "0":
            found.zeros.append(place)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.Parse(data, True)
    return found
