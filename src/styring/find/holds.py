"""Does a finding hold whoever we are compared with, and however the points are drawn?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from styring.compare import LEAST_PEERS, Comparison, Peer, compare, peer_key
from styring.find.evidence import Evidence
from styring.find.outcome import outcome
from styring.measure import Figure
from styring.model import Indicator
from styring.review import FindingKind
from styring.score import Points, Scored, nominal

LEAST_SHARE = 0.8
"""A finding must hold in this share of the peer sets, and of the draws."""


@dataclass(frozen=True, slots=True)
class Holds:
    """In how many of the peer sets a finding holds, and in which share of the draws.

    `sets` is 0 where the finding does not rest on the peers.
    """

    holds: int
    sets: int
    draws: float

    @property
    def is_firm(self) -> bool:
        """Return whether it is a finding at all: a grade that flips is not."""
        most = self.sets == 0 or self.holds >= LEAST_SHARE * self.sets
        return most and self.draws >= LEAST_SHARE


def holds(e: Evidence, indicator: Indicator, kind: FindingKind) -> Holds:
    """Return how firmly a finding of the chosen peers holds in the alternative sets."""
    points = e.points.get(indicator.id)
    draws = 1.0
    if points is not None and kind in ("weakness", "strength"):
        draws = points.weak if kind == "weakness" else points.strong
    c = e.compared.get(indicator.id)
    if c is None or not e.chosen.sets:
        return Holds(0, 0, draws)
    if _in_set(e, indicator, ()) == kind:
        return Holds(0, 0, draws)
    every = e.everyone.get(peer_key(indicator, e.figures.main(e.ready, indicator)), ())
    among = [[p for p in every if p.code in s.codes] for s in e.chosen.sets]
    # too few of a set may have this figure: such a set says nothing of it
    found = [_in_set(e, indicator, peers) for peers in among if len(peers) >= LEAST_PEERS]
    return Holds(sum(f == kind for f in found), len(found), draws)


def _in_set(e: Evidence, indicator: Indicator, peers: Sequence[Peer]) -> FindingKind | None:
    """Return what the indicator would be among other peers, or among none."""
    figure = e.figures.main(e.ready, indicator)
    c: Comparison | None = compare(indicator, figure, {peer_key(indicator, figure): peers})
    score = nominal(_scored(e, indicator, figure, peers)) if indicator.id in e.points else None
    points = {} if score is None else {indicator.id: Points.certain(score)}
    return outcome(replace(e, compared={indicator.id: c}, points=points), indicator)


def _scored(e: Evidence, indicator: Indicator, figure: Figure, peers: Sequence[Peer]) -> Scored:
    assert figure.value is not None
    values = {p.code: p.value for p in peers}
    goal = e.figures.goals.get(indicator.id)
    return Scored(indicator, figure.value, figure.low, figure.high, values, goal)
