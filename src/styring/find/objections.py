"""The standard objections to a finding, each tested where the data allow.

Source: the objections are those that municipalities raise to benchmarks, as Swedish experience has
listed them; how each is tested is styring's own choice and stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from styring.compare import Comparison, Peer, compare, goodness, peer_key
from styring.errors import Texts, join_texts, texts
from styring.find.answers import reservations
from styring.find.evidence import Evidence, sheets_of
from styring.find.holds import LEAST_SHARE, Holds
from styring.find.words import names_listed
from styring.measure import Figure, is_state
from styring.model import Indicator
from styring.review import Objection
from styring.say import sentence, shown_as
from styring.similar import Framework
from styring.text import both, fold, number

FRAMES: Mapping[str, Sequence[str]] = {
    "sparse": ("taethed", "landdistrikt", "tyndt"),
    "schooling": ("uddannelse", "grundskole"),
    "sicker": ("foertidspension", "sygdom", "psykiatri", "handicap", "misbrug"),
}
"""The framework conditions that test an objection, by what their ids or titles hold."""
LEAST_LIKE = 3
MOST_SOURCES = 3
LEAST_Q = 0.01
Answered = tuple[bool | None, Texts]


def objections(
    e: Evidence, indicator: Indicator, figure: Figure, firm: Holds
) -> tuple[Objection, ...]:
    """Return the ten standard objections to an indicator's finding with their answers."""
    c = e.compared.get(indicator.id)
    alone = c is None
    answered: dict[str, Answered] = {
        "wrong": _rows(e, sheets_of(indicator), list(reservations(e, indicator))),
        "source": _source(e, indicator, c),
        "time": _time(e, indicator, c),
        "same": _alone() if alone else _same(e, indicator),
        "chance": _chance(e, indicator, figure, c),
        "coverage": _alone() if c is None else _coverage(e, c),
    }
    for name in FRAMES:
        answered[name] = _alone() if c is None else _frame(e, indicator, figure, c, name)
    answered["special"] = _special(c, firm)
    return _put(answered)


def other_objections(
    e: Evidence, sheets: Sequence[str], not_chance: Texts | None = None
) -> tuple[Objection, ...]:
    """Return the objections to a finding that looks at our own figures or answers only."""
    names = names_listed([texts(e.sheet_name(s)) for s in sheets])
    alone = sentence("reply.alone_frame")
    answered: dict[str, Answered] = {
        "wrong": _rows(e, sheets, []),
        "source": (False, sentence("reply.source_own", ark=names, fil=e.file)),
        "chance": (False, not_chance) if not_chance else (None, sentence("reply.chance_unknown")),
    }
    for name in ("time", "same", "coverage", *FRAMES, "special"):
        answered[name] = (None, alone)
    return _put(answered)


def _put(answered: Mapping[str, Answered]) -> tuple[Objection, ...]:
    order = ("wrong", "source", "time", "same", "chance", "coverage", *FRAMES, "special")
    return tuple(
        Objection(
            id=name,
            objection=sentence(f"objection.{name}"),
            stands=answered[name][0],
            answer=answered[name][1],
        )
        for name in order
    )


def _alone() -> Answered:
    return None, sentence("reply.alone")


def _rows(e: Evidence, sheets: Sequence[str], reasons: list[Texts]) -> Answered:
    """Return what became of the rows of the sheets, and what speaks against their cells."""
    if reasons:
        return True, sentence("reply.wrong_yes", grunde=join_texts(reasons, "; "))
    found = [a for a in map(e.account, sheets) if a is not None]
    if not found:
        return None, sentence("reply.wrong_unknown")
    rows = both(number, float(sum(a.accepted for a in found)))
    names = names_listed([texts(a.sheet) for a in found])
    return False, sentence("reply.wrong_no", antal=rows, ark=names)


def _source(e: Evidence, indicator: Indicator, c: Comparison | None) -> Answered:
    names = names_listed([texts(e.sheet_name(s)) for s in sheets_of(indicator)])
    if c is None:
        return False, sentence("reply.source_own", ark=names, fil=e.file)
    told = sorted({p.source.split(" sha256:")[0] for p in c.peers if p.source})
    if not told:
        return None, sentence("reply.source_untold", ark=names, fil=e.file)
    shown = [texts(t) for t in told[:MOST_SOURCES]]
    if len(told) > MOST_SOURCES:
        shown.append(sentence("reply.more_sources", antal=len(told) - MOST_SOURCES))
    return False, sentence("reply.source_both", ark=names, fil=e.file, kilder=names_listed(shown))


def _time(e: Evidence, indicator: Indicator, c: Comparison | None) -> Answered:
    """Compare the side of the peers' median in every finished year with that of the finding."""
    unknown = None, sentence("reply.time_unknown")
    if c is None or is_state(indicator.value):
        return unknown
    codes = {p.code for p in c.peers}
    sides = []
    for f in e.figures.series[indicator.id]:
        every = e.everyone.get(peer_key(indicator, f), ())
        of_year = compare(indicator, f, {peer_key(indicator, f): _among(every, codes)})
        if of_year is not None and not f.partial:
            sides.append((of_year.gap > 0) == (c.gap > 0))
    if len(sides) < 2:
        return unknown
    same = sum(sides)
    yes = same < LEAST_SHARE * len(sides)
    key = "reply.time_yes" if yes else "reply.time_no"
    return yes, sentence(key, holder=same, antal=len(sides))


def _among(peers: Sequence[Peer], codes: set[str]) -> list[Peer]:
    return [p for p in peers if p.code in codes]


def _same(e: Evidence, indicator: Indicator) -> Answered:
    left = e.left_out.get(indicator.id, 0)
    said = (
        sentence("reply.same_left", antal=left)
        if left
        else sentence("reply.same_no", version=indicator.version)
    )
    if not indicator.is_money:
        return False, said
    return None, join_texts([said, sentence("reply.same_booking")])


def _chance(e: Evidence, indicator: Indicator, figure: Figure, c: Comparison | None) -> Answered:
    if c is not None and c.q is not None:
        yes = c.outcome == "similar"
        q = both(number, c.q, 2) if c.q >= LEAST_Q else sentence("reply.q_small")
        return yes, sentence("reply.chance_yes" if yes else "reply.chance_no", q=q)
    if figure.low is not None and figure.high is not None:
        unit = e.units[indicator.unit]
        low, high = (shown_as(indicator, unit, x) for x in (figure.low, figure.high))
        return None, sentence("reply.chance_interval", lav=low, hoej=high)
    return None, sentence("reply.chance_unknown")


def _coverage(e: Evidence, c: Comparison) -> Answered:
    group = len(e.chosen.codes) or len(c.peers)
    if len(c.peers) >= group:
        return False, sentence("reply.coverage_no", antal=group)
    return True, sentence("reply.coverage_yes", har=len(c.peers), antal=group)


def _frame(e: Evidence, indicator: Indicator, figure: Figure, c: Comparison, name: str) -> Answered:
    """Compare with the half of the peers that is most like us in one framework condition."""
    frame = e.chosen.framework
    column = _variable(frame, name) if frame else None
    if frame is None or column is None:
        return None, sentence("reply.frame_unknown")
    values = frame.values_of(column)
    own = values.get(e.ready.who.code)
    near = sorted(
        (abs(values[p.code] - own), p.code, p)
        for p in c.peers
        if own is not None and p.code in values
    )
    half = [p for _, _, p in near[: max(LEAST_LIKE, len(near) // 2)]]
    variable = frame.title_of(column)
    if len(half) < LEAST_LIKE:
        return None, sentence("reply.frame_missing", variabel=variable)
    like = compare(indicator, figure, {peer_key(indicator, figure): half})
    assert like is not None
    assert figure.value is not None
    target = goodness(indicator, figure.value)
    same = (target < goodness(indicator, like.median)) == (target < goodness(indicator, c.median))
    key = "reply.frame_no" if same else "reply.frame_yes"
    return not same, sentence(key, antal=len(half), variabel=variable)


def _variable(frame: Framework, name: str) -> str | None:
    """Return the framework condition that tests an objection, by its id or title."""
    for stem in FRAMES[name]:
        for v in frame.variables:
            if stem in v.id or stem in fold(v.title.da):
                return v.id
    return None


def _special(c: Comparison | None, firm: Holds) -> Answered:
    if c is None or not firm.sets:
        key = "reply.special_unknown" if c is None else "holds.apart"
        return (None if c is None else False), sentence(key)
    yes = firm.holds < LEAST_SHARE * firm.sets
    key = "reply.special_yes" if yes else "reply.special_no"
    return yes, sentence(key, holder=firm.holds, antal=firm.sets)
