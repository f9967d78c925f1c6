"""Measures on the granted cases: by hand, as properties, in plain loops, as a user runs them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from rows import AS_OF, Row, ready, several, steady
from running import SYDDJURS, one_message, styring_in_process
from styring.definitions import desk, load_facts, load_spec
from styring.errors import InputError
from styring.prepare import Prepared, prepare
from styring.read.workbook import read_workbook
from styring.scenario import Outcome, Result, run, scenario_for, yearly

SHARED = ("syddjurs.xlsx", "ikast-brande.xlsx", "norddjurs-udtraek.xlsx", "favrskov-udtraek.xlsx")
JAN, MARCH = "from = 2026-01-01", "from = 2026-03-01"
SIX = several(6, paragraf="107")
"""Six citizens in § 107 at 1,000 kr. a day, open."""


def tables(rows: Sequence[Row]) -> Prepared:
    """Return cases on 30 September 2025."""
    return ready(AS_OF, (2024, 2025), sager=rows)


def worked(folder: Path, rows: Sequence[Row], *measures: str) -> Outcome:
    """Return the scenario of some measures, each `kind: lines`."""
    parts = (m.partition(": ") for m in measures)
    text = "\n\n".join("\n".join([f"[[{kind}]]", *said.split("; ")]) for kind, _, said in parts)
    file = folder / "tiltag.toml"
    file.write_text(f"{text}\n", "utf-8")
    cases = tables(rows)
    return run(cases, scenario_for(cases, file))


def of(result: Result, year: int = 2026) -> tuple[float, float]:
    """Return what is certain and what is assumed in a year."""
    ((_, certain, assumed),) = yearly(result.effect, [year])
    return round(certain, 2), round(assumed, 2)


def only(folder: Path, rows: Sequence[Row], measure: str) -> tuple[float, float]:
    """Return what one measure does in 2026, alone and together alike."""
    found = worked(folder, rows, measure)
    assert of(found.measures[0]) == of(found.together)
    return of(found.together)


# --- by hand ------------------------------------------------------------------------------------


def test_a_price_in_per_cent_and_in_kroner(tmp_path: Path) -> None:
    """10 % of 6 · 1,000 · 365 = 219,000; 50 kr. · 6 · 365 = 109,500; from March 306 days."""
    assert only(tmp_path, SIX, f"price: percent = 10.0; {JAN}") == (219_000, 0)
    assert only(tmp_path, SIX, f"price: kroner = 50.0; {JAN}") == (109_500, 0)
    assert only(tmp_path, SIX, f'price: paragraph = "107"; percent = -10.0; {MARCH}') == (
        -183_600,
        0,
    )


def test_a_price_of_one_provider_in_the_months_it_holds(tmp_path: Path) -> None:
    """Five bought to 31 January 2026: 1 % of 5 · 1,000 · 31 = 1,550, all of it in January."""
    bought = several(
        5, paragraf="107", name="K", leverandoertype="privat", slutdato=date(2026, 1, 31)
    )
    found = worked(tmp_path, [*SIX, *bought], f'price: provider = "privat"; percent = 1.0; {JAN}')
    effect = found.together.effect.certain
    assert {n: x for n, x in effect.items() if x} == {2026 * 12: 1550}
    assert found.measures[0].title.da == "Pris på alle ydelser, private tilbud: +1 pct."


def test_the_dearest_move_and_stay_as_long_as_they_would_have(tmp_path: Path) -> None:
    """Five at 2,000 a day: −2,000 · 5 · 306 = −3,060,000 and 500 · 5 · 306 = 765,000.

    Where they end on 31 March 2026 only 31 days count: −310,000 and 77,500.
    """
    measure = f'move: number = 5; paragraph = "107"; to_paragraph = "85"; who = "dearest"; price = 500.0; {MARCH}'  # noqa: E501
    dear = several(5, paragraf="107", pris=2000.0, name="D")
    assert only(tmp_path, [*SIX, *dear], measure) == (-3_060_000, 765_000)
    short = several(5, paragraf="107", pris=2000.0, name="D", slutdato=date(2026, 3, 31))
    assert only(tmp_path, [*SIX, *short], measure) == (-310_000, 77_500)


def test_overlapping_rows_of_a_citizen_move_once(tmp_path: Path) -> None:
    """Two rows of 1,000 each: both end (−2,000 a day), one new service (500 a day), 306 days."""
    twice = [r | {"sag_id": f"{r['sag_id']}{n}"} for r in several(5, paragraf="107") for n in "ab"]
    measure = f'move: number = 5; paragraph = "107"; to_paragraph = "85"; who = "cheapest"; price = 500.0; {MARCH}'  # noqa: E501
    assert only(tmp_path, twice, measure) == (-3_060_000, 765_000)


def test_the_average_is_assumed_altogether(tmp_path: Path) -> None:
    """Three of six, average 1,500: 3 · (1,000 − 1,500) · 306 = −459,000."""
    rows = [*several(3, paragraf="107"), *several(3, paragraf="107", pris=2000.0, name="D")]
    measure = f'move: number = 3; paragraph = "107"; to_paragraph = "85"; price = 1000.0; {MARCH}'
    assert only(tmp_path, rows, measure) == (0, -459_000)


def test_bought_places_are_taken_home(tmp_path: Path) -> None:
    """Five bought at 3,000 to 2,500: −3,000 · 5 · 365 and 2,500 · 5 · 365; our own stay."""
    bought = several(5, paragraf="107", pris=3000.0, name="K", leverandoertype="region")
    own = several(5, paragraf="107", pris=9000.0, name="E", leverandoertype="egen")
    measure = f'home: number = 5; paragraph = "107"; who = "dearest"; price = 2500.0; {JAN}'
    assert only(tmp_path, [*bought, *own], measure) == (-5_475_000, 4_562_500)


def test_inflow_comes_each_month_on_its_day(tmp_path: Path) -> None:
    """Two on 15 November (47 days left) and two on 15 December (17): 2 · 100 · 64 = 12,800."""
    measure = "inflow: number = 2; price = 100.0; from = 2026-11-15"
    assert only(tmp_path, SIX, measure.replace("= 2;", "= 2.0;")) == (0, 12_800)
    # 31 October (62 days left), 30 November (32), 31 December (1): half a citizen, 95 days
    measure = "inflow: number = 0.5; price = 100.0; from = 2026-10-31"
    assert only(tmp_path, SIX, measure) == (0, 4_750)


def test_outflow_at_the_average_price(tmp_path: Path) -> None:
    """One a month at 1,000 from 1 November: 61 + 31 days, −92,000; and half of that at 500."""
    measure = 'outflow: number = 1.0; paragraph = "107"; from = 2026-11-01'
    assert only(tmp_path, SIX, measure) == (0, -92_000)
    assert only(tmp_path, SIX, f"{measure}; price = 500.0") == (0, -46_000)
    found = worked(tmp_path, SIX, 'outflow: number = 9.0; paragraph = "107"; from = 2026-11-01')
    assert "Flere går ud" in found.measures[0].notes[0].da


def test_follow_up_saves_a_share_of_the_dearest(tmp_path: Path) -> None:
    """10 % of 5 · 2,000 · 365 = 365,000."""
    dear = several(5, paragraf="85", pris=2000.0, name="D")
    assert only(tmp_path, [*SIX, *dear], f"follow_up: number = 5; saved = 10.0; {JAN}") == (
        0,
        -365_000,
    )


def test_what_is_not_granted_yet_does_not_count(tmp_path: Path) -> None:
    """Five granted after the as-of date are not seen."""
    later = several(5, paragraf="107", name="S", bevilget_dato=date(2025, 10, 1))
    assert only(tmp_path, [*SIX, *later], f"price: percent = 10.0; {JAN}") == (219_000, 0)


def test_a_citizen_is_chosen_once_and_that_is_said(tmp_path: Path) -> None:
    """The dearest five move; the follow-up takes the other five: 10 % of 5 · 1,000 · 365."""
    rows = [*several(5, paragraf="107"), *several(5, paragraf="107", pris=2000.0, name="D")]
    found = worked(
        tmp_path,
        rows,
        f'move: number = 5; paragraph = "107"; to_paragraph = "85"; who = "dearest"; price = 2000.0; {JAN}',  # noqa: E501
        f"follow_up: number = 5; saved = 10.0; {JAN}",
    )
    assert of(found.measures[1]) == (0, -365_000)
    certain, assumed = of(found.together)
    assert certain + assumed == -182_500
    assert "tidligere tiltag" in found.measures[1].notes[0].da
    assert found.together.notes[0].da.startswith("En borger vælges kun af ét tiltag")


def test_measures_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Six move before the prices go up: there is nothing left to raise from March."""
    found = worked(
        tmp_path,
        SIX,
        f'move: number = 6; paragraph = "107"; to_paragraph = "85"; who = "dearest"; price = 0.0; {MARCH}',  # noqa: E501
        f"price: percent = 10.0; {JAN}",
    )
    assert [r.measure.kind for r in found.measures if r.measure] == ["move", "price"]
    # moved first: 6 · 1,000 · 306 is gone, 10 % is left of 6 · 1,000 · 59
    assert of(found.together) == (-1_836_000 + 35_400, 0)
    assert "også valgt" in found.measures[1].notes[0].da


# --- few citizens -------------------------------------------------------------------------------


def test_a_measure_on_few_is_left_out(tmp_path: Path) -> None:
    """Four citizens in § 85 are not priced, neither alone nor together."""
    few = several(4, paragraf="85", name="F")
    found = worked(
        tmp_path, [*SIX, *few], f'price: paragraph = "85"; percent = 10.0; {JAN}',
        f'price: paragraph = "107"; percent = 10.0; {JAN}',
    )  # fmt: skip
    assert found.measures[0].shown == "none"
    assert of(found.measures[0]) == (0, 0)
    assert of(found.together) == (219_000, 0)
    assert "få borgere" in found.together.notes[0].da


def test_months_and_years_with_few_are_not_shown(tmp_path: Path) -> None:
    """Six, of whom three end in January 2026: February would show the other three."""
    rows = [*several(3, paragraf="107"),
            *several(3, paragraf="107", name="K", slutdato=date(2026, 1, 31))]  # fmt: skip
    measure = "price: percent = 10.0; from = 2025-11-01"
    found = worked(tmp_path, rows, measure)
    assert (found.measures[0].shown, found.together.shown) == ("year", "year")
    earlier = [r | {"slutdato": date(2025, 12, 31)} if "K" in r["borger_id"] else r for r in rows]
    assert worked(tmp_path, earlier, measure).together.shown == "period"


# --- properties ---------------------------------------------------------------------------------


@steady
@given(st.sampled_from([
    "price: percent = 0.0", "price: kroner = 0.0", "follow_up: number = 5; saved = 0.0",
    "inflow: number = 2.0; price = 0.0", 'outflow: number = 2.0; paragraph = "107"; price = 0.0',
]), st.dates(date(2025, 10, 1), date(2026, 12, 31)))  # fmt: skip
def test_a_change_of_nothing_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, measure: str, start: date
) -> None:
    """Whenever it begins, no month moves."""
    found = worked(tmp_path_factory.mktemp("s"), SIX, f"{measure}; from = {start}")
    assert not any(found.together.effect.certain.values())
    assert not any(found.together.effect.assumed.values())


@steady
@given(
    st.integers(-50, 50), st.integers(0, 3000), st.integers(1, 100),
    st.dates(date(2025, 10, 1), date(2026, 12, 31)),
)  # fmt: skip
def test_measures_on_different_paragraphs_add_up(
    tmp_path_factory: pytest.TempPathFactory, percent: int, price: int, saved: int, start: date
) -> None:
    """To the last part of an øre, month by month."""
    rows = [
        *SIX,
        *several(7, paragraf="85", name="D", pris=777.77),
        *several(5, paragraf="108", name="E", enhed="måned", pris=31_000.0),
    ]
    when = f"from = {start}"
    measures = (
        f'price: paragraph = "108"; percent = {float(percent)}; {when}',
        f'move: number = 5; paragraph = "107"; to_paragraph = "104"; who = "dearest"; price = {float(price)}; {when}',  # noqa: E501
        f'follow_up: paragraph = "85"; number = 6; saved = {float(saved)}; {when}',
    )
    found = worked(tmp_path_factory.mktemp("s"), rows, *measures)
    for part in ("certain", "assumed"):
        sums: dict[int, Fraction] = {}
        for r in found.measures:
            for n, x in getattr(r.effect, part).items():
                sums[n] = sums.get(n, Fraction(0)) + x
        whole = getattr(found.together.effect, part)
        assert {n: x for n, x in sums.items() if x} == {n: x for n, x in whole.items() if x}


# --- bad files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[price]]\npercnt = 1.0\nfrom = 2026-01-01\n", 2, "percent"),
        ("[[price]]\npercent = 1.0\nfrom = 2025-09-30\n", 3, "30.9.2025"),
        ("[[price]]\npercent = 1.0\nfrom = 2027-01-01\n", 3, "31.12.2026"),
        ('[[price]]\npercent = 1.0\nparagraph = "108"\nfrom = 2026-01-01\n', 3, "«108»"),
        ("[[price]]\nfrom = 2026-01-01\n", 1, "enten percent eller kroner"),
        ("[[price]]\npercent = 1.0\nkroner = 1.0\nfrom = 2026-01-01\n", 2, "ikke begge"),
        ("[[follow_up]]\nnumber = 4\nsaved = 1.0\nfrom = 2026-01-01\n", 2, "mindst 5"),
        ("[[follow_up]]\nnumber = 9\nsaved = 101.0\nfrom = 2026-01-01\n", 3, "saved"),
        ('[[inflow]]\nnumber = 1.0\nprice = "dyr"\nfrom = 2026-01-01\n', 3, "et tal"),
        ("[[inflow]]\nnumber = 1.0\nprice = 1.0\n", 1, "mangler"),
        ("[[rabat]]\npercent = 1.0\n", 1, "rabat"),
        ("[[price]\n", 1, "ikke TOML"),
    ],
)
def test_what_a_file_cannot_say_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    """Each with the file's name and the line."""
    file = tmp_path / "tiltag.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as raised:
        scenario_for(tables(SIX), file)
    message = raised.value.message("da")
    assert f"tiltag.toml:{line}:" in message
    assert said in message


def test_a_file_without_measures_and_a_workbook_without_cases_are_refused(tmp_path: Path) -> None:
    """And a file that is not there."""
    file = tmp_path / "tiltag.toml"
    with pytest.raises(InputError, match="cannot be read"):
        scenario_for(tables(SIX), file)
    file.write_text('title = "tom"\n', "utf-8")
    with pytest.raises(InputError, match="no measures"):
        scenario_for(tables(SIX), file)
    with pytest.raises(InputError, match="no cases"):
        scenario_for(tables([]), file)
    file.write_bytes(b"\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        scenario_for(tables(SIX), file)


# --- the workbooks, in plain loops --------------------------------------------------------------


@pytest.mark.parametrize("name", SHARED)
def test_a_price_change_is_its_share_of_the_granted_cost_day_by_day(
    name: str, tmp_path: Path
) -> None:
    """3 % of § 108 in 2026."""
    path = oracle.workbook(name)
    cases = prepare(read_workbook(path, load_spec()).tables, load_facts())
    file = tmp_path / "tiltag.toml"
    file.write_text(f'[[price]]\nparagraph = "108"\npercent = 3.0\n{JAN}\n', "utf-8")
    found = run(cases, scenario_for(cases, file))
    as_of = oracle.load_as_of(path)
    rows = [
        r
        for r in oracle.load_cases(path)
        if r.paragraf == "108" and (r.bevilget_dato is None or r.bevilget_dato <= as_of)
    ]
    expected = oracle.cost_of_rows(rows, date(2026, 1, 1), date(2026, 12, 31)) * 3 / 100
    assert expected > 0
    assert of(found.together)[0] == pytest.approx(float(expected), abs=0.01)
    assert as_of + timedelta(days=1) == date(2025, 10, 1)
    base = sum((x for n, x in found.base.items() if n // 12 == 2025), Fraction(0))
    every = [
        r for r in oracle.load_cases(path) if r.bevilget_dato is None or r.bevilget_dato <= as_of
    ]
    rest = oracle.cost_of_rows(every, date(2025, 10, 1), date(2025, 12, 31))
    assert float(base) == pytest.approx(float(rest), abs=0.01)


# --- as a user runs it --------------------------------------------------------------------------


def example(folder: Path) -> Path:
    """Return the example of the docs as a file."""
    page = (desk("examples").parent / "docs" / "scenarios.md").read_text("utf-8")
    found = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    file = folder / "tiltag.toml"
    file.write_text(found[1], "utf-8")
    return file


def test_the_example_of_the_docs_as_text_and_as_data(tmp_path: Path) -> None:
    """Six measures in order, amounts that add up, the same on every run."""
    file = example(tmp_path)
    ran = styring_in_process("scenario", SYDDJURS, file, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert [x[:3] for x in ran.lines if re.match(r"\d\. ", x)] == [f"{n}. " for n in range(1, 7)]
    assert "Alle tiltag i rækkefølge" in ran.out
    assert re.search(r"^Bevilget nu: 2025 [\d.]+ kr\., 2026 [\d.]+ kr\.$", ran.out, re.MULTILINE)
    assert ran.out == styring_in_process("scenario", SYDDJURS, file, cwd=tmp_path).out
    told = styring_in_process("scenario", SYDDJURS, file, "--format", "json", cwd=tmp_path)
    data = json.loads(told.out)
    assert data["schema"] == "styring.scenario/1"
    assert [m["kind"] for m in data["measures"]] == [
        "price", "move", "home", "inflow", "outflow", "follow_up",
    ]  # fmt: skip
    assert data["months"][0] == "2025-10"
    assert data["months"][-1] == "2026-12"
    whole = data["together"]
    for period in whole["periods"]:
        months = [m.startswith(period["period"]) for m in data["months"]]
        for part in ("certain", "assumed"):
            of_year = [x for x, mine in zip(whole[part], months, strict=True) if mine]
            assert sum(of_year) == pytest.approx(period[part], abs=0.1)
    ids = {str(x) for x in read_workbook(SYDDJURS, load_spec()).tables.frames["sager"]["borger_id"]}
    assert not any(re.search(rf"\b{re.escape(i)}\b", ran.out + told.out) for i in sorted(ids)[:200])


def test_the_example_in_english_and_a_format_that_is_not_there(tmp_path: Path) -> None:
    """The words change, the amounts do not."""
    file = example(tmp_path)
    ran = styring_in_process("scenario", SYDDJURS, file, "--lang", "en", cwd=tmp_path)
    assert "All measures in order" in ran.out
    assert "Ukendt" not in ran.out
    wrong = styring_in_process("scenario", SYDDJURS, file, "--format", "xml", cwd=tmp_path)
    assert wrong.code == 2
    assert "xml" in one_message(wrong)
