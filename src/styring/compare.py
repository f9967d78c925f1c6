"""Own figures beside the peers'. An absent value is never ranked; one's own is never a peer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from styring import methods
from styring.errors import Texts
from styring.measure import Figure, is_state
from styring.model import Indicator
from styring.review import Outcome
from styring.tables import Note
from styring.text import counted_texts

LEAST_FOR_RANK = 10
"""Fewer peers are not ranked."""
LEAST_PEERS = 3
"""Fewer peers are not summed up."""
BEST = 3


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer's figure."""

    code: str
    name: str
    value: float
    contact: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the peers are spread around a figure, and how it stands to them."""

    peers: tuple[Peer, ...]
    values: tuple[float, ...] = field(default=())
    median: float = 0.0
    q1: float = 0.0
    q3: float = 0.0
    p10: float = 0.0
    p90: float = 0.0
    percentile: float = 0.0
    rank: int | None = None
    gap: float = 0.0
    gap_best: float | None = None
    gap_kr: float | None = None
    outcome: Outcome | None = None
    best: tuple[Peer, ...] = ()


def comparable(
    peers: pl.DataFrame, indicators: Sequence[Indicator], own_code: str
) -> tuple[dict[tuple[str, int, bool], list[Peer]], list[Note]]:
    """Return the peers' figures by indicator, year and whether the period is partial.

    Rows of other definition versions, price levels or refund bases are left out with a note, and so
    are the municipality's own and withheld rows. Of several dates in a year the latest counts.
    """
    wanted = pl.DataFrame(
        [(i.id, i.version, i.price_basis, i.refund) for i in indicators],
        schema={
            "indikator": pl.String(),
            "_version": pl.Int64(),
            "_price": pl.String(),
            "_refund": pl.String(),
        },
        orient="row",
    )
    rows = peers.filter(pl.col("kommunekode") != own_code).join(
        wanted, on="indikator", how="inner", maintain_order="left"
    )
    same = (
        (pl.col("definition_version") == pl.col("_version"))
        & pl.col("prisniveau").eq_missing(pl.col("_price"))
        & pl.col("refusion").eq_missing(pl.col("_refund"))
    )
    other = rows.filter(~same)
    of = ["kommunekode", "indikator", "partial", pl.col("periode").str.head(4)]
    usable = rows.filter(same & pl.col("vaerdi").is_not_null() & ~pl.col("suppressed")).filter(
        pl.col("periode") == pl.col("periode").max().over(of)
    )
    found: dict[tuple[str, int, bool], list[Peer]] = {}
    columns = ["indikator", "periode", "partial", "kommunekode", "kommune", "vaerdi", "kontakt"]
    for indicator, period, partial, code, name, value, contact in usable.select(
        columns
    ).iter_rows():
        key = (indicator, int(period[:4]), partial)
        found.setdefault(key, []).append(Peer(code, name, value, contact))
    return found, _other_notes(other)


def _other_notes(other: pl.DataFrame) -> list[Note]:
    if other.is_empty():
        return []
    ids = ", ".join(sorted(set(other["indikator"]))[:5])
    said = counted_texts(
        other.height,
        ("række i sammenligningsfilen har", "rækker i sammenligningsfilen har"),
        ("row of the peers file has", "rows of the peers file have"),
    )
    return [
        Note(
            "warning",
            Texts(
                f"{said.da} en anden definition, et andet prisniveau eller en anden refusion og "
                f"er ikke brugt ({ids}).",
                f"{said.en} another definition, price level or refund basis and not used ({ids}).",
            ),
        )
    ]


def compare(
    indicator: Indicator,
    figure: Figure,
    peers: Mapping[tuple[str, int, bool], Sequence[Peer]],
) -> Comparison | None:
    """Return how a figure stands among the peers; None with fewer than three or no value."""
    partial = figure.partial and not is_state(indicator.value)
    others = tuple(peers.get((indicator.id, figure.year, partial), ()))
    if figure.value is None or len(others) < LEAST_PEERS:
        return None
    own, target = figure.value, indicator.target
    values = sorted(p.value for p in others)
    sign = _goodness(indicator, own, target)
    better = sum(_goodness(indicator, p.value, target) > sign for p in others)
    middle = methods.median(values)
    best_quartile = _best_quartile(indicator, values)
    ordered = sorted(others, key=lambda p: (-_goodness(indicator, p.value, target), p.name))
    return Comparison(
        peers=others,
        values=tuple(values),
        median=middle,
        q1=methods.quantile(values, 0.25),
        q3=methods.quantile(values, 0.75),
        p10=methods.quantile(values, 0.10),
        p90=methods.quantile(values, 0.90),
        percentile=percentile(values, own),
        rank=better + 1 if len(others) >= LEAST_FOR_RANK else None,
        gap=own - middle,
        gap_best=None if best_quartile is None else own - best_quartile,
        gap_kr=_gap_kr(indicator, figure, middle),
        outcome=_outcome(indicator, figure, middle),
        best=tuple(ordered[:BEST]) if indicator.better != "context" else (),
    )


def percentile(ordered: Sequence[float], own: float) -> float:
    """Return the share of peers below, plus half of the ties."""
    below = sum(v < own for v in ordered)
    ties = sum(v == own for v in ordered)
    return (below + ties / 2) / len(ordered)


def _goodness(indicator: Indicator, value: float, target: float | None) -> float:
    """Return a number that is higher the better; for context figures the lower value."""
    match indicator.better:
        case "higher":
            return value
        case "target" if target is not None:
            return -abs(value - target)
        case _:
            return -value


def _best_quartile(indicator: Indicator, values: Sequence[float]) -> float | None:
    if indicator.better == "higher":
        return methods.quantile(values, 0.75)
    if indicator.better == "lower":
        return methods.quantile(values, 0.25)
    return None


def _gap_kr(indicator: Indicator, figure: Figure, median: float) -> float | None:
    """Return (own − median) × own denominator, only where the numerator is kroner."""
    if not indicator.is_money or figure.denominator is None or figure.value is None:
        return None
    if indicator.value.form not in ("ratio", "relative"):
        return None
    return (figure.value - median) / indicator.value.multiplier * figure.denominator


def _outcome(indicator: Indicator, figure: Figure, median: float) -> Outcome | None:
    """Return better, similar or worse, only where an interval says so."""
    if figure.low is None or figure.high is None or indicator.better in ("context", "target"):
        return None
    if figure.low <= median <= figure.high:
        return "similar"
    higher = figure.low > median
    return "better" if higher == (indicator.better == "higher") else "worse"
