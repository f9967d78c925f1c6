"""What kind of file it is, and whether it is safe to open."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

from styring.errors import InputError, Texts

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOK = "Workbook".encode("utf-16-le")
MOST_BYTES = 1_500_000_000
"""Largest size once unpacked, of one part and of all together."""
BOOK = "xl/workbook.xml"
CONTENT, MANIFEST = "content.xml", "meta-inf/manifest.xml"
"""Where an OpenDocument workbook keeps its sheets, and what it says of its parts."""
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
MOST_RATIO = 400
RATIO_FROM_BYTES = 50_000_000


def is_old_excel(path: Path) -> bool:
    """Return whether a file is an Excel 97–2003 workbook (.xls) that is not a locked newer one."""
    try:
        with path.open("rb") as file:
            if file.read(8) != OLE:
                return False
            rest = file.read()
    except OSError:
        return False
    return ENCRYPTED not in rest and _OLD_BOOK in rest


def check_container(path: Path) -> zipfile.ZipFile:
    """Return the opened archive of an .xlsx, .xlsm or .ods file.

    Raises:
        InputError: not there, empty, locked with a password, an older or other format, damaged,
            or packed so that it would not fit in memory.
    """
    if not path.exists():
        raise InputError(
            Texts("Filen findes ikke.", "There is no such file."),
            where=str(path),
            hint=Texts("Se efter, om stien er rigtig.", "Check the path."),
        )
    try:
        with path.open("rb") as file:
            head = file.read(8)
            if head == OLE and ENCRYPTED in head + file.read():
                raise _refused(
                    path,
                    "Filen er beskyttet med adgangskode.",
                    "The file is protected by a password.",
                    "Åbn den i Excel, fjern adgangskoden, og gem en kopi.",
                    "Open it in Excel, remove the password and save a copy.",
                )
    except OSError as error:
        raise InputError(
            Texts(f"Filen kan ikke læses: {error.strerror}.", f"Cannot read: {error.strerror}."),
            where=str(path),
        ) from error
    if not head:
        raise _refused(
            path,
            "Filen er tom (0 byte).",
            "The file is empty (0 bytes).",
            "Eksportér den igen.",
            "Export it again.",
        )
    if not head.startswith(b"PK"):
        what = "en ældre Excel-fil (.xls)" if head == OLE else "ikke en Excel-projektmappe"
        what_en = "an old Excel file (.xls)" if head == OLE else "not an Excel workbook"
        raise _refused(path, f"Filen er {what}.", f"The file is {what_en}.", *SAVE_AS)
    return _opened(path)


DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError),
    *(LookupError, ValueError, RuntimeError, OverflowError),
)
"""What the archive's reader may raise over broken bytes: a method or a version it does not know
is a RuntimeError, a name that is no text a ValueError."""
SAVE_AS = (
    "Åbn den i Excel, og vælg Gem som → Excel-projektmappe (.xlsx).",
    "Open it in Excel and choose Save as → Excel Workbook (.xlsx).",
)


def _refused(path: Path, da: str, en: str, hint_da: str, hint_en: str) -> InputError:
    return InputError(Texts(da, en), where=str(path), hint=Texts(hint_da, hint_en))


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise _refused(
            path,
            "Filen er beskadiget eller ikke hentet helt.",
            "The file is damaged or incomplete.",
            "Hent eller eksportér den igen.",
            "Download or export it again.",
        ) from error
    names = part_names(archive)
    if BOOK not in names and not is_open_document(archive):
        raise _refused(
            path,
            "Filen er ikke en Excel-projektmappe (.xlsx) eller et regneark (.ods).",
            "The file is not an Excel workbook (.xlsx) or a spreadsheet (.ods).",
            *SAVE_AS,
        )
    if len(names) < len(archive.namelist()):
        raise _refused(
            path,
            "Filen rummer to udgaver af det samme ark.",
            "The file holds two versions of one part.",
            *SAVE_AS,
        )
    for part in archive.infolist():
        if _is_bomb(part.file_size, part.compress_size):
            raise _refused(
                path,
                f"Arkfilen {part.filename} er for stor at åbne.",
                f"The part {part.filename} is too large to open.",
                "Slet tomme rækker og kolonner under og ved siden af data, og gem igen.",
                "Delete empty rows and columns below and beside the data and save again.",
            )
    if _is_bomb(sum(p.file_size for p in archive.infolist()), path.stat().st_size):
        raise _refused(
            path,
            "Filen fylder for meget, når den pakkes ud.",
            "The file is too large once unpacked.",
            "Slet ark, der ikke skal læses, og gem igen.",
            "Delete the sheets that need not be read and save again.",
        )
    return archive


def _is_bomb(unpacked: int, packed: int) -> bool:
    """Return whether so many bytes are too many, or packed too tightly to be a workbook's."""
    tight = unpacked > RATIO_FROM_BYTES and unpacked > MOST_RATIO * max(packed, 1)
    return unpacked > MOST_BYTES or tight


def is_open_document(archive: zipfile.ZipFile) -> bool:
    """Return whether an archive says that it is an OpenDocument spreadsheet."""
    names = part_names(archive)
    if BOOK in names or CONTENT not in names or "mimetype" not in names:
        return False
    try:
        with archive.open(names["mimetype"]) as part:
            return part.read(len(_SPREADSHEET) + 1).startswith(_SPREADSHEET)
    except DAMAGED:
        return False


def part_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the parts' names as the archive spells them, by name in small letters with `/`.

    Neither case nor the kind of slash tells two parts apart.
    """
    return {name.replace("\\", "/").lower(): name for name in archive.namelist()}
