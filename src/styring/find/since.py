"""What moved since earlier reviews, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from styring.errors import Texts
from styring.model import CentreId
from styring.review import (
    FACTORS,
    ActionPart,
    ActivityLine,
    EarlierAction,
    IndicatorPart,
    KeptAction,
    Reach,
    Review,
    SinceAction,
    SinceCentre,
    SinceIndicator,
    SincePart,
    Split,
    Status,
    TrendPoint,
)
from styring.say import EXTREME_HIGH, EXTREME_LOW, sentence
from styring.since import (
    Member,
    Pair,
    centre_alike,
    centre_split,
    is_withheld,
    members,
    points_split,
    same,
    told,
)
from styring.text import both, counted_texts, day, number

SAYS: dict[Status | None, str] = {
    None: "none",
    "ikke påbegyndt": "not_begun",
    "i gang": "under_way",
    "gennemført": "done",
    "opgivet": "dropped",
}


def since_part(
    earlier: Sequence[Review], now: Review, kept: Sequence[KeptAction] = ()
) -> SincePart | None:
    """Return what moved since the latest of the earlier reviews; None where none was given.

    Args:
        earlier: in the order of their as-of dates; all of them are in the trend.
        now: today's.
        kept: the plan as it was kept, with the status of each action.
    """
    if not earlier:
        return _plan_only(now, kept) if kept else None
    pair = Pair(earlier[-1], now)
    part = compared(pair)
    trend = [_point(Pair(r, now)) for r in earlier] if pair.in_time else []
    here = {c.id: c.score for c in now.centres}
    if trend:
        trend.append(TrendPoint(as_of=now.as_of, told=here, alike=here))
    return part.model_copy(
        update={
            "actions": tuple(_actions(pair.old, now, kept)) if pair.in_time else (),
            "trend": tuple(trend),
        }
    )


def compared(pair: Pair) -> SincePart:
    """Return what moved from one review to the other, without actions and trend."""
    of = members(pair)
    centres = tuple(_centre(pair, c.id, c.title, of) for c in pair.new.centres)
    indicators = tuple(i for i in (_indicator(m) for m in of if _is_told(m)) if not _is_still(i))
    return SincePart(
        kind="time" if pair.in_time else "between",
        then=_side(pair.old),
        now=_side(pair.new),
        text=_intro(pair),
        centres=centres,
        indicators=indicators,
        notes=tuple(_notes(pair, centres, indicators)),
    )


def _plan_only(now: Review, kept: Sequence[KeptAction]) -> SincePart:
    actions = tuple(_kept_alone(now, k) for k in kept)
    note = sentence("since.note_plan_only")
    return SincePart(kind="time", then=Texts("", ""), now=_side(now), text=note, actions=actions)


def _side(review: Review) -> Texts:
    name = review.municipality.name
    return sentence("since.side", kommune=name, dato=both(day, review.as_of))


def _intro(pair: Pair) -> Texts:
    days = both(day, pair.old.as_of), both(day, pair.new.as_of)
    if not pair.in_time:
        return sentence(
            "since.text_between",
            foer=pair.old.municipality.name,
            foer_dag=days[0],
            nu=pair.new.municipality.name,
            nu_dag=days[1],
        )
    key = "since.text" if days[0] != days[1] else "since.text_same_day"
    return sentence(key, foer=days[0], nu=days[1])


def _centre(pair: Pair, centre: CentreId, title: Texts, of: Sequence[Member]) -> SinceCentre:
    ends = [told(r, centre) for r in (pair.old, pair.new)]
    split = centre_split(pair, centre, of)
    return SinceCentre(
        id=centre,
        title=title,
        then=None if split is None else ends[0],
        now=None if split is None else ends[1],
        split=split,
        text=_centre_text(pair, ends, split),
    )


def _centre_text(pair: Pair, ends: Sequence[float | None], split: Split | None) -> Texts:
    if split is None:
        return sentence("since.centre_unjudged")
    foer, nu = (both(number, x, 1) for x in ends)
    moved = moved_text(split, 1.0, 1)
    if moved == sentence("since.unmoved"):
        return sentence("since.centre_still", nu=nu)
    key = "since.centre" if pair.in_time else "since.centre_between"
    return sentence(key, foer=foer, nu=nu, flyt=moved)


def moved_text(split: Split, scale: float, decimals: int, unit: str | None = None) -> Texts:
    """Return a move and what it comes of: `+3,1 (data +3,5; definition −0,4)`.

    Args:
        split: of the move.
        scale: from the raw unit to the one shown.
        decimals: of the numbers.
        unit: the sentence that puts the unit to the whole move.
    """
    whole = both(number, split.total * scale, decimals, sign=True)
    seen = [(f, both(number, getattr(split, f) * scale, decimals, sign=True)) for f in FACTORS]
    nothing = both(number, 0.0, decimals, sign=True)
    given = [(sentence(f"since.{f}"), said) for f, said in seen if said != nothing]
    if not given:
        return sentence("since.unmoved")
    whole = whole if unit is None else sentence(unit, flyt=whole)
    if len(given) == 1:
        return sentence("since.alone", flyt=whole, **{"del": given[0][0]})
    parts = [sentence("since.part", flyt=said, **{"del": name}) for name, said in given]
    joined = Texts("; ".join(p.da for p in parts), "; ".join(p.en for p in parts))
    return sentence("since.alone", flyt=whole, **{"del": joined})


def _is_told(m: Member) -> bool:
    """Return whether there is anything to say of an indicator: it moved, came, went, is hidden."""
    if m.a is None or m.b is None or is_withheld(m.a, m.b):
        return True
    if (m.a.value is None) != (m.b.value is None):
        return True
    moved = m.a.value is not None and m.b.value is not None and not same(m.a.value, m.b.value)
    scored = (m.a.score is None) != (m.b.score is None)
    return moved or scored or (m.a.score is not None and not same(m.a.score, m.b.score or 0.0))


def _is_still(i: SinceIndicator) -> bool:
    """Return whether an indicator moved only in digits that are not shown."""
    still = sentence("since.unmoved")
    return i.figure_text == still and i.points_text in (still, Texts("", ""))


def _indicator(m: Member) -> SinceIndicator:
    one, hidden = m.one, is_withheld(m.a, m.b)
    points = None if hidden else points_split(m)
    shown = _ends(m, hidden=hidden)
    return SinceIndicator(
        id=one.id,
        centre=one.centre,
        title=one.title,
        period_then=m.a.period if m.a else "",
        period_now=m.b.period if m.b else "",
        then=shown[0],
        now=shown[1],
        withheld=hidden,
        figure_split=None if hidden or _is_extreme(m) else m.split,
        points_then=None if hidden or m.a is None else m.a.score,
        points_now=None if hidden or m.b is None else m.b.score,
        points_split=points,
        figure_text=_figure_text(m, hidden=hidden),
        points_text=Texts("", "") if points is None else moved_text(points, 1.0, 1),
    )


def _ends(m: Member, *, hidden: bool) -> list[Texts]:
    """Return a figure then and now as reports show it; neither where it is withheld in one."""
    if hidden:
        return [sentence("absence.suppressed")] * 2
    return [Texts("–", "–") if x is None else x.shown for x in (m.a, m.b)]


def _figure_text(m: Member, *, hidden: bool) -> Texts:
    if hidden:
        return sentence("since.withheld")
    if m.a is None or m.b is None:
        return sentence("since.came" if m.a is None else "since.gone")
    if m.split is None:
        return sentence("since.no_figure")
    if _is_extreme(m):
        return sentence("since.extreme")
    unit = "since.points_unit" if m.one.unit_kind == "share" else None
    return moved_text(m.split, m.one.scale, m.one.decimals, unit)


def _is_extreme(m: Member) -> bool:
    """Return whether the move would tell a mean of answers that is shown only as an end."""
    return m.one.kind == "practice" and any(
        x is not None and x.value is not None and not EXTREME_LOW < x.value < EXTREME_HIGH
        for x in (m.a, m.b)
    )


def _notes(
    pair: Pair, centres: Sequence[SinceCentre], indicators: Sequence[SinceIndicator]
) -> Iterator[Texts]:
    splits = [c.split for c in centres]
    splits += [s for i in indicators for s in (i.figure_split, i.points_split)]
    used = {f for s in splits if s is not None for f in FACTORS if abs(getattr(s, f)) > 1e-9}
    if used:
        yield sentence("since.note_parts")
        between = {} if pair.in_time else {"data": "data_between"}
        yield from (sentence(f"since.note_{between.get(f, f)}") for f in FACTORS if f in used)
    if pair.new_version:
        old, new = (r.provenance.version for r in (pair.old, pair.new))
        yield sentence("since.note_version", foer=old, nu=new)
    if not all(pair.scoring):
        yield sentence("since.note_scoring")
    if pair.in_time and any(_lacks_index(pair, i) for i in indicators):
        yield sentence("since.note_index")
    if pair.in_time:
        if seen := _seen_once(pair):
            lines = counted_texts(seen, ("linje", "linjer"), ("line", "lines"))
            yield sentence("since.note_seen_once", linjer=lines)
        yield sentence("since.note_cause")


def _seen_once(pair: Pair) -> int:
    """Return how many lines of the activity show a count in one review that the other withholds.

    Only of periods that both have: the counts of a year under way are of other months.
    """
    same_day = pair.old.as_of == pair.new.as_of
    old, new = (
        {(a.year, a.paragraph): a for a in r.activity if same_day or not a.partial}
        for r in (pair.old, pair.new)
    )
    return sum(_hidden(old[at]) != _hidden(new[at]) for at in old if at in new)


def _hidden(line: ActivityLine) -> tuple[bool, ...]:
    counts = (line.citizens, line.person_years, line.inflow, line.outflow)
    return tuple(x is None for x in counts)


def _lacks_index(pair: Pair, i: SinceIndicator) -> bool:
    a, b = pair.old.indicator(i.id), pair.new.indicator(i.id)
    if a is None or b is None or i.figure_split is None or b.unit_kind != "money":
        return False
    return a.year != b.year and not {a.year, b.year} <= set(pair.new.price_index)


def _point(pair: Pair) -> TrendPoint:
    of = members(pair)
    here = {c.id for c in pair.new.centres}
    return TrendPoint(
        as_of=pair.old.as_of,
        told={c.id: c.score for c in pair.old.centres if c.id in here},
        alike={c.id: centre_alike(pair, c.id, of) for c in pair.old.centres if c.id in here},
    )


def _actions(old: Review, new: Review, kept: Sequence[KeptAction]) -> Iterator[SinceAction]:
    """Yield what was proposed last time, then what is kept besides, then what was decided."""
    by_id = {k.id: k for k in (*old.kept, *kept)}
    decided = {a.indicator: a for a in new.earlier_actions if a.indicator}
    for a in old.actions:
        k, d = by_id.pop(a.indicator, None), decided.get(a.indicator)
        status = k.status if k and k.status else _known(d.status if d else None)
        yield _followed(old, new, a, a.title, "proposed", status)
    for k in by_id.values():
        yield _kept_alone(new, k)
    for e in new.earlier_actions:
        yield _decided(old, new, e)


def _known(status: str | None) -> Status | None:
    return next((s for s in SAYS if s is not None and s == status), None)


def _kept_alone(now: Review, k: KeptAction) -> SinceAction:
    own = now.indicator(k.id) is None
    title = Texts(k.title, k.title)
    said = sentence(f"since.status_{SAYS[k.status]}")
    figure = now.indicator(k.id)
    return SinceAction(
        title=title,
        source="own" if own else "proposed",
        indicator=None if own else k.id,
        status=k.status,
        done=k.status == "gennemført",
        then=None,
        now=figure.shown if figure else None,
        target=None,
        reach=None,
        text=said,
    )


def _decided(old: Review, new: Review, e: EarlierAction) -> SinceAction:
    title = Texts(e.title, e.title)
    proposed = next((a for a in old.actions if a.indicator == e.indicator), None)
    return _followed(old, new, proposed, title, "decided", _known(e.status), e.indicator)


def _followed(
    old: Review,
    new: Review,
    action: ActionPart | None,
    title: Texts,
    source: Literal["proposed", "decided"],
    status: Status | None,
    indicator: str | None = None,
) -> SinceAction:
    """Return an action with its figure then and now; neither where it is withheld in one."""
    of = action.indicator if action else indicator
    a, b = (old.indicator(of), new.indicator(of)) if of else (None, None)
    seen = a is not None and b is not None and not is_withheld(a, b)
    target = action.target_shown if action else None
    reach = _reach(a, b, action.target) if seen and a and b and action else None
    shown = (a.shown, b.shown) if seen and a and b else (None, None)
    still = shown[0] == shown[1]
    text = sentence(
        "since.action",
        status=sentence(f"since.status_{SAYS[status]}"),
        tal=b.title if b else None,
        samme=shown[0] if still else None,
        foer=None if still else shown[0],
        nu=None if still else shown[1],
        maal=target,
        naaet=sentence(f"since.{reach}") if reach and reach != "still" else None,
    )
    return SinceAction(
        title=title,
        source=source,
        indicator=of,
        status=status,
        done=status == "gennemført",
        then=shown[0],
        now=shown[1],
        target=target,
        reach=reach,
        text=text,
    )


def _reach(a: IndicatorPart, b: IndicatorPart, target: float | None) -> Reach | None:
    """Return whether a figure came to its target; shown alike is not moved."""
    if target is None or a.value is None or b.value is None or b.better == "context":
        return None
    then, now = (_away(x, target, b.better) for x in (a.value, b.value))
    if now <= 0 or same(now, 0.0):
        return "reached"
    if a.shown == b.shown:
        return "still"
    return "nearer" if now < then else "farther"


def _away(value: float, target: float, better: str) -> float:
    match better:
        case "higher":
            return target - value
        case "lower":
            return value - target
        case _:
            return abs(value - target)
