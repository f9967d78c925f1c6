from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

import build
from rows import AS_OF, Row, amount, case, inhabitants, measured, ready, several, shipped
from styring.definitions import load_facts
from styring.pipeline import Measured, measure_workbook
from styring.prepare import prepare
from styring.tables import Municipality

OLD = date(2020, 1, 1)


def first(table: str, kind: Any = "as_of", as_of: date = AS_OF, **tables: Any) -> dict[str, Any]:
    """Return the first row of a table, placed."""
    return ready(as_of, **tables).placed(table, kind).row(0, named=True)


# --- Periods ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "finished", "ended"),
    [
        (date(2025, 12, 31), 2025, 12),
        (date(2025, 12, 30), 2024, 11),
        (date(2025, 1, 1), 2024, 0),
        (date(2024, 2, 29), 2023, 2),
        (date(2024, 2, 28), 2023, 1),
    ],
)
def test_a_year_and_a_month_have_ended_from_their_last_day(
    as_of: date, finished: int, ended: int
) -> None:
    """Also in February of a leap year."""
    who = Municipality("706", "Syddjurs", as_of, as_of.year)
    assert (who.finished_year, who.ended_months) == (finished, ended)


def test_an_accounting_year_behind_the_as_of_date_has_ended() -> None:
    """The accounts of 2024 looked at in February 2025 are twelve months."""
    who = Municipality("706", "Syddjurs", date(2025, 2, 10), 2024)
    assert (who.finished_year, who.ended_months) == (2024, 12)


def test_each_kind_of_period_ends_on_its_own_day() -> None:
    """Mid-month in 2025: the year on the day, the ended year and to date in August."""
    tables = ready(date(2025, 9, 15), (2024, 2025))
    assert tables.until("year") == {2024: date(2024, 12, 31), 2025: date(2025, 9, 15)}
    assert tables.until("year_ended") == {2024: date(2024, 12, 31), 2025: date(2025, 8, 31)}
    assert tables.until("to_date") == {2024: date(2024, 8, 31), 2025: date(2025, 8, 31)}
    assert tables.until("whole_year") == {2024: date(2024, 12, 31), 2025: date(2025, 12, 31)}


def test_to_date_ends_with_february_of_each_year() -> None:
    """On 28 February 2025 the year before is counted to the 29th."""
    assert ready(date(2025, 2, 28), (2024, 2025)).until("to_date") == {
        2024: date(2024, 2, 29),
        2025: date(2025, 2, 28),
    }


def test_the_years_measured_are_those_with_accounts_at_most_ten() -> None:
    """From the first year booked to the accounting year; without accounts the last five."""
    tables = ready(AS_OF, oekonomi=[amount(1.0, aar=2022), amount(1.0, "oprindeligt budget", 2019)])
    assert prepare(tables.tables, load_facts()).years == (2022, 2023, 2024, 2025)
    bare = ready(AS_OF).tables
    assert prepare(bare, load_facts()).years == (2021, 2022, 2023, 2024, 2025)
    long = ready(AS_OF, oekonomi=[amount(1.0, aar=2001)]).tables
    assert prepare(long, load_facts()).years == tuple(range(2016, 2026))


# --- Deadlines ----------------------------------------------------------------------------------


def followed_up_from(paragraph: str, deadlines: Sequence[Row], as_of: date = AS_OF) -> date:
    """Return the earliest day on which a follow-up is in time."""
    rows = [case(startdato=OLD, paragraf=paragraph)]
    found = ready(as_of, sager=rows, frister=deadlines).case_table["opfoelgning_fra"][0]
    assert isinstance(found, date)
    return found


def test_without_a_deadline_follow_up_is_within_twelve_months() -> None:
    """The same date a year earlier; of a leap day the last of February."""
    assert followed_up_from("85", []) == date(2024, 9, 30)
    assert followed_up_from("85", [], date(2024, 2, 29)) == date(2023, 2, 28)


def test_a_general_deadline_holds_for_paragraphs_without_one_of_their_own() -> None:
    """6 months for all, 3 for § 108."""
    deadlines: list[Row] = [
        {"emne": "opfølgning", "maaneder": 6},
        {"emne": "opfølgning", "paragraf": "108", "maaneder": 3},
        {"emne": "sagsbehandling", "maaneder": 1},
    ]
    assert followed_up_from("85", deadlines) == date(2025, 3, 30)
    assert followed_up_from("108", deadlines) == date(2025, 6, 30)


def test_a_deadline_of_one_paragraph_leaves_the_others_at_twelve_months() -> None:
    """§ 108 has 3 months; § 85 has none given."""
    deadlines: list[Row] = [{"emne": "opfølgning", "paragraf": "108", "maaneder": 3}]
    assert followed_up_from("85", deadlines) == date(2024, 9, 30)


def test_a_deadline_may_be_given_in_days() -> None:
    """90 days before 30 September 2025 is 2 July."""
    # September 30 + August 31 = 61 days to 31 July, 29 more to 2 July
    assert followed_up_from("85", [{"emne": "opfølgning", "dage": 90}]) == date(2025, 7, 2)


def test_a_paragraphs_own_deadline_in_days_goes_before_the_general_one_in_months() -> None:
    """A row without paragraph is for the paragraphs that have none of their own."""
    deadlines: list[Row] = [
        {"emne": "opfølgning", "maaneder": 12},
        {"emne": "opfølgning", "paragraf": "108", "dage": 90},
    ]
    assert followed_up_from("108", deadlines) == date(2025, 7, 2)


def test_a_paragraphs_own_deadline_in_months_goes_before_the_general_one_in_days() -> None:
    """The other way round."""
    deadlines: list[Row] = [
        {"emne": "opfølgning", "dage": 90},
        {"emne": "opfølgning", "paragraf": "108", "maaneder": 12},
    ]
    assert followed_up_from("108", deadlines) == date(2024, 9, 30)
    assert followed_up_from("85", deadlines) == date(2025, 7, 2)


def waited(days: int, **changes: Any) -> Row:
    """Return a case granted so many days after its application."""
    applied = date(2025, 1, 10)
    granted = date.fromordinal(applied.toordinal() + days)
    return case(startdato=granted, ansoegt_dato=applied, bevilget_dato=granted, **changes)


def test_case_time_is_held_against_each_paragraphs_own_deadline() -> None:
    """§ 85 has 30 days and § 108 has 60; § 104 has none and is left out."""
    rows = [
        waited(30, paragraf="85"), waited(31, paragraf="85"), waited(60, paragraf="108"),
        waited(61, paragraf="108"), waited(5, paragraf="104"),
    ]  # fmt: skip
    deadlines = [
        {"emne": "sagsbehandling", "paragraf": "85", "dage": 30},
        {"emne": "sagsbehandling", "paragraf": "108", "dage": 60},
    ]
    found = measured("sagsbehandling-inden-frist", ready(AS_OF, sager=rows, frister=deadlines))
    assert (found.numerator, found.denominator) == (2, 4)


def test_a_case_time_deadline_may_be_given_in_months() -> None:
    """41 days from 10 January are within two months, and 70 are not."""
    deadlines = [{"emne": "sagsbehandling", "maaneder": 2}]
    rows = [waited(41), waited(70)]
    found = measured("sagsbehandling-inden-frist", ready(AS_OF, sager=rows, frister=deadlines))
    assert (found.numerator, found.denominator) == (1, 2)


def test_without_deadlines_the_share_in_time_is_not_reported() -> None:
    """There is no deadline to guess."""
    found = measured("sagsbehandling-inden-frist", ready(AS_OF, sager=[waited(1)]))
    assert found.absence == "not_reported"


# --- Ages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "age"),
    [(date(2009, 9, 30), 16), (date(2009, 10, 1), 15), (date(2007, 9, 30), 18),
     (date(2008, 2, 29), 17)],
)  # fmt: skip
def test_a_young_persons_age_is_in_whole_years_on_the_as_of_date(born: date, age: int) -> None:
    """A birthday on the day counts."""
    assert first("overgange", overgange=[{"borger_id": "U1", "foedselsdato": born}])["alder"] == age


@pytest.mark.parametrize(
    ("as_of", "born", "under"),
    [(AS_OF, 1959, True), (AS_OF, 1958, False), (date(2021, 9, 30), 1956, True),
     (date(2021, 9, 30), 1955, False)],
)  # fmt: skip
def test_the_pension_age_is_that_of_the_day(as_of: date, born: int, under: bool) -> None:  # noqa: FBT001
    """67 in 2025 and 66 in 2021: 66 against 67, and 65 against 66."""
    tables = ready(as_of, sager=[case(startdato=OLD, foedselsaar=born)])
    assert tables.placed("sager", "as_of")["under_pensionsalder"].to_list() == [under]
    assert tables.case_table["under_pensionsalder"].to_list() == [under]


def people(*bands: Row) -> float | str | None:
    """Return the 18–64-year-olds of 2024, or why they are not known."""
    tables = ready(oekonomi=[amount(1000.0)], befolkning=bands)
    found = measured("udgift-pr-18-64-aarig", tables)
    return found.denominator if found.absence is None else found.absence


def test_bands_wholly_inside_the_age_group_are_added() -> None:
    """0–17 and 65+ are left out."""
    assert (
        people(
            inhabitants(10, low=0, high=17), inhabitants(20, low=18, high=40),
            inhabitants(30, low=41, high=64), inhabitants(40, low=65, high=None),
        )
        == 50
    )  # fmt: skip


@pytest.mark.parametrize(
    "bands",
    [
        [(0, 19), (20, 64)],  # straddles 18
        [(18, 66)],  # straddles 64
        [(18, 30), (32, 64)],  # a gap at 31
        [(19, 64)],  # begins too late
        [(18, 63)],  # ends too early
        [(18, 40), (30, 64)],  # overlap
        [(18, None)],  # open above
        [(0, 17), (65, None)],  # nothing inside
    ],
)
def test_bands_that_do_not_fit_the_age_group_are_not_guessed(
    bands: list[tuple[int, int | None]],
) -> None:
    """A band across an edge, a gap or an overlap."""
    assert people(*(inhabitants(10, low=a, high=b) for a, b in bands)) == "age_bands"


def test_counted_inhabitants_go_before_projected_ones() -> None:
    """And a year that has only a projection uses it."""
    projected = {**inhabitants(99), "type": "prognose"}
    assert people(inhabitants(50), projected) == 50
    assert people(projected) == 99


def test_a_year_without_inhabitants_is_not_reported() -> None:
    """Nothing is carried over from another year."""
    assert people(inhabitants(50, aar=2023)) == "not_reported"


# --- Rows placed --------------------------------------------------------------------------------


def test_a_case_is_placed_by_a_date_only_when_it_was_known() -> None:
    """A start after the as-of date is not yet new; a start on it is."""
    rows = [
        case(sag_id="S1", startdato=AS_OF), case(sag_id="S2", startdato=date(2025, 10, 1)),
        case(sag_id="S3", startdato=date(2024, 5, 1)),
    ]  # fmt: skip
    placed = ready(AS_OF, (2024, 2025), sager=rows).placed("cases", "year", "foerste_start")
    assert sorted(placed.select("sag_id", "aar").iter_rows()) == [("S1", 2025), ("S3", 2024)]


def test_a_case_counts_in_every_year_it_runs_in() -> None:
    """Once a year, however many rows; not in a year between two of its periods."""
    rows = [
        case(sag_id="S1", startdato=date(2022, 5, 1), slutdato=date(2023, 2, 1)),
        case(sag_id="S1", startdato=date(2022, 6, 1), slutdato=date(2022, 7, 1)),
        case(sag_id="S1", startdato=date(2025, 1, 1)),
    ]
    placed = ready(AS_OF, range(2021, 2026), sager=rows).placed("cases", "year")
    assert sorted(placed["aar"]) == [2022, 2023, 2025]


def test_a_citizens_year_is_all_paragraphs_together() -> None:
    """366,000 under § 108 and 36,600 under § 104."""
    rows = [case(borger_id="B1"), case(borger_id="B1", paragraf="104", pris=100.0)]
    assert first("citizen_years", "year", date(2024, 12, 31), sager=rows)["udgift"] == 402_600


def test_what_facts_say_of_a_paragraph_stands_on_its_rows() -> None:
    """§§ 107, 108 and ABL 105 are residential; citizens refer themselves to §§ 109 and 110."""
    paragraphs = ["85", "107", "108", "ABL-105", "109", "110", "999", None]
    frame = ready(sager=[case(paragraf=p) for p in paragraphs]).runnable
    marks = dict(
        zip(frame["paragraf"], frame.select("botilbud", "selvhenvender").rows(), strict=True)
    )
    assert {p for p, (home, _) in marks.items() if home} == {"107", "108", "ABL-105"}
    assert {p for p, (_, self_referred) in marks.items() if self_referred} == {"109", "110"}


def test_budgeted_places_are_a_share_of_the_places() -> None:
    """Twenty places budgeted at 95 per cent are nineteen."""
    row = {"tilbud": "Huset", "pladser": 20.0, "budgetteret_belaegning": 95.0}
    assert first("tilbud", tilbud=[row])["budgetterede_pladser"] == pytest.approx(19)


# --- What is odd is noted -----------------------------------------------------------------------


def through(folder: Path, book: build.Book) -> Measured:
    """Return a small workbook read and measured."""
    return measure_workbook(build.csv_folder(folder, book), shipped())


def told(m: Measured) -> set[tuple[str, str]]:
    """Return the severity and words of every note."""
    notes = (*m.reading.notes, *m.ready.notes, *m.figures.notes, *m.notes)
    return {(n.severity, n.message.da) for n in notes}


DATES = [*build.CASES, "antal", "ansøgt_dato", "bevilget_dato"]
PLAIN = [*build.case(1), 1, date(2023, 1, 1), date(2023, 2, 1)]


def changed(**cells: object) -> list[object]:
    """Return a plain case row with some cells changed."""
    return [cells.get(name, cell) for name, cell in zip(DATES, PLAIN, strict=True)]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param([changed(slutdato=date(2023, 12, 31))], id="end-before-start"),
        pytest.param([changed(pris=None)], id="missing-price"),
        pytest.param([changed(enhed="fjorten dage")], id="unknown-unit"),
        pytest.param([changed(pris=-1000)], id="negative-price"),
        pytest.param([changed(antal=0)], id="quantity-0"),
        pytest.param([changed(antal=0.3333333)], id="more-than-four-decimals"),
        pytest.param(
            [changed(enhed="engang", slutdato=date(2024, 3, 1))], id="one-off-with-an-end"
        ),
        pytest.param([changed(bevilget_dato=date(2022, 12, 1))], id="negative-case-time"),
        pytest.param(
            [changed(), changed(startdato=date(2024, 2, 1), pris=1100)], id="overlapping-rows"
        ),
    ],
)
def test_an_odd_case_row_is_noted(odd: list[list[object]], tmp_path: Path) -> None:
    """The reading of each oddity is fixed, and the report says that it was met."""
    more = changed(sag_id="S9", borger_id="B9")

    def book(rows: list[list[object]]) -> build.Book:
        return build.minimal() | {"Sager": [[*DATES], *rows, more]}

    plain = told(through(tmp_path / "plain", book([changed()])))
    new = told(through(tmp_path / "odd", book(odd))) - plain
    assert new


def test_a_year_with_projected_inhabitants_only_is_noted(tmp_path: Path) -> None:
    """The figure uses the projection and says so."""
    counted, projected = build.minimal(), build.minimal()
    projected["Befolkning"] = [[*r[:4], "prognose" if r[4] == "faktisk" else r[4]]
                               for r in counted["Befolkning"]]  # fmt: skip
    plain = told(through(tmp_path / "counted", counted))
    new = told(through(tmp_path / "projected", projected)) - plain
    assert new


def test_a_plain_workbook_has_no_warning(tmp_path: Path) -> None:
    """Notes that are always there would not be read."""
    m = through(tmp_path / "plain", build.minimal())
    assert [words for severity, words in told(m) if severity != "info"] == []


# --- What is asked for again --------------------------------------------------------------------


def test_a_table_is_made_once_and_the_same_every_time() -> None:
    """What was made when first asked for is what is given the second time."""
    tables = ready(sager=several(6))
    once = tables.placed("sager", "year")
    assert tables.placed("sager", "year") is once
    assert_frame_equal(once, ready(sager=several(6)).placed("sager", "year"))
