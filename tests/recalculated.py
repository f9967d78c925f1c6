"""A workbook calculated again by LibreOffice, and what its cells then hold."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

OFFICE = shutil.which("soffice")
WHY_NOT = "LibreOffice (soffice) is not here to calculate the workbook again"
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
           xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""A profile that calculates every formula again when a file is opened."""

Cells = dict[tuple[str, str], Any]
"""What cells hold, by sheet and address."""


def recalculated(file: Path, work: Path) -> Cells:
    """Return what the cells of a workbook hold after LibreOffice has calculated it again.

    Args:
        file: the workbook.
        work: a folder for the profile and the new file.
    """
    assert OFFICE is not None
    profile, out = work / "profile", work / "ud"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    subprocess.run(
        [OFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(out), str(file)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return values(out / file.name)


def values(file: Path) -> Cells:
    """Return what the cells of a workbook hold, formulas by their kept results."""
    return dict(_cells(openpyxl.load_workbook(file, data_only=True)))


def formulas(file: Path) -> Cells:
    """Return the formulas of a workbook."""
    cells = _cells(openpyxl.load_workbook(file))
    return {at: v for at, v in cells if isinstance(v, str) and v.startswith("=")}


def _cells(book: openpyxl.Workbook) -> Iterator[tuple[tuple[str, str], Any]]:
    for page in book.worksheets:
        for row in page.iter_rows():
            yield from (((page.title, c.coordinate), c.value) for c in row if c.value is not None)


def named(file: Path) -> dict[str, tuple[str, str]]:
    """Return the sheet and address of every defined name of one cell."""
    found = {}
    for name, defined in openpyxl.load_workbook(file).defined_names.items():
        for sheet, address in defined.destinations:
            if ":" not in address:
                found[name] = (sheet, address.replace("$", ""))
    return found
