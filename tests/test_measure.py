from __future__ import annotations

from datetime import date

import pytest

from rows import (
    AS_OF,
    Row,
    amount,
    answers,
    case,
    indicator,
    inhabitants,
    measured,
    ready,
    several,
    shipped,
)
from styring.definitions import definition_files, desk
from styring.measure import measure_all, measure_one
from styring.model import Absence, Indicator
from styring.prepare import Prepared
from styring.stats.interval import byar, mean, wilson

INDICATORS = desk("indicators")
FILES = [f.relative_to(INDICATORS).as_posix() for f in definition_files(INDICATORS)]
BOOKED: Row = {
    "from": "oekonomi", "sum": "beloeb", "where": "version = 'regnskab'", "period": "whole_year",
}  # fmt: skip
BUDGET: Row = {**BOOKED, "where": "version = 'oprindeligt budget'"}
FORECAST: Row = {**BOOKED, "where": "version = 'forventet regnskab'"}
COST: Row = {"from": "sager", "sum": "udgift"}
YEARS: Row = {"from": "sager", "aggregate": "person_years"}
COUNT: Row = {"from": "cases", "aggregate": "count"}
PEOPLE: Row = {"from": "befolkning", "sum": "antal", "age": (18, 64)}


def yearly(**kroner: float) -> list[Row]:
    """Return a row of accounts per year, written `y2021=100.0`."""
    return [amount(x, aar=int(y[1:])) for y, x in kroner.items()]


# --- Forms --------------------------------------------------------------------------------------


def test_an_amount_is_the_numerator() -> None:
    """100 and 20 kr. are 120 kr., a thousand times as øre would be."""
    tables = ready(oekonomi=[amount(100.0), amount(20.0)])
    assert measured(indicator(BOOKED), tables).value == 120
    assert measured(indicator(BOOKED, multiplier=1000), tables).value == 120_000


def test_a_ratio_is_numerator_over_denominator() -> None:
    """110 booked of 100 budgeted is 1.1, and both sides are kept."""
    found = measured(
        indicator(BOOKED, BUDGET),
        ready(oekonomi=[amount(110.0), amount(100.0, "oprindeligt budget")]),
    )
    assert (found.value, found.numerator, found.denominator) == (1.1, 110, 100)


def test_a_relative_figure_is_the_difference_over_the_denominator() -> None:
    """110 of 100 is 0.1."""
    tables = ready(oekonomi=[amount(110.0), amount(100.0, "oprindeligt budget")])
    assert measured(indicator(BOOKED, BUDGET, form="relative"), tables).value == 0.1


def growth(lag: int = 2, **changes: object) -> Indicator:
    """Return the yearly growth of the accounts over some years."""
    return indicator(BOOKED, {**BOOKED, "lag": lag}, form="growth", **changes)


def test_growth_is_the_yearly_mean_over_the_lag() -> None:
    """100 to 121 over two years is 10 % a year."""
    tables = ready(years=(2022, 2023, 2024), oekonomi=yearly(y2022=100.0, y2023=1.0, y2024=121.0))
    assert measured(growth(), tables).value == pytest.approx(0.1)


def test_growth_from_below_zero_is_no_figure() -> None:
    """There is no root of a negative ratio."""
    tables = ready(years=(2022, 2023, 2024), oekonomi=yearly(y2022=-100.0, y2024=121.0))
    assert measured(growth(), tables).absence == "zero_denominator"


@pytest.mark.parametrize(
    ("year", "lag", "absence"),
    [(2018, 1, "series_break"), (2020, 3, "series_break"), (2017, 2, None), (2021, 3, None)],
)
def test_growth_over_a_changed_chart_of_accounts_is_broken(
    year: int, lag: int, absence: Absence | None
) -> None:
    """The chart changed with 2018: no growth from 2017 or before to 2018 or after."""
    rows = [amount(100.0 + y, aar=y) for y in range(2014, 2022)]
    tables = ready(date(2021, 12, 31), range(2014, 2022), oekonomi=rows)
    assert measured(growth(lag), tables, year=year).absence == absence


# --- Lag, deflate, age, scale, minus, common, current only --------------------------------------


def test_a_lag_looks_at_an_earlier_year() -> None:
    """The budget of 2024 over the accounts of 2023."""
    rows = [*yearly(y2023=80.0, y2024=999.0), amount(100.0, "oprindeligt budget")]
    tables = ready(years=(2023, 2024), oekonomi=rows)
    found = indicator(BUDGET, {**BOOKED, "lag": 1})
    assert measured(found, tables).value == 1.25
    assert measured(found, tables, year=2023).absence == "not_reported"


def indexed(**numbers: float) -> list[Row]:
    """Return the rows of a price index, written `y2021=100.0`."""
    return [{"aar": int(y[1:]), "indeks": x} for y, x in numbers.items()]


def test_deflated_growth_is_in_the_prices_of_the_year() -> None:
    """100 in 2022 are 110 in the prices of 2024, so 121 is half of nominal growth."""
    tables = ready(
        years=(2022, 2023, 2024), oekonomi=yearly(y2022=100.0, y2024=121.0),
        prisindeks=indexed(y2022=100.0, y2024=110.0),
    )  # fmt: skip
    found = measured(growth(deflate=True), tables)
    # 121 / (100 x 110 / 100) = 1.1 over two years
    assert found.value == pytest.approx(1.1**0.5 - 1)
    assert found.denominator == pytest.approx(110)


@pytest.mark.parametrize("index", [{}, {"y2024": 110.0}, {"y2022": 0.0, "y2024": 110.0}])
def test_without_a_price_index_of_both_years_there_is_no_real_growth(
    index: dict[str, float],
) -> None:
    """Nothing is known of what a krone was worth."""
    tables = ready(years=(2022, 2023, 2024), oekonomi=yearly(y2022=100.0, y2024=121.0),
                   prisindeks=indexed(**index))  # fmt: skip
    assert measured(growth(deflate=True), tables).absence == "no_price_index"


def test_an_age_group_counts_whole_bands_of_inhabitants_and_ages_of_citizens() -> None:
    """Born 2006 and 1960 are 18 and 64 in 2024; born 2007 and 1959 are not."""
    rows = [case(foedselsaar=y) for y in (2007, 2006, 1960, 1959, None)]
    tables = ready(sager=rows, befolkning=[inhabitants(1000), inhabitants(9, low=65, high=99)])
    found = measured(indicator({**YEARS, "age": (18, 64)}, PEOPLE), tables)
    assert (found.numerator, found.denominator) == (2, 1000)


def test_a_scaled_figure_is_lifted_by_the_whole_over_the_part() -> None:
    """90 booked to date, when the cases cost 3/4 of their year, are 120 for the year."""
    rows = [case(startdato=date(2025, 1, 1), pris=12.0, enhed="måned")]
    to_date = {**BOOKED, "period": "to_date",
               "scale": {"numerator": {**COST, "period": "whole_year"},
                         "denominator": {**COST, "period": "to_date"}}}  # fmt: skip
    tables = ready(AS_OF, sager=rows, oekonomi=[amount(90.0, aar=2025, maaned=3)])
    # 90 x (12 x 12) / (9 x 12) = 120
    assert measured(indicator(to_date), tables).value == pytest.approx(120)


def test_a_scale_that_is_nothing_is_no_figure() -> None:
    """Cases that begin after the as-of date have cost nothing to date."""
    rows = [case(startdato=date(2025, 12, 1))]
    tables = ready(AS_OF, sager=rows, oekonomi=[amount(90.0, aar=2025, maaned=3)])
    to_date = {**BOOKED, "period": "to_date",
               "scale": {"numerator": {**COST, "period": "whole_year"},
                         "denominator": {**COST, "period": "to_date"}}}  # fmt: skip
    assert measured(indicator(to_date), tables).absence == "zero_denominator"


def test_what_is_subtracted_is_taken_away_year_by_year() -> None:
    """Three new cases less one ended; a year with ended cases only is below zero."""
    rows = [
        *several(3, startdato=date(2023, 5, 1)),
        *several(2, name="C", startdato=date(2020, 1, 1), slutdato=date(2023, 5, 1)),
        *several(1, name="D", startdato=date(2020, 1, 1), slutdato=date(2024, 5, 1)),
    ]
    net = {**COUNT, "period_by": "foerste_start", "minus": {**COUNT, "period_by": "sidste_slut"}}
    tables = ready(years=(2023, 2024), sager=rows)
    assert measured(indicator(net), tables, year=2023).value == 1  # 3 − 2
    assert measured(indicator(net), tables, year=2024).value == -1  # 0 − 1


def test_only_groups_that_both_sides_have_are_common() -> None:
    """Cases without a function and a function without cases stand on one side only."""
    ledger = [amount(400_000.0), amount(7.0, funktion="5.38.40")]
    rows = [case(funktion="5.38.50"), case(funktion=None), case(funktion="5.38.52")]
    found = measured(indicator(COST, BOOKED, common="funktion"), ready(oekonomi=ledger, sager=rows))
    assert (found.numerator, found.denominator) == (366_000, 400_000)


def test_what_is_common_is_added_in_the_same_order_every_time() -> None:
    """Kroner over many functions, to the last bit."""
    functions = [f"5.38.{n}" for n in range(40, 80)]
    rows = [case(funktion=f, pris=1000 / 3 + n / 7) for n, f in enumerate(functions)]
    ledger = [amount(1e5 + n / 100, funktion=f) for n, f in enumerate(functions)]
    tables = ready(oekonomi=ledger, sager=rows)
    share = indicator(COST, BOOKED, common="funktion")
    found = {(f.numerator, f.denominator) for f in (measured(share, tables) for _ in range(20))}
    assert len(found) == 1


def test_nothing_in_common_is_not_reported() -> None:
    """A ratio of two empty sums would say that they agree, or that they do not."""
    tables = ready(oekonomi=[amount(400_000.0)], sager=[case(funktion="5.38.52")])
    assert measured(indicator(COST, BOOKED, common="funktion"), tables).absence == "not_reported"


def test_a_figure_of_the_current_year_only_has_one_year() -> None:
    """Earlier years are not measured."""
    tables = ready(AS_OF, (2024, 2025), oekonomi=yearly(y2024=1.0))
    found = measure_one(tables, indicator({**BOOKED, "period": "to_date"}, current_only=True))
    assert [f.year for f in found] == [2025]


def test_a_state_has_one_year() -> None:
    """What runs on the as-of date is of that date, and it is whole."""
    rows = [*several(3), *several(2, name="C", slutdato=date(2024, 12, 31))]
    found = measure_one(
        ready(AS_OF, (2024, 2025), sager=rows), indicator({**COUNT, "period": "as_of"})
    )
    assert [(f.year, f.value, f.partial) for f in found] == [(2025, 3, False)]


# --- Windows and what is formed over years, follow-ups, paragraphs ------------------------------


def test_a_window_adds_numerator_and_denominator_over_its_years() -> None:
    """(1 + 2 + 6) of (10 + 10 + 40) complaints in three years."""
    rows = [
        {"aar": y, "afgjort": a, "omgjort": o, "hjemvist": 0}
        for y, a, o in ((2022, 10, 1), (2023, 10, 2), (2024, 40, 6))
    ]
    found = measured("omgoerelsesprocent", ready(years=(2022, 2023, 2024), klager=rows))
    assert (found.numerator, found.denominator, found.value) == (9, 60, 0.15)


def test_a_window_needs_every_year() -> None:
    """A year before the first, or one without rows, leaves the window open."""
    rows = [{"aar": y, "afgjort": 10, "omgjort": 5, "hjemvist": 0} for y in (2021, 2023, 2024)]
    tables = ready(years=range(2021, 2025), klager=rows)
    assert measured("omgoerelsesprocent", tables, year=2022).absence == "too_few_years"
    assert measured("omgoerelsesprocent", tables, year=2024).absence == "not_reported"


def kept(*deviations: float) -> Prepared:
    """Return four years with a budget of 100 kr. and accounts of so much more."""
    years = range(2025 - len(deviations), 2025)
    booked = [amount(100 + d, aar=y) for y, d in zip(years, deviations, strict=True)]
    budget = [amount(100.0, "oprindeligt budget", y) for y in years]
    return ready(years=years, oekonomi=[*booked, *budget])


def over_years(reduce: str, **changes: object) -> Indicator:
    """Return a figure formed over four years of budget deviations."""
    return indicator(
        BOOKED, BUDGET, form="relative", over="aar", window=4, reduce=reduce, **changes
    )


@pytest.mark.parametrize(
    ("reduce", "changes", "value"),
    [
        ("mean", {}, 0.015),  # (0.02 − 0.01 + 0.05 + 0) / 4
        ("mean_abs", {}, 0.02),  # (0.02 + 0.01 + 0.05 + 0) / 4
        ("max_step", {}, 0.06),  # from −0.01 to 0.05
        ("count_at_most", {"limit": 0.0}, 2),  # −0.01 and 0
        ("count_at_most", {"limit": 0.02}, 3),  # 0.02 too
    ],
)
def test_a_figure_formed_over_years(reduce: str, changes: Row, value: float) -> None:
    """Deviations of 2, −1, 5 and 0 per cent."""
    found = measured(over_years(reduce, **changes), kept(2, -1, 5, 0))
    assert found.value == pytest.approx(value)


def test_a_figure_over_years_needs_all_of_them() -> None:
    """Three years are no window of four."""
    assert measured(over_years("mean"), kept(2, -1, 5)).absence == "too_few_years"


FOLLOW_UPS = [
    amount(100.0),
    amount(90.0, "forventet regnskab", opfoelgning=date(2024, 4, 1)),
    amount(60.0, "forventet regnskab", opfoelgning=date(2024, 6, 1)),
    amount(60.0, "forventet regnskab", opfoelgning=date(2024, 6, 1), funktion="5.38.52"),
    amount(110.0, "forventet regnskab", opfoelgning=date(2024, 9, 1)),
]


@pytest.mark.parametrize(
    ("reduce", "value"),
    [
        ("mean_abs", 0.4 / 3),  # |−0.1|, |0.2|, |0.1|
        ("mean", 0.2 / 3),
        ("max_step", 0.3),  # from −0.1 to 0.2
    ],
)
def test_a_figure_formed_over_follow_ups(reduce: str, value: float) -> None:
    """90, 120 and 110 were expected of 100; rows of one date are one follow-up."""
    found = indicator(FORECAST, BOOKED, form="relative", over="opfoelgning", reduce=reduce)
    assert measured(found, ready(oekonomi=FOLLOW_UPS)).value == pytest.approx(value)


def test_a_figure_over_follow_ups_can_be_split_by_function() -> None:
    """On 5.38.50 90, 60 and 110 were expected of 100; on 5.38.52 60 of nothing booked."""
    found = indicator(FORECAST, BOOKED, form="relative", over="opfoelgning", reduce="mean_abs")
    split = measured(found, ready(oekonomi=FOLLOW_UPS), by="funktion", group="5.38.50")
    # (0.1 + 0.4 + 0.1) / 3 = 0.2
    assert split.value == pytest.approx(0.2)


def test_one_follow_up_has_no_step() -> None:
    """A change needs two."""
    found = indicator(FORECAST, BOOKED, over="opfoelgning", reduce="max_step")
    assert measured(found, ready(oekonomi=FOLLOW_UPS[:2])).absence == "too_few"


def test_diversity_is_formed_over_paragraphs() -> None:
    """Half, a quarter and a quarter: 1 − 1/4 − 1/16 − 1/16 = 5/8."""
    rows = [
        *several(10, name="A", paragraf="85"), *several(5, name="C"),
        *several(5, name="D", paragraf="104"),
    ]  # fmt: skip
    assert measured("differentiering", ready(sager=rows)).value == pytest.approx(0.625)


def test_paragraphs_with_few_citizens_count_as_one_in_the_diversity() -> None:
    """Two and three on §§ 96 and 97 are five in all, a third: 1 − 4/9 − 1/9 = 4/9; none is told."""
    rows = [
        *several(10, name="A", paragraf="85"), *several(2, name="C", paragraf="96"),
        *several(3, name="D", paragraf="97"),
    ]  # fmt: skip
    found = measured("differentiering", ready(sager=rows))
    assert found.value == pytest.approx(4 / 9)
    assert found.persons[0] == 5


# --- Why there is no figure ---------------------------------------------------------------------


def test_a_sheet_that_is_not_there_is_not_reported() -> None:
    """Nor one without rows; every year says so."""
    found = measure_one(ready(years=(2023, 2024)), indicator(BOOKED))
    assert [(f.year, f.value, f.absence) for f in found] == [
        (2023, None, "not_reported"), (2024, None, "not_reported"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("aggregate", "without"),
    [
        ({**COST, "where": "paragraf = '108'"}, "pris"),
        ({**YEARS, "where": "leverandoertype = 'egen'"}, "leverandoertype"),
        ({**YEARS, "age": (18, 64), "where": "alder > 17"}, "foedselsaar"),
        ({**COUNT, "period_by": "bevilget_dato"}, "bevilget_dato"),
        ({"from": "cases", "median": "ventedage"}, "ansoegt_dato"),
    ],
)
def test_a_column_nobody_has_filled_is_not_reported(aggregate: Row, without: str) -> None:
    """What a figure cannot do without is not guessed as 0; one filled cell is enough."""
    full = case(leverandoertype="egen", foedselsaar=1980, ansoegt_dato=date(2024, 1, 1),
                bevilget_dato=date(2024, 1, 2))  # fmt: skip
    found = indicator(aggregate)
    assert measured(found, ready(sager=[{**full, without: None}])).absence == "not_reported"
    assert measured(found, ready(sager=[full, {**full, without: None}])).absence is None


def test_a_denominator_of_nothing_is_said() -> None:
    """110 over 0 is nothing to divide by."""
    tables = ready(oekonomi=[amount(110.0), amount(0.0, "oprindeligt budget")])
    assert measured(indicator(BOOKED, BUDGET), tables).absence == "zero_denominator"


def test_a_year_without_rows_is_0_where_rows_are_counted_and_absent_where_money_is_booked() -> None:
    """No cases is none; no accounts is not known."""
    tables = ready(years=(2023, 2024), sager=several(2), oekonomi=yearly(y2024=1.0))
    assert measured(indicator(COUNT), tables, year=2023).value == 0
    assert measured(indicator(COST), tables, year=2023).value == 0
    assert measured(indicator(BOOKED), tables, year=2023).absence == "not_reported"


def test_the_accounts_of_an_unfinished_year_are_no_whole_year() -> None:
    """Nor is a figure that rests on them; the year to date is one."""
    tables = ready(AS_OF, oekonomi=[amount(1.0, aar=2025, maaned=m) for m in range(1, 13)])
    assert measured(indicator(BOOKED), tables).absence == "unfinished_year"
    assert measured(indicator({**BOOKED, "period": "to_date"}), tables).value == 9


def test_before_a_month_has_ended_there_is_nothing_to_date() -> None:
    """On 15 January."""
    tables = ready(date(2025, 1, 15), oekonomi=[amount(1.0)], sager=[case()])
    for aggregate in (BOOKED, COST):
        found = measured(indicator({**aggregate, "period": "to_date"}), tables)
        assert found.absence == "no_months"


def test_accounts_without_months_cannot_be_set_beside_part_of_a_year() -> None:
    """2024 stands as a whole year: what of it was booked by September is not known."""
    tables = ready(AS_OF, (2024, 2025), oekonomi=yearly(y2024=100.0))
    found = indicator({**BOOKED, "period": "to_date"})
    assert measured(found, tables, year=2024).absence == "no_months"


@pytest.mark.parametrize(("scores", "absence"), [([3, 4], "too_few"), ([3, 4, 5], None)])
def test_a_mean_of_fewer_than_three_answers_is_no_figure(
    scores: list[int], absence: Absence | None
) -> None:
    """Three are one."""
    rows = answers("beslutningskompetence", "socialfaglig", scores)
    found = measured("beslutningskompetence", ready(AS_OF, praksis=rows))
    assert found.absence == absence


def test_answers_without_a_score_are_no_answers_to_the_mean() -> None:
    """3, 4 and 5 with two blanks is 4 over three answers."""
    rows = answers("beslutningskompetence", "socialfaglig", [3, None, 4, None, 5])
    found = measured("beslutningskompetence", ready(AS_OF, praksis=rows))
    assert (found.value, found.denominator) == (4, 3)


# --- Partial, intervals -------------------------------------------------------------------------


def test_a_figure_of_the_current_year_is_partial_unless_nothing_of_it_can_change() -> None:
    """Cases to the as-of date can; an original budget over last year's accounts cannot."""
    rows = [amount(1.0, "oprindeligt budget", 2025), amount(1.0, "korrigeret budget", 2025),
            amount(1.0)]  # fmt: skip
    tables = ready(AS_OF, (2024, 2025), oekonomi=rows, sager=several(2))
    last_year = {**BOOKED, "lag": 1}
    assert measured(indicator(COST), tables).partial
    assert not measured(indicator(COST), tables, year=2024).partial
    assert not measured(indicator(BUDGET, last_year), tables).partial
    corrected = {**BUDGET, "where": "version = 'korrigeret budget'"}
    assert measured(indicator(corrected, last_year), tables).partial


def test_a_figure_that_looks_at_the_ledger_counts_cases_for_the_same_months() -> None:
    """Mid-September: accounts to August over person-years to August."""
    rows = [amount(1000.0, aar=2025, maaned=m, funktion="5.38.50") for m in range(1, 13)]
    tables = ready(date(2025, 9, 15), oekonomi=rows, sager=[case()])
    found = measured("enhedsudgift-108", tables)
    assert found.numerator == 8000
    assert found.denominator == pytest.approx(243 / 365)  # 273 days less September's 30


def test_intervals_are_of_the_definitions_method() -> None:
    """Wilson of a share, Byar of a rate over its inhabitants, Student of a mean."""
    rows = [*several(30, sidste_opfoelgning=AS_OF), *several(20, name="C")]
    share = measured("opfoelgning-rettidig", ready(AS_OF, sager=rows))
    assert (share.low, share.high) == wilson(30, 50)
    tables = ready(sager=rows, befolkning=[inhabitants(20_000)])
    rate = measured("brugerandel-botilbud", tables)
    limits = byar(50)
    assert limits is not None
    assert (rate.low, rate.high) == pytest.approx([x / 20_000 * 10_000 for x in limits])
    means = answers("proeve", "socialfaglig", [2, 3, 4, 5])
    found = measured(
        indicator({"from": "praksis", "mean": "score"}, interval="t"), ready(AS_OF, praksis=means)
    )
    # 2, 3, 4, 5: mean 3.5, squares 2.25 + 0.25 + 0.25 + 2.25 = 5 over 3
    assert (found.low, found.high) == pytest.approx(mean(3.5, (5 / 3) ** 0.5, 4))


# --- Groups -------------------------------------------------------------------------------------


def test_every_group_of_numerator_and_denominator_is_there() -> None:
    """§ 85 has none bought, § 104 only bought; a group without rows counts 0."""
    rows = [
        *several(3, name="A", paragraf="85", leverandoertype="egen"),
        *several(2, name="C", paragraf="104", leverandoertype="privat"),
    ]
    found = measure_one(ready(sager=rows), shipped()["koebsandel"], "paragraf")
    assert [(f.group, f.value, f.numerator, f.denominator) for f in found] == [
        ("85", 0, 0, 3), ("104", 1, 2, 2),
    ]  # fmt: skip


def test_a_group_that_only_the_numerator_has_has_nothing_to_divide_by() -> None:
    """New cases on a paragraph that had none before the year."""
    rows = several(6, paragraf="104", startdato=date(2024, 5, 1))
    found = measured("nettotilgang", ready(sager=rows), by="paragraf", group="104")
    assert (found.value, found.absence) == (None, "zero_denominator")


def test_a_group_without_booked_rows_is_not_reported() -> None:
    """Money that was not booked is not 0 kr."""
    rows = [amount(100.0), amount(9.0, "oprindeligt budget", funktion="5.38.52")]
    split = measured(
        indicator(BOOKED, BUDGET), ready(oekonomi=rows), by="funktion", group="5.38.52"
    )
    assert split.absence == "not_reported"


def test_a_side_that_cannot_be_split_is_the_same_for_all_groups() -> None:
    """Inhabitants have no paragraph."""
    rows = [*several(3, name="A", paragraf="85"), *several(2, name="C")]
    tables = ready(sager=rows, befolkning=[inhabitants(1000)])
    found = measure_one(tables, indicator(YEARS, PEOPLE), "paragraf")
    assert [(f.group, f.numerator, f.denominator) for f in found] == [
        ("85", 3, 1000), ("108", 2, 1000),
    ]  # fmt: skip


def test_a_citizen_counts_once_in_each_group() -> None:
    """Two suppliers on the same days: a person-year under each, one in all."""
    rows = [case(borger_id="B1", sag_id=k, leverandoertype=k) for k in ("egen", "privat")]
    tables = ready(sager=rows)
    split = measure_one(tables, indicator(YEARS), "leverandoertype")
    assert [(f.group, f.value) for f in split] == [("egen", 1), ("privat", 1)]
    assert measured(indicator(YEARS), tables).value == 1


def test_rows_without_a_group_are_in_no_group() -> None:
    """They are in the total only."""
    rows = [*several(3, maalgruppe="autisme"), *several(2, name="C", maalgruppe=None)]
    tables = ready(sager=rows)
    assert [f.group for f in measure_one(tables, indicator(YEARS), "maalgruppe")] == ["autisme"]
    assert measured(indicator(YEARS), tables).value == 5


def test_figures_measured_together_are_those_measured_alone() -> None:
    """Sums collected side by side are the same sums."""
    rows = [*several(6, name="A", paragraf="85"), *several(7, name="C")]
    tables = ready(AS_OF, (2024, 2025), sager=rows, oekonomi=FOLLOW_UPS,
                   befolkning=[inhabitants(900)])  # fmt: skip
    wanted = [(i, None) for i in shipped().indicators if i.value.numerator.from_ != "goals"]
    together = measure_all(tables, wanted)
    alone = [measure_one(tables, i) for i, _ in wanted]
    assert together == alone
