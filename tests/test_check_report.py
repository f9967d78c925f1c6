"""What `styring check` shows: for people, programs, pull requests, test reports, code scanning."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from running import styring_in_process, styring_says
from styring import __version__
from styring.check import Checked
from styring.check_report import FORMS, Form, Look, marked, shown, summary
from styring.cli import checking
from styring.definitions import load_folder, load_rules
from styring.errors import Lang, Texts, UsageError
from styring.problem import Place, Problem, Severity

BASE = Path(__file__).parent / "lints" / "base"
HERE = Path("indicators")


def mistake(
    source: str = 'unit = "promille"',
    column: int = 8,
    length: int = 10,
    *,
    file: str = "x.toml",
    line: int = 12,
    severity: Severity = "error",
    said: str = "findes ikke",
    hint: Texts | None = None,
) -> Problem:
    """Return a problem as the rules give it."""
    place, message = Place(line, column, length), Texts(said, "is not there")
    return Problem(file, place, "unit", message, hint, severity, source)


def found(*problems: Problem, cases: int = 7) -> Checked:
    """Return three sound definitions and these problems."""
    read = load_folder(BASE, cases=False).found
    return Checked(tuple(read), problems, cases)


def text_of(*problems: Problem, look: Look | None = None) -> list[str]:
    """Return the lines of problems shown as text, without the line that sums up."""
    lines = shown(found(*problems), HERE, "text", "en", look or Look()).splitlines()
    return lines[:-2]


# --- text ---------------------------------------------------------------------------------------


def test_a_problem_is_shown_on_its_line_with_what_to_write() -> None:
    """Place, rule, message; the line with marks under the place; the hint; a line that sums up."""
    problem = mistake(hint=Texts("Skriv procent.", "Write procent."))
    assert shown(found(problem), HERE, "text", "en").splitlines() == [
        "indicators/x.toml:12:8: error[unit]: is not there",
        '   12 | unit = "promille"',
        "      |        ^^^^^^^^^^",
        "      = Write procent.",
        "",
        "3 definitions, 7 worked cases, 1 error in 1 file",
    ]


def test_without_a_line_or_a_hint_only_the_message_is_shown() -> None:
    """A file that cannot be read has neither."""
    assert text_of(mistake("", 1, 1)) == ["indicators/x.toml:12:1: error[unit]: is not there"]


@pytest.mark.parametrize(
    ("source", "column", "length", "line", "marks"),
    [
        ("\ta = 1", 2, 1, "    a = 1", "    ^"),
        ("ab\tc = 1", 4, 1, "ab  c = 1", "    ^"),
        ("日本 = 1", 1, 2, "日本 = 1", "^^^^"),
        ("日本 = 1", 6, 1, "日本 = 1", "       ^"),
        ("e\u0301t = 1", 3, 1, "e\u0301t = 1", " ^"),
        ("a = ", 5, 1, "a =", "    ^"),
        ("a = 1", 5, 99, "a = 1", "    ^"),
        ("a = 1", 99, 9, "a = 1", "     ^"),
    ],
)
def test_the_marks_stand_under_the_place(
    source: str, column: int, length: int, line: str, marks: str
) -> None:
    """Under tabs, wide and combined characters, and where the place is past the end."""
    _, shown_line, under = text_of(mistake(source, column, length))
    assert shown_line == f"   12 | {line}"
    assert under == f"      | {marks}"


def test_a_long_line_is_cut_around_the_place() -> None:
    """With a mark on each side where something is left out."""
    source = 'da = "' + "en lang tekst " * 30 + "{tal} " + "og mere " * 30 + '"'
    column = source.index("{tal}") + 1
    _, line, under = text_of(mistake(source, column, 5), look=Look(width=60))
    assert len(line) <= 60
    assert line.startswith("   12 | …")
    assert line.endswith("…")
    assert line[under.index("^") : under.rindex("^") + 1] == "{tal}"
    for column, ends in ((1, "…"), (len(source), '"')):
        _, line, _ = text_of(mistake(source, column, 1), look=Look(width=60))
        assert line.endswith(ends)


def columns(text: str) -> int:
    """Return how many columns a text without tabs takes."""
    joined = sum(unicodedata.category(c) in {"Mn", "Me"} for c in text)
    wide = sum(unicodedata.east_asian_width(c) in {"W", "F"} for c in text)
    return len(text) - joined + wide


@given(
    source=st.text(st.sampled_from("ab =\t{}æ日\u0301\u200b\x1b…"), max_size=200),
    column=st.integers(1, 220),
    length=st.integers(1, 60),
    room=st.integers(20, 120),
)
def test_no_line_is_wider_than_its_room(source: str, column: int, length: int, room: int) -> None:
    """Whatever stands in it, and wherever the place is."""
    line, before, width = marked(mistake(source, column, length), room)
    assert columns(line) <= room
    assert before + width <= room + 1  # past the end of a full line
    assert width >= 1
    assert before >= 0


def test_nothing_in_a_file_can_steer_a_terminal() -> None:
    """Control characters and marks that turn the direction of text are shown as unknown."""
    evil = "\x1b[2Ja\u202eb"
    problem = mistake(f"x = '{evil}'", 6, 4, said=evil, hint=Texts(evil, evil), file=f"{evil}.toml")
    for look in (Look(), Look(colour=True)):
        told = shown(found(problem), HERE, "text", "da", look)
        assert "\x1b[2J" not in told
        assert "\u202e" not in told


def test_colours_change_no_word() -> None:
    """Without them there is no escape; with them nothing but escapes is added."""
    problems = (mistake(), mistake(severity="warning", hint=Texts("Skriv", "Write")))
    plain = shown(found(*problems), HERE, "text", "da")
    painted = shown(found(*problems), HERE, "text", "da", Look(colour=True))
    assert "\x1b" not in plain
    assert "\x1b[1;31m" in painted
    assert "\x1b[1;33m" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == plain


@pytest.mark.parametrize(
    ("errors", "warnings", "lang", "said"),
    [
        (0, 0, "da", "3 definitioner, 7 prøver, 0 fejl i 0 filer"),
        (1, 1, "da", "3 definitioner, 7 prøver, 1 fejl og 1 advarsel i 1 fil"),
        (2, 2, "da", "3 definitioner, 7 prøver, 2 fejl og 2 advarsler i 1 fil"),
        (0, 1, "en", "3 definitions, 7 worked cases, 0 errors and 1 warning in 1 file"),
        (1, 0, "en", "3 definitions, 7 worked cases, 1 error in 1 file"),
        (2, 2, "en", "3 definitions, 7 worked cases, 2 errors and 2 warnings in 1 file"),
    ],
)
def test_the_last_line_sums_up(errors: int, warnings: int, lang: Lang, said: str) -> None:
    """One is one, in both languages; warnings are named where there are any."""
    problems = [mistake()] * errors + [mistake(severity="warning")] * warnings
    assert summary(found(*problems), lang) == said


def test_one_of_each_is_one() -> None:
    """Definitions and worked cases too."""
    one = Checked(found().definitions[:1], (), 1)
    assert summary(one, "da") == "1 definition, 1 prøve, 0 fejl i 0 filer"
    assert summary(one, "en") == "1 definition, 1 worked case, 0 errors in 0 files"


# --- programs -----------------------------------------------------------------------------------


def test_json_has_every_part_in_a_fixed_order() -> None:
    """Both languages, whatever language is asked for."""
    problem = mistake(hint=Texts("Skriv «procent».", "Write “procent”."))
    told = shown(found(problem, mistake(severity="warning")), HERE, "json", "da")
    assert told == shown(found(problem, mistake(severity="warning")), HERE, "json", "en")
    data = json.loads(told)
    assert list(data) == ["folder", "definitions", "tests", "problems", "errors", "warnings"]
    assert (data["folder"], data["definitions"], data["tests"]) == ("indicators", 3, 7)
    assert (data["errors"], data["warnings"]) == (1, 1)
    assert list(data["problems"][0].items()) == [
        ("file", "x.toml"),
        ("line", 12),
        ("column", 8),
        ("length", 10),
        ("rule", "unit"),
        ("severity", "error"),
        ("message", {"da": "findes ikke", "en": "is not there"}),
        ("hint", {"da": "Skriv «procent».", "en": "Write “procent”."}),
        ("source", 'unit = "promille"'),
    ]
    assert data["problems"][1]["hint"] is None


def test_a_workflow_command_is_one_line_and_escaped() -> None:
    """As the service documents it: more in a property than in a message."""
    problem = mistake(
        file="a,b:c%.toml", said="100 %: a,\r\nb", hint=Texts("Skriv", ""), severity="warning"
    )
    *commands, last = shown(found(problem), HERE, "github", "da").splitlines()
    where = "file=indicators/a%2Cb%3Ac%25.toml,line=12,col=8,endColumn=18,title=styring unit"
    assert commands == [f"::warning {where}::100 %25: a,%0D%0Ab%0ASkriv"]
    assert last == summary(found(problem), "da")


def test_a_file_is_one_test() -> None:
    """Its errors fail it, its warnings stand in its output, also where it is no definition."""
    problems = (
        mistake(file="andel.toml", said='<&"\x00\x1b>'),
        mistake(file="andel.toml", line=14),
        mistake(file="andel.toml", severity="warning", said="pas på"),
        mistake(file="catalogue.toml"),
        mistake(file="udgift.toml", severity="warning"),
    )
    told = shown(found(*problems), HERE, "junit", "da")
    assert "\x00" not in told
    root = ET.fromstring(told.encode())  # noqa: S314 - our own
    assert root.tag == "testsuites"
    (suite,) = root
    for level in (root, suite):
        counts = {k: level.get(k) for k in ("tests", "failures", "errors")}
        assert counts == {"tests": "4", "failures": "2", "errors": "0"}
        assert level.get("timestamp") is level.get("time") is None
    tests = {t.get("name"): t for t in suite}
    assert list(tests) == [
        f"indicators/{n}.toml" for n in ("andel", "catalogue", "udgift", "udsagn")
    ]
    failed = tests["indicators/andel.toml"]
    (failure,) = failed.findall("failure")
    assert failure.get("message") == '<&"\ufffd\ufffd>'
    assert failure.get("type") == "unit"
    assert failure.text
    assert failure.text.split("\n\n")[1] == "indicators/andel.toml:14:8: error[unit]: findes ikke"
    assert "pas på" in failed.findtext("system-out", "")
    assert [c.tag for c in tests["indicators/udgift.toml"]] == ["system-out"]
    assert [c.tag for c in tests["indicators/udsagn.toml"]] == []


def test_sarif_has_what_the_standard_requires() -> None:
    """Version, one run with a named tool and its rules, and results that point to them."""
    problem = mistake(file="å b/x#1.toml", hint=Texts("Skriv", "Write"))
    data = json.loads(shown(found(problem), HERE, "sarif", "en"))
    assert set(data) == {"$schema", "version", "runs"}
    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    assert set(run) == {"tool", "columnKind", "results"}
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("styring", __version__)
    assert [r["id"] for r in driver["rules"]] == list(load_rules())
    for rule in driver["rules"]:
        known = load_rules()[rule["id"]]
        assert rule["shortDescription"] == {"text": known.reason.en}
        assert rule["defaultConfiguration"] == {"level": known.severity}
    (result,) = run["results"]
    assert result["ruleId"] == driver["rules"][result["ruleIndex"]]["id"] == "unit"
    assert result["level"] == "error"
    assert result["message"] == {"text": "is not there\nWrite"}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "indicators/%C3%A5%20b/x%231.toml"},
                "region": {"startLine": 12, "startColumn": 8, "endColumn": 18},
            }
        }
    ]


def test_a_file_elsewhere_is_named_in_full_in_sarif(tmp_path: Path) -> None:
    """As a file URI; a name that is not UTF-8 keeps its bytes."""
    problem = mistake(file="\udce6.toml")
    data = json.loads(shown(found(problem), tmp_path, "sarif", "en"))
    where = data["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == f"{tmp_path.as_uri()}/%E6.toml"


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_folder_is_shown_in_every_form(form: Form) -> None:
    """The same text twice, ended by one line break."""
    told = shown(found(), HERE, form, "da")
    assert told == shown(found(), HERE, form, "da")
    assert told.endswith("\n")
    assert not told.endswith("\n\n")


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder of three sound definitions, one then broken by its unit."""
    folder = tmp_path / "indicators"
    shutil.copytree(BASE, folder)
    file = folder / "andel.toml"
    text = file.read_text("utf-8")
    assert 'unit = "procent"' in text
    file.write_text(text.replace('unit = "procent"', 'unit = "promille"'), "utf-8")
    return folder


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    """A folder with nothing but a warning: a file that is not named as its id."""
    folder = tmp_path / "indicators"
    shutil.copytree(BASE, folder)
    (folder / "andel.toml").rename(folder / "anden.toml")
    return folder


def test_a_path_is_relative_to_where_the_command_runs(mine: Path) -> None:
    """However the folder is named, as annotations in a pull request want it."""
    for name in ("indicators", mine, "indicators/../indicators/"):
        ran = styring_in_process(
            "check", name, "--format", "github", "--select", "unit", cwd=mine.parent
        )
        assert ran.code == 1
        assert ran.out.startswith("::error file=indicators/andel.toml,line=5,col=8,endColumn=18,")


def test_a_folder_elsewhere_is_named_in_full(mine: Path, tmp_path: Path) -> None:
    """Where it is not below the folder the command runs in."""
    other = tmp_path / "other"
    other.mkdir()
    ran = styring_in_process("check", "../indicators", "--select", "unit", cwd=other)
    assert ran.lines[0].startswith(f"{mine.as_posix()}/andel.toml:5:8: error[unit]: ")


def test_rules_are_chosen(mine: Path) -> None:
    """Those that are left out are not told, and do not fail the command."""
    for options, code in (
        (["--select", "unit,law"], 1),
        (["--select=toml"], 0),
        (["--ignore", "unit, value-type"], 0),
        (["--select=", "--ignore="], 1),
    ):
        assert styring_in_process("check", mine, *options, cwd=mine).code == code


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_refused_with_the_nearest(mine: Path, option: str) -> None:
    """Exit 2; where none is near, the list of rules is named."""
    near = styring_in_process("check", mine, option, "unit,untis", "--lang", "en", cwd=mine)
    assert (near.code, near.out) == (2, "")
    assert near.err == "styring: There is no rule “untis”.\n  → Do you mean “unit”?\n"
    far = styring_in_process("check", mine, option, "qqq", cwd=mine)
    assert (far.code, far.out) == (2, "")
    assert "styring check --rules" in far.err


def test_warnings_fail_only_where_that_is_asked_for(warned: Path) -> None:
    """With --strict."""
    mild = styring_in_process("check", warned, "--lang", "en", cwd=warned.parent)
    hard = styring_in_process("check", warned, "--lang", "en", "--strict", cwd=warned.parent)
    assert mild.lines[0].startswith("indicators/anden.toml:1:")
    assert "warning[file-name]: " in mild.lines[0]
    assert (mild.code, hard.code) == (0, 1)
    assert mild.out == hard.out


def test_the_rules_are_listed(tmp_path: Path) -> None:
    """With severity and reason, in the language asked for, or as json."""
    text = styring_in_process("check", "--rules", "--lang", "en", cwd=tmp_path)
    data = styring_in_process("check", "--rules", "--format", "json", cwd=tmp_path)
    assert (text.code, data.code) == (0, 0)
    for line, given_rule, rule in zip(
        text.lines, json.loads(data.out), load_rules().values(), strict=True
    ):
        assert line.split(maxsplit=2) == [rule.id, rule.severity, rule.reason.en]
        assert given_rule == rule.model_dump()
    refused = styring_in_process("check", "--rules", "--format", "junit", cwd=tmp_path)
    assert refused.code == 2


def test_a_format_that_does_not_exist_is_refused(mine: Path) -> None:
    """Exit 2, with those that do."""
    ran = styring_in_process("check", mine, "--format", "xml", cwd=mine)
    assert (ran.code, ran.out) == (2, "")
    assert "text eller json eller github eller junit eller sarif" in ran.err


def test_what_programs_read_is_utf8_on_every_console(mine: Path) -> None:
    """Also where the console has a code page of its own."""
    for form in ("json", "junit", "sarif", "github"):
        asked = ("check", mine, "--format", form, "--select", "unit")
        ran = styring_says(*asked, cwd=mine, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert (ran.code, ran.out) == (1, styring_in_process(*asked, cwd=mine).out)
        assert "årsværk" in ran.out


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (Terminal, {}, True),
        (Terminal, {"NO_COLOR": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (StringIO, {}, False),
    ],
)
def test_colours_are_for_terminals(
    mine: Path,
    monkeypatch: pytest.MonkeyPatch,
    stream: type[StringIO],
    environment: dict[str, str],
    *,
    coloured: bool,
) -> None:
    """And never where NO_COLOR is set or the terminal has none."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WT_SESSION", "1")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = stream()
    monkeypatch.setattr("sys.stdout", out)
    checking.check(mine, form="text", select="unit", ignore="", lang="da", strict=False)
    assert ("\x1b[" in out.getvalue()) is coloured


def test_a_rule_is_found_whatever_its_case() -> None:
    """As formats are."""
    assert checking._rules(" Unit ,,LAW") == ["unit", "law"]
    with pytest.raises(UsageError):
        checking._rules("unit;law")
