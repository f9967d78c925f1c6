"""What an author may write: the vocabulary of definition files and of the fact files.

No file access and no frames: plain frozen models that refuse unknown keys.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from styring.errors import Texts

CentreId = Literal["strategisk-politisk", "oekonomisk-finansiel", "socialfaglig", "sammenhaeng"]
Better = Literal["higher", "lower", "target", "context"]
PeriodKind = Literal["year", "whole_year", "to_date", "as_of"]
Form = Literal["amount", "ratio", "relative", "growth"]
Reduce = Literal["mean", "mean_abs", "max_step", "count_at_most", "diversity"]
Interval = Literal["none", "wilson", "byar", "t"]
Absence = Literal[
    "not_reported",
    "zero_denominator",
    "suppressed",
    "unfinished_year",
    "too_few",
    "too_few_years",
    "no_price_index",
    "no_months",
    "age_bands",
    "series_break",
    "no_refund_steps",
    "half_not_ended",
    "not_valid",
]
Said = Annotated[Texts, BeforeValidator(lambda x: Texts(x, x) if isinstance(x, str) else x)]
"""A text in both languages; a plain string reads the same in both."""
Identifier = Annotated[str, Field(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*\.)?[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower case, digits and single hyphens; a catalogue of one's own puts `its-name.` before."""
Status = Literal["core", "supplementary", "retired"]
ValueType = Literal[
    "proportion", "rate", "ratio", "mean", "median", "index", "change", "count", "amount"
]


class Strict(BaseModel):
    """A frozen model that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Quantile(Strict):
    """A quantile by linear interpolation: `{ of = "dagspris", p = 0.9 }`."""

    of: str
    p: Annotated[float, Field(gt=0, lt=1)]


class MedianTime(Strict):
    """The time by which half have ended, those not ended yet counted as long as they are known.

    `{ of = "varighed", ended = "afsluttet", seen_from = "varighed_foer" }`: the Kaplan–Meier median
    (Kaplan & Meier 1958). `seen_from` holds what had passed before anybody looked, where that is
    not nothing: until then a row is not among those that could have ended.
    """

    of: str
    ended: str
    seen_from: str | None = None


class Aggregate(Strict):
    """One named figure from one table: what is added up, from which rows, in which period."""

    from_: str = Field(alias="from")
    sum: str | tuple[str, ...] | None = None
    count_unique: str | None = None
    mean: str | None = None
    median: str | None = None
    quantile: Quantile | None = None
    median_time: MedianTime | None = None
    aggregate: Literal["count", "person_years", "person_days"] | None = None
    where: str | None = None
    period: PeriodKind = "year"
    period_by: str | None = None
    lag: Annotated[int, Field(ge=0, le=10)] = 0
    age: tuple[int, int] | None = None
    minus: Aggregate | None = None
    scale: Scale | None = None

    @model_validator(mode="after")
    def _one_way_to_add_up(self) -> Self:
        ways = [k for k in _WAYS if getattr(self, k) is not None]
        if len(ways) != 1:
            given = ", ".join(ways) or "none"
            raise ValueError(
                Texts(
                    f"Der skal være netop én af {', '.join(_WAYS)}; her: {given}.",
                    f"Exactly one of {', '.join(_WAYS)} is needed; here: {given}.",
                )
            )
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that are added up."""
        if isinstance(self.sum, tuple):
            return self.sum
        if self.median_time:
            parts = self.median_time
            return tuple(c for c in (parts.of, parts.ended, parts.seen_from) if c)
        one = self.sum or self.count_unique or self.mean or self.median
        return (one,) if one else (self.quantile.of,) if self.quantile else ()


class Scale(Strict):
    """A ratio an aggregate is multiplied by: the whole over the part it was seen in."""

    numerator: Aggregate
    denominator: Aggregate


_WAYS = ("sum", "count_unique", "mean", "median", "quantile", "median_time", "aggregate")


class Value(Strict):
    """A figure: a form of aggregates."""

    form: Form
    numerator: Aggregate
    denominator: Aggregate | None = None
    multiplier: float = 1
    deflate: bool = False
    common: str | None = None
    over: str | None = None
    window: Annotated[int, Field(ge=2, le=10)] | None = None
    reduce: Reduce | None = None
    limit: float | None = None
    current_only: bool = False

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if (self.denominator is None) != (self.form == "amount"):
            raise ValueError(
                Texts(
                    f"Formen {self.form!r} og nævneren passer ikke sammen.",
                    f"Form {self.form!r} and the denominator do not go together.",
                )
            )
        if (self.over is None) != (self.reduce is None):
            raise ValueError(Texts("over og reduce hører sammen.", "over and reduce go together."))
        if (self.limit is None) == (self.reduce == "count_at_most"):
            raise ValueError(
                Texts(
                    "limit hører til reduce = 'count_at_most'.",
                    "limit goes with reduce = 'count_at_most'.",
                )
            )
        if self.form == "growth" and not (self.denominator and self.denominator.lag):
            raise ValueError(
                Texts(
                    "Formen 'growth' skal have en nævner med lag.",
                    "Form 'growth' needs a denominator with lag.",
                )
            )
        return self

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        """Return every aggregate of the figure, the subtracted ones too."""
        tops = [self.numerator] + ([self.denominator] if self.denominator else [])
        scales = [t.scale for t in tops if t.scale]
        inner = [a for s in scales for a in (s.numerator, s.denominator)]
        return tuple(a for top in [*tops, *inner] for a in (top, top.minus) if a is not None)


class Goalposts(Strict):
    """Points on a straight line from `worst` (0) to `best` (100), clamped.

    With `better = "target"` the two are distances from the target, `best` the smaller.
    """

    method: Literal["goalposts"]
    worst: float
    best: float


class ByPeers(Strict):
    """Points: the share of peers that do worse, plus half of the ties."""

    method: Literal["peers"]


class ByTarget(Strict):
    """Points by distance to the municipality's own goal: 100 at the goal, 0 at `reach` from it."""

    method: Literal["target"]
    reach: Annotated[float, Field(gt=0)]


class Maturity(Strict):
    """Points of a practice score: (mean − 1) / 4."""

    method: Literal["maturity"]


Scoring = Annotated[Goalposts | ByPeers | ByTarget | Maturity, Field(discriminator="method")]


class FindingText(Strict):
    """What a report says when the figure is weak, strong or worth attention.

    Texts are sentences with placeholders; a sentence whose figures are not all known is left out.
    """

    observation: Texts
    question: Texts | None = None
    recommendation: Texts | None = None
    first_step: Texts | None = None
    effort: Literal["low", "medium", "high"] = "medium"
    lead: CentreId | None = None
    join: tuple[CentreId, ...] = ()
    deadline_days: Literal[30, 90, 365] = 90
    target: float | None = None
    beyond_peers: Literal["above", "below", "either"] | None = None
    above: float | None = None
    below: float | None = None
    growth_above: float | None = None


class Findings(Strict):
    """The texts by outcome."""

    weak: FindingText | None = None
    strong: FindingText | None = None
    attention: FindingText | None = None


class IndicatorTest(Strict):
    """A worked case: rows in, the figure or the reason of its absence out.

    `first_year` is the first year the workbook has; without it there are as many as are needed.
    """

    name: str
    tables: dict[str, list[dict[str, Any]]]
    expect: dict[str, float | int | str]
    as_of: date | None = None
    first_year: int | None = None


class Side(Strict):
    """What a numerator or denominator is in words, and where its rows come from."""

    what: Texts
    source: Texts


class Change(Strict):
    """One version of a definition: when, what changed, and what that does to the figures."""

    version: Annotated[int, Field(ge=1)]
    date: date
    what: Texts


class Indicator(Strict):
    """One definition file.

    What a figure cannot be computed without is required here; what it cannot be trusted without
    (reasons, sources, cases …) is asked for by `styring check`.
    """

    id: Identifier
    version: Annotated[int, Field(ge=1)]
    status: Status = "core"
    replaced_by: Identifier | None = None
    owner: Said | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    centre: CentreId
    dimension: str
    unit: str
    better: Better
    title: Texts
    question: Texts
    description: Texts
    rationale: Texts | None = None
    reading: Texts | None = None
    missing: Texts | None = None
    numerator: Side | None = None
    denominator: Side | None = None
    value_type: ValueType | None = None
    materiality: Annotated[float, Field(gt=0)] | None = None
    read_with: tuple[Identifier, ...] = ()
    change: tuple[Change, ...] = ()
    source: Said
    value: Value
    test: tuple[IndicatorTest, ...] = ()
    kind: Literal["figure", "practice"] = "figure"
    statement: Texts | None = None
    levels: dict[Literal["1", "3", "5"], Texts] = {}
    aliases: tuple[str, ...] = ()
    weight: Annotated[float, Field(ge=0)] = 1
    scoring: tuple[Scoring, ...] = ()
    target: float | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0
    interval: Interval = "none"
    decimals: Annotated[int, Field(ge=0, le=4)] | None = None
    price_basis: Literal["løbende", "faste"] | None = None
    refund: Literal["før", "efter"] | None = None
    age_group: Annotated[str, Field(pattern=r"^(alle|\d+-\d+|\d+\+)$")] | None = None
    min_count: Annotated[int, Field(ge=0)] = 0
    least: Annotated[int, Field(ge=0)] = 0
    by: str | None = None
    headline: Literal["finished", "current"] | None = None
    at_stake: Aggregate | None = None
    caveat: Texts | None = None
    law: tuple[str, ...] = ()
    finding: Findings = Findings()

    @model_validator(mode="after")
    def _polarity_and_scoring_agree(self) -> Self:
        if self.better == "context" and self.scoring:
            raise ValueError(
                Texts(
                    "Et belysende tal sammenlignes og forklares; det får aldrig point.",
                    "A context figure is compared and explained, never scored.",
                )
            )
        if self.better != "context" and not self.scoring:
            raise ValueError(
                Texts(
                    f"better = {self.better!r} skal have mindst én [[scoring]].",
                    f"better = {self.better!r} needs at least one [[scoring]].",
                )
            )
        if self.kind == "practice" and self.statement is None:
            raise ValueError(
                Texts(
                    "Et udsagn skal have sin ordlyd.", "A practice indicator needs its statement."
                )
            )
        return self

    @property
    def is_money(self) -> bool:
        """Return whether the figure's numerator is kroner."""
        return self.price_basis is not None


class Column(Strict):
    """A column of a sheet."""

    id: str
    name: str
    type: Literal[
        "text", "code", "year", "month", "integer", "number", "money", "price",
        "date", "yesno", "score", "paragraph", "function", "choice",
    ]  # fmt: skip
    aliases: tuple[str, ...] = ()
    required: bool = False
    blank: bool = False
    open: bool = False
    birth: bool = False
    share: bool = False
    other: bool = False
    values: dict[str, tuple[str, ...]] = {}
    meaning: Texts


class Sheet(Strict):
    """A sheet of the workbook: one row is what, and its columns."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    row: Texts
    needed: bool = False
    keyvalue: bool = False
    distinct: bool = False
    key: tuple[str, ...] = ()
    sum: str | None = None
    column: tuple[Column, ...]


class WorkbookSpec(Strict):
    """Every sheet styring knows."""

    sheet: tuple[Sheet, ...]

    def __getitem__(self, sheet_id: str) -> Sheet:
        """Return the sheet with that id."""
        return next(s for s in self.sheet if s.id == sheet_id)


class CatalogueFile(Strict):
    """What `catalogue.toml` says of a folder of definitions.

    `format` is the format the definitions are written in; `extends = false` leaves out those that
    come with styring; `retired` holds ids that are never to be used again.
    """

    format: Literal[1] = 1
    title: Said | None = None
    owner: Said | None = None
    namespace: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] | None = None
    extends: bool = True
    retired: tuple[Identifier, ...] = ()


class Rule(Strict):
    """A rule of `styring check`: how bad a breach is, and why there is a rule."""

    id: str
    severity: Literal["error", "warning"]
    reason: Texts


class Catalogue(Strict):
    """The definitions that were loaded, by centre, figures before statements, then by file.

    `indicators` are those chosen, `rest` the others, `retired` those that are measured no longer.
    `added` and `replaced` are the ids of the user's own definitions: new ones, and those that stand
    in for a shipped one; where they do not extend the shipped ones, all are new.
    """

    indicators: tuple[Indicator, ...]
    sha256: str
    rest: tuple[Indicator, ...] = ()
    retired: tuple[Indicator, ...] = ()
    choice: str = "all"
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    extends: bool = True

    @property
    def known(self) -> tuple[Indicator, ...]:
        """Return every indicator that could be chosen."""
        return (*self.indicators, *self.rest)

    def __getitem__(self, indicator_id: str) -> Indicator:
        """Return the indicator with that id."""
        return next(i for i in self.indicators if i.id == indicator_id)
