"""The command line: words in, words out, exit codes.

Only typer is imported here; a command imports what it needs when it runs, so that `--help` answers
at once.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from styring import __version__
from styring.errors import LANGS, Lang, StyringError, Texts, UsageError

ENGLISH = os.environ.get("STYRING_LANG", "da").lower().startswith("en")


def tr(da: str, en: str) -> str:
    """Return the text in the language of the environment (STYRING_LANG=en for English)."""
    return en if ENGLISH else da


BUG = 70
DEFAULT_LANG: Lang = "en" if ENGLISH else "da"
state: dict[str, bool] = {"quiet": False, "debug": False}

app = typer.Typer(
    help=tr(
        "Gennemgår, hvordan en kommune styrer det specialiserede socialområde, ud fra dens egne "
        "Excel-udtræk. Ingen data forlader maskinen.",
        "Reviews how a municipality steers the specialised social area, from its own Excel exports. "
        "No data leave the machine.",
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
peers_app = typer.Typer(
    help=tr("Tal fra andre kommuner.", "Figures of other municipalities."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(peers_app, name="peers")

Workbook = Annotated[Path, typer.Argument(
    metavar="WORKBOOK",
    help=tr("Kommunens projektmappe (.xlsx), eller en mappe med CSV-filer.",
            "The municipality's workbook (.xlsx), or a folder of CSV files."))]  # fmt: skip
Workbooks = Annotated[list[str], typer.Argument(
    metavar="WORKBOOK…",
    help=tr("Projektmapper; * og ? foldes ud.", "Workbooks; * and ? are expanded."))]  # fmt: skip
Peers = Annotated[Optional[Path], typer.Option(
    "--peers", help=tr("Fil med andre kommuners tal (CSV, xlsx eller parquet).",
                       "File of other municipalities' figures (CSV, xlsx or parquet)."))]  # fmt: skip
AsOf = Annotated[Optional[datetime], typer.Option(
    "--as-of", formats=["%Y-%m-%d"],
    help=tr("Opgørelsesdato i stedet for projektmappens (ÅÅÅÅ-MM-DD).",
            "As-of date instead of the workbook's (YYYY-MM-DD)."))]  # fmt: skip
Language = Annotated[str, typer.Option("--lang", help=tr("da eller en.", "da or en."))]
Indicators = Annotated[Optional[Path], typer.Option(
    "--indicators", help=tr("Mappe med indikatordefinitioner i stedet for styrings egne.",
                            "Folder of indicator definitions instead of styring's own."))]  # fmt: skip
Templates = Annotated[Optional[Path], typer.Option(
    "--templates", help=tr("Mappe med rapportskabeloner i stedet for styrings egne.",
                           "Folder of report templates instead of styring's own."))]  # fmt: skip
Formats = Annotated[str, typer.Option(
    "--format", help=tr("Formater med komma imellem; review.json skrives altid.",
                        "Formats, separated by commas; review.json is always written."))]  # fmt: skip
Seed = Annotated[int, typer.Option("--seed", help=tr("Frø for lodtrækningen.",
                                                     "Seed of the draws."))]  # fmt: skip
Strict = Annotated[bool, typer.Option("--strict", help=tr("Advarsler om data er fejl.",
                                                          "Data warnings are errors."))]  # fmt: skip
Overwrite = Annotated[bool, typer.Option("--overwrite", help=tr(
    "Overskriv filer, der er ændret i hånden.", "Overwrite files that were edited."))]  # fmt: skip


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        typer.echo(f"styring {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True,
                                          help=tr("Vis versionen.", "Show the version."))] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=tr(
        "Ingen beskeder undervejs.", "No messages under way."))] = False,
    debug: Annotated[bool, typer.Option("--debug", help=tr(
        "Vis hele sporet ved en fejl i styring.", "Show the traceback of a bug."))] = False,
) -> None:  # fmt: skip
    """Take the options that all commands share."""
    del version
    state.update(quiet=quiet, debug=debug)


def language(name: str) -> Lang:
    """Return a language, refused where there is none of that name."""
    for lang in LANGS:
        if name == lang:
            state_lang[0] = lang
            return lang
    raise UsageError(Texts(f"Sproget «{name}» findes ikke.", f"There is no language “{name}”."),
                     hint=Texts("Skriv --lang da eller --lang en.", "Write --lang da or --lang en."))  # fmt: skip


state_lang: list[Lang] = [DEFAULT_LANG]


def say(text: str) -> None:
    """Write a message on standard error, unless all is to be quiet."""
    if not state["quiet"]:
        print(text, file=sys.stderr)


def when(moment: datetime | None) -> date | None:
    """Return the date of an option."""
    return moment.date() if moment else None


@app.command(help=tr("Gennemgå én kommune.", "Review one municipality."))
def review(
    workbook: Workbook,
    peers: Peers = None,
    out: Annotated[Optional[Path], typer.Option("--out", help=tr(
        "Mappe til gennemgangen; ellers <fil>-review her.",
        "Folder of the review; else <file>-review here."))] = None,
    formats: Formats = "md,xlsx",
    as_of: AsOf = None,
    lang: Language = DEFAULT_LANG,
    indicators: Indicators = None,
    templates: Templates = None,
    seed: Seed = 1,
    strict: Strict = False,
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    from styring.cli import run

    run.review(workbook, peers=peers, out=out, formats=formats, as_of=when(as_of),
               lang=language(lang), indicators=indicators, templates=templates, seed=seed,
               strict=strict, overwrite=overwrite)  # fmt: skip


@app.command(help=tr("Gennemgå mange kommuner, hver for sig, og stil dem side om side.",
                     "Review many municipalities, each alone, and set them side by side."))  # fmt: skip
def batch(
    workbooks: Workbooks,
    out: Annotated[Path, typer.Option("--out", help=tr(
        "Mappe, hvor hver kommune får sin egen mappe.",
        "Folder in which each municipality gets its own."))],
    jobs: Annotated[int, typer.Option("--jobs", min=1, help=tr(
        "Hvor mange ad gangen.", "How many at a time."))] = 1,
    peers: Peers = None,
    formats: Formats = "md,xlsx",
    as_of: AsOf = None,
    lang: Language = DEFAULT_LANG,
    indicators: Indicators = None,
    templates: Templates = None,
    seed: Seed = 1,
    strict: Strict = False,
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    from styring.cli import batch as many

    code = many.batch(workbooks, out=out, jobs=jobs, peers=peers, formats=formats,
                      as_of=when(as_of), lang=language(lang), indicators=indicators,
                      templates=templates, seed=seed, strict=strict, overwrite=overwrite)  # fmt: skip
    raise typer.Exit(code)


@app.command(help=tr("Se, hvad der kan læses i en projektmappe.",
                     "See what can be read in a workbook."))  # fmt: skip
def inspect(
    workbook: Workbook,
    form: Annotated[str, typer.Option("--format", help="text, json")] = "text",
    as_of: AsOf = None,
    lang: Language = DEFAULT_LANG,
    strict: Strict = False,
) -> None:
    from styring.cli import run

    run.inspect(workbook, form=form, as_of=when(as_of), lang=language(lang), strict=strict)


@app.command(help=tr("Forklar ét tal: definition, tæller, nævner, rækker og celler.",
                     "Explain one figure: definition, numerator, denominator, rows and cells."))  # fmt: skip
def explain(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help=tr(
        "Indikatorens id, titel eller et andet navn.", "The indicator's id, title or alias."))],
    workbook: Workbook,
    year: Annotated[Optional[int], typer.Option("--year", help=tr("Året.", "The year."))] = None,
    by: Annotated[Optional[str], typer.Option("--by", help=tr(
        "Fordel også på en kolonne, fx paragraf.", "Split by a column too, e.g. paragraf."))] = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help=tr(
        "Hvor mange rækker der vises.", "How many rows are listed."))] = 20,
    as_of: AsOf = None,
    lang: Language = DEFAULT_LANG,
    indicators: Indicators = None,
) -> None:  # fmt: skip
    from styring.cli import run

    run.explain(indicator, workbook, year=year, by=by, rows=rows, as_of=when(as_of),
                lang=language(lang), indicators=indicators)  # fmt: skip


@app.command(help=tr("Efterse indikatordefinitioner.", "Check indicator definitions."))
def check(
    folder: Annotated[Optional[Path], typer.Argument(metavar="[DIR]", help=tr(
        "Mappe med definitioner; ellers styrings egne.",
        "Folder of definitions; else styring's own."))] = None,
    form: Annotated[str, typer.Option("--format", help="text, json")] = "text",
) -> None:  # fmt: skip
    from styring.cli import run

    raise typer.Exit(run.check(folder, form=form))


@app.command(help=tr("Vis en færdig gennemgang i et andet format.",
                     "Show a finished review in another format."))  # fmt: skip
def render(
    review_json: Annotated[Path, typer.Argument(metavar="REVIEW.json")],
    formats: Formats = "md,xlsx",
    out: Annotated[Optional[Path], typer.Option("--out", help=tr(
        "Mappe; ellers samme mappe.", "Folder; else the same folder."))] = None,
    lang: Language = DEFAULT_LANG,
    templates: Templates = None,
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    from styring.cli import run

    run.render(review_json, formats=formats, out=out, lang=language(lang), templates=templates,
               overwrite=overwrite)  # fmt: skip


@app.command(help=tr("Skriv en tom projektmappe med vejledning.",
                     "Write an empty workbook with guidance."))  # fmt: skip
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx")],
    lang: Language = DEFAULT_LANG,
    overwrite: Overwrite = False,
) -> None:
    from styring.cli import run

    run.template(file, lang=language(lang), overwrite=overwrite)


@app.command(help=tr("Skriv eksempler, og gennemgå Syddjurs.",
                     "Write the examples and review Syddjurs."))  # fmt: skip
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("styring-demo"),
    lang: Language = DEFAULT_LANG,
) -> None:
    from styring.cli import run

    run.demo(folder, lang=language(lang))


@peers_app.command("build", help=tr("Byg en fil med tal fra flere kommuners projektmapper.",
                                    "Build a file of figures from several workbooks."))  # fmt: skip
def peers_build(
    workbooks: Workbooks,
    out: Annotated[Path, typer.Option("--out", help=tr(
        "Filen, der skrives (.csv eller .parquet).", "The file to write (.csv or .parquet)."))],
    as_of: AsOf = None,
    indicators: Indicators = None,
    overwrite: Overwrite = False,
) -> None:  # fmt: skip
    from styring.cli import run

    run.peers_build(workbooks, out=out, as_of=when(as_of), indicators=indicators,
                    overwrite=overwrite)  # fmt: skip


def main() -> None:
    """Run the command line; a StyringError becomes one message and its exit code."""
    gc.disable()  # one short run that keeps what it reads: collecting would only cost time
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    code = _run()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)  # all files are closed; taking the interpreter down would take a fifth longer


def _run() -> int:
    """Return the exit code of the command that was given."""
    try:
        app()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except StyringError as error:
        print(f"styring: {error.message(state_lang[0])}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - a bug of ours: one line, the traceback with --debug
        if state["debug"]:
            traceback.print_exc()
        print(tr(f"styring: fejl i programmet ({type(error).__name__}: {error}). "
                 "Kør igen med --debug, og send os sporet.",
                 f"styring: a bug ({type(error).__name__}: {error}). "
                 "Run again with --debug and send us the traceback."), file=sys.stderr)  # fmt: skip
        return BUG
    return 0
