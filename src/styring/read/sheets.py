"""One laid-out sheet as a frame, with an account of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum
from statistics import median

import polars as pl

from styring.errors import Texts
from styring.model import Column, Sheet
from styring.read import layout as lay
from styring.read.columns import (
    UNREADABLE,
    Doubt,
    Typed,
    as_text,
    first_cells,
    typed_column,
)
from styring.read.layout import Layout
from styring.tables import Note, Source, column_of, gate, letter
from styring.text import counted


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a sheet's rows, and of the sum of its main column.

    rows = accepted + rejected + totals + duplicates; the same holds for the sums. Sums are in the
    sheet's own unit times `scale`.
    """

    sheet: str
    taken_as: str
    header_row: int
    columns: dict[str, str]
    rows: int
    accepted: int
    rejected: int
    totals: int
    duplicates: int
    converted: int
    sum_column: str | None = None
    sum_sheet: float = 0.0
    sum_accepted: float = 0.0
    sum_rejected: float = 0.0
    sum_totals: float = 0.0
    sum_duplicates: float = 0.0
    sum_rounding: float = 0.0


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet as read."""

    frame: pl.DataFrame
    source: Source
    notes: tuple[Note, ...]
    account: Account


def read_sheet(laid: Layout) -> SheetRead:
    """Return a laid-out sheet as a frame through the gate.

    A row without a readable needed value is rejected, and so is a row whose end date cannot be
    read (it must not turn into an open case). Other unreadable cells become null with a note.
    """
    laid = lay.fill_merged(laid)
    sheet, grid = laid.sheet, laid.grid
    numbers, totals, notes = _data_rows(laid)
    rows = [grid.rows[n] for n in numbers]
    typed = {
        cid: typed_column(
            column_of(sheet, cid),
            [r[index] for r in rows],
            lambda i, index=index: f"{grid.name}!{grid.cell(numbers[i], index)}",  # type: ignore[misc]
            typed=grid.typed,
            scale=laid.scale if cid == "beloeb" else 1,
        )
        for cid, index in laid.columns.items()
    }
    frame = pl.DataFrame([t.series for t in typed.values()]).with_columns(
        raekke=pl.Series([n + 1 for n in numbers], dtype=pl.Int64())
    )
    rejected = _rejected(sheet, typed)
    notes += _doubt_notes(laid, numbers, typed, rejected)
    if laid.measures:
        return _wide(laid, frame, numbers, totals, rejected, notes)
    notes += _thousands_lost(laid, frame)
    kept = frame.filter(
        ~pl.Series([i in rejected for i in range(len(numbers))], dtype=pl.Boolean())
    )
    kept, twins = _distinct(sheet, kept)
    notes += _twin_notes(laid, twins)
    kept, clashes = _without_clashes(laid, kept)
    notes += clashes.notes
    notes += lay.layout_notes(laid)
    full = gate(_extra(laid, kept), sheet)
    account = _account(
        laid, frame, numbers, totals, rejected | clashes.indexes(numbers), twins, typed
    )
    notes += _total_notes(laid, totals, account)
    return SheetRead(full, Source(grid.name, _letters(laid)), tuple(notes), account)


def _letters(laid: Layout) -> dict[str, str]:
    return {c: letter(laid.grid.left + i) for c, i in laid.columns.items()}


def _data_rows(laid: Layout) -> tuple[list[int], list[int], list[Note]]:
    """Return the numbers of the rows with data, of the printed totals, and notes."""
    numbers, totals, notes = [], [], []
    for n in range(laid.header + 1, len(laid.grid.rows)):
        row = laid.grid.rows[n]
        if lay.is_blank(row):
            continue
        if lay.is_total(row):
            totals.append(n)
        elif n == laid.header + 1 and lay.is_letter_row(row):
            notes.append(
                Note("info", Texts("Rækken med bogstaver under overskriften er sprunget over.",
                                   "The row of letters under the header was skipped."),
                     laid.grid.name, f"A{n + 1}")
            )  # fmt: skip
        else:
            numbers.append(n)
    return numbers, totals, notes


def _rejected(sheet: Sheet, typed: dict[str, Typed]) -> set[int]:
    """Return the rows (index) that cannot be used."""
    gone: set[int] = set()
    for column in sheet.column:
        if column.id not in typed:
            continue
        found = typed[column.id]
        if column.id == "slutdato":
            gone |= found.unreadable
        elif column.required and column.type != "score":
            gone |= set(found.series.is_null().arg_true().to_list())
    if sheet.id == "sager":  # no price and no unit: counts persons, costs nothing known
        keep = {"pris", "enhed"}
        gone = _rejected_by(typed, [c for c in sheet.column if c.id not in keep])
    if sheet.id == "oekonomi" and "version" in typed:
        gone |= set(typed["version"].series.is_null().arg_true().to_list())
    return gone


def _rejected_by(typed: dict[str, Typed], columns: Sequence[Column]) -> set[int]:
    gone: set[int] = set()
    for column in columns:
        if column.id in typed and column.id == "slutdato":
            gone |= typed[column.id].unreadable
        elif column.id in typed and column.required:
            gone |= set(typed[column.id].series.is_null().arg_true().to_list())
    return gone


def _extra(laid: Layout, frame: pl.DataFrame) -> pl.DataFrame:
    if laid.sheet.id == "oekonomi":
        place = letter(laid.grid.left + laid.columns["beloeb"])
        return frame.with_columns(kolonne=pl.lit(place))
    if laid.sheet.id == "praksis" and "score" in frame.columns:
        unknown = (pl.col("score") == -1).fill_null(value=False)
        return frame.with_columns(ved_ikke=unknown, score=pl.when(~unknown).then("score"))
    return frame


def _distinct(sheet: Sheet, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows once each, and the repetitions, where rows that are all alike count once."""
    if not sheet.distinct:
        return frame, frame.clear()
    first = pl.struct(pl.exclude("raekke")).is_first_distinct()
    return frame.filter(first), frame.filter(~first)


def _twin_notes(laid: Layout, twins: pl.DataFrame) -> list[Note]:
    if twins.is_empty():
        return []
    n, first = twins.height, int(twins["raekke"][0])
    return [
        Note(
            "warning",
            Texts(
                f"{n} rækker er ens med en anden række i alle felter og tæller ikke med igen.",
                f"{n} rows are identical to another row in every field and count once.",
            ),
            laid.grid.name,
            f"A{first}",
        )
    ]


@dataclass(frozen=True, slots=True)
class _Clashes:
    notes: list[Note]
    rows: frozenset[int] = frozenset()

    def indexes(self, numbers: list[int]) -> set[int]:
        return {i for i, n in enumerate(numbers) if n + 1 in self.rows}


def _without_clashes(laid: Layout, frame: pl.DataFrame) -> tuple[pl.DataFrame, _Clashes]:
    """Return the rows without repeated keys: alike once, contradicting ones not at all."""
    keys = [k for k in laid.sheet.key if k in frame.columns]
    if not keys or frame.is_empty():
        return frame, _Clashes([])
    repeated = frame.filter(pl.struct(keys).is_duplicated())
    if repeated.is_empty():
        return frame, _Clashes([])
    rest = pl.struct(pl.exclude("raekke", *keys))
    alike = repeated.filter(rest.n_unique().over(keys) == 1)
    again = alike.filter(~pl.struct(keys).is_first_distinct())["raekke"].to_list()
    apart = repeated.filter(rest.n_unique().over(keys) > 1)["raekke"].to_list()
    gone = frozenset([*again, *apart])
    names = ", ".join(column_of(laid.sheet, k).name for k in keys)
    notes = []
    if again:
        notes.append(Note("warning", Texts(
            f"{len(again)} rækker gentager en nøgle ({names}) med samme indhold og tæller én gang.",
            f"{len(again)} rows repeat a key ({names}) with the same content and count once.",
        ), laid.grid.name, f"A{again[0]}"))  # fmt: skip
    if apart:
        where = ", ".join(str(r) for r in apart[:6])
        notes.append(Note("error", Texts(
            f"Række {where} har samme nøgle ({names}), men modsiger hinanden. Ingen af dem er brugt.",
            f"Rows {where} have the same key ({names}) but contradict each other. None is used.",
        ), laid.grid.name, f"A{apart[0]}"))  # fmt: skip
    return frame.filter(~pl.col("raekke").is_in(sorted(gone))), _Clashes(notes, gone)


def _wide(
    laid: Layout,
    frame: pl.DataFrame,
    numbers: list[int],
    totals: list[int],
    rejected: set[int],
    notes: list[Note],
) -> SheetRead:
    """Return a wide ledger made long: one row per amount."""
    grid, sheet = laid.grid, laid.sheet
    beloeb = column_of(sheet, "beloeb")
    parts, unreadable, raw = [], 0, {}
    for m in laid.measures:
        cells = [grid.rows[n][m.index] for n in numbers]
        typed = typed_column(beloeb, cells, lambda i, m=m: f"{grid.name}!{grid.cell(numbers[i], m.index)}", typed=grid.typed, scale=laid.scale)  # type: ignore[misc]  # fmt: skip
        notes += _column_notes(laid, beloeb, typed, letter(grid.left + m.index), numbers)
        raw[m] = amounts = typed.series.rename("beloeb")
        if m.check:
            continue
        unreadable += len(typed.unreadable)
        parts.append(_long(laid, frame.with_columns(beloeb=amounts), m))
    long = pl.concat(parts, how="diagonal").sort("raekke", maintain_order=True)
    bad = pl.col("raekke").is_in([numbers[i] + 1 for i in sorted(rejected)])
    out = long.filter(bad)
    kept = long.filter(~bad)
    if "version" in kept.columns:
        out = pl.concat([out, kept.filter(pl.col("version").is_null())], how="diagonal")
        kept = kept.filter(pl.col("version").is_not_null())
    notes += list(_check_notes(laid, raw, numbers))
    notes += lay.layout_notes(laid)
    account = Account(
        sheet=grid.name, taken_as=sheet.name, header_row=laid.header + 1, columns=_letters(laid),
        rows=long.height + unreadable, accepted=kept.height, rejected=out.height + unreadable,
        totals=0, duplicates=0, converted=kept.height, sum_column=beloeb.name,
        sum_sheet=fsum(long["beloeb"]), sum_accepted=fsum(kept["beloeb"]),
        sum_rejected=fsum(out["beloeb"]),
    )  # fmt: skip
    return SheetRead(gate(kept, sheet), Source(grid.name, _letters(laid)), tuple(notes), account)


def _long(laid: Layout, frame: pl.DataFrame, m: lay.Measure) -> pl.DataFrame:
    """Return the amounts of one wide column as ledger rows; blank cells are no amounts."""
    frame = frame.filter(pl.col("beloeb").is_not_null())
    year = m.year or laid.year
    made: dict[str, pl.Expr] = {"kolonne": pl.lit(letter(laid.grid.left + m.index))}
    if "aar" not in frame.columns or m.year:
        made["aar"] = pl.lit(year, pl.Int64())
    if m.month:
        made["maaned"] = pl.lit(m.month, pl.Int64())
    if m.version:
        made["version"] = pl.lit(m.version)
    elif "version" not in frame.columns:
        made["version"] = pl.lit("regnskab")
    if m.follow_up and m.version == "forventet regnskab":
        day, month, own = m.follow_up
        of_year = pl.lit(own, pl.Int64()) if own else pl.col("aar")
        frame = frame.with_columns(**{k: v for k, v in made.items() if k == "aar"})
        made["opfoelgning"] = pl.date(of_year, month, day)
    return frame.with_columns(**made)


def _check_notes(
    laid: Layout, raw: dict[lay.Measure, pl.Series], numbers: list[int]
) -> Iterator[Note]:
    """Yield where printed totals and deviations differ from the amounts beside them."""
    amounts = {m: s for m, s in raw.items() if not m.check}
    for m, printed in raw.items():
        if m.check is None:
            continue
        wanted = _candidates(m.check, amounts)
        place = f"{letter(laid.grid.left + m.index)}{numbers[0] + 1}" if numbers else ""
        best = min(((_differs(printed, series), how) for how, series in wanted),
                   key=lambda pair: pair[0].sum(), default=None)  # fmt: skip
        if best is None:
            continue
        off, how = best
        if m.check == "deviation" and off.sum() < len(off) / 2:
            yield Note("info", Texts(f"Afvigelsen er læst som {how.da}.",
                                     f"The deviation is read as {how.en}."),
                       laid.grid.name, place)  # fmt: skip
        if off.any():
            rows = [numbers[i] + 1 for i in off.arg_true().to_list()]
            shown = ", ".join(str(r) for r in rows[:5]) + (" …" if len(rows) > 5 else "")
            yield Note("warning", Texts(
                f"Kolonnen passer ikke med beløbene ved siden af i række {shown}. Beløbene er brugt.",
                f"The column does not agree with the amounts beside it in row {shown}. "
                "The amounts are used.",
            ), laid.grid.name, f"{letter(laid.grid.left + m.index)}{rows[0]}")  # fmt: skip


def _differs(printed: pl.Series, computed: pl.Series) -> pl.Series:
    return ((printed - computed).abs() > 0.5 * 1000).fill_null(value=False)


def _candidates(check: str, amounts: dict[lay.Measure, pl.Series]) -> list[tuple[Texts, pl.Series]]:
    """Return what a printed column could be, and how that is said."""
    if check == "total":
        frame = pl.DataFrame([s.alias(str(i)) for i, s in enumerate(amounts.values())])
        return [(Texts("summen", "the sum"), frame.sum_horizontal())]
    by_version = {m.version: s.fill_null(0.0) for m, s in amounts.items()}
    parts = ("oprindeligt budget", "tillægsbevilling", "omplacering", "overførsel")
    budget = by_version.get("korrigeret budget")
    if budget is None and "oprindeligt budget" in by_version:
        given = [by_version[p] for p in parts if p in by_version]
        budget = pl.DataFrame([s.alias(str(i)) for i, s in enumerate(given)]).sum_horizontal()
    used = by_version.get("regnskab")
    if used is None:
        used = by_version.get("forventet regnskab")
    if budget is None or used is None:
        return []
    return [
        (Texts("forbrug minus budget (plus er merforbrug)",
               "spending less budget (plus is overspend)"), used - budget),
        (Texts("budget minus forbrug (plus er mindreforbrug)",
               "budget less spending (plus is underspend)"), budget - used),
    ]  # fmt: skip


def _account(
    laid: Layout,
    frame: pl.DataFrame,
    numbers: list[int],
    totals: list[int],
    rejected: set[int],
    twins: pl.DataFrame,
    typed: dict[str, Typed],
) -> Account:
    """Return what became of the rows and of the main column's own sum."""
    name = laid.sheet.sum if laid.sheet.sum in laid.columns else None
    twin_rows = set(twins["raekke"].to_list())
    sums = dict.fromkeys(("sheet", "accepted", "rejected", "totals", "duplicates"), 0.0)
    if name:
        index = laid.columns[name]
        own = [_amount(laid.grid.rows[n][index]) * laid.scale for n in numbers]
        total = [_amount(laid.grid.rows[n][index]) * laid.scale for n in totals]
        read = [v or 0.0 for v in frame[name].cast(pl.Float64()).to_list()]
        read = [0.0 if laid.sheet.id == "praksis" and v < 0 else v for v in read]
        own = [o if type(laid.grid.rows[n][index]) is float else r
               for o, r, n in zip(own, read, numbers, strict=True)]  # fmt: skip
        twin = [numbers[i] + 1 in twin_rows for i in range(len(numbers))]
        sums = {
            "sheet": fsum([*own, *total]),
            "accepted": fsum(v for i, v in enumerate(read) if i not in rejected and not twin[i]),
            "rejected": fsum(v for i, v in enumerate(own) if i in rejected),
            "totals": fsum(total),
            "duplicates": fsum(v for i, v in enumerate(read) if twin[i] and i not in rejected),
        }
    found = sums["accepted"] + sums["rejected"] + sums["totals"] + sums["duplicates"]
    return Account(
        sheet=laid.grid.name,
        taken_as=laid.sheet.name,
        header_row=laid.header + 1,
        columns=_letters(laid),
        rows=len(numbers) + len(totals),
        accepted=len(numbers) - len(rejected) - len(twin_rows),
        rejected=len(rejected),
        totals=len(totals),
        duplicates=len(twin_rows),
        converted=_converted(laid, typed, len(numbers)),
        sum_column=name and column_of(laid.sheet, name).name,
        sum_sheet=sums["sheet"],
        sum_accepted=sums["accepted"],
        sum_rejected=sums["rejected"],
        sum_totals=sums["totals"],
        sum_duplicates=sums["duplicates"],
        sum_rounding=sums["sheet"] - found,
    )


def _amount(cell: object) -> float:
    finite = type(cell) is float and cell == cell and abs(cell) != float("inf")
    return cell if finite else 0.0  # type: ignore[return-value]


def _converted(laid: Layout, typed: dict[str, Typed], rows: int) -> int:
    """Return how many rows had a cell that was read as something else than it stood as."""
    if laid.scale > 1:
        return rows
    touched = {i for t in typed.values() for kind, found in t.doubts.items()
               if kind not in UNREADABLE for i in found}  # fmt: skip
    return len(touched)


def _total_notes(laid: Layout, totals: list[int], account: Account) -> list[Note]:
    """Return whether the printed totals agree with the rows."""
    if not totals or account.sum_column is None:
        return []
    rows = account.sum_sheet - account.sum_totals
    index = laid.columns[laid.sheet.sum or ""]
    last = _amount(laid.grid.rows[totals[-1]][index]) * laid.scale
    place = laid.grid.cell(totals[-1], index)
    if abs(last - rows) <= 0.005 * len(totals) + abs(rows) * 1e-9:
        return [Note("info", Texts(
            f"{counted(len(totals), 'række', 'rækker')} med total er taget ud; den passer med rækkerne.",
            f"{counted(len(totals), 'row', 'rows')} with a total left out; it agrees with the rows.",
        ), laid.grid.name, place)]  # fmt: skip
    if len(totals) > 1:
        return [Note("info", Texts(f"{len(totals)} rækker med totaler er taget ud.",
                                   f"{len(totals)} rows with totals left out."),
                     laid.grid.name, place)]  # fmt: skip
    return [Note("warning", Texts(
        "Totalen i arket passer ikke med rækkerne over den. Rækkerne er brugt.",
        "The total in the sheet does not agree with the rows above it. The rows are used.",
    ), laid.grid.name, place)]  # fmt: skip


def _thousands_lost(laid: Layout, frame: pl.DataFrame) -> Iterator[Note]:
    """Yield the fingerprint of a lost thousands mark: 3,007 among prices in the thousands."""
    for column in laid.sheet.column:
        if column.type not in ("price", "money") or column.id not in frame.columns:
            continue
        if laid.scale > 1:
            continue
        x = pl.col(column.id)
        values = frame.select("raekke", column.id).filter(x.is_not_null())
        odd = values.filter(
            (x > 1) & (x < 100) & ((x * 1000).round() - (x * 100).round() * 10 != 0)
        )
        if odd.is_empty():
            continue
        rest = values.filter(x >= 100)[column.id].to_list()
        if odd.height and rest and median(rest) >= 100:
            place = f"{letter(laid.grid.left + laid.columns[column.id])}{odd['raekke'][0]}"
            yield Note("warning", Texts(
                f"{odd.height} tal i «{column.name}» har tre decimaler og er meget mindre end resten. "
                "Er tusindtalsskilletegnet gået tabt?",
                f"{odd.height} numbers in “{column.name}” have three decimals and are far smaller "
                "than the rest. Was a thousands mark lost?",
            ), laid.grid.name, place, column.id)  # fmt: skip


_SAID: dict[Doubt, tuple[str, str]] = {
    "error_cell": ("{n} celler i «{c}» er Excel-fejl og har ingen værdi", "{n} cells in “{c}” are Excel errors and have no value"),
    "uncached": ("{n} formler i «{c}» er aldrig regnet ud og har ingen værdi", "{n} formulas in “{c}” were never calculated and have no value"),
    "boolean": ("{n} celler i «{c}» er SAND eller FALSK, ikke tal", "{n} cells in “{c}” are TRUE or FALSE, not numbers"),
    "not_number": ("{n} celler i «{c}» er ikke tal", "{n} cells in “{c}” are not numbers"),
    "not_whole": ("{n} celler i «{c}» er ikke hele tal", "{n} cells in “{c}” are not whole numbers"),
    "not_finite": ("{n} celler i «{c}» er uendelige eller ikke tal", "{n} cells in “{c}” are infinite or not numbers"),
    "not_date": ("{n} celler i «{c}» er ikke datoer", "{n} cells in “{c}” are not dates"),
    "not_choice": ("{n} celler i «{c}» har en værdi, der ikke kendes", "{n} cells in “{c}” hold an unknown value"),
    "not_paragraph": ("{n} celler i «{c}» er ikke en paragraf", "{n} cells in “{c}” are no paragraph"),
    "bare_105": ("{n} celler i «{c}» er blot 105. Er det almenboligloven § 105 (ABL-105)?", "{n} cells in “{c}” are just 105. Is it ABL § 105 (ABL-105)?"),
    "not_function": ("{n} celler i «{c}» er ikke en funktion i kontoplanen", "{n} cells in “{c}” are no function of the chart of accounts"),
    "not_score": ("{n} svar i «{c}» er ikke 1–5 eller ved ikke", "{n} answers in “{c}” are not 1–5 or don't know"),
    "too_large": ("{n} celler i «{c}» ligger uden for det mulige", "{n} cells in “{c}” are beyond what is possible"),
    "odd_date": ("{n} datoer i «{c}» ligger før 1902 eller efter 2099", "{n} dates in “{c}” are before 1902 or after 2099"),
    "text_number": ("{n} tal i «{c}» stod som tekst og er læst som tal", "{n} numbers in “{c}” were text and read as numbers"),
    "text_date": ("{n} datoer i «{c}» stod som tekst og er læst som datoer", "{n} dates in “{c}” were text and read as dates"),
    "english_number": ("{n} tal i «{c}» er læst med punktum som decimaltegn", "{n} numbers in “{c}” were read with a point as decimal mark"),
    "us_date": ("{n} datoer i «{c}» er læst som måned/dag/år", "{n} dates in “{c}” were read as month/day/year"),
    "dash_zero": ("{n} streger i «{c}» er læst som 0", "{n} dashes in “{c}” were read as 0"),
    "serial_date": ("{n} datoer i «{c}» stod som tal og er læst som datoer", "{n} dates in “{c}” were numbers and read as dates"),
    "open_end": ("{n} datoer i «{c}» (9999 eller 1900) er læst som åbne", "{n} dates in “{c}” (9999 or 1900) were read as open"),
    "year_from_date": ("{n} årstal i «{c}» stod som datoer; året er brugt", "{n} years in “{c}” were dates; the year is used"),
    "more_decimals": ("{n} tal i «{c}» har flere decimaler, end der regnes med, og er afrundet", "{n} numbers in “{c}” have more decimals than are used and were rounded"),
}  # fmt: skip
_WORTH_ASKING: frozenset[Doubt] = frozenset({"bare_105", "english_number", "us_date", "dash_zero"})


def _doubt_notes(
    laid: Layout, numbers: list[int], typed: dict[str, Typed], rejected: set[int]
) -> list[Note]:
    """Return a note per column and kind of doubt, and one for the rows that were rejected."""
    notes: list[Note] = []
    for cid, found in typed.items():
        place = letter(laid.grid.left + laid.columns[cid])
        notes += _column_notes(laid, column_of(laid.sheet, cid), found, place, numbers)
    if rejected:
        lost = sorted(rejected)
        why = Counter(
            column_of(laid.sheet, cid).name
            for i in lost
            for cid, t in typed.items()
            if (column_of(laid.sheet, cid).required or cid == "version") and t.series[i] is None
        )
        names = ", ".join(f"«{c}»" for c, _ in why.most_common(4))
        because = f" (mangler {names})" if names else ""
        because_en = f" (lacking {names})" if names else ""
        notes.append(Note("error", Texts(
            f"{len(lost)} rækker kan ikke bruges{because}: {_row_list(numbers, lost)}.",
            f"{len(lost)} rows cannot be used{because_en}: {_row_list(numbers, lost)}.",
        ), laid.grid.name, f"A{numbers[lost[0]] + 1}"))  # fmt: skip
    return notes


def _row_list(numbers: list[int], lost: Sequence[int]) -> str:
    return first_cells(lost, lambda i: str(numbers[i] + 1), 8)


def _column_notes(
    laid: Layout, column: Column, found: Typed, place: str, numbers: Sequence[int]
) -> Iterator[Note]:
    def cell(i: int) -> str:
        return f"{place}{numbers[i] + 1}"

    for kind, rows in found.doubts.items():
        da, en = _SAID[kind]
        serious = kind in UNREADABLE or kind in _WORTH_ASKING
        shown = first_cells(rows, cell)
        first = cell(rows[0])
        example = _example(laid, first, kind)
        yield Note(
            "warning" if serious else "info",
            Texts(
                f"{da.format(n=len(rows), c=column.name)} ({shown}){example}.",
                f"{en.format(n=len(rows), c=column.name)} ({shown}){example}.",
            ),
            laid.grid.name,
            first,
            column.id,
        )


def _example(laid: Layout, cell: str, kind: Doubt) -> str:
    """Return what the first doubtful cell holds, where that is no personal data."""
    if kind not in ("not_choice", "not_paragraph", "not_function", "not_number", "not_date"):
        return ""
    letters = cell.rstrip("0123456789")
    index = next((i for c, i in laid.columns.items()
                  if letter(laid.grid.left + i) == letters and c not in ("borger_id", "sag_id")), None)  # fmt: skip
    if index is None:
        return ""
    text = as_text(laid.grid.rows[int(cell[len(letters) :]) - 1][index])
    return f": «{text[:40]}»" if text else ""


def combine(first: SheetRead, second: SheetRead, sheet: Sheet) -> SheetRead | None:
    """Return two sheets of one kind added, or None where their years overlap and they differ."""
    if "aar" in first.frame.columns:
        years = set(first.frame["aar"]) & set(second.frame["aar"])
    else:
        years = {0}
    without = pl.exclude("raekke")
    if years:
        same = first.frame.select(without).equals(second.frame.select(without))
        return first if same else None
    names = f"{first.source.sheet} og {second.source.sheet}"
    note = Note("info", Texts(f"Arkene {names} er lagt sammen som {sheet.name}; årene er forskellige.",
                              f"The sheets {names} were added as {sheet.name}; their years differ."),
                first.source.sheet)  # fmt: skip
    return replace(
        first,
        frame=pl.concat([first.frame, second.frame]),
        notes=(*first.notes, *second.notes, note),
    )
