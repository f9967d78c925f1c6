"""Two reviews of one workbook set against each other: what came out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isclose
from typing import Literal

from styring.errors import Texts, texts
from styring.review import CentrePart, FindingPart, IndicatorPart, Review
from styring.say import sentence
from styring.text import both, number

Kind = Literal["centre", "figure", "score", "rank", "finding"]
NOTHING = texts("–")


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that is not what it was, both as a report shows it.

    `unseen` tells that the two differ by less than is shown.
    """

    kind: Kind
    id: str
    title: Texts
    old: Texts
    new: Texts
    unseen: bool = False


def moved(old: Review, new: Review) -> tuple[Moved, ...]:
    """Return the centres, figures, points, ranks and findings that moved from one to the other."""
    return (
        *_centres(old, new),
        *_parts("figure", old, new, _value, _shown),
        *_parts("score", old, new, lambda i: i.score, lambda i: _points(i.score)),
        *_parts("rank", old, new, _rank, _rank_text),
        *_findings(old, new),
    )


def _centres(old: Review, new: Review) -> Iterator[Moved]:
    before = {c.id: c for c in old.centres}
    for c in new.centres:
        earlier = before.get(c.id)
        was = earlier.score if earlier else None
        if not _same(was, c.score):
            first = _points(was) if earlier is None else _centre(earlier)
            yield Moved("centre", c.id, c.title, first, _centre(c), unseen=first == _centre(c))


def _centre(c: CentrePart) -> Texts:
    return sentence("moved.unjudged") if c.score is None else _points(c.score)


def _points(score: float | None) -> Texts:
    return NOTHING if score is None else both(number, score)


def _value(i: IndicatorPart) -> float | None:
    return i.value


def _shown(i: IndicatorPart) -> Texts:
    return i.shown


def _rank(i: IndicatorPart) -> float | None:
    return None if i.peers is None or i.peers.rank is None else float(i.peers.rank)


def _rank_text(i: IndicatorPart) -> Texts:
    rank = _rank(i)
    if rank is None or i.peers is None:
        return NOTHING
    return sentence("moved.rank_of", placering=int(rank), antal=i.peers.n)


def _parts(
    kind: Kind,
    old: Review,
    new: Review,
    value: Callable[[IndicatorPart], float | None],
    shown: Callable[[IndicatorPart], Texts],
) -> Iterator[Moved]:
    """Yield what of the indicators moved, in the new review's order; what is gone comes last."""
    before = {(i.id, i.group): i for i in old.indicators}
    now = {(i.id, i.group): i for i in new.indicators}
    for key in [*now, *(k for k in before if k not in now)]:
        first, last = before.get(key), now.get(key)
        one = last or first
        assert one is not None
        was, is_now = (value(x) if x else None for x in (first, last))
        said, says = (shown(x) if x else NOTHING for x in (first, last))
        if not _same(was, is_now) or (was is None and said != says):
            yield Moved(kind, one.id, _title(one), said, says, unseen=said == says)


def _title(i: IndicatorPart) -> Texts:
    if i.group_text is None:
        return i.title
    return Texts(f"{i.title.da}, {i.group_text.da}", f"{i.title.en}, {i.group_text.en}")


def _findings(old: Review, new: Review) -> Iterator[Moved]:
    """Yield the findings that came, went or changed their kind."""
    before, now = ({_of(f): f for f in r.findings} for r in (old, new))
    for key in [*now, *(k for k in before if k not in now)]:
        first, last = before.get(key), now.get(key)
        one = last or first
        assert one is not None
        was, is_now = (sentence(f"moved.{f.kind}") if f else NOTHING for f in (first, last))
        if was != is_now:
            yield Moved("finding", key, one.title, was, is_now)


def _of(f: FindingPart) -> str:
    """Return what a finding is of: an indicator is one thing at a time, the others as named."""
    alone = f.kind in {"weakness", "attention", "strength"}
    return f.indicator if alone and f.indicator else f.id


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
