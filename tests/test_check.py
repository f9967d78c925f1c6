"""`styring check` on whole folders: everything at once, in order, with what to write instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styring.check import Checked, check_folder
from styring.definitions import desk
from styring.errors import InputError
from styring.problem import line_of, place_of

BASE = Path(__file__).with_name("lints") / "base"
DEVIATION = desk("indicators") / "oekonomisk-finansiel" / "budgetafvigelse-oprindelig.toml"


def edited(folder: Path, *edits: tuple[str, str, str]) -> Checked:
    """Return the base checked after some edits: file, what stood there, what takes its place."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    for name, old, new in edits:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return check_folder(folder)


def test_all_mistakes_of_all_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    """Of a file that can be read all rules are told; of one that cannot, why."""
    checked = edited(
        tmp_path,
        ("andel.toml", 'unit = "procent"', 'unit = "promille"'),
        ("andel.toml", "weight = 1", "weight = 0"),
        ("udgift.toml", "version = 1", "version = "),
        ("udsagn.toml", "weight = 0.5", "wieght = 0.5"),
    )
    assert [(p.file, p.rule) for p in checked.problems if p.rule != "read-with"] == [
        ("andel.toml", "unit"),
        ("andel.toml", "weight"),
        ("udgift.toml", "toml"),
        ("udsagn.toml", "schema"),
    ]
    assert list(checked.problems) == sorted(checked.problems, key=lambda p: p.order)


def test_a_mistake_points_at_the_word_and_says_what_to_write(tmp_path: Path) -> None:
    """Line, column and length frame the word; the nearest known one is named."""
    checked = edited(tmp_path, ("udgift.toml", "\"paragraf = '108'\"", "\"paragrf = '108'\""))
    (told,) = (p for p in checked.problems if p.rule == "condition")
    start = told.place.column - 1
    assert told.source[start : start + told.place.length] == "paragrf"
    assert told.hint is not None
    assert (told.hint.da, told.hint.en) == ("Mener du 'paragraf'?", "Do you mean 'paragraf'?")


def test_a_file_that_cannot_be_read_is_told_whatever_is_chosen(tmp_path: Path) -> None:
    """A green check of one rule must not rest on a file that nobody looked into."""
    edited(tmp_path, ("udsagn.toml", "version = 1", "version = "))
    for chosen in ({"select": ["unit"]}, {"ignore": ["toml"]}):
        assert [p.rule for p in check_folder(tmp_path, **chosen).problems] == ["toml"]


def test_only_line_feeds_end_a_line(tmp_path: Path) -> None:
    """As TOML has it: a line separator inside a text moves no line number."""
    before = (BASE / "andel.toml").read_text("utf-8")
    checked = edited(
        tmp_path,
        ("andel.toml", "id = ", "# en note\u2028om id\r\nid = "),
        ("andel.toml", 'en = "Share followed up"', 'en = "Share."'),
    )
    (told,) = checked.problems
    line = before[: before.index('en = "Share followed up"')].count("\n") + 1
    assert (told.line, told.source) == (line + 1, 'en = "Share."')


def test_a_wrong_expectation_is_told_with_what_was_found(tmp_path: Path) -> None:
    """The case that fails, by its name and year."""
    old, new = '{ "2024" = 366000.0 }', '{ "2023" = 1.0, "2024" = 366000.0 }'
    checked = edited(tmp_path, ("udgift.toml", old, new))
    (told,) = checked.problems
    assert told.rule == "test"
    assert told.message.en == "et helt skudår: 2023: expected 1.0, found 'zero_denominator'"
    assert told.message.da == "et helt skudår: 2023: ventet 1.0, fundet 'zero_denominator'"


def test_ones_own_definition_may_take_a_shipped_ones_place_and_refer_to_it(tmp_path: Path) -> None:
    """The id of a shipped one needs no namespace; a new one does."""
    text = DEVIATION.read_text("utf-8")
    (tmp_path / DEVIATION.name).write_text('owner = "Kommunen"\n' + text, "utf-8")
    assert [str(p) for p in check_folder(tmp_path).problems] == []
    other = text.replace('id = "budgetafvigelse-oprindelig"', 'id = "budgetafvigelse-egen"')
    (tmp_path / DEVIATION.name).write_text('owner = "Kommunen"\n' + other, "utf-8")
    found = {p.rule: p for p in check_folder(tmp_path).problems}
    assert set(found) == {"namespace", "file-name"}
    assert "kommune.budgetafvigelse-egen" in found["namespace"].hint.en  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["findes-ikke", "tom", "andet"])
def test_a_folder_without_definitions_is_refused(tmp_path: Path, name: str) -> None:
    """A check that saw nothing is no check that passed."""
    folder = tmp_path / name
    if name != "findes-ikke":
        folder.mkdir()
    if name == "andet":
        (folder / "readme.txt").write_text("intet her", "utf-8")
        (folder / "catalogue.toml").write_text("format = 1\n", "utf-8")
    with pytest.raises(InputError) as refused:
        check_folder(folder)
    assert str(folder) in str(refused.value)


def test_a_folder_full_of_something_else_is_told_file_by_file(tmp_path: Path) -> None:
    """Other programs' TOML is no definition, and every file says so."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text("[tool.other]\nx = 1\n", "utf-8")
    problems = check_folder(tmp_path).problems
    assert {p.file for p in problems} == {"a.toml", "b.toml"}
    assert {p.rule for p in problems} == {"schema"}


def test_a_long_ring_of_references_is_told_once(tmp_path: Path) -> None:
    """From whichever definition it is entered."""
    checked = edited(
        tmp_path,
        ("andel.toml", "version = 2\n", 'version = 2\nread_with = ["proeve.udsagn"]\n'),
        ("udsagn.toml", "version = 1\n", 'version = 1\nread_with = ["proeve.udgift"]\n'),
    )
    (told,) = checked.problems
    assert told.rule == "cycle"
    for name in ("proeve.andel", "proeve.udsagn", "proeve.udgift"):
        assert name in told.message.en


def test_ten_thousand_definitions_are_checked(tmp_path: Path) -> None:
    """A folder of any size: the copies are told, and nothing runs away."""
    text = (BASE / "andel.toml").read_text("utf-8")
    head = text[: text.index("[[test]]")]
    for n in range(10_000):
        bare = head.replace('id = "proeve.andel"', f'id = "proeve.andel-{n}"')
        (tmp_path / f"andel-{n}.toml").write_text(bare, "utf-8")
    (tmp_path / "catalogue.toml").write_bytes((BASE / "catalogue.toml").read_bytes())
    checked = check_folder(tmp_path, select=["twice"])
    assert len(checked.definitions) == 10_000
    assert len(checked.problems) == 9_999


@given(st.text(max_size=200), st.lists(st.sampled_from(["a", "value", "where", 0, 1]), max_size=4))
def test_a_place_is_always_inside_the_text(text: str, path: list[str | int]) -> None:
    """Whatever the text and whatever is looked for; only a line feed ends a line."""
    lines = text.split("\n")
    place = place_of(text, tuple(path), "where")
    assert 1 <= place.line <= len(lines)
    assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    assert 1 <= line_of(text, path) <= len(lines)
