"""Charts of where the municipality stands: points, self-image, peers, funnels, service mix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from styring.charts.chart import Chart, Saying, chart
from styring.charts.kinds import Place, Row, funnel, ranges
from styring.review import BridgePart, FunnelPart, IndicatorPart, Review

MOST_SPINE = 16
"""So many indicators stand in one picture of the peers."""
OUTMOST = 4.0
"""Further out than so many times the outer tenth nobody is drawn."""


def centres(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield the points of the centres with their intervals."""
    lang, points = say.lang, say.plain()
    rows = [
        Row(c.title[lang], c.score, c.low, c.high, said=f"{c.title[lang]}: {points(c.score)}")
        for c in review.centres
        if c.score is not None
    ]
    if not rows:
        return
    cells = [
        (r.label, *("–" if x is None else points(x) for x in (r.value, r.low, r.high)))
        for r in rows
    ]
    drawn = ranges(rows, points, limits=(0, 100))
    table = (say.heads("centre", "points", "low", "high"), cells)
    yield chart("centres", "centres", say, drawn, table)


def blind_spots(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield self-image against figures, by dimension."""
    lang, points = say.lang, say.plain()
    spots = review.interplay.blind_spots
    if not spots:
        return
    rows = [
        Row(
            s.title[lang], s.figures, other=s.self_image,
            said=say("figures_say", points=points(s.figures)),
            other_said=say("self_image_says", points=points(s.self_image)),
        )
        for s in spots
    ]  # fmt: skip
    cells = [(s.title[lang], points(s.figures), points(s.self_image)) for s in spots]
    drawn = ranges(rows, points, limits=(0, 100))
    table = (say.heads("dimension", "figures", "self_image"), cells)
    yield chart("blind", "interplay", say, drawn, table)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a figure and the peers' quartiles lie: 0 the median, ±1 the tenth and ninetieth."""

    own: float
    low: float
    high: float

    @property
    def drawn(self) -> float:
        """Return our place, no further out than is drawn."""
        return max(-OUTMOST, min(OUTMOST, self.own))


def spine(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield where the municipality stands among the peers, each indicator on its own measure.

    0 is the peers' median, 1 and −1 are their tenth and ninetieth percentile, each side by itself;
    what is better lies to the right. Those furthest out come first. A figure that chance may
    explain is hollow.
    """
    found = [(i, at) for i in review.indicators if (at := standing(i)) is not None]
    found = sorted(found, key=lambda pair: (-abs(pair[1].own), pair[0].id))[:MOST_SPINE]
    if len(found) < 3:
        return
    lang, decimal = say.lang, say.plain(1)
    rows = [
        Row(
            i.title[lang], at.drawn, at.low, at.high,
            said=f"{i.title[lang]}: {i.shown[lang]}",
            outer=(-1.0, 1.0),
            firm=i.comparison in {"better", "worse"},
        )
        for i, at in found
    ]  # fmt: skip
    cells = [
        (i.title[lang], i.shown[lang], i.peers.median_text[lang], i.peers.range_text[lang],
         decimal(at.own))
        for i, at in found
        if i.peers is not None
    ]  # fmt: skip
    table = (say.heads("indicator", "own", "median", "range", "standing"), cells)
    more = ("capped",) if any(abs(at.own) > OUTMOST for _, at in found) else ()
    yield chart("spine", "indicators", say, ranges(rows, decimal), table, *more)


def standing(i: IndicatorPart) -> Standing | None:
    """Return where an indicator stands among the peers; None where they do not say which is out."""
    p = i.peers
    if i.group is not None or i.value is None or p is None or i.better not in {"higher", "lower"}:
        return None
    above, below = p.p90 - p.median, p.median - p.p10
    if above <= 0 or below <= 0:
        return None
    way = 1.0 if i.better == "higher" else -1.0
    own, a, b = (
        way * (x - p.median) / (above if x > p.median else below) for x in (i.value, p.q1, p.q3)
    )
    return Standing(own, min(a, b), max(a, b))


def funnels(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield figures by size, beside the limits that chance and the peers' spread allow."""
    for f in review.funnels:
        i = review.indicator(f.indicator)
        if i is not None and len({p.size for p in f.points}) > 1:
            yield _funnel(f, i, review.municipality.name, say)


def _funnel(f: FunnelPart, i: IndicatorPart, name: str, say: Saying) -> Chart:
    figure, size = say.unit_of(i), say.plain()
    some, cells = [], []
    for p in f.points:
        who = name if p.own else say("other_municipality")
        said = say("funnel_mark", who=who, value=figure(p.value), size=size(p.size))
        some.append(Place(p.size, p.value, p.low, p.high, said, name if p.own else ""))
        cells.append((who, size(p.size), *map(figure, (p.value, p.low, p.high))))
    cells.append((say("funnel_target"), "", figure(f.target), "", ""))
    sizes, unit = say("head_size"), i.unit[say.lang]
    drawn = funnel(some, (f.target, say("funnel_target")), say("funnel_limit"), sizes, figure, size)
    table = (say.heads("who", "size", "value", "limit_low", "limit_high"), cells)
    words = {"title": i.title[say.lang], "unit": unit}
    return chart(f"funnel-{f.indicator}", "funnels", say, drawn, table, **words)


def service_mix(b: BridgePart, say: Saying) -> Iterator[Chart]:
    """Yield each service's part of the full-year persons, with us and with the peers."""
    if not b.mix:
        return
    lang, share = say.lang, say.share
    rows = [
        Row(
            s.title[lang], s.own, s.q1, s.q3, s.median,
            said=say("mix_own", share=share(s.own)),
            other_said=say("mix_median", share=share(s.median)),
        )
        for s in b.mix
    ]  # fmt: skip
    cells = [(s.title[lang], *map(share, (s.own, s.median, s.q1, s.q3))) for s in b.mix]
    table = (say.heads("service", "own", "median", "q1", "q3"), cells)
    yield chart("mix", "service_range", say, ranges(rows, share), table, year=str(b.year))
