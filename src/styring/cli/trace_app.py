"""The command `styring trace`, as typer sees it."""

from __future__ import annotations

from typing import Annotated

import typer

from styring.cli import intake_options as intake
from styring.cli import options as opt
from styring.cli.options import DEFAULT_LANG, tr

HELP = tr(
    "Vis, hvad en celle betyder for gennemgangens tal.",
    "Show what a cell means to the figures of the review.",
)

Address = Annotated[
    str,
    typer.Argument(
        metavar="CELLE",
        help=tr("Ark og celle, for eksempel 'Økonomi!H17'.", "Sheet and cell: 'Økonomi!H17'."),
    ),
]
As = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="VÆRDI",
        help=tr(
            "Det, cellen skal læses som; ellers som tom.",
            "What the cell is to be read as; else as empty.",
        ),
    ),
]


def trace(
    workbook: opt.Workbook,
    address: Address,
    instead: As = "",
    peers: opt.Peers = None,
    as_of: opt.AsOf = None,
    form: opt.Form = "text",
    indicators: opt.Indicators = None,
    config: opt.Config = None,
    seed: opt.Seed = 1,
    lang: opt.Language = DEFAULT_LANG,
    mapping: intake.WorkbookMap = None,
    corrections: intake.Corrections = None,
) -> None:
    """Write what a cell touches."""
    from styring.cli import language, when
    from styring.cli import trace as command
    from styring.pipeline import Choices
    from styring.read.workbook import Beside

    choices = Choices(
        peers=peers,
        as_of=when(as_of),
        indicators=indicators,
        config=config,
        seed=seed,
        beside=Beside(mapping, corrections),
    )
    command.trace(workbook, address, instead, choices, form=form, lang=language(lang))


def add(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command("trace", help=HELP)(trace)
