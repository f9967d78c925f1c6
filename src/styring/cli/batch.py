"""Many municipalities, each in a process of its own: one bad workbook never stops the others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from styring.cli import say, state, state_lang
from styring.cli.cluster import Run, cluster, here
from styring.cli.one import review_one
from styring.cli.options import tr
from styring.cli.plan import refuse_lost_plan
from styring.cli.resume import Asked, asked, is_made_of, keep, kept
from styring.cli.run import expand, formats_of, is_terminal, template_folder
from styring.errors import Lang, OutputError, Texts, join_texts, texts
from styring.formats.markdown import render_markdown
from styring.formats.xlsx import render_xlsx
from styring.output import make_folder, write_files
from styring.overview import overview
from styring.practice import slug
from styring.privacy import masked
from styring.review import Overview, Review

FAILED = 4
FILES = ("--peers", "--context", "--indicators", "--set", "--config", "--map", "--corrections")
"""The options of a review that name what it reads."""
PARTS_LEFT = Texts(
    "Når alle dele er færdige: kør igen med --resume og uden --shard; det giver oversigten.",
    "When all parts are done: run again with --resume and without --shard; that gives the "
    "overview.",
)
CHANGED = Texts(
    "En fil er ændret, siden kørslen begyndte. Kør igen med --resume, når den ligger stille.",
    "A file was changed since the run began. Run again with --resume once it lies still.",
)
"""Said of a review that is not recorded as finished."""
Advance = Callable[[str], None]
"""Tells that the workbook of a name is done."""


def review_many(
    workbooks: Sequence[str],
    given: Mapping[str, object],
    *,
    out: Path,
    jobs: int,
    lang: Lang,
    flags: Mapping[str, bool],
    overwrite: bool,
    resume: bool,
    shard: tuple[int, int] | None,
    scheduler: str | None,
) -> int:
    """Review many municipalities, write an overview and return the exit code: 4 if some failed.

    `given` holds the options of each review by name, None where one is not given, `flags` those
    without a value. With `resume`,
    reviews that are finished and made of the same are kept; of a `shard` (k, n) only the k-th of n
    parts is made, and no overview. With a `scheduler`, its cluster makes them.
    """
    formats_of(str(given["--format"]))
    templates = given["--templates"]
    folder = template_folder(None if templates is None else Path(str(templates)))
    paths = expand(workbooks)
    if shard is not None:
        paths = paths[shard[0] - 1 :: shard[1]]
    options = [str(x) for name, value in given.items() if value is not None for x in (name, value)]
    options += [name for name, is_set in flags.items() if is_set]
    make_folder(out)
    read = {name: _path(given[name]) for name in FILES} | {"--templates": folder}
    made_of = {path: asked(path, options, read) for path in paths}
    whole = _kept(out, made_of) if resume else {}
    done, failed = _reviewed(Plan(paths, made_of, options, out, jobs, overwrite, scheduler), whole)
    if shard is None:
        _write_overview(overview(done, failed), out, folder, lang)
    for name, why in sorted(failed.items()):
        print(f"styring: {name}: {why}", file=sys.stderr)
    _say_how_many(len(done), len(paths), len(whole))
    if shard is not None:
        say(PARTS_LEFT)
    return FAILED if failed else 0


def _path(value: object) -> Path | None:
    """Return the file or folder an option names; None for what is neither, as the set `all`."""
    return Path(str(value)) if value is not None and Path(str(value)).exists() else None


def _say_how_many(done: int, asked_for: int, held: int) -> None:
    say(
        Texts(
            f"{done} af {asked_for} kommuner er gennemgået.",
            f"{done} of {asked_for} municipalities were reviewed.",
        )
    )
    if held:
        say(
            Texts(
                f"{held} var færdige og uændrede og er beholdt.",
                f"{held} were finished and unchanged, and were kept.",
            )
        )


def _kept(out: Path, made_of: Mapping[Path, Asked | None]) -> dict[Path, Review]:
    """Return the finished reviews that are made of the same."""
    found = {path: kept(out, a) for path, a in made_of.items() if a is not None}
    return {
        path: Review.model_validate_json((folder / "review.json").read_bytes())
        for path, folder in found.items()
        if folder is not None
    }


@dataclass(frozen=True)
class Plan:
    """What a batch is to do: workbooks with what their reviews are made of, and how."""

    paths: Sequence[Path]
    made_of: Mapping[Path, Asked | None]
    options: Sequence[str]
    out: Path
    jobs: int
    overwrite: bool
    scheduler: str | None


def _write_overview(side: Overview, out: Path, folder: Path, lang: Lang) -> None:
    files = {
        "overview.md": render_markdown(side, folder, lang),
        "overview.xlsx": render_xlsx(side, folder, lang),
    }
    for path in write_files(out, files, overwrite=True):
        print(path)


def _reviewed(plan: Plan, whole: Mapping[Path, Review]) -> tuple[list[Review], dict[str, str]]:
    """Return all reviews, those made now each put in its folder, and why the others failed."""
    done: dict[str, Review] = {}
    failed: dict[str, str] = {}
    left = [path for path in plan.paths if path not in whole]
    where = here(plan.jobs) if plan.scheduler is None else cluster(plan.scheduler)
    with where as submit, _progress(len(left)) as advance:
        begin = partial(
            submit, review_one, options=plan.options, folder=str(Path.cwd()), debug=state["debug"]
        )
        runs = {path: begin(str(path)) for path in left}
        for path, run in runs.items():
            run.add_done_callback(partial(_told, advance, path.name))
        for path in plan.paths:
            result = whole.get(path) or _put(plan, path, _outcome(runs[path]), done)
            if isinstance(result, Review):
                done[result.municipality.code] = result
            else:
                failed[masked(str(path))] = masked(result)
    return list(done.values()), failed


def _outcome(run: Run) -> dict[str, bytes] | str:
    """Return what came of a review; a worker that is lost again and again is a reason too."""
    try:
        found: dict[str, bytes] | str = run.result()
    except Exception as error:  # noqa: BLE001 - whatever a cluster says, the others go on
        return Texts(
            f"Maskinen, der lavede gennemgangen, gik ned ({type(error).__name__}).",
            f"The machine that made the review went down ({type(error).__name__}).",
        )[state_lang[0]]
    return found


def _put(
    plan: Plan, path: Path, files: Mapping[str, bytes] | str, done: Mapping[str, Review]
) -> Review | str:
    """Put a finished review into the municipality's own folder and record it, or say why not."""
    if isinstance(files, str):
        return files
    review = Review.model_validate_json(files["review.json"])
    code, name = review.municipality.code, review.municipality.name
    if code in done:
        return Texts(
            f"{name} er allerede gennemgået fra en anden projektmappe.",
            f"{name} was already reviewed from another workbook.",
        )[state_lang[0]]
    folder, made_of = f"{code}-{slug(name)}", plan.made_of[path]
    try:
        refuse_lost_plan(plan.out / folder, overwrite=plan.overwrite)
        write_files(plan.out / folder, files, overwrite=plan.overwrite)
        if made_of is not None and is_made_of(review, made_of, path):
            keep(plan.out, made_of, folder, files)
        else:
            say(join_texts([texts(name), CHANGED], ": "))
    except OutputError as error:
        return " ".join(error.message(state_lang[0]).split())
    return review


def _told(advance: Advance, name: str, _: object) -> None:
    """Tell that the workbook of a name is done, as a finished run calls back."""
    advance(name)


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
