"""Other municipalities' figures: built from workbooks, imported from exports, listed."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache, partial
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from styring import peers as peer_file
from styring.cli import say
from styring.cli.run import expand, refuse_existing
from styring.definitions import load_catalogue
from styring.errors import InputError, Lang, Texts, UsageError, texts
from styring.model import Catalogue
from styring.output import write_files
from styring.peers.coverage import (
    REASONS,
    Count,
    Coverage,
    Line,
    Reason,
    Unusable,
    Year,
    coverage,
)
from styring.peers.importing import as_frame, import_sheet
from styring.peers.mapping import ImportMap, read_mapping
from styring.peers.table import read_sheet
from styring.pipeline import Choices, peer_rows, setup
from styring.privacy import masked
from styring.say import sentence
from styring.text import guarded, listed, number
from styring.unchanged import unchanged

WIDTH = 80
MOST_NAMED = 4
TITLE, YEAR = 34, 8
"""How many letters a title and a year take up at most."""


def build(
    workbooks: Sequence[str],
    *,
    out: Path,
    as_of: date | None,
    indicators: Path | None,
    chosen: str | None,
    config: Path | None,
    overwrite: bool,
) -> None:
    """Build a peers file from workbooks.

    Raises:
        InputError: a workbook cannot be used, or two are of the same municipality.
    """
    refuse_existing(out, overwrite=overwrite)
    choices = Choices(indicators=indicators, chosen=chosen, config=config)
    load = cache(partial(load_catalogue, indicators))
    rows: list[list[object]] = []
    files: dict[object, Path] = {}
    for path in expand(workbooks):
        built = peer_rows(path, setup(choices, path, "all", load), as_of)
        for code, name in {(row[0], row[1]) for row in built}:
            if files.setdefault(code, path) != path:
                raise InputError(
                    sentence("peers_list.two_workbooks", kommune=str(name)),
                    where=f"{files[code]}; {path}",
                    hint=sentence("peers_list.two_workbooks_hint"),
                )
        rows += built
        say(texts(masked(str(path))))
    data = peer_file.to_bytes(peer_file.to_frame(rows), out)
    for path in write_files(out.parent, {out.name: data}, overwrite=True):
        print(path)


def import_files(
    patterns: Sequence[str],
    *,
    out: Path,
    mapping: Path | None,
    indicators: Path | None,
    overwrite: bool,
) -> None:
    """Write the figures of exports as one peers file, and say what each can be used for.

    Raises:
        InputError: an export or the mapping file cannot be used.
    """
    refuse_existing(out, overwrite=overwrite)
    how = read_mapping(mapping) if mapping else ImportMap()
    catalogue = load_catalogue(indicators)
    found, notes = [], []
    for path in expand(patterns):
        with unchanged(path) as sha256:
            sheet = read_sheet(path, how.sheet)
        values, said = import_sheet(sheet, sha256, how)
        found += values
        notes += said
    frame, said = as_frame(found, how.aggregate)
    data = peer_file.to_bytes(frame, out)
    for path in write_files(out.parent, {out.name: data}, overwrite=True):
        print(path)
    for note in [*notes, *said]:
        say(note.message)
    for text in _closing(coverage(frame, catalogue), frame.height):
        say(text)


def _closing(c: Coverage, rows: int) -> Iterator[Texts]:
    """Yield what was imported and what it can be used for."""
    yield sentence("peers_list.imported", tal=_whole(rows), **_sizes(c))
    unknown = sum(u.rows for u in c.unusable if u.reason == "unknown")
    known = rows - unknown
    if known:
        yield sentence(f"peers_list.for_peers{_one(known)}", antal=_whole(known))
    if unknown:
        yield sentence(f"peers_list.for_context{_one(unknown)}", antal=_whole(unknown))
    if known and unknown:
        yield sentence("peers_list.both_kinds")
    if any(u.reason != "unknown" for u in c.unusable):
        yield sentence("peers_list.some_unusable")


def _one(n: int) -> str:
    """Return the ending of a sentence's name where it is about one thing."""
    return "_one" if n == 1 else ""


def _whole(n: int) -> Texts:
    return Texts(number(n), number(n, 0, "en"))


def _sizes(c: Coverage) -> dict[str, Texts]:
    """Return how many municipalities and indicators there are, and from when to when."""
    years = sorted({y.year for y in c.years})
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(map(str, years)) or "–"

    def counted(n: int, what: str) -> Texts:
        return sentence(f"peers_list.{what}{_one(n)}", n=_whole(n))

    return {
        "kommuner": counted(len(c.municipalities), "municipalities"),
        "indikatorer": counted(len(c.lines), "indicators"),
        "aar": texts(span),
    }


# --- What a file covers -------------------------------------------------------------------------


def show_list(file: Path, *, indicators: Path | None, form: str, by: str, lang: Lang) -> None:
    """Print what a peers file covers, and what cannot be compared and why.

    Raises:
        UsageError: no such format or table.
        InputError: the file cannot be used.
    """
    _refuse_word("format", form, ("text", "json", "csv"))
    _refuse_word("by", by, ("year", "municipality"))
    catalogue: Catalogue = load_catalogue(indicators)
    c = coverage(peer_file.read_context(file), catalogue)
    match form:
        case "json":
            print(json.dumps(_record(c), ensure_ascii=False, indent=1))
        case "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerows(
                [guarded(cell) if isinstance(cell, str) else cell for cell in row]
                for row in _cells(c, by, lang)
            )
        case _:
            print("\n".join(_lines(file, c, by, lang)))


def _refuse_word(option: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        raise UsageError(
            sentence("peers_list.no_word", ord=given, valg=option),
            hint=sentence("peers_list.words", ord=", ".join(known)),
        )


def _record(c: Coverage) -> dict[str, object]:
    return {
        "municipalities": [{"code": k, "name": v} for k, v in c.municipalities.items()],
        "indicators": [
            {
                "id": line.id,
                "title": asdict(line.title),
                "known": line.known,
                "years": [{**asdict(y), **asdict(n)} for y, n in line.years.items()],
                "municipalities": [
                    {"code": k, **asdict(n)} for k, n in line.municipalities.items()
                ],
            }
            for line in c.lines
        ],
        "unusable": [asdict(u) for u in c.unusable],
    }


def _cells(c: Coverage, by: str, lang: Lang) -> Iterator[list[object]]:
    """Yield the whole matrix, one cell a row, with its header."""
    if by == "year":
        yield ["indikator", "titel", "periode", "kommuner", "med_tal", "tilbageholdt"]
        for line in c.lines:
            for year in c.years:
                n = line.years.get(year, Count())
                yield [line.id, line.title[lang], year, len(c.municipalities), n.values, n.withheld]
        return
    yield ["kommunekode", "kommune", "indikator", "titel", "aar_med_tal", "aar_tilbageholdt"]
    for code, name in c.municipalities.items():
        for line in c.lines:
            n = line.municipalities.get(code, Count())
            yield [code, name, line.id, line.title[lang], n.values, n.withheld]


def _lines(file: Path, c: Coverage, by: str, lang: Lang) -> Iterator[str]:
    """Yield the report on the screen."""
    yield sentence("peers_list.head", fil=file.name, **_sizes(c))[lang]
    yield ""
    yield from _by_year(c, lang) if by == "year" else _by_municipality(c, lang)
    if c.unusable:
        yield ""
        yield sentence("peers_list.unusable")[lang]
        for reason in REASONS:
            if held := [u for u in c.unusable if u.reason == reason]:
                yield from _wrapped(f"- {_because(reason, held, lang)}")


def _because(reason: Reason, held: Sequence[Unusable], lang: Lang) -> str:
    """Return how many rows a reason holds, and the first indicators it does."""
    rows = sum(u.rows for u in held)
    said = sentence(f"peers_list.{reason}{_one(rows)}", antal=_whole(rows))[lang]
    named = [f"«{u.title[lang]}»" if lang == "da" else f"“{u.title[lang]}”" for u in held]
    if len(named) > MOST_NAMED:
        more = _whole(len(named) - MOST_NAMED + 1)
        named = [*named[: MOST_NAMED - 1], sentence("peers_list.more", antal=more)[lang]]
    return f"{said}: {listed(named, lang)}."


def _by_year(c: Coverage, lang: Lang) -> Iterator[str]:
    shown = c.years[-max(1, (_width() - TITLE - 2) // YEAR) :]
    table = _table([sentence("peers_list.indicator")[lang], *map(str, shown)])
    for line in c.lines:
        table.add_row(Text(line.title[lang]), *(_count(line, year) for year in shown))
    yield from _printed(table)
    yield ""
    yield from _wrapped(sentence("peers_list.legend", antal=_whole(len(c.municipalities)))[lang])
    if any(y.partial for y in shown):
        yield sentence("peers_list.partial")[lang]
    if len(shown) < len(c.years):
        first, last = c.years[0], c.years[-len(shown) - 1]
        earlier = texts(str(first) if first == last else f"{first}–{last}")
        yield from _wrapped(sentence("peers_list.earlier", aar=earlier)[lang])


def _count(line: Line, year: Year) -> str:
    n = line.years.get(year, Count())
    return (str(n.values) if n != Count() else "·") + (f" ({n.withheld})" if n.withheld else "")


def _by_municipality(c: Coverage, lang: Lang) -> Iterator[str]:
    names = ("municipality", "with_figure", "withheld", "lacking", "lacks")
    table = _table([sentence(f"peers_list.{n}")[lang] for n in names])
    for code, name in c.municipalities.items():
        counts: Mapping[str, Count] = {
            line.id: line.municipalities.get(code, Count()) for line in c.lines
        }
        full = sum(n.values > 0 for n in counts.values())
        hidden = sum(n.withheld > 0 and not n.values for n in counts.values())
        lacking = [line.title[lang] for line in c.lines if counts[line.id] == Count()]
        named = Text(", ".join(lacking[:2]) + (" …" if len(lacking) > 2 else ""))
        table.add_row(Text(f"{code} {name}"), str(full), str(hidden), str(len(lacking)), named)
    yield from _printed(table)
    yield ""
    yield from _wrapped(sentence("peers_list.municipality_legend")[lang])


def _table(headers: Sequence[str]) -> Table:
    """Return an empty table: with lines on a terminal, plain elsewhere."""
    table = Table(
        box=box.SIMPLE_HEAD if sys.stdout.isatty() else None, pad_edge=False, header_style=""
    )
    for n, name in enumerate(headers):
        words = n in (0, 4)
        table.add_column(
            name, overflow="fold", justify="left" if words else "right", no_wrap=not words
        )
    return table


def _width() -> int:
    return max(WIDTH, Console().width) if sys.stdout.isatty() else WIDTH


def _printed(table: Table | Text) -> Iterator[str]:
    console = Console(width=_width(), color_system=None, highlight=False)
    with console.capture() as shown:
        console.print(table)
    yield from (line.rstrip() for line in shown.get().splitlines())


def _wrapped(text: str) -> Iterator[str]:
    return _printed(Text(text))
