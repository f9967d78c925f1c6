"""Two questions and no more: where does a CPR number stand, and what must be withheld."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from itertools import count

import polars as pl

from styring.errors import Texts
from styring.tables import Note, Source, Tables, letter
from styring.text import counted_texts

_BETWEEN = r"\s?[-‐‑–—−]?\s?"
"""A hyphen, or the dash that Word makes of it, with or without blanks, or nothing."""
CPR = re.compile(rf"(?<!\d)(\d\d)(\d\d)(\d\d){_BETWEEN}(\d)(\d{{3}})(?!\d)")
_LOOKS_LIKE = rf"\d{{6}}{_BETWEEN}\d{{4}}"
_WITHOUT_ZERO = r"^\d{9}$"
_RUNNING = "CPR-{:04d}"
_LIKE_RUNNING = r"^CPR-\d+$"
LEAST = 5
"""Counts of citizens from 1 to LEAST − 1 are not published."""
MASK = "[CPR fjernet]"
ID_COLUMNS = ("borger_id", "sag_id", "respondent")


def is_cpr(text: str) -> bool:
    """Return whether a text holds a CPR number: six digits that are a date of birth, then four.

    The century follows from the seventh digit; the check digit is not required, for numbers
    without it have been given out since 2007.
    """
    return any(_is_date(m) for m in CPR.finditer(text))


def _is_date(found: re.Match[str]) -> bool:
    day, month, year, seventh, _ = (int(g) for g in found.groups())
    century = 1900 if seventh <= 3 else 2000
    if seventh in (4, 9):
        century = 2000 if year <= 36 else 1900
    elif 5 <= seventh <= 8:
        century = 2000 if year <= 57 else 1800
    try:
        date(century + year, month, day)
    except ValueError:
        return False
    return True


def mask_cpr(text: str) -> str:
    """Return the text with CPR numbers taken out."""
    return CPR.sub(lambda m: MASK if _is_date(m) else m[0], text)


def without_cpr(tables: Tables) -> tuple[Tables, list[Note]]:
    """Return the tables without CPR numbers in any text, and where they stood.

    An id that is a CPR number gets a running number instead, the same in every sheet and however
    the number is written, so that rows still belong together.
    """
    held = {
        (sheet, column): texts
        for sheet, frame in tables.frames.items()
        for column, dtype in frame.schema.items()
        if dtype == pl.String() and (texts := _holding_cpr(frame[column]))
    }
    ids = {t for (_, column), texts in held.items() if column in ID_COLUMNS for t in texts}
    running = _running_numbers(tables, {_one_way(t) for t in ids})
    frames, notes = dict(tables.frames), []
    for (sheet, column), texts in held.items():
        is_id = column in ID_COLUMNS
        new = {t: running[_one_way(t)] if is_id else mask_cpr(t) for t in texts}
        rows = frames[sheet].filter(pl.col(column).is_in(texts))["raekke"]
        notes.append(_note(tables.sources[sheet], column, rows.unique().sort().to_list()))
        frames[sheet] = frames[sheet].with_columns(pl.col(column).replace(new))
    return tables.with_frames(frames), notes


def _holding_cpr(texts: pl.Series) -> list[str]:
    """Return the different texts of a column that hold a CPR number.

    Excel takes the leading zero from an id: nine digits are a CPR number where most of a column's
    are, for one in eight of any nine digits is a date by chance.
    """
    found = [t for t in _different(texts, _LOOKS_LIKE) if is_cpr(t)]
    if texts.name not in ID_COLUMNS:
        return found
    nine = _different(texts, _WITHOUT_ZERO)
    born = [t for t in nine if is_cpr(f"0{t}")]
    return found + born if 2 * len(born) > len(nine) else found


def _different(texts: pl.Series, pattern: str) -> list[str]:
    return texts.filter(texts.str.contains(pattern)).unique().sort().to_list()


def _one_way(text: str) -> str:
    """Return an id with its CPR number as ten digits, however it is written."""
    whole = f"0{text}" if re.search(_WITHOUT_ZERO, text) else text
    return CPR.sub(lambda m: "".join(m.groups()) if _is_date(m) else m[0], whole)


def _running_numbers(tables: Tables, ids: AbstractSet[str]) -> dict[str, str]:
    """Return a running number for each id, none that another id already is."""
    taken = {
        t
        for frame in tables.frames.values()
        for column in frame.columns
        if column in ID_COLUMNS
        for t in _different(frame[column], _LIKE_RUNNING)
    }
    free = (name for n in count(1) if (name := _RUNNING.format(n)) not in taken)
    return dict(zip(sorted(ids), free, strict=False))


def _note(source: Source, column: str, rows: Sequence[int]) -> Note:
    place = source.columns.get(column, letter(0))
    shown = ", ".join(f"{place}{r}" for r in rows[:5]) + (" …" if len(rows) > 5 else "")
    said = counted_texts(
        len(rows),
        ("celle rummer et CPR-nummer", "celler rummer CPR-numre"),
        ("cell holds a CPR number", "cells hold CPR numbers"),
    )
    return Note(
        "warning",
        Texts(
            f"{said.da} ({shown}). CPR-numre vises aldrig, men bør slettes i arket.",
            f"{said.en} ({shown}). CPR numbers are never shown, but should be deleted in the "
            "sheet.",
        ),
        source.sheet,
        f"{place}{rows[0]}",
        column,
    )


_in_full: ContextVar[bool] = ContextVar("in_full", default=False)


@contextmanager
def in_full() -> Iterator[None]:
    """Withhold nothing, for a review that stays in the municipality and says so on every page."""
    was = _in_full.set(True)
    try:
        yield
    finally:
        _in_full.reset(was)


def is_small(count: float | None, least: int = LEAST) -> bool:
    """Return whether a count of citizens is too small to publish; 0 is not."""
    return count is not None and 0 < count < least and not _in_full.get()


def secondary(counts: Sequence[float | None], least: int = LEAST) -> set[int]:
    """Return which groups of one total must be withheld.

    The small ones, and one more where those withheld are a single group, or a small number in all,
    that subtraction from the total would give.
    """
    small = {i for i, n in enumerate(counts) if is_small(n, least)}
    if len(small) == 1 or is_small(sum(counts[i] or 0 for i in small), least):
        rest = [(n, i) for i, n in enumerate(counts) if i not in small and n]
        if rest:
            small.add(min(rest)[1])
    return small
