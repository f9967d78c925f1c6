"""What moved since last time: the split sums to the move, and each change lands in its own part."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from running import PEERS, SYDDJURS, one_message, styring_in_process
from styring.errors import InputError, Texts, texts
from styring.find.since import compared, moved_text, since_part
from styring.model import CentreId
from styring.pipeline import Choices
from styring.pipeline import review as make
from styring.previous import read_earlier, read_review, refuse_internal
from styring.review import (
    FACTORS,
    Factor,
    InputPart,
    KeptAction,
    Review,
    ScoringMethod,
    ScoringPart,
    Split,
)
from styring.since import Pair, centre_split, figure_split, members, points_split
from styring.tables import Municipality

ID, MONEY = "opfoelgning-rettidig", "enhedsudgift-108"
CENTRE: CentreId = "socialfaglig"
EXACT = 1e-9


@cache
def made() -> Review:
    """Return a real review, whose indicators the tests put other figures in."""
    return make(SYDDJURS, Choices(peers=PEERS))


def altered(r: Review, **changes: object) -> Review:
    """Return a review with other parts, and nothing remembered of the old ones."""
    other = r.model_copy(update=changes)
    for remembered in ("_overall", "_grouped"):
        other.__dict__.pop(remembered, None)
    return other


@dataclass(frozen=True)
class Told:
    """What a made-up review says of one indicator, and of itself.

    `earlier` is the figure of the year before as this review counts it.
    """

    value: float | None = 0.5
    earlier: float | None = None
    worst: float = 0.0
    best: float = 1.0
    peers: tuple[float, ...] = ()
    method: str = "goalposts"
    weight: float = 1.0
    definition: str = "a"
    version: str = "1"
    catalogue: str = "c"
    config: str = "s"
    workbook: str = "w"
    year: int = 2024
    as_of: date = date(2025, 1, 31)
    absence: str | None = None
    index: tuple[tuple[int, float], ...] = ()
    of: str = ID
    code: str = "706"


def review(t: Told) -> Review:
    """Return a review of one indicator, scored by one method, alone in its centre."""
    base = made()
    part = base.indicator(t.of)
    assert part is not None
    point = part.series[0]
    series = [(str(t.year), t.value)]
    series = [(str(t.year - 1), t.earlier), *series] if t.earlier is not None else series
    scoring = ScoringPart(
        indicator=t.of,
        target=None,
        owed=True,
        methods=(ScoringMethod.model_validate(_method(t)),),
        peers=tuple(sorted(t.peers)),
    )
    part = part.model_copy(
        update={
            "value": t.value,
            "shown": texts(str(t.value)),
            "period": str(t.year),
            "year": t.year,
            "partial": False,
            "better": "higher" if t.of == ID else "context",
            "weight": t.weight,
            "goal": None,
            "absence": t.absence,
            "definition_sha256": t.definition,
            "definition_version": int(t.version),
            "series": tuple(
                point.model_copy(update={"period": p, "value": v, "partial": False})
                for p, v in series
            ),
        }
    )
    lone = altered(base, indicators=(part,), scoring=(scoring,))
    score = None
    if t.of == ID:
        score = members(Pair(lone, lone))[0].points(frozenset())[0]
    part = part.model_copy(update={"score": score})
    centre = next(c for c in base.centres if c.id == CENTRE)
    inputs = [("workbook", t.workbook), ("indicators", t.catalogue), ("config", t.config)]
    return altered(
        lone,
        indicators=(part,),
        centres=(centre.model_copy(update={"score": score}),),
        as_of=t.as_of,
        municipality=base.municipality.model_copy(update={"code": t.code}),
        price_index=dict(t.index),
        actions=(),
        earlier_actions=(),
        provenance=base.provenance.model_copy(
            update={
                "inputs": tuple(
                    InputPart.model_validate({"role": r, "name": r, "sha256": s}) for r, s in inputs
                )
            }
        ),
    )


def _method(t: Told) -> dict[str, Any]:
    ends = {"worst": t.worst, "best": t.best} if t.method == "goalposts" else {}
    return {"method": t.method, **ends}


def newer(r: Review, version: str) -> Review:
    """Return a review as another version of styring made it."""
    return r.model_copy(update={"provenance": r.provenance.model_copy(update={"version": version})})


def parts(split: Split | None) -> Mapping[Factor, float]:
    """Return the parts that are not nothing."""
    assert split is not None
    return {f: x for f in FACTORS if abs(x := getattr(split, f)) > EXACT}


def points(old: Review, new: Review) -> Split:
    """Return what moved the one indicator's points, proved to be the same for its centre."""
    pair = Pair(old, new)
    of = members(pair)
    alone, centre = points_split(of[0]), centre_split(pair, CENTRE, of)
    assert alone is not None
    assert centre is not None
    assert alone.model_dump() == pytest.approx(centre.model_dump(), abs=EXACT)
    return alone


def figures(old: Review, new: Review) -> Split:
    """Return what moved the one figure."""
    a, b = (r.indicators[0] for r in (old, new))
    split = figure_split(Pair(old, new), a, b)
    assert split is not None
    assert split.total == pytest.approx((b.value or 0.0) - (a.value or 0.0), abs=EXACT)
    return split


# Each single change lands in its own part.

OLD = Told(value=0.40, peers=(0.2, 0.3, 0.5, 0.6, 0.7), method="peers")
AHEAD: dict[str, Any] = {"workbook": "x", "as_of": date(2026, 1, 31), "year": 2025}


def test_nothing_moves_where_nothing_changed() -> None:
    """The same review twice: no part of anything."""
    assert parts(points(review(OLD), review(OLD))) == {}
    assert compared(Pair(review(OLD), review(OLD))).indicators == ()


def test_another_figure_from_another_workbook_is_data() -> None:
    """Goalposts 0 to 1: 0.40 gives 40 points, 0.65 gives 65."""
    old = Told(value=0.40)
    new = replace(old, value=0.65, workbook="x")
    assert parts(figures(review(old), review(new))) == pytest.approx({"data": 0.25})
    assert parts(points(review(old), review(new))) == pytest.approx({"data": 25.0})


def test_other_peers_are_peers() -> None:
    """Of five peers two are below 0.40: 40 points; of five others four: 80."""
    new = replace(OLD, peers=(0.1, 0.2, 0.3, 0.35, 0.7))
    assert parts(points(review(OLD), review(new))) == pytest.approx({"peers": 40.0})


def test_other_limits_by_another_definition_are_definition() -> None:
    """0.40 between 0 and 1 is 40 points, between 0 and 0.8 it is 50."""
    old = Told(value=0.40)
    new = replace(old, best=0.8, catalogue="d", version="2")
    assert parts(points(review(old), review(new))) == pytest.approx({"definition": 10.0})


def test_the_same_limits_chosen_in_the_settings_are_method() -> None:
    """What the municipality chose itself is not a change of the definitions."""
    old = Told(value=0.40)
    new = replace(old, best=0.8, config="own")
    assert parts(points(review(old), review(new))) == pytest.approx({"method": 10.0})


def test_a_figure_defined_anew_with_the_same_data_is_definition() -> None:
    """The same workbook and day: only the definition can have moved 0.40 to 0.50."""
    old = Told(value=0.40)
    new = replace(old, value=0.50, definition="b", version="2", catalogue="d")
    assert parts(figures(review(old), review(new))) == pytest.approx({"definition": 0.10})
    assert parts(points(review(old), review(new))) == pytest.approx({"definition": 10.0})


def test_another_version_of_styring_alone_is_method() -> None:
    """The same workbook, day and definitions, and another figure."""
    old = Told(value=0.40)
    new = newer(review(replace(old, value=0.45)), "9.9")
    assert parts(figures(review(old), new)) == pytest.approx({"method": 0.05})


def test_points_that_todays_rules_do_not_give_to_the_same_are_method() -> None:
    """The earlier review gave 38 points to what gives 40 today; the figure then rose by 0.10."""
    old = review(Told(value=0.40))
    told = old.indicators[0].model_copy(update={"score": 38.0})
    centre = old.centres[0].model_copy(update={"score": 38.0})
    old = altered(old, indicators=(told,), centres=(centre,))
    new = review(Told(value=0.50, workbook="x"))
    assert parts(points(old, new)) == pytest.approx({"data": 10.0, "method": 2.0})


def test_a_price_index_tells_what_prices_alone_moved() -> None:
    """1,000 at index 100 is 1,050 at index 105; the rest of 1,200 is data."""
    old = Told(value=1000.0, of=MONEY)
    new = replace(old, value=1200.0, earlier=1000.0, index=((2024, 100.0), (2025, 105.0)), **AHEAD)
    assert parts(figures(review(old), review(new))) == pytest.approx({"data": 150, "price": 50})
    without = replace(new, index=())
    assert parts(figures(review(old), review(without))) == pytest.approx({"data": 200.0})
    notes = [n.da for n in compared(Pair(review(old), review(without))).notes]
    assert any("prisindeks for begge år" in n for n in notes)


# What cannot be told apart is said; what the reviews can tell apart is.


def test_new_data_and_a_new_definition_at_once_cannot_be_told_apart() -> None:
    """Without the earlier year counted again there is no way to know."""
    old = Told(value=0.40)
    new = replace(old, value=0.50, definition="b", version="2", catalogue="d", workbook="x")
    assert parts(figures(review(old), review(new))) == pytest.approx({"unsplit": 0.10})
    assert parts(points(review(old), review(new))) == pytest.approx({"unsplit": 10.0})
    said = compared(Pair(review(old), review(new)))
    assert said.indicators[0].figure_text.da == "+10,0 procentpoint (kan ikke skilles ad)"
    assert any(n.da.startswith("Kan ikke skilles ad:") for n in said.notes)


def test_the_earlier_year_counted_again_tells_time_from_the_rest() -> None:
    """0.40 then, 0.46 for the same year today, 0.56 now: 0.06 is unsplit, 0.10 is time."""
    old = Told(value=0.40)
    new = replace(old, value=0.56, earlier=0.46, definition="b", version="2", **AHEAD)
    assert parts(figures(review(old), review(new))) == pytest.approx({"unsplit": 0.06, "data": 0.1})


def test_a_steady_witness_on_the_same_sheet_tells_definition_from_data() -> None:
    """Another indicator of the sheet counts the earlier year as before: no data were corrected."""
    old = Told(value=0.40)
    new = replace(old, value=0.56, earlier=0.46, definition="b", version="2", **AHEAD)
    was, now = review(old), review(new)
    witness = "handleplan-daekning"
    same = replace(old, value=0.3)
    was = with_witness(was, review(same), witness)
    now = with_witness(now, review(replace(same, value=0.35, earlier=0.3, **AHEAD)), witness)
    assert parts(figures(was, now)) == pytest.approx({"definition": 0.06, "data": 0.10})


def with_witness(r: Review, other: Review, name: str) -> Review:
    """Return a review with another's indicator beside its own, by another id."""
    part = other.indicators[0].model_copy(update={"id": name, "better": "context", "score": None})
    return altered(r, indicators=(*r.indicators, part))


def test_a_review_without_what_points_are_made_of_is_not_split() -> None:
    """An older review.json: the whole move is unsplit, and a note says why."""
    old = altered(review(Told(value=0.40)), scoring=())
    new = review(Told(value=0.65, workbook="x"))
    pair = Pair(old, new)
    found = points_split(members(pair)[0])
    assert parts(found) == pytest.approx({"unsplit": 25.0})
    assert any("gemte ikke" in n.da for n in compared(pair).notes)


# Properties of the arithmetic.

shares = st.floats(0, 1, allow_nan=False).map(lambda x: round(x, 4))
sides = st.builds(
    Told,
    value=shares,
    worst=st.floats(0, 0.3).map(lambda x: round(x, 3)),
    best=st.floats(0.5, 1).map(lambda x: round(x, 3)),
    peers=st.lists(shares, min_size=5, max_size=9).map(tuple),
    method=st.sampled_from(["goalposts", "peers"]),
    weight=st.sampled_from([1.0, 2.0]),
    definition=st.sampled_from(["a", "b"]),
    version=st.sampled_from(["1", "2"]),
    catalogue=st.sampled_from(["c", "d"]),
    config=st.sampled_from(["s", "t"]),
    workbook=st.sampled_from(["w", "x"]),
)


@settings(max_examples=60, deadline=None)
@given(sides, sides)
def test_the_parts_sum_to_the_move(old: Told, new: Told) -> None:
    """Whatever changed, of points as of figures, to 1e-9."""
    was, now = review(old), review(new)
    split = points(was, now)
    assert split.total == pytest.approx(
        (now.indicators[0].score or 0.0) - (was.indicators[0].score or 0.0), abs=EXACT
    )
    figures(was, now)


@settings(max_examples=25, deadline=None)
@given(sides)
def test_a_review_against_itself_has_no_parts(one: Told) -> None:
    """No move, no part."""
    assert parts(points(review(one), review(one))) == {}


@settings(max_examples=25, deadline=None)
@given(sides, shares)
def test_only_data_move_where_only_the_workbook_changed(one: Told, value: float) -> None:
    """Another figure from another workbook by the same yardstick."""
    new = replace(one, value=value, workbook=f"{one.workbook}2")
    assert set(parts(points(review(one), review(new)))) <= {"data"}
    assert set(parts(figures(review(one), review(new)))) <= {"data"}


@settings(max_examples=25, deadline=None)
@given(sides, sides)
def test_the_way_back_is_the_way_there_with_the_sign_turned(old: Told, new: Told) -> None:
    """Shapley chooses no order, so none shows when the two change places."""
    there, back = points(review(old), review(new)), points(review(new), review(old))
    for f in FACTORS:
        assert getattr(there, f) == pytest.approx(-getattr(back, f), abs=1e-7)


# Centres of several indicators, and what comes and goes.


def test_an_indicator_that_comes_moves_the_centre_by_its_points() -> None:
    """40 points alone, and 40 and 80 of equal weight are 60: +20, put down to the definitions."""
    old = review(Told(value=0.40))
    other = review(Told(value=0.80))
    second = other.indicators[0].model_copy(update={"id": "ny"})
    scoring = other.scoring[0].model_copy(update={"indicator": "ny"})
    new = review(Told(value=0.40, catalogue="d"))
    new = altered(
        new,
        indicators=(*new.indicators, second),
        scoring=(*new.scoring, scoring),
        centres=(new.centres[0].model_copy(update={"score": 60.0}),),
    )
    pair = Pair(old, new)
    assert parts(centre_split(pair, CENTRE, members(pair))) == pytest.approx({"definition": 20.0})
    said = compared(pair).indicators
    assert [(i.id, i.figure_text.da) for i in said] == [("ny", "måles først nu")]


# Small numbers.


@pytest.mark.parametrize("hidden", ["old", "new", "year"])
def test_what_is_withheld_in_either_is_not_told(hidden: str) -> None:
    """No figure, no points, no parts: in the earlier, in the later, or in the year both have."""
    old, new = review(Told(value=0.40)), review(Told(value=0.65, earlier=0.4, **AHEAD))
    if hidden == "old":
        old = review(Told(value=None, absence="suppressed"))
    elif hidden == "new":
        new = review(Told(value=None, absence="suppressed", **AHEAD))
    else:
        part = new.indicators[0]
        first = part.series[0].model_copy(update={"value": None, "absence": "suppressed"})
        part = part.model_copy(update={"series": (first, *part.series[1:])})
        new = altered(new, indicators=(part,))
    (told,) = compared(Pair(old, new)).indicators
    assert told.withheld
    assert (told.figure_split, told.points_split, told.points_then, told.points_now) == (None,) * 4
    shown = json.dumps(told.model_dump(mode="json"), ensure_ascii=False)
    assert "0.65" not in shown
    assert "0.4" not in shown


def test_an_internal_review_is_not_shown_beside_a_public_one() -> None:
    """It holds small numbers that today's withholds."""
    now = review(Told())
    options = {"internal": "true"}
    was = altered(now, provenance=now.provenance.model_copy(update={"options": options}))
    with pytest.raises(InputError) as refused:
        refuse_internal(was, internal=False)
    assert "--internal" in (refused.value.hint or Texts("", "")).da
    refuse_internal(now, internal=True)
    refuse_internal(was, internal=True)


# Actions and trend.


def test_a_done_action_tells_its_figure_then_now_and_its_target() -> None:
    """48.8 per cent then; the target is 90: reached at 95, nearer at 60, farther at 40."""
    old = made()
    action = next(a for a in old.actions if a.indicator == ID)
    assert action.target == 0.9
    told = {}
    for name, value in (("reached", 0.95), ("nearer", 0.60), ("farther", 0.40)):
        part = old.indicator(ID)
        assert part is not None
        moved = part.model_copy(update={"value": value, "shown": texts(f"{value}")})
        new = altered(old, indicators=tuple(moved if i is part else i for i in old.indicators))
        kept = (KeptAction(id=ID, title="x", status="gennemført"),)
        since = since_part([old], new, kept)
        assert since is not None
        told[name] = next(a for a in since.actions if a.indicator == ID)
    assert {n: a.reach for n, a in told.items()} == {n: n for n in told}
    assert all(a.done for a in told.values())
    assert told["nearer"].text.da == (
        "Gennemført. «Sager, der er fulgt op til tiden» var 48,8 pct. og er nu 0.6. "
        "Målet er 90,0 pct. Tallet er kommet nærmere målet."
    )


def test_the_trend_shows_points_as_told_and_by_todays_yardstick() -> None:
    """0.40 gave 40 points by the limits of then and 50 by those of today; 0.48 gives 60."""
    first = review(Told(value=0.40, as_of=date(2024, 1, 31)))
    new = review(Told(value=0.48, best=0.8, version="2", workbook="x", as_of=date(2026, 1, 31)))
    since = since_part([first, review(Told(value=0.44))], new)
    assert since is not None
    assert [p.told[CENTRE] for p in since.trend] == pytest.approx([40.0, 44.0, 60.0])
    assert [p.alike[CENTRE] for p in since.trend] == pytest.approx([50.0, 55.0, 60.0])


def test_two_municipalities_are_not_two_points_in_time() -> None:
    """It says so, has no trend and no actions."""
    old, new = review(Told(value=0.40, code="727")), review(Told(value=0.65, workbook="x"))
    since = since_part([old], new)
    assert since is not None
    assert (since.kind, since.trend, since.actions) == ("between", (), ())
    assert since.text.da.startswith("To kommuner, ikke to tidspunkter")


@pytest.mark.parametrize(
    ("split", "said"),
    [
        (Split(), "uændret"),
        (Split(data=2.0), "+2,0 (data)"),
        (Split(data=3.5, definition=-0.4), "+3,1 (data +3,5; definition −0,4)"),
    ],
)
def test_a_move_is_told_with_its_parts(split: Split, said: str) -> None:
    """The whole first; one part by its name alone."""
    assert moved_text(split, 1.0, 1).da == said


# As a user does it.


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example reviewed: what a municipality has from last time."""
    folder = tmp_path_factory.mktemp("since")
    ran = review_as_user(folder, SYDDJURS, "foer")
    assert ran.code == 0, ran.err
    return folder


def review_as_user(folder: Path, workbook: Path, out: str, *more: object) -> Any:
    """Run the command."""
    return styring_in_process("review", workbook, "--peers", PEERS, "--out", out, *more, cwd=folder)


def changed(to: Path, sheet: str, find: Sequence[object], column: int, value: float) -> None:
    """Write the example with one cell changed: in the row that begins so."""
    book = openpyxl.load_workbook(SYDDJURS)
    row = next(
        r for r in book[sheet].iter_rows() if [c.value for c in r[: len(find)]] == list(find)
    )
    row[column].value = value
    book.save(to)


def test_one_cell_changed_moves_its_figure_by_data_alone(first: Path) -> None:
    """One complaint fewer was changed in 2024: the move is 1 of 114, and nothing but data."""
    changed(first / "syddjurs.xlsx", "Klager", (2024, "85"), 3, 0)
    ran = review_as_user(first, first / "syddjurs.xlsx", "efter", "--previous", "foer")
    assert ran.code == 0, ran.err
    since = read_review(first / "efter").since
    assert since is not None
    (told,) = since.indicators
    assert told.id == "omgoerelsesprocent"
    # changed and returned complaints of three years: 46 of 114, then 45 of 114
    assert parts(told.figure_split) == pytest.approx({"data": -1 / 114})
    text = (first / "efter" / "review.md").read_text("utf-8")
    assert "## Siden sidst" in text
    assert "| Klager, der er omgjort eller hjemvist, tre år under ét | 40,4 pct. |" in text
    book = openpyxl.load_workbook(first / "efter" / "review.xlsx")
    assert {"Siden sidst", "Handlinger siden sidst"} <= set(book.sheetnames)


def test_without_previous_there_is_no_section(first: Path) -> None:
    """And no sheet."""
    assert "## Siden sidst" not in (first / "foer" / "review.md").read_text("utf-8")
    assert read_review(first / "foer").since is None
    names = openpyxl.load_workbook(first / "foer" / "review.xlsx").sheetnames
    assert "Siden sidst" not in names


def test_compare_prints_what_moved(first: Path) -> None:
    """As text, Markdown and JSON, of files or their folders."""
    changed(first / "to.xlsx", "Klager", (2024, "85"), 3, 0)
    assert review_as_user(first, first / "to.xlsx", "to").code == 0
    run = ("compare", "foer", "to/review.json")
    said = styring_in_process(*run, cwd=first)
    assert said.code == 0, said.err
    assert "40,4 pct. → 39,5 pct.; −0,9 procentpoint (data)" in said.out
    assert said.out.startswith("**KONSTRUERET EKSEMPEL")
    page = styring_in_process(*run, "--format", "md", "--lang", "en", cwd=first)
    assert "## Since last time" in page.out
    data = json.loads(styring_in_process(*run, "--format", "json", cwd=first).out)
    assert data["indicators"][0]["id"] == "omgoerelsesprocent"
    assert styring_in_process(*run, "--format", "pdf", cwd=first).code == 2


def test_a_review_of_another_municipality_is_refused(first: Path, tmp_path: Path) -> None:
    """Exit 3, and what to use instead."""
    odder = SYDDJURS.with_name("odder.xlsx")
    assert review_as_user(tmp_path, odder, "odder").code == 0
    ran = review_as_user(tmp_path, SYDDJURS, "her", "--previous", "odder")
    assert ran.code == 3
    assert "Odder" in one_message(ran)
    assert "styring compare" in ran.err
    assert not (tmp_path / "her").exists()
    both = styring_in_process("compare", "odder", first / "foer", cwd=tmp_path)
    assert both.code == 0
    assert "To kommuner, ikke to tidspunkter" in both.out


def test_a_later_review_is_refused_as_the_earlier(first: Path, tmp_path: Path) -> None:
    """By review, and by compare with the two swapped."""
    ran = review_as_user(
        tmp_path, SYDDJURS, "her", "--as-of", "2024-06-30", "--previous", first / "foer"
    )
    assert ran.code == 3
    assert "senere end denne" in one_message(ran)
    old = review_as_user(tmp_path, SYDDJURS, "gammel", "--as-of", "2024-06-30")
    assert old.code == 0
    swapped = styring_in_process("compare", first / "foer", "gammel", cwd=tmp_path)
    assert swapped.code == 3
    assert "Byt om" in one_message(swapped)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"schema": "styring.review/9"}', "styring.review/9"),
        ("ikke json", "ikke en gennemgang"),
        ("{}", "ikke en gennemgang"),
    ],
)
def test_a_file_that_is_no_review_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """Another schema, no JSON, no review: what it is, and no traceback."""
    (tmp_path / "review.json").write_text(text, "utf-8")
    ran = review_as_user(tmp_path, SYDDJURS, "her", "--previous", "review.json")
    assert ran.code == 3
    assert said in one_message(ran)


def test_the_status_in_the_report_workbook_is_what_became_of_an_action(first: Path) -> None:
    """Written in the sheet Handleplan of the report, told in the next review."""
    file = first / "foer" / "review.xlsx"
    book = openpyxl.load_workbook(file)
    page = book["Handleplan"]
    keys = next(r for r in page.iter_rows() if any(c.value == "status" for c in r))
    status = next(c.column for c in keys if c.value == "status")
    row = next(r for r in page.iter_rows() if any(c.value == ID for c in r))
    page.cell(int(row[0].row or 0), int(status or 0)).value = "gennemført"
    book.save(first / "plan.xlsx")
    who = Municipality("706", "Syddjurs", date(2026, 9, 30), 2026)
    earlier = read_earlier(
        [first / "foer" / "review.json", first / "plan.xlsx"], who, internal=False
    )
    assert [k.status for k in earlier.kept if k.id == ID] == ["gennemført"]
    ran = review_as_user(
        first, SYDDJURS, "naeste", "--previous", "foer/review.json", "--previous", "plan.xlsx"
    )
    assert ran.code == 0, ran.err
    done = read_review(first / "naeste").since
    assert done is not None
    action = next(a for a in done.actions if a.indicator == ID)
    assert (action.status, action.done) == ("gennemført", True)
    assert action.text.da.startswith("Gennemført. «Sager, der er fulgt op til tiden» er uændret")


def test_three_reviews_give_a_trend_in_the_order_of_their_days(first: Path) -> None:
    """Named in any order."""
    days = ("2023-12-31", "2024-12-31")
    for d in days:
        assert review_as_user(first, SYDDJURS, d, "--as-of", d).code == 0
    ran = review_as_user(
        first, SYDDJURS, "nu", "--previous", "2024-12-31/review.json",
        "--previous", "2023-12-31/review.json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    since = read_review(first / "nu").since
    assert since is not None
    assert [p.as_of.isoformat() for p in since.trend] == [*days, "2025-09-30"]
    assert since.text.da.startswith("Sammenlignet med gennemgangen pr. 31.12.2024")
    for i in since.indicators:
        assert (
            i.points_split is None
            or abs(i.points_split.total - ((i.points_now or 0) - (i.points_then or 0))) < EXACT
        )
    for c in since.centres:
        if c.split is not None:
            assert c.split.total == pytest.approx((c.now or 0) - (c.then or 0), abs=EXACT)


@pytest.mark.parametrize(
    ("change", "as_of", "lines"),
    [
        ({}, date(2025, 9, 30), None),
        ({"person_years": None}, date(2025, 9, 30), "1 linje"),
        ({"price": None}, date(2025, 9, 30), None),  # kroner, and no count
        ({"person_years": None}, date(2025, 6, 30), "1 linje"),
        ({"person_years": None, "partial": True}, date(2025, 6, 30), None),  # other months
        ({"person_years": None, "year": 1999}, date(2025, 6, 30), None),  # in one of them only
    ],
)
def test_a_count_shown_in_one_and_withheld_in_the_other_is_warned_of(
    change: dict[str, object], as_of: date, lines: str | None
) -> None:
    """Whoever has both may work it out; the reader is asked who gets both."""
    base = made()
    first = next(a for a in base.activity if a.person_years is not None and not a.partial)
    others = tuple(a for a in base.activity if a is not first)
    old = altered(base, activity=(first.model_copy(update=change), *others), as_of=as_of)
    said = [n.da for n in compared(Pair(old, base)).notes if "skjult i den ene" in n.da]
    assert len(said) == (lines is not None)
    assert lines is None or said[0].startswith(f"Aktiviteten har {lines} (paragraf og år)")
