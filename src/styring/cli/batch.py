"""Many municipalities, each in a process of its own: one bad workbook never stops the others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from styring.cli import say, state, state_lang
from styring.cli.options import tr
from styring.cli.run import expand, formats_of, is_terminal, template_folder
from styring.errors import Lang, OutputError, Texts
from styring.formats.markdown import render_markdown
from styring.formats.xlsx import render_xlsx
from styring.output import make_folder, write_files
from styring.overview import overview
from styring.practice import slug
from styring.privacy import mask_cpr
from styring.review import Overview, Review

FAILED = 4
Advance = Callable[[str], None]
"""Tells that the workbook of a name is done."""


def review_many(
    workbooks: Sequence[str],
    *,
    out: Path,
    jobs: int,
    peers: Path | None,
    context: Path | None,
    group: Sequence[str],
    region: str | None,
    similar: int | None,
    by: Sequence[str],
    formats: str,
    as_of: date | None,
    lang: Lang,
    indicators: Path | None,
    chosen: str | None,
    config: Path | None,
    templates: Path | None,
    seed: int,
    strict: bool,
    overwrite: bool,
) -> int:
    """Review many municipalities, write an overview and return the exit code: 4 if some failed."""
    formats_of(formats)
    folder = template_folder(templates)
    paths = expand(workbooks)
    given = {
        "--peers": peers,
        "--context": context,
        "--group": ",".join(group) or None,
        "--region": region,
        "--similar": similar,
        "--by": ",".join(by) or None,
        "--format": formats,
        "--as-of": as_of,
        "--lang": lang,
        "--indicators": indicators,
        "--set": chosen,
        "--config": config,
        "--templates": templates,
        "--seed": seed,
    }
    options = [str(x) for name, value in given.items() if value is not None for x in (name, value)]
    options += ["--strict"] if strict else []
    make_folder(out)
    done, failed = _reviewed(paths, options, out, jobs, overwrite=overwrite)
    _write_overview(overview(done, failed), out, folder, lang)
    for name, why in sorted(failed.items()):
        print(f"styring: {name}: {why}", file=sys.stderr)
    say(
        Texts(
            f"{len(done)} af {len(paths)} kommuner er gennemgået.",
            f"{len(done)} of {len(paths)} municipalities were reviewed.",
        )
    )
    return FAILED if failed else 0


def _write_overview(side: Overview, out: Path, folder: Path, lang: Lang) -> None:
    files = {
        "overview.md": render_markdown(side, folder, lang),
        "overview.xlsx": render_xlsx(side, folder, lang),
    }
    for path in write_files(out, files, overwrite=True):
        print(path)


def _reviewed(
    paths: Sequence[Path], options: Sequence[str], out: Path, jobs: int, *, overwrite: bool
) -> tuple[list[Review], dict[str, str]]:
    """Return the reviews that were made, each put in its folder, and why the others failed."""
    done: dict[str, Review] = {}
    failed: dict[str, str] = {}
    with (
        TemporaryDirectory(prefix=".styring-", dir=out) as work,
        _progress(len(paths)) as advance,
        ThreadPoolExecutor(max_workers=jobs) as pool,
    ):
        runs = [
            pool.submit(_run, path, Path(work, str(n)), options) for n, path in enumerate(paths)
        ]
        for run, path in zip(runs, paths, strict=True):
            run.add_done_callback(partial(_told, advance, path.name))
        for run, path in zip(runs, paths, strict=True):
            ran = run.result()
            result = _moved(ran, out, done, overwrite=overwrite) if isinstance(ran, Path) else ran
            if isinstance(result, Review):
                done[result.municipality.code] = result
            else:
                failed[mask_cpr(str(path))] = mask_cpr(result)
    return list(done.values()), failed


def _told(advance: Advance, name: str, _: object) -> None:
    """Tell that the workbook of a name is done, as a finished run calls back."""
    advance(name)


def _run(workbook: Path, work: Path, options: Sequence[str]) -> Path | str:
    """Return the folder of a finished review, or why it failed."""
    debug = ["--debug"] if state["debug"] else []
    review = ["review", str(workbook), "--out", str(work), *options]
    ran = subprocess.run(  # noqa: S603 - this program itself, without a shell
        [sys.executable, "-m", "styring", "--quiet", *debug, *review],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        errors="replace",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    if ran.returncode == 0:
        return work
    lines = [line.strip() for line in ran.stderr.splitlines() if line.strip()]
    said = " ".join(lines).removeprefix("styring: ").removeprefix(f"{workbook}: ")
    return said or f"exit {ran.returncode}"


def _moved(work: Path, out: Path, done: Mapping[str, Review], *, overwrite: bool) -> Review | str:
    """Put a finished review into the municipality's own folder; return it, or why that failed."""
    review = Review.model_validate_json((work / "review.json").read_bytes())
    code, name = review.municipality.code, review.municipality.name
    if code in done:
        return Texts(
            f"{name} er allerede gennemgået fra en anden projektmappe.",
            f"{name} was already reviewed from another workbook.",
        )[state_lang[0]]
    files = {p.name: p.read_bytes() for p in sorted(work.iterdir())}
    try:
        write_files(out / f"{code}-{slug(name)}", files, overwrite=overwrite)
    except OutputError as error:
        return " ".join(error.message(state_lang[0]).split())
    return review


@contextmanager
def _progress(total: int) -> Iterator[Advance]:
    """Show progress on a terminal, otherwise nothing."""
    if state["quiet"] or not is_terminal():
        yield lambda _name: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(tr("Gennemgår", "Reviewing"), total=total)
        yield lambda name: bar.update(task, advance=1, description=name.replace("[", r"\["))
