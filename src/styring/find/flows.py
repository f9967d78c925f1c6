"""The flows of the cases, small numbers withheld, and what stands out in them, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from styring.economy import paragraph_title
from styring.errors import Texts, join_texts
from styring.flows import (
    INS,
    OUTS,
    Flow,
    Survival,
    dearest,
    drift,
    flows,
    moves,
    prices,
    same_cases,
    survivals,
)
from styring.prepare import Prepared
from styring.privacy import LEAST, is_small, secondary
from styring.review import ChurnLine, FlowKind, FlowLine, FlowPriceLine, FlowsPart, StayLine
from styring.say import sentence
from styring.text import both, kroner, millions, number, percent

CHURN_YEARS = 3
OTHERS = "andre"
"""Stands for the paragraphs that are shown together."""
CLEARLY = 0.10
"""How much dearer those who come are than those who left before it is said."""
APART = 0.005
"""How far the price of the same cases is from the index before it is asked about."""


def flows_part(ready: Prepared) -> FlowsPart | None:
    """Return the flows of the latest finished year; None without cases in it.

    Args:
        ready: the tables.
    """
    year = ready.who.finished_year
    if ready.tables.get("sager") is None or ready.runnable.is_empty() or year not in ready.years:
        return None
    moved = moves(ready, year)
    if moved.is_empty():
        return None
    first = max(min(ready.years), year - CHURN_YEARS + 1)
    lines = tuple(_lines(ready, flows(moved)))
    kinds = tuple(_kinds(flows(moved)[-1]))
    rates = tuple(_prices(ready, moved, same_cases(ready, year)))
    index = ready.price_factor(year - 1, year)
    top = dearest(ready, year)
    shown = top if top is not None and not is_small(top.citizens) else None
    grown = shown if shown is not None and shown.citizens_before >= LEAST else None
    part = FlowsPart(
        year=year,
        points=(),
        lines=lines,
        kinds=kinds,
        churn=tuple(_churn(ready, range(first, year + 1))),
        churn_years=(first, year),
        stays=tuple(_stay(ready, s) for s in survivals(ready) if not _few_stays(s)),
        prices=rates,
        dearest_cost=shown.cost if shown else None,
        dearest_share=shown.cost / shown.total if shown and shown.total else None,
        dearest_growth=grown.cost - (grown.before or 0.0) if grown else None,
        total_growth=grown.total - (grown.total_before or 0.0) if grown else None,
        price_index=None if index is None else index - 1,
    )
    return part.model_copy(update={"points": tuple(_points(part))})


def _title(ready: Prepared, paragraph: str | None) -> Texts:
    return paragraph_title(ready.facts.paragraph, paragraph)


def _lines(ready: Prepared, found: Sequence[Flow]) -> Iterator[FlowLine]:
    """Yield the paragraphs of which everything can be shown, the others together, and all last.

    start + came − left = end: any three give the fourth, and other parts of the review tell how
    many a paragraph had in the year. So where one number is small, the whole line is withheld.
    """
    rows, total = found[:-1], found[-1]
    gone = _hidden([(f.start, sum(f.ins.values()), sum(f.outs.values()), f.end) for f in rows])
    for n, f in enumerate(rows):
        if n not in gone:
            yield _line(f, _title(ready, f.paragraph), f.paragraph)
    if gone:
        yield _line(_together([rows[n] for n in sorted(gone)]), sentence("flows.others"), OTHERS)
    yield _line(total, _title(ready, None), None)


def _line(f: Flow, title: Texts, paragraph: str | None) -> FlowLine:
    numbers = (f.start, sum(f.ins.values()), sum(f.outs.values()), f.end)
    start, came, left, end = (None,) * 4 if any(map(is_small, numbers)) else numbers
    return FlowLine(
        paragraph=paragraph, title=title, start=start, came=came, left=left, end=end
    )  # fmt: skip


def _together(some: Sequence[Flow]) -> Flow:
    return Flow(
        None,
        sum(f.start for f in some),
        sum(f.end for f in some),
        {k: sum(f.ins[k] for f in some) for k in INS},
        {k: sum(f.outs[k] for f in some) for k in OUTS},
    )


def _hidden(lines: Sequence[tuple[int, ...]]) -> set[int]:
    """Return the lines that are not shown alone, so that no total gives one away.

    What is withheld must be at least five in all of each number: if it were none, every line's
    would be none.
    """
    gone = {n for n, line in enumerate(lines) if any(map(is_small, line))}
    while gone and gone != set(range(len(lines))):
        sums = [sum(lines[n][at] for n in gone) for at in range(4)]
        if len(gone) > 1 and min(sums) >= LEAST:
            break
        gone.add(min((sum(line), n) for n, line in enumerate(lines) if n not in gone)[1])
    return gone


def _kinds(total: Flow) -> Iterator[FlowKind]:
    """Yield the ways of coming, then of leaving; their sums are in the line of all.

    As many move in as out: where the one is withheld, so is the other.
    """
    counts = {str(k): n for side in (total.ins, total.outs) for k, n in side.items()}
    hidden = _hidden_kinds(counts)
    for kind in (*INS, *OUTS):
        yield FlowKind(
            kind=kind,
            title=sentence(f"flows.{kind}"),
            inward=kind in INS,
            citizens=None if kind in hidden else counts[kind],
        )


def _hidden_kinds(counts: Mapping[str, int]) -> set[str]:
    """Return the kinds that are not shown: the small, and what would give them away."""
    moved = {"moved_in", "moved_out"}
    hidden = {k for k, n in counts.items() if is_small(n)}
    while True:
        before = len(hidden)
        hidden |= moved if hidden & moved else set()
        for names in (INS, OUTS):
            of_side = [counts[k] for k in names if k in hidden]
            left = [k for k in names if k not in hidden]
            if of_side and left and (len(of_side) == 1 or sum(of_side) < LEAST):
                hidden.add(min(left, key=lambda k: (counts[k] == 0, counts[k], k)))
        if len(hidden) == before:
            return hidden


def _churn(ready: Prepared, years: Sequence[int]) -> Iterator[ChurnLine]:
    """Yield the moves that at least five citizens made, unless they tell of the others.

    How many moved in a year is shown: where that is the only year, the rest could be had.
    """
    rows = pl.concat([moves(ready, y).filter(pl.col("kind") == "moved_out") for y in years])
    sums = rows.group_by("paragraf", "til").agg(n=pl.col("borger_id").n_unique())
    found = sums.sort("n", "paragraf", "til", descending=[True, False, False])
    hidden = secondary(found["n"].to_list())
    for at, (origin, target, n) in enumerate(found.iter_rows()):
        if at not in hidden:
            yield ChurnLine(origin=_title(ready, origin), target=_title(ready, target), citizens=n)


def _few_stays(s: Survival) -> bool:
    """Return whether too few citizens, or too few ends, are behind a length of stay."""
    return is_small(s.citizens) or s.ended < LEAST


def _stay(ready: Prepared, s: Survival) -> StayLine:
    year, two = s.beyond_12 or (None, None, None), s.beyond_24 or (None, None, None)
    return StayLine(
        paragraph=s.paragraph,
        title=_title(ready, s.paragraph),
        median_days=s.median,
        beyond_12=year[0],
        beyond_12_low=year[1],
        beyond_12_high=year[2],
        beyond_24=two[0],
        beyond_24_low=two[1],
        beyond_24_high=two[2],
    )


def _prices(ready: Prepared, moved: pl.DataFrame, same: pl.DataFrame) -> Iterator[FlowPriceLine]:
    """Yield the prices by paragraph where enough came, left and stayed; all last.

    A price that is withheld beside one of all takes another with it, so that it cannot be had.
    """
    names = moved["paragraf"].unique().sort().to_list()
    found = [_priced(moved.filter(pl.col("paragraf") == p), same.filter(pl.col("paragraf") == p))
             for p in names]  # fmt: skip
    hidden = [secondary([line[at][1] for line in found]) for at in range(4)]
    lines = [
        (p, [None if n in hidden[at] else line[at][0] for at in range(4)])
        for n, (p, line) in enumerate(zip(names, found, strict=True))
    ]
    whole = [None if is_small(n) else value for value, n in _priced(moved, same)]
    for paragraph, (came, left, stayed, drifted) in [*lines, (None, whole)]:
        if came is not None or left is not None or stayed is not None:
            yield FlowPriceLine(
                paragraph=paragraph, title=_title(ready, paragraph),
                came=came, left=left, stayed=stayed, drift=drifted,
            )  # fmt: skip


def _priced(moved: pl.DataFrame, same: pl.DataFrame) -> list[tuple[float | None, int]]:
    """Return the four figures of a price line, each with the citizens behind it."""
    p = prices(moved)
    return [
        (p.came, p.came_n),
        (p.left, p.left_n),
        (p.stayed, p.stayed_n),
        (drift(same), same["borger_id"].n_unique()),
    ]


def _points(part: FlowsPart) -> Iterator[Texts]:
    """Yield what stands out, and what to ask."""
    whole = part.lines[-1]
    if None not in (whole.start, whole.came, whole.left, whole.end):
        yield sentence(
            "flows.balance",
            aar=part.year, foer=whole.start, ind=whole.came, ud=whole.left, efter=whole.end,
        )  # fmt: skip
    yield from _about_prices(part.prices)
    if said := [*_about_drift(part)]:
        yield join_texts(said)
    yield from _about_stays(part.stays)
    yield from _about_the_dearest(part)
    yield sentence("flows.counted")


def _about_prices(lines: Sequence[FlowPriceLine]) -> Iterator[Texts]:
    """Yield the paragraph in which those who come differ most in price from those who left."""
    known = [p for p in lines if p.came and p.left and p.paragraph is not None]
    known = known or [p for p in lines if p.came and p.left]
    if not known:
        return
    p = max(known, key=lambda p: abs((p.came or 0.0) / (p.left or 1.0) - 1))
    ratio = (p.came or 0.0) / (p.left or 1.0) - 1
    way = "same" if abs(ratio) < CLEARLY else "dearer" if ratio > 0 else "cheaper"
    yield sentence(
        f"flows.price_{way}",
        hvor=p.title,
        nye=both(kroner, p.came),
        gamle=both(kroner, p.left),
    )


def _about_drift(part: FlowsPart) -> Iterator[Texts]:
    """Yield what the same cases rose in price, beside the index where there is one."""
    of_all = next((p.drift for p in part.prices if p.paragraph is None), None)
    if of_all is None:
        return
    yield sentence("flows.drift", aar=part.year, andel=both(percent, of_all, 1, sign=True))
    if part.price_index is None:
        yield sentence("flows.drift_ask")
        return
    yield sentence("flows.drift_index", indeks=both(percent, part.price_index, 1, sign=True))
    if abs(of_all - part.price_index) >= APART:
        yield sentence("flows.drift_apart")


def _about_stays(lines: Sequence[StayLine]) -> Iterator[Texts]:
    s = next((s for s in lines if s.paragraph == "107"), None)
    if s is not None and s.beyond_24_low is not None and s.beyond_24_high is not None:
        yield sentence(
            "flows.temporary",
            andel=both(percent, s.beyond_24, 0),
            lav=both(number, s.beyond_24_low * 100),
            hoej=both(number, s.beyond_24_high * 100),
        )


def _about_the_dearest(part: FlowsPart) -> Iterator[Texts]:
    if part.dearest_share is None:
        return
    yield sentence(
        "flows.dearest",
        andel=both(percent, part.dearest_share, 0),
        kr=both(millions, part.dearest_cost),
    )
    if part.dearest_growth is not None and part.total_growth is not None:
        yield sentence(
            "flows.dearest_growth",
            kr=both(millions, part.dearest_growth, sign=True),
            alle=both(millions, part.total_growth, sign=True),
        )
        if 0 < part.dearest_growth <= part.total_growth:
            share = part.dearest_growth / part.total_growth
            yield sentence("flows.dearest_of_growth", andel=both(percent, share, 0))
