"""The command `styring forecast`, as typer sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from styring.cli import intake_options as intake
from styring.cli import options as opt
from styring.cli.options import DEFAULT_LANG, tr

HELP = tr(
    "Forudsig årets og de næste to års udgift ud fra sagerne, med et interval.",
    "Forecast the cost of this year and the next two from the cases, with an interval.",
)

Backtest = Annotated[
    bool,
    typer.Option(
        "--backtest",
        help=tr("Prøv prognosen mod tidligere år.", "Try the forecast against earlier years."),
    ),
]

Scenario = Annotated[
    Optional[Path],
    typer.Option(
        "--scenario",
        metavar="FIL.toml",
        help=tr("Læg tiltag oven på prognosen.", "Lay measures upon the forecast."),
    ),
]


def forecast(
    workbook: opt.Workbook,
    as_of: opt.AsOf = None,
    backtest: Backtest = False,
    scenario: Scenario = None,
    seed: opt.Seed = 1,
    form: opt.Form = "text",
    lang: opt.Language = DEFAULT_LANG,
    mapping: intake.WorkbookMap = None,
    corrections: intake.Corrections = None,
) -> None:
    """Write the forecast of a workbook."""
    from styring.cli import forecast as command
    from styring.cli import language, when
    from styring.read.workbook import Beside

    command.forecast(
        workbook,
        as_of=when(as_of),
        replay=backtest,
        file=scenario,
        seed=seed,
        form=form,
        lang=language(lang),
        beside=Beside(mapping, corrections),
    )


def add(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command("forecast", help=HELP)(forecast)
