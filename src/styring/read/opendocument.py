"""What the cell reader would not tell of an OpenDocument workbook (.ods), sheet by sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from styring.errors import InputError, Texts
from styring.read.container import CONTENT, MANIFEST
from styring.read.parts import Parts
from styring.read.scan import MOST_CELLS, Place, Scan, too_large
from styring.tables import letter

_HIDDEN = ("collapse", "filter")


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """What was found in a sheet, and its merged areas as `((top, left), (bottom, right))`."""

    scan: Scan
    merged: tuple[tuple[Place, Place], ...] = ()


def scan_open_document(parts: Parts) -> dict[str, OpenSheet]:
    """Return what was found in each sheet, by sheet name.

    Raises:
        InputError: locked with a password, a document type declaration, a damaged part, or a sheet
            whose outermost cell would take more than `MOST_CELLS` cells of memory.
    """
    if MANIFEST in parts.names and b"encryption-data" in parts.read(MANIFEST):
        raise InputError(
            Texts("Filen er beskyttet med adgangskode.", "The file is protected by a password."),
            where=str(parts.path),
            hint=Texts(
                "Fjern adgangskoden, og gem en kopi.", "Remove the password and save a copy."
            ),
        )
    tables = _Tables()
    try:
        tables.read(parts.read(CONTENT))
    except (expat.ExpatError, ValueError, OverflowError) as error:
        raise parts.damaged(CONTENT) from error
    if not tables.found:
        raise parts.damaged(CONTENT)
    for name, table in tables.found.items():
        if table.height * table.width > MOST_CELLS:
            cell = f"{letter(table.width - 1)}{table.height}"
            raise too_large(cell, f"{parts.path}, {name}")
    return {name: table.sheet() for name, table in tables.found.items()}


@dataclass(slots=True)
class _Table:
    """What was found in one sheet so far."""

    errors: dict[Place, str] = field(default_factory=dict)
    uncached: set[Place] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    hidden_rows: int = 0
    height: int = 0
    width: int = 0

    def sheet(self) -> OpenSheet:
        """Return what was found."""
        scan = Scan(self.errors, frozenset(self.uncached), self.hidden_rows)
        return OpenSheet(scan, tuple(self.merged))


@dataclass(slots=True)
class _Tables:
    """An exact reading of `content.xml`, and the cell it has come to."""

    found: dict[str, _Table] = field(default_factory=dict)
    stack: list[_Table] = field(default_factory=list)
    row: int = 0
    column: int = 0
    rows: int = 1
    columns: int = 1
    hidden: bool = False
    filled: bool = False
    cell: dict[str, str] | None = None
    text: str = ""

    def read(self, data: bytes) -> None:
        """Read the part."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.Parse(data, True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's beginning."""
        here = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        match tag:
            case "table:table":
                table = _Table()
                self.found.setdefault(here.get("name", ""), table)
                self.stack.append(table)
                self.row = 0
            case "table:table-row":
                self.column, self.filled = 0, False
                self.rows = int(here.get("number-rows-repeated", 1))
                self.hidden = here.get("visibility") in _HIDDEN
            case "table:table-cell" | "table:covered-table-cell":
                self.columns = int(here.get("number-columns-repeated", 1))
                kinds = [v for n, v in attributes.items() if n.endswith(":value-type")]
                self.cell = here | {"kinds": " ".join(kinds)}
                self.text = ""

    def characters(self, text: str) -> None:
        """Take text, which counts inside a cell."""
        if self.cell is not None:
            self.text += text

    def end(self, tag: str) -> None:
        """Take an element's end."""
        match tag:
            case "table:table":
                self.stack.pop()
            case "table:table-row" if self.stack:
                self.stack[-1].hidden_rows += self.rows * (self.hidden and self.filled)
                self.row += self.rows
            case "table:table-cell" | "table:covered-table-cell" if self.stack:
                self._keep(self.stack[-1], self.cell or {})
                self.column += self.columns
                self.cell = None

    def _keep(self, table: _Table, cell: dict[str, str]) -> None:
        """Take a cell: at its end it is known what it is."""
        kinds, formula = cell.get("kinds", "").split(), "formula" in cell
        if not (kinds or formula or self.text):
            return
        self.filled = True
        table.height = max(table.height, self.row + self.rows)
        table.width = max(table.width, self.column + self.columns)
        if table.height * table.width > MOST_CELLS:
            return
        said = self.text.strip()
        wrong = "error" in kinds or (formula and said.startswith(("#", "Err:")))
        places = [
            (self.row + r, self.column + c)
            for r in range(self.rows if wrong or (formula and not kinds) else 0)
            for c in range(self.columns)
        ]
        if wrong:
            table.errors |= dict.fromkeys(places, said or "#N/A")
        else:
            table.uncached |= set(places)
        down = int(cell.get("number-rows-spanned", 1))
        across = int(cell.get("number-columns-spanned", 1))
        if down > 1 or across > 1:
            last = (self.row + down - 1, self.column + across - 1)
            table.merged.append(((self.row, self.column), last))
