"""From a cell to the figures it touches: the review made again as if it held something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isclose
from pathlib import Path

from styring.errors import InputError, Lang, Texts, UsageError, join_texts
from styring.moved import Moved, moved
from styring.pipeline import Choices, review
from styring.privacy import masked
from styring.read.columns import as_text
from styring.read.grid import Instead, held, read_grids
from styring.read.letters import with_letters
from styring.read.parse import to_date, to_number
from styring.review import Review
from styring.say import sentence
from styring.text import both, counted, day, decimals_of, fold, number, period

Leaf = float | str | None
"""A figure of a review, or a sentence."""
_ADDRESS = re.compile(r"'?(?P<sheet>.+?)'?!\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[0-9]{1,7})")
_LISTED = ("centre", "figure", "score", "rank", "finding")
_NAMES = (
    *("id", "key", "kind", "indicator", "group", "period", "year", "month", "paragraph"),
    *(
        "function",
        "version",
        "slot",
        "level",
        "name",
        "municipality",
        "sheet",
        "cell",
        "column",
        "part",
    ),
)
"""What tells one item of a list from another, where it says."""
_UNSEEN = ("provenance", "schema")
"""What of a review is no figure of the workbook's."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure or sentence of a review that is not what it was.

    `path` is where it stands in review.json, items of a list by what names them.
    """

    path: tuple[str, ...]
    old: Leaf
    new: Leaf


@dataclass(frozen=True, slots=True)
class Traced:
    """A cell, and what a review says otherwise when the cell holds `instead`.

    `refused` says why there is no review without the cell; nothing is compared then.
    """

    cell: str
    value: object
    instead: object
    changes: tuple[Change, ...] = ()
    moved: tuple[Moved, ...] = ()
    refused: Texts | None = None


def trace(workbook: Path, address: str, choices: Choices, instead: str = "") -> Traced:
    """Return what of a workbook's review a cell touches.

    Args:
        workbook: an .xlsx file, or a folder of CSV files.
        address: sheet and cell, as `Økonomi!H17`.
        choices: what the review is made with.
        instead: what the cell is taken to hold; nothing, where it is left out.

    Raises:
        UsageError: the address is none.
        InputError: there is no such cell, or the workbook cannot be reviewed as it is.
    """
    sheet, row, column = _place(address)
    grids, _ = with_letters(read_grids(workbook))
    sheet = next((g.name for g in grids if fold(g.name) == fold(sheet)), sheet)
    value, _ = held(grids, sheet, row, column)
    cell = Instead(sheet, row, column, _like(value, instead))
    before = review(workbook, choices)
    try:
        after = review(workbook, replace(choices, instead=cell))
    except InputError as error:
        return Traced(cell.address, value, cell.value, refused=error.what)
    return Traced(
        cell.address,
        value,
        cell.value,
        tuple(changes(before, after)),
        (*moved(before, after), *_earlier(before, after)),
    )


def _earlier(old: Review, new: Review) -> Iterator[Moved]:
    """Yield the figures of other periods than the main one that moved."""
    now = {(i.id, i.group, p.period): p for i in new.indicators for p in i.series}
    for i in old.indicators:
        title = i.title if i.group_text is None else join_texts([i.title, i.group_text])
        for was in i.series:
            is_now = now.get((i.id, i.group, was.period))
            if was.period == i.period or is_now is None or _same(was.value, is_now.value):
                continue
            when = join_texts([title, both(period, was.period)], ", ")
            unseen = was.shown == is_now.shown
            yield Moved("figure", i.id, when, was.shown, is_now.shown, unseen=unseen)


def _place(address: str) -> tuple[str, int, int]:
    """Return sheet, row and column of an address, both counted from 0."""
    found = _ADDRESS.fullmatch(address.strip())
    if found is None or int(found["row"]) == 0:
        raise UsageError(
            Texts(f"«{masked(address)}» er ingen celle.", f"“{masked(address)}” is no cell."),
            hint=Texts(
                "Skriv ark og celle: 'Økonomi!H17'.", "Write sheet and cell: 'Økonomi!H17'."
            ),
        )
    column = 0
    for c in found["column"].upper():
        column = column * 26 + ord(c) - 64
    return found["sheet"], int(found["row"]) - 1, column - 1


def _like(value: object, text: str) -> object:
    """Return a text as the kind of thing a cell holds: a number for a number, a day for a day."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        amount = to_number(text)
        return text if amount is None else amount
    if isinstance(value, date | datetime):
        on = to_date(text)
        return text if on is None else datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a day
    return text


def changes(old: Review, new: Review) -> Iterator[Change]:
    """Yield the figures and sentences that differ between two reviews, in the first's order."""
    before, after = dict(leaves(old)), dict(leaves(new))
    for path in [*before, *(p for p in after if p not in before)]:
        was, is_now = before.get(path), after.get(path)
        if not _same(was, is_now):
            yield Change(path, was, is_now)


def leaves(made: Review) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    """Yield every figure and sentence of a review with where it stands."""
    data = made.model_dump(mode="json", by_alias=True)
    for name, part in data.items():
        if name not in _UNSEEN:
            yield from _walk((name,), part)


def _walk(path: tuple[str, ...], node: object) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    match node:
        case {"da": str(text), "en": str(), **more} if not more:
            yield path, text
        case dict():
            for name, part in node.items():
                yield from _walk((*path, str(name)), part)
        case list():
            seen: dict[str, int] = {}
            for item in node:
                named = _name(item)
                seen[named] = seen.get(named, 0) + 1
                again = f"#{seen[named]}" if seen[named] > 1 or not named else ""
                yield from _walk((*path, named + again), item)
        case bool() | None:
            yield path, None if node is None else str(node)
        case int() | float() | str():
            yield path, node


def _name(item: object) -> str:
    """Return what names an item of a list: its id, year, month …; nothing where it has none."""
    if not isinstance(item, dict):
        return ""
    said = (item.get(n) for n in _NAMES)
    return " ".join(str(s) for s in said if isinstance(s, str | int) and not isinstance(s, bool))


def _same(one: Leaf, other: Leaf) -> bool:
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


# --- Told ---------------------------------------------------------------------------------------


def as_data(found: Traced) -> dict[str, object]:
    """Return what was found, as JSON has it."""
    return {
        "schema": "styring.trace/1",
        "cell": masked(found.cell),
        "value": masked(as_text(found.value)),
        "instead": masked(as_text(found.instead)),
        "refused": None
        if found.refused is None
        else {"da": found.refused.da, "en": found.refused.en},
        "changes": [{"path": list(c.path), "old": c.old, "new": c.new} for c in found.changes],
    }


def as_lines(found: Traced, lang: Lang) -> Iterator[str]:
    """Yield what was found, as a person reads it."""
    told = {"celle": masked(found.cell), "indhold": _shown(found.value, lang)}
    yield sentence("trace.cell", **told)[lang]
    if found.instead != "":
        other = {"andet": _shown(found.instead, lang)}
        yield sentence("trace.other", **other)[lang]
    if found.refused is not None:
        yield sentence("trace.refused", grund=found.refused)[lang]
        return
    if not found.changes:
        yield sentence("trace.nothing")[lang]
        return
    yield sentence("trace.some" if found.instead != "" else "trace.empty")[lang]
    for kind in _LISTED:
        some = [m for m in found.moved if m.kind == kind]
        if some:
            yield ""
            yield sentence(f"moved.{kind}_heading")[lang]
        for m in some:
            key = "moved.line_unseen" if m.unseen else "moved.line"
            yield f"  {sentence(key, titel=m.title, foer=m.old, nu=m.new)[lang]}"
    yield from _elsewhere(found, lang)


def _elsewhere(found: Traced, lang: Lang) -> Iterator[str]:
    """Yield how many figures differ in each part of the report."""
    counts: dict[str, int] = {}
    for change in found.changes:
        if not isinstance(change.old, str) and not isinstance(change.new, str):
            counts[change.path[0]] = counts.get(change.path[0], 0) + 1
    if counts:
        yield ""
        yield sentence("trace.elsewhere")[lang]
    one, many = ("tal", "tal") if lang == "da" else ("figure", "figures")
    for name, n in counts.items():
        yield f"  {sentence(f'trace.{name}')[lang]}: {counted(n, one, many, lang)}"


def _shown(value: object, lang: Lang) -> str:
    match value:
        case "":
            return sentence("trace.blank")[lang]
        case float() | int() if not isinstance(value, bool):
            return number(value, decimals_of(value), lang)
        case datetime():
            return day(value.date(), lang)
        case date():
            return day(value, lang)
        case _:
            return masked(as_text(value))
