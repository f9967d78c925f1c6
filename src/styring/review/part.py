"""Parts of a review: whose it is, the centres, their interplay, what went in."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from styring.errors import Texts
from styring.model import CentreId

SCHEMA: Literal["styring.review/1"] = "styring.review/1"
Outcome = Literal["better", "similar", "worse"]
FindingKind = Literal[
    "weakness",
    "attention",
    "strength",
    "blind_spot",
    "statement_gap",
    "reconciliation",
    "plan",
]
AnswerKey = Literal[
    "good", "middle", "low", "context", "above", "within", "below", "better", "similar", "worse",
    "reserved", "poor", "unknown",
]  # fmt: skip
EffectKind = Literal["difference", "deviation", "at_stake", "unknown"]


class Part(BaseModel):
    """A frozen part of the review."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class MunicipalityPart(Part):
    """Whose review it is."""

    code: str
    name: str
    constructed: bool
    contact: str | None


class FrontLine(Part):
    """One of the front page's five lines."""

    key: Literal["status", "cost", "strength", "first", "unknown"]
    heading: Texts
    text: Texts


class CentrePart(Part):
    """A steering centre's score with its 5–95 % interval; withheld below half of the weight."""

    id: CentreId
    title: Texts
    question: Texts
    score: float | None
    low: float | None
    high: float | None
    coverage: float
    scored: int
    indicators: int
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    text: Texts
    median: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_median: int | None = None
    rank_high: int | None = None
    rank_of: int = 0
    rank_text: Texts | None = None


class StatementGap(Part):
    """A statement that the centres answer differently: highest less lowest centre mean."""

    id: str
    statement: Texts
    means: dict[CentreId, float]
    answers: dict[CentreId, int]
    gap: float
    text: Texts


class BlindSpot(Part):
    """Self-image against figures in a dimension, both 0–100."""

    dimension: str
    title: Texts
    self_image: float
    figures: float
    difference: float
    flagged: bool
    text: Texts


class ReconciliationLine(Part):
    """Case cost against ledger on one function, kroner; before refund."""

    function: str
    name: Texts
    period: str
    partial: bool
    ledger: float | None
    cases: float | None
    difference: float | None
    share: float | None
    side: Literal["both", "ledger", "cases", "withheld"]


class InterplayPart(Part):
    """Do the three centres see the same picture, and act on it together?"""

    alpha: float | None
    alpha_by_dimension: dict[str, float]
    respondents: dict[CentreId, int]
    alpha_text: Texts
    statement_gaps: tuple[StatementGap, ...]
    blind_spots: tuple[BlindSpot, ...]
    reconciliation: tuple[ReconciliationLine, ...]
    reconciliation_text: Texts


class EarlierAction(Part):
    """An action decided earlier, as the municipality's own sheet has it."""

    number: str | None
    title: str
    indicator: str | None
    lead: str | None
    deadline: date | None
    status: str | None
    overdue: bool
    expected_kr: float | None
    realised_kr: float | None


class DataNote(Part):
    """Something to know about the input."""

    severity: Literal["error", "warning", "info"]
    sheet: str
    cell: str
    column: str
    message: Texts


class SheetPart(Part):
    """What became of a sheet's rows and of its main column's sum."""

    sheet: str
    taken_as: str
    rows: int
    accepted: int
    rejected: int
    totals: int
    duplicates: int
    sum_column: str | None
    sum_sheet: float
    sum_accepted: float


class InputPart(Part):
    """A file that went in."""

    role: Literal[
        "workbook", "peers", "context", "previous", "set", "config", "indicators", "templates",
        "map", "corrections",
    ]  # fmt: skip
    name: str
    sha256: str


class Provenance(Part):
    """What made the review: the same input, version and seed give the same bytes."""

    version: str
    inputs: tuple[InputPart, ...]
    options: dict[str, str]
    seed: int
    draws: int
