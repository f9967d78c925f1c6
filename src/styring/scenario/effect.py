"""What measures do to the cost of the granted cases, month by month.

A measure turns case rows into case rows: it ends some, changes the price of others, adds new ones.
Its effect is the cost after less the cost before. Rows that a measure adds at a price or a number
that only the scenario knows are `antaget`, assumed; all else is arithmetic on the granted cases,
certain as far as the measure is carried out.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from styring import cases
from styring.prepare import Prepared
from styring.privacy import is_small
from styring.scenario.file import FollowUp, Home, Inflow, Measure, Move, Outflow, Price

Exact = Mapping[int, Fraction]
"""Kroner by month number (year × 12 + month − 1)."""
ROWS: Mapping[str, pl.DataType] = {
    "borger_id": pl.String(),
    "paragraf": pl.String(),
    "leverandoertype": pl.String(),
    "fra_dag": pl.Date(),
    "til_dag": pl.Date(),
    "enhed": pl.String(),
    "enhedspris": pl.Int128(),
    "maengde": pl.Int128(),
    "antaget": pl.Boolean(),
}
FINE = 10**6
"""Shares and per cents are carried in so many parts."""
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class State:
    """The case rows of the time ahead (`ROWS`), its first and last day, who is chosen so far."""

    rows: pl.DataFrame
    first: date
    last: date
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """What a measure did: the rows after it, and how many citizens it touched or found too few.

    `touched` are the citizens whose cost it changes, None where it is about none in particular;
    `missing` how many fewer than asked for there were.
    """

    state: State
    touched: frozenset[str] | None
    missing: int = 0


def granted(ready: Prepared) -> State:
    """Return the cases granted on the as-of date, from the day after to the end of next year."""
    as_of = ready.who.as_of
    first, last = as_of + timedelta(days=1), date(as_of.year + 1, 12, 31)
    late = (pl.col("bevilget_dato") > as_of).fill_null(value=False)
    rows = (
        ready.runnable.filter(~late)
        .with_columns(antaget=pl.lit(value=False))
        .select(pl.col(c).cast(t) for c, t in ROWS.items())
    )
    return State(_clipped(rows, first, last), first, last)


def _clipped(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Return what rows are of a span of days."""
    return rows.with_columns(
        fra_dag=pl.max_horizontal("fra_dag", pl.lit(first)),
        til_dag=pl.min_horizontal("til_dag", pl.lit(last)),
    ).filter(pl.col("fra_dag") <= pl.col("til_dag"))


def _spread(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows by month: `raekke`, `nr`, `dage` and the exact cost `exact` (Int128)."""
    numbered = rows.with_row_index("raekke").with_columns(pl.col("raekke").cast(pl.Int64()))
    if rows.is_empty():
        return pl.DataFrame(
            schema={
                "raekke": pl.Int64(),
                "nr": pl.Int64(),
                "dage": pl.Int64(),
                "exact": pl.Int128(),
            }
        )
    years = range(rows["fra_dag"].min().year, rows["til_dag"].max().year + 1)  # type: ignore[union-attr]
    days = (pl.col("til") - pl.col("fra")).dt.total_days() + 1
    months = cases.by_month(numbered, list(years)).select(
        "raekke",
        "nr",
        dage=days,
        exact=pl.col("enhedspris") * days.cast(pl.Int128()) * pl.col("dagsdel"),
    )
    return months.collect(engine="in-memory")


def cost(rows: pl.DataFrame) -> Exact:
    """Return the exact cost of rows by month number, kroner."""
    sums = _spread(rows).group_by("nr").agg(pl.col("exact").sum())
    return {n: Fraction(int(x or 0), cases.COST_SCALE) for n, x in sums.sort("nr").iter_rows()}


def applied(state: State, m: Measure) -> Change:
    """Return what a measure makes of the rows."""
    match m:
        case Price():
            return _priced(state, m)
        case Move():
            return _replaced(state, m, m.to_paragraph, None)
        case Home():
            return _replaced(state, m, m.paragraph, "egen")
        case FollowUp():
            return _followed(state, m)
        case Inflow():
            sign, price = 1, m.price
            return _flowing(state, m, sign, _parts(price), m.number)
        case Outflow():
            return _leaving(state, m)
    raise AssertionError(m)


def _parts(kroner: float) -> int:
    """Return kroner a day as `enhedspris` is kept: price and quantity in ten-thousandths."""
    return round(kroner * cases.PARTS) * cases.PARTS


def _of(m: Measure, provider: str | None = None) -> pl.Expr:
    """Return whether a granted row is of the measure's paragraph and provider."""
    return pl.all_horizontal(
        ~pl.col("antaget"),
        pl.lit(value=True) if m.paragraph is None else pl.col("paragraf") == m.paragraph,
        pl.lit(value=True) if provider is None else pl.col("leverandoertype") == provider,
    ).fill_null(value=False)


def _from(rows: pl.DataFrame, m: Measure, last: date) -> pl.DataFrame:
    """Return what rows are from the day the measure works."""
    return _clipped(rows, m.start, last)


def _until(rows: pl.DataFrame, m: Measure, first: date) -> pl.DataFrame:
    """Return what rows are before the day the measure works."""
    return _clipped(rows, first, m.start - timedelta(days=1))


def _priced(state: State, m: Price) -> Change:
    """Return the rows with their price changed; by kroner a day as a row beside each."""
    mine = _of(m, m.provider)
    hit = _from(state.rows.filter(mine), m, state.last)
    if m.percent is not None:
        parts = round((100 + m.percent) * FINE)
        after = hit.with_columns(enhedspris=pl.col("enhedspris") * parts // (100 * FINE))
    else:
        each = pl.lit(_parts(m.kroner or 0.0), pl.Int128())
        lasting = hit.filter(pl.col("enhed") != "engang")
        more = lasting.with_columns(enhed=pl.lit("døgn"), enhedspris=each)
        after = pl.concat([hit, more])
    rows = pl.concat(
        [state.rows.filter(~mine), _until(state.rows.filter(mine), m, state.first), after]
    )
    return Change(replace(state, rows=rows), frozenset(hit["borger_id"]))


def _there(state: State, m: Measure, mine: pl.Expr) -> list[str]:
    """Return the citizens with a running service on the day, the dearest a day first."""
    on_the_day = _clipped(state.rows.filter(mine & (pl.col("enhed") != "engang")), m.start, m.start)
    spread = _spread(on_the_day).select("raekke", "exact")
    numbered = on_the_day.with_row_index("raekke").with_columns(pl.col("raekke").cast(pl.Int64()))
    ordered = (
        numbered.join(spread, on="raekke", how="left")
        .group_by("borger_id")
        .agg(pl.col("exact").sum())
        .sort("exact", "borger_id", descending=[True, False])
    )
    return ordered["borger_id"].to_list()


def _pick(there: Sequence[str], state: State, number: int) -> list[str]:
    """Return the first so many that no earlier measure chose."""
    return [b for b in there if b not in state.chosen][:number]


def _replaced(state: State, m: Move | Home, paragraph: str, provider: str | None) -> Change:
    """Return the rows with citizens in another service at another price, as long as in the old."""
    mine = _of(m)
    if isinstance(m, Home):
        bought = pl.col("leverandoertype") != "egen"
        mine &= (
            bought if m.provider is None else pl.col("leverandoertype") == m.provider
        ).fill_null(value=False)
    there = _there(state, m, mine)
    if m.who == "average":
        return _averaged(state, m, there, mine, paragraph, provider)
    order = there if m.who == "dearest" else there[::-1]
    picked = _pick(order, state, m.number)
    hit = mine & pl.col("borger_id").is_in(picked)
    old = _from(state.rows.filter(hit), m, state.last)
    new = _instead(old, paragraph, provider, _parts(m.price))
    rows = pl.concat([state.rows.filter(~hit), _until(state.rows.filter(hit), m, state.first), new])
    chosen = state.chosen | set(picked)
    missing = m.number - len(picked)
    return Change(replace(state, rows=rows, chosen=chosen), frozenset(picked), missing)


def _instead(old: pl.DataFrame, paragraph: str, provider: str | None, price: int) -> pl.DataFrame:
    """Return one assumed row for each unbroken stay of the old rows, at a price a day."""
    spans: list[tuple[str, date, date]] = []
    lasting = old.filter(pl.col("enhed") != "engang").sort("borger_id", "fra_dag", "til_dag")
    for citizen, first, last in lasting.select("borger_id", "fra_dag", "til_dag").iter_rows():
        if spans and spans[-1][0] == citizen and first <= spans[-1][2] + timedelta(days=1):
            spans[-1] = (citizen, spans[-1][1], max(last, spans[-1][2]))
        else:
            spans.append((citizen, first, last))
    return _rows(
        (citizen, paragraph, provider, first, last, price) for citizen, first, last in spans
    )


def _rows(
    rows: Iterator[tuple[str | None, str | None, str | None, date, date, int]],
) -> pl.DataFrame:
    """Return assumed rows: citizen, paragraph, provider, first and last day, price a day."""
    data = [(b, p, v, f, t, "døgn", price, cases.PARTS, True) for b, p, v, f, t, price in rows]
    return pl.DataFrame(data, schema=dict(ROWS), orient="row")


def _averaged(
    state: State,
    m: Move | Home,
    there: Sequence[str],
    mine: pl.Expr,
    paragraph: str,
    provider: str | None,
) -> Change:
    """Return the rows with the average citizen's share of the old service set against the new."""
    free = [b for b in there if b not in state.chosen]
    if not free:
        return Change(state, frozenset(), m.number)
    number = min(m.number, len(free))
    old = _from(state.rows.filter(mine & pl.col("borger_id").is_in(free)), m, state.last)
    share = -(number * FINE // len(free))
    gone = old.with_columns(
        enhedspris=pl.col("enhedspris") * share // FINE, antaget=pl.lit(value=True)
    )
    new = _instead(old, paragraph, provider, _parts(m.price) * number // len(free))
    rows = pl.concat([state.rows, gone, new])
    return Change(replace(state, rows=rows), frozenset(free), m.number - number)


def _followed(state: State, m: FollowUp) -> Change:
    """Return the rows with the saved share of the dearest citizens' cost beside them."""
    mine = _of(m)
    picked = _pick(_there(state, m, mine), state, m.number)
    hit = _from(state.rows.filter(mine & pl.col("borger_id").is_in(picked)), m, state.last)
    share = -round(m.saved * FINE)
    saved = hit.with_columns(
        enhedspris=pl.col("enhedspris") * share // (100 * FINE), antaget=pl.lit(value=True)
    )
    after = replace(state, rows=pl.concat([state.rows, saved]), chosen=state.chosen | set(picked))
    return Change(after, frozenset(picked), m.number - len(picked))


def _leaving(state: State, m: Outflow) -> Change:
    """Return the rows with those who leave, at their price or the paragraph's average that day."""
    there = _there(state, m, _of(m))
    price = _parts(m.price or 0.0)
    if m.price is None:
        if is_small(len(there)) or not there:
            return Change(state, frozenset(there))
        running = state.rows.filter(_of(m) & (pl.col("enhed") != "engang"))
        of_day = sum(cost(_clipped(running, m.start, m.start)).values(), NOTHING)
        price = _parts(float(of_day / len(there)))
    change = _flowing(state, m, -1, price, m.number)
    leaving = m.number * len(list(_days(m.start, state.last)))
    known = frozenset(there) if m.price is None else None
    return replace(change, touched=known, missing=max(0, round(leaving - len(there))))


def _flowing(state: State, m: Measure, sign: int, price: int, number: float) -> Change:
    """Return the rows with so many more (or fewer) each month, on the day of `from`."""
    each = sign * price * round(number * FINE) // FINE
    new = _rows((None, m.paragraph, None, d, state.last, each) for d in _days(m.start, state.last))
    return Change(replace(state, rows=pl.concat([state.rows, new])), None)


def _days(first: date, last: date) -> Iterator[date]:
    """Yield a day and the same day of each month after it, the month's last where it lacks it."""
    for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = divmod(n, 12)
        found = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
        if found <= last:
            yield found


@dataclass(frozen=True, slots=True)
class Effect:
    """Kroner by month number that something adds to the cost: certain, and assumed."""

    certain: Exact
    assumed: Exact


def difference(before: State, after: State) -> Effect:
    """Return what the cost of granted rows, and of assumed ones, rose by."""
    parts = []
    for flag in (False, True):
        old, new = (cost(s.rows.filter(pl.col("antaget") == flag)) for s in (before, after))
        every = sorted({*old, *new})
        parts.append({n: new.get(n, NOTHING) - old.get(n, NOTHING) for n in every})
    return Effect(*parts)


def fewest(state: State, touched: frozenset[str], key: Callable[[int], int]) -> int:
    """Return the fewest of some citizens that run in any period they run in, 0 where none do."""
    rows = state.rows.filter(~pl.col("antaget") & pl.col("borger_id").is_in(sorted(touched)))
    spread = _spread(rows)
    names = rows.with_row_index("raekke").select(pl.col("raekke").cast(pl.Int64()), "borger_id")
    found: dict[int, set[str]] = {}
    for n, citizen in spread.join(names, on="raekke").select("nr", "borger_id").iter_rows():
        found.setdefault(key(n), set()).add(citizen)
    return min((len(c) for c in found.values()), default=0)
