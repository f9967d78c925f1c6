"""Whether an indicator is a weakness, a strength, worth attention, or neither."""

from __future__ import annotations

from styring.compare import Comparison
from styring.find.evidence import Evidence
from styring.measure import Figure, is_state
from styring.model import FindingText, Indicator
from styring.review import FindingKind
from styring.score import STRONG, WEAK

WEAK_HIGH, STRONG_LOW = 60.0, 50.0
MATERIAL_SHARE, MATERIAL_KR = 0.1, 500_000.0


def outcome(e: Evidence, indicator: Indicator) -> FindingKind | None:
    """Return whether an indicator is a weakness, a strength, worth attention, or neither.

    Weak is below 40 points with the interval below 60, and apart from the peers or the target by at
    least the definition's materiality; strong is 70 and over with the interval above 50. Context
    figures are attention points by the triggers of their definition.
    """
    figure = e.figures.main(e.ready, indicator)
    if figure.value is None:
        return None
    points = e.points.get(indicator.id)
    weak = points is not None and points.score < WEAK and points.high <= WEAK_HIGH
    if weak and indicator.finding.weak and _is_worth_acting_on(e, indicator, figure.value):
        return "weakness"
    if points and indicator.finding.strong and points.score >= STRONG and points.low >= STRONG_LOW:
        return "strength"
    attention = indicator.finding.attention
    if attention and _is_triggered(e, indicator, attention, figure):
        return "attention"
    return None


def _is_worth_acting_on(e: Evidence, indicator: Indicator, value: float) -> bool:
    """Return whether a figure is apart by at least what its definition calls worth acting on.

    From its target or goal, where it has one to keep to; else from the peers' median.
    """
    least, c = indicator.materiality, e.compared.get(indicator.id)
    if least is None:
        return True
    if indicator.better == "target":
        target = e.figures.goals.get(indicator.id, indicator.target)
        return target is None or abs(value - target) >= least
    return c is None or abs(c.gap) >= least


def _is_triggered(e: Evidence, indicator: Indicator, text: FindingText, figure: Figure) -> bool:
    value = figure.value
    assert value is not None
    compared = e.compared.get(indicator.id)
    growth = growth_of(e, indicator, figure)
    apart = compared is not None and _is_material(indicator, figure, compared)
    above = apart and compared is not None and value > compared.q3
    below = apart and compared is not None and value < compared.q1
    triggers = (
        text.above is not None and value > text.above,
        text.below is not None and value < text.below,
        text.growth_above is not None and growth is not None and growth > text.growth_above,
        text.beyond_peers in ("above", "either") and above,
        text.beyond_peers in ("below", "either") and below,
    )
    return any(triggers)


def _is_material(indicator: Indicator, figure: Figure, c: Comparison) -> bool:
    """Return whether a gap to the peers' median is worth a question.

    At least what the definition calls worth acting on (a tenth of the median where it does not
    say), half a million kroner a year where it is kroner, and outside the figure's own interval.
    """
    least = indicator.materiality or MATERIAL_SHARE * abs(c.median)
    if abs(c.gap) < least:
        return False
    if c.gap_kr is not None and abs(c.gap_kr) < MATERIAL_KR:
        return False
    inside = (
        figure.low is not None
        and figure.high is not None
        and (figure.low <= c.median <= figure.high)
    )
    return not inside


def before(e: Evidence, indicator: Indicator, figure: Figure) -> Figure | None:
    """Return the figure a year earlier, where there is one to compare with."""
    if is_state(indicator.value):
        return None
    return next(
        (
            f
            for f in e.figures.series[indicator.id]
            if f.year == figure.year - 1 and f.value is not None and f.partial == figure.partial
        ),
        None,
    )


def growth_of(e: Evidence, indicator: Indicator, figure: Figure) -> float | None:
    """Return the relative change from the year before."""
    earlier = before(e, indicator, figure)
    if earlier is None or not earlier.value or figure.value is None:
        return None
    return (figure.value - earlier.value) / abs(earlier.value)
