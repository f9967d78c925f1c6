"""The command as a user runs it: a process of its own, its exit code and what it says."""

from __future__ import annotations

import gc
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import styring
from styring.definitions import desk

EXAMPLES = desk("examples")
SYDDJURS = EXAMPLES / "syddjurs.xlsx"
PEERS = EXAMPLES / "peers.csv"
SOURCE = Path(styring.__file__).parent.parent
OURS = ("STYRING_LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "POLARS_MAX_THREADS")
"""What the shell at hand may have set, and a test must not depend on."""

Golden = Callable[[Path, str], None]
"""Compare a text with a kept file."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished run: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Return the lines of standard output."""
        return self.out.splitlines()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A folder that a review was written to, and the run that wrote it."""

    folder: Path
    ran: Ran

    def read(self, name: str) -> str:
        """Return a text file of the review."""
        return (self.folder / name).read_text("utf-8")


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of a run: ours, the same package, warnings are errors."""
    kept = {k: v for k, v in os.environ.items() if k not in OURS}
    paths = [str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "error"} | changes


def styring_says(*arguments: object, cwd: Path, **changes: str) -> Ran:
    """Run `styring` with these arguments in a folder, the environment changed."""
    ran = subprocess.run(
        [sys.executable, "-m", "styring", *map(str, arguments)],
        cwd=cwd,
        env=environment(**changes),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=120,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def styring_in_process(*arguments: object, cwd: Path) -> Ran:
    """Run `styring` in this process, its modules fresh: without the half second of a start."""
    for name in [n for n in sys.modules if n.split(".")[:2] == ["styring", "cli"]]:
        del sys.modules[name]
    out, err, codes = StringIO(), StringIO(), list[int]()
    leave, argv = os._exit, sys.argv
    try:
        with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
            os._exit = codes.append  # type: ignore[assignment]
            sys.argv = ["styring", *map(str, arguments)]
            importlib.import_module("styring.cli").main()
    finally:
        os._exit, sys.argv = leave, argv
        gc.enable()
    return Ran(codes[0], out.getvalue(), err.getvalue())


def python_says(script: str, *arguments: object, cwd: Path) -> Ran:
    """Run a few lines of Python in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def one_by_one(*commands: Sequence[object], cwd: Path) -> list[Ran]:
    """Run several commands in this process and return how each went."""
    return [styring_in_process(*command, cwd=cwd) for command in commands]


def one_message(ran: Ran) -> str:
    """Return what a failed run says, proved to be one message without a traceback."""
    told = f"exit {ran.code}\n{ran.out}\n{ran.err}"
    lines = ran.err.splitlines()
    assert ran.err.startswith("styring: "), told
    assert all(line.startswith("  ") for line in lines[1:]), told
    assert "Traceback" not in ran.err, told
    assert not re.search(r"\b[A-Z]\w+(Error|Exception)\b", ran.err), told
    return ran.err
