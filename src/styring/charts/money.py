"""Charts of the money: the years, how this one ends, what drives the next, bridges, months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from styring.charts import svg
from styring.charts.chart import Chart, Saying, chart
from styring.charts.kinds import Line, Step, from_zero, levels, lines, steps
from styring.errors import Lang
from styring.review import BridgePart, MonthlyPart, Review
from styring.text import number, period

YEAR_END = 12


def years(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield budgets, forecast and accounts over the years."""
    every = review.economy
    given = {
        "original": tuple(y.original for y in every),
        "corrected": tuple(y.corrected for y in every),
        "forecast": tuple(y.forecast for y in every),
        "accounts": tuple(None if y.partial else y.accounts for y in every),
    }
    some = [Line(say(f"line_{n}"), v) for n, v in given.items() if any(x is not None for x in v)]
    if len(every) < 2 or not some:
        return
    places = [str(y.year) for y in every]
    cells = [
        (p, *(_in_millions(one.values[n], say.lang) for one in some)) for n, p in enumerate(places)
    ]
    headers = (say("head_year"), *(one.label for one in some))
    yield chart("years", "economy", say, lines(places, some, say.mio), (headers, cells))


def _in_millions(kr: float | None, lang: Lang) -> str:
    return number(None if kr is None else kr / 1e6, 1, lang)


def fan(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield the year's accounts: booked to date, then fanned out to the year's end."""
    f, o = review.forecast, review.outlook
    if f is None or o is None or o.booked is None or not 0 < o.months < YEAR_END:
        return
    if f.low is None or f.median is None or f.high is None:
        return
    named = (("original", o.original), ("corrected", o.corrected))
    budgets = [(b, say(f"line_{n}")) for n, b in named if b]
    low, high, ticks = svg.nice([o.booked, f.high, *(b for b, _ in budgets)])
    left, right, top, bottom = 86.0, svg.WIDTH - 190.0, 20.0, 280.0
    up, across = svg.Scale(low, high, bottom, top), svg.Scale(o.months, YEAR_END, left + 20, right)
    marks = levels(ticks, up, left, right, say.mio)
    for month in range(o.months, YEAR_END + 1):
        name = period(f"{o.year}-{month:02}", say.lang).split(" ")[0][:3]
        marks.append(svg.text(across.at(month), bottom + 19, name, anchor="middle", fill=svg.MUTED))
    here, end = (across.at(o.months), up.at(o.booked)), across.at(YEAR_END)
    said = say("fan_range", low=say.money(f.low), high=say.money(f.high))
    marks.append(svg.area([here, (end, up.at(f.high)), (end, up.at(f.low))], said))
    for b, _ in budgets:
        marks.append(svg.line(left, up.at(b), right, up.at(b), stroke=svg.OTHER, dash="6 4"))
    marks.append(svg.path([here, (end, up.at(f.median))], stroke=svg.ACCENT, width=2.4, dash="7 4"))
    marks.append(svg.dot(*here, say("fan_booked", kr=say.money(o.booked)), fill=svg.INK))
    marks.append(svg.dot(end, up.at(f.median), say("fan_median", kr=say.money(f.median))))
    marks += _at_the_right([*budgets, (f.median, say("line_expected"))], say, up, right)
    cells = [
        (say("fan_row_booked"), say.mio(o.booked)),
        (say("fan_row_low"), say.mio(f.low)),
        (say("fan_row_median"), say.mio(f.median)),
        (say("fan_row_high"), say.mio(f.high)),
        *((name, say.mio(b)) for b, name in budgets),
    ]
    table = (say.heads("what", "mio"), cells)
    yield chart("fan", "forecast", say, (bottom + 34, marks), table, year=str(o.year))


def _at_the_right(
    given: Sequence[tuple[float, str]], say: Saying, up: svg.Scale, right: float
) -> list[str]:
    """Return the names of levels beside them, none over another, the highest first."""
    highest_first = sorted(given, reverse=True)
    wanted = [up.at(level) + 4.5 for level, _ in highest_first]
    places = svg.apart(wanted, 17, up.end, up.start)
    return [
        svg.text(
            right + 12, y, f"{name} {say.mio(level)}",
            fill=svg.ACCENT if name == say("line_expected") else svg.OTHER,
        )
        for y, (level, name) in zip(places, highest_first, strict=True)
    ]  # fmt: skip


def year_ahead(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield what drives the cost of the next year."""
    f = review.forecast
    y = f.years[1] if f is not None and len(f.years) > 1 else None
    if y is None or y.median is None:
        return
    parts = [
        ("leaving", y.leaving),
        ("renewing", y.renewing),
        ("coming", y.coming),
        ("young", y.young),
        ("price", y.price),
    ]
    at, some = y.committed, [Step(say("step_committed"), 0.0, y.committed, whole=True)]
    for name, kr in parts:
        if kr:
            some.append(Step(say(f"step_{name}"), at, at + kr))
            at += kr
    some.append(Step(say("step_expected"), 0.0, y.median, whole=True))
    yield _stepped("ahead", "forecast", say, some, year=str(y.year))


def bridge(b: BridgePart, say: Saying) -> Iterator[Chart]:
    """Yield the steps from one amount to the other."""
    before = next((x for x in b.lines if x.role == "before"), None)
    after = next((x for x in b.lines if x.role == "after"), None)
    moved = [x for x in b.lines if x.role == "step" and x.effect.amount]
    if before is None or after is None or not moved:
        return
    at = before.effect.amount
    some = [Step(before.title[say.lang], 0.0, at, whole=True)]
    for x in moved:
        some.append(Step(x.title[say.lang], at, at + x.effect.amount))
        at += x.effect.amount
    some.append(Step(after.title[say.lang], 0.0, after.effect.amount, whole=True))
    yield _stepped(f"bridge-{b.kind}", "bridges", say, some, title=b.title[say.lang])


def _stepped(key: str, place: str, say: Saying, some: Sequence[Step], **words: str) -> Chart:
    cells = [(s.label, say.mio(s.end) if s.whole else say.change(s.end - s.start)) for s in some]
    drawn, table = steps(some, say.mio, say.change), (say.heads("what", "mio"), cells)
    more = () if from_zero(some) else ("not_from_zero",)
    return chart(key, place, say, drawn, table, *more, **words)


def monthly(m: MonthlyPart, say: Saying) -> Iterator[Chart]:
    """Yield a monthly series within its control limits, the unusual months marked."""
    if m.mean is None or m.low is None or m.high is None or len(m.points) < 2:
        return
    title, lang = m.title[say.lang], say.lang
    marked = {n: p.signal[lang] for n, p in enumerate(m.points) if p.signal}
    series = Line(title, tuple(p.value for p in m.points), marked)
    bands = [(m.high, say("limit_high")), (m.mean, say("limit_mean")), (m.low, say("limit_low"))]
    cells = [
        (period(p.month, lang), say.mio(p.value), p.signal[lang] if p.signal else "")
        for p in m.points
    ]
    cells += [(name, say.mio(level), "") for level, name in bands]
    drawn = lines([_month(p.month, lang) for p in m.points], [series], say.mio, bands=bands)
    key = f"monthly-{m.id.replace('.', '-')}"
    table = (say.heads("month", "mio", "signal"), cells)
    more = ("marked",) if marked else ()
    yield chart(key, "monthly", say, drawn, table, *more, title=title)


def _month(name: str, lang: Lang) -> str:
    """Return `okt 24`: a month as an axis has room for."""
    whole = period(name, lang).split(" ")[0]
    return f"{whole[:3]} {name[2:4]}"
