"""How time and memory grow with the workbook, beside what merely hands over its cells.

    python tests/benchmarks/scale.py [--rows 10000,100000,1000000] [--jobs-of N]

For each size a workbook of so many ledger rows (12 columns) and a fifth as many case rows (20
columns) is made. Then two commands run, each in a process of its own: `styring review` with all its
checks and default formats, and a script in which the cell reader hands over every cell. Printed are
wall and CPU seconds, peak memory, the ratios, and the slope: how many times as long for ten times
the rows. Where pandas is installed, it reads the first sizes with openpyxl, too.

`--jobs-of N` reviews N workbooks in one `batch` with one job and with two. Nothing is asserted:
times belong to the machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from styring.places import places

BARE = """
import sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
print(sum(len(r) for n in book.sheet_names for r in book.get_sheet_by_name(n).iter_rows()))
"""
PANDAS = "import pandas, sys; pandas.read_excel(sys.argv[1], sheet_name=None, engine='openpyxl')"
MOST_FOR_PANDAS = 100_000
STYRING = [sys.executable, "-m", "styring"]
LEDGER = [
    "år", "måned", "funktion", "funktionsnavn", "dranst", "gruppering", "tilbud", "art",
    "version", "beløb", "prisniveau", "opfølgning",
]  # fmt: skip
CASES = [
    "sag_id", "borger_id", "paragraf", "ydelse", "tilbud", "leverandørtype", "funktion",
    "startdato", "slutdato", "pris", "enhed", "antal", "målgruppe", "fødselsår", "ansøgt_dato",
    "bevilget_dato", "iværksat_dato", "bevilget_niveau", "sidste_opfølgning", "handleplan_dato",
]  # fmt: skip
FUNCTIONS = ["5.38.50", "5.38.52", "5.38.58", "5.38.59", "5.38.51", "5.38.39"]
VERSIONS = ["oprindeligt budget", "regnskab", "regnskab", "korrigeret budget"]
PARAGRAPHS = ["85", "107", "108", "103", "104", "ABL-105"]
FIRST, LAST, MONTHS = 2021, 2025, 9


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: wall and CPU seconds, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str]) -> Run:
    """Run a command in a process of its own."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def make(path: Path, rows: int, seed: int = 1, code: int = 706, name: str = "Syddjurs") -> None:
    """Write a workbook of invented figures: `rows` of the ledger, a fifth as many of cases."""
    r = random.Random(seed)  # noqa: S311 - invented figures
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    days = book.add_format({"num_format": "dd-mm-yyyy"})
    front = book.add_worksheet("Kommune")
    for n, pair in enumerate([("nøgle", "værdi"), ("kommunekode", code), ("kommune", name),
                              ("regnskabsår", LAST)]):  # fmt: skip
        front.write_row(n, 0, pair)
    front.write(4, 0, "opgørelsesdato")
    front.write_datetime(4, 1, dt.datetime(LAST, MONTHS, 30), days)
    people = book.add_worksheet("Befolkning")
    people.write_row(0, 0, ["år", "alder_fra", "alder_til", "antal", "type"])
    ages = ((0, 17, 8000), (18, 64, 24000), (65, 66, 1100), (67, None, 9000))
    counted = [[y, *a, "faktisk"] for y in range(FIRST, LAST + 1) for a in ages]
    for n, row in enumerate(counted, 1):
        people.write_row(n, 0, row)
    ledger = book.add_worksheet("Økonomi")
    ledger.write_row(0, 0, LEDGER)
    for n in range(1, rows + 1):
        year = FIRST + n % 5
        month = 1 + n // 5 % (MONTHS if year == LAST else 12)
        ledger.write_row(n, 0, [
            year, month, FUNCTIONS[n % 6], "Botilbud", "1", "001", f"Sted {n % 300}", "4.0",
            VERSIONS[n // 7 % 4], round(r.uniform(10, 90000), 2), "løbende",
        ])  # fmt: skip
    cases = book.add_worksheet("Sager")
    cases.write_row(0, 0, CASES)
    for n in range(1, rows // 5 + 1):
        first = dt.datetime(2018, 1, 1) + dt.timedelta(days=r.randrange(2700))
        cases.write_row(n, 0, [
            f"S{n // 3}", f"B{n // 4}", PARAGRAPHS[n // 3 % 6], "Støtte", f"Sted {n % 300}",
            ["egen", "privat", "anden kommune", "region"][n % 4], FUNCTIONS[n // 3 % 6],
        ])  # fmt: skip
        last = first + dt.timedelta(days=r.randrange(30, 2000))
        dated = {7: first, 8: last if n % 3 else None}
        dated |= {c: first + dt.timedelta(days=d)
                  for c, d in ((14, -200), (15, -90), (16, -10), (18, 300), (19, 100))}  # fmt: skip
        for column, day in dated.items():
            if day is not None:
                cases.write_datetime(n, column, day, days)
        unit = ["døgn", "uge", "måned"][n % 3]
        cases.write_row(n, 9, [r.randrange(200, 5000), unit, 1, "autisme", 1950 + n // 4 % 55])
        cases.write(n, 17, ["sagsbehandler", "leder", "chef"][n % 3])
    book.close()


def measure(folder: Path, sizes: Sequence[int]) -> None:
    """Print what each size takes, and how it grows."""
    print(f"{'rows':>9} {'':8} {'wall s':>8} {'CPU s':>8} {'MB':>7}")
    before: tuple[int, Run] | None = None
    for rows in sizes:
        book = folder / f"{rows}.xlsx"
        make(book, rows)
        bare = run([sys.executable, "-c", BARE, str(book)])
        ours = run([*STYRING, "--quiet", "review", str(book), "--out", str(folder / str(rows))])
        others = {"cells": bare, "review": ours}
        if rows <= MOST_FOR_PANDAS and find_spec("pandas"):
            others["pandas"] = run([sys.executable, "-c", PANDAS, str(book)])
        for called, took in others.items():
            print(f"{rows:>9,} {called:8} {took.wall:8.2f} {took.cpu:8.2f} {took.memory:7.0f}")
        print(f"{'':9} review to cells: wall {ours.wall / bare.wall:.2f}, "
              f"CPU {ours.cpu / bare.cpu:.2f}")  # fmt: skip
        if "pandas" in others:
            print(f"{'':9} pandas to review: wall {others['pandas'].wall / ours.wall:.2f}")
        if before:
            power = 1 / log10(rows / before[0])
            grown = [(ours.cpu / before[1].cpu) ** power, (ours.memory / before[1].memory) ** power]
            print(f"{'':9} for ten times the rows: time x {grown[0]:.1f}, memory x {grown[1]:.1f}")
        before = rows, ours


def scaling(folder: Path, number: int) -> None:
    """Print what a batch of so many workbooks takes with one job and with two."""
    books = []
    for place in list(places().values())[:number]:
        books.append(folder / f"{place.code}.xlsx")
        make(books[-1], 2000, int(place.code), int(place.code), place.name)
    took = {}
    for jobs in (1, 2):
        out = folder / f"jobs-{jobs}"
        took[jobs] = run([*STYRING, "--quiet", "batch", *map(str, books), "--out", str(out),
                          "--jobs", str(jobs)])  # fmt: skip
        print(f"{number} municipalities, {jobs} jobs: {took[jobs].wall:.1f} s")
        shutil.rmtree(out)
    print(f"two jobs are {took[1].wall / took[2].wall:.2f} times as fast as one")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--jobs-of", type=int, default=0)
    asked = parser.parse_args()
    with TemporaryDirectory() as work:
        measure(Path(work), [int(n) for n in asked.rows.split(",") if n])
        if asked.jobs_of:
            scaling(Path(work), asked.jobs_of)


if __name__ == "__main__":
    main()
