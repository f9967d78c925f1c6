from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import median

import pytest

import oracle
from rows import costs, shipped
from styring import cases, ledger
from styring.definitions import desk
from styring.interplay import reconciliation
from styring.peers import to_bytes, to_frame
from styring.pipeline import Choices, Measured, measure_workbook, peer_rows, review
from styring.review import ActivityLine, IndicatorPart, Review

WORKBOOKS = (
    "syddjurs.xlsx",
    "ikast-brande.xlsx",
    "norddjurs-udtraek.xlsx",
    "favrskov-udtraek.xlsx",
)
SYDDJURS = "syddjurs.xlsx"
RESIDENTIAL = ("107", "108", "ABL-105")
MILLION = 1_000_000
FIRST_SMALL, LAST_SMALL = 1, 4

each_workbook = pytest.mark.parametrize("name", WORKBOOKS)
finished = pytest.mark.parametrize("year", [2021, 2022, 2023, 2024])


@cache
def measured(name: str) -> Measured:
    """Return a shared workbook measured."""
    return measure_workbook(oracle.workbook(name), shipped())


@cache
def reviewed(name: str, *, peers: bool = False) -> Review:
    """Return the review of a shared workbook, with or without the example municipalities."""
    others = desk("examples") / "peers.csv" if peers else None
    return review(oracle.workbook(name), Choices(peers=others), shipped())


def near(value: float | Fraction | Decimal | None) -> object:
    """Return what equals a figure to a billionth of it."""
    assert value is not None
    return pytest.approx(float(value), rel=1e-9, abs=0)


def found(review_: Review, indicator: str) -> IndicatorPart:
    """Return an indicator of a review."""
    part = review_.indicator(indicator)
    assert part is not None
    return part


def figure(name: str, indicator: str, year: int) -> float | None:
    """Return an indicator's figure of a year, small numbers withheld."""
    return next(f.value for f in measured(name).figures.series[indicator] if f.year == year)


def is_small(count: int) -> bool:
    """Return whether a count of citizens is too small to publish."""
    return FIRST_SMALL <= count <= LAST_SMALL


# --- The oracle, each answer worked out once ----------------------------------------------------


@cache
def case_cost(path: Path) -> dict[tuple[int, str], Fraction]:
    """Return the oracle's case cost of each year and paragraph."""
    return oracle.case_cost(path)


@cache
def person_years(path: Path) -> dict[tuple[int, str], Fraction]:
    """Return the oracle's person-years of each year and paragraph."""
    return oracle.helaarspersoner(path)


@cache
def citizens(path: Path) -> dict[tuple[int, str], int]:
    """Return the oracle's citizens of each year and paragraph."""
    return oracle.citizens(path)


@cache
def cost_by_citizen(path: Path, year: int) -> list[Fraction]:
    """Return the oracle's cost of each citizen in a year."""
    rows, period = oracle.load_cases(path), oracle.period_of(path, year)
    return list(oracle.cost_by_citizen(rows, *period).values())


@cache
def flows(path: Path, year: int, paragraph: str | None) -> tuple[int, int]:
    """Return the oracle's new and ended cases of a year, under a paragraph or in all."""
    rows = [r for r in oracle.load_cases(path) if paragraph in (None, r.paragraf)]
    period = oracle.period_of(path, year)
    return oracle.new_cases(rows, *period), oracle.ended_cases(rows, *period)


# --- Reading ------------------------------------------------------------------------------------


@each_workbook
def test_every_row_of_ledger_and_cases_is_taken_once(name: str) -> None:
    """Accepted and repeated rows are the oracle's, and none is rejected."""
    path = oracle.workbook(name)
    sheets = {s.taken_as: s for s in reviewed(name).sheets}
    assert sheets["Økonomi"].accepted == oracle.ledger_rows(path)
    assert sheets["Sager"].accepted == oracle.case_rows(path)
    assert sheets["Sager"].duplicates == oracle.duplicate_rows(path)
    assert sheets["Økonomi"].rejected == sheets["Sager"].rejected == 0


# --- The ledger ---------------------------------------------------------------------------------


def kroner(name: str, *keys: str, derived: bool = False) -> dict[tuple[object, ...], Decimal]:
    """Return the ledger's kroner to the øre by some columns; derived rows only where asked for."""
    frame = measured(name).ready.tables.frames["oekonomi"]
    sums: dict[tuple[object, ...], int] = {}
    for *key, made, amount in frame.select(*keys, "udledt", "beloeb_exact").iter_rows():
        if derived or not made:
            sums[tuple(key)] = sums.get(tuple(key), 0) + amount
    return {k: Decimal(v) / ledger.AMOUNT_SCALE for k, v in sums.items()}


@each_workbook
def test_the_ledger_of_each_year_and_version_is_exact_to_the_ore(name: str) -> None:
    """Whole øre added up are the decimals the cells show, thousands and all."""
    assert kroner(name, "aar", "version") == oracle.ledger_kroner(oracle.workbook(name))


@each_workbook
def test_the_ledger_of_each_function_is_exact_to_the_ore(name: str) -> None:
    """No row has moved to another function."""
    assert kroner(name, "aar", "version", "funktion") == oracle.ledger_by_function(
        oracle.workbook(name)
    )


@each_workbook
def test_the_corrected_budget_is_its_own_rows_or_the_sum_of_its_parts(name: str) -> None:
    """Derived per year where a year has no such rows, else as it stands."""
    budgets = kroner(name, "aar", "version", derived=True)
    corrected = {y: v for (y, version), v in budgets.items() if version == oracle.CORRECTED}
    assert corrected == oracle.corrected_budget(oracle.workbook(name))


@each_workbook
def test_the_years_of_the_review_show_the_ledger(name: str) -> None:
    """Accounts, budgets, refund and the latest forecast of each year."""
    path = oracle.workbook(name)
    amounts, corrected = oracle.ledger_kroner(path), oracle.corrected_budget(path)
    refund, forecasts = oracle.refund_net(path), oracle.forecasts(path)
    years = reviewed(name).economy
    assert [y.year for y in years] == [2021, 2022, 2023, 2024, 2025]
    for y in years:
        last = max(day for year, day in forecasts if year == y.year)
        assert y.accounts == near(amounts[y.year, oracle.ACCOUNTS])
        assert y.original == near(amounts[y.year, oracle.ORIGINAL])
        assert y.corrected == near(corrected[y.year])
        assert y.refund == near(refund[y.year])
        assert y.forecast == near(forecasts[y.year, last])


@each_workbook
@finished
def test_deviation_is_accounts_less_budget_over_budget(name: str, year: int) -> None:
    """Positive is overspend, against both budgets."""
    path = oracle.workbook(name)
    booked = oracle.ledger_kroner(path)[year, oracle.ACCOUNTS]
    for indicator, budget in (
        ("budgetafvigelse-oprindelig", oracle.ledger_kroner(path)[year, oracle.ORIGINAL]),
        ("budgetafvigelse-korrigeret", oracle.corrected_budget(path)[year]),
    ):
        assert figure(name, indicator, year) == near((booked - budget) / budget)


@each_workbook
@finished
def test_the_forecast_error_is_the_mean_of_the_follow_ups_absolute_errors(
    name: str, year: int
) -> None:
    """(forecast − accounts) / accounts of each follow-up, with the bias beside it."""
    path = oracle.workbook(name)
    booked = oracle.ledger_kroner(path)[year, oracle.ACCOUNTS]
    errors = [(v - booked) / booked for (y, _), v in oracle.forecasts(path).items() if y == year]
    assert figure(name, "prognosefejl", year) == near(sum(map(abs, errors)) / len(errors))
    assert figure(name, "prognoseskaevhed", year) == near(sum(errors) / len(errors))


@each_workbook
def test_an_unfinished_year_has_no_deviation(name: str) -> None:
    """It has a forecast."""
    last = reviewed(name).economy[-1]
    assert last.partial
    assert (last.deviation_original, last.deviation_corrected) == (None, None)
    assert figure(name, "budgetafvigelse-oprindelig", 2025) is None


# --- The cases ----------------------------------------------------------------------------------


@each_workbook
def test_case_cost_of_each_year_and_paragraph_is_the_oracles(name: str) -> None:
    """To the as-of date in the current year."""
    cost = costs(measured(name).ready.placed("sager", "year"), "aar", "paragraf")
    wanted = case_cost(oracle.workbook(name))
    assert {k: float(v) for k, v in cost.items()} == {k: near(v) for k, v in wanted.items()}


@each_workbook
def test_person_years_of_each_year_and_paragraph_are_the_oracles(name: str) -> None:
    """Person-days over the days of the calendar year, a citizen once a day and paragraph."""
    frame = measured(name).ready.placed("sager", "year").lazy()
    days: dict[tuple[int, str], int] = {}
    for year, paragraph, n in (
        cases.person_days(frame)
        .select("aar", "paragraf", "persondage")
        .collect(engine="in-memory")
        .iter_rows()
    ):
        days[year, paragraph] = days.get((year, paragraph), 0) + n
    wanted = person_years(oracle.workbook(name))
    assert {(y, p): Fraction(n, oracle.days_in_year(y)) for (y, p), n in days.items()} == wanted


def activity(name: str) -> dict[tuple[int, str | None], ActivityLine]:
    """Return the activity table by year and paragraph."""
    return {(a.year, a.paragraph): a for a in reviewed(name).activity}


@each_workbook
def test_what_the_activity_table_shows_is_the_oracles(name: str) -> None:
    """Cost, full-year persons, citizens, price, inflow and outflow, where they are shown."""
    path = oracle.workbook(name)
    cost, persons = case_cost(path), person_years(path)
    people = citizens(path)
    lines = activity(name)
    assert {k for k in lines if k[1]} == set(cost)
    for (year, paragraph), line in lines.items():
        if paragraph is None or line.withheld:
            continue
        key = (year, paragraph)
        assert line.citizens == people[key]
        assert line.person_years == near(persons[key])
        assert line.cost == near(cost[key])
        assert line.price == near(cost[key] / persons[key])
        wanted = flows(path, year, paragraph)
        assert line.inflow in (None, wanted[0])
        assert line.outflow in (None, wanted[1])


@each_workbook
def test_the_totals_of_the_activity_table_count_each_citizen_once(name: str) -> None:
    """Citizens once whatever the paragraph; cost, full-year persons and flows add."""
    path = oracle.workbook(name)
    cost, persons = case_cost(path), person_years(path)
    for year, people in oracle.citizens_total(path).items():
        line = activity(name)[year, None]
        assert line.citizens == people
        assert line.cost == near(sum(v for (y, _), v in cost.items() if y == year))
        assert line.person_years == near(sum(v for (y, _), v in persons.items() if y == year))
        assert line.inflow == oracle.inflow(path)[year]
        assert line.outflow == oracle.outflow(path)[year]


@each_workbook
def test_exactly_the_small_paragraphs_are_withheld(name: str) -> None:
    """1–4 citizens are withheld; one more only where the total would give a small one away."""
    path = oracle.workbook(name)
    lines = activity(name)
    for year in oracle.periods_shown(path):
        counts = {p: n for (y, p), n in citizens(path).items() if y == year}
        small = {p for p, n in counts.items() if is_small(n)}
        gone = {p for p in counts if lines[year, p].withheld}
        alone = len(small) == 1 or is_small(sum(counts[p] for p in small))
        more = min((p for p in counts if p not in small), key=lambda p: counts[p])
        assert small <= gone
        assert {counts[p] for p in gone - small} == ({counts[more]} if alone else set())


@each_workbook
def test_exactly_the_small_flows_of_shown_paragraphs_are_withheld(name: str) -> None:
    """1–4 new or ended cases are withheld, 0 and 5 are shown, and one more where needed."""
    path = oracle.workbook(name)
    for year in oracle.periods_shown(path):
        shown = {p: a for (y, p), a in activity(name).items() if y == year and p and not a.withheld}
        for side, column in enumerate(("inflow", "outflow")):
            counts = {p: flows(path, year, p)[side] for p in shown}
            gone = {p for p, a in shown.items() if getattr(a, column) is None}
            assert {p for p, n in counts.items() if is_small(n)} <= gone
            assert len([p for p in gone if not is_small(counts[p])]) <= 1
            assert 0 not in {counts[p] for p in gone}


@each_workbook
def test_the_outlook_is_the_oracles(name: str) -> None:
    """Booked, case cost to date, disponeret, and expected from the cases."""
    path = oracle.workbook(name)
    outlook = reviewed(name).outlook
    assert outlook is not None
    assert outlook.booked == near(oracle.booked_to_date(path))
    assert outlook.case_cost_to_date == near(oracle.case_cost_to_date(path))
    assert outlook.committed == near(oracle.disponeret(path))
    assert outlook.expected == near(oracle.expected_from_cases(path))
    corrected = oracle.corrected_budget(path)[2025]
    over = (oracle.expected_from_cases(path) - Fraction(corrected)) / Fraction(corrected)
    assert figure(name, "forventet-ud-fra-sager", 2025) == near(over)


@each_workbook
def test_follow_up_is_the_oracles(name: str) -> None:
    """Cases followed up within 12 months, of those that should be, without §§ 109 and 110."""
    part = found(reviewed(name), "opfoelgning-rettidig")
    assert (part.numerator, part.denominator) == oracle.follow_up(oracle.workbook(name))


@each_workbook
@finished
def test_the_median_case_time_is_the_oracles(name: str, year: int) -> None:
    """Days from first application to first grant, by year of grant."""
    wanted = oracle.median_case_time(oracle.workbook(name), year)
    assert figure(name, "sagsbehandlingstid", year) == near(wanted)


@each_workbook
@finished
def test_dear_citizens_are_the_oracles(name: str, year: int) -> None:
    """Strictly above a million; and the cost of those above two million over all cost."""
    path = oracle.workbook(name)
    of_year = next(f for f in measured(name).figures.series["dyre-sager-1m"] if f.year == year)
    assert of_year.numerator == sum(c > MILLION for c in cost_by_citizen(path, year))
    above = [c for c in cost_by_citizen(path, year) if c > 2 * MILLION]
    share = figure(name, "dyre-sager-2m", year)
    if is_small(len(above)):
        assert share is None
    else:
        assert share == near(sum(above) / sum(cost_by_citizen(path, year)))


@each_workbook
@finished
@pytest.mark.parametrize("paragraph", ["85", "103", "104", "107", "108"])
def test_the_average_granted_price_is_the_oracles(name: str, year: int, paragraph: str) -> None:
    """Case cost over full-year persons."""
    path = oracle.workbook(name)
    wanted = case_cost(path)[year, paragraph] / person_years(path)[year, paragraph]
    assert figure(name, f"bevilget-pris-{paragraph}", year) == near(wanted)


@each_workbook
@finished
def test_net_inflow_and_mix_are_the_oracles(name: str, year: int) -> None:
    """(new − ended) / begun before the year; citizens supported outside residential places."""
    path = oracle.workbook(name)
    rows, period = oracle.load_cases(path), oracle.period_of(path, year)
    begun = {
        case: periods
        for case, periods in oracle.by_case(rows).items()
        if min(r.startdato for r in periods) < period[0]
        and any(oracle.running_days(r, *period) for r in periods)
    }
    new, ended = flows(path, year, None)
    assert figure(name, "nettotilgang", year) == near(Fraction(new - ended, len(begun)))
    active = [r for r in oracle.without_self_referral(rows) if r.paragraf != "101"]
    people = oracle.citizens_counted_once(active, *period)
    placed = [r for r in rows if r.paragraf in RESIDENTIAL]
    residential = oracle.citizens_counted_once(placed, *period)
    outside = Fraction(people - residential, people)
    assert figure(name, "mix-uden-for-botilbud", year) == near(outside)


@each_workbook
def test_cases_are_set_against_the_ledger_function_by_function(name: str) -> None:
    """Case cost to date per function, and the ledger before refund beside it."""
    path = oracle.workbook(name)
    lines = {r.function: r for r in reconciliation(measured(name).ready) if r.year == 2025}
    wanted = oracle.cost_per_function_to_date(path)
    cost = {f or oracle.NOT_PLACED: r.cases for f, r in lines.items() if r.cases is not None}
    assert cost == {f: near(v) for f, v in wanted.items() if f in cost}
    people: dict[str, set[str]] = {f: set() for f in wanted}
    for row in oracle.load_cases(path):
        if oracle.running_days(row, *oracle.to_date(path)):
            people[row.funktion or oracle.NOT_PLACED].add(row.borger_id)
    hidden = {f or oracle.NOT_PLACED for f, r in lines.items() if r.withheld}
    assert {f for f, ids in people.items() if is_small(len(ids))} <= hidden
    assert set(wanted) == set(cost) | (hidden & set(wanted))
    assert len(cost) > len(hidden)
    booked: dict[str, Decimal] = {}
    for r in oracle.load_ledger(path):
        if r.aar == 2025 and r.version == oracle.ACCOUNTS and r.art != oracle.REFUND_ART:
            booked[r.funktion] = booked.get(r.funktion, Decimal(0)) + r.kroner
    shown = {f: r.ledger for f, r in lines.items() if r.ledger is not None}
    assert shown == {f: near(v) for f, v in booked.items()}


# --- The example of the tone --------------------------------------------------------------------


def front(review_: Review, key: str) -> str:
    """Return a line of the front page in Danish."""
    return next(line.text.da for line in review_.front if line.key == key)


def test_syddjurs_stands_as_the_example_says() -> None:
    """2024, 2023 and the outlook of 2025 as worked out by hand in the example of the tone."""
    r = reviewed(SYDDJURS, peers=True)
    years = {y.year: y for y in r.economy}
    shares = {
        y: (round(e.deviation_corrected_share * 100, 1), round(e.deviation_original_share * 100, 1))
        for y, e in years.items()
        if e.deviation_corrected_share is not None and e.deviation_original_share is not None
    }
    amounts = {
        y: (round(e.deviation_corrected / MILLION, 1), round(e.deviation_original / MILLION, 1))
        for y, e in years.items()
        if e.deviation_corrected is not None and e.deviation_original is not None
    }
    assert (amounts[2024], shares[2024]) == ((10.7, 15.2), (4.2, 6.1))
    assert (amounts[2023], shares[2023]) == ((16.7, 22.0), (7.5, 10.1))
    assert r.outlook is not None
    assert r.outlook.forecast_gap is not None
    assert r.outlook.expected_gap is not None
    assert round(r.outlook.forecast_gap / MILLION, 1) == 0.9
    assert round(r.outlook.expected_gap / MILLION, 1) == 8.9
    said = front(r, "status")
    for figure_ in ("10,7 mio. kr. (4,2 pct.)", "15,2 mio. kr. (6,1 pct.)", "7,5 pct.", "10,1 pct.",
                    "+0,9 mio. kr.", "+8,9 mio. kr."):  # fmt: skip
        assert figure_ in said


def test_syddjurs_costs_what_the_example_says() -> None:
    """§ 108 costs 1,769,000 kr. a full-year person, 7.5 % above 2023."""
    r = reviewed(SYDDJURS, peers=True)
    part = found(r, "bevilget-pris-108")
    before = {p.period: p.value for p in part.series}["2023"]
    assert part.value is not None
    assert before is not None
    assert round(part.value, -3) == 1_769_000
    assert round((part.value / before - 1) * 100, 1) == 7.5
    said = front(r, "cost")
    assert "1.769.000 kr. pr. helårsperson (bevilget, før refusion). Det er +7,5 pct." in said


def test_syddjurs_decides_87_per_cent_above_the_case_worker() -> None:
    """Leader, head or panel decided 87 % of the full-year cost of the grants of 2024."""
    own = found(reviewed(SYDDJURS), "beslutning-egenkompetence")
    assert own.value is not None
    assert own.year == 2024
    assert round((1 - own.value) * 100) == 87


def test_syddjurs_has_followed_up_243_of_468_cases() -> None:
    """The example counts §§ 109–110 too (246 of 471); the exact reading leaves them out."""
    r = reviewed(SYDDJURS, peers=True)
    part = found(r, "opfoelgning-rettidig")
    assert (part.numerator, part.denominator) == (243, 468)
    assert "243 af 468" in front(r, "first")
    path = oracle.workbook(SYDDJURS)
    shelters = [r for r in oracle.load_cases(path) if r.paragraf in oracle.SELF_REFERRAL]
    as_others = [oracle.CaseRow(**{**vars(r), "paragraf": "85"}) for r in shelters]
    # 3 of 3 cases on §§ 109–110 are the difference between the two counts
    assert oracle.followed_up(as_others, oracle.load_as_of(path)) == (3, 3)


def test_syddjurs_has_47_of_79_residential_cases_without_timely_follow_up() -> None:
    """On §§ 107–108, worth 67 million a year; 41 % are followed up."""
    groups = {g.group: g for g in reviewed(SYDDJURS).groups("opfoelgning-rettidig")}
    parts = [groups["107"], groups["108"]]
    followed = sum(g.numerator or 0 for g in parts)
    every = sum(g.denominator or 0 for g in parts)
    assert (every - followed, every, round(followed / every * 100)) == (47, 79, 41)
    table = measured(SYDDJURS).ready.case_table
    late = [
        r["aarspris_nu"]
        for r in table.iter_rows(named=True)
        if r["paragraf"] in ("107", "108")
        and r["loebende"]
        and (
            r["foerste_start"] <= r["opfoelgning_fra"]
            if r["sidste_opfoelgning"] is None
            else r["sidste_opfoelgning"] < r["opfoelgning_fra"]
        )
    ]
    assert len(late) == 47
    assert round(sum(late) / MILLION) == 67


def test_syddjurs_has_three_actions_past_their_deadline() -> None:
    """By the municipality's own estimate worth 9.3 million."""
    r = reviewed(SYDDJURS)
    late = [a for a in r.earlier_actions if a.overdue]
    assert len(late) == 3
    assert round(sum(a.expected_kr or 0 for a in late) / MILLION, 1) == 9.3
    assert "Tre besluttede indsatser" in front(r, "first")
    assert "9,3 mio. kr." in front(r, "first")


def test_syddjurs_answers_three_statements_more_than_two_steps_apart() -> None:
    """Leaders' economy, the panel's way of working, price and professional choice."""
    wide = [g for g in reviewed(SYDDJURS).interplay.statement_gaps if g.gap > 2]
    assert {g.id for g in wide} == {
        "leder-oekonomi", "visitation-arbejdsgang", "pris-kendt-ved-valg",
    }  # fmt: skip
    assert all(max(g.means, key=lambda c: g.means[c]) == "strategisk-politisk" for g in wide)
    assert all(min(g.means, key=lambda c: g.means[c]) == "socialfaglig" for g in wide)


def test_syddjurs_moved_5_75_million_in_november_2024() -> None:
    """From § 107 to § 108 in the accounts; the cases did not move."""
    assert "I november 2024 flyttede regnskabet 5,8 mio. kr. fra § 107 til § 108" in front(
        reviewed(SYDDJURS), "unknown"
    )


def test_syddjurs_may_call_ikast_brande(tmp_path: Path) -> None:
    """Among the other shared workbooks Ikast-Brande follows up 91 % of all its cases in time."""
    peers = tmp_path / "peers.csv"
    rows = [r for name in WORKBOOKS for r in peer_rows(oracle.workbook(name), shipped())]
    peers.write_bytes(to_bytes(to_frame(rows), peers))
    part = found(
        review(oracle.workbook(SYDDJURS), Choices(peers=peers), shipped()), "opfoelgning-rettidig"
    )
    assert part.peers is not None
    assert part.peers.n == 3
    assert part.peers.median == median(
        followed / every
        for followed, every in (oracle.follow_up(oracle.workbook(n)) for n in WORKBOOKS[1:])
    )
    assert part.call[0].name == "Ikast-Brande"
    assert round(part.call[0].value * 100) == 91


# --- End to end ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What a shared workbook is known by."""

    code: str
    name: str


KNOWN: Mapping[str, Facts] = {
    "syddjurs.xlsx": Facts("706", "Syddjurs"),
    "ikast-brande.xlsx": Facts("756", "Ikast-Brande"),
    "norddjurs-udtraek.xlsx": Facts("707", "Norddjurs"),
    "favrskov-udtraek.xlsx": Facts("710", "Favrskov"),
}


@each_workbook
@pytest.mark.parametrize("peers", [False, True])
def test_a_shared_workbook_is_reviewed_end_to_end(name: str, *, peers: bool) -> None:
    """Every figure is a number or has a reason, every sentence is finished in both languages."""
    r = reviewed(name, peers=peers)
    assert (r.municipality.code, r.municipality.name) == (KNOWN[name].code, KNOWN[name].name)
    assert (r.as_of, r.year, r.accounting_year) == (date(2025, 9, 30), 2024, 2025)
    assert not r.partial
    assert r.mark is not None
    assert [line.key for line in r.front] == ["status", "cost", "strength", "first", "unknown"]
    assert all((i.value is None) == (i.absence is not None) for i in r.indicators)
    texts = [line.text for line in r.front] + [f.observation for f in r.findings]
    texts += [a.title for a in r.actions] + [n.message for n in r.data_notes]
    assert all(t.da and t.en and "{" not in t.da + t.en for t in texts)
    assert bool(r.peer_names) == peers
    assert r.municipality.name not in r.peer_names


@each_workbook
def test_every_centre_has_points_within_its_interval(name: str) -> None:
    """All four are covered by at least half of their weight."""
    for centre in reviewed(name, peers=True).centres:
        assert centre.score is not None
        assert centre.low is not None
        assert centre.high is not None
        assert 0 <= centre.low <= centre.high <= 100
        assert centre.coverage >= 0.5


@each_workbook
def test_a_review_made_twice_is_the_same(name: str) -> None:
    """Same input, version and seed give the same review, byte for byte."""
    again = review(oracle.workbook(name), Choices(), shipped())
    assert again.model_dump_json() == reviewed(name).model_dump_json()


@pytest.mark.parametrize(
    "as_of", [date(2021, 1, 10), date(2023, 6, 15), date(2024, 2, 29), date(2025, 1, 15)]
)
def test_syddjurs_can_be_reviewed_as_of_an_earlier_date(as_of: date) -> None:
    """Also in a month that has not ended, before any has, and on a leap day."""
    r = review(oracle.workbook(SYDDJURS), Choices(as_of=as_of), shipped())
    assert (r.as_of, r.year, r.accounting_year) == (as_of, as_of.year - 1, as_of.year)
    last = r.economy[-1]
    path = oracle.workbook(SYDDJURS)
    ended = [
        row.kroner
        for row in oracle.load_ledger(path)
        if row.aar == as_of.year
        and row.version == oracle.ACCOUNTS
        and row.maaned is not None
        and row.maaned < as_of.month + (as_of == date(2024, 2, 29))
    ]
    if ended:
        assert last.accounts == near(sum(ended))
    else:
        assert last.accounts is None
    part = found(r, "opfoelgning-rettidig")
    assert (part.numerator, part.denominator) == oracle.followed_up(oracle.load_cases(path), as_of)
