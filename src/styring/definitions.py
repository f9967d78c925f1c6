"""Definition and fact files: path in, models out, all mistakes of all files at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import tomli
from pydantic import ValidationError

from styring.errors import DefinitionError, InputError, Texts
from styring.model import Catalogue, Facts, Indicator, WorkbookSpec
from styring.text import fold


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a definition file: where, which rule, what, and what to write instead."""

    file: str
    line: int
    rule: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Return `file:line: rule: message`."""
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator and the file it came from."""

    indicator: Indicator
    file: Path
    text: str

    def line(self, *path: str | int) -> int:
        """Return the line of a key in the file."""
        return line_of(self.text, path)


@cache
def load_spec() -> WorkbookSpec:
    """Return the description of the workbook."""
    return WorkbookSpec.model_validate(_data("workbook.toml"))


@cache
def load_facts() -> Facts:
    """Return the fact shelf."""
    return Facts.model_validate(_data("facts.toml"))


def _data(name: str) -> dict[str, object]:
    return tomli.loads(resources.files("styring.data").joinpath(name).read_text("utf-8"))


def desk(name: Literal["indicators", "templates", "examples"]) -> Path:
    """Return the folder of definitions, templates or examples: the checkout's, else the wheel's."""
    package = Path(str(resources.files("styring")))
    root = package.parent.parent / name
    return root if (package.parent.parent / "pyproject.toml").exists() else package / name


def definition_files(folder: Path) -> list[Path]:
    """Return the definition files of a folder, in order of path.

    Raises:
        InputError: the folder is not there or holds none.
    """
    if not folder.is_dir():
        raise InputError(
            Texts("Mappen med indikatorer findes ikke.", "There is no such folder of indicators."),
            where=str(folder),
        )
    files = sorted(p for p in folder.rglob("*.toml") if not p.name.startswith("."))
    if not files:
        raise InputError(
            Texts(
                "Mappen har ingen indikatorer (.toml).", "The folder holds no indicators (.toml)."
            ),
            where=str(folder),
        )
    return files


_CASES = re.compile(r"^\[\[test\]\]", re.MULTILINE)
_OTHER_TABLE = re.compile(r"^\[(?!\[test\]\])", re.MULTILINE)


def _without_cases(text: str) -> str:
    """Return a definition without its worked cases, where they stand last: half the text."""
    first = _CASES.search(text)
    if first is None or _OTHER_TABLE.search(text, first.start()):
        return text
    return text[: first.start()]


def load_definitions(folder: Path, *, cases: bool = True) -> tuple[list[Definition], list[Problem]]:
    """Return the definitions of a folder that could be read, and every mistake found on the way.

    `cases` reads the worked cases too; a review does not need them.
    """
    found: list[Definition] = []
    problems: list[Problem] = []
    for file in definition_files(folder):
        name = file.relative_to(folder).as_posix()
        try:
            text = file.read_bytes().decode("utf-8")
            data = tomli.loads(text if cases else _without_cases(text))
            definition = Definition(Indicator.model_validate(data), file, text)
        except UnicodeDecodeError as error:
            problems.append(Problem(name, 1, "encoding", f"not UTF-8 (byte {error.start})"))
        except tomli.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            problems.append(Problem(name, int(at[1]) if at else 1, "toml", str(error)))
        except ValidationError as error:
            problems += _schema_problems(name, text, error)
        else:
            found.append(definition)
    return found, problems + list(_twice(found, folder))


def _schema_problems(name: str, text: str, error: ValidationError) -> Iterator[Problem]:
    for e in error.errors():
        loc = tuple(p for p in e["loc"] if not (isinstance(p, str) and p in _METHODS))
        path = ".".join(str(p) for p in loc)
        message = e["msg"].removeprefix("Value error, ")
        match e["type"]:
            case "extra_forbidden" | "unexpected_keyword_argument":
                message = f"unknown key {path!r}"
            case "missing" | "missing_argument":
                message = f"{path!r} is missing"
            case _:
                message = f"{path}: {message}" if path else message
        yield Problem(name, line_of(text, loc), "schema", message)


_METHODS = {"goalposts", "peers", "target", "maturity"}


def _twice(found: Sequence[Definition], folder: Path) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for d in found:
        name = d.file.relative_to(folder).as_posix()
        i = d.indicator
        words = [i.id, i.title.da, *i.aliases, *([i.statement.da] if i.statement else [])]
        for word in words:
            other = first.setdefault(fold(word), name)
            if other != name:
                yield Problem(name, d.line("id"), "id", f"{word!r} is used in {other} too")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line on which a key stands, or its nearest parent's; 1 where none does.

    Only the layouts TOML allows are searched: `[a.b]` and `[[a]]` headers, `key = …` lines.
    """
    lines = text.splitlines()
    start, best = 0, 1
    for depth in range(len(path)):
        key = path[depth]
        if isinstance(key, int):
            heads = [i for i, s in enumerate(lines) if s.strip() == f"[[{path[depth - 1]}]]"]
            if key < len(heads):
                start, best = heads[key], heads[key] + 1
            continue
        dotted = ".".join(str(p) for p in path[: depth + 1] if isinstance(p, str))
        for i in range(start, len(lines)):
            bare = lines[i].split("#", 1)[0].strip()
            if bare in (f"[{dotted}]", f"[[{dotted}]]") or re.match(
                rf'(?:{re.escape(dotted)}|"?{re.escape(key)}"?)(?:\.[\w."-]+)?\s*=', bare
            ):
                start, best = i, i + 1
                break
    return best


def load_catalogue(folder: Path) -> Catalogue:
    """Return the indicators of a folder, in the order of centre, kind and file.

    Raises:
        DefinitionError: any mistake, all of them listed.
    """
    found, problems = load_definitions(folder, cases=False)
    if problems:
        listed = "\n  ".join(str(p) for p in sorted(problems)[:20])
        raise DefinitionError(
            Texts(
                f"Indikatordefinitionerne har {len(problems)} fejl:\n  {listed}",
                f"The indicator definitions have {len(problems)} mistakes:\n  {listed}",
            ),
            where=str(folder),
            hint=Texts(
                "Kør «styring check» for at se dem alle.", "Run “styring check” to see all."
            ),
        )
    digest = hashlib.sha256("".join(d.text for d in found).encode()).hexdigest()
    centres = {c.id: n for n, c in enumerate(load_facts().centre)}
    ordered = sorted(
        (d.indicator for d in found),
        key=lambda i: (centres[i.centre], i.kind == "practice"),
    )
    return Catalogue.model_construct(indicators=tuple(ordered), sha256=digest)
