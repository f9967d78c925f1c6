"""Time to lint a catalogue of 200 definitions against the time to import polars; cases apart.

Run: python tests/benchmarks/lint.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from styring.check import lint
from styring.check.cases import case_rules
from styring.definitions import definition_files, desk, load_definitions, load_folder

HOW_MANY = 200
ROUNDS = 5


def catalogue(folder: Path) -> None:
    """Write a catalogue of 200 definitions: the shipped ones, and copies under other names."""
    files = definition_files(desk("indicators"))
    for n in range(HOW_MANY):
        file = files[n % len(files)]
        text = file.read_text("utf-8")
        target = folder / f"{n}" / file.name
        target.parent.mkdir(parents=True)
        target.write_text(text.replace('id = "', f'id = "kopi{n}.', 1), "utf-8")
    (folder / "catalogue.toml").write_text("format = 1\nextends = false\n", "utf-8")


def import_polars() -> float:
    """Return the seconds a fresh interpreter needs to import polars, its own start taken off."""
    code = "from time import perf_counter as t; s = t(); import polars; print(t() - s)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print the times and their ratios."""
    folder = Path(tempfile.mkdtemp())
    try:
        catalogue(folder)
        list(lint(load_folder(folder, cases=False), shipped=True))  # tables are described once
        yardstick, lints = [], []
        for _ in range(ROUNDS):
            yardstick.append(import_polars())
            start = perf_counter()
            list(lint(load_folder(folder, cases=False), shipped=True))
            lints.append(perf_counter() - start)
    finally:
        shutil.rmtree(folder)
    shipped, _ = load_definitions(desk("indicators"))
    start = perf_counter()
    wrong = sum(1 for d in shipped for _ in case_rules(d.indicator))
    proving = perf_counter() - start
    cases = sum(len(d.indicator.test) for d in shipped)
    one = median(yardstick)
    print(f"import polars: {one:.3f} s")
    print(f"lint {HOW_MANY} definitions: {median(lints):.3f} s, {median(lints) / one:.2f} x")
    print(f"run the {cases} shipped cases ({wrong} fail): {proving:.2f} s, {proving / one:.1f} x")


if __name__ == "__main__":
    main()
