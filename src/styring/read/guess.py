"""What styring would take a workbook for, written as a mapping file for a person to review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from styring.errors import InputError, Lang
from styring.model import Sheet, WorkbookSpec
from styring.privacy import masked
from styring.read import layout
from styring.read.columns import as_text
from styring.read.grid import Grid, read_grids
from styring.read.headers import Measure
from styring.read.layout import FoundHeader
from styring.read.letters import with_letters
from styring.read.mapping import WorkbookMap, nearest, nearest_columns, shown_header
from styring.read.profiles import with_profiles
from styring.text import number

_WORDS: dict[Lang, dict[str, str]] = {
    "da": {
        "head": "Hvad styring tager arkene og kolonnerne i {file} for.\n"
        "Gennemgå filen, ret det, der er forkert, og gem den. Senere kørsler bruger den.\n"
        'Til venstre står arkets egen overskrift, til højre det, den læses som; "" = bruges '
        "ikke.\n"
        "En procent siger, hvor meget to navne ligner hinanden; ingen kolonne tages på lighed.",
        "only": "fjern tegnet # forrest, hvis filen kun skal gælde denne projektmappe",
        "by_columns": "arkets navn kendes ikke; kolonnerne passer",
        "not_read": "ikke læst; arket kendes ikke",
        "sheet_like": "ikke læst; navnet ligner {near}",
        "like_system": "overskrifterne er som i et udtræk fra {system}",
        "system": "som i udtrækket",
        "system_unused": "ikke brugt i udtrækket",
        "name": "samme navn",
        "alias": "kendt som et andet navn for {name}",
        "amount": "kolonne med beløb",
        "twin": "ikke brugt: en anden kolonne er læst som {name}",
        "unused": "ikke brugt; intet kendt navn ligner",
        "like": "ikke brugt; ligner mest {near}",
        "lacks": "mangler: {names}",
    },
    "en": {
        "head": "What styring takes the sheets and columns of {file} for.\n"
        "Review the file, mend what is wrong, and save it. Later runs use it.\n"
        'On the left is the sheet\'s own header, on the right what it is read as; "" = not '
        "used.\n"
        "A per cent says how alike two names are; no column is taken for its likeness.",
        "only": "take away the # in front if the file is for this workbook only",
        "by_columns": "the sheet's name is not known; its columns fit",
        "not_read": "not read; the sheet is not known",
        "sheet_like": "not read; the name is like {near}",
        "like_system": "the headers are those of an extract from {system}",
        "system": "as in the extract",
        "system_unused": "not used in the extract",
        "name": "the same name",
        "alias": "known as another name for {name}",
        "amount": "column of amounts",
        "twin": "not used: another column is read as {name}",
        "unused": "not used; no known name is like it",
        "like": "not used; most like {near}",
        "lacks": "missing: {names}",
    },
}


def map_text(path: Path, spec: WorkbookSpec, lang: Lang) -> str:
    """Return the mapping file of a workbook: every sheet, every column, and how sure each is.

    Args:
        path: the workbook.
        spec: the sheets styring knows.
        lang: of the comments.

    Raises:
        InputError: the workbook cannot be opened.
    """
    grids, _ = with_letters(read_grids(path))
    words = _WORDS[lang]
    mapping, like = with_profiles(None, grids, spec)
    systems = {id(r.grid): r.profile.name for r in like if r.lacking is None}
    found = {id(g): (s, by_name) for s, g, by_name in layout.find_sheets(grids, spec, mapping)}
    lines = [f"# {line}" for line in words["head"].format(file=masked(path.name)).split("\n")]
    lines += ["format = 1", f"# workbook = {quoted(path.name)} # {words['only']}"]
    for grid in grids:
        sheet, by_name = found.get(id(grid), (None, True))
        lines += ["", "[[sheet]]", f"name = {quoted(grid.name)}"]
        if sheet is None:
            near = _shares(
                nearest(grid.name, {s.name: (s.name, *s.aliases) for s in spec.sheet}), lang
            )
            said = words["sheet_like"].format(near=near) if near else words["not_read"]
            lines.append(f'read_as = "" # {said}')
            continue
        why = "" if by_name else f" # {words['by_columns']}"
        if system := systems.get(id(grid)):
            why = f" # {words['like_system'].format(system=system)}"
        lines.append(f"read_as = {quoted(sheet.name)}{why}")
        if not sheet.keyvalue and not all(map(layout.is_blank, grid.rows)):
            lines += _sheet_lines(sheet, grid, mapping, lang)
    return "\n".join(lines) + "\n"


def _sheet_lines(
    sheet: Sheet, grid: Grid, mapping: WorkbookMap | None, lang: Lang
) -> Iterator[str]:
    """Yield the header's row, the unit and the columns of a sheet."""
    words, header = _WORDS[lang], layout.found_header(sheet, grid, mapping)
    try:
        laid = layout.lay_out(sheet, grid, by_name=True, mapping=mapping)
    except InputError:
        laid = None
    yield f"header_row = {header.row + 1}"
    if laid is not None and laid.scale > 1:
        yield f"unit = {laid.scale}"
    if lacks := [c.name for c in header.lacks]:
        yield f"# {words['lacks'].format(names=', '.join(lacks))}"
    yield ""
    yield "[sheet.columns]"
    shown = [shown_header(c) for c in header.cells]
    columns = {i: c for c, i in (laid.columns if laid else header.columns).items()}
    measures = {m.index: m for m in (laid.measures if laid else header.measures)}
    for index, name in enumerate(shown):
        if not name and not layout.filled(grid, header.row, index):
            continue
        key = name if name and shown.count(name) == 1 else f"[{grid.letter(index)}]"
        value, why = _column(
            sheet, header, index, name, columns.get(index), measures.get(index), lang
        )
        yield f"{quoted(key)} = {value} # {why}"


def _column(
    sheet: Sheet,
    header: FoundHeader,
    index: int,
    name: str,
    column_id: str | None,
    measure: Measure | None,
    lang: Lang,
) -> tuple[str, str]:
    """Return what a column is read as, as TOML, and how sure that is."""
    words = _WORDS[lang]
    if column_id is not None:
        column = next(c for c in sheet.column if c.id == column_id)
        how = "name" if index in header.exact else "alias"
        if index in header.decided:
            how = "system"
        return quoted(column.name), words[how].format(name=column.name)
    if measure is not None:
        said = {k: getattr(measure, k) for k in ("version", "year", "month", "check")}
        parts = [
            f"{k} = {quoted(v) if isinstance(v, str) else v}"
            for k, v in said.items()
            if v is not None
        ]
        return f"{{ {', '.join(parts)} }}", words["amount"]
    if index in header.decided:
        return '""', words["system_unused"]
    if (twin := header.means.get(index)) is not None:
        return '""', words["twin"].format(name=twin)
    near = _shares(nearest_columns(name, sheet), lang)
    return '""', words["like"].format(near=near) if near else words["unused"]


def _shares(near: Sequence[tuple[str, float]], lang: Lang) -> str:
    """Return names with their likeness: `pris (67 %), enhed (61 %)`."""
    return ", ".join(f"{name} ({likeness(share, lang)})" for name, share in near)


def likeness(share: float, lang: Lang) -> str:
    """Return a likeness 0–1 in per cent, never rounded up to a whole."""
    return f"{number(int(100 * share), 0, lang)} %"


def quoted(text: object) -> str:
    """Return a TOML string."""
    escaped = masked(as_text(text)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(c if c.isprintable() else " " for c in escaped)}"'
