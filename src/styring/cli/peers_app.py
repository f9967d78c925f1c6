"""The commands of `styring peers`."""

from __future__ import annotations

import typer

from styring.cli import options as opt
from styring.cli.options import DEFAULT_LANG, tr

peers_app = typer.Typer(
    help=tr("Tal fra andre kommuner.", "Figures of other municipalities."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@peers_app.command(
    "build",
    help=tr(
        "Byg en fil med tal fra flere kommuners projektmapper.",
        "Build a file of figures from several workbooks.",
    ),
)
def peers_build(
    workbooks: opt.Workbooks,
    out: opt.PeersFile,
    as_of: opt.AsOf = None,
    indicators: opt.Indicators = None,
    chosen: opt.PeersSet = None,
    config: opt.Config = None,
    overwrite: opt.Overwrite = False,
) -> None:
    from styring.cli import peers, when

    peers.build(
        workbooks,
        out=out,
        as_of=when(as_of),
        indicators=indicators,
        chosen=chosen,
        config=config,
        overwrite=overwrite,
    )


@peers_app.command(
    "import",
    help=tr(
        "Hent tal fra Statistikbanken, De Kommunale Nøgletal eller andre udtræk.",
        "Take figures from StatBank Denmark, De Kommunale Nøgletal or other exports.",
    ),
)
def peers_import(
    files: opt.Exports,
    out: opt.PeersFile,
    mapping: opt.Map = None,
    indicators: opt.Indicators = None,
    lang: opt.Language = DEFAULT_LANG,
    overwrite: opt.Overwrite = False,
) -> None:
    from styring.cli import language, peers

    language(lang)
    peers.import_files(files, out=out, mapping=mapping, indicators=indicators, overwrite=overwrite)


@peers_app.command(
    "list",
    help=tr(
        "Vis, hvilke kommuner der har hvilke tal, og hvad der ikke kan sammenlignes.",
        "Show which municipalities have which figures, and what cannot be compared.",
    ),
)
def peers_list(
    file: opt.PeersInput,
    indicators: opt.Indicators = None,
    form: opt.PeersForm = "text",
    by: opt.PeersBy = "year",
    lang: opt.Language = DEFAULT_LANG,
) -> None:
    from styring.cli import language, peers

    peers.show_list(file, indicators=indicators, form=form, by=by, lang=language(lang))
