"""Charts of the citizens, in numbers too large to know anyone by: flows, what support costs."""

from __future__ import annotations

from collections.abc import Iterator

from styring.charts.chart import Chart, Saying, chart
from styring.charts.kinds import Pair, bars, pairs
from styring.review import Review
from styring.text import day


def flows(review: Review, say: Saying) -> Iterator[Chart]:
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
    signed = say.plain(sign=True)
    table = (say.heads("what", "courses"), [(label, signed(value)) for label, value in rows])
    yield chart("flows", "flows", say, bars(rows, signed), table, year=str(f.year))


def cost_bands(review: Review, say: Saying) -> Iterator[Chart]:
    """Yield the parts of the citizens and of the cost by what a citizen's support costs a year."""
    part = review.cost_bands
    if part is None or not part.bands:
        return
    lang, share = say.lang, say.share
    rows = [Pair(b.title[lang], b.share, b.cost_share) for b in part.bands]
    names = (say("of_citizens"), say("of_cost"))
    cells = [
        (b.title[lang], say.plain()(b.citizens), share(b.share), say.mio(b.cost),
         share(b.cost_share))
        for b in part.bands
    ]  # fmt: skip
    table = (say.heads("band", "citizens", "citizens_share", "mio", "cost_share"), cells)
    drawn = pairs(rows, names, share)
    yield chart("cost", "cost_bands", say, drawn, table, day=day(part.day, lang))
