"""Reference results of other tools: their rows, and how ours are compared with them."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from pathlib import Path

import pytest

import oracle

BILLIONTH = 1e-9


def table(*path: str) -> list[dict[str, str]]:
    """Return the rows of a reference table; the test is skipped where the material is missing."""
    file = folder(*path[:-1]) / path[-1]
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows, f"reference/{'/'.join(path)} has no rows"
    return rows


def folder(*path: str) -> Path:
    """Return a folder of reference results; the test is skipped where the material is missing."""
    found = oracle.shared().joinpath("reference", *path)
    if not found.is_dir():
        pytest.skip(f"reference results are missing: reference/{'/'.join(path)}")
    return found


def number(text: str) -> float:
    """Return a reference figure; an empty cell is none."""
    return float(text) if text and text != "NA" else math.nan


def mismatches(pairs: Iterable[tuple[str, float | None, float]]) -> list[str]:
    """Return where a figure of ours is not the reference's to a billionth, none for none.

    Args:
        pairs: what it is, ours, theirs.
    """
    found = []
    for name, ours, theirs in pairs:
        x = math.nan if ours is None else ours
        if math.isnan(x) and math.isnan(theirs):
            continue
        if not math.isclose(x, theirs, rel_tol=BILLIONTH, abs_tol=1e-12):
            found.append(f"{name}: {x!r} is not {theirs!r}")
    return found
