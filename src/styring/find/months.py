"""The months of the ledger: what is usual, and what stands out."""

from __future__ import annotations

from collections.abc import Iterator

from styring.course import Monthly, monthly
from styring.errors import Texts, join_texts
from styring.find.parts import function_text
from styring.find.words import names_listed
from styring.prepare import Prepared
from styring.review import MonthlyPart, MonthPoint
from styring.say import sentence
from styring.stats.control import LEAST_POINTS, Limits, Signal, limits, signals
from styring.text import both, millions, period

WORDS: dict[Signal, str] = {
    "above": "outside",
    "below": "outside",
    "rising": "rising",
    "falling": "rising",
    "shift_up": "shift",
    "shift_down": "shift",
    "close_up": "close",
    "close_down": "close",
}
SHIFTS = ("shift_up", "shift_down")
OUTSIDE = ("above", "below")
MANY = 1 / 3
"""The share of unusual months from which it is the level that has moved, not the months."""


def monthly_parts(ready: Prepared) -> tuple[MonthlyPart, ...]:
    """Return the ledger's monthly series with their control limits; "too few" below twelve."""
    return tuple(_parts(ready))


def _parts(ready: Prepared) -> Iterator[MonthlyPart]:
    for m in monthly(ready):
        if len(m.values) < LEAST_POINTS:
            yield _part(ready, m, None, [None] * len(m.values))
        else:
            of = limits(m.values)
            yield _part(ready, m, of, signals(m.values, of))


def _part(
    ready: Prepared, m: Monthly, of: Limits | None, found: list[Signal | None]
) -> MonthlyPart:
    title = sentence("monthly.ledger")
    if m.function is not None:
        name = function_text(m.function, ready.facts.account)
        title = sentence("monthly.function", funktion=name)
    return MonthlyPart(
        id=m.function or "all",
        title=title,
        unit=sentence("monthly.unit"),
        points=tuple(
            MonthPoint(
                month=f"{year}-{month:02}",
                value=value,
                signal=None if s is None else sentence(f"monthly.{WORDS[s]}"),
            )
            for (year, month), value, s in zip(m.months, m.values, found, strict=True)
        ),
        mean=of.mean if of else None,
        low=of.low if of else None,
        high=of.high if of else None,
        text=_text(m, of, found),
    )


def _text(m: Monthly, of: Limits | None, found: list[Signal | None]) -> Texts:
    if of is None:
        return sentence("monthly.too_few", antal=len(m.values))
    loud = sum(s is not None for s in found)
    key = "calm" if not loud else "unusual_one" if loud == 1 else "unusual"
    if loud >= MANY * len(found):
        key = "moved"
    said = sentence(
        f"monthly.{key}",
        antal=loud,
        alle=len(found),
        midte=both(millions, of.mean),
        lav=both(millions, of.low),
        hoej=both(millions, of.high),
    )
    parts = [said]
    outside = [
        both(period, f"{year}-{month:02}")
        for (year, month), s in zip(m.months, found, strict=True)
        if s in OUTSIDE
    ]
    if outside:
        parts.append(sentence("monthly.named", maaneder=names_listed(outside)))
    if found[-1] in SHIFTS:
        parts.append(sentence("monthly.level"))
    return join_texts(parts)
