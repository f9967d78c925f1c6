"""The review put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from styring import economy, interplay
from styring.compare import LEAST_PEERS
from styring.errors import Texts, join_texts
from styring.find.ages import ages_part
from styring.find.bridges import bridge_parts
from styring.find.calls import asked
from styring.find.case_months import case_months_part
from styring.find.casework import casework_part
from styring.find.chosen import set_lines, settings_lines
from styring.find.cost_bands import cost_bands_part
from styring.find.evidence import Evidence
from styring.find.findings import (
    alpha_text,
    blind_findings,
    blind_text,
    gap_findings,
    gap_parts,
    indicator_findings,
    reconcile_findings,
)
from styring.find.flows import flows_part
from styring.find.forecast import forecast_part
from styring.find.front import Known, front
from styring.find.funnels import funnel_parts
from styring.find.months import monthly_parts
from styring.find.parts import indicator_parts
from styring.find.peer_choice import peer_choice
from styring.find.plan import actions, earlier_actions, order_text
from styring.find.reconcile import reconcile_part
from styring.find.scoring import LIMITS, scoring_parts
from styring.find.words import names_listed
from styring.interplay import Reconciled
from styring.model import Catalogue
from styring.read.workbook import Reading
from styring.review import (
    BlindSpot,
    CentrePart,
    DataNote,
    FindingPart,
    InterplayPart,
    KeptAction,
    MunicipalityPart,
    Provenance,
    ReconciliationLine,
    Review,
    SheetPart,
    StatementGap,
)
from styring.say import sentence
from styring.score import DRAWS, CentrePoints, counts
from styring.settings import Config
from styring.tables import Note, sort_notes
from styring.text import both, day, millions, number, percent

_HOW_FIGURES_ARE_MADE = (
    "price", "deviation", "case_cost", "person_years", "two_costs", "outlook", "follow_up",
)  # fmt: skip
_HOW_THEY_ARE_JUDGED = ("thresholds", "firm", "chance", "context", "gaps", "privacy")
ORDER = ("weakness", "blind_spot", "statement_gap", "reconciliation", "attention", "strength")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a review is told besides the figures."""

    catalogue: Catalogue
    before: Catalogue
    config: Config
    reading: Reading
    notes: tuple[Note, ...]
    centre_points: dict[str, CentrePoints]
    peer_names: tuple[str, ...]
    provenance: Provenance
    needed: tuple[str, ...]
    peer_rows: pl.DataFrame | None = None
    kept: tuple[KeptAction, ...] = ()


def assemble(e: Evidence, s: Setting) -> Review:
    """Return the review: figures, findings in sentences, the plan, the front page."""
    who = e.ready.who
    parts = indicator_parts(e)
    found = indicator_findings(e)
    centres = _centres(e, s, found_parts := [f for _, f in found.firm])
    reconciled = interplay.reconciliation(e.ready)
    woven = _interplay(e, reconciled)
    plan = actions(e, found.firm, parts, s.config.settings.plan)
    earlier = earlier_actions(e)
    years, activity = economy.years(e.ready), economy.activity(e.ready)
    ahead = economy.outlook(e.ready)
    every = _findings(e, found_parts, woven.statement_gaps, reconciled)
    notes = sort_notes([*e.notes, *s.notes])
    known = Known(
        economy=years,
        outlook=ahead,
        activity=activity,
        centres=centres,
        findings=found_parts,
        actions=plan,
        earlier=earlier,
        gaps=woven.statement_gaps,
        reconciled=reconciled,
        notes=notes,
        missing=s.needed,
        has_peers=bool(s.peer_names),
    )
    return Review(
        municipality=MunicipalityPart(
            code=who.code, name=who.name, constructed=who.constructed, contact=who.contact
        ),
        as_of=who.as_of,
        year=who.finished_year,
        accounting_year=who.accounting_year,
        partial=bool(s.needed),
        mark=_mark(e, s),
        front=front(e, known),
        centres=centres,
        interplay=woven,
        economy=years,
        functions=economy.functions(e.ready),
        outlook=ahead,
        activity=activity,
        peer_text=_peer_text(s.peer_names),
        peer_names=s.peer_names,
        indicators=parts,
        findings=every,
        actions=plan,
        earlier_actions=earlier,
        sheets=tuple(_sheet(a) for a in s.reading.accounts),
        data_notes=tuple(_note(e, n) for n in notes),
        method=_method(e, s),
        dimensions={d.id: d.title for d in e.ready.facts.dimension},
        provenance=s.provenance,
        unsure=found.unsure,
        asked=tuple(asked(e, found.firm)),
        kept=s.kept,
        **_explained(e, s),
    )


def _mark(e: Evidence, s: Setting) -> Texts | None:
    """Return what stands on every page: that figures are invented, that none are withheld."""
    marks = {
        "constructed": e.ready.who.constructed,
        "internal": "internal" in s.provenance.options,
    }
    said = [sentence(f"mark.{name}") for name, holds in marks.items() if holds]
    return join_texts(said, " · ") if said else None


def _explained(e: Evidence, s: Setting) -> dict[str, Any]:
    """Return the parts that say what lies behind the figures, each by its name in the review."""
    return {
        "peer_choice": peer_choice(e),
        "monthly": monthly_parts(e.ready),
        "ages": ages_part(e.ready),
        "bridges": bridge_parts(e.ready, e.figures, s.peer_rows, s.catalogue, s.provenance.seed),
        "reconcile": reconcile_part(e.ready),
        "case_months": case_months_part(e.ready),
        "casework": casework_part(e.ready),
        "flows": flows_part(e.ready),
        "cost_bands": cost_bands_part(e.ready),
        "funnels": funnel_parts(e),
        "scoring": scoring_parts(e),
        "scoring_limits": LIMITS,
        "price_index": _price_index(e),
        "plan_text": order_text(s.config.settings.plan),
        "forecast": forecast_part(e.ready, s.provenance.seed),
    }


def _price_index(e: Evidence) -> dict[int, float]:
    """Return the municipality's own price index by year; empty where it gives none."""
    frame = e.ready.tables.get("prisindeks")
    return {} if frame is None else dict(frame.select("aar", "indeks").drop_nulls().iter_rows())


def _centres(e: Evidence, s: Setting, found: Sequence[FindingPart]) -> tuple[CentrePart, ...]:
    parts = []
    for centre in e.ready.facts.centre:
        points = s.centre_points.get(centre.id)
        if points is None:
            continue
        ours = [i for i in e.indicators if i.centre == centre.id and i.better != "context"]
        scored = [i for i in ours if counts(i, e.points)]
        of_centre = sorted(
            (f for f in found if f.centre == centre.id and f.indicator), key=lambda f: -f.weakness
        )
        text = sentence(
            "centre.withheld" if points.score is None else "centre.score",
            point=None if points.score is None else both(number, points.score),
            lav=None if points.low is None else both(number, points.low),
            hoej=None if points.high is None else both(number, points.high),
            antal=points.scored,
            alle=len(scored),
        )
        parts.append(
            CentrePart(
                id=centre.id,
                title=centre.title,
                question=centre.question,
                score=points.score,
                low=points.low,
                high=points.high,
                coverage=points.coverage,
                scored=points.scored,
                indicators=len(scored),
                strengths=tuple(
                    f.indicator or "" for f in reversed(of_centre) if f.kind == "strength"
                ),
                weaknesses=tuple(f.indicator or "" for f in of_centre if f.kind == "weakness"),
                text=text,
                median=points.median,
                rank=points.rank,
                rank_low=points.rank_low,
                rank_median=points.rank_median,
                rank_high=points.rank_high,
                rank_of=points.of,
                rank_text=_rank_text(points),
            )
        )
    return tuple(parts)


def _rank_text(points: CentrePoints) -> Texts | None:
    if points.rank is None:
        return None
    return sentence(
        "centre_rank.text",
        plads=points.rank,
        antal=points.of,
        midte=points.rank_median,
        lav=points.rank_low,
        hoej=points.rank_high,
    )


def _interplay(e: Evidence, reconciled: Sequence[Reconciled]) -> InterplayPart:
    statements = [i for i in e.indicators if i.kind == "practice"]
    alpha, by_dimension = interplay.agreement(e.ready, statements)
    people = interplay.respondents(e.ready)
    gaps = interplay.statement_gaps(e.ready, statements)
    titles = {d.id: d.title for d in e.ready.facts.dimension}
    images = interplay.self_image(e.indicators, e.points)
    return InterplayPart(
        alpha=alpha,
        alpha_by_dimension=by_dimension,
        respondents=people,
        alpha_text=alpha_text(alpha, sum(people.values())),
        statement_gaps=gap_parts(gaps, {i.id: i for i in statements}),
        blind_spots=tuple(
            BlindSpot(
                dimension=i.dimension,
                title=titles[i.dimension],
                self_image=i.self_image,
                figures=i.figures,
                difference=i.self_image - i.figures,
                flagged=i.flagged,
                text=blind_text(i),
            )
            for i in images
        ),
        reconciliation=tuple(_line(e, r) for r in reconciled),
        reconciliation_text=_reconciled_text(e, reconciled),
    )


def _line(e: Evidence, r: Reconciled) -> ReconciliationLine:
    both_sides = r.ledger is not None and r.cases is not None
    difference = (r.ledger or 0.0) - (r.cases or 0.0) if both_sides else None
    side = "both" if both_sides else "ledger" if r.cases is None else "cases"
    side = "withheld" if r.withheld else side
    name = interplay.function_name(r.function, e.ready.facts.account)
    return ReconciliationLine(
        function=r.function,
        name=name,
        period=str(r.year),
        partial=not e.ready.finished(r.year),
        ledger=r.ledger,
        cases=r.cases,
        difference=difference,
        share=(r.cases or 0.0) / r.ledger if both_sides and r.ledger else None,
        side=side,
    )


def _reconciled_text(e: Evidence, reconciled: Sequence[Reconciled]) -> Texts:
    year = e.ready.who.finished_year
    lines = [r for r in reconciled if r.year == year and r.ledger and r.cases is not None]
    ledger = sum(r.ledger or 0.0 for r in lines)
    if not ledger:
        return sentence("interplay.not_reconciled")
    share = sum(r.cases or 0.0 for r in lines) / ledger
    said = sentence("interplay.reconciled", aar=year, andel=both(percent, share))
    loose = sum(r.cases or 0.0 for r in reconciled if r.year == year and not r.function)
    if loose:
        more = sentence("interplay.unplaced", beloeb=both(millions, loose))
        return Texts(f"{said.da} {more.da}", f"{said.en} {more.en}")
    return said


def _findings(
    e: Evidence,
    found: Sequence[FindingPart],
    gaps: Sequence[StatementGap],
    reconciled: Sequence[Reconciled],
) -> tuple[FindingPart, ...]:
    statements = {i.id: i for i in e.indicators if i.kind == "practice"}
    titles = {d.id: d.title for d in e.ready.facts.dimension}
    every = [
        *found,
        *gap_findings(e, gaps, statements),
        *blind_findings(e, interplay.self_image(e.indicators, e.points), titles),
        *reconcile_findings(e, reconciled, e.ready.facts.account, e.ready.who.finished_year),
    ]
    return tuple(sorted(every, key=lambda f: (ORDER.index(f.kind), -f.weakness)))


def _peer_text(names: Sequence[str]) -> Texts:
    if not names:
        return sentence("peers.none")
    listed = names_listed([Texts(n, n) for n in names])
    one = len(names) == 1
    some = sentence("peers.one" if one else "peers.some", antal=len(names), navne=listed)
    if len(names) < LEAST_PEERS:
        return join_texts([some, sentence("peers.too_few")])
    if len(names) >= 10:
        return some
    return join_texts([some, sentence("peers.few")])


def _sheet(account: object) -> SheetPart:
    fields = SheetPart.model_fields
    return SheetPart(**{name: getattr(account, name) for name in fields})


def _note(e: Evidence, note: Note) -> DataNote:
    source = e.ready.tables.sources.get(note.sheet)
    return DataNote(
        severity=note.severity,
        sheet=source.sheet if source else note.sheet,
        cell=note.cell,
        column=note.column,
        message=note.message,
    )


def _method(e: Evidence, s: Setting) -> tuple[Texts, ...]:
    """Return how the figures were made, one sentence or two a line."""
    who = e.ready.who
    when = both(day, who.as_of)
    lines = [
        sentence("method.as_of", dato=when, aar=who.finished_year, loebende=who.accounting_year),
        *(sentence(f"method.{k}") for k in _HOW_FIGURES_ARE_MADE),
        sentence("method.score", antal=both(number, float(DRAWS)), froe=s.provenance.seed),
        *(sentence(f"method.{k}") for k in _HOW_THEY_ARE_JUDGED),
        order_text(s.config.settings.plan),
        *_unverified(e),
        sentence("method.catalogue", antal=len(e.indicators), sum=s.catalogue.sha256[:12]),
        *set_lines(s.catalogue),
        *settings_lines(s.before, s.config, e.ready.facts),
    ]
    return tuple(lines)


def _unverified(e: Evidence) -> list[Texts]:
    """Return which facts that were used nobody has looked up."""
    ledger, said = e.ready.tables.get("oekonomi"), []
    if ledger is not None:
        used = set(ledger["funktion"].drop_nulls().unique())
        loose = sorted(
            a.funktion for a in e.ready.facts.account if not a.verified and a.funktion in used
        )
        if loose:
            said.append(sentence("method.unverified", funktioner=", ".join(loose)))
    shelf = {x.id: x.verified for x in e.ready.facts.law}
    shelf |= {p.law: p.verified for p in e.ready.facts.paragraph}
    laws = {law for i in e.indicators for law in i.law if not shelf.get(law, True)}
    if laws:
        said.append(sentence("method.unverified_law", love=", ".join(sorted(laws))))
    sager = e.ready.tables.get("sager")
    if sager is not None and set(sager["paragraf"].drop_nulls().unique()) & {"109", "110"}:
        said.append(sentence("method.self_referral"))
    return said
