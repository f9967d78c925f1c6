"""The options of how a workbook is read: its mapping file and corrections."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from styring.cli.options import tr

WorkbookMap = Annotated[
    Optional[Path],
    typer.Option(
        "--map",
        help=tr(
            "Fil, der siger, hvad ark og kolonner er; ellers styring-map.toml ved siden af "
            "projektmappen.",
            "File that says what sheets and columns are; else styring-map.toml beside the "
            "workbook.",
        ),
    ),
]
WriteMap = Annotated[
    bool,
    typer.Option(
        "--write-map",
        help=tr(
            "Skriv, hvad ark og kolonner tages for, i styring-map.toml ved siden af projektmappen "
            "(eller i filen efter --map), så et menneske kan rette det.",
            "Write what sheets and columns are taken for to styring-map.toml beside the workbook "
            "(or to the file after --map), for a person to mend.",
        ),
    ),
]
Corrections = Annotated[
    Optional[Path],
    typer.Option(
        "--corrections",
        help=tr(
            "Fil med rettelser til celler; ellers styring-corrections.csv ved siden af "
            "projektmappen.",
            "File of corrections to cells; else styring-corrections.csv beside the workbook.",
        ),
    ),
]
