"""The appendices of a document: economy, other municipalities, every figure, its source, method."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from styring.formats.conditions import condition_in_words
from styring.formats.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    figures_column,
)
from styring.formats.telling import CONTINUED, Telling, capital, ended, label
from styring.review import EconomyYear, IndicatorPart, Trace
from styring.text import closed

LETTERS = "ABCDE"
SMALL = 0.8
"""The size of a picture among several."""


def appendices(t: Telling) -> list[Section]:
    """Return the appendices in order."""
    parts = {
        "economy": (*_economy(t), *_forecast(t), *_activity(t)),
        "peers": (*_peers(t),),
        "figures_here": (*_figures(t),),
        "from_where": (*_traces(t),),
        "data": (*_data(t),),
    }
    return [
        Section(f"{t.word('appendix')} {letter}. {t.word(name)}", blocks, name == "from_where")
        for letter, (name, blocks) in zip(LETTERS, parts.items(), strict=True)
    ]


def _economy(t: Telling) -> Iterator[Block]:
    yield Heading(t.word("years"), 2)
    if not t.review.economy:
        yield Paragraph(t.word("no_ledger"))
        return
    yield Paragraph(t.word("millions"), keep=True)
    n = figures_column
    yield from t.table(
        t.word("years"),
        (
            Column(t.word("year"), 0.13),
            n(t.word("original"), 0.13),
            n(t.word("supplementary"), 0.17),
            n(t.word("corrected"), 0.14),
            n(t.word("forecast"), 0.13),
            n(t.word("accounts"), 0.14),
            n(t.word("deviation_corrected"), 0.16),
        ),
        (_year(t, y) for y in t.review.economy),
    )
    yield from t.figures("economy")
    yield from t.table(
        f"{t.word('functions')} {t.review.year}, {t.word('million_unit')}",
        (
            Column(t.word("function"), 0.36),
            n(t.word("original"), 0.13),
            n(t.word("corrected"), 0.13),
            n(t.word("accounts"), 0.13),
            n(t.word("deviation_corrected"), 0.13),
            n(t.word("previous"), 0.12),
        ),
        (
            (
                f"{f.function} {t.say(f.name)}",
                t.millions(f.original),
                t.millions(f.corrected),
                t.millions(f.accounts),
                t.millions(f.deviation_corrected, sign=True),
                t.millions(f.previous),
            )
            for f in t.review.functions
        ),
    )


def _year(t: Telling, y: EconomyYear) -> tuple[str, ...]:
    share = ""
    if y.deviation_corrected is not None:
        share = f" ({t.percent(y.deviation_corrected_share, 1, sign=True)})"
    return (
        t.period(str(y.year), partial=y.partial),
        t.millions(y.original),
        t.millions(y.supplementary),
        t.millions(y.corrected),
        t.millions(y.forecast),
        t.millions(y.accounts),
        t.millions(y.deviation_corrected, sign=True) + share,
    )


def _forecast(t: Telling) -> Iterator[Block]:
    f = t.review.forecast
    if not f:
        return
    yield Heading(t.word("forecast_section"), 2)
    yield from t.bullets((*f.points, f.record))
    yield from t.table(
        t.word("sight"),
        (
            Column(t.word("sight"), 0.5),
            figures_column(f"{t.word('amount')}, {t.word('million_unit')}", 0.25),
            figures_column(t.word("expected_gap_short"), 0.25),
        ),
        ((t.say(s.title), t.millions(s.amount), t.millions(s.gap, sign=True)) for s in f.sights),
    )
    yield from t.figures("forecast")


def _activity(t: Telling) -> Iterator[Block]:
    yield Heading(t.word("activity"), 2)
    if not t.review.activity:
        yield Paragraph(t.word("no_cases"))
        return
    yield Paragraph(t.word("activity_note"), keep=True)
    n = figures_column
    yield from t.table(
        f"{t.word('activity')} {t.review.year}",
        (
            Column(t.word("service"), 0.30),
            n(t.word("citizens"), 0.10),
            n(t.word("person_years"), 0.16),
            n(f"{t.word('cost')}, {t.word('million_unit')}", 0.11),
            n(t.word("price"), 0.12),
            n(t.word("inflow"), 0.09),
            n(t.word("outflow"), 0.12),
        ),
        (
            (
                t.say(a.title),
                t.number(a.citizens),
                t.number(a.person_years, 1),
                t.millions(a.cost),
                t.number(a.price),
                t.number(a.inflow),
                t.number(a.outflow),
            )
            for a in t.review.activity
            if a.year == t.review.year
        ),
    )
    if t.review.flows:
        yield Heading(t.word("flows"), 2)
        yield from t.bullets(t.review.flows.points)
        yield from t.figures("flows", SMALL)
    if t.review.cost_bands:
        yield Heading(t.word("cost_bands"), 2)
        yield Paragraph(t.say(t.review.cost_bands.text), keep=True)
        yield from t.figures("cost_bands", SMALL)
    if t.review.casework:
        yield Heading(t.word("casework"), 2)
        yield from t.bullets(t.review.casework.points)
    if t.review.bridges:
        yield Heading(t.word("bridges"), 2)
        for b in t.review.bridges:
            yield Paragraph(t.say(b.text), label(t.say(b.title)))
        yield from t.figures("bridges", SMALL)
        if range_of_services := list(t.figures("service_range", SMALL)):
            yield Heading(t.word("service_range"), 2)
            yield from range_of_services
    if t.review.monthly:
        yield Heading(t.word("monthly"), 2)
        for m in t.review.monthly:
            yield Paragraph(t.say(m.text), label(t.say(m.title)), "bullet")
        yield from t.figures("monthly", SMALL)


def _peers(t: Telling) -> Iterator[Block]:
    yield Paragraph(t.say(t.review.peer_text))
    compared = [i for i in t.own() if i.peers]
    n = figures_column
    for kind in ("figure", "practice"):
        yield from t.table(
            t.word("compared", kind),
            (
                n(t.word("number"), 0.05),
                Column(t.word("indicator"), 0.32),
                n(t.word("own"), 0.14),
                n(t.word("median"), 0.14),
                n(t.word("spread"), 0.23),
                Column(t.word("verdict"), 0.12),
            ),
            (_compared(t, i) for i in compared if i.kind == kind),
        )
    calls = [
        (f, i)
        for f in t.review.findings
        if f.kind == "weakness"
        and f.indicator
        and (i := t.review.indicator(f.indicator))
        and i.call
    ]
    yield Heading(t.word("call"), 2)
    yield Paragraph(t.word("call_intro" if calls else "no_call"))
    for f, i in calls:
        named = CONTINUED.join(f"{c.name} {t.say(c.shown)} ({c.contact})" for c in i.call)
        yield Paragraph(closed(named), f"{t.say(f.title)} ({t.say(i.shown)}):", "bullet")


def _compared(t: Telling, i: IndicatorPart) -> tuple[str, ...]:
    assert i.peers is not None
    return (
        str(t.numbers[i.id]),
        t.say(i.title),
        t.say(i.shown),
        t.say(i.peers.median_text),
        t.say(i.peers.range_text),
        t.word(i.comparison) if i.comparison else "–",
    )


def _figures(t: Telling) -> Iterator[Block]:
    yield Paragraph(t.word("figures_note"))
    yield from t.figures("indicators")
    yield from _funnels(t)
    titles = {c.id: t.say(c.title) for c in t.review.centres}
    for centre, members in groupby(t.own(), key=lambda i: i.centre):
        yield Heading(titles[centre], 2)
        for i in members:
            yield from _figure(t, i)


def _funnels(t: Telling) -> Iterator[Block]:
    found = [i for f in t.review.funnels if (i := t.review.indicator(f.indicator))]
    pictures = list(t.figures("funnels", SMALL))
    if not pictures:
        return
    yield Heading(t.word("funnels"), 2)
    for i in found:
        if i.answers:
            told = closed(capital(t.say(i.answers.support.text)))
            yield Paragraph(told, f"{t.say(i.title)} ({t.say(i.shown)}):", "bullet")
    yield from pictures


def _figure(t: Telling, i: IndicatorPart) -> Iterator[Block]:
    yield Heading(f"{t.numbers[i.id]}. {t.say(i.title)}", 3)
    yield Paragraph(_basis(t, i), closed(capital(t.say(i.shown))), keep=True)
    yield Paragraph(f"{ended(t.say(i.question))} {t.say(i.description)}", keep=True)
    if i.note:
        yield Paragraph(t.say(i.note), keep=True)
    if len(i.series) > 1:
        years = CONTINUED.join(
            f"{t.period(p.period, partial=p.partial)} {t.say(p.shown)}" for p in i.series
        )
        yield Paragraph(closed(years), t.named("series"), keep=True)
    if i.caveat:
        yield Paragraph(t.say(i.caveat), t.named("caveat"), keep=True)
    law = f" {t.word('law')}: {closed(i.law)}" if i.law else ""
    version = f" {t.word('definition_version')} {i.definition_version}; "
    told = closed(t.say(i.source)) + law + version + closed(t.word("kinds", i.better))
    yield Paragraph(told, t.named("source"), "note")


def _basis(t: Telling, i: IndicatorPart) -> str:
    """Return the period, price level and points of a figure, as one sentence."""
    parts = [t.period(i.period)]
    parts += [t.say(i.unit)] if i.kind == "practice" and i.value is not None else []
    parts += [t.word("partial")] if i.partial else []
    parts += [t.say(x) for x in (i.price_level, i.refund) if x]
    if i.score is not None:
        span = f"{t.number(i.score_low)}–{t.number(i.score_high)}"
        parts.append(f"{t.number(i.score)} {t.word('points').lower()} ({span})")
    return closed(CONTINUED.join(parts))


def _traces(t: Telling) -> Iterator[Block]:
    yield Paragraph(t.word("from_where_note"))
    yield from t.table(
        t.word("from_where"),
        (
            figures_column(t.word("number"), 0.04),
            Column(t.word("indicator"), 0.25),
            Column(t.word("part"), 0.09),
            Column(t.word("sheet"), 0.10),
            Column(t.word("column"), 0.15),
            Column(t.word("trace_condition"), 0.25),
            Column(t.word("period"), 0.12),
        ),
        (
            (
                str(t.numbers[i.id]),
                t.say(i.title),
                t.word("parts", x.part),
                x.sheet,
                t.say(x.column),
                _condition(t, i, x),
                t.word("trace_periods", x.period),
            )
            for i in t.own()
            for x in i.trace
        ),
    )


def _condition(t: Telling, i: IndicatorPart, x: Trace) -> str:
    """Return a condition in words and numbers as readers write them; of a statement, itself."""
    if i.statement:
        return t.say(i.statement)
    return (
        condition_in_words(x.condition, t.words["condition_words"], t.lang) if x.condition else "–"
    )


def _data(t: Telling) -> Iterator[Block]:
    n = figures_column
    yield Heading(t.word("quality"), 2)
    yield from t.table(
        t.word("sheet_sheets"),
        (
            Column(t.word("sheet"), 0.26),
            Column(t.word("taken_as"), 0.26),
            n(t.word("rows"), 0.12),
            n(t.word("accepted"), 0.12),
            n(t.word("rejected"), 0.12),
            n(t.word("duplicates"), 0.12),
        ),
        (
            (s.sheet, s.taken_as, *map(t.number, (s.rows, s.accepted, s.rejected, s.duplicates)))
            for s in t.review.sheets
        ),
    )
    if not t.review.data_notes:
        yield Paragraph(t.word("no_notes"))
    yield from t.table(
        t.word("notes"),
        (
            Column(t.word("severity"), 0.13),
            Column(t.word("sheet"), 0.19),
            Column(t.word("cell"), 0.10),
            Column(t.word("note"), 0.58),
        ),
        (
            (t.word("severities", d.severity), d.sheet or "–", d.cell or "–", t.say(d.message))
            for d in t.review.data_notes
        ),
    )
    yield Heading(t.word("method"), 2)
    yield from t.bullets(t.review.method)
    yield Heading(t.word("provenance"), 2)
    yield from t.table(
        f"{t.word('checksum')} (SHA-256)",
        (Column(t.word("input"), 0.24), Column(t.word("checksum"), 0.76)),
        ((i.name, i.sha256) for i in t.review.provenance.inputs),
    )
    made = t.review.provenance
    told = f"{t.word('version')} {made.version}, {t.word('seed')} {made.seed}."
    yield Paragraph(f"{told} {t.word('report_note')}")
