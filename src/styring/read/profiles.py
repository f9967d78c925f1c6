"""The extracts of known systems: recognised by their headers, read by what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import tomli
from pydantic import Field

from styring.errors import InputError, Texts
from styring.model import Strict, WorkbookSpec
from styring.read import layout
from styring.read.grid import Grid
from styring.read.mapping import (
    HEADER_WITHIN,
    Amount,
    MapFile,
    SheetMap,
    WorkbookMap,
    shown_header,
)
from styring.tables import Note
from styring.text import fold

CERTAIN = 0.8
"""The share of a profile's headers that must stand in one row for a sheet to be taken as it."""


class Profile(Strict):
    """What is known of a system's extract.

    `sheet` is the id of the sheet it is read as; one without is told, and not read. `columns` says
    what a header is read as; the other `headers` are not used.
    """

    name: str
    sheet: str | None = None
    headers: tuple[str, ...]
    about: Texts
    source: Texts
    columns: dict[str, str | Amount] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A sheet that looks like a system's extract; `share` of the profile's headers stand in `row`.

    `lacking` says what it cannot be read for, where it cannot.
    """

    grid: Grid
    profile: Profile
    row: int
    share: float
    lacking: Texts | None = None

    @property
    def found(self) -> int:
        """Return how many of the profile's headers stand in the sheet."""
        return round(self.share * len(self.profile.headers))


@cache
def load_profiles() -> tuple[Profile, ...]:
    """Return the profiles that come with styring, in order of file name."""
    folder = resources.files("styring.data").joinpath("profiles")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(Profile.model_validate(tomli.loads(f.read_text("utf-8"))) for f in files)


def recognised(grid: Grid) -> Recognised | None:
    """Return the system whose extract a sheet looks like, if it is certain enough.

    Raises:
        InputError: it looks like two systems' equally much.
    """
    best: list[Recognised] = []
    for profile in load_profiles():
        wanted = {fold(h) for h in profile.headers}
        for n, row in enumerate(grid.rows[:HEADER_WITHIN]):
            share = len(wanted & {fold(shown_header(c)) for c in row}) / len(wanted)
            if share >= CERTAIN and (not best or share >= best[0].share):
                found = Recognised(grid, profile, n, share)
                best = [found] if not best or share > best[0].share else [*best, found]
    names = sorted({b.profile.name for b in best})
    if len(names) > 1:
        raise InputError(
            Texts(
                f"Arket ligner lige meget et udtræk fra {' og '.join(names)}.",
                f"The sheet looks as much like an extract from {' as from '.join(names)}.",
            ),
            where=grid.name,
            hint=Texts(
                "Skriv arket og dets kolonner i styring-map.toml; den går forud.",
                "Write the sheet and its columns in styring-map.toml; that goes first.",
            ),
        )
    return best[0] if best else None


def with_profiles(
    mapping: WorkbookMap | None, grids: Sequence[Grid], spec: WorkbookSpec
) -> tuple[WorkbookMap | None, list[Recognised]]:
    """Return a mapping with the sheets of known systems in it, and what was recognised.

    What the mapping file says of a sheet goes before what is known of systems, and so does a sheet
    whose name is that of another sheet. One that lacks a needed column is left as it is.

    Raises:
        InputError: a sheet looks like two systems' extracts equally much.
    """
    said = mapping.said.sheet if mapping else ()
    named = {id(g): s for s, g, by_name in layout.find_sheets(grids, spec, mapping) if by_name}
    added: list[SheetMap] = []
    found: list[Recognised] = []
    for grid in grids:
        if mapping is not None and mapping.of(grid) is not None:
            continue
        like = recognised(grid)
        by_name = named.get(id(grid))
        if like is None or (by_name is not None and by_name.id != like.profile.sheet):
            continue
        lacking = like.profile.about
        if like.profile.sheet is not None:
            sheet = _sheet_map(like, spec)
            one = _as_map(mapping, (sheet,), frozenset({grid.name}))
            try:
                laid_as = spec[like.profile.sheet]
                layout.lay_out(laid_as, grid, by_name=True, mapping=one)
            except InputError as error:
                lacking = Texts(
                    f"{error.what.da} {like.profile.about.da}",
                    f"{error.what.en} {like.profile.about.en}",
                )
            else:
                added.append(sheet)
                found.append(like)
                continue
        found.append(Recognised(grid, like.profile, like.row, like.share, lacking))
    names = frozenset(s.name for s in added)
    return (_as_map(mapping, (*said, *added), names) if added else mapping), found


def _as_map(
    mapping: WorkbookMap | None, sheets: Sequence[SheetMap], profiled: frozenset[str]
) -> WorkbookMap:
    file, text = (mapping.file, mapping.text) if mapping else (Path("styring"), "")
    return WorkbookMap(file, text, MapFile(sheet=tuple(sheets)), profiled)


def _sheet_map(like: Recognised, spec: WorkbookSpec) -> SheetMap:
    """Return what is known of a system's extract as a mapping of this sheet."""
    known = {fold(h): h for h in like.profile.headers}
    shown = [shown_header(c) for c in like.grid.rows[like.row]]
    columns: dict[str, str | Amount] = {}
    for index, name in enumerate(shown):
        if fold(name) in known:
            key = name if shown.count(name) == 1 else f"[{like.grid.letter(index)}]"
            columns[key] = like.profile.columns.get(known[fold(name)], "")
    sheet = spec[like.profile.sheet or ""]
    return SheetMap(
        name=shown_header(like.grid.name),
        read_as=sheet.name,
        header_row=like.row + 1,
        columns=columns,
    )


def profile_notes(found: Sequence[Recognised], spec: WorkbookSpec) -> Iterator[Note]:
    """Yield which sheets look like known systems' extracts, and what they were read as."""
    for like in found:
        name, of = like.profile.name, len(like.profile.headers)
        looks = Texts(
            f"Arket ligner et udtræk fra {name} ({like.found} af {of} overskrifter)",
            f"The sheet looks like an extract from {name} ({like.found} of {of} headers)",
        )
        if like.lacking is not None:
            yield Note(
                "warning",
                Texts(f"{looks.da}. {like.lacking.da}", f"{looks.en}. {like.lacking.en}"),
                like.grid.name,
            )
            continue
        sheet = spec[like.profile.sheet or ""].name
        yield Note(
            "info",
            Texts(
                f"{looks.da} og er læst som {sheet}. {like.profile.about.da}",
                f"{looks.en} and was read as {sheet}. {like.profile.about.en}",
            ),
            like.grid.name,
        )
