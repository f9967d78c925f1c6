"""Whom to call: clearly better and like us, what they do otherwise, and where we are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from styring.compare import Comparison, Peer, goodness
from styring.errors import Texts, join_texts
from styring.find.evidence import Evidence
from styring.measure import Figure
from styring.model import Indicator
from styring.review import Call, FindingPart
from styring.say import sentence, shown_as

MOST_CALLS = 3
LEVERS = (
    "mix-uden-for-botilbud", "bevilget-pris-85", "bevilget-pris-107", "bevilget-pris-108",
    "koebsandel", "lange-ophold-107", "opfoelgning-rettidig", "handleplan-daekning",
)  # fmt: skip
"""What municipalities do otherwise: mix, price, length, follow-up."""
MOST_LEVERS = 2
LEAST_SPREADS = 0.5
"""How many of the peers' quartile ranges apart two municipalities are called different."""
CLEAR_SHARE = 0.1
"""The share of the own value that is a clear difference where the definition names no other."""


def calls(e: Evidence, indicator: Indicator, figure: Figure) -> tuple[Call, ...]:
    """Return the peers that are clearly better and may be called, the most alike first."""
    c = e.compared.get(indicator.id)
    if c is None or figure.value is None or indicator.better == "context":
        return ()
    place = {a.code: a.place for a in e.chosen.alike}
    found = [p for p in c.peers if p.contact and is_clearly_better(indicator, figure, p.value)]
    ordered = sorted(
        found,
        key=lambda p: (place.get(p.code, len(place)), -goodness(indicator, p.value), p.name),
    )
    unit = e.units[indicator.unit]
    return tuple(
        Call(
            code=p.code,
            name=p.name,
            value=p.value,
            shown=shown_as(indicator, unit, p.value),
            contact=p.contact or "",
            alike=place.get(p.code),
            differs=_differs(e, indicator, p),
        )
        for p in ordered[:MOST_CALLS]
    )


def is_clearly_better(indicator: Indicator, figure: Figure, value: float) -> bool:
    """Return whether a value is better than ours, and apart from it.

    Outside our own interval where there is one, and by what the definition calls worth acting on.
    """
    assert figure.value is not None
    if goodness(indicator, value) <= goodness(indicator, figure.value):
        return False
    if figure.low is not None and figure.high is not None and figure.low <= value <= figure.high:
        return False
    least = indicator.materiality or CLEAR_SHARE * abs(figure.value)
    return abs(value - figure.value) >= least


def _differs(e: Evidence, indicator: Indicator, peer: Peer) -> Texts | None:
    """Return what a peer does otherwise in the figures, the largest differences first."""
    found = []
    for lever in e.indicators:
        if lever.id not in LEVERS or lever.id == indicator.id:
            continue
        c, ours = e.compared.get(lever.id), e.figures.main(e.ready, lever).value
        theirs = _value_of(c, peer.code)
        if c is None or ours is None or theirs is None or c.q3 <= c.q1:
            continue
        spreads = abs(theirs - ours) / (c.q3 - c.q1)
        if spreads >= LEAST_SPREADS:
            found.append((-spreads, lever, theirs, ours))
    said = [
        sentence(
            "calls.differs",
            titel=lever.title,
            deres=shown_as(lever, e.units[lever.unit], theirs),
            vores=shown_as(lever, e.units[lever.unit], ours),
        )
        for _, lever, theirs, ours in sorted(found, key=lambda f: (f[0], f[1].id))[:MOST_LEVERS]
    ]
    return join_texts(said, "; ") if said else None


def _value_of(c: Comparison | None, code: str) -> float | None:
    return next((p.value for p in c.peers if p.code == code), None) if c else None


def asked(e: Evidence, found: Sequence[tuple[Indicator, FindingPart]]) -> Iterator[Texts]:
    """Yield where others may call us: strengths in which we are in the peers' best quarter."""
    for indicator, finding in found:
        c = e.compared.get(indicator.id)
        if finding.kind != "strength" or c is None or c.gap_best is None:
            continue
        figure = e.figures.main(e.ready, indicator)
        assert figure.value is not None
        best = figure.value - c.gap_best
        if goodness(indicator, figure.value) < goodness(indicator, best):
            continue
        unit = e.units[indicator.unit]
        yield sentence(
            "calls.asked",
            titel=indicator.title,
            vaerdi=shown_as(indicator, unit, figure.value),
            antal=len(c.peers),
            median=shown_as(indicator, unit, c.median),
        )
