"""Letters that a program before us read in the wrong code: `dÃ¸gn` is `døgn`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from styring.errors import Texts
from styring.privacy import masked
from styring.read.columns import first_cells
from styring.read.grid import Grid
from styring.tables import Note
from styring.text import counted_texts

_BEHIND = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
"""What the second and third byte of a letter in UTF-8 look like as Windows letters."""
_GARBLED = re.compile(rf"[ÂÃ]{_BEHIND}|â{_BEHIND}{{2}}")
_LOST = "\N{REPLACEMENT CHARACTER}"
_LOOKED_AT = 50
"""How many rows of each sheet are searched: what garbles a letter garbles all of them."""


def mended(text: str) -> str:
    """Return a text with the letters that were UTF-8 and were read as Windows letters."""
    return _GARBLED.sub(_as_utf8, text)


def _as_utf8(found: re.Match[str]) -> str:
    try:
        return b"".join(map(_byte, found[0])).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _byte(sign: str) -> bytes:
    return sign.encode("latin-1" if ord(sign) < 256 else "cp1252")


def with_letters(grids: Sequence[Grid]) -> tuple[list[Grid], list[Note]]:
    """Return the sheets with garbled letters mended in names and cells, and a note on each."""
    if not any(_is_marked(grid) for grid in grids):
        return list(grids), []
    done: list[Grid] = []
    notes: list[Note] = []
    for grid in grids:
        rows = [[mended(c) if type(c) is str else c for c in row] for row in grid.rows]
        now = replace(grid, name=mended(grid.name), rows=rows)
        done.append(now)
        notes += _notes(grid, now)
    return done, notes


def _is_marked(grid: Grid) -> bool:
    texts = (c for row in grid.rows[:_LOOKED_AT] for c in row if type(c) is str)
    return any(_LOST in t or _GARBLED.search(t) for t in (grid.name, *texts))


def _notes(was: Grid, now: Grid) -> Iterator[Note]:
    places = [
        (r, c)
        for r, (old, new) in enumerate(zip(was.rows, now.rows, strict=True))
        for c, (before, after) in enumerate(zip(old, new, strict=True))
        if type(before) is str and before != after
    ]
    if places or was.name != now.name:
        said = Texts("arkets navn", "the sheet's name")
        if places:
            said = counted_texts(len(places), ("tekst", "tekster"), ("text", "texts"))
        where = f" ({first_cells(range(len(places)), _namer(now, places))})" if places else ""
        yield Note(
            "warning",
            Texts(
                f"Bogstaver var forvanskede, som «Ã¸» for «ø», og er rettet i {said.da}{where}.",
                f"Letters were garbled, as “Ã¸” for “ø”, and were mended in {said.en}{where}.",
            ),
            masked(now.name),
            now.cell(*places[0]) if places else "",
        )
    lost = [
        (r, c)
        for r, row in enumerate(now.rows)
        for c, cell in enumerate(row)
        if type(cell) is str and _LOST in cell
    ]
    if lost:
        said = counted_texts(len(lost), ("tekst har", "tekster har"), ("text has", "texts have"))
        where = first_cells(range(len(lost)), _namer(now, lost))
        yield Note(
            "warning",
            Texts(
                f"{said.da} mistet bogstaver undervejs, vist som «{_LOST}» ({where}). "
                "Eksportér arket igen som UTF-8.",
                f"{said.en} lost letters on the way, shown as “{_LOST}” ({where}). "
                "Export the sheet again as UTF-8.",
            ),
            masked(now.name),
            now.cell(*lost[0]),
        )


def _namer(grid: Grid, places: Sequence[tuple[int, int]]) -> Callable[[int], str]:
    return lambda n: grid.cell(*places[n])
