"""The definitions on the screen: `styring indicators list`, `show` and `diff`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from rows import shipped
from running import (
    PEERS,
    SYDDJURS,
    environment,
    one_message,
    python_says,
    styring_in_process,
    styring_says,
)
from styring.cli.revision import side
from styring.definitions import desk, load_catalogue, load_facts
from styring.errors import InputError, texts
from styring.formats.definition import page
from styring.moved import Moved, moved
from styring.pipeline import Choices, review
from styring.review import Review

FOLLOW_UP = "opfoelgning-rettidig"
TITLE = "Sager, der er fulgt op til tiden"
ENGLISH = "Cases followed up in time"
FILE = next(desk("indicators").rglob(f"{FOLLOW_UP}.toml"))


def folder(path: Path, *changes: tuple[str, str]) -> Path:
    """Return a folder with the definition of the follow-up, some of its text changed."""
    path.mkdir(parents=True, exist_ok=True)
    text = FILE.read_text("utf-8")
    for was, becomes in changes:
        assert was in text, was
        text = text.replace(was, becomes, 1)
    (path / FILE.name).write_text(text, "utf-8")
    return path


WEIGHT = ("weight = 2", "weight = 3")
ENDS = ("worst = 0.5", "worst = 0.2")
CONDITION = ("sidste_opfoelgning >= opfoelgning_fra", "sidste_opfoelgning >= DATE '2025-03-01'")
RAISED = ("version = 1", "version = 2")


def git(cwd: Path, *arguments: str) -> None:
    """Run git in a folder, with nothing of the shell's own settings."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    named = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *named, *arguments], cwd=cwd, check=True, capture_output=True,
                   env=environment(**own))  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose folder of definitions changed twice; a folder æ holds it once more."""
    root = tmp_path / "arkiv"
    root.mkdir()
    git(root, "init", "-q")
    for changes in ((), (WEIGHT,), (WEIGHT, RAISED)):
        folder(root / "indicators", *changes)
        folder(root / "egne æ" / "under", *changes)
        (root / "indicators" / "notes.txt").write_text("intet", "utf-8")
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "x")
    git(root, "tag", "ny")
    return root


# --- list ---------------------------------------------------------------------------------------


def test_the_list_has_every_definition_on_a_line(tmp_path: Path) -> None:
    """Outside a terminal nothing is folded or cut."""
    ran = styring_says("indicators", "list", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.lines[1:]] == [i.id for i in shipped().indicators]
    row = next(line for line in ran.lines if line.startswith(f"{FOLLOW_UP} "))
    cells = [c for c in row.split("  ") if c]
    assert [c.strip() for c in cells] == [
        FOLLOW_UP, TITLE, "Det socialfaglige styringscenter", "Faglig styring", "pct.",
        "højere er bedre", "kerne"]  # fmt: skip


def test_the_list_in_english_of_a_centre_and_a_set(tmp_path: Path) -> None:
    """--centre and --set choose, --lang the words."""
    ran = styring_in_process("indicators", "list", "--set", "core", "--centre", "socialfaglig",
                             "--lang", "en", cwd=tmp_path)  # fmt: skip
    wanted = [i.id for i in shipped().indicators if i.status == "core"
              and i.centre == "socialfaglig"]  # fmt: skip
    assert [line.split()[0] for line in ran.lines[1:]] == wanted
    assert "Steering centre" in ran.lines[0]
    assert ENGLISH in ran.out


def test_the_list_for_programs(tmp_path: Path) -> None:
    """Both languages, and which are one's own."""
    mine = folder(tmp_path / "mine", WEIGHT)
    ran = styring_in_process("indicators", "list", "--indicators", mine, "--format", "json",
                             cwd=tmp_path)  # fmt: skip
    found = {i["id"]: i for i in json.loads(ran.out)}
    assert set(found) == {i.id for i in shipped().indicators}
    assert [k for k, i in found.items() if i["own"]] == [FOLLOW_UP]
    assert found[FOLLOW_UP]["title"] == {"da": TITLE, "en": ENGLISH}
    assert found[FOLLOW_UP]["better"] == "higher"


def test_the_list_fits_a_terminal(tmp_path: Path) -> None:
    """What is too long goes on below in its column; nothing is left out."""
    script = (
        "import os, sys; sys.stdout.isatty = lambda: True\n"
        "os.environ['COLUMNS'] = '70'; sys.argv = ['styring', 'indicators', 'list']\n"
        "import styring.cli; styring.cli.main()\n"
    )
    ran = python_says(script, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert max(map(len, ran.lines)) <= 70
    assert "…" not in ran.out
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("more", "code", "da", "en"),
    [
        (("--centre", "øst"), 2, "«øst» findes ikke", "no centre “øst”"),
        (("--set", "nope"), 2, "Sættet «nope»", "no set “nope”"),
        (("--format", "xml"), 2, "«xml»", "“xml”"),
        (("--indicators", "nope"), 3, "findes ikke", "no such folder"),
    ],
)
def test_a_list_of_what_is_not_there_is_refused(
    more: tuple[str, ...], code: int, da: str, en: str, tmp_path: Path
) -> None:
    """With what to write instead."""
    for lang, words in (("da", da), ("en", en)):
        ran = styring_in_process("indicators", "list", *more, "--lang", lang, cwd=tmp_path)
        assert ran.code == code
        assert words in one_message(ran)


# --- show ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [FOLLOW_UP, TITLE, ENGLISH.upper(), "opfølgning"])
def test_a_definition_is_shown_by_any_of_its_names(name: str, tmp_path: Path) -> None:
    """As the page that stands in docs, worked cases and all."""
    every = {i.id: i for i in load_catalogue(cases=True).known}
    for lang in ("da", "en"):
        ran = styring_in_process("indicators", "show", name, "--lang", lang, cwd=tmp_path)
        assert ran.code == 0, ran.err
        wanted = page(every[FOLLOW_UP], every, load_facts(), "da" if lang == "da" else "en")
        assert ran.out == wanted
        assert {"da": "Regnede eksempler", "en": "Worked cases"}[lang] in ran.out


def test_a_definition_of_ones_own_is_shown(tmp_path: Path) -> None:
    """It stands in for the shipped one."""
    mine = folder(tmp_path / "mine", ("weight = 2", "weight = 4"))
    ran = styring_in_process("indicators", "show", FOLLOW_UP, "--indicators", mine, cwd=tmp_path)
    assert "| Vægt | 4 |" in ran.out


def test_an_unknown_name_is_met_with_the_nearest(tmp_path: Path) -> None:
    """In both languages, exit 3."""
    for lang, words in (("da", "kendes ikke"), ("en", "is not known")):
        ran = styring_in_process(
            "indicators", "show", "opfoelgning-retidigt", "--lang", lang, cwd=tmp_path
        )
        assert ran.code == 3
        message = one_message(ran)
        assert words in message
        assert f": {FOLLOW_UP}" in message


# --- diff ---------------------------------------------------------------------------------------


def test_the_same_definitions_are_told_to_be_the_same(tmp_path: Path) -> None:
    """In one line."""
    for lang, said in (("da", "Definitionerne er ens."), ("en", "The definitions are the same.")):
        ran = styring_in_process(
            "indicators", "diff", desk("indicators"), FILE.parents[1], "--lang", lang, cwd=tmp_path
        )
        assert (ran.code, ran.lines) == (0, [said])


def test_a_change_is_told_in_words_with_what_it_does_to_the_figure(tmp_path: Path) -> None:
    """Points and weight move no figure, a condition may; the version should be raised."""
    a = folder(tmp_path / "a")
    points = folder(tmp_path / "b", WEIGHT, ENDS)
    figure = folder(tmp_path / "c", CONDITION, RAISED)
    first = styring_in_process("indicators", "diff", a, points, cwd=tmp_path)
    assert first.lines[0] == f"{TITLE} [{FOLLOW_UP}]: ændret"
    assert "  Vægt: 2 → 3" in first.lines
    assert any(line.endswith("50 pct. → 20 pct.") for line in first.lines)
    assert first.lines[-1] == "  Tallet flytter sig ikke. Versionen er ikke hævet."
    second = styring_in_process("indicators", "diff", a, figure, "--lang", "en", cwd=tmp_path)
    assert second.lines[0] == f"{ENGLISH} [{FOLLOW_UP}]: changed"
    assert second.lines[-1] == "  The figure may move. The version was raised."


def test_definitions_that_came_and_went_are_told(tmp_path: Path) -> None:
    """Two folders are compared as they stand."""
    a, b = folder(tmp_path / "a"), folder(tmp_path / "b")
    other = next(desk("indicators").rglob("sagsbehandlingstid.toml"))
    shutil.copy(other, b / other.name)
    (b / FILE.name).unlink()
    ran = styring_in_process("indicators", "diff", a, b, "--format", "json", cwd=tmp_path)
    found = [(c["id"], c["kind"]) for c in json.loads(ran.out)["changed"]]
    assert found == [("sagsbehandlingstid", "added"), (FOLLOW_UP, "removed")]


def test_ones_own_are_compared_on_top_of_styrings(tmp_path: Path) -> None:
    """Otherwise all of styring's would be told to be gone."""
    mine = folder(tmp_path / "mine", WEIGHT)
    ran = styring_in_process(
        "indicators", "diff", desk("indicators"), mine, "--format", "json", cwd=tmp_path
    )
    assert [c["id"] for c in json.loads(ran.out)["changed"]] == [FOLLOW_UP]


def test_two_revisions_are_compared(repository: Path) -> None:
    """Of the folder indicators/, from anywhere in the repository."""
    ran = styring_says("indicators", "diff", "HEAD~2", "HEAD~1", cwd=repository)
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines == [
        f"{TITLE} [{FOLLOW_UP}]: ændret",
        "  Vægt: 2 → 3",
        "  Tallet flytter sig ikke. Versionen er ikke hævet.",
    ]
    inside = repository / "egne æ" / "under"
    ran = styring_in_process("indicators", "diff", "HEAD~1", "ny", cwd=inside)
    assert ran.lines[-1] == "  Tallet flytter sig ikke. Versionen er hævet."


def test_a_revision_is_compared_with_a_folder_and_with_another_path(repository: Path) -> None:
    """`REV:path`; blanks and letters in the path do not matter, changes on the disk do."""
    ran = styring_in_process("indicators", "diff", "ny", "indicators", cwd=repository)
    assert ran.lines == ["Definitionerne er ens."]
    folder(repository / "indicators", ("weight = 2", "weight = 8"))
    ran = styring_in_process("indicators", "diff", "ny:egne æ", "indicators", cwd=repository)
    assert "  Vægt: 3 → 8" in ran.lines
    ran = styring_in_process("indicators", "diff", "ny:egne æ/under/", "ny", cwd=repository)
    assert ran.lines == ["Definitionerne er ens."]


def test_reading_a_revision_leaves_the_repository_alone(repository: Path) -> None:
    """No file is written, not even the index."""

    def state() -> dict[str, int]:
        return {str(p): p.stat().st_mtime_ns for p in repository.rglob("*") if p.is_file()}

    before = state()
    assert len(side("HEAD~1", repository).folder.found) == 1
    assert state() == before


UNUSABLE = {
    # name: (what is compared, Danish words, English words)
    "an unknown revision": ("nope", "hverken en mappe eller en revision", "neither a folder nor"),
    "an option": ("HEAD^{tree}:--help", "hverken en mappe", "neither a folder nor"),
    "a revision without the folder": ("HEAD:nope", "i «nope»", "in “nope”"),
    "a folder of the revision without definitions": ("HEAD:tom", "i «tom»", "in “tom”"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_revision_that_cannot_be_used_is_refused(name: str, repository: Path) -> None:
    """One message that names what was given, exit 3."""
    (repository / "tom").mkdir()
    (repository / "tom" / "catalogue.toml").write_text("format = 1\n", "utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "x")
    given, da, en = UNUSABLE[name]
    for lang, words in (("da", da), ("en", en)):
        ran = styring_in_process(
            "indicators", "diff", "HEAD", given, "--lang", lang, cwd=repository
        )
        assert ran.code == 3
        assert words in one_message(ran)
        assert given in ran.err


def test_a_revision_needs_a_repository_and_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own message."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(InputError, match="no git repository here"):
        side("HEAD", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="no program git"):
        side("HEAD", tmp_path)


def test_a_broken_definition_of_a_revision_is_told(repository: Path) -> None:
    """With its file and line."""
    folder(repository / "indicators", ('better = "higher"', 'better = "bigger"'))
    git(repository, "commit", "-q", "-a", "-m", "x")
    ran = styring_in_process("indicators", "diff", "HEAD~1", "HEAD", cwd=repository)
    line = FILE.read_text("utf-8").splitlines().index('better = "higher"') + 1
    assert ran.code == 3
    assert f"{FILE.name}:{line}: schema" in one_message(ran)


# --- diff of a workbook ---------------------------------------------------------------------------


def test_what_moves_in_a_workbook_is_listed_as_the_report_shows_it(tmp_path: Path) -> None:
    """The figure, its points and the centre's, old → new, as two reviews have them."""
    a, b = folder(tmp_path / "a"), folder(tmp_path / "b", CONDITION, ENDS)
    ran = styring_says("indicators", "diff", a, b, "--workbook", SYDDJURS, "--peers", PEERS,
                       cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    old, new = (review(SYDDJURS, Choices(peers=PEERS), load_catalogue(f)) for f in (a, b))
    first, last = old.indicator(FOLLOW_UP), new.indicator(FOLLOW_UP)
    assert first is not None
    assert last is not None
    assert first.shown != last.shown
    at = ran.lines.index("Tal")
    assert ran.lines[at + 1] == f"  {TITLE}: {first.shown.da} → {last.shown.da}"
    before, now = (next(c for c in r.centres if c.id == "socialfaglig") for r in (old, new))
    heading = ran.lines.index("Styringscentrenes point")
    assert ran.lines[heading + 1] == (f"  {now.title.da}: {before.score:.0f} → {now.score:.0f}")


def test_what_moves_for_programs(tmp_path: Path) -> None:
    """The same list, with ids."""
    a, b = folder(tmp_path / "a"), folder(tmp_path / "b", CONDITION)
    ran = styring_in_process("indicators", "diff", a, b, "--workbook", SYDDJURS,
                             "--format", "json", cwd=tmp_path)  # fmt: skip
    found = json.loads(ran.out)["moved"]
    assert (FOLLOW_UP, "figure") in {(m["id"], m["kind"]) for m in found}
    assert set(found[0]) == {"kind", "id", "title", "old", "new", "unseen"}


def test_a_change_of_words_moves_nothing(tmp_path: Path) -> None:
    """And that is said."""
    a = folder(tmp_path / "a")
    b = folder(tmp_path / "b", (f'en = "{ENGLISH}"', 'en = "Cases followed up"'))
    for lang, words in (("da", "Intet i gennemgangen flytter sig."), ("en", "Nothing in the")):
        ran = styring_in_process("indicators", "diff", a, b, "--workbook", SYDDJURS,
                                 "--lang", lang, cwd=tmp_path)  # fmt: skip
        assert ran.code == 0, ran.err
        assert ran.lines[-1].startswith(words)


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--peers", PEERS), 2, "--peers goes with --workbook"),
        (("--workbook", "nope.xlsx"), 3, "no such file"),
        (("--workbook", SYDDJURS, "--peers", "nope.csv"), 3, "no such peers file"),
        (("--format", "xml"), 2, "xml"),
    ],
)
def test_a_diff_of_what_cannot_be_used_is_refused(
    more: tuple[object, ...], code: int, words: str, tmp_path: Path
) -> None:
    """With the exit code of its kind."""
    a = folder(tmp_path / "a")
    ran = styring_in_process("indicators", "diff", a, a, *more, "--lang", "en", cwd=tmp_path)
    assert ran.code == code
    assert words in one_message(ran)


# --- two reviews ----------------------------------------------------------------------------------


def with_one(r: Review, **changes: object) -> Review:
    """Return a review with the follow-up changed."""
    parts = tuple(i.model_copy(update=changes) if i.id == FOLLOW_UP and i.group is None else i
                  for i in r.indicators)  # fmt: skip
    return r.model_copy(update={"indicators": parts})


def test_a_review_moves_nothing_against_itself(syddjurs: Review) -> None:
    """Nor where a figure differs by the last bit."""
    assert moved(syddjurs, syddjurs) == ()
    one = syddjurs.indicator(FOLLOW_UP)
    assert one is not None
    assert one.value is not None
    assert moved(syddjurs, with_one(syddjurs, value=one.value * (1 + 1e-13))) == ()


def test_figure_points_and_rank_are_told_each_for_itself(syddjurs: Review) -> None:
    """Old and new as shown; what is not shown is told to be smaller than that."""
    one = syddjurs.indicator(FOLLOW_UP)
    assert one is not None
    assert one.value is not None
    (found,) = moved(syddjurs, with_one(syddjurs, value=one.value + 1e-6))
    assert (found.kind, found.unseen, found.old) == ("figure", True, one.shown)
    before = with_one(syddjurs, score=20.4)
    (found,) = moved(before, with_one(syddjurs, score=41.0))
    assert found == Moved("score", FOLLOW_UP, one.title, texts("20"), texts("41"))
    gone = syddjurs.model_copy(
        update={"indicators": tuple(i for i in syddjurs.indicators if i.id != FOLLOW_UP)}
    )
    kinds = [(m.kind, m.new) for m in moved(syddjurs, gone) if m.id == FOLLOW_UP]
    assert ("figure", texts("–")) in kinds
    back = {(m.kind, m.title, m.new, m.old) for m in moved(gone, syddjurs)}
    assert back == {(m.kind, m.title, m.old, m.new) for m in moved(syddjurs, gone)}


def test_a_rank_is_told_with_how_many_there_are(syddjurs: Review) -> None:
    """`no. 3 of 12`."""
    one = next(i for i in syddjurs.indicators if i.peers is not None)
    assert one.peers is not None

    def ranked(rank: int | None) -> Review:
        assert one.peers is not None
        peers = one.peers.model_copy(update={"n": 12, "rank": rank})
        parts = tuple(i.model_copy(update={"peers": peers}) if i is one else i
                      for i in syddjurs.indicators)  # fmt: skip
        return syddjurs.model_copy(update={"indicators": parts})

    (found,) = moved(ranked(3), ranked(None))
    assert (found.kind, found.old.da, found.old.en) == ("rank", "nr. 3 af 12", "no. 3 of 12")
    assert found.new == texts("–")


def test_a_finding_that_comes_goes_or_turns_is_told(syddjurs: Review) -> None:
    """One of an indicator is told once, from weak to strong."""
    one = next(f for f in syddjurs.findings if f.kind == "weakness")
    turned = one.model_copy(update={"kind": "strength", "id": f"strength-{one.indicator}"})
    rest = tuple(f for f in syddjurs.findings if f is not one)
    other = syddjurs.model_copy(update={"findings": (*rest, turned)})
    (found,) = moved(syddjurs, other)
    assert (found.kind, found.old.da, found.new.da) == ("finding", "svagt", "stærkt")
    (gone,) = moved(syddjurs, syddjurs.model_copy(update={"findings": rest}))
    assert (gone.old.en, gone.new.en) == ("weak", "–")


def test_a_centre_that_can_no_longer_be_judged_is_told(syddjurs: Review) -> None:
    """Its points are gone, not nought."""
    first = syddjurs.centres[0]
    assert first.score is not None
    centres = (first.model_copy(update={"score": None}), *syddjurs.centres[1:])
    (found,) = moved(syddjurs, syddjurs.model_copy(update={"centres": centres}))
    assert (found.kind, found.new.da, found.new.en) == ("centre", "ikke bedømt", "not judged")
