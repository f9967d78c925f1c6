"""Own figures beside the peers'. An absent value is never ranked; one's own is never a peer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple

import polars as pl

from styring import methods
from styring.errors import LANGS, Texts
from styring.measure import Figure, is_state
from styring.model import Indicator
from styring.possible import impossible_notes, reach
from styring.review import Outcome
from styring.stats import differ, interval
from styring.stats.funnel import Funnel, Kind, funnel, possible
from styring.tables import Note
from styring.text import counted_texts

LEAST_FOR_RANK = 10
"""Fewer peers are not ranked."""
LEAST_PEERS = 3
"""Fewer peers are not summed up."""
MOST_NAMED = 5
LOW, HIGH = 0.05, 0.95


KINDS: dict[str, Kind] = {"wilson": "proportion", "byar": "rate"}
"""What a figure is by the method of its interval."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer's figure."""

    code: str
    name: str
    value: float
    contact: str | None = None
    numerator: float | None = None
    denominator: float | None = None
    source: str | None = None


PeerKey = tuple[str, int, bool]
"""An indicator's id, a year, and whether the year is partial."""


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
    gap_kr_span: tuple[float, float] | None = None
    p: float | None = None
    q: float | None = None
    outcome: Outcome | None = None
    funnel: Funnel | None = None


def comparable(
    peers: pl.DataFrame, indicators: Sequence[Indicator], own_code: str
) -> tuple[dict[PeerKey, list[Peer]], dict[str, int], list[Note]]:
    """Return the peers' figures by indicator, year and whether the period is partial.

    Rows of other definition versions, price levels or refund bases are left out, counted by
    indicator and told in a note; so are, without being counted, figures that cannot be right. The
    municipality's own and withheld rows are left out too. Of several
    dates in a year the latest counts.
    """
    wanted = pl.DataFrame(
        [(i.id, i.version, i.price_basis, i.refund, *reach(i)) for i in indicators],
        schema={
            "indikator": pl.String(),
            "_version": pl.Int64(),
            "_price": pl.String(),
            "_refund": pl.String(),
            "_least": pl.Float64(),
            "_most": pl.Float64(),
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
    given = same & pl.col("vaerdi").is_not_null() & ~pl.col("suppressed")
    in_reach = pl.col("vaerdi").is_between("_least", "_most")
    usable = rows.filter(given & in_reach).filter(
        pl.col("periode") == pl.col("periode").max().over(of)
    )
    found: dict[PeerKey, list[Peer]] = {}
    columns = ["indikator", "periode", "partial", "kommunekode", "kommune", "vaerdi", "kontakt",
               "taeller", "naevner", "kilde"]  # fmt: skip
    for indicator, period, partial, *peer in usable.select(columns).iter_rows():
        key = (indicator, int(period[:4]), partial)
        found.setdefault(key, []).append(Peer(*peer))
    left_out = dict(other.group_by("indikator").agg(pl.len()).iter_rows())
    titles = {i.id: i.title for i in indicators}
    impossible = impossible_notes(rows.filter(given & ~in_reach), titles)
    return found, left_out, [*_other_notes(other, titles), *impossible]


def other_years(
    everyone: Mapping[PeerKey, Sequence[Peer]],
    indicators: Sequence[Indicator],
    figures: Mapping[str, Figure],
) -> list[Note]:
    """Return a note on figures whose peers have other years only, and so are not compared."""
    years: dict[str, set[int]] = {}
    for name, year, _ in everyone:
        years.setdefault(name, set()).add(year)
    apart = [
        i.title
        for i in indicators
        if figures[i.id].value is not None
        and i.id in years
        and not everyone.get(peer_key(i, figures[i.id]))
    ]
    if not apart:
        return []
    shown = [_shown([t[lang] for t in apart]) for lang in LANGS]
    return [
        Note(
            "warning",
            Texts(
                f"Sammenligningsfilen har kun andre år, så der sammenlignes ikke: {shown[0]}.",
                f"The peers file has other years only, so nothing is compared: {shown[1]}.",
            ),
        )
    ]


def peer_key(indicator: Indicator, figure: Figure) -> PeerKey:
    """Return what the peers' figures are found by that a figure may be compared with."""
    return indicator.id, figure.year, figure.partial and not is_state(indicator.value)


def _shown(names: Sequence[str]) -> str:
    """Return the first few names, and that there are more."""
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def _other_notes(other: pl.DataFrame, titles: Mapping[str, Texts]) -> list[Note]:
    if other.is_empty():
        return []
    names = [titles[i] for i in sorted(set(other["indikator"]))]
    named = Texts(_shown([t.da for t in names]), _shown([t.en for t in names]))
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
                f"er ikke brugt ({named.da}).",
                f"{said.en} another definition, price level or refund basis and not used "
                f"({named.en}).",
            ),
        )
    ]


def compare(
    indicator: Indicator,
    figure: Figure,
    peers: Mapping[PeerKey, Sequence[Peer]],
) -> Comparison | None:
    """Return how a figure stands among the peers; None with fewer than three or no value.

    Whether chance can explain the difference is said by `supported`, for all figures together.
    """
    others = tuple(peers.get(peer_key(indicator, figure), ()))
    if figure.value is None or len(others) < LEAST_PEERS:
        return None
    own = figure.value
    values = sorted(p.value for p in others)
    sign = goodness(indicator, own)
    better = sum(goodness(indicator, p.value) > sign for p in others)
    middle = methods.median(values)
    best_quartile = _best_quartile(indicator, values)
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
        funnel=_funnel(indicator, others),
    )


def percentile(ordered: Sequence[float], own: float) -> float:
    """Return the share of peers below, plus half of the ties."""
    below = sum(v < own for v in ordered)
    ties = sum(v == own for v in ordered)
    return (below + ties / 2) / len(ordered)


def goodness(indicator: Indicator, value: float) -> float:
    """Return a number that is higher the better; for context figures the lower value."""
    match indicator.better:
        case "higher":
            return value
        case "target" if indicator.target is not None:
            return -abs(value - indicator.target)
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


def supported(
    compared: Mapping[str, Comparison | None],
    indicators: Sequence[Indicator],
    figures: Mapping[str, Figure],
    seed: int,
) -> dict[str, Comparison | None]:
    """Return the comparisons with whether chance can explain them, and what the gap spans.

    Each figure is tested against the peers together; the rate of false alarms among all that are
    tested is held at 5 % (Benjamini–Hochberg). Only those are called better or worse.

    Args:
        compared: the comparisons by indicator.
        indicators: their definitions.
        figures: the figures compared, by indicator.
        seed: of the draws of peers.
    """
    tested: dict[str, Tested] = {}
    for i in indicators:
        c = compared.get(i.id)
        if c is not None and (one := _tested(i, figures[i.id], c)) is not None:
            tested[i.id] = one
    q_values = differ.benjamini_hochberg({name: t.p for name, t in tested.items()})
    found = dict(compared)
    for i in indicators:
        c = compared.get(i.id)
        if c is None:
            continue
        one, q = tested.get(i.id), q_values.get(i.id)
        found[i.id] = replace(
            c,
            p=one.p if one else None,
            q=q,
            outcome=_outcome(i, one, q) if one and q is not None else None,
            gap_kr_span=_gap_kr_span(i, figures[i.id], c, seed),
        )
    return found


class Tested(NamedTuple):
    """The probability that chance alone makes a figure so different, and whether it is above."""

    p: float
    above: bool


def _tested(indicator: Indicator, figure: Figure, c: Comparison) -> Tested | None:
    """Return whether chance alone makes a figure so different from the peers'.

    None for context figures, for those with a target, and where no chance is measured.
    """
    if indicator.better in ("context", "target") or figure.value is None:
        return None
    match indicator.interval:
        case "wilson" | "byar" if c.funnel is not None and figure.denominator:
            found = c.funnel.test(figure.numerator or 0.0, figure.denominator)
            return None if found is None else Tested(*found)
        case "t" if figure.low is not None and len(c.peers) >= differ.LEAST_FOR_SPREAD:
            return _among(figure.value, [p.value for p in c.peers])
        case _:
            return None


def _funnel(indicator: Indicator, peers: Sequence[Peer]) -> Funnel | None:
    """Return the peers' funnel, of figures that count something; None below three that tell."""
    kind = KINDS.get(indicator.interval)
    counted = [
        (p.numerator, p.denominator)
        for p in peers
        if p.numerator is not None and p.denominator is not None and p.denominator > 0
    ]
    if kind is None or len(counted) < LEAST_PEERS:
        return None
    if not all(possible(kind, x, n) for x, n in counted):
        return None
    events, trials = zip(*counted, strict=True)
    return funnel(kind, events, trials)


def _among(value: float, peers: Sequence[float]) -> Tested:
    """Test a figure as one more of the peers (prediction, Student's t).

    Source:
        Student (1908), Biometrika 6, 1-25.
    """
    n, gap = len(peers), value - fmean(peers)
    error = stdev(peers) * sqrt(1 + 1 / n)
    if error == 0:
        return Tested(1.0 if gap == 0 else 0.0, gap > 0)
    return Tested(interval.student_p(gap / error, n - 1), gap > 0)


def _outcome(indicator: Indicator, tested: Tested, q: float) -> Outcome:
    if q > differ.RATE:
        return "similar"
    return "better" if tested.above == (indicator.better == "higher") else "worse"


def _gap_kr_span(
    indicator: Indicator, figure: Figure, c: Comparison, seed: int
) -> tuple[float, float] | None:
    """Return the 5–95 % span of the gap in kroner when the peers are drawn again.

    Source:
        Efron B (1979), Ann Stat 7, 1-26 (percentile bootstrap of the median).
    """
    if c.gap_kr is None:
        return None
    limits = interval.median(c.values, HIGH - LOW, seed)
    assert limits is not None
    high, low = (_gap_kr(indicator, figure, m) for m in limits)
    assert low is not None
    assert high is not None
    return min(low, high, c.gap_kr), max(low, high, c.gap_kr)
