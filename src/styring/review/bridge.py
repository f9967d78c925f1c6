"""Parts of a review: a difference in kroner shared out among what is behind it."""

from __future__ import annotations

from typing import Literal

from styring.errors import Texts
from styring.review.part import Part

BridgeKind = Literal["peers", "years", "budget"]
BridgeKey = Literal[
    "before",
    "population",
    "users",
    "number",
    "mix",
    "level",
    "price",
    "outside",
    "outside_accounts",
    "outside_budget",
    "unsplit",
    "after",
    "gap",
    "supplementary",
    "other_changes",
]

BridgeRole = Literal["before", "step", "detail", "after", "gap", "beside"]


class Effect(Part):
    """Kroner a year with their 5–95 % interval, where there is one."""

    amount: float
    low: float | None = None
    high: float | None = None


class BridgeLine(Part):
    """A line of a bridge, kroner a year; the steps sum to the gap.

    `detail` lines are what a step consists of, `beside` lines move neither end. `start` and `end`
    are where a step stands when the steps are laid end to end from 0; `bar` draws it in text.
    """

    key: BridgeKey
    role: BridgeRole
    title: Texts
    effect: Effect
    per_inhabitant: float | None = None
    start: float | None = None
    end: float | None = None
    bar: str = ""


class BridgeService(Part):
    """A service's part of the steps, kroner a year: its number (with mix) and its price."""

    title: Texts
    number: Effect
    level: Effect | None
    price: Effect
    total: Effect
    bar: str


class MixLine(Part):
    """A service's share of the full-year persons of the services: ours, and among the peers."""

    title: Texts
    own: float
    median: float
    q1: float
    q3: float


class BridgePart(Part):
    """Why two amounts differ: from one to the other, step by step, to the krone."""

    kind: BridgeKind
    title: Texts
    year: int
    gap: Effect | None
    lines: tuple[BridgeLine, ...]
    services: tuple[BridgeService, ...]
    text: Texts
    notes: tuple[Texts, ...]
    mix: tuple[MixLine, ...] = ()
