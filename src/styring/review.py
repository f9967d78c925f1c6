"""What a report may show: the one product, frozen. Every report is a view of it.

`review.json` is this, serialised; its JSON Schema comes from here. A renderer computes nothing.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from styring.errors import Texts
from styring.model import Absence, Better, CentreId

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
    """A municipality to call, with its figure."""

    code: str
    name: str
    value: float
    shown: Texts
    contact: str


class Trace(Part):
    """Where a figure comes from: sheet, column, condition, and the part of the year."""

    part: Literal["numerator", "denominator"]
    sheet: str
    column: Texts
    condition: str | None
    period: str


class IndicatorPart(Part):
    """An indicator's figure in one period, and for a group where one is named."""

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


class EconomyYear(Part):
    """The ledger of a year, net, running prices, kroner. Deviation: accounts less budget."""

    year: int
    partial: bool
    original: float | None
    supplementary: float | None
    other_changes: float | None
    corrected: float | None
    forecast: float | None
    accounts: float | None
    refund: float | None
    deviation_original: float | None
    deviation_original_share: float | None
    deviation_corrected: float | None
    deviation_corrected_share: float | None


class FunctionLine(Part):
    """A function of the ledger in the latest finished year, net, kroner."""

    function: str
    name: Texts
    original: float | None
    corrected: float | None
    accounts: float | None
    deviation_original: float | None
    deviation_corrected: float | None
    previous: float | None


class Outlook(Part):
    """How the current year looks, kroner, net of everything in the ledger.

    `committed` (disponeret) is what the granted cases cost in the year; `expected` is booked to
    date plus the rest of the granted cases at the rate booked / case cost. Neither holds new cases.
    """

    year: int
    months: int
    original: float | None
    corrected: float | None
    booked: float | None
    forecast: float | None
    forecast_date: date | None
    case_cost_to_date: float | None
    committed: float | None
    expected: float | None
    forecast_gap: float | None
    expected_gap: float | None


class ActivityLine(Part):
    """Cases of one paragraph (all where it is None) in one year; withheld counts are None."""

    paragraph: str | None
    title: Texts
    year: int
    partial: bool
    citizens: int | None
    person_years: float | None
    average_persons: float | None
    cost: float | None
    price: float | None
    inflow: int | None
    outflow: int | None
    withheld: bool


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


class ActionPart(Part):
    """An action of the plan: what, why, worth how much, by whom, until when, how it shows."""

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
    points: int


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

    role: Literal["workbook", "peers", "config", "indicators", "templates"]
    name: str
    sha256: str


class Provenance(Part):
    """What made the review: the same input, version and seed give the same bytes."""

    version: str
    inputs: tuple[InputPart, ...]
    options: dict[str, str]
    seed: int
    draws: int


class Review(Part):
    """One municipality's review."""

    schema_: Literal["styring.review/1"] = Field(SCHEMA, alias="schema")
    municipality: MunicipalityPart
    as_of: date
    year: int
    accounting_year: int
    partial: bool
    mark: Texts | None
    front: tuple[FrontLine, ...]
    centres: tuple[CentrePart, ...]
    interplay: InterplayPart
    economy: tuple[EconomyYear, ...]
    functions: tuple[FunctionLine, ...]
    outlook: Outlook | None
    activity: tuple[ActivityLine, ...]
    peer_text: Texts
    peer_names: tuple[str, ...]
    indicators: tuple[IndicatorPart, ...]
    findings: tuple[FindingPart, ...]
    actions: tuple[ActionPart, ...]
    earlier_actions: tuple[EarlierAction, ...]
    sheets: tuple[SheetPart, ...]
    data_notes: tuple[DataNote, ...]
    method: tuple[Texts, ...]
    dimensions: dict[str, Texts]
    provenance: Provenance

    @cached_property
    def _overall(self) -> dict[str, IndicatorPart]:
        return {i.id: i for i in self.indicators if i.group is None}

    def indicator(self, indicator_id: str) -> IndicatorPart | None:
        """Return an indicator's overall figure."""
        return self._overall.get(indicator_id)

    def groups(self, indicator_id: str) -> list[IndicatorPart]:
        """Return an indicator's figures by group."""
        return self._grouped.get(indicator_id, [])

    @cached_property
    def _grouped(self) -> dict[str, list[IndicatorPart]]:
        found: dict[str, list[IndicatorPart]] = {}
        for i in self.indicators:
            if i.group is not None:
                found.setdefault(i.id, []).append(i)
        return found


class OverviewRow(Part):
    """One municipality in an overview."""

    code: str
    name: str
    as_of: date
    year: int
    strategic: float | None
    economic: float | None
    professional: float | None
    interplay: float | None
    accounts: float | None
    deviation_original: float | None
    deviation_corrected: float | None
    follow_up: float | None
    price_108: float | None
    weaknesses: int
    strengths: int
    warnings: int
    first_action: Texts


class OverviewFigure(Part):
    """One municipality's figure of one indicator."""

    indicator: str
    title: Texts
    centre: CentreId
    unit: Texts
    municipality: str
    period: str
    value: float | None
    shown: Texts
    score: float | None


class Overview(Part):
    """Several municipalities side by side; `failed` names workbooks and why."""

    mark: Texts | None
    municipalities: tuple[OverviewRow, ...]
    figures: tuple[OverviewFigure, ...]
    failed: dict[str, str]
