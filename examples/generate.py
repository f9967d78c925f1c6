"""Write the examples: eight Danish municipalities with invented figures, and their conditions.

    python examples/generate.py [FOLDER]

FOLDER is the folder of this file unless another is named. The same code writes the same bytes.
Needs the standard library and xlsxwriter only.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generator.checks import Tables, check_stories, summarise, tables_of
from generator.conditions import conditions
from generator.profiles import PROFILES
from generator.tables import build_sheets
from generator.workbook import write_workbook


def main(arguments: list[str]) -> int:
    """Write all workbooks and print a line about each; returns the exit code."""
    if len(arguments) > 1:
        print("usage: python examples/generate.py [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[0]) if arguments else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, Tables] = {}
    for profile in PROFILES:
        sheets = build_sheets(profile)
        write_workbook(folder / f"{profile.slug}.xlsx", sheets)
        written[profile.name] = tables_of(sheets)
        print(summarise(profile.name, written[profile.name]))
    (folder / "rammevilkaar.csv").write_bytes(conditions())
    check_stories(written)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
