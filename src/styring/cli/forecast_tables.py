"""The forecast's tables: the years, what drives them, the paragraphs; as lines and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from styring.definitions import load_facts
from styring.economy import paragraph_title
from styring.errors import Lang
from styring.forecast import Basis, Forecast, Paragraph, Span
from styring.say import sentence
from styring.text import both, number, percent

WIDE = 13
PARTS = ("leaving", "renewing", "coming", "young", "price")
KEPT = ("committed", "expected", "low", "high")
SHOWN = ("to_date", "committed", "leaving", "renewing", "coming", "price", *KEPT[1:], "whole")


def as_tables(f: Forecast, lang: Lang) -> Iterator[str]:
    """Yield the tables line by line; without history the committed cost alone."""
    names = ("committed", "low", "median", "high") if f.months else ("committed",)
    yield sentence("forecast.span")[lang]
    yield _line(_said("year", lang), [_said(n, lang) for n in names])
    for s in f.spans:
        yield _line(str(s.year), [_amount(getattr(s, n), lang) for n in names])
    if f.basis.by_the_year:
        yield sentence("forecast.by_the_year")[lang]
    if f.months:
        yield ""
        yield from _drivers(f.spans, lang)
    for s in f.spans:
        if s.paragraphs:
            yield ""
            yield from _paragraphs(s, lang)


def as_notes(f: Forecast, lang: Lang) -> Iterator[str]:
    """Yield what the tables rest on."""
    yield sentence("forecast.sums")[lang]
    yield sentence("forecast.known")[lang]
    b = f.basis
    if b.price_change is None:
        yield sentence("forecast.prices_held")[lang]
    else:
        change = both(percent, b.price_change, sign=True)
        yield sentence("forecast.prices_move", change=change)[lang]
    if b.renewed is not None:
        yield sentence("forecast.renewed", chance=both(percent, b.renewed, 0))[lang]
    if b.listed is not None and b.chance is not None:
        said = both(percent, b.chance, 0)
        year = f.spans[-1].year
        yield sentence("forecast.listed", antal=b.listed, aar=year, chance=said)[lang]


def span_data(s: Span) -> dict[str, Any]:
    """Return a year as JSON has it, kroner to the øre."""
    found = _rounded(asdict(s))
    found["paragraphs"] = [
        _rounded(asdict(p)) | {"withheld": p.paragraph is None} for p in s.paragraphs
    ]
    return found


def basis_data(b: Basis) -> dict[str, Any]:
    """Return what the forecast rests on as JSON has it."""
    return {k: round(x, 4) if isinstance(x, float) else x for k, x in asdict(b).items()}


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {k: round(x, 2) if isinstance(x, float) else x for k, x in figures.items()}


def _drivers(spans: Sequence[Span], lang: Lang) -> Iterator[str]:
    """Yield what drives each year; a part that no year has is left out."""
    names = [n for n in PARTS if any(getattr(s, n) for s in spans)]
    shown = ("committed", *names, "median")
    yield sentence("forecast.drivers")[lang]
    yield _line(_said("year", lang), [_said(n, lang) for n in (*shown[:-1], "expected")])
    for s in spans:
        signs = [_amount(getattr(s, n), lang, sign=n in PARTS) for n in shown]
        yield _line(str(s.year), signs)


def _paragraphs(s: Span, lang: Lang) -> Iterator[str]:
    """Yield the paragraphs of a year and their total; with the year so far where it has begun."""
    rows = [(_title(p, lang), _cells(p)) for p in s.paragraphs]
    rows.append((_said("total", lang), _cells(s)))
    shown = [n for n in SHOWN if n in KEPT or any(cells[n] for _, cells in rows)]
    wide = max(len(title) for title, _ in rows) + 1
    yield sentence("forecast.by_paragraph", aar=s.year)[lang]
    yield _line(_said("paragraph", lang), [_said(n, lang) for n in shown], wide)
    for title, cells in rows:
        yield _line(title, [_amount(cells[n], lang, sign=n in PARTS) for n in shown], wide)


def _cells(x: Paragraph | Span) -> dict[str, float | None]:
    """Return a row's amounts by column; young people with other newcomers."""
    found = {n: getattr(x, n, None) for n in SHOWN}
    if isinstance(x, Span):
        found |= {"expected": x.median, "coming": (x.coming or 0.0) + (x.young or 0.0)}
    if x.to_date is not None:
        found["whole"] = x.to_date + (found["expected"] or 0.0)
    return found


def _title(p: Paragraph, lang: Lang) -> str:
    if p.paragraph:
        return paragraph_title(load_facts().paragraph, p.paragraph)[lang]
    return _said("rest" if p.paragraph is None else "without", lang)


def _said(name: str, lang: Lang) -> str:
    return sentence(f"forecast.{name}")[lang]


def _amount(x: float | None, lang: Lang, *, sign: bool = False) -> str:
    return number(None if x is None else x / 1e6, 1, lang, sign=sign)


def _line(name: str, cells: Sequence[str], wide: int = 6) -> str:
    return f"  {name:<{wide}}" + "".join(f"{c:>{WIDE}}" for c in cells)
