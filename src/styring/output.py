"""Files written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from styring.errors import OutputError, Texts

if sys.platform != "win32":
    import fcntl

EDITED_AFTER_SECONDS = 5
"""A file this much newer than the review.json beside it has been edited since."""
RECORD = "review.json"
WORK = ".styring-new-"
"""How the folder begins that files are written in before they are put in their places."""


def write_files(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    overwrite: bool = False,
    replace: Collection[str] = (),
) -> list[Path]:
    """Write files into a folder, all of them or none, and return their paths.

    They are written in a folder of their own beside their places, then put there by renaming; where
    one cannot be, the others are put back as they were.

    Args:
        folder: made where it is not there.
        files: the bytes by name.
        overwrite: write over files that were edited.
        replace: the names of files that may be written over although they were edited.

    Raises:
        OutputError: the folder or a file cannot be written, or a file was edited since styring
            wrote it and `overwrite` is not set.
    """
    make_folder(folder)
    targets = [folder / name for name in files]
    try:
        with _alone_in(folder) as alone:
            if alone:
                _tidy(folder)
            if not overwrite:
                _refuse_edited(folder, [t for t in targets if t.name not in replace])
            _write(folder, files)
    except OSError as error:
        name = Path(error.filename2 or error.filename or "").name
        raise _cannot_write(folder / name if name in files else folder, error) from error
    return targets


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Hold a folder while it is written into: a second run waits, and a killed one lets go.

    Give whether it is held: on Windows and some network drives no folder can be.
    """
    if sys.platform == "win32":
        yield False
        return
    with ExitStack() as stack:
        alone = False
        with suppress(OSError):
            held = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, held)
            fcntl.flock(held, fcntl.LOCK_EX)
            alone = True
        yield alone


def _tidy(folder: Path) -> None:
    """Put back what a killed run had set aside, and take away what else it left.

    Only where the folder is held: no other run is writing then.
    """
    for left in folder.glob(f"{WORK}*/"):
        for file in left.glob("old/*"):
            if not (folder / file.name).exists():
                file.replace(folder / file.name)
        shutil.rmtree(left, ignore_errors=True)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    with TemporaryDirectory(prefix=WORK, dir=folder) as work:
        new, old = Path(work, "new"), Path(work, "old")
        new.mkdir()
        old.mkdir()
        for name, data in files.items():
            (new / name).write_bytes(data)
        _stamp(folder, [new / name for name in files])
        _swap(folder, list(files), new, old)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error


def _stamp(folder: Path, written: Sequence[Path]) -> None:
    """Give files written without a new review.json the time of the old one: they are no edits."""
    record = folder / RECORD
    if record.is_file() and not any(w.name == RECORD for w in written):
        then = record.stat().st_mtime
        for file in written:
            os.utime(file, (then, then))


def _swap(folder: Path, names: Sequence[str], new: Path, old: Path) -> None:
    """Put every new file in its place, or leave every place as it was."""
    begun: list[str] = []
    try:
        for name in names:
            if (folder / name).is_file():
                (folder / name).replace(old / name)
            begun.append(name)
            (new / name).replace(folder / name)
    except OSError:
        for name in begun:
            if (old / name).exists():
                (old / name).replace(folder / name)
            elif not (new / name).exists():
                (folder / name).unlink()
        raise


def _refuse_edited(folder: Path, targets: Sequence[Path]) -> None:
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
