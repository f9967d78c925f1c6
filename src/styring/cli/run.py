"""What the commands do: one call each, results on standard output, words on standard error."""

from __future__ import annotations

import glob
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from styring.cli import say
from styring.cli.case_lists import refuse_place, write_case_lists
from styring.cli.plan import refuse_lost_plan, taken_over
from styring.definitions import desk, load_spec
from styring.errors import InputError, Lang, OutputError, Texts, UsageError
from styring.explain import explain as explain_lines
from styring.formats import FORMATS
from styring.formats.blank import blank_workbook
from styring.formats.words import SHIPPED
from styring.output import write_files
from styring.pipeline import Choices, measure_workbook, setup, with_context
from styring.pipeline import review as make_review
from styring.previous import read_review
from styring.privacy import masked
from styring.read.account import Account
from styring.read.guess import likeness, map_text
from styring.read.mapping import FILE as MAP_FILE
from styring.read.mapping import nearest_columns
from styring.read.workbook import Beside, Reading, read_workbook
from styring.review import Review
from styring.settings import config_for
from styring.tables import Note
from styring.text import counted_texts, day, fold, listed, number

EXAMPLE = "syddjurs.xlsx"
EXAMPLE_PEERS = "peers.csv"
EXAMPLE_CONTEXT = "rammevilkaar.csv"


def formats_of(text: str) -> list[str]:
    """Return the formats named, review.json always among them.

    Raises:
        UsageError: a format that does not exist.
    """
    names = [n.strip().lower() for n in text.split(",") if n.strip()]
    if unknown := [n for n in names if n not in FORMATS]:
        raise UsageError(
            Texts(f"Formatet «{unknown[0]}» findes ikke.", f"There is no format “{unknown[0]}”."),
            hint=Texts(
                f"Skriv --format {','.join(FORMATS)}.", f"Write --format {','.join(FORMATS)}."
            ),
        )
    return list(dict.fromkeys(["json", *names]))


def template_folder(templates: Path | None) -> Path:
    """Return the folder of templates; one of the user's own need hold only what it changes.

    Raises:
        InputError: it is not there, or holds no template.
    """
    folder = templates or desk("templates") / "review"
    if not folder.is_dir():
        raise InputError(
            Texts("Mappen med skabeloner findes ikke.", "There is no such folder of templates."),
            where=str(folder),
        )
    if templates is not None:
        known = {p.name for p in SHIPPED.iterdir() if p.is_file()}
        if not known & {p.name for p in folder.iterdir()}:
            raise InputError(
                Texts("Mappen mangler skabeloner.", "The folder lacks templates."),
                where=str(folder),
                hint=Texts(
                    f"Læg de skabeloner i den, I vil ændre: {', '.join(sorted(known))}.",
                    f"Put the templates in it that you want to change: {', '.join(sorted(known))}.",
                ),
            )
    return folder


def rendered(review: Review, formats: Sequence[str], folder: Path, lang: Lang) -> dict[str, bytes]:
    """Return the files of a review by name, everything rendered before anything is written."""
    return {f"review.{name}": FORMATS[name](review, folder, lang) for name in formats}


def _refuse_choice_of_nobody(choices: Choices) -> None:
    """Refuse a choice of peers where there is no file to choose from."""
    asked = {"--group": choices.group, "--region": choices.region, "--similar": choices.similar,
             "--by": choices.by}  # fmt: skip
    names = [name for name, value in asked.items() if value]
    if names and choices.peers is None and choices.context is None:
        raise UsageError(
            Texts(
                f"{listed(names)} vælger mellem andre kommuner, men der er ingen fil med dem.",
                f"There is no file of other municipalities for {listed(names, 'en')} to choose "
                f"from.",
            ),
            hint=Texts(
                "Giv den med --peers, og rammevilkår med --context.",
                "Give it with --peers, and framework conditions with --context.",
            ),
        )


def review(
    workbook: Path,
    choices: Choices,
    *,
    out: Path | None,
    formats: str,
    lang: Lang,
    templates: Path | None,
    strict: bool,
    overwrite: bool,
    lists: Path | None = None,
) -> None:
    """Review one municipality and write the files; and lists for the team, where they are named."""
    names, folder = formats_of(formats), template_folder(templates)
    target = out or Path(f"{masked(workbook.stem)}-review")
    if lists is not None:
        refuse_place(lists, target)
        refuse_existing(lists, overwrite=overwrite)
    _refuse_choice_of_nobody(with_context(choices, config_for(workbook, choices.config)))
    if "xlsx" in names:
        refuse_lost_plan(target, choices.previous, overwrite=overwrite)
    done = make_review(workbook, choices)
    if strict:
        _refuse_warnings(done, workbook)
    paths = write_files(
        target,
        rendered(done, names, folder, lang),
        overwrite=overwrite,
        replace=taken_over(target, choices.previous),
    )
    if lists is not None:
        paths.append(write_case_lists(workbook, choices, lists, lang))
    loud = sum(n.severity != "info" for n in done.data_notes)
    if loud:
        said = counted_texts(
            loud, ("advarsel om data", "advarsler om data"), ("data warning", "data warnings")
        )
        say(
            Texts(
                f"{said.da}; se afsnittet om datakvalitet eller kør «styring inspect».",
                f"{said.en}; see the section on data quality or run “styring inspect”.",
            )
        )
    if choices.peers is None:
        say(
            Texts(
                "Ingen sammenligning: giv en fil med --peers.",
                "No comparison: give a file with --peers.",
            )
        )
    for path in paths:
        print(path)


def _refuse_warnings(done: Review, workbook: Path) -> None:
    found = [n for n in done.data_notes if n.severity != "info"]
    if not found:
        return
    first = found[0]
    said = counted_texts(
        len(found), ("advarsel om data", "advarsler om data"), ("data warning", "data warnings")
    )
    raise InputError(
        Texts(
            f"{said.da}, den første: {first.message.da}",
            f"{said.en}, the first: {first.message.en}",
        ),
        where=", ".join(p for p in (str(workbook), first.sheet, first.cell) if p),
        hint=Texts(
            "Kør «styring inspect» for at se dem alle, eller udelad --strict.",
            "Run “styring inspect” to see all, or leave out --strict.",
        ),
    )


def inspect(
    workbook: Path,
    *,
    form: str,
    as_of: date | None,
    lang: Lang,
    strict: bool,
    beside: Beside,
) -> None:
    """Show what was recognised in a workbook, and every data problem."""
    refuse_form(form)
    reading = read_workbook(workbook, load_spec(), as_of=as_of, partial=True, beside=beside)
    if form == "json":
        print(json.dumps(_as_data(reading), ensure_ascii=False, indent=1, default=str))
    else:
        for line in _as_lines(reading, lang):
            print(line)
    if strict and any(n.severity != "info" for n in reading.notes):
        raise InputError(
            Texts("Der er advarsler om data.", "There are data warnings."), where=str(workbook)
        )


def write_map(workbook: Path, file: Path | None, *, lang: Lang, overwrite: bool) -> None:
    """Write what a workbook's sheets and columns are taken for, for a person to review."""
    target = file or workbook.parent / MAP_FILE
    refuse_existing(target, overwrite=overwrite)
    data = map_text(workbook, load_spec(), lang).encode("utf-8")
    for path in write_files(target.parent, {target.name: data}, overwrite=overwrite):
        print(path)
    say(
        Texts(
            "Gennemgå filen, før den bruges: senere kørsler læser ark og kolonner, som den siger.",
            "Review the file before it is used: later runs read sheets and columns as it says.",
        )
    )


def refuse_form(form: str) -> None:
    """Refuse a format that is neither text nor json."""
    if form not in ("text", "json"):
        raise UsageError(
            Texts(f"Formatet «{form}» findes ikke.", f"There is no format “{form}”."),
            hint=Texts("Skriv text eller json.", "Write text or json."),
        )


def _as_data(reading: Reading) -> dict[str, object]:
    who = reading.tables.municipality
    known = {
        "municipality": {"code": who.code, "name": who.name},
        "as_of": who.as_of,
        "accounting_year": who.accounting_year,
    }
    return {
        **(known if who.code else dict.fromkeys(known)),
        "constructed": who.constructed,
        "sheets": [asdict(a) for a in reading.accounts],
        "unread": list(reading.unread),
        "notes": [asdict(n) for n in reading.notes],
    }


def _as_lines(reading: Reading, lang: Lang) -> list[str]:
    who = reading.tables.municipality
    w = _WORDS[lang]
    known = f"{who.name} ({who.code}), {w['as_of']} {day(who.as_of, lang)}"
    lines = [known if who.code else w["nobody"], ""]
    for a in reading.accounts:
        lines += _account_lines(a, lang)
    marks = {"error": "!!", "warning": "! ", "info": "  "}
    lines += [f"{marks[n.severity]} {_at(n)}{n.message[lang]}" for n in reading.notes]
    return lines


def _at(note: Note) -> str:
    """Return where a note belongs, with a colon; nothing for one about the whole workbook."""
    place = " ".join(x for x in (note.sheet, note.cell) if x)
    return f"{place}: " if place else ""


_WORDS: dict[Lang, dict[str, str]] = {
    "da": {"read_as": "læst som", "header": "overskrift i række", "rows": "rækker",
           "used": "brugt", "rejected": "afvist", "totals": "totaler", "repeated": "gentaget",
           "converted": "læst om", "sum": "sum af", "in_sheet": "i arket",
           "rounding": "afrunding", "unused": "ikke brugt", "like": "ligner mest",
           "month": "måned", "as_of": "pr.",
           "nobody": "Kommunen er ikke oplyst"},
    "en": {"read_as": "read as", "header": "header in row", "rows": "rows",
           "used": "used", "rejected": "rejected", "totals": "totals", "repeated": "repeated",
           "converted": "converted", "sum": "sum of", "in_sheet": "in the sheet",
           "rounding": "rounding", "unused": "not used", "like": "most like",
           "month": "month", "as_of": "as of",
           "nobody": "The municipality is not reported"},
}  # fmt: skip


def _account_lines(a: Account, lang: Lang) -> list[str]:
    w = _WORDS[lang]

    def n(x: float, decimals: int = 0) -> str:
        return number(x, decimals, lang)

    became = (
        f"{n(a.accepted)} {w['used']}, {n(a.rejected)} {w['rejected']}, "
        f"{n(a.totals)} {w['totals']}, {n(a.duplicates)} {w['repeated']}"
    )
    lines = [
        f"{a.sheet} – {w['read_as']} {a.taken_as}, {w['header']} {a.header_row}",
        f"   {', '.join(_taken_columns(a, lang))}",
        f"   {n(a.rows)} {w['rows']}: {became}; {n(a.converted)} {w['converted']}",
    ]
    if a.unused:
        lines.insert(2, f"   {w['unused']}: {', '.join(_unused_columns(a, lang))}")
    if a.sum_column:
        parts = [
            (a.sum_rejected, "rejected"),
            (a.sum_totals, "totals"),
            (a.sum_duplicates, "repeated"),
        ]
        shown = [f"{n(a.sum_sheet, 2)} {w['in_sheet']}", f"{n(a.sum_accepted, 2)} {w['used']}"]
        shown += [f"{n(x, 2)} {w[what]}" for x, what in parts if x]
        if abs(a.sum_rounding) >= 0.005:
            shown.append(f"{n(a.sum_rounding, 2)} {w['rounding']}")
        lines.append(f"   {w['sum']} {a.sum_column}: {', '.join(shown)}")
    return [*lines, ""]


def _taken_columns(a: Account, lang: Lang) -> Iterator[str]:
    """Yield each column's letter and what it was taken for; its own header where that differs."""
    names = {c.id: c.name for s in load_spec().sheet if s.name == a.taken_as for c in s.column}
    taken = {letter: names[column] for column, letter in a.columns.items()}
    taken |= {letter: _amount_words(of, lang) for letter, of in a.amounts.items()}
    for letter, name in sorted(taken.items(), key=lambda pair: (len(pair[0]), pair[0])):
        header = a.headings.get(letter, name)
        yield f"{letter} {name}" + ("" if fold(header) == fold(name) else f" («{header}»)")


def _unused_columns(a: Account, lang: Lang) -> Iterator[str]:
    """Yield each header that is not read, with the known names most like it and how alike."""
    sheet = next(s for s in load_spec().sheet if s.name == a.taken_as)
    for header in a.unused:
        like = [f"{n} {likeness(x, lang)}" for n, x in nearest_columns(header, sheet)]
        yield f"«{header}»" + (f" ({_WORDS[lang]['like']} {', '.join(like)})" if like else "")


_CHECKS: dict[Lang, dict[str, str]] = {
    "da": {"total": "trykt total", "deviation": "trykt afvigelse", "rest": "trykt rest"},
    "en": {"total": "printed total", "deviation": "printed deviation", "rest": "printed rest"},
}


def _amount_words(of: Mapping[str, str | int], lang: Lang) -> str:
    """Return what a wide column of amounts is of: `regnskab 2024, måned 3`."""
    what = _CHECKS[lang][str(of["check"])] if "check" in of else of.get("version", "beløb")
    month = f", {_WORDS[lang]['month']} {of['month']}" if "month" in of else ""
    return f"{what} {of.get('year', '')}".rstrip() + month


def explain(
    indicator: str,
    workbook: Path,
    *,
    year: int | None,
    by: str | None,
    rows: int,
    as_of: date | None,
    lang: Lang,
    indicators: Path | None,
    config: Path | None,
    beside: Beside,
) -> None:
    """Explain one figure of all that are known."""
    choices = Choices(indicators=indicators, chosen="all", config=config)
    measured = measure_workbook(workbook, setup(choices, workbook), as_of, beside=beside)
    for line in explain_lines(measured, indicator, lang, year=year, by=by, most=rows):
        print(line)


def render(
    review_json: Path,
    *,
    formats: str,
    out: Path | None,
    lang: Lang,
    templates: Path | None,
    overwrite: bool,
) -> None:
    """Write another view of a finished review."""
    names = [n for n in formats_of(formats) if n != "json" or out is not None]
    done = read_review(review_json)
    files = rendered(done, names, template_folder(templates), lang)
    if "xlsx" in names:
        refuse_lost_plan(out or review_json.parent, overwrite=overwrite)
    for path in write_files(out or review_json.parent, files, overwrite=overwrite):
        print(path)


def template(file: Path, *, lang: Lang, overwrite: bool) -> None:
    """Write an empty workbook."""
    refuse_existing(file, overwrite=overwrite)
    for path in write_files(file.parent, {file.name: blank_workbook(load_spec(), lang)}):
        print(path)


def refuse_existing(file: Path, *, overwrite: bool) -> None:
    """Refuse to write over a file unless that is asked for.

    Raises:
        OutputError: the file is there.
    """
    if file.exists() and not overwrite:
        raise OutputError(
            Texts("Filen findes allerede.", "The file exists already."),
            where=str(file),
            hint=Texts(
                "Vælg et andet navn, eller brug --overwrite.",
                "Choose another name, or use --overwrite.",
            ),
        )


def demo(folder: Path, *, lang: Lang) -> None:
    """Write the example workbooks and review Syddjurs."""
    source = desk("examples")
    names = sorted(p.name for p in source.iterdir() if p.suffix in (".xlsx", ".csv"))
    files = {name: (source / name).read_bytes() for name in names}
    for name, data in files.items():
        if (folder / name).exists() and (folder / name).read_bytes() != data:
            raise OutputError(
                Texts(
                    "Filen findes allerede og er ikke eksemplet.",
                    "The file exists already and is not the example.",
                ),
                where=str(folder / name),
                hint=Texts("Vælg en anden mappe.", "Choose another folder."),
            )
    write_files(folder, files, overwrite=True)
    say(
        Texts(
            f"{len(names)} eksempelfiler er skrevet i {folder}. Tallene er opdigtede.",
            f"{len(names)} example files were written to {folder}. The figures are invented.",
        )
    )
    review(
        folder / EXAMPLE,
        Choices(peers=folder / EXAMPLE_PEERS, context=folder / EXAMPLE_CONTEXT),
        out=folder / "syddjurs-review",
        formats="md,xlsx",
        lang=lang,
        templates=None,
        strict=False,
        overwrite=True,
    )


def expand(patterns: Sequence[str]) -> list[Path]:
    """Return the files that paths and patterns name, each once, in order.

    Raises:
        InputError: a pattern that names nothing.
    """
    found: list[Path] = []
    for pattern in patterns:
        if Path(pattern).exists() or not glob.has_magic(pattern):
            found.append(Path(pattern))
            continue
        names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - may be absolute
        if not names:
            raise InputError(
                Texts("Mønsteret passer ikke på nogen fil.", "The pattern names no file."),
                where=pattern,
            )
        found += [Path(n) for n in names if not Path(n).name.startswith("~$")]
    return list(dict.fromkeys(found))


def is_terminal() -> bool:
    """Return whether progress can be shown."""
    return sys.stderr.isatty()
