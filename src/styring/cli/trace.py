"""`styring trace`: what one cell of a workbook touches in its review."""

from __future__ import annotations

import json
from pathlib import Path

from styring.errors import Lang, Texts, UsageError
from styring.pipeline import Choices
from styring.trace import as_data, as_lines
from styring.trace import trace as traced

FORMS = ("text", "json")


def trace(
    workbook: Path, address: str, instead: str, choices: Choices, *, form: str, lang: Lang
) -> None:
    """Write what a cell touches.

    Raises:
        UsageError: the format is neither text nor json, or the address is no cell.
        InputError: there is no such cell, or the workbook cannot be reviewed.
    """
    if form not in FORMS:
        raise UsageError(
            Texts(f"Formatet «{form}» findes ikke.", f"There is no format “{form}”."),
            hint=Texts("Skriv --format text eller json.", "Write --format text or json."),
        )
    found = traced(workbook, address, choices, instead)
    if form == "json":
        print(json.dumps(as_data(found), ensure_ascii=False, indent=1))
        return
    for line in as_lines(found, lang):
        print(line)
