"""What a report may show: the one product, frozen. Every report is a view of it.

`review.json` is this, serialised; its JSON Schema comes from here. A renderer computes nothing.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field

from styring.errors import Texts
from styring.model import CentreId
from styring.review.ages import AgeLine, AgesPart
from styring.review.bridge import (
    BridgeKey,
    BridgeKind,
    BridgeLine,
    BridgePart,
    BridgeRole,
    BridgeService,
    Effect,
    MixLine,
)
from styring.review.case_months import CaseMonth, CaseMonthsPart, CashLine
from styring.review.casework import (
    CaseworkPart,
    DecisionLine,
    FollowUpLine,
    TransitionLine,
)
from styring.review.cost_bands import CostBand, CostBandsPart
from styring.review.economy import (
    ActivityLine,
    EconomyYear,
    FunctionLine,
    Outlook,
)
from styring.review.flows import (
    ChurnLine,
    FlowKind,
    FlowLine,
    FlowPriceLine,
    FlowsPart,
    StayLine,
)
from styring.review.forecast import (
    ForecastMonth,
    ForecastParagraph,
    ForecastPart,
    ForecastSight,
    ForecastStep,
    ForecastYear,
    ReplayLine,
)
from styring.review.funnel import FunnelPart, FunnelPoint
from styring.review.indicators import (
    ActionPart,
    Answer,
    Answers,
    Call,
    FindingPart,
    IndicatorPart,
    Objection,
    PeerStats,
    Point,
    Trace,
    Trend,
    UnsureFinding,
)
from styring.review.kept import STATUSES, KeptAction, Status
from styring.review.part import (
    SCHEMA,
    AnswerKey,
    BlindSpot,
    CentrePart,
    DataNote,
    EarlierAction,
    EffectKind,
    FindingKind,
    FrontLine,
    InputPart,
    InterplayPart,
    MunicipalityPart,
    Outcome,
    Part,
    Provenance,
    ReconciliationLine,
    SheetPart,
    StatementGap,
)
from styring.review.peers import (
    AlikePart,
    Apart,
    ContextPart,
    MonthlyPart,
    MonthPoint,
    PeerChoicePart,
)
from styring.review.reconcile import (
    PaymentLine,
    ReconcileFunction,
    ReconcileMonth,
    ReconcilePart,
    RefundLine,
)
from styring.review.scoring import Method, ScoringLimits, ScoringMethod, ScoringPart
from styring.review.since import (
    FACTORS,
    Factor,
    Reach,
    SinceAction,
    SinceCentre,
    SinceIndicator,
    SincePart,
    Split,
    TrendPoint,
)

__all__ = [
    "FACTORS",
    "SCHEMA",
    "STATUSES",
    "ActionPart",
    "ActivityLine",
    "AgeLine",
    "AgesPart",
    "AlikePart",
    "Answer",
    "AnswerKey",
    "Answers",
    "Apart",
    "BlindSpot",
    "BridgeKey",
    "BridgeKind",
    "BridgeLine",
    "BridgePart",
    "BridgeRole",
    "BridgeService",
    "Call",
    "CaseMonth",
    "CaseMonthsPart",
    "CaseworkPart",
    "CashLine",
    "CentrePart",
    "ChurnLine",
    "ContextPart",
    "CostBand",
    "CostBandsPart",
    "DataNote",
    "DecisionLine",
    "EarlierAction",
    "EconomyYear",
    "Effect",
    "EffectKind",
    "Factor",
    "FindingKind",
    "FindingPart",
    "FlowKind",
    "FlowLine",
    "FlowPriceLine",
    "FlowsPart",
    "FollowUpLine",
    "ForecastMonth",
    "ForecastParagraph",
    "ForecastPart",
    "ForecastSight",
    "ForecastStep",
    "ForecastYear",
    "FrontLine",
    "FunctionLine",
    "FunnelPart",
    "FunnelPoint",
    "IndicatorPart",
    "InputPart",
    "InterplayPart",
    "KeptAction",
    "Method",
    "MixLine",
    "MonthPoint",
    "MonthlyPart",
    "MunicipalityPart",
    "Objection",
    "Outcome",
    "Outlook",
    "Overview",
    "OverviewFigure",
    "OverviewRow",
    "Part",
    "PaymentLine",
    "PeerChoicePart",
    "PeerStats",
    "Point",
    "Provenance",
    "Reach",
    "ReconcileFunction",
    "ReconcileMonth",
    "ReconcilePart",
    "ReconciliationLine",
    "RefundLine",
    "ReplayLine",
    "Review",
    "ScoringLimits",
    "ScoringMethod",
    "ScoringPart",
    "SheetPart",
    "SinceAction",
    "SinceCentre",
    "SinceIndicator",
    "SincePart",
    "Split",
    "StatementGap",
    "Status",
    "StayLine",
    "Trace",
    "TransitionLine",
    "Trend",
    "TrendPoint",
    "UnsureFinding",
]


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
    peer_choice: PeerChoicePart | None = None
    unsure: tuple[UnsureFinding, ...] = ()
    asked: tuple[Texts, ...] = ()
    monthly: tuple[MonthlyPart, ...] = ()
    ages: AgesPart | None = None
    bridges: tuple[BridgePart, ...] = ()
    reconcile: ReconcilePart | None = None
    case_months: CaseMonthsPart | None = None
    casework: CaseworkPart | None = None
    flows: FlowsPart | None = None
    forecast: ForecastPart | None = None
    cost_bands: CostBandsPart | None = None
    funnels: tuple[FunnelPart, ...] = ()
    kept: tuple[KeptAction, ...] = ()
    scoring: tuple[ScoringPart, ...] = ()
    scoring_limits: ScoringLimits | None = None
    price_index: dict[int, float] = Field(default_factory=dict)
    plan_text: Texts | None = None
    since: SincePart | None = None

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
