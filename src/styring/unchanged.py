"""Checksums of what was read, and of nothing later: a file may change while a run goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from styring.errors import InputError, Texts


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files in order."""
    total = hashlib.sha256()
    for file in _files(path):
        total.update(file.read_bytes())
    return total.hexdigest()


def _files(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]


@contextmanager
def unchanged(path: Path) -> Iterator[str]:
    """Give the SHA-256 of a file or folder that is read meanwhile; "" where it cannot be read.

    Raises:
        InputError: it was changed before it had been read to its end.
    """
    try:
        before, stood = digest(path), _stands(path)
    except OSError:
        yield ""
        return
    yield before
    try:
        same = (digest(path), _stands(path)) == (before, stood)
    except OSError:
        same = False
    if not same:
        raise InputError(
            Texts(
                "Filen blev ændret, mens den blev læst.", "The file was changed while it was read."
            ),
            where=str(path),
            hint=Texts(
                "Vent, til den er gemt færdig, og kør igen.",
                "Wait until it has been saved, and run again.",
            ),
        )


def _stands(path: Path) -> list[tuple[str, int, int]]:
    """Return the name, size and time of change of each file, which a change back does not undo."""
    return [(f.name, (stat := f.stat()).st_size, stat.st_mtime_ns) for f in _files(path)]
