"""Parts of a review: a figure with all that is said of it, findings, actions."""

from __future__ import annotations

from datetime import date
from typing import Literal

from styring.errors import Texts
from styring.model import Absence, Better, CentreId
from styring.review.part import AnswerKey, EffectKind, FindingKind, Outcome, Part


class PeerStats(Part):
    """How the peers are spread. Rank 1 is the best (the lowest for context figures)."""

    n: int
    median: float
    q1: float
    q3: float
    p10: float
    p90: float
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    percentile: float
    median_text: Texts
    range_text: Texts


class Point(Part):
    """A figure of one period."""

    period: str
    value: float | None
    partial: bool
    absence: Absence | None = None
    shown: Texts


class Call(Part):
    """A municipality to call, with its figure: clearly better than ours, the most alike first.

    `alike` is its place among the municipalities by likeness, `differs` what it does otherwise in
    the figures.
    """

    code: str
    name: str
    value: float
    shown: Texts
    contact: str
    alike: int | None = None
    differs: Texts | None = None


class Answer(Part):
    """One of the four answers about a figure: its key, and what it says."""

    key: AnswerKey
    text: Texts


class Answers(Part):
    """Four answers instead of one colour; `unknown` says that something cannot be judged.

    `level` is the figure against a yardstick of its own (good, middle, low, context), `relation`
    where it lies among the peers (above, within, below), `support` whether chance can explain the
    difference (better, worse, similar), `quality` how far the data carry it (good, reserved, poor).
    """

    level: Answer
    relation: Answer
    support: Answer
    quality: Answer


class Trend(Part):
    """How a figure's finished years have moved; `none` is no clear movement."""

    direction: Literal["rising", "falling", "none", "too_few"]
    years: int
    p: float | None
    text: Texts


class Trace(Part):
    """Where a figure comes from: sheet, column, condition, and the part of the year."""

    part: Literal["numerator", "denominator"]
    sheet: str
    column: Texts
    condition: str | None
    period: str


class IndicatorPart(Part):
    """An indicator's figure in one period, and for a group where one is named.

    `form`, `factor` and `lag` (years of a growth) say how the value comes from numerator and
    denominator; `form` is None where other sums have a part in it.
    """

    id: str
    kind: Literal["figure", "practice"]
    centre: CentreId
    dimension: str
    title: Texts
    question: Texts
    description: Texts
    statement: Texts | None
    unit: Texts
    unit_kind: str
    scale: float
    decimals: int
    better: Better
    period: str
    year: int
    partial: bool
    group: str | None
    group_text: Texts | None
    value: float | None
    shown: Texts
    numerator: float | None
    denominator: float | None
    ci_low: float | None
    ci_high: float | None
    comparison: Outcome | None
    peers: PeerStats | None
    gap: float | None
    gap_best: float | None
    gap_kr: float | None
    goal: float | None
    score: float | None
    score_low: float | None
    score_high: float | None
    weight: float
    series: tuple[Point, ...]
    price_level: Texts | None
    refund: Texts | None
    age_group: str | None
    definition_version: int
    absence: Absence | None
    absence_text: Texts | None
    note: Texts | None
    caveat: Texts | None
    source: Texts
    law: str | None
    trace: tuple[Trace, ...]
    call: tuple[Call, ...]
    gap_kr_low: float | None = None
    gap_kr_high: float | None = None
    p: float | None = None
    q: float | None = None
    score_median: float | None = None
    ambition: float | None = None
    ambition_text: Texts | None = None
    answers: Answers | None = None
    trend: Trend | None = None
    form: Literal["amount", "ratio", "relative", "growth"] | None = None
    factor: float = 1.0
    lag: int = 0
    definition_sha256: str = ""


class Objection(Part):
    """A standard objection to a finding, and what the data answer.

    `stands` is None where it cannot be tested; False where the data speak against it.
    """

    id: str
    objection: Texts
    answer: Texts
    stands: bool | None


class UnsureFinding(Part):
    """A grade that flips with the choice of peers: no finding, but said."""

    indicator: str
    kind: FindingKind
    title: Texts
    holds: int
    sets: int
    text: Texts


class FindingPart(Part):
    """Something the review found, in sentences, with its evidence."""

    id: str
    kind: FindingKind
    centre: CentreId
    dimension: str
    indicator: str | None
    title: Texts
    summary: Texts
    observation: Texts
    question: Texts | None
    recommendation: Texts | None
    evidence: Texts
    gap_kr: float | None
    weakness: float
    holds: int | None = None
    sets: int = 0
    holds_text: Texts | None = None
    objections: tuple[Objection, ...] = ()


class ActionPart(Part):
    """An action of the plan: what, why, worth how much, by whom, until when, how it shows.

    `points` are effect (1–4) × weakness (1–4) × feasibility (`points_effort`, 1–3), each with the
    exponent the municipality gives it. `overlaps` names the indicators of the actions that may
    count the same kroner. `effect_low` and `effect_high` are kroner.
    """

    rank: int
    title: Texts
    summary: Texts
    why: Texts
    dimension: str
    lead: CentreId
    join: tuple[CentreId, ...]
    effect_kr: float | None
    effect_kind: EffectKind
    effect_text: Texts
    effort: Literal["low", "medium", "high"]
    deadline_days: Literal[30, 90, 365]
    deadline: date
    indicator: str
    today: Texts
    target: float | None
    target_text: Texts
    first_step: Texts | None
    call_text: Texts | None
    points_effect: int
    points_weakness: int
    points_effort: int
    points: float
    points_text: Texts | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    overlaps: tuple[str, ...] = ()
    overlap_text: Texts | None = None
    first_step_by: date | None = None
    target_shown: Texts | None = None
