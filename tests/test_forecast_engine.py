"""The forecast by hand: prices, longer grants, young people, what is known, who is shown."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast_rows import DAY_0, happened, known, listed, made
from grown_municipality import grown
from rows import case, ready, steady
from running import SYDDJURS, styring_in_process
from styring.cli.forecast import as_text
from styring.definitions import load_facts, load_spec
from styring.forecast import OPEN, Rows, forecast, look_ahead, rows_of, seen_on, spans_of, turned
from styring.forecast.driven import at_median, citizens_of, in_year, shares_of, span_of, withheld
from styring.forecast.flows import age_groups, estimate
from styring.forecast.prices import drift, levels, restated
from styring.forecast.rates import Rates, rates_of
from styring.forecast.rows import (
    DAILY,
    MONTH,
    MONTHLY,
    YEARLY,
    by_the_year,
    cases_of,
    cost,
    months_after,
)
from styring.forecast.simulate import PARTS, simulate
from styring.forecast.staying import Stayers, _unknown, in_lots, longer_of, stay
from styring.forecast.young import Young, chances, young_of
from styring.prepare import Prepared, prepare
from styring.read.workbook import read_workbook

AS_OF = date(2023, 6, 30)
DAY = AS_OF.toordinal()
SERVICES = 5


def rows(*told: tuple[int, date, date | None, float], **more: Any) -> Rows:
    """Return rows of case, first and last day, kroner a day; service 0."""
    last = [OPEN if t is None else t.toordinal() for _, _, t, _ in told]
    return Rows(
        np.array([c for c, *_ in told]),
        np.zeros(len(told), dtype=np.int64),
        np.array([f.toordinal() for _, f, _, _ in told]),
        np.array(last),
        np.array([p for *_, p in told]),
        np.ones(len(told), dtype=np.bool_),
        **more,
    )


def syddjurs() -> Prepared:
    """Return the example's tables."""
    return prepare(read_workbook(SYDDJURS, load_spec()).tables, load_facts())


def drawn(seed: int, draws: int = 100) -> Any:
    """Return the draws of a municipality grown person by person."""
    town = grown(seed, AS_OF)
    seen, young = known(town, AS_OF), listed(town, AS_OF, 3)
    ahead = look_ahead(seen, SERVICES, AS_OF, DAY_0, seed, draws, young)
    assert ahead is not None
    return ahead.drawn


def test_a_month_and_a_year_are_paid_whole() -> None:
    """28 days of February and 31 of March cost 3,000 a month; 36,500 a year is 100 a day."""
    first, unit = date(2023, 1, 1), np.array([DAILY, MONTHLY, YEARLY])
    a_day = [(1, 100.0), (2, 3000.0 / MONTH), (3, 36_500.0 / (12 * MONTH))]
    found = cost(rows(*((c, first, None, p) for c, p in a_day), unit=unit),
                 months_after(date(2023, 1, 31), 1)[:2])  # fmt: skip
    assert found == pytest.approx(np.array([[2800, 3100], [3000, 3000], [2800, 3100]]))


def test_the_committed_is_the_ledgers_to_the_krone() -> None:
    """The rest of the year's granted cases: what the review's outlook says."""
    found = forecast(syddjurs())
    assert found.outlook is not None
    assert found.outlook.committed is not None
    assert found.outlook.case_cost_to_date is not None
    rest = found.outlook.committed - found.outlook.case_cost_to_date
    assert found.spans[0].committed == pytest.approx(rest, abs=1)
    to_date = found.outlook.case_cost_to_date
    assert found.spans[0].to_date == pytest.approx(to_date, abs=1)
    assert sum(p.to_date or 0.0 for p in found.spans[0].paragraphs) == pytest.approx(to_date, abs=1)
    assert found.spans[1].to_date is None


@steady
@given(seed=st.integers(0, 200))
def test_all_adds_up_in_every_draw(seed: int) -> None:
    """Paragraphs to the total, months to the year, parts to the median."""
    found = drawn(seed, 60)
    whole = found.total()
    for y in (2023, 2024, 2025):
        of = [n for n, (year, *_) in enumerate(found.spans) if year == y]
        year = in_year(found, y)
        assert whole[:, :, of].sum(axis=(1, 2)) == pytest.approx(year.total())
        assert year.by_service().sum(axis=1) == pytest.approx(year.total())
        span = span_of(year)
        parts = [getattr(span, p) for p in PARTS]
        assert span.committed + sum(parts) == pytest.approx(span.median)
        shares = shares_of(year, [str(s) for s in range(SERVICES)], {1, 2})
        assert sum(s.expected for s in shares) == pytest.approx(span.median)
        assert shares[-1].paragraph is None
        mixed = span_of(year, apart=False)
        assert mixed.young is None
        assert mixed.coming == pytest.approx(sum(getattr(span, p) for p in ("coming", "young")))


def test_parts_at_the_median_by_hand() -> None:
    """Two parts of three draws: 0, 1, 5 and 1 each time; the total's median is 2, its mean 3.

    The first carries all that the total moves by: 1 at the median; the second is always 1.
    """
    parts = np.array([[[0.0], [1.0], [5.0]], [[1.0], [1.0], [1.0]]])
    year = replace(in_year(drawn(1, 10), 2023), committed=np.zeros(1), parts=parts)
    assert at_median(year) == pytest.approx(np.array([[1.0], [1.0]]))


def test_the_order_of_the_rows_changes_nothing() -> None:
    """The same forecast, to the last digit."""
    tables = syddjurs()
    frame = tables.tables.frames["sager"]
    order = list(range(len(frame)))
    random.Random(3).shuffle(order)  # noqa: S311 an order, no secret
    mixed = tables.tables.with_frames({"sager": frame[order]})
    assert forecast(prepare(mixed, load_facts())) == forecast(tables)


def test_prices_of_the_same_case_by_hand() -> None:
    """From 100 to 103 at New Year and 200 held: 303 over 300 the last year, none the year before.

    The squares: 2·(ln 1.01 / 2)² and 4 of 0.01²; over 4 + 2 − 1 years.
    """
    told = rows(
        (1, date(2019, 1, 1), date(2022, 12, 31), 100.0),
        (1, date(2023, 1, 1), None, 103.0),
        (2, date(2019, 1, 1), None, 200.0),
    )
    moved = drift(told, DAY, DAY - 24 * MONTH)
    assert moved is not None
    assert moved.mean == pytest.approx(log(1.01) / 2)
    squares = 2 * (log(1.01) / 2) ** 2 + 4 * 0.01**2
    assert moved.spread == pytest.approx((squares / 5) ** 0.5)
    assert moved.by_month.tolist() == [1.0] * 12
    # a price of 2021 has two New Years behind it in mid-2023, one of 2023 none
    days = np.array([date(2021, 5, 1).toordinal(), date(2023, 2, 1).toordinal()])
    assert restated(moved, days, DAY) == pytest.approx([exp(2 * moved.mean), 1.0])


def test_prices_rise_when_they_have_risen_before() -> None:
    """All changes come at New Year: none in the rest of the year, one in the next."""
    moved = drift(happened(grown(2, AS_OF)), DAY, DAY - 36 * MONTH)
    assert moved is not None
    found = levels(np.random.default_rng(1), moved, months_after(AS_OF, 2), 4000)
    assert (found[:, :6] == 0).all()
    assert np.median(found[:, 6]) == pytest.approx(moved.mean, abs=0.003)
    assert (found[:, 6] == found[:, 17]).all()


def test_without_price_changes_prices_are_held() -> None:
    assert drift(made(1), DAY, DAY - 36 * MONTH) is None
    assert (levels(np.random.default_rng(1), None, months_after(AS_OF, 2), 3) == 0).all()
    for span in spans_of(seen_on(made(1), DAY), SERVICES, AS_OF, DAY_0, 1, 50)[0]:
        assert span.price == 0


def test_how_often_grants_are_made_longer_by_hand() -> None:
    """Case 1 went on in March; case 2 at New Year, a new price. Two known ends, 100 and 300 days.

    200 days on average are half a grant: 2 end every 400 days, 1.826 a year.
    """
    told = rows(
        (1, date(2020, 1, 1), date(2022, 3, 1), 100.0),
        (1, date(2022, 3, 2), date.fromordinal(DAY + 100), 100.0),
        (2, date(2020, 1, 1), date(2022, 12, 31), 100.0),
        (2, date(2023, 1, 1), date.fromordinal(DAY + 300), 100.0),
    )
    flows = estimate(told, cases_of(told), 1, DAY, DAY_0)
    assert flows is not None
    assert flows.went_on == 1
    assert flows.ending == pytest.approx(2 / (400 / 365.25))
    rng = np.random.default_rng(1)
    assert longer_of(rng, replace(flows, went_on=60), 50).max() == 1
    assert longer_of(rng, replace(flows, went_on=0), 50).max() == 0
    # 36 months: 300 over 3 years of 200 a year are half
    half = longer_of(rng, replace(flows, went_on=300, ending=200.0, months=36.0), 4000)
    assert half.mean() == pytest.approx(0.5, abs=0.01)


def test_known_ends_come_before_those_that_are_drawn() -> None:
    """Ten open cases of a chance of 0.1, and one whose end is known and lies in the month.

    The rates tell 1.1 ends; one is known, so what is left is 0.1 of the 1.0 of the open cases.
    """
    first, last = DAY + 1, DAY + 31
    of = Stayers(
        service=np.zeros(11, dtype=np.int64), group=np.zeros(11, dtype=np.int64),
        risk=np.array([DAY - 400] * 10 + [DAY + 20]), came=np.full(11, DAY - 400),
        renewal=np.array([False] * 10 + [True]), cost=np.zeros((0, 1)),
        of=np.zeros(0, dtype=np.int64), service_of=np.zeros(0, dtype=np.int64),
        since=np.zeros(0, dtype=np.int64), size=np.ones(11), spread=np.ones(11),
    )  # fmt: skip
    gone = np.full((1, 11), 0.1, dtype=np.float32)
    alive = np.array([[1.0] * 10 + [0.0]], dtype=np.float32)
    known = 1 - alive
    assert _unknown(gone, alive, known, of, (first, last), 1) == pytest.approx(0.1, abs=1e-6)
    # a grant that is made longer does not end: all 1.1 are left, to ten cases
    alive[0, 10] = 1
    left = _unknown(gone, alive, 0 * known, of, (first, last), 1)
    assert left == pytest.approx(1.1, abs=1e-6)


def stayers(n: int) -> Stayers:
    """Return open cases of two services at unlike prices, and some whose grant ends ahead."""
    rng = np.random.default_rng(7)
    spans = months_after(AS_OF, 1)
    ends_in = DAY + rng.integers(40, 300, n)
    renewal = np.arange(n) % 5 == 0
    kroner = rng.lognormal(9, 0.8, n)
    return Stayers(
        service=rng.integers(0, 2, n), group=rng.integers(0, 4, n),
        risk=np.where(renewal, ends_in, DAY - 400), came=DAY - rng.integers(400, 3000, n),
        renewal=renewal, cost=np.repeat(kroner[:, None], len(spans), axis=1),
        of=np.arange(n), service_of=rng.integers(0, 2, n), since=np.full(n, -1),
        size=np.ones(n), spread=np.ones(n),
    )  # fmt: skip


def test_lots_hold_all_who_stay_and_all_they_cost() -> None:
    """Every lot is of one kind; the sizes and the kroner add up to those of all."""
    of, spans = stayers(3000), months_after(AS_OF, 1)
    lots = in_lots(of, spans, 100)
    assert 100 <= len(lots.size) < 500
    assert lots.size.sum() == 3000
    assert (lots.cost * lots.size[lots.of, None]).sum() == pytest.approx(of.cost.sum())
    assert np.bincount(lots.service, lots.size).tolist() == np.bincount(of.service).tolist()
    assert lots.size[lots.renewal].sum() == of.renewal.sum()
    assert (lots.spread >= 1 - 1e-12).all()
    assert in_lots(of, spans, 3000) is of


def test_a_lot_of_unlike_ones_by_hand() -> None:
    """Kroner 10 and 30, one month: squares 1000, alike 2 x 20 x 20 = 800; spread 1.25."""
    of = stayers(2)
    of = replace(
        of, service=np.zeros(2, dtype=np.int64), group=np.zeros(2, dtype=np.int64),
        risk=np.full(2, DAY - 400), renewal=np.zeros(2, dtype=np.bool_),
        cost=np.array([[10.0], [30.0]]),
    )  # fmt: skip
    lots = in_lots(of, months_after(AS_OF, 1), 1)
    assert lots.size.tolist() == [2]
    assert lots.spread.tolist() == [1.25]
    assert lots.cost.sum() * 2 == 40


def test_lots_cost_as_much_and_vary_as_much_as_one_by_one() -> None:
    """The same mean within a hundredth and the same spread within an eighth, over 4,000 draws."""
    of, spans, draws = stayers(1200), months_after(AS_OF, 1), 4000
    rates = Rates(
        np.full((draws, 2, 4, 8), 0.02, dtype=np.float32),
        np.zeros((draws, 2, len(spans))),
        np.zeros((draws, len(spans))),
    )
    longer = np.full(draws, 0.6)
    one, lots = (
        stay(np.random.default_rng(3), x, longer, rates, spans)
        for x in (of, in_lots(of, spans, 60))
    )
    for kind in (0, 1):
        a, b = (x[kind].sum(axis=(1, 2)) for x in (one, lots))
        assert b.mean() == pytest.approx(a.mean(), rel=0.01)
        assert b.std() == pytest.approx(a.std(), rel=0.125)


def test_as_many_leave_when_some_ends_are_known() -> None:
    """The ends of the next half-year told or not: about the same is left of the cost."""
    truth = made(4)
    begun, seen = truth.take(truth.first <= DAY), seen_on(truth, DAY)
    told = replace(seen, last=np.where(begun.last <= DAY + 184, begun.last, seen.last))
    free = simulate(seen, cases_of(seen), _flows(seen), AS_OF, 1, 1, 200)
    bound = simulate(told, cases_of(told), _flows(seen), AS_OF, 1, 1, 200)
    left = [(d.committed + d.leaving.mean(axis=0)).sum() for d in (free, bound)]
    assert left[1] == pytest.approx(left[0], rel=0.05)
    assert abs(bound.leaving.mean(axis=0).sum()) < 0.5 * abs(free.leaving.mean(axis=0).sum())


def _flows(seen: Rows) -> Any:
    found = estimate(seen, cases_of(seen), SERVICES, DAY, DAY_0)
    assert found is not None
    return found


def test_those_granted_already_are_not_drawn_again() -> None:
    """Ten who begin in a month are of that month's inflow."""
    seen = seen_on(made(3), DAY)
    flows, spans = _flows(seen), months_after(AS_OF, 1)
    begins = np.full(10, spans[1][1])
    more = Rows(*(np.concatenate([a, b]) for a, b in (
        (seen.case, np.arange(10) + 90_000), (seen.service, np.zeros(10, dtype=np.int64)),
        (seen.first, begins), (seen.last, np.full(10, OPEN)), (seen.price, np.full(10, 100.0)),
        (seen.lasting, np.ones(10, dtype=np.bool_)))))  # fmt: skip
    plain = simulate(seen, cases_of(seen), flows, AS_OF, 1, 1, 400).coming.mean(axis=0)
    fewer = simulate(more, cases_of(more), flows, AS_OF, 1, 1, 400).coming.mean(axis=0)
    assert fewer[0, 1] < plain[0, 1]
    assert fewer[1, 1] == pytest.approx(plain[1, 1], rel=0.25)


def test_exits_differ_by_age() -> None:
    """Hundred young and hundred old for three years: the young end, the old do not."""
    first = date(2020, 1, 1)
    told = rows(
        *((n, first, date.fromordinal(DAY - 700 + 3 * n), 100.0) for n in range(100)),
        *((n, first, None, 100.0) for n in range(100, 200)),
        born=np.array([2000] * 100 + [1970] * 100),
    )
    assert age_groups(np.array([2000, 1970, 1950, 0]), DAY).tolist() == [0, 1, 2, 3]
    shape, rate, expected = _flows(told).exits.age
    assert shape[0, 0] / rate[0, 0] > 1.3
    assert shape[0, 1] / rate[0, 1] < 0.3
    # what is expected of both together is what was seen
    assert expected[0].sum() == pytest.approx(100, rel=0.02)


def test_a_time_since_the_start_that_nobody_has_seen_ends_as_the_one_before() -> None:
    """The cases are at most three and a half years old: the band from five is not made up."""
    told = rows(*((n, date(2020, 1, 1 + n % 28), date.fromordinal(DAY - n), 9.0)
                  for n in range(0, 300, 3)))  # fmt: skip
    usual = _flows(told).exits.usual
    assert usual[-1] == pytest.approx(usual[-2])


def test_rates_are_drawn_about_what_was_estimated() -> None:
    flows = _flows(seen_on(made(5), DAY))
    found = rates_of(np.random.default_rng(2), flows, months_after(AS_OF, 2), 4000)
    shape, rate = flows.inflow
    assert found.inflow.mean(axis=(0, 2)) == pytest.approx(shape / rate, rel=0.05)


def test_as_many_turn_18_as_have_come_and_nobody_twice() -> None:
    """30 came in 36 months: ten a year. Of twenty listed a year half come, of five all.

    What the list does not hold, half of the ten, comes besides.
    """
    rng = np.random.default_rng(1)
    for a_year, comes, besides in ((20.0, 0.5, 0.0), (5.0, 1.0, 0.5)):
        young = Young(np.array([DAY + 9]), np.array([0]), np.array([100.0]), a_year)
        chance, unlisted = chances(rng, young, 30, 36.0, 5000)
        assert chance.mean() == pytest.approx(comes, abs=0.02)
        assert unlisted.mean() == pytest.approx(besides, abs=0.03)
        assert chance.mean() * a_year + unlisted.mean() * 10 == pytest.approx(10, abs=0.4)


def test_the_young_enter_at_18_at_their_expected_price() -> None:
    """No exits and no inflow: one listed, certain, costs the days from the birthday on."""
    told = rows(*((n, date(2018, 1, 1), None, 10.0) for n in range(60)),
                born=np.full(60, 1970))  # fmt: skip
    flows = _flows(told)
    still = replace(flows.exits, usual=flows.exits.usual * 1e-9)
    flows = replace(flows, exits=still)
    birthday = date(2023, 9, 11)
    young = Young(np.array([birthday.toordinal()]), np.array([2]), np.array([1000.0]), 0.001)
    found = simulate(told, cases_of(told), flows, AS_OF, 1, 1, 50, (young, 30))
    # 20 days of September, 31 of October, 30 of November, 31 of December
    assert found.young[:, 2].sum(axis=0).tolist() == [0, 0, 50 * 20_000, 50 * 31_000,
                                                       50 * 30_000, 50 * 31_000]  # fmt: skip
    assert found.young.sum() == found.young[:, 2].sum()


def young_row(n: int, born: date, **more: Any) -> dict[str, Any]:
    """Return a young person on the sheet."""
    return {"borger_id": f"U{n}", "foedselsdato": born, "forventet_paragraf": "107",
            "forventet_aarspris": 365_250.0, **more}  # fmt: skip


def test_who_stands_on_the_sheet_of_young_people() -> None:
    """Those who turn 18 from the day after the as-of date, and have no case yet."""
    cases = [case(sag_id="S1", borger_id="U3", foedselsaar=2006, paragraf="108")]
    told = ready(
        date(2024, 9, 30),
        sager=cases,
        overgange=[
            young_row(1, date(2006, 9, 30)),  # 18 on the as-of date
            young_row(2, date(2006, 10, 1)),  # 18 the day after
            young_row(3, date(2007, 1, 1)),  # has a case already
            young_row(4, date(2008, 2, 29), forventet_paragraf=None, forventet_aarspris=None),
            young_row(5, date(2009, 1, 1)),  # 18 in 2027
        ],
    )
    found = young_of(told, ("107", "108"), 3)
    assert found is not None
    assert [date.fromordinal(int(d)) for d in found.first] == [
        date(2024, 10, 1),
        date(2026, 2, 28),
    ]
    assert found.service.tolist() == [0, -1]
    assert found.price[0] == pytest.approx(1000)
    assert np.isnan(found.price[1])
    assert turned(found, 2026) is None
    without = ready(date(2024, 9, 30), sager=[case()], overgange=[young_row(1, date(2007, 1, 1))])
    assert young_of(without, ("107",), 3) is None


def test_few_are_withheld_with_another_where_they_could_be_found() -> None:
    # 3 is alone, so the smallest of the rest goes with it; in the second year they are 0 and 4,
    # few in all, so one more goes
    assert withheld([[3, 9, 12, 20]]) == {0, 1}
    assert withheld([[3, 9, 12, 20], [0, 4, 12, 20]]) == {0, 1, 2}
    assert withheld([[6, 9, 12]]) == set()


def test_citizens_are_counted_once_in_each_year() -> None:
    told = rows(
        (1, date(2023, 1, 1), date(2023, 12, 31), 1.0),
        (2, date(2023, 1, 1), None, 1.0),
        citizen=np.array([7, 7]),
    )
    assert citizens_of(told, 1, months_after(AS_OF, 2)) == {2023: [1, 1], 2024: [1, 1]}


def test_rows_made_by_the_year_run_on() -> None:
    """Most rows end on New Year's Eve; the one that has its next row already is not paid twice."""
    eve = date(2023, 12, 31)
    told = rows(
        (1, date(2023, 1, 1), eve, 1.0),
        (2, date(2023, 1, 1), eve, 1.0),
        (3, date(2023, 1, 1), eve, 1.0),
        (3, date(2024, 1, 1), None, 1.0),
        (4, date(2023, 1, 1), None, 1.0),
    )
    assert by_the_year(told, DAY).tolist() == [True, True, False, False, False]
    assert not by_the_year(told.take(np.array([True, False, False, False, True])), DAY).any()


def test_a_municipality_with_one_year_rows_is_not_emptied_at_new_year() -> None:
    """On New Year's Eve all rows end; the next year is forecast all the same."""
    years = range(2021, 2025)
    told = [
        case(sag_id=f"S{n}", borger_id=f"B{n}", foedselsaar=1980, startdato=date(y, 1, 1),
             slutdato=date(y, 12, 31), pris=1000.0 + 20 * (y - 2021))
        for n in range(30) for y in years
    ]  # fmt: skip
    found = forecast(ready(date(2024, 12, 31), tuple(years), sager=told))
    assert found.basis.by_the_year
    assert found.spans[0].year == 2025
    assert found.spans[0].committed == pytest.approx(30 * 1060 * 365)
    assert found.spans[0].price is not None
    assert found.spans[0].price > 0
    assert any("slutter nytårsaften" in line for line in as_text(found, "da"))


def test_small_counts_are_withheld_by_the_command() -> None:
    """Four in one paragraph: no line of their own, and none that gives them away."""
    years = (2021, 2022, 2023, 2024)
    told = [
        case(sag_id=f"S{n}", borger_id=f"B{n}", startdato=date(2021, 1, 1 + n),
             paragraf="108" if n < 12 else "107" if n < 20 else "85")
        for n in range(24)
    ]  # fmt: skip
    found = forecast(ready(date(2024, 9, 30), years, sager=told))
    for span in found.spans:
        assert [p.paragraph for p in span.paragraphs] == ["108", None]


def test_the_command_shows_what_drives_it(tmp_path: Path) -> None:
    ran = styring_in_process("forecast", SYDDJURS, cwd=tmp_path)
    assert ran.code == 0
    for said in ("Hvad der driver udgiften", "2026 efter paragraf", "Midlertidigt botilbud (§ 107)",
                 "Øvrige, for få borgere hver", "unge på arket Overgange"):  # fmt: skip
        assert said in ran.out
    english = styring_in_process("forecast", SYDDJURS, "--lang", "en", cwd=tmp_path)
    assert "What drives it (DKK m)" in english.out
    assert "Ventet" not in english.out


def test_the_data_adds_up(tmp_path: Path) -> None:
    ran = styring_in_process("forecast", SYDDJURS, "--format", "json", cwd=tmp_path)
    told = json.loads(ran.out)
    assert [s["year"] for s in told["cases"]] == [2025, 2026, 2027]
    for s in told["cases"]:
        parts = sum(s[p] or 0 for p in ("committed", *PARTS))
        assert parts == pytest.approx(s["median"], abs=0.1)
        assert sum(p["expected"] for p in s["paragraphs"]) == pytest.approx(s["median"], abs=0.1)
        assert s["low"] < s["median"] < s["high"]
        assert [p["withheld"] for p in s["paragraphs"]].count(True) == 1
    assert told["basis"]["listed"] >= 5
    assert told["cases"][0]["young"] is None


def test_rows_of_the_workbook_are_in_an_order_of_their_own() -> None:
    found, services = rows_of(syddjurs())
    assert services == 13
    assert (np.diff(found.case) >= 0).all()


ODD_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "sag_id": st.sampled_from([f"S{n}" for n in range(12)]),
            "borger_id": st.sampled_from([f"B{n}" for n in range(12)]),
            "paragraf": st.sampled_from(["85", "107", None]),
            "startdato": st.dates(date(2019, 1, 1), date(2025, 6, 30)),
            "slutdato": st.none() | st.dates(date(2019, 1, 1), date(2026, 6, 30)),
            "bevilget_dato": st.none() | st.dates(date(2019, 1, 1), date(2025, 1, 1)),
            "pris": st.none() | st.sampled_from([0.0, 12.5, 4000.0, -100.0]),
            "enhed": st.sampled_from(["døgn", "uge", "måned", "år", "engang", None]),
            "antal": st.none() | st.sampled_from([0.0, 1.0, 37.0]),
            "foedselsaar": st.none() | st.integers(1930, 2007),
        }
    ),
    min_size=20,
    max_size=60,
)
ODD_YOUNG = st.lists(
    st.fixed_dictionaries(
        {
            "borger_id": st.sampled_from([f"U{n}" for n in range(20)] + ["B1"]),
            "foedselsdato": st.none() | st.dates(date(2005, 1, 1), date(2011, 1, 1)),
            "forventet_paragraf": st.sampled_from(["85", "95", None]),
            "forventet_aarspris": st.none() | st.sampled_from([0.0, 500_000.0]),
        }
    ),
    max_size=12,
)


@steady
@given(sager=ODD_ROWS, overgange=ODD_YOUNG, month=st.integers(1, 12))
def test_odd_rows_are_taken(
    sager: list[dict[str, Any]], overgange: list[dict[str, Any]], month: int
) -> None:
    """Nulls, credits, one-off payments, grants ahead, cases of two paragraphs: it adds up still."""
    as_of = date(2024 + month // 12, month % 12 + 1, 1)
    as_of = date.fromordinal(as_of.toordinal() - 1)
    more = {"overgange": overgange} if overgange else {}
    found = forecast(ready(as_of, tuple(range(2020, 2025)), sager=sager, **more))
    for span in found.spans:
        assert np.isfinite(span.committed)
        if span.median is None:
            continue
        assert span.low is not None
        assert span.high is not None
        assert span.low <= span.median <= span.high
        parts = sum(getattr(span, p) or 0.0 for p in PARTS)
        assert span.committed + parts == pytest.approx(span.median, abs=1)
        if span.paragraphs:
            told = sum(p.expected for p in span.paragraphs)
            assert told == pytest.approx(span.median, abs=1)


def test_one_young_person_does_not_give_a_paragraph_away() -> None:
    """Nobody has § 95 but one who is listed: it is not shown by itself."""
    years = (2021, 2022, 2023, 2024)
    told = [
        case(sag_id=f"S{n}", borger_id=f"B{n}", foedselsaar=1980, startdato=date(2021, 1, 1 + n),
             paragraf="108" if n < 12 else "107")
        for n in range(24)
    ]  # fmt: skip
    one = young_row(1, date(2007, 1, 1), forventet_paragraf="95")
    found = forecast(ready(date(2024, 9, 30), years, sager=told, overgange=[one]))
    for span in found.spans:
        assert [p.paragraph for p in span.paragraphs] == ["108", None]
        assert span.young is None
