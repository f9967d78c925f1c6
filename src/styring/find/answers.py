"""Four answers instead of one colour: level, relation, support, quality; and the trend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from styring.compare import Comparison
from styring.errors import Texts, join_texts
from styring.facts import Unit
from styring.find.evidence import Evidence, sheets_of
from styring.measure import Figure, is_state
from styring.model import Indicator
from styring.review import Answer, Answers, Trend
from styring.say import sentence, shown_as
from styring.score import STRONG, WEAK, own_level
from styring.stats.trend import LEAST_YEARS, mann_kendall
from styring.text import both, number, percent

POOR_SHARE = 0.01
"""The share of a sheet's rows that is not used, from which a figure is uncertain."""
RATE = 0.05
"""The probability of chance below which a movement over the years is told."""


def answers(e: Evidence, indicator: Indicator, unit: Unit, figure: Figure) -> Answers:
    """Return the four answers about a figure, each of which may be that it cannot be judged."""
    c = e.compared.get(indicator.id)
    return Answers(
        level=_level(e, indicator, figure),
        relation=_relation(indicator, unit, figure, c),
        support=_support(indicator, unit, figure, c),
        quality=_quality(e, indicator, figure),
    )


def _level(e: Evidence, indicator: Indicator, figure: Figure) -> Answer:
    if figure.absence:
        why = sentence(f"absence.{figure.absence}")
        return Answer(key="unknown", text=sentence("level.absent", grund=why))
    if indicator.better == "context":
        return Answer(key="context", text=sentence("level.context"))
    points = own_level(indicator, figure.value, e.figures.goals.get(indicator.id))
    if points is None:
        return Answer(key="unknown", text=sentence("level.unknown"))
    key = "good" if points >= STRONG else "low" if points < WEAK else "middle"
    return Answer(key=key, text=sentence(f"level.{key}", point=both(number, points)))


def _relation(indicator: Indicator, unit: Unit, figure: Figure, c: Comparison | None) -> Answer:
    if c is None or figure.value is None:
        return Answer(key="unknown", text=sentence("relation.unknown"))
    key = "above" if figure.value > c.q3 else "below" if figure.value < c.q1 else "within"
    text = sentence(
        f"relation.{key}", antal=len(c.peers), median=shown_as(indicator, unit, c.median)
    )
    return Answer(key=key, text=text)


def _support(indicator: Indicator, unit: Unit, figure: Figure, c: Comparison | None) -> Answer:
    if c is not None and c.outcome is not None:
        said = [sentence(f"support.{c.outcome}")]
        if c.funnel is not None and figure.denominator:
            limits = c.funnel.limits(figure.denominator)
            low, high = (shown_as(indicator, unit, x * indicator.value.multiplier) for x in limits)
            said.append(sentence("support.funnel", lav=low, hoej=high))
        return Answer(key=c.outcome, text=join_texts(said, "; "))
    why = "unknown" if indicator.interval == "none" else "no_peers"
    return Answer(key="unknown", text=sentence(f"support.{why}"))


def _quality(e: Evidence, indicator: Indicator, figure: Figure) -> Answer:
    if figure.value is None:
        return Answer(key="unknown", text=sentence("quality.unknown"))
    reasons = list(reservations(e, indicator))
    if figure.partial:
        reasons.append(sentence("quality.partial"))
    if not reasons:
        return Answer(key="good", text=sentence("quality.good"))
    key = "poor" if _unused(e, indicator) >= POOR_SHARE else "reserved"
    return Answer(key=key, text=sentence(f"quality.{key}", grunde=join_texts(reasons, "; ")))


def reservations(e: Evidence, indicator: Indicator) -> Iterator[Texts]:
    """Yield what speaks against the cells a figure rests on."""
    for sheet in sheets_of(indicator):
        name, account = e.sheet_name(sheet), e.account(sheet)
        if account is not None and account.rejected:
            share = both(percent, account.rejected / account.rows, 1)
            yield sentence("quality.rejected", andel=share, ark=name)
        if loud := e.warnings(indicator, sheet):
            key = "quality.notes_one" if len(loud) == 1 else "quality.notes"
            yield sentence(key, antal=len(loud), ark=name)


def _unused(e: Evidence, indicator: Indicator) -> float:
    """Return the largest share of rows not used on a sheet the figure rests on."""
    found = [e.account(sheet) for sheet in sheets_of(indicator)]
    return max((a.rejected / a.rows for a in found if a is not None and a.rows), default=0.0)


def trend(indicator: Indicator, series: Sequence[Figure]) -> Trend | None:
    """Return how the finished years have moved by Mann–Kendall; None for a state."""
    if is_state(indicator.value) or indicator.value.current_only:
        return None
    values = [f.value for f in series if f.value is not None and not f.partial]
    if len(values) < 2:
        return None
    found = mann_kendall(values)
    if found is None:
        text = sentence("trend.too_few", antal=len(values))
        return Trend(direction="too_few", years=len(values), p=None, text=text)
    assert len(values) >= LEAST_YEARS
    way = "rising" if found.s > 0 else "falling"
    direction = way if found.p < RATE else "none"
    text = sentence(f"trend.{direction}", antal=len(values), p=both(percent, found.p, 1))
    return Trend(direction=direction, years=len(values), p=found.p, text=text)
