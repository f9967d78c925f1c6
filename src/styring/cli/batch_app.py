"""The command `styring batch`, as typer sees it."""

from __future__ import annotations

import re
from typing import Annotated, Optional

import typer

from styring.cli import intake_options as intake
from styring.cli import options as opt
from styring.cli.options import DEFAULT_LANG, tr
from styring.errors import Texts, UsageError

HELP = tr(
    "Gennemgå mange kommuner, hver for sig, og stil dem side om side.",
    "Review many municipalities, each alone, and set them side by side.",
)
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help=tr(
            "Behold det, der er færdigt og uændret; lav resten.",
            "Keep what is finished and unchanged; make the rest.",
        ),
    ),
]
Shard = Annotated[
    Optional[str],
    typer.Option(
        "--shard",
        metavar="K/N",
        help=tr(
            "Lav kun den K-te af N lige store dele, uden oversigt.",
            "Make only the K-th of N equal parts, without the overview.",
        ),
    ),
]

Scheduler = Annotated[
    Optional[str],
    typer.Option(
        "--scheduler",
        metavar="ADRESSE",
        help=tr(
            "Lad en Dask-klynge lave gennemgangene: tcp://maskine:8786.",
            "Have a Dask cluster make the reviews: tcp://machine:8786.",
        ),
    ),
]


def part_of(shard: str | None) -> tuple[int, int] | None:
    """Return which part of how many is meant.

    Raises:
        UsageError: it is not K/N with K from 1 to N.
    """
    if shard is None:
        return None
    found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", shard)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(
            Texts(
                f"«{shard}» er ingen del af en opdeling.", f"“{shard}” is no part of a division."
            ),
            hint=Texts("Skriv --shard 2/8.", "Write --shard 2/8."),
        )
    return int(found[1]), int(found[2])


def batch(
    workbooks: opt.Workbooks,
    out: opt.BatchFolder,
    jobs: opt.Jobs = 1,
    peers: opt.Peers = None,
    context: opt.Context = None,
    group: opt.Group = None,
    region: opt.Region = None,
    similar: opt.Similar = None,
    by: opt.Conditions = None,
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
    internal: opt.Internal = False,
    resume: Resume = False,
    shard: Shard = None,
    scheduler: Scheduler = None,
    mapping: intake.WorkbookMap = None,
    corrections: intake.Corrections = None,
) -> None:
    """Review many municipalities."""
    from styring.cli import language, split, when
    from styring.cli.batch import review_many

    given = {
        "--peers": peers,
        "--context": context,
        "--group": ",".join(split(group)) or None,
        "--region": region,
        "--similar": similar,
        "--by": ",".join(split(by)) or None,
        "--format": formats,
        "--as-of": when(as_of),
        "--lang": language(lang),
        "--indicators": indicators,
        "--set": chosen,
        "--config": config,
        "--templates": templates,
        "--seed": seed,
        "--map": mapping,
        "--corrections": corrections,
    }
    code = review_many(
        workbooks,
        given,
        out=out,
        jobs=jobs,
        lang=language(lang),
        flags={"--strict": strict, "--internal": internal},
        overwrite=overwrite,
        resume=resume,
        shard=part_of(shard),
        scheduler=scheduler,
    )
    raise typer.Exit(code)


def add(app: typer.Typer) -> None:
    """Give an app the command."""
    app.command("batch", help=HELP)(batch)
