"""Parts of a review: figures by size, beside what chance and the peers' spread allow."""

from __future__ import annotations

from styring.review.part import Part


class FunnelPoint(Part):
    """A municipality: its denominator, its figure, and the 95 % limits at its size."""

    size: float
    value: float
    low: float
    high: float
    own: bool = False


class FunnelPart(Part):
    """An indicator's figures by size; `target` is what the peers have together."""

    indicator: str
    target: float
    points: tuple[FunnelPoint, ...]
