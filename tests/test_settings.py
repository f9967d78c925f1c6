"""A municipality's own choices in styring.toml: what they do, what is said, what is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import minimal, xlsx
from rows import shipped
from running import SYDDJURS, one_message, styring_in_process, styring_says
from styring.definitions import load_facts
from styring.errors import InputError
from styring.facts import RefundStep
from styring.find.chosen import settings_lines
from styring.model import Catalogue, Goalposts, Indicator
from styring.pipeline import Choices, measure_workbook, review, setup
from styring.review import Review
from styring.settings import (
    Config,
    IndicatorSettings,
    Settings,
    applied,
    facts_with,
    goalposts,
    read_config,
    refuse_mistakes,
)

FOLLOW_UP = "opfoelgning-rettidig"
WAIT = "sagsbehandlingstid"
FACTS = load_facts()
NOTHING = Catalogue(indicators=(), sha256="")
REFUND = """[[refund]]
valid_from = 2024-01-01
valid_to = 2024-12-31
below_age = 67
step = [{ above = 900000.0, rate = 0.25 }, { above = 1800000.0, rate = 0.5 }]
source = "Satser for 2024"
"""


def by_id(catalogue: Catalogue, name: str = FOLLOW_UP) -> Indicator:
    """Return a known indicator."""
    return next(i for i in catalogue.known if i.id == name)


def chosen(name: str = FOLLOW_UP, **choices: float) -> Settings:
    """Return settings with something chosen for one indicator."""
    return Settings.model_validate({"indicator": {name: choices}})


def with_settings(folder: Path, text: str, workbook: Path = SYDDJURS) -> Path:
    """Return a copy of a workbook with a styring.toml beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "styring.toml").write_text(text, "utf-8")
    return Path(shutil.copy(workbook, folder / "bog.xlsx"))


def refused(folder: Path, text: str, lang: str = "da") -> list[str]:
    """Return the lines that refuse a styring.toml."""
    file = folder / "styring.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        refuse_mistakes(read_config(file), shipped(), FACTS)
    assert caught.value.exit_code == 3
    return caught.value.message("da" if lang == "da" else "en").splitlines()


# --- what the choices do, by hand ---------------------------------------------------------------


def test_what_is_given_in_per_cent_is_a_share_in_the_definition() -> None:
    """60 per cent is 0.6, 2 percentage points are 0.02; what is not named stays."""
    now = by_id(applied(shipped(), chosen(weight=4, worst=60, best=95, min_count=10,
                                          materiality=2), FACTS))  # fmt: skip
    posts = goalposts(now)
    assert posts is not None
    assert (now.weight, now.min_count, now.materiality) == (4, 10, 0.02)
    assert (posts.worst, posts.best) == (0.6, 0.95)
    before = by_id(shipped())
    assert now.scoring[1:] == before.scoring[1:]
    moved = ("weight", "min_count", "materiality", "scoring")
    assert now.model_copy(update={k: getattr(before, k) for k in moved}) == before


def test_days_are_days() -> None:
    """A unit without a scale is taken as it is; one end alone leaves the other."""
    before, now = (by_id(c, WAIT) for c in (
        shipped(), applied(shipped(), chosen(WAIT, best=14), FACTS)))  # fmt: skip
    was, is_now = goalposts(before), goalposts(now)
    assert was is not None
    assert is_now == Goalposts(method="goalposts", worst=was.worst, best=14)


def test_what_is_not_in_the_set_is_changed_too() -> None:
    """It may be a goal's, or explained."""
    some = shipped().model_copy(update={"indicators": (), "rest": shipped().indicators})
    assert by_id(applied(some, chosen(weight=9), FACTS)).weight == 9


@given(st.sampled_from([Settings(), Settings(set="core"), Settings(indicator={})]))
def test_empty_settings_change_nothing(nothing: Settings) -> None:
    """Not a copy: the very same catalogue and facts."""
    assert applied(shipped(), nothing, FACTS) is shipped()
    assert facts_with(FACTS, nothing) is FACTS
    assert Config(nothing).goals == ()


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([i.id for i in shipped().indicators]))
def test_an_indicator_named_without_choices_is_as_it_was(name: str) -> None:
    """A header alone chooses nothing."""
    again = applied(shipped(), Settings(indicator={name: IndicatorSettings()}), FACTS)
    assert again.indicators == shipped().indicators


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([i for i in shipped().indicators if goalposts(i)]),
    st.floats(0.1, 10, allow_nan=False),
)
def test_a_choice_moves_one_indicator_only(one: Indicator, weight: float) -> None:
    """All others are the very same objects."""
    now = applied(shipped(), chosen(one.id, weight=weight), FACTS)
    others = zip(now.indicators, shipped().indicators, strict=True)
    assert [n.id for n, i in others if n is not i] == [one.id]
    assert by_id(now, one.id).weight == weight


def test_own_steps_of_the_refund_are_added_to_those_that_were_looked_up(tmp_path: Path) -> None:
    """They are unverified, and the law is the usual one."""
    (tmp_path / "styring.toml").write_text(REFUND, "utf-8")
    own = read_config(tmp_path / "styring.toml").settings
    facts = facts_with(FACTS, own)
    assert facts.refund[:-1] == FACTS.refund
    rule = facts.refund[-1]
    assert (rule.law, rule.verified, rule.valid_to) == (
        "Serviceloven § 176",
        False,
        date(2024, 12, 31),
    )
    assert rule.step == (
        RefundStep(above=900_000, rate=0.25),
        RefundStep(above=1_800_000, rate=0.5),
    )


# --- mistakes, each with its line ---------------------------------------------------------------

HEAD = f"[indicator.{FOLLOW_UP}]\n"
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    # name: (the file, line:column, Danish words, English words)
    "no TOML": ("weight = \n", "1:10", "ikke TOML", "not TOML"),
    "another format": ("format = 2\n", "1:10", "kan ikke være 2", "cannot be 2"),
    "an unknown key": ("\nwieght = 2\n", "2:10", "Ukendt nøgle 'wieght'", "Unknown key 'wieght'"),
    "a set that is none": ('set = "alle"\n', "1:7", "Sættet «alle» findes ikke", "no set “alle”"),
    "an unknown choice": (
        f"{HEAD}wieght = 2\n", "2:10", "Mener du 'weight'?", "Do you mean 'weight'?"),
    "a word for a number": (f'{HEAD}weight = "2"\n', "2:10", "skal stå et tal", "a number is"),
    "an endless number": (f"{HEAD}goal = inf\n", "2:8", "skal stå et tal", "a number is"),
    "a yes for a number": (f"{HEAD}goal = true\n", "2:8", "skal stå et tal", "a number is"),
    "half a citizen": (f"{HEAD}min_count = 7.5\n", "2:13", "et helt tal", "a whole number"),
    "an unknown indicator": (
        '\n[indicator."opfoelgning-retidig"]\nweight = 1\n', "2:13",
        f"Mener du '{FOLLOW_UP}'?", f"Do you mean '{FOLLOW_UP}'?"),
    "an indicator by its title": (
        '[indicator."Cases followed up in time"]\n', "1:13",
        f"Skriv '{FOLLOW_UP}'.", f"Write '{FOLLOW_UP}'."),
    "an id with a dot": (
        '[indicator."syddjurs.x"]\n', "1:13", "«syddjurs.x» kendes ikke", "“syddjurs.x” is not"),
    "no weight at all": (f"{HEAD}weight = 0\n", "2:10", "en vægt over 0", "a weight above 0"),
    "a weight of a context figure": (
        "[indicator.koebsandel]\nweight = 1\n", "2:10", "ingen vægt", "has no weight"),
    "a floor for small numbers that is lower": (
        f"{HEAD}min_count = 4\n", "2:13", "kun hæves: mindst 5", "only be raised: at least 5"),
    "no difference at all": (f"{HEAD}materiality = 0\n", "2:15", "over 0", "above 0"),
    "a year without a goal": (f"{HEAD}goal_year = 2024\n", "2:13", "hører til goal", "goes with"),
    "a year that is none": (
        f"{HEAD}goal = 9\ngoal_year = 20244\n", "3:13", "er ikke et år", "is no year"),
    "ends the wrong way round": (
        f"{HEAD}\nbest = 40\n", "3:8", "best skal være over worst", "best must be above worst"),
    "ends the wrong way round where low is good": (
        f"[indicator.{WAIT}]\nworst = 10\nbest = 90\n", "2:9", "under worst", "below worst"),
    "ends of what has none": (
        "[indicator.koebsandel]\nbest = 40\n", "2:8", "ikke point efter", "does not get"),
    "steps of a year that was looked up": (
        REFUND.replace("2024", "2022"), "2:14", "i forvejen", "already"),
    "steps of half a year": (
        REFUND.replace("2024-12-31", "2024-06-30"), "2:14", "hele år", "whole years"),
    "steps twice": (REFUND + REFUND, "8:14", "de samme år", "the same years"),
    "steps that go down": (
        REFUND.replace("0.5", "0.2"), "5:8", "højere andel", "a higher limit"),
    "no steps": (
        "\n".join("step = []" if line.startswith("step") else line
                  for line in REFUND.splitlines()), "5:8", "mindst ét trin", "one step"),
    "ages that are none": (
        REFUND.replace("67", "67\nfrom_age = 67"), "4:13", "over from_age", "above from_age"),
    "steps without a source": (
        REFUND.replace("source", "kilde"), "1:1", "'refund.0.source' mangler", "is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_line(name: str, tmp_path: Path) -> None:
    """With file, line and column, in both languages."""
    text, place, da, en = MISTAKES[name]
    for lang, words in (("da", da), ("en", en)):
        said = refused(tmp_path, text, lang)
        at = next(n for n, line in enumerate(said) if f"styring.toml:{place}: " in line)
        assert words in " ".join(said[at : at + 2]), said


def test_ends_that_are_distances_are_smaller_at_the_best(tmp_path: Path) -> None:
    """Where a definition has a target, 0 from it is best."""
    names = [i.id for i in shipped().indicators if i.better == "target" and goalposts(i)]
    assert names
    wrong = f"[indicator.{names[0]}]\nworst = 1\nbest = 50\n"
    assert any("afstande fra målet" in line for line in refused(tmp_path, wrong))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """What a model refuses and what the definitions refuse, in the order of the file."""
    text = f'set = "x"\n{HEAD}weight = "to"\n[indicator.{WAIT}]\nweight = 0\n[indicator.nope]\n'
    said = refused(tmp_path, text + REFUND.replace("2024", "2022"))
    places = [line.split()[0] for line in said[1:] if line.startswith("  styring.toml")]
    assert places == [f"styring.toml:{p}:" for p in ("1:7", "3:10", "5:10", "6:12", "8:14")]
    assert "5 fejl" in said[0]


def test_steps_of_other_ages_may_stand_beside_each_other(tmp_path: Path) -> None:
    """Below 18 and from 18, as on the shelf for 2020."""
    young = REFUND.replace("67", "18")
    old = REFUND.replace("below_age = 67", "from_age = 18")
    (tmp_path / "styring.toml").write_text(young + old, "utf-8")
    refuse_mistakes(read_config(tmp_path / "styring.toml"), shipped(), FACTS)


def test_a_retired_indicator_is_told_with_what_took_its_place(tmp_path: Path) -> None:
    """Its id is never used for anything else."""
    gone = by_id(shipped()).model_copy(
        update={"id": "gammel", "status": "retired", "replaced_by": FOLLOW_UP}
    )
    file = tmp_path / "styring.toml"
    file.write_text("[indicator.gammel]\n", "utf-8")
    catalogue = shipped().model_copy(update={"retired": (gone,)})
    with pytest.raises(InputError, match="retired") as caught:
        refuse_mistakes(read_config(file), catalogue, FACTS)
    assert f"Write '{FOLLOW_UP}'." in str(caught.value)


def test_no_person_stands_in_a_message(tmp_path: Path) -> None:
    """A CPR number in the file is masked, wherever it stands."""
    text = '"0101901234" = 1\n[indicator."010190-1234"]\nweight = "010190-1234"\n'
    for lang in ("da", "en"):
        said = "\n".join(refused(tmp_path, text, lang))
        assert "010190" not in said
        assert "[CPR" in said


def test_a_file_that_is_not_utf8_is_told_so(tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "styring.toml").write_bytes('set = "kærne"'.encode("latin-1"))
    with pytest.raises(InputError, match=r"styring\.toml:1:9: The file is not UTF-8"):
        read_config(tmp_path / "styring.toml")


# --- goals --------------------------------------------------------------------------------------


def goals(workbook: Path) -> dict[str, float]:
    """Return the goals a workbook is measured by."""
    return dict(measure_workbook(workbook, setup(Choices(), workbook)).figures.goals)


def book_with_goals(folder: Path, *rows: tuple[object, ...]) -> Path:
    """Return a small workbook with a sheet Mål."""
    sheet: list[list[object]] = [["indikator", "år", "målværdi"], *map(list, rows)]
    return xlsx(folder / "odder.xlsx", minimal() | {"Mål": sheet})


def test_a_goal_is_of_the_accounting_year_where_no_year_is_given(tmp_path: Path) -> None:
    """In the unit shown, also where the workbook has no sheet Mål."""
    book = xlsx(tmp_path / "odder.xlsx", minimal())
    (tmp_path / "styring.toml").write_text(f"{HEAD}goal = 90.0\n", "utf-8")
    assert goals(book) == {FOLLOW_UP: 0.9}


def test_goals_of_the_file_and_of_the_sheet_go_together(tmp_path: Path) -> None:
    """One for another indicator, or the same figure twice, is no contradiction."""
    book = book_with_goals(tmp_path, (FOLLOW_UP, 2025, 90), (WAIT, 2025, 60))
    text = f"{HEAD}goal = 90\n[indicator.handleplan-daekning]\ngoal = 75\ngoal_year = 2025\n"
    (tmp_path / "styring.toml").write_text(text, "utf-8")
    assert goals(book) == {FOLLOW_UP: 0.9, WAIT: 60, "handleplan-daekning": 0.75}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_two_goals_that_differ_are_refused_naming_both(lang: str, tmp_path: Path) -> None:
    """The line of the file and the cell of the sheet."""
    book = book_with_goals(tmp_path, (WAIT, 2025, 60), (FOLLOW_UP, 2025, 80))
    (tmp_path / "styring.toml").write_text(f"\n{HEAD}goal = 90\n", "utf-8")
    ran = styring_in_process("review", book, "--lang", lang, "--out", "ud", cwd=tmp_path)
    message = one_message(ran)
    assert ran.code == 3
    assert "styring.toml:3" in message
    assert "Mål!C3" in message
    assert {"da": "to mål for 2025: 90 og 80", "en": "two goals for 2025: 90 and 80"}[
        lang
    ] in message
    assert not (tmp_path / "ud").exists()


def test_a_goal_of_another_year_contradicts_nothing(tmp_path: Path) -> None:
    """The accounting year's counts."""
    book = book_with_goals(tmp_path, (FOLLOW_UP, 2025, 80))
    (tmp_path / "styring.toml").write_text(f"{HEAD}goal = 90\ngoal_year = 2024\n", "utf-8")
    assert goals(book) == {FOLLOW_UP: 0.8}


# --- the report ---------------------------------------------------------------------------------

TEXT = f"""format = 1
set = "all"
[indicator.{FOLLOW_UP}]
weight = 3
goal = 90.0
worst = 60.0
best = 100.0
min_count = 10
materiality = 2.0
{REFUND}"""


def test_the_report_prints_every_choice_with_what_it_stands_in_for(tmp_path: Path) -> None:
    """Old and new, in the unit shown; what is as it was is told as such."""
    file = tmp_path / "styring.toml"
    file.write_text(TEXT, "utf-8")
    catalogue = shipped().model_copy(update={"choice": "all"})
    said = list(settings_lines(catalogue, read_config(file), FACTS))
    assert [t.da for t in said[:2]] == ["Kommunen har selv valgt (styring.toml):", "Sættet «all»."]
    one = said[2]
    for words in ("vægt 3 i stedet for 2", "mål 90,0 pct.", "0 point ved 60 pct. i stedet for 50",
                  "100 point ved 100 pct. (som i definitionen)", "fra 10 borgere"):  # fmt: skip
        assert words in one.da
    for words in ("weight 3 instead of 2", "goal 90.0%", "0 points at 60% instead of 50%",
                  "100 points at 100% (as in the definition)", "2 percentage points"):  # fmt: skip
        assert words in one.en
    assert said[3].da == (
        "Trappen for den centrale refusion (Serviceloven § 176) for 2024, under 67 år: 25 pct. "
        "over 900.000 kr. og 50 pct. over 1.800.000 kr. Kilde: Satser for 2024."
    )
    assert len(said) == 4


def test_choices_for_what_is_not_measured_are_told_to_have_no_effect(tmp_path: Path) -> None:
    """Nothing that was chosen is passed over in silence."""
    file = tmp_path / "styring.toml"
    file.write_text(f"{HEAD}weight = 3\n", "utf-8")
    none = shipped().model_copy(update={"indicators": (), "rest": shipped().indicators})
    said = list(settings_lines(none, read_config(file), FACTS))
    assert "har ingen virkning" in said[-1].da
    assert "has no effect" in said[-1].en


def made(ran_in: Path) -> Review:
    """Return the review in a folder."""
    return Review.model_validate_json((ran_in / "review.json").read_bytes())


def test_a_review_takes_the_file_beside_the_workbook_or_the_one_given(tmp_path: Path) -> None:
    """The same choices, the same figures; the file is among the inputs with its checksum."""
    beside = with_settings(tmp_path / "a", TEXT)
    (tmp_path / "andre.toml").write_text(TEXT, "utf-8")
    alone = Path(shutil.copy(SYDDJURS, tmp_path / "bog.xlsx"))
    ran = [
        styring_says("review", beside, "--out", "ud-a", "--format", "json", cwd=tmp_path),
        styring_in_process("review", alone, "--config", "andre.toml", "--out", "ud-b",
                           "--format", "json", cwd=tmp_path),
    ]  # fmt: skip
    assert [r.code for r in ran] == [0, 0], [r.err for r in ran]
    first, second = made(tmp_path / "ud-a"), made(tmp_path / "ud-b")
    part = next(p for p in first.provenance.inputs if p.role == "config")
    assert (part.name, part.sha256) == ("styring.toml", hashlib.sha256(TEXT.encode()).hexdigest())
    assert first.indicators == second.indicators
    one = first.indicator(FOLLOW_UP)
    assert one is not None
    assert (one.weight, one.goal) == (3, 0.9)
    assert any("vægt 3 i stedet for 2" in m.da for m in first.method)


def test_without_the_file_a_review_is_as_it_was(tmp_path: Path) -> None:
    """An empty file adds its own line and checksum, and moves no figure."""
    alone = Path(shutil.copy(SYDDJURS, tmp_path / "bog.xlsx"))
    before = review(alone, Choices())
    again = review(with_settings(tmp_path / "a", ""), Choices())
    assert [p.role for p in before.provenance.inputs] == ["workbook", "indicators"]
    assert [m for m in again.method if m not in before.method] == list(
        settings_lines(NOTHING, Config(file=Path("styring.toml")), FACTS)
    )
    same: Callable[[Review], Review] = lambda r: r.model_copy(  # noqa: E731 - said once
        update={"method": (), "provenance": before.provenance}
    )
    assert same(again) == same(before)


def test_explain_and_peers_build_take_the_settings_too(tmp_path: Path) -> None:
    """A floor raised above what there is withholds the figure."""
    book = with_settings(tmp_path / "a", f"{HEAD}min_count = 100000\n")
    ran = styring_in_process("explain", FOLLOW_UP, book, cwd=tmp_path)
    assert "ikke vist (få personer)" in ran.out
    ran = styring_in_process("peers", "build", book, "--out", "p.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    rows = [r.split(",") for r in (tmp_path / "p.csv").read_text("utf-8").splitlines()]
    about = [dict(zip(rows[0], r, strict=False)) for r in rows[1:]]
    assert {r["suppressed"] for r in about if r["indikator"] == FOLLOW_UP} == {"true"}


def test_each_workbook_of_a_batch_has_its_own(tmp_path: Path) -> None:
    """One with a mistake fails alone."""
    good = with_settings(tmp_path / "a", f"{HEAD}weight = 7\n")
    bad = with_settings(tmp_path / "b", f"{HEAD}weight = 0\n")
    ran = styring_says("batch", good, bad, "--out", "ud", "--format", "json", cwd=tmp_path)
    assert ran.code == 4
    assert "styring.toml:2:10" in ran.err
    done = json.loads(next((tmp_path / "ud").glob("*/review.json")).read_text("utf-8"))
    assert next(i for i in done["indicators"] if i["id"] == FOLLOW_UP)["weight"] == 7


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_file_that_is_not_there_is_refused(lang: str, tmp_path: Path) -> None:
    """Where it was asked for by name."""
    ran = styring_in_process(
        "review", SYDDJURS, "--config", "nope.toml", "--lang", lang, cwd=tmp_path
    )
    words = {"da": "findes ikke", "en": "no such file of settings"}[lang]
    assert ran.code == 3
    assert words in one_message(ran)
