"""The law of the house: a module imports only from lower floors, and each library has its door."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import styring

HOUSE = Path(styring.__file__).parent
MOST_CODE_LINES = 400
MOST_FUNCTION_LINES = 60

FLOORS = (
    "styring data errors",  # what goes wrong, and nothing of ours below it
    "stats stats.interval stats.trend stats.control stats.normal",  # statistics
    "stats.standardise stats.differ stats.shapley",
    "stats.funnel",
    "index index.normalise index.combine index.treat",
    "index.vary",
    "text methods model output problem unchanged",  # numbers, what an author may write, files
    "facts person_names places plan_order",
    "review.part",  # what a report may show
    "review.economy review.indicators review.peers review.bridge review.ages review.reconcile",
    "review.case_months review.casework review.cost_bands review.flows review.forecast",
    "review.funnel review.kept review.scoring",
    "review.since",
    "review tables say cases definitions",  # frames, sentences, days
    "possible privacy practice ledger odd score overview refund account_string",
    "prepare settings",
    "aggregate ages cash casework course economy flows months",
    "measure interplay",
    "reconcile",
    "compare figures changes similar",
    "choose bridge.parts",
    "bridge.own bridge.peers",
    "bridge",
    "forecast.rows forecast.ratio",
    "forecast.prices forecast.young",
    "forecast.flows",
    "forecast.rates",
    "forecast.coming forecast.staying",
    "forecast.simulate",
    "forecast.driven",
    "forecast",
    "forecast.backtest",
    "read read.parse read.container",  # the door to foreign ground, in its own order
    "read.parts",
    "read.scan",
    "read.opendocument read.biff",
    "read.grid",
    "read_plan read.columns read.headers",
    "read.mapping",
    "read.layout",
    "read.account read.doubts read.groups read.letters read.municipality read.taken",
    "read.corrections read.profiles",
    "read.guess",
    "read.wide",
    "read.sheets",
    "read.workbook",
    "peers moved since",
    "previous",
    "peers.coverage peers.mapping",
    "peers.table",
    "peers.naming",
    "peers.importing",
    "find.evidence find.words find.ages",  # the last rooms that see a frame
    "find.answers find.calls find.outcome find.peer_choice find.scoring",
    "find.holds",
    "find.objections",
    "find find.parts",
    "find.bridges find.case_months find.casework find.cost_bands find.findings find.flows",
    "find.forecast find.funnels",
    "find.months find.reconcile find.since",
    "find.chosen find.front find.plan",
    "find.assemble",
    "charts.svg",  # a review in, pictures out
    "charts.kinds",
    "charts.chart",
    "charts.money charts.people charts.standing",
    "charts",
    "formats.words formats.blank formats.formula formats.waterfall",  # a review in, bytes out
    "formats.conditions formats.document formats.fan formats.live_formulas formats.picture",
    "formats.book",
    "formats.telling formats.contents formats.plan_sheet formats.plots",
    "formats.appendix formats.live formats.since",
    "formats.content",
    "formats.case_lists formats.links formats.markdown formats.xlsx formats.docx formats.pdf",
    "formats.html",
    "formats formats.definition",
    "check.rules",
    "check.cases",
    "check.figure check.wording check.catalogue",
    "check pipeline",  # calls in order
    "scenario.file",
    "scenario.effect",
    "scenario",
    "scenario.told",
    "explain check_report trace",
    "cli.options cli.revision cli.forecast_tables",  # words in, words out
    "cli.intake_options",
    "cli.batch_app cli.peers_app cli.forecast_app",
    "cli.trace_app cli.compare_app",
    "cli",
    "cli.case_lists cli.cluster cli.plan cli.one cli.resume",
    "cli.run cli.checking",
    "cli.batch cli.indicators cli.peers cli.scenario cli.forecast cli.trace cli.compare",
    "__main__",
)
"""From the ground up. A module imports only from lower floors, never from its own."""

DOORS = {
    "python_calamine": "read",
    "xlsxwriter": "formats",
    "openpyxl": "",
    "jinja2": "formats.markdown formats.html",
    "markdown_it": "formats.html formats.links",
    "typer": "cli",
    "rich": "cli",
    "click": "",
    "tomli": "definitions say formats settings peers.mapping scenario.file read.mapping"
    " read.profiles",
    "numpy": "find.forecast flows stats since similar score index compare bridge forecast",
    "scipy": "stats.interval",
    "subprocess": "cli.one cli.revision",
    "distributed": "cli.cluster",
    "docx": "formats.docx",
    "typst": "formats.pdf formats.picture",
    "socket": "",
    "urllib": "",
    "http": "",
    "ssl": "",
    "requests": "",
    "httpx": "",
}
"""The rooms a library may be imported in, with those below; none for what is not ours to use."""

INNER = {
    "cli": "a command imports what it needs when it runs, so that `--help` answers at once",
    "formats": "a page, Word and PDF are loaded where asked for; the last two need an extra",
    "stats.interval": "scipy takes a tenth of a second, and few figures need an exact limit",
    "peers": "cells are read only where a peers file is in Excel",
}
"""The rooms with imports inside functions, and why."""


@dataclass(frozen=True)
class Import:
    """One import: the module it stands in, what it asks for, and where."""

    module: str
    wanted: str
    line: int
    inner: bool

    def __str__(self) -> str:
        """Return the place and the import."""
        return f"{path_of(self.module)}:{self.line} imports {self.wanted}"


@cache
def modules() -> dict[str, Path]:
    """Return every module of the house by its name within it."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        found[".".join(parts) or "styring"] = path
    return found


def path_of(module: str) -> str:
    """Return a module's path as an editor opens it."""
    return modules()[module].relative_to(HOUSE.parent).as_posix()


@cache
def tree_of(module: str) -> ast.Module:
    """Return a module's syntax."""
    return ast.parse(modules()[module].read_text("utf-8"))


@cache
def imports() -> tuple[Import, ...]:
    """Return every import of the house; one of ours by the module it is in."""
    return tuple(i for module in modules() for i in _imports(module))


def _imports(module: str) -> Iterator[Import]:
    def walk(node: ast.AST, *, inner: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for name in child.names:
                    yield Import(module, _ours(name.name), child.lineno, inner)
            elif isinstance(child, ast.ImportFrom):
                assert not child.level, f"{path_of(module)}:{child.lineno} is a relative import"
                for name in child.names:
                    wanted = _ours(f"{child.module}.{name.name}")
                    yield Import(module, wanted, child.lineno, inner)
            here = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, inner=inner or here)

    yield from walk(tree_of(module), inner=False)


def _ours(name: str) -> str:
    """Return `styring.read.grid.Grid` as `styring.read.grid`; what is not ours as it stands."""
    if name.partition(".")[0] != "styring":
        return name
    parts = name.split(".")
    while len(parts) > 1 and ".".join(parts[1:]) not in modules():
        parts.pop()
    return ".".join(parts)


def floor(module: str) -> int:
    """Return the floor of a module."""
    return next(n for n, names in enumerate(FLOORS) if module in names.split())


def in_room(module: str, rooms: str) -> bool:
    """Return whether a module is one of the rooms or below one."""
    return any(module == r or module.startswith(f"{r}.") for r in rooms.split())


def test_every_module_has_its_floor_once() -> None:
    """A new module takes its place in the table above; one that is gone leaves it."""
    named = " ".join(FLOORS).split()
    assert sorted(named) == sorted(modules())


def test_a_module_imports_only_from_lower_floors() -> None:
    """From this follow no cycles. Inside the functions of cli, see the next test."""
    climbs = []
    for i in imports():
        ours, _, name = i.wanted.partition(".")
        if ours == "styring" and not (i.inner and in_room(i.module, "cli")):
            below, here = floor(name or "styring"), floor(i.module)
            if below >= here:
                climbs.append(f"{i}, which is on floor {below} and not below floor {here}")
    assert not climbs, "\n".join(climbs)


def test_imports_stand_at_the_top() -> None:
    """But for those that buy a fast start, in the rooms that say why."""
    found = [str(i) for i in imports() if i.inner and not in_room(i.module, " ".join(INNER))]
    assert not found, "\n".join(found)
    used = {room for room in INNER for i in imports() if i.inner and in_room(i.module, room)}
    assert used == set(INNER)


@pytest.mark.parametrize("library", DOORS)
def test_a_library_stays_behind_its_door(library: str) -> None:
    """So that it can be replaced in one room, and that nothing is sent anywhere."""
    found = [
        str(i)
        for i in imports()
        if i.wanted.partition(".")[0] == library and not in_room(i.module, DOORS[library])
    ]
    assert not found, "\n".join(found)


def test_only_what_is_depended_on_is_imported() -> None:
    """Everything else is of Python itself or of the house."""
    depended = {"typer", "rich", "polars", "pydantic", "jinja2", "tomli"}
    depended |= {"python_calamine", "xlsxwriter", "numpy", "scipy"}
    depended |= {"markdown_it", "distributed", "docx", "typst"}  # the last three are extras
    known = depended | sys.stdlib_module_names | {"styring"}
    found = [str(i) for i in imports() if i.wanted.partition(".")[0] not in known]
    assert not found, "\n".join(found)


def test_no_import_hides_behind_a_type_checker() -> None:
    """A guard of that kind is a room that knows too much."""
    found = [name for name, path in modules().items() if "TYPE_CHECKING" in path.read_text("utf-8")]
    assert found == []


def code_lines(module: str) -> set[int]:
    """Return the numbers of a module's lines that are code: no blanks, comments or docstrings."""
    text = modules()[module].read_text("utf-8")
    kept: set[int] = set()
    nothing = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (*nothing, tokenize.ENDMARKER):
            kept |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree_of(module)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            kept -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return kept


def functions(module: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions and methods of a module by name, with those of its classes."""
    for node in tree_of(module).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def test_no_module_is_long() -> None:
    """A module that passes the limit becomes a folder of the same name."""
    sizes = {path_of(m): len(code_lines(m)) for m in modules()}
    found = [f"{m} has {n} code lines" for m, n in sizes.items() if n > MOST_CODE_LINES]
    assert not found, "\n".join(found)


def test_no_function_is_long() -> None:
    """Its code fits on a screen."""
    found = []
    for module in modules():
        code = code_lines(module)
        for name, node in functions(module):
            size = len(code & set(range(node.lineno, (node.end_lineno or 0) + 1)))
            if size > MOST_FUNCTION_LINES:
                found.append(f"{path_of(module)}:{node.lineno} {name} has {size} code lines")
    assert not found, "\n".join(found)


def test_what_others_may_use_says_what_it_gives() -> None:
    """Every module, and every public class and function, has a docstring.

    A command's help stands in its decorator.
    """
    found = []
    for module in modules():
        if modules()[module].stat().st_size and not ast.get_docstring(tree_of(module)):
            found.append(path_of(module))
        for node in tree_of(module).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                command = isinstance(node, ast.FunctionDef) and node.decorator_list
                if not ast.get_docstring(node) and not (command and in_room(module, "cli")):
                    found.append(f"{path_of(module)}:{node.lineno} {node.name}")
    assert not found, "\n".join(found)


def test_every_test_that_the_pages_name_exists() -> None:
    """`test_file::test_name` on a page of docs stands in that file."""
    tests = Path(__file__).parent
    named = {
        (page.name, file, test)
        for page in (tests.parent / "docs").glob("*.md")
        for file, test in re.findall(r"`(test_\w+)::(test_\w+)`", page.read_text("utf-8"))
    }
    assert len(named) > 100
    there = {
        (file, node.name)
        for file in {file for _, file, _ in named}
        if (tests / f"{file}.py").is_file()
        for node in ast.parse((tests / f"{file}.py").read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    found = [f"{page}: {f}::{t}" for page, f, t in sorted(named) if (f, t) not in there]
    assert not found, "\n".join(found)
