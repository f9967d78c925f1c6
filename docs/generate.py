"""Write the pages that are made from others. Run: python docs/generate.py.

docs/workbook.md is made from the description of the workbook, docs/rules.md from the rules of
`styring check`, docs/indicators/ from the definitions in indicators/.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from styring.definitions import desk, load_definitions, load_facts, load_rules, load_spec
from styring.errors import LANGS
from styring.formats.definition import catalogue_page, index_page
from styring.model import Column, Indicator, Sheet

DOCS = Path(__file__).parent
INDEX = """# The indicators

Every definition in full, [in Danish](#indikatorer) and [in English](#indicators). The pages are
made from the files in `indicators/`; how to write one of your own is told in
[Write an indicator](../write-an-indicator.md).
"""
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
RULES = """# The rules of `styring check`

How to run it, and how to choose among the rules: [Check definitions in CI](check.md). This page is
made from `src/styring/data/rules.toml`; `styring check --rules` lists them in Danish.

| rule | severity | why |
| --- | --- | --- |
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


def rules_page() -> str:
    """Return the page of the rules, in the order of their file."""
    return RULES + "".join(
        f"| `{r.id}` | {r.severity} | {r.reason.en} |\n" for r in load_rules().values()
    )


def files() -> Mapping[Path, str]:
    """Return every page that is made from others, by its file."""
    facts, indicators = load_facts(), catalogue()
    by_id = {i.id: i for i in indicators}
    made = {DOCS / "workbook.md": page(), DOCS / "rules.md": rules_page()}
    for lang in LANGS:
        for centre in facts.centre:
            file = DOCS / "indicators" / lang / f"{centre.id}.md"
            made[file] = catalogue_page(centre.id, indicators, by_id, facts, lang)
    tables = [index_page(indicators, facts, lang) for lang in LANGS]
    made[DOCS / "indicators" / "README.md"] = "\n".join([INDEX, *tables])
    return made


def catalogue() -> list[Indicator]:
    """Return the definitions by centre, figures before statements, then by file."""
    centres = [c.id for c in load_facts().centre]
    found, _ = load_definitions(desk("indicators"))
    every = [d.indicator for d in found]
    return sorted(every, key=lambda i: (centres.index(i.centre), i.kind == "practice"))


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        print(path)
