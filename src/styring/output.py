"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from styring.errors import OutputError, Texts

EDITED_AFTER_SECONDS = 5
"""A file this much newer than the review.json beside it has been edited since."""
RECORD = "review.json"


def write_files(folder: Path, files: Mapping[str, bytes], *, overwrite: bool = False) -> list[Path]:
    """Write files into a folder, all of them or none, and return their paths.

    Each is written beside its place and renamed into it.

    Raises:
        OutputError: the folder or a file cannot be written, or a file was edited since styring
            wrote it and `overwrite` is not set.
    """
    _make(folder)
    targets = {folder / name: data for name, data in files.items()}
    if not overwrite:
        _refuse_edited(folder, list(targets))
    beside: dict[Path, Path] = {}
    try:
        for target, data in targets.items():
            beside[target] = _write_beside(target, data)
        for target, temporary in beside.items():
            temporary.replace(target)
    except OSError as error:
        raise _cannot_write(Path(error.filename2 or error.filename or folder), error) from error
    finally:
        for temporary in beside.values():
            temporary.unlink(missing_ok=True)
    return list(targets)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error


def _write_beside(target: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    temporary = Path(name)
    temporary.chmod(0o644)
    return temporary


def _refuse_edited(folder: Path, targets: list[Path]) -> None:
    record = folder / RECORD
    if not record.exists():
        return
    written = record.stat().st_mtime
    for target in targets:
        if target.exists() and target.stat().st_mtime > written + EDITED_AFTER_SECONDS:
            raise OutputError(
                Texts(
                    "Filen er ændret, siden styring skrev den, og bliver ikke overskrevet.",
                    "The file was changed since styring wrote it and is not overwritten.",
                ),
                where=str(target),
                hint=Texts(
                    "Flyt den, vælg en anden mappe med --out, eller brug --overwrite.",
                    "Move it, choose another folder with --out, or use --overwrite.",
                ),
            )


def _cannot_write(path: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(
        Texts(f"Kan ikke skrives: {why}.", f"Cannot be written: {why}."),
        where=str(path),
        hint=Texts(
            "Luk filen i Excel, se efter plads og rettigheder, eller vælg en anden mappe "
            "med --out.",
            "Close the file in Excel, check space and permissions, or choose another folder "
            "with --out.",
        ),
    )
