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
from typing import Annotated

import typer

from styring import __version__
from styring.cli import batch_app, compare_app, forecast_app, trace_app
from styring.cli import intake_options as intake
from styring.cli import options as opt
from styring.cli.options import DEFAULT_LANG, tr
from styring.cli.peers_app import peers_app
from styring.errors import LANGS, Lang, StyringError, Texts, UsageError

BUG = 70
state: dict[str, bool] = {"quiet": False, "debug": False}
state_lang: list[Lang] = [DEFAULT_LANG]

app = typer.Typer(
    help=tr(
        "Gennemgår, hvordan en kommune styrer det specialiserede socialområde, ud fra dens egne "
        "Excel-udtræk. Ingen data forlader maskinen.",
        "Reviews how a municipality steers the specialised social area, from its own Excel "
        "exports. No data leave the machine.",
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(peers_app, name="peers")
batch_app.add(app)
forecast_app.add(app)
trace_app.add(app)
compare_app.add(app)
indicators_app = typer.Typer(
    help=tr("Indikatorernes definitioner.", "The definitions of the indicators."),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(indicators_app, name="indicators")


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        typer.echo(f"styring {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help=tr("Vis versionen.", "Show the version."),
        ),
    ] = False,
    quiet: opt.Quiet = False,
    debug: opt.Debug = False,
) -> None:
    """Take the options that all commands share."""
    del version
    state.update(quiet=quiet, debug=debug)


def language(name: str) -> Lang:
    """Return a language, refused where there is none of that name."""
    for lang in LANGS:
        if name == lang:
            state_lang[0] = lang
            return lang
    raise UsageError(
        Texts(f"Sproget «{name}» findes ikke.", f"There is no language “{name}”."),
        hint=Texts("Skriv --lang da eller --lang en.", "Write --lang da or --lang en."),
    )


def say(message: Texts) -> None:
    """Write a message on standard error in the language asked for, unless all is to be quiet."""
    if not state["quiet"]:
        print(message[state_lang[0]], file=sys.stderr)


def when(moment: datetime | None) -> date | None:
    """Return the date of an option."""
    return moment.date() if moment else None


def split(given: list[str] | None) -> tuple[str, ...]:
    """Return the names of an option that may be repeated or hold several, with commas between."""
    names = (name.strip() for one in given or () for name in one.split(","))
    return tuple(name for name in names if name)


@app.command(help=tr("Gennemgå én kommune.", "Review one municipality."))
def review(
    workbook: opt.Workbook,
    peers: opt.Peers = None,
    context: opt.Context = None,
    group: opt.Group = None,
    region: opt.Region = None,
    similar: opt.Similar = None,
    by: opt.Conditions = None,
    out: opt.ReviewFolder = None,
    formats: opt.Formats = "md,xlsx",
    as_of: opt.AsOf = None,
    lang: opt.Language = DEFAULT_LANG,
    indicators: opt.Indicators = None,
    chosen: opt.Set = None,
    config: opt.Config = None,
    templates: opt.Templates = None,
    seed: opt.Seed = 1,
    strict: opt.Strict = False,
    overwrite: opt.Overwrite = False,
    lists: opt.CaseLists = None,
    internal: opt.Internal = False,
    mapping: intake.WorkbookMap = None,
    corrections: intake.Corrections = None,
    previous: compare_app.Previous = None,
) -> None:
    from styring.cli import run
    from styring.pipeline import Choices
    from styring.read.workbook import Beside

    choices = Choices(
        peers=peers,
        context=context,
        group=split(group),
        region=region,
        similar=similar,
        by=split(by),
        indicators=indicators,
        as_of=when(as_of),
        seed=seed,
        chosen=chosen,
        config=config,
        internal=internal,
        beside=Beside(mapping, corrections),
        previous=tuple(previous or ()),
    )
    run.review(
        workbook,
        choices,
        out=out,
        formats=formats,
        lang=language(lang),
        templates=templates,
        strict=strict,
        overwrite=overwrite,
        lists=lists,
    )


@app.command(
    help=tr("Se, hvad der kan læses i en projektmappe.", "See what can be read in a workbook.")
)
def inspect(
    workbook: opt.Workbook,
    form: opt.Form = "text",
    as_of: opt.AsOf = None,
    lang: opt.Language = DEFAULT_LANG,
    strict: opt.Strict = False,
    mapping: intake.WorkbookMap = None,
    corrections: intake.Corrections = None,
    write_map: intake.WriteMap = False,
    overwrite: opt.Overwrite = False,
) -> None:
    from styring.cli import run
    from styring.read.workbook import Beside

    spoken = language(lang)
    if write_map:
        run.write_map(workbook, mapping, lang=spoken, overwrite=overwrite)
        return
    run.inspect(
        workbook,
        form=form,
        as_of=when(as_of),
        lang=spoken,
        strict=strict,
        beside=Beside(mapping, corrections),
    )


@app.command(
    help=tr(
        "Forklar ét tal: definition, tæller, nævner, rækker og celler.",
        "Explain one figure: definition, numerator, denominator, rows and cells.",
    )
)
def explain(
    indicator: opt.Indicator,
    workbook: opt.Workbook,
    year: opt.Year = None,
    by: opt.By = None,
    rows: opt.Rows = 20,
    as_of: opt.AsOf = None,
    lang: opt.Language = DEFAULT_LANG,
    indicators: opt.Indicators = None,
    config: opt.Config = None,
    mapping: intake.WorkbookMap = None,
    corrections: intake.Corrections = None,
) -> None:
    from styring.cli import run
    from styring.read.workbook import Beside

    run.explain(
        indicator,
        workbook,
        year=year,
        by=by,
        rows=rows,
        as_of=when(as_of),
        lang=language(lang),
        indicators=indicators,
        config=config,
        beside=Beside(mapping, corrections),
    )


@app.command(help=tr("Efterse indikatordefinitioner.", "Check indicator definitions."))
def check(
    folder: opt.CheckFolder = None,
    form: opt.CheckForm = "text",
    select: opt.Select = "",
    ignore: opt.Ignore = "",
    strict: opt.CheckStrict = False,
    rules: opt.ListRules = False,
    schema: opt.PrintSchema = False,
    lang: opt.Language = DEFAULT_LANG,
) -> None:
    from styring.cli import checking

    spoken = language(lang)
    if schema:
        checking.print_schema()
    elif rules:
        checking.list_rules(form=form, lang=spoken)
    else:
        code = checking.check(
            folder, form=form, select=select, ignore=ignore, lang=spoken, strict=strict
        )
        raise typer.Exit(code)


@app.command(
    "scenario",
    help=tr(
        "Regn ud, hvad tiltag gør ved udgiften til de bevilgede sager.",
        "Work out what measures do to the cost of the granted cases.",
    ),
)
def scenario_of(
    workbook: opt.Workbook,
    file: opt.ScenarioFile,
    as_of: opt.AsOf = None,
    form: opt.Form = "text",
    lang: opt.Language = DEFAULT_LANG,
    mapping: intake.WorkbookMap = None,
    corrections: intake.Corrections = None,
) -> None:
    from styring.cli import scenario
    from styring.read.workbook import Beside

    scenario.scenario(
        workbook,
        file,
        as_of=when(as_of),
        form=form,
        lang=language(lang),
        beside=Beside(mapping, corrections),
    )


@app.command(
    help=tr(
        "Vis en færdig gennemgang i et andet format.", "Show a finished review in another format."
    )
)
def render(
    review_json: opt.ReviewFile,
    formats: opt.Formats = "md,xlsx",
    out: opt.RenderFolder = None,
    lang: opt.Language = DEFAULT_LANG,
    templates: opt.Templates = None,
    overwrite: opt.Overwrite = False,
) -> None:
    from styring.cli import run

    run.render(
        review_json,
        formats=formats,
        out=out,
        lang=language(lang),
        templates=templates,
        overwrite=overwrite,
    )


@app.command(
    help=tr("Skriv en tom projektmappe med vejledning.", "Write an empty workbook with guidance.")
)
def template(
    file: opt.TemplateFile,
    lang: opt.Language = DEFAULT_LANG,
    overwrite: opt.Overwrite = False,
) -> None:
    from styring.cli import run

    run.template(file, lang=language(lang), overwrite=overwrite)


@app.command(
    help=tr("Skriv eksempler, og gennemgå Syddjurs.", "Write the examples and review Syddjurs.")
)
def demo(
    folder: opt.DemoFolder = Path("styring-demo"),
    lang: opt.Language = DEFAULT_LANG,
) -> None:
    from styring.cli import run

    run.demo(folder, lang=language(lang))


@indicators_app.command(
    "list", help=tr("Vis indikatorerne i en tabel.", "Show the indicators in a table.")
)
def indicators_list(
    chosen: opt.ListSet = "all",
    indicators: opt.Indicators = None,
    centre: opt.Centre = None,
    form: opt.Form = "text",
    lang: opt.Language = DEFAULT_LANG,
) -> None:
    from styring.cli import indicators as run

    run.show_list(chosen, indicators=indicators, centre=centre, form=form, lang=language(lang))


@indicators_app.command(
    "show", help=tr("Vis en definition som en side.", "Show a definition as a page.")
)
def indicators_show(
    indicator: opt.Indicator,
    indicators: opt.Indicators = None,
    lang: opt.Language = DEFAULT_LANG,
) -> None:
    from styring.cli import indicators as run

    run.show_one(indicator, indicators=indicators, lang=language(lang))


@indicators_app.command(
    "diff",
    help=tr(
        "Vis, hvad der er ændret fra ét katalog af definitioner til et andet.",
        "Show what changed from one catalogue of definitions to another.",
    ),
)
def indicators_diff(
    before: opt.Before,
    now: opt.Now,
    workbook: opt.DiffWorkbook = None,
    peers: opt.Peers = None,
    form: opt.Form = "text",
    lang: opt.Language = DEFAULT_LANG,
) -> None:
    from styring.cli import indicators as run

    run.show_diff(before, now, workbook=workbook, peers=peers, form=form, lang=language(lang))


def main() -> None:
    """Run the command line; a StyringError becomes one message and its exit code."""
    gc.disable()  # one short run that keeps what it reads: collecting would only cost time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small: threads only wait
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
        if isinstance(done.__context__, BrokenPipeError):
            return 0
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except StyringError as error:
        from styring.privacy import masked

        print(f"styring: {masked(error.message(state_lang[0]))}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - a bug of ours: one line, the traceback with --debug
        if state["debug"]:
            traceback.print_exc()
        kind = type(error).__name__  # what it says may be what a cell holds
        print(
            tr(
                f"styring: fejl i programmet ({kind}). Kør igen med --debug, og send os sporet.",
                f"styring: a bug ({kind}). Run again with --debug and send us the traceback.",
            ),
            file=sys.stderr,
        )
        return BUG
    return 0
