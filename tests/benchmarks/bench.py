"""How much styring costs beside what it cannot do without.

    python tests/benchmarks/bench.py [--rounds N]

Two ratios, each of medians over runs that take turns, so that a busy machine slows both sides:

* `styring --help` to a Python that only imports typer;
* `styring review` of the example Syddjurs to a script that imports polars and the cell reader and
  hands over every cell of the same workbook.

The installed command is run where there is one, else `python -m styring`. Nothing is asserted:
times belong to the machine. CPU is user and system time of the process and its children.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

try:
    from resource import RUSAGE_CHILDREN, getrusage
except ImportError:  # Windows counts otherwise

    def cpu() -> float:
        """Return nothing: only wall time is known here."""
        return 0.0
else:

    def cpu() -> float:
        """Return the CPU seconds of all children so far."""
        used = getrusage(RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


BARE = """
import sys
import polars
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
print(sum(len(row) for sheet in sheets for row in sheet.iter_rows()))
"""
Command = Sequence[str]


def styring_command() -> list[str]:
    """Return the installed command, else the module."""
    beside = Path(sys.executable).parent
    found = shutil.which("styring", path=str(beside)) or shutil.which("styring")
    return [found] if found else [sys.executable, "-m", "styring"]


def examples() -> Path:
    """Return the folder of examples, asked of the package that is run."""
    ask = "from styring.definitions import desk; print(desk('examples'))"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return Path(said.stdout.strip())


def timed(command: Command) -> tuple[float, float]:
    """Run a command and return its wall and CPU seconds."""
    before, start = cpu(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start, cpu() - before


def compared(ours: Command, bare: Command, rounds: int) -> list[tuple[float, float]]:
    """Return the median wall and CPU seconds of two commands that take turns, after a warm-up."""
    taken: list[list[tuple[float, float]]] = [[], []]
    for n in range(rounds + 1):
        for command, times in zip((ours, bare), taken, strict=True):
            once = timed(command)
            if n:
                times.append(once)
    return [(median(wall for wall, _ in t), median(used for _, used in t)) for t in taken]


def tell(name: str, against: str, times: Sequence[tuple[float, float]]) -> None:
    """Print two commands' seconds and their ratios."""
    (wall, used), (bare_wall, bare_used) = times
    ratio = f"{used / bare_used:.2f}" if bare_used else "–"
    print(f"{name}: wall {wall:.3f} s, CPU {used:.3f} s")
    print(f"  {against}: wall {bare_wall:.3f} s, CPU {bare_used:.3f} s")
    print(f"  ratio: wall {wall / bare_wall:.2f}, CPU {ratio}")


def main() -> None:
    """Take turns and print the ratios."""
    parser = argparse.ArgumentParser(description="How much styring costs.")
    parser.add_argument("--rounds", type=int, default=9, help="runs of each command")
    rounds = parser.parse_args().rounds
    ours, python, folder = styring_command(), sys.executable, examples()
    print(f"{' '.join(ours)}, {rounds} rounds")
    times = compared([*ours, "--help"], [python, "-c", "import typer"], rounds)
    tell("styring --help", "python -c 'import typer'", times)
    with TemporaryDirectory() as out:
        review = [*ours, "--quiet", "review", str(folder / "syddjurs.xlsx"),
                  "--peers", str(folder / "peers.csv"), "--out", out]  # fmt: skip
        bare = [python, "-c", BARE, str(folder / "syddjurs.xlsx")]
        tell("styring review", "polars and every cell", compared(review, bare, rounds))


if __name__ == "__main__":
    main()
