"""The bridges in sentences: the gap, what pulls most, the question."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from styring.bridge import Bridge, Service, against_peers, between_years, budget_to_accounts
from styring.errors import Texts, join_texts, texts
from styring.figures import Figures
from styring.find.words import names_listed
from styring.model import Catalogue
from styring.prepare import Prepared
from styring.review import (
    BridgeKey,
    BridgeLine,
    BridgePart,
    BridgeRole,
    BridgeService,
    Effect,
    MixLine,
)
from styring.say import capital, sentence, small
from styring.text import MINUS, both, kroner, millions

BAR = 20
"""The longest bar, in characters."""


def bridge_parts(
    ready: Prepared,
    figures: Figures,
    peers: pl.DataFrame | None,
    catalogue: Catalogue,
    seed: int,
) -> tuple[BridgePart, ...]:
    """Return the bridges that can be made: to the peers, the year before, the budget.

    Args:
        ready: the tables.
        figures: our figures.
        peers: the rows of the chosen peers, where there are any.
        catalogue: the definitions.
        seed: of the draws of peers.
    """
    has_peers = peers is not None and not peers.is_empty()
    found = (
        against_peers(ready, figures, peers, catalogue, seed)
        if has_peers and peers is not None
        else None,
        between_years(ready),
        budget_to_accounts(ready),
    )
    return tuple(_part(b, ready.who.name) for b in found if b is not None)


def _part(b: Bridge, name: str) -> BridgePart:
    title = sentence(f"bridge.title_{b.kind}", aar=b.year, foer=b.year - 1)
    if b.gap is None:
        return BridgePart(
            kind=b.kind,
            title=title,
            year=b.year,
            gap=None,
            lines=(),
            services=(),
            text=sentence(f"bridge.why_{b.why}"),
            notes=tuple(_lists(b)),
        )
    return BridgePart(
        kind=b.kind,
        title=title,
        year=b.year,
        gap=b.gap,
        lines=tuple(_lines(b, name)),
        services=_services(b),
        text=_text(b),
        notes=tuple(_notes(b)),
        mix=tuple(
            MixLine(title=capital(m.title), own=m.own, median=m.median, q1=m.q1, q3=m.q3)
            for m in b.mix
        ),
    )


def _ages(b: Bridge) -> Texts | None:
    return texts(f"{b.ages[0]}–{b.ages[1]}") if b.ages else None


def _lines(b: Bridge, name: str) -> Iterator[BridgeLine]:
    """Yield the one end, the steps laid end to end from 0, the other end, what stands beside."""
    assert b.gap is not None
    ends = {
        "peers": (sentence("bridge.others", antal=len(b.peers)), texts(name)),
        "years": (
            sentence("bridge.cases", aar=b.year - 1),
            sentence("bridge.cases", aar=b.year),
        ),
        "budget": (sentence("bridge.original"), sentence("bridge.accounts", aar=b.year)),
    }[b.kind]
    longest = max(abs(e.amount) for e in (b.gap, *(s.effect for s in b.steps if not s.detail)))
    yield _line(b, "before", "before", ends[0], Effect(amount=b.before))
    at = 0.0
    for step in b.steps:
        title, bar = _step_title(b, step.key), _bar(step.effect.amount, longest)
        if step.detail:
            yield _line(b, step.key, "detail", title, step.effect)
            continue
        line = _line(b, step.key, "step", title, step.effect)
        yield line.model_copy(update={"start": at, "end": at + step.effect.amount, "bar": bar})
        at += step.effect.amount
    yield _line(b, "after", "after", ends[1], Effect(amount=b.after))
    gap = _line(b, "gap", "gap", sentence("bridge.gap"), b.gap)
    bar = _bar(b.gap.amount, longest)
    yield gap.model_copy(update={"start": 0.0, "end": b.gap.amount, "bar": bar})
    for step in b.beside:
        yield _line(b, step.key, "beside", sentence(f"bridge.{step.key}"), step.effect)


def _line(b: Bridge, key: BridgeKey, role: BridgeRole, title: Texts, effect: Effect) -> BridgeLine:
    each = effect.amount / b.inhabitants if b.inhabitants else None
    return BridgeLine(key=key, role=role, title=title, effect=effect, per_inhabitant=each)


def _step_title(b: Bridge, key: BridgeKey) -> Texts:
    beyond = any(s.key == "level" for s in b.steps)
    if key == "price" and beyond:
        return sentence("bridge.price_beyond")
    if key == "outside":
        return sentence(
            "bridge.outside_peers" if b.kind == "peers" else "bridge.outside_budget_all"
        )
    return sentence(f"bridge.{key}", alder=_ages(b))


def _bar(amount: float, longest: float) -> str:
    """Return an amount drawn in text: its sign, and a bar as long as it is large."""
    length = round(BAR * abs(amount) / longest) if longest else 0
    return f"{MINUS if amount < 0 else '+'} {'█' * length or '·'}" if amount else "·"


def _services(b: Bridge) -> tuple[BridgeService, ...]:
    longest = max((abs(s.total.amount) for s in b.services), default=0.0)
    return tuple(
        BridgeService(
            title=_service_title(s),
            number=s.number,
            level=s.level,
            price=s.price,
            total=s.total,
            bar=_bar(s.total.amount, longest),
        )
        for s in b.services
    )


def _service_title(service: Service) -> Texts:
    return sentence("bridge.other") if service.title is None else capital(service.title)


def _text(b: Bridge) -> Texts:
    """Return the gap, what pulls most in its direction, and the question to that."""
    assert b.gap is not None
    shown = kroner if b.inhabitants else millions
    each = b.inhabitants or 1.0
    gap = sentence(
        f"bridge.gap_{b.kind}",
        aar=b.year,
        foer=b.year - 1,
        alder=_ages(b),
        antal=len(b.peers),
        egen=both(shown, b.after / each),
        andre=both(shown, b.before / each),
        beloeb=_signed(b.gap.amount),
        lav=_signed(b.gap.low),
        hoej=_signed(b.gap.high),
    )
    if b.why:
        return join_texts([gap, sentence(f"bridge.why_{b.why}")])
    return join_texts([gap, *_most(b, b.gap.amount)])


def _signed(amount: float | None) -> Texts:
    return both(millions, amount, sign=True)


def _most(b: Bridge, gap: float) -> list[Texts]:
    """Return what pulls most the way the gap goes, and the question to it."""
    candidates: list[tuple[float, str, Service | None]] = [
        (e.amount, what, s)
        for s in b.services
        for what, e in (("number", s.number), ("price", s.price))
    ]
    candidates += [(s.effect.amount, s.key, None) for s in b.steps if s.key == "outside"]
    amount, what, service = max(candidates, key=lambda c: c[0] if gap >= 0 else -c[0])
    if not gap:
        return [sentence("bridge.same")]
    level = next((s.effect.amount for s in b.steps if s.key == "level"), None)
    beyond = "price" if level is None else "price_beyond"
    said = {"outside": f"outside_{b.kind}", "price": beyond}.get(what, what)
    way = "more" if amount > 0 else "less"
    index = [] if level is None else [sentence("bridge.by_level", beloeb=_signed(level))]
    if amount * gap <= 0:
        return index
    return [
        *index,
        sentence(
            f"bridge.most_{said}",
            ydelse=None if service is None else small(_service_title(service)),
            beloeb=_signed(amount),
        ),
        sentence(f"bridge.ask_{b.kind}_{what}_{way}"),
    ]


def _notes(b: Bridge) -> Iterator[Texts]:
    """Yield how the split is made and what it does not hold."""
    if not b.why:
        yield sentence("bridge.note_order")
    if b.kind == "peers":
        yield sentence("bridge.note_pooled", navne=names_listed([texts(n) for n in b.peers]))
        yield sentence("bridge.note_outside_peers")
    if b.kind == "budget" and not b.why:
        yield sentence("bridge.note_outside_budget")
    if b.beside:
        yield sentence("bridge.note_beside")
    yield from _lists(b)
    said = {
        "merged": b.merged,
        "no_population": b.without_population,
        "no_index": b.without_index and b.kind == "years",
        "no_level": b.without_index and b.kind == "budget",
        "unread_one": b.unread == 1,
    }
    for key, holds in said.items():
        if holds:
            yield sentence(f"bridge.note_{key}")
    if b.unread > 1:
        yield sentence("bridge.note_unread", antal=b.unread)


def _lists(b: Bridge) -> Iterator[Texts]:
    """Yield which municipalities and services are not in the split, or on one side only."""
    if b.left_out:
        yield sentence("bridge.note_left_out", navne=names_listed([texts(n) for n in b.left_out]))
    lost = "not_split" if b.kind == "peers" else "not_assumed"
    for key, titles in ((lost, b.not_split), ("one_sided", b.one_sided)):
        if titles:
            named = names_listed([small(t) for t in titles])
            yield sentence(f"bridge.note_{key}", navne=named)
