"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from running import python_says
from styring.errors import OutputError
from styring.output import write_files

FIRST = {"review.json": b"{}", "review.md": b"# 1\n"}
SECOND = {"review.json": b"{2}", "review.md": b"# 2\n"}


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every name in a folder with its bytes; a folder has none."""
    return {p.name: p.read_bytes() if p.is_file() else None for p in sorted(folder.iterdir())}


def edited(file: Path, text: bytes) -> None:
    """Change a file as somebody does a minute after it was written."""
    file.write_bytes(text)
    later = file.stat().st_mtime + 60
    os.utime(file, (later, later))


def test_every_file_is_written_and_its_path_returned_in_order(tmp_path: Path) -> None:
    """The folder and those above it are made; nothing but the files is left."""
    folder = tmp_path / "a" / "b"
    assert write_files(folder, FIRST) == [folder / "review.json", folder / "review.md"]
    assert contents(folder) == FIRST


def test_files_that_nobody_changed_are_written_again(tmp_path: Path) -> None:
    """A second run replaces the first without being asked."""
    write_files(tmp_path, FIRST)
    write_files(tmp_path, SECOND)
    assert contents(tmp_path) == SECOND


def test_a_rename_that_fails_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    """One target is a folder, so it cannot be replaced: then no other is either."""
    write_files(tmp_path, FIRST)
    (tmp_path / "review.xlsx").mkdir()
    before = contents(tmp_path)
    with pytest.raises(OutputError):
        write_files(tmp_path, {**SECOND, "review.xlsx": b"PK"})
    assert contents(tmp_path) == before


def test_a_rename_that_fails_leaves_a_new_folder_empty(tmp_path: Path) -> None:
    """Files that were not there before are not there afterwards."""
    (tmp_path / "review.xlsx").mkdir()
    with pytest.raises(OutputError, match=r"review\.xlsx"):
        write_files(tmp_path, {**FIRST, "review.xlsx": b"PK"})
    assert contents(tmp_path) == {"review.xlsx": None}


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path) -> None:
    """A file that cannot be written to its end leaves no part of itself, nor of the others."""
    pytest.importorskip("resource")
    script = """
import resource, sys
from pathlib import Path
from styring.errors import OutputError
from styring.output import write_files
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_files(Path(sys.argv[1]), {"a.md": b"x", "b.xlsx": b"x" * 5000})
except OutputError:
    sys.exit(5)
"""
    folder = tmp_path / "ud"
    ran = python_says(script, folder, cwd=tmp_path)
    assert ran.code == 5, ran.err
    assert not folder.exists() or contents(folder) == {}


def test_an_edited_file_is_kept_and_the_others_with_it(tmp_path: Path) -> None:
    """A plan somebody has worked in is not lost, and the folder is not half new."""
    write_files(tmp_path, FIRST)
    edited(tmp_path / "review.md", b"# 1, med vores egne ord\n")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match=r"review\.md.*changed since styring wrote it"):
        write_files(tmp_path, SECOND)
    assert contents(tmp_path) == before


def test_an_edited_file_is_overwritten_when_asked(tmp_path: Path) -> None:
    """`overwrite` is the user's own word for it."""
    write_files(tmp_path, FIRST)
    edited(tmp_path / "review.md", b"# 1, med vores egne ord\n")
    write_files(tmp_path, SECOND, overwrite=True)
    assert contents(tmp_path) == SECOND


def test_an_edited_file_that_is_not_written_is_no_hindrance(tmp_path: Path) -> None:
    """Only the files that would be overwritten are looked at."""
    write_files(tmp_path, FIRST)
    edited(tmp_path / "review.md", b"# 1, med vores egne ord\n")
    write_files(tmp_path, {"review.json": b"{2}"})
    assert contents(tmp_path) == {"review.json": b"{2}", "review.md": b"# 1, med vores egne ord\n"}


def test_a_folder_that_cannot_be_made_is_an_output_error_that_names_it(tmp_path: Path) -> None:
    """A path below a file can never be a folder."""
    (tmp_path / "fil").write_bytes(b"")
    with pytest.raises(OutputError, match="ud"):
        write_files(tmp_path / "fil" / "ud", FIRST)
    with pytest.raises(OutputError, match="fil"):
        write_files(tmp_path / "fil", FIRST)
    assert contents(tmp_path) == {"fil": b""}
