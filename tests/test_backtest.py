"""The forecast's record: nothing later is seen, and how near the accounts were met."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date, timedelta
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import Row, amount, case, ready, several, steady
from running import EXAMPLES, SYDDJURS, styring_says
from styring.cli.forecast import _accounts
from styring.definitions import load_facts, load_spec
from styring.forecast import Span, _year_end, rows_of
from styring.forecast.backtest import (
    AccountsReplay,
    Replay,
    accounts_replays,
    backtest,
    carried,
    known_on,
    scores,
)
from styring.forecast.rows import OPEN
from styring.prepare import prepare
from styring.read.workbook import read_workbook
from styring.review import Outlook

DAY = date(2024, 6, 30)
AS_OF = date(2025, 6, 30)
YEARS = (2021, 2022, 2023, 2024, 2025)


def booked(factor: float = 0.5, later: float = 1.0) -> list[Row]:
    """Return accounts by month: so much of ten citizens' 1,000 a day, other from July on."""
    return [
        amount(
            monthrange(y, m)[1] * 10_000 * factor * (later if m > 6 and y < 2024 else 1.0),
            aar=y,
            maaned=m,
        )
        for y in YEARS
        for m in range(1, 13)
        if y < 2025
    ]


def replayed(kroner: float = 2_000_000.0, draws: int = 1) -> Replay:
    return Replay(DAY, 6, kroner, kroner, kroner, 1.0, np.full(draws, kroner))


def seen(*rows: Row) -> list[tuple[int, bool]]:
    """Return the day a row began as known on 30 June 2024, and whether it is open then."""
    tables = ready(AS_OF, YEARS, sager=list(rows))
    known, _ = known_on(tables, DAY, rows_of(tables))
    begun = zip(known.first.tolist(), known.last.tolist(), strict=True)
    return sorted((first - date(2024, 1, 1).toordinal(), last == OPEN) for first, last in begun)


def test_what_is_known_on_a_past_day() -> None:
    """1 January is day 0 and 1 March day 60; the rest is not known on 30 June."""
    ended = case(borger_id="A", sag_id="A", slutdato=date(2024, 3, 31))
    assert seen(ended) == [(0, False)]
    ends_later = case(borger_id="B", sag_id="B", slutdato=date(2024, 9, 30))
    assert seen(ended, ends_later) == [(0, False), (0, True)]
    comes_later = case(borger_id="C", sag_id="C", startdato=date(2024, 7, 1))
    assert seen(ended, comes_later) == [(0, False)]
    in_time = case(
        borger_id="D", sag_id="D", startdato=date(2024, 3, 1), bevilget_dato=date(2024, 6, 30)
    )
    assert seen(in_time) == [(60, True)]
    too_late = {**in_time, "bevilget_dato": date(2024, 7, 1)}
    assert seen(ended, too_late) == [(0, False)]
    undated = {**in_time, "bevilget_dato": None}
    assert seen(undated, too_late | {"borger_id": "E", "sag_id": "E"}) == [(60, True)]


def turnover(ends: list[int], late: int) -> list[Row]:
    """Return 40 citizens since 2021, some who end after the day, and some granted after it."""
    first = date(2021, 1, 1)
    rows = [
        case(borger_id=f"B{n}", sag_id=f"S{n}", startdato=first + timedelta(days=30 * n))
        for n in range(40)
    ]
    for n, days in enumerate(ends):
        rows[n]["slutdato"] = DAY + timedelta(days=days)
    coming = case(startdato=DAY - timedelta(days=20), bevilget_dato=DAY + timedelta(days=5))
    return [*rows, *({**coming, "borger_id": f"L{n}", "sag_id": f"L{n}"} for n in range(late))]


@given(st.lists(st.integers(0, 180), max_size=8), st.integers(0, 5), st.floats(0.2, 3.0))
@steady
def test_a_replay_is_the_same_whatever_happened_later(
    ends: list[int], late: int, later: float
) -> None:
    """Later ends, later grants, later accounts and follow-ups: none of them is seen."""

    def told(sager: list[Row], factor: float) -> tuple[Any, ...]:
        rows = booked()
        for r in rows:
            r["beloeb"] *= factor if (r["aar"], r["maaned"]) > (2024, 6) else 1.0
        own = [
            amount(1e6, "forventet regnskab", opfoelgning=date(2024, 5, 31)),
            amount(1e6 * factor, "forventet regnskab", opfoelgning=date(2024, 9, 30)),
        ]
        tables = ready(AS_OF, YEARS, sager=sager, oekonomi=[*rows, *own])
        some = [r for r in backtest(tables, draws=20, month=6) if r.day == DAY]
        a = accounts_replays(tables, some)[0]
        return some[0].low, some[0].median, some[0].high, a.forecast, a.low, a.high, a.own

    assert told(turnover(ends, late), later) == told(turnover([], 0), 1.0)


def test_an_earlier_as_of_date_gives_the_same_record(tmp_path: Path) -> None:
    """Seen from June 2024, the replays of 2022 and 2023 are those of the whole workbook."""

    def record(*more: str) -> list[dict[str, Any]]:
        ran = styring_says(
            "forecast", SYDDJURS, "--backtest", "--format", "json", *more, cwd=tmp_path
        )
        assert ran.code == 0, ran.err
        found: list[dict[str, Any]] = json.loads(ran.out)["backtest"]
        return found

    then, now = record("--as-of", "2024-06-30"), record()
    assert [r["day"][:4] for r in then] == ["2022"] * 3 + ["2023"] * 3
    assert then == now[:6]


def test_a_ledger_that_follows_leaves_only_the_cases_own_swing() -> None:
    """Half of the cases is booked every month of 2021-2024: nothing was off.

    182 days cost 1,820,000 and 910,000 is booked, so 2,000,000 to come is 1,000,000.
    """
    tables = ready(AS_OF, YEARS, sager=several(10, startdato=date(2021, 1, 1)), oekonomi=booked())
    found = accounts_replays(tables, [replayed()])[0]
    for kroner in (found.low, found.forecast, found.high):
        assert kroner == pytest.approx(1_910_000, abs=0.1)
    # the year: 366 days of 5,000
    assert found.accounts == pytest.approx(1_830_000, abs=0.1)
    assert found.held is False


def test_the_interval_is_as_wide_as_the_ledger_was_off() -> None:
    """2021-2023 were booked a tenth higher from July on: each was off by the logarithm of 1.1.

    Student's t of three degrees leaves a tenth beyond 1.638: e^(1.638 · 0.0953) is 1.169.
    """
    cases = several(10, startdato=date(2021, 1, 1))
    tables = ready(AS_OF, YEARS, sager=cases, oekonomi=booked(later=1.1))
    found = accounts_replays(tables, [replayed(draws=20_000)])[0]
    assert found.low == pytest.approx(910_000 + 1_000_000 / 1.169, abs=6_000)
    assert found.forecast == pytest.approx(1_910_000, abs=3_000)
    assert found.high == pytest.approx(910_000 + 1_000_000 * 1.169, abs=6_000)


def test_fewer_than_three_earlier_years_give_no_interval() -> None:
    tables = ready(
        AS_OF,
        YEARS[1:],
        sager=several(10, startdato=date(2022, 1, 1)),
        oekonomi=[r for r in booked() if r["aar"] > 2021],
    )
    found = accounts_replays(tables, [replayed()])[0]
    assert (found.low, found.high, found.held) == (None, None, None)
    assert found.forecast == pytest.approx(1_910_000, abs=0.1)


@given(
    st.lists(st.floats(-0.2, 0.2), min_size=3, max_size=6),
    st.floats(50.0, 200.0),
    st.floats(50.0, 200.0),
    st.lists(st.floats(10.0, 90.0), min_size=2, max_size=30),
)
@steady
def test_a_replay_is_carried_as_the_years_own_forecast_is(
    past: list[float], to_day: float, cost: float, rest: list[float]
) -> None:
    """The record is of what the review shows: the same amounts give the same year's end."""
    drawn = np.array(rest)
    told: dict[str, Any] = dict.fromkeys(Outlook.model_fields)
    told |= {"year": 2024, "months": 6, "booked": to_day, "case_cost_to_date": cost}
    end = _year_end(Outlook(**told | {"committed": cost}), Span(2024, 0.0), drawn, past, 1)
    assert end is not None
    replay = Replay(DAY, 6, 0.0, float(np.median(drawn)), 0.0, 1.0, drawn)
    ours = carried(to_day, cost, replay, past, 1)
    assert ours == pytest.approx((end.low, end.median, end.high))
    alone = carried(to_day, cost, replay, past[:2], 1)
    assert (alone[0], alone[2]) == (None, None)
    assert alone[1] == pytest.approx(to_day + to_day / cost * replay.median)
    none = carried(to_day, cost, replay, [0.0] * 3, 1)
    assert none[1] == pytest.approx(to_day + to_day / cost * replay.median * exp(0))


def account(months: int, forecast: float, own: float | None, *span: float) -> AccountsReplay:
    low, high = span or (None, None)
    return AccountsReplay(DAY, months, forecast, own, 100.0, low, high)


def test_scores_in_all_and_by_months_ahead() -> None:
    """Errors +10, -20 and +4 % of 100: mean absolute 34/3, mean -6/3; own -10 and +30 %."""
    given_ = [account(6, 110.0, 90.0, 95.0, 105.0), account(6, 80.0, None),
              account(3, 104.0, 130.0, 101.0, 108.0)]  # fmt: skip
    every, three, six = scores(given_)
    assert (every.months, three.months, six.months) == (None, 3, 6)
    assert (every.count, every.tried, every.held) == (3, 2, 1)
    assert every.error == pytest.approx(0.34 / 3)
    assert every.bias == pytest.approx(-0.06 / 3)
    assert every.own_error == pytest.approx(0.20)
    assert every.own_bias == pytest.approx(0.10)
    assert (six.error, six.bias) == pytest.approx((0.15, -0.05))
    assert three.error == pytest.approx(0.04)
    assert (three.held, three.tried) == (0, 1)
    assert scores([]) == ()


def test_what_could_not_be_tried_is_said() -> None:
    said = list(_accounts([account(6, 110.0, None)], "da"))
    assert "ramt med en fejl på 10,0 pct. (skævhed +10,0 pct.)." in said[3]
    assert "kan ikke prøves her" in said[-1]
    assert not any("kommunens egen" in line for line in said)
    assert list(_accounts([], "da")) == []
    tried = list(_accounts([account(6, 110.0, 90.0, 95.0, 105.0)], "en"))
    assert "could be tried 1 times and held 1 of them" in tried[-1]
    assert "6 months ahead: error 10.0% (bias +10.0%); the municipality's own 10.0%" in tried[-2]


def test_the_record_as_a_user_sees_it(tmp_path: Path) -> None:
    ran = styring_says("forecast", SYDDJURS, "--backtest", "--format", "json", cwd=tmp_path)
    data = json.loads(ran.out)
    errors = [a["error"] for a in data["accounts"]]
    every, *ahead = data["record"]
    assert [s["months"] for s in ahead] == [3, 6, 9]
    assert every["error"] == pytest.approx(sum(map(abs, errors)) / 9, abs=1e-5)
    assert every["bias"] == pytest.approx(sum(errors) / 9, abs=1e-5)
    assert every["tried"] == 3
    assert every["held"] == sum(a["held"] for a in data["accounts"] if a["low"] is not None)
    assert every["error"] < every["own_error"]


@pytest.mark.parametrize(
    "name", sorted(p.name for p in EXAMPLES.glob("*.xlsx") if not p.name.startswith("~"))
)
def test_the_accounts_of_the_examples_are_met_within_five_per_cent(name: str) -> None:
    """Each past quarter of 2022-2024, by a replay that knows nothing later."""
    tables = prepare(read_workbook(EXAMPLES / name, load_spec()).tables, load_facts())
    found = accounts_replays(tables, backtest(tables, draws=100))
    assert len(found) == 9
    assert all(abs(a.error) < 0.05 for a in found)
    assert [a.low is not None for a in found] == [False] * 6 + [True] * 3
