"""Charts: a review in, pictures out, drawn once for every format.

A chart is SVG text with a title, a description and the table of the figures it shows, so that a
format can show the picture, the words or the figures. Where a review has too little for a picture,
there is none.
"""

from __future__ import annotations

from styring.charts import money, people, standing
from styring.charts.chart import Chart, Saying
from styring.errors import Lang
from styring.review import Review

__all__ = ["Chart", "draw"]


def draw(review: Review, lang: Lang) -> tuple[Chart, ...]:
    """Return the charts of a review in the order a reader meets them."""
    say = Saying(lang)
    return (
        *standing.centres(review, say),
        *standing.blind_spots(review, say),
        *money.years(review, say),
        *money.fan(review, say),
        *money.year_ahead(review, say),
        *people.flows(review, say),
        *people.cost_bands(review, say),
        *(c for b in review.bridges for c in money.bridge(b, say)),
        *(c for b in review.bridges for c in standing.service_mix(b, say)),
        *(c for m in review.monthly for c in money.monthly(m, say)),
        *standing.spine(review, say),
        *standing.funnels(review, say),
    )
