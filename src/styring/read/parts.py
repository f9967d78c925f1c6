"""The parts a workbook is packed in: their bytes, and which of them each sheet is."""

from __future__ import annotations

import io
import posixpath
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from styring.errors import InputError, Texts
from styring.read.container import BOOK, DAMAGED

RELS = "xl/_rels/workbook.xml.rels"
"""What the workbook points at, each by an id."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an opened workbook, their names as `part_names` gives them."""

    archive: zipfile.ZipFile
    path: Path
    names: dict[str, str]

    def read(self, name: str, called: str = "") -> bytes:
        """Return a part of the workbook, called by another name in messages if need be.

        Raises:
            InputError: missing, damaged, in another encoding than UTF-8, or with a document type.
        """
        try:
            data = self.archive.read(self.names[name])
        except DAMAGED as error:
            raise self.damaged(called or name) from error
        if b"\0" in data:
            raise self.damaged(called or name)
        if b"<!DOCTYPE" in data:
            raise InputError(
                Texts(
                    "Filen rummer en dokumenttype-erklæring og bliver ikke åbnet.",
                    "The file holds a document type declaration and is not opened.",
                ),
                where=f"{self.path}, {called or name}",
            )
        return data

    def tree(self, name: str) -> ET.Element:
        """Return a small part, read as a tree.

        Raises:
            InputError: as for `read`, or no XML.
        """
        try:
            return ET.fromstring(self.read(name))  # noqa: S314 - `read` refuses document types
        except ET.ParseError as error:
            raise self.damaged(name) from error

    def damaged(self, name: str) -> InputError:
        """Return that a part is damaged."""
        return InputError(
            Texts(f"Filens del {name} er beskadiget.", f"The file's part {name} is damaged."),
            where=str(self.path),
            hint=Texts("Eksportér filen igen.", "Export the file again."),
        )

    def sheets(self) -> dict[str, str]:
        """Return the name of the part each sheet is in, by the sheet's name.

        Raises:
            InputError: a sheet's part is not there, or two sheets have one name.
        """
        targets = {r.get("Id"): r.get("Target", "") for r in self.tree(RELS)}
        found: dict[str, str] = {}
        for sheet in self.tree(BOOK).iterfind("{*}sheets/{*}sheet"):
            rel = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            name = sheet.get("name", "")
            part = self._pointed_at(targets.get(rel, ""))
            if part is None or name in found:
                raise self.damaged(name)
            found[name] = part
        return found

    def _pointed_at(self, target: str) -> str | None:
        """Return the part that a target from the workbook means, relative to it or to the top."""
        below = target.replace("\\", "/").lower()
        ways = (posixpath.normpath(posixpath.join(top, below)) for top in ("/xl", "/"))
        return next((way[1:] for way in ways if way[1:] in self.names), None)

    def others(self) -> Iterator[str]:
        """Yield the parts that are XML and no sheets."""
        sheets = set(self.sheets().values())
        return (n for n in self.names if n.endswith((".xml", ".rels")) and n not in sheets)

    def straightened(self) -> io.BytesIO | None:
        """Return a copy of the workbook that the cell reader can follow, where it needs one.

        It joins folder and target as they stand: `./` and `../` in a target lead it astray.
        """
        rels = self.tree(RELS)
        crooked = [r for r in rels if "/." in f"/{r.get('Target', '')}"]
        if not crooked:
            return None
        for r in crooked:
            r.set("Target", f"/{self._pointed_at(r.get('Target', '')) or ''}")
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as straight:
            for name in self.names:
                if name != RELS:
                    straight.writestr(self.names[name], self.archive.read(self.names[name]))
            straight.writestr(RELS, ET.tostring(rels))
        copy.seek(0)
        return copy
