"""Three questions and no more: where does a CPR number stand, where a name, what is withheld."""

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
from styring.person_names import has_name, mask_names
from styring.tables import Note, Source, Tables, letter
from styring.text import UNSEEN, counted_texts

_BETWEEN = r"\s?[-‐‑–—−]?\s?"
"""A hyphen, or the dash that Word makes of it, with or without blanks, or nothing."""
CPR = re.compile(rf"(?<!\d)(\d\d)(\d\d)(\d\d){_BETWEEN}(\d)(\d{{3}})(?!\d)")
_NINE = re.compile(r"(?<![\d.,])(\d)(\d\d)(\d\d)(\d)(\d{3})(?![\d]|[.,]\d)")
"""A CPR number whose leading zero is gone: Excel takes it from what it keeps as a number."""
_LOOKS_LIKE = rf"\d{{6}}{_BETWEEN}\d{{4}}|\d{{9}}"
_TEN_ALONE = re.compile(r"\d{10}")
_NINE_ALONE = re.compile(r"\d{9}")
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_CAPITALS = r"\p{Lu}.*\p{Lu}"
_RUNNING = "CPR-{:04d}"
_LIKE_RUNNING = r"^CPR-\d+$"
LEAST = 5
"""Counts of citizens from 1 to LEAST − 1 are not published."""
MASK = "[CPR fjernet]"
ID_COLUMNS = ("borger_id", "sag_id", "respondent")
PERSON_COLUMNS = ("borger_id", "respondent")
"""The ids that stand for a person: what is written there like a CPR number is one."""
PLACE_COLUMNS = ("tilbud", "funktionsnavn")
"""Where what reads as a name is that of a house or a place."""


def is_cpr(text: str) -> bool:
    """Return whether a text holds a CPR number: six digits that are a date of birth, then four.

    The century follows from the seventh digit; the check digit is not required, for numbers
    without it have been given out since 2007. Only of nine digits, which lack the leading zero, it
    is: one in eight of any nine digits is a date by chance.
    """
    return mask_cpr(text) != text


def mask_cpr(text: str) -> str:
    """Return the text with CPR numbers taken out, also those with signs of no width in them."""
    if (seen := UNSEEN.sub("", text)) != text and mask_cpr(seen) != seen:
        text = seen
    text = CPR.sub(lambda m: MASK if _is_date(m) else m[0], text)
    return _NINE.sub(lambda m: MASK if _is_date(m) and _checks(f"0{m[0]}") else m[0], text)


def masked(text: str) -> str:
    """Return the text with CPR numbers, and what seems to be names of persons, taken out."""
    return mask_names(mask_cpr(text))


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


def _checks(digits: str) -> bool:
    """Return whether ten digits have the check digit of a CPR number (modulus 11).

    Source: CPR-kontoret, "Personnummeret i CPR-systemet".
    """
    return sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def without_cpr(tables: Tables) -> tuple[Tables, list[Note]]:
    """Return the tables without CPR numbers in any text, and where they stood.

    An id that is a CPR number gets a running number instead, the same in every sheet and however
    the number is written, so that rows still belong together.
    """
    held = _held(tables)
    ids = {t for (_, column), texts in held.items() if column in ID_COLUMNS for t in texts}
    running = _running_numbers(tables, {_one_way(t) for t in ids})
    frames, notes = dict(tables.frames), []
    for (sheet, column), texts in held.items():
        is_id = column in ID_COLUMNS
        new = {t: running[_one_way(t)] if is_id else _masked_cell(t) for t in texts}
        rows = frames[sheet].filter(pl.col(column).is_in(texts))["raekke"]
        found = rows.unique().sort().to_list()
        notes.append(_note(tables.sources[sheet], column, found, _CPR_SAID, _CPR_HINT))
        frames[sheet] = frames[sheet].with_columns(pl.col(column).replace(new))
    return tables.with_frames(frames), notes


def _held(tables: Tables) -> dict[tuple[str, str], list[str]]:
    """Return the texts that hold a CPR number by sheet and column.

    What an id is, is settled for all sheets together, so that it is the same in each.
    """
    columns = {
        (sheet, column): frame[column]
        for sheet, frame in tables.frames.items()
        for column, dtype in frame.schema.items()
        if dtype == pl.String()
    }
    ids = {
        name: set(_holding_cpr(pl.concat([s for (_, c), s in columns.items() if c == name])))
        for name in {c for _, c in columns if c in ID_COLUMNS}
    }
    held = {
        at: [t for t in _different(s, _LOOKS_LIKE) if t in ids[at[1]]]
        if at[1] in ids
        else _holding_cpr(s)
        for at, s in columns.items()
    }
    return {at: texts for at, texts in held.items() if texts}


def _holding_cpr(texts: pl.Series) -> list[str]:
    """Return the different texts of a column that hold a CPR number.

    In a sentence, or with a hyphen, a date of birth is enough. A cell of nothing but ten digits
    may be a case number or an account; of such by chance one in 27 begins with a date. So where
    under a third of a column's do, and the column is no id of persons, the check digit must be
    right too: one in 300. Of nine digits, where Excel has taken the leading zero, one in eight is a
    date by chance: most of the column's must be, and outside ids at least three of them, or the
    check digit right.
    """
    seen = _different(texts, _LOOKS_LIKE)
    ten = [t for t in seen if _TEN_ALONE.fullmatch(t)]
    nine = [t for t in seen if _NINE_ALONE.fullmatch(t)]
    alone = {*ten, *nine}
    rest = [t for t in seen if t not in alone and is_cpr(t)]
    ten_born = [t for t in ten if is_cpr(t)]
    if texts.name not in PERSON_COLUMNS and 3 * len(ten_born) < len(ten):
        ten_born = [t for t in ten_born if _checks(t)]
    nine_born = [t for t in nine if is_cpr(f"0{t}")]
    is_id = texts.name in ID_COLUMNS
    if 2 * len(nine_born) <= len(nine) or (not is_id and len(nine_born) < 3):
        nine_born = [] if is_id else [t for t in nine_born if _checks(f"0{t}")]
    return [*rest, *ten_born, *nine_born]


def _masked_cell(text: str) -> str:
    """Return a text that holds a CPR number without it."""
    return MASK if _NINE_ALONE.fullmatch(text) else mask_cpr(text)


def _different(texts: pl.Series, pattern: str) -> list[str]:
    return texts.filter(texts.str.contains(pattern)).unique().sort().to_list()


def _one_way(text: str) -> str:
    """Return an id with its CPR number as ten digits, however it is written."""
    whole = f"0{text}" if _NINE_ALONE.fullmatch(text) else text
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


_Said = tuple[tuple[str, str], tuple[str, str]]
_CPR_SAID: _Said = (
    ("celle rummer et CPR-nummer", "celler rummer CPR-numre"),
    ("cell holds a CPR number", "cells hold CPR numbers"),
)
_CPR_HINT = Texts(
    "CPR-numre vises aldrig, men bør slettes i arket.",
    "CPR numbers are never shown, but should be deleted in the sheet.",
)
_NAME_SAID: _Said = (
    ("celle ser ud til at rumme et personnavn", "celler ser ud til at rumme personnavne"),
    ("cell seems to hold a person's name", "cells seem to hold persons' names"),
)
_NAME_HINT = Texts(
    "Navnet vises aldrig, men bør slettes i arket.",
    "The name is never shown, but should be deleted in the sheet.",
)


def without_names(tables: Tables) -> tuple[Tables, list[Note]]:
    """Return the tables without what seems to be names of persons in any text, and where.

    The columns of places are left as they are.
    """
    frames, notes = dict(tables.frames), []
    for sheet, frame in tables.frames.items():
        for column, dtype in frame.schema.items():
            if dtype != pl.String() or column in (*ID_COLUMNS, *PLACE_COLUMNS):
                continue
            seen = _different(frame[column].unique(), _CAPITALS)
            texts = [t for t in seen if has_name(t)]
            if texts:
                rows = frame.filter(pl.col(column).is_in(texts))["raekke"].unique().sort().to_list()
                notes.append(_note(tables.sources[sheet], column, rows, _NAME_SAID, _NAME_HINT))
                new = pl.col(column).replace({t: mask_names(t) for t in texts})
                frames[sheet] = frames[sheet].with_columns(new)
    return tables.with_frames(frames), notes


def _note(source: Source, column: str, rows: Sequence[int], said: _Said, hint: Texts) -> Note:
    place = source.columns.get(column, letter(0))
    shown = ", ".join(f"{place}{r}" for r in rows[:5]) + (" …" if len(rows) > 5 else "")
    many = counted_texts(len(rows), *said)
    return Note(
        "warning",
        Texts(f"{many.da} ({shown}). {hint.da}", f"{many.en} ({shown}). {hint.en}"),
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
