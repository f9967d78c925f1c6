"""Cases against the ledger in sentences: the difference, what of it is timing, the question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from styring.errors import Texts, join_texts
from styring.find.parts import function_text
from styring.interplay import function_name
from styring.prepare import Prepared
from styring.reconcile import (
    OTHERS_PAY,
    FunctionYear,
    Payment,
    RefundYear,
    payments,
    reconcile,
    refunds,
)
from styring.review import (
    PaymentLine,
    ReconcileFunction,
    ReconcileMonth,
    ReconcilePart,
    RefundLine,
)
from styring.say import sentence
from styring.text import both, counted_texts, millions

LEAST_SHARE = 0.05
"""The share of a function's ledger from which a real difference is asked about."""


def reconcile_part(ready: Prepared) -> ReconcilePart | None:
    """Return cases against ledger and the refund by the steps; None where either sheet is missing.

    Args:
        ready: the tables.
    """
    lines = reconcile(ready)
    if not lines:
        return None
    return ReconcilePart(
        text=join_texts([*_text(ready, lines)]),
        functions=tuple(_function(ready, line) for line in lines),
        refunds=tuple(_refunds(ready)),
        payments=tuple(_payment(p) for p in payments(ready)),
        notes=tuple(_notes(lines)),
    )


def _function(ready: Prepared, line: FunctionYear) -> ReconcileFunction:
    side: str = "withheld" if line.withheld else "whole_year" if line.whole_year else line.side
    if side == "both" and line.real is None:
        side = "months_withheld"
    name = function_name(line.function, ready.facts.account)
    return ReconcileFunction(
        function=line.function,
        name=name if line.function else sentence("reconcile.unplaced"),
        year=line.year,
        partial=line.partial,
        ledger=line.ledger,
        cases=line.cases,
        difference=line.difference,
        moved=line.moved,
        carried=line.carried,
        real=line.real,
        open=line.open,
        side=sentence(f"reconcile.side_{side}"),
        months=tuple(
            ReconcileMonth(
                month=f"{m.year}-{m.month:02}",
                ledger=m.ledger,
                cases=m.cases,
                gap=m.gap,
                timing=m.timing,
                real=m.real,
            )
            for m in line.months
        ),
    )


def _text(ready: Prepared, lines: Sequence[FunctionYear]) -> Iterator[Texts]:
    """Yield how far apart the two are in the latest finished year, and what to ask."""
    year = ready.who.finished_year
    of_year = [x for x in lines if x.year == year]
    split = [x for x in of_year if x.real is not None]
    if not split:
        yield sentence("reconcile.nothing", aar=year)
    else:
        difference = sum(x.difference or 0.0 for x in split)
        way = "same" if not difference else "more" if difference > 0 else "less"
        yield sentence(
            f"reconcile.year_{way}",
            aar=year,
            antal=_counted(split),
            beloeb=both(millions, abs(difference)),
        )
        yield sentence(
            "reconcile.told_apart",
            tid=both(millions, sum(x.carried or 0.0 for x in split), sign=True),
            reelt=both(millions, sum(x.real or 0.0 for x in split), sign=True),
            flyttet=both(millions, sum(x.moved or 0.0 for x in split)),
        )
        yield from _largest(ready, split)
    only = [x for x in of_year if x.side == "ledger" and x.ledger]
    if only:
        yield sentence(
            "reconcile.only_ledger",
            funktioner=_counted(only),
            beloeb=both(millions, sum(x.ledger or 0.0 for x in only)),
        )
    loose = [x for x in of_year if x.side == "cases" and x.cases]
    if loose:
        yield sentence(
            "reconcile.only_cases", beloeb=both(millions, sum(x.cases or 0.0 for x in loose))
        )


def _counted(lines: Sequence[FunctionYear]) -> Texts:
    return counted_texts(len(lines), ("funktion", "funktioner"), ("function", "functions"))


def _largest(ready: Prepared, split: Sequence[FunctionYear]) -> Iterator[Texts]:
    """Yield the function with the largest real difference, where it is large for the function."""
    line = max(split, key=lambda x: (abs(x.real or 0.0), x.function))
    real = line.real or 0.0
    if not line.ledger or abs(real) < LEAST_SHARE * abs(line.ledger):
        yield sentence("reconcile.close")
        return
    yield sentence(
        f"reconcile.largest_{'more' if real > 0 else 'less'}",
        funktion=function_text(line.function, ready.facts.account),
        beloeb=both(millions, abs(real)),
    )


def _notes(lines: Sequence[FunctionYear]) -> Iterator[Texts]:
    """Yield how timing is told from what is real, and what cannot be told apart."""
    yield sentence("reconcile.note_timing")
    held = {
        "open": any(x.partial and x.real is not None for x in lines),
        "whole_year": any(x.whole_year for x in lines),
        "few": any(x.withheld or (x.months and x.real is None) for x in lines),
    }
    for key, holds in held.items():
        if holds:
            yield sentence(f"reconcile.note_{key}")


def _payment(p: Payment) -> PaymentLine:
    if p.provider == OTHERS_PAY:
        return _income(p)
    provider = sentence(f"reconcile.to_{p.provider.split()[-1]}")
    gap = None if p.cases is None else p.booked - p.cases
    far = gap is not None and abs(gap) >= LEAST_SHARE * abs(p.booked)
    key = "few" if p.cases is None else "more" if far and (gap or 0) > 0 else "less"
    return PaymentLine(
        provider=provider,
        year=p.year,
        booked=p.booked,
        cases=p.cases,
        difference=gap,
        text=sentence(
            f"reconcile.paid_{key if p.cases is None or far else 'close'}",
            modtager=provider,
            bogfoert=both(millions, p.booked),
            sager=None if p.cases is None else both(millions, p.cases),
        ),
    )


def _income(p: Payment) -> PaymentLine:
    gap = None if p.cases is None else p.booked - p.cases
    far = gap is not None and abs(gap) >= LEAST_SHARE * max(abs(p.booked), abs(p.cases or 0.0))
    key = "few" if gap is None else "close" if not far else "more" if gap > 0 else "less"
    return PaymentLine(
        provider=sentence("reconcile.from_others"),
        year=p.year,
        booked=p.booked,
        cases=p.cases,
        difference=gap,
        text=sentence(
            f"reconcile.income_{key}",
            bogfoert=both(millions, p.booked),
            sager=None if p.cases is None else both(millions, p.cases),
        ),
    )


def _refunds(ready: Prepared) -> Iterator[RefundLine]:
    """Yield the refund by year; with the last whose steps are not known, where to write them."""
    years = refunds(ready)
    last = max((r.year for r in years if r.computed is None and not r.withheld), default=None)
    for r in years:
        ask = [sentence("reconcile.refund_write_steps")] if r.year == last else []
        yield _refund(r, ask)


def _refund(r: RefundYear, ask: Sequence[Texts]) -> RefundLine:
    known = r.computed is not None and r.booked is not None
    return RefundLine(
        year=r.year,
        persons=r.persons,
        computed=r.computed,
        booked=r.booked,
        difference=(r.computed or 0.0) - (r.booked or 0.0) if known else None,
        text=join_texts([*_refund_text(r), *ask]),
    )


def _refund_text(r: RefundYear) -> Iterator[Texts]:
    booked = sentence("reconcile.refund_none")
    if r.booked is not None:
        booked = sentence("reconcile.refund_booked", beloeb=both(millions, r.booked))
    if r.withheld:
        yield join_texts([booked, sentence("reconcile.refund_few")])
        return
    if r.computed is None:
        yield join_texts([booked, sentence("reconcile.refund_no_steps")])
        return
    yield sentence("reconcile.refund_steps", antal=r.persons, beloeb=both(millions, r.computed))
    yield booked
    if r.ageless is None:
        yield sentence("reconcile.refund_some_ageless")
    elif r.ageless:
        yield sentence("reconcile.refund_ageless", antal=r.ageless)
    gap = r.computed - (r.booked or 0.0)
    if gap:
        yield sentence(
            f"reconcile.refund_ask_{'less' if gap > 0 else 'more'}",
            beloeb=both(millions, abs(gap)),
        )
