"""How long 200,000 case rows over five years take to monthly figures, beside reading them.

    python tests/benchmarks/cases.py [--rows N] [--rounds N]

Both sides take turns, and the median of each is compared. Rows are written to a workbook first:
half of the services are open, the rest last from a month to four years, in every unit. Nothing is
asserted: times belong to the machine.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from styring.cash import cash_years
from styring.definitions import load_facts, load_spec
from styring.months import case_periods
from styring.prepare import prepare
from styring.read.workbook import read_workbook

HEADINGS = ("sag_id", "borger_id", "paragraf", "leverandørtype", "funktion", "startdato",
            "slutdato", "pris", "enhed", "antal", "målgruppe", "fødselsår")  # fmt: skip
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)


def write(path: Path, rows: int) -> None:
    """Write a workbook of that many case rows, the same each time."""
    chance = random.Random(1)  # noqa: S311 - rows for a stopwatch
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    who = book.add_worksheet("Kommune")
    for n, line in enumerate((("felt", "værdi"), ("kommunekode", 706), ("kommune", "Syddjurs"),
                              ("opgørelsesdato", "31-12-2024"),
                              ("regnskabsår", 2024))):  # fmt: skip
        who.write_row(n, 0, line)
    sheet = book.add_worksheet("Sager")
    sheet.write_row(0, 0, HEADINGS)
    for n in range(1, rows + 1):
        start = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
        lasts = chance.choice((0, 0, 0, 30, 400, 1500))
        values = (f"S{n}", f"B{chance.randrange(rows // 2)}", chance.choice(("85", "107", "108")),
                  chance.choice(("egen", "privat")), "5.38.50", start,
                  start + timedelta(days=lasts) if lasts else None, chance.randrange(500, 5000),
                  chance.choice(("døgn", "uge", "måned", "år")), 1,
                  chance.choice(("autisme", "udviklingshæmning")),
                  chance.randrange(1940, 2005))  # fmt: skip
        for column, value in enumerate(values):
            if isinstance(value, date):
                sheet.write_datetime(n, column, value, day)
            else:
                sheet.write(n, column, value)
    book.close()


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Take turns and print the ratios."""
    parser = argparse.ArgumentParser(description="Case rows to months beside reading them.")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sager.xlsx"
        write(file, chosen.rows)
        spec, facts = load_spec(), load_facts()
        reading = read_workbook(file, spec)
        years = range(FIRST.year, LAST.year + 1)

        def ready() -> Any:
            return prepare(reading.tables, facts, years=years)

        works: dict[str, Callable[[], Any]] = {
            "reading": lambda: read_workbook(file, spec),
            "months": lambda: case_periods(ready()),
            "months by paragraph, provider, target group and age": lambda: case_periods(
                ready(), ("paragraf", "leverandoertype", "maalgruppe", "aldersgruppe")
            ),
            "payments by year": lambda: cash_years(ready()),
        }
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(chosen.rounds):
            for name, work in works.items():
                taken[name].append(timed(work))
        accepted = reading.tables.frames["sager"].height
        months = case_periods(ready())
    print(f"{accepted} rows, {months.height} months, {chosen.rounds} rounds")
    base = median(taken["reading"])
    for name, times in taken.items():
        print(f"{name}: {median(times):.2f} s, {median(times) / base:.2f} × reading")


if __name__ == "__main__":
    main()
