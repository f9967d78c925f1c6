"""Workbooks broken at random, by seed: nothing may fall over, hang, or be misread in silence.

Three ways of breaking: bytes of the file, XML of its parts, cells of its sheets. What must come
out: a refusal that says where, a note that names the cell, or the figures of an independent sum.

Run as a program for many: ``python tests/fuzz.py --count 5000 --seed 1``.
"""

from __future__ import annotations

import argparse
import io
import re
import signal
import sys
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from math import isclose
from pathlib import Path
from random import Random
from types import FrameType

from python_calamine import CalamineWorkbook

from build import Book, minimal, xlsx
from styring.definitions import load_spec
from styring.errors import StyringError
from styring.pipeline import Choices, review
from styring.read.workbook import Reading, read_workbook
from styring.tables import letter

SECONDS = 20
"""No reading of a small workbook may take longer."""
WHOLE_EVERY = 25
"""Each so many-th workbook is also reviewed to the end."""
ODD: tuple[object, ...] = (
    None, "", " ", "-", "–", "x", "1.234,50", "1,234.50", "1.234", "3.007", "(500)", "500-", "−500",
    "500 kr.", "1e5", "12,5 %", 0, -1, 0.1, 1e15, -1e15, 10**6, 3.007, True, False,
    date(1900, 1, 1), date(2024, 2, 29), date(9999, 12, 31),
    datetime(2024, 5, 6, 7, 8, 9), "31-12-9999", "2024-13-45", "13/13/2024", "01/02/2024",
    "29. februar 2023", "45000", 45000, "010190-1234", "0101901234", "=1+1", "#N/A", "#REF!",
    "I alt",
    "Hovedtotal", "SEL § 108", "§", "108, 107", "ABL 105", "105", "regnskab", "Regnskab ", "budget",
    "uge", "døgn", "pr. uge", "Ær\u00f8\u0301", "a\u030a", "\u00a0 12", "\u200b12", "𝟙𝟚", "Ã¦",
    "1" * 400,
    "A" * 32_767, "=cmd|' /C calc'!A0", "@SUM(A1)", "<b>&amp;</b>", "{{ 7*7 }}", "5.38.50 Botilbud",
    "5.38.99", 5.38, 53850, 538502, 1999, 2051, "2024/2025", "jan", "13", 13, "13. måned",
)  # fmt: skip
"""What people, programs and enemies put into cells."""


@dataclass(frozen=True)
class Mutant:
    """A broken workbook, what was done, and for a changed cell where and what it holds."""

    data: bytes
    said: str
    sheet: str = ""
    row: int = 0
    column: int = 0
    value: object = None

    @property
    def cell(self) -> str:
        """The address of the changed cell in its sheet."""
        return f"{letter(self.column)}{self.row + 1}"


class TooLongError(Exception):
    """A reading took longer than `SECONDS`."""


@cache
def base() -> Book:
    """A small municipality with enough rows to take one apart."""
    book = minimal()
    book["Økonomi"] = book["Økonomi"][:1] + [
        [year, month, function, version, 1000.25 * n + month]
        for year in (2024, 2025)
        for n, function in enumerate(("5.38.50", "5.38.52", "5.38.58"), start=1)
        for version, month in (("oprindeligt budget", 1), ("regnskab", 2), ("regnskab", 3))
    ]
    header = [*book["Sager"][0], "antal", "fødselsår", "sidste_opfølgning", "tilbud"]
    book["Sager"] = [header] + [
        [f"S{n}", f"B{n}", ("85", "107", "108", "103")[n % 4], date(2023, 1 + n % 12, 1 + n),
         None if n % 3 else date(2024, 12, 31), 500 + 100 * n, ("døgn", "uge", "måned")[n % 3], 1,
         1960 + n, date(2025, 1 + n % 9, 3), f"Sted {n % 5}"]
        for n in range(1, 25)
    ]  # fmt: skip
    return book


@cache
def base_bytes() -> bytes:
    return written(base())


def written(book: Book) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return xlsx(Path(folder, "bog.xlsx"), book).read_bytes()


# --- Ways of breaking ---------------------------------------------------------------------------


def broken_bytes(rng: Random) -> Mutant:
    """Bits flipped, a stretch cut out, or the file cut short."""
    data = bytearray(base_bytes())
    at = rng.randrange(len(data))
    match rng.randrange(4):
        case 0:
            return Mutant(bytes(data[:at]), f"cut short at {at}")
        case 1:
            wide = rng.randrange(1, 200)
            del data[at : at + wide]
            return Mutant(bytes(data), f"{wide} bytes cut out at {at}")
        case _:
            flips = [
                (rng.randrange(len(data)), 1 << rng.randrange(8))
                for _ in range(rng.randrange(1, 9))
            ]
            for place, bit in flips:
                data[place] ^= bit
            return Mutant(bytes(data), f"bits flipped at {[p for p, _ in flips]}")


_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)')
_ODD_XML = (b"", b"-1", b"0", b"99999999999", b"1e999", b"NaN", b"A0", b"XFE1", b"&amp;lt;",
            b"\xff\xfe", b"../../etc", b"true", b"s", b"inlineStr", b"e")  # fmt: skip


def broken_xml(rng: Random) -> Mutant:
    """An element dropped or doubled, a value made odd, a part dropped, or two parts swapped."""
    with zipfile.ZipFile(io.BytesIO(base_bytes())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(parts))
    xml = parts[name]
    kind = rng.choice(("drop", "double", "value", "value", "value", "part", "swap", "byte"))
    spans = [m.span() for m in (_VALUE if kind == "value" else _TAG).finditer(xml)]
    first, last = rng.choice(spans) if spans else (0, 0)
    match kind:
        case "drop":
            parts[name] = xml[:first] + xml[last:]
        case "double":
            parts[name] = xml[:last] + xml[first:last] + xml[last:]
        case "value":
            parts[name] = xml[:first] + rng.choice(_ODD_XML) + xml[last:]
        case "part":
            del parts[name]
        case "swap":
            other = rng.choice(sorted(parts))
            parts[name], parts[other] = parts[other], parts[name]
        case "byte":
            at = rng.randrange(len(xml))
            parts[name] = xml[:at] + bytes([rng.randrange(256)]) + xml[at + 1 :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content)
    return Mutant(out.getvalue(), f"{kind} in {name} at {first}")


def broken_cell(rng: Random) -> Mutant:
    """One cell that holds something odd."""
    book = {name: [list(row) for row in rows] for name, rows in base().items()}
    sheet = rng.choice(("Økonomi", "Økonomi", "Sager", "Sager", "Sager", "Befolkning", "Kommune"))
    row = rng.randrange(1 if rng.random() < 0.95 else 0, len(book[sheet]))
    column = rng.randrange(len(book[sheet][row]))
    value = rng.choice(ODD)
    book[sheet][row][column] = value
    said = f"{sheet}!{letter(column)}{row + 1} = {str(value)[:40]!r}"
    return Mutant(written(book), said, sheet, row, column, value)


WAYS: tuple[Callable[[Random], Mutant], ...] = (broken_bytes, broken_xml, broken_cell, broken_cell)


def mutants(seed: int, count: int) -> Iterator[Mutant]:
    """So many broken workbooks, the same for the same seed."""
    for n in range(count):
        rng = Random(f"{seed}:{n}")  # noqa: S311 - to break files, not to hide anything
        yield WAYS[n % len(WAYS)](rng)


# --- What must come out -------------------------------------------------------------------------


def wrong(path: Path, mutant: Mutant, *, whole: bool) -> str | None:
    """What is wrong with how a broken workbook is taken; nothing where all is well."""
    path.write_bytes(mutant.data)
    try:
        reading = read_workbook(path, load_spec())
        if whole:
            review(path, Choices())
    except StyringError as error:
        return (
            None
            if error.exit_code == 3 and error.what.da
            else f"a refusal without words: {error!r}"
        )
    except TooLongError:
        return f"takes longer than {SECONDS} s"
    except BaseException as error:  # noqa: BLE001 - whatever it is, a user must not meet it
        return f"{type(error).__name__}: {error}"
    return unbalanced(reading) or (
        misread(reading, mutant) if mutant.sheet else unsummed(path, reading)
    )


def unbalanced(reading: Reading) -> str | None:
    """Whether a sheet's rows or kroner do not add up in its own account."""
    for a in reading.accounts:
        if a.rows != a.accepted + a.rejected + a.totals + a.duplicates:
            return f"{a.sheet}: rows do not add up"
        parts = (a.sum_accepted, a.sum_rejected, a.sum_totals, a.sum_duplicates, a.sum_rounding)
        if not isclose(a.sum_sheet, sum(parts), rel_tol=1e-9, abs_tol=1e-3):
            return f"{a.sheet}: kroner do not add up"
    return None


def unsummed(path: Path, reading: Reading) -> str | None:
    """Whether the ledger's sum is not that of its cells as another reader hands them over."""
    for a in (a for a in reading.accounts if a.taken_as == "Økonomi" and "beloeb" in a.columns):
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(a.sheet)
        left = sheet.start[1] if sheet.start else 0
        at = next(c for c in range(60) if letter(c) == a.columns["beloeb"]) - left
        cells = [row[at] for row in sheet.iter_rows()][a.header_row :]
        total = sum(c for c in cells if isinstance(c, float) and not isinstance(c, bool))
        texts = any(isinstance(c, str) and c for c in cells)
        if not texts and not isclose(a.sum_sheet, total, rel_tol=1e-9, abs_tol=1e-3):
            return f"{a.sheet}: {a.sum_sheet} of {total} kr."
    return None


def misread(reading: Reading, mutant: Mutant) -> str | None:
    """Whether a changed cell was read as something else without a note that names it."""
    heard = " ".join(
        f"{n.cell} {n.message.da}" for n in reading.notes if n.sheet in {mutant.sheet, "sager"}
    )
    if re.search(rf"\b[A-Z]{{0,2}}{mutant.row + 1}\b", heard):
        return None
    account = next((a for a in reading.accounts if a.sheet == mutant.sheet), None)
    if account is None or mutant.row < account.header_row:
        return None  # the front sheet and headers: what they say is tested by hand
    name = next((c for c, at in account.columns.items() if at == letter(mutant.column)), None)
    table = next(t for t, s in reading.tables.sources.items() if s.sheet == mutant.sheet)
    frame = reading.tables.frames[table]
    rows = frame.filter(frame["raekke"] == mutant.row + 1)
    if rows.is_empty():
        return f"the row of {mutant.cell} is gone without a word"
    if name is None or name not in rows.columns:
        return None
    read = rows[name][0]
    return None if alike(read, mutant.value) else f"{mutant.cell} was read as {read!r}"


def alike(read: object, held: object) -> bool:
    """Whether a value is what a cell holds, by the plainest of readings."""
    if held is None or (isinstance(held, str) and not held.strip()):
        return read is None
    if isinstance(read, date) and isinstance(held, datetime):
        return read == held.date()
    if isinstance(held, bool):
        return read is held or read == ("SAND" if held else "FALSK")
    if isinstance(read, float | int):
        return any(isclose(float(read), n, rel_tol=1e-12, abs_tol=1e-9) for n in numbers(held))
    if isinstance(read, str):
        return _bare(read) in _bare(str(held)) or _bare(str(held)) in _bare(read)
    return read == held


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", text).casefold())


def numbers(held: object) -> list[float]:
    """The numbers a cell may be taken for in Danish: 1.234,50 and (500) and 500-."""
    if isinstance(held, float | int):
        return [float(held)]
    if held == "jan":
        return [1.0]
    text = re.sub(r"[^\d.,()−–-]", "", str(held))
    sign = -1 if re.search(r"[()−–-]", text) else 1
    digits = re.sub(r"[()−–.-]", "", text).replace(",", ".")
    return [sign * float(digits)] if re.fullmatch(r"\d+(\.\d+)?", digits) else []


def late(_signal: int, _frame: FrameType | None) -> None:
    raise TooLongError


def run(seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """How the broken workbooks were taken, and what went wrong."""
    taken: Counter[str] = Counter()
    bad: list[str] = []
    signal.signal(signal.SIGALRM, late)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bog.xlsx")
        for n, mutant in enumerate(mutants(seed, count)):
            signal.alarm(SECONDS)
            found = wrong(path, mutant, whole=n % WHOLE_EVERY == 0)
            signal.alarm(0)
            taken["wrong" if found else "well"] += 1
            if found:
                bad.append(f"{seed}:{n} {mutant.said}: {found}")
    return taken, bad


def main() -> int:
    """Break so many workbooks and say what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    taken, bad = run(asked.seed, asked.count)
    print(f"seed {asked.seed}: {taken.total()} broken workbooks, {len(bad)} taken wrongly")
    print("\n".join(bad))
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
