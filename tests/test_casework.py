"""What the case workers' desks hold: by hand, beside the indicators, and no case in a report."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import AS_OF, Row, case, measured, ready, several, steady
from running import SYDDJURS, styring_says
from styring import casework
from styring.definitions import load_facts, load_spec
from styring.find.casework import casework_part
from styring.prepare import Prepared, prepare
from styring.read.workbook import read_workbook
from styring.review import Review


def desk(*sager: Row, **more: list[Row]) -> Prepared:
    """Return case rows on the as-of date, 30 September 2025, two years measured."""
    return ready(AS_OF, (2024, 2025), sager=list(sager), **more)


def syddjurs() -> Prepared:
    return prepare(read_workbook(SYDDJURS, load_spec()).tables, load_facts())


@pytest.mark.parametrize(
    ("followed", "weeks", "slot"),
    [
        # A year after 30 September 2024 is the as-of date itself: in time, due now.
        (date(2024, 9, 30), 0, "soon"),
        # One day over is the first week begun; 56 days the eighth; 57 the ninth.
        (date(2024, 9, 29), 1, "late_short"),
        (date(2024, 8, 5), 8, "late_short"),
        (date(2024, 8, 4), 9, "late"),
        # 182 days are 26 weeks; one more is the 27th.
        (date(2024, 4, 1), 26, "late"),
        (date(2024, 3, 31), 27, "late_long"),
        # Due on 28 October: 28 days, four whole weeks; the day after is no longer within them.
        (date(2024, 10, 28), -4, "soon"),
        (date(2024, 10, 29), -5, "later"),
        (date(2024, 12, 30), -13, "later"),
        (date(2024, 12, 31), -14, "far"),
    ],
)
def test_weeks_of_follow_up(followed: date, weeks: int, slot: str) -> None:
    due = casework.follow_ups(desk(case(sidste_opfoelgning=followed)))
    assert due.select("uger", "gruppe").row(0) == (weeks, slot)


def test_a_case_without_follow_up_counts_from_its_first_start() -> None:
    """Begun on 1 January 2024: due on 1 January 2025; 272 days over are 39 weeks begun."""
    due = casework.follow_ups(desk(case()))
    assert due["opfoelgning_senest"][0] == date(2025, 1, 1)
    assert due["uger"][0] == 39


def test_a_follow_up_after_the_as_of_date_is_not_seen() -> None:
    due = casework.follow_ups(desk(case(sidste_opfoelgning=date(2025, 10, 1))))
    assert due["sidste_opfoelgning"][0] is None


def test_own_deadlines_are_kept() -> None:
    """Six months for § 108, so 1 July 2025; 91 days over are 13 weeks. Ten days for § 107."""
    frister = [
        {"emne": "opfølgning", "paragraf": "108", "maaneder": 6},
        {"emne": "opfølgning", "paragraf": "107", "dage": 10},
    ]
    rows = [
        case(sag_id="A", borger_id="A", sidste_opfoelgning=date(2025, 1, 1)),
        case(sag_id="B", borger_id="B", paragraf="107", sidste_opfoelgning=date(2025, 9, 25)),
    ]
    due = casework.follow_ups(desk(*rows, frister=frister)).sort("sag_id")
    assert due["opfoelgning_senest"].to_list() == [date(2025, 7, 1), date(2025, 10, 5)]
    assert due["uger"].to_list() == [13, -1]
    assert due["gruppe"].to_list() == ["late", "soon"]


@steady
@given(st.lists(st.dates(date(2023, 1, 1), AS_OF) | st.none(), min_size=1, max_size=20))
def test_overdue_is_what_the_indicator_calls_overdue(followed: list[date | None]) -> None:
    """The overdue cases are those that the indicator on follow-up in time counts against it."""
    rows = [
        case(sag_id=f"S{n}", borger_id=f"B{n}", sidste_opfoelgning=f)
        for n, f in enumerate([*followed, AS_OF])
    ]
    tables = desk(*rows)
    late = casework.follow_ups(tables).filter(pl.col("gruppe").is_in(casework.SLOTS[:3]))
    figure = measured("opfoelgning-rettidig", tables)
    assert figure.numerator is not None
    assert figure.denominator is not None
    assert late.height == figure.denominator - figure.numerator
    assert (late["uger"] >= 1).all()


def test_the_example_counts_as_plain_loops_do() -> None:
    """All running cases are told, also the new ones that the indicator leaves out."""
    tables = syddjurs()
    part = casework_part(tables)
    assert part is not None
    due = casework.follow_ups(tables)
    late = due.filter(pl.col("gruppe").is_in(casework.SLOTS[:3]))
    assert (late.height, due.height) == (part.late, part.running) == (104, 247)
    shown = {line.slot: line.cases for line in part.follow_up if line.cases is not None}
    assert shown == {k: n for k, n in due["gruppe"].value_counts().iter_rows() if k in shown}
    assert len(shown) >= 3


def test_citizens_without_a_plan_are_those_the_indicator_misses() -> None:
    tables = syddjurs()
    figure = measured("handleplan-daekning", tables)
    assert figure.numerator is not None
    assert figure.denominator is not None
    bare = casework.without_plan(tables)
    assert bare.height == figure.denominator - figure.numerator
    assert bare["aarspris"].is_sorted(descending=True)


def test_waiting_for_grant_and_start() -> None:
    """By hand: 31 days to a grant and 10 to the start; open for 30 days; granted, not begun."""
    rows = [
        case(sag_id="A", borger_id="A", startdato=date(2025, 2, 11), ansoegt_dato=date(2025, 1, 1),
             bevilget_dato=date(2025, 2, 1), ivaerksat_dato=date(2025, 2, 11)),
        case(sag_id="B", borger_id="B", startdato=date(2025, 12, 1),
             ansoegt_dato=date(2025, 8, 31)),
        case(sag_id="C", borger_id="C", startdato=date(2025, 11, 1), ansoegt_dato=date(2025, 7, 1),
             bevilget_dato=date(2025, 9, 1)),
        case(sag_id="D", borger_id="D", startdato=date(2025, 11, 1), ansoegt_dato=date(2025, 7, 1),
             bevilget_dato=date(2025, 10, 1)),
        case(sag_id="E", borger_id="E", ansoegt_dato=date(2025, 3, 2),
             bevilget_dato=date(2025, 3, 1)),
    ]  # fmt: skip
    waits = casework.waiting(desk(*rows)).sort("sag_id")
    assert waits["sag_id"].to_list() == ["A", "B", "C", "D"]
    assert waits["dage_til_bevilling"].to_list() == [31, 30, 62, 91]
    assert waits["bevilget"].to_list() == [True, False, True, False]
    assert waits["dage_til_start"].to_list() == [10, None, 29, None]
    # At risk 4, 3, 2: B is censored at 30, A goes at 31 (2/3 left), C at 62 (1/3 left): 62 days.
    # A begins after 10 of 2 (1/2 left): 10 days.
    assert casework.median_waits(waits, 2024) == (62.0, 10.0)


def raised(**changes: object) -> list[Row]:
    """Return a case whose price goes from 1,000 to 1,100 kr. a day on 1 January 2025."""
    granted = date(2023, 12, 1)
    first = case(sag_id="A", borger_id="A", slutdato=date(2024, 12, 31), bevilget_dato=granted)
    then = case(sag_id="A", borger_id="A", startdato=date(2025, 1, 1), pris=1100.0,
                bevilget_dato=granted)  # fmt: skip
    return [first, {**then, **changes}]


def test_a_rise_that_nobody_looked_at() -> None:
    """100 kr. a day more: 36,500 kr. in the 365 days of 2025."""
    rises = casework.price_rises(desk(*raised()))
    assert rises.select("aarspris_foer", "aarspris_efter", "stigning").row(0) == (
        365_000.0, 401_500.0, 36_500.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"bevilget_dato": date(2024, 12, 20)}, "a new decision"),
        ({"sidste_opfoelgning": date(2024, 6, 1)}, "followed up within the year before"),
        ({"pris": 1000.0}, "no rise"),
        ({"pris": 900.0}, "a fall"),
        ({"startdato": date(2025, 1, 3)}, "a gap: it is another support"),
        ({"paragraf": "107"}, "another paragraph"),
        ({"startdato": date(2025, 10, 1)}, "after the as-of date"),
    ],
)
def test_what_is_no_rise_without_a_look(changes: dict[str, object], why: str) -> None:
    assert casework.price_rises(desk(*raised(**changes))).is_empty(), why


def test_a_follow_up_long_before_the_rise_does_not_count() -> None:
    early = date(2023, 12, 31)
    assert casework.price_rises(desk(*raised(sidste_opfoelgning=early))).height == 1


def test_the_young_people_who_turn_18() -> None:
    """17 with a plan, 16 with a plan dated after the as-of date, 15, and one who is 18 already."""
    overgange = [
        {"borger_id": "U1", "foedselsdato": date(2007, 10, 1), "plan_dato": date(2025, 1, 1),
         "forventet_aarspris": 500_000.0},
        {"borger_id": "U2", "foedselsdato": date(2009, 9, 30), "plan_dato": date(2025, 10, 1)},
        {"borger_id": "U3", "foedselsdato": date(2010, 9, 30)},
        {"borger_id": "U4", "foedselsdato": date(2007, 9, 30)},
        {"borger_id": "U5", "foedselsdato": date(2010, 10, 1)},
    ]  # fmt: skip
    young = casework.transitions(desk(case(), overgange=overgange))
    assert young.select("borger_id", "alder", "fylder_18", "med_plan").rows() == [
        ("U1", 17, date(2025, 10, 1), True),
        ("U2", 16, date(2027, 9, 30), False),
        ("U3", 15, date(2028, 9, 30), False),
    ]
    assert young["forventet_aarspris"][0] == 500_000.0


def test_small_counts_are_not_shown() -> None:
    """Three overdue among nine: neither their number, nor the groups that would tell it."""
    since = AS_OF - timedelta(days=30)
    rows = [
        *several(3, name="A", sidste_opfoelgning=date(2024, 1, 2)),
        *several(6, name="B", sidste_opfoelgning=since),
    ]
    part = casework_part(desk(*rows))
    assert part is not None
    assert part.late is None
    assert {line.slot: line.cases for line in part.follow_up}["late_long"] is None
    assert not any("overskredet fristen" in point.da for point in part.points)


def test_levels_that_one_indicator_publishes_hide_no_other() -> None:
    """The worker's own decisions are published: a lone panel is not hidden behind them."""
    rows = [
        *several(6, name="A", bevilget_dato=date(2024, 2, 1), bevilget_niveau="sagsbehandler"),
        *several(7, name="B", bevilget_dato=date(2024, 2, 1), bevilget_niveau="leder"),
        *several(2, name="C", bevilget_dato=date(2024, 2, 1), bevilget_niveau="chef"),
    ]
    part = casework_part(desk(*rows))
    assert part is not None
    shown = {line.level: (line.cases, line.cost) for line in part.decisions}
    assert shown["sagsbehandler"][0] == 6
    assert shown["leder"] == shown["chef"] == (None, None)


def test_what_no_row_reports_is_not_counted_against_anybody() -> None:
    """No date of follow-up and no plan in the whole sheet: nothing is known, so nothing is said."""
    part = casework_part(desk(*several(9)))
    assert part is not None
    assert (part.follow_up, part.late, part.without_plan) == ((), 0, 0)
    assert len(part.points) == 1


def test_without_cases_there_is_no_section() -> None:
    assert casework_part(ready(AS_OF)) is None


def test_order_of_rows_changes_nothing() -> None:
    tables = syddjurs()
    frame = tables.tables.frames["sager"]
    turned = prepare(tables.tables.with_frames({"sager": frame.reverse()}), tables.facts)
    assert casework_part(turned) == casework_part(tables)


def test_lists_are_written_only_where_they_are_asked_for(tmp_path: Path) -> None:
    """Every list names its cases; no format of the report does."""
    lists = tmp_path / "hold" / "lister.xlsx"
    out = tmp_path / "rapport"
    ran = styring_says(
        "review", SYDDJURS, "--out", out, "--case-lists", lists, "--format", "md,xlsx",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert str(lists) in ran.out
    book = openpyxl.load_workbook(lists)
    assert book.sheetnames == [
        "Opfølgning", "Uden handleplan", "Venter", "Prisstigninger", "Overgange",
    ]  # fmt: skip
    for page in book:
        assert str(page["A1"].value).startswith("FORTROLIGT: personoplysninger fra Syddjurs")
    page = book["Opfølgning"]
    assert page.max_row == 4 + 247
    assert page["A5"].value == "S706-00193"
    assert page["F5"].value.date() == date(2024, 4, 21)
    report = "".join((out / name).read_text("utf-8") for name in ("review.md", "review.json"))
    for n in range(5, page.max_row + 1):
        assert str(page.cell(n, 1).value) not in report
        assert str(page.cell(n, 2).value) not in report
    assert Review.model_validate_json((out / "review.json").read_bytes()).casework is not None
    again = lists.read_bytes()
    lists.unlink()
    styring_says("review", SYDDJURS, "--out", out, "--case-lists", lists, cwd=tmp_path)
    assert lists.read_bytes() == again


def test_lists_do_not_lie_with_the_report(tmp_path: Path) -> None:
    out = tmp_path / "rapport"
    for file, code in ((out / "lister.xlsx", 2), (tmp_path / "lister.csv", 2)):
        ran = styring_says("review", SYDDJURS, "--out", out, "--case-lists", file, cwd=tmp_path)
        assert (ran.code, out.exists(), file.exists()) == (code, False, False)
    file = tmp_path / "lister.xlsx"
    file.write_bytes(b"ours")
    ran = styring_says("review", SYDDJURS, "--out", out, "--case-lists", file, cwd=tmp_path)
    assert ran.code == 5
    assert file.read_bytes() == b"ours"


def test_in_english(tmp_path: Path) -> None:
    lists = tmp_path / "lists.xlsx"
    ran = styring_says(
        "review", SYDDJURS, "--out", tmp_path / "r", "--case-lists", lists, "--lang", "en",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0
    book = openpyxl.load_workbook(lists)
    assert book.sheetnames[0] == "Follow-up"
    assert str(book["Transitions"]["A1"].value).startswith("CONFIDENTIAL")
