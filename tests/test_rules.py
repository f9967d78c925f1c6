"""Every rule of `styring check` on one example that passes and one that fails."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from styring.check import check_folder
from styring.definitions import load_rules
from styring.problem import Problem

LINTS = Path(__file__).with_name("lints")
BASE = LINTS / "base"
CASES: list[dict[str, Any]] = tomllib.loads((LINTS / "cases.toml").read_text("utf-8"))["case"]


def catalogue(folder: Path, case: dict[str, Any], which: str) -> str:
    """Write the base with a case's edit made, and return the edited file's text."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    file = folder / case["file"]
    text: str = file.read_text("utf-8")
    assert text.count(case["old"]) == 1, f"{case['old']!r} stands once in {case['file']}"
    text = text.replace(case["old"], str(case.get(which, case["old"])))
    file.write_text(text, "utf-8")
    return text


def line_of_breach(case: dict[str, Any], before: str, text: str) -> set[int]:
    """Return the lines where a breach may be told: where `at` stands, else the edit's own."""
    if "at" in case:
        at = case["at"]
        return {text[: text.index(at)].count("\n") + 1} if at else set(range(1, 400))
    old, new = before.splitlines(), text.splitlines()
    return {n for n, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b}


def shown(problems: tuple[Problem, ...]) -> list[str]:
    """Return problems as lines."""
    return [str(p) for p in problems]


def test_the_base_is_without_mistakes() -> None:
    """So that each example shows its own rule only."""
    checked = check_folder(BASE)
    assert shown(checked.problems) == []
    assert (len(checked.definitions), checked.cases) == (3, 10)


def test_every_rule_has_an_example() -> None:
    """A rule that nothing breaks would never be missed; a file that is not UTF-8 is bytes."""
    assert {c["rule"] for c in CASES} | {"encoding"} == set(load_rules())


def test_there_are_at_least_thirty_rules_with_a_reason_in_both_languages() -> None:
    """Each in one line."""
    rules = load_rules().values()
    assert len(rules) >= 30
    assert [r.id for r in rules if not r.reason.da.strip() or not r.reason.en.strip()] == []
    assert [r.id for r in rules if "\n" in r.reason.da + r.reason.en] == []


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["rule"])
def test_the_passing_example_passes(tmp_path: Path, case: dict[str, Any]) -> None:
    """Its rule says nothing."""
    catalogue(tmp_path, case, "passes")
    assert [str(p) for p in check_folder(tmp_path).problems if p.rule == case["rule"]] == []


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["rule"])
def test_the_failing_example_fails_on_its_line(tmp_path: Path, case: dict[str, Any]) -> None:
    """With the severity of the rule, in the right file, and on the line that is wrong."""
    before = (BASE / case["file"]).read_text("utf-8")
    text = catalogue(tmp_path, case, "fails")
    problems = check_folder(tmp_path).problems
    found = [p for p in problems if p.rule == case["rule"]]
    assert found, shown(problems)
    lines = line_of_breach(case, before, text)
    told = next((p for p in found if p.line in lines and p.file == case["file"]), found[0])
    assert told.severity == load_rules()[case["rule"]].severity
    if not case.get("any_file"):
        assert told.file == case["file"]
        assert told.line in lines, str(told)
        assert told.source == text.splitlines()[told.line - 1]
        assert 1 <= told.place.column <= len(told.source) + 1
    assert told.message.da
    assert told.message.da != told.message.en or case["rule"] == "toml"


def test_a_file_that_is_not_utf8_is_told_at_its_byte(tmp_path: Path) -> None:
    """And one that is passes."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "andel.toml"
    file.write_bytes(file.read_text("utf-8").encode("cp1252"))
    (told,) = (p for p in check_folder(tmp_path).problems if p.rule == "encoding")
    assert (told.file, told.place.line) == ("andel.toml", 13)
    assert told.place.column == file.read_bytes().splitlines()[12].index("§".encode("cp1252")) + 1


def test_the_column_of_a_wrong_byte_counts_characters(tmp_path: Path) -> None:
    """Two letters of two bytes each stand before it."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "andel.toml").write_bytes('id = "æø'.encode() + b'\xe5"')
    (told,) = (p for p in check_folder(tmp_path).problems if p.rule == "encoding")
    assert (told.place.line, told.place.column) == (1, 9)


def test_rules_can_be_chosen_and_left_out(tmp_path: Path) -> None:
    """By id."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "andel.toml"
    text = file.read_text("utf-8").replace("weight = 1\n", "weight = 0\n")
    file.write_text(text.replace('en = "Share followed up"', 'en = "Share."'), "utf-8")
    assert {p.rule for p in check_folder(tmp_path).problems} == {"weight", "style"}
    assert {p.rule for p in check_folder(tmp_path, select=["weight"]).problems} == {"weight"}
    assert {p.rule for p in check_folder(tmp_path, ignore=["weight"]).problems} == {"style"}
