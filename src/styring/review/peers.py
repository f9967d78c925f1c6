"""Parts of a review: who the peers are and how alike, and the months."""

from __future__ import annotations

from styring.errors import Texts
from styring.review.part import Part


class Apart(Part):
    """A framework condition in which a peer is unlike us, and its part of the distance."""

    id: str
    title: Texts
    own: Texts
    theirs: Texts
    share: float


class AlikePart(Part):
    """A peer's likeness: its distance, what pulls most apart, and how firmly it belongs."""

    code: str
    name: str
    region: str | None
    place: int
    distance: float
    variables: int
    apart: tuple[Apart, ...]
    reciprocal: bool
    tied: bool
    sets: int
    of: int
    chosen: bool


class ContextPart(Part):
    """A framework condition (rammevilkår): ours, the peers' median, the median of all."""

    id: str
    title: Texts
    unit: str
    period: str
    own: Texts
    peers: Texts
    every: Texts
    n: int
    weight: float
    logged: bool


class PeerChoicePart(Part):
    """How the peers were chosen, and how alike they are."""

    text: Texts
    alike: tuple[AlikePart, ...] = ()
    context: tuple[ContextPart, ...] = ()
    sets: tuple[Texts, ...] = ()


class MonthPoint(Part):
    """A month of a series with what is unusual about it, if anything."""

    month: str
    value: float
    signal: Texts | None


class MonthlyPart(Part):
    """A monthly series with its control limits (XmR); `text` says what it shows."""

    id: str
    title: Texts
    unit: Texts
    points: tuple[MonthPoint, ...]
    mean: float | None
    low: float | None
    high: float | None
    text: Texts
