"""A scenario worked out, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from styring.errors import Lang
from styring.say import sentence
from styring.scenario import Outcome, Result, yearly
from styring.scenario.effect import NOTHING, Effect, Exact
from styring.text import closed, day, kroner, number, period

SCHEMA = "styring.scenario/1"
WIDE = 16


def as_text(o: Outcome, lang: Lang) -> Iterator[str]:
    """Yield a scenario line by line: each measure by year, all together by year and month."""
    title = o.title or sentence("scenario.untitled")[lang]
    yield sentence("scenario.head", kommune=o.name, titel=title)[lang]
    end = o.months[-1] // 12
    yield sentence("scenario.span", dag=day(o.as_of, lang), aar=end)[lang]
    yield sentence("scenario.what_is_certain")[lang]
    if o.base_shown in ("month", "year"):
        granted = yearly(Effect(o.base, {}), sorted({n // 12 for n in o.months}))
        said = ", ".join(f"{year} {kroner(x, lang)}" for year, x, _ in granted)
        yield f"{sentence('scenario.base')[lang]}: {said}"
    for n, r in enumerate(o.measures, 1):
        yield ""
        yield from _told(o, f"{n}. {r.title[lang]}", r, lang)
    yield ""
    yield from _told(o, o.together.title[lang], o.together, lang)
    if o.together.shown == "month":
        yield ""
        yield sentence("scenario.effect_per_month")[lang]
        yield from _by_month(o, lang)


def _told(o: Outcome, title: str, r: Result, lang: Lang) -> Iterator[str]:
    yield title
    words = [sentence(f"scenario.{k}")[lang] for k in ("certain", "assumed", "in_all")]
    if r.shown != "none":
        yield f"  {'':<9}{''.join(f'{w:>{WIDE}}' for w in words)}"
        for name, certain, assumed in _rows(o, r):
            amounts = (certain, assumed, certain + assumed)
            shown = "".join(f"{number(x, 0, lang, sign=True):>{WIDE}}" for x in amounts)
            yield f"  {name:<9}{shown}"
    if r.shown in ("year", "period"):
        yield f"  {sentence(f'scenario.hidden_{r.shown}')[lang]}"
    for note in r.notes:
        yield f"  {closed(note[lang])}"


def _rows(o: Outcome, r: Result) -> list[tuple[str, float, float]]:
    """Return a result by year, or in all where years give few citizens away."""
    years = sorted({n // 12 for n in o.months})
    found = yearly(r.effect, years)
    if r.shown == "period":
        return [(f"{years[0]}–{years[-1]}", sum(c for _, c, _ in found), sum(a for *_, a in found))]
    return [(str(y), c, a) for y, c, a in found]


def _by_month(o: Outcome, lang: Lang) -> Iterator[str]:
    heads = [sentence(f"scenario.{k}")[lang] for k in ("certain", "assumed", "in_all")]
    base = o.base_shown == "month"
    heads += [sentence("scenario.with_all")[lang]] if base else []
    widths = [WIDE, WIDE, WIDE, max(WIDE, len(heads[-1]) + 2)]
    yield f"  {'':<15}{''.join(f'{h:>{w}}' for h, w in zip(heads, widths, strict=False))}"
    for n in o.months:
        certain, assumed = (float(p.get(n, NOTHING)) for p in _parts(o.together.effect))
        amounts = [certain, assumed, certain + assumed]
        shown = [f"{number(x, 0, lang, sign=True):>{WIDE}}" for x in amounts]
        if base:
            after = float(o.base.get(n, NOTHING)) + amounts[-1]
            shown.append(f"{number(after, 0, lang):>{widths[-1]}}")
        yield f"  {period(_month(n), lang):<15}{''.join(shown)}"


def _parts(effect: Effect) -> tuple[Exact, Exact]:
    return effect.certain, effect.assumed


def _month(n: int) -> str:
    return f"{n // 12}-{n % 12 + 1:02}"


def as_data(o: Outcome) -> dict[str, Any]:
    """Return a scenario as plain data, ready for JSON; null for what is withheld."""
    return {
        "schema": SCHEMA,
        "municipality": o.name,
        "title": o.title,
        "as_of": o.as_of.isoformat(),
        "months": [_month(n) for n in o.months],
        "base": _series(o, o.base) if o.base_shown == "month" else None,
        "measures": [_result(o, r) for r in o.measures],
        "together": _result(o, o.together),
    }


def _series(o: Outcome, part: Exact) -> list[float]:
    return [round(float(part.get(n, NOTHING)), 2) for n in o.months]


def _result(o: Outcome, r: Result) -> dict[str, Any]:
    said: dict[str, Any] = {"title": {"da": r.title.da, "en": r.title.en}}
    if r.measure is not None:
        said |= {"kind": r.measure.kind, "from": r.measure.start.isoformat()}
    months = r.shown == "month"
    rows = _rows(o, r) if r.shown != "none" else []
    return said | {
        "shown": r.shown,
        "certain": _series(o, r.effect.certain) if months else None,
        "assumed": _series(o, r.effect.assumed) if months else None,
        "periods": [
            {"period": name, "certain": round(c, 2), "assumed": round(a, 2)} for name, c, a in rows
        ],
        "notes": [{"da": n.da, "en": n.en} for n in r.notes],
    }
