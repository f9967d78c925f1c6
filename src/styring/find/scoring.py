"""How points are made, told so that they can be made again."""

from __future__ import annotations

from typing import Any

from styring.compare import peer_key
from styring.find.evidence import Evidence
from styring.index.vary import LEAST_COVERAGE
from styring.interplay import BLIND_SPOT
from styring.measure import FORMS, Figure
from styring.model import ByTarget, Goalposts, Indicator, Scoring
from styring.review import ScoringLimits, ScoringMethod, ScoringPart
from styring.score import LEAST_PEERS, Scored, by_method

LIMITS = ScoringLimits(
    least_peers=LEAST_PEERS, least_coverage=LEAST_COVERAGE, blind_spot=BLIND_SPOT
)
CLOSE = 1e-12
"""How far, relative to it, a figure may be from what its parts give, to be said to come of them."""


def scoring_parts(e: Evidence) -> tuple[ScoringPart, ...]:
    """Return what the points of every indicator that can have points are made of."""
    return tuple(_part(e, i) for i in e.indicators if i.better != "context")


def _part(e: Evidence, indicator: Indicator) -> ScoringPart:
    figure = e.figures.main(e.ready, indicator)
    codes = e.chosen.sets[0].codes if e.chosen.sets else None
    among = e.everyone.get(peer_key(indicator, figure), ())
    peers = {p.code: p.value for p in among if codes is None or p.code in codes}
    goal = e.figures.goals.get(indicator.id)
    given: list[float | None] = [None] * len(indicator.scoring)
    if figure.value is not None:
        given = by_method(Scored(indicator, figure.value, None, None, peers, goal))
    return ScoringPart(
        indicator=indicator.id,
        target=indicator.target if indicator.better == "target" else None,
        owed=indicator.status == "core",
        methods=tuple(_method(m, p) for m, p in zip(indicator.scoring, given, strict=True)),
        peers=tuple(sorted(peers.values())),
    )


def _method(m: Scoring, points: float | None) -> ScoringMethod:
    match m:
        case Goalposts():
            return ScoringMethod(method=m.method, worst=m.worst, best=m.best, points=points)
        case ByTarget():
            return ScoringMethod(method=m.method, reach=m.reach, points=points)
        case _:
            return ScoringMethod(method=m.method, points=points)


def formed(indicator: Indicator, figure: Figure) -> dict[str, Any]:
    """Return the form, factor and years by which a figure comes from its two sums.

    The form is None where other sums have a part in it: no formula of the two gives the figure.
    """
    value = indicator.value
    lag = value.denominator.lag if value.denominator else 0
    form = value.form if value.over is None else None
    if form and figure.value is not None:
        top, bottom = figure.numerator, figure.denominator
        if top is None or (form != "amount" and not bottom):
            form = None
        else:
            made = FORMS[form](top, bottom or 1.0, lag) * value.multiplier
            same = abs(made - figure.value) <= CLOSE * max(abs(figure.value), 1.0)
            form = form if same else None
    return {"form": form, "factor": value.multiplier, "lag": lag}
