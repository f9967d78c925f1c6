"""A batch that was stopped, killed or divided ends as one that was not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from running import PEERS, environment, styring_says
from test_batch import municipality

NAMES = {706: "Syddjurs", 550: "Tønder", 751: "Aarhus", 710: "Favrskov", 727: "Odder"}
KILLS = 8


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with five small workbooks, the same bytes for every test."""
    folder = tmp_path_factory.mktemp("books")
    for code, name in NAMES.items():
        municipality(folder, code, name)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, records and all."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def undisturbed(books: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run without trouble leaves."""
    cwd = Path(shutil.copytree(books, tmp_path_factory.mktemp("plain") / "x"))
    ran = styring_says("batch", "*.xlsx", "--peers", PEERS, "--out", "ud", "--jobs", "2", cwd=cwd)
    assert ran.code == 0, ran.err
    return contents(cwd / "ud")


def resumed(cwd: Path, *more: str) -> str:
    """Run the batch again and return what it said."""
    ran = styring_says(
        "batch", "*.xlsx", "--peers", PEERS, "--out", "ud", "--jobs", "2", "--resume", *more,
        cwd=cwd,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return ran.err


def killed_after(cwd: Path, seconds: float) -> None:
    """Begin a batch and kill it and its processes without warning."""
    run = subprocess.Popen(
        [sys.executable, "-m", "styring", "batch", "aarhus.xlsx", "favrskov.xlsx", "odder.xlsx",
         "syddjurs.xlsx", "tønder.xlsx", "--peers", str(PEERS), "--out", "ud"],
        cwd=cwd, env=environment(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(seconds)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that cannot be caught")
def test_killed_at_any_moment_and_resumed(
    tmp_path: Path, books: Path, undisturbed: dict[str, bytes]
) -> None:
    """Whatever stands after a kill is whole, and resuming ends as an undisturbed run, to the byte.

    The kills are spread over the time that the whole run takes.
    """
    cwd = Path(shutil.copytree(books, tmp_path / "x"))
    for n in range(KILLS):
        killed_after(cwd, 0.3 + 0.6 * n)
        for name, data in contents(cwd / "ud").items():
            if not name.startswith(".styring-") or name.startswith(".styring-batch/"):
                assert data == undisturbed[name], f"{name} is not whole after kill {n}"
    resumed(cwd)
    assert contents(cwd / "ud") == undisturbed


def test_what_is_finished_is_kept_and_what_changed_is_made_again(
    tmp_path: Path, books: Path, undisturbed: dict[str, bytes]
) -> None:
    """One review lost, one workbook changed, another option: only that is made again."""
    cwd = Path(shutil.copytree(books, tmp_path / "x"))
    assert "beholdt" not in resumed(cwd)
    assert "5 var færdige" in resumed(cwd)
    assert contents(cwd / "ud") == undisturbed
    (cwd / "ud" / "727-odder" / "review.md").unlink()
    assert "4 var færdige" in resumed(cwd)
    assert contents(cwd / "ud") == undisturbed
    shutil.rmtree(cwd / "ud" / "751-aarhus")
    book = cwd / "favrskov.xlsx"
    book.write_bytes(book.read_bytes() + b"\0")  # another file, the same municipality
    assert "3 var færdige" in resumed(cwd)
    assert "beholdt" not in resumed(cwd, "--seed", "2")


def test_a_divided_batch_ends_as_an_undivided_one(
    tmp_path: Path, books: Path, undisturbed: dict[str, bytes]
) -> None:
    cwd = Path(shutil.copytree(books, tmp_path / "x"))
    for part in ("1/2", "2/2"):
        ran = styring_says(
            "batch", "*.xlsx", "--peers", PEERS, "--out", "ud", "--shard", part, cwd=cwd
        )
        assert ran.code == 0, ran.err
        assert "--resume" in ran.err
    assert not (cwd / "ud" / "overview.md").exists()
    assert "5 var færdige" in resumed(cwd)
    assert contents(cwd / "ud") == undisturbed


@pytest.mark.parametrize("part", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2"])
def test_what_is_no_part_is_refused(tmp_path: Path, part: str) -> None:
    ran = styring_says("batch", "x.xlsx", "--out", "ud", f"--shard={part}", cwd=tmp_path)
    assert ran.code == 2


def test_a_broken_record_is_no_finished_review(tmp_path: Path) -> None:
    cwd = tmp_path / "x"
    cwd.mkdir()
    municipality(cwd, 706, "Syddjurs")
    resumed(cwd)
    record = next((cwd / "ud" / ".styring-batch").iterdir())
    for text in ("", "{}", "[]", '{"asked": 1}'):
        record.write_text(text, "utf-8")
        assert "beholdt" not in resumed(cwd)
    assert "1 var færdige" in resumed(cwd)
