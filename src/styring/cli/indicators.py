"""The definitions on the user's own screen: a table, a page, and what changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from styring.changes import Changed, changes
from styring.cli.revision import Side, side
from styring.cli.run import refuse_form
from styring.definitions import (
    Folder,
    catalogue_from,
    desk,
    load_catalogue,
    load_facts,
    load_folder,
    merged,
    refuse_problems,
)
from styring.errors import InputError, Lang, Texts, UsageError
from styring.explain import find_indicator
from styring.formats.definition import page
from styring.model import Catalogue, Indicator
from styring.moved import Moved, moved
from styring.pipeline import Choices
from styring.pipeline import review as make_review
from styring.privacy import mask_cpr
from styring.say import sentence, word

COLUMNS = ("id", "title", "centre", "dimension", "unit", "better", "status")
WIDE = 10_000


def show_list(
    chosen: str, *, indicators: Path | None, centre: str | None, form: str, lang: Lang
) -> None:
    """Print the indicators of a set, one a line, or as JSON."""
    refuse_form(form)
    catalogue, facts = load_catalogue(indicators, chosen), load_facts()
    centres = [c.id for c in facts.centre]
    if centre is not None and centre not in centres:
        raise UsageError(
            Texts(f"Styringscentret «{centre}» findes ikke.", f"There is no centre “{centre}”."),
            hint=Texts(f"Skriv {_or(centres, 'eller')}.", f"Write {_or(centres, 'or')}."),
        )
    found = [i for i in catalogue.indicators if centre in (None, i.centre)]
    if form == "json":
        print(json.dumps([_record(i, catalogue) for i in found], ensure_ascii=False, indent=1))
        return
    _print_table(found, lang)


def _or(names: Sequence[str], between: str) -> str:
    return f"{', '.join(names[:-1])} {between} {names[-1]}"


def _record(i: Indicator, catalogue: Catalogue) -> dict[str, object]:
    """Return what a program may want to know of an indicator."""
    return {
        "id": i.id,
        "version": i.version,
        "kind": i.kind,
        "status": i.status,
        "title": asdict(i.title),
        "centre": i.centre,
        "dimension": i.dimension,
        "unit": i.unit,
        "better": i.better,
        "own": i.id in catalogue.added or i.id in catalogue.replaced,
    }


def _print_table(indicators: Iterable[Indicator], lang: Lang) -> None:
    """Print a table that fits the terminal; where there is none, each indicator on one line."""
    facts = load_facts()
    centres = {c.id: c.title for c in facts.centre}
    dimensions = {d.id: d.title for d in facts.dimension}
    units = {u.id: u.label for u in facts.unit}
    table = Table(box=None, pad_edge=False, header_style="")
    for name in COLUMNS:
        table.add_column(word("definition", name)[lang], overflow="fold")
    for i in indicators:
        said = (i.title, centres[i.centre], dimensions[i.dimension], units[i.unit],
                word("better", i.better), word("status", i.status))  # fmt: skip
        table.add_row(i.id, *(Text(t[lang]) for t in said))
    console = Console(
        width=None if sys.stdout.isatty() else WIDE, color_system=None, highlight=False
    )
    with console.capture() as shown:
        console.print(table)
    print("\n".join(line.rstrip() for line in shown.get().splitlines()))


def show_one(name: str, *, indicators: Path | None, lang: Lang) -> None:
    """Print a definition as a page of Markdown."""
    catalogue = load_catalogue(indicators, cases=True)
    every = (*catalogue.indicators, *catalogue.retired)
    one = find_indicator(every, name)
    print(page(one, {i.id: i for i in every}, load_facts(), lang), end="")


def show_diff(
    before: str, now: str, *, workbook: Path | None, peers: Path | None, form: str, lang: Lang
) -> None:
    """Print what changed from one catalogue to another, and what that moves in a workbook."""
    refuse_form(form)
    if peers is not None and workbook is None:
        raise UsageError(
            Texts("--peers hører til --workbook.", "--peers goes with --workbook."),
            hint=Texts("Giv også en projektmappe.", "Give a workbook too."),
        )
    sides = [side(name, Path.cwd()) for name in (before, now)]
    for s in sides:
        refuse_problems(s.folder, mask_cpr(s.name))
    old, new = _compared(*sides)
    found = changes(old, new, load_facts())
    shifted = None if workbook is None else _moved(sides, workbook, peers)
    if form == "json":
        data: dict[str, object] = {"changed": [asdict(c) for c in found]}
        if shifted is not None:
            data["moved"] = [asdict(m) for m in shifted]
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    lines = [line for c in found for line in _changed_lines(c, lang)]
    print("\n".join(lines or [sentence("diff.none")[lang]]))
    if shifted is not None and workbook is not None:
        file = mask_cpr(workbook.name)
        print(
            "\n".join(["", sentence("diff.workbook", fil=file)[lang], *_moved_lines(shifted, lang)])
        )


def _compared(old: Side, new: Side) -> tuple[list[Indicator], list[Indicator]]:
    """Return the definitions of two folders as they stand.

    A folder that adds to styring's own is seen on top of them where they are the other side.
    """
    first, last = (
        merged(other.folder, one.folder) if other.shipped and not one.shipped else one.folder.found
        for one, other in ((old, new), (new, old))
    )
    return [d.indicator for d in first], [d.indicator for d in last]


def _moved(sides: Sequence[Side], workbook: Path, peers: Path | None) -> tuple[Moved, ...]:
    """Return what moves in a workbook reviewed by one side and by the other."""
    shipped = next((s.folder for s in sides if s.shipped), None)
    shipped = shipped or load_folder(desk("indicators"), cases=False)
    old, new = (make_review(workbook, Choices(peers=peers), _catalogue(s, shipped)) for s in sides)
    return moved(old, new)


def _catalogue(s: Side, shipped: Folder) -> Catalogue:
    found = catalogue_from(s.folder, None) if s.shipped else catalogue_from(shipped, s.folder)
    if not found.indicators:
        raise InputError(
            Texts("Der er ingen indikatorer at måle.", "There are no indicators to measure."),
            where=mask_cpr(s.name),
        )
    return found


def _changed_lines(c: Changed, lang: Lang) -> Iterator[str]:
    yield f"{c.title[lang]} [{c.id}]: {word('diff', f'kind_{c.kind}')[lang]}"
    yield from (f"  {line[lang]}" for line in c.what)
    if c.kind in {"changed", "renamed"}:
        keys = ("may_move" if c.figure_may_move else "stays",
                "raised" if c.version_raised else "not_raised")  # fmt: skip
        yield f"  {' '.join(sentence(f'diff.{k}')[lang] for k in keys)}"


def _moved_lines(found: Sequence[Moved], lang: Lang) -> Iterator[str]:
    if not found:
        yield sentence("moved.nothing")[lang]
    for kind, some in groupby(found, key=lambda m: m.kind):
        yield ""
        yield sentence(f"moved.{kind}_heading")[lang]
        for m in some:
            key = "moved.line_unseen" if m.unseen else "moved.line"
            yield f"  {sentence(key, titel=m.title, foer=m.old, nu=m.new)[lang]}"
