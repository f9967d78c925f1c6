"""A review as a document: the summary, the findings, the plan, and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from styring.charts import draw
from styring.errors import Lang
from styring.formats.appendix import SMALL, appendices
from styring.formats.document import (
    Block,
    Column,
    Contents,
    Document,
    Figure,
    Heading,
    Paragraph,
    Section,
    Table,
)
from styring.formats.since import since_section
from styring.formats.telling import CONTINUED, NO_BREAK, Telling, capital
from styring.formats.words import load_words
from styring.review import ActionPart, CentrePart, FindingPart, KeptAction, Review
from styring.text import closed, listed

FIRST_ACTIONS = 5
"""So many actions stand in the summary."""
MOST_NAMED = 3
"""So many strengths and weaknesses of a centre are named in the summary."""
KINDS = ("weakness", "blind_spot", "statement_gap", "reconciliation", "attention", "strength")


def document(review: Review, templates: Path, lang: Lang) -> Document:
    """Return what Word and PDF say of a review.

    Raises:
        InputError: the file of words is missing or broken, or a word is none.
    """
    words = load_words(templates, lang)
    own = (i.id for i in review.indicators if i.group is None)
    t = Telling(review, words, lang, draw(review, lang), {id_: n for n, id_ in enumerate(own, 1)})
    sections = [_summary(t), *since_section(t), _findings(t), _plan(t), *appendices(t)]
    return Document(
        title=t.word("report"),
        subtitle=f"{review.municipality.name}, {t.word('as_of')} {t.day(review.as_of)}",
        municipality=review.municipality.name,
        as_of=f"{t.word('as_of')} {t.day(review.as_of)}",
        mark=t.say(review.mark),
        page=t.word("page"),
        page_of=t.word("page_of"),
        created=review.as_of,
        lang=lang,
        sections=_numbered(t, sections),
    )


def _numbered(t: Telling, sections: list[Section]) -> tuple[Section, ...]:
    """Return the sections with their tables and figures numbered through."""
    tables, figures = count(1), count(1)

    def labelled(block: Block) -> Block:
        if isinstance(block, Table):
            return replace(block, label=f"{t.word('table')} {next(tables)}")
        if isinstance(block, Figure):
            return replace(block, label=f"{t.word('figure')} {next(figures)}")
        return block

    return tuple(replace(s, blocks=tuple(map(labelled, s.blocks))) for s in sections)


def _summary(t: Telling) -> Section:
    blocks: list[Block] = [Paragraph(t.say(x.text), t.say(x.heading)) for x in t.review.front]
    blocks += t.table(
        t.word("centres"),
        (
            Column(t.word("centre"), 0.22),
            Column(t.word("points"), 0.09, figures=True),
            Column(t.word("interval"), 0.11, figures=True),
            Column(t.word("strong"), 0.29),
            Column(t.word("weak"), 0.29),
        ),
        (_centre(t, c) for c in t.review.centres),
    )
    blocks += t.figures("centres", SMALL)
    blocks += t.table(
        t.word("most_important"),
        (
            Column(t.word("number"), 0.06, figures=True),
            Column(t.word("do"), 0.38),
            Column(t.word("effect"), 0.24),
            Column(t.word("who"), 0.18),
            Column(t.word("within"), 0.14),
        ),
        (
            (
                str(a.rank),
                t.say(a.title),
                capital(t.say(a.effect_text)),
                capital(t.word("centre_names", a.lead)),
                t.day(a.deadline),
            )
            for a in t.review.actions[:FIRST_ACTIONS]
        ),
    )
    return Section(t.word("front"), (*blocks, Contents(t.word("contents"))))


def _centre(t: Telling, c: CentrePart) -> tuple[str, ...]:
    span = f"{t.number(c.low)}–{t.number(c.high)}" if c.score is not None else "–"
    return (
        t.say(c.title),
        t.number(c.score),
        span,
        _some(t, c.strengths) or t.word("none_strong"),
        _some(t, c.weaknesses) or t.word("none_weak"),
    )


def _some(t: Telling, indicators: Sequence[str]) -> str:
    """Return the first indicators with their figures, and how many more there are."""
    named = CONTINUED.join(map(t.with_figure, indicators[:MOST_NAMED]))
    more = len(indicators) - MOST_NAMED
    return f"{named}; {t.word('and')} {more} {t.word('more')}" if more > 0 else named


def _findings(t: Telling) -> Section:
    blocks: list[Block] = [*t.figures("interplay")]
    for kind in KINDS:
        found = [f for f in t.review.findings if f.kind == kind]
        if found:
            blocks.append(Heading(t.word("observation_kinds", kind), 2))
        for f in found:
            blocks += _finding(t, f)
    if t.review.unsure:
        blocks += [Heading(t.word("unsure"), 2), Paragraph(t.word("unsure_note"))]
        blocks += t.bullets(u.text for u in t.review.unsure)
    return Section(f"1. {t.word('observations')}", tuple(blocks))


def _finding(t: Telling, f: FindingPart) -> Iterator[Block]:
    yield Heading(t.say(f.title), 3)
    yield Paragraph(t.say(f.observation), keep=True)
    if f.question:
        yield Paragraph(t.say(f.question), t.named("question"), keep=True)
    if f.recommendation and f.kind != "strength":
        yield Paragraph(t.say(f.recommendation), t.named("recommendation"), keep=True)
    evidence = t.with_source(t.say(f.evidence), f.indicator)
    held = f" {t.say(f.holds_text)}" if f.holds_text else ""
    yield Paragraph(evidence + held, t.named("evidence"), "note")


def _plan(t: Telling) -> Section:
    kept = {k.id: k for k in t.review.kept if k.is_touched}
    intro = t.say(t.review.plan_text) or t.word("plan_note")
    blocks: list[Block] = [Paragraph(intro if t.review.actions else t.word("no_plan"))]
    blocks += t.table(
        t.word("plan"),
        (
            Column(t.word("number"), 0.03, figures=True),
            Column(t.word("do"), 0.15),
            Column(t.word("why"), 0.15),
            Column(t.word("effect"), 0.15),
            Column(t.word("who"), 0.11),
            Column(t.word("first_step"), 0.15),
            Column(t.word("deadline_status" if kept else "within"), 0.09),
            Column(t.word("works"), 0.09),
            Column(t.word("plan_ranked"), 0.08, figures=True),
        ),
        (_action(t, a, kept.get(a.indicator)) for a in t.review.actions),
        most_whole=0,
    )
    proposed = {a.indicator for a in t.review.actions}
    blocks += t.table(
        t.word("own_actions"),
        (
            Column(t.word("action"), 0.40),
            Column(t.word("responsible"), 0.24),
            Column(t.word("deadline"), 0.18),
            Column(t.word("status"), 0.18),
        ),
        (
            (k.title, k.owner or "–", t.day(k.deadline), _status(t, k) or "–")
            for k in t.review.kept
            if k.id not in proposed and k.title
        ),
    )
    blocks += t.table(
        t.word("earlier"),
        (
            Column(t.word("action"), 0.40),
            Column(t.word("responsible"), 0.16),
            Column(t.word("deadline"), 0.16),
            Column(t.word("status"), 0.14),
            Column(t.word("expected_effect"), 0.14, figures=True),
        ),
        (
            (
                a.title,
                a.lead or "–",
                t.day(a.deadline) + (f" ({t.word('overdue')})" if a.overdue else ""),
                t.words["kept_statuses"].get(a.status, a.status) or "–",
                t.number(a.expected_kr),
            )
            for a in t.review.earlier_actions
        ),
    )
    return Section(f"2. {t.word('plan')}", tuple(blocks), landscape=True)


def _status(t: Telling, k: KeptAction) -> str:
    return t.word("kept_statuses", k.status) if k.status else ""


def _action(t: Telling, a: ActionPart, kept: KeptAction | None) -> tuple[str, ...]:
    when = t.day(kept.deadline if kept and kept.deadline else a.deadline)
    status = _status(t, kept) if kept else ""
    by = f"{capital(t.word('at_latest'))} {t.day(a.first_step_by)}: " if a.first_step_by else ""
    return (
        str(a.rank),
        t.say(a.title),
        t.with_source(t.say(a.summary), a.indicator),
        _effect(t, a),
        _who(t, a, kept),
        by + t.say(a.first_step) if a.first_step else "–",
        CONTINUED.join(filter(None, (when, status))),
        capital(t.say(a.target_text)),
        _reckoned(t.say(a.points_text)),
    )


def _effect(t: Telling, a: ActionPart) -> str:
    """Return the effect, and the actions that may count the same kroner."""
    effect = closed(capital(t.say(a.effect_text)))
    ranks = [str(other.rank) for other in t.review.actions if other.indicator in a.overlaps]
    if not ranks:
        return effect
    return f"{effect} {t.word('same_kroner_as')} {closed(listed(ranks, t.lang))}"


def _who(t: Telling, a: ActionPart, kept: KeptAction | None) -> str:
    """Return the centres, and who the municipality itself has put in charge."""
    joined = listed([t.word("centre_names", c) for c in a.join], t.lang)
    who = t.word("centre_names", a.lead)
    said = capital(f"{who} {t.word('joins')} {joined}" if joined else who)
    return f"{closed(said)} {t.named('responsible')} {kept.owner}" if kept and kept.owner else said


def _reckoned(points: str) -> str:
    """Return a reckoning that breaks only before what it comes to."""
    factors, _, product = points.partition(" = ")
    return f"{factors.replace(' ', NO_BREAK)} ={NO_BREAK}{product}" if product else points or "–"
