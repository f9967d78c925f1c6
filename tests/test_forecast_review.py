"""The forecast in a review and its record: what is shown adds up, and was tried."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
import tomli

from rows import Row, amount, ready, several
from running import SYDDJURS, Reviewed, styring_says
from styring.definitions import desk, load_facts, load_spec
from styring.find.forecast import _booked_by_month, forecast_part
from styring.forecast import forecast
from styring.forecast.backtest import Replay, accounts_replays, backtest
from styring.prepare import Prepared, prepare
from styring.read.workbook import read_workbook
from styring.review import ForecastPart

JUNE = date(2024, 6, 30)


@pytest.fixture(scope="module")
def syddjurs() -> Prepared:
    return prepare(read_workbook(SYDDJURS, load_spec()).tables, load_facts())


@pytest.fixture(scope="module")
def part(syddjurs: Prepared) -> ForecastPart:
    found = forecast_part(syddjurs, 1)
    assert found is not None
    return found


def test_the_parts_of_a_year_add_up_to_its_median(part: ForecastPart) -> None:
    assert [y.year for y in part.years] == [2025, 2026, 2027]
    for y in part.years:
        parts = [y.committed, y.leaving, y.renewing, y.coming, y.young, y.price]
        assert sum(x or 0.0 for x in parts) == pytest.approx(y.median, abs=0.01)
        assert y.low is not None
        assert y.high is not None
        assert y.low < (y.median or 0.0) < y.high


def test_the_paragraphs_add_up_to_the_year(part: ForecastPart) -> None:
    for y in part.years[:2]:
        some = [p for p in part.paragraphs if p.year == y.year]
        assert sum(p.committed for p in some) == pytest.approx(y.committed, abs=0.01)
        assert sum(p.median or 0.0 for p in some) == pytest.approx(y.median, abs=0.01)


def test_the_months_add_up_to_what_is_committed(part: ForecastPart) -> None:
    """October 2025 to December 2026, three and twelve months."""
    assert [m.month for m in part.months][:3] == ["2025-10", "2025-11", "2025-12"]
    assert len(part.months) == 15
    for year, y in ((2025, part.years[0]), (2026, part.years[1])):
        of_year = [m.committed for m in part.months if m.month.startswith(str(year))]
        assert sum(of_year) == pytest.approx(y.committed, abs=0.01)


def test_the_ways_of_seeing_the_year_are_those_of_the_outlook(
    part: ForecastPart, syddjurs: Prepared
) -> None:
    seen = forecast(syddjurs).outlook
    assert seen is not None
    shown = {s.kind: s for s in part.sights}
    assert shown["committed"].amount == seen.committed
    assert shown["expected"].amount == seen.expected
    assert shown["own"].amount == seen.forecast
    assert shown["forecast"].amount == part.median
    assert seen.corrected is not None
    for s in part.sights:
        assert s.gap == pytest.approx(s.amount - seen.corrected)


def test_the_course_runs_from_what_is_booked_to_the_years_end(
    part: ForecastPart, syddjurs: Prepared
) -> None:
    seen = forecast(syddjurs).outlook
    assert seen is not None
    assert [s.month for s in part.course] == [f"2025-{m:02}" for m in range(1, 13)]
    so_far = [s.booked for s in part.course if s.booked is not None]
    assert so_far == sorted(so_far)
    assert len(so_far) == seen.months == 9
    here, *ahead = part.course[8:]
    assert (here.low, here.median, here.high) == (here.booked,) * 3
    assert here.booked == pytest.approx(seen.booked)
    assert (ahead[-1].low, ahead[-1].median, ahead[-1].high) == pytest.approx(
        (part.low, part.median, part.high)
    )
    assert all(s.median is None for s in part.course[:8])
    assert {(s.corrected, s.original) for s in part.course} == {(seen.corrected, seen.original)}


def test_the_months_on_the_way_follow_the_granted_cases(part: ForecastPart) -> None:
    """October's share of what is to come is its share of what is committed."""
    here, october = part.course[8], part.course[9]
    committed = [m.committed for m in part.months[:3]]
    assert here.booked is not None
    assert october.median is not None
    assert part.median is not None
    moved = (october.median - here.booked) / (part.median - here.booked)
    assert moved == pytest.approx(committed[0] / sum(committed))


def test_without_an_interval_there_is_no_course() -> None:
    """Two finished years do not tell how surely the ledger follows."""
    rows = [r for y in (2023, 2024) for r in booked(*[100_000.0] * 12, year=y)]
    tables = ready(
        date(2025, 6, 30),
        (2023, 2024, 2025),
        sager=several(10, startdato=date(2023, 1, 1)),
        oekonomi=[*rows, *booked(*[100_000.0] * 6, year=2025)],
    )
    found = forecast_part(tables, 1)
    assert found is not None
    assert found.median is not None
    assert (found.low, found.course) == (None, ())


def test_a_year_booked_as_a_whole_has_no_months_behind_it() -> None:
    found = _booked_by_month(ready(JUNE, oekonomi=[amount(600_000.0)]), 2024, 6)
    assert [m for m, _ in found] == [6]
    by_month = _booked_by_month(ready(JUNE, oekonomi=booked(1.0, 2.0, 4.0)), 2024, 3)
    assert by_month == [(1, 1.0), (2, 3.0), (3, 7.0)]


def test_the_workbook_draws_the_course(danish: Reviewed) -> None:
    """One native chart: a band below lines, named by what they end at."""
    with ZipFile(danish.folder / "review.xlsx") as book:
        charts = [book.read(n).decode() for n in book.namelist() if "charts/chart" in n]
        words = book.read("xl/sharedStrings.xml").decode()
    ours = [c for c in charts if "Prognose!$N$" in c]
    assert len(ours) == 1
    assert ours[0].count("<c:ser>") == 6
    assert "<c:areaChart>" in ours[0]
    assert "<c:lineChart>" in ours[0]
    assert "Fire af fem lodtrækninger: 166,9–168,4" in words
    assert "Korrigeret budget: 160,5" in words


def test_every_column_of_the_sheet_has_a_width() -> None:
    """A number in a column that is too narrow shows as ###."""
    layout = tomli.loads((desk("templates") / "review" / "review.xlsx.toml").read_text("utf-8"))
    sheet = next(s for s in layout["sheet"] if s["id"] == "forecast")
    widest = max(len(b["column"]) for b in sheet["block"])
    assert len(sheet["widths"]) >= widest
    assert min(sheet["widths"]) >= 13


def booked(*months: float, year: int = 2024) -> list[Row]:
    return [amount(kr, aar=year, maaned=n) for n, kr in enumerate(months, 1)]


def test_a_replay_carried_to_the_accounts() -> None:
    """Ten citizens at 1,000 a day: 182 days to 30 June cost 1,820,000; 910,000 is booked: half.

    So a rest of 2,000,000 of the cases is 1,000,000 of the accounts: 1,910,000. They became
    2,000,000: 4.5 % too low. The own forecast of May is used, not that of July: 10 % too low.
    """
    own = [
        amount(1_800_000.0, "forventet regnskab", opfoelgning=date(2024, 5, 31)),
        amount(9_000_000.0, "forventet regnskab", opfoelgning=date(2024, 7, 31)),
    ]
    rows = [*booked(*[910_000 / 6] * 6, *[1_090_000 / 6] * 6), *own]
    tables = ready(date(2025, 6, 30), (2024, 2025), sager=several(10), oekonomi=rows)
    replay = Replay(JUNE, 6, 0.0, 2_000_000.0, 0.0, 1.0)
    found = accounts_replays(tables, [replay])[0]
    assert found.forecast == pytest.approx(1_910_000, abs=0.1)
    assert found.accounts == pytest.approx(2_000_000, abs=0.1)
    assert found.error == pytest.approx(-0.045)
    assert found.own == 1_800_000
    assert found.own_error == pytest.approx(-0.10)


def test_accounts_of_a_whole_year_cannot_be_replayed() -> None:
    tables = ready(
        date(2025, 6, 30), (2024, 2025), sager=several(10), oekonomi=[amount(2_000_000.0)]
    )
    assert accounts_replays(tables, [Replay(JUNE, 6, 0.0, 1.0, 0.0, 1.0)]) == ()
    assert accounts_replays(ready(JUNE, sager=several(10)), []) == ()


def test_a_review_tries_the_same_time_of_earlier_years(
    part: ForecastPart, syddjurs: Prepared
) -> None:
    assert [r.day for r in part.replays] == [date(y, 9, 30) for y in (2022, 2023, 2024)]
    same = backtest(syddjurs, 1, draws=100, month=9)
    assert [r.day.month for r in same] == [9, 9, 9]
    assert {r.months for r in backtest(syddjurs, 1, draws=20)} == {9, 6, 3}


def test_a_short_history_gives_the_committed_figure_alone() -> None:
    """Cases from 1 June on, seen on 30 September: a third of a year tells no rates."""
    rows = several(10, startdato=date(2025, 6, 1))
    found = forecast_part(ready(date(2025, 9, 30), (2025,), sager=rows), 1)
    assert found is not None
    assert found.years[0].committed == 10 * 92 * 1000.0
    assert (found.years[0].median, found.median, found.replays) == (None, None, ())
    assert "Historikken er for kort" in found.points[0].da


def test_few_citizens_have_no_forecast() -> None:
    assert forecast_part(ready(date(2025, 9, 30), (2024, 2025), sager=several(4)), 1) is None
    assert forecast_part(ready(date(2025, 9, 30)), 1) is None


def test_months_of_few_citizens_are_not_shown() -> None:
    """Ten to the end of November, three after: October and November are shown, no month later."""
    rows = [
        *several(3, name="A", startdato=date(2023, 1, 1)),
        *several(7, name="B", startdato=date(2023, 1, 1), slutdato=date(2025, 11, 30)),
    ]
    found = forecast_part(ready(date(2025, 9, 30), (2023, 2024, 2025), sager=rows), 1)
    assert found is not None
    assert [m.month for m in found.months] == ["2025-10", "2025-11"]
    assert found.course == ()


def test_a_scenario_upon_the_forecast(tmp_path: Path) -> None:
    """What is certain is the scenario's own; the year after it is the median and both effects."""
    text = (Path(__file__).parent.parent / "docs" / "scenarios.md").read_text("utf-8")
    (tmp_path / "tiltag.toml").write_text(text.split("```toml\n")[1].split("```")[0], "utf-8")
    alone = json.loads(
        styring_says("scenario", SYDDJURS, "tiltag.toml", "--format", "json", cwd=tmp_path).out
    )
    ran = styring_says(
        "forecast", SYDDJURS, "--scenario", "tiltag.toml", "--format", "json", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    both = json.loads(ran.out)
    assert both["scenario"] == alone
    said = styring_says("forecast", SYDDJURS, "--scenario", "tiltag.toml", cwd=tmp_path)
    assert "Med tiltagene «" in said.out
    assert "2026: 183,0 mio. kr.; sikkert " in said.out
    bad = styring_says("forecast", SYDDJURS, "--scenario", "findes-ikke.toml", cwd=tmp_path)
    assert bad.code == 3


def test_the_record_as_a_user_sees_it(tmp_path: Path) -> None:
    ran = styring_says("forecast", SYDDJURS, "--backtest", "--format", "json", cwd=tmp_path)
    data = json.loads(ran.out)
    assert len(data["backtest"]) == len(data["accounts"]) == 9
    assert all(abs(a["error"]) < 0.10 for a in data["accounts"])
    said = styring_says("forecast", SYDDJURS, "--backtest", "--lang", "en", cwd=tmp_path)
    assert "The accounts as they would have been expected on earlier days" in said.out
    assert "30 September 2024: " in said.out


def test_the_report_tells_how_far_to_trust_it(tmp_path: Path) -> None:
    ran = styring_says("review", SYDDJURS, "--out", "ud", cwd=tmp_path)
    assert ran.code == 0, ran.err
    text = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert "### Hvordan året og de næste to ender" in text
    assert "Prøvet på samme tid af året i 3 tidligere år" in text
