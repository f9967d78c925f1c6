"""Finished reviews read back: one by itself, and the earlier ones of a municipality."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from styring.errors import InputError, Texts
from styring.read_plan import REPORT, read_plan
from styring.review import SCHEMA, KeptAction, Review
from styring.tables import Municipality
from styring.text import both, day
from styring.unchanged import unchanged

FILE = "review.json"
FAMILY = SCHEMA.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was given of earlier reviews.

    `reviews` stand in the order of their as-of dates; `kept` is the plan that is carried on;
    `files` are all that was read, each with the SHA-256 of what was.
    """

    reviews: tuple[Review, ...] = ()
    kept: tuple[KeptAction, ...] = ()
    files: tuple[tuple[Path, str], ...] = ()


def read_review(path: Path) -> Review:
    """Return a finished review.

    Args:
        path: a review.json, or the folder it lies in.

    Raises:
        InputError: the file cannot be read, or is no review that this version knows.
    """
    file = path / FILE if path.is_dir() else path
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(
            Texts("Filen kan ikke læses.", "The file cannot be read."), where=str(file)
        ) from error
    try:
        return Review.model_validate_json(data)
    except ValidationError as error:
        raise _no_review(file, data, error) from error


def _no_review(file: Path, data: bytes, error: ValidationError) -> InputError:
    first = error.errors()[0]
    why = f"{'.'.join(str(x) for x in first['loc'])}: {first['msg']}"
    if (schema := _schema(data)) is not None and schema != SCHEMA:
        return InputError(
            Texts(
                f"Gennemgangen har skemaet «{schema}»; denne version læser «{SCHEMA}».",
                f"The review has the schema “{schema}”; this version reads “{SCHEMA}”.",
            ),
            where=str(file),
            hint=Texts(
                "Lav gennemgangen igen med denne version.", "Make the review again with this one."
            ),
        )
    return InputError(
        Texts(
            f"Filen er ikke en gennemgang, som denne version kender ({why}).",
            f"The file is no review this version knows ({why}).",
        ),
        where=str(file),
    )


def _schema(data: bytes) -> str | None:
    """Return the schema of a review, of whatever version; None where it is something else."""
    try:
        found = json.loads(data)
    except ValueError:
        return None
    schema = found.get("schema") if isinstance(found, dict) else None
    return schema if isinstance(schema, str) and schema.startswith(FAMILY) else None


def read_earlier(paths: Sequence[Path], who: Municipality, *, internal: bool) -> Earlier:
    """Return the earlier reviews and the plan that is kept.

    The plan is that of the last report workbook named, else of the latest review.

    Args:
        paths: review.json files, report workbooks, or folders with one or both.
        who: whose review is to be made, and as of when.
        internal: whether it shows small numbers.

    Raises:
        InputError: a path holds neither; what it holds cannot be used; it is of another
            municipality or of a later day, or shows small numbers that today's withholds.
    """
    files = [file for path in paths for file in _files(path)]
    sums: dict[Path, str] = {}
    reviews, plans = [], []
    for file in (f for f in files if f.suffix.lower() == ".json"):
        with unchanged(file) as sums[file]:
            reviews.append(read_review(file))
    for was in reviews:
        _refuse_other(was, who)
        refuse_internal(was, internal=internal)
    for file in (f for f in files if f.suffix.lower() != ".json"):
        with unchanged(file) as sums[file]:
            plans.append(read_plan(file, who.code))
    reviews.sort(key=lambda r: r.as_of)
    kept = plans[-1] if plans else reviews[-1].kept if reviews else ()
    return Earlier(tuple(reviews), kept, tuple((f, sums[f]) for f in files))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [path / name for name in (FILE, REPORT) if (path / name).is_file()]
    if not found:
        raise InputError(
            Texts(
                f"Mappen har hverken {FILE} eller {REPORT}.",
                f"The folder has neither {FILE} nor {REPORT}.",
            ),
            where=str(path),
            hint=Texts(
                "Giv mappen, som sidste gennemgang blev skrevet i.",
                "Give the folder that the last review was written to.",
            ),
        )
    return found


def _refuse_other(was: Review, who: Municipality) -> None:
    where = f"--previous: {was.municipality.name}, {was.as_of.isoformat()}"
    if was.municipality.code != who.code:
        raise InputError(
            Texts(
                f"Den tidligere gennemgang er af {was.municipality.name}, denne af {who.name}.",
                f"The earlier review is of {was.municipality.name}, this one of {who.name}.",
            ),
            where=where,
            hint=Texts(
                "To kommuner sammenlignes med «styring compare».",
                "Two municipalities are compared with “styring compare”.",
            ),
        )
    if was.as_of > who.as_of:
        then, today = both(day, was.as_of), both(day, who.as_of)
        raise InputError(
            Texts(
                f"Den tidligere gennemgang er pr. {then.da}, senere end denne pr. {today.da}.",
                f"The earlier review is as of {then.en}, later than this one as of {today.en}.",
            ),
            where=where,
            hint=Texts(
                "Giv en gennemgang fra samme dag eller før, eller ret opgørelsesdatoen.",
                "Give a review of the same day or before, or mend the as-of date.",
            ),
        )


def refuse_internal(was: Review, *, internal: bool) -> None:
    """Refuse a review that shows small numbers where they are to be withheld.

    Args:
        was: the review.
        internal: whether what is made of it shows small numbers too.

    Raises:
        InputError: it does, and they are not to be shown.
    """
    if is_internal(was) and not internal:
        raise InputError(
            Texts(
                "Den ene gennemgang viser små tal, som den anden holder tilbage.",
                "One of the reviews shows small numbers that the other withholds.",
            ),
            where=f"{was.municipality.name}, {was.as_of.isoformat()}",
            hint=Texts(
                "Brug en gennemgang uden --internal, eller lav begge med --internal.",
                "Use a review without --internal, or make both with --internal.",
            ),
        )


def is_internal(review: Review) -> bool:
    """Return whether a review withholds nothing."""
    return "internal" in review.provenance.options
