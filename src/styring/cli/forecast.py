"""`styring forecast`: what the cases will cost, and how the year will end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from styring.cli.forecast_tables import as_notes, as_tables, basis_data, span_data
from styring.definitions import load_facts, load_spec
from styring.errors import Lang, Texts, UsageError
from styring.forecast import Forecast, YearEnd
from styring.forecast import forecast as forecast_of
from styring.forecast.backtest import (
    AccountsReplay,
    Replay,
    Score,
    accounts_replays,
    backtest,
    scores,
)
from styring.prepare import prepare
from styring.read.workbook import Beside, read_workbook
from styring.review import Outlook
from styring.say import sentence
from styring.scenario import Outcome, run, scenario_for, told, yearly
from styring.text import both, day, millions, number, percent

FORMS = ("text", "json")
SCHEMA = "styring.forecast/1"
SURE = 0.99
LEAST_HELD = 0.75


def forecast(
    workbook: Path,
    *,
    as_of: date | None,
    replay: bool,
    file: Path | None = None,
    seed: int,
    form: str,
    lang: Lang,
    beside: Beside | None = None,
) -> None:
    """Write the forecast of a workbook.

    Raises:
        UsageError: the format is neither text nor json, or the seed is negative.
        InputError: the workbook or the scenario cannot be used.
    """
    if form not in FORMS:
        raise UsageError(
            Texts(f"Formatet «{form}» findes ikke.", f"There is no format “{form}”."),
            hint=Texts("Skriv --format text eller json.", "Write --format text or json."),
        )
    if seed < 0:
        raise UsageError(
            Texts("Frøet kan ikke være negativt.", "The seed cannot be negative."),
            hint=Texts("Skriv et helt tal fra 0.", "Write a whole number from 0."),
        )
    reading = read_workbook(workbook, load_spec(), as_of=as_of, beside=beside)
    ready = prepare(reading.tables, load_facts())
    found = forecast_of(ready, seed)
    replays = backtest(ready, seed) if replay and found.spans else ()
    accounts = accounts_replays(ready, replays, seed)
    measures = None if file is None else run(ready, scenario_for(ready, file))
    if form == "json":
        data = as_data(found, seed, replays)
        data["accounts"] = [_account(a) for a in accounts]
        data["record"] = [_score(s) for s in scores(accounts)]
        data["scenario"] = None if measures is None else told.as_data(measures)
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for line in as_text(found, lang):
        print(line)
    for line in _record(replays, lang) if replay and found.spans else ():
        print(line)
    for line in _accounts(accounts, lang):
        print(line)
    for line in () if measures is None else _with_measures(found, measures, lang):
        print(line)


def _account(a: AccountsReplay) -> dict[str, Any]:
    return _rounded(asdict(a)) | {
        "day": a.day.isoformat(),
        "error": round(a.error, 6),
        "own_error": None if a.own_error is None else round(a.own_error, 6),
        "held": a.held,
    }


def _score(s: Score) -> dict[str, Any]:
    return {k: round(x, 6) if isinstance(x, float) else x for k, x in asdict(s).items()}


def _accounts(replays: Sequence[AccountsReplay], lang: Lang) -> Iterator[str]:
    """Yield the accounts as forecast on past days beside the municipality's own and what came."""
    if not replays:
        return
    yield ""
    yield sentence("forecast.accounts_head")[lang]
    for a in replays:
        own = a.own_error
        said: dict[str, Texts | str] = {
            "dag": day(a.day, lang),
            "prognose": both(millions, a.forecast),
            "fejl": both(percent, a.error, sign=True),
            "regnskab": both(millions, a.accounts),
        }
        if a.own is None or own is None:
            yield "  " + sentence("forecast.accounts_alone", **said)[lang]
        else:
            said |= {"egen": both(millions, a.own), "egenfejl": both(percent, own, sign=True)}
            yield "  " + sentence("forecast.accounts_line", **said)[lang]
    every, *ahead = scores(replays)
    for s in (every, *ahead):
        yield _scored(s, lang)
    key = "score_held" if every.tried else "score_untried"
    yield sentence(f"forecast.{key}", proevet=every.tried, holdt=every.held)[lang]


def _scored(s: Score, lang: Lang) -> str:
    """Return the error and bias on the accounts, in all or so many months ahead."""
    name, pad = ("all", "") if s.months is None else ("ahead", "  ")
    said: dict[str, Texts | int] = {
        "fejl": both(percent, s.error),
        "bias": both(percent, s.bias, sign=True),
        "maaneder": s.months or 0,
    }
    if s.own_error is None or s.own_bias is None:
        return pad + sentence(f"forecast.score_{name}_alone", **said)[lang]
    said |= {
        "egen": both(percent, s.own_error),
        "egenbias": both(percent, s.own_bias, sign=True),
    }
    return pad + sentence(f"forecast.score_{name}", **said)[lang]


def _with_measures(found: Forecast, o: Outcome, lang: Lang) -> Iterator[str]:
    """Yield each year's median with a scenario laid upon it: the certain told from the assumed.

    The measures work on the granted cases; what newcomers would cost is left as it is.
    """
    yield ""
    yield sentence("forecast.scenario_head", titel=o.title or sentence("scenario.untitled"))[lang]
    if o.together.shown in ("none", "period"):
        yield sentence("forecast.scenario_few")[lang]
        return
    years = [s.year for s in found.spans]
    effects = {y: (certain, assumed) for y, certain, assumed in yearly(o.together.effect, years)}
    for s in found.spans:
        certain, assumed = effects[s.year]
        before = s.committed if s.median is None else s.median
        if s.year <= o.months[-1] // 12:
            yield (
                "  "
                + sentence(
                    "forecast.scenario_line",
                    aar=s.year,
                    foer=both(millions, before),
                    sikkert=both(millions, certain, sign=True),
                    antaget=both(millions, assumed, sign=True),
                    efter=both(millions, before + certain + assumed),
                )[lang]
            )
    yield sentence("forecast.scenario_note")[lang]


def as_data(f: Forecast, seed: int, replays: Sequence[Replay] = ()) -> dict[str, Any]:
    """Return a forecast as JSON has it, in kroner."""
    return {
        "schema": SCHEMA,
        "kommune": f.name,
        "as_of": f.as_of.isoformat(),
        "seed": seed,
        "why": f.why,
        "history_months": round(f.months, 1),
        "cases": [span_data(s) for s in f.spans],
        "basis": basis_data(f.basis),
        "year_end": _rounded(asdict(f.year_end)) if f.year_end else None,
        "backtest": [
            _rounded({n: getattr(r, n) for n in ("months", "low", "median", "high", "fact")})
            | {"day": r.day.isoformat(), "held": r.held}
            for r in replays
        ],
    }


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {k: round(x, 2) if isinstance(x, float) else x for k, x in figures.items()}


def as_text(f: Forecast, lang: Lang) -> Iterator[str]:
    """Yield a forecast line by line."""
    yield sentence("forecast.head", kommune=f.name, dag=day(f.as_of, lang))[lang]
    if f.why:
        yield sentence(f"forecast.{f.why}")[lang]
    if f.spans:
        yield ""
        yield from as_tables(f, lang)
    if f.year_end and f.outlook:
        yield ""
        yield from _year_end(f.outlook, f.year_end, lang)
    if f.months:
        yield ""
        yield from as_notes(f, lang)
        yield sentence("forecast.basis", maaneder=both(number, f.months))[lang]
        yield sentence("forecast.tried")[lang]


def _chance(over: float) -> Texts:
    """Return a probability; draws cannot tell the last per cent."""
    if over > SURE or over < 1 - SURE:
        return sentence("forecast.above" if over > SURE else "forecast.below")
    return both(percent, over, 0)


def _record(replays: Sequence[Replay], lang: Lang) -> Iterator[str]:
    """Yield the error by horizon, the bias and how often the interval held."""
    if not replays:
        yield sentence("forecast.no_record")[lang]
        return
    errors = [r.error for r in replays]
    yield sentence(
        "forecast.record",
        antal=len(replays),
        holdt=sum(r.held for r in replays),
        bias=both(percent, sum(errors) / len(errors), sign=True),
        error=both(percent, sum(map(abs, errors)) / len(errors)),
    )[lang]
    for months in sorted({r.months for r in replays}):
        of = [abs(r.error) for r in replays if r.months == months]
        off = both(percent, sum(of) / len(of))
        yield "  " + sentence("forecast.horizon", maaneder=months, error=off)[lang]
    if sum(r.held for r in replays) < LEAST_HELD * len(replays):
        yield sentence("forecast.narrow")[lang]
    yield sentence("forecast.hindsight")[lang]


def _year_end(seen: Outlook, end: YearEnd, lang: Lang) -> Iterator[str]:
    figures = {n: both(millions, getattr(end, n)) for n in ("low", "median", "high")}
    if end.low is None or end.high is None:
        yield sentence("forecast.year_end_alone", aar=end.year, median=figures["median"])[lang]
    else:
        yield sentence("forecast.year_end", aar=end.year, **figures)[lang]
        yield sentence("forecast.ratio", antal=end.ratio_years)[lang]
    budgets = (
        ("corrected", end.over_corrected, seen.corrected),
        ("original", end.over_original, seen.original),
    )
    for name, over, budget in budgets:
        if over is not None and budget is not None and end.high is not None:
            yield sentence(
                f"forecast.over_{name}",
                chance=_chance(over),
                gap=both(millions, end.median - budget, sign=True),
                worst=both(millions, end.high - budget, sign=True),
            )[lang]
    if seen.forecast is not None:
        yield sentence("forecast.own", own=both(millions, seen.forecast))[lang]
    yield sentence("forecast.ask")[lang]
