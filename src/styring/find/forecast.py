"""The forecast in a review: what is granted, what is expected, how the year ends, its record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

import numpy as np
import polars as pl

from styring import cases, ledger
from styring.economy import paragraph_title
from styring.errors import Texts
from styring.forecast import Forecast, forecast, rows_of
from styring.forecast.backtest import AccountsReplay, Replay, accounts_replays, backtest
from styring.forecast.driven import Paragraph, Span
from styring.forecast.rows import cost, months_after
from styring.prepare import Prepared
from styring.privacy import is_small
from styring.review import (
    ForecastMonth,
    ForecastParagraph,
    ForecastPart,
    ForecastSight,
    ForecastStep,
    ForecastYear,
    ReplayLine,
)
from styring.say import sentence
from styring.text import both, counted_texts, millions, percent

REPLAY_DRAWS = 100
"""Draws of each replay in a review; `styring forecast --backtest` makes more, and more of them."""
SURE = 0.99


def forecast_part(ready: Prepared, seed: int) -> ForecastPart | None:
    """Return the forecast; None without cases, or with too few to show a cost.

    Args:
        ready: the tables.
        seed: of the draws.
    """
    if ready.tables.get("sager") is None or ready.runnable.is_empty():
        return None
    found = forecast(ready, seed)
    if not found.spans:
        return None
    replays = backtest(ready, seed, draws=REPLAY_DRAWS, month=_quarter(found.as_of))
    accounts = accounts_replays(ready, replays, seed)
    end = found.year_end
    months = tuple(_months(ready, found))
    return ForecastPart(
        points=tuple(_points(found)),
        record=_record(found, replays, accounts),
        months=months,
        years=tuple(map(_year, found.spans)),
        paragraphs=tuple(
            _paragraph(ready, s.year, p) for s in found.spans[:2] for p in s.paragraphs
        ),
        sights=tuple(_sights(found)),
        replays=tuple(map(_replay, accounts)),
        low=end.low if end else None,
        median=end.median if end else None,
        high=end.high if end else None,
        over_corrected=end.over_corrected if end else None,
        over_original=end.over_original if end else None,
        course=tuple(_course(ready, found, months)),
    )


def _quarter(as_of: date) -> int:
    """Return the month of the replayed days: the quarter's end nearest before the as-of date."""
    return max(3, min(9, as_of.month // 3 * 3))


def _months(ready: Prepared, found: Forecast) -> Iterator[ForecastMonth]:
    """Yield what is committed in each month of this year and the next.

    A month in which few citizens have granted days is left out, and all that follow it.
    """
    rows, _ = rows_of(ready)
    spans = [m for m in months_after(found.as_of, 2) if m[0] <= found.as_of.year + 1]
    kroner = cost(rows, spans)
    for n, (year, first, last) in enumerate(spans):
        there = np.unique(rows.citizen[(rows.first <= last) & (rows.last >= first)])
        if is_small(len(there)) or not len(there):
            return
        month = date.fromordinal(last).month
        yield ForecastMonth(month=f"{year}-{month:02}", committed=float(kroner[:, n].sum()))


def _course(
    ready: Prepared, found: Forecast, months: Sequence[ForecastMonth]
) -> Iterator[ForecastStep]:
    """Yield the year's accounts month by month, accumulated: booked, and then as expected.

    Nothing where a month to come is withheld, or where there is no interval.
    """
    seen, end = found.outlook, found.year_end
    if seen is None or seen.booked is None or end is None or end.low is None or end.high is None:
        return
    ahead = [m for m in months if m.month.startswith(f"{end.year}-")]
    total = sum(m.committed for m in ahead)
    if not ahead or not ahead[-1].month.endswith("-12") or total <= 0:
        return
    budgets = {"corrected": seen.corrected, "original": seen.original}
    so_far = _booked_by_month(ready, end.year, seen.months)
    for month, kroner in so_far[:-1]:
        name = f"{end.year}-{month:02}"
        yield ForecastStep(month=name, booked=kroner, low=None, median=None, high=None, **budgets)
    shares = {
        m.month: sum(x.committed for x in ahead[: n + 1]) / total for n, m in enumerate(ahead)
    }
    for month in range(seen.months, 13):
        name = f"{end.year}-{month:02}"
        share = shares.get(name, 0.0)
        now = {
            n: seen.booked + share * (x - seen.booked)
            for n, x in (("low", end.low), ("median", end.median), ("high", end.high))
        }
        booked = seen.booked if month == seen.months else None
        yield ForecastStep(month=name, booked=booked, **now, **budgets)


def _booked_by_month(ready: Prepared, year: int, months: int) -> list[tuple[int, float]]:
    """Return the accumulated accounts of a year's ended months; the last alone if not by months."""
    rows = ready.placed("oekonomi", "year").filter(
        (pl.col("version") == "regnskab") & (pl.col("aar") == year)
    )
    if rows["maaned"].null_count():
        return [(months, 0.0)]
    amount = cases.from_exact(pl.col("beloeb_exact").cast(pl.Int128()).sum(), ledger.AMOUNT_SCALE)
    by_month = dict(rows.group_by("maaned").agg(amount).iter_rows())
    found = accumulate(by_month.get(m, 0.0) for m in range(1, months + 1))
    return list(enumerate(found, 1))


def _year(s: Span) -> ForecastYear:
    names = ("year", "committed", "low", "median", "high", "leaving", "renewing", "coming", "young")
    return ForecastYear(**{n: getattr(s, n) for n in names}, price=s.price)


def _paragraph(ready: Prepared, year: int, p: Paragraph) -> ForecastParagraph:
    return ForecastParagraph(
        year=year,
        title=_title(ready, p),
        committed=p.committed,
        low=p.low,
        median=p.expected,
        high=p.high,
    )


def _title(ready: Prepared, p: Paragraph) -> Texts:
    if p.paragraph:
        return paragraph_title(ready.facts.paragraph, p.paragraph)
    return sentence("forecast.rest" if p.paragraph is None else "forecast.without")


def _sights(found: Forecast) -> Iterator[ForecastSight]:
    """Yield the ways of seeing the year's end beside each other, with what each leaves out."""
    seen, end = found.outlook, found.year_end
    if seen is None:
        return
    amounts = {
        "original": seen.original,
        "corrected": seen.corrected,
        "committed": seen.committed,
        "expected": seen.expected,
        "forecast": end.median if end else None,
        "own": seen.forecast,
    }
    for kind, amount in amounts.items():
        if amount is not None:
            yield ForecastSight(
                kind=kind,
                title=sentence(f"forecast_part.{kind}"),
                amount=amount,
                gap=None if seen.corrected is None else amount - seen.corrected,
            )


def _points(found: Forecast) -> Iterator[Texts]:
    """Yield how the year is expected to end, against the budgets, and what drives the next year."""
    end, seen = found.year_end, found.outlook
    if found.why == "short":
        yield sentence("forecast.short")
        return
    if end is not None and end.low is not None and end.high is not None:
        figures = {n: both(millions, getattr(end, n)) for n in ("low", "median", "high")}
        yield sentence("forecast_part.year_end", aar=end.year, **figures)
        budgets = (("corrected", end.over_corrected), ("original", end.over_original))
        for name, over in budgets:
            budget = getattr(seen, name) if seen else None
            if over is not None and budget is not None:
                yield sentence(
                    f"forecast_part.over_{name}",
                    chance=_chance(over),
                    gap=both(millions, end.median - budget, sign=True),
                    worst=both(millions, end.high - budget, sign=True),
                )
    elif end is not None:
        yield sentence("forecast.year_end_alone", aar=end.year, median=both(millions, end.median))
    yield from _next_year(found.spans)
    yield sentence("forecast.ask")


def _next_year(spans: Sequence[Span]) -> Iterator[Texts]:
    s = next((s for s in spans[1:2] if s.median is not None), None)
    if s is None:
        return
    parts = {
        "inflow": (s.coming or 0.0) + (s.young or 0.0),
        "exits": s.leaving or 0.0,
        "longer": s.renewing or 0.0,
        "prices": s.price or 0.0,
    }
    largest = max(parts, key=lambda k: abs(parts[k]))
    yield sentence(
        "forecast_part.next_year",
        aar=s.year,
        midt=both(millions, s.median),
        lav=both(millions, s.low),
        hoej=both(millions, s.high),
        disponeret=both(millions, s.committed),
    )
    yield sentence(f"forecast_part.most_{largest}", kr=both(millions, parts[largest], sign=True))


def _chance(over: float) -> Texts:
    """Return a probability; draws cannot tell the last per cent."""
    if over > SURE or over < 1 - SURE:
        return sentence("forecast.above" if over > SURE else "forecast.below")
    return both(percent, over, 0)


def _record(
    found: Forecast, replays: Sequence[Replay], accounts: Sequence[AccountsReplay]
) -> Texts:
    """Return how far the forecast can be trusted, by the same time of earlier years."""
    if found.why == "short" or not replays:
        return sentence("forecast.no_record")
    errors = [abs(r.error) for r in replays]
    years = counted_texts(
        len(replays), ("tidligere år", "tidligere år"), ("earlier year", "earlier years")
    )
    figures: dict[str, Texts | int] = {
        "aar": years,
        "holdt": sum(r.held for r in replays),
        "fejl": both(percent, sum(errors) / len(errors)),
    }
    if not accounts:
        return sentence("forecast_part.record", **figures)
    off = [abs(a.error) for a in accounts]
    figures["regnskab"] = both(percent, sum(off) / len(off))
    own = [abs(a.own_error) for a in accounts if a.own_error is not None]
    if len(own) < len(accounts):
        return sentence("forecast_part.record_accounts", **figures)
    figures["egen"] = both(percent, sum(own) / len(own))
    return sentence("forecast_part.record_own", **figures)


def _replay(a: AccountsReplay) -> ReplayLine:
    return ReplayLine(
        day=a.day,
        forecast=a.forecast,
        own=a.own,
        accounts=a.accounts,
        error=a.error,
        own_error=a.own_error,
        low=a.low,
        high=a.high,
    )
