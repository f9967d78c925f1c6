"""Write docs/workbook.md from the description of the workbook. Run: python docs/generate.py."""

from __future__ import annotations

from pathlib import Path

from styring.definitions import load_spec
from styring.model import Column, Sheet

FILE = Path(__file__).with_name("workbook.md")
HEAD = """# The workbook

One workbook is one municipality. Sheets and columns are found by name or alias; case, blanks,
punctuation and æ/ae, ø/oe, å/aa do not matter, and the header row is found under title rows.
Sheets that are not there are reported as *ikke oplyst*, never guessed.
`styring template min.xlsx` writes an empty one.

A folder of CSV files named as the sheets works too. Amounts may stand in kroner, 1.000 kr. or
mio. kr. (said in the header or a title row), and the ledger may have months, years or versions as
columns.

Columns with a star are needed on every row. This page is made from the description that the
reader itself uses.
"""


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(_sheet(s) for s in load_spec().sheet)


def _sheet(sheet: Sheet) -> str:
    needed = " Needed for a full review." if sheet.needed else ""
    also = f" Also called: {', '.join(sheet.aliases)}." if sheet.aliases else ""
    head = f"\n## {sheet.name}\n\nOne row is {sheet.row.en} (*{sheet.row.da}*).{needed}{also}\n\n"
    table = "| column | type | meaning | also called |\n| --- | --- | --- | --- |\n"
    return head + table + "".join(_column(c) for c in sheet.column)


def _column(column: Column) -> str:
    star = " *" if column.required else ""
    values = f": {', '.join(column.values)}" if column.values else ""
    return (
        f"| `{column.name}`{star} | {column.type}{values} | {column.meaning.en} | "
        f"{', '.join(column.aliases)} |\n"
    )


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
    print(FILE)
