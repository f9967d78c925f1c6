"""What `styring check` found, as people, programs and CI services read it: problems in, text out.

`text` is for a terminal, `json` for programs, `github` for annotations in a pull request, `junit`
for services that show tests, `sarif` for code scanning. The same problems give the same text.
"""

from __future__ import annotations

import html
import json
import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from styring import __version__
from styring.check import Checked
from styring.definitions import load_rules
from styring.errors import Lang
from styring.problem import Problem, Severity
from styring.text import counted

Form = Literal["text", "json", "github", "junit", "sarif"]
FORMS: tuple[Form, ...] = get_args(Form)
TAB = 4
LEAST_ROOM = 20
SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


@dataclass(frozen=True, slots=True)
class Look:
    """How text is to look: with colours or without, and in how many columns."""

    colour: bool = False
    width: int = 100


PLAIN = Look()


def shown(checked: Checked, folder: Path, form: Form, lang: Lang, look: Look = PLAIN) -> str:
    """Return what was found as text that ends with a line break.

    Args:
        checked: the definitions and problems of a folder.
        folder: the folder as it is to be named; a problem's file is inside it. Annotations and
            code scanning want a path relative to the root of the repository.
        form: one of `FORMS`.
        lang: the language of messages; `json` has both.
        look: colours and width of `text`.
    """
    lines = _FORMS[form](checked, folder, lang, look)
    return "".join(f"{line}\n" for line in lines)


def summary(checked: Checked, lang: Lang) -> str:
    """Return one line: how much was checked, and what was found in how many files."""
    errors, warnings = _count(checked, "error"), _count(checked, "warning")
    words = _WORDS[lang]

    def n(count: int, what: str) -> str:
        return counted(count, *words[what], lang=lang)

    found = n(errors, "error")
    if warnings:
        found += f" {words['and'][0]} {n(warnings, 'warning')}"
    files = n(len({p.file for p in checked.problems}), "file")
    tried = f"{n(len(checked.definitions), 'definition')}, {n(checked.cases, 'case')}"
    return f"{tried}, {found} {words['in'][0]} {files}"


_WORDS: Mapping[Lang, Mapping[str, tuple[str, str]]] = {
    "da": {"definition": ("definition", "definitioner"), "case": ("prøve", "prøver"),
           "error": ("fejl", "fejl"), "warning": ("advarsel", "advarsler"),
           "file": ("fil", "filer"), "and": ("og", "og"), "in": ("i", "i")},
    "en": {"definition": ("definition", "definitions"), "case": ("worked case", "worked cases"),
           "error": ("error", "errors"), "warning": ("warning", "warnings"),
           "file": ("file", "files"), "and": ("and", "and"), "in": ("in", "in")},
}  # fmt: skip


def _count(checked: Checked, severity: Severity) -> int:
    return sum(p.severity == severity for p in checked.problems)


def _path(folder: Path, file: str) -> str:
    return (folder / file).as_posix()


def _told(problem: Problem, lang: Lang) -> str:
    """Return the message, and what to write instead on a line of its own."""
    hint = f"\n{problem.hint[lang]}" if problem.hint else ""
    return f"{problem.message[lang]}{hint}"


# --- text -----------------------------------------------------------------------------------------


def _text(checked: Checked, folder: Path, lang: Lang, look: Look) -> Iterator[str]:
    paint = _painted if look.colour else _unpainted
    for p in checked.problems:
        place = f"{_path(folder, p.file)}:{p.line}:{p.place.column}:"
        kind = f"{p.severity}[{p.rule}]:"
        message = _indented(p.message[lang])
        yield f"{paint(_visible(place), 'bold')} {paint(kind, p.severity)} {message}"
        gutter = f"{p.line:>5}"
        if p.source.strip():
            line, pad, carets = marked(p, look.width - len(gutter) - len(" | "))
            yield f"{paint(f'{gutter} |', 'dim')} {line}"
            bar = paint(f"{'':>5} |", "dim")
            yield f"{bar} {' ' * pad}{paint('^' * carets, p.severity)}"
        if p.hint:
            yield f"{'':>5} {paint('=', 'dim')} {_indented(p.hint[lang])}"
        yield ""
    yield summary(checked, lang)


_COLOURS = {"error": "1;31", "warning": "1;33", "bold": "1", "dim": "2"}


def _painted(text: str, what: str) -> str:
    return f"\x1b[{_COLOURS[what]}m{text}\x1b[0m"


def _unpainted(text: str, _what: str) -> str:
    return text


def _indented(text: str) -> str:
    return "\n        ".join(_visible(line) for line in text.splitlines())


def marked(problem: Problem, room: int) -> tuple[str, int, int]:
    """Return the source line cut to a room around the place, blanks before it, and its width."""
    cells = _cells(problem.source)
    at = [0]
    for _, width in cells:
        at.append(at[-1] + width)
    start = min(problem.place.column - 1, len(cells))
    end = max(min(start + problem.place.length, len(cells)), start)
    low, high = _window(at, start, end, max(room, LEAST_ROOM))
    before = "…" if low else ""
    after = "…" if high < len(cells) else ""
    line = before + "".join(text for text, _ in cells[low:high]) + after
    return line.rstrip(), len(before) + at[start] - at[low], max(at[min(end, high)] - at[start], 1)


def _window(at: Sequence[int], start: int, end: int, room: int) -> tuple[int, int]:
    """Return the part of a line to show: all of it, or the place and as much on both sides."""
    last = len(at) - 1
    if at[last] <= room:
        return 0, last
    room -= 2  # for the marks of what is left out
    low = high = start
    while high < end and at[high + 1] - at[low] <= room:
        high += 1
    grown = high == end
    while grown:
        grown = False
        if low > 0 and at[high] - at[low - 1] <= room:
            low, grown = low - 1, True
        if high < last and at[high + 1] - at[low] <= room:
            high, grown = high + 1, True
    return low, high


def _cells(line: str) -> list[tuple[str, int]]:
    """Return each character of a line as it is shown, and how many columns that takes."""
    cells: list[tuple[str, int]] = []
    column = 0
    for char in line:
        text = " " * (TAB - column % TAB) if char == "\t" else _visible(char)
        wide = unicodedata.east_asian_width(char) in {"W", "F"}
        width = 0 if unicodedata.category(char) in {"Mn", "Me"} else len(text) + wide
        cells.append((text, width))
        column += width
    return cells


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _visible(text: str) -> str:
    """Return a text in which no character can steer a terminal or hide."""
    return "".join("\ufffd" if unicodedata.category(c) in _UNSEEN else c for c in text)


# --- programs -------------------------------------------------------------------------------------


def _json(checked: Checked, folder: Path, _lang: Lang, _look: Look) -> Iterator[str]:
    data = {
        "folder": folder.as_posix(),
        "definitions": len(checked.definitions),
        "tests": checked.cases,
        "problems": [
            {
                "file": p.file,
                "line": p.line,
                "column": p.place.column,
                "length": p.place.length,
                "rule": p.rule,
                "severity": p.severity,
                "message": asdict(p.message),
                "hint": asdict(p.hint) if p.hint else None,
                "source": p.source,
            }
            for p in checked.problems
        ],
        "errors": _count(checked, "error"),
        "warnings": _count(checked, "warning"),
    }
    yield json.dumps(data, ensure_ascii=False, indent=1)


def _github(checked: Checked, folder: Path, lang: Lang, _look: Look) -> Iterator[str]:
    for p in checked.problems:
        properties = {
            "file": _path(folder, p.file),
            "line": p.line,
            "col": p.place.column,
            "endColumn": p.place.column + p.place.length,
            "title": f"styring {p.rule}",
        }
        said = ",".join(f"{k}={_escaped(str(v), ':,')}" for k, v in properties.items())
        yield f"::{p.severity} {said}::{_escaped(_told(p, lang))}"
    yield summary(checked, lang)


def _escaped(text: str, more: str = "") -> str:
    """Return a text as a workflow command takes it; a property has more to escape."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)


def _junit(checked: Checked, folder: Path, lang: Lang, _look: Look) -> Iterator[str]:
    files = sorted({d.name for d in checked.definitions} | {p.file for p in checked.problems})
    failed = {p.file for p in checked.problems if p.severity == "error"}
    counts = f'tests="{len(files)}" failures="{len(failed)}" errors="0"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="styring check" {counts}>'
    yield f' <testsuite name="styring check" {counts} skipped="0">'
    for file in files:
        path = _xml(_path(folder, file))
        problems = [p for p in checked.problems if p.file == file]
        errors = [p for p in problems if p.severity == "error"]
        warnings = [p for p in problems if p.severity == "warning"]
        case = f'  <testcase classname="styring check" name="{path}" file="{path}"'
        yield f"{case}>" if problems else f"{case}/>"
        if errors:
            rules = ", ".join(dict.fromkeys(p.rule for p in errors))
            first = f'message="{_xml(errors[0].message[lang])}" type="{_xml(rules)}"'
            yield f"   <failure {first}>{_listed(errors, folder, lang)}</failure>"
        if warnings:
            yield f"   <system-out>{_listed(warnings, folder, lang)}</system-out>"
        if problems:
            yield "  </testcase>"
    yield " </testsuite>"
    yield "</testsuites>"


def _listed(problems: Sequence[Problem], folder: Path, lang: Lang) -> str:
    """Return problems for the body of an element, a blank line between two."""
    told = [
        f"{_path(folder, p.file)}:{p.line}:{p.place.column}: "
        f"{p.severity}[{p.rule}]: {_told(p, lang)}"
        for p in problems
    ]
    return "&#10;&#10;".join(_xml(t) for t in told)


_NOT_XML = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not hold, and the control characters it advises against."""


def _xml(text: str) -> str:
    return html.escape(_NOT_XML.sub("\ufffd", text)).replace("\r", "&#13;").replace("\n", "&#10;")


def _sarif(checked: Checked, folder: Path, lang: Lang, _look: Look) -> Iterator[str]:
    rules = load_rules()
    places = {rule: n for n, rule in enumerate(rules)}
    driver = {
        "name": "styring",
        "version": __version__,
        "rules": [
            {
                "id": r.id,
                "shortDescription": {"text": r.reason[lang]},
                "defaultConfiguration": {"level": r.severity},
            }
            for r in rules.values()
        ],
    }
    results = [
        {
            "ruleId": p.rule,
            **({"ruleIndex": places[p.rule]} if p.rule in places else {}),
            "level": p.severity,
            "message": {"text": _told(p, lang)},
            "locations": [{"physicalLocation": _physical(p, folder)}],
        }
        for p in checked.problems
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    data = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(data, ensure_ascii=False, indent=1)


def _physical(problem: Problem, folder: Path) -> dict[str, object]:
    return {
        "artifactLocation": {"uri": _uri(folder, problem.file)},
        "region": {
            "startLine": problem.line,
            "startColumn": problem.place.column,
            "endColumn": problem.place.column + problem.place.length,
        },
    }


_PLAIN_IN_URI = frozenset(f"{string.ascii_letters}{string.digits}-._~/".encode())


def _uri(folder: Path, file: str) -> str:
    """Return the place of a file: relative to the repository, or a file URI where it is absolute.

    Bytes of a name that are not UTF-8 stand as they are on the disk.
    """
    raw = _path(folder, file).encode("utf-8", "surrogateescape")
    quoted = "".join(chr(b) if b in _PLAIN_IN_URI else f"%{b:02X}" for b in raw)
    if not folder.is_absolute():
        return quoted
    return f"file://{quoted}" if quoted.startswith("/") else f"file:///{quoted}"


_FORMS: Mapping[Form, Callable[[Checked, Path, Lang, Look], Iterator[str]]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "junit": _junit,
    "sarif": _sarif,
}
