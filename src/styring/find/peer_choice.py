"""Who the peers are, how alike they are, and the framework conditions behind it."""

from __future__ import annotations

from statistics import median

from styring.choose import cheapest
from styring.errors import Texts, texts
from styring.find.evidence import Evidence
from styring.find.words import names_listed
from styring.measure import Figure
from styring.model import Indicator
from styring.places import places
from styring.review import AlikePart, Apart, ContextPart, PeerChoicePart
from styring.say import sentence, shown_as
from styring.similar import Alike, Framework
from styring.text import both, decimals_of, number

MOST_ALIKE = 15
"""The municipalities a report lists by likeness, beside those chosen."""
MOST_DECIMALS = 2


def peer_choice(e: Evidence) -> PeerChoicePart | None:
    """Return how the peers were chosen and how alike they are; None without any peers."""
    if e.chosen.text is None:
        return None
    shown = [a for a in e.chosen.alike if a.place <= MOST_ALIKE or a.code in e.chosen.codes]
    return PeerChoicePart(
        text=e.chosen.text,
        alike=tuple(_alike(e, a) for a in shown),
        context=tuple(_context(e)),
        sets=tuple(s.label for s in e.chosen.sets),
    )


def _alike(e: Evidence, a: Alike) -> AlikePart:
    frame = e.chosen.framework
    assert frame is not None
    known = places()
    return AlikePart(
        code=a.code,
        name=a.name,
        region=known[a.code].region if a.code in known else None,
        place=a.place,
        distance=a.distance,
        variables=a.variables,
        apart=tuple(
            Apart(
                id=p.variable,
                title=frame.title_of(p.variable),
                own=_plain(p.own),
                theirs=_plain(p.theirs),
                share=p.share,
            )
            for p in a.apart
        ),
        reciprocal=a.reciprocal,
        tied=a.tied,
        sets=e.chosen.sets_with(a.code),
        of=len(e.chosen.sets),
        chosen=a.code in e.chosen.codes,
    )


def _context(e: Evidence) -> list[ContextPart]:
    frame, s = e.chosen.framework, e.chosen.scaled
    if frame is None or s is None:
        return []
    return [
        ContextPart(
            id=v.id,
            title=v.title,
            unit=v.unit,
            period=v.period,
            own=_plain(_own(e, frame, v.id)),
            peers=_middle([x for c, x in frame.values_of(v.id).items() if c in e.chosen.codes]),
            every=_middle(list(frame.values_of(v.id).values())),
            n=len(frame.values_of(v.id)),
            weight=float(s.weights[n]),
            logged=s.logged[n],
        )
        for n, v in enumerate(frame.variables)
    ]


def _own(e: Evidence, frame: Framework, variable: str) -> float:
    return frame.values_of(variable)[e.ready.who.code]


def _middle(values: list[float]) -> Texts:
    return _plain(median(values)) if values else texts("–")


def _plain(x: float) -> Texts:
    """Return a framework condition as it stands in its file, to two decimals."""
    return both(number, x, min(MOST_DECIMALS, decimals_of(x)))


def ambition(
    e: Evidence, indicator: Indicator, figure: Figure
) -> tuple[float | None, Texts | None]:
    """Return the mean of the five cheapest of the ten most alike, for kroner per unit.

    An ambition, not an expectation; None where fewer than ten of the most alike have the figure,
    or where we are as cheap already.
    """
    c, unit = e.compared.get(indicator.id), e.units[indicator.unit]
    if c is None or unit.kind != "money" or figure.value is None or indicator.better == "higher":
        return None, None
    found = cheapest({p.code: p.value for p in c.peers}, e.chosen.alike)
    if found is None or found[0] >= figure.value:
        return None, None
    value, names = found
    text = sentence(
        "calls.ambition",
        vaerdi=shown_as(indicator, unit, value),
        navne=names_listed([texts(n) for n in names]),
    )
    return value, text
