"""Which definitions are measured: the core set, all, those a file names, and one's own."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import build
from build import minimal, xlsx
from rows import shipped
from running import SYDDJURS, one_message, styring_in_process, styring_says
from styring import practice
from styring.definitions import desk, load_catalogue
from styring.find.chosen import set_lines
from styring.model import Catalogue
from styring.peers import COLUMNS, read_peers, to_bytes, to_frame
from styring.pipeline import Choices, Measured, measure_workbook, peer_rows, review
from styring.tables import Note

FOLLOW_UP = "opfoelgning-rettidig"
OTHER = next(i for i in shipped().indicators if i.status != "core" and i.kind == "figure")
ASKED = next(i for i in shipped().indicators if i.status != "core" and i.kind == "practice")
CORE = load_catalogue(None, "core")
PRACTICE = ("udsagn", "respondent", "rolle", "styringscenter", "svar")


def definition(folder: Path, name: str, old: str = FOLLOW_UP, **changes: str) -> Path:
    """Return a folder with one definition: a shipped one with some texts changed."""
    folder.mkdir(exist_ok=True)
    text = next(desk("indicators").rglob(f"{old}.toml")).read_text("utf-8")
    text = text.replace(f'id = "{old}"', f'id = "{name}"', 1)
    aliases = next((x for x in text.splitlines() if x.startswith("aliases")), "")
    text = text.replace(f"{aliases}\n", "") if aliases else text
    for was, becomes in changes.items():
        text = text.replace(was, becomes, 1)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def own(folder: Path, about: str = "") -> Path:
    """Return a folder with a definition of one's own and one in place of a shipped one."""
    definition(folder, "syddjurs.kontakt", **{"Sager, der er fulgt op til tiden": "Kontakt",
                                              "Cases followed up in time": "Contact"})  # fmt: skip
    definition(folder, FOLLOW_UP, **{"weight = 2": "weight = 5"})
    if about:
        (folder / "catalogue.toml").write_text(about, "utf-8")
    return folder


def measured(folder: Path, catalogue: Catalogue, **sheets: list[list[object]]) -> Measured:
    """Return the small workbook with more sheets, measured."""
    return measure_workbook(xlsx(folder / "odder.xlsx", minimal() | sheets), catalogue)


def lines(catalogue: Catalogue, lang: Any = "da") -> str:
    """Return what the method section says of the set and of one's own."""
    return " ".join(t[lang] for t in set_lines(catalogue))


# --- sets ---------------------------------------------------------------------------------------


def test_the_core_set_is_the_core_definitions() -> None:
    """The others are kept apart, and together they are all."""
    assert {i.status for i in CORE.indicators} == {"core"}
    assert {i.status for i in CORE.rest} == {"supplementary"}
    assert {i.id for i in CORE.known} == {i.id for i in shipped().indicators}


def test_a_review_measures_the_core_set_unless_told(tmp_path: Path) -> None:
    """--set all measures every one, a file those it names; the method says which."""
    (tmp_path / "mit.txt").write_text(f"# vores\n{FOLLOW_UP}\n\n{OTHER.id} # og denne\n", "utf-8")
    made = {}
    for name, more in {"core": (), "all": ("--set", "all"), "file": ("--set", "mit.txt")}.items():
        ran = styring_in_process(
            "review", SYDDJURS, *more, "--out", name, "--format", "json", cwd=tmp_path
        )
        assert ran.code == 0, ran.err
        made[name] = json.loads((tmp_path / name / "review.json").read_text("utf-8"))
    ids = {n: {i["id"] for i in r["indicators"] if not i["id"].startswith("eget-")}
           for n, r in made.items()}  # fmt: skip
    assert ids["core"] == {i.id for i in CORE.indicators}
    assert ids["all"] == {i.id for i in shipped().indicators}
    assert ids["file"] == {FOLLOW_UP, OTHER.id}
    told = {n: " ".join(m["da"] for m in r["method"]) for n, r in made.items()}
    every = len(CORE.known)
    assert f"Kernesættet er målt: {len(CORE.indicators)} af {every}" in told["core"]
    assert "Alle kendte indikatorer er målt" in told["all"]
    assert f"Sættet «mit.txt» er målt: 2 af {every}" in told["file"]
    assert [r["provenance"]["options"] for r in made.values()] == [
        {}, {"set": "all"}, {"set": "mit.txt"}]  # fmt: skip
    sums = {n: {i["role"]: i["sha256"] for i in r["provenance"]["inputs"]} for n, r in made.items()}
    assert sums["file"]["set"] == hashlib.sha256((tmp_path / "mit.txt").read_bytes()).hexdigest()
    assert "set" not in sums["core"]
    assert "set" not in sums["all"]


@pytest.mark.parametrize(
    ("chosen", "text", "code", "da", "en"),
    [
        ("alle", None, 2, "Sættet «alle» findes ikke", "There is no set “alle”"),
        ("mit.txt", "\n# intet\n", 3, "nævner ingen indikatorer", "names no indicators"),
        ("mit.txt", f"{FOLLOW_UP}\nnope\n", 3, "mit.txt, 2: Indikatoren «nope»", "mit.txt, 2: "),
        ("mit.txt", b"\xff\xfe\xe6", 3, "kan ikke læses som tekst", "cannot be read as text"),
    ],
)
def test_a_set_that_is_none_is_refused(
    chosen: str, text: str | bytes | None, code: int, da: str, en: str, tmp_path: Path
) -> None:
    """One message that names the line."""
    if text is not None:
        (tmp_path / chosen).write_bytes(text.encode() if isinstance(text, str) else text)
    for lang, words in (("da", da), ("en", en)):
        ran = styring_in_process(
            "review", SYDDJURS, "--set", chosen, "--lang", lang, "--out", "ud", cwd=tmp_path
        )
        assert ran.code == code
        assert words in one_message(ran)


def test_the_option_goes_before_the_file_of_settings(tmp_path: Path) -> None:
    """styring.toml says all, --set says core; and a set beside it is found from anywhere."""
    folder = tmp_path / "a"
    folder.mkdir()
    book = Path(shutil.copy(SYDDJURS, folder / "bog.xlsx"))
    (folder / "mit.txt").write_text(FOLLOW_UP, "utf-8")
    (folder / "styring.toml").write_text('set = "mit.txt"\n', "utf-8")
    assert next(i.id for i in review(book, Choices()).indicators if i.group is None) == FOLLOW_UP
    method = review(book, Choices(chosen="core")).method
    assert any("Sættet «mit.txt»; --set går forud." in m.da for m in method)
    assert any("Kernesættet er målt" in m.da for m in method)


def test_a_batch_takes_the_set(tmp_path: Path) -> None:
    """And passes it on to each review."""
    (tmp_path / "mit.txt").write_text(FOLLOW_UP, "utf-8")
    ran = styring_says("batch", SYDDJURS, "--set", "mit.txt", "--out", "ud", "--format", "json",
                       cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    made = json.loads(next((tmp_path / "ud").glob("*/review.json")).read_text("utf-8"))
    assert {i["id"] for i in made["indicators"] if i["kind"] == "figure"} == {FOLLOW_UP}


def test_explain_sees_all_and_peers_build_takes_all_unless_told(tmp_path: Path) -> None:
    """A peers file is good for every set."""
    assert styring_in_process("explain", OTHER.id, SYDDJURS, cwd=tmp_path).code == 0
    found = {}
    for name, more in {"all": (), "core": ("--set", "core")}.items():
        ran = styring_in_process(
            "peers", "build", SYDDJURS, *more, "--out", f"{name}.csv", cwd=tmp_path
        )
        assert ran.code == 0, ran.err
        text = (tmp_path / f"{name}.csv").read_text("utf-8")
        found[name] = {line.split(",")[3] for line in text.splitlines()[1:]}
    assert found["core"] == found["all"] & {i.id for i in CORE.indicators}
    assert found["core"] < found["all"]


def test_peers_of_what_is_not_in_the_set_are_read(tmp_path: Path) -> None:
    """Only an indicator nobody knows is refused."""
    rows = [r for r in peer_rows(SYDDJURS, shipped()) if r[3] in {FOLLOW_UP, OTHER.id}]
    file = tmp_path / "peers.csv"
    file.write_bytes(to_bytes(to_frame(rows), file))
    assert set(read_peers(file, CORE).columns) == {"raekke", *COLUMNS}


# --- what is known and not measured ---------------------------------------------------------------


def about(m: Measured, sheet: str) -> list[Note]:
    """Return the notes about a sheet."""
    return [n for n in (*m.notes, *m.figures.notes) if n.sheet == sheet]


def test_a_goal_of_what_is_not_in_the_set_is_noted_not_warned_of(tmp_path: Path) -> None:
    """With what to do; one nobody knows is still a warning."""
    rows: list[list[object]] = [["indikator", "år", "målværdi"]]
    rows += [[OTHER.title.da, 2025, 10], [FOLLOW_UP, 2025, 90], ["nope", 2025, 1]]
    m = measured(tmp_path, CORE, Mål=rows)
    known, unknown = about(m, "Mål")
    assert (known.severity, known.cell) == ("info", "A2")
    assert known.message.da == (
        f"«{OTHER.title.da}» er kendt, men er ikke med i det valgte sæt. Brug --set all."
    )
    assert known.message.en.endswith("is known but not in the chosen set. Use --set all.")
    assert (unknown.severity, unknown.cell) == ("warning", "A4")
    assert m.figures.goals == {FOLLOW_UP: 0.9}
    assert [n.cell for n in about(measured(tmp_path, shipped(), Mål=rows), "Mål")] == ["A4"]


def retired(catalogue: Catalogue, name: str) -> Catalogue:
    """Return a catalogue in which one indicator is retired for the follow-up."""
    gone = next(i for i in catalogue.known if i.id == name)
    gone = gone.model_copy(update={"status": "retired", "replaced_by": FOLLOW_UP})
    return catalogue.model_copy(
        update={
            "indicators": tuple(i for i in catalogue.indicators if i.id != name),
            "rest": tuple(i for i in catalogue.rest if i.id != name),
            "retired": (gone,),
        }
    )


def test_a_goal_of_a_retired_indicator_is_noted_with_what_took_its_place(tmp_path: Path) -> None:
    """Also with --set all, where it is not measured either."""
    rows: list[list[object]] = [["indikator", "år", "målværdi"], [OTHER.id, 2025, 10]]
    (note,) = about(measured(tmp_path, retired(shipped(), OTHER.id), Mål=rows), "Mål")
    assert note.severity == "info"
    assert note.message.da == (
        f"«{OTHER.title.da}» er udgået og måles ikke længere. "
        "Brug i stedet «Sager, der er fulgt op til tiden»."
    )
    assert "is retired and no longer measured. Use “Cases" in note.message.en


def answers(folder: Path, catalogue: Catalogue, *statements: str) -> list[Note]:
    """Return the notes on three answers to each statement."""
    rows: list[list[object]] = [[*PRACTICE]]
    rows += [[s, f"r{n}", "leder", "socialfaglig", 4] for s in statements for n in range(3)]
    tables = build.read(folder, minimal() | {"Praksis": rows}).tables
    known = [i for i in catalogue.indicators if i.kind == "practice"]
    return practice.match_statements(tables, known, catalogue)[1]


def test_answers_to_a_statement_that_is_not_in_the_set_are_noted(tmp_path: Path) -> None:
    """By id or by words; one nobody knows is still a warning."""
    assert ASKED.statement is not None
    for words in (ASKED.id, ASKED.statement.da, ASKED.statement.en.upper()):
        unknown, known = answers(tmp_path, CORE, words, "Kaffen er god")
        assert (known.severity, known.column) == ("info", "udsagn")
        assert f"«{ASKED.title.da}» er kendt, men er ikke med i det valgte sæt" in known.message.da
        assert unknown.severity == "warning"
        assert ASKED.title.da not in unknown.message.da
        assert words not in unknown.message.da
    assert answers(tmp_path, shipped(), ASKED.id) == []
    (gone,) = answers(tmp_path, retired(shipped(), ASKED.id), ASKED.id)
    assert (gone.severity, "er udgået" in gone.message.da) == ("info", True)


# --- one's own ----------------------------------------------------------------------------------


def test_own_definitions_are_added_or_take_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    """One's own are in the core set, whatever their status; the method names them."""
    catalogue = load_catalogue(own(tmp_path / "mine"), "core")
    assert (catalogue.added, catalogue.replaced) == (("syddjurs.kontakt",), (FOLLOW_UP,))
    assert {i.id for i in catalogue.indicators} == {
        *(i.id for i in CORE.indicators), "syddjurs.kontakt"}  # fmt: skip
    assert catalogue[FOLLOW_UP].weight == 5
    assert "Kommunens egne definitioner: Kontakt." in lines(catalogue)
    assert (
        "Kommunens egne definitioner i stedet for styrings: Sager, der er fulgt op til tiden."
        in lines(catalogue)
    )
    assert "The municipality's own definitions: Contact." in lines(catalogue, "en")
    assert "instead of styring's: Cases followed up in time." in lines(catalogue, "en")


def test_a_catalogue_that_extends_nothing_stands_alone(tmp_path: Path) -> None:
    """`extends = false`: all are one's own, and it is said that styring's are not used."""
    catalogue = load_catalogue(own(tmp_path / "mine", "extends = false\n"), "all")
    assert {i.id for i in catalogue.known} == {"syddjurs.kontakt", FOLLOW_UP}
    assert (len(catalogue.added), catalogue.replaced) == (2, ())
    assert "styrings egne definitioner er ikke brugt" in lines(catalogue)
    assert "styring's own definitions were not used" in lines(catalogue, "en")


def test_nothing_is_said_of_own_definitions_where_there_are_none() -> None:
    """Nor where the folder is styring's own."""
    for catalogue in (CORE, shipped(), load_catalogue(desk("indicators"), "core")):
        assert len(list(set_lines(catalogue))) == 1
        assert catalogue.extends


def test_a_review_by_own_definitions_measures_them_beside_the_core(tmp_path: Path) -> None:
    """As a user runs it; the two are the same share, for one is a copy of the other."""
    ran = styring_says("review", SYDDJURS, "--indicators", own(tmp_path / "mine"), "--out", "ud",
                       "--format", "json,md", cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    made = json.loads((tmp_path / "ud" / "review.json").read_text("utf-8"))
    found = {i["id"]: i for i in made["indicators"] if i["group"] is None}
    assert found["syddjurs.kontakt"]["value"] == found[FOLLOW_UP]["value"]
    assert found[FOLLOW_UP]["weight"] == 5
    assert "Kommunens egne definitioner: Kontakt." in (tmp_path / "ud" / "review.md").read_text(
        "utf-8"
    )
