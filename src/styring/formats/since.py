"""What moved since the last review, as a section of a document: short enough for an agenda."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from styring.formats.document import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    figures_column,
)
from styring.formats.telling import Telling, capital
from styring.review import FACTORS, SinceAction, SinceCentre, SinceIndicator, SincePart

MOST_MOVED = 12
"""So many figures that moved are named: those whose points moved most."""
SOURCES = ("proposed", "own", "decided")


def since_section(t: Telling) -> list[Section]:
    """Return the section in a list, or none where no earlier review was given."""
    s = t.review.since
    if s is None:
        return []
    blocks = (Paragraph(t.say(s.text)), *_centres(t, s), *_figures(t, s), *_actions(t, s))
    notes = (Paragraph(t.say(n), style="note") for n in s.notes)
    return [Section(t.word("since"), (*blocks, *notes))]


def _centres(t: Telling, s: SincePart) -> Iterator[Block]:
    n = figures_column
    yield from t.table(
        t.word("since_centres"),
        (
            Column(t.word("centre"), 0.38),
            n(t.word("since_then"), 0.10),
            n(t.word("since_now"), 0.10),
            n(t.word("since_move"), 0.12),
            Column(t.word("since_by"), 0.30),
        ),
        (_centre(t, c) for c in s.centres),
    )
    if len(s.trend) > 2:
        yield from t.table(
            t.word("since_trend"),
            (
                Column(capital(t.word("as_of")), 0.16),
                *(n(t.say(c.title), 0.21) for c in t.review.centres),
            ),
            (
                (t.day(p.as_of), *(t.number(p.told.get(c.id)) for c in t.review.centres))
                for p in s.trend
            ),
        )


def _centre(t: Telling, c: SinceCentre) -> tuple[str, ...]:
    if c.split is None:
        return (t.say(c.title), "–", "–", "–", t.say(c.text))
    ends = (t.number(c.then, 1), t.number(c.now, 1), t.number(c.split.total, 1, sign=True))
    zero = t.number(0.0, 1, sign=True)
    parts = ((f, t.number(getattr(c.split, f), 1, sign=True)) for f in FACTORS)
    by = ", ".join(f"{t.word(f'since_part_{f}').lower()} {x}" for f, x in parts if x != zero)
    return (t.say(c.title), *ends, by or "–")


def _figures(t: Telling, s: SincePart) -> Iterator[Block]:
    if not s.centres:
        return
    if not s.indicators:
        yield Paragraph(t.word("since_no_figures"))
        return
    named = sorted(s.indicators, key=_unmoved)[:MOST_MOVED]
    more = len(s.indicators) - len(named)
    yield from t.table(
        t.word("since_figures"),
        (
            Column(t.word("indicator"), 0.30),
            figures_column(t.word("since_then"), 0.11),
            figures_column(t.word("since_now"), 0.11),
            Column(t.word("since_figure_move"), 0.22),
            figures_column(t.word("points"), 0.10),
            Column(t.word("since_points_move"), 0.16),
        ),
        (_moved(t, i) for i in named),
    )
    if more:
        yield Paragraph(f"{t.word('since_more')} {more}.", style="note")


def _unmoved(i: SinceIndicator) -> float:
    """Return what sorts the figures whose points moved most first, those without points last."""
    return 1.0 if i.points_split is None else -abs(i.points_split.total)


def _moved(t: Telling, i: SinceIndicator) -> tuple[str, ...]:
    points = f"{t.number(i.points_then)} → {t.number(i.points_now)}"
    scored = i.points_then is not None or i.points_now is not None
    return (
        t.say(i.title) + t.cited(i.id),
        t.say(i.then),
        t.say(i.now),
        t.say(i.figure_text),
        points if scored else "–",
        t.say(i.points_text) or "–",
    )


def _actions(t: Telling, s: SincePart) -> Iterator[Block]:
    if not s.actions:
        return
    yield Heading(t.word("since_actions"), 2)
    for source in SOURCES:
        yield from t.table(
            t.word("since_sources", source),
            (
                Column(t.word("since_action"), 0.38),
                Column(t.word("status"), 0.12),
                figures_column(t.word("since_then"), 0.125),
                figures_column(t.word("since_now"), 0.125),
                figures_column(t.word("since_target"), 0.11),
                Column(t.word("since_reach_head"), 0.14),
            ),
            (_action(t, a) for a in s.actions if a.source == source),
            most_whole=0,
        )


def _action(t: Telling, a: SinceAction) -> Sequence[str]:
    return (
        t.say(a.title),
        t.word("kept_statuses", a.status) if a.status else "–",
        t.say(a.then) or "–",
        t.say(a.now) or "–",
        t.say(a.target) or "–",
        t.word("since_reach", a.reach) if a.reach else "–",
    )
