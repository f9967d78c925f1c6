"""One figure explained on the user's own screen: definition, parts, rows and cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches

import polars as pl

from styring.aggregate import Part, Query, aggregate, kind_of, placed, select_rows
from styring.errors import InputError, Lang, Texts, join_texts
from styring.figures import by_group
from styring.find.parts import column_name, column_text, period, value_text
from styring.measure import Figure, missing_input
from styring.model import Aggregate, Indicator, Value
from styring.pipeline import Measured
from styring.prepare import DERIVED
from styring.privacy import masked
from styring.say import word
from styring.text import day, fold, number
from styring.text import period as period_text

PARTS = {
    "numerator": Texts("Tæller", "Numerator"),
    "denominator": Texts("Nævner", "Denominator"),
}
WIDE = 34


def find_indicator(indicators: Sequence[Indicator], name: str) -> Indicator:
    """Return the indicator with an id, title or alias.

    Raises:
        InputError: there is none; the message names those most like it.
    """
    wanted = fold(name)
    names = {fold(n): i for i in indicators for n in (*i.aliases, i.title.en, i.title.da, i.id)}
    if wanted in names:
        return names[wanted]
    like = [names[n].id for n in get_close_matches(wanted, names, n=8, cutoff=0.5)]
    near = [i.id for i in indicators if wanted[:6] in fold(i.id)]
    found = list(dict.fromkeys([*like, *near])) or [i.id for i in indicators]
    listed = ", ".join(found[:8])
    raise InputError(
        Texts(f"Indikatoren «{name}» kendes ikke.", f"The indicator “{name}” is not known."),
        hint=Texts(f"Skriv en af: {listed} …", f"Write one of: {listed} …"),
    )


def explain(
    measured: Measured,
    name: str,
    lang: Lang,
    *,
    year: int | None = None,
    by: str | None = None,
    most: int = 20,
) -> Iterator[str]:
    """Yield the lines that explain a figure.

    Args:
        measured: the workbook.
        name: the indicator's id, title or alias.
        lang: of the words.
        year: the year to explain; by default the one a report puts first.
        by: a column to split the figure by as well.
        most: how many rows to list per part.
    """
    ready = measured.ready
    indicator = find_indicator(measured.indicators, name)
    series = measured.figures.series[indicator.id]
    figure = measured.figures.main(ready, indicator)
    if year is not None:
        figure = _of_year(series, year)
    unit = next(u for u in ready.facts.unit if u.id == indicator.unit)
    words = _WORDS[lang]
    split = list(_split(measured, indicator, by, figure.year, lang)) if by else []
    yield f"{indicator.title[lang]}  [{indicator.id}, {words['version']} {indicator.version}]"
    yield indicator.question[lang]
    yield ""
    when = period_text(period(ready, indicator, figure), lang)
    yield f"{value_text(indicator, unit, figure)[lang]}  ({when}" + (
        f", {words['partial']})" if figure.partial else ")"
    )
    yield ""
    yield f"{words['definition']}: {indicator.description[lang]}"
    if indicator.caveat:
        yield f"{words['caveat']}: {indicator.caveat[lang]}"
    yield f"{words['source']}: {indicator.source[lang]}"
    yield f"{words['form']}: {_form(indicator.value)[lang]}"
    if len(series) > 1:
        shown = "; ".join(f"{f.year} {value_text(indicator, unit, f)[lang]}" for f in series)
        yield f"{words['series']}: {shown}"
    missing = missing_input(ready, indicator.value)
    for part in ("numerator", "denominator"):
        agg = getattr(indicator.value, part)
        if agg is not None:
            yield ""
            if missing and DERIVED.get(agg.from_, agg.from_) not in ready.tables.frames:
                yield f"{PARTS[part][lang]}: {words['no_sheet']} {agg.from_}"
                continue
            yield from _part(measured, agg, part, figure.year - agg.lag, lang, most)
    if split:
        yield from ["", *split]


def _form(value: Value) -> Texts:
    """Return how a figure is formed from its parts, and over what it is brought to one figure."""
    if value.over is None:
        return word("form", value.form)
    reduced = [] if value.reduce is None else [word("reduce", value.reduce)]
    over = join_texts([*reduced, column_name(value.numerator.from_, value.over)])
    return join_texts([word("form", value.form), over], ", ")


_WORDS: dict[Lang, dict[str, str]] = {
    "da": {"version": "version", "partial": "ufuldstændigt år", "definition": "Definition",
           "caveat": "Forbehold", "source": "Kilde", "form": "Beregning", "series": "År for år",
           "sheet": "ark", "column": "kolonne", "condition": "betingelse", "period": "periode",
           "rows": "rækker", "sum": "tal", "more": "flere rækker", "no_sheet": "mangler arket",
           "row": "række", "cell": "celle", "persons": "borgere", "by": "Fordelt på",
           "minus": "minus", "corrected": "rettet"},
    "en": {"version": "version", "partial": "partial year", "definition": "Definition",
           "caveat": "Caveat", "source": "Source", "form": "Computed as", "series": "Year by year",
           "sheet": "sheet", "column": "column", "condition": "condition", "period": "period",
           "rows": "rows", "sum": "figure", "more": "more rows", "no_sheet": "lacks the sheet",
           "row": "row", "cell": "cell", "persons": "citizens", "by": "Split by", "minus": "minus",
           "corrected": "corrected"},
}  # fmt: skip


def _of_year(series: Sequence[Figure], year: int) -> Figure:
    for figure in series:
        if figure.year == year:
            return figure
    raise InputError(
        Texts(f"Der er intet tal for {year}.", f"There is no figure for {year}."),
        hint=Texts("Udelad --year for at se det seneste.", "Leave out --year to see the latest."),
    )


def _part(
    measured: Measured, agg: Aggregate, part: str, year: int, lang: Lang, most: int
) -> Iterator[str]:
    """Yield a numerator or denominator: where it is from, what it comes to, its rows and cells."""
    ready, words = measured.ready, _WORDS[lang]
    sheet_id = DERIVED.get(agg.from_, agg.from_)
    source = ready.tables.sources.get(sheet_id)
    found = aggregate(ready, Query(agg)).get((year + agg.lag, None, None), Part(None))
    decimals = 0 if found.x is None or found.x.is_integer() else 2
    figure = number(found.x, decimals, lang)
    yield f"{PARTS[part][lang]}: {figure}"
    sheet, column = source.sheet if source else sheet_id, column_text(agg)[lang]
    yield f"  {words['sheet']} {sheet}, {words['column']} {column}"
    if agg.where:
        yield f"  {words['condition']}: {agg.where}"
    yield f"  {words['period']}: {year}, {word('period', kind_of(agg))[lang]}"
    if agg.from_ == "befolkning":
        rows = ready.tables.frames["befolkning"].filter(pl.col("aar") == year)
    else:
        rows = select_rows(ready, agg).filter(pl.col("aar") == year).collect()
    persons = f", {found.persons} {words['persons']}" if found.persons is not None else ""
    yield f"  {number(rows.height, 0, lang)} {words['rows']}{persons}"
    letters = source.columns if source else {}
    yield from _rows(rows, agg, letters, lang, most)
    yield from _corrected(measured, rows, sheet, lang)
    if agg.minus is not None:
        yield f"  {words['minus']}:"
        yield from (f"  {line}" for line in _part(measured, agg.minus, part, year, lang, most))


def _rows(
    rows: pl.DataFrame, agg: Aggregate, letters: Mapping[str, str], lang: Lang, most: int
) -> Iterator[str]:
    """Yield the first rows with their number in the sheet, the cell, and the columns in use."""
    used = [c for c in dict.fromkeys([*_named(agg), *agg.columns]) if c in rows.columns]
    if "raekke" not in rows.columns or rows.is_empty():
        return
    names = [column_name(agg.from_, c)[lang] for c in used]
    table = [[_WORDS[lang]["row"], _WORDS[lang]["cell"], *names]]
    main = next((c for c in (*agg.columns, "pris", "beloeb") if c in letters), None)
    for row in rows.head(most).iter_rows(named=True):
        place = row.get("kolonne") or letters.get(main or "", "A")
        table.append(
            [str(row["raekke"]), f"{place}{row['raekke']}", *(_plain(row[c], lang) for c in used)]
        )
    widths = [min(WIDE, max(len(line[n]) for line in table)) for n in range(len(table[0]))]
    for line in table:
        cells = [v[:WIDE].ljust(w) for v, w in zip(line, widths, strict=True)]
        yield f"    {'  '.join(cells).rstrip()}"
    if rows.height > most:
        yield f"    … {number(rows.height - most, 0, lang)} {_WORDS[lang]['more']}"


def _corrected(measured: Measured, rows: pl.DataFrame, sheet: str, lang: Lang) -> Iterator[str]:
    """Yield the cells of these rows that were corrected, each with its reason."""
    numbers = set(rows["raekke"]) if "raekke" in rows.columns else set()
    for made in measured.reading.corrected:
        row = int("".join(c for c in made.address if c.isdigit()))
        if made.sheet == sheet and row in numbers:
            said = masked(made.correction.reason)
            yield f"    {_WORDS[lang]['corrected']} {made.address}: {said}"


def _named(agg: Aggregate) -> list[str]:
    return list(pl.sql_expr(agg.where).meta.root_names()) if agg.where else []


def _plain(value: object, lang: Lang) -> str:
    match value:
        case None:
            return ""
        case bool():
            return {"da": ("nej", "ja"), "en": ("no", "yes")}[lang][value]
        case float():
            return number(value, 2, lang)
        case date():
            return day(value, lang)
        case _:
            return str(value)


def _split(
    measured: Measured, indicator: Indicator, by: str, year: int, lang: Lang
) -> Iterator[str]:
    """Yield the figure by another column of its table, small numbers withheld."""
    ready = measured.ready
    unit = next(u for u in ready.facts.unit if u.id == indicator.unit)
    columns = placed(ready, indicator.value.numerator).columns
    if by not in columns:
        raise InputError(
            Texts(f"Kolonnen «{by}» findes ikke.", f"There is no column “{by}”."),
            hint=Texts(
                f"Skriv en af: {', '.join(columns[:30])}",
                f"Write one of: {', '.join(columns[:30])}",
            ),
        )
    yield f"{_WORDS[lang]['by']} {by}:"
    for f in by_group(ready, indicator, by, year):
        yield f"  {f.group}: {value_text(indicator, unit, f)[lang]}"
