"""What a review says it was made of is what was read, whatever becomes of the files meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import build
from running import PEERS, one_message, styring_in_process
from styring import pipeline, previous
from styring.definitions import load_catalogue
from styring.errors import InputError
from styring.pipeline import Choices, peer_rows, review
from styring.read import corrections, workbook
from styring.read.corrections import FILE as CORRECTIONS
from styring.unchanged import digest, unchanged

OTHER = b"\n"
"""What is put at the end of a file to make it another one."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A small municipality."""
    return build.xlsx(tmp_path / "bog.xlsx", build.minimal())


def changing(monkeypatch: pytest.MonkeyPatch, room: object, name: str, file: Path) -> None:
    """Have a file changed as soon as the function `name` of a room has read it."""
    read: Callable[..., Any] = getattr(room, name)

    def read_and_changed(*args: Any, **options: Any) -> Any:
        found = read(*args, **options)
        file.write_bytes(file.read_bytes() + OTHER)
        return found

    monkeypatch.setattr(room, name, read_and_changed)


def later(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """Have a file changed when everything has been read and compared, before it is written of."""
    changing(monkeypatch, pipeline, "score", file)


SEAMS: dict[str, tuple[object, str]] = {
    "workbook": (workbook, "read_grids"),
    "peers": (pipeline, "read_peers"),
    "context": (pipeline, "read_context"),
    "corrections": (corrections, "csv_grid"),
    "previous": (previous, "read_review"),
    "set": (pipeline, "load_catalogue"),
}
"""Where each file is read."""


def inputs(folder: Path, book: Path) -> tuple[dict[str, Path], Choices]:
    """Return every kind of file a review can read, by its role, and the choices that name them."""
    first = review(book, Choices())
    files = {role: folder / name for role, name in (
        ("peers", "peers.csv"), ("context", "vilkaar.csv"), ("corrections", CORRECTIONS),
        ("previous", "foer.json"), ("set", "saet.txt"))}  # fmt: skip
    files["peers"].write_bytes(PEERS.read_bytes())
    files["context"].write_bytes(PEERS.with_name("rammevilkaar.csv").read_bytes())
    files["corrections"].write_text(
        "ark;celle;står;skal stå;grund;kilde\nØkonomi;E3;1050000;1060000;Slået fejl.;Bilag 1.\n",
        "utf-8",
    )
    files["previous"].write_text(first.model_dump_json(by_alias=True), "utf-8")
    files["set"].write_text("bevilget-pris-108\n", "utf-8")
    choices = Choices(
        peers=files["peers"],
        context=files["context"],
        previous=(files["previous"],),
        chosen=str(files["set"]),
    )
    return {"workbook": book, **files}, choices


@pytest.mark.parametrize("role", SEAMS)
def test_a_file_that_changes_after_it_was_read_is_recorded_as_it_was_read(
    role: str, tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The review is that of the old bytes, to the letter, and says so."""
    files, choices = inputs(tmp_path, book)
    was = sha256(files[role].read_bytes())
    undisturbed = review(book, choices)
    later(monkeypatch, files[role])
    made = review(book, choices)
    assert sha256(files[role].read_bytes()) != was
    assert [i.sha256 for i in made.provenance.inputs if i.role == role] == [was]
    assert made == undisturbed


@pytest.mark.parametrize("role", SEAMS)
def test_a_file_that_changes_while_it_is_read_is_refused(
    role: str, tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half the old and half the new is neither, and no checksum would be true of it."""
    files, choices = inputs(tmp_path, book)
    changing(monkeypatch, *SEAMS[role], files[role])
    with pytest.raises(InputError, match="changed while it was read") as caught:
        review(book, choices)
    assert files[role].name in caught.value.where.da


def changed_and_back(file: Path) -> None:
    """Change a file and undo it."""
    was = file.read_bytes()
    file.write_bytes(b"c;d\n")
    file.write_bytes(was)
    os.utime(file, ns=(1, 1))


def test_a_change_that_is_undone_at_once_is_seen(tmp_path: Path) -> None:
    """The bytes are the same again; the time of the change is not."""
    file = tmp_path / "fil.csv"
    file.write_bytes(b"a;b\n")
    with pytest.raises(InputError), unchanged(file):
        changed_and_back(file)


def test_a_file_that_is_gone_when_it_was_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "fil.csv"
    file.write_bytes(b"a;b\n")
    with pytest.raises(InputError, match=r"fil\.csv"), unchanged(file):
        file.unlink()


def test_a_folder_of_csv_files_changes_with_any_of_them(tmp_path: Path) -> None:
    """One more file, or one more line in one."""
    folder = build.csv_folder(tmp_path / "mappe", build.minimal())
    before = digest(folder)
    with pytest.raises(InputError), unchanged(folder):
        (folder / "Sager.csv").write_bytes(b"sag_id\n")
    with pytest.raises(InputError), unchanged(folder):
        (folder / "Tilbud.csv").write_bytes(b"tilbud\n")
    assert digest(folder) != before


def test_a_row_of_a_peers_file_names_the_workbook_as_it_was_read(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = sha256(book.read_bytes())
    changing(monkeypatch, pipeline, "all_figures", book)
    rows = peer_rows(book, load_catalogue(None, "core"))
    assert {str(r[-2]).split()[1] for r in rows} == {f"sha256:{was[:12]}"}


def test_a_review_names_the_checksums_of_its_files(tmp_path: Path, book: Path) -> None:
    """As a user runs it."""
    ran = styring_in_process(
        "review", book, "--peers", PEERS, "--out", "ud", "--format", "md", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    made = json.loads((tmp_path / "ud" / "review.json").read_text("utf-8"))
    sums = {i["role"]: i["sha256"] for i in made["provenance"]["inputs"]}
    assert sums["workbook"] == sha256(book.read_bytes())
    assert sums["peers"] == sha256(PEERS.read_bytes())


def test_a_user_is_told_to_run_again(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves the workbook while it is read."""
    changing(monkeypatch, workbook, "read_grids", book)
    ran = styring_in_process("review", book, "--out", "ud", cwd=tmp_path)
    assert ran.code == 3
    assert "mens den blev læst" in one_message(ran)
    assert not (tmp_path / "ud").exists()
