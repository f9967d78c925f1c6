"""Every command reads a workbook by the same files: those named, else those that lie beside it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

import build
from running import Ran, styring_in_process
from styring.read.corrections import FILE as CORRECTIONS
from styring.read.mapping import FILE as MAP

MAPPING = """\
[[sheet]]
name = "Udtræk 7"
read_as = "Sager"
[sheet.columns]
"Kr stk" = "pris"
"""
CORRECTION = """\
ark;celle;står;skal stå;grund;kilde
Udtræk 7;F3;3000;6000;Taksten er ført for én af to;Kontrakt 4
"""
MEASURES = """\
[[price]]
paragraph = "108"
percent = -10
from = 2026-01-01
"""
COMMANDS: dict[str, tuple[str, ...]] = {
    "review": ("review", "bog.xlsx", "--out", "ud", "--format", "md"),
    "batch": ("batch", "bog.xlsx", "--out", "ud", "--format", "md"),
    "inspect": ("inspect", "bog.xlsx", "--format", "json"),
    "explain": ("explain", "bevilget-pris-108", "bog.xlsx"),
    "trace": ("trace", "bog.xlsx", "Udtræk 7!F3", "--as", "9000"),
    "forecast": ("forecast", "bog.xlsx", "--format", "json"),
    "scenario": ("scenario", "bog.xlsx", "tiltag.toml", "--format", "json"),
}


def workbook(folder: Path) -> Path:
    """Write a workbook whose cases have another sheet's and column's name, and measures."""
    book = build.minimal()
    cases = book.pop("Sager")
    cases[0][5] = "Kr stk"
    cases += [[f"S{n}", f"B{n}", "108", date(2024, n, 1), None, 2000, "døgn"] for n in range(3, 12)]
    book["Udtræk 7"] = [[*row, "privat"] for row in cases]
    book["Udtræk 7"][0][7] = "leverandørtype"
    (folder / "tiltag.toml").write_text(MEASURES, "utf-8")
    return build.xlsx(folder / "bog.xlsx", book)


def said(ran: Ran, folder: Path) -> str:
    """Return all that a command made of the workbook."""
    found = sorted(folder.glob("ud/**/review.json"))
    made = [json.loads(f.read_text("utf-8")) for f in found]
    return f"{ran.code} {ran.out if not made else json.dumps(made, ensure_ascii=False)}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_reads_by_the_files_named_as_by_those_beside(name: str, tmp_path: Path) -> None:
    """The files lie elsewhere and are named, or beside the workbook; without them it differs."""
    book, elsewhere = workbook(tmp_path), tmp_path / "andetsteds"
    elsewhere.mkdir()
    (elsewhere / MAP).write_text(MAPPING, "utf-8")
    (elsewhere / CORRECTIONS).write_text(CORRECTION, "utf-8")
    assert book.is_file()

    def run(*options: str) -> str:
        made = said(styring_in_process(*COMMANDS[name], *options, cwd=tmp_path), tmp_path)
        shutil.rmtree(tmp_path / "ud", ignore_errors=True)
        return made

    options = ("--map", f"andetsteds/{MAP}", "--corrections", f"andetsteds/{CORRECTIONS}")
    plain, mapped, named = run(), run(*options[:2]), run(*options)
    assert named.startswith("0 "), named
    assert len({plain, mapped, named}) == 3
    for file in (MAP, CORRECTIONS):
        shutil.copy(elsewhere / file, tmp_path / file)
    assert run() == named


def test_the_lists_of_cases_are_read_by_the_same_files(tmp_path: Path) -> None:
    """They are of the sheet that only the mapping file knows."""
    workbook(tmp_path)
    elsewhere = tmp_path / "andetsteds"
    elsewhere.mkdir()
    (elsewhere / MAP).write_text(MAPPING, "utf-8")
    ran = styring_in_process(
        "review", "bog.xlsx", "--map", f"andetsteds/{MAP}", "--out", "ud", "--format", "md",
        "--case-lists", "lister.xlsx", cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert (tmp_path / "lister.xlsx").is_file()
