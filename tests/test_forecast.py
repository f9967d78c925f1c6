"""The forecast: the arithmetic by hand, and its intervals on municipalities it knows nothing of."""

from __future__ import annotations

import calendar
import json
from dataclasses import replace
from datetime import date
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast_rows import DAY_0, made
from rows import amount, case, ready
from styring.cli.forecast import forecast as command
from styring.errors import UsageError
from styring.forecast import OPEN, Rows, Span, _year_end, seen_on, spans_of
from styring.forecast.flows import cases_of, estimate, pooled
from styring.forecast.ratio import ratios
from styring.forecast.rows import cost, months_after
from styring.review import Outlook

AS_OF = date(2023, 6, 30)
EXAMPLE = Path(__file__).parents[1] / "examples" / "syddjurs.xlsx"


def rows(*given: tuple[int, int, date, date | None, float]) -> Rows:
    """Return rows of case, service, first and last day, kroner a day."""
    last = [OPEN if g[3] is None else g[3].toordinal() for g in given]
    return Rows(
        np.array([g[0] for g in given]),
        np.array([g[1] for g in given]),
        np.array([g[2].toordinal() for g in given]),
        np.array(last),
        np.array([g[4] for g in given]),
        np.ones(len(given), dtype=np.bool_),
    )


def test_what_is_committed_counts_both_days() -> None:
    given = rows((1, 0, date(2023, 1, 1), date(2023, 8, 2), 100.0))
    # July has 31 days, August 2: 3,100 and 200 kr.; nothing after.
    found = cost(given, months_after(AS_OF, 1))
    assert found.tolist() == [[3100.0, 200.0, 0.0, 0.0, 0.0, 0.0]]


def test_the_month_of_the_as_of_date_goes_on_the_day_after() -> None:
    spans = months_after(date(2023, 11, 20), 1)
    assert spans[0] == (2023, date(2023, 11, 21).toordinal(), date(2023, 11, 30).toordinal())
    assert months_after(date(2023, 12, 31), 1)[0][0] == 2024


def test_a_past_day_does_not_know_what_came_later() -> None:
    given = rows(
        (1, 0, date(2022, 1, 1), date(2023, 9, 1), 100.0),
        (2, 0, date(2023, 8, 1), None, 100.0),
        (3, 0, date(2021, 1, 1), date(2022, 1, 1), 100.0),
    )
    seen = seen_on(given, AS_OF.toordinal())
    assert seen.case.tolist() == [1, 3]
    assert seen.last.tolist() == [OPEN, date(2022, 1, 1).toordinal()]


def test_rates_that_differ_no_more_than_chance_are_pooled() -> None:
    counts, exposure = np.array([10.0, 10.0, 0.0]), np.array([100.0, 100.0, 0.0])
    shape, rate = pooled(counts, exposure)
    # the common rate is 20.5 / 200 = 0.1025, and a service without exposure has just that.
    assert shape[2] / rate[2] == pytest.approx(0.1025)
    assert 0.1 < shape[0] / rate[0] < 0.1025


def test_less_than_a_year_of_history_gives_the_committed_alone() -> None:
    given = rows((1, 0, date(2023, 1, 1), None, 100.0))
    begins = date(2023, 1, 1).toordinal()
    assert estimate(given, cases_of(given), 1, AS_OF.toordinal(), begins) is None
    spans, totals, _ = spans_of(given, 1, AS_OF, begins, 1)
    # 184 days from 1 July to 31 December.
    assert (spans[0].committed, spans[0].median, totals) == (18400.0, None, ())


def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    given = made(1)
    one, other = (spans_of(given, 5, AS_OF, DAY_0, s, 100)[0] for s in (1, 2))
    assert spans_of(given, 5, AS_OF, DAY_0, 1, 100)[0] == one
    assert one != other


def test_exits_take_from_the_committed_and_inflow_adds() -> None:
    given = made(3)
    seen = seen_on(given, AS_OF.toordinal())
    for span in spans_of(seen, 5, AS_OF, DAY_0, 1, 200)[0]:
        assert span.leaving is not None
        assert span.leaving < 0
        assert span.coming is not None
        assert span.coming > 0


def test_how_the_ledger_follows_the_cases_by_hand() -> None:
    """To September 900,000 of accounts on 900,000 of cases; after it 330,000 on 300,000.

    Each month costs 100,000, and the last three are booked at a tenth more: ln 1.1.
    """
    days = {m: calendar.monthrange(2024, m)[1] for m in range(1, 13)}
    given = [
        case(sag_id=f"{n}", borger_id=f"{n}", startdato=date(2024, m, 1),
             slutdato=date(2024, m, days[m]), pris=20_000.0, enhed="måned")
        for m in days for n in range(m * 10, m * 10 + 5)
    ]  # fmt: skip
    booked = [
        amount(100_000.0 if m < 10 else 110_000.0, aar=2024, maaned=m, version="regnskab")
        for m in days
    ]
    tables = ready(date(2025, 9, 30), (2024, 2025), sager=given, oekonomi=booked)
    assert ratios(tables) == [pytest.approx(log(1.1))]


def test_without_earlier_years_the_accounts_have_no_interval_and_no_chance() -> None:
    """Two years do not tell how surely the ledger follows."""
    told: dict[str, Any] = dict.fromkeys(Outlook.model_fields)
    told |= {"year": 2025, "months": 9, "booked": 90.0, "case_cost_to_date": 90.0,
             "committed": 120.0, "corrected": 100.0, "original": 100.0}  # fmt: skip
    seen = Outlook(**told)
    span, total = Span(2025, 30.0), np.full(4000, 40.0)
    alone = _year_end(seen, span, total, [0.1, 0.1], 1)
    assert alone is not None
    assert (alone.median, alone.low, alone.over_corrected) == (130, None, None)
    sure = _year_end(seen, span, total, [0.0, 0.0, 0.0], 1)
    assert sure is not None
    assert (sure.low, sure.median, sure.high, sure.over_corrected) == (130, 130, 130, 1)
    loose = _year_end(seen, span, total, [0.2, -0.2, 0.2], 1)
    assert loose is not None
    assert loose.low is not None
    assert loose.high is not None
    # t of three degrees leaves a tenth beyond 1.638: 90 + 40·e^(∓0.3275)
    assert loose.low == pytest.approx(90 + 40 * 0.7207, abs=1.5)
    assert loose.high == pytest.approx(90 + 40 * 1.3875, abs=2.5)


def test_one_off_payments_neither_begin_nor_end_a_case() -> None:
    given = rows((1, 0, date(2023, 1, 1), date(2023, 1, 1), 100.0))
    assert len(cases_of(replace(given, lasting=np.array([False]))).first) == 0


def test_the_command_tells_the_year_end_and_its_record(capsys: pytest.CaptureFixture[str]) -> None:
    command(EXAMPLE, as_of=None, replay=True, seed=1, form="text", lang="da")
    said = capsys.readouterr().out
    assert "Regnskabet for 2025 ventes at blive" in said
    assert "Prøvet på" in said
    command(EXAMPLE, as_of=None, replay=True, seed=1, form="json", lang="da")
    one = json.loads(capsys.readouterr().out)
    assert one["cases"][0]["low"] < one["cases"][0]["median"] < one["cases"][0]["high"]
    assert {r["day"][5:] for r in one["backtest"]} == {"03-31", "06-30", "09-30"}


def test_a_format_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError):
        command(EXAMPLE, as_of=None, replay=False, seed=1, form="pdf", lang="da")
