"""What is said of how a sheet was taken: hidden parts, units, columns left, versions and years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from styring.privacy import masked
from styring.read.columns import as_text
from styring.read.headers import ACCOUNTS, Measure, is_part_of_a_year
from styring.read.layout import Layout
from styring.tables import Note, letter
from styring.text import counted


def layout_notes(layout: Layout) -> Iterator[Note]:
    """Yield what a reader of the workbook should know about how a sheet was taken."""
    grid, sheet = layout.grid, layout.sheet
    if not layout.by_name:
        yield layout.note(
            "warning",
            f"Arket «{grid.name}» er læst som {sheet.name}, fordi kolonnerne passer.",
            f"The sheet “{grid.name}” is read as {sheet.name} because its columns fit.",
        )
    if grid.hidden:
        yield layout.note(
            "warning",
            "Arket er skjult i projektmappen. Det er læst med.",
            "The sheet is hidden in the workbook. It was read.",
        )
    if n := grid.scan.hidden_rows:
        yield layout.note(
            "warning",
            f"{counted(n, 'skjult række', 'skjulte rækker')} er læst med.",
            f"{counted(n, 'hidden row', 'hidden rows')} included.",
        )
    if zeros := grid.scan.zero_formulas:
        row, column = zeros[0]
        yield layout.note(
            "warning",
            f"{counted(len(zeros), 'formel', 'formler')} viser 0 og er måske aldrig regnet ud. "
            "Åbn filen i Excel, og gem den igen.",
            f"{counted(len(zeros), 'formula', 'formulas')} show 0 and were perhaps never "
            "computed. Open the file in Excel and save it again.",
            f"{letter(column)}{row + 1}",
        )
    if layout.unmapped:
        names = ", ".join(f"«{n}»" for n in layout.unmapped[:8])
        more = " …" if len(layout.unmapped) > 8 else ""
        yield layout.note(
            "warning",
            f"Kolonner, som oversættelsesfilen ikke nævner: {names}{more}. De er læst efter deres "
            "overskrift.",
            f"Columns the mapping file does not mention: {names}{more}. They are read by their "
            "header.",
        )
    yield from _amount_notes(layout)


def _amount_notes(layout: Layout) -> Iterator[Note]:
    """Yield in what unit amounts stand, which columns are not used, and which hold amounts."""
    if layout.scale > 1:
        in_thousands = layout.scale == 1000
        unit = "1.000 kr." if in_thousands else "mio. kr."
        unit_en = "DKK 1,000" if in_thousands else "DKK million"
        yield layout.note(
            "info",
            f"Beløbene står i {unit} og er regnet om til kroner.",
            f"Amounts are in {unit_en} and were converted to kroner.",
            column="beloeb",
        )
    if layout.unused:
        names = ", ".join(f"«{n}»" for n in layout.unused[:8])
        more = " …" if len(layout.unused) > 8 else ""
        yield layout.note(
            "info",
            f"Kolonner, der ikke er brugt: {names}{more}.",
            f"Columns not used: {names}{more}.",
        )
    if layout.sheet.id == "oekonomi":
        yield from _measure_notes(layout) if layout.measures else _long_notes(layout)


def _measure_notes(layout: Layout) -> Iterator[Note]:
    """Yield which columns of a wide ledger hold amounts, and what those are taken as."""
    amounts = [m for m in layout.measures if not m.check]
    first, last = (layout.grid.letter(layout.measures[n].index) for n in (0, -1))
    taken = dict.fromkeys(str(said) for m in amounts for said in (m.version, m.year) if said)
    shown = f": {', '.join(taken)}" if taken else ""
    n = len(amounts)
    yield layout.note(
        "info",
        f"{counted(n, 'kolonne', 'kolonner')} med beløb ({first}–{last}) er læst som rækker"
        f"{shown}.",
        f"{counted(n, 'column', 'columns')} of amounts ({first}–{last}) read as rows{shown}.",
        column="beloeb",
    )
    yield from _part_notes(layout, amounts)
    if layout.assumed:
        yield layout.note(
            "warning",
            "Arket siger ikke, om beløbene er budget eller regnskab. De er læst som regnskab.",
            "The sheet does not say whether its amounts are budget or accounts. They are read as "
            "accounts.",
            column="version",
        )


def _part_notes(layout: Layout, amounts: Sequence[Measure]) -> Iterator[Note]:
    """Yield which columns of accounts are of a part of the year, and are read as the year's."""
    for m in amounts:
        name = as_text(layout.grid.rows[layout.header][m.index])
        if m.version == ACCOUNTS and m.month is None and is_part_of_a_year(name):
            yield layout.note(
                "warning",
                f"«{masked(name)}» dækker kun en del af året og er læst som årets regnskab. Er "
                "året slut, mangler der udgifter.",
                f"“{masked(name)}” covers only a part of the year and is read as the year's "
                "accounts. If the year has ended, expenses are missing.",
                layout.grid.cell(layout.header, m.index),
                "beloeb",
            )


def _long_notes(layout: Layout) -> Iterator[Note]:
    """Yield which year and version a ledger is of, where its columns do not say it."""
    around = layout.around
    if taken := [str(said) for said in (around.version, around.year) if said]:
        yield layout.note(
            "info",
            f"Læst af arkets navn eller titel: {', '.join(taken)}.",
            f"Read from the sheet's name or title: {', '.join(taken)}.",
        )
    if "version" not in layout.columns and not around.version:
        yield layout.note(
            "warning",
            "Arket siger ikke, om beløbene er budget eller regnskab. De indgår ikke i tallene: "
            "tilføj kolonnen «version».",
            "The sheet does not say whether its amounts are budget or accounts. They enter no "
            "figure: add the column “version”.",
            column="version",
        )
