"""What the cell reader would not tell of an Excel 97–2003 workbook (.xls), sheet by sheet.

Such a file is a small file system of chains of sectors; one of its streams holds the workbook as
records. Only what is needed of both is read here.

Source: Microsoft, [MS-CFB] Compound File Binary File Format; [MS-XLS] Excel Binary File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from styring.errors import InputError, Texts
from styring.read.container import SAVE_AS
from styring.read.scan import EPOCH, EPOCH_1904, Place, Scan

_STREAM = "Workbook"
_FREE = 0xFFFFFFFA
"""A sector number from here on ends a chain."""
_BOF, _EOF, _FORMULA, _DATES, _LOCKED = 0x0809, 0x000A, 0x0006, 0x0022, 0x002F
_SHEET, _ERROR, _ROW = 0x0085, 0x0205, 0x0208
_EXTENT, _TEXTS = 0x0200, 0x00FC
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_BIFF8, _HIDDEN = 0x0600, 0x20
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def scan_old_excel(path: Path) -> dict[str, Scan]:
    """Return what was found in each sheet, by sheet name.

    Raises:
        InputError: locked with a password, older than Excel 97, or damaged.
    """
    try:
        data = _workbook(path.read_bytes())
        epoch = EPOCH
        found: dict[str, int] = {}
        for kind, body in _records(data, 0):
            if kind == _BOF and struct.unpack_from("<H", body)[0] != _BIFF8:
                raise _refused(path, "Filen er ældre end Excel 97.", "It is older than Excel 97.")
            if kind == _LOCKED:
                raise InputError(
                    Texts(
                        "Filen er beskyttet med adgangskode.",
                        "The file is protected by a password.",
                    ),
                    where=str(path),
                    hint=Texts(
                        "Åbn den i Excel, fjern adgangskoden, og gem en kopi.",
                        "Open it in Excel, remove the password and save a copy.",
                    ),
                )
            if kind == _DATES and struct.unpack_from("<H", body)[0]:
                epoch = EPOCH_1904
            if kind == _SHEET:
                found[_name(body)] = struct.unpack_from("<I", body)[0]
        return {name: _scanned(data, at, epoch is EPOCH_1904) for name, at in found.items()}
    except (struct.error, IndexError, ValueError, LookupError, OverflowError) as error:
        raise _refused(
            path,
            "Den ældre Excel-fil (.xls) er beskadiget eller ikke hentet helt.",
            "The old Excel file (.xls) is damaged or incomplete.",
        ) from error


def _refused(path: Path, da: str, en: str) -> InputError:
    return InputError(Texts(da, en), where=str(path), hint=Texts(*SAVE_AS))


@dataclass(slots=True)
class _Found:
    errors: dict[Place, str] = field(default_factory=dict)
    hidden_rows: int = 0


def _scanned(data: bytes, at: int, from_1904: bool) -> Scan:  # noqa: FBT001 - one of two epochs
    found, depth = _Found(), 0
    for kind, body in _records(data, at):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            break
        if depth > 1:
            continue  # a chart in the sheet
        if kind == _ERROR and body[7]:
            found.errors[struct.unpack_from("<HH", body)] = _ERRORS.get(body[6], "#N/A")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            found.errors[struct.unpack_from("<HH", body)] = _ERRORS.get(body[8], "#N/A")
        elif kind == _ROW:
            _, first, last = struct.unpack_from("<HHH", body)
            hidden = struct.unpack_from("<H", body, 12)[0] & _HIDDEN
            found.hidden_rows += bool(hidden and first < last)
    epoch = EPOCH_1904 if from_1904 else EPOCH
    return Scan(errors=found.errors, hidden_rows=found.hidden_rows, epoch=epoch)


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of the records from a place to the end of their substream."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + length]
        if len(body) < length:
            raise ValueError(at)
        _refuse_extent(kind, body, len(data))
        yield kind, body
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        at += 4 + length


def _refuse_extent(kind: int, body: bytes, most: int) -> None:
    """Refuse a record that would have the cell reader ask for memory for what is not there.

    Raises:
        ValueError: it does.
    """
    if kind == _EXTENT:
        first, rows, left, columns = struct.unpack_from("<IIHH", body)
        bad = rows > _MOST_ROWS or columns > _MOST_COLUMNS or first > rows or left > columns
    elif kind == _TEXTS:
        bad = struct.unpack_from("<I", body, 4)[0] > most
    else:
        bad = False
    if bad:
        raise ValueError(kind)


def _name(body: bytes) -> str:
    """Return the name of a sheet."""
    length, wide = body[6], body[7] & 1
    raw = body[8 : 8 + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1")


def _workbook(data: bytes) -> bytes:
    """Return the stream that holds the workbook.

    Raises:
        ValueError: a chain of sectors goes round in a ring, or there is no such stream.
        struct.error: the file ends before it should.
    """
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    directory_at, least = struct.unpack_from("<I4xI", data, 48)
    small_table_at = struct.unpack_from("<I", data, 60)[0]
    more_at = struct.unpack_from("<I", data, 68)[0]
    tables = list(struct.unpack_from("<109I", data, 76))
    seen: set[int] = set()
    while more_at < _FREE and more_at not in seen:
        seen.add(more_at)
        numbers = struct.unpack_from(f"<{size // 4}I", data, (more_at + 1) * size)
        tables += numbers[:-1]
        more_at = numbers[-1]
    following = [
        n
        for t in tables
        if t < _FREE
        for n in struct.unpack_from(f"<{size // 4}I", data, (t + 1) * size)
    ]
    directory = _chain(data, directory_at, following, size, size)
    root = None
    for at in range(0, len(directory), 128):
        entry = directory[at : at + 128]
        named = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(named - 2, 0)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entry, 116)
        root = (start, length) if root is None else root
        if name == _STREAM and length >= least:
            return _chain(data, start, following, size, size)[:length]
        if name == _STREAM:
            stream = _chain(data, root[0], following, size, size)
            table = _chain(data, small_table_at, following, size, size)
            numbers = struct.unpack(f"<{len(table) // 4}I", table)
            return _chain(stream, start, numbers, small, 0)[:length]
    raise ValueError(_STREAM)


def _chain(
    data: bytes, start: int, following: list[int] | tuple[int, ...], size: int, before: int
) -> bytes:
    """Return the sectors of a chain joined; the first sector of all begins at `before`."""
    parts: list[bytes] = []
    while start < _FREE:
        if len(parts) > len(following):
            raise ValueError(start)
        at = start * size + before
        parts.append(data[at : at + size])
        start = following[start]
    return b"".join(parts)
