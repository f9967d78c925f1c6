"""What a batch has finished: a record of each review, by what it was made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from styring import __version__
from styring.errors import StyringError
from styring.output import write_files
from styring.privacy import masked
from styring.read.corrections import FILE as CORRECTIONS_FILE
from styring.read.mapping import FILE as MAP_FILE
from styring.review import Review
from styring.settings import config_for

RECORDS = ".styring-batch"
"""The folder of records in a batch's own."""
Asked = Mapping[str, object]
"""What a review is made of: version, checksums of all that is read, and options."""


def asked(workbook: Path, options: Sequence[str], files: Mapping[str, Path | None]) -> Asked | None:
    """Return what a review of a workbook would be made of; None where it cannot be read.

    Args:
        workbook: a file, or a folder of CSV files.
        options: of the command, as given.
        files: what else is read, by option; None where it is not given.
    """
    try:
        config = config_for(workbook, files.get("--config"))
        beside = {name: workbook.parent / name for name in (MAP_FILE, CORRECTIONS_FILE)}
        there = {name: path for name, path in beside.items() if path.is_file()}
        read = {**files, **there, "context": config.context}
        sums = {name: checksum(path) for name, path in sorted(read.items()) if path is not None}
        own = checksum(workbook)
    except (OSError, StyringError):
        return None
    return {
        "version": __version__,
        "workbook": masked(workbook.name),
        "sha256": own,
        "options": list(options),
        "files": sums,
        "config": "" if config.file is None else config.sha256,
    }


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, or of all files of a folder with their names, in order."""
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    total = hashlib.sha256()
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        total.update(f"{file.relative_to(path).as_posix()}\n".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def keep(out: Path, made_of: Asked, folder: str, files: Mapping[str, bytes]) -> None:
    """Record a finished review: what it was made of, its folder, and its files' checksums.

    Raises:
        OutputError: the record cannot be written.
    """
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    record = {"schema": "styring.batch/1", "asked": made_of, "folder": folder, "written": sums}
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    write_files(out / RECORDS, {_name(made_of): text.encode()}, overwrite=True)


def is_made_of(review: Review, made_of: Asked, workbook: Path) -> bool:
    """Return whether a review read what was there when the batch began, and nothing later."""
    files = made_of["files"]
    assert isinstance(files, Mapping)
    there = {made_of["sha256"], *files.values()}
    roles = {"peers", "context", "set", "map", "corrections"}
    roles |= set() if workbook.is_dir() else {"workbook"}
    return all(i.sha256 in there for i in review.provenance.inputs if i.role in roles)


def kept(out: Path, made_of: Asked) -> Path | None:
    """Return the folder of a review that was made of the same and is still as it was written."""
    try:
        record = json.loads((out / RECORDS / _name(made_of)).read_text("utf-8"))
        folder = out / record["folder"]
        whole = record["asked"] == made_of and all(
            checksum(folder / name) == was for name, was in record["written"].items()
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return folder if whole else None


def _name(made_of: Asked) -> str:
    return f"{made_of['sha256']}.json"
