"""`styring scenario`: what a file of measures does to the cost of the granted cases."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from styring.definitions import load_facts, load_spec
from styring.errors import Lang, Texts, UsageError
from styring.prepare import prepare
from styring.read.workbook import Beside, read_workbook
from styring.scenario import run, scenario_for
from styring.scenario.told import as_data, as_text

FORMS = ("text", "json")


def scenario(
    workbook: Path, file: Path, *, as_of: date | None, form: str, lang: Lang, beside: Beside
) -> None:
    """Write what a scenario does, each measure alone and all in order.

    Raises:
        UsageError: the format is neither text nor json.
        InputError: the workbook or the scenario cannot be used.
    """
    if form not in FORMS:
        raise UsageError(
            Texts(f"Formatet «{form}» findes ikke.", f"There is no format “{form}”."),
            hint=Texts("Skriv --format text eller json.", "Write --format text or json."),
        )
    reading = read_workbook(workbook, load_spec(), as_of=as_of, beside=beside)
    ready = prepare(reading.tables, load_facts())
    found = run(ready, scenario_for(ready, file))
    if form == "json":
        print(json.dumps(as_data(found), ensure_ascii=False, indent=1))
        return
    for line in as_text(found, lang):
        print(line)
