"""The guide to a first indicator, followed word by word."""

from __future__ import annotations

import re
from pathlib import Path

from running import styring_says
from styring.definitions import desk

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "write-an-indicator.md"


def blocks() -> list[str]:
    """Return the files and parts of files that the ten minutes' steps show."""
    steps = GUIDE.read_text("utf-8").split("## The parts")[0]
    found = re.findall(r"^   ```toml\n(.*?)^   ```", steps, re.DOTALL | re.MULTILINE)
    return ["\n".join(line[3:] for line in block.split("\n")) for block in found]


def test_a_newcomer_gets_a_figure_by_following_the_steps(tmp_path: Path) -> None:
    """Without cases the check says so and fails; with them it is green, and the figure is there."""
    catalogue, definition, cases = blocks()
    folder = tmp_path / "mine-indikatorer"
    folder.mkdir()
    (folder / "catalogue.toml").write_text(catalogue, "utf-8")
    file = folder / "privat-107.toml"
    file.write_text(definition, "utf-8")
    first = styring_says("check", folder, cwd=tmp_path)
    assert first.code == 1
    assert first.out.count("tests") == 1
    file.write_text(f"{definition}\n{cases}", "utf-8")
    assert styring_says("check", folder, cwd=tmp_path).code == 0
    workbook = desk("examples") / "syddjurs.xlsx"
    told = styring_says(
        "explain", "min-kommune.privat-107", workbook, "--indicators", folder, cwd=tmp_path
    )
    assert told.code == 0
    assert "47,6 pct." in told.out
