"""One review of a batch in a process of its own, here or on another machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory


def review_one(
    workbook: str, options: Sequence[str], folder: str, *, debug: bool
) -> dict[str, bytes] | str:
    """Return the files of a finished review by name, or why there is none.

    Args:
        workbook: its path, from `folder` on where it is not whole.
        options: of the command `review`.
        folder: the one to run in.
        debug: show the traceback of a bug.
    """
    with TemporaryDirectory(prefix="styring-") as work:
        review = ["review", workbook, "--out", work, *options]
        ran = subprocess.run(  # noqa: S603 - this program itself, without a shell
            [sys.executable, "-m", "styring", "--quiet", *(["--debug"] if debug else []), *review],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            errors="replace",
            cwd=folder,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )
        if ran.returncode == 0:
            return {p.name: p.read_bytes() for p in sorted(Path(work).iterdir())}
    lines = [line.strip() for line in ran.stderr.splitlines() if line.strip()]
    said = " ".join(lines).removeprefix("styring: ").removeprefix(f"{workbook}: ")
    return said or f"exit {ran.returncode}"
