"""Broken definitions, one mistake each: the rule, the line, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from styring.check import check_folder
from styring.definitions import Problem, desk

DEVIATION = "oekonomisk-finansiel/budgetafvigelse-oprindelig"
FOLLOW_UP = "socialfaglig/opfoelgning-rettidig"
STATEMENT = "socialfaglig/psykiatri"


def text_of(name: str) -> str:
    """Return a definition that comes with styring."""
    return (desk("indicators") / f"{name}.toml").read_text("utf-8")


def problems(folder: Path, text: str | bytes) -> list[Problem]:
    """Return what is wrong with a single definition."""
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "en.toml").write_bytes(data)
    return check_folder(folder)[1]


def changed(name: str, old: str, new: str) -> tuple[str, int]:
    """Return a definition with its first `old` made `new`, and the line where that stands."""
    text = text_of(name)
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    return text.replace(old, new, 1), line


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "said"),
    [
        (DEVIATION, 'better = "target"', 'better = "big"', "schema", "better"),
        (DEVIATION, "weight = 2", 'weight = "two"', "schema", "weight"),
        (DEVIATION, "weight = 2", "weigth = 2", "schema", "unknown key 'weigth'"),
        (DEVIATION, 'unit = "procent"', 'unit = "promille"', "unit", "procent"),
        (DEVIATION, 'dimension = "oekonomi"', 'dimension = "penge"', "dimension", "oekonomi"),
        (DEVIATION, 'from = "oekonomi"', 'from = "regnskab"', "table", "unknown table"),
        (DEVIATION, 'sum = "beloeb"', 'sum = "kroner"', "column", "unknown column kroner"),
        (DEVIATION, 'period = "whole_year"', 'period = "as_of"', "period", "to_date"),
        (DEVIATION, "\"version = 'regnskab'\"", '"versoin = 1"', "condition", "versoin"),
        (DEVIATION, "\"version = 'regnskab'\"", '"version = "', "condition", ""),
        (DEVIATION, "\"version = 'regnskab'\"", "\"maaned = 'x'\"", "condition", ""),
        (DEVIATION, "\"version = 'regnskab'\"", '"maaned"', "condition", "not true or false"),
        (DEVIATION, "\"version = 'regnskab'\"", '"SUM(maaned) > 1"', "condition", "one row"),
        (DEVIATION, "\"version = 'regnskab'\"", '"maaned IN (SELECT 1)"', "condition", "SELECT"),
        (DEVIATION, 'en = "Deviation from the original budget"', 'en = " "', "translation", "'en'"),
        (DEVIATION, "ligger {vaerdi}", "ligger {tal}", "placeholder", "vaerdi"),
        (DEVIATION, "target = 0.0\n", "", "target", "needs a target"),
        (DEVIATION, "worst = 0.05", "worst = 0.0", "goalposts", "contradict"),
        (FOLLOW_UP, 'better = "higher"', 'better = "lower"', "goalposts", "contradict"),
        (STATEMENT, "\"udsagn = 'psykiatri'\"", "\"udsagn = 'andet'\"", "practice", "its own"),
    ],
)
def test_a_mistake_is_found_on_its_line(
    tmp_path: Path, name: str, old: str, new: str, rule: str, said: str
) -> None:
    """With its rule, and in words what is wrong or what could stand there."""
    text, line = changed(name, old, new)
    found = [p for p in problems(tmp_path, text) if p.rule == rule and said in p.message]
    assert found
    # a text over several lines is named by its key, a part of a table perhaps by its header
    gone = new == "" or rule in ("goalposts", "table", "column")
    assert gone or {line, line - 1} & {p.line for p in found}


def test_a_figure_in_kroner_needs_price_level_and_refund_basis(tmp_path: Path) -> None:
    """Without them nobody knows what the kroner are."""
    text, _ = changed("oekonomisk-finansiel/enhedsudgift-108", 'refund = "før"\n', "")
    assert [p.rule for p in problems(tmp_path, text)] == ["money"]


def test_a_wrong_expectation_is_told_with_what_was_found(tmp_path: Path) -> None:
    """The case that fails, by its name and year."""
    text = text_of(DEVIATION)
    start = text.index("expect = ")
    wrong = text[:start] + 'expect = { "2024" = 123.0 }' + text[text.index("\n", start) :]
    found = problems(tmp_path, wrong)
    assert {p.rule for p in found} == {"test"}
    assert "2024: expected 123.0, found " in found[0].message


def test_a_single_worked_case_is_too_few(tmp_path: Path) -> None:
    """Normal and missing are two."""
    text = text_of(DEVIATION)
    second = text.index("[[test]]", text.index("[[test]]") + 1)
    assert [p.rule for p in problems(tmp_path, text[:second])] == ["tests"]


def test_two_definitions_of_one_name_are_told_of_each_other(tmp_path: Path) -> None:
    """An id, a title or an alias means one indicator."""
    text = text_of(DEVIATION)
    (tmp_path / "foerst.toml").write_text(text, "utf-8")
    found = problems(tmp_path, text)
    assert {p.rule for p in found} == {"id"}
    assert {(p.file, "en.toml" in p.message) for p in found} == {("foerst.toml", True)}


@pytest.mark.parametrize(
    ("data", "rule"), [("id = \n", "toml"), ('title = "å"'.encode("cp1252"), "encoding")]
)
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, data: str | bytes, rule: str) -> None:
    """And the other files are checked all the same."""
    (tmp_path / "hel.toml").write_text(text_of(DEVIATION), "utf-8")
    found = problems(tmp_path, data)
    assert [(p.file, p.rule, p.line) for p in found] == [("en.toml", rule, 1)]


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """In the order of file and line."""
    for place, name in (("a", DEVIATION), ("b", FOLLOW_UP)):
        text, _ = changed(name, 'unit = "procent"', 'unit = "promille"')
        (tmp_path / f"{place}.toml").write_text(text.replace("weight", "weigth", 1), "utf-8")
        (tmp_path / f"{place}{place}.toml").write_text(text, "utf-8")
    found = check_folder(tmp_path)[1]
    assert {p.file for p in found if p.rule == "schema"} == {"a.toml", "b.toml"}
    assert {p.file for p in found if p.rule == "unit"} == {"aa.toml", "bb.toml"}
    assert found == sorted(found)
