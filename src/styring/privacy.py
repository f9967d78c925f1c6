"""Two questions and no more: where does a CPR number stand, and what must be withheld."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from styring.errors import Texts
from styring.tables import Note, Tables, letter
from styring.text import counted_texts

CPR = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})[- ]?(\d)\d{3}(?!\d)")
_LOOKS_LIKE = r"\d{6}[- ]?\d{4}"
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
    day, month, year, seventh = (int(g) for g in found.groups())
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

    An id that is a CPR number gets a running number instead, so that rows still belong together.
    """
    frames, notes = {}, []
    for sheet, frame in tables.frames.items():
        cleaned = frame
        for column in _suspect_columns(frame):
            suspects = frame.filter(pl.col(column).str.contains(_LOOKS_LIKE))
            hits = suspects.filter(pl.col(column).map_elements(is_cpr, return_dtype=pl.Boolean()))
            if hits.is_empty():
                continue
            notes.append(_note(tables, sheet, column, hits))
            found = sorted(set(hits[column]))
            new = (
                {t: f"CPR-{n:04d}" for n, t in enumerate(found, 1)}
                if column in ID_COLUMNS
                else {t: mask_cpr(t) for t in found}
            )
            cleaned = cleaned.with_columns(pl.col(column).replace(new))
        frames[sheet] = cleaned
    return tables.with_frames(frames), notes


def _suspect_columns(frame: pl.DataFrame) -> list[str]:
    """Return the text columns in which something looks like a CPR number."""
    texts = [c for c, dtype in frame.schema.items() if dtype == pl.String()]
    if not texts:
        return []
    hits = frame.select(pl.col(texts).str.contains(_LOOKS_LIKE).any())
    return [c for c, hit in hits.row(0, named=True).items() if hit]


def _note(tables: Tables, sheet: str, column: str, hits: pl.DataFrame) -> Note:
    source = tables.sources[sheet]
    place = source.columns.get(column, letter(0))
    rows = hits["raekke"].to_list()
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


def is_small(count: float | None, least: int = LEAST) -> bool:
    """Return whether a count of citizens is too small to publish; 0 is not."""
    return count is not None and 0 < count < least


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
