"""A mistake in a TOML file: where it stands, which rule, what, and what to write instead.

TOML libraries give values without their places, so a place is searched in the text: only the
layouts that definition files use are known (`[a.b]` and `[[a]]` headers, `key = …` lines, inline
tables on one line). What cannot be found is told at its nearest parent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from styring.errors import Texts

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""The keys and list places that lead to a value."""
_VALUE = re.compile(r"=\s*(?P<value>.*?)\s*$")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a text: line and column count from 1."""

    line: int = 1
    column: int = 1
    length: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file.

    `source` is the line it stands on; `hint` what to write instead.
    """

    file: str
    place: Place
    rule: str
    message: Texts
    hint: Texts | None = None
    severity: Severity = "error"
    source: str = field(default="", compare=False)

    @property
    def line(self) -> int:
        """Return the line it stands on, from 1."""
        return self.place.line

    @property
    def order(self) -> tuple[str, Place, str, str]:
        """Return what problems are sorted by: file, place, rule."""
        return self.file, self.place, self.rule, self.message.en

    def __str__(self) -> str:
        """Return `file:line:column: rule: message` in English."""
        return f"{self.file}:{self.line}:{self.place.column}: {self.rule}: {self.message.en}"


def problem(
    file: str,
    text: str,
    path: Path,
    rule: str,
    message: Texts,
    *,
    hint: Texts | None = None,
    word: str = "",
    severity: Severity = "error",
) -> Problem:
    """Return a mistake at a key of a file, or at a word in that key's value."""
    place = place_of(text, path, word)
    return Problem(file, place, rule, message, hint, severity, source_line(text, place.line))


def lines_of(text: str) -> list[str]:
    """Return the lines of a TOML text: only line feeds end one, with or without a return."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def source_line(text: str, line: int) -> str:
    """Return a line of a text, empty where there is none."""
    lines = lines_of(text)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def place_of(text: str, path: Path, word: str = "") -> Place:
    """Return where the value of a key stands, or a word in it; the key itself where it has none.

    Args:
        text: the whole file.
        path: `("value", "numerator", "where")`, `("scoring", 0)` …; a key that is not there is
            looked for among its parents.
        word: what to point at in the value.
    """
    lines = lines_of(text)
    line = line_of(text, path)
    bare = lines[line - 1]
    start, end = _span(bare, path)
    if word:
        for at in range(line - 1, min(line + 40, len(lines))):
            if at > line - 1 and re.match(r"\s*(\[|[\w.\"-]+\s*=)", lines[at]):
                break
            found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lines[at])
            if found:
                return Place(at + 1, found.start() + 1, len(word))
    return Place(line, start + 1, max(end - start, 1))


def _span(line: str, path: Path) -> tuple[int, int]:
    """Return the columns of the innermost key's value on its line."""
    for key in reversed([k for k in path if isinstance(k, str)]):
        name = rf'(?<![\w-])"?{re.escape(key)}"?'
        if found := re.search(rf"{name}\s*=\s*(?P<value>\"[^\"]*\"|\[[^\]]*\]|[^,}}]+)", line):
            value = found["value"].rstrip()
            return found.start("value"), found.start("value") + len(value)
    if (found := _VALUE.search(line)) and not line.lstrip().startswith("["):
        return found.start("value"), found.end("value")
    bare = line.strip()
    begin = line.index(bare) if bare else 0
    return begin, begin + len(bare)


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line on which a key stands, or its nearest parent's; 1 where none does."""
    lines = lines_of(text)
    start, best = 0, 1
    for depth, key in enumerate(path):
        if isinstance(key, int):
            heads = [i for i, s in enumerate(lines) if s.strip() == f"[[{path[depth - 1]}]]"]
            if key < len(heads):
                start, best = heads[key], heads[key] + 1
            continue
        if depth and lines and re.search(rf'[{{,]\s*"?{re.escape(key)}"?\s*=', lines[best - 1]):
            continue  # in an inline table on the line its parent stands on
        dotted = ".".join(str(p) for p in path[: depth + 1] if isinstance(p, str))
        found = _line_with(lines, start, dotted, key)
        if found is not None:
            start, best = found, found + 1
    return best


def _line_with(lines: Sequence[str], start: int, dotted: str, key: str) -> int | None:
    parts = dotted.split(".")
    tails = {re.escape(".".join(parts[n:])) for n in range(len(parts))}
    names = {*tails, f'"?{re.escape(key)}"?', *(re.escape(q) for q in _quoted(dotted))}
    wanted = re.compile(rf'(?:{"|".join(sorted(names))})(?:\.[\w."-]+)?\s*=')
    headers = {f"[{dotted}]", f"[[{dotted}]]"} | {f"[{q}]" for q in _quoted(dotted)}
    for i in range(start, len(lines)):
        bare = lines[i].split("#", 1)[0].strip()
        if bare in headers or wanted.match(bare):
            return i
    return None


def _quoted(dotted: str) -> set[str]:
    """Return a dotted path as it stands where its last part is quoted, as in `a."b.c"`."""
    head, _, rest = dotted.partition(".")
    return {f'{head}."{rest}"'} if rest else set()
