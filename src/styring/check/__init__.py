"""`styring check`: definitions checked beyond their schema, and their worked cases run.

`check.figure` looks at the figure itself, `check.wording` at the words, `check.catalogue` at the
definitions of a folder together, `check.cases` at the worked cases. The rules themselves, with
severity and reason, stand in `data/rules.toml`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from styring.check.cases import case_rules
from styring.check.catalogue import Known, catalogue_rules
from styring.check.figure import figure_rules
from styring.check.rules import Found
from styring.check.wording import wording_rules
from styring.definitions import (
    Definition,
    Folder,
    desk,
    is_shipped,
    load_folder,
    load_rules,
    parse_definition,
)
from styring.problem import Problem, problem

UNREADABLE = frozenset({"encoding", "toml", "schema", "catalogue"})
"""The rules of files that no other rule can look into."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder that was checked: its definitions, every mistake in order, the cases that ran."""

    definitions: tuple[Definition, ...]
    problems: tuple[Problem, ...]
    cases: int


def check_folder(
    folder: Path, *, select: Collection[str] = (), ignore: Collection[str] = ()
) -> Checked:
    """Return the definitions of a folder and every mistake in them.

    Args:
        folder: definitions of one's own may refer to those that come with styring.
        select: only these rules; all where it is empty.
        ignore: not these. A file that cannot be read is told whatever is chosen.

    Raises:
        InputError: the folder is not there or holds no definition.
    """
    read = load_folder(folder, cases=False)
    problems = [*read.problems, *lint(read, shipped=is_shipped(folder))]
    broken = {p.file for p in problems if p.severity == "error"}
    proved, cases = [], 0
    for d in read.found:
        whole = parse_definition(d.text, d.file, d.name)
        if isinstance(whole, Definition):
            cases += len(whole.indicator.test)
            if d.name not in broken:
                proved += [_placed(whole, f) for f in case_rules(whole.indicator)]
        else:
            proved += whole
    chosen = [
        p
        for p in (*problems, *proved)
        if p.rule in UNREADABLE or ((not select or p.rule in select) and p.rule not in ignore)
    ]
    return Checked(tuple(read.found), tuple(sorted(set(chosen), key=lambda p: p.order)), cases)


def lint(read: Folder, *, shipped: bool) -> Iterator[Problem]:
    """Yield what is wrong with definitions, worked cases apart: no figure is computed."""
    for d in read.found:
        for found in (*figure_rules(d.indicator), *wording_rules(d.indicator)):
            yield _placed(d, found)
    theirs = _theirs(read, shipped=shipped)
    for d, found in catalogue_rules(read.found, read.about, theirs, shipped=shipped):
        yield _placed(d, found)


def _theirs(read: Folder, *, shipped: bool) -> Known:
    """Return the definitions that come with styring, where a folder is added to them."""
    if shipped or not read.about.extends:
        return {}
    return {d.indicator.id: d.indicator for d in load_folder(desk("indicators"), cases=False).found}


def _placed(d: Definition, found: Found) -> Problem:
    rule = load_rules()[found.rule]
    return replace(
        problem(
            d.name, d.text, found.path, found.rule, found.message, hint=found.hint, word=found.word
        ),
        severity=rule.severity,
    )
