"""The command `styring compare`, and the option that names earlier reviews, as typer sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from styring.cli import options as opt
from styring.cli.options import DEFAULT_LANG, tr

Previous = Annotated[
    Optional[list[Path]],
    typer.Option(
        "--previous",
        metavar="STI",
        help=tr(
            "Tidligere gennemgang (mappe, review.json eller review.xlsx): hvad har flyttet sig, og "
            "handleplanen følger med. Kan gentages; nævn den nyeste sidst.",
            "An earlier review (folder, review.json or review.xlsx): what moved, and its plan is "
            "kept. May be repeated; name the latest last.",
        ),
    ),
]
HELP = tr(
    "Sæt to gennemgange op mod hinanden: hvad har flyttet sig, og hvad flyttede det.",
    "Set two reviews against each other: what moved, and what moved it.",
)
One = Annotated[
    Path,
    typer.Argument(
        metavar="A.json",
        help=tr(
            "Den første review.json, eller dens mappe.", "The first review.json, or its folder."
        ),
    ),
]
Other = Annotated[
    Path,
    typer.Argument(
        metavar="B.json",
        help=tr(
            "Den anden review.json, eller dens mappe.", "The other review.json, or its folder."
        ),
    ),
]
Form = Annotated[
    str, typer.Option("--format", help=tr("text, json eller md.", "text, json or md."))
]


def compare(one: One, other: Other, form: Form = "text", lang: opt.Language = DEFAULT_LANG) -> None:
    """Print what moved from one review to the other."""
    from styring.cli import compare as command
    from styring.cli import language

    command.compare(one, other, form=form, lang=language(lang))


def add(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command("compare", help=HELP)(compare)
