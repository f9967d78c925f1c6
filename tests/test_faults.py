"""Killed, crowded out, without room or rights: what stands is whole, and the next run mends it."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import build
from running import PEERS, one_message, python_says, styring_in_process, styring_says
from styring.errors import OutputError
from styring.output import WORK, write_files
from test_batch import municipality
from test_resume import contents

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="a folder cannot be held on Windows, nor a process killed so"
)
FIRST = {"review.json": b"{1}", "review.md": b"# 1\n", "review.xlsx": b"PK1"}
SECOND = {"review.json": b"{2}", "review.md": b"# 2\n", "review.xlsx": b"PK2"}


# --- Killed -------------------------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
from styring.output import write_files
folder, at, steps = Path(sys.argv[1]), int(sys.argv[2]), 0

def stop(event, args):
    global steps
    if event in ("os.rename", "os.mkdir", "open", "os.rmdir") and str(folder) in str(args):
        steps += 1
        if steps == at:
            os._exit(9)

sys.addaudithook(stop)
write_files(folder, {"review.json": b"{2}", "review.md": b"# 2\\n", "review.xlsx": b"PK2"},
            overwrite=True)
"""
"""Writes, and is gone before the `at`-th thing it does in the folder."""


@posix
@pytest.mark.parametrize("before", [{}, FIRST])
def test_killed_at_any_step_of_writing_leaves_whole_files(
    tmp_path: Path, before: dict[str, bytes]
) -> None:
    """Every step is tried; the next run leaves the new files and nothing else."""
    for at in range(1, 60):
        folder = tmp_path / str(at)
        if before:
            write_files(folder, before)
        ran = python_says(KILLED, folder, at, cwd=tmp_path)
        seen = {p.name: p.read_bytes() for p in folder.glob("*") if p.is_file()}
        for name, data in seen.items():
            assert data in (before.get(name), SECOND[name]), f"{name} after step {at}"
        write_files(folder, SECOND, overwrite=True)
        assert contents(folder) == SECOND
        assert not [*folder.glob(f"{WORK}*")]
        if ran.code == 0:
            break
        assert ran.code == 9, ran.err
    assert at > 10
    assert ran.code == 0, "there were more steps than were tried"


@posix
def test_a_file_a_killed_run_had_set_aside_is_put_back(tmp_path: Path) -> None:
    """Somebody's edited report is not lost with the run that was about to replace it."""
    write_files(tmp_path, FIRST)
    aside = tmp_path / f"{WORK}x" / "old"
    aside.mkdir(parents=True)
    (tmp_path / "review.xlsx").replace(aside / "review.xlsx")
    write_files(tmp_path, {"overview.md": b"#"})
    assert contents(tmp_path) == {**FIRST, "overview.md": b"#"}


# --- Two at a time ------------------------------------------------------------------------------

WRITES = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from styring.output import write_files
for n in range(150):
    word = f"{sys.argv[2]} {n}".encode()
    write_files(Path(sys.argv[1]), {f"{i}.md": word for i in range(6)}, overwrite=True)
"""


@posix
def test_two_runs_into_one_folder_leave_the_files_of_one(tmp_path: Path) -> None:
    """Each writes 150 times; in the end all files are of one and the same writing."""
    pytest.importorskip("fcntl")
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(python_says, WRITES, tmp_path / "ud", w, cwd=tmp_path) for w in "ab"]
    assert [r.result().code for r in runs] == [0, 0], [r.result().err for r in runs]
    found = contents(tmp_path / "ud")
    assert sorted(found) == [f"{i}.md" for i in range(6)]
    assert len({*found.values()}) == 1
    assert {*found.values()} <= {b"a 149", b"b 149"}


# --- Without room or rights ---------------------------------------------------------------------


@pytest.mark.parametrize("why", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize("what", ["mkdir", "write_bytes", "replace"])
def test_a_folder_that_takes_no_files_is_told_and_left_as_it_was(
    what: str, why: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a read-only one, no rights, no more quota: at every kind of step."""
    folder = tmp_path / "ud"
    write_files(folder, FIRST)

    def fails(path: Path, *_: object, **__: object) -> None:
        raise OSError(why, os.strerror(why), str(path))

    monkeypatch.setattr(Path, what, fails)
    with pytest.raises(OutputError) as caught:
        write_files(folder, SECOND)
    monkeypatch.undo()
    assert os.strerror(why) in caught.value.what.en
    assert contents(folder) == FIRST


def test_a_folder_without_rights_is_one_message_to_a_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workbook was read; what cannot be written is named, with what to do."""
    book = build.xlsx(tmp_path / "bog.xlsx", build.minimal())

    def fails(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "mkdir", fails)
    ran = styring_in_process("review", book, "--out", "ud", "--format", "md", cwd=tmp_path)
    assert ran.code == 5
    assert "Kan ikke skrives" in one_message(ran)


# --- A workbook that is open in Excel ------------------------------------------------------------


def test_a_workbook_that_is_open_in_excel_is_read_and_its_lock_file_is_none(
    tmp_path: Path,
) -> None:
    """Excel puts `~$odder.xlsx` beside it: 165 bytes with a name."""
    municipality(tmp_path, 727, "Odder")
    (tmp_path / "~$odder.xlsx").write_bytes(b"\x05Hanne" + b" " * 159)
    ran = styring_says("batch", "*.xlsx", "--out", "ud", "--format", "md", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "1 af 1" in ran.err
    told = one_message(styring_says("review", "~$odder.xlsx", cwd=tmp_path))
    assert "ikke en Excel-projektmappe" in told


# --- A file that changes while a batch runs -------------------------------------------------------

CHANGING = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from styring import cli
from styring.cli import batch
made, file = batch.review_one, Path(sys.argv.pop(1))

def review_one(workbook, **options):
    if workbook == "odder.xlsx":
        file.write_bytes(file.read_bytes() + b"\\n")
    return made(workbook, **options)

batch.review_one = review_one
cli.main()
"""
"""A batch, and a file that somebody saves before the second review reads it."""


@pytest.mark.parametrize("name", ["peers.csv", "odder.xlsx"])
def test_a_file_that_changes_during_a_batch_is_read_again_by_the_next(
    name: str, tmp_path: Path
) -> None:
    """Also where it is as it was again: resumed, all is as in a run that nobody disturbed."""
    for code, called in ((706, "Syddjurs"), (727, "Odder")):
        municipality(tmp_path, code, called)
    shutil.copy(PEERS, tmp_path / "peers.csv")
    was = (tmp_path / name).read_bytes()
    command = ("batch", "syddjurs.xlsx", "odder.xlsx", "--peers", "peers.csv")
    plain = styring_says(*command, "--out", "plain", cwd=tmp_path)
    assert plain.code == 0, plain.err
    ran = python_says(CHANGING, name, *command, "--out", "ud", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "Odder: En fil er ændret" in ran.err
    (tmp_path / name).write_bytes(was)
    again = styring_says(*command, "--out", "ud", "--resume", cwd=tmp_path)
    assert "1 var færdige" in again.err, again.err
    assert contents(tmp_path / "ud") == contents(tmp_path / "plain")
