"""Charts: a review in, pictures out, drawn once for every format.

A chart is SVG text with a title, a description and the table of the figures it shows, so that a
format can show the picture, the words or the figures. Where a review has too little for a picture,
there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from styring.charts import svg
from styring.charts.kinds import Line, Row, Say, Step, bars, levels, lines, ranges, steps
from styring.errors import Lang, Texts
from styring.review import BridgePart, IndicatorPart, MonthlyPart, Review
from styring.say import sentence
from styring.text import millions, number, percent, period

MOST_SPINE = 16
"""So many indicators stand in one picture of the peers."""
YEAR_END = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture of a review.

    `key` is unique in a review and safe as an id in HTML and in a file name; `place` names the
    section it belongs to. `svg` is one self-contained element with a role, a title and a
    description. `headers` and `rows` hold every figure of the picture, as it is written.
    """

    key: str
    place: str
    title: str
    description: str
    svg: str
    height: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Table = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]


def draw(review: Review, lang: Lang) -> tuple[Chart, ...]:
    """Return the charts of a review in the order a reader meets them."""
    say = _Saying(lang)
    found = (
        *_centres(review, say),
        *_blind_spots(review, say),
        *_years(review, say),
        *_fan(review, say),
        *_year_ahead(review, say),
        *_flows(review, say),
        *(c for b in review.bridges for c in _bridge(b, say)),
        *(c for m in review.monthly for c in _monthly(m, say)),
        *_spine(review, say),
    )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Saying:
    """Words and figures in the report's language."""

    lang: Lang

    def __call__(self, key: str, **figures: Texts | str | int | None) -> str:
        return sentence(f"chart.{key}", **figures)[self.lang]

    @property
    def points(self) -> Say:
        return partial(number, decimals=0, lang=self.lang)

    @property
    def mio(self) -> Say:
        """Millions without the unit, for axes; the title says it."""
        return lambda x: number(x / 1e6, 1, self.lang)

    @property
    def change(self) -> Say:
        return lambda x: number(x / 1e6, 1, self.lang, sign=True)

    @property
    def money(self) -> Say:
        return partial(millions, lang=self.lang)

    @property
    def share(self) -> Say:
        return lambda x: percent(x, 0, self.lang)


def _chart(
    key: str, place: str, say: _Saying, drawn: tuple[float, list[str]], table: Table, **words: str
) -> Chart:
    """Return a chart: its title and description by its kind, filled with `words`."""
    kind = key.partition("-")[0]
    title, description = say(f"{kind}_title", **words), say(f"{kind}_said", **words)
    height, marks = drawn
    picture = svg.framed(key, title, description, height, marks)
    return Chart(key, place, title, description, picture, round(height), table[0], tuple(table[1]))


def _centres(review: Review, say: _Saying) -> Iterator[Chart]:
    """Yield the points of the centres with their intervals."""
    lang = say.lang
    known = [c for c in review.centres if c.score is not None]
    if not known:
        return
    rows = [
        Row(
            c.title[lang],
            c.score,
            c.low,
            c.high,
            said=f"{c.title[lang]}: {number(c.score, 0, lang)}",
        )
        for c in known
    ]
    cells = [
        (c.title[lang], *(number(x, 0, lang) for x in (c.score, c.low, c.high))) for c in known
    ]
    headers = tuple(say(f"head_{h}") for h in ("centre", "points", "low", "high"))
    drawn = ranges(rows, say.points, limits=(0, 100))
    yield _chart("centres", "centres", say, drawn, (headers, cells))


def _blind_spots(review: Review, say: _Saying) -> Iterator[Chart]:
    """Yield self-image against figures, by dimension."""
    lang = say.lang
    spots = review.interplay.blind_spots
    if not spots:
        return
    rows = [
        Row(
            s.title[lang], s.figures, other=s.self_image,
            said=say("figures_say", points=say.points(s.figures)),
            other_said=say("self_image_says", points=say.points(s.self_image)),
        )
        for s in spots
    ]  # fmt: skip
    cells = [(s.title[lang], say.points(s.figures), say.points(s.self_image)) for s in spots]
    headers = tuple(say(f"head_{h}") for h in ("dimension", "figures", "self_image"))
    yield _chart(
        "blind", "interplay", say, ranges(rows, say.points, limits=(0, 100)), (headers, cells)
    )


def _years(review: Review, say: _Saying) -> Iterator[Chart]:
    """Yield budgets, forecast and accounts over the years."""
    years = review.economy
    given = {
        "original": tuple(y.original for y in years),
        "corrected": tuple(y.corrected for y in years),
        "forecast": tuple(y.forecast for y in years),
        "accounts": tuple(None if y.partial else y.accounts for y in years),
    }
    some = [Line(say(f"line_{n}"), v) for n, v in given.items() if any(x is not None for x in v)]
    if len(years) < 2 or not some:
        return
    places = [str(y.year) for y in years]
    cells = [
        (p, *(_in_millions(one.values[n], say.lang) for one in some)) for n, p in enumerate(places)
    ]
    headers = (say("head_year"), *(one.label for one in some))
    yield _chart("years", "economy", say, lines(places, some, say.mio), (headers, cells))


def _in_millions(kr: float | None, lang: Lang) -> str:
    return number(None if kr is None else kr / 1e6, 1, lang)


def _fan(review: Review, say: _Saying) -> Iterator[Chart]:
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
    expected = say("line_expected")
    marks += _at_the_right([*budgets, (f.median, expected)], expected, say, up, right)
    cells = [
        (say("fan_row_booked"), say.mio(o.booked)),
        (say("fan_row_low"), say.mio(f.low)),
        (say("fan_row_median"), say.mio(f.median)),
        (say("fan_row_high"), say.mio(f.high)),
        *((name, say.mio(b)) for b, name in budgets),
    ]
    headers = (say("head_what"), say("head_mio"))
    yield _chart("fan", "forecast", say, (bottom + 34, marks), (headers, cells), year=str(o.year))


def _at_the_right(
    given: Sequence[tuple[float, str]], expected: str, say: _Saying, up: svg.Scale, right: float
) -> list[str]:
    """Return the names of levels beside them, none over another, the highest first."""
    marks, y = [], 0.0
    for level, name in sorted(given, reverse=True):
        y = max(up.at(level) + 4.5, y + 17 if y else 0.0)
        colour = svg.ACCENT if name == expected else svg.OTHER
        marks.append(svg.text(right + 12, y, f"{name} {say.mio(level)}", fill=colour))
    return marks


def _year_ahead(review: Review, say: _Saying) -> Iterator[Chart]:
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


def _stepped(key: str, place: str, say: _Saying, some: Sequence[Step], **words: str) -> Chart:
    cells = [(s.label, say.mio(s.end) if s.whole else say.change(s.end - s.start)) for s in some]
    headers = (say("head_what"), say("head_mio"))
    return _chart(key, place, say, steps(some, say.mio, say.change), (headers, cells), **words)


def _flows(review: Review, say: _Saying) -> Iterator[Chart]:
    """Yield how many came and left, by way; those withheld are not drawn."""
    f = review.flows
    shown = [k for k in f.kinds if k.citizens] if f else []
    if f is None or len(shown) < 2:
        return
    rows = [
        (f"{say('came') if k.inward else say('left')}: {k.title[say.lang]}",
         float((k.citizens or 0) * (1 if k.inward else -1)))
        for k in shown
    ]  # fmt: skip
    signed = partial(number, decimals=0, lang=say.lang, sign=True)
    cells = [(label, signed(value)) for label, value in rows]
    headers = (say("head_what"), say("head_courses"))
    yield _chart("flows", "flows", say, bars(rows, signed), (headers, cells), year=str(f.year))


def _bridge(b: BridgePart, say: _Saying) -> Iterator[Chart]:
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


def _monthly(m: MonthlyPart, say: _Saying) -> Iterator[Chart]:
    """Yield a monthly series within its control limits."""
    if m.mean is None or m.low is None or m.high is None or len(m.points) < 2:
        return
    title = m.title[say.lang]
    series = Line(title, tuple(p.value for p in m.points))
    bands = [(m.high, say("limit_high")), (m.mean, say("limit_mean")), (m.low, say("limit_low"))]
    places = [_month(p.month, say.lang) for p in m.points]
    cells = [
        (period(p.month, say.lang), say.mio(p.value), p.signal[say.lang] if p.signal else "")
        for p in m.points
    ]
    headers = tuple(say(f"head_{h}") for h in ("month", "mio", "signal"))
    drawn = lines(places, [series], say.mio, bands=bands)
    key = f"monthly-{m.id.replace('.', '-')}"
    yield _chart(key, "monthly", say, drawn, (headers, cells), title=title)


def _month(name: str, lang: Lang) -> str:
    """Return `jan. 24`: a month as an axis has room for."""
    whole = period(name, lang).split(" ")[0]
    return f"{whole[:3]} {name[2:4]}"


def _spine(review: Review, say: _Saying) -> Iterator[Chart]:
    """Yield where the municipality stands among the peers, each indicator on its own measure.

    0 is the peers' median, 1 and −1 are their tenth and ninetieth percentile; what is better lies
    to the right. Those furthest out come first.
    """
    found = [(i, at) for i in review.indicators if (at := _standing(i)) is not None]
    found = sorted(found, key=lambda pair: (-abs(pair[1][0]), pair[0].id))[:MOST_SPINE]
    if len(found) < 3:
        return
    lang = say.lang
    rows = [
        Row(i.title[lang], v, low, high, said=f"{i.title[lang]}: {i.shown[lang]}")
        for i, (v, low, high) in found
    ]
    decimal = partial(number, decimals=1, lang=lang)
    cells = [
        (i.title[lang], i.shown[lang], i.peers.median_text[lang], i.peers.range_text[lang])
        for i, _ in found
        if i.peers is not None
    ]
    headers = tuple(say(f"head_{h}") for h in ("indicator", "own", "median", "range"))
    yield _chart("spine", "indicators", say, ranges(rows, decimal), (headers, cells))


def _standing(i: IndicatorPart) -> tuple[float, float, float] | None:
    """Return own place and the peers' quartiles, from the median in steps of their outer tenths."""
    p = i.peers
    if i.group is not None or i.value is None or p is None or p.p90 <= p.p10:
        return None
    if i.better not in {"higher", "lower"}:
        return None
    way = 1.0 if i.better == "higher" else -1.0
    half = (p.p90 - p.p10) / 2
    own, a, b = (way * (x - p.median) / half for x in (i.value, p.q1, p.q3))
    return max(-4.0, min(4.0, own)), min(a, b), max(a, b)
