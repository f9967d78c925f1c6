"""Each indicator as a report shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from styring.aggregate import kind_of
from styring.changes import checksum
from styring.compare import Comparison
from styring.definitions import load_spec
from styring.economy import paragraph_title
from styring.errors import Texts, join_texts, texts
from styring.facts import Account, Unit
from styring.find.answers import answers, trend
from styring.find.calls import calls
from styring.find.evidence import Evidence
from styring.find.peer_choice import ambition
from styring.find.scoring import formed
from styring.measure import Figure, is_state
from styring.model import Aggregate, Indicator
from styring.prepare import DERIVED, Prepared
from styring.review import IndicatorPart, PeerStats, Point, Trace
from styring.say import range_as, sentence, shown_as, word
from styring.score import Points
from styring.text import both, day

EVERY_AGE = 100
"""An age group that ends here or later leaves nobody out."""


def indicator_parts(e: Evidence) -> tuple[IndicatorPart, ...]:
    """Return every indicator's main figure, each followed by its groups."""
    parts = []
    for indicator in e.indicators:
        parts.append(_part(e, indicator, e.figures.main(e.ready, indicator)))
        groups = e.figures.groups.get(indicator.id, ())
        parts += [_part(e, indicator, f) for f in groups if f.group is not None]
    return tuple(parts)


def _part(e: Evidence, indicator: Indicator, figure: Figure) -> IndicatorPart:
    unit = e.units[indicator.unit]
    whole = figure.group is None
    compared = e.compared.get(indicator.id) if whole else None
    points = e.points.get(indicator.id) if whole else None
    return IndicatorPart(
        id=indicator.id,
        kind=indicator.kind,
        centre=indicator.centre,
        dimension=indicator.dimension,
        title=indicator.title,
        question=indicator.question,
        description=indicator.description,
        statement=indicator.statement,
        unit=unit.label,
        unit_kind=unit.kind,
        scale=unit.scale,
        decimals=unit.decimals if indicator.decimals is None else indicator.decimals,
        better=indicator.better,
        period=period(e.ready, indicator, figure),
        year=figure.year,
        partial=figure.partial,
        group=figure.group,
        group_text=_group_text(indicator, figure.group),
        value=figure.value,
        shown=value_text(indicator, unit, figure),
        numerator=figure.numerator,
        denominator=figure.denominator,
        ci_low=figure.low,
        ci_high=figure.high,
        goal=e.figures.goals.get(indicator.id),
        score=points.score if points else None,
        score_low=points.low if points else None,
        score_high=points.high if points else None,
        score_median=points.median if points else None,
        weight=0.0 if indicator.better == "context" else indicator.weight,
        series=_series(e, indicator, unit) if whole else (),
        price_level=sentence("note.prices") if indicator.price_basis else None,
        refund=_refund(indicator),
        age_group=indicator.age_group,
        definition_version=indicator.version,
        definition_sha256=checksum(indicator) if whole else "",
        absence=figure.absence,
        absence_text=sentence(f"absence.{figure.absence}") if figure.absence else None,
        note=_note(e.ready, indicator, figure),
        caveat=indicator.caveat,
        source=indicator.source,
        law="; ".join(indicator.law) or None,
        trace=_trace(e.ready, indicator),
        call=calls(e, indicator, figure) if whole else (),
        answers=answers(e, indicator, unit, figure) if whole else None,
        trend=trend(indicator, e.figures.series[indicator.id]) if whole else None,
        **formed(indicator, figure),
        **(_beside_peers(e, indicator, figure, compared) if compared else _ALONE),
    )


_ALONE: dict[str, Any] = dict.fromkeys(("comparison", "peers", "gap", "gap_best", "gap_kr"))


def _beside_peers(
    e: Evidence, indicator: Indicator, figure: Figure, c: Comparison
) -> dict[str, Any]:
    """Return what a comparison adds to a part."""
    low, high = c.gap_kr_span or (None, None)
    aim, aim_text = ambition(e, indicator, figure)
    return {
        "comparison": c.outcome,
        "peers": _stats(indicator, e.units[indicator.unit], c, e.points.get(indicator.id)),
        "gap": c.gap,
        "gap_best": c.gap_best,
        "gap_kr": c.gap_kr,
        "gap_kr_low": low,
        "gap_kr_high": high,
        "p": c.p,
        "q": c.q,
        "ambition": aim,
        "ambition_text": aim_text,
    }


def _group_text(indicator: Indicator, group: str | None) -> Texts | None:
    """Return what a group is called: a paragraph with its sign, another by its own name."""
    if group is None:
        return None
    return paragraph_title((), group) if indicator.by == "paragraf" else texts(group)


def period(ready: Prepared, indicator: Indicator, figure: Figure) -> str:
    """Return the period a figure is of: a year, or the as-of date of a state."""
    return ready.who.as_of.isoformat() if is_state(indicator.value) else str(figure.year)


def value_text(indicator: Indicator, unit: Unit, figure: Figure) -> Texts:
    """Return a figure, or why there is none."""
    if figure.absence:
        return sentence(f"absence.{figure.absence}")
    return shown_as(indicator, unit, figure.value)


def _stats(indicator: Indicator, unit: Unit, c: Comparison, points: Points | None) -> PeerStats:
    return PeerStats(
        n=len(c.peers),
        median=c.median,
        q1=c.q1,
        q3=c.q3,
        p10=c.p10,
        p90=c.p90,
        rank=c.rank,
        rank_low=points.rank_low if points else None,
        rank_high=points.rank_high if points else None,
        percentile=c.percentile,
        median_text=shown_as(indicator, unit, c.median),
        range_text=range_as(indicator, unit, c.q1, c.q3),
    )


def _series(e: Evidence, indicator: Indicator, unit: Unit) -> tuple[Point, ...]:
    return tuple(
        Point(
            period=period(e.ready, indicator, f),
            value=f.value,
            partial=f.partial,
            absence=f.absence,
            shown=value_text(indicator, unit, f),
        )
        for f in e.figures.series[indicator.id]
    )


def _refund(indicator: Indicator) -> Texts | None:
    if indicator.refund is None:
        return None
    return sentence("note.before_refund" if indicator.refund == "før" else "note.after_refund")


def _note(ready: Prepared, indicator: Indicator, figure: Figure) -> Texts | None:
    if figure.value is None:
        return None
    parts = []
    if figure.partial:
        parts.append(sentence("note.partial", dato=both(day, ready.who.as_of)))
    if (older := _older(ready, indicator)) is not None:
        parts.append(older)
    return join_texts(parts) if parts else None


def _older(ready: Prepared, indicator: Indicator) -> Texts | None:
    """Return that the kroner hold citizens older than the inhabitants they are divided by."""
    below = indicator.value.denominator
    if not indicator.is_money or below is None or below.from_ != "befolkning" or not below.age:
        return None
    first, last = below.age
    if last >= EVERY_AGE:
        return None
    sager = ready.tables.get("sager")
    known = sager is not None and sager["foedselsaar"].null_count() < sager.height
    if known and sager is not None:
        age = pl.lit(ready.who.as_of.year) - pl.col("foedselsaar")
        if not sager.select((age > last).any()).item():
            return None
    key = "note.all_ages" if known else "note.all_ages_unknown"
    return sentence(key, fra=first, til=last, gammel=last + 1)


def _trace(ready: Prepared, indicator: Indicator) -> tuple[Trace, ...]:
    """Return sheet, column and condition of numerator and denominator."""
    value = indicator.value
    traces = []
    for name, agg in (("numerator", value.numerator), ("denominator", value.denominator)):
        if agg is None:
            continue
        sheet_id = DERIVED.get(agg.from_, agg.from_)
        source = ready.tables.sources.get(sheet_id)
        traces.append(
            Trace(
                part=name,
                sheet=source.sheet if source else load_spec()[sheet_id].name,
                column=column_text(agg),
                condition=agg.where,
                period=kind_of(agg),
            )
        )
    return tuple(traces)


def function_text(function: str, accounts: Sequence[Account]) -> Texts:
    """Return a function's number and, where it is on the shelf, its name."""
    name = next((a.name for a in accounts if a.funktion == function), Texts("", ""))
    return Texts(f"{function} {name.da}".strip(), f"{function} {name.en}".strip())


def column_text(agg: Aggregate) -> Texts:
    """Return what an aggregate adds up as readers know it: the sheet's columns, or what it is."""
    parts = [column_name(agg.from_, c) for c in agg.columns]
    return join_texts(parts, ", ") if parts else word("column", agg.aggregate or "")


def column_name(table: str, column: str) -> Texts:
    """Return a table's column as readers know it: by its name in the sheet, or in words."""
    names = {c.id: c.name for c in load_spec()[DERIVED.get(table, table)].column}
    return texts(names[column]) if column in names else word("column", column)
