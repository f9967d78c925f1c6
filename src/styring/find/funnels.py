"""The funnels of the figures that count something and were tried against the peers."""

from __future__ import annotations

from collections.abc import Iterator

from styring.find.evidence import Evidence
from styring.measure import Figure
from styring.model import Indicator
from styring.review import FunnelPart, FunnelPoint
from styring.stats.funnel import Funnel

MOST = 3
"""So many are shown: those that chance explains least."""


def funnel_parts(e: Evidence) -> tuple[FunnelPart, ...]:
    """Return the funnels, the figure that chance explains least first."""
    found: list[tuple[float, str, FunnelPart]] = []
    for i in e.indicators:
        c = e.compared.get(i.id)
        if c is None or c.p is None or c.funnel is None:
            continue
        part = _part(e, i, e.figures.main(e.ready, i), c.funnel)
        if part is not None:
            found.append((c.p, i.id, part))
    return tuple(part for _, _, part in sorted(found, key=lambda x: x[:2])[:MOST])


def _part(e: Evidence, i: Indicator, own: Figure, funnel: Funnel) -> FunnelPart | None:
    c = e.compared[i.id]
    if c is None or own.value is None or not own.denominator:
        return None
    sizes = [(own.denominator, own.value, True)]
    sizes += [(p.denominator, p.value, False) for p in c.peers if p.denominator]
    times = i.value.multiplier
    points = tuple(_points(sizes, funnel, times))
    return FunnelPart(indicator=i.id, target=funnel.target * times, points=points)


def _points(
    sizes: list[tuple[float, float, bool]], funnel: Funnel, times: float
) -> Iterator[FunnelPoint]:
    """Yield the municipalities by size, none of the others named."""
    for size, value, own in sorted(sizes):
        low, high = funnel.limits(size)
        yield FunnelPoint(size=size, value=value, low=low * times, high=high * times, own=own)
