"""Parts of a review: cases against the ledger month by month, and the central refund."""

from __future__ import annotations

from styring.errors import Texts
from styring.review.part import Part


class ReconcileMonth(Part):
    """A function's month, kroner before refund; gap = ledger − cases = timing + real."""

    month: str
    ledger: float
    cases: float | None
    gap: float | None
    timing: float | None
    real: float | None


class ReconcileFunction(Part):
    """A function's year, kroner before refund; difference = carried + real.

    `moved` is timing between months of the year, `carried` timing over its ends, `open` what later
    months may still make up for.
    """

    function: str
    name: Texts
    year: int
    partial: bool
    ledger: float | None
    cases: float | None
    difference: float | None
    moved: float | None
    carried: float | None
    real: float | None
    open: float | None
    side: Texts
    months: tuple[ReconcileMonth, ...] = ()


class RefundLine(Part):
    """A year's central refund, kroner: by the steps, and as booked."""

    year: int
    persons: int | None
    computed: float | None
    booked: float | None
    difference: float | None
    text: Texts


class PaymentLine(Part):
    """A year's payments to a kind of provider, kroner: as booked, and by the cases."""

    provider: Texts
    year: int
    booked: float
    cases: float | None
    difference: float | None
    text: Texts


class ReconcilePart(Part):
    """Cases against the ledger: by function and month, what is timing and what is real."""

    text: Texts
    functions: tuple[ReconcileFunction, ...]
    refunds: tuple[RefundLine, ...]
    payments: tuple[PaymentLine, ...] = ()
    notes: tuple[Texts, ...] = ()
