from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import AS_OF, Row, amount, case, indicator, ready, several, shipped, steady
from styring.definitions import load_facts
from styring.economy import activity
from styring.figures import Figures, all_figures, by_group, withheld
from styring.measure import Figure, measure_one
from styring.model import Indicator
from styring.prepare import Prepared, prepare
from styring.privacy import is_small, secondary

OLD = date(2020, 1, 1)


def figures(tables: Prepared, *ids: str) -> Figures:
    """Return the figures of some shipped definitions, small numbers withheld."""
    return all_figures(tables, [i for i in shipped().indicators if i.id in ids])


def shown(tables: Prepared, definition: Indicator | str) -> Figure:
    """Return the latest figure of a definition, withheld where it is small."""
    found = shipped()[definition] if isinstance(definition, str) else definition
    return withheld(found, measure_one(tables, found))[-1]


# --- One figure ---------------------------------------------------------------------------------


def followed(done: int, late: int) -> Prepared:
    """Return so many cases followed up in time, and so many that are not."""
    return ready(AS_OF, sager=[
        *several(done, name="D", startdato=OLD, sidste_opfoelgning=AS_OF),
        *several(late, name="L", startdato=OLD, sidste_opfoelgning=OLD),
    ])  # fmt: skip


@pytest.mark.parametrize("late", [0, 1, 4, 5, 20])
@pytest.mark.parametrize("done", [0, 1, 2, 3, 4, 5, 20])
def test_a_share_is_withheld_where_1_to_4_citizens_are_on_either_side(done: int, late: int) -> None:
    """In the numerator, in the denominator, or in the difference; 0 and 5 are shown."""
    found = shown(followed(done, late), "opfoelgning-rettidig")
    small = {1, 2, 3, 4} & {done, late, done + late}
    if done + late == 0:
        assert found.absence in ("zero_denominator", "not_reported")
    elif small:
        assert found.absence == "suppressed"
    else:
        assert found.value == done / (done + late)


def test_a_withheld_figure_keeps_nothing_that_gives_it_away() -> None:
    """No value, numerator, denominator, interval or count of citizens."""
    found = shown(followed(3, 20), "opfoelgning-rettidig")
    assert found == Figure("opfoelgning-rettidig", 2025, None, None, absence="suppressed")


def test_citizens_are_counted_and_not_their_cases() -> None:
    """Twelve cases of four citizens are four."""
    rows = [
        case(sag_id=f"S{n}", borger_id=f"B{n % 4}", startdato=OLD, sidste_opfoelgning=AS_OF)
        for n in range(12)
    ]
    assert shown(ready(AS_OF, sager=rows), "opfoelgning-rettidig").absence == "suppressed"


@pytest.mark.parametrize(("private", "own", "seen"), [(4, 9, False), (9, 4, False), (5, 5, True)])
def test_kroner_of_few_citizens_are_withheld(private: int, own: int, seen: bool) -> None:  # noqa: FBT001
    """The bought share in kroner of 4 citizens of 13 gives their cost away."""
    rows = [
        *several(private, name="P", leverandoertype="privat"),
        *several(own, name="E", leverandoertype="egen"),
    ]
    assert (shown(ready(sager=rows), "koebsandel-kroner").value is not None) == seen


def test_a_citizen_on_both_sides_does_not_hide_those_on_one_side_only() -> None:
    """Six have both kinds of supplier and one has the municipality's own only."""
    rows = [
        *several(6, name="B", leverandoertype="privat"),
        *several(7, name="B", leverandoertype="egen", paragraf="104"),
    ]
    # rows not bought belong to seven citizens: nobody is alone in the difference
    assert shown(ready(sager=rows), "koebsandel").value is not None
    fewer = [*several(6, name="B", leverandoertype="privat"), *several(1, leverandoertype="egen")]
    assert shown(ready(sager=fewer), "koebsandel").absence == "suppressed"


@pytest.mark.parametrize(("citizens", "seen"), [(4, False), (5, False), (19, False), (20, True)])
def test_min_count_raises_the_floor_of_the_denominator(citizens: int, seen: bool) -> None:  # noqa: FBT001
    """A definition that wants twenty."""
    years = {"from": "sager", "aggregate": "person_years"}
    wants = indicator({"from": "sager", "sum": "udgift"}, years, min_count=20)
    assert (shown(ready(sager=several(citizens)), wants).value is not None) == seen


def test_nobody_is_not_a_small_number() -> None:
    """No cases at all are 0, and 0 is shown."""
    tables = ready(years=(2023, 2024), sager=several(9))
    counted = indicator({"from": "cases", "aggregate": "count"}, min_count=5)
    assert [f.value for f in withheld(counted, measure_one(tables, counted))] == [0, 9]


@pytest.mark.parametrize(
    ("count", "small"),
    [(None, False), (0, False), (1, True), (4, True), (5, False), (4.5, True)],
)
def test_small_is_from_1_to_4(count: float | None, small: bool) -> None:  # noqa: FBT001
    """Nothing known is not small."""
    assert is_small(count) == small


def test_figures_that_are_not_about_citizens_are_not_withheld() -> None:
    """Three rows of the ledger are no persons."""
    rows = [amount(110.0), amount(100.0, "oprindeligt budget")]
    assert shown(ready(oekonomi=rows), "budgetafvigelse-oprindelig").value == pytest.approx(0.1)


def test_complaints_are_counted_as_citizens() -> None:
    """Three of thirty changed are withheld; six are shown."""
    for changed, seen in ((3, False), (6, True), (0, True), (28, False)):
        rows = [{"aar": y, "afgjort": 10, "omgjort": 0, "hjemvist": 0} for y in (2022, 2023)]
        rows.append({"aar": 2024, "afgjort": 10, "omgjort": 0, "hjemvist": 0})
        rows[0] |= {"afgjort": 30 - 20, "omgjort": min(changed, 10)}
        rows[1] |= {"omgjort": min(max(changed - 10, 0), 10)}
        rows[2] |= {"omgjort": max(changed - 20, 0)}
        found = shown(ready(years=(2022, 2023, 2024), klager=rows), "omgoerelsesprocent")
        assert (found.value is not None) == seen


# --- Groups of a total --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "withheld_places"),
    [
        ([], set()),
        ([0, 5, 9], set()),
        ([3, 5, 9], {0, 1}),
        ([9, 3, 5], {1, 2}),
        ([3, 0, 9], {0, 2}),
        ([3, 2, 9], {0, 1}),
        ([4, 0], {0}),
        ([None, 3, 7], {1, 2}),
    ],
)
def test_a_single_small_group_takes_the_next_smallest_with_it(
    counts: Sequence[float | None], withheld_places: set[int]
) -> None:
    """Two small ones of together five or more hide each other; a group of nobody hides nothing."""
    assert secondary(counts) == withheld_places


@pytest.mark.parametrize("counts", [[1, 1, 10], [2, 1, 10, 8], [1, 1, 1, 20]])
def test_small_groups_that_are_small_together_take_one_more_with_them(counts: list[int]) -> None:
    """12 in all less 10 shown are 2: one in each of the two."""
    hidden = secondary([float(n) for n in counts])
    assert sum(counts[n] for n in hidden) >= 5


@steady
@given(st.lists(st.integers(0, 9), max_size=6))
def test_the_total_less_what_is_shown_is_never_small(counts: list[int]) -> None:
    """Unless all is withheld, and the total with it."""
    hidden = secondary([float(n) for n in counts])
    assert {n for n, count in enumerate(counts) if is_small(count)} <= hidden
    left = sum(counts[n] for n in hidden)
    assert not is_small(left) or is_small(sum(counts))
    if not any(map(is_small, counts)):
        assert hidden == set()


def test_a_group_that_could_be_found_by_subtraction_is_withheld_too() -> None:
    """4 on § 104, 7 on § 85 and 9 on § 108: the two smallest are withheld."""
    rows = [
        row
        for paragraph, n in (("104", 4), ("85", 7), ("108", 9))
        for row in several(n, name=paragraph, paragraf=paragraph, startdato=OLD,
                           sidste_opfoelgning=AS_OF)
    ]  # fmt: skip
    found = by_group(ready(AS_OF, sager=rows), shipped()["opfoelgning-rettidig"], "paragraf", 2025)
    assert {f.group: f.absence for f in found} == {
        "104": "suppressed", "108": None, "85": "suppressed",
    }  # fmt: skip


def test_a_table_of_large_groups_is_shown_whole() -> None:
    """5 and 9: nothing is withheld."""
    rows = [*several(5, name="A", paragraf="85"), *several(9, name="C")]
    lines = activity(ready(sager=rows))
    assert [(a.paragraph, a.citizens, a.withheld) for a in lines] == [
        ("85", 5, False), ("108", 9, False), (None, 14, False),
    ]  # fmt: skip


def test_a_withheld_paragraph_shows_nothing() -> None:
    """Neither citizens nor cost, price, full-year persons, inflow or outflow."""
    rows = [
        *several(3, name="A", paragraf="85"), *several(6, name="C"),
        *several(9, name="D", paragraf="104"),
    ]  # fmt: skip
    lines = {a.paragraph: a for a in activity(ready(sager=rows))}
    for paragraph in ("85", "108"):
        line = lines[paragraph]
        assert line.withheld
        assert (line.citizens, line.person_years, line.average_persons) == (None, None, None)
        assert (line.cost, line.price, line.inflow, line.outflow) == (None, None, None, None)
    assert lines["104"].citizens == 9
    assert lines[None].citizens == 18


def test_a_total_flow_of_1_to_4_is_withheld() -> None:
    """Two new cases among twelve old ones, all on one paragraph."""
    rows = [*several(12, startdato=OLD), *several(2, name="C")]
    lines = {a.paragraph: a for a in activity(ready(sager=rows))}
    assert lines["108"].inflow is None
    assert lines[None].inflow is None
    assert lines[None].outflow == 0


def test_a_flow_cannot_be_found_from_the_total() -> None:
    """Of 12 new cases 2 are on § 85: one more paragraph is withheld."""
    rows = [
        *several(9, name="A", paragraf="85", startdato=OLD), *several(2, name="B", paragraf="85"),
        *several(6, name="C", paragraf="104"), *several(10, name="D"),
    ]  # fmt: skip
    lines = {a.paragraph: a for a in activity(ready(sager=rows))}
    assert {p: a.inflow for p, a in lines.items()} == {
        "85": None, "104": None, "108": 10, None: 18,
    }  # fmt: skip


# --- Any small set of cases ---------------------------------------------------------------------


@st.composite
def few_cases(draw: st.DrawFn) -> list[Row]:
    """Return a few citizens' cases on three paragraphs, some bought, some followed up."""
    picks = draw(
        st.lists(
            st.tuples(
                st.integers(0, 13), st.sampled_from(["85", "104", "108"]),
                st.sampled_from(["egen", "privat"]), st.booleans(), st.booleans(),
            ),
            min_size=1, max_size=30, unique_by=lambda p: p[:3],
        )
    )  # fmt: skip
    return [
        case(
            borger_id=f"B{who}", sag_id=f"S{n}", paragraf=paragraph, leverandoertype=kind,
            startdato=OLD if old else date(2025, 2, 1),
            sidste_opfoelgning=AS_OF if done else OLD,
        )
        for n, (who, paragraph, kind, old, done) in enumerate(picks)
    ]  # fmt: skip


def citizens(rows: Sequence[Row], **wanted: Any) -> int:
    """Return the citizens with a row like this."""
    return len({r["borger_id"] for r in rows if all(r[k] == v for k, v in wanted.items())})


PARTS: dict[str, tuple[str, Any, Any]] = {
    "opfoelgning-rettidig": ("sidste_opfoelgning", AS_OF, OLD),
    "koebsandel-kroner": ("leverandoertype", "privat", "egen"),
    "koebsandel": ("leverandoertype", "privat", "egen"),
}
"""A share's column, the value of its numerator, and that of the rest."""


@steady
@given(few_cases())
def test_no_shown_share_rests_on_1_to_4_citizens(rows: list[Row]) -> None:
    """In all and by paragraph, in the numerator, the denominator or the rest."""
    tables = ready(AS_OF, sager=rows)
    for name, (column, inside, outside) in PARTS.items():
        definition = shipped()[name]
        for f in [shown(tables, name), *by_group(tables, definition, "paragraf", 2025)]:
            part = [r for r in rows if f.group in (None, r["paragraf"])]
            counts = (
                citizens(part), citizens(part, **{column: inside}),
                citizens(part, **{column: outside}),
            )  # fmt: skip
            if f.value is not None:
                assert not any(is_small(n) for n in counts)
            elif f.group is None and f.absence == "suppressed":
                assert any(is_small(n) for n in counts)


@steady
@given(few_cases())
def test_no_shown_count_of_the_activity_table_is_from_1_to_4(rows: list[Row]) -> None:
    """Nor is a total less the paragraphs shown, for flows, which add."""
    lines = activity(ready(AS_OF, sager=rows))
    total = next(a for a in lines if a.paragraph is None)
    for a in lines:
        assert not is_small(a.citizens)
        assert not is_small(a.inflow)
        assert not is_small(a.outflow)
        if a.withheld:
            assert a.cost is None
    if total.inflow is not None:
        seen = [a.inflow for a in lines if a.paragraph and a.inflow is not None]
        assert not is_small(total.inflow - sum(seen))


# --- Which figure comes first -------------------------------------------------------------------


def test_the_main_figure_is_of_the_finished_year_or_of_the_state() -> None:
    """Case cost of 2024 although 2025 is there; follow-up on the as-of date."""
    tables = ready(
        AS_OF, (2023, 2024, 2025), sager=several(9, startdato=OLD, sidste_opfoelgning=OLD)
    )
    found = figures(tables, "bevilget-pris-108", "opfoelgning-rettidig")
    assert found.main(tables, shipped()["bevilget-pris-108"]).year == 2024
    assert found.main(tables, shipped()["opfoelgning-rettidig"]).year == 2025


def test_a_definition_may_put_the_current_year_first_where_it_has_a_figure() -> None:
    """Case cost beside the ledger to date, else of the finished year."""
    rows = several(9, startdato=OLD, funktion="5.38.50")
    name = "afstemning-sag-oekonomi"
    both = [amount(100.0, aar=2024, maaned=1), amount(100.0, aar=2025, maaned=1)]
    tables = ready(AS_OF, (2024, 2025), sager=rows, oekonomi=both)
    main = figures(tables, name).main(tables, shipped()[name])
    assert (main.year, main.partial) == (2025, True)
    tables = ready(AS_OF, (2024, 2025), sager=rows, oekonomi=both[:1])
    assert figures(tables, name).main(tables, shipped()[name]).year == 2024


# --- Goals --------------------------------------------------------------------------------------


def goal(name: str, value: float, year: int = 2025) -> Row:
    """Return a goal of the municipality's own."""
    return {"indikator": name, "aar": year, "maalvaerdi": value}


GOALS: Row = {"from": "goals", "aggregate": "count"}
REACHED = indicator({**GOALS, "where": "naaet"}, {**GOALS, "where": "naaet IS NOT NULL"})


def reached(tables: Prepared, share: Indicator = REACHED) -> Figure:
    """Return the share of the goals that are reached, however few they are."""
    return all_figures(tables, (*shipped().indicators, share)).series[share.id][-1]


@pytest.mark.parametrize(("wanted", "share"), [(44.0, 1.0), (44.5, 0.0)])
def test_a_goal_is_in_the_unit_shown(wanted: float, share: float) -> None:
    """80 is 80 per cent: 8 of 18 are 44.4, which reaches 44 and not 44.5."""
    rows = [
        *several(8, name="D", startdato=OLD, sidste_opfoelgning=AS_OF),
        *several(10, name="L", startdato=OLD, sidste_opfoelgning=OLD),
    ]
    tables = ready(AS_OF, sager=rows, maal=[goal("opfoelgning-rettidig", wanted)])
    assert reached(tables).value == share
    assert all_figures(tables, shipped().indicators).goals == {"opfoelgning-rettidig": wanted / 100}


@pytest.mark.parametrize(
    "name",
    ["opfoelgning-rettidig", "Opfølgning inden for 12 måneder", "SAGER, DER ER FULGT OP TIL TIDEN",
     "Cases followed up in time"],
)  # fmt: skip
def test_a_goal_names_its_indicator_by_id_title_or_alias(name: str) -> None:
    """Case and blanks do not matter."""
    tables = ready(AS_OF, sager=several(9, startdato=OLD), maal=[goal(name, 80)])
    found = all_figures(tables, shipped().indicators)
    assert found.goals == {"opfoelgning-rettidig": 0.8}
    assert found.notes == ()


def test_goals_are_not_citizens() -> None:
    """Three of four goals reached is 75 per cent, and nobody is given away."""
    rows = [*several(20, startdato=OLD, sidste_opfoelgning=AS_OF, ansoegt_dato=date(2025, 1, 1),
                     bevilget_dato=date(2025, 1, 31), foedselsaar=1980)]  # fmt: skip
    goals = [
        goal("opfoelgning-rettidig", 90), goal("opfoelgning-rettidig-borger", 90),
        goal("belaegning", 90), goal("overgang-18-plan", 80),
    ]  # fmt: skip
    young = [
        {"borger_id": f"U{n}", "foedselsdato": date(2009, 1, 1),
         "plan_dato": date(2025, 1, 1) if n < 10 else None}
        for n in range(20)
    ]  # fmt: skip
    home = {"tilbud": "Huset", "ejer": "egen", "paragraf": "108", "pladser": 20.0,
            "belagte_pladser": 19.0}  # fmt: skip
    tables = ready(AS_OF, sager=rows, overgange=young, tilbud=[home], maal=goals)
    found = all_figures(tables, shipped().indicators).series["maalopfyldelse"][-1]
    # follow-up 100 % twice and occupancy 95 % reach 90; transitions 50 % do not reach 80
    assert (found.numerator, found.denominator, found.value) == (3, 4, 0.75)


def test_a_goal_of_an_unknown_indicator_is_noted_with_its_cell() -> None:
    """And is not used."""
    rows = [goal("opfoelgning-rettidig", 80), goal("lykke", 7)]
    found = all_figures(ready(AS_OF, maal=rows), shipped().indicators)
    assert found.goals == {"opfoelgning-rettidig": 0.8}
    (note,) = found.notes
    assert "«lykke»" in note.message.da
    assert (note.severity, note.cell) == ("warning", "A3")


def test_a_goal_that_cannot_be_judged_is_undecided() -> None:
    """A context figure has no better side, and 2025 has not ended: neither counts."""
    rows = [
        goal("opfoelgning-rettidig", 0), goal("bevilget-pris-108", 1), goal("prognosefejl", 1),
    ]  # fmt: skip
    cases_ = several(9, startdato=OLD, sidste_opfoelgning=AS_OF)
    ledger = [amount(1.0, aar=2025, maaned=1),
              amount(1.0, "forventet regnskab", 2025, opfoelgning=date(2025, 5, 1))]  # fmt: skip
    found = reached(ready(AS_OF, (2024, 2025), sager=cases_, oekonomi=ledger, maal=rows))
    assert (found.numerator, found.denominator) == (1, 1)


def test_goals_that_are_all_undecided_give_no_share() -> None:
    """There is nothing to divide by."""
    tables = ready(AS_OF, sager=several(9), maal=[goal("bevilget-pris-108", 1)])
    assert reached(tables).absence == "zero_denominator"


def test_without_goals_their_share_is_not_reported() -> None:
    """Having set none is not having reached none."""
    tables = prepare(ready(AS_OF, sager=several(9)).tables, load_facts())
    assert reached(tables).absence == "not_reported"


@pytest.mark.parametrize(("wanted", "share"), [(5.0, 1.0), (4.9, 0.0)])
def test_a_goal_for_what_should_be_low_is_reached_from_above(wanted: float, share: float) -> None:
    """A forecast error of 5 per cent on the last day of the year."""
    ledger = [amount(100.0), amount(105.0, "forventet regnskab", opfoelgning=date(2024, 5, 1))]
    tables = ready(date(2024, 12, 31), oekonomi=ledger, maal=[goal("prognosefejl", wanted, 2024)])
    assert reached(tables).value == share


@pytest.mark.parametrize(("wanted", "share"), [(2.9, 1.0), (1.1, 1.0), (3.1, 0.0), (0.9, 0.0)])
def test_a_goal_for_a_target_is_reached_within_its_tolerance(wanted: float, share: float) -> None:
    """A deviation of 2 per cent is within one per cent of 1.1 and 2.9, not of 0.9 and 3.1."""
    ledger = [amount(102.0), amount(100.0, "oprindeligt budget")]
    name = "budgetafvigelse-oprindelig"
    assert shipped()[name].tolerance == 0.01
    tables = ready(date(2024, 12, 31), oekonomi=ledger, maal=[goal(name, wanted, 2024)])
    assert reached(tables).value == share
