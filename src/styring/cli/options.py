"""The options and arguments that commands take, in the language of the environment."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from styring.errors import Lang

ENGLISH = os.environ.get("STYRING_LANG", "da").lower().startswith("en")
DEFAULT_LANG: Lang = "en" if ENGLISH else "da"


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
            "Kommunens projektmappe (.xlsx, .ods, .xls), eller en mappe med CSV-filer.",
            "The municipality's workbook (.xlsx, .ods, .xls), or a folder of CSV files.",
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
Context = Annotated[
    Optional[Path],
    typer.Option(
        "--context",
        help=tr(
            "Fil med rammevilkår (CSV, xlsx eller parquet).",
            "File of framework conditions (CSV, xlsx or parquet).",
        ),
    ),
]
Group = Annotated[
    Optional[list[str]],
    typer.Option(
        "--group",
        metavar="NAVN,NAVN",
        help=tr(
            "Sammenlign kun med disse kommuner, ved navn eller kode; kan gentages.",
            "Compare only with these municipalities, by name or code; may be repeated.",
        ),
    ),
]
Region = Annotated[
    Optional[str],
    typer.Option(
        "--region",
        metavar="NAVN|egen",
        help=tr(
            "Sammenlign kun med en regions kommuner; egen er kommunens egen. Med --group: kun "
            "dem af gruppen, der ligger i regionen.",
            "Compare only with a region's municipalities; own is the municipality's. With "
            "--group: only those of the group in the region.",
        ),
    ),
]
Similar = Annotated[
    Optional[int],
    typer.Option(
        "--similar",
        min=1,
        metavar="ANTAL",
        help=tr(
            "Sammenlign kun med så mange, der ligner mest på rammevilkår (kræver --context). Med "
            "--group eller --region: de mest lignende af dem.",
            "Compare only with so many, most alike in framework conditions (needs --context). "
            "With --group or --region: the most alike of those.",
        ),
    ),
]
Conditions = Annotated[
    Optional[list[str]],
    typer.Option(
        "--by",
        metavar="ID,ID",
        help=tr(
            "De rammevilkår, lighed måles på; ellers alle i filen.",
            "The framework conditions likeness is measured by; otherwise all in the file.",
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
            "Mappe med egne indikatordefinitioner; de føjes til styrings, og en med samme id "
            "træder i stedet.",
            "Folder of indicator definitions of one's own; they are added to styring's, and one "
            "with the same id takes its place.",
        ),
    ),
]
_SET = tr(
    "De indikatorer, der måles: core, all eller en fil med ét id på hver linje",
    "The indicators to measure: core, all or a file with one id a line",
)
_SET_CORE = tr("ellers styring.toml, ellers core.", "else styring.toml, else core.")
_SET_ALL = tr("ellers styring.toml, ellers all.", "else styring.toml, else all.")
Set = Annotated[
    Optional[str], typer.Option("--set", metavar="core|all|FILE", help=f"{_SET}; {_SET_CORE}")
]
PeersSet = Annotated[
    Optional[str], typer.Option("--set", metavar="core|all|FILE", help=f"{_SET}; {_SET_ALL}")
]
ListSet = Annotated[str, typer.Option("--set", metavar="core|all|FILE", help=f"{_SET}.")]
Config = Annotated[
    Optional[Path],
    typer.Option(
        "--config",
        help=tr(
            "Fil med kommunens egne valg; ellers styring.toml ved siden af projektmappen.",
            "File of the municipality's own choices; else styring.toml beside the workbook.",
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
CaseLists = Annotated[
    Optional[Path],
    typer.Option(
        "--case-lists",
        metavar="FIL.xlsx",
        help=tr(
            "Skriv også lister over sager til holdet: personoplysninger, ikke til rapporten.",
            "Also write lists of cases for the team: personal data, not for the report.",
        ),
    ),
]
Internal = Annotated[
    bool,
    typer.Option(
        "--internal",
        help=tr(
            "Vis også små tal. Hver side mærkes; gennemgangen må ikke sendes videre.",
            "Show small numbers too. Every page is marked; the review must not be sent on.",
        ),
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
CheckForm = Annotated[str, typer.Option("--format", help="text, json, github, junit, sarif")]
Select = Annotated[
    str,
    typer.Option(
        "--select",
        metavar="RULES",
        help=tr("Kun disse regler, med komma imellem.", "Only these rules, separated by commas."),
    ),
]
Ignore = Annotated[
    str,
    typer.Option(
        "--ignore",
        metavar="RULES",
        help=tr("Ikke disse regler, med komma imellem.", "Not these rules, separated by commas."),
    ),
]
CheckStrict = Annotated[
    bool, typer.Option("--strict", help=tr("Advarsler er fejl.", "Warnings are errors."))
]
ListRules = Annotated[
    bool,
    typer.Option(
        "--rules",
        help=tr(
            "Vis reglerne med alvor og begrundelse.", "List the rules with severity and reason."
        ),
    ),
]
PrintSchema = Annotated[
    bool,
    typer.Option(
        "--schema",
        help=tr(
            "Vis JSON Schema for en definition, til editorer.",
            "Show the JSON Schema of a definition, for editors.",
        ),
    ),
]
ScenarioFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE.toml",
        help=tr(
            "Fil med tiltag; se docs/scenarios.md.", "File of measures; see docs/scenarios.md."
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
Exports = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE…",
        help=tr(
            "Udtræk (CSV, xlsx eller parquet); * og ? foldes ud.",
            "Exports (CSV, xlsx or parquet); * and ? are expanded.",
        ),
    ),
]
Map = Annotated[
    Optional[Path],
    typer.Option(
        "--map",
        metavar="FILE.toml",
        help=tr(
            "Fil, der siger, hvad kolonnerne er, hvor det ikke ses af udtrækket.",
            "File that says what the columns are, where the export does not show it.",
        ),
    ),
]
PeersInput = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help=tr(
            "Fil med andre kommuners tal eller rammevilkår.",
            "File of other municipalities' figures or of framework conditions.",
        ),
    ),
]
PeersForm = Annotated[str, typer.Option("--format", help="text, json, csv")]
PeersBy = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="year|municipality",
        help=tr("Pr. år eller pr. kommune.", "By year or by municipality."),
    ),
]
Centre = Annotated[
    Optional[str],
    typer.Option("--centre", help=tr("Kun ét styringscenters.", "Only one steering centre's.")),
]
_FOLDER_OR_REVISION = tr(
    "En mappe, en revision af mappen indicators/ i git-arkivet her, eller REVISION:mappe.",
    "A folder, a revision of the folder indicators/ in the git repository here, or "
    "REVISION:folder.",
)
Before = Annotated[str, typer.Argument(metavar="A", help=_FOLDER_OR_REVISION)]
Now = Annotated[str, typer.Argument(metavar="B", help=_FOLDER_OR_REVISION)]
DiffWorkbook = Annotated[
    Optional[Path],
    typer.Option(
        "--workbook",
        help=tr(
            "Gennemgå også en projektmappe efter begge, og vis, hvad der flytter sig.",
            "Review a workbook by both too, and show what moves.",
        ),
    ),
]
