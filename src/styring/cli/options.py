"""The options and arguments that commands take, in the language of the environment."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

ENGLISH = os.environ.get("STYRING_LANG", "da").lower().startswith("en")


def tr(da: str, en: str) -> str:
    """Return the text in the language of the environment (STYRING_LANG=en for English)."""
    return en if ENGLISH else da


Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help=tr("Ingen beskeder undervejs.", "No messages under way.")),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug",
        help=tr("Vis hele sporet ved en fejl i styring.", "Show the traceback of a bug."),
    ),
]
Workbook = Annotated[
    Path,
    typer.Argument(
        metavar="WORKBOOK",
        help=tr(
            "Kommunens projektmappe (.xlsx), eller en mappe med CSV-filer.",
            "The municipality's workbook (.xlsx), or a folder of CSV files.",
        ),
    ),
]
Workbooks = Annotated[
    list[str],
    typer.Argument(
        metavar="WORKBOOK…",
        help=tr("Projektmapper; * og ? foldes ud.", "Workbooks; * and ? are expanded."),
    ),
]
Peers = Annotated[
    Optional[Path],
    typer.Option(
        "--peers",
        help=tr(
            "Fil med andre kommuners tal (CSV, xlsx eller parquet).",
            "File of other municipalities' figures (CSV, xlsx or parquet).",
        ),
    ),
]
AsOf = Annotated[
    Optional[datetime],
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help=tr(
            "Opgørelsesdato i stedet for projektmappens (ÅÅÅÅ-MM-DD).",
            "As-of date instead of the workbook's (YYYY-MM-DD).",
        ),
    ),
]
Language = Annotated[str, typer.Option("--lang", help=tr("da eller en.", "da or en."))]
Indicators = Annotated[
    Optional[Path],
    typer.Option(
        "--indicators",
        help=tr(
            "Mappe med indikatordefinitioner i stedet for styrings egne.",
            "Folder of indicator definitions instead of styring's own.",
        ),
    ),
]
Templates = Annotated[
    Optional[Path],
    typer.Option(
        "--templates",
        help=tr(
            "Mappe med rapportskabeloner i stedet for styrings egne.",
            "Folder of report templates instead of styring's own.",
        ),
    ),
]
Formats = Annotated[
    str,
    typer.Option(
        "--format",
        help=tr(
            "Formater med komma imellem; review.json skrives altid.",
            "Formats, separated by commas; review.json is always written.",
        ),
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", help=tr("Frø for lodtrækningen.", "Seed of the draws."))
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help=tr("Advarsler om data er fejl.", "Data warnings are errors.")),
]
Overwrite = Annotated[
    bool,
    typer.Option(
        "--overwrite",
        help=tr("Overskriv filer, der er ændret i hånden.", "Overwrite files that were edited."),
    ),
]
ReviewFolder = Annotated[
    Optional[Path],
    typer.Option(
        "--out",
        help=tr(
            "Mappe til gennemgangen; ellers <fil>-review her.",
            "Folder of the review; else <file>-review here.",
        ),
    ),
]
BatchFolder = Annotated[
    Path,
    typer.Option(
        "--out",
        help=tr(
            "Mappe, hvor hver kommune får sin egen mappe.",
            "Folder in which each municipality gets its own.",
        ),
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", min=1, help=tr("Hvor mange ad gangen.", "How many at a time."))
]
Form = Annotated[str, typer.Option("--format", help="text, json")]
Indicator = Annotated[
    str,
    typer.Argument(
        metavar="INDICATOR",
        help=tr(
            "Indikatorens id, titel eller et andet navn.", "The indicator's id, title or alias."
        ),
    ),
]
Year = Annotated[Optional[int], typer.Option("--year", help=tr("Året.", "The year."))]
By = Annotated[
    Optional[str],
    typer.Option(
        "--by",
        help=tr("Fordel også på en kolonne, fx paragraf.", "Split by a column too, e.g. paragraf."),
    ),
]
Rows = Annotated[
    int,
    typer.Option(
        "--rows", min=0, help=tr("Hvor mange rækker der vises.", "How many rows are listed.")
    ),
]
CheckFolder = Annotated[
    Optional[Path],
    typer.Argument(
        metavar="[DIR]",
        help=tr(
            "Mappe med definitioner; ellers styrings egne.",
            "Folder of definitions; else styring's own.",
        ),
    ),
]
ReviewFile = Annotated[Path, typer.Argument(metavar="REVIEW.json")]
RenderFolder = Annotated[
    Optional[Path],
    typer.Option("--out", help=tr("Mappe; ellers samme mappe.", "Folder; else the same folder.")),
]
TemplateFile = Annotated[Path, typer.Argument(metavar="FILE.xlsx")]
DemoFolder = Annotated[Path, typer.Argument(metavar="[DIR]")]
PeersFile = Annotated[
    Path,
    typer.Option(
        "--out",
        help=tr(
            "Filen, der skrives (.csv eller .parquet).", "The file to write (.csv or .parquet)."
        ),
    ),
]
